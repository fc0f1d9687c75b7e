/* SPDX-License-Identifier: BSD-3-Clause */
/* A binding's lifetime goes on, on the same gateway or on another: RFC 5213 sections 5.3.3 and 5.3.4. */
#include "multi.h"

/* What a gateway uses on every access link (RFC 6543), since none is to be generated anew at each of them. */
static const struct addr6 gateway_link_local = {
	{0xfe, 0x80, [8] = 0x02, [10] = 0x5e, [11] = 0xff, [12] = 0xfe, [14] = 0x52, [15] = 0x13}};

uint16_t
lma_lifetime_granted(const struct lma *l, uint16_t asked)
{
	uint32_t most = l->s.lifetime_max_s / MH_LIFETIME_UNIT_S;

	return asked < most ? asked : (uint16_t)most;
}

/* The gateway's choice if it made one; else what the entry has; else a generated one. */
static struct addr6
link_local_of(const struct lma_update *u, const struct lma_binding *before)
{
	const struct addr6 *asked = &u->msg.opt.link_local.addr;

	if (mh_has(&u->msg, MH_OPT_LINK_LOCAL_ADDRESS) && !addr6_is_zero(asked))
		return *asked;
	return addr6_is_zero(&before->link_local) ? gateway_link_local : before->link_local;
}

/* Timestamps of a binding never go back, though an update that waited may be older than what it waited for. */
static struct pmip_stamp
later_stamp(const struct pmip_stamp *before, const struct pmip_stamp *now)
{
	struct pmip_stamp s = *now;

	if (s.timestamp != 0 && s.timestamp < before->timestamp)
		s.timestamp = before->timestamp;
	return s;
}

void
lma_bind(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now)
{
	uint16_t lifetime = lma_lifetime_granted(l, u->msg.pbu.lifetime);
	uint64_t lifetime_ms = (uint64_t)lifetime * MH_LIFETIME_UNIT_S * 1000;
	struct lma_binding *b = &s->binding;

	if (s->state != LMA_FREE && !addr6_equal(&b->proxy_coa, &u->proxy_coa)) {
		s->handovers++;
		l->stat.counter[STAT_HANDOVERS]++;
	}
	lma_group_set(l, s, lma_group_wanted(l, u));
	if (s->state == LMA_FREE || u->service_named) {
		lma_service_set(l, s, u->service);
		b->service_named = u->service_named;
	}
	s->binding = (struct lma_binding){.proxy_coa = u->proxy_coa,
					  .link_local = link_local_of(u, &s->binding),
					  .ll_id = u->ll_id,
					  .access_tech = u->access_tech,
					  .handoff = u->handoff,
					  .gre = (uint8_t)lma_gre_wanted(u),
					  .service = b->service,
					  .service_named = b->service_named,
					  .group = b->group,
					  .stamp = later_stamp(&s->binding.stamp, &u->stamp),
					  .lifetime_asked = u->msg.pbu.lifetime,
					  .lifetime = lifetime,
					  .key_out = u->msg.opt.gre_key.key,
					  .expires_ms = now->mono_ms + lifetime_ms};
	lma_enter(l, &s->state, LMA_ACTIVE);
	deadline_set(&l->session_due, lma_session_index(l, s), s->binding.expires_ms);
}

void
lma_bound(struct lma *l, struct lma_session *s, bool moved)
{
	struct lma_demand *d = s->multi != 0 ? lma_demand_typed(l, s, LMA_DEMAND_FLOW) : NULL;

	if (d != NULL)
		d->crossed = true;
	if (moved) {
		lma_demand_unname(l, s);
		lma_demand_drop_of(l, s, false);
		lma_demand_drop_of(l, s, true);
		lma_flow_moved(l, s);
	} else {
		lma_revoke_overtaken(l, s);
	}
}

static bool
gre_changes(const struct lma_update *u, const struct lma_session *s)
{
	return s->binding.gre != lma_gre_wanted(u) ||
	       (s->binding.gre == LMA_GRE_KEYS && s->binding.key_out != u->msg.opt.gre_key.key);
}

/* Its gateway has given up all that it was to hear of. */
static void
forget_to_tell(struct lma *l, const struct lma_session *s)
{
	struct lma_demand *d = lma_rows_beside(l, s) == 0 ? lma_demand_typed(l, s, LMA_DEMAND_TELL) : NULL;

	if (d != NULL)
		lma_demand_drop(l, d);
}

void
lma_extend(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now,
	   struct pmip_actions *out)
{
	struct lma_binding before = s->binding;
	bool moved = !addr6_equal(&before.proxy_coa, &u->proxy_coa);
	bool active = s->state == LMA_ACTIVE;
	struct addr_prefix over[MH_HNP_MAX];
	uint8_t over_count = l->s.aggregate_count > 0 ? lma_aggregate_over(l, s, u, over) : 0;
	bool cut = u->temporal_count > 0 || over_count > 0;
	bool forward = moved || !active || gre_changes(u, s) || cut;
	uint16_t from = 0;

	if (forward)
		lma_undo_note(l, u, s, false);
	if (forward && (s->multi != 0 || cut))
		lma_undo_note_moves(l, s);
	lma_bind(l, u, s, now);
	if (!active)
		from = lma_rows_return(l, s);
	if (u->wants_prefix && s->multi != 0)
		lma_rows_host(l, s);
	lma_rows_forget(l, s, over, over_count);
	if (over_count > 0)
		forget_to_tell(l, s);
	lma_aggregate_adopt(l, s, u);
	if (forward)
		lma_multi_act_moved(l, s, from, out);
	if (forward && s->multi != 0)
		lma_multi_changed(l, lma_multi_of(l, s));
	lma_answer_accept(l, u, s, out);
	lma_act_publish(l, moved ? PMIP_PUB_SESSION_MOVED : PMIP_PUB_SESSION_REFRESHED, s, out);
	lma_bound(l, s, moved);
	if (moved && active)
		lma_revoke_left_behind(l, s, &before, now, out);
}
