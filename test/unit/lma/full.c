/* SPDX-License-Identifier: BSD-3-Clause */
/* Flows that there is no room for: at a gateway, or in what forwarding is to know of them. */
#include "cases.h"
#include "engine.h"
#include "several.h"

/* Its prefixes are all that a session may have: its gateway is not asked for more, once or for ever. */
static void
flow_without_room(void)
{
	static struct rig r;

	multi_open(&r);
	multi_open_full(&r, 8);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_ADD, 7, 10, 3, "protocol=udp"), 0);
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_FLOW_REFUSED], 1);
	CU_ASSERT_EQUAL(r.flow, 7);
	CU_ASSERT_EQUAL(multi_flow(&r, PMIP_FLOW_DEL, 7, 0, 0, NULL), -ENOENT);
	rig_close(&r);
}

/* There is no room for what forwarding is to know of flows: a mobile node moves all the same. */
static void
open_failed(struct rig *r)
{
	struct pbu p = multi_at(2, 3, P2);

	multi_open_flow(r);
	p.mag = 3;
	r->flows_fail = 1;
	CU_ASSERT_EQUAL(rig_send(r, &p), 0);
	CU_ASSERT_EQUAL(r->flows_fail, 0);
	rig_wait(r, 1001);
	CU_ASSERT_STRING_EQUAL(multi_rules(r, 1), "17>2");
}

/* Of two gateways. */
static void
flows_fail_alone(void)
{
	struct pbu p = multi_at(1, 5, P2);
	static struct rig r;

	open_failed(&r);
	r.flows_fail = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.flows_fail, 0);
	rig_wait(&r, 1001);
	rig_close(&r);
}

/* There is never room for some of a node's: they are tried again alone, and the others' are set. */
static void
flows_never_fit(void)
{
	struct pbu p = multi_at(1, 1, NULL);
	static struct rig r;

	multi_open(&r);
	multi_open_third(&r);
	multi_moved(&r, 3, PMIP_MOVE_SHARED, P1);
	multi_moved(&r, 3, PMIP_MOVE_SHARED, P2);
	multi_moved(&r, 1, PMIP_MOVE_SHARED, P2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:a2al 2:a2o 3:a3o 3:a1al 3:a2al");
	r.flows_never = 1u << multi_session(&r, 1) | 1u << multi_session(&r, 2);
	multi_close(&r, 3);
	CU_ASSERT_EQUAL(r.flows[multi_session(&r, 1)].share_count, 1);
	CU_ASSERT_EQUAL(r.flows[multi_session(&r, 2)].share_count, 2);
	rig_wait(&r, 4000);
	CU_ASSERT_STRING_EQUAL(r.trace, "WWWW");
	/* In turn. */
	r.flows_never = 1u << multi_session(&r, 1);
	rig_wait(&r, 2000);
	CU_ASSERT_EQUAL(r.flows[multi_session(&r, 1)].share_count, 1);
	CU_ASSERT_EQUAL(r.flows[multi_session(&r, 2)].share_count, 1);
	rig_wait(&r, 4000);
	CU_ASSERT_STRING_EQUAL(r.trace, "WWWW");
	/* Another session of this BID is not held up. */
	multi_close(&r, 1);
	r.flows_never = 0;
	r.profile.prefix_count = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	multi_moved(&r, 2, PMIP_MOVE_SHARED, P1);
	CU_ASSERT_EQUAL(r.flows[multi_session(&r, 1)].share_count, 1);
	rig_wait(&r, 5000);
	CU_ASSERT_STRING_EQUAL(r.trace, "");
	rig_close(&r);
}

/* What could not be set once keeps no place for its mobile node when there is nothing more to it. */
static void
flows_fail_and_go(void)
{
	static struct rig r;

	open_failed(&r);
	rig_wait(&r, 1000);
	multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL);
	rig_acknowledge(&r, 0);
	rig_wait(&r, 2001);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	CU_ASSERT_EQUAL(r.l->session[multi_session(&r, 2)].multi, 0);
	rig_close(&r);
}

/* Nor does what a gateway was told only to forward, once its session owns it and it is told to advertise it. */
static void
hosted_at_last(void)
{
	struct pbu p = multi_at(2, 4, NULL);
	static struct rig r;

	multi_open_flow(&r);
	multi_close(&r, 1);
	rig_wait(&r, 10);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1ol");
	multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL);
	rig_wait(&r, 10);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1ol");
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1o");
	CU_ASSERT_EQUAL(r.l->session[multi_session(&r, 2)].multi, 0);
	rig_close(&r);
}

/* There is no room for the last of its rows to become its own: it has that row as before. */
static void
last_row_taken_back(void)
{
	static struct rig r;

	for (unsigned int at = 1; at <= 2; at++) {
		multi_open_sharing(&r);
		CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a1a");
		r.forward_fails = at;
		CU_ASSERT_EQUAL(multi_move(&r, 2, PMIP_MOVE_AWAY, P1), 0);
		CU_ASSERT_EQUAL(r.forward_fails, 0);
		rig_wait(&r, 2000);
		CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a1a");
		CU_ASSERT(rig_sound(&r));
		rig_close(&r);
	}
}

static const struct unit_case cases[] = {
	{"a flow to a session without room", flow_without_room},
	{"flows that cannot be set", flows_fail_alone},
	{"flows that could not be set, and are over", flows_fail_and_go},
	{"what was off link, and is its session's own", hosted_at_last},
	{"the last row of a mobile node, which cannot become its session's own", last_row_taken_back},
	{"flows that can never be set, and others", flows_never_fit},
};

const struct case_table full_cases = {cases, UNIT_COUNT(cases)};
