/* SPDX-License-Identifier: BSD-3-Clause */
/* The torture cases alone: what torture.sh builds with ThreadSanitizer and with each mutant. */
#include "fwd_unit.h"

int
main(int argc, char **argv)
{
	return eal_start(argv[0]) < 0 ? 2 : unit_main("torture", torture_cases, torture_cases_n);
}
