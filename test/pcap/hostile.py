# SPDX-License-Identifier: BSD-3-Clause
"""Cases of headers that say what they should not, and of packets inside packets."""
import struct

from scapy.all import ICMPv6DestUnreach, ICMPv6PacketTooBig, IPv6ExtHdrFragment

from cases import ANCHOR_ONE, GATEWAY_ONE, Case
from forward import syn
from fragments import pieces
from frames import (A1, ANCHOR, CN, G1, IPv6, MAG1, NODE, NODE_MAC, Raw, ROUTER_MAC, access_in, access_out, core_in,
                    core_out, error, ether, limit_header, on, parameter, payload, raw, reread, too_big, tunnel,
                    udp)


def tags():
    packet = raw(udp(CN, A1))
    head = ether(NODE_MAC, ROUTER_MAC, Raw(b""))[:12]
    within = lambda *tag: head + b"".join(struct.pack("!HH", *t) for t in tag) + b"\x86\xdd" + packet  # noqa: E731
    yield Case("vlan-stacked", "A tag behind a tag is no IPv6, whatever the outer one says", ANCHOR_ONE,
               [("core", [within((0x8100, 0), (0x8100, 0)), within((0x8100, 0), (0x88a8, 7)), within((0x88a8, 7)),
                          within((0x88a8, 7), (0x8100, 7)), within((0x8100, 7), (0x8100, 0))])],
               drop={"classify.ethertype": 4, "classify.vlan": 1})
    yield Case("vlan-stacked-port", "The same on a port with a VLAN of its own", ANCHOR_ONE,
               [("core", [within((0x8100, 7), (0x8100, 7)), within((0x8100, 7), (0x8100, 8)), within((0x88a8, 7)),
                          within((0x88a8, 7), (0x8100, 7)), within((0x8100, 8), (0x8100, 7))])],
               drop={"classify.ethertype": 2, "classify.vlan": 3}, settings={"core-vlan": 7})


def lengths():
    """RFC 2675 section 2: a hop-by-hop option of type 0xc2 and a length in four octets."""
    jumbo = lambda src, dst: (IPv6(src=src, dst=dst, plen=0, nh=0, hlim=64) /  # noqa: E731
                              Raw(b"\x11\0\xc2\4" + struct.pack("!I", 70000) + payload(60)))
    for name, node, port, frame in (("jumbogram-anchor", ANCHOR_ONE, "core", core_in(jumbo(CN, A1))),
                                    ("jumbogram-gateway", GATEWAY_ONE, "access", access_in(jumbo(G1, CN)))):
        yield Case(name, "RFC 2675 section 3: a jumbogram, or what is cut off like one, does not travel on as a header "
                   "without its payload", node, [(port, [frame])], drop={"classify.ip-length": 1})


def nested():
    up, down, gdown = udp(A1, CN), udp(CN, A1), udp(CN, G1)
    limits = (0, 1, 2, 255)
    yield Case("tunnel-hop-limit", "RFC 2473 section 3.3: where a tunnel ends, its own hop limit is spent or not: what it "
               "carries goes on with its own", ANCHOR_ONE,
               [("core", [core_in(tunnel(MAG1, NODE, up, hlim=n)) for n in limits])], core=[core_out(on(up))] * len(limits),
               count={"path.decapsulated": len(limits), "path.routed": len(limits)})
    yield Case("tunnel-hop-limit-gateway", "The same at a gateway", GATEWAY_ONE,
               [("core", [core_in(tunnel(ANCHOR, NODE, gdown, hlim=n)) for n in limits])],
               access=[access_out(on(gdown))] * len(limits), count={"path.decapsulated": len(limits)})
    inner = udp("2001:db8:99::1", "2001:db8:98::1")
    own_up, own_down = tunnel(A1, CN, inner), tunnel(CN, A1, inner)
    yield Case("tunnel-nested", "A mobile node's own tunnels are packets like any other", ANCHOR_ONE,
               [("core", [core_in(tunnel(MAG1, NODE, own_up))]), ("core", [core_in(own_down)])],
               core=[core_out(on(own_up)), core_out(tunnel(NODE, MAG1, on(own_down)))],
               count={"path.decapsulated": 1, "path.routed": 1, "path.encapsulated": 1})
    again = tunnel(A1, NODE, up)
    yield Case("tunnel-nested-own", "A tunnel within a tunnel ends here no second time: it is refused as what it carries",
               ANCHOR_ONE, [("core", [core_in(tunnel(MAG1, NODE, again))])],
               core=[core_out(tunnel(NODE, MAG1, parameter(again, 6, code=1)))],
               count={"path.decapsulated": 1, "path.encapsulated": 1, "path.punted": 1, "path.injected": 1},
               drop={"host.own-unused": 1})
    four = IPv6(src=MAG1, dst=NODE, nh=4, hlim=64) / Raw(b"\x45" + payload(40))
    yield Case("tunnel-ipv4", "RFC 8200 section 4: IPv4 in a tunnel is a protocol that this node does not know, and says so",
               ANCHOR_ONE, [("core", [core_in(four)])], core=[core_out(parameter(four, 6, code=1))],
               count={"path.punted": 1, "path.injected": 1}, drop={"host.own-unused": 1})


def limits():
    """RFC 4302 section 2: an Authentication Header of 24 octets, whose length is in units of 4, less 2."""
    auth = lambda n: b"\x3c\4" + bytes(22) + raw(limit_header(n))  # noqa: E731
    hops = lambda n: b"\x3c\0\1\4\0\0\0\0" + raw(limit_header(n))  # noqa: E731
    route = lambda n: b"\x3c\0\2\0\0\0\0\0" + raw(limit_header(n))  # noqa: E731
    first = lambda n: b"\x3c\0\0\0\0\0\0\7" + raw(limit_header(n))  # noqa: E731 (a fragment header)
    ways = [(51, auth, 24), (0, hops, 8), (43, route, 8), (44, first, 8)]
    packet = lambda nh, head, n: IPv6(src=CN, dst=A1, nh=nh, hlim=64) / Raw(head(n) + raw(udp(CN, A1)))  # noqa: E731
    good, spent = [packet(nh, head, 3) for nh, head, _ in ways], [packet(nh, head, 0) for nh, head, _ in ways]
    yield Case("tunnel-limit-behind", "RFC 2473 section 4.1.1 (a): a limit is found behind other extension headers", ANCHOR_ONE,
               [("core", [core_in(p) for p in good + spent])],
               core=[core_out(tunnel(NODE, MAG1, on(p), limit=2)) for p in good] +
                    [core_out(parameter(p, 40 + at + 4)) for p, (_, _, at) in zip(spent, ways)],
               count={"path.encapsulated": len(ways), "path.generated": len(ways), "path.routed": len(ways)},
               drop={"classify.hop-limit": len(ways)})


def fragments():
    packet = tunnel(MAG1, NODE, udp(A1, CN, 1400))
    cut = pieces(packet, 1, 504, 1000)
    for piece, other in zip(cut[1:], (6, 58)):
        piece[IPv6ExtHdrFragment].nh = other
    bits = [reread(p) for p in pieces(packet, 2, 1232)]
    for piece in bits:
        piece[IPv6ExtHdrFragment].res1, piece[IPv6ExtHdrFragment].res2 = 0xff, 3
    yield Case("fragments-next-header", "RFC 8200 section 4.5: what a packet carries is what its first fragment says, and "
               "reserved bits say nothing", ANCHOR_ONE, [("core", [core_in(p) for p in cut[::-1] + bits])],
               core=[core_out(on(udp(A1, CN, 1400)))] * 2,
               count={"path.fragments-absorbed": 5, "path.reassembled": 2, "path.decapsulated": 2, "path.routed": 2})
    alone = pieces(tunnel(MAG1, NODE, udp(A1, CN)), 3)
    alone[0][IPv6ExtHdrFragment].res1, alone[0][IPv6ExtHdrFragment].res2 = 0xff, 3
    yield Case("fragments-atomic-reserved", "RFC 6946: nor do they in a packet of one fragment", ANCHOR_ONE,
               [("core", [core_in(p) for p in alone])], core=[core_out(on(udp(A1, CN)))],
               count={"path.decapsulated": 1, "path.routed": 1})
    own = IPv6(src=CN, dst=NODE, nh=17, hlim=64) / Raw(raw(udp(CN, NODE, 700))[40:])
    cut = pieces(own, 4, 304)
    yield Case("fragments-refused", "RFC 4443 section 2.4 (c): an error about a packet that came in fragments is about the "
               "whole of it", ANCHOR_ONE, [("core", [core_in(p) for p in cut])],
               core=[core_out(IPv6(src=NODE, dst=CN, hlim=64) / ICMPv6DestUnreach(code=4) / Raw(raw(own)))],
               count={"path.fragments-absorbed": 2, "path.reassembled": 1, "path.punted": 1, "path.injected": 1},
               drop={"host.own-unused": 1})


def segments():
    """The fields of a TCP header that is no TCP header, a SYN by its flags, with an option that would be clamped."""
    head = lambda words: bytes(12) + bytes([words << 4, 2]) + bytes(6) + b"\2\4\xff\xff"  # noqa: E731
    odd = [IPv6(src=CN, dst=A1, nh=6, hlim=64) / Raw(head(words)) for words in (0, 1, 4, 5)]
    odd += [IPv6(src=CN, dst=A1, nh=6, hlim=64) / Raw(bytes(12) + b"\x70\2" + bytes(6) + options + b"\xff\xff") for options in (
        b"\3\0\1\1\2\4\xff\xff", b"\3\1\1\1\2\4\xff\xff", b"\1\1\1\1\1\2\4\xff")]
    yield Case("mss-clamp-short", "A TCP header that says it is shorter than one has no options, nothing is looked for behind "
               "one of no length, and none ends behind the header", ANCHOR_ONE,
               [("core", [core_in(p) for p in odd])], core=[core_out(tunnel(NODE, MAG1, on(p))) for p in odd],
               count={"path.encapsulated": len(odd)}, settings={"mss-clamp": 1})


def narrow():
    """Tunnels over links that carry little more than every link of IPv6, and not so much."""
    told = lambda mtu: error(ICMPv6PacketTooBig(mtu=mtu), tunnel(NODE, MAG1, udp(CN, A1, 1460)),  # noqa: E731
                             src="2001:db8:9::1")
    packet = udp(CN, A1, 1280)
    number = [("core", 14 + 40 + 4, 4)]
    yield Case("anchor-fragments-odd", "RFC 8200 section 4.5: all fragments but the last are multiples of 8 octets", ANCHOR_ONE,
               [("core", [core_in(told(1301))]), ("core", [core_in(packet)])],
               core=[core_out(p) for p in pieces(tunnel(NODE, MAG1, on(packet)), 0, 1301 - 48 & ~7)],
               count={"path.punted": 1, "path.encapsulated": 1, "path.fragments-made": 1}, free=number)
    for name, most, settings in (("", 2896, {}), ("-limit", 2888, {"tunnel-limit": 4})):
        limit = settings.get("tunnel-limit")
        cut = [udp(CN, A1, n) for n in (1461, 1500, most)]
        big = udp(CN, A1, most + 1)
        yield Case(f"anchor-fragments-all{name}", "RFC 2473 section 7: where that is configured, what does not fit the tunnel goes in "
                   "two pieces, and its sender is told what fits in two", ANCHOR_ONE,
                   [("core", [core_in(told(1500))]), ("core", [core_in(p) for p in [*cut, big]])],
                   core=[core_out(f) for p in cut for f in pieces(tunnel(NODE, MAG1, on(p), limit=limit), 0, 1448)] +
                        [core_out(too_big(big, most))],
                   count={"path.punted": 1, "path.encapsulated": 3, "path.fragments-made": 3, "path.generated": 1,
                          "path.packet-too-big": 1, "path.routed": 1}, drop={"encap.too-big": 1}, free=number,
                   settings={"fragment": 1, "mtu": 9000} | settings)
    offers = [(1440, 1220), (1221, 1220), (1220, 1220), (1180, 1180)]
    yield Case("mss-clamp-narrow", "Segments that every link of IPv6 carries are offered through the narrowest tunnel",
               ANCHOR_ONE, [("core", [core_in(told(1280))]), ("core", [core_in(syn(CN, A1, offer)) for offer, _ in offers])],
               core=[core_out(tunnel(NODE, MAG1, on(syn(CN, A1, left)))) for _, left in offers],
               count={"path.punted": 1, "path.encapsulated": len(offers)}, settings={"mss-clamp": 1})


HOSTILE = [*tags(), *lengths(), *nested(), *limits(), *fragments(), *segments(), *narrow()]
