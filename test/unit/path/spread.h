/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* What the suites about several workers on one port have in common. */
#include "world.h"

#define SPREAD_FLOWS 24
#define SPREAD_LEN   64 /* bytes behind the inner IPv6 header */

/* An uplink packet of a flow in the tunnel of its gateway: even flows by their label, odd ones by their ports. */
struct frame *spread_uplink(struct frame *f, uint8_t flow, uint8_t sequence);
/* How many workers took any of the port's frames. */
unsigned int spread_takers(const struct world *w, int port);
