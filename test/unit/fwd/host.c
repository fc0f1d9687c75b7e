/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "fwd_unit.h"

static struct fwd_host_key
key_of(uint32_t i)
{
	return (struct fwd_host_key){.mac = {{2, 0, i >> 24, i >> 16, i >> 8, i}}, .port = 1, .vlan = 10};
}

static void
host_contract(void)
{
	struct fwd *f = fwd_small();
	struct fwd_host_key k = key_of(1), other;
	bool known = true;

	CU_ASSERT_EQUAL(fwd_host_find(f, &k, &known), FWD_NONE);
	CU_ASSERT_FALSE(known);
	CU_ASSERT_EQUAL(fwd_host_del(f, &k), -ENOENT);
	CU_ASSERT_EQUAL(fwd_host_add(f, &k, FWD_NONE), 0);
	CU_ASSERT_EQUAL(fwd_host_find(f, &k, &known), FWD_NONE);
	CU_ASSERT_TRUE(known);
	CU_ASSERT_EQUAL(fwd_host_add(f, &k, 0), 0);
	CU_ASSERT_EQUAL(fwd_host_find(f, &k, &known), 0);
	CU_ASSERT_TRUE(known);
	other = k;
	other.vlan = 11;
	CU_ASSERT_EQUAL(fwd_host_find(f, &other, &known), FWD_NONE);
	CU_ASSERT_FALSE(known);
	other = k;
	other.port = 2;
	fwd_host_find(f, &other, &known);
	CU_ASSERT_FALSE(known);
	CU_ASSERT_EQUAL(fwd_host_del(f, &k), 0);
	fwd_host_find(f, &k, &known);
	CU_ASSERT_FALSE(known);
	k.zero = 1;
	CU_ASSERT_EQUAL(fwd_host_add(f, &k, 1), -EINVAL);
	fwd_free(f);
}

static void
hosts_full(void)
{
	struct fwd *f = fwd_small();
	struct fwd_host_key k;
	unsigned int failed = 0;
	bool known;

	for (uint32_t i = 0; i < 100; i++) {
		k = key_of(i);
		failed += fwd_host_add(f, &k, i) != 0;
	}
	k = key_of(100);
	CU_ASSERT_EQUAL(fwd_host_add(f, &k, 1), -ENOSPC);
	k = key_of(99);
	CU_ASSERT_EQUAL(fwd_host_add(f, &k, 12345), 0);
	CU_ASSERT_EQUAL(fwd_host_find(f, &k, &known), 12345);
	for (uint32_t i = 0; i < 99; i++) {
		k = key_of(i);
		failed += fwd_host_find(f, &k, &known) != i || !known;
	}
	CU_ASSERT_EQUAL(failed, 0);
	fwd_free(f);
}

static void
hosts_churn(void)
{
	struct fwd *f = fwd_small();
	unsigned int failed = 0;

	fwd_worker_online(f, 0);
	for (uint32_t i = 0; i < 20000; i++) {
		struct fwd_host_key k = key_of(i), old = key_of(i - 50);

		failed += fwd_host_add(f, &k, i) != 0;
		failed += i >= 50 && fwd_host_del(f, &old) != 0;
		if (i % 16 == 0) {
			fwd_quiesce(f, 0);
			fwd_reclaim(f);
		}
	}
	CU_ASSERT_EQUAL(failed, 0);
	fwd_worker_offline(f, 0);
	fwd_free(f);
}

static void
host_place_rests(void)
{
	struct fwd *f = fwd_small();
	unsigned int n = 0;
	int err = 0;

	fwd_worker_online(f, 0);
	for (; err == 0 && n < 1000; n++) {
		struct fwd_host_key k = key_of(n);

		err = fwd_host_add(f, &k, n);
		if (err == 0)
			CU_ASSERT_EQUAL(fwd_host_del(f, &k), 0);
	}
	CU_ASSERT_EQUAL(err, -EAGAIN);
	CU_ASSERT_TRUE(n > 100);
	fwd_quiesce(f, 0);
	CU_ASSERT_EQUAL(fwd_host_add(f, &(struct fwd_host_key){.port = 9}, 1), 0);
	fwd_worker_offline(f, 0);
	fwd_free(f);
}

const struct unit_case host_cases[] = {
	{"a host is its port, VLAN and MAC; pending is known without a session", host_contract},
	{"the greatest number of hosts fits and one more is refused", hosts_full},
	{"a deleted host's place is not used again before workers were quiet", host_place_rests},
	{"hosts come and go without end while a worker reads", hosts_churn},
};
const unsigned int host_cases_n = UNIT_COUNT(host_cases);
