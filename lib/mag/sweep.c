/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is done to all sessions of an anchor, of a realm, of a group, or to all: a walk through the table of sessions
 * that comes back for its next slice, so that neither a list nor a moment of the control lcore is as long as the table.
 * The same request twice is one walk, begun anew.
 */
#include "engine.h"

#define SLICE 8192 /* places looked at in one step */

typedef void each_fn(struct mag *g, struct mag_sweep *w, struct mag_session *s);

static const struct {
	each_fn *each;
	bool paced;
} kinds[MAG_SWEEP_KINDS] = {
#define MAG_SWEEP(NAME, function, paced, what) [MAG_SWEEP_##NAME] = {function, paced},
#include "sweep.def"
#undef MAG_SWEEP
};

static bool
same(const struct mag_sweep *a, const struct mag_sweep *b)
{
	return a->kind == b->kind && addr6_equal(&a->anchor, &b->anchor) && a->who == b->who && a->realm == b->realm &&
	       a->group == b->group && a->request == b->request;
}

/* Not of all that an anchor has: there may be as many of these as others think of. */
static bool
is_asked_for(const struct mag_sweep *w)
{
	return w->kind != MAG_SWEEP_NONE && (w->request != 0 || w->group != 0 || w->who != 0);
}

/* That of the same request, else a free place, else NULL. */
static struct mag_sweep *
place(struct mag *g, const struct mag_sweep *what)
{
	struct mag_sweep *found = NULL;
	unsigned int asked = 0;

	for (unsigned int i = 0; i < MAG_SWEEPS_MAX; i++) {
		if (same(&g->sweep[i], what))
			return &g->sweep[i];
		if (g->sweep[i].kind == MAG_SWEEP_NONE && found == NULL)
			found = &g->sweep[i];
		asked += is_asked_for(&g->sweep[i]);
	}
	return is_asked_for(what) && asked >= MAG_ASKED_MAX ? NULL : found;
}

bool
mag_sweep(struct mag *g, const struct mag_sweep *what)
{
	struct mag_sweep *w = place(g, what);

	if (w == NULL) {
		g->stat.counter[STAT_WALKS_REFUSED]++;
		return false;
	}
	*w = *what;
	deadline_set(&g->rare, MAG_RARE_SWEEP + (uint32_t)(w - g->sweep), g->now.mono_ms);
	return true;
}

static void
end(struct mag *g, struct mag_sweep *w)
{
	deadline_clear(&g->rare, MAG_RARE_SWEEP + (uint32_t)(w - g->sweep));
	w->kind = MAG_SWEEP_NONE;
}

void
mag_sweep_stop(struct mag *g, enum mag_sweep_kind kind, const struct addr6 *anchor)
{
	for (unsigned int i = 0; i < MAG_SWEEPS_MAX; i++)
		if (g->sweep[i].kind == kind && addr6_equal(&g->sweep[i].anchor, anchor))
			end(g, &g->sweep[i]);
}

bool
mag_sweep_answers(const struct mag *g, uint64_t request)
{
	for (unsigned int i = 0; i < MAG_SWEEPS_MAX; i++)
		if (g->sweep[i].kind == MAG_SWEEP_REVOKED && g->sweep[i].request == request)
			return true;
	return false;
}

/*
 * What the operator ends are the sessions that there were, whatever was said of them since. Otherwise a refresh that
 * was repeated since, and not answered, says nothing of the anchor.
 */
static bool
spared(const struct mag_sweep *w, const struct mag_session *s)
{
	if (s->forwarding && (w->kind == MAG_SWEEP_DEREGISTER || w->kind == MAG_SWEEP_REVOKE))
		return s->opened_ms > w->since_ms;
	return s->sent_ms > w->since_ms && (s->state != MAG_REFRESHING || w->kind == MAG_SWEEP_REGISTER);
}

static bool
in_group(const struct mag_session *s, uint32_t group)
{
	return s->group == group || (s->group != 0 && group == MH_GROUP_ALL_SESSIONS);
}

static bool
concerns(const struct mag *g, const struct mag_sweep *w, const struct mag_session *s)
{
	if (spared(w, s) || (!addr6_is_zero(&w->anchor) && !addr6_equal(&s->lma, &w->anchor)))
		return false;
	if (w->group != 0 && !in_group(s, w->group))
		return false;
	if (w->who != 0 && mag_mn_id_hash(g, &s->mn_id) != w->who)
		return false;
	return w->realm == 0 || mag_realm_hash(g, &s->mn_id) == w->realm;
}

/* Whether the next may be done now; else when. */
static bool
in_time(struct mag *g, const struct mag_sweep *w, uint32_t id)
{
	uint32_t per_s = g->s.timers.peer_rate_per_s;

	if (!kinds[w->kind].paced || pace_take(&g->pace, g->now.mono_ms, per_s))
		return true;
	deadline_set(&g->rare, id, pace_due(&g->pace, g->now.mono_ms, per_s));
	return false;
}

/* Up to the end of the table, of the slice, of the list, or of what may be done by now. */
void
mag_sweep_due(struct mag *g, uint32_t i)
{
	struct mag_sweep *w = &g->sweep[i];
	uint32_t id = MAG_RARE_SWEEP + i, last = w->at + SLICE;

	for (; w->at < g->s.sessions_max; w->at++) {
		struct mag_session *s = &g->session[w->at];

		if (w->at == last || g->out->count + MAG_SESSION_ACTIONS > MAG_SWEEP_ACTIONS) {
			deadline_set(&g->rare, id, g->now.mono_ms);
			return;
		}
		if (!index_pool_is_taken(&g->ids, w->at) || !concerns(g, w, s))
			continue;
		if (!in_time(g, w, id))
			return;
		kinds[w->kind].each(g, w, s);
	}
	if (w->kind == MAG_SWEEP_REVOKED)
		mag_sweep_answer(g, w);
	end(g, w);
}

void
mag_sweep_register(struct mag *g, struct mag_sweep *w, struct mag_session *s)
{
	(void)w;
	mag_register_again(g, s);
}

void
mag_sweep_dead(struct mag *g, struct mag_sweep *w, struct mag_session *s)
{
	(void)w;
	if (!s->forwarding)
		return;
	g->stat.counter[STAT_SESSIONS_EXPIRED]++;
	mag_publish(g, s, PMIP_PUB_SESSION_EXPIRED, s->status);
	s->registered = false;
	s->moved = false;
	mag_postpone(g, s, 0);
}

void
mag_sweep_deregister(struct mag *g, struct mag_sweep *w, struct mag_session *s)
{
	(void)w;
	mag_send_off(g, s);
}
