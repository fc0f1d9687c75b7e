/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A node whose workers are stepped by hand, mostly one: two ports made of rings, and tables with one of everything.
 *
 *	CN ---- router ==== [core 0] node [access 1] ---- mobile nodes
 *	remote MAGs and LMA behind the router
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_ring.h>

#include "frame.h"
#include "fwd/fwd.h"
#include "path/path.h"
#include "unit.h"

enum { CORE, ACCESS, PORTS };

/* Sessions of the tables. */
enum session {
	SESSION_NONE,
	SESSION_MN1,
	SESSION_MN2,
	SESSION_VISITOR,
	SESSION_LOCAL,
	SESSION_LOCAL2,
	SESSION_IDLE,
	SESSION_GRE,
	SESSION_SHARING,
	SESSION_SHARED
};

struct world {
	struct rte_mempool *pool;
	struct rte_ring *rx[PORTS], *tx[PORTS];	  /* as the node sees them */
	struct rte_ring *rx2[PORTS], *tx2[PORTS]; /* of the second queue, if the case wished for one */
	struct path_port *port[PORTS];
	struct fwd *fwd;
	struct path *path;
	struct path_worker *worker; /* the first of them */
	unsigned int workers;
	uint32_t tunnel_mag1, tunnel_mag2, tunnel_lma;
};

/* What a case may want otherwise; zero is the usual. */
struct wish {
	uint16_t core_vlan, access_vlan;
	uint16_t tunnel_mtu; /* 1452 */
	uint16_t access_mtu; /* 1500 */
	unsigned int node;   /* both roles */
	uint32_t icmp_burst; /* 64, at next to no rate */
	bool no_icmp;
	bool two_queues;
	unsigned int workers; /* 1 */
	bool spread;	      /* they share both ports */
	uint64_t worker_set;  /* that poll the core port's queues; 0: all */
	unsigned int spread_ring;
	unsigned int punt_ring; /* 64 */
	unsigned int inject_ring;
	unsigned int tx_ring;		      /* 256 */
	uint32_t reassemblies, reassembly_ms; /* 4 and 60000 */
	bool no_reassembly;
	bool mss_clamp;
	struct path_change change;
	int wake_fd; /* 0: none */
};

/* The process's EAL; false with a message. */
bool world_init(void);
void world_open(struct world *w, const struct wish *wish);
/* Empty the rings, check that everything was accounted and every mbuf came back, and free all. */
void world_close(struct world *w);
/* The same without a last turn, and so without the books. */
void world_abandon(struct world *w);

struct rte_mbuf *world_mbuf(struct world *w, const struct frame *f);
/* As the control lcore does; 0 when it may not be, or has no room. */
unsigned int world_inject(struct world *w, unsigned int worker, struct rte_mbuf *m, enum path_inject what);
/* Let f come in, without running the worker. */
void world_feed(struct world *w, int port, const struct frame *f);
/* The first worker turns until it has nothing left to do. */
void world_run(struct world *w);
/* All of them, until none has. */
void world_run_all(struct world *w);
/* Let f come in, and run the first worker. */
void world_send(struct world *w, int port, const struct frame *f);
/* What a thread runs: the worker, until path_stop. */
void *world_worker(void *worker);
/* The next frame that the node sent; false with a failed assertion when there is none. */
bool world_take(struct world *w, int port, struct frame *f);
bool world_silent(struct world *w); /* nothing sent, nothing punted */
/* Frames waiting in all the node's ways out. */
unsigned int world_sent(struct world *w, int port);
/* The next punted packet of a class. */
bool world_punted(struct world *w, enum path_punt punt, struct frame *f, struct path_meta *meta);
/* Of all workers. */
uint64_t world_drops(struct world *w, enum stat_drop why);
uint64_t world_count(struct world *w, enum stat_counter what);

/* The frame that the node sends next is want, flow label of the outermost header set aside when it is a tunnel's. */
void world_expect(struct world *w, int port, const struct frame *want);
/* f comes in, is dropped for why alone, and nothing goes out. */
void world_expect_drop(struct world *w, int port, const struct frame *f, enum stat_drop why);

/* The suites. */
#define SUITES(X)                                                                                                      \
	X(alike)                                                                                                       \
	X(classify)                                                                                                    \
	X(control)                                                                                                     \
	X(extension)                                                                                                   \
	X(flows) X(forward) X(noise) X(plain) X(police) X(queues) X(reassemble) X(refuse) X(setup) X(spread) X(trace)
#define SUITE(name)                                                                                                    \
	extern const struct unit_case name##_cases[];                                                                  \
	extern const unsigned int name##_case_count;
SUITES(SUITE)
#undef SUITE
