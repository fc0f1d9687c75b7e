/* SPDX-License-Identifier: BSD-3-Clause */
/* Revocations that this anchor begins, and what comes of them: RFC 5846 sections 6.2.2, 6.3 and 8.1. */
#include "multi.h"

static bool
is_handover(uint8_t trigger)
{
	return trigger >= MH_BRI_HANDOVER_SAME_ACCESS && trigger <= MH_BRI_HANDOVER_UNKNOWN;
}

/* What the gateway does not have is gone. */
static bool
is_done(unsigned int status)
{
	return status < LMA_REJECTED || status == MH_BRA_NO_BINDING;
}

/* Of a session that was out of step another update will do, a little later. */
enum mh_status
lma_revoke_status(uint16_t trigger)
{
	return trigger == MH_BRI_OUT_OF_SYNC ? MH_STATUS_REASON_UNSPECIFIED : MH_STATUS_ADMINISTRATIVELY_PROHIBITED;
}

bool
lma_revoke_can(const struct lma *l, const struct addr6 *peer)
{
	return l->s.revocation && lma_gateway_can(l, peer, LMA_CAN_REVOKE);
}

bool
lma_revoke_all_is_out(struct lma *l, const struct addr6 *peer, uint8_t realm)
{
	struct lma_demand *d = NULL;

	while ((d = lma_demand_of_peer(l, peer, d)) != NULL)
		if (d->type == LMA_DEMAND_ALL && (d->detail == 0 || d->detail == realm))
			return true;
	return false;
}

static bool
start(struct lma *l, enum lma_demand_type type, const struct lma_session *s, const struct addr6 *peer, uint8_t trigger,
      const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_demand d = {.type = type,
			       .session = s != NULL ? lma_session_index(l, s) : INDEX_NONE,
			       .peer = *peer,
			       .what = trigger,
			       .group = s != NULL ? s->binding.group : 0};

	if (!lma_revoke_can(l, peer))
		return false;
	if (s != NULL)
		lma_demand_drop_of(l, s, false);
	return lma_demand_start(l, &d, now, out);
}

/*
 * From the first message on nothing is forwarded, and the prefixes are not given to another until the gateway has
 * answered, or did not. Where a handover is the reason, nothing changes before its answer: the mobile node may be
 * there.
 */
void
lma_revoke(struct lma *l, struct lma_session *s, uint8_t trigger, const struct clock_now *now, struct pmip_actions *out)
{
	const struct addr6 *peer = &s->binding.proxy_coa;

	if (s->state == LMA_REVOKING)
		return;
	if (s->state != LMA_ACTIVE || !lma_revoke_can(l, peer)) {
		lma_end_alone(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
	} else if (is_handover(trigger)) {
		start(l, LMA_DEMAND_LEFT, s, peer, trigger, now, out);
	} else if (start(l, LMA_DEMAND_END, s, peer, trigger, now, out)) {
		lma_group_settle(l, &s->binding);
		lma_group_set(l, s, 0);
		lma_enter(l, &s->state, LMA_REVOKING);
		lma_act_forward(l, PMIP_ACT_FORWARD_HOLD, s, out);
		if (s->multi != 0)
			lma_flow_sessions_changed(l, lma_multi_of(l, s));
	} else {
		lma_end_alone(l, s, PMIP_PUB_REVOCATION_UNANSWERED, now, out);
	}
}

bool
lma_revoke_all(struct lma *l, const struct addr6 *peer, uint8_t realm, const struct clock_now *now,
	       struct pmip_actions *out)
{
	struct lma_demand d = {.type = LMA_DEMAND_ALL,
			       .session = INDEX_NONE,
			       .peer = *peer,
			       .what = realm != 0 ? MH_BRI_LOCAL_POLICY : MH_BRI_PER_PEER_POLICY,
			       .detail = realm};

	return lma_revoke_can(l, peer) && lma_gateway_can(l, peer, LMA_CAN_REVOKE_ALL) &&
	       lma_demand_start(l, &d, now, out);
}

void
lma_revoke_waited_for(struct lma *l, const struct lma_session *s, const struct clock_now *now, struct pmip_actions *out)
{
	if (s->state == LMA_ACTIVE && lma_demand_of(l, s, false) == NULL)
		start(l, LMA_DEMAND_LEFT, s, &s->binding.proxy_coa, MH_BRI_HANDOVER_UNKNOWN, now, out);
}

/* What its gateway may answer to whether it left is older than this. */
void
lma_revoke_overtaken(struct lma *l, const struct lma_session *s)
{
	struct lma_demand *d = lma_demand_of(l, s, false);

	if (d != NULL && d->type == LMA_DEMAND_LEFT)
		lma_demand_drop(l, d);
}

void
lma_revoke_left_behind(struct lma *l, const struct lma_session *s, const struct lma_binding *before,
		       const struct clock_now *now, struct pmip_actions *out)
{
	uint8_t trigger = MH_BRI_HANDOVER_OTHER_ACCESS;

	if (s->binding.handoff == MH_HANDOFF_UNKNOWN)
		trigger = MH_BRI_HANDOVER_UNKNOWN;
	else if (s->binding.access_tech == before->access_tech)
		trigger = MH_BRI_HANDOVER_SAME_ACCESS;
	if (l->s.revoke_after_handover)
		start(l, LMA_DEMAND_OLD, s, &before->proxy_coa, trigger, now, out);
}

/*
 * Nothing depends on the answer. The trigger is none of a handover, for the mobile node is attached there as before,
 * which would be the answer.
 */
void
lma_revoke_part(struct lma *l, const struct lma_session *s, const struct addr6 *peer, const struct addr_prefix *prefix,
		uint8_t count, const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_demand d = {.type = LMA_DEMAND_PART,
			       .session = lma_session_index(l, s),
			       .peer = *peer,
			       .what = MH_BRI_ADMINISTRATIVE,
			       .prefix_count = count};

	memcpy(d.prefix, prefix, count * sizeof(*prefix));
	if (lma_revoke_can(l, peer))
		lma_demand_start(l, &d, now, out);
}

/*
 * RFC 5846 section 8.1: as if it were de-registered, or as if it were not in time. A gateway that does not know what it
 * was asked says neither, and may still de-register.
 */
static void
left(struct lma *l, const struct lma_demand *d, unsigned int status, const struct clock_now *now,
     struct pmip_actions *out)
{
	struct lma_session *s = &l->session[d->session];

	if (is_done(status))
		lma_linger(l, s, now, out);
	else if (status == MH_BRA_MN_ATTACHED || (status == LMA_UNANSWERED && !d->given_up))
		lma_request_give_up(l, &l->node[s->node], now->mono_ms);
}

/*
 * What a gateway that did it has registered since is not among them. One that cannot do it with one message is asked
 * for each session.
 */
static void
all_done(struct lma *l, const struct lma_demand *d, unsigned int status, const struct clock_now *now)
{
	struct lma_walk w = {.type = LMA_WALK_REMOVE, .peer = d->peer, .detail = d->detail, .since_ms = now->mono_ms};

	if (is_done(status)) {
		w.since_ms = d->since_ms;
	} else if (status == LMA_UNANSWERED) {
		w.alone = true;
	} else {
		/* It may have none of the realm; then it says so of each. */
		if (status != MH_BRA_MN_ID_REQUIRED)
			lma_gateway_cannot(l, &d->peer, LMA_CAN_REVOKE_ALL);
		w.type = LMA_WALK_REVOKE;
		w.what = MH_BRI_ADMINISTRATIVE;
	}
	lma_walk_start(l, &w);
}

static void
publish(struct lma *l, const struct lma_demand *d, enum pmip_publish what, unsigned int status,
	struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_PUBLISH, d->session);

	if (a == NULL)
		return;
	a->publish.what = what;
	a->publish.status = (uint8_t)status;
	a->publish.peer = d->peer;
	if (d->session != INDEX_NONE)
		lma_node_id(l, l->session[d->session].node, &a->publish.mn_id);
	else if (d->detail != 0)
		a->publish.mn_id = l->detail[d->detail - 1].realm;
}

void
lma_revoke_done(struct lma *l, struct lma_demand *at, unsigned int status, const struct clock_now *now,
		struct pmip_actions *out)
{
	struct lma_demand d = *at;
	struct lma_session *s = d.session != INDEX_NONE ? &l->session[d.session] : NULL;
	bool silent = status == LMA_UNANSWERED, done = is_done(status);

	lma_demand_drop(l, at);
	publish(l, &d,
		silent ? PMIP_PUB_REVOCATION_UNANSWERED
		: done ? PMIP_PUB_REVOKED
		       : PMIP_PUB_REVOCATION_REFUSED,
		silent ? 0 : status, out);
	switch (d.type) {
	case LMA_DEMAND_END:
		if (!done)
			lma_group_lost(l, d.group, s);
		lma_end(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
		break;
	case LMA_DEMAND_LEFT:
		left(l, &d, status, now, out);
		break;
	case LMA_DEMAND_ALL:
		all_done(l, &d, status, now);
		break;
	case LMA_DEMAND_OLD:
	case LMA_DEMAND_PART:
	case LMA_DEMAND_NOTIFY:
	case LMA_DEMAND_FLOW:
	case LMA_DEMAND_TELL:
	case LMA_DEMAND_AGGREGATES:
		break;
	}
}

/* One that answers nothing that its sender was asked is discarded. */
void
lma_revoke_answered(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	const struct mh_bra *bra = &e->message.msg->bra;
	struct lma_demand *d = lma_demand_find(l, false, bra->sequence);

	l->stat.counter[STAT_BRA_RX]++;
	if (d != NULL && addr6_equal(&d->peer, &e->message.src))
		lma_revoke_done(l, d, bra->status, &e->now, out);
	else
		l->stat.counter[STAT_BRA_IGNORED]++;
}

/* Where a handover is the reason, a gateway is asked, and nothing is over. */
static void
refuse_parked(struct lma *l, const struct lma_node *n, const struct lma_walk *w, const struct clock_now *now)
{
	if (!is_handover((uint8_t)w->what))
		lma_request_revoke(l, n, w, now->mono_ms);
}

/* What a command names. */
void
lma_revoke_command(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	const struct clock_now *now = &e->now;
	struct lma_walk w = {.type = LMA_WALK_REVOKE, .what = e->revoke.trigger, .since_ms = now->mono_ms};
	const struct lma_node *n = NULL;
	struct lma_session *s, *next;

	switch (e->revoke.what.scope) {
	case PMIP_SCOPE_SESSION:
		if (e->revoke.what.session < l->s.sessions_max && l->session[e->revoke.what.session].state != LMA_FREE)
			lma_revoke(l, &l->session[e->revoke.what.session], e->revoke.trigger, now, out);
		break;
	case PMIP_SCOPE_MN:
		n = lma_node_find(l, &e->revoke.what.mn_id);
		if (n != NULL)
			refuse_parked(l, n, &w, now);
		for (s = lma_session_of(l, n, NULL); s != NULL; s = next) {
			next = s->next != INDEX_NONE ? &l->session[s->next] : NULL;
			lma_revoke(l, s, e->revoke.trigger, now, out);
		}
		break;
	case PMIP_SCOPE_PEER:
		w.peer = e->revoke.what.peer;
		refuse_parked(l, NULL, &w, now);
		if (!lma_revoke_all_is_out(l, &w.peer, 0) && !lma_revoke_all(l, &w.peer, 0, now, out))
			lma_walk_start(l, &w);
		break;
	case PMIP_SCOPE_REALM:
		if (!lma_detail_take(l, &(struct lma_detail){.realm = e->revoke.what.mn_id}, &w.detail))
			break;
		/* fall through */
	case PMIP_SCOPE_ALL:
		w.all = true;
		refuse_parked(l, NULL, &w, now);
		lma_walk_start(l, &w);
		break;
	}
}
