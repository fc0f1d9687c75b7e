/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One writer that never rests against two workers, a second a case. Each value carries a tag that is made from its
 * key, so that an old key with another key's value is seen, and so is an entry that is missed.
 *
 * torture.sh builds and runs these cases under ThreadSanitizer, and with mutants of the tables that they must find:
 *
 *	test/unit/fwd/torture.sh tsan . /tmp/build
 *	test/unit/fwd/torture.sh mutants . /tmp/build
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include <rte_malloc.h>
#include <rte_rcu_qsbr.h>

#include "fwd/flows.h"
#include "fwd_unit.h"
#include "table.h"
#include "torture.h"

uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * UINT64_C(1000) + t.tv_nsec / 1000000;
}

void
readers_start(struct reader *r, void *(*run)(void *), void *world, bool *stop)
{
	for (unsigned int i = 0; i < READERS; i++) {
		r[i] = (struct reader){.id = i, .world = world, .stop = stop};
		CU_ASSERT_EQUAL_FATAL(pthread_create(&r[i].thread, NULL, run, &r[i]), 0);
	}
}

void
readers_judge(struct reader *r, bool *stop)
{
	__atomic_store_n(stop, true, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < READERS; i++)
		pthread_join(r[i].thread, NULL);
	for (unsigned int i = 0; i < READERS; i++) {
		CU_ASSERT_TRUE(r[i].looks > 0);
		CU_ASSERT_EQUAL(r[i].wrong, 0);
		CU_ASSERT_EQUAL(r[i].missed, 0);
	}
}

bool
reader_goes_on(const struct reader *r)
{
	if (r->wrong + r->missed > 0)
		__atomic_store_n(r->stop, true, __ATOMIC_RELAXED);
	return !__atomic_load_n(r->stop, __ATOMIC_RELAXED);
}

bool
writer_goes_on(const bool *stop, uint64_t begin_ms, bool enough)
{
	return !__atomic_load_n(stop, __ATOMIC_RELAXED) && now_ms() < begin_ms + (enough ? RUN_MS : PATIENCE_MS);
}

/*
 * The bucket table: 16 lines for 60 keys. The first keys stay, and all of them have the same home, so that two
 * lines in three that they stand in are not their home; the others come and go among them.
 */
#define TABLE_LINES 16
#define STABLE	    12
#define KEYS	    60

struct table_world {
	struct fwd_table table;
	struct rte_rcu_qsbr *qsbr;
	fwd_table_find_fn *find;
	uint64_t key[KEYS];
};

uint64_t
tagged(uint64_t key, uint64_t version)
{
	uint64_t state = key;

	return ((random_next(&state) | 1) << VERSION_BITS | version % (1u << VERSION_BITS)) & ~FWD_TABLE_MORE;
}

bool
tag_fits(uint64_t key, uint64_t value)
{
	return value >> VERSION_BITS == tagged(key, 0) >> VERSION_BITS;
}

/* A reader that is interrupted between the key and the value: what may happen to any, at its worst. */
static void
find_bulk_interrupted(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values)
{
	for (unsigned int i = 0; i < n; i++) {
		uint32_t at = fwd_table_home(t, keys[i]);
		bool more = true;

		values[i] = FWD_TABLE_NONE;
		for (unsigned int passed = 0; more && passed < t->probes; passed++, at = (at + 1) & t->mask) {
			const struct fwd_table_line *line = &t->lines[at];

			for (unsigned int slot = 0; slot < FWD_TABLE_SLOTS; slot++)
				if (__atomic_load_n(&line->key[slot], __ATOMIC_ACQUIRE) == keys[i]) {
					sched_yield();
					values[i] = __atomic_load_n(&line->value[slot], __ATOMIC_ACQUIRE);
				}
			more = values[i] == FWD_TABLE_NONE &&
			       __atomic_load_n(&line->value[0], __ATOMIC_ACQUIRE) & FWD_TABLE_MORE;
		}
		values[i] &= ~FWD_TABLE_MORE;
	}
}

static void *
table_reader(void *arg)
{
	struct reader *r = arg;
	struct table_world *w = r->world;
	fwd_table_find_fn *find = r->id == 0 ? w->find : find_bulk_interrupted;
	uint64_t random = 100 + r->id, version[STABLE] = {0};

	rte_rcu_qsbr_thread_online(w->qsbr, r->id);
	do {
		uint64_t keys[32], values[32];
		unsigned int which[32];

		for (unsigned int i = 0; i < 32; i++) {
			which[i] = random_next(&random) % KEYS;
			keys[i] = w->key[which[i]];
		}
		find(&w->table, keys, 32, values);
		for (unsigned int i = 0; i < 32; i++) {
			r->missed += which[i] < STABLE && values[i] == FWD_TABLE_NONE;
			r->wrong += values[i] != FWD_TABLE_NONE && !tag_fits(keys[i], values[i]);
			if (which[i] >= STABLE)
				continue;
			/* The versions of a key that stays never fall. */
			r->wrong += values[i] < version[which[i]];
			version[which[i]] = values[i];
		}
		r->looks += 32;
		rte_rcu_qsbr_quiescent(w->qsbr, r->id);
	} while (reader_goes_on(r));
	rte_rcu_qsbr_thread_offline(w->qsbr, r->id);
	return NULL;
}

static void
table_world_init(struct table_world *w, fwd_table_find_fn *find, bool far)
{
	const struct hash_secret secret = {{11, 22}};
	uint64_t random = 5;

	w->find = find;
	w->qsbr = rte_zmalloc(NULL, rte_rcu_qsbr_get_memsize(READERS), 64);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w->qsbr);
	rte_rcu_qsbr_init(w->qsbr, READERS);
	for (unsigned int i = 0; i < READERS; i++)
		rte_rcu_qsbr_thread_register(w->qsbr, i);
	CU_ASSERT_EQUAL_FATAL(fwd_table_init(&w->table, TABLE_LINES, KEYS, &secret, -1), 0);
	w->table.far = far;
	for (unsigned int i = 0; i < KEYS; i++) {
		do
			w->key[i] = random_next(&random);
		while (i < STABLE && fwd_table_home(&w->table, w->key[i]) != 3);
		if (i < STABLE)
			CU_ASSERT_EQUAL(fwd_table_add(&w->table, w->key[i], tagged(w->key[i], 0)), 0);
	}
}

/* Change the table at random until the time is up. */
static void
table_write(struct table_world *w, const bool *stop)
{
	uint64_t random = 9, begin = now_ms(), version = 0, token = 0, changes = 0;

	for (unsigned int i = 1; i % 1024 != 0 || writer_goes_on(stop, begin, changes > 100); i++) {
		uint64_t key = w->key[random_next(&random) % KEYS];
		bool stays = false;

		for (unsigned int k = 0; k < STABLE; k++)
			stays |= key == w->key[k];
		if (stays && version < (1u << VERSION_BITS) - 1)
			changes += fwd_table_replace(&w->table, key, tagged(key, ++version)) == 0;
		else if (!stays && fwd_table_del(&w->table, key) == -ENOENT)
			changes += fwd_table_add(&w->table, key, tagged(key, i)) == 0;
		else if (!stays && random_next(&random) % 2)
			fwd_table_add(&w->table, key, tagged(key, i));
		if (token == 0 || rte_rcu_qsbr_check(w->qsbr, token, false))
			token = fwd_table_turn(&w->table) ? rte_rcu_qsbr_start(w->qsbr) : 0;
	}
	CU_ASSERT_TRUE(changes > 100);
}

static void
table_torture(enum fwd_table_reader kind, bool far)
{
	static struct table_world w;
	struct reader readers[READERS];
	bool stop = false;

	table_world_init(&w, fwd_table_reader_fn(kind), far);
	readers_start(readers, table_reader, &w, &stop);
	table_write(&w, &stop);
	readers_judge(readers, &stop);
	fwd_table_fini(&w.table);
	rte_free(w.qsbr);
}

static void
table_scalar(void)
{
	table_torture(FWD_TABLE_SCALAR, false);
}

/* Of those that this CPU has: what is not there cannot be wrong. */
static void
table_torture_vector(enum fwd_table_reader kind)
{
	if (fwd_table_reader_fn(kind) != NULL)
		table_torture(kind, kind != fwd_table_reader_best());
}

static void
table_scalar_far(void)
{
	table_torture(FWD_TABLE_SCALAR, true);
}

static void
table_sse41(void)
{
	table_torture_vector(FWD_TABLE_SSE41);
}

static void
table_avx2(void)
{
	table_torture_vector(FWD_TABLE_AVX2);
}

static void
table_avx512(void)
{
	table_torture_vector(FWD_TABLE_AVX512);
}

/*
 * The other tables, through the public header: what a worker read stays as it was until it is quiet, the fields of
 * a line agree, and so do the routes of a commit, which all lead to one adjacency.
 */
static unsigned int
lines_check(struct fwd *f, uint32_t id)
{
	const struct fwd_session *s = fwd_session_get(f, id);
	const struct fwd_tunnel *t = fwd_tunnel_get(f, 1);
	const struct fwd_adjacency *a = fwd_adjacency_get(f, 0);
	uint16_t session = s->port, tunnel = t->mtu, adjacency = a->port;
	unsigned int wrong = 0;

	sched_yield();
	wrong += s->port != session || s->vlan != session || s->mac.b[0] != (uint8_t)session;
	wrong += t->mtu != tunnel || t->adjacency != tunnel || t->header.len != TUN_IP6_LEN;
	wrong += a->port != adjacency || a->vlan != adjacency || a->mtu != adjacency;
	return wrong + (a->state != FWD_ADJACENCY_READY);
}

/* All of a list was written by the same hand, and stays. */
static unsigned int
flows_check(struct fwd *f, uint32_t id)
{
	const struct fwd_flows *list = fwd_flows_get(f, id);
	const struct fwd_flow_packet packet = {.number = {[FWD_FLOW_SPI] = list->rule[0].selector.spi[0]},
					       .fields = SELECTOR_SPI};
	unsigned int count = list->rule_count, rule = fwd_flows_match(list, &packet), wrong = 0;
	uint64_t v = list->share[0].value;

	sched_yield();
	wrong += rule != 0 || list->rule_count != count || list->share_count != count;
	for (unsigned int i = 0; i < count; i++)
		wrong += list->share[i].value != v || list->share[i].upper_be != v || list->rule[i].value != v ||
			 list->rule[i].first[FWD_FLOW_SPI] != (uint32_t)v;
	return wrong;
}

static unsigned int
routes_check(struct fwd *f)
{
	uint32_t adjacency[FWD_BURST_MAX];
	struct addr6 dst[FWD_BURST_MAX];
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < FWD_BURST_MAX; i++)
		dst[i] = (struct addr6){{i << 4}};
	fwd_route_find_bulk(f, dst, FWD_BURST_MAX, adjacency);
	for (unsigned int i = 1; i < FWD_BURST_MAX; i++)
		wrong += adjacency[i] != adjacency[0];
	return wrong;
}

static void *
lines_reader(void *arg)
{
	const struct fwd_host_key stays = {.port = 1}, comes_and_goes = {.port = 2};
	struct reader *r = arg;
	struct fwd *f = r->world;
	bool known;

	fwd_worker_online(f, r->id);
	do {
		r->wrong += lines_check(f, r->looks % 4);
		r->wrong += flows_check(f, r->looks % 4);
		r->wrong += routes_check(f);
		fwd_host_find(f, &stays, &known);
		r->missed += !known;
		r->wrong += fwd_host_find(f, &comes_and_goes, &known) != 77 && known;
		r->looks++;
		fwd_quiesce(f, r->id);
	} while (reader_goes_on(r));
	fwd_worker_offline(f, r->id);
	return NULL;
}

/* A list as long as its number says, or none. */
static bool
flows_write(struct fwd *f, uint32_t n)
{
	const unsigned int count = 1 + n % FWD_RULES_MAX;
	struct fwd_flows list = {.share_count = count, .rule_count = count};

	for (unsigned int i = 0; i < count; i++) {
		list.share[i] = (struct fwd_share){.upper_be = n, .value = n};
		list.rule[i] = (struct fwd_rule){.selector = {.fields = SELECTOR_SPI, .spi = {n, n}}, .value = n};
	}
	return fwd_flows_set(f, n % 4, n % 7 != 0 ? &list : NULL) == 0;
}

/* Replace every line once, by number. */
static unsigned int
lines_write(struct fwd *f, uint32_t n)
{
	uint16_t v = n;
	struct fwd_session s = {.port = v, .vlan = v, .mac = {{v}}};
	struct fwd_adjacency a = {.port = v, .vlan = v, .mtu = v, .state = FWD_ADJACENCY_READY};
	struct fwd_host_key k = {.port = 1}, gone = {.port = 2};
	unsigned int done = 0;

	done += fwd_session_set(f, n % 4, &s) == 0;
	done += flows_write(f, n);
	done += fwd_tunnel_set_adjacency(f, 1, v, v) == 0;
	done += fwd_adjacency_replace(f, 0, &a) == 0;
	for (unsigned int i = 0; i < 16; i++) {
		struct addr_prefix p = {{{i << 4}}, 4};

		fwd_route_add(f, &p, n);
	}
	done += fwd_route_commit(f) == 0;
	done += fwd_host_add(f, &k, n) == 0;
	if (fwd_host_del(f, &gone) < 0)
		fwd_host_add(f, &gone, 77);
	fwd_reclaim(f);
	return done;
}

static void
lines_torture(void)
{
	struct fwd_settings settings = settings_small();
	const struct addr6 us = {{1}}, them = {{2}};
	struct fwd *f = fwd_new(&settings);
	struct reader readers[READERS];
	uint64_t begin, done = 0;
	bool stop = false;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL(fwd_tunnel_add(f, &us, &them, 0, &tun_plain), 1);
	CU_ASSERT_EQUAL(fwd_adjacency_add(f, &(struct fwd_adjacency){.state = FWD_ADJACENCY_READY}), 0);
	CU_ASSERT_EQUAL(lines_write(f, 0), 6);
	readers_start(readers, lines_reader, f, &stop);
	begin = now_ms();
	for (uint32_t n = 1; n % 64 != 0 || writer_goes_on(&stop, begin, done > 100); n++)
		done += lines_write(f, n);
	CU_ASSERT_TRUE(done > 100);
	readers_judge(readers, &stop);
	fwd_free(f);
}

const struct unit_case torture_cases[] = {
	{"churn: no scalar look-up misses an entry or pairs a key with another's value", table_scalar},
	{"churn: nor does one in a table that is too big for the caches", table_scalar_far},
	{"churn: no SSE4.1 look-up misses an entry or pairs a key with another's value", table_sse41},
	{"churn: no AVX2 look-up misses an entry or pairs a key with another's value", table_avx2},
	{"churn: no AVX-512 look-up misses an entry or pairs a key with another's value", table_avx512},
	{"churn: workers see each line, and each commit of routes, whole", lines_torture},
};
const unsigned int torture_cases_n = UNIT_COUNT(torture_cases);
