/* SPDX-License-Identifier: BSD-3-Clause */
#include "bench_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_hash.h>

#include "tables.h"

const char *const bench_names[CONTENDERS] = {"scalar", "SSE4.1", "AVX2", "AVX-512", "rte_hash"};

static const struct hash_secret secret = {{0x9ae16a3b2f90404fu, 0xc949c7defebe6f0du}};

struct tables {
	struct fwd *fwd;
	struct rte_hash *hash;
	uint64_t *keys; /* the value of keys[i] is i + 1 */
	uint32_t n;
};

/* What a window asks for, and what the answers add up to. */
struct draws {
	uint64_t keys[WINDOW];
	uint64_t sum;
};

struct samples {
	double cycles[BENCH_ROUNDS * WINDOWS];
	double round[BENCH_ROUNDS]; /* medians */
	unsigned int n, lost;
};

static struct samples samples[CONTENDERS];

/* The same sequence in each run, and no number twice. */
static uint64_t
random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int
key_differs(const void *a, const void *b, size_t len)
{
	return *(const uint64_t *)a != *(const uint64_t *)b;
}

static struct rte_hash *
hash_new(uint32_t n)
{
	struct rte_hash_parameters p = {
		.name = "bench",
		.entries = (uint64_t)n * 8 / 5, /* as sparse as the prefix table */
		.key_len = sizeof(uint64_t),
		.socket_id = SOCKET_ID_ANY,
		.extra_flag = RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF,
	};
	struct rte_hash *hash = rte_hash_create(&p);

	if (hash != NULL)
		rte_hash_set_cmp_func(hash, key_differs);
	return hash;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts them: the first is the minimum. 0 where there is none. */
static double
median(double *list, unsigned int n)
{
	if (n == 0)
		return 0;
	qsort(list, n, sizeof(*list), compare_doubles);
	return n % 2 ? list[n / 2] : (list[n / 2 - 1] + list[n / 2]) / 2;
}

static double
seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What the process has in memory, in huge pages or not. */
static double
resident_megabytes(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	uint64_t kilobytes = 0;
	char line[128];

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0 || strncmp(line, "HugetlbPages:", 13) == 0)
			kilobytes += strtoull(strchr(line, ':') + 1, NULL, 10);
	fclose(f);
	return (double)kilobytes / 1000 * 1.024;
}

static int
prefix_add(const struct tables *t, uint32_t i)
{
	struct addr_prefix p = {.len = 64};

	memcpy(&p.addr, &t->keys[i], sizeof(t->keys[i]));
	return fwd_prefix_add(t->fwd, &p, (uint64_t)i + 1);
}

static int
hash_add(const struct tables *t, uint32_t i)
{
	uint64_t key = t->keys[i];

	return rte_hash_add_key_with_hash_data(t->hash, &key, hash_u64(&secret, key), (void *)((uintptr_t)i + 1));
}

static int
insert(const struct tables *t, int (*add)(const struct tables *t, uint32_t i))
{
	int err = 0;

	for (uint32_t i = 0; err == 0 && i < t->n; i++)
		err = add(t, i);
	return err;
}

static void
make_prefix_table(struct tables *t)
{
	const struct fwd_settings settings = {
		.prefixes = t->n, .workers = 1, .secret = secret, .socket = SOCKET_ID_ANY};

	t->fwd = fwd_new(&settings);
}

static void
make_hash(struct tables *t)
{
	t->hash = hash_new(t->n);
}

/* Make one of the tables and fill it. */
static int
fill(struct tables *t, void (*make)(struct tables *t), int (*add)(const struct tables *t, uint32_t i),
     struct bench_fill *out)
{
	double megabytes = resident_megabytes(), begin = seconds(CLOCK_THREAD_CPUTIME_ID), made;
	int err;

	make(t);
	made = seconds(CLOCK_THREAD_CPUTIME_ID);
	err = make == make_hash ? (t->hash == NULL ? -ENOMEM : 0) : (t->fwd == NULL ? -ENOMEM : 0);
	if (err == 0)
		err = insert(t, add);
	if (err < 0) {
		fprintf(stderr, "\nbench_table: %" PRIu32 " keys: %s\n", t->n, rte_strerror(-err));
		return -1;
	}
	*out = (struct bench_fill){.make_s = made - begin,
				   .insert_s = seconds(CLOCK_THREAD_CPUTIME_ID) - made,
				   .megabytes = resident_megabytes() - megabytes};
	return 0;
}

static int
tables_fill(struct tables *t, struct bench_row *out)
{
	uint64_t state = t->n;

	t->keys = malloc(t->n * sizeof(*t->keys));
	if (t->keys == NULL)
		return -1;
	for (uint32_t i = 0; i < t->n; i++)
		t->keys[i] = random_next(&state);
	if (fill(t, make_prefix_table, prefix_add, &out->prefix) < 0)
		return -1;
	return fill(t, make_hash, hash_add, &out->hash);
}

static void
tables_free(struct tables *t)
{
	fwd_free(t->fwd);
	rte_hash_free(t->hash);
	free(t->keys);
}

static void
draw(struct draws *d, const struct tables *t, uint64_t *state)
{
	d->sum = 0;
	for (unsigned int i = 0; i < WINDOW; i++) {
		uint32_t at = random_next(state) % t->n;

		d->keys[i] = t->keys[at];
		d->sum += (uint64_t)at + 1;
	}
}

static uint64_t
prefix_find_all(const struct tables *t, const struct draws *d, fwd_table_find_fn *find)
{
	uint64_t values[BURST], sum = 0;

	for (unsigned int at = 0; at < WINDOW; at += BURST) {
		find(t->fwd->prefixes.current, &d->keys[at], BURST, values);
		for (unsigned int i = 0; i < BURST; i++)
			sum += values[i];
	}
	return sum;
}

static uint64_t
hash_find_all(const struct tables *t, const struct draws *d)
{
	const void *keys[BURST];
	hash_sig_t signatures[BURST];
	void *values[BURST] = {NULL};
	uint64_t hits, sum = 0;

	for (unsigned int at = 0; at < WINDOW; at += BURST) {
		for (unsigned int i = 0; i < BURST; i++) {
			keys[i] = &d->keys[at + i];
			signatures[i] = hash_u64(&secret, d->keys[at + i]);
		}
		rte_hash_lookup_with_hash_bulk_data(t->hash, keys, signatures, BURST, &hits, values);
		for (unsigned int i = 0; i < BURST; i++)
			sum += hits >> i & 1 ? (uintptr_t)values[i] : 0;
	}
	return sum;
}

/* The thread has had its core all the time: no switch that it did not ask for, and its own time is all that passed. */
struct watch {
	struct rusage usage;
	double wall, own;
};

static void
watch_begin(struct watch *w)
{
	getrusage(RUSAGE_THREAD, &w->usage);
	w->wall = seconds(CLOCK_MONOTONIC);
	w->own = seconds(CLOCK_THREAD_CPUTIME_ID);
}

static bool
watch_end(const struct watch *w)
{
	double own = seconds(CLOCK_THREAD_CPUTIME_ID) - w->own, wall = seconds(CLOCK_MONOTONIC) - w->wall;
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw == w->usage.ru_nivcsw && wall - own < wall / 50 + 2e-6;
}

/* 0, or -1 after a line that says which table gave a wrong value. */
static int
run_window(const struct tables *t, const struct draws *d, unsigned int contender)
{
	struct samples *s = &samples[contender];
	fwd_table_find_fn *find = contender != BENCH_HASH ? fwd_table_reader_fn(contender) : NULL;
	struct watch w;
	uint64_t begin, sum, end;

	watch_begin(&w);
	begin = rte_rdtsc_precise();
	sum = find != NULL ? prefix_find_all(t, d, find) : hash_find_all(t, d);
	end = rte_rdtsc_precise();
	if (sum != d->sum) {
		fprintf(stderr, "\nbench_table: %s gave wrong values\n", bench_names[contender]);
		return -1;
	}
	if (watch_end(&w))
		s->cycles[s->n++] = (double)(end - begin) / WINDOW;
	else
		s->lost++;
	return 0;
}

/* All windows of a contender, one after the other: its own lines are in the caches. The first finds those of others. */
static int
run_contender(const struct tables *t, unsigned int contender, unsigned int round, uint64_t *state)
{
	struct samples *s = &samples[contender];
	unsigned int before = s->n;
	static struct draws d;
	int err = 0;

	for (unsigned int i = 0; err == 0 && i < WINDOWS; i++) {
		draw(&d, t, state);
		err = run_window(t, &d, contender);
	}
	s->round[round] = median(&s->cycles[before], s->n - before);
	return err;
}

static bool
takes_part(unsigned int contender)
{
	return contender == BENCH_HASH || fwd_table_reader_fn(contender) != NULL;
}

static void
judge(struct bench_row *out, unsigned int rounds)
{
	static double ratio[BENCH_ROUNDS];
	const struct samples *hash = &samples[BENCH_HASH], *best = &samples[out->best];
	unsigned int n = 0;

	for (unsigned int round = 0; round < rounds; round++)
		if (hash->round[round] > 0 && best->round[round] > 0)
			ratio[n++] = hash->round[round] / best->round[round];
	out->ratio = median(ratio, n);
	for (unsigned int c = 0; c < CONTENDERS; c++) {
		struct samples *s = &samples[c];

		out->cycles[c].median = median(s->cycles, s->n);
		out->cycles[c].min = s->n > 0 ? s->cycles[0] : 0;
		out->cycles[c].lost = s->lost;
	}
	if (out->cycles[out->best].min > 0)
		out->ratio_of_min = out->cycles[BENCH_HASH].min / out->cycles[out->best].min;
}

static int
look_up(const struct tables *t, unsigned int rounds, struct bench_row *out)
{
	uint64_t state = ~(uint64_t)t->n;
	int err = 0;

	memset(samples, 0, sizeof(samples));
	out->best = fwd_table_reader_best();
	for (unsigned int round = 0; err == 0 && round < rounds; round++) {
		fprintf(stderr, " %u", round + 1);
		for (unsigned int turn = 0; err == 0 && turn < CONTENDERS; turn++)
			if (takes_part((round + turn) % CONTENDERS))
				err = run_contender(t, (round + turn) % CONTENDERS, round, &state);
	}
	if (err == 0)
		judge(out, rounds);
	return err;
}

int
bench_run(uint32_t keys, unsigned int rounds, struct bench_row *out)
{
	struct tables t = {.n = keys};
	int err;

	*out = (struct bench_row){.keys = keys, .looked_up = rounds > 0};
	fprintf(stderr, "%" PRIu32 " keys: fill, round", keys);
	err = tables_fill(&t, out);
	if (err == 0)
		err = look_up(&t, rounds, out);
	fputs(err == 0 && isatty(STDERR_FILENO) ? "\r\033[K" : "\n", stderr);
	tables_free(&t);
	return err;
}
