/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions that end: by their lifetime, after the wait that follows a de-registration, or by command. */
#include "multi.h"

#define END_ACTIONS	3    /* the most that the end of a session adds to a list */
#define DEMAND_ACTIONS	4    /* and of a demand */
#define REQUESTS_A_STEP 64   /* parked updates that end without an answer cost no action, but time */
#define SLOTS_A_STEP	4096 /* and so do places without a session */

static bool
has_room(const struct pmip_actions *out, unsigned int actions)
{
	return out->count + actions <= PMIP_ACTIONS_MAX;
}

void
lma_end(struct lma *l, struct lma_session *s, enum pmip_publish why, const struct clock_now *now,
	struct pmip_actions *out)
{
	lma_act_forward(l, PMIP_ACT_FORWARD_CLEAR, s, out);
	lma_act_publish(l, why, s, out);
	if (why != PMIP_PUB_SESSION_CLOSED && why != PMIP_PUB_SESSION_EXPIRED)
		lma_act_publish(l, PMIP_PUB_SESSION_CLOSED, s, out);
	l->stat.counter[STAT_SESSIONS_CLOSED]++;
	lma_request_wake(l, &l->node[s->node], now->mono_ms);
	lma_session_drop(l, s);
}

void
lma_end_alone(struct lma *l, struct lma_session *s, enum pmip_publish why, const struct clock_now *now,
	      struct pmip_actions *out)
{
	lma_group_lost(l, s->binding.group, s);
	lma_end(l, s, why, now, out);
}

static void
expire_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	uint32_t i;

	while (has_room(out, END_ACTIONS) && (i = deadline_pop(&l->session_due, now->mono_ms)) != DEADLINE_NONE) {
		struct lma_session *s = &l->session[i];
		bool empty = lma_session_is_empty(l, s), expired = s->state == LMA_ACTIVE && !empty;

		lma_group_settle(l, &s->binding);
		if (s->binding.expires_ms > now->mono_ms && !empty) {
			deadline_set(&l->session_due, i, s->binding.expires_ms);
			continue;
		}
		if (expired)
			l->stat.counter[STAT_SESSIONS_EXPIRED]++;
		lma_end(l, s, expired ? PMIP_PUB_SESSION_EXPIRED : PMIP_PUB_SESSION_CLOSED, now, out);
	}
}

static void
close_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	for (unsigned int i = 0; i < SLOTS_A_STEP && l->close_at != INDEX_NONE && has_room(out, END_ACTIONS); i++) {
		struct lma_session *s = &l->session[l->close_at];

		if (s->state != LMA_FREE && s->opened_ms <= l->close_ms)
			lma_end(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
		if (++l->close_at == l->s.sessions_max)
			l->close_at = INDEX_NONE;
	}
}

static void
demand_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	while (has_room(out, DEMAND_ACTIONS) && lma_demand_tick(l, now, out))
		;
}

/* At most one parked update that ends in an exchange, which stands last in the list. */
static void
request_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	unsigned int before = out->count;

	for (unsigned int i = 0; i < REQUESTS_A_STEP; i++)
		if (!has_room(out, LMA_EXCHANGE_ACTIONS) || out->count != before || !lma_request_tick(l, now, out))
			return;
}

void
lma_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	lma_aggregate_slice(l, now, out);
	/* What a session inherited is set before it may end, and in a list of its own: it may fail. */
	if (lma_multi_tick(l, now, out))
		return;
	close_slice(l, now, out);
	expire_slice(l, now, out);
	demand_slice(l, now, out);
	lma_walk_slice(l, now, out);
	/* What may fail takes what is behind it with it. */
	request_slice(l, now, out);
}

void
lma_close(struct lma *l, uint32_t session, const struct clock_now *now, struct pmip_actions *out)
{
	if (session == PMIP_SESSION_NONE) {
		lma_request_drop_all(l);
		lma_walk_stop_all(l);
		l->close_at = 0;
		l->close_ms = now->mono_ms;
		close_slice(l, now, out);
	} else if (session < l->s.sessions_max && l->session[session].state != LMA_FREE) {
		lma_end_alone(l, &l->session[session], PMIP_PUB_SESSION_CLOSED, now, out);
	}
}
