/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of the anchor's engine share. An update runs down update.c's chain of checks, is associated
 * with a session by lookup.c, and ends in one exchange: register.c, extend.c, deregister.c, or a rejection. Where
 * an answer has to wait it is parked by request.c and runs the chain again when the wait is over.
 *
 * A list of actions holds one exchange at most, so that a failed effect is about nothing else.
 */
#include "base/deadline.h"
#include "base/index.h"
#include "lma/lma.h"
#include "pmip/order.h"
#include "pmip/peer.h"
#include "pmip/pool.h"

#define LMA_SESSIONS_MAX     (1u << 24)
#define LMA_REQUESTS_MAX     16384  /* parked updates at once */
#define LMA_NODE_MAX	     16	    /* sessions of a mobile node, and parked updates of it */
#define LMA_POLICY_WAIT_MS   10000  /* an unanswered question is given up; the gateway will have asked again */
#define LMA_EXCHANGE_ACTIONS 5	    /* the most that one exchange adds to a list */
#define LMA_LIFETIME_MAX_S   262140 /* 65535 units of 4 s */

/* What the policy store said of an update's mobile node. */
enum lma_policy { LMA_POLICY_UNASKED, LMA_POLICY_FOUND, LMA_POLICY_NOT_FOUND };

/* A Proxy Binding Update on its way through the checks. */
struct lma_update {
	struct addr6 src, dst;	   /* outer */
	struct addr6 proxy_coa;	   /* src, or the alternate care-of address */
	struct clock_now received; /* timestamps are judged by it, however long the update waits */
	struct mh_msg msg;	   /* as it came: answers copy from it */
	struct pmip_mn_id mn_id;
	struct mh_opt_mn_ll_id ll_id; /* two zero bytes where none was given (RFC 5213 section 5.1) */
	uint8_t access_tech;
	uint8_t handoff;
	bool wants_prefix; /* an ALL_ZERO prefix is among the options */
	uint8_t prefix_count;
	struct addr_prefix prefix[MH_HNP_MAX]; /* the NON_ZERO ones */
	struct pmip_stamp stamp;
	enum lma_policy policy;
	struct pmip_profile profile;
	uint64_t wait_ends_ms; /* for a de-registration; 0: does not wait, and never did */
	bool waited;	       /* all that time */
};

/* The values of the last accepted update: replaced as a whole, and put back when its effects fail. */
struct lma_binding {
	struct addr6 proxy_coa;
	struct addr6 link_local;
	struct mh_opt_mn_ll_id ll_id;
	uint8_t access_tech;
	uint8_t handoff;
	struct pmip_stamp stamp;
	uint16_t lifetime_asked; /* units of 4 s */
	uint16_t lifetime;	 /* granted */
	uint64_t expires_ms;
};

/* A binding cache entry. Its index is its deadline's id too; prefix i has id index * MH_HNP_MAX + i in by_prefix. */
struct lma_session {
	enum lma_state state;
	uint32_t node;
	uint32_t next; /* session of the node */
	struct lma_binding binding;
	uint64_t opened_ms;
	uint32_t handovers;
	uint8_t prefix_count;
	struct addr_prefix prefix[MH_HNP_MAX];
};

/* A mobile node: what its sessions and parked updates hang on. Lives as long as it has one of them. */
struct lma_node {
	struct pmip_mn_id id;
	uint32_t session; /* the first, or INDEX_NONE */
	uint32_t session_count;
	uint32_t request; /* the first, or INDEX_NONE */
	uint32_t request_count;
};

/* A parked update: ASKING or WAITING. */
struct lma_request {
	enum lma_state state;
	bool asked;   /* the question to the policy store is this one's */
	bool settled; /* of no interest any more but for that */
	uint32_t node;
	uint32_t next; /* request of the node */
	uint32_t token;
	struct lma_update update;
};

/* What the last list with a FORWARD_SET did, for the case that it fails. */
struct lma_undo {
	uint32_t session; /* INDEX_NONE: nothing */
	bool opened;	  /* the session is new */
	enum lma_state state;
	struct lma_binding binding;
	uint64_t due_ms;
	struct lma_update update;
};

struct lma {
	struct lma_settings s; /* its peers and pools are the tables below */
	struct pmip_peers peers;
	struct pmip_pool *pool;
	unsigned int pool_count;
	struct stat_block stat;
	uint64_t transitions[LMA_STATE_COUNT][LMA_STATE_COUNT]; /* taken, from and to */
	uint64_t transitions_refused;

	struct lma_session *session;
	struct index_pool session_ids;
	struct index_map by_prefix;
	struct deadline_queue session_due;

	struct lma_node *node;
	struct index_pool node_ids;
	struct index_map by_mn_id;

	struct lma_request *request;
	struct index_pool request_ids;
	struct deadline_queue request_due;
	uint32_t requests_max;
	uint32_t questions; /* asked so far: makes tokens differ */

	struct lma_undo undo;
	uint32_t close_at; /* next session that closing all looks at, INDEX_NONE when not closing */
	uint64_t close_ms; /* sessions opened later stay */
};

/* lma.c */
bool lma_settings_in_range(const struct lma_settings *s);
/* Make the pools; *count (0 at first) is how many were. A prefix has one owner, so no two pools may give it. */
bool lma_pools_init(struct pmip_pool **pool, unsigned int *count, const struct lma_settings *s);

/* state.c: go to `next` if the table allows it; else count, and stay. */
bool lma_enter(struct lma *l, enum lma_state *state, enum lma_state next);

/* node.c */
struct lma_node *lma_node_find(struct lma *l, const struct pmip_mn_id *id);
/* The node of this identifier, made if need be; NULL when there is no room. */
struct lma_node *lma_node_take(struct lma *l, const struct pmip_mn_id *id);
/* Forget a node that has no session and no request left. */
void lma_node_put(struct lma *l, struct lma_node *n);
uint32_t lma_node_index(const struct lma *l, const struct lma_node *n);

/* session.c */
uint32_t lma_session_index(const struct lma *l, const struct lma_session *s);
struct lma_session *lma_session_find_prefix(struct lma *l, const struct addr_prefix *p);
/* The node's sessions: first with s NULL, then the next; NULL past the last. */
struct lma_session *lma_session_of(struct lma *l, const struct lma_node *n, const struct lma_session *s);
/* A new session in state FREE with these prefixes, or NULL when all are in use. */
struct lma_session *lma_session_open(struct lma *l, const struct pmip_mn_id *id, const struct addr_prefix *prefix,
				     uint8_t count, uint64_t now_ms);
/* Give back a session, its prefixes and, if it was the last, its node. */
void lma_session_drop(struct lma *l, struct lma_session *s);

/* prefix.c: the prefixes of a new session (RFC 5213 section 5.3.2); taken from their pools on success. */
enum mh_status lma_prefix_assign(struct lma *l, const struct lma_update *u, struct addr_prefix out[static MH_HNP_MAX],
				 uint8_t *count);
void lma_prefix_release(struct lma *l, const struct addr_prefix *prefix, uint8_t count);

/* lookup.c: which session an update is about (RFC 5213 section 5.4.1). */
enum lma_verdict {
	LMA_VERDICT_NEW,    /* a request for a new session */
	LMA_VERDICT_UPDATE, /* of `session` */
	LMA_VERDICT_WAIT,   /* of `session`, if it is de-registered in time */
	LMA_VERDICT_REJECT, /* with `status` */
	LMA_VERDICT_IGNORE, /* no answer */
};
struct lma_found {
	enum lma_verdict verdict;
	enum mh_status status;
	struct lma_session *session; /* the one that timestamps and sequence numbers are compared with, or NULL */
};
struct lma_found lma_lookup(struct lma *l, const struct lma_node *n, const struct lma_update *u);
/* Whether s is a session of u's interface, as far as can be told: interfaces without an identifier are all alike. */
bool lma_lookup_is_interface(const struct lma_session *s, const struct lma_update *u);

/* update.c: run the checks and the exchange that they lead to. */
void lma_update_receive(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
void lma_update_run(struct lma *l, struct lma_update *u, const struct clock_now *now, struct pmip_actions *out);

/* request.c */
/* Park u in this state; one of the same gateway and interface is replaced. False when there is no room. */
bool lma_request_park(struct lma *l, const struct lma_update *u, enum lma_state state, uint64_t now_ms,
		      struct pmip_actions *out);
/* What u's interface may have parked before is of no interest any more: u is about a session, or takes it back. */
void lma_request_overtake(struct lma *l, const struct lma_update *u);
void lma_request_answered(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
/* Updates that wait for a de-registration of this node's sessions run again at once. */
void lma_request_wake(struct lma *l, const struct lma_node *n, uint64_t now_ms);
/* Run or give up the first parked update that is due; false when none was. */
bool lma_request_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out);
void lma_request_ask_failed(struct lma *l, uint32_t token);
void lma_request_drop_all(struct lma *l);

/* register.c, extend.c, deregister.c: the exchanges. */
void lma_register(struct lma *l, const struct lma_update *u, const struct clock_now *now, struct pmip_actions *out);
void lma_extend(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now,
		struct pmip_actions *out);
void lma_deregister(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now,
		    struct pmip_actions *out);
/* extend.c: the accepted values of u; the session becomes ACTIVE until its lifetime ends. */
void lma_bind(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now);

/* answer.c: the acknowledgement (RFC 5213 section 5.3.6). */
void lma_answer_accept(struct lma *l, const struct lma_update *u, const struct lma_session *s,
		       struct pmip_actions *out);
/* s: the session that the update was compared with, or NULL. */
void lma_answer_reject(struct lma *l, const struct lma_update *u, enum mh_status status, const struct lma_session *s,
		       const struct clock_now *now, struct pmip_actions *out);

/* act.c: actions about a session. */
void lma_act_forward(struct lma *l, enum pmip_action_type type, const struct lma_session *s, struct pmip_actions *out);
void lma_act_publish(struct lma *l, enum pmip_publish what, const struct lma_session *s, struct pmip_actions *out);

/* expire.c */
void lma_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out);
void lma_close(struct lma *l, uint32_t session, const struct clock_now *now, struct pmip_actions *out);

/* undo.c: remember what an update is about to change; take it back when its forwarding could not be set. */
void lma_undo_note(struct lma *l, const struct lma_update *u, const struct lma_session *s, bool opened);
void lma_undo_apply(struct lma *l, const struct pmip_action *failed, const struct clock_now *now,
		    struct pmip_actions *out);
