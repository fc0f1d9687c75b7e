/* SPDX-License-Identifier: BSD-3-Clause */
/* What rows and flow bindings are to forwarding: how packets of a session's prefixes go and come by others' tunnels. */
#include "multi.h"

#define RETRY_MS 1000

struct lma_session *
lma_multi_session(struct lma *l, const struct lma_multi *m, uint8_t bid)
{
	return lma_session_numbered(l, &l->node[m->node], bid);
}

static void
put_shares(struct lma *l, const struct lma_multi *m, const struct lma_session *s, struct pmip_flows *out)
{
	for (unsigned int i = 0; i < m->row_count; i++) {
		const struct lma_row *r = &m->row[i];

		if (r->session != lma_session_index(l, s) && lma_session_owns(l, s, &r->prefix) &&
		    l->session[r->session].state == LMA_ACTIVE)
			out->share[out->share_count++] = (struct pmip_share){r->prefix, r->session, r->idle};
	}
}

bool
lma_multi_can_take(const struct lma *l, struct lma_multi *m, const struct lma_flow *f, const struct lma_session *s,
		   const struct lma_session *t, bool idle)
{
	const struct addr_prefix *prefix = lma_session_prefixes(l, s);
	bool any = false;

	for (unsigned int i = 0; i < s->prefix_count; i++) {
		const struct lma_row *r = lma_row_find(m, &prefix[i], lma_session_index(l, t));

		if (!lma_flow_concerns(f, &prefix[i]))
			continue;
		if (t != s && (r == NULL || (r->idle && !idle)))
			return false;
		any = true;
	}
	return any;
}

bool
lma_multi_is_able(struct lma *l, struct lma_multi *m, const struct lma_flow *f, const struct lma_session *t, bool idle)
{
	struct lma_session *s = NULL;

	while (t->state == LMA_ACTIVE && (s = lma_session_of(l, &l->node[m->node], s)) != NULL)
		if (lma_multi_can_take(l, m, f, s, t, idle))
			return true;
	return false;
}

static void
put_rules(struct lma *l, struct lma_multi *m, const struct lma_session *s, struct pmip_flows *out)
{
	bool elsewhere = false;

	for (unsigned int i = 0; i < m->flow_count; i++) {
		const struct lma_session *t = lma_multi_session(l, m, m->flow[i].bid);

		if (t == NULL || t->state != LMA_ACTIVE || !lma_multi_can_take(l, m, &m->flow[i], s, t, false))
			continue;
		elsewhere |= t != s;
		out->rule[out->rule_count++] = (struct pmip_flow_rule){m->flow[i].selector, lma_session_index(l, t)};
	}
	if (!elsewhere)
		out->rule_count = 0;
}

/* False where the list has no room. */
static bool
act(struct lma *l, struct lma_multi *m, const struct lma_session *s, struct pmip_actions *out)
{
	struct pmip_flows *flows = &l->flows[out->count % PMIP_ACTIONS_MAX];
	struct pmip_action *a;

	if (out->count == PMIP_ACTIONS_MAX)
		return false;
	*flows = (struct pmip_flows){0};
	put_shares(l, m, s, flows);
	put_rules(l, m, s, flows);
	if (flows->share_count + flows->rule_count == 0 && (m->flowing & lma_multi_bit(s)) == 0)
		return true;
	a = pmip_act(out, PMIP_ACT_FLOWS, lma_session_index(l, s));
	if (a == NULL)
		return false;
	a->flows = flows->share_count + flows->rule_count > 0 ? flows : NULL;
	if (a->flows != NULL)
		m->flowing |= lma_multi_bit(s);
	else
		m->flowing &= (uint16_t)~lma_multi_bit(s);
	return true;
}

void
lma_multi_act_flows(struct lma *l, struct lma_multi *m, struct pmip_actions *out)
{
	struct lma_session *s = NULL;

	m->changed = m->alone = false;
	while ((s = lma_session_of(l, &l->node[m->node], s)) != NULL)
		if ((m->failed & lma_multi_bit(s)) == 0 && !act(l, m, s, out))
			m->changed = true;
	if (m->changed)
		lma_multi_due(l, m, 0);
}

/* A word has to be there before what is said beyond it, and the new owner's before the old one's goes. */
void
lma_multi_act_moved(struct lma *l, const struct lma_session *to, uint16_t from, struct pmip_actions *out)
{
	struct lma_session *s = NULL;

	lma_rows_part(l, to);
	lma_act_forward(l, PMIP_ACT_FORWARD_SET, to, out);
	while ((s = lma_session_of(l, &l->node[to->node], s)) != NULL)
		if (from & lma_multi_bit(s))
			lma_act_forward_as(l, s, out);
}

void
lma_multi_changed(struct lma *l, struct lma_multi *m)
{
	m->changed = true;
	lma_multi_due(l, m, 0);
}

static void
act_forward(struct lma *l, struct lma_multi *m, bool active, struct pmip_actions *out)
{
	struct lma_session *s = NULL;

	while ((s = lma_session_of(l, &l->node[m->node], s)) != NULL) {
		if ((m->forward & lma_multi_bit(s)) == 0 || (s->state == LMA_ACTIVE) != active)
			continue;
		lma_act_forward_as(l, s, out);
		m->forward &= (uint16_t)~lma_multi_bit(s);
	}
}

/* In turn, and one at a time: what fails takes what is behind it with it. */
static void
act_failed(struct lma *l, struct lma_multi *m, struct pmip_actions *out)
{
	const struct lma_session *s;

	do
		m->tried = (uint8_t)(m->tried % LMA_NODE_MAX + 1);
	while ((m->failed & 1u << (m->tried - 1)) == 0);
	m->failed &= (uint16_t) ~(1u << (m->tried - 1));
	m->alone = true;
	s = lma_multi_session(l, m, m->tried);
	if (s != NULL)
		act(l, m, s, out);
}

bool
lma_multi_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	uint32_t i;
	struct lma_multi *m;

	if (out->count + LMA_MULTI_ACTIONS > PMIP_ACTIONS_MAX ||
	    (i = deadline_pop(&l->multi_due, now->mono_ms)) == DEADLINE_NONE)
		return false;
	m = &l->multi[i];
	l->undo.session = INDEX_NONE; /* what fails from here on is none of the last exchange's */
	if (m->forward != 0 || m->changed) {
		act_forward(l, m, true, out);
		act_forward(l, m, false, out);
		m->forward = 0;
		lma_multi_act_flows(l, m, out);
		/* Gateways are asked in a list of its own, behind what they have to do with. */
		lma_multi_due(l, m, 0);
		return true;
	}
	if (m->failed != 0 && m->retry_ms <= now->mono_ms) {
		act_failed(l, m, out);
		lma_multi_due(l, m, 0);
		return true;
	}
	lma_flow_review(l, m, now, out);
	if (m->changed) {
		lma_multi_act_flows(l, m, out);
		lma_multi_due(l, m, 0);
	} else if (m->failed != 0) {
		lma_multi_due(l, m, m->retry_ms);
	} else {
		lma_flow_say(l, m, out);
	}
	lma_multi_put(l, m);
	return true;
}

void
lma_multi_gone(struct lma *l, const struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);

	m->forward &= (uint16_t)~lma_multi_bit(s);
	m->flowing &= (uint16_t)~lma_multi_bit(s);
	m->failed &= (uint16_t)~lma_multi_bit(s);
	m->tell &= (uint16_t)~lma_multi_bit(s);
	m->retract &= (uint16_t)~lma_multi_bit(s);
	m->back &= (uint16_t)~lma_multi_bit(s);
	if (m->moving.session == lma_session_index(l, s))
		m->moving.session = LMA_MOVING_LOST;
	lma_flow_gone(m, s);
	if (l->node[m->node].session == INDEX_NONE)
		lma_multi_put(l, m);
}

void
lma_multi_tell(struct lma *l, struct lma_multi *m, uint16_t sessions)
{
	m->tell |= sessions;
	lma_multi_due(l, m, 0);
}

static uint16_t
all_sessions(struct lma *l, const struct lma_multi *m)
{
	struct lma_session *s = NULL;
	uint16_t bits = 0;

	while ((s = lma_session_of(l, &l->node[m->node], s)) != NULL)
		bits |= lma_multi_bit(s);
	return bits;
}

void
lma_multi_failed(struct lma *l, const struct pmip_action *failed, const struct clock_now *now)
{
	const struct lma_session *s = &l->session[failed->session];
	struct lma_multi *m = s->state != LMA_FREE ? lma_multi_take(l, s) : NULL;

	if (m == NULL)
		return;
	m->retry_ms = now->mono_ms + RETRY_MS;
	if (failed->type == PMIP_ACT_FLOWS) {
		m->failed |= lma_multi_bit(s);
		m->flowing |= lma_multi_bit(s);
		lma_multi_due(l, m, m->alone ? m->retry_ms : 0);
		if (m->alone)
			return;
	} else {
		m->forward = UINT16_MAX;
		deadline_set(&l->multi_due, s->multi - 1u, m->retry_ms);
	}
	/* Of FLOWS nobody knows how far the list has come. */
	m->flowing = all_sessions(l, m);
	m->changed = true;
}
