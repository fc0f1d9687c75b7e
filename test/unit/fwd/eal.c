/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
		.routes = 200,
		.flow_lists = 10,
		.workers = 2,
		.secret = {{0x0123456789abcdefu, 0xfedcba9876543210u}},
		.socket = -1,
	};
}

struct fwd *
fwd_of(const struct fwd_settings *s)
{
	struct fwd *f = fwd_new(s);

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	return f;
}

struct fwd *
fwd_small(void)
{
	const struct fwd_settings s = settings_small();

	return fwd_of(&s);
}

size_t
status_bytes(const char *name)
{
	FILE *file = fopen("/proc/self/status", "r");
	size_t value = 0, len = strlen(name);
	char line[128];

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, name, len) == 0)
			value = strtoull(line + len, NULL, 10) * 1024;
	fclose(file);
	return value;
}

struct rlimit
limit_data(size_t more)
{
	struct rlimit before, now;

	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_DATA, &before), 0);
	now = before;
	now.rlim_cur = status_bytes("VmData:") + more;
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_DATA, &now), 0);
	return before;
}
