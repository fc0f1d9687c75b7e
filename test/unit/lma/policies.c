/* SPDX-License-Identifier: BSD-3-Clause */
/* Flow policies that change while mobile nodes have flows of them. */
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "several.h"

#define UDP 17
#define TCP 6

static struct pmip_flow_policy list[PMIP_FLOW_POLICIES_MAX];

static struct pmip_flow_policy
policy(const char *name, uint8_t protocol, uint16_t priority, uint8_t access_tech)
{
	struct pmip_flow_policy p = {.priority = priority,
				     .access_tech = access_tech,
				     .selector = {.fields = SELECTOR_PROTOCOL, .protocol = {protocol, protocol}}};

	snprintf(p.name, sizeof(p.name), "%s", name);
	return p;
}

/* Both gateways do what they were asked, whichever was asked last. */
static void
settle(struct rig *r)
{
	struct mh_msg m = {.type = MH_UPA};

	for (unsigned int round = 0; round < 8 && lma_demand_count(r->l) > 0; round++)
		for (unsigned int i = 0; i < 4; i++) {
			struct addr6 from = rig_mag(1 + i / 2);

			m.upa.sequence = (uint16_t)(r->said.upn.sequence - i % 2);
			rig_send_message(r, &m, &from);
		}
	CU_ASSERT_EQUAL(lma_demand_count(r->l), 0);
}

/* So many policies, of which these bits' are the mobile node's. */
static void
settings_with(struct rig *r, unsigned int count, uint64_t policies)
{
	multi_settings(r);
	r->s.flow_policies = list;
	r->s.flow_policy_count = count;
	r->profile.flow_policies = policies;
}

/* It has two sessions. */
static void
open_with(struct rig *r, unsigned int count, uint64_t policies)
{
	settings_with(r, count, policies);
	multi_open_two(r);
	settle(r);
}

static void
change(struct rig *r, unsigned int count)
{
	struct lma_change_refusal why;

	r->s.flow_policy_count = count;
	CU_ASSERT_EQUAL_FATAL(rig_change(r, &r->s, &why), 0);
	rig_wait(r, 100);
}

/* As "NAME:PRIORITY>BID", of a command with no name. */
static const char *
flows(struct rig *r)
{
	const struct pmip_mn_id id = {.subtype = 1, .len = 15, .id = "mn1@example.com"};
	static char text[256];
	struct lma_flow_view v;
	size_t at = 0;

	text[0] = '\0';
	for (unsigned int i = 0; lma_next_flow(r->l, &id, i, &v); i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s:%u>%u", i > 0 ? " " : "", v.policy,
				       v.priority, v.bid);
	return text;
}

static void
named_by_name(void)
{
	static struct rig r;

	list[0] = policy("video", UDP, 10, ATT2);
	list[1] = policy("files", TCP, 20, ATT1);
	open_with(&r, 2, 3);
	CU_ASSERT_STRING_EQUAL(flows(&r), "video:10>2 files:20>1");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2 6>1");
	/* Others before them, and in another order: they are what they were, and nobody is asked anything. */
	list[3] = list[0];
	list[0] = policy("voice", UDP, 5, ATT1);
	list[2] = policy("last", UDP, 30, ATT1);
	change(&r, 4);
	CU_ASSERT_STRING_EQUAL(flows(&r), "video:10>2 files:20>1");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2 6>1");
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	CU_ASSERT_PTR_NULL(strchr(r.trace, 'S'));
	change(&r, 4); /* to the same */
	CU_ASSERT_STRING_EQUAL(r.trace, "");
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* One goes, one says another thing, and one is as it was. */
static void
changed(void)
{
	static struct rig r;

	list[0] = policy("video", UDP, 10, ATT2);
	list[1] = policy("files", TCP, 20, ATT2);
	list[2] = policy("rest", 58, 30, ATT1);
	open_with(&r, 3, 7);
	CU_ASSERT_STRING_EQUAL(flows(&r), "video:10>2 files:20>2 rest:30>1");
	list[0] = policy("files", TCP, 25, ATT1);
	list[1] = list[2];
	change(&r, 2);
	settle(&r);
	CU_ASSERT_STRING_EQUAL(flows(&r), "files:25>1 rest:30>1");
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "");
	change(&r, 0);
	settle(&r);
	CU_ASSERT_STRING_EQUAL(flows(&r), "");
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* A command's flow keeps its priority, and an update that waits for its mobile node's end has the right policies. */
static void
beside_others(void)
{
	struct pbu p = multi_at(2, 1, NULL);
	static struct rig r;

	list[0] = policy("video", UDP, 10, ATT2);
	open_with(&r, 1, 1);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 0, 20, 2, "protocol=tcp"), 0);
	CU_ASSERT_STRING_EQUAL(flows(&r), "video:10>2 :20>2");
	list[0] = policy("video", UDP, 20, ATT2);
	change(&r, 1);
	CU_ASSERT_STRING_EQUAL(flows(&r), ":20>2 video:21>2");
	rig_close(&r);

	list[0] = policy("video", UDP, 10, ATT2);
	settings_with(&r, 1, 1);
	multi_open_one(&r);
	r.policy_silent = true;
	r.profile.prefix_count = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), RIG_SILENCE);
	list[1] = list[0];
	list[0] = policy("voice", 58, 5, ATT2);
	change(&r, 2);
	r.profile.flow_policies = 2; /* as the store has it by now */
	r.policy_silent = false;
	rig_answer_policy(&r);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(flows(&r), "video:10>2");
	rig_close(&r);
}

/* And comes again, before the interface that it takes leaves. */
static void
and_back(void)
{
	static struct rig r;

	list[0] = policy("video", UDP, 10, ATT2);
	open_with(&r, 1, 1);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	list[0] = policy("video", TCP, 10, ATT2);
	change(&r, 1);
	settle(&r);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "6>2");
	list[0] = policy("video", UDP, 10, ATT2);
	change(&r, 1);
	settle(&r);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "17>2");
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	CU_ASSERT_EQUAL(multi_leave(&r, 2, P2), 0);
	CU_ASSERT_STRING_EQUAL(multi_rules(&r, 1), "");
	CU_ASSERT(rig_sound(&r));
	rig_wait(&r, 60000);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o");
	CU_ASSERT_STRING_EQUAL(flows(&r), "video:10>0");
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"flow policies in another order are the same by their names", named_by_name},
	{"flow policies that go or say another thing", changed},
	{"a flow policy that changes, and changes back", and_back},
	{"flow policies beside flows of commands, and while policy is asked", beside_others},
};

const struct case_table policies_cases = {cases, UNIT_COUNT(cases)};
