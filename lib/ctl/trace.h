/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Traces of packets: what workers copied is written into files, a bounded number in a turn, until a trace has as much
 * as it may have. An ended trace is shown until another takes its place.
 */
#include "path/trace.h"
#include "pcapng.h"
#include "state.h"

#define CTL_TRACE_FILE	   256 /* bytes of a file's name, NUL included */
#define CTL_TRACE_WORD	   64  /* of what was asked for */
#define CTL_TRACE_SLEEP_MS 5   /* at most, while there is one */

/* What was asked for, as it is shown; "" and 0: not asked for. */
struct ctl_trace_wish {
	char file[CTL_TRACE_FILE];
	char mn[PMIP_MN_ID_TEXT], prefix[CTL_TRACE_WORD], port[CTL_TRACE_WORD], drop[CTL_TRACE_WORD];
	uint64_t packets, bytes, seconds; /* limits */
	struct path_trace_filter filter;  /* and what that means */
};

struct ctl_trace {
	uint32_t number; /* 0: never used */
	struct ctl_trace_wish wish;
	const char *why; /* it ended; NULL: it runs */
	uint64_t packets, lost, bytes;
	uint64_t began_ms, began_tsc, lost_before;
	struct ctl_pcapng *out;
};

struct ctl_traces {
	struct ctl_trace trace[PATH_TRACE_MAX];
	uint32_t number; /* of the last one */
	bool dirty;	 /* workers do not know of a change yet */
};

int ctl_trace_init(struct ctl *c);
void ctl_trace_fini(struct ctl *c);
bool ctl_trace_is_running(const struct ctl *c);
/* The folder that traces are written to; into buf where it is the control socket's. */
const char *ctl_trace_directory(const struct ctl *c, char buf[CTL_TRACE_FILE]);
/* Begin, or a negative errno: -EBUSY there are as many as may be, -EEXIST the file is there already, others of open().
 */
int ctl_trace_start(struct ctl *c, const struct ctl_trace_wish *wish, struct ctl_trace **out);
void ctl_trace_stop(struct ctl *c, struct ctl_trace *t, const char *why);
void ctl_trace_turn(struct ctl *c);
