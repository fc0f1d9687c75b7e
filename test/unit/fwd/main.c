/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <rte_eal.h>

#include "fwd_unit.h"

#define CASES_MAX 128

int
main(int argc, char **argv)
{
	static struct unit_case cases[CASES_MAX];
	const struct {
		const struct unit_case *cases;
		unsigned int n;
	} files[] = {
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
	unsigned int n = 0;
	int failed;

	if (eal_start(argv[0]) < 0)
		return 1;
	for (unsigned int i = 0; i < UNIT_COUNT(files); i++) {
		if (n + files[i].n > CASES_MAX)
			return 1;
		memcpy(&cases[n], files[i].cases, files[i].n * sizeof(cases[0]));
		n += files[i].n;
	}
	failed = unit_main("fwd", cases, n);
	rte_eal_cleanup();
	return failed;
}
