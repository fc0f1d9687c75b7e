/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The prefix table beside rte_hash, in one run: TSC cycles for the look-up of a key, the time to fill, and memory.
 *
 *	bench_table [--json] [--rounds N] [--keys-max N] [--fill] [--small-pages]
 *
 * Both tables hold the same random keys in the same number of slots, are read without locks, and hash by the same
 * function; rte_hash gets its signatures ready made and compares keys by one instruction. A round asks each for keys
 * drawn anew, in bursts; who goes first changes with the round. The CPU may be shared with others: what is timed are
 * short windows, and those in which the thread lost its core are thrown away and counted. The minimum is what the code
 * costs, the median what it took this time, and a ratio is one of two times side by side. Every value is checked: a
 * wrong one ends the run with status 1. How fast it was never does.
 *
 * --fill leaves the look-ups out. --small-pages keeps the prefix table from huge pages, which rte_hash has only where
 * EAL has them.
 */
#include <getopt.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>

#include "bench_table.h"

#define ROUNDS_DEFAULT 11

static const uint32_t sizes[] = {1000, 100000, 1000000, 10000000};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

struct options {
	bool json, fill, small_pages;
	unsigned int rounds;
	uint32_t keys_max;
};

static void
print_cycles(const struct bench_row *rows, unsigned int n)
{
	printf("\nTSC cycles a key (%" PRIu64 " MHz): least and median of the windows; rte_hash / best of both\n%10s",
	       rte_get_tsc_hz() / 1000000, "keys");
	for (unsigned int c = 0; c < CONTENDERS; c++)
		printf("  %14s", bench_names[c]);
	printf("  %14s  %s\n", "ratio", "windows lost");
	for (unsigned int i = 0; i < n; i++) {
		unsigned int lost = 0;

		printf("%10" PRIu32, rows[i].keys);
		for (unsigned int c = 0; c < CONTENDERS; c++) {
			printf("  %6.1f %7.1f", rows[i].cycles[c].min, rows[i].cycles[c].median);
			lost += rows[i].cycles[c].lost;
		}
		printf("  %6.2f %7.2f  %u\n", rows[i].ratio_of_min, rows[i].ratio, lost);
	}
}

static void
print_fill(const struct bench_row *rows, unsigned int n)
{
	printf("\nFilling: the thread's own seconds to make and to insert, and resident megabytes\n"
	       "%10s  %26s  %26s\n%10s",
	       "keys", "prefix table", "rte_hash", "");
	for (unsigned int i = 0; i < 2; i++)
		printf("  %8s %8s %8s", "make", "insert", "MB");
	putchar('\n');
	for (unsigned int i = 0; i < n; i++)
		printf("%10" PRIu32 "  %8.3f %8.3f %8.1f  %8.3f %8.3f %8.1f\n", rows[i].keys, rows[i].prefix.make_s,
		       rows[i].prefix.insert_s, rows[i].prefix.megabytes, rows[i].hash.make_s, rows[i].hash.insert_s,
		       rows[i].hash.megabytes);
}

static void
json_fill(const char *name, const struct bench_fill *f)
{
	printf(", \"%s\": {\"make_s\": %.4f, \"insert_s\": %.4f, \"megabytes\": %.1f}", name, f->make_s, f->insert_s,
	       f->megabytes);
}

static void
json_row(const struct bench_row *r)
{
	printf("{\"keys\": %" PRIu32, r->keys);
	json_fill("prefix_fill", &r->prefix);
	json_fill("rte_hash_fill", &r->hash);
	for (unsigned int c = 0; c < CONTENDERS && r->looked_up; c++)
		printf(", \"%s\": {\"min\": %.2f, \"median\": %.2f, \"lost\": %u}", bench_names[c], r->cycles[c].min,
		       r->cycles[c].median, r->cycles[c].lost);
	if (r->looked_up)
		printf(", \"best\": \"%s\", \"ratio\": {\"of_min\": %.3f, \"median\": %.3f}", bench_names[r->best],
		       r->ratio_of_min, r->ratio);
	putchar('}');
}

static void
print_json(const struct options *o, const char *pages, const struct bench_row *rows, unsigned int n)
{
	printf("{\"burst\": %d, \"window\": %d, \"windows\": %u, \"rounds\": %u, \"pages\": \"%s\", \"tsc_hz\": "
	       "%" PRIu64 ", \"rows\": [",
	       BURST, WINDOW, WINDOWS, o->rounds, pages, rte_get_tsc_hz());
	for (unsigned int i = 0; i < n; i++) {
		fputs(i > 0 ? ",\n" : "\n", stdout);
		json_row(&rows[i]);
	}
	puts("]}");
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
		{"json", no_argument, NULL, 'j'},	    {"rounds", required_argument, NULL, 'r'},
		{"keys-max", required_argument, NULL, 'k'}, {"fill", no_argument, NULL, 'f'},
		{"small-pages", no_argument, NULL, 's'},    {NULL, 0, NULL, 0},
	};
	int c;

	*o = (struct options){.rounds = ROUNDS_DEFAULT, .keys_max = UINT32_MAX};
	while ((c = getopt_long(argc, argv, "", list, NULL)) != -1) {
		if (c == 'j')
			o->json = true;
		else if (c == 'f')
			o->fill = true;
		else if (c == 's')
			o->small_pages = true;
		else if (c == 'r')
			o->rounds = strtoul(optarg, NULL, 10);
		else if (c == 'k')
			o->keys_max = strtoul(optarg, NULL, 10);
		else
			optind = argc + 1;
	}
	if (optind == argc && o->rounds >= 1 && o->rounds <= BENCH_ROUNDS && o->keys_max >= sizes[0])
		return true;
	fprintf(stderr,
		"usage: bench_table [--json] [--rounds 1..%d] [--keys-max %" PRIu32 "..] [--fill] [--small-pages]\n",
		BENCH_ROUNDS, sizes[0]);
	return false;
}

int
main(int argc, char **argv)
{
	uint64_t available_mb = meminfo("MemAvailable") / 1024;
	uint64_t huge_mb = meminfo("HugePages_Free") * meminfo("Hugepagesize") / 1024;
	struct bench_row rows[SIZES];
	unsigned int n = 0;
	const char *pages;
	struct options o;
	bool huge;

	if (!parse_options(argc, argv, &o))
		return 2;
	/* Half of what is there is left to others; the smallest tables are always tried. */
	while (n < SIZES && sizes[n] <= o.keys_max && (n == 0 || 2 * memory_mb(sizes[n]) <= available_mb))
		n++;
	huge = !o.small_pages && huge_mb >= memory_mb(sizes[n - 1]);
	pages = huge ? "reserved huge" : o.small_pages ? "small" : "huge where the kernel gives them, rte_hash's small";
	if (o.small_pages && prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) < 0)
		perror("bench_table: small pages");
	if (eal_start(argv[0], memory_mb(sizes[n - 1]), huge) < 0) {
		fprintf(stderr, "bench_table: DPDK's EAL did not start: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	for (unsigned int i = 0; i < n; i++)
		if (bench_run(sizes[i], o.fill ? 0 : o.rounds, &rows[i]) < 0)
			return 1;
	if (o.json) {
		print_json(&o, pages, rows, n);
	} else {
		printf("Random keys in bursts of %d; %u rounds of %d windows of %d look-ups; pages: %s\n", BURST,
		       o.rounds, WINDOWS, WINDOW, pages);
		if (!o.fill)
			print_cycles(rows, n);
		print_fill(rows, n);
	}
	rte_eal_cleanup();
	return 0;
}
