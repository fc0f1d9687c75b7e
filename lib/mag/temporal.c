/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Temporal prefixes (draft-park-multihoming-ext-pmipv6-2level-prefix): a session gets some of this gateway's own
 * aggregate, one for each flow that may go its own way. The anchor has the aggregate and needs to know of none of them
 * before one moves: from then on updates say which there are.
 */
#include <errno.h>
#include <string.h>

#include "engine.h"
#include "mh/vendor.h"

#define SESSION_PREFIX_LEN 64

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
		for (unsigned int k = 0; index_pool_is_taken(&g->ids, i) && k < g->session[i].has.count; k++)
			if (g->session[i].has.temporal & 1u << k)
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

void
mag_temporal_cut(struct mag *g, struct mag_session *s)
{
	unsigned int has = 0;
	struct addr_prefix p;
	int at;

	if (g->temporal.place == NULL || g->s.logical_interface)
		return;
	for (unsigned int i = 0; i < s->has.count; i++)
		has += s->has.temporal >> i & 1;
	for (; has < g->s.temporal_prefixes && s->has.count + s->has.pulled < MH_HNP_MAX; has++) {
		if (pmip_pool_take(&g->temporal, &p) < 0)
			return;
		at = mag_prefixes_add(&s->has, &p);
		s->has.temporal |= (uint8_t)(1u << at);
	}
}

/* What the anchor has of the aggregate for a session is this gateway's too, though it forgot that it cut it. */
void
mag_temporal_adopt(struct mag *g, struct mag_session *s)
{
	uint8_t others = (uint8_t)(mag_prefixes_all(&s->has) & ~(s->has.temporal | s->has.off_link));

	for (unsigned int i = 0; g->temporal.place != NULL && i < s->has.count; i++) {
		if (!(others & 1u << i) || pmip_pool_take_prefix(&g->temporal, &s->has.prefix[i]) == -ENOENT)
			continue;
		s->has.temporal |= (uint8_t)(1u << i);
		s->declares = true;
	}
}

static bool
node_has(const struct mag *g, const struct mag_session *s, const struct addr_prefix *p)
{
	const struct mag_session *other = NULL;

	while ((other = mag_session_of(g, &s->mn_id, other)) != NULL)
		if (mag_prefixes_find(&other->has, p) >= 0)
			return true;
	return false;
}

/* The pool gives it to another as late as it can: it may be in use by way of another gateway still. */
void
mag_temporal_put(struct mag *g, const struct mag_session *s, const struct mag_prefixes *before)
{
	for (unsigned int i = 0; g->temporal.place != NULL && i < before->count; i++)
		if (before->temporal & 1u << i && !node_has(g, s, &before->prefix[i]))
			pmip_pool_put(&g->temporal, &before->prefix[i]);
}

/* What the anchor is to be told of a prefix: what is idle it knows, but not that the gateway does. */
static uint8_t
flags_of(const struct mag_session *s, unsigned int i)
{
	uint8_t idle = s->has.idle & 1u << i ? MH_VENDOR_IDLE : 0;

	if (!(s->has.temporal & 1u << i))
		return idle;
	return s->declares ? MH_VENDOR_TEMPORAL | MH_VENDOR_LEVEL2 | idle : 0;
}

void
mag_temporal_declare(const struct mag *g, struct mag_session *s, struct mh_msg *m)
{
	struct mag_prefixes pulled = {.count = s->has.pulled};
	uint8_t asked;

	if (s->pull != MAG_PULL_NONE)
		s->declares = true;
	memcpy(pulled.prefix, &s->has.prefix[s->has.count], pulled.count * sizeof(*pulled.prefix));
	asked = mag_prefixes_overlapping(&s->has, &pulled);
	for (unsigned int i = 0; i < s->has.count; i++)
		if (!(asked & 1u << i) && flags_of(s, i) != 0)
			mh_vendor_add_prefix(
				m, g->s.multihoming.vendor,
				&(struct mh_vendor_prefix){.flags = flags_of(s, i), .prefix = s->has.prefix[i]});
}

/* Which of the session's are idle by what is said of some of them. */
static uint8_t
idle_by(const struct mag *g, const struct mag_session *s, const struct mh_vendor_prefix *said, unsigned int count)
{
	uint8_t idle = s->has.idle;

	for (unsigned int i = 0; i < count; i++) {
		int at = mag_prefixes_find(&s->has, &said[i].prefix);

		if (at < 0 || s->has.off_link & 1u << at)
			continue;
		if (said[i].flags & MH_VENDOR_IDLE)
			idle |= (uint8_t)(1u << at);
		else if (mag_session_find_prefix(g, &said[i].prefix, s) == NULL)
			idle &= (uint8_t) ~(1u << at);
	}
	return idle;
}

/* The answer is an update, which says how it stands now. */
void
mag_temporal_told(struct mag *g, const struct pmip_event *e)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count =
		mh_vendor_prefixes(e->message.msg, g->s.multihoming.vendor, said, sizeof(said) / sizeof(said[0]));
	struct mag_session *s = NULL;
	uint8_t found = 0, idle;

	while (count > 0 && (s = mag_session_named(g, e, s, &found)) != NULL) {
		idle = idle_by(g, s, said, count);
		if (!mag_is_for_interface(s, e->message.msg) || !s->forwarding || idle == s->has.idle ||
		    g->out->count + MAG_SESSION_ACTIONS > PMIP_ACTIONS_MAX)
			continue;
		s->has.idle = idle;
		s->declares = true;
		mag_forward_set(g, s);
		mag_access_set(g, s);
		if (s->state == MAG_REFRESHING)
			mag_exchange_again(g, s);
		else
			mag_exchange_refresh(g, s);
	}
}
