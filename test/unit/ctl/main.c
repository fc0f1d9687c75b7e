/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "cases.h"
#include "rig.h"

#define CASES_MAX 128

int
main(void)
{
	struct unit_case cases[CASES_MAX];
	unsigned int n = 0;

	if (!rig_start_eal())
		return 1;
#define SUITE(name)                                                                                                    \
	memcpy(cases + n, name##_cases, name##_case_count * sizeof(cases[0]));                                         \
	n += name##_case_count;
	SUITES(SUITE)
#undef SUITE
	return unit_main("ctl", cases, n);
}
