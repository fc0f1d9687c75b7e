/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of the control lcore share. Each file is one edge: punt.c, signalling.c, engine.c, forward.c,
 * tunnel.c, nexthop.c, link.c (access), own.c (host), send.c, the methods of the control socket, and loop.c that turns
 * them.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/index.h"
#include "base/log.h"
#include "ctl/ctl.h"
#include "pmip/auth.h"
#include "pmip/event.h"
#include "pmip/heartbeat.h"
#include "rpc/rpc.h"
#include "stat/stat.h"

#define CTL_BURST      32   /* packets of one class and worker in a turn */
#define CTL_DEPTH      4    /* steps that may stand inside each other: message, policy answer, link, failed effect */
#define CTL_LOOPBACK   64   /* messages between the two engines of one node that wait for their turn */
#define ETHERNET_LEN   14   /* in front of an IPv6 packet, for the frame that a worker makes of it */
#define CTL_FRAME_MORE 64   /* bytes of a frame beside what its port's mtu counts: Ethernet, VLAN, a tunnel */
#define CTL_EVENTS     1024 /* that event.list can show */
#define CTL_STOP_MS    1500 /* how long a stopping gateway waits for its de-registrations */

/* What was done of something in the second that began at since_ms. */
struct ctl_rate {
	uint64_t since_ms;
	uint32_t used;
};

/* What an engine's session has set in the forwarding plane, so that it can be replaced and taken back. */
struct ctl_forward {
	bool set;
	bool access;
	bool uncounted;		 /* anchor: by its service */
	uint32_t tunnel;	 /* 0: none */
	uint8_t gre_in, gre_out; /* enum tun_gre; both or none are TUN_GRE_NONE */
	uint32_t key_in, key_out;
	struct path_session_counts base; /* what was counted before */
	struct pmip_link link;
	uint8_t prefix_count;
	struct addr_prefix prefix; /* where it is the only one */
};

/* One of the engines, seen alike. */
struct ctl_engine {
	void *self;
	void (*step)(void *self, const struct pmip_event *e, struct pmip_actions *out);
	uint64_t (*due)(const void *self);
	uint32_t base; /* its session 0 in the forwarding tables */
	uint32_t sessions;
	bool more;
	const char *name;
	struct ctl_forward *forward; /* by session */
	/* By session, of those with several: never touched, the memory of the others is none. */
	struct addr_prefix (*prefixes)[MH_HNP_MAX];
	uint8_t *state; /* by session: as history was last told; NULL without history */
};

/* A next hop: a neighbour that a route, a tunnel or traffic leads to, and its adjacency. */
struct ctl_nexthop {
	struct addr6 addr;
	uint16_t port;
	bool up;      /* its MAC address is known */
	bool learned; /* it is on the link of its port and has a /128 route of its own */
	bool pending; /* the tables do not follow yet */
	struct addr_mac mac;
	uint32_t adjacency;
	uint32_t uses; /* routes and tunnels */
};

/* What a command says of an attachment: its handoff indicator, and prefixes that come with it. */
struct ctl_told {
	uint8_t handoff, prefix_count;
	struct addr_prefix prefix[MH_HNP_MAX];
};

/* A prefix of a gateway. */
struct ctl_aggregate {
	struct addr_prefix prefix;
	struct addr6 local, remote;
	uint32_t tunnel; /* 0: none leads there, or the gateway is this node */
	bool waits;	 /* for room for its tunnel, or for its route */
};

/* The kinds of events are rows of event.def. */
enum ctl_event_kind {
#define EVENT(id, name, level, per_s, help) CTL_EVENT_##id,
#include "event.def"
#undef EVENT
	CTL_EVENT_COUNT
};

/* What an operator was last told of a pool. */
enum ctl_pool_mark { CTL_POOL_FINE, CTL_POOL_LOW, CTL_POOL_EMPTY };
#define CTL_POOLS_WATCHED 64

/* The carrier of a port's kernel interface. One that was removed does not come back: the device holds on to it. */
enum ctl_carrier { CTL_CARRIER_UP, CTL_CARRIER_DOWN, CTL_CARRIER_GONE };

/* What the loop has done. */
struct ctl_figures {
	uint64_t turns, longest_turn_us;
	uint32_t items_max;	       /* packets, messages and requests, and what requests looked at, of one turn */
	uint64_t bytes_max;	       /* of packets, requests and answers */
	uint32_t load_permille;	       /* of the last whole second */
	uint64_t second_ms, second_us; /* when the present second began, by the clock and by what was worked */
	uint64_t worked_us;
};

/* Packets of this node that the workers have not got yet. */
struct ctl_sending {
	unsigned int n;
	struct rte_mbuf *m[CTL_BURST];
};

struct ctl {
	struct ctl_settings s;
	char *socket_path; /* s.socket_path, whatever becomes of the configuration that it stood in */
	struct clock_now now;
	struct stat_block stat;

	struct ctl_engine lma, mag, heartbeats;
	struct pmip_actions *actions[CTL_DEPTH];
	unsigned int depth;
	struct access_actions *access_actions[CTL_DEPTH];
	unsigned int access_depth;
	struct host_actions *host_actions[CTL_DEPTH];
	unsigned int host_depth;
	bool access_more, host_more;
	uint64_t *up_seen; /* by the gateway's session: packets from its host at the last look */
	uint32_t activity_at;
	uint64_t activity_due_ms;
	struct ctl_sending sending;
	struct ctl_told told; /* by the command that is being carried out */

	struct index_pool nexthop_ids;
	struct index_map nexthop_map;
	struct ctl_nexthop *nexthop; /* by id */
	uint32_t adjacencies;
	uint32_t *nexthop_of_adjacency; /* INDEX_NONE where it is none's */
	uint32_t *glean;		/* adjacency by position in s.ports, FWD_NONE where it has none */
	bool routes_dirty;		/* a commit is due */
	uint32_t *pending;		/* next hops that are settled after it */
	uint32_t pending_count;

	uint32_t *tunnel_nexthop; /* by tunnel */
	uint32_t *tunnel_held;	  /* by tunnel: uses that are not of sessions */
	struct index_map tunnel_map;
	struct path_tunnel_counts *tunnel_base; /* by tunnel: what was counted before it was made */
	struct deadline_queue tunnel_due;	/* when a lowered mtu is tried again at its full size */
	bool rerouting; /* tunnels behind this one are still to get their next hop by other routes */
	uint32_t reroute_at;

	struct mh_loop {
		const struct ctl_engine *from;
		struct addr6 src, dst;
		struct mh_msg msg;
	} * loopback;
	unsigned int loopback_head, loopback_count;

	struct ctl_aggregate aggregate[CTL_AGGREGATES_MAX];
	unsigned int aggregate_count;
	uint32_t aggregate_next;   /* place of the one that is tried next, without end */
	uint64_t aggregate_due_ms; /* those that wait are tried again */

	struct ctl_rate binding_errors, parameter_problems, auth_answers;
	struct ctl_rate lines[LOG_DEBUG + 1]; /* about sessions, of each level */
	uint32_t lines_left_out[LOG_DEBUG + 1];

	json_t **events;    /* the last CTL_EVENTS, by sequence number */
	uint64_t event_seq; /* of the next */
	struct ctl_rate event_rate[CTL_EVENT_COUNT];
	uint64_t events_left_out;
	struct ctl_peers *peers;
	struct pmip_auth *auth;
	struct pmip_heartbeat *heartbeat;
	bool anchor_awaited;	     /* one that has failed is asked on for the sake of sessions that wait for it */
	struct ctl_history *history; /* NULL: none is kept */
	uint64_t alarm_ms;	     /* the last look */
	uint64_t alarm_drop[STAT_DROP_COUNT];
	bool alarm_drop_told[STAT_DROP_COUNT];
	enum ctl_pool_mark pool_mark[CTL_POOLS_WATCHED];

	struct ctl_config_job *config;

	struct ctl_traces *traces;
	uint64_t telemetry_due_ms;

	struct rpc_server *rpc;
	int epoll_fd, signal_fd, carrier_fd;	 /* carrier_fd: -1 where no port is made of a kernel interface */
	enum ctl_carrier carrier[PATH_PORT_MAX]; /* by position in s.ports */
	int carrier_if[PATH_PORT_MAX];		 /* number of the port's kernel interface, 0: none */
	bool ready;				 /* own addresses are usable */
	bool stopping, stopped;
	uint64_t stop_at_ms;
	uint64_t started_ms;
	struct ctl_figures figures;
};

/* clock.c: the only clock. */
void ctl_clock_read(struct ctl *c);
/* The time that this thread has worked. */
uint64_t ctl_clock_worked_us(void);
/* Whether one more is allowed in this second. */
bool ctl_clock_rate(struct ctl_rate *r, uint64_t now_ms, uint32_t per_s);
/* The same question, and nothing is used. */
bool ctl_clock_rate_left(const struct ctl_rate *r, uint64_t now_ms, uint32_t per_s);

/* engine.c */
int ctl_engine_init(struct ctl *c);
void ctl_engine_fini(struct ctl *c);
/* Step an engine with *e (its `now` is filled in) and carry out what it wants. */
void ctl_engine_step(struct ctl *c, struct ctl_engine *engine, struct pmip_event *e);

/* forward.c: 0 or a negative errno with nothing changed. */
int ctl_forward_set(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a);
/* Leave the prefixes in the tables without a tunnel: what comes for them is dropped in silence. */
void ctl_forward_hold(struct ctl *c, struct ctl_engine *engine, uint32_t session);
void ctl_forward_clear(struct ctl *c, struct ctl_engine *engine, uint32_t session);
/*
 * A local session's prefixes once more, after the anchor of this node said that it is still the gateway's: they may
 * have been a remote gateway's meanwhile.
 */
void ctl_forward_confirm(struct ctl *c, struct ctl_engine *engine, uint32_t session);
/* The words of its prefixes once more, after it got a list of flows, or lost it. */
void ctl_forward_mark(struct ctl *c, struct ctl_engine *engine, uint32_t session);

/* forward_flows.c: 0 or a negative errno with nothing changed. Sessions are those of the tables, but for the action's.
 */
int ctl_forward_flows(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a);
bool ctl_forward_has_flows(const struct ctl *c, uint32_t session);
void ctl_forward_drop_flows(struct ctl *c, uint32_t session);

/* aggregate.c: 0, or -ENOSPC beyond CTL_AGGREGATES_MAX. One that its way has no room for waits until there is. */
int ctl_aggregate_set(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a);
int ctl_aggregate_clear(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a);
/* A word for where it leads. */
const char *ctl_aggregate_state(const struct ctl *c, const struct addr_prefix *p);
/* Their routes once more, where others may have stood in their place. */
void ctl_aggregate_relearn(struct ctl *c);
/* Other routes lead to gateways, perhaps, which none led to. */
void ctl_aggregate_reroute(struct ctl *c);
/* Once a second there may be room for those that wait. */
void ctl_aggregate_tick(struct ctl *c);

/* tunnel.c */
int ctl_tunnel_init(struct ctl *c);
void ctl_tunnel_fini(struct ctl *c);
/* One more use of the tunnel between two nodes, of GRE or not: its index (1..), or a negative errno. */
int ctl_tunnel_take(struct ctl *c, const struct addr6 *local, const struct addr6 *remote, bool gre);
void ctl_tunnel_put(struct ctl *c, uint32_t tunnel); /* 0 is allowed */
/* One more use of a tunnel that is no session's, and its end. */
void ctl_tunnel_hold(struct ctl *c, uint32_t tunnel);
void ctl_tunnel_release(struct ctl *c, uint32_t tunnel);
uint32_t ctl_tunnel_sessions_of(const struct ctl *c, uint32_t tunnel);
/* Sessions whose tunnel leads from this node to another. */
uint32_t ctl_tunnel_sessions(const struct ctl *c, const struct addr6 *remote);
/* The next of the tunnels between two nodes, one and one of GRE at most, behind `after` (0 to begin); 0: no more. */
uint32_t ctl_tunnel_next(const struct ctl *c, const struct addr6 *local, const struct addr6 *remote, uint32_t after);
/* The path between two nodes carries packets of at most mtu bytes, tunnel headers included. */
/* Tell the source of the packet in the tunnel packet that an error is about (RFC 2473 section 8). */
void ctl_relay_error(struct ctl *c, const struct host_action *a);
void ctl_tunnel_path_mtu(struct ctl *c, const struct addr6 *local, const struct addr6 *remote, uint32_t mtu);
/* Heartbeats between two nodes as long as there are sessions between them, by whichever tunnels. */
void ctl_tunnel_heartbeats(struct ctl *c, const struct addr6 *local, const struct addr6 *remote);
void ctl_tunnel_tick(struct ctl *c);
/* Other routes lead to peers, perhaps: each tunnel gets the next hop by them, in the turns to come. */
void ctl_tunnel_reroute(struct ctl *c);

/* nexthop.c */
int ctl_nexthop_init(struct ctl *c);
void ctl_nexthop_fini(struct ctl *c);
/* The next hop to dst by the configured and connected routes, counted as used: its id, or INDEX_NONE. */
uint32_t ctl_nexthop_take(struct ctl *c, const struct addr6 *dst);
void ctl_nexthop_put(struct ctl *c, uint32_t id);
/* The same of a neighbour of a port. */
uint32_t ctl_nexthop_take_via(struct ctl *c, uint16_t port, const struct addr6 *addr);
void ctl_nexthop_put_via(struct ctl *c, uint16_t port, const struct addr6 *addr);
/* Whether an address is on the link of a port. */
bool ctl_nexthop_is_connected(const struct ctl *c, const struct addr6 *addr);
/* The routes of neighbours once more, where others may have stood in their place. */
void ctl_nexthop_relearn(struct ctl *c);
const struct ctl_nexthop *ctl_nexthop_find_adjacency(const struct ctl *c, uint32_t adjacency);
void ctl_nexthop_neighbour(struct ctl *c, uint16_t port, const struct addr6 *addr, const struct addr_mac *mac, bool up);
const struct ctl_nexthop *ctl_nexthop_find(const struct ctl *c, uint16_t port, const struct addr6 *addr);
/* Make what the turn changed visible to workers, and let go of what they see no more. */
void ctl_nexthop_turn(struct ctl *c);
const struct ctl_port *ctl_port_find(const struct ctl *c, uint16_t id);
const struct ctl_port *ctl_port_find_name(const struct ctl *c, const char *name);

/* carrier.c: 0 or a negative errno. The word of a port: "up", "down" or "gone". */
const char *ctl_carrier_word(const struct ctl *c, unsigned int port, bool link_up);
int ctl_carrier_init(struct ctl *c);
void ctl_carrier_fini(struct ctl *c);
void ctl_carrier_read(struct ctl *c);

/* activity.c: 0 or a negative errno. */
int ctl_activity_init(struct ctl *c);
void ctl_activity_fini(struct ctl *c);
/* Behind the punt rings and before the tick: a host whose answer lies in a ring is not silent. */
void ctl_activity_turn(struct ctl *c);
uint64_t ctl_activity_due(const struct ctl *c);

/* link.c: the access links. */
void ctl_access_step(struct ctl *c, struct access_event *e);

/* own.c: this node's own addresses. */
void ctl_host_step(struct ctl *c, struct host_event *e);

/* signalling.c: Mobility Header messages in and out. */
int ctl_signalling_init(struct ctl *c); /* before the engines' */
void ctl_signalling_fini(struct ctl *c);
/* Tell configured peers that this node has started, and has no sessions (RFC 5847 section 3.2). */
void ctl_signalling_announce(struct ctl *c);
void ctl_signalling_apply(struct ctl *c, const struct pmip_timers *t);
void ctl_signalling_receive(struct ctl *c, const uint8_t *frame, size_t len);
/* What an engine says, or with NULL the node itself, which is said to others alone. */
int ctl_signalling_send(struct ctl *c, const struct ctl_engine *from, const struct addr6 *src, const struct addr6 *dst,
			const struct mh_msg *m);
/* Whether an engine of this node has this address. */
bool ctl_signalling_owns(const struct ctl *c, const struct addr6 *a);
/* Hand on what this node's engines sent to each other. */
unsigned int ctl_signalling_loopback(struct ctl *c);

/* esp.c: signalling in ESP. */
/* Whether messages to and from this peer have to be protected. */
bool ctl_esp_is_due(const struct ctl *c, const struct addr6 *peer);
/* The Mobility Header in an ESP packet becomes the payload of f, until the next packet; false: dropped and counted. */
bool ctl_esp_open(struct ctl *c, struct nd_frame *f);
/* Send a Mobility Header; 0, or a negative errno and it is counted as dropped. */
int ctl_esp_send(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, const uint8_t *bytes, size_t len);

/* send.c: 0, or a negative errno and the packet counted as dropped. */
int ctl_send_frame(struct ctl *c, uint16_t port, const uint8_t *bytes, size_t len);
int ctl_send_packet(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header,
		    const uint8_t *payload, size_t len);
int ctl_send_ip6(struct ctl *c, const uint8_t *packet, size_t len);
/* Give the workers what waits; false when they have no room for all of it. */
bool ctl_send_flush(struct ctl *c);
void ctl_send_fini(struct ctl *c);

/* ahead.c: the memory that a burst of frames with messages will need, n of CTL_BURST at most, is fetched. */
void ctl_ahead(const struct ctl *c, struct rte_mbuf *const *burst, unsigned int n);

/* punt.c: how many packets were taken, and how many bytes they had. */
unsigned int ctl_punt_poll(struct ctl *c, uint64_t *bytes);

/* status.c: the name of a status of an acknowledgement of this type. */
const char *ctl_status_name(enum mh_type type, unsigned int status);
/* The same of what an event is about, a gateway's or an anchor's. */
const char *ctl_status_name_of(enum ctl_event_kind kind, bool gateway, unsigned int status);

/* publish.c: what an operator may want to know, and the rate of its lines. */
void ctl_publish(struct ctl *c, const struct ctl_engine *engine, const struct pmip_action *a);
void ctl_publish_host_left(struct ctl *c, const struct access_key *key, enum access_detach why);

/* event.c: what an operator is told. */
int ctl_event_init(struct ctl *c);
void ctl_event_fini(struct ctl *c);
/*
 * Tell of an event: room is the log's, data, which is taken, further members of the event or NULL, and the text is what
 * the log says: what it is about first, then key=value.
 */
void ctl_event(struct ctl *c, enum ctl_event_kind kind, const char *room, json_t *data, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Whether one of this kind is told of now; counted as left out where not. For those whose data costs much. */
bool ctl_event_is_due(struct ctl *c, enum ctl_event_kind kind);
/* Whether the log takes one more line of this level about sessions and hosts in this second. */
bool ctl_event_line(struct ctl *c, enum log_level level);
/* A wall time of the clock as text: 2026-01-31T12:00:00.000Z. A new reference. */
json_t *ctl_event_wall(uint64_t wall);
const char *ctl_event_name(enum ctl_event_kind kind);
const char *ctl_event_severity(enum ctl_event_kind kind);
const char *ctl_event_help(enum ctl_event_kind kind);

/* config.c: other settings. 0 or a negative errno. */
int ctl_config_init(struct ctl *c);
void ctl_config_fini(struct ctl *c);
/* Readable when a configuration was read, for ctl_config_read. */
int ctl_config_fd(const struct ctl *c);
void ctl_config_read(struct ctl *c);
/* Forget an outcome whose client has gone: others wait behind it. */
void ctl_config_turn(struct ctl *c);
bool ctl_config_looking(const struct ctl *c); /* it wants the next turn at once */
/* Read the file that the daemon was started with, and put it into effect. */
void ctl_config_reload(struct ctl *c);

/* peer.c: what was exchanged with other nodes. */
int ctl_peer_init(struct ctl *c);
void ctl_peer_fini(struct ctl *c);
void ctl_peer_received(struct ctl *c, const struct addr6 *from, const struct mh_msg *m);
void ctl_peer_sent(struct ctl *c, const struct addr6 *to, const struct mh_msg *m);
/* It left all retransmissions of an update without an answer. */
void ctl_peer_lost(struct ctl *c, const struct addr6 *a);
/* Heartbeats tell what became of it. */
void ctl_peer_changed(struct ctl *c, const struct addr6 *a, enum pmip_peer_change change);
/* An update was refused because of its time. */
void ctl_peer_skewed(struct ctl *c, const struct addr6 *a);
/* Say that nothing protects the messages of some peers, where that is so of more or fewer than was said last. */
void ctl_peer_warn(struct ctl *c);

/* history.c: what happened to mobile nodes. */
int ctl_history_init(struct ctl *c); /* behind the engines' */
void ctl_history_fini(struct ctl *c);
void ctl_history_message(struct ctl *c, bool sent, const struct addr6 *peer, const struct mh_msg *m);
void ctl_history_event(struct ctl *c, const struct ctl_engine *engine, enum ctl_event_kind kind,
		       const struct pmip_action *a);
/* Note the changes of state of a step, before its actions are carried out. */
void ctl_history_step(struct ctl *c, const struct ctl_engine *engine, const struct pmip_actions *actions);

/* alarm.c: what is looked at now and then. */
void ctl_alarm_turn(struct ctl *c);
void ctl_alarm_pools(struct ctl *c);

/* figures.c */
/* The counts of all writers: workers, the control lcore, its engines. */
void ctl_figures_sum(const struct ctl *c, struct stat_block *total);
void ctl_figures_turn(struct ctl *c, uint64_t took_us, uint32_t items, uint64_t bytes);
/* What no turn goes past. */
uint32_t ctl_figures_items_limit(const struct ctl *c);
uint64_t ctl_figures_bytes_limit(const struct ctl *c);

/* methods.c */
int ctl_methods_open(struct ctl *c);
