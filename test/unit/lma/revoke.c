/* SPDX-License-Identifier: BSD-3-Clause */
/* Revocations and notifications that begin here: RFC 5846, RFC 7077. What happens in which order is in scenarios. */
#include <stdlib.h>

#include "cases.h"
#include "engine.h"
#include "rig.h"

static void
open_revoking(struct rig *r)
{
	rig_settings(r);
	r->s.revocation = true;
	rig_start(r);
}

static void
revoke(struct rig *r, struct pmip_target what, uint8_t trigger)
{
	rig_step(r, &(struct pmip_event){.type = PMIP_EV_REVOKE, .revoke = {.what = what, .trigger = trigger}});
}

static struct pmip_target
mobile_node(const char *mn)
{
	struct pmip_target t = {.scope = PMIP_SCOPE_MN};

	CU_ASSERT_FATAL(pmip_mn_id_parse(mn, &t.mn_id) == 0);
	return t;
}

static void
prefixes_stay(void)
{
	struct rig r;
	struct lma_pool_view pool;

	open_revoking(&r);
	for (unsigned int answer = 0; answer < 2; answer++) {
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
		revoke(&r, mobile_node("mn1@example.com"), MH_BRI_ADMINISTRATIVE);
		/* Nobody gets what a gateway may forward still. */
		CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_REVOKING);
		CU_ASSERT(rig_sound(&r));
		CU_ASSERT(lma_pool(r.l, 0, &pool));
		CU_ASSERT_EQUAL(pool.used, 1);
		if (answer)
			rig_acknowledge(&r, MH_BRA_ACCEPTED);
		else
			rig_wait(&r, 3000);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
		CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
		CU_ASSERT(lma_pool(r.l, 0, &pool));
		CU_ASSERT_EQUAL(pool.used, 0);
	}
	rig_close(&r);
}

/* One step ends all of a mobile node's sessions, as many as it can have. */
static void
of_one_node(void)
{
	struct rig r;

	for (unsigned int told = 0; told < 2; told++) {
		rig_settings(&r);
		r.s.revocation = told;
		rig_start(&r);
		for (uint8_t ll = 1; ll <= LMA_NODE_MAX; ll++)
			CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = ll}), 0);
		revoke(&r, mobile_node("mn1@example.com"), MH_BRI_USER_TERMINATION);
		revoke(&r, mobile_node("nobody"), MH_BRI_USER_TERMINATION);
		CU_ASSERT_EQUAL(r.told, told ? LMA_NODE_MAX : 0);
		CU_ASSERT(r.list_most <= PMIP_ACTIONS_MAX);
		CU_ASSERT(rig_sound(&r));
		rig_wait(&r, 3000);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
		rig_close(&r);
	}
}

/* What goes in another way takes its revocation with it. */
static void
session_ends_before_the_answer(void)
{
	struct rig r;

	open_revoking(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	revoke(&r, mobile_node("mn1@example.com"), MH_BRI_ADMINISTRATIVE);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 1);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = 0}});
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	rig_acknowledge(&r, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_BRA_IGNORED], 1);
	CU_ASSERT_EQUAL(lma_due(r.l), UINT64_MAX);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_NOTIFY,
					  .notify = {.what = mobile_node("mn1@example.com"),
						     .reason = MH_UPN_UPDATE_SESSION_PARAMETERS}});
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 1);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = rig_only(&r)->session}});
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	/* Its lifetime may be shorter than the wait. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .lifetime = 1}), 0);
	rig_wait(&r, 3500);
	revoke(&r, mobile_node("mn1@example.com"), MH_BRI_ADMINISTRATIVE);
	rig_wait(&r, 500);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	rig_close(&r);
}

/* More sessions than there may be demands: those without one end alone. */
static void
demands_max(void)
{
	struct rig r;
	struct lma_demand d = {.type = LMA_DEMAND_ALL, .session = INDEX_NONE};
	struct pmip_actions *out = calloc(1, sizeof(*out));
	bool seen[UINT16_MAX + 1] = {false};

	open_revoking(&r);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	for (unsigned int i = 0; i < LMA_DEMANDS_MAX; i++) {
		d.peer = rig_mag(1 + i % RIG_MAGS);
		out->count = 0;
		CU_ASSERT(lma_demand_start(r.l, &d, &r.now, out));
		/* shows: RFC5846-5.1-01 */
		CU_ASSERT_FALSE(seen[out->list[0].send.msg.bri.sequence]);
		seen[out->list[0].send.msg.bri.sequence] = true;
	}
	CU_ASSERT_FALSE(lma_demand_start(r.l, &d, &r.now, out));
	revoke(&r, mobile_node("mn1@example.com"), MH_BRI_ADMINISTRATIVE);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_REVOCATION_UNANSWERED], 1);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_CLOSED], 1);
	rig_wait(&r, 3000);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	CU_ASSERT(r.list_most <= PMIP_ACTIONS_MAX);
	free(out);
	rig_close(&r);
}

/* shows: RFC5846-5.1-01 RFC7077-4.1-01: a number that is still out is passed over when the counter comes round. */
static void
sequences_do_not_collide(void)
{
	struct rig r;
	struct lma_demand d = {.type = LMA_DEMAND_NOTIFY, .what = MH_UPN_UPDATE_SESSION_PARAMETERS};
	struct pmip_actions out = {0};
	uint16_t first;

	open_revoking(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT(lma_demand_start(r.l, &d, &r.now, &out));
	first = out.list[0].send.msg.upn.sequence;
	r.l->upn_sequence = (uint16_t)(first - 1);
	CU_ASSERT(lma_demand_start(r.l, &d, &r.now, &out));
	CU_ASSERT_EQUAL(out.list[1].send.msg.upn.sequence, (uint16_t)(first + 1));
	/* The two kinds are counted apart. */
	r.l->bri_sequence = (uint16_t)(first - 1);
	d.type = LMA_DEMAND_LEFT;
	CU_ASSERT(lma_demand_start(r.l, &d, &r.now, &out));
	CU_ASSERT_EQUAL(out.list[2].send.msg.bri.sequence, first);
	rig_wait(&r, 3000);
	rig_close(&r);
}

/* shows: RFC7077-5.1-03: nobody guesses them, nor takes a late answer for one of before a restart. */
static void
sequences_begin_anywhere(void)
{
	const unsigned int count = 100;
	unsigned int low = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct lma_demand d = {.type = LMA_DEMAND_NOTIFY, .what = MH_UPN_UPDATE_SESSION_PARAMETERS};
		struct pmip_actions out = {0};
		struct rig r;
		uint16_t first;

		rig_settings(&r);
		r.s.secret.k[0] ^= i;
		rig_start(&r);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
		CU_ASSERT(lma_demand_start(r.l, &d, &r.now, &out) && lma_demand_start(r.l, &d, &r.now, &out));
		first = out.list[0].send.msg.upn.sequence;
		CU_ASSERT_EQUAL(out.list[1].send.msg.upn.sequence, (uint16_t)(first + 1));
		low += first < UINT16_MAX / 2;
		rig_close(&r);
	}
	CU_ASSERT(low > count / 5 && low < count - count / 5);
}

/* The last so many gateways are known not to do something; others get another chance. */
static void
gateways_max(void)
{
	struct rig r;

	open_revoking(&r);
	for (unsigned int i = 0; i < LMA_GATEWAYS_MAX + 5; i++) {
		struct addr6 a = rig_mag(0);

		a.b[12] = (uint8_t)(i >> 8);
		a.b[13] = (uint8_t)i;
		lma_gateway_cannot(r.l, &a, LMA_CAN_REVOKE);
		lma_gateway_cannot(r.l, &a, LMA_CAN_NOTIFY);
		CU_ASSERT_FALSE(lma_gateway_can(r.l, &a, LMA_CAN_REVOKE));
		CU_ASSERT_FALSE(lma_gateway_can(r.l, &a, LMA_CAN_NOTIFY));
		CU_ASSERT(lma_gateway_can(r.l, &a, LMA_CAN_REVOKE_ALL));
		a.b[12] = a.b[13] = 0;
		CU_ASSERT_EQUAL(lma_gateway_can(r.l, &a, LMA_CAN_REVOKE), i >= LMA_GATEWAYS_MAX);
	}
	lma_gateway_forget_all(r.l);
	CU_ASSERT_EQUAL(r.l->by_gateway.count, 0);
	rig_close(&r);
}

/* Other settings give them a chance again. */
static void
gateways_after_a_change(void)
{
	struct rig r;
	struct addr6 mag = rig_mag(1);
	struct lma_change_refusal why;
	struct lma_change *c;

	open_revoking(&r);
	lma_gateway_cannot(r.l, &mag, LMA_CAN_REVOKE);
	r.s.revoke_after_handover = r.s.bulk = r.s.keep_dead = true;
	c = lma_change_new(&r.s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL(lma_change_check(c, r.l, UINT32_MAX, &why), 0);
	CU_ASSERT_FALSE(lma_gateway_can(r.l, &mag, LMA_CAN_REVOKE));
	lma_change_apply(r.l, c);
	CU_ASSERT(lma_gateway_can(r.l, &mag, LMA_CAN_REVOKE));
	CU_ASSERT(r.l->s.revoke_after_handover && r.l->s.bulk && r.l->s.keep_dead);
	lma_change_free(c);
	rig_close(&r);
}

/* What is put back after a failed effect asks nothing of the gateway that was not left, and stays in its group. */
static void
undone(void)
{
	struct rig r;
	struct pmip_service_settings services[] = {{.name = "a"}, {.name = "b"}};

	rig_settings(&r);
	r.s.revocation = r.s.revoke_after_handover = r.s.bulk = true;
	r.s.services = services;
	r.s.service_count = 2;
	r.peer[0].gre = PMIP_GRE_OFFERED;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .service = "a", .group = 5, .gre = true, .gre_key = 1}), 0);
	r.forward_error = -28;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1,
						   .service = "b",
						   .mag = 2,
						   .handoff = 3,
						   .gre = true,
						   .gre_key = 2,
						   .hnp = {"2001:db8:1000::/64"}}),
			MH_STATUS_INSUFFICIENT_RESOURCES);
	r.forward_error = 0;
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->group, 5);
	CU_ASSERT_STRING_EQUAL(rig_only(&r)->service, "a");
	CU_ASSERT_EQUAL(rig_only(&r)->key_out, 1);
	CU_ASSERT_EQUAL(r.l->group[0].sessions, 1);
	CU_ASSERT_EQUAL(r.l->service[0].sessions, 1);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .service = "a", .mag = 2, .handoff = 3}), 0);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 1);
	CU_ASSERT_EQUAL(rig_only(&r)->group, 0);
	CU_ASSERT_EQUAL(r.l->group[0].sessions, 0);
	rig_wait(&r, 3000);
	rig_close(&r);
}

/* What the operator revokes does not come of an update that was there before, whatever that waits for. */
static void
parked_before(struct rig *r, struct pmip_target what, uint8_t trigger, int status)
{
	open_revoking(r);
	r->policy_silent = true;
	CU_ASSERT_EQUAL(rig_send(r, &(struct pbu){.ll = 1}), RIG_SILENCE);
	revoke(r, what, trigger);
	/* Sent again, it is the same. */
	CU_ASSERT_EQUAL(rig_send(r, &(struct pbu){.ll = 1}), RIG_SILENCE);
	rig_answer_policy(r);
	CU_ASSERT_EQUAL(r->pba.pba.status, status);
	CU_ASSERT_EQUAL(lma_session_count(r->l), status == 0);
	CU_ASSERT_EQUAL(lma_waiting_count(r->l), 0);
	r->policy_silent = false;
	CU_ASSERT_EQUAL(rig_send(r, &(struct pbu){.ll = 1}), 0);
	rig_wait(r, 5000);
	rig_close(r);
}

static void
parked(void)
{
	struct pmip_target all = {.scope = PMIP_SCOPE_ALL}, realm = mobile_node("@example.com"), peer = all;
	static struct rig r;

	parked_before(&r, all, MH_BRI_ADMINISTRATIVE, MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
	parked_before(&r, all, MH_BRI_OUT_OF_SYNC, MH_STATUS_REASON_UNSPECIFIED);
	parked_before(&r, all, MH_BRI_HANDOVER_UNKNOWN, 0);
	parked_before(&r, mobile_node("mn1@example.com"), MH_BRI_ADMINISTRATIVE, MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
	parked_before(&r, mobile_node("mn2@example.com"), MH_BRI_ADMINISTRATIVE, 0);
	realm.scope = PMIP_SCOPE_REALM;
	parked_before(&r, realm, MH_BRI_ADMINISTRATIVE, MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
	realm = mobile_node("@example.org");
	realm.scope = PMIP_SCOPE_REALM;
	parked_before(&r, realm, MH_BRI_ADMINISTRATIVE, 0);
	peer.scope = PMIP_SCOPE_PEER;
	peer.peer = rig_mag(1);
	parked_before(&r, peer, MH_BRI_ADMINISTRATIVE, MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
	peer.peer = rig_mag(2);
	parked_before(&r, peer, MH_BRI_ADMINISTRATIVE, 0);
}

/* It waits for a session to be de-registered, and does not any more. */
static void
waits_for_another(void)
{
	struct rig r;

	open_revoking(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .mag = 2, .handoff = 4}), RIG_SILENCE);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 1);
	revoke(&r, mobile_node("mn1@example.com"), MH_BRI_ADMINISTRATIVE);
	CU_ASSERT_EQUAL(r.pba.pba.status, MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	rig_wait(&r, 5000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);
}

/* A million of them are meant: what a session costs is not to grow by what few of them have. */
static void
session_is_small(void)
{
	CU_ASSERT(sizeof(struct lma_session) <= 256);
}

static const struct unit_case cases[] = {
	{"a revoked session's prefixes are nobody else's until the answer, or none", prefixes_stay},
	{"all sessions of one mobile node at once", of_one_node},
	{"an update that waits for policy and is revoked", parked},
	{"an update that waits for a session and is revoked", waits_for_another},
	{"a session that ends before the answer", session_ends_before_the_answer},
	{"as many demands as may be, with a number each", demands_max},
	{"numbers that are out are passed over", sequences_do_not_collide},
	{"numbers begin anywhere, and count up", sequences_begin_anywhere},
	{"the gateways that cannot are bounded", gateways_max},
	{"gateways that cannot are asked again after a change", gateways_after_a_change},
	{"a failed handover is undone, group, service and keys too", undone},
	{"a session costs what it did", session_is_small},
};

const struct case_table revoke_cases = {cases, UNIT_COUNT(cases)};
