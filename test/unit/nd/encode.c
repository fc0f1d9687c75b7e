/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "cases.h"

static const struct nd_link to_b = {.src_mac = {{2, 0, 0, 0, 0xaa, 1}}, .dst_mac = {{2, 0, 0, 0, 0xbb, 2}}};
static const struct nd_link to_group = {.src_mac = {{2, 0, 0, 0, 0xaa, 1}}};

static const struct nd_ra ra = {
	.hop_limit = 64,
	.other = true,
	.router_lifetime_s = 1800,
	.reachable_ms = 30000,
	.retrans_ms = 1000,
	.mtu = 1452,
	.prefix_count = 2,
	.with_ll = true,
	.prefix = {{{{{0x20, 1, 0xd, 0xb8, 0, 1}}, 64}, false, true, 3600, 1800},
		   {{{{0x20, 1, 0xd, 0xb8, 0, 2, 0x80}}, 49}, true, false, ND_INFINITE, ND_INFINITE}},
};

static int
rs(uint8_t *out, size_t size)
{
	return nd_rs_encode(&to_group, &ll_a, out, size);
}

static int
rs_unspecified(uint8_t *out, size_t size)
{
	return nd_rs_encode(&to_group, &any, out, size);
}

static int
ra_full(uint8_t *out, size_t size)
{
	return nd_ra_encode(&to_b, &ll_a, &all_nodes, &ra, out, size);
}

static int
ra_bare(uint8_t *out, size_t size)
{
	return nd_ra_encode(&to_b, &ll_a, &ll_b, &(struct nd_ra){0}, out, size);
}

static int
ns(uint8_t *out, size_t size)
{
	return nd_ns_encode(&to_b, &ll_a, &any, &target, out, size);
}

static int
ns_unicast(uint8_t *out, size_t size)
{
	return nd_ns_encode(&to_b, &addr_a, &target, &target, out, size);
}

static int
ns_dad(uint8_t *out, size_t size)
{
	return nd_ns_encode(&to_b, &any, &any, &target, out, size);
}

static int
na(uint8_t *out, size_t size)
{
	return nd_na_encode(&to_b, &ll_a, &ll_b, &target, ND_NA_ROUTER | ND_NA_SOLICITED | ND_NA_OVERRIDE, out, size);
}

static int
na_dad(uint8_t *out, size_t size)
{
	return nd_na_encode(&to_b, &ll_a, &any, &target, ND_NA_ROUTER | ND_NA_SOLICITED | ND_NA_OVERRIDE, out, size);
}

static int
echo_reply(uint8_t *out, size_t size)
{
	const struct vector *request = vector_named("echo-request");
	struct nd_link back = {.src_mac = mac_b, .dst_mac = mac_a};
	struct nd_frame f;

	CU_ASSERT_EQUAL(nd_frame_decode(request->bytes, request->len, &f), 0);
	return nd_echo_reply_encode(&back, &f, &f.ip_dst, out, size);
}

static int
udp(uint8_t *out, size_t size)
{
	const struct vector *v = vector_named("invoking-udp");

	return nd_ip6_encode(&to_b, &addr_a, &addr_b, 17, 63, v->bytes + HEAD_LEN, v->len - HEAD_LEN, out, size);
}

static int
too_big(uint8_t *out, size_t size)
{
	const struct vector *v = vector_named("invoking-big");

	return nd_error_encode(&to_b, &addr_b, 2, 0, 1452, v->bytes + ETHER_LEN, v->len - ETHER_LEN, out, size);
}

/* Each builder, and the vector that it has to write. */
static const struct {
	const char *name;
	int (*encode)(uint8_t *out, size_t size);
} rows[] = {
	{"rs", rs},	    {"rs-unspecified", rs_unspecified}, {"ra", ra_full},       {"ra-bare", ra_bare},
	{"ns", ns},	    {"ns-unicast", ns_unicast},		{"ns-dad", ns_dad},    {"na", na},
	{"na-dad", na_dad}, {"echo-reply", echo_reply},		{"invoking-udp", udp}, {"too-big", too_big},
};

void
encode_golden(void)
{
	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		const struct vector *v = vector_named(rows[i].name);
		uint8_t out[ND_FRAME_MAX];

		CU_ASSERT_EQUAL(rows[i].encode(out, sizeof(out)), (int)v->len);
		if (memcmp(out, v->bytes, v->len) != 0)
			printf("\n    %s differs", v->name);
		CU_ASSERT_EQUAL(memcmp(out, v->bytes, v->len), 0);
	}
}

void
encode_no_room(void)
{
	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		const struct vector *v = vector_named(rows[i].name);

		for (size_t size = 0; size <= v->len; size++) {
			uint8_t *out = vector_copy(v->bytes, size);

			CU_ASSERT_EQUAL(rows[i].encode(out, size), size < v->len ? -ENOSPC : (int)v->len);
			free(out);
		}
	}
}

void
encode_dad(void)
{
	uint8_t out[ND_FRAME_MAX];
	struct nd_frame f;
	struct nd_msg m;
	struct addr6 group = addr6_solicited_node(&target);
	int len = ns_dad(out, sizeof(out));

	CU_ASSERT_EQUAL(nd_frame_decode(out, (size_t)len, &f), 0);
	CU_ASSERT_EQUAL(nd_decode(&f, &m), ND_OK);
	CU_ASSERT(addr6_is_zero(&f.ip_src) && addr6_equal(&f.ip_dst, &group) && !m.has_ll);
	CU_ASSERT(addr_mac_is_group(&f.eth_dst));

	len = nd_na_encode(&to_b, &ll_a, &f.ip_src, &m.ns.target, 0xff, out, sizeof(out));
	CU_ASSERT_EQUAL(nd_frame_decode(out, (size_t)len, &f), 0);
	CU_ASSERT_EQUAL(nd_decode(&f, &m), ND_OK);
	CU_ASSERT(addr6_equal(&f.ip_dst, &all_nodes) && !(m.na.flags & ND_NA_SOLICITED) && m.has_ll);
}

void
encode_ra_limits(void)
{
	struct nd_ra bad = {.prefix_count = 1};
	uint8_t out[ND_FRAME_MAX];
	struct nd_frame f;
	struct nd_msg m;
	int len;

	memset(bad.prefix[0].prefix.addr.b, 0xff, 16);
	bad.prefix[0].prefix.len = 65;
	bad.prefix[0].valid_s = 10;
	bad.prefix[0].preferred_s = 11;
	len = nd_ra_encode(&to_b, &ll_a, &all_nodes, &bad, out, sizeof(out));
	CU_ASSERT_EQUAL(len, HEAD_LEN + 16 + 32);
	CU_ASSERT_EQUAL(memcmp(out + HEAD_LEN + 32, "\377\377\377\377\377\377\377\377\200\0\0\0\0\0\0\0", 16), 0);
	CU_ASSERT_EQUAL(nd_frame_decode(out, (size_t)len, &f), 0);
	CU_ASSERT_EQUAL(nd_decode(&f, &m), ND_OK);
	CU_ASSERT_EQUAL(m.ra.prefix[0].preferred_s, 10);

	bad.prefix_count = ND_PREFIX_MAX + 1;
	CU_ASSERT_EQUAL(nd_ra_encode(&to_b, &ll_a, &all_nodes, &bad, out, sizeof(out)), -EINVAL);
	bad.prefix_count = ND_PREFIX_MAX;
	CU_ASSERT_EQUAL(nd_ra_encode(&to_b, &ll_a, &all_nodes, &bad, out, sizeof(out)),
			HEAD_LEN + 16 + 32 * ND_PREFIX_MAX);
}

void
encode_rfc6085(void)
{
	uint8_t out[ND_FRAME_MAX];

	ra_full(out, sizeof(out)); /* all-nodes, to the MAC of one host */
	CU_ASSERT_EQUAL(memcmp(out, &mac_b, 6), 0);
	CU_ASSERT(nd_ra_encode(&to_group, &ll_a, &all_nodes, &ra, out, sizeof(out)) > 0);
	CU_ASSERT_EQUAL(memcmp(out, "\x33\x33\0\0\0\1", 6), 0);
}

void
encode_ip6(void)
{
	static uint8_t payload[65536], out[HEAD_LEN + sizeof(payload)];
	struct nd_frame f;

	CU_ASSERT_EQUAL(nd_ip6_encode(&to_b, &addr_a, &addr_b, 59, 1, NULL, 0, out, sizeof(out)), HEAD_LEN);
	CU_ASSERT_EQUAL(nd_frame_decode(out, HEAD_LEN, &f), 0);
	CU_ASSERT(f.payload_len == 0 && f.next_header == 59 && f.hop_limit == 1);
	CU_ASSERT_EQUAL(nd_ip6_encode(&to_b, &addr_a, &addr_b, 59, 1, payload, 65535, out, sizeof(out)),
			HEAD_LEN + 65535);
	CU_ASSERT_EQUAL(nd_frame_decode(out, HEAD_LEN + 65535, &f), 0);
	CU_ASSERT_EQUAL(f.payload_len, 65535);
	CU_ASSERT_EQUAL(nd_ip6_encode(&to_b, &addr_a, &addr_b, 59, 1, payload, 65536, out, sizeof(out)), -ENOSPC);
}

void
encode_echo_short(void)
{
	struct vector v = *vector_named("echo-request");
	uint8_t out[ND_FRAME_MAX];
	struct nd_frame f;

	v.bytes[ETHER_LEN + 4] = 0, v.bytes[ETHER_LEN + 5] = 7;
	CU_ASSERT_EQUAL(nd_frame_decode(v.bytes, v.len, &f), 0);
	CU_ASSERT_EQUAL(nd_echo_reply_encode(&to_b, &f, &addr_b, out, sizeof(out)), -EINVAL);
}
