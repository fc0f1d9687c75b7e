#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Make nd.txt, tun.txt, auth.txt and flow.txt with scapy and Python's own hmac, ipaddress and struct, which share no
code with what they test.

A line is NAME VERDICT HEX: the verdict is the word of the decoder's error (nd_error_name, tun_error_name), or
"frame" where the frame itself is refused. Names of frames to be refused begin with the RFC's section.

In flow.txt a line is VERDICT HEX TEXT: the data of a flow identification option, the status that its sender is due
(0: none), and its traffic selector as an operator writes it ("-": none).

    test/vectors/make-vectors.py            writes beside itself
"""
import hashlib
import hmac
import ipaddress
import logging
import os
import random
import struct

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import (  # noqa: E402 (its warnings are off first)
                       Dot1Q, Ether, GRE, ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS,
                       ICMPv6ND_RA, ICMPv6ND_RS, ICMPv6NDOptDstLLAddr, ICMPv6NDOptMTU, ICMPv6NDOptPrefixInfo,
                       ICMPv6NDOptSrcLLAddr, ICMPv6PacketTooBig, ICMPv6ParamProblem, ICMPv6TimeExceeded, ICMPv6Unknown,
                       IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, HBHOptUnknown,
                       Pad1, PadN, Raw, RouterAlert, TCP, UDP, raw)

HERE = os.path.dirname(os.path.abspath(__file__))
MAC_A, MAC_B = "02:00:00:00:aa:01", "02:00:00:00:bb:02"
LL_A, LL_B = "fe80::aa01", "fe80::bb02"
A, B = "2001:db8:a::1", "2001:db8:b::2"
ANY, NODES, ROUTERS = "::", "ff02::1", "ff02::2"
TARGET, GROUP, GROUP_MAC = "2001:db8:b::12:3456", "ff02::1:ff12:3456", "33:33:ff:12:34:56"
SLLA, TLLA = ICMPv6NDOptSrcLLAddr(lladdr=MAC_A), ICMPv6NDOptDstLLAddr(lladdr=MAC_A)
ZERO_OPTION = Raw(bytes([250, 0]) + bytes(6))
UNKNOWN_OPTION = Raw(bytes([250, 2]) + bytes(range(14)))


def ether(dst=MAC_B, src=MAC_A, vlan=None):
    head = Ether(dst=dst, src=src)
    return head if vlan is None else head / Dot1Q(vlan=vlan)


def ip(src=LL_A, dst=LL_B, hlim=255, **more):
    return IPv6(src=src, dst=dst, hlim=hlim, **more)


def payload(n):
    return random.Random(n).randbytes(n)


def options(head, n):
    """n Destination Options headers behind head"""
    for _ in range(n):
        head = head / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))])
    return head


def nd_good():
    prefixes = (ICMPv6NDOptPrefixInfo(prefix="2001:db8:1::", prefixlen=64, L=0, A=1, validlifetime=3600,
                                      preferredlifetime=1800) /
                ICMPv6NDOptPrefixInfo(prefix="2001:db8:2:8000::", prefixlen=49, L=1, A=0, validlifetime=0xffffffff,
                                      preferredlifetime=0xffffffff))
    udp = ip(A, B, 63) / UDP(sport=1000, dport=2000) / payload(40)
    big = ip(A, B, 63) / UDP(sport=1000, dport=2000) / payload(1400)
    ra = ICMPv6ND_RA(chlim=64, M=0, O=1, prf=0, routerlifetime=1800, reachabletime=30000, retranstimer=1000)
    yield "rs", ether("33:33:00:00:00:02") / ip(dst=ROUTERS) / ICMPv6ND_RS() / SLLA
    yield "rs-unspecified", ether("33:33:00:00:00:02") / ip(ANY, ROUTERS) / ICMPv6ND_RS()
    yield "rs-bare", ether() / ip(dst=ROUTERS) / ICMPv6ND_RS()
    yield "rs-unknown-option", ether() / ip(dst=ROUTERS) / ICMPv6ND_RS() / UNKNOWN_OPTION / SLLA
    yield "rs-reserved", ether() / ip(dst=ROUTERS) / ICMPv6ND_RS(res=0xffffffff) / SLLA
    yield "rs-foreign-option", ether() / ip(dst=ROUTERS) / ICMPv6ND_RS() / TLLA / ICMPv6NDOptMTU(mtu=1400)
    yield "rs-two-addresses", ether() / ip(dst=ROUTERS) / ICMPv6ND_RS() / SLLA / ICMPv6NDOptSrcLLAddr(lladdr=MAC_B)
    yield "ra", ether() / ip(dst=NODES) / ra / SLLA / ICMPv6NDOptMTU(mtu=1452) / prefixes
    yield "ra-bare", ether() / ip() / ICMPv6ND_RA(chlim=0, M=0, O=0, prf=0, routerlifetime=0)
    yield "ns", ether(GROUP_MAC) / ip(dst=GROUP) / ICMPv6ND_NS(tgt=TARGET) / SLLA
    yield "ns-unicast", ether() / ip(A, TARGET) / ICMPv6ND_NS(tgt=TARGET) / SLLA
    yield "ns-dad", ether(GROUP_MAC) / ip(ANY, GROUP) / ICMPv6ND_NS(tgt=TARGET)
    yield "ns-dad-nonce", ether(GROUP_MAC) / ip(ANY, GROUP) / ICMPv6ND_NS(tgt=TARGET) / Raw(bytes([14, 1]) + b"nonce!")
    yield "ns-vlan", ether(GROUP_MAC, vlan=100) / ip(dst=GROUP) / ICMPv6ND_NS(tgt=TARGET) / SLLA
    yield "na", ether() / ip() / ICMPv6ND_NA(R=1, S=1, O=1, tgt=TARGET) / TLLA
    yield "na-dad", ether("33:33:00:00:00:01") / ip(dst=NODES) / ICMPv6ND_NA(R=1, S=0, O=1, tgt=TARGET) / TLLA
    yield "echo-request", ether() / ip(A, B, 64) / ICMPv6EchoRequest(id=0x1234, seq=7, data=payload(57))
    yield "echo-reply", ether(MAC_A, MAC_B) / ip(B, A, 64) / ICMPv6EchoReply(id=0x1234, seq=7, data=payload(57))
    yield "unreachable", ether() / ip(B, A, 64) / ICMPv6DestUnreach(code=3) / udp
    yield "too-big", ether() / ip(B, A, 64) / ICMPv6PacketTooBig(mtu=1452) / Raw(raw(big)[:1280 - 48])
    yield "time-exceeded", ether() / ip(B, A, 64) / ICMPv6TimeExceeded(code=0) / udp
    yield "parameter-problem", ether() / ip(B, A, 64) / ICMPv6ParamProblem(code=1, ptr=6) / udp
    yield "unknown-error", ether() / ip(B, A, 64) / ICMPv6Unknown(type=99, code=1, msgbody=bytes(4) + raw(udp))
    yield "unknown-informational", ether() / ip(B, A, 64) / ICMPv6Unknown(type=200, code=0, msgbody=bytes(4))
    yield "invoking-udp", ether() / udp
    yield "invoking-big", ether() / big
    opts = IPv6ExtHdrDestOpt(options=[Pad1(), HBHOptUnknown(otype=0x1e, optdata=b"abc"), PadN(optdata=b"\0\0")])
    yield "echo-extensions", (ether() / ip(A, B, 64) / IPv6ExtHdrHopByHop(options=[RouterAlert()]) / opts /
                              IPv6ExtHdrRouting(type=253, segleft=0) / IPv6ExtHdrFragment(offset=0, m=0, id=5) /
                              ICMPv6EchoRequest(id=1, seq=2, data=b"x"))
    yield "rs-eight-extensions", ether() / options(ip(dst=ROUTERS), 8) / ICMPv6ND_RS() / SLLA


def nd_bad():
    rs, ns = ip(dst=ROUTERS), ip(dst=GROUP)
    ra_ip, na_ip = ip(dst=NODES), ip()
    ra, nsol, nadv = ICMPv6ND_RA(), ICMPv6ND_NS(tgt=TARGET), ICMPv6ND_NA(S=1, tgt=TARGET)
    atomic = IPv6ExtHdrFragment(offset=0, m=0, id=9)
    for section, head, msg in (("6.1.1", rs, ICMPv6ND_RS()), ("6.1.2", ra_ip, ra), ("7.1.1", ns, nsol),
                               ("7.1.2", na_ip, nadv)):
        low, coded = head.copy(), msg.copy()
        low.hlim = 254
        coded.code = 1
        wrong = msg.copy()
        wrong.cksum = 0x1234
        yield section + "/hop-limit-255", "hop-limit", ether() / low / msg
        yield section + "/checksum-valid", "checksum", ether() / head / wrong
        yield section + "/code-0", "code", ether() / head / coded
        short = raw(msg)[4:-1]
        yield section + "/length", "short", ether() / head / ICMPv6Unknown(type=msg.type, code=0, msgbody=short)
        yield section + "/option-length-0", "option", ether() / head / msg / ZERO_OPTION
        yield section + "/option-length-0-behind-another", "option", ether() / head / msg / UNKNOWN_OPTION / ZERO_OPTION
        yield section + "/option-past-the-end", "option", ether() / head / msg / Raw(bytes([250, 2]) + bytes(13))
        yield section + "/half-an-option", "option", ether() / head / msg / Raw(bytes([1]))
        yield section + "/source-group", "address", ether() / ip("ff02::5", head.dst) / msg
        yield "6980-" + section, "fragment", ether() / head / atomic / msg
    long_ll = Raw(bytes([1, 2]) + bytes(14))
    yield "6.1.1/unspecified-source-without-option", "option", ether() / ip(ANY, ROUTERS) / ICMPv6ND_RS() / SLLA
    yield "6.1.1/link-layer-option-length", "option", ether() / rs / ICMPv6ND_RS() / long_ll
    yield "6.1.2/source-link-local", "address", ether() / ip(A, NODES) / ra
    yield "6.1.2/source-unspecified", "address", ether() / ip(ANY, NODES) / ra
    yield "6.1.2/prefix-option-length", "option", ether() / ra_ip / ra / Raw(bytes([3, 3]) + bytes(22))
    yield "6.1.2/mtu-option-length", "option", ether() / ra_ip / ra / Raw(bytes([5, 2]) + bytes(14))
    yield "7.1.1/target-group", "address", ether() / ns / ICMPv6ND_NS(tgt=GROUP)
    yield "7.1.1/unspecified-source-solicited-node", "address", ether() / ip(ANY, TARGET) / nsol
    yield "7.1.1/unspecified-source-all-nodes", "address", ether() / ip(ANY, NODES) / nsol
    yield "7.1.1/unspecified-source-without-option", "option", ether() / ip(ANY, GROUP) / nsol / SLLA
    yield "7.1.2/target-group", "address", ether() / na_ip / ICMPv6ND_NA(tgt=GROUP)
    yield "7.1.2/group-destination-not-solicited", "address", ether() / ip(dst=NODES) / nadv
    yield "4443/short-error", "short", ether() / ip() / ICMPv6Unknown(type=1, code=0, msgbody=bytes(3))
    yield "4443/short-echo", "short", ether() / ip() / ICMPv6Unknown(type=128, code=0, msgbody=bytes(3))
    yield "4443/empty", "short", ether() / ip(nh=58)
    yield "8200/not-icmpv6", "proto", ether() / ip() / UDP() / b"data"
    yield "8200/first-fragment", "proto", ether() / rs / IPv6ExtHdrFragment(offset=0, m=1, id=9) / ICMPv6ND_RS()
    yield "8200/later-fragment", "proto", ether() / rs / IPv6ExtHdrFragment(offset=3, m=0, id=9, nh=58) / Raw(raw(nsol))
    yield "8200/other-ethertype", "proto", ether() / Raw(b"")
    yield "8200/version-4", "frame", ether() / ip(version=4) / ICMPv6ND_RS()
    yield "8200/payload-too-long", "frame", ether() / ip(plen=9, nh=58) / Raw(bytes(8))
    yield "8200/extension-too-long", "frame", ether() / ip(nh=60) / Raw(bytes([58, 1]) + bytes(6))
    yield "8200/extension-cut", "frame", ether() / ip(nh=60) / Raw(bytes([58, 0]) + bytes(5))
    yield "8200/nine-extensions", "frame", ether() / options(rs, 9) / ICMPv6ND_RS()


def tun():
    inner = IPv6(src=A, dst=B, hlim=61, tc=0xb8 | 2, fl=0xabcde) / TCP(sport=443, dport=50000) / payload(33)
    outer = dict(src="2001:db8:ffff::1", dst="2001:db8:ffff::2", hlim=64, tc=0xb8 | 2, fl=0)
    other = inner.copy()
    other.version = 4

    def limited(*options):
        return IPv6(**outer) / IPv6ExtHdrDestOpt(nh=41, options=list(options))

    def option(otype, data=b""):
        return HBHOptUnknown(otype=otype, optdata=data)

    limit, whole = option(4, b"\x05"), raw(inner)
    yield "inner", "-", inner
    yield "plain", "ok", IPv6(**outer) / inner
    yield "limit-5", "ok", IPv6(nh=60, **outer) / Raw(bytes([41, 0, 4, 1, 5, 1, 1, 0])) / inner
    yield "trailing-bytes", "ok", IPv6(nh=41, **outer) / Raw(whole + b"trailing")
    yield "pad1-padn-limit", "ok", limited(Pad1(), PadN(optdata=b"\0\0\0"), limit) / inner
    yield "unknown-00", "ok", limited(option(0x1e, b"abcd"), limit) / inner
    yield "two-headers", "ok", (IPv6(nh=60, **outer) / Raw(bytes([60, 0, 1, 4, 0, 0, 0, 0]) +
                                                           bytes([41, 0, 4, 1, 5, 1, 1, 0])) / inner)
    yield "unknown-01", "option", limited(option(0x5e, b"abcd")) / inner
    yield "unknown-10", "option", limited(option(0x9e, b"abcd")) / inner
    yield "unknown-11", "option", limited(option(0xde, b"abcd")) / inner
    yield "limit-length-2", "option", limited(option(4, b"\x05\x05")) / inner
    yield "option-past-header", "short", IPv6(nh=60, **outer) / Raw(bytes([41, 0, 30, 5, 0, 0, 0, 0])) / inner
    yield "header-past-packet", "short", IPv6(nh=60, **outer) / Raw(bytes([41, 9, 1, 4, 0, 0, 0, 0]))
    yield "header-cut", "short", IPv6(nh=60, **outer) / Raw(bytes([41, 0, 1, 4, 0, 0, 0]))
    yield "no-inner", "short", IPv6(nh=41, plen=0, **outer)
    yield "inner-header-cut", "short", IPv6(nh=41, **outer) / Raw(whole[:39])
    yield "inner-longer-than-outer", "short", IPv6(nh=41, **outer) / Raw(whole[:-1])
    yield "outer-longer-than-frame", "short", IPv6(nh=41, plen=len(whole) + 1, **outer) / Raw(whole)
    yield "outer-version-4", "version", IPv6(version=4, nh=41, **outer) / Raw(whole)
    yield "inner-version-4", "version", IPv6(nh=41, **outer) / Raw(raw(other))
    yield "udp", "proto", IPv6(**outer) / UDP() / b"data"
    yield "ipv4-inside", "proto", IPv6(nh=4, **outer) / Raw(bytes(40))
    yield "options-then-udp", "proto", IPv6(**outer) / IPv6ExtHdrDestOpt(options=[limit]) / UDP() / b"data"
    yield "fragment", "proto", IPv6(**outer) / IPv6ExtHdrFragment(nh=41, offset=0, m=1) / Raw(whole)

    def gre(**fields):
        return GRE(**{"proto": 0x86dd, **fields})

    key = {"key_present": 1, "key": 0x01020304}
    head, hop = IPv6(nh=47, **outer), IPv6ExtHdrDestOpt(nh=47, options=[limit, PadN(optdata=b"\0")])
    yield "gre", "ok", head / gre() / inner
    yield "gre-key", "ok", head / gre(**key) / inner
    yield "gre-sequence", "ok", head / gre(seqnum_present=1, sequence_number=9) / inner
    yield "gre-key-sequence", "ok", head / gre(seqnum_present=1, sequence_number=9, **key) / inner
    yield "gre-checksum", "ok", head / gre(chksum_present=1) / inner
    yield "gre-all", "ok", head / gre(chksum_present=1, seqnum_present=1, sequence_number=9, **key) / inner
    yield "gre-limit", "ok", IPv6(nh=60, **outer) / hop / gre() / inner
    yield "gre-limit-key", "ok", IPv6(nh=60, **outer) / hop / gre(**key) / inner
    yield "gre-checksum-wrong", "gre", head / gre(chksum_present=1, chksum=0x1234) / inner
    yield "gre-version-1", "gre", head / gre(version=1) / inner
    yield "gre-routing", "gre", head / Raw(b"\x40\0\x86\xdd" + whole)
    yield "gre-strict-source-route", "gre", head / Raw(b"\x08\0\x86\xdd" + whole)
    yield "gre-bit-5", "gre", head / Raw(b"\x04\0\x86\xdd" + whole)
    yield "gre-bits-6-to-12", "ok", head / Raw(b"\x03\xf8\x86\xdd" + whole)
    yield "gre-ipv4", "gre", head / gre(proto=0x800) / Raw(bytes(20))
    yield "gre-inner-version-4", "version", head / gre() / Raw(raw(other))
    yield "gre-cut", "short", head / Raw(b"\x20\0\x86")
    yield "gre-key-cut", "short", head / Raw(b"\x20\0\x86\xdd\1\2\3")
    yield "gre-inner-cut", "short", head / gre(**key) / Raw(whole[:39])
    yield "gre-inner-longer-than-outer", "short", head / gre(**key) / Raw(whole[:-1])


def padded(message, modulus, offset):
    """message with padding behind it to a place that is offset modulo modulus"""
    n = (offset - len(message)) % modulus
    return message + (b"" if n == 0 else b"\0" if n == 1 else bytes([1, n - 2]) + bytes(n - 2))


def checksum(source, destination, message):
    sum16 = source + destination + struct.pack("!I3xB", len(message), 135) + message
    total = sum(struct.unpack(f"!{len(sum16) // 2}H", sum16))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def signed_update(digest, code_len, alternate=None):
    """A PBU with an authentication option (RFC 4285 sections 5.1 and 6), by the key and at the time of unit/pmip/auth.c"""
    gateway, anchor = (ipaddress.ip_address(f"2001:db8:100::{i}").packed for i in (2, 1))
    message = bytes([59, 0, 5, 0, 0, 0]) + struct.pack("!HHH", 9, 0x8200, 0) + bytes([8, 5, 1]) + b"mn@x"
    if alternate:
        message = padded(message, 8, 6) + bytes([3, 16]) + alternate
    message = padded(message, 8, 2) + bytes([10, 8]) + struct.pack("!II", 1800000000 + 2208988800, 0x80000000)
    message = padded(message, 8, (1 - code_len) % 8) + bytes([9, 5 + code_len, 1]) + struct.pack("!I", 1000)
    message = bytes([59, (len(message) + code_len) // 8 - 1]) + message[2:]
    covered = (alternate or gateway) + bytes(16) + message
    message += hmac.new(bytes([7]) * 16, covered, digest).digest()[:code_len]
    return message[:4] + struct.pack("!H", checksum(gateway, anchor, message)) + message[6:]


def write_auth(name):
    anchor = ipaddress.ip_address("2001:db8:100::1").packed
    with open(os.path.join(HERE, name), "w", encoding="ascii") as out:
        out.write(f"sha1 {signed_update(hashlib.sha1, 12).hex()}\n")
        out.write(f"sha256 {signed_update(hashlib.sha256, 16).hex()}\n")
        out.write(f"alternate {signed_update(hashlib.sha1, 12, anchor).hex()}\n")


def write(name, rows):
    with open(os.path.join(HERE, name), "w", encoding="ascii") as out:
        out.write("# Made by make-vectors.py: NAME VERDICT HEX\n")
        for label, verdict, packet in rows:
            out.write(f"{label} {verdict} {raw(packet).hex()}\n")


FIELDS = [  # of RFC 6088 section 3.2: key, octets
    ("source", 16), ("destination", 16), ("spi", 4), ("flow-label", 4), ("source-port", 2), ("destination-port", 2),
    ("traffic-class", 1), ("protocol", 1)]


def field(value, size):
    return ipaddress.ip_address(value).packed if size == 16 else value.to_bytes(size, "big")


def traffic_selector(**ranges):
    """The sub-option: a value is one, a pair a range"""
    flags, body = 0, b""
    for i, (key, size) in enumerate(FIELDS):
        value = ranges.get(key.replace("-", "_"))
        if value is None:
            continue
        values = value if isinstance(value, tuple) else (value,)
        flags |= (0x8000, 0xc000)[len(values) - 1] >> 2 * i
        body += b"".join(field(v, size) for v in values)
    return sub_option(3, bytes([2, 0]) + struct.pack("!HH", flags, 0) + body)


def sub_option(kind, data):
    return bytes([kind, len(data)]) + data


def flow(*subs):
    return struct.pack("!HHBB", 7, 20, 0, 0) + b"".join(subs)


def flows():
    bids = sub_option(2, struct.pack("!HH", 1, 2))
    udp = traffic_selector(protocol=17, source_port=(5004, 5010))
    malformed, unsupported = 130, 133
    yield 0, flow(), "-"
    yield 0, flow(bids), "-"
    yield 0, flow(traffic_selector()), "any"
    yield 0, flow(udp, bids), "source-port=5004-5010 protocol=udp"
    yield 0, flow(b"\0", sub_option(1, bytes(3)), bids, sub_option(9, b"later"), udp, b"\0"), (
        "source-port=5004-5010 protocol=udp")
    last = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"
    yield 0, flow(traffic_selector(source=("2001:db8::", last))), "source=2001:db8::/32"
    yield 0, flow(traffic_selector(destination="2001:db8::1", spi=(1, 0xffffffff))), (
        "destination=2001:db8::1 spi=0x1-0xffffffff")
    yield 0, flow(traffic_selector(flow_label=0xabcde, traffic_class=0xbb)), "flow-label=0xabcde traffic-class=0xb8"
    yield 0, flow(traffic_selector(flow_label=0xfff00000 | 0xabcde)), "flow-label=0xabcde"
    yield 0, flow(traffic_selector(traffic_class=(0xbb, 0xb8), destination_port=(0, 65535))), (
        "destination-port=0-65535 traffic-class=0xb8")
    everything = {key.replace("-", "_"): (1, 2) for key, size in FIELDS if size < 16}
    everything.update(source=("::1", "::2"), destination=("::3", "::4"), traffic_class=(4, 8))
    yield 0, flow(traffic_selector(**everything), bids), (
        "source=::1-::2 destination=::3-::4 spi=0x1-0x2 flow-label=0x1-0x2 source-port=1-2 destination-port=1-2 "
        "traffic-class=0x4-0x8 protocol=1-2")
    for i in range(8):  # an end without its start
        size = FIELDS[i][1]
        yield malformed, flow(sub_option(3, struct.pack("!BBHH", 2, 0, 0x4000 >> 2 * i, 0) + bytes(size))), "-"
        yield malformed, flow(sub_option(3, struct.pack("!BBHH", 2, 0, 0x4000 >> 2 * i, 0))), "-"
    yield malformed, flow(traffic_selector(source_port=(2, 1))), "-"
    yield malformed, flow(udp, udp), "-"
    yield malformed, flow(bids, bids), "-"
    yield malformed, flow(sub_option(2, b"")), "-"
    yield malformed, flow(sub_option(2, b"\0\1\0")), "-"
    yield malformed, flow(sub_option(3, b"")), "-"
    yield malformed, flow(sub_option(3, udp[2:-1])), "-"
    yield malformed, flow(sub_option(3, udp[2:] + b"\0")), "-"
    yield malformed, flow(bytes([9])), "-"
    yield malformed, flow(bytes([9, 1])), "-"
    yield unsupported, flow(sub_option(3, bytes([1, 0, 0, 0, 0, 0])), bids), "-"
    yield unsupported, flow(sub_option(3, bytes([0, 0]))), "-"
    yield malformed, flow(sub_option(3, bytes([1, 0])), bytes([2, 9])), "-"


def write_flow(name):
    with open(os.path.join(HERE, name), "w", encoding="ascii") as out:
        out.write("# Made by make-vectors.py: VERDICT HEX TEXT\n")
        for verdict, option, text in flows():
            out.write(f"{verdict} {option.hex()} {text}\n")


write("nd.txt", [(name, "ok", packet) for name, packet in nd_good()] + list(nd_bad()))
write("tun.txt", list(tun()))
write_auth("auth.txt")
write_flow("flow.txt")
