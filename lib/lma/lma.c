/* SPDX-License-Identifier: BSD-3-Clause */
/* The engine's life, its step, and what it shows. */
#include "lma/lma.h"

#include <stdlib.h>

#include "engine.h"

static bool
timers_in_range(const struct pmip_timers *t)
{
#define TIMER(field, key, unit, def, min, max, source, help)                                                           \
	if ((int64_t)t->field < (min) || (int64_t)t->field > (max))                                                    \
		return false;
#include "base/timer.def"
#undef TIMER
	return true;
}

bool
lma_settings_in_range(const struct lma_settings *s)
{
	return !addr6_is_zero(&s->address) && s->sessions_max > 0 && s->sessions_max <= LMA_SESSIONS_MAX &&
	       s->lifetime_max_s >= MH_LIFETIME_UNIT_S && s->lifetime_max_s <= LMA_LIFETIME_MAX_S &&
	       (s->timestamps || !s->mn_timestamps) && timers_in_range(&s->timers);
}

bool
lma_pools_init(struct pmip_pool **pool, unsigned int *count, const struct lma_settings *s)
{
	*pool = calloc(s->pool_count + 1, sizeof(**pool));
	if (*pool == NULL)
		return false;
	for (unsigned int i = 0; i < s->pool_count; i++) {
		if (pmip_pool_init(&(*pool)[i], &s->pools[i]) != 0)
			return false;
		++*count;
		for (unsigned int j = 0; j < i; j++)
			if (addr_prefix_overlaps(&(*pool)[j].block, &(*pool)[i].block))
				return false;
	}
	return true;
}

static bool
tables_init(struct lma *l, uint32_t sessions)
{
	uint32_t requests = sessions < LMA_REQUESTS_MAX ? sessions : LMA_REQUESTS_MAX;
	uint32_t nodes = sessions + requests;

	l->requests_max = requests;
	l->session = calloc(sessions, sizeof(*l->session));
	l->node = calloc(nodes, sizeof(*l->node));
	l->request = calloc(requests, sizeof(*l->request));
	return l->session != NULL && l->node != NULL && l->request != NULL &&
	       index_pool_init(&l->session_ids, sessions) == 0 &&
	       index_map_init(&l->by_prefix, sessions * MH_HNP_MAX) == 0 &&
	       deadline_init(&l->session_due, sessions) == 0 && index_pool_init(&l->node_ids, nodes) == 0 &&
	       index_map_init(&l->by_mn_id, nodes) == 0 && index_pool_init(&l->request_ids, requests) == 0 &&
	       deadline_init(&l->request_due, requests) == 0;
}

struct lma *
lma_new(const struct lma_settings *s)
{
	struct lma *l = lma_settings_in_range(s) ? calloc(1, sizeof(*l)) : NULL;

	if (l == NULL)
		return NULL;
	*l = (struct lma){.s = *s, .undo = {.session = INDEX_NONE}, .close_at = INDEX_NONE};
	l->s.peers = NULL;
	l->s.pools = NULL;
	if (pmip_peers_init(&l->peers, s->peers, s->peer_count, &s->secret) == 0 &&
	    lma_pools_init(&l->pool, &l->pool_count, s) && tables_init(l, s->sessions_max))
		return l;
	lma_free(l);
	return NULL;
}

void
lma_free(struct lma *l)
{
	if (l == NULL)
		return;
	deadline_fini(&l->request_due);
	index_pool_fini(&l->request_ids);
	index_map_fini(&l->by_mn_id);
	index_pool_fini(&l->node_ids);
	deadline_fini(&l->session_due);
	index_map_fini(&l->by_prefix);
	index_pool_fini(&l->session_ids);
	free(l->request);
	free(l->node);
	free(l->session);
	for (unsigned int i = 0; i < l->pool_count; i++)
		pmip_pool_fini(&l->pool[i]);
	free(l->pool);
	pmip_peers_fini(&l->peers);
	free(l);
}

static void
effect_failed(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	const struct pmip_action *a = e->failed.action;

	if (a->type == PMIP_ACT_FORWARD_SET)
		lma_undo_apply(l, a, &e->now, out);
	else if (a->type == PMIP_ACT_ASK_POLICY)
		lma_request_ask_failed(l, a->ask.token);
	/* A message that did not leave is one that the network lost. */
}

void
lma_step(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	switch (e->type) {
	case PMIP_EV_TICK:
		lma_tick(l, &e->now, out);
		break;
	case PMIP_EV_MESSAGE:
		lma_update_receive(l, e, out);
		break;
	case PMIP_EV_POLICY:
		lma_request_answered(l, e, out);
		break;
	case PMIP_EV_CLOSE:
		lma_close(l, e->close.session, &e->now, out);
		break;
	case PMIP_EV_EFFECT_FAILED:
		effect_failed(l, e, out);
		break;
	case PMIP_EV_ATTACH:
	case PMIP_EV_DETACH:
	case PMIP_EV_LINK_LOCAL_TAKEN:
		break; /* a gateway's */
	}
	if (lma_due(l) <= e->now.mono_ms)
		out->more = true;
}

uint64_t
lma_due(const struct lma *l)
{
	uint64_t sessions = deadline_next(&l->session_due), requests = deadline_next(&l->request_due);

	if (l->close_at != INDEX_NONE)
		return 0;
	return sessions < requests ? sessions : requests;
}
