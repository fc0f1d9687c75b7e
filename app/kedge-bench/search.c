/* SPDX-License-Identifier: BSD-3-Clause */
#include "search.h"

#define FIRST_BURST 16

static bool
is_good(const struct search_outcome *o, double loss)
{
	return o->sent > 0 &&
	       (double)(o->sent - (o->received < o->sent ? o->received : o->sent)) <= loss * (double)o->sent;
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

bool
search_throughput(const struct search_settings *s, search_fn *trial, void *user, double *rate)
{
	struct search_trial t = {.rate = s->most, .seconds = s->trial_s, .frames = UINT64_MAX};
	struct search_outcome o;
	double good = 0, bad;
	unsigned int trials = 0;

	*rate = 0;
	if (!trial(user, &t, &o))
		return false;
	bad = o.rate * (1 + s->resolution);
	/* What came through of too much is a guess of what would have. */
	t.rate = is_good(&o, s->loss) ? o.rate : o.rate * (double)o.received / (double)(o.sent > 0 ? o.sent : 1);
	while (bad - good > s->resolution * bad && trials++ < SEARCH_TRIALS_MAX) {
		if (!(t.rate > good && t.rate < bad))
			t.rate = (good + bad) / 2;
		if (!trial(user, &t, &o))
			return false;
		if (!is_good(&o, s->loss)) {
			bad = t.rate;
		} else {
			const double reached = least(t.rate, o.rate);

			good = reached > good ? reached : good;
			if (reached < t.rate * (1 - s->resolution)) /* who is asked for more does not get there */
				bad = good * (1 + s->resolution);
		}
		t.rate = (good + bad) / 2;
	}
	t.seconds = s->full_s;
	for (t.rate = good; t.rate > 0 && trials++ < SEARCH_TRIALS_MAX; t.rate *= 1 - s->resolution) {
		if (!trial(user, &t, &o))
			return false;
		if (is_good(&o, s->loss)) {
			*rate = least(t.rate, o.rate);
			return true;
		}
	}
	return true;
}

bool
search_back_to_back(uint64_t most, search_fn *trial, void *user, uint64_t *frames)
{
	struct search_trial t = {.rate = 0, .seconds = 86400, .frames = FIRST_BURST};
	struct search_outcome o;
	uint64_t good = 0, bad = most + 1;

	*frames = 0;
	while (bad - good > 1) {
		if (!trial(user, &t, &o))
			return false;
		if (is_good(&o, 0))
			good = t.frames;
		else
			bad = t.frames;
		/* Twice as long until one was too long, and half way between from then on. */
		t.frames = bad > most && good * 2 <= most ? (good > 0 ? good * 2 : 1) : good + (bad - good) / 2;
	}
	*frames = good;
	return true;
}
