/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of shares and rules, and what of a packet the rules look at. */
#include <errno.h>
#include <string.h>

#include "fwd/flows.h"
#include "fwd_unit.h"

#define PACKETS 200000
#define PLACES	4 /* values of each field: often the same, and often at a range's end */

static struct fwd *
fwd_with(uint32_t lists)
{
	struct fwd_settings s = settings_small();

	s.flow_lists = lists;
	return fwd_of(&s);
}

static struct fwd_flows
list_of(unsigned int shares, uint64_t value)
{
	struct fwd_flows list = {.share_count = shares};

	for (unsigned int i = 0; i < FWD_SHARES_MAX; i++)
		list.share[i] = (struct fwd_share){.upper_be = i, .value = value};
	return list;
}

static void
list_contract(void)
{
	struct fwd *f = fwd_with(2);
	struct fwd_flows list = list_of(3, 7), most = list_of(FWD_SHARES_MAX, 8), more = list_of(FWD_SHARES_MAX + 1, 9);
	uint64_t before;

	CU_ASSERT_TRUE(fwd_flows_get(f, 5)->share_count == 0 && fwd_flows_get(f, 5)->rule_count == 0);
	CU_ASSERT_EQUAL(fwd_flows_get(f, UINT32_MAX)->share_count, 0);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 5, NULL), 0);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 5, &list), 0);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 99, &most), 0);
	CU_ASSERT_EQUAL(fwd_flows_count(f), 2);
	CU_ASSERT_TRUE(fwd_flows_get(f, 5)->share_count == 3 && fwd_flows_get(f, 5)->share[2].value == 7);
	CU_ASSERT_EQUAL(fwd_flows_get(f, 99)->share[FWD_SHARES_MAX - 1].upper_be, FWD_SHARES_MAX - 1);
	CU_ASSERT_EQUAL(fwd_flows_get(f, 6)->share_count, 0);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 6, &list), -ENOSPC);
	before = fwd_flows_get(f, 5)->generation;
	CU_ASSERT_NOT_EQUAL(before, fwd_flows_get(f, 99)->generation);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 5, &most), 0);
	CU_ASSERT_TRUE(fwd_flows_get(f, 5)->generation > before && before > fwd_flows_get(f, 6)->generation);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 5, &more), -EINVAL);
	list.rule_count = FWD_RULES_MAX + 1;
	CU_ASSERT_EQUAL(fwd_flows_set(f, 5, &list), -EINVAL);
	CU_ASSERT_EQUAL(fwd_flows_get(f, 5)->share[0].value, 8);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 5, NULL), 0);
	CU_ASSERT_EQUAL(fwd_flows_get(f, 5)->share_count, 0);
	CU_ASSERT_EQUAL(fwd_flows_count(f), 1);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 6, &most), 0);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 100, &most), -ERANGE);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 100, NULL), 0);
	fwd_free(f);
	f = fwd_with(0);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 5, &most), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_flows_get(f, 5)->share_count, 0);
	fwd_free(f);
}

/* Room for many costs little until they come. */
static void
lists_cost_when_used(void)
{
	size_t before = status_bytes("VmRSS:");
	struct fwd_settings s = settings_small();
	struct fwd_flows list = list_of(1, 1);
	struct fwd *f;

	s.sessions = s.flow_lists = 50000;
	f = fwd_of(&s);
	CU_ASSERT_EQUAL(fwd_flows_set(f, 49999, &list), 0);
	CU_ASSERT_TRUE(status_bytes("VmRSS:") - before < s.flow_lists * sizeof(list) / 4);
	fwd_free(f);
}

static void
list_stays_for_worker(void)
{
	struct fwd *f = fwd_with(1);
	struct fwd_flows list = list_of(1, 0);
	const struct fwd_flows *held;
	int err = 0;

	CU_ASSERT_EQUAL(fwd_flows_set(f, 0, &list), 0);
	fwd_worker_online(f, 0);
	held = fwd_flows_get(f, 0);
	for (unsigned int i = 1; i < 100000 && err == 0; i++) {
		list.share[0].value = i;
		err = fwd_flows_set(f, 0, &list);
		fwd_reclaim(f);
	}
	CU_ASSERT_EQUAL(err, -EAGAIN);
	CU_ASSERT_EQUAL(held->share[0].value, 0);
	CU_ASSERT_NOT_EQUAL(fwd_flows_get(f, 0)->share[0].value, 0);
	fwd_worker_offline(f, 0);
	fwd_free(f);
}

/* A number of so many bits, near the ends of what they hold or among a few. */
static uint32_t
some_number(uint64_t *random, unsigned int bits)
{
	uint32_t top = UINT32_MAX >> (32 - bits), near = random_next(random) % PLACES;

	return random_next(random) % 2 ? near : top - near;
}

static struct addr6
some_address(uint64_t *random)
{
	struct addr6 a = {{0x20, 0x01}};

	a.b[random_next(random) % 16] = random_next(random) % PLACES;
	return a;
}

static void
sort(struct addr6 range[2])
{
	struct addr6 first = range[0];

	if (memcmp(&range[0], &range[1], sizeof(first)) <= 0)
		return;
	range[0] = range[1];
	range[1] = first;
}

static struct selector
some_selector(uint64_t *random)
{
	struct selector s = {.fields = random_next(random) & random_next(random) & 0xff};

#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (s.fields & SELECTOR_##bit) {                                                                               \
		s.member[0] = some_address(random);                                                                    \
		s.member[1] = some_address(random);                                                                    \
		sort(s.member);                                                                                        \
	}
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (s.fields & SELECTOR_##bit) {                                                                               \
		uint32_t a = some_number(random, bits), b = some_number(random, bits);                                 \
                                                                                                                       \
		s.member[0] = a < b ? a : b;                                                                           \
		s.member[1] = a < b ? b : a;                                                                           \
	}
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	return s;
}

/* The same packet, as both know it. */
static void
some_packet(uint64_t *random, struct selector_packet *p, struct fwd_flow_packet *q)
{
	*p = (struct selector_packet){.fields = (random_next(random) | random_next(random)) & 0xff};
	*q = (struct fwd_flow_packet){.fields = p->fields & (SELECTOR_SRC | SELECTOR_DST)};
#define SELECTOR_ADDRESS(bit, member, key) p->member = q->member = some_address(random);
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	p->member = some_number(random, bits);                                                                         \
	if (p->fields & SELECTOR_##bit)                                                                                \
		fwd_flow_know(q, FWD_FLOW_##bit, p->member);
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
}

/* The verdict of the rules is that of the selectors, one by one. */
static void
rules_match_as_selectors(void)
{
	struct fwd *f = fwd_with(1);
	unsigned int hits = 0, misses = 0, wrong = 0;
	uint64_t random = 6088;

	for (unsigned int n = 0; n < PACKETS; n++) {
		static struct fwd_flows list;
		struct selector_packet p;
		struct fwd_flow_packet q;
		unsigned int first = 0;

		if (n % 64 == 0) {
			list.rule_count = random_next(&random) % (FWD_RULES_MAX + 1);
			for (unsigned int i = 0; i < list.rule_count; i++) {
				list.rule[i].selector = some_selector(&random);
				CU_ASSERT_TRUE_FATAL(selector_check(&list.rule[i].selector));
			}
			CU_ASSERT_EQUAL_FATAL(fwd_flows_set(f, 0, &list), 0);
		}
		some_packet(&random, &p, &q);
		while (first < list.rule_count && !selector_matches(&list.rule[first].selector, &p))
			first++;
		wrong += fwd_flows_match(fwd_flows_get(f, 0), &q) != first;
		hits += first > 0 && first < list.rule_count;
		misses += first == list.rule_count;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_TRUE(hits > PACKETS / 20 && misses > PACKETS / 20);
	fwd_free(f);
}

const struct unit_case flows_cases[] = {
	{"a list of flows is empty until set, replaced whole, and one too many is refused", list_contract},
	{"lists cost memory when there are some", lists_cost_when_used},
	{"a list that an online worker may hold is not written", list_stays_for_worker},
	{"RFC 6088 3: the first rule that matches a packet is that whose selector does", rules_match_as_selectors},
};
const unsigned int flows_cases_n = UNIT_COUNT(flows_cases);
