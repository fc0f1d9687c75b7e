/* SPDX-License-Identifier: BSD-3-Clause */
/* Binding cache entries: by prefix, and by mobile node. */
#include "multi.h"

static uint64_t
hash_prefix(const struct lma *l, const struct addr_prefix *p)
{
	return hash_bytes(&l->s.secret, p, sizeof(*p));
}

uint32_t
lma_session_index(const struct lma *l, const struct lma_session *s)
{
	return (uint32_t)(s - l->session);
}

const struct addr_prefix *
lma_session_prefixes(const struct lma *l, const struct lma_session *s)
{
	return s->prefix_count == 1 ? &s->prefix : l->prefixes[lma_session_index(l, s)];
}

struct lma_session *
lma_session_find_prefix(struct lma *l, const struct addr_prefix *p)
{
	uint64_t hash = hash_prefix(l, p);
	uint32_t i = index_map_first(&l->by_prefix, hash);

	for (; i != INDEX_NONE; i = index_map_next(&l->by_prefix, i))
		if (addr_prefix_equal(lma_session_prefixes(l, &l->session[i]), p))
			return &l->session[i];
	if (l->by_further.count == 0)
		return NULL;
	for (i = index_map_first(&l->by_further, hash); i != INDEX_NONE; i = index_map_next(&l->by_further, i))
		if (addr_prefix_equal(&l->prefixes[i / MH_HNP_MAX][i % MH_HNP_MAX], p))
			return &l->session[i / MH_HNP_MAX];
	return NULL;
}

bool
lma_session_owns(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p)
{
	const struct addr_prefix *prefix = lma_session_prefixes(l, s);

	for (unsigned int i = 0; i < s->prefix_count; i++)
		if (addr_prefix_equal(&prefix[i], p))
			return true;
	return false;
}

static void
prefixes_add(struct lma *l, struct lma_session *s, const struct addr_prefix *prefix, uint8_t count)
{
	uint32_t i = lma_session_index(l, s);

	s->prefix_count = count;
	if (count == 0)
		return;
	if (l->change != NULL)
		lma_change_keep(l, prefix, count);
	memcpy(count == 1 ? &s->prefix : l->prefixes[i], prefix, count * sizeof(*prefix));
	index_map_add(&l->by_prefix, i, hash_prefix(l, &prefix[0]));
	for (uint32_t p = 1; p < count; p++)
		index_map_add(&l->by_further, i * MH_HNP_MAX + p, hash_prefix(l, &prefix[p]));
}

static void
prefixes_del(struct lma *l, const struct lma_session *s)
{
	uint32_t i = lma_session_index(l, s);

	if (s->prefix_count > 0)
		index_map_del(&l->by_prefix, i);
	for (uint32_t p = 1; p < s->prefix_count; p++)
		index_map_del(&l->by_further, i * MH_HNP_MAX + p);
}

/* The bits of those that are in the list, by their places there. */
static uint8_t
still_said(const struct lma *l, const struct lma_session *s, const struct addr_prefix *prefix, uint8_t count)
{
	const struct addr_prefix *had = lma_session_prefixes(l, s);
	uint8_t said = 0;

	for (unsigned int i = 0; s->said != 0 && i < count; i++)
		for (unsigned int k = 0; k < s->prefix_count; k++)
			if (s->said & 1u << k && addr_prefix_equal(&had[k], &prefix[i]))
				said |= (uint8_t)(1u << i);
	return said;
}

void
lma_session_replace_prefixes(struct lma *l, struct lma_session *s, const struct addr_prefix *prefix, uint8_t count)
{
	uint8_t said = still_said(l, s, prefix, count);

	prefixes_del(l, s);
	prefixes_add(l, s, prefix, count);
	s->said = said;
}

struct lma_session *
lma_session_of(struct lma *l, const struct lma_node *n, const struct lma_session *s)
{
	uint32_t i = s != NULL ? s->next : n != NULL ? n->session : INDEX_NONE;

	return i != INDEX_NONE ? &l->session[i] : NULL;
}

struct lma_session *
lma_session_numbered(struct lma *l, const struct lma_node *n, unsigned int bid)
{
	struct lma_session *s = NULL;

	while ((s = lma_session_of(l, n, s)) != NULL)
		if (s->bid == bid)
			break;
	return s;
}

/* The lowest number that none of its sessions has, from 1, and no flow if need not be; 0: they have all. */
static uint8_t
free_bid(struct lma *l, const struct lma_node *n)
{
	const struct lma_multi *m = n->session != INDEX_NONE ? lma_multi_of(l, &l->session[n->session]) : NULL;
	struct lma_session *s = NULL;
	uint32_t taken = 0;
	uint8_t named = 0;

	while ((s = lma_session_of(l, n, s)) != NULL)
		taken |= 1u << (s->bid - 1);
	for (uint8_t bid = 1; bid <= LMA_NODE_MAX; bid++) {
		if (taken & 1u << (bid - 1))
			continue;
		if (m == NULL || !lma_flow_names(m, bid))
			return bid;
		named = named != 0 ? named : bid;
	}
	return named;
}

struct lma_session *
lma_session_open(struct lma *l, const struct pmip_mn_id *id, const struct addr_prefix *prefix, uint8_t count,
		 uint64_t now_ms)
{
	uint32_t i = index_pool_take(&l->session_ids);
	struct lma_session *s;
	struct lma_node *n;
	uint8_t bid;

	if (i == INDEX_NONE)
		return NULL;
	n = lma_node_take(l, id);
	bid = n != NULL ? free_bid(l, n) : 0;
	if (bid == 0) {
		index_pool_put(&l->session_ids, i);
		return NULL;
	}
	s = &l->session[i];
	*s = (struct lma_session){.node = lma_node_index(l, n), .next = n->session, .opened_ms = now_ms, .bid = bid};
	prefixes_add(l, s, prefix, count);
	if (n->session != INDEX_NONE)
		s->multi = l->session[n->session].multi;
	n->session = i;
	if (s->multi != 0)
		lma_flow_sessions_changed(l, lma_multi_of(l, s));
	return s;
}

uint64_t
lma_binding_updated_ms(const struct lma_binding *b)
{
	return b->expires_ms - (uint64_t)b->lifetime * MH_LIFETIME_UNIT_S * 1000;
}

void
lma_session_drop(struct lma *l, struct lma_session *s)
{
	uint32_t i = lma_session_index(l, s);
	struct lma_node *n = &l->node[s->node];
	uint32_t *link = &n->session;

	lma_rows_leave(l, s);
	while (*link != i)
		link = &l->session[*link].next;
	*link = s->next;
	if (s->multi != 0)
		lma_multi_gone(l, s);
	prefixes_del(l, s);
	lma_prefix_release(l, lma_session_prefixes(l, s), s->prefix_count);
	lma_demand_drop_all_of(l, s);
	lma_group_set(l, s, 0);
	lma_service_set(l, s, 0);
	deadline_clear(&l->session_due, i);
	if (l->undo.session == i)
		l->undo.session = INDEX_NONE;
	lma_enter(l, &s->state, LMA_FREE);
	index_pool_put(&l->session_ids, i);
	lma_node_put(l, n);
}
