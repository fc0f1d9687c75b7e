/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prefixes that go from one session of a mobile node to another. Those that come here are asked for by an update that
 * lists them alone, which refreshes the session too: in a partial handoff the other session is without them from then
 * on; by indicator 5 it keeps them, idle. Where both sessions are this gateway's, the word for each prefix goes from
 * the one to the other.
 */
#include <errno.h>

#include "engine.h"

static uint8_t
partial(const struct mag *g, const struct addr6 *anchor, bool existing)
{
	const struct pmip_peer_settings *p = pmip_peers_find(&g->peers, anchor);

	if (p != NULL && p->partial_given)
		return existing ? p->partial_existing : p->partial_new;
	return existing ? g->s.multihoming.partial_existing : g->s.multihoming.partial_new;
}

bool
mag_parts(const struct mag *g, const struct addr6 *anchor)
{
	const struct pmip_multihoming *m = &g->s.multihoming;

	return m->flow_mobility || m->hi5_flow_handover || partial(g, anchor, true) != 0 ||
	       partial(g, anchor, false) != 0;
}

static bool
twice(const struct addr_prefix *list, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		for (unsigned int j = 0; j < i; j++)
			if (addr_prefix_overlaps(&list[i], &list[j]))
				return true;
	return false;
}

/* Each once, each one that can be on a link. */
static int
check_list(const struct addr_prefix *list, unsigned int count)
{
	if (count == 0 || count > MH_HNP_MAX || twice(list, count))
		return -EINVAL;
	for (unsigned int i = 0; i < count; i++)
		if (!mag_prefix_usable(&list[i]))
			return -EINVAL;
	return 0;
}

/* A prefix is on one link of this gateway at most, since all flows come by one tunnel. */
static bool
are_here(const struct mag *g, const struct pmip_event *e)
{
	for (unsigned int i = 0; i < e->attach.prefix_count; i++)
		if (mag_session_find_prefix(g, &e->attach.prefix[i], NULL) != NULL)
			return true;
	return false;
}

uint8_t
mag_pull_handoff(const struct mag *g, const struct pmip_event *e)
{
	const struct pmip_profile *p = &e->attach.profile;

	if (check_list(e->attach.prefix, e->attach.prefix_count) < 0)
		return 0;
	if (e->attach.handoff == MH_HANDOFF_SHARED_PREFIXES)
		return g->s.multihoming.flow_mobility && !are_here(g, e) ? MH_HANDOFF_SHARED_PREFIXES : 0;
	return partial(g, p->lma_given ? &p->lma : &g->s.lma, false);
}

/* With an anchor that knows no partial handoff all of another interface's prefixes may come, as RFC 5213 has it. */
static uint8_t
away(const struct mag *g, const struct mag_session *s)
{
	uint8_t handoff = partial(g, &s->lma, true);

	return handoff == 0 && mag_parts(g, &s->lma) ? MH_HANDOFF_BETWEEN_INTERFACES : handoff;
}

/* The indicator of such an update, 0 where there is none. */
static uint8_t
handoff_of(const struct mag *g, const struct mag_session *s, enum pmip_move how)
{
	switch (how) {
	case PMIP_MOVE_AWAY:
		return away(g, s);
	case PMIP_MOVE_IDLE:
		return g->s.multihoming.hi5_flow_handover ? MH_HANDOFF_NO_CHANGE : 0;
	case PMIP_MOVE_SHARED: /* of RFC 7864, with the attachment of the interface alone */
		return 0;
	}
	return 0;
}

static int
check_room(const struct mag_session *s, const struct addr_prefix *list, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		int at = mag_prefixes_find(&s->has, &list[i]);

		if (at >= 0 && mag_prefixes_hosted(&s->has) & 1u << at)
			return -EEXIST;
	}
	return s->has.count + count <= MH_HNP_MAX ? 0 : -ENOSPC;
}

/* An update that says more than that nothing changed is not taken back for another. */
static int
check_session(const struct mag *g, const struct mag_session *s)
{
	if (g->closing || (s->state != MAG_ACTIVE && s->state != MAG_REFRESHING) || s->has.cut > 0)
		return -EBUSY;
	return s->state == MAG_REFRESHING && (s->pull != MAG_PULL_NONE || s->handoff != MH_HANDOFF_NO_CHANGE) ? -EBUSY
													      : 0;
}

static int
check_attachment(const struct mag *g, const struct pmip_event *e)
{
	int rc = check_list(e->attach.prefix, e->attach.prefix_count);

	return rc == 0 && mag_pull_handoff(g, e) == 0 ? -EOPNOTSUPP : rc;
}

int
mag_move_check(const struct mag *g, const struct pmip_event *e)
{
	const struct mag_session *s;
	int rc;

	if (e->type == PMIP_EV_ATTACH)
		return check_attachment(g, e);
	if (!index_pool_is_taken(&g->ids, e->move.session))
		return -ENOENT;
	s = &g->session[e->move.session];
	if (!pmip_mn_id_equal(&s->mn_id, &e->move.mn_id))
		return -ENOENT;
	if (handoff_of(g, s, e->move.how) == 0)
		return -EOPNOTSUPP;
	rc = check_list(e->move.prefix, e->move.prefix_count);
	if (rc == 0)
		rc = check_session(g, s);
	return rc == 0 ? check_room(s, e->move.prefix, e->move.prefix_count) : rc;
}

void
mag_move(struct mag *g, const struct pmip_event *e)
{
	struct mag_session *s;

	if (mag_move_check(g, e) < 0)
		return;
	s = &g->session[e->move.session];
	s->has.pulled = e->move.prefix_count;
	memcpy(&s->has.prefix[s->has.count], e->move.prefix, e->move.prefix_count * sizeof(*e->move.prefix));
	mag_exchange_pull(g, s, MAG_REFRESHING, handoff_of(g, s, e->move.how),
			  e->move.how == PMIP_MOVE_AWAY ? MAG_PULL_AWAY : MAG_PULL_IDLE);
}

/* The registration that there was is as old as it was. */
void
mag_pull_refused(struct mag *g, struct mag_session *s, uint8_t status)
{
	mag_publish(g, s, PMIP_PUB_MOVE_REFUSED, status);
	mag_session_await(g, s, false);
	s->has.pulled = 0;
	s->pull = MAG_PULL_NONE;
	if (!mag_enter(g, s, MAG_ACTIVE))
		return;
	s->sent_ms = s->expires_ms - 1000ull * s->lifetime_s;
	mag_extend(g, s, s->lifetime_s, 0);
}

bool
mag_pull_has_come(const struct mag_session *s, const struct mag_prefixes *after)
{
	for (unsigned int i = 0; i < s->has.pulled; i++) {
		struct mag_prefixes asked = {.count = 1, .prefix = {s->has.prefix[s->has.count + i]}};

		if (mag_prefixes_overlapping(after, &asked) & mag_prefixes_hosted(after))
			return true;
	}
	return false;
}

void
mag_lose(struct mag *g, struct mag_session *s, uint8_t mask)
{
	struct mag_prefixes before = s->has;

	mag_session_forget_prefixes(g, s);
	mag_prefixes_drop(&s->has, mask);
	mag_temporal_put(g, s, &before);
	if (s->forwarding) {
		mag_forward_set(g, s);
		mag_access_set(g, s);
	}
	if (s->state == MAG_REFRESHING || s->state == MAG_REGISTERING)
		mag_exchange_again(g, s); /* what it lists is not the set any more */
}

/* What it has as well. */
static uint8_t
shared_with(const struct mag_session *by, const struct mag_session *s, const struct mag_prefixes *these)
{
	return s != by && s->forwarding ? mag_prefixes_overlapping(&s->has, these) : 0;
}

/* And is to have no more: what is idle is kept for the way back, until it has come that way. */
static uint8_t
taken(const struct mag_session *by, const struct mag_session *s, const struct mag_come *come)
{
	uint8_t mask = (uint8_t)(shared_with(by, s, &come->all) & ~s->has.idle);

	return by->pull == MAG_PULL_IDLE ? mask & (s->has.off_link | shared_with(by, s, &come->home)) : mask;
}

/* Whether nothing is left of s when another session takes these. RFC 5213 knows whole sessions alone. */
static bool
takes_all(const struct mag *g, const struct mag_session *s, uint8_t mask)
{
	if ((mag_prefixes_hosted(&s->has) & mask) == 0)
		return false;
	return (mag_prefixes_all(&s->has) & ~mask) == 0 || !mag_parts(g, &s->lma);
}

/* The anchor knows, and telling it of the end would take the prefixes from the session that has them now. */
static void
end(struct mag *g, struct mag_session *s)
{
	if (s->attached)
		mag_access_clear(g, s);
	mag_session_unbind(g, s);
	mag_withdraw(g, s);
	g->stat.counter[STAT_SESSIONS_CLOSED]++;
	mag_publish(g, s, PMIP_PUB_SESSION_CLOSED, MH_STATUS_ACCEPTED);
	mag_session_del(g, s);
}

void
mag_supersede(struct mag *g, const struct mag_session *by, const struct mag_come *come)
{
	struct mag_session *s = mag_session_of(g, &by->mn_id, NULL), *next;

	for (; s != NULL; s = next) {
		next = mag_session_of(g, &by->mn_id, s);
		if (takes_all(g, s, taken(by, s, come)))
			end(g, s);
	}
}

static void
rest(struct mag *g, struct mag_session *s, uint8_t mask)
{
	if (mask == 0)
		return;
	s->has.idle |= mask;
	mag_forward_set(g, s);
	mag_access_set(g, s);
}

void
mag_take_over(struct mag *g, const struct mag_session *by, const struct mag_come *come)
{
	struct mag_session *s = NULL;

	while ((s = mag_session_of(g, &by->mn_id, s)) != NULL) {
		uint8_t mask = taken(by, s, come);

		rest(g, s, (uint8_t)(shared_with(by, s, &come->all) & ~(s->has.idle | mask)));
		if (mask != 0)
			mag_lose(g, s, mask);
	}
}
