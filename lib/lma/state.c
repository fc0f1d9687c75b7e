/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of states: what may follow what is law here, and nowhere else. */
#include "engine.h"

static const struct {
	const char *name;
	unsigned int next;
} states[LMA_STATE_COUNT] = {
#define LMA_STATE(name, text, help, next) [LMA_##name] = {text, next},
#include "lma/state.def"
#undef LMA_STATE
};

bool
lma_enter(struct lma *l, enum lma_state *state, enum lma_state next)
{
	if ((states[*state].next & 1u << next) == 0) {
		l->transitions_refused++;
		return false;
	}
	l->transitions[*state][next]++;
	*state = next;
	return true;
}

uint64_t
lma_transitions(const struct lma *l, enum lma_state from, enum lma_state to)
{
	return (unsigned int)from < LMA_STATE_COUNT && (unsigned int)to < LMA_STATE_COUNT ? l->transitions[from][to]
											  : 0;
}

const char *
lma_state_name(enum lma_state s)
{
	return (unsigned int)s < LMA_STATE_COUNT ? states[s].name : "unknown";
}
