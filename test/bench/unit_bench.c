/* SPDX-License-Identifier: BSD-3-Clause */
/* What kedge-bench reckons with: windows, histograms, and the searches of RFC 2544 on a node that is made up. */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "histogram.h"
#include "search.h"
#include "tester.h"
#include "unit.h"

static void
percentiles(void)
{
	static struct histogram h;

	memset(&h, 0, sizeof(h));
	CU_ASSERT_EQUAL(histogram_percentile(&h, 50), 0);
	for (uint64_t v = 1; v <= 100000; v++)
		histogram_add(&h, v);
	CU_ASSERT_EQUAL(h.least, 1);
	CU_ASSERT_EQUAL(h.greatest, 100000);
	CU_ASSERT_DOUBLE_EQUAL(histogram_mean(&h), 50000.5, 0.1);
	for (double p = 0.01; p <= 100; p += 0.37) {
		double v = (double)histogram_percentile(&h, p), right = 1000 * p;

		CU_ASSERT(v >= right - 1 && v <= right * (1 + 1.0 / 32) + 1);
	}
	CU_ASSERT_EQUAL(histogram_percentile(&h, 100), 100000);
}

static void
all_values(void)
{
	static struct histogram h;
	uint32_t before = 0;

	for (unsigned int bit = 0; bit < 64; bit++) {
		for (int off = -1; off <= 1; off++) {
			uint32_t cell = histogram_cell(((uint64_t)1 << bit) + (uint64_t)off);

			CU_ASSERT_FATAL(cell < HISTOGRAM_CELLS);
			CU_ASSERT(bit < 2 || cell >= before);
			before = cell;
		}
	}
	memset(&h, 0, sizeof(h));
	histogram_add(&h, UINT64_MAX);
	CU_ASSERT_EQUAL(histogram_percentile(&h, 50), UINT64_MAX);
	for (uint64_t v = 0; v < 64; v++) {
		memset(&h, 0, sizeof(h));
		histogram_add(&h, v);
		h.greatest = UINT64_MAX; /* the cell alone says what it was */
		CU_ASSERT_EQUAL(histogram_percentile(&h, 50), v);
	}
}

/* A node that forwards so many a second, or so many at once, behind a tester that reaches so many. */
struct node {
	double forwards, reaches, later; /* later: of all trials but the first; 0: the same */
	uint64_t holds;
	unsigned int trials, until;
	double seconds; /* of the last trial */
};

static bool
try(void *user, const struct search_trial *t, struct search_outcome *o)
{
	struct node *n = user;
	double through;

	if (++n->trials > n->until)
		return false;
	if (n->trials == 2 && n->later > 0)
		n->reaches = n->later;
	n->seconds = t->seconds;
	if (n->holds > 0) {
		*o = (struct search_outcome){t->frames, t->frames < n->holds ? t->frames : n->holds, 0};
		return true;
	}
	o->rate = t->rate > 0 && t->rate < n->reaches ? t->rate : n->reaches;
	through = o->rate < n->forwards ? o->rate : n->forwards;
	o->sent = (uint64_t)(o->rate * t->seconds);
	o->received = (uint64_t)(through * t->seconds);
	return true;
}

static void
throughput(void)
{
	const double forwards[] = {3, 1000, 123456, 7.7e6, 1e7, 5e7};

	for (unsigned int i = 0; i < UNIT_COUNT(forwards); i++) {
		struct node n = {.forwards = forwards[i], .reaches = 1e7, .until = 100};
		struct search_settings s = {.resolution = 0.01, .trial_s = 10, .full_s = 60};
		double rate, right = forwards[i] < 1e7 ? forwards[i] : 1e7;

		CU_ASSERT(search_throughput(&s, try, &n, &rate));
		CU_ASSERT(rate <= right * 1.01 && rate >= right * 0.97);
		CU_ASSERT_EQUAL(n.seconds, 60);
		CU_ASSERT(n.trials <= SEARCH_TRIALS_MAX + 1);
	}
}

static void
throughput_limits(void)
{
	struct node n = {.forwards = 1e6, .reaches = 1e7, .until = 100};
	struct search_settings s = {.most = 500000, .resolution = 0.01, .trial_s = 1, .full_s = 2};
	double rate;

	CU_ASSERT(search_throughput(&s, try, &n, &rate));
	CU_ASSERT(rate <= 500000 * 1.01 && rate >= 500000 * 0.97);
	s.most = 0;
	s.loss = 0.5; /* a node that loses half passes twice as much */
	CU_ASSERT(search_throughput(&s, try, &n, &rate));
	CU_ASSERT(rate <= 2e6 * 1.01 && rate >= 2e6 * 0.97);
	n.forwards = 0;
	s.loss = 0;
	CU_ASSERT(search_throughput(&s, try, &n, &rate));
	CU_ASSERT_EQUAL(rate, 0);
	n.trials = 0;
	n.until = 3;
	CU_ASSERT_FALSE(search_throughput(&s, try, &n, &rate));
}

/* A tester that does not get to the rate that it was asked for has not shown that it passes. */
static void
throughput_not_reached(void)
{
	struct node n = {.forwards = 1e8, .reaches = 1e7, .later = 6e6, .until = 100};
	struct search_settings s = {.resolution = 0.01, .trial_s = 10, .full_s = 60};
	double rate;

	CU_ASSERT(search_throughput(&s, try, &n, &rate));
	CU_ASSERT(rate <= 6e6 && rate >= 6e6 * 0.97);
	CU_ASSERT(n.trials <= SEARCH_TRIALS_MAX + 1);
	CU_ASSERT_EQUAL(n.seconds, 60);
	n = (struct node){.forwards = 5e6, .reaches = 1e7, .later = 6e6, .until = 100};
	CU_ASSERT(search_throughput(&s, try, &n, &rate));
	CU_ASSERT(rate <= 5e6 * 1.01 && rate >= 5e6 * 0.97);
}

static void
back_to_back(void)
{
	const uint64_t holds[] = {1, 15, 16, 17, 1000, 4095, 100000, 2000000};

	for (unsigned int i = 0; i < UNIT_COUNT(holds); i++) {
		struct node n = {.holds = holds[i], .until = 100};
		uint64_t frames;

		CU_ASSERT(search_back_to_back(1000000, try, &n, &frames));
		CU_ASSERT_EQUAL(frames, holds[i] < 1000000 ? holds[i] : 1000000);
	}
}

/* Numbers of 32 bits come to their end in an hour at a million packets a second. */
static void
order(void)
{
	const struct {
		uint32_t sequence;
		bool follows;
	} came[] = {{0, true}, {1, true}, {3, true}, {2, false}, {4, true}, {UINT32_MAX, false}, {5, true}};
	uint32_t expected = 0;

	for (unsigned int i = 0; i < UNIT_COUNT(came); i++)
		CU_ASSERT_EQUAL(tester_follows(&expected, came[i].sequence), came[i].follows);
	expected = UINT32_MAX - 1;
	for (uint32_t sequence = UINT32_MAX - 1; sequence != 3; sequence++)
		CU_ASSERT(tester_follows(&expected, sequence));
	CU_ASSERT_FALSE(tester_follows(&expected, UINT32_MAX));
	CU_ASSERT_EQUAL(expected, 3);
}

static struct windows windows;

/* A window of so many microseconds of the thread's own time; whether it was kept. */
static bool
busy_window(unsigned int us)
{
	struct timespec t;
	struct window w;
	uint64_t end;

	window_begin(&w);
	end = w.cpu_ns + us * 1000;
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	while ((uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec < end);
	return window_end(&w, 1000, &windows);
}

static void
own_windows(void)
{
	struct window w;
	struct summary s;

	memset(&windows, 0, sizeof(windows));
	CU_ASSERT(isnan(windows_summary(&windows).median) && isnan(windows_summary(&windows).least));
	window_begin(&w);
	usleep(1000);
	CU_ASSERT_FALSE(window_end(&w, 1000, &windows));
	CU_ASSERT(windows.kept == 0 && windows.thrown == 1);
	for (unsigned int i = 0; i < 100000 && windows.kept < 3; i++) {
		const unsigned int before = windows.kept;
		const bool kept = busy_window(100);

		CU_ASSERT_EQUAL(kept, windows.kept == before + 1);
		CU_ASSERT_EQUAL(windows.kept + windows.thrown, i + 2);
	}
	CU_ASSERT_EQUAL(windows.kept, 3);
	CU_ASSERT(windows.cycles[0] > 0 && windows.cycles[1] > 0 && windows.cycles[2] > 0);
	memcpy(windows.cycles, (double[]){30, 10, 20}, 3 * sizeof(double));
	s = windows_summary(&windows);
	CU_ASSERT(s.median == 20 && s.least == 10);
}

static atomic_bool over;

static void *
spin(void *user)
{
	while (!atomic_load(&over))
		;
	return user;
}

/* Two threads that never wait, on one CPU. */
static void
preempted_windows(void)
{
	cpu_set_t all, one;
	pthread_t other;
	int cpu = 0;

	memset(&windows, 0, sizeof(windows));
	CU_ASSERT_FATAL(sched_getaffinity(0, sizeof(all), &all) == 0);
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	CU_ASSERT_FATAL(sched_setaffinity(0, sizeof(one), &one) == 0);
	CU_ASSERT_FATAL(pthread_create(&other, NULL, spin, NULL) == 0);
	for (unsigned int i = 0; i < 100; i++)
		busy_window(2000);
	atomic_store(&over, true);
	pthread_join(other, NULL);
	CU_ASSERT(windows.thrown > 0 && windows.kept + windows.thrown == 100);
	sched_setaffinity(0, sizeof(all), &all);
}

static const struct unit_case cases[] = {
	{"a window in which the thread slept is thrown away and counted, one of its own is kept", own_windows},
	{"windows in which another thread had the core are thrown away and counted", preempted_windows},
	{"a percentile is right within one in 32", percentiles},
	{"every value has a cell, small ones one of their own", all_values},
	{"a throughput is found within its resolution, and decided by a full trial (RFC 2544 section 26.1)",
	 throughput},
	{"a throughput minds its greatest rate, its loss, and a trial that fails", throughput_limits},
	{"a throughput is none that the tester did not reach", throughput_not_reached},
	{"the longest burst without loss is found (RFC 2544 section 26.4)", back_to_back},
	{"packets are out of order that come behind a later one, however many there were", order},
};

int
main(void)
{
	return unit_main("bench", cases, UNIT_COUNT(cases));
}
