/* SPDX-License-Identifier: BSD-3-Clause */
/* Prefix pools. */
#include "pmip/pool.h"

#include <errno.h>
#include <string.h>

#include "cases.h"

static struct addr_prefix
prefix(const char *text)
{
	struct addr_prefix p = {0};

	CU_ASSERT_FATAL(addr_prefix_parse(text, &p) == 0);
	return p;
}

static void
open_pool(struct pmip_pool *p, const char *block, uint8_t len)
{
	struct pmip_pool_settings s = {.name = "p", .block = prefix(block), .len = len};

	CU_ASSERT_FATAL(pmip_pool_init(p, &s) == 0);
}

static void
all_of_a_block(void)
{
	static bool seen[65536];
	struct pmip_pool p = {0};
	struct addr_prefix got, block = prefix("2001:db8:1000::/48");

	memset(seen, 0, sizeof(seen));
	open_pool(&p, "2001:db8:1000::/48", 64);
	CU_ASSERT_EQUAL(p.total, 65536);
	for (unsigned int i = 0; i < 65536; i++) {
		unsigned int number;

		CU_ASSERT_FATAL(pmip_pool_take(&p, &got) == 0);
		number = (unsigned int)got.addr.b[6] << 8 | got.addr.b[7];
		if (seen[number] || got.len != 64 || !addr_prefix_holds(&block, &got.addr))
			CU_FAIL_FATAL("a prefix was given twice, or is none of the block's");
		seen[number] = true;
	}
	CU_ASSERT_EQUAL(p.used, 65536);
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &got), -ENOSPC);
	pmip_pool_fini(&p);
}

static void
cut_again(void)
{
	struct addr_prefix wide = prefix("2001:db8::/60"), narrow = prefix("2001:db8:1::/62"),
			   more = prefix("2001:db8::/59");
	struct addr_prefix got, first = prefix("2001:db8::/64");
	struct pmip_pool p;

	CU_ASSERT_FATAL(pmip_pool_reserve(&p, 16) == 0);
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &got), -ENOSPC);
	CU_ASSERT_EQUAL(pmip_pool_take_prefix(&p, &first), -ENOENT);
	CU_ASSERT(!pmip_pool_recut(&p, &more, 64));
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &got), -ENOSPC);
	CU_ASSERT(pmip_pool_recut(&p, &wide, 64));
	for (unsigned int i = 0; i < 16; i++)
		CU_ASSERT(pmip_pool_take(&p, &got) == 0 && addr_prefix_holds(&wide, &got.addr));
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &got), -ENOSPC);
	CU_ASSERT(pmip_pool_recut(&p, &narrow, 64)); /* whatever is taken */
	CU_ASSERT(p.total == 4 && p.used == 0);
	CU_ASSERT(pmip_pool_take(&p, &got) == 0 && addr_prefix_holds(&narrow, &got.addr));
	CU_ASSERT_EQUAL(pmip_pool_put(&p, &first), -ENOENT);
	CU_ASSERT(pmip_pool_recut(&p, NULL, 64));
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &got), -ENOSPC);
	CU_ASSERT_EQUAL(pmip_pool_put(&p, &got), -ENOENT);
	pmip_pool_fini(&p);
}

static void
reuse_order(void)
{
	struct pmip_pool p = {0};
	struct addr_prefix a, b, c, d, got;

	open_pool(&p, "2001:db8::/62", 64);
	CU_ASSERT_FATAL(pmip_pool_take(&p, &a) == 0 && pmip_pool_take(&p, &b) == 0 && pmip_pool_take(&p, &c) == 0);
	CU_ASSERT_EQUAL(pmip_pool_put(&p, &b), 0);
	CU_ASSERT_EQUAL(pmip_pool_put(&p, &a), 0);
	/* The one that was never given, then in the order of their giving back. */
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &d), 0);
	CU_ASSERT_EQUAL(d.addr.b[7], 3);
	CU_ASSERT(pmip_pool_take(&p, &got) == 0 && addr_prefix_equal(&got, &b));
	CU_ASSERT(pmip_pool_take(&p, &got) == 0 && addr_prefix_equal(&got, &a));
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &got), -ENOSPC);
	pmip_pool_fini(&p);
}

static void
take_this_one(void)
{
	struct pmip_pool p = {0};
	struct addr_prefix want = prefix("2001:db8:0:2::/64"), got;

	open_pool(&p, "2001:db8::/62", 64);
	CU_ASSERT_EQUAL(pmip_pool_take_prefix(&p, &want), 0);
	CU_ASSERT_EQUAL(pmip_pool_take_prefix(&p, &want), -EBUSY);
	for (unsigned int i = 0; i < 3; i++)
		CU_ASSERT(pmip_pool_take(&p, &got) == 0 && !addr_prefix_equal(&got, &want));
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &got), -ENOSPC);
	CU_ASSERT_EQUAL(pmip_pool_put(&p, &want), 0);
	CU_ASSERT_EQUAL(pmip_pool_put(&p, &want), -EALREADY);
	CU_ASSERT_EQUAL(p.used, 3);
	CU_ASSERT(pmip_pool_take(&p, &got) == 0 && addr_prefix_equal(&got, &want));
	pmip_pool_fini(&p);
}

static void
not_of_the_pool(void)
{
	static const char *const foreign[] = {"2001:db8:0:4::/64", "2001:db8::/63", "2001:db8::/65", "::/0"};
	struct pmip_pool p = {0};
	struct addr_prefix unmasked = prefix("2001:db8::/64");

	open_pool(&p, "2001:db8::/62", 64);
	for (unsigned int i = 0; i < UNIT_COUNT(foreign); i++) {
		struct addr_prefix f = prefix(foreign[i]);

		CU_ASSERT_EQUAL(pmip_pool_take_prefix(&p, &f), -ENOENT);
		CU_ASSERT_EQUAL(pmip_pool_put(&p, &f), -ENOENT);
	}
	unmasked.addr.b[15] = 1;
	CU_ASSERT_EQUAL(pmip_pool_take_prefix(&p, &unmasked), -ENOENT);
	CU_ASSERT_EQUAL(p.used, 0);
	pmip_pool_fini(&p);
}

static void
lengths(void)
{
	struct pmip_pool p = {0};
	struct pmip_pool_settings s = {.block = prefix("2001:db8::/48"), .len = 47};
	struct addr_prefix got;

	CU_ASSERT_EQUAL(pmip_pool_init(&p, &s), -EINVAL);
	s.len = 65;
	CU_ASSERT_EQUAL(pmip_pool_init(&p, &s), -EINVAL);
	open_pool(&p, "2001:db8::/48", 48);
	CU_ASSERT_EQUAL(p.total, 1);
	CU_ASSERT(pmip_pool_take(&p, &got) == 0 && addr_prefix_equal(&got, &s.block));
	pmip_pool_fini(&p);
	open_pool(&p, "2001:db8::/48", 56);
	CU_ASSERT_EQUAL(p.total, 256);
	CU_ASSERT(pmip_pool_take(&p, &got) == 0 && pmip_pool_take(&p, &got) == 0);
	CU_ASSERT_EQUAL(got.addr.b[6], 1);
	CU_ASSERT_EQUAL(got.len, 56);
	pmip_pool_fini(&p);
}

static void
large_block(void)
{
	struct pmip_pool p = {0};
	struct addr_prefix got, inside = prefix("2001:db8:0:ffff::/64"), beyond = prefix("2001:db8:ffff::/64");

	open_pool(&p, "2001:db8::/32", 64);
	CU_ASSERT_EQUAL(p.total, PMIP_POOL_MAX);
	CU_ASSERT(PMIP_POOL_MAX >= 1u << 20);
	CU_ASSERT_EQUAL(pmip_pool_take(&p, &got), 0);
	CU_ASSERT_EQUAL(pmip_pool_take_prefix(&p, &inside), 0);
	CU_ASSERT_EQUAL(pmip_pool_take_prefix(&p, &beyond), -ENOENT);
	pmip_pool_fini(&p);
}

const struct unit_case pool_cases[POOL_CASES] = {
	{"a pool gives each prefix of its block once", all_of_a_block},
	{"another block is cut into no more prefixes than there is memory for", cut_again},
	{"the prefix that was put back longest ago is given next", reuse_order},
	{"a certain prefix can be taken once, and put back once", take_this_one},
	{"what is no prefix of the pool is refused", not_of_the_pool},
	{"lengths from the block's to 64 are pools", lengths},
	{"a block larger than the bound is used up to the bound", large_block},
};
