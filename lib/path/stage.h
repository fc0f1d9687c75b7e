/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the stages share: the packet, the batches between them, and the worker that owns both.
 *
 * A stage looks at the whole of its batch and gives each packet to exactly one later stage: the last three, PUNT, TX
 * and DROP, are where every packet ends. Stages never call each other.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_ip_frag.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>
#include <rte_ring.h>

#include "base/hash.h"
#include "bucket.h"
#include "fwd/fwd.h"
#include "path/explain.h"
#include "path/path.h"
#include "path/trace.h"
#include "port_private.h"
#include "stat/stat.h"
#include "wire.h"

enum stage {
#define STAGE(name, function, text, help) STAGE_##name,
#include "stage.def"
#undef STAGE
	STAGE_COUNT
};

/* A run begins with PATH_BURST packets at most; fragments may double them. */
#define STAGE_BATCH 64
_Static_assert(STAGE_BATCH >= 2 * PATH_BURST, "a batch holds a burst of packets in two fragments each");
_Static_assert(STAGE_BATCH <= FWD_BURST_MAX, "a batch is looked up at once");

#define WORKER_LOCAL 256 /* errors that wait for the next turn; a power of two */

enum packet_origin {
	PACKET_CORE,   /* received on a core port; meta.adjacency is that of its destination */
	PACKET_TUNNEL, /* taken out of a tunnel */
	PACKET_ACCESS, /* from a mobile node of an access link */
	PACKET_OWN,    /* made by this node, or with a header that this node put on it: its hop limit stays */
};

/*
 * What stages know of a packet, in the mbuf's private area behind what the control lcore sees. The port of a frame that
 * is to be sent stands in the mbuf's own, which the plain pass has at hand without this line.
 */
struct packet {
	struct path_meta meta;
	uint16_t outer; /* of a packet out of a tunnel: offset of the outer header */
	uint64_t value; /* FLOWS, ENCAP, DELIVER: of the prefix that is the way to the destination, or of a rule */
	union {
		uint32_t icmp_word; /* ERROR: what the error says, and as what the packet counts */
		uint32_t key;	    /* DECAP: of the GRE header */
	};
	union {
		uint8_t icmp_type;
		uint8_t gre; /* DECAP: enum tun_gre */
	};
	union {
		uint8_t icmp_code;
		uint8_t rule; /* FLOWS: the number of the rule that led it, from 1 on, or 0 */
	};
	uint8_t origin; /* enum packet_origin */
	uint8_t drop;	/* enum stat_drop */
};
_Static_assert(sizeof(struct packet) <= 32, "cleared by two stores");

/* The private area of an mbuf. */
struct packet_area {
	struct packet packet;
	uint32_t stages; /* a bit for each that it passed; good only while something is traced */
} __attribute__((aligned(64)));
_Static_assert(sizeof(struct packet_area) == 64, "one cache line of each mbuf");
_Static_assert(STAT_DROP_COUNT <= UINT8_MAX, "drop reasons fit");

struct batch {
	unsigned int n;
	struct rte_mbuf *m[STAGE_BATCH];
};

/* A port as workers read it. */
struct worker_port {
	bool present;
	uint16_t eth_id;
	uint16_t vlan;
	uint16_t mtu;
	struct addr_mac mac;
	struct addr6 address;  /* zero: no errors about packets of this port */
	uint8_t first;	       /* stage of frames that come in here */
	uint8_t stage, origin; /* of those that are not plain */
} __attribute__((aligned(64)));

/* The workers that share the frames of a port; none: whoever polls takes them. */
struct worker_spread {
	unsigned int count;
	uint8_t worker[PATH_WORKER_MAX];
};

/* What one worker hands to another: values of meta.inject beside those of the control lcore. */
enum packet_hand {
	PACKET_RECEIVED = PATH_INJECT_PACKET + 1, /* a frame that begins with the first stage of its port */
	PACKET_READY,				  /* one for m->port, of which the other has a queue to send by */
};

/* The way to another worker, and what waits to go it. */
struct worker_hand {
	struct rte_ring *ring;
	struct batch waiting;
};

#define WORKER_NO_QUEUE UINT16_MAX

/* A receive queue, the stage that its frames go to, and what came. */
struct worker_rx {
	uint16_t eth_id, queue, port;
	uint8_t stage;
	uint8_t origin;
	uint64_t packets, bytes;
};

/* What was sent by this worker's queue of a port. */
struct worker_tx {
	uint64_t packets, bytes, full;
};

/* What is recorded at the moment. Workers read a set that nobody writes (trace.c). */
struct trace_set {
	struct path_trace_filter filter[PATH_TRACE_MAX];
};

/* A packet at the last stage of its way, and its copy, until it is known that it was not dropped there. */
struct trace_pending {
	const struct rte_mbuf *m;
	struct rte_mbuf *copy;
};

/* Written at set-up alone, but for what stands on lines of its own. */
struct path {
	struct fwd *fwd;
	struct rte_mempool *pool;
	struct worker_port port[PATH_PORT_MAX];
	unsigned int links;
	struct addr_prefix link[PATH_PORT_MAX * PATH_PORT_LINKS]; /* on-link prefixes of all core ports */
	struct addr6 address;					  /* source of errors about packets of no port */
	enum stat_drop no_session;				  /* a tunnel packet of which no session is known */
	bool anchor;						  /* this node is one */
	uint32_t sessions, tunnels;				  /* that are counted */
	uint64_t icmp_cost;					  /* cycles that one error is worth; 0: none are sent */
	uint64_t icmp_credit;					  /* the greatest credit */
	uint64_t fragment_cycles;				  /* how long one waits for others */
	uint64_t punt_cost[PATH_PUNT_COUNT];			  /* cycles that one is worth; 0: any number passes */
	uint32_t idle_turns, idle_sleep_us;
	bool mss_clamp, fragment;
	struct hash_secret secret;
	uint16_t rx_queues[PATH_PORT_MAX];
	uint8_t poller[PATH_PORT_MAX][PATH_PORT_QUEUES];   /* the worker that polls a receive queue */
	uint16_t tx_queue[PATH_PORT_MAX][PATH_WORKER_MAX]; /* what a worker sends by, or WORKER_NO_QUEUE */
	struct worker_spread spread[PATH_PORT_MAX];
	unsigned int sharers; /* of the rates: the workers there are to be */
	int wake_fd;
	unsigned int workers;
	struct path_worker *worker[PATH_WORKER_MAX];
	struct path_worker *explainer; /* turns no loop: the control lcore's, to try packets on */
	struct trace_set trace_set[2];
	const struct trace_set *trace __attribute__((aligned(64))); /* what to record; NULL: nothing */
	bool stop __attribute__((aligned(64)));
	bool asleep __attribute__((aligned(64)));
};

struct path_worker {
	struct path *path;
	struct fwd *fwd;
	unsigned int id;
	uint32_t sessions, tunnels; /* that are counted: those of others share one count that nobody reads */
	const struct trace_set *trace;
	uint16_t port_in; /* of all frames of a batch that begins with the first stage */
	unsigned int rx_count;
	struct worker_rx rx[PATH_PORT_MAX * PATH_PORT_QUEUES];
	struct rte_ring *inject;
	struct rte_ring *punt[PATH_PUNT_COUNT];
	struct rte_ring *traced; /* copies for the control lcore */
	struct batch in[STAGE_COUNT];
	struct batch tx[PATH_PORT_MAX];
	uint16_t tx_queue[PATH_PORT_MAX]; /* WORKER_NO_QUEUE: its frames go by worker tx_by */
	uint8_t tx_by[PATH_PORT_MAX];
	struct worker_hand *to[PATH_WORKER_MAX]; /* NULL: nothing goes there */
	unsigned int to_count, from_count;
	uint8_t to_list[PATH_WORKER_MAX]; /* those that are not NULL */
	struct rte_ring *from[PATH_WORKER_MAX];
	uint64_t shared[PATH_PORT_MAX]; /* frames of ports that are shared, which this worker took */
	/* Errors made in this turn, for the next: from local_first on, local_count of them. */
	struct rte_mbuf *local[WORKER_LOCAL];
	uint32_t local_first, local_count;
	struct bucket icmp;
	struct bucket punted[PATH_PORT_MAX + 1][PATH_PUNT_COUNT]; /* the last: of no port */
	uint32_t fragment_id;
	struct rte_ip_frag_tbl *fragments; /* NULL: none are put together */
	struct rte_ip_frag_death_row *fragments_dead;
	uint64_t fragments_swept;
	uint32_t runs; /* every 64th is timed */
	struct stat_block stat;
	struct worker_tx sent[PATH_PORT_MAX];
	struct path_stage_counts stage[STAGE_COUNT];
	struct path_turns turns;
	uint64_t turn_began;
	struct path_session_counts *session; /* sessions + 1 */
	struct path_tunnel_counts *tunnel;   /* tunnels + 1 */
	unsigned int pending_count;
	struct trace_pending pending[STAGE_BATCH];
	uint64_t trace_lost[PATH_TRACE_MAX];
	struct flow_memory *flows;
} __attribute__((aligned(64)));

#define STAGE(name, function, text, help) void function(struct path_worker *w, struct batch *in);
#include "stage.def"
#undef STAGE

static inline struct packet *
packet_of(struct rte_mbuf *m)
{
	return rte_mbuf_to_priv(m);
}

static inline uint32_t *
packet_stages(struct rte_mbuf *m)
{
	return &((struct packet_area *)rte_mbuf_to_priv(m))->stages;
}

static inline struct wire_ip6 *
packet_ip6(struct rte_mbuf *m)
{
	return rte_pktmbuf_mtod_offset(m, struct wire_ip6 *, packet_of(m)->meta.l3);
}

/* Of the IPv6 packet. */
static inline uint32_t
packet_len(struct rte_mbuf *m)
{
	return m->pkt_len - packet_of(m)->meta.l3;
}

/* Cut off what lies behind the IPv6 packet of len bytes. */
static inline void
packet_trim(struct rte_mbuf *m, uint32_t len)
{
	m->data_len = m->pkt_len = packet_of(m)->meta.l3 + len;
}

/*
 * Let the data begin room bytes before the IPv6 header, whatever stood there: the new first byte, or NULL when the
 * buffer begins too late for that.
 */
static inline uint8_t *
packet_front(struct rte_mbuf *m, uint16_t room)
{
	struct path_meta *meta = &packet_of(m)->meta;
	int move = meta->l3 - room;

	if (m->data_off + move < 0)
		return NULL;
	m->data_off += move;
	m->data_len -= move;
	m->pkt_len -= move;
	meta->l3 = room;
	return rte_pktmbuf_mtod(m, uint8_t *);
}

/* The Ethernet header of a packet, tagged unless vlan is 0; false without room. */
static inline bool
packet_put_eth(struct rte_mbuf *m, const struct addr_mac *dst, const struct addr_mac *src, uint16_t vlan)
{
	uint8_t *at = packet_front(m, vlan == 0 ? WIRE_ETH_LEN : WIRE_ETH_LEN + WIRE_VLAN_LEN);
	struct wire_eth *eth = (struct wire_eth *)at;

	if (at == NULL)
		return false;
	eth->dst = *dst;
	eth->src = *src;
	if (vlan != 0) {
		struct wire_vlan *tag = (struct wire_vlan *)(eth + 1);

		wire_put16(eth->type_be, WIRE_ETHERTYPE_VLAN);
		wire_put16(tag->tag_be, vlan);
		wire_put16(tag->type_be, WIRE_ETHERTYPE_IP6);
	} else {
		wire_put16(eth->type_be, WIRE_ETHERTYPE_IP6);
	}
	return true;
}

/* A packet of others whose hop limit does not last for another hop (RFC 8200 section 3). */
static inline bool
packet_hop_limit_spent(struct rte_mbuf *m)
{
	return packet_of(m)->origin != PACKET_OWN && packet_ip6(m)->hop_limit <= 1;
}

static inline void
packet_hop_limit_spend(struct rte_mbuf *m)
{
	if (packet_of(m)->origin != PACKET_OWN)
		packet_ip6(m)->hop_limit--;
}

/* A frame came in, and stages are to know something of it. */
static inline void
packet_begin(const struct path_worker *w, struct rte_mbuf *m)
{
	*packet_of(m) = (struct packet){.meta = {.port = w->port_in}, .origin = w->path->port[w->port_in].origin};
}

/* To a count of this worker's that others read meanwhile. */
static inline void
worker_add(uint64_t *count, uint64_t n)
{
	__atomic_store_n(count, *count + n, __ATOMIC_RELAXED);
}

/* A count of another worker's. */
static inline uint64_t
worker_read(const uint64_t *count)
{
	return __atomic_load_n(count, __ATOMIC_RELAXED);
}

static inline void
worker_give(struct path_worker *w, enum stage to, struct rte_mbuf *m)
{
	struct batch *b = &w->in[to];

	b->m[b->n++] = m;
}

static inline void
worker_drop(struct path_worker *w, struct rte_mbuf *m, enum stat_drop why)
{
	packet_of(m)->drop = why;
	worker_give(w, STAGE_DROP, m);
}

static inline void
worker_punt(struct path_worker *w, struct rte_mbuf *m, enum path_punt punt)
{
	packet_of(m)->meta.punt = punt;
	worker_give(w, STAGE_PUNT, m);
}

/* Drop and say so to the packet's source. */
static inline void
worker_refuse(struct path_worker *w, struct rte_mbuf *m, enum stat_drop why, uint8_t type, uint32_t word)
{
	struct packet *p = packet_of(m);

	p->drop = why;
	p->icmp_type = type;
	p->icmp_code = 0;
	p->icmp_word = word;
	worker_give(w, STAGE_ERROR, m);
}

/* PACKET_FINE, or why the IPv6 packet at ip with room bytes is none that a node may take in; its length then. */
#define PACKET_FINE STAT_DROP_COUNT
enum stat_drop path_packet_check(const struct wire_ip6 *ip, uint32_t room, uint32_t *len);
/* PACKET_FINE, or why a packet with such addresses stays on its link (RFC 4291 section 2.5.6, RFC 5213 section 6.10.5).
 */
enum stat_drop path_packet_check_scope(const struct wire_ip6 *ip);
/* A header behind those of extension: what it is, and its offset from the IPv6 header, len at most. */
struct path_upper {
	uint8_t next_header;
	uint32_t at;
};
/* extension.c. From the header at u on to the first that is no hop-by-hop, routing or destination options header. */
void path_upper_walk(const struct wire_ip6 *ip, uint32_t len, struct path_upper *u);
/* The ring of a packet to an own address. */
enum path_punt path_packet_local_class(const struct wire_ip6 *ip, uint32_t len);

/* A host on the link of a core port: one that local routing is for, though it is no mobile node. */
bool path_is_neighbour(const struct path *p, const struct addr6 *a);
/* The way of a packet by the prefix value of its destination: by its flow, if there are such, or as the value says. */
void path_worker_forward(struct path_worker *w, struct rte_mbuf *m, uint64_t value);
/* The way of a packet as the value says: tunnel, access link, or route. */
void path_worker_go(struct path_worker *w, struct rte_mbuf *m, uint64_t value);
/* Into the tunnel of the packet's value; to a stage behind ROUTE. */
void path_worker_encap(struct path_worker *w, struct rte_mbuf *m);
/* The value of what lies in a prefix that is behind a tunnel, and has none of its own: of no session. */
static inline uint64_t
path_aggregate_value(uint32_t tunnel)
{
	return fwd_value(tunnel, FWD_SESSION_NONE, 0);
}
/* The way of a packet by what the route look-up gave for its destination. */
void path_worker_route(struct path_worker *w, struct rte_mbuf *m, uint32_t adjacency);
/* The greatest payload of an IPv6 packet that two fragments of at most mtu (1280..) bytes carry. */
uint32_t path_fragment_most(uint32_t mtu);
/* Carve the tunnel packet of m into two fragments of at most mtu (1280..) bytes: m and the one returned, or NULL. */
struct rte_mbuf *path_worker_fragment(struct path_worker *w, struct rte_mbuf *m, uint32_t mtu);
/* reassemble.c. False without memory; no packets at all is fine. */
bool path_worker_fragments_init(struct path_worker *w, const struct path_settings *s);
void path_worker_fragments_fini(struct path_worker *w);
/* Give up fragments that have waited for too long; cheap enough for any idle turn. */
void path_worker_fragments_sweep(struct path_worker *w, uint64_t now);
/* A fragment that waits, or NULL; it is the caller's, and waits no longer. */
struct rte_mbuf *path_worker_fragments_take(struct path_worker *w);
/* flows.c. The memory of fragments; false without. */
bool path_worker_flows_init(struct path_worker *w, const struct path_settings *s);
void path_worker_flows_fini(struct path_worker *w);
/* mss.c. Make the segments that a SYN offers fit the tunnel of value, if there is one. */
void path_packet_clamp_mss(const struct path_worker *w, struct rte_mbuf *m, uint64_t value);
/* path.c. For one producer and one consumer; NULL without memory. */
struct rte_ring *path_ring_new(const char *what, unsigned int slots, int socket);
/* queues.c. Deal the queues of all ports to workers; what of it is one worker's; and the rings between workers. */
void path_deal_queues(struct path *p, const struct path_settings *s);
void path_worker_take_queues(struct path_worker *w, const struct path_settings *s);
bool path_connect_workers(struct path *p, const struct path_settings *s);
/* Those that a port's queues are dealt to, a bit each. */
uint64_t path_worker_set(const struct path_port_settings *port, unsigned int workers);
/* The NUMA node of a worker, or -1. */
int path_worker_socket(const struct path_settings *s, unsigned int worker);
/* spread.c. Give frames that wait for a port to the worker that sends them. */
void path_worker_hand_ready(struct path_worker *w, uint16_t port, struct batch *b);
/* Take what another worker has handed over; how much. */
unsigned int path_worker_take_handed(struct path_worker *w, struct rte_ring *from);
/* Hand what is injected to the stages; their number. */
unsigned int path_worker_take_injected(struct path_worker *w);

/* Run one stage on its batch. */
void path_worker_stage(struct path_worker *w, enum stage s, bool timed);

/* trace.c. Take up or let go of what the control lcore wants recorded. */
void path_worker_trace_turn(struct path_worker *w);
/* Around each stage while something is to be recorded. */
void path_worker_trace_before(struct path_worker *w, enum stage s);
void path_worker_trace_after(struct path_worker *w, enum stage s);

static inline struct path_session_counts *
worker_session(const struct path_worker *w, uint64_t value)
{
	uint32_t id = fwd_value_counts(value);

	return &w->session[id < w->sessions ? id : w->sessions];
}

static inline struct path_tunnel_counts *
worker_tunnel(const struct path_worker *w, uint64_t value)
{
	uint32_t id = fwd_value_tunnel(value);

	return &w->tunnel[id < w->tunnels ? id : w->tunnels];
}

/* The counts of a session that was looked up just now are wanted soon: into L2, for more of such can be under way. */
static inline void
worker_prefetch_session(const struct path_worker *w, uint64_t value)
{
	if (w->sessions > 0)
		rte_prefetch1(worker_session(w, value));
}

static inline void
worker_count_up(struct path_worker *w, uint64_t value, uint32_t bytes)
{
	struct path_session_counts *c = worker_session(w, value);

	c->up_packets++;
	c->up_bytes += bytes;
}

static inline void
worker_count_down(struct path_worker *w, uint64_t value, uint32_t bytes)
{
	struct path_session_counts *c = worker_session(w, value);

	c->down_packets++;
	c->down_bytes += bytes;
}

/* Inner packets, as they came out of their tunnel. */
static inline void
worker_count_in(struct path_worker *w, uint64_t value, uint32_t bytes)
{
	struct path_tunnel_counts *c = worker_tunnel(w, value);

	c->in_packets++;
	c->in_bytes += bytes;
}

static inline void
worker_count_out(struct path_worker *w, uint64_t value, uint32_t bytes)
{
	struct path_tunnel_counts *c = worker_tunnel(w, value);

	c->out_packets++;
	c->out_bytes += bytes;
}
