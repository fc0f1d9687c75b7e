/* SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

#include <rte_eal.h>

#include "rig.h"

struct vectors vectors;

static int
eal_start(const char *program)
{
	char prefix[32];
	const char *args[] = {program,	     "--no-huge",      "-m",   "64", "--no-pci",
			      "--no-shconf", "--no-telemetry", "-l",   "0",  "--file-prefix",
			      prefix,	     "--log-level",    "error"};

	snprintf(prefix, sizeof(prefix), "unit-ipsec-%d", (int)getpid());
	return rte_eal_init(UNIT_COUNT(args), (char **)(uintptr_t)args);
}

int
main(int argc, char **argv)
{
	const struct unit_table files[] = {{suite_cases, suite_cases_n},
					   {table_cases, table_cases_n},
					   {packet_cases, packet_cases_n},
					   {window_cases, window_cases_n}};
	int failed;

	if (eal_start(argv[0]) < 0 || vectors_load(TEST_DIR "/vectors/esp.txt", &vectors) != 0)
		return 1;
	failed = unit_main_tables("ipsec", files, UNIT_COUNT(files));
	rte_eal_cleanup();
	return failed;
}
