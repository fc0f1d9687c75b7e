/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table of prefixes that is moved all the time, to one twice as big and back, under two workers and a writer that
 * changes it meanwhile. The writer knows what is there; the workers know what has to be.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "fwd_unit.h"
#include "tables.h"
#include "torture.h"

/* A few slices a move, so that most changes meet one that is under way. */
#define LINES	      512
#define GROW_STABLE   400 /* keys that are always there, by other versions */
#define GROW_KEYS     800
#define GROW_CAPACITY 1000

struct grow_world {
	struct fwd *fwd;
	fwd_table_find_fn *find;
	struct addr_prefix prefix[GROW_KEYS];
	uint64_t key[GROW_KEYS];
	uint32_t version[GROW_KEYS]; /* the writer's: 0 is not there */
};

/* A worker that is interrupted when it has chosen the table: what may happen to any, at its worst. */
static void
find_current(const struct grow_world *w, bool interrupted, const uint64_t *keys, unsigned int n, uint64_t *values)
{
	const struct fwd_table *t = __atomic_load_n(&w->fwd->prefixes.current, __ATOMIC_ACQUIRE);

	if (interrupted)
		sched_yield();
	w->find(t, keys, n, values);
}

static void *
grow_reader(void *arg)
{
	struct reader *r = arg;
	struct grow_world *w = r->world;
	uint64_t random = 100 + r->id, version[GROW_STABLE] = {0};

	fwd_worker_online(w->fwd, r->id);
	do {
		uint64_t keys[32], values[32];
		unsigned int which[32];

		for (unsigned int i = 0; i < 32; i++) {
			which[i] = random_next(&random) % GROW_KEYS;
			keys[i] = w->key[which[i]];
		}
		find_current(w, random % 8 == 0, keys, 32, values);
		for (unsigned int i = 0; i < 32; i++) {
			r->missed += which[i] < GROW_STABLE && values[i] == FWD_VALUE_NONE;
			r->wrong += values[i] != FWD_VALUE_NONE && !tag_fits(keys[i], values[i]);
			if (which[i] >= GROW_STABLE)
				continue;
			/* The versions of a key that stays never fall, whichever table they come from. */
			r->wrong += values[i] < version[which[i]];
			version[which[i]] = values[i];
		}
		r->looks += 32;
		fwd_quiesce(w->fwd, r->id);
	} while (reader_goes_on(r));
	fwd_worker_offline(w->fwd, r->id);
	return NULL;
}

static void
grow_world_init(struct grow_world *w, fwd_table_find_fn *find)
{
	struct fwd_settings settings = settings_small();
	uint64_t random = 5;

	memset(w, 0, sizeof(*w));
	settings.prefixes = GROW_CAPACITY;
	w->find = find;
	w->fwd = fwd_new(&settings);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w->fwd);
	for (unsigned int i = 0; i < GROW_KEYS; i++) {
		w->key[i] = random_next(&random);
		w->prefix[i].len = 64;
		memcpy(&w->prefix[i].addr, &w->key[i], sizeof(w->key[i]));
		if (i < GROW_STABLE)
			CU_ASSERT_EQUAL(fwd_prefix_add(w->fwd, &w->prefix[i], tagged(w->key[i], ++w->version[i])), 0);
	}
}

/* One change at random. How many of its answers are not those of a table that loses and keeps nothing. */
static unsigned int
grow_change(struct grow_world *w, uint64_t random)
{
	unsigned int i = random % GROW_KEYS;
	const struct addr_prefix *p = &w->prefix[i];
	uint64_t present = fwd_prefix_get(w->fwd, p);
	uint32_t version = w->version[i];
	int err;

	if (present != (version != 0 ? tagged(w->key[i], version) : FWD_VALUE_NONE))
		return 1;
	if (version == 0) {
		err = fwd_prefix_add(w->fwd, p, tagged(w->key[i], 1));
		w->version[i] = err == 0;
		return err != 0 && err != -EAGAIN;
	}
	if (i >= GROW_STABLE && random >> 60 < 8) {
		w->version[i] = 0;
		return fwd_prefix_del(w->fwd, p) != 0;
	}
	if (version == (1u << VERSION_BITS) - 1)
		return 0;
	return fwd_prefix_replace(w->fwd, p, tagged(w->key[i], ++w->version[i])) != 0;
}

static void
grow_write(struct grow_world *w, const bool *stop)
{
	uint64_t random = 9, begin = now_ms();
	unsigned int wrong = 0, moves = 0;

	for (unsigned int i = 1; wrong == 0 && (i % 64 != 0 || writer_goes_on(stop, begin, moves > 3)); i++) {
		wrong += grow_change(w, random_next(&random));
		if (random_next(&random) % 16 == 0)
			fwd_reclaim(w->fwd);
		moves += fwd_prefixes_move(w->fwd, moves % 2 ? LINES : 2 * LINES, GROW_CAPACITY) == 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_TRUE(moves > 3);
}

static void
grow_torture(fwd_table_find_fn *find)
{
	static struct grow_world w;
	struct reader readers[READERS];
	bool stop = false;

	grow_world_init(&w, find);
	readers_start(readers, grow_reader, &w, &stop);
	grow_write(&w, &stop);
	readers_judge(readers, &stop);
	fwd_free(w.fwd);
}

static void
grow_scalar(void)
{
	grow_torture(fwd_table_reader_fn(FWD_TABLE_SCALAR));
}

static void
grow_vector(void)
{
	grow_torture(fwd_table_reader_fn(fwd_table_reader_best()));
}

const struct unit_case torture_grow_cases[] = {
	{"growth: no scalar look-up misses an entry, or finds an older value than before", grow_scalar},
	{"growth: no vector look-up misses an entry, or finds an older value than before", grow_vector},
};
const unsigned int torture_grow_cases_n = UNIT_COUNT(torture_grow_cases);
