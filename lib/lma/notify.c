/* SPDX-License-Identifier: BSD-3-Clause */
/* Update Notifications: RFC 7077 section 5. */
#include "engine.h"

static void
publish(struct lma *l, const struct lma_demand *d, enum pmip_publish what, uint8_t status, struct pmip_actions *out)
{
	lma_act_publish(l, what, &l->session[d->session], out);
	if (out->count > 0)
		out->list[out->count - 1].publish.status = status;
}

void
lma_notify(struct lma *l, const struct lma_session *s, uint16_t reason, const struct clock_now *now,
	   struct pmip_actions *out)
{
	struct lma_demand d = {.type = LMA_DEMAND_NOTIFY,
			       .session = lma_session_index(l, s),
			       .peer = s->binding.proxy_coa,
			       .what = reason};

	if (s->state != LMA_ACTIVE || !lma_gateway_can(l, &d.peer, LMA_CAN_NOTIFY))
		return;
	lma_demand_drop_of(l, s, true);
	lma_demand_start(l, &d, now, out);
}

/* An answer that was not asked for counts as one that was. */
void
lma_notify_answered(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	const struct mh_upa *upa = &e->message.msg->upa;
	struct lma_demand *d = lma_demand_find(l, true, upa->sequence);

	l->stat.counter[STAT_UPA_RX]++;
	if (d == NULL || !addr6_equal(&d->peer, &e->message.src)) {
		l->stat.counter[STAT_UPA_IGNORED]++;
		return;
	}
	publish(l, d, upa->status < LMA_REJECTED ? PMIP_PUB_NOTIFIED : PMIP_PUB_NOTIFICATION_REFUSED, upa->status, out);
	lma_demand_drop(l, d);
}

void
lma_notify_unanswered(struct lma *l, struct lma_demand *d, struct pmip_actions *out)
{
	publish(l, d, PMIP_PUB_NOTIFICATION_UNANSWERED, 0, out);
	lma_demand_drop(l, d);
}

void
lma_notify_command(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	struct lma_walk w = {.type = LMA_WALK_NOTIFY, .what = e->notify.reason, .since_ms = e->now.mono_ms};
	struct lma_session *s = NULL;

	switch (e->notify.what.scope) {
	case PMIP_SCOPE_SESSION:
		if (e->notify.what.session < l->s.sessions_max)
			lma_notify(l, &l->session[e->notify.what.session], e->notify.reason, &e->now, out);
		break;
	case PMIP_SCOPE_MN:
		while ((s = lma_session_of(l, lma_node_find(l, &e->notify.what.mn_id), s)) != NULL)
			lma_notify(l, s, e->notify.reason, &e->now, out);
		break;
	case PMIP_SCOPE_PEER:
	case PMIP_SCOPE_ALL:
		w.all = e->notify.what.scope == PMIP_SCOPE_ALL;
		w.peer = e->notify.what.peer;
		lma_walk_start(l, &w);
		break;
	}
}
