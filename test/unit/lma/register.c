/* SPDX-License-Identifier: BSD-3-Clause */
/* New mobility sessions: RFC 5213 section 5.3.2. */
#include <string.h>

#include "cases.h"
#include "rig.h"

static void
new_session(void)
{
	struct rig r;
	struct addr_prefix first = rig_prefix("2001:db8:1000::/64");
	struct addr6 mag = rig_mag(1);
	struct lma_view v;

	rig_open(&r);
	/* shows: RFC5213-5.1-01 RFC5213-5.3.1-15 RFC5213-5.3.6-01 RFC5213-5.3.6-07 */
	/* shows: RFC5213-5.3.2-01 RFC5213-5.3.2-07 RFC5213-5.3.2-10 RFC5213-5.3.2-12 RFC5213-5.3.6-10 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 5, .access_tech = 3, .sequence = 88, .link_local = "fe80::9"}),
			0);
	CU_ASSERT_STRING_EQUAL(r.trace, "AFSP"); /* forwarding stands before the answer leaves */
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &first));
	v = *rig_only(&r);
	CU_ASSERT_EQUAL(v.state, LMA_ACTIVE);
	CU_ASSERT(v.mn_id.len == 15 && memcmp(v.mn_id.id, "mn1@example.com", 15) == 0);
	CU_ASSERT(addr6_equal(&v.proxy_coa, &mag));
	CU_ASSERT(v.prefix_count == 1 && addr_prefix_equal(&v.prefix[0], &first));
	CU_ASSERT(r.forward[v.session].set && addr6_equal(&r.forward[v.session].remote, &mag));
	CU_ASSERT_EQUAL(v.link_local.b[15], 9);
	CU_ASSERT_EQUAL(v.sequence, 88);
	CU_ASSERT_EQUAL(v.lifetime_s, 3600);
	CU_ASSERT_EQUAL(v.expires_ms, r.now.mono_ms + 3600000);
	CU_ASSERT_EQUAL(v.access_tech, 3);
	CU_ASSERT_EQUAL(v.handoff, 1);
	CU_ASSERT_EQUAL(v.mn_ll_id->id[5], 5);
	CU_ASSERT_EQUAL(v.timestamp, r.now.wall);
	CU_ASSERT_EQUAL(v.handovers, 0);
	rig_close(&r);
}

static void
no_ll_id(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), 0);
	/* shows: RFC5213-5.1-02 */
	CU_ASSERT_EQUAL(rig_only(&r)->mn_ll_id->len, 2);
	CU_ASSERT_EQUAL(rig_only(&r)->mn_ll_id->id[0] | rig_only(&r)->mn_ll_id->id[1], 0);
	rig_close(&r);
}

static void
several_prefixes(void)
{
	struct rig r;

	rig_open(&r);
	r.profile.prefixes_wanted = 3;
	/* shows: RFC5213-5.2-01 RFC5213-5.4-02 RFC5213-5.4-03 RFC5213-5.3.2-10 RFC5213-5.3.6-10 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 3);
	CU_ASSERT_EQUAL(rig_only(&r)->prefix_count, 3);
	for (unsigned int i = 0; i < 3; i++)
		CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[i].prefix, &rig_only(&r)->prefix[i]));
	/* No other mobile node has one of them. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2"}), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

static void
prefixes_end_together(void)
{
	struct rig r;

	rig_open(&r);
	r.profile.prefixes_wanted = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	/* shows: RFC5213-5.4-03: another mobile node can have any of them */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .hnp = {"2001:db8:1000::/64", "2001:db8:1000:1::/64"}}),
			0);
	CU_ASSERT_EQUAL(rig_only(&r)->prefix_count, 2);
	rig_close(&r);
}

static void
named_pool(void)
{
	struct rig r;
	struct addr_prefix first = rig_prefix("2001:db8:2000::/64");

	rig_open(&r);
	strcpy(r.profile.pool, "small");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), 0);
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &first));
	strcpy(r.profile.pool, "none");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2"}), MH_STATUS_INSUFFICIENT_RESOURCES);
	rig_close(&r);
}

static void
pool_exhausted(void)
{
	struct rig r;
	struct lma_pool_view pool;
	char mn[8] = "mn0";

	rig_open(&r);
	strcpy(r.profile.pool, "small");
	for (unsigned int i = 0; i < 4; i++) {
		mn[2] = (char)('0' + i);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = mn, .ll = 1}), 0);
	}
	/* shows: RFC5213-5.3.2-02 RFC5213-5.3.2-04 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn9"}), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_POOL_EMPTY], 1);
	CU_ASSERT(lma_pool(r.l, 1, &pool));
	CU_ASSERT_EQUAL(pool.used, 4);
	CU_ASSERT_EQUAL(pool.total, 4);
	/* The old ones keep what they have, and what is given back can be had. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn0", .ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn0", .ll = 1, .dereg = true}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn9"}), MH_STATUS_INSUFFICIENT_RESOURCES);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn9"}), 0);
	rig_close(&r);
}

/* shows: RFC5213-6.11-03 */
static void
fixed_prefixes(void)
{
	struct rig r;
	struct addr_prefix inside = rig_prefix("2001:db8:1000::/64"), outside = rig_prefix("2001:db8:f::/64");

	rig_open(&r);
	r.profile.prefix_count = 2;
	r.profile.prefix[0] = inside;
	r.profile.prefix[1] = outside;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "fixed"}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 2);
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &inside));
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[1].prefix, &outside));
	/* Another node is given the next prefix of the pool. */
	r.profile.prefix_count = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "other"}), 0);
	CU_ASSERT_FALSE(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &inside));
	rig_close(&r);
}

static void
further_interface_of_fixed(void)
{
	struct rig r;

	rig_open(&r);
	r.profile.prefix_count = 1;
	r.profile.prefix[0] = rig_prefix("2001:db8:f::/64");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	/* shows: RFC5213-5.2-02: no two interfaces have one prefix */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2}), MH_STATUS_INSUFFICIENT_RESOURCES);
	strcpy(r.profile.pool, "internet");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2}), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
}

static void
requested_prefixes(void)
{
	struct rig r;
	struct lma_pool_view pool;

	rig_open(&r);
	r.profile.prefix_count = 2;
	r.profile.prefix[0] = rig_prefix("2001:db8:1000:5::/64");
	r.profile.prefix[1] = rig_prefix("2001:db8:f::/64");
	/* shows: RFC5213-5.3.2-05 RFC5213-5.3.2-06 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.hnp = {"2001:db8:dead::/64"}}), 155);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.hnp = {"2001:db8:1000:6::/64"}}), 155);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.hnp = {"2001:db8:f::/64", "2001:db8:dead::/64"}}), 155);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.hnp = {"2001:db8:1000:5::/64", "2001:db8:dead::/64"}}), 155);
	CU_ASSERT(lma_pool(r.l, 0, &pool));
	CU_ASSERT_EQUAL(pool.used, 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.hnp = {"2001:db8:f::/64", "2001:db8:1000:5::/64"}}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 2);
	rig_close(&r);
}

/* A prefix of a pool is the mobile node's if the pool could have given it, and still can. */
static void
requested_from_pool(void)
{
	struct rig r;
	struct lma_pool_view pool;

	rig_open(&r);
	r.profile.prefixes_wanted = 2;
	/* shows: RFC5213-5.3.2-05 RFC5213-5.3.2-06 RFC5213-5.4.1.1-03 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .handoff = 5, .hnp = {"2001:db8:1000:7::/64"}}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	/* Beside it an ALL_ZERO one brings what policy gives besides. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .hnp = {"2001:db8:1000:9::/64", "::/0"}}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 2);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .hnp = {"2001:db8:1000:7::/64"}}), 155);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .hnp = {"2001:db8:1000::/65"}}), 155);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .hnp = {"2001:db8:2000::/64"}}), 155);
	strcpy(r.profile.pool, "small");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .hnp = {"2001:db8:2000::/64"}}), 0);
	r.profile.prefix_count = 1;
	r.profile.prefix[0] = rig_prefix("2001:db8:f::/64");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn4", .hnp = {"2001:db8:f::/64", "2001:db8:2000:1::/64"}}),
			0);
	/* An interface that has a session has its prefixes: by another name there is none for it. */
	r.profile.prefix_count = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .hnp = {"2001:db8:2000:2::/64"}}), 155);
	CU_ASSERT(lma_pool(r.l, 0, &pool));
	CU_ASSERT_EQUAL(pool.used, 3);
	CU_ASSERT(lma_pool(r.l, 1, &pool));
	CU_ASSERT_EQUAL(pool.used, 2);
	rig_close(&r);
}

static void
requested_twice(void)
{
	struct rig r;

	rig_open(&r);
	r.profile.prefix_count = 1;
	r.profile.prefix[0] = rig_prefix("2001:db8:f::/64");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.hnp = {"2001:db8:f::/64", "2001:db8:f::/64"}}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	rig_close(&r);
}

static void
fixed_prefix_in_use(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5213-5.3.2-02 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "first"}), 0);
	r.profile.prefix_count = 1;
	r.profile.prefix[0] = rig_only(&r)->prefix[0];
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "second"}), MH_STATUS_INSUFFICIENT_RESOURCES);
	/* Part of a pool's prefix, or a span of several, cannot be had either. */
	r.profile.prefix[0] = rig_prefix("2001:db8:1000::/52");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "second"}), MH_STATUS_INSUFFICIENT_RESOURCES);
	rig_close(&r);
}

static void
several_interfaces(void)
{
	struct rig r;
	struct lma_view v;

	rig_open(&r);
	/* shows: RFC5213-5.4-01 RFC5213-5.2-03 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .mag = 2, .access_tech = 3, .lifetime = 5}), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	/* Each has a prefix of its own. */
	CU_ASSERT(lma_find(r.l, 0, &v) && v.prefix_count == 1);
	CU_ASSERT(lma_find(r.l, 1, &v) && v.prefix_count == 1);
	CU_ASSERT(rig_sound(&r));
	rig_wait(&r, 30000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

static void
one_question(void)
{
	struct rig r;
	struct pmip_profile profile = {0};

	rig_open(&r);
	r.policy_silent = true;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .sequence = 5}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .sequence = 6}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .mag = 2, .sequence = 7}), RIG_SILENCE);
	CU_ASSERT_EQUAL(r.questions, 1);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 2);
	r.profile = profile;
	rig_answer_policy(&r);
	/* Each is answered once, the one that was sent again with its last number. */
	CU_ASSERT_EQUAL(r.answers, 2);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	rig_answer_policy(&r);
	CU_ASSERT_EQUAL(r.answers, 2);
	rig_close(&r);
}

static void
sent_again_after_the_answer(void)
{
	struct rig r;
	struct mh_msg m;
	struct addr6 mag2 = rig_mag(2);
	struct pmip_event answer = {.type = PMIP_EV_POLICY, .policy = {.found = true}};

	rig_open(&r);
	r.policy_silent = true;
	rig_send(&r, &(struct pbu){.ll = 1});
	rig_send(&r, &(struct pbu){.ll = 2, .mag = 2});
	answer.policy.token = r.token;
	/* The first is answered in this step, the second in the next; it comes once more in between. */
	CU_ASSERT(rig_step_once(&r, &answer));
	CU_ASSERT_EQUAL(r.answers, 1);
	r.now.wall += 1000;
	m = rig_message(&r, &(struct pbu){.ll = 2, .mag = 2, .sequence = 999});
	rig_send_message(&r, &m, &mag2);
	CU_ASSERT_EQUAL(r.answers, 2);
	CU_ASSERT_EQUAL(r.pba.pba.sequence, 999);
	CU_ASSERT_EQUAL(r.questions, 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
}

static void
no_question_for_known(void)
{
	struct rig r;

	rig_open(&r);
	rig_send(&r, &(struct pbu){.ll = 1});
	CU_ASSERT_EQUAL(r.questions, 1);
	rig_send(&r, &(struct pbu){.ll = 1});
	rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3});
	rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .dereg = true});
	CU_ASSERT_EQUAL(r.questions, 1);
	rig_close(&r);
}

static void
policy_silent(void)
{
	struct rig r;

	rig_open(&r);
	r.policy_silent = true;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), RIG_SILENCE);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	CU_ASSERT_EQUAL(lma_due(r.l), UINT64_MAX);
	rig_answer_policy(&r);
	CU_ASSERT_EQUAL(r.answers, 0);
	r.policy_silent = false;
	r.policy_fails = true;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), RIG_SILENCE);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	r.policy_fails = false;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), 0);
	rig_close(&r);
}

static void
slow_policy_keeps_timestamps(void)
{
	struct rig r;

	rig_open(&r);
	r.policy_silent = true;
	rig_send(&r, &(struct pbu){0});
	rig_wait(&r, 4000);
	rig_answer_policy(&r);
	CU_ASSERT_EQUAL(r.answers, 1);
	CU_ASSERT_EQUAL(r.pba.pba.status, 0);
	rig_close(&r);
}

/* Pitfall: two gateways register one new mobile node at once. The later timestamp wins, whatever came first. */
static void
simultaneous(void)
{
	for (unsigned int later_first = 0; later_first < 2; later_first++) {
		struct rig r;
		struct addr6 winner = rig_mag(later_first ? 1 : 2);

		rig_open(&r);
		r.policy_silent = true;
		rig_send(&r, &(struct pbu){.ll = 1, .mag = 1, .timestamp_ms = later_first ? 100 : 0});
		rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3});
		CU_ASSERT_EQUAL(r.questions, 1);
		rig_answer_policy(&r);
		CU_ASSERT_EQUAL(r.answers, 2);
		CU_ASSERT_EQUAL(r.pba.pba.status, later_first ? 157 : 0);
		CU_ASSERT(addr6_equal(&rig_only(&r)->proxy_coa, &winner));
		rig_close(&r);
	}
}

static const struct unit_case cases[] = {
	{"a new session: question, forwarding, answer, in that order, and all of the entry's fields", new_session},
	{"without a link-layer identifier the entry has two zero bytes", no_ll_id},
	{"as many prefixes as policy wants, in one session", several_prefixes},
	{"the prefixes of a session end with it, all of them", prefixes_end_together},
	{"prefixes come from the pool that policy names", named_pool},
	{"an empty pool is answered 130, and a prefix given back can be had again", pool_exhausted},
	{"fixed prefixes are given, inside and outside of pools, and to nobody else", fixed_prefixes},
	{"a further interface never shares a fixed prefix", further_interface_of_fixed},
	{"a requested prefix must be the mobile node's by policy, else 155", requested_prefixes},
	{"a requested prefix may be one that the pool could give, else 155", requested_from_pool},
	{"a prefix that is requested twice is given once", requested_twice},
	{"a fixed prefix that is in use, or no prefix of its pool, is not given", fixed_prefix_in_use},
	{"each interface has a session with its own prefix and lifetime", several_interfaces},
	{"one question a mobile node, and one answer to each update that waited", one_question},
	{"an update that comes again between policy's answer and its own is answered once",
	 sent_again_after_the_answer},
	{"no question for what is no new session", no_question_for_known},
	{"an unanswered or failed question is given up in silence", policy_silent},
	{"a timestamp is judged by when it came, not by when policy answered", slow_policy_keeps_timestamps},
	{"two gateways register one node at once: the later timestamp wins", simultaneous},
};

const struct case_table register_cases = {cases, UNIT_COUNT(cases)};
