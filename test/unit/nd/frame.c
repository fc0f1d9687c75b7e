/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "cases.h"

#define NEXT_HEADER (ETHER_LEN + 6)

void
frame_fields(void)
{
	const struct vector *v = vector_named("echo-request");
	struct nd_frame f;

	CU_ASSERT_EQUAL(nd_frame_decode(v->bytes, v->len, &f), 0);
	CU_ASSERT(addr_mac_equal(&f.eth_src, &mac_a) && addr_mac_equal(&f.eth_dst, &mac_b));
	CU_ASSERT_EQUAL(f.vlan, ND_VLAN_NONE);
	CU_ASSERT_EQUAL(f.ethertype, ND_ETHERTYPE_IP6);
	CU_ASSERT(addr6_equal(&f.ip_src, &addr_a) && addr6_equal(&f.ip_dst, &addr_b));
	CU_ASSERT_EQUAL(f.hop_limit, 64);
	CU_ASSERT_EQUAL(f.next_header, ND_PROTO_ICMP6);
	CU_ASSERT_EQUAL(f.next_header_at, 6);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_NONE);
	CU_ASSERT_FALSE(f.fragment);
	CU_ASSERT(f.ip == v->bytes + ETHER_LEN && f.ip_len == v->len - ETHER_LEN);
	CU_ASSERT(f.payload == v->bytes + HEAD_LEN && f.payload_len == v->len - HEAD_LEN);
}

void
frame_vlan(void)
{
	struct vector v = *vector_named("ns-vlan");
	struct nd_link l = {.src_mac = mac_a, .vlan = 100};
	struct nd_frame f;
	uint8_t out[ND_FRAME_MAX];

	CU_ASSERT_EQUAL(nd_ns_encode(&l, &ll_a, &any, &target, out, sizeof(out)), (int)v.len);
	CU_ASSERT_EQUAL(memcmp(out, v.bytes, v.len), 0);
	v.bytes[14] |= 0xf0; /* priority 7, drop eligible */
	CU_ASSERT_EQUAL(nd_frame_decode(v.bytes, v.len, &f), 0);
	CU_ASSERT_EQUAL(f.vlan, 100);
	CU_ASSERT_EQUAL(f.ethertype, ND_ETHERTYPE_IP6);
	CU_ASSERT(f.ip == v.bytes + ETHER_LEN + 4);
	v.bytes[16] = 0x81, v.bytes[17] = 0; /* a second tag is another protocol */
	CU_ASSERT_EQUAL(nd_frame_decode(v.bytes, v.len, &f), 0);
	CU_ASSERT_EQUAL(f.ethertype, 0x8100);
	CU_ASSERT_PTR_NULL(f.ip);
}

void
frame_padding(void)
{
	struct vector v = *vector_named("echo-request");
	struct nd_frame f;
	struct nd_msg m;
	size_t len = v.len;

	memset(v.bytes + len, 0xee, 46);
	CU_ASSERT_EQUAL(nd_frame_decode(v.bytes, len + 46, &f), 0);
	CU_ASSERT_EQUAL(f.ip_len, len - ETHER_LEN);
	CU_ASSERT_EQUAL(f.payload_len, len - HEAD_LEN);
	CU_ASSERT_EQUAL(nd_decode(&f, &m), ND_OK);
}

void
frame_truncated(void)
{
	unsigned int refused = 0;

	for (size_t i = 0; i < nd_vectors.count; i++) {
		const struct vector *v = &nd_vectors.row[i];

		if (strcmp(v->verdict, "ok") != 0)
			continue;
		for (size_t len = 0; len < v->len; len++) {
			uint8_t *copy = vector_copy(v->bytes, len);
			struct nd_frame f;

			CU_ASSERT_EQUAL(nd_frame_decode(copy, len, &f), -EINVAL);
			free(copy);
			refused++;
		}
	}
	CU_ASSERT(refused > 1000);
}

void
frame_extensions(void)
{
	const struct vector *v = vector_named("echo-extensions");
	struct nd_frame f;

	CU_ASSERT_EQUAL(nd_frame_decode(v->bytes, v->len, &f), 0);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_NONE);
	CU_ASSERT_EQUAL(f.next_header, ND_PROTO_ICMP6);
	CU_ASSERT_TRUE(f.fragment);
	CU_ASSERT_EQUAL(f.payload_len, 9);
	CU_ASSERT_EQUAL(f.ip[f.next_header_at], ND_PROTO_ICMP6);
	CU_ASSERT_EQUAL(f.payload - f.ip, f.next_header_at + 8);

	v = vector_named("rs-eight-extensions");
	CU_ASSERT_EQUAL(nd_frame_decode(v->bytes, v->len, &f), 0);
	CU_ASSERT_EQUAL(f.next_header, ND_PROTO_ICMP6);
	v = vector_named("8200/nine-extensions");
	CU_ASSERT_EQUAL(nd_frame_decode(v->bytes, v->len, &f), -EINVAL);

	v = vector_named("8200/later-fragment"); /* what follows is no header, whatever the Fragment header says */
	CU_ASSERT_EQUAL(nd_frame_decode(v->bytes, v->len, &f), 0);
	CU_ASSERT_EQUAL(f.next_header, ND_PROTO_FRAGMENT);
	CU_ASSERT_EQUAL(f.payload - f.ip, IP6_LEN);
}

/* A packet with a Destination Options (or other) header of eight bytes in front of nothing. */
static int
decode_with_header(uint8_t next_header, const uint8_t header[static 8], bool to_group, struct nd_frame *f)
{
	static uint8_t out[ND_FRAME_MAX];
	struct nd_link l = {.src_mac = mac_a, .dst_mac = mac_b};
	int len = nd_ip6_encode(&l, &addr_a, to_group ? &all_nodes : &addr_b, next_header, 64, header, 8, out,
				sizeof(out));

	CU_ASSERT_EQUAL(len, HEAD_LEN + 8);
	return nd_frame_decode(out, (size_t)len, f);
}

void
frame_extension_cut(void)
{
	static const uint8_t header[8] = {59, 0, 1, 4}, kinds[] = {0, 43, 44, 60};
	struct nd_link l = {.src_mac = mac_a, .dst_mac = mac_b};

	for (size_t i = 0; i < UNIT_COUNT(kinds); i++)
		for (size_t n = 0; n < sizeof(header); n++) {
			uint8_t out[HEAD_LEN + sizeof(header)], *copy;
			struct nd_frame f;
			int len = nd_ip6_encode(&l, &addr_a, &addr_b, kinds[i], 64, header, n, out, sizeof(out));

			copy = vector_copy(out, (size_t)len);
			CU_ASSERT_EQUAL(nd_frame_decode(copy, (size_t)len, &f), -EINVAL);
			CU_ASSERT_FALSE(nd_error_allowed(1, 0, 0, false, copy + ETHER_LEN, (size_t)len - ETHER_LEN));
			free(copy);
		}
}

void
frame_option_actions(void)
{
	static const struct {
		uint8_t type;
		bool to_group;
		enum nd_fault fault;
	} rows[] = {
		{0x1e, false, ND_FAULT_NONE},	{0x1e, true, ND_FAULT_NONE},	{0x5e, false, ND_FAULT_DROP},
		{0x5e, true, ND_FAULT_DROP},	{0x9e, false, ND_FAULT_REPORT}, {0x9e, true, ND_FAULT_REPORT},
		{0xde, false, ND_FAULT_REPORT}, {0xde, true, ND_FAULT_DROP},
	};
	static const uint8_t kinds[] = {0, 60}; /* hop-by-hop and destination options */

	for (size_t i = 0; i < UNIT_COUNT(rows) * UNIT_COUNT(kinds); i++) {
		uint8_t type = rows[i / 2].type;
		const uint8_t header[8] = {59, 0, 0, type, 3, 0, 0, 0};
		struct nd_frame f;

		CU_ASSERT_EQUAL(decode_with_header(kinds[i % 2], header, rows[i / 2].to_group, &f), 0);
		CU_ASSERT_EQUAL(f.fault, rows[i / 2].fault);
		CU_ASSERT_EQUAL(f.next_header, f.fault == ND_FAULT_NONE ? 59 : kinds[i % 2]);
		if (f.fault != ND_FAULT_REPORT)
			continue;
		CU_ASSERT_EQUAL(f.fault_code, 2);
		CU_ASSERT_EQUAL(f.fault_pointer, IP6_LEN + 3);
		CU_ASSERT_EQUAL(f.ip[f.fault_pointer], type);
	}
}

void
frame_malformed_options(void)
{
	struct nd_frame f;

	CU_ASSERT_EQUAL(decode_with_header(60, (const uint8_t[8]){59, 0, 1, 5}, false, &f), 0);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_DROP);
	CU_ASSERT_EQUAL(decode_with_header(60, (const uint8_t[8]){59, 0, 1, 3, [7] = 1}, false, &f), 0);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_DROP); /* a type without a length */
	CU_ASSERT_EQUAL(decode_with_header(60, (const uint8_t[8]){59, 0, 1, 4}, false, &f), 0);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_NONE);
}

void
frame_routing_header(void)
{
	struct nd_frame f;

	CU_ASSERT_EQUAL(decode_with_header(43, (const uint8_t[8]){59, 0, 0, 1}, false, &f), 0);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_REPORT);
	CU_ASSERT_EQUAL(f.fault_code, 0);
	CU_ASSERT_EQUAL(f.fault_pointer, IP6_LEN + 2);
	CU_ASSERT_EQUAL(decode_with_header(43, (const uint8_t[8]){59, 0, 0, 0}, false, &f), 0);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_NONE);
	CU_ASSERT_EQUAL(f.next_header, 59);
}

void
frame_late_hop_by_hop(void)
{
	static const uint8_t headers[16] = {0, 0, 1, 4, [8] = 59, 0, 1, 4};
	struct nd_link l = {.src_mac = mac_a, .dst_mac = mac_b};
	uint8_t out[128];
	struct nd_frame f;
	int len = nd_ip6_encode(&l, &addr_a, &addr_b, 60, 64, headers, sizeof(headers), out, sizeof(out));

	CU_ASSERT_EQUAL(nd_frame_decode(out, (size_t)len, &f), 0);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_REPORT);
	CU_ASSERT_EQUAL(f.fault_code, 1);
	CU_ASSERT_EQUAL(f.fault_pointer, IP6_LEN);
	out[NEXT_HEADER] = 0; /* two of them are one too many as well */
	CU_ASSERT_EQUAL(nd_frame_decode(out, (size_t)len, &f), 0);
	CU_ASSERT_EQUAL(f.fault, ND_FAULT_REPORT);
}
