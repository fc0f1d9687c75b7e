/* SPDX-License-Identifier: BSD-3-Clause */
#include "control.h"

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_malloc.h>

#include "nd/nd.h"
#include "update.h"

#define POOL	   16383
#define ROOM	   2048
#define MTU	   1500
#define FRAME_MAX  (14 + 40 + UPDATE_MAX)
#define HISTORY	   10000 /* as the daemon's own control.history */
#define NEIGHBOURS 16

static const struct hash_secret secret = {{1, 2}};

/* The source of the router's side: what the control thread puts in, and what the worker on the other core forwards. */
static bool
make_port(struct control *c)
{
	struct addr6 self = c->plan.node;
	struct path_port_settings s = {.name = "core",
				       .id = CORE,
				       .role = PATH_CORE,
				       .mtu = MTU,
				       .rx_queues = c->workers,
				       .tx_queues = c->workers,
				       .pool = c->pool,
				       .mac = c->plan.node_mac[TUNNEL],
				       .address = self,
				       .link = {addr_prefix_mask(&self, 64)},
				       .link_count = 1};
	uint16_t eth_id;

	if (!world_port(&s, &c->path_port, &eth_id))
		return false;
	traffic_attach(eth_id, 0, &c->through, &c->sink[0]);
	traffic_attach(eth_id, c->workers - 1, &c->feed, &c->sink[c->workers - 1]);
	c->port = (struct ctl_port){.port = c->path_port,
				    .name = "core",
				    .id = CORE,
				    .role = PATH_CORE,
				    .mtu = MTU,
				    .mac = s.mac,
				    .address_count = 1,
				    .address = {{self, 64}}};
	return true;
}

/* Sessions that were there before: packets for them are what the other worker forwards. */
static bool
make_through(struct control *c)
{
	struct options o = *c->o;

	if (c->workers == 1)
		return true;
	o.which = CASE_LMA_DOWN;
	return traffic_make(&c->through, &o, &c->plan, c->pool);
}

static bool
set_through(struct control *c)
{
	struct addr6 peer = plan_gateway(&c->plan, 0);
	int tunnel = fwd_tunnel_add(c->fwd, &c->plan.node, &peer, MTU - TUN_IP6_LEN, &tun_plain), rc = tunnel;
	uint32_t next = c->workers > 1 ? fwd_route_find(c->fwd, &peer) : FWD_NONE;

	if (c->workers == 1)
		return true;
	if (tunnel >= 0)
		rc = fwd_tunnel_set_adjacency(c->fwd, tunnel, next, MTU - TUN_IP6_LEN);
	for (uint32_t i = 0; rc >= 0 && i < c->o->sessions; i++) {
		struct addr6 a = plan_session(&c->plan, i);
		struct addr_prefix p = addr_prefix_mask(&a, 64);

		rc = fwd_prefix_add(c->fwd, &p, fwd_value(tunnel, c->o->sessions + i, 0));
	}
	return rc >= 0 || bench_fail("tables", rc);
}

static bool
make_fwd(struct control *c)
{
	const uint32_t sessions = c->o->sessions * c->workers;

	c->fwd = fwd_new(&(struct fwd_settings){.prefixes = sessions,
						.sessions = sessions,
						.tunnels = c->o->tunnels + 1,
						.adjacencies = NEIGHBOURS + 1,
						.hosts = 1,
						.routes = 64,
						.workers = c->workers,
						.secret = secret,
						.socket = -1});
	return c->fwd != NULL || bench_fail("tables", rte_errno);
}

static bool
make_path(struct control *c)
{
	c->path = path_new(&(struct path_settings){.fwd = c->fwd,
						   .ports = &c->path_port,
						   .port_count = 1,
						   .workers = c->workers,
						   .pool = c->pool,
						   .node = PATH_ANCHOR,
						   .sessions = c->o->sessions * c->workers,
						   .tunnels = c->o->tunnels + 1,
						   .icmp_rate = 100,
						   .wake_fd = c->wake_fd,
						   .socket = -1});
	return c->path != NULL || bench_fail("path", rte_errno);
}

static bool
make_policy(struct control *c)
{
	const uint32_t n = c->o->sessions;
	struct policy_entry *nodes = calloc(n, sizeof(*nodes));

	for (uint32_t i = 0; nodes != NULL && i < n; i++) {
		char name[32];

		update_name(i, name, sizeof(name));
		pmip_mn_id_parse(name, &nodes[i].profile.mn_id);
		nodes[i].profile.prefixes_wanted = 1;
	}
	if (nodes != NULL)
		c->policy = policy_new(nodes, n, &secret, NULL);
	free(nodes);
	return c->policy != NULL || bench_fail("policy", ENOMEM);
}

static bool
make_engines(struct control *c)
{
	struct host_port_settings core = {
		.port = CORE, .mac = c->port.mac, .address_count = 1, .address = {c->port.address[0]}};
	struct host_settings h = host_settings_default();

	h.router = true;
	h.dad_probes = 0;
	h.neighbours_max = NEIGHBOURS;
	h.secret = secret;
	h.port_count = 1;
	h.ports = &core;
	c->host = host_new(&h);
	c->lma = signalling_engine(&c->plan, c->o->sessions, &c->rows);
	return (c->host != NULL && c->lma != NULL) || bench_fail("engines", ENOMEM);
}

static void
read_clock(void *user, struct clock_now *now)
{
	*now = ((const struct control *)user)->now;
}

static bool
make_ctl(struct control *c)
{
	struct addr_prefix all = {.len = 3};
	struct ctl_settings s = {
		.name = "bench",
		.version = "",
		.fwd = c->fwd,
		.path = c->path,
		.workers = c->workers,
		.wake_fd = c->wake_fd,
		.port_count = 1,
		.ports = &c->port,
		.lma = c->lma,
		.lma_address = c->plan.node,
		.lma_sessions = c->o->sessions,
		.pool_count = 1,
		.pools = &c->rows.pool,
		.host = c->host,
		.policy = c->policy,
		.peer_count = 1,
		.peers = &c->rows.peer,
		.neighbours = NEIGHBOURS,
		.tunnels = c->o->tunnels + 1,
		.tunnel_limit = TUN_LIMIT_NONE,
		.tunnel_dscp = TUN_DSCP_COPY,
		.timers = pmip_timers_default(),
		.route_count = 1,
		.routes = &c->route,
		.neighbour_count = 1,
		.static_neighbours = &c->neighbour,
		.secret = secret,
		.socket_path = c->socket,
		.socket_mode = 0600,
		.socket_group = "",
		.history = HISTORY,
		.drop_rate = 1000,
		.clock = read_clock,
		.clock_user = c,
	};

	all.addr.b[0] = 0x20;
	c->neighbour = (struct ctl_neighbour){.addr = c->plan.node, .port = CORE, .mac = mac_of_router()};
	c->neighbour.addr.b[15] = 0xfe;
	c->route = (struct ctl_route){.prefix = all, .via = c->neighbour.addr, .port = CORE};
	snprintf(c->socket, sizeof(c->socket), "/tmp/kedge-bench-%d.sock", (int)getpid());
	c->ctl = ctl_new(&s);
	unlink(c->socket); /* nobody is to ask, and nothing is to be left behind */
	return c->ctl != NULL || bench_fail("control loop", errno);
}

/* The control thread's own worker, and the loop, once: how many packets moved. */
static unsigned int
turn(struct control *c)
{
	unsigned int n = path_worker_poll(path_worker_of(c->path, c->workers - 1));

	ctl_turn(c->ctl, 0);
	return n;
}

static bool
make_pool(struct control *c)
{
	c->pool = path_pool_new("frames", POOL, ROOM, SOCKET_ID_ANY);
	return c->pool != NULL || bench_fail("pool", rte_errno);
}

static const struct {
	const char *name;
	bool (*make)(struct control *c);
} steps[CONTROL_STEPS] = {
	{"packet buffers", make_pool},
	{"the bench's own frames", make_through},
	{"port", make_port},
	{"forwarding tables", make_fwd},
	{"counters and rings of workers", make_path},
	{"policy store", make_policy},
	{"engines", make_engines},
	{"control loop", make_ctl},
};

const char *
control_step_name(unsigned int step)
{
	return steps[step].name;
}

uint64_t
control_allocated(void)
{
	struct mallinfo2 m = mallinfo2();
	struct rte_malloc_socket_stats s;
	uint64_t sum = m.uordblks + m.hblkhd;

	for (int socket = 0; socket < RTE_MAX_NUMA_NODES; socket++)
		if (rte_malloc_get_socket_stats(socket, &s) == 0)
			sum += s.heap_allocsz_bytes;
	return sum;
}

bool
control_make(struct control *c, const struct options *o, unsigned int workers)
{
	*c = (struct control){.o = o, .plan = plan_of_memory(CORE), .workers = workers};
	c->now = (struct clock_now){.mono_ms = 1000, .wall = (uint64_t)1800000000 << 16};
	c->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	c->order = signalling_order(o->sessions);
	if (c->wake_fd < 0 || c->order == NULL)
		return bench_fail("anchor", ENOMEM);
	for (unsigned int i = 0; i < CONTROL_STEPS; i++) {
		uint64_t before = control_allocated();

		if (!steps[i].make(c))
			return false;
		c->allocated[i] = control_allocated() - before;
	}
	fwd_worker_online(c->fwd, c->workers - 1);
	for (int i = 0; i < 100; i++) { /* own addresses, routes and the router become known */
		c->now.mono_ms += 10;
		turn(c);
	}
	return set_through(c);
}

void
control_free(struct control *c)
{
	ctl_free(c->ctl);
	lma_free(c->lma);
	host_free(c->host);
	policy_free(c->policy);
	if (c->path != NULL)
		fwd_worker_offline(c->fwd, c->workers - 1);
	path_free(c->path);
	path_port_close(c->path_port);
	fwd_free(c->fwd);
	traffic_free(&c->feed);
	traffic_free(&c->through);
	rte_mempool_free(c->pool);
	if (c->wake_fd >= 0)
		close(c->wake_fd);
	free(c->order);
	free(c->home);
}

bool
control_room(struct control *c, uint32_t n)
{
	if (!traffic_room(&c->feed, n, FRAME_MAX, PATH_BURST, c->pool))
		return false;
	c->feed.left = 0;
	return true;
}

static bool
encode(struct control *c, enum phase phase, uint32_t session, uint32_t slot)
{
	static const uint8_t handoff[PHASES] = {MH_HANDOFF_NEW_INTERFACE, MH_HANDOFF_NO_CHANGE,
						MH_HANDOFF_BETWEEN_MAGS};
	const struct nd_link link = {.src_mac = mac_of_router(), .dst_mac = c->port.mac};
	struct addr6 src = plan_gateway(&c->plan, (session + (phase == HANDOVER)) % c->o->tunnels);
	struct update u = {.session = session,
			   .sequence = phase + 1,
			   .lifetime = SIGNALLING_LIFETIME,
			   .handoff = handoff[phase],
			   .wall = c->now.wall};
	uint8_t bytes[UPDATE_MAX];
	int len;

	if (phase == REFRESH)
		u.prefix = c->home[session];
	len = update_encode(&u, &src, &c->plan.node, bytes, sizeof(bytes));
	if (len > 0)
		len = nd_ip6_encode(&link, &src, &c->plan.node, MH_PROTOCOL, 64, bytes, (size_t)len,
				    c->feed.heads + (size_t)slot * c->feed.stride, c->feed.stride);
	if (len <= 0)
		return bench_fail("update", len);
	c->feed.len[slot] = (uint16_t)len;
	return true;
}

static bool
tell_refused(const struct control *c, enum phase phase, uint64_t accepted, uint32_t n)
{
	fprintf(stderr, "kedge-bench: %" PRIu64 " of %u %s were accepted by the control loop\n", accepted, n,
		signalling_names[phase]);
	for (unsigned int w = 0; w < c->workers; w++)
		bench_drops(path_stats(c->path, w));
	bench_drops(lma_stat(c->lma));
	return false;
}

bool
control_put(struct control *c, enum phase phase, uint32_t first, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!encode(c, phase, c->order[first + i], i))
			return false;
	c->feed.next = 0;
	return true;
}

bool
control_answer(struct control *c, enum phase phase, uint32_t n, uint64_t *cycles)
{
	uint64_t accepted = lma_stat(c->lma)->counter[STAT_PBA_ACCEPTED_TX];
	uint64_t begin, last, now;

	c->feed.left = n;
	begin = last = rte_rdtsc_precise();
	while (turn(c) > 0 || c->feed.left > 0) {
		now = rte_rdtsc();
		histogram_add(&c->turns, now - last);
		last = now;
	}
	*cycles += last - begin;
	accepted = lma_stat(c->lma)->counter[STAT_PBA_ACCEPTED_TX] - accepted;
	return accepted == n || tell_refused(c, phase, accepted, n);
}
