/* SPDX-License-Identifier: BSD-3-Clause */
#include "cases.h"

/* What becomes of a frame, in the words of the vectors. */
static const char *
verdict(const uint8_t *bytes, size_t len, struct nd_msg *m)
{
	struct nd_frame f;

	return nd_frame_decode(bytes, len, &f) == 0 ? nd_error_name(nd_decode(&f, m)) : "frame";
}

/* Every vector of that name's beginning gets its verdict; there are `want` of them. */
static void
check_all(const char *beginning, unsigned int want)
{
	unsigned int found = 0;

	for (size_t i = 0; i < nd_vectors.count; i++) {
		const struct vector *v = &nd_vectors.row[i];
		uint8_t *copy = vector_copy(v->bytes, v->len);
		struct nd_msg m;

		if (strncmp(v->name, beginning, strlen(beginning)) == 0) {
			const char *got = verdict(copy, v->len, &m);

			if (strcmp(got, v->verdict) != 0)
				printf("\n    %s: %s instead of %s", v->name, got, v->verdict);
			CU_ASSERT_STRING_EQUAL(got, v->verdict);
			found++;
		}
		free(copy);
	}
	CU_ASSERT_EQUAL(found, want);
}

void
decode_good(void)
{
	static const struct {
		const char *name;
		enum nd_type type;
		bool has_ll;
	} rows[] = {
		{"rs", ND_RS, true},
		{"rs-unspecified", ND_RS, false},
		{"rs-bare", ND_RS, false},
		{"rs-unknown-option", ND_RS, true},
		{"rs-reserved", ND_RS, true},
		{"rs-foreign-option", ND_RS, false},
		{"rs-eight-extensions", ND_RS, true},
		{"rs-two-addresses", ND_RS, true}, /* the first counts */
		{"ra", ND_RA, true},
		{"ra-bare", ND_RA, false},
		{"ns", ND_NS, true},
		{"ns-unicast", ND_NS, true},
		{"ns-dad", ND_NS, false},
		{"ns-dad-nonce", ND_NS, false},
		{"ns-vlan", ND_NS, true},
		{"na", ND_NA, true},
		{"na-dad", ND_NA, true},
		{"echo-request", ND_ECHO_REQUEST, false},
		{"echo-reply", ND_ECHO_REPLY, false},
		{"echo-extensions", ND_ECHO_REQUEST, false},
		{"unreachable", ND_ERROR, false},
		{"too-big", ND_PACKET_TOO_BIG, false},
		{"time-exceeded", ND_ERROR, false},
		{"parameter-problem", ND_ERROR, false},
		{"unknown-error", ND_ERROR, false},
		{"unknown-informational", ND_OTHER, false},
	};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		const struct vector *v = vector_named(rows[i].name);
		struct nd_msg m;

		CU_ASSERT_STRING_EQUAL(verdict(v->bytes, v->len, &m), "ok");
		CU_ASSERT_EQUAL(m.type, rows[i].type);
		CU_ASSERT_EQUAL(m.has_ll, rows[i].has_ll);
		CU_ASSERT(!m.has_ll || addr_mac_equal(&m.ll, &mac_a));
	}
}

void
decode_6_1_1(void)
{
	check_all("6.1.1/", 11);
}

void
decode_6_1_2(void)
{
	check_all("6.1.2/", 13);
}

void
decode_7_1_1(void)
{
	check_all("7.1.1/", 13);
}

void
decode_7_1_2(void)
{
	check_all("7.1.2/", 11);
}

void
decode_others(void)
{
	check_all("4443/", 3);
	check_all("8200/", 9);
}

void
decode_fragmented(void)
{
	check_all("6980-", 4);
}

void
decode_ra(void)
{
	const struct vector *v = vector_named("ra");
	struct nd_msg m;

	CU_ASSERT_STRING_EQUAL(verdict(v->bytes, v->len, &m), "ok");
	CU_ASSERT_EQUAL(m.ra.hop_limit, 64);
	CU_ASSERT_EQUAL(m.ra.flags, 0x40);
	CU_ASSERT_EQUAL(m.ra.router_lifetime_s, 1800);
	CU_ASSERT_EQUAL(m.ra.reachable_ms, 30000);
	CU_ASSERT_EQUAL(m.ra.retrans_ms, 1000);
	CU_ASSERT_EQUAL(m.ra.mtu, 1452);
	CU_ASSERT_EQUAL_FATAL(m.ra.prefix_count, 2);
	CU_ASSERT_EQUAL(m.ra.prefix[0].prefix.len, 64);
	CU_ASSERT_EQUAL(memcmp(m.ra.prefix[0].prefix.addr.b, "\x20\x01\x0d\xb8\0\1\0\0\0\0\0\0\0\0\0\0", 16), 0);
	CU_ASSERT(!m.ra.prefix[0].on_link && m.ra.prefix[0].autonomous);
	CU_ASSERT_EQUAL(m.ra.prefix[0].valid_s, 3600);
	CU_ASSERT_EQUAL(m.ra.prefix[0].preferred_s, 1800);
	CU_ASSERT_EQUAL(m.ra.prefix[1].prefix.len, 49);
	CU_ASSERT(m.ra.prefix[1].on_link && !m.ra.prefix[1].autonomous);
	CU_ASSERT_EQUAL(m.ra.prefix[1].valid_s, ND_INFINITE);
}

/* An advertisement of n prefix options of that length, by hand and not by the builder, which masks and refuses. */
static void
decode_prefixes(unsigned int n, uint8_t prefix_len, struct nd_msg *m)
{
	uint8_t payload[16 + 32 * 32] = {134}, out[ND_FRAME_MAX];
	struct nd_link l = {.src_mac = mac_a, .dst_mac = mac_b};
	uint16_t sum;
	int len;

	for (unsigned int i = 0; i < n; i++) {
		uint8_t *option = payload + 16 + 32 * (size_t)i;

		option[0] = 3, option[1] = 4, option[2] = prefix_len;
		memset(option + 16, 0xff, 16);
		option[16] = 0x20 + (uint8_t)i;
	}
	sum = nd_checksum(&ll_a, &all_nodes, 58, payload, 16 + 32 * (size_t)n);
	payload[2] = (uint8_t)(sum >> 8), payload[3] = (uint8_t)sum;
	len = nd_ip6_encode(&l, &ll_a, &all_nodes, 58, 255, payload, 16 + 32 * (size_t)n, out, sizeof(out));
	CU_ASSERT_STRING_EQUAL(verdict(out, (size_t)len, m), "ok");
}

void
decode_many_prefixes(void)
{
	static const uint8_t last[16] = {0x20 + ND_PREFIX_MAX - 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	struct nd_msg m;

	decode_prefixes(ND_PREFIX_MAX + 3, 64, &m);
	CU_ASSERT_EQUAL(m.ra.prefix_count, ND_PREFIX_MAX);
	CU_ASSERT_EQUAL(memcmp(m.ra.prefix[ND_PREFIX_MAX - 1].prefix.addr.b, last, 16), 0);
}

void
decode_bad_prefix_length(void)
{
	struct nd_msg m;

	decode_prefixes(2, 129, &m);
	CU_ASSERT_EQUAL(m.ra.prefix_count, 0);
	decode_prefixes(2, 128, &m);
	CU_ASSERT_EQUAL(m.ra.prefix_count, 2);
}

void
decode_na(void)
{
	const struct vector *v = vector_named("na");
	struct nd_msg m;

	CU_ASSERT_STRING_EQUAL(verdict(v->bytes, v->len, &m), "ok");
	CU_ASSERT_EQUAL(m.na.flags, ND_NA_ROUTER | ND_NA_SOLICITED | ND_NA_OVERRIDE);
	CU_ASSERT(addr6_equal(&m.na.target, &target));
	v = vector_named("na-dad");
	CU_ASSERT_STRING_EQUAL(verdict(v->bytes, v->len, &m), "ok");
	CU_ASSERT_EQUAL(m.na.flags, ND_NA_ROUTER | ND_NA_OVERRIDE);
	v = vector_named("ns-dad");
	CU_ASSERT_STRING_EQUAL(verdict(v->bytes, v->len, &m), "ok");
	CU_ASSERT(addr6_equal(&m.ns.target, &target));
}

void
decode_group_mac(void)
{
	struct nd_link l = {.src_mac = {{0x33, 0x33, 0, 0, 0, 1}}, .dst_mac = mac_b};
	uint8_t out[ND_FRAME_MAX];
	struct nd_msg m;
	int len = nd_na_encode(&l, &ll_a, &ll_b, &target, ND_NA_OVERRIDE, out, sizeof(out));

	CU_ASSERT_STRING_EQUAL(verdict(out, (size_t)len, &m), "ok");
	CU_ASSERT_FALSE(m.has_ll);
}

void
decode_errors(void)
{
	static const struct {
		const char *name;
		uint8_t type, code;
		uint32_t mtu, pointer;
		const char *invoking;
	} rows[] = {
		{"unreachable", 1, 3, 0, 0, "invoking-udp"},	{"too-big", 2, 0, 1452, 0, "invoking-big"},
		{"time-exceeded", 3, 0, 0, 0, "invoking-udp"},	{"parameter-problem", 4, 1, 0, 6, "invoking-udp"},
		{"unknown-error", 99, 1, 0, 0, "invoking-udp"},
	};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		const struct vector *v = vector_named(rows[i].name), *invoking = vector_named(rows[i].invoking);
		struct nd_msg m;

		CU_ASSERT_STRING_EQUAL(verdict(v->bytes, v->len, &m), "ok");
		CU_ASSERT_EQUAL(m.error.type, rows[i].type);
		CU_ASSERT_EQUAL(m.error.code, rows[i].code);
		CU_ASSERT_EQUAL(m.error.mtu, rows[i].mtu);
		CU_ASSERT_EQUAL(m.error.pointer, rows[i].pointer);
		CU_ASSERT_EQUAL(m.error.invoking_len, v->len - HEAD_LEN - 8);
		CU_ASSERT_EQUAL(memcmp(m.error.invoking, invoking->bytes + ETHER_LEN, m.error.invoking_len), 0);
	}
}

void
decode_short_messages(void)
{
	for (size_t i = 0; i < nd_vectors.count; i++) {
		const struct vector *v = &nd_vectors.row[i];
		struct nd_link l = {.src_mac = mac_a, .dst_mac = mac_b};
		struct nd_frame f;

		if (strcmp(v->verdict, "ok") != 0 || nd_frame_decode(v->bytes, v->len, &f) != 0 || f.next_header != 58)
			continue;
		for (size_t len = 0; len < f.payload_len; len++) {
			uint8_t payload[VECTOR_LEN], out[VECTOR_LEN], *copy;
			struct nd_msg m;
			uint16_t sum;
			int frame_len;

			memcpy(payload, f.payload, len);
			if (len >= 4) {
				payload[2] = payload[3] = 0;
				sum = nd_checksum(&f.ip_src, &f.ip_dst, 58, payload, len);
				payload[2] = (uint8_t)(sum >> 8), payload[3] = (uint8_t)sum;
			}
			frame_len = nd_ip6_encode(&l, &f.ip_src, &f.ip_dst, 58, f.hop_limit, payload, len, out,
						  sizeof(out));
			CU_ASSERT_EQUAL(frame_len, (int)(HEAD_LEN + len));
			copy = vector_copy(out, (size_t)frame_len);
			if (len < 4 || (len < 8 && payload[0] != 200))
				CU_ASSERT_STRING_EQUAL(verdict(copy, (size_t)frame_len, &m), "short");
			CU_ASSERT_STRING_NOT_EQUAL(verdict(copy, (size_t)frame_len, &m), "checksum");
			free(copy);
		}
	}
}

void
decode_error_names(void)
{
	for (enum nd_error e = ND_OK; e < ND_ERR_COUNT; e++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(nd_error_name(e));
		CU_ASSERT_STRING_NOT_EQUAL(nd_error_name(e), "unknown");
		for (enum nd_error other = ND_OK; other < e; other++)
			CU_ASSERT_STRING_NOT_EQUAL(nd_error_name(e), nd_error_name(other));
	}
	CU_ASSERT_STRING_EQUAL(nd_error_name(ND_ERR_COUNT), "unknown");
}
