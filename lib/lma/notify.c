/* SPDX-License-Identifier: BSD-3-Clause */
/* Update Notifications: RFC 7077 section 5. */
#include "multi.h"

void
lma_notify(struct lma *l, const struct lma_session *s, uint16_t reason, uint8_t detail, const struct clock_now *now,
	   struct pmip_actions *out)
{
	struct lma_demand d = {.type = LMA_DEMAND_NOTIFY,
			       .session = lma_session_index(l, s),
			       .peer = s->binding.proxy_coa,
			       .what = reason,
			       .detail = detail};

	if (s->state != LMA_ACTIVE || !lma_gateway_can(l, &d.peer, LMA_CAN_NOTIFY))
		return;
	lma_demand_drop_of(l, s, true);
	lma_demand_start(l, &d, now, out);
}

/* Without a vendor's option that its gateway knows, it may find out by an update. */
void
lma_tell(struct lma *l, const struct lma_session *s, bool back, const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_demand d = {.type = LMA_DEMAND_TELL,
			       .session = lma_session_index(l, s),
			       .peer = s->binding.proxy_coa,
			       .what = MH_UPN_VENDOR_SPECIFIC};
	struct lma_demand *before = lma_demand_typed(l, s, LMA_DEMAND_TELL);

	if (l->s.multihoming.vendor == 0) {
		lma_notify(l, s, MH_UPN_FORCE_REREGISTRATION, 0, now, out);
		return;
	}
	d.back = back || (before != NULL && before->back);
	if (before != NULL)
		lma_demand_drop(l, before);
	if (s->state == LMA_ACTIVE && lma_gateway_can(l, &d.peer, LMA_CAN_NOTIFY))
		lma_demand_start(l, &d, now, out);
}

static void
publish(struct lma *l, const struct lma_demand *d, enum pmip_publish what, uint8_t status, struct pmip_actions *out)
{
	if (d->session == INDEX_NONE)
		lma_aggregate_publish(l, d, what, status, out);
	else
		lma_act_publish_status(l, what, &l->session[d->session], status, out);
}

static void
done(struct lma *l, struct lma_demand *at, unsigned int status, const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_demand d = *at;

	lma_demand_drop(l, at);
	if (d.type == LMA_DEMAND_FLOW)
		lma_flow_answered(l, &d, status, now, out);
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
	done(l, d, upa->status, &e->now, out);
}

void
lma_notify_unanswered(struct lma *l, struct lma_demand *d, const struct clock_now *now, struct pmip_actions *out)
{
	publish(l, d, PMIP_PUB_NOTIFICATION_UNANSWERED, 0, out);
	done(l, d, LMA_UNANSWERED, now, out);
}

void
lma_notify_command(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	struct lma_walk w = {.type = LMA_WALK_NOTIFY, .what = e->notify.reason, .since_ms = e->now.mono_ms};
	struct lma_session *s = NULL;

	if (e->notify.vendor != NULL &&
	    !lma_detail_take(l, &(struct lma_detail){.vendor = *e->notify.vendor}, &w.detail))
		return;
	switch (e->notify.what.scope) {
	case PMIP_SCOPE_SESSION:
		if (e->notify.what.session < l->s.sessions_max)
			lma_notify(l, &l->session[e->notify.what.session], w.what, w.detail, &e->now, out);
		break;
	case PMIP_SCOPE_MN:
		while ((s = lma_session_of(l, lma_node_find(l, &e->notify.what.mn_id), s)) != NULL)
			lma_notify(l, s, w.what, w.detail, &e->now, out);
		break;
	case PMIP_SCOPE_REALM:
		break;
	case PMIP_SCOPE_PEER:
	case PMIP_SCOPE_ALL:
		w.all = e->notify.what.scope == PMIP_SCOPE_ALL;
		w.peer = e->notify.what.peer;
		lma_walk_start(l, &w);
		break;
	}
}
