/* SPDX-License-Identifier: BSD-3-Clause */
#include "option.h"

#include <errno.h>

#include "opt.h"
#include "unit.h"
#include "wire.h"

/* shows: RFC5213-8.1-02 RFC5213-8.2-01 */
void
option_unknown(void)
{
	struct mh_msg m;

	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 200, 3, 1, 2, 3, 0, 255, 0, 23, 2, 0, 4, 1, 4, 9, 9, 9, 9, 24, 2, 0, 3),
			MH_OK);
	CU_ASSERT_EQUAL(m.opt.unknown, 2);
	CU_ASSERT_EQUAL(m.opt.handoff.value, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(m.opt.access_tech.value, MH_ATT_ETHERNET);
	CU_ASSERT_EQUAL(m.opt.present, 1u << MH_OPT_HANDOFF_INDICATOR | 1u << MH_OPT_ACCESS_TECH_TYPE);
}

void
option_past_end(void)
{
	const uint8_t type_alone[36] = {1, 33, [35] = 23};
	struct mh_msg m;

	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 200, 34), MH_OK);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 200, 83), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 1, 83), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 8, 83, 1), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(wire_decode_options(type_alone, sizeof(type_alone), &m), MH_ERR_OPTION);
}

/* shows: RFC5213-8.3-01 RFC5213-8.4-01 RFC5213-8.5-01 RFC5213-8.7-01 RFC5213-8.8-01 RFC6602-4.3-02 */
void
option_lengths(void)
{
	static const struct {
		uint8_t type, min, max;
	} limits[] = {{2, 2, 2},    {3, 16, 16},  {9, 5, 29}, {10, 8, 8},  {19, 5, 29},
		      {20, 1, 29},  {22, 18, 18}, {23, 2, 2}, {24, 2, 2},  {25, 2, 18},
		      {26, 16, 16}, {27, 8, 8},	  {28, 4, 4}, {45, 6, 29}, {50, 6, 6}};
	struct mh_msg m;

	for (size_t i = 0; i < UNIT_COUNT(limits); i++)
		for (uint8_t len = 0; len < 30; len++) {
			enum mh_error e = WIRE_DECODE_OPTIONS(&m, limits[i].type, len);

			CU_ASSERT_EQUAL(e, len < limits[i].min || len > limits[i].max ? MH_ERR_OPTION : MH_OK);
		}
}

void
option_mn_id_lengths(void)
{
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg m = {.type = MH_PBA}, n;
	int len;

	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&n, 8, 0), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&n, 8, 1, 1), MH_OK);
	CU_ASSERT_TRUE(mh_has(&n, MH_OPT_MN_ID));
	CU_ASSERT_EQUAL(n.opt.mn_id.len, 0);
	mh_set(&m, MH_OPT_MN_ID);
	m.opt.mn_id = (struct mh_opt_mn_id){.subtype = 1, .len = MH_MN_ID_MAX};
	memset(m.opt.mn_id.id, 'x', MH_MN_ID_MAX);
	len = mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes));
	CU_ASSERT_TRUE_FATAL(len > 0);
	CU_ASSERT_EQUAL(wire_decode(bytes, (size_t)len, &n), MH_OK);
	CU_ASSERT_EQUAL(memcmp(&n.opt.mn_id, &m.opt.mn_id, sizeof(m.opt.mn_id)), 0);
	m.opt.mn_id.len++;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
}

/* The prefix of an option with this length octet and these two octets of address. */
static enum mh_error
decode_hnp(uint8_t len, uint8_t first, uint8_t last, struct mh_msg *m)
{
	return WIRE_DECODE_OPTIONS(m, 22, 18, 0, len, first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last);
}

void
option_hnp_values(void)
{
	struct addr_prefix expected;
	uint8_t bytes[64];
	struct mh_msg m;

	for (unsigned int len = 0; len <= UINT8_MAX; len++) {
		CU_ASSERT_EQUAL(decode_hnp((uint8_t)len, 0, 0, &m), MH_OK);
		CU_ASSERT_EQUAL(m.opt.hnp_count, 1);
		CU_ASSERT_TRUE(addr_prefix_equal(&m.opt.hnp[0].prefix, &(struct addr_prefix){0}));
	}
	CU_ASSERT_EQUAL(decode_hnp(64, 0x20, 9, &m), MH_OK);
	CU_ASSERT_EQUAL(addr_prefix_parse("2000::/64", &expected), 0);
	CU_ASSERT_TRUE(addr_prefix_equal(&m.opt.hnp[0].prefix, &expected));
	CU_ASSERT_EQUAL(decode_hnp(128, 0x20, 9, &m), MH_OK);
	CU_ASSERT_EQUAL(decode_hnp(129, 0x20, 9, &m), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(decode_hnp(0, 0x20, 9, &m), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(decode_hnp(64, 0, 9, &m), MH_ERR_OPTION);
	m = (struct mh_msg){.type = MH_PBU};
	CU_ASSERT_TRUE(mh_add_hnp(&m, &(struct addr_prefix){.len = 64}));
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 32);
	CU_ASSERT_EQUAL(bytes[15], 0);
}

void
option_hnp_many(void)
{
	struct mh_msg m = {.type = MH_PBU}, n;
	uint8_t bytes[512], body[250] = {0, 1, 0x82, 0, 0, 10};
	struct addr_prefix p = {.addr = {{0x20}}, .len = 64};
	int len;

	for (p.addr.b[7] = 0; p.addr.b[7] < MH_HNP_MAX; p.addr.b[7]++)
		CU_ASSERT_TRUE(mh_add_hnp(&m, &p));
	CU_ASSERT_FALSE(mh_add_hnp(&m, &p));
	len = mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes));
	CU_ASSERT_TRUE_FATAL(len > 0);
	CU_ASSERT_EQUAL(wire_decode(bytes, (size_t)len, &n), MH_OK);
	CU_ASSERT_EQUAL(memcmp(n.opt.hnp, m.opt.hnp, sizeof(m.opt.hnp)), 0);
	for (unsigned int i = 0; i < MH_HNP_MAX + 2; i++)
		memcpy(body + 6 + 20 * i, (const uint8_t[]){22, 18, 0, 64, 0x20, [11] = (uint8_t)i, [19] = 0}, 20);
	wire_build(bytes, 5, 256, body, sizeof(body));
	CU_ASSERT_EQUAL(wire_decode(bytes, 256, &n), MH_OK);
	CU_ASSERT_EQUAL(n.opt.hnp_count, MH_HNP_MAX);
	CU_ASSERT_EQUAL(n.opt.repeated, 2);
	CU_ASSERT_EQUAL(memcmp(n.opt.hnp, m.opt.hnp, sizeof(m.opt.hnp)), 0);
}

void
option_first_counts(void)
{
	struct mh_msg m;

	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 23, 2, 0, 1, 23, 2, 0, 3, 24, 2, 0, 4), MH_OK);
	CU_ASSERT_EQUAL(m.opt.handoff.value, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(m.opt.repeated, 1);
	CU_ASSERT_EQUAL(m.opt.access_tech.value, MH_ATT_WLAN);
}

/*
 * Of each option: type octet, alignment and data length with the values below (RFC 4283, 4285, 5094, 5149, 5213, 5648,
 * 5845, 5847, 6089, 6275, 6602, 7148). The authentication option ends a multiple of 8 octets, which 4n + 1 allows.
 */
static const struct {
	enum mh_opt kind;
	uint8_t type, x, y, len;
} layout[] = {
	{MH_OPT_BINDING_REFRESH_ADVICE, 2, 2, 0, 2},
	{MH_OPT_ALTERNATE_COA, 3, 8, 6, 16},
	{MH_OPT_MN_ID, 8, 1, 0, 4},
	{MH_OPT_HOME_NETWORK_PREFIX, 22, 8, 4, 18},
	{MH_OPT_HANDOFF_INDICATOR, 23, 1, 0, 2},
	{MH_OPT_ACCESS_TECH_TYPE, 24, 1, 0, 2},
	{MH_OPT_MN_LINK_LAYER_ID, 25, 1, 0, 8},
	{MH_OPT_LINK_LOCAL_ADDRESS, 26, 8, 6, 16},
	{MH_OPT_TIMESTAMP, 27, 8, 2, 8},
	{MH_OPT_SERVICE_SELECTION, 20, 1, 0, 3},
	{MH_OPT_GRE_KEY, 33, 4, 0, 6},
	{MH_OPT_MN_GROUP_ID, 50, 4, 0, 6},
	{MH_OPT_RESTART_COUNTER, 28, 4, 2, 4},
	{MH_OPT_BINDING_ID, 35, 2, 0, 4},
	{MH_OPT_DELEGATED_PREFIX, 55, 8, 2, 18},
	{MH_OPT_FLOW_ID, 45, 8, 0, 14},
	{MH_OPT_VENDOR_SPECIFIC, 19, 4, 2, 8},
	{MH_OPT_MESSAGE_REPLAY, 10, 8, 2, 8},
	{MH_OPT_AUTHENTICATION, 9, 8, 5, 17},
};

/* shows: RFC5213-8.3-01 RFC5213-8.4-01 RFC5213-8.5-01 RFC5213-8.7-01 RFC5213-8.8-01 RFC5847-3.4-01 RFC6602-4.3-02 */
void
option_alignment(void)
{
	struct mh_opts o = {.hnp_count = 1,
			    .vendor_count = 1,
			    .flow_count = 1,
			    .flow = {{.id = 1, .priority = 1, .selector_given = true}},
			    .mn_id = {.len = 3},
			    .mn_ll_id = {.len = 6},
			    .service = {.len = 3, .id = "ims"},
			    .gre_key = {.given = true},
			    .vendor = {{.len = 3}},
			    .auth = {.len = 12}};

	CU_ASSERT_EQUAL(UNIT_COUNT(layout), MH_OPT_COUNT);
	for (size_t i = 0; i < UNIT_COUNT(layout); i++)
		for (size_t start = 0; start < 16; start++) {
			uint8_t bytes[64], x = layout[i].x;
			size_t at = start + (layout[i].y + 16 * x - start) % x;
			struct writer w = writer_on(bytes, sizeof(bytes));
			struct cursor c;
			struct mh_opts read = {0};

			writer_zero(&w, start);
			o.present = 1u << layout[i].kind;
			CU_ASSERT_TRUE(mh_opts_encode(&w, &o, MH_OPT_COUNT));
			CU_ASSERT_FALSE(w.failed);
			CU_ASSERT_EQUAL(writer_len(&w) % 8, 0);
			CU_ASSERT_EQUAL(bytes[at], layout[i].type);
			CU_ASSERT_EQUAL(bytes[at + 1], layout[i].len);
			CU_ASSERT_TRUE(at == start || bytes[start] == (at - start > 1));
			c = cursor_on(bytes + start, writer_len(&w) - start);
			CU_ASSERT_TRUE(mh_opts_decode(&c, &read));
			CU_ASSERT_EQUAL(read.present, o.present);
			CU_ASSERT_EQUAL(read.unknown + read.repeated, 0);
		}
}

/* Of each option that has reserved octets: where it stands without padding, and how many are in front of its data. */
static const struct {
	enum mh_opt kind;
	uint8_t at, octets, mask;
} reserved[] = {
	{MH_OPT_HOME_NETWORK_PREFIX, 4, 1, 0x7f},
	{MH_OPT_HANDOFF_INDICATOR, 0, 1, 0xff},
	{MH_OPT_ACCESS_TECH_TYPE, 0, 1, 0xff},
	{MH_OPT_MN_LINK_LAYER_ID, 0, 2, 0xff},
	{MH_OPT_GRE_KEY, 0, 2, 0xff},
	{MH_OPT_DELEGATED_PREFIX, 2, 1, 0x7f},
};

/* shows: RFC5213-8.3-02 RFC5213-8.4-02 RFC5213-8.5-02 RFC5213-8.6-02 */
void
option_reserved(void)
{
	const struct mh_opts o = {.hnp_count = 1,
				  .hnp = {{.prefix = {.addr = {{0x20, 1}}, .len = 64}}},
				  .handoff = {.value = 3},
				  .access_tech = {.value = 4},
				  .mn_ll_id = {.len = 6, .id = {2, 0, 0, 0, 0xaa, 1}},
				  .gre_key = {.given = true, .key = 0x01020304},
				  .dmnp = {.prefix = {.addr = {{0x20, 1}}, .len = 48}}};

	for (size_t i = 0; i < UNIT_COUNT(reserved); i++) {
		struct mh_opts sent = o, read = {0}, same = {0};
		uint8_t bytes[64], *option = bytes + reserved[i].at, *data = option + 2;
		struct writer w = writer_on(bytes, sizeof(bytes));
		struct cursor c;

		sent.present = 1u << reserved[i].kind;
		writer_zero(&w, reserved[i].at);
		CU_ASSERT_TRUE(mh_opts_encode(&w, &sent, MH_OPT_COUNT));
		c = cursor_on(option, (size_t)(w.at - option));
		CU_ASSERT_TRUE(mh_opts_decode(&c, &read));
		for (uint8_t r = 0; r < reserved[i].octets; r++) {
			CU_ASSERT_EQUAL(data[r], 0);
			data[r] = reserved[i].mask;
		}
		c = cursor_on(option, (size_t)(w.at - option));
		CU_ASSERT_TRUE(mh_opts_decode(&c, &same));
		CU_ASSERT_EQUAL(read.present, sent.present);
		CU_ASSERT_EQUAL(memcmp(&read, &same, sizeof(read)), 0);
	}
}

/* shows: RFC5213-8.6-01 */
void
option_link_layer_sizes(void)
{
	const struct addr6 router = {{0xfe, 0x80, [15] = 7}};

	for (uint8_t len = 0; len <= MH_LL_ID_MAX; len++) {
		struct mh_opts o = {.present = 1u << MH_OPT_MN_LINK_LAYER_ID | 1u << MH_OPT_LINK_LOCAL_ADDRESS,
				    .mn_ll_id = {.len = len},
				    .link_local = {.addr = router}},
			       read = {0};
		uint8_t bytes[64];
		struct writer w = writer_on(bytes, sizeof(bytes));
		struct cursor c;
		size_t at;

		memset(o.mn_ll_id.id, 0xaa, len);
		CU_ASSERT_TRUE(mh_opts_encode(&w, &o, MH_OPT_COUNT));
		CU_ASSERT_EQUAL(bytes[0], 25);
		CU_ASSERT_EQUAL(bytes[1], 2 + len);
		at = writer_len(&w) - 18;
		CU_ASSERT_EQUAL(at % 8, 6);
		CU_ASSERT_EQUAL(bytes[at], 26);
		c = cursor_on(bytes, writer_len(&w));
		CU_ASSERT_TRUE(mh_opts_decode(&c, &read));
		CU_ASSERT_EQUAL(memcmp(&read, &o, sizeof(o)), 0);
	}
}

/* shows: RFC5845-6.1-01 */
void
option_gre_key(void)
{
	struct mh_opts o = {.present = 1u << MH_OPT_GRE_KEY};
	uint8_t bytes[16];
	struct writer w = writer_on(bytes, sizeof(bytes));
	struct mh_msg m;

	CU_ASSERT_TRUE(mh_opts_encode(&w, &o, MH_OPT_COUNT));
	CU_ASSERT_EQUAL(memcmp(bytes, (const uint8_t[]){33, 2, 0, 0}, 4), 0);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 33, 2, 0, 0), MH_OK);
	CU_ASSERT_TRUE(mh_has(&m, MH_OPT_GRE_KEY));
	CU_ASSERT_FALSE(m.opt.gre_key.given);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 33, 6, 0, 0, 0, 0, 0, 0), MH_OK);
	CU_ASSERT_TRUE(m.opt.gre_key.given); /* 0 is a key */
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 33, 6, 0xff, 0xff, 1, 2, 3, 4), MH_OK);
	CU_ASSERT_EQUAL(m.opt.gre_key.key, 0x01020304);
	for (uint8_t len = 0; len < 20; len++)
		CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 33, len), len == 2 || len == 6 ? MH_OK : MH_ERR_OPTION);
}

/* shows: RFC6602-4.3-03 */
void
option_group(void)
{
	struct mh_opts o = {.present = 1u << MH_OPT_MN_GROUP_ID, .group = {MH_GROUP_BULK, 0x01020304}};
	uint8_t bytes[16];
	struct writer w = writer_on(bytes, sizeof(bytes));
	struct mh_msg m;

	CU_ASSERT_TRUE(mh_opts_encode(&w, &o, MH_OPT_COUNT));
	CU_ASSERT_EQUAL(memcmp(bytes, (const uint8_t[]){50, 6, 1, 0, 1, 2, 3, 4}, 8), 0);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 50, 6, 1, 0xff, 1, 2, 3, 4), MH_OK);
	CU_ASSERT(m.opt.group.subtype == MH_GROUP_BULK && m.opt.group.id == 0x01020304);
}

void
option_service(void)
{
	struct mh_msg m = {.type = MH_PBU}, n;
	uint8_t bytes[256];
	int len;

	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 20, 3, 'i', 'm', 's'), MH_OK);
	CU_ASSERT_TRUE(m.opt.service.len == 3 && memcmp(m.opt.service.id, "ims", 4) == 0);
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 24);
	m.opt.service.len = 0;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
	m.opt.service.len = MH_SERVICE_MAX;
	memset(m.opt.service.id, 'x', MH_SERVICE_MAX);
	len = mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes));
	CU_ASSERT_EQUAL_FATAL(len, 120);
	CU_ASSERT_EQUAL(wire_decode(bytes, 120, &n), MH_OK);
	CU_ASSERT_EQUAL(memcmp(&n.opt.service, &m.opt.service, sizeof(n.opt.service)), 0);
	bytes[13]++; /* into the padding */
	wire_seal(bytes, 120);
	CU_ASSERT_EQUAL(wire_decode(bytes, 120, &n), MH_ERR_OPTION);
	m.opt.service.len++;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
}

/* A message with a vendor specific option that has this much data, and what is decoded of it. */
static enum mh_error
decode_vendor(uint8_t data_len, struct mh_msg *m)
{
	uint8_t bytes[256], body[250] = {0, 1, 0x82, 0, 0, 10, 19, (uint8_t)(5 + data_len), 0, 0, 0x28, 0xaf, 9, 0x5a};

	return wire_decode(bytes, wire_build(bytes, 5, 256, body, sizeof(body)), m);
}

/* shows: RFC5094-3-01 */
void
option_vendor(void)
{
	uint8_t many[8 * (MH_VENDOR_MAX + 1)];
	struct mh_msg m;

	for (uint8_t i = 0; i <= MH_VENDOR_MAX; i++)
		memcpy(&many[8 * i], (const uint8_t[]){19, 6, 0, 0, 0, i, i, (uint8_t)(i + 1)}, 8);
	CU_ASSERT_EQUAL(decode_vendor(MH_VENDOR_DATA_MAX, &m), MH_OK);
	CU_ASSERT_TRUE(m.opt.vendor_count == 1 && m.opt.vendor[0].len == MH_VENDOR_DATA_MAX);
	CU_ASSERT_TRUE(m.opt.vendor[0].vendor == 10415 && m.opt.vendor[0].subtype == 9);
	CU_ASSERT_EQUAL(m.opt.vendor[0].data[0], 0x5a);
	CU_ASSERT_EQUAL(decode_vendor(MH_VENDOR_DATA_MAX + 1, &m), MH_OK);
	CU_ASSERT_TRUE(m.opt.vendor_count == 0 && m.opt.unknown == 1 && !mh_has(&m, MH_OPT_VENDOR_SPECIFIC));
	CU_ASSERT_EQUAL(wire_decode_options(many, sizeof(many), &m), MH_OK);
	CU_ASSERT_TRUE(m.opt.vendor_count == MH_VENDOR_MAX && m.opt.repeated == 1);
	CU_ASSERT_TRUE(m.opt.vendor[7].vendor == 7 && m.opt.vendor[7].subtype == 7 && m.opt.vendor[7].data[0] == 8);
}

/* shows: RFC5149-3-02 RFC5149-4.1-04; RFC 4285 section 5.1: nothing stands behind the authentication, whatever its
 * length and place */
void
option_authentication_last(void)
{
	for (uint8_t len = 12; len <= MH_AUTH_MAX; len += 4)
		for (uint8_t name = 1; name < 20; name++) {
			struct mh_msg m = {.type = MH_PBU,
					   .opt.service.len = name,
					   .opt.auth = {.subtype = MH_AUTH_MN_HA, .spi = 0x01020304, .len = len}},
				      n;
			uint8_t bytes[128];
			int total;

			memset(m.opt.auth.data, 0xa5, len);
			memset(m.opt.service.id, 'x', name);
			mh_set(&m, MH_OPT_MN_ID);
			mh_set(&m, MH_OPT_SERVICE_SELECTION);
			mh_set(&m, MH_OPT_AUTHENTICATION);
			total = mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes));
			CU_ASSERT_TRUE_FATAL(total > len);
			CU_ASSERT_TRUE(bytes[12] == 8 && bytes[15] == 20);
			CU_ASSERT_EQUAL(bytes[total - len - 7], 9);
			CU_ASSERT_EQUAL((total - len - 7) % 4, 1);
			CU_ASSERT_EQUAL(memcmp(&bytes[total - len], m.opt.auth.data, len), 0);
			CU_ASSERT_EQUAL(mh_auth_covers(bytes, (size_t)total), (size_t)(total - len));
			CU_ASSERT_EQUAL(wire_decode(bytes, (size_t)total, &n), MH_OK);
			CU_ASSERT_EQUAL(memcmp(&n.opt.auth, &m.opt.auth, sizeof(n.opt.auth)), 0);
		}
}

void
option_authentication_place(void)
{
	static const struct {
		uint8_t options[32];
		size_t covers;
	} at[] = {
		{{9, 9, 1, 0, 0, 1, 0, 1, 2, 3, 4}, 19}, /* Pad1 behind it */
		{{9, 9, 1, 0, 0, 1, 0, 1, 2, 3, 4, 1, 19}, 19},
		{{0, 9, 9, 1, 0, 0, 1, 0, 1, 2, 3, 4, 1, 18}, 20},
		{{9, 9, 1, 0, 0, 1, 0, 1, 2, 3, 4, 200, 0}, 0},
		{{9, 9, 1, 0, 0, 1, 0, 1, 2, 3, 4, 23, 2, 0, 1}, 0},
		{{9, 5, 1, 0, 0, 1, 0, 9, 5, 2, 0, 0, 1, 0}, 26}, /* two: the later one's */
		{{23, 2, 0, 1}, 0},
	};
	uint8_t bytes[48], body[42] = {0, 1, 0x82, 0, 0, 10};

	for (size_t i = 0; i < UNIT_COUNT(at); i++) {
		memcpy(body + 6, at[i].options, sizeof(at[i].options));
		wire_build(bytes, 5, sizeof(bytes), body, sizeof(body));
		CU_ASSERT_EQUAL(mh_auth_covers(bytes, sizeof(bytes)), at[i].covers);
	}
	bytes[2] = 99;
	CU_ASSERT_EQUAL(mh_auth_covers(bytes, sizeof(bytes)), 0);
}
