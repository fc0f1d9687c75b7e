/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What gateways of a mobile node with several interfaces are told, and answered, when things do not go as they were
 * asked for: flows end, sessions are full or revoked, interfaces attach anew, and two are at one gateway.
 */
#include <string.h>

#include "cases.h"
#include "mh/vendor.h"
#include "several.h"

/* A message names this prefix so; -1: not at all. */
static int
flags_in(const struct mh_msg *m, const char *prefix)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_prefixes(m, RIG_VENDOR, said, MH_VENDOR_MAX);
	struct addr_prefix p = rig_prefix(prefix);

	for (unsigned int i = 0; i < count; i++)
		if (addr_prefix_equal(&said[i].prefix, &p))
			return said[i].flags;
	return -1;
}

static int
flags_of(const struct rig *r, const char *prefix)
{
	return flags_in(&r->said, prefix);
}

static void
flow_gone(void)
{
	static struct rig r;

	multi_open_flow(&r);
	CU_ASSERT_EQUAL(r.flow, 1);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 2, 11, 2, "protocol=tcp"), 0);
	CU_ASSERT_EQUAL(r.flow, 2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	/* The other flow needs it. */
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "W");
	/* None does: the gateway is to forward nothing off link. */
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_DEL, 2, 0, 0, NULL), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "WS");
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 1);
	CU_ASSERT_FALSE(r.said.opt.hnp[0].off_link);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	/* So where it refuses; and it is not asked again. */
	multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "protocol=udp");
	rig_acknowledge(&r, 0);
	multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL);
	rig_acknowledge(&r, 128);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	/* What a command has shared stays. */
	multi_moved(&r, 2, PMIP_MOVE_SHARED, P1);
	multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "protocol=udp");
	multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	rig_close(&r);
}

/* An heir has room for what it inherits, for that was counted before: what its gateway cut has no place beside it. */
static void
heir_without_room(void)
{
	struct pbu p = {.mag = 2, .ll = 3, .access_tech = 3, .handoff = 3, .temporal = {T2_1}};
	struct lma_view v;
	static struct rig r;

	multi_aggregates(&r);
	multi_open_two(&r);
	multi_open_full(&r, 7);
	multi_moved(&r, 3, PMIP_MOVE_SHARED, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(multi_count(&r, 3), 8);
	CU_ASSERT_EQUAL(multi_leave(&r, 1, P1), 0);
	CU_ASSERT(lma_find(r.l, multi_session(&r, 3), &v) && v.prefix_count == 8);
	CU_ASSERT_EQUAL(multi_count(&r, 3), 8);
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* Nothing is sent to the gateway of a session that is being revoked. */
static void
revoked_takes_nothing(void)
{
	struct pmip_event e = {.type = PMIP_EV_REVOKE, .revoke = {.trigger = MH_BRI_ADMINISTRATIVE}};
	static struct rig r;

	multi_open_flow(&r);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	e.now = r.now;
	e.revoke.what.scope = PMIP_SCOPE_SESSION;
	e.revoke.what.session = multi_session(&r, 2);
	rig_step(&r, &e);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "");
	CU_ASSERT(rig_sound(&r));
	rig_acknowledge(&r, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

/* A de-registration that is refused takes back what was sent before it all the same. */
static void
refused_takes_back(void)
{
	struct pbu p = multi_at(2, 1, NULL);
	static struct rig r;

	multi_settings(&r);
	multi_open_one(&r);
	r.policy_silent = true;
	CU_ASSERT_EQUAL(rig_send(&r, &p), RIG_SILENCE);
	p = multi_at(2, 4, P1);
	p.hnp[1] = P2;
	p.dereg = true;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	r.profile.prefix_count = 2;
	rig_answer_policy(&r);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

/* An interface attaches anew whose prefixes are idle; whose own were off link. */
static void
attached_anew(void)
{
	struct pbu p = multi_at(2, 5, P1);
	static struct rig r;

	multi_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	rig_acknowledge(&r, 0);
	p = multi_at(1, 1, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_VENDOR_SPECIFIC);
	CU_ASSERT_EQUAL(flags_of(&r, P1), MH_VENDOR_IDLE);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	rig_acknowledge(&r, 0);
	rig_close(&r);
	multi_open(&r);
	multi_moved(&r, 2, PMIP_MOVE_SHARED, P1);
	multi_leave(&r, 1, P1);
	/* RFC 5213 section 5.3.6: all that was de-registered, whosever it is by now. */
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1ol");
	p = multi_at(2, 1, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 2);
	CU_ASSERT_FALSE(r.pba.opt.hnp[1].off_link);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1o");
	rig_close(&r);
	/* Nothing is its own: what it shares is on link from now on. */
	multi_open(&r);
	multi_moved(&r, 2, PMIP_MOVE_SHARED, P1);
	multi_moved(&r, 1, PMIP_MOVE_AWAY, P2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:a2o 2:a1a");
	p = multi_at(2, 1, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT_FALSE(r.pba.opt.hnp[0].off_link);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:a2o 2:a1a");
	rig_close(&r);
}

/* A flow goes to an interface where one of its prefixes is idle: that is on link there, and stays so. */
static void
flow_where_idle(void)
{
	struct pbu p = multi_at(2, 5, P1);
	static struct rig r;

	multi_open(&r);
	rig_send(&r, &p);
	rig_acknowledge(&r, 0);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 1, "protocol=udp"), 0);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 2);
	CU_ASSERT(r.said.opt.hnp[0].off_link);
	CU_ASSERT_FALSE(r.said.opt.hnp[1].off_link);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1a 1:a2al 2:a2o 2:a1o");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 2), "17>1");
	rig_close(&r);
}

/* Of interfaces that are not told from each other neither pulls what is the other's: it refreshes. */
static void
without_identifiers(void)
{
	struct pbu p = multi_at(1, 1, NULL);
	static struct rig r;

	multi_settings(&r);
	r.profile.prefix_count = 1;
	rig_start(&r);
	p.ll = 0;
	rig_send(&r, &p);
	r.profile.prefix_count = 2;
	rig_send(&r, &p);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	p.handoff = 5;
	p.hnp[0] = P1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p.hnp[0] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_PREFIXES_MOVED], 0);
	rig_close(&r);
}

/* What was idle at a gateway, and no temporal prefix, is active again. */
static void
active_again(void)
{
	struct pbu p = multi_at(2, 5, P1);
	static struct rig r;

	multi_open(&r);
	rig_send(&r, &p);
	CU_ASSERT_EQUAL(flags_of(&r, P1), MH_VENDOR_IDLE);
	rig_acknowledge(&r, 0);
	p = multi_at(2, 4, P2);
	p.hnp[1] = P1;
	p.dereg = true;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_VENDOR_SPECIFIC);
	CU_ASSERT_EQUAL(flags_of(&r, P1), 0);
	rig_acknowledge(&r, 0);
	rig_close(&r);
}

/* Its gateway has something idle that has its traffic there: the answer says so, lest its packets are dropped. */
static void
idle_by_mistake(void)
{
	struct pbu p = multi_cut("-" P1, NULL);
	static struct rig r;

	multi_settings(&r);
	multi_open_one(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(flags_in(&r.pba, P1), 0);
	p.temporal[0] = NULL;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.vendor_count, 0);
	rig_close(&r);
	multi_open(&r);
	p.temporal[0] = "-" P1;
	multi_moved(&r, 2, PMIP_MOVE_IDLE, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(flags_in(&r.pba, P1), -1);
	rig_close(&r);
}

/* The update that pulls a prefix says which its gateway has cut, as a refresh does. */
static void
declared_by_a_pull(void)
{
	struct pbu p = multi_at(2, 5, T1_2), cut = multi_cut(T1_2, NULL);
	static struct rig r;

	multi_aggregates(&r);
	multi_open_two(&r);
	rig_send(&r, &cut);
	p.temporal[0] = T2_1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12i 2:a2o 2:12o 2:21o");
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
	/* All is as it was where forwarding fails. */
	multi_aggregates(&r);
	multi_open_two(&r);
	rig_send(&r, &cut);
	r.forward_fails = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 2:a2o");
	rig_close(&r);
}

/* Two interfaces at one gateway: what it cut for one the other pulls. */
static void
one_gateway(void)
{
	struct pbu p = multi_at(1, 1, NULL);
	static struct rig r;

	multi_aggregates(&r);
	rig_start(&r);
	r.profile.prefix_count = 1;
	p.temporal[0] = T1_2;
	rig_send(&r, &p);
	r.profile.prefix_count = 2;
	p = (struct pbu){.mag = 1, .ll = 2, .access_tech = ATT2};
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p.handoff = 5;
	p.hnp[0] = T1_2;
	p.temporal[0] = T1_2; /* so it may be said twice */
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12i 2:a2o 2:12o");
	/* The gateway is told which of them it is about. */
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_VENDOR_SPECIFIC);
	CU_ASSERT(mh_has(&r.said, MH_OPT_MN_LINK_LAYER_ID));
	CU_ASSERT_EQUAL(r.said.opt.access_tech.value, ATT1);
	rig_acknowledge(&r, 0);
	p = multi_at(1, 5, T1_2);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 2:a2o");
	/* One that lists what it cut itself, and nobody else could have, refreshes. */
	p = (struct pbu){.mag = 1, .ll = 2, .access_tech = ATT2, .handoff = 5, .hnp = {P2}};
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* One that has a session of its own shares another's prefix. */
static void
shares_too(void)
{
	struct pbu p = multi_at(2, MH_HANDOFF_SHARED_PREFIXES, P1);
	static struct rig r;

	multi_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1a");
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 2);
	rig_close(&r);
}

/* What was wanted of a session that ends before its gateway has answered. */
static void
ends_before_the_answer(void)
{
	static struct rig r;

	multi_open(&r);
	multi_flow(&r, PMIP_FLOW_ADD, 4, 10, 2, "protocol=udp");
	multi_close(&r, 2);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_REFUSED], 1);
	CU_ASSERT_EQUAL(r.flow, 4);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_DEL, 4, 0, 0, NULL), -ENOENT);
	rig_close(&r);
	multi_open(&r);
	multi_move(&r, 2, PMIP_MOVE_AWAY, P1);
	multi_close(&r, 2);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_MOVE_REFUSED], 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o");
	rig_close(&r);
	/* The owner ends instead: nothing has moved. */
	multi_open(&r);
	multi_move(&r, 2, PMIP_MOVE_AWAY, P1);
	multi_close(&r, 1);
	rig_acknowledge(&r, 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_PREFIXES_MOVED], 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_MOVE_REFUSED], 1);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FORCE_REREGISTRATION);
	rig_close(&r);
	/* The same of a flow: what its gateway has agreed to forward is nobody's, and is taken back. */
	multi_open(&r);
	multi_flow(&r, PMIP_FLOW_ADD, 4, 10, 2, "protocol=udp");
	multi_close(&r, 1);
	rig_acknowledge(&r, 0);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 1);
	CU_ASSERT_FALSE(r.said.opt.hnp[0].off_link);
	rig_close(&r);
}

/* A gateway may have done what it was asked for, though none of its answers came. */
static void
unanswered(void)
{
	static struct rig r;

	multi_open(&r);
	multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "protocol=udp");
	rig_wait(&r, 2500);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_REFUSED], 1);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	CU_ASSERT(r.said.opt.hnp_count == 1 && !r.said.opt.hnp[0].off_link && r.said.opt.flow_count == 0);
	/* Once. */
	rig_wait(&r, 60000);
	CU_ASSERT_EQUAL(r.told, 4);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	/* And what was to move there. */
	multi_move(&r, 2, PMIP_MOVE_AWAY, P1);
	rig_wait(&r, 2500);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_MOVE_REFUSED], 1);
	CU_ASSERT(r.said.type == MH_BRI && r.said.opt.hnp_count == 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	rig_acknowledge(&r, MH_BRA_NO_BINDING);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
	/* Another link of this gateway has it, and keeps it. */
	multi_settings(&r);
	multi_open_one(&r);
	r.profile.prefix_count = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 1, .ll = 2, .access_tech = ATT2}), 0);
	multi_move(&r, 2, PMIP_MOVE_AWAY, P1);
	rig_wait(&r, 60000);
	CU_ASSERT_EQUAL(r.said.type, MH_UPN);
	CU_ASSERT_EQUAL(r.told, 2);
	rig_close(&r);
}

/* RFC 7864 section 5.2: a flow waits for its interface, and goes by no other that comes. */
static void
another_interface(void)
{
	struct pbu p = {.mag = 3, .ll = 3, .access_tech = 3};
	static struct rig r;

	multi_open_flow(&r);
	multi_close(&r, 2);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "");
	r.told = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 3:a2o");
	p = multi_at(2, 1, NULL);
	r.profile.prefix[2] = rig_prefix(P3);
	r.profile.prefix_count = 3;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a3o 3:a2o");
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 3), "17>2");
	rig_close(&r);
}

/* A gateway hears of what has left it, though where it went ends. */
static void
said_though_the_target_ends(void)
{
	struct pbu p = multi_at(1, 1, NULL);
	static struct rig r;

	multi_settings(&r);
	r.profile.prefix[2] = rig_prefix(P3);
	rig_start(&r);
	r.profile.prefix_count = 2;
	rig_send(&r, &p);
	p = multi_at(2, 1, NULL);
	r.profile.prefix_count = 3;
	rig_send(&r, &p);
	p = multi_at(2, 242, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.said.type, MH_BRI);
	multi_close(&r, 2);
	r.told = 0;
	rig_wait(&r, 2000);
	CU_ASSERT(r.told > 0);
	CU_ASSERT_EQUAL(r.said.type, MH_BRI);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 1);
	rig_acknowledge(&r, 0);
	rig_close(&r);
}

/* The update of a further interface lists what its gateway cut, and waits for policy. */
static void
listed_and_parked(void)
{
	struct pbu p = multi_at(2, 1, NULL);
	static struct rig r;

	multi_aggregates(&r);
	rig_start(&r);
	r.profile.prefix[0] = rig_prefix(P2);
	r.profile.prefix[1] = rig_prefix(P1);
	r.profile.prefix_count = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	r.profile.prefix_count = 2;
	p = multi_at(1, 1, P1);
	p.hnp[1] = T1_1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a2o 2:a1o 2:11o");
	rig_close(&r);
}

/* All that it has is what a flow needed: it is not left without anything. */
static void
nothing_else(void)
{
	struct pbu p = multi_at(2, MH_HANDOFF_NO_CHANGE, P1);
	static struct rig r;

	multi_open(&r);
	multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "destination=" P1);
	rig_acknowledge(&r, 0);
	multi_moved(&r, 1, PMIP_MOVE_AWAY, P2);
	rig_acknowledge(&r, 0);
	/* Nor without anything on link: its gateway learns of that when it registers it again. */
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FORCE_REREGISTRATION);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(r.pba.opt.hnp_count == 1 && !r.pba.opt.hnp[0].off_link);
	r.told = 0;
	multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL);
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:a2o 2:a1a");
	rig_close(&r);
}

/* Nothing would say to it which of the two has the prefix idle. */
static void
one_gateway_without_vendor(void)
{
	struct pbu p = multi_at(2, 1, NULL);
	static struct rig r;

	for (unsigned int mag = 1; mag <= 2; mag++) {
		multi_settings(&r);
		r.s.multihoming.vendor = 0;
		r.s.multihoming.hi5_flow_handover = false;
		multi_open_one(&r);
		r.profile.prefix_count = 2;
		p.mag = mag;
		CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
		CU_ASSERT_EQUAL(multi_move(&r, 2, PMIP_MOVE_IDLE, P1), mag == 1 ? -EOPNOTSUPP : 0);
		rig_acknowledge(&r, 0);
		CU_ASSERT_STRING_EQUAL(multi_rows(&r), mag == 1 ? "1:a1o 2:a2o" : "1:a1i 2:a2o 2:a1o");
		rig_close(&r);
	}
}

/* What its gateway forwards for another's sake it is not asked to advertise (RFC 7864 section 4.1). */
static void
off_link_there(void)
{
	static struct rig r;

	multi_open(&r);
	multi_moved(&r, 2, PMIP_MOVE_SHARED, P1);
	multi_moved(&r, 1, PMIP_MOVE_IDLE, P2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:a2o 2:a1al 2:a2i");
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_VENDOR_SPECIFIC);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 2);
	for (unsigned int i = 0; i < r.said.opt.hnp_count; i++)
		CU_ASSERT_EQUAL(r.said.opt.hnp[i].off_link, r.said.opt.hnp[i].prefix.addr.b[7] == 1);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"what a gateway may have done without an answer is taken back", unanswered},
	{"what a gateway has idle by mistake is told in the answer", idle_by_mistake},
	{"what is off link in the word of what is idle", off_link_there},
	{"what is listed in an update that waits", listed_and_parked},
	{"a session that has nothing but a flow's prefix", nothing_else},
	{"an interface that shares beside its own", shares_too},
	{"sessions that end before a gateway has answered", ends_before_the_answer},
	{"a flow whose interface is away, and another", another_interface},
	{"what is said to a source whose target ends", said_though_the_target_ends},
	{"what is said for a flow ends with the last that needs it", flow_gone},
	{"an heir without room", heir_without_room},
	{"a session that is being revoked takes no flows", revoked_takes_nothing},
	{"a refused de-registration takes back what was asked for", refused_takes_back},
	{"interfaces that attach anew without prefixes on link", attached_anew},
	{"a prefix that is active again", active_again},
	{"a flow where a prefix is idle", flow_where_idle},
	{"interfaces without identifiers", without_identifiers},
	{"temporal prefixes that a pull declares", declared_by_a_pull},
	{"two interfaces at one gateway", one_gateway},
	{"two interfaces at one gateway that is not told what is idle", one_gateway_without_vendor},
};

const struct case_table told_cases = {cases, UNIT_COUNT(cases)};
