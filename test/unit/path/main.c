/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "world.h"

#define CASES_MAX 256

int
main(void)
{
	struct unit_case cases[CASES_MAX];
	unsigned int n = 0;

	if (!world_init())
		return 1;
#define SUITE(name)                                                                                                    \
	if (n + name##_case_count > CASES_MAX)                                                                         \
		return 1;                                                                                              \
	memcpy(cases + n, name##_cases, name##_case_count * sizeof(cases[0]));                                         \
	n += name##_case_count;
	SUITES(SUITE)
#undef SUITE
	return unit_main("path", cases, n);
}
