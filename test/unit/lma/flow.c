/* SPDX-License-Identifier: BSD-3-Clause */
/* What an operator hears of flows: that one moved when packets of it do, once, and of none that has no prefix. */
#include <stdio.h>

#include "cases.h"
#include "several.h"

#define UDP_TO(prefix) "protocol=udp destination=" prefix

/* Policy 1 has UDP to this prefix take ATT2. */
static void
with_policy(struct rig *r, const char *prefix)
{
	static struct pmip_flow_policy list[1];
	char text[80];
	const char *why;

	snprintf(text, sizeof(text), UDP_TO("%s"), prefix);
	list[0] = (struct pmip_flow_policy){.name = "video", .priority = 10, .access_tech = ATT2};
	CU_ASSERT_FATAL(selector_parse(text, &list[0].selector, &why) == 0);
	r->s.flow_policies = list;
	r->s.flow_policy_count = 1;
	r->profile.flow_policies = 1;
}

/* The mobile node's only flow. */
static bool
is_active(struct rig *r)
{
	struct pmip_mn_id id = multi_mn();
	struct lma_flow_view v;

	CU_ASSERT_FATAL(lma_next_flow(r->l, &id, 0, &v));
	CU_ASSERT_FALSE(v.waiting);
	return v.active;
}

/* A destination that is none of the mobile node's, and may be a slip of the pen. */
static void
to_nobody(void)
{
	struct pmip_mn_id id = multi_mn();
	struct lma_flow_view v;
	static struct rig r;

	multi_open(&r);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, UDP_TO(P3)), -EADDRNOTAVAIL);
	CU_ASSERT_FALSE(lma_next_flow(r.l, &id, 0, &v));
	CU_ASSERT_STRING_EQUAL(r.trace, "");
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, UDP_TO("2001:db8:a::/48")), 0);
	rig_acknowledge(&r, 0);
	CU_ASSERT(is_active(&r));
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL), 0);
	rig_acknowledge(&r, 0);
	multi_open_third(&r);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, UDP_TO(P3)), 0);
	rig_close(&r);
}

/* A policy is of many: where a mobile node has no such prefix its flow waits for one. */
static void
policy_to_nobody(void)
{
	struct pbu p = multi_at(2, MH_HANDOFF_NO_CHANGE, P2);
	static struct rig r;

	multi_settings(&r);
	with_policy(&r, P3);
	multi_open_two(&r);
	CU_ASSERT_FALSE(is_active(&r));
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 0);
	multi_open_third(&r);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	rig_acknowledge(&r, 0);
	CU_ASSERT(is_active(&r));
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 1);
	rig_close(&r);
	/* It comes to the very interface that the flow takes, and nobody is asked. */
	multi_aggregates(&r);
	with_policy(&r, T2_1);
	multi_open_two(&r);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 0);
	p.temporal[0] = T2_1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(is_active(&r));
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 1);
	rig_close(&r);
}

/* It takes what it took when its gateway is asked for more, and when others come and go. */
static void
told_once(void)
{
	static struct rig r;

	multi_open_flow(&r);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 1);
	multi_open_third(&r);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 3), "17>2");
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 1);
	multi_close(&r, 3);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 1);
	rig_close(&r);
}

/* Its session ends, and its interface comes back. */
static void
told_again(void)
{
	struct pbu p = multi_at(2, MH_HANDOFF_NEW_INTERFACE, NULL);
	static struct rig r;

	multi_open_flow(&r);
	multi_close(&r, 2);
	CU_ASSERT_FALSE(is_active(&r));
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	rig_acknowledge(&r, 0);
	CU_ASSERT(is_active(&r));
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 2);
	rig_close(&r);
}

/* There is no room for its rule: nobody hears that it moved before there is. */
static void
not_before_its_rule(void)
{
	struct pbu p = multi_at(2, MH_HANDOFF_NO_CHANGE, P2);
	static struct rig r;

	multi_aggregates(&r);
	with_policy(&r, T2_1);
	multi_open_two(&r);
	multi_moved(&r, 1, PMIP_MOVE_SHARED, P2);
	p.temporal[0] = T2_1;
	r.flows_never = UINT32_MAX;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 0);
	r.flows_never = 0;
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_MOVED], 1);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"a flow to none of the mobile node's prefixes is refused", to_nobody},
	{"a policy's flow to none of them is not said to have moved before it does", policy_to_nobody},
	{"a flow that stays where it is is not said to have moved", told_once},
	{"a flow whose interface is back is said to have moved again", told_again},
	{"a flow is said to have moved behind its rule", not_before_its_rule},
};

const struct case_table flow_cases = {cases, UNIT_COUNT(cases)};
