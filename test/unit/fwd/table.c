/* SPDX-License-Identifier: BSD-3-Clause */
/* The bucket table, one thread: its contract, and each of its readers against a simple model. */
#include "table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fwd_unit.h"

static const struct hash_secret secret = {{0x9ae16a3b2f90404fu, 0xc949c7defebe6f0du}};

/* Key number i of those whose home is the given line. */
static uint64_t
key_at_home(const struct fwd_table *t, uint32_t home, unsigned int i)
{
	uint64_t key = 0;

	do
		key++;
	while (fwd_table_home(t, key) != home || i-- > 0);
	return key;
}

static uint64_t
find_one(const struct fwd_table *t, fwd_table_find_fn *find, uint64_t key)
{
	uint64_t value = ~UINT64_C(0);

	find(t, &key, 1, &value);
	return value;
}

static void
entry_found(void)
{
	struct fwd_table t;

	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&t, 16, 50, &secret, -1), 0);
	CU_ASSERT_EQUAL(fwd_table_get(&t, 7), FWD_TABLE_NONE);
	CU_ASSERT_EQUAL(fwd_table_add(&t, 7, 70), 0);
	CU_ASSERT_EQUAL(fwd_table_add(&t, 7, 71), -EEXIST);
	CU_ASSERT_EQUAL(fwd_table_get(&t, 7), 70);
	CU_ASSERT_EQUAL(fwd_table_replace(&t, 7, 72), 0);
	CU_ASSERT_EQUAL(fwd_table_get(&t, 7), 72);
	CU_ASSERT_EQUAL(fwd_table_replace(&t, 8, 1), -ENOENT);
	CU_ASSERT_EQUAL(fwd_table_del(&t, 8), -ENOENT);
	CU_ASSERT_EQUAL(t.count, 1);
	CU_ASSERT_EQUAL(fwd_table_del(&t, 7), 0);
	CU_ASSERT_EQUAL(fwd_table_get(&t, 7), FWD_TABLE_NONE);
	CU_ASSERT_EQUAL(fwd_table_del(&t, 7), -ENOENT);
	CU_ASSERT_EQUAL(t.count, 0);
	fwd_table_fini(&t);
}

static void
capacity_refused(void)
{
	struct fwd_table t;

	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&t, 16, 3, &secret, -1), 0);
	for (uint64_t key = 1; key <= 3; key++)
		CU_ASSERT_EQUAL(fwd_table_add(&t, key, key), 0);
	CU_ASSERT_EQUAL(fwd_table_add(&t, 4, 4), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_table_add(&t, 3, 4), -EEXIST);
	CU_ASSERT_EQUAL(fwd_table_del(&t, 1), 0);
	CU_ASSERT_EQUAL(fwd_table_add(&t, 4, 4), 0);
	fwd_table_fini(&t);
}

static void
every_slot_used(void)
{
	struct fwd_table t;

	/* One line too few for a probe limit: the walk of a full table ends after one round. */
	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&t, 2, 100, &secret, -1), 0);
	for (uint64_t key = 1; key <= 8; key++)
		CU_ASSERT_EQUAL(fwd_table_add(&t, key, key * 10), 0);
	CU_ASSERT_EQUAL(fwd_table_add(&t, 9, 90), -ENOSPC);
	for (uint64_t key = 1; key <= 8; key++)
		CU_ASSERT_EQUAL(fwd_table_get(&t, key), key * 10);
	for (enum fwd_table_reader r = 0; r < FWD_TABLE_READERS; r++)
		if (fwd_table_reader_fn(r) != NULL)
			CU_ASSERT_EQUAL(find_one(&t, fwd_table_reader_fn(r), 9), FWD_TABLE_NONE);
	fwd_table_fini(&t);
}

static void
quarantine_holds(void)
{
	struct fwd_table t;
	uint64_t key[5];

	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&t, 1, 100, &secret, -1), 0);
	for (unsigned int i = 0; i < 5; i++)
		key[i] = key_at_home(&t, 0, i);
	for (unsigned int i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(fwd_table_add(&t, key[i], 1 + i), 0);
	CU_ASSERT_EQUAL(fwd_table_del(&t, key[2]), 0);
	CU_ASSERT_EQUAL(t.lines[0].value[2], 3);
	CU_ASSERT_EQUAL(fwd_table_add(&t, key[4], 50), -EAGAIN);
	/* The turn that begins its grace period does not free it. */
	CU_ASSERT_TRUE(fwd_table_turn(&t));
	CU_ASSERT_EQUAL(fwd_table_add(&t, key[4], 50), -EAGAIN);
	/* A later deletion in the same line waits for its own grace period. */
	CU_ASSERT_EQUAL(fwd_table_del(&t, key[0]), 0);
	CU_ASSERT_TRUE(fwd_table_turn(&t));
	CU_ASSERT_EQUAL(fwd_table_add(&t, key[4], 50), 0);
	CU_ASSERT_EQUAL(t.lines[0].key[2], key[4]);
	CU_ASSERT_EQUAL(fwd_table_add(&t, key[2], 30), -EAGAIN);
	CU_ASSERT_FALSE(fwd_table_turn(&t));
	CU_ASSERT_EQUAL(fwd_table_add(&t, key[2], 30), 0);
	CU_ASSERT_EQUAL(fwd_table_get(&t, key[2]), 30);
	fwd_table_fini(&t);
}

static bool
line_says_more(const struct fwd_table *t, uint32_t line)
{
	return t->lines[line & t->mask].value[0] & FWD_TABLE_MORE;
}

static void
more_kept(void)
{
	struct fwd_table t;
	uint64_t key[10];

	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&t, 8, 100, &secret, -1), 0);
	for (unsigned int i = 0; i < 10; i++)
		key[i] = key_at_home(&t, 7, i);
	for (unsigned int i = 0; i < 10; i++)
		CU_ASSERT_EQUAL(fwd_table_add(&t, key[i], 1 + i), 0);
	/* 4 in line 7, 4 in line 0, 2 in line 1. */
	CU_ASSERT_TRUE(line_says_more(&t, 7) && line_says_more(&t, 8) && !line_says_more(&t, 9));
	CU_ASSERT_EQUAL(fwd_table_replace(&t, key[0], 100), 0);
	CU_ASSERT_TRUE(line_says_more(&t, 7));
	CU_ASSERT_EQUAL(fwd_table_get(&t, key[0]), 100);
	/* A free slot 0, and a new entry in it. */
	CU_ASSERT_EQUAL(fwd_table_del(&t, key[0]), 0);
	CU_ASSERT_TRUE(line_says_more(&t, 7));
	fwd_table_turn(&t);
	fwd_table_turn(&t);
	CU_ASSERT_EQUAL(fwd_table_add(&t, key[0], 101), 0);
	CU_ASSERT_EQUAL(t.lines[7].key[0], key[0]);
	CU_ASSERT_TRUE(line_says_more(&t, 7));
	/* It goes when the last entry that passed the line goes. */
	CU_ASSERT_EQUAL(fwd_table_del(&t, key[8]), 0);
	CU_ASSERT_TRUE(line_says_more(&t, 8));
	CU_ASSERT_EQUAL(fwd_table_del(&t, key[9]), 0);
	CU_ASSERT_FALSE(line_says_more(&t, 8));
	CU_ASSERT_TRUE(line_says_more(&t, 7));
	CU_ASSERT_EQUAL(fwd_table_get(&t, key[7]), 8);
	fwd_table_fini(&t);
}

static void
key_zero_is_no_key(void)
{
	struct fwd_table t;

	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&t, 1, 4, &secret, -1), 0);
	for (uint64_t key = 1; key <= 4; key++)
		CU_ASSERT_EQUAL(fwd_table_add(&t, key, 9), 0);
	for (uint64_t key = 1; key <= 4; key++)
		CU_ASSERT_EQUAL(fwd_table_del(&t, key), 0);
	for (unsigned int i = 0; i < 2 * FWD_TABLE_READERS; i++) {
		fwd_table_find_fn *find = fwd_table_reader_fn(i / 2);

		t.far = i % 2;
		if (find != NULL)
			CU_ASSERT_EQUAL(find_one(&t, find, 0), FWD_TABLE_NONE);
	}
	fwd_table_fini(&t);
}

static void
lines_keep_chains_short(void)
{
	const uint32_t capacities[] = {0, 1, 1000, 10000, 1000000};

	for (unsigned int i = 0; i < UNIT_COUNT(capacities); i++) {
		uint64_t lines = fwd_table_lines_for(capacities[i]);

		CU_ASSERT_EQUAL(lines & (lines - 1), 0);
		CU_ASSERT_TRUE(lines * FWD_TABLE_SLOTS * 5 >= (uint64_t)capacities[i] * 8);
		CU_ASSERT_TRUE(lines <= FWD_TABLE_PROBES ||
			       lines * FWD_TABLE_SLOTS * 5 <= (uint64_t)capacities[i] * 16 + 40);
	}
}

/* A table of 32 lines that is always nearly full, its model an array by key. */
#define MODEL_KEYS	 200
#define MODEL_LINES	 32
#define MODEL_CAPACITY	 120
#define MODEL_OPERATIONS 200000

static void
model_compare(const struct fwd_table *t, const uint64_t *model, fwd_table_find_fn *find, unsigned int *wrong)
{
	uint64_t keys[FWD_BURST_MAX], values[FWD_BURST_MAX];

	for (uint64_t first = 1; first <= MODEL_KEYS; first += FWD_BURST_MAX) {
		unsigned int n = 0;

		for (; n < FWD_BURST_MAX && first + n <= MODEL_KEYS; n++)
			keys[n] = first + n;
		find(t, keys, n, values);
		for (unsigned int i = 0; i < n; i++)
			*wrong += values[i] != model[keys[i]];
	}
}

static void
model_run(fwd_table_find_fn *find, bool far)
{
	uint64_t model[MODEL_KEYS + 1] = {0}, random = 1;
	unsigned int wrong = 0, again = 0, full = 0, used = 0;
	struct fwd_table t;

	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&t, MODEL_LINES, MODEL_CAPACITY, &secret, -1), 0);
	t.far = far;
	for (unsigned int i = 0; i < MODEL_OPERATIONS; i++) {
		uint64_t r = random_next(&random), key = 1 + r % MODEL_KEYS, value = (r >> 8 | 1) & ~FWD_TABLE_MORE;
		int err;

		switch (r >> 60) {
		case 0 ... 6:
			err = fwd_table_add(&t, key, value);
			again += err == -EAGAIN;
			full += err == -ENOSPC;
			wrong += (err == -EEXIST) != (model[key] != 0) || (err == -ENOSPC && used != MODEL_CAPACITY);
			used += err == 0;
			model[key] = err == 0 ? value : model[key];
			break;
		case 7 ... 9:
			err = fwd_table_replace(&t, key, value);
			wrong += err != (model[key] != 0 ? 0 : -ENOENT);
			model[key] = err == 0 ? value : model[key];
			break;
		case 10 ... 13:
			err = fwd_table_del(&t, key);
			wrong += err != (model[key] != 0 ? 0 : -ENOENT);
			used -= err == 0;
			model[key] = 0;
			break;
		default:
			fwd_table_turn(&t);
		}
		wrong += fwd_table_get(&t, key) != model[key] || find_one(&t, find, key) != model[key];
		if (i % 64 == 0)
			model_compare(&t, model, find, &wrong);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(t.count, used);
	/* The run has met what it is for. */
	CU_ASSERT_TRUE(again > 0 && full > 0);
	fwd_table_fini(&t);
}

static void
model_scalar(void)
{
	model_run(fwd_table_reader_fn(FWD_TABLE_SCALAR), false);
	model_run(fwd_table_reader_fn(FWD_TABLE_SCALAR), true);
}

static void
model_vector(void)
{
	for (enum fwd_table_reader r = FWD_TABLE_SCALAR + 1; r < FWD_TABLE_READERS; r++)
		for (unsigned int far = 0; far < 2 && fwd_table_reader_fn(r) != NULL; far++)
			model_run(fwd_table_reader_fn(r), far);
}

static void
emptied_table_is_as_new(void)
{
	struct fwd_table t;
	uint64_t more = 0;

	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&t, 8, 32, &secret, -1), 0);
	for (uint64_t key = 1; key <= 32; key++)
		CU_ASSERT_EQUAL(fwd_table_add(&t, key, key), 0);
	for (uint64_t key = 1; key <= 32; key++)
		CU_ASSERT_EQUAL(fwd_table_del(&t, key), 0);
	fwd_table_turn(&t);
	CU_ASSERT_FALSE(fwd_table_turn(&t));
	for (uint32_t i = 0; i < 8; i++)
		more |= (t.lines[i].value[0] & FWD_TABLE_MORE) | t.notes[i].passed;
	CU_ASSERT_EQUAL(more, 0);
	for (uint64_t key = 33; key <= 64; key++)
		CU_ASSERT_EQUAL(fwd_table_add(&t, key, key), 0);
	fwd_table_fini(&t);
}

const struct unit_case table_cases[] = {
	{"an entry is found with its value, replaced and deleted", entry_found},
	{"more entries than the capacity are refused", capacity_refused},
	{"every slot can be used, and a walk of a full table ends", every_slot_used},
	{"a deleted entry's slot takes another key after its grace period only", quarantine_holds},
	{"MORE stands on each line passed as long as an entry passed it", more_kept},
	{"key 0 finds nothing", key_zero_is_no_key},
	{"a table has 8 to 16 slots for 5 entries", lines_keep_chains_short},
	{"200000 random operations: the scalar reader agrees with a model", model_scalar},
	{"200000 random operations: the vector readers agree with a model", model_vector},
	{"a table that was emptied is as a new one", emptied_table_is_as_new},
};
const unsigned int table_cases_n = UNIT_COUNT(table_cases);
