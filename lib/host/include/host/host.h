/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What any IPv6 node does on its own addresses: duplicate address detection, answers to neighbour solicitations
 * and echo requests, and the neighbours that it sends to itself (RFC 4861 section 7, RFC 4862 section 5.4, RFC 4443
 * section 4). Pure: it sees no socket, no clock, no log and, after host_new, no allocator.
 *
 *	struct host *h = host_new(&settings);
 *	host_step(h, &(struct host_event){.type = HOST_EV_TICK, .now = now}, &actions);	 duplicate address detection
 *	sleep until host_due(h), then step with HOST_EV_TICK again
 *
 * The forwarding plane has a neighbour as an adjacency from HOST_ACT_NEIGHBOUR up to the next one down, and only
 * while somebody makes sure of it: one that nobody has confirmed is down before packets vanish behind it.
 *
 * One owner (the control lcore) calls all of these.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/hash.h"
#include "nd/nd.h"
#include "stat/stat.h"

#define HOST_ADDRESSES_MAX 8		       /* of one port, its link-local address included */
#define HOST_FRAME_MAX	   (ND_FRAME_MAX + 4)  /* with a VLAN tag */
#define HOST_PACKET_MAX	   (ND_FRAME_MAX - 14) /* bytes of an IPv6 packet to send */
#define HOST_WAITING_MAX   3		       /* packets that wait for one neighbour; a fourth replaces the oldest */
#define HOST_ACTIONS_MAX   32

struct host;

/* An own address and the length of its on-link prefix. */
struct host_address {
	struct addr6 addr;
	uint8_t len;
};

struct host_port_settings {
	uint16_t port;
	uint16_t vlan; /* 0: untagged; frames with another tag are not this port's */
	struct addr_mac mac;
	struct addr6 link_local; /* zero: made from the MAC */
	uint8_t address_count;	 /* besides the link-local; up to HOST_ADDRESSES_MAX - 1 */
	struct host_address address[HOST_ADDRESSES_MAX - 1];
};

struct host_settings {
	bool router; /* the router flag of advertisements */
	uint32_t neighbours_max;
	uint32_t waiting_max; /* packets that wait for all neighbours together */
	uint32_t dad_probes;  /* DupAddrDetectTransmits; 0: no duplicate address detection */
	uint32_t retrans_ms;  /* RetransTimer */
	uint32_t reachable_ms;
	uint32_t delay_ms;	     /* DELAY_FIRST_PROBE_TIME */
	uint32_t hold_down_ms;	     /* how long a neighbour that did not answer is not asked for again */
	uint32_t echo_replies_per_s; /* 0: echo requests are not answered */
	uint32_t errors_per_s;	     /* ICMPv6 errors about packets to own addresses that nothing here takes */
	struct hash_secret secret;
	unsigned int port_count;
	const struct host_port_settings *ports;
};

/* All but the secret and the ports at their defaults. */
struct host_settings host_settings_default(void);

enum host_event_type {
	HOST_EV_TICK,	    /* time has come; also after `more` */
	HOST_EV_FRAME,	    /* a frame to an own address or to a group of one */
	HOST_EV_SEND,	    /* a packet of this node for a neighbour: sent as soon as the neighbour is known */
	HOST_EV_RESOLVE,    /* the forwarding plane wants this neighbour; told again where it is up already */
	HOST_EV_RELEASE,    /* no route leads to this neighbour any more: the end of a lasting HOST_EV_RESOLVE */
	HOST_EV_STATIC_ADD, /* a configured neighbour, or a new MAC address of one */
	HOST_EV_STATIC_DEL,
	HOST_EV_PACKET, /* a packet to an own address that came over no link of this room: out of a tunnel, say */
};

struct host_event {
	enum host_event_type type;
	struct clock_now now;
	uint16_t port; /* of all but the tick and the packet */
	union {
		struct {
			const uint8_t *bytes; /* the caller's, for the length of the step */
			size_t len;
		} frame;
		struct {
			struct addr6 next_hop; /* a group: sent to its MAC address at once */
			const uint8_t *packet; /* an IPv6 packet, the caller's, for the length of the step */
			size_t len;
		} send;
		struct {
			struct addr6 next_hop;
			bool once; /* a packet wants it now; else a route does: kept fresh until the release */
		} resolve;	   /* RELEASE: next_hop alone */
		struct {
			struct addr6 addr;
			struct addr_mac mac; /* ADD alone */
		} neighbour;
		struct {
			const uint8_t *bytes; /* from the IPv6 header on; the caller's, for the length of the step */
			size_t len;
		} packet;
	};
};

enum host_action_type {
	HOST_ACT_FRAME,	      /* send these bytes from the port */
	HOST_ACT_NEIGHBOUR,   /* make, replace or take away the forwarding plane's adjacency */
	HOST_ACT_ADDRESS,     /* an own address became usable, or is a duplicate and never will be */
	HOST_ACT_UNREACHABLE, /* the neighbour did not answer: packets that waited for it are gone */
	HOST_ACT_PATH_MTU,    /* a Packet Too Big about a packet that an own address sent (RFC 8201 section 4) */
	HOST_ACT_ERROR,	      /* another error about a packet that an own address sent: Packet Too Big is PATH_MTU */
	HOST_ACT_PACKET,      /* the answer to a HOST_EV_PACKET: send it where the routes lead; its port says nothing */
};

struct host_action {
	enum host_action_type type;
	uint16_t port;
	union {
		struct {
			uint16_t len;
			uint8_t bytes[HOST_FRAME_MAX];
		} frame; /* PACKET: from the IPv6 header on */
		struct {
			struct addr6 addr;
			struct addr_mac mac;
			bool up;
		} neighbour;
		struct {
			struct addr6 addr;
			bool usable; /* false: duplicate */
		} address;
		struct {
			struct addr6 next_hop;
		} unreachable;
		struct {
			struct addr6 local, remote; /* source and destination of the packet that was too big */
			uint32_t mtu;		    /* not below 1280 */
		} path_mtu;
		struct {
			struct addr6 local, remote; /* source and destination of that packet */
			uint8_t type, code;	    /* RFC 4443 section 3 */
			uint32_t pointer;	    /* of a Parameter Problem */
			uint16_t len;		    /* of what is quoted of that packet: at least its IPv6 header */
			uint8_t bytes[HOST_FRAME_MAX];
		} error;
	};
};

/* One step's effects, to be applied in order; cleared (count, more) by the caller. */
struct host_actions {
	unsigned int count;
	bool more; /* step again with a tick at once */
	struct host_action list[HOST_ACTIONS_MAX];
};

/* States of a neighbour. */
enum host_state {
#define HOST_STATE(name, text, adjacent, help) HOST_##name,
#include "host/state.def"
#undef HOST_STATE
	HOST_STATE_COUNT
};

/* A neighbour as it may be shown. */
struct host_neighbour_view {
	uint16_t port;
	struct addr6 addr;
	struct addr_mac mac; /* zero where not known */
	enum host_state state;
	bool is_static; /* configured */
	bool kept;	/* a route leads to it */
};

/* An own address as it may be shown. */
struct host_address_view {
	uint16_t port;
	struct addr6 addr;
	uint8_t len;
	bool tentative, duplicate; /* neither: usable */
};

/* NULL when memory is short or a setting is out of its range (two ports with one id, no neighbours). Copies what it
 * keeps. */
struct host *host_new(const struct host_settings *s);
void host_free(struct host *h);

/* One event in, its actions out. */
void host_step(struct host *h, const struct host_event *e, struct host_actions *out);
/* When it next wants a HOST_EV_TICK (mono milliseconds), UINT64_MAX if never. 0 after host_new: the first tick starts
 * the ports. */
uint64_t host_due(const struct host *h);

/* Walk the neighbours: *at is 0 at first and moved on; false when there are no more. */
bool host_neighbour_next(const struct host *h, uint32_t *at, struct host_neighbour_view *out);
/* Walk the own addresses of all ports in the same way. */
bool host_address_next(const struct host *h, uint32_t *at, struct host_address_view *out);
/* True when addr is an own address of any port that duplicate address detection let through. */
bool host_owns(const struct host *h, const struct addr6 *addr);

const char *host_state_name(enum host_state s);
/* The engine's counters; it alone writes them. */
const struct stat_block *host_stat(const struct host *h);
