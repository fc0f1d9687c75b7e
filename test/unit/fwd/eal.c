/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <unistd.h>

#include <rte_eal.h>

#include "fwd_unit.h"

int
eal_start(const char *program)
{
	static char prefix[32];
	const char *argv[] = {program,	     "--no-huge",      "-m",	"64", "--no-pci",
			      "--no-shconf", "--no-telemetry", "-l",	"0",  "--file-prefix",
			      prefix,	     "--log-level",    "error", NULL};

	snprintf(prefix, sizeof(prefix), "unit-fwd-%d", (int)getpid());
	return rte_eal_init(sizeof(argv) / sizeof(argv[0]) - 1, (char **)(uintptr_t)argv) < 0 ? -1 : 0;
}

struct fwd_settings
settings_small(void)
{
	return (struct fwd_settings){
		.prefixes = 1000,
		.sessions = 100,
		.tunnels = 8,
		.adjacencies = 8,
		.hosts = 100,
		.routes = 100,
		.workers = 2,
		.secret = {{0x0123456789abcdefu, 0xfedcba9876543210u}},
		.socket = -1,
	};
}
