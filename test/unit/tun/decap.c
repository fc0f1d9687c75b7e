/* SPDX-License-Identifier: BSD-3-Clause */
/* What lies in tunnel packets, and what is none. */
#include "cases.h"

/* Decapsulate an exact copy. */
static enum tun_error
decap(const uint8_t *bytes, size_t len, struct tun_inner *out)
{
	uint8_t *copy = vector_copy(bytes, len);
	enum tun_error e = tun_decap(copy, len, out);

	free(copy);
	return e;
}

/* What a vector's name says of its GRE header. */
static enum tun_gre
gre_of(const char *name)
{
	if (strncmp(name, "gre", 3) != 0)
		return TUN_GRE_NONE;
	return strstr(name, "key") != NULL || strcmp(name, "gre-all") == 0 ? TUN_GRE_KEY : TUN_GRE_PLAIN;
}

static void
decap_vectors(void)
{
	const struct vector *inner = vectors_get(&all, "inner");
	unsigned int good = 0;

	for (size_t i = 0; i < all.count; i++) {
		const struct vector *v = &all.row[i];
		struct tun_inner in;
		enum tun_error e = decap(v->bytes, v->len, &in);

		if (v == inner)
			continue;
		if (strcmp(tun_error_name(e), v->verdict) != 0)
			printf("\n    %s: %s instead of %s", v->name, tun_error_name(e), v->verdict);
		CU_ASSERT_STRING_EQUAL(tun_error_name(e), v->verdict);
		if (e != TUN_OK)
			continue;
		good++;
		CU_ASSERT_EQUAL(in.len, inner->len);
		CU_ASSERT_EQUAL(memcmp(v->bytes + in.offset, inner->bytes, in.len), 0);
		CU_ASSERT_EQUAL(in.ecn, ECT_0);
		CU_ASSERT_EQUAL(in.limit, v->bytes[6] == TUN_PROTO_DSTOPTS ? 5 : TUN_LIMIT_NONE);
		CU_ASSERT_EQUAL(in.gre, gre_of(v->name));
		CU_ASSERT_EQUAL(in.key, in.gre == TUN_GRE_KEY ? KEY : 0);
	}
	CU_ASSERT_EQUAL(good, 15);
}

static void
decap_truncated(void)
{
	for (size_t i = 0; i < all.count; i++) {
		const struct vector *v = &all.row[i];
		struct tun_inner in;

		for (size_t len = 0; len < v->len; len++) {
			struct vector cut = *v;
			enum tun_error e = decap(v->bytes, len, &in);

			CU_ASSERT_NOT_EQUAL(e, TUN_OK);
			CU_ASSERT(e == TUN_ERR_SHORT || v->bytes[0] >> 4 != 6);
			if (len < TUN_IP6_LEN)
				continue;
			/* The outer length made good: what is inside is what is cut now, unless it had bytes to spare.
			 */
			cut.bytes[4] = 0, cut.bytes[5] = (uint8_t)(len - TUN_IP6_LEN);
			e = decap(cut.bytes, len, &in);
			CU_ASSERT((e == TUN_OK) == (strcmp(v->name, "trailing-bytes") == 0 && len + 8 >= v->len));
		}
	}
}

/* The common header has a way of its own: each byte of it that differs must go the long one. */
static void
decap_limit_header(void)
{
	const struct vector *v = vectors_get(&all, "limit-5");
	struct tun_inner in;

	for (unsigned int limit = 0; limit < 256; limit++) {
		struct vector changed = *v;

		changed.bytes[44] = (uint8_t)limit;
		CU_ASSERT_EQUAL(decap(changed.bytes, v->len, &in), TUN_OK);
		CU_ASSERT_EQUAL(in.limit, (int)limit);
		CU_ASSERT_EQUAL(in.offset, TUN_HEADER_MAX);
	}
	for (size_t bit = 0; bit < 8 * TUN_LIMIT_LEN; bit++) {
		struct vector changed = *v;
		struct tun_inner slow = {.offset = TUN_IP6_LEN, .ecn = ECT_0, .limit = TUN_LIMIT_NONE};
		enum tun_error e;

		changed.bytes[TUN_IP6_LEN + bit / 8] ^= (uint8_t)(1u << bit % 8);
		e = decap(changed.bytes, v->len, &in);
		CU_ASSERT_EQUAL(e, tun_decap_options(changed.bytes, v->len, &slow));
		CU_ASSERT(e != TUN_OK || (in.offset == slow.offset && in.limit == slow.limit && in.len == slow.len));
	}
}

/* Any bit of a packet with a checksum that differs costs it, but for those of the outer header. */
static void
decap_checksum(void)
{
	static const char *const names[] = {"gre-checksum", "gre-all"};
	struct tun_inner in;

	for (size_t n = 0; n < UNIT_COUNT(names); n++) {
		const struct vector *v = vectors_get(&all, names[n]);

		for (size_t bit = 8 * TUN_IP6_LEN; bit < 8 * v->len; bit++) {
			struct vector changed = *v;

			if (bit == 8 * TUN_IP6_LEN + 7)
				continue; /* without the bit that says so there is no checksum */
			changed.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
			CU_ASSERT_NOT_EQUAL(decap(changed.bytes, v->len, &in), TUN_OK);
		}
	}
}

static void
decap_behind_frame_padding(void)
{
	const struct vector *v = vectors_get(&all, "plain");
	uint8_t bytes[VECTOR_LEN] = {0};
	struct tun_inner in;

	memcpy(bytes, v->bytes, v->len);
	CU_ASSERT_EQUAL(decap(bytes, v->len + 20, &in), TUN_OK);
	CU_ASSERT_EQUAL(in.len, v->len - TUN_IP6_LEN);
}

static void
decap_many_options(void)
{
	enum { HEADER = 2048, HEADERS = 32 };
	static uint8_t packet[TUN_IP6_LEN + HEADER * HEADERS] = {0x60, [4] = 0xff, 0xff, 60};
	struct tun_inner in;

	/* The greatest payload, options almost to its end: Pad1 throughout, and no room for an inner header. */
	for (size_t i = 0; i < HEADERS; i++) {
		packet[TUN_IP6_LEN + i * HEADER] = i < HEADERS - 1 ? TUN_PROTO_DSTOPTS : TUN_PROTO_IP6;
		packet[TUN_IP6_LEN + i * HEADER + 1] = i < HEADERS - 1 ? HEADER / 8 - 1 : HEADER / 8 - 2;
	}
	packet[sizeof(packet) - 8] = 0x60;
	packet[8] = 0x60; /* what an offset of 65536 + 8 that lost its carry would point at */
	CU_ASSERT_EQUAL(decap(packet, sizeof(packet) - 1, &in), TUN_ERR_SHORT);
	packet[TUN_IP6_LEN + (HEADERS - 1) * HEADER + 1] = HEADER / 8 - 1 - 6;
	packet[sizeof(packet) - 48] = 0x60;
	CU_ASSERT_EQUAL(decap(packet, sizeof(packet) - 1, &in), TUN_OK);
	CU_ASSERT_EQUAL(in.offset, sizeof(packet) - 48);
	CU_ASSERT_EQUAL(in.len, TUN_IP6_LEN);
}

/* A GRE header as far behind as there can be one: what follows it has no offset of 16 bits. */
static void
decap_far_gre(void)
{
	enum { HEADER = 2048, HEADERS = 32, LAST = TUN_IP6_LEN + HEADER * HEADERS - 8 };
	static uint8_t packet[TUN_IP6_LEN + HEADER * HEADERS] = {0x60, [4] = 0xff, 0xff, 60};
	struct tun_inner in;

	for (size_t i = 0; i < HEADERS; i++) {
		packet[TUN_IP6_LEN + i * HEADER] = i < HEADERS - 1 ? TUN_PROTO_DSTOPTS : TUN_PROTO_GRE;
		packet[TUN_IP6_LEN + i * HEADER + 1] = i < HEADERS - 1 ? HEADER / 8 - 1 : HEADER / 8 - 2;
	}
	tun_gre_encode(packet + LAST, TUN_GRE_PLAIN, 0);
	packet[LAST + 4 - 0x10000] = 0x60;
	CU_ASSERT_EQUAL(decap(packet, sizeof(packet) - 1, &in), TUN_ERR_SHORT);
}

/* RFC 6040 figure 4, row by row. */
static void
ecn_egress(void)
{
	static const struct {
		uint8_t inner, outer;
		int out; /* -1: dropped */
	} rows[16] = {
		{NOT_ECT, NOT_ECT, NOT_ECT}, {NOT_ECT, ECT_0, NOT_ECT}, {NOT_ECT, ECT_1, NOT_ECT}, {NOT_ECT, CE, -1},
		{ECT_0, NOT_ECT, ECT_0},     {ECT_0, ECT_0, ECT_0},	{ECT_0, ECT_1, ECT_1},	   {ECT_0, CE, CE},
		{ECT_1, NOT_ECT, ECT_1},     {ECT_1, ECT_0, ECT_1},	{ECT_1, ECT_1, ECT_1},	   {ECT_1, CE, CE},
		{CE, NOT_ECT, CE},	     {CE, ECT_0, CE},		{CE, ECT_1, CE},	   {CE, CE, CE},
	};
	unsigned int seen = 0;

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		uint8_t header[TUN_IP6_LEN] = {0x6a, (uint8_t)(0xcf | rows[i].inner << 4), 0x12, 0x34},
			want[TUN_IP6_LEN];
		int out = rows[i].out;

		memcpy(want, header, sizeof(want));
		if (out >= 0)
			want[1] = (uint8_t)(0xcf | out << 4);
		CU_ASSERT_EQUAL(tun_decap_ecn(header, rows[i].outer), out < 0 ? -1 : 0);
		CU_ASSERT_EQUAL(memcmp(header, want, sizeof(want)), 0); /* DSCP and flow label untouched */
		seen |= 1u << (rows[i].inner * 4 + rows[i].outer);
	}
	CU_ASSERT_EQUAL(seen, 0xffff);
}

static void
error_names(void)
{
	for (enum tun_error e = TUN_OK; e < TUN_ERR_COUNT; e++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(tun_error_name(e));
		CU_ASSERT_STRING_NOT_EQUAL(tun_error_name(e), "unknown");
	}
	CU_ASSERT_STRING_EQUAL(tun_error_name(TUN_ERR_COUNT), "unknown");
}

const struct unit_case decap_cases[] = {
	{"every vector gets its verdict, and its inner packet", decap_vectors},
	{"a packet cut anywhere is refused, without a read past it", decap_truncated},
	{"the usual limit header, and every header one bit away from it", decap_limit_header},
	{"RFC 2784 2.5: a checksum covers the GRE header and all behind it", decap_checksum},
	{"Ethernet padding behind the outer packet is left out", decap_behind_frame_padding},
	{"options up to the greatest payload keep the offset right", decap_many_options},
	{"a GRE header behind the greatest options carries nothing", decap_far_gre},
	{"RFC 6040 4.2: all sixteen combinations", ecn_egress},
	{"every error has a name", error_names},
};
const unsigned int decap_case_count = UNIT_COUNT(decap_cases);
