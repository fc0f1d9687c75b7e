/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Temporal prefixes (draft-park-multihoming-ext-pmipv6-2level-prefix): a session gets some of this gateway's own
 * aggregate, one for each flow that may go its own way. Updates say which there are, from the first one on, and the
 * anchor's answer says which of them are the session's: none is used before.
 */
#include <errno.h>
#include <string.h>

#include "engine.h"
#include "mh/vendor.h"

#define SESSION_PREFIX_LEN 64

/* Those that it has, asks for, or was cut. */
static unsigned int
places_of(const struct mag_prefixes *l)
{
	return l->count + l->pulled + l->cut;
}

/* Without those that it asks for, which are another's or nobody's. */
static unsigned int
own_of(const struct mag_prefixes *l)
{
	return l->count + l->cut;
}

/* The first /64 of an aggregate is nobody's. */
static void
spare_first(struct pmip_pool *p)
{
	struct addr_prefix first = {p->block.addr, SESSION_PREFIX_LEN};

	pmip_pool_take_prefix(p, &first);
}

int
mag_temporal_init(struct pmip_pool *p, const struct mag_settings *m)
{
	struct pmip_pool_settings s = {.block = m->aggregate, .len = SESSION_PREFIX_LEN};
	int rc;

	*p = (struct pmip_pool){0};
	if (mag_delegation_wanted(m))
		return pmip_pool_reserve(p, 1u << (SESSION_PREFIX_LEN - MAG_AGGREGATE_LEN_MIN));
	if (m->aggregate.len == 0)
		return 0;
	rc = pmip_pool_init(p, &s);
	if (rc == 0)
		spare_first(p);
	return rc;
}

/* What sessions have of another aggregate is theirs until they end. */
static void
take_what_is_in_use(const struct mag *g, struct pmip_pool *p)
{
	for (uint32_t i = 0; p->total > 0 && i < g->s.sessions_max; i++)
		for (unsigned int k = 0; index_pool_is_taken(&g->ids, i) && k < own_of(&g->session[i].has); k++)
			pmip_pool_take_prefix(p, &g->session[i].has.prefix[k]);
}

void
mag_temporal_replace(struct mag *g, struct pmip_pool *with)
{
	struct pmip_pool was = g->temporal;

	take_what_is_in_use(g, with);
	g->temporal = *with;
	*with = was;
}

void
mag_temporal_recut(struct mag *g, const struct addr_prefix *aggregate)
{
	if (!pmip_pool_recut(&g->temporal, aggregate->len > 0 ? aggregate : NULL, SESSION_PREFIX_LEN))
		return;
	spare_first(&g->temporal);
	take_what_is_in_use(g, &g->temporal);
}

/* The aggregate is of one anchor, which alone knows whose each prefix of it is. */
static bool
may_cut(const struct mag *g, const struct mag_session *s)
{
	return g->temporal.place != NULL && !g->s.logical_interface && g->s.multihoming.vendor != 0 &&
	       s->has.pulled == 0 && addr6_equal(&s->lma, &g->s.lma);
}

/* Those that it has of the kind, or was cut. */
static unsigned int
cut_for(const struct mag_session *s)
{
	unsigned int count = s->has.cut;

	for (uint8_t left = s->has.temporal; left != 0; left &= (uint8_t)(left - 1))
		count++;
	return count;
}

void
mag_temporal_cut(struct mag *g, struct mag_session *s, unsigned int count)
{
	unsigned int has = cut_for(s);

	if (!may_cut(g, s))
		return;
	for (; has < count && places_of(&s->has) < MH_HNP_MAX; has++) {
		if (pmip_pool_take(&g->temporal, &s->has.prefix[places_of(&s->has)]) < 0)
			return;
		s->has.cut++;
	}
}

int
mag_cut_check(const struct mag *g, const struct pmip_event *e)
{
	const struct mag_session *s;

	if (!index_pool_is_taken(&g->ids, e->cut.session))
		return -ENOENT;
	s = &g->session[e->cut.session];
	if (!pmip_mn_id_equal(&s->mn_id, &e->cut.mn_id))
		return -ENOENT;
	if (e->cut.count == 0)
		return -EINVAL;
	if (s->state != MAG_ACTIVE || g->closing)
		return -EBUSY;
	if (!may_cut(g, s))
		return -EOPNOTSUPP;
	return places_of(&s->has) + e->cut.count <= MH_HNP_MAX && g->temporal.used + e->cut.count <= g->temporal.total
		       ? 0
		       : -ENOSPC;
}

void
mag_cut(struct mag *g, const struct pmip_event *e)
{
	struct mag_session *s;

	if (mag_cut_check(g, e) < 0)
		return;
	s = &g->session[e->cut.session];
	mag_temporal_cut(g, s, cut_for(s) + e->cut.count);
	mag_exchange_refresh(g, s);
}

/* What the anchor has of the aggregate for a session is its own, though this gateway forgot that it cut it. */
void
mag_temporal_adopt(struct mag *g, struct mag_session *s)
{
	for (unsigned int i = 0; g->temporal.place != NULL && i < s->has.count; i++)
		if (pmip_pool_take_prefix(&g->temporal, &s->has.prefix[i]) != -ENOENT && !(s->has.off_link & 1u << i))
			s->has.temporal |= (uint8_t)(1u << i);
}

static bool
node_has(const struct mag *g, const struct mag_session *s, const struct addr_prefix *p)
{
	const struct mag_session *other = NULL;

	while ((other = mag_session_of(g, &s->mn_id, other)) != NULL)
		for (unsigned int i = 0; i < own_of(&other->has); i++)
			if (addr_prefix_equal(&other->has.prefix[i], p))
				return true;
	return false;
}

/*
 * The pool gives it to another as late as it can. It may be in use by way of another gateway still: then the anchor
 * takes no note of it for that one.
 */
void
mag_temporal_put(struct mag *g, const struct mag_session *s, const struct mag_prefixes *before)
{
	for (unsigned int i = 0; g->temporal.place != NULL && i < own_of(before); i++)
		if (!node_has(g, s, &before->prefix[i]) && mag_session_find_prefix(g, &before->prefix[i], s) == NULL)
			pmip_pool_put(&g->temporal, &before->prefix[i]);
}

void
mag_temporal_uncut(struct mag *g, struct mag_session *s)
{
	struct mag_prefixes before = s->has;

	s->has.cut = 0;
	mag_temporal_put(g, s, &before);
}

/* What the anchor is to be told of a prefix: what is idle it knows, but not that the gateway does. */
static uint8_t
flags_of(const struct mag_prefixes *l, unsigned int i)
{
	uint8_t cut = i >= l->count || l->temporal & 1u << i ? MH_VENDOR_TEMPORAL | MH_VENDOR_LEVEL2 : 0;

	return i < l->count && l->idle & 1u << i ? cut | MH_VENDOR_IDLE : cut;
}

void
mag_temporal_declare(const struct mag *g, const struct mag_session *s, struct mh_msg *m)
{
	struct mag_prefixes pulled = {.count = s->has.pulled};
	uint8_t asked;

	memcpy(pulled.prefix, &s->has.prefix[s->has.count], pulled.count * sizeof(*pulled.prefix));
	asked = mag_prefixes_overlapping(&s->has, &pulled);
	for (unsigned int i = 0; i < s->has.count + s->has.cut && s->state != MAG_LEAVING; i++)
		if (!(asked & 1u << i) && flags_of(&s->has, i) != 0)
			mh_vendor_add_prefix(
				m, g->s.multihoming.vendor,
				&(struct mh_vendor_prefix){.flags = flags_of(&s->has, i), .prefix = s->has.prefix[i]});
}

/* Which of these of the session are idle by what is said of some of them. */
static uint8_t
idle_by(const struct mag *g, const struct mag_session *s, const struct mag_prefixes *l,
	const struct mh_vendor_prefix *said, unsigned int count)
{
	uint8_t idle = l->idle;

	for (unsigned int i = 0; i < count; i++) {
		int at = mag_prefixes_find(l, &said[i].prefix);

		if (at < 0 || l->off_link & 1u << at)
			continue;
		if (said[i].flags & MH_VENDOR_IDLE)
			idle |= (uint8_t)(1u << at);
		else if (mag_session_find_prefix(g, &said[i].prefix, s) == NULL)
			idle &= (uint8_t) ~(1u << at);
	}
	return idle;
}

void
mag_temporal_answered(const struct mag *g, const struct mag_session *s, const struct mh_msg *m, struct mag_prefixes *l)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_prefixes(m, g->s.multihoming.vendor, said, MH_VENDOR_MAX);

	for (unsigned int i = 0; i < count; i++) {
		int at = mag_prefixes_find(l, &said[i].prefix);

		if (at >= 0 && said[i].flags & MH_VENDOR_LEVEL2 && !(l->off_link & 1u << at))
			l->temporal |= (uint8_t)(1u << at);
	}
	l->idle = idle_by(g, s, l, said, count);
}

/* Whether something that has its traffic here, as is said, is nowhere here. */
static bool
lacks(const struct mag *g, const struct mag_session *s, const struct mh_vendor_prefix *said, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (!(said[i].flags & MH_VENDOR_IDLE) && mag_prefixes_find(&s->has, &said[i].prefix) < 0 &&
		    mag_session_find_prefix(g, &said[i].prefix, s) == NULL)
			return true;
	return false;
}

/* The answer is an update, which says how it stands now; and which the anchor sets right. */
void
mag_temporal_told(struct mag *g, const struct pmip_event *e)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_prefixes(e->message.msg, g->s.multihoming.vendor, said, MH_VENDOR_MAX);
	struct mag_session *s = NULL;
	uint8_t found = 0, idle;

	while (count > 0 && (s = mag_session_named(g, e, s, &found)) != NULL) {
		idle = idle_by(g, s, &s->has, said, count);
		if (!mag_is_for_interface(s, e->message.msg) || !s->forwarding ||
		    (idle == s->has.idle && !lacks(g, s, said, count)) ||
		    g->out->count + MAG_SESSION_ACTIONS > PMIP_ACTIONS_MAX)
			continue;
		s->has.idle = idle;
		mag_forward_set(g, s);
		mag_access_set(g, s);
		if (s->state == MAG_REFRESHING)
			mag_exchange_again(g, s);
		else
			mag_exchange_refresh(g, s);
	}
}
