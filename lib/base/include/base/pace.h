/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Much work at a steady rate: whoever has a million things to send asks for each of them, and comes back when the
 * next is due. Time that went by unused is not made up for, but for PACE_SLACK_MS of it.
 *
 *	while (pace_take(&p, now_ms, per_s))
 *		send the next;
 *	due_ms = pace_due(&p, now_ms, per_s);
 */
#include <stdbool.h>
#include <stdint.h>

#define PACE_SLACK_MS 10

/* All zero: nothing yet. */
struct pace {
	uint64_t at_ms;	 /* mono */
	uint64_t credit; /* in thousandths of one */
};

static inline void
pace_earn(struct pace *p, uint64_t now_ms, uint32_t per_s)
{
	uint64_t passed_ms = now_ms - p->at_ms < 1000 ? now_ms - p->at_ms : 1000;
	uint64_t most = 1000 + (uint64_t)per_s * PACE_SLACK_MS;

	p->at_ms = now_ms;
	p->credit += passed_ms * per_s;
	if (p->credit > most)
		p->credit = most;
}

/* True, and one taken, where the time for it has come; per_s is 1 or more. */
static inline bool
pace_take(struct pace *p, uint64_t now_ms, uint32_t per_s)
{
	pace_earn(p, now_ms, per_s);
	if (p->credit < 1000)
		return false;
	p->credit -= 1000;
	return true;
}

/* When the next may be taken, mono milliseconds. */
static inline uint64_t
pace_due(const struct pace *p, uint64_t now_ms, uint32_t per_s)
{
	struct pace then = *p;

	pace_earn(&then, now_ms, per_s);
	return then.credit >= 1000 ? now_ms : now_ms + (1000 - then.credit + per_s - 1) / per_s;
}
