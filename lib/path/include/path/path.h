/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The packet path: workers that receive, classify, look up, encapsulate or decapsulate, and send.
 *
 *	struct path *p = path_new(&settings);				control lcore
 *	rte_eal_remote_launch(path_worker_main, path_worker_of(p, 0), lcore);
 *
 *	n = path_punt_dequeue(p, worker, PATH_PUNT_SIGNALLING, m, 32);	what a worker does not decide by itself
 *	...path_meta(m[i])->port, rte_pktmbuf_mtod(m[i], ...)...
 *	path_mbuf_free(m[i]);
 *
 *	m = path_mbuf_alloc(p);						what the control lcore sends
 *	...a whole Ethernet frame...
 *	path_meta(m)->port = port;
 *	path_inject_check(p, m, PATH_INJECT_FRAME);
 *	...others, up to a burst...
 *	n = path_inject(p, worker, &m, 1);
 *
 * A worker takes its tables from fwd, takes no lock and waits for nobody. It owns a packet from the moment that it
 * receives it until it has sent, dropped or punted it; each of the three is counted, so that always
 *	rx + injected + generated + fragments made + handed in = tx + drops + punted + fragments absorbed + handed out
 * + those waiting in the worker (none after an idle turn). Handed are those that another worker goes on with. Generated
 *are ICMPv6 errors that were due, sent or not; fragments made are those behind the first of a tunnel packet, fragments
 *absorbed all but one of those that became a packet, and all that wait for others.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>

#include "base/addr.h"
#include "base/hash.h"
#include "fwd/fwd.h"
#include "path/port.h"
#include "stat/stat.h"

#define PATH_WORKER_MAX	 64
#define PATH_BURST	 32   /* frames of one receive call */
#define PATH_PUNT_RING	 1024 /* default sizes of rings */
#define PATH_INJECT_RING 1024
#define PATH_SPREAD_RING 1024

/* Why a packet is given to the control lcore: one ring a class and worker, so that none crowds out another. */
enum path_punt {
	PATH_PUNT_SIGNALLING, /* a Mobility Header to an own address, from a core port and out of no tunnel */
	PATH_PUNT_ND,	   /* neighbour discovery, multicast and link-local traffic, of known hosts and of the core */
	PATH_PUNT_OWN,	   /* any other packet to an own address */
	PATH_PUNT_HOST,	   /* any frame of a host that fwd's host table does not know, on an access port */
	PATH_PUNT_RESOLVE, /* ready to be sent but for its next hop's MAC: see struct path_meta */
	PATH_PUNT_COUNT
};

/*
 * Travels with each mbuf of path_pool_new(). A punted packet that came out of a tunnel, or was made or injected here,
 * and each one of PATH_PUNT_RESOLVE, comes from no port and its Ethernet header has no addresses.
 */
struct path_meta {
	uint16_t port;	/* punted: where the frame came in, or PATH_PORT_NONE; injected frames: where they go out */
	uint16_t vlan;	/* of the received frame, 0: untagged */
	uint16_t l3;	/* offset of the IPv6 header from the start of the data; 0 in a punted frame without IPv6 */
	uint8_t punt;	/* enum path_punt */
	uint8_t inject; /* enum path_inject */
	/*
	 * PATH_PUNT_RESOLVE alone: the adjacency that is GLEAN (the next hop is the packet's destination) or WAIT.
	 * The packet is otherwise finished: it may be injected again as a packet, or as a frame once its Ethernet
	 * header is written.
	 */
	uint32_t adjacency;
};

#define PATH_PORT_NONE UINT16_MAX

/* What is injected. */
enum path_inject {
	PATH_INJECT_FRAME,  /* a whole Ethernet frame, sent on meta->port as it is */
	PATH_INJECT_PACKET, /* an IPv6 packet at meta->l3 of this node: tunnelled or routed by its destination; its hop
			       limit stays */
};

/* What this node is, for the drop reason of tunnel packets without a session. */
enum path_node {
	PATH_ANCHOR = 1,
	PATH_GATEWAY = 2,
};

/* What may be otherwise while workers run. */
struct path_change {
	uint32_t idle_sleep_us; /* the longest sleep of a worker without traffic; 0: poll for ever */
	/*
	 * Packets a second that the workers give the control lcore of each class and from each port, an equal share
	 * each, and as many at once above that as a worker's ring has slots: the others are dropped. 0: as many as the
	 * rings take.
	 */
	uint32_t punt_rate[PATH_PUNT_COUNT];
};

struct path_settings {
	struct fwd *fwd;
	struct path_port *const *ports; /* opened; they outlive the path */
	unsigned int port_count;
	unsigned int workers;	   /* as many as fwd was made for */
	struct rte_mempool *pool;  /* for what workers and control lcore make */
	unsigned int node;	   /* enum path_node bits */
	unsigned int punt_ring;	   /* slots of each; 0: PATH_PUNT_RING */
	unsigned int inject_ring;  /* 0: PATH_INJECT_RING */
	unsigned int spread_ring;  /* between two workers; 0: PATH_SPREAD_RING */
	struct hash_secret secret; /* of what spreads flows over workers */
	uint32_t sessions;	   /* sessions that are counted one by one: indices below this; 0: none */
	uint32_t tunnels;	   /* tunnels that are: as fwd was made for, or 0 */
	uint32_t icmp_rate;  /* ICMPv6 errors a second (RFC 4443 section 2.4 (f)), each worker its share; 0: none at all
			      */
	uint32_t icmp_burst; /* and at once, of each worker */
	uint32_t idle_turns; /* empty turns before it sleeps; 0: 32 */
	uint32_t reassemblies;	/* packets to own addresses that a worker puts together at once; 0: none */
	uint32_t reassembly_ms; /* how long their fragments wait for each other */
	bool mss_clamp;		/* TCP SYNs in tunnels offer no larger segments than fit */
	bool fragment;		/* tunnel packets that do not fit are cut in two, where that is enough */
	struct path_change change;
	int wake_fd;		  /* eventfd that wakes the control lcore, -1: none */
	int socket;		  /* NUMA node, -1: any */
	const int *worker_socket; /* that of each worker, whose memory is there; NULL: socket */
};

struct path;
struct path_worker;

/* NULL with rte_errno set: EINVAL on settings that do not fit each other, ENOMEM. Control lcore. */
struct path *path_new(const struct path_settings *s);
/* Workers have returned. Frees what still lies in rings. NULL is allowed. */
void path_free(struct path *p);

/* Never NULL for worker < settings.workers. */
struct path_worker *path_worker_of(struct path *p, unsigned int worker);
/* Turn until path_stop(), for rte_eal_remote_launch(); arg is a struct path_worker. Returns 0. */
int path_worker_main(void *arg);
/*
 * One turn without sleeping: take what was injected and the errors of the last turn, poll every queue of this worker,
 * send, and be quiet for fwd. Returns how many packets that were; 0: an idle turn. The caller is the worker, and has
 * called fwd_worker_online(): path_worker_main() does this in a loop, tests do it in steps.
 */
unsigned int path_worker_poll(struct path_worker *w);
/* From the next turn of each worker on. Control lcore. */
void path_apply(struct path *p, const struct path_change *to);
/* Ask all workers to return; any thread, also a signal handler. */
void path_stop(struct path *p);

/* Take up to n punted packets of one class from one worker. The caller owns them. Control lcore, as all that follows.
 */
unsigned int path_punt_dequeue(struct path *p, unsigned int worker, enum path_punt punt, struct rte_mbuf **m,
			       unsigned int n);
/* "signalling", "nd", ...; never NULL. */
const char *path_punt_name(enum path_punt punt);

/*
 * Before sleeping: true when every punt ring is empty and workers will write to wake_fd for the next packet; false
 * when something waits already. Call path_control_awake() after a sleep.
 */
bool path_control_sleep(struct path *p);
void path_control_awake(struct path *p);

/* An empty mbuf with headroom and cleared meta, or NULL. */
struct rte_mbuf *path_mbuf_alloc(struct path *p);
void path_mbuf_free(struct rte_mbuf *m);
/* Before it is injected, say what it is: 0, or -EINVAL: no such port, or no IPv6 packet. */
int path_inject_check(struct path *p, struct rte_mbuf *m, enum path_inject what);
/*
 * Give packets to a worker; how many it took, and owns. The others stay the caller's: its ring is full. Many at once
 * cost a worker less than one after the other, since the lines of all that come at once are on their way together.
 */
unsigned int path_inject(struct path *p, unsigned int worker, struct rte_mbuf *const *m, unsigned int n);

static inline struct path_meta *
path_meta(struct rte_mbuf *m)
{
	return (struct path_meta *)rte_mbuf_to_priv(m);
}

/* What one worker counts, and the packets of one port, queue, session or tunnel over all workers: momentary values. */
const struct stat_block *path_stats(const struct path *p, unsigned int worker);

struct path_port_counts {
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes, tx_full;
};
/* All zero for a port that the path has not. */
void path_port_counts_get(const struct path *p, uint16_t port, struct path_port_counts *out);

/* One receive queue, which `worker` polls, and the send queue of that number, if a worker uses it. False where there is
 * none. */
struct path_queue_counts {
	unsigned int worker;
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes, tx_full;
};
bool path_queue_counts_get(const struct path *p, uint16_t port, uint16_t queue, struct path_queue_counts *out);

/*
 * The shares that a port's frames come in: what each receive queue brought to the worker that polls it, or what each
 * worker took where they share the port. False for i behind the last.
 */
struct path_share {
	unsigned int worker;
	uint64_t packets;
};
bool path_port_share_get(const struct path *p, uint16_t port, unsigned int i, struct path_share *out);
/* The greatest share over the mean of all. 1: all alike; 0: nothing came yet. */
double path_port_imbalance(const struct path *p, uint16_t port);

/* up: from the mobile node. Counts run on when an index is used again: take differences. */
struct path_session_counts {
	uint64_t up_packets, up_bytes, down_packets, down_bytes;
};
/* Whether sessions are counted at all. */
bool path_counts_sessions(const struct path *p);
/* All zero for an index that is not counted. */
void path_session_counts_get(const struct path *p, uint32_t session, struct path_session_counts *out);

/* Inner packets; in: out of the tunnel. Counts run on when an index is used again: take differences. */
struct path_tunnel_counts {
	uint64_t in_packets, in_bytes, out_packets, out_bytes;
};
/* All zero for an index that is not counted. */
void path_tunnel_counts_get(const struct path *p, uint32_t tunnel, struct path_tunnel_counts *out);

/* A stage of the worker loop, in the order in which packets pass. */
struct path_stage_row {
	const char *name;
	const char *help;
};
struct path_stage_counts {
	uint64_t packets, bursts;
	uint64_t cycles, sampled; /* cycles of the `sampled` packets that were timed */
};
#define PATH_STAGES_MAX 32
unsigned int path_stage_count(void); /* PATH_STAGES_MAX at most */
const struct path_stage_row *path_stage_row(unsigned int stage);
/* Of one worker. All zero for a stage that there is not. */
void path_stage_counts_get(const struct path *p, unsigned int worker, unsigned int stage,
			   struct path_stage_counts *out);

/* Turns of one worker, those in which there was nothing to do, and the cycles of all and of the others. */
struct path_turns {
	uint64_t turns, idle, sleeps;
	uint64_t cycles, busy_cycles;
};
void path_turns_get(const struct path *p, unsigned int worker, struct path_turns *out);
