/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Temporal prefixes (draft-park-multihoming-ext-pmipv6-2level-prefix section 3): blocks of which sessions of one
 * gateway have a prefix for each flow that may go its own way. The gateway cuts them and says so in each update, or
 * this anchor does; the binding cache says whose each is, and what lies in a block and is no session's is the
 * gateway's.
 */
#include <stdlib.h>

#include "mh/vendor.h"
#include "multi.h"

#define TEMPORAL_LEN 64	 /* of what is cut from a block */
#define CUT_TRIES    256 /* places looked at for one that is free */

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

/* Of its block, but for the first, which is nobody's. */
static bool
is_cut_by(const struct lma *l, const struct addr6 *gateway, const struct addr_prefix *p)
{
	const struct pmip_aggregate *a = p->len == TEMPORAL_LEN ? lma_aggregate_find(l, p) : NULL;

	return a != NULL && addr6_equal(&a->gateway, gateway) && !addr6_equal(&a->prefix.addr, &p->addr);
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

/* What it says of sessions that this anchor has is another thing than what it says of one that was lost here. */
static bool
is_of_lost(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	return u->handoff == MH_HANDOFF_NO_CHANGE && lma_lookup_interface(l, n, u) == NULL;
}

void
lma_aggregate_note(struct lma *l, const struct lma_node *n, struct lma_update *u)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_prefixes(&u->msg, l->s.multihoming.vendor, said, MH_VENDOR_MAX);
	bool lost = is_of_lost(l, n, u);

	/* One that was parked has been here before, and has what it named then. */
	for (unsigned int i = 0; i < count; i++)
		if ((said[i].flags & MH_VENDOR_LEVEL2) && is_cut_by(l, &u->proxy_coa, &said[i].prefix) &&
		    lma_session_find_prefix(l, &said[i].prefix) == NULL)
			note(u, &said[i].prefix);
	for (unsigned int i = u->prefix_count; i-- > 0;) {
		const struct addr_prefix *p = &u->prefix[i];
		const struct pmip_aggregate *a = lma_aggregate_find(l, p);

		if (a == NULL)
			continue;
		/* That had come from another gateway's session: to that one's word it is left. */
		if (lost && !addr6_equal(&a->gateway, &u->proxy_coa)) {
			drop_named(u, i);
		} else if (lma_session_find_prefix(l, p) != NULL) {
			continue;
		} else if (addr_prefix_equal(&a->prefix, p)) {
			expand(l, n, u, i);
		} else if (is_cut_by(l, &u->proxy_coa, p)) {
			note(u, p);
			drop_named(u, i);
		}
	}
}

static bool
own(struct lma *l, struct lma_session *s, const struct addr_prefix *p)
{
	struct addr_prefix has[MH_HNP_MAX];

	if (lma_session_find_prefix(l, p) != NULL || s->prefix_count + lma_rows_beside(l, s) >= MH_HNP_MAX)
		return false;
	memcpy(has, lma_session_prefixes(l, s), s->prefix_count * sizeof(has[0]));
	has[s->prefix_count] = *p;
	lma_session_replace_prefixes(l, s, has, s->prefix_count + 1);
	return true;
}

/* It says all that there is, if there is room for it. */
static bool
is_refresh(const struct lma_update *u)
{
	return u->handoff == MH_HANDOFF_NO_CHANGE && !u->wants_prefix;
}

/* Whether its gateway has cut p for s, and u does not say so. */
static bool
is_left_out(const struct lma *l, const struct lma_update *u, const struct addr_prefix *p)
{
	return is_cut_by(l, &u->proxy_coa, p) && !lma_update_names(u, p) && !lma_update_says(l, u, p, 0);
}

/* A gateway that forgot what it has cut for a session gets that again, in place of what it cut anew. */
static bool
is_forgotten(const struct lma *l, const struct lma_session *s, const struct lma_update *u)
{
	const struct addr_prefix *prefix = lma_session_prefixes(l, s);

	for (unsigned int i = 0; !is_refresh(u) && i < s->prefix_count; i++)
		if (is_left_out(l, u, &prefix[i]))
			return true;
	return false;
}

void
lma_aggregate_adopt(struct lma *l, struct lma_session *s, const struct lma_update *u)
{
	bool forgotten = is_forgotten(l, s, u);
	const struct addr_prefix *prefix;

	for (unsigned int i = 0; i < u->temporal_count && !forgotten; i++)
		if (is_cut_by(l, &u->proxy_coa, &u->temporal[i])) /* still, where u has waited */
			own(l, s, &u->temporal[i]);
	prefix = lma_session_prefixes(l, s);
	for (unsigned int i = 0; l->s.aggregate_count > 0 && i < s->prefix_count; i++)
		if (is_cut_by(l, &u->proxy_coa, &prefix[i]) && !is_left_out(l, u, &prefix[i]))
			s->said |= (uint8_t)(1u << i);
}

static const struct pmip_aggregate *
block_of(const struct lma *l, const struct addr6 *gateway)
{
	for (unsigned int i = 0; i < l->s.aggregate_count; i++)
		if (addr6_equal(&l->aggregate[i].gateway, gateway))
			return &l->aggregate[i];
	return NULL;
}

/* The next that is nobody's, as far as is looked. */
static bool
find_free(struct lma *l, const struct pmip_aggregate *a, struct addr_prefix *out)
{
	uint32_t most = (1u << (TEMPORAL_LEN - a->prefix.len)) - 1;

	for (unsigned int i = 0; i < CUT_TRIES; i++) {
		uint32_t n = 1 + l->cut++ % most;

		*out = (struct addr_prefix){a->prefix.addr, TEMPORAL_LEN};
		out->addr.b[6] |= (uint8_t)(n >> 8);
		out->addr.b[7] |= (uint8_t)n;
		if (lma_session_find_prefix(l, out) == NULL)
			return true;
	}
	return false;
}

void
lma_aggregate_cut(struct lma *l, struct lma_session *s, const struct lma_update *u)
{
	const struct pmip_aggregate *a = block_of(l, &u->proxy_coa);
	struct addr_prefix p;

	if (u->temporal_count > 0 || u->access_tech == MH_ATT_VIRTUAL || l->s.multihoming.vendor == 0)
		return;
	for (unsigned int i = 0; a != NULL && i < l->s.temporal_prefixes; i++)
		if (!find_free(l, a, &p) || !own(l, s, &p))
			return;
}

uint8_t
lma_aggregate_over(const struct lma *l, const struct lma_session *s, const struct lma_update *u,
		   struct addr_prefix out[static MH_HNP_MAX])
{
	const struct lma_multi *m = lma_multi_of(l, s);
	const struct addr_prefix *prefix = lma_session_prefixes(l, s);
	uint32_t session = lma_session_index(l, s);
	uint8_t n = 0;

	if (!is_refresh(u) || u->msg.opt.vendor_count == MH_VENDOR_MAX || s->state != LMA_ACTIVE ||
	    !addr6_equal(&s->binding.proxy_coa, &u->proxy_coa))
		return 0;
	/* One that it has not said yet it may not have heard of when it sent this. */
	for (unsigned int i = 0; i < s->prefix_count; i++)
		if (s->said & 1u << i && is_left_out(l, u, &prefix[i]))
			out[n++] = prefix[i];
	for (unsigned int i = 0; m != NULL && i < m->row_count && n < MH_HNP_MAX; i++)
		if (m->row[i].session == session && m->row[i].idle && is_left_out(l, u, &m->row[i].prefix))
			out[n++] = m->row[i].prefix;
	return n;
}

void
lma_aggregate_answer(const struct lma *l, const struct lma_update *u, const struct lma_session *s, struct mh_msg *m)
{
	for (unsigned int i = 0; i < m->opt.hnp_count; i++) {
		const struct addr_prefix *p = &m->opt.hnp[i].prefix;
		const struct lma_row *r = lma_row_find(lma_multi_of(l, s), p, lma_session_index(l, s));
		struct mh_vendor_prefix said = {.flags = 0, .prefix = *p};

		if (is_cut_by(l, &u->proxy_coa, p))
			said.flags =
				MH_VENDOR_TEMPORAL | MH_VENDOR_LEVEL2 | (r != NULL && r->idle ? MH_VENDOR_IDLE : 0);
		else if (!lma_session_owns(l, s, p) || !lma_update_says(l, u, p, MH_VENDOR_IDLE))
			continue;
		mh_vendor_add_prefix(m, l->s.multihoming.vendor, &said);
	}
}
