/* SPDX-License-Identifier: BSD-3-Clause */
/* The torture cases alone: what torture.sh builds with ThreadSanitizer and with each mutant. */
#include <string.h>

#include "fwd_unit.h"

int
main(int argc, char **argv)
{
	struct unit_case cases[16];
	unsigned int n = torture_cases_n + torture_grow_cases_n;

	if (n > UNIT_COUNT(cases) || eal_start(argv[0]) < 0)
		return 2;
	memcpy(cases, torture_cases, torture_cases_n * sizeof(cases[0]));
	memcpy(&cases[torture_cases_n], torture_grow_cases, torture_grow_cases_n * sizeof(cases[0]));
	return unit_main("torture", cases, n);
}
