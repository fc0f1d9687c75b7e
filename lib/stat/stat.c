/* SPDX-License-Identifier: BSD-3-Clause */
#include "stat/stat.h"

#include <stddef.h>

static const struct stat_row counter_row[STAT_COUNTER_COUNT] = {
#define COUNTER(id, text, says) [STAT_##id] = {.name = text, .help = says},
#include "stat/counter.def"
#undef COUNTER
};

static const struct stat_row drop_row[STAT_DROP_COUNT] = {
#define DROP(id, at, text, stages, says)                                                                               \
	[STAT_DROP_##id] = {.name = at "." text, .place = at, .where = stages, .help = says},
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

bool
stat_drop_happens_in(enum stat_drop d, const char *where)
{
	const char *word = drop_row[d].where;

	while (*word != '\0') {
		size_t same = 0, len = 0;

		for (; word[len] != '\0' && word[len] != ' '; len++)
			same += same == len && word[len] == where[same];
		if (same == len && where[len] == '\0')
			return true;
		word += len + (word[len] == ' ');
	}
	return false;
}

void
stat_balance_get(const struct stat_block *workers, struct stat_balance *out)
{
	*out = (struct stat_balance){
		.rx = workers->counter[STAT_RX_PACKETS],
		.injected = workers->counter[STAT_INJECTED],
		.generated = workers->counter[STAT_GENERATED],
		.fragments_made = workers->counter[STAT_FRAGMENTS_MADE],
		.handed_in = workers->counter[STAT_HANDED_IN],
		.tx = workers->counter[STAT_TX_PACKETS],
		.punted = workers->counter[STAT_PUNTED],
		.handed_out = workers->counter[STAT_HANDED_OUT],
	};
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
		out->drops += workers->drop[i];
	/* Those that were given up came out again, as drops. */
	out->fragments_absorbed = workers->counter[STAT_FRAGMENTS_ABSORBED] - workers->counter[STAT_REASSEMBLED] -
				  workers->drop[STAT_DROP_FRAGMENT_OVERLAP] - workers->drop[STAT_DROP_FRAGMENT_FULL] -
				  workers->drop[STAT_DROP_FRAGMENT_TIMEOUT];
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
