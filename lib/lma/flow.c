/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flow bindings (RFC 7864): which of a mobile node's flows take which of its sessions, by command or by policy. A
 * gateway that has not got a flow's prefixes is asked first, by a Flow Mobility Initiate, which names all that it is to
 * forward beyond its own; so is one that a command moves prefixes to.
 */
#include <errno.h>

#include "mh/vendor.h"
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

/* What the flow may be sent to and t has not got, or, if `idle`, has without traffic. */
static void
list_missing(struct lma *l, struct lma_multi *m, const struct lma_flow *f, const struct lma_session *t, bool idle,
	     struct list *list)
{
	struct lma_session *s = NULL;

	while ((s = lma_session_of(l, &l->node[m->node], s)) != NULL) {
		const struct addr_prefix *prefix = lma_session_prefixes(l, s);

		for (unsigned int i = 0; i < s->prefix_count && s != t && s->state == LMA_ACTIVE; i++) {
			const struct lma_row *r = lma_row_find(m, &prefix[i], lma_session_index(l, t));

			if (lma_flow_concerns(f, &prefix[i]) && (r == NULL || (idle && r->idle)))
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

/* Whether a flow that goes to t, or shall, may need a row of it. */
static bool
is_needed(const struct lma_multi *m, const struct lma_session *t, const struct lma_row *r)
{
	for (unsigned int i = 0; i < m->flow_count; i++)
		if ((m->flow[i].bid == t->bid || m->flow[i].wanted == t->bid) &&
		    lma_flow_concerns(&m->flow[i], &r->prefix))
			return true;
	return false;
}

/* What its gateway forwards by now because this anchor said so, and shall go on to; true where that is not all. */
static bool
list_said(const struct lma *l, struct lma_multi *m, const struct lma_session *t, struct list *list)
{
	bool over = false;

	for (unsigned int i = 0; i < m->row_count; i++) {
		struct lma_row *r = &m->row[i];

		if (r->session != lma_session_index(l, t) || !r->off_link || r->idle)
			continue;
		/* A session that has nothing else keeps it. */
		r->over = r->over && t->prefix_count > 0 && !is_needed(m, t, r) && !lma_session_owns(l, t, &r->prefix);
		if (!r->over)
			list_add(list, &r->prefix);
		over |= r->over;
	}
	return over;
}

/* t: NULL of a session that is over. */
static void
publish(struct lma *l, const struct lma_multi *m, enum pmip_publish what, uint16_t flow, const struct lma_session *t,
	uint8_t status, struct pmip_actions *out)
{
	const struct lma_session *s = t != NULL ? t : &l->session[l->node[m->node].session];
	struct pmip_action *a = &out->list[out->count];
	unsigned int before = out->count;

	lma_act_publish_status(l, what, s, status, out);
	if (out->count == before)
		return;
	a->publish.flow = flow;
	if (t != NULL)
		return;
	a->session = PMIP_SESSION_NONE;
	a->publish.peer = (struct addr6){0};
}

static void
refuse(struct lma *l, struct lma_multi *m, struct lma_flow *f, const struct lma_session *t, uint8_t status,
       struct pmip_actions *out)
{
	f->wanted = 0;
	f->refused = true;
	publish(l, m, PMIP_PUB_FLOW_REFUSED, f->id, t, status, out);
	if (f->bid == 0 && f->policy == 0)
		lma_flow_del(m, f);
}

/* Its gateway does not do it, or cannot be asked: all that waits for it stays where it was. */
void
lma_flow_refuse(struct lma *l, struct lma_multi *m, const struct lma_session *t, uint8_t status,
		struct pmip_actions *out)
{
	for (unsigned int i = m->flow_count; i-- > 0;)
		if (m->flow[i].wanted == t->bid)
			refuse(l, m, &m->flow[i], t, status, out);
	if (is_moving_to(l, m, t)) {
		m->moving.session = INDEX_NONE;
		lma_act_publish_status(l, PMIP_PUB_MOVE_REFUSED, t, status, out);
	}
}

/* The same of what waits for sessions that are over. */
static void
refuse_lost(struct lma *l, struct lma_multi *m, struct pmip_actions *out)
{
	for (unsigned int i = m->flow_count; i-- > 0;)
		if (m->flow[i].wanted != 0 && lma_multi_session(l, m, m->flow[i].wanted) == NULL)
			refuse(l, m, &m->flow[i], NULL, MH_UPA_NOT_ATTACHED, out);
	if (m->moving.session == LMA_MOVING_LOST) {
		m->moving.session = INDEX_NONE;
		publish(l, m, PMIP_PUB_MOVE_REFUSED, 0, NULL, MH_UPA_NOT_ATTACHED, out);
	}
}

/* What a command moves to t, by now. */
static void
settle_moving(struct lma *l, struct lma_multi *m, struct lma_session *t, const struct list *missing,
	      const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_moving moving = m->moving;
	unsigned int moved = 0;
	uint16_t from = 0;

	m->moving.session = INDEX_NONE;
	for (unsigned int i = 0; i < moving.count; i++) {
		struct list one = {1, {moving.prefix[i]}};
		bool off_link = moving.how == PMIP_MOVE_SHARED && list_holds(missing, &one);
		uint16_t owner;

		if (lma_rows_move(l, t, moving.how, off_link, one.prefix, 1, &owner) < 0)
			continue;
		from |= owner;
		moved++;
	}
	if (moved == 0) {
		/* They went elsewhere meanwhile, and its gateway thinks that they are there. */
		lma_act_publish_status(l, PMIP_PUB_MOVE_REFUSED, t, MH_UPA_REASON_UNSPECIFIED, out);
		lma_notify(l, t, MH_UPN_FORCE_REREGISTRATION, 0, now, out);
		lma_multi_act_flows(l, m, out);
		return;
	}
	lma_multi_act_moved(l, t, from, out);
	lma_multi_act_flows(l, m, out);
	lma_act_publish(l, PMIP_PUB_PREFIXES_MOVED, t, out);
	lma_move_settle(l, t, now, out);
}

static bool
take(struct lma *l, struct lma_multi *m, struct lma_session *t, const struct list *missing)
{
	uint16_t from;

	/* The owner may have come to this gateway since it was asked. */
	for (unsigned int i = 0; i < missing->count; i++)
		if (lma_rows_meet(l, t, &missing->prefix[i]))
			return false;
	if (lma_rows_move(l, t, PMIP_MOVE_SHARED, true, missing->prefix, (uint8_t)missing->count, &from) < 0)
		return false;
	for (unsigned int i = 0; i < missing->count; i++) {
		struct lma_row *r = lma_row_find(m, &missing->prefix[i], lma_session_index(l, t));

		if (r != NULL)
			r->of_flow = true;
	}
	lma_demand_unname(l, t);
	return true;
}

void
lma_flow_say(struct lma *l, struct lma_multi *m, struct pmip_actions *out)
{
	for (unsigned int i = 0; i < m->flow_count && out->count < PMIP_ACTIONS_MAX; i++) {
		struct lma_flow *f = &m->flow[i];
		const struct lma_session *t = lma_multi_session(l, m, f->bid);

		if (f->said || f->wanted != 0 || t == NULL || !lma_multi_is_able(l, m, f, t, false))
			continue;
		publish(l, m, PMIP_PUB_FLOW_MOVED, f->id, t, MH_UPA_ACCEPTED, out);
		f->said = true;
	}
}

/* Flows and moves that want no more of t than its gateway has been told. */
static void
settle(struct lma *l, struct lma_multi *m, struct lma_session *t, const struct list *told, const struct clock_now *now,
       struct pmip_actions *out)
{
	struct list moving = {0};

	lma_undo_note_command(l, t);
	list_moving(l, m, t, &moving);
	for (unsigned int i = m->flow_count; i-- > 0;) {
		struct list missing = {0};

		if (m->flow[i].wanted != t->bid)
			continue;
		list_missing(l, m, &m->flow[i], t, true, &missing);
		if (!list_holds(told, &missing))
			continue;
		if (!take(l, m, t, &missing)) {
			refuse(l, m, &m->flow[i], t, MH_UPA_REASON_UNSPECIFIED, out);
			continue;
		}
		m->flow[i].said = m->flow[i].said && m->flow[i].bid == t->bid;
		m->flow[i].bid = t->bid;
		m->flow[i].left = false;
		m->flow[i].wanted = 0;
	}
	if (is_moving_to(l, m, t) && list_holds(told, &moving))
		settle_moving(l, m, t, &moving, now, out);
	else
		lma_multi_act_flows(l, m, out);
	lma_flow_say(l, m, out);
}

static bool
is_wanted(const struct lma *l, const struct lma_multi *m, const struct lma_session *t)
{
	for (unsigned int i = 0; i < m->flow_count; i++)
		if (m->flow[i].wanted == t->bid)
			return true;
	return is_moving_to(l, m, t);
}

/* What flows want of t beyond what it has; those that it has no room for are refused. */
static void
list_wanted(struct lma *l, struct lma_multi *m, struct lma_session *t, struct list *list, struct pmip_actions *out)
{
	for (unsigned int i = m->flow_count; i-- > 0;) {
		struct list missing = {0};

		if (m->flow[i].wanted != t->bid)
			continue;
		list_missing(l, m, &m->flow[i], t, true, &missing);
		if (lma_rows_check(l, t, PMIP_MOVE_SHARED, missing.prefix, (uint8_t)missing.count) < 0)
			refuse(l, m, &m->flow[i], t, MH_UPA_REASON_UNSPECIFIED, out);
		else
			for (unsigned int k = 0; k < missing.count; k++)
				list_add(list, &missing.prefix[k]);
	}
}

/*
 * Of a list, a bit each: what moves to t, the first of them, what it owns for good, and what is idle there, on link all
 * the time.
 */
static uint8_t
on_link(const struct lma *l, struct lma_multi *m, const struct lma_session *t, const struct list *list,
	unsigned int moving)
{
	uint8_t bits = 0;

	for (unsigned int i = 0; i < list->count && i < MH_HNP_MAX; i++) {
		const struct lma_row *r = lma_row_find(m, &list->prefix[i], lma_session_index(l, t));

		bool own = lma_session_owns(l, t, &list->prefix[i]), lent = r != NULL && r->lender != INDEX_NONE;

		if (i < moving || (own && !(lent && r->off_link)) || (r != NULL && r->idle && !r->off_link))
			bits |= (uint8_t)(1u << i);
	}
	return bits;
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
	struct list list = {0}, moving = {0}, said = {0}, own = {0};
	bool over = list_said(l, m, t, &said);

	if (lma_demand_typed(l, t, LMA_DEMAND_FLOW) != NULL)
		return;
	/* One that has nothing to be listed instead keeps it. */
	over |= t->prefix_count > 0 && (m->retract & 1u << (t->bid - 1)) != 0;
	m->retract &= (uint16_t) ~(1u << (t->bid - 1));
	if (!over && !is_wanted(l, m, t))
		return;
	list_moving(l, m, t, &moving);
	if (m->moving.how != PMIP_MOVE_SHARED)
		list = moving;
	list_wanted(l, m, t, &list, out);
	for (unsigned int i = 0; i < moving.count; i++)
		list_add(&list, &moving.prefix[i]);
	if (list.count == 0 && !over) {
		settle(l, m, t, &list, now, out);
		return;
	}
	for (unsigned int i = 0; i < said.count; i++)
		list_add(&list, &said.prefix[i]);
	/* The message has one prefix at least (RFC 7864 section 4.2); its own are on link anyway. */
	for (unsigned int i = 0; list.count == 0 && i < t->prefix_count; i++)
		list_add(&own, &lma_session_prefixes(l, t)[i]);
	if (list.count == 0)
		list = own;
	d.prefix_count = (uint8_t)list.count;
	d.on_link = on_link(l, m, t, &list, m->moving.how != PMIP_MOVE_SHARED ? moving.count : 0);
	memcpy(d.prefix, list.prefix, sizeof(d.prefix));
	if (list.count <= MH_HNP_MAX && lma_gateway_can(l, &d.peer, LMA_CAN_NOTIFY) &&
	    lma_demand_start(l, &d, now, out))
		return;
	lma_rows_keep(l, t, said.prefix, (uint8_t)said.count);
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
		f = lma_flow_add(m, &(struct lma_flow){.priority = lma_flow_priority(m, p->priority),
						       .policy = (uint8_t)policy,
						       .selector = p->selector});
	if (f == NULL)
		return;
	if (t == NULL) {
		m->changed |= f->bid != 0;
		f->bid = f->wanted = 0;
		f->said = false;
	} else if (f->bid != t->bid && !f->refused) {
		f->wanted = t->bid;
	}
}

/* Its session is back, or others have come: what that has not got is asked for. What is idle there stays so. */
static void
review_flow(struct lma *l, struct lma_multi *m, struct lma_flow *f)
{
	const struct lma_session *t = f->wanted == 0 && !f->refused ? lma_multi_session(l, m, f->bid) : NULL;
	struct list missing = {0};

	if (t == NULL || t->state != LMA_ACTIVE)
		return;
	list_missing(l, m, f, t, false, &missing);
	if (missing.count > 0)
		f->wanted = f->bid;
}

void
lma_flow_review(struct lma *l, struct lma_multi *m, const struct clock_now *now, struct pmip_actions *out)
{
	uint16_t tell = m->tell, back = m->back;
	struct lma_session *t = NULL;

	m->tell = m->back = 0; /* what comes up from here on is told the next time */
	refuse_lost(l, m, out);
	for (unsigned int p = 1; p <= l->s.flow_policy_count; p++)
		if (m->policies & (uint64_t)1 << (p - 1))
			review_policy(l, m, p);
	for (unsigned int i = 0; i < m->flow_count; i++)
		review_flow(l, m, &m->flow[i]);
	while ((t = lma_session_of(l, &l->node[m->node], t)) != NULL) {
		if (t->state == LMA_ACTIVE) {
			if (lma_rows_host_last(l, t))
				lma_notify(l, t, MH_UPN_FORCE_REREGISTRATION, 0, now, out);
			review_session(l, m, t, now, out);
			if (tell & 1u << (t->bid - 1))
				lma_tell(l, t, back & 1u << (t->bid - 1), now, out);
		} else {
			lma_flow_refuse(l, m, t, MH_UPA_NOT_ATTACHED, out);
		}
	}
}

/* Which of the mobile node's sessions a message is about, where its gateway has several. */
void
lma_flow_write_interface(const struct lma *l, const struct lma_session *t, struct mh_msg *msg)
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

/* What comes to this session stays where it was, without traffic: its gateway may have that one too. */
static void
write_idle(const struct lma *l, const struct lma_moving *moving, struct mh_msg *msg)
{
	for (unsigned int i = 0; i < moving->count; i++)
		mh_vendor_add_prefix(msg, l->s.multihoming.vendor,
				     &(struct mh_vendor_prefix){.flags = MH_VENDOR_IDLE, .prefix = moving->prefix[i]});
}

void
lma_flow_write(const struct lma *l, const struct lma_session *t, struct mh_msg *msg)
{
	const struct lma_multi *m = lma_multi_of(l, t);

	lma_flow_write_interface(l, t, msg);
	if (m != NULL && is_moving_to(l, m, t) && m->moving.how == PMIP_MOVE_IDLE)
		write_idle(l, &m->moving, msg);
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

/* Its gateway forwards, off link, what nobody has any more: a session ended while the question was under way. */
static void
retract_lost(struct lma *l, struct lma_multi *m, const struct lma_session *t, const struct list *told, uint8_t on_link)
{
	for (unsigned int i = 0; i < told->count; i++)
		if (!(on_link & 1u << i) && !lma_session_has(l, t, &told->prefix[i]))
			m->retract |= (uint16_t)(1u << (t->bid - 1));
}

/* It may have done all of it, and its answers were lost; of what another of its links has nothing is to be said. */
static void
take_back(struct lma *l, struct lma_multi *m, const struct lma_session *t, const struct list *told, uint8_t on_link,
	  const struct clock_now *now, struct pmip_actions *out)
{
	struct list moved = {0};

	retract_lost(l, m, t, told, on_link);
	for (unsigned int i = 0; i < told->count; i++)
		if (on_link & 1u << i && !lma_session_has(l, t, &told->prefix[i]) &&
		    !lma_rows_meet(l, t, &told->prefix[i]))
			list_add(&moved, &told->prefix[i]);
	if (moved.count > 0)
		lma_revoke_part(l, t, &t->binding.proxy_coa, moved.prefix, (uint8_t)moved.count, now, out);
}

void
lma_flow_answered(struct lma *l, const struct lma_demand *d, unsigned int status, const struct clock_now *now,
		  struct pmip_actions *out)
{
	struct lma_session *t = &l->session[d->session];
	struct lma_multi *m = lma_multi_of(l, t);
	struct list told = {.count = d->prefix_count};
	uint8_t on_link = d->on_link; /* d is another's place when the next is asked */
	bool crossed = d->crossed, given_up = d->given_up;

	if (m == NULL)
		return;
	memcpy(told.prefix, d->prefix, sizeof(d->prefix));
	lma_rows_keep(l, t, d->prefix, d->prefix_count);
	if (status < LMA_REJECTED && t->state == LMA_ACTIVE) {
		lma_rows_agreed(l, t, told.prefix, on_link);
		settle(l, m, t, &told, now, out);
		/* What an answer since did not have yet its gateway has given up again. */
		if (crossed)
			lma_notify(l, t, MH_UPN_FORCE_REREGISTRATION, 0, now, out);
		retract_lost(l, m, t, &told, on_link);
	} else {
		lma_flow_refuse(l, m, t, status == LMA_UNANSWERED ? 0 : (uint8_t)status, out);
		if (status == LMA_UNANSWERED && !given_up && t->state == LMA_ACTIVE)
			take_back(l, m, t, &told, on_link, now, out);
	}
	/* What came up since it was asked. */
	lma_multi_due(l, m, 0);
}
