/* SPDX-License-Identifier: BSD-3-Clause */
/* What time brings: repetition, refresh, expiry, another try. */
#include "engine.h"

#define RARE_A_STEP 8

/*
 * RFC 5213 section 6.9.4: the time doubles with each repetition up to its maximum and stays there. That the configured
 * number of repetitions went unanswered is told once; at the slow pace they go on.
 */
static void
unanswered(struct mag *g, struct mag_session *s)
{
	const struct pmip_timers *t = &g->s.timers;

	if (s->tries == t->retransmissions_max + 1)
		mag_publish(g, s, PMIP_PUB_NO_ANSWER, s->status);
	s->timeout_ms *= 2;
	if (s->timeout_ms > t->max_bindack_timeout_ms)
		s->timeout_ms = t->max_bindack_timeout_ms;
	mag_repeat(g, s);
}

/* The anchor has forgotten the session by now; the mobile node is still there, so it is registered anew. */
static void
expire(struct mag *g, struct mag_session *s)
{
	g->stat.counter[STAT_SESSIONS_EXPIRED]++;
	mag_publish(g, s, PMIP_PUB_SESSION_EXPIRED, s->status);
	mag_withdraw(g, s);
	s->registered = false;
	s->moved = false;
	if (s->mistaken)
		mag_deny(g, s);
	else
		mag_exchange(g, s, MAG_REGISTERING, MH_HANDOFF_UNKNOWN);
}

/* RFC 5213 section 6.9.1.3; that the mobile node is still attached is access's word (section 6.13). */
static void
refresh(struct mag *g, struct mag_session *s)
{
	if (!mag_bulk_refresh(g, s))
		mag_exchange_refresh(g, s);
}

void
mag_register_again(struct mag *g, struct mag_session *s)
{
	switch (s->state) {
	case MAG_ACTIVE: /* what is idle may have come back */
		if (s->has.idle == 0 || !mag_exchange_any(g, s, MH_HANDOFF_NO_CHANGE))
			mag_exchange_refresh(g, s);
		break;
	case MAG_REFRESHING:
	case MAG_REGISTERING:
		mag_exchange_again(g, s);
		break;
	case MAG_HELD:
		if (deadline_of(&g->due, mag_session_index(g, s)) != DEADLINE_NEVER)
			mag_exchange(g, s, MAG_REGISTERING, mag_handoff_again(s));
		break;
	default:
		break;
	}
}

static void
given_up(struct mag *g, struct mag_session *s)
{
	mag_publish(g, s, PMIP_PUB_DEREGISTRATION_UNANSWERED, MH_STATUS_ACCEPTED);
	mag_session_del(g, s);
}

static void
session_due(struct mag *g, struct mag_session *s)
{
	switch (s->state) {
	case MAG_REGISTERING:
		unanswered(g, s);
		break;
	case MAG_REFRESHING:
	case MAG_ACTIVE:
		if (s->state == MAG_ACTIVE && mag_bulk_extended(g, s))
			break;
		if (s->expires_ms <= g->now.mono_ms)
			expire(g, s);
		else if (s->state == MAG_ACTIVE)
			refresh(g, s);
		else
			unanswered(g, s);
		break;
	case MAG_HELD:
		mag_exchange(g, s, MAG_REGISTERING, mag_handoff_again(s));
		break;
	case MAG_LEAVING:
		given_up(g, s);
		break;
	case MAG_FREE:
	case MAG_STATE_COUNT:
		break;
	}
}

static void
rare_due(struct mag *g, uint32_t i)
{
	if (i == MAG_RARE_DELEGATION)
		mag_delegation_due(g);
	else if (i >= MAG_RARE_GROUP)
		mag_bulk_due(g, &g->group[i - MAG_RARE_GROUP]);
	else if (i >= MAG_RARE_DEAD)
		mag_anchor_dead(g, &g->anchor[i - MAG_RARE_DEAD]);
	else if (i >= MAG_RARE_REVOKE)
		mag_revocation_due(g, &g->anchor[i - MAG_RARE_REVOKE]);
	else
		mag_sweep_due(g, i - MAG_RARE_SWEEP);
}

/* So many of a step, lest a long sweep keeps sessions waiting that are due. */
static void
some_rare_due(struct mag *g)
{
	uint32_t i;

	for (unsigned int n = 0; n < RARE_A_STEP && g->out->count + MAG_SESSION_ACTIONS <= MAG_SWEEP_ACTIONS; n++) {
		i = deadline_pop(&g->rare, g->now.mono_ms);
		if (i == DEADLINE_NONE)
			return;
		rare_due(g, i);
	}
}

void
mag_tick(struct mag *g, const struct pmip_event *e)
{
	uint32_t i;

	if (g->closing)
		mag_close_some(g);
	some_rare_due(g);
	while (g->out->count + MAG_SESSION_ACTIONS <= PMIP_ACTIONS_MAX) {
		i = deadline_pop(&g->due, g->now.mono_ms);
		if (i == DEADLINE_NONE)
			break;
		session_due(g, &g->session[i]);
	}
}
