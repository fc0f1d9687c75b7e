/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The methods of the control socket: a handler each, rows in methods.c. A long list comes in pages:
 * {after, limit} -> {items, next}, where `next` is the next page's `after` and null on the last.
 */
#include "base/addr.h"
#include "rpc/rpc.h"

#define METHODS_PAGE	 100
#define METHODS_PAGE_MAX 1000

rpc_handler ctl_methods_session_list, ctl_methods_session_get, ctl_methods_mn_attach, ctl_methods_mn_detach;
rpc_handler ctl_methods_port_list, ctl_methods_neighbour_list, ctl_methods_tunnel_list, ctl_methods_route_list,
	ctl_methods_pool_list;

/* Which page of a list that is counted with 32 bits is asked for. */
struct ctl_methods_page {
	uint32_t at;
	size_t limit;
};
struct ctl_methods_page ctl_methods_page_of(const json_t *params);

/* {items, next}: takes the reference to items; next < 0: the last page. 0, or -1 on no memory. */
int ctl_methods_page(json_t *items, json_int_t next, json_t **result);

/* JSON texts of addresses; new references. */
json_t *ctl_methods_addr6(const struct addr6 *a);
json_t *ctl_methods_prefix(const struct addr_prefix *p);
json_t *ctl_methods_prefixes(const struct addr_prefix *p, unsigned int n);
json_t *ctl_methods_mac(const struct addr_mac *m);
