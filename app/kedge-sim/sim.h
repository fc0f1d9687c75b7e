/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A world of anchors, gateways and mobile nodes in one process on a virtual clock. It steps the engines of lib/lma and
 * lib/mag as the daemon does, carries their messages as bytes, and judges what they do by a model of its own.
 *
 *	struct sim_world *w = sim_world_new();
 *	sim_history_make(seed, &history);
 *	if (!sim_world_play(w, &history))
 *		puts(sim_world_result(w)->text);
 *
 * A world is a function of its history: a plan, what happens to it from outside (ops), and what becomes of the n-th
 * message of a link (fates). Nothing is drawn by chance while it runs, so a failing history can be made shorter by
 * leaving things out of it. docs/simulator.md is the reference.
 *
 * The fuzzer drives a world by itself:
 *
 *	sim_world_start(w, &history);		a plan alone
 *	sim_world_until(w, at_ms);
 *	sim_world_op(w, &op);
 *	sim_world_inject(w, from, to, bytes, len);
 *
 * Memory is allocated by sim_world_new and for the engines of a world; all tables are bounded.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lma/lma.h"
#include "mag/mag.h"
#include "pmip/auth.h"

#define SIM_LMAS_MAX	 2
#define SIM_MAGS_MAX	 4
#define SIM_NODES_MAX	 (SIM_LMAS_MAX + SIM_MAGS_MAX)
#define SIM_PORTS	 2 /* of a gateway */
#define SIM_SPOTS_MAX	 (SIM_MAGS_MAX * SIM_PORTS)
#define SIM_MNS_MAX	 24
#define SIM_IFS_MAX	 (2 * SIM_MNS_MAX)
#define SIM_SESSIONS_MAX 64
#define SIM_OPS_MAX	 1024
#define SIM_FATES_MAX	 2048
#define SIM_COMMANDS	 2 /* prefixes, flows */
#define SIM_HOWS	 4 /* of the op hostile */
#define SIM_TYPES	 (MH_UPA + 1)
#define SIM_PEER_CHANGES (PMIP_PEER_RESTARTED + 1)
#define SIM_TO_POLICY	 SIM_NODES_MAX /* the other end of a question */
#define SIM_BLOCKS	 16	       /* that gateways cut from */
#define SIM_NOBODY	 (-1)
#define SIM_MESSAGE_MAX	 1024 /* bytes; a longer one is lost */

struct sim_plan {
#define SIM_PLAN(field, def, min, max, help) uint32_t field;
#include "plan.def"
#undef SIM_PLAN
};

enum sim_op_kind {
#define SIM_OP(NAME, text, a, b, c, help) SIM_OP_##NAME,
#include "op.def"
#undef SIM_OP
	SIM_OP_COUNT
};

struct sim_op {
	uint32_t at_ms;
	enum sim_op_kind kind;
	int32_t a, b, c;
};

enum sim_fate_kind {
#define SIM_FATE(NAME, text, question, help) SIM_FATE_##NAME,
#include "fate.def"
#undef SIM_FATE
	SIM_FATE_COUNT
};

struct sim_fate {
	enum sim_fate_kind kind;
	uint8_t from, to; /* nodes; SIM_TO_POLICY for a question */
	uint16_t n;	  /* the n-th message of this direction, from 0 */
	uint32_t ms;
};

struct sim_history {
	struct sim_plan plan;
	unsigned int op_count, fate_count;
	struct sim_op op[SIM_OPS_MAX];	     /* by time */
	struct sim_fate fate[SIM_FATES_MAX]; /* by direction and number */
};

enum sim_invariant {
#define SIM_INVARIANT(NAME, text, answer, step, help) SIM_INV_##NAME,
#include "invariant.def"
#undef SIM_INVARIANT
	SIM_INVARIANTS
};

struct sim_result {
	bool failed;
	enum sim_invariant invariant; /* the first that did not hold */
	uint64_t at_ms;
	char text[512]; /* what was seen */
};

/* What runs have gone through; sums. */
struct sim_coverage {
	uint64_t steps, virtual_ms;
	uint64_t op[SIM_OP_COUNT], fate[SIM_FATE_COUNT];
	uint64_t status[256];			   /* sent by anchors */
	uint64_t sent[SIM_TYPES];		   /* messages */
	uint64_t verdict[PMIP_AUTH_COUNT];	   /* on messages that came */
	uint64_t forged[SIM_HOWS][SIM_TYPES];	   /* messages of hostile people */
	uint64_t trigger[256], bra[256], upa[256]; /* of revocations at gateways, and what was answered */
	uint64_t peer[2][SIM_PEER_CHANGES];	   /* learnt by gateways, by anchors */
	uint64_t lma_transition[LMA_STATE_COUNT][LMA_STATE_COUNT];
	uint64_t mag_transition[MAG_STATE_COUNT][MAG_STATE_COUNT];
	uint64_t command[2][SIM_COMMANDS][2];  /* at gateways and at anchors; refused beforehand, and not */
	uint64_t cut[2], block[2];	       /* one more at a gateway, a block of another; refused, and not */
	uint64_t published[2][PMIP_PUB_COUNT]; /* by gateways, by anchors */
	uint64_t judged[SIM_INVARIANTS];       /* how often there was something to judge */
	uint64_t stays; /* times that an interface stayed for long enough to be judged by reach */
};

/* history.c: texts, and what they say. */
struct sim_plan sim_plan_default(void);
/* A history from a file; false with a sentence in error. */
bool sim_history_read(FILE *from, struct sim_history *out, char error[static 256]);
void sim_history_write(const struct sim_history *h, FILE *to);
const char *sim_invariant_name(enum sim_invariant i);
const char *sim_op_name(enum sim_op_kind k);
const char *sim_fate_name(enum sim_fate_kind k);
void sim_history_sort_fates(struct sim_history *h);
/* Set one value of a plan to its default; false when it is so, or past the last. */
bool sim_plan_simplify(struct sim_plan *p, unsigned int row);
unsigned int sim_plan_rows(void);
/* The invariant of this name, SIM_INVARIANTS when there is none. */
enum sim_invariant sim_invariant_find(const char *name);

/* generate.c */
void sim_history_make(uint64_t seed, struct sim_history *out);

/* world.c */
struct sim_world *sim_world_new(void);
void sim_world_free(struct sim_world *w);
/* Where readable lines of what happens go; NULL for nowhere. */
void sim_world_trace(struct sim_world *w, FILE *to);
/* Do not judge by this one: who sends what it likes keeps no promises. */
void sim_world_ignore(struct sim_world *w, enum sim_invariant i);
/* From the first moment to the last; true when all invariants held. */
bool sim_world_play(struct sim_world *w, const struct sim_history *h);
const struct sim_result *sim_world_result(const struct sim_world *w);
const struct sim_coverage *sim_world_coverage(const struct sim_world *w); /* of all that it played */

/* The same by hand: fates and plan are the history's (kept by the caller), ops are not. False once something failed. */
bool sim_world_start(struct sim_world *w, const struct sim_history *h);
bool sim_world_until(struct sim_world *w, uint64_t at_ms);
bool sim_world_op(struct sim_world *w, const struct sim_op *op);
/* All leave, time passes, and nothing is left. */
bool sim_world_end(struct sim_world *w);
uint64_t sim_world_now_ms(const struct sim_world *w);
/* Bytes that arrive at a node as if another had sent them. */
bool sim_world_inject(struct sim_world *w, unsigned int from, unsigned int to, const uint8_t *bytes, size_t len);
/* The i-th last message that was sent (0: the last), with its ends; its length, 0 when there is none. */
size_t sim_world_recorded(const struct sim_world *w, unsigned int i, unsigned int *from, unsigned int *to,
			  uint8_t bytes[static SIM_MESSAGE_MAX]);
void sim_world_address(const struct sim_world *w, unsigned int node, struct addr6 *out);
/* A node's time of day. */
uint64_t sim_world_wall(const struct sim_world *w, unsigned int node);
const struct pmip_mn_id *sim_world_mn_id(const struct sim_world *w, unsigned int mn);

/* shrink.c: the shortest history found that still fails the same invariant; how many runs it took. */
unsigned int sim_shrink(struct sim_world *w, struct sim_history *h);

/* coverage.c */
void sim_coverage_add(struct sim_coverage *to, const struct sim_coverage *from);
/* How many transitions of the engines' tables and statuses of an anchor were not seen; `to` may be NULL. */
unsigned int sim_coverage_print(const struct sim_coverage *c, FILE *to);
