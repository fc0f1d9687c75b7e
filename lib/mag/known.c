/* SPDX-License-Identifier: BSD-3-Clause */
/* Which aggregates this gateway knows of: its own, and others' by its configuration and by its anchor's word. */
#include <stdlib.h>

#include "engine.h"

bool
mag_aggregates_copy(struct pmip_aggregate **to, const struct mag_settings *s)
{
	*to = calloc(s->aggregate_count + 1, sizeof(**to));
	if (*to != NULL && s->aggregate_count > 0)
		memcpy(*to, s->aggregates, s->aggregate_count * sizeof(**to));
	return *to != NULL;
}

static enum mag_aggregate_state
state_of_own(const struct mag *g)
{
	if (g->s.aggregate.len > 0 || g->delegation.aggregate.len > 0)
		return MAG_AGGREGATE_USED;
	return g->delegation.refused ? MAG_AGGREGATE_REFUSED : MAG_AGGREGATE_ASKED;
}

static struct mag_aggregate_view
own(const struct mag *g)
{
	bool told = g->s.aggregate.len == 0;

	return (struct mag_aggregate_view){
		.is = {.gateway = g->s.address, .prefix = told ? g->delegation.aggregate : g->s.aggregate},
		.state = state_of_own(g),
		.own = true,
		.told = told,
		.until_ms = told ? g->delegation.expires_ms : 0,
		.cut = g->temporal.used,
		.room = g->temporal.total};
}

bool
mag_next_aggregate(const struct mag *g, unsigned int *at, struct mag_aggregate_view *out)
{
	const struct mag_delegation *d = &g->delegation;
	unsigned int i;

	if (*at == 0 && (g->s.aggregate.len > 0 || mag_delegation_wanted(&g->s))) {
		*at = 1;
		*out = own(g);
		return true;
	}
	for (*at += *at == 0; (i = *at - 1) < g->s.aggregate_count; ++*at) {
		if (addr6_equal(&g->aggregate[i].gateway, &g->s.address))
			continue;
		++*at;
		*out = (struct mag_aggregate_view){.is = g->aggregate[i], .state = MAG_AGGREGATE_KNOWN};
		return true;
	}
	for (; (i = *at - 1 - g->s.aggregate_count) < d->other_count; ++*at) {
		if (d->other[i].until_ms <= g->now.mono_ms)
			continue;
		++*at;
		*out = (struct mag_aggregate_view){.is = d->other[i].is,
						   .state = MAG_AGGREGATE_KNOWN,
						   .told = true,
						   .until_ms = d->other[i].until_ms};
		return true;
	}
	return false;
}

static bool
holds(const struct pmip_aggregate *a, const struct addr_prefix *p)
{
	return p->len > a->prefix.len && addr_prefix_overlaps(&a->prefix, p);
}

bool
mag_aggregate_is_foreign(const struct mag *g, const struct addr_prefix *p)
{
	const struct mag_delegation *d = &g->delegation;

	for (unsigned int i = 0; i < g->s.aggregate_count; i++)
		if (holds(&g->aggregate[i], p))
			return !addr6_equal(&g->aggregate[i].gateway, &g->s.address);
	for (unsigned int i = 0; i < d->other_count; i++)
		if (holds(&d->other[i].is, p) && d->other[i].until_ms > g->now.mono_ms)
			return true;
	return false;
}
