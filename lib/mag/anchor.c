/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is known of anchors beyond their sessions, and what is done when one fails, comes back or has lost all that it
 * knew (RFC 5847 section 3). Of more anchors than there are places the one that was used longest ago is forgotten.
 */
#include "engine.h"

/* Places are taken in their order and never left empty. */
struct mag_anchor *
mag_anchor_find(struct mag *g, const struct addr6 *address)
{
	for (unsigned int i = 0; i < MAG_ANCHORS_MAX && !addr6_is_zero(&g->anchor[i].address); i++)
		if (addr6_equal(&g->anchor[i].address, address))
			return &g->anchor[i];
	return NULL;
}

static bool
idle(const struct mag *g, unsigned int i)
{
	return deadline_of(&g->rare, MAG_RARE_REVOKE + i) == DEADLINE_NEVER &&
	       deadline_of(&g->rare, MAG_RARE_DEAD + i) == DEADLINE_NEVER;
}

/* An empty place, else that of the one that was used longest ago and has nothing under way. */
static struct mag_anchor *
place(struct mag *g)
{
	struct mag_anchor *found = NULL;

	for (unsigned int i = 0; i < MAG_ANCHORS_MAX; i++) {
		if (addr6_is_zero(&g->anchor[i].address))
			return &g->anchor[i];
		if (idle(g, i) && (found == NULL || g->anchor[i].used_ms < found->used_ms))
			found = &g->anchor[i];
	}
	return found;
}

struct mag_anchor *
mag_anchor_get(struct mag *g, const struct addr6 *address)
{
	struct mag_anchor *a = mag_anchor_find(g, address);

	if (a == NULL && (a = place(g)) != NULL)
		*a = (struct mag_anchor){.address = *address};
	if (a != NULL)
		a->used_ms = g->now.mono_ms;
	return a;
}

bool
mag_anchor_answer(struct mag *g, const struct addr6 *address)
{
	if (mag_anchor_find(g, address) != NULL || rate_take(&g->strangers, g->now.mono_ms, g->s.timers.be_rate_per_s))
		return true;
	g->stat.counter[STAT_MH_UNANSWERED]++;
	return false;
}

static void
failed(struct mag *g, struct mag_anchor *a)
{
	if (a->failed)
		return;
	a->failed = true;
	a->failed_ms = g->now.mono_ms;
	mag_sweep_stop(g, MAG_SWEEP_REGISTER, &a->address);
	if (!g->s.keep_dead)
		deadline_set(&g->rare, MAG_RARE_DEAD + (uint32_t)(a - g->anchor),
			     g->now.mono_ms + g->s.timers.peer_grace_ms);
}

static void
restarted(struct mag *g, struct mag_anchor *a)
{
	a->no_gre = false;
	a->no_revocation = false;
	a->no_global = false;
	mag_bulk_forget(g, &a->address);
}

/*
 * An anchor that answers again is asked for all sessions, for it may have given them up too while each thought the
 * other dead: each names the prefixes that it has, so that its mobile node keeps its addresses.
 */
static void
answers(struct mag *g, struct mag_anchor *a)
{
	a->failed = false;
	deadline_clear(&g->rare, MAG_RARE_DEAD + (uint32_t)(a - g->anchor));
	mag_sweep_stop(g, MAG_SWEEP_DEAD, &a->address);
	mag_sweep(g, &(struct mag_sweep){.kind = MAG_SWEEP_REGISTER, .anchor = a->address, .since_ms = g->now.mono_ms});
	if (addr6_equal(&a->address, &g->s.lma))
		mag_delegation_ask(g);
}

void
mag_anchor_changed(struct mag *g, const struct pmip_event *e)
{
	struct mag_anchor *a = mag_anchor_get(g, &e->peer.peer);

	if (a == NULL)
		return;
	switch (e->peer.change) {
	case PMIP_PEER_FAILED:
		failed(g, a);
		break;
	case PMIP_PEER_RETURNED:
		answers(g, a);
		break;
	case PMIP_PEER_RESTARTED:
		restarted(g, a);
		answers(g, a);
		break;
	}
}

/* The time of grace is over. What has been registered since it failed has shown that it lives. */
void
mag_anchor_dead(struct mag *g, struct mag_anchor *a)
{
	mag_sweep(g, &(struct mag_sweep){.kind = MAG_SWEEP_DEAD, .anchor = a->address, .since_ms = a->failed_ms});
}
