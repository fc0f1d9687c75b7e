/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One update for many sessions (RFC 6602 section 5.1). Each session is registered by an update of its own, whose answer
 * says which group the anchor has put it in. When the first of a group is to be refreshed one update extends them all;
 * each of the others finds that when its own time comes, so nobody walks through a group. Where the anchor says no, or
 * nothing, they are extended one by one for as long as a lifetime is.
 */
#include "engine.h"

#define TRIES_MAX 3 /* few enough that each may still be extended by itself */

static uint32_t
deadline_id(const struct mag *g, const struct mag_group *b)
{
	return MAG_RARE_GROUP + (uint32_t)(b - g->group);
}

static struct mag_group *
find(struct mag *g, const struct addr6 *anchor, uint32_t id)
{
	for (unsigned int i = 0; i < MAG_GROUPS_MAX; i++)
		if (g->group[i].id == id && addr6_equal(&g->group[i].anchor, anchor))
			return &g->group[i];
	return NULL;
}

/* A free place, else that of the group that was extended longest ago; one that waits for an answer stays. */
static struct mag_group *
place(struct mag *g)
{
	struct mag_group *found = NULL;

	for (unsigned int i = 0; i < MAG_GROUPS_MAX; i++) {
		struct mag_group *b = &g->group[i];

		if (b->id == 0)
			return b;
		if (!b->outstanding && (found == NULL || b->sent_ms < found->sent_ms))
			found = b;
	}
	return found;
}

static struct mag_group *
get(struct mag *g, const struct addr6 *anchor, uint32_t id)
{
	struct mag_group *b = find(g, anchor, id);

	if (b == NULL && (b = place(g)) != NULL)
		*b = (struct mag_group){.anchor = *anchor, .id = id};
	return b;
}

static void
put_group(struct mh_msg *m, uint32_t id)
{
	mh_set(m, MH_OPT_MN_GROUP_ID);
	m->opt.group = (struct mh_opt_group){.subtype = MH_GROUP_BULK, .id = id};
}

/* Nothing in it is of one session alone (RFC 6602 section 5.1.3). */
static void
send(struct mag *g, struct mag_group *b)
{
	struct mh_msg *m = mag_update_of_many(g, &b->anchor, MH_HANDOFF_NO_CHANGE, b->access_tech);

	b->sequence = m->pbu.sequence;
	b->sent_ms = g->now.mono_ms;
	b->tries++;
	put_group(m, b->id);
	mag_put_timestamp(g, &b->anchor, m);
	deadline_set(&g->rare, deadline_id(g, b), g->now.mono_ms + b->timeout_ms);
	g->stat.counter[STAT_PBU_TX]++;
	g->stat.counter[STAT_PBU_RETRANSMITTED] += b->tries > 1;
}

void
mag_bulk_ask(const struct mag *g, const struct mag_session *s, struct mh_msg *m)
{
	if (!g->s.bulk || s->state == MAG_LEAVING)
		return;
	m->pbu.flags |= MH_PBU_B;
	put_group(m, MH_GROUP_ALL_SESSIONS);
}

static bool
says_group(const struct mh_msg *m)
{
	return mh_has(m, MH_OPT_MN_GROUP_ID) && m->opt.group.subtype == MH_GROUP_BULK;
}

bool
mag_bulk_well_formed(const struct mh_msg *m)
{
	return !(m->pba.flags & MH_PBA_B) || says_group(m);
}

void
mag_bulk_take(const struct mag *g, struct mag_session *s, const struct mh_msg *m)
{
	s->group = g->s.bulk && m->pba.flags & MH_PBA_B ? m->opt.group.id : 0;
}

static void
begin(struct mag *g, struct mag_group *b, const struct mag_session *s)
{
	b->outstanding = true;
	b->tries = 0;
	if (b->lifetime_s == 0)
		b->lifetime_s = s->lifetime_s;
	b->timeout_ms = g->s.timers.initial_bindack_timeout_ms;
	b->access_tech = s->link.access_tech;
	send(g, b);
}

static void
adopt(struct mag *g, struct mag_session *s, const struct mag_group *b)
{
	s->sent_ms = b->extended_ms;
	mag_extend(g, s, b->lifetime_s, 0);
	mag_access_set(g, s);
	mag_publish(g, s, PMIP_PUB_SESSION_REFRESHED, MH_STATUS_ACCEPTED);
}

/* By an update that was sent later than its own; one that shortens it counts only as long as it is fresh. */
bool
mag_bulk_extended(struct mag *g, struct mag_session *s)
{
	const struct mag_group *b = g->s.bulk && s->group != 0 ? find(g, &s->lma, s->group) : NULL;
	uint64_t life_ms;

	if (b == NULL || b->extended_ms <= s->sent_ms)
		return false;
	life_ms = 1000ull * b->lifetime_s;
	if (b->extended_ms + life_ms <= s->expires_ms &&
	    b->extended_ms + life_ms * g->s.timers.refresh_percent / 100 <= g->now.mono_ms)
		return false;
	adopt(g, s, b);
	return true;
}

void
mag_sweep_extended(struct mag *g, struct mag_sweep *w, struct mag_session *s)
{
	(void)w;
	if (s->state == MAG_ACTIVE)
		mag_bulk_extended(g, s);
}

/* Those whose own time would come too late. */
static void
shortened(struct mag *g, const struct mag_group *b)
{
	mag_sweep(g, &(struct mag_sweep){
			     .kind = MAG_SWEEP_EXTENDED, .anchor = b->anchor, .group = b->id, .since_ms = b->sent_ms});
}

/* From then on it is extended by an update of its own: half of what its group had is left to that. */
static uint64_t
own_ms(const struct mag *g, const struct mag_session *s)
{
	return s->expires_ms - 1000ull * s->lifetime_s * (100 - g->s.timers.refresh_percent) / 200;
}

/* Once more when the group's update is answered, or after it was repeated; in time for one of its own at the latest. */
static void
wait_for_group(struct mag *g, struct mag_session *s, const struct mag_group *b)
{
	uint64_t due_ms = g->now.mono_ms + b->timeout_ms + mag_jitter(g, b->timeout_ms / 8), own = own_ms(g, s);

	deadline_set(&g->due, mag_session_index(g, s), due_ms < own ? due_ms : own);
}

bool
mag_bulk_refresh(struct mag *g, struct mag_session *s)
{
	struct mag_group *b = g->s.bulk && s->group != 0 ? get(g, &s->lma, s->group) : NULL;

	if (b == NULL || b->single_ms > g->now.mono_ms)
		return false;
	if (mag_bulk_extended(g, s))
		return true;
	if (own_ms(g, s) <= g->now.mono_ms)
		return false;
	if (!b->outstanding)
		begin(g, b, s);
	wait_for_group(g, s, b);
	return true;
}

/* One by one, until that might have changed. */
static void
give_up(struct mag *g, struct mag_group *b)
{
	b->outstanding = false;
	b->single_ms = g->now.mono_ms + 1000ull * g->s.lifetime_s;
	deadline_clear(&g->rare, deadline_id(g, b));
}

void
mag_bulk_due(struct mag *g, struct mag_group *b)
{
	if (b->tries == TRIES_MAX) {
		give_up(g, b);
		return;
	}
	b->timeout_ms *= 2;
	send(g, b);
}

bool
mag_bulk_acknowledge(struct mag *g, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	struct mag_group *b = says_group(m) ? find(g, &e->message.src, m->opt.group.id) : NULL;
	uint64_t lifetime_s = (uint64_t)m->pba.lifetime * MH_LIFETIME_UNIT_S;
	uint32_t before_s;

	if (b == NULL || mag_says_mn_id(m) || !b->outstanding || b->sequence != m->pba.sequence)
		return false;
	if (m->pba.status >= MAG_REJECTED_FROM || lifetime_s == 0) {
		g->stat.counter[STAT_PBA_REJECTED_RX]++;
		give_up(g, b);
		return true;
	}
	g->stat.counter[STAT_PBA_ACCEPTED_RX]++;
	b->outstanding = false;
	b->extended_ms = b->sent_ms;
	before_s = b->lifetime_s;
	b->lifetime_s = (uint32_t)(lifetime_s < g->s.lifetime_s ? lifetime_s : g->s.lifetime_s);
	deadline_clear(&g->rare, deadline_id(g, b));
	if (b->lifetime_s < before_s)
		shortened(g, b);
	return true;
}

void
mag_bulk_forget(struct mag *g, const struct addr6 *anchor)
{
	for (unsigned int i = 0; i < MAG_GROUPS_MAX; i++) {
		if (!addr6_equal(&g->group[i].anchor, anchor))
			continue;
		deadline_clear(&g->rare, MAG_RARE_GROUP + i);
		g->group[i] = (struct mag_group){0};
	}
}
