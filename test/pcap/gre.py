# SPDX-License-Identifier: BSD-3-Clause
"""Cases of tunnels of GRE (RFC 5845, RFC 2784, RFC 2890, RFC 7676)."""
import struct

from scapy.all import GRE as Gre, ICMPv6PacketTooBig, IPv6ExtHdrFragment

from cases import ANCHOR_ONE, ANCHOR_TWO, BOTH_FAR, GATEWAY_ONE, Case
from forward import ECN, kinds
from fragments import pieces
from frames import (A1, A2, ANCHOR, CN, G1, HBHOptUnknown, IPv6, IPv6ExtHdrDestOpt, MAG1, MAG2, NODE, PadN, Raw,
                    access_in, access_out, core_in, core_out, error, flow_label, on, parameter, raw, reread, too_big,
                    tunnel, udp, limit_header)

DOWN, UP = 0x01020304, 0xfffefdfc  # of the gateway, and of the anchor
P1, P2, GP = "2001:db8:1::/64", "2001:db8:1:1::/64", "2001:db8:5:1::/64"


def node(like, *lines):
    return like[0], like[1] + list(lines)


def in_gre(prefix, key_in, key_out):
    text = lambda key: "-" if key is None else hex(key)  # noqa: E731
    return f"gre {prefix} {text(key_in)} {text(key_out)}"


ANCHOR_GRE = node(ANCHOR_ONE, in_gre(P1, UP, DOWN))
ANCHOR_BARE = node(ANCHOR_ONE, in_gre(P1, None, None))
GATEWAY_GRE = node(GATEWAY_ONE, in_gre(GP, DOWN, UP))


def gre(src, dst, inner, key=None, limit=None, fields=None, **ip):
    """The inner packet behind the outer header and the GRE header that the node writes."""
    inner = reread(inner)
    ip = {"tc": inner.tc, "fl": flow_label(raw(inner)), "hlim": 64, **ip}
    keyed = {} if key is None else {"key_present": 1, "key": key}
    inside = Gre(proto=0x86dd, **keyed, **(fields or {})) / inner
    if limit is None:
        return IPv6(src=src, dst=dst, nh=47, **ip) / inside
    options = [HBHOptUnknown(otype=4, optdata=bytes([limit])), PadN(optdata=b"\0")]
    return IPv6(src=src, dst=dst, nh=60, **ip) / IPv6ExtHdrDestOpt(nh=47, options=options) / inside


def directions():
    down, up = kinds(CN, A1), kinds(A1, CN)
    for name, shows, there, key_down, key_up, ids in (
            ("gre-anchor", "RFC 5845 section 3.1: an anchor's packets carry the key of the gateway, and those that come "
             "are taken with the key of the anchor", ANCHOR_GRE, DOWN, UP, ["RFC5845-5.2-03", "RFC5845-5.2-07"]),
            ("gre-anchor-bare", "RFC 5845 section 3.2: GRE alone, and no key", ANCHOR_BARE, None, None, ()),
            ("gre-anchor-one-key", "A key in one direction alone", node(ANCHOR_ONE, in_gre(P1, None, 0)), 0, None, ())):
        yield Case(name, shows, there,
                   [("core", [core_in(p) for p in down] + [core_in(gre(MAG1, NODE, p, key_up)) for p in up])],
                   core=[core_out(gre(NODE, MAG1, on(p), key_down)) for p in down] + [core_out(on(p)) for p in up],
                   count={"path.encapsulated": len(down), "path.decapsulated": len(up), "path.routed": len(up)}, ids=ids)
    down, up = kinds(CN, G1), kinds(G1, CN)
    yield Case("gre-gateway", "The same of a gateway", GATEWAY_GRE,
               [("access", [access_in(p) for p in up]), ("core", [core_in(gre(ANCHOR, NODE, p, DOWN)) for p in down])],
               core=[core_out(gre(NODE, ANCHOR, on(p), UP)) for p in up], access=[access_out(on(p)) for p in down],
               count={"path.encapsulated": len(up), "path.decapsulated": len(down)},
               ids=["RFC5845-4.2-05", "RFC5845-4.2-13"])
    one, two = udp(A1, A2), udp(A2, A1)
    yield Case("gre-hairpin", "From a tunnel of GRE into one without, and back", node(ANCHOR_TWO, in_gre(P1, UP, DOWN)),
               [("core", [core_in(gre(MAG1, NODE, one, UP)), core_in(tunnel(MAG2, NODE, two))])],
               core=[core_out(tunnel(NODE, MAG2, on(one))), core_out(gre(NODE, MAG1, on(two), DOWN))],
               count={"path.decapsulated": 2, "path.encapsulated": 2, "path.hairpinned": 2})
    same = "anchor", ["register mn1@example.com 2001:db8:0:a::1", "register mn2@example.com 2001:db8:0:a::1",
                      in_gre(P1, UP, DOWN)]
    both = [udp(CN, A1), udp(CN, A2)]
    yield Case("gre-beside", "Sessions of one gateway, in GRE and not", same,
               [("core", [core_in(p) for p in both] + [core_in(gre(MAG1, NODE, udp(A1, CN), UP)),
                                                       core_in(tunnel(MAG1, NODE, udp(A2, CN)))], 1)],
               core=[core_out(gre(NODE, MAG1, on(both[0]), DOWN)), core_out(tunnel(NODE, MAG1, on(both[1]))),
                     core_out(on(udp(A1, CN))), core_out(on(udp(A2, CN)))],
               count={"path.encapsulated": 2, "path.decapsulated": 2, "path.routed": 2})
    out, back = udp(A1, A2), udp(A2, A1)
    yield Case("gre-both", "A host here and a mobile node of the same anchor at a gateway of GRE",
               node(BOTH_FAR, in_gre(P2, UP, DOWN)),
               [("access", [access_in(out)]), ("core", [core_in(gre(MAG1, NODE, back, UP))])],
               core=[core_out(gre(NODE, MAG1, on(out), DOWN))], access=[access_out(on(back))],
               count={"path.encapsulated": 1, "path.decapsulated": 1, "path.hairpinned": 1})


def headers():
    up, down = udp(A1, CN), udp(CN, A1)
    yield Case("gre-limit", "RFC 2473 section 5.1: the limit option stands in front of the GRE header", ANCHOR_GRE,
               [("core", [core_in(down), core_in(gre(MAG1, NODE, up, UP, limit=0)), core_in(gre(MAG1, NODE, up, UP))])],
               core=[core_out(gre(NODE, MAG1, on(down), DOWN, limit=4))] + [core_out(on(up))] * 2,
               count={"path.encapsulated": 1, "path.decapsulated": 2, "path.routed": 2}, settings={"tunnel-limit": 4})
    nested = lambda n: IPv6(src=CN, dst=A1, nh=60) / limit_header(n) / Raw(raw(udp(CN, A1)))  # noqa: E731
    yield Case("gre-limit-nested", "RFC 2473 section 4.1.1: one less of a packet that carries a limit, and its DSCP is the "
               "tunnel's", ANCHOR_GRE, [("core", [core_in(nested(3)), core_in(nested(0))])],
               core=[core_out(gre(NODE, MAG1, on(nested(3)), DOWN, limit=2, tc=46 << 2)), core_out(parameter(nested(0), 44))],
               count={"path.encapsulated": 1, "path.generated": 1, "path.routed": 1}, drop={"classify.hop-limit": 1},
               settings={"tunnel-dscp": 46})
    some = [{"seqnum_present": 1, "sequence_number": 7}, {"seqnum_present": 1, "sequence_number": 6},
            {"chksum_present": 1}, {"chksum_present": 1, "seqnum_present": 1, "sequence_number": 0}]
    sizes = [udp(A1, CN, 100 + i) for i in range(len(some))]
    came = [gre(MAG1, NODE, p, UP, fields=f) for p, f in zip(sizes, some)]
    bits = bytearray(raw(gre(MAG1, NODE, up, UP)))
    bits[40] |= 0x03  # bits 6 and 7, which are not looked at
    yield Case("gre-fields", "RFC 2890 section 2.2: sequence numbers are taken and put nothing in order, RFC 2784 section "
               "2.5: a checksum that is right is taken, section 2.3: bits 6 to 12 are not looked at", ANCHOR_GRE,
               [("core", [core_in(p) for p in came] + [core_in(IPv6(bytes(bits)))])],
               core=[core_out(on(p)) for p in sizes + [up]],
               count={"path.decapsulated": len(came) + 1, "path.routed": len(came) + 1})
    pairs = [(i, o) for i in range(4) for o in range(4)]
    yield Case("gre-ecn", "RFC 6040 section 4.2 holds behind a GRE header", ANCHOR_GRE,
               [("core", [core_in(gre(MAG1, NODE, udp(A1, CN, tc=i), UP, tc=o)) for i, o in pairs])],
               core=[core_out(on(udp(A1, CN, tc=ECN[i][o]))) for i, o in pairs if ECN[i][o] is not None],
               count={"path.decapsulated": 15, "path.routed": 15}, drop={"uplink.tunnel-header": 1})


def refused():
    up = udp(A1, CN)
    other = [gre(MAG1, NODE, up, key) for key in (DOWN, UP + 1, 0, None)]
    yield Case("gre-key", "RFC 5845 section 3.1: a packet with another key than its session's, or with none, goes nowhere",
               ANCHOR_GRE, [("core", [core_in(p) for p in other])], drop={"tunnel.gre-key": len(other)},
               ids=["RFC5845-5.2-07"])
    yield Case("gre-key-bare", "RFC 5845 section 3.2: nor does one with a key where none was agreed on", ANCHOR_BARE,
               [("core", [core_in(gre(MAG1, NODE, up, 0))])], drop={"tunnel.gre-key": 1})
    yield Case("gre-key-gateway", "The same at a gateway", GATEWAY_GRE,
               [("core", [core_in(gre(ANCHOR, NODE, udp(CN, G1), key)) for key in (UP, None)] +
                         [core_in(tunnel(ANCHOR, NODE, udp(CN, G1)))])],
               drop={"tunnel.gre-key": 2, "tunnel.gre-absent": 1}, ids=["RFC5845-4.2-13"])
    yield Case("gre-absent", "A session in GRE takes nothing without", ANCHOR_GRE, [("core", [core_in(tunnel(MAG1, NODE, up))])],
               drop={"tunnel.gre-absent": 1})
    yield Case("gre-unexpected", "A session that is not in GRE takes nothing with", ANCHOR_ONE,
               [("core", [core_in(gre(MAG1, NODE, up, key)) for key in (None, UP)])], drop={"tunnel.gre-unexpected": 2})
    yield Case("gre-no-session", "A right key makes no session, nor the tunnel of another node a right one", ANCHOR_GRE,
               [("core", [core_in(gre(MAG1, NODE, udp("2001:db8:99::1", CN), UP)), core_in(gre(MAG2, NODE, up, UP))])],
               drop={"uplink.no-session": 1, "uplink.wrong-tunnel": 1})
    whole = raw(gre(MAG1, NODE, up, UP))
    spoilt = lambda at, value: IPv6(whole[:at] + bytes([whole[at] ^ value]) + whole[at + 1:])  # noqa: E731
    outer = IPv6(src=MAG1, dst=NODE, nh=47, hlim=64)
    fields = [spoilt(40, 0x40), spoilt(40, 0x08), spoilt(40, 0x04), spoilt(41, 1), spoilt(41, 4), spoilt(42, 0x80),
              outer / Gre(proto=0x800, key_present=1, key=UP) / Raw(bytes(20)),
              outer / Gre(proto=0x86dd, key_present=1, key=UP, chksum_present=1, chksum=1) / up,
              outer / Raw(b"\x20\0\x86"), outer / Raw(b"\x20\0\x86\xdd\xff\xfe\xfd"),
              outer / Raw(b"\x20\0\x86\xdd" + struct.pack("!I", UP) + raw(up)[:39]),
              outer / Raw(b"\x30\0\x86\xdd" + struct.pack("!I", UP) + b"\0\0\0"),
              outer / Raw(b"\xa0\0\x86\xdd"), outer / Raw(b"\x20\0\x86\xdd" + struct.pack("!I", UP) + raw(up)[:-1])]
    yield Case("gre-malformed", "RFC 2784 sections 2.3, 2.4 and 2.5: bits and versions that are not known, payloads that "
               "are not IPv6, and wrong checksums cost a packet, and so does what ends too soon", ANCHOR_GRE,
               [("core", [core_in(p) for p in fields])], drop={"uplink.tunnel-header": len(fields)})


def sizes():
    fits, big = udp(CN, A1, 1452), udp(CN, A1, 1453)
    yield Case("gre-too-big", "A GRE header with a key leaves 8 octets less for what is inside", ANCHOR_GRE,
               [("core", [core_in(fits), core_in(big)])],
               core=[core_out(gre(NODE, MAG1, on(fits), DOWN)), core_out(too_big(big, 1452))],
               count={"path.encapsulated": 1, "path.generated": 1, "path.packet-too-big": 1, "path.routed": 1},
               drop={"encap.too-big": 1})
    told = error(ICMPv6PacketTooBig(mtu=1280), gre(NODE, MAG1, udp(CN, A1, 1452), DOWN), src="2001:db8:9::1")
    least = udp(CN, A1, 1280)
    for name, there, key in (("gre-fragments", ANCHOR_GRE, DOWN), ("gre-fragments-bare", ANCHOR_BARE, None)):
        outer = reread(gre(NODE, MAG1, on(least), key))
        inside, cut = raw(outer)[40:], 1280 - 48 & ~7
        piece = lambda at, end, more: (IPv6(**outer.fields | {"nh": 44, "plen": None}) /  # noqa: E731
                                       IPv6ExtHdrFragment(nh=47, offset=at // 8, m=more, id=0) / Raw(inside[at:end]))
        yield Case(name, "RFC 2473 section 7.1 (b): what every link of IPv6 carries goes through a tunnel of GRE of the "
                   "smallest size, in two pieces", there, [("core", [core_in(told)]), ("core", [core_in(least)])],
                   core=[core_out(piece(0, cut, 1)), core_out(piece(cut, len(inside), 0))],
                   count={"path.punted": 1, "path.encapsulated": 1, "path.fragments-made": 1},
                   free=[("core", 14 + 40 + 4, 4)])
    packet = udp(A1, CN, 1400)
    yield Case("gre-together", "A packet in GRE that came in fragments is put together", ANCHOR_GRE,
               [("core", [core_in(f) for f in pieces(gre(MAG1, NODE, packet, UP), 1, 1232)])], core=[core_out(on(packet))],
               count={"path.fragments-absorbed": 2, "path.reassembled": 1, "path.decapsulated": 1, "path.routed": 1})


GRE = [*directions(), *headers(), *refused(), *sizes()]
