/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prefixes that a session keeps idle for the way back (draft-park-multihoming-ext-pmipv6-2level-prefix), and who has
 * them when sessions end.
 */
#include <string.h>

#include "cases.h"
#include "engine.h"
#include "mh/vendor.h"
#include "several.h"

static struct pmip_aggregate aggregates[2];

/* By command, each way; the gateway that prefixes go to is asked, and the one that they left told. */
static void
moved_by_command(void)
{
	static struct rig r;

	multi_open(&r);
	CU_ASSERT_EQUAL(multi_move(&r, 2, PMIP_MOVE_IDLE, NULL), 0);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_FLOW_MOBILITY);
	CU_ASSERT_FALSE(r.said.opt.hnp[0].off_link);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_PREFIXES_MOVED], 1);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_VENDOR_SPECIFIC);
	rig_acknowledge(&r, 0);
	CU_ASSERT(rig_sound(&r));
	/* Home: gateway 2 gives it up. */
	multi_moved(&r, 1, PMIP_MOVE_IDLE, P1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	CU_ASSERT_EQUAL(r.said.type, MH_BRI);
	rig_acknowledge(&r, 0);
	multi_moved(&r, 2, PMIP_MOVE_AWAY, P1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1o");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_wait(&r, 60000);
	rig_close(&r);
}

/* Figure 7 of the draft: the temporal prefix of a flow goes to the other gateway, and back. */
static void
flow_handover(void)
{
	struct pbu p = multi_at(2, 5, T1_2), cut = multi_cut(T1_1, T1_2);
	struct mh_vendor_prefix said[4];
	static struct rig r;

	multi_aggregates(&r);
	multi_open_two(&r);
	CU_ASSERT_EQUAL(r.aggregates, 2);
	CU_ASSERT_EQUAL(rig_send(&r, &cut), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:12o 2:a2o");
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:12i 2:a2o 2:12o");
	CU_ASSERT(rig_sound(&r));
	/* Gateway 1 hears of it. */
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_VENDOR_SPECIFIC);
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&r.said, RIG_VENDOR, said, 4), 1);
	CU_ASSERT_EQUAL(said[0].flags, 0xd0);
	rig_acknowledge(&r, 0);
	/* And refreshes. */
	p = multi_cut(T1_1, "-" T1_2);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:12i 2:a2o 2:12o");
	p = multi_at(2, 5, P2);
	p.hnp[1] = T1_2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	/* All of gateway 1's, by its block. */
	p = multi_at(2, 5, "2002:2:1::/48");
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12i 1:11i 2:a2o 2:12o 2:11o");
	/* The way back. */
	p = multi_at(1, 5, T1_2);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 1:11i 2:a2o 2:11o");
	CU_ASSERT(rig_sound(&r));
	/* The serving session ends: what has an idle row flips back. */
	CU_ASSERT_EQUAL(multi_leave(&r, 2, P2), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 1:11o 2:a2o");
	CU_ASSERT(rig_sound(&r));
	rig_wait(&r, 60000);
	rig_close(&r);
}

static void
flow_handover_errors(void)
{
	struct pbu p = multi_at(2, 5, "2002:2:3:1::/64");
	static struct rig r;

	multi_open(&r);
	/* Outside any block; of nobody. */
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	p.hnp[0] = P1;
	p.hnp[1] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	/* A gateway without a session of the mobile node, that is late with its refresh, gets nothing. */
	p = multi_at(3, 5, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	/* The origin leaves: its idle rows alone go, when it does not come back. */
	p = multi_at(2, 5, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	CU_ASSERT_EQUAL(multi_leave(&r, 1, P1), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	rig_wait(&r, 10000);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1o");
	rig_close(&r);
	multi_settings(&r);
	r.s.multihoming.hi5_flow_handover = false;
	multi_open_two(&r);
	p = multi_at(2, 5, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	rig_close(&r);
}

static void
who_inherits(void)
{
	static struct rig r;

	multi_open(&r);
	multi_open_third(&r);
	multi_moved(&r, 2, PMIP_MOVE_IDLE, P1);
	rig_acknowledge(&r, 0);
	multi_moved(&r, 3, PMIP_MOVE_SHARED, P1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o 3:a3o 3:a1al");
	/* Where it has traffic, before where it has not; and what could not be set is set a little later. */
	r.forward_fails = 1;
	CU_ASSERT_EQUAL(multi_leave(&r, 2, NULL), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 3:a3o 3:a1ol");
	CU_ASSERT_FALSE(rig_sound(&r));
	rig_wait(&r, 1001);
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* All rows of the node are gone when its forwarding fails. */
static void
inherited_late(void)
{
	static struct rig r;

	multi_open_sharing(&r);
	r.forward_fails = 1;
	CU_ASSERT_EQUAL(multi_leave(&r, 1, P1), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a1o");
	CU_ASSERT_EQUAL(r.forward_fails, 0);
	rig_wait(&r, 1001);
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* A session that has nothing but idle rows: its refresh says so, and is none that asks for them. */
static void
idle_refresh(void)
{
	struct pbu p = multi_at(2, 5, P1);
	static struct rig r;

	multi_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	/* Sent again, since its answer was lost: it has them. */
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	/* A refresh of who has not heard of it yet is none either. */
	p = multi_at(1, 5, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	rig_acknowledge(&r, 0);
	p.temporal[0] = "-" P1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	p.temporal[0] = NULL;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	rig_close(&r);
}

static bool
takes(struct rig *r, const char *a, const char *b)
{
	struct lma *l;

	aggregates[0] = (struct pmip_aggregate){rig_mag(1), rig_prefix(a)};
	aggregates[1] = (struct pmip_aggregate){rig_mag(2), rig_prefix(b)};
	r->s.aggregates = aggregates;
	r->s.aggregate_count = 2;
	l = lma_new(&r->s);
	lma_free(l);
	return l != NULL;
}

static void
aggregates_in_range(void)
{
	static struct rig r;

	multi_settings(&r);
	CU_ASSERT(takes(&r, "2002:2:1::/48", "2002:2:2::/63"));
	CU_ASSERT_FALSE(takes(&r, "2002:2:1::/48", "2002:2:1:8::/62"));
	CU_ASSERT_FALSE(takes(&r, "2002:2:1::/48", "2002:2:2::/64"));
	CU_ASSERT_FALSE(takes(&r, "2002:2::/47", "2002:4:2::/48"));
}

static const struct unit_case cases[] = {
	{"aggregates that cannot be", aggregates_in_range},
	{"prefixes moved by command", moved_by_command},
	{"flow handover by temporal prefixes, Figure 7, and back", flow_handover},
	{"flow handovers that cannot be, and their sessions' ends", flow_handover_errors},
	{"who inherits a prefix, and forwarding that fails then", who_inherits},
	{"an inheritance without rows whose forwarding fails", inherited_late},
	{"the refresh of a session whose prefixes are idle", idle_refresh},
};

const struct case_table heir_cases = {cases, UNIT_COUNT(cases)};
