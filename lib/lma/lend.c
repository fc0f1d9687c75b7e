/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who has a session's prefixes when that ends; and while it is de-registered, for then it may come up at another
 * gateway (RFC 5213 section 5.3.5), and is as it was.
 */
#include "multi.h"

/* Who goes on with a prefix, of sessions in this state: one where it has traffic, before one where it has not. */
static struct lma_row *
heir(struct lma *l, struct lma_multi *m, const struct lma_session *s, const struct addr_prefix *p, enum lma_state state)
{
	struct lma_row *best = NULL;

	for (unsigned int i = 0; i < m->row_count; i++) {
		struct lma_row *r = &m->row[i];

		if (r->session == lma_session_index(l, s) || !addr_prefix_equal(&r->prefix, p) ||
		    l->session[r->session].state != state || l->session[r->session].prefix_count == MH_HNP_MAX)
			continue;
		if (best == NULL || (best->idle && !r->idle))
			best = r;
	}
	return best;
}

/* It is there as it was before it was lent; flows may have gone meanwhile. */
static void
row_restore(struct lma_row *r)
{
	r->lender = INDEX_NONE;
	r->idle = r->was_idle;
	r->over = r->of_flow;
}

/* What s owns is from now on that of a session that has it too, which may have it of somebody. */
static void
bequeath(struct lma *l, struct lma_multi *m, struct lma_session *s, struct lma_row *r, uint32_t lender)
{
	struct lma_session *to = &l->session[r->session];
	struct addr_prefix p = r->prefix;
	struct lma_row *had = lma_row_find(m, &p, lma_session_index(l, s));
	bool told = !r->idle;

	lma_row_give(l, s, to, &p);
	if (lender == INDEX_NONE)
		lma_flow_follow(m, &p, s, to);
	if (had != NULL && had->lender != INDEX_NONE)
		row_restore(had);
	r->was_idle = r->idle;
	r->idle = false;
	r->lender = lender;
	lma_row_del_needless(m, r);
	m->forward |= (uint16_t)(lma_multi_bit(to) | lma_multi_bit(s));
	if (told)
		return;
	m->back |= lma_multi_bit(to);
	lma_multi_tell(l, m, lma_multi_bit(to));
}

/* What s, which is de-registered, owns goes to sessions that have it and traffic; whether any does. */
static bool
lend(struct lma *l, struct lma_multi *m, struct lma_session *s)
{
	uint8_t count = s->prefix_count;
	struct addr_prefix had[MH_HNP_MAX];

	memcpy(had, lma_session_prefixes(l, s), count * sizeof(had[0]));
	for (unsigned int i = 0; i < count; i++) {
		uint32_t lender = lma_row_lender(l, s, &had[i]);
		struct lma_row *r = heir(l, m, s, &had[i], LMA_ACTIVE);

		if (r != NULL)
			bequeath(l, m, s, r, lender != INDEX_NONE ? lender : lma_session_index(l, s));
	}
	return s->prefix_count < count;
}

void
lma_rows_lend(struct lma *l, struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);

	if (m == NULL)
		return;
	lend(l, m, s);
	lma_flow_sessions_changed(l, m);
}

uint16_t
lma_rows_reclaim(struct lma *l, struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);
	uint16_t from = 0;

	for (unsigned int i = 0; m != NULL && i < m->row_count; i++) {
		struct lma_row *r = &m->row[i];
		struct lma_session *by = &l->session[r->session];

		if (r->lender != lma_session_index(l, s))
			continue;
		lma_row_give(l, by, s, &r->prefix);
		row_restore(r);
		from |= lma_multi_bit(by);
		if (r->idle && l->s.multihoming.vendor != 0)
			lma_multi_tell(l, m, lma_multi_bit(by));
	}
	return from;
}

uint16_t
lma_rows_return(struct lma *l, struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);
	struct lma_session *t = NULL;
	uint16_t from = lma_rows_reclaim(l, s);

	while (m != NULL && (t = lma_session_of(l, &l->node[s->node], t)) != NULL)
		if (t->state == LMA_LINGER && lend(l, m, t))
			from |= lma_multi_bit(t);
	if (m != NULL)
		m->forward &= (uint16_t) ~(from | lma_multi_bit(s));
	return from;
}

struct lma_session *
lma_rows_source(struct lma *l, const struct addr_prefix *p)
{
	struct lma_session *owner = lma_session_find_prefix(l, p);
	uint32_t lender = owner != NULL ? lma_row_lender(l, owner, p) : INDEX_NONE;

	return lender != INDEX_NONE ? &l->session[lender] : owner;
}

/* Whether both are at one gateway, where a prefix is on one interface. */
static bool
are_together(const struct lma_session *s, const struct lma_session *t)
{
	return s != t && s->state == LMA_ACTIVE && t->state == LMA_ACTIVE &&
	       addr6_equal(&s->binding.proxy_coa, &t->binding.proxy_coa);
}

bool
lma_rows_meet(struct lma *l, const struct lma_session *t, const struct addr_prefix *p)
{
	const struct lma_session *owner = lma_session_find_prefix(l, p);

	return owner != NULL && are_together(owner, t);
}

bool
lma_rows_stranded(struct lma *l, const struct lma_session *s, const struct addr6 *gateway)
{
	const struct lma_multi *m = s->prefix_count == 0 ? lma_multi_of(l, s) : NULL;
	bool any = false;

	if (s->state == LMA_ACTIVE && addr6_equal(&s->binding.proxy_coa, gateway))
		return false;
	for (unsigned int i = 0; m != NULL && i < m->row_count; i++) {
		const struct lma_row *r = &m->row[i];
		const struct lma_session *owner = lma_session_find_prefix(l, &r->prefix);

		if (r->lender == lma_session_index(l, s))
			return false;
		if (r->session != lma_session_index(l, s))
			continue;
		if (r->idle || owner->state != LMA_ACTIVE || !addr6_equal(&owner->binding.proxy_coa, gateway))
			return false;
		any = true;
	}
	return any;
}

void
lma_rows_part(struct lma *l, const struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);

	for (unsigned int i = m != NULL ? m->row_count : 0; i-- > 0;) {
		struct lma_row *r = &m->row[i];
		struct lma_session *t = &l->session[r->session];

		/* One that has nothing else keeps it: there is no answer without a prefix. */
		if (r->idle || (t != s && !lma_session_owns(l, s, &r->prefix)) ||
		    (t == s && s->prefix_count == 0 && lma_rows_beside(l, s) == 1) || !lma_rows_meet(l, t, &r->prefix))
			continue;
		lma_row_del(m, r);
		m->changed = true;
		if (lma_session_is_empty(l, t))
			deadline_set(&l->session_due, lma_session_index(l, t), 0);
	}
}

void
lma_rows_leave(struct lma *l, struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);
	struct addr_prefix had[MH_HNP_MAX];
	uint8_t count = s->prefix_count;

	if (m == NULL)
		return;
	memcpy(had, lma_session_prefixes(l, s), count * sizeof(had[0]));
	for (unsigned int i = 0; i < count; i++) {
		uint32_t lender = lma_row_lender(l, s, &had[i]);
		struct lma_row *r = heir(l, m, s, &had[i], LMA_ACTIVE);

		if (r == NULL && lender != INDEX_NONE) {
			lma_row_give(l, s, &l->session[lender], &had[i]);
			m->forward |= lma_multi_bit(&l->session[lender]);
			continue;
		}
		if (r == NULL)
			r = heir(l, m, s, &had[i], LMA_LINGER);
		if (r != NULL)
			bequeath(l, m, s, r, lender);
	}
	for (unsigned int i = m->row_count; i-- > 0;) {
		struct lma_row *r = &m->row[i];

		if (r->lender == lma_session_index(l, s)) {
			lma_flow_follow(m, &r->prefix, s, &l->session[r->session]);
			r->lender = INDEX_NONE;
			lma_row_del_needless(m, r);
		} else if (r->session == lma_session_index(l, s) || lma_session_owns(l, s, &r->prefix)) {
			/* Nobody owns what is left of it after its end, and so nobody else has it. */
			lma_row_del(m, r);
		}
	}
	lma_flow_sessions_changed(l, m);
}
