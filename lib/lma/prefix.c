/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which prefixes a new session gets (RFC 5213 section 5.3.2): those that it names, if policy gives them to the
 * mobile node or could give them from a pool; for an ALL_ZERO request those that policy gives it, or else some of
 * a pool.
 */
#include <errno.h>

#include "engine.h"

struct assignment {
	struct lma *l;
	struct addr_prefix *list;
	uint8_t count;
	uint8_t from_pool; /* of count */
};

static bool
has(const struct assignment *a, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < a->count; i++)
		if (addr_prefix_equal(&a->list[i], p))
			return true;
	return false;
}

/*
 * A prefix that policy gives to the mobile node. One within a pool must be one of the pool's, and free, so that
 * the pool cannot give an address of it to another; one outside all pools is kept unique by the binding cache.
 */
static bool
take_fixed(struct assignment *a, const struct addr_prefix *p)
{
	struct lma *l = a->l;

	if (lma_session_find_prefix(l, p) != NULL)
		return false;
	for (unsigned int i = 0; i < l->pool_count; i++) {
		if (!addr_prefix_overlaps(&l->pool[i].block, p))
			continue;
		if (pmip_pool_take_prefix(&l->pool[i], p) != 0)
			return false;
		break;
	}
	a->list[a->count++] = *p;
	return true;
}

static bool
authorised(const struct pmip_profile *profile, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < profile->prefix_count; i++)
		if (addr_prefix_equal(&profile->prefix[i], p))
			return true;
	return false;
}

/* Of the service, else of the mobile node. Where policy fixes prefixes, there are others only of a pool that is named.
 */
static struct pmip_pool *
pool_of(struct lma *l, const struct lma_update *u)
{
	const char *name = lma_service_pool(l, u->service);

	if (name[0] == '\0')
		name = u->profile.pool;
	if (u->profile.prefix_count > 0 && name[0] == '\0')
		return NULL;
	for (unsigned int i = 0; i < l->pool_count; i++)
		if (name[0] == '\0' || strcmp(name, l->pool[i].name) == 0)
			return &l->pool[i];
	return NULL;
}

static unsigned int
wanted_from_pool(const struct pmip_profile *profile)
{
	return profile->prefixes_wanted != 0 ? profile->prefixes_wanted : 1;
}

static bool
has_interface(struct lma *l, const struct lma_update *u)
{
	struct lma_node *n = lma_node_find(l, &u->mn_id);
	struct lma_session *s = NULL;

	while ((s = lma_session_of(l, n, s)) != NULL)
		if (lma_lookup_is_interface(s, u))
			return true;
	return false;
}

/*
 * A free prefix that the pool could have given: what a mobile node had keeps being its own though its session was
 * lost, by a restart of this anchor. An interface that has a session has its prefixes.
 */
static bool
take_back(struct assignment *a, const struct lma_update *u, const struct addr_prefix *p)
{
	struct pmip_pool *pool = pool_of(a->l, u);

	if (pool == NULL || a->from_pool >= wanted_from_pool(&u->profile) || has_interface(a->l, u) ||
	    pmip_pool_take_prefix(pool, p) != 0)
		return false;
	a->list[a->count++] = *p;
	a->from_pool++;
	return true;
}

static enum mh_status
take_named(struct assignment *a, const struct lma_update *u)
{
	for (unsigned int i = 0; i < u->prefix_count; i++) {
		const struct addr_prefix *p = &u->prefix[i];

		if (has(a, p))
			continue;
		if (authorised(&u->profile, p) ? !take_fixed(a, p) : !take_back(a, u, p))
			return MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX;
	}
	return MH_STATUS_ACCEPTED;
}

/* As many as policy wants, or as many as there are; none at all is a failure. */
static bool
take_from_pool(struct assignment *a, const struct lma_update *u)
{
	const struct pmip_profile *profile = &u->profile;
	struct pmip_pool *pool = pool_of(a->l, u);

	if (pool == NULL)
		return false;
	while (a->from_pool < wanted_from_pool(profile) && a->count < MH_HNP_MAX &&
	       pmip_pool_take(pool, &a->list[a->count]) == 0) {
		a->count++;
		a->from_pool++;
	}
	return a->from_pool > 0;
}

/*
 * Fixed prefixes that no session of the mobile node has yet. A further interface of a node with fixed prefixes
 * is served from a pool only where policy names one.
 */
static bool
take_any(struct assignment *a, const struct lma_update *u)
{
	const struct pmip_profile *profile = &u->profile;
	unsigned int taken = 0;

	for (unsigned int i = 0; i < profile->prefix_count && a->count < MH_HNP_MAX; i++)
		if (!has(a, &profile->prefix[i]))
			taken += take_fixed(a, &profile->prefix[i]);
	return taken > 0 || take_from_pool(a, u);
}

enum mh_status
lma_prefix_assign(struct lma *l, const struct lma_update *u, struct addr_prefix out[static MH_HNP_MAX], uint8_t *count)
{
	struct assignment a = {.l = l, .list = out};
	enum mh_status status = take_named(&a, u);

	if (status == MH_STATUS_ACCEPTED && u->wants_prefix && !take_any(&a, u))
		status = MH_STATUS_INSUFFICIENT_RESOURCES;
	if (status != MH_STATUS_ACCEPTED)
		lma_prefix_release(l, out, a.count);
	*count = a.count;
	return status;
}

void
lma_prefix_release(struct lma *l, const struct addr_prefix *prefix, uint8_t count)
{
	for (unsigned int i = 0; i < count; i++) {
		unsigned int pool = 0;

		while (pool < l->pool_count && pmip_pool_put(&l->pool[pool], &prefix[i]) == -ENOENT)
			pool++;
		if (l->change != NULL)
			lma_change_release(l, &prefix[i]);
	}
}
