/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Routes: what the links of ports hold, what pools keep from coming back, and what is configured. Other lists take the
 * place of these without workers ever seeing a half: nothing is seen before the commit at the end of the turn.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"

/* A port's own addresses and the prefixes that are on its link. */
static int
add_connected(struct ctl *c, unsigned int i)
{
	const struct ctl_port *p = &c->s.ports[i];
	int rc = 0;

	for (unsigned int k = 0; k < p->address_count && rc == 0; k++) {
		struct addr_prefix on_link = addr_prefix_mask(&p->address[k].addr, p->address[k].len);

		if (on_link.len < 128)
			rc = fwd_route_add(c->s.fwd, &on_link, c->glean[i]);
		if (rc == 0)
			rc = fwd_route_add(c->s.fwd, &(struct addr_prefix){p->address[k].addr, 128}, FWD_ROUTE_LOCAL);
	}
	return rc;
}

/*
 * What is in a pool and not a mobile node's is nowhere: sent on by a shorter route, it would come back. Configured
 * routes come behind, and may say otherwise. Their next hops are taken.
 */
static int
add_lists(struct ctl *c, const struct ctl_route_lists *l)
{
	int rc = 0;

	for (unsigned int i = 0; c->s.lma != NULL && i < l->pool_count && rc == 0; i++)
		rc = fwd_route_add(c->s.fwd, &l->pools[i].block, FWD_NONE);
	for (unsigned int i = 0; i < l->route_count && rc == 0; i++) {
		const struct ctl_route *r = &l->routes[i];

		rc = fwd_route_add(c->s.fwd, &r->prefix, ctl_nexthop_find(c, r->port, &r->via)->adjacency);
	}
	return rc;
}

/* And what they stood in the place of comes back. */
static void
del_lists(struct ctl *c, const struct ctl_route_lists *l)
{
	for (unsigned int i = 0; i < l->pool_count; i++)
		fwd_route_del(c->s.fwd, &l->pools[i].block);
	for (unsigned int i = 0; i < l->route_count; i++)
		fwd_route_del(c->s.fwd, &l->routes[i].prefix);
	for (unsigned int i = 0; i < c->s.port_count; i++)
		add_connected(c, i);
	ctl_nexthop_relearn(c);
	ctl_aggregate_relearn(c);
}

static void
put_nexthops(struct ctl *c, const struct ctl_route_lists *l, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		ctl_nexthop_put_via(c, l->routes[i].port, &l->routes[i].via);
}

static int
take_nexthops(struct ctl *c, const struct ctl_route_lists *l)
{
	for (unsigned int i = 0; i < l->route_count; i++) {
		if (ctl_nexthop_take_via(c, l->routes[i].port, &l->routes[i].via) != INDEX_NONE)
			continue;
		put_nexthops(c, l, i);
		return -ENOSPC;
	}
	return 0;
}

struct ctl_route_lists
ctl_route_lists(const struct ctl *c)
{
	return (struct ctl_route_lists){c->s.pool_count, c->s.pools, c->s.route_count, c->s.routes};
}

int
ctl_route_init(struct ctl *c)
{
	struct ctl_route_lists l = ctl_route_lists(c);
	int rc = 0;

	for (unsigned int i = 0; i < c->s.port_count && rc == 0; i++)
		rc = add_connected(c, i);
	if (rc == 0)
		rc = take_nexthops(c, &l);
	return rc == 0 ? add_lists(c, &l) : rc;
}

int
ctl_route_stage(struct ctl *c, const struct ctl_route_lists *to)
{
	struct ctl_route_lists from = ctl_route_lists(c);
	int rc = take_nexthops(c, to);

	if (rc < 0)
		return rc;
	del_lists(c, &from);
	rc = add_lists(c, to);
	if (rc == 0)
		return 0;
	ctl_route_undo(c, to);
	return rc;
}

void
ctl_route_undo(struct ctl *c, const struct ctl_route_lists *to)
{
	struct ctl_route_lists from = ctl_route_lists(c);

	del_lists(c, to);
	add_lists(c, &from); /* there was room for them */
	put_nexthops(c, to, to->route_count);
}

void
ctl_route_commit(struct ctl *c, const struct ctl_route_lists *to, bool staged)
{
	struct ctl_route_lists from = ctl_route_lists(c);

	c->s.pool_count = to->pool_count;
	c->s.pools = to->pools;
	c->s.route_count = to->route_count;
	c->s.routes = to->routes;
	if (!staged)
		return;
	c->routes_dirty = true;
	put_nexthops(c, &from, from.route_count);
	ctl_tunnel_reroute(c);
	ctl_aggregate_reroute(c);
}

static bool
same_route(const struct ctl_route *a, const struct ctl_route *b)
{
	return addr_prefix_equal(&a->prefix, &b->prefix) && addr6_equal(&a->via, &b->via) && a->port == b->port;
}

bool
ctl_route_same(const struct ctl *c, const struct ctl_route_lists *to)
{
	bool same = to->pool_count == c->s.pool_count && to->route_count == c->s.route_count;

	for (unsigned int i = 0; same && i < to->pool_count; i++)
		same = addr_prefix_equal(&to->pools[i].block, &c->s.pools[i].block);
	for (unsigned int i = 0; same && i < to->route_count; i++)
		same = same_route(&to->routes[i], &c->s.routes[i]);
	return same;
}

/* By address; of those that begin alike the one that holds the others first. */
static int
compare(const void *a, const void *b)
{
	const struct addr_prefix *x = a, *y = b;
	int order = memcmp(&x->addr, &y->addr, sizeof(x->addr));

	return order != 0 ? order : x->len - y->len;
}

/* What routes lead to, in order and without what lies in another of them; how many. */
static unsigned int
outermost(const struct ctl_route_lists *l, struct addr_prefix *list)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < l->route_count; i++)
		list[i] = l->routes[i].prefix;
	qsort(list, l->route_count, sizeof(*list), compare);
	for (unsigned int i = 0; i < l->route_count; i++)
		if (n == 0 || !addr_prefix_holds(&list[n - 1], &list[i].addr))
			list[n++] = list[i];
	return n;
}

static bool
is_held(const struct addr_prefix *list, unsigned int n, const struct addr6 *a)
{
	unsigned int low = 0, high = n; /* what is before low begins at a or below it, what is from high on above */

	while (low < high) {
		const unsigned int middle = (low + high) / 2;

		if (memcmp(&list[middle].addr, a, sizeof(*a)) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && addr_prefix_holds(&list[low - 1], a);
}

int
ctl_route_check(const struct ctl *c, const struct ctl_route_lists *to, const struct fwd_tunnel **cut)
{
	struct addr_prefix *list = calloc(to->route_count + 1, sizeof(*list));
	unsigned int n;

	*cut = NULL;
	if (list == NULL)
		return -ENOMEM;
	n = outermost(to, list);
	for (uint32_t t = fwd_tunnel_next(c->s.fwd, 0); t != 0 && *cut == NULL; t = fwd_tunnel_next(c->s.fwd, t)) {
		const struct fwd_tunnel *tunnel = fwd_tunnel_find(c->s.fwd, t);

		if (!is_held(list, n, &tunnel->remote) && !ctl_nexthop_is_connected(c, &tunnel->remote))
			*cut = tunnel;
	}
	free(list);
	return 0;
}
