/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Revocations that a gateway asks for: RFC 5846 sections 6.2.1 and 8.2, RFC 6602 section 5.2.3. A gateway revokes what
 * is registered by it, and nothing else.
 */
#include "engine.h"

/* What a message is about, as it is found out. */
struct revoked {
	const struct mh_msg *msg;
	const struct pmip_peer_settings *peer;
	struct addr6 proxy_coa;
	enum mh_bra_status status;
	bool refused;		  /* there is no room for it: it is not answered, and will come again */
	bool missing[MH_HNP_MAX]; /* prefixes of it that are of no session */
	unsigned int missing_count;
};

static bool
is_global(const struct mh_bri *bri)
{
	return (bri->flags & MH_BR_G) != 0;
}

static enum mh_bra_status
check_trigger(const struct mh_bri *bri)
{
	bool known = bri->trigger <= MH_BRI_OUT_OF_SYNC || bri->trigger == MH_BRI_PER_PEER_POLICY;

	if (!known)
		return MH_BRA_TRIGGER_UNSUPPORTED;
	return is_global(bri) == (bri->trigger >= MH_BRI_GLOBAL_MIN) ? MH_BRA_ACCEPTED : MH_BRA_FUNCTION_UNSUPPORTED;
}

static enum mh_bra_status
check_global(const struct lma *l, const struct revoked *r)
{
	return (r->msg->bri.flags & MH_BR_P) && mh_has(r->msg, MH_OPT_MN_ID) &&
			       lma_gateway_speaks_for(l, r->peer, &r->proxy_coa)
		       ? MH_BRA_ACCEPTED
		       : MH_BRA_GLOBAL_NOT_AUTHORIZED;
}

static bool
may_end(const struct revoked *r, const struct lma_session *s)
{
	return s->state != LMA_FREE && addr6_equal(&s->binding.proxy_coa, &r->proxy_coa);
}

static bool
end_named(struct lma *l, struct revoked *r, const struct lma_node *n, const struct clock_now *now,
	  struct pmip_actions *out)
{
	struct lma_session *named[MH_HNP_MAX];
	const struct mh_opts *o = &r->msg->opt;
	bool any = false;

	for (unsigned int i = 0; i < o->hnp_count; i++) {
		named[i] = lma_session_find_prefix(l, &o->hnp[i].prefix);
		if (named[i] == NULL || &l->node[named[i]->node] != n || !may_end(r, named[i])) {
			named[i] = NULL;
			r->missing[i] = true;
			r->missing_count++;
		}
	}
	for (unsigned int i = 0; i < o->hnp_count; i++) {
		/* Several prefixes may be of one session. */
		if (named[i] == NULL || named[i]->state == LMA_FREE)
			continue;
		lma_end(l, named[i], PMIP_PUB_SESSION_CLOSED, now, out);
		any = true;
	}
	return any;
}

static bool
end_all_of(struct lma *l, const struct revoked *r, const struct lma_node *n, const struct clock_now *now,
	   struct pmip_actions *out)
{
	struct lma_session *s, *next;
	bool any = false;

	for (s = lma_session_of(l, n, NULL); s != NULL; s = next) {
		next = s->next != INDEX_NONE ? &l->session[s->next] : NULL;
		if (!may_end(r, s))
			continue;
		lma_end(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
		any = true;
	}
	return any;
}

/* The sessions that options name, of a mobile node or of a group. */
static enum mh_bra_status
end_sessions(struct lma *l, struct revoked *r, const struct clock_now *now, struct pmip_actions *out)
{
	const struct mh_opt_mn_id *o = &r->msg->opt.mn_id;
	struct pmip_mn_id id = {.subtype = o->subtype, .len = o->len};
	const struct lma_node *n;
	bool any;

	if (lma_bulk_is_one(r->msg) && lma_bulk_names_session(r->msg))
		return MH_BRA_NO_BINDING;
	if (lma_bulk_is_one(r->msg))
		return lma_bulk_remove(l, &r->proxy_coa, r->msg->opt.group.id, now, &r->refused) ? MH_BRA_ACCEPTED
												 : MH_BRA_NO_BINDING;
	/* There are no others than proxy bindings, and none of IPv4. */
	if (!mh_has(r->msg, MH_OPT_MN_ID) || (r->msg->bri.flags & (MH_BR_P | MH_BR_V)) != MH_BR_P)
		return MH_BRA_NO_BINDING;
	memcpy(id.id, o->id, id.len);
	n = lma_node_find(l, &id);
	any = mh_has(r->msg, MH_OPT_HOME_NETWORK_PREFIX) ? end_named(l, r, n, now, out) : end_all_of(l, r, n, now, out);
	if (!any)
		return MH_BRA_NO_BINDING;
	return r->missing_count > 0 ? MH_BRA_PARTIAL : MH_BRA_ACCEPTED;
}

static void
answer(struct lma *l, const struct pmip_event *e, const struct revoked *r, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_SEND, PMIP_SESSION_NONE);
	struct mh_msg *m;

	if (a == NULL)
		return;
	a->send.src = e->message.dst;
	a->send.dst = e->message.src;
	m = &a->send.msg;
	m->type = MH_BRA;
	m->bra = (struct mh_bra){.status = (uint8_t)r->status,
				 .sequence = r->msg->bri.sequence,
				 .flags = r->msg->bri.flags & (MH_BR_P | MH_BR_V | MH_BR_G)};
	if (mh_has(r->msg, MH_OPT_MN_ID)) {
		mh_set(m, MH_OPT_MN_ID);
		m->opt.mn_id = r->msg->opt.mn_id;
	}
	for (unsigned int i = 0; r->status == MH_BRA_PARTIAL && i < r->msg->opt.hnp_count; i++)
		if (r->missing[i])
			mh_add_hnp(m, &r->msg->opt.hnp[i].prefix);
	if (mh_has(r->msg, MH_OPT_MN_GROUP_ID)) {
		mh_set(m, MH_OPT_MN_GROUP_ID);
		m->opt.group = r->msg->opt.group;
	}
	l->stat.counter[STAT_BRA_TX]++;
}

void
lma_revoked(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	const struct mh_bri *bri = &e->message.msg->bri;
	struct revoked r = {.msg = e->message.msg,
			    .peer = pmip_peers_find(&l->peers, &e->message.src),
			    .proxy_coa = e->message.src};

	l->stat.counter[STAT_BRI_RX]++;
	if (r.peer == NULL) {
		l->stat.drop[STAT_DROP_MH_UNEXPECTED]++;
		return;
	}
	if (mh_has(r.msg, MH_OPT_ALTERNATE_COA))
		r.proxy_coa = r.msg->opt.alt_coa.addr;
	r.status = check_trigger(bri);
	if (r.status == MH_BRA_ACCEPTED && is_global(bri) && !lma_bulk_is_one(r.msg)) {
		r.status = check_global(l, &r);
		if (r.status == MH_BRA_ACCEPTED)
			r.refused = !lma_walk_start(l, &(struct lma_walk){.type = LMA_WALK_REMOVE,
									  .peer = r.proxy_coa,
									  .since_ms = e->now.mono_ms});
	} else if (r.status == MH_BRA_ACCEPTED) {
		/* What is at another's address is not this one's to revoke. */
		if (!lma_gateway_speaks_for(l, r.peer, &r.proxy_coa))
			r.proxy_coa = e->message.src;
		r.status = end_sessions(l, &r, &e->now, out);
	}
	if (!r.refused)
		answer(l, e, &r, out);
}
