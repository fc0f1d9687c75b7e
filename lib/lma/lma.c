/* SPDX-License-Identifier: BSD-3-Clause */
/* The engine's life, its step, and what it shows. */
#include "lma/lma.h"

#include <stdlib.h>

#include "multi.h"

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

static bool
is_of_a_pool(const struct lma_settings *s, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < s->pool_count; i++)
		if (addr_prefix_overlaps(&s->pools[i].block, p))
			return true;
	return false;
}

/* A prefix is of one gateway, and leaves its first /64 unused. */
static bool
aggregates_in_range(const struct lma_settings *s)
{
	if (s->aggregate_count > PMIP_AGGREGATES_MAX)
		return false;
	for (unsigned int i = 0; i < s->aggregate_count; i++) {
		const struct addr_prefix *p = &s->aggregates[i].prefix;

		if (p->len < 48 || p->len > 63 || is_of_a_pool(s, p))
			return false;
		for (unsigned int k = 0; k < i; k++)
			if (addr_prefix_overlaps(p, &s->aggregates[k].prefix))
				return false;
	}
	return true;
}

bool
lma_settings_in_range(const struct lma_settings *s)
{
	return !addr6_is_zero(&s->address) && s->sessions_max > 0 && s->sessions_max <= LMA_SESSIONS_MAX &&
	       s->lifetime_max_s >= MH_LIFETIME_UNIT_S && s->lifetime_max_s <= LMA_LIFETIME_MAX_S &&
	       s->service_count <= LMA_SERVICES_MAX && s->temporal_prefixes <= LMA_TEMPORAL_MAX &&
	       (s->timestamps || !s->mn_timestamps) && s->flow_policy_count <= PMIP_FLOW_POLICIES_MAX &&
	       aggregates_in_range(s) && timers_in_range(&s->timers);
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
	l->prefixes = calloc(sessions, sizeof(*l->prefixes));
	l->node = calloc(nodes, sizeof(*l->node));
	l->node_tail = calloc(nodes, sizeof(*l->node_tail));
	l->request = calloc(requests, sizeof(*l->request));
	return l->session != NULL && l->prefixes != NULL && l->node != NULL && l->node_tail != NULL &&
	       l->request != NULL && index_pool_init(&l->session_ids, sessions) == 0 &&
	       index_map_init(&l->by_prefix, sessions) == 0 &&
	       index_map_init(&l->by_further, sessions * MH_HNP_MAX) == 0 &&
	       deadline_init(&l->session_due, sessions) == 0 && index_pool_init(&l->node_ids, nodes) == 0 &&
	       index_map_init(&l->by_mn_id, nodes) == 0 && index_pool_init(&l->request_ids, requests) == 0 &&
	       deadline_init(&l->request_due, requests) == 0;
}

static bool
multi_init(struct lma *l, uint32_t sessions)
{
	uint32_t most = sessions < LMA_MULTI_MAX ? sessions : LMA_MULTI_MAX;

	l->multi = calloc(most, sizeof(*l->multi));
	l->flows = calloc(PMIP_ACTIONS_MAX, sizeof(*l->flows));
	l->before = calloc(1, sizeof(*l->before));
	return l->multi != NULL && l->flows != NULL && l->before != NULL && index_pool_init(&l->multi_ids, most) == 0 &&
	       deadline_init(&l->multi_due, most) == 0;
}

static bool
talk_init(struct lma *l)
{
	l->demand = calloc(LMA_DEMANDS_MAX, sizeof(*l->demand));
	l->gateway = calloc(LMA_GATEWAYS_MAX, sizeof(*l->gateway));
	l->group = calloc(LMA_GROUPS_MAX, sizeof(*l->group));
	l->asker = calloc(LMA_ASKERS_MAX, sizeof(*l->asker));
	/* Numbers that nobody guesses (RFC 7077 section 5.1). */
	l->bri_sequence = (uint16_t)hash_bytes(&l->s.secret, "bri", 3);
	l->upn_sequence = (uint16_t)hash_bytes(&l->s.secret, "upn", 3);
	l->cut = (uint16_t)hash_bytes(&l->s.secret, "cut", 3);
	return l->demand != NULL && l->gateway != NULL && l->group != NULL && l->asker != NULL &&
	       index_pool_init(&l->demand_ids, LMA_DEMANDS_MAX) == 0 &&
	       index_map_init(&l->demand_by_sequence, LMA_DEMANDS_MAX) == 0 &&
	       index_map_init(&l->demand_by_session, LMA_DEMANDS_MAX) == 0 &&
	       index_map_init(&l->demand_by_peer, LMA_DEMANDS_MAX) == 0 &&
	       deadline_init(&l->demand_due, LMA_DEMANDS_MAX) == 0 &&
	       index_map_init(&l->by_gateway, LMA_GATEWAYS_MAX) == 0 &&
	       index_pool_init(&l->group_ids, LMA_GROUPS_MAX) == 0 && index_map_init(&l->by_group, LMA_GROUPS_MAX) == 0;
}

struct lma *
lma_new(const struct lma_settings *s)
{
	struct lma *l = lma_settings_in_range(s) ? calloc(1, sizeof(*l)) : NULL;

	if (l == NULL)
		return NULL;
	*l = (struct lma){.s = *s, .undo = {.session = INDEX_NONE}, .close_at = INDEX_NONE, .walk_due_ms = UINT64_MAX};
	l->s.peers = NULL;
	l->s.pools = NULL;
	l->s.services = NULL;
	l->s.flow_policies = NULL;
	l->s.aggregates = NULL;
	if (pmip_peers_init(&l->peers, s->peers, s->peer_count, &s->secret) == 0 &&
	    lma_pools_init(&l->pool, &l->pool_count, s) && tables_init(l, s->sessions_max) &&
	    multi_init(l, s->sessions_max) && talk_init(l) && lma_multi_settings(s, &l->flow_policy, &l->aggregate) &&
	    lma_services_replace(l->service, s->services, s->service_count) == 0) {
		lma_aggregates_changed(l);
		return l;
	}
	lma_free(l);
	return NULL;
}

void
lma_free(struct lma *l)
{
	if (l == NULL)
		return;
	lma_change_abandon(l);
	free(l->aggregate);
	free(l->flow_policy);
	deadline_fini(&l->multi_due);
	index_pool_fini(&l->multi_ids);
	free(l->before);
	free(l->flows);
	free(l->multi);
	index_map_fini(&l->by_group);
	index_pool_fini(&l->group_ids);
	index_map_fini(&l->by_gateway);
	deadline_fini(&l->demand_due);
	index_map_fini(&l->demand_by_peer);
	index_map_fini(&l->demand_by_session);
	index_map_fini(&l->demand_by_sequence);
	index_pool_fini(&l->demand_ids);
	free(l->asker);
	free(l->group);
	free(l->gateway);
	free(l->demand);
	deadline_fini(&l->request_due);
	index_pool_fini(&l->request_ids);
	index_map_fini(&l->by_mn_id);
	index_pool_fini(&l->node_ids);
	deadline_fini(&l->session_due);
	index_map_fini(&l->by_further);
	index_map_fini(&l->by_prefix);
	index_pool_fini(&l->session_ids);
	free(l->request);
	free(l->node_tail);
	free(l->node);
	free(l->prefixes);
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

	if (a->type == PMIP_ACT_FORWARD_SET || a->type == PMIP_ACT_FLOWS) {
		if (!lma_undo_apply(l, a, &e->now, out))
			lma_multi_failed(l, a, &e->now);
	} else if (a->type == PMIP_ACT_ASK_POLICY)
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
	case PMIP_EV_PEER:
		lma_peer_changed(l, e);
		break;
	case PMIP_EV_REVOKE:
		lma_revoke_command(l, e, out);
		break;
	case PMIP_EV_NOTIFY:
		lma_notify_command(l, e, out);
		break;
	case PMIP_EV_ATTACH:
	case PMIP_EV_DETACH:
	case PMIP_EV_LINK_LOCAL_TAKEN:
	case PMIP_EV_CUT:
		break; /* a gateway's */
	case PMIP_EV_MOVE:
		lma_move_command(l, e);
		break;
	case PMIP_EV_FLOW:
		lma_flow_command(l, e);
		break;
	}
	if (lma_due(l) <= e->now.mono_ms)
		out->more = true;
}

uint64_t
lma_due(const struct lma *l)
{
	const uint64_t due_ms[] = {deadline_next(&l->session_due), deadline_next(&l->request_due),
				   deadline_next(&l->demand_due), deadline_next(&l->multi_due), l->walk_due_ms};
	bool at_once = l->close_at != INDEX_NONE || l->aggregates_due || l->asker_at < LMA_ASKERS_MAX;
	uint64_t first_ms = at_once ? 0 : UINT64_MAX;

	for (unsigned int i = 0; i < sizeof(due_ms) / sizeof(due_ms[0]); i++)
		if (due_ms[i] < first_ms)
			first_ms = due_ms[i];
	return first_ms;
}
