/* SPDX-License-Identifier: BSD-3-Clause */
/* Workers that share a port of one queue: what goes where, in which order, and what a full ring costs. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spread.h"

#define ROUNDS	60
#define WORKERS 4

unsigned int
spread_takers(const struct world *w, int port)
{
	struct path_share share;
	unsigned int n = 0;

	for (unsigned int i = 0; path_port_share_get(w->path, port, i, &share); i++)
		n += share.packets > 0;
	return n;
}

struct frame *
spread_uplink(struct frame *f, uint8_t flow, uint8_t sequence)
{
	frame_ip6(f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, SPREAD_LEN);
	if (flow % 2 == 0)
		f->b[ETH + 3] = flow + 1;
	else
		f->b[ETH + IP6 + 1] = flow;
	f->b[ETH + IP6 + 8] = flow;
	f->b[ETH + IP6 + 9] = sequence;
	return frame_wrap(f, MAG1, NODE);
}

/* Take n of what was sent, each flow in order from next[flow] on. */
static void
check_order(struct world *w, uint8_t next[SPREAD_FLOWS], unsigned int n)
{
	struct frame f;

	while (n-- > 0) {
		uint8_t flow;

		CU_ASSERT_FATAL(world_take(w, CORE, &f));
		flow = f.b[ETH + IP6 + 8];
		CU_ASSERT_FATAL(flow < SPREAD_FLOWS);
		CU_ASSERT_EQUAL(f.b[ETH + IP6 + 9], next[flow]);
		next[flow] = f.b[ETH + IP6 + 9] + 1;
	}
}

/* Workers turn as chance has it, while frames come in. */
static void
order(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true};
	struct path_session_counts counts;
	uint8_t next[SPREAD_FLOWS] = {0};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	srandom(2);
	for (unsigned int i = 0; i < ROUNDS * SPREAD_FLOWS; i++) {
		world_feed(&w, CORE, spread_uplink(&f, i % SPREAD_FLOWS, i / SPREAD_FLOWS));
		for (unsigned int turns = random() % 3; turns > 0; turns--)
			path_worker_poll(path_worker_of(w.path, random() % WORKERS));
		if (i % 64 == 0)
			world_run_all(&w);
		check_order(&w, next, world_sent(&w, CORE));
	}
	world_run_all(&w);
	check_order(&w, next, world_sent(&w, CORE));
	for (unsigned int i = 0; i < SPREAD_FLOWS; i++)
		CU_ASSERT_EQUAL(next[i], ROUNDS);
	CU_ASSERT_EQUAL(spread_takers(&w, CORE), WORKERS);
	CU_ASSERT(path_port_imbalance(w.path, CORE) >= 1 && path_port_imbalance(w.path, CORE) < WORKERS);
	path_session_counts_get(w.path, SESSION_MN1, &counts);
	CU_ASSERT_EQUAL(counts.up_packets, ROUNDS * SPREAD_FLOWS);
	world_close(&w);
}

/* Fragments of flows with labels go to several workers, and those of one packet to one. */
static void
fragments(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true, .reassemblies = 64};
	unsigned int used = 0;
	struct frame f, whole;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int part = 0; part < 2; part++) {
		for (uint8_t flow = 0; flow < SPREAD_FLOWS; flow++) {
			spread_uplink(&whole, flow, 0);
			whole.b[ETH + 3] = flow + 1;
			if (part == 0)
				frame_fragment(&f, &whole, 0, 56, true, flow);
			else
				frame_fragment(&f, &whole, 56, IP6 + SPREAD_LEN - 56, false, flow);
			world_feed(&w, CORE, &f);
		}
		world_run_all(&w);
	}
	CU_ASSERT_EQUAL(world_sent(&w, CORE), SPREAD_FLOWS);
	for (unsigned int i = 0; i < WORKERS; i++)
		used += path_stats(w.path, i)->counter[STAT_REASSEMBLED] > 0;
	CU_ASSERT(used > 1);
	world_close(&w);
}

/* One flow in one tunnel and the next, in GRE and behind options, with another outer label: always the same worker. */
static void
inner_flow(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true};
	static const uint8_t gre[4] = {0, 0, 0x86, 0xdd}, sum[8] = {0x80, 0, 0x86, 0xdd},
			     all[16] = {0xb0, 0, 0x86, 0xdd}, limit[8] = {41, 0, 4, 1, 4, 1}, pad[16] = {47, 1, 1, 12};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 40; i++) {
		frame_ip6(&f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, SPREAD_LEN);
		frame_wrap(&f, i % 2 == 0 ? MAG1 : MAG2, NODE);
		f.b[ETH + 3] = i;
		switch (i % 8) {
		case 1:
			frame_ip6(&f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, SPREAD_LEN);
			break;
		case 3:
			frame_behind(&f, 47, gre, sizeof(gre));
			break;
		case 4: /* whether the sum is right is not this worker's work */
			frame_behind(&f, 47, sum, sizeof(sum));
			break;
		case 5:
			frame_behind(&f, 47, all, sizeof(all));
			frame_behind(&f, 60, pad, sizeof(pad));
			break;
		case 6:
			frame_behind(&f, 60, limit, sizeof(limit));
			break;
		default:
			break;
		}
		world_feed(&w, CORE, &f);
	}
	world_run_all(&w);
	CU_ASSERT_EQUAL(spread_takers(&w, CORE), 1);
	CU_ASSERT(path_port_imbalance(w.path, CORE) == WORKERS);
	world_close(&w);
}

/* A frame in segments, cut where it hurts: its flow's worker is that of the whole. What fits in no buffer is dropped.
 */
static void
segments(void)
{
	static const uint32_t cuts[] = {0, 1, ETH, ETH + IP6, ETH + IP6 + 24, ETH + 2 * IP6 + 2};
	const struct wish wish = {.workers = WORKERS, .spread = true};
	struct rte_mbuf *m, *rest;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < UNIT_COUNT(cuts); i++) {
		struct frame head, tail;

		spread_uplink(&f, 5, 0);
		head = tail = f;
		head.len = cuts[i] == 0 ? f.len : cuts[i];
		m = world_mbuf(&w, &head);
		tail.len = f.len - head.len;
		memmove(tail.b, f.b + head.len, tail.len);
		if (tail.len > 0)
			CU_ASSERT_EQUAL(rte_pktmbuf_chain(m, world_mbuf(&w, &tail)), 0);
		CU_ASSERT_EQUAL(rte_ring_enqueue(w.rx[CORE], m), 0);
	}
	world_run_all(&w);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), UNIT_COUNT(cuts));
	CU_ASSERT_EQUAL(spread_takers(&w, CORE), 1);
	f.len = FRAME_MAX;
	m = world_mbuf(&w, &f);
	for (unsigned int i = 0; i < 2; i++) {
		rest = world_mbuf(&w, &f);
		CU_ASSERT_EQUAL(rte_pktmbuf_chain(m, rest), 0);
	}
	CU_ASSERT_EQUAL(rte_ring_enqueue(w.rx[CORE], m), 0);
	world_run_all(&w);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_TOO_BIG), 1);
	world_close(&w);
}

/* As many as there may be. */
static void
many_workers(void)
{
	const struct wish wish = {.workers = PATH_WORKER_MAX, .spread = true, .spread_ring = 8};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 200; i++) {
		frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, SPREAD_LEN);
		f.b[ETH + IP6] = i;
		world_feed(&w, CORE, &f);
	}
	world_run_all(&w);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 200);
	CU_ASSERT(spread_takers(&w, CORE) > PATH_WORKER_MAX / 2);
	world_close(&w);
}

/* A label tells flows apart by itself: with it the ports, which fragments have not, count for nothing. */
static void
label(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 40; i++) {
		frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, SPREAD_LEN);
		f.b[ETH + 3] = 7;
		f.b[ETH + IP6] = i;
		world_feed(&w, CORE, &f);
	}
	world_run_all(&w);
	CU_ASSERT_EQUAL(spread_takers(&w, CORE), 1);
	world_close(&w);
}

/* Signalling, what has no IPv6 and what stays on a link is punted by the worker that polls. */
static void
control(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true};
	struct rte_mbuf *m;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 10; i++) {
		frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, MOBILITY, 64, SPREAD_LEN);
		memcpy(f.b + ETH + 8 + 12, &i, sizeof(i)); /* of ten gateways */
		world_feed(&w, CORE, &f);
		frame_ip6(&f, ALL_NODES, ROUTER, ROUTER_LL, GROUP, 58, 255, SPREAD_LEN);
		f.b[ETH + 8 + 15] = i;
		world_feed(&w, CORE, &f);
	}
	world_run_all(&w);
	CU_ASSERT_EQUAL(path_punt_dequeue(w.path, 0, PATH_PUNT_SIGNALLING, &m, 1), 1);
	path_mbuf_free(m);
	CU_ASSERT_EQUAL(path_stats(w.path, 0)->counter[STAT_PUNTED], 20);
	CU_ASSERT_EQUAL(world_count(&w, STAT_HANDED_OUT), 0);
	world_close(&w);
}

/* A worker that does not turn costs the flows that are its, beyond what its ring holds, and no others. */
static void
ring_full(void)
{
	const struct wish wish = {.workers = 2, .spread = true, .spread_ring = 8};
	uint64_t dropped, kept;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 5 * SPREAD_FLOWS; i++)
		world_feed(&w, CORE, spread_uplink(&f, i % SPREAD_FLOWS, 0));
	world_run(&w);
	dropped = world_drops(&w, STAT_DROP_SPREAD_FULL);
	kept = world_sent(&w, CORE);
	CU_ASSERT(dropped > 0 && kept > 0);
	CU_ASSERT_EQUAL(dropped + kept + 8, 5 * SPREAD_FLOWS);
	world_run_all(&w);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), kept + 8);
	world_close(&w);
}

/* Likewise a worker that is to send what others have ready. */
static void
send_full(void)
{
	const struct wish wish = {.workers = 2, .spread_ring = 8};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 20; i++)
		world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, LOCAL, UDP, 64, SPREAD_LEN));
	world_run(&w); /* the access port is worker 1's */
	CU_ASSERT_EQUAL(world_sent(&w, ACCESS), 0);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_SPREAD_FULL), 12);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_TX_FULL), 0);
	world_run_all(&w);
	CU_ASSERT_EQUAL(world_sent(&w, ACCESS), 8);
	CU_ASSERT_EQUAL(path_stats(w.path, 1)->counter[STAT_TX_PACKETS], 8);
	world_close(&w);
}

/* What still lies between workers when they end is freed. */
static void
left_over(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (uint8_t flow = 0; flow < SPREAD_FLOWS; flow++)
		world_feed(&w, CORE, spread_uplink(&f, flow, 0));
	world_run(&w);
	CU_ASSERT(world_sent(&w, CORE) < SPREAD_FLOWS);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_SPREAD_FULL), 0);
	world_abandon(&w);
}

/* The same with threads: frames come in and are taken while two workers turn as they like. */
static void
threads(void)
{
	const struct wish wish = {.workers = 2, .spread = true, .change.idle_sleep_us = 50};
	const unsigned int total = 100 * SPREAD_FLOWS, in_flight = 64;
	uint8_t next[SPREAD_FLOWS] = {0};
	pthread_t thread[2];
	unsigned int fed = 0, taken = 0;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 2; i++)
		CU_ASSERT_FATAL(pthread_create(&thread[i], NULL, world_worker, path_worker_of(w.path, i)) == 0);
	for (unsigned int waits = 0; taken < total && waits < 50000;) {
		unsigned int sent = world_sent(&w, CORE);

		taken += sent;
		check_order(&w, next, sent);
		while (fed < total && fed - taken < in_flight) {
			world_feed(&w, CORE, spread_uplink(&f, fed % SPREAD_FLOWS, (uint8_t)(fed / SPREAD_FLOWS)));
			fed++;
		}
		if (sent == 0) {
			usleep(100);
			waits++;
		}
	}
	CU_ASSERT_EQUAL(taken, total);
	path_stop(w.path);
	for (unsigned int i = 0; i < 2; i++) {
		CU_ASSERT(pthread_join(thread[i], NULL) == 0);
		fwd_worker_online(w.fwd, i);
	}
	CU_ASSERT_EQUAL(spread_takers(&w, CORE), 2);
	CU_ASSERT(world_count(&w, STAT_HANDED_OUT) > 0);
	world_close(&w);
}

const struct unit_case spread_cases[] = {
	{"each flow keeps its order whoever turns when, and every worker has some", order},
	{"fragments of one packet go to one worker, those of all to several", fragments},
	{"an inner flow has one worker, whatever tunnel it comes in", inner_flow},
	{"so has one that comes in segments", segments},
	{"all workers that there may be share a port", many_workers},
	{"a flow with a label is told by it, whatever its ports are", label},
	{"signalling and what stays on a link is left with the worker that polls", control},
	{"a worker that does not keep up costs its own flows by name", ring_full},
	{"so does one that sends for others", send_full},
	{"what lies between workers at the end is freed", left_over},
	{"two threads lose nothing, and each flow keeps its order", threads},
};
const unsigned int spread_case_count = UNIT_COUNT(spread_cases);
