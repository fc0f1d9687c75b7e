/* SPDX-License-Identifier: BSD-3-Clause */
#include "rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_log.h>

#include "trace.h"
#include "tun/tun.h"

#define POOL_SIZE  1023
#define ROOM	   2048
#define ROOM_MORE  128 /* of a frame's headers */
#define RING	   256
#define NEIGHBOURS 16
#define TUNNELS	   8

static const struct hash_secret secret = {{1, 2}};

bool
rig_start_eal(void)
{
	char file_prefix[64];
	const char *args[] = {"unit_ctl",  "--no-huge",	     "-m",	    "512",
			      "--no-pci",  "--no-telemetry", "--no-shconf", "--file-prefix",
			      file_prefix, "--log-level",    "error",	    "-l",
			      "0"};

	snprintf(file_prefix, sizeof(file_prefix), "unit_ctl_%d", (int)getpid());
	if (rte_eal_init(UNIT_COUNT(args), (char **)(uintptr_t)args) >= 0 &&
	    rte_log_register_type_and_pick_level("kedge.ctl", RTE_LOG_ERR) >= 0)
		return true;
	fprintf(stderr, "unit_ctl: EAL does not start: %s\n", rte_strerror(rte_errno));
	return false;
}

static uint32_t
sessions_of(const struct wish *wish)
{
	return wish->sessions != 0 ? wish->sessions : RIG_SESSIONS;
}

const char *
rig_crowd_name(uint32_t n, char *buf)
{
	snprintf(buf, 32, "n%u@crowd.example", n);
	return buf;
}

struct pmip_key
rig_key(unsigned int n)
{
	struct pmip_key k = {.spi = PMIP_SPI_MIN + n, .algorithm = PMIP_KEY_HMAC_SHA1, .len = 20};

	memset(k.bytes, 0x40 + (int)n, k.len);
	return k;
}

static void
read_clock(void *user, struct clock_now *now)
{
	*now = ((const struct rig *)user)->now;
}

static struct pmip_multihoming
multihoming_of(const struct wish *wish)
{
	return wish->multihoming ? (struct pmip_multihoming){.flow_mobility = true,
							     .partial_new = RIG_PARTIAL_NEW,
							     .partial_existing = RIG_PARTIAL_EXISTING,
							     .hi5_flow_handover = true,
							     .vendor = wish->aggregate != NULL ? 32473 : 0}
				 : (struct pmip_multihoming){0};
}

static const struct pmip_flow_policy flow_policy = {
	.name = "video",
	.selector = {.fields = SELECTOR_PROTOCOL, .protocol = {17, 17}},
	.priority = 5,
	.access_tech = MH_ATT_ETHERNET,
};

static struct pmip_timers
timers_of(const struct wish *wish)
{
	struct pmip_timers t = pmip_timers_default();

	t.heartbeat_interval_ms = wish->heartbeat_ms;
	t.peer_grace_ms = 0;
	if (wish->be_rate != 0)
		t.be_rate_per_s = wish->be_rate;
	return t;
}

static void
open_port(struct rig *r, int id, uint16_t vlan, uint16_t mtu)
{
	static unsigned int serial;
	struct path_port_settings s = {.id = (uint16_t)id,
				       .role = id == CORE ? PATH_CORE : PATH_ACCESS,
				       .mtu = mtu,
				       .vlan = vlan,
				       .rx_queues = 1,
				       .tx_queues = 1,
				       .pool = r->pool,
				       .mac = mac(id == CORE ? NODE_MAC : LINK_MAC)};
	char name[16], device[32], rx[16], tx[16];

	snprintf(name, sizeof(name), "wire%u", serial);
	snprintf(device, sizeof(device), "net_ring_wire%u", serial);
	snprintf(rx, sizeof(rx), "rx%u", serial);
	snprintf(tx, sizeof(tx), "tx%u", serial++);
	r->rx[id] = rte_ring_create(rx, RING, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	r->tx[id] = rte_ring_create(tx, RING, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	NEED(r->rx[id] != NULL && r->tx[id] != NULL);
	NEED(rte_eth_from_rings(name, &r->rx[id], 1, &r->tx[id], 1, SOCKET_ID_ANY) >= 0);
	s.name = name;
	s.device = device;
	if (id == CORE)
		s.address = ip6(NODE), s.link[s.link_count++] = prefix("2001:db8:0:c::/64");
	NEED(path_port_open(&s, &r->path_port[id]) == 0);
	NEED(path_port_start(r->path_port[id]) == 0);
	r->port[id] = (struct ctl_port){.port = r->path_port[id],
					.name = id == CORE ? "core" : "access",
					.id = (uint16_t)id,
					.role = s.role,
					.vlan = vlan,
					.mtu = s.mtu,
					.mac = s.mac};
}

static void
open_path(struct rig *r, const struct wish *wish)
{
	unsigned int roles = !!wish->lma + !!wish->mag;
	struct path_change change = {0};

	r->fwd = fwd_new(&(struct fwd_settings){.prefixes = wish->prefixes != 0 ? wish->prefixes : 64,
						.sessions = roles * sessions_of(wish),
						.tunnels = TUNNELS,
						.adjacencies = NEIGHBOURS + PORTS,
						.hosts = 16,
						.routes = 64,
						.flow_lists = 8,
						.workers = 1,
						.secret = secret,
						.socket = -1});
	NEED(r->fwd != NULL);
	r->path =
		path_new(&(struct path_settings){.fwd = r->fwd,
						 .ports = r->path_port,
						 .port_count = PORTS,
						 .workers = 1,
						 .pool = r->pool,
						 .node = (wish->lma ? PATH_ANCHOR : 0) | (wish->mag ? PATH_GATEWAY : 0),
						 .sessions = wish->uncounted ? 0 : roles * sessions_of(wish),
						 .tunnels = TUNNELS,
						 .inject_ring = wish->inject_ring,
						 .punt_ring = wish->punt_ring,
						 .icmp_rate = 1,
						 .mss_clamp = wish->mss_clamp,
						 .fragment = wish->fragment,
						 .reassemblies = wish->reassemblies != 0 ? wish->reassemblies : 4,
						 .reassembly_ms = 60000,
						 .icmp_burst = wish->icmp_burst != 0 ? wish->icmp_burst : 64,
						 .wake_fd = r->wake_fd,
						 .socket = -1});
	NEED(r->path != NULL);
	for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++)
		change.punt_rate[c] = wish->punt_rate;
	path_apply(r->path, &change);
	r->worker = path_worker_of(r->path, 0);
	fwd_worker_online(r->fwd, 0);
}

static void
open_gateway(struct rig *r, const struct wish *wish)
{
	const struct access_port_settings port = {.port = ACCESS,
						  .vlan = wish->access_vlan,
						  .mac = mac(LINK_MAC),
						  .link_local =
							  wish->asks_link_local ? (struct addr6){{0}} : ip6(LINK_LOCAL),
						  .mtu = 1500,
						  .access_tech = MH_ATT_WLAN};
	struct access_settings a = access_settings_default();
	struct mag_settings g = {.address = ip6(wish->mag_address != NULL ? wish->mag_address : NODE),
				 .lma = ip6(wish->anchor != NULL ? wish->anchor
					    : wish->lma		 ? NODE
								 : ANCHOR),
				 .link_local = wish->asks_link_local ? (struct addr6){{0}} : ip6(LINK_LOCAL),
				 .sessions_max = sessions_of(wish),
				 .lifetime_s = wish->lifetime_s != 0 ? wish->lifetime_s : 3600,
				 .timestamps = true,
				 .timers = timers_of(wish),
				 .multihoming = multihoming_of(wish),
				 .peer_count = UNIT_COUNT(r->peers),
				 .peers = r->peers,
				 .secret = secret};

	if (wish->aggregate != NULL)
		g.aggregate = prefix(wish->aggregate);
	g.aggregate_count = wish->aggregate_count;
	g.aggregates = wish->aggregates;
	for (unsigned int i = 0; i < wish->aggregate_count; i++)
		if (addr6_equal(&wish->aggregates[i].gateway, &g.address))
			g.aggregate = wish->aggregates[i].prefix;
	if (wish->bindack_ms != 0)
		g.timers.initial_bindack_timeout_ms = wish->bindack_ms;
	a.hosts_max = 16;
	if (wish->no_probes)
		a.probe_after_ms = 0;
	a.secret = secret;
	a.port_count = 1;
	a.ports = &port;
	r->mag_settings = g;
	r->access_settings = a;
	r->mag = mag_new(&g);
	r->access = access_new(&a);
	NEED(r->mag != NULL && r->access != NULL);
}

static void
set_peers(struct rig *r, const struct wish *wish)
{
	struct pmip_peer_settings *gateways = &r->peers[0], *here = &r->peers[1];

	*gateways = (struct pmip_peer_settings){.name = "gateways", .address = prefix("2001:db8:0:a::/64")};
	*here = (struct pmip_peer_settings){.name = "here",
					    .address = prefix(wish->here != NULL ? wish->here : "2001:db8:0:c::/126")};
	if (wish->esp_alone)
		gateways->protection = PMIP_PROTECT_ESP;
	if (wish->keys) {
		gateways->protection = PMIP_PROTECT_AUTH;
		gateways->key[gateways->key_count++] = rig_key(0);
	}
}

/* MN1, MN2, and the crowd behind them. */
static void
open_policy(struct rig *r, const struct wish *wish)
{
	struct policy_entry *nodes = calloc(2 + wish->crowd, sizeof(*nodes));
	char name[32];

	NEED(nodes != NULL && pmip_mn_id_parse(MN1, &nodes[0].profile.mn_id) == 0 &&
	     pmip_mn_id_parse(MN2, &nodes[1].profile.mn_id) == 0);
	nodes[0].link_count = nodes[1].link_count = 1;
	nodes[0].link[0] = mac(MN1_MAC);
	nodes[1].link[0] = mac(MN2_MAC);
	for (uint32_t i = 0; i < wish->crowd; i++)
		NEED(pmip_mn_id_parse(rig_crowd_name(i, name), &nodes[2 + i].profile.mn_id) == 0);
	for (uint32_t i = 0; i < 2 + wish->crowd; i++)
		nodes[i].profile.prefixes_wanted = 1;
	nodes[0].profile.flow_policies = wish->flow_policy ? 1 : 0;
	if (wish->fixed != NULL) {
		nodes[0].profile.prefix[0] = prefix(wish->fixed);
		nodes[0].profile.prefix_count = 1;
	}
	r->policy = policy_new(nodes, 2 + wish->crowd, &secret, NULL);
	free(nodes);
	NEED(r->policy != NULL);
}

static void
open_host(struct rig *r, const struct wish *wish)
{
	struct host_port_settings core = {
		.port = CORE, .vlan = wish->core_vlan, .mac = r->port[CORE].mac, .address_count = 2};
	struct host_settings h = host_settings_default();

	memcpy(core.address, r->port[CORE].address, sizeof(core.address));
	h.router = true;
	h.neighbours_max = NEIGHBOURS;
	h.secret = secret;
	h.port_count = 1;
	h.ports = &core;
	r->host = host_new(&h);
	NEED(r->host != NULL);
}

static void
open_anchor(struct rig *r, const struct wish *wish)
{
	snprintf(r->prefix_pool.name, sizeof(r->prefix_pool.name), "homes");
	r->prefix_pool.block = prefix(wish->pool != NULL ? wish->pool : "2001:db8:1::/60");
	r->prefix_pool.len = 64;
	r->lma_settings = (struct lma_settings){.address = ip6(NODE),
						.sessions_max = sessions_of(wish),
						.lifetime_max_s = 3600,
						.proxy_registration = true,
						.timestamps = true,
						.timers = timers_of(wish),
						.revocation = wish->revocation,
						.keep_dead = wish->keep_dead,
						.multihoming = multihoming_of(wish),
						.flow_policy_count = wish->flow_policy ? 1 : 0,
						.flow_policies = &flow_policy,
						.aggregate_count = wish->aggregate_count,
						.aggregates = wish->aggregates,
						.secret = secret,
						.peer_count = UNIT_COUNT(r->peers),
						.peers = r->peers,
						.pool_count = 1,
						.pools = &r->prefix_pool};
	if (!wish->lma)
		return;
	r->lma = lma_new(&r->lma_settings);
	NEED(r->lma != NULL);
}

static void
open_engines(struct rig *r, const struct wish *wish)
{
	set_peers(r, wish);
	open_policy(r, wish);
	open_host(r, wish);
	open_anchor(r, wish);
	if (wish->mag)
		open_gateway(r, wish);
}

/* A table with one association, which the examples of the methods are about; none in a build without rte_ipsec. */
static void
open_ipsec(struct rig *r)
{
	const struct ipsec_settings s = {
		.device = "crypto_openssl", .associations_max = RIG_ASSOCIATIONS, .secret = secret};
	const struct ipsec_association a = {
		.way = IPSEC_IN, .src = ip6(MAG1), .dst = ip6(NODE), .spi = 8192, .suite = IPSEC_NULL_SHA256};
	const struct ipsec_key key = {.len = 32};
	int error;

	r->ipsec = ipsec_new(&s, &error);
	NEED(r->ipsec != NULL ? ipsec_add(r->ipsec, &a, &key) == 0 : error == -ENOTSUP);
}

static void
open_ctl(struct rig *r, const struct wish *wish)
{
	static unsigned int serial;
	struct ctl_settings s = {
		.name = "rig",
		.version = "1",
		.fwd = r->fwd,
		.path = r->path,
		.workers = 1,
		.wake_fd = r->wake_fd,
		.port_count = PORTS,
		.ports = r->port,
		.lma = r->lma,
		.lma_address = ip6(NODE),
		.lma_sessions = sessions_of(wish),
		.pool_count = 1,
		.pools = &r->prefix_pool,
		.flow_policy_count = wish->flow_policy ? 1 : 0,
		.flow_policies = &flow_policy,
		.mag = r->mag,
		.mag_address = ip6(wish->mag_address != NULL ? wish->mag_address : NODE),
		.mag_anchor = r->mag_settings.lma,
		.mag_sessions = sessions_of(wish),
		.access = r->access,
		.host = r->host,
		.ipsec = r->ipsec,
		.policy = r->policy,
		.peer_count = UNIT_COUNT(r->peers),
		.peers = r->peers,
		.neighbours = NEIGHBOURS,
		.tunnels = TUNNELS,
		.tunnel_limit = wish->tunnel_limit != 0 ? wish->tunnel_limit : TUN_LIMIT_NONE,
		.tunnel_dscp = wish->tunnel_dscp != 0 ? wish->tunnel_dscp : TUN_DSCP_COPY,
		.timers = timers_of(wish),
		.route_count = wish->no_default ? 0 : 1,
		.routes = &r->route,
		.secret = secret,
		.local_routing = wish->local_routing,
		.socket_mode = 0600,
		.socket_group = "",
		.read_only_mode = 0600,
		.requests_per_s = 1000000,
		.socket_clients = 40,
		.history = RIG_HISTORY,
		.drop_rate = 100,
		.config = source_config(&r->source, r),
		.clock = read_clock,
		.clock_user = r,
	};

	r->route = (struct ctl_route){.prefix = prefix("2000::/3"), .via = ip6(ROUTER), .port = CORE};
	snprintf(r->socket, sizeof(r->socket), "/tmp/unit_ctl_%d_%u.sock", (int)getpid(), serial);
	snprintf(r->look, sizeof(r->look), "/tmp/unit_ctl_%d_%u.look", (int)getpid(), serial++);
	s.socket_path = strdup(r->socket);
	s.read_only_path = strdup(r->look);
	r->ctl = ctl_new(&s);
	/* As the configuration goes that they stood in. */
	memset((char *)(uintptr_t)s.socket_path, '?', strlen(r->socket));
	memset((char *)(uintptr_t)s.read_only_path, '?', strlen(r->look));
	free((char *)(uintptr_t)s.socket_path);
	free((char *)(uintptr_t)s.read_only_path);
	NEED(r->ctl != NULL);
	source_reset(&r->source);
}

void
rig_open(struct rig *r, const struct wish *wish)
{
	static unsigned int serial;
	const uint16_t mtu = wish->mtu != 0 ? wish->mtu : 1500;
	char name[16];

	memset(r, 0, sizeof(*r));
	r->now = (struct clock_now){.mono_ms = 1000, .wall = (uint64_t)1700000000 << 16};
	r->mute = wish->mute;
	r->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	snprintf(name, sizeof(name), "pool%u", serial++);
	r->pool = path_pool_new(name, POOL_SIZE, RTE_MAX(ROOM, mtu + ROOM_MORE), SOCKET_ID_ANY);
	NEED(r->wake_fd >= 0 && r->pool != NULL);
	open_port(r, CORE, wish->core_vlan, mtu);
	open_port(r, ACCESS, wish->access_vlan, mtu);
	r->port[CORE].address_count = 2;
	r->port[CORE].address[0] = (struct host_address){ip6(NODE), 64};
	r->port[CORE].address[1] = (struct host_address){ip6(NODE2), 128};
	open_path(r, wish);
	open_engines(r, wish);
	if (wish->esp)
		open_ipsec(r);
	open_ctl(r, wish);
	rig_run(r);
	if (wish->not_ready)
		return;
	rig_wait(r, 3000); /* duplicate address detection, and the router if it answers */
	CU_ASSERT_FATAL(r->ctl->ready);
	rig_forget(r);
}

static void
check_balance(struct rig *r)
{
	struct stat_balance b;

	stat_balance_get(path_stats(r->path, 0), &b);
	CU_ASSERT_EQUAL(stat_balance_missing(&b), 0);
}

void
rig_close(struct rig *r)
{
	rig_run(r);
	check_balance(r);
	if (r->lma != NULL)
		CU_ASSERT_EQUAL(lma_refused_transitions(r->lma), 0);
	if (r->mag != NULL)
		CU_ASSERT_EQUAL(mag_transitions_refused(r->mag), 0);
	CU_ASSERT(r->ctl->depth == 0 && r->ctl->access_depth == 0 && r->ctl->host_depth == 0);
	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++)
		unlink(r->ctl->traces->trace[i].wish.file); /* that a method's example began */
	ctl_free(r->ctl);
	ipsec_free(r->ipsec);
	CU_ASSERT(access(r->socket, F_OK) != 0);
	lma_free(r->lma);
	mag_free(r->mag);
	access_free(r->access);
	host_free(r->host);
	policy_free(r->policy);
	fwd_worker_offline(r->fwd, 0);
	path_free(r->path);
	fwd_free(r->fwd);
	CU_ASSERT_EQUAL(rte_mempool_avail_count(r->pool), POOL_SIZE);
	for (int i = 0; i < PORTS; i++) {
		path_port_close(r->path_port[i]);
		rte_ring_free(r->rx[i]);
		rte_ring_free(r->tx[i]);
	}
	rte_mempool_free(r->pool);
	close(r->wake_fd);
}
