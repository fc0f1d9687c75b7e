/* SPDX-License-Identifier: BSD-3-Clause */
/* What is about all sessions of a gateway: how much of it a step does, and how fast it goes. */
#include <stdio.h>

#include "cases.h"
#include "engine.h"
#include "rig.h"

static void
attach(struct rig *r, unsigned int count)
{
	char mn[16];

	for (unsigned int i = 0; i < count; i++) {
		struct mh_msg m;
		struct addr6 src = rig_mag(1 + i % 2);

		snprintf(mn, sizeof(mn), "mn%u", i);
		m = rig_message(r, &(struct pbu){.mn = mn, .ll = 1});
		CU_ASSERT_EQUAL(rig_send_message(r, &m, &src), 0);
	}
}

static void
peer_event(struct rig *r, unsigned int mag, enum pmip_peer_change change)
{
	rig_step(r, &(struct pmip_event){.type = PMIP_EV_PEER, .peer = {.peer = rig_mag(mag), .change = change}});
}

static void
many_of_a_dead_peer(void)
{
	struct rig r;

	rig_open(&r);
	attach(&r, 1000);
	rig_wait(&r, 10);
	r.lists = r.list_most = 0;
	peer_event(&r, 1, PMIP_PEER_FAILED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 500);
	CU_ASSERT(r.list_most <= PMIP_ACTIONS_MAX);
	CU_ASSERT(r.lists >= 1000 / PMIP_ACTIONS_MAX);
	CU_ASSERT(rig_sound(&r));
	CU_ASSERT_EQUAL(r.l->walk_count, 0);
	rig_close(&r);
}

/* Its sessions had left in between: those that have come since are given as long as others. */
static void
fails_again_within_grace(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.timers.peer_grace_ms = 10000;
	rig_start(&r);
	attach(&r, 1);
	rig_wait(&r, 10);
	peer_event(&r, 1, PMIP_PEER_FAILED);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn0", .ll = 1, .mag = 2, .handoff = 3}), 0);
	rig_wait(&r, 4000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn0", .ll = 1, .handoff = 3}), 0);
	rig_wait(&r, 4000);
	peer_event(&r, 1, PMIP_PEER_FAILED);
	CU_ASSERT_EQUAL(r.l->walk_count, 1);
	rig_wait(&r, 9999);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_wait(&r, 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);
}

/* What a gateway registered since it was last heard, it may have registered after its restart. */
static void
restart_seen_late(void)
{
	struct rig r;

	rig_settings(&r);
	rig_start(&r);
	attach(&r, 2);
	rig_wait(&r, 10);
	for (bool more = rig_step_once(&r, &(struct pmip_event){.type = PMIP_EV_PEER,
						    .peer = {.peer = rig_mag(1),
							    .change = PMIP_PEER_RESTARTED,
							    .since_ms = r.now.mono_ms - 1000}});
	     more; more = rig_step_once(&r, &(struct pmip_event){.type = PMIP_EV_TICK}))
		;
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	peer_event(&r, 1, PMIP_PEER_RESTARTED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

/* One slice is so many places, not so many sessions. */
static void
slices(void)
{
	struct rig r;
	unsigned int steps = 0;

	rig_settings(&r);
	r.s.sessions_max = 10000;
	rig_start(&r);
	attach(&r, 2);
	rig_wait(&r, 10);
	peer_event(&r, 2, PMIP_PEER_RESTARTED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(r.l->walk_count, 0);
	for (bool more = rig_step_once(&r, &(struct pmip_event){.type = PMIP_EV_PEER,
						    .peer = {.peer = rig_mag(1), .change = PMIP_PEER_RESTARTED}});
	     more; more = rig_step_once(&r, &(struct pmip_event){.type = PMIP_EV_TICK}))
		steps++;
	CU_ASSERT_EQUAL(steps, 3);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);
}

static void
paced(void)
{
	struct rig r;
	const unsigned int per_s = 50, count = 200;

	rig_settings(&r);
	r.s.revocation = true;
	r.s.timers.peer_rate_per_s = per_s;
	r.s.timers.notification_retransmissions_max = 0;
	rig_start(&r);
	attach(&r, 2 * count);
	rig_wait(&r, 10);
	rig_step(&r,
		 &(struct pmip_event){.type = PMIP_EV_NOTIFY,
				      .notify = {.what = {.scope = PMIP_SCOPE_PEER, .peer = rig_mag(1)}, .reason = 1}});
	for (unsigned int s = 1; s <= 5; s++) {
		rig_wait(&r, 1000);
		CU_ASSERT(r.told <= s * per_s + 2);
		CU_ASSERT(r.told >= (s < 4 ? s * per_s : count));
	}
	CU_ASSERT_EQUAL(r.told, count);
	rig_close(&r);
}

/* All are revoked with a message for each gateway, however many sessions there are. */
static void
all_revoked(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.revocation = true;
	rig_start(&r);
	attach(&r, 600);
	rig_wait(&r, 10);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_REVOKE,
					  .revoke = {.what = {.scope = PMIP_SCOPE_ALL}, .trigger = 1}});
	CU_ASSERT_EQUAL(r.told, 2);
	/* shows: RFC5846-8.1-13 */
	CU_ASSERT_EQUAL(r.said.opt.present, 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 600);
	rig_acknowledge(&r, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 300);
	/* The other does not answer: it is told again, and then they end without it. */
	rig_wait(&r, 3000);
	CU_ASSERT_EQUAL(r.told, 3);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT(r.list_most <= PMIP_ACTIONS_MAX);
	CU_ASSERT_EQUAL(lma_due(r.l), UINT64_MAX);
	rig_close(&r);
}

/* Of a peer with several addresses one is named: shows: RFC5846-8.2-06 RFC5846-8.2-07 */
static void
all_of_one_address(void)
{
	struct mh_msg m = {.type = MH_BRI, .bri = {.trigger = MH_BRI_PER_PEER_POLICY, .flags = MH_BR_P | MH_BR_G}};
	struct addr6 from = rig_mag(1), other = rig_mag(2);
	struct lma_view v;
	struct rig r;

	for (unsigned int named = 0; named < 2; named++) {
		rig_settings(&r);
		r.peer[0].revokes_all = true;
		rig_start(&r);
		attach(&r, 4);
		rig_wait(&r, 10);
		lma_put_mn_id(&m, &(struct pmip_mn_id){.subtype = 1, .len = 3, .id = "mag"});
		if (named)
			mh_set(&m, MH_OPT_ALTERNATE_COA);
		m.opt.alt_coa.addr = other;
		rig_send_message(&r, &m, &from);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
		for (uint32_t i = 0; lma_next(r.l, i, &v); i = v.session + 1)
			CU_ASSERT(addr6_equal(&v.proxy_coa, named ? &from : &other));
		rig_close(&r);
	}
}

static void
revoke_realm(struct rig *r, const char *realm)
{
	struct pmip_event e = {.type = PMIP_EV_REVOKE, .revoke = {.trigger = MH_BRI_ADMINISTRATIVE}};

	e.revoke.what.scope = PMIP_SCOPE_REALM;
	pmip_mn_id_parse(realm, &e.revoke.what.mn_id);
	rig_step(r, &e);
}

static void
attach_realms(struct rig *r)
{
	static const char *const mn[] = {"1@example.com", "2@example.com", "3@foo.example.com", "4@example.net", "5"};

	rig_settings(r);
	r->s.revocation = true;
	rig_start(r);
	for (unsigned int i = 0; i < UNIT_COUNT(mn); i++)
		CU_ASSERT_EQUAL(rig_send(r, &(struct pbu){.mn = mn[i], .ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(r, &(struct pbu){.mn = "6@example.net", .ll = 1, .mag = 2}), 0);
	rig_wait(r, 10);
}

/* Each gateway of one is told by one message. shows: RFC5846-8.1-14 RFC5846-8.1-15 RFC5846-8.1-16 */
static void
all_of_a_realm(void)
{
	struct rig r;

	attach_realms(&r);
	revoke_realm(&r, "@example.com");
	CU_ASSERT_EQUAL(r.told, 1);
	CU_ASSERT_EQUAL(r.said.bri.trigger, MH_BRI_LOCAL_POLICY);
	CU_ASSERT_EQUAL(r.said.bri.flags, MH_BR_P | MH_BR_G);
	CU_ASSERT_EQUAL(r.said.opt.present, 1u << MH_OPT_MN_ID);
	CU_ASSERT(r.said.opt.mn_id.subtype == 1 && r.said.opt.mn_id.len == 12);
	CU_ASSERT_EQUAL(memcmp(r.said.opt.mn_id.id, "@example.com", 12), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 6);
	revoke_realm(&r, "@example.com"); /* it is out */
	CU_ASSERT_EQUAL(r.told, 1);
	rig_acknowledge(&r, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 4);
	revoke_realm(&r, "@example.net"); /* at both, and neither answers */
	CU_ASSERT_EQUAL(r.told, 3);
	rig_wait(&r, 5000);
	CU_ASSERT_EQUAL(r.told, 5);
	CU_ASSERT_EQUAL(r.said.opt.mn_id.len, 12);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* A gateway that does not take it is told of each, with the operator's reason no more. */
static void
realm_one_by_one(void)
{
	struct rig r;

	attach_realms(&r);
	revoke_realm(&r, "@example.com");
	rig_acknowledge(&r, MH_BRA_FUNCTION_UNSUPPORTED);
	CU_ASSERT_EQUAL(r.told, 3);
	CU_ASSERT_EQUAL(r.said.bri.flags, MH_BR_P);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 1);
	revoke_realm(&r, "@example.net"); /* the first gateway cannot, the second was not asked yet */
	rig_wait(&r, 100);
	CU_ASSERT_EQUAL(r.told, 5);
	CU_ASSERT_EQUAL(r.said.bri.flags, MH_BR_P | MH_BR_G);
	rig_wait(&r, 5000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
}

/* Other realms have to wait, and what was said before is not said with another's. */
static void
realms_are_bounded(void)
{
	char realm[16];
	struct rig r;

	attach_realms(&r);
	for (unsigned int i = 0; i <= LMA_DETAILS_MAX; i++) {
		snprintf(realm, sizeof(realm), "@%u", i);
		r.l->walk[i] = (struct lma_walk){.type = LMA_WALK_REVOKE, .what = 9, .detail = (uint8_t)(i + 1)};
		r.l->walk[i].start_ms = UINT64_MAX;
		r.l->walk_count = i;
		CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_WALKS_REFUSED], 0);
	}
	revoke_realm(&r, "@example.com");
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_WALKS_REFUSED], 1);
	CU_ASSERT_EQUAL(r.told, 0);
	r.l->walk_count--;
	revoke_realm(&r, "@example.com");
	CU_ASSERT_EQUAL(r.told, 1);
	lma_walk_stop_all(r.l);
	rig_close(&r);
}

/* Of a row that is a prefix, a gateway speaks for others as far as it may revoke all alone. */
static void
session_of_another_gateway(void)
{
	struct mh_msg m = {.type = MH_BRI, .bri = {.trigger = MH_BRI_ADMINISTRATIVE, .flags = MH_BR_P}};
	struct addr6 from = rig_mag(1);
	struct rig r;

	for (unsigned int may = 0; may < 2; may++) {
		rig_settings(&r);
		r.peer[0].revokes_all = may;
		rig_start(&r);
		attach(&r, 2);
		lma_put_mn_id(&m, &(struct pmip_mn_id){.subtype = 1, .len = 3, .id = "mn1"});
		mh_set(&m, MH_OPT_ALTERNATE_COA);
		m.opt.alt_coa.addr = rig_mag(2);
		rig_send_message(&r, &m, &from);
		CU_ASSERT_EQUAL(r.said.bra.status, may ? MH_BRA_ACCEPTED : MH_BRA_NO_BINDING);
		CU_ASSERT_EQUAL(lma_session_count(r.l), may ? 1 : 2);
		rig_close(&r);
	}
}

/* A gateway that restarts while its sessions are being removed: that does not wait for the time of grace. */
static void
restart_delays_nothing(void)
{
	struct mh_msg m = {.type = MH_BRI, .bri = {.trigger = MH_BRI_PER_PEER_POLICY, .flags = MH_BR_P | MH_BR_G}};
	struct addr6 from = rig_mag(1);
	struct rig r;

	rig_settings(&r);
	r.s.timers.peer_grace_ms = 60000;
	r.peer[0].revokes_all = true;
	rig_start(&r);
	attach(&r, 200);
	rig_wait(&r, 10);
	lma_put_mn_id(&m, &(struct pmip_mn_id){.subtype = 1, .len = 3, .id = "mag"});
	rig_step_once(&r, &(struct pmip_event){.type = PMIP_EV_MESSAGE, .message = {.src = from, .msg = &m}});
	CU_ASSERT_EQUAL(lma_session_count(r.l), 200);
	peer_event(&r, 1, PMIP_PEER_RESTARTED);
	rig_wait(&r, 10);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 100);
	rig_close(&r);
}

/* What there is no room to do is not acknowledged: the gateway says it again. */
static void
no_room_no_answer(void)
{
	struct mh_msg m = {.type = MH_BRI, .bri = {.trigger = MH_BRI_PER_PEER_POLICY, .flags = MH_BR_P | MH_BR_G}};
	struct addr6 from = rig_mag(1);
	struct rig r;

	rig_settings(&r);
	r.s.bulk = true;
	r.peer[0].revokes_all = true;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .group = 5}), 0);
	rig_wait(&r, 10);
	lma_put_mn_id(&m, &(struct pmip_mn_id){.subtype = 1, .len = 3, .id = "mag"});
	for (unsigned int i = 0; i < LMA_WALKS_MAX; i++)
		r.l->walk[r.l->walk_count++] = (struct lma_walk){.type = LMA_WALK_DEAD, .what = 1, .start_ms = 100000};
	rig_send_message(&r, &m, &from);
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_WALKS_REFUSED], 1);
	m = (struct mh_msg){.type = MH_BRI, .bri = {.trigger = MH_BRI_ADMINISTRATIVE, .flags = MH_BR_P}};
	mh_set(&m, MH_OPT_MN_GROUP_ID);
	m.opt.group = (struct mh_opt_group){.subtype = MH_GROUP_BULK, .id = 5};
	rig_send_message(&r, &m, &from);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(r.told, 0);
	r.l->walk_count--;
	rig_send_message(&r, &m, &from);
	CU_ASSERT_EQUAL(r.told, 1);
	CU_ASSERT_EQUAL(r.said.bra.status, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	lma_walk_stop_all(r.l);
	rig_close(&r);
}

/* More peers fail than can be gone after; the same one again needs no further place. */
static void
walks_max(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.timers.peer_grace_ms = 1000;
	rig_start(&r);
	attach(&r, 2);
	for (unsigned int i = 0; i < LMA_WALKS_MAX + 3; i++) {
		struct pmip_event e = {.type = PMIP_EV_PEER, .peer = {.change = PMIP_PEER_FAILED}};

		e.peer.peer = rig_mag(0);
		e.peer.peer.b[13] = (uint8_t)(i >> 8);
		e.peer.peer.b[14] = (uint8_t)i;
		rig_step(&r, &e);
		rig_step(&r, &e);
	}
	CU_ASSERT_EQUAL(r.l->walk_count, LMA_WALKS_MAX);
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_WALKS_REFUSED], 6);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(r.l->walk_count, 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT_EQUAL(lma_due(r.l), deadline_next(&r.l->session_due));
	rig_close(&r);
}

/* A Binding Error about hundreds of messages is gone through in lists of a list's length. */
static void
error_about_many(void)
{
	struct rig r;
	struct mh_msg be = {.type = MH_BE, .be = {.status = MH_BE_UNKNOWN_TYPE}};
	struct addr6 mag = rig_mag(1), other = rig_mag(2);

	rig_settings(&r);
	r.s.timers.peer_rate_per_s = 100000;
	rig_start(&r);
	attach(&r, 600);
	rig_wait(&r, 10);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_NOTIFY,
					  .notify = {.what = {.scope = PMIP_SCOPE_ALL}, .reason = 2}});
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 600);
	be.be.status = MH_BE_NO_BINDING;
	rig_send_message(&r, &be, &mag);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 600);
	be.be.status = MH_BE_UNKNOWN_TYPE;
	r.list_most = 0;
	rig_send_message(&r, &be, &mag);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 300);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_NOTIFICATION_UNANSWERED], 300);
	CU_ASSERT(r.list_most <= PMIP_ACTIONS_MAX);
	CU_ASSERT(lma_gateway_can(r.l, &other, LMA_CAN_NOTIFY));
	rig_wait(&r, 2000);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"a dead peer's sessions end in lists of a list's length", many_of_a_dead_peer},
	{"a gateway that fails again: its sessions of now have their time of grace", fails_again_within_grace},
	{"RFC 5847 3.2: what a restarted gateway registered before its restart was seen stays", restart_seen_late},
	{"a step looks at so many places", slices},
	{"notifications go at their rate", paced},
	{"all are revoked by a message to each gateway", all_revoked},
	{"a gateway revokes all that is registered by one of its addresses", all_of_one_address},
	{"RFC 5846 8.1: all of a realm are revoked by a message to each gateway", all_of_a_realm},
	{"all of a realm are revoked one by one where a gateway takes no other", realm_one_by_one},
	{"realms at once are bounded", realms_are_bounded},
	{"RFC 5846 8.2: a gateway revokes no session of another of its row", session_of_another_gateway},
	{"a restart delays no walk that is under way", restart_delays_nothing},
	{"a revocation that there is no room for is not acknowledged", no_room_no_answer},
	{"walks are bounded", walks_max},
	{"an error about many messages", error_about_many},
};

const struct case_table sweep_cases = {cases, UNIT_COUNT(cases)};
