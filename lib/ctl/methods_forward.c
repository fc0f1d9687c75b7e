/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What packets are sent by: ports, neighbours, tunnels, routes, pools.
 */
#include "methods.h"
#include "state.h"

/* Where a page begins and how long it is. */
static void
page_of(const json_t *params, json_int_t *after, size_t *limit)
{
	*after = rpc_param_integer(params, "after", 0);
	*limit = (size_t)rpc_param_integer(params, "limit", METHODS_PAGE);
}

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

		json_array_append_new(addresses, methods_prefix(&a));
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:i, s:i, s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "port", p->name,
			 "role", p->role == PATH_ACCESS ? "access" : "core", "device", info.device, "driver",
			 info.driver != NULL ? info.driver : "", "mac", methods_mac(&info.mac), "mtu", p->mtu, "vlan",
			 p->vlan, "link", info.link_up ? "up" : "down", "rx_packets", (json_int_t)counts.rx_packets,
			 "rx_bytes", (json_int_t)counts.rx_bytes, "tx_packets", (json_int_t)counts.tx_packets,
			 "tx_bytes", (json_int_t)counts.tx_bytes, "tx_full", (json_int_t)counts.tx_full, "addresses",
			 addresses);
}

int
methods_port_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	json_t *items = json_array();
	json_int_t at;
	size_t limit;

	page_of(params, &at, &limit);
	for (; at < (json_int_t)c->s.port_count && json_array_size(items) < limit; at++)
		json_array_append_new(items, port_json(c, &c->s.ports[at]));
	return methods_page(items, at < (json_int_t)c->s.port_count ? at : -1, result);
}

int
methods_neighbour_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	json_t *items = json_array();
	struct host_neighbour_view v;
	json_int_t after;
	bool more = true;
	size_t limit;
	uint32_t at;

	page_of(params, &after, &limit);
	at = (uint32_t)after;
	while (json_array_size(items) < limit && (more = host_neighbour_next(c->s.host, &at, &v)))
		json_array_append_new(items, json_pack("{s:s, s:o, s:o, s:s, s:b, s:b}", "port",
						       ctl_port_find(c, v.port)->name, "address", methods_addr6(&v.addr),
						       "mac", methods_mac(&v.mac), "state", host_state_name(v.state),
						       "static", v.is_static, "kept", v.kept));
	return methods_page(items, more ? (json_int_t)at : -1, result);
}

int
methods_tunnel_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	json_t *items = json_array();
	json_int_t after;
	size_t limit;
	uint32_t t;

	page_of(params, &after, &limit);
	for (t = fwd_tunnel_next(c->s.fwd, (uint32_t)after); t != 0 && json_array_size(items) < limit;
	     t = fwd_tunnel_next(c->s.fwd, t)) {
		const struct fwd_tunnel *tunnel = fwd_tunnel_find(c->s.fwd, t);
		const struct ctl_nexthop *n = &c->nexthop[c->tunnel_nexthop[t]];
		const struct fwd_adjacency *a = fwd_adjacency_find(c->s.fwd, n->adjacency);

		after = t;
		json_array_append_new(
			items, json_pack("{s:i, s:o, s:o, s:i, s:i, s:o, s:s, s:s}", "tunnel", (int)t, "local",
					 methods_addr6(&tunnel->local), "remote", methods_addr6(&tunnel->remote), "mtu",
					 tunnel->mtu, "sessions", (int)fwd_tunnel_uses(c->s.fwd, t), "next_hop",
					 methods_addr6(&n->addr), "port", ctl_port_find(c, n->port)->name, "next_hop_state",
					 a != NULL && a->state == FWD_ADJACENCY_READY ? "resolved" : "unresolved"));
	}
	return methods_page(items, t != 0 ? after : -1, result);
}

int
methods_route_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	json_t *items = json_array();

	for (unsigned int i = 0; i < c->s.route_count; i++) {
		const struct ctl_route *r = &c->s.routes[i];
		uint32_t id = fwd_route_find(c->s.fwd, &r->prefix.addr);
		const struct fwd_adjacency *a = id < FWD_ROUTE_LOCAL ? fwd_adjacency_find(c->s.fwd, id) : NULL;

		json_array_append_new(items, json_pack("{s:o, s:o, s:s, s:s}", "prefix", methods_prefix(&r->prefix), "via",
						       methods_addr6(&r->via), "port", ctl_port_find(c, r->port)->name,
						       "state",
						       a != NULL && a->state == FWD_ADJACENCY_READY ? "resolved"
												    : "unresolved"));
	}
	for (unsigned int i = 0; i < c->s.port_count; i++) {
		const struct ctl_port *p = &c->s.ports[i];

		for (unsigned int k = 0; k < p->address_count; k++) {
			struct addr_prefix on_link = addr_prefix_mask(&p->address[k].addr, p->address[k].len);

			json_array_append_new(items, json_pack("{s:o, s:s, s:s, s:s}", "prefix",
							       methods_prefix(&on_link), "via", "", "port", p->name,
							       "state", "connected"));
		}
	}
	return methods_page(items, -1, result);
}

int
methods_pool_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	json_t *items = json_array();
	struct lma_pool_view v;

	for (unsigned int i = 0; c->s.lma != NULL && lma_pool(c->s.lma, i, &v); i++)
		json_array_append_new(items, json_pack("{s:s, s:o, s:i, s:i, s:i}", "pool", v.name, "prefix",
						       methods_prefix(&v.block), "length", v.len, "used", (int)v.used,
						       "total", (int)v.total));
	return methods_page(items, -1, result);
}
