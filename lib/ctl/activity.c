/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hosts whose traffic moves are there: their counters are looked at once a round, a slice of the sessions a turn, so
 * that only silent hosts are probed. With each look access hears of the tunnel's mtu, which it tells the
 * host when it has changed (RFC 5213 section 6.9.5).
 */
#include <errno.h>
#include <stdlib.h>

#include "state.h"

#define ROUND_MS 5000 /* well below what access waits before it probes a silent host */
#define SLICE	 256

int
ctl_activity_init(struct ctl *c)
{
	c->up_seen = calloc(c->mag.sessions + 1, sizeof(*c->up_seen));
	return c->up_seen != NULL ? 0 : -ENOMEM;
}

void
ctl_activity_fini(struct ctl *c)
{
	free(c->up_seen);
}

static void
look(struct ctl *c, uint32_t session)
{
	const struct ctl_forward *f = &c->mag.forward[session];
	struct access_event mtu = {.type = ACCESS_EV_MTU};
	struct path_session_counts counts;

	if (!f->set || !f->access)
		return;
	mtu.mtu.host = f->link.host;
	mtu.mtu.mtu = f->tunnel != 0 ? fwd_tunnel_find(c->s.fwd, f->tunnel)->mtu : 0;
	ctl_access_step(c, &mtu);
	path_session_counts_get(c->s.path, c->mag.base + session, &counts);
	if (counts.up_packets == c->up_seen[session])
		return;
	c->up_seen[session] = counts.up_packets;
	ctl_access_step(c, &(struct access_event){.type = ACCESS_EV_ACTIVE, .host = f->link.host});
}

uint64_t
ctl_activity_due(const struct ctl *c)
{
	if (c->s.mag == NULL || mag_session_count(c->s.mag) == 0)
		return UINT64_MAX;
	return c->activity_at > 0 ? c->now.mono_ms : c->activity_due_ms;
}

void
ctl_activity_turn(struct ctl *c)
{
	uint32_t end;

	if (ctl_activity_due(c) > c->now.mono_ms)
		return;
	if (c->activity_at == 0)
		c->activity_due_ms = c->now.mono_ms + ROUND_MS;
	end = c->mag.sessions - c->activity_at > SLICE ? c->activity_at + SLICE : c->mag.sessions;
	for (uint32_t i = c->activity_at; i < end; i++)
		look(c, i);
	c->activity_at = end < c->mag.sessions ? end : 0;
}
