#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Traffic that is watched while the host moves.

    stream.py udp-send ADDRESS PORT LOG		a numbered datagram every 10 ms until SIGTERM; LOG: "number time"
    stream.py udp-receive PORT LOG		LOG: "number time"
    stream.py tcp-send ADDRESS PORT		as much as the connection takes until SIGTERM
    stream.py tcp-receive PORT LOG		LOG: "bytes time", a line a read
    stream.py report SENT RECEIVED TCP MOVE...	MOVE is NAME=LOST_AT,ACKNOWLEDGED_AT (seconds since 1970)

The report is JSON: datagrams sent and lost, for each move the lost ones, how many of them were sent outside the window
from the loss of the link to 50 ms behind the acknowledgement, and the longest gap; bytes and the longest stall of TCP.
"""
import json
import signal
import socket
import struct
import sys
import time

INTERVAL_S = 0.01
GRACE_S = 0.05
NEAR_S = 0.5  # what is further from a move than this has nothing to do with it


def stop(signum, frame):
    raise SystemExit(0)


def udp_send(address, port, log):
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.connect((address, int(port)))
    due, number = time.time(), 0
    with open(log, "w", buffering=1) as out:
        while True:
            out.write(f"{number} {time.time():.6f}\n")
            try:
                sock.send(struct.pack("!Q", number))
            except OSError:
                pass  # an ICMPv6 error about an earlier one
            number += 1
            due += INTERVAL_S
            time.sleep(max(0, due - time.time()))


def udp_receive(port, log):
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.bind(("::", int(port)))
    with open(log, "w", buffering=1) as out:
        while True:
            number, = struct.unpack("!Q", sock.recv(8))
            out.write(f"{number} {time.time():.6f}\n")


def tcp_send(address, port):
    sock = socket.create_connection((address, int(port)))
    block = bytes(16384)
    while True:
        sock.sendall(block)
        time.sleep(0.005)  # leave the machine to the others


def tcp_receive(port, log):
    server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("::", int(port)))
    server.listen(1)
    connection, _ = server.accept()
    with open(log, "w", buffering=1) as out:
        while True:
            got = len(connection.recv(1 << 20))
            if got == 0:
                return
            out.write(f"{got} {time.time():.6f}\n")


def rows(path):
    """Pairs of numbers, without a last line that was cut off."""
    with open(path) as f:
        fields = (line.split() for line in f if line.endswith("\n"))
        return [(int(a), float(b)) for a, b in fields]


def longest(times):
    return max((b - a for a, b in zip(times, times[1:])), default=0)


def report(sent_log, received_log, tcp_log, *moves):
    sent, received, tcp = rows(sent_log), rows(received_log), rows(tcp_log)
    arrived = {number for number, _ in received}
    last = max(arrived)  # what was sent after it may still be under way
    lost = [(number, at) for number, at in sent if number < last and number not in arrived]
    out = {"sent": len(sent), "lost": len(lost), "tcp_bytes": sum(n for n, _ in tcp),
           "tcp_stall_ms": round(1000 * longest([at for _, at in tcp])), "moves": {}}
    explained = set()
    for move in moves:
        name, window = move.split("=")
        begin, end = (float(t) for t in window.split(","))
        inside = {n for n, at in lost if begin <= at <= end + GRACE_S}
        explained |= inside
        gaps = [at for _, at in received if begin - NEAR_S < at < end + NEAR_S]
        out["moves"][name] = {"lost": len(inside), "gap_ms": round(1000 * longest(gaps)),
                              "window_ms": round(1000 * (end - begin))}
    out["lost_otherwise"] = len([n for n, _ in lost if n not in explained])
    print(json.dumps(out))


def main():
    commands = {"udp-send": udp_send, "udp-receive": udp_receive, "tcp-send": tcp_send, "tcp-receive": tcp_receive,
                "report": report}
    signal.signal(signal.SIGTERM, stop)
    commands[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
