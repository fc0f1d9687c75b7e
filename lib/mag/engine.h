/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of the gateway's engine share. attach.c, leave.c and due.c begin exchanges, update.c writes their
 * updates, acknowledge.c and reject.c take the answers, router.c chooses link-local addresses, act.c says what follows
 * for forwarding and access, session.c keeps the binding update list.
 */
#include "base/deadline.h"
#include "base/index.h"
#include "mag/mag.h"
#include "pmip/order.h"

#define MAG_SESSIONS_MAX    (1u << 24)
#define MAG_SESSION_ACTIONS 6	   /* the most that one deadline or one closing adds to a list */
#define MAG_LIFETIME_MIN_S  4	   /* one unit */
#define MAG_LIFETIME_MAX_S  262140 /* 65535 units of 4 s */

/* A binding update list entry (RFC 5213 section 6.1). Its index is its id in every table. */
struct mag_session {
	enum mag_state state;
	struct pmip_mn_id mn_id;
	struct pmip_link link;
	struct addr6 lma;
	struct addr6 link_local; /* as the anchor gave it, or as chosen here; zero: as configured */
	uint8_t choices;	 /* made here, each because the mobile node had the address before */

	bool attached;	 /* link.host is there and will tell when it leaves */
	bool forwarding; /* forwarding is set; prefix[] is what it was set with */
	uint8_t indexed; /* so many of prefix[] are in by_prefix */
	bool registered; /* the anchor has accepted the session, and may still have it */
	bool barred;	 /* none but an administrative action may end its being held */

	/* The exchange under way, or the last one. */
	uint8_t handoff;   /* as sent: answers repeat it */
	uint16_t sequence; /* of the last update */
	uint64_t stamp;	   /* its timestamp, 0: none */
	bool outstanding;  /* that update has no answer yet */
	bool by_sequence;  /* the anchor orders updates by number: count for this session alone */
	bool renumbered;   /* once in this exchange */
	bool mistaken;	   /* its answer was to some other update: it is not sent again */
	bool hastened;	   /* the same of a repetition before its time */
	bool moved;	   /* the exchange follows the mobile node to another link of this gateway */
	bool displaced;	   /* its prefix went to another mobile node, and it was not refreshed since */
	uint32_t tries;	   /* updates sent */
	uint64_t timeout_ms;
	uint64_t sent_ms;    /* of the last update */
	uint8_t status;	     /* of the last answer */
	uint32_t rejections; /* in a row */

	uint32_t lifetime_s; /* as granted */
	uint64_t opened_ms, expires_ms;
	uint8_t prefix_count; /* 0: whichever the anchor gives */
	struct addr_prefix prefix[MH_HNP_MAX];
};

struct mag {
	struct mag_settings s;
	struct mag_session *session;
	struct index_pool ids;
	struct index_map by_mn_id;
	struct index_map by_host;     /* those attached */
	struct index_map by_sequence; /* those with an update outstanding */
	struct index_map by_prefix;   /* those forwarded: prefix i of a session has id index * MH_HNP_MAX + i */
	struct deadline_queue due;    /* the next retransmission, refresh, retry or end */
	struct deadline_queue absent; /* barred sessions without a host, oldest first: they make room */
	uint16_t sequence;	      /* of all updates that carry a timestamp (RFC 5213 section 6.9.1.1, item 6); the
					 latest of all others, for new sessions to begin behind */
	uint64_t stamp;		      /* the last timestamp */
	uint64_t jitter;	      /* state of the generator; 0: none */
	bool closing;		      /* all sessions, until none is left */
	uint32_t close_at;	      /* the next to be closed */
	uint64_t transitions[MAG_STATE_COUNT][MAG_STATE_COUNT]; /* taken, from and to */
	uint64_t transitions_refused;
	struct stat_block stat;
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
/* A new entry of a mobile node, FREE yet; the longest barred one that is not attached makes room. NULL when full. */
struct mag_session *mag_session_add(struct mag *g, const struct pmip_mn_id *id);
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

/* update.c: the Proxy Binding Update (RFC 5213 section 6.9.1.5) and its repetition (section 6.9.4). */
/* Begin an exchange in this state with this handoff indicator: its first update, and the wait for the answer. */
void mag_exchange(struct mag *g, struct mag_session *s, enum mag_state state, uint8_t handoff);
/* The indicator for registering anew what was refused: as the mobile node attached, where that is still known. */
uint8_t mag_handoff_again(const struct mag_session *s);
/* Send the update of the exchange once more. */
void mag_repeat(struct mag *g, struct mag_session *s);
/* Up to `most` milliseconds, by chance. */
uint64_t mag_jitter(struct mag *g, uint64_t most);

/* act.c */
struct pmip_action *mag_act(struct mag *g, enum pmip_action_type type, const struct mag_session *s);
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

/* leave.c: events, and what they share */
void mag_detach(struct mag *g, const struct pmip_event *e);
void mag_close(struct mag *g, const struct pmip_event *e);
void mag_effect_failed(struct mag *g, const struct pmip_event *e);
/* End a session whose host is gone, at the anchor too. */
void mag_leave(struct mag *g, struct mag_session *s);
/* Go on with closing all sessions, as far as the list has room. */
void mag_close_some(struct mag *g);

/* router.c: an event */
void mag_link_local_taken(struct mag *g, const struct pmip_event *e);

/* reject.c */
void mag_reject(struct mag *g, struct mag_session *s, const struct mh_msg *m);
/* Its prefixes are another mobile node's by now: whichever the anchor gives will do. */
void mag_register_anew(struct mag *g, struct mag_session *s);
/* An answer that grants nothing, whatever its status. */
void mag_hold_for_later(struct mag *g, struct mag_session *s);
/*
 * An answer to some other update than was sent (RFC 5213 section 6.9.1.2, item 6): the update is not sent again. A
 * registration that stands is left to its lifetime, and mag_deny is the end of that.
 */
void mag_hold_mismatch(struct mag *g, struct mag_session *s);
/* Nothing is sent before the mobile node attaches anew. */
void mag_deny(struct mag *g, struct mag_session *s);
