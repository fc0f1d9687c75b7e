/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What gateways have shown that they cannot do, so that they are not asked again (RFC 7077 section 5.2): the last
 * LMA_GATEWAYS_MAX of them. Other settings, or its restart, give a gateway another chance.
 */
#include "engine.h"

static uint64_t
hash_of(const struct lma *l, const struct addr6 *peer)
{
	return hash_bytes(&l->s.secret, peer, sizeof(*peer));
}

static struct lma_gateway *
find(const struct lma *l, const struct addr6 *peer)
{
	uint32_t i = index_map_first(&l->by_gateway, hash_of(l, peer));

	for (; i != INDEX_NONE; i = index_map_next(&l->by_gateway, i))
		if (addr6_equal(&l->gateway[i].address, peer))
			return &l->gateway[i];
	return NULL;
}

bool
lma_gateway_can(const struct lma *l, const struct addr6 *peer, enum lma_ability what)
{
	const struct lma_gateway *g = find(l, peer);

	return g == NULL || (g->cannot & what) == 0;
}

void
lma_gateway_cannot(struct lma *l, const struct addr6 *peer, enum lma_ability what)
{
	struct lma_gateway *g = find(l, peer);

	if (g == NULL) {
		uint32_t i = l->gateway_next;

		l->gateway_next = (i + 1) % LMA_GATEWAYS_MAX;
		g = &l->gateway[i];
		if (g->cannot != 0)
			index_map_del(&l->by_gateway, i);
		*g = (struct lma_gateway){.address = *peer};
		index_map_add(&l->by_gateway, i, hash_of(l, peer));
	}
	g->cannot |= (uint8_t)what;
}

bool
lma_gateway_answer(struct lma *l, const struct lma_update *u, const struct clock_now *now)
{
	if (u->peer != NULL || rate_take(&l->strangers, now->mono_ms, l->s.timers.be_rate_per_s))
		return true;
	l->stat.counter[STAT_MH_UNANSWERED]++;
	return false;
}

bool
lma_gateway_speaks_for(const struct lma *l, const struct pmip_peer_settings *peer, const struct addr6 *coa)
{
	return peer->revokes_all && pmip_peers_find(&l->peers, coa) == peer;
}

static void
forget(struct lma *l, uint32_t i)
{
	index_map_del(&l->by_gateway, i);
	l->gateway[i].cannot = 0;
}

void
lma_gateway_forget(struct lma *l, const struct addr6 *peer)
{
	const struct lma_gateway *g = find(l, peer);

	if (g != NULL)
		forget(l, (uint32_t)(g - l->gateway));
}

void
lma_gateway_forget_all(struct lma *l)
{
	for (uint32_t i = 0; i < LMA_GATEWAYS_MAX; i++)
		if (l->gateway[i].cannot != 0)
			forget(l, i);
}

/* A type of message that it does not know: of those that it has not answered. */
void
lma_gateway_error(struct lma *l, const struct pmip_event *e)
{
	const struct addr6 *peer = &e->message.src;
	struct lma_demand *d = NULL;

	if (e->message.msg->be.status != MH_BE_UNKNOWN_TYPE)
		return;
	while ((d = lma_demand_of_peer(l, peer, d)) != NULL) {
		lma_gateway_cannot(l, peer, d->type >= LMA_DEMAND_NOTIFY ? LMA_CAN_NOTIFY : LMA_CAN_REVOKE);
		lma_demand_give_up(l, d, e->now.mono_ms);
	}
}
