/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What random lives of mobile nodes share: chance, and a wire that loses, doubles, delays and reorders what the anchor
 * says. A soak begins with it, and has an anchor and a forwarding plane of its own.
 */
#include "world.h"

#define LIFE_IN_FLIGHT 512

struct life {
	struct world w;
	uint64_t random;
	void (*carry_out)(struct life *); /* the list of the last step */
	void (*check)(struct life *);
	uint32_t late_ms; /* at the most, and a hundredth of it is usual */
	struct {
		uint64_t arrives_ms; /* 0: free */
		struct mh_msg msg;
	} wire[LIFE_IN_FLIGHT];
	unsigned int failures;
};

uint32_t life_below(struct life *f, uint32_t n);
/* Of world_mn_id. */
unsigned int life_node(const struct mh_msg *m);
/* The anchor says this, now. */
void life_say(struct life *f, const struct mh_msg *m);
void life_pass(struct life *f, uint64_t ms);
/* Nobody is attached any more: what is left is closed, and nothing may be left then. */
void life_end(struct life *f, uint64_t seed);
