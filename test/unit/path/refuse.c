/* SPDX-License-Identifier: BSD-3-Clause */
/* Packets that stages refuse: the reason that is counted, and what their sender is told. */
#include <string.h>

#include "world.h"

#define LEN	  60
#define QUOTE_MAX (1280 - IP6 - 8)

enum { UNREACHABLE = 1, TOO_BIG = 2, TIME_EXCEEDED = 3, PARAMETER = 4 };

/* RFC 1071 over the pseudo-header and the message; 0 when the checksum in it is right. */
static uint16_t
icmp_sum(const struct frame *f)
{
	uint32_t len = f->len - ETH - IP6, sum = len + ICMP6;

	for (uint32_t i = ETH + 8; i < f->len; i++)
		sum += (i - ETH) % 2 == 0 ? f->b[i] << 8 : f->b[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* The frame holds an ICMPv6 error to src about the IPv6 packet of about. */
static void
expect_error(const struct frame *got, enum place src, uint8_t type, uint32_t word, const struct frame *about)
{
	const uint8_t *ip = got->b + ETH, *icmp = ip + IP6;
	uint32_t quoted = about->len - ETH < QUOTE_MAX ? about->len - ETH : QUOTE_MAX;

	CU_ASSERT_EQUAL_FATAL(got->len, ETH + IP6 + 8 + quoted);
	CU_ASSERT(ip[0] >> 4 == 6 && ip[6] == ICMP6);
	CU_ASSERT_EQUAL((uint32_t)(ip[4] << 8 | ip[5]), 8 + quoted);
	CU_ASSERT(memcmp(ip + 8, place(NODE), 16) == 0 && memcmp(ip + 24, place(src), 16) == 0);
	CU_ASSERT(icmp[0] == type && icmp[1] == 0);
	CU_ASSERT_EQUAL((uint32_t)icmp[4] << 24 | icmp[5] << 16 | icmp[6] << 8 | icmp[7], word);
	CU_ASSERT(memcmp(icmp + 8, about->b + ETH, quoted) == 0);
	CU_ASSERT_EQUAL(icmp_sum(got), 0);
}

/* in comes from a correspondent and is answered through the router. */
static void
expect_refused(struct world *w, const struct frame *in, enum stat_drop why, uint8_t type, uint32_t word)
{
	uint64_t before = world_drops(w, why);
	struct frame got;

	world_send(w, CORE, in);
	CU_ASSERT_EQUAL(world_drops(w, why), before + 1);
	if (world_take(w, CORE, &got)) {
		CU_ASSERT(memcmp(got.b, station(ROUTER), 6) == 0 && memcmp(got.b + 6, station(NODE_CORE), 6) == 0);
		expect_error(&got, CN, type, word, in);
	}
	CU_ASSERT(world_silent(w));
}

static void
hop_limits(void)
{
	static const enum place dst[] = {MN1, CN2, LOCAL};
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < UNIT_COUNT(dst); i++)
		for (uint8_t hops = 0; hops < 2; hops++) {
			frame_ip6(&f, NODE_CORE, ROUTER, CN, dst[i], UDP, hops, LEN);
			expect_refused(&w, &f, STAT_DROP_HOP_LIMIT, TIME_EXCEEDED, 0);
		}
	/* To this node itself the last hop is enough. */
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, NODE, ICMP6, 1, LEN));
	CU_ASSERT(world_punted(&w, PATH_PUNT_OWN, &f, NULL));
	world_close(&w);
}

static void
too_big(void)
{
	const struct wish wish = {.tunnel_mtu = 1400, .access_mtu = 1300};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	expect_refused(&w, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, 1401 - IP6), STAT_DROP_TOO_BIG, TOO_BIG,
		       1400);
	expect_refused(&w, frame_ip6(&f, NODE_CORE, ROUTER, CN, LOCAL, UDP, 64, 1301 - IP6), STAT_DROP_TOO_BIG, TOO_BIG,
		       1300);
	expect_refused(&w, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, 1501 - IP6), STAT_DROP_TOO_BIG, TOO_BIG,
		       1500);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PACKET_TOO_BIG), 3);
	/* What just fits goes. */
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, 1400 - IP6));
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, 1500 - IP6));
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 2);
	CU_ASSERT_EQUAL(world_count(&w, STAT_GENERATED), 3);
	world_close(&w);
}

/* RFC 2473 section 7.1 (a): never less than 1280. */
static void
too_big_for_small_tunnel(void)
{
	const struct wish wish = {.tunnel_mtu = 1240};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	expect_refused(&w, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, 1281 - IP6), STAT_DROP_TOO_BIG, TOO_BIG,
		       1280);
	world_close(&w);
}

/* RFC 2473 section 4.1.1: (b) the pointer is to the limit; (c) another option is added. */
static void
limit_spent(void)
{
	static const uint8_t option[8] = {41, 0, 1, 0, 4, 1, 0, 0};
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, 60, 64, LEN);
	memcpy(f.b + ETH + IP6, option, sizeof(option));
	expect_refused(&w, &f, STAT_DROP_HOP_LIMIT, PARAMETER, IP6 + 6);
	/* With the limit that has to be added, the tunnel carries eight bytes less. */
	frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, 60, 64, 1445 - IP6);
	memcpy(f.b + ETH + IP6, option, sizeof(option));
	f.b[ETH + IP6 + 2] = 4;
	f.b[ETH + IP6 + 3] = 1;
	expect_refused(&w, &f, STAT_DROP_TOO_BIG, TOO_BIG, 1444);
	world_close(&w);
}

static void
no_route(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	expect_refused(&w, frame_ip6(&f, NODE_CORE, ROUTER, CN, NOWHERE, UDP, 64, LEN), STAT_DROP_NO_ROUTE, UNREACHABLE,
		       0);
	CU_ASSERT(fwd_tunnel_set_adjacency(w.fwd, w.tunnel_mag1, FWD_NONE, 1452) == 0);
	expect_refused(&w, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN), STAT_DROP_NO_ROUTE, UNREACHABLE, 0);
	world_expect_drop(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, BROKEN, UDP, 64, LEN), STAT_DROP_NO_ADJACENCY);
	world_close(&w);
}

/* An error for a mobile node takes the way of any packet for it. */
static void
errors_to_mobile_nodes(void)
{
	struct frame in, about, got;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, ACCESS, frame_ip6(&in, NODE_ACCESS, VISITOR_MAC, VISITOR, CN, UDP, 1, LEN));
	if (world_take(&w, ACCESS, &got)) {
		CU_ASSERT(memcmp(got.b, station(VISITOR_MAC), 6) == 0);
		CU_ASSERT(memcmp(got.b + 6, station(NODE_ACCESS), 6) == 0);
		expect_error(&got, VISITOR, TIME_EXCEEDED, 0, &in);
	}
	frame_ip6(&about, NODE_CORE, ROUTER, MN1, CN, UDP, 1, LEN);
	in = about;
	world_send(&w, CORE, frame_wrap(&in, MAG1, NODE));
	if (world_take(&w, CORE, &got)) {
		CU_ASSERT(memcmp(got.b + ETH + 8, place(NODE), 16) == 0 &&
			  memcmp(got.b + ETH + 24, place(MAG1), 16) == 0);
		memmove(got.b + ETH, got.b + ETH + IP6, got.len - ETH - IP6);
		got.len -= IP6;
		expect_error(&got, MN1, TIME_EXCEEDED, 0, &about);
	}
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* RFC 4443 section 2.4 (e). */
static void
no_error_about_errors(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, ICMP6, 1, LEN);
	f.b[ETH + IP6] = TIME_EXCEEDED;
	world_expect_drop(&w, CORE, &f, STAT_DROP_HOP_LIMIT);
	f.b[ETH + IP6] = 128;
	expect_refused(&w, &f, STAT_DROP_HOP_LIMIT, TIME_EXCEEDED, 0);
	world_close(&w);
}

static void
error_rate(void)
{
	const struct wish few = {.icmp_burst = 3}, none = {.no_icmp = true};
	struct frame f;
	struct world w;

	world_open(&w, &few);
	for (unsigned int i = 0; i < 10; i++)
		world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 1, LEN));
	world_run(&w);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 3);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_ICMP_RATE), 7);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_HOP_LIMIT), 10);
	world_close(&w);
	world_open(&w, &none);
	world_send(&w, CORE, &f);
	CU_ASSERT(world_silent(&w));
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_ICMP_RATE), 1);
	world_close(&w);
}

static struct frame *
tunnelled(struct frame *f, enum place remote, enum place src, enum place dst)
{
	return frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, src, dst, UDP, 64, LEN), remote, NODE);
}

static void
wrong_tunnels(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	world_expect_drop(&w, CORE, tunnelled(&f, MAG2, MN1, CN), STAT_DROP_UPLINK_WRONG_TUNNEL);
	world_expect_drop(&w, CORE, tunnelled(&f, CN, MN1, CN), STAT_DROP_UPLINK_WRONG_TUNNEL);
	world_expect_drop(&w, CORE, tunnelled(&f, MAG1, CN, VISITOR), STAT_DROP_DOWNLINK_WRONG_TUNNEL);
	world_expect_drop(&w, CORE, tunnelled(&f, MAG1, STRANGER, CN), STAT_DROP_UPLINK_NO_SESSION);
	/* The tunnel's other address is one of this node's, but not this tunnel's. */
	frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, LEN), MAG1, NODE2);
	world_expect_drop(&w, CORE, &f, STAT_DROP_UPLINK_WRONG_TUNNEL);
	/* A local session has no tunnel that anything could come out of. */
	world_expect_drop(&w, CORE, tunnelled(&f, MAG1, LOCAL, CN), STAT_DROP_UPLINK_NO_SESSION);
	world_expect_drop(&w, CORE, tunnelled(&f, LMA, CN, LOCAL), STAT_DROP_UPLINK_NO_SESSION);
	world_close(&w);
}

static void
no_session_by_role(void)
{
	const struct wish gateway = {.node = PATH_GATEWAY}, anchor = {.node = PATH_ANCHOR};
	struct frame f;
	struct world w;

	world_open(&w, &gateway);
	world_expect_drop(&w, CORE, tunnelled(&f, LMA, CN, STRANGER), STAT_DROP_DOWNLINK_NO_SESSION);
	world_close(&w);
	world_open(&w, &anchor);
	world_expect_drop(&w, CORE, tunnelled(&f, LMA, CN, STRANGER), STAT_DROP_UPLINK_NO_SESSION);
	world_close(&w);
}

static void
bad_inner_packets(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	tunnelled(&f, MAG1, MN1, CN)->b[ETH + IP6] = 0x45;
	world_expect_drop(&w, CORE, &f, STAT_DROP_IP_VERSION);
	tunnelled(&f, MAG1, MN1, CN)->b[ETH + IP6 + 5]++;
	world_expect_drop(&w, CORE, &f, STAT_DROP_TUNNEL_HEADER);
	frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, 41, 64, IP6 - 1);
	world_expect_drop(&w, CORE, &f, STAT_DROP_TUNNEL_HEADER);
	frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, 41, 64, 0);
	world_expect_drop(&w, CORE, &f, STAT_DROP_TUNNEL_HEADER);
	world_expect_drop(&w, CORE, tunnelled(&f, MAG1, MN_LL, CN), STAT_DROP_IP_SOURCE);
	world_expect_drop(&w, CORE, tunnelled(&f, MAG1, LOOPBACK, CN), STAT_DROP_IP_SOURCE);
	world_expect_drop(&w, CORE, tunnelled(&f, MAG1, MN1, GROUP), STAT_DROP_IP_DESTINATION);
	world_expect_drop(&w, CORE, tunnelled(&f, LMA, CN, MN_LL), STAT_DROP_IP_DESTINATION);
	/* Congestion that the inner transport does not understand (RFC 6040 section 4.2). */
	tunnelled(&f, MAG1, MN1, CN)->b[ETH + 1] = 0x30;
	world_expect_drop(&w, CORE, &f, STAT_DROP_TUNNEL_HEADER);
	world_close(&w);
}

static void
wrong_links(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	/* A known host that speaks for another one, for one of another node, and for nobody's prefix. */
	world_expect_drop(&w, ACCESS, frame_ip6(&f, NODE_ACCESS, LOCAL_MAC, VISITOR, CN, UDP, 64, LEN),
			  STAT_DROP_UPLINK_WRONG_LINK);
	world_expect_drop(&w, ACCESS, frame_ip6(&f, NODE_ACCESS, VISITOR_MAC, MN1, CN, UDP, 64, LEN),
			  STAT_DROP_UPLINK_NO_SESSION);
	world_expect_drop(&w, ACCESS, frame_ip6(&f, NODE_ACCESS, IDLE_MAC, STRANGER, CN, UDP, 64, LEN),
			  STAT_DROP_UPLINK_NO_SESSION);
	world_expect_drop(&w, ACCESS, frame_ip6(&f, NODE_ACCESS, PENDING_MAC, STRANGER, CN, UDP, 64, LEN),
			  STAT_DROP_HOST_PENDING);
	world_expect_drop(&w, ACCESS, frame_ip6(&f, NODE_ACCESS, PENDING_MAC, VISITOR, CN, UDP, 64, LEN),
			  STAT_DROP_HOST_PENDING);
	world_close(&w);
}

/* The same MAC and address on another link than the session's. */
static void
other_links(void)
{
	const struct fwd_session lines[] = {
		{.mac = *station(VISITOR_MAC), .port = CORE},
		{.mac = *station(VISITOR_MAC), .port = ACCESS, .vlan = 5},
	};
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < UNIT_COUNT(lines); i++) {
		CU_ASSERT(fwd_session_set(w.fwd, SESSION_VISITOR, &lines[i]) == 0);
		world_expect_drop(&w, ACCESS, frame_ip6(&f, NODE_ACCESS, VISITOR_MAC, VISITOR, CN, UDP, 64, LEN),
				  STAT_DROP_UPLINK_WRONG_LINK);
	}
	world_close(&w);
}

/* RFC 5213 section 5.3.5: between two gateways the anchor keeps the session and drops its packets. */
static void
between_gateways(void)
{
	const struct addr_prefix p = addr_prefix_mask(place(MN1), 64);
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	CU_ASSERT(fwd_prefix_replace(w.fwd, &p, fwd_value(0, SESSION_MN1, 0)) == 0);
	world_expect_drop(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN),
			  STAT_DROP_DOWNLINK_NO_SESSION);
	world_expect_drop(&w, CORE, tunnelled(&f, MAG1, MN1, CN), STAT_DROP_UPLINK_WRONG_TUNNEL);
	world_close(&w);
}

static void
stale_session(void)
{
	const struct fwd_session gone = {.port = ACCESS};
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	CU_ASSERT(fwd_session_set(w.fwd, SESSION_VISITOR, &gone) == 0);
	world_expect_drop(&w, CORE, tunnelled(&f, LMA, CN, VISITOR), STAT_DROP_DOWNLINK_NO_SESSION);
	world_close(&w);
}

static void
port_full(void)
{
	const struct wish wish = {.tx_ring = 4};
	struct path_port_counts counts;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 7; i++)
		world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN));
	world_run(&w);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_TX_FULL), 3);
	path_port_counts_get(w.path, CORE, &counts);
	CU_ASSERT(counts.rx_packets == 7 && counts.tx_packets == 4 && counts.tx_full == 3);
	CU_ASSERT(counts.rx_bytes == 7 * f.len && counts.tx_bytes == 4 * f.len);
	world_close(&w);
}

static void
ring_full(void)
{
	const struct wish wish = {.punt_ring = 5};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 9; i++)
		world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, NODE, UDP, 64, LEN));
	world_run(&w);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_PUNT_RING_FULL), 4);
	/* Another class has its own ring. */
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, 135, 64, LEN));
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_PUNT_RING_FULL), 4);
	CU_ASSERT(world_punted(&w, PATH_PUNT_SIGNALLING, &f, NULL));
	world_close(&w);
}

static void
no_buffers(void)
{
	struct rte_mbuf *hoard[1024];
	unsigned int n = 0;
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 1, LEN));
	while (n < UNIT_COUNT(hoard) && (hoard[n] = path_mbuf_alloc(w.path)) != NULL)
		n++;
	world_run(&w);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_NO_MBUF), 1);
	CU_ASSERT(world_silent(&w));
	while (n > 0)
		path_mbuf_free(hoard[--n]);
	world_close(&w);
}

/* A driver may leave less room in front of a frame than an outer header needs. */
static void
no_headroom(void)
{
	struct rte_mbuf *m;
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	m = path_mbuf_alloc(w.path);
	CU_ASSERT_FATAL(m != NULL);
	m->data_off = 0;
	frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN);
	memcpy(rte_pktmbuf_append(m, f.len), f.b, f.len);
	CU_ASSERT(rte_ring_enqueue(w.rx[CORE], m) == 0);
	world_run(&w);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_NO_MBUF), 1);
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

const struct unit_case refuse_cases[] = {
	{"a packet whose hop limit runs out is answered by Time Exceeded", hop_limits},
	{"a packet larger than the way carries is answered by Packet Too Big with what it carries", too_big},
	{"Packet Too Big never asks for less than 1280 bytes (RFC 2473 7.1)", too_big_for_small_tunnel},
	{"an encapsulation limit is kept, and told when it is spent (RFC 2473 4.1.1)", limit_spent},
	{"a packet without a route is answered by Destination Unreachable", no_route},
	{"an error for a mobile node goes through its tunnel or over its link", errors_to_mobile_nodes},
	{"no error is sent about an error (RFC 4443 2.4)", no_error_about_errors},
	{"errors are limited in rate and can be turned off (RFC 4443 2.4)", error_rate},
	{"a packet out of another tunnel than its session's is dropped", wrong_tunnels},
	{"a tunnel packet without a session counts by the node's role", no_session_by_role},
	{"a tunnel packet whose inner packet is none is dropped", bad_inner_packets},
	{"a host of an access link speaks for its own session alone (RFC 5213 6.10.5)", wrong_links},
	{"a host that moved to another link is none of the session's until the session moves", other_links},
	{"packets for a session without a tunnel are dropped in silence (RFC 5213 5.3.5)", between_gateways},
	{"a session without a line delivers nothing", stale_session},
	{"what a port does not take is dropped and counted", port_full},
	{"a full punt ring drops packets of its class alone", ring_full},
	{"without buffers an error is dropped and the packet too", no_buffers},
	{"a frame without room for an outer header is dropped", no_headroom},
};
const unsigned int refuse_case_count = UNIT_COUNT(refuse_cases);
