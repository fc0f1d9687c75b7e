/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks of gateways, as the settings have them. A gateway asks for its own (RFC 7148), by an update whose mobile node
 * is the gateway itself, and is told of the others', by a vendor's options: of as many as an answer has room for, and
 * of the next ones when it asks again. Who has asked hears of it when the settings change.
 */
#include "mh/vendor.h"
#include "multi.h"

#define TOLD_A_STEP 8 /* of those who asked, lest sessions wait */

bool
lma_aggregate_is_asked_for(const struct lma_update *u)
{
	return mh_has(&u->msg, MH_OPT_DELEGATED_PREFIX) && !mh_has(&u->msg, MH_OPT_HOME_NETWORK_PREFIX);
}

/* The gateway's block, that which it names where it names one; NULL, with *why, where it may not have it. */
static const struct pmip_aggregate *
delegated_to(const struct lma *l, const struct lma_update *u, enum mh_status *why)
{
	const struct mh_opt_dmnp *o = &u->msg.opt.dmnp;

	*why = MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP;
	for (unsigned int i = 0; !o->ipv4 && lma_update_is_own(l, u) && i < l->s.aggregate_count; i++) {
		if (!addr6_equal(&l->aggregate[i].gateway, &u->proxy_coa))
			continue;
		if (addr6_is_zero(&o->prefix.addr) || addr_prefix_equal(&l->aggregate[i].prefix, &o->prefix))
			return &l->aggregate[i];
		*why = MH_STATUS_REQUESTED_DMNP_IN_USE;
	}
	return NULL;
}

static struct pmip_aggregate *
find(struct pmip_aggregate *list, unsigned int count, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < count; i++)
		if (addr_prefix_equal(&list[i].prefix, p))
			return &list[i];
	return NULL;
}

/* Of others than this gateway, from one on, as many as there is room for. */
static void
put_others(const struct lma *l, const struct addr6 *gateway, unsigned int from, uint32_t lifetime_s, struct mh_msg *m)
{
	struct mh_vendor_delegation d[MH_VENDOR_MAX];
	unsigned int n = 0;

	for (unsigned int i = from; i < l->s.aggregate_count; i++) {
		const struct pmip_aggregate *a = &l->aggregate[i];

		if (addr6_equal(&a->gateway, gateway))
			continue;
		if (n == MH_VENDOR_MAX) {
			d[n - 1].more = true;
			break;
		}
		d[n++] = (struct mh_vendor_delegation){
			.prefix = a->prefix, .lifetime_s = lifetime_s, .gateway = a->gateway};
	}
	for (unsigned int i = 0; i < n; i++)
		mh_vendor_add_delegation(m, l->s.multihoming.vendor, &d[i]);
}

/* Where the list goes on behind what the gateway names: from the beginning where that is gone. */
static unsigned int
go_on_from(const struct lma *l, const struct lma_update *u)
{
	struct mh_vendor_delegation last;
	const struct pmip_aggregate *a;

	if (mh_vendor_delegations(&u->msg, l->s.multihoming.vendor, &last, 1) == 0)
		return 0;
	a = find(l->aggregate, l->s.aggregate_count, &last.prefix);
	return a != NULL ? (unsigned int)(a - l->aggregate) + 1 : 0;
}

static struct lma_asker *
asker_of(const struct lma *l, const struct addr6 *gateway)
{
	for (unsigned int i = 0; i < LMA_ASKERS_MAX; i++)
		if (addr6_equal(&l->asker[i].address, gateway))
			return &l->asker[i];
	return NULL;
}

static struct lma_demand *
demand_of(struct lma *l, const struct addr6 *gateway)
{
	struct lma_demand *d = NULL;

	while ((d = lma_demand_of_peer(l, gateway, d)) != NULL)
		if (d->type == LMA_DEMAND_AGGREGATES)
			break;
	return d;
}

static void
drop_demand(struct lma *l, const struct addr6 *gateway)
{
	struct lma_demand *d = demand_of(l, gateway);

	if (d != NULL)
		lma_demand_drop(l, d);
}

static void
forget(struct lma *l, const struct addr6 *gateway)
{
	struct lma_asker *a = asker_of(l, gateway);

	if (a == NULL)
		return;
	drop_demand(l, gateway);
	*a = (struct lma_asker){0};
}

/* Without a place, one whose time is over makes room; else it hears of changes when it asks again. */
static void
remember(struct lma *l, const struct lma_update *u, uint64_t until_ms, uint64_t now_ms)
{
	struct lma_asker *a = asker_of(l, &u->proxy_coa);

	for (unsigned int i = 0; a == NULL && i < LMA_ASKERS_MAX; i++)
		if (l->asker[i].until_ms <= now_ms)
			a = &l->asker[i];
	if (a == NULL)
		return;
	if (!addr6_equal(&a->address, &u->proxy_coa))
		forget(l, &a->address);
	*a = (struct lma_asker){.address = u->proxy_coa, .until_ms = until_ms, .id = u->mn_id};
}

void
lma_aggregate_delegate(struct lma *l, const struct lma_update *u, const struct clock_now *now, struct pmip_actions *out)
{
	enum mh_status why;
	const struct pmip_aggregate *mine = delegated_to(l, u, &why);
	uint32_t lifetime_s = lma_lifetime_granted(l, u->msg.pbu.lifetime) * MH_LIFETIME_UNIT_S;
	struct pmip_action *a;
	struct mh_msg *m;

	if (mine == NULL || !l->s.proxy_registration) {
		if (lma_update_is_own(l, u))
			forget(l, &u->proxy_coa);
		lma_answer_reject(l, u, mine == NULL ? why : MH_STATUS_PROXY_REG_NOT_ENABLED, NULL, now, out);
		return;
	}
	a = lma_answer_start(u, MH_STATUS_ACCEPTED, PMIP_SESSION_NONE, out);
	if (a == NULL)
		return;
	m = &a->send.msg;
	m->pba.lifetime = (uint16_t)(lifetime_s / MH_LIFETIME_UNIT_S);
	lma_put_mn_id(m, &u->mn_id);
	mh_set(m, MH_OPT_HANDOFF_INDICATOR);
	m->opt.handoff.value = u->handoff;
	mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
	m->opt.access_tech.value = u->access_tech;
	mh_set(m, MH_OPT_DELEGATED_PREFIX);
	m->opt.dmnp.prefix = mine->prefix;
	if (lifetime_s > 0) {
		put_others(l, &u->proxy_coa, go_on_from(l, u), lifetime_s, m);
		lma_demand_updated(l, demand_of(l, &u->proxy_coa));
		remember(l, u, now->mono_ms + 1000ull * lifetime_s, now->mono_ms);
	} else {
		forget(l, &u->proxy_coa);
	}
	l->stat.counter[STAT_PBA_ACCEPTED_TX]++;
}

void
lma_aggregates_changed(struct lma *l)
{
	l->aggregates_due = true;
	l->asker_at = 0;
}

static bool
forward(const struct lma *l, enum pmip_action_type type, const struct pmip_aggregate *what, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, type, PMIP_SESSION_NONE);

	if (a == NULL)
		return false;
	a->aggregate.prefix = what->prefix;
	a->aggregate.local = l->s.address;
	a->aggregate.remote = what->gateway;
	return true;
}

/* What is gone first: it makes room. */
static void
forward_slice(struct lma *l, struct pmip_actions *out)
{
	for (unsigned int i = l->forwarded_count; i-- > 0;) {
		if (find(l->aggregate, l->s.aggregate_count, &l->forwarded[i].prefix) != NULL)
			continue;
		if (!forward(l, PMIP_ACT_AGGREGATE_CLEAR, &l->forwarded[i], out))
			return;
		l->forwarded[i] = l->forwarded[--l->forwarded_count];
	}
	for (unsigned int i = 0; i < l->s.aggregate_count; i++) {
		const struct pmip_aggregate *a = &l->aggregate[i];
		struct pmip_aggregate *known = find(l->forwarded, l->forwarded_count, &a->prefix);

		if (known != NULL && addr6_equal(&known->gateway, &a->gateway))
			continue;
		if (!forward(l, PMIP_ACT_AGGREGATE_SET, a, out))
			return;
		if (known == NULL)
			known = &l->forwarded[l->forwarded_count++];
		*known = *a;
	}
	l->aggregates_due = false;
}

/* By a vendor's options, or without a vendor by having it ask again. */
static void
tell_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	uint16_t reason = l->s.multihoming.vendor != 0 ? MH_UPN_VENDOR_SPECIFIC : MH_UPN_FORCE_REREGISTRATION;
	struct lma_demand d = {.type = LMA_DEMAND_AGGREGATES, .session = INDEX_NONE, .what = reason};

	for (unsigned int told = 0; l->asker_at < LMA_ASKERS_MAX; l->asker_at++) {
		const struct lma_asker *a = &l->asker[l->asker_at];

		if (a->until_ms <= now->mono_ms || !lma_gateway_can(l, &a->address, LMA_CAN_NOTIFY))
			continue;
		if (told++ == TOLD_A_STEP || out->count == PMIP_ACTIONS_MAX)
			return;
		drop_demand(l, &a->address);
		d.peer = a->address;
		lma_demand_start(l, &d, now, out);
	}
}

void
lma_aggregate_slice(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	if (l->aggregates_due)
		forward_slice(l, out);
	if (!l->aggregates_due)
		tell_slice(l, now, out);
}

void
lma_aggregate_write(const struct lma *l, const struct lma_demand *d, struct mh_msg *m)
{
	lma_put_mn_id(m, &asker_of(l, &d->peer)->id); /* it has none without */
	if (d->what == MH_UPN_VENDOR_SPECIFIC)
		put_others(l, &d->peer, 0, l->s.lifetime_max_s, m);
}

void
lma_aggregate_publish(struct lma *l, const struct lma_demand *d, enum pmip_publish what, uint8_t status,
		      struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_PUBLISH, PMIP_SESSION_NONE);

	if (a == NULL)
		return;
	a->publish.what = what;
	a->publish.status = status;
	a->publish.mn_id = asker_of(l, &d->peer)->id;
	a->publish.peer = d->peer;
}

bool
lma_next_aggregate(const struct lma *l, unsigned int at, struct lma_aggregate_view *out)
{
	const struct lma_asker *a;

	if (at >= l->s.aggregate_count)
		return false;
	a = asker_of(l, &l->aggregate[at].gateway);
	*out = (struct lma_aggregate_view){.is = l->aggregate[at], .until_ms = a != NULL ? a->until_ms : 0};
	return true;
}
