/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Temporal prefixes (draft-park-multihoming-ext-pmipv6-2level-prefix): a session gets some of this gateway's own
 * aggregate, one for each flow that may go its own way. The anchor has the aggregate and needs to know of none of them
 * before one moves: from then on updates say which there are.
 */
#include <string.h>

#include "engine.h"
#include "mh/vendor.h"

#define SESSION_PREFIX_LEN 64

static bool
same_aggregate(const struct mag_settings *a, const struct mag_settings *b)
{
	return addr_prefix_equal(&a->aggregate, &b->aggregate);
}

/* Its first /64 is nobody's. */
static int
pool_init(struct pmip_pool *p, const struct addr_prefix *aggregate)
{
	struct pmip_pool_settings s = {.block = *aggregate, .len = SESSION_PREFIX_LEN};
	struct addr_prefix first = {aggregate->addr, SESSION_PREFIX_LEN};
	int rc;

	*p = (struct pmip_pool){0};
	if (aggregate->len == 0)
		return 0;
	rc = pmip_pool_init(p, &s);
	if (rc == 0)
		pmip_pool_take_prefix(p, &first);
	return rc;
}

int
mag_temporal_init(struct mag *g)
{
	return pool_init(&g->temporal, &g->s.aggregate);
}

void
mag_temporal_fini(struct mag *g)
{
	if (g->temporal.place != NULL)
		pmip_pool_fini(&g->temporal);
}

/* What sessions have of another aggregate is theirs until they end. */
int
mag_temporal_apply(struct mag *g, const struct mag_settings *s)
{
	struct pmip_pool pool;
	int rc;

	if (same_aggregate(&g->s, s))
		return 0;
	rc = pool_init(&pool, &s->aggregate);
	if (rc < 0)
		return rc;
	for (uint32_t i = 0; pool.place != NULL && i < g->s.sessions_max; i++)
		for (unsigned int k = 0; index_pool_is_taken(&g->ids, i) && k < g->session[i].has.count; k++)
			if (g->session[i].has.temporal & 1u << k)
				pmip_pool_take_prefix(&pool, &g->session[i].has.prefix[k]);
	mag_temporal_fini(g);
	g->temporal = pool;
	return 0;
}

void
mag_temporal_cut(struct mag *g, struct mag_session *s)
{
	struct addr_prefix p;
	int at;

	if (g->temporal.place == NULL || g->s.logical_interface)
		return;
	for (unsigned int i = 0; i < g->s.temporal_prefixes && s->has.count + s->has.pulled < MH_HNP_MAX; i++) {
		if (pmip_pool_take(&g->temporal, &p) < 0)
			return;
		at = mag_prefixes_add(&s->has, &p);
		s->has.temporal |= (uint8_t)(1u << at);
	}
}

/* The pool gives it to another as late as it can: it may be in use by way of another gateway still. */
void
mag_temporal_put(struct mag *g, const struct mag_prefixes *before, const struct mag_prefixes *after)
{
	for (unsigned int i = 0; g->temporal.place != NULL && i < before->count; i++)
		if (before->temporal & 1u << i && mag_prefixes_find(after, &before->prefix[i]) < 0)
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
		if (!s->forwarding || idle == s->has.idle || g->out->count + MAG_SESSION_ACTIONS > PMIP_ACTIONS_MAX)
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
