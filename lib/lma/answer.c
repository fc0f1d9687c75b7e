/* SPDX-License-Identifier: BSD-3-Clause */
/* The Proxy Binding Acknowledgement: RFC 5213 section 5.3.6. */
#include "multi.h"

void
lma_put_mn_id(struct mh_msg *m, const struct pmip_mn_id *id)
{
	mh_set(m, MH_OPT_MN_ID);
	m->opt.mn_id.subtype = id->subtype;
	m->opt.mn_id.len = id->len;
	memcpy(m->opt.mn_id.id, id->id, id->len);
}

struct pmip_action *
lma_answer_start(const struct lma_update *u, enum mh_status status, uint32_t session, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_SEND, session);
	struct mh_msg *m;

	if (a == NULL)
		return NULL;
	a->send.src = u->dst;
	a->send.dst = u->src;
	m = &a->send.msg;
	m->type = MH_PBA;
	m->pba = (struct mh_pba){.status = (uint8_t)status, .flags = MH_PBA_P, .sequence = u->msg.pbu.sequence};
	if (mh_has(&u->msg, MH_OPT_TIMESTAMP)) {
		mh_set(m, MH_OPT_TIMESTAMP);
		m->opt.timestamp = u->msg.opt.timestamp;
	}
	if (mh_has(&u->msg, MH_OPT_MESSAGE_REPLAY)) {
		mh_set(m, MH_OPT_MESSAGE_REPLAY);
		m->opt.replay = u->msg.opt.replay;
	}
	return a;
}

/*
 * What every answer about a session carries: what the update carried itself. Options that must be there are zero
 * where it had none.
 */
static struct pmip_action *
answer(const struct lma_update *u, enum mh_status status, uint32_t session, struct pmip_actions *out)
{
	struct pmip_action *a = lma_answer_start(u, status, session, out);
	struct mh_msg *m;

	if (a == NULL)
		return NULL;
	m = &a->send.msg;
	lma_put_mn_id(m, &u->mn_id);
	mh_set(m, MH_OPT_HANDOFF_INDICATOR);
	m->opt.handoff.value = u->handoff;
	mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
	m->opt.access_tech.value = u->access_tech;
	if (mh_has(&u->msg, MH_OPT_MN_LINK_LAYER_ID)) {
		mh_set(m, MH_OPT_MN_LINK_LAYER_ID);
		m->opt.mn_ll_id = u->msg.opt.mn_ll_id;
	}
	if (mh_has(&u->msg, MH_OPT_LINK_LOCAL_ADDRESS)) {
		mh_set(m, MH_OPT_LINK_LOCAL_ADDRESS);
		m->opt.link_local = u->msg.opt.link_local;
	}
	return a;
}

/* Those that the update names, whatever else its session has. */
static void
put_named(const struct lma_update *u, struct mh_msg *m)
{
	for (unsigned int i = 0; i < u->prefix_count; i++)
		mh_add_hnp(m, &u->prefix[i]);
}

void
lma_answer_accept(struct lma *l, const struct lma_update *u, const struct lma_session *s, struct pmip_actions *out)
{
	struct pmip_action *a = answer(u, MH_STATUS_ACCEPTED, lma_session_index(l, s), out);
	const struct addr_prefix *prefix;

	if (a == NULL)
		return;
	prefix = lma_session_prefixes(l, s);
	a->send.msg.pba.lifetime = s->binding.lifetime;
	/* What was de-registered may be another session's by now. */
	if (lma_move_names(l, u) || (u->msg.pbu.lifetime == 0 && u->prefix_count > 0))
		put_named(u, &a->send.msg);
	else
		for (unsigned int i = 0; i < s->prefix_count; i++)
			mh_add_hnp(&a->send.msg, &prefix[i]);
	if (s->multi != 0)
		lma_rows_answer(l, s, u, &a->send.msg);
	if (l->s.multihoming.vendor != 0 && u->msg.pbu.lifetime > 0)
		lma_aggregate_answer(l, u, s, &a->send.msg);
	a->send.msg.opt.link_local.addr = s->binding.link_local;
	lma_gre_answer(l, u, s, &a->send.msg);
	if (s->binding.group != 0) {
		a->send.msg.pba.flags |= MH_PBA_B;
		mh_set(&a->send.msg, MH_OPT_MN_GROUP_ID);
		a->send.msg.opt.group = (struct mh_opt_group){MH_GROUP_BULK, lma_group_id(l, s->binding.group)};
	}
	l->stat.counter[STAT_PBA_ACCEPTED_TX]++;
	lma_demand_updated(l, lma_demand_of(l, s, true));
}

static void
publish_rejected(const struct lma_update *u, enum pmip_publish what, enum mh_status status, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_PUBLISH, PMIP_SESSION_NONE);

	if (a == NULL)
		return;
	a->publish.what = what;
	a->publish.status = (uint8_t)status;
	a->publish.mn_id = u->mn_id;
	a->publish.peer = u->src;
}

void
lma_answer_rejected(struct lma *l, const struct lma_update *u, enum mh_status status, struct mh_msg *m,
		    const struct clock_now *now, struct pmip_actions *out)
{
	/* Section 5.5: this node's time of day, for the gateway to see how far it is off. */
	if (status == MH_STATUS_TIMESTAMP_MISMATCH || status == MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED)
		m->opt.timestamp.wall = now->wall;
	l->stat.counter[STAT_PBA_REJECTED_TX]++;
	l->rejected[(uint8_t)status]++;
	publish_rejected(u, PMIP_PUB_REJECTED, status, out);
}

void
lma_answer_reject(struct lma *l, const struct lma_update *u, enum mh_status status, const struct lma_session *s,
		  const struct clock_now *now, struct pmip_actions *out)
{
	struct pmip_action *a = answer(u, status, PMIP_SESSION_NONE, out);
	const struct mh_opts *asked = &u->msg.opt;

	if (a == NULL)
		return;
	if (mh_has(&u->msg, MH_OPT_HOME_NETWORK_PREFIX))
		for (unsigned int i = 0; i < asked->hnp_count && i < MH_HNP_MAX; i++)
			mh_add_hnp(&a->send.msg, &asked->hnp[i].prefix);
	else
		mh_add_hnp(&a->send.msg, &(struct addr_prefix){0});
	/* RFC 6275 section 9.5.1: the last accepted number, for the gateway to go on from. */
	if (status == MH_STATUS_SEQUENCE_OUT_OF_WINDOW && s != NULL)
		a->send.msg.pba.sequence = s->binding.stamp.sequence;
	lma_answer_rejected(l, u, status, &a->send.msg, now, out);
}
