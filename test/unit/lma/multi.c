/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sessions that have each other's prefixes: shared ones and flows (RFC 7864), flow handovers
 * (draft-park-multihoming-ext-pmipv6-2level-prefix). Interface 1 is on ATT1 at gateway 1, interface 2 on ATT2 at
 * gateway 2.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "engine.h"
#include "mh/vendor.h"
#include "rig.h"
#include "several.h"

static const struct pmip_flow_policy policies[] = {{.name = "video",
						    .priority = 10,
						    .access_tech = ATT2,
						    .selector = {.fields = SELECTOR_PROTOCOL, .protocol = {17, 17}}}};

static void
shared_prefixes(void)
{
	struct pbu p = multi_at(1, 5, P1), q = multi_at(2, MH_HANDOFF_SHARED_PREFIXES, P1);
	static struct rig r;

	multi_settings(&r);
	multi_open_one(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &q), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "AFSPPW");
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT_FALSE(r.pba.opt.hnp[0].off_link);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a1a");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	/* Sent again it updates; so does a refresh. */
	CU_ASSERT_EQUAL(rig_send(&r, &q), 0);
	q.handoff = 5;
	CU_ASSERT_EQUAL(rig_send(&r, &q), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a1a");
	/* The first leaves: the second goes on with it, and is its owner. */
	CU_ASSERT_EQUAL(multi_leave(&r, 1, P1), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a1o");
	CU_ASSERT(rig_sound(&r));
	rig_wait(&r, 60000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

static void
shared_otherwise(void)
{
	struct pbu q = multi_at(2, MH_HANDOFF_SHARED_PREFIXES, P1);
	static struct rig r;

	multi_open(&r);
	/* Part of a session's set, and what is of two. */
	q.hnp[1] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &q), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	/* Nobody's, another node's: RFC 5213 section 5.4.1.1. */
	q.hnp[0] = "2001:db8:a:9::/64";
	q.hnp[1] = NULL;
	CU_ASSERT_EQUAL(rig_send(&r, &q), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	q.hnp[0] = P1;
	q.mn = "mn2@example.com";
	CU_ASSERT_EQUAL(rig_send(&r, &q), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	rig_close(&r);
	/* Off. */
	multi_settings(&r);
	r.s.multihoming.flow_mobility = false;
	multi_open_two(&r);
	q = multi_at(2, MH_HANDOFF_SHARED_PREFIXES, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &q), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	rig_close(&r);
}

/* Figures 4 and 5 of RFC 7864: the gateway is asked first. */
static void
flow_to_another_gateway(void)
{
	struct addr6 mag2 = rig_mag(2);
	static struct rig r;

	multi_open(&r);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 0, 10, 2, "protocol=udp"), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "S");
	CU_ASSERT_EQUAL(r.said.type, MH_UPN);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	CU_ASSERT(addr6_equal(&r.said_to, &mag2));
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 1);
	CU_ASSERT(r.said.opt.hnp[0].off_link);
	CU_ASSERT_EQUAL(r.said.opt.flow_count, 1);
	CU_ASSERT(r.said.opt.flow[0].selector_given);
	CU_ASSERT_EQUAL(r.said.opt.flow[0].id, 1);
	CU_ASSERT_EQUAL(r.said.opt.flow[0].bid[0], 2);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "");
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_MOVE, 1, 0, 1, NULL), -EBUSY);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "PWP");
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 2), "");
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 1);
	CU_ASSERT(rig_sound(&r));
	/* A further flow needs nothing more, nor the way back of the first. */
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 7, 5, 2, "protocol=tcp"), 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "6>2 17>2");
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_DEL, 7, 0, 0, NULL), 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	/* To interface 1 goes P2's too, and its gateway has to be asked. */
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_MOVE, 1, 0, 1, NULL), 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 2), "17>1");
	rig_close(&r);
}

static void
flow_refused(void)
{
	static const uint8_t statuses[] = {131, 132, 128};
	static struct rig r;

	multi_open(&r);
	for (unsigned int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "protocol=udp"), 0);
		rig_acknowledge(&r, statuses[i]);
		CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_REFUSED], i + 1);
		CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL), -ENOENT);
	}
	/* No answer. */
	multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "protocol=udp");
	rig_wait(&r, 60000);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_REFUSED], 4);
	/* The move of a prefix alike. */
	CU_ASSERT_EQUAL(multi_move(&r, 2, PMIP_MOVE_SHARED, P1), 0);
	CU_ASSERT_EQUAL(multi_move(&r, 2, PMIP_MOVE_SHARED, P1), -EBUSY);
	rig_acknowledge(&r, 132);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_MOVE_REFUSED], 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	/* Its forwarding cannot be set. */
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "protocol=udp"), 0);
	r.flows_fail = 1;
	rig_acknowledge(&r, 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_REFUSED], 5);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	rig_wait(&r, 10000);
	rig_close(&r);
}

static void
flow_checks(void)
{
	static struct rig r;

	multi_open(&r);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 0, 0, 2, "protocol=udp"), -EINVAL);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 0, 1, 3, "protocol=udp"), -ENOENT);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_MOVE, 3, 0, 1, NULL), -ENOENT);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_DEL, 3, 0, 1, NULL), -ENOENT);
	/* What is of interface 2 anyway concerns nobody else: nothing is asked. */
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 3, 1, 2, "destination=" P2), 0);
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 3, 1, 2, "protocol=udp"), -EEXIST);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_MOVE, 3, 0, 2, NULL), -EEXIST);
	/* RFC 6089 section 4.2: no two of one priority. */
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 4, 1, 2, "protocol=udp"), -EEXIST);
	for (uint16_t i = 2; i <= PMIP_FLOWS_MAX; i++)
		CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 0, i, 2, "destination=" P2), 0);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 0, 99, 2, "protocol=udp"), -ENOSPC);
	CU_ASSERT_EQUAL(multi_move(&r, 2, PMIP_MOVE_SHARED, "2001:db8:a:9::/64"), -ENOENT);
	CU_ASSERT_EQUAL(multi_move(&r, 2, PMIP_MOVE_SHARED, P2), -EEXIST);
	CU_ASSERT_EQUAL(multi_move(&r, 5, PMIP_MOVE_SHARED, P1), -ENOENT);
	rig_close(&r);
	multi_settings(&r);
	r.s.multihoming.flow_mobility = false;
	multi_open_two(&r);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 0, 1, 2, "protocol=udp"), -EOPNOTSUPP);
	CU_ASSERT_EQUAL(multi_move(&r, 2, PMIP_MOVE_SHARED, P1), -EOPNOTSUPP);
	CU_ASSERT_EQUAL(r.told, 0);
	rig_close(&r);
}

/* RFC 7864 section 5.2: inactive while its binding is not there; and forwarding follows a handover. */
static void
flow_follows_its_session(void)
{
	struct pmip_mn_id id = multi_mn();
	struct pbu p = multi_at(2, 4, P2);
	struct lma_flow_view v;
	static struct rig r;

	multi_open(&r);
	multi_flow(&r, PMIP_FLOW_ADD, 0, 10, 2, "protocol=udp");
	rig_acknowledge(&r, 0);
	/* To another gateway: the answer names what it is to forward, off link. */
	p.handoff = 3;
	p.mag = 3;
	p.ll = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "FSPW");
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 2);
	CU_ASSERT_FALSE(r.pba.opt.hnp[0].off_link);
	CU_ASSERT(r.pba.opt.hnp[1].off_link);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	/* It need not list that, and may. */
	p.handoff = 5;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p.hnp[1] = P1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p.hnp[1] = "2001:db8:a:9::/64";
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p.hnp[1] = NULL;
	p.handoff = 4;
	p.dereg = true;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "");
	rig_wait(&r, 60000);
	CU_ASSERT(lma_next_flow(r.l, &id, 0, &v));
	CU_ASSERT_FALSE(v.active);
	CU_ASSERT_EQUAL(v.bid, 2);
	/* It is back. */
	p = multi_at(2, 1, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(lma_next_flow(r.l, &id, 0, &v));
	CU_ASSERT(v.active);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	rig_close(&r);
}

static void
flow_by_policy(void)
{
	struct pmip_mn_id id = multi_mn();
	struct pbu p = multi_at(2, 1, NULL);
	struct lma_flow_view v;
	static struct rig r;

	multi_settings(&r);
	r.s.flow_policies = policies;
	r.s.flow_policy_count = 1;
	r.profile.flow_policies = 1;
	multi_open_one(&r);
	CU_ASSERT_FALSE(lma_next_flow(r.l, &id, 0, &v));
	r.profile.prefix_count = 2;
	rig_send(&r, &p);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	CU_ASSERT(lma_next_flow(r.l, &id, 0, &v));
	CU_ASSERT_STRING_EQUAL(v.policy, "video");
	/* Wlan is gone: back to the default; and wlan again. */
	multi_leave(&r, 2, P2);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "");
	rig_wait(&r, 60000);
	p = multi_at(2, 1, NULL);
	rig_send(&r, &p);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	rig_close(&r);
}

/* An answer is about what was asked: what came up since is asked in its turn. */
static void
asked_while_asking(void)
{
	static struct rig r;

	multi_open(&r);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "protocol=udp"), 0);
	multi_open_third(&r);
	CU_ASSERT_EQUAL(r.told, 1);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 1);
	rig_acknowledge(&r, 0);
	/* The third one's prefix is not at gateway 2 yet, and the flow not moved. */
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 3:a3o");
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 2);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 3), "17>2");
	/* Where one gateway has two of them, it is told which one is meant. */
	CU_ASSERT_FALSE(mh_has(&r.said, MH_OPT_MN_LINK_LAYER_ID));
	r.profile.prefix[3] = rig_prefix("2001:db8:a:4::/64");
	r.profile.prefix_count = 4;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 2, .ll = 7, .access_tech = 9}), 0);
	CU_ASSERT(mh_has(&r.said, MH_OPT_MN_LINK_LAYER_ID));
	CU_ASSERT_EQUAL(r.said.opt.mn_ll_id.id[5], 2);
	CU_ASSERT_EQUAL(r.said.opt.access_tech.value, ATT2);
	rig_close(&r);
	/* A flow that has moved does not go by who has not got its prefix. */
	multi_open_flow(&r);
	multi_open_third(&r);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 3), "");
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 2);
	rig_acknowledge(&r, 131);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 3), "");
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"what comes up while a gateway is asked", asked_while_asking},
	{"RFC7864-3.2.1-02 -03 -04: shared prefixes", shared_prefixes},
	{"shared prefixes that cannot be, and off", shared_otherwise},
	{"RFC7864-3.2.2-01 -02 3.4-01 -02 4.2-01: a flow to another gateway", flow_to_another_gateway},
	{"RFC7864-4.3-01: flows and moves that are refused", flow_refused},
	{"what commands may say", flow_checks},
	{"RFC7864-3.3-01 5.2-01: a flow and its session", flow_follows_its_session},
	{"a flow by policy", flow_by_policy},
};

const struct case_table multi_cases = {cases, UNIT_COUNT(cases)};
