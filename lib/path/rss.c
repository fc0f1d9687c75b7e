/* SPDX-License-Identifier: BSD-3-Clause */
/* How a device spreads frames over its receive queues, as far as one can tell it. */
#include <string.h>

#include <rte_ethdev.h>
#include <rte_flow.h>

#include "port_private.h"
#include "wire.h"

#define KEY_USUAL 40 /* bytes of a key where the device does not say */

static const struct {
	uint64_t bit;
	const char *name;
} types[] = {
	{RTE_ETH_RSS_IPV6, "ipv6"},
	{RTE_ETH_RSS_FRAG_IPV6, "ipv6-fragment"},
	{RTE_ETH_RSS_NONFRAG_IPV6_TCP, "ipv6-tcp"},
	{RTE_ETH_RSS_NONFRAG_IPV6_UDP, "ipv6-udp"},
	{RTE_ETH_RSS_NONFRAG_IPV6_OTHER, "ipv6-other"},
	{RTE_ETH_RSS_IPV6_EX, "ipv6-extension"},
};

/*
 * With 16 bits that repeat, both directions of a flow have the same hash and so the same worker (Woo and Park,
 * "Scalable TCP session monitoring with symmetric receive-side scaling"). As long as the longest key that a device
 * takes.
 */
static void
usual_key(uint8_t *key, uint8_t len)
{
	for (uint8_t i = 0; i < len; i++)
		key[i] = i % 2 == 0 ? 0x6d : 0x5a;
}

static const struct path_driver drivers[] = {
#define DRIVER(name, queues, tunnels, flags, help) {name, queues, PATH_TUNNELS_##tunnels, flags, help},
#include "path/driver.def"
#undef DRIVER
};

const struct path_driver *
path_driver_of(const char *name)
{
	const struct path_driver *d = drivers;

	while (strncmp(name, d->name, strlen(d->name)) != 0)
		d++; /* the last row fits all */
	return d;
}

const struct path_driver *
path_driver_row(unsigned int i)
{
	return i < RTE_DIM(drivers) ? &drivers[i] : NULL;
}

const char *
path_tunnels_name(enum path_tunnels t)
{
	static const char *const names[] = {
		[PATH_TUNNELS_UNKNOWN] = "unknown",
		[PATH_TUNNELS_FLOW] = "flow",
		[PATH_TUNNELS_KERNEL] = "kernel",
		[PATH_TUNNELS_NONE] = "none",
	};

	return names[t];
}

const char *
path_rss_type(uint64_t mask, unsigned int i)
{
	for (unsigned int t = 0; t < RTE_DIM(types); t++)
		if ((mask & types[t].bit) != 0 && i-- == 0)
			return types[t].name;
	return NULL;
}

int
path_port_rss_plan(struct path_port *p, const struct rte_eth_dev_info *info, struct rte_eth_conf *conf)
{
	const struct path_port_settings *s = &p->settings;
	uint8_t len = info->hash_key_size != 0 ? info->hash_key_size : KEY_USUAL;

	for (unsigned int t = 0; t < RTE_DIM(types); t++)
		p->rss_types |= types[t].bit & info->flow_type_rss_offloads;
	if (s->rx_queues < 2 || p->rss_types == 0) {
		p->rss_types = 0;
		return 0;
	}
	if (len > sizeof(p->rss_key) || (s->rss_key_len > 0 && s->rss_key_len < len))
		return -EDOM;
	if (s->rss_key_len > 0)
		memcpy(p->rss_key, s->rss_key, len);
	else
		usual_key(p->rss_key, len);
	p->rss_key_len = len;
	conf->rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	conf->rx_adv_conf.rss_conf =
		(struct rte_eth_rss_conf){.rss_key = p->rss_key, .rss_key_len = len, .rss_hf = p->rss_types};
	return 0;
}

/* Hash IPv6 in IPv6 by the inner packet. A device that does not, goes on as it does without. */
static bool
hash_inner(struct path_port *p)
{
	const struct rte_flow_item_ipv6 outer = {.hdr.proto = WIRE_IP6_IN_IP6}, mask = {.hdr.proto = UINT8_MAX};
	const struct rte_flow_attr ingress = {.ingress = 1};
	const struct rte_flow_item pattern[] = {
		{.type = RTE_FLOW_ITEM_TYPE_ETH},
		{.type = RTE_FLOW_ITEM_TYPE_IPV6, .spec = &outer, .mask = &mask},
		{.type = RTE_FLOW_ITEM_TYPE_IPV6},
		{.type = RTE_FLOW_ITEM_TYPE_END},
	};
	uint16_t queue[PATH_PORT_QUEUES];
	const struct rte_flow_action_rss rss = {
		.func = RTE_ETH_HASH_FUNCTION_DEFAULT,
		.level = 2,
		.types = p->rss_types,
		.key_len = p->rss_key_len,
		.key = p->rss_key,
		.queue_num = p->settings.rx_queues,
		.queue = queue,
	};
	const struct rte_flow_action action[] = {
		{.type = RTE_FLOW_ACTION_TYPE_RSS, .conf = &rss},
		{.type = RTE_FLOW_ACTION_TYPE_END},
	};
	struct rte_flow_error error;

	for (uint16_t q = 0; q < p->settings.rx_queues; q++)
		queue[q] = q;
	return rte_flow_validate(p->eth_id, &ingress, pattern, action, &error) == 0 &&
	       rte_flow_create(p->eth_id, &ingress, pattern, action, &error) != NULL;
}

void
path_port_rss_start(struct path_port *p)
{
	uint8_t key[PATH_RSS_KEY];
	struct rte_eth_rss_conf now = {.rss_key = key, .rss_key_len = p->rss_key_len};
	struct rte_eth_rss_conf want = {.rss_key = p->rss_key, .rss_key_len = p->rss_key_len, .rss_hf = p->rss_types};

	if (p->rss_types == 0)
		return;
	p->rss_inner = p->driver->tunnels == PATH_TUNNELS_FLOW && hash_inner(p);
	/* Some drivers take a key only like this. */
	p->rss_key_set =
		rte_eth_dev_rss_hash_conf_get(p->eth_id, &now) == 0 && memcmp(key, p->rss_key, p->rss_key_len) == 0;
	if (!p->rss_key_set)
		p->rss_key_set = rte_eth_dev_rss_hash_update(p->eth_id, &want) == 0;
	if (rte_eth_dev_rss_hash_conf_get(p->eth_id, &now) == 0)
		p->rss_types = now.rss_hf;
}
