/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Chance: what is drawn from a seed becomes a history. No other files than those that include this one draw anything,
 * and the same seed gives the same history for as long as they draw in the same order. So no expression draws twice:
 * which came first would be the compiler's choice.
 */
#include "sim.h"

struct chance {
	uint64_t state;
	struct sim_history *h;
	bool calm;	    /* neither faults nor a bad wire */
	unsigned int lossy; /* per cent of messages */
};

/* splitmix64 (Steele, Lea and Flood) */
static inline uint64_t
draw(struct chance *c)
{
	uint64_t z = c->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline uint32_t
below(struct chance *c, uint32_t n)
{
	return (uint32_t)(draw(c) % n);
}

static inline bool
percent(struct chance *c, uint32_t n)
{
	return below(c, 100) < n;
}

#define ONE_OF(c, ...)                                                                                                 \
	((const uint32_t[]){__VA_ARGS__})[below(c, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))]

static inline void
add_op(struct chance *c, uint32_t at_ms, enum sim_op_kind kind, int32_t a, int32_t b, int32_t v)
{
	if (c->h->op_count < SIM_OPS_MAX)
		c->h->op[c->h->op_count++] = (struct sim_op){at_ms, kind, a, b, v};
}

/* walk.c: where mobile nodes go, and what moves between their interfaces. */
void sim_make_walks(struct chance *c);
void sim_make_moves(struct chance *c, struct sim_plan *p);
