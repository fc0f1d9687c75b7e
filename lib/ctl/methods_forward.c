/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What packets are sent by: ports, neighbours, tunnels, routes, pools.
 */
#include "methods.h"
#include "state.h"

static json_t *
port_json(const struct ctl *c, const struct ctl_port *p)
{
	struct path_port_counts counts;
	struct path_port_info info;
	json_t *addresses = json_array();

	path_port_info_get(p->port, &info);
	path_port_counts_get(c->s.path, p->id, &counts);
	for (unsigned int i = 0; i < p->address_count; i++) {
		struct addr_prefix a = {p->address[i].addr, p->address[i].len};

		json_array_append_new(addresses, ctl_methods_prefix(&a));
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:i, s:i, s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "port", p->name,
			 "role", p->role == PATH_ACCESS ? "access" : "core", "device", info.device, "driver",
			 info.driver != NULL ? info.driver : "", "mac", ctl_methods_mac(&info.mac), "mtu", p->mtu,
			 "vlan", p->vlan, "link", info.link_up && !c->carrier_down[p - c->s.ports] ? "up" : "down",
			 "rx_packets", (json_int_t)counts.rx_packets, "rx_bytes", (json_int_t)counts.rx_bytes,
			 "tx_packets", (json_int_t)counts.tx_packets, "tx_bytes", (json_int_t)counts.tx_bytes,
			 "tx_full", (json_int_t)counts.tx_full, "addresses", addresses);
}

int
ctl_methods_port_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array();
	uint32_t at = page.at;

	for (; at < c->s.port_count && json_array_size(items) < page.limit; at++)
		json_array_append_new(items, port_json(c, &c->s.ports[at]));
	return ctl_methods_page(items, at < c->s.port_count ? (json_int_t)at : -1, result);
}

static json_t *
neighbour_json(const struct ctl *c, const struct host_neighbour_view *v)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:b, s:b}", "port", ctl_port_find(c, v->port)->name, "address",
			 ctl_methods_addr6(&v->addr), "mac", ctl_methods_mac(&v->mac), "state",
			 host_state_name(v->state), "static", v->is_static, "kept", v->kept);
}

int
ctl_methods_neighbour_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array();
	struct host_neighbour_view v;
	uint32_t at = page.at;
	bool more = true;

	while (json_array_size(items) < page.limit && (more = host_neighbour_next(c->s.host, &at, &v)))
		json_array_append_new(items, neighbour_json(c, &v));
	page.at = at;
	return ctl_methods_page(items, more && host_neighbour_next(c->s.host, &at, &v) ? (json_int_t)page.at : -1,
				result);
}

static json_t *
tunnel_json(const struct ctl *c, uint32_t t)
{
	const struct fwd_tunnel *tunnel = fwd_tunnel_find(c->s.fwd, t);
	const struct ctl_nexthop *n = &c->nexthop[c->tunnel_nexthop[t]];

	return json_pack("{s:i, s:o, s:o, s:i, s:i, s:o, s:s, s:s}", "tunnel", (int)t, "local",
			 ctl_methods_addr6(&tunnel->local), "remote", ctl_methods_addr6(&tunnel->remote), "mtu",
			 tunnel->mtu, "sessions", (int)fwd_tunnel_uses(c->s.fwd, t), "next_hop",
			 ctl_methods_addr6(&n->addr), "port", ctl_port_find(c, n->port)->name, "next_hop_state",
			 n->up ? "resolved" : "unresolved");
}

int
ctl_methods_tunnel_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	uint32_t t = fwd_tunnel_next(c->s.fwd, page.at), last = 0;
	json_t *items = json_array();

	for (; t != 0 && json_array_size(items) < page.limit; t = fwd_tunnel_next(c->s.fwd, t)) {
		json_array_append_new(items, tunnel_json(c, t));
		last = t;
	}
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

int
ctl_methods_route_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array(), *route = route_at(c, page.at);

	for (; route != NULL && json_array_size(items) < page.limit; route = route_at(c, ++page.at))
		json_array_append_new(items, route);
	json_decref(route); /* the first of the next page */
	return ctl_methods_page(items, route != NULL ? (json_int_t)page.at : -1, result);
}

int
ctl_methods_pool_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array();
	struct lma_pool_view v;
	bool more = c->s.lma != NULL && lma_pool(c->s.lma, page.at, &v);

	for (; more && json_array_size(items) < page.limit; more = lma_pool(c->s.lma, ++page.at, &v))
		json_array_append_new(items, json_pack("{s:s, s:o, s:i, s:i, s:i}", "pool", v.name, "prefix",
						       ctl_methods_prefix(&v.block), "length", v.len, "used",
						       (int)v.used, "total", (int)v.total));
	return ctl_methods_page(items, more ? (json_int_t)page.at : -1, result);
}
