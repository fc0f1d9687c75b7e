/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "unit.h"

#define SUITES(X) X(anchor) X(apply) X(gateway) X(link) X(look) X(method) X(node) X(rpc) X(serve)
#define SUITE(name)                                                                                                    \
	extern const struct unit_case name##_cases[];                                                                  \
	extern const unsigned int name##_case_count;
SUITES(SUITE)
#undef SUITE
