#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Many hosts in one process: they attach to gateways by frames, use the network, move and leave at random.

    crowd.py policy COUNT		the policy rows of so many hosts
    crowd.py attach FIRST COUNT SOCKET	by command at a gateway: hosts that say nothing
    crowd.py run COUNT SECONDS SEED CORRESPONDENT ANCHOR GATEWAY...	longer where COUNT have not come, and half as many moved

ANCHOR is the anchor's control socket, a GATEWAY is INTERFACE,SOCKET: an interface on the gateway's access link and its
control socket, for what an access point would tell it. The report is JSON; there are faults in it, and the exit status
is 1, when

    a host is not served, gets no answer from the correspondent node, or loses its prefix by a move or otherwise;
    a prefix is with two hosts at once, by the advertisements that they hear or by the anchor's sessions;
    a gateway refuses a command.
"""
import asyncio
import json
import random
import socket
import struct
import sys
import time

ROUTER_MAC = bytes.fromhex("00005e005213")
ALL_ROUTERS = socket.inet_pton(socket.AF_INET6, "ff02::2")
UNSPECIFIED = bytes(16)
ETHERTYPE_IP6, ICMP6 = 0x86DD, 58
ECHO_REQUEST, ECHO_REPLY, RS, RA, NS = 128, 129, 133, 134, 135
OPTION_SOURCE, OPTION_PREFIX = 1, 3
BETWEEN_GATEWAYS = 3  # handoff indicator

FRAMES_A_TURN = 64
SO_RCVBUFFORCE, SO_TIMESTAMPNS = 33, 35  # not in the socket module
PACKET_BYTES = 4 << 20  # of a packet socket's queue
LINE_BYTES = 16 << 20  # of an answer
FAULTS_SHOWN = 20

ARRIVAL_S = 2.0  # all come within
ABSENCE_S = 2.0
STAY_S = 1.5
STAYS = 3  # between moves, or a move and leaving
ANSWER_S, TRIES = 1.0, 20
LONGEST_S = 200.0
SNAPSHOT_S = 0.5


def mac_of(number):
    return bytes.fromhex("0200") + struct.pack("!L", 0x00C00000 + number)


def identifier(number):
    return f"crowd{number:04}@example.com"


def colons(mac):
    return mac.hex(":")


def checksum(src, dst, message, next_header=ICMP6):
    pseudo = src + dst + struct.pack("!LL", len(message), next_header) + message + bytes(len(message) % 2)
    total = sum(struct.unpack(f"!{len(pseudo) // 2}H", pseudo))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)


def ip6(mac_src, mac_dst, src, dst, next_header, payload, hop_limit=64):
    return (mac_dst + mac_src + struct.pack("!HLHBB", ETHERTYPE_IP6, 6 << 28, len(payload), next_header, hop_limit)
            + src + dst + payload)


def icmp6(mac_src, mac_dst, src, dst, kind, body, hop_limit=255):
    message = bytes([kind, 0, 0, 0]) + body
    message = message[:2] + checksum(src, dst, message) + message[4:]
    return ip6(mac_src, mac_dst, src, dst, ICMP6, message, hop_limit)


def prefixes(advertisement):
    """(prefix, valid lifetime) of each prefix option of a router advertisement from its first octet on."""
    at = 16
    while at + 2 <= len(advertisement):
        kind, units = advertisement[at], advertisement[at + 1]
        if units == 0:
            return
        if kind == OPTION_PREFIX:
            valid, = struct.unpack_from("!L", advertisement, at + 4)
            yield advertisement[at + 16:at + 24], valid
        at += 8 * units


class Control:
    """A daemon's control socket, one request at a time."""

    def __init__(self, path):
        self.path = path
        self.lock = asyncio.Lock()

    async def open(self):
        self.reader, self.writer = await asyncio.open_unix_connection(self.path, limit=LINE_BYTES)

    async def call(self, method, **params):
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        async with self.lock:
            self.writer.write(json.dumps(request).encode() + b"\n")
            return json.loads(await self.reader.readline())


class Gateway:
    """An access link, and the gateway's control socket."""

    def __init__(self, text, crowd):
        interface, path = text.split(",")
        self.crowd = crowd
        self.control = Control(path)
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERTYPE_IP6))
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, PACKET_BYTES)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.setblocking(False)
        self.sock.bind((interface, ETHERTYPE_IP6))

    def receive(self):
        for _ in range(FRAMES_A_TURN):
            try:
                frame, stamps, _, _ = self.sock.recvmsg(2048, socket.CMSG_SPACE(16))
            except BlockingIOError:
                return
            host = self.crowd.by_mac.get(frame[:6])
            if host is not None and len(frame) >= 62 and frame[20] == ICMP6:
                seconds, nanoseconds = struct.unpack("@qq", stamps[0][2])
                host.receive(self, frame[54:], seconds + nanoseconds / 1e9)

    def send(self, frame):
        self.sock.send(frame)

    async def tell(self, method, host, **params):
        answer = await self.control.call(method, port="access", mac=colons(host.mac), **params)
        if "error" in answer:
            self.crowd.fault(f"{host.id}: {method}: {answer['error']['message']}")


class Host:
    def __init__(self, number, crowd, seed):
        self.number, self.crowd = number, crowd
        self.id = identifier(number)
        self.mac = mac_of(number)
        self.random = random.Random(f"{seed}/{number}")
        self.interface_id = bytes([self.mac[0] ^ 2]) + self.mac[1:3] + b"\xff\xfe" + self.mac[3:]
        self.link_local = bytes.fromhex("fe80") + bytes(6) + self.interface_id
        self.gateway, self.came_at = None, 0.0  # where it is, and since when
        self.prefix = None
        self.heard = asyncio.Event()  # an advertisement of its gateway
        self.answered = asyncio.Event()
        self.sequence = self.asked = 0  # of its echo requests the last, and the first that waits for an answer

    # What it hears.

    def receive(self, gateway, message, at):
        # Another's, or one of before, is one that was under way as the host went.
        if message[0] == RA and gateway is self.gateway and at >= self.came_at:
            self.advertised(message)
        elif message[0] == ECHO_REPLY:
            number, sequence = struct.unpack_from("!HH", message, 4)
            if number == self.number and self.asked <= sequence <= self.sequence:
                self.answered.set()

    def come(self, gateway):
        self.gateway, self.came_at = gateway, time.time()

    def advertised(self, message):
        self.crowd.count("advertisements")
        for prefix, valid in prefixes(message):
            if valid == 0:
                self.crowd.fault(f"{self.id}: its prefix was withdrawn while it was there")
            elif self.prefix not in (None, prefix):
                self.crowd.fault(f"{self.id}: had {self.prefix.hex()}, now {prefix.hex()}")
            else:
                self.prefix = prefix
                self.crowd.own(prefix, self)
                self.heard.set()

    # What it does.

    async def until(self, event, act):
        """Do it, and again, until the event has come."""
        event.clear()
        for _ in range(TRIES):
            act()
            try:
                await asyncio.wait_for(event.wait(), ANSWER_S)
                return True
            except asyncio.TimeoutError:
                self.crowd.count("tries_again")
        return False

    def detect_duplicates(self):
        group = bytes.fromhex("ff0200000000000000000001ff") + self.link_local[13:]
        self.gateway.send(icmp6(self.mac, b"\x33\x33" + group[12:], UNSPECIFIED, group, NS,
                                bytes(4) + self.link_local))

    def solicit(self):
        self.gateway.send(icmp6(self.mac, b"\x33\x33" + ALL_ROUTERS[12:], self.link_local, ALL_ROUTERS, RS,
                                bytes(4) + bytes([OPTION_SOURCE, 1]) + self.mac))

    def ping(self):
        self.sequence += 1
        self.gateway.send(icmp6(self.mac, ROUTER_MAC, self.prefix + self.interface_id, self.crowd.correspondent,
                                ECHO_REQUEST, struct.pack("!HH", self.number, self.sequence), hop_limit=64))

    async def attach(self):
        self.come(self.random.choice(self.crowd.gateways))
        self.detect_duplicates()
        if not await self.until(self.heard, self.solicit):
            self.crowd.fault(f"{self.id}: no advertisement")
        self.crowd.count("attached")

    async def stay(self):
        for _ in range(self.random.randint(1, STAYS)):
            if self.prefix is None or self.crowd.over.is_set():
                return
            self.asked = self.sequence + 1
            if not await self.until(self.answered, self.ping):
                self.crowd.fault(f"{self.id}: no answer from the correspondent node")
            self.crowd.count("answers")
            await self.crowd.pause(self.random.uniform(0, STAY_S))

    async def move(self):
        """By an access point's command, by its own frame before the other gateway knows, or after."""
        before = self.gateway
        way = self.random.choice(("command", "frame-first", "frame-last"))
        self.come(self.random.choice([g for g in self.crowd.gateways if g is not before]))
        self.heard.clear()
        if way == "command":
            await self.gateway.tell("mn.attach", self, handoff=BETWEEN_GATEWAYS)
        elif way == "frame-first":
            self.solicit()
        await before.tell("mn.detach", self)
        if not self.heard.is_set() and not await self.until(self.heard, self.solicit):
            self.crowd.fault(f"{self.id}: no advertisement after a move ({way})")
        self.crowd.count("moves")

    async def leave(self):
        await self.gateway.tell("mn.detach", self)
        self.crowd.disown(self)
        self.gateway = self.prefix = None
        self.crowd.count("left")

    async def live(self):
        await self.crowd.pause(self.random.uniform(0, ARRIVAL_S))
        while not self.crowd.over.is_set():
            await self.attach()
            await self.stay()
            while self.random.random() < 0.5 and not self.crowd.over.is_set():
                await self.move()
                await self.stay()
            await self.leave()
            await self.crowd.pause(self.random.uniform(0, ABSENCE_S))


class Crowd:
    def __init__(self, count, seconds, seed, correspondent, anchor, *gateways):
        self.seconds = float(seconds)
        self.correspondent = socket.inet_pton(socket.AF_INET6, correspondent)
        self.anchor = Control(anchor)
        self.over = asyncio.Event()
        self.gateways = [Gateway(text, self) for text in gateways]
        self.hosts = [Host(number, self, seed) for number in range(int(count))]
        self.by_mac = {host.mac: host for host in self.hosts}
        self.owner = {}  # the host that is there with a prefix
        self.report = {"hosts": len(self.hosts), "seed": seed}
        self.report.update(dict.fromkeys(("most_present", "attached", "answers", "moves", "left", "advertisements",
                                          "tries_again", "snapshots", "most_sessions", "faults"), 0))
        self.prefixes_seen = set()
        self.faults = []

    def count(self, name):
        self.report[name] += 1

    def fault(self, text):
        self.count("faults")
        self.faults.append(text)

    def own(self, prefix, host):
        other = self.owner.setdefault(prefix, host)
        if other is not host:
            self.fault(f"{prefix.hex()} is with {other.id} and {host.id}")
        self.prefixes_seen.add(prefix)
        self.report["most_present"] = max(self.report["most_present"], len(self.owner))

    def disown(self, host):
        if self.owner.get(host.prefix) is host:
            del self.owner[host.prefix]

    async def pause(self, seconds):
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except asyncio.TimeoutError:
            pass

    async def end(self):
        """After so many seconds, or later if the machine lets them do little."""
        begin = time.monotonic()
        while (passed := time.monotonic() - begin) < LONGEST_S:
            r, half = self.report, len(self.hosts) / 2
            if passed >= self.seconds and r["attached"] >= 2 * half and min(r["moves"], r["most_present"]) >= half:
                break
            await asyncio.sleep(0.1)
        self.over.set()

    async def watch_sessions(self):
        """One answer is one moment of the anchor: each prefix is there once, whatever the state of its session."""
        while not self.over.is_set():
            answer = await self.anchor.call("session.list", limit=1000)
            holder = {}
            for session in answer["result"]["items"]:
                for prefix in session["prefixes"]:
                    if holder.setdefault(prefix, session["mn"]) != session["mn"]:
                        self.fault(f"the anchor has {prefix} with {holder[prefix]} and {session['mn']}")
            self.count("snapshots")
            self.report["most_sessions"] = max(self.report["most_sessions"], len(holder))
            await self.pause(SNAPSHOT_S)

    async def run(self):
        loop = asyncio.get_running_loop()
        await self.anchor.open()
        for gateway in self.gateways:
            await gateway.control.open()
            loop.add_reader(gateway.sock, gateway.receive)
        await asyncio.gather(self.end(), self.watch_sessions(), *(host.live() for host in self.hosts))
        self.report["prefixes_seen"] = len(self.prefixes_seen)


async def run(*args):
    crowd = Crowd(*args)
    await crowd.run()
    print(json.dumps(crowd.report))
    for text in crowd.faults[:FAULTS_SHOWN]:
        print(text, file=sys.stderr)
    return 1 if crowd.faults else 0


async def attach(first, count, path):
    gateway = Control(path)
    await gateway.open()
    for number in range(int(first), int(first) + int(count)):
        answer = await gateway.call("mn.attach", port="access", mac=colons(mac_of(number)))
        if "error" in answer:
            sys.exit(f"{identifier(number)}: {answer['error']['message']}")


def policy(count):
    for number in range(int(count)):
        print(f'  - {{id: {identifier(number)}, link-layer: ["{colons(mac_of(number))}"]}}')
    return 0


def main():
    if sys.argv[1] == "policy":
        return policy(*sys.argv[2:])
    if sys.argv[1] == "attach":
        return asyncio.run(attach(*sys.argv[2:]))
    return asyncio.run(run(*sys.argv[2:]))


if __name__ == "__main__":
    sys.exit(main())
