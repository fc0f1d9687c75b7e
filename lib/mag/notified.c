/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The anchor has something to say of sessions that it has (RFC 7077 section 6): that they are to be registered again,
 * that something of them is to change, or what only its maker knows. Acknowledged where that is asked for, and done
 * once, however often it is said.
 */
#include "engine.h"

static void
acknowledge(struct mag *g, const struct pmip_event *e, uint8_t status)
{
	const struct mh_msg *said = e->message.msg;
	struct pmip_action *a;
	struct mh_msg *m;

	if (!(said->upn.flags & MH_UPN_A) || !mag_anchor_answer(g, &e->message.src))
		return;
	a = mag_act_for(g, PMIP_ACT_SEND);
	m = &a->send.msg;
	a->send.src = e->message.dst;
	a->send.dst = e->message.src;
	m->type = MH_UPA;
	m->upa.sequence = said->upn.sequence;
	m->upa.status = status;
	if (said->upn.reason == MH_UPN_FLOW_MOBILITY && status == MH_UPA_ACCEPTED) {
		m->opt.present |= said->opt.present & 1u << MH_OPT_HOME_NETWORK_PREFIX;
		m->opt.hnp_count = said->opt.hnp_count;
		memcpy(m->opt.hnp, said->opt.hnp, sizeof(m->opt.hnp));
	}
	if (mh_has(said, MH_OPT_MN_ID)) {
		mh_set(m, MH_OPT_MN_ID);
		m->opt.mn_id = said->opt.mn_id;
	} else {
		mh_set(m, MH_OPT_MN_GROUP_ID);
		m->opt.group = said->opt.group;
	}
	g->stat.counter[STAT_UPA_TX]++;
}

static void
publish(struct mag *g, const struct pmip_event *e, uint8_t status)
{
	struct pmip_action *a = mag_act_for(g, PMIP_ACT_PUBLISH);
	const struct mh_msg *m = e->message.msg;

	a->publish.what = status < MH_UPA_FAILED_TO_UPDATE ? PMIP_PUB_NOTIFIED : PMIP_PUB_NOTIFICATION_REFUSED;
	a->publish.status = status;
	a->publish.peer = e->message.src;
	a->publish.mn_id = mag_mn_id_of(m);
	if (m->upn.reason != MH_UPN_VENDOR_SPECIFIC)
		return;
	a->publish.vendor_count = m->opt.vendor_count;
	memcpy(a->publish.vendor, m->opt.vendor, m->opt.vendor_count * sizeof(m->opt.vendor[0]));
}

/* Each session that is named; those that a list has no room for are a sweep's. */
static uint8_t
register_again(struct mag *g, const struct pmip_event *e)
{
	struct mag_sweep rest = {.kind = MAG_SWEEP_REGISTER, .anchor = e->message.src, .since_ms = g->now.mono_ms};
	struct pmip_mn_id id = mag_mn_id_of(e->message.msg);
	struct mag_session *s = NULL;
	uint8_t found = 0;

	while ((s = mag_session_named(g, e, s, &found)) != NULL) {
		if (g->out->count + MAG_SESSION_ACTIONS > PMIP_ACTIONS_MAX) {
			rest.who = mag_mn_id_hash(g, &id);
			mag_sweep(g, &rest);
			break;
		}
		mag_register_again(g, s);
	}
	return MH_UPA_ACCEPTED;
}

static bool
takes_key(const struct mag_session *s, const struct mh_msg *m)
{
	return !mh_has(m, MH_OPT_GRE_KEY) || (s->gre_keyed && m->opt.gre_key.given);
}

static void
update_one(struct mag *g, struct mag_session *s, const struct mh_msg *m)
{
	if (mag_advised_ms(m) > 0)
		mag_refresh_within(g, s, mag_advised_ms(m));
	if (!mh_has(m, MH_OPT_GRE_KEY))
		return;
	s->gre_key = m->opt.gre_key.key;
	if (s->forwarding)
		mag_forward_set(g, s);
}

/*
 * Two parameters can be changed so: when a session is refreshed next, and the key of what it sends, which is for one
 * session alone. All or nothing.
 */
static uint8_t
update(struct mag *g, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	unsigned int count = 0, most = mh_has(m, MH_OPT_GRE_KEY) ? 1 : PMIP_ACTIONS_MAX / 2;
	struct mag_session *s = NULL;
	uint8_t found = 0;

	if (m->opt.unknown > 0 || (mag_advised_ms(m) == 0 && !mh_has(m, MH_OPT_GRE_KEY)))
		return MH_UPA_FAILED_TO_UPDATE;
	while ((s = mag_session_named(g, e, s, &found)) != NULL)
		if (!takes_key(s, m) || ++count > most)
			return MH_UPA_FAILED_TO_UPDATE;
	while ((s = mag_session_named(g, e, s, &found)) != NULL)
		update_one(g, s, m);
	return MH_UPA_ACCEPTED;
}

static uint8_t
obey(struct mag *g, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;

	switch (m->upn.reason) {
	case MH_UPN_FORCE_REREGISTRATION:
		return register_again(g, e);
	case MH_UPN_UPDATE_SESSION_PARAMETERS:
		return update(g, e);
	case MH_UPN_FLOW_MOBILITY:
		return mag_flow_mobility(g, e);
	case MH_UPN_VENDOR_SPECIFIC: /* of a vendor whom nobody here knows: passed over (RFC 5094), but published */
		mag_temporal_told(g, e);
		return m->opt.vendor_count > 0 ? MH_UPA_ACCEPTED : MH_UPA_VENDOR_OPTION_MISSING;
	default:
		return MH_UPA_REASON_UNSPECIFIED;
	}
}

/* A group is registered again, at the pace of a sweep; nothing else can be said of one. */
static uint8_t
obey_for_group(struct mag *g, const struct pmip_event *e)
{
	const struct mh_opt_group *group = &e->message.msg->opt.group;
	struct mag_sweep w = {
		.kind = MAG_SWEEP_REGISTER, .anchor = e->message.src, .group = group->id, .since_ms = g->now.mono_ms};

	if (mag_anchor_find(g, &e->message.src) == NULL || group->subtype != MH_GROUP_BULK || group->id == 0)
		return MH_UPA_NOT_ATTACHED;
	if (e->message.msg->upn.reason != MH_UPN_FORCE_REREGISTRATION)
		return MH_UPA_FAILED_TO_UPDATE;
	return mag_sweep(g, &w) ? MH_UPA_ACCEPTED : MH_UPA_REASON_UNSPECIFIED;
}

void
mag_notified(struct mag *g, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	uint64_t request = mag_request(g, e);
	const struct mag_answered *before = mag_answered_find(g, request);
	uint8_t status = MH_UPA_NOT_ATTACHED, found = 0;

	g->stat.counter[STAT_UPN_RX]++;
	if (!mh_has(m, MH_OPT_MN_ID) && !mh_has(m, MH_OPT_MN_GROUP_ID))
		return;
	if (before != NULL) {
		acknowledge(g, e, before->status);
		return;
	}
	if (!mh_has(m, MH_OPT_MN_ID))
		status = obey_for_group(g, e);
	else if (mag_session_named(g, e, NULL, &found) != NULL)
		status = obey(g, e);
	else if (mag_delegation_told(g, e))
		status = MH_UPA_ACCEPTED;
	acknowledge(g, e, status);
	if (status == MH_UPA_NOT_ATTACHED)
		return;
	mag_answered_keep(g, request, status, 0);
	publish(g, e, status);
}
