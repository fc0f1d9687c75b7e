/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What packets are sent by: neighbours, tunnels, routes, pools.
 */
#include "counts.h"
#include "methods.h"

static json_t *
neighbour_json(const struct ctl *c, const struct host_neighbour_view *v)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:b, s:b}", "port", ctl_port_find(c, v->port)->name, "address",
			 ctl_methods_addr6(&v->addr), "mac", ctl_methods_mac(&v->mac), "state",
			 host_state_name(v->state), "static", v->is_static, "kept", v->kept);
}

static bool
is_full(const json_t *items, const struct ctl_methods_page *page, uint32_t scanned)
{
	return json_array_size(items) >= page->limit || scanned >= METHODS_SCAN_MAX;
}

static int
neighbour_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array();
	struct host_neighbour_view v;
	uint32_t at = page.at, scanned = 0;
	bool more = true;

	for (; !is_full(items, &page, scanned) && (more = host_neighbour_next(c->s.host, &at, &v)); scanned++)
		ctl_methods_add(items, params, neighbour_json(c, &v));
	page.at = at;
	rpc_server_charge(c->rpc, scanned);
	return ctl_methods_page(items, more && host_neighbour_next(c->s.host, &at, &v) ? (json_int_t)page.at : -1,
				result);
}

static json_t *
tunnel_json(const struct ctl *c, uint32_t t)
{
	const struct fwd_tunnel *tunnel = fwd_tunnel_find(c->s.fwd, t);
	const struct ctl_nexthop *n = &c->nexthop[c->tunnel_nexthop[t]];
	struct path_tunnel_counts counts = ctl_counts_tunnel(c, t);

	return json_pack("{s:i, s:o, s:o, s:b, s:i, s:i, s:o, s:s, s:s, s:I, s:I, s:I, s:I}", "tunnel", (int)t, "local",
			 ctl_methods_addr6(&tunnel->local), "remote", ctl_methods_addr6(&tunnel->remote), "gre",
			 (tunnel->flags & FWD_TUNNEL_GRE) != 0, "mtu", tunnel->mtu, "sessions",
			 (int)ctl_tunnel_sessions_of(c, t), "next_hop", ctl_methods_addr6(&n->addr), "port",
			 ctl_port_find(c, n->port)->name, "next_hop_state", n->up ? "resolved" : "unresolved",
			 "in_packets", (json_int_t)counts.in_packets, "in_bytes", (json_int_t)counts.in_bytes,
			 "out_packets", (json_int_t)counts.out_packets, "out_bytes", (json_int_t)counts.out_bytes);
}

static int
tunnel_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	uint32_t t = fwd_tunnel_next(c->s.fwd, page.at), last = 0, scanned = 0;
	json_t *items = json_array();

	for (; t != 0 && !is_full(items, &page, scanned); t = fwd_tunnel_next(c->s.fwd, t), scanned++) {
		ctl_methods_add(items, params, tunnel_json(c, t));
		last = t;
	}
	rpc_server_charge(c->rpc, scanned);
	return ctl_methods_page(items, t != 0 ? (json_int_t)last : -1, result);
}

static json_t *
route_json(const struct ctl *c, const struct ctl_route *r)
{
	const struct ctl_nexthop *n = ctl_nexthop_find(c, r->port, &r->via);

	return json_pack("{s:o, s:o, s:s, s:s}", "prefix", ctl_methods_prefix(&r->prefix), "via",
			 ctl_methods_addr6(&r->via), "port", ctl_port_find(c, r->port)->name, "state",
			 n != NULL && n->up ? "resolved" : "unresolved");
}

static json_t *
connected_json(const struct ctl_port *p, const struct host_address *a)
{
	struct addr_prefix on_link = addr_prefix_mask(&a->addr, a->len);

	return json_pack("{s:o, s:s, s:s, s:s}", "prefix", ctl_methods_prefix(&on_link), "via", "", "port", p->name,
			 "state", "connected");
}

/* Route number `at`, the configured ones first; NULL behind the last. */
static json_t *
route_at(const struct ctl *c, uint32_t at)
{
	if (at < c->s.route_count)
		return route_json(c, &c->s.routes[at]);
	at -= c->s.route_count;
	for (unsigned int i = 0; i < c->s.port_count; i++) {
		const struct ctl_port *p = &c->s.ports[i];

		if (at < p->address_count)
			return connected_json(p, &p->address[at]);
		at -= p->address_count;
	}
	return NULL;
}

static int
route_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array(), *route = route_at(c, page.at);
	uint32_t scanned = 0;

	for (; route != NULL && !is_full(items, &page, scanned); route = route_at(c, ++page.at), scanned++)
		ctl_methods_add(items, params, route);
	json_decref(route); /* the first of the next page */
	rpc_server_charge(c->rpc, scanned);
	return ctl_methods_page(items, route != NULL ? (json_int_t)page.at : -1, result);
}

static int
pool_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array();
	struct lma_pool_view v;
	uint32_t scanned = 0;
	bool more = c->s.lma != NULL && lma_pool(c->s.lma, page.at, &v);

	for (; more && !is_full(items, &page, scanned); more = lma_pool(c->s.lma, ++page.at, &v), scanned++)
		ctl_methods_add(items, params,
				json_pack("{s:s, s:o, s:i, s:i, s:i}", "pool", v.name, "prefix",
					  ctl_methods_prefix(&v.block), "length", v.len, "used", (int)v.used, "total",
					  (int)v.total));
	rpc_server_charge(c->rpc, scanned);
	return ctl_methods_page(items, more ? (json_int_t)page.at : -1, result);
}

#define PORT                                                                                                           \
	{                                                                                                              \
		"port", RPC_STRING, false, "By this port alone", 0, 0, NULL                                            \
	}

static const struct rpc_param neighbour_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	PORT,
	{"address", RPC_STRING, false, "This one alone", 0, 0, NULL},
	{"state", RPC_STRING, false, "In this state alone", 0, 0, NULL},
	{0},
};
static const struct rpc_param tunnel_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	PORT,
	{"remote", RPC_STRING, false, "To the gateway or anchor with this address alone", 0, 0, NULL},
	{"next_hop_state", RPC_STRING, false, "Whose next hop is so alone", 0, 0, "resolved unresolved"},
	{0},
};
static const struct rpc_param route_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	PORT,
	{"via", RPC_STRING, false, "By this next hop alone", 0, 0, NULL},
	{"state", RPC_STRING, false, "In this state alone", 0, 0, "resolved unresolved connected"},
	{0},
};
static const struct rpc_param pool_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	{"pool", RPC_STRING, false, "This one alone", 0, 0, NULL},
	{0},
};

const struct rpc_method ctl_methods_forward[] = {
	{"neighbour.list", "Neighbours of this node", neighbour_params, NULL,
	 "A page of neighbours: `port`, `address`, `mac`, `state`, `static` (of the configuration), `kept` (asked "
	 "after, since something is sent by it)",
	 neighbour_list, false},
	{"tunnel.list", "Tunnels in use", tunnel_params, NULL,
	 "A page of tunnels: `tunnel` (its number), `local`, `remote`, `gre` (its packets are in GRE), `mtu` (of what "
	 "is put in), `sessions`, "
	 "`next_hop`, `port`, `next_hop_state` (`resolved`: its MAC address is known), `in_packets`, `in_bytes`, "
	 "`out_packets`, `out_bytes`",
	 tunnel_list, false},
	{"route.list", "Configured and connected routes", route_params, NULL,
	 "A page of routes: `prefix`, `via`, `port`, `state` (`resolved` or `unresolved` next hop, or `connected`)",
	 route_list, false},
	{"pool.list", "Prefix pools and how full they are", pool_params, NULL,
	 "A page of pools: `pool`, `prefix`, `length` (of the prefixes that are given), `used`, `total`", pool_list,
	 false},
	{0},
};
