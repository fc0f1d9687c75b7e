/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmip/heartbeat.h"

#include <errno.h>
#include <stdlib.h>

#include "base/deadline.h"
#include "base/index.h"
#include "base/pace.h"
#include "base/rate.h"

#define ACTIONS_A_BEAT 2 /* a request, and that the peer failed */
#define JITTER_PART    8 /* of an interval */
#define FIRST_SEQUENCE 0 /* what hash_of makes of a beat */
#define REASK_MS       1000

struct beat {
	struct addr6 local, peer;
	enum pmip_heartbeat_state state;
	bool wanted;
	bool begun;	  /* its first request has a time */
	bool announce;	  /* an unsolicited answer is to be sent */
	bool outstanding; /* the last request has no answer */
	bool speaks;	  /* heartbeats came from it */
	bool counter_known;
	uint32_t counter;
	uint32_t sequence; /* of the last request */
	uint32_t missed;
	uint32_t rtt_ms;
	uint64_t sent_ms, since_ms, heard_ms;
	uint64_t sent, answered, failures, restarts;
};

struct pmip_heartbeat {
	struct pmip_heartbeat_settings s;
	struct beat *beat;
	struct index_pool ids;
	struct index_map by_pair;
	struct deadline_queue due;  /* of those that are wanted or announced to */
	struct deadline_queue idle; /* of the others, in the order of their last use */
	uint64_t uses;
	struct pace pace;
	uint64_t paced_ms;		/* nothing is sent before */
	struct rate answers, strangers; /* to peers with sessions, and to anyone else */
	struct stat_block stat;
};

struct pmip_heartbeat *
pmip_heartbeat_new(const struct pmip_heartbeat_settings *s)
{
	struct pmip_heartbeat *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->s = *s;
	h->beat = calloc(s->peers_max, sizeof(*h->beat));
	if (s->peers_max > 0 && h->beat != NULL && index_pool_init(&h->ids, s->peers_max) == 0 &&
	    index_map_init(&h->by_pair, s->peers_max) == 0 && deadline_init(&h->due, s->peers_max) == 0 &&
	    deadline_init(&h->idle, s->peers_max) == 0)
		return h;
	pmip_heartbeat_free(h);
	return NULL;
}

void
pmip_heartbeat_free(struct pmip_heartbeat *h)
{
	if (h == NULL)
		return;
	deadline_fini(&h->idle);
	deadline_fini(&h->due);
	index_map_fini(&h->by_pair);
	index_pool_fini(&h->ids);
	free(h->beat);
	free(h);
}

static uint64_t
hash_of(const struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer, uint32_t sequence)
{
	uint8_t bytes[2 * sizeof(*local) + sizeof(sequence)];

	memcpy(bytes, local, sizeof(*local));
	memcpy(bytes + sizeof(*local), peer, sizeof(*peer));
	memcpy(bytes + 2 * sizeof(*local), &sequence, sizeof(sequence));
	return hash_bytes(&h->s.secret, bytes, sizeof(bytes));
}

static uint32_t
find(const struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer)
{
	uint64_t hash = hash_of(h, local, peer, FIRST_SEQUENCE);
	uint32_t id;

	for (id = index_map_first(&h->by_pair, hash); id != INDEX_NONE; id = index_map_next(&h->by_pair, id))
		if (addr6_equal(&h->beat[id].peer, peer) && addr6_equal(&h->beat[id].local, local))
			break;
	return id;
}

/* The one that was of no use for longest makes room for another. */
static uint32_t
take_id(struct pmip_heartbeat *h)
{
	uint32_t id = index_pool_take(&h->ids);

	if (id != INDEX_NONE)
		return id;
	id = deadline_pop(&h->idle, UINT64_MAX);
	if (id == DEADLINE_NONE)
		return INDEX_NONE;
	index_map_del(&h->by_pair, id);
	return id;
}

static uint32_t
find_or_add(struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer)
{
	uint64_t hash = hash_of(h, local, peer, FIRST_SEQUENCE);
	uint32_t id = find(h, local, peer);

	if (id != INDEX_NONE)
		return id;
	id = take_id(h);
	if (id == INDEX_NONE)
		return INDEX_NONE;
	/* From anywhere on, so that nobody off the path can answer in the peer's place. */
	h->beat[id] = (struct beat){.local = *local, .peer = *peer, .sequence = (uint32_t)(hash >> 32)};
	index_map_add(&h->by_pair, id, hash);
	return id;
}

static bool
asks(const struct pmip_heartbeat *h, const struct beat *b)
{
	return b->wanted && b->state != PMIP_HEARTBEAT_UNSUPPORTED && h->s.timers.heartbeat_interval_ms > 0;
}

/* In one of the two queues, by what is to be done for it. */
static void
queue(struct pmip_heartbeat *h, uint32_t id, uint64_t due_ms)
{
	const struct beat *b = &h->beat[id];

	deadline_set(&h->due, id, b->announce ? 0 : asks(h, b) ? due_ms : DEADLINE_NEVER);
	deadline_set(&h->idle, id, b->wanted || b->announce ? DEADLINE_NEVER : h->uses++);
}

void
pmip_heartbeat_set_timers(struct pmip_heartbeat *h, const struct pmip_timers *t)
{
	bool changed = t->heartbeat_interval_ms != h->s.timers.heartbeat_interval_ms;

	h->s.timers = *t;
	for (uint32_t id = 0; changed && id < h->s.peers_max; id++)
		if (index_pool_is_taken(&h->ids, id) && h->beat[id].wanted)
			queue(h, id, 0);
}

/*
 * The peer's counter counts among its sessions of now alone: that it restarted before they were made is none of
 * theirs.
 */
static void
begin(struct beat *b)
{
	b->wanted = true;
	b->counter_known = b->outstanding = false;
	b->begun = false;
	b->missed = 0;
	if (b->state != PMIP_HEARTBEAT_UNSUPPORTED)
		b->state = PMIP_HEARTBEAT_UNKNOWN;
}

int
pmip_heartbeat_want(struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer, bool want)
{
	uint32_t id = want ? find_or_add(h, local, peer) : find(h, local, peer);

	if (id == INDEX_NONE)
		return want ? -ENOSPC : 0;
	if (h->beat[id].wanted == want)
		return 0;
	if (want)
		begin(&h->beat[id]);
	h->beat[id].wanted = want;
	queue(h, id, 0);
	return 0;
}

int
pmip_heartbeat_announce(struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer)
{
	uint32_t id = find_or_add(h, local, peer);

	if (id == INDEX_NONE)
		return -ENOSPC;
	h->beat[id].announce = true;
	queue(h, id, 0);
	return 0;
}

static void
send(struct pmip_heartbeat *h, const struct addr6 *from, const struct addr6 *to, uint16_t flags, uint32_t sequence,
     struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_SEND, PMIP_SESSION_NONE);

	if (a == NULL)
		return;
	a->send.src = *from;
	a->send.dst = *to;
	a->send.msg.type = MH_HEARTBEAT;
	a->send.msg.heartbeat.flags = flags;
	a->send.msg.heartbeat.sequence = sequence;
	if (flags & MH_HEARTBEAT_R) {
		mh_set(&a->send.msg, MH_OPT_RESTART_COUNTER);
		a->send.msg.opt.restart_counter.counter = h->s.restart_counter;
	}
}

static void
tell(const struct beat *b, enum pmip_peer_change change, uint64_t since_ms, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_PEER, PMIP_SESSION_NONE);

	if (a == NULL)
		return;
	a->peer.local = b->local;
	a->peer.peer = b->peer;
	a->peer.change = change;
	a->peer.since_ms = since_ms;
}

static void
turn(struct beat *b, enum pmip_heartbeat_state state, uint64_t now_ms)
{
	if (b->state == state)
		return;
	b->state = state;
	b->since_ms = now_ms;
}

/* Section 3.1: before the next request is sent. */
static void
count_missed(struct pmip_heartbeat *h, struct beat *b, uint64_t now_ms, struct pmip_actions *out)
{
	if (!b->outstanding)
		return;
	h->stat.counter[STAT_HEARTBEAT_MISSED]++;
	b->missed++;
	if (b->missed <= h->s.timers.heartbeats_missed_max || b->state == PMIP_HEARTBEAT_FAILED)
		return;
	turn(b, PMIP_HEARTBEAT_FAILED, now_ms);
	b->failures++;
	h->stat.counter[STAT_PEERS_FAILED]++;
	tell(b, PMIP_PEER_FAILED, now_ms, out);
}

static void
ask(struct pmip_heartbeat *h, struct beat *b, uint64_t now_ms, struct pmip_actions *out)
{
	count_missed(h, b, now_ms, out);
	b->sequence++;
	b->sent++;
	b->sent_ms = now_ms;
	b->outstanding = true;
	h->stat.counter[STAT_HEARTBEAT_TX]++;
	send(h, &b->local, &b->peer, 0, b->sequence, out);
}

static uint64_t
next_ms(const struct pmip_heartbeat *h, const struct beat *b, uint64_t now_ms)
{
	uint32_t interval = h->s.timers.heartbeat_interval_ms;

	return now_ms + interval - hash_of(h, &b->local, &b->peer, b->sequence) % (interval / JITTER_PART + 1);
}

/* One that begins now waits a moment of its own first: sessions come many at once. */
static uint64_t
first_ms(const struct pmip_heartbeat *h, struct beat *b, uint64_t now_ms)
{
	uint32_t interval = h->s.timers.heartbeat_interval_ms;
	uint32_t most = interval < PMIP_HEARTBEAT_FIRST_MS ? interval : PMIP_HEARTBEAT_FIRST_MS;

	b->begun = true;
	b->since_ms = now_ms;
	return now_ms + hash_of(h, &b->local, &b->peer, b->sequence) % most;
}

static void
beat_due(struct pmip_heartbeat *h, uint32_t id, uint64_t now_ms, struct pmip_actions *out)
{
	struct beat *b = &h->beat[id];

	if (b->announce) {
		b->announce = false;
		send(h, &b->local, &b->peer, MH_HEARTBEAT_U | MH_HEARTBEAT_R, 0, out);
		queue(h, id, 0);
	} else if (!b->begun) {
		queue(h, id, first_ms(h, b, now_ms));
	} else {
		ask(h, b, now_ms, out);
		queue(h, id, next_ms(h, b, now_ms));
	}
}

static void
tick(struct pmip_heartbeat *h, uint64_t now_ms, struct pmip_actions *out)
{
	uint32_t per_s = h->s.timers.heartbeat_rate_per_s;

	h->paced_ms = 0;
	while (out->count + ACTIONS_A_BEAT <= PMIP_ACTIONS_MAX && deadline_next(&h->due) <= now_ms) {
		if (!pace_take(&h->pace, now_ms, per_s)) {
			h->paced_ms = pace_due(&h->pace, now_ms, per_s);
			return;
		}
		beat_due(h, deadline_pop(&h->due, now_ms), now_ms, out);
	}
	out->more = deadline_next(&h->due) <= now_ms;
}

static void
answer(struct pmip_heartbeat *h, struct rate *rate, const struct pmip_event *e, struct pmip_actions *out)
{
	if (!rate_take(rate, e->now.mono_ms, h->s.timers.heartbeat_rate_per_s)) {
		h->stat.counter[STAT_HEARTBEAT_UNANSWERED]++;
		return;
	}
	h->stat.counter[STAT_HEARTBEAT_ANSWERED]++;
	send(h, &e->message.dst, &e->message.src, MH_HEARTBEAT_R, e->message.msg->heartbeat.sequence, out);
}

/* Heartbeats come from it: an error that said that it knows none was about another message. */
static void
speaks(struct pmip_heartbeat *h, uint32_t id, uint64_t now_ms)
{
	struct beat *b = &h->beat[id];

	b->speaks = true;
	if (b->state != PMIP_HEARTBEAT_UNSUPPORTED)
		return;
	turn(b, PMIP_HEARTBEAT_UNKNOWN, now_ms);
	queue(h, id, next_ms(h, b, now_ms));
}

/* What a peer that answers again is to the engines; its sessions went where its counter says so (section 3.2). */
static void
heard(struct pmip_heartbeat *h, struct beat *b, const struct mh_msg *m, uint64_t now_ms, struct pmip_actions *out)
{
	bool failed = b->state == PMIP_HEARTBEAT_FAILED, has = mh_has(m, MH_OPT_RESTART_COUNTER);
	bool restarted = has && b->counter_known && b->counter != m->opt.restart_counter.counter;

	if (has) {
		b->counter_known = true;
		b->counter = m->opt.restart_counter.counter;
	}
	turn(b, PMIP_HEARTBEAT_UP, now_ms);
	if (restarted) {
		b->restarts++;
		h->stat.counter[STAT_PEERS_RESTARTED]++;
	}
	/* When it restarted is not known: what it said since it was last heard, it may have said afterwards. */
	if (restarted || failed)
		tell(b, restarted ? PMIP_PEER_RESTARTED : PMIP_PEER_RETURNED, restarted ? b->heard_ms : now_ms, out);
	b->heard_ms = now_ms;
}

/* An answer to the last request, or to one of those that had none since. */
static void
answered(struct pmip_heartbeat *h, uint32_t id, const struct pmip_event *e, struct pmip_actions *out)
{
	const struct mh_msg *m = e->message.msg;
	struct beat *b = &h->beat[id];
	uint32_t behind = b->sequence - m->heartbeat.sequence;

	if (!b->outstanding || behind > b->missed) {
		h->stat.counter[STAT_HEARTBEAT_IGNORED]++;
		return;
	}
	speaks(h, id, e->now.mono_ms);
	h->stat.counter[STAT_HEARTBEAT_ANSWER_RX]++;
	b->answered++;
	b->missed = 0;
	if (behind == 0) {
		b->outstanding = false;
		b->rtt_ms = (uint32_t)(e->now.mono_ms - b->sent_ms);
	}
	heard(h, b, m, e->now.mono_ms, out);
}

/* A peer says of itself that it restarted: the answer to a request will show it. */
static void
announced(struct pmip_heartbeat *h, uint32_t id, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	const struct beat *b = &h->beat[id];
	uint64_t soonest = b->sent_ms + REASK_MS;

	if (!asks(h, b) || !mh_has(m, MH_OPT_RESTART_COUNTER) ||
	    (b->counter_known && b->counter == m->opt.restart_counter.counter)) {
		h->stat.counter[STAT_HEARTBEAT_IGNORED]++;
		return;
	}
	if (soonest < e->now.mono_ms)
		soonest = e->now.mono_ms;
	if (deadline_of(&h->due, id) > soonest)
		queue(h, id, soonest);
}

static void
receive(struct pmip_heartbeat *h, const struct pmip_event *e, struct pmip_actions *out)
{
	const struct mh_msg *m = e->message.msg;
	uint32_t id = find(h, &e->message.dst, &e->message.src);
	bool known = id != INDEX_NONE && h->beat[id].wanted;

	if (m->type == MH_HEARTBEAT && !(m->heartbeat.flags & MH_HEARTBEAT_R)) {
		if (id != INDEX_NONE)
			speaks(h, id, e->now.mono_ms);
		answer(h, known ? &h->answers : &h->strangers, e, out);
	} else if (m->type == MH_HEARTBEAT && !known)
		h->stat.counter[STAT_HEARTBEAT_IGNORED]++;
	else if (m->type == MH_HEARTBEAT && m->heartbeat.flags & MH_HEARTBEAT_U)
		announced(h, id, e);
	else if (m->type == MH_HEARTBEAT)
		answered(h, id, e, out);
	else if (m->type == MH_BE && m->be.status == MH_BE_UNKNOWN_TYPE && known && h->beat[id].outstanding &&
		 !h->beat[id].speaks) {
		turn(&h->beat[id], PMIP_HEARTBEAT_UNSUPPORTED, e->now.mono_ms);
		queue(h, id, DEADLINE_NEVER);
	}
}

void
pmip_heartbeat_step(struct pmip_heartbeat *h, const struct pmip_event *e, struct pmip_actions *out)
{
	if (e->type == PMIP_EV_TICK)
		tick(h, e->now.mono_ms, out);
	else if (e->type == PMIP_EV_MESSAGE)
		receive(h, e, out);
}

uint64_t
pmip_heartbeat_due(const struct pmip_heartbeat *h)
{
	uint64_t due = deadline_next(&h->due);

	return due < h->paced_ms ? h->paced_ms : due;
}

static struct pmip_heartbeat_view
view_of(const struct beat *b)
{
	return (struct pmip_heartbeat_view){
		.local = b->local,
		.peer = b->peer,
		.wanted = b->wanted,
		.state = b->state,
		.since_ms = b->since_ms,
		.rtt_ms = b->rtt_ms,
		.missed = b->missed,
		.counter_known = b->counter_known,
		.counter = b->counter,
		.sent = b->sent,
		.answered = b->answered,
		.failures = b->failures,
		.restarts = b->restarts,
	};
}

bool
pmip_heartbeat_find(const struct pmip_heartbeat *h, const struct addr6 *local, const struct addr6 *peer,
		    struct pmip_heartbeat_view *out)
{
	uint32_t id = find(h, local, peer);

	if (id != INDEX_NONE)
		*out = view_of(&h->beat[id]);
	return id != INDEX_NONE;
}

bool
pmip_heartbeat_next(const struct pmip_heartbeat *h, uint32_t *at, struct pmip_heartbeat_view *out)
{
	while (*at < h->s.peers_max && !index_pool_is_taken(&h->ids, *at))
		(*at)++;
	if (*at >= h->s.peers_max)
		return false;
	*out = view_of(&h->beat[(*at)++]);
	return true;
}

const struct stat_block *
pmip_heartbeat_stat(const struct pmip_heartbeat *h)
{
	return &h->stat;
}

const char *
pmip_heartbeat_state_name(enum pmip_heartbeat_state s)
{
	static const char *const names[] = {
		[PMIP_HEARTBEAT_UNKNOWN] = "unknown",
		[PMIP_HEARTBEAT_UP] = "up",
		[PMIP_HEARTBEAT_FAILED] = "failed",
		[PMIP_HEARTBEAT_UNSUPPORTED] = "unsupported",
	};

	return (unsigned int)s < sizeof(names) / sizeof(names[0]) ? names[s] : "unknown";
}
