/* SPDX-License-Identifier: BSD-3-Clause */
/* What sessions of one mobile node have of each other's prefixes, and the one operation that moves a prefix. */
#include <errno.h>

#include "mh/vendor.h"
#include "multi.h"

struct lma_multi *
lma_multi_of(const struct lma *l, const struct lma_session *s)
{
	return s->multi != 0 ? &l->multi[s->multi - 1] : NULL;
}

static uint32_t
index_of(const struct lma *l, const struct lma_multi *m)
{
	return (uint32_t)(m - l->multi);
}

static void
note(struct lma *l, uint32_t node, uint16_t number)
{
	struct lma_session *s = NULL;

	while ((s = lma_session_of(l, &l->node[node], s)) != NULL)
		s->multi = number;
}

struct lma_multi *
lma_multi_take(struct lma *l, const struct lma_session *s)
{
	uint32_t i = s->multi != 0 ? s->multi - 1u : index_pool_take(&l->multi_ids);

	if (i == INDEX_NONE)
		return NULL;
	if (s->multi == 0) {
		l->multi[i] = (struct lma_multi){.node = s->node, .moving = {.session = INDEX_NONE}};
		note(l, s->node, (uint16_t)(i + 1));
	}
	return &l->multi[i];
}

void
lma_multi_put(struct lma *l, struct lma_multi *m)
{
	bool over = l->node[m->node].session == INDEX_NONE;

	if (!over && (m->row_count > 0 || m->flow_count > 0 || m->policies != 0 || m->flowing != 0 || m->forward != 0 ||
		      m->retract != 0 || m->moving.session != INDEX_NONE))
		return;
	note(l, m->node, 0);
	deadline_clear(&l->multi_due, index_of(l, m));
	index_pool_put(&l->multi_ids, index_of(l, m));
}

void
lma_multi_due(struct lma *l, const struct lma_multi *m, uint64_t due_ms)
{
	if (due_ms < deadline_of(&l->multi_due, index_of(l, m)))
		deadline_set(&l->multi_due, index_of(l, m), due_ms);
}

struct lma_row *
lma_row_find(struct lma_multi *m, const struct addr_prefix *p, uint32_t session)
{
	for (unsigned int i = 0; m != NULL && i < m->row_count; i++)
		if (m->row[i].session == session && addr_prefix_equal(&m->row[i].prefix, p))
			return &m->row[i];
	return NULL;
}

void
lma_row_del(struct lma_multi *m, struct lma_row *r)
{
	if (r == NULL)
		return;
	m->row_count--;
	memmove(r, r + 1, (size_t)(&m->row[m->row_count] - r) * sizeof(*r));
}

static void
row_set(struct lma_multi *m, const struct addr_prefix *p, uint32_t session, bool idle, bool off_link)
{
	struct lma_row *r = lma_row_find(m, p, session);

	if (r == NULL) {
		r = &m->row[m->row_count++];
		*r = (struct lma_row){.prefix = *p, .session = session, .off_link = off_link};
	}
	r->idle = idle;
	r->lender = INDEX_NONE;
}

void
lma_row_del_needless(struct lma_multi *m, struct lma_row *r)
{
	if (!r->off_link && r->lender == INDEX_NONE)
		lma_row_del(m, r);
}

uint32_t
lma_row_lender(const struct lma *l, const struct lma_session *owner, const struct addr_prefix *p)
{
	const struct lma_row *r = lma_row_find(lma_multi_of(l, owner), p, lma_session_index(l, owner));

	return r != NULL ? r->lender : INDEX_NONE;
}

unsigned int
lma_rows_beside(const struct lma *l, const struct lma_session *s)
{
	const struct lma_multi *m = lma_multi_of(l, s);
	unsigned int count = 0;

	for (unsigned int i = 0; m != NULL && i < m->row_count; i++)
		count += m->row[i].session == lma_session_index(l, s) && !lma_session_owns(l, s, &m->row[i].prefix);
	return count;
}

bool
lma_rows_lent(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p)
{
	const struct lma_multi *m = lma_multi_of(l, s);

	for (unsigned int i = 0; m != NULL && i < m->row_count; i++)
		if (m->row[i].lender == lma_session_index(l, s) &&
		    (p == NULL || addr_prefix_equal(&m->row[i].prefix, p)))
			return true;
	return false;
}

bool
lma_session_is_empty(const struct lma *l, const struct lma_session *s)
{
	return s->prefix_count == 0 && lma_rows_beside(l, s) == 0 && !lma_rows_lent(l, s, NULL);
}

static void
end_if_empty(struct lma *l, const struct lma_session *s)
{
	if (lma_session_is_empty(l, s))
		deadline_set(&l->session_due, lma_session_index(l, s), 0);
}

bool
lma_session_has(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p)
{
	return lma_session_owns(l, s, p) || lma_row_find(lma_multi_of(l, s), p, lma_session_index(l, s)) != NULL ||
	       lma_rows_lent(l, s, p);
}

/*
 * What a session owns has to be listed, but for what its gateway may not list: temporal prefixes, and those that this
 * anchor gave it (RFC 7864 section 4.2).
 */
bool
lma_rows_requires(const struct lma *l, const struct lma_session *s, const struct addr_prefix *own)
{
	const struct lma_row *r = lma_row_find(lma_multi_of(l, s), own, lma_session_index(l, s));

	return (r == NULL || !r->off_link) && !lma_aggregate_holds(l, own);
}

unsigned int
lma_rows_required(const struct lma *l, const struct lma_session *s)
{
	const struct addr_prefix *own = lma_session_prefixes(l, s);
	unsigned int count = 0;

	for (unsigned int i = 0; i < s->prefix_count; i++)
		count += lma_rows_requires(l, s, &own[i]);
	return count;
}

/* What it has besides may be listed. */
bool
lma_rows_match(const struct lma *l, const struct lma_session *s, const struct lma_update *u)
{
	const struct addr_prefix *own = lma_session_prefixes(l, s);
	const struct lma_multi *m = lma_multi_of(l, s);

	for (unsigned int i = 0; i < u->prefix_count; i++)
		if (!lma_session_has(l, s, &u->prefix[i]))
			return false;
	for (unsigned int i = 0; i < s->prefix_count; i++)
		if (!lma_update_names(u, &own[i]) && lma_rows_requires(l, s, &own[i]))
			return false;
	for (unsigned int i = 0; m != NULL && i < m->row_count; i++)
		if (m->row[i].lender == lma_session_index(l, s) && !lma_update_names(u, &m->row[i].prefix) &&
		    lma_rows_requires(l, s, &m->row[i].prefix))
			return false;
	return !u->wants_prefix;
}

static void
mark_off_link(const struct lma *l, const struct lma_session *s, struct mh_msg *m)
{
	for (unsigned int i = 0; i < m->opt.hnp_count; i++) {
		const struct lma_row *r =
			lma_row_find(lma_multi_of(l, s), &m->opt.hnp[i].prefix, lma_session_index(l, s));

		m->opt.hnp[i].off_link = r != NULL && r->off_link;
	}
}

/* An interface that attached: its gateway may not know what is idle there, and is told if there is a way to. */
static bool
shows_idle(const struct lma *l, const struct lma_session *s, const struct lma_update *u)
{
	bool attached = u->wants_prefix || (u->handoff >= MH_HANDOFF_NEW_INTERFACE && u->handoff <= MH_HANDOFF_UNKNOWN);

	return attached && (l->s.multihoming.vendor != 0 || s->prefix_count == 0);
}

/* Of what its gateway has cut it hears anyway. */
static void
write_idle(const struct lma *l, const struct lma_session *s, const struct lma_row *r, struct mh_msg *m)
{
	const struct pmip_aggregate *a = lma_aggregate_find(l, &r->prefix);

	if (r->idle && (a == NULL || !addr6_equal(&a->gateway, &s->binding.proxy_coa)))
		mh_vendor_add_prefix(m, l->s.multihoming.vendor,
				     &(struct mh_vendor_prefix){.prefix = r->prefix, .flags = MH_VENDOR_IDLE});
}

void
lma_rows_answer(const struct lma *l, const struct lma_session *s, const struct lma_update *u, struct mh_msg *m)
{
	const struct lma_multi *multi = lma_multi_of(l, s);
	bool all = shows_idle(l, s, u);

	if (u->msg.pbu.lifetime == 0)
		return;
	for (unsigned int i = 0; multi != NULL && i < multi->row_count; i++) {
		const struct lma_row *r = &multi->row[i];

		if (r->session != lma_session_index(l, s) || lma_session_owns(l, s, &r->prefix) ||
		    (r->idle && !lma_update_names(u, &r->prefix) && !all))
			continue;
		mh_add_hnp(m, &r->prefix);
		if (all)
			write_idle(l, s, r, m);
	}
	mark_off_link(l, s, m);
}

static void
write_state(const struct lma *l, const struct addr_prefix *prefix, bool idle, struct mh_msg *m)
{
	struct mh_vendor_prefix p = {.prefix = *prefix, .flags = idle ? MH_VENDOR_IDLE : 0};

	if (lma_aggregate_holds(l, prefix))
		p.flags |= MH_VENDOR_TEMPORAL | MH_VENDOR_LEVEL2;
	mh_vendor_add_prefix(m, l->s.multihoming.vendor, &p);
}

void
lma_rows_write(const struct lma *l, const struct lma_session *s, const struct lma_demand *d, struct mh_msg *m)
{
	const struct lma_multi *multi = lma_multi_of(l, s);
	const struct addr_prefix *own = lma_session_prefixes(l, s);
	bool tell = d->type == LMA_DEMAND_TELL;

	for (unsigned int i = 0; multi != NULL && i < multi->row_count; i++) {
		const struct lma_row *r = &multi->row[i];

		if (r->session != lma_session_index(l, s) || lma_session_owns(l, s, &r->prefix))
			continue;
		mh_add_hnp(m, &r->prefix);
		if (tell)
			write_state(l, &r->prefix, r->idle, m);
	}
	if (tell)
		mark_off_link(l, s, m);
	/* There are few such options: what it got last comes first. */
	for (unsigned int i = s->prefix_count; tell && d->back && i-- > 0;)
		write_state(l, &own[i], false, m);
}

static void
take_away(struct lma *l, struct lma_session *from, const struct addr_prefix *p)
{
	const struct addr_prefix *had = lma_session_prefixes(l, from);
	struct addr_prefix left[MH_HNP_MAX];
	uint8_t n = 0;

	for (unsigned int i = 0; i < from->prefix_count; i++)
		if (!addr_prefix_equal(&had[i], p))
			left[n++] = had[i];
	lma_session_replace_prefixes(l, from, left, n);
}

void
lma_row_give(struct lma *l, struct lma_session *from, struct lma_session *to, const struct addr_prefix *p)
{
	struct addr_prefix has[MH_HNP_MAX], moved = *p;
	uint8_t n = to->prefix_count;

	take_away(l, from, &moved);
	memcpy(has, lma_session_prefixes(l, to), n * sizeof(has[0]));
	has[n++] = moved;
	lma_session_replace_prefixes(l, to, has, n);
}

/* Places that a move takes in the target, and rows in the node. */
int
lma_rows_check(struct lma *l, const struct lma_session *to, enum pmip_move how, const struct addr_prefix *prefix,
	       uint8_t count)
{
	unsigned int has = to->prefix_count + lma_rows_beside(l, to), rows = 0;
	struct lma_multi *m = lma_multi_of(l, to);

	for (unsigned int i = 0; i < count; i++) {
		const struct lma_session *from = lma_session_find_prefix(l, &prefix[i]);

		if (from == NULL || from->node != to->node)
			return -ENOENT;
		if (from == to)
			continue;
		has += !lma_session_has(l, to, &prefix[i]);
		rows += how != PMIP_MOVE_AWAY;
	}
	if (rows == 0)
		return has <= MH_HNP_MAX ? 0 : -ENOSPC;
	return has <= MH_HNP_MAX && (m != NULL ? m->row_count : 0) + rows <= LMA_ROWS_MAX &&
			       lma_multi_take(l, to) != NULL
		       ? 0
		       : -ENOSPC;
}

/* Idle rows of a prefix: the first is where it came from, and others have had it since. */
static struct lma_row *
first_idle(struct lma_multi *m, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < m->row_count; i++)
		if (m->row[i].idle && addr_prefix_equal(&m->row[i].prefix, p))
			return &m->row[i];
	return NULL;
}

static void
move_one(struct lma *l, struct lma_multi *m, struct lma_session *from, struct lma_session *to, enum pmip_move how,
	 bool off_link, const struct addr_prefix *p)
{
	uint32_t source = lma_session_index(l, from), target = lma_session_index(l, to),
		 lender = lma_row_lender(l, from, p);
	struct lma_row *at = lma_row_find(m, p, target);
	bool home = at != NULL && at->idle, first = home && at == first_idle(m, p);

	if (how == PMIP_MOVE_SHARED) {
		row_set(m, p, target, false, off_link);
		return;
	}
	lma_row_give(l, from, to, p);
	lma_row_del(m, at);
	/* What has come home leaves nothing behind, nor does what leaves a session that is over. */
	if (how == PMIP_MOVE_IDLE && !home && from->state != LMA_REVOKING)
		row_set(m, p, source, true, false);
	else
		lma_row_del(m, lma_row_find(m, p, source));
	while (first && first_idle(m, p) != NULL)
		lma_row_del(m, first_idle(m, p)); /* nor anywhere on its way */
	if (m != NULL)
		lma_flow_follow(m, p, from, to);
	if (lender == INDEX_NONE)
		return;
	if (how == PMIP_MOVE_IDLE && m->row_count < LMA_ROWS_MAX)
		row_set(m, p, lender, true, false);
	end_if_empty(l, &l->session[lender]);
}

int
lma_rows_move(struct lma *l, struct lma_session *to, enum pmip_move how, bool off_link,
	      const struct addr_prefix *prefix, uint8_t count, uint16_t *from)
{
	int rc = lma_rows_check(l, to, how, prefix, count);

	*from = 0;
	if (rc < 0)
		return rc;
	for (unsigned int i = 0; i < count; i++) {
		struct lma_session *owner = lma_session_find_prefix(l, &prefix[i]);

		if (owner == to)
			continue;
		if (how != PMIP_MOVE_SHARED)
			*from |= lma_multi_bit(owner);
		move_one(l, lma_multi_of(l, to), owner, to, how, off_link, &prefix[i]);
		if (how == PMIP_MOVE_SHARED && owner->state == LMA_LINGER)
			lma_rows_lend(l, owner);
	}
	return 0;
}

/* It is on link at its gateway from now on. */
static void
host(struct lma *l, struct lma_multi *m, const struct lma_session *s, struct lma_row *r)
{
	r->off_link = r->of_flow = false;
	if (lma_session_owns(l, s, &r->prefix))
		lma_row_del_needless(m, r);
}

void
lma_rows_host(struct lma *l, const struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);

	lma_rows_part(l, s); /* there may be room for what its gateway has cut */
	for (unsigned int i = m->row_count; i-- > 0;)
		if (m->row[i].session == lma_session_index(l, s) &&
		    (s->prefix_count == 0 || lma_session_owns(l, s, &m->row[i].prefix)))
			host(l, m, s, &m->row[i]);
	lma_multi_due(l, m, 0); /* it may have been the last */
}

void
lma_rows_agreed(struct lma *l, const struct lma_session *s, const struct addr_prefix *prefix, uint8_t on_link)
{
	struct lma_multi *m = lma_multi_of(l, s);

	for (unsigned int i = 0; i < MH_HNP_MAX; i++) {
		struct lma_row *r = on_link & 1u << i ? lma_row_find(m, &prefix[i], lma_session_index(l, s)) : NULL;

		if (r != NULL && lma_session_owns(l, s, &r->prefix))
			host(l, m, s, r);
	}
}

bool
lma_rows_host_last(struct lma *l, const struct lma_session *s)
{
	const struct addr_prefix *own = lma_session_prefixes(l, s);
	struct lma_multi *m = lma_multi_of(l, s);
	uint32_t session = lma_session_index(l, s);
	unsigned int count = 0;

	for (unsigned int i = 0; i < s->prefix_count; i++)
		if (lma_row_find(m, &own[i], session) == NULL)
			return false;
	for (unsigned int i = 0; i < m->row_count; i++) {
		if (m->row[i].session == session && !m->row[i].off_link)
			return false;
		count += m->row[i].session == session;
	}
	for (unsigned int i = m->row_count; i-- > 0;)
		if (m->row[i].session == session)
			host(l, m, s, &m->row[i]);
	return count > 0;
}

void
lma_rows_keep(struct lma *l, struct lma_session *s, const struct addr_prefix *prefix, uint8_t count)
{
	struct lma_multi *m = lma_multi_of(l, s);

	for (unsigned int i = m->row_count; i-- > 0;) {
		struct lma_row *r = &m->row[i];
		bool kept = r->session != lma_session_index(l, s) || !r->off_link || r->idle ||
			    lma_session_owns(l, s, &r->prefix);

		for (unsigned int k = 0; k < count; k++)
			kept = kept || addr_prefix_equal(&prefix[k], &r->prefix);
		if (kept)
			continue;
		lma_row_del(m, r);
		m->changed = true;
	}
	end_if_empty(l, s);
}

void
lma_rows_forget(struct lma *l, struct lma_session *s, const struct addr_prefix *prefix, uint8_t count)
{
	struct lma_multi *m = lma_multi_of(l, s);
	struct lma_session *t = NULL;

	for (unsigned int i = 0; i < count; i++) {
		bool owned = lma_session_owns(l, s, &prefix[i]);

		if (owned)
			take_away(l, s, &prefix[i]);
		for (unsigned int k = m != NULL ? m->row_count : 0; k-- > 0;)
			if (addr_prefix_equal(&m->row[k].prefix, &prefix[i]) &&
			    (owned || m->row[k].session == lma_session_index(l, s)))
				lma_row_del(m, &m->row[k]);
	}
	while (count > 0 && (t = lma_session_of(l, &l->node[s->node], t)) != NULL)
		end_if_empty(l, t);
}

void
lma_rows_join(struct lma *l, const struct lma_session *from, const struct lma_session *to)
{
	struct lma_multi *m = lma_multi_of(l, from);

	for (unsigned int i = m != NULL ? m->row_count : 0; i-- > 0;)
		if (m->row[i].session == lma_session_index(l, from))
			lma_row_del(m, &m->row[i]);
	if (m != NULL)
		lma_flow_join(m, from, to);
	end_if_empty(l, from);
}
