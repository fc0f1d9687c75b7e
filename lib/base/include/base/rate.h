/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Bounds on what others may make this node do: so much in the second that begins with the first of it.
 */
#include <stdbool.h>
#include <stdint.h>

/* All zero: nothing yet. */
struct rate {
	uint64_t since_ms; /* mono */
	uint32_t taken;
};

/* True, and one taken, where there were fewer than per_s. */
static inline bool
rate_take(struct rate *r, uint64_t now_ms, uint32_t per_s)
{
	if (now_ms - r->since_ms >= 1000)
		*r = (struct rate){.since_ms = now_ms};
	return r->taken < per_s && ++r->taken;
}
