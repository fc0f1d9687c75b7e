/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tunnels between this node and its peers: one for all sessions of a peer, made with the first and gone with the last,
 * and as large as the path allows (RFC 2473 section 7.1, RFC 8201).
 */
#include "tun/tun.h"

#include <errno.h>
#include <stdlib.h>

#include "counts.h"

#define RAISE_MS	600000 /* RFC 8201 section 4: not before 5 minutes, better after 10 */
#define RETRY_MS	1000
#define RAISES_A_TURN	32
#define REROUTES_A_TURN 64

int
ctl_tunnel_init(struct ctl *c)
{
	c->tunnel_nexthop = calloc(c->s.tunnels + 1, sizeof(*c->tunnel_nexthop));
	if (c->tunnel_nexthop == NULL || index_map_init(&c->tunnel_map, c->s.tunnels + 1) < 0 ||
	    deadline_init(&c->tunnel_due, c->s.tunnels + 1) < 0)
		return -ENOMEM;
	return 0;
}

void
ctl_tunnel_fini(struct ctl *c)
{
	deadline_fini(&c->tunnel_due);
	index_map_fini(&c->tunnel_map);
	free(c->tunnel_nexthop);
}

static uint64_t
hash_of(const struct ctl *c, const struct addr6 *local, const struct addr6 *remote)
{
	struct addr6 both[] = {*local, *remote};

	return hash_bytes(&c->s.secret, both, sizeof(both));
}

uint32_t
ctl_tunnel_find(const struct ctl *c, const struct addr6 *local, const struct addr6 *remote)
{
	uint32_t id = index_map_first(&c->tunnel_map, hash_of(c, local, remote));

	for (; id != INDEX_NONE; id = index_map_next(&c->tunnel_map, id)) {
		const struct fwd_tunnel *t = fwd_tunnel_find(c->s.fwd, id);

		if (addr6_equal(&t->local, local) && addr6_equal(&t->remote, remote))
			return id;
	}
	return 0;
}

static uint32_t
overhead(const struct ctl *c)
{
	return TUN_IP6_LEN + (c->s.tunnel_limit != TUN_LIMIT_NONE ? TUN_LIMIT_LEN : 0);
}

/* The greatest inner packet that the link to the next hop carries. */
static uint16_t
mtu_by(const struct ctl *c, uint32_t nexthop)
{
	return (uint16_t)(ctl_port_find(c, c->nexthop[nexthop].port)->mtu - overhead(c));
}

static int
set_mtu(struct ctl *c, uint32_t tunnel, uint32_t nexthop, uint32_t mtu)
{
	return fwd_tunnel_set_adjacency(c->s.fwd, tunnel, c->nexthop[nexthop].adjacency, (uint16_t)mtu);
}

int
ctl_tunnel_take(struct ctl *c, const struct addr6 *local, const struct addr6 *remote)
{
	uint32_t nexthop = ctl_nexthop_take(c, remote);
	int tunnel, rc;

	if (nexthop == INDEX_NONE)
		return -EHOSTUNREACH;
	tunnel = fwd_tunnel_add(c->s.fwd, local, remote, mtu_by(c, nexthop), c->s.tunnel_limit);
	if (tunnel < 0 || fwd_tunnel_uses(c->s.fwd, (uint32_t)tunnel) > 1) {
		ctl_nexthop_put(c, nexthop); /* one use a tunnel, however many sessions it has */
		return tunnel;
	}
	rc = set_mtu(c, (uint32_t)tunnel, nexthop, mtu_by(c, nexthop));
	if (rc < 0) {
		fwd_tunnel_del(c->s.fwd, (uint32_t)tunnel);
		ctl_nexthop_put(c, nexthop);
		return rc;
	}
	c->tunnel_nexthop[tunnel] = nexthop;
	ctl_counts_tunnel_begin(c, (uint32_t)tunnel);
	index_map_add(&c->tunnel_map, (uint32_t)tunnel, hash_of(c, local, remote));
	return tunnel;
}

void
ctl_tunnel_put(struct ctl *c, uint32_t tunnel)
{
	bool last = fwd_tunnel_uses(c->s.fwd, tunnel) == 1;

	fwd_tunnel_del(c->s.fwd, tunnel); /* before the adjacency that it leads to */
	if (!last)
		return;
	index_map_del(&c->tunnel_map, tunnel);
	deadline_clear(&c->tunnel_due, tunnel);
	ctl_nexthop_put(c, c->tunnel_nexthop[tunnel]);
}

uint32_t
ctl_tunnel_sessions(const struct ctl *c, const struct addr6 *remote)
{
	uint32_t as_anchor = c->s.lma != NULL ? ctl_tunnel_find(c, &c->s.lma_address, remote) : 0;
	uint32_t as_gateway = c->s.mag != NULL ? ctl_tunnel_find(c, &c->s.mag_address, remote) : 0;
	uint32_t n = as_anchor != 0 ? fwd_tunnel_uses(c->s.fwd, as_anchor) : 0;

	return n + (as_gateway != 0 && as_gateway != as_anchor ? fwd_tunnel_uses(c->s.fwd, as_gateway) : 0);
}

void
ctl_tunnel_path_mtu(struct ctl *c, const struct addr6 *local, const struct addr6 *remote, uint32_t mtu)
{
	uint32_t tunnel = ctl_tunnel_find(c, local, remote), inner = mtu - overhead(c);

	if (tunnel == 0 || inner > fwd_tunnel_find(c->s.fwd, tunnel)->mtu)
		return;
	/* Where this fails for now, the next Packet Too Big says it again. */
	if (set_mtu(c, tunnel, c->tunnel_nexthop[tunnel], inner) == 0)
		deadline_set(&c->tunnel_due, tunnel, c->now.mono_ms + RAISE_MS);
}

void
ctl_tunnel_reroute(struct ctl *c)
{
	c->rerouting = true;
	c->reroute_at = 0;
}

/*
 * Lead a tunnel to the next hop that the routes say, as traffic to its peer would go. False: not now, since workers
 * hold what is needed. Without room for a further next hop it keeps the one that it has.
 */
static bool
reroute(struct ctl *c, uint32_t tunnel)
{
	uint32_t old = c->tunnel_nexthop[tunnel];
	uint32_t nexthop = ctl_nexthop_take(c, &fwd_tunnel_find(c->s.fwd, tunnel)->remote);

	if (nexthop == INDEX_NONE)
		return true;
	if (nexthop != old && set_mtu(c, tunnel, nexthop, mtu_by(c, nexthop)) < 0) {
		ctl_nexthop_put(c, nexthop);
		return false;
	}
	c->tunnel_nexthop[tunnel] = nexthop;
	ctl_nexthop_put(c, old); /* where it is the same, what was taken a moment ago */
	return true;
}

static void
reroute_some(struct ctl *c)
{
	for (unsigned int i = 0; i < REROUTES_A_TURN && c->rerouting; i++) {
		uint32_t tunnel = fwd_tunnel_next(c->s.fwd, c->reroute_at);

		if (tunnel == 0)
			c->rerouting = false;
		else if (!reroute(c, tunnel))
			return;
		c->reroute_at = tunnel;
	}
}

void
ctl_tunnel_tick(struct ctl *c)
{
	reroute_some(c);
	for (unsigned int i = 0; i < RAISES_A_TURN; i++) {
		uint32_t tunnel = deadline_pop(&c->tunnel_due, c->now.mono_ms), nexthop;

		if (tunnel == DEADLINE_NONE)
			return;
		nexthop = c->tunnel_nexthop[tunnel];
		if (set_mtu(c, tunnel, nexthop, mtu_by(c, nexthop)) < 0)
			deadline_set(&c->tunnel_due, tunnel, c->now.mono_ms + RETRY_MS);
	}
}
