# SPDX-License-Identifier: BSD-3-Clause
"""The picture that the cases share (test/unit/ctl/rig.h), and the frames in it."""
import logging
import socket
import struct

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import (  # noqa: E402 (its warnings are off first)
                       Dot1Q, Ether, HBHOptUnknown, ICMPv6DestUnreach, ICMPv6PacketTooBig, ICMPv6ParamProblem,
                       ICMPv6TimeExceeded, IPv6, IPv6ExtHdrDestOpt, PadN, Raw, UDP, in6_chksum, raw)

#   correspondent, gateways, anchor ---- router ==== [core] node [access] ---- mobile nodes
NODE, ROUTER, PEER = "2001:db8:0:c::1", "2001:db8:0:c::fe", "2001:db8:0:c::5"
NODE2 = "2001:db8:0:c::2"
MAG1, MAG2, ANCHOR, CN = "2001:db8:0:a::1", "2001:db8:0:a::2", "2001:db8:0:b::1", "2001:db8:77::1"
NOWHERE = "4000::1"
NODE_MAC, LINK_MAC, ROUTER_MAC, PEER_MAC = ("02:00:00:00:00:c0", "00:00:5e:00:52:13", "02:00:00:00:00:01",
                                            "02:00:00:00:00:05")
LINK_LOCAL = "fe80::200:5eff:fe00:5213"
MN1_MAC, MN2_MAC, GUEST_MAC = "02:00:00:00:aa:01", "02:00:00:00:aa:02", "02:00:00:00:bb:01"
MN1_LL = "fe80::ff:fe00:aa01"
# Mobile nodes of the anchor, in the first prefixes of its pool, and those of the gateway.
HOME1, HOME2, AWAY1, AWAY2 = "2001:db8:1::", "2001:db8:1:1::", "2001:db8:5:1::", "2001:db8:5:2::"
A1, A2, G1, G2 = HOME1 + "99", HOME2 + "99", AWAY1 + "99", AWAY2 + "99"

ETHERTYPE = 0x86dd
MTU, MTU_MIN = 1500, 1280


def payload(n):
    return bytes(i & 0xff for i in range(n))


def udp(src, dst, size=100, **ip):
    """A UDP packet of size bytes in all."""
    return IPv6(src=src, dst=dst, **ip) / UDP(sport=1000, dport=2000) / payload(size - 48)


def reread(packet):
    """The same bytes, with no field left to be computed."""
    return IPv6(raw(packet))


def on(packet, n=1):
    """The packet n hops later."""
    packet = reread(packet)
    packet.hlim -= n
    return packet


def mix(a, b):
    product = a * b
    return product & 0xffffffffffffffff ^ product >> 64


def flow_label(inner):
    """A flow's label is free (RFC 6438 section 3): this is how the node makes it, in tun_flow_label."""
    word, head = struct.unpack("!I", inner[:4])[0], struct.unpack("<4Q", inner[8:40])
    rest = (word & 0xfffff) << 8 | inner[6]
    value = mix(head[0] ^ 0x243f6a8885a308d3, head[1] ^ rest ^ 0x13198a2e03707344)
    value = mix(value ^ head[2] ^ 0xa4093822299f31d0, head[3] ^ 0x082efa98ec4e6c89)
    return value >> 44 or 1


def limit_header(limit):
    """RFC 2473 section 5.1"""
    return IPv6ExtHdrDestOpt(nh=41, options=[HBHOptUnknown(otype=4, optdata=bytes([limit])), PadN(optdata=b"\0")])


def tunnel(src, dst, inner, limit=None, **ip):
    """The inner packet behind the outer header that the node writes."""
    inner = reread(inner)
    ip = {"tc": inner.tc, "fl": flow_label(raw(inner)), "hlim": 64, **ip}
    outer = IPv6(src=src, dst=dst, **ip)
    if limit is None:
        return IPv6(**outer.fields | {"nh": 41}) / Raw(raw(inner))
    return IPv6(**outer.fields | {"nh": 60}) / limit_header(limit) / Raw(raw(inner))


def error(kind, about, src=NODE, room=MTU_MIN - 48):
    """An ICMPv6 error about a packet, as much of it as fits in 1280 bytes (RFC 4443 section 3)."""
    about = raw(about)
    return IPv6(src=src, dst=IPv6(about).src, hlim=64) / kind / Raw(about[:room])


def too_big(about, mtu, **more):
    return error(ICMPv6PacketTooBig(mtu=mtu), about, **more)


def time_exceeded(about, **more):
    return error(ICMPv6TimeExceeded(code=0), about, **more)


def no_route(about, **more):
    return error(ICMPv6DestUnreach(code=0), about, **more)


def parameter(about, pointer, code=0, **more):
    return error(ICMPv6ParamProblem(code=code, ptr=pointer), about, **more)


def ether(dst, src, packet, vlan=None):
    if vlan is None:
        return raw(Ether(dst=dst, src=src, type=ETHERTYPE) / packet)
    return raw(Ether(dst=dst, src=src) / Dot1Q(vlan=vlan, type=ETHERTYPE) / packet)


def core_in(packet, vlan=None):
    return ether(NODE_MAC, ROUTER_MAC, packet, vlan)


def core_out(packet, vlan=None):
    return ether(ROUTER_MAC, NODE_MAC, packet, vlan)


def access_in(packet, mac=MN1_MAC, vlan=None):
    return ether(LINK_MAC, mac, packet, vlan)


def access_out(packet, mac=MN1_MAC, vlan=None):
    return ether(mac, LINK_MAC, packet, vlan)


def option(kind, data, x=1, y=0):
    return kind, data, x, y


def hnp(prefix):
    """RFC 5213 section 8.3; the prefix is a /64, or none."""
    return option(22, bytes([0, 64 if prefix != "::" else 0]) + socket.inet_pton(socket.AF_INET6, prefix), 8, 4)


def mobility(src, dst, kind, fixed, options=(), payload_proto=59, units=None, checksum=None):
    """A packet with a Mobility Header (RFC 6275 section 6.1.1), its options where they are aligned (section 6.2.1)."""
    body = bytes([payload_proto, 0, kind, 0, 0, 0]) + fixed
    for number, data, x, y in [*options, (None, b"", 8, 0)]:
        gap = (y - len(body)) % x
        body += b"\0" if gap == 1 else bytes([1, gap - 2]) + bytes(gap - 2) if gap else b""
        body += bytes([number, len(data)]) + data if number is not None else b""
    body = body[:1] + bytes([len(body) // 8 - 1 if units is None else units]) + body[2:]
    head = IPv6(src=src, dst=dst, nh=135, hlim=64)
    value = in6_chksum(135, head / Raw(body), body) if checksum is None else checksum
    return head / Raw(body[:4] + struct.pack("!H", value) + body[6:])


# The node's clock (test/unit/ctl/rig.c) when the first frame comes in: it has been turned 70 times by 50 ms, rounded up.
WALL = (1700000000 << 16) + 70 * ((50 * 65536 + 999) // 1000)


def node_options(prefix, handoff, mac=MN1_MAC, mn=b"mn1@example.com", wall=WALL):
    """Those of updates and acknowledgements, in the order in which the node writes them."""
    return [hnp(prefix), option(23, bytes([0, handoff])), option(24, b"\0\4"), option(8, b"\1" + mn),
            option(27, struct.pack("!Q", wall), 8, 2), option(25, b"\0\0" + bytes.fromhex(mac.replace(":", "")))]


def pbu(src, dst, sequence, prefix="::", handoff=1, lifetime=900, **more):
    """RFC 5213 section 8.1: A and P are set."""
    fixed = struct.pack("!HHH", sequence, 0x8200, lifetime)
    return mobility(src, dst, 5, fixed, node_options(prefix, handoff, **more))


def pba(src, dst, sequence, prefix, handoff=1, lifetime=900, status=0, **more):
    """RFC 5213 section 8.2: P is set."""
    fixed = struct.pack("!BBHH", status, 0x20, sequence, lifetime)
    return mobility(src, dst, 6, fixed, node_options(prefix, handoff, **more))
