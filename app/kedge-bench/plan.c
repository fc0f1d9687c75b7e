/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses of the world around a node. */
#include <string.h>

#include <rte_byteorder.h>

#include "bench.h"

#define HOST 0x99 /* of a mobile node in its prefix */

static struct addr6
address(uint32_t word0, uint32_t word1, uint32_t word3)
{
	struct addr6 a = {{0}};
	uint32_t be[4] = {rte_cpu_to_be_32(word0), rte_cpu_to_be_32(word1), 0, rte_cpu_to_be_32(word3)};

	memcpy(&a, be, sizeof(a));
	return a;
}

struct addr6
plan_session(const struct plan *p, uint32_t session)
{
	struct addr6 a;

	if (p->home == NULL)
		return address(0x2a000000, session, HOST);
	a = p->home[session].addr;
	a.b[15] = HOST;
	return a;
}

/* Behind the first one, in its /96. */
struct addr6
plan_gateway(const struct plan *p, uint32_t tunnel)
{
	struct addr6 a = p->gateway;
	uint32_t n_be;

	memcpy(&n_be, a.b + 12, sizeof(n_be));
	n_be = rte_cpu_to_be_32(rte_be_to_cpu_32(n_be) + tunnel);
	memcpy(a.b + 12, &n_be, sizeof(n_be));
	return a;
}

struct addr6
plan_correspondent(uint32_t n)
{
	return address(0x26000000, n, 1);
}

static struct addr_mac
mac(uint8_t kind, uint32_t n)
{
	return (struct addr_mac){{2, kind, n >> 24, n >> 16 & 0xff, n >> 8 & 0xff, n & 0xff}};
}

struct addr_mac
mac_of_session(uint32_t session)
{
	return mac(1, session);
}

struct addr_mac
mac_of_port(int port)
{
	return mac(2, port);
}

struct addr_mac
mac_of_router(void)
{
	return mac(3, 0);
}

struct plan
plan_of_memory(int plain)
{
	return (struct plan){.node = address(0x20010db8, 0x000c0000, 1),
			     .gateway = address(0x20010db8, 0x000a0000, 1),
			     .node_mac = {[TUNNEL] = mac_of_port(CORE), [PLAIN] = mac_of_port(plain)},
			     .other_mac = {mac_of_router(), mac_of_router()}};
}
