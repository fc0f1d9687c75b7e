/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An anchor or a gateway with its tables filled, and one worker.
 *
 *	correspondents ---- router ==== [core] node [access] ---- mobile nodes
 *	gateways or the anchors behind the router
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_malloc.h>

#include "bench.h"

#define POOL	   8191 /* a device may keep half of them */
#define ROOM	   2048
#define MTU	   1500
#define TUNNEL_MTU (MTU - TUN_IP6_LEN)
#define RULE_PORT  60000

static const struct hash_secret secret = {{0x9ae16a3b2f90404fu, 0xc949c7defebe6f0du}};

bool
bench_fail(const char *what, int error)
{
	fprintf(stderr, "kedge-bench: %s: %s\n", what, strerror(error < 0 ? -error : error));
	return false;
}

/* A device without a wire: its rings are never used, since the burst functions are the source's and the sink's. */
static bool
make_device(const char *name, uint16_t queues)
{
	struct rte_ring *ring[PATH_PORT_QUEUES];

	for (uint16_t q = 0; q < queues; q++) {
		char text[32];

		snprintf(text, sizeof(text), "%s%u", name, q);
		ring[q] = rte_ring_create(text, 64, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
		if (ring[q] == NULL)
			return false;
	}
	return rte_eth_from_rings(name, ring, queues, ring, queues, SOCKET_ID_ANY) >= 0;
}

bool
world_port(const struct path_port_settings *from, struct path_port **port, uint16_t *eth_id)
{
	struct path_port_settings s = *from;
	char device[32];
	struct path_port_info info;
	int error;

	if (s.device == NULL) {
		if (!make_device(s.name, RTE_MAX(s.rx_queues, s.tx_queues)))
			return bench_fail("port", rte_errno);
		snprintf(device, sizeof(device), "net_ring_%s", s.name);
		s.device = device;
	}
	error = path_port_open(&s, port);
	if (error == 0)
		error = path_port_start(*port);
	if (error != 0)
		return bench_fail(s.device, error);
	path_port_info_get(*port, &info);
	*eth_id = info.eth_id;
	return true;
}

/* The port that frames come in at is the options' device where there is one. */
static bool
make_port(struct world *w, const struct options *o, int port)
{
	static const char *const names[PORTS] = {"core", "access"};
	const struct path_port_settings s = {
		.name = names[port],
		.device = port == world_port_in(o->which) ? o->device : NULL,
		.id = port,
		.role = port == CORE ? PATH_CORE : PATH_ACCESS,
		.mtu = MTU,
		.rx_queues = 1,
		.tx_queues = (uint16_t)o->workers,
		.spread = o->workers > 1,
		.pool = w->pool,
		.mac = mac_of_port(port),
		.address = w->plan.node,
	};

	return world_port(&s, &w->port[port], &w->eth_id[port]);
}

static bool
set_route(struct world *w, const char *text, uint32_t adjacency)
{
	struct addr_prefix p;

	return addr_prefix_parse(text, &p) == 0 && fwd_route_add(w->fwd, &p, adjacency) == 0;
}

static bool
set_routes(struct world *w)
{
	struct fwd_adjacency a = {.dst_mac = mac_of_router(),
				  .src_mac = mac_of_port(CORE),
				  .port = CORE,
				  .mtu = MTU,
				  .state = FWD_ADJACENCY_READY};
	int id = fwd_adjacency_add(w->fwd, &a);

	w->adjacency = id;
	return id >= 0 && set_route(w, "2000::/3", id) && set_route(w, "2001:db8:c::1/128", FWD_ROUTE_LOCAL) &&
	       fwd_route_commit(w->fwd) == 0;
}

static int
set_tunnel(struct world *w, uint32_t tunnel)
{
	struct addr6 local = w->plan.node, remote = plan_gateway(&w->plan, tunnel);
	int id = fwd_tunnel_add(w->fwd, &local, &remote, TUNNEL_MTU, &tun_plain);

	return id < 0 ? id : fwd_tunnel_set_adjacency(w->fwd, id, w->adjacency, TUNNEL_MTU);
}

/* Rules for UDP to one port each, that no frame is for, and one that takes them all. */
static int
set_rules(struct world *w, const struct options *o, uint32_t session, uint64_t value)
{
	struct fwd_flows list = {.rule_count = (uint8_t)o->flow_rules};

	for (uint32_t i = 0; i < o->flow_rules; i++)
		list.rule[i] = (struct fwd_rule){
			.selector = {.fields = SELECTOR_PROTOCOL | SELECTOR_DST_PORT,
				     .protocol = {17, 17},
				     .dst_port = {(uint16_t)(RULE_PORT + i), (uint16_t)(RULE_PORT + i)}},
			.value = value};
	list.rule[o->flow_rules - 1].selector.fields = 0;
	return fwd_flows_set(w->fwd, session, &list);
}

static int
set_session(struct world *w, const struct options *o, uint32_t session, uint32_t tunnel, enum path_node node)
{
	struct addr6 a = plan_session(&w->plan, session);
	struct addr_prefix p = addr_prefix_mask(&a, 64);
	struct fwd_session line = {.mac = mac_of_session(session), .port = ACCESS, .src_mac = mac_of_port(ACCESS)};
	uint64_t value = fwd_value(tunnel, session, node == PATH_GATEWAY ? FWD_ACCESS : 0);
	int error = 0;

	if (node == PATH_GATEWAY)
		error = fwd_session_set(w->fwd, session, &line);
	else if (o->flow_rules > 0)
		error = set_rules(w, o, session, value);
	if (error == 0 && node == PATH_ANCHOR && o->flow_rules > 0)
		value |= fwd_value(0, 0, FWD_FLOWS);
	return error != 0 ? error : fwd_prefix_add(w->fwd, &p, value);
}

static bool
fill_tables(struct world *w, const struct options *o, enum path_node node)
{
	int error = set_routes(w) ? 0 : -ENOSPC;

	/* Tunnels get the numbers from 1 on in this order. */
	for (uint32_t i = 0; error == 0 && i < o->tunnels; i++)
		error = set_tunnel(w, i);
	for (uint32_t i = 0; error == 0 && i < o->sessions; i++)
		error = set_session(w, o, i, 1 + i % o->tunnels, node);
	return error == 0 || bench_fail("tables", error);
}

static bool
make_tables(struct world *w, const struct options *o, enum path_node node)
{
	w->fwd = fwd_new(&(struct fwd_settings){.prefixes = o->sessions,
						.sessions = o->sessions,
						.tunnels = o->tunnels,
						.adjacencies = 4,
						.hosts = 4,
						.routes = 4,
						.flow_lists = o->flow_rules > 0 ? o->sessions : 0,
						.workers = o->workers,
						.secret = secret,
						.socket = -1});
	return w->fwd != NULL ? fill_tables(w, o, node) : bench_fail("tables", rte_errno);
}

static bool
make_path(struct world *w, const struct options *o, enum path_node node)
{
	w->path = path_new(&(struct path_settings){.fwd = w->fwd,
						   .ports = w->port,
						   .port_count = PORTS,
						   .workers = o->workers,
						   .secret = secret,
						   .pool = w->pool,
						   .node = node,
						   .sessions = o->counters ? o->sessions : 0,
						   .tunnels = o->tunnels,
						   .wake_fd = -1,
						   .socket = -1});
	if (w->path == NULL)
		return bench_fail("path", rte_errno);
	w->workers = o->workers;
	for (unsigned int i = 0; i < w->workers; i++)
		fwd_worker_online(w->fwd, i);
	return true;
}

static bool
make_counts(struct world *w, const struct options *o)
{
	if (!o->counters || o->which != CASE_LIMIT)
		return true;
	w->counts = rte_zmalloc("counts", (size_t)o->sessions * sizeof(*w->counts), RTE_CACHE_LINE_SIZE);
	return w->counts != NULL || bench_fail("counts", ENOMEM);
}

static const struct {
	enum path_node node;
	int in;
} cases[] = {
#define CASE(id, name, node, in, shape, turn, help) [CASE_##id] = {node, in},
#include "case.def"
#undef CASE
};

int
world_port_in(enum bench_case c)
{
	return cases[c].in;
}

/* The device has frames of its own, made with --to-pcap. */
static bool
make_traffic(struct world *w, const struct options *o)
{
	if (o->device == NULL && !(o->pcap != NULL ? traffic_load(&w->traffic, o, w->pool)
						   : traffic_make(&w->traffic, o, &w->plan, w->pool)))
		return false;
	for (int port = 0; port < PORTS; port++) {
		const bool in = port == cases[o->which].in;

		for (uint16_t q = 0; q < o->workers && !(in && o->device != NULL); q++)
			traffic_attach(w->eth_id[port], q, in ? &w->traffic : NULL, &w->traffic);
	}
	return true;
}

bool
world_make(struct world *w, const struct options *o)
{
	const enum path_node node = cases[o->which].node;

	w->plan = plan_of_memory(cases[o->which].in);
	w->pool = path_pool_new("frames", POOL, ROOM, SOCKET_ID_ANY);
	if (w->pool == NULL)
		return bench_fail("pool", rte_errno);
	for (int port = 0; port < PORTS; port++)
		if (!make_port(w, o, port))
			return false;
	return make_tables(w, o, node) && make_path(w, o, node) && make_counts(w, o) && make_traffic(w, o);
}

void
world_free(struct world *w)
{
	for (unsigned int i = 0; i < w->workers; i++)
		fwd_worker_offline(w->fwd, i);
	path_free(w->path);
	fwd_free(w->fwd);
	for (int port = 0; port < PORTS; port++)
		path_port_close(w->port[port]);
	traffic_free(&w->traffic);
	rte_free(w->counts);
	rte_mempool_free(w->pool);
}
