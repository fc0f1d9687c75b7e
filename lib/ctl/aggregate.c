/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prefixes of gateways: what lies in one and is no session's goes to the gateway, and comes from there. In the tables
 * that is a route into a tunnel. What is configured for the same prefix comes first, a pool's or a route.
 */
#include <errno.h>

#include "route.h"

#define RETRY_MS 1000

static struct ctl_aggregate *
find(const struct ctl *c, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < c->aggregate_count; i++)
		if (addr_prefix_equal(&c->aggregate[i].prefix, p))
			return (struct ctl_aggregate *)&c->aggregate[i];
	return NULL;
}

static bool
is_configured(const struct ctl *c, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < c->s.pool_count; i++)
		if (addr_prefix_equal(&c->s.pools[i].block, p))
			return true;
	for (unsigned int i = 0; i < c->s.route_count; i++)
		if (addr_prefix_equal(&c->s.routes[i].prefix, p))
			return true;
	return false;
}

/* The tunnel to a gateway, held; 0: no route leads there, or the gateway is this node. */
static int
hold_tunnel(struct ctl *c, const struct addr6 *local, const struct addr6 *remote)
{
	int tunnel = ctl_signalling_owns(c, remote) ? 0 : ctl_tunnel_take(c, local, remote, false);

	if (tunnel == -EHOSTUNREACH)
		return 0;
	if (tunnel <= 0)
		return tunnel;
	ctl_tunnel_hold(c, (uint32_t)tunnel);
	ctl_tunnel_put(c, (uint32_t)tunnel);
	return tunnel;
}

/* The route into its tunnel, or none without; false: there is no room for it. */
static bool
set_route(struct ctl *c, const struct addr_prefix *p, uint32_t tunnel)
{
	int rc;

	if (is_configured(c, p))
		return true;
	rc = tunnel != 0 ? fwd_route_add(c->s.fwd, p, FWD_ROUTE_TUNNEL | tunnel) : fwd_route_del(c->s.fwd, p);
	if (rc == 0)
		c->routes_dirty = true;
	return rc == 0 || tunnel == 0;
}

/* Lead it into the tunnel that there is by now. Without room it leads nowhere, not where it led, and waits. */
static void
lead(struct ctl *c, struct ctl_aggregate *at)
{
	int tunnel = hold_tunnel(c, &at->local, &at->remote);
	uint32_t before = at->tunnel;

	at->tunnel = tunnel > 0 ? (uint32_t)tunnel : 0;
	at->waits = !set_route(c, &at->prefix, at->tunnel) || tunnel < 0;
	if (before != 0)
		ctl_tunnel_release(c, before);
	if (at->waits)
		c->aggregate_due_ms = c->now.mono_ms + RETRY_MS;
}

int
ctl_aggregate_set(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	struct ctl_aggregate *at = find(c, &a->aggregate.prefix);
	char prefix[ADDR_PREFIX_TEXT], remote[ADDR6_TEXT];

	if (at == NULL && c->aggregate_count == CTL_AGGREGATES_MAX)
		return -ENOSPC;
	if (at == NULL) {
		at = &c->aggregate[c->aggregate_count++];
		*at = (struct ctl_aggregate){.prefix = a->aggregate.prefix};
	}
	at->local = a->aggregate.local;
	at->remote = a->aggregate.remote;
	lead(c, at);
	if (at->waits)
		log_write(LOG_WARNING, "ctl",
			  "no room for the way to a gateway's prefix: it waits prefix=%s gateway=%s",
			  addr_prefix_format(&at->prefix, prefix), addr6_format(&at->remote, remote));
	return 0;
}

int
ctl_aggregate_clear(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	struct ctl_aggregate *at = find(c, &a->aggregate.prefix);

	if (at == NULL)
		return 0;
	set_route(c, &at->prefix, 0);
	if (at->tunnel != 0)
		ctl_tunnel_release(c, at->tunnel);
	*at = c->aggregate[--c->aggregate_count];
	return 0;
}

const char *
ctl_aggregate_state(const struct ctl *c, const struct addr_prefix *p)
{
	const struct ctl_aggregate *at = find(c, p);

	if (at != NULL && ctl_signalling_owns(c, &at->remote))
		return "local";
	return at != NULL && at->tunnel != 0 && !at->waits ? "routed" : "waiting";
}

void
ctl_aggregate_relearn(struct ctl *c)
{
	for (unsigned int i = 0; i < c->aggregate_count; i++)
		if (c->aggregate[i].tunnel != 0)
			fwd_route_add(c->s.fwd, &c->aggregate[i].prefix, FWD_ROUTE_TUNNEL | c->aggregate[i].tunnel);
}

void
ctl_aggregate_reroute(struct ctl *c)
{
	for (unsigned int i = 0; i < c->aggregate_count; i++)
		if (c->aggregate[i].tunnel == 0)
			lead(c, &c->aggregate[i]);
}

void
ctl_aggregate_tick(struct ctl *c)
{
	if (c->now.mono_ms < c->aggregate_due_ms)
		return;
	c->aggregate_due_ms = UINT64_MAX;
	for (unsigned int i = 0; i < c->aggregate_count; i++) {
		struct ctl_aggregate *at = &c->aggregate[c->aggregate_next++ % c->aggregate_count];

		if (at->waits)
			lead(c, at);
		if (at->waits)
			return;
	}
}
