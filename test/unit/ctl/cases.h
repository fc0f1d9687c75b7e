/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "unit.h"

#define SUITES(X)                                                                                                      \
	X(aggregate)                                                                                                   \
	X(anchor)                                                                                                      \
	X(apply)                                                                                                       \
	X(counts)                                                                                                      \
	X(esp)                                                                                                         \
	X(flows)                                                                                                       \
	X(gateway)                                                                                                     \
	X(gre)                                                                                                         \
	X(link)                                                                                                        \
	X(look) X(method) X(multihoming) X(node) X(peer) X(refusals) X(rpc) X(security) X(serve) X(signalling) X(tell)
#define SUITE(name)                                                                                                    \
	extern const struct unit_case name##_cases[];                                                                  \
	extern const unsigned int name##_case_count;
SUITES(SUITE)
#undef SUITE
