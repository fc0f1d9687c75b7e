/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while the engine runs: sessions keep what they have, and what is new counts from the next update on.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "multi.h"
#include "rig.h"

static struct lma_pool_view
pool_at(struct rig *r, unsigned int i)
{
	struct lma_pool_view v = {0};

	CU_ASSERT(lma_pool(r->l, i, &v));
	return v;
}

static int
attach(struct rig *r, const char *mn)
{
	return rig_send(r, &(struct pbu){.mn = mn, .ll = 1});
}

static void
settings(void)
{
	struct lma_change_refusal why;
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(attach(&r, "mn1"), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->lifetime_s, 3600);
	r.s.lifetime_max_s = 400;
	r.s.timers.min_delay_before_bce_delete_ms = 200;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->lifetime_s, 3600); /* until its gateway asks */
	CU_ASSERT_EQUAL(attach(&r, "mn1"), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->lifetime_s, 400);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .ll = 1, .dereg = true}), 0);
	rig_wait(&r, 250);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	r.s.proxy_registration = false;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	CU_ASSERT_EQUAL(attach(&r, "mn1"), MH_STATUS_PROXY_REG_NOT_ENABLED);
	rig_close(&r);
}

static void
peers(void)
{
	struct lma_change_refusal why;
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(attach(&r, "mn1"), 0);
	r.peer[0].address = rig_prefix("2001:db8:900::/64");
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	CU_ASSERT_EQUAL(attach(&r, "mn1"), MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_ACTIVE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .src = "2001:db8:900::2"}), 0);
	rig_wait(&r, 3600 * 1000 + 1000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);
}

/* All four prefixes of the small pool are taken; it grows to the left and to the right, and gives only what is free. */
static void
pool_grows(void)
{
	struct lma_change_refusal why;
	char mn[16];
	struct rig r;

	rig_open(&r);
	snprintf(r.profile.pool, sizeof(r.profile.pool), "small");
	r.pool[1].block = rig_prefix("2001:db8:2000:4::/62");
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	for (unsigned int i = 0; i < 5; i++) {
		snprintf(mn, sizeof(mn), "mn%u", i);
		CU_ASSERT_EQUAL(attach(&r, mn), i < 4 ? 0 : MH_STATUS_INSUFFICIENT_RESOURCES);
	}
	r.pool[1].block = rig_prefix("2001:db8:2000::/60");
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	CU_ASSERT(pool_at(&r, 1).used == 4 && pool_at(&r, 1).total == 16);
	for (unsigned int i = 4; i < 17; i++) {
		snprintf(mn, sizeof(mn), "mn%u", i);
		CU_ASSERT_EQUAL(attach(&r, mn), i < 16 ? 0 : MH_STATUS_INSUFFICIENT_RESOURCES);
	}
	CU_ASSERT_EQUAL(pool_at(&r, 1).used, 16);
	rig_close(&r); /* where no prefix has two owners */
}

static void
pool_in_use(void)
{
	struct lma_change_refusal why;
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(attach(&r, "mn1"), 0); /* 2001:db8:1000::/64 */
	snprintf(r.profile.pool, sizeof(r.profile.pool), "small");
	CU_ASSERT_EQUAL(attach(&r, "mn2"), 0);
	CU_ASSERT_EQUAL(attach(&r, "mn3"), 0);
	/* Shrunk to what none uses; gone; moved. */
	r.pool[1].block = rig_prefix("2001:db8:2000:2::/63");
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), -EBUSY);
	CU_ASSERT(why.prefixes == 2 && strcmp(why.pool, "small") == 0);
	r.s.pool_count = 1;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), -EBUSY);
	r.s.pool_count = 0;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), -EBUSY);
	CU_ASSERT_EQUAL(why.prefixes, 3);
	CU_ASSERT(pool_at(&r, 0).used == 1 && pool_at(&r, 1).used == 2 && pool_at(&r, 1).total == 4);
	/* Shrunk to what they use, and then free, and gone. */
	r.s.pool_count = 2;
	r.pool[1].block = rig_prefix("2001:db8:2000::/63");
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	CU_ASSERT(pool_at(&r, 1).used == 2 && pool_at(&r, 1).total == 2);
	CU_ASSERT_EQUAL(attach(&r, "mn4"), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .dereg = true}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .ll = 1, .dereg = true}), 0);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(pool_at(&r, 1).used, 0);
	r.s.pool_count = 1;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	CU_ASSERT(pool_at(&r, 0).used == 1);
	rig_close(&r);
}

/* A pool that stays is the same table under a name that may be new, wherever it stands in the list. */
static void
pools_in_order(void)
{
	struct lma_change_refusal why;
	struct pmip_pool_settings first;
	struct lma_view v;
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(attach(&r, "mn1"), 0);
	first = r.pool[0];
	r.pool[0] = r.pool[1];
	r.pool[1] = first;
	snprintf(r.pool[1].name, sizeof(r.pool[1].name), "second");
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	CU_ASSERT(pool_at(&r, 0).used == 0 && pool_at(&r, 1).used == 1);
	CU_ASSERT_STRING_EQUAL(pool_at(&r, 1).name, "second");
	CU_ASSERT_EQUAL(attach(&r, "mn2"), 0); /* of the default, which is another now */
	CU_ASSERT(lma_find(r.l, 1, &v) && pool_at(&r, 0).used == 1);
	snprintf(r.profile.pool, sizeof(r.profile.pool), "second");
	CU_ASSERT_EQUAL(attach(&r, "mn3"), 0);
	CU_ASSERT_EQUAL(pool_at(&r, 1).used, 2);
	rig_close(&r);
}

/* A prefix that policy gave, outside all pools, is in one now, and nobody else's. */
static void
fixed_prefix_comes_in(void)
{
	struct lma_change_refusal why;
	struct addr_prefix fixed = rig_prefix("2001:db8:3000:1::/64");
	struct rig r;

	rig_open(&r);
	r.profile.prefix[0] = fixed;
	r.profile.prefix_count = 1;
	CU_ASSERT_EQUAL(attach(&r, "mn1"), 0);
	CU_ASSERT(addr_prefix_equal(&rig_only(&r)->prefix[0], &fixed));
	r.profile.prefix_count = 0;
	r.pool[1].block = rig_prefix("2001:db8:3000::/63");
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), 0);
	CU_ASSERT(pool_at(&r, 1).used == 1 && pool_at(&r, 1).total == 2);
	snprintf(r.profile.pool, sizeof(r.profile.pool), "small");
	CU_ASSERT_EQUAL(attach(&r, "mn2"), 0);
	CU_ASSERT_EQUAL(attach(&r, "mn3"), MH_STATUS_INSUFFICIENT_RESOURCES);
	/* And leaves it as it came. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .ll = 1, .dereg = true}), 0);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(pool_at(&r, 1).used, 1);
	rig_close(&r);
}

/* The small pool has 64 prefixes, of which 20 mobile nodes have one each; and will have 256. */
static struct lma_change *
grow(struct rig *r)
{
	struct lma_change_refusal why;
	struct lma_change *c;
	char mn[16];

	rig_open(r);
	snprintf(r->profile.pool, sizeof(r->profile.pool), "small");
	r->pool[1].block = rig_prefix("2001:db8:2000::/58");
	CU_ASSERT_EQUAL(rig_change(r, &r->s, &why), 0);
	for (unsigned int i = 0; i < 20; i++) {
		snprintf(mn, sizeof(mn), "mn%u", i);
		CU_ASSERT_EQUAL(attach(r, mn), 0);
	}
	r->pool[1].block = rig_prefix("2001:db8:2000::/56");
	c = lma_change_new(&r->s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	return c;
}

/* Of many sessions a few are looked at a time, and what others get and give meanwhile is not lost. */
static void
in_slices(void)
{
	struct lma_change_refusal why;
	struct addr_prefix moved;
	struct lma_change *c;
	static struct rig r;
	char mn[16];

	c = grow(&r);
	r.s.timers.min_delay_before_bce_delete_ms = 0;
	CU_ASSERT_EQUAL(lma_change_check(c, r.l, 10, &why), -EAGAIN);
	/* One that was looked at and one that was not, gone; and a new one. */
	for (unsigned int i = 0; i < 20; i += 19) {
		snprintf(mn, sizeof(mn), "mn%u", i);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = mn, .ll = 1, .dereg = true}), 0);
	}
	rig_wait(&r, 20000);
	CU_ASSERT_EQUAL(pool_at(&r, 1).used, 18);
	CU_ASSERT_EQUAL(attach(&r, "late"), 0);
	/* Prefixes go from one behind to one before where it is. */
	moved = r.l->session[15].prefix;
	lma_row_give(r.l, &r.l->session[15], &r.l->session[5], &moved);
	CU_ASSERT_EQUAL(lma_change_check(c, r.l, 7, &why), -EAGAIN);
	lma_row_give(r.l, &r.l->session[5], &r.l->session[15], &moved);
	CU_ASSERT_EQUAL(lma_change_check(c, r.l, UINT32_MAX, &why), 0);
	lma_change_apply(r.l, c);
	lma_change_free(c);
	CU_ASSERT(pool_at(&r, 1).used == 19 && pool_at(&r, 1).total == 256);
	/* It gives the others, each once. */
	for (unsigned int i = 0; i < 256 - 19; i++) {
		snprintf(mn, sizeof(mn), "after%u", i);
		CU_ASSERT_EQUAL(attach(&r, mn), 0);
	}
	CU_ASSERT_EQUAL(attach(&r, "none"), MH_STATUS_INSUFFICIENT_RESOURCES);
	rig_close(&r);
}

/* It comes to nothing in between; a prefix of a pool that goes is given out in between. */
static void
in_slices_and_not(void)
{
	struct lma_change_refusal why;
	struct lma_change *c;
	static struct rig r;

	c = grow(&r);
	CU_ASSERT_EQUAL(lma_change_check(c, r.l, 10, &why), -EAGAIN);
	lma_change_free(c);
	CU_ASSERT_PTR_NULL(r.l->change);
	CU_ASSERT_EQUAL(attach(&r, "late"), 0);
	r.s.pool_count = 1;
	r.pool[0] = r.pool[1];
	r.pool[0].block = rig_prefix("2001:db8:2000::/59");
	c = lma_change_new(&r.s);
	CU_ASSERT_EQUAL(lma_change_check(c, r.l, r.s.sessions_max - 1, &why), -EAGAIN);
	snprintf(r.profile.pool, sizeof(r.profile.pool), "internet");
	CU_ASSERT_EQUAL(attach(&r, "other"), 0);
	CU_ASSERT_EQUAL(lma_change_check(c, r.l, 10, &why), -EBUSY);
	CU_ASSERT(why.prefixes == 1 && why.pool != NULL);
	lma_free(r.l); /* before the change goes */
	lma_change_free(c);
}

static void
refused(void)
{
	struct lma_change_refusal why;
	struct rig r;

	rig_open(&r);
	r.s.sessions_max--;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), -EINVAL);
	r.s.sessions_max++;
	r.s.address = rig_addr("2001:db8:100::9");
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), -EINVAL);
	r.s.address = rig_addr("2001:db8:100::1");
	r.s.secret.k[0]++;
	CU_ASSERT_EQUAL(rig_change(&r, &r.s, &why), -EINVAL);
	r.s.secret.k[0]--;
	r.pool[1].block = rig_prefix("2001:db8:1000::/60"); /* overlaps */
	CU_ASSERT_PTR_NULL(lma_change_new(&r.s));
	r.s.lifetime_max_s = 0;
	CU_ASSERT_PTR_NULL(lma_change_new(&r.s));
	lma_change_free(NULL);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"other lifetimes and timers count from the next update on", settings},
	{"a peer that is gone is refused, and its session ends with its lifetime", peers},
	{"a pool that grows gives what is free of it", pool_grows},
	{"a pool does not lose what is in use", pool_in_use},
	{"pools change places and names, and keep what they gave", pools_in_order},
	{"a fixed prefix that a new pool holds is not given to another", fixed_prefix_comes_in},
	{"a change of pools looks at sessions a few at a time", in_slices},
	{"one that comes to nothing in between, and one that is refused for what came meanwhile", in_slices_and_not},
	{"settings that tables are made by are refused", refused},
};
const struct case_table apply_cases = {cases, UNIT_COUNT(cases)};
