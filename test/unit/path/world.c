/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>

#include "fwd/flows.h"

#define POOL_SIZE 1023
#define ROOM	  2048
#define RING	  256

bool
world_init(void)
{
	char prefix[64];
	const char *args[] = {
		"unit_path", "--no-huge",   "-m",    "64", "--no-pci", "--no-telemetry", "--no-shconf", "--file-prefix",
		prefix,	     "--log-level", "error", "-l", "0"};

	snprintf(prefix, sizeof(prefix), "unit_path_%d", (int)getpid());
	if (rte_eal_init(UNIT_COUNT(args), (char **)(uintptr_t)args) >= 0)
		return true;
	fprintf(stderr, "unit_path: EAL does not start: %s\n", rte_strerror(rte_errno));
	return false;
}

/* A thing that no case can go on without. */
#define NEED(x) CU_ASSERT_FATAL(x)

static struct addr_prefix
prefix64(enum place p)
{
	return addr_prefix_mask(place(p), 64);
}

static struct rte_ring *
ring(const char *what, int port, unsigned int slots)
{
	static unsigned int serial;
	char name[32];

	snprintf(name, sizeof(name), "%s%d_%u", what, port, serial++);
	return rte_ring_create(name, slots, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ | RING_F_EXACT_SZ);
}

static void
open_port(struct world *w, int port, const struct wish *wish)
{
	static unsigned int serial;
	unsigned int queues = wish->two_queues ? 2 : 1;
	char name[16], device[32];

	snprintf(name, sizeof(name), "wire%u", serial++);
	snprintf(device, sizeof(device), "net_ring_%s", name);
	w->rx[port] = ring("rx", port, RING);
	w->tx[port] = ring("tx", port, wish->tx_ring != 0 ? wish->tx_ring : RING);
	w->rx2[port] = wish->two_queues ? ring("rx", port, RING) : NULL;
	w->tx2[port] = wish->two_queues ? ring("tx", port, RING) : NULL;
	NEED(w->rx[port] != NULL && w->tx[port] != NULL);
	NEED(rte_eth_from_rings(name, (struct rte_ring *[]){w->rx[port], w->rx2[port]}, queues,
				(struct rte_ring *[]){w->tx[port], w->tx2[port]}, queues, SOCKET_ID_ANY) >= 0);
	struct path_port_settings s = {
		.name = name,
		.device = device,
		.id = port,
		.role = port == CORE ? PATH_CORE : PATH_ACCESS,
		.mtu = port == ACCESS && wish->access_mtu != 0 ? wish->access_mtu : 1500,
		.vlan = port == CORE ? wish->core_vlan : wish->access_vlan,
		.rx_queues = queues,
		.tx_queues = queues,
		.pool = w->pool,
		.mac = *station(port == CORE ? NODE_CORE : NODE_ACCESS),
		.address = port == CORE ? *place(NODE) : *place(NOBODY),
		.spread = wish->spread,
		.worker_set = port == CORE ? wish->worker_set : 0,
	};
	NEED(path_port_open(&s, &w->port[port]) == 0);
	NEED(path_port_start(w->port[port]) == 0);
}

static void
route(struct world *w, const char *text, uint32_t adjacency)
{
	struct addr_prefix p;

	NEED(addr_prefix_parse(text, &p) == 0);
	NEED(fwd_route_add(w->fwd, &p, adjacency) == 0);
}

static void
set_routes(struct world *w, const struct wish *wish)
{
	struct fwd_adjacency a = {.dst_mac = *station(ROUTER),
				  .src_mac = *station(NODE_CORE),
				  .port = CORE,
				  .vlan = wish->core_vlan,
				  .mtu = 1500,
				  .state = FWD_ADJACENCY_READY};
	int ready = fwd_adjacency_add(w->fwd, &a);
	int glean, wait, broken;
	uint16_t mtu = wish->tunnel_mtu != 0 ? wish->tunnel_mtu : 1452;

	a.state = FWD_ADJACENCY_GLEAN;
	glean = fwd_adjacency_add(w->fwd, &a);
	a.state = FWD_ADJACENCY_WAIT;
	wait = fwd_adjacency_add(w->fwd, &a);
	broken = fwd_adjacency_add(w->fwd, &a);
	NEED(ready >= 0 && glean >= 0 && wait >= 0 && broken >= 0);
	route(w, "2000::/3", ready);
	route(w, "2001:db8:9::/64", glean);
	route(w, "2001:db8:a::/64", wait);
	route(w, "2001:db8:b::/64", broken);
	route(w, "2001:db8:0:c::1/128", FWD_ROUTE_LOCAL);
	route(w, "2001:db8:0:c::2/128", FWD_ROUTE_LOCAL);
	NEED(fwd_route_commit(w->fwd) == 0);
	NEED(fwd_adjacency_del(w->fwd, broken) == 0);
	w->tunnel_mag1 = fwd_tunnel_add(w->fwd, place(NODE), place(MAG1), mtu, &tun_plain);
	w->tunnel_mag2 = fwd_tunnel_add(w->fwd, place(NODE), place(MAG2), mtu, &tun_plain);
	w->tunnel_lma = fwd_tunnel_add(w->fwd, place(NODE), place(LMA), mtu, &tun_plain);
	NEED(fwd_tunnel_set_adjacency(w->fwd, w->tunnel_mag1, ready, mtu) == 0);
	NEED(fwd_tunnel_set_adjacency(w->fwd, w->tunnel_mag2, ready, mtu) == 0);
	NEED(fwd_tunnel_set_adjacency(w->fwd, w->tunnel_lma, ready, mtu) == 0);
}

static void
set_session(struct world *w, enum place home, uint32_t tunnel, enum session id, unsigned int flags)
{
	struct addr_prefix p = prefix64(home);

	NEED(fwd_prefix_add(w->fwd, &p, fwd_value(tunnel, id, flags)) == 0);
}

static void
set_host(struct world *w, enum station mac, uint32_t session, const struct wish *wish)
{
	struct fwd_host_key key = {.mac = *station(mac), .port = ACCESS, .vlan = wish->access_vlan};
	struct fwd_session line = {
		.mac = *station(mac), .port = ACCESS, .vlan = wish->access_vlan, .src_mac = *station(NODE_ACCESS)};

	NEED(fwd_host_add(w->fwd, &key, session) == 0);
	if (session != FWD_NONE)
		NEED(fwd_session_set(w->fwd, session, &line) == 0);
}

static void
set_sessions(struct world *w, const struct wish *wish)
{
	set_host(w, VISITOR_MAC, SESSION_VISITOR, wish);
	set_host(w, LOCAL_MAC, SESSION_LOCAL, wish);
	set_host(w, LOCAL2_MAC, SESSION_LOCAL2, wish);
	set_host(w, IDLE_MAC, SESSION_IDLE, wish);
	set_host(w, PENDING_MAC, FWD_NONE, wish);
	set_session(w, MN1, w->tunnel_mag1, SESSION_MN1, 0);
	set_session(w, MN2, w->tunnel_mag2, SESSION_MN2, 0);
	set_session(w, VISITOR, w->tunnel_lma, SESSION_VISITOR, FWD_ACCESS);
	set_session(w, LOCAL, 0, SESSION_LOCAL, FWD_ACCESS | FWD_LOCAL);
	set_session(w, LOCAL2, 0, SESSION_LOCAL2, FWD_ACCESS | FWD_LOCAL);
}

/*
 * A mobile node whose prefixes are of the first gateway: one of them is of the second, too, and one lies idle there.
 * UDP to port 515, the third and fourth octet of what frame_ip6 makes, takes that way. And a prefix of the gateway
 * itself.
 */
static void
set_flows(struct world *w)
{
	const uint64_t second = fwd_value(w->tunnel_mag2, SESSION_SHARED, 0);
	struct fwd_flows list = {
		.share_count = 2,
		.rule_count = 1,
		.share = {{.upper_be = addr6_upper_be(place(SHARING)), .value = second},
			  {.upper_be = addr6_upper_be(place(SHARING2)), .value = second, .idle = true}},
		.rule = {{.selector = {.fields = SELECTOR_PROTOCOL | SELECTOR_DST_PORT,
				       .protocol = {17, 17},
				       .dst_port = {515, 515}},
			  .value = second}},
	};

	NEED(fwd_flows_set(w->fwd, SESSION_SHARING, &list) == 0);
	set_session(w, SHARING, w->tunnel_mag1, SESSION_SHARING, FWD_FLOWS);
	set_session(w, SHARING2, w->tunnel_mag1, SESSION_SHARING, FWD_FLOWS);
	route(w, "2001:db8:20::/48", FWD_ROUTE_TUNNEL | w->tunnel_mag2);
	NEED(fwd_route_commit(w->fwd) == 0);
}

void
world_open(struct world *w, const struct wish *wish)
{
	static const struct wish usual;
	static unsigned int serial;
	unsigned int workers;
	char name[32];

	memset(w, 0, sizeof(*w));
	if (wish == NULL)
		wish = &usual;
	workers = wish->workers != 0 ? wish->workers : 1;
	snprintf(name, sizeof(name), "pool%u", serial++);
	w->pool = path_pool_new(name, POOL_SIZE, ROOM, SOCKET_ID_ANY);
	NEED(w->pool != NULL);
	for (int port = 0; port < PORTS; port++)
		open_port(w, port, wish);
	w->fwd = fwd_new(&(struct fwd_settings){.prefixes = 64,
						.sessions = 64,
						.tunnels = 16,
						.adjacencies = 16,
						.hosts = 64,
						.routes = 64,
						.flow_lists = 4,
						.workers = workers,
						.secret = {{1, 2}},
						.socket = -1});
	NEED(w->fwd != NULL);
	set_routes(w, wish);
	set_sessions(w, wish);
	set_flows(w);
	w->path = path_new(
		&(struct path_settings){.fwd = w->fwd,
					.ports = w->port,
					.port_count = PORTS,
					.workers = workers,
					.pool = w->pool,
					.node = wish->node != 0 ? wish->node : PATH_ANCHOR | PATH_GATEWAY,
					.punt_ring = wish->punt_ring != 0 ? wish->punt_ring : 64,
					.inject_ring = wish->inject_ring,
					.spread_ring = wish->spread_ring,
					.secret = {{3, 4}},
					.sessions = 64,
					.tunnels = 16,
					.icmp_rate = wish->no_icmp ? 0 : 1,
					.icmp_burst = wish->icmp_burst != 0 ? wish->icmp_burst : 64,
					.reassemblies = wish->no_reassembly	  ? 0
							: wish->reassemblies != 0 ? wish->reassemblies
										  : 4,
					.reassembly_ms = wish->reassembly_ms != 0 ? wish->reassembly_ms : 60000,
					.mss_clamp = wish->mss_clamp,
					.change = wish->change,
					.wake_fd = wish->wake_fd != 0 ? wish->wake_fd : -1,
					.socket = -1});
	NEED(w->path != NULL);
	w->worker = path_worker_of(w->path, 0);
	w->workers = workers;
	for (unsigned int i = 0; i < workers; i++)
		fwd_worker_online(w->fwd, i);
}

static void
check_balance(struct world *w)
{
	for (unsigned int i = 0; i < w->workers; i++) {
		struct stat_balance b;

		stat_balance_get(path_stats(w->path, i), &b);
		CU_ASSERT_EQUAL(stat_balance_missing(&b), 0);
	}
	CU_ASSERT_EQUAL(world_count(w, STAT_HANDED_IN), world_count(w, STAT_HANDED_OUT));
}

void
world_close(struct world *w)
{
	world_run_all(w);
	check_balance(w);
	world_abandon(w);
}

void
world_abandon(struct world *w)
{
	struct rte_mbuf *m;

	for (int port = 0; port < PORTS; port++)
		while (rte_ring_dequeue(w->tx[port], (void **)&m) == 0)
			rte_pktmbuf_free(m);
	for (unsigned int i = 0; i < w->workers; i++)
		fwd_worker_offline(w->fwd, i);
	path_free(w->path);
	fwd_free(w->fwd);
	CU_ASSERT_EQUAL(rte_mempool_avail_count(w->pool), POOL_SIZE);
	for (int port = 0; port < PORTS; port++) {
		path_port_close(w->port[port]);
		rte_ring_free(w->rx[port]);
		rte_ring_free(w->tx[port]);
		rte_ring_free(w->rx2[port]);
		rte_ring_free(w->tx2[port]);
	}
	rte_mempool_free(w->pool);
}

struct rte_mbuf *
world_mbuf(struct world *w, const struct frame *f)
{
	struct rte_mbuf *m = path_mbuf_alloc(w->path);

	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	memcpy(rte_pktmbuf_append(m, f->len), f->b, f->len);
	return m;
}

unsigned int
world_inject(struct world *w, unsigned int worker, struct rte_mbuf *m, enum path_inject what)
{
	return path_inject_check(w->path, m, what) == 0 ? path_inject(w->path, worker, &m, 1) : 0;
}

void
world_feed(struct world *w, int port, const struct frame *f)
{
	CU_ASSERT_FATAL(rte_ring_enqueue(w->rx[port], world_mbuf(w, f)) == 0);
}

void
world_run(struct world *w)
{
	unsigned int turns = 0;

	while (path_worker_poll(w->worker) > 0 && turns++ < 1000)
		;
	CU_ASSERT(turns < 1000);
}

void
world_run_all(struct world *w)
{
	unsigned int idle = 0, turns = 0;

	for (unsigned int i = 0; idle < w->workers && turns < 10000; i = (i + 1) % w->workers, turns++)
		idle = path_worker_poll(path_worker_of(w->path, i)) > 0 ? 0 : idle + 1;
	CU_ASSERT(turns < 10000);
}

void
world_send(struct world *w, int port, const struct frame *f)
{
	world_feed(w, port, f);
	world_run(w);
}

void *
world_worker(void *worker)
{
	path_worker_main(worker);
	return NULL;
}

static void
frame_of(struct frame *f, struct rte_mbuf *m)
{
	f->len = m->pkt_len;
	CU_ASSERT_FATAL(m->nb_segs == 1 && m->data_len == m->pkt_len && f->len <= FRAME_MAX);
	memcpy(f->b, rte_pktmbuf_mtod(m, const void *), f->len);
	rte_pktmbuf_free(m);
}

bool
world_take(struct world *w, int port, struct frame *f)
{
	struct rte_mbuf *m;

	f->len = 0;
	if (rte_ring_dequeue(w->tx[port], (void **)&m) != 0) {
		CU_FAIL("nothing was sent");
		return false;
	}
	frame_of(f, m);
	return true;
}

unsigned int
world_sent(struct world *w, int port)
{
	return rte_ring_count(w->tx[port]);
}

bool
world_silent(struct world *w)
{
	struct frame f;

	for (enum path_punt c = 0; c < PATH_PUNT_COUNT; c++)
		if (world_punted(w, c, &f, NULL))
			return false;
	return world_sent(w, CORE) == 0 && world_sent(w, ACCESS) == 0;
}

bool
world_punted(struct world *w, enum path_punt punt, struct frame *f, struct path_meta *meta)
{
	struct rte_mbuf *m;

	if (path_punt_dequeue(w->path, 0, punt, &m, 1) != 1)
		return false;
	if (meta != NULL)
		*meta = *path_meta(m);
	frame_of(f, m);
	return true;
}

uint64_t
world_drops(struct world *w, enum stat_drop why)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < w->workers; i++)
		sum += path_stats(w->path, i)->drop[why];
	return sum;
}

uint64_t
world_count(struct world *w, enum stat_counter what)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < w->workers; i++)
		sum += path_stats(w->path, i)->counter[what];
	return sum;
}

void
world_expect(struct world *w, int port, const struct frame *want)
{
	struct frame got;

	if (!world_take(w, port, &got))
		return;
	CU_ASSERT_EQUAL(got.len, want->len);
	if (want->b[ETH + 6] == 41) { /* the label is tun's to choose */
		memcpy(got.b + ETH + 1, (uint8_t[]){(got.b[ETH + 1] & 0xf0), 0, 0}, 3);
	}
	CU_ASSERT(got.len == want->len && memcmp(got.b, want->b, got.len) == 0);
	if (got.len != want->len || memcmp(got.b, want->b, got.len) != 0)
		for (uint32_t i = 0; i < got.len && i < want->len; i++)
			if (got.b[i] != want->b[i]) {
				fprintf(stderr, "byte %u of %u is %02x, not %02x\n", i, got.len, got.b[i], want->b[i]);
				break;
			}
}

void
world_expect_drop(struct world *w, int port, const struct frame *f, enum stat_drop why)
{
	uint64_t before[STAT_DROP_COUNT];

	memcpy(before, path_stats(w->path, 0)->drop, sizeof(before));
	world_send(w, port, f);
	for (unsigned int d = 0; d < STAT_DROP_COUNT; d++) {
		uint64_t more = world_drops(w, d) - before[d];

		CU_ASSERT_EQUAL(more, d == why);
		if (more != (d == why))
			fprintf(stderr, "%s: %lu drops\n", stat_drop_row(d)->name, (unsigned long)more);
	}
	CU_ASSERT(world_silent(w));
}
