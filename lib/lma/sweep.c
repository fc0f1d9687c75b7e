/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is about all sessions of a gateway, or about all there are: a walk over the session table, a slice at a step.
 * Walks that send go no faster than peer_rate_per_s. A session that its gateway updated since what the walk is about
 * is spared.
 */
#include "engine.h"

#define SLOTS_A_STEP 4096 /* places of the table that cost no action, but time */
#define SLOT_ACTIONS 3	  /* the most that one session adds to a list */
#define FULL_WAIT_MS 100  /* until a demand may have been answered */

static bool
same(const struct lma_walk *a, const struct lma_walk *b)
{
	return a->type == b->type && a->all == b->all && a->group == b->group && a->detail == b->detail &&
	       addr6_equal(&a->peer, &b->peer);
}

static void
note_due(struct lma *l)
{
	l->walk_due_ms = UINT64_MAX;
	for (unsigned int i = 0; i < l->walk_count; i++)
		if (l->walk[i].start_ms < l->walk_due_ms)
			l->walk_due_ms = l->walk[i].start_ms;
}

/*
 * One that is about the same begins anew, when the first of the two would, and takes what either would. Without room
 * the sessions stay until their lifetime ends.
 */
bool
lma_walk_start(struct lma *l, const struct lma_walk *w)
{
	struct lma_walk before;
	unsigned int i = 0;

	while (i < l->walk_count && !same(&l->walk[i], w))
		i++;
	if (i == LMA_WALKS_MAX) {
		l->stat.counter[STAT_WALKS_REFUSED]++;
		return false;
	}
	before = i < l->walk_count ? l->walk[i] : *w;
	l->walk_count += i == l->walk_count;
	l->walk[i] = *w;
	if (before.start_ms < w->start_ms)
		l->walk[i].start_ms = before.start_ms;
	if (before.since_ms > w->since_ms)
		l->walk[i].since_ms = before.since_ms;
	note_due(l);
	return true;
}

static void
stop(struct lma *l, unsigned int i)
{
	l->walk_count--;
	memmove(&l->walk[i], &l->walk[i + 1], (l->walk_count - i) * sizeof(l->walk[0]));
	note_due(l);
}

void
lma_walk_stop_all(struct lma *l)
{
	l->walk_count = 0;
	note_due(l);
}

static void
stop_same(struct lma *l, const struct lma_walk *w)
{
	unsigned int i = 0;

	while (i < l->walk_count && !same(&l->walk[i], w))
		i++;
	if (i < l->walk_count)
		stop(l, i);
}

/*
 * Its sessions are given a while: a gateway that comes back still has them, and one that lost them in a restart
 * registers those of its mobile nodes anew (RFC 5847 section 3.2). One that fails again without a return had none in
 * between, so that the while of those it has now begins with the last failure.
 */
void
lma_peer_changed(struct lma *l, const struct pmip_event *e)
{
	struct lma_walk w = {.type = LMA_WALK_DEAD,
			     .peer = e->peer.peer,
			     .alone = true,
			     .since_ms = e->now.mono_ms,
			     .start_ms = e->now.mono_ms + l->s.timers.peer_grace_ms};

	switch (e->peer.change) {
	case PMIP_PEER_FAILED:
		stop_same(l, &w);
		if (!l->s.keep_dead)
			lma_walk_start(l, &w);
		break;
	case PMIP_PEER_RETURNED:
		stop_same(l, &w);
		break;
	case PMIP_PEER_RESTARTED:
		lma_gateway_forget(l, &w.peer);
		w.type = LMA_WALK_REMOVE;
		w.alone = false;
		if (e->peer.since_ms != 0)
			w.since_ms = e->peer.since_ms;
		lma_walk_start(l, &w);
		break;
	}
}

/* False when it is not time for the next message; then the walk goes on with the same session later. */
static bool
pace(struct lma *l, struct lma_walk *w, const struct clock_now *now)
{
	uint32_t per_s = l->s.timers.peer_rate_per_s;

	if (index_pool_used(&l->demand_ids) == LMA_DEMANDS_MAX) {
		w->start_ms = now->mono_ms + FULL_WAIT_MS;
		return false;
	}
	if (pace_take(&l->walk_pace, now->mono_ms, per_s))
		return true;
	w->start_ms = pace_due(&l->walk_pace, now->mono_ms, per_s);
	return false;
}

/* Of all sessions: those of a gateway that can are revoked by one message, and gone when it is answered. */
static bool
revoke(struct lma *l, struct lma_walk *w, struct lma_session *s, const struct clock_now *now, struct pmip_actions *out)
{
	const struct addr6 *peer = &s->binding.proxy_coa;

	if (!lma_revoke_can(l, peer)) {
		lma_end_alone(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
		return true;
	}
	if (lma_revoke_all_is_out(l, peer, w->detail))
		return true;
	if (!pace(l, w, now))
		return false;
	if (!w->all || !lma_revoke_all(l, peer, w->detail, now, out))
		lma_revoke(l, s, (uint8_t)w->what, now, out);
	return true;
}

static bool
visit(struct lma *l, struct lma_walk *w, struct lma_session *s, const struct clock_now *now, struct pmip_actions *out)
{
	if (s->state != LMA_ACTIVE || (!w->all && !addr6_equal(&s->binding.proxy_coa, &w->peer)))
		return true;
	lma_group_settle(l, &s->binding);
	if (lma_binding_updated_ms(&s->binding) > w->since_ms || (w->group != 0 && s->binding.group != w->group))
		return true;
	if (w->type != LMA_WALK_NOTIFY && w->detail != 0 && !lma_detail_has_realm(l, w->detail, s->node))
		return true;
	switch (w->type) {
	case LMA_WALK_DEAD:
	case LMA_WALK_REMOVE:
		if (w->alone)
			lma_group_lost(l, s->binding.group, s);
		lma_end(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
		return true;
	case LMA_WALK_REVOKE:
		return revoke(l, w, s, now, out);
	case LMA_WALK_NOTIFY:
		if (!lma_gateway_can(l, &s->binding.proxy_coa, LMA_CAN_NOTIFY))
			return true;
		return pace(l, w, now) && (lma_notify(l, s, w->what, w->detail, now, out), true);
	case LMA_WALK_SETTLE:
		if (deadline_of(&l->session_due, lma_session_index(l, s)) > s->binding.expires_ms)
			deadline_set(&l->session_due, lma_session_index(l, s), s->binding.expires_ms);
		return true;
	}
	return true;
}

/* The one that goes on now: what removes goes before what sends, which may have caused it. */
static struct lma_walk *
current(struct lma *l, const struct clock_now *now)
{
	struct lma_walk *first = NULL;

	for (unsigned int i = 0; i < l->walk_count; i++) {
		struct lma_walk *w = &l->walk[i];

		if (w->start_ms <= now->mono_ms && (first == NULL || w->type < first->type))
			first = w;
	}
	return first;
}

void
lma_walk_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	unsigned int slots = SLOTS_A_STEP;
	struct lma_walk *w;

	if (l->walk_due_ms > now->mono_ms)
		return;
	while (slots > 0 && (w = current(l, now)) != NULL) {
		for (; slots > 0 && w->at < l->s.sessions_max; slots--) {
			if (out->count + SLOT_ACTIONS > PMIP_ACTIONS_MAX)
				return;
			if (!visit(l, w, &l->session[w->at], now, out))
				break;
			w->at++;
		}
		if (w->at == l->s.sessions_max)
			stop(l, (unsigned int)(w - l->walk));
		else
			note_due(l);
	}
}
