# SPDX-License-Identifier: BSD-3-Clause
"""Cases at the edges of what tunnels carry: the class of their packets, large frames, TCP behind other headers."""
from scapy.all import (IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PadN, TCP)

from cases import ANCHOR_ONE, ANCHOR_TWO, GATEWAY_ONE, Case
from forward import syn
from frames import (A1, A2, ANCHOR, CN, G1, IPv6, MAG1, MAG2, NODE, Raw, access_in, access_out, core_in, core_out, on,
                    payload, raw, reread, too_big, tunnel, udp)
from fragments import pieces

DSCP = {"tunnel-dscp": 46}
CLASSES = [0, 1, 2, 3, 46 << 2, 46 << 2 | 3, 10 << 2 | 2, 63 << 2 | 1]


def outside(packet):
    """The class of what goes out in a tunnel of DSCP 46: the ECN field stays the packet's."""
    return {"tc": 46 << 2 | packet.tc & 3}


def classes():
    down = [reread(udp(CN, A1, tc=tc)) for tc in CLASSES]
    yield Case("dscp-anchor", "RFC 2983 section 3.1: tunnels with a DSCP of their own have it whatever they carry, and "
               "RFC 6040 section 4.1: their ECN field is that of what they carry", ANCHOR_ONE,
               [("core", [core_in(p) for p in down])],
               core=[core_out(tunnel(NODE, MAG1, on(p), **outside(p))) for p in down],
               count={"path.encapsulated": len(down)}, settings=DSCP, ids=["RFC5213-5.6.3-02"])
    up = [reread(udp(G1, CN, tc=tc)) for tc in CLASSES]
    yield Case("dscp-gateway", "The same of a gateway's", GATEWAY_ONE, [("access", [access_in(p) for p in up])],
               core=[core_out(tunnel(NODE, ANCHOR, on(p), **outside(p))) for p in up],
               count={"path.encapsulated": len(up)}, settings=DSCP)
    yield Case("dscp-limit", "And of those that carry a limit", ANCHOR_ONE, [("core", [core_in(p) for p in down])],
               core=[core_out(tunnel(NODE, MAG1, on(p), limit=4, **outside(p))) for p in down],
               count={"path.encapsulated": len(down)}, settings=DSCP | {"tunnel-limit": 4})
    inner = [udp(A1, CN, tc=tc & ~3) for tc in CLASSES]
    yield Case("dscp-inner", "RFC 2983 section 3.1: what comes out of a tunnel keeps its DSCP, whatever the tunnel's was",
               ANCHOR_ONE, [("core", [core_in(tunnel(MAG1, NODE, p, tc=34 << 2)) for p in inner])],
               core=[core_out(on(p)) for p in inner],
               count={"path.decapsulated": len(inner), "path.routed": len(inner)}, settings=DSCP)
    pair = [reread(udp(A1, A2, tc=tc)) for tc in CLASSES]
    yield Case("dscp-hairpin", "From one tunnel into another too", ANCHOR_TWO,
               [("core", [core_in(tunnel(MAG1, NODE, p)) for p in pair])],
               core=[core_out(tunnel(NODE, MAG2, on(p), **outside(p))) for p in pair],
               count={"path.decapsulated": len(pair), "path.encapsulated": len(pair), "path.hairpinned": len(pair)},
               settings=DSCP)


JUMBO = {"mtu": 9000}


def jumbo():
    fits, big = udp(CN, A1, 8960), udp(CN, A1, 8961)
    yield Case("jumbo-anchor-downlink", "Ports with an MTU of 9000 carry 9000 octets, tunnel header included", ANCHOR_ONE,
               [("core", [core_in(fits), core_in(big)])],
               core=[core_out(tunnel(NODE, MAG1, on(fits))), core_out(too_big(big, 8960))],
               count={"path.encapsulated": 1, "path.generated": 1, "path.packet-too-big": 1, "path.routed": 1},
               drop={"encap.too-big": 1}, settings=JUMBO)
    up = [udp(A1, CN, n) for n in (8960, 2000, 1500)]
    yield Case("jumbo-anchor-uplink", "And out of a tunnel", ANCHOR_ONE, [("core", [core_in(tunnel(MAG1, NODE, p)) for p in up])],
               core=[core_out(on(p)) for p in up], count={"path.decapsulated": 3, "path.routed": 3}, settings=JUMBO)
    up, down = udp(G1, CN, 8960), udp(CN, G1, 8960)
    yield Case("jumbo-gateway", "The same of a gateway's", GATEWAY_ONE,
               [("access", [access_in(up)]), ("core", [core_in(tunnel(ANCHOR, NODE, down))])],
               core=[core_out(tunnel(NODE, ANCHOR, on(up)))], access=[access_out(on(down))],
               count={"path.encapsulated": 1, "path.decapsulated": 1}, settings=JUMBO)
    packet = udp(A1, CN, 8000)
    cut = pieces(tunnel(MAG1, NODE, packet), 1, 4000)
    yield Case("jumbo-fragments", "Fragments that together are larger than an ordinary frame are put together", ANCHOR_ONE,
               [("core", [core_in(f) for f in cut])], core=[core_out(on(packet))],
               count={"path.fragments-absorbed": 2, "path.reassembled": 1, "path.decapsulated": 1, "path.routed": 1},
               settings=JUMBO)


def behind(*headers):
    """syn, but its TCP header stands behind these."""
    def make(src, dst, mss):
        packet = reread(syn(src, dst, mss))
        head = IPv6(src=src, dst=dst, hlim=64)
        for header in headers:
            head = head / header
        return head / packet[TCP]
    return make


def segments():
    pad = lambda n: [PadN(optdata=bytes(n))]  # noqa: E731
    within = [(IPv6ExtHdrHopByHop(options=pad(4)),), (IPv6ExtHdrDestOpt(options=pad(12)),),
              (IPv6ExtHdrRouting(type=2, segleft=0, addresses=[CN]),),
              (IPv6ExtHdrHopByHop(options=pad(4)), IPv6ExtHdrDestOpt(options=pad(4)),
               IPv6ExtHdrRouting(type=2, segleft=0, addresses=[CN]), IPv6ExtHdrDestOpt(options=pad(4))),
              (IPv6ExtHdrFragment(offset=0, m=0, id=7),), (IPv6ExtHdrFragment(offset=0, m=1, id=7),),
              (IPv6ExtHdrHopByHop(options=pad(4)), IPv6ExtHdrFragment(offset=0, m=1, id=7),
               IPv6ExtHdrDestOpt(options=pad(4)))]
    beyond = [(IPv6ExtHdrFragment(offset=1, m=1, id=7),), tuple(IPv6ExtHdrDestOpt(options=pad(4)) for _ in range(5))]
    came = lambda *ends: [behind(*h)(*ends, 1440) for h in within + beyond]  # noqa: E731
    went = lambda *ends: ([on(behind(*h)(*ends, 1400)) for h in within] +  # noqa: E731
                          [on(behind(*h)(*ends, 1440)) for h in beyond])
    count = len(within + beyond)
    yield Case("mss-clamp-extensions", "Behind up to four extension headers, and in the first fragment, a SYN is found; "
               "behind more, and in a later fragment, none is looked for", ANCHOR_ONE,
               [("core", [core_in(p) for p in came(CN, A1)] + [core_in(tunnel(MAG1, NODE, p)) for p in came(A1, CN)])],
               core=[core_out(tunnel(NODE, MAG1, p)) for p in went(CN, A1)] + [core_out(p) for p in went(A1, CN)],
               count={"path.encapsulated": count, "path.decapsulated": count, "path.routed": count},
               settings={"mss-clamp": 1})
    head = IPv6(src=CN, dst=A1, hlim=64, nh=60)
    cut = [head / Raw(octets) for octets in (
        b"", b"\6", b"\6\0\1\4\0\0\0", b"\6\1\1\4\0\0\0\0", b"\6\xff" + bytes(62), b"\6\0\1\4\0\0\0\0",
        b"\6\0\1\4\0\0\0\0" + bytes(13), b"\x2c\0\1\4\0\0\0\0" + b"\6\0\0\1\0\0\0", b"\x2c\0\1\4\0\0\0\0" + b"\6\0\0\1\0\0\0\7",
        b"\6\0\1\4\0\0\0\0" + bytes(12) + b"\xf0\2" + bytes(6) + b"\2")]
    yield Case("mss-clamp-extensions-cut", "Extension headers and segments that end too soon are carried as they are",
               ANCHOR_ONE, [("core", [core_in(p) for p in cut])], core=[core_out(tunnel(NODE, MAG1, on(p))) for p in cut],
               count={"path.encapsulated": len(cut)}, settings={"mss-clamp": 1})


EDGES = [*classes(), *jumbo(), *segments()]
