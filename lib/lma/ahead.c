/* SPDX-License-Identifier: BSD-3-Clause */
/* What an update will need is fetched while others are worked on: hints, that may be of another's memory, or of none.
 */
#include "engine.h"

#define LINE 64

static void
fetch(const void *object, size_t size)
{
	for (size_t at = 0; at < size; at += LINE)
		__builtin_prefetch((const uint8_t *)object + at);
}

void
lma_ahead_begin(const struct lma *l, const struct pmip_mn_id *id, const struct addr_prefix *prefix, struct lma_ahead *a)
{
	*a = (struct lma_ahead){.node = INDEX_NONE, .session = INDEX_NONE, .by_prefix = !addr6_is_zero(&prefix->addr)};
	a->id_hash = hash_bytes(&l->s.secret, id->id, id->len);
	index_map_ahead(&l->by_mn_id, a->id_hash);
	if (!a->by_prefix)
		return;
	a->prefix_hash = hash_bytes(&l->s.secret, prefix, sizeof(*prefix));
	index_map_ahead(&l->by_prefix, a->prefix_hash);
}

static void
fetch_session(const struct lma *l, uint32_t session)
{
	if (session == INDEX_NONE)
		return;
	fetch(&l->session[session], sizeof(l->session[session]));
	deadline_ahead(&l->session_due, session);
}

uint32_t
lma_ahead_next(const struct lma *l, struct lma_ahead *a)
{
	switch (a->step++) {
	case 0:
		a->node = index_map_guess(&l->by_mn_id, a->id_hash);
		if (a->node != INDEX_NONE)
			fetch(&l->node[a->node], sizeof(l->node[a->node]));
		if (a->by_prefix)
			a->session = index_map_guess(&l->by_prefix, a->prefix_hash);
		fetch_session(l, a->session);
		break;
	case 1:
		if (a->session == INDEX_NONE && a->node != INDEX_NONE)
			a->session = l->node[a->node].session;
		fetch_session(l, a->session);
		break;
	default:
		break;
	}
	return a->session != INDEX_NONE ? a->session : PMIP_SESSION_NONE;
}
