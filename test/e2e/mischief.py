#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Bad input of every kind. Each command prints as JSON the counters that must have risen, and by how much at least.

    mischief.py link IF MAC,MAC ADDRESS ADDRESS		frames, packets and neighbour discovery that are malformed
    mischief.py spoof-host IF MAC,MAC ADDRESS TO	packets that a host may not send; TO is somebody in the internet
    mischief.py tunnel IF MAC,MAC ADDRESS ADDRESS SIDE HOST TO	tunnel packets, malformed and of strangers
    mischief.py messages IF MAC,MAC ADDRESS ADDRESS ROLE	Mobility Headers
    mischief.py flood-nd IF MAC,MAC ADDRESS NUMBER	neighbour discovery of random addresses
    mischief.py flood-hosts IF NUMBER			hosts that nobody serves
    mischief.py flood-class CLASS IF MAC,MAC ADDRESS ADDRESS NUMBER	a class of what is punted: above its rate
    mischief.py flood-scan IF MAC,MAC ADDRESS NUMBER TO	packets to random addresses of TO's link

MAC,MAC and ADDRESS ADDRESS are sender and receiver. Two commands speak to a daemon and judge the answers themselves:

    mischief.py updates ANCHOR MN TAKEN			updates that are replayed, late, or about the prefix TAKEN
    mischief.py control SOCKET				requests that are none, and more clients than there is room for
"""
import collections
import json
import random
import socket
import struct
import sys
import time

from crowd import (ALL_ROUTERS, BETWEEN_GATEWAYS, ECHO_REQUEST, ICMP6, NS, OPTION_SOURCE, RA, RS, UNSPECIFIED,
                   checksum, icmp6, ip6)

TOO_BIG, NA = 2, 136
HOP_BY_HOP, UDP, TUNNEL, ROUTING, FRAGMENT, NO_NEXT, DESTINATION, MOBILITY = 0, 17, 41, 43, 44, 59, 60, 135
BE, PBU, PBA, UNASSIGNED = 7, 5, 6, 200
ETHERNET, IP6 = 14, 40
FLOOD_BURST, FLOOD_PAUSE_S = 25, 0.01  # no more than the queue of a packet socket takes while its reader is not running
SEED = 1
TIMEOUT_S = 20  # of an answer that comes


def address(text):
    return socket.inet_pton(socket.AF_INET6, text)


def macs(text):
    return [bytes.fromhex(mac.replace(":", "")) for mac in text.split(",")]


class Vandal:
    """Sends frames from an interface, and remembers what has to be counted for them."""

    def __init__(self, interface):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.sock.bind((interface, 0))
        self.due = collections.Counter()
        self.sent = 0

    def send(self, frame, *names):
        self.sock.send(frame)
        self.due.update(names)
        self.sent += 1
        if self.sent % FLOOD_BURST == 0:
            time.sleep(FLOOD_PAUSE_S)

    def report(self):
        print(json.dumps(self.due))


def patched(frame, at, data):
    return frame[:at] + data + frame[at + len(data):]


# Frames, packets, neighbour discovery.

def frames(v, src_mac, dst_mac, src, dst):
    good = icmp6(src_mac, dst_mac, src, dst, ECHO_REQUEST, bytes(60), hop_limit=64)
    for length in range(ETHERNET, ETHERNET + IP6):
        v.send(good[:length], "classify.frame-short")
    for length in range(ETHERNET + IP6, len(good)):
        v.send(good[:length], "classify.ip-length")
    v.send(patched(good, 18, b"\xff\xff"), "classify.ip-length")
    for version in (0, 4, 5, 7, 15):
        v.send(patched(good, ETHERNET, bytes([version << 4])), "classify.ip-version")
    for source in ("ff02::1", "::1", "::"):
        v.send(patched(good, 22, address(source)), "classify.ip-source")
    for destination in ("::", "::1"):
        v.send(patched(good, 38, address(destination)), "classify.ip-destination")
    v.send(patched(good, 6, b"\x33\x33\0\0\0\1"), "classify.ip-source")
    v.send(patched(good, 0, bytes.fromhex("020000000bad")), "classify.not-for-us")
    v.send(good[:12] + b"\x81\0\0\5" + good[12:], "classify.vlan")
    for ethertype in (b"\x08\0", b"\x08\6", b"\x88\xcc", b"\0\x10"):
        v.send(patched(good, 12, ethertype), "classify.ethertype")


def extensions(v, src_mac, dst_mac, src, dst):
    def packet(next_header, payload):
        return ip6(src_mac, dst_mac, src, dst, next_header, payload)

    header = bytes([DESTINATION, 0, 1, 4, 0, 0, 0, 0])
    own = dst[:2] != address("fe80::")[:2]
    for kind in (HOP_BY_HOP, DESTINATION, ROUTING):
        # To an address where tunnels end, destination options are first of all a tunnel's.
        name = "uplink.tunnel-header" if kind == DESTINATION and own else "classify.frame-short"
        for length in range(8):
            # Hop-by-hop options behind a length of zero are a jumbogram's.
            jumbo = kind == HOP_BY_HOP and length == 0
            v.send(packet(kind, header[:length]), "classify.ip-length" if jumbo else name)
        v.send(packet(kind, bytes([NO_NEXT, 255]) + bytes(62)), name)
    v.send(packet(HOP_BY_HOP, 100 * header), "classify.frame-short")  # more than anybody has a use for
    # A jumbogram.
    jumbo = packet(HOP_BY_HOP, bytes([UDP, 0, 0xC2, 4]) + struct.pack("!L", 70000) + bytes(100))
    v.send(patched(jumbo, 18, b"\0\0"), "classify.ip-length")
    for offset_more, name in (((0, 1), "overlap"), ((8, 1), "overlap"), ((8, 0), "overlap"),
                              ((65528, 0), "fragment")) if own else ():
        v.send(packet(FRAGMENT, struct.pack("!BBHL", UDP, 0, sum(offset_more), 1) + bytes(64)), f"reassemble.{name}")


def errors(v, src_mac, dst_mac, src, dst):
    """Nobody's path becomes smaller by Packet Too Big about a packet that dst did not send, or less than IPv6 needs."""
    def too_big(mtu, quoted, name="host.own-unused"):
        v.send(icmp6(src_mac, dst_mac, src, dst, TOO_BIG, struct.pack("!L", mtu) + quoted, hop_limit=64), name)

    sent = ip6(b"", b"", dst, src, UDP, bytes(8))[2:]
    too_big(1300, ip6(b"", b"", src, dst, UDP, bytes(8))[2:])
    too_big(1279, sent)
    too_big(0, sent)
    for length in range(IP6):
        too_big(1300, sent[:length])


def discovery(v, src_mac, dst_mac, src, dst):
    bodies = {RS: bytes(4), RA: bytes(12), NS: bytes(4) + dst, NA: bytes(4) + dst}
    for kind, body in bodies.items():
        def send(content, **how):
            v.send(icmp6(src_mac, dst_mac, src, dst, kind, content, **how), "nd.invalid")

        good = icmp6(src_mac, dst_mac, src, dst, kind, body)
        for length in range(1, len(body) + 4):
            message = good[54:54 + length]
            if length >= 4:
                message = patched(message, 2, b"\0\0")
                message = patched(message, 2, checksum(src, dst, message))
            v.send(ip6(src_mac, dst_mac, src, dst, ICMP6, message, 255), "nd.invalid")
        for option in (bytes([OPTION_SOURCE, 0]) + bytes(6), bytes([OPTION_SOURCE, 2]) + bytes(6), bytes([200, 0]),
                       bytes([200]), bytes([OPTION_SOURCE, 255]) + bytes(14)):
            send(body + option)
        send(body, hop_limit=254)
        v.send(patched(good, 56, b"\xba\xad"), "nd.invalid")
        atomic = bytes([ICMP6, 0, 0, 0, 0, 0, 0, 1])
        own = dst[:2] != address("fe80::")[:2]
        v.send(ip6(src_mac, dst_mac, src, dst, FRAGMENT, atomic + good[54:], 255),
               "reassemble.fragment" if own else "nd.invalid")


def link(interface, mac_pair, src, dst):
    v = Vandal(interface)
    way = (*macs(mac_pair), address(src), address(dst))
    frames(v, *way)
    extensions(v, *way)
    discovery(v, *way)
    if not src.startswith("fe80:"):
        errors(v, *way)
    v.report()


# Packets that are well formed and not the sender's to send.

def spoof_host(interface, mac_pair, own, to):
    v = Vandal(interface)
    src_mac, dst_mac = macs(mac_pair)
    datagram = struct.pack("!HHHH", 9, 9, 16, 0) + bytes(8)
    for _ in range(10):
        v.send(ip6(src_mac, dst_mac, address("2001:db8:1000:ffff::1"), address(to), UDP, datagram), "uplink.no-session")
        v.send(ip6(src_mac, dst_mac, address("fe80::1"), address(to), UDP, datagram), "classify.ip-source")
        v.send(ip6(src_mac, dst_mac, address(own), address(to), UDP, datagram, 1), "classify.hop-limit")
    v.report()


def tunnel(interface, mac_pair, outer_src, outer_dst, side, host, to):
    """SIDE is `uplink` at an anchor, where the host's address is the inner source, `downlink` at a gateway."""
    v = Vandal(interface)
    src_mac, dst_mac = macs(mac_pair)
    stranger = "2001:db8:1000:fffe::1"

    def inner(who):
        ends = [address(who), address(to)] if side == "uplink" else [address(to), address(who)]
        return ip6(b"", b"", *ends, UDP, struct.pack("!HHHH", 9, 9, 16, 0) + bytes(8))[2:]

    def send(payload, name, next_header=TUNNEL, src=outer_src):
        v.send(ip6(src_mac, dst_mac, address(src), address(outer_dst), next_header, payload), name)

    for length in range(IP6):
        send(inner(host)[:length], "uplink.tunnel-header")
    for version in (0, 4, 15):
        send(patched(inner(host), 0, bytes([version << 4])), "classify.ip-version")
    for options in (bytes([TUNNEL, 0, 4, 9, 0, 0, 0, 0]), bytes([TUNNEL, 9, 1, 4, 0, 0, 0, 0]),
                    bytes([TUNNEL, 0, 4, 0, 1, 2, 0, 0]), bytes([TUNNEL, 0, 0xC7, 0, 1, 2, 0, 0])):
        send(options + inner(host), "uplink.tunnel-header", DESTINATION)
    send(patched(inner(host), 8, address("fe80::1")), "classify.ip-source")
    for _ in range(10):
        send(inner(host), f"{side}.wrong-tunnel", src="2001:db8:101::bad")
        send(inner(stranger), f"{side}.no-session")
    v.report()


# Mobility Headers.

def option(kind, data):
    return bytes([kind, len(data)]) + data


def mobility(kind, body, src, dst, payload=NO_NEXT, units=None):
    """One with a right checksum over as much as its length says."""
    body += bytes(-(6 + len(body)) % 8)
    units = (6 + len(body)) // 8 - 1 if units is None else units
    message = bytes([payload, units, kind, 0, 0, 0]) + body
    return patched(message, 4, checksum(src, dst, message[:8 * (units + 1)], MOBILITY))


def messages(interface, mac_pair, src, dst, role):
    v = Vandal(interface)
    src_mac, dst_mac = macs(mac_pair)
    src, dst = address(src), address(dst)
    proxy = struct.pack("!HHH", 7, 0x8200, 10)
    nobody = option(8, b"\1" + b"nobody@example.com")
    update = mobility(PBU, proxy + nobody + option(23, b"\0\1") + option(24, b"\0\4"), src, dst)

    def send(message, *names):
        v.send(ip6(src_mac, dst_mac, src, dst, MOBILITY, message), *names)

    for length in range(len(update)):
        send(update[:length], "mh.short")
    for length in range(16, 256, 8):  # cut, with a length to fit, in the midst of an option
        send(mobility(PBU, proxy + bytes([8, 255]) + bytes(length - 14), src, dst), "mh.option")
    for overrun in (bytes([8, 200, 1]), bytes([22, 255]), bytes([27, 18]), bytes([200, 60])):
        send(mobility(PBU, proxy + nobody + overrun, src, dst), "mh.option")
    send(mobility(PBU, proxy + nobody, src, dst, units=1), "mh.short")
    for checksum_at in (4, 5):
        send(patched(update, checksum_at, bytes([update[checksum_at] ^ 1])), "mh.checksum")
    for payload in (ICMP6, UDP, MOBILITY):
        send(mobility(PBU, proxy + nobody, src, dst, payload=payload), "mh.payload-proto")
    for kind in range(UNASSIGNED, UNASSIGNED + 5):
        send(mobility(kind, bytes(10), src, dst), "mh.type")
    send(mobility(PBU, struct.pack("!HHH", 7, 0x8000, 10) + nobody, src, dst), "mh.unexpected")
    send(mobility(BE, bytes([2, 0]) + src, src, dst), "be.rx")
    twice = option(8, b"\1nobody@example.com") + option(8, b"\1another@example.com") + 2 * option(23, b"\0\1")
    if role == "lma":
        send(mobility(PBU, proxy + twice, src, dst), "mh.option-repeated", "pba.rejected-tx")
        send(mobility(PBA, bytes([0, 0x20]) + bytes(4) + nobody, src, dst), "mh.unexpected")
    else:
        send(mobility(PBU, proxy + twice, src, dst), "mh.option-repeated", "mh.unexpected")
        for sequence in range(20):
            send(mobility(PBA, struct.pack("!BBHH", 0, 0x20, sequence, 0) + nobody, src, dst), "pba.ignored")
    v.report()


def updates(anchor, mn, taken):
    import argparse
    from peer import answer, message, update

    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, MOBILITY)
    sock.settimeout(TIMEOUT_S)
    sock.connect((anchor, 0))
    src = sock.getsockname()[0]

    def body(**changes):
        good = {"mn": mn, "hnp": "::/0", "handoff": BETWEEN_GATEWAYS, "tech": 4, "no_timestamp": False, "clock": 0,
                "lifetime": 10, "sequence": 1}
        return update(argparse.Namespace(**{**good, **changes}))

    def expect(status, what, content):
        sock.send(message(PBU, content, src, anchor))
        got = answer(sock, src, anchor)
        print(f"{what}: {got}", file=sys.stderr)
        if got != {"type": PBA, "status": status}:
            sys.exit(f"{what}: expected status {status}")

    first = body()
    expect(0, "a good one", first)
    expect(0, "replayed", first)
    expect(156, "the same time, another number", struct.pack("!H", 2) + first[2:])
    expect(157, "20 s late", body(clock=-20))
    expect(156, "120 s ahead", body(clock=120))
    expect(155, "somebody's prefix", body(hnp=taken, sequence=3))
    expect(155, "nobody's prefix", body(hnp="2001:db8:ffff::/64", sequence=4))
    expect(0, "another good one", body(sequence=5))
    expect(157, "the first one, replayed", first)
    expect(0, "the end of it", body(lifetime=0, sequence=6))


# Floods.

def flood_nd(interface, mac_pair, dst, number):
    v = Vandal(interface)
    src_mac, dst_mac = macs(mac_pair)
    dst = address(dst)
    chance = random.Random(SEED)
    for _ in range(int(number)):
        src = dst[:8] + chance.randbytes(8)
        mac = b"\2" + chance.randbytes(5)
        v.send(icmp6(src_mac, dst_mac, src, dst, NS, bytes(4) + dst + bytes([OPTION_SOURCE, 1]) + mac), "nd.ns-rx")
        v.send(icmp6(src_mac, dst_mac, src, dst, NA, b"\x60\0\0\0" + src + b"\2\1" + mac), "nd.na-rx")
    v.report()


def flood_hosts(interface, number):
    v = Vandal(interface)
    chance = random.Random(SEED)
    for _ in range(int(number)):
        mac = b"\6" + chance.randbytes(5)
        v.send(icmp6(mac, b"\x33\x33" + ALL_ROUTERS[12:], UNSPECIFIED, ALL_ROUTERS, RS, bytes(4)), "access.refused")
    v.report()


def flood_class(punt, interface, mac_pair, src, dst, number):
    v = Vandal(interface)
    src_mac, dst_mac = macs(mac_pair)
    src, dst = address(src), address(dst)
    chance = random.Random(SEED)
    broken = mobility(PBU, struct.pack("!HHH", 7, 0x8200, 10), src, dst)[:10]
    frame = {"own": lambda: icmp6(src_mac, dst_mac, src, dst, ECHO_REQUEST, bytes(8), hop_limit=64),
             "signalling": lambda: ip6(src_mac, dst_mac, src, dst, MOBILITY, broken),
             "host": lambda: icmp6(b"\6" + chance.randbytes(5), dst_mac, src, dst, ECHO_REQUEST, bytes(8), hop_limit=64),
             "nd": lambda: icmp6(src_mac, dst_mac, src, dst, NS, bytes(4) + dst + bytes([OPTION_SOURCE, 1]) + src_mac),
             "resolve": lambda: icmp6(src_mac, dst_mac, src, dst[:8] + chance.randbytes(8), ECHO_REQUEST, bytes(8),
                                      hop_limit=64)}
    for _ in range(int(number)):
        v.send(frame[punt]())
    v.due[f"punt.{punt}-policed"] = int(number) // 4  # a burst as long as a ring passes, and a little all the time
    v.report()


def flood_scan(interface, mac_pair, src, number, to):
    v = Vandal(interface)
    src_mac, dst_mac = macs(mac_pair)
    chance = random.Random(SEED)
    for _ in range(int(number)):
        target = address(to)[:8] + chance.randbytes(8)
        v.send(icmp6(src_mac, dst_mac, address(src), target, ECHO_REQUEST, bytes(8), hop_limit=64), "path.encapsulated")
    v.report()


# The control socket.

CLIENTS, SURPLUS, TRIES = 32, 8, 20


class Client:
    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_S)
        self.sock.connect(path)

    def send(self, data):
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the answer says why

    def answer(self):
        line = b""
        while not line.endswith(b"\n"):
            got = self.sock.recv(65536)
            if not got:
                break
            line += got
        return json.loads(line)

    def reason(self):
        return self.answer()["error"]["data"]["reason"]


def control(path):
    hello = b'{"jsonrpc": "2.0", "id": 1, "method": "server.hello"}\n'
    cases = {
        "not JSON": (b"what?\n", "parse-error"),
        "no UTF-8": (b'{"jsonrpc": "2.0", "id": 1, "method": "\xff\xfe"}\n', "parse-error"),
        "nested deep": (b"[" * 10000 + b"]" * 10000 + b"\n", "parse-error"),
        "cut off": (b'{"jsonrpc": "2.0", "id": 1, "meth\n', "parse-error"),
        "not a request": (b"17\n", "invalid-request"),
        "an unknown method": (b'{"jsonrpc": "2.0", "id": 1, "method": "no.such"}\n', "unknown-method"),
        "10 MiB long": (b" " * (10 << 20) + b"\n", "line-too-long"),
    }
    for what, (request, expected) in cases.items():
        client = Client(path)
        client.send(request)
        got = client.reason()
        print(f"{what}: {got}", file=sys.stderr)
        if got != expected:
            sys.exit(f"{what}: expected {expected}")
    Client(path).send(hello[:20])  # and goes

    for _ in range(TRIES):  # those before may not have gone yet
        time.sleep(0.2)
        served, refused = crowd_in(path, hello)
        print(f"{served} clients served, {refused} refused", file=sys.stderr)
        if (served, refused) == (CLIENTS, SURPLUS):
            return
        if served + refused != CLIENTS + SURPLUS or served > CLIENTS:
            break
    sys.exit("expected 32 served and 8 refused")


def crowd_in(path, hello):
    clients = [Client(path) for _ in range(CLIENTS + SURPLUS)]
    answers = []
    for client in clients:
        client.send(hello)
        answers.append(client.answer())
    return (sum("result" in a for a in answers),
            sum(a.get("error", {}).get("data", {}).get("reason") == "too-many-clients" for a in answers))


def main():
    commands = {"link": link, "spoof-host": spoof_host, "tunnel": tunnel, "messages": messages, "updates": updates,
                "flood-nd": flood_nd, "flood-hosts": flood_hosts, "flood-class": flood_class, "flood-scan": flood_scan,
                "control": control}
    commands[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
