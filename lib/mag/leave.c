/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a session: its mobile node left, an administrator or a shutdown ends it, or its forwarding could not be
 * set (RFC 5213 section 6.9.1.4). Service ends at once. The de-registration is sent once and not again: the entry
 * goes with the answer, or after INITIAL_BINDACK_TIMEOUT without one, and the mobile node that a repetition would need
 * (section 6.9.4, item 2) is not there any more.
 */
#include "engine.h"

static void
end_service(struct mag *g, struct mag_session *s)
{
	bool served = s->forwarding;

	if (s->attached)
		mag_session_unbind(g, s);
	mag_withdraw(g, s);
	if (!served)
		return;
	g->stat.counter[STAT_SESSIONS_CLOSED]++;
	mag_publish(g, s, PMIP_PUB_SESSION_CLOSED, MH_STATUS_ACCEPTED);
}

bool
mag_known_to_anchor(const struct mag_session *s)
{
	return s->state != MAG_HELD || s->registered;
}

void
mag_leave(struct mag *g, struct mag_session *s)
{
	bool tell = mag_known_to_anchor(s);

	end_service(g, s);
	if (tell)
		mag_exchange(g, s, MAG_LEAVING, MH_HANDOFF_UNKNOWN);
	else
		mag_session_del(g, s);
}

/* Policy may not know the host any more, and its identifier be empty: it has left all the same. */
void
mag_detach(struct mag *g, const struct pmip_event *e)
{
	struct mag_session *s = mag_session_find_host(g, e->detach.host);

	if (s == NULL || (e->detach.mn_id.len > 0 && !pmip_mn_id_equal(&s->mn_id, &e->detach.mn_id)))
		return;
	if (s->state == MAG_HELD && s->barred) {
		mag_session_unbind(g, s);
		deadline_set(&g->absent, mag_session_index(g, s), g->now.mono_ms);
	} else {
		mag_leave(g, s);
	}
}

void
mag_send_off(struct mag *g, struct mag_session *s)
{
	if (s->state == MAG_LEAVING)
		return;
	if (s->attached)
		mag_access_clear(g, s);
	mag_leave(g, s);
}

/* Whatever is answered to what it asked last, nobody waits for it. */
void
mag_forget(struct mag *g, struct mag_session *s)
{
	if (s->attached)
		mag_access_clear(g, s);
	end_service(g, s);
	if (s->state == MAG_REGISTERING)
		mag_enter(g, s, MAG_LEAVING);
	mag_session_del(g, s);
}

void
mag_close_some(struct mag *g)
{
	for (; g->close_at < g->s.sessions_max; g->close_at++) {
		if (g->out->count + MAG_SESSION_ACTIONS > PMIP_ACTIONS_MAX)
			return;
		if (index_pool_is_taken(&g->ids, g->close_at))
			mag_send_off(g, &g->session[g->close_at]);
	}
}

void
mag_close(struct mag *g, const struct pmip_event *e)
{
	uint32_t i = e->close.session;

	if (i == PMIP_SESSION_NONE) {
		g->closing = true;
		g->close_at = 0;
		mag_close_some(g);
	} else if (index_pool_is_taken(&g->ids, i)) {
		mag_send_off(g, &g->session[i]);
	}
}

static void
set_again(struct mag *g, struct mag_session *s)
{
	if (!s->forwarding)
		return;
	mag_forward_set(g, s);
	mag_access_set(g, s);
}

/* What they lost to it may have been in the rest of the list. */
static void
set_others(struct mag *g, const struct mag_session *than)
{
	struct mag_session *s = NULL;

	while (mag_parts(g, &than->lma) && (s = mag_session_of(g, &than->mn_id, s)) != NULL) {
		if (s != than)
			set_again(g, s);
	}
}

void
mag_effect_failed(struct mag *g, const struct pmip_event *e)
{
	const struct pmip_action *a = e->failed.action;

	if (a->type != PMIP_ACT_FORWARD_SET || !index_pool_is_taken(&g->ids, a->session))
		return;
	mag_send_off(g, &g->session[a->session]);
	set_others(g, &g->session[a->session]);
	if (g->accepted != a->session && index_pool_is_taken(&g->ids, g->accepted))
		set_again(g, &g->session[g->accepted]);
}
