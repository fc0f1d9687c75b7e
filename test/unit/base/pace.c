/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/pace.h"

#include "cases.h"

/* What is taken of a pace by who comes at each of its due times for a second, and the most of any of its moments. */
static uint32_t
second_of(uint32_t per_s, uint64_t from_ms, uint32_t *burst)
{
	struct pace p = {0};
	uint32_t taken = 0;

	*burst = 0;
	for (uint64_t now_ms = from_ms; now_ms < from_ms + 1000; now_ms = pace_due(&p, now_ms, per_s)) {
		uint32_t at_once = 0;

		while (pace_take(&p, now_ms, per_s))
			at_once++;
		CU_ASSERT(at_once > 0);
		CU_ASSERT(pace_due(&p, now_ms, per_s) > now_ms);
		*burst = at_once > *burst ? at_once : *burst;
		taken += at_once;
	}
	return taken;
}

void
pace_is_steady(void)
{
	static const uint32_t rates[] = {1, 3, 99, 100, 101, 1000, 1500, 100000};

	for (unsigned int i = 0; i < UNIT_COUNT(rates); i++) {
		uint32_t slack = rates[i] / 100 + 1, burst;
		uint32_t taken = second_of(rates[i], 5000, &burst);

		CU_ASSERT(taken >= rates[i] && taken <= rates[i] + slack);
		CU_ASSERT(burst <= slack);
	}
}

/* Who comes late does not make up for it. */
void
pace_late(void)
{
	struct pace p = {0};
	unsigned int taken = 0;

	CU_ASSERT(pace_take(&p, 1000, 1000));
	while (pace_take(&p, 61000, 1000))
		taken++;
	CU_ASSERT_EQUAL(taken, 1 + PACE_SLACK_MS);
	CU_ASSERT_EQUAL(pace_due(&p, 61000, 1000), 61001);
	CU_ASSERT_EQUAL(pace_due(&p, 61000, 3), 61334);
}
