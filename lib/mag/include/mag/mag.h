/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The mobile access gateway's engine (RFC 5213 section 6): the binding update list, registration, refresh,
 * de-registration, and what anchors say besides (RFC 5846, RFC 7077). Pure: it sees no socket, no clock, no log and,
 * but in mag_new and mag_change_new, no allocator.
 *
 *	struct mag *g = mag_new(&settings);
 *	mag_step(g, &attach, &actions);		a PBU to send
 *	mag_step(g, &message, &actions);	forwarding and advertisement to set
 *
 * One owner (the control lcore) calls all of these.
 */
#include <stdint.h>

#include "pmip/event.h"
#include "pmip/settings.h"

#define MAG_TEMPORAL_MAX      4
#define MAG_AGGREGATE_LEN_MIN 48
#define MAG_AGGREGATE_LEN_MAX 63

struct mag;

struct mag_settings {
	struct addr6 address;	 /* Proxy-CoA */
	struct addr6 lma;	 /* anchor where the profile names none */
	struct addr6 link_local; /* FixedMAGLinkLocalAddressOnAllAccessLinks: RFC 6543's, or zero to ask the anchor for
				    one */
	uint32_t sessions_max;	 /* 1..2^24 */
	uint32_t lifetime_s;	 /* asked for; 4..262140 */
	bool timestamps;	 /* put a Timestamp option into updates */
	bool bulk;		 /* have sessions extended many at once (RFC 6602) */
	struct pmip_multihoming multihoming;
	struct addr_prefix aggregate; /* that temporal prefixes are cut from, 48 to 63 bits; of 0 bits: that which the
					 anchor `lma` has for this gateway, when it has an id to ask by (RFC 7148) */
	unsigned int aggregate_count; /* 0..PMIP_AGGREGATES_MAX */
	const struct pmip_aggregate *aggregates; /* of gateways that are known from the beginning; may have its own */
	unsigned int temporal_prefixes;		 /* of a session: 0..MAG_TEMPORAL_MAX */
	bool logical_interface; /* nothing but the mobile node's logical interface has prefixes: none are cut */
	bool keep_dead;		/* sessions of an anchor that answers no heartbeats stay as long as they were granted */
	struct pmip_mn_id id;	/* this gateway's, in revocations (RFC 5846 section 9.2); empty: it sends none, and
				   asks for no aggregate */
	unsigned int peer_count;
	const struct pmip_peer_settings *peers; /* anchors that something is to be known of */
	struct pmip_timers timers;
	struct hash_secret secret;
	uint64_t jitter_seed;	 /* 0: refreshes and retries come at their exact times */
	uint16_t first_sequence; /* updates are numbered from the next on: by chance, lest a late answer to an update of
				    the time before a restart has the number of a new one */
};

/* States of a binding update list entry. */
enum mag_state {
#define MAG_STATE(name, text, help, next) MAG_##name,
#include "mag/state.def"
#undef MAG_STATE
	MAG_STATE_COUNT
};

/* A binding update list entry as it may be shown (RFC 5213 section 6.1). Points into the engine until its next step. */
struct mag_view {
	uint32_t session;
	enum mag_state state;
	const struct pmip_mn_id *mn_id;
	struct pmip_link link;
	struct addr6 lma;
	struct addr6 link_local;
	uint16_t sequence;   /* of the last update */
	uint8_t status;	     /* of the last acknowledgement */
	uint32_t lifetime_s; /* as granted */
	uint64_t expires_ms; /* mono */
	uint64_t opened_ms;  /* mono */
	uint32_t tries;	     /* of the exchange that is under way */
	const char *service; /* "": none */
	uint32_t group;	     /* RFC 6602; 0: none */
	bool gre, gre_keyed; /* its packets are in GRE; with these keys */
	uint32_t key_in, key_out;
	uint8_t prefix_count; /* lifetime, times, group, keys and prefixes are there while traffic is forwarded */
	uint8_t off_link;     /* a bit for each prefix that is not advertised here (RFC 7864) */
	uint8_t temporal;     /* for each that was cut from an aggregate, this gateway's or one that it knows of */
	uint8_t idle;	      /* and for each whose traffic goes to another session of the mobile node */
	const struct addr_prefix *prefix;
};

/* NULL when memory is short or a setting is out of its range. */
struct mag *mag_new(const struct mag_settings *s);
void mag_free(struct mag *g);

/*
 * Other settings while the engine runs: the anchor of those whose profile names none, the lifetime, timestamps, timers,
 * what mobile nodes with several interfaces may do, and the aggregate, which counts for sessions that open. They count
 * from the next update on, and so does what is known of peers. Made, checked and applied as a struct lma_change.
 */
struct mag_change;

/* NULL as mag_new, and where two peers have one prefix. */
struct mag_change *mag_change_new(const struct mag_settings *s);
void mag_change_free(struct mag_change *c);
/* 0, or -EINVAL: another address or number of sessions. */
int mag_change_check(const struct mag_change *c, const struct mag *g);
void mag_change_apply(struct mag *g, struct mag_change *c);

/*
 * One event in, its actions out; *out is cleared by the caller. PMIP_EV_CLOSE of all sessions refuses attachments until
 * none is left. A host that stays attached while the anchor refuses it gets an ACCESS_SET without prefixes and
 * lifetime; ACCESS_CLEAR says that its session is over.
 *
 * PMIP_EV_PEER of an anchor: the sessions of one that failed end after the timers' peer_grace_ms, or stay (keep_dead);
 * one that returned or restarted is asked for them again, peer_rate_per_s of them a second. PMIP_EV_REVOKE tells an
 * anchor by one message that all of its sessions are over where it may (RFC 5846 section 9.2), and ends each by its
 * de-registration else. PMIP_EV_NOTIFY is for anchors alone.
 *
 * PMIP_EV_MOVE asks the anchor for prefixes of another session of the mobile node, which has to know: the session gets
 * them by the anchor's answer (PREFIXES_MOVED), or stays as it was (MOVE_REFUSED). PMIP_EV_ATTACH with prefixes does
 * the same for a new session; where they do not come, it gets whichever the anchor gives.
 */
void mag_step(struct mag *g, const struct pmip_event *e, struct pmip_actions *out);
/*
 * Of a PMIP_EV_MOVE, and of a PMIP_EV_ATTACH with prefixes, whether something will come of it: 0, -ENOENT (no such
 * session of that node), -EEXIST (it has the prefix), -ENOSPC (it has too many), -EOPNOTSUPP (by the settings),
 * -EBUSY (it is not registered, or something of it is under way) or -EINVAL (no prefixes, or such as can be none).
 */
int mag_move_check(const struct mag *g, const struct pmip_event *e);
/*
 * Of a PMIP_EV_CUT, which the session's next update, at once, says to the anchor: 0, -ENOENT (no such session of that
 * node), -EOPNOTSUPP (this gateway cuts none for it), -EBUSY (it is not registered, or something of it is under way),
 * -ENOSPC (it has too many, or the aggregate has not as many left) or -EINVAL (none). It gets those that the anchor
 * knows of nobody else's.
 */
int mag_cut_check(const struct mag *g, const struct pmip_event *e);
/* When it next wants a PMIP_EV_TICK (mono milliseconds), UINT64_MAX if never. */
uint64_t mag_due(const struct mag *g);

bool mag_next(const struct mag *g, uint32_t from, struct mag_view *out);
bool mag_find(const struct mag *g, uint32_t session, struct mag_view *out);
/* The sessions of a mobile node in turn: the one behind `after`, the first with PMIP_SESSION_NONE; false when none. */
bool mag_next_of(const struct mag *g, const struct pmip_mn_id *id, uint32_t after, struct mag_view *out);
uint32_t mag_session_count(const struct mag *g);
/* What it was told of a node, by the longest prefix; NULL: nothing. */
const struct pmip_peer_settings *mag_peer(const struct mag *g, const struct addr6 *a);
const char *mag_state_name(enum mag_state s);

/* How often a session went from one state to the other; the same state twice is a new exchange. */
uint64_t mag_transitions(const struct mag *g, enum mag_state from, enum mag_state to);
/* Changes of state that the table of states refused: a mistake in the engine if there are any. */
uint64_t mag_transitions_refused(const struct mag *g);

/* The engine's counters; it alone writes them. */
const struct stat_block *mag_stat(const struct mag *g);

/* An aggregate that this gateway knows of (draft-park-multihoming-ext-pmipv6-2level-prefix section 3). */
enum mag_aggregate_state {
	MAG_AGGREGATE_USED,    /* own: prefixes are cut from it */
	MAG_AGGREGATE_ASKED,   /* own: the anchor has not answered yet */
	MAG_AGGREGATE_REFUSED, /* own: it leaves none to this gateway */
	MAG_AGGREGATE_KNOWN,   /* another's */
};
struct mag_aggregate_view {
	struct pmip_aggregate is; /* of 0 bits: there is none yet; gateway zero: not known whose */
	enum mag_aggregate_state state;
	bool own;
	bool told;	    /* by the anchor, not by the settings */
	uint64_t until_ms;  /* mono, where told; 0: never was */
	uint32_t cut, room; /* own: prefixes of sessions, and how many there may be */
};
/* As of the last step, one after the other, *at being 0 at first: own first; false past the last. */
bool mag_next_aggregate(const struct mag *g, unsigned int *at, struct mag_aggregate_view *out);
