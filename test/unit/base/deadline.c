/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/deadline.h"

#include "cases.h"

void
deadline_order(void)
{
	static const uint64_t due[] = {30, 10, 20, 10, 0, 30};
	static const uint32_t order[] = {4, 1, 3, 2, 0, 5};
	struct deadline_queue q;

	CU_ASSERT_EQUAL_FATAL(deadline_init(&q, UNIT_COUNT(due)), 0);
	CU_ASSERT_EQUAL(deadline_next(&q), DEADLINE_NEVER);
	CU_ASSERT_EQUAL(deadline_pop(&q, DEADLINE_NEVER), DEADLINE_NONE);
	for (uint32_t i = 0; i < UNIT_COUNT(due); i++)
		deadline_set(&q, i, due[i]);
	CU_ASSERT_EQUAL(deadline_next(&q), 0);
	for (uint32_t i = 0; i < UNIT_COUNT(order); i++) {
		uint64_t when = due[order[i]];

		CU_ASSERT_EQUAL(deadline_next(&q), when);
		if (when > 0)
			CU_ASSERT_EQUAL(deadline_pop(&q, when - 1), DEADLINE_NONE);
		CU_ASSERT_EQUAL(deadline_pop(&q, when), order[i]);
	}
	CU_ASSERT_EQUAL(deadline_pop(&q, DEADLINE_NEVER), DEADLINE_NONE);
	deadline_fini(&q);
}

void
deadline_move(void)
{
	struct deadline_queue q;

	CU_ASSERT_EQUAL_FATAL(deadline_init(&q, 3), 0);
	deadline_set(&q, 0, 10);
	deadline_set(&q, 1, 20);
	deadline_set(&q, 2, 30);
	deadline_set(&q, 0, 40);
	deadline_set(&q, 2, 5);
	CU_ASSERT_EQUAL(deadline_of(&q, 0), 40);
	CU_ASSERT_EQUAL(deadline_of(&q, 2), 5);
	deadline_clear(&q, 1);
	deadline_clear(&q, 1);
	CU_ASSERT_EQUAL(deadline_of(&q, 1), DEADLINE_NEVER);
	CU_ASSERT_EQUAL(deadline_pop(&q, 100), 2);
	deadline_set(&q, 0, DEADLINE_NEVER);
	CU_ASSERT_EQUAL(deadline_pop(&q, 100), DEADLINE_NONE);
	deadline_fini(&q);
}

enum { IDS = 257 };

/* The id that must pop next at now_ms, by looking at all of them. */
static uint32_t
model_first(const uint64_t due[IDS], uint64_t now_ms)
{
	uint32_t first = DEADLINE_NONE;

	for (uint32_t i = 0; i < IDS; i++)
		if (due[i] != DEADLINE_NEVER && due[i] <= now_ms && (first == DEADLINE_NONE || due[i] < due[first]))
			first = i;
	return first;
}

void
deadline_model(void)
{
	uint64_t due[IDS], seed = 1, now_ms = 0;
	struct deadline_queue q;
	unsigned int popped = 0;

	CU_ASSERT_EQUAL_FATAL(deadline_init(&q, IDS), 0);
	for (uint32_t i = 0; i < IDS; i++)
		due[i] = DEADLINE_NEVER;
	for (unsigned int step = 0; step < 100000; step++) {
		uint64_t r = random_next(&seed);
		uint32_t id = (uint32_t)(r >> 32) % IDS, expected;

		switch (r % 8) {
		case 0:
			deadline_clear(&q, id);
			due[id] = DEADLINE_NEVER;
			break;
		case 1:
		case 2:
			now_ms += r >> 8 & 7;
			expected = model_first(due, now_ms);
			CU_ASSERT_EQUAL_FATAL(deadline_pop(&q, now_ms), expected);
			if (expected != DEADLINE_NONE) {
				due[expected] = DEADLINE_NEVER;
				popped++;
			}
			break;
		default:
			/* Near each other, so that many are equal; some in the past. */
			due[id] = now_ms + (r >> 8 & 63);
			deadline_set(&q, id, due[id]);
		}
		CU_ASSERT_EQUAL_FATAL(deadline_of(&q, id), due[id]);
		expected = model_first(due, DEADLINE_NEVER);
		CU_ASSERT_EQUAL_FATAL(deadline_next(&q), expected == DEADLINE_NONE ? DEADLINE_NEVER : due[expected]);
	}
	CU_ASSERT(popped > 10000);
	deadline_fini(&q);
}
