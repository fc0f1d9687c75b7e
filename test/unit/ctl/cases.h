/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "unit.h"

#define SUITES(X) X(anchor) X(gateway) X(link) X(node) X(rpc)
#define SUITE(name)                                                                                                    \
	extern const struct unit_case name##_cases[];                                                                  \
	extern const unsigned int name##_case_count;
SUITES(SUITE)
#undef SUITE
