/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of the anchor's engine share. An update runs down update.c's chain of checks, is associated
 * with a session by lookup.c, and ends in one exchange: register.c, extend.c, deregister.c, or a rejection. Where
 * an answer has to wait it is parked by request.c and runs the chain again when the wait is over.
 *
 * What this anchor itself asks of gateways is a demand (demand.c) of revoke.c or notify.c; what is about all sessions
 * of a gateway is a walk over the table (sweep.c).
 *
 * A list of actions holds one exchange at most, so that a failed effect is about nothing else.
 */
#include "base/deadline.h"
#include "base/index.h"
#include "base/pace.h"
#include "base/rate.h"
#include "lma/lma.h"
#include "pmip/id.h"
#include "pmip/order.h"
#include "pmip/peer.h"
#include "pmip/pool.h"

#define LMA_SESSIONS_MAX     (1u << 24)
#define LMA_REQUESTS_MAX     16384  /* parked updates at once */
#define LMA_NODE_MAX	     16	    /* sessions of a mobile node, and parked updates of it */
#define LMA_POLICY_WAIT_MS   10000  /* an unanswered question is given up; the gateway will have asked again */
#define LMA_EXCHANGE_ACTIONS 40	    /* the most that one exchange adds to a list */
#define LMA_LIFETIME_MAX_S   262140 /* 65535 units of 4 s */
#define LMA_DEMANDS_MAX	     4096   /* messages to gateways that wait for an answer */
#define LMA_WALKS_MAX	     1024
#define LMA_DETAILS_MAX	     16
#define LMA_GATEWAYS_MAX     1024 /* of those that cannot do something */
#define LMA_GROUPS_MAX	     4096
#define LMA_GATEWAY_GROUPS   64 /* of one gateway */
#define LMA_SERVICES_MAX     64
#define LMA_ASKERS_MAX	     PMIP_AGGREGATES_MAX /* those that are given one */
#define LMA_MULTI_MAX	     65535		 /* mobile nodes with rows or flows */
#define LMA_MULTI_ACTIONS    56			 /* the most that one of them adds to a list */
#define LMA_SERVICE_UNKNOWN  255
#define LMA_REJECTED	     128 /* and above: what a gateway's acknowledgement refuses with */
#define LMA_UNANSWERED	     256 /* in place of an acknowledgement's status */

/* What the policy store said of an update's mobile node. */
enum lma_policy { LMA_POLICY_UNASKED, LMA_POLICY_FOUND, LMA_POLICY_NOT_FOUND };

/* A Proxy Binding Update on its way through the checks. */
struct lma_update {
	struct addr6 src, dst;		       /* outer */
	struct addr6 proxy_coa;		       /* src, or the alternate care-of address */
	const struct pmip_peer_settings *peer; /* src's, NULL: nobody; not valid while it is parked */
	struct clock_now received;	       /* timestamps are judged by it, however long the update waits */
	struct pmip_mn_id mn_id;
	struct mh_opt_mn_ll_id ll_id; /* two zero bytes where none was given (RFC 5213 section 5.1) */
	uint8_t access_tech;
	uint8_t handoff;
	bool wants_prefix; /* an ALL_ZERO prefix is among the options */
	uint8_t prefix_count;
	struct addr_prefix prefix[MH_HNP_MAX]; /* the NON_ZERO ones */
	uint8_t temporal_count; /* not among these: what the gateway cut from its own block, and nobody owns yet */
	struct addr_prefix temporal[MH_VENDOR_MAX];
	struct pmip_stamp stamp;
	uint8_t service;    /* its number; LMA_SERVICE_UNKNOWN */
	bool service_named; /* by the update itself */
	enum lma_policy policy;
	struct pmip_profile profile;
	uint64_t wait_ends_ms;	/* for a de-registration; 0: does not wait, and never did */
	bool waited;		/* all that time */
	enum mh_status refused; /* revoked before it was run: with what it is answered; ACCEPTED: not so */
	struct mh_msg msg;	/* as it came, for answers to copy from; the last: see lma_update_copy */
};

enum lma_gre { LMA_GRE_NONE, LMA_GRE_PLAIN, LMA_GRE_KEYS };

/* The values of the last accepted update: replaced as a whole, and put back when its effects fail. */
struct lma_binding {
	struct addr6 proxy_coa;
	struct addr6 link_local;
	struct mh_opt_mn_ll_id ll_id;
	uint8_t access_tech;
	uint8_t handoff;
	uint8_t gre;	    /* enum lma_gre */
	uint8_t service;    /* its number, 0: the default; set by lma_service_set */
	bool service_named; /* updates of this session name it */
	uint16_t group;	    /* its number, 0: none; set by lma_group_set */
	struct pmip_stamp stamp;
	uint16_t lifetime_asked; /* units of 4 s */
	uint16_t lifetime;	 /* granted */
	uint32_t key_out;	 /* of GRE, to the gateway */
	uint64_t expires_ms;
};

/*
 * A binding cache entry. Its index is its deadline's id too, and that of its first prefix in by_prefix; prefix i has id
 * index * MH_HNP_MAX + i in by_further.
 */
struct lma_session {
	enum lma_state state;
	uint32_t node;
	uint32_t next; /* session of the node */
	uint32_t handovers;
	struct lma_binding binding;
	uint64_t opened_ms;
	uint16_t multi;		   /* number of its node's rows and flows, 0: there are none */
	uint8_t bid;		   /* among its node's, from 1 */
	uint8_t prefix_count;	   /* 0 only where prefixes moved away */
	struct addr_prefix prefix; /* where it is the only one: lma_session_prefixes */
};

/* A mobile node: what its sessions and parked updates hang on. Lives as long as it has one of them. */
struct lma_node {
	struct pmip_id_head id;
	uint32_t session; /* the first, or INDEX_NONE */
	uint32_t request; /* the first, or INDEX_NONE */
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

/* What this anchor asks of a gateway, until that answers. */
enum lma_demand_type {
	LMA_DEMAND_END,	       /* a revocation: the session ends, whatever the answer */
	LMA_DEMAND_LEFT,       /* a revocation whose acceptance is the session's de-registration */
	LMA_DEMAND_OLD,	       /* a revocation, to the gateway that the mobile node came from; nothing depends on it */
	LMA_DEMAND_PART,       /* the same, of those of the session's prefixes that came from there */
	LMA_DEMAND_ALL,	       /* a revocation of all that the gateway has registered, or of all of a realm */
	LMA_DEMAND_NOTIFY,     /* a notification */
	LMA_DEMAND_FLOW,       /* one of prefixes that the gateway is to forward (RFC 7864) */
	LMA_DEMAND_TELL,       /* one of prefixes that have traffic there or not */
	LMA_DEMAND_AGGREGATES, /* one of other gateways' blocks, to a gateway that asked for its own */
};

struct lma_demand {
	enum lma_demand_type type;
	uint32_t session; /* INDEX_NONE of LMA_DEMAND_ALL and LMA_DEMAND_AGGREGATES alone */
	struct addr6 peer;
	uint16_t sequence;
	uint16_t what;	/* trigger or reason */
	uint16_t sent;	/* times */
	uint16_t group; /* that a session was in which ends */
	uint8_t detail; /* number; 0: none. Of ALL a realm's, of NOTIFY a vendor's */
	bool given_up;	/* no answer will come */
	uint32_t wait_ms;
	uint64_t since_ms;    /* of the first message */
	bool back;	      /* TELL: some were idle there before */
	uint8_t on_link;      /* FLOW: a bit for each of these that its gateway is to advertise */
	uint8_t prefix_count; /* PART, FLOW: what it names */
	struct addr_prefix prefix[MH_HNP_MAX];
};

/* What a command says beyond a trigger or a reason. */
struct lma_detail {
	struct pmip_mn_id realm; /* with its "@"; len 0: of none */
	struct mh_opt_vendor vendor;
};

/* What a gateway may be asked for, as bits. */
enum lma_ability { LMA_CAN_REVOKE = 1, LMA_CAN_REVOKE_ALL = 2, LMA_CAN_NOTIFY = 4 };

struct lma_gateway {
	struct addr6 address;
	uint8_t cannot; /* 0: the place is unused */
};

/* A walk over all sessions; the order of the types is that in which they go. */
enum lma_walk_type {
	LMA_WALK_REMOVE, /* of a gateway, or of a group of it */
	LMA_WALK_DEAD,	 /* the same, unless it comes back before that begins */
	LMA_WALK_REVOKE,
	LMA_WALK_NOTIFY,
	LMA_WALK_SETTLE, /* deadlines of a group that was shortened */
};

struct lma_walk {
	enum lma_walk_type type;
	bool all;	   /* whosever they are; else of `peer` */
	bool alone;	   /* REMOVE and DEAD: their gateway may not know */
	struct addr6 peer; /* their care-of address */
	uint16_t group;	   /* of this group alone, where not 0 */
	uint16_t what;	   /* trigger or reason */
	uint8_t detail;	   /* number; 0: none. Of REMOVE and REVOKE a realm's, of NOTIFY a vendor's */
	uint64_t start_ms;
	uint64_t since_ms; /* sessions updated later are spared */
	uint32_t at;
};

/* A gateway that has asked for its block, and hears of it when settings change. */
struct lma_asker {
	struct addr6 address; /* zero: a free place */
	uint64_t until_ms;    /* it has it so long */
	struct pmip_mn_id id; /* its own */
};

/* Sessions of a gateway that one update extends. */
struct lma_group {
	struct addr6 gateway; /* their care-of address */
	uint32_t id;
	uint32_t sessions;
	uint64_t updated_ms; /* by the last bulk update, 0: none */
	uint64_t lost_ms;    /* until then its gateway may think that one that is over is in it */
	struct pmip_stamp stamp;
	uint16_t lifetime, longest; /* granted by it, and to any of its sessions */
};

struct lma_service {
	struct pmip_service_settings s;
	bool offered;
	uint32_t sessions;
};

/* What the last list with a FORWARD_SET did, for the case that it fails. */
struct lma_undo {
	uint32_t session; /* INDEX_NONE: nothing */
	bool opened;	  /* the session is new */
	bool moved;	  /* there is more in `before` */
	bool command;	  /* no update asked for it */
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
	struct addr_prefix (*prefixes)[MH_HNP_MAX]; /* by session, of those with several: not touched by others */
	struct index_pool session_ids;
	struct index_map by_prefix, by_further;
	struct deadline_queue session_due;

	struct lma_node *node;
	struct pmip_id_tail *node_tail;
	struct index_pool node_ids;
	struct index_map by_mn_id;

	struct lma_request *request;
	struct index_pool request_ids;
	struct deadline_queue request_due;
	uint32_t requests_max;
	uint32_t questions; /* asked so far: makes tokens differ */

	struct lma_demand *demand;
	struct index_pool demand_ids;
	struct index_map demand_by_sequence, demand_by_session, demand_by_peer;
	struct deadline_queue demand_due;
	uint16_t bri_sequence, upn_sequence; /* the last ones */

	struct lma_detail detail[LMA_DETAILS_MAX];

	struct lma_gateway *gateway;
	struct index_map by_gateway;
	uint32_t gateway_next; /* the place that is taken next */
	struct rate strangers; /* answers to who is no peer */

	struct lma_walk walk[LMA_WALKS_MAX];
	unsigned int walk_count;
	uint64_t walk_due_ms;
	struct pace walk_pace;

	struct lma_group *group;
	struct index_pool group_ids;
	struct index_map by_group; /* by gateway */

	struct lma_service service[LMA_SERVICES_MAX];
	uint64_t rejected[256]; /* by status */

	struct lma_undo undo;
	struct lma_before *before; /* part of it, and seldom used */

	struct lma_multi *multi;
	struct index_pool multi_ids;
	struct deadline_queue multi_due;
	struct pmip_flows *flows; /* of the actions of this step */
	struct pmip_flow_policy *flow_policy;
	struct pmip_aggregate *aggregate;
	uint32_t cut;					      /* counts what was looked at for temporal prefixes */
	struct pmip_aggregate forwarded[PMIP_AGGREGATES_MAX]; /* what forwarding knows of them */
	unsigned int forwarded_count;
	bool aggregates_due; /* it has to hear of others */
	struct lma_asker *asker;
	unsigned int asker_at; /* the next that has to, LMA_ASKERS_MAX: none */
	uint32_t close_at;     /* next session that closing all looks at, INDEX_NONE when not closing */
	uint64_t close_ms;     /* sessions opened later stay */
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
bool lma_node_is(const struct lma *l, uint32_t node, const struct pmip_mn_id *id);
void lma_node_id(const struct lma *l, uint32_t node, struct pmip_mn_id *out);

/* session.c */
uint32_t lma_session_index(const struct lma *l, const struct lma_session *s);
struct lma_session *lma_session_find_prefix(struct lma *l, const struct addr_prefix *p);
/* The node's sessions: first with s NULL, then the next; NULL past the last. */
struct lma_session *lma_session_of(struct lma *l, const struct lma_node *n, const struct lma_session *s);
/* Its prefixes, prefix_count of them. */
const struct addr_prefix *lma_session_prefixes(const struct lma *l, const struct lma_session *s);
/* A new session in state FREE with these prefixes, or NULL when all are in use. */
struct lma_session *lma_session_open(struct lma *l, const struct pmip_mn_id *id, const struct addr_prefix *prefix,
				     uint8_t count, uint64_t now_ms);
bool lma_session_owns(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p);
/* Other prefixes in place of those that it has; whether they are taken from a pool stays as it is. */
void lma_session_replace_prefixes(struct lma *l, struct lma_session *s, const struct addr_prefix *prefix,
				  uint8_t count);
/* When its gateway last updated it. */
uint64_t lma_binding_updated_ms(const struct lma_binding *b);
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
	LMA_VERDICT_MOVE,   /* prefixes come to `session`, or where that is NULL to a new one */
	LMA_VERDICT_WAIT,   /* of `session`, if it is de-registered in time */
	LMA_VERDICT_REJECT, /* with `status` */
	LMA_VERDICT_IGNORE, /* no answer */
};
struct lma_found {
	enum lma_verdict verdict;
	enum mh_status status;
	enum pmip_move how;	     /* MOVE */
	bool whole;		     /* of all that another session has */
	struct lma_session *session; /* the one that timestamps and sequence numbers are compared with, or NULL */
};
struct lma_found lma_lookup(struct lma *l, const struct lma_node *n, const struct lma_update *u);
/* Whether s is a session of u's interface, as far as can be told: interfaces without an identifier are all alike. */
bool lma_lookup_is_interface(const struct lma_session *s, const struct lma_update *u);
/* The same of the node's sessions: by its identifier where u has one, else by u's gateway alone. */
struct lma_session *lma_lookup_interface(struct lma *l, const struct lma_node *n, const struct lma_update *u);

/* update.c: run the checks and the exchange that they lead to. */
/* Of its message what there is of it. */
void lma_update_copy(struct lma_update *to, const struct lma_update *from);
void lma_update_receive(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
void lma_update_run(struct lma *l, struct lma_update *u, const struct clock_now *now, struct pmip_actions *out);
/* Whether it says all of these flags of a prefix, by a vendor's option. */
bool lma_update_says(const struct lma *l, const struct lma_update *u, const struct addr_prefix *p, uint8_t flags);
bool lma_update_names(const struct lma_update *u, const struct addr_prefix *p);
/* Its order behind the last accepted stamp, NULL where there is none. */
enum pmip_order lma_update_order(const struct lma *l, const struct lma_update *u, const struct pmip_stamp *last);

/* request.c */
/* Park u in this state; one of the same gateway and interface is replaced. False when there is no room. */
bool lma_request_park(struct lma *l, const struct lma_update *u, enum lma_state state, uint64_t now_ms,
		      struct pmip_actions *out);
/* What u's interface may have parked before is of no interest any more: u is about a session, or takes it back. */
void lma_request_overtake(struct lma *l, const struct lma_update *u);
void lma_request_answered(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
/* Updates that wait for a de-registration of this node's sessions run again at once. */
void lma_request_wake(struct lma *l, const struct lma_node *n, uint64_t now_ms);
/* There will be no de-registration: they run as if they had waited for it in vain. */
void lma_request_give_up(struct lma *l, const struct lma_node *n, uint64_t now_ms);
/* Run or give up the first parked update that is due; false when none was. */
bool lma_request_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out);
/* What would come of n's, or where that is NULL of those that w is about, is revoked: they are refused. */
void lma_request_revoke(struct lma *l, const struct lma_node *n, const struct lma_walk *w, uint64_t now_ms);
void lma_request_ask_failed(struct lma *l, uint32_t token);
void lma_request_drop_all(struct lma *l);

/* register.c, extend.c, deregister.c: the exchanges. */
void lma_register(struct lma *l, const struct lma_update *u, const struct clock_now *now, struct pmip_actions *out);
void lma_extend(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now,
		struct pmip_actions *out);
void lma_deregister(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now,
		    struct pmip_actions *out);
/* deregister.c: de-registered, and kept for a moment. */
void lma_linger(struct lma *l, struct lma_session *s, const struct clock_now *now, struct pmip_actions *out);
uint16_t lma_lifetime_granted(const struct lma *l, uint16_t asked); /* extend.c */
/* extend.c: the accepted values of u; the session becomes ACTIVE until its lifetime ends. */
void lma_bind(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now);
/* What its old gateway was asked, where its update comes from another; else whether it has left that one. */
void lma_bound(struct lma *l, struct lma_session *s, bool moved);

/* move.c: prefixes go from one session of a mobile node to another. */
/* What u asks for of that kind; false where it is an update as RFC 5213 has it. */
bool lma_move_lookup(struct lma *l, const struct lma_node *n, const struct lma_update *u, struct lma_found *out);
/* The gateways that prefixes went from to `to`, as undo.c has noted, are told; a session that is left without is over.
 */
void lma_move_settle(struct lma *l, const struct lma_session *to, const struct clock_now *now,
		     struct pmip_actions *out);
/* u's order behind what was accepted last of all sessions that its prefixes are of. */
enum pmip_order lma_move_order(struct lma *l, const struct lma_update *u, const struct lma_session *to);
/* One that is being revoked, of the sessions that u's prefixes go from; NULL: none. */
const struct lma_session *lma_move_revoking(struct lma *l, const struct lma_update *u);
void lma_move(struct lma *l, const struct lma_update *u, const struct lma_found *f, const struct clock_now *now,
	      struct pmip_actions *out);
/*
 * The session that u de-registers though it lists prefixes too that have moved away from it to others of the node: its
 * gateway was not told. NULL: none.
 */
struct lma_session *lma_move_left(struct lma *l, const struct lma_node *n, const struct lma_update *u);
/* The answer to u names u's prefixes, and none that its session has besides. */
bool lma_move_names(const struct lma *l, const struct lma_update *u);

/* answer.c: the acknowledgement (RFC 5213 section 5.3.6). */
void lma_answer_accept(struct lma *l, const struct lma_update *u, const struct lma_session *s,
		       struct pmip_actions *out);
/* s: the session that the update was compared with, or NULL. */
void lma_answer_reject(struct lma *l, const struct lma_update *u, enum mh_status status, const struct lma_session *s,
		       const struct clock_now *now, struct pmip_actions *out);

/* One that says nothing of a session yet: from where the update came to, to where it came from, and its times. */
struct pmip_action *lma_answer_start(const struct lma_update *u, enum mh_status status, uint32_t session,
				     struct pmip_actions *out);
/* Count a rejection, publish it, and put this node's time into m where the status asks for it. */
void lma_answer_rejected(struct lma *l, const struct lma_update *u, enum mh_status status, struct mh_msg *m,
			 const struct clock_now *now, struct pmip_actions *out);

/* demand.c */
/* Send what *asked says, as often as the timers let; false when there is no room for its answer. */
bool lma_demand_start(struct lma *l, const struct lma_demand *asked, const struct clock_now *now,
		      struct pmip_actions *out);
struct lma_demand *lma_demand_find(struct lma *l, bool notify, uint16_t sequence);
/* A session has one revocation and one notification out at most, those of its prefixes aside. */
struct lma_demand *lma_demand_of(struct lma *l, const struct lma_session *s, bool notify);
/* Those of a gateway in turn. */
struct lma_demand *lma_demand_of_peer(struct lma *l, const struct addr6 *peer, const struct lma_demand *after);
void lma_demand_drop(struct lma *l, struct lma_demand *d);
void lma_demand_drop_of(struct lma *l, const struct lma_session *s, bool notify);
struct lma_demand *lma_demand_typed(struct lma *l, const struct lma_session *s, enum lma_demand_type type);
void lma_demand_drop_all_of(struct lma *l, const struct lma_session *s);
/* What s has is at its gateway, which is not to give it up, though another session of the node has left it there. */
void lma_demand_unname(struct lma *l, const struct lma_session *s);
/* Of parts, those that began then or later. */
void lma_demand_drop_parts(struct lma *l, const struct lma_session *s, uint64_t since_ms);
/* It ends at the next tick as one that was not answered. */
void lma_demand_give_up(struct lma *l, struct lma_demand *d, uint64_t now_ms);
/* Send again, or end, the first that is due; false when none was. */
bool lma_demand_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out);

/* detail.c: the number of what a command says; false when too much else is said at the same time. */
bool lma_detail_take(struct lma *l, const struct lma_detail *d, uint8_t *number);
bool lma_detail_has_realm(const struct lma *l, uint8_t number, uint32_t node);

/* gateway.c: what gateways have shown that they cannot do. */
bool lma_gateway_can(const struct lma *l, const struct addr6 *peer, enum lma_ability what);
void lma_gateway_cannot(struct lma *l, const struct addr6 *peer, enum lma_ability what);
/* Whether who asked is answered: who is no peer is so at a bounded rate. */
bool lma_gateway_answer(struct lma *l, const struct lma_update *u, const struct clock_now *now);
void lma_gateway_forget(struct lma *l, const struct addr6 *peer);
void lma_gateway_forget_all(struct lma *l);
/* A Binding Error of a gateway. */
void lma_gateway_error(struct lma *l, const struct pmip_event *e);

/* revoke.c: revocations that begin here. */
void lma_revoke_command(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
bool lma_revoke_can(const struct lma *l, const struct addr6 *peer);
void lma_revoke(struct lma *l, struct lma_session *s, uint8_t trigger, const struct clock_now *now,
		struct pmip_actions *out);
/* All of a gateway's, or all of a realm (0: none), by one message; false where it cannot. */
bool lma_revoke_all(struct lma *l, const struct addr6 *peer, uint8_t realm, const struct clock_now *now,
		    struct pmip_actions *out);
/* Whether a message is out that is about these among others. */
bool lma_revoke_all_is_out(struct lma *l, const struct addr6 *peer, uint8_t realm);
/* What crosses a revocation is answered with. */
enum mh_status lma_revoke_status(uint16_t trigger);
/* The old gateway of a mobile node that came up elsewhere, nobody knows how: whether it is gone from there. */
void lma_revoke_waited_for(struct lma *l, const struct lma_session *s, const struct clock_now *now,
			   struct pmip_actions *out);
/* Its gateway has said since that it is there. */
void lma_revoke_overtaken(struct lma *l, const struct lma_session *s);
/* Of s's prefixes those that came from `peer`, which may not know. */
void lma_revoke_part(struct lma *l, const struct lma_session *s, const struct addr6 *peer,
		     const struct addr_prefix *prefix, uint8_t count, const struct clock_now *now,
		     struct pmip_actions *out);
/* The gateway of `before`, which s has left. */
void lma_revoke_left_behind(struct lma *l, const struct lma_session *s, const struct lma_binding *before,
			    const struct clock_now *now, struct pmip_actions *out);
void lma_revoke_answered(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
/* The end of d, with an acknowledgement's status or LMA_UNANSWERED. */
void lma_revoke_done(struct lma *l, struct lma_demand *d, unsigned int status, const struct clock_now *now,
		     struct pmip_actions *out);

/* revoked.c: a gateway revokes. */
void lma_revoked(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);

/* notify.c */
void lma_notify_command(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
/* detail: a vendor's, 0: none */
void lma_notify(struct lma *l, const struct lma_session *s, uint16_t reason, uint8_t detail,
		const struct clock_now *now, struct pmip_actions *out);
/* What of s's prefixes is idle there; back: and what is not, since some of it was. */
void lma_tell(struct lma *l, const struct lma_session *s, bool back, const struct clock_now *now,
	      struct pmip_actions *out);
void lma_notify_answered(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
void lma_notify_unanswered(struct lma *l, struct lma_demand *d, const struct clock_now *now, struct pmip_actions *out);

/* sweep.c */
/* False when there are too many under way. */
bool lma_walk_start(struct lma *l, const struct lma_walk *w);
void lma_walk_stop_all(struct lma *l);
void lma_walk_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out);
void lma_peer_changed(struct lma *l, const struct pmip_event *e);

/* gre.c */
/* MH_STATUS_GRE_KEY_OPTION_REQUIRED, or MH_STATUS_ACCEPTED. */
enum mh_status lma_gre_check(const struct lma_update *u);
enum lma_gre lma_gre_wanted(const struct lma_update *u);
uint32_t lma_gre_key_in(const struct lma *l, const struct lma_session *s);
void lma_gre_answer(const struct lma *l, const struct lma_update *u, const struct lma_session *s, struct mh_msg *m);

/* bulk.c */
/* The group that an update puts its session into, 0: none. */
uint16_t lma_group_wanted(struct lma *l, const struct lma_update *u);
void lma_group_set(struct lma *l, struct lma_session *s, uint16_t group);
/* Take over what extended its group since. */
void lma_group_settle(const struct lma *l, struct lma_binding *b);
/* s, which was in this group or is (0: in none), ends without its gateway. */
void lma_group_lost(struct lma *l, uint16_t group, struct lma_session *s);
uint32_t lma_group_id(const struct lma *l, uint16_t group);
bool lma_bulk_is_one(const struct mh_msg *m);
bool lma_bulk_names_session(const struct mh_msg *m);
void lma_bulk_update(struct lma *l, struct lma_update *u, const struct clock_now *now, struct pmip_actions *out);
/* All of them end: RFC 6602 section 5.2.3. False where there is none; *refused where there is no room to do it. */
bool lma_bulk_remove(struct lma *l, const struct addr6 *gateway, uint32_t id, const struct clock_now *now,
		     bool *refused);

/* service.c */
/* Which service u is about, as far as is known. */
void lma_service_note(const struct lma *l, struct lma_update *u);
bool lma_service_is_of(const struct lma_session *s, const struct lma_update *u);
bool lma_service_changes(const struct lma_session *s, const struct lma_update *u);
enum mh_status lma_service_check(const struct lma_update *u);
bool lma_service_has_room(const struct lma *l, uint8_t service);
const char *lma_service_pool(const struct lma *l, uint8_t service);
const char *lma_service_name(const struct lma *l, uint8_t service);
void lma_service_set(struct lma *l, struct lma_session *s, uint8_t service);
/* Other settings in a list of LMA_SERVICES_MAX; 0, or -EBUSY: one twice, or sessions have what has to make room. */
int lma_services_replace(struct lma_service *list, const struct pmip_service_settings *s, unsigned int count);

/* delegate.c: a gateway asks for its own block. No session comes of it, since the settings say whose they are. */
bool lma_aggregate_is_asked_for(const struct lma_update *u);
void lma_aggregate_delegate(struct lma *l, const struct lma_update *u, const struct clock_now *now,
			    struct pmip_actions *out);

/* act.c: actions about a session. */
void lma_act_forward(struct lma *l, enum pmip_action_type type, const struct lma_session *s, struct pmip_actions *out);
/* As its state says: set, and held where it is not ACTIVE. */
void lma_act_forward_as(struct lma *l, const struct lma_session *s, struct pmip_actions *out);
void lma_act_publish_status(struct lma *l, enum pmip_publish what, const struct lma_session *s, uint8_t status,
			    struct pmip_actions *out);
void lma_act_publish(struct lma *l, enum pmip_publish what, const struct lma_session *s, struct pmip_actions *out);

void lma_put_mn_id(struct mh_msg *m, const struct pmip_mn_id *id);

/* expire.c */
/* End a session, its forwarding too; `why` is published, and that it is closed where that says something else. */
void lma_end(struct lma *l, struct lma_session *s, enum pmip_publish why, const struct clock_now *now,
	     struct pmip_actions *out);
/* The same of one whose gateway is not told, or did not hear. */
void lma_end_alone(struct lma *l, struct lma_session *s, enum pmip_publish why, const struct clock_now *now,
		   struct pmip_actions *out);
void lma_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out);
void lma_close(struct lma *l, uint32_t session, const struct clock_now *now, struct pmip_actions *out);

/* undo.c: remember what an update is about to change; take it back when its forwarding could not be set. */
void lma_undo_note(struct lma *l, const struct lma_update *u, const struct lma_session *s, bool opened);
/* Behind that, where prefixes of the session's node are about to move. */
void lma_undo_note_moves(struct lma *l, const struct lma_session *s);
/* Whether s owned p when that was noted. */
bool lma_undo_had(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p);
/* At once, of an exchange that has not come to anything. */
void lma_undo_moves(struct lma *l, const struct clock_now *now);
/* In place of both, where no update is about to move them to s. Of what is about none of it lma_undo_apply says so. */
void lma_undo_note_command(struct lma *l, const struct lma_session *s);
bool lma_undo_apply(struct lma *l, const struct pmip_action *failed, const struct clock_now *now,
		    struct pmip_actions *out);
