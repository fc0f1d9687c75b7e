/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames gone wrong in every way: whatever comes in is sent, dropped or punted, once. world_close() holds the books. */
#include <string.h>

#include "world.h"

#define ROUNDS 2000

/* xorshift64 (Marsaglia): the same frames in every run. */
static uint32_t
noise(uint64_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (*state >> 32) % below;
}

/* One of each kind that a stage takes apart. */
static int
sound_frame(struct frame *f, uint64_t *state)
{
	uint32_t len = noise(state, 200);

	switch (noise(state, 9)) {
	case 0:
		frame_ip6(f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, len);
		return CORE;
	case 1:
		frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, MN1, MN2, UDP, 64, len), MAG1, NODE);
		return CORE;
	case 2:
		frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, CN, VISITOR, UDP, 64, len), LMA, NODE);
		return CORE;
	case 3:
		frame_ip6(f, NODE_CORE, ROUTER, MAG1, NODE, 60, 64, len);
		return CORE;
	case 4:
		frame_ip6(f, NODE_CORE, ROUTER, CN, ONLINK, UDP, 1 + noise(state, 2), len + 1200);
		return CORE;
	case 5:
		frame_ip6(f, ALL_NODES, STRANGER_MAC, MN_LL, GROUP, 58, 255, len);
		return ACCESS;
	case 6:
		frame_tag(frame_ip6(f, NODE_ACCESS, LOCAL_MAC, LOCAL, CN, 0, 2, len), 0);
		return ACCESS;
	case 7:
		frame_ip6(f, NODE_CORE, ROUTER, CN, SHARING, noise(state, 2) ? UDP : 44, 64, len);
		return CORE;
	default:
		frame_ip6(f, NODE_ACCESS, VISITOR_MAC, VISITOR, CN, 60, 64, len);
		return ACCESS;
	}
}

static void
spoil(struct frame *f, uint64_t *state)
{
	/* Where the headers are, and mostly a little at a time, so that the deeper stages see something too. */
	for (uint32_t n = noise(state, 4); n > 0; n--)
		f->b[ETH + noise(state, 2 * IP6 + 20)] ^= 1u << noise(state, 8);
	if (noise(state, 8) == 0)
		f->b[noise(state, ETH)] = noise(state, 256);
	if (noise(state, 4) == 0)
		f->len = 1 + noise(state, f->len);
}

static void
feed(struct world *w, int port, const struct frame *f, uint64_t *state)
{
	struct rte_mbuf *m = world_mbuf(w, f);

	if (noise(state, 16) == 0 && f->len > 1) { /* in two buffers */
		uint32_t first = 1 + noise(state, f->len - 1);
		struct rte_mbuf *rest = path_mbuf_alloc(w->path);

		CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
		memcpy(rte_pktmbuf_append(rest, f->len - first), f->b + first, f->len - first);
		rte_pktmbuf_trim(m, f->len - first);
		CU_ASSERT_FATAL(rte_pktmbuf_chain(m, rest) == 0);
	}
	CU_ASSERT_FATAL(rte_ring_enqueue(w->rx[port], m) == 0);
}

static void
drain(struct world *w)
{
	struct rte_mbuf *m[PATH_BURST];
	struct frame f;

	for (int port = 0; port < PORTS; port++)
		while (world_sent(w, port) > 0)
			CU_ASSERT(world_take(w, port, &f) && f.len >= ETH + IP6);
	for (enum path_punt c = 0; c < PATH_PUNT_COUNT; c++)
		for (unsigned int n = path_punt_dequeue(w->path, 0, c, m, PATH_BURST); n > 0; n--)
			path_mbuf_free(m[n - 1]);
}

static void
books_balance(void)
{
	uint64_t state = 88172645463325252u;
	struct frame f;
	struct world w;

	world_open(&w, &(struct wish){.spread = true});
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (uint32_t n = 1 + noise(&state, 40); n > 0; n--) {
			int port = sound_frame(&f, &state);

			spoil(&f, &state);
			feed(&w, port, &f, &state);
		}
		world_run(&w);
		drain(&w);
	}
	/* The noise reached every stage. */
	for (unsigned int s = 0; s < path_stage_count(); s++) {
		struct path_stage_counts counts;

		path_stage_counts_get(w.path, 0, s, &counts);
		CU_ASSERT(counts.packets > 0);
	}
	world_close(&w);
}

const struct unit_case noise_cases[] = {
	{"whatever comes in is sent, dropped or punted once, and no buffer is lost", books_balance},
};
const unsigned int noise_case_count = UNIT_COUNT(noise_cases);
