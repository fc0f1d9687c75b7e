/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prefixes of the mobile node's other links, some flows of which come this way (RFC 7864): the anchor says which they
 * are, all of them each time. They are forwarded and not advertised; and one that it says is on this link is the
 * session's own from then on.
 */
#include <string.h>

#include "engine.h"
#include "mh/vendor.h"

/* The session that it is about: where it names an interface, that one's. */
static struct mag_session *
target(const struct mag *g, const struct pmip_event *e)
{
	struct mag_session *s = NULL;
	uint8_t found = 0;

	while ((s = mag_session_named(g, e, s, &found)) != NULL)
		if (s->forwarding && mag_is_for_interface(s, e->message.msg))
			return s;
	return NULL;
}

/* What one link has cannot come by another link of this gateway as well; and it is nobody else's. */
static bool
is_elsewhere_here(const struct mag *g, const struct mag_session *s, const struct mh_opt_hnp *o)
{
	const struct mag_session *other = mag_session_find_prefix(g, &o->prefix, s);

	return other != NULL && (o->off_link || !pmip_mn_id_equal(&other->mn_id, &s->mn_id));
}

/* Which of a session's prefixes are lent to it, and not any more by what is said now. */
static uint8_t
left_out(const struct mag_prefixes *l, const struct mh_msg *m)
{
	uint8_t mask = l->off_link;
	int at;

	for (unsigned int i = 0; i < m->opt.hnp_count; i++)
		if ((at = mag_prefixes_find(l, &m->opt.hnp[i].prefix)) >= 0)
			mask &= (uint8_t) ~(1u << at);
	return mask;
}

static bool
put(struct mag_prefixes *l, const struct mh_opt_hnp *o)
{
	int at = mag_prefixes_find(l, &o->prefix);

	if (at < 0) {
		at = mag_prefixes_add(l, &o->prefix);
		if (at >= 0 && o->off_link)
			l->off_link |= (uint8_t)(1u << at);
		return at >= 0;
	}
	l->idle &= (uint8_t) ~(1u << at);
	if (!o->off_link)
		l->off_link &= (uint8_t) ~(1u << at);
	return true;
}

/* False where one of them cannot be had. */
static bool
read_set(const struct mag *g, const struct mag_session *s, const struct mh_msg *m, struct mag_prefixes *l)
{
	*l = s->has;
	mag_prefixes_drop(l, left_out(l, m));
	for (unsigned int i = 0; i < m->opt.hnp_count; i++)
		if (!mag_prefix_usable(&m->opt.hnp[i].prefix) || is_elsewhere_here(g, s, &m->opt.hnp[i]) ||
		    !put(l, &m->opt.hnp[i]))
			return false;
	return true;
}

/* An initiate that puts prefixes on this link may say that they stay where they were, idle. */
static enum mag_pull
pull_of(const struct mag *g, const struct mh_msg *m)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_prefixes(m, g->s.multihoming.vendor, said, MH_VENDOR_MAX);

	for (unsigned int i = 0; i < count; i++)
		if (said[i].flags & MH_VENDOR_IDLE)
			return MAG_PULL_IDLE;
	return MAG_PULL_AWAY;
}

static void
take(struct mag *g, struct mag_session *s, const struct mag_prefixes *set, enum mag_pull pull)
{
	struct mag_come come = mag_prefixes_come(&s->has, set, set);
	struct mag_prefixes had = s->has;
	uint8_t before = s->pull;

	s->pull = (uint8_t)pull;
	mag_supersede(g, s, &come);
	mag_session_forget_prefixes(g, s);
	s->has = *set;
	mag_temporal_put(g, s, &had);
	mag_temporal_adopt(g, s);
	mag_forward_set(g, s);
	mag_take_over(g, s, &come);
	mag_access_set(g, s);
	s->pull = before;
	if (s->state == MAG_REFRESHING)
		mag_exchange_again(g, s); /* what it lists may be another set */
}

uint8_t
mag_flow_mobility(struct mag *g, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	struct mag_session *s = target(g, e);
	struct mag_prefixes set;

	if (!g->s.multihoming.flow_mobility)
		return MH_UPA_REASON_UNSPECIFIED;
	if (s == NULL)
		return MH_UPA_NOT_ATTACHED;
	if (!read_set(g, s, m, &set))
		return MH_UPA_REASON_UNSPECIFIED;
	if (!mag_prefixes_equal(&set, &s->has))
		take(g, s, &set, pull_of(g, m));
	return MH_UPA_ACCEPTED;
}
