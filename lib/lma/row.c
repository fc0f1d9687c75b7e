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

static void
row_del(struct lma_multi *m, struct lma_row *r)
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
lma_session_is_empty(const struct lma *l, const struct lma_session *s)
{
	return s->prefix_count == 0 && lma_rows_beside(l, s) == 0;
}

bool
lma_session_has(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p)
{
	return lma_session_owns(l, s, p) || lma_row_find(lma_multi_of(l, s), p, lma_session_index(l, s)) != NULL;
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

	for (unsigned int i = 0; i < u->prefix_count; i++)
		if (!lma_session_has(l, s, &u->prefix[i]))
			return false;
	for (unsigned int i = 0; i < s->prefix_count; i++)
		if (!lma_update_names(u, &own[i]) && lma_rows_requires(l, s, &own[i]))
			return false;
	return !u->wants_prefix;
}

void
lma_rows_answer(const struct lma *l, const struct lma_session *s, const struct lma_update *u, struct mh_msg *m)
{
	const struct lma_multi *multi = lma_multi_of(l, s);
	/* An interface that attached anew, whose prefixes are all idle, is not left without any. */
	bool all = s->prefix_count == 0 && u->wants_prefix;

	for (unsigned int i = 0; i < m->opt.hnp_count; i++) {
		const struct lma_row *r =
			lma_row_find((struct lma_multi *)multi, &m->opt.hnp[i].prefix, lma_session_index(l, s));

		m->opt.hnp[i].off_link = r != NULL && r->off_link;
	}
	for (unsigned int i = 0; multi != NULL && i < multi->row_count; i++) {
		const struct lma_row *r = &multi->row[i];

		if (r->session != lma_session_index(l, s) || lma_session_owns(l, s, &r->prefix) ||
		    (r->idle && !lma_update_names(u, &r->prefix) && !all))
			continue;
		if (mh_add_hnp(m, &r->prefix))
			m->opt.hnp[m->opt.hnp_count - 1].off_link = r->off_link;
	}
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
	/* There are few such options: what it got last comes first. */
	for (unsigned int i = s->prefix_count; tell && d->back && i-- > 0;)
		write_state(l, &own[i], false, m);
}

/* From its owner to another session, which may not have room; its pool does not notice. */
static void
give(struct lma *l, struct lma_session *from, struct lma_session *to, const struct addr_prefix *p)
{
	const struct addr_prefix *had = lma_session_prefixes(l, from);
	struct addr_prefix left[MH_HNP_MAX], has[MH_HNP_MAX], moved = *p;
	uint8_t n = 0;

	for (unsigned int i = 0; i < from->prefix_count; i++)
		if (!addr_prefix_equal(&had[i], &moved))
			left[n++] = had[i];
	lma_session_replace_prefixes(l, from, left, n);
	n = to->prefix_count;
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

static void
move_one(struct lma *l, struct lma_multi *m, struct lma_session *from, struct lma_session *to, enum pmip_move how,
	 bool off_link, const struct addr_prefix *p)
{
	uint32_t source = lma_session_index(l, from), target = lma_session_index(l, to);
	struct lma_row *at = lma_row_find(m, p, target);
	bool home = at != NULL && at->idle;

	if (how == PMIP_MOVE_SHARED) {
		row_set(m, p, target, false, off_link);
		return;
	}
	give(l, from, to, p);
	row_del(m, at);
	/* What has come home leaves nothing behind, nor does what leaves a session that is over. */
	if (how == PMIP_MOVE_IDLE && !home && from->state == LMA_ACTIVE)
		row_set(m, p, source, true, false);
	else
		row_del(m, lma_row_find(m, p, source));
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
			*from |= (uint16_t)(1u << (owner->bid - 1));
		move_one(l, lma_multi_of(l, to), owner, to, how, off_link, &prefix[i]);
	}
	return 0;
}

/* Who goes on with a prefix: a session where it has traffic, before one where it has not. */
static struct lma_row *
heir(struct lma *l, struct lma_multi *m, const struct lma_session *s, const struct addr_prefix *p)
{
	struct lma_row *best = NULL;

	for (unsigned int i = 0; i < m->row_count; i++) {
		struct lma_row *r = &m->row[i];

		if (r->session == lma_session_index(l, s) || !addr_prefix_equal(&r->prefix, p) ||
		    l->session[r->session].state != LMA_ACTIVE || l->session[r->session].prefix_count == MH_HNP_MAX)
			continue;
		if (best == NULL || (best->idle && !r->idle))
			best = r;
	}
	return best;
}

static void
leave_rows(struct lma_multi *m, uint32_t session)
{
	for (unsigned int i = m->row_count; i-- > 0;)
		if (m->row[i].session == session)
			row_del(m, &m->row[i]);
}

static void
bequeath(struct lma *l, struct lma_multi *m, struct lma_session *s, struct lma_row *r)
{
	struct lma_session *to = &l->session[r->session];
	struct addr_prefix p = r->prefix;
	bool told = !r->idle;

	give(l, s, to, &p);
	r->idle = false;
	if (!r->off_link)
		row_del(m, r);
	m->forward |= (uint16_t)(1u << (to->bid - 1));
	if (told)
		return;
	m->back |= (uint16_t)(1u << (to->bid - 1));
	lma_multi_tell(l, m, (uint16_t)(1u << (to->bid - 1)));
}

void
lma_rows_host(struct lma *l, const struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);
	const struct addr_prefix *own = lma_session_prefixes(l, s);

	for (unsigned int i = 0; i < s->prefix_count; i++)
		row_del(m, lma_row_find(m, &own[i], lma_session_index(l, s)));
	for (unsigned int i = 0; s->prefix_count == 0 && i < m->row_count; i++)
		if (m->row[i].session == lma_session_index(l, s))
			m->row[i].off_link = m->row[i].of_flow = false;
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
		row_del(m, r);
		m->changed = true;
	}
	if (lma_session_is_empty(l, s))
		deadline_set(&l->session_due, lma_session_index(l, s), 0);
}

void
lma_rows_leave(struct lma *l, struct lma_session *s)
{
	struct lma_multi *m = lma_multi_of(l, s);
	struct addr_prefix had[MH_HNP_MAX];
	uint8_t count = s->prefix_count;

	if (m == NULL)
		return;
	leave_rows(m, lma_session_index(l, s));
	memcpy(had, lma_session_prefixes(l, s), count * sizeof(had[0]));
	for (unsigned int i = 0; i < count; i++) {
		struct lma_row *r = heir(l, m, s, &had[i]);

		if (r != NULL)
			bequeath(l, m, s, r);
	}
	/* Nobody owns what is left of it after its end, and so nobody else has it. */
	for (unsigned int i = m->row_count; i-- > 0;)
		if (lma_session_owns(l, s, &m->row[i].prefix))
			row_del(m, &m->row[i]);
	if (s->state == LMA_LINGER && s->prefix_count < count)
		m->forward |= (uint16_t)(1u << (s->bid - 1));
	if (lma_session_is_empty(l, s))
		deadline_set(&l->session_due, lma_session_index(l, s), 0);
	lma_flow_sessions_changed(l, m);
}
