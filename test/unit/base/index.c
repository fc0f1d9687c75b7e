/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/index.h"

#include "cases.h"

void
index_pool_order(void)
{
	struct index_pool p;

	CU_ASSERT_EQUAL_FATAL(index_pool_init(&p, 3), 0);
	CU_ASSERT_EQUAL(index_pool_take(&p), 0);
	CU_ASSERT_EQUAL(index_pool_take(&p), 1);
	index_pool_put(&p, 0);
	CU_ASSERT_EQUAL(index_pool_take(&p), 2);
	index_pool_put(&p, 2);
	index_pool_put(&p, 1);
	CU_ASSERT_EQUAL(index_pool_take(&p), 0);
	CU_ASSERT_EQUAL(index_pool_take(&p), 2);
	CU_ASSERT_EQUAL(index_pool_take(&p), 1);
	CU_ASSERT_EQUAL(index_pool_used(&p), 3);
	index_pool_fini(&p);
}

void
index_pool_full(void)
{
	struct index_pool p;

	CU_ASSERT_EQUAL_FATAL(index_pool_init(&p, 1), 0);
	index_pool_put(&p, 0);
	CU_ASSERT_EQUAL(index_pool_used(&p), 0);
	CU_ASSERT_EQUAL(index_pool_take(&p), 0);
	CU_ASSERT_EQUAL(index_pool_take(&p), INDEX_NONE);
	CU_ASSERT(index_pool_is_taken(&p, 0));
	CU_ASSERT(!index_pool_is_taken(&p, 1));
	CU_ASSERT(!index_pool_is_taken(&p, INDEX_NONE));
	index_pool_put(&p, 1);
	index_pool_put(&p, 0);
	index_pool_put(&p, 0);
	CU_ASSERT_EQUAL(index_pool_used(&p), 0);
	CU_ASSERT_EQUAL(index_pool_take(&p), 0);
	CU_ASSERT_EQUAL(index_pool_take(&p), INDEX_NONE);
	index_pool_fini(&p);
}

enum { IDS = 101, STEPS = 100000 };

void
index_pool_model(void)
{
	uint64_t freed[IDS], seed = 2; /* the step of each id's last put; UINT64_MAX while it is taken */
	struct index_pool p;
	uint32_t used = 0;

	CU_ASSERT_EQUAL_FATAL(index_pool_init(&p, IDS), 0);
	for (uint32_t i = 0; i < IDS; i++)
		freed[i] = i;
	for (uint64_t step = IDS; step < STEPS; step++) {
		uint64_t r = random_next(&seed);
		uint32_t id = (uint32_t)(r >> 32) % IDS;

		/* Phases of filling and of emptying, so that both ends are met. */
		if (r % 4 < (step / 1000 % 2 ? 1u : 3u)) {
			uint32_t oldest = 0;

			for (uint32_t i = 1; i < IDS; i++)
				oldest = freed[i] < freed[oldest] ? i : oldest;
			CU_ASSERT_EQUAL_FATAL(index_pool_take(&p), used < IDS ? oldest : INDEX_NONE);
			used += used < IDS;
			freed[oldest] = UINT64_MAX;
		} else {
			index_pool_put(&p, id);
			used -= freed[id] == UINT64_MAX;
			freed[id] = freed[id] == UINT64_MAX ? step : freed[id];
		}
		CU_ASSERT_EQUAL_FATAL(index_pool_used(&p), used);
		CU_ASSERT_EQUAL_FATAL(index_pool_is_taken(&p, id), freed[id] == UINT64_MAX);
	}
	index_pool_fini(&p);
}

void
index_map_equal(void)
{
	struct index_map m;

	CU_ASSERT_EQUAL_FATAL(index_map_init(&m, 5), 0);
	CU_ASSERT_EQUAL(index_map_first(&m, 7), INDEX_NONE);
	index_map_add(&m, 0, 7);
	index_map_add(&m, 1, 7 + 64); /* another hash in the same bucket */
	index_map_add(&m, 2, 7);
	index_map_add(&m, 4, 7);
	CU_ASSERT_EQUAL(index_map_first(&m, 7), 4);
	CU_ASSERT_EQUAL(index_map_next(&m, 4), 2);
	CU_ASSERT_EQUAL(index_map_next(&m, 2), 0);
	CU_ASSERT_EQUAL(index_map_next(&m, 0), INDEX_NONE);
	index_map_del(&m, 2);
	CU_ASSERT_EQUAL(index_map_next(&m, 4), 0);
	CU_ASSERT_EQUAL(index_map_first(&m, 7 + 64), 1);
	CU_ASSERT_EQUAL(index_map_next(&m, 1), INDEX_NONE);
	CU_ASSERT_EQUAL(m.count, 3);
	index_map_fini(&m);
}

void
index_map_model(void)
{
	uint64_t hash[IDS], seed = 3; /* 0 while an id is not in the map */
	struct index_map m;
	uint32_t count = 0;

	CU_ASSERT_EQUAL_FATAL(index_map_init(&m, IDS), 0);
	for (uint32_t i = 0; i < IDS; i++)
		hash[i] = 0;
	for (unsigned int step = 0; step < STEPS; step++) {
		uint64_t r = random_next(&seed), h = 1 + (r & 15) + (r >> 4 & 1) * 1024;
		uint32_t id = (uint32_t)(r >> 32) % IDS, found = 0, expected = 0;

		if (hash[id] == 0) {
			index_map_add(&m, id, h);
			hash[id] = h;
			count++;
		} else {
			index_map_del(&m, id);
			hash[id] = 0;
			count--;
		}
		for (uint32_t at = index_map_first(&m, h); at != INDEX_NONE; at = index_map_next(&m, at)) {
			CU_ASSERT_EQUAL_FATAL(hash[at], h);
			CU_ASSERT_FATAL(found++ < IDS);
		}
		for (uint32_t i = 0; i < IDS; i++)
			expected += hash[i] == h;
		CU_ASSERT_EQUAL_FATAL(found, expected);
		CU_ASSERT_EQUAL_FATAL(m.count, count);
	}
	index_map_fini(&m);
}
