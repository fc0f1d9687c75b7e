/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while the engine runs. */
#include <errno.h>
#include <string.h>

#include "engine.h"

/* Tables are made by these. */
static bool
same_tables(const struct mag *g, const struct mag_settings *s)
{
	return addr6_equal(&s->address, &g->s.address) && addr6_equal(&s->link_local, &g->s.link_local) &&
	       s->sessions_max == g->s.sessions_max && memcmp(&s->secret, &g->s.secret, sizeof(s->secret)) == 0;
}

static int
prepare(const struct mag *g, const struct mag_settings *s, struct pmip_peers *peers)
{
	if (!same_tables(g, s) || !mag_settings_in_range(s))
		return -EINVAL;
	return pmip_peers_init(peers, s->peers, s->peer_count, &s->secret);
}

int
mag_apply_check(const struct mag *g, const struct mag_settings *s)
{
	struct pmip_peers peers;
	int rc = prepare(g, s, &peers);

	if (rc == 0)
		pmip_peers_fini(&peers);
	return rc;
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

int
mag_apply(struct mag *g, const struct mag_settings *s)
{
	struct pmip_peers peers;
	int rc = prepare(g, s, &peers);

	if (rc < 0)
		return rc;
	rc = mag_temporal_apply(g, s);
	if (rc < 0) {
		pmip_peers_fini(&peers);
		return rc;
	}
	pmip_peers_fini(&g->peers);
	g->peers = peers;
	g->s = *s;
	g->s.peers = NULL;
	forget_refusals(g);
	return 0;
}
