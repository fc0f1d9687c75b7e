/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The local mobility anchor's engine (RFC 5213 section 5): the binding cache, and what an update does to it.
 * Pure: it sees no socket, no clock, no log and, after lma_new, no allocator.
 *
 *	struct lma *l = lma_new(&settings);
 *	lma_step(l, &event, &actions);
 *	sleep until lma_due(l), then step with PMIP_EV_TICK
 *
 * One owner (the control lcore) calls all of these.
 */
#include <stdint.h>

#include "pmip/event.h"
#include "pmip/settings.h"

#define LMA_TEMPORAL_MAX 4

struct lma;

struct lma_settings {
	struct addr6 address; /* LMAA */
	uint32_t sessions_max;
	uint32_t lifetime_max_s; /* what is granted at most; 4..262140 */
	bool proxy_registration; /* false: every update is answered 152 */
	bool timestamps;	 /* false: sequence numbers order updates (TimestampBasedApproachInUse) */
	bool mn_timestamps; /* they are the mobile nodes' own (MobileNodeGeneratedTimestampInUse); with timestamps alone
			     */
	struct pmip_timers timers;
	struct hash_secret secret;
	unsigned int peer_count;
	const struct pmip_peer_settings *peers;
	unsigned int pool_count;
	const struct pmip_pool_settings *pools;
	unsigned int service_count; /* 0..64, no name twice */
	const struct pmip_service_settings *services;
	bool revocation;	    /* gateways are told what is revoked (RFC 5846); false: sessions end here alone */
	bool revoke_after_handover; /* with revocation: the old gateway too, of what it may not have noticed */
	bool keep_dead;		    /* sessions of a gateway that failed stay until their lifetime ends */
	bool bulk;		    /* gateways may extend groups of sessions by one update (RFC 6602 section 6) */
	struct pmip_multihoming multihoming;
	unsigned int flow_policy_count; /* 0..PMIP_FLOW_POLICIES_MAX */
	const struct pmip_flow_policy *flow_policies;
	unsigned int aggregate_count; /* none overlaps another or a pool */
	const struct pmip_aggregate *aggregates;
	unsigned int temporal_prefixes; /* that a new session gets of its gateway's aggregate, where that one cuts none:
					   0..LMA_TEMPORAL_MAX */
};

/* States of a binding cache entry; ASKING and WAITING are of updates that are none yet, and never shown. */
enum lma_state {
#define LMA_STATE(name, text, help, next) LMA_##name,
#include "lma/state.def"
#undef LMA_STATE
	LMA_STATE_COUNT
};

/* A binding cache entry as it may be shown (RFC 5213 section 5.1). Points into the engine until its next step. */
struct lma_view {
	uint32_t session;
	uint8_t bid; /* among its mobile node's: 1.. (RFC 5648) */
	enum lma_state state;
	struct pmip_mn_id mn_id;
	const struct mh_opt_mn_ll_id *mn_ll_id;
	struct addr6 proxy_coa;
	struct addr6 link_local;
	uint8_t access_tech;
	uint8_t handoff; /* of the last accepted update */
	uint16_t sequence;
	uint64_t timestamp;  /* wall, of the last accepted update */
	uint32_t lifetime_s; /* as granted */
	uint64_t expires_ms; /* mono */
	uint64_t opened_ms;  /* mono */
	uint32_t handovers;
	bool gre, keys; /* packets are in GRE; with keys (RFC 5845) */
	uint32_t key_in, key_out;
	const char *service; /* RFC 5149; "": the default one */
	uint32_t group;	     /* that its gateway may extend it with (RFC 6602), 0: none */
	uint8_t prefix_count;
	const struct addr_prefix *prefix;
};

/*
 * NULL when memory is short or a setting is out of its range: a timer outside its row's, two pools that overlap,
 * two peers of one prefix, the mobile nodes' timestamps without timestamps. Copies what it keeps.
 */
struct lma *lma_new(const struct lma_settings *s);
void lma_free(struct lma *l);

/*
 * Other settings while the engine runs: lifetime, timers, how updates are ordered and whether any are taken, peers,
 * pools, aggregates, and flow policies, which profiles name by their places: what is known of mobile nodes follows by
 * their names. Made, checked and applied one after the other, so that the caller may check all that it wants to change
 * before it changes anything:
 *
 *	struct lma_change *c = lma_change_new(&settings);	any thread: it looks at no engine
 *	while ((rc = lma_change_check(c, l, most, &why)) == -EAGAIN)
 *		step the engine as ever;
 *	if (rc == 0)
 *		lma_change_apply(l, c);				before the next step; cannot fail
 *	lma_change_free(c);					with what was in the engine before
 *
 * Sessions stay as they are: that of a peer that is no longer one until its lifetime ends, since its updates are
 * refused. A check that finds a pool or an aggregate gone looks at every session once, and at what changes meanwhile.
 */
struct lma_change;
struct lma_change_refusal {
	const char *pool;		     /* the engine's: what would go of it is in use; NULL: of none */
	const struct addr_prefix *aggregate; /* the same of aggregates */
	uint32_t prefixes;		     /* so many, of all such pools and aggregates */
};

/* NULL as lma_new. */
struct lma_change *lma_change_new(const struct lma_settings *s);
void lma_change_free(struct lma_change *c);
/*
 * 0, -EBUSY with *why, -ENOSPC: sessions still have so many other services, -EINVAL: another address or number of
 * sessions, or -EAGAIN: it has looked at `most` places for sessions, and has to look at more. An engine has one change
 * that is being checked.
 */
int lma_change_check(struct lma_change *c, struct lma *l, uint32_t most, struct lma_change_refusal *why);
void lma_change_apply(struct lma *l, struct lma_change *c);

/*
 * Of a batch of updates, the memory that each will need is fetched before the first is stepped. Each of these is called
 * for all of the batch before the next is for any. They change nothing, and what they are told may be wrong.
 *
 *	lma_ahead_begin(l, &id, &prefix, &a);
 *	LMA_AHEAD_STEPS times: session = lma_ahead_next(l, &a);		PMIP_SESSION_NONE: not known
 */
#define LMA_AHEAD_STEPS 2
struct lma_ahead {
	uint64_t id_hash, prefix_hash;
	uint32_t node, session;
	bool by_prefix;
	uint8_t step;
};
void lma_ahead_begin(const struct lma *l, const struct pmip_mn_id *id, const struct addr_prefix *prefix,
		     struct lma_ahead *a);
uint32_t lma_ahead_next(const struct lma *l, struct lma_ahead *a);

/* One event in, its actions out; *out is cleared by the caller. */
void lma_step(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
/* When it next wants a PMIP_EV_TICK (mono milliseconds), UINT64_MAX if never. */
uint64_t lma_due(const struct lma *l);

/* The first entry with an index of at least `from`: false when there is none. */
bool lma_next(const struct lma *l, uint32_t from, struct lma_view *out);
bool lma_find(const struct lma *l, uint32_t session, struct lma_view *out);
/* The sessions of a mobile node in turn: the one behind `after`, the first with PMIP_SESSION_NONE; false when none. */
bool lma_next_of(const struct lma *l, const struct pmip_mn_id *id, uint32_t after, struct lma_view *out);
/*
 * A mobile node with several interfaces: what its sessions have of its prefixes, and its flows. Rows come by the
 * numbers of the sessions: those that one owns, then those that it has besides, then the blocks that its gateway cuts
 * prefixes from.
 */
enum lma_row_kind { LMA_ROW_PERMANENT, LMA_ROW_TEMPORAL, LMA_ROW_AGGREGATE };
const char *lma_row_kind_name(enum lma_row_kind kind);

struct lma_row_view {
	struct addr_prefix prefix;
	enum lma_row_kind kind;
	bool owned;    /* its packets take this session's way unless a flow says otherwise */
	bool idle;     /* no traffic goes there */
	bool off_link; /* its gateway does not advertise it */
	uint32_t session;
	uint8_t bid;
};

struct lma_flow_view {
	uint16_t id;
	uint16_t priority; /* the lowest first */
	struct selector selector;
	uint8_t bid;	    /* of the session that it takes; 0: none yet */
	uint32_t session;   /* PMIP_SESSION_NONE: none of this number is there */
	bool active;	    /* else it changes nothing */
	uint16_t idle;	    /* by BID - 1: others that have its prefixes too: it could take them */
	bool waiting;	    /* for a gateway's answer */
	const char *policy; /* whose it is; "": of a command */
};

/* Where a list of rows goes on; zero: at its beginning. */
struct lma_row_at {
	uint8_t sessions; /* numbers of sessions that are done */
	uint16_t places;  /* and of what may be the next one's */
};

/* False past the last, and of a mobile node that is not known. */
bool lma_next_row(const struct lma *l, const struct pmip_mn_id *id, struct lma_row_at *at, struct lma_row_view *out);
bool lma_next_flow(const struct lma *l, const struct pmip_mn_id *id, unsigned int i, struct lma_flow_view *out);
/*
 * Whether PMIP_EV_MOVE or PMIP_EV_FLOW can be done: 0; -ENOENT: no such node, session of it, prefix or flow; -EEXIST:
 * it is so; -ENOSPC; -EOPNOTSUPP: flow mobility is off, or the gateway cannot; -EBUSY: another waits for its gateway;
 * -EADDRNOTAVAIL: a flow to none of the node's prefixes; -EINVAL.
 */
int lma_move_check(const struct lma *l, const struct pmip_event *e);
uint32_t lma_session_count(const struct lma *l);
/* Updates that wait for an answer of the policy store or for an old session's de-registration. */
uint32_t lma_waiting_count(const struct lma *l);
/* Revocations and notifications that wait for an acknowledgement. */
uint32_t lma_demand_count(const struct lma *l);
/* Updates that were answered with this status of 128 or more. */
uint64_t lma_rejections(const struct lma *l, unsigned int status);
/* How often a session or a parked update went from one state to the other; the same state twice is a new exchange. */
uint64_t lma_transitions(const struct lma *l, enum lma_state from, enum lma_state to);
/* Changes of state that the table does not allow: 0 unless the engine has a fault. */
uint64_t lma_refused_transitions(const struct lma *l);
const char *lma_state_name(enum lma_state s);

/* The authorised gateway that an address is of, or NULL. */
const struct pmip_peer_settings *lma_peer(const struct lma *l, const struct addr6 *a);

struct lma_pool_view {
	const char *name;
	struct addr_prefix block;
	uint8_t len;
	uint32_t used, total;
};
/* Pool i (0..); false past the last. */
bool lma_pool(const struct lma *l, unsigned int i, struct lma_pool_view *out);

/* The engine's counters; it alone writes them. */
const struct stat_block *lma_stat(const struct lma *l);

/* A block of a gateway, by its number from 0 on; false behind the last. */
struct lma_aggregate_view {
	struct pmip_aggregate is;
	uint64_t until_ms; /* mono: the gateway has asked for it, and has it so long; 0: it has not */
};
bool lma_next_aggregate(const struct lma *l, unsigned int at, struct lma_aggregate_view *out);
