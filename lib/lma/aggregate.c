/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Temporal prefixes of gateways (draft-park-multihoming-ext-pmipv6-2level-prefix section 3): blocks from which a
 * gateway cuts prefixes of its sessions by itself. What lies in one and is no session's in particular is the gateway's.
 */
#include <stdlib.h>

#include "mh/vendor.h"
#include "multi.h"

#define TEMPORAL_LEN 64 /* of what is cut from a block */

const struct pmip_aggregate *
lma_aggregate_find(const struct lma *l, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < l->s.aggregate_count; i++)
		if (l->aggregate[i].prefix.len <= p->len && addr_prefix_overlaps(&l->aggregate[i].prefix, p))
			return &l->aggregate[i];
	return NULL;
}

bool
lma_aggregate_holds(const struct lma *l, const struct addr_prefix *p)
{
	return lma_aggregate_find(l, p) != NULL;
}

void
lma_aggregate_slice(struct lma *l, struct pmip_actions *out)
{
	for (; l->aggregate_at < l->s.aggregate_count; l->aggregate_at++) {
		struct pmip_action *a = pmip_act(out, PMIP_ACT_AGGREGATE_SET, PMIP_SESSION_NONE);

		if (a == NULL)
			return;
		a->aggregate.prefix = l->aggregate[l->aggregate_at].prefix;
		a->aggregate.local = l->s.address;
		a->aggregate.remote = l->aggregate[l->aggregate_at].gateway;
	}
}

bool
lma_multi_settings(const struct lma_settings *s, struct pmip_flow_policy **policies, struct pmip_aggregate **aggregates)
{
	*policies = calloc(s->flow_policy_count + 1, sizeof(**policies));
	*aggregates = calloc(s->aggregate_count + 1, sizeof(**aggregates));
	if (*policies == NULL || *aggregates == NULL)
		return false;
	if (s->flow_policy_count > 0)
		memcpy(*policies, s->flow_policies, s->flow_policy_count * sizeof(**policies));
	if (s->aggregate_count > 0)
		memcpy(*aggregates, s->aggregates, s->aggregate_count * sizeof(**aggregates));
	return true;
}

bool
lma_aggregate_is_asked_for(const struct lma_update *u)
{
	return mh_has(&u->msg, MH_OPT_DELEGATED_PREFIX) && !mh_has(&u->msg, MH_OPT_HOME_NETWORK_PREFIX);
}

/* The gateway's, and that which it names where it names one; NULL: it may have none. */
static const struct pmip_aggregate *
delegated_to(const struct lma *l, const struct lma_update *u)
{
	const struct mh_opt_dmnp *o = &u->msg.opt.dmnp;

	for (unsigned int i = 0; !o->ipv4 && i < l->s.aggregate_count; i++)
		if (addr6_equal(&l->aggregate[i].gateway, &u->proxy_coa) &&
		    (addr6_is_zero(&o->prefix.addr) || addr_prefix_equal(&l->aggregate[i].prefix, &o->prefix)))
			return &l->aggregate[i];
	return NULL;
}

void
lma_aggregate_delegate(struct lma *l, const struct lma_update *u, const struct clock_now *now, struct pmip_actions *out)
{
	const struct pmip_aggregate *mine = delegated_to(l, u);
	uint16_t most = (uint16_t)(l->s.lifetime_max_s / MH_LIFETIME_UNIT_S);
	struct pmip_action *a;
	struct mh_msg *m;

	if (mine == NULL || !l->s.proxy_registration) {
		lma_answer_reject(l, u,
				  mine == NULL ? MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP
					       : MH_STATUS_PROXY_REG_NOT_ENABLED,
				  NULL, now, out);
		return;
	}
	a = lma_answer_start(u, MH_STATUS_ACCEPTED, PMIP_SESSION_NONE, out);
	if (a == NULL)
		return;
	m = &a->send.msg;
	m->pba.lifetime = u->msg.pbu.lifetime < most ? u->msg.pbu.lifetime : most;
	lma_put_mn_id(m, &u->mn_id);
	mh_set(m, MH_OPT_HANDOFF_INDICATOR);
	m->opt.handoff.value = u->handoff;
	mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
	m->opt.access_tech.value = u->access_tech;
	mh_set(m, MH_OPT_DELEGATED_PREFIX);
	m->opt.dmnp.prefix = mine->prefix;
	l->stat.counter[STAT_PBA_ACCEPTED_TX]++;
}

static void
drop_named(struct lma_update *u, unsigned int at)
{
	u->prefix_count--;
	memmove(&u->prefix[at], &u->prefix[at + 1], (u->prefix_count - at) * sizeof(u->prefix[0]));
}

static void
note(struct lma_update *u, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < u->temporal_count; i++)
		if (addr_prefix_equal(&u->temporal[i], p))
			return;
	if (u->temporal_count < MH_VENDOR_MAX)
		u->temporal[u->temporal_count++] = *p;
}

struct lma_session *
lma_aggregate_owner(struct lma *l, const struct lma_node *n, const struct addr_prefix *p, const struct lma_session *to)
{
	struct lma_session *s = lma_session_find_prefix(l, p), *there = NULL;
	const struct pmip_aggregate *a = s == NULL && p->len == TEMPORAL_LEN ? lma_aggregate_find(l, p) : NULL;

	if (a == NULL)
		return s;
	while ((s = lma_session_of(l, n, s)) != NULL)
		if (s->state == LMA_ACTIVE && addr6_equal(&s->binding.proxy_coa, &a->gateway) &&
		    (there == NULL || there == to))
			there = s;
	return there;
}

static bool
own(struct lma *l, struct lma_session *s, const struct addr_prefix *p)
{
	struct addr_prefix has[MH_HNP_MAX];

	if (lma_session_find_prefix(l, p) != NULL)
		return true;
	if (s->prefix_count + lma_rows_beside(l, s) >= MH_HNP_MAX)
		return false;
	memcpy(has, lma_session_prefixes(l, s), s->prefix_count * sizeof(has[0]));
	has[s->prefix_count] = *p;
	lma_session_replace_prefixes(l, s, has, s->prefix_count + 1);
	return true;
}

/* All prefixes of the node's other sessions that lie in a block, in place of the block. */
static void
expand(struct lma *l, const struct lma_node *n, struct lma_update *u, unsigned int at)
{
	struct addr_prefix block = u->prefix[at];
	struct lma_session *s = NULL;

	drop_named(u, at);
	while ((s = lma_session_of(l, n, s)) != NULL) {
		const struct addr_prefix *prefix = lma_session_prefixes(l, s);

		for (unsigned int i = 0; i < s->prefix_count && u->prefix_count < MH_HNP_MAX; i++)
			if (addr_prefix_overlaps(&block, &prefix[i]) && !lma_update_names(u, &prefix[i]) &&
			    !addr6_equal(&s->binding.proxy_coa, &u->proxy_coa))
				u->prefix[u->prefix_count++] = prefix[i];
	}
	/* Nothing of it is known: nobody has it. */
	if (u->prefix_count == 0)
		u->prefix[u->prefix_count++] = block;
}

/* Whether by p, which its own gateway cut for one interface, an update for another asks for that. */
static bool
is_pulled(struct lma *l, const struct lma_node *n, const struct lma_update *u, const struct addr_prefix *p)
{
	const struct lma_session *to = l->s.multihoming.hi5_flow_handover && u->handoff == MH_HANDOFF_NO_CHANGE
					       ? lma_lookup_interface(l, n, u)
					       : NULL;

	return to != NULL && lma_aggregate_owner(l, n, p, to) != to;
}

void
lma_aggregate_note(struct lma *l, const struct lma_node *n, struct lma_update *u)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_prefixes(&u->msg, l->s.multihoming.vendor, said, MH_VENDOR_MAX);

	/* One that was parked has been here before, and has what it named then. */
	for (unsigned int i = 0; i < count; i++) {
		const struct pmip_aggregate *a = lma_aggregate_find(l, &said[i].prefix);

		if ((said[i].flags & MH_VENDOR_LEVEL2) && a != NULL && addr6_equal(&a->gateway, &u->proxy_coa) &&
		    said[i].prefix.len == TEMPORAL_LEN && lma_session_find_prefix(l, &said[i].prefix) == NULL)
			note(u, &said[i].prefix);
	}
	for (unsigned int i = u->prefix_count; i-- > 0;) {
		const struct pmip_aggregate *a = lma_aggregate_find(l, &u->prefix[i]);

		if (a == NULL || lma_session_find_prefix(l, &u->prefix[i]) != NULL)
			continue;
		if (addr_prefix_equal(&a->prefix, &u->prefix[i])) {
			expand(l, n, u, i);
		} else if (u->prefix[i].len == TEMPORAL_LEN && addr6_equal(&a->gateway, &u->proxy_coa) &&
			   !is_pulled(l, n, u, &u->prefix[i])) {
			note(u, &u->prefix[i]);
			drop_named(u, i);
		}
	}
}

void
lma_aggregate_adopt(struct lma *l, struct lma_session *s, const struct lma_update *u)
{
	for (unsigned int i = 0; i < u->temporal_count; i++)
		own(l, s, &u->temporal[i]);
}

bool
lma_aggregate_settle(struct lma *l, const struct lma_session *to, const struct lma_update *u)
{
	for (unsigned int i = 0; i < u->prefix_count; i++) {
		struct lma_session *home = lma_aggregate_owner(l, &l->node[to->node], &u->prefix[i], to);

		if (home != NULL && !lma_session_owns(l, home, &u->prefix[i]) && !own(l, home, &u->prefix[i]))
			return false;
	}
	return true;
}
