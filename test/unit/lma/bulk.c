/* SPDX-License-Identifier: BSD-3-Clause */
/* Groups of sessions: RFC 6602. */
#include <stdio.h>

#include "cases.h"
#include "engine.h"
#include "rig.h"

static void
open_bulk(struct rig *r)
{
	rig_settings(r);
	r->s.bulk = true;
	rig_start(r);
}

static int
extend(struct rig *r, uint32_t group, uint16_t lifetime)
{
	return rig_send(r, &(struct pbu){.group = group,
					 .no_bulk = true,
					 .lifetime = lifetime,
					 .no_mn_id = true,
					 .no_hnp = true,
					 .no_handoff = true,
					 .no_access_tech = true});
}

/* shows: RFC6602-5.2.2-03 RFC6602-5.2.2-05 RFC6602-5.2.2-11 */
static void
no_option(void)
{
	struct rig r;

	open_bulk(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .group = 5}), 0);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_MN_GROUP_ID));
	CU_ASSERT(r.pba.opt.group.subtype == MH_GROUP_BULK && r.pba.opt.group.id == 5);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3}), 0);
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_MN_GROUP_ID));
	rig_close(&r);
	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .group = 5}), 0);
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_MN_GROUP_ID));
	rig_close(&r);
}

static void
views(void)
{
	struct rig r;

	open_bulk(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .group = 5, .lifetime = 100}), 0);
	rig_wait(&r, 100000);
	CU_ASSERT_EQUAL(extend(&r, 5, 200), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->lifetime_s, 800);
	CU_ASSERT_EQUAL(rig_only(&r)->expires_ms, r.now.mono_ms + 800000);
	/* The session's own update counts from then on, though it is for less. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .handoff = 5, .group = 5, .lifetime = 10}), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->lifetime_s, 40);
	rig_wait(&r, 39999);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_wait(&r, 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(extend(&r, 5, 200), MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER);
	rig_close(&r);
}

/* One that comes to a group has what was granted to it, and not what was granted to the group before. */
static void
joins_later(void)
{
	struct rig r;

	open_bulk(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .ll = 1, .group = 5, .lifetime = 100}), 0);
	CU_ASSERT_EQUAL(extend(&r, 5, 900), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .group = 5, .lifetime = 100}), 0);
	CU_ASSERT_EQUAL(r.l->group[0].sessions, 2);
	rig_wait(&r, 400000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_wait(&r, 1000000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

/*
 * An alternate care-of address says where a mobile node is, and not who asks: what another gateway's sessions are in is
 * that one's, unless the peer may speak for all of its addresses.
 */
static void
of_another(void)
{
	struct pbu p = {.group = 5,
			.no_bulk = true,
			.lifetime = 1,
			.no_mn_id = true,
			.no_hnp = true,
			.no_handoff = true,
			.no_access_tech = true,
			.mag = 2,
			.alt_coa = "2001:db8:100::2"},
		   one = {.mn = "mn2", .ll = 2, .mag = 2, .group = 5, .alt_coa = "2001:db8:100::2"};
	static struct rig r;

	for (unsigned int all = 0; all < 2; all++) {
		rig_settings(&r);
		r.s.bulk = true;
		r.peer[0].revokes_all = all;
		rig_start(&r);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .group = 5}), 0);
		CU_ASSERT_EQUAL(rig_send(&r, &p), all ? 0 : MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
		CU_ASSERT_EQUAL(rig_only(&r)->lifetime_s, all ? 4 : 3600);
		CU_ASSERT_EQUAL(rig_send(&r, &one), 0);
		CU_ASSERT_EQUAL(mh_has(&r.pba, MH_OPT_MN_GROUP_ID), all);
		CU_ASSERT_EQUAL(r.l->group[0].sessions, 1 + all);
		rig_close(&r);
	}
}

/*
 * No session lasts longer than the last update of it said, whether it had taken over the one before or not, and
 * wherever its deadline stood. shows: RFC6602-5.2.3-06
 */
static void
shortened(void)
{
	struct rig r;

	open_bulk(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .ll = 1, .group = 5, .lifetime = 100}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .group = 5, .lifetime = 200}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .ll = 1, .group = 6, .lifetime = 200}), 0);
	CU_ASSERT_EQUAL(extend(&r, 5, 900), 0);
	rig_wait(&r, 400000);
	CU_ASSERT_EQUAL(r.l->session[0].binding.lifetime, 900);
	CU_ASSERT_EQUAL(r.l->session[1].binding.lifetime, 200);
	CU_ASSERT_EQUAL(extend(&r, 5, 10), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn4", .ll = 1, .group = 5, .lifetime = 20}), 0);
	/* One that is as long as any of its sessions was granted has nobody to shorten. */
	rig_wait(&r, 20000);
	CU_ASSERT_EQUAL(r.l->walk_count, 0);
	CU_ASSERT_EQUAL(extend(&r, 5, 20), 0);
	CU_ASSERT_EQUAL(r.l->walk_count, 0);
	CU_ASSERT_EQUAL(extend(&r, 5, 10), 0);
	rig_wait(&r, 39000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 4);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(rig_only(&r)->group, 6);
	rig_close(&r);
}

/* The sweep after a peer's failure spares what a bulk update extended since. */
static void
bulk_counts_as_update(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.bulk = true;
	r.s.timers.peer_grace_ms = 1000;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .ll = 1, .group = 5}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .group = 6}), 0);
	rig_wait(&r, 10);
	rig_step(&r,
		 &(struct pmip_event){.type = PMIP_EV_PEER, .peer = {.peer = rig_mag(1), .change = PMIP_PEER_FAILED}});
	CU_ASSERT_EQUAL(extend(&r, 6, 900), 0);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(rig_only(&r)->group, 6);
	rig_close(&r);
}

/* As many groups as there may be: a session more is not in one, until a group is empty. */
static void
groups_max(void)
{
	struct rig r;

	open_bulk(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .group = 5}), 0);
	for (uint32_t i = 1; i < LMA_GROUPS_MAX; i++) {
		uint32_t g = index_pool_take(&r.l->group_ids);

		r.l->group[g] = (struct lma_group){.id = i, .sessions = 1};
		index_map_add(&r.l->by_group, g, i);
	}
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .group = 7}), 0);
	CU_ASSERT_EQUAL(r.pba.pba.flags & MH_PBA_B, 0);
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_MN_GROUP_ID));
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .handoff = 5, .group = 7}), 0);
	CU_ASSERT_EQUAL(r.pba.pba.flags & MH_PBA_B, MH_PBA_B);
	CU_ASSERT_EQUAL(r.pba.opt.group.id, 7);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(rig_only(&r)->group, 7);
	rig_close(&r);
}

/* One gateway does not have all of them; one that is empty makes room for its next. */
static void
groups_of_a_gateway(void)
{
	struct rig r;
	char mn[16];

	open_bulk(&r);
	for (uint32_t i = 1; i <= LMA_GATEWAY_GROUPS + 2; i++) {
		snprintf(mn, sizeof(mn), "mn%u", i);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = mn, .ll = 1, .group = i}), 0);
		CU_ASSERT_EQUAL((r.pba.pba.flags & MH_PBA_B) != 0, i <= LMA_GATEWAY_GROUPS);
	}
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "other", .mag = 2, .ll = 1, .group = 1}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.group.id, 1);
	CU_ASSERT_EQUAL(extend(&r, 7, 200), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn7", .ll = 1, .dereg = true}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "more", .ll = 1, .group = 1000, .lifetime = 10}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.group.id, 1000);
	CU_ASSERT_EQUAL(extend(&r, 7, 200), MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER);
	CU_ASSERT_EQUAL(index_pool_used(&r.l->group_ids), LMA_GATEWAY_GROUPS + 1);
	rig_close(&r);
}

/* The engine's settings may change while there are groups. */
static void
not_taken_any_more(void)
{
	struct rig r;

	open_bulk(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .group = 5}), 0);
	r.l->s.bulk = false;
	CU_ASSERT_EQUAL(extend(&r, 5, 200), MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
	r.l->s.proxy_registration = false;
	CU_ASSERT_EQUAL(extend(&r, 5, 200), MH_STATUS_PROXY_REG_NOT_ENABLED);
	rig_close(&r);
}

static void
two_in_group(struct rig *r)
{
	rig_settings(r);
	r->s.bulk = r->s.revocation = true;
	rig_start(r);
	CU_ASSERT_EQUAL(rig_send(r, &(struct pbu){.mn = "mn1", .ll = 1, .group = 5, .lifetime = 100}), 0);
	CU_ASSERT_EQUAL(rig_send(r, &(struct pbu){.mn = "mn2", .ll = 1, .group = 5, .lifetime = 100}), 0);
}

static void
revoke_first(struct rig *r)
{
	struct pmip_event e = {.type = PMIP_EV_REVOKE, .revoke = {.trigger = MH_BRI_ADMINISTRATIVE}};

	e.revoke.what.scope = PMIP_SCOPE_MN;
	pmip_mn_id_parse("mn1", &e.revoke.what.mn_id);
	rig_step(r, &e);
}

/* Until what it was granted is over, its gateway may have a session that the anchor has given up: it is to be asked. */
static void
lost_session(void)
{
	struct rig r;

	two_in_group(&r);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = 0}});
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(extend(&r, 5, 100), MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER);
	rig_wait(&r, 200000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .handoff = 5, .group = 5}), 0);
	rig_wait(&r, 199000);
	CU_ASSERT_EQUAL(extend(&r, 5, 100), MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER);
	CU_ASSERT_EQUAL(extend(&r, MH_GROUP_ALL_SESSIONS, 100), MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(extend(&r, 5, 100), 0);
	rig_close(&r);
}

/* A revocation that its gateway answers loses nothing; one that it does not hear, or refuses, does. */
static void
lost_by_revocation(void)
{
	static const struct {
		int status; /* -1: none */
		int then;
	} answers[] = {{MH_BRA_ACCEPTED, 0},
		       {MH_BRA_NO_BINDING, 0},
		       {MH_BRA_MN_ATTACHED, MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER},
		       {-1, MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER}};
	struct rig r;

	for (unsigned int i = 0; i < UNIT_COUNT(answers); i++) {
		two_in_group(&r);
		revoke_first(&r);
		if (answers[i].status >= 0)
			rig_acknowledge(&r, (uint8_t)answers[i].status);
		rig_wait(&r, 5000);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
		CU_ASSERT_EQUAL(extend(&r, 5, 100), answers[i].then);
		rig_close(&r);
	}
}

/* Nor is what a dead gateway's sweep left of a group all that the gateway may have. */
static void
lost_by_failure(void)
{
	struct rig r;

	two_in_group(&r);
	r.l->s.timers.peer_grace_ms = 1000;
	rig_wait(&r, 10);
	rig_step(&r,
		 &(struct pmip_event){.type = PMIP_EV_PEER, .peer = {.peer = rig_mag(1), .change = PMIP_PEER_FAILED}});
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .handoff = 5, .group = 5}), 0);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(extend(&r, 5, 100), MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"a group of another gateway", of_another},
	{"an answer without the option where a session is in no group", no_option},
	{"what is shown of a session whose group was extended", views},
	{"a session that comes to its group later", joins_later},
	{"RFC 6602 5.2.3: a shorter lifetime is for all sessions of a group", shortened},
	{"a bulk update shows that a peer has its sessions", bulk_counts_as_update},
	{"bulk updates that are not taken any more", not_taken_any_more},
	{"a group that lost a session without its gateway is not extended by one update", lost_session},
	{"a revocation that is not answered loses a session", lost_by_revocation},
	{"a failure loses sessions", lost_by_failure},
	{"groups are bounded", groups_max},
	{"groups of a gateway are bounded", groups_of_a_gateway},
};

const struct case_table bulk_cases = {cases, UNIT_COUNT(cases)};
