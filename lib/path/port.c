/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports: EAL's devices as this program wants them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include "port_private.h"
#include "stage.h"

#define PORT_MTU_MAX 9600
#define POOL_CACHE   256

struct rte_mempool *
path_pool_new(const char *name, unsigned int count, uint16_t data_room, int socket)
{
	unsigned int cache = count / 4 < POOL_CACHE ? count / 4 : POOL_CACHE;

	return rte_pktmbuf_pool_create(name, count, cache, sizeof(struct packet_area), data_room + RTE_PKTMBUF_HEADROOM,
				       socket);
}

static bool
settings_fit(const struct path_port_settings *s)
{
	return s->name != NULL && strlen(s->name) < PATH_PORT_NAME && s->device != NULL &&
	       strlen(s->device) < sizeof(((struct path_port *)0)->device) && s->id < PATH_PORT_MAX &&
	       s->role < PATH_ROLE_COUNT && s->mtu >= WIRE_IP6_MTU_MIN && s->mtu <= PORT_MTU_MAX &&
	       s->vlan < WIRE_VLAN_ID && s->rx_queues <= PATH_PORT_QUEUES && s->tx_queues <= PATH_PORT_QUEUES &&
	       s->workers <= PATH_WORKER_MAX && (s->workers > 0 || (s->rx_queues > 0 && s->tx_queues > 0)) &&
	       s->rss_key_len <= sizeof(s->rss_key) && s->pool != NULL &&
	       rte_pktmbuf_priv_size(s->pool) >= sizeof(struct packet_area);
}

/* Without being told how many. */
static uint16_t
usual_queues(const struct path_port *p, unsigned int workers, uint16_t most)
{
	unsigned int n = RTE_MIN(RTE_MIN(workers, most), (unsigned int)PATH_PORT_QUEUES);

	if (p->driver->queues != 0)
		n = RTE_MIN(n, p->driver->queues);
	if (p->driver->flags & PATH_DRIVER_POWER2)
		n = rte_align32prevpow2(n);
	return (uint16_t)RTE_MAX(n, 1u);
}

/*
 * Drivers size their receive queues by the MTU that they are configured with. One that says that it takes no frames of
 * this length would refuse all, though a kernel interface may carry them: it is told the most that it says.
 */
static uint32_t
device_mtu(uint16_t mtu, const struct rte_eth_dev_info *info)
{
	uint32_t longest = info->max_rx_pktlen - (RTE_ETHER_HDR_LEN + RTE_ETHER_CRC_LEN);

	return RTE_MIN((uint32_t)mtu, RTE_MIN((uint32_t)info->max_mtu, longest));
}

/*
 * Who is not told how many gets the usual number. A kernel interface has a socket for each queue of the device, and
 * fills them all: what none polls is lost, so each is polled, by however few workers.
 */
static uint16_t
receive_queues(const struct path_port *p, const struct rte_eth_dev_info *info)
{
	const struct path_port_settings *s = &p->settings;
	unsigned int pollers = (unsigned int)__builtin_popcountll(path_worker_set(s, s->workers));

	if (p->driver->flags & PATH_DRIVER_KERNEL)
		return (uint16_t)RTE_MAX(s->rx_queues, RTE_MIN(info->max_rx_queues, PATH_PORT_QUEUES));
	return s->rx_queues != 0 ? s->rx_queues : usual_queues(p, pollers, info->max_rx_queues);
}

static int
port_configure(struct path_port *p, const struct rte_eth_dev_info *info)
{
	struct path_port_settings *s = &p->settings;
	struct rte_eth_conf conf = {.rxmode.mtu = device_mtu(s->mtu, info)};
	int error;

	s->rx_queues = receive_queues(p, info);
	if (s->tx_queues == 0)
		s->tx_queues = p->driver->flags & PATH_DRIVER_PAIRED ? s->rx_queues
								     : usual_queues(p, s->workers, info->max_tx_queues);
	if (s->rx_queues > info->max_rx_queues || s->tx_queues > info->max_tx_queues)
		return -ENOTSUP;
	error = path_port_rss_plan(p, info, &conf);
	return error != 0 ? error : rte_eth_dev_configure(p->eth_id, s->rx_queues, s->tx_queues, &conf);
}

static int
port_set_queues(const struct path_port *p)
{
	const struct path_port_settings *s = &p->settings;
	uint16_t rx = s->descriptors, tx = s->descriptors;
	int socket = rte_eth_dev_socket_id(p->eth_id);
	int error;

	if (s->descriptors == 0) { /* 0 asks the driver for its own number */
		struct rte_eth_dev_info info;

		error = rte_eth_dev_info_get(p->eth_id, &info);
		if (error != 0)
			return error;
		rx = info.default_rxportconf.ring_size != 0 ? info.default_rxportconf.ring_size : 512;
		tx = info.default_txportconf.ring_size != 0 ? info.default_txportconf.ring_size : 512;
	}
	error = rte_eth_dev_adjust_nb_rx_tx_desc(p->eth_id, &rx, &tx);
	for (uint16_t q = 0; error == 0 && q < s->rx_queues; q++)
		error = rte_eth_rx_queue_setup(p->eth_id, q, rx, socket, NULL, s->pool);
	for (uint16_t q = 0; error == 0 && q < s->tx_queues; q++)
		error = rte_eth_tx_queue_setup(p->eth_id, q, tx, socket, NULL);
	return error;
}

/*
 * Own MAC, groups and MTU, as far as the device goes along: workers check the destination MAC of every frame and the
 * length of every packet themselves.
 */
static void
port_set_filter(struct path_port *p)
{
	const struct addr_mac *wanted = &p->settings.mac;
	bool heard = !(p->driver->flags & PATH_DRIVER_KERNEL);
	struct rte_ether_addr mac = {0};

	rte_eth_macaddr_get(p->eth_id, &mac);
	if (!addr_mac_equal(wanted, &(struct addr_mac){0}) && memcmp(&mac, wanted, sizeof(mac)) != 0) {
		memcpy(&mac, wanted, sizeof(mac));
		if (rte_eth_dev_default_mac_addr_set(p->eth_id, &mac) != 0)
			heard = false;
	}
	memcpy(&p->mac, &mac, sizeof(p->mac));
	if (rte_eth_allmulticast_enable(p->eth_id) != 0)
		heard = false;
	p->promiscuous = !heard && rte_eth_promiscuous_enable(p->eth_id) == 0;
	rte_eth_dev_set_mtu(p->eth_id, p->settings.mtu);
}

static int
port_set_up(struct path_port *p)
{
	struct rte_eth_dev_info info;
	int error = rte_eth_dev_info_get(p->eth_id, &info);

	if (error == 0) {
		p->driver = path_driver_of(info.driver_name);
		error = port_configure(p, &info);
	}
	if (error == 0)
		error = port_set_queues(p);
	if (error == 0)
		port_set_filter(p);
	return error;
}

int
path_port_open(const struct path_port_settings *s, struct path_port **out)
{
	struct path_port *p;
	int error;

	if (!settings_fit(s))
		return -EINVAL;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return -ENOMEM;
	p->settings = *s;
	snprintf(p->name, sizeof(p->name), "%s", s->name);
	snprintf(p->device, sizeof(p->device), "%s", s->device);
	p->settings.name = p->name;
	p->settings.device = p->device;
	error = rte_eth_dev_get_port_by_name(p->device, &p->eth_id) == 0 ? port_set_up(p) : -ENODEV;
	if (error != 0) {
		free(p);
		return error;
	}
	*out = p;
	return 0;
}

int
path_port_socket(const char *device)
{
	uint16_t id;

	return rte_eth_dev_get_port_by_name(device, &id) == 0 ? rte_eth_dev_socket_id(id) : -1;
}

int
path_port_start(struct path_port *p)
{
	int error = p->started ? 0 : rte_eth_dev_start(p->eth_id);

	if (error == 0 && !p->started)
		path_port_rss_start(p);
	if (error == 0)
		p->started = true;
	return error;
}

void
path_port_stop(struct path_port *p)
{
	if (p->started)
		rte_eth_dev_stop(p->eth_id);
	p->started = false;
}

void
path_port_close(struct path_port *p)
{
	if (p == NULL)
		return;
	path_port_stop(p);
	rte_eth_dev_close(p->eth_id);
	free(p);
}

void
path_port_info_get(const struct path_port *p, struct path_port_info *out)
{
	struct rte_eth_dev_info info;
	struct rte_eth_link link;

	*out = (struct path_port_info){
		.name = p->name,
		.device = p->device,
		.driver = "",
		.id = p->settings.id,
		.eth_id = p->eth_id,
		.role = p->settings.role,
		.mtu = p->settings.mtu,
		.vlan = p->settings.vlan,
		.mac = p->mac,
		.started = p->started,
		.promiscuous = p->promiscuous,
		.rx_queues = p->settings.rx_queues,
		.tx_queues = p->settings.tx_queues,
		.socket = rte_eth_dev_socket_id(p->eth_id),
		.spread = p->settings.spread,
		.rss_types = p->rss_types,
		.rss_key = p->rss_key,
		.rss_key_len = p->rss_key_len,
		.rss_key_set = p->rss_key_set,
		.rss_inner = p->rss_inner,
	};
	if (rte_eth_dev_info_get(p->eth_id, &info) == 0)
		out->driver = info.driver_name;
	if (rte_eth_link_get_nowait(p->eth_id, &link) == 0) {
		out->link_up = link.link_status == RTE_ETH_LINK_UP;
		out->speed_mbps = link.link_speed == RTE_ETH_SPEED_NUM_UNKNOWN ? 0 : link.link_speed;
	}
}

int
path_port_stats_get(const struct path_port *p, struct path_port_stats *out)
{
	struct rte_eth_stats s;
	int error = rte_eth_stats_get(p->eth_id, &s);

	if (error != 0)
		return error;
	*out = (struct path_port_stats){
		.rx_packets = s.ipackets,
		.rx_bytes = s.ibytes,
		.rx_missed = s.imissed,
		.rx_errors = s.ierrors,
		.rx_no_mbuf = s.rx_nombuf,
		.tx_packets = s.opackets,
		.tx_bytes = s.obytes,
		.tx_errors = s.oerrors,
	};
	return 0;
}

unsigned int
path_port_xstats_get(const struct path_port *p, struct path_port_xstat *out, unsigned int size)
{
	struct rte_eth_xstat_name *name = calloc(size, sizeof(*name));
	struct rte_eth_xstat *value = calloc(size, sizeof(*value));
	int named = 0, valued = 0;

	if (name != NULL && value != NULL) {
		named = rte_eth_xstats_get_names(p->eth_id, name, size);
		valued = rte_eth_xstats_get(p->eth_id, value, size);
	}
	/* More than size of them: not one was given. */
	if (named != valued || named < 0 || (unsigned int)named > size)
		named = 0;
	for (int i = 0; i < named; i++) {
		snprintf(out[i].name, sizeof(out[i].name), "%s", name[value[i].id].name);
		out[i].value = value[i].value;
	}
	free(name);
	free(value);
	return (unsigned int)named;
}
