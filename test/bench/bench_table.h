/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What bench_table measures: the prefix table by each of its readers, and rte_hash, both with the same keys.
 */
#include <stdbool.h>
#include <stdint.h>

#include "fwd/fwd.h"
#include "table.h"

#define BURST	     32
#define WINDOW	     8192 /* look-ups that are timed at once; whole bursts */
#define WINDOWS	     64	  /* of one contender in a round */
#define BENCH_ROUNDS 1000 /* at most */

/* The readers of the prefix table, and behind them: */
#define BENCH_HASH FWD_TABLE_READERS
#define CONTENDERS (FWD_TABLE_READERS + 1)

/* TSC cycles for a look-up. */
struct bench_cycles {
	double min, median; /* of all windows that the thread had its core in; 0: there was none */
	unsigned int lost;  /* windows that it had not */
};

struct bench_row {
	uint32_t keys;
	/* What it took to make each of the two tables and to fill it: the thread's own time, and memory. */
	struct bench_fill {
		double make_s, insert_s;
		double megabytes;
	} prefix, hash;
	bool looked_up;
	struct bench_cycles cycles[CONTENDERS];
	enum fwd_table_reader best; /* that a node takes here */
	double ratio_of_min, ratio; /* rte_hash to it; the second is the median of the rounds' */
};

extern const char *const bench_names[CONTENDERS];

/* 0, or -1 after a line on stderr that says why: no memory, or a wrong value. rounds 0: no look-ups. */
int bench_run(uint32_t keys, unsigned int rounds, struct bench_row *out);
