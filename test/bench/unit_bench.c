/* SPDX-License-Identifier: BSD-3-Clause */
/* What kedge-bench reckons with: histograms, and the searches of RFC 2544 on a node that is made up. */
#include <string.h>

#include "histogram.h"
#include "search.h"
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
	double forwards, reaches;
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

static const struct unit_case cases[] = {
	{"a percentile is right within one in 32", percentiles},
	{"every value has a cell, small ones one of their own", all_values},
	{"a throughput is found within its resolution, and decided by a full trial (RFC 2544 section 26.1)",
	 throughput},
	{"a throughput minds its greatest rate, its loss, and a trial that fails", throughput_limits},
	{"the longest burst without loss is found (RFC 2544 section 26.4)", back_to_back},
};

int
main(void)
{
	return unit_main("bench", cases, UNIT_COUNT(cases));
}
