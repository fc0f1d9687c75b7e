/* SPDX-License-Identifier: BSD-3-Clause */
/* Mobile nodes by their identifier. */
#include "engine.h"

static uint64_t
hash_id(const struct lma *l, const struct pmip_mn_id *id)
{
	return hash_bytes(&l->s.secret, id->id, id->len);
}

struct lma_node *
lma_node_find(struct lma *l, const struct pmip_mn_id *id)
{
	uint32_t i = index_map_first(&l->by_mn_id, hash_id(l, id));

	for (; i != INDEX_NONE; i = index_map_next(&l->by_mn_id, i))
		if (lma_node_is(l, i, id))
			return &l->node[i];
	return NULL;
}

struct lma_node *
lma_node_take(struct lma *l, const struct pmip_mn_id *id)
{
	struct lma_node *n = lma_node_find(l, id);
	uint32_t i;

	if (n != NULL)
		return n;
	i = index_pool_take(&l->node_ids);
	if (i == INDEX_NONE)
		return NULL;
	n = &l->node[i];
	n->session = n->request = INDEX_NONE;
	pmip_id_put(&n->id, &l->node_tail[i], id);
	index_map_add(&l->by_mn_id, i, hash_id(l, id));
	return n;
}

void
lma_node_put(struct lma *l, struct lma_node *n)
{
	uint32_t i = lma_node_index(l, n);

	if (n->session != INDEX_NONE || n->request != INDEX_NONE)
		return;
	index_map_del(&l->by_mn_id, i);
	index_pool_put(&l->node_ids, i);
}

uint32_t
lma_node_index(const struct lma *l, const struct lma_node *n)
{
	return (uint32_t)(n - l->node);
}

bool
lma_node_is(const struct lma *l, uint32_t node, const struct pmip_mn_id *id)
{
	return pmip_id_is(&l->node[node].id, &l->node_tail[node], id);
}

void
lma_node_id(const struct lma *l, uint32_t node, struct pmip_mn_id *out)
{
	pmip_id_get(&l->node[node].id, &l->node_tail[node], out);
}
