/* SPDX-License-Identifier: BSD-3-Clause */
/* Every way through a node, the whole frame compared. */
#include <string.h>

#include "world.h"

#define LEN 100

static struct frame *
from_core(struct frame *f, enum place src, enum place dst)
{
	return frame_ip6(f, NODE_CORE, ROUTER, src, dst, UDP, 64, LEN);
}

static struct frame *
from_tunnel(struct frame *f, enum place remote, enum place src, enum place dst)
{
	return frame_wrap(from_core(f, src, dst), remote, NODE);
}

static struct frame *
from_host(struct frame *f, enum station mac, enum place src, enum place dst)
{
	return frame_ip6(f, NODE_ACCESS, mac, src, dst, UDP, 64, LEN);
}

/* What a forwarded packet looks like: the same with one hop less. */
static struct frame *
to_core(struct frame *f, enum place src, enum place dst)
{
	return frame_ip6(f, ROUTER, NODE_CORE, src, dst, UDP, 63, LEN);
}

static struct frame *
to_tunnel(struct frame *f, enum place remote, enum place src, enum place dst)
{
	return frame_wrap(to_core(f, src, dst), NODE, remote);
}

static struct frame *
to_host(struct frame *f, enum station mac, enum place src, enum place dst)
{
	return frame_ip6(f, mac, NODE_ACCESS, src, dst, UDP, 63, LEN);
}

static void
lma_downlink(void)
{
	struct path_session_counts counts;
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, from_core(&in, CN, MN1));
	world_expect(&w, CORE, to_tunnel(&want, MAG1, CN, MN1));
	CU_ASSERT(world_silent(&w));
	CU_ASSERT_EQUAL(world_count(&w, STAT_ENCAPSULATED), 1);
	path_session_counts_get(w.path, SESSION_MN1, &counts);
	CU_ASSERT(counts.down_packets == 1 && counts.down_bytes == IP6 + LEN && counts.up_packets == 0);
	world_close(&w);
}

static void
lma_uplink(void)
{
	struct path_session_counts counts;
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, from_tunnel(&in, MAG1, MN1, CN));
	world_expect(&w, CORE, to_core(&want, MN1, CN));
	CU_ASSERT(world_silent(&w));
	CU_ASSERT_EQUAL(world_count(&w, STAT_DECAPSULATED), 1);
	path_session_counts_get(w.path, SESSION_MN1, &counts);
	CU_ASSERT(counts.up_packets == 1 && counts.up_bytes == IP6 + LEN && counts.down_packets == 0);
	world_close(&w);
}

static void
uncounted(void)
{
	const struct addr_prefix home = addr_prefix_mask(place(MN1), 64);
	struct path_session_counts counts;
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	CU_ASSERT_EQUAL(fwd_prefix_replace(w.fwd, &home, fwd_value(w.tunnel_mag1, SESSION_MN1, FWD_UNCOUNTED)), 0);
	world_send(&w, CORE, from_core(&in, CN, MN1));
	world_expect(&w, CORE, to_tunnel(&want, MAG1, CN, MN1));
	world_send(&w, CORE, from_tunnel(&in, MAG1, MN1, CN));
	world_expect(&w, CORE, to_core(&want, MN1, CN));
	CU_ASSERT(world_silent(&w));
	CU_ASSERT_EQUAL(world_count(&w, STAT_ENCAPSULATED), 1);
	CU_ASSERT_EQUAL(world_count(&w, STAT_DECAPSULATED), 1);
	path_session_counts_get(w.path, SESSION_MN1, &counts);
	CU_ASSERT_EQUAL(counts.down_packets + counts.up_packets, 0);
	world_close(&w);
}

static void
hairpin(void)
{
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, from_tunnel(&in, MAG1, MN1, MN2));
	world_expect(&w, CORE, to_tunnel(&want, MAG2, MN1, MN2));
	CU_ASSERT(world_silent(&w));
	CU_ASSERT_EQUAL(world_count(&w, STAT_HAIRPINNED), 1);
	world_close(&w);
}

static void
mag_uplink(void)
{
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, ACCESS, from_host(&in, VISITOR_MAC, VISITOR, CN));
	world_expect(&w, CORE, to_tunnel(&want, LMA, VISITOR, CN));
	/* A neighbour on the same link is reached through the anchor too: local routing is not enabled. */
	world_send(&w, ACCESS, from_host(&in, VISITOR_MAC, VISITOR, LOCAL));
	world_expect(&w, CORE, to_tunnel(&want, LMA, VISITOR, LOCAL));
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

static void
mag_local_routing(void)
{
	const struct addr_prefix home = addr_prefix_mask(place(VISITOR), 64);
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	CU_ASSERT_EQUAL(
		fwd_prefix_replace(w.fwd, &home, fwd_value(w.tunnel_lma, SESSION_VISITOR, FWD_ACCESS | FWD_DIRECT)), 0);
	world_send(&w, ACCESS, from_host(&in, VISITOR_MAC, VISITOR, LOCAL));
	world_expect(&w, ACCESS, to_host(&want, LOCAL_MAC, VISITOR, LOCAL));
	world_send(&w, ACCESS, from_host(&in, VISITOR_MAC, VISITOR, CN));
	world_expect(&w, CORE, to_tunnel(&want, LMA, VISITOR, CN));
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

static void
mag_downlink(void)
{
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, from_tunnel(&in, LMA, CN, VISITOR));
	world_expect(&w, ACCESS, to_host(&want, VISITOR_MAC, CN, VISITOR));
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

static void
transit(void)
{
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, from_core(&in, CN, CN2));
	world_expect(&w, CORE, to_core(&want, CN, CN2));
	/* A visitor is anchored elsewhere: what comes for it without a tunnel goes there. */
	world_send(&w, CORE, from_core(&in, CN, VISITOR));
	world_expect(&w, CORE, to_core(&want, CN, VISITOR));
	CU_ASSERT(world_silent(&w));
	CU_ASSERT_EQUAL(world_count(&w, STAT_ROUTED), 2);
	world_close(&w);
}

static void
both_roles(void)
{
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, ACCESS, from_host(&in, LOCAL_MAC, LOCAL, CN));
	world_expect(&w, CORE, to_core(&want, LOCAL, CN));
	world_send(&w, CORE, from_core(&in, CN, LOCAL));
	world_expect(&w, ACCESS, to_host(&want, LOCAL_MAC, CN, LOCAL));
	world_send(&w, ACCESS, from_host(&in, LOCAL_MAC, LOCAL, LOCAL2));
	world_expect(&w, ACCESS, to_host(&want, LOCAL2_MAC, LOCAL, LOCAL2));
	world_send(&w, ACCESS, from_host(&in, LOCAL_MAC, LOCAL, MN1));
	world_expect(&w, CORE, to_tunnel(&want, MAG1, LOCAL, MN1));
	world_send(&w, CORE, from_tunnel(&in, MAG1, MN1, LOCAL));
	world_expect(&w, ACCESS, to_host(&want, LOCAL_MAC, MN1, LOCAL));
	/* To a visitor of this node by way of its own anchor. */
	world_send(&w, CORE, from_tunnel(&in, MAG1, MN1, VISITOR));
	world_expect(&w, CORE, to_core(&want, MN1, VISITOR));
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* That it is local is said by the flag, whatever tunnel the session may also name. */
static void
local_with_tunnel(void)
{
	struct addr_prefix p = addr_prefix_mask(place(LOCAL), 64);
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	CU_ASSERT(fwd_prefix_replace(w.fwd, &p, fwd_value(w.tunnel_lma, SESSION_LOCAL, FWD_ACCESS | FWD_LOCAL)) == 0);
	world_send(&w, ACCESS, from_host(&in, LOCAL_MAC, LOCAL, CN));
	world_expect(&w, CORE, to_core(&want, LOCAL, CN));
	/* And a visitor without a tunnel has its packets routed. */
	p = addr_prefix_mask(place(VISITOR), 64);
	CU_ASSERT(fwd_prefix_replace(w.fwd, &p, fwd_value(0, SESSION_VISITOR, FWD_ACCESS)) == 0);
	world_send(&w, ACCESS, from_host(&in, VISITOR_MAC, VISITOR, CN));
	world_expect(&w, CORE, to_core(&want, VISITOR, CN));
	world_close(&w);
}

static void
bursts(void)
{
	static const unsigned int sizes[] = {1, 3, 31, 32, 33, 63};
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int s = 0; s < UNIT_COUNT(sizes); s++) {
		for (unsigned int i = 0; i < sizes[s]; i++) {
			struct frame *f = i % 2 == 0 ? from_core(&in, CN, MN1) : from_tunnel(&in, LMA, CN, VISITOR);

			f->b[f->len - 1] = i;
			world_feed(&w, CORE, f);
		}
		world_run(&w);
		CU_ASSERT_EQUAL(world_sent(&w, CORE), (sizes[s] + 1) / 2);
		CU_ASSERT_EQUAL(world_sent(&w, ACCESS), sizes[s] / 2);
		for (unsigned int i = 0; i < sizes[s]; i++) {
			struct frame *f =
				i % 2 == 0 ? to_tunnel(&want, MAG1, CN, MN1) : to_host(&want, VISITOR_MAC, CN, VISITOR);

			f->b[f->len - 1] = i;
			world_expect(&w, i % 2 == 0 ? CORE : ACCESS, f);
		}
	}
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

static void
vlans(void)
{
	const struct wish wish = {.core_vlan = 7, .access_vlan = 4094};
	struct frame in, want;
	struct world w;

	world_open(&w, &wish);
	world_send(&w, CORE, frame_tag(from_tunnel(&in, LMA, CN, VISITOR), 7));
	world_expect(&w, ACCESS, frame_tag(to_host(&want, VISITOR_MAC, CN, VISITOR), 4094));
	/* The priority bits of a tag are no part of the VLAN. */
	world_send(&w, ACCESS, frame_tag(from_host(&in, VISITOR_MAC, VISITOR, CN), 0xe000 | 4094));
	if (world_take(&w, CORE, &in)) {
		memset(in.b + ETH + 4 + 1, 0, 3); /* the flow label */
		frame_tag(to_tunnel(&want, LMA, VISITOR, CN), 7);
		CU_ASSERT(in.len == want.len && memcmp(in.b, want.b, in.len) == 0);
	}
	world_close(&w);
}

static void
priority_tag(void)
{
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, frame_tag(from_core(&in, CN, CN2), 0xe000));
	world_expect(&w, CORE, to_core(&want, CN, CN2));
	world_close(&w);
}

static void
padding(void)
{
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	from_core(&in, CN, MN1);
	memset(in.b + in.len, 0xee, 9);
	in.len += 9;
	world_send(&w, CORE, &in);
	world_expect(&w, CORE, to_tunnel(&want, MAG1, CN, MN1));
	/* And between the inner packet's end and the outer's. */
	frame_ip6(&in, NODE_CORE, ROUTER, MN1, CN, UDP, 64, LEN);
	memset(in.b + in.len, 0xee, 5);
	in.len += 5;
	world_send(&w, CORE, frame_wrap(&in, MAG1, NODE));
	world_expect(&w, CORE, to_core(&want, MN1, CN));
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* Destination Options with the Tunnel Encapsulation Limit, as a Linux ip6tnl sends it. */
static void
limit_option(void)
{
	static const uint8_t option[8] = {41, 0, 4, 1, 4, 1, 0, 0};
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	from_tunnel(&in, MAG1, MN1, CN);
	world_send(&w, CORE, frame_behind(&in, 60, option, sizeof(option)));
	world_expect(&w, CORE, to_core(&want, MN1, CN));
	world_close(&w);
}

/* RFC 2473 section 4.1.1 (c): a tunnel of the mobile node's own says how many more tunnels it may enter. */
static void
nested_limit(void)
{
	static const uint8_t inner[8] = {41, 0, 4, 1, 4, 1, 1, 0}, outer[8] = {41, 0, 4, 1, 3, 1, 1, 0};
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	frame_ip6(&in, NODE_CORE, ROUTER, CN, MN1, 60, 64, LEN);
	memcpy(in.b + ETH + IP6, inner, sizeof(inner));
	world_send(&w, CORE, &in);
	frame_ip6(&want, ROUTER, NODE_CORE, CN, MN1, 60, 63, LEN);
	memcpy(want.b + ETH + IP6, inner, sizeof(inner));
	frame_wrap(&want, NODE, MAG1);
	frame_behind(&want, 60, outer, sizeof(outer));
	if (world_take(&w, CORE, &in)) {
		memset(in.b + ETH + 1, 0, 3);
		CU_ASSERT(in.len == want.len && memcmp(in.b, want.b, in.len) == 0);
	}
	world_close(&w);
}

/* RFC 6040: the outer header copies DSCP and ECN; congestion of the tunnel is told to a transport that listens. */
static void
congestion(void)
{
	struct frame in, want;
	struct world w;

	world_open(&w, NULL);
	from_core(&in, CN, MN1);
	in.b[ETH] = 0x6b; /* DSCP 46, ECT(0) */
	in.b[ETH + 1] = 0xa0;
	world_send(&w, CORE, &in);
	to_core(&want, CN, MN1);
	want.b[ETH] = 0x6b;
	want.b[ETH + 1] = 0xa0;
	world_expect(&w, CORE, frame_wrap(&want, NODE, MAG1));
	from_core(&in, MN1, CN);
	in.b[ETH + 1] = 0x20;
	frame_wrap(&in, MAG1, NODE);
	in.b[ETH + 1] = 0x30; /* CE */
	world_send(&w, CORE, &in);
	to_core(&want, MN1, CN);
	want.b[ETH + 1] = 0x30;
	world_expect(&w, CORE, &want);
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* RFC 2473 section 7.1 (b). */
static void
outer_fragments(void)
{
	const struct wish wish = {.tunnel_mtu = 1240};
	const uint32_t first = (1280 - IP6 - 8) / 8 * 8;
	struct frame in, want, a, b;
	struct world w;

	world_open(&w, &wish);
	world_send(&w, CORE, frame_ip6(&in, NODE_CORE, ROUTER, CN, MN1, UDP, 64, 1280 - IP6));
	CU_ASSERT_EQUAL_FATAL(world_sent(&w, CORE), 2);
	frame_wrap(frame_ip6(&want, ROUTER, NODE_CORE, CN, MN1, UDP, 63, 1280 - IP6), NODE, MAG1);
	if (world_take(&w, CORE, &a) && world_take(&w, CORE, &b)) {
		CU_ASSERT_EQUAL(a.len, ETH + IP6 + 8 + first);
		CU_ASSERT_EQUAL(b.len, ETH + IP6 + 8 + 1280 - first);
		CU_ASSERT(a.b[ETH + 6] == 44 && a.b[ETH + IP6] == 41);
		CU_ASSERT(memcmp(a.b + ETH + IP6, (uint8_t[]){41, 0, 0, 1}, 4) == 0);
		CU_ASSERT(memcmp(b.b + ETH + IP6, (uint8_t[]){41, 0, first >> 8, first & 0xff}, 4) == 0);
		CU_ASSERT(memcmp(a.b + ETH + IP6 + 4, b.b + ETH + IP6 + 4, 4) == 0);
		CU_ASSERT(memcmp(a.b, want.b, ETH) == 0 && memcmp(b.b, want.b, ETH) == 0);
		CU_ASSERT(memcmp(a.b + ETH + 8, want.b + ETH + 8, 32) == 0);
		CU_ASSERT_EQUAL((uint32_t)(a.b[ETH + 4] << 8 | a.b[ETH + 5]), 8 + first);
		CU_ASSERT_EQUAL((uint32_t)(b.b[ETH + 4] << 8 | b.b[ETH + 5]), 8 + 1280 - first);
		CU_ASSERT(memcmp(a.b + ETH + IP6 + 8, want.b + ETH + IP6, first) == 0);
		CU_ASSERT(memcmp(b.b + ETH + IP6 + 8, want.b + ETH + IP6 + first, 1280 - first) == 0);
	}
	/* The next packet has another identification. */
	world_send(&w, CORE, &in);
	if (world_take(&w, CORE, &b))
		CU_ASSERT(memcmp(a.b + ETH + IP6 + 4, b.b + ETH + IP6 + 4, 4) != 0);
	world_close(&w);
}

const struct unit_case forward_cases[] = {
	{"the anchor tunnels packets for a mobile node to its gateway (RFC 5213 5.6.2)", lma_downlink},
	{"the anchor routes packets out of the tunnel of their session (RFC 5213 5.6.2)", lma_uplink},
	{"packets of a session that is not counted go as others do", uncounted},
	{"the anchor turns packets between two of its mobile nodes round", hairpin},
	{"the gateway tunnels a visitor's packets to its anchor, whatever the destination (RFC 5213 6.10.5)",
	 mag_uplink},
	{"with local routing two hosts of a gateway talk without the anchor, all else goes there", mag_local_routing},
	{"the gateway delivers packets out of the anchor's tunnel to the visitor's MAC", mag_downlink},
	{"packets that concern no session of this node are routed", transit},
	{"a node of both roles routes and delivers without a tunnel to itself", both_roles},
	{"a session that is local, or has no tunnel, has its packets routed", local_with_tunnel},
	{"bursts of any size are forwarded whole and in order", bursts},
	{"frames of tagged ports carry their port's VLAN", vlans},
	{"a frame with a priority tag is an untagged one", priority_tag},
	{"padding behind an IPv6 packet is not forwarded", padding},
	{"a tunnel packet with an encapsulation limit option is taken apart (RFC 2473 4.1.1)", limit_option},
	{"a packet with an encapsulation limit enters the tunnel with one less (RFC 2473 4.1.1)", nested_limit},
	{"traffic class and congestion cross the tunnel as RFC 6040 says", congestion},
	{"a packet of 1280 bytes crosses a tunnel too small for it in two fragments (RFC 2473 7.1)", outer_fragments},
};
const unsigned int forward_case_count = UNIT_COUNT(forward_cases);
