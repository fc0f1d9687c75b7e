/* SPDX-License-Identifier: BSD-3-Clause */
/* What the engine shows of its sessions and pools. */
#include "engine.h"

bool
lma_find(const struct lma *l, uint32_t session, struct lma_view *out)
{
	const struct lma_session *s;
	struct lma_binding b;

	if (session >= l->s.sessions_max || l->session[session].state == LMA_FREE)
		return false;
	s = &l->session[session];
	b = s->binding;
	lma_group_settle(l, &b);
	*out = (struct lma_view){.session = session,
				 .bid = s->bid,
				 .state = s->state,
				 .mn_ll_id = &s->binding.ll_id,
				 .proxy_coa = s->binding.proxy_coa,
				 .link_local = s->binding.link_local,
				 .access_tech = s->binding.access_tech,
				 .handoff = s->binding.handoff,
				 .sequence = s->binding.stamp.sequence,
				 .timestamp = s->binding.stamp.timestamp,
				 .lifetime_s = (uint32_t)b.lifetime * MH_LIFETIME_UNIT_S,
				 .expires_ms = b.expires_ms,
				 .opened_ms = s->opened_ms,
				 .handovers = s->handovers,
				 .gre = b.gre != LMA_GRE_NONE,
				 .keys = b.gre == LMA_GRE_KEYS,
				 .key_in = b.gre == LMA_GRE_KEYS ? lma_gre_key_in(l, s) : 0,
				 .key_out = b.gre == LMA_GRE_KEYS ? b.key_out : 0,
				 .service = lma_service_name(l, b.service),
				 .group = lma_group_id(l, b.group),
				 .prefix_count = s->prefix_count,
				 .prefix = lma_session_prefixes(l, s)};
	lma_node_id(l, s->node, &out->mn_id);
	return true;
}

bool
lma_next(const struct lma *l, uint32_t from, struct lma_view *out)
{
	for (uint32_t i = from; i < l->s.sessions_max; i++)
		if (lma_find(l, i, out))
			return true;
	return false;
}

bool
lma_next_of(const struct lma *l, const struct pmip_mn_id *id, uint32_t after, struct lma_view *out)
{
	const struct lma_node *n = lma_node_find((struct lma *)l, id); /* a look-up changes nothing */
	uint32_t i = after == PMIP_SESSION_NONE ? n != NULL ? n->session : INDEX_NONE : l->session[after].next;

	return i != INDEX_NONE && lma_find(l, i, out);
}

uint32_t
lma_session_count(const struct lma *l)
{
	return index_pool_used(&l->session_ids);
}

bool
lma_pool(const struct lma *l, unsigned int i, struct lma_pool_view *out)
{
	const struct pmip_pool *p;

	if (i >= l->pool_count)
		return false;
	p = &l->pool[i];
	*out = (struct lma_pool_view){
		.name = p->name, .block = p->block, .len = p->len, .used = p->used, .total = p->total};
	return true;
}

const struct stat_block *
lma_stat(const struct lma *l)
{
	return &l->stat;
}

uint64_t
lma_rejections(const struct lma *l, unsigned int status)
{
	return status < sizeof(l->rejected) / sizeof(l->rejected[0]) ? l->rejected[status] : 0;
}

uint32_t
lma_demand_count(const struct lma *l)
{
	return index_pool_used(&l->demand_ids);
}

uint32_t
lma_waiting_count(const struct lma *l)
{
	return index_pool_used(&l->request_ids);
}

uint64_t
lma_refused_transitions(const struct lma *l)
{
	return l->transitions_refused;
}

const struct pmip_peer_settings *
lma_peer(const struct lma *l, const struct addr6 *a)
{
	return pmip_peers_find(&l->peers, a);
}
