/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A token bucket in cycles: what passes costs the share of a second that its rate gives it. rte_meter would fit but for
 * its division in every look, and its profile cannot be replaced while another lcore reads it: here a rate is one word.
 */
#include <stdbool.h>
#include <stdint.h>

struct bucket {
	uint64_t credit, last;
};

/* Full, whatever its size. */
static inline struct bucket
bucket_full(uint64_t now)
{
	return (struct bucket){.credit = UINT64_MAX / 2, .last = now};
}

/* Cycles that one of so many a second costs. Not on the packet path. */
static inline uint64_t
bucket_cost(uint64_t cycles_hz, uint32_t per_s)
{
	return per_s > 0 ? cycles_hz / per_s : 0;
}

/* Take one that costs so much out of a bucket that holds `most` cycles. */
static inline bool
bucket_take(struct bucket *b, uint64_t cost, uint64_t most, uint64_t now)
{
	b->credit += now - b->last;
	b->last = now;
	if (b->credit > most)
		b->credit = most;
	if (b->credit < cost)
		return false;
	b->credit -= cost;
	return true;
}
