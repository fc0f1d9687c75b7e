/* SPDX-License-Identifier: BSD-3-Clause */
/* The flow bindings that a mobile node has, and which of its interfaces they are of, while that is away too. */
#include "multi.h"

void
lma_flow_del(struct lma_multi *m, struct lma_flow *f)
{
	m->flow_count--;
	memmove(f, f + 1, (size_t)(&m->flow[m->flow_count] - f) * sizeof(*f));
	m->changed = true;
}

struct lma_flow *
lma_flow_find(struct lma_multi *m, uint16_t id)
{
	for (unsigned int i = 0; m != NULL && i < m->flow_count; i++)
		if (m->flow[i].id == id)
			return &m->flow[i];
	return NULL;
}

static uint16_t
free_id(struct lma_multi *m)
{
	uint16_t id = 1;

	while (lma_flow_find(m, id) != NULL)
		id++;
	return id;
}

/* In the order of priority; the one that came first before others of the same. */
struct lma_flow *
lma_flow_add(struct lma_multi *m, const struct lma_flow *f)
{
	uint16_t id = f->id != 0 ? f->id : free_id(m);
	unsigned int i = m->flow_count++;

	for (; i > 0 && m->flow[i - 1].priority > f->priority; i--)
		m->flow[i] = m->flow[i - 1];
	m->flow[i] = *f;
	m->flow[i].id = id;
	return &m->flow[i];
}

void
lma_flow_gone(struct lma_multi *m, const struct lma_session *s)
{
	for (unsigned int i = 0; i < m->flow_count; i++) {
		struct lma_flow *f = &m->flow[i];

		if (f->bid != s->bid || f->left)
			continue;
		f->left = true;
		f->said = false;
		f->access_tech = s->binding.access_tech;
		f->ll_id = s->binding.ll_id;
	}
}

/* Whether all that it may be sent to is in p. */
static bool
is_to(const struct lma_flow *f, const struct addr_prefix *p)
{
	return (f->selector.fields & SELECTOR_DST) != 0 && addr_prefix_holds(p, &f->selector.dst[0]) &&
	       addr_prefix_holds(p, &f->selector.dst[1]);
}

void
lma_flow_follow(struct lma_multi *m, const struct addr_prefix *p, const struct lma_session *from,
		const struct lma_session *to)
{
	for (unsigned int i = 0; i < m->flow_count; i++) {
		struct lma_flow *f = &m->flow[i];

		if (f->bid != from->bid || f->left || f->policy != 0 || !is_to(f, p))
			continue;
		f->bid = to->bid;
		f->refused = false;
	}
}

void
lma_flow_join(struct lma_multi *m, const struct lma_session *from, const struct lma_session *to)
{
	for (unsigned int i = 0; i < m->flow_count; i++) {
		struct lma_flow *f = &m->flow[i];

		f->bid = f->bid == from->bid ? to->bid : f->bid;
		f->wanted = f->wanted == from->bid ? to->bid : f->wanted;
	}
}

bool
lma_flow_names(const struct lma_multi *m, uint8_t bid)
{
	for (unsigned int i = 0; i < m->flow_count; i++)
		if (m->flow[i].bid == bid)
			return true;
	return false;
}

void
lma_flow_returns(struct lma *l, struct lma_session *s)
{
	const struct lma_binding *b = &s->binding;
	struct lma_multi *m = lma_multi_of(l, s);
	bool found = false;

	for (unsigned int i = 0; m != NULL && i < m->flow_count; i++) {
		struct lma_flow *f = &m->flow[i];

		if (!f->left || f->bid == 0)
			continue;
		if (f->access_tech == b->access_tech && f->ll_id.len == b->ll_id.len &&
		    memcmp(f->ll_id.id, b->ll_id.id, b->ll_id.len) == 0) {
			if (found && f->bid != s->bid)
				continue; /* of another interface that is not told from it */
			s->bid = f->bid;
			f->left = false;
			found = true;
		} else if (f->bid == s->bid) {
			f->bid = 0; /* another interface, for which there was no other BID */
		}
	}
}

void
lma_flow_note(struct lma *l, const struct lma_session *s, const struct pmip_profile *profile)
{
	bool only = l->node[s->node].session == lma_session_index(l, s) && s->next == INDEX_NONE;
	struct lma_multi *m;

	if (only || profile->flow_policies == 0 || l->s.flow_policy_count == 0 || !l->s.multihoming.flow_mobility)
		return;
	/* Without room its flows go where their prefixes are. */
	m = lma_multi_take(l, s);
	if (m == NULL)
		return;
	m->policies = profile->flow_policies;
	lma_flow_sessions_changed(l, m);
}

void
lma_flow_rows_over(struct lma_multi *m)
{
	for (unsigned int i = 0; i < m->row_count; i++)
		m->row[i].over = m->row[i].of_flow;
}
