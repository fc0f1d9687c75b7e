/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Other settings while the node runs. The composition root reads a configuration and makes of it what the rooms need (a
 * candidate), in a helper thread, since that may take long; the control lcore checks it against what there is, and
 * switches between two turns: all of it, or nothing.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "access/access.h"
#include "lma/lma.h"
#include "mag/mag.h"
#include "path/path.h"
#include "policy/policy.h"

struct ctl_route;
struct ctl_neighbour;

/* What may change, as in struct ctl_settings. What is pointed to lives as long as it is in effect. */
struct ctl_change {
	const char *name;
	struct lma_change *lma;	       /* NULL: not an anchor */
	struct mag_change *mag;	       /* NULL: not a gateway */
	struct addr6 mag_anchor;       /* of a gateway */
	struct access_settings access; /* the same */
	struct policy *policy;
	unsigned int pool_count;
	const struct pmip_pool_settings *pools;
	unsigned int peer_count;
	const struct pmip_peer_settings *peers;
	unsigned int flow_policy_count; /* the same as they were: they change with a restart */
	const struct pmip_flow_policy *flow_policies;
	const char *trace_directory;
	unsigned int route_count;
	const struct ctl_route *routes;
	unsigned int neighbour_count;
	const struct ctl_neighbour *static_neighbours;
	struct pmip_timers timers;
	uint32_t drop_rate;
	uint32_t prefixes; /* that the forwarding table has room for; it does not shrink */
	struct path_change path;
};

/* One thing that is different, as text. */
struct ctl_difference {
	const char *key;
	const char *from, *to; /* NULL: an item that was not, or is no longer there */
	const char *why;       /* it takes a restart; NULL: it takes none */
};

/* A configuration that was read. */
struct ctl_candidate {
	const char *file;
	const char *error;		/* why it is none, and all below is void; NULL: it is one */
	uint32_t total, restart, count; /* differences; those that take a restart; those that are listed */
	const struct ctl_difference *differences;
	struct ctl_change change;
};

/* Where configurations come from. */
struct ctl_config {
	void *user;
	/*
	 * In a helper thread: read a file (NULL: the one that the daemon was started with), or with `back` the
	 * configuration that was in effect before this one, and compare it with what is in effect. NULL: no memory.
	 */
	struct ctl_candidate *(*load)(void *user, const char *file, bool back);
	/* Control lcore, as all that follows. A candidate is not wanted any more. */
	void (*drop)(void *user, struct ctl_candidate *candidate);
	/* It is in effect: the candidate is the root's, and the one before may be rolled back to. */
	void (*taken)(void *user, struct ctl_candidate *candidate, bool back);
	/* The file that is in effect, how often others could be rolled back to, and the settings as text. */
	const char *(*file)(void *user);
	unsigned int (*rollbacks)(void *user);
	void (*print)(void *user, FILE *yaml, FILE *json);
};
