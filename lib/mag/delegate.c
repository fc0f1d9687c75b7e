/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The aggregate of a gateway that is configured with none: its anchor is asked for one, as a mobile router's would be
 * for a prefix of its network (RFC 7148 section 5.1.2), by an update whose mobile node is the gateway itself. That one
 * has no home network, and so no such prefix: an anchor that knows nothing of this refuses it.
 */
#include "engine.h"

#define ATT_VIRTUAL    1
#define HOLD_DOUBLINGS 4 /* of the longest retransmission time, until a refused request is made again */

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

void
mag_delegation_ask(struct mag *g)
{
	g->delegation.outstanding = false;
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
	static const struct addr_prefix none;
	const struct pmip_timers *t = &g->s.timers;
	struct mag_delegation *d = &g->delegation;

	if (g->closing || !mag_delegation_wanted(&g->s))
		return;
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
is_usable(const struct mh_msg *m)
{
	const struct mh_opt_dmnp *o = &m->opt.dmnp;

	return mh_has(m, MH_OPT_DELEGATED_PREFIX) && !o->ipv4 && mag_prefix_usable(&o->prefix) &&
	       o->prefix.len >= MAG_AGGREGATE_LEN_MIN && o->prefix.len <= MAG_AGGREGATE_LEN_MAX && m->pba.lifetime > 0;
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
	d->expires_ms = d->sent_ms + life_ms;
	due_at(g, d->sent_ms + life_ms * g->s.timers.refresh_percent / 100);
}

/* Nothing is cut from an aggregate that the anchor does not leave to this gateway. */
static void
refused(struct mag *g, uint8_t status)
{
	static const struct addr_prefix none;

	set_aggregate(g, &none);
	publish(g, PMIP_PUB_REJECTED, status);
	due_at(g, g->now.mono_ms + ((uint64_t)g->s.timers.max_bindack_timeout_ms << HOLD_DOUBLINGS));
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
