/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports, paths and workers: what fits together, who polls which queue, when the loop sleeps and ends. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <rte_errno.h>

#include "world.h"

#define LEN 60

static void
one_worker_all_queues(void)
{
	const struct wish wish = {.two_queues = true};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN);
	CU_ASSERT(rte_ring_enqueue(w.rx2[CORE], world_mbuf(&w, &f)) == 0);
	world_feed(&w, CORE, &f);
	CU_ASSERT_EQUAL(path_worker_poll(w.worker), 2);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 2);
	world_close(&w);
}

static void
two_workers(void)
{
	const struct wish wish = {.two_queues = true, .workers = 2};
	struct path_port_counts counts;
	struct path_worker *second;
	struct frame f;
	struct rte_mbuf *m;
	struct world w;

	world_open(&w, &wish);
	second = path_worker_of(w.path, 1);
	frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN);
	CU_ASSERT(rte_ring_enqueue(w.rx2[CORE], world_mbuf(&w, &f)) == 0);
	CU_ASSERT_EQUAL(path_worker_poll(w.worker), 0);
	CU_ASSERT_EQUAL(path_worker_poll(second), 1);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 0);
	CU_ASSERT_FATAL(rte_ring_dequeue(w.tx2[CORE], (void **)&m) == 0);
	path_mbuf_free(m);
	frame_ip6(&f, NODE_CORE, ROUTER, CN, NODE, UDP, 64, LEN);
	CU_ASSERT(rte_ring_enqueue(w.rx2[CORE], world_mbuf(&w, &f)) == 0);
	CU_ASSERT_EQUAL(path_worker_poll(second), 1);
	CU_ASSERT(path_control_sleep(w.path) == false);
	CU_ASSERT_EQUAL(path_punt_dequeue(w.path, 0, PATH_PUNT_OWN, &m, 1), 0);
	CU_ASSERT_EQUAL_FATAL(path_punt_dequeue(w.path, 1, PATH_PUNT_OWN, &m, 1), 1);
	path_mbuf_free(m);
	CU_ASSERT(path_stats(w.path, 0)->counter[STAT_RX_PACKETS] == 0);
	CU_ASSERT(path_stats(w.path, 1)->counter[STAT_RX_PACKETS] == 2);
	path_port_counts_get(w.path, CORE, &counts);
	CU_ASSERT(counts.rx_packets == 2 && counts.tx_packets == 1);
	world_close(&w);
}

static void
worker_loop(void)
{
	const struct wish wish = {.change.idle_sleep_us = 1000};
	struct path_stage_counts stage;
	struct path_turns turns = {0};
	struct path_port_counts counts;
	pthread_t thread;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN));
	CU_ASSERT_FATAL(pthread_create(&thread, NULL, world_worker, w.worker) == 0);
	for (unsigned int i = 0; i < 5000 && turns.sleeps < 3; i++) {
		usleep(1000);
		path_turns_get(w.path, 0, &turns);
		path_port_counts_get(w.path, CORE, &counts);
		path_stage_counts_get(w.path, 0, 0, &stage);
	}
	CU_ASSERT(turns.sleeps >= 3 && turns.idle >= 3 && turns.turns > turns.idle);
	CU_ASSERT(counts.rx_packets == 1 && counts.tx_packets == 1 && stage.packets == 0);
	CU_ASSERT_EQUAL(world_sent(&w, CORE), 1);
	path_stop(w.path);
	CU_ASSERT(pthread_join(thread, NULL) == 0);
	fwd_worker_online(w.fwd, 0);
	world_close(&w);
}

static void
ports(void)
{
	struct path_port_settings s = {
		.name = "p", .device = "net_ring_none", .role = PATH_CORE, .mtu = 1500, .rx_queues = 1, .tx_queues = 1};
	struct path_port_info info;
	struct path_port_stats stats;
	struct path_port *p = NULL;
	struct world w;

	world_open(&w, NULL);
	s.pool = w.pool;
	CU_ASSERT_EQUAL(path_port_open(&s, &p), -ENODEV);
	s.mtu = 1279;
	CU_ASSERT_EQUAL(path_port_open(&s, &p), -EINVAL);
	s.mtu = 1500;
	s.id = PATH_PORT_MAX;
	CU_ASSERT_EQUAL(path_port_open(&s, &p), -EINVAL);
	path_port_info_get(w.port[ACCESS], &info);
	CU_ASSERT(info.id == ACCESS && info.role == PATH_ACCESS && info.mtu == 1500 && info.started && info.link_up);
	CU_ASSERT(addr_mac_equal(&info.mac, station(NODE_ACCESS)) && strcmp(info.driver, "net_ring") == 0);
	s.device = info.device;
	s.id = 2;
	s.rx_queues = 2;
	path_port_stop(w.port[ACCESS]);
	CU_ASSERT_EQUAL(path_port_open(&s, &p), -ENOTSUP);
	CU_ASSERT_EQUAL(path_port_start(w.port[ACCESS]), 0);
	CU_ASSERT(path_port_stats_get(w.port[ACCESS], &stats) == 0 && stats.rx_packets == 0);
	world_close(&w);
}

static void
set_up(void)
{
	struct path_settings s;
	struct world w;

	world_open(&w, NULL);
	s = (struct path_settings){.fwd = w.fwd,
				   .ports = w.port,
				   .port_count = PORTS,
				   .workers = 2,
				   .pool = w.pool,
				   .node = PATH_ANCHOR,
				   .wake_fd = -1,
				   .socket = -1};
	s.workers = 0;
	CU_ASSERT(path_new(&s) == NULL && rte_errno == EINVAL);
	s.workers = PATH_WORKER_MAX + 1;
	CU_ASSERT(path_new(&s) == NULL && rte_errno == EINVAL);
	s.workers = 1;
	s.ports = (struct path_port *[]){w.port[CORE], w.port[CORE]};
	CU_ASSERT(path_new(&s) == NULL && rte_errno == EINVAL);
	s.ports = w.port;
	s.node = 0;
	CU_ASSERT(path_new(&s) == NULL && rte_errno == EINVAL);
	s.node = PATH_ANCHOR;
	s.fwd = NULL;
	CU_ASSERT(path_new(&s) == NULL && rte_errno == EINVAL);
	path_free(NULL);
	path_port_close(NULL);
	world_close(&w);
}

const struct unit_case setup_cases[] = {
	{"one worker polls all queues of a port", one_worker_all_queues},
	{"each of two workers has queues, rings and counts of its own", two_workers},
	{"an idle worker sleeps, and returns when it is asked to", worker_loop},
	{"a port that EAL has not made, or with settings that it cannot have, is an error", ports},
	{"settings that do not fit each other are refused", set_up},
};
const unsigned int setup_case_count = UNIT_COUNT(setup_cases);
