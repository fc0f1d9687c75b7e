/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A session is bound before its forwarding is set, and acknowledged after. When the forwarding cannot be set, the
 * binding is as it was before, and the gateway is told that resources were short.
 */
#include "engine.h"

void
lma_undo_note(struct lma *l, const struct lma_update *u, const struct lma_session *s, bool opened)
{
	uint32_t i = lma_session_index(l, s);

	l->undo = (struct lma_undo){.session = i,
				    .opened = opened,
				    .state = s->state,
				    .binding = s->binding,
				    .due_ms = deadline_of(&l->session_due, i),
				    .update = *u};
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
	deadline_set(&l->session_due, undo->session, undo->due_ms);
}

void
lma_undo_apply(struct lma *l, const struct pmip_action *failed, const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_undo undo = l->undo;
	struct lma_session *s;

	if (undo.session == INDEX_NONE || undo.session != failed->session)
		return;
	s = &l->session[undo.session];
	l->undo.session = INDEX_NONE;
	l->stat.counter[STAT_PBA_ACCEPTED_TX]--;
	if (undo.opened) {
		l->stat.counter[STAT_SESSIONS_OPENED]--;
		lma_session_drop(l, s);
		s = NULL;
	} else {
		put_back(l, s, &undo);
	}
	lma_answer_reject(l, &undo.update, MH_STATUS_INSUFFICIENT_RESOURCES, s, now, out);
}
