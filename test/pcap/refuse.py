# SPDX-License-Identifier: BSD-3-Clause
"""Cases of packets that go no further: each reason that packets alone can give."""
from cases import ANCHOR_ONE, ANCHOR_TWO, BOTH_ONE, GATEWAY_ONE, GATEWAY_TWO, Case
from frames import (A1, A2, ANCHOR, CN, G1, GUEST_MAC, IPv6, MAG1, MAG2, MN1_LL, MN1_MAC, MN2_MAC, NODE, NODE_MAC,
                    PEER, Raw, ROUTER_MAC, access_in, core_in, core_out, ether, mobility, no_route, on, payload, raw,
                    time_exceeded, tunnel, udp)


def dropped(name, shows, node, port, frames, drop, **more):
    """All frames are dropped, each for its reason, and nothing goes out."""
    return Case(name, shows, node, [(port, frames)], drop=drop, **more)


def headers():
    good = udp(CN, A1)
    bytes_of = lambda packet, at, value: raw(packet)[:at] + value + raw(packet)[at + len(value):]  # noqa: E731
    frame = core_in(good)
    yield dropped("frame-short", "A frame that ends within its headers is none", ANCHOR_ONE, "core",
                  [frame[:1], frame[:13], frame[:12] + b"\x81\0", frame[:14], frame[:53]],
                  {"classify.frame-short": 5})
    other = [ether(NODE_MAC, ROUTER_MAC, Raw(payload(46)))[:12] + t + payload(46) for t in
             (b"\x08\0", b"\x08\x06", b"\x88\x47", b"\0\x2e")]
    yield dropped("ethertype", "What is not IPv6 is not carried", ANCHOR_ONE, "core", other, {"classify.ethertype": 4})
    yield dropped("ethertype-access", "Nor is it from a host that is served", GATEWAY_ONE, "access",
                  [access_in(Raw(payload(46)))[:12] + b"\x08\0" + payload(46)],
                  {"classify.ethertype": 1})
    yield dropped("vlan", "A port without a VLAN takes no tagged frame", ANCHOR_ONE, "core",
                  [core_in(good, vlan=v) for v in (1, 7, 4095)], {"classify.vlan": 3})
    yield dropped("vlan-other", "A port with a VLAN takes frames of that one alone", ANCHOR_ONE, "core",
                  [core_in(good), core_in(good, vlan=0), core_in(good, vlan=8)], {"classify.vlan": 3},
                  settings={"core-vlan": 7})
    yield Case("vlan-priority", "A tag of VLAN 0 is a priority and no VLAN", ANCHOR_ONE,
               [("core", [core_in(good, vlan=0)])], core=[core_out(tunnel(NODE, MAG1, on(good)))],
               count={"path.encapsulated": 1})
    yield dropped("ip-version", "The version nibble is 6, outside a tunnel and within", ANCHOR_ONE, "core",
                  [core_in(Raw(bytes_of(good, 0, b"\x45"))), core_in(Raw(bytes_of(good, 0, b"\0"))),
                   core_in(IPv6(src=MAG1, dst=NODE, nh=41) / Raw(bytes_of(udp(A1, CN), 0, b"\x45")))],
                  {"classify.ip-version": 3})
    longer = IPv6(src=CN, dst=A1, plen=61, nh=17) / Raw(payload(60))
    yield dropped("ip-length", "A packet is no longer than its frame, and one in a tunnel no longer than the tunnel's",
                  ANCHOR_ONE, "core",
                  [core_in(longer), core_in(IPv6(src=MAG1, dst=NODE, nh=41) / Raw(raw(udp(A1, CN))[:-1]))],
                  {"classify.ip-length": 1, "uplink.tunnel-header": 1})
    sources = [core_in(udp(src, A1)) for src in ("ff02::1", "ff0e::1", "::1", "::", "fe80::1")]
    own, group = ether(NODE_MAC, NODE_MAC, good), ether(NODE_MAC, "33:33:00:00:00:01", good)
    yield dropped("ip-source", "No packet comes from a group, from nowhere, from a loopback or from another link, and no "
                  "frame from a group or from this port", ANCHOR_ONE, "core", sources + [own, group],
                  {"classify.ip-source": 7})
    inner = [core_in(tunnel(MAG1, NODE, udp(src, CN))) for src in ("ff0e::1", "::1", "::", MN1_LL)]
    yield dropped("ip-source-inner", "The same of what a tunnel carries", ANCHOR_ONE, "core", inner,
                  {"classify.ip-source": 4})
    yield dropped("ip-destination", "No packet goes to nowhere or to a loopback", ANCHOR_ONE, "core",
                  [core_in(udp(CN, "::")), core_in(udp(CN, "::1")), core_in(tunnel(MAG1, NODE, udp(A1, "ff0e::1"))),
                   core_in(tunnel(MAG1, NODE, udp(A1, "fe80::1")))], {"classify.ip-destination": 4})
    yield dropped("not-for-us", "A frame for another station is not taken, nor a packet to one host in a frame to many",
                  ANCHOR_ONE, "core",
                  [ether("02:00:00:00:00:99", ROUTER_MAC, good), ether("ff:ff:ff:ff:ff:ff", ROUTER_MAC, good),
                   ether("33:33:00:00:00:01", ROUTER_MAC, good)], {"classify.not-for-us": 3})
    yield dropped("not-for-us-access", "The same on an access link", GATEWAY_ONE, "access",
                  [ether("02:00:00:00:00:99", MN1_MAC, udp(G1, CN)), ether("ff:ff:ff:ff:ff:ff", MN1_MAC, udp(G1, CN))],
                  {"classify.not-for-us": 2})


def sessions():
    foreign = udp("2001:db8:99::1", CN)
    yield dropped("anchor-no-session", "A tunnel packet of no session goes nowhere", ANCHOR_ONE, "core",
                  [core_in(tunnel(MAG1, NODE, foreign)), core_in(tunnel("2001:db8:99::2", NODE, foreign))],
                  {"uplink.no-session": 2})
    yield dropped("both-no-session", "Nor does it at a node that is both", BOTH_ONE, "core",
                  [core_in(tunnel(MAG1, NODE, foreign))], {"uplink.no-session": 1})
    yield dropped("anchor-wrong-tunnel", "RFC 5213 section 5.6.2: a prefix is taken from the tunnel of its own gateway "
                  "alone", ANCHOR_TWO, "core",
                  [core_in(tunnel(MAG2, NODE, udp(A1, CN))), core_in(tunnel(MAG1, NODE, udp(A2, A1))),
                   core_in(tunnel("2001:db8:99::2", NODE, udp(A1, CN)))], {"uplink.wrong-tunnel": 3})
    yield dropped("gateway-wrong-tunnel", "RFC 5213 section 6.10.5: a host's packets are taken from its anchor's tunnel "
                  "alone", GATEWAY_ONE, "core",
                  [core_in(tunnel(MAG1, NODE, udp(CN, G1))), core_in(tunnel(PEER, NODE, udp(CN, G1)))],
                  {"downlink.wrong-tunnel": 2})
    yield dropped("gateway-no-session", "What a tunnel carries for no host of the gateway goes nowhere", GATEWAY_ONE,
                  "core", [core_in(tunnel(ANCHOR, NODE, udp(CN, "2001:db8:5:9::1")))], {"downlink.no-session": 1},
                  ids=["RFC5213-6.10.5-04", "RFC5213-6.10.5-05"])
    left = "anchor", ANCHOR_ONE[1] + ["deregister mn1@example.com 2001:db8:0:a::1 2001:db8:1::/64"]
    both_ways = [core_in(udp(CN, A1)), core_in(tunnel(MAG1, NODE, udp(A1, CN)))]
    yield dropped("anchor-between-gateways", "RFC 5213 section 5.3.5: what comes for a node that has left one gateway and "
                  "not come to the next is dropped in silence, and what it sends through the old tunnel too", left,
                  "core", both_ways, {"downlink.no-session": 1, "uplink.wrong-tunnel": 1}, ids=["RFC5213-5.3.5-05"])
    yield Case("anchor-after-session", "RFC 5213 section 5.3.5: after the wait there is no such session any more", left,
               [("wait", 10100), ("core", both_ways)], core=[core_out(no_route(udp(CN, A1)))],
               count={"session.closed": 1, "path.generated": 1, "path.routed": 1},
               drop={"route.no-route": 1, "uplink.no-session": 1}, ids=["RFC5213-5.3.5-07", "RFC5213-9.1-04"])
    yield dropped("gateway-uplink-no-session", "RFC 5213 section 6.10.5: a host sends from its own prefixes alone",
                  GATEWAY_ONE, "access", [access_in(foreign), access_in(udp(CN, CN))], {"uplink.no-session": 2},
                  ids=["RFC5213-6.10.5-08"])
    yield dropped("gateway-uplink-wrong-link", "A prefix is taken from its own host alone", GATEWAY_TWO, "access",
                  [access_in(udp(G1, CN), MN2_MAC)], {"uplink.wrong-link": 1})
    yield dropped("host-pending", "A host sends nothing before its anchor has answered",
                  ("gateway", ["solicit " + MN1_MAC]), "access", [access_in(udp(G1, CN))] * 2,
                  {"access.host-pending": 2}, ids=["RFC5213-6.10.5-08"])
    yield Case("host-unknown", "The first packet of an unknown host asks for it, and is not kept; a host that no policy "
               "serves is refused, and its signals are not heard", GATEWAY_ONE,
               [("access", [access_in(udp(G1, CN), GUEST_MAC)]), ("access", [access_in(udp(G1, CN), GUEST_MAC)]),
                ("access", [ether("33:33:00:00:00:02", GUEST_MAC, udp("fe80::99", "ff02::2"))])],
               count={"path.punted": 2, "access.attached": 1, "access.refused": 1},
               drop={"access.host-pending": 2, "access.host-not-served": 1}, ids=["RFC5213-6.14-01"])
    yield dropped("anchor-access", "A node that is no gateway serves no host", ANCHOR_ONE, "access",
                  [access_in(udp(G1, CN))], {"access.host-not-served": 1}, count={"path.punted": 1})
    yield dropped("link-local-astray", "A link-local destination is no way to another link", GATEWAY_ONE, "access",
                  [access_in(udp(MN1_LL, CN))], {"classify.ip-source": 1}, ids=["RFC5213-6.10.5-13"])


def floods():
    """A flood of each class of what the control lcore has to see, a good packet behind it: 12 of a class may pass, less
    what of it set-up had."""
    empty, stranger = IPv6(src=CN, dst=NODE, nh=59), udp(G1, CN)
    bad = mobility(MAG1, NODE, 5, bytes(6), checksum=1)
    group = IPv6(src="fe80::1", dst="ff02::1", nh=59, hlim=255)
    waiting = udp(CN, "2001:db8:0:c::7777")
    for name, node, port, frame, passed, drop, more in (
            ("own", ANCHOR_ONE, "core", core_in(empty), 12, "host.own-unused", {}),
            ("signalling", ANCHOR_ONE, "core", core_in(bad), 11, "mh.checksum", {}),
            ("nd", ANCHOR_ONE, "core", ether("33:33:00:00:00:01", ROUTER_MAC, group), 11, "host.own-unused", {}),
            ("host", ANCHOR_ONE, "access", access_in(stranger), 12, "access.host-not-served", {})):
        good = [udp(CN, A1, 60 + i) for i in range(4)]
        yield Case(f"flood-{name}", f"A flood of what the control lcore has to see ({name}) costs it no more than its rate, "
                   "and the forwarding nothing", node, [(port, [frame] * 32), ("core", [core_in(p) for p in good])],
                   core=[core_out(tunnel(NODE, MAG1, on(p))) for p in good],
                   count={"path.punted": passed, "path.encapsulated": 4} | more,
                   drop={drop: passed, f"punt.{name}-policed": 32 - passed},
                   settings={"punt-ring": 12, "punt-rate": 1})


def bounds():
    dead = udp(CN, A1, hlim=1)
    yield Case("icmp-rate", "RFC 4443 section 2.4 (f): ICMPv6 errors are sent at a bounded rate", ANCHOR_ONE,
               [("core", [core_in(dead)] * 4)], core=[core_out(time_exceeded(dead))],
               count={"path.generated": 4, "path.routed": 1}, drop={"classify.hop-limit": 4, "error.icmp-rate": 3},
               settings={"icmp-burst": 1})
    empty = IPv6(src=CN, dst=NODE, nh=59)
    yield dropped("punt-ring-full", "What the control lcore cannot take at once is lost, and counted", ANCHOR_ONE, "core",
                  [core_in(empty)] * 32, {"punt.ring-full": 22, "host.own-unused": 10}, count={"path.punted": 10},
                  settings={"punt-ring": 10})
    yield from floods()
    late = udp(G1, CN)
    yield Case("gateway-burst-mixed", "What is dropped in a burst leaves the rest of it in order", GATEWAY_ONE,
               [("access", [f for i in range(11) for f in (access_in(udp(G1, CN, 60 + i)), access_in(udp(CN, CN)),
                                                           access_in(late)[:50])])],
               core=[core_out(tunnel(NODE, ANCHOR, on(udp(G1, CN, 60 + i)))) for i in range(11)],
               count={"path.encapsulated": 11}, drop={"uplink.no-session": 11, "classify.frame-short": 11})


REFUSE = [*headers(), *sessions(), *bounds()]
