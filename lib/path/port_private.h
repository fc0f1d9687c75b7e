/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "path/port.h"

struct rte_eth_conf;
struct rte_eth_dev_info;

struct path_port {
	struct path_port_settings settings; /* name and device point at the copies below */
	char name[PATH_PORT_NAME];
	char device[64];
	uint16_t eth_id;
	struct addr_mac mac;
	bool started, promiscuous;
	const struct path_driver *driver;
	uint64_t rss_types; /* 0: the device spreads nothing, or not as it is told */
	uint8_t rss_key[PATH_RSS_KEY], rss_key_len;
	bool rss_key_set, rss_inner;
};

/* rss.c. What to configure a device with that has several receive queues; -EDOM: its key has another length. */
int path_port_rss_plan(struct path_port *p, const struct rte_eth_dev_info *info, struct rte_eth_conf *conf);
/* And what can be told to a device that runs alone. */
void path_port_rss_start(struct path_port *p);
