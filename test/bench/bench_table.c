/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The prefix table beside rte_hash, in one run: TSC cycles for the look-up of a key.
 *
 *	bench_table [--json] [--rounds N] [--keys-max N]
 *
 * Both tables hold the same random keys in the same number of slots, are read without locks, and hash by the same
 * function; rte_hash gets its signatures ready made and compares keys by one instruction. A round asks both for the
 * same keys, drawn anew, in bursts; who goes first changes with the round. The CPU may be shared with others: the
 * minimum is what the code costs, the median what it took this time, and a ratio is one of two times side by side.
 * Every value is checked: a wrong one ends the run with status 1. How fast it was never does.
 */
#include <getopt.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_hash.h>

#include "base/hash.h"
#include "fwd/fwd.h"

#define BURST	       32
#define DRAWS	       (1u << 20) /* look-ups of one table in a round; whole bursts */
#define ROUNDS_MAX     1000
#define ROUNDS_DEFAULT 11

static const uint32_t sizes[] = {1000, 100000, 1000000, 10000000};
static const struct hash_secret secret = {{0x9ae16a3b2f90404fu, 0xc949c7defebe6f0du}};

enum contender { PREFIX, RTE_HASH, CONTENDERS };
static const char *const names[CONTENDERS] = {"prefix table", "rte_hash"};

struct tables {
	struct fwd *fwd;
	struct rte_hash *hash;
	uint64_t *keys; /* the value of keys[i] is i + 1 */
	uint32_t n;
};

/* What a round asks for, and what the answers add up to. */
struct draws {
	uint64_t keys[DRAWS];
	uint64_t sum;
};

struct result {
	double cycles[CONTENDERS][ROUNDS_MAX];
	double ratio[ROUNDS_MAX]; /* rte_hash to prefix table, of one round */
};

struct options {
	bool json;
	unsigned int rounds;
	uint32_t keys_max;
};

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
tables_add(struct tables *t, uint64_t key, uint64_t value)
{
	struct addr_prefix p = {.len = 64};
	int err;

	memcpy(&p.addr, &key, sizeof(key));
	err = fwd_prefix_add(t->fwd, &p, value);
	if (err < 0)
		return err;
	return rte_hash_add_key_with_hash_data(t->hash, &key, hash_u64(&secret, key), (void *)(uintptr_t)value);
}

static void
tables_free(struct tables *t)
{
	fwd_free(t->fwd);
	rte_hash_free(t->hash);
	free(t->keys);
}

/* 0, or -1 after a line that says why. */
static int
tables_fill(struct tables *t, uint32_t n)
{
	const struct fwd_settings settings = {.prefixes = n, .workers = 1, .secret = secret, .socket = SOCKET_ID_ANY};
	uint64_t state = n;

	*t = (struct tables){
		.fwd = fwd_new(&settings), .hash = hash_new(n), .keys = calloc(n, sizeof(uint64_t)), .n = n};
	if (t->fwd == NULL || t->hash == NULL || t->keys == NULL) {
		fprintf(stderr, "\nbench_table: no memory for tables of %" PRIu32 " keys\n", n);
		return -1;
	}
	for (uint32_t i = 0; i < n; i++) {
		int err;

		t->keys[i] = random_next(&state);
		err = tables_add(t, t->keys[i], (uint64_t)i + 1);
		if (err < 0) {
			fprintf(stderr, "\nbench_table: key %" PRIu32 " of %" PRIu32 ": %s\n", i, n,
				rte_strerror(-err));
			return -1;
		}
	}
	return 0;
}

static void
draw(struct draws *d, const struct tables *t, uint64_t *state)
{
	d->sum = 0;
	for (unsigned int i = 0; i < DRAWS; i++) {
		uint32_t at = random_next(state) % t->n;

		d->keys[i] = t->keys[at];
		d->sum += (uint64_t)at + 1;
	}
}

static uint64_t
prefix_find_all(const struct tables *t, const struct draws *d)
{
	uint64_t values[BURST], sum = 0;

	for (unsigned int at = 0; at < DRAWS; at += BURST) {
		fwd_prefix_find_bulk(t->fwd, &d->keys[at], BURST, values);
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

	for (unsigned int at = 0; at < DRAWS; at += BURST) {
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

/* 0, or -1 after a line that says which table gave a wrong value. */
static int
run_round(const struct tables *t, const struct draws *d, unsigned int round, struct result *r)
{
	for (unsigned int turn = 0; turn < CONTENDERS; turn++) {
		enum contender c = (round + turn) % CONTENDERS;
		uint64_t begin = rte_rdtsc_precise();
		uint64_t sum = c == PREFIX ? prefix_find_all(t, d) : hash_find_all(t, d);
		uint64_t end = rte_rdtsc_precise();

		if (sum != d->sum) {
			fprintf(stderr, "\nbench_table: the %s gave wrong values\n", names[c]);
			return -1;
		}
		r->cycles[c][round] = (double)(end - begin) / DRAWS;
	}
	r->ratio[round] = r->cycles[RTE_HASH][round] / r->cycles[PREFIX][round];
	return 0;
}

static int
run_size(uint32_t n, unsigned int rounds, struct result *r)
{
	static struct draws draws;
	struct tables t;
	uint64_t state = ~(uint64_t)n;
	int err;

	fprintf(stderr, "%" PRIu32 " keys: fill, round", n);
	err = tables_fill(&t, n);
	for (unsigned int round = 0; err == 0 && round < rounds; round++) {
		fprintf(stderr, " %u", round + 1);
		draw(&draws, &t, &state);
		err = run_round(&t, &draws, round, r);
	}
	fputs(err == 0 && isatty(STDERR_FILENO) ? "\r\033[K" : "\n", stderr);
	tables_free(&t);
	return err;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts the samples: the first is the minimum. */
static double
median(double *samples, unsigned int n)
{
	qsort(samples, n, sizeof(*samples), compare_doubles);
	return n % 2 ? samples[n / 2] : (samples[n / 2 - 1] + samples[n / 2]) / 2;
}

static void
print_head(const struct options *o, bool huge)
{
	if (o->json) {
		printf("{\"burst\": %d, \"lookups\": %u, \"rounds\": %u, \"hugepages\": %s, \"tsc_hz\": %" PRIu64
		       ", \"rows\": [",
		       BURST, DRAWS, o->rounds, huge ? "true" : "false", rte_get_tsc_hz());
		return;
	}
	printf("TSC cycles a key (%" PRIu64 " MHz), random keys in bursts of %d, %u rounds of %u look-ups, %s\n",
	       rte_get_tsc_hz() / 1000000, BURST, o->rounds, DRAWS, huge ? "hugepages" : "no hugepages");
	printf("%10s  %12s %8s  %12s %8s  %17s %8s\n", "keys", "prefix table", "", "rte_hash", "", "rte_hash / prefix",
	       "");
	printf("%10s  %12s %8s  %12s %8s  %17s %8s\n", "", "min", "median", "min", "median", "of min", "median");
}

static void
print_row(const struct options *o, uint32_t n, struct result *r, bool first)
{
	double prefix = median(r->cycles[PREFIX], o->rounds), hash = median(r->cycles[RTE_HASH], o->rounds);
	double ratio = median(r->ratio, o->rounds);
	double prefix_min = r->cycles[PREFIX][0], hash_min = r->cycles[RTE_HASH][0];

	if (o->json)
		printf("%s{\"keys\": %" PRIu32 ", \"prefix\": {\"min\": %.2f, \"median\": %.2f}, "
		       "\"rte_hash\": {\"min\": %.2f, \"median\": %.2f}, \"ratio\": {\"of_min\": %.3f, \"median\": "
		       "%.3f}}",
		       first ? "" : ", ", n, prefix_min, prefix, hash_min, hash, hash_min / prefix_min, ratio);
	else
		printf("%10" PRIu32 "  %12.1f %8.1f  %12.1f %8.1f  %17.2f %8.2f\n", n, prefix_min, prefix, hash_min,
		       hash, hash_min / prefix_min, ratio);
	fflush(stdout);
}

/* A number of /proc/meminfo, or 0. */
static uint64_t
meminfo(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "r");
	size_t len = strlen(name);
	uint64_t value = 0;
	char line[128];

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, name, len) == 0 && line[len] == ':')
			value = strtoull(line + len + 1, NULL, 10);
	fclose(f);
	return value;
}

/* What DPDK needs for two tables of n keys at a time: up to 80 bytes a key, and room between them. */
static unsigned int
memory_mb(uint32_t n)
{
	return 64 + (uint64_t)n * 96 / 1000000;
}

static int
eal_start(const char *program, unsigned int mb, bool huge)
{
	static char prefix[32], memory[16], lcore[16];
	const char *argv[] = {
		program,       "--no-pci",	"--no-telemetry", "--log-level", "error",
		"-m",	       memory,		"--lcores",	  lcore,	 huge ? "--in-memory" : "--no-huge",
		"--no-shconf", "--file-prefix", prefix,		  NULL};

	snprintf(prefix, sizeof(prefix), "bench-%d", (int)getpid());
	snprintf(memory, sizeof(memory), "%u", mb);
	snprintf(lcore, sizeof(lcore), "0@%d", sched_getcpu());
	return rte_eal_init(sizeof(argv) / sizeof(argv[0]) - 1, (char **)(uintptr_t)argv);
}

/* false after a line that says what is wrong. */
static bool
parse_options(int argc, char **argv, struct options *o)
{
	static const struct option list[] = {
		{"json", no_argument, NULL, 'j'},
		{"rounds", required_argument, NULL, 'r'},
		{"keys-max", required_argument, NULL, 'k'},
		{NULL, 0, NULL, 0},
	};
	int c;

	*o = (struct options){.rounds = ROUNDS_DEFAULT, .keys_max = UINT32_MAX};
	while ((c = getopt_long(argc, argv, "", list, NULL)) != -1) {
		if (c == 'j')
			o->json = true;
		else if (c == 'r')
			o->rounds = strtoul(optarg, NULL, 10);
		else if (c == 'k')
			o->keys_max = strtoul(optarg, NULL, 10);
		else
			optind = argc + 1;
	}
	if (optind == argc && o->rounds >= 1 && o->rounds <= ROUNDS_MAX && o->keys_max >= sizes[0])
		return true;
	fprintf(stderr, "usage: bench_table [--json] [--rounds 1..%d] [--keys-max %" PRIu32 "..]\n", ROUNDS_MAX,
		sizes[0]);
	return false;
}

int
main(int argc, char **argv)
{
	static struct result result;
	const unsigned int n = sizeof(sizes) / sizeof(sizes[0]);
	uint64_t available_mb = meminfo("MemAvailable") / 1024;
	uint64_t huge_mb = meminfo("HugePages_Free") * meminfo("Hugepagesize") / 1024;
	unsigned int rows = 0;
	struct options o;
	bool huge;
	int err = 0;

	if (!parse_options(argc, argv, &o))
		return 2;
	/* Half of what is there is left to others; the smallest tables are always tried. */
	while (rows < n && sizes[rows] <= o.keys_max && (rows == 0 || 2 * memory_mb(sizes[rows]) <= available_mb))
		rows++;
	huge = huge_mb >= memory_mb(sizes[rows - 1]);
	if (eal_start(argv[0], memory_mb(sizes[rows - 1]), huge) < 0) {
		fprintf(stderr, "bench_table: DPDK's EAL did not start: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	print_head(&o, huge);
	for (unsigned int row = 0; err == 0 && row < rows; row++) {
		err = run_size(sizes[row], o.rounds, &result);
		if (err == 0)
			print_row(&o, sizes[row], &result, row == 0);
	}
	printf("%s", o.json ? "]}\n" : "");
	rte_eal_cleanup();
	return err == 0 ? 0 : 1;
}
