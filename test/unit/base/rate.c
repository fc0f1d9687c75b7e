/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/rate.h"

#include "cases.h"

void
rate_bounds(void)
{
	struct rate r = {0};
	unsigned int taken = 0;

	for (uint64_t ms = 5300; ms < 7300; ms++)
		taken += rate_take(&r, ms, 3);
	CU_ASSERT_EQUAL(taken, 6);
	CU_ASSERT_TRUE(rate_take(&r, 7300, 3));
	CU_ASSERT_FALSE(rate_take(&r, 7300, 0));
	r = (struct rate){0};
	CU_ASSERT_TRUE(rate_take(&r, 0, 1));
	CU_ASSERT_FALSE(rate_take(&r, 999, 1));
	CU_ASSERT_TRUE(rate_take(&r, 1000, 1));
}
