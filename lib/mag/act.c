/* SPDX-License-Identifier: BSD-3-Clause */
/* What follows from a session's state for forwarding, for the access link and for who looks on. */
#include "engine.h"

/* A list that is full is a mistake in MAG_SESSION_ACTIONS: the action is lost then, and nothing is overwritten. */
static struct pmip_action *
act(struct mag *g, enum pmip_action_type type, uint32_t session)
{
	struct pmip_action *a = pmip_act(g->out, type, session);

	if (a != NULL)
		return a;
	g->spilled = (struct pmip_action){.type = type};
	return &g->spilled;
}

struct pmip_action *
mag_act(struct mag *g, enum pmip_action_type type, const struct mag_session *s)
{
	return act(g, type, mag_session_index(g, s));
}

struct pmip_action *
mag_act_for(struct mag *g, enum pmip_action_type type)
{
	return act(g, type, PMIP_SESSION_NONE);
}

void
mag_publish(struct mag *g, const struct mag_session *s, enum pmip_publish what, uint8_t status)
{
	struct pmip_action *a = mag_act(g, PMIP_ACT_PUBLISH, s);

	a->publish.what = what;
	a->publish.status = status;
	a->publish.mn_id = s->mn_id;
	a->publish.peer = s->lma;
}

static void
forward(struct mag *g, const struct mag_session *s, enum pmip_action_type type)
{
	struct pmip_action *a = mag_act(g, type, s);

	a->forward.access = true;
	a->forward.local = g->s.address;
	a->forward.remote = s->lma;
	a->forward.link = s->link;
	a->forward.prefix_count =
		mag_prefixes_copy(&s->has, (uint8_t)(mag_prefixes_all(&s->has) & ~s->has.idle), a->forward.prefix);
	mag_gre_forward(g, s, a);
}

void
mag_forward_set(struct mag *g, struct mag_session *s)
{
	s->forwarding = true;
	mag_session_index_prefixes(g, s);
	forward(g, s, PMIP_ACT_FORWARD_SET);
}

static struct pmip_action *
access_set(struct mag *g, const struct mag_session *s)
{
	struct pmip_action *a = mag_act(g, PMIP_ACT_ACCESS_SET, s);

	a->access.host = s->link.host;
	a->access.link_local = addr6_is_zero(&s->link_local) ? g->s.link_local : s->link_local;
	return a;
}

void
mag_access_set(struct mag *g, const struct mag_session *s)
{
	struct pmip_action *a = access_set(g, s);

	if (s->expires_ms > g->now.mono_ms)
		a->access.lifetime_s = (uint32_t)((s->expires_ms - g->now.mono_ms) / 1000);
	for (unsigned int i = 0; i < s->has.count; i++) {
		if (s->has.off_link & 1u << i)
			continue;
		a->access.deprecated |= (uint8_t)((s->has.idle >> i & 1) << a->access.prefix_count);
		a->access.prefix[a->access.prefix_count++] = s->has.prefix[i];
	}
}

void
mag_access_clear(struct mag *g, const struct mag_session *s)
{
	mag_act(g, PMIP_ACT_ACCESS_CLEAR, s)->access.host = s->link.host;
}

/*
 * What it had beside its own goes too, for the anchor has forgotten it.
 * Nothing is advertised for no time, rather than the host forgotten: a mobile node that lost its router may have
 * nothing to say any more, and would not be seen again when the anchor serves it once more.
 */
void
mag_withdraw(struct mag *g, struct mag_session *s)
{
	struct mag_prefixes before = s->has;

	if (!s->forwarding)
		return;
	forward(g, s, PMIP_ACT_FORWARD_CLEAR);
	s->forwarding = false;
	mag_session_forget_prefixes(g, s);
	mag_prefixes_drop(&s->has, (uint8_t)~mag_prefixes_own(&s->has));
	mag_temporal_put(g, s, &before);
	if (s->attached)
		access_set(g, s);
}
