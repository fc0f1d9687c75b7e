/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Next hops: which neighbour a destination is reached by, its adjacency in the forwarding tables, and the routes that
 * lead there. A next hop is kept while a route or a tunnel uses it, or its neighbour is up.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"

#define NONE INDEX_NONE

const struct ctl_port *
ctl_port_find(const struct ctl *c, uint16_t id)
{
	for (unsigned int i = 0; i < c->s.port_count; i++)
		if (c->s.ports[i].id == id)
			return &c->s.ports[i];
	return NULL;
}

const struct ctl_port *
ctl_port_find_name(const struct ctl *c, const char *name)
{
	for (unsigned int i = 0; i < c->s.port_count; i++)
		if (strcmp(c->s.ports[i].name, name) == 0)
			return &c->s.ports[i];
	return NULL;
}

static uint64_t
hash_of(const struct ctl *c, uint16_t port, const struct addr6 *addr)
{
	struct {
		struct addr6 addr;
		uint16_t port;
	} __attribute__((packed)) key = {*addr, port};

	return hash_bytes(&c->s.secret, &key, sizeof(key));
}

static uint32_t
find(const struct ctl *c, uint16_t port, const struct addr6 *addr)
{
	uint32_t id = index_map_first(&c->nexthop_map, hash_of(c, port, addr));

	while (id != NONE && (c->nexthop[id].port != port || !addr6_equal(&c->nexthop[id].addr, addr)))
		id = index_map_next(&c->nexthop_map, id);
	return id;
}

const struct ctl_nexthop *
ctl_nexthop_find(const struct ctl *c, uint16_t port, const struct addr6 *addr)
{
	uint32_t id = find(c, port, addr);

	return id != NONE ? &c->nexthop[id] : NULL;
}

static struct fwd_adjacency
adjacency_of(const struct ctl_port *p, enum fwd_adjacency_state state)
{
	return (struct fwd_adjacency){.src_mac = p->mac, .port = p->id, .vlan = p->vlan, .mtu = p->mtu, .state = state};
}

/* A new next hop whose MAC address has to be asked for. */
static uint32_t
add(struct ctl *c, const struct ctl_port *p, const struct addr6 *addr)
{
	struct fwd_adjacency a = adjacency_of(p, FWD_ADJACENCY_WAIT);
	uint32_t id = index_pool_take(&c->nexthop_ids);
	int adjacency;

	if (id == NONE)
		return NONE;
	adjacency = fwd_adjacency_add(c->s.fwd, &a);
	if (adjacency < 0) {
		index_pool_put(&c->nexthop_ids, id);
		return NONE;
	}
	c->nexthop[id] = (struct ctl_nexthop){.addr = *addr, .port = p->id, .adjacency = (uint32_t)adjacency};
	c->nexthop_of_adjacency[adjacency] = id;
	index_map_add(&c->nexthop_map, id, hash_of(c, p->id, addr));
	return id;
}

static void
del(struct ctl *c, uint32_t id)
{
	const struct ctl_nexthop *n = &c->nexthop[id];

	index_map_del(&c->nexthop_map, id);
	c->nexthop_of_adjacency[n->adjacency] = NONE;
	fwd_adjacency_del(c->s.fwd, n->adjacency);
	index_pool_put(&c->nexthop_ids, id);
}

/* The tables could not follow now: again behind the commit of this turn. */
static void
settle_later(struct ctl *c, uint32_t id)
{
	if (c->nexthop[id].pending)
		return;
	c->nexthop[id].pending = true;
	c->pending[c->pending_count++] = id;
}

/*
 * Make the tables follow. One that is down and that nobody uses goes, behind its route: an adjacency is not given to
 * another neighbour while a route leads to it.
 */
static void
settle(struct ctl *c, uint32_t id)
{
	struct ctl_nexthop *n = &c->nexthop[id];
	struct fwd_adjacency a =
		adjacency_of(ctl_port_find(c, n->port), n->up ? FWD_ADJACENCY_READY : FWD_ADJACENCY_WAIT);
	bool leaves = !n->up && n->uses == 0;

	if (leaves && n->learned) {
		fwd_route_del(c->s.fwd, &(struct addr_prefix){n->addr, 128});
		n->learned = false;
		c->routes_dirty = true;
	}
	if (leaves && !c->routes_dirty && !n->pending) {
		del(c, id);
		return;
	}
	a.dst_mac = n->mac;
	if (fwd_adjacency_replace(c->s.fwd, n->adjacency, &a) < 0 || leaves)
		settle_later(c, id);
}

void
ctl_nexthop_turn(struct ctl *c)
{
	uint32_t n = c->pending_count;

	if (c->routes_dirty && fwd_route_commit(c->s.fwd) == 0)
		c->routes_dirty = false;
	c->pending_count = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t id = c->pending[i];

		c->nexthop[id].pending = false;
		settle(c, id);
	}
}

static uint32_t
take(struct ctl *c, const struct ctl_port *p, const struct addr6 *addr)
{
	uint32_t id = find(c, p->id, addr);

	if (id == NONE)
		id = add(c, p, addr);
	if (id == NONE)
		return NONE;
	if (c->nexthop[id].uses++ == 0)
		ctl_host_step(c, &(struct host_event){.type = HOST_EV_RESOLVE,
						      .port = p->id,
						      .resolve = {.next_hop = *addr, .once = false}});
	return id;
}

/* The port on whose link addr is, or NULL; *len is the length of the connected prefix. */
static const struct ctl_port *
connected(const struct ctl *c, const struct addr6 *addr, int *len)
{
	const struct ctl_port *best = NULL;

	for (unsigned int i = 0; i < c->s.port_count; i++) {
		const struct ctl_port *p = &c->s.ports[i];

		for (unsigned int k = 0; k < p->address_count; k++) {
			struct addr_prefix on_link = addr_prefix_mask(&p->address[k].addr, p->address[k].len);

			if (on_link.len > *len && addr_prefix_holds(&on_link, addr)) {
				best = p;
				*len = on_link.len;
			}
		}
	}
	return best;
}

uint32_t
ctl_nexthop_take(struct ctl *c, const struct addr6 *dst)
{
	const struct ctl_route *route = NULL;
	int len = -1;
	const struct ctl_port *port = connected(c, dst, &len);

	for (unsigned int i = 0; i < c->s.route_count; i++) {
		const struct ctl_route *r = &c->s.routes[i];

		if (r->prefix.len > len && addr_prefix_holds(&r->prefix, dst)) {
			route = r;
			len = r->prefix.len;
		}
	}
	if (route != NULL)
		return take(c, ctl_port_find(c, route->port), &route->via);
	return port != NULL ? take(c, port, dst) : NONE;
}

void
ctl_nexthop_put(struct ctl *c, uint32_t id)
{
	struct ctl_nexthop *n = &c->nexthop[id];

	if (--n->uses > 0)
		return;
	ctl_host_step(c,
		      &(struct host_event){.type = HOST_EV_RELEASE, .port = n->port, .resolve = {.next_hop = n->addr}});
	settle(c, id);
}

const struct ctl_nexthop *
ctl_nexthop_find_adjacency(const struct ctl *c, uint32_t adjacency)
{
	uint32_t id = adjacency < c->adjacencies ? c->nexthop_of_adjacency[adjacency] : NONE;

	return id != NONE ? &c->nexthop[id] : NULL;
}

static bool
is_on_link(const struct ctl *c, const struct ctl_port *p, const struct addr6 *addr)
{
	int len = -1;

	return !addr6_is_link_local(addr) && connected(c, addr, &len) == p;
}

/* Without a route of its own, traffic to a neighbour goes by its link's prefix and so by the control lcore. */
static void
learn(struct ctl *c, uint32_t id)
{
	struct ctl_nexthop *n = &c->nexthop[id];

	if (n->learned || !is_on_link(c, ctl_port_find(c, n->port), &n->addr) ||
	    fwd_route_add(c->s.fwd, &(struct addr_prefix){n->addr, 128}, n->adjacency) < 0)
		return;
	n->learned = true;
	c->routes_dirty = true;
}

void
ctl_nexthop_neighbour(struct ctl *c, uint16_t port, const struct addr6 *addr, const struct addr_mac *mac, bool up)
{
	const struct ctl_port *p = ctl_port_find(c, port);
	uint32_t id = find(c, port, addr);

	if (id == NONE && up && p != NULL && is_on_link(c, p, addr))
		id = add(c, p, addr);
	if (id == NONE)
		return;
	c->nexthop[id].up = up;
	c->nexthop[id].mac = *mac;
	if (up)
		learn(c, id);
	settle(c, id);
}

uint32_t
ctl_nexthop_take_via(struct ctl *c, uint16_t port, const struct addr6 *addr)
{
	return take(c, ctl_port_find(c, port), addr);
}

void
ctl_nexthop_put_via(struct ctl *c, uint16_t port, const struct addr6 *addr)
{
	ctl_nexthop_put(c, find(c, port, addr));
}

bool
ctl_nexthop_is_connected(const struct ctl *c, const struct addr6 *addr)
{
	int len = -1;

	return connected(c, addr, &len) != NULL;
}

void
ctl_nexthop_relearn(struct ctl *c)
{
	for (uint32_t id = 0; id < c->s.neighbours; id++) {
		const struct ctl_nexthop *n = &c->nexthop[id];

		if (index_pool_is_taken(&c->nexthop_ids, id) && n->learned)
			fwd_route_add(c->s.fwd, &(struct addr_prefix){n->addr, 128}, n->adjacency);
	}
}

/* What destinations on the link of a port are asked for by. */
static int
add_glean(struct ctl *c, unsigned int i)
{
	struct fwd_adjacency a = adjacency_of(&c->s.ports[i], FWD_ADJACENCY_GLEAN);
	int glean;

	if (c->s.ports[i].address_count == 0)
		return 0;
	glean = fwd_adjacency_add(c->s.fwd, &a);
	if (glean < 0)
		return glean;
	c->glean[i] = (uint32_t)glean;
	return 0;
}

static int
alloc(struct ctl *c)
{
	c->adjacencies = c->s.neighbours + c->s.port_count;
	c->nexthop = calloc(c->s.neighbours, sizeof(*c->nexthop));
	c->pending = calloc(c->s.neighbours, sizeof(*c->pending));
	c->nexthop_of_adjacency = malloc(c->adjacencies * sizeof(uint32_t));
	c->glean = malloc(c->s.port_count * sizeof(uint32_t));
	if (c->nexthop == NULL || c->pending == NULL || c->nexthop_of_adjacency == NULL || c->glean == NULL ||
	    index_pool_init(&c->nexthop_ids, c->s.neighbours) < 0 ||
	    index_map_init(&c->nexthop_map, c->s.neighbours) < 0)
		return -ENOMEM;
	for (uint32_t i = 0; i < c->adjacencies; i++)
		c->nexthop_of_adjacency[i] = NONE;
	for (unsigned int i = 0; i < c->s.port_count; i++)
		c->glean[i] = FWD_NONE;
	return 0;
}

int
ctl_nexthop_init(struct ctl *c)
{
	int rc = alloc(c);

	for (unsigned int i = 0; i < c->s.port_count && rc == 0; i++)
		rc = add_glean(c, i);
	if (rc == 0)
		rc = ctl_route_init(c);
	for (unsigned int i = 0; i < c->s.neighbour_count && rc == 0; i++)
		ctl_host_step(c, &(struct host_event){.type = HOST_EV_STATIC_ADD,
						      .port = c->s.static_neighbours[i].port,
						      .neighbour = {.addr = c->s.static_neighbours[i].addr,
								    .mac = c->s.static_neighbours[i].mac}});
	if (rc < 0)
		return rc;
	c->routes_dirty = true;
	ctl_nexthop_turn(c);
	return c->routes_dirty ? -EAGAIN : 0;
}

void
ctl_nexthop_fini(struct ctl *c)
{
	index_map_fini(&c->nexthop_map);
	index_pool_fini(&c->nexthop_ids);
	free(c->nexthop);
	free(c->pending);
	free(c->nexthop_of_adjacency);
	free(c->glean);
}
