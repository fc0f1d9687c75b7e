/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Traces: copies of the packets that somebody asked for, as they were when they left the worker, with the stages that
 * they passed and the reason where they were dropped. The packets themselves go their way.
 *
 *	struct path_trace_filter wanted[PATH_TRACE_MAX] = {{.on = true, .port = PATH_PORT_NONE, .drop =
 *PATH_TRACE_ALL}}; path_trace_set(p, wanted);				control lcore
 *
 *	n = path_trace_dequeue(p, worker, m, 32);
 *	...path_trace_record_of(m[i])->end, rte_pktmbuf_mtod(m[i], ...)...
 *	path_mbuf_free(m[i]);
 *
 * While nothing is wanted, a worker looks at one pointer a turn. Copies come by a ring a worker; what finds it full, or
 * no buffer, is counted as lost.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>

#include "base/addr.h"
#include "path/port.h"

#define PATH_TRACE_MAX	    4  /* traces at once */
#define PATH_TRACE_PREFIXES 16 /* of one */
#define PATH_TRACE_STATIONS 16
#define PATH_TRACE_TEXT	    128

#define PATH_TRACE_ALL	 0xffff /* all packets, whatever becomes of them */
#define PATH_TRACE_DROPS 0xfffe /* dropped ones, for whatever reason */

/* A packet passes that fits all of it. */
struct path_trace_filter {
	bool on;
	uint16_t port; /* it came in or goes out there; PATH_PORT_NONE: any */
	uint16_t drop; /* enum stat_drop, or one of the above */
	/* One of its IPv6 headers, tunnels' included, has an address in one of these, or its frame one of the MACs. */
	uint8_t prefix_count, station_count; /* both 0: any */
	struct addr_prefix prefix[PATH_TRACE_PREFIXES];
	struct addr_mac station[PATH_TRACE_STATIONS];
};

/* What became of a packet. */
enum path_end { PATH_SENT, PATH_PUNTED, PATH_DROPPED, PATH_KEPT /* a fragment, until the others come */ };

/* Lies with a copy. Its data begin with an Ethernet header, of zeros where the packet has none yet. */
struct path_trace_record {
	uint64_t tsc;
	uint32_t len;	  /* of the packet; the copy may be shorter */
	uint16_t in, out; /* ports, PATH_PORT_NONE */
	uint32_t stages;  /* a bit for each that it passed */
	uint8_t end;	  /* enum path_end */
	uint8_t drop;	  /* PATH_DROPPED: enum stat_drop */
	uint8_t punt;	  /* PATH_PUNTED: enum path_punt */
	uint8_t wanted;	  /* a bit for each filter that it passed */
};

struct path;

/*
 * From now on record what one of these filters passes. Control lcore, as all that follows. -EAGAIN: a worker has not
 * taken up the change before the last one; try again after a turn.
 */
int path_trace_set(struct path *p, const struct path_trace_filter wanted[PATH_TRACE_MAX]);
/* Take up to n copies from one worker. The caller owns them. */
unsigned int path_trace_dequeue(struct path *p, unsigned int worker, struct rte_mbuf **m, unsigned int n);
/* Packets that this filter passed and that are not among the copies, since the start. */
uint64_t path_trace_lost(const struct path *p, unsigned int filter);
/* "classify-core downlink encap adjacency tx", "uplink: uplink.no-session", "classify-core: punted signalling". */
const char *path_trace_format(const struct path_trace_record *r, char text[PATH_TRACE_TEXT]);

static inline const struct path_trace_record *
path_trace_record_of(const struct rte_mbuf *m)
{
	return (const struct path_trace_record *)rte_mbuf_to_priv((struct rte_mbuf *)(uintptr_t)m);
}
