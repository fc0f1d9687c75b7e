/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* What the runs of the case `signalling` share: the engine alone, with tables, and in the daemon's control loop. */
#include "bench.h"
#include "lma/lma.h"

#define SIGNALLING_PERIOD_MS 60000 /* between phases, on the engine's clock */
#define SIGNALLING_LIFETIME  900   /* units of 4 s */

enum phase { OPEN, REFRESH, HANDOVER, PHASES };
extern const char *const signalling_names[PHASES];

struct signalling_outcome {
	double per_s;
	uint64_t p50, p99, p999, worst; /* cycles */
	char more[96];			/* to be printed behind these; "" */
};
void signalling_print(const struct options *o, enum phase phase, const struct signalling_outcome *r);

/* An anchor that takes updates of all gateways; *rows, which the engine has copied, are what it knows of them. */
struct signalling_rows {
	struct pmip_peer_settings peer;
	struct pmip_pool_settings pool;
};
struct lma *signalling_engine(const struct plan *plan, uint32_t sessions, struct signalling_rows *rows);
/* Numbers below n in an order of no order; the caller frees them. NULL: no memory. */
uint32_t *signalling_order(uint32_t n);

/* beside.c: the phases in the control loop, with a worker that forwards on the next lcore where there is one. */
bool control_run(const struct options *o);
