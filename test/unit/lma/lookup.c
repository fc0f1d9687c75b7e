/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of RFC 5213 section 5.4.1: which session an update is about. */
#include <stdio.h>

#include "cases.h"
#include "rig.h"

#define P0 "2001:db8:1000::/64"
#define P1 "2001:db8:1000:1::/64"

/* What became of an update: its status, how many sessions there are, and how often the first one moved. */
struct row {
	const char *what;
	struct pbu first, second; /* sessions before it; second.mn NULL: none */
	struct pbu asked;
	int status;
	unsigned int sessions, moves;
};

static void
run(const struct row *row)
{
	struct rig r;
	struct lma_view v;
	int status;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &row->first), 0);
	if (row->second.mn != NULL)
		CU_ASSERT_EQUAL(rig_send(&r, &row->second), 0);
	status = rig_send(&r, &row->asked);
	rig_wait(&r, 2000);
	if (status == RIG_SILENCE && r.answers > 1 + (row->second.mn != NULL))
		status = r.pba.pba.status;
	CU_ASSERT(lma_find(r.l, 0, &v));
	if (status != row->status || lma_session_count(r.l) != row->sessions || v.handovers != row->moves) {
		printf("%s: status %d, %u sessions, %u moves\n", row->what, status, lma_session_count(r.l),
		       v.handovers);
		CU_FAIL("a row of the table");
	}
	rig_close(&r);
}

#define RUN(rows)                                                                                                      \
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++)                                                            \
	run(&(rows)[i])

static void
by_prefix(void)
{
	/* shows: RFC5213-5.3.1-14 RFC5213-5.4-04 RFC5213-5.4-05 RFC5213-5.4.1-01 */
	/* shows: RFC5213-5.4.1.1-01 RFC5213-5.4.1.1-02 RFC5213-5.4.1.1-04 RFC5213-5.4.1.1-05 RFC5213-5.4.1.1-06 */
	/* shows: RFC5213-5.4.1.1-07: the prefix of a new session is another's, even if it is the mobile node's own */
	static const struct row rows[] = {
		{"no entry has the prefix: new, and not authorised", {.ll = 1}, {0}, {.ll = 1, .hnp = {P1}}, 155, 1, 0},
		{"no entry has the prefix: new", {.ll = 1}, {0}, {.ll = 2, .handoff = 2, .hnp = {P1}}, 0, 2, 0},
		{"another node's prefix", {.ll = 1}, {0}, {.mn = "mn2", .ll = 1, .hnp = {P0}}, 155, 1, 0},
		{"another node's prefix, to de-register",
		 {.ll = 1},
		 {.mn = "mn2"},
		 {.mn = "mn2", .dereg = true, .hnp = {P0}},
		 155,
		 2,
		 0},
		{"one prefix more than the entry has", {.ll = 1}, {0}, {.ll = 1, .hnp = {P0, P1}}, 159, 1, 0},
		{"the prefix and an ALL_ZERO one", {.ll = 1}, {0}, {.ll = 1, .hnp = {P0, "::/0"}}, 159, 1, 0},
		{"the other prefix first", {.ll = 1}, {0}, {.ll = 1, .hnp = {P1, P0}}, 159, 1, 0},
		{"same link-layer identifier and technology, unknown handoff",
		 {.ll = 1},
		 {0},
		 {.ll = 1, .mag = 2, .handoff = 4, .hnp = {P0}},
		 0,
		 1,
		 1},
		{"same link-layer identifier and technology, new interface",
		 {.ll = 1},
		 {0},
		 {.ll = 1, .mag = 2, .handoff = 1, .hnp = {P0}},
		 0,
		 1,
		 1},
		{"same link-layer identifier, another technology",
		 {.ll = 1},
		 {0},
		 {.ll = 1, .mag = 2, .handoff = 3, .access_tech = 3, .hnp = {P0}},
		 155,
		 1,
		 0},
		{"another identifier, between gateways",
		 {.ll = 1},
		 {0},
		 {.ll = 2, .mag = 2, .handoff = 3, .hnp = {P0}},
		 155,
		 1,
		 0},
		{"another identifier, between interfaces",
		 {.ll = 1},
		 {0},
		 {.ll = 2, .mag = 2, .handoff = 2, .access_tech = 3, .hnp = {P0}},
		 0,
		 1,
		 1},
		{"no identifier anywhere, between gateways",
		 {.ll = 0},
		 {0},
		 {.mag = 2, .handoff = 3, .hnp = {P0}},
		 0,
		 1,
		 1},
		{"no identifier anywhere, unknown handoff",
		 {.ll = 0},
		 {0},
		 {.mag = 2, .handoff = 4, .hnp = {P0}},
		 155,
		 1,
		 0},
		{"no identifier, but the entry has one",
		 {.ll = 1},
		 {0},
		 {.mag = 2, .handoff = 3, .hnp = {P0}},
		 155,
		 1,
		 0},
		{"an identifier, but the entry has none",
		 {.ll = 0},
		 {0},
		 {.ll = 1, .mag = 2, .handoff = 3, .hnp = {P0}},
		 155,
		 1,
		 0},
		{"the prefix is the key, whatever the identifier says",
		 {.ll = 1},
		 {.mn = "mn1@example.com", .ll = 2},
		 {.ll = 2, .mag = 2, .handoff = 2, .hnp = {P0}},
		 0,
		 2,
		 1},
		{"the prefix of the second interface, unknown handoff",
		 {.ll = 1},
		 {.mn = "mn1@example.com", .ll = 2},
		 {.ll = 2, .mag = 2, .handoff = 4, .hnp = {P1}},
		 0,
		 2,
		 0},
		{"same gateway and technology", {.ll = 1}, {0}, {.ll = 2, .handoff = 5, .hnp = {P0}}, 0, 1, 0},
		{"same gateway, another technology",
		 {.ll = 1},
		 {0},
		 {.ll = 2, .handoff = 5, .access_tech = 3, .hnp = {P0}},
		 155,
		 1,
		 0},
	};

	RUN(rows);
}

static void
prefix_set(void)
{
	struct rig r;

	rig_open(&r);
	r.profile.prefixes_wanted = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	/* shows: RFC5213-5.4.1.1-05 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .hnp = {P0}}), 159);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .hnp = {P1}}), 159);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .hnp = {P0, P0}}), 159);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .hnp = {P0, "2001:db8:1000:2::/64"}}), 159);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .hnp = {P0, P1, "2001:db8:1000:2::/64"}}), 159);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .hnp = {P1, P0}}), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

static void
by_ll_id(void)
{
	/* shows: RFC5213-5.4.1.2-01 RFC5213-5.4.1.2-02 RFC5213-5.4.1.2-03 RFC5213-5.4.1.2-04 RFC5213-5.4.1.2-05 */
	/* shows: RFC5213-5.4.1.2-06 RFC5213-5.4.1.2-07 RFC5213-5.4.1.2-08 RFC5213-5.4.1.2-12 */
	static const struct row rows[] = {
		{"same identifier and technology, new interface", {.ll = 1}, {0}, {.ll = 1, .mag = 2}, 0, 1, 1},
		{"same identifier and technology, unknown handoff",
		 {.ll = 1},
		 {0},
		 {.ll = 1, .mag = 2, .handoff = 4},
		 0,
		 1,
		 1},
		{"same identifier, another technology",
		 {.ll = 1},
		 {0},
		 {.ll = 1, .mag = 2, .access_tech = 3, .handoff = 3},
		 0,
		 2,
		 0},
		{"the identifier of the second of two entries",
		 {.ll = 1},
		 {.mn = "mn1@example.com", .ll = 2},
		 {.ll = 2, .mag = 2, .handoff = 1},
		 0,
		 2,
		 0},
		{"the identifier of the first of two entries, between interfaces",
		 {.ll = 1},
		 {.mn = "mn1@example.com", .ll = 2},
		 {.ll = 1, .mag = 2, .handoff = 2},
		 0,
		 2,
		 1},
		{"another identifier, between interfaces, one entry",
		 {.ll = 1},
		 {0},
		 {.ll = 2, .mag = 2, .handoff = 2},
		 0,
		 1,
		 1},
		{"another identifier, between interfaces, two entries",
		 {.ll = 1},
		 {.mn = "mn1@example.com", .ll = 2},
		 {.ll = 3, .mag = 2, .handoff = 2},
		 0,
		 3,
		 0},
		{"another identifier, between gateways", {.ll = 1}, {0}, {.ll = 2, .mag = 2, .handoff = 3}, 0, 2, 0},
		{"another identifier, unknown handoff, nothing de-registered",
		 {.ll = 1},
		 {0},
		 {.ll = 2, .mag = 2, .handoff = 4},
		 0,
		 2,
		 0},
		{"another identifier, unknown handoff, two entries",
		 {.ll = 1},
		 {.mn = "mn1@example.com", .ll = 2},
		 {.ll = 3, .mag = 2, .handoff = 4},
		 0,
		 3,
		 0},
		{"an identifier, but the entry has none", {.ll = 0}, {0}, {.ll = 1, .mag = 2, .handoff = 3}, 0, 2, 0},
		{"another node's identifier", {.ll = 1}, {0}, {.mn = "mn2", .ll = 1, .mag = 2, .handoff = 2}, 0, 2, 0},
	};

	RUN(rows);
}

static void
by_mn_id(void)
{
	/* shows: RFC5213-5.4.1.3-01 RFC5213-5.4.1.3-02 RFC5213-5.4.1.3-03 RFC5213-5.4.1.3-07 */
	static const struct row rows[] = {
		{"between gateways, one entry", {.ll = 0}, {0}, {.mag = 2, .handoff = 3}, 0, 1, 1},
		{"between gateways, one entry that has an identifier",
		 {.ll = 1},
		 {0},
		 {.mag = 2, .handoff = 3},
		 0,
		 1,
		 1},
		{"between interfaces, one entry", {.ll = 0}, {0}, {.mag = 2, .handoff = 2, .access_tech = 3}, 0, 1, 1},
		{"between gateways, two entries",
		 {.ll = 1},
		 {.mn = "mn1@example.com", .ll = 2},
		 {.mag = 2, .handoff = 3},
		 0,
		 3,
		 0},
		{"new interface", {.ll = 0}, {0}, {.mag = 2, .handoff = 1}, 0, 2, 0},
		{"unknown handoff, nothing de-registered", {.ll = 0}, {0}, {.mag = 2, .handoff = 4}, 0, 2, 0},
		{"unknown handoff, two entries",
		 {.ll = 1},
		 {.mn = "mn1@example.com", .ll = 2},
		 {.mag = 2, .handoff = 4},
		 0,
		 3,
		 0},
		{"the last update's number, but another indicator",
		 {.sequence = 9},
		 {0},
		 {.sequence = 9, .handoff = 5},
		 0,
		 2,
		 0},
		{"an indicator that is not assigned", {.ll = 0}, {0}, {.mag = 2, .handoff = 0xf0}, 0, 2, 0},
	};

	RUN(rows);
}

static void
identifiers_are_bytes(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5213-5.3.1-04 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn@example.com", .ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "MN@example.com", .ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn@example.con", .ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn@example.co", .ll = 1}), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 4);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"a prefix in the request: section 5.4.1.1, row by row", by_prefix},
	{"all of a session's prefixes, in any order, and no other, else 159", prefix_set},
	{"a link-layer identifier in the request: section 5.4.1.2, row by row", by_ll_id},
	{"neither: section 5.4.1.3, row by row", by_mn_id},
	{"identifiers are compared byte by byte", identifiers_are_bytes},
};

const struct case_table lookup_cases = {cases, UNIT_COUNT(cases)};
