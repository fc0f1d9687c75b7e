/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What LMA and MAG share of their configuration: timers, peers and prefix pools. Filled in once by the
 * composition root from the configuration; engines copy what they keep.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "pmip/event.h"

/* Values of the rows of base/timer.def, in their order. */
struct pmip_timers {
#define TIMER(field, key, unit, def, min, max, source, help) uint32_t field;
#include "base/timer.def"
#undef TIMER
};

/* All at their defaults. */
struct pmip_timers pmip_timers_default(void);

/* A node that this one speaks PMIPv6 with; on an anchor, an authorised gateway. */
struct pmip_peer_settings {
	char name[PMIP_NAME_MAX];
	struct addr_prefix address;   /* one (/128) or all of a prefix */
	uint32_t timestamp_window_ms; /* 0: the timer's value */
};

/* A block of addresses that prefixes of length `len` are given from. */
struct pmip_pool_settings {
	char name[PMIP_NAME_MAX];
	struct addr_prefix block;
	uint8_t len; /* block.len..64 */
};
