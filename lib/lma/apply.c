/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A change of settings while the engine runs. All that may fail is done on tables of the change's own, and then they
 * take the place of the engine's: a session keeps its prefixes, and a pool that did not change its table.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "multi.h"

#define NO_POOL UINT32_MAX

struct lma_change {
	struct lma_settings s;
	struct pmip_peers peers;
	struct pmip_pool *pool;
	uint32_t *same; /* by pool: the engine's that it takes over as it is, or NO_POOL */
	unsigned int pool_count;
	struct pmip_service_settings *service;
	struct pmip_flow_policy *flow_policy;
	struct pmip_aggregate *aggregate;
	struct lma *of; /* the engine that it is being checked for, NULL: none */
	uint32_t at;	/* the next session to look at */
	struct lma_change_refusal why;
};

/* False when they would be refused by any engine. */
static bool
copy_services(struct lma_change *c, const struct lma_settings *s)
{
	struct lma_service *list = calloc(LMA_SERVICES_MAX, sizeof(*list));
	bool good = list != NULL && lma_services_replace(list, s->services, s->service_count) == 0;

	free(list);
	c->service = calloc(s->service_count + 1, sizeof(*c->service));
	if (c->service != NULL && s->service_count > 0)
		memcpy(c->service, s->services, s->service_count * sizeof(*c->service));
	return good && c->service != NULL;
}

struct lma_change *
lma_change_new(const struct lma_settings *s)
{
	struct lma_change *c = lma_settings_in_range(s) ? calloc(1, sizeof(*c)) : NULL;

	if (c == NULL)
		return NULL;
	c->s = *s;
	c->s.peers = NULL;
	c->s.pools = NULL;
	c->s.services = NULL;
	c->s.flow_policies = NULL;
	c->s.aggregates = NULL;
	c->same = calloc(s->pool_count + 1, sizeof(*c->same));
	if (c->same != NULL && pmip_peers_init(&c->peers, s->peers, s->peer_count, &s->secret) == 0 &&
	    lma_pools_init(&c->pool, &c->pool_count, s) && copy_services(c, s) &&
	    lma_multi_settings(s, &c->flow_policy, &c->aggregate))
		return c;
	lma_change_free(c);
	return NULL;
}

void
lma_change_abandon(struct lma *l)
{
	if (l->change != NULL)
		l->change->of = NULL;
	l->change = NULL;
}

void
lma_change_free(struct lma_change *c)
{
	if (c == NULL)
		return;
	if (c->of != NULL)
		lma_change_abandon(c->of);
	for (unsigned int i = 0; c->pool != NULL && i < c->pool_count; i++)
		pmip_pool_fini(&c->pool[i]);
	free(c->pool);
	free(c->same);
	free(c->service);
	free(c->flow_policy);
	free(c->aggregate);
	pmip_peers_fini(&c->peers);
	free(c);
}

static bool
same_block(const struct pmip_pool *a, const struct pmip_pool *b)
{
	return addr_prefix_equal(&a->block, &b->block) && a->len == b->len;
}

/* The pool of a list that a prefix is of, or NO_POOL. */
static uint32_t
pool_of(const struct pmip_pool *pool, unsigned int count, const struct addr_prefix *p)
{
	for (uint32_t i = 0; i < count; i++)
		if (addr_prefix_overlaps(&pool[i].block, p))
			return i;
	return NO_POOL;
}

/* Which pools stay as they are; true when all do, and none goes. */
static bool
match_pools(struct lma_change *c, const struct lma *l)
{
	bool all = c->pool_count == l->pool_count;

	for (unsigned int i = 0; i < c->pool_count; i++) {
		c->same[i] = NO_POOL;
		for (unsigned int k = 0; k < l->pool_count; k++)
			if (same_block(&c->pool[i], &l->pool[k]))
				c->same[i] = k;
		all = all && c->same[i] != NO_POOL;
	}
	return all;
}

static bool
has_aggregate(const struct lma_change *c, const struct pmip_aggregate *a)
{
	for (unsigned int i = 0; i < c->s.aggregate_count; i++)
		if (addr_prefix_equal(&c->aggregate[i].prefix, &a->prefix))
			return addr6_equal(&c->aggregate[i].gateway, &a->gateway);
	return false;
}

/* Whether all of the engine's are still the same gateways'. */
static bool
has_aggregates(const struct lma_change *c, const struct lma *l)
{
	for (unsigned int i = 0; i < l->s.aggregate_count; i++)
		if (!has_aggregate(c, &l->aggregate[i]))
			return false;
	return true;
}

/*
 * Mark a session's prefix in the pool that it will be of, where that has not been done; false where it is of none any
 * more.
 */
static bool
keep_prefix(struct lma_change *c, const struct lma *l, const struct addr_prefix *p)
{
	uint32_t to = pool_of(c->pool, c->pool_count, p);
	bool was = pool_of(l->pool, l->pool_count, p) != NO_POOL;

	if (to == NO_POOL)
		return !was;
	/* One that policy gives to its mobile node need not be one of the pool's. */
	return c->same[to] != NO_POOL || pmip_pool_take_prefix(&c->pool[to], p) != -ENOENT || !was;
}

void
lma_change_keep(struct lma *l, const struct addr_prefix *prefix, uint8_t count)
{
	struct lma_change *c = l->change;

	for (unsigned int i = 0; i < count; i++) {
		const struct pmip_aggregate *a = lma_aggregate_find(l, &prefix[i]);

		if (a != NULL && !has_aggregate(c, a))
			c->why.aggregate = &a->prefix;
		else if (!keep_prefix(c, l, &prefix[i]))
			c->why.pool = l->pool[pool_of(l->pool, l->pool_count, &prefix[i])].name;
		else
			continue;
		c->why.prefixes++;
	}
}

void
lma_change_release(struct lma *l, const struct addr_prefix *p)
{
	struct lma_change *c = l->change;
	uint32_t to = pool_of(c->pool, c->pool_count, p);

	if (to != NO_POOL && c->same[to] == NO_POOL)
		pmip_pool_put(&c->pool[to], p);
}

static int
look_on(struct lma_change *c, struct lma *l, uint32_t most)
{
	for (; c->at < l->s.sessions_max && most > 0; c->at++, most--) {
		const struct lma_session *s = &l->session[c->at];

		if (index_pool_is_taken(&l->session_ids, c->at))
			lma_change_keep(l, lma_session_prefixes(l, s), s->prefix_count);
	}
	if (c->at < l->s.sessions_max)
		return -EAGAIN;
	return c->why.prefixes > 0 ? -EBUSY : 0;
}

/* Services that go keep their places while sessions have them. */
static bool
services_have_room(const struct lma_change *c, const struct lma *l)
{
	struct lma_service list[LMA_SERVICES_MAX];

	memcpy(list, l->service, sizeof(list));
	return lma_services_replace(list, c->service, c->s.service_count) == 0;
}

int
lma_change_check(struct lma_change *c, struct lma *l, uint32_t most, struct lma_change_refusal *why)
{
	int rc;

	*why = (struct lma_change_refusal){0};
	if (!addr6_equal(&c->s.address, &l->s.address) || c->s.sessions_max != l->s.sessions_max ||
	    memcmp(&c->s.secret, &l->s.secret, sizeof(l->s.secret)) != 0)
		return -EINVAL; /* tables are made by these */
	if (!services_have_room(c, l))
		return -ENOSPC;
	if (c->of == NULL && match_pools(c, l) && has_aggregates(c, l))
		return 0;
	if (c->of == NULL) {
		/* From now on it hears of all prefixes that sessions get and give back. */
		lma_change_abandon(l);
		c->of = l;
		l->change = c;
	}
	rc = look_on(c, l, most);
	*why = c->why;
	return rc;
}

void
lma_change_apply(struct lma *l, struct lma_change *c)
{
	struct pmip_peers peers = l->peers;
	struct pmip_pool *pool = l->pool;
	unsigned int pool_count = l->pool_count;
	struct pmip_flow_policy *flow_policy = l->flow_policy;
	struct pmip_aggregate *aggregate = l->aggregate;
	bool same = c->s.aggregate_count == l->s.aggregate_count && has_aggregates(c, l);

	lma_change_abandon(l);
	for (unsigned int i = 0; i < c->pool_count; i++) {
		struct pmip_pool fresh = c->pool[i];

		if (c->same[i] == NO_POOL)
			continue;
		c->pool[i] = pool[c->same[i]];
		memcpy(c->pool[i].name, fresh.name, sizeof(fresh.name));
		pool[c->same[i]] = fresh; /* to be freed with the change */
	}
	lma_flow_policies_rename(l, c->flow_policy, c->s.flow_policy_count);
	l->flow_policy = c->flow_policy;
	c->flow_policy = flow_policy;
	l->s = c->s;
	l->peers = c->peers;
	l->pool = c->pool;
	l->pool_count = c->pool_count;
	c->peers = peers;
	c->pool = pool;
	c->pool_count = pool_count;
	lma_services_replace(l->service, c->service, c->s.service_count);
	l->aggregate = c->aggregate;
	c->aggregate = aggregate;
	lma_gateway_forget_all(l);
	if (!same)
		lma_aggregates_changed(l);
}
