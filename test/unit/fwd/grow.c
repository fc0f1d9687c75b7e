/* SPDX-License-Identifier: BSD-3-Clause */
/* Room for more prefixes while the tables are in use, one thread: the contract of fwd_prefix_reserve. */
#include <errno.h>

#include "fwd_unit.h"
#include "tables.h"

#define FEW  100
#define MANY 20000

static struct addr_prefix
prefix_of(uint32_t i)
{
	return (struct addr_prefix){{{0x20, 0x01, 0x0d, 0xb8, i >> 24, i >> 16, i >> 8, i}}, 64};
}

static int
add(struct fwd *f, uint32_t i, uint64_t value)
{
	struct addr_prefix p = prefix_of(i);

	return fwd_prefix_add(f, &p, value);
}

static uint64_t
find(const struct fwd *f, uint32_t i)
{
	struct addr_prefix p = prefix_of(i);
	uint64_t key = addr6_upper_be(&p.addr), value = 1;

	fwd_prefix_find_bulk(f, &key, 1, &value);
	return value;
}

static struct fwd *
fwd_with(uint32_t prefixes)
{
	struct fwd_settings s = settings_small();

	s.prefixes = prefixes;
	return fwd_of(&s);
}

static void
full_table_takes_more(void)
{
	struct fwd *f = fwd_with(FEW);
	unsigned int failed = 0, turns = 0;

	for (uint32_t i = 0; i < FEW; i++)
		failed += add(f, i, 1 + i) != 0;
	CU_ASSERT_EQUAL(add(f, FEW, 1), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, MANY), 0);
	CU_ASSERT_EQUAL(fwd_prefix_capacity(f), MANY);
	for (; fwd_prefix_growing(f) && turns < 1000; turns++)
		fwd_reclaim(f);
	CU_ASSERT_TRUE(turns > 0 && turns < 1000);
	for (uint32_t i = FEW; i < MANY; i++)
		failed += add(f, i, 1 + i) != 0;
	for (uint32_t i = 0; i < MANY; i++)
		failed += find(f, i) != 1 + i;
	CU_ASSERT_EQUAL(failed, 0);
	CU_ASSERT_EQUAL(fwd_prefix_count(f), MANY);
	CU_ASSERT_EQUAL(add(f, MANY, 1), -ENOSPC);
	fwd_free(f);
}

static void
room_there_is_kept(void)
{
	struct fwd *f = fwd_with(FEW);
	const struct fwd_table *before = f->prefixes.current;

	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, FEW), 0);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, 1), 0);
	CU_ASSERT_EQUAL(fwd_prefix_capacity(f), FEW);
	/* More of the same table, where its lines do. */
	while (fwd_table_lines_for(fwd_prefix_capacity(f) + 1) == before->mask + 1)
		CU_ASSERT_EQUAL_FATAL(fwd_prefix_reserve(f, fwd_prefix_capacity(f) + 1), 0);
	CU_ASSERT_TRUE(f->prefixes.current == before && f->prefixes.growth == FWD_GROWTH_NONE);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, fwd_prefix_capacity(f) + 1), 0);
	fwd_reclaim(f);
	CU_ASSERT_TRUE(fwd_prefix_growing(f));
	fwd_free(f); /* in the middle of it */
}

static void
one_growth_at_a_time(void)
{
	struct fwd *f = fwd_with(FEW);

	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, FWD_PREFIX_MAX + 1), -EINVAL);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, MANY), 0);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, MANY / 2), 0);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, 2 * MANY), -EAGAIN);
	CU_ASSERT_EQUAL(fwd_prefix_capacity(f), MANY);
	while (fwd_prefix_growing(f))
		fwd_reclaim(f);
	fwd_reclaim(f);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, 2 * MANY), 0);
	CU_ASSERT_EQUAL(fwd_prefix_capacity(f), 2 * MANY);
	fwd_free(f);
}

/* The worker's table stays until it has been quiet after the switch. */
static void
worker_keeps_old_table(void)
{
	struct fwd *f = fwd_with(FEW);
	const struct fwd_table *old;
	uint64_t value = 0, key;
	struct addr_prefix p = prefix_of(7);

	CU_ASSERT_EQUAL(add(f, 7, 70), 0);
	fwd_worker_online(f, 1);
	old = f->prefixes.current;
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, MANY), 0);
	for (unsigned int i = 0; i < 100; i++)
		fwd_reclaim(f);
	CU_ASSERT_TRUE(f->prefixes.current != old);
	CU_ASSERT_EQUAL(fwd_prefix_replace(f, &p, 71), 0);
	key = addr6_upper_be(&p.addr);
	old->find_bulk(old, &key, 1, &value);
	CU_ASSERT_EQUAL(value, 70);
	CU_ASSERT_EQUAL(find(f, 7), 71);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, 2 * MANY), -EAGAIN);
	fwd_quiesce(f, 1);
	fwd_reclaim(f);
	CU_ASSERT_PTR_NULL(old->lines);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, 2 * MANY), 0);
	fwd_worker_offline(f, 1);
	fwd_free(f);
}

/* At each point of a growth there is one of each change; what the table says is the same before and after. */
static void
changes_meet_growth(void)
{
	struct fwd *f = fwd_with(MANY / 4);
	unsigned int failed = 0, turns = 0;

	for (uint32_t i = 0; i < MANY / 8; i++)
		failed += add(f, i, 1 + i) != 0;
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, MANY), 0);
	for (; fwd_prefix_growing(f); turns++) {
		struct addr_prefix gone = prefix_of(2 * turns), other = prefix_of(2 * turns + 1);

		fwd_reclaim(f);
		failed += fwd_prefix_del(f, &gone) != 0;
		failed += fwd_prefix_replace(f, &other, 1000000 + turns) != 0;
		failed += add(f, MANY + turns, 2000000 + turns) != 0;
		failed += add(f, MANY + turns, 1) != -EEXIST || add(f, 2 * turns + 1, 1) != -EEXIST;
		failed += fwd_prefix_del(f, &gone) != -ENOENT || fwd_prefix_replace(f, &gone, 1) != -ENOENT;
		failed += fwd_prefix_count(f) != MANY / 8;
	}
	CU_ASSERT_TRUE(turns > 3 && f->prefixes.growth != FWD_GROWTH_NONE);
	for (uint32_t i = 0; i < turns; i++) {
		failed += find(f, 2 * i) != FWD_VALUE_NONE;
		failed += find(f, 2 * i + 1) != 1000000 + i;
		failed += find(f, MANY + i) != 2000000 + i;
	}
	for (uint32_t i = 2 * turns; i < MANY / 8; i++)
		failed += find(f, i) != 1 + i;
	CU_ASSERT_EQUAL(failed, 0);
	CU_ASSERT_EQUAL(fwd_prefix_count(f), MANY / 8);
	fwd_free(f);
}

static void
short_memory_stays_as_it_is(void)
{
	struct fwd *f = fwd_with(FEW);
	struct rlimit limit;

	CU_ASSERT_EQUAL(add(f, 1, 10), 0);
	limit = limit_data((size_t)100 << 20);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, 10000000), -ENOMEM);
	setrlimit(RLIMIT_DATA, &limit);
	CU_ASSERT_EQUAL(fwd_prefix_capacity(f), FEW);
	CU_ASSERT_FALSE(fwd_prefix_growing(f));
	CU_ASSERT_EQUAL(find(f, 1), 10);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(f, MANY), 0);
	fwd_free(f);
}

const struct unit_case grow_cases[] = {
	{"a full table takes more after it was told to", full_table_takes_more},
	{"room that is there already is not made again", room_there_is_kept},
	{"a growth while one is under way is put off, unless that one is enough", one_growth_at_a_time},
	{"a worker reads the table that it has chosen until it is quiet", worker_keeps_old_table},
	{"changes at each point of a growth are all in the greater table", changes_meet_growth},
	{"without memory for more all stays as it is", short_memory_stays_as_it_is},
};
const unsigned int grow_cases_n = UNIT_COUNT(grow_cases);
