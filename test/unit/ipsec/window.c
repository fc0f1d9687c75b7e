/* SPDX-License-Identifier: BSD-3-Clause */
/* The window against a note of all that was received. */
#include "window.h"
#include "rig.h"

#define STEPS 20000
#define SPAN  4096 /* numbers around the top that are tried */

/* A number near the top: mostly within the window, at times far ahead. */
static uint64_t
near(const struct window *w, uint64_t *state)
{
	uint64_t n = random_next(state) % SPAN, ahead = random_next(state) % 64;

	if (ahead == 0)
		return w->top + n;
	if (ahead < 32)
		return w->top + 1 + n % 4;
	return w->top > n % (2 * w->size) ? w->top - n % (2 * w->size) : 1;
}

static void
against_all(uint32_t size, bool esn, uint64_t top)
{
	static bool seen[STEPS * SPAN / 32]; /* by number, the first of them `base` */
	uint64_t state = size + top, base = top > SPAN ? top - SPAN : 0;
	unsigned int taken = 0;
	struct window w;

	memset(seen, 0, sizeof(seen));
	ipsec_window_init(&w, size, top);
	for (unsigned int step = 0; step < STEPS; step++) {
		uint64_t number = near(&w, &state);
		bool inside = number > w.top || w.top - number < size;
		bool is_new = inside && number > top && !seen[number - base];
		uint64_t want = esn && !inside ? number + (UINT64_C(1) << 32) : number;

		CU_ASSERT_FATAL(number - base < sizeof(seen));
		CU_ASSERT_EQUAL_FATAL(ipsec_window_number(&w, esn, (uint32_t)number), want);
		CU_ASSERT_EQUAL_FATAL(ipsec_window_is_new(&w, number), is_new);
		if (!is_new)
			continue;
		ipsec_window_note(&w, number);
		seen[number - base] = true;
		taken++;
	}
	CU_ASSERT(taken > STEPS / 4 && taken < STEPS);
}

static void
all_sizes(void)
{
	static const uint32_t sizes[] = {64, 65, 100, 127, 128, 1000, IPSEC_WINDOW_MAX};

	for (unsigned int i = 0; i < UNIT_COUNT(sizes); i++) {
		against_all(sizes[i], false, 0);
		against_all(sizes[i], false, 12345);
		against_all(sizes[i], true, UINT32_MAX - 9000);
		against_all(sizes[i], true, (7ull << 32) - 1);
		against_all(sizes[i], true, 7ull << 32);
	}
}

static void
first_halves(void)
{
	struct window w;

	ipsec_window_init(&w, 64, 0);
	CU_ASSERT_EQUAL(ipsec_window_number(&w, true, 1), 1);
	CU_ASSERT_EQUAL(ipsec_window_number(&w, true, UINT32_MAX), UINT32_MAX); /* there is no half before the first */
	CU_ASSERT_FALSE(ipsec_window_is_new(&w, 0));
	ipsec_window_note(&w, UINT64_C(1) << 40);
	CU_ASSERT_FALSE(ipsec_window_is_new(&w, UINT64_C(1) << 40));
	CU_ASSERT(ipsec_window_is_new(&w, (UINT64_C(1) << 40) - 63));
	CU_ASSERT_FALSE(ipsec_window_is_new(&w, (UINT64_C(1) << 40) - 64));
}

const struct unit_case window_cases[] = {
	{"the window knows each number that came, of every size (RFC 4303 section 3.4.3)", all_sizes},
	{"the high half of a number is told by the window (RFC 4303 appendix A2.2)", first_halves},
};
const unsigned int window_cases_n = UNIT_COUNT(window_cases);
