/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Updates that make prefixes of a mobile node go from one of its interfaces to another. Of a partial handoff, by one of
 * two handoff indicators that were never assigned (draft-jeyatharan-netext-pmip-partial-handoff-00 section 4.2), the
 * source keeps nothing, and ends where it has none left; of a flow handover
 * (draft-park-multihoming-ext-pmipv6-2level-prefix-01 section 5.1.2) it keeps them idle; and by the indicator of RFC
 * 7864 section 3.2.1 both have them. By a handover between interfaces, to one that has a session, all of the other's go
 * there, and all that it has of others.
 */
#include "mh/vendor.h"
#include "multi.h"

enum trigger { TRIGGER_NONE, TRIGGER_NEW, TRIGGER_EXISTING, TRIGGER_FLOW, TRIGGER_SHARED, TRIGGER_WHOLE };

/* The two numbers, as its gateway has them. */
static uint8_t
partial_new(const struct lma *l, const struct lma_update *u)
{
	return u->peer->partial_given ? u->peer->partial_new : l->s.multihoming.partial_new;
}

static uint8_t
partial_existing(const struct lma *l, const struct lma_update *u)
{
	return u->peer->partial_given ? u->peer->partial_existing : l->s.multihoming.partial_existing;
}

static bool
is_possible(const struct lma *l, const struct lma_update *u)
{
	return (partial_new(l, u) | partial_existing(l, u)) != 0 || l->s.multihoming.flow_mobility ||
	       l->s.multihoming.hi5_flow_handover;
}

static enum trigger
trigger_of(const struct lma *l, const struct lma_update *u)
{
	if (u->handoff == 0 || u->msg.pbu.lifetime == 0)
		return TRIGGER_NONE;
	if (u->handoff == partial_new(l, u))
		return TRIGGER_NEW;
	if (u->handoff == partial_existing(l, u))
		return TRIGGER_EXISTING;
	if (u->prefix_count == 0 || u->wants_prefix)
		return TRIGGER_NONE;
	if (u->handoff == MH_HANDOFF_NO_CHANGE && l->s.multihoming.hi5_flow_handover)
		return TRIGGER_FLOW;
	if (u->handoff == MH_HANDOFF_BETWEEN_INTERFACES && is_possible(l, u))
		return TRIGGER_WHOLE;
	return u->handoff == MH_HANDOFF_SHARED_PREFIXES && l->s.multihoming.flow_mobility ? TRIGGER_SHARED
											  : TRIGGER_NONE;
}

bool
lma_move_names(const struct lma *l, const struct lma_update *u)
{
	enum trigger t = trigger_of(l, u);

	return (t == TRIGGER_NEW || t == TRIGGER_EXISTING) && !l->s.multihoming.full_set;
}

struct lma_session *
lma_move_left(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	struct lma_session *s = is_possible(l, u) && u->msg.pbu.lifetime == 0 ? lma_lookup_interface(l, n, u) : NULL;
	unsigned int own = 0;

	if (s == NULL || u->wants_prefix || !addr6_equal(&s->binding.proxy_coa, &u->proxy_coa))
		return NULL;
	for (unsigned int i = 0; i < u->prefix_count; i++) {
		const struct lma_session *owner = lma_session_find_prefix(l, &u->prefix[i]);

		if (owner == NULL || &l->node[owner->node] != n)
			return NULL;
		own += owner == s && lma_rows_requires(l, s, &u->prefix[i]);
	}
	return own == lma_rows_required(l, s) ? s : NULL;
}

static struct lma_found
rejected(enum mh_status status, struct lma_session *s)
{
	return (struct lma_found){.verdict = LMA_VERDICT_REJECT, .status = status, .session = s};
}

static struct lma_found
move_to(struct lma_session *to, enum pmip_move how)
{
	return (struct lma_found){.verdict = LMA_VERDICT_MOVE, .session = to, .how = how};
}

static struct lma_found
update_of(struct lma_session *s)
{
	return (struct lma_found){.verdict = LMA_VERDICT_UPDATE, .session = s};
}

static bool
is_repeated(const struct lma_update *u, unsigned int at)
{
	for (unsigned int i = 0; i < at; i++)
		if (addr_prefix_equal(&u->prefix[i], &u->prefix[at]))
			return true;
	return false;
}

/* The one session that all of u's prefixes are of. */
static enum mh_status
find_source(struct lma *l, const struct lma_node *n, const struct lma_update *u, struct lma_session **from)
{
	bool spread = false;

	*from = NULL;
	if (u->prefix_count == 0 && !u->wants_prefix)
		return MH_STATUS_MISSING_HOME_NETWORK_PREFIX_OPTION;
	for (unsigned int i = 0; i < u->prefix_count; i++) {
		struct lma_session *s = lma_session_find_prefix(l, &u->prefix[i]);

		if (s == NULL || &l->node[s->node] != n)
			return MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX;
		spread = spread || (*from != NULL && s != *from) || is_repeated(u, i);
		*from = s;
	}
	if (u->wants_prefix)
		return MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX;
	return spread ? MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH : MH_STATUS_ACCEPTED;
}

static struct lma_found
partial(struct lma *l, const struct lma_node *n, const struct lma_update *u, bool to_new)
{
	struct lma_session *to = lma_lookup_interface(l, n, u), *from;
	enum mh_status status = find_source(l, n, u, &from);

	if (status != MH_STATUS_ACCEPTED)
		return rejected(status, from);
	/* It has them: the update was sent again, since its acknowledgement was lost. */
	if (to == from && addr6_equal(&to->binding.proxy_coa, &u->proxy_coa))
		return update_of(to);
	if (!l->s.multihoming.lenient && (to == NULL) != to_new)
		return rejected(MH_STATUS_REASON_UNSPECIFIED, from);
	if (to == from)
		return rejected(MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH, from);
	return move_to(to, PMIP_MOVE_AWAY);
}

/*
 * It has all of them by now, and what it asked for was answered: sent again, since the answer was lost. Or it does not
 * know yet that one is idle there, and says nothing of that.
 */
static bool
is_known(struct lma *l, const struct lma_update *u, const struct lma_session *to)
{
	bool untold = lma_demand_typed(l, to, LMA_DEMAND_TELL) != NULL && lma_rows_match(l, to, u);

	for (unsigned int i = 0; i < u->prefix_count; i++) {
		const struct lma_row *r = lma_row_find(lma_multi_of(l, to), &u->prefix[i], lma_session_index(l, to));

		if (!lma_session_owns(l, to, &u->prefix[i]) && !(untold && r != NULL && r->idle))
			return false;
	}
	return to->multi != 0;
}

/*
 * A gateway that serves another interface asks for prefixes by what else is a refresh: none of them has traffic there.
 * Of what is idle there a refresh says so.
 */
static bool
flow_handover(struct lma *l, const struct lma_node *n, const struct lma_update *u, struct lma_found *out)
{
	struct lma_session *to = lma_lookup_interface(l, n, u);

	if (to != NULL && addr6_equal(&to->binding.proxy_coa, &u->proxy_coa) && is_known(l, u, to)) {
		*out = update_of(to);
		return true;
	}
	for (unsigned int i = 0; to != NULL && i < u->prefix_count; i++) {
		const struct lma_session *from = lma_session_find_prefix(l, &u->prefix[i]);
		const struct lma_row *r = lma_row_find(lma_multi_of(l, to), &u->prefix[i], lma_session_index(l, to));

		if (from == NULL && lma_aggregate_holds(l, &u->prefix[i])) {
			*out = rejected(MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX, to);
			return true;
		}
		if (from == NULL || from == to || &l->node[from->node] != n || (r != NULL && !r->idle) ||
		    lma_lookup_is_interface(from, u) || lma_update_says(l, u, &u->prefix[i], MH_VENDOR_IDLE))
			return false;
	}
	*out = move_to(to, PMIP_MOVE_IDLE);
	return to != NULL && addr6_equal(&to->binding.proxy_coa, &u->proxy_coa);
}

/* RFC 7864 section 3.2.1. */
static bool
shared(struct lma *l, const struct lma_node *n, const struct lma_update *u, struct lma_found *out)
{
	struct lma_session *to = lma_lookup_interface(l, n, u), *s = NULL;
	const struct lma_session *owner = lma_session_find_prefix(l, &u->prefix[0]);

	if (owner == NULL || &l->node[owner->node] != n)
		return false;
	if (to != NULL && to->binding.access_tech == u->access_tech && lma_rows_match(l, to, u)) {
		*out = update_of(to);
		return true;
	}
	while ((s = lma_session_of(l, n, s)) != NULL)
		if (s->state == LMA_ACTIVE && lma_rows_match(l, s, u))
			break;
	/* An interface has one session. */
	if (to != NULL && to->binding.access_tech != u->access_tech)
		to = NULL;
	*out = s != NULL ? move_to(to, PMIP_MOVE_SHARED) : rejected(MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH, NULL);
	return true;
}

/*
 * RFC 5213 section 5.4.1.1 makes it the other interface's session that goes on here; where this one has a session too,
 * that goes on with what both have had.
 */
static bool
whole(struct lma *l, const struct lma_node *n, const struct lma_update *u, struct lma_found *out)
{
	struct lma_session *to = lma_lookup_interface(l, n, u);
	const struct lma_session *from = lma_rows_source(l, &u->prefix[0]);

	if (to == NULL || from == NULL || &l->node[from->node] != n || !lma_service_is_of(from, u))
		return false;
	if (from == to) {
		*out = update_of(to);
		for (unsigned int i = 0; i < u->prefix_count; i++)
			if (!lma_session_owns(l, to, &u->prefix[i]))
				return false;
		return true;
	}
	*out = move_to(to, PMIP_MOVE_AWAY);
	out->whole = true;
	return lma_rows_match(l, from, u);
}

bool
lma_move_lookup(struct lma *l, const struct lma_node *n, const struct lma_update *u, struct lma_found *out)
{
	enum trigger t = trigger_of(l, u);

	switch (t) {
	case TRIGGER_NEW:
	case TRIGGER_EXISTING:
		*out = partial(l, n, u, t == TRIGGER_NEW);
		return true;
	case TRIGGER_FLOW:
		return flow_handover(l, n, u, out);
	case TRIGGER_SHARED:
		return shared(l, n, u, out);
	case TRIGGER_WHOLE:
		return whole(l, n, u, out);
	case TRIGGER_NONE:
		break;
	}
	return false;
}

enum pmip_order
lma_move_order(struct lma *l, const struct lma_update *u, const struct lma_session *to)
{
	enum pmip_order order = lma_update_order(l, u, to != NULL ? &to->binding.stamp : NULL);

	/* Numbers are a gateway's own, and say nothing of what another has sent. */
	for (unsigned int i = 0; order == PMIP_ORDER_LATER && u->stamp.timestamp != 0 && i < u->prefix_count; i++)
		order = lma_update_order(l, u, &lma_session_find_prefix(l, &u->prefix[i])->binding.stamp);
	return order;
}

const struct lma_session *
lma_move_revoking(struct lma *l, const struct lma_update *u)
{
	for (unsigned int i = 0; i < u->prefix_count; i++) {
		const struct lma_session *from = lma_session_find_prefix(l, &u->prefix[i]);

		if (from->state == LMA_REVOKING)
			return from;
	}
	return NULL;
}

/* Its gateway is told of what it has not any more; without any it is over, as soon as this list is done. */
static void
left_by(struct lma *l, struct lma_session *from, const struct lma_session *to, const struct addr_prefix *prefix,
	uint8_t count, const struct clock_now *now, struct pmip_actions *out)
{
	const struct addr6 *peer = &from->binding.proxy_coa;
	bool empty = lma_session_is_empty(l, from);

	if (count == 0)
		return;
	/* While the source lives it is said again, though the target may end. */
	if (!addr6_equal(peer, &to->binding.proxy_coa))
		lma_revoke_part(l, empty ? to : from, peer, prefix, count, now, out);
	if (!empty)
		return;
	if (!lma_revoke_can(l, peer))
		lma_group_lost(l, from->binding.group, from);
	deadline_set(&l->session_due, lma_session_index(l, from), now->mono_ms);
}

/* Whose prefixes have become idle by what came to `to`. */
static void
tell_idle(struct lma *l, const struct lma_session *to)
{
	struct lma_multi *m = lma_multi_of(l, to);

	for (unsigned int i = 0; m != NULL && i < m->row_count; i++) {
		const struct lma_row *r = &m->row[i];

		if (r->idle && lma_session_owns(l, to, &r->prefix) && !lma_undo_had(l, to, &r->prefix))
			lma_multi_tell(l, m, (uint16_t)(1u << (l->session[r->session].bid - 1)));
	}
}

static void
add_gone(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p,
	 struct addr_prefix gone[static MH_HNP_MAX], uint8_t *count)
{
	if (*count < MH_HNP_MAX && !lma_session_has(l, s, p))
		gone[(*count)++] = *p;
}

void
lma_move_settle(struct lma *l, const struct lma_session *to, const struct clock_now *now, struct pmip_actions *out)
{
	const struct lma_before *b = l->before;

	lma_demand_unname(l, to);
	for (unsigned int i = 0; i < b->count; i++) {
		struct lma_session *s = &l->session[b->had[i].session];
		struct addr_prefix gone[MH_HNP_MAX];
		uint8_t count = 0;

		for (unsigned int k = 0; k < b->had[i].prefix_count; k++)
			add_gone(l, s, &b->had[i].prefix[k], gone, &count);
		for (unsigned int k = 0; b->number != 0 && k < b->multi.row_count; k++)
			if (b->multi.row[k].session == b->had[i].session)
				add_gone(l, s, &b->multi.row[k].prefix, gone, &count);
		left_by(l, s, to, gone, count, now, out);
	}
	if (l->s.multihoming.vendor != 0)
		tell_idle(l, to);
}

/* What u asks for: false, and nothing has changed, where there is no room. */
static bool
carry_out(struct lma *l, const struct lma_update *u, const struct lma_found *f, struct lma_session *to, uint16_t *from)
{
	struct lma_session *source = lma_rows_source(l, &u->prefix[0]);
	struct addr_prefix all[MH_HNP_MAX];
	uint16_t borrowers;
	uint8_t count;

	if (!f->whole)
		return lma_rows_move(l, to, f->how, false, u->prefix, u->prefix_count, from) == 0;
	borrowers = lma_rows_reclaim(l, source);
	count = source->prefix_count;
	memcpy(all, lma_session_prefixes(l, source), count * sizeof(all[0]));
	if (lma_rows_move(l, to, f->how, false, all, count, from) < 0)
		return false;
	*from |= borrowers & (uint16_t)~lma_multi_bit(to);
	lma_rows_join(l, source, to);
	return true;
}

void
lma_move(struct lma *l, const struct lma_update *u, const struct lma_found *f, const struct clock_now *now,
	 struct pmip_actions *out)
{
	struct lma_session *to = f->session;
	bool opens = to == NULL, elsewhere = !opens && !addr6_equal(&to->binding.proxy_coa, &u->proxy_coa);
	bool left = elsewhere && to->state == LMA_ACTIVE;
	struct lma_binding before = opens ? (struct lma_binding){0} : to->binding;
	uint16_t from;

	if (opens && lma_service_has_room(l, u->service))
		to = lma_session_open(l, &u->mn_id, NULL, 0, now->mono_ms);
	if (to == NULL) {
		lma_answer_reject(l, u, MH_STATUS_INSUFFICIENT_RESOURCES, NULL, now, out);
		return;
	}
	lma_undo_note(l, u, to, opens);
	lma_undo_note_moves(l, to);
	if (!carry_out(l, u, f, to, &from)) {
		lma_undo_moves(l, now);
		lma_answer_reject(l, u, MH_STATUS_INSUFFICIENT_RESOURCES, opens ? NULL : to, now, out);
		if (opens)
			lma_session_drop(l, to);
		return;
	}
	/* Its gateway has what the answer says. */
	if (!lma_move_names(l, u))
		lma_aggregate_adopt(l, to, u);
	lma_bind(l, u, to, now);
	if (opens)
		lma_flow_returns(l, to);
	l->stat.counter[STAT_SESSIONS_OPENED] += opens;
	lma_multi_act_moved(l, to, from, out);
	if (to->multi != 0)
		lma_multi_changed(l, lma_multi_of(l, to));
	lma_answer_accept(l, u, to, out);
	if (opens) {
		lma_flow_note(l, to, &u->profile);
		lma_act_publish(l, PMIP_PUB_SESSION_OPENED, to, out);
	} else {
		lma_bound(l, to, elsewhere);
	}
	if (elsewhere)
		lma_act_publish(l, PMIP_PUB_SESSION_MOVED, to, out);
	lma_act_publish(l, PMIP_PUB_PREFIXES_MOVED, to, out);
	lma_move_settle(l, to, now, out);
	if (left)
		lma_revoke_left_behind(l, to, &before, now, out);
}
