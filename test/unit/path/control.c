/* SPDX-License-Identifier: BSD-3-Clause */
/* The control lcore's side: injecting, resolving, waking, counting. */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "world.h"

#define LEN 60

static void
inject_frame(void)
{
	struct frame f;
	struct rte_mbuf *m;
	struct world w;

	world_open(&w, NULL);
	m = world_mbuf(&w, frame_ip6(&f, VISITOR_MAC, NODE_ACCESS, NODE_LL, MN_LL, 58, 255, LEN));
	path_meta(m)->port = ACCESS;
	CU_ASSERT_EQUAL(world_inject(&w, 0, m, PATH_INJECT_FRAME), 1);
	world_run(&w);
	world_expect(&w, ACCESS, &f);
	CU_ASSERT_EQUAL(world_count(&w, STAT_INJECTED), 1);
	world_close(&w);
}

static void
inject_packet_to(struct world *w, enum place dst, uint8_t hop_limit)
{
	struct frame f;
	struct rte_mbuf *m = world_mbuf(w, frame_ip6(&f, NO_MAC, NO_MAC, NODE, dst, UDP, hop_limit, LEN));

	path_meta(m)->l3 = ETH;
	CU_ASSERT_EQUAL(world_inject(w, 0, m, PATH_INJECT_PACKET), 1);
	world_run(w);
}

/* Its hop limit is the sender's, whatever the way. */
static void
inject_packet(void)
{
	struct frame want;
	struct world w;

	world_open(&w, NULL);
	inject_packet_to(&w, CN, 1);
	world_expect(&w, CORE, frame_ip6(&want, ROUTER, NODE_CORE, NODE, CN, UDP, 1, LEN));
	inject_packet_to(&w, MN1, 64);
	frame_ip6(&want, ROUTER, NODE_CORE, NODE, MN1, UDP, 64, LEN);
	world_expect(&w, CORE, frame_wrap(&want, NODE, MAG1));
	inject_packet_to(&w, VISITOR, 64);
	world_expect(&w, ACCESS, frame_ip6(&want, VISITOR_MAC, NODE_ACCESS, NODE, VISITOR, UDP, 64, LEN));
	inject_packet_to(&w, NOWHERE, 64);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_NO_ROUTE), 1);
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* A received packet that the control lcore turns round is this node's from then on. */
static void
inject_received(void)
{
	struct frame in, want;
	struct rte_mbuf *m;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, frame_ip6(&in, NODE_CORE, ROUTER, CN, NODE, UDP, 1, LEN));
	CU_ASSERT_FATAL(path_punt_dequeue(w.path, 0, PATH_PUNT_OWN, &m, 1) == 1);
	memcpy(rte_pktmbuf_mtod_offset(m, uint8_t *, ETH + 8), place(NODE), 16);
	memcpy(rte_pktmbuf_mtod_offset(m, uint8_t *, ETH + 24), place(CN), 16);
	CU_ASSERT_EQUAL(world_inject(&w, 0, m, PATH_INJECT_PACKET), 1);
	world_run(&w);
	world_expect(&w, CORE, frame_ip6(&want, ROUTER, NODE_CORE, NODE, CN, UDP, 1, LEN));
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

static void
inject_refused(void)
{
	struct frame f;
	struct rte_mbuf *m;
	struct world w;

	world_open(&w, NULL);
	m = world_mbuf(&w, frame_ip6(&f, VISITOR_MAC, NODE_ACCESS, NODE, CN, UDP, 64, LEN));
	path_meta(m)->port = 9;
	CU_ASSERT_EQUAL(path_inject_check(w.path, m, PATH_INJECT_FRAME), -EINVAL);
	path_meta(m)->port = PATH_PORT_NONE;
	CU_ASSERT_EQUAL(path_inject_check(w.path, m, PATH_INJECT_FRAME), -EINVAL);
	path_meta(m)->port = CORE;
	CU_ASSERT_EQUAL(path_inject(w.path, 1, &m, 1), 0);
	path_meta(m)->l3 = ETH + 1;
	CU_ASSERT_EQUAL(path_inject_check(w.path, m, PATH_INJECT_PACKET), -EINVAL);
	path_meta(m)->l3 = 2000;
	CU_ASSERT_EQUAL(path_inject_check(w.path, m, PATH_INJECT_PACKET), -EINVAL);
	path_meta(m)->l3 = ETH;
	rte_pktmbuf_trim(m, 1);
	CU_ASSERT_EQUAL(path_inject_check(w.path, m, PATH_INJECT_PACKET), -EINVAL);
	path_mbuf_free(m);
	CU_ASSERT_EQUAL(path_worker_poll(w.worker), 0);
	world_close(&w);
}

static void
inject_full(void)
{
	const struct wish wish = {.inject_ring = 5};
	struct frame f;
	struct rte_mbuf *m[6];
	struct world w;

	world_open(&w, &wish);
	frame_ip6(&f, ROUTER, NODE_CORE, NODE, CN, UDP, 64, LEN);
	for (unsigned int i = 0; i < UNIT_COUNT(m); i++) {
		m[i] = world_mbuf(&w, &f);
		path_meta(m[i])->port = CORE;
		CU_ASSERT_EQUAL(path_inject_check(w.path, m[i], PATH_INJECT_FRAME), 0);
	}
	CU_ASSERT_EQUAL(path_inject(w.path, 0, m, UNIT_COUNT(m)), 5);
	CU_ASSERT_EQUAL(path_inject(w.path, 0, m + 5, 1), 0);
	path_mbuf_free(m[5]);
	world_run(&w);
	CU_ASSERT_EQUAL(world_count(&w, STAT_INJECTED), 5);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 5);
	world_close(&w);
}

/* More than the workers have got round to when they end. */
static void
left_over(void)
{
	struct frame f;
	struct rte_mbuf *m;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, NODE, UDP, 64, LEN));
	for (unsigned int i = 0; i < 40; i++) /* errors for more than one turn */
		world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 1, LEN));
	CU_ASSERT_EQUAL(path_worker_poll(w.worker), PATH_BURST);
	CU_ASSERT_EQUAL(path_worker_poll(w.worker), PATH_BURST + 8);
	m = world_mbuf(&w, &f);
	path_meta(m)->port = CORE;
	CU_ASSERT_EQUAL(world_inject(&w, 0, m, PATH_INJECT_FRAME), 1);
	world_abandon(&w);
}

/* The packet waits with the control lcore, and goes once the neighbour has answered. */
static void
resolve(void)
{
	static const enum place next[] = {ONLINK, WAITING};
	struct path_meta meta = {0};
	struct frame in, got, want;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < UNIT_COUNT(next); i++) {
		struct fwd_adjacency a;
		struct rte_mbuf *m;

		world_send(&w, CORE, frame_ip6(&in, NODE_CORE, ROUTER, CN, next[i], UDP, 64, LEN));
		CU_ASSERT_FATAL(world_punted(&w, PATH_PUNT_RESOLVE, &got, &meta));
		frame_ip6(&want, NO_MAC, NO_MAC, CN, next[i], UDP, 63, LEN);
		CU_ASSERT(got.len == want.len && memcmp(got.b, want.b, want.len) == 0);
		CU_ASSERT(meta.l3 == ETH && meta.port == PATH_PORT_NONE);
		a = *fwd_adjacency_find(w.fwd, meta.adjacency);
		CU_ASSERT(a.state == (next[i] == ONLINK ? FWD_ADJACENCY_GLEAN : FWD_ADJACENCY_WAIT));
		a.state = FWD_ADJACENCY_READY;
		CU_ASSERT(fwd_adjacency_replace(w.fwd, meta.adjacency, &a) == 0);
		m = world_mbuf(&w, &got);
		path_meta(m)->l3 = meta.l3;
		CU_ASSERT_EQUAL(world_inject(&w, 0, m, PATH_INJECT_PACKET), 1);
		world_run(&w);
		world_expect(&w, CORE, frame_macs(&want, ROUTER, NODE_CORE));
	}
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* A tunnel's next hop, too: the packet is punted as it will be sent. */
static void
resolve_tunnel(void)
{
	const struct fwd_adjacency a = {.port = CORE, .mtu = 1500, .state = FWD_ADJACENCY_WAIT};
	struct path_meta meta = {0};
	struct frame in, got, want;
	struct world w;
	int wait;

	world_open(&w, NULL);
	wait = fwd_adjacency_add(w.fwd, &a);
	CU_ASSERT(wait >= 0 && fwd_tunnel_set_adjacency(w.fwd, w.tunnel_mag1, wait, 1452) == 0);
	world_send(&w, CORE, frame_ip6(&in, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN));
	CU_ASSERT_FATAL(world_punted(&w, PATH_PUNT_RESOLVE, &got, &meta));
	CU_ASSERT_EQUAL(meta.adjacency, (uint32_t)wait);
	frame_wrap(frame_ip6(&want, NO_MAC, NO_MAC, CN, MN1, UDP, 63, LEN), NODE, MAG1);
	memset(got.b + ETH + 1, 0, 3);
	CU_ASSERT(got.len == want.len && memcmp(got.b, want.b, want.len) == 0);
	world_close(&w);
}

static void
wake_up(void)
{
	const struct wish wish = {.wake_fd = eventfd(0, EFD_NONBLOCK)};
	struct frame f;
	struct world w;
	uint64_t bell;

	CU_ASSERT_FATAL(wish.wake_fd > 0);
	world_open(&w, &wish);
	frame_ip6(&f, NODE_CORE, ROUTER, CN, NODE, UDP, 64, LEN);
	world_send(&w, CORE, &f);
	CU_ASSERT(read(wish.wake_fd, &bell, sizeof(bell)) < 0); /* nobody sleeps */
	CU_ASSERT_FALSE(path_control_sleep(w.path));		/* for there is something to do */
	CU_ASSERT(world_punted(&w, PATH_PUNT_OWN, &f, NULL));
	CU_ASSERT_TRUE(path_control_sleep(w.path));
	world_send(&w, CORE, &f);
	world_send(&w, CORE, &f);
	CU_ASSERT(read(wish.wake_fd, &bell, sizeof(bell)) == sizeof(bell));
	CU_ASSERT_EQUAL(bell, 1); /* one ring for two packets */
	path_control_awake(w.path);
	world_send(&w, CORE, &f);
	CU_ASSERT(read(wish.wake_fd, &bell, sizeof(bell)) < 0);
	world_close(&w);
	close(wish.wake_fd);
}

static void
stages(void)
{
	struct path_stage_counts counts;
	uint64_t packets = 0;
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < 3; i++)
		world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN));
	world_run(&w);
	for (unsigned int s = 0; s < path_stage_count(); s++) {
		CU_ASSERT(path_stage_row(s)->name[0] != '\0' && path_stage_row(s)->help[0] != '\0');
		path_stage_counts_get(w.path, 0, s, &counts);
		CU_ASSERT(counts.packets == 0 ||
			  (counts.packets == 3 && counts.bursts == 1 && counts.sampled == 3 && counts.cycles > 0));
		packets += counts.packets;
	}
	CU_ASSERT_EQUAL(packets, 2 * 3); /* plain, tx */
	CU_ASSERT_PTR_NULL(path_stage_row(path_stage_count()));
	world_close(&w);
}

const struct unit_case control_cases[] = {
	{"an injected frame is sent as it is", inject_frame},
	{"an injected packet takes its way by its destination with its hop limit", inject_packet},
	{"a received packet can be turned round in its own buffer", inject_received},
	{"what cannot be sent is refused and stays the caller's", inject_refused},
	{"as much as a ring holds can be injected at once", inject_full},
	{"what still waits when a path ends is freed", left_over},
	{"a packet whose next hop is unknown is punted ready to be sent, and can be injected again", resolve},
	{"so is a tunnel packet", resolve_tunnel},
	{"a sleeping control lcore is woken, once, and never goes to sleep on a packet", wake_up},
	{"stages count packets and bursts", stages},
};
const unsigned int control_case_count = UNIT_COUNT(control_cases);
