/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which session an update is about: RFC 5213 section 5.4.1, in its order. An update to de-register that is about
 * none is ignored; nothing here changes any state.
 */
#include "multi.h"

static struct lma_found
found(enum lma_verdict verdict, struct lma_session *s)
{
	return (struct lma_found){.verdict = verdict, .session = s};
}

static struct lma_found
rejected(enum mh_status status, struct lma_session *s)
{
	return (struct lma_found){.verdict = LMA_VERDICT_REJECT, .status = status, .session = s};
}

static bool
ll_id_given(const struct mh_opt_mn_ll_id *id)
{
	for (unsigned int i = 0; i < id->len; i++)
		if (id->id[i] != 0)
			return true;
	return false;
}

static bool
same_ll_id(const struct mh_opt_mn_ll_id *a, const struct mh_opt_mn_ll_id *b)
{
	return a->len == b->len && memcmp(a->id, b->id, a->len) == 0;
}

static bool
same_prefixes(const struct lma *l, const struct lma_update *u, const struct lma_session *s)
{
	const struct addr_prefix *prefix = lma_session_prefixes(l, s);

	if (s->multi != 0 || l->s.aggregate_count > 0)
		return lma_rows_match(l, s, u);
	if (u->wants_prefix || u->prefix_count != s->prefix_count)
		return false;
	for (unsigned int i = 0; i < s->prefix_count; i++)
		if (!lma_update_names(u, &prefix[i]))
			return false;
	return true;
}

bool
lma_lookup_is_interface(const struct lma_session *s, const struct lma_update *u)
{
	return s->binding.access_tech == u->access_tech && same_ll_id(&s->binding.ll_id, &u->ll_id) &&
	       lma_service_is_of(s, u);
}

struct lma_session *
lma_lookup_interface(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	struct lma_session *s = NULL, *only = NULL;

	while ((s = lma_session_of(l, n, s)) != NULL) {
		if ((s->state == LMA_LINGER && u->msg.pbu.lifetime != 0) || !lma_service_is_of(s, u))
			continue;
		if (ll_id_given(&u->ll_id) ? !lma_lookup_is_interface(s, u)
					   : !addr6_equal(&s->binding.proxy_coa, &u->proxy_coa))
			continue;
		/* Two of one gateway are told by their access technology. */
		if (only == NULL || only->binding.access_tech != u->access_tech)
			only = s;
	}
	return only;
}

/* The conditions of section 5.4.1.1 item 5, any of which makes it an update of the entry. */
static bool
continues(const struct lma_update *u, const struct lma_session *s)
{
	const struct lma_binding *b = &s->binding;
	bool same_tech = u->access_tech == b->access_tech;

	if (u->handoff == MH_HANDOFF_BETWEEN_INTERFACES)
		return true;
	if (!same_tech)
		return false;
	if (ll_id_given(&u->ll_id) ? same_ll_id(&u->ll_id, &b->ll_id)
				   : !ll_id_given(&b->ll_id) && u->handoff == MH_HANDOFF_BETWEEN_MAGS)
		return true;
	return addr6_equal(&u->proxy_coa, &b->proxy_coa);
}

/*
 * Of sessions that have a prefix besides its owner, that of u's interface; else one that is between two gateways and
 * has lent it.
 */
static struct lma_session *
sharer(struct lma *l, struct lma_session *owner, const struct lma_update *u)
{
	struct lma_session *s = lma_lookup_interface(l, &l->node[owner->node], u), *between = owner;

	for (unsigned int i = 0; s != NULL && i < u->prefix_count; i++)
		if (lma_session_has(l, s, &u->prefix[i]))
			return s;
	for (s = NULL; (s = lma_session_of(l, &l->node[owner->node], s)) != NULL;) {
		if (s->state != LMA_LINGER || !same_prefixes(l, u, s))
			continue;
		if (lma_lookup_is_interface(s, u))
			return s;
		if (lma_rows_lent(l, s, &u->prefix[0]))
			between = s;
	}
	return between;
}

/* Section 5.4.1.1. */
static struct lma_found
by_prefix(struct lma *l, const struct lma_update *u)
{
	struct lma_session *s = NULL, *left;

	for (unsigned int i = 0; i < u->prefix_count && s == NULL; i++)
		s = lma_session_find_prefix(l, &u->prefix[i]);
	if (s == NULL)
		return found(LMA_VERDICT_NEW, NULL);
	if (!lma_node_is(l, s->node, &u->mn_id))
		return rejected(MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX, NULL);
	if (s->multi != 0 || l->s.aggregate_count > 0)
		s = sharer(l, s, u);
	if (!same_prefixes(l, u, s)) {
		left = lma_move_left(l, &l->node[s->node], u);
		return left != NULL ? found(LMA_VERDICT_UPDATE, left)
				    : rejected(MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH, s);
	}
	return continues(u, s) ? found(LMA_VERDICT_UPDATE, s) : found(LMA_VERDICT_NEW, NULL);
}

/* The one session of the mobile node, as far as u's service is concerned; NULL where there is none or more. */
static struct lma_session *
only_session(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	struct lma_session *s = NULL, *only = NULL;

	while ((s = lma_session_of(l, n, s)) != NULL) {
		if (!lma_service_is_of(s, u))
			continue;
		if (only != NULL)
			return NULL;
		only = s;
	}
	return only;
}

/* Handoff state unknown: the one session continues if it has been, or will soon be, de-registered. */
static struct lma_found
unknown_handoff(const struct lma *l, const struct lma_update *u, struct lma_session *only)
{
	if (only->state == LMA_LINGER)
		return found(LMA_VERDICT_UPDATE, only);
	if (u->waited || l->s.timers.max_delay_before_new_bce_assign_ms == 0)
		return found(LMA_VERDICT_NEW, NULL);
	return found(LMA_VERDICT_WAIT, only);
}

/* Section 5.4.1.2. */
static struct lma_found
by_ll_id(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	struct lma_session *s = NULL;

	while ((s = lma_session_of(l, n, s)) != NULL)
		if (lma_lookup_is_interface(s, u))
			return found(LMA_VERDICT_UPDATE, s);
	s = only_session(l, n, u);
	if (s != NULL && u->handoff == MH_HANDOFF_BETWEEN_INTERFACES)
		return found(LMA_VERDICT_UPDATE, s);
	if (s != NULL && u->handoff == MH_HANDOFF_UNKNOWN)
		return unknown_handoff(l, u, s);
	return found(LMA_VERDICT_NEW, NULL);
}

/*
 * An update that was sent again because its acknowledgement was lost has a later timestamp and the same number,
 * which is its gateway's counter (section 6.9.1.1). Nothing else tells it from one for a further session when it
 * names neither a prefix nor a link-layer identifier.
 */
static struct lma_session *
sent_again(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	struct lma_session *s = NULL;

	if (u->stamp.timestamp == 0)
		return NULL;
	while ((s = lma_session_of(l, n, s)) != NULL) {
		const struct lma_binding *b = &s->binding;

		if (b->stamp.timestamp != 0 && b->stamp.sequence == u->stamp.sequence &&
		    addr6_equal(&b->proxy_coa, &u->proxy_coa) && b->access_tech == u->access_tech &&
		    b->handoff == u->handoff && !ll_id_given(&b->ll_id) && lma_service_is_of(s, u))
			return s;
	}
	return NULL;
}

/* Section 5.4.1.3. */
static struct lma_found
by_mn_id(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	struct lma_session *again = sent_again(l, n, u);
	struct lma_session *only = only_session(l, n, u);

	if (again != NULL)
		return found(LMA_VERDICT_UPDATE, again);
	if (only != NULL && (u->handoff == MH_HANDOFF_BETWEEN_INTERFACES || u->handoff == MH_HANDOFF_BETWEEN_MAGS))
		return found(LMA_VERDICT_UPDATE, only);
	if (only != NULL && u->handoff == MH_HANDOFF_UNKNOWN)
		return unknown_handoff(l, u, only);
	return found(LMA_VERDICT_NEW, NULL);
}

struct lma_found
lma_lookup(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	struct lma_found f;

	if (lma_move_lookup(l, n, u, &f))
		return f;
	if (u->prefix_count > 0)
		f = by_prefix(l, u);
	else if (ll_id_given(&u->ll_id))
		f = by_ll_id(l, n, u);
	else
		f = by_mn_id(l, n, u);
	/* Nor is it compared with any, lest what it takes back stays because another interface's gateway is ahead. */
	if (u->msg.pbu.lifetime == 0 && (f.verdict == LMA_VERDICT_NEW || f.verdict == LMA_VERDICT_WAIT))
		f = found(LMA_VERDICT_IGNORE, NULL);
	return f;
}
