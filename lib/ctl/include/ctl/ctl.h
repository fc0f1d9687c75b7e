/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The control lcore: the only clock, and one file per edge. It turns what comes in (punted packets, requests on the
 * control socket, signals, time) into events for the engines, and the actions that they return into effects. It
 * introduces the rooms to each other and holds no protocol decision.
 *
 *	struct ctl *c = ctl_new(&settings);
 *	ctl_run(c);		until SIGTERM, SIGINT or ctl_stop
 *	ctl_free(c);
 *
 * The rooms are made by the composition root and outlive ctl. All functions are for the control lcore.
 */
#include <stdbool.h>
#include <stdint.h>

#include "access/access.h"
#include "base/addr.h"
#include "base/clock.h"
#include "base/hash.h"
#include "ctl/change.h"
#include "fwd/fwd.h"
#include "host/host.h"
#include "ipsec/ipsec.h"
#include "lma/lma.h"
#include "mag/mag.h"
#include "path/path.h"
#include "policy/policy.h"

#define CTL_ADDRESSES_MAX  (HOST_ADDRESSES_MAX - 1)
#define CTL_AGGREGATES_MAX PMIP_AGGREGATES_MAX /* prefixes of gateways; each takes a route */
#define CTL_KERNEL_IF	   16		       /* bytes of a kernel interface's name, NUL included */

/* A port as the control lcore knows it. */
struct ctl_port {
	struct path_port *port;
	const char *name;
	uint16_t id; /* as in path_port_settings */
	enum path_role role;
	uint16_t vlan;
	uint16_t mtu;
	struct addr_mac mac;	       /* in use */
	char kernel_if[CTL_KERNEL_IF]; /* the kernel interface that it is made of, whose carrier is watched; "": none */
	uint8_t address_count;
	struct host_address address[CTL_ADDRESSES_MAX];
};

/* A configured route: to a prefix by a next hop that is on the link of a port. */
struct ctl_route {
	struct addr_prefix prefix;
	struct addr6 via;
	uint16_t port;
};

/* A configured neighbour. */
struct ctl_neighbour {
	struct addr6 addr;
	uint16_t port;
	struct addr_mac mac;
};
_Static_assert(sizeof(struct ctl_neighbour) == 24, "compared as it is, there is no padding");
/* For qsort: the order in which lists of them are. */
int ctl_neighbour_compare(const void *a, const void *b);

struct ctl_settings {
	const char *name;    /* of the node */
	const char *version; /* of the program */
	struct fwd *fwd;
	struct path *path;
	unsigned int workers;
	int wake_fd; /* the eventfd that path writes to */
	unsigned int port_count;
	const struct ctl_port *ports;

	struct lma *lma; /* NULL: not an anchor */
	struct addr6 lma_address;
	uint32_t lma_sessions; /* greatest number */
	unsigned int pool_count;
	const struct pmip_pool_settings *pools;
	unsigned int flow_policy_count; /* as the anchor's engine has them */
	const struct pmip_flow_policy *flow_policies;

	struct mag *mag; /* NULL: not a gateway */
	struct addr6 mag_address;
	struct addr6 mag_anchor; /* of mobile nodes whose policy names none; zero: there is none */
	uint32_t mag_sessions;
	struct access *access; /* with mag */
	bool local_routing;    /* two hosts of this gateway talk without the anchor (EnableMAGLocalRouting) */

	struct host *host;
	struct policy *policy;
	struct ipsec *ipsec;	 /* NULL: no message comes or goes by ESP */
	unsigned int peer_count; /* configured, of either role */
	const struct pmip_peer_settings *peers;
	uint32_t neighbours;	   /* greatest number of next hops; fwd has as many adjacencies, and one more a port */
	uint32_t tunnels;	   /* as fwd was made for */
	int tunnel_limit;	   /* tunnel encapsulation limit option, TUN_LIMIT_NONE without */
	int tunnel_dscp;	   /* of tunnel packets, TUN_DSCP_COPY: that of what they carry */
	struct pmip_timers timers; /* of heartbeats, authentication and errors */
	unsigned int route_count;
	const struct ctl_route *routes;
	unsigned int neighbour_count;
	const struct ctl_neighbour *static_neighbours;
	struct hash_secret secret;

	const char *socket_path; /* what is said of sockets is not needed behind ctl_new */
	unsigned int socket_mode;
	const char *socket_group;   /* "": the process's */
	const char *read_only_path; /* a second socket, to look through alone; NULL or "": none */
	unsigned int read_only_mode;
	const char *read_only_group;
	unsigned int socket_clients; /* at once, on each socket; 0: 32 */
	unsigned int requests_per_s; /* of one client; 0: 1000 */
	const char *trace_directory; /* where traces are written; NULL or "": the folder of the control socket */
	uint32_t history;	     /* mobile nodes whose last messages are remembered; 0: none */
	uint32_t drop_rate;	     /* drops a second for one reason that an operator is told of; 0: never */
	struct ctl_config config;    /* load NULL: settings stay as they are */
	void (*ready)(void);	     /* called once, when own addresses are usable and hosts are served; may be NULL */

	/* What time it is; NULL: the system's clocks. A run on another clock never waits for time to pass. */
	void (*clock)(void *user, struct clock_now *now);
	void *clock_user;
};

struct ctl;

/* NULL with one clear line in the log: the socket is in use, memory is short. */
struct ctl *ctl_new(const struct ctl_settings *s);
void ctl_free(struct ctl *c);

/* Turn until told to stop; sessions of a gateway are de-registered before it returns. */
void ctl_run(struct ctl *c);
/* One turn that waits no longer than wait_ms; what ctl_run does in a loop, tests do in steps. */
void ctl_turn(struct ctl *c, int wait_ms);
/* Begin to stop. */
void ctl_stop(struct ctl *c);
