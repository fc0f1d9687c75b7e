/* SPDX-License-Identifier: BSD-3-Clause */
/* The binding update list: by mobile node, by host, by prefix, and by the update that waits for an answer. */
#include "engine.h"

#define NAI 1 /* RFC 4283 section 3 */

uint64_t
mag_mn_id_hash(const struct mag *g, const struct pmip_mn_id *id)
{
	return hash_bytes(&g->s.secret, id, offsetof(struct pmip_mn_id, id) + id->len);
}

/* Of what stands behind the last '@'. */
uint64_t
mag_realm_hash(const struct mag *g, const struct pmip_mn_id *id)
{
	size_t at = id->len;

	while (at > 0 && id->id[at - 1] != '@')
		at--;
	if (id->subtype != NAI || at == 0 || at == id->len)
		return 0;
	return hash_bytes(&g->s.secret, id->id + at, id->len - at) | 1;
}

static uint64_t
hash_prefix(const struct mag *g, const struct addr_prefix *p)
{
	return hash_bytes(&g->s.secret, p, sizeof(*p));
}

uint32_t
mag_session_index(const struct mag *g, const struct mag_session *s)
{
	return (uint32_t)(s - g->session);
}

static uint32_t
take_place(struct mag *g)
{
	uint32_t i = index_pool_take(&g->ids), oldest;

	if (i != INDEX_NONE)
		return i;
	oldest = deadline_pop(&g->absent, DEADLINE_NEVER - 1);
	if (oldest == DEADLINE_NONE)
		return INDEX_NONE;
	mag_session_del(g, &g->session[oldest]);
	return index_pool_take(&g->ids);
}

struct mag_session *
mag_session_add(struct mag *g, const struct pmip_mn_id *id, const char *service)
{
	int name = mag_service_take(g, service);
	uint32_t i = name >= 0 ? take_place(g) : INDEX_NONE;
	struct mag_session *s;

	if (i == INDEX_NONE) {
		mag_service_put(g, name);
		return NULL;
	}
	s = &g->session[i];
	*s = (struct mag_session){.mn_id = *id, .sequence = g->sequence, .service = (uint8_t)name};
	index_map_add(&g->by_mn_id, i, mag_mn_id_hash(g, id));
	return s;
}

void
mag_session_del(struct mag *g, struct mag_session *s)
{
	uint32_t i = mag_session_index(g, s);
	struct mag_prefixes before = s->has;

	if (!mag_enter(g, s, MAG_FREE))
		return;
	mag_session_unbind(g, s);
	mag_session_await(g, s, false);
	mag_session_forget_prefixes(g, s);
	s->has = (struct mag_prefixes){0};
	mag_temporal_put(g, s, &before);
	mag_service_put(g, s->service);
	deadline_clear(&g->due, i);
	deadline_clear(&g->absent, i);
	index_map_del(&g->by_mn_id, i);
	index_pool_put(&g->ids, i);
}

struct mag_session *
mag_session_of(const struct mag *g, const struct pmip_mn_id *id, const struct mag_session *s)
{
	uint32_t i = s == NULL ? index_map_first(&g->by_mn_id, mag_mn_id_hash(g, id))
			       : index_map_next(&g->by_mn_id, mag_session_index(g, s));

	for (; i != INDEX_NONE; i = index_map_next(&g->by_mn_id, i))
		if (pmip_mn_id_equal(&g->session[i].mn_id, id))
			return &g->session[i];
	return NULL;
}

struct mag_session *
mag_session_find_host(const struct mag *g, uint32_t host)
{
	uint32_t i = index_map_first(&g->by_host, hash_u64(&g->s.secret, host));

	for (; i != INDEX_NONE; i = index_map_next(&g->by_host, i))
		if (g->session[i].link.host == host)
			return &g->session[i];
	return NULL;
}

void
mag_session_bind(struct mag *g, struct mag_session *s, const struct pmip_link *link)
{
	mag_session_unbind(g, s);
	deadline_clear(&g->absent, mag_session_index(g, s));
	s->link = *link;
	s->attached = true;
	index_map_add(&g->by_host, mag_session_index(g, s), hash_u64(&g->s.secret, link->host));
}

void
mag_session_unbind(struct mag *g, struct mag_session *s)
{
	if (s->attached)
		index_map_del(&g->by_host, mag_session_index(g, s));
	s->attached = false;
}

void
mag_session_await(struct mag *g, struct mag_session *s, bool outstanding)
{
	uint32_t i = mag_session_index(g, s);

	if (s->outstanding)
		index_map_del(&g->by_sequence, i);
	s->outstanding = outstanding;
	if (outstanding)
		index_map_add(&g->by_sequence, i, hash_u64(&g->s.secret, s->sequence));
}

struct mag_session *
mag_session_awaiting(const struct mag *g, uint16_t sequence, const struct mag_session *s)
{
	uint32_t i = s == NULL ? index_map_first(&g->by_sequence, hash_u64(&g->s.secret, sequence))
			       : index_map_next(&g->by_sequence, mag_session_index(g, s));

	for (; i != INDEX_NONE; i = index_map_next(&g->by_sequence, i))
		if (g->session[i].sequence == sequence)
			return &g->session[i];
	return NULL;
}

void
mag_session_index_prefixes(struct mag *g, struct mag_session *s)
{
	uint32_t id = mag_session_index(g, s) * MH_HNP_MAX;

	mag_session_forget_prefixes(g, s);
	s->indexed = (uint8_t)(mag_prefixes_all(&s->has) & ~s->has.idle);
	for (unsigned int i = 0; i < s->has.count; i++)
		if (s->indexed & 1u << i)
			index_map_add(&g->by_prefix, id + i, hash_prefix(g, &s->has.prefix[i]));
}

void
mag_session_forget_prefixes(struct mag *g, struct mag_session *s)
{
	for (; s->indexed != 0; s->indexed &= (uint8_t)(s->indexed - 1))
		index_map_del(&g->by_prefix,
			      mag_session_index(g, s) * MH_HNP_MAX + (uint32_t)__builtin_ctz(s->indexed));
}

struct mag_session *
mag_session_find_prefix(const struct mag *g, const struct addr_prefix *p, const struct mag_session *than)
{
	uint32_t i = index_map_first(&g->by_prefix, hash_prefix(g, p));

	for (; i != INDEX_NONE; i = index_map_next(&g->by_prefix, i)) {
		struct mag_session *s = &g->session[i / MH_HNP_MAX];

		if (s != than && addr_prefix_equal(&s->has.prefix[i % MH_HNP_MAX], p))
			return s;
	}
	return NULL;
}
