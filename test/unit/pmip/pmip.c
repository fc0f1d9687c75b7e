/* SPDX-License-Identifier: BSD-3-Clause */
/* Actions, identities, order, peers, settings. */
#include <errno.h>
#include <string.h>

#include "cases.h"
#include "mac.h"
#include "pmip/auth.h"
#include "pmip/event.h"
#include "pmip/id.h"
#include "pmip/order.h"
#include "pmip/peer.h"
#include "pmip/settings.h"

static struct addr6
addr(const char *text)
{
	struct addr6 a = {0};

	CU_ASSERT_FATAL(addr6_parse(text, &a) == 0);
	return a;
}

static void
action_list_is_bounded(void)
{
	static struct pmip_actions out;
	struct pmip_action *a;

	memset(&out, 0xff, sizeof(out));
	out.count = 0;
	for (unsigned int i = 0; i < PMIP_ACTIONS_MAX; i++) {
		a = pmip_act(&out, PMIP_ACT_PUBLISH, i);
		CU_ASSERT_PTR_EQUAL_FATAL(a, &out.list[i]);
		CU_ASSERT(a->type == PMIP_ACT_PUBLISH && a->session == i && a->publish.status == 0);
	}
	CU_ASSERT_PTR_NULL(pmip_act(&out, PMIP_ACT_SEND, 0));
	CU_ASSERT_EQUAL(out.count, PMIP_ACTIONS_MAX);
}

static void
publish_names(void)
{
	for (unsigned int i = 0; i < PMIP_PUB_COUNT; i++)
		CU_ASSERT_STRING_NOT_EQUAL(pmip_publish_name((enum pmip_publish)i), "unknown");
	CU_ASSERT_STRING_EQUAL(pmip_publish_name((enum pmip_publish)PMIP_PUB_COUNT), "unknown");
}

static void
mn_id_text(void)
{
	struct pmip_mn_id id, other;
	char text[PMIP_MN_ID_TEXT], longest[MH_MN_ID_MAX + 2];

	CU_ASSERT_EQUAL(pmip_mn_id_parse("mn1@example.com", &id), 0);
	CU_ASSERT(id.subtype == 1 && id.len == 15);
	CU_ASSERT_STRING_EQUAL(pmip_mn_id_format(&id, text), "mn1@example.com");
	CU_ASSERT_EQUAL(pmip_mn_id_parse("", &other), -EINVAL);
	memset(longest, 'x', sizeof(longest));
	longest[MH_MN_ID_MAX + 1] = '\0';
	CU_ASSERT_EQUAL(pmip_mn_id_parse(longest, &other), -EINVAL);
	longest[MH_MN_ID_MAX] = '\0';
	CU_ASSERT_EQUAL(pmip_mn_id_parse(longest, &other), 0);
	CU_ASSERT_EQUAL(strlen(pmip_mn_id_format(&other, text)), MH_MN_ID_MAX);
	/* Bytes of any kind fit and cannot spoil a line. */
	memset(other.id, 0xfe, sizeof(other.id));
	CU_ASSERT_EQUAL(strlen(pmip_mn_id_format(&other, text)), 4 * MH_MN_ID_MAX);
	other = (struct pmip_mn_id){.subtype = 1, .len = 4, .id = {'a', 0, '\n', '\\'}};
	CU_ASSERT_STRING_EQUAL(pmip_mn_id_format(&other, text), "a\\x00\\x0a\\x5c");
}

/* Any length, where another of any length was before; short ones leave the rest of the table alone. */
static void
mn_id_in_two_parts(void)
{
	static const uint8_t lens[] = {1, PMIP_ID_HEAD, MH_MN_ID_MAX, PMIP_ID_HEAD + 1, PMIP_ID_HEAD - 1, 0};
	static const struct pmip_id_tail untouched;
	struct pmip_mn_id id = {.subtype = 1}, other, got;
	struct pmip_id_head head = {0};
	struct pmip_id_tail tail = {0};

	for (unsigned int i = 0; i < MH_MN_ID_MAX; i++)
		id.id[i] = (uint8_t)(i + 1);
	for (unsigned int i = 0; i < sizeof(lens); i++) {
		id.len = lens[i];
		pmip_id_put(&head, &tail, &id);
		CU_ASSERT_EQUAL(memcmp(&tail, &untouched, sizeof(tail)) == 0, i < 2);
		pmip_id_get(&head, &tail, &got);
		CU_ASSERT(pmip_mn_id_equal(&got, &id) && pmip_id_is(&head, &tail, &id));
		other = id;
		if (id.len < MH_MN_ID_MAX)
			other.id[id.len] = 0; /* past its length */
		CU_ASSERT(pmip_id_is(&head, &tail, &other));
		other.len++;
		CU_ASSERT_FALSE(pmip_id_is(&head, &tail, &other));
		other = id;
		other.subtype = 2;
		CU_ASSERT_FALSE(pmip_id_is(&head, &tail, &other));
		for (unsigned int k = 0; k < id.len; k++) {
			other = id;
			other.id[k] ^= 1;
			CU_ASSERT_FALSE(pmip_id_is(&head, &tail, &other));
		}
	}
}

static void
mn_id_equality(void)
{
	struct pmip_mn_id a, b;

	CU_ASSERT_FATAL(pmip_mn_id_parse("mn@x", &a) == 0 && pmip_mn_id_parse("mn@x", &b) == 0);
	CU_ASSERT(pmip_mn_id_equal(&a, &b));
	b.id[200] = 7; /* past its length */
	CU_ASSERT(pmip_mn_id_equal(&a, &b));
	b.id[0] = 'M';
	CU_ASSERT_FALSE(pmip_mn_id_equal(&a, &b));
	b = a;
	b.subtype = 3;
	CU_ASSERT_FALSE(pmip_mn_id_equal(&a, &b));
	b = a;
	b.len = 3;
	CU_ASSERT_FALSE(pmip_mn_id_equal(&a, &b));
}

static void
timer_defaults(void)
{
	struct pmip_timers t = pmip_timers_default();

	/* The defaults of RFC 5213 section 9.1, and of RFC 6275 section 12 */
	CU_ASSERT_EQUAL(t.min_delay_before_bce_delete_ms, 10000);
	CU_ASSERT_EQUAL(t.max_delay_before_new_bce_assign_ms, 1500);
	CU_ASSERT_EQUAL(t.timestamp_validity_window_ms, 300);
	CU_ASSERT_EQUAL(t.initial_bindack_timeout_ms, 1000);
}

#define NOW ((uint64_t)1800000000 << 16)
#define STAMP(ms, seq)                                                                                                 \
	(&(struct pmip_stamp){.timestamp = NOW + clock_wall_of_ms(100000 + (ms)) - clock_wall_of_ms(100000),           \
			      .sequence = (seq)})
#define NUMBER(seq) (&(struct pmip_stamp){.sequence = (seq)})

static void
timestamp_order(void)
{
	CU_ASSERT_EQUAL(pmip_order_check(NULL, STAMP(0, 1), NOW, 300), PMIP_ORDER_LATER);
	/* shows: RFC5213-5.5-15 */
	CU_ASSERT_EQUAL(pmip_order_check(NULL, STAMP(-299, 1), NOW, 300), PMIP_ORDER_LATER);
	CU_ASSERT_EQUAL(pmip_order_check(NULL, STAMP(-310, 1), NOW, 300), PMIP_ORDER_MISMATCH);
	CU_ASSERT_EQUAL(pmip_order_check(NULL, STAMP(299, 1), NOW, 300), PMIP_ORDER_LATER);
	CU_ASSERT_EQUAL(pmip_order_check(NULL, STAMP(310, 1), NOW, 300), PMIP_ORDER_MISMATCH);
	CU_ASSERT_EQUAL(pmip_order_check(NULL, &(struct pmip_stamp){.timestamp = 1}, NOW, 300), PMIP_ORDER_MISMATCH);
	CU_ASSERT_EQUAL(pmip_order_check(NULL, &(struct pmip_stamp){.timestamp = UINT64_MAX}, NOW, 300),
			PMIP_ORDER_MISMATCH);
	/* shows: RFC5213-5.5-17 RFC5213-5.5-19 */
	CU_ASSERT_EQUAL(pmip_order_check(STAMP(0, 9), STAMP(1, 1), NOW, 300), PMIP_ORDER_LATER);
	CU_ASSERT_EQUAL(pmip_order_check(STAMP(0, 9), STAMP(-1, 10), NOW, 300), PMIP_ORDER_LOWER);
	CU_ASSERT_EQUAL(pmip_order_check(STAMP(0, 9), STAMP(-9999, 10), NOW, 300), PMIP_ORDER_LOWER);
	CU_ASSERT_EQUAL(pmip_order_check(STAMP(0, 9), STAMP(0, 9), NOW, 300), PMIP_ORDER_REPEATED);
	CU_ASSERT_EQUAL(pmip_order_check(STAMP(0, 9), STAMP(0, 10), NOW, 300), PMIP_ORDER_MISMATCH);
	/* The last update had no timestamp: nothing to compare with. */
	CU_ASSERT_EQUAL(pmip_order_check(NUMBER(9), STAMP(0, 1), NOW, 300), PMIP_ORDER_LATER);
}

static void
sequence_order(void)
{
	CU_ASSERT_EQUAL(pmip_order_check(NULL, NUMBER(0), NOW, 300), PMIP_ORDER_LATER);
	CU_ASSERT_EQUAL(pmip_order_check(STAMP(0, 9), NUMBER(3), NOW, 300), PMIP_ORDER_LATER);
	/* shows: RFC5213-5.5-24; the example of RFC 6275 section 9.5.1 */
	for (unsigned int i = 0; i < 65536; i++) {
		bool less = i <= 15 || i >= 32783;

		if (pmip_order_check(NUMBER(15), NUMBER((uint16_t)i), NOW, 300) !=
		    (less ? PMIP_ORDER_SEQUENCE : PMIP_ORDER_LATER))
			CU_FAIL_FATAL("a sequence number on the wrong side");
	}
}

static void
order_statuses(void)
{
	CU_ASSERT_EQUAL(pmip_order_status(PMIP_ORDER_LATER), 0);
	CU_ASSERT_EQUAL(pmip_order_status(PMIP_ORDER_SEQUENCE), 135);
	CU_ASSERT_EQUAL(pmip_order_status(PMIP_ORDER_MISMATCH), 156);
	CU_ASSERT_EQUAL(pmip_order_status(PMIP_ORDER_REPEATED), 156);
	CU_ASSERT_EQUAL(pmip_order_status(PMIP_ORDER_LOWER), 157);
}

static struct pmip_peer_settings
peer(const char *name, const char *prefix)
{
	struct pmip_peer_settings p = {0};

	strncpy(p.name, name, sizeof(p.name) - 1);
	CU_ASSERT_FATAL(addr_prefix_parse(prefix, &p.address) == 0);
	return p;
}

static const char *
name_at(const struct pmip_peers *p, const char *text)
{
	struct addr6 a = addr(text);
	const struct pmip_peer_settings *found = pmip_peers_find(p, &a);

	return found != NULL ? found->name : "-";
}

static void
longest_match(void)
{
	struct hash_secret secret = {{3, 4}};
	struct pmip_peer_settings list[] = {peer("net", "2001:db8:1::/48"), peer("one", "2001:db8:1::7/128"),
					    peer("sub", "2001:db8:1:2::/64")};
	struct pmip_peers p;

	CU_ASSERT_FATAL(pmip_peers_init(&p, list, UNIT_COUNT(list), &secret) == 0);
	CU_ASSERT_STRING_EQUAL(name_at(&p, "2001:db8:1::7"), "one");
	CU_ASSERT_STRING_EQUAL(name_at(&p, "2001:db8:1::8"), "net");
	CU_ASSERT_STRING_EQUAL(name_at(&p, "2001:db8:1:2::8"), "sub");
	CU_ASSERT_STRING_EQUAL(name_at(&p, "2001:db8:2::8"), "-");
	pmip_peers_fini(&p);
	CU_ASSERT_FATAL(pmip_peers_init(&p, NULL, 0, &secret) == 0);
	CU_ASSERT_STRING_EQUAL(name_at(&p, "2001:db8:1::7"), "-");
	pmip_peers_fini(&p);
}

/* The memory was given back: nothing but this looks at it. */
__attribute__((no_sanitize("address"))) static unsigned int
bytes_left(volatile uintptr_t at, size_t len, uint8_t octet)
{
	unsigned int n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((const volatile uint8_t *)at)[i] == octet;
	return n;
}

static void
keys_are_wiped(void)
{
	struct pmip_peer_settings s = {.name = "mag1", .address = {.addr = addr("2001:db8::1"), .len = 128}};
	const struct hash_secret secret = {{1, 2}};
	struct pmip_peers peers;
	uintptr_t at;

	s.key_count = 1;
	s.key[0].len = PMIP_KEY_LEN;
	memset(s.key[0].bytes, 0xc5, PMIP_KEY_LEN);
	CU_ASSERT_EQUAL_FATAL(pmip_peers_init(&peers, &s, 1, &secret), 0);
	at = (uintptr_t)peers.list[0].key[0].bytes;
	CU_ASSERT_EQUAL(bytes_left(at, PMIP_KEY_LEN, 0xc5), PMIP_KEY_LEN);
	pmip_peers_fini(&peers);
	CU_ASSERT_EQUAL(bytes_left(at, PMIP_KEY_LEN, 0xc5), 0);
}

static void
peers_refused(void)
{
	struct hash_secret secret = {{3, 4}};
	struct pmip_peer_settings twice[] = {peer("a", "2001:db8::1/128"), peer("b", "2001:db8::1/128")};
	struct pmip_peer_settings bits = peer("c", "2001:db8::/64");
	struct pmip_peers p;

	CU_ASSERT_EQUAL(pmip_peers_init(&p, twice, 2, &secret), -EEXIST);
	bits.address.addr.b[15] = 1;
	CU_ASSERT_EQUAL(pmip_peers_init(&p, &bits, 1, &secret), -EINVAL);
	bits.address.len = 129;
	CU_ASSERT_EQUAL(pmip_peers_init(&p, &bits, 1, &secret), -EINVAL);
}

/* Where the build has no nettle: nothing is sent as if it were protected, nothing is taken for it. */
static void
no_authentication(void)
{
	struct pmip_peer_settings p = {
		.protection = PMIP_PROTECT_AUTH, .key_count = 1, .key = {{.spi = PMIP_SPI_MIN, .len = 16}}};
	struct mh_msg m = {.type = MH_HEARTBEAT};
	struct addr6 a = addr("2001:db8::1");
	struct clock_now now = {0};
	uint8_t bytes[64];

	CU_ASSERT_EQUAL(pmip_key_check(&p.key[0]), -ENOTSUP);
	CU_ASSERT_EQUAL(pmip_auth_encode(NULL, &p, &m, &a, &a, &now, bytes, sizeof(bytes)), -EACCES);
}

static const struct unit_case none_cases[] = {{"without nettle no key is taken", no_authentication}};

static const struct unit_case own_cases[] = {
	{"a list takes 64 actions, cleared, and no more", action_list_is_bounded},
	{"what is published has a name", publish_names},
	{"an identifier is text and back; other bytes are escaped", mn_id_text},
	{"a table keeps an identifier of any length in two parts", mn_id_in_two_parts},
	{"identifiers are equal byte by byte, subtype included", mn_id_equality},
	{"timers have the RFC's defaults", timer_defaults},
	{"timestamps: window, lower, equal, repeated", timestamp_order},
	{"sequence numbers are compared modulo 2^16", sequence_order},
	{"each order has its status", order_statuses},
	{"a peer is found by its longest prefix", longest_match},
	{"no key is left behind in memory", keys_are_wiped},
	{"two peers of one prefix, and host bits, are refused", peers_refused},
};

int
main(void)
{
	struct unit_case
		all[UNIT_COUNT(own_cases) + POOL_CASES + AUTH_CASES + REPLAY_CASES + COMPAT_CASES + HEARTBEAT_CASES],
		*at = all;

	at = mempcpy(at, own_cases, sizeof(own_cases));
	at = mempcpy(at, pool_cases, sizeof(pool_cases));
	if (pmip_mac_available()) {
		at = mempcpy(at, auth_cases, sizeof(auth_cases));
		at = mempcpy(at, replay_cases, sizeof(replay_cases));
	} else {
		at = mempcpy(at, none_cases, sizeof(none_cases));
	}
	at = mempcpy(at, compat_cases, sizeof(compat_cases));
	at = mempcpy(at, heartbeat_cases, sizeof(heartbeat_cases));
	return unit_main("pmip", all, (unsigned int)(at - all));
}
