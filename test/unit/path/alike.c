/* SPDX-License-Identifier: BSD-3-Clause */
/* However many workers share the ports, they make the same of the same frames. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "spread.h"

#define WORKERS 4

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
collect(struct world *w, struct outcome *o)
{
	static const struct hash_secret secret;
	struct rte_mbuf *m;
	struct frame f;

	world_run_all(w);
	for (int port = 0; port < PORTS; port++) {
		while (world_sent(w, port) > 0 && o->frames < UNIT_COUNT(o->digest)) {
			CU_ASSERT(world_take(w, port, &f));
			o->digest[o->frames++] = hash_bytes(&secret, f.b, f.len);
		}
	}
	for (unsigned int i = 0; i < w->workers; i++)
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

	world_feed(w, CORE, spread_uplink(&f, flow, 0));
	spread_uplink(&whole, flow, 1);
	whole.b[ETH + 3] = flow + 1;
	world_feed(w, CORE, frame_fragment(&f, &whole, 0, 56, true, flow));
	world_feed(w, CORE, frame_fragment(&f, &whole, 56, IP6 + SPREAD_LEN - 56, false, flow));
	for (int to = MN1; to <= LOCAL2; to++) {
		frame_ip6(&f, NODE_CORE, ROUTER, CN, to, UDP, 64, SPREAD_LEN);
		f.b[ETH + IP6 + 1] = flow;
		world_feed(w, CORE, &f);
	}
	frame_ip6(&f, NODE_CORE, ROUTER, MN2, CN, UDP, 64, SPREAD_LEN);
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
	world_open(&w, &wish);
	for (uint8_t flow = 0; flow < SPREAD_FLOWS; flow++) {
		feed_all(&w, flow);
		if (flow % 4 == 3)
			collect(&w, o);
	}
	qsort(o->digest, o->frames, sizeof(o->digest[0]), by_value);
	for (unsigned int i = 0; i < workers; i++)
		blocks[i] = path_stats(w.path, i);
	stat_sum(blocks, workers, &o->sum);
	o->sum.counter[STAT_HANDED_IN] = o->sum.counter[STAT_HANDED_OUT] = 0;
	for (unsigned int i = 0; i < SESSION_IDLE; i++)
		path_session_counts_get(w.path, i, &o->session[i]);
	CU_ASSERT_EQUAL(spread_takers(&w, CORE), workers);
	world_close(&w);
}

static void
alike(void)
{
	static struct outcome one, more;

	play(1, &one);
	CU_ASSERT(one.frames == 9 * SPREAD_FLOWS && one.sum.counter[STAT_REASSEMBLED] == SPREAD_FLOWS);
	CU_ASSERT_EQUAL(one.sum.drop[STAT_DROP_UPLINK_WRONG_TUNNEL], SPREAD_FLOWS);
	for (unsigned int workers = 2; workers <= WORKERS; workers *= 2) {
		play(workers, &more);
		CU_ASSERT_EQUAL(more.frames, one.frames);
		CU_ASSERT(memcmp(more.digest, one.digest, sizeof(one.digest)) == 0);
		CU_ASSERT(memcmp(&more.sum, &one.sum, sizeof(one.sum)) == 0);
		CU_ASSERT(memcmp(more.punted, one.punted, sizeof(one.punted)) == 0);
		CU_ASSERT(memcmp(more.session, one.session, sizeof(one.session)) == 0);
	}
}

const struct unit_case alike_cases[] = {
	{"1, 2 and 4 workers send, drop, punt and count the same", alike},
};
const unsigned int alike_case_count = UNIT_COUNT(alike_cases);
