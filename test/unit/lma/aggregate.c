/* SPDX-License-Identifier: BSD-3-Clause */
/* Temporal prefixes at the anchor: whose they are is what gateways say of their own blocks, and nothing else. */
#include <string.h>

#include "cases.h"
#include "engine.h"
#include "mh/vendor.h"
#include "several.h"

#define T1_0 "2002:2:1::/64"

/* How the last answer names these: a letter each, - not at all, h as a home network prefix, t as a temporal one too. */
static const char *
answered(const struct rig *r, unsigned int count, const char *const *prefix)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int said_count = mh_vendor_prefixes(&r->pba, RIG_VENDOR, said, MH_VENDOR_MAX);
	static char text[MH_HNP_MAX + 1];

	for (unsigned int i = 0; i < count; i++) {
		struct addr_prefix p = rig_prefix(prefix[i]);

		text[i] = '-';
		for (unsigned int k = 0; k < r->pba.opt.hnp_count; k++)
			if (addr_prefix_equal(&r->pba.opt.hnp[k].prefix, &p))
				text[i] = 'h';
		for (unsigned int k = 0; k < said_count; k++)
			if (addr_prefix_equal(&said[k].prefix, &p))
				text[i] = text[i] == 'h' && said[k].flags == 0xc0 ? 't' : '?';
	}
	text[count] = '\0';
	return text;
}
#define ANSWERED(r, ...)                                                                                               \
	answered(r, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), (const char *const[]){__VA_ARGS__})

static void
open_with(struct rig *r, const char *first, const char *second)
{
	struct pbu p = multi_at(1, 1, NULL);

	multi_aggregates(r);
	rig_start(r);
	r->profile.prefix_count = 1;
	p.temporal[0] = first;
	p.temporal[1] = second;
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
}

/* The second interface, with P2 at gateway 2. */
static void
open_second(struct rig *r)
{
	struct pbu p = multi_at(2, 1, NULL);

	r->profile.prefix_count = 2;
	p.temporal[0] = T2_1;
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
}

/* 2-level prefixes 5.1.1: from the attachment on, as far as they are the gateway's to give. */
static void
declared(void)
{
	struct pbu p = {.mn = "mn2@example.com", .mag = 1, .ll = 9, .temporal = {T1_1, T1_0, T2_1}};
	static struct rig r;

	open_with(&r, T1_1, T1_2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:12o");
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P1, T1_1, T1_2), "htt");
	/* Another mobile node's, the first of the block, and another gateway's. */
	r.profile.prefix_count = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P2, T1_1, T1_0, T2_1), "h---");
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:12o");
	/* Without the numbers of a vendor nothing is understood, or said. */
	rig_close(&r);
	multi_aggregates(&r);
	r.s.multihoming.vendor = 0;
	rig_start(&r);
	p = multi_at(1, 1, NULL);
	p.temporal[0] = T1_1;
	r.profile.prefix_count = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o");
	rig_close(&r);
}

/* 2-level prefixes 5.1.2: the first move of all is that of all. */
static void
full_at_first(void)
{
	struct pbu p = multi_at(2, 5, "2002:2:1::/48");
	static struct rig r;

	open_with(&r, T1_1, T1_2);
	open_second(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11i 1:12i 2:a2o 2:21o 2:11o 2:12o");
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P2, T2_1, T1_1, T1_2), "hthh");
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* Nobody gets what its gateway has not given to one of the node's sessions. */
static void
undeclared(void)
{
	struct pbu p = multi_at(2, 5, T1_1);
	static struct rig r;

	open_with(&r, T1_2, NULL);
	open_second(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	p.hnp[1] = T1_2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	/* Nor what another node has. */
	p = (struct pbu){.mn = "mn2@example.com", .mag = 2, .ll = 9, .access_tech = ATT2};
	r.profile.prefix_count = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p.handoff = 5;
	p.hnp[0] = T1_2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 2:a2o 2:21o");
	rig_close(&r);
}

/* A refresh says all that there is; other updates do not. */
static void
left_out(void)
{
	struct pbu p = multi_cut(T1_1, T1_2), over = multi_at(2, 5, T1_1);
	static struct rig r;

	open_with(&r, T1_1, NULL);
	r.forward_fails = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o");
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:12o");
	rig_close(&r);
	open_with(&r, T1_1, T1_2);
	open_second(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &over), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 1:11i 2:a2o 2:21o 2:11o");
	p = multi_at(1, 4, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 1:11i 2:a2o 2:21o 2:11o");
	p = multi_at(1, 1, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 1:11i 2:a2o 2:21o 2:11o");
	/* All is as it was where forwarding fails. */
	p = multi_cut("-" T1_1, NULL);
	r.forward_fails = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 1:11i 2:a2o 2:21o 2:11o");
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11i 2:a2o 2:21o 2:11o");
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P1, T1_1, T1_2), "h--");
	CU_ASSERT(rig_sound(&r));
	/* The way back is given up: what went is the other's alone. */
	p = multi_at(1, 5, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:21o 2:11o");
	CU_ASSERT(rig_sound(&r));
	/* At its gateway what is not its own to cut is told by the answer. */
	p = multi_at(2, 5, P2);
	p.temporal[0] = T2_1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P2, T2_1, T1_1), "hth");
	rig_close(&r);
}

/* To another gateway they go along, and are there when the first one has the interface again. */
static void
handed_over(void)
{
	struct pbu p = {.mag = 2, .ll = 1, .access_tech = ATT1, .handoff = 3, .temporal = {T2_1}};
	static struct rig r;

	open_with(&r, T1_1, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:21o");
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P1, T1_1, T2_1), "hht");
	CU_ASSERT(rig_sound(&r));
	/* Gateway 1 has forgotten what it gave, and gets it in place of what it cuts now. */
	p = (struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = 3, .temporal = {T1_2}};
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P1, T1_1, T1_2, T2_1), "ht-h");
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:21o");
	rig_close(&r);
}

/* One update for many sessions names no prefixes. */
static void
bulk(void)
{
	struct pbu p = multi_at(1, 1, NULL);
	static struct rig r;

	multi_aggregates(&r);
	r.s.bulk = true;
	rig_start(&r);
	r.profile.prefix_count = 1;
	p.group = MH_GROUP_ALL_SESSIONS;
	p.temporal[0] = T1_1;
	CU_ASSERT_EQUAL_FATAL(rig_send(&r, &p), 0);
	p = (struct pbu){.mag = 1,
			 .no_mn_id = true,
			 .no_hnp = true,
			 .handoff = 5,
			 .access_tech = ATT1,
			 .group = r.pba.opt.group.id,
			 .no_bulk = true};
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o");
	rig_close(&r);
}

/* The anchor started anew: who had it first says so, and who it came to has the rest. */
static void
lost(void)
{
	struct pbu p = multi_at(2, 5, P2);
	static struct rig r;

	multi_aggregates(&r);
	rig_start(&r);
	p.hnp[1] = T1_1;
	p.temporal[0] = T2_1;
	r.profile.prefix_count = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P2, T2_1, T1_1), "ht-");
	p = multi_cut("-" T1_1, T1_2);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P1, T1_1, T1_2), "htt");
	rig_close(&r);
	/* In the other order. */
	multi_aggregates(&r);
	rig_start(&r);
	r.profile.prefix_count = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p = multi_at(2, 5, P2);
	p.hnp[1] = T1_1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P2, T1_1), "h-");
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* For a gateway that cuts none. */
static void
cut_here(void)
{
	struct pbu p = multi_at(1, 1, NULL);
	static struct rig r;

	multi_aggregates(&r);
	r.s.temporal_prefixes = LMA_TEMPORAL_MAX + 1;
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	r.s.temporal_prefixes = 2;
	rig_start(&r);
	r.l->cut = 0;
	r.profile.prefix_count = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P1, T1_1, T1_2), "htt");
	CU_ASSERT(rig_sound(&r));
	/* One that cuts itself. */
	open_second(&r);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:12o 2:a2o 2:21o");
	/* One of a logical interface. */
	p = (struct pbu){.mn = "mn2@example.com", .mag = 1, .ll = 2, .access_tech = MH_ATT_VIRTUAL};
	r.profile.prefix_count = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	/* One that has no block. */
	p = (struct pbu){.mn = "mn3@example.com", .mag = 3, .ll = 3};
	r.profile.prefix_count = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	/* Refreshed by a gateway that takes them for its own, and by one that gives one up. */
	p = multi_at(1, 5, P1);
	p.hnp[1] = T1_1;
	p.hnp[2] = T1_2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P1, T1_1, T1_2), "htt");
	p = multi_cut(T1_2, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, P1, T1_1, T1_2), "h-t");
	/* Those that somebody has are passed over. */
	r.l->cut = 65534;
	p = (struct pbu){.mn = "mn4@example.com", .mag = 1, .ll = 4};
	r.profile.prefix_count = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, "2002:2:1:ffff::/64", T1_1, T1_2), "tt-");
	r.l->cut = 1;
	p.mn = "mn5@example.com";
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(ANSWERED(&r, T1_2, "2002:2:1:3::/64", "2002:2:1:4::/64"), "-tt");
	rig_close(&r);
	/* A block of two has one. */
	multi_aggregates(&r);
	((struct pmip_aggregate *)r.s.aggregates)[0].prefix.len = 63;
	r.s.temporal_prefixes = 2;
	rig_start(&r);
	r.profile.prefix_count = 1;
	p = multi_at(1, 1, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o");
	rig_close(&r);
}

/* The answer to a partial handoff names what moved alone, and so the gateway has not what it cut besides. */
static void
cut_by_a_partial_handoff(void)
{
	struct pbu p = {.mag = 1, .ll = 3, .access_tech = 3, .handoff = 241, .hnp = {T1_1}, .temporal = {T1_2}};
	static struct rig r;

	multi_aggregates(&r);
	r.s.multihoming.partial_new = 241;
	rig_start(&r);
	r.profile.prefix_count = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .temporal = {T1_1}}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:11o");
	rig_close(&r);
}

/* It was all that another interface had, which is over. */
static void
left_out_of_another(void)
{
	struct pbu p;
	static struct rig r;

	open_with(&r, T1_1, T1_2);
	open_second(&r);
	multi_moved(&r, 2, PMIP_MOVE_SHARED, T1_1);
	multi_moved(&r, 1, PMIP_MOVE_AWAY, P2);
	rig_acknowledge(&r, 0);
	multi_moved(&r, 1, PMIP_MOVE_AWAY, T2_1);
	rig_acknowledge(&r, 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o 1:12o 1:a2o 1:21o 2:11a");
	p = multi_cut(T1_2, NULL);
	p.hnp[1] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:12o 1:a2o 1:21o");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

/* All that there may be, once each and by the sessions' numbers. */
static void
many_rows(void)
{
	static struct pmip_aggregate blocks[PMIP_AGGREGATES_MAX];
	unsigned int count[17] = {0}, rows = 0;
	struct pmip_mn_id id = multi_mn();
	struct lma_row_at at = {0};
	struct lma_row_view v;
	static struct rig r;
	uint8_t last = 0;

	multi_settings(&r);
	for (unsigned int i = 0; i < PMIP_AGGREGATES_MAX; i++) {
		blocks[i] = (struct pmip_aggregate){rig_mag(1 + i % 2), rig_prefix("2002:3::/48")};
		blocks[i].prefix.addr.b[5] = (uint8_t)i;
	}
	r.s.aggregates = blocks;
	r.s.aggregate_count = PMIP_AGGREGATES_MAX;
	r.profile.prefix_count = 0;
	rig_start(&r);
	for (uint8_t i = 1; i <= 16; i++)
		CU_ASSERT_EQUAL_FATAL(rig_send(&r, &(struct pbu){.ll = i, .access_tech = ATT1}), 0);
	for (; lma_next_row(r.l, &id, &at, &v); rows++) {
		CU_ASSERT_FATAL(v.bid >= last && v.bid <= 16);
		count[last = v.bid]++;
	}
	CU_ASSERT_EQUAL(rows, 16 * (1 + PMIP_AGGREGATES_MAX / 2));
	CU_ASSERT(count[1] == 1 + PMIP_AGGREGATES_MAX / 2 && count[16] == count[1]);
	CU_ASSERT_FALSE(lma_next_row(r.l, &id, &at, &v));
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"rows of 16 sessions at a gateway of 128 aggregates", many_rows},
	{"2-level prefixes 5.1.1: a gateway says from the first on what it has cut", declared},
	{"2-level prefixes 5.1.2: a full flow handover by aggregate is the first move", full_at_first},
	{"a prefix of another gateway's block that nobody was given: 155", undeclared},
	{"what a gateway says no more of leaves the session", left_out},
	{"temporal prefixes go along with their session, and are not cut twice", handed_over},
	{"a bulk update leaves temporal prefixes", bulk},
	{"temporal prefixes after the anchor lost its sessions", lost},
	{"temporal prefixes that the anchor cuts", cut_here},
	{"one that is left out, and was all that another interface had", left_out_of_another},
	{"one that is cut with a partial handoff", cut_by_a_partial_handoff},
};

const struct case_table aggregate_cases = {cases, UNIT_COUNT(cases)};
