/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The checks of RFC 5213 section 5.3.1, whose order is normative: identifier 160, gateway 154, mobile node 153,
 * service 152, order 135 157 156, options 158 161 162, and the look-up of section 5.4.1 (155, 159).
 */
#include "mh/vendor.h"
#include "multi.h"

#define SUBTYPE_NAI 1

/* ALL_ZERO is told by the address alone: the prefix length of such an option means nothing. */
static void
note_prefix(struct lma_update *u, const struct addr_prefix *p)
{
	if (addr6_is_zero(&p->addr))
		u->wants_prefix = true;
	else
		u->prefix[u->prefix_count++] =
			p->len <= 128 ? addr_prefix_mask(&p->addr, p->len) : (struct addr_prefix){p->addr, p->len};
}

static struct pmip_stamp
stamp_of(const struct lma *l, const struct mh_msg *m)
{
	struct pmip_stamp stamp = {.sequence = m->pbu.sequence};

	/* Zero would say that there is no timestamp; both are long past. */
	if (l->s.timestamps && mh_has(m, MH_OPT_TIMESTAMP))
		stamp.timestamp = m->opt.timestamp.wall != 0 ? m->opt.timestamp.wall : 1;
	return stamp;
}

void
lma_update_copy(struct lma_update *to, const struct lma_update *from)
{
	memcpy(to, from, offsetof(struct lma_update, msg));
	mh_copy(&to->msg, &from->msg);
}

static void
update_of(const struct lma *l, const struct pmip_event *e, struct lma_update *u)
{
	const struct mh_msg *m = e->message.msg;

	memset(u, 0, offsetof(struct lma_update, msg));
	mh_copy(&u->msg, m);
	u->src = e->message.src;
	u->dst = e->message.dst;
	u->proxy_coa = e->message.src;
	u->received = e->now;
	u->mn_id.subtype = SUBTYPE_NAI;
	u->ll_id.len = 2;
	u->stamp = stamp_of(l, m);
	if (mh_has(m, MH_OPT_ALTERNATE_COA))
		u->proxy_coa = m->opt.alt_coa.addr;
	if (mh_has(m, MH_OPT_MN_ID)) {
		u->mn_id.subtype = m->opt.mn_id.subtype;
		u->mn_id.len = m->opt.mn_id.len <= MH_MN_ID_MAX ? m->opt.mn_id.len : MH_MN_ID_MAX;
		memcpy(u->mn_id.id, m->opt.mn_id.id, u->mn_id.len);
	}
	if (mh_has(m, MH_OPT_MN_LINK_LAYER_ID) && m->opt.mn_ll_id.len > 0)
		u->ll_id = m->opt.mn_ll_id;
	if (mh_has(m, MH_OPT_ACCESS_TECH_TYPE))
		u->access_tech = m->opt.access_tech.value;
	if (mh_has(m, MH_OPT_HANDOFF_INDICATOR))
		u->handoff = m->opt.handoff.value;
	if (mh_has(m, MH_OPT_HOME_NETWORK_PREFIX))
		for (unsigned int i = 0; i < m->opt.hnp_count && i < MH_HNP_MAX; i++)
			note_prefix(u, &m->opt.hnp[i].prefix);
}

/*
 * An update for a care-of address that is not routed is discarded without a word (RFC 6275 section 6.1.7): ::/8 holds
 * none that is. The anchor's own is the tunnel's other end, unless the gateway is on this very node.
 */
static bool
is_care_of_address(const struct lma *l, const struct lma_update *u)
{
	const struct addr6 *a = &u->proxy_coa;

	if (addr6_equal(a, &l->s.address) && !addr6_equal(a, &u->src))
		return false;
	return a->b[0] != 0 && !addr6_is_multicast(a) && !addr6_is_link_local(a);
}

bool
lma_update_says(const struct lma *l, const struct lma_update *u, const struct addr_prefix *p, uint8_t flags)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_prefixes(&u->msg, l->s.multihoming.vendor, said, MH_VENDOR_MAX);

	for (unsigned int i = 0; i < count; i++)
		if ((said[i].flags & flags) == flags && addr_prefix_equal(&said[i].prefix, p))
			return true;
	return false;
}

bool
lma_update_names(const struct lma_update *u, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < u->prefix_count; i++)
		if (addr_prefix_equal(&u->prefix[i], p))
			return true;
	return false;
}

/* Who it is about and who sent it. */
static enum mh_status
check_sender(const struct lma_update *u)
{
	enum mh_status status = mh_check_options(&u->msg, MH_PHASE_IDENTIFY);

	if (status == MH_STATUS_ACCEPTED && u->mn_id.len == 0)
		status = MH_STATUS_MISSING_MN_IDENTIFIER_OPTION;
	if (status != MH_STATUS_ACCEPTED)
		return status;
	return u->peer != NULL ? MH_STATUS_ACCEPTED : MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG;
}

/* Whether this anchor serves the mobile node, as far as policy was asked. */
static enum mh_status
check_service(const struct lma *l, const struct lma_update *u)
{
	if (u->policy == LMA_POLICY_NOT_FOUND)
		return MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE;
	if (u->policy == LMA_POLICY_FOUND && u->profile.lma_given && !addr6_equal(&u->profile.lma, &l->s.address))
		return MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE;
	if (u->policy == LMA_POLICY_FOUND && u->profile.barred)
		return MH_STATUS_PROXY_REG_NOT_ENABLED;
	return l->s.proxy_registration ? MH_STATUS_ACCEPTED : MH_STATUS_PROXY_REG_NOT_ENABLED;
}

bool
lma_update_is_own(const struct lma *l, const struct lma_update *u)
{
	return addr6_equal(&u->proxy_coa, &u->src) || lma_gateway_speaks_for(l, u->peer, &u->proxy_coa);
}

static uint32_t
window_of(const struct lma *l, const struct lma_update *u)
{
	if (l->s.mn_timestamps)
		return PMIP_WINDOW_NONE;
	return u->peer->timestamp_window_ms != 0 ? u->peer->timestamp_window_ms
						 : l->s.timers.timestamp_validity_window_ms;
}

enum pmip_order
lma_update_order(const struct lma *l, const struct lma_update *u, const struct pmip_stamp *last)
{
	return pmip_order_check(last, &u->stamp, u->received.wall, window_of(l, u));
}

static enum pmip_order
order_of(const struct lma *l, const struct lma_update *u, const struct lma_found *f)
{
	const struct lma_session *s = f->session;

	/*
	 * The de-registration that it waited for was sent later, and is no reason to refuse it. Nor is one that another
	 * waited for too, and went on with the session: it may be de-registered again in time.
	 */
	if (s != NULL && u->wait_ends_ms != 0 && (s->state == LMA_LINGER || f->verdict == LMA_VERDICT_WAIT))
		s = NULL;
	if (f->verdict == LMA_VERDICT_MOVE)
		return lma_move_order((struct lma *)l, u, s);
	return lma_update_order(l, u, s != NULL ? &s->binding.stamp : NULL);
}

/*
 * A late update must not open a further session of an interface that is not told from others, though it is compared
 * with none: its mobile node may have left already (RFC 5213 section 5.5 item 6: of that mobile node).
 */
static bool
is_overtaken(struct lma *l, const struct lma_node *n, const struct lma_update *u, const struct lma_found *f)
{
	struct lma_session *s = NULL;

	if (f->verdict != LMA_VERDICT_NEW || u->stamp.timestamp == 0 || u->wait_ends_ms != 0)
		return false;
	while ((s = lma_session_of(l, n, s)) != NULL)
		if (lma_lookup_is_interface(s, u) && u->stamp.timestamp < s->binding.stamp.timestamp)
			return true;
	return false;
}

/* The last accepted update once more: sent twice by the network, or by a gateway that got no answer. */
static bool
is_duplicate(const struct lma_update *u, const struct lma_found *f)
{
	return f->verdict == LMA_VERDICT_UPDATE && f->session->binding.lifetime_asked == u->msg.pbu.lifetime &&
	       addr6_equal(&f->session->binding.proxy_coa, &u->proxy_coa);
}

static bool
park(struct lma *l, const struct lma_update *u, enum lma_state state, const struct clock_now *now,
     struct pmip_actions *out)
{
	if (lma_request_park(l, u, state, now->mono_ms, out))
		return true;
	lma_answer_reject(l, u, MH_STATUS_INSUFFICIENT_RESOURCES, NULL, now, out);
	return false;
}

static void exchange(struct lma *l, const struct lma_update *u, const struct lma_found *f, const struct clock_now *now,
		     struct pmip_actions *out);

/* A prefix is on one interface of a gateway: s, which shares others' and comes to them, begins with one of its own. */
static void
begin_anew(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now,
	   struct pmip_actions *out)
{
	struct lma_found f;

	lma_end_alone(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
	f = lma_lookup(l, lma_node_find(l, &u->mn_id), u);
	exchange(l, u, &f, now, out);
}

/* The exchange that the look-up led to. */
static void
exchange(struct lma *l, const struct lma_update *u, const struct lma_found *f, const struct clock_now *now,
	 struct pmip_actions *out)
{
	switch (f->verdict) {
	case LMA_VERDICT_NEW:
		if (u->policy == LMA_POLICY_UNASKED)
			park(l, u, LMA_ASKING, now, out);
		else
			lma_register(l, u, now, out);
		break;
	case LMA_VERDICT_UPDATE:
		lma_request_overtake(l, u);
		if (u->msg.pbu.lifetime == 0)
			lma_deregister(l, u, f->session, now, out);
		else if (lma_rows_stranded(l, f->session, &u->proxy_coa))
			begin_anew(l, u, f->session, now, out);
		else
			lma_extend(l, u, f->session, now, out);
		break;
	case LMA_VERDICT_MOVE:
		if (f->session == NULL && u->policy == LMA_POLICY_UNASKED) {
			park(l, u, LMA_ASKING, now, out);
			break;
		}
		lma_request_overtake(l, u);
		lma_move(l, u, f, now, out);
		break;
	case LMA_VERDICT_WAIT:
		if (park(l, u, LMA_WAITING, now, out))
			lma_revoke_waited_for(l, f->session, now, out);
		break;
	case LMA_VERDICT_REJECT:
		if (u->msg.pbu.lifetime == 0)
			lma_request_overtake(l, u);
		lma_answer_reject(l, u, f->status, f->session, now, out);
		break;
	case LMA_VERDICT_IGNORE:
		l->stat.counter[STAT_PBU_IGNORED]++;
		lma_request_overtake(l, u);
		break;
	}
}

static enum mh_status
revoking_status(const struct lma *l, const struct lma_session *s)
{
	const struct lma_demand *d = lma_demand_of((struct lma *)l, s, false);

	return lma_revoke_status(d != NULL ? d->what : MH_BRI_ADMINISTRATIVE);
}

/*
 * What is asked of the session that the look-up led to, beyond RFC 5213: a service (RFC 5149 section 4.2), GRE (RFC
 * 5845 section 3.3.2), and that it is not being revoked: its gateway was told that it is over.
 */
static enum mh_status
check_session(const struct lma *l, const struct lma_update *u, const struct lma_found *f)
{
	bool move = f->verdict == LMA_VERDICT_MOVE;
	bool update = f->verdict == LMA_VERDICT_UPDATE || (move && f->session != NULL);
	const struct lma_session *revoking = move ? lma_move_revoking((struct lma *)l, u) : NULL;
	enum mh_status status = lma_service_check(u);

	if (u->msg.pbu.lifetime == 0)
		return MH_STATUS_ACCEPTED;
	if (status == MH_STATUS_ACCEPTED && update && lma_service_changes(f->session, u) &&
	    !lma_service_has_room(l, u->service))
		status = MH_STATUS_INSUFFICIENT_RESOURCES;
	if (status == MH_STATUS_ACCEPTED)
		status = lma_gre_check(u);
	if (status == MH_STATUS_ACCEPTED && update && f->session->state == LMA_REVOKING)
		status = revoking_status(l, f->session);
	if (status == MH_STATUS_ACCEPTED && revoking != NULL)
		status = revoking_status(l, revoking);
	return status;
}

/* One that asks for another service than its session has, and may not have it, loses that too. */
static void
reject_session(struct lma *l, const struct lma_update *u, enum mh_status status, const struct lma_found *f,
	       const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_session *s = f->verdict == LMA_VERDICT_UPDATE ? f->session : NULL;

	lma_answer_reject(l, u, status, s, now, out);
	if (status == MH_STATUS_SERVICE_AUTHORIZATION_FAILED && s != NULL && lma_service_changes(s, u))
		lma_end(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
}

/* Order, options and look-up of an update about a mobile node that this anchor serves. */
static void
run_known(struct lma *l, const struct lma_update *u, const struct lma_node *n, const struct clock_now *now,
	  struct pmip_actions *out)
{
	struct lma_found f = lma_lookup(l, n, u);
	enum pmip_order order = is_overtaken(l, n, u, &f) ? PMIP_ORDER_LOWER : order_of(l, u, &f);
	bool duplicate = order == PMIP_ORDER_REPEATED && is_duplicate(u, &f);
	enum mh_status status = duplicate ? MH_STATUS_ACCEPTED : pmip_order_status(order);

	if (status == MH_STATUS_ACCEPTED)
		status = mh_check_options(&u->msg, MH_PHASE_REQUEST);
	if (status == MH_STATUS_ACCEPTED && f.verdict != LMA_VERDICT_REJECT) {
		/* A change of service is authorised anew. */
		if (f.verdict == LMA_VERDICT_UPDATE && u->policy == LMA_POLICY_UNASKED && u->msg.pbu.lifetime != 0 &&
		    u->service != LMA_SERVICE_UNKNOWN && lma_service_changes(f.session, u)) {
			park(l, u, LMA_ASKING, now, out);
			return;
		}
		status = check_session(l, u, &f);
		if (status != MH_STATUS_ACCEPTED) {
			reject_session(l, u, status, &f, now, out);
			return;
		}
	}
	if (status != MH_STATUS_ACCEPTED) {
		/* It may come late for the session of another gateway, and still take back what this one has asked for.
		 */
		if (u->msg.pbu.lifetime == 0)
			lma_request_overtake(l, u);
		lma_answer_reject(l, u, status, f.session, now, out);
	} else if (duplicate) {
		l->stat.counter[STAT_PBU_DUPLICATE]++;
		lma_answer_accept(l, u, f.session, out);
	} else {
		exchange(l, u, &f, now, out);
	}
}

void
lma_update_run(struct lma *l, struct lma_update *u, const struct clock_now *now, struct pmip_actions *out)
{
	enum mh_status status;
	struct lma_node *n;

	u->peer = pmip_peers_find(&l->peers, &u->src);
	status = check_sender(u);
	if (status == MH_STATUS_ACCEPTED)
		status = u->refused;
	if (status != MH_STATUS_ACCEPTED) {
		if (lma_gateway_answer(l, u, now))
			lma_answer_reject(l, u, status, NULL, now, out);
		return;
	}
	if (lma_aggregate_is_asked_for(u)) {
		lma_aggregate_delegate(l, u, now, out);
		return;
	}
	n = lma_node_find(l, &u->mn_id);
	/* A mobile node with a session is one that policy knows. */
	if ((n == NULL || n->session == INDEX_NONE) && u->policy == LMA_POLICY_UNASKED) {
		park(l, u, LMA_ASKING, now, out);
		return;
	}
	lma_service_note(l, u);
	if (l->s.aggregate_count > 0)
		lma_aggregate_note(l, n, u);
	status = check_service(l, u);
	if (status != MH_STATUS_ACCEPTED)
		lma_answer_reject(l, u, status, NULL, now, out);
	else
		run_known(l, u, n, now, out);
}

void
lma_update_receive(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	struct lma_update u;

	switch (e->message.msg->type) {
	case MH_PBU:
		l->stat.counter[STAT_PBU_RX]++;
		update_of(l, e, &u);
		if (!is_care_of_address(l, &u))
			l->stat.counter[STAT_PBU_IGNORED]++;
		else if (lma_bulk_is_one(&u.msg) && (u.msg.pbu.flags & MH_PBU_B) == 0)
			lma_bulk_update(l, &u, &e->now, out);
		else
			lma_update_run(l, &u, &e->now, out);
		break;
	case MH_BRI:
		lma_revoked(l, e, out);
		break;
	case MH_BRA:
		lma_revoke_answered(l, e, out);
		break;
	case MH_UPA:
		lma_notify_answered(l, e, out);
		break;
	case MH_BE:
		lma_gateway_error(l, e);
		break;
	default:
		l->stat.drop[STAT_DROP_MH_UNEXPECTED]++;
		break;
	}
}
