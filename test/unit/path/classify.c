/* SPDX-License-Identifier: BSD-3-Clause */
/* What is no packet for this node, and what is one for the control lcore. */
#include <string.h>

#include "world.h"

#define LEN 60

static struct frame *
good(struct frame *f)
{
	return frame_ip6(f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN);
}

static void
short_frames(void)
{
	static const uint32_t lengths[] = {1, ETH - 1, ETH, ETH + 1, ETH + IP6 - 1};
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < UNIT_COUNT(lengths); i++) {
		good(&f)->len = lengths[i];
		world_expect_drop(&w, CORE, &f, STAT_DROP_FRAME_SHORT);
		frame_macs(&f, NODE_ACCESS, VISITOR_MAC);
		world_expect_drop(&w, ACCESS, &f, STAT_DROP_FRAME_SHORT);
	}
	frame_tag(good(&f), 5)->len = ETH + 3;
	world_expect_drop(&w, CORE, &f, STAT_DROP_FRAME_SHORT);
	world_close(&w);
}

static void
other_macs(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	world_expect_drop(&w, CORE, frame_macs(good(&f), ROUTER, ROUTER), STAT_DROP_NOT_FOR_US);
	world_expect_drop(&w, CORE, frame_macs(good(&f), ALL_NODES, ROUTER), STAT_DROP_NOT_FOR_US);
	frame_ip6(&f, ALL_NODES, VISITOR_MAC, VISITOR, CN, UDP, 64, LEN);
	world_expect_drop(&w, ACCESS, &f, STAT_DROP_NOT_FOR_US);
	world_expect_drop(&w, ACCESS, frame_macs(&f, NODE_CORE, VISITOR_MAC), STAT_DROP_NOT_FOR_US);
	world_close(&w);
}

static void
bad_senders(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	world_expect_drop(&w, CORE, frame_macs(good(&f), NODE_CORE, ALL_NODES), STAT_DROP_IP_SOURCE);
	world_expect_drop(&w, CORE, frame_macs(good(&f), NODE_CORE, NODE_CORE), STAT_DROP_IP_SOURCE);
	world_expect_drop(&w, ACCESS, frame_macs(good(&f), NODE_ACCESS, NODE_ACCESS), STAT_DROP_IP_SOURCE);
	world_close(&w);
}

static void
other_vlans(void)
{
	const struct wish tagged = {.access_vlan = 9};
	struct frame f;
	struct world w;

	world_open(&w, &tagged);
	world_expect_drop(&w, CORE, frame_tag(good(&f), 5), STAT_DROP_VLAN);
	frame_ip6(&f, NODE_ACCESS, VISITOR_MAC, VISITOR, CN, UDP, 64, LEN);
	world_expect_drop(&w, ACCESS, &f, STAT_DROP_VLAN);
	world_expect_drop(&w, ACCESS, frame_tag(&f, 8), STAT_DROP_VLAN);
	world_close(&w);
}

static void
other_protocols(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	good(&f)->b[13] = 0x06;
	f.b[12] = 0x08;
	world_expect_drop(&w, CORE, &f, STAT_DROP_ETHERTYPE);
	world_expect_drop(&w, ACCESS, frame_macs(&f, NODE_ACCESS, VISITOR_MAC), STAT_DROP_ETHERTYPE);
	good(&f)->b[ETH] = 0x45;
	world_expect_drop(&w, CORE, &f, STAT_DROP_IP_VERSION);
	good(&f)->b[ETH + 5]++;
	world_expect_drop(&w, CORE, &f, STAT_DROP_IP_LENGTH);
	good(&f)->b[ETH + 4] = 0xff;
	world_expect_drop(&w, CORE, &f, STAT_DROP_IP_LENGTH);
	world_close(&w);
}

static void
bad_addresses(void)
{
	static const struct {
		int port;
		enum place src, dst;
		enum stat_drop why;
	} rows[] = {
		{CORE, GROUP, CN2, STAT_DROP_IP_SOURCE},
		{CORE, LOOPBACK, CN2, STAT_DROP_IP_SOURCE},
		{CORE, NOBODY, CN2, STAT_DROP_IP_SOURCE},
		{CORE, ROUTER_LL, CN2, STAT_DROP_IP_SOURCE},
		{CORE, ROUTER_LL, MN1, STAT_DROP_IP_SOURCE},
		{CORE, CN, LOOPBACK, STAT_DROP_IP_DESTINATION},
		{CORE, CN, NOBODY, STAT_DROP_IP_DESTINATION},
		{ACCESS, MN_LL, CN, STAT_DROP_IP_SOURCE},
		{ACCESS, GROUP, CN, STAT_DROP_IP_SOURCE},
		{ACCESS, NOBODY, CN, STAT_DROP_IP_SOURCE},
		{ACCESS, VISITOR, LOOPBACK, STAT_DROP_IP_DESTINATION},
	};
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		bool core = rows[i].port == CORE;

		frame_ip6(&f, core ? NODE_CORE : NODE_ACCESS, core ? ROUTER : VISITOR_MAC, rows[i].src, rows[i].dst,
			  UDP, 64, LEN);
		world_expect_drop(&w, rows[i].port, &f, rows[i].why);
	}
	world_close(&w);
}

/* A frame in two mbufs. */
static struct rte_mbuf *
in_two(struct world *w, const struct frame *f, uint32_t first, uint32_t spare)
{
	struct rte_mbuf *head = path_mbuf_alloc(w->path), *tail = path_mbuf_alloc(w->path);

	CU_ASSERT_FATAL(head != NULL && tail != NULL);
	memcpy(rte_pktmbuf_append(head, first), f->b, first);
	memcpy(rte_pktmbuf_append(tail, f->len - first + spare), f->b + first, f->len - first);
	CU_ASSERT_FATAL(rte_pktmbuf_chain(head, tail) == 0);
	return head;
}

static void
chains(void)
{
	struct frame in, want;
	struct rte_mbuf *m;
	struct world w;

	world_open(&w, NULL);
	m = in_two(&w, good(&in), 20, 0);
	CU_ASSERT(rte_ring_enqueue(w.rx[CORE], m) == 0);
	world_run(&w);
	world_expect(&w, CORE, frame_ip6(&want, ROUTER, NODE_CORE, CN, CN2, UDP, 63, LEN));
	m = in_two(&w, frame_ip6(&in, NODE_CORE, ROUTER, CN, CN2, UDP, 64, 1900), 1000, 200);
	CU_ASSERT_FATAL(rte_pktmbuf_append(m, 0) != NULL);
	m->data_off += 100; /* the first buffer has room for less than all of it */
	CU_ASSERT(rte_ring_enqueue(w.rx[CORE], m) == 0);
	world_run(&w);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_TOO_BIG), 1);
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* An ICMPv6 or other frame, and where it ends up. */
struct row {
	int port;
	enum station dst_mac, src_mac;
	enum place src, dst;
	uint8_t next_header, first; /* byte of the payload */
	enum path_punt punt;
};

static void
expect_punt(struct world *w, const struct row *r)
{
	struct path_meta meta = {0};
	struct frame in, got;

	frame_ip6(&in, r->dst_mac, r->src_mac, r->src, r->dst, r->next_header, 255, LEN);
	in.b[ETH + IP6] = r->first;
	memset(in.b + ETH + IP6 + 1, 0, 7); /* of an extension header: its length and padding */
	world_send(w, r->port, &in);
	CU_ASSERT_FATAL(world_punted(w, r->punt, &got, &meta));
	CU_ASSERT(got.len == in.len && memcmp(got.b, in.b, in.len) == 0);
	CU_ASSERT(meta.port == r->port && meta.vlan == 0 && meta.l3 == ETH && meta.punt == r->punt);
	CU_ASSERT(world_silent(w));
}

static void
punt_classes(void)
{
	static const struct row rows[] = {
		{CORE, NODE_CORE, ROUTER, MAG1, NODE, 135, 59, PATH_PUNT_SIGNALLING},
		{CORE, NODE_CORE, ROUTER, ROUTER_LL, NODE, ICMP6, 135, PATH_PUNT_ND},
		{CORE, NODE_CORE, ROUTER, ROUTER_LL, NODE, ICMP6, 136, PATH_PUNT_ND},
		{CORE, NODE_CORE, ROUTER, ROUTER_LL, NODE_LL, ICMP6, 128, PATH_PUNT_ND},
		{CORE, ALL_NODES, ROUTER, ROUTER_LL, GROUP, ICMP6, 134, PATH_PUNT_ND},
		{CORE, ALL_NODES, ROUTER, NOBODY, GROUP, ICMP6, 135, PATH_PUNT_ND},
		{CORE, NODE_CORE, ROUTER, CN, NODE, ICMP6, 128, PATH_PUNT_OWN},
		{CORE, NODE_CORE, ROUTER, CN, NODE, ICMP6, 2, PATH_PUNT_OWN},
		{CORE, NODE_CORE, ROUTER, CN, NODE, UDP, 0, PATH_PUNT_OWN},
		{CORE, NODE_CORE, ROUTER, MAG1, NODE, 60, 135, PATH_PUNT_SIGNALLING},
		{CORE, NODE_CORE, ROUTER, MAG1, NODE, 0, 135, PATH_PUNT_SIGNALLING},
		{CORE, NODE_CORE, ROUTER, CN, NODE, 60, 17, PATH_PUNT_OWN},
		{ACCESS, ALL_NODES, VISITOR_MAC, MN_LL, GROUP, ICMP6, 133, PATH_PUNT_ND},
		{ACCESS, NODE_ACCESS, VISITOR_MAC, VISITOR, NODE_LL, ICMP6, 136, PATH_PUNT_ND},
		{ACCESS, NODE_ACCESS, PENDING_MAC, MN_LL, NODE_LL, ICMP6, 133, PATH_PUNT_ND},
		{ACCESS, NODE_ACCESS, VISITOR_MAC, MN_LL, NODE, ICMP6, 135, PATH_PUNT_ND},
		{ACCESS, NODE_ACCESS, LOCAL_MAC, LOCAL, NODE, ICMP6, 128, PATH_PUNT_OWN},
		{ACCESS, NODE_ACCESS, LOCAL_MAC, LOCAL, NODE, 135, 59, PATH_PUNT_OWN},
		{ACCESS, ALL_NODES, STRANGER_MAC, MN_LL, GROUP, ICMP6, 133, PATH_PUNT_HOST},
		{ACCESS, ALL_NODES, STRANGER_MAC, NOBODY, GROUP, ICMP6, 143, PATH_PUNT_HOST},
		{ACCESS, NODE_ACCESS, STRANGER_MAC, STRANGER, CN, UDP, 0, PATH_PUNT_HOST},
		{ACCESS, NODE_ACCESS, STRANGER_MAC, VISITOR, CN, UDP, 0, PATH_PUNT_HOST},
		{ACCESS, NODE_ACCESS, STRANGER_MAC, MN_LL, CN, UDP, 0, PATH_PUNT_HOST},
	};
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++)
		expect_punt(&w, &rows[i]);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PUNTED), UNIT_COUNT(rows));
	world_close(&w);
}

static void
strange_frame(void)
{
	struct path_meta meta = {.l3 = 1};
	struct frame f, got;
	struct world w;

	world_open(&w, NULL);
	frame_ip6(&f, NODE_ACCESS, STRANGER_MAC, STRANGER, CN, UDP, 64, LEN);
	f.b[12] = 0x08; /* IPv4 */
	f.b[13] = 0x00;
	world_send(&w, ACCESS, &f);
	CU_ASSERT(world_punted(&w, PATH_PUNT_HOST, &got, &meta));
	CU_ASSERT(got.len == f.len && memcmp(got.b, f.b, f.len) == 0);
	CU_ASSERT(meta.l3 == 0 && meta.port == ACCESS);
	world_close(&w);
}

/* A Mobility Header behind an extension header of two units, and one that claims to be longer than the packet. */
static void
extension_headers(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, 0, 64, LEN);
	memset(f.b + ETH + IP6, 0, 24);
	f.b[ETH + IP6] = 60;
	f.b[ETH + IP6 + 1] = 1;
	f.b[ETH + IP6 + 16] = 135;
	world_send(&w, CORE, &f);
	CU_ASSERT(world_punted(&w, PATH_PUNT_SIGNALLING, &f, NULL));
	frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, 0, 64, 8);
	memset(f.b + ETH + IP6, 0, 8);
	f.b[ETH + IP6] = 135;
	f.b[ETH + IP6 + 1] = 1;
	world_send(&w, CORE, &f);
	CU_ASSERT(world_punted(&w, PATH_PUNT_OWN, &f, NULL));
	world_close(&w);
}

/* A mobile node's packet to the anchor's own address comes out of the tunnel as a frame without addresses. */
static void
out_of_tunnel(void)
{
	struct path_meta meta = {0};
	struct frame in, want, got;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < 2; i++) {
		uint8_t next = i == 0 ? ICMP6 : 135; /* signalling does not come through tunnels */

		frame_wrap(frame_ip6(&in, NODE_CORE, ROUTER, MN1, NODE, next, 64, LEN), MAG1, NODE);
		world_send(&w, CORE, &in);
		CU_ASSERT(world_punted(&w, PATH_PUNT_OWN, &got, &meta));
		frame_ip6(&want, NO_MAC, NO_MAC, MN1, NODE, next, 64, LEN);
		CU_ASSERT(got.len == want.len && memcmp(got.b, want.b, want.len) == 0);
		CU_ASSERT(meta.l3 == ETH && meta.port == PATH_PORT_NONE);
	}
	world_close(&w);
}

const struct unit_case classify_cases[] = {
	{"a frame shorter than its headers is dropped", short_frames},
	{"a frame for another MAC, or to a group with a unicast packet in it, is dropped", other_macs},
	{"a frame from a group's MAC or from this node's own is dropped", bad_senders},
	{"a frame of a VLAN that is not the port's is dropped", other_vlans},
	{"what is no whole IPv6 packet is dropped", other_protocols},
	{"addresses that no packet may come from or go to are dropped", bad_addresses},
	{"a frame in several buffers is made one, or dropped when it fits in none", chains},
	{"what the control lcore decides is punted by class as it came", punt_classes},
	{"signalling is known behind extension headers", extension_headers},
	{"a frame without IPv6 tells of an unknown host", strange_frame},
	{"a mobile node's packet to an own address is punted without its tunnel, and never as signalling",
	 out_of_tunnel},
};
const unsigned int classify_case_count = UNIT_COUNT(classify_cases);
