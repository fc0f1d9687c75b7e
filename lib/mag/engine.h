/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of the gateway's engine share. attach.c, leave.c and due.c begin exchanges, update.c writes their
 * updates, acknowledge.c and reject.c take the answers, router.c chooses link-local addresses, act.c says what follows
 * for forwarding and access, session.c keeps the binding update list, prefix.c what a session has. Of mobile nodes with
 * several interfaces pull.c brings prefixes here, temporal.c cuts some that may go their own ways, delegate.c asks
 * the anchor what from, shared.c takes them away and lends them. Beyond registration, revoked.c and notified.c take
 * what the anchor says, revoke.c says it to the anchor, gre.c, service.c and bulk.c put into updates what they may
 * carry besides, anchor.c knows how anchors fare, and sweep.c is for what many sessions are about.
 */
#include "base/deadline.h"
#include "base/index.h"
#include "base/pace.h"
#include "base/rate.h"
#include "mag/mag.h"
#include "pmip/order.h"
#include "pmip/peer.h"
#include "pmip/pool.h"

#define MAG_SESSIONS_MAX    (1u << 24)
#define MAG_SESSION_ACTIONS 6	 /* the most that one deadline or one closing adds to a list */
#define MAG_SWEEP_ACTIONS   32	 /* the most that sweeps add to a list: sessions that are due have the rest */
#define MAG_ANCHORS_MAX	    256	 /* of which more is remembered than their sessions */
#define MAG_SWEEPS_MAX	    1024 /* at once: as many as all anchors may need */
#define MAG_ASKED_MAX	    64	 /* of them those that anchors ask for */
#define MAG_GROUPS_MAX	    64
#define MAG_SERVICES_MAX    256	   /* names in use at once */
#define MAG_ANSWERED_MAX    1024   /* requests that are remembered */
#define MAG_LIFETIME_MIN_S  4	   /* one unit */
#define MAG_LIFETIME_MAX_S  262140 /* 65535 units of 4 s */

/*
 * The prefixes of a session, with a bit of each mask for each of them. Those that no mask has are its own: updates list
 * them, and before the first answer they are what is asked for. Others it has only while it is forwarded.
 */
struct mag_prefixes {
	uint8_t count;	  /* 0: whichever the anchor gives */
	uint8_t pulled;	  /* so many behind these are asked for to move here */
	uint8_t cut;	  /* or so many were cut for it, which the anchor has not taken note of yet */
	uint8_t off_link; /* not advertised: flows of another link come this way (RFC 7864) */
	uint8_t idle;	  /* their traffic goes to another session of the mobile node */
	uint8_t temporal; /* cut from this gateway's aggregate */
	struct addr_prefix prefix[MH_HNP_MAX];
};

/* Those that no other session here has. */
struct mag_come {
	struct mag_prefixes all;
	struct mag_prefixes home; /* of them those that it had idle */
};

/* What an exchange is beside a registration: prefixes of another session of the mobile node come here. */
enum mag_pull {
	MAG_PULL_NONE,
	MAG_PULL_AWAY,
	MAG_PULL_IDLE,
	MAG_PULL_SHARED,
};

/* A binding update list entry (RFC 5213 section 6.1). Its index is its id in every table. */
struct mag_session {
	uint8_t state;	 /* enum mag_state */
	uint8_t choices; /* of link_local, each because the mobile node had the address before */
	uint8_t indexed; /* a bit for each of its prefixes that is in by_prefix */
	uint8_t service; /* its place in the table of services */

	bool attached : 1;   /* link.host is there and will tell when it leaves */
	bool forwarding : 1; /* forwarding is set, with all that it has and that is not idle */
	bool registered : 1; /* the anchor has accepted the session, and may still have it */
	bool barred : 1;     /* none but an administrative action may end its being held */
	/* The exchange under way, or the last one. */
	bool outstanding : 1; /* its last update has no answer yet */
	bool by_sequence : 1; /* the anchor orders updates by number: count for this session alone */
	bool renumbered : 1;  /* once in this exchange */
	bool mistaken : 1;    /* its answer was to some other update: it is not sent again */
	bool hastened : 1;    /* the same of a repetition before its time */
	bool moved : 1;	      /* the exchange follows the mobile node to another link of this gateway */
	bool displaced : 1;   /* its prefix went to another mobile node, and it was not refreshed since */
	bool asks_any : 1;    /* the exchange asks for whatever the anchor has for it */
	bool gre_asked : 1;   /* the last update had a GRE key */
	bool gre_needed : 1;  /* the anchor refused an update without one */
	bool gre_refused : 1; /* the anchor said that this session needs none */
	bool gre : 1;	      /* its packets are in GRE */
	bool gre_keyed : 1;   /* with keys: mag_gre_key of those that come, gre_key of those that go */

	uint8_t pull;	    /* enum mag_pull, of the exchange */
	uint8_t handoff;    /* as sent: answers repeat it */
	uint8_t status;	    /* of the last answer */
	uint8_t rejections; /* in a row, UINT8_MAX at most */
	uint16_t sequence;  /* of the last update */
	uint32_t tries;	    /* updates sent */
	uint32_t timeout_ms;
	uint32_t lifetime_s; /* as granted */
	uint32_t gre_key;
	uint32_t group;	  /* that the anchor has it in (RFC 6602), 0: none */
	uint64_t stamp;	  /* of the last update, 0: none */
	uint64_t sent_ms; /* of the last update, or of that of its group */
	uint64_t opened_ms, expires_ms;
	struct pmip_link link;
	struct addr6 lma;
	struct addr6 link_local; /* as the anchor gave it, or as chosen here; zero: as configured */
	struct mag_prefixes has;
	struct pmip_mn_id mn_id;
};

/* What is known of an anchor beyond its sessions. */
struct mag_anchor {
	struct addr6 address; /* zero: a free place */
	uint64_t used_ms;
	bool failed;	    /* it answers no heartbeats, since failed_ms */
	bool no_gre;	    /* it leaves GRE keys unanswered */
	bool no_revocation; /* it knows no such message */
	bool no_global;	    /* it does not revoke all of this gateway's sessions */
	bool revoking;	    /* an indication waits for its acknowledgement, since revoked_ms */
	uint8_t tries;
	uint16_t sequence; /* of the indication */
	uint32_t timeout_ms;
	uint64_t failed_ms, revoked_ms;
	uint64_t repeated_ms; /* when that indication was sent last */
};

/* Something to be done to many sessions, in slices. */
enum mag_sweep_kind {
	MAG_SWEEP_NONE,
#define MAG_SWEEP(NAME, function, paced, what) MAG_SWEEP_##NAME,
#include "sweep.def"
#undef MAG_SWEEP
	MAG_SWEEP_KINDS
};

struct mag_sweep {
	enum mag_sweep_kind kind;
	struct addr6 anchor; /* whose sessions; zero: of any */
	uint64_t who, realm; /* hashes of their identifier and of its realm; 0: of any */
	uint32_t group;	     /* theirs (RFC 6602); 0: of any */
	uint32_t at;	     /* the next to be looked at */
	uint64_t since_ms;   /* what was sent later is spared, or of the operator's what was opened later */
	/* REVOKED: what is to be answered at the end. */
	struct addr6 local;
	struct mh_bri asked;
	uint64_t request;
	uint32_t count; /* of sessions so far */
};

/* Sessions that one update extends (RFC 6602). */
struct mag_group {
	struct addr6 anchor;
	uint32_t id; /* 0: a free place */
	bool outstanding;
	uint8_t tries;
	uint8_t access_tech; /* of the session that was the first */
	uint16_t sequence;
	uint32_t timeout_ms;
	uint32_t lifetime_s; /* as granted last */
	uint64_t sent_ms;
	uint64_t extended_ms; /* when the update was sent that was accepted last, 0: none was */
	uint64_t single_ms;   /* until then each session is extended by an update of its own */
};

/* A service, by which a mobile node may have several sessions (RFC 5149). */
struct mag_service {
	uint32_t sessions; /* 0: a free place */
	char name[MH_SERVICE_MAX + 1];
};

/* An anchor's request that was answered. */
struct mag_answered {
	uint64_t request; /* hash of it */
	uint64_t at_ms;	  /* mono, 0: none */
	uint8_t status;
	uint8_t missing; /* a bit for each prefix of it that no session had */
};

/* What its anchor leaves to another. */
struct mag_other {
	struct pmip_aggregate is; /* gateway zero: not said */
	bool named;		  /* since the list began */
	uint64_t until_ms;
};

/* What its anchor leaves to this gateway to cut prefixes from, and what it says of others. */
struct mag_delegation {
	struct addr_prefix aggregate; /* of 0 bits: nothing */
	struct addr6 lma;	      /* that was asked last */
	bool outstanding;
	bool refused; /* the last time */
	uint32_t tries;
	uint16_t sequence;
	uint32_t timeout_ms;
	uint64_t sent_ms, expires_ms;
	unsigned int pages;	   /* of the list that is being told */
	struct addr_prefix behind; /* which one it goes on; of 0 bits: it begins */
	unsigned int other_count;
	struct mag_other other[PMIP_AGGREGATES_MAX];
};

/* Deadlines of what there is few of, by their ids in `rare`. */
#define MAG_RARE_SWEEP	    0
#define MAG_RARE_REVOKE	    (MAG_RARE_SWEEP + MAG_SWEEPS_MAX)
#define MAG_RARE_DEAD	    (MAG_RARE_REVOKE + MAG_ANCHORS_MAX)
#define MAG_RARE_GROUP	    (MAG_RARE_DEAD + MAG_ANCHORS_MAX)
#define MAG_RARE_DELEGATION (MAG_RARE_GROUP + MAG_GROUPS_MAX)
#define MAG_RARE_COUNT	    (MAG_RARE_DELEGATION + 1)

struct mag {
	struct mag_settings s;	 /* its peers and aggregates are the tables below */
	struct pmip_peers peers; /* anchors that something is to be known of */
	struct mag_session *session;
	struct index_pool ids;
	struct index_map by_mn_id;
	struct index_map by_host;     /* those attached */
	struct index_map by_sequence; /* those with an update outstanding */
	struct index_map by_prefix;   /* those forwarded: prefix i of a session has id index * MH_HNP_MAX + i */
	struct deadline_queue due;    /* the next retransmission, refresh, retry or end */
	struct deadline_queue absent; /* barred sessions without a host, oldest first: they make room */
	struct deadline_queue rare;
	struct mag_anchor anchor[MAG_ANCHORS_MAX];
	struct mag_sweep sweep[MAG_SWEEPS_MAX];
	struct mag_group group[MAG_GROUPS_MAX];
	struct mag_service service[MAG_SERVICES_MAX]; /* the first is that of no name */
	struct mag_answered answered[MAG_ANSWERED_MAX];
	struct pmip_pool temporal;
	struct mag_delegation delegation;
	struct pmip_aggregate *aggregate; /* of all gateways, by the settings */
	struct pace pace;		  /* of paced sweeps */
	struct rate strangers;		  /* answers to nodes that are no anchors of this gateway */
	uint16_t sequence;   /* of all updates that carry a timestamp (RFC 5213 section 6.9.1.1, item 6); the
				latest of all others, for new sessions to begin behind */
	uint16_t revocation; /* number of the last indication */
	uint64_t stamp;	     /* the last timestamp */
	uint64_t jitter;     /* state of the generator; 0: none */
	bool closing;	     /* all sessions, until none is left */
	uint32_t close_at;   /* the next to be closed */
	uint64_t transitions[MAG_STATE_COUNT][MAG_STATE_COUNT]; /* taken, from and to */
	uint64_t transitions_refused;
	struct stat_block stat;
	uint32_t accepted; /* the session that the last list is about, PMIP_SESSION_NONE: none */
	/* of the step under way */
	struct clock_now now;
	struct pmip_actions *out;
	struct pmip_action spilled; /* where an action goes that a full list has no room for */
};

/* mag.c */
bool mag_settings_in_range(const struct mag_settings *s);

/* state.c: go to `next` if the table allows it; else count, and stay. */
bool mag_enter(struct mag *g, struct mag_session *s, enum mag_state next);

/* session.c */
uint32_t mag_session_index(const struct mag *g, const struct mag_session *s);
/*
 * A new entry of a mobile node, FREE yet; the longest barred one that is not attached makes room. NULL when full, of
 * sessions or of services.
 */
struct mag_session *mag_session_add(struct mag *g, const struct pmip_mn_id *id, const char *service);
void mag_session_del(struct mag *g, struct mag_session *s);
/* Sessions of a mobile node: first with s NULL, then the next; NULL past the last. */
struct mag_session *mag_session_of(const struct mag *g, const struct pmip_mn_id *id, const struct mag_session *s);
struct mag_session *mag_session_find_host(const struct mag *g, uint32_t host);
/* The host that stands for the session's link, from now on; and no longer. */
void mag_session_bind(struct mag *g, struct mag_session *s, const struct pmip_link *link);
void mag_session_unbind(struct mag *g, struct mag_session *s);
/* Whether its last update waits for an answer; it is found by the update's number while it does. */
void mag_session_await(struct mag *g, struct mag_session *s, bool outstanding);
/* Sessions with this update outstanding, as mag_session_of. */
struct mag_session *mag_session_awaiting(const struct mag *g, uint16_t sequence, const struct mag_session *s);
/* Its prefixes lead to it from now on; and no longer. */
void mag_session_index_prefixes(struct mag *g, struct mag_session *s);
void mag_session_forget_prefixes(struct mag *g, struct mag_session *s);
/* Another session than `than` that this prefix leads to, or NULL. */
struct mag_session *mag_session_find_prefix(const struct mag *g, const struct addr_prefix *p,
					    const struct mag_session *than);

uint64_t mag_mn_id_hash(const struct mag *g, const struct pmip_mn_id *id);
/* Of the realm of an NAI; 0 where it has none. */
uint64_t mag_realm_hash(const struct mag *g, const struct pmip_mn_id *id);

/* update.c: the Proxy Binding Update (RFC 5213 section 6.9.1.5) and its repetition (section 6.9.4). */
/* Begin an exchange in this state with this handoff indicator: its first update, and the wait for the answer. */
void mag_exchange(struct mag *g, struct mag_session *s, enum mag_state state, uint8_t handoff);
/* One that extends what there is. */
void mag_exchange_refresh(struct mag *g, struct mag_session *s);
/* One that brings prefixes here. */
void mag_exchange_pull(struct mag *g, struct mag_session *s, enum mag_state state, uint8_t handoff, enum mag_pull pull);
/* One that asks which prefixes a session has by now, which is served meanwhile; false where it cannot. */
bool mag_exchange_any(struct mag *g, struct mag_session *s, uint8_t handoff);
/* The one that is under way, once more from its beginning, with what the session has by now. */
void mag_exchange_again(struct mag *g, struct mag_session *s);
/* The indicator for registering anew what was refused: as the mobile node attached, where that is still known. */
uint8_t mag_handoff_again(const struct mag_session *s);
/* Send the update of the exchange once more. */
void mag_repeat(struct mag *g, struct mag_session *s);
/* Up to `most` milliseconds, by chance. */
uint64_t mag_jitter(struct mag *g, uint64_t most);
/* Whether updates to this anchor carry timestamps; put one in, and return it (0: none). */
bool mag_stamps(const struct mag *g, const struct addr6 *anchor);
uint64_t mag_put_timestamp(struct mag *g, const struct addr6 *anchor, struct mh_msg *m);
void mag_put_mn_id(const struct pmip_mn_id *id, struct mh_msg *m);
/* One that is about no session alone, sent behind this step. */
struct mh_msg *mag_update_of_many(struct mag *g, const struct addr6 *anchor, uint8_t handoff, uint8_t access_tech);

/* prefix.c */
/* The place of a prefix, or -1. */
int mag_prefixes_find(const struct mag_prefixes *l, const struct addr_prefix *p);
/*
 * A bit for each that it has, for each of its own, for each that traffic comes by and the link knows of, and for each
 * that overlaps with one of these.
 */
uint8_t mag_prefixes_all(const struct mag_prefixes *l);
uint8_t mag_prefixes_own(const struct mag_prefixes *l);
uint8_t mag_prefixes_hosted(const struct mag_prefixes *l);
uint8_t mag_prefixes_overlapping(const struct mag_prefixes *l, const struct mag_prefixes *these);
/* One more, as its own, in front of those pulled or cut; its place, or -1 when there is no room. */
int mag_prefixes_add(struct mag_prefixes *l, const struct addr_prefix *p);
/* Those of this mask, and no others of the list, into out; their number. */
uint8_t mag_prefixes_copy(const struct mag_prefixes *l, uint8_t mask, struct addr_prefix out[static MH_HNP_MAX]);
void mag_prefixes_drop(struct mag_prefixes *l, uint8_t mask);
bool mag_prefixes_equal(const struct mag_prefixes *a, const struct mag_prefixes *b);
/* What a session has after an acceptance that grants these. */
struct mag_prefixes mag_prefixes_granted(const struct mag_session *s, const struct mag_prefixes *granted);
/* Which of these have their traffic and their link in a session that had others before. */
struct mag_come mag_prefixes_come(const struct mag_prefixes *before, const struct mag_prefixes *after,
				  const struct mag_prefixes *these);

/* pull.c */
/* Whether one at least of those that a session asked for is there. */
bool mag_pull_has_come(const struct mag_session *s, const struct mag_prefixes *after);
void mag_move(struct mag *g, const struct pmip_event *e);
/* Whether some of the prefixes of a session of this anchor's may go without the others. */
bool mag_parts(const struct mag *g, const struct addr6 *anchor);
/* The handoff indicator of an attachment that brings prefixes along; 0 where it cannot. */
uint8_t mag_pull_handoff(const struct mag *g, const struct pmip_event *e);
/*
 * The anchor says that these prefixes are this session's: those of the mobile node's other interfaces here of which
 * nothing is left end, before its forwarding is set. What others have of them goes behind that, lest packets are lost.
 */
void mag_supersede(struct mag *g, const struct mag_session *by, const struct mag_come *come);
void mag_take_over(struct mag *g, const struct mag_session *by, const struct mag_come *come);
/* The prefixes that were to come do not; the session goes on as it was. */
void mag_pull_refused(struct mag *g, struct mag_session *s, uint8_t status);
/* These leave the session, which goes on with the others. */
void mag_lose(struct mag *g, struct mag_session *s, uint8_t mask);

/* shared.c */
uint8_t mag_flow_mobility(struct mag *g, const struct pmip_event *e);

/* temporal.c: the pool, 0 or a negative errno */
int mag_temporal_init(struct pmip_pool *p, const struct mag_settings *s);
/* Another takes the place of the engine's. */
void mag_temporal_replace(struct mag *g, struct pmip_pool *with);
void mag_temporal_recut(struct mag *g, const struct addr_prefix *aggregate);
/* Up to so many for a session in all, which its updates say from now on, and which it has when an answer says so. */
void mag_temporal_cut(struct mag *g, struct mag_session *s, unsigned int count);
/* It is not served: what was cut for it, and is not its own, others may have. */
void mag_temporal_uncut(struct mag *g, struct mag_session *s);
void mag_cut(struct mag *g, const struct pmip_event *e); /* an event */
/* What it has is taken from the pool; and what it had before, and nobody has, is put back. */
void mag_temporal_adopt(struct mag *g, struct mag_session *s);
void mag_temporal_put(struct mag *g, const struct mag_session *s, const struct mag_prefixes *before);
void mag_temporal_declare(const struct mag *g, const struct mag_session *s, struct mh_msg *m);
/* What the answer to that says of those that s is to have. */
void mag_temporal_answered(const struct mag *g, const struct mag_session *s, const struct mh_msg *m,
			   struct mag_prefixes *l);
/* What the anchor says of them. */
void mag_temporal_told(struct mag *g, const struct pmip_event *e);

/* delegate.c: the aggregate of a gateway that is configured with none */
bool mag_delegation_wanted(const struct mag_settings *s);
/* At once, at the next tick. */
void mag_delegation_ask(struct mag *g);
void mag_delegation_due(struct mag *g);
/* True when this is the answer. */
bool mag_delegation_acknowledge(struct mag *g, const struct pmip_event *e);
/* True when this notification is about it. */
bool mag_delegation_told(struct mag *g, const struct pmip_event *e);

/* known.c: a copy of the settings', false when memory is short; whether p is in another gateway's aggregate. */
bool mag_aggregates_copy(struct pmip_aggregate **to, const struct mag_settings *s);
bool mag_aggregate_is_foreign(const struct mag *g, const struct addr_prefix *p);

/* act.c */
struct pmip_action *mag_act(struct mag *g, enum pmip_action_type type, const struct mag_session *s);
struct pmip_action *mag_act_for(struct mag *g, enum pmip_action_type type); /* about no session */
void mag_publish(struct mag *g, const struct mag_session *s, enum pmip_publish what, uint8_t status);
void mag_forward_set(struct mag *g, struct mag_session *s);
/* Advertise what the session has. */
void mag_access_set(struct mag *g, const struct mag_session *s);
/* The host that stands for the session's link is served no more. */
void mag_access_clear(struct mag *g, const struct mag_session *s);
/* Take forwarding and prefixes away from a host that stays attached. */
void mag_withdraw(struct mag *g, struct mag_session *s);

/* attach.c, acknowledge.c, due.c: events */
void mag_attach(struct mag *g, const struct pmip_event *e);
void mag_acknowledge(struct mag *g, const struct pmip_event *e);
void mag_tick(struct mag *g, const struct pmip_event *e);

/* acknowledge.c: what others share of it */
/* Whether what a message says of an interface is true of the session's. */
bool mag_is_for_interface(const struct mag_session *s, const struct mh_msg *m);
#define MAG_REJECTED_FROM 128 /* statuses */
bool mag_prefix_usable(const struct addr_prefix *p);
bool mag_says_mn_id(const struct mh_msg *m);
struct pmip_mn_id mag_mn_id_of(const struct mh_msg *m);
/* Granted for so long from s->sent_ms on; refreshed in time, or as the anchor advises (0: it does not). */
void mag_extend(struct mag *g, struct mag_session *s, uint32_t lifetime_s, uint64_t advised_ms);
void mag_refresh_within(struct mag *g, struct mag_session *s, uint64_t ms);
uint64_t mag_advised_ms(const struct mh_msg *m);

/* due.c: at once, whenever its next update would be due; not who is refused until it attaches anew. */
void mag_register_again(struct mag *g, struct mag_session *s);

/* leave.c: events, and what they share */
void mag_detach(struct mag *g, const struct pmip_event *e);
void mag_close(struct mag *g, const struct pmip_event *e);
void mag_effect_failed(struct mag *g, const struct pmip_event *e);
/* End a session whose host is gone, at the anchor too. */
void mag_leave(struct mag *g, struct mag_session *s);
/* End one whose host may be there still: it is told that nobody serves it. */
void mag_send_off(struct mag *g, struct mag_session *s);
/* And one that the anchor knows to be over. */
void mag_forget(struct mag *g, struct mag_session *s);
/* Whether the anchor has the session, or may: its answer may be under way, or lost. */
bool mag_known_to_anchor(const struct mag_session *s);
/* Go on with closing all sessions, as far as the list has room. */
void mag_close_some(struct mag *g);

/* router.c: an event */
void mag_link_local_taken(struct mag *g, const struct pmip_event *e);

/* reject.c */
void mag_reject(struct mag *g, struct mag_session *s, const struct mh_msg *m);
/* Its prefixes are another mobile node's by now: whichever the anchor gives will do. */
void mag_register_anew(struct mag *g, struct mag_session *s);
/* An answer that grants nothing of use, whatever its status. */
void mag_hold_for_later(struct mag *g, struct mag_session *s, uint8_t why);
/*
 * An answer to some other update than was sent (RFC 5213 section 6.9.1.2, item 6): the update is not sent again. A
 * registration that stands is left to its lifetime, and mag_deny is the end of that.
 */
void mag_hold_mismatch(struct mag *g, struct mag_session *s);
/* Nothing is sent before the mobile node attaches anew. */
void mag_deny(struct mag *g, struct mag_session *s);
/* Registered again after a while, and so much more. */
void mag_postpone(struct mag *g, struct mag_session *s, uint64_t more_ms);

/* service.c: the place of a name, taken once more; -1 when all are taken. And given back. */
int mag_service_take(struct mag *g, const char *name);
void mag_service_put(struct mag *g, int place);
const char *mag_service_name(const struct mag *g, const struct mag_session *s);
void mag_service_put_option(const struct mag *g, const struct mag_session *s, struct mh_msg *m);
/* Whether a message is of the session's service, or of none. */
bool mag_service_said(const struct mag *g, const struct mag_session *s, const struct mh_msg *m);

/* gre.c: the key of the packets that come for it */
uint32_t mag_gre_key(const struct mag *g, const struct mag_session *s);
void mag_gre_ask(struct mag *g, struct mag_session *s, struct mh_msg *m);
/* What an acceptance says of GRE; false when the session is of no use without. */
bool mag_gre_accept(struct mag *g, struct mag_session *s, const struct mh_msg *m);
/* Packets go as it says from now on; true when that is another way than before. */
bool mag_gre_take(struct mag_session *s, const struct mh_msg *m);
/* The anchor wants a key; true when it can be given one. */
bool mag_gre_need(const struct mag *g, struct mag_session *s);
void mag_gre_forward(const struct mag *g, const struct mag_session *s, struct pmip_action *a);

/* anchor.c: what is known of it; NULL when nothing is, and from get when there is no place for more. */
struct mag_anchor *mag_anchor_find(struct mag *g, const struct addr6 *address);
struct mag_anchor *mag_anchor_get(struct mag *g, const struct addr6 *address);
/* Whether who asked is answered: those that nothing is known of are so at a bounded rate. */
bool mag_anchor_answer(struct mag *g, const struct addr6 *address);
void mag_anchor_changed(struct mag *g, const struct pmip_event *e);
void mag_anchor_dead(struct mag *g, struct mag_anchor *a);

/* sweep.c: begin; false when there are too many under way. */
bool mag_sweep(struct mag *g, const struct mag_sweep *what);
void mag_sweep_stop(struct mag *g, enum mag_sweep_kind kind, const struct addr6 *anchor);
void mag_sweep_due(struct mag *g, uint32_t i);
/* Whether the answer to this request waits for the end of one. */
bool mag_sweep_answers(const struct mag *g, uint64_t request);
/* What is done to each session that a sweep is about. */
#define MAG_SWEEP(NAME, function, paced, what) void function(struct mag *g, struct mag_sweep *w, struct mag_session *s);
#include "sweep.def"
#undef MAG_SWEEP

/* answered.c */
uint64_t mag_request(const struct mag *g, const struct pmip_event *e);
const struct mag_answered *mag_answered_find(const struct mag *g, uint64_t request);
void mag_answered_keep(struct mag *g, uint64_t request, uint8_t status, uint8_t missing);

/* revoked.c and notified.c: the anchor's requests */
void mag_revoked(struct mag *g, const struct pmip_event *e);
void mag_sweep_answer(struct mag *g, const struct mag_sweep *w);
/*
 * The sessions that a message of their anchor names by identifier and prefixes, in turn; `found` gets a bit for each of
 * the prefixes that they have. One that is not accepted yet may have been by now.
 */
struct mag_session *mag_session_named(const struct mag *g, const struct pmip_event *e, const struct mag_session *s,
				      uint8_t *found);
void mag_notified(struct mag *g, const struct pmip_event *e);

/* revoke.c: this gateway's */
void mag_revoke(struct mag *g, const struct pmip_event *e);
void mag_revocation_due(struct mag *g, struct mag_anchor *a);
void mag_revocation_answered(struct mag *g, const struct pmip_event *e);
void mag_binding_error(struct mag *g, const struct pmip_event *e);

/* bulk.c: groups in updates and acknowledgements */
void mag_bulk_ask(const struct mag *g, const struct mag_session *s, struct mh_msg *m);
bool mag_bulk_well_formed(const struct mh_msg *m);
void mag_bulk_take(const struct mag *g, struct mag_session *s, const struct mh_msg *m);
/* True when its group was extended since, and so it is. */
bool mag_bulk_extended(struct mag *g, struct mag_session *s);
/* True when the session's group is extended, or is about to be: there is no update of its own. */
bool mag_bulk_refresh(struct mag *g, struct mag_session *s);
/* True when this acknowledges the update of a group. */
bool mag_bulk_acknowledge(struct mag *g, const struct pmip_event *e);
void mag_bulk_due(struct mag *g, struct mag_group *b);
void mag_bulk_forget(struct mag *g, const struct addr6 *anchor);
