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
	s->state = next;
	return true;
}

const char *
mag_state_name(enum mag_state s)
{
	return (unsigned int)s < MAG_STATE_COUNT ? states[s].name : "unknown";
}
