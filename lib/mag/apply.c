/* SPDX-License-Identifier: BSD-3-Clause */
/* A change of settings while the engine runs: all that may fail is done on tables of the change's own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

struct mag_change {
	struct mag_settings s;
	struct pmip_peers peers;
	struct pmip_pool temporal;
	struct pmip_aggregate *aggregate;
};

struct mag_change *
mag_change_new(const struct mag_settings *s)
{
	struct mag_change *c = mag_settings_in_range(s) ? calloc(1, sizeof(*c)) : NULL;

	if (c == NULL)
		return NULL;
	c->s = *s;
	c->s.peers = NULL;
	c->s.aggregates = NULL;
	if (pmip_peers_init(&c->peers, s->peers, s->peer_count, &s->secret) == 0 &&
	    mag_temporal_init(&c->temporal, s) == 0 && mag_aggregates_copy(&c->aggregate, s))
		return c;
	mag_change_free(c);
	return NULL;
}

void
mag_change_free(struct mag_change *c)
{
	if (c == NULL)
		return;
	free(c->aggregate);
	pmip_pool_fini(&c->temporal);
	pmip_peers_fini(&c->peers);
	free(c);
}

int
mag_change_check(const struct mag_change *c, const struct mag *g)
{
	if (!addr6_equal(&c->s.address, &g->s.address) || !addr6_equal(&c->s.link_local, &g->s.link_local) ||
	    c->s.sessions_max != g->s.sessions_max || memcmp(&c->s.secret, &g->s.secret, sizeof(g->s.secret)) != 0)
		return -EINVAL; /* tables are made by these */
	return 0;
}

/* What an anchor would not do, it may be willing to do now. */
static void
forget_refusals(struct mag *g)
{
	for (unsigned int i = 0; i < MAG_ANCHORS_MAX; i++) {
		g->anchor[i].no_gre = false;
		g->anchor[i].no_revocation = false;
		g->anchor[i].no_global = false;
	}
}

void
mag_change_apply(struct mag *g, struct mag_change *c)
{
	struct pmip_aggregate *aggregate = g->aggregate;
	struct pmip_peers peers = g->peers;

	if (!addr_prefix_equal(&g->s.aggregate, &c->s.aggregate) || g->temporal.place == NULL ||
	    mag_delegation_wanted(&g->s) != mag_delegation_wanted(&c->s)) {
		mag_temporal_replace(g, &c->temporal);
		g->delegation.aggregate = (struct addr_prefix){0};
	}
	g->s = c->s;
	mag_delegation_ask(g);
	g->peers = c->peers;
	c->peers = peers;
	g->aggregate = c->aggregate;
	c->aggregate = aggregate;
	forget_refusals(g);
}
