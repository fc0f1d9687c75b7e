/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The inside of the host room. host.c is its front, receive.c takes frames apart, own.c keeps the own addresses,
 * neighbour.c the table of neighbours and resolve.c what happens to one of them.
 */
#include "base/cursor.h"
#include "base/deadline.h"
#include "base/index.h"
#include "base/rate.h"
#include "host/host.h"

/* What one neighbour or one own address may do in one step: an adjacency, an address, and its waiting packets. */
#define HOST_ACTIONS_AT_ONCE 8
#define HOST_ETHER_LEN	     14
#define HOST_TRIES	     3 /* MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT */

enum host_own_state { HOST_OWN_TENTATIVE, HOST_OWN_USABLE, HOST_OWN_DUPLICATE };

struct host_own {
	struct addr6 addr;
	uint8_t len;
	uint16_t port; /* index of its port */
	enum host_own_state state;
	uint32_t probes; /* sent */
};

struct host_port {
	uint16_t id, vlan;
	struct addr_mac mac;
	uint32_t own_first, own_count;
};

struct host_packet {
	uint16_t len;
	uint8_t bytes[HOST_PACKET_MAX];
};

struct host_neighbour {
	struct addr6 addr;
	struct addr_mac mac, told_mac; /* told_mac: as the forwarding plane has it, where adjacent */
	uint16_t port;		       /* index of its port */
	enum host_state state;
	bool kept, adjacent;
	uint8_t tries;
	uint8_t waiting_count;
	uint32_t waiting[HOST_WAITING_MAX]; /* packets, the oldest first */
	uint64_t used_ms;		    /* 0: never used, only heard of */
};

struct host {
	struct host_settings s;
	struct host_port *port;
	struct host_own *own;
	uint32_t own_count;
	struct deadline_queue own_due;

	struct host_neighbour *neighbour;
	struct index_pool neighbour_ids;
	struct index_map neighbour_by_addr;
	struct deadline_queue neighbour_due;
	struct deadline_queue idle; /* neighbours that may make room for others, in the order of their last use */
	struct host_packet *packet;
	struct index_pool packet_ids;

	struct rate echo, error;
	uint8_t scratch[HOST_FRAME_MAX]; /* a packet that came without a link, as a frame */
	struct stat_block stat;
	/* of the step under way */
	uint64_t now_ms;
	bool linkless; /* what is received came over no link and is answered so */
	struct host_actions *out;
};

/* host.c: what all parts do */
struct host_action *host_act(struct host *h, enum host_action_type type, const struct host_port *p);
/* Settle a HOST_ACT_FRAME in which an encoder left len bytes or an error: true when there is a frame to send. */
bool host_act_settle(struct host *h, struct host_action *a, int len);
struct host_port *host_port_find(struct host *h, uint16_t id);

/* receive.c */
void host_receive(struct host *h, struct host_port *p, const uint8_t *bytes, size_t len);
void host_receive_packet(struct host *h, const uint8_t *bytes, size_t len);

/* own.c */
void host_own_due(struct host *h, struct host_own *o);
/* The own address of a port in any state, or NULL. */
struct host_own *host_own_find(struct host *h, const struct host_port *p, const struct addr6 *addr);
/* Somebody else has or wants this tentative address: it is never used. */
void host_own_duplicate(struct host *h, struct host_own *o);
/* The usable own address of a port from which to speak to a neighbour, or NULL. */
const struct addr6 *host_own_source(const struct host *h, const struct host_port *p, const struct addr6 *to);
/* True when addr lies in an on-link prefix of the port. */
bool host_own_on_link(const struct host *h, const struct host_port *p, const struct addr6 *addr);
void host_own_advertise(struct host *h, const struct host_port *p, const struct addr6 *target, const struct addr6 *to,
			const struct addr_mac *to_mac);

/* neighbour.c */
struct host_neighbour *host_neighbour_find(struct host *h, const struct host_port *p, const struct addr6 *addr);
/* A new neighbour in the place of an idle one if need be; NULL when there is no room. used: not only heard of. */
struct host_neighbour *host_neighbour_add(struct host *h, const struct host_port *p, const struct addr6 *addr,
					  bool used);
void host_neighbour_del(struct host *h, struct host_neighbour *n);
/* Enter a state until due_ms, and tell the forwarding plane what that means to it. */
void host_neighbour_enter(struct host *h, struct host_neighbour *n, enum host_state state, uint64_t due_ms);
/* Tell the forwarding plane of a neighbour that is up, once more. */
void host_neighbour_tell_again(struct host *h, struct host_neighbour *n);
/* Note a use, or that its being kept or configured changed. */
void host_neighbour_touch(struct host *h, struct host_neighbour *n);
/* Keep a packet until the neighbour is known; the oldest of too many is dropped. */
void host_neighbour_wait(struct host *h, struct host_neighbour *n, const uint8_t *packet, size_t len);
/* Send what waited. */
void host_neighbour_flush(struct host *h, struct host_neighbour *n);
/* Drop what waited. */
void host_neighbour_drop_waiting(struct host *h, struct host_neighbour *n);
void host_packet_send(struct host *h, const struct host_port *p, const struct addr_mac *to, const uint8_t *packet,
		      size_t len);

/* resolve.c */
void host_resolve_due(struct host *h, struct host_neighbour *n);
/* An own address of the port became usable. */
void host_resolve_begin(struct host *h, const struct host_port *p);
void host_resolve_send(struct host *h, const struct host_port *p, const struct addr6 *next_hop, const uint8_t *packet,
		       size_t len);
void host_resolve_want(struct host *h, const struct host_port *p, const struct addr6 *next_hop, bool once);
void host_resolve_release(struct host *h, const struct host_port *p, const struct addr6 *next_hop);
/* A valid advertisement of a neighbour (RFC 4861 section 7.2.5). */
void host_resolve_advertised(struct host *h, const struct host_port *p, const struct nd_msg *m);
/* A valid solicitation came from a neighbour (RFC 4861 section 7.2.3). */
void host_resolve_solicited(struct host *h, const struct host_port *p, const struct addr6 *from,
			    const struct addr_mac *mac);
void host_static_add(struct host *h, const struct host_port *p, const struct addr6 *addr, const struct addr_mac *mac);
void host_static_del(struct host *h, const struct host_port *p, const struct addr6 *addr);
