/* SPDX-License-Identifier: BSD-3-Clause */
#include "stat/stat.h"

#include <stddef.h>

static const struct stat_row counter_row[STAT_COUNTER_COUNT] = {
#define COUNTER(id, text, says) [STAT_##id] = {.name = text, .help = says},
#include "stat/counter.def"
#undef COUNTER
};

static const struct stat_row drop_row[STAT_DROP_COUNT] = {
#define DROP(id, where, text, says) [STAT_DROP_##id] = {.name = where "." text, .place = where, .help = says},
#include "stat/drop.def"
#undef DROP
};

const struct stat_row *
stat_counter_row(enum stat_counter c)
{
	return &counter_row[c];
}

const struct stat_row *
stat_drop_row(enum stat_drop d)
{
	return &drop_row[d];
}

void
stat_sum(const struct stat_block *const *blocks, unsigned int n, struct stat_block *total)
{
	*total = (struct stat_block){0};
	for (unsigned int b = 0; b < n; b++) {
		for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++)
			total->counter[i] += __atomic_load_n(&blocks[b]->counter[i], __ATOMIC_RELAXED);
		for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
			total->drop[i] += __atomic_load_n(&blocks[b]->drop[i], __ATOMIC_RELAXED);
	}
}
