/* SPDX-License-Identifier: BSD-3-Clause */
/* Creation, prefixes, and the workers' part in the grace period, through the public header. */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "fwd_unit.h"

static struct addr_prefix
prefix_of(uint32_t i, uint8_t len)
{
	return (struct addr_prefix){{{0x20, 0x01, 0x0d, 0xb8, i >> 24, i >> 16, i >> 8, i}}, len};
}

static uint64_t
find_one(const struct fwd *f, const struct addr_prefix *p)
{
	uint64_t key = addr6_upper_be(&p->addr), value = 1;

	fwd_prefix_find_bulk(f, &key, 1, &value);
	return value;
}

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats stats;

	rte_malloc_get_socket_stats(0, &stats);
	return stats.heap_allocsz_bytes;
}

static void
settings_checked(void)
{
	struct fwd_settings bad[5];

	for (unsigned int i = 0; i < UNIT_COUNT(bad); i++)
		bad[i] = settings_small();
	bad[0].workers = 0;
	bad[1].sessions = FWD_SESSION_MAX; /* the last number is none's */
	bad[2].tunnels = FWD_TUNNEL_MAX;
	bad[3].adjacencies = FWD_ROUTE_LOCAL;
	bad[4].workers = 1000000;
	for (unsigned int i = 0; i < UNIT_COUNT(bad); i++) {
		rte_errno = 0;
		CU_ASSERT_PTR_NULL(fwd_new(&bad[i]));
		CU_ASSERT_EQUAL(rte_errno, EINVAL);
	}
}

static void
nothing_is_allowed(void)
{
	struct fwd_settings s = {.workers = 1, .socket = -1};
	struct fwd *f = fwd_of(&s);
	struct addr_prefix p = prefix_of(1, 64), route = prefix_of(0, 32);

	CU_ASSERT_EQUAL(fwd_prefix_add(f, &p, 1), -ENOSPC);
	CU_ASSERT_EQUAL(find_one(f, &p), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(fwd_session_set(f, 0, &(struct fwd_session){.port = 1}), -ERANGE);
	CU_ASSERT_EQUAL(fwd_session_get(f, 0)->port, 0);
	CU_ASSERT_EQUAL(fwd_tunnel_add(f, &p.addr, &p.addr, 1460, &tun_plain), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_adjacency_add(f, &(struct fwd_adjacency){.state = FWD_ADJACENCY_READY}), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_host_add(f, &(struct fwd_host_key){.port = 1}, 1), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_route_add(f, &route, 1), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_EQUAL(fwd_route_find(f, &p.addr), FWD_NONE);
	fwd_reclaim(f);
	fwd_free(f);
}

static void
ten_thousand_fit(void)
{
	struct fwd_settings s = settings_small();
	size_t before = heap_used();
	struct fwd *f;
	unsigned int failed = 0;

	s.prefixes = s.sessions = s.hosts = s.routes = 10000;
	s.tunnels = s.adjacencies = 1000;
	f = fwd_of(&s);
	for (uint32_t i = 0; i < s.prefixes; i++) {
		struct addr_prefix p = prefix_of(i, 64);

		failed += fwd_prefix_add(f, &p, fwd_value(1, i, FWD_ACCESS)) != 0;
	}
	CU_ASSERT_EQUAL(failed, 0);
	CU_ASSERT_EQUAL(fwd_prefix_count(f), s.prefixes);
	fwd_free(f);
	CU_ASSERT_EQUAL(heap_used(), before);
}

#define SHORT ((size_t)100 << 20)

/* So many of one kind, and few of the others. */
static void
too_many_of(unsigned int kind, uint32_t many)
{
	struct fwd_settings s = settings_small();
	uint32_t *const number[] = {&s.prefixes, &s.sessions, &s.tunnels, &s.adjacencies, &s.hosts, &s.routes};
	size_t before = heap_used();

	*number[kind] = many;
	rte_errno = 0;
	CU_ASSERT_PTR_NULL(fwd_new(&s));
	CU_ASSERT_EQUAL(rte_errno, ENOMEM);
	CU_ASSERT_EQUAL(heap_used(), before);
}

static void
short_memory_is_clean(void)
{
	size_t data = status_bytes("VmData:");
	struct rlimit limit = limit_data(SHORT);

	/* Too big for what may be mapped, one kind after the other. */
	too_many_of(0, 10000000);
	too_many_of(1, 10000000);
	too_many_of(2, FWD_TUNNEL_MAX - 1);
	too_many_of(3, 10000000);
	setrlimit(RLIMIT_DATA, &limit);
	CU_ASSERT_TRUE(status_bytes("VmData:") < data + SHORT / 2);
	/* And for the 64 MB that DPDK has. */
	too_many_of(4, 10000000);
	too_many_of(5, 10000000);
	fwd_free(NULL);
}

static void
value_packs(void)
{
	uint64_t v = fwd_value(FWD_TUNNEL_MAX - 1, FWD_SESSION_MAX - 1, 0x7fff);

	CU_ASSERT_EQUAL(v, UINT64_MAX >> 1);
	v = fwd_value(0x12345, 0x6789abc, FWD_ACCESS | FWD_LOCAL);
	CU_ASSERT_EQUAL(fwd_value_tunnel(v), 0x12345);
	CU_ASSERT_EQUAL(fwd_value_session(v), 0x6789abc);
	CU_ASSERT_EQUAL(fwd_value_flags(v), FWD_ACCESS | FWD_LOCAL);
}

static void
prefix_contract(void)
{
	struct fwd *f = fwd_small();
	struct addr_prefix p = prefix_of(1, 64), q = prefix_of(2, 64);

	CU_ASSERT_EQUAL(fwd_prefix_get(f, &p), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(fwd_prefix_replace(f, &p, 5), -ENOENT);
	CU_ASSERT_EQUAL(fwd_prefix_del(f, &p), -ENOENT);
	CU_ASSERT_EQUAL(fwd_prefix_add(f, &p, 5), 0);
	CU_ASSERT_EQUAL(fwd_prefix_add(f, &p, 6), -EEXIST);
	CU_ASSERT_EQUAL(find_one(f, &p), 5);
	CU_ASSERT_EQUAL(find_one(f, &q), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(fwd_prefix_replace(f, &p, 7), 0);
	CU_ASSERT_EQUAL(find_one(f, &p), 7);
	CU_ASSERT_EQUAL(fwd_prefix_get(f, &p), 7);
	CU_ASSERT_EQUAL(fwd_prefix_count(f), 1);
	CU_ASSERT_EQUAL(fwd_prefix_del(f, &p), 0);
	CU_ASSERT_EQUAL(find_one(f, &p), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(fwd_prefix_count(f), 0);
	fwd_free(f);
}

static void
prefix_refused(void)
{
	struct fwd *f = fwd_small();
	const uint8_t lens[] = {0, 48, 63, 65, 128};
	struct addr_prefix zero = {.len = 64}, p = prefix_of(1, 64);

	for (unsigned int i = 0; i < UNIT_COUNT(lens); i++) {
		struct addr_prefix other = prefix_of(1, lens[i]);

		CU_ASSERT_EQUAL(fwd_prefix_add(f, &other, 5), -EINVAL);
		CU_ASSERT_EQUAL(fwd_prefix_replace(f, &other, 5), -EINVAL);
		CU_ASSERT_EQUAL(fwd_prefix_del(f, &other), -EINVAL);
		CU_ASSERT_EQUAL(fwd_prefix_get(f, &other), FWD_VALUE_NONE);
	}
	CU_ASSERT_EQUAL(fwd_prefix_add(f, &zero, 5), -EINVAL);
	CU_ASSERT_EQUAL(fwd_prefix_del(f, &zero), -EINVAL);
	CU_ASSERT_EQUAL(find_one(f, &zero), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(fwd_prefix_add(f, &p, FWD_VALUE_NONE), -EINVAL);
	CU_ASSERT_EQUAL(fwd_prefix_add(f, &p, UINT64_C(1) << 63 | 5), -EINVAL);
	CU_ASSERT_EQUAL(fwd_prefix_count(f), 0);
	fwd_free(f);
}

static void
prefixes_full(void)
{
	struct fwd_settings s = settings_small();
	struct fwd *f;
	unsigned int failed = 0;

	s.prefixes = 100;
	f = fwd_of(&s);
	for (uint32_t i = 0; i < 100; i++) {
		struct addr_prefix p = prefix_of(i, 64);

		failed += fwd_prefix_add(f, &p, 1 + i) != 0;
	}
	CU_ASSERT_EQUAL(failed, 0);
	CU_ASSERT_EQUAL(fwd_prefix_add(f, &(struct addr_prefix){{{0x20}}, 64}, 1), -ENOSPC);
	for (uint32_t i = 0; i < 100; i++) {
		struct addr_prefix p = prefix_of(i, 64);

		failed += find_one(f, &p) != 1 + i;
	}
	CU_ASSERT_EQUAL(failed, 0);
	fwd_free(f);
}

/* Add and delete n prefixes, all different; how many of the additions were put off. */
static unsigned int
prefix_churn(struct fwd *f, uint32_t from, uint32_t n)
{
	unsigned int again = 0;

	for (uint32_t i = from; i < from + n; i++) {
		struct addr_prefix p = prefix_of(i, 64);
		int err = fwd_prefix_add(f, &p, 1);

		CU_ASSERT_TRUE(err == 0 || err == -EAGAIN);
		again += err == -EAGAIN;
		if (err == 0)
			CU_ASSERT_EQUAL(fwd_prefix_del(f, &p), 0);
	}
	return again;
}

static void
worker_delays_reuse(void)
{
	struct fwd_settings s = settings_small();
	struct fwd *f;

	s.prefixes = 8; /* 32 lines, 128 slots */
	f = fwd_of(&s);
	CU_ASSERT_EQUAL(prefix_churn(f, 0, 1000), 0);
	fwd_worker_online(f, 1);
	CU_ASSERT_TRUE(prefix_churn(f, 1000, 1000) >= 1000 - 128);
	fwd_quiesce(f, 1);
	fwd_reclaim(f);
	fwd_quiesce(f, 1);
	fwd_reclaim(f);
	CU_ASSERT_EQUAL(prefix_churn(f, 2000, 50), 0);
	fwd_worker_offline(f, 1);
	CU_ASSERT_EQUAL(prefix_churn(f, 3000, 1000), 0);
	fwd_free(f);
}

const struct unit_case prefix_cases[] = {
	{"settings out of range are refused with EINVAL", settings_checked},
	{"tables of nothing refuse everything with ENOSPC", nothing_is_allowed},
	{"ten thousand of each fit into 64 MB, and free gives all of it back", ten_thousand_fit},
	{"too little memory is ENOMEM and leaves nothing behind", short_memory_is_clean},
	{"a value holds 20 bits of tunnel, 28 of session and 15 of flags", value_packs},
	{"a prefix is added, found, replaced and deleted", prefix_contract},
	{"what the table cannot hold is refused: other lengths, ::/64, value 0, bit 63", prefix_refused},
	{"the greatest number of prefixes fits and one more is refused", prefixes_full},
	{"deleted slots are reused when each online worker has been quiet, not before", worker_delays_reuse},
};
const unsigned int prefix_cases_n = UNIT_COUNT(prefix_cases);
