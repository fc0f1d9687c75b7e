/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of states: what may follow what is law here, and nowhere else. */
#include "engine.h"

static const struct {
	const char *name;
	unsigned int next;
} states[MAG_STATE_COUNT] = {
#define MAG_STATE(name, text, help, next) [MAG_##name] = {text, next},
#include "mag/state.def"
#undef MAG_STATE
};

bool
mag_enter(struct mag *g, struct mag_session *s, enum mag_state next)
{
	if ((states[s->state].next & 1u << next) == 0) {
		g->transitions_refused++;
		return false;
	}
	g->transitions[s->state][next]++;
	s->state = next;
	return true;
}

uint64_t
mag_transitions(const struct mag *g, enum mag_state from, enum mag_state to)
{
	return (unsigned int)from < MAG_STATE_COUNT && (unsigned int)to < MAG_STATE_COUNT ? g->transitions[from][to]
											  : 0;
}

const char *
mag_state_name(enum mag_state s)
{
	return (unsigned int)s < MAG_STATE_COUNT ? states[s].name : "unknown";
}
