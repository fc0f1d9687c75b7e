/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Ports: one Ethernet device each, opened by its EAL name and set up for the workers.
 *
 *	struct path_port *core;
 *	int error = path_port_open(&(struct path_port_settings){
 *		.name = "core0", .device = "net_af_packet0", .id = 0, .role = PATH_CORE, .mtu = 1500,
 *		.rx_queues = 1, .tx_queues = workers, .pool = pool}, &core);
 *	...path_new()...
 *	path_port_start(core);
 *
 * The id is this program's own and small: adjacencies, session lines and host keys name a port by it.
 * All functions are for the control lcore. Errors are negative errno values.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_mempool.h>

#include "base/addr.h"

#define PATH_PORT_MAX	 16 /* ids are 0..PATH_PORT_MAX-1 */
#define PATH_PORT_NAME	 32 /* bytes of a port's name, NUL included */
#define PATH_PORT_QUEUES 64 /* greatest number of queues in one direction */
#define PATH_PORT_LINKS	 7  /* on-link prefixes of one port */
#define PATH_RSS_KEY	 64 /* bytes of the longest key of receive side scaling */

/* What is on the other side of a port. */
enum path_role {
	PATH_CORE,   /* routers, other nodes, tunnels */
	PATH_ACCESS, /* mobile nodes, told apart by MAC and VLAN */
	PATH_ROLE_COUNT
};

struct path_port_settings {
	const char *name;   /* the operator's */
	const char *device; /* EAL's: "net_af_packet0", "0000:03:00.0" */
	uint16_t id;
	enum path_role role;
	uint16_t mtu;	     /* greatest IPv6 packet; 1280.. */
	uint16_t vlan;	     /* the one VLAN of this port; 0: untagged frames alone */
	uint16_t rx_queues;  /* 0: as many as there are workers, as far as driver.def and the device go. At least all
			      * that a kernel interface has */
	uint16_t tx_queues;  /* 0: the same; workers without one send by another worker */
	uint16_t workers;    /* how many there will be, where one of these is 0 */
	uint64_t worker_set; /* those that poll its queues, a bit each; 0: all */
	bool spread;	     /* they share its frames, a flow each, however many queues it has */
	/* Of the hash by which the device spreads over its queues, so many bytes as it takes of it; 0 bytes: a usual
	 * one. */
	uint8_t rss_key[PATH_RSS_KEY], rss_key_len;
	uint16_t descriptors;	  /* of each queue; 0: the driver's default */
	struct rte_mempool *pool; /* of path_pool_new() */
	/*
	 * The port's own MAC in place of the device's; zero: the device's. A device that cannot take it is made
	 * promiscuous, and frames go out with it as their source all the same.
	 */
	struct addr_mac mac;
	struct addr6 address; /* source of ICMPv6 errors about packets that came in here; zero: another port's */
	/* Of a core port: whose addresses are its neighbours'. */
	struct addr_prefix link[PATH_PORT_LINKS];
	uint8_t link_count;
};

/* What driver.def knows of a driver. */
enum path_tunnels { PATH_TUNNELS_UNKNOWN, PATH_TUNNELS_FLOW, PATH_TUNNELS_KERNEL, PATH_TUNNELS_NONE };
enum path_driver_flag {
	/* A kernel interface, which hands over frames for its own address unless promiscuous, in all its queues. */
	PATH_DRIVER_KERNEL = 1,
	PATH_DRIVER_PAIRED = 2, /* as many send as receive queues */
	PATH_DRIVER_POWER2 = 4, /* a power of two of receive queues */
};
struct path_driver {
	const char *name; /* what its name begins with */
	uint16_t queues;  /* the most without being told; 0: any */
	enum path_tunnels tunnels;
	unsigned int flags; /* enum path_driver_flag */
	const char *help;
};
/* Never NULL; pure, as are those that follow. */
const struct path_driver *path_driver_of(const char *name);
/* All of them, in order; NULL behind the last. */
const struct path_driver *path_driver_row(unsigned int i);
const char *path_tunnels_name(enum path_tunnels t);

struct path_port;

struct path_port_info {
	const char *name;
	const char *device;
	const char *driver;
	uint16_t id;
	uint16_t eth_id; /* DPDK's number */
	enum path_role role;
	uint16_t mtu;
	uint16_t vlan;
	struct addr_mac mac; /* the one in use */
	bool started;
	bool link_up;	     /* as the driver says; af_packet and af_xdp always say up */
	uint32_t speed_mbps; /* 0: unknown */
	bool promiscuous;
	uint16_t rx_queues, tx_queues;
	int socket;		/* NUMA node, -1: not known */
	bool spread;		/* over workers, by them */
	uint64_t rss_types;	/* that the device hashes, for path_rss_type(); 0: none */
	const uint8_t *rss_key; /* of rss_key_len bytes, of the port; what it was told */
	uint8_t rss_key_len;
	bool rss_key_set; /* it took the key */
	bool rss_inner;	  /* it hashes the inner packets of tunnels */
};

/* The i-th hash type in a mask, "ipv6-tcp"; NULL behind the last. Pure. */
const char *path_rss_type(uint64_t mask, unsigned int i);

/* What the device itself counted. */
struct path_port_stats {
	uint64_t rx_packets, rx_bytes, rx_missed, rx_errors, rx_no_mbuf;
	uint64_t tx_packets, tx_bytes, tx_errors;
};

/*
 * A pool of mbufs for ports and workers: room for struct path_meta in each, data_room bytes behind the headroom.
 * NULL with rte_errno set.
 */
struct rte_mempool *path_pool_new(const char *name, unsigned int count, uint16_t data_room, int socket);

/*
 * Configure the device and its queues. -ENODEV: EAL made no such device (it starts in spite of that); -EINVAL: a
 * setting is out of range; -ENOTSUP: the device has not that many queues; -EDOM: it takes a longer key; others are the
 * driver's.
 */
int path_port_open(const struct path_port_settings *s, struct path_port **out);
/* The NUMA node of a device, or -1: any, or there is no such device. */
int path_port_socket(const char *device);
int path_port_start(struct path_port *p);
void path_port_stop(struct path_port *p);
/* Stop and close the device. Workers have stopped. NULL is allowed. */
void path_port_close(struct path_port *p);

void path_port_info_get(const struct path_port *p, struct path_port_info *out);
/* All that the driver counts, up to size of it: how many. */
#define PATH_PORT_XSTATS     512
#define PATH_PORT_XSTAT_NAME 64 /* bytes, NUL included */
struct path_port_xstat {
	char name[PATH_PORT_XSTAT_NAME];
	uint64_t value;
};
unsigned int path_port_xstats_get(const struct path_port *p, struct path_port_xstat *out, unsigned int size);
/* 0 or the driver's error. */
int path_port_stats_get(const struct path_port *p, struct path_port_stats *out);
