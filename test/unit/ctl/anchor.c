/* SPDX-License-Identifier: BSD-3-Clause */
/* The node as an anchor: registrations over the wire, what they do to the tables. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cases.h"
#include "rig.h"

static const struct wish anchor = {.lma = true};

static enum host_state
router_state(struct rig *r)
{
	struct host_neighbour_view v;
	uint32_t at = 0;

	NEED(host_neighbour_next(r->host, &at, &v));
	return v.state;
}

/* Until the router is asked for anew. */
static void
wait_for_question(struct rig *r)
{
	for (unsigned int i = 0; i < 200 && router_state(r) != HOST_FAILED; i++)
		rig_wait(r, 50);
	for (unsigned int i = 0; i < 200 && router_state(r) != HOST_INCOMPLETE; i++)
		rig_wait(r, 50);
	NEED(router_state(r) == HOST_INCOMPLETE);
}

static int
status_of(struct rig *r)
{
	struct mh_msg pba;

	return rig_take_mh(r, MH_PBA, &pba) ? pba.pba.status : -1;
}

static bool
leads_to(struct rig *r, const struct addr_prefix *p, const char *remote)
{
	uint64_t value = rig_value(r, p);
	const struct fwd_tunnel *t = fwd_tunnel_find(r->fwd, fwd_value_tunnel(value));
	struct addr6 to = ip6(remote);

	return value != FWD_VALUE_NONE && fwd_value_flags(value) == 0 && t != NULL && addr6_equal(&t->remote, &to);
}

static void
tables_come_first(void)
{
	struct rig r;
	struct addr_prefix home;
	struct mh_msg pba;

	rig_open(&r, &(struct wish){.lma = true, .mute = true});
	wait_for_question(&r);
	r.mute = false;
	rig_pbu(&r, &(struct update){0});
	home = rig_prefix_of_lma(&r);
	CU_ASSERT(leads_to(&r, &home, MAG1));
	CU_ASSERT_EQUAL(status_of(&r), -1);
	rig_wait(&r, 1000);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBA, &pba));
	CU_ASSERT_EQUAL(pba.pba.status, MH_STATUS_ACCEPTED);
	CU_ASSERT(pba.opt.hnp_count == 1 && addr_prefix_equal(&pba.opt.hnp[0].prefix, &home));
	CU_ASSERT_EQUAL(rig_count(&r, STAT_MH_TX), 1);
	rig_close(&r);
}

/* shows: RFC5213-5.6.1-01 RFC5213-5.6.1-04 */
/* shows: RFC5213-5.3.2-08 RFC5213-5.3.2-11 */
static void
traffic_is_tunnelled(void)
{
	struct rig r;
	struct addr_prefix home;
	struct addr6 cn = ip6(CN), mn;
	struct frame f, up;
	struct nd_frame at;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){0});
	home = rig_prefix_of_lma(&r);
	mn = rig_host_in(&home);
	f = downlink(&cn, &mn, 200);
	rig_send(&r, CORE, &f);
	CU_ASSERT_FATAL(rig_take_packet(&r, CORE, MAG1, 41, &at));
	CU_ASSERT_EQUAL(at.payload_len, 200);
	CU_ASSERT(addr_mac_equal(&at.eth_dst, &(struct addr_mac){{2, 0, 0, 0, 0, 1}}));
	CU_ASSERT(memcmp(at.payload + 8, f.b + 14 + 8, 32) == 0);

	f = downlink(&mn, &cn, 200);
	up = tunnelled(MAG1, NODE, &f);
	rig_send(&r, CORE, &up);
	CU_ASSERT(rig_take_packet(&r, CORE, CN, 17, NULL));
	up = tunnelled(MAG2, NODE, &f);
	rig_send(&r, CORE, &up);
	CU_ASSERT(!rig_take_packet(&r, CORE, CN, 17, NULL));
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_UPLINK_WRONG_TUNNEL), 1);
	rig_close(&r);
}

/* shows: RFC5213-5.3.4-02 RFC5213-5.6.1-03 RFC5213-5.6.1-05 RFC5213-5.6.1-06 */
static void
handover_replaces_tunnel(void)
{
	struct rig r;
	struct addr_prefix home;
	uint16_t mtu;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){0});
	home = rig_prefix_of_lma(&r);
	rig_pbu(&r, &(struct update){.mag = MAG2, .hnp = &home, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT(leads_to(&r, &home, MAG2));
	CU_ASSERT(rig_only_tunnel(&r, &mtu));
	CU_ASSERT_EQUAL(mtu, 1460);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 1);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_HANDOVERS), 1);
	rig_close(&r);
}

/* shows: RFC5213-5.3.4-03 RFC5213-5.3.4-04 RFC5213-5.3.4-05 RFC5213-5.3.4-07 RFC5213-5.3.2-09 */
static void
handover_between_shared_tunnels(void)
{
	struct rig r;
	struct addr_prefix home, other;
	struct addr6 cn = ip6(CN), mn;
	struct frame down, inner, up;
	struct lma_view v;
	uint16_t mtu;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mn = MN2});
	other = rig_prefix_of_lma(&r);
	rig_pbu(&r, &(struct update){0});
	CU_ASSERT_FATAL(lma_find(r.lma, 1, &v));
	home = v.prefix[0];
	CU_ASSERT(rig_only_tunnel(&r, &mtu)); /* of both */
	rig_pbu(&r, &(struct update){.mag = MAG2, .hnp = &home, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT(leads_to(&r, &other, MAG1));
	CU_ASSERT(leads_to(&r, &home, MAG2));
	mn = rig_host_in(&home);
	down = downlink(&cn, &mn, 200);
	inner = downlink(&mn, &cn, 200);
	rig_forget(&r);
	rig_send(&r, CORE, &down);
	CU_ASSERT(rig_take_packet(&r, CORE, MAG2, 41, NULL));
	up = tunnelled(MAG2, NODE, &inner);
	rig_send(&r, CORE, &up);
	CU_ASSERT(rig_take_packet(&r, CORE, CN, 17, NULL));
	up = tunnelled(MAG1, NODE, &inner);
	rig_send(&r, CORE, &up);
	CU_ASSERT(!rig_take_packet(&r, CORE, CN, 17, NULL));
	/* The last mobile node to leave a gateway takes its tunnel away. */
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2, .hnp = &other, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT(leads_to(&r, &other, MAG2));
	CU_ASSERT(rig_only_tunnel(&r, &mtu));
	rig_close(&r);
}

/* The prefix is in the tables, without a tunnel. */
static bool
leads_nowhere(struct rig *r, const struct addr_prefix *p)
{
	uint64_t value = rig_value(r, p);

	return value != FWD_VALUE_NONE && !(fwd_value_flags(value) & FWD_ACCESS) && fwd_value_tunnel(value) == 0;
}

/* What comes for it, and what it sends through its old tunnel, is dropped; nobody hears of it. */
static void
check_silence(struct rig *r, const struct addr_prefix *home)
{
	struct addr6 cn = ip6(CN), mn = rig_host_in(home);
	struct frame down = downlink(&cn, &mn, 200), inner = downlink(&mn, &cn, 200);
	struct frame up = tunnelled(MAG1, NODE, &inner);

	rig_forget(r);
	rig_send(r, CORE, &down);
	rig_send(r, CORE, &up);
	CU_ASSERT_EQUAL(rig_drops(r, STAT_DROP_DOWNLINK_NO_SESSION), 1);
	CU_ASSERT_EQUAL(rig_drops(r, STAT_DROP_UPLINK_WRONG_TUNNEL), 1);
	CU_ASSERT_EQUAL(r->heard_count[CORE], 0);
	CU_ASSERT_EQUAL(rig_count(r, STAT_GENERATED), 0);
}

static struct addr_prefix
linger(struct rig *r, const char *fixed)
{
	struct addr6 router = ip6(ROUTER);
	struct addr_prefix home;
	uint16_t mtu;

	rig_open(r, &(struct wish){.lma = true, .fixed = fixed});
	rig_pbu(r, &(struct update){0});
	home = rig_prefix_of_lma(r);
	rig_forget(r);
	rig_pbu(r, &(struct update){.dereg = true, .hnp = &home});
	CU_ASSERT_EQUAL(status_of(r), MH_STATUS_ACCEPTED);
	CU_ASSERT(leads_nowhere(r, &home));
	CU_ASSERT(!rig_only_tunnel(r, &mtu));
	CU_ASSERT_EQUAL(ctl_nexthop_find(r->ctl, CORE, &router)->uses, 1); /* the route's */
	return home;
}

/* shows: RFC5213-5.3.5-05 RFC5213-5.3.5-07 RFC5213-5.6.1-03 RFC5213-5.6.1-05 RFC5213-5.6.1-06 */
static void
deregistration_drops(void)
{
	/* In the pool, and outside of all pools, where the default route would take it. */
	const char *const fixed[] = {NULL, "2001:db8:2:1::/64"};

	for (unsigned int i = 0; i < UNIT_COUNT(fixed); i++) {
		struct addr_prefix home;
		struct rig r;

		home = linger(&r, fixed[i]);
		check_silence(&r, &home);
		rig_wait(&r, 10100);
		CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
		CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 0);
		rig_pbu(&r, &(struct update){.mn = fixed[i] == NULL ? MN2 : MN1, .mag = MAG2});
		home = rig_prefix_of_lma(&r);
		CU_ASSERT(leads_to(&r, &home, MAG2));
		rig_close(&r);
	}
}

/* shows: RFC5213-5.3.5-06 */
static void
back_while_lingering(void)
{
	struct addr_prefix home;
	struct rig r;

	home = linger(&r, NULL);
	rig_pbu(&r,
		&(struct update){.hnp = &home, .handoff = MH_HANDOFF_BETWEEN_MAGS, .mag = MAG2, .alt_coa = NOWHERE});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT(leads_nowhere(&r, &home));
	rig_pbu(&r, &(struct update){.hnp = &home, .handoff = MH_HANDOFF_BETWEEN_MAGS, .mag = MAG2});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_ACCEPTED);
	rig_wait(&r, 10100);
	CU_ASSERT(leads_to(&r, &home, MAG2));
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 1);
	rig_close(&r);
}

static void
no_way_to_gateway(void)
{
	struct rig r;
	struct addr_prefix home;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.alt_coa = NOWHERE});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT(fwd_prefix_count(r.fwd) == 0 && fwd_tunnel_next(r.fwd, 0) == 0);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);

	rig_pbu(&r, &(struct update){0});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_ACCEPTED);
	home = rig_prefix_of_lma(&r);
	rig_pbu(&r,
		&(struct update){.mag = MAG2, .alt_coa = NOWHERE, .hnp = &home, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT(leads_to(&r, &home, MAG1));
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 1);
	rig_close(&r);
}

static void
no_room_in_tables(void)
{
	struct rig r;
	struct addr_prefix home;
	uint16_t mtu;

	rig_open(&r, &(struct wish){.lma = true, .prefixes = 1});
	rig_pbu(&r, &(struct update){0});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_ACCEPTED);
	home = rig_prefix_of_lma(&r);
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	CU_ASSERT(leads_to(&r, &home, MAG1));
	CU_ASSERT(rig_only_tunnel(&r, &mtu));
	rig_close(&r);
}

/* shows: RFC5213-4-06 */
static void
stranger_is_refused(void)
{
	struct rig r;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = STRANGER});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	rig_pbu(&r, &(struct update){.mn = "nobody@example.com"});
	CU_ASSERT_EQUAL(status_of(&r), MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE);
	CU_ASSERT(fwd_prefix_count(r.fwd) == 0 && lma_session_count(r.lma) == 0);
	rig_close(&r);
}

/* What a router on the way says about a packet from the node to `remote`. */
static void
too_big(struct rig *r, const char *remote, uint32_t mtu)
{
	const struct nd_link link = {.src_mac = mac(ROUTER_MAC), .dst_mac = mac(NODE_MAC)};
	struct addr6 router = ip6(ROUTER), node = ip6(NODE), to = ip6(remote);
	uint8_t inner[1400] = {0};
	struct frame about = packet(NODE_MAC, ROUTER_MAC, &node, &to, 41, inner, sizeof(inner)), f;
	int n = nd_error_encode(&link, &router, 2, 0, mtu, about.b + 14, about.len - 14, f.b, sizeof(f.b));

	NEED(n > 0);
	f.len = (size_t)n;
	rig_send(r, CORE, &f);
}

static void
path_mtu(void)
{
	struct rig r;
	uint16_t mtu;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){0});
	too_big(&r, MAG2, 1400);
	CU_ASSERT(rig_only_tunnel(&r, &mtu) && mtu == 1460);
	too_big(&r, MAG1, 1400);
	CU_ASSERT(rig_only_tunnel(&r, &mtu) && mtu == 1360);
	too_big(&r, MAG1, 1450);
	CU_ASSERT(rig_only_tunnel(&r, &mtu) && mtu == 1360);
	too_big(&r, MAG1, 1279);
	CU_ASSERT(rig_only_tunnel(&r, &mtu) && mtu == 1360);
	r.now.mono_ms += 599000;
	rig_run(&r);
	CU_ASSERT(rig_only_tunnel(&r, &mtu) && mtu == 1360);
	r.now.mono_ms += 1000;
	rig_run(&r);
	CU_ASSERT(rig_only_tunnel(&r, &mtu) && mtu == 1460);
	rig_close(&r);
}

#define ALL_MBUFS 1023

static void
what_cannot_be_sent(void)
{
	struct addr6 src = ip6(NODE), dst = ip6(CN);
	struct rte_mbuf *all[ALL_MBUFS];
	uint8_t payload[64] = {0}, large[2048] = {0};
	unsigned int n = 0, sent = 0;
	uint64_t before;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .inject_ring = 16});
	CU_ASSERT_EQUAL(ctl_send_frame(r.ctl, CORE, large, sizeof(large) + 100), -EMSGSIZE);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_TOO_BIG), 1);
	before = rig_count(&r, STAT_INJECTED);
	while (ctl_send_packet(r.ctl, &src, &dst, 59, payload, sizeof(payload)) == 0)
		sent++;
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_INJECT_FULL), 1);
	rig_run(&r);
	/* What filled the ring, and a burst behind it. */
	CU_ASSERT(sent > 16 && rig_count(&r, STAT_INJECTED) == before + sent);
	while (n < ALL_MBUFS && (all[n] = rte_pktmbuf_alloc(r.pool)) != NULL)
		n++;
	CU_ASSERT_EQUAL(ctl_send_packet(r.ctl, &src, &dst, 59, payload, sizeof(payload)), -ENOBUFS);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_NO_MBUF), 1);
	rte_pktmbuf_free_bulk(all, n);
	rig_close(&r);
}

/* shows: RFC5213-5.5-10 */
static void
epoch(void)
{
	static struct ctl c;
	struct timespec before, after;

	clock_gettime(CLOCK_REALTIME, &before);
	ctl_clock_read(&c);
	clock_gettime(CLOCK_REALTIME, &after);
	CU_ASSERT(c.now.wall >> 16 >= (uint64_t)before.tv_sec && c.now.wall >> 16 <= (uint64_t)after.tv_sec);
	/* A second's fraction has 16 bits. */
	CU_ASSERT(clock_wall_ms_between((uint64_t)before.tv_sec << 16, c.now.wall) >= before.tv_nsec / 1000000 - 1);
	CU_ASSERT(clock_wall_ms_between((uint64_t)after.tv_sec << 16, c.now.wall) <= after.tv_nsec / 1000000);
}

const struct unit_case anchor_cases[] = {
	{"a registration's prefixes are in the tables before its answer leaves", tables_come_first},
	{"a mobile node's traffic goes through the tunnel of its gateway, both ways", traffic_is_tunnelled},
	{"a handover replaces the tunnel and leaves the old one's no trace", handover_replaces_tunnel},
	{"a tunnel is there as long as a mobile node is behind it, and carries what is its own",
	 handover_between_shared_tunnels},
	{"traffic of a de-registered session is dropped in silence until its end, and its prefix is free then",
	 deregistration_drops},
	{"a session that lingers is forwarded again where it comes back, and stays as it was where that fails",
	 back_while_lingering},
	{"without a route to the gateway the answer is 130 and the tables are unchanged", no_way_to_gateway},
	{"without room in the tables the answer is 130 and the tables are unchanged", no_room_in_tables},
	{"a gateway or mobile node that nobody knows changes nothing", stranger_is_refused},
	{"Packet Too Big about tunnel packets lowers the tunnel's mtu, for ten minutes", path_mtu},
	{"what the control lcore cannot send is counted", what_cannot_be_sent},
	{"the time of day in messages is counted from 1970", epoch},
};
const unsigned int anchor_case_count = UNIT_COUNT(anchor_cases);
