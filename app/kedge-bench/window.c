/* SPDX-License-Identifier: BSD-3-Clause */
/* Stretches of work in which the thread had its core for itself. */
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <rte_cycles.h>

#include "bench.h"

#define OWNED 0.99 /* of the wall's time the thread ran */

static uint64_t
clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static long
preemptions(void)
{
	struct rusage r;

	getrusage(RUSAGE_THREAD, &r);
	return r.ru_nivcsw;
}

void
window_begin(struct window *w)
{
	w->preempted = preemptions();
	w->wall_ns = clock_ns(CLOCK_MONOTONIC);
	w->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	w->tsc = rte_rdtsc_precise();
}

bool
window_end(const struct window *w, uint64_t units, struct windows *out)
{
	uint64_t tsc = rte_rdtsc_precise() - w->tsc;
	uint64_t cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - w->cpu_ns;
	uint64_t wall_ns = clock_ns(CLOCK_MONOTONIC) - w->wall_ns;

	if (preemptions() != w->preempted || (double)cpu_ns < OWNED * (double)wall_ns) {
		out->thrown++;
		return false;
	}
	if (out->kept < WINDOWS_MAX)
		out->cycles[out->kept++] = (double)tsc / (double)units;
	return true;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct summary
windows_summary(struct windows *w)
{
	if (w->kept == 0)
		return (struct summary){NAN, NAN};
	qsort(w->cycles, w->kept, sizeof(*w->cycles), compare);
	return (struct summary){w->cycles[w->kept / 2], w->cycles[0]};
}
