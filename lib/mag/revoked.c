/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The anchor revokes sessions (RFC 5846 sections 6.2 and 9.1): one, some or all of a mobile node's at once; all that
 * this gateway has with it, all of a realm, or all of a group (RFC 6602 section 5.1.3) by a sweep, whose end answers.
 */
#include "engine.h"

/* A list takes so many sessions; prefixes never name as many. */
#define NAMED_MAX (PMIP_ACTIONS_MAX / MAG_SESSION_ACTIONS - 1)

enum verdict { UNKNOWN, REFUSE, DENY, LATER, AGAIN };

static enum verdict
verdict_of(uint8_t trigger)
{
	static const uint8_t verdicts[256] = {
#define MAG_REVOKED(trigger, verdict, source) [MH_BRI_##trigger] = verdict,
#include "revoke.def"
#undef MAG_REVOKED
	};

	return verdicts[trigger];
}

/* What was asked for, and which of the bindings that it names were not there (RFC 5846 section 5.2). */
static void
acknowledge(struct mag *g, const struct addr6 *from, const struct addr6 *to, const struct mh_msg *asked, uint8_t status,
	    uint8_t missing)
{
	struct pmip_action *a;
	struct mh_msg *m;

	if (!mag_anchor_answer(g, to))
		return;
	a = mag_act_for(g, PMIP_ACT_SEND);
	m = &a->send.msg;
	a->send.src = *from;
	a->send.dst = *to;
	m->type = MH_BRA;
	m->bra.status = status;
	m->bra.sequence = asked->bri.sequence;
	m->bra.flags = asked->bri.flags & (MH_BR_P | MH_BR_V | MH_BR_G);
	if (mh_has(asked, MH_OPT_MN_GROUP_ID)) {
		mh_set(m, MH_OPT_MN_GROUP_ID);
		m->opt.group = asked->opt.group;
	}
	if (missing != 0) {
		mh_set(m, MH_OPT_MN_ID);
		m->opt.mn_id = asked->opt.mn_id;
	}
	for (unsigned int i = 0; i < asked->opt.hnp_count; i++)
		if (missing & 1u << i)
			mh_add_hnp(m, &asked->opt.hnp[i].prefix);
	g->stat.counter[STAT_BRA_TX]++;
}

static void
publish(struct mag *g, const struct addr6 *anchor, const struct pmip_mn_id *id)
{
	struct pmip_action *a = mag_act_for(g, PMIP_ACT_PUBLISH);

	a->publish.what = PMIP_PUB_REVOKED;
	a->publish.peer = *anchor;
	if (id != NULL)
		a->publish.mn_id = *id;
}

/* Where the mobile node is there still, what it may expect is the verdict; what was refused before stays so. */
static void
settle(struct mag *g, struct mag_session *s, enum verdict v, uint64_t more_ms)
{
	if (s->state == MAG_HELD)
		return;
	if (v == AGAIN) {
		mag_withdraw(g, s);
		mag_exchange(g, s, MAG_REGISTERING, MH_HANDOFF_UNKNOWN);
	} else if (v == LATER) {
		mag_postpone(g, s, more_ms);
	} else {
		mag_deny(g, s);
	}
}

static void
revoke(struct mag *g, struct mag_session *s, enum verdict v, uint64_t more_ms)
{
	if (s->state == MAG_REGISTERING) {
		mag_exchange_again(g, s); /* an answer that is under way counts no more */
		return;
	}
	if (s->forwarding) {
		g->stat.counter[STAT_SESSIONS_CLOSED]++;
		mag_publish(g, s, PMIP_PUB_SESSION_CLOSED, MH_STATUS_ACCEPTED);
	}
	s->registered = false;
	s->moved = false;
	if (s->attached)
		settle(g, s, v, more_ms);
	else
		mag_session_del(g, s);
}

/* Which of a session's prefixes a message names; those of the message that it has are marked. */
static uint8_t
named(const struct mag_session *s, const struct mh_msg *m, uint8_t *found)
{
	uint8_t mask = 0;

	for (unsigned int i = 0; i < m->opt.hnp_count; i++) {
		int at = mag_prefixes_find(&s->has, &m->opt.hnp[i].prefix);

		if (at < 0)
			continue;
		*found |= (uint8_t)(1u << i);
		mask |= (uint8_t)(1u << at);
	}
	return mask;
}

/* Of a session that is to go on some prefixes may be taken away, by one who knows of that. */
static void
revoke_some(struct mag *g, struct mag_session *s, const struct mh_msg *m)
{
	uint8_t found = 0, mask = named(s, m, &found);

	if (mask != 0 && mag_prefixes_all(&s->has) & ~mask && mag_parts(g, &s->lma))
		mag_lose(g, s, mask);
	else
		revoke(g, s, verdict_of(m->bri.trigger), 0);
}

/* Those that are registered again later are so at the pace of a sweep. */
void
mag_sweep_revoked(struct mag *g, struct mag_sweep *w, struct mag_session *s)
{
	if (!mag_known_to_anchor(s))
		return;
	revoke(g, s, verdict_of(w->asked.trigger), 1000ull * w->count / g->s.timers.peer_rate_per_s);
	w->count++;
}

/* Nobody to be revoked is no success (RFC 5846 sections 6.2.1 and 9.1). */
void
mag_sweep_answer(struct mag *g, const struct mag_sweep *w)
{
	struct mh_msg asked = {.type = MH_BRI, .bri = w->asked};
	uint8_t status = w->realm != 0 ? MH_BRA_MN_ID_REQUIRED : MH_BRA_NO_BINDING;

	if (w->group != 0) {
		mh_set(&asked, MH_OPT_MN_GROUP_ID);
		asked.opt.group = (struct mh_opt_group){.subtype = MH_GROUP_BULK, .id = w->group};
	}
	if (w->count > 0) {
		status = MH_BRA_ACCEPTED;
		mag_answered_keep(g, w->request, status, 0);
		publish(g, &w->anchor, NULL);
	}
	acknowledge(g, &w->local, &w->anchor, &asked, status, 0);
}

/* What a revocation of many is about, or what is wrong with it. A care-of address is this gateway's, or nobody's. */
static uint8_t
read_many(const struct mag *g, const struct mh_msg *m, struct mag_sweep *w)
{
	const uint32_t beside = 1u << MH_OPT_ALTERNATE_COA | 1u << MH_OPT_MESSAGE_REPLAY | 1u << MH_OPT_AUTHENTICATION;
	uint32_t present = m->opt.present & ~beside;
	struct pmip_mn_id id;

	if (mh_has(m, MH_OPT_ALTERNATE_COA) && !addr6_equal(&m->opt.alt_coa.addr, &g->s.address))
		return MH_BRA_NO_BINDING;
	if (mh_has(m, MH_OPT_MN_GROUP_ID)) {
		w->group = m->opt.group.subtype == MH_GROUP_BULK ? m->opt.group.id : 0;
		return present == 1u << MH_OPT_MN_GROUP_ID && w->group != 0 ? MH_BRA_ACCEPTED : MH_BRA_NO_BINDING;
	}
	if (m->bri.trigger == MH_BRI_PER_PEER_POLICY)
		return present == 0 ? MH_BRA_ACCEPTED : MH_BRA_FUNCTION_UNSUPPORTED;
	id = mag_mn_id_of(m);
	w->realm = mag_realm_hash(g, &id);
	return w->realm != 0 ? MH_BRA_ACCEPTED : MH_BRA_MN_ID_REQUIRED;
}

/* Prefixes of a flow mobility initiate are what the session is to have. */
static bool
names_all(const struct mh_msg *m)
{
	return m->opt.hnp_count == 0 || (m->type == MH_UPN && m->upn.reason == MH_UPN_FLOW_MOBILITY);
}

struct mag_session *
mag_session_named(const struct mag *g, const struct pmip_event *e, const struct mag_session *s, uint8_t *found)
{
	const struct mh_msg *m = e->message.msg;
	struct pmip_mn_id id = mag_mn_id_of(m);
	struct mag_session *next = mag_session_of(g, &id, s);

	for (; next != NULL; next = mag_session_of(g, &id, next))
		if (addr6_equal(&next->lma, &e->message.src) && mag_known_to_anchor(next) &&
		    mag_service_said(g, next, m) && (named(next, m, found) != 0 || names_all(m)))
			return next;
	return NULL;
}

/* What is wrong with a revocation, whatever it is about (RFC 5846 section 6.2.1). There are no IPv4 addresses here. */
static uint8_t
check(const struct mh_msg *m)
{
	bool global = m->bri.flags & MH_BR_G;

	if (!(m->bri.flags & MH_BR_P))
		return MH_BRA_FUNCTION_UNSUPPORTED;
	if (m->bri.flags & MH_BR_V)
		return MH_BRA_NO_BINDING;
	if (verdict_of(m->bri.trigger) == UNKNOWN)
		return MH_BRA_TRIGGER_UNSUPPORTED;
	return global == (m->bri.trigger >= MH_BRI_GLOBAL_MIN) ? MH_BRA_ACCEPTED : MH_BRA_FUNCTION_UNSUPPORTED;
}

/* A sweep answers when it ends; when there are too many nobody does, and it will be asked for again. */
static uint8_t
revoke_many(struct mag *g, const struct pmip_event *e, uint64_t request, struct mag_sweep *w, bool *answered)
{
	w->kind = MAG_SWEEP_REVOKED;
	w->asked = e->message.msg->bri;
	w->anchor = e->message.src;
	w->local = e->message.dst;
	w->request = request;
	w->since_ms = g->now.mono_ms;
	if (mag_anchor_find(g, &w->anchor) == NULL) /* nobody has sessions with it */
		return w->realm != 0 ? MH_BRA_MN_ID_REQUIRED : MH_BRA_NO_BINDING;
	*answered = true; /* then */
	mag_sweep(g, w);
	return MH_BRA_ACCEPTED;
}

/* How many sessions are named, and which of the prefixes none of them has. */
static uint8_t
find_named(const struct mag *g, const struct pmip_event *e, unsigned int *count, uint8_t *missing)
{
	const struct mh_msg *m = e->message.msg;
	const struct mag_session *s = NULL;
	uint8_t found = 0;

	if (!mh_has(m, MH_OPT_MN_ID))
		return MH_BRA_NO_BINDING;
	while ((s = mag_session_named(g, e, s, &found)) != NULL) {
		if (s->attached && verdict_of(m->bri.trigger) == REFUSE)
			return MH_BRA_MN_ATTACHED;
		++*count;
	}
	if (*count == 0)
		return MH_BRA_NO_BINDING;
	*missing = (uint8_t)(~found & ((1u << m->opt.hnp_count) - 1));
	return *missing != 0 ? MH_BRA_PARTIAL : MH_BRA_ACCEPTED;
}

static uint8_t
revoke_named(struct mag *g, const struct pmip_event *e, uint64_t request, uint8_t *missing, bool *answered)
{
	struct pmip_mn_id id = mag_mn_id_of(e->message.msg);
	struct mag_sweep w = {.who = mag_mn_id_hash(g, &id)};
	struct mag_session *s, *next;
	unsigned int count = 0;
	uint8_t status = find_named(g, e, &count, missing), found = 0;

	if (status >= MH_BRA_NO_BINDING)
		return status;
	if (count > NAMED_MAX)
		return revoke_many(g, e, request, &w, answered);
	mag_answered_keep(g, request, status, *missing);
	acknowledge(g, &e->message.dst, &e->message.src, e->message.msg, status, *missing);
	*answered = true;
	publish(g, &e->message.src, &id);
	for (s = mag_session_named(g, e, NULL, &found); s != NULL; s = next) {
		next = mag_session_named(g, e, s, &found);
		revoke_some(g, s, e->message.msg);
	}
	return status;
}

void
mag_revoked(struct mag *g, const struct pmip_event *e)
{
	const struct mh_msg *m = e->message.msg;
	uint64_t request = mag_request(g, e);
	const struct mag_answered *before = mag_answered_find(g, request);
	struct mag_sweep w = {0};
	uint8_t status, missing = 0;
	bool answered = false;

	g->stat.counter[STAT_BRI_RX]++;
	if (addr6_is_multicast(&e->message.src) || mag_sweep_answers(g, request))
		return;
	status = before != NULL ? before->status : check(m);
	if (before != NULL) {
		missing = before->missing;
	} else if (status == MH_BRA_ACCEPTED && (m->bri.flags & MH_BR_G || mh_has(m, MH_OPT_MN_GROUP_ID))) {
		status = read_many(g, m, &w);
		if (status == MH_BRA_ACCEPTED)
			status = revoke_many(g, e, request, &w, &answered);
	} else if (status == MH_BRA_ACCEPTED) {
		status = revoke_named(g, e, request, &missing, &answered);
	}
	if (!answered)
		acknowledge(g, &e->message.dst, &e->message.src, m, status, missing);
}
