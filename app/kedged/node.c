/* SPDX-License-Identifier: BSD-3-Clause */
#include "node.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include "eal.h"
#include "tun/tun.h"

#define PREFIXES_A_SESSION 2 /* room in the prefix table; sessions with more are taken from those with fewer */

bool
node_fail(const char *format, ...)
{
	va_list ap;

	fputs("kedged: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

static unsigned int
role_count(const struct conf *c)
{
	return !!(c->node.roles & CONF_ROLE_LMA) + !!(c->node.roles & CONF_ROLE_MAG);
}

static uint16_t
data_room(const struct conf *c)
{
	uint32_t room = RTE_MBUF_DEFAULT_DATAROOM;

	for (uint32_t i = 0; i < c->ports_count; i++)
		room = RTE_MAX(room, c->ports[i].mtu + 128); /* Ethernet, VLAN, and what some devices add */
	return (uint16_t)room;
}

static bool
make_fwd(struct node *n)
{
	const struct conf *c = n->conf;
	struct fwd_settings s = {
		.prefixes = role_count(c) * c->limits.sessions * PREFIXES_A_SESSION,
		.sessions = role_count(c) * c->limits.sessions,
		.tunnels = c->limits.tunnels,
		.adjacencies = c->limits.neighbours + c->ports_count,
		.hosts = c->limits.hosts,
		.routes = c->limits.routes + c->pools_count, /* what is in a pool and unused is routed nowhere */
		.workers = n->workers,
		.secret = n->secret,
		.socket = -1,
	};

	n->fwd = fwd_new(&s);
	return n->fwd != NULL ||
	       node_fail("the forwarding tables could not be made: %s; give `eal.memory-mb` more or `limits` less",
			 rte_strerror(rte_errno));
}

static bool
make_port(struct node *n, uint16_t id)
{
	const struct conf_PORT *from = &n->conf->ports[id];
	struct ctl_port *port = &n->ports[id];
	struct path_port_info info;
	char device[CONF_TEXT];
	struct path_port_settings s = {
		.name = from->name,
		.device = eal_device_name(from->device, device, sizeof(device)),
		.id = id,
		.role = from->role == CONF_PORT_ACCESS ? PATH_ACCESS : PATH_CORE,
		.mtu = (uint16_t)from->mtu,
		.vlan = (uint16_t)from->vlan,
		.rx_queues = (uint16_t)n->workers,
		.tx_queues = (uint16_t)n->workers,
		.pool = n->pool,
	};
	int rc;

	if (from->role == CONF_PORT_ACCESS)
		s.mac = n->conf->mag.mac;
	if (from->addresses_count > 0)
		s.address = from->addresses[0].addr;
	rc = path_port_open(&s, &n->path_ports[id]);
	if (rc == -ENODEV)
		return node_fail("port %s: DPDK made no device of \"%s\"", from->name, from->device);
	if (rc == -ENOTSUP)
		return node_fail("port %s: \"%s\" has not a queue for each of %u workers", from->name, from->device,
				 n->workers);
	if (rc < 0)
		return node_fail("port %s: %s", from->name, strerror(-rc));
	path_port_info_get(n->path_ports[id], &info);
	*port = (struct ctl_port){.port = n->path_ports[id],
				  .name = from->name,
				  .id = id,
				  .role = s.role,
				  .vlan = s.vlan,
				  .mtu = s.mtu,
				  .mac = info.mac,
				  .address_count = (uint8_t)from->addresses_count};
	eal_kernel_if(from->device, port->kernel_if, sizeof(port->kernel_if));
	for (uint32_t i = 0; i < from->addresses_count; i++)
		port->address[i] = (struct host_address){from->addresses[i].addr, from->addresses[i].len};
	return true;
}

static bool
make_path(struct node *n)
{
	const struct conf *c = n->conf;
	struct path_settings s = {
		.fwd = n->fwd,
		.ports = n->path_ports,
		.port_count = c->ports_count,
		.workers = n->workers,
		.pool = n->pool,
		.node = (c->node.roles & CONF_ROLE_LMA ? PATH_ANCHOR : 0) |
			(c->node.roles & CONF_ROLE_MAG ? PATH_GATEWAY : 0),
		.sessions = role_count(c) * c->limits.sessions,
		.icmp_rate = 100,
		.icmp_burst = 10,
		.idle_sleep_us = c->workers.idle == CONF_IDLE_SLEEP ? c->workers.idle_sleep_us : 0,
		.wake_fd = n->wake_fd,
		.socket = -1,
	};

	n->path = path_new(&s);
	return n->path != NULL || node_fail("the packet path could not be made: %s", rte_strerror(rte_errno));
}

static uint16_t
port_id(const struct conf *c, const char *name, const struct addr6 *via)
{
	for (uint32_t i = 0; i < c->ports_count; i++) {
		if (name[0] != '\0' && strcmp(c->ports[i].name, name) == 0)
			return (uint16_t)i;
		for (uint32_t k = 0; name[0] == '\0' && k < c->ports[i].addresses_count; k++) {
			struct addr_prefix link =
				addr_prefix_mask(&c->ports[i].addresses[k].addr, c->ports[i].addresses[k].len);

			if (addr_prefix_holds(&link, via))
				return (uint16_t)i;
		}
	}
	return 0; /* conf has checked that there is one */
}

static bool
copy_lists(struct node *n)
{
	const struct conf *c = n->conf;

	n->routes = calloc(c->routes_count + 1, sizeof(*n->routes));
	n->neighbours = calloc(c->neighbours_count + 1, sizeof(*n->neighbours));
	n->pools = calloc(c->pools_count + 1, sizeof(*n->pools));
	if (n->routes == NULL || n->neighbours == NULL || n->pools == NULL)
		return node_fail("no memory");
	for (uint32_t i = 0; i < c->routes_count; i++)
		n->routes[i] = (struct ctl_route){c->routes[i].prefix, c->routes[i].via,
						  port_id(c, c->routes[i].port, &c->routes[i].via)};
	for (uint32_t i = 0; i < c->neighbours_count; i++)
		n->neighbours[i] = (struct ctl_neighbour){c->neighbours[i].address,
							  port_id(c, c->neighbours[i].port, &c->neighbours[i].address),
							  c->neighbours[i].mac};
	for (uint32_t i = 0; i < c->pools_count; i++) {
		memcpy(n->pools[i].name, c->pools[i].name, sizeof(n->pools[i].name));
		n->pools[i].block = c->pools[i].prefix;
		n->pools[i].len = (uint8_t)c->pools[i].length;
	}
	return true;
}

static bool
make_ctl(struct node *n, void (*ready)(void))
{
	const struct conf *c = n->conf;
	struct ctl_settings s = {
		.name = c->node.name,
		.version = KEDGE_VERSION,
		.fwd = n->fwd,
		.path = n->path,
		.workers = n->workers,
		.wake_fd = n->wake_fd,
		.port_count = c->ports_count,
		.ports = n->ports,
		.lma = n->lma,
		.lma_address = c->lma.address,
		.lma_sessions = c->limits.sessions,
		.pool_count = c->pools_count,
		.pools = n->pools,
		.mag = n->mag,
		.mag_address = c->mag.address,
		.mag_sessions = c->limits.sessions,
		.access = n->access,
		.local_routing = c->mag.local_routing,
		.host = n->host,
		.policy = n->policy,
		.neighbours = c->limits.neighbours,
		.tunnels = c->limits.tunnels,
		.tunnel_limit = c->mag.tunnel_limit < 0 ? TUN_LIMIT_NONE : c->mag.tunnel_limit,
		.be_rate_per_s = c->timers.be_rate_per_s,
		.route_count = c->routes_count,
		.routes = n->routes,
		.neighbour_count = c->neighbours_count,
		.static_neighbours = n->neighbours,
		.secret = n->secret,
		.socket_path = c->control.socket,
		.socket_mode = c->control.mode,
		.socket_group = c->control.group,
		.ready = ready,
	};

	n->ctl = ctl_new(&s);
	return n->ctl != NULL || node_fail("the control lcore could not be made; the line above says why");
}

static bool
make_ports(struct node *n)
{
	n->pool = path_pool_new("kedge", n->conf->limits.mbufs, data_room(n->conf), -1);
	if (n->pool == NULL)
		return node_fail("no memory for %u packet buffers: give `eal.memory-mb` more or `limits.mbufs` less",
				 n->conf->limits.mbufs);
	for (uint16_t i = 0; i < n->conf->ports_count; i++)
		if (!make_port(n, i))
			return false;
	return true;
}

static bool
start_ports(struct node *n)
{
	for (uint32_t i = 0; i < n->conf->ports_count; i++) {
		int rc = path_port_start(n->path_ports[i]);

		if (rc < 0)
			return node_fail("port %s does not start: %s", n->conf->ports[i].name, strerror(-rc));
	}
	return true;
}

static bool
make(struct node *n, void (*ready)(void))
{
	if (getrandom(&n->secret, sizeof(n->secret), 0) != (ssize_t)sizeof(n->secret))
		return node_fail("no randomness: %s", strerror(errno));
	n->workers = rte_lcore_count() - 1;
	if (n->workers == 0 || n->workers > PATH_WORKER_MAX)
		return node_fail("`eal.lcores`: expected one control lcore and 1 to %d workers, got %u lcores",
				 PATH_WORKER_MAX, n->workers + 1);
	n->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (n->wake_fd < 0)
		return node_fail("no eventfd: %s", strerror(errno));
	return copy_lists(n) && make_fwd(n) && make_ports(n) && make_path(n) && node_make_engines(n) &&
	       make_ctl(n, ready) && start_ports(n);
}

struct node *
node_new(const struct conf *conf, void (*ready)(void))
{
	struct node *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->conf = conf;
	n->wake_fd = -1;
	if (make(n, ready))
		return n;
	node_free(n);
	return NULL;
}

void
node_run(struct node *n)
{
	unsigned int lcore, worker = 0;

	RTE_LCORE_FOREACH_WORKER(lcore)
	rte_eal_remote_launch(path_worker_main, path_worker_of(n->path, worker++), lcore);
	ctl_run(n->ctl);
	path_stop(n->path);
	rte_eal_mp_wait_lcore();
}

void
node_free(struct node *n)
{
	ctl_free(n->ctl);
	node_free_engines(n);
	path_free(n->path);
	for (unsigned int i = 0; i < PATH_PORT_MAX; i++)
		path_port_close(n->path_ports[i]);
	fwd_free(n->fwd);
	rte_mempool_free(n->pool);
	free(n->routes);
	free(n->neighbours);
	free(n->pools);
	if (n->wake_fd >= 0)
		close(n->wake_fd);
	free(n);
}
