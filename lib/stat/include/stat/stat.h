/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Counters and drop reasons: declared once as rows (counter.def, drop.def), kept in plain arrays, one
 * struct stat_block per writer, summed on read.
 *
 *	block->drop[STAT_DROP_NO_ROUTE]++;
 *	stat_sum(blocks, n, &total);
 *
 * A block has one writer, and a worker gives it cache lines of its own; anyone may read it. A reader may see a count
 * that is a moment old.
 */
#include <stdbool.h>
#include <stdint.h>

enum stat_drop {
#define DROP(id, place, name, where, help) STAT_DROP_##id,
#include "stat/drop.def"
#undef DROP
	STAT_DROP_COUNT
};

enum stat_counter {
#define COUNTER(id, name, help) STAT_##id,
#include "stat/counter.def"
#undef COUNTER
	STAT_COUNTER_COUNT
};

/* The counts of one writer: a worker, or the control lcore's engines. */
struct stat_block {
	uint64_t counter[STAT_COUNTER_COUNT];
	uint64_t drop[STAT_DROP_COUNT];
};

/* What documentation and the control socket show of a row. */
struct stat_row {
	const char *name;  /* "rx.packets"; of a drop "uplink.no-session": its place and its name there */
	const char *place; /* what the packet was refused by; NULL for a counter */
	const char
		*where; /* the stages that drop for it, "control", "port", a space between them; NULL for a counter */
	const char *help;
};

/* The row of a counter or drop reason; never NULL for a value of the enum. Pure. */
const struct stat_row *stat_counter_row(enum stat_counter c);
const struct stat_row *stat_drop_row(enum stat_drop d);

/* Whether a reason's row names this stage, or "control", or "port". Pure. */
bool stat_drop_happens_in(enum stat_drop d, const char *where);

/*
 * The books of the packet path: of everything that a worker took in, what became of it. They balance when workers are
 * idle: in a block that is being written some packets are under way.
 */
struct stat_balance {
	uint64_t rx, injected, generated, fragments_made, handed_in;
	uint64_t tx, drops, punted, handed_out;
	uint64_t fragments_absorbed; /* by packets put together, all but one of each, and those that wait for others */
};
/* Of blocks of workers alone: what others drop was punted before, or never received. Pure. */
void stat_balance_get(const struct stat_block *workers, struct stat_balance *out);
/* What came in and did not go out. Pure. */
static inline int64_t
stat_balance_missing(const struct stat_balance *b)
{
	return (int64_t)(b->rx + b->injected + b->generated + b->fragments_made + b->handed_in - b->tx - b->drops -
			 b->punted - b->fragments_absorbed - b->handed_out);
}

/* *total = the sum of n blocks. Pure but for the blocks' momentary values. */
void stat_sum(const struct stat_block *const *blocks, unsigned int n, struct stat_block *total);
