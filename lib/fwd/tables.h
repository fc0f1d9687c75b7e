/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * struct fwd, and what its files ask of each other. Each kind of table is one file with init, fini and turn:
 * fini is allowed after a failed or a missing init, and turn says whether something waits for a grace period.
 */
#include <stddef.h>

#include <rte_common.h>
#include <rte_hash.h>
#include <rte_rcu_qsbr.h>

#include "base/index.h"
#include "fwd/fwd.h"
#include "ids.h"
#include "lines.h"
#include "table.h"

/* How far a greater table of prefixes is. See grow.c. */
enum fwd_growth { FWD_GROWTH_NONE, FWD_GROWTH_TOUCH, FWD_GROWTH_COPY, FWD_GROWTH_RETIRED, FWD_GROWTH_WAITING };

struct fwd_prefixes {
	struct fwd_table *current; /* what workers read: one of tables */
	struct fwd_table tables[2];
	/* For the control lcore. */
	enum fwd_growth growth __rte_cache_aligned;
	struct fwd_table *other; /* that which grows, or has been grown out of */
	uint32_t at;		 /* line that is next to be touched in the other, or copied from the current */
	int socket;
};

/* See session.c. */
struct fwd_sessions {
	struct fwd_session_line *line; /* what workers read */
	uint32_t capacity;
	struct fwd_ids spares; /* places of lines that are not at home */
	struct fwd_ids left;   /* spares that a session left home for: free once no worker looks at what it left */
	uint32_t *index;       /* of that session, by spare */
};

struct fwd_tunnels {
	struct fwd_lines_writer lines;
	struct fwd_ids ids;
	struct index_map by_addresses;
	uint32_t *uses; /* by id; 0: not in use */
	uint32_t capacity;
	uint32_t count;
};

struct fwd_adjacencies {
	struct fwd_lines_writer lines;
	struct fwd_ids ids;
	uint32_t capacity;
	uint32_t count;
};

/* See flows.h. */
struct fwd_flow_lists {
	struct fwd_lines_writer lines; /* by session */
	uint32_t capacity, count;
	uint64_t generation; /* of the list that was set last */
};

struct fwd_hosts {
	struct rte_hash *hash;
	struct hash_secret secret;
	/* For the control lcore. */
	struct fwd_ids keys __rte_cache_aligned; /* places of deleted keys, on their way back to the hash */
	uint32_t capacity;
	uint32_t count;
};

struct fwd_route {
	struct addr_prefix prefix;
	uint32_t adjacency;
};

#define FWD_RANGE_TABLES 4 /* one in use, the others to be built or in their grace period */

/* The routes as workers look them up: adjacency[i] holds from start[i] up to the next start. See route.c. */
struct fwd_ranges {
	unsigned __int128 *start;
	uint32_t *adjacency;
	uint32_t count;
	struct fwd_own own;
};

struct fwd_routes {
	const struct fwd_ranges *current; /* what workers read */
	struct fwd_ranges ranges[FWD_RANGE_TABLES];
	/* For the control lcore: the numbers of ranges, and the routes, committed or not. */
	struct fwd_ids ids __rte_cache_aligned;
	struct index_pool pool;
	struct index_map by_prefix;
	struct fwd_route *routes;
	struct fwd_route *sorted; /* for commit */
};

struct fwd {
	/* For workers; the control lcore's part of each is on other cache lines. */
	struct fwd_read read; /* first: the inline readers know it */
	struct rte_rcu_qsbr *qsbr;
	struct fwd_prefixes prefixes;
	struct fwd_routes routes;
	struct fwd_hosts hosts;
	/* For the control lcore. */
	struct fwd_sessions sessions __rte_cache_aligned;
	struct fwd_tunnels tunnels;
	struct fwd_adjacencies adjacencies;
	struct fwd_flow_lists flows;
	struct hash_secret secret;
	uint64_t token; /* of the grace period that has begun, 0: none */
} __rte_cache_aligned;
_Static_assert(offsetof(struct fwd, read) == 0, "fwd/read.h finds the lines there");

/* Two turns: what is retired now is free after them, unless a worker is in the way. */
void fwd_reclaim_all(struct fwd *f);
/* fwd_ids_take and fwd_lines_set, tried again after fwd_reclaim_all where nothing was free. */
uint32_t fwd_take(struct fwd *f, struct fwd_ids *ids);
int fwd_set(struct fwd *f, struct fwd_lines_writer *w, uint32_t index, const void *line);

/* The table that is being filled, and which every change of the current one goes to as well; NULL: none is. */
struct fwd_table *fwd_prefixes_filling(struct fwd *f);
/* Make a table of so many lines and entries the current one, in steps: greater or not. 0, -EAGAIN, -ENOMEM. */
int fwd_prefixes_move(struct fwd *f, uint32_t lines, uint32_t capacity);
/* The next slice of it. */
void fwd_prefixes_step(struct fwd *f);
/* What the turn of fwd_prefixes_turn does of it. */
bool fwd_prefixes_move_turn(struct fwd *f);

int fwd_prefixes_init(struct fwd *f, const struct fwd_settings *s);
void fwd_prefixes_fini(struct fwd *f);
bool fwd_prefixes_turn(struct fwd *f);
int fwd_sessions_init(struct fwd *f, const struct fwd_settings *s);
void fwd_sessions_fini(struct fwd *f);
bool fwd_sessions_turn(struct fwd *f);
int fwd_tunnels_init(struct fwd *f, const struct fwd_settings *s);
void fwd_tunnels_fini(struct fwd *f);
bool fwd_tunnels_turn(struct fwd *f);
int fwd_adjacencies_init(struct fwd *f, const struct fwd_settings *s);
void fwd_adjacencies_fini(struct fwd *f);
bool fwd_adjacencies_turn(struct fwd *f);
int fwd_flows_init(struct fwd *f, const struct fwd_settings *s);
void fwd_flows_fini(struct fwd *f);
bool fwd_flows_turn(struct fwd *f);
int fwd_hosts_init(struct fwd *f, const struct fwd_settings *s);
void fwd_hosts_fini(struct fwd *f);
bool fwd_hosts_turn(struct fwd *f);
int fwd_routes_init(struct fwd *f, const struct fwd_settings *s);
void fwd_routes_fini(struct fwd *f);
bool fwd_routes_turn(struct fwd *f);
