/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/clock.h"

#include "cases.h"

void
clock_round_trip(void)
{
	const uint64_t now = 0x000065a0b1c2d3e4u;

	for (uint64_t ms = 0; ms < 100000; ms++) {
		CU_ASSERT_EQUAL_FATAL(clock_wall_ms_between(now, now + clock_wall_of_ms(ms)), (int64_t)ms);
		CU_ASSERT_EQUAL_FATAL(clock_wall_ms_between(now, now - clock_wall_of_ms(ms)), -(int64_t)ms);
	}
	CU_ASSERT_EQUAL(clock_wall_of_ms(1000), 1u << 16);
	CU_ASSERT_EQUAL(clock_wall_of_ms(3600000), 3600ull << 16);
}

void
clock_between(void)
{
	CU_ASSERT_EQUAL(clock_wall_ms_between(5, 5), 0);
	CU_ASSERT_EQUAL(clock_wall_ms_between(0, 0x8000), 500);
	CU_ASSERT_EQUAL(clock_wall_ms_between(0x8000, 0), -500);
	/* The largest difference that 48 bits of seconds can make. */
	CU_ASSERT_EQUAL(clock_wall_ms_between(0, UINT64_MAX), ((int64_t)1 << 48) * 1000 - 1);
	CU_ASSERT_EQUAL(clock_wall_ms_between(UINT64_MAX, 0), -(((int64_t)1 << 48) * 1000 - 1));
}
