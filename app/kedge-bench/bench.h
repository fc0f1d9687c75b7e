/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * kedge-bench: what forwarding and signalling cost on this machine, measured with the daemon's own tables, stages and
 * engines between a source and a sink in memory.
 *
 * A figure is TSC cycles a packet. Windows of the case alternate with windows of the source and the sink alone: what
 * is told is both and their difference. A window in which the thread did not own its core is thrown away and counted.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_mbuf.h>

#include "base/addr.h"
#include "fwd/flows.h"
#include "path/path.h"
#include "stat/stat.h"

enum bench_case {
#define CASE(id, name, node, in, shape, turn, help) CASE_##id,
#include "case.def"
#undef CASE
	CASE_SIGNALLING,
	CASE_MEMORY,
	CASE_COUNT
};

/* Frames of the source: who sends to whom, and in what. */
enum shape { TO_NODE, FROM_NODE, TUNNEL_FROM_NODE, TUNNEL_TO_NODE, TUNNEL_NODE_TO_NODE, TRANSIT };

enum { CORE, ACCESS, PORTS };

/* Where a node's neighbours are: the other ends of tunnels, or those whom it forwards plain packets to. */
enum side { TUNNEL, PLAIN, SIDES };

static inline bool
is_tunnel_shape(enum shape shape)
{
	return shape >= TUNNEL_FROM_NODE && shape <= TUNNEL_NODE_TO_NODE;
}

static inline bool
is_gateway_shape(enum shape shape)
{
	return shape == FROM_NODE || shape == TUNNEL_TO_NODE;
}

#define SIZE_IMIX   0
#define SIZE_MIN    64
#define SIZE_MARKED 78	 /* holds UDP and a mark too */
#define SIZE_MAX_   1400 /* a tunnel over a link of 1500 bytes carries it */

/* The searches of RFC 2544 sections 26.1, 26.3 and 26.4. */
enum search { SEARCH_NONE, SEARCH_THROUGHPUT, SEARCH_LOSS, SEARCH_BACK_TO_BACK, SEARCH_COUNT };

struct options {
	enum bench_case which;
	uint32_t sessions, tunnels, flows;
	uint32_t size; /* of a frame in front of the tunnel, without its FCS; or SIZE_IMIX */
	uint32_t burst, workers;
	uint32_t flow_rules;
	double seconds, stats_period_s;
	bool counters, profile, json;
	const char *pcap;    /* NULL: frames are made */
	const char *to_pcap; /* NULL: something is measured */
	const char *device;  /* NULL: source and sink are in memory */
	/* Of a node on the wire: devices NULL where there is none. */
	struct {
		const char *device;
		const char *next; /* an address or a MAC address, NULL: the node's own address */
	} port[SIDES];
	struct addr6 node, gateway;
	double rate; /* packets a second; 0: as fast as it goes */
	enum search search;
	double trial_s, loss_percent, resolution_percent;
	uint32_t repeat;
};

/* false after a line on stderr, or the help on stdout with *status 0. */
bool options_parse(int argc, char **argv, struct options *o, int *status);
/* Whether a signal has asked for an end: loops stop, and what they know by then is told. A second one ends at once. */
bool bench_ended(void);
bool bench_interrupted(void); /* a line on stderr; false */
const char *case_name(enum bench_case c);
enum shape case_shape(enum bench_case c);
const char *search_name(enum search s);
/* A size as JSON: a number, or a word. */
#define SIZE_TEXT 16
const char *size_text(const struct options *o, char text[static SIZE_TEXT]);

/* A window's cycles a packet (or another unit of work); bounded, the last ones stay out. */
#define WINDOWS_MAX 65536
struct windows {
	unsigned int kept, thrown;
	double cycles[WINDOWS_MAX];
};

/* The thread's claim to its core over a stretch of work. */
struct window {
	uint64_t tsc, cpu_ns, wall_ns;
	long preempted;
};
void window_begin(struct window *w);
/* Keeps cycles over units, or throws the window away: true when it was kept. */
bool window_end(const struct window *w, uint64_t units, struct windows *out);
struct summary {
	double median, least;
};
/* Sorts the windows; NAN of none. */
struct summary windows_summary(struct windows *w);

/* plan.c: who has which address. Sessions are 0.., tunnels 0... */
struct plan {
	struct addr6 node, gateway;	  /* of tunnel 0 */
	const struct addr_prefix *home;	  /* by session; NULL: by its number */
	struct addr_mac node_mac[SIDES];  /* of the node that is measured */
	struct addr_mac other_mac[SIDES]; /* of what stands around it; mobile nodes on a link have each its own */
	bool marked;			  /* frames end in a struct mark */
};
/* Of the world in memory, whose plain packets come in at the port `plain`. */
struct plan plan_of_memory(int plain);
struct addr6 plan_session(const struct plan *p, uint32_t session);
struct addr6 plan_gateway(const struct plan *p, uint32_t tunnel);
struct addr6 plan_correspondent(uint32_t n);
struct addr_mac mac_of_session(uint32_t session);
struct addr_mac mac_of_port(int port);
struct addr_mac mac_of_router(void);

/* traffic.c: a source of frames and a sink, as the burst functions of a port. */
struct traffic {
	struct rte_mempool *pool;
	uint8_t *heads; /* count of stride bytes each */
	uint16_t *len;
	uint32_t count, stride, next, burst;
	uint64_t left; /* frames that the source will still give; UINT64_MAX: no end */
	uint64_t sunk;
};
/* false after a line on stderr. */
bool traffic_make(struct traffic *t, const struct options *o, const struct plan *p, struct rte_mempool *pool);
bool traffic_load(struct traffic *t, const struct options *o, struct rte_mempool *pool);
/* An empty array of count frames whose heads have head_len bytes. */
bool traffic_room(struct traffic *t, uint32_t count, uint32_t head_len, uint32_t burst, struct rte_mempool *pool);
void traffic_free(struct traffic *t);
/* A queue of the started port eth_id hands out t from now on (NULL: nothing) and gives what is sent to sink. */
void traffic_attach(uint16_t eth_id, uint16_t queue, struct traffic *t, struct traffic *sink);
/* The next n frames of t as the source gives them; 0 where buffers are short. */
uint16_t traffic_next(struct traffic *t, struct rte_mbuf **m, uint16_t n);
/* pcap.c: the frames of the case, in a file. An exit status. */
int pcap_write(const struct options *o);

/* world.c: the node that is measured. */
struct world {
	struct rte_mempool *pool;
	struct path_port *port[PORTS];
	uint16_t eth_id[PORTS];
	struct fwd *fwd;
	struct path *path;
	unsigned int workers;		    /* which share the frames, and turn one after another */
	struct path_session_counts *counts; /* of the case limit, by session; NULL: does not count */
	uint32_t adjacency;
	struct plan plan;
	struct traffic traffic;
};
bool bench_fail(const char *what, int error); /* a line on stderr; false */
void bench_drops(const struct stat_block *s); /* a line on stderr for each reason */
/* The device, started; where it is NULL one whose queues are nobody's until traffic_attach(). */
bool world_port(const struct path_port_settings *s, struct path_port **port, uint16_t *eth_id);
bool world_make(struct world *w, const struct options *o);
void world_free(struct world *w);
/* The port that frames of a case come in at. */
int world_port_in(enum bench_case c);

/* turn.c: a burst through what is measured; the number of its packets. */
unsigned int turn_alone(struct world *w);
unsigned int turn_path(struct world *w);
unsigned int turn_table(struct world *w);
unsigned int turn_limit(struct world *w);

/* The loops. An exit status: 0; after a line on stderr 1, or 3 when all went well but no window was this thread's own.
 */
int packets_run(const struct options *o);
int signalling_run(const struct options *o);
int memory_run(const struct options *o);
int tester_run(const struct options *o);

/* A draw of 32 bits; *state is never 0. */
static inline uint32_t
draw(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return (uint32_t)(x * 0x2545f4914f6cdd1du >> 32);
}

static inline uint32_t
draw_below(uint64_t *state, uint32_t n)
{
	return (uint64_t)draw(state) * n >> 32;
}
