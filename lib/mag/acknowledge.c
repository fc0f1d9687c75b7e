/* SPDX-License-Identifier: BSD-3-Clause */
/* The Proxy Binding Acknowledgement, in the order of RFC 5213 section 6.9.1.2. */
#include "engine.h"

/* An identifier of no bytes says no more than none does (RFC 5213 section 5.3.6). */
bool
mag_says_mn_id(const struct mh_msg *m)
{
	return mh_has(m, MH_OPT_MN_ID) && m->opt.mn_id.len > 0;
}

struct pmip_mn_id
mag_mn_id_of(const struct mh_msg *m)
{
	struct pmip_mn_id id = {.subtype = m->opt.mn_id.subtype, .len = m->opt.mn_id.len};

	memcpy(id.id, m->opt.mn_id.id, id.len);
	return id;
}

bool
mag_is_for_interface(const struct mag_session *s, const struct mh_msg *m)
{
	const struct mh_opts *o = &m->opt;

	if (mh_has(m, MH_OPT_ACCESS_TECH_TYPE) && o->access_tech.value != s->link.access_tech)
		return false;
	return !mh_has(m, MH_OPT_MN_LINK_LAYER_ID) ||
	       (o->mn_ll_id.len == sizeof(s->link.mac.b) &&
		memcmp(o->mn_ll_id.id, s->link.mac.b, sizeof(s->link.mac.b)) == 0);
}

/* What the answer repeats of the update is what the update said. */
static bool
repeats(const struct mag_session *s, const struct mh_msg *m)
{
	return mag_is_for_interface(s, m) &&
	       (!mh_has(m, MH_OPT_HANDOFF_INDICATOR) || m->opt.handoff.value == s->handoff);
}

/*
 * Whether it came from the session's anchor and is for its last update, as far as the timestamp tells: an answer
 * repeats it, but for those that have the anchor's own (RFC 5213 section 5.5, items 7 to 9).
 */
static bool
may_answer(const struct mag *g, const struct mag_session *s, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	bool own = m->pba.status == MH_STATUS_TIMESTAMP_MISMATCH ||
		   m->pba.status == MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED;

	return addr6_equal(&s->lma, &e->message.src) && mag_service_said(g, s, m) &&
	       (own || s->stamp == 0 || !mh_has(m, MH_OPT_TIMESTAMP) || m->opt.timestamp.wall == s->stamp);
}

/* A late one may be for an update that another interface of the mobile node had sent. */
static bool
is_for_another(const struct mag *g, const struct mag_session *than, const struct mh_msg *m)
{
	const struct mag_session *s = NULL;

	while ((s = mag_session_of(g, &than->mn_id, s)) != NULL)
		if (s != than && mag_is_for_interface(s, m))
			return true;
	return false;
}

/* An answer with the anchor's number instead of the update's is about whichever session it repeats the options of. */
static struct mag_session *
renumbered_session(const struct mag *g, const struct pmip_mn_id *id, const struct pmip_event *e)
{
	struct mag_session *s = NULL;

	if (e->message.msg->pba.status != MH_STATUS_SEQUENCE_OUT_OF_WINDOW)
		return NULL;
	while ((s = mag_session_of(g, id, s)) != NULL)
		if (s->outstanding && may_answer(g, s, e) && repeats(s, e->message.msg))
			return s;
	return NULL;
}

/* The only session that waits for an answer of this number from this anchor, NULL when there is none or more than one.
 */
static struct mag_session *
only_awaiting(const struct mag *g, const struct pmip_event *e)
{
	struct mag_session *s = NULL, *found = NULL;

	while ((s = mag_session_awaiting(g, e->message.msg->pba.sequence, s)) != NULL) {
		if (!may_answer(g, s, e))
			continue;
		if (found != NULL)
			return NULL;
		found = s;
	}
	return found;
}

/*
 * The session whose update this answers. Where updates are numbered by one counter of this gateway a number is one
 * update's, so an answer of that number about somebody whom nobody knows is a mistaken one and *mistaken is set.
 */
static struct mag_session *
match(const struct mag *g, const struct pmip_event *e, bool *mistaken)
{
	const struct mh_msg *m = e->message.msg;
	struct mag_session *s = NULL, *other = NULL;
	struct pmip_mn_id id;

	*mistaken = false;
	if (!mag_says_mn_id(m))
		return only_awaiting(g, e);
	id = mag_mn_id_of(m);
	/* Two interfaces may have the same number outstanding, and the anchor's own may be that of either by chance. */
	while ((s = mag_session_awaiting(g, m->pba.sequence, s)) != NULL) {
		if (!may_answer(g, s, e) || !pmip_mn_id_equal(&s->mn_id, &id))
			continue;
		if (repeats(s, m))
			return s;
		other = s;
	}
	if (other != NULL && m->pba.status != MH_STATUS_SEQUENCE_OUT_OF_WINDOW && !is_for_another(g, other, m))
		return other;
	if (mag_session_of(g, &id, NULL) != NULL)
		return renumbered_session(g, &id, e);
	*mistaken = true;
	return mag_stamps(g, &e->message.src) ? only_awaiting(g, e) : NULL;
}

bool
mag_prefix_usable(const struct addr_prefix *p)
{
	return p->len > 0 && p->len <= 128 && !addr6_is_zero(&p->addr) && !addr6_is_multicast(&p->addr) &&
	       !addr6_is_link_local(&p->addr);
}

/* What the anchor granted; nothing when the answer accepts nothing that could be used. */
static struct mag_prefixes
granted_prefixes(const struct mag *g, const struct mag_session *s, const struct mh_msg *m)
{
	struct mag_prefixes l = {0};

	for (unsigned int i = 0; i < m->opt.hnp_count; i++) {
		const struct mh_opt_hnp *o = &m->opt.hnp[i];
		bool off_link = o->off_link && g->s.multihoming.flow_mobility;

		if (!mag_prefix_usable(&o->prefix))
			return (struct mag_prefixes){0};
		if (off_link && mag_session_find_prefix(g, &o->prefix, s) != NULL)
			continue; /* on another link here */
		l.off_link |= (uint8_t)(off_link << mag_prefixes_add(&l, &o->prefix));
	}
	return l;
}

/*
 * The anchor has given away what other mobile nodes had here: it has lost their sessions, and they are registered anew.
 * Two anchors that give one prefix must not do so at the speed of their links: the second time, one of them waits.
 * A temporal prefix the anchor has given to nobody else: it knows who had it before this gateway forgot that.
 */
static void
displace(struct mag *g, const struct mag_session *by, const struct mag_prefixes *granted)
{
	for (unsigned int i = 0; i < granted->count; i++) {
		struct mag_session *s = mag_session_find_prefix(g, &granted->prefix[i], by);
		uint8_t temporal;

		if (s == NULL || pmip_mn_id_equal(&s->mn_id, &by->mn_id))
			continue;
		temporal = s->has.temporal & (uint8_t)(1u << mag_prefixes_find(&s->has, &granted->prefix[i]));
		if (temporal != 0) {
			mag_lose(g, s, temporal);
			continue;
		}
		g->stat.counter[STAT_SESSIONS_CLOSED]++;
		mag_publish(g, s, PMIP_PUB_SESSION_CLOSED, MH_STATUS_ACCEPTED);
		mag_register_anew(g, s);
	}
}

/* Lifetime counts from the update, as the anchor's does (RFC 6275 section 11.7.3). */
void
mag_extend(struct mag *g, struct mag_session *s, uint32_t lifetime_s, uint64_t advised_ms)
{
	uint64_t life_ms = 1000ull * lifetime_s, wait_ms = life_ms * g->s.timers.refresh_percent / 100;

	s->lifetime_s = lifetime_s;
	s->expires_ms = s->sent_ms + life_ms;
	if (advised_ms > 0 && advised_ms < wait_ms)
		wait_ms = advised_ms;
	wait_ms -= mag_jitter(g, wait_ms / 16);
	deadline_set(&g->due, mag_session_index(g, s),
		     s->sent_ms + wait_ms > g->now.mono_ms ? s->sent_ms + wait_ms : g->now.mono_ms);
}

void
mag_refresh_within(struct mag *g, struct mag_session *s, uint64_t ms)
{
	uint32_t i = mag_session_index(g, s);

	if (s->state == MAG_ACTIVE && g->now.mono_ms + ms < deadline_of(&g->due, i))
		deadline_set(&g->due, i, g->now.mono_ms + ms - mag_jitter(g, ms / 16));
}

uint64_t
mag_advised_ms(const struct mh_msg *m)
{
	return mh_has(m, MH_OPT_BINDING_REFRESH_ADVICE) ? 1000ull * m->opt.refresh_advice.interval * MH_LIFETIME_UNIT_S
							: 0;
}

/* What the acceptance of a session that is forwarded already comes to. */
static enum pmip_publish
outcome(const struct mag_session *s, const struct mag_prefixes *after)
{
	if (s->has.pulled > 0)
		return mag_pull_has_come(s, after) ? PMIP_PUB_PREFIXES_MOVED : PMIP_PUB_MOVE_REFUSED;
	return s->moved ? PMIP_PUB_SESSION_MOVED : PMIP_PUB_SESSION_REFRESHED;
}

static void
publish_accepted(struct mag *g, struct mag_session *s, bool opened, enum pmip_publish outcome)
{
	if (opened) {
		s->opened_ms = g->now.mono_ms;
		g->stat.counter[STAT_SESSIONS_OPENED]++;
		mag_publish(g, s, PMIP_PUB_SESSION_OPENED, s->status);
		if (s->pull != MAG_PULL_NONE)
			mag_publish(g, s, PMIP_PUB_PREFIXES_MOVED, s->status);
	} else {
		mag_publish(g, s, outcome, s->status);
	}
	s->moved = false;
}

/* Of what was cut for it the anchor had given some to others: others may do, and if not it has fewer. */
static void
cut_again(struct mag *g, struct mag_session *s)
{
	mag_temporal_cut(g, s, g->s.temporal_prefixes);
	if (s->has.cut > 0)
		mag_exchange_refresh(g, s);
}

static void
accept(struct mag *g, struct mag_session *s, const struct mh_msg *m, const struct mag_prefixes *granted,
       uint32_t lifetime_s)
{
	struct mag_prefixes before = s->has, after = mag_prefixes_granted(s, granted);
	bool opened = !s->forwarding, keys = mag_gre_take(s, m), same;
	enum pmip_publish what = outcome(s, &after);
	struct mag_come come;

	mag_temporal_answered(g, s, m, &after);
	come = mag_prefixes_come(&before, &after, granted);
	same = !keys && mag_prefixes_equal(&s->has, &after);
	mag_session_await(g, s, false);
	if (!mag_enter(g, s, MAG_ACTIVE))
		return;
	g->accepted = mag_session_index(g, s);
	mag_supersede(g, s, &come);
	displace(g, s, &come.all);
	s->has = after;
	mag_temporal_put(g, s, &before);
	mag_temporal_adopt(g, s);
	if (mh_has(m, MH_OPT_LINK_LOCAL_ADDRESS) && addr6_is_link_local(&m->opt.link_local.addr) && s->choices == 0)
		s->link_local = m->opt.link_local.addr;
	s->registered = true;
	s->rejections = 0;
	s->displaced = s->displaced && opened;
	mag_bulk_take(g, s, m);
	mag_anchor_get(g, &s->lma);
	mag_extend(g, s, lifetime_s, mag_advised_ms(m));
	if (opened || !same)
		mag_forward_set(g, s);
	mag_take_over(g, s, &come);
	mag_access_set(g, s);
	publish_accepted(g, s, opened, what);
	s->pull = MAG_PULL_NONE;
	if (opened && before.cut > 0)
		cut_again(g, s);
}

/* Positive: granted, unless nothing is left of it by now. */
static void
accepted(struct mag *g, struct mag_session *s, const struct mh_msg *m)
{
	uint64_t lifetime_s = (uint64_t)m->pba.lifetime * MH_LIFETIME_UNIT_S;
	struct mag_prefixes granted = granted_prefixes(g, s, m);

	if (lifetime_s > g->s.lifetime_s)
		lifetime_s = g->s.lifetime_s / MH_LIFETIME_UNIT_S * MH_LIFETIME_UNIT_S;
	if ((mag_prefixes_own(&granted) == 0 && lifetime_s > 0) || !mag_bulk_well_formed(m))
		g->stat.counter[STAT_PBA_IGNORED]++;
	else if (s->sent_ms + 1000 * lifetime_s <= g->now.mono_ms)
		mag_hold_for_later(g, s, MH_STATUS_REASON_UNSPECIFIED);
	else if (!mag_gre_accept(g, s, m))
		mag_hold_for_later(g, s, MH_STATUS_GRE_KEY_OPTION_REQUIRED);
	else
		accept(g, s, m, &granted, (uint32_t)lifetime_s);
}

void
mag_acknowledge(struct mag *g, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	struct mag_session *s;
	bool mistaken;

	if (mag_bulk_acknowledge(g, e) || mag_delegation_acknowledge(g, e))
		return;
	s = match(g, e, &mistaken);
	if (s == NULL || mistaken || !repeats(s, m)) {
		g->stat.counter[STAT_PBA_IGNORED]++;
		if (s != NULL && s->state != MAG_LEAVING)
			mag_hold_mismatch(g, s);
		return;
	}
	s->status = m->pba.status;
	g->stat.counter[s->status < MAG_REJECTED_FROM ? STAT_PBA_ACCEPTED_RX : STAT_PBA_REJECTED_RX]++;
	if (s->state == MAG_LEAVING && (s->status != MH_STATUS_SEQUENCE_OUT_OF_WINDOW || s->renumbered))
		mag_session_del(g, s);
	else if (s->status < MAG_REJECTED_FROM)
		accepted(g, s, m);
	else
		mag_reject(g, s, m);
}
