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
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 200, 35), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 1, 35), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&m, 8, 35, 1), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(wire_decode_options(type_alone, sizeof(type_alone), &m), MH_ERR_OPTION);
}

/* shows: RFC5213-8.3-01 RFC5213-8.4-01 RFC5213-8.5-01 RFC5213-8.7-01 RFC5213-8.8-01 */
void
option_lengths(void)
{
	static const struct {
		uint8_t type, min, max;
	} limits[] = {{2, 2, 2},  {3, 16, 16}, {22, 18, 18}, {23, 2, 2},
		      {24, 2, 2}, {25, 2, 18}, {26, 16, 16}, {27, 8, 8}};
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

/* Of each option: type octet, alignment and data length with the values below (RFC 6275, 4283, 5213). */
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
};

/* shows: RFC5213-8.3-01 RFC5213-8.4-01 RFC5213-8.5-01 RFC5213-8.7-01 RFC5213-8.8-01 */
void
option_alignment(void)
{
	struct mh_opts o = {.hnp_count = 1, .mn_id = {.len = 3}, .mn_ll_id = {.len = 6}};

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
			CU_ASSERT_TRUE(mh_opts_encode(&w, &o));
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

/* Of each option that has reserved octets: how many, in front of its data. */
static const struct {
	enum mh_opt kind;
	uint8_t octets;
} reserved[] = {
	{MH_OPT_HOME_NETWORK_PREFIX, 1},
	{MH_OPT_HANDOFF_INDICATOR, 1},
	{MH_OPT_ACCESS_TECH_TYPE, 1},
	{MH_OPT_MN_LINK_LAYER_ID, 2},
};

/* shows: RFC5213-8.3-02 RFC5213-8.4-02 RFC5213-8.5-02 RFC5213-8.6-02 */
void
option_reserved(void)
{
	const struct mh_opts o = {.hnp_count = 1,
				  .hnp = {{.prefix = {.addr = {{0x20, 1}}, .len = 64}}},
				  .handoff = {.value = 3},
				  .access_tech = {.value = 4},
				  .mn_ll_id = {.len = 6, .id = {2, 0, 0, 0, 0xaa, 1}}};

	for (size_t i = 0; i < UNIT_COUNT(reserved); i++) {
		struct mh_opts sent = o, read = {0}, same = {0};
		uint8_t bytes[64], *data = bytes + 2;
		struct writer w = writer_on(bytes, sizeof(bytes));
		struct cursor c;

		sent.present = 1u << reserved[i].kind;
		writer_zero(&w, 4); /* where a prefix stands without padding */
		CU_ASSERT_TRUE(mh_opts_encode(&w, &sent));
		data += 4;
		c = cursor_on(bytes + 4, writer_len(&w) - 4);
		CU_ASSERT_TRUE(mh_opts_decode(&c, &read));
		for (uint8_t r = 0; r < reserved[i].octets; r++) {
			CU_ASSERT_EQUAL(data[r], 0);
			data[r] = 0xff;
		}
		c = cursor_on(bytes + 4, writer_len(&w) - 4);
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
		CU_ASSERT_TRUE(mh_opts_encode(&w, &o));
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
