/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A whole anchor in memory: the daemon's control loop over an engine, tables, ports and workers. Updates are frames
 * that lie in memory, and a worker of the control thread's own gives them to the loop by its ring.
 */
#include <pthread.h>

#include "ctl/ctl.h"
#include "histogram.h"
#include "signalling.h"

#define CONTROL_STEPS 8 /* in which it is made */

struct control {
	const struct options *o;
	struct plan plan;
	unsigned int workers; /* 2: the first forwards on a core of its own; 1: the control thread does both */
	int wake_fd;
	struct clock_now now;
	struct rte_mempool *pool;
	struct fwd *fwd;
	struct path *path;
	struct path_port *path_port;
	struct ctl_port port;
	struct ctl_route route;
	struct ctl_neighbour neighbour;
	struct signalling_rows rows;
	struct lma *lma;
	struct host *host;
	struct policy *policy;
	struct ctl *ctl;
	char socket[64];
	uint64_t allocated[CONTROL_STEPS]; /* bytes, in each step */
	uint32_t *order;		   /* of sessions in each phase */
	struct addr_prefix *home;	   /* by session, once it is open; NULL: not kept */
	struct traffic feed, through, sink[2];
	struct histogram turns; /* cycles of a turn of the loop in which updates came */
};

/* False after a line on stderr; control_free() either way. */
bool control_make(struct control *c, const struct options *o, unsigned int workers);
void control_free(struct control *c);
/* Room for the frames of n updates at once. */
bool control_room(struct control *c, uint32_t n);
/* Write the frames of the updates [first, first + n) of a phase. */
bool control_put(struct control *c, enum phase phase, uint32_t first, uint32_t n);
/* Let these n come, and turn the loop until all are answered; the cycles of that are added. */
bool control_answer(struct control *c, enum phase phase, uint32_t n, uint64_t *cycles);
const char *control_step_name(unsigned int step);
/* Bytes that are allocated in the process, by malloc and by DPDK. */
uint64_t control_allocated(void);
