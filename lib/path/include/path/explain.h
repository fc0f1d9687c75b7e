/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What would happen to a packet: the worker's own stages, run for it alone by a worker that has no queues and whose
 * counts nobody reads. It stops in front of the last stage, so nothing is sent, punted or freed.
 *
 *	struct path_explanation x;
 *	if (path_explain(p, port, frame, len, &x) == 0) {
 *		...x.step[0..x.step_count), x.end[0..x.end_count)...
 *		path_explain_free(&x);
 *	}
 *
 * What depends on the moment is not in it: rings and ports that are full, buffers and rates that are spent.
 */
#include <stddef.h>
#include <stdint.h>

#include <rte_mbuf.h>

#include "path/path.h"
#include "path/trace.h"
#include "stat/stat.h"

#define PATH_EXPLAIN_STEPS 16
#define PATH_EXPLAIN_ENDS  2 /* a packet, or its two fragments */

/* One packet's passage through one stage, and what is known of it then. */
struct path_explain_step {
	uint8_t stage, to; /* as path_stage_row() counts them */
	uint8_t drop;	   /* where `to` drops or answers with an error: enum stat_drop */
	uint8_t punt;	   /* where `to` punts */
	uint8_t rule;	   /* of stage flows: the number of the rule that led it, from 1 on, or 0 */
	uint16_t out;	   /* where `to` sends: the port */
	uint32_t len;	   /* of the IPv6 packet behind the stage */
	uint32_t adjacency;
	uint64_t value; /* of the prefix that was found last, FWD_VALUE_NONE */
};

struct path_explain_end {
	uint8_t end; /* enum path_end */
	uint8_t drop, punt;
	uint16_t out;	    /* PATH_SENT: the port */
	uint16_t l3;	    /* where its IPv6 header is */
	struct rte_mbuf *m; /* as it would be sent, punted or freed */
};

struct path_explanation {
	unsigned int step_count, end_count;
	struct path_explain_step step[PATH_EXPLAIN_STEPS];
	struct path_explain_end end[PATH_EXPLAIN_ENDS];
	struct rte_mbuf *answer; /* the ICMPv6 error about it, an IPv6 packet at path_meta()->l3; NULL: none is due */
};

/*
 * The frame comes in on a port. -EINVAL: no such port; -EMSGSIZE: longer than a buffer; -ENOBUFS. Control lcore.
 */
int path_explain(struct path *p, uint16_t port, const uint8_t *frame, size_t len, struct path_explanation *out);
void path_explain_free(struct path_explanation *x);
