/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A gateway's engine with a clock of its own, one anchor and a few mobile nodes.
 *
 *	struct world w;
 *	world_new(&w);
 *	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
 *	world_answer(&w, world_pba(&w, MH_STATUS_ACCEPTED));
 *	CU_ASSERT(world_state(&w, 1) == MAG_ACTIVE);
 */
#include "engine.h"
#include "unit.h"

struct world {
	struct mag_settings s;
	struct mag *g;
	struct clock_now now;
	struct pmip_actions out;     /* of the last step */
	struct pmip_action sent;     /* the last update sent */
	unsigned int sends;	     /* so far */
	struct pmip_profile profile; /* of those that attach */
};

extern const struct addr6 world_mag, world_lma, world_other_lma;
extern const struct addr_prefix world_prefix, world_prefix_2;

struct mag_settings world_settings(void);
void world_new(struct world *w);
void world_new_with(struct world *w, const struct mag_settings *s);
/* Other settings; false where they could be nobody's, and are not in effect. */
bool world_apply(struct world *w, const struct mag_settings *s);
/* Checks that the engine was never asked for a transition that its table refuses. */
void world_free(struct world *w);

/* Any event, now. */
void world_step(struct world *w, struct pmip_event *e);
/* Mobile node n attaches with its own MAC address, as host n, to port 0. */
struct pmip_link world_link(unsigned int n);
struct pmip_mn_id world_mn_id(unsigned int n);
void world_attach(struct world *w, unsigned int n, uint8_t handoff);
void world_attach_link(struct world *w, unsigned int n, const struct pmip_link *link, uint8_t handoff);
void world_attach_as(struct world *w, const struct pmip_mn_id *id, const struct pmip_link *link, uint8_t handoff);
/* With prefixes that it brings along. */
void world_attach_with(struct world *w, unsigned int n, const struct pmip_link *link, unsigned int count,
		       const struct addr_prefix *prefix);
void world_move(struct world *w, unsigned int n, uint32_t session, enum pmip_move how, unsigned int count,
		const struct addr_prefix *prefix);
void world_link_local_taken(struct world *w, uint32_t host);
void world_detach(struct world *w, unsigned int n, uint32_t host);
void world_close(struct world *w, uint32_t session);
void world_fail(struct world *w, const struct pmip_action *a);
void world_peer(struct world *w, const struct addr6 *peer, enum pmip_peer_change change);
void world_revoke(struct world *w, const struct pmip_target *what);
/* Time passes in steps that stop at each deadline; `out` is that of the last tick. */
void world_pass(struct world *w, uint64_t ms);
/* One tick, after so many milliseconds. */
void world_tick(struct world *w, uint64_t ms);

/* What an anchor that takes note of all temporal prefixes that u declares says of them in m. */
#define WORLD_VENDOR 32473 /* RFC 5612 */
void world_take_note(const struct mh_msg *u, struct mh_msg *m);
/* The acknowledgement of the last update sent: as an anchor that grants world_prefix for what was asked would. */
struct mh_msg world_pba(const struct world *w, uint8_t status);
void world_answer(struct world *w, struct mh_msg pba);
void world_accept(struct world *w); /* it is accepted so */
void world_answer_from(struct world *w, const struct addr6 *src, struct mh_msg pba);
/* Attached and accepted. */
void world_serve(struct world *w, unsigned int n);
void world_open(struct world *w); /* new, and so for mobile node 1 */

/* The state of a mobile node's first session, MAG_FREE when it has none. */
enum mag_state world_state(const struct world *w, unsigned int n);
struct mag_view world_view(const struct world *w, unsigned int n);
uint64_t world_count(const struct world *w, enum stat_counter c);
/* How many actions of a type the last step had; the first of them, or an empty one. */
unsigned int world_acted(const struct world *w, enum pmip_action_type t);
const struct pmip_action *world_act(const struct world *w, enum pmip_action_type t);
/* Whether the last step had exactly these types, in order. */
bool world_acts(const struct world *w, unsigned int n, const enum pmip_action_type *types);
#define WORLD_ACTS(w, ...)                                                                                             \
	world_acts(w, sizeof((enum pmip_action_type[]){__VA_ARGS__}) / sizeof(enum pmip_action_type),                  \
		   (enum pmip_action_type[]){__VA_ARGS__})
/* Whether the last step published this. */
bool world_published(const struct world *w, enum pmip_publish what);
