/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tunnels between this node and its peers: one for all sessions of a peer, and one for all of them that are in GRE,
 * made with the first and gone with the last, and as large as the path allows (RFC 2473 section 7.1, RFC 8201).
 */
#include "tun/tun.h"

#include <errno.h>
#include <stdlib.h>

#include "counts.h"
#include "peer.h"

#define RAISE_MS	600000 /* RFC 8201 section 4: not before 5 minutes, better after 10 */
#define RETRY_MS	1000
#define RAISES_A_TURN	32
#define REROUTES_A_TURN 64
#define ROUTES_A_TURN	65536 /* that are gone through for them */

int
ctl_tunnel_init(struct ctl *c)
{
	c->tunnel_nexthop = calloc(c->s.tunnels + 1, sizeof(*c->tunnel_nexthop));
	c->tunnel_held = calloc(c->s.tunnels + 1, sizeof(*c->tunnel_held));
	if (c->tunnel_nexthop == NULL || c->tunnel_held == NULL ||
	    index_map_init(&c->tunnel_map, c->s.tunnels + 1) < 0 || deadline_init(&c->tunnel_due, c->s.tunnels + 1) < 0)
		return -ENOMEM;
	return 0;
}

void
ctl_tunnel_fini(struct ctl *c)
{
	deadline_fini(&c->tunnel_due);
	index_map_fini(&c->tunnel_map);
	free(c->tunnel_held);
	free(c->tunnel_nexthop);
}

static uint64_t
hash_of(const struct ctl *c, const struct addr6 *local, const struct addr6 *remote)
{
	struct addr6 both[] = {*local, *remote};

	return hash_bytes(&c->s.secret, both, sizeof(both));
}

uint32_t
ctl_tunnel_next(const struct ctl *c, const struct addr6 *local, const struct addr6 *remote, uint32_t after)
{
	uint32_t id = after == 0 ? index_map_first(&c->tunnel_map, hash_of(c, local, remote))
				 : index_map_next(&c->tunnel_map, after);

	for (; id != INDEX_NONE; id = index_map_next(&c->tunnel_map, id)) {
		const struct fwd_tunnel *t = fwd_tunnel_find(c->s.fwd, id);

		if (addr6_equal(&t->local, local) && addr6_equal(&t->remote, remote))
			return id;
	}
	return 0;
}

static uint32_t
overhead(const struct ctl *c, bool gre)
{
	return TUN_IP6_LEN + (c->s.tunnel_limit != TUN_LIMIT_NONE ? TUN_LIMIT_LEN : 0) + (gre ? TUN_GRE_MAX : 0);
}

/* The greatest inner packet that the link to the next hop carries. */
static uint16_t
mtu_by(const struct ctl *c, uint32_t nexthop, bool gre)
{
	return (uint16_t)(ctl_port_find(c, c->nexthop[nexthop].port)->mtu - overhead(c, gre));
}

static bool
is_gre(const struct ctl *c, uint32_t tunnel)
{
	return fwd_tunnel_find(c->s.fwd, tunnel)->flags & FWD_TUNNEL_GRE;
}

static int
set_mtu(struct ctl *c, uint32_t tunnel, uint32_t nexthop, uint32_t mtu)
{
	return fwd_tunnel_set_adjacency(c->s.fwd, tunnel, c->nexthop[nexthop].adjacency, (uint16_t)mtu);
}

/*
 * Sessions that wait for an anchor which has failed have no tunnel any more: it is asked on, so that they need not wait
 * longer than it is away. A gateway comes by itself.
 */
static bool
is_waited_for(const struct ctl *c, const struct addr6 *local, const struct addr6 *remote)
{
	struct pmip_heartbeat_view v;

	return c->s.mag != NULL && addr6_equal(local, &c->s.mag_address) && mag_session_count(c->s.mag) > 0 &&
	       !ctl_peer_is_gateway(c, remote) && pmip_heartbeat_find(c->heartbeat, local, remote, &v) &&
	       v.state == PMIP_HEARTBEAT_FAILED;
}

void
ctl_tunnel_heartbeats(struct ctl *c, const struct addr6 *local, const struct addr6 *remote)
{
	bool want = ctl_tunnel_next(c, local, remote, 0) != 0;

	if (addr6_equal(local, remote))
		return;
	if (!want && is_waited_for(c, local, remote))
		want = c->anchor_awaited = true;
	pmip_heartbeat_want(c->heartbeat, local, remote, want); /* beyond peers_max there are none */
}

/* With the last session of this gateway nobody waits for an anchor any more. */
static void
await_nobody(struct ctl *c)
{
	struct pmip_heartbeat_view v;
	uint32_t at = 0;

	if (!c->anchor_awaited || mag_session_count(c->s.mag) > 0)
		return;
	c->anchor_awaited = false;
	while (pmip_heartbeat_next(c->heartbeat, &at, &v))
		if (v.wanted && v.state == PMIP_HEARTBEAT_FAILED)
			ctl_tunnel_heartbeats(c, &v.local, &v.peer);
}

/* With its first use. */
static int
make(struct ctl *c, const struct addr6 *local, const struct addr6 *remote, bool gre)
{
	const struct tun_style style = {.limit = c->s.tunnel_limit, .dscp = c->s.tunnel_dscp, .gre = gre};
	uint32_t nexthop = ctl_nexthop_take(c, remote);
	int tunnel, rc;

	if (nexthop == INDEX_NONE)
		return -EHOSTUNREACH;
	tunnel = fwd_tunnel_add(c->s.fwd, local, remote, mtu_by(c, nexthop, gre), &style);
	if (tunnel < 0) {
		ctl_nexthop_put(c, nexthop);
		return tunnel;
	}
	rc = set_mtu(c, (uint32_t)tunnel, nexthop, mtu_by(c, nexthop, gre));
	if (rc < 0) {
		fwd_tunnel_del(c->s.fwd, (uint32_t)tunnel);
		ctl_nexthop_put(c, nexthop);
		return rc;
	}
	c->tunnel_nexthop[tunnel] = nexthop;
	ctl_counts_tunnel_begin(c, (uint32_t)tunnel);
	index_map_add(&c->tunnel_map, (uint32_t)tunnel, hash_of(c, local, remote));
	ctl_tunnel_heartbeats(c, local, remote);
	return tunnel;
}

/* One that is there has its next hop: the routes, which may be many, are gone through once a tunnel. */
int
ctl_tunnel_take(struct ctl *c, const struct addr6 *local, const struct addr6 *remote, bool gre)
{
	uint32_t tunnel = ctl_tunnel_next(c, local, remote, 0);

	while (tunnel != 0 && is_gre(c, tunnel) != gre)
		tunnel = ctl_tunnel_next(c, local, remote, tunnel);
	if (tunnel == 0)
		return make(c, local, remote, gre);
	fwd_tunnel_use(c->s.fwd, tunnel);
	return (int)tunnel;
}

void
ctl_tunnel_put(struct ctl *c, uint32_t tunnel)
{
	bool last = fwd_tunnel_uses(c->s.fwd, tunnel) == 1;
	struct fwd_tunnel ends = last ? *fwd_tunnel_find(c->s.fwd, tunnel) : (struct fwd_tunnel){0};

	fwd_tunnel_del(c->s.fwd, tunnel); /* before the adjacency that it leads to */
	if (!last)
		return;
	index_map_del(&c->tunnel_map, tunnel);
	ctl_tunnel_heartbeats(c, &ends.local, &ends.remote);
	deadline_clear(&c->tunnel_due, tunnel);
	ctl_nexthop_put(c, c->tunnel_nexthop[tunnel]);
}

void
ctl_tunnel_hold(struct ctl *c, uint32_t tunnel)
{
	if (fwd_tunnel_use(c->s.fwd, tunnel) == 0)
		c->tunnel_held[tunnel]++;
}

void
ctl_tunnel_release(struct ctl *c, uint32_t tunnel)
{
	c->tunnel_held[tunnel]--;
	ctl_tunnel_put(c, tunnel);
}

uint32_t
ctl_tunnel_sessions_of(const struct ctl *c, uint32_t tunnel)
{
	return fwd_tunnel_uses(c->s.fwd, tunnel) - c->tunnel_held[tunnel];
}

static uint32_t
sessions_between(const struct ctl *c, const struct addr6 *local, const struct addr6 *remote)
{
	uint32_t n = 0;

	for (uint32_t t = ctl_tunnel_next(c, local, remote, 0); t != 0; t = ctl_tunnel_next(c, local, remote, t))
		n += ctl_tunnel_sessions_of(c, t);
	return n;
}

uint32_t
ctl_tunnel_sessions(const struct ctl *c, const struct addr6 *remote)
{
	bool lma = c->s.lma != NULL, mag = c->s.mag != NULL;

	/* Both roles of one address share their tunnels. */
	if (lma && mag && addr6_equal(&c->s.lma_address, &c->s.mag_address))
		mag = false;
	return (lma ? sessions_between(c, &c->s.lma_address, remote) : 0) +
	       (mag ? sessions_between(c, &c->s.mag_address, remote) : 0);
}

static void
lower(struct ctl *c, uint32_t tunnel, uint32_t mtu)
{
	uint32_t inner = mtu - overhead(c, is_gre(c, tunnel));

	if (inner > fwd_tunnel_find(c->s.fwd, tunnel)->mtu)
		return;
	/* Where this fails for now, the next Packet Too Big says it again. */
	if (set_mtu(c, tunnel, c->tunnel_nexthop[tunnel], inner) == 0)
		deadline_set(&c->tunnel_due, tunnel, c->now.mono_ms + RAISE_MS);
}

void
ctl_tunnel_path_mtu(struct ctl *c, const struct addr6 *local, const struct addr6 *remote, uint32_t mtu)
{
	for (uint32_t t = ctl_tunnel_next(c, local, remote, 0); t != 0; t = ctl_tunnel_next(c, local, remote, t))
		lower(c, t, mtu);
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
	if (nexthop != old && set_mtu(c, tunnel, nexthop, mtu_by(c, nexthop, is_gre(c, tunnel))) < 0) {
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
	const unsigned int most = RTE_MIN(1 + ROUTES_A_TURN / (c->s.route_count + 1), REROUTES_A_TURN);

	for (unsigned int i = 0; i < most && c->rerouting; i++) {
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
	await_nobody(c);
	for (unsigned int i = 0; i < RAISES_A_TURN; i++) {
		uint32_t tunnel = deadline_pop(&c->tunnel_due, c->now.mono_ms), nexthop;

		if (tunnel == DEADLINE_NONE)
			return;
		nexthop = c->tunnel_nexthop[tunnel];
		if (set_mtu(c, tunnel, nexthop, mtu_by(c, nexthop, is_gre(c, tunnel))) < 0)
			deadline_set(&c->tunnel_due, tunnel, c->now.mono_ms + RETRY_MS);
	}
}
