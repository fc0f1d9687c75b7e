/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of unit_fwd share.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include "fwd/fwd.h"
#include "unit.h"

/* Start DPDK's EAL without hugepages, devices or root; 0 when it runs. */
int eal_start(const char *program);

/* Small tables of every kind for two workers. */
struct fwd_settings settings_small(void);
/* Never NULL: the case ends. */
struct fwd *fwd_of(const struct fwd_settings *s);
struct fwd *fwd_small(void);

/* So many bytes more than there are now may be mapped. Gives the limit before. */
struct rlimit limit_data(size_t more);
/* A line of /proc/self/status, in bytes. */
size_t status_bytes(const char *name);

extern const struct unit_case table_cases[], prefix_cases[], flows_cases[], lines_cases[], host_cases[], route_cases[],
	grow_cases[], torture_cases[], torture_grow_cases[];
extern const unsigned int table_cases_n, prefix_cases_n, flows_cases_n, lines_cases_n, host_cases_n, route_cases_n,
	grow_cases_n, torture_cases_n, torture_grow_cases_n;
