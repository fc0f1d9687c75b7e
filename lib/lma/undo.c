/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A session is bound before its forwarding is set, and acknowledged after. When the forwarding cannot be set, the
 * binding is as it was before, and the gateway is told that resources were short.
 */
#include "multi.h"

void
lma_undo_note(struct lma *l, const struct lma_update *u, const struct lma_session *s, bool opened)
{
	uint32_t i = lma_session_index(l, s);

	l->undo.session = i;
	l->undo.opened = opened;
	l->undo.moved = l->undo.command = false;
	l->undo.state = s->state;
	l->undo.binding = s->binding;
	l->undo.due_ms = deadline_of(&l->session_due, i);
	lma_update_copy(&l->undo.update, u);
}

void
lma_undo_note_moves(struct lma *l, const struct lma_session *of)
{
	struct lma_multi *m = lma_multi_of(l, of);
	struct lma_before *b = l->before;
	struct lma_session *s = NULL;

	l->undo.moved = true;
	b->number = of->multi;
	if (m != NULL)
		b->multi = *m;
	for (b->count = 0; (s = lma_session_of(l, &l->node[of->node], s)) != NULL; b->count++) {
		b->had[b->count].session = lma_session_index(l, s);
		b->had[b->count].due_ms = deadline_of(&l->session_due, lma_session_index(l, s));
		b->had[b->count].prefix_count = s->prefix_count;
		b->had[b->count].said = s->said;
		memcpy(b->had[b->count].prefix, lma_session_prefixes(l, s), s->prefix_count * sizeof(s->prefix));
	}
}

bool
lma_undo_had(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p)
{
	const struct lma_before *b = l->before;

	for (unsigned int i = 0; i < b->count; i++)
		for (unsigned int k = 0; b->had[i].session == lma_session_index(l, s) && k < b->had[i].prefix_count;
		     k++)
			if (addr_prefix_equal(&b->had[i].prefix[k], p))
				return true;
	return false;
}

void
lma_undo_note_command(struct lma *l, const struct lma_session *s)
{
	l->undo.session = lma_session_index(l, s);
	l->undo.command = true;
	l->undo.opened = false;
	lma_undo_note_moves(l, s);
}

static void
put_back(struct lma *l, struct lma_session *s, const struct lma_undo *undo)
{
	if (!addr6_equal(&s->binding.proxy_coa, &undo->binding.proxy_coa)) {
		s->handovers--;
		l->stat.counter[STAT_HANDOVERS]--;
	}
	lma_demand_drop_of(l, s, false); /* to the gateway that was not left */
	lma_group_set(l, s, undo->binding.group);
	lma_service_set(l, s, undo->binding.service);
	s->binding = undo->binding;
	lma_enter(l, &s->state, undo->state);
	deadline_set(&l->session_due, lma_session_index(l, s), undo->due_ms);
}

/* What was set with FLOWS may be anything by now. */
static void
put_rows_back(struct lma *l, const struct lma_session *s, uint64_t now_ms)
{
	/* Nothing may have been left of it. */
	struct lma_multi *m = l->before->number != 0 ? lma_multi_take(l, s) : lma_multi_of(l, s);
	uint16_t flowing;

	if (m == NULL)
		return;
	flowing = m->flowing;
	if (l->before->number != 0)
		*m = l->before->multi;
	else
		*m = (struct lma_multi){.node = s->node, .moving = {.session = INDEX_NONE}};
	m->flowing |= flowing;
	m->changed = true;
	lma_multi_due(l, m, now_ms);
}

/* All prefixes are where they were; one may be of two sessions in between. */
static void
put_prefixes_back(struct lma *l)
{
	const struct lma_before *b = l->before;

	for (unsigned int i = 0; i < b->count; i++) {
		lma_session_replace_prefixes(l, &l->session[b->had[i].session], b->had[i].prefix,
					     b->had[i].prefix_count);
		l->session[b->had[i].session].said = b->had[i].said;
		deadline_set(&l->session_due, b->had[i].session, b->had[i].due_ms);
	}
}

/* Of the sessions but for one that goes. */
static void
forward_back(struct lma *l, const struct lma_session *gone, struct pmip_actions *out)
{
	for (unsigned int i = 0; i < l->before->count; i++) {
		const struct lma_session *s = &l->session[l->before->had[i].session];

		if (s != gone)
			lma_act_forward_as(l, s, out);
	}
}

static bool
is_about(const struct lma *l, uint32_t session)
{
	for (unsigned int i = 0; l->undo.moved && i < l->before->count; i++)
		if (l->before->had[i].session == session)
			return true;
	return session == l->undo.session;
}

static void
take_back(struct lma *l, const struct lma_session *s, uint64_t now_ms)
{
	for (unsigned int i = 0; i < l->before->count; i++)
		lma_demand_drop_parts(l, &l->session[l->before->had[i].session], now_ms);
	put_rows_back(l, s, now_ms);
	put_prefixes_back(l);
}

void
lma_undo_moves(struct lma *l, const struct clock_now *now)
{
	take_back(l, &l->session[l->undo.session], now->mono_ms);
	l->undo.session = INDEX_NONE;
}

bool
lma_undo_apply(struct lma *l, const struct pmip_action *failed, const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_undo *undo = &l->undo;
	struct lma_session *s;
	bool further;

	if (undo->session == INDEX_NONE || !is_about(l, failed->session))
		return false;
	s = &l->session[undo->session];
	/* The list came further than to the session itself: forwarding of all has to follow. */
	further = undo->moved && (failed->type != PMIP_ACT_FORWARD_SET || failed->session != undo->session);
	undo->session = INDEX_NONE;
	if (further && undo->opened)
		lma_act_forward(l, PMIP_ACT_FORWARD_CLEAR, s, out);
	if (undo->moved)
		take_back(l, s, now->mono_ms);
	if (!undo->opened && !undo->command)
		put_back(l, s, undo);
	if (further)
		forward_back(l, undo->opened ? s : NULL, out);
	if (undo->command) {
		if (s->multi != 0)
			lma_flow_refuse(l, lma_multi_of(l, s), s, MH_UPA_REASON_UNSPECIFIED, out);
		return true;
	}
	l->stat.counter[STAT_PBA_ACCEPTED_TX]--;
	if (undo->opened) {
		l->stat.counter[STAT_SESSIONS_OPENED]--;
		lma_session_drop(l, s);
		s = NULL;
	}
	lma_answer_reject(l, &undo->update, MH_STATUS_INSUFFICIENT_RESOURCES, s, now, out);
	return true;
}
