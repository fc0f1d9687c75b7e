/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prefixes left a gateway, which has not heard of it (RFC 5846), and are there again by whatever way: what it is told
 * once more does not name them.
 */
#include "cases.h"
#include "several.h"

/* P1 and P2 were interface 1's, at gateway 1; P1 is interface 2's by now, and gateway 1 does not answer. */
static void
open_unheard(struct rig *r)
{
	struct pbu p = multi_at(1, 1, NULL);

	multi_settings(r);
	r->profile.prefix_count = 2;
	rig_start(r);
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
	r->profile.prefix[0] = rig_prefix(P3);
	r->profile.prefix_count = 1;
	p = multi_at(2, 1, NULL);
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
	p = multi_at(2, 242, P1);
	CU_ASSERT_EQUAL(rig_send(r, &p), 0);
	CU_ASSERT_EQUAL(r->said.type, MH_BRI);
	CU_ASSERT_EQUAL(lma_demand_count(r->l), 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(r), "1:a2o 2:a3o 2:a1o");
}

/* Nothing is said any more. */
static void
close_heard(struct rig *r)
{
	unsigned int told = r->told;

	CU_ASSERT_EQUAL(lma_demand_count(r->l), 0);
	rig_wait(r, 5000);
	CU_ASSERT_EQUAL(r->told, told);
	rig_close(r);
}

static void
said_again(void)
{
	static struct rig r;

	open_unheard(&r);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(r.told, 2);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 1);
	rig_close(&r);
}

static void
shared(void)
{
	static struct rig r;

	open_unheard(&r);
	multi_moved(&r, 1, PMIP_MOVE_SHARED, P1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a2o 1:a1al 2:a3o 2:a1o");
	close_heard(&r);
}

static void
for_a_flow(void)
{
	static struct rig r;

	open_unheard(&r);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 1, "destination=" P1), 0);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a2o 1:a1al 2:a3o 2:a1o");
	close_heard(&r);
}

/* The interface that has it is at the first one's gateway. */
static void
handed_over(void)
{
	struct pbu p = multi_at(2, 3, P1);
	static struct rig r;

	open_unheard(&r);
	p.hnp[1] = P3;
	p.mag = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a2o 2:a3o 2:a1o");
	close_heard(&r);
}

/* It has nothing to do with the two, but has the prefix from the policy store. */
static void
registered(void)
{
	struct pbu p = {.mag = 1, .ll = 3, .access_tech = 3};
	static struct rig r;

	open_unheard(&r);
	multi_close(&r, 2);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 1);
	r.profile.prefix[0] = rig_prefix(P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a2o 2:a1o");
	close_heard(&r);
}

static const struct unit_case cases[] = {
	{"what a gateway has not heard is said again", said_again},
	{"a prefix that is shared with the gateway that it left", shared},
	{"a flow's prefix at the gateway that it left", for_a_flow},
	{"a prefix whose interface comes to the gateway that it left", handed_over},
	{"a prefix that is registered at the gateway that it left", registered},
};

const struct case_table unheard_cases = {cases, UNIT_COUNT(cases)};
