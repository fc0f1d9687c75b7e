/* SPDX-License-Identifier: BSD-3-Clause */
/* The tunnel encapsulation limit in packets that are to enter a tunnel (RFC 2473 section 4.1.1). */
#include "cases.h"

/* A packet of n bytes behind an IPv6 header; the limit found in it, and where. */
static int
limit_in(uint8_t next_header, const uint8_t *bytes, size_t n, int *at)
{
	uint8_t *packet = calloc(1, TUN_IP6_LEN + n);
	int limit;

	packet[0] = 0x60;
	packet[6] = next_header;
	memcpy(packet + TUN_IP6_LEN, bytes, n);
	limit = tun_limit_of(packet, TUN_IP6_LEN + n);
	*at = tun_limit_at(packet, TUN_IP6_LEN + n);
	CU_ASSERT(*at == TUN_LIMIT_NONE ? limit == TUN_LIMIT_NONE : packet[*at] == limit);
	free(packet);
	return limit;
}

static void
limit_found(void)
{
	static const uint8_t option[] = {41, 0, 4, 1, 9, 1, 1, 0};
	static const uint8_t second[] = {41, 0, 0, 1, 0, 4, 1, 0}; /* Pad1, PadN, limit 0 */
	static const uint8_t deep[] = {43, 0, 5, 2, 0, 0, 1,  0, 60, 0, 0, 0, 0,   0, 0,  0, 44, 0,
				       1,  4, 0, 0, 0, 0, 51, 0, 0,  1, 0, 0, 0,   0, 60, 1, 0,	 0,
				       0,  0, 0, 0, 0, 0, 0,  0, 6,  0, 4, 1, 255, 0, 0,  0};
	int at;

	CU_ASSERT_EQUAL(limit_in(60, option, sizeof(option), &at), 9);
	CU_ASSERT_EQUAL(at, TUN_IP6_LEN + 4);
	CU_ASSERT_EQUAL(limit_in(60, second, sizeof(second), &at), 0);
	CU_ASSERT_EQUAL(at, TUN_IP6_LEN + 7);
	CU_ASSERT_EQUAL(limit_in(0, deep, sizeof(deep), &at), 255); /* behind every extension header */
	CU_ASSERT_EQUAL(at, TUN_IP6_LEN + 48);
}

static void
limit_not_found(void)
{
	static const uint8_t option[] = {41, 0, 4, 1, 9, 1, 1, 0};
	static const uint8_t ip6_first[] = {41, 0, 1, 4, 0, 0, 0, 0, 60, 0, 4, 1, 9, 1, 1, 0};
	static const uint8_t later_fragment[] = {60, 0, 0, 8, 0, 0, 0, 1, 41, 0, 4, 1, 9, 1, 1, 0};
	static const uint8_t hop_by_hop[] = {59, 0, 4, 1, 9, 1, 1, 0};
	static const uint8_t two_octets[] = {59, 0, 4, 2, 9, 9, 0, 0};
	int at;

	CU_ASSERT_EQUAL(limit_in(41, option, sizeof(option), &at), TUN_LIMIT_NONE);
	CU_ASSERT_EQUAL(limit_in(17, option, sizeof(option), &at), TUN_LIMIT_NONE);
	CU_ASSERT_EQUAL(limit_in(50, option, sizeof(option), &at), TUN_LIMIT_NONE);
	CU_ASSERT_EQUAL(limit_in(60, ip6_first, sizeof(ip6_first), &at), TUN_LIMIT_NONE);
	CU_ASSERT_EQUAL(limit_in(44, later_fragment, sizeof(later_fragment), &at), TUN_LIMIT_NONE);
	CU_ASSERT_EQUAL(limit_in(0, hop_by_hop, sizeof(hop_by_hop), &at), TUN_LIMIT_NONE);
	CU_ASSERT_EQUAL(limit_in(60, two_octets, sizeof(two_octets), &at), TUN_LIMIT_NONE);
	for (size_t n = 0; n < sizeof(option); n++)
		CU_ASSERT_EQUAL(limit_in(60, option, n, &at), TUN_LIMIT_NONE);
	for (size_t n = 0; n < TUN_IP6_LEN; n++) {
		uint8_t *copy = vector_copy(vectors_get(&all, "limit-5")->bytes, n);

		CU_ASSERT_EQUAL(tun_limit_of(copy, n), TUN_LIMIT_NONE);
		free(copy);
	}
}

static void
limit_of_own_tunnel(void)
{
	const struct vector *inner = vectors_get(&all, "inner");
	struct tun_template t;
	uint8_t *packet;

	for (int limit = 0; limit < 256; limit++) {
		tun_template_init(&t, &local, &remote, 64, &(struct tun_style){limit, TUN_DSCP_COPY, false});
		packet = encap(&t, inner);
		CU_ASSERT_EQUAL(tun_limit_of(packet, t.len + inner->len), limit);
		free(packet);
	}
}

const struct unit_case limit_cases[] = {
	{"RFC 2473 4.1.1 (a): a packet's own limit is found behind other headers", limit_found},
	{"RFC 2473 4.1.1 (a): the search ends at another IPv6 header, an upper layer, a later fragment",
	 limit_not_found},
	{"the limit of a tunnel packet made here is found again", limit_of_own_tunnel},
};
const unsigned int limit_case_count = UNIT_COUNT(limit_cases);
