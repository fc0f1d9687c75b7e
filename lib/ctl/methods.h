/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The methods of the control socket: a handler each, rows in methods.c. A long list comes in pages:
 * {after, limit} -> {items, next}, where `next` is the next page's `after` and null on the last.
 */
#include "base/addr.h"
#include "rpc/rpc.h"

#define METHODS_PAGE 100
#define METHODS_PAGE_MAX 1000

rpc_handler methods_session_list, methods_session_get, methods_mn_attach, methods_mn_detach;
rpc_handler methods_port_list, methods_neighbour_list, methods_tunnel_list, methods_route_list, methods_pool_list;

/* {items, next}: takes the reference to items; next < 0: the last page. 0, or -1 on no memory. */
int methods_page(json_t *items, json_int_t next, json_t **result);

/* JSON texts of addresses; new references. */
json_t *methods_addr6(const struct addr6 *a);
json_t *methods_prefix(const struct addr_prefix *p);
json_t *methods_prefixes(const struct addr_prefix *p, unsigned int n);
json_t *methods_mac(const struct addr_mac *m);
