/* SPDX-License-Identifier: BSD-3-Clause */
/* Who polls which queue, how devices are told to spread, and how evenly they did. */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include <rte_dev.h>
#include <rte_ethdev.h>

#include "world.h"

#define LEN 60

static unsigned int
poller(const struct world *w, int port, uint16_t queue)
{
	struct path_queue_counts counts;

	CU_ASSERT_FATAL(path_queue_counts_get(w->path, port, queue, &counts));
	return counts.worker;
}

/* Ports of one queue each go round; a third worker has none and sends by the others. */
static void
few_queues(void)
{
	const struct wish wish = {.workers = 3};
	struct path_queue_counts counts;
	struct rte_mbuf *m;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	CU_ASSERT_EQUAL(poller(&w, CORE, 0), 0);
	CU_ASSERT_EQUAL(poller(&w, ACCESS, 0), 1);
	CU_ASSERT_FALSE(path_queue_counts_get(w.path, CORE, 1, &counts));
	CU_ASSERT_FALSE(path_queue_counts_get(w.path, PATH_PORT_MAX, 0, &counts));
	frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN);
	m = world_mbuf(&w, &f);
	path_meta(m)->port = CORE;
	CU_ASSERT_EQUAL(world_inject(&w, 2, m, PATH_INJECT_FRAME), 1);
	CU_ASSERT_EQUAL(path_worker_poll(path_worker_of(w.path, 2)), 1);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 0);
	CU_ASSERT_EQUAL(path_worker_poll(w.worker), 1);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 1);
	path_queue_counts_get(w.path, CORE, 0, &counts);
	CU_ASSERT(counts.tx_packets == 1 && counts.worker == 0);
	world_close(&w);
}

/* A port's queues are dealt to the workers that it names, and those of others to who has fewest. */
static void
named_workers(void)
{
	const struct wish wish = {.workers = 2, .two_queues = true, .worker_set = 2};
	struct world w;

	world_open(&w, &wish);
	CU_ASSERT_EQUAL(poller(&w, CORE, 0), 1);
	CU_ASSERT_EQUAL(poller(&w, CORE, 1), 1);
	CU_ASSERT_EQUAL(poller(&w, ACCESS, 0), 0);
	CU_ASSERT_EQUAL(poller(&w, ACCESS, 1), 0);
	world_close(&w);
}

/* As many as there may be, each of which polls a queue and so has a ring to each of the others. */
static void
all_to_all(void)
{
	const struct wish wish = {.workers = PATH_WORKER_MAX};
	struct path_port_settings s = {
		.name = "null", .device = "net_null_all", .mtu = 1500, .workers = PATH_WORKER_MAX, .spread = true};
	struct path_port *port;
	struct path *p;
	struct world w;

	world_open(&w, &wish);
	s.pool = w.pool;
	CU_ASSERT_EQUAL_FATAL(rte_eal_hotplug_add("vdev", s.device, ""), 0);
	CU_ASSERT_EQUAL_FATAL(path_port_open(&s, &port), 0);
	p = path_new(&(struct path_settings){.fwd = w.fwd,
					     .ports = &port,
					     .port_count = 1,
					     .workers = PATH_WORKER_MAX,
					     .pool = w.pool,
					     .node = PATH_ANCHOR,
					     .punt_ring = 1,
					     .inject_ring = 1,
					     .spread_ring = 1,
					     .wake_fd = -1,
					     .socket = -1});
	CU_ASSERT_PTR_NOT_NULL(p);
	path_free(p);
	path_port_close(port);
	world_close(&w);
}

static void
imbalance(void)
{
	const struct wish wish = {.two_queues = true};
	struct path_share share;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	CU_ASSERT(path_port_imbalance(w.path, CORE) == 0);
	frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN);
	for (unsigned int i = 0; i < 3; i++)
		world_feed(&w, CORE, &f);
	world_run(&w);
	CU_ASSERT(path_port_imbalance(w.path, CORE) == 2);
	CU_ASSERT(rte_ring_enqueue(w.rx2[CORE], world_mbuf(&w, &f)) == 0);
	world_run(&w);
	CU_ASSERT(path_port_imbalance(w.path, CORE) == 1.5);
	CU_ASSERT(path_port_share_get(w.path, CORE, 1, &share) && share.worker == 0 && share.packets == 1);
	CU_ASSERT_FALSE(path_port_share_get(w.path, CORE, 2, &share));
	CU_ASSERT_FALSE(path_port_share_get(w.path, PATH_PORT_MAX, 0, &share));
	CU_ASSERT(path_port_imbalance(w.path, ACCESS) == 0);
	world_close(&w);
}

/* A device with more queues than anybody wants, and a hash of which the key can be read. */
static void
hashing(void)
{
	struct path_port_settings s = {.name = "null", .role = PATH_CORE, .mtu = 1500, .workers = 3};
	uint8_t key[PATH_RSS_KEY];
	struct rte_eth_rss_conf now = {.rss_key = key, .rss_key_len = sizeof(key)};
	struct path_port_info info;
	struct path_port *p;
	struct world w;

	world_open(&w, NULL);
	s.pool = w.pool;
	for (unsigned int given = 0; given < 2; given++) {
		for (unsigned int i = 0; given == 1 && i < PATH_RSS_KEY; i++)
			s.rss_key[i] = (uint8_t)(i + 1);
		s.rss_key_len = given == 1 ? PATH_RSS_KEY : 0;
		s.device = given == 0 ? "net_null_usual" : "net_null_given";
		CU_ASSERT_EQUAL_FATAL(rte_eal_hotplug_add("vdev", s.device, ""), 0);
		CU_ASSERT_EQUAL_FATAL(path_port_open(&s, &p), 0);
		CU_ASSERT_EQUAL_FATAL(path_port_start(p), 0);
		path_port_info_get(p, &info);
		CU_ASSERT(info.rx_queues == 3 && info.tx_queues == 3 && info.rss_key_set && !info.rss_inner);
		CU_ASSERT(info.rss_key_len == 40 && info.rss_key[0] == (given == 1 ? 1 : 0x6d));
		CU_ASSERT_STRING_EQUAL(path_rss_type(info.rss_types, 0), "ipv6");
		CU_ASSERT_EQUAL(rte_eth_dev_rss_hash_conf_get(info.eth_id, &now), 0);
		CU_ASSERT_EQUAL(now.rss_hf, info.rss_types);
		CU_ASSERT(key[0] == (given == 1 ? 1 : 0x6d) && key[39] == (given == 1 ? 40 : 0x5a));
		path_port_close(p);
	}
	s.device = "net_null_short";
	CU_ASSERT_EQUAL_FATAL(rte_eal_hotplug_add("vdev", s.device, ""), 0);
	s.rss_key_len = 16; /* it takes 40 bytes */
	CU_ASSERT_EQUAL(path_port_open(&s, &p), -EDOM);
	s.workers = 1; /* one queue: there is nothing to hash */
	CU_ASSERT_EQUAL_FATAL(path_port_open(&s, &p), 0);
	path_port_info_get(p, &info);
	CU_ASSERT(info.rx_queues == 1 && info.rss_types == 0 && info.rss_key_len == 0 &&
		  path_rss_type(info.rss_types, 0) == NULL);
	path_port_close(p);
	s.workers = 0;
	CU_ASSERT_EQUAL(path_port_open(&s, &p), -EINVAL);
	world_close(&w);
}

/* A device is configured for the frames of its MTU, or for the longest that it says it takes, and serves all the same.
 */
static void
long_frames(void)
{
	static const struct {
		const char *device, *arguments;
		uint16_t mtu;
	} rows[] = {
		{"net_ring_long", "", 9000},
		{"net_memif_long", "role=client,socket=kedge-long", 1500}, /* 1518 octets, in DPDK 22.11 */
	};
	struct path_port_settings s = {.name = "long", .role = PATH_CORE, .mtu = 9000, .workers = 1};
	struct path_port_info info;
	struct path_port *p;
	struct world w;
	uint16_t mtu;

	world_open(&w, NULL);
	s.pool = w.pool;
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		s.device = rows[i].device;
		CU_ASSERT_EQUAL_FATAL(rte_eal_hotplug_add("vdev", s.device, rows[i].arguments), 0);
		CU_ASSERT_EQUAL_FATAL(path_port_open(&s, &p), 0);
		path_port_info_get(p, &info);
		CU_ASSERT_EQUAL(rte_eth_dev_get_mtu(info.eth_id, &mtu), 0);
		CU_ASSERT_EQUAL(mtu, rows[i].mtu);
		CU_ASSERT_EQUAL(info.mtu, 9000);
		path_port_close(p);
	}
	world_close(&w);
}

/* The kernel fills the sockets of all queues that the device was made with. Who may make no network cannot try it. */
static void
kernel_queues(void)
{
	static const char *const devices[] = {"net_af_packet_a", "net_af_packet_b", "net_af_packet_c",
					      "net_af_packet_d"};
	static const uint16_t told[] = {0, 1, 4, 5};
	struct path_port_settings s = {.name = "lo", .mtu = 1500, .workers = 2};
	struct path_port_info info;
	struct path_port *p;
	struct world w;

	if (unshare(CLONE_NEWNET) != 0)
		return;
	world_open(&w, NULL);
	s.pool = w.pool;
	for (unsigned int i = 0; i < UNIT_COUNT(devices); i++) {
		s.device = devices[i];
		s.rx_queues = told[i];
		CU_ASSERT_EQUAL_FATAL(rte_eal_hotplug_add("vdev", s.device, "iface=lo,qpairs=4"), 0);
		if (told[i] > 4) {
			CU_ASSERT_EQUAL(path_port_open(&s, &p), -ENOTSUP);
			CU_ASSERT_EQUAL(rte_eal_hotplug_remove("vdev", s.device), 0);
			continue;
		}
		CU_ASSERT_EQUAL_FATAL(path_port_open(&s, &p), 0);
		path_port_info_get(p, &info);
		CU_ASSERT(info.rx_queues == 4 && info.tx_queues == 2);
		path_port_close(p);
	}
	world_close(&w);
}

static void
drivers(void)
{
	const struct path_driver *d;
	unsigned int rows = 0;

	CU_ASSERT_EQUAL(path_driver_of("mlx5_pci")->tunnels, PATH_TUNNELS_FLOW);
	CU_ASSERT_EQUAL(path_driver_of("net_memif")->queues, 1);
	CU_ASSERT_EQUAL(path_driver_of("net_af_xdp")->flags, PATH_DRIVER_KERNEL | PATH_DRIVER_PAIRED);
	CU_ASSERT_STRING_EQUAL(path_driver_of("net_virtio_user")->name, "net_virtio_user");
	CU_ASSERT_STRING_EQUAL(path_driver_of("net_virtio")->name, "net_virtio");
	CU_ASSERT_STRING_EQUAL(path_driver_of("net_of_tomorrow")->name, "");
	for (; (d = path_driver_row(rows)) != NULL; rows++) {
		CU_ASSERT_PTR_EQUAL(path_driver_of(d->name), d); /* no row hides one behind it */
		CU_ASSERT(d->help[0] != '\0' && path_tunnels_name(d->tunnels)[0] != '\0');
	}
	CU_ASSERT(rows > 10);
}

const struct unit_case queues_cases[] = {
	{"queues go round the workers, and who has none to send by sends by another worker", few_queues},
	{"a port's queues are dealt to the workers that it names", named_workers},
	{"as many workers as there may be have rings to each other", all_to_all},
	{"the imbalance is the greatest share over the mean", imbalance},
	{"a device with several queues is told what to hash, and by which key", hashing},
	{"a device is configured for the frames of its MTU, as far as it says that it takes them", long_frames},
	{"all queues of a kernel interface are polled, by however few workers", kernel_queues},
	{"each driver has its row", drivers},
};
const unsigned int queues_case_count = UNIT_COUNT(queues_cases);
