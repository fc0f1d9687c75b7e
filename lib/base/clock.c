/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/clock.h"

int64_t
clock_wall_ms_between(uint64_t from, uint64_t to)
{
	uint64_t gap = to >= from ? to - from : from - to;
	/* Seconds and fraction apart, so that the product cannot overflow; 48 bits of seconds fit as milliseconds. */
	int64_t ms = (int64_t)((gap >> 16) * 1000 + ((gap & 0xffff) * 1000 >> 16));

	return to >= from ? ms : -ms;
}
