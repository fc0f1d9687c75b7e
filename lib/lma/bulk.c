/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Groups of a gateway's sessions, whose lifetime one update extends: RFC 6602 section 5.2. A group's identifier is the
 * one that its gateway gave it, to both sides. The extension is noted in the group, and its sessions take it over when
 * their own lifetime ends or somebody looks, so that a message costs the same however many there are.
 */
#include "engine.h"

static uint64_t
hash_of(const struct lma *l, const struct addr6 *gateway)
{
	return hash_bytes(&l->s.secret, gateway, sizeof(*gateway));
}

/* The groups of a gateway in turn. */
static struct lma_group *
group_of(const struct lma *l, const struct addr6 *gateway, const struct lma_group *after)
{
	uint32_t i = after != NULL ? index_map_next(&l->by_group, (uint32_t)(after - l->group))
				   : index_map_first(&l->by_group, hash_of(l, gateway));

	for (; i != INDEX_NONE; i = index_map_next(&l->by_group, i))
		if (addr6_equal(&l->group[i].gateway, gateway))
			return &l->group[i];
	return NULL;
}

/* One that nothing is in any more makes room; until then it is there, for a session that is put back. */
static uint32_t
unused(struct lma *l)
{
	uint32_t i = index_pool_take(&l->group_ids);

	if (i != INDEX_NONE)
		return i;
	for (i = 0; i < LMA_GROUPS_MAX; i++)
		if (l->group[i].sessions == 0) {
			index_map_del(&l->by_group, i);
			return i;
		}
	return INDEX_NONE;
}

static uint16_t
number_of(const struct lma *l, const struct lma_group *g)
{
	return (uint16_t)(g - l->group + 1);
}

/* A group of this identifier, made if need be: of one that is empty, or in a new place. NULL: as many as may be. */
static struct lma_group *
take(struct lma *l, const struct addr6 *gateway, uint32_t id)
{
	struct lma_group *g = NULL, *empty = NULL;
	unsigned int count = 0;
	uint32_t i;

	for (; (g = group_of(l, gateway, g)) != NULL; count++) {
		if (g->id == id)
			return g;
		if (g->sessions == 0)
			empty = g;
	}
	if (empty == NULL) {
		i = count < LMA_GATEWAY_GROUPS ? unused(l) : INDEX_NONE;
		if (i == INDEX_NONE)
			return NULL;
		empty = &l->group[i];
		index_map_add(&l->by_group, i, hash_of(l, gateway));
	}
	*empty = (struct lma_group){.gateway = *gateway, .id = id};
	return empty;
}

uint16_t
lma_group_wanted(struct lma *l, const struct lma_update *u)
{
	uint16_t lifetime = lma_lifetime_granted(l, u->msg.pbu.lifetime);
	const struct mh_opt_group *o = &u->msg.opt.group;
	struct lma_group *g;

	if (!l->s.bulk || (u->msg.pbu.flags & MH_PBU_B) == 0 || !mh_has(&u->msg, MH_OPT_MN_GROUP_ID) ||
	    o->subtype != MH_GROUP_BULK || o->id == 0 || !lma_update_is_own(l, u))
		return 0;
	g = take(l, &u->proxy_coa, o->id);
	if (g == NULL)
		return 0;
	if (g->longest < lifetime)
		g->longest = lifetime;
	return number_of(l, g);
}

void
lma_group_set(struct lma *l, struct lma_session *s, uint16_t group)
{
	uint16_t *number = &s->binding.group;

	if (*number != 0)
		l->group[*number - 1].sessions--;
	*number = group;
	if (group != 0)
		l->group[group - 1].sessions++;
}

void
lma_group_settle(const struct lma *l, struct lma_binding *b)
{
	const struct lma_group *g = b->group != 0 ? &l->group[b->group - 1] : NULL;
	uint64_t until_ms;

	if (g == NULL || g->updated_ms < lma_binding_updated_ms(b))
		return;
	until_ms = g->updated_ms + (uint64_t)g->lifetime * MH_LIFETIME_UNIT_S * 1000;
	/* Of two in one moment the longer counts. */
	if (g->updated_ms == lma_binding_updated_ms(b) && until_ms <= b->expires_ms)
		return;
	b->lifetime = g->lifetime;
	b->expires_ms = until_ms;
}

/*
 * One of its sessions is over, and its gateway may not know: until it must, its sessions are extended one by one, for
 * an update of all of them would say that it is there.
 */
void
lma_group_lost(struct lma *l, uint16_t group, struct lma_session *s)
{
	struct lma_group *g = group != 0 ? &l->group[group - 1] : NULL;

	lma_group_settle(l, &s->binding);
	if (g != NULL && addr6_equal(&g->gateway, &s->binding.proxy_coa) && g->lost_ms < s->binding.expires_ms)
		g->lost_ms = s->binding.expires_ms;
}

uint32_t
lma_group_id(const struct lma *l, uint16_t group)
{
	return group != 0 ? l->group[group - 1].id : 0;
}

/* Whether a message is about a group as a whole: it names no session. */
bool
lma_bulk_is_one(const struct mh_msg *m)
{
	return mh_has(m, MH_OPT_MN_GROUP_ID) && m->opt.group.subtype == MH_GROUP_BULK;
}

bool
lma_bulk_names_session(const struct mh_msg *m)
{
	return mh_has(m, MH_OPT_MN_ID) || mh_has(m, MH_OPT_HOME_NETWORK_PREFIX) || mh_has(m, MH_OPT_GRE_KEY);
}

/* The next group with sessions that a message of this gateway is about: one, or all of its groups. */
static struct lma_group *
next_meant(const struct lma *l, const struct addr6 *gateway, uint32_t id, struct lma_group *g)
{
	while ((g = group_of(l, gateway, g)) != NULL)
		if (g->sessions > 0 && (id == MH_GROUP_ALL_SESSIONS || g->id == id))
			return g;
	return NULL;
}

/* Whether one that the message is about lacks a session that its gateway may count on. */
static bool
lacks(const struct lma *l, const struct lma_update *u, uint64_t now_ms)
{
	struct lma_group *g = NULL;

	while ((g = next_meant(l, &u->proxy_coa, u->msg.opt.group.id, g)) != NULL)
		if (g->lost_ms > now_ms)
			return true;
	return false;
}

static enum mh_status
check(const struct lma *l, const struct lma_update *u)
{
	const struct lma_group *g = NULL;
	struct lma_group *first = next_meant(l, &u->proxy_coa, u->msg.opt.group.id, NULL);
	enum pmip_order order;

	if (u->peer == NULL || !lma_update_is_own(l, u))
		return MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG;
	if (!l->s.proxy_registration)
		return MH_STATUS_PROXY_REG_NOT_ENABLED;
	if (lma_bulk_names_session(&u->msg) || u->msg.pbu.lifetime == 0 || first == NULL ||
	    lacks(l, u, u->received.mono_ms))
		return MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER;
	if (!l->s.bulk)
		return MH_STATUS_ADMINISTRATIVELY_PROHIBITED;
	/* All of a gateway's groups have the last stamp of any. */
	while ((g = group_of(l, &u->proxy_coa, g)) != NULL) {
		order = lma_update_order(l, u, g->updated_ms != 0 ? &g->stamp : NULL);
		if (order != PMIP_ORDER_LATER && order != PMIP_ORDER_REPEATED)
			return pmip_order_status(order);
	}
	return MH_STATUS_ACCEPTED;
}

/* Deadlines of its sessions may stand later than it lasts now. */
static bool
shorten(struct lma *l, const struct lma_group *g)
{
	return lma_walk_start(l, &(struct lma_walk){.type = LMA_WALK_SETTLE,
						    .peer = g->gateway,
						    .group = number_of(l, g),
						    .since_ms = UINT64_MAX});
}

static uint16_t
extend(struct lma *l, const struct lma_update *u, const struct clock_now *now)
{
	uint16_t lifetime = lma_lifetime_granted(l, u->msg.pbu.lifetime);
	struct lma_group *g = NULL;

	while ((g = next_meant(l, &u->proxy_coa, u->msg.opt.group.id, g)) != NULL) {
		g->updated_ms = now->mono_ms;
		g->lifetime = lifetime;
		g->stamp = u->stamp;
		if (lifetime >= g->longest || shorten(l, g))
			g->longest = lifetime;
	}
	return lifetime;
}

void
lma_bulk_update(struct lma *l, struct lma_update *u, const struct clock_now *now, struct pmip_actions *out)
{
	enum mh_status status;
	struct pmip_action *a;
	struct mh_msg *m;

	u->peer = pmip_peers_find(&l->peers, &u->src);
	if (!lma_gateway_answer(l, u, now))
		return;
	status = check(l, u);
	a = lma_answer_start(u, status, PMIP_SESSION_NONE, out);
	if (a == NULL)
		return;
	m = &a->send.msg;
	mh_set(m, MH_OPT_MN_GROUP_ID);
	m->opt.group = u->msg.opt.group;
	if (status == MH_STATUS_ACCEPTED) {
		m->pba.lifetime = extend(l, u, now);
		l->stat.counter[STAT_PBA_ACCEPTED_TX]++;
	} else {
		lma_answer_rejected(l, u, status, m, now, out);
	}
}

bool
lma_bulk_remove(struct lma *l, const struct addr6 *gateway, uint32_t id, const struct clock_now *now, bool *refused)
{
	struct lma_group *g = NULL;
	bool any = false;

	while ((g = next_meant(l, gateway, id, g)) != NULL) {
		if (!lma_walk_start(l, &(struct lma_walk){.type = LMA_WALK_REMOVE,
							  .peer = *gateway,
							  .group = number_of(l, g),
							  .since_ms = now->mono_ms}))
			*refused = true;
		any = true;
	}
	return any;
}
