/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The inside of the access room. access.c is its front, receive.c takes frames apart, attach.c moves a host from
 * state to state, advertise.c writes router advertisements, probe.c asks silent hosts whether they are still there and
 * table.c keeps the hosts.
 */
#include "access/access.h"
#include "base/deadline.h"
#include "base/index.h"
#include "base/rate.h"

#define ACCESS_ACTIONS_AT_ONCE 8 /* what one host may do in one step */
#define ACCESS_FAREWELLS       3 /* MAX_FINAL_RTR_ADVERTISEMENTS (RFC 4861 section 10) */
#define ACCESS_FAREWELL_GAP_MS 1000
#define ACCESS_INDEX_BITS      20 /* of a host's id; the others count how often its place was taken */

struct access_port {
	uint16_t id, vlan;
	struct addr_mac mac;
	struct addr6 link_local;
	uint32_t mtu;
	uint8_t access_tech;
	bool down;
};

struct access_host {
	struct access_key key;
	uint32_t id;
	uint16_t port; /* index of its port */
	enum access_state state;
	bool told; /* as attached, and its end not yet */
	uint64_t since_ms, heard_ms;
	uint64_t expires_ms;	    /* DEADLINE_NEVER: an infinite lifetime */
	uint64_t advertise_from_ms; /* not before */
	struct addr6 link_local;    /* the host's own; zero: not known */
	struct addr6 tentative;	    /* what it last tried out */
	struct addr6 router;
	uint32_t mtu;
	uint8_t prefix_count, withdrawn_count;
	uint8_t deprecated; /* of prefix[], a bit each */
	uint8_t farewells;  /* advertisements that are still to withdraw prefixes, or all */
	uint8_t probes;	    /* solicitations since it was last heard */
	struct addr_prefix prefix[ND_PREFIX_MAX], withdrawn[ND_PREFIX_MAX];
	struct rate echo, defence, taken;
};

struct access {
	struct access_settings s;
	struct access_port *port;
	struct access_host *host;
	struct index_pool ids;
	struct index_map by_key;
	struct deadline_queue due;     /* the next advertisement, or the end */
	struct deadline_queue silent;  /* when to look whether a served host was heard, or to solicit it again */
	struct deadline_queue refused; /* when refused hosts are forgotten; also who makes room for a newcomer */
	struct stat_block stat;
	/* of the step under way */
	uint64_t now_ms;
	struct access_actions *out;
};

/* access.c: what all parts do */
bool access_settings_in_range(const struct access_settings *s);
struct access_action *access_act(struct access *a, enum access_action_type type);
/* A frame to fill in for a host, and the link that it goes over; NULL when there is no room. */
struct access_action *access_act_frame(struct access *a, const struct access_host *h, struct nd_link *link);
/* Settle it after an encoder left len bytes or an error: true when there is a frame to send. */
bool access_act_settle(struct access *a, struct access_action *act, int len);
struct access_action *access_act_host(struct access *a, enum access_action_type type, const struct access_host *h);

/* receive.c */
void access_receive(struct access *a, uint16_t port, const uint8_t *bytes, size_t len);

/* table.c */
struct access_port *access_port_find(struct access *a, uint16_t id);
/* The place of a host in the table. */
uint32_t access_place(const struct access *a, const struct access_host *h);
/* By name, by id; NULL when there is none. */
struct access_host *access_host_find(const struct access *a, const struct access_key *key);
struct access_host *access_host_by_id(const struct access *a, uint32_t id);
/* A new host, in the place of a refused one if need be; NULL when there is no room. */
struct access_host *access_host_add(struct access *a, const struct access_port *p, const struct access_key *key);
/* Forget a host whose attachment nobody counts on (any more). */
void access_host_del(struct access *a, struct access_host *h);
/* Tell of its end who was told of its beginning. */
void access_host_tell_end(struct access *a, struct access_host *h, enum access_detach why);
/* And forget it. */
void access_host_detach(struct access *a, struct access_host *h, enum access_detach why);

/* attach.c */
/* A host shows up, or shows up again: a new one when it is not known. NULL when there is no room. */
struct access_host *access_attach(struct access *a, const struct access_port *p, const struct access_key *key);
void access_detach(struct access *a, const struct access_key *key);
void access_carrier(struct access *a, uint16_t port, bool up);
void access_serve(struct access *a, const struct access_event *e);
void access_mtu(struct access *a, uint32_t host, uint32_t mtu);
void access_unserve(struct access *a, uint32_t host);
void access_refuse(struct access *a, uint32_t host);
/* The host's deadline came. */
void access_host_due(struct access *a, struct access_host *h);

/* probe.c */
/* The host is there, now. */
void access_heard(struct access *a, struct access_host *h);
void access_active(struct access *a, uint32_t host);
/* Its state changed: watch it from now on if it is served, and else no more. */
void access_watch(struct access *a, struct access_host *h);
/* The time came to look whether it was heard. */
void access_silent_due(struct access *a, struct access_host *h);

/* advertise.c */
/* As soon as the least time between two advertisements allows. */
void access_advertise_soon(struct access *a, struct access_host *h);
void access_advertise(struct access *a, struct access_host *h);
