/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Heartbeats (RFC 5847): whether the nodes that this one has sessions with are there, and whether they lost their
 * sessions. An engine of its own, beside those of anchor and gateway.
 *
 *	pmip_heartbeat_want(h, &local, &peer, true);	the first session with it is there; false: the last is gone
 *	pmip_heartbeat_step(h, &event, &out);		TICK, MESSAGE; the actions are SEND and PEER
 *	sleep until pmip_heartbeat_due(h)
 *
 * A request goes to each peer with sessions each heartbeat_interval_ms, up to an eighth of it earlier so that peers do
 * not beat together; the first within HEARTBEAT_FIRST_MS. Requests of others are answered whoever they are, in
 * each case heartbeat_rate_per_s at most. A peer that leaves more than heartbeats_missed_max in a row without an answer
 * has failed, and is asked on. A peer whose restart counter in an answer is not that of the answer before has
 *restarted. An unsolicited answer is not believed, since anyone can send one: it is a reason to ask at once.
 *
 * A peer that answers a request with a Binding Error of status 2 knows no heartbeats: it is not asked again, and
 *nothing is concluded. Such an error names no message, so it is about another one where heartbeats came from the peer,
 *before or since.
 *
 * Memory is bounded by settings, and allocated by new alone. Not thread safe.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "pmip/event.h"
#include "pmip/settings.h"

#define PMIP_HEARTBEAT_FIRST_MS 5000

struct pmip_heartbeat_settings {
	struct pmip_timers timers;
	uint32_t peers_max;	  /* with sessions, or remembered from when they had some */
	uint32_t restart_counter; /* another after each start that lost sessions (RFC 5847 section 3.2) */
	struct hash_secret secret;
};

enum pmip_heartbeat_state {
	PMIP_HEARTBEAT_UNKNOWN, /* nothing was answered yet */
	PMIP_HEARTBEAT_UP,
	PMIP_HEARTBEAT_FAILED,
	PMIP_HEARTBEAT_UNSUPPORTED, /* it has no heartbeats */
};

struct pmip_heartbeat_view {
	struct addr6 local, peer;
	bool wanted; /* it has sessions */
	enum pmip_heartbeat_state state;
	uint64_t since_ms; /* of the state, mono */
	uint32_t rtt_ms;   /* of the last answer to the last request; 0 with none */
	uint32_t missed;   /* in a row, now */
	bool counter_known;
	uint32_t counter; /* its restart counter */
	uint64_t sent, answered, failures, restarts;
};

struct pmip_heartbeat;

/* NULL: no memory, or no peers. */
struct pmip_heartbeat *pmip_heartbeat_new(const struct pmip_heartbeat_settings *s);
void pmip_heartbeat_free(struct pmip_heartbeat *h);
void pmip_heartbeat_set_timers(struct pmip_heartbeat *h, const struct pmip_timers *t);

/* Heartbeats from local to peer, or none any more; 0, or -ENOSPC: peers_max have sessions. */
int pmip_heartbeat_want(struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer, bool want);

/* Tell a peer from before a restart that sessions were lost, by an unsolicited answer (section 3.2). As want. */
int pmip_heartbeat_announce(struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer);

void pmip_heartbeat_step(struct pmip_heartbeat *h, const struct pmip_event *e, struct pmip_actions *out);
/* When it is to be stepped with a tick, mono milliseconds; UINT64_MAX: not at all. */
uint64_t pmip_heartbeat_due(const struct pmip_heartbeat *h);

/* False: nothing is remembered of these two. */
bool pmip_heartbeat_find(const struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer,
			 struct pmip_heartbeat_view *out);
/* Peer number *at or the next one that is remembered, with *at behind it; false behind the last. */
bool pmip_heartbeat_next(const struct pmip_heartbeat *h, uint32_t *at, struct pmip_heartbeat_view *out);
const struct stat_block *pmip_heartbeat_stat(const struct pmip_heartbeat *h);
const char *pmip_heartbeat_state_name(enum pmip_heartbeat_state s);
