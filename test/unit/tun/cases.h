/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* What the cases of tun's unit program share: packets that scapy wrote, and how one is encapsulated. */
#include "tun/tun.h"
#include "unit.h"
#include "vectors.h"

#define KEY 0x01020304u /* of the packets in GRE */

enum { NOT_ECT = 0, ECT_1 = 1, ECT_0 = 2, CE = 3 };

/* Of test/vectors/tun.txt, and the ends of its tunnels. */
extern struct vectors all;
extern const struct addr6 local, remote;

/* Encapsulate an inner packet as the packet path does: in place, in exactly as many bytes; the caller's to free. */
uint8_t *encap(const struct tun_template *t, const struct vector *inner);

#define SUITES(X) X(encap) X(decap) X(limit)
#define SUITE(name)                                                                                                    \
	extern const struct unit_case name##_cases[];                                                                  \
	extern const unsigned int name##_case_count;
SUITES(SUITE)
#undef SUITE
