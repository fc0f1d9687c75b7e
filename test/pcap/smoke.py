#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The built kedged on a port that is a pair of capture files: packets come in, go by a route, and come out.

Nothing here needs a privilege, hugepages or a network. net_pcap gives what its file holds to the first who polls, before
there can be any session; so what is sent is for a route to a static neighbour, and the node's own frames are those of
duplicate address detection. DPDK's telemetry and the control socket say the same of it.

    test/pcap/smoke.py KEDGED
"""
import glob
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from cases import capture  # noqa: E402 (no bytecode in the source tree)
from frames import CN, IPv6, NODE, ROUTER, ROUTER_MAC, ether, on, raw, udp  # noqa: E402
from scapy.all import Ether, ICMPv6ND_NS, rdpcap  # noqa: E402

PORT_MAC = "02:70:63:61:70:00"  # net_pcap's first
WAIT_S = 30
PACKETS = [udp(CN, "2001:db8:88::1", 60 + i) for i in range(3)]
CONFIG = """
node: {{name: smoke, roles: [lma]}}
eal: {{lcores: "0@{cpus},1@{cpus}", memory-mb: 64, hugepages: no}}
control: {{socket: {folder}/kedged.sock}}
limits: {{sessions: 16, mbufs: 2048}}
ports:
  - {{name: core, device: "net_pcap0,rx_pcap={folder}/in.pcap,tx_pcap={folder}/out.pcap", role: core,
     addresses: ["{node}/64"]}}
routes:
  - {{prefix: "2000::/3", via: "{router}"}}
neighbours:
  - {{address: "{router}", port: core, mac: "{router_mac}"}}
lma: {{address: "{node}"}}
pools:
  - {{name: homes, prefix: "2001:db8:1::/60", length: 64}}
"""


def telemetry(folder, command):
    """What DPDK's telemetry answers, as dpdk-telemetry.py asks."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        s.connect(glob.glob(os.path.join(folder, "dpdk", "*", "dpdk_telemetry.v2"))[0])
        s.recv(1024)  # who it is
        s.send(command.encode())
        return json.loads(s.recv(1 << 16))[command]


def control(folder, method):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.connect(os.path.join(folder, "kedged.sock"))
        s.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method}).encode() + b"\n")
        return json.loads(s.makefile().readline())["result"]


def look(folder):
    """What telemetry and the control socket show, once telemetry has seen the packets; it is published once a second."""
    while telemetry(folder, "/kedge/ports")["core"]["rx_packets"] < len(PACKETS):
        time.sleep(0.1)
    seen = {name: telemetry(folder, "/kedge/" + name)
            for name in ("server", "stat", "drops", "ports", "stages", "sessions", "pools")}
    return seen, control(folder, "stat.get"), control(folder, "stat.stages")


def run(kedged, folder):
    """kedged until it is ready, and to its end: its exit status, what it logged, and what it showed."""
    config = os.path.join(folder, "kedged.yaml")
    cpus = "(" + ",".join(map(str, sorted(os.sched_getaffinity(0)))) + ")"
    with open(config, "w", encoding="utf-8") as out:
        out.write(CONFIG.format(folder=folder, node=NODE, router=ROUTER, router_mac=ROUTER_MAC, cpus=cpus))
    with open(os.path.join(folder, "in.pcap"), "wb") as out:
        out.write(capture([ether(PORT_MAC, ROUTER_MAC, p) for p in PACKETS]))
    log, shown = [], None
    env = dict(os.environ, RUNTIME_DIRECTORY=folder)
    with subprocess.Popen([kedged, "-c", config], stderr=subprocess.PIPE, text=True, env=env) as process:
        signal.signal(signal.SIGALRM, lambda *_: process.kill())
        signal.alarm(WAIT_S)
        for line in process.stderr:
            log.append(line)
            if line.rstrip().endswith("kedged: ready"):
                try:
                    shown = look(folder)
                finally:
                    process.send_signal(signal.SIGTERM)
    signal.alarm(0)
    return process.returncode, "".join(log), shown


def untrue(shown):
    """What is wrong with what telemetry and the control socket say."""
    mirror, stat, stages = shown
    n = len(PACKETS)
    said = {
        "server": mirror["server"]["name"] == "smoke" and mirror["server"]["workers"] == 1,
        "stat": mirror["stat"]["rx/packets"] == n and mirror["stat"]["path/routed"] == n,
        "drops": mirror["drops"]["route/no_route"] == 0,
        "ports": mirror["ports"]["core"]["rx_packets"] == n and mirror["ports"]["core"]["tx_packets"] >= n,
        "stages": mirror["stages"]["plain_core"]["packets"] == n and
                  list(mirror["stages"]) == [s["stage"].replace("-", "_") for s in stages["items"]],
        "sessions": mirror["sessions"] == {"lma": 0, "mag": 0, "opened": 0, "closed": 0, "expired": 0, "handovers": 0},
        "pools": mirror["pools"] == {"homes": {"used": 0, "total": 16}},
        "balance": stat["balance"]["rx"] == n and stat["balance"]["missing"] == 0,
        "stat.stages": [s["packets"] for s in stages["items"] if s["stage"] == "route"] == [0] and
                       [s["packets"] for s in stages["items"] if s["stage"] == "plain-core"] == [n],
    }
    return [f"not as it is: {name}" for name, right in said.items() if not right]


def faults(frames):
    """What is wrong with the frames that came out; rdpcap has read them."""
    want = [ether(ROUTER_MAC, PORT_MAC, on(p)) for p in PACKETS]
    routed = [raw(f) for f in frames if f.getlayer(IPv6) and f[IPv6].nh == 17]
    if routed != want:
        yield f"expected {[f.hex() for f in want]}, got {[f.hex() for f in routed]}"
    if not any(f.getlayer(ICMPv6ND_NS) and f[ICMPv6ND_NS].tgt == NODE and f[Ether].src == PORT_MAC for f in frames):
        yield f"no duplicate address detection of {NODE}"


def main():
    with tempfile.TemporaryDirectory(prefix="kedge-smoke-") as folder:
        status, log, shown = run(sys.argv[1], folder)
        out = os.path.join(folder, "out.pcap")
        wrong = list(faults(rdpcap(out))) + untrue(shown) if status == 0 else [f"exit status {status}"]
    for fault in wrong:
        print(fault)
    if wrong:
        print(log)
    print(f"pcap-smoke: {int(not wrong)} passed, {int(bool(wrong))} failed")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
