/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fwd_unit.h"

static struct addr_prefix
prefix(const char *text)
{
	struct addr_prefix p = {0};

	CU_ASSERT_EQUAL(addr_prefix_parse(text, &p), 0);
	return p;
}

static int
add(struct fwd *f, const char *text, uint32_t adjacency)
{
	struct addr_prefix p = prefix(text);

	return fwd_route_add(f, &p, adjacency);
}

static int
del(struct fwd *f, const char *text)
{
	struct addr_prefix p = prefix(text);

	return fwd_route_del(f, &p);
}

static struct addr6
address(const char *text)
{
	struct addr6 a;

	CU_ASSERT_EQUAL(addr6_parse(text, &a), 0);
	return a;
}

static uint32_t
find(const struct fwd *f, const char *text)
{
	const struct addr6 a = address(text);

	return fwd_route_find(f, &a);
}

static struct fwd *
fwd_with(uint32_t routes)
{
	struct fwd_settings s = settings_small();

	s.routes = routes;
	return fwd_of(&s);
}

static void
longest_wins(void)
{
	struct fwd *f = fwd_with(100);

	CU_ASSERT_EQUAL(add(f, "::/0", 1), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8::/32", 2), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8:1::/64", 3), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8:1::1/128", FWD_ROUTE_LOCAL), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128", 4), 0);
	CU_ASSERT_EQUAL(add(f, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", 5), 0);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_EQUAL(find(f, "::"), 1);
	CU_ASSERT_EQUAL(find(f, "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"), 1);
	CU_ASSERT_EQUAL(find(f, "2001:db8::"), 2);
	CU_ASSERT_EQUAL(find(f, "2001:db8:0:ffff:ffff:ffff:ffff:ffff"), 2);
	CU_ASSERT_EQUAL(find(f, "2001:db8:1::"), 3);
	CU_ASSERT_EQUAL(find(f, "2001:db8:1::1"), FWD_ROUTE_LOCAL);
	CU_ASSERT_EQUAL(find(f, "2001:db8:1::2"), 3);
	CU_ASSERT_EQUAL(find(f, "2001:db8:1:0:ffff:ffff:ffff:ffff"), 3);
	CU_ASSERT_EQUAL(find(f, "2001:db8:1:1::"), 2);
	CU_ASSERT_EQUAL(find(f, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), 4);
	CU_ASSERT_EQUAL(find(f, "2001:db9::"), 1);
	CU_ASSERT_EQUAL(find(f, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), 1);
	CU_ASSERT_EQUAL(find(f, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 5);
	fwd_free(f);
}

static void
into_a_tunnel(void)
{
	struct fwd *f = fwd_with(100);

	CU_ASSERT_EQUAL(add(f, "2001:db8::/32", 2), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8:2::/48", FWD_ROUTE_TUNNEL | 7), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8:3::/48", FWD_ROUTE_TUNNEL | (FWD_TUNNEL_MAX - 1)), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8:2::1/128", FWD_ROUTE_LOCAL), 0);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_EQUAL(fwd_route_tunnel(find(f, "2001:db8:2:1::1")), 7);
	CU_ASSERT_EQUAL(fwd_route_tunnel(find(f, "2001:db8:3::1")), FWD_TUNNEL_MAX - 1);
	CU_ASSERT_EQUAL(fwd_route_tunnel(find(f, "2001:db8:4::1")), 0);
	CU_ASSERT_EQUAL(fwd_route_tunnel(find(f, "2001:db8:2::1")), 0);
	CU_ASSERT_EQUAL(fwd_route_tunnel(find(f, "2002::1")), 0); /* FWD_NONE */
	CU_ASSERT_EQUAL(fwd_adjacency_get(f, find(f, "2001:db8:2:1::1"))->state, FWD_ADJACENCY_FREE);
	fwd_free(f);
}

static void
commit_makes_visible(void)
{
	struct fwd *f = fwd_with(100);

	CU_ASSERT_EQUAL(find(f, "2001:db8::1"), FWD_NONE);
	CU_ASSERT_EQUAL(add(f, "2001:db8::/32", 2), 0);
	CU_ASSERT_EQUAL(find(f, "2001:db8::1"), FWD_NONE);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_EQUAL(find(f, "2001:db8::1"), 2);
	CU_ASSERT_EQUAL(add(f, "2001:db8::/32", 7), 0);
	CU_ASSERT_EQUAL(find(f, "2001:db8::1"), 2);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_EQUAL(find(f, "2001:db8::1"), 7);
	CU_ASSERT_EQUAL(del(f, "2001:db8::/32"), 0);
	CU_ASSERT_EQUAL(del(f, "2001:db8::/32"), -ENOENT);
	CU_ASSERT_EQUAL(del(f, "2001:db8::/33"), -ENOENT);
	CU_ASSERT_EQUAL(find(f, "2001:db8::1"), 7);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_EQUAL(find(f, "2001:db8::1"), FWD_NONE);
	fwd_free(f);
}

static void
route_refused(void)
{
	struct fwd *f = fwd_with(2);
	struct addr_prefix p = {{{0x20, 0x01}}, 8};

	CU_ASSERT_EQUAL(fwd_route_add(f, &p, 1), -EINVAL);
	p.len = 129;
	CU_ASSERT_EQUAL(fwd_route_add(f, &p, 1), -EINVAL);
	CU_ASSERT_EQUAL(add(f, "2001::/16", 1), 0);
	CU_ASSERT_EQUAL(add(f, "2002::/16", 1), 0);
	CU_ASSERT_EQUAL(add(f, "2003::/16", 1), -ENOSPC);
	CU_ASSERT_EQUAL(add(f, "2002::/16", 2), 0);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_EQUAL(find(f, "2001::1"), 1);
	CU_ASSERT_EQUAL(find(f, "2002::1"), 2);
	fwd_free(f);
}

static void
commit_waits_for_workers(void)
{
	struct fwd *f = fwd_with(10);
	int err = 0;
	uint32_t n = 0;

	fwd_worker_online(f, 0);
	for (; err == 0 && n < 100; n++) {
		CU_ASSERT_EQUAL(add(f, "::/0", n), 0);
		err = fwd_route_commit(f);
	}
	CU_ASSERT_EQUAL(err, -EAGAIN);
	CU_ASSERT_EQUAL(find(f, "::1"), n - 2);
	fwd_quiesce(f, 0);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_EQUAL(find(f, "::1"), n - 1);
	fwd_worker_offline(f, 0);
	fwd_free(f);
}

#define MODEL_ROUTES 300

/* Prefixes that nest and touch: few distinct bytes, every length. */
static struct addr_prefix
model_prefix(uint64_t *random)
{
	static const uint8_t bytes[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	struct addr6 a;

	for (unsigned int i = 0; i < sizeof(a.b); i++)
		a.b[i] = bytes[random_next(random) % (i < 2 ? 5 : i % 2 + 1)];
	return addr_prefix_mask(&a, random_next(random) % 129);
}

static uint32_t
model_find(const struct addr_prefix *routes, const uint32_t *adjacency, unsigned int n, const struct addr6 *a)
{
	uint32_t best = FWD_NONE;
	int len = -1;

	for (unsigned int i = 0; i < n; i++)
		if (routes[i].len > len && addr_prefix_holds(&routes[i], a)) {
			len = routes[i].len;
			best = adjacency[i];
		}
	return best;
}

/* One address inside, at the edges of and just outside each route. */
static void
model_probe(const struct addr_prefix *p, struct addr6 out[4])
{
	for (unsigned int i = 0; i < 4; i++)
		out[i] = p->addr;
	for (unsigned int bit = p->len; bit < 128; bit++) {
		out[1].b[bit / 8] |= 0x80 >> bit % 8;
		out[3].b[bit / 8] |= 0x80 >> bit % 8;
	}
	for (int i = 15; i >= 0 && out[2].b[i]-- == 0; i--)
		;
	for (int i = 15; i >= 0 && ++out[3].b[i] == 0; i--)
		;
}

static void
routes_model(void)
{
	struct fwd *f = fwd_with(MODEL_ROUTES);
	struct addr_prefix routes[MODEL_ROUTES];
	uint32_t adjacency[MODEL_ROUTES];
	uint64_t random = 7;
	unsigned int n = 0, wrong = 0;

	for (unsigned int round = 0; round < 40; round++) {
		for (unsigned int i = 0; i < 20; i++) {
			unsigned int at = 0;

			if (n > 0 && (n == MODEL_ROUTES || random_next(&random) % 3 == 0)) {
				at = random_next(&random) % n;
				wrong += fwd_route_del(f, &routes[at]) != 0;
				routes[at] = routes[--n];
				adjacency[at] = adjacency[n];
				continue;
			}
			routes[n] = model_prefix(&random);
			while (!addr_prefix_equal(&routes[at], &routes[n]))
				at++;
			adjacency[at] = random_next(&random) % 4;
			wrong += fwd_route_add(f, &routes[at], adjacency[at]) != 0;
			n += at == n;
		}
		wrong += fwd_route_commit(f) != 0;
		for (unsigned int i = 0; i < n; i++) {
			struct addr6 a[4];
			uint32_t found[4];

			model_probe(&routes[i], a);
			fwd_route_find_bulk(f, a, 4, found);
			for (unsigned int j = 0; j < 4; j++)
				wrong += found[j] != model_find(routes, adjacency, n, &a[j]) ||
					 fwd_route_find(f, &a[j]) != found[j];
		}
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_TRUE(n > 100);
	fwd_free(f);
}

static bool
near_own(struct fwd *f, const char *text)
{
	const struct addr6 a = address(text);

	return fwd_own_near(fwd_own_get(f), addr6_upper_be(&a));
}

static bool
is_own(struct fwd *f, const char *text)
{
	const struct addr6 a = address(text);

	return fwd_own_holds(fwd_own_get(f), &a);
}

static void
own_addresses(void)
{
	struct fwd *f = fwd_with(2 * FWD_OWN_MAX);
	char text[ADDR_PREFIX_TEXT];

	CU_ASSERT_FALSE(near_own(f, "2001:db8:1::1"));
	CU_ASSERT_EQUAL(add(f, "2001:db8::/32", 1), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8:1::1/128", FWD_ROUTE_LOCAL), 0);
	CU_ASSERT_EQUAL(add(f, "2001:db8:2::1/128", FWD_ROUTE_LOCAL), 0);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT(near_own(f, "2001:db8:1::2") && near_own(f, "2001:db8:2::"));
	for (unsigned int i = 3; i < 1000; i++) { /* whatever bit of the filter they share */
		snprintf(text, sizeof(text), "2001:db8:%x::1", i);
		CU_ASSERT_FALSE(near_own(f, text));
	}
	CU_ASSERT(is_own(f, "2001:db8:1::1") && is_own(f, "2001:db8:2::1"));
	CU_ASSERT(!is_own(f, "2001:db8:1::2") && !is_own(f, "2001:db8:3::1"));
	/* One of another length, and more than are listed: then none is known to be far from all. */
	CU_ASSERT_EQUAL(add(f, "2001:db8:ff00::/48", FWD_ROUTE_LOCAL), 0);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT(near_own(f, "2001:db8:3::1") && is_own(f, "2001:db8:1::1") && !is_own(f, "2001:db8:ff00::1"));
	CU_ASSERT_EQUAL(del(f, "2001:db8:ff00::/48"), 0);
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT_FALSE(near_own(f, "2001:db8:3::1"));
	for (unsigned int i = 3; i <= FWD_OWN_MAX + 1; i++) {
		snprintf(text, sizeof(text), "2001:db8:%x::1/128", i);
		CU_ASSERT_EQUAL(add(f, text, FWD_ROUTE_LOCAL), 0);
	}
	CU_ASSERT_EQUAL(fwd_route_commit(f), 0);
	CU_ASSERT(near_own(f, "2001:db8:ffff::1"));
	fwd_free(f);
}

const struct unit_case route_cases[] = {
	{"the longest prefix wins, from ::/0 to /128", longest_wins},
	{"a route leads into a tunnel, and to no adjacency", into_a_tunnel},
	{"routes are seen after the commit and not before", commit_makes_visible},
	{"bits past the length and too many routes are refused", route_refused},
	{"a commit is put off while workers hold what it needs", commit_waits_for_workers},
	{"own addresses are known at a glance, or nothing is", own_addresses},
	{"random nested routes: look-ups agree with a linear search", routes_model},
};
const unsigned int route_cases_n = UNIT_COUNT(route_cases);
