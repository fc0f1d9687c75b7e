# SPDX-License-Identifier: BSD-3-Clause
"""Cases of mobile nodes with several sessions (RFC 7864, RFC 6088): shared prefixes, flow rules, prefixes of gateways."""
from scapy.all import ICMPv6EchoRequest, IPv6ExtHdrDestOpt, PadN, TCP

from cases import ANCHOR_TWO, Case
from fragments import pieces
from frames import A1, A2, CN, IPv6, MAG1, MAG2, NODE, UDP, core_in, core_out, on, payload, tunnel, udp
from gre import DOWN, UP, gre, in_gre

P1, P2, THERE, GUEST = "2001:db8:1::/64", "2001:db8:1:1::/64", "2001:db8:20::/48", "2001:db8:20:7::99"
OTHER_CN = "2001:db8:78::1"


def anchor(*lines):
    """The first prefix is of a session at MAG1, the second of one at MAG2."""
    return ANCHOR_TWO[0], ANCHOR_TWO[1] + list(lines)


SHARED = f"share {P1} {P2} active"


def flow(selector):
    return f"flow {P1} {P2} {selector}"


def to(packet, dport, sport=1000, kind=UDP, **ip):
    return IPv6(src=CN, dst=packet, **ip) / kind(sport=sport, dport=dport) / payload(40)


def by(mag):
    return lambda p: core_out(tunnel(NODE, mag, on(p)))


def down(name, shows, lines, ruled, others, burst=(1,), **more):
    """Those that a rule leads to the second gateway, and the others."""
    went = [by(MAG2)(p) for p in ruled] + [by(MAG1)(p) for p in others]
    both = ruled + others
    return Case(name, shows, anchor(SHARED, *lines), [("core", [core_in(p) for p in both], *burst)], core=went,
                count={"path.encapsulated": len(both), "path.flow-ruled": len(ruled)}, **more)


def rules():
    yield down("flow-ports", "RFC 6088 section 3.2: a rule takes the packets of a range of ports, and of no other protocol",
               [flow("destination-port=5004-5010 protocol=udp")], [to(A1, 5004), to(A1, 5010)],
               [to(A1, 5003), to(A1, 5011), to(A1, 5004, kind=TCP), to(A1, 80, 5004)])
    yield down("flow-source-port", "RFC 6088 section 3.2: source ports are those of the correspondent",
               [flow("source-port=443 protocol=tcp")], [to(A1, 5000, 443, TCP)], [to(A1, 443, 5000, TCP)])
    yield down("flow-label", "RFC 6088 section 3.2: by the flow label", [flow("flow-label=0x12345-0x12346")],
               [to(A1, 1, fl=0x12345), to(A1, 1, fl=0x12346)], [to(A1, 1), to(A1, 1, fl=0x12347)])
    yield down("flow-class", "RFC 6088 section 3.2: by the DSCP of the traffic class, whatever congestion did to the rest",
               [flow("traffic-class=0xb8")], [to(A1, 1, tc=0xb8), to(A1, 1, tc=0xbb)], [to(A1, 1), to(A1, 1, tc=0xb4)])
    yield down("flow-prefix", "RFC 6088 section 3.2: by a prefix of correspondents", [flow("source=2001:db8:78::/48")],
               [udp(OTHER_CN, A1)], [udp(CN, A1)])
    yield down("flow-destination", "RFC 6088 section 3.2: by the mobile node's own address", [flow(f"destination={A1}")],
               [udp(CN, A1)], [udp(CN, "2001:db8:1::98")])
    echo = IPv6(src=CN, dst=A1) / ICMPv6EchoRequest(id=7, seq=1, data=payload(8))
    yield down("flow-protocol", "RFC 6088 section 3.2: by the protocol, which may stand behind extension headers",
               [flow("protocol=icmpv6")],
               [echo, IPv6(src=CN, dst=A1) / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))]) / echo.payload],
               [to(A1, 1)])
    yield down("flow-whole-burst", "Flows of one burst go different ways, and each keeps its order",
               [flow("destination-port=5004")], [to(A1, 5004, 1000 + i) for i in range(20)],
               [to(A1, 5005, 1000 + i) for i in range(12)], burst=())
    first = [to(A1, 5004), to(A1, 5005), to(A1, 80)]
    yield Case("flow-priority", "RFC 7864 section 5.2: the first rule that fits decides, whichever fits better",
               anchor(SHARED, f"flow {P1} {P1} destination-port=5004", flow("destination-port=5004-5005"),
                      f"flow {P1} {P1} any"), [("core", [core_in(p) for p in first])],
               core=[by(MAG1)(first[0]), by(MAG2)(first[1]), by(MAG1)(first[2])],
               count={"path.encapsulated": 3, "path.flow-ruled": 3}, ids=["RFC6089-5.3.6-01"])
    yield Case("flow-of-others", "Rules are of one session: packets to another take their way, ports alike or not",
               anchor(SHARED, flow("destination-port=5004")), [("core", [core_in(to(A2, 5004)), core_in(to(A2, 80))])],
               core=[by(MAG2)(to(A2, 5004)), by(MAG2)(to(A2, 80))], count={"path.encapsulated": 2})
    yield Case("flow-hairpin", "From one mobile node to another, the rules of the destination hold",
               anchor(SHARED, flow("destination-port=2000")),
               [("core", [core_in(tunnel(MAG2, NODE, udp(A2, A1))), core_in(tunnel(MAG2, NODE, echo_to(A2, A1)))], 1)],
               core=[by(MAG2)(udp(A2, A1)), by(MAG1)(echo_to(A2, A1))],
               count={"path.decapsulated": 2, "path.encapsulated": 2, "path.hairpinned": 2, "path.flow-ruled": 1})


def echo_to(src, dst):
    return IPv6(src=src, dst=dst) / ICMPv6EchoRequest(id=7, seq=1, data=payload(8))


def fragmented():
    one, two = pieces(udp(CN, A1, 900), 77, 400, 800), pieces(udp(CN, A1, 900), 78, 400, 800)
    late = [two[1], two[0], two[2]]
    yield Case("flow-fragments", "Fragments have the way of the first of their packet; one that comes before it has the way "
               "of the prefix", anchor(SHARED, flow("destination-port=2000")),
               [("core", [core_in(p) for p in one + late], 1)],
               core=[by(MAG2)(p) for p in one] + [by(MAG1)(late[0])] + [by(MAG2)(p) for p in late[1:]],
               count={"path.encapsulated": 6, "path.flow-ruled": 5}, ids=["RFC6089-5.3.6-03"])


def uplink():
    up = udp(A1, CN)
    yield Case("share-uplink", "RFC 7864 section 3.2: packets of a shared prefix come by both gateways, and by no third one",
               anchor(SHARED), [("core", [core_in(tunnel(m, NODE, up)) for m in (MAG1, MAG2, OTHER_CN)])],
               core=[core_out(on(up))] * 2, count={"path.decapsulated": 2, "path.routed": 2},
               drop={"uplink.wrong-tunnel": 1})
    yield Case("share-idle", "Where a prefix lies idle no packet of it comes from, nor goes to",
               anchor(f"share {P1} {P2} idle"),
               [("core", [core_in(tunnel(m, NODE, up)) for m in (MAG1, MAG2)] + [core_in(udp(CN, A1))], 1)],
               core=[core_out(on(up)), by(MAG1)(udp(CN, A1))],
               count={"path.decapsulated": 1, "path.routed": 1, "path.encapsulated": 1}, drop={"tunnel.idle-row": 1})
    yield Case("share-other-prefix", "A session that shares one prefix has no other of the node", anchor(SHARED),
               [("core", [core_in(tunnel(MAG1, NODE, udp(A2, CN)))])], drop={"uplink.wrong-tunnel": 1})
    ruled, other = to(A1, 5004), to(A1, 80)
    yield Case("share-gre", "RFC 5845 section 3.1: of a shared prefix each session has its own keys, both ways",
               anchor(in_gre(P2, UP, DOWN), SHARED, flow("destination-port=5004")),
               [("core", [core_in(p) for p in (ruled, other, gre(MAG2, NODE, up, UP), tunnel(MAG1, NODE, up),
                                               gre(MAG2, NODE, up, DOWN), tunnel(MAG2, NODE, up))], 1)],
               core=[core_out(gre(NODE, MAG2, on(ruled), DOWN)), by(MAG1)(other), core_out(on(up)), core_out(on(up))],
               count={"path.encapsulated": 2, "path.flow-ruled": 1, "path.decapsulated": 2, "path.routed": 2},
               drop={"uplink.wrong-tunnel": 2})


def aggregates():
    lines = [f"aggregate {THERE} {MAG2}"]
    yield Case("aggregate", "What lies in a gateway's prefix and is no session's goes there, and comes from there alone",
               anchor(*lines),
               [("core", [core_in(udp(CN, GUEST)), core_in(tunnel(MAG2, NODE, udp(GUEST, CN))),
                          core_in(tunnel(MAG1, NODE, udp(GUEST, CN)))], 1)],
               core=[by(MAG2)(udp(CN, GUEST)), core_out(on(udp(GUEST, CN)))],
               count={"path.encapsulated": 1, "path.decapsulated": 1, "path.routed": 1}, drop={"uplink.wrong-tunnel": 1})
    yield Case("aggregate-hairpin", "Between a mobile node and one that is in a gateway's prefix", anchor(*lines),
               [("core", [core_in(tunnel(MAG1, NODE, udp(A1, GUEST))), core_in(tunnel(MAG2, NODE, udp(GUEST, A1)))], 1)],
               core=[by(MAG2)(udp(A1, GUEST)), by(MAG1)(udp(GUEST, A1))],
               count={"path.encapsulated": 2, "path.decapsulated": 2, "path.hairpinned": 2})
    yield Case("aggregate-part", "A /64 of it that is a session's goes by that session, wherever its gateway is",
               anchor(f"aggregate 2001:db8:1::/61 {MAG1}"),
               [("core", [core_in(udp(CN, A2)), core_in(tunnel(MAG2, NODE, udp(A2, CN))), core_in(udp(CN, "2001:db8:1:7::1")),
                          core_in(tunnel(MAG1, NODE, udp(A2, CN)))], 1)],
               core=[by(MAG2)(udp(CN, A2)), core_out(on(udp(A2, CN))), by(MAG1)(udp(CN, "2001:db8:1:7::1"))],
               count={"path.encapsulated": 2, "path.decapsulated": 1, "path.routed": 1}, drop={"uplink.wrong-tunnel": 1})


FLOWS = [*rules(), *fragmented(), *uplink(), *aggregates()]
