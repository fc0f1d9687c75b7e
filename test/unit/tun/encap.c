/* SPDX-License-Identifier: BSD-3-Clause */
/* Outer headers: bytes, traffic class and flow label. */
#include "cases.h"

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

/* What an error quotes: as much of it as there is. */
static void
quoted(void)
{
	static const int limits[] = {TUN_LIMIT_NONE, 7};
	struct vector inner = *vectors_get(&all, "inner");

	for (unsigned int i = 0; i < 2; i++) {
		const struct tun_style style = {limits[i], TUN_DSCP_COPY, false};
		struct tun_template t;
		uint8_t *packet;

		tun_template_init(&t, &local, &remote, 64, &style);
		packet = encap(&t, &inner);
		CU_ASSERT_EQUAL(tun_quoted_at(packet, t.len + TUN_IP6_LEN), t.len);
		for (size_t len = 0; len < t.len + (size_t)TUN_IP6_LEN; len++)
			CU_ASSERT_EQUAL(tun_quoted_at(packet, len), -1);
		packet[t.len] ^= 0x10; /* another version */
		CU_ASSERT_EQUAL(tun_quoted_at(packet, t.len + inner.len), -1);
		free(packet);
	}
	for (enum tun_gre gre = TUN_GRE_PLAIN; gre <= TUN_GRE_KEY; gre++) {
		uint8_t packet[TUN_IP6_LEN + TUN_GRE_MAX + TUN_IP6_LEN] = {0x60, [6] = TUN_PROTO_GRE};
		const uint16_t len = TUN_IP6_LEN + tun_gre_len(gre);

		tun_gre_encode(packet + TUN_IP6_LEN, gre, 5);
		packet[len] = 0x60;
		CU_ASSERT_EQUAL(tun_quoted_at(packet, len + TUN_IP6_LEN), len);
		CU_ASSERT_EQUAL(tun_quoted_at(packet, len + TUN_IP6_LEN - 1), -1);
		packet[TUN_IP6_LEN + 3] ^= 1; /* no IPv6 */
		CU_ASSERT_EQUAL(tun_quoted_at(packet, len + TUN_IP6_LEN), -1);
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

const struct unit_case encap_cases[] = {
	{"RFC 2473 5: encapsulation with and without a limit is what scapy writes", encap_golden},
	{"encapsulation reads the inner header alone and writes the outer headers alone", encap_elsewhere},
	{"RFC 2983 3: the traffic class is copied, and nothing else of the inner packet changes", encap_traffic_class},
	{"RFC 2983 3.1: a DSCP of the tunnel's own, with the packet's ECN field and label", encap_dscp},
	{"RFC 2890 2, RFC 7676: GRE with and without a key and a limit is what scapy writes", encap_gre},
	{"RFC 6438 3: packets of a flow share a label, other flows have others", encap_label_per_flow},
	{"RFC 6438 3: labels spread evenly over neighbouring hosts, and are never 0", encap_label_spread},
	{"RFC 2473 8: the packet in a tunnel packet that an error quotes is found, however much of it there is",
	 quoted},
	{"RFC 2473 4.1.1 (c): a template takes and gives up a limit", template_limit},
	{"RFC 6040 4.1: normal mode, all four codepoints", ecn_ingress},
};
const unsigned int encap_case_count = UNIT_COUNT(encap_cases);
