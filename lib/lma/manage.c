/* SPDX-License-Identifier: BSD-3-Clause */
/* What an operator does with the prefixes and flows of a mobile node, and sees of them. */
#include <errno.h>

#include "multi.h"

/* The node's session that a command is about; NULL: none that could take anything. */
static struct lma_session *
target(struct lma *l, const struct pmip_mn_id *id, uint32_t session)
{
	struct lma_session *s = session < l->s.sessions_max ? &l->session[session] : NULL;

	return s != NULL && s->state == LMA_ACTIVE && lma_node_is(l, s->node, id) ? s : NULL;
}

/* The prefixes that a command names, or all of the node's other sessions. */
static void
moving_of(struct lma *l, const struct lma_session *to, const struct pmip_event *e, struct lma_moving *out)
{
	struct lma_session *s = NULL;

	*out = (struct lma_moving){
		.session = lma_session_index(l, to), .how = e->move.how, .count = e->move.prefix_count};
	memcpy(out->prefix, e->move.prefix, out->count * sizeof(out->prefix[0]));
	while (e->move.prefix_count == 0 && (s = lma_session_of(l, &l->node[to->node], s)) != NULL) {
		const struct addr_prefix *prefix = lma_session_prefixes(l, s);

		for (unsigned int i = 0; s != to && i < s->prefix_count && out->count < MH_HNP_MAX; i++)
			out->prefix[out->count++] = prefix[i];
	}
}

static int
check_prefix(struct lma *l, const struct lma_session *to, enum pmip_move how, const struct addr_prefix *p)
{
	const struct lma_session *owner = lma_session_find_prefix(l, p);
	const struct lma_row *r = lma_row_find(lma_multi_of(l, to), p, lma_session_index(l, to));

	if (owner == NULL || owner->node != to->node)
		return -ENOENT;
	if (owner == to || (how == PMIP_MOVE_SHARED && r != NULL && !r->idle))
		return -EEXIST;
	/* A gateway that has both cannot be told where it is idle. */
	if (how == PMIP_MOVE_IDLE && l->s.multihoming.vendor == 0 &&
	    addr6_equal(&owner->binding.proxy_coa, &to->binding.proxy_coa))
		return -EOPNOTSUPP;
	return owner->state == LMA_REVOKING ? -EBUSY : 0;
}

static int
check_move(struct lma *l, const struct pmip_event *e)
{
	struct lma_session *to = target(l, &e->move.mn_id, e->move.session);
	struct lma_multi *m = to != NULL ? lma_multi_of(l, to) : NULL;
	struct lma_moving moving;
	int rc;

	if (to == NULL)
		return -ENOENT;
	if (e->move.prefix_count > MH_HNP_MAX || e->move.how > PMIP_MOVE_SHARED)
		return -EINVAL;
	if (m != NULL && (m->moving.session != INDEX_NONE || lma_demand_typed(l, to, LMA_DEMAND_FLOW) != NULL))
		return -EBUSY;
	moving_of(l, to, e, &moving);
	if (moving.count == 0)
		return -ENOENT;
	for (unsigned int i = 0; i < moving.count; i++) {
		rc = check_prefix(l, to, moving.how, &moving.prefix[i]);
		if (rc < 0)
			return rc;
	}
	return lma_rows_check(l, to, moving.how, moving.prefix, moving.count);
}

/* Two flows of a mobile node have not one priority (RFC 6089 section 4.2), nor a flow that of a policy to come. */
static bool
is_taken(const struct lma *l, const struct lma_multi *m, uint16_t priority)
{
	for (unsigned int i = 0; m != NULL && i < m->flow_count; i++)
		if (m->flow[i].priority == priority)
			return true;
	for (unsigned int i = 0; i < l->s.flow_policy_count; i++)
		if (l->flow_policy[i].priority == priority)
			return true;
	return false;
}

/* Whether a flow of these packets could be to any prefix of the mobile node. */
static bool
has_destination(struct lma *l, const struct lma_node *n, const struct selector *selector)
{
	const struct lma_flow f = {.selector = *selector};
	struct lma_session *s = NULL;

	while ((s = lma_session_of(l, n, s)) != NULL)
		for (unsigned int i = 0; i < s->prefix_count; i++)
			if (lma_flow_concerns(&f, &lma_session_prefixes(l, s)[i]))
				return true;
	return false;
}

static int
check_flow(struct lma *l, const struct pmip_event *e)
{
	struct lma_node *n = lma_node_find(l, &e->flow.mn_id);
	struct lma_session *to = target(l, &e->flow.mn_id, e->flow.session);
	struct lma_multi *m = n != NULL && n->session != INDEX_NONE ? lma_multi_of(l, &l->session[n->session]) : NULL;
	const struct lma_flow *f = lma_flow_find(m, e->flow.id);

	if (n == NULL || (to == NULL && e->flow.change != PMIP_FLOW_DEL))
		return -ENOENT;
	switch (e->flow.change) {
	case PMIP_FLOW_ADD:
		if (e->flow.priority == 0 || e->flow.selector == NULL || !selector_check(e->flow.selector))
			return -EINVAL;
		if (!has_destination(l, n, e->flow.selector))
			return -EADDRNOTAVAIL;
		if (f != NULL || is_taken(l, m, e->flow.priority))
			return -EEXIST;
		if (m != NULL && m->flow_count == PMIP_FLOWS_MAX)
			return -ENOSPC;
		return m != NULL || index_pool_used(&l->multi_ids) < l->multi_ids.capacity ? 0 : -ENOSPC;
	case PMIP_FLOW_MOVE:
		if (f == NULL)
			return -ENOENT;
		return f->wanted != 0 ? -EBUSY : f->bid == to->bid ? -EEXIST : 0;
	case PMIP_FLOW_DEL:
		return f != NULL ? 0 : -ENOENT;
	}
	return -EINVAL;
}

int
lma_move_check(const struct lma *engine, const struct pmip_event *e)
{
	struct lma *l = (struct lma *)engine; /* a look-up changes nothing */
	const struct lma_session *to;

	if (!l->s.multihoming.flow_mobility)
		return -EOPNOTSUPP;
	if (e->type == PMIP_EV_FLOW && e->flow.change == PMIP_FLOW_DEL)
		return check_flow(l, e);
	to = e->type == PMIP_EV_MOVE ? target(l, &e->move.mn_id, e->move.session)
				     : target(l, &e->flow.mn_id, e->flow.session);
	if (to != NULL && !lma_gateway_can(l, &to->binding.proxy_coa, LMA_CAN_NOTIFY))
		return -EOPNOTSUPP;
	return e->type == PMIP_EV_MOVE ? check_move(l, e) : check_flow(l, e);
}

void
lma_move_command(struct lma *l, const struct pmip_event *e)
{
	struct lma_session *to;
	struct lma_multi *m;

	if (lma_move_check(l, e) < 0)
		return;
	to = &l->session[e->move.session];
	m = lma_multi_take(l, to);
	if (m == NULL)
		return;
	moving_of(l, to, e, &m->moving);
	lma_multi_due(l, m, e->now.mono_ms);
}

void
lma_flow_command(struct lma *l, const struct pmip_event *e)
{
	struct lma_session *to;
	struct lma_multi *m;

	if (lma_move_check(l, e) < 0)
		return;
	to = e->flow.change == PMIP_FLOW_DEL ? &l->session[lma_node_find(l, &e->flow.mn_id)->session]
					     : &l->session[e->flow.session];
	m = lma_multi_take(l, to);
	if (m == NULL)
		return;
	switch (e->flow.change) {
	case PMIP_FLOW_ADD:
		lma_flow_add(m, &(struct lma_flow){.id = e->flow.id,
						   .priority = e->flow.priority,
						   .wanted = to->bid,
						   .selector = *e->flow.selector});
		break;
	case PMIP_FLOW_MOVE:
		lma_flow_find(m, e->flow.id)->wanted = to->bid;
		break;
	case PMIP_FLOW_DEL:
		lma_flow_del(m, lma_flow_find(m, e->flow.id));
		lma_flow_rows_over(m);
		break;
	}
	lma_multi_due(l, m, e->now.mono_ms);
}

const char *
lma_row_kind_name(enum lma_row_kind kind)
{
	static const char *const names[] = {
		[LMA_ROW_PERMANENT] = "permanent", [LMA_ROW_TEMPORAL] = "temporal", [LMA_ROW_AGGREGATE] = "aggregate"};

	return names[kind];
}

static enum lma_row_kind
kind_of(const struct lma *l, const struct addr_prefix *p)
{
	return lma_aggregate_holds(l, p) ? LMA_ROW_TEMPORAL : LMA_ROW_PERMANENT;
}

static void
show(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p, bool owned, const struct lma_row *r,
     struct lma_row_view *out)
{
	*out = (struct lma_row_view){.prefix = *p,
				     .kind = kind_of(l, p),
				     .owned = owned,
				     .idle = r != NULL && r->idle,
				     .off_link = r != NULL && r->off_link,
				     .session = lma_session_index(l, s),
				     .bid = s->bid};
}

/* What there may be of a session at this place: its own, a row of the node's, a block of any gateway's. */
static bool
row_of(const struct lma *l, const struct lma_session *s, unsigned int i, struct lma_row_view *out)
{
	const struct lma_multi *m = lma_multi_of(l, s);
	unsigned int rows = m != NULL ? m->row_count : 0;

	if (i < s->prefix_count) {
		const struct addr_prefix *own = &lma_session_prefixes(l, s)[i];

		show(l, s, own, true, lma_row_find(lma_multi_of(l, s), own, lma_session_index(l, s)), out);
		return true;
	}
	i -= s->prefix_count;
	if (i < rows) {
		const struct lma_row *r = &m->row[i];

		show(l, s, &r->prefix, false, r, out);
		return r->session == lma_session_index(l, s) && !lma_session_owns(l, s, &r->prefix);
	}
	i -= rows;
	show(l, s, &l->aggregate[i].prefix, true, NULL, out);
	out->kind = LMA_ROW_AGGREGATE;
	return addr6_equal(&l->aggregate[i].gateway, &s->binding.proxy_coa);
}

static unsigned int
places_of(const struct lma *l, const struct lma_session *s)
{
	const struct lma_multi *m = lma_multi_of(l, s);

	return s->prefix_count + (m != NULL ? m->row_count : 0) + l->s.aggregate_count;
}

bool
lma_next_row(const struct lma *engine, const struct pmip_mn_id *id, struct lma_row_at *at, struct lma_row_view *out)
{
	struct lma *l = (struct lma *)engine; /* a look-up changes nothing */
	const struct lma_node *n = lma_node_find(l, id);

	for (; n != NULL && at->sessions < LMA_NODE_MAX; *at = (struct lma_row_at){.sessions = at->sessions + 1}) {
		const struct lma_session *s = lma_session_numbered(l, n, at->sessions + 1);

		while (s != NULL && at->places < places_of(l, s))
			if (row_of(l, s, at->places++, out))
				return true;
	}
	return false;
}

static uint16_t
idle_of(struct lma *l, struct lma_multi *m, const struct lma_flow *f)
{
	struct lma_session *t = NULL;
	uint16_t idle = 0;

	while ((t = lma_session_of(l, &l->node[m->node], t)) != NULL)
		if (t->bid != f->bid && lma_multi_is_able(l, m, f, t, true))
			idle |= (uint16_t)(1u << (t->bid - 1));
	return idle;
}

bool
lma_next_flow(const struct lma *engine, const struct pmip_mn_id *id, unsigned int i, struct lma_flow_view *out)
{
	struct lma *l = (struct lma *)engine; /* a look-up changes nothing */
	const struct lma_node *n = lma_node_find(l, id);
	struct lma_multi *m = n != NULL && n->session != INDEX_NONE ? lma_multi_of(l, &l->session[n->session]) : NULL;
	const struct lma_session *s;
	const struct lma_flow *f;

	if (m == NULL || i >= m->flow_count)
		return false;
	f = &m->flow[i];
	s = lma_multi_session(l, m, f->bid);
	*out = (struct lma_flow_view){.id = f->id,
				      .priority = f->priority,
				      .selector = f->selector,
				      .bid = f->bid,
				      .session = s != NULL ? lma_session_index(l, s) : PMIP_SESSION_NONE,
				      .active = s != NULL && lma_multi_is_able(l, m, f, s, false),
				      .idle = idle_of(l, m, f),
				      .waiting = f->wanted != 0,
				      .policy = f->policy != 0 ? l->flow_policy[f->policy - 1].name : ""};
	return true;
}
