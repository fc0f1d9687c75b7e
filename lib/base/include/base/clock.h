/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A moment as the control lcore hands it to an engine with each event. Engines never read a clock.
 */
#include <stdint.h>

struct clock_now {
	uint64_t mono_ms; /* milliseconds that never go back; what deadlines are set in */
	uint64_t wall; /* time of day: 48 bits of seconds since 1970 UTC, 16 bits of 1/65536 s (RFC 5213 section 8.8) */
};

/* Milliseconds as a difference of two `wall` values, rounded up so that clock_wall_ms_between gives them back. */
static inline uint64_t
clock_wall_of_ms(uint64_t ms)
{
	return (ms / 1000 << 16) + ((ms % 1000 << 16) + 999) / 1000;
}

/* Whole milliseconds from wall value `from` to `to`, rounded towards zero; negative when `to` is earlier. */
int64_t clock_wall_ms_between(uint64_t from, uint64_t to);
