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
#include "logging.h"
#include "tun/tun.h"

#define POOLS_LATER    64    /* at most, while the node runs */
#define FLOW_LISTS_MAX 65536 /* sessions that share prefixes or have flow rules */

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

static uint16_t
data_room(const struct conf *c)
{
	uint32_t room = RTE_MBUF_DEFAULT_DATAROOM;

	for (uint32_t i = 0; i < c->ports_count; i++) {
		room = RTE_MAX(room, c->ports[i].mtu + 128); /* Ethernet, VLAN, and what some devices add */
		room = RTE_MAX(room, eal_slot(&c->ports[i]));
	}
	return (uint16_t)RTE_MIN(room, (uint32_t)UINT16_MAX - RTE_PKTMBUF_HEADROOM);
}

static bool
make_fwd(struct node *n)
{
	const struct conf *c = n->conf;
	struct fwd_settings s = {
		.prefixes = settings_prefixes(c),
		.sessions = settings_sessions(c),
		.tunnels = c->limits.tunnels,
		.adjacencies = c->limits.neighbours + c->ports_count,
		.hosts = c->limits.hosts,
		/* What is in a pool and unused is routed nowhere. */
		.routes = c->limits.routes + c->pools_count + POOLS_LATER + CTL_AGGREGATES_MAX,
		.flow_lists = RTE_MIN(settings_sessions(c), FLOW_LISTS_MAX),
		.workers = n->workers,
		.secret = n->secret,
		.socket = -1,
	};

	n->fwd = fwd_new(&s);
	return n->fwd != NULL ||
	       node_fail("the forwarding tables could not be made: %s; give `eal.memory-mb` more or `limits` less",
			 rte_strerror(rte_errno));
}

/* Buffers on the NUMA node of a device, for the packets that come in there; NULL without memory. */
static struct rte_mempool *
pool_for(struct node *n, const char *device)
{
	int socket = path_port_socket(device);
	char name[RTE_MEMPOOL_NAMESIZE];
	unsigned int i = 0;

	for (; i < n->pool_count; i++)
		if (n->pool_socket[i] == socket)
			return n->pool[i];
	snprintf(name, sizeof(name), "kedge-%d", socket);
	n->pool[i] = path_pool_new(name, n->conf->limits.mbufs, data_room(n->conf), socket);
	if (n->pool[i] != NULL)
		n->pool_socket[n->pool_count++] = socket;
	return n->pool[i];
}

_Static_assert(PATH_PORT_LINKS >= CTL_ADDRESSES_MAX, "each address of a port has its link");

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
		.rx_queues = (uint16_t)from->queues,
		.workers = (uint16_t)n->workers,
		.worker_set = from->workers,
		.spread = from->spread == CONF_SPREAD_WORKERS,
		.rss_key_len = from->rss_key.len,
	};
	int rc;

	if (n->workers < 64 && from->workers >> n->workers != 0)
		return node_fail("port %s: `workers` names one that is not: there are 0 to %u", from->name,
				 n->workers - 1);
	s.pool = pool_for(n, s.device);
	if (s.pool == NULL)
		return node_fail("no memory for %u packet buffers: give `eal.memory-mb` more or `limits.mbufs` less",
				 n->conf->limits.mbufs);
	memcpy(s.rss_key, from->rss_key.bytes, from->rss_key.len);
	if (from->role == CONF_PORT_ACCESS)
		s.mac = n->conf->mag.mac;
	if (from->addresses_count > 0)
		s.address = from->addresses[0].addr;
	for (uint32_t i = 0; i < from->addresses_count; i++)
		if (from->addresses[i].len < 128)
			s.link[s.link_count++] = addr_prefix_mask(&from->addresses[i].addr, from->addresses[i].len);
	rc = path_port_open(&s, &n->path_ports[id]);
	if (rc == -ENODEV)
		return node_fail("port %s: DPDK made no device of \"%s\": it is not there, not bound to a driver of "
				 "DPDK, or takes privileges",
				 from->name, from->device);
	if (rc == -ENOTSUP)
		return node_fail("port %s: \"%s\" has not %u receive queues", from->name, from->device, from->queues);
	if (rc == -EDOM)
		return node_fail("port %s: \"%s\" takes a longer `rss-key`", from->name, from->device);
	if (rc < 0)
		return node_fail("port %s: %s", from->name, strerror(-rc));
	path_port_info_get(n->path_ports[id], &info);
	memcpy(n->port_names[id], from->name, sizeof(from->name));
	*port = (struct ctl_port){.port = n->path_ports[id],
				  .name = n->port_names[id],
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
	int worker_socket[PATH_WORKER_MAX];
	struct path_settings s = {
		.fwd = n->fwd,
		.ports = n->path_ports,
		.port_count = c->ports_count,
		.workers = n->workers,
		.pool = n->pool[0],
		.secret = n->secret,
		.worker_socket = worker_socket,
		.node = (c->node.roles & CONF_ROLE_LMA ? PATH_ANCHOR : 0) |
			(c->node.roles & CONF_ROLE_MAG ? PATH_GATEWAY : 0),
		.sessions = c->workers.counters == CONF_COUNTERS_SESSION ? settings_sessions(c) : 0,
		.tunnels = c->limits.tunnels,
		.icmp_rate = 100,
		.icmp_burst = 10,
		.reassemblies = c->limits.reassemblies,
		.reassembly_ms = c->limits.reassembly_ms,
		.mss_clamp = c->tunnels.mss_clamp == CONF_MSS_CLAMP_TUNNEL,
		.fragment = c->tunnels.fragment,
		.change = settings_path(c),
		.wake_fd = n->wake_fd,
		.socket = -1,
	};
	unsigned int lcore, worker = 0;

	RTE_LCORE_FOREACH_WORKER(lcore)
	worker_socket[worker++] = (int)rte_lcore_to_socket_id(lcore);
	n->path = path_new(&s);
	return n->path != NULL ||
	       node_fail("the packet path could not be made: %s; give `eal.memory-mb` more or `limits` less",
			 rte_strerror(rte_errno));
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
		.pools = n->settings->pools,
		.flow_policy_count = c->flow_policies_count,
		.flow_policies = n->settings->flow_policies,
		.mag = n->mag,
		.mag_address = c->mag.address,
		.mag_anchor = c->mag.lma,
		.mag_sessions = c->limits.sessions,
		.access = n->access,
		.local_routing = c->mag.local_routing,
		.host = n->host,
		.policy = n->settings->policy,
		.ipsec = n->ipsec,
		.peer_count = c->peers_count,
		.peers = n->settings->peers,
		.neighbours = c->limits.neighbours,
		.tunnels = c->limits.tunnels,
		.tunnel_limit = c->tunnels.encapsulation_limit < 0 ? TUN_LIMIT_NONE : c->tunnels.encapsulation_limit,
		.tunnel_dscp = c->tunnels.dscp < 0 ? TUN_DSCP_COPY : c->tunnels.dscp,
		.timers = n->settings->lma.timers,
		.route_count = c->routes_count,
		.routes = n->settings->routes,
		.neighbour_count = c->neighbours_count,
		.static_neighbours = n->settings->neighbours,
		.secret = n->secret,
		.socket_path = c->control.socket,
		.socket_mode = c->control.mode,
		.socket_group = c->control.group,
		.read_only_path = c->control.read_only_socket,
		.read_only_mode = c->control.read_only_mode,
		.read_only_group = c->control.read_only_group,
		.socket_clients = c->control.clients,
		.requests_per_s = c->control.requests_per_s,
		.trace_directory = c->control.trace_directory,
		.history = c->control.history,
		.drop_rate = c->control.drop_rate,
		.config = reload_config(n->reload),
		.ready = ready,
	};

	n->ctl = ctl_new(&s);
	return n->ctl != NULL || node_fail("the control lcore could not be made; the line above says why");
}

static bool
make_ports(struct node *n)
{
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

/* Other settings are in effect: what of them is neither ctl's nor an engine's. */
static void
taken(void *user, const struct settings *s, const struct conf *before)
{
	struct node *n = user;

	n->conf = s->conf;
	n->settings = s;
	if (s->conf->log.level != before->log.level)
		logging_level(s->conf->log.level);
}

static bool
make_settings(struct node *n, struct conf *conf, const char *file)
{
	struct conf_error error;
	struct settings *s = settings_new(conf, file, &n->secret, &error);

	if (s != NULL)
		n->reload = reload_new(s, &n->secret, taken, n);
	if (n->reload == NULL) {
		settings_free(s);
		conf_free(conf);
		return node_fail("%s", s != NULL ? "no memory" : error.text);
	}
	n->conf = conf;
	n->settings = s;
	return true;
}

static bool
make(struct node *n, struct conf *conf, const char *file, void (*ready)(void))
{
	if (getrandom(&n->secret, sizeof(n->secret), 0) != (ssize_t)sizeof(n->secret))
		return conf_free(conf), node_fail("no randomness: %s", strerror(errno));
	if (!make_settings(n, conf, file))
		return false;
	n->workers = rte_lcore_count() - 1;
	if (n->workers == 0 || n->workers > PATH_WORKER_MAX)
		return node_fail("`eal.lcores`: expected one control lcore and 1 to %d workers, got %u lcores",
				 PATH_WORKER_MAX, n->workers + 1);
	n->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (n->wake_fd < 0)
		return node_fail("no eventfd: %s", strerror(errno));
	return make_fwd(n) && make_ports(n) && make_path(n) && node_make_engines(n) && node_make_security(n) &&
	       make_ctl(n, ready) && start_ports(n);
}

struct node *
node_new(struct conf *conf, const char *file, void (*ready)(void))
{
	struct node *n = calloc(1, sizeof(*n));

	if (n == NULL) {
		conf_free(conf);
		return NULL;
	}
	n->wake_fd = -1;
	if (make(n, conf, file, ready))
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
	ipsec_free(n->ipsec);
	path_free(n->path);
	for (unsigned int i = 0; i < PATH_PORT_MAX; i++)
		path_port_close(n->path_ports[i]);
	fwd_free(n->fwd);
	for (unsigned int i = 0; i < n->pool_count; i++)
		rte_mempool_free(n->pool[i]);
	reload_free(n->reload);
	if (n->wake_fd >= 0)
		close(n->wake_fd);
	free(n);
}
