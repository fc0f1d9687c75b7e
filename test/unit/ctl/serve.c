/* SPDX-License-Identifier: BSD-3-Clause */
/* The node as a gateway: what the hosts that it serves get of the tunnel, of the signalling, and for a router. */
#include <string.h>

#include "cases.h"
#include "rig.h"

#define HOME1 "2001:db8:5:1::/64"
#define HOME2 "2001:db8:5:2::/64"

static const struct wish gateway = {.mag = true};

/* A host shows up; the update that it makes. */
static struct mh_msg
update_of(struct rig *r, const char *host)
{
	struct frame f = solicitation(host);
	struct mh_msg pbu;

	rig_send(r, ACCESS, &f);
	NEED(rig_take_mh(r, MH_PBU, &pbu));
	return pbu;
}

static void
serve(struct rig *r, const char *host, const char *home)
{
	struct mh_msg pbu = update_of(r, host);
	struct addr_prefix p = prefix(home);

	rig_pba(r, &pbu, MH_STATUS_ACCEPTED, &p);
	NEED(rig_value(r, &p) != FWD_VALUE_NONE);
}

static void
leave(struct rig *r, const char *host)
{
	struct access_event e = {.type = ACCESS_EV_DETACH, .key = {.port = ACCESS, .mac = mac(host)}};

	ctl_access_step(r->ctl, &e);
	rig_run(r);
}

static bool
is_from(const struct nd_frame *f, const void *arg)
{
	return addr6_equal(&f->ip_src, arg);
}

/* The very frame: no destination options, so no Home Address option either, between IPv6 and the Mobility Header. */
/* shows: RFC5213-6.9.1.5-13 */
static void
no_home_address(void)
{
	const struct addr6 node = ip6(NODE), anchor = ip6(ANCHOR);
	struct frame rs = solicitation(MN1_MAC), f;
	struct nd_frame at;
	struct mh_msg pbu;
	struct rig r;

	rig_open(&r, &gateway);
	rig_forget(&r);
	rig_send(&r, ACCESS, &rs);
	CU_ASSERT_FATAL(rig_take(&r, CORE, is_from, &node, &f, &at));
	CU_ASSERT_EQUAL(f.b[14 + 6], MH_PROTOCOL);
	CU_ASSERT(memcmp(&f.b[14 + 24], &anchor, sizeof(anchor)) == 0);
	CU_ASSERT_EQUAL(mh_decode(&f.b[14 + 40], f.len - 14 - 40, &node, &anchor, &pbu), MH_OK);
	rig_close(&r);
}

/* Spoil an answer in one place; the checksum is right again but where it is what was spoilt. */
static void
send_spoilt(struct rig *r, const struct mh_msg *pbu, unsigned int place, uint8_t value, bool sum)
{
	struct addr6 src = ip6(ANCHOR), dst = ip6(NODE);
	struct mh_msg pba = {.type = MH_PBA,
			     .pba = {.flags = MH_PBA_P, .sequence = pbu->pbu.sequence, .lifetime = 900},
			     .opt = pbu->opt};
	uint8_t bytes[512];
	struct frame f;
	uint16_t right;
	int len;

	pba.opt.hnp[0].prefix = prefix(HOME1);
	len = mh_encode(&pba, &src, &dst, bytes, sizeof(bytes));
	NEED(len > 0);
	bytes[place] = value;
	if (sum) {
		bytes[4] = bytes[5] = 0;
		right = mh_checksum(bytes, (size_t)len, &src, &dst);
		bytes[4] = (uint8_t)(right >> 8);
		bytes[5] = (uint8_t)right;
	}
	f = packet(ROUTER_MAC, NODE_MAC, &src, &dst, MH_PROTOCOL, bytes, (size_t)len);
	rig_send(r, CORE, &f);
}

/* Checksum, payload protocol, length and type, as RFC 6275 section 9.2 has them, of an answer that is right otherwise.
 */
/* shows: RFC5213-6.9.1.2-03 */
static void
malformed_answers(void)
{
	struct mh_msg pbu;
	struct rig r;

	rig_open(&r, &gateway);
	pbu = update_of(&r, MN1_MAC);
	send_spoilt(&r, &pbu, 5, 0x5a, false);
	send_spoilt(&r, &pbu, 0, 58, true);
	send_spoilt(&r, &pbu, 1, 200, true);
	send_spoilt(&r, &pbu, 1, 0, true);
	send_spoilt(&r, &pbu, 2, 99, true);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 0);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_PBA_ACCEPTED_RX), 0);
	send_spoilt(&r, &pbu, 3, 0, true); /* nothing */
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 1);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_PBA_ACCEPTED_RX), 1);
	rig_close(&r);
}

/* Without any routing header. With it go both ways: the host's packets to the anchor, the tunnel's to the host. */
/* shows: RFC5213-6.9.1.2-05 RFC5213-6.9.1.2-18 RFC5213-6.9.1.2-20 RFC5213-6.9.1.2-21 */
static void
tunnel_carries(void)
{
	struct addr_prefix home = prefix(HOME1);
	struct addr6 mn = rig_host_in(&home), cn = ip6(CN), node = ip6(NODE);
	struct nd_frame at;
	struct frame f, in;
	struct rig r;

	rig_open(&r, &gateway);
	f = uplink(MN1_MAC, &mn, &cn);
	CU_ASSERT_EQUAL(fwd_tunnel_next(r.fwd, 0), 0);
	serve(&r, MN1_MAC, HOME1);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT_FATAL(rig_take_packet(&r, CORE, ANCHOR, 41, &at));
	CU_ASSERT(addr6_equal(&at.ip_src, &node));
	CU_ASSERT(memcmp(at.payload + 8, &mn, sizeof(mn)) == 0 && memcmp(at.payload + 24, &cn, sizeof(cn)) == 0);
	f = downlink(&cn, &mn, 200);
	in = tunnelled(ANCHOR, NODE, &f);
	rig_send(&r, CORE, &in);
	CU_ASSERT_FATAL(rig_take(&r, ACCESS, is_from, &cn, &f, &at));
	CU_ASSERT(addr_mac_equal(&at.eth_dst, &(struct addr_mac){{2, 0, 0, 0, 0xaa, 1}}));
	CU_ASSERT(addr6_equal(&at.ip_dst, &mn));
	rig_close(&r);
}

/* shows: RFC5213-6.9.1.2-18 RFC5213-6.9.1.2-19 RFC5213-6.9.1.4-08 */
static void
tunnel_is_shared(void)
{
	struct mh_msg pbu;
	uint32_t tunnel;
	struct rig r;

	rig_open(&r, &gateway);
	serve(&r, MN1_MAC, HOME1);
	tunnel = fwd_tunnel_next(r.fwd, 0);
	CU_ASSERT_EQUAL(fwd_tunnel_uses(r.fwd, tunnel), 1);
	serve(&r, MN2_MAC, HOME2);
	CU_ASSERT(fwd_tunnel_next(r.fwd, 0) == tunnel && fwd_tunnel_next(r.fwd, tunnel) == 0);
	CU_ASSERT_EQUAL(fwd_tunnel_uses(r.fwd, tunnel), 2);
	leave(&r, MN1_MAC);
	CU_ASSERT(rig_take_mh(&r, MH_PBU, &pbu) && pbu.pbu.lifetime == 0);
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, NULL);
	CU_ASSERT_EQUAL(fwd_tunnel_next(r.fwd, 0), tunnel);
	CU_ASSERT_EQUAL(fwd_tunnel_uses(r.fwd, tunnel), 1);
	leave(&r, MN2_MAC);
	CU_ASSERT_EQUAL(fwd_tunnel_next(r.fwd, 0), 0);
	rig_close(&r);
}

/* A router on the way to the anchor says that a packet of the tunnel was too big for its link. */
static void
too_big(struct rig *r, uint32_t mtu)
{
	struct addr6 router = ip6(ROUTER), node = ip6(NODE), anchor = ip6(ANCHOR), cn = ip6(CN);
	struct addr6 mn = ip6("2001:db8:5:1::99");
	struct frame inner = uplink(MN1_MAC, &mn, &cn);
	struct frame lost = packet(NODE_MAC, ROUTER_MAC, &node, &anchor, 41, &inner.b[14], inner.len - 14), f;
	uint8_t icmp[8 + 256] = {2,	      0, 0, 0, (uint8_t)(mtu >> 24), (uint8_t)(mtu >> 16), (uint8_t)(mtu >> 8),
				 (uint8_t)mtu};
	size_t quoted = lost.len - 14 < 256 ? lost.len - 14 : 256;
	uint16_t sum;

	memcpy(&icmp[8], &lost.b[14], quoted);
	sum = nd_checksum(&router, &node, ND_PROTO_ICMP6, icmp, 8 + quoted);
	icmp[2] = (uint8_t)(sum >> 8);
	icmp[3] = (uint8_t)sum;
	f = packet(ROUTER_MAC, NODE_MAC, &router, &node, ND_PROTO_ICMP6, icmp, 8 + quoted);
	rig_send(r, CORE, &f);
}

/* The MTU of the last advertisement that the access link heard, 0 when there was none. */
static uint32_t
advertised(struct rig *r)
{
	uint32_t mtu = 0;
	struct nd_msg ra;

	while (rig_take_nd(r, ACCESS, ND_RA, &ra, NULL))
		mtu = ra.ra.mtu;
	return mtu;
}

/*
 * The tunnel's MTU is that of the core port's link until the path says otherwise, less the outer header; hosts hear of
 * it, of what the path says, unasked, and of what it is again when nothing was said of it for long.
 */
/* shows: RFC5213-6.9.2-07 RFC5213-6.9.2-08 RFC5213-6.9.5-01 RFC5213-6.9.5-02 RFC5213-6.9.5-06 RFC5213-6.9.5-07 */
/* shows: RFC5213-6.9.5-08 RFC5213-6.9.5-10 RFC5213-6.9.5-11 RFC5213-6.9.5-12 */
static void
path_mtu(void)
{
	struct frame rs = solicitation(MN1_MAC);
	uint16_t mtu;
	struct rig r;

	rig_open(&r, &gateway);
	serve(&r, MN1_MAC, HOME1);
	rig_wait(&r, 1000);
	CU_ASSERT(rig_only_tunnel(&r, &mtu) && mtu == 1460);
	CU_ASSERT_EQUAL(advertised(&r), 1460);
	too_big(&r, 1400);
	CU_ASSERT(rig_only_tunnel(&r, &mtu) && mtu == 1360);
	rig_wait(&r, 6000);
	CU_ASSERT_EQUAL(advertised(&r), 1360);
	rig_wait(&r, 6000);
	CU_ASSERT_EQUAL(advertised(&r), 0);
	rig_send(&r, ACCESS, &rs);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(advertised(&r), 1360);
	for (unsigned int s = 0; s < 600; s += 20) { /* the host stays */
		rig_wait(&r, 20000);
		rig_send(&r, ACCESS, &rs);
	}
	rig_wait(&r, 6000);
	CU_ASSERT_EQUAL(advertised(&r), 1460);
	rig_close(&r);
}

/* Where the anchor gives the router's address, and the host has it. */
/* shows: RFC5213-6.9.1.2-25 RFC5213-6.9.1.2-26 */
static void
router_taken(void)
{
	struct addr_prefix home = prefix(HOME1);
	struct addr6 chosen;
	struct nd_frame at;
	struct mh_msg pbu;
	struct nd_msg ra;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .asks_link_local = true});
	pbu = update_of(&r, MN1_MAC);
	CU_ASSERT(mh_has(&pbu, MH_OPT_LINK_LOCAL_ADDRESS) && addr6_is_zero(&pbu.opt.link_local.addr));
	pbu.opt.link_local.addr = addr6_link_local(&(struct addr_mac){{2, 0, 0, 0, 0xaa, 1}});
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &home);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &pbu));
	chosen = pbu.opt.link_local.addr;
	CU_ASSERT(addr6_is_link_local(&chosen));
	CU_ASSERT(!addr6_equal(&chosen, &(struct addr6){{0xfe, 0x80, [8] = 0, 0, 0, 0xff, 0xfe, 0, 0xaa, 1}}));
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &home);
	rig_wait(&r, 1000);
	CU_ASSERT_FATAL(rig_take_nd(&r, ACCESS, ND_RA, &ra, &at));
	CU_ASSERT(addr6_equal(&at.ip_src, &chosen));
	rig_close(&r);
}

const struct unit_case serve_cases[] = {
	{"an update has no Home Address option in front of it", no_home_address},
	{"an answer whose Mobility Header is malformed is ignored", malformed_answers},
	{"an acknowledgement makes a tunnel that carries the host's packets, both ways", tunnel_carries},
	{"the hosts of one anchor share a tunnel, which goes with the last of them", tunnel_is_shared},
	{"the MTU of the path to the anchor is found, and told to the hosts when it changes", path_mtu},
	{"a host that has the router's address gets a router of another, and the anchor hears of it", router_taken},
};
const unsigned int serve_case_count = UNIT_COUNT(serve_cases);
