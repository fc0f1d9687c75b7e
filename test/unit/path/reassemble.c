/* SPDX-License-Identifier: BSD-3-Clause */
/* Fragments to an own address: what golden cases cannot show, and a great many that chance makes. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world.h"

#define INNER  (IP6 + 200)
#define ROUNDS 20000

static struct frame *
tunnelled(struct frame *f)
{
	return frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, INNER - IP6), MAG1, NODE);
}

static void
off(void)
{
	const struct wish wish = {.no_reassembly = true};
	struct frame whole, f;
	struct world w;

	world_open(&w, &wish);
	tunnelled(&whole);
	world_expect_drop(&w, CORE, frame_fragment(&f, &whole, 0, 96, true, 1), STAT_DROP_FRAGMENT_OFF);
	world_send(&w, CORE, frame_fragment(&f, &whole, 0, INNER, false, 1)); /* nothing to put together */
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 1);
	world_close(&w);
}

/* An idle worker gives up what has waited for too long, and what comes then begins anew. */
static void
timeout(void)
{
	const struct wish wish = {.reassembly_ms = 20};
	struct frame whole, f;
	struct world w;

	world_open(&w, &wish);
	tunnelled(&whole);
	world_send(&w, CORE, frame_fragment(&f, &whole, 0, 96, true, 1));
	for (unsigned int i = 0; i < 10000 && world_drops(&w, STAT_DROP_FRAGMENT_TIMEOUT) == 0; i++) {
		usleep(1000);
		path_worker_poll(w.worker);
	}
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_FRAGMENT_TIMEOUT), 1);
	CU_ASSERT_EQUAL(rte_mempool_in_use_count(w.pool), 0);
	world_send(&w, CORE, frame_fragment(&f, &whole, 96, INNER - 96, false, 1));
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* However many begin, no more wait than may, 8 fragments of each. */
static void
bounded(void)
{
	struct frame whole, f;
	struct world w;

	world_open(&w, NULL);
	tunnelled(&whole);
	for (unsigned int id = 0; id < 200; id++)
		for (uint32_t at = 0; at < 48; at += 8)
			world_send(&w, CORE, frame_fragment(&f, &whole, at, at == 0 ? 40 : 8, true, id));
	CU_ASSERT(rte_mempool_in_use_count(w.pool) <= 4 * 8);
	CU_ASSERT(world_drops(&w, STAT_DROP_FRAGMENT_FULL) > 0);
	CU_ASSERT(world_silent(&w));
	world_close(&w);
}

/* Fragments cut anywhere and sent in any order, lost, doubled and damaged: what comes out is the packet or nothing. */
static void
chance(void)
{
	struct frame whole, f, got, want;
	unsigned int out = 0;
	struct world w;

	world_open(&w, &(struct wish){.reassemblies = 64, .reassembly_ms = 1});
	srandom(1);
	tunnelled(&whole);
	frame_ip6(&want, ROUTER, NODE_CORE, MN1, CN, UDP, 63, INNER - IP6);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint32_t at = random() % 16 * 8, len = random() % 16 * 8;

		if (i % 3 == 0) /* a good pair now and then */
			world_send(&w, CORE, frame_fragment(&f, &whole, 0, 96, true, i));
		if (at + len >= INNER || random() % 4 == 0 || i % 3 == 0)
			at = i % 3 == 0 ? 96 : at, len = INNER - at;
		frame_fragment(&f, &whole, at, len, at + len < INNER, i - random() % 2 * (i % 3 != 0));
		if (random() % 8 == 0)
			f.b[ETH + IP6 + random() % 4] ^= 1 << random() % 8;
		world_send(&w, CORE, &f);
		for (; world_sent(&w, CORE) > 0; out++) {
			CU_ASSERT(world_take(&w, CORE, &got));
			CU_ASSERT(got.len == want.len && memcmp(got.b, want.b, want.len) == 0);
		}
		while (world_punted(&w, PATH_PUNT_OWN, &got, NULL))
			;
	}
	CU_ASSERT(out > 100);
	world_close(&w);
}

const struct unit_case reassemble_cases[] = {
	{"a node that puts nothing together drops fragments, but for those that are whole packets", off},
	{"fragments that wait for too long are given up", timeout},
	{"what waits is bounded", bounded},
	{"of fragments as chance makes them comes the packet or nothing", chance},
};
const unsigned int reassemble_case_count = UNIT_COUNT(reassemble_cases);
