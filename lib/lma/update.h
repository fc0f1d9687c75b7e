/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What an update does. It runs down update.c's chain of checks, is associated with a session by lookup.c, and ends in
 * one exchange: register.c, extend.c, deregister.c, move.c, or a rejection. Where an answer has to wait it is parked by
 * request.c and runs the chain again when the wait is over.
 */
#include "session.h"

#define LMA_REQUESTS_MAX   16384  /* parked updates at once */
#define LMA_POLICY_WAIT_MS 10000  /* an unanswered question is given up; the gateway will have asked again */
#define LMA_LIFETIME_MAX_S 262140 /* 65535 units of 4 s */

struct lma_walk;

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
	bool moved;	  /* there is more in `before` */
	bool command;	  /* no update asked for it */
	enum lma_state state;
	struct lma_binding binding;
	uint64_t due_ms;
	struct lma_update update;
};

/* update.c: run the checks and the exchange that they lead to. */
/* Of its message what there is of it. */
void lma_update_copy(struct lma_update *to, const struct lma_update *from);
void lma_update_receive(struct lma *l, const struct pmip_event *e, struct pmip_actions *out);
void lma_update_run(struct lma *l, struct lma_update *u, const struct clock_now *now, struct pmip_actions *out);
/* Whether it says all of these flags of a prefix, by a vendor's option. */
bool lma_update_says(const struct lma *l, const struct lma_update *u, const struct addr_prefix *p, uint8_t flags);
bool lma_update_names(const struct lma_update *u, const struct addr_prefix *p);
/* Whether it may be about more at its care-of address than its mobile node: that is its sender's too. */
bool lma_update_is_own(const struct lma *l, const struct lma_update *u);
/* Its order behind the last accepted stamp, NULL where there is none. */
enum pmip_order lma_update_order(const struct lma *l, const struct lma_update *u, const struct pmip_stamp *last);

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

/* gre.c */
/* MH_STATUS_GRE_KEY_OPTION_REQUIRED, or MH_STATUS_ACCEPTED. */
enum mh_status lma_gre_check(const struct lma_update *u);
enum lma_gre lma_gre_wanted(const struct lma_update *u);
uint32_t lma_gre_key_in(const struct lma *l, const struct lma_session *s);
void lma_gre_answer(const struct lma *l, const struct lma_update *u, const struct lma_session *s, struct mh_msg *m);

/* delegate.c: a gateway asks for its own block. No session comes of it, since the settings say whose they are. */
bool lma_aggregate_is_asked_for(const struct lma_update *u);
void lma_aggregate_delegate(struct lma *l, const struct lma_update *u, const struct clock_now *now,
			    struct pmip_actions *out);

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
