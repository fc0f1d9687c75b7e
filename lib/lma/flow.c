/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flow bindings (RFC 7864): which of a mobile node's flows take which of its sessions, by command or by policy. A
 * gateway that has not got a flow's prefixes is asked first, by a Flow Mobility Initiate, which names all that it is to
 * forward beyond its own; so is one that a command moves prefixes to.
 */
#include <errno.h>

#include "multi.h"

bool
lma_flow_concerns(const struct lma_flow *f, const struct addr_prefix *p)
{
	struct addr6 last = p->addr;

	if ((f->selector.fields & SELECTOR_DST) == 0)
		return true;
	for (unsigned int bit = p->len; bit < 128; bit++)
		last.b[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return memcmp(&f->selector.dst[0], &last, sizeof(last)) <= 0 &&
	       memcmp(&p->addr, &f->selector.dst[1], sizeof(last)) <= 0;
}

/* Prefixes, each once. */
struct list {
	unsigned int count; /* MH_HNP_MAX + 1: more than there is room for */
	struct addr_prefix prefix[MH_HNP_MAX + 1];
};

static void
list_add(struct list *list, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < list->count; i++)
		if (addr_prefix_equal(&list->prefix[i], p))
			return;
	if (list->count <= MH_HNP_MAX)
		list->prefix[list->count++] = *p;
}

static bool
list_holds(const struct list *all, const struct list *some)
{
	struct list both = *all;

	for (unsigned int i = 0; i < some->count; i++)
		list_add(&both, &some->prefix[i]);
	return both.count == all->count;
}

/* What the flow may be sent to and t has not got. */
static void
list_missing(struct lma *l, struct lma_multi *m, const struct lma_flow *f, const struct lma_session *t,
	     struct list *list)
{
	struct lma_session *s = NULL;

	while ((s = lma_session_of(l, &l->node[m->node], s)) != NULL) {
		const struct addr_prefix *prefix = lma_session_prefixes(l, s);

		for (unsigned int i = 0; i < s->prefix_count && s != t && s->state == LMA_ACTIVE; i++) {
			const struct lma_row *r = lma_row_find(m, &prefix[i], lma_session_index(l, t));

			if (lma_flow_concerns(f, &prefix[i]) && (r == NULL || r->idle))
				list_add(list, &prefix[i]);
		}
	}
}

static bool
is_moving_to(const struct lma *l, const struct lma_multi *m, const struct lma_session *t)
{
	return m->moving.session == lma_session_index(l, t);
}

/* Of the prefixes that a command moves to t, those that its gateway has not got. */
static void
list_moving(const struct lma *l, struct lma_multi *m, const struct lma_session *t, struct list *list)
{
	for (unsigned int i = 0; is_moving_to(l, m, t) && i < m->moving.count; i++) {
		const struct addr_prefix *p = &m->moving.prefix[i];
		const struct lma_row *r = lma_row_find(m, p, lma_session_index(l, t));

		if (!lma_session_owns(l, t, p) && (r == NULL || r->idle || r->off_link))
			list_add(list, p);
	}
}

/* What its gateway forwards by now because this anchor said so. */
static void
list_said(const struct lma *l, const struct lma_multi *m, const struct lma_session *t, struct list *list)
{
	for (unsigned int i = 0; i < m->row_count; i++)
		if (m->row[i].session == lma_session_index(l, t) && m->row[i].off_link && !m->row[i].idle)
			list_add(list, &m->row[i].prefix);
}

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

/* Its gateway does not do it, or cannot be asked: all that waits for it stays where it was. */
void
lma_flow_refuse(struct lma *l, struct lma_multi *m, const struct lma_session *t, uint8_t status,
		struct pmip_actions *out)
{
	for (unsigned int i = m->flow_count; i-- > 0;) {
		struct lma_flow *f = &m->flow[i];

		if (f->wanted != t->bid)
			continue;
		f->wanted = 0;
		f->refused = true;
		lma_act_publish_status(l, PMIP_PUB_FLOW_REFUSED, t, status, out);
		if (f->bid == 0 && f->policy == 0)
			lma_flow_del(m, f);
	}
	if (is_moving_to(l, m, t)) {
		m->moving.session = INDEX_NONE;
		lma_act_publish_status(l, PMIP_PUB_MOVE_REFUSED, t, status, out);
	}
}

/* What a command moves to t, by now. */
static void
settle_moving(struct lma *l, struct lma_multi *m, struct lma_session *t, const struct list *missing,
	      const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_moving moving = m->moving;
	uint16_t from = 0;

	m->moving.session = INDEX_NONE;
	for (unsigned int i = 0; i < moving.count; i++) {
		struct list one = {1, {moving.prefix[i]}};
		bool off_link = moving.how == PMIP_MOVE_SHARED && list_holds(missing, &one);
		uint16_t owner;

		if (lma_rows_move(l, t, moving.how, off_link, one.prefix, 1, &owner) == 0)
			from |= owner;
	}
	lma_multi_act_moved(l, t, from, out);
	lma_act_publish(l, PMIP_PUB_PREFIXES_MOVED, t, out);
	lma_move_settle(l, t, now, out);
}

/* Flows and moves that want no more of t than its gateway has been told. */
static void
settle(struct lma *l, struct lma_multi *m, struct lma_session *t, const struct list *told, const struct clock_now *now,
       struct pmip_actions *out)
{
	struct list moving = {0};
	unsigned int moved = 0;

	lma_undo_note_command(l, t);
	list_moving(l, m, t, &moving);
	for (unsigned int i = 0; i < m->flow_count; i++) {
		struct list missing = {0};
		uint16_t from;

		if (m->flow[i].wanted != t->bid)
			continue;
		list_missing(l, m, &m->flow[i], t, &missing);
		if (!list_holds(told, &missing) ||
		    lma_rows_move(l, t, PMIP_MOVE_SHARED, true, missing.prefix, (uint8_t)missing.count, &from) < 0)
			continue;
		m->flow[i].bid = t->bid;
		m->flow[i].wanted = 0;
		moved++;
	}
	if (is_moving_to(l, m, t) && list_holds(told, &moving))
		settle_moving(l, m, t, &moving, now, out);
	else
		lma_multi_act_flows(l, m, out);
	for (; moved > 0; moved--)
		lma_act_publish(l, PMIP_PUB_FLOW_MOVED, t, out);
}

static bool
is_wanted(const struct lma *l, const struct lma_multi *m, const struct lma_session *t)
{
	for (unsigned int i = 0; i < m->flow_count; i++)
		if (m->flow[i].wanted == t->bid)
			return true;
	return is_moving_to(l, m, t);
}

/* Ask its gateway, where that has something to learn. */
static void
review_session(struct lma *l, struct lma_multi *m, struct lma_session *t, const struct clock_now *now,
	       struct pmip_actions *out)
{
	struct lma_demand d = {.type = LMA_DEMAND_FLOW,
			       .session = lma_session_index(l, t),
			       .peer = t->binding.proxy_coa,
			       .what = MH_UPN_FLOW_MOBILITY};
	struct list list = {0}, moving = {0};

	if (lma_demand_typed(l, t, LMA_DEMAND_FLOW) != NULL || !is_wanted(l, m, t))
		return;
	list_moving(l, m, t, &moving);
	if (m->moving.how != PMIP_MOVE_SHARED) {
		list = moving;
		d.on_link = (uint8_t)((1u << moving.count) - 1);
	}
	for (unsigned int i = 0; i < m->flow_count; i++)
		if (m->flow[i].wanted == t->bid)
			list_missing(l, m, &m->flow[i], t, &list);
	for (unsigned int i = 0; i < moving.count; i++)
		list_add(&list, &moving.prefix[i]);
	if (list.count == 0) {
		settle(l, m, t, &list, now, out);
		return;
	}
	list_said(l, m, t, &list);
	d.prefix_count = (uint8_t)list.count;
	memcpy(d.prefix, list.prefix, sizeof(d.prefix));
	if (list.count > MH_HNP_MAX || !lma_gateway_can(l, &d.peer, LMA_CAN_NOTIFY) ||
	    !lma_demand_start(l, &d, now, out))
		lma_flow_refuse(l, m, t, MH_UPA_REASON_UNSPECIFIED, out);
}

/* The session of this access technology, the first by BID; NULL: none. */
static struct lma_session *
session_of_tech(struct lma *l, const struct lma_multi *m, uint8_t tech)
{
	struct lma_session *s = NULL, *first = NULL;

	while ((s = lma_session_of(l, &l->node[m->node], s)) != NULL)
		if (s->state == LMA_ACTIVE && s->binding.access_tech == tech && (first == NULL || s->bid < first->bid))
			first = s;
	return first;
}

static struct lma_flow *
policy_find(struct lma_multi *m, unsigned int policy)
{
	for (unsigned int i = 0; i < m->flow_count; i++)
		if (m->flow[i].policy == policy)
			return &m->flow[i];
	return NULL;
}

static void
review_policy(struct lma *l, struct lma_multi *m, unsigned int policy)
{
	const struct pmip_flow_policy *p = &l->flow_policy[policy - 1];
	struct lma_session *t = session_of_tech(l, m, p->access_tech);
	struct lma_flow *f = policy_find(m, policy);

	if (f == NULL && m->flow_count < PMIP_FLOWS_MAX)
		f = lma_flow_add(m, &(struct lma_flow){.priority = p->priority,
						       .policy = (uint8_t)policy,
						       .selector = p->selector});
	if (f == NULL)
		return;
	if (t == NULL || f->bid != t->bid)
		m->changed |= f->bid != 0;
	if (t == NULL)
		f->bid = f->wanted = 0;
	else if (f->bid != t->bid && !f->refused)
		f->wanted = t->bid;
}

/* Its session is back, or others have come: what that has not got is asked for. */
static void
review_flow(struct lma *l, struct lma_multi *m, struct lma_flow *f)
{
	const struct lma_session *t = f->wanted == 0 && !f->refused ? lma_multi_session(l, m, f->bid) : NULL;
	struct list missing = {0};

	if (t == NULL || t->state != LMA_ACTIVE)
		return;
	list_missing(l, m, f, t, &missing);
	if (missing.count > 0)
		f->wanted = f->bid;
}

void
lma_flow_review(struct lma *l, struct lma_multi *m, const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_session *t = NULL;

	for (unsigned int p = 1; p <= l->s.flow_policy_count; p++)
		if (m->policies & (uint64_t)1 << (p - 1))
			review_policy(l, m, p);
	for (unsigned int i = 0; i < m->flow_count; i++)
		review_flow(l, m, &m->flow[i]);
	while ((t = lma_session_of(l, &l->node[m->node], t)) != NULL) {
		if (t->state == LMA_ACTIVE) {
			review_session(l, m, t, now, out);
			if (m->tell & 1u << (t->bid - 1))
				lma_tell(l, t, now, out);
		} else {
			lma_flow_refuse(l, m, t, MH_UPA_NOT_ATTACHED, out);
		}
	}
	m->tell = 0;
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

/* Which of the mobile node's sessions a message is about, where its gateway has several. */
static void
write_interface(const struct lma *l, const struct lma_session *t, struct mh_msg *msg)
{
	uint32_t i = l->node[t->node].session;

	while (i != INDEX_NONE &&
	       (&l->session[i] == t || !addr6_equal(&l->session[i].binding.proxy_coa, &t->binding.proxy_coa)))
		i = l->session[i].next;
	if (i == INDEX_NONE)
		return;
	mh_set(msg, MH_OPT_ACCESS_TECH_TYPE);
	msg->opt.access_tech.value = t->binding.access_tech;
	mh_set(msg, MH_OPT_MN_LINK_LAYER_ID);
	msg->opt.mn_ll_id = t->binding.ll_id;
}

void
lma_flow_write(const struct lma *l, const struct lma_session *t, struct mh_msg *msg)
{
	const struct lma_multi *m = lma_multi_of(l, t);

	write_interface(l, t, msg);

	for (unsigned int i = 0; m != NULL && i < m->flow_count; i++) {
		const struct lma_flow *f = &m->flow[i];
		struct mh_opt_flow o = {.id = f->id,
					.priority = f->priority,
					.bid_count = 1,
					.bid = {t->bid},
					.selector_given = true,
					.selector = f->selector};

		if (f->bid == t->bid || f->wanted == t->bid)
			mh_add_flow(msg, &o);
	}
}

static void
ask_again(struct lma *l, struct lma_multi *m)
{
	for (unsigned int i = 0; i < m->flow_count; i++)
		m->flow[i].refused = false;
	lma_multi_due(l, m, 0);
}

void
lma_flow_sessions_changed(struct lma *l, struct lma_multi *m)
{
	m->changed = true;
	ask_again(l, m);
}

void
lma_flow_moved(struct lma *l, const struct lma_session *s)
{
	static const enum lma_demand_type types[] = {LMA_DEMAND_FLOW, LMA_DEMAND_TELL};

	for (unsigned int i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct lma_demand *d = lma_demand_typed(l, s, types[i]);

		if (d != NULL)
			lma_demand_drop(l, d);
	}
	if (s->multi != 0)
		ask_again(l, lma_multi_of(l, s));
}

void
lma_flow_answered(struct lma *l, const struct lma_demand *d, unsigned int status, const struct clock_now *now,
		  struct pmip_actions *out)
{
	struct lma_session *t = &l->session[d->session];
	struct lma_multi *m = lma_multi_of(l, t);
	struct list told = {.count = d->prefix_count};

	if (m == NULL)
		return;
	memcpy(told.prefix, d->prefix, sizeof(d->prefix));
	if (status < LMA_REJECTED && t->state == LMA_ACTIVE)
		settle(l, m, t, &told, now, out);
	else
		lma_flow_refuse(l, m, t, status == LMA_UNANSWERED ? 0 : (uint8_t)status, out);
	/* What came up since it was asked. */
	lma_multi_due(l, m, 0);
}
