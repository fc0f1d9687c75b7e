/* SPDX-License-Identifier: BSD-3-Clause */
/* kedge-sim: seeds, replays, and what they found. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"

#define JOBS_MAX     64
#define FAILURES_MAX 10 /* that are made short and written; more are counted alone */

struct options {
	uint64_t first, seeds;
	unsigned int jobs;
	bool replay, shrink, coverage, must_cover;
	bool seed_given;
	const char *out;
};

/* What a worker tells the one that started it, with every seed and at its end. */
struct report {
	uint64_t done, failed;
	bool over;
	struct sim_coverage coverage;
};

static const char usage[] = "usage: kedge-sim [--seeds N] [--seed FIRST] [--jobs N] [--out DIR] [--coverage]\n"
			    "       kedge-sim --replay [--shrink] --seed N | FILE ...\n"
			    "\n"
			    "Runs worlds of anchors, gateways and mobile nodes, one a seed, and judges each step.\n"
			    "  --seeds N    so many of them (100)\n"
			    "  --seed N     the first (1); with --replay that one\n"
			    "  --jobs N     processes (1)\n"
			    "  --out DIR    where histories that fail are written (.)\n"
			    "  --coverage   say what the runs went through\n"
			    "  --must-cover fail when a transition of the engines' states or a status was not seen\n"
			    "  --replay     say what happens, message by message; histories are files or the seed's\n"
			    "  --shrink     make a file's history that fails short before\n";

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
write_failure(const struct options *o, struct sim_world *w, struct sim_history *h, uint64_t seed)
{
	unsigned int runs = sim_shrink(w, h);
	const struct sim_result *r = sim_world_result(w);
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/seed-%llu.sim", o->out, (unsigned long long)seed);
	printf("seed %llu: %s: at %.3f s %s\n  %u ops and %u fates are left after %u runs: %s\n",
	       (unsigned long long)seed, sim_invariant_name(r->invariant), (double)r->at_ms / 1000, r->text,
	       h->op_count, h->fate_count, runs, path);
	fflush(stdout);
	f = fopen(path, "w");
	if (f == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return;
	}
	fprintf(f, "# Found by seed %llu. %s: %s\n", (unsigned long long)seed, sim_invariant_name(r->invariant),
		r->text);
	sim_history_write(h, f);
	fclose(f);
}

static void
tell(int to, const struct report *r)
{
	if (write(to, r, sizeof(*r)) != (ssize_t)sizeof(*r))
		_exit(2);
}

/* Every `jobs`-th seed from number `which` on. */
static void
work(const struct options *o, unsigned int which, int to)
{
	struct sim_world *w = sim_world_new();
	struct sim_history *h = malloc(sizeof(*h));
	struct report r = {0};
	double told = seconds();

	if (w == NULL || h == NULL)
		_exit(2);
	for (uint64_t i = which; i < o->seeds; i += o->jobs) {
		sim_history_make(o->first + i, h);
		if (!sim_world_play(w, h) && r.failed++ < FAILURES_MAX) {
			struct sim_world *other = sim_world_new(); /* whose runs are no part of the coverage */

			if (other != NULL)
				write_failure(o, other, h, o->first + i);
			sim_world_free(other);
		}
		r.done++;
		r.coverage.virtual_ms = sim_world_coverage(w)->virtual_ms;
		if (seconds() - told > 0.2) {
			told = seconds();
			tell(to, &r);
		}
	}
	sim_world_start(w, h); /* its engines count as they are freed */
	r.coverage = *sim_world_coverage(w);
	r.over = true;
	tell(to, &r);
	free(h);
	sim_world_free(w);
}

static void
show(const struct report *all, unsigned int jobs, uint64_t seeds, double began)
{
	uint64_t done = 0, virtual_ms = 0;
	double took = seconds() - began;

	for (unsigned int i = 0; i < jobs; i++) {
		done += all[i].done;
		virtual_ms += all[i].coverage.virtual_ms;
	}
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%llu of %llu seeds, %.0f/s, %.1f h of virtual time ", (unsigned long long)done,
			(unsigned long long)seeds, (double)done / (took > 0 ? took : 1), (double)virtual_ms / 3.6e6);
}

/* Start the workers; the read end of each one's pipe. */
static bool
start(const struct options *o, int from[static JOBS_MAX], pid_t pid[static JOBS_MAX])
{
	int ends[2];

	fflush(stdout);
	for (unsigned int i = 0; i < o->jobs; i++) {
		if (pipe(ends) != 0)
			return false;
		pid[i] = fork();
		if (pid[i] < 0)
			return false;
		if (pid[i] == 0) {
			close(ends[0]);
			work(o, i, ends[1]);
			exit(0);
		}
		close(ends[1]);
		from[i] = ends[0];
	}
	return true;
}

/* A report is longer than a pipe writes in one piece. */
static bool
hear(int from, struct report *r)
{
	size_t got = 0;

	while (got < sizeof(*r)) {
		ssize_t n = read(from, (char *)r + got, sizeof(*r) - got);

		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}

static int
run(const struct options *o)
{
	static struct report all[JOBS_MAX];
	struct sim_coverage coverage = {0};
	uint64_t done = 0, failed = 0;
	int from[JOBS_MAX], status;
	pid_t pid[JOBS_MAX];
	double began = seconds();
	unsigned int missing;

	if (!start(o, from, pid))
		return 2;
	for (unsigned int i = 0; i < o->jobs; i++) {
		while (!all[i].over && hear(from[i], &all[i]))
			show(all, o->jobs, o->seeds, began);
		waitpid(pid[i], &status, 0);
		close(from[i]);
		done += all[i].done;
		failed += all[i].failed;
		sim_coverage_add(&coverage, &all[i].coverage);
	}
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	failed += o->seeds - done; /* a worker that died */
	missing = sim_coverage_print(&coverage, o->coverage ? stdout : NULL);
	if (o->must_cover && missing > 0)
		printf("%u transitions or statuses were not seen; --coverage tells which\n", missing);
	printf("%.1f s, %.0f seeds a second\n", seconds() - began, (double)done / (seconds() - began));
	printf("sim: %llu passed, %llu failed\n", (unsigned long long)(o->seeds - failed), (unsigned long long)failed);
	return failed > 0 || (o->must_cover && missing > 0);
}

static bool
replay_one(const struct options *o, struct sim_world *w, struct sim_history *h, const char *name)
{
	const struct sim_result *r;

	if ((o->shrink || o->seed_given) && !sim_world_play(w, h))
		sim_shrink(w, h);
	if (o->replay) {
		printf("%s\n", name);
		sim_history_write(h, stdout);
		sim_world_trace(w, stdout);
	}
	sim_world_play(w, h);
	sim_world_trace(w, NULL);
	r = sim_world_result(w);
	if (r->failed)
		printf("%s: FAILED %s: at %.3f s %s\n", name, sim_invariant_name(r->invariant), (double)r->at_ms / 1000,
		       r->text);
	return !r->failed;
}

static int
replay(const struct options *o, char *const *files, int count)
{
	struct sim_world *w = sim_world_new();
	struct sim_history *h = malloc(sizeof(*h));
	unsigned int passed = 0, failed = 0;
	char error[256];

	if (w == NULL || h == NULL)
		return 2;
	if (o->seed_given) {
		sim_history_make(o->first, h);
		failed += !replay_one(o, w, h, "seed");
		passed += failed == 0;
	}
	for (int i = 0; i < count; i++) {
		FILE *f = fopen(files[i], "r");
		bool good = false;

		if (f == NULL)
			fprintf(stderr, "%s: %s\n", files[i], strerror(errno));
		else if (!sim_history_read(f, h, error))
			fprintf(stderr, "%s: %s\n", files[i], error);
		else
			good = replay_one(o, w, h, files[i]);
		if (f != NULL)
			fclose(f);
		passed += good;
		failed += !good;
	}
	free(h);
	sim_world_free(w);
	printf("sim: %u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}

static bool
read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{"seeds", required_argument, NULL, 'n'}, {"seed", required_argument, NULL, 's'},
		{"jobs", required_argument, NULL, 'j'},	 {"out", required_argument, NULL, 'o'},
		{"coverage", no_argument, NULL, 'c'},	 {"must-cover", no_argument, NULL, 'm'},
		{"replay", no_argument, NULL, 'r'},	 {"shrink", no_argument, NULL, 'k'},
		{"help", no_argument, NULL, 'h'},	 {0}};
	int c;

	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 'n':
			o->seeds = strtoull(optarg, NULL, 0);
			break;
		case 's':
			o->first = strtoull(optarg, NULL, 0);
			o->seed_given = true;
			break;
		case 'j':
			o->jobs = (unsigned int)strtoul(optarg, NULL, 0);
			break;
		case 'o':
			o->out = optarg;
			break;
		case 'c':
			o->coverage = true;
			break;
		case 'm':
			o->must_cover = true;
			break;
		case 'r':
			o->replay = true;
			break;
		case 'k':
			o->shrink = true;
			break;
		default:
			fputs(usage, c == 'h' ? stdout : stderr);
			return false;
		}
	}
	return o->jobs > 0 && o->jobs <= JOBS_MAX && o->seeds > 0;
}

int
main(int argc, char **argv)
{
	struct options o = {.first = 1, .seeds = 100, .jobs = 1, .out = "."};

	if (!read_options(argc, argv, &o))
		return 2;
	if (o.replay || optind < argc)
		return replay(&o, argv + optind, argc - optind);
	return run(&o);
}
