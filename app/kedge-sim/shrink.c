/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The shortest history that still fails: pieces are left out, halves first (Zeller and Hildebrandt's ddmin without its
 * complements), then the plan's values go to their defaults, as long as the same invariant does not hold.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define RUNS_MAX 6000

struct shrink {
	struct sim_world *w;
	enum sim_invariant invariant;
	struct sim_history *best, *try;
	unsigned int runs;
};

static bool
fails(struct shrink *s)
{
	const struct sim_result *r;

	if (s->runs >= RUNS_MAX)
		return false;
	s->runs++;
	sim_world_play(s->w, s->try);
	r = sim_world_result(s->w);
	if (!r->failed || r->invariant != s->invariant)
		return false;
	memcpy(s->best, s->try, sizeof(*s->best));
	return true;
}

/* Ops first, then fates, as one list. */
static unsigned int
items(const struct sim_history *h)
{
	return h->op_count + h->fate_count;
}

static void
without(const struct sim_history *h, unsigned int from, unsigned int count, struct sim_history *out)
{
	out->plan = h->plan;
	out->op_count = out->fate_count = 0;
	for (unsigned int i = 0; i < h->op_count; i++)
		if (i < from || i >= from + count)
			out->op[out->op_count++] = h->op[i];
	for (unsigned int i = 0; i < h->fate_count; i++)
		if (i + h->op_count < from || i + h->op_count >= from + count)
			out->fate[out->fate_count++] = h->fate[i];
}

static bool
leave_out(struct shrink *s)
{
	bool any = false;

	for (unsigned int size = (items(s->best) + 1) / 2; size > 0; size /= 2)
		for (unsigned int at = 0; at < items(s->best);) {
			without(s->best, at, size, s->try);
			if (fails(s))
				any = true;
			else
				at += size;
		}
	return any;
}

/* Two that only go together: an arrival and its departure, a failure and its repair. */
static bool
leave_out_pairs(struct shrink *s)
{
	for (unsigned int i = 0; items(s->best) <= 40 && i < items(s->best); i++)
		for (unsigned int j = i + 1; j < items(s->best); j++) {
			struct sim_history *mid = malloc(sizeof(*mid));

			if (mid == NULL)
				return false;
			without(s->best, j, 1, mid);
			without(mid, i, 1, s->try);
			free(mid);
			if (fails(s))
				return true;
		}
	return false;
}

static bool
simplify_plan(struct shrink *s)
{
	bool any = false;

	for (unsigned int i = 0; i < sim_plan_rows(); i++) {
		memcpy(s->try, s->best, sizeof(*s->try));
		if (sim_plan_simplify(&s->try->plan, i) && fails(s))
			any = true;
	}
	return any;
}

/* Times to round numbers. */
static bool
simplify_times(struct shrink *s)
{
	bool any = false;

	for (unsigned int i = 0; i < s->best->op_count; i++)
		for (uint32_t unit = 10000; unit >= 10; unit /= 10) {
			uint32_t round_ms = s->best->op[i].at_ms / unit * unit;

			if (round_ms == s->best->op[i].at_ms || (i > 0 && s->best->op[i - 1].at_ms > round_ms))
				continue;
			memcpy(s->try, s->best, sizeof(*s->try));
			s->try->op[i].at_ms = round_ms;
			any = fails(s) || any;
		}
	return any;
}

unsigned int
sim_shrink(struct sim_world *w, struct sim_history *h)
{
	struct shrink s = {.w = w, .best = h, .try = malloc(sizeof(*s.try))};

	if (s.try == NULL)
		return 0;
	sim_world_play(w, h);
	s.invariant = sim_world_result(w)->invariant;
	/* What comes after the failure is of no interest. */
	memcpy(s.try, h, sizeof(*h));
	while (s.try->op_count > 0 && s.try->op[s.try->op_count - 1].at_ms > sim_world_result(w)->at_ms)
		s.try->op_count--;
	fails(&s);
	while (s.runs < RUNS_MAX && (leave_out(&s) || simplify_plan(&s) || leave_out_pairs(&s)))
		;
	simplify_times(&s);
	leave_out(&s);
	free(s.try);
	sim_world_play(w, h);
	return s.runs;
}
