/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What this anchor itself asks of gateways is a demand (demand.c) of revoke.c or notify.c; what is about all sessions
 * of a gateway is a walk over the table (sweep.c).
 */
#include "session.h"

#define LMA_DEMANDS_MAX	 4096 /* messages to gateways that wait for an answer */
#define LMA_WALKS_MAX	 1024
#define LMA_DETAILS_MAX	 16
#define LMA_GATEWAYS_MAX 1024 /* of those that cannot do something */
#define LMA_REJECTED	 128  /* and above: what a gateway's acknowledgement refuses with */
#define LMA_UNANSWERED	 256  /* in place of an acknowledgement's status */

struct lma_update;

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
	bool crossed;	      /* FLOW: an update of its gateway was answered since */
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
/* An update that d may have asked for was accepted; d may be NULL. */
void lma_demand_updated(struct lma *l, struct lma_demand *d);
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
/* Whether a peer may say something of all that is at a care-of address that is not where it sent that from. */
bool lma_gateway_speaks_for(const struct lma *l, const struct pmip_peer_settings *peer, const struct addr6 *coa);
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
