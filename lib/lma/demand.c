/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this anchor asks of gateways until they answer: Binding Revocation Indications (RFC 5846 section 6) and Update
 * Notifications (RFC 7077 section 5). A message that is sent again is made again, of what does not change while the
 * session is there. Sequence numbers of what is out never collide.
 */
#include "multi.h"

static uint32_t
index_of(const struct lma *l, const struct lma_demand *d)
{
	return (uint32_t)(d - l->demand);
}

static uint64_t
hash_sequence(const struct lma *l, bool notify, uint16_t sequence)
{
	return hash_u64(&l->s.secret, (uint64_t)notify << 16 | sequence);
}

static uint64_t
hash_peer(const struct lma *l, const struct addr6 *peer)
{
	return hash_bytes(&l->s.secret, peer, sizeof(*peer));
}

static bool
is_notify(const struct lma_demand *d)
{
	return d->type >= LMA_DEMAND_NOTIFY;
}

struct lma_demand *
lma_demand_find(struct lma *l, bool notify, uint16_t sequence)
{
	uint32_t i = index_map_first(&l->demand_by_sequence, hash_sequence(l, notify, sequence));

	for (; i != INDEX_NONE; i = index_map_next(&l->demand_by_sequence, i))
		if (l->demand[i].sequence == sequence && is_notify(&l->demand[i]) == notify)
			return &l->demand[i];
	return NULL;
}

/* The demand of a session that is at *at or behind; *at goes on behind it, and so it may be dropped. */
static struct lma_demand *
next_of(struct lma *l, const struct lma_session *s, uint32_t *at)
{
	uint32_t session = lma_session_index(l, s), i = *at;

	while (i != INDEX_NONE && l->demand[i].session != session)
		i = index_map_next(&l->demand_by_session, i);
	*at = i != INDEX_NONE ? index_map_next(&l->demand_by_session, i) : INDEX_NONE;
	return i != INDEX_NONE ? &l->demand[i] : NULL;
}

static uint32_t
first_of(const struct lma *l, const struct lma_session *s)
{
	return index_map_first(&l->demand_by_session, hash_u64(&l->s.secret, lma_session_index(l, s)));
}

struct lma_demand *
lma_demand_of(struct lma *l, const struct lma_session *s, bool notify)
{
	uint32_t at = first_of(l, s);
	struct lma_demand *d;

	while ((d = next_of(l, s, &at)) != NULL)
		if (notify ? d->type == LMA_DEMAND_NOTIFY : !is_notify(d) && d->type != LMA_DEMAND_PART)
			return d;
	return NULL;
}

struct lma_demand *
lma_demand_typed(struct lma *l, const struct lma_session *s, enum lma_demand_type type)
{
	uint32_t at = first_of(l, s);
	struct lma_demand *d;

	while ((d = next_of(l, s, &at)) != NULL)
		if (d->type == type)
			return d;
	return NULL;
}

struct lma_demand *
lma_demand_of_peer(struct lma *l, const struct addr6 *peer, const struct lma_demand *after)
{
	uint32_t i = after != NULL ? index_map_next(&l->demand_by_peer, index_of(l, after))
				   : index_map_first(&l->demand_by_peer, hash_peer(l, peer));

	for (; i != INDEX_NONE; i = index_map_next(&l->demand_by_peer, i))
		if (addr6_equal(&l->demand[i].peer, peer))
			return &l->demand[i];
	return NULL;
}

void
lma_demand_drop(struct lma *l, struct lma_demand *d)
{
	uint32_t i = index_of(l, d);

	deadline_clear(&l->demand_due, i);
	index_map_del(&l->demand_by_sequence, i);
	index_map_del(&l->demand_by_peer, i);
	if (d->session != INDEX_NONE)
		index_map_del(&l->demand_by_session, i);
	index_pool_put(&l->demand_ids, i);
}

void
lma_demand_drop_of(struct lma *l, const struct lma_session *s, bool notify)
{
	struct lma_demand *d = lma_demand_of(l, s, notify);

	if (d != NULL)
		lma_demand_drop(l, d);
}

void
lma_demand_drop_all_of(struct lma *l, const struct lma_session *s)
{
	uint32_t at = first_of(l, s);
	struct lma_demand *d;

	while ((d = next_of(l, s, &at)) != NULL)
		lma_demand_drop(l, d);
}

void
lma_demand_drop_parts(struct lma *l, const struct lma_session *s, uint64_t since_ms)
{
	uint32_t at = first_of(l, s);
	struct lma_demand *d;

	while ((d = next_of(l, s, &at)) != NULL)
		if (d->type == LMA_DEMAND_PART && d->since_ms >= since_ms)
			lma_demand_drop(l, d);
}

static void
unname(struct lma *l, struct lma_demand *d, const struct lma_session *s)
{
	for (unsigned int i = d->prefix_count; i-- > 0;)
		if (lma_session_has(l, s, &d->prefix[i]))
			d->prefix[i] = d->prefix[--d->prefix_count];
	if (d->prefix_count == 0)
		lma_demand_drop(l, d);
}

void
lma_demand_unname(struct lma *l, const struct lma_session *s)
{
	struct lma_session *of = NULL;
	struct lma_demand *d;

	while ((of = lma_session_of(l, &l->node[s->node], of)) != NULL)
		for (uint32_t at = first_of(l, of); (d = next_of(l, of, &at)) != NULL;)
			if (d->type == LMA_DEMAND_PART && addr6_equal(&d->peer, &s->binding.proxy_coa))
				unname(l, d, s);
}

/* Its gateway has sent what it was to: an update. An acknowledgement is not asked for (RFC 7077 section 5.1). */
static bool
wants_update(const struct lma_demand *d)
{
	return is_notify(d) && d->what == MH_UPN_FORCE_REREGISTRATION;
}

void
lma_demand_updated(struct lma *l, struct lma_demand *d)
{
	if (d != NULL && wants_update(d))
		lma_demand_drop(l, d);
}

/* Of the session as it is: not of others of the mobile node, though it may have nothing but what they own. */
static void
write_prefixes(const struct lma *l, const struct lma_demand *d, const struct lma_session *s, struct mh_msg *m)
{
	const struct addr_prefix *prefix = lma_session_prefixes(l, s);

	for (unsigned int i = 0; i < s->prefix_count; i++)
		mh_add_hnp(m, &prefix[i]);
	lma_rows_write(l, s, d, m);
}

static void
write_subject(const struct lma *l, const struct lma_demand *d, struct mh_msg *m)
{
	const struct lma_session *s;
	struct pmip_mn_id id;

	if (d->type == LMA_DEMAND_AGGREGATES)
		lma_aggregate_write(l, d, m);
	else if (d->session == INDEX_NONE && d->detail != 0)
		lma_put_mn_id(m, &l->detail[d->detail - 1].realm);
	if (d->session == INDEX_NONE)
		return; /* of all the peer's no option at all (RFC 5846 section 8.1) */
	s = &l->session[d->session];
	lma_node_id(l, s->node, &id);
	lma_put_mn_id(m, &id);
	if (d->prefix_count == 0)
		write_prefixes(l, d, s, m);
	for (unsigned int i = 0; i < d->prefix_count; i++)
		if (mh_add_hnp(m, &d->prefix[i]))
			m->opt.hnp[m->opt.hnp_count - 1].off_link =
				d->type == LMA_DEMAND_FLOW && !(d->on_link & 1u << i);
	if (d->type == LMA_DEMAND_FLOW)
		lma_flow_write(l, s, m);
	else if (d->type == LMA_DEMAND_TELL)
		lma_flow_write_interface(l, s, m);
}

static void
send(struct lma *l, struct lma_demand *d, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_SEND, d->session);
	struct mh_msg *m;

	if (a == NULL)
		return;
	a->send.src = l->s.address;
	a->send.dst = d->peer;
	m = &a->send.msg;
	if (is_notify(d)) {
		m->type = MH_UPN;
		m->upn = (struct mh_upn){.sequence = d->sequence, .reason = d->what};
		m->upn.flags = (uint16_t)((wants_update(d) ? 0 : MH_UPN_A) | (d->sent > 0 ? MH_UPN_D : 0));
		if (d->detail != 0)
			mh_add_vendor(m, &l->detail[d->detail - 1].vendor);
		l->stat.counter[STAT_UPN_TX]++;
	} else {
		m->type = MH_BRI;
		m->bri = (struct mh_bri){.trigger = (uint8_t)d->what, .sequence = d->sequence, .flags = MH_BR_P};
		m->bri.flags |= d->type == LMA_DEMAND_ALL ? MH_BR_G : 0;
		l->stat.counter[STAT_BRI_TX]++;
	}
	write_subject(l, d, m);
	d->sent++;
}

static uint16_t
next_sequence(struct lma *l, bool notify)
{
	uint16_t *last = notify ? &l->upn_sequence : &l->bri_sequence;

	do
		++*last;
	while (lma_demand_find(l, notify, *last) != NULL); /* there are fewer demands than numbers */
	return *last;
}

bool
lma_demand_start(struct lma *l, const struct lma_demand *asked, const struct clock_now *now, struct pmip_actions *out)
{
	uint32_t i = index_pool_take(&l->demand_ids);
	bool notify = is_notify(asked);
	struct lma_demand *d;

	if (i == INDEX_NONE)
		return false;
	d = &l->demand[i];
	*d = *asked;
	d->sequence = next_sequence(l, notify);
	d->since_ms = now->mono_ms;
	d->wait_ms = notify ? l->s.timers.notification_timeout_ms : l->s.timers.revocation_timeout_ms;
	index_map_add(&l->demand_by_sequence, i, hash_sequence(l, notify, d->sequence));
	index_map_add(&l->demand_by_peer, i, hash_peer(l, &d->peer));
	if (d->session != INDEX_NONE)
		index_map_add(&l->demand_by_session, i, hash_u64(&l->s.secret, d->session));
	deadline_set(&l->demand_due, i, now->mono_ms + d->wait_ms);
	send(l, d, out);
	return true;
}

void
lma_demand_give_up(struct lma *l, struct lma_demand *d, uint64_t now_ms)
{
	d->given_up = true;
	deadline_set(&l->demand_due, index_of(l, d), now_ms);
}

static bool
is_last(const struct lma *l, const struct lma_demand *d)
{
	uint32_t most = is_notify(d) ? l->s.timers.notification_retransmissions_max
				     : l->s.timers.revocation_retransmissions_max;

	return d->given_up || d->sent > most;
}

static void
send_again(struct lma *l, struct lma_demand *d, const struct clock_now *now, struct pmip_actions *out)
{
	uint32_t most_ms = l->s.timers.revocation_timeout_max_ms;

	if (!is_notify(d))
		d->wait_ms = d->wait_ms * 2 < most_ms ? d->wait_ms * 2 : most_ms;
	deadline_set(&l->demand_due, index_of(l, d), now->mono_ms + d->wait_ms);
	send(l, d, out);
}

bool
lma_demand_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	uint32_t i = deadline_pop(&l->demand_due, now->mono_ms);

	if (i == DEADLINE_NONE)
		return false;
	if (!is_last(l, &l->demand[i]))
		send_again(l, &l->demand[i], now, out);
	else if (is_notify(&l->demand[i]))
		lma_notify_unanswered(l, &l->demand[i], now, out);
	else
		lma_revoke_done(l, &l->demand[i], LMA_UNANSWERED, now, out);
	return true;
}
