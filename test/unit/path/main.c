/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

int
main(void)
{
#define SUITE(name) {name##_cases, name##_case_count},
	const struct unit_table suites[] = {SUITES(SUITE)};
#undef SUITE

	return world_init() ? unit_main_tables("path", suites, UNIT_COUNT(suites)) : 1;
}
