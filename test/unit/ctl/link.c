/* SPDX-License-Identifier: BSD-3-Clause */
/* The links of the core: neighbours, their routes, and packets to own addresses. */
#include <string.h>

#include "cases.h"
#include "rig.h"

static const struct wish anchor = {.lma = true};

static enum fwd_adjacency_state
route_state(struct rig *r, const char *dst)
{
	struct addr6 to = ip6(dst);
	const struct fwd_adjacency *a = fwd_adjacency_find(r->fwd, fwd_route_find(r->fwd, &to));

	return a != NULL ? a->state : FWD_ADJACENCY_FREE;
}

static void
waits_and_learns(void)
{
	struct addr6 cn = ip6(CN), peer = ip6(PEER);
	struct frame f = downlink(&cn, &peer, 100);
	struct nd_frame at;
	uint64_t punted;
	struct rig r;

	rig_open(&r, &anchor);
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_GLEAN);
	rig_send(&r, CORE, &f);
	CU_ASSERT_FATAL(rig_take_packet(&r, CORE, PEER, 17, &at));
	CU_ASSERT(addr_mac_equal(&at.eth_dst, &(struct addr_mac){{2, 0, 0, 0, 0, 5}}));
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_READY);
	punted = rig_count(&r, STAT_PUNTED);
	rig_send(&r, CORE, &f);
	CU_ASSERT(rig_take_packet(&r, CORE, PEER, 17, NULL));
	CU_ASSERT_EQUAL(rig_count(&r, STAT_PUNTED), punted);

	rig_wait(&r, 31000); /* not confirmed for the reachable time */
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_GLEAN);
	CU_ASSERT_EQUAL(index_pool_used(&r.ctl->nexthop_ids), 1);
	rig_send(&r, CORE, &f);
	CU_ASSERT(rig_take_packet(&r, CORE, PEER, 17, NULL));
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_READY);
	rig_close(&r);
}

static void
nobody_answers(void)
{
	struct addr6 cn = ip6(CN), peer = ip6(PEER);
	struct frame f = downlink(&cn, &peer, 100);
	struct rig r;
	uint64_t before;

	rig_open(&r, &anchor);
	r.mute = true;
	before = rig_drops(&r, STAT_DROP_NO_ADJACENCY);
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_NO_ADJACENCY), before);
	rig_wait(&r, 4000);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_NO_ADJACENCY), before + 1);
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_GLEAN);
	rig_close(&r);
}

static void
router_goes_and_comes(void)
{
	struct rig r;

	rig_open(&r, &anchor);
	CU_ASSERT_EQUAL(route_state(&r, CN), FWD_ADJACENCY_READY);
	r.mute = true;
	rig_wait(&r, 36000);
	CU_ASSERT_EQUAL(route_state(&r, CN), FWD_ADJACENCY_WAIT);
	r.mute = false;
	rig_wait(&r, 8000);
	CU_ASSERT_EQUAL(route_state(&r, CN), FWD_ADJACENCY_READY);
	rig_close(&r);
}

static void
used_nexthop(void)
{
	struct addr6 peer = ip6(PEER);
	uint32_t id;
	struct rig r;

	rig_open(&r, &anchor);
	id = ctl_nexthop_take(r.ctl, &peer);
	NEED(id != INDEX_NONE);
	CU_ASSERT_EQUAL(ctl_nexthop_take(r.ctl, &peer), id);
	rig_run(&r);
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_READY); /* traffic to it needs no control lcore either */
	r.mute = true;
	rig_wait(&r, 36000);
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_WAIT);
	ctl_nexthop_put(r.ctl, id);
	rig_run(&r);
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_WAIT);
	ctl_nexthop_put(r.ctl, id);
	rig_run(&r);
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_GLEAN);
	CU_ASSERT_EQUAL(index_pool_used(&r.ctl->nexthop_ids), 1);
	rig_close(&r);
}

/* A worker that is not quiet holds the tables' memory: a change waits for it, and nothing is given away too early. */
static void
worker_not_quiet(void)
{
	struct addr6 peer = ip6(PEER);
	struct addr_mac at = mac(PEER_MAC);
	unsigned int waited = 0;
	struct rig r;

	rig_open(&r, &anchor);
	for (unsigned int i = 0; i < 8; i++) {
		ctl_nexthop_neighbour(r.ctl, CORE, &peer, &at, true);
		ctl_turn(r.ctl, 0);
		ctl_nexthop_neighbour(r.ctl, CORE, &peer, &at, false);
		ctl_turn(r.ctl, 0);
		waited += r.ctl->pending_count;
	}
	CU_ASSERT(waited > 0);
	CU_ASSERT(r.ctl->routes_dirty && index_pool_used(&r.ctl->nexthop_ids) == 2);
	rig_run(&r);
	CU_ASSERT(!r.ctl->routes_dirty && r.ctl->pending_count == 0);
	CU_ASSERT_EQUAL(index_pool_used(&r.ctl->nexthop_ids), 1);
	CU_ASSERT_EQUAL(route_state(&r, PEER), FWD_ADJACENCY_GLEAN);
	rig_close(&r);
}

static void
echo(void)
{
	struct addr6 cn = ip6(CN), node = ip6(NODE), mn;
	struct addr_prefix home;
	struct nd_frame at;
	struct nd_msg reply;
	struct frame f, in;
	struct rig r;

	rig_open(&r, &anchor);
	f = echo_request(&cn, &node);
	rig_send(&r, CORE, &f);
	CU_ASSERT(rig_take_nd(&r, CORE, ND_ECHO_REPLY, &reply, &at));
	CU_ASSERT(addr6_equal(&at.ip_dst, &cn));
	rig_pbu(&r, &(struct update){0});
	home = rig_prefix_of_lma(&r);
	mn = rig_host_in(&home);
	f = echo_request(&mn, &node);
	in = tunnelled(MAG1, NODE, &f);
	rig_send(&r, CORE, &in);
	CU_ASSERT_FATAL(rig_take_packet(&r, CORE, MAG1, 41, &at));
	CU_ASSERT_EQUAL(at.payload[6], ND_PROTO_ICMP6);
	CU_ASSERT_EQUAL(at.payload[40], 129);
	CU_ASSERT(memcmp(at.payload + 24, &mn, sizeof(mn)) == 0);
	rig_close(&r);
}

static void
unused(void)
{
	struct addr6 cn = ip6(CN), node = ip6(NODE);
	uint8_t udp[16] = {0};
	struct frame f = packet(ROUTER_MAC, NODE_MAC, &cn, &node, 17, udp, sizeof(udp));
	struct rig r;

	rig_open(&r, &anchor);
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_OWN_UNUSED), 1);
	rig_close(&r);
}

/* What a router on the way to MAG1 says about a tunnel packet to it with a packet of `inner` in it. */
static void
error_within(struct rig *r, const char *remote, uint8_t type, uint8_t code, const struct frame *inner)
{
	const struct nd_link link = {.src_mac = mac(ROUTER_MAC), .dst_mac = mac(NODE_MAC)};
	struct frame about = tunnelled(NODE, remote, inner), f;
	struct addr6 router = ip6(ROUTER);
	int n = nd_error_encode(&link, &router, type, code, 0, about.b + 14, about.len - 14, f.b, sizeof(f.b));

	NEED(n > 0);
	f.len = (size_t)n;
	rig_send(r, CORE, &f);
}

/* RFC 2473 sections 8.1 and 8.2: the correspondent node hears from the anchor that the host cannot be reached. */
static void
relayed(void)
{
	static const uint8_t told[][2] = {{1, 0}, {1, 3}, {3, 0}}, not_told[][2] = {{1, 4}, {3, 1}, {4, 1}, {127, 0}};
	struct addr6 cn = ip6(CN), node = ip6(NODE), mn;
	struct addr_prefix home;
	struct nd_frame at;
	struct frame lost;
	struct rig r;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){0});
	home = rig_prefix_of_lma(&r);
	mn = rig_host_in(&home);
	lost = downlink(&cn, &mn, 1200); /* more than an error quotes */
	for (unsigned int i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		error_within(&r, MAG1, told[i][0], told[i][1], &lost);
		CU_ASSERT_FATAL(rig_take_packet(&r, CORE, CN, ND_PROTO_ICMP6, &at));
		CU_ASSERT(addr6_equal(&at.ip_src, &node));
		CU_ASSERT(at.payload[0] == 1 && at.payload[1] == 3);
		CU_ASSERT_EQUAL(at.ip_len, 1280 - 40); /* without the outer header */
		CU_ASSERT_EQUAL(memcmp(at.payload + 8, lost.b + 14, 1280 - 48 - 40), 0);
		CU_ASSERT_EQUAL(nd_checksum(&node, &cn, ND_PROTO_ICMP6, at.payload, at.payload_len), 0);
	}
	CU_ASSERT_EQUAL(rig_count(&r, STAT_ERRORS_RELAYED), 3);
	for (unsigned int i = 0; i < sizeof(not_told) / sizeof(not_told[0]); i++)
		error_within(&r, MAG1, not_told[i][0], not_told[i][1], &lost);
	error_within(&r, MAG2, 1, 0, &lost); /* there is no such tunnel */
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_OWN_UNUSED), 5);
	CU_ASSERT_FALSE(rig_take_packet(&r, CORE, CN, ND_PROTO_ICMP6, NULL));
	for (unsigned int i = 0; i < 40; i++)
		error_within(&r, MAG1, 1, 0, &lost);
	CU_ASSERT(rig_drops(&r, STAT_DROP_ICMP_RATE) >= 20);
	rig_close(&r);
}

const struct unit_case link_cases[] = {
	{"a packet waits for its neighbour, which gets a route that goes with it", waits_and_learns},
	{"a packet whose neighbour does not answer is counted", nobody_answers},
	{"routes wait while their router is away", router_goes_and_comes},
	{"a next hop stays while somebody uses it", used_nexthop},
	{"a change that a worker holds up is made later, and loses nothing", worker_not_quiet},
	{"an echo request out of a tunnel is answered by the routes, one of a link by the link", echo},
	{"a packet to an own address that nothing takes is counted", unused},
	{"an error from within a tunnel is told to the source of the packet in it, as often as errors are", relayed},
};
const unsigned int link_case_count = UNIT_COUNT(link_cases);
