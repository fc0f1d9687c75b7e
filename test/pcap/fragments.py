# SPDX-License-Identifier: BSD-3-Clause
"""Cases of packets to own addresses that come in fragments (RFC 8200 section 4.5)."""
from scapy.all import ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6ND_NS, IPv6ExtHdrFragment, fragment6

from cases import ANCHOR_ONE, GATEWAY_ONE, Case
from forward import ECN
from frames import (A1, ANCHOR, CN, G1, IPv6, MAG1, NODE, Raw, ROUTER, access_out, core_in, core_out, on, payload, raw,
                    reread, tunnel, udp)


def piece(packet, at, end, more, number, **ip):
    """The octets at..end of what a packet carries, as a fragment."""
    packet = reread(packet)
    head = IPv6(**packet.fields | {"nh": 44, "plen": None, **ip})
    return head / IPv6ExtHdrFragment(nh=packet.nh, offset=at // 8, m=more, id=number) / Raw(raw(packet)[40:][at:end])


def pieces(packet, number, *cuts, **ip):
    length = len(raw(packet)) - 40
    ends = [0, *cuts, length]
    return [piece(packet, a, b, int(b < length), number, **ip) for a, b in zip(ends, ends[1:])]


def judged(packet, number, size):
    """As scapy cuts it."""
    packet = reread(packet)
    head = IPv6(**packet.fields | {"nh": 44, "plen": None})
    return [reread(p) for p in fragment6(head / IPv6ExtHdrFragment(nh=packet.nh, id=number) / Raw(raw(packet)[40:]), size)]


def up(size=1400, **ip):
    return udp(A1, CN, size, **ip)


def outer(inner, **ip):
    return tunnel(MAG1, NODE, inner, **ip)


def case(name, shows, frames, core=(), drop=None, node=ANCHOR_ONE, absorbed=0, made=0, **more):
    count = {"path.fragments-absorbed": absorbed, "path.reassembled": made, **more.pop("count", {})}
    return Case(f"fragments-{name}", "RFC 8200 section 4.5: " + shows, node, [("core", [core_in(f) for f in frames])],
                core=core, drop=drop, count={k: n for k, n in count.items() if n}, **more)


def through(n):
    return {"path.decapsulated": n, "path.routed": n}


def whole():
    sizes = [1400, 1000, 1380, 600, 601, 1290]
    packets = [up(n) for n in sizes]
    a, b, c, d, e, f = (pieces(outer(p), i, *cuts) for i, (p, cuts) in enumerate(zip(
        packets, ((1232,), (512,), (400, 800), (8 * 8,), (304,), range(160, 8 * 160, 160)))))
    came = a + b[::-1] + [c[2], c[0], c[1], d[0], e[1], d[1], e[0]] + f
    yield case("together", "a tunnel packet in fragments is the packet, in whatever order they come and whatever others "
               "come between", came, [core_out(on(p)) for p in packets], absorbed=len(came), made=6, count=through(6))
    yield case("scapy", "as another implementation makes them", judged(outer(up()), 7, 600),
               [core_out(on(up()))], absorbed=3, made=1, count=through(1))
    down = udp(CN, G1, 1400)
    yield case("gateway", "the same of a gateway's", pieces(tunnel(ANCHOR, NODE, down), 1, 1232), node=GATEWAY_ONE,
               access=[access_out(on(down))], absorbed=2, made=1, count={"path.decapsulated": 1})
    echo = IPv6(src=CN, dst=NODE, hlim=64) / ICMPv6EchoRequest(id=3, seq=4, data=payload(900))
    reply = IPv6(src=NODE, dst=CN, hlim=64) / ICMPv6EchoReply(id=3, seq=4, data=payload(900))
    yield case("own", "what is for the node itself is put together too", pieces(echo, 1, 504), [core_out(reply)],
               absorbed=2, made=1, count={"path.punted": 1, "path.injected": 1, "nd.echo-replies": 1})
    yield case("atomic", "a packet in one fragment waits for nothing (RFC 6946), with others of its number there or not",
               pieces(outer(up()), 1, 1232)[:1] + pieces(outer(up(200)), 1), [core_out(on(up(200)))], absorbed=1,
               count=through(1))
    marks = [(i, j) for i in range(4) for j in range(4)]
    merged = [0 if {i, j} == {0, 3} else max(i, j) if 3 in (i, j) else i for i, j in marks]
    good = [m for m, pair in zip(merged, marks) if set(pair) != {0, 3}]
    came = [f for n, (i, j) in enumerate(marks) for f in
            (pieces(outer(up(900, tc=2), tc=i), n, 480)[0], pieces(outer(up(900, tc=2), tc=j), n, 480)[1])]
    yield case("ecn", "RFC 3168 section 5.3: a mark of congestion on any fragment is one on the packet, and one where none "
               "can be is a loss", came, [core_out(on(up(900, tc=ECN[2][m]))) for m in good], {"reassemble.fragment": 2},
               absorbed=32, made=16, count=through(14))


def apart():
    a = pieces(outer(up()), 1, 1232)
    yield case("missing", "a packet of which a fragment is missing goes nowhere", a[:1], absorbed=1)
    yield case("twice", "fragments that come twice cost their packet", [a[0], a[0], a[1]],
               drop={"reassemble.overlap": 2}, absorbed=3)
    packet = outer(up(1000))
    length = len(raw(packet)) - 40
    over = [piece(packet, 0, 504, 1, 1), piece(packet, 248, 752, 1, 1), piece(packet, 752, length, 0, 1)]
    yield case("overlap", "fragments that overlap (RFC 5722) cost their packet, in whatever order they come",
               over + [piece(packet, at, end, more, 2) for at, end, more in ((752, length, 0), (248, 752, 1), (0, 504, 1))],
               drop={"reassemble.overlap": 6}, absorbed=6)
    hole = [piece(packet, 0, 504, 1, 1), piece(packet, 512, 752, 1, 1), piece(packet, 744, length, 0, 1)]
    yield case("hole", "a hole that an overlap makes up for by its length is one all the same", hole,
               drop={"reassemble.overlap": 3}, absorbed=3)
    yield case("many", "8 fragments are a packet, 9 are none",
               pieces(packet, 1, *range(128, 8 * 128, 128)) + pieces(packet, 2, *range(112, 9 * 112, 112)),
               [core_out(on(up(1000)))], {"reassemble.overlap": 8}, absorbed=17, made=1, count=through(1))
    b = pieces(outer(up(1399)), 2, 1232)
    yield case("full", "when as many packets wait as may, another does not", [a[0], b[0], a[1], b[1]],
               [core_out(on(up()))], {"reassemble.full": 1}, absorbed=4, made=1, count=through(1),
               settings={"reassemblies": 1})
    long = IPv6(src=MAG1, dst=NODE, nh=41) / Raw(raw(udp(A1, CN, 4000)))
    yield case("long", "what is larger than a buffer is dropped when it is whole", pieces(long, 1, 1400, 2800),
               drop={"encap.too-big": 1}, absorbed=3, made=1)
    head = IPv6(src=MAG1, dst=NODE, nh=44)
    inner = raw(up())
    wrong = [head / Raw(bytes([41, 0, 0, 1, 0, 0, 0])), head / IPv6ExtHdrFragment(nh=41, m=1, id=1),
             head / IPv6ExtHdrFragment(nh=41, offset=5, m=1, id=1), head / IPv6ExtHdrFragment(nh=41, offset=5, m=0, id=1),
             head / IPv6ExtHdrFragment(nh=41, m=1, id=1) / Raw(inner[:60]),
             head / IPv6ExtHdrFragment(nh=41, offset=8190, m=0, id=1) / Raw(inner[:64]),
             head / IPv6ExtHdrFragment(nh=41, m=1, id=1) / Raw(inner[:32]),
             head / IPv6ExtHdrFragment(nh=44, id=1) / Raw(bytes([41, 0, 0, 0, 0, 0, 0, 1]) + inner),
             IPv6(src=ROUTER, dst=NODE, nh=44, hlim=255) / IPv6ExtHdrFragment(nh=58, id=1) / Raw(
                 raw(IPv6(src=ROUTER, dst=NODE) / ICMPv6ND_NS(tgt=NODE))[40:])]
    yield case("malformed", "a fragment with no room for its header, with nothing in it, with a piece of 8 octets, beyond "
               "65535 octets, with less than the header that it begins (RFC 7112), a fragment of a fragment, and neighbour "
               "discovery (RFC 6980) are dropped", wrong, drop={"reassemble.fragment": len(wrong)})


FRAGMENTS = [*whole(), *apart()]
