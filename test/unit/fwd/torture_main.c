/* SPDX-License-Identifier: BSD-3-Clause */
/* The torture cases alone: what torture.sh builds with ThreadSanitizer and with each mutant. */
#include "fwd_unit.h"

int
main(int argc, char **argv)
{
	const struct unit_table files[] = {{torture_cases, torture_cases_n},
					   {torture_grow_cases, torture_grow_cases_n}};

	if (eal_start(argv[0]) < 0)
		return 2;
	return unit_main_tables("torture", files, UNIT_COUNT(files));
}
