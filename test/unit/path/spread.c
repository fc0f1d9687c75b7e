/* SPDX-License-Identifier: BSD-3-Clause */
/* Workers that share a port of one queue: what goes where, in which order, and what a full ring costs. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "world.h"

#define UDP	 17
#define MOBILITY 135
#define LEN	 64
#define FLOWS	 24
#define ROUNDS	 60
#define WORKERS	 4

static void
open_all(struct world *w, const struct wish *wish)
{
	world_open(w, wish);
	for (unsigned int i = 1; i < wish->workers; i++)
		fwd_worker_online(w->fwd, i);
}

/* Until nobody has anything left to do. */
static void
run_all(struct world *w, unsigned int workers)
{
	unsigned int idle = 0, turns = 0;

	for (unsigned int i = 0; idle < workers && turns < 10000; i = (i + 1) % workers, turns++)
		idle = path_worker_poll(path_worker_of(w->path, i)) > 0 ? 0 : idle + 1;
	CU_ASSERT(turns < 10000);
}

static uint64_t
count_all(const struct world *w, unsigned int workers, enum stat_counter c)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < workers; i++)
		sum += path_stats(w->path, i)->counter[c];
	return sum;
}

static uint64_t
drops_all(const struct world *w, unsigned int workers, enum stat_drop d)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < workers; i++)
		sum += path_stats(w->path, i)->drop[d];
	return sum;
}

static void
close_all(struct world *w, unsigned int workers)
{
	run_all(w, workers);
	for (unsigned int i = 0; i < workers; i++) {
		struct stat_balance b;

		stat_balance_get(path_stats(w->path, i), &b);
		CU_ASSERT_EQUAL(stat_balance_missing(&b), 0);
	}
	CU_ASSERT_EQUAL(count_all(w, workers, STAT_HANDED_IN), count_all(w, workers, STAT_HANDED_OUT));
	for (unsigned int i = 1; i < workers; i++)
		fwd_worker_offline(w->fwd, i);
	world_close(w);
}

/* How many workers took any of the port's frames. */
static unsigned int
takers(const struct world *w, int port)
{
	struct path_share share;
	unsigned int n = 0;

	for (unsigned int i = 0; path_port_share_get(w->path, port, i, &share); i++)
		n += share.packets > 0;
	return n;
}

/* An uplink packet of a flow in the tunnel of its gateway: even flows by their label, odd ones by their ports. */
static struct frame *
uplink(struct frame *f, uint8_t flow, uint8_t sequence)
{
	frame_ip6(f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, LEN);
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
check_order(struct world *w, uint8_t next[FLOWS], unsigned int n)
{
	struct frame f;

	while (n-- > 0) {
		uint8_t flow;

		CU_ASSERT_FATAL(world_take(w, CORE, &f));
		flow = f.b[ETH + IP6 + 8];
		CU_ASSERT_FATAL(flow < FLOWS);
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
	uint8_t next[FLOWS] = {0};
	struct frame f;
	struct world w;

	open_all(&w, &wish);
	srandom(2);
	for (unsigned int i = 0; i < ROUNDS * FLOWS; i++) {
		world_feed(&w, CORE, uplink(&f, i % FLOWS, i / FLOWS));
		for (unsigned int turns = random() % 3; turns > 0; turns--)
			path_worker_poll(path_worker_of(w.path, random() % WORKERS));
		if (i % 64 == 0)
			run_all(&w, WORKERS);
		check_order(&w, next, world_sent(&w, CORE));
	}
	run_all(&w, WORKERS);
	check_order(&w, next, world_sent(&w, CORE));
	for (unsigned int i = 0; i < FLOWS; i++)
		CU_ASSERT_EQUAL(next[i], ROUNDS);
	CU_ASSERT_EQUAL(takers(&w, CORE), WORKERS);
	CU_ASSERT(path_port_imbalance(w.path, CORE) >= 1 && path_port_imbalance(w.path, CORE) < WORKERS);
	path_session_counts_get(w.path, SESSION_MN1, &counts);
	CU_ASSERT_EQUAL(counts.up_packets, ROUNDS * FLOWS);
	close_all(&w, WORKERS);
}

/* What a path of so many workers makes of the same frames. */
struct outcome {
	unsigned int frames;
	uint64_t digest[1024];
	struct stat_block sum;
	unsigned int punted[PATH_PUNT_COUNT];
	struct path_session_counts session[SESSION_IDLE];
};

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
collect(struct world *w, unsigned int workers, struct outcome *o)
{
	static const struct hash_secret secret;
	struct rte_mbuf *m;
	struct frame f;

	run_all(w, workers);
	for (int port = 0; port < PORTS; port++) {
		while (world_sent(w, port) > 0 && o->frames < UNIT_COUNT(o->digest)) {
			CU_ASSERT(world_take(w, port, &f));
			o->digest[o->frames++] = hash_bytes(&secret, f.b, f.len);
		}
	}
	for (unsigned int i = 0; i < workers; i++)
		for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++)
			while (path_punt_dequeue(w->path, i, c, &m, 1) == 1) {
				o->punted[c]++;
				path_mbuf_free(m);
			}
}

/* Of every kind: forwarded either way and between mobile nodes, dropped, for the control lcore, in fragments. */
static void
feed_all(struct world *w, uint8_t flow)
{
	struct frame f, whole;

	world_feed(w, CORE, uplink(&f, flow, 0));
	uplink(&whole, flow, 1);
	whole.b[ETH + 3] = flow + 1;
	world_feed(w, CORE, frame_fragment(&f, &whole, 0, 56, true, flow));
	world_feed(w, CORE, frame_fragment(&f, &whole, 56, IP6 + LEN - 56, false, flow));
	for (int to = MN1; to <= LOCAL2; to++) {
		frame_ip6(&f, NODE_CORE, ROUTER, CN, to, UDP, 64, LEN);
		f.b[ETH + IP6 + 1] = flow;
		world_feed(w, CORE, &f);
	}
	frame_ip6(&f, NODE_CORE, ROUTER, MN2, CN, UDP, 64, LEN);
	world_feed(w, CORE, frame_wrap(&f, MAG1, NODE)); /* not its gateway */
	world_feed(w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, NODE, UDP, 64, flow));
	world_feed(w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, MOBILITY, 64, flow));
	world_feed(w, ACCESS, frame_ip6(&f, NODE_ACCESS, VISITOR_MAC, VISITOR, CN, UDP, 64, flow));
	world_feed(w, ACCESS, frame_ip6(&f, NODE_ACCESS, LOCAL_MAC, LOCAL, LOCAL2, UDP, 64, flow));
	world_feed(w, ACCESS, frame_ip6(&f, NODE_ACCESS, STRANGER_MAC, VISITOR, CN, UDP, 64, flow));
}

static void
play(unsigned int workers, struct outcome *o)
{
	const struct wish wish = {.workers = workers, .spread = true, .reassemblies = 64};
	const struct stat_block *blocks[WORKERS];
	struct world w;

	memset(o, 0, sizeof(*o));
	open_all(&w, &wish);
	for (uint8_t flow = 0; flow < FLOWS; flow++) {
		feed_all(&w, flow);
		if (flow % 4 == 3)
			collect(&w, workers, o);
	}
	qsort(o->digest, o->frames, sizeof(o->digest[0]), by_value);
	for (unsigned int i = 0; i < workers; i++)
		blocks[i] = path_stats(w.path, i);
	stat_sum(blocks, workers, &o->sum);
	o->sum.counter[STAT_HANDED_IN] = o->sum.counter[STAT_HANDED_OUT] = 0;
	for (unsigned int i = 0; i < SESSION_IDLE; i++)
		path_session_counts_get(w.path, i, &o->session[i]);
	CU_ASSERT_EQUAL(takers(&w, CORE), workers);
	close_all(&w, workers);
}

static void
alike(void)
{
	static struct outcome one, more;

	play(1, &one);
	CU_ASSERT(one.frames == 9 * FLOWS && one.sum.counter[STAT_REASSEMBLED] == FLOWS);
	CU_ASSERT_EQUAL(one.sum.drop[STAT_DROP_UPLINK_WRONG_TUNNEL], FLOWS);
	for (unsigned int workers = 2; workers <= WORKERS; workers *= 2) {
		play(workers, &more);
		CU_ASSERT_EQUAL(more.frames, one.frames);
		CU_ASSERT(memcmp(more.digest, one.digest, sizeof(one.digest)) == 0);
		CU_ASSERT(memcmp(&more.sum, &one.sum, sizeof(one.sum)) == 0);
		CU_ASSERT(memcmp(more.punted, one.punted, sizeof(one.punted)) == 0);
		CU_ASSERT(memcmp(more.session, one.session, sizeof(one.session)) == 0);
	}
}

/* Fragments of flows with labels go to several workers, and those of one packet to one. */
static void
fragments(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true, .reassemblies = 64};
	unsigned int used = 0;
	struct frame f, whole;
	struct world w;

	open_all(&w, &wish);
	for (unsigned int part = 0; part < 2; part++) {
		for (uint8_t flow = 0; flow < FLOWS; flow++) {
			uplink(&whole, flow, 0);
			whole.b[ETH + 3] = flow + 1;
			if (part == 0)
				frame_fragment(&f, &whole, 0, 56, true, flow);
			else
				frame_fragment(&f, &whole, 56, IP6 + LEN - 56, false, flow);
			world_feed(&w, CORE, &f);
		}
		run_all(&w, WORKERS);
	}
	CU_ASSERT_EQUAL(world_sent(&w, CORE), FLOWS);
	for (unsigned int i = 0; i < WORKERS; i++)
		used += path_stats(w.path, i)->counter[STAT_REASSEMBLED] > 0;
	CU_ASSERT(used > 1);
	close_all(&w, WORKERS);
}

/* Put a header of len bytes, the first of which are given, behind the outermost IPv6 header, which names it. */
static void
insert(struct frame *f, uint8_t proto, const void *header, uint32_t len)
{
	uint8_t *at = f->b + ETH + IP6;

	memmove(at + len, at, f->len - ETH - IP6);
	memcpy(at, header, len);
	f->b[ETH + 5] += len;
	f->b[ETH + 6] = proto;
	f->len += len;
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

	open_all(&w, &wish);
	for (unsigned int i = 0; i < 40; i++) {
		frame_ip6(&f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, LEN);
		frame_wrap(&f, i % 2 == 0 ? MAG1 : MAG2, NODE);
		f.b[ETH + 3] = i;
		switch (i % 8) {
		case 1:
			frame_ip6(&f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, LEN);
			break;
		case 3:
			insert(&f, 47, gre, sizeof(gre));
			break;
		case 4: /* whether the sum is right is not this worker's work */
			insert(&f, 47, sum, sizeof(sum));
			break;
		case 5:
			insert(&f, 47, all, sizeof(all));
			insert(&f, 60, pad, sizeof(pad));
			break;
		case 6:
			insert(&f, 60, limit, sizeof(limit));
			break;
		default:
			break;
		}
		world_feed(&w, CORE, &f);
	}
	run_all(&w, WORKERS);
	CU_ASSERT_EQUAL(takers(&w, CORE), 1);
	CU_ASSERT(path_port_imbalance(w.path, CORE) == WORKERS);
	close_all(&w, WORKERS);
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

	open_all(&w, &wish);
	for (unsigned int i = 0; i < UNIT_COUNT(cuts); i++) {
		struct frame head, tail;

		uplink(&f, 5, 0);
		head = tail = f;
		head.len = cuts[i] == 0 ? f.len : cuts[i];
		m = world_mbuf(&w, &head);
		tail.len = f.len - head.len;
		memmove(tail.b, f.b + head.len, tail.len);
		if (tail.len > 0)
			CU_ASSERT_EQUAL(rte_pktmbuf_chain(m, world_mbuf(&w, &tail)), 0);
		CU_ASSERT_EQUAL(rte_ring_enqueue(w.rx[CORE], m), 0);
	}
	run_all(&w, WORKERS);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), UNIT_COUNT(cuts));
	CU_ASSERT_EQUAL(takers(&w, CORE), 1);
	f.len = FRAME_MAX;
	m = world_mbuf(&w, &f);
	for (unsigned int i = 0; i < 2; i++) {
		rest = world_mbuf(&w, &f);
		CU_ASSERT_EQUAL(rte_pktmbuf_chain(m, rest), 0);
	}
	CU_ASSERT_EQUAL(rte_ring_enqueue(w.rx[CORE], m), 0);
	run_all(&w, WORKERS);
	CU_ASSERT_EQUAL(drops_all(&w, WORKERS, STAT_DROP_TOO_BIG), 1);
	close_all(&w, WORKERS);
}

/* As many as there may be. */
static void
many_workers(void)
{
	const struct wish wish = {.workers = PATH_WORKER_MAX, .spread = true, .spread_ring = 8};
	struct frame f;
	struct world w;

	open_all(&w, &wish);
	for (unsigned int i = 0; i < 200; i++) {
		frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN);
		f.b[ETH + IP6] = i;
		world_feed(&w, CORE, &f);
	}
	run_all(&w, PATH_WORKER_MAX);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 200);
	CU_ASSERT(takers(&w, CORE) > PATH_WORKER_MAX / 2);
	close_all(&w, PATH_WORKER_MAX);
}

/* A label tells flows apart by itself: with it the ports, which fragments have not, count for nothing. */
static void
label(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true};
	struct frame f;
	struct world w;

	open_all(&w, &wish);
	for (unsigned int i = 0; i < 40; i++) {
		frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN);
		f.b[ETH + 3] = 7;
		f.b[ETH + IP6] = i;
		world_feed(&w, CORE, &f);
	}
	run_all(&w, WORKERS);
	CU_ASSERT_EQUAL(takers(&w, CORE), 1);
	close_all(&w, WORKERS);
}

/* Signalling, what has no IPv6 and what stays on a link is punted by the worker that polls. */
static void
control(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true};
	struct rte_mbuf *m;
	struct frame f;
	struct world w;

	open_all(&w, &wish);
	for (unsigned int i = 0; i < 10; i++) {
		frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, MOBILITY, 64, LEN);
		memcpy(f.b + ETH + 8 + 12, &i, sizeof(i)); /* of ten gateways */
		world_feed(&w, CORE, &f);
		frame_ip6(&f, ALL_NODES, ROUTER, ROUTER_LL, GROUP, 58, 255, LEN);
		f.b[ETH + 8 + 15] = i;
		world_feed(&w, CORE, &f);
	}
	run_all(&w, WORKERS);
	CU_ASSERT_EQUAL(path_punt_dequeue(w.path, 0, PATH_PUNT_SIGNALLING, &m, 1), 1);
	path_mbuf_free(m);
	CU_ASSERT_EQUAL(path_stats(w.path, 0)->counter[STAT_PUNTED], 20);
	CU_ASSERT_EQUAL(count_all(&w, WORKERS, STAT_HANDED_OUT), 0);
	close_all(&w, WORKERS);
}

/* A worker that does not turn costs the flows that are its, beyond what its ring holds, and no others. */
static void
ring_full(void)
{
	const struct wish wish = {.workers = 2, .spread = true, .spread_ring = 8};
	uint64_t dropped, kept;
	struct frame f;
	struct world w;

	open_all(&w, &wish);
	for (unsigned int i = 0; i < 5 * FLOWS; i++)
		world_feed(&w, CORE, uplink(&f, i % FLOWS, 0));
	world_run(&w);
	dropped = world_drops(&w, STAT_DROP_SPREAD_FULL);
	kept = world_sent(&w, CORE);
	CU_ASSERT(dropped > 0 && kept > 0);
	CU_ASSERT_EQUAL(dropped + kept + 8, 5 * FLOWS);
	run_all(&w, 2);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), kept + 8);
	close_all(&w, 2);
}

/* Likewise a worker that is to send what others have ready. */
static void
send_full(void)
{
	const struct wish wish = {.workers = 2, .spread_ring = 8};
	struct frame f;
	struct world w;

	open_all(&w, &wish);
	for (unsigned int i = 0; i < 20; i++)
		world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, LOCAL, UDP, 64, LEN));
	world_run(&w); /* the access port is worker 1's */
	CU_ASSERT_EQUAL(world_sent(&w, ACCESS), 0);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_SPREAD_FULL), 12);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_TX_FULL), 0);
	run_all(&w, 2);
	CU_ASSERT_EQUAL(world_sent(&w, ACCESS), 8);
	CU_ASSERT_EQUAL(path_stats(w.path, 1)->counter[STAT_TX_PACKETS], 8);
	close_all(&w, 2);
}

/* What still lies between workers when they end is freed. */
static void
left_over(void)
{
	const struct wish wish = {.workers = WORKERS, .spread = true};
	struct frame f;
	struct world w;

	open_all(&w, &wish);
	for (uint8_t flow = 0; flow < FLOWS; flow++)
		world_feed(&w, CORE, uplink(&f, flow, 0));
	world_run(&w);
	CU_ASSERT(world_sent(&w, CORE) < FLOWS);
	CU_ASSERT_EQUAL(drops_all(&w, WORKERS, STAT_DROP_SPREAD_FULL), 0);
	for (unsigned int i = 1; i < WORKERS; i++)
		fwd_worker_offline(w.fwd, i);
	world_abandon(&w);
}

/* The same with threads: frames come in and are taken while two workers turn as they like. */
static void
threads(void)
{
	const struct wish wish = {.workers = 2, .spread = true, .change.idle_sleep_us = 50};
	const unsigned int total = 100 * FLOWS, in_flight = 64;
	uint8_t next[FLOWS] = {0};
	pthread_t thread[2];
	unsigned int fed = 0, taken = 0;
	struct frame f;
	struct world w;

	open_all(&w, &wish);
	for (unsigned int i = 0; i < 2; i++)
		CU_ASSERT_FATAL(pthread_create(&thread[i], NULL, world_worker, path_worker_of(w.path, i)) == 0);
	for (unsigned int waits = 0; taken < total && waits < 50000;) {
		unsigned int sent = world_sent(&w, CORE);

		taken += sent;
		check_order(&w, next, sent);
		while (fed < total && fed - taken < in_flight) {
			world_feed(&w, CORE, uplink(&f, fed % FLOWS, (uint8_t)(fed / FLOWS)));
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
	CU_ASSERT_EQUAL(takers(&w, CORE), 2);
	CU_ASSERT(count_all(&w, 2, STAT_HANDED_OUT) > 0);
	close_all(&w, 2);
}

const struct unit_case spread_cases[] = {
	{"each flow keeps its order whoever turns when, and every worker has some", order},
	{"1, 2 and 4 workers send, drop, punt and count the same", alike},
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
