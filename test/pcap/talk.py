# SPDX-License-Identifier: BSD-3-Clause
"""Cases in which the control lcore speaks: own addresses, neighbours, hosts, and the signalling of sessions."""
import struct

from scapy.all import (ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6ND_RA,
                       ICMPv6ND_RS, ICMPv6NDOptDstLLAddr, ICMPv6NDOptMTU, ICMPv6NDOptPrefixInfo, ICMPv6NDOptSrcLLAddr)

from cases import ANCHOR_ONE, GATEWAY_ONE, GATEWAY_TWO, Case
from frames import (A1, ANCHOR, AWAY1, CN, G1, HOME1, IPv6, LINK_LOCAL, LINK_MAC, MAG1, MN1_LL, MN1_MAC, NODE, NODE2,
                    NODE_MAC, PEER, PEER_MAC, Raw, ROUTER, ROUTER_MAC, access_in, access_out, core_in, core_out,
                    error, ether, mobility, on, parameter, payload, pba, pbu, tunnel, udp)

ANSWERED = {"path.punted": 1, "path.injected": 1}
ROUTED = ANSWERED | {"path.routed": 1}  # the answer finds its own way
GROUP, GROUP_MAC = "ff02::1:ff00:1", "33:33:ff:00:00:01"  # of both own addresses' last octets, :1
NODES, NODES_MAC, ROUTERS, ROUTERS_MAC = "ff02::1", "33:33:00:00:00:01", "ff02::2", "33:33:00:00:00:02"
STRANGER = "2001:db8:0:b::66"
UNKNOWN = 4  # the handoff indicator of a gateway that cannot know where a host comes from (RFC 5213 section 8.4)


def echo(src, dst, reply=False, **ip):
    kind = ICMPv6EchoReply if reply else ICMPv6EchoRequest
    return IPv6(src=src, dst=dst, hlim=64, **ip) / kind(id=3, seq=4, data=payload(40))


def solicitation(target, src=ROUTER, dst=GROUP, mac=ROUTER_MAC, hlim=255):
    return IPv6(src=src, dst=dst, hlim=hlim) / ICMPv6ND_NS(tgt=target) / ICMPv6NDOptSrcLLAddr(lladdr=mac)


def advertisement(target, dst, mac, src=None, solicited=1, router=1):
    return (IPv6(src=src or target, dst=dst, hlim=255) / ICMPv6ND_NA(tgt=target, R=router, S=solicited, O=1) /
            ICMPv6NDOptDstLLAddr(lladdr=mac))


def own():
    yield Case("echo", "RFC 4443 section 4.2: an echo request to an own address is answered", ANCHOR_ONE,
               [("core", [core_in(echo(CN, NODE))])], core=[core_out(echo(NODE, CN, reply=True))],
               count=ANSWERED | {"nd.echo-replies": 1})
    yield Case("echo-tunnel", "A mobile node's echo request comes out of its tunnel, and the reply goes back into it",
               ANCHOR_ONE, [("core", [core_in(tunnel(MAG1, NODE, echo(A1, NODE)))])],
               core=[core_out(tunnel(NODE, MAG1, echo(NODE, A1, reply=True)))],
               count=ANSWERED | {"path.decapsulated": 1, "path.encapsulated": 1, "nd.echo-replies": 1})
    asked = echo(CN, NODE)
    yield Case("inject-full", "What the worker cannot take at once of what the control lcore sends is lost, and counted",
               ANCHOR_ONE, [("core", [core_in(asked)] * 60)], core=[core_out(echo(NODE, CN, reply=True))] * 42,
               count={"path.punted": 60, "path.injected": 42, "nd.echo-replies": 60}, drop={"ctl.inject-full": 18},
               settings={"inject-ring": 5})
    ask, tell = solicitation(NODE), advertisement(NODE, ROUTER, NODE_MAC)
    yield Case("neighbour", "RFC 4861 section 7.2.4: who asks for an own address is told", ANCHOR_ONE,
               [("core", [ether(GROUP_MAC, ROUTER_MAC, ask)])], core=[core_out(tell)],
               count=ANSWERED | {"nd.ns-rx": 1, "nd.na-tx": 1})
    probe = IPv6(src="::", dst=GROUP, hlim=255) / ICMPv6ND_NS(tgt=NODE)
    yield Case("neighbour-dad", "RFC 4862 section 5.4.3: who would like to have an own address hears that it is taken",
               ANCHOR_ONE, [("core", [ether(GROUP_MAC, PEER_MAC, probe)])],
               core=[ether(NODES_MAC, NODE_MAC, advertisement(NODE, NODES, NODE_MAC, solicited=0))],
               count=ANSWERED | {"nd.ns-rx": 1, "nd.na-tx": 1})
    yield Case("neighbour-refused", "RFC 4861 section 7.1.1: a solicitation from beyond the link is invalid, and one for "
               "another's address is not answered", ANCHOR_ONE,
               [("core", [ether(GROUP_MAC, ROUTER_MAC, solicitation(NODE, hlim=254)),
                          ether(GROUP_MAC, ROUTER_MAC, solicitation("2001:db8:0:c::100:1"))])],
               count={"path.punted": 2, "nd.ns-rx": 1}, drop={"nd.invalid": 1, "nd.unused": 1})
    lost = udp(CN, NODE)
    yield Case("own-unused", "RFC 4443 section 3.1: nothing listens at an own address, and nobody answers what asks for "
               "nothing", ANCHOR_ONE, [("core", [core_in(lost), core_in(IPv6(src=CN, dst=NODE2, nh=59))])],
               core=[core_out(error(ICMPv6DestUnreach(code=4), lost))], count={"path.punted": 2, "path.injected": 1},
               drop={"host.own-unused": 2})


def neighbours():
    waiting = [udp(CN, PEER, 60 + i) for i in range(5)]
    ask = IPv6(src=NODE, dst="ff02::1:ff00:5", hlim=255) / ICMPv6ND_NS(tgt=PEER) / ICMPv6NDOptSrcLLAddr(lladdr=NODE_MAC)
    yield Case("resolve", "RFC 4861 section 7.2.2: packets wait for their neighbour's address, few of them, and go when it "
               "is known", ANCHOR_ONE,
               [("core", [core_in(p) for p in waiting]),
                ("core", [ether(NODE_MAC, PEER_MAC, advertisement(PEER, NODE, PEER_MAC, router=0))]),
                ("core", [core_in(waiting[0])])],
               core=[ether("33:33:ff:00:00:05", NODE_MAC, ask)] +
                    [ether(PEER_MAC, NODE_MAC, on(p)) for p in waiting[2:] + waiting[:1]],
               count={"path.routed": 6, "path.punted": 6, "path.injected": 4, "nd.ns-tx": 1, "nd.na-rx": 1},
               drop={"host.own-queue": 2})


    far = udp(CN, "2001:db8:0:c::7777")
    ask = (IPv6(src=NODE, dst="ff02::1:ff00:7777", hlim=255) / ICMPv6ND_NS(tgt="2001:db8:0:c::7777") /
           ICMPv6NDOptSrcLLAddr(lladdr=NODE_MAC))
    good = [udp(CN, A1, 60 + i) for i in range(4)]
    yield Case("flood-resolve", "A flood of packets to a neighbour that is not there costs the control lcore no more than its "
               "rate, and the forwarding nothing", ANCHOR_ONE,
               [("core", [core_in(far)] * 32), ("core", [core_in(p) for p in good])],
               core=[ether("33:33:ff:00:77:77", NODE_MAC, ask)] + [core_out(tunnel(NODE, MAG1, on(p))) for p in good],
               count={"path.routed": 32, "path.punted": 12, "path.injected": 1, "path.encapsulated": 4, "nd.ns-tx": 1},
               drop={"host.own-queue": 9, "punt.resolve-policed": 20}, settings={"punt-ring": 12, "punt-rate": 1})


def hosts():
    router = advertisement(LINK_LOCAL, MN1_LL, LINK_MAC)
    yield Case("router-address", "A host that asks for its router hears of the one address that all gateways have",
               GATEWAY_ONE, [("access", [ether("33:33:ff:00:52:13", MN1_MAC,
                                               solicitation(LINK_LOCAL, MN1_LL, "ff02::1:ff00:5213", MN1_MAC))])],
               access=[access_out(router)], count=ANSWERED | {"nd.ns-rx": 1, "nd.na-tx": 1})
    yield Case("router-echo", "The router of an access link answers an echo request", GATEWAY_ONE,
               [("access", [access_in(echo(MN1_LL, LINK_LOCAL))])], access=[access_out(echo(LINK_LOCAL, MN1_LL, reply=True))],
               count=ANSWERED | {"nd.echo-replies": 1})
    yield Case("hosts-refused", "Hosts that no policy serves are refused one by one", GATEWAY_TWO,
               [("access", [access_in(udp(G1, CN), f"02:00:00:00:cc:{i:02x}") for i in range(3)])],
               count={"path.punted": 3, "access.attached": 3, "access.refused": 3}, drop={"access.host-pending": 3})


def signalling():
    update = pbu(MAG1, NODE, 9)
    down = udp(CN, A1)
    yield Case("register", "RFC 5213 sections 5.3.1 and 5.3.6: an update makes a session, its answer carries the prefix, "
               "and packets go", ("anchor", []), [("core", [core_in(update)]), ("core", [core_in(down)])],
               core=[core_out(pba(NODE, MAG1, 9, HOME1)), core_out(tunnel(NODE, MAG1, on(down)))],
               count=ROUTED | {"mh.rx": 1, "mh.tx": 1, "pbu.rx": 1, "pba.accepted-tx": 1, "session.opened": 1,
                                 "path.encapsulated": 1}, ids=["RFC5213-5.3.1-03", "RFC5213-5.3.2-11", "RFC5213-5.3.6-29"])
    yield Case("register-refused", "RFC 5213 section 5.3.1: a gateway that is not authorised is told so (154)",
               ("anchor", []), [("core", [core_in(pbu(STRANGER, NODE, 9))])],
               core=[core_out(pba(NODE, STRANGER, 9, "::", lifetime=0, status=154))],
               count=ROUTED | {"mh.rx": 1, "mh.tx": 1, "pbu.rx": 1, "pba.rejected-tx": 1})
    ask = IPv6(src=MN1_LL, dst=ROUTERS, hlim=255) / ICMPv6ND_RS() / ICMPv6NDOptSrcLLAddr(lladdr=MN1_MAC)
    ra = (IPv6(src=LINK_LOCAL, dst=MN1_LL, hlim=255) / ICMPv6ND_RA(chlim=64, M=0, O=0, prf=0, routerlifetime=1800) /
          ICMPv6NDOptSrcLLAddr(lladdr=LINK_MAC) / ICMPv6NDOptMTU(mtu=1460) /
          ICMPv6NDOptPrefixInfo(prefix=AWAY1, prefixlen=64, L=1, A=1, validlifetime=3600, preferredlifetime=3600))
    up = udp(G1, CN)
    yield Case("attach", "RFC 5213 sections 6.9.1.1 and 6.9.1.2: a host that shows up is registered, and hears of its "
               "prefix when the anchor has answered", ("gateway", []),
               [("access", [ether(ROUTERS_MAC, MN1_MAC, ask)]), ("core", [core_in(pba(ANCHOR, NODE, 1, AWAY1, UNKNOWN))]),
                ("access", [access_in(up)])],
               core=[core_out(pbu(NODE, ANCHOR, 1, handoff=UNKNOWN)), core_out(tunnel(NODE, ANCHOR, on(up)))],
               access=[access_out(ra)],
               count={"path.punted": 2, "path.injected": 2, "path.routed": 1, "nd.rs-rx": 1, "nd.ra-tx": 1, "access.attached": 1, "mh.rx": 1,
                      "mh.tx": 1, "pbu.tx": 1, "pba.accepted-rx": 1, "session.opened": 1, "path.encapsulated": 1})


def bad_signalling():
    fixed = struct.pack("!HHH", 9, 0x8200, 900)
    proto = mobility(MAG1, NODE, 5, fixed, payload_proto=17)
    length = mobility(MAG1, NODE, 5, fixed[:2])
    unknown = mobility(MAG1, NODE, 99, fixed)
    binding_error = mobility(NODE, MAG1, 7, bytes([2, 0]) + bytes(16))
    yield Case("mh-payload-proto", "RFC 6275 section 9.2: a payload protocol other than 59 is a parameter problem",
               ANCHOR_ONE, [("core", [core_in(proto)])], core=[core_out(parameter(proto, 40))], count=ROUTED,
               drop={"mh.payload-proto": 1}, ids=["RFC5213-5.3.1-02"])
    yield Case("mh-type", "RFC 6275 section 9.2: a message of an unknown type is answered by a Binding Error", ANCHOR_ONE,
               [("core", [core_in(unknown)])], core=[core_out(binding_error)],
               count=ROUTED | {"mh.tx": 1, "be.tx": 1}, drop={"mh.type": 1}, ids=["RFC5213-5.3.1-02"])
    bad = [mobility(MAG1, NODE, 5, fixed, checksum=1), mobility(MAG1, NODE, 5, fixed, units=7),
           IPv6(src=MAG1, dst=NODE, nh=135, hlim=64) / Raw(b"\x3b\0\5"),
           mobility(MAG1, NODE, 5, fixed + bytes([22, 60, 0, 0]))]
    yield Case("mh-bad", "RFC 6275 section 9.2: a wrong checksum, a message that ends too soon and an option that runs past "
               "it are dropped in silence", ANCHOR_ONE, [("core", [core_in(p) for p in bad])], count={"path.punted": 4},
               drop={"mh.checksum": 1, "mh.short": 2, "mh.option": 1}, ids=["RFC5213-5.3.1-02"])
    yield Case("mh-length", "RFC 6275 section 9.2: a header shorter than its type needs is a parameter problem", ANCHOR_ONE,
               [("core", [core_in(length)])], core=[core_out(parameter(length, 41))], count=ROUTED,
               drop={"mh.short": 1}, ids=["RFC5213-5.3.1-02"])
    yield Case("mh-unexpected", "An update that reaches a gateway, or an anchor's second address, is for nobody", GATEWAY_ONE,
               [("core", [core_in(pbu(MAG1, NODE, 9)), core_in(pbu(MAG1, NODE2, 9))])],
               count={"path.punted": 2, "mh.rx": 2}, drop={"mh.unexpected": 2})
    inside = pbu(A1, NODE, 9)
    yield Case("mh-from-tunnel", "A mobile node has no say in signalling: what comes out of its tunnel is no update",
               ANCHOR_ONE, [("core", [core_in(tunnel(MAG1, NODE, inside))])],
               core=[core_out(tunnel(NODE, MAG1, parameter(inside, 6, code=1)))],
               count=ANSWERED | {"path.decapsulated": 1, "path.encapsulated": 1}, drop={"host.own-unused": 1})


TALK = [*own(), *neighbours(), *hosts(), *signalling(), *bad_signalling()]
