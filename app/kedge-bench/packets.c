/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop over windows of a packet case, and what it tells. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>

#include "bench.h"
#include "stat/stat.h"

#define WINDOW_PACKETS 16000 /* a millisecond or so: most windows are left alone by the machine */
#define PATIENCE       10    /* times as long, where no window was this thread's own yet */

typedef unsigned int turn_fn(struct world *w);

static turn_fn *const turns[] = {
#define CASE(id, name, node, in, shape, turn, help) [CASE_##id] = turn_##turn,
#include "case.def"
#undef CASE
};

/* Of the source and sink alone, and of the case. */
static struct windows alone, whole;
/* Of the windows of the case that were kept. */
static struct path_stage_counts profile[PATH_STAGES_MAX];

/* Add sign times what the stages have counted so far. */
static void
profile_add(const struct world *w, uint64_t sign, struct path_stage_counts *to)
{
	for (unsigned int i = 0; i < w->workers * path_stage_count(); i++) {
		const unsigned int s = i % path_stage_count();
		struct path_stage_counts c;

		path_stage_counts_get(w->path, i / path_stage_count(), s, &c);
		to[s].packets += sign * c.packets;
		to[s].bursts += sign * c.bursts;
		to[s].cycles += sign * c.cycles;
		to[s].sampled += sign * c.sampled;
	}
}

/* False when no packet came through. */
static bool
run_window(struct world *w, turn_fn *turn, struct windows *out)
{
	struct path_stage_counts before[PATH_STAGES_MAX];
	struct window window;
	uint64_t packets = 0;

	memcpy(before, profile, sizeof(before));
	profile_add(w, -1, profile);
	window_begin(&window);
	for (unsigned int n = 1; n > 0 && packets < WINDOW_PACKETS; packets += n)
		n = turn(w);
	if (packets > 0 && window_end(&window, packets, out))
		profile_add(w, 1, profile);
	else
		memcpy(profile, before, sizeof(before));
	return packets > 0;
}

static void
print_period(double seconds, uint64_t packets, double period_s)
{
	fprintf(stderr, "%8.1f s  %8.3f Mpps  %u windows, %u thrown away\n", seconds, (double)packets / period_s / 1e6,
		whole.kept, whole.thrown);
}

static bool
run_windows(struct world *w, const struct options *o)
{
	const double hz = (double)rte_get_tsc_hz();
	const uint64_t begin = rte_rdtsc();
	uint64_t printed = begin, sunk = 0, now;

	/* Caches and branches come to know the case first. */
	for (struct windows *none = &whole; run_window(w, turns[o->which], none) && none->kept + none->thrown < 4;)
		;
	whole.kept = whole.thrown = 0;
	memset(profile, 0, sizeof(profile));
	do {
		if (!run_window(w, turn_alone, &alone) || !run_window(w, turns[o->which], &whole)) {
			fputs("kedge-bench: no packet came through\n", stderr);
			return false;
		}
		now = rte_rdtsc();
		if (o->stats_period_s > 0 && (double)(now - printed) >= o->stats_period_s * hz) {
			print_period((double)(now - begin) / hz, w->traffic.sunk - sunk, (double)(now - printed) / hz);
			printed = now;
			sunk = w->traffic.sunk;
		}
	} while (!bench_ended() &&
		 (double)(now - begin) < o->seconds * hz * (alone.kept > 0 && whole.kept > 0 ? 1 : PATIENCE));
	return true;
}

void
bench_drops(const struct stat_block *s)
{
	for (unsigned int d = 0; d < STAT_DROP_COUNT; d++)
		if (s->drop[d] > 0)
			fprintf(stderr, "kedge-bench: %" PRIu64 " packets dropped: %s\n", s->drop[d],
				stat_drop_row(d)->name);
}

/* A figure of packets that were dropped would be none. */
static bool
check_books(const struct world *w, const struct options *o)
{
	const struct stat_block *blocks[PATH_WORKER_MAX];
	struct stat_block s;
	bool fine;

	for (unsigned int i = 0; i < w->workers; i++)
		blocks[i] = path_stats(w->path, i);
	stat_sum(blocks, w->workers, &s);
	bench_drops(&s);
	if (o->pcap != NULL) /* what is in a file may be meant to be dropped, and that was told */
		return true;
	fine = s.counter[STAT_TX_PACKETS] == s.counter[STAT_RX_PACKETS];
	if (!fine)
		fprintf(stderr, "kedge-bench: %" PRIu64 " packets received, %" PRIu64 " sent\n",
			s.counter[STAT_RX_PACKETS], s.counter[STAT_TX_PACKETS]);
	return fine;
}

struct result {
	struct summary alone, whole, net;
	double mpps, net_mpps;
};

static struct result
result_of(void)
{
	const double mhz = (double)rte_get_tsc_hz() / 1e6;
	struct result r = {.alone = windows_summary(&alone), .whole = windows_summary(&whole)};

	r.net.median = r.whole.median - r.alone.median;
	r.net.least = r.whole.least - r.alone.least;
	r.mpps = mhz / r.whole.median;
	r.net_mpps = mhz / r.net.median;
	return r;
}

/* What a packet of the case costs in each stage; the source and the loop have the rest. */
static void
print_profile(const struct options *o, const struct result *r)
{
	uint64_t packets = 0;
	double sum = 0;

	for (unsigned int s = 0; s < path_stage_count(); s++)
		packets = RTE_MAX(packets, profile[s].packets);
	printf("%s", o->json ? ", \"profile\": {" : "");
	for (unsigned int s = 0; s < path_stage_count(); s++) {
		const struct path_stage_counts *c = &profile[s];
		double cycles;

		if (c->sampled == 0)
			continue;
		cycles = (double)c->cycles / (double)c->sampled * (double)c->packets / (double)packets;
		sum += cycles;
		printf(o->json ? "\"%s\": %.2f, " : "  %-16s %8.1f\n", path_stage_row(s)->name, cycles);
	}
	printf(o->json ? "\"rest\": %.2f}" : "  rest             %8.1f   the source and the loop; the sink is in tx\n",
	       r->whole.median - sum);
}

static void
print_json(const struct world *w, const struct options *o, const struct result *r)
{
	char size[SIZE_TEXT];

	printf("{\"case\": \"%s\", \"sessions\": %u, \"tunnels\": %u, \"flows\": %u, \"size\": %s, \"burst\": %u, "
	       "\"workers\": %u, "
	       "\"counters\": %s, \"tsc_hz\": %" PRIu64 ", \"windows\": %u, \"thrown\": %u, ",
	       case_name(o->which), o->sessions, o->tunnels, w->traffic.count, size_text(o, size), o->burst, o->workers,
	       o->counters ? "true" : "false", rte_get_tsc_hz(), whole.kept + alone.kept, whole.thrown + alone.thrown);
	printf("\"alone\": {\"median\": %.2f, \"least\": %.2f}, \"whole\": {\"median\": %.2f, \"least\": %.2f}, "
	       "\"net\": {\"median\": %.2f, \"least\": %.2f}, \"mpps\": %.3f, \"net_mpps\": %.3f",
	       r->alone.median, r->alone.least, r->whole.median, r->whole.least, r->net.median, r->net.least, r->mpps,
	       r->net_mpps);
	if (o->profile)
		print_profile(o, r);
	puts("}");
}

static void
print_text(const struct world *w, const struct options *o, const struct result *r)
{
	printf("%s: %u sessions, %u tunnels, %u flows, bursts of %u, %s\n", case_name(o->which), o->sessions,
	       o->tunnels, w->traffic.count, o->burst, o->counters ? "sessions counted" : "sessions not counted");
	printf("  %-16s %8s %8s   cycles a packet\n", "", "median", "least");
	printf("  %-16s %8.1f %8.1f   %.2f Mpps\n", "whole loop", r->whole.median, r->whole.least, r->mpps);
	printf("  %-16s %8.1f %8.1f\n", "source and sink", r->alone.median, r->alone.least);
	printf("  %-16s %8.1f %8.1f   %.2f Mpps\n", case_name(o->which), r->net.median, r->net.least, r->net_mpps);
	printf("  %u windows of %d packets, %u more thrown away\n", whole.kept + alone.kept, WINDOW_PACKETS,
	       whole.thrown + alone.thrown);
	if (o->profile)
		print_profile(o, r);
}

int
packets_run(const struct options *o)
{
	static struct world w;
	int status = 1;

	if (world_make(&w, o) && run_windows(&w, o) && check_books(&w, o)) {
		struct result r = result_of();

		if (isnan(r.net.median)) {
			fputs("kedge-bench: no window was this thread's own\n", stderr);
			status = 3;
		} else {
			(o->json ? print_json : print_text)(&w, o, &r);
			status = 0;
		}
	}
	world_free(&w);
	return status;
}
