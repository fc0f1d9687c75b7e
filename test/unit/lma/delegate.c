/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks of gateways: who is told which, and what a change of settings does. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "mh/vendor.h"
#include "several.h"

#define GATEWAY_ID "mag1@example.com"

static struct pmip_aggregate blocks[PMIP_AGGREGATES_MAX];

/* Block i is of gateway i, which is 2001:db8:100::<i + 1>. */
static struct addr6
gateway(unsigned int i)
{
	char text[ADDR6_TEXT];

	snprintf(text, sizeof(text), "2001:db8:100::%x", i + 1);
	return rig_addr(text);
}

static struct addr_prefix
block(unsigned int i)
{
	char text[ADDR_PREFIX_TEXT];

	snprintf(text, sizeof(text), "2002:2:%x::/48", i);
	return rig_prefix(text);
}

/* So many, from gateway 1 on. */
static void
with_blocks(struct rig *r, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		blocks[i] = (struct pmip_aggregate){gateway(i + 1), block(i + 1)};
	r->s.aggregates = blocks;
	r->s.aggregate_count = count;
}

static void
start_with(struct rig *r, unsigned int count)
{
	multi_settings(r);
	with_blocks(r, count);
	rig_start(r);
}

/* Gateway i asks in the name of another, for what is behind this block where it is not 0; lifetime in units. */
static int
ask_as(struct rig *r, unsigned int i, unsigned int as, unsigned int behind, uint16_t lifetime)
{
	struct pbu p = {.mn = GATEWAY_ID, .no_hnp = true, .access_tech = MH_ATT_VIRTUAL, .lifetime = lifetime};
	struct addr6 src = gateway(i);
	struct mh_msg m;

	rig_wait(r, 10);
	m = rig_message(r, &p);
	m.pbu.lifetime = lifetime;
	m.opt.present &= ~(1u << MH_OPT_HOME_NETWORK_PREFIX);
	mh_set(&m, MH_OPT_DELEGATED_PREFIX);
	if (as != i) {
		mh_set(&m, MH_OPT_ALTERNATE_COA);
		m.opt.alt_coa.addr = gateway(as);
	}
	if (behind != 0)
		mh_vendor_add_delegation(&m, RIG_VENDOR, &(struct mh_vendor_delegation){.prefix = block(behind)});
	return rig_send_message(r, &m, &src);
}

static int
ask_for(struct rig *r, unsigned int i, unsigned int behind, uint16_t lifetime)
{
	return ask_as(r, i, i, behind, lifetime);
}

/* The blocks that a message names, by their numbers, with a + behind one that others follow. */
static const char *
named(const struct mh_msg *m, uint32_t lifetime_s)
{
	struct mh_vendor_delegation said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_delegations(m, RIG_VENDOR, said, MH_VENDOR_MAX);
	static char text[256];
	size_t len = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < count; i++) {
		unsigned int n = said[i].prefix.addr.b[4] << 8 | said[i].prefix.addr.b[5];
		struct addr6 g = gateway(n);

		CU_ASSERT(said[i].lifetime_s == lifetime_s && addr6_equal(&said[i].gateway, &g));
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%u%s", i > 0 ? " " : "", n,
					said[i].more ? "+" : "");
	}
	return text;
}

static bool
is_delegated(const struct rig *r, unsigned int i)
{
	struct addr_prefix p = block(i);

	return mh_has(&r->pba, MH_OPT_DELEGATED_PREFIX) && addr_prefix_equal(&r->pba.opt.dmnp.prefix, &p);
}

/* Whether block i leads to gateway `to`; 0: nowhere. */
static bool
leads_to(const struct rig *r, unsigned int i, unsigned int to)
{
	struct addr_prefix p = block(i);
	struct addr6 g = gateway(to);

	for (unsigned int k = 0; k < r->aggregates; k++)
		if (addr_prefix_equal(&r->aggregate[k].prefix, &p))
			return addr6_equal(&r->aggregate[k].gateway, &g);
	return to == 0;
}

static void
told_of_others(void)
{
	static struct rig r;

	start_with(&r, 20);
	CU_ASSERT_EQUAL(ask_for(&r, 3, 0, 100), 0);
	CU_ASSERT(is_delegated(&r, 3));
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 100);
	CU_ASSERT_STRING_EQUAL(named(&r.pba, 400), "1 2 4 5 6 7 8 9+");
	CU_ASSERT_EQUAL(ask_for(&r, 3, 9, 100), 0);
	CU_ASSERT_STRING_EQUAL(named(&r.pba, 400), "10 11 12 13 14 15 16 17+");
	CU_ASSERT_EQUAL(ask_for(&r, 3, 17, 100), 0);
	CU_ASSERT(is_delegated(&r, 3));
	CU_ASSERT_STRING_EQUAL(named(&r.pba, 400), "18 19 20");
	/* Eight are all there are behind it; none are; it is no block any more. */
	CU_ASSERT_EQUAL(ask_for(&r, 3, 12, 100), 0);
	CU_ASSERT_STRING_EQUAL(named(&r.pba, 400), "13 14 15 16 17 18 19 20");
	CU_ASSERT_EQUAL(ask_for(&r, 3, 20, 100), 0);
	CU_ASSERT_STRING_EQUAL(named(&r.pba, 400), "");
	CU_ASSERT_EQUAL(ask_for(&r, 3, 21, 100), 0);
	CU_ASSERT_STRING_EQUAL(named(&r.pba, 400), "1 2 4 5 6 7 8 9+");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);

	multi_settings(&r);
	r.s.multihoming.vendor = 0;
	with_blocks(&r, 2);
	rig_start(&r);
	CU_ASSERT_EQUAL(ask_for(&r, 1, 0, 100), 0);
	CU_ASSERT(is_delegated(&r, 1) && r.pba.opt.vendor_count == 0);
	rig_close(&r);
}

/* Its place among those that are told is its own, whatever care-of address another gateway names. */
static void
for_another(void)
{
	struct addr6 asker = gateway(1);
	struct lma_change_refusal why;
	static struct rig r;

	start_with(&r, 3);
	CU_ASSERT_EQUAL(ask_for(&r, 1, 0, 100), 0);
	CU_ASSERT_EQUAL(ask_as(&r, 2, 1, 0, 100), MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP);
	CU_ASSERT_FALSE(is_delegated(&r, 1));
	CU_ASSERT_EQUAL(ask_as(&r, 2, 1, 0, 0), MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP);
	with_blocks(&r, 2);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 10);
	CU_ASSERT(r.told == 1 && addr6_equal(&r.said_to, &asker));
	rig_close(&r);
	/* One that may do more than that in the name of all of its addresses. */
	multi_settings(&r);
	with_blocks(&r, 2);
	r.peer[0].revokes_all = true;
	rig_start(&r);
	CU_ASSERT_EQUAL(ask_as(&r, 2, 1, 0, 100), 0);
	CU_ASSERT(is_delegated(&r, 1));
	rig_close(&r);
}

/* Forwarding hears of what went and what came, and a gateway that asked of all there is for others by now. */
static void
changed(void)
{
	struct lma_change_refusal why;
	struct addr6 asker = gateway(1);
	static struct rig r;

	start_with(&r, 3);
	CU_ASSERT_EQUAL(ask_for(&r, 1, 0, 100), 0);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0); /* to the same */
	rig_wait(&r, 1000);
	CU_ASSERT_STRING_EQUAL(r.trace, "");
	blocks[1] = (struct pmip_aggregate){gateway(4), block(4)};
	blocks[2].gateway = gateway(5);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 100);
	CU_ASSERT_STRING_EQUAL(r.trace, "gGGS");
	CU_ASSERT(r.aggregates == 3 && leads_to(&r, 1, 1) && leads_to(&r, 2, 0) && leads_to(&r, 4, 4) &&
		  leads_to(&r, 3, 5));
	CU_ASSERT(r.said.type == MH_UPN && r.said.upn.reason == MH_UPN_VENDOR_SPECIFIC);
	CU_ASSERT(addr6_equal(&r.said_to, &asker) && r.said.upn.flags == MH_UPN_A);
	CU_ASSERT_EQUAL(memcmp(r.said.opt.mn_id.id, GATEWAY_ID, r.said.opt.mn_id.len), 0);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 0);
	blocks[2].gateway = gateway(3);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 100);
	CU_ASSERT_STRING_EQUAL(r.trace, "GS"); /* in place of what was said before */
	CU_ASSERT_STRING_EQUAL(named(&r.said, r.s.lifetime_max_s), "4 3");
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 1);
	rig_acknowledge(&r, 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_NOTIFIED], 1);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	/* Its own goes: it hears of that when it asks. */
	with_blocks(&r, 0);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 100);
	CU_ASSERT_STRING_EQUAL(r.trace, "gggS");
	CU_ASSERT_EQUAL(r.aggregates, 0);
	rig_wait(&r, 100000);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_NOTIFICATION_UNANSWERED], 1);
	CU_ASSERT_EQUAL(ask_for(&r, 1, 0, 100), MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP);
	with_blocks(&r, 1);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 100);
	CU_ASSERT_STRING_EQUAL(r.trace, "G"); /* who was refused is told nothing */
	rig_close(&r);
}

/* Who has none, has it no longer or gave it back is not told; without a vendor it asks again; nor who cannot be told.
 */
static void
not_told(void)
{
	struct lma_change_refusal why;
	static struct rig r;
	struct mh_msg error = {.type = MH_BE, .be = {.status = MH_BE_UNKNOWN_TYPE}};
	struct addr6 asker = gateway(1);

	start_with(&r, 3);
	CU_ASSERT_EQUAL(ask_for(&r, 1, 0, 100), 0);
	CU_ASSERT_EQUAL(ask_for(&r, 2, 0, 900), 0);
	CU_ASSERT_EQUAL(ask_for(&r, 3, 0, 900), 0);
	CU_ASSERT_EQUAL(ask_for(&r, 3, 0, 0), 0);
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 0);
	CU_ASSERT_EQUAL(ask_for(&r, 4, 0, 100), MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP);
	rig_wait(&r, 400000);
	r.s.multihoming.vendor = 0;
	with_blocks(&r, 4);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 100000);
	CU_ASSERT_EQUAL(r.told, 2);
	CU_ASSERT(r.said.upn.reason == MH_UPN_FORCE_REREGISTRATION && r.said.upn.flags == MH_UPN_D);
	CU_ASSERT_EQUAL(r.said.opt.vendor_count, 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_NOTIFICATION_UNANSWERED], 1);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	with_blocks(&r, 3);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 10);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 1);
	CU_ASSERT_EQUAL(ask_for(&r, 2, 0, 900), 0);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);

	CU_ASSERT_EQUAL(ask_for(&r, 1, 0, 900), 0);
	r.s.multihoming.vendor = RIG_VENDOR;
	with_blocks(&r, 4);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 10);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 2);
	rig_send_message(&r, &error, &asker);
	rig_wait(&r, 10);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 1);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_NOTIFICATION_UNANSWERED], 2);
	/* A demand ends with what it is about. */
	CU_ASSERT_EQUAL(ask_for(&r, 2, 0, 0), 0);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	rig_close(&r);
}

/* A block stays a gateway's as long as sessions have prefixes of it; another may go. shows: RFC7148-5.2.2-01 */
static void
in_use(void)
{
	struct lma_change_refusal why;
	struct addr_prefix used = block(1);
	static struct rig r;
	struct pbu p;

	start_with(&r, 2);
	r.profile.prefix_count = 1;
	p = multi_at(1, 1, NULL);
	p.temporal[0] = T1_1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:11o");
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_DELEGATED_PREFIX));
	with_blocks(&r, 0);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), -EBUSY);
	CU_ASSERT(why.pool == NULL && why.prefixes == 1 && why.aggregate != NULL);
	CU_ASSERT(addr_prefix_equal(why.aggregate, &used));
	with_blocks(&r, 2);
	blocks[0].gateway = gateway(2);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), -EBUSY);
	with_blocks(&r, 1);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 10);
	CU_ASSERT(r.aggregates == 1 && leads_to(&r, 1, 1));
	multi_close(&r, 1);
	with_blocks(&r, 0);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 10);
	CU_ASSERT_EQUAL(r.aggregates, 0);
	rig_close(&r);
}

/* An update waits for policy's answer while its gateway loses the block: what it cut is nobody's, or a pool's by now.
 */
static void
gone_meanwhile(void)
{
	struct pbu p = multi_at(1, 1, NULL);
	struct lma_change_refusal why;
	static struct rig r;

	start_with(&r, 1);
	r.profile.prefix_count = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 2, .ll = 2, .access_tech = ATT2, .hnp = {P2}}), 0);
	r.policy_silent = true;
	p.temporal[0] = T1_1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), RIG_SILENCE);
	with_blocks(&r, 0);
	r.pool[1].block = block(1);
	r.pool[1].len = 64;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_answer_policy(&r);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a2o 2:a1o");
	rig_close(&r);
}

/* Pools and blocks change in one step: neither gives what is the other's. */
static void
and_pools(void)
{
	struct lma_change_refusal why;
	static struct rig r;

	start_with(&r, 2);
	r.pool[0].block = block(1);
	CU_ASSERT_PTR_NULL(lma_change_new(&r.s));
	blocks[0] = blocks[1];
	r.s.aggregate_count = 1;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 10);
	CU_ASSERT(r.aggregates == 1 && leads_to(&r, 1, 0));
	rig_close(&r);
}

/* As many as there may be, all of which have asked: each hears of it once, few a step. */
static void
all_told(void)
{
	struct lma_change_refusal why;
	static struct rig r;

	start_with(&r, PMIP_AGGREGATES_MAX);
	rig_wait(&r, 10);
	CU_ASSERT_EQUAL(r.aggregates, PMIP_AGGREGATES_MAX);
	for (unsigned int i = 1; i <= PMIP_AGGREGATES_MAX; i++)
		CU_ASSERT_EQUAL(ask_for(&r, i, 0, 900), 0);
	blocks[0].prefix = block(0x1000);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	r.list_most = 0;
	rig_wait(&r, 10);
	CU_ASSERT_EQUAL(r.told, PMIP_AGGREGATES_MAX);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), PMIP_AGGREGATES_MAX);
	CU_ASSERT(r.list_most <= 12);
	CU_ASSERT(r.aggregates == PMIP_AGGREGATES_MAX && leads_to(&r, 0x1000, 1) && leads_to(&r, 1, 0));
	/* They change places: what goes makes room. */
	for (unsigned int i = 0; i < PMIP_AGGREGATES_MAX; i++)
		blocks[i].prefix = block(0x2000 + i);
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	rig_wait(&r, 10);
	CU_ASSERT(r.aggregates == PMIP_AGGREGATES_MAX && leads_to(&r, 0x2000, 1) && leads_to(&r, 2, 0));
	r.s.aggregate_count++;
	CU_ASSERT_PTR_NULL(lma_change_new(&r.s));
	r.s.aggregate_count--;
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"a gateway asks in the name of another", for_another},
	{"who asks for its block is told of the others', some at a time", told_of_others},
	{"blocks that come and go by a change of settings", changed},
	{"who is not told of that", not_told},
	{"blocks that sessions have prefixes of stay", in_use},
	{"a block that goes while an update waits for policy", gone_meanwhile},
	{"blocks that become a pool", and_pools},
	{"as many blocks as there may be", all_told},
};

const struct case_table delegate_cases = {cases, UNIT_COUNT(cases)};
