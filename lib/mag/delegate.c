/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The aggregate of a gateway that is configured with none: its anchor is asked for one, as a mobile router's would be
 * for a prefix of its network (RFC 7148 section 5.1.2), by an update whose mobile node is the gateway itself. That one
 * has no home network, and so no such prefix: an anchor that knows nothing of this refuses it. The answer tells of the
 * aggregates of other gateways too; where there are more than it has room for, the gateway asks for those behind them.
 */
#include "engine.h"
#include "mh/vendor.h"

#define ATT_VIRTUAL    1
#define HOLD_DOUBLINGS 4 /* of the longest retransmission time, until a refused request is made again */

static const struct addr_prefix none;

bool
mag_delegation_wanted(const struct mag_settings *s)
{
	return s->temporal_prefixes > 0 && s->aggregate.len == 0 && !s->logical_interface && s->id.len > 0 &&
	       !addr6_is_zero(&s->lma);
}

static void
due_at(struct mag *g, uint64_t due_ms)
{
	deadline_set(&g->rare, MAG_RARE_DELEGATION, due_ms);
}

/* What the last list did not name is not known by then. */
static void
begin_list(struct mag_delegation *d)
{
	d->behind = none;
	d->pages = 0;
	for (unsigned int i = 0; i < d->other_count; i++)
		d->other[i].named = false;
}

void
mag_delegation_ask(struct mag *g)
{
	g->delegation.outstanding = false;
	if (!mag_delegation_wanted(&g->s))
		g->delegation.other_count = 0;
	begin_list(&g->delegation);
	due_at(g, mag_delegation_wanted(&g->s) ? g->now.mono_ms : DEADLINE_NEVER);
}

static void
publish(struct mag *g, enum pmip_publish what, uint8_t status)
{
	struct pmip_action *a = mag_act_for(g, PMIP_ACT_PUBLISH);

	a->publish.what = what;
	a->publish.status = status;
	a->publish.mn_id = g->s.id;
	a->publish.peer = g->delegation.lma;
}

static void
send(struct mag *g)
{
	struct mag_delegation *d = &g->delegation;
	struct mh_msg *m = mag_update_of_many(
		g, &d->lma, d->aggregate.len > 0 ? MH_HANDOFF_NO_CHANGE : MH_HANDOFF_NEW_INTERFACE, ATT_VIRTUAL);

	d->sequence = m->pbu.sequence;
	d->sent_ms = g->now.mono_ms;
	d->tries++;
	mag_put_mn_id(&g->s.id, m);
	mh_set(m, MH_OPT_DELEGATED_PREFIX);
	m->opt.dmnp.prefix = d->aggregate;
	if (d->behind.len > 0)
		mh_vendor_add_delegation(m, g->s.multihoming.vendor,
					 &(struct mh_vendor_delegation){.prefix = d->behind});
	mag_put_timestamp(g, &d->lma, m);
	g->stat.counter[STAT_PBU_TX]++;
}

/* Sessions have what was cut for them until they end. */
static void
set_aggregate(struct mag *g, const struct addr_prefix *aggregate)
{
	if (addr_prefix_equal(&g->delegation.aggregate, aggregate))
		return;
	g->delegation.aggregate = *aggregate;
	mag_temporal_recut(g, aggregate);
}

void
mag_delegation_due(struct mag *g)
{
	const struct pmip_timers *t = &g->s.timers;
	struct mag_delegation *d = &g->delegation;

	if (!mag_delegation_wanted(&g->s))
		return;
	if (g->closing) { /* it may go on when all sessions are over */
		due_at(g, g->now.mono_ms + t->initial_bindack_timeout_ms);
		return;
	}
	if (d->aggregate.len > 0 && d->expires_ms <= g->now.mono_ms)
		set_aggregate(g, &none);
	if (!d->outstanding) {
		d->outstanding = true;
		d->lma = g->s.lma;
		d->tries = 0;
		d->timeout_ms = t->initial_bindack_timeout_ms;
	} else {
		d->timeout_ms =
			2 * d->timeout_ms < t->max_bindack_timeout_ms ? 2 * d->timeout_ms : t->max_bindack_timeout_ms;
		if (d->tries == t->retransmissions_max + 1)
			publish(g, PMIP_PUB_NO_ANSWER, MH_STATUS_ACCEPTED);
	}
	send(g);
	due_at(g, g->now.mono_ms + d->timeout_ms);
}

static bool
is_aggregate(const struct addr_prefix *p)
{
	return mag_prefix_usable(p) && p->len >= MAG_AGGREGATE_LEN_MIN && p->len <= MAG_AGGREGATE_LEN_MAX;
}

static bool
is_usable(const struct mh_msg *m)
{
	const struct mh_opt_dmnp *o = &m->opt.dmnp;

	return mh_has(m, MH_OPT_DELEGATED_PREFIX) && !o->ipv4 && is_aggregate(&o->prefix) && m->pba.lifetime > 0;
}

static struct mag_other *
find_other(struct mag_delegation *d, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < d->other_count; i++)
		if (addr_prefix_equal(&d->other[i].is.prefix, p))
			return &d->other[i];
	return NULL;
}

static void
take_other(struct mag *g, const struct mh_vendor_delegation *said)
{
	struct mag_delegation *d = &g->delegation;
	struct mag_other *o = find_other(d, &said->prefix);

	if (said->lifetime_s == 0 && o != NULL)
		*o = d->other[--d->other_count];
	if (said->lifetime_s == 0 || !is_aggregate(&said->prefix) || addr6_equal(&said->gateway, &g->s.address))
		return;
	if (o == NULL && d->other_count == PMIP_AGGREGATES_MAX)
		return;
	if (o == NULL)
		o = &d->other[d->other_count++];
	*o = (struct mag_other){.is = {.gateway = said->gateway, .prefix = said->prefix},
				.named = true,
				.until_ms = g->now.mono_ms + 1000ull * said->lifetime_s};
}

/* True when there are others behind these. */
static bool
take_others(struct mag *g, const struct mh_msg *m)
{
	struct mh_vendor_delegation said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_delegations(m, g->s.multihoming.vendor, said, MH_VENDOR_MAX);

	for (unsigned int i = 0; i < count; i++)
		take_other(g, &said[i]);
	if (count == 0 || !said[count - 1].more)
		return false;
	g->delegation.behind = said[count - 1].prefix;
	return true;
}

/* The list is at its end. */
static void
end_list(struct mag_delegation *d)
{
	for (unsigned int i = d->other_count; i-- > 0;)
		if (!d->other[i].named)
			d->other[i] = d->other[--d->other_count];
	begin_list(d);
}

static void
granted(struct mag *g, const struct mh_msg *m)
{
	struct mag_delegation *d = &g->delegation;
	struct addr_prefix aggregate = addr_prefix_mask(&m->opt.dmnp.prefix.addr, m->opt.dmnp.prefix.len);
	uint64_t life_ms = 1000ull * MH_LIFETIME_UNIT_S * m->pba.lifetime;

	if (life_ms > 1000ull * g->s.lifetime_s)
		life_ms = 1000ull * g->s.lifetime_s;
	set_aggregate(g, &aggregate);
	d->refused = false;
	d->expires_ms = d->sent_ms + life_ms;
	if (take_others(g, m) && ++d->pages < PMIP_AGGREGATES_MAX) {
		due_at(g, g->now.mono_ms);
		return;
	}
	end_list(d);
	due_at(g, d->sent_ms + life_ms * g->s.timers.refresh_percent / 100);
}

/*
 * Nothing is cut from an aggregate that the anchor does not leave to this gateway. Where it says that it has another,
 * that is asked for at once.
 */
static void
refused(struct mag *g, uint8_t status)
{
	uint64_t hold_ms = (uint64_t)g->s.timers.max_bindack_timeout_ms << HOLD_DOUBLINGS;
	bool other = g->delegation.aggregate.len > 0 && status == MH_STATUS_REQUESTED_DMNP_IN_USE;

	set_aggregate(g, &none);
	g->delegation.other_count = 0; /* nor would it hear when they change */
	begin_list(&g->delegation);
	g->delegation.refused = true;
	publish(g, PMIP_PUB_REJECTED, status);
	due_at(g, g->now.mono_ms + (other ? 0 : hold_ms));
}

bool
mag_delegation_acknowledge(struct mag *g, const struct pmip_event *e)
{
	struct mag_delegation *d = &g->delegation;
	const struct mh_msg *m = e->message.msg;
	struct pmip_mn_id id = mag_mn_id_of(m);

	if (!d->outstanding || m->pba.sequence != d->sequence || !addr6_equal(&e->message.src, &d->lma) ||
	    !pmip_mn_id_equal(&id, &g->s.id))
		return false;
	g->stat.counter[m->pba.status < MAG_REJECTED_FROM ? STAT_PBA_ACCEPTED_RX : STAT_PBA_REJECTED_RX]++;
	d->outstanding = false;
	if (m->pba.status < MAG_REJECTED_FROM && is_usable(m))
		granted(g, m);
	else
		refused(g, m->pba.status);
	return true;
}

bool
mag_delegation_told(struct mag *g, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	struct pmip_mn_id id = mag_mn_id_of(m);

	if (!mag_delegation_wanted(&g->s) || !addr6_equal(&e->message.src, &g->s.lma) ||
	    !pmip_mn_id_equal(&id, &g->s.id) ||
	    (m->upn.reason != MH_UPN_FORCE_REREGISTRATION && m->upn.reason != MH_UPN_VENDOR_SPECIFIC))
		return false;
	take_others(g, m);
	mag_delegation_ask(g);
	return true;
}
