/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A mobile node with several interfaces: what its sessions have of each other's prefixes, and which of its flows go
 * where. Few nodes have any of it, so it stands beside the tables, and what is asked of others is one comparison.
 *
 * A prefix has one owner, the session whose tunnel its packets take and whose own prefix it is (lma_session_prefixes).
 * Rows say who has it too. Three triggers end in one operation, lma_rows_move: indicators of a partial handoff
 * (draft-jeyatharan-netext-pmip-partial-handoff), a flow handover (draft-park-multihoming-ext-pmipv6-2level-prefix) and
 * shared prefixes (RFC 7864).
 */
#include "engine.h"

#define LMA_ROWS_MAX	PMIP_SHARES_MAX
#define LMA_MOVING_LOST (INDEX_NONE - 1)

/*
 * A session has this prefix, and another owns it; or it owns it, and its gateway does not advertise it or another has
 * lent it while it is between two gateways.
 */
struct lma_row {
	struct addr_prefix prefix;
	uint32_t session;
	bool idle;	 /* no traffic goes there: it is the way back */
	bool off_link;	 /* its gateway forwards it because this anchor said so (RFC 7864 section 3.2.2) */
	bool of_flow;	 /* it said so for a flow */
	bool over;	 /* which may be gone */
	bool was_idle;	 /* before it was lent */
	uint32_t lender; /* who owned it, and may come back for it (RFC 5213 section 5.3.5), INDEX_NONE: nobody */
};

/* A flow binding (RFC 7864 section 5.2). */
struct lma_flow {
	uint16_t id;
	uint16_t priority;
	uint8_t bid;	/* that it takes; 0: none yet */
	uint8_t wanted; /* that it is to take when its gateway has agreed; 0: it is where it shall be */
	uint8_t policy; /* number of the settings', from 1; 0: of a command */
	bool left;	/* its session is over, and had this interface */
	uint8_t access_tech;
	struct mh_opt_mn_ll_id ll_id;
	bool refused; /* by the gateway of `wanted`: not asked again before sessions come or go */
	bool said;    /* that it moved to `bid` */
	struct selector selector;
};

/* Prefixes that a command moves, once the gateway has agreed. */
struct lma_moving {
	uint32_t session; /* INDEX_NONE: none; LMA_MOVING_LOST: one that is over */
	enum pmip_move how;
	uint8_t count;
	struct addr_prefix prefix[MH_HNP_MAX];
};

struct lma_multi {
	uint32_t node;
	uint16_t forward; /* by BID - 1: its FORWARD_SET is due */
	uint16_t retract; /* by BID - 1: its gateway has taken what was over meanwhile, and has to hear of it */
	uint16_t tell;	  /* by BID - 1: its gateway has to hear of what is idle there */
	uint16_t back;	  /* by BID - 1: and of what was, and is active again */
	uint16_t flowing; /* by BID - 1: what was set with FLOWS stands */
	bool changed;	  /* FLOWS are due */
	uint16_t failed;  /* by BID - 1: but its own could not be set, and are tried again alone */
	uint8_t tried;	  /* the BID of the one that was so last */
	bool alone;	  /* nothing was set since */
	uint64_t retry_ms;
	uint8_t row_count, flow_count;
	uint64_t policies; /* the node's, a bit each */
	struct lma_moving moving;
	struct lma_row row[LMA_ROWS_MAX];
	struct lma_flow flow[PMIP_FLOWS_MAX];
};

/* The prefixes of a mobile node's sessions and its rows and flows, before some of them moved. */
struct lma_before {
	unsigned int count;
	struct {
		uint32_t session;
		uint64_t due_ms;
		uint8_t prefix_count, said;
		struct addr_prefix prefix[MH_HNP_MAX];
	} had[LMA_NODE_MAX];
	uint16_t number; /* 0: it had none */
	struct lma_multi multi;
};

/* Its place in what stands by BID. */
static inline uint16_t
lma_multi_bit(const struct lma_session *s)
{
	return (uint16_t)(1u << (s->bid - 1));
}

/* row.c */
/* What the session's node has, NULL: nothing. */
struct lma_multi *lma_multi_of(const struct lma *l, const struct lma_session *s);
/* The same, made if need be; NULL when there is no room. */
struct lma_multi *lma_multi_take(struct lma *l, const struct lma_session *s);
/* Forget it where nothing is in it. */
void lma_multi_put(struct lma *l, struct lma_multi *m);
struct lma_row *lma_row_find(struct lma_multi *m, const struct addr_prefix *p, uint32_t session);
void lma_row_del(struct lma_multi *m, struct lma_row *r);
/* Of a session that owns the prefix. */
void lma_row_del_needless(struct lma_multi *m, struct lma_row *r);
/* The session that has lent this prefix to its owner, INDEX_NONE: none. */
uint32_t lma_row_lender(const struct lma *l, const struct lma_session *owner, const struct addr_prefix *p);
/* From its owner to another session, which may not have room; its pool does not notice. */
void lma_row_give(struct lma *l, struct lma_session *from, struct lma_session *to, const struct addr_prefix *p);
/* Rows of prefixes that it does not own. */
unsigned int lma_rows_beside(const struct lma *l, const struct lma_session *s);
/* A session that has neither prefix nor row is over. */
bool lma_session_is_empty(const struct lma *l, const struct lma_session *s);
bool lma_session_has(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p);
bool lma_rows_requires(const struct lma *l, const struct lma_session *s, const struct addr_prefix *own);
unsigned int lma_rows_required(const struct lma *l, const struct lma_session *s);
/* Whether an update that lists these prefixes can be of s (RFC 5213 section 5.4.1.1). */
bool lma_rows_match(const struct lma *l, const struct lma_session *s, const struct lma_update *u);
/* What the answer to u says of prefixes that s does not own. */
void lma_rows_answer(const struct lma *l, const struct lma_session *s, const struct lma_update *u, struct mh_msg *m);

/* The same of a message to its gateway; of TELL, by a vendor's options, which are idle. */
void lma_rows_write(const struct lma *l, const struct lma_session *s, const struct lma_demand *d, struct mh_msg *m);
/*
 * `to` gets these prefixes of its node's; 0, -ENOENT: one is nobody's, -ENOSPC. Changes nothing on an error. *from is
 * by BID - 1 which sessions owned what `to` owns now.
 */
int lma_rows_move(struct lma *l, struct lma_session *to, enum pmip_move how, bool off_link,
		  const struct addr_prefix *prefix, uint8_t count, uint16_t *from);
/* Whether it could. */
int lma_rows_check(struct lma *l, const struct lma_session *to, enum pmip_move how, const struct addr_prefix *prefix,
		   uint8_t count);
/* What it owns by now, or shares and owns nothing, its gateway is to advertise, though it was told only to forward it.
 */
void lma_rows_host(struct lma *l, const struct lma_session *s);
/* The same of those of its own that its gateway has agreed to advertise: a bit for each of the list. */
void lma_rows_agreed(struct lma *l, const struct lma_session *s, const struct addr_prefix *prefix, uint8_t on_link);
/* The same of all that it has, where that would be none: a gateway serves nobody with that. Whether it was so. */
bool lma_rows_host_last(struct lma *l, const struct lma_session *s);
/* What its gateway was told to forward, and is not in this list, it has no more. */
void lma_rows_keep(struct lma *l, struct lma_session *s, const struct addr_prefix *prefix, uint8_t count);
/* What it owns or has idle of this list it has no more, and what it owned nobody of the node has. */
void lma_rows_forget(struct lma *l, struct lma_session *s, const struct addr_prefix *prefix, uint8_t count);
/* Whether another has p of it; p NULL: anything. */
bool lma_rows_lent(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p);

/* What `from` owned is `to`'s by now: it has nothing of others any more either, and its flows are the other's. */
void lma_rows_join(struct lma *l, const struct lma_session *from, const struct lma_session *to);

/* lend.c */
/*
 * The session was de-registered (RFC 5213 section 5.3.5): what it owns goes to another that has it, until it is back.
 */
void lma_rows_lend(struct lma *l, struct lma_session *s);
/* It is back, and has what it had; and what others lend, that are de-registered. By BID - 1, from whom that came. */
uint16_t lma_rows_return(struct lma *l, struct lma_session *s);
/* What it has lent is its own again. By BID - 1, from whom that came. */
uint16_t lma_rows_reclaim(struct lma *l, struct lma_session *s);
/* Whose p is: its owner's, or of who has lent it; NULL: nobody's. */
struct lma_session *lma_rows_source(struct lma *l, const struct addr_prefix *p);
/* Whether s would have nothing at this gateway, where those are whose prefixes it shares. */
bool lma_rows_stranded(struct lma *l, const struct lma_session *s, const struct addr6 *gateway);
/* What it and others at its gateway share is its owner's alone from now on: a prefix is on one link of a gateway. */
void lma_rows_part(struct lma *l, const struct lma_session *s);
/* Whether p is on link for another session at t's gateway. */
bool lma_rows_meet(struct lma *l, const struct lma_session *t, const struct addr_prefix *p);
/* The session ends: its rows go, and what it owned goes to another that has it. */
void lma_rows_leave(struct lma *l, struct lma_session *s);

/* steer.c: forwarding of what came to `to` from others, or with it to its gateway. */
void lma_multi_act_moved(struct lma *l, const struct lma_session *to, uint16_t from, struct pmip_actions *out);
/*
 * Whether packets to s's prefixes that are of the flow can go by t: it has all that they may be sent to, or, if `idle`,
 * has some of it without traffic.
 */
bool lma_multi_can_take(const struct lma *l, struct lma_multi *m, const struct lma_flow *f, const struct lma_session *s,
			const struct lma_session *t, bool idle);
/* Whether packets of the flow go by t where it says so; or, if `idle`, could. */
bool lma_multi_is_able(struct lma *l, struct lma_multi *m, const struct lma_flow *f, const struct lma_session *t,
		       bool idle);
/* FLOWS are due: nobody's connectivity depends on them, and so they are in no exchange's list. */
void lma_multi_changed(struct lma *l, struct lma_multi *m);
/* FLOWS of all of the node's sessions that have any. */
void lma_multi_act_flows(struct lma *l, struct lma_multi *m, struct pmip_actions *out);
/* What is due of one node; false when nothing was. */
bool lma_multi_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out);
/* Something of it is, at the next step. */
void lma_multi_due(struct lma *l, const struct lma_multi *m, uint64_t due_ms);
struct lma_session *lma_multi_session(struct lma *l, const struct lma_multi *m, uint8_t bid);
/* A session is not its node's any more. */
void lma_multi_gone(struct lma *l, const struct lma_session *s);
/* The gateways of these, by BID - 1, are to hear what is idle there and what not. */
void lma_multi_tell(struct lma *l, struct lma_multi *m, uint16_t sessions);
/* This action, which no exchange depends on, failed: once more, a little later. */
void lma_multi_failed(struct lma *l, const struct pmip_action *failed, const struct clock_now *now);

/* bind.c */
/* NULL: none of this number. */
struct lma_flow *lma_flow_find(struct lma_multi *m, uint16_t id);
/* In the order of priority, where there is room; id 0: one that is free. */
struct lma_flow *lma_flow_add(struct lma_multi *m, const struct lma_flow *f);
void lma_flow_del(struct lma_multi *m, struct lma_flow *f);
/* A flow is gone: what was said for it is taken back where no other needs it. */
void lma_flow_rows_over(struct lma_multi *m);
/* s is over: what goes to it is to go there again when its interface is back. */
void lma_flow_gone(struct lma_multi *m, const struct lma_session *s);
/* This prefix went from one session to another for good, and with it the flows that are to it alone. */
void lma_flow_follow(struct lma_multi *m, const struct addr_prefix *p, const struct lma_session *from,
		     const struct lma_session *to);
/* All flows of the one are the other's. */
void lma_flow_join(struct lma_multi *m, const struct lma_session *from, const struct lma_session *to);
/* Whether flows wait for the interface that had this BID. */
bool lma_flow_names(const struct lma_multi *m, uint8_t bid);
/* A new session, which has the BID that flows knew its interface by. */
void lma_flow_returns(struct lma *l, struct lma_session *s);
/* What policy says of the flows of a mobile node that has this session besides others. */
void lma_flow_note(struct lma *l, const struct lma_session *s, const struct pmip_profile *profile);

/* policies.c */
/* These take the place of the settings'. */
void lma_flow_policies_rename(struct lma *l, const struct pmip_flow_policy *with, unsigned int count);
/* The first from there on that no flow has (RFC 6089 section 4.2). */
uint16_t lma_flow_priority(const struct lma_multi *m, uint16_t wanted);

/* flow.c */
bool lma_flow_concerns(const struct lma_flow *f, const struct addr_prefix *p);
/* Policies, and what waits for a gateway that has not been asked. */
void lma_flow_review(struct lma *l, struct lma_multi *m, const struct clock_now *now, struct pmip_actions *out);
/* Its gateway does not do what is wanted of t, or cannot be asked. */
void lma_flow_refuse(struct lma *l, struct lma_multi *m, const struct lma_session *t, uint8_t status,
		     struct pmip_actions *out);
/* The end of a Flow Mobility Initiate, with an acknowledgement's status or LMA_UNANSWERED. */
void lma_flow_answered(struct lma *l, const struct lma_demand *d, unsigned int status, const struct clock_now *now,
		       struct pmip_actions *out);
/* Those that packets take by now, and that it was not said of. */
void lma_flow_say(struct lma *l, struct lma_multi *m, struct pmip_actions *out);
/* A session came or went. */
void lma_flow_sessions_changed(struct lma *l, struct lma_multi *m);
/* Which of the mobile node's sessions a message is about, where its gateway has several. */
void lma_flow_write_interface(const struct lma *l, const struct lma_session *t, struct mh_msg *m);
/* The same, and what the message to its gateway says of flows. */
void lma_flow_write(const struct lma *l, const struct lma_session *t, struct mh_msg *m);

/* manage.c: commands. */
void lma_move_command(struct lma *l, const struct pmip_event *e);
void lma_flow_command(struct lma *l, const struct pmip_event *e);
/* It is at another gateway: what its old one was asked is asked anew. */
void lma_flow_moved(struct lma *l, const struct lma_session *s);

/* delegate.c */
/* Settings have others: forwarding hears of it, and so do gateways that asked. */
void lma_aggregates_changed(struct lma *l);
void lma_aggregate_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out);
/* What a demand of them says, and what becomes of it. */
void lma_aggregate_write(const struct lma *l, const struct lma_demand *d, struct mh_msg *m);
void lma_aggregate_publish(struct lma *l, const struct lma_demand *d, enum pmip_publish what, uint8_t status,
			   struct pmip_actions *out);

/* aggregate.c */
/* The gateway's block that p is in, NULL: none. */
const struct pmip_aggregate *lma_aggregate_find(const struct lma *l, const struct addr_prefix *p);
bool lma_aggregate_holds(const struct lma *l, const struct addr_prefix *p);
/* Copies, false when memory is short. */
bool lma_multi_settings(const struct lma_settings *s, struct pmip_flow_policy **policies,
			struct pmip_aggregate **aggregates);
/* What u says of temporal prefixes; what it covers of others' is named one by one. */
void lma_aggregate_note(struct lma *l, const struct lma_node *n, struct lma_update *u);
/* Those that its gateway cut are s's, as far as it has room and they are nobody's. */
void lma_aggregate_adopt(struct lma *l, struct lma_session *s, const struct lma_update *u);
/* As many as the settings say for a new session, where its gateway cuts none; none for a logical interface. */
void lma_aggregate_cut(struct lma *l, struct lma_session *s, const struct lma_update *u);
/* Those that are s's no more by u, which its gateway refreshes it with; their number. */
uint8_t lma_aggregate_over(const struct lma *l, const struct lma_session *s, const struct lma_update *u,
			   struct addr_prefix out[static MH_HNP_MAX]);
/* Which of those in the answer to u are such, and idle; and which have traffic that u says to be idle. */
void lma_aggregate_answer(const struct lma *l, const struct lma_update *u, const struct lma_session *s,
			  struct mh_msg *m);
