/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_eal.h>

#include "fwd_unit.h"

int
main(int argc, char **argv)
{
	const struct unit_table files[] = {
		{table_cases, table_cases_n},
		{prefix_cases, prefix_cases_n},
		{lines_cases, lines_cases_n},
		{host_cases, host_cases_n},
		{flows_cases, flows_cases_n},
		{route_cases, route_cases_n},
		{grow_cases, grow_cases_n},
		{torture_cases, torture_cases_n},
		{torture_grow_cases, torture_grow_cases_n},
	};
	int failed;

	if (eal_start(argv[0]) < 0)
		return 1;
	failed = unit_main_tables("fwd", files, UNIT_COUNT(files));
	rte_eal_cleanup();
	return failed;
}
