/* SPDX-License-Identifier: BSD-3-Clause */
#include "tun/tun.h"

#include "unit.h"
#include "vectors.h"

enum { NOT_ECT = 0, ECT_1 = 1, ECT_0 = 2, CE = 3 };

/* The addresses of make-vectors.py. */
static const struct addr6 local = {{0x20, 1, 0xd, 0xb8, 0xff, 0xff, [15] = 1}};
static const struct addr6 remote = {{0x20, 1, 0xd, 0xb8, 0xff, 0xff, [15] = 2}};

static struct vectors all;

#define KEY 0x01020304u

/* Encapsulate the inner vector (or a changed copy) as the packet path does: in place, in exactly as many bytes. */
static uint8_t *
encap(const struct tun_template *t, const struct vector *inner)
{
	uint8_t *packet = malloc(t->len + inner->len);

	if (packet == NULL)
		exit(1);
	memcpy(packet + t->len, inner->bytes, inner->len);
	tun_encap6(t, packet, packet + t->len, (uint16_t)inner->len);
	return packet;
}

static uint32_t
flow_label(const uint8_t *packet)
{
	return tun_load_u32(packet) & TUN_FLOW_LABEL;
}

/* The label that a changed inner packet gets. */
static uint32_t
label_of(const struct vector *inner)
{
	struct tun_template t;
	uint8_t *packet;
	uint32_t label;

	tun_template_init(&t, &local, &remote, 64, &tun_plain);
	packet = encap(&t, inner);
	label = flow_label(packet);
	free(packet);
	return label;
}

static void
check_bytes(const struct vector *want, uint8_t *packet, size_t len)
{
	CU_ASSERT_EQUAL(len, want->len);
	CU_ASSERT_NOT_EQUAL(flow_label(packet), 0);
	packet[1] &= 0xf0, packet[2] = packet[3] = 0; /* scapy's flow label is 0 */
	CU_ASSERT_EQUAL(memcmp(packet, want->bytes, want->len), 0);
	free(packet);
}

static void
check_encap(const char *name, int limit)
{
	const struct vector *inner = vectors_get(&all, "inner");
	struct tun_template t;

	tun_template_init(&t, &local, &remote, 64, &(struct tun_style){limit, TUN_DSCP_COPY, false});
	check_bytes(vectors_get(&all, name), encap(&t, inner), t.len + inner->len);
}

static void
check_encap_gre(const char *name, int limit, enum tun_gre gre)
{
	const struct vector *inner = vectors_get(&all, "inner");
	struct vector payload = {.len = tun_gre_len(gre) + inner->len};
	struct tun_template t;
	uint8_t *packet;

	tun_gre_encode(payload.bytes, gre, KEY);
	memcpy(payload.bytes + tun_gre_len(gre), inner->bytes, inner->len);
	tun_template_init(&t, &local, &remote, 64, &(struct tun_style){limit, TUN_DSCP_COPY, true});
	packet = malloc(t.len + payload.len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(packet);
	memcpy(packet + t.len, payload.bytes, payload.len);
	tun_encap6(&t, packet, packet + t.len + tun_gre_len(gre), (uint16_t)payload.len);
	check_bytes(vectors_get(&all, name), packet, t.len + payload.len);
}

static void
encap_gre(void)
{
	check_encap_gre("gre", TUN_LIMIT_NONE, TUN_GRE_PLAIN);
	check_encap_gre("gre-key", TUN_LIMIT_NONE, TUN_GRE_KEY);
	check_encap_gre("gre-limit", 5, TUN_GRE_PLAIN);
	check_encap_gre("gre-limit-key", 5, TUN_GRE_KEY);
}

static void
encap_golden(void)
{
	check_encap("plain", TUN_LIMIT_NONE);
	check_encap("limit-5", 5);
}

static void
encap_elsewhere(void)
{
	const struct vector *want = vectors_get(&all, "plain"), *inner = vectors_get(&all, "inner");
	uint8_t *header, *only = vector_copy(inner->bytes, TUN_IP6_LEN);
	struct tun_template t;

	tun_template_init(&t, &local, &remote, 64, &tun_plain);
	header = vector_copy(t.bytes, t.len);
	tun_encap6(&t, header, only, (uint16_t)inner->len);
	CU_ASSERT_EQUAL(memcmp(header + 4, want->bytes + 4, TUN_IP6_LEN - 4), 0);
	free(header);
	free(only);
}

static void
encap_traffic_class(void)
{
	struct vector inner = *vectors_get(&all, "inner");
	struct tun_template t;

	tun_template_init(&t, &local, &remote, 1, &tun_plain);
	for (unsigned int class = 0; class < 256; class ++) {
		uint8_t *packet;

		inner.bytes[0] = (uint8_t)(0x60 | class >> 4);
		inner.bytes[1] = (uint8_t)(class << 4 | (inner.bytes[1] & 0xf));
		packet = encap(&t, &inner);
		CU_ASSERT_EQUAL(packet[0] >> 4, 6);
		CU_ASSERT_EQUAL(tun_load_u32(packet) >> 20 & 0xff, class);
		CU_ASSERT_EQUAL(packet[7], 1);
		CU_ASSERT_EQUAL(memcmp(packet + t.len, inner.bytes, inner.len), 0);
		free(packet);
	}
}

static void
encap_dscp(void)
{
	struct vector inner = *vectors_get(&all, "inner");
	struct tun_template t;

	for (int dscp = 0; dscp < 64; dscp++) {
		tun_template_init(&t, &local, &remote, 1, &(struct tun_style){TUN_LIMIT_NONE, dscp, false});
		for (unsigned int ecn = 0; ecn < 4; ecn++) {
			uint8_t *packet;

			inner.bytes[1] = (uint8_t)((inner.bytes[1] & 0xcf) | ecn << 4);
			packet = encap(&t, &inner);
			CU_ASSERT_EQUAL(packet[0] >> 4, 6);
			CU_ASSERT_EQUAL(tun_load_u32(packet) >> 20 & 0xff, (unsigned int)dscp << 2 | ecn);
			CU_ASSERT_EQUAL(flow_label(packet), label_of(&inner));
			CU_ASSERT_EQUAL(memcmp(packet + t.len, inner.bytes, inner.len), 0);
			free(packet);
		}
	}
}

static void
encap_label_per_flow(void)
{
	struct vector inner = *vectors_get(&all, "inner");
	uint32_t label = label_of(&inner);

	inner.bytes[0] = 0x60, inner.bytes[1] &= 0x0f; /* traffic class */
	inner.bytes[7]--;			       /* hop limit */
	inner.bytes[60] ^= 0xff;		       /* payload */
	inner.len--, inner.bytes[5]--;		       /* length */
	CU_ASSERT_EQUAL(label_of(&inner), label);
	/* A bit of any field of the flow gives another label; of 2^20 labels two may meet by chance, but not here. */
	for (size_t bit = 0; bit < 20 + 8 + 256; bit++) {
		struct vector changed = inner;
		size_t at = bit < 20 ? 12 + bit : bit < 28 ? 48 + bit - 20 : 64 + bit - 28;

		changed.bytes[at / 8] ^= (uint8_t)(0x80 >> at % 8);
		CU_ASSERT_NOT_EQUAL(label_of(&changed), label);
	}
}

static void
encap_label_spread(void)
{
	enum { FLOWS = 1 << 16, BUCKETS = 16 };
	struct vector inner = *vectors_get(&all, "inner");
	unsigned int low[BUCKETS] = {0}, high[BUCKETS] = {0};

	for (unsigned int i = 0; i < FLOWS; i++) {
		uint32_t label;

		inner.bytes[22] = (uint8_t)(i >> 8), inner.bytes[23] = (uint8_t)i; /* hosts in a row */
		label = label_of(&inner);
		CU_ASSERT(label != 0 && label <= TUN_FLOW_LABEL);
		low[label % BUCKETS]++;
		high[label >> 16]++;
	}
	for (size_t i = 0; i < BUCKETS; i++) {
		CU_ASSERT(low[i] > FLOWS / BUCKETS * 9 / 10 && low[i] < FLOWS / BUCKETS * 11 / 10);
		CU_ASSERT(high[i] > FLOWS / BUCKETS * 9 / 10 && high[i] < FLOWS / BUCKETS * 11 / 10);
	}
}

static void
template_limit(void)
{
	struct tun_template with, without, changed;

	tun_template_init(&with, &local, &remote, 64, &(struct tun_style){7, TUN_DSCP_COPY, false});
	tun_template_init(&without, &local, &remote, 64, &tun_plain);
	CU_ASSERT_EQUAL(with.len, TUN_HEADER_MAX);
	CU_ASSERT_EQUAL(without.len, TUN_IP6_LEN);
	changed = without;
	tun_template_set_limit(&changed, 7);
	CU_ASSERT_EQUAL(changed.len, with.len);
	CU_ASSERT_EQUAL(memcmp(changed.bytes, with.bytes, with.len), 0);
	tun_template_set_limit(&changed, TUN_LIMIT_NONE);
	CU_ASSERT_EQUAL(changed.len, without.len);
	CU_ASSERT_EQUAL(memcmp(changed.bytes, without.bytes, without.len), 0);
}

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

/* RFC 6040 figure 3, normal mode. */
static void
ecn_ingress(void)
{
	static const uint8_t outer[4] = {[NOT_ECT] = NOT_ECT, [ECT_0] = ECT_0, [ECT_1] = ECT_1, [CE] = CE};
	struct vector inner = *vectors_get(&all, "inner");
	struct tun_template t;

	tun_template_init(&t, &local, &remote, 64, &tun_plain);
	for (unsigned int ecn = 0; ecn < 4; ecn++) {
		struct tun_inner in;
		uint8_t *packet;

		inner.bytes[1] = (uint8_t)((inner.bytes[1] & ~0x30) | ecn << 4);
		packet = encap(&t, &inner);
		CU_ASSERT_EQUAL(tun_decap(packet, t.len + inner.len, &in), TUN_OK);
		CU_ASSERT_EQUAL(in.ecn, outer[ecn]);
		CU_ASSERT_EQUAL(memcmp(packet + in.offset, inner.bytes, inner.len), 0); /* the inner field unchanged */
		free(packet);
	}
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

static void
error_names(void)
{
	for (enum tun_error e = TUN_OK; e < TUN_ERR_COUNT; e++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(tun_error_name(e));
		CU_ASSERT_STRING_NOT_EQUAL(tun_error_name(e), "unknown");
	}
	CU_ASSERT_STRING_EQUAL(tun_error_name(TUN_ERR_COUNT), "unknown");
}

static const struct unit_case cases[] = {
	{"RFC 2473 5: encapsulation with and without a limit is what scapy writes", encap_golden},
	{"encapsulation reads the inner header alone and writes the outer headers alone", encap_elsewhere},
	{"RFC 2983 3: the traffic class is copied, and nothing else of the inner packet changes", encap_traffic_class},
	{"RFC 2983 3.1: a DSCP of the tunnel's own, with the packet's ECN field and label", encap_dscp},
	{"RFC 2890 2, RFC 7676: GRE with and without a key and a limit is what scapy writes", encap_gre},
	{"RFC 6438 3: packets of a flow share a label, other flows have others", encap_label_per_flow},
	{"RFC 6438 3: labels spread evenly over neighbouring hosts, and are never 0", encap_label_spread},
	{"RFC 2473 4.1.1 (c): a template takes and gives up a limit", template_limit},
	{"every vector gets its verdict, and its inner packet", decap_vectors},
	{"a packet cut anywhere is refused, without a read past it", decap_truncated},
	{"the usual limit header, and every header one bit away from it", decap_limit_header},
	{"RFC 2784 2.5: a checksum covers the GRE header and all behind it", decap_checksum},
	{"Ethernet padding behind the outer packet is left out", decap_behind_frame_padding},
	{"options up to the greatest payload keep the offset right", decap_many_options},
	{"a GRE header behind the greatest options carries nothing", decap_far_gre},
	{"RFC 6040 4.1: normal mode, all four codepoints", ecn_ingress},
	{"RFC 6040 4.2: all sixteen combinations", ecn_egress},
	{"RFC 2473 4.1.1 (a): a packet's own limit is found behind other headers", limit_found},
	{"RFC 2473 4.1.1 (a): the search ends at another IPv6 header, an upper layer, a later fragment",
	 limit_not_found},
	{"the limit of a tunnel packet made here is found again", limit_of_own_tunnel},
	{"every error has a name", error_names},
};

int
main(void)
{
	if (vectors_load(TEST_DIR "/vectors/tun.txt", &all) != 0)
		return 1;
	return unit_main("tun", cases, UNIT_COUNT(cases));
}
