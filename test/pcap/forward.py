# SPDX-License-Identifier: BSD-3-Clause
"""Cases of packets that go on: both directions at both roles, and what becomes of their headers."""
from scapy.all import ICMPv6EchoRequest, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, PadN, TCP

from cases import (ANCHOR_ONE, ANCHOR_TWO, BOTH_FAR, BOTH_ONE, BOTH_TWO, GATEWAY_ONE, GATEWAY_TWO, Case)
from frames import (A1, A2, ANCHOR, CN, G1, G2, HBHOptUnknown, IPv6, MAG1, MAG2, MN2_MAC, NODE, NOWHERE, Raw, ROUTER,
                    access_in, access_out, core_in, core_out, error, ICMPv6PacketTooBig, limit_header, no_route, on,
                    parameter, payload, raw, reread, time_exceeded, too_big, tunnel, udp, MTU, UDP)

SIZES = (1, 3, 31, 32, 33, 63)


def kinds(src, dst, **ip):
    """One packet of each kind that a host may send."""
    ip = IPv6(src=src, dst=dst, hlim=64, **ip)
    return [ip / UDP(sport=1, dport=2) / payload(33), ip / TCP(sport=3, dport=80, flags="S"),
            ip / ICMPv6EchoRequest(id=7, seq=1, data=payload(8)),
            ip / IPv6ExtHdrFragment(offset=5, m=1, id=9) / Raw(payload(64)), ip.__class__(**ip.fields | {"nh": 59}),
            ip / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))]) / UDP(sport=1, dport=2) / payload(9)]


def directions():
    """NAME, what it shows, node, port in, port out, what comes in of a packet, what goes out of it, its ends, what it
    counts, the sentences that it shows"""
    yield ("anchor-downlink", "RFC 5213 section 5.6.2: what comes to a home network prefix goes into the tunnel to its "
           "gateway", ANCHOR_ONE, "core", "core", core_in, lambda p: core_out(tunnel(NODE, MAG1, on(p))), (CN, A1),
           {"path.encapsulated": 1}, ["RFC5213-5.6.1-01", "RFC5213-5.6.1-04", "RFC5213-5.6.2-01", "RFC5213-5.6.2-03"])
    yield ("anchor-uplink", "RFC 5213 section 5.6.2: what comes out of a tunnel from a home network prefix is routed on",
           ANCHOR_ONE, "core", "core", lambda p: core_in(tunnel(MAG1, NODE, p)), lambda p: core_out(on(p)), (A1, CN),
           {"path.decapsulated": 1, "path.routed": 1}, ["RFC5213-5.6.1-01", "RFC5213-5.6.2-05"])
    yield ("gateway-uplink", "RFC 5213 section 6.10.5: what a served host sends goes into the tunnel to its anchor",
           GATEWAY_ONE, "access", "core", access_in, lambda p: core_out(tunnel(NODE, ANCHOR, on(p))), (G1, CN),
           {"path.encapsulated": 1}, ["RFC5213-5.6.1-01", "RFC5213-6.10.5-12"])
    yield ("gateway-downlink", "RFC 5213 section 6.10.5: what comes out of the anchor's tunnel goes to the host's link",
           GATEWAY_ONE, "core", "access", lambda p: core_in(tunnel(ANCHOR, NODE, p)), lambda p: access_out(on(p)),
           (CN, G1), {"path.decapsulated": 1}, ["RFC5213-6.10.5-01", "RFC5213-6.10.5-02"])


def in_bursts(name, node, came, frames, went, out, count):
    return Case(f"{name}-bursts", "Bursts of " + ", ".join(map(str, SIZES)) + f" come through whole and in order: {name}",
                node, [(came, frames, *SIZES)], **{went: out}, count=count)


def each_direction():
    for name, shows, node, came, went, make_in, make_out, ends, count, ids in directions():
        packets = kinds(*ends)
        yield Case(name, shows, node, [(came, [make_in(p) for p in packets])],
                   **{went: [make_out(p) for p in packets]}, count={k: n * len(packets) for k, n in count.items()},
                   ids=ids)

        packets = [udp(*ends, 60 + i) for i in reversed(range(sum(SIZES)))]
        yield in_bursts(name, node, came, [make_in(p) for p in packets], went, [make_out(p) for p in packets],
                        {k: n * len(packets) for k, n in count.items()})

        alive, last, dead = udp(*ends, hlim=2), udp(*ends, hlim=1), udp(*ends, hlim=0)
        expired = [e for p in (last, dead) for e in [time_exceeded(p)]]
        back = {"anchor-downlink": core_out, "anchor-uplink": lambda e: core_out(tunnel(NODE, MAG1, e)),
                "gateway-uplink": access_out, "gateway-downlink": core_out}[name]
        out = {"core": [], "access": []}
        out[went].append(make_out(alive))
        out["access" if back is access_out else "core"] += [back(e) for e in expired]
        more = {k: 1 for k in count if k not in ("path.routed",)}
        more["path.generated"] = 2
        if "path.decapsulated" in more:
            more["path.decapsulated"] = 3
        if name == "anchor-uplink":
            more |= {"path.encapsulated": 2, "path.routed": 1}
        if name in ("anchor-downlink", "gateway-downlink"):
            more["path.routed"] = 2  # the errors
        yield Case(f"{name}-hop-limit", "RFC 8200 section 3 and RFC 4443 section 3.3: a hop costs one, and who has none "
                   f"left hears of it: {name}", node, [(came, [make_in(p) for p in (alive, last, dead)])], **out,
                   count=more, drop={"classify.hop-limit": 2}, ids=[{
                       "anchor-downlink": "RFC5213-5.6.2-04", "anchor-uplink": "RFC5213-5.6.2-06",
                       "gateway-uplink": "RFC5213-6.10.5-14", "gateway-downlink": "RFC5213-6.10.5-03"}[name]])

        packets = [reread(udp(*ends, tc=dscp << 2 | ecn, fl=fl)) for dscp, ecn, fl in
                   ((0, 0, 0), (46, 0, 1), (46, 1, 0xfffff), (10, 2, 0x12345), (63, 3, 0))]
        yield Case(f"{name}-class", "RFC 2983 section 3 and RFC 6040 section 4.1: DSCP and ECN are seen on both sides of "
                   f"a tunnel, and a flow keeps its label: {name}", node, [(came, [make_in(p) for p in packets])],
                   **{went: [make_out(p) for p in packets]}, count={k: n * 5 for k, n in count.items()},
                   ids=["RFC5213-5.6.3-01"] + ["RFC5213-5.6.3-02"] * ("path.encapsulated" in count))

        small = IPv6(src=ends[0], dst=ends[1], nh=59)
        yield Case(f"{name}-padding", f"What an Ethernet frame is padded with does not travel on: {name}", node,
                   [(came, [make_in(small).ljust(120, b"\xee"), make_in(udp(*ends, 48)).ljust(200, b"\0")])],
                   **{went: [make_out(small), make_out(udp(*ends, 48))]}, count={k: n * 2 for k, n in count.items()})

        packet = udp(*ends)
        tags = {"core-vlan": 7, "access-vlan": 9}
        tag = lambda frame, port: frame[:12] + b"\x81\0\0" + bytes([tags[port + "-vlan"]]) + frame[12:]  # noqa: E731
        high = lambda frame: frame[:14] + bytes([frame[14] | 0xe0]) + frame[15:]  # noqa: E731 (priority 7)
        yield Case(f"{name}-vlan", f"A port's VLAN is taken off what comes in and put on what goes out: {name}", node,
                   [(came, [tag(make_in(packet), came), high(tag(make_in(packet), came))])],
                   **{went: [tag(make_out(packet), went)] * 2}, count={k: n * 2 for k, n in count.items()},
                   settings=tags)


# RFC 6040 figure 4: what leaves a tunnel by [inner][outer], Not-ECT, ECT(1), ECT(0) and CE as on the wire.
ECN = ((0, 0, 0, None), (1, 1, 1, 3), (2, 1, 2, 3), (3, 3, 3, 3))


def ecn(name, node, wrap, ends, go_on, port, count):
    pairs = [(i, o) for i in range(4) for o in range(4)]
    came = [core_in(wrap(udp(*ends, tc=i), o)) for i, o in pairs]
    went = [go_on(on(udp(*ends, tc=ECN[i][o]))) for i, o in pairs if ECN[i][o] is not None]
    return Case(name, "RFC 6040 section 4.2: what congestion marked on the outer header is seen by the inner one, and a "
                "mark on what cannot carry it is a loss", node, [("core", came)], **{port: went},
                count={k: n * 15 for k, n in count.items()}, drop={"uplink.tunnel-header": 1},
                ids=["RFC5213-5.6.3-01", "RFC5213-5.6.3-04", "RFC5213-5.6.3-05",
                     "RFC5213-6.10.5-03" if port == "access" else "RFC5213-5.6.2-06"])


def tunnels():
    yield ecn("anchor-ecn", ANCHOR_ONE, lambda p, o: tunnel(MAG1, NODE, p, tc=o), (A1, CN), core_out, "core",
              {"path.decapsulated": 1, "path.routed": 1})
    yield ecn("gateway-ecn", GATEWAY_ONE, lambda p, o: tunnel(ANCHOR, NODE, p, tc=o), (CN, G1), access_out, "access",
              {"path.decapsulated": 1})
    up, down = udp(A1, CN), udp(CN, A1)
    yield Case("tunnel-limit", "RFC 2473 section 5.1: tunnels carry the limit that is configured, and any limit comes in",
               ANCHOR_ONE, [("core", [core_in(down), core_in(tunnel(MAG1, NODE, up, limit=0)),
                                      core_in(tunnel(MAG1, NODE, up, limit=255)), core_in(tunnel(MAG1, NODE, up))])],
               core=[core_out(tunnel(NODE, MAG1, on(down), limit=4))] + [core_out(on(up))] * 3,
               count={"path.encapsulated": 1, "path.decapsulated": 3, "path.routed": 3}, settings={"tunnel-limit": 4},
               ids=["RFC5213-5.6.2-04", "RFC5213-5.6.2-06"])
    nested = lambda n: IPv6(src=CN, dst=A1, nh=60) / limit_header(n) / Raw(raw(udp(CN, A1)))  # noqa: E731
    yield Case("tunnel-limit-nested", "RFC 2473 section 4.1.1: a packet that may enter so many tunnels more may enter one "
               "less behind this one, and none when it is 0", ANCHOR_ONE,
               [("core", [core_in(nested(3)), core_in(nested(0))])],
               core=[core_out(tunnel(NODE, MAG1, on(nested(3)), limit=2)), core_out(parameter(nested(0), 44))],
               count={"path.encapsulated": 1, "path.generated": 1, "path.routed": 1}, drop={"classify.hop-limit": 1},
               ids=["RFC5213-5.6.2-04"])

    def with_option(kind, src=MAG1, dst=NODE, inner=up):
        head = IPv6ExtHdrDestOpt(nh=41, options=[HBHOptUnknown(otype=kind, optdata=b"abcd")])
        return IPv6(src=src, dst=dst, nh=60, hlim=64) / head / Raw(raw(inner))

    yield Case("tunnel-options", "RFC 8200 section 4.2: an unknown option of an outer header is skipped, or costs the "
               "packet, as its two highest bits say", ANCHOR_ONE,
               [("core", [core_in(with_option(k)) for k in (0x1e, 0x5e, 0x9e, 0xde)])], core=[core_out(on(up))],
               count={"path.decapsulated": 1, "path.routed": 1}, drop={"uplink.tunnel-header": 3},
               ids=["RFC5213-5.6.2-06"])
    gdown = udp(CN, G1)
    yield Case("gateway-tunnel-options", "A gateway takes tunnel packets with a Destination Options header, with and "
               "without a limit", GATEWAY_ONE,
               [("core", [core_in(with_option(0x1e, ANCHOR, NODE, gdown)), core_in(tunnel(ANCHOR, NODE, gdown, limit=1))])],
               access=[access_out(on(gdown))] * 2, count={"path.decapsulated": 2}, ids=["RFC5213-6.10.5-03"])


def sizes():
    fits, big = udp(CN, A1, 1460), udp(CN, A1, 1461)
    yield Case("anchor-too-big", "RFC 2473 section 7.1: what does not fit the tunnel is answered by a Packet Too Big with "
               "what does", ANCHOR_ONE, [("core", [core_in(fits), core_in(big)])],
               core=[core_out(tunnel(NODE, MAG1, on(fits))), core_out(too_big(big, 1460))],
               count={"path.encapsulated": 1, "path.generated": 1, "path.packet-too-big": 1, "path.routed": 1},
               drop={"encap.too-big": 1}, ids=["RFC5213-5.6.2-04"])
    fits, big = udp(CN, A1, 1452), udp(CN, A1, 1453)
    yield Case("anchor-too-big-limit", "A tunnel's limit option leaves less room for what is inside", ANCHOR_ONE,
               [("core", [core_in(fits), core_in(big)])],
               core=[core_out(tunnel(NODE, MAG1, on(fits), limit=1)), core_out(too_big(big, 1452))],
               count={"path.encapsulated": 1, "path.generated": 1, "path.packet-too-big": 1, "path.routed": 1},
               drop={"encap.too-big": 1}, settings={"tunnel-limit": 1}, ids=["RFC5213-6.9.5-07"])
    fits, big = udp(G1, CN, 1460), udp(G1, CN, 1461)
    yield Case("gateway-too-big", "A host hears what fits the tunnel of its gateway", GATEWAY_ONE,
               [("access", [access_in(fits), access_in(big)])], core=[core_out(tunnel(NODE, ANCHOR, on(fits)))],
               access=[access_out(too_big(big, 1460))],
               count={"path.encapsulated": 1, "path.generated": 1, "path.packet-too-big": 1},
               drop={"encap.too-big": 1}, ids=["RFC5213-6.10.5-14"])
    fits, big = udp(CN, G1, MTU), udp(CN, G1, MTU + 1)
    yield Case("gateway-downlink-too-big", "What comes through a tunnel and does not fit the access link is answered to "
               "its sender", GATEWAY_ONE,
               [("core", [core_in(tunnel(ANCHOR, NODE, fits)), core_in(tunnel(ANCHOR, NODE, big))])],
               access=[access_out(on(fits))], core=[core_out(too_big(big, MTU))],
               count={"path.decapsulated": 2, "path.generated": 1, "path.packet-too-big": 1, "path.routed": 1},
               drop={"encap.too-big": 1}, ids=["RFC5213-6.10.5-05"])
    told = error(ICMPv6PacketTooBig(mtu=1400), tunnel(NODE, MAG1, udp(CN, A1, 1460)), src="2001:db8:9::1")
    fits, big = udp(CN, A1, 1360), udp(CN, A1, 1361)
    yield Case("anchor-path-mtu", "RFC 2473 section 7.1 and RFC 8201: a tunnel shrinks to what a router on its way says",
               ANCHOR_ONE, [("core", [core_in(told)]), ("core", [core_in(fits), core_in(big)])],
               core=[core_out(tunnel(NODE, MAG1, on(fits))), core_out(too_big(big, 1360))],
               count={"path.punted": 1, "path.encapsulated": 1, "path.generated": 1, "path.packet-too-big": 1, "path.routed": 1},
               drop={"encap.too-big": 1})
    told = error(ICMPv6PacketTooBig(mtu=1280), tunnel(NODE, MAG1, udp(CN, A1, 1460)), src="2001:db8:9::1")
    fits, big = udp(CN, A1, 1280), udp(CN, A1, 1281)
    outer = reread(tunnel(NODE, MAG1, on(fits)))
    inside, cut = raw(outer)[40:], 1280 - 48 & ~7
    piece = lambda at, end, more: (IPv6(**outer.fields | {"nh": 44, "plen": None}) /  # noqa: E731
                                   IPv6ExtHdrFragment(nh=41, offset=at // 8, m=more, id=0) / Raw(inside[at:end]))
    yield Case("anchor-fragments", "RFC 2473 section 7.1 (b): what every link of IPv6 carries goes through a tunnel of "
               "the smallest size, in two pieces", ANCHOR_ONE, [("core", [core_in(told)]), ("core", [core_in(fits)])],
               core=[core_out(piece(0, cut, 1)), core_out(piece(cut, 1320, 0))],
               count={"path.punted": 1, "path.encapsulated": 1, "path.fragments-made": 1},
               free=[("core", 14 + 40 + 4, 4)], ids=["RFC5213-5.6.2-04"])
    yield Case("anchor-path-mtu-least", "RFC 2473 section 7.1 (a): no sender is told less than every link of IPv6 carries",
               ANCHOR_ONE, [("core", [core_in(told)]), ("core", [core_in(big)])], core=[core_out(too_big(big, 1280))],
               count={"path.punted": 1, "path.generated": 1, "path.packet-too-big": 1, "path.routed": 1},
               drop={"encap.too-big": 1})


def ways():
    one, two = udp(A1, A2), udp(A2, A1)
    yield Case("anchor-hairpin", "From one mobile node of the anchor to another: out of one tunnel and into the other",
               ANCHOR_TWO, [("core", [core_in(tunnel(MAG1, NODE, one)), core_in(tunnel(MAG2, NODE, two))])],
               core=[core_out(tunnel(NODE, MAG2, on(one))), core_out(tunnel(NODE, MAG1, on(two)))],
               count={"path.decapsulated": 2, "path.encapsulated": 2, "path.hairpinned": 2})
    many = [udp(*((A1, A2) if i % 3 else (A2, A1)), 60 + i) for i in reversed(range(sum(SIZES)))]
    mags = [(MAG1, MAG2) if i % 3 else (MAG2, MAG1) for i in reversed(range(sum(SIZES)))]
    yield in_bursts("anchor-hairpin", ANCHOR_TWO, "core", [core_in(tunnel(m[0], NODE, p)) for p, m in zip(many, mags)],
                    "core", [core_out(tunnel(NODE, m[1], on(p))) for p, m in zip(many, mags)],
                    {"path.decapsulated": len(many), "path.encapsulated": len(many), "path.hairpinned": len(many)})
    same = udp(A1, "2001:db8:1::77")
    yield Case("anchor-hairpin-same-tunnel", "A hairpin may lead back into the tunnel that the packet came from",
               ANCHOR_ONE, [("core", [core_in(tunnel(MAG1, NODE, same))])], core=[core_out(tunnel(NODE, MAG1, on(same)))],
               count={"path.decapsulated": 1, "path.encapsulated": 1, "path.hairpinned": 1})
    peers = udp(G1, G2)
    yield Case("gateway-neighbours", "RFC 5213 section 6.10.3: what one host of a gateway sends another goes by the anchor",
               GATEWAY_TWO, [("access", [access_in(peers)]), ("core", [core_in(tunnel(ANCHOR, NODE, on(peers)))])],
               core=[core_out(tunnel(NODE, ANCHOR, on(peers)))], access=[access_out(on(peers, 2), MN2_MAC)],
               count={"path.encapsulated": 1, "path.decapsulated": 1},
               ids=["RFC5213-6.10.5-09", "RFC5213-6.10.5-10", "RFC5213-9.2-03"])
    yield Case("gateway-local-routing", "RFC 5213 section 6.10.3: where that is configured it does not; what goes elsewhere "
               "takes the tunnel all the same", GATEWAY_TWO, [("access", [access_in(peers), access_in(udp(G1, CN))])],
               core=[core_out(tunnel(NODE, ANCHOR, on(udp(G1, CN))))], access=[access_out(on(peers), MN2_MAC)],
               count={"path.encapsulated": 1}, settings={"local-routing": 1},
               ids=["RFC5213-6.10.3-01", "RFC5213-6.10.3-02", "RFC5213-6.10.5-09", "RFC5213-6.10.5-11",
                    "RFC5213-6.10.5-12", "RFC5213-9.2-04"])
    out, back, far = udp(G1, ROUTER), udp(ROUTER, G1), udp(CN, G1)
    fixed = [("access", [access_in(out)]), ("core", [core_in(back), core_in(far)])]
    yield Case("gateway-fixed-host", "RFC 5213 section 6.10.5: a host on the core link and a mobile node of the gateway talk "
               "by the anchor", GATEWAY_ONE, fixed,
               core=[core_out(tunnel(NODE, ANCHOR, on(out))), core_out(on(back)), core_out(on(far))],
               count={"path.encapsulated": 1, "path.routed": 2},
               ids=["RFC5213-6.10.5-06", "RFC5213-6.10.5-07", "RFC5213-6.10.5-10", "RFC5213-9.2-03"])
    yield Case("gateway-fixed-host-local", "RFC 5213 section 9.2: and directly where local routing is configured, but what "
               "comes from farther away goes on to the anchor", GATEWAY_ONE, fixed,
               core=[core_out(on(out)), core_out(on(far))], access=[access_out(on(back))], count={"path.routed": 2},
               settings={"local-routing": 1}, ids=["RFC5213-6.10.5-06", "RFC5213-6.10.5-11", "RFC5213-9.2-04"])
    transit, last = udp(CN, "2001:db8:88::1"), udp(CN, "2001:db8:88::1", hlim=1)
    yield Case("transit", "A packet that is no mobile node's goes by its route", ANCHOR_ONE,
               [("core", [core_in(transit), core_in(last)])], core=[core_out(on(transit)), core_out(time_exceeded(last))],
               count={"path.routed": 2, "path.generated": 1}, drop={"classify.hop-limit": 1})
    many = [udp(CN, "2001:db8:88::1", 60 + i) for i in reversed(range(sum(SIZES)))]
    yield in_bursts("transit", ANCHOR_ONE, "core", [core_in(p) for p in many], "core", [core_out(on(p)) for p in many],
                    {"path.routed": len(many)})
    yield Case("gateway-transit", "What reaches a gateway for one of its hosts without the tunnel goes on to the anchor",
               GATEWAY_ONE, [("core", [core_in(udp(CN, G1))])], core=[core_out(on(udp(CN, G1)))],
               count={"path.routed": 1}, ids=["RFC5213-6.10.5-06", "RFC5213-6.10.5-07"])
    big = udp(CN, "2001:db8:88::1", MTU + 1)
    yield Case("transit-too-big", "A routed packet that does not fit the link is answered with what does", ANCHOR_ONE,
               [("core", [core_in(big)])], core=[core_out(too_big(big, MTU))],
               count={"path.routed": 2, "path.generated": 1, "path.packet-too-big": 1}, drop={"encap.too-big": 1})
    lost = udp(CN, NOWHERE)
    yield Case("no-route", "RFC 4443 section 3.1: a destination without a route is unreachable", ANCHOR_ONE,
               [("core", [core_in(lost)])], core=[core_out(no_route(lost))],
               count={"path.routed": 1, "path.generated": 1}, drop={"route.no-route": 1})
    lost = udp(A1, NOWHERE)
    yield Case("anchor-uplink-no-route", "A mobile node hears of it through its tunnel that there is no route", ANCHOR_ONE,
               [("core", [core_in(tunnel(MAG1, NODE, lost))])], core=[core_out(tunnel(NODE, MAG1, no_route(lost)))],
               count={"path.decapsulated": 1, "path.encapsulated": 1, "path.generated": 1}, drop={"route.no-route": 1})


def both_roles():
    up, down = udp(A1, CN), udp(CN, A1)
    yield Case("both", "A node that is anchor and gateway of a mobile node needs no tunnel", BOTH_ONE,
               [("access", [access_in(up)]), ("core", [core_in(down)])], core=[core_out(on(up))],
               access=[access_out(on(down))], count={"path.routed": 1})
    peers = udp(A1, A2)
    yield Case("both-neighbours", "Two hosts of a node that is both talk through it", BOTH_TWO,
               [("access", [access_in(peers)])], access=[access_out(on(peers), MN2_MAC)])
    out, back = udp(A1, A2), udp(A2, A1)
    yield Case("both-hairpin", "A host here and a mobile node of the same anchor at another gateway", BOTH_FAR,
               [("access", [access_in(out)]), ("core", [core_in(tunnel(MAG1, NODE, back))])],
               core=[core_out(tunnel(NODE, MAG1, on(out)))], access=[access_out(on(back))],
               count={"path.encapsulated": 1, "path.decapsulated": 1, "path.hairpinned": 1})


def syn(src, dst, mss, flags="S", before=(), **more):
    """options that a segment's size stands behind, so that it lies at an even or an odd octet"""
    return IPv6(src=src, dst=dst, hlim=64) / TCP(sport=3, dport=80, flags=flags, seq=7, options=[
        *before, ("MSS", mss), ("SAckOK", b""), ("Timestamp", (1, 2))], **more) / payload(5)


def segments():
    """What a SYN offers, what is left of it in a tunnel of 1460 octets, whether it is a SYN at all."""
    nop = ("NOP", None)
    offers = [(1440, 1400, "S", ()), (1400, 1400, "S", ()), (1401, 1400, "SA", (nop,)), (65535, 1400, "SEC", (nop, nop)),
              (536, 536, "S", ()), (0, 0, "S", (nop,)), (1440, 1440, "A", ()), (8960, 1400, "SA", (("WScale", 7),))]
    went = lambda *ends: [on(syn(*ends, left, flags, first)) for _, left, flags, first in offers]  # noqa: E731
    came = lambda *ends: [syn(*ends, offer, flags, first) for offer, _, flags, first in offers]  # noqa: E731
    odd = lambda options: (IPv6(src=CN, dst=A1, nh=6, hlim=64) /  # noqa: E731 (no checksum that fits)
                           Raw(bytes(12) + bytes([5 + len(options) // 4 << 4, 2]) + bytes(6) + options))
    broken = [odd(o) for o in (b"\2\0\5\xb4", b"\2\4\5", b"\2\x05\xff\xff\0\0\0\0", b"\3\xff\2\4\xff\xff\0\0",
                               b"\0\0\0\0\2\4\xff\xff", b"\1\1\1\2", b"\1\1\2\4", b"")]
    broken += [IPv6(src=CN, dst=A1, nh=6, hlim=64) / Raw(bytes(12) + bytes([0xf0, 2]) + bytes(n)) for n in (0, 5, 6, 9)]
    count = {"path.encapsulated": len(offers), "path.decapsulated": len(offers)}
    yield Case("mss-clamp-anchor", "TCP connections through an anchor's tunnels offer each other segments that fit, both ways, "
               "with a right checksum", ANCHOR_ONE,
               [("core", [core_in(p) for p in came(CN, A1)] + [core_in(tunnel(MAG1, NODE, p)) for p in came(A1, CN)])],
               core=[core_out(tunnel(NODE, MAG1, p)) for p in went(CN, A1)] + [core_out(p) for p in went(A1, CN)],
               count=count | {"path.routed": len(offers)}, settings={"mss-clamp": 1})
    yield Case("mss-clamp-gateway", "The same of a gateway's", GATEWAY_ONE,
               [("access", [access_in(p) for p in came(G1, CN)]), ("core", [core_in(tunnel(ANCHOR, NODE, p)) for p in came(CN, G1)])],
               core=[core_out(tunnel(NODE, ANCHOR, p)) for p in went(G1, CN)], access=[access_out(p) for p in went(CN, G1)],
               count=count, settings={"mss-clamp": 1})
    yield Case("mss-clamp-broken", "Options that end too soon, or are none, are left as they are", ANCHOR_ONE,
               [("core", [core_in(p) for p in broken])], core=[core_out(tunnel(NODE, MAG1, on(p))) for p in broken],
               count={"path.encapsulated": len(broken)}, settings={"mss-clamp": 1})
    yield Case("mss-clamp-off", "Where it is not configured, nothing of it happens", ANCHOR_ONE,
               [("core", [core_in(p) for p in came(CN, A1)])],
               core=[core_out(tunnel(NODE, MAG1, on(p))) for p in came(CN, A1)],
               count={"path.encapsulated": len(offers)})


FORWARD = [*each_direction(), *tunnels(), *sizes(), *ways(), *both_roles(), *segments()]
