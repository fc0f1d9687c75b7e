/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

static const struct hash_secret secret = {{5, 6}};

static struct policy_entry
entry(const char *id, uint8_t mac)
{
	struct policy_entry e = {.link_count = mac != 0, .link = {{{2, 0, 0, 0, 0xaa, mac}}}};

	CU_ASSERT_FATAL(pmip_mn_id_parse(id, &e.profile.mn_id) == 0);
	return e;
}

/* shows: RFC5213-6.2-01 RFC5213-6.6-06 */
static void
found_both_ways(void)
{
	struct policy_entry list[] = {entry("mn1@x", 1), entry("mn2@x", 2), entry("mn3@x", 0)};
	struct policy *p;
	struct pmip_profile got;

	list[1].link[1] = (struct addr_mac){{2, 0, 0, 0, 0xbb, 2}};
	list[1].link_count = 2;
	list[1].profile.prefixes_wanted = 3;
	p = policy_new(list, 3, &secret, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL(policy_count(p), 3);
	CU_ASSERT(policy_find_by_mac(p, &list[1].link[1], &got));
	CU_ASSERT(pmip_mn_id_equal(&got.mn_id, &list[1].profile.mn_id));
	CU_ASSERT_EQUAL(got.prefixes_wanted, 3);
	CU_ASSERT(policy_find_by_mac(p, &list[1].link[0], &got));
	CU_ASSERT(pmip_mn_id_equal(&got.mn_id, &list[1].profile.mn_id));
	CU_ASSERT(policy_find_by_id(p, &list[2].profile.mn_id, &got));
	CU_ASSERT(pmip_mn_id_equal(&got.mn_id, &list[2].profile.mn_id));
	policy_free(p);
}

static void
unknown(void)
{
	struct policy_entry list[] = {entry("mn1@x", 1)}, other = entry("MN1@x", 9);
	struct policy *p = policy_new(list, 1, &secret, NULL);
	struct pmip_profile got;

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_FALSE(policy_find_by_id(p, &other.profile.mn_id, &got));
	CU_ASSERT_FALSE(policy_find_by_mac(p, &other.link[0], &got));
	policy_free(p);
	p = policy_new(NULL, 0, &secret, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_FALSE(policy_find_by_id(p, &other.profile.mn_id, &got));
	CU_ASSERT_FALSE(policy_find_by_mac(p, &other.link[0], &got));
	policy_free(p);
}

static void
expect_clash(struct policy_entry *list, unsigned int n, uint32_t at, uint32_t other)
{
	struct policy_error bad;

	CU_ASSERT_PTR_NULL(policy_new(list, n, &secret, &bad));
	CU_ASSERT_EQUAL(bad.error, -EEXIST);
	CU_ASSERT_EQUAL(bad.entry, at);
	CU_ASSERT_EQUAL(bad.other, other);
}

static void
duplicates(void)
{
	struct policy_entry ids[] = {entry("a", 1), entry("b", 2), entry("a", 3)};
	struct policy_entry macs[] = {entry("a", 1), entry("b", 2), entry("c", 2)};
	struct policy_entry prefixes[] = {entry("a", 1), entry("b", 2)}, twice = entry("a", 1);

	expect_clash(ids, 3, 2, 0);
	expect_clash(macs, 3, 2, 1);
	for (unsigned int i = 0; i < 2; i++) {
		prefixes[i].profile.prefix_count = 1;
		CU_ASSERT_FATAL(addr_prefix_parse("2001:db8:f::/64", &prefixes[i].profile.prefix[0]) == 0);
	}
	expect_clash(prefixes, 2, 1, 0);
	twice.link[1] = twice.link[0];
	twice.link_count = 2;
	expect_clash(&twice, 1, 0, 0);
}

static void
faults(void)
{
	struct policy_entry list[] = {entry("a", 1), entry("b", 2)};
	struct policy_error bad;

	list[1].profile.mn_id.len = 0;
	CU_ASSERT_PTR_NULL(policy_new(list, 2, &secret, &bad));
	CU_ASSERT(bad.error == -EINVAL && bad.entry == 1);
	list[1] = entry("b", 2);
	list[1].link[0].b[0] = 1;
	CU_ASSERT_PTR_NULL(policy_new(list, 2, &secret, &bad));
	CU_ASSERT(bad.error == -EINVAL && bad.entry == 1);
	list[1] = entry("b", 2);
	list[1].profile.prefix_count = MH_HNP_MAX + 1;
	CU_ASSERT_PTR_NULL(policy_new(list, 2, &secret, NULL));
}

static void
many(void)
{
	enum { N = 5000 };
	struct policy_entry *list = calloc(N, sizeof(*list));
	struct policy *p;
	struct pmip_profile got;
	unsigned int right = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(list);
	for (unsigned int i = 0; i < N; i++) {
		char id[16];

		snprintf(id, sizeof(id), "mn%u", i);
		list[i] = entry(id, 1);
		list[i].link[0].b[4] = (uint8_t)i;
		list[i].link[0].b[3] = (uint8_t)(i >> 8);
	}
	p = policy_new(list, N, &secret, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	for (unsigned int i = 0; i < N; i++)
		right += policy_find_by_mac(p, &list[i].link[0], &got) &&
			 pmip_mn_id_equal(&got.mn_id, &list[i].profile.mn_id) &&
			 policy_find_by_id(p, &list[i].profile.mn_id, &got) &&
			 pmip_mn_id_equal(&got.mn_id, &list[i].profile.mn_id);
	CU_ASSERT_EQUAL(right, N);
	policy_free(p);
	free(list);
}

/* Entry i has as much of everything as i says: identifiers of 1 to 253 bytes, no to 8 addresses and prefixes. */
static struct policy_entry
rich_entry(unsigned int i)
{
	struct policy_entry e = {.link_count = (uint8_t)(i % (POLICY_LINKS_MAX + 1))};
	struct pmip_profile *p = &e.profile;

	p->mn_id.subtype = (uint8_t)(1 + i / MH_MN_ID_MAX);
	p->mn_id.len = (uint8_t)(1 + i % MH_MN_ID_MAX);
	memset(p->mn_id.id, 'a', p->mn_id.len);
	for (uint8_t k = 0; k < e.link_count; k++)
		e.link[k] = (struct addr_mac){{2, 0, k, 0, (uint8_t)(i >> 8), (uint8_t)i}};
	p->prefix_count = (uint8_t)(i / 2 % (MH_HNP_MAX + 1));
	for (uint8_t k = 0; k < p->prefix_count; k++)
		p->prefix[k] = (struct addr_prefix){{{0x20, 1, [5] = k, (uint8_t)(i >> 8), (uint8_t)i}}, 64};
	p->prefixes_wanted = (uint8_t)(i % 3);
	p->barred = i % 7 == 0;
	p->lma_given = i % 5 == 0;
	p->lma.b[0] = p->lma_given ? 0x20 : 0;
	p->access_tech = (uint8_t)(i % 4);
	snprintf(p->pool, sizeof(p->pool), "%s", i % 2 ? "a-pool-of-thirty-one-bytes-thir" : "");
	memset(p->service, i % 3 == 0 ? 's' : 0, MH_SERVICE_MAX);
	p->flow_policies = i % 4 == 0 ? 0 : UINT64_C(1) << 63 | i % 5;
	return e;
}

static bool
same_entry(const struct policy_entry *a, const struct policy_entry *b)
{
	const struct pmip_profile *p = &a->profile, *q = &b->profile;

	return a->link_count == b->link_count && memcmp(a->link, b->link, a->link_count * sizeof(a->link[0])) == 0 &&
	       pmip_mn_id_equal(&p->mn_id, &q->mn_id) && p->barred == q->barred && p->lma_given == q->lma_given &&
	       addr6_equal(&p->lma, &q->lma) && p->access_tech == q->access_tech && strcmp(p->pool, q->pool) == 0 &&
	       p->prefix_count == q->prefix_count &&
	       memcmp(p->prefix, q->prefix, p->prefix_count * sizeof(p->prefix[0])) == 0 &&
	       strcmp(p->service, q->service) == 0 && p->flow_policies == q->flow_policies &&
	       p->prefixes_wanted == q->prefixes_wanted;
}

static void
all_of_it_comes_back(void)
{
	enum { N = 700 };
	struct policy_entry *list = calloc(N, sizeof(*list)), got;
	unsigned int right = 0, links = 0;
	struct pmip_profile profile;
	struct policy *p;

	CU_ASSERT_PTR_NOT_NULL_FATAL(list);
	for (unsigned int i = 0; i < N; i++)
		list[i] = rich_entry(i);
	p = policy_new(list, N, &secret, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	for (unsigned int i = 0; i < N; i++) {
		right += policy_get(p, i, &got) && same_entry(&got, &list[i]) &&
			 policy_find_entry(p, &list[i].profile.mn_id, &got) && same_entry(&got, &list[i]) &&
			 policy_knows(p, &list[i].profile.mn_id);
		for (unsigned int k = 0; k < list[i].link_count; k++)
			links += !policy_find_by_mac(p, &list[i].link[k], &profile) ||
				 !pmip_mn_id_equal(&profile.mn_id, &list[i].profile.mn_id);
	}
	CU_ASSERT_EQUAL(right, N);
	CU_ASSERT_EQUAL(links, 0);
	CU_ASSERT_FALSE(policy_get(p, N, &got));
	list[0] = rich_entry(N + MH_MN_ID_MAX);
	CU_ASSERT_FALSE(policy_knows(p, &list[0].profile.mn_id));
	CU_ASSERT_FALSE(policy_find_entry(p, &list[0].profile.mn_id, &got));
	policy_free(p);
	free(list);
}

static const struct unit_case cases[] = {
	{"a mobile node is found by any of its link-layer addresses and by its identifier", found_both_ways},
	{"an unknown one is not found, in an empty store neither", unknown},
	{"two nodes of one identifier, address or prefix are refused, and both named", duplicates},
	{"an entry without an identifier, with a group address or too many prefixes is refused", faults},
	{"thousands of nodes are found", many},
	{"an entry comes back as it was given, whatever it has and shares with others", all_of_it_comes_back},
};

int
main(void)
{
	return unit_main("policy", cases, UNIT_COUNT(cases));
}
