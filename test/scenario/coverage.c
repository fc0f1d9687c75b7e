/* SPDX-License-Identifier: BSD-3-Clause */
/* Which transitions of the engines' tables of states (lma/state.def, mag/state.def) the scenarios take. */
#include <stdlib.h>

#include "scenario.h"

#define STATES_MAX     8
#define PATH_MAX_BYTES 256

struct state {
	const char *name;
	unsigned int next; /* a bit for each state that may follow */
};

static const struct state lma_states[] = {
#define LMA_STATE(name, text, help, next) [LMA_##name] = {text, next},
#include "lma/state.def"
#undef LMA_STATE
};

static const struct state mag_states[] = {
#define MAG_STATE(name, text, help, next) [MAG_##name] = {text, next},
#include "mag/state.def"
#undef MAG_STATE
};

_Static_assert(LMA_STATE_COUNT <= STATES_MAX && MAG_STATE_COUNT <= STATES_MAX, "room for each state");

enum engine { LMA, MAG, ENGINES };

static const struct {
	const char *name;
	const struct state *state;
	unsigned int count;
} engines[ENGINES] = {[LMA] = {"lma", lma_states, LMA_STATE_COUNT}, [MAG] = {"mag", mag_states, MAG_STATE_COUNT}};

struct taken {
	unsigned int files;
	char first[PATH_MAX_BYTES];
};

struct coverage {
	struct taken taken[ENGINES][STATES_MAX][STATES_MAX];
};

struct coverage *
coverage_new(void)
{
	return calloc(1, sizeof(struct coverage));
}

void
coverage_free(struct coverage *c)
{
	free(c);
}

static bool
took(const struct nodes *all, enum engine e, unsigned int from, unsigned int to)
{
	for (unsigned int i = 0; i < all->count; i++)
		if ((all->node[i].lma != NULL) == (e == LMA) && node_transitions(&all->node[i], from, to) > 0)
			return true;
	return false;
}

/* Call f for each transition that the tables allow. */
#define FOR_EACH_TRANSITION(e, from, to)                                                                               \
	for (enum engine e = LMA; e < ENGINES; e++)                                                                    \
		for (unsigned int from = 0; from < engines[e].count; from++)                                           \
			for (unsigned int to = 0; to < engines[e].count; to++)                                         \
				if (engines[e].state[from].next >> to & 1)

void
coverage_note(struct coverage *c, const struct nodes *all, const char *path)
{
	FOR_EACH_TRANSITION(e, from, to)
	{
		struct taken *t = &c->taken[e][from][to];

		if (took(all, e, from, to) && t->files++ == 0)
			snprintf(t->first, sizeof(t->first), "%s", path);
	}
}

bool
coverage_print(const struct coverage *c)
{
	unsigned int passed = 0, failed = 0;

	FOR_EACH_TRANSITION(e, from, to)
	{
		const struct taken *t = &c->taken[e][from][to];
		const struct state *s = engines[e].state;

		printf("%s %-11s -> %-11s %4u  %s\n", engines[e].name, s[from].name, s[to].name, t->files,
		       t->files > 0 ? t->first : "NOT COVERED");
		passed += t->files > 0;
		failed += t->files == 0;
	}
	printf("scenario-coverage: %u passed, %u failed\n", passed, failed);
	return failed == 0;
}
