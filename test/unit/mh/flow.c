/* SPDX-License-Identifier: BSD-3-Clause */
#include "flow.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "mh/vendor.h"
#include "unit.h"
#include "wire.h"

#define VECTORS	   40
#define MESSAGE	   512
#define OPTION_AT  12
#define HEADER_LEN 8 /* of the option, its type and length too */

struct flow_vector {
	unsigned int fault;
	size_t len;
	uint8_t bytes[200];
	char selector[SELECTOR_TEXT];
};

static bool
next_vector(FILE *f, struct flow_vector *v)
{
	char line[1024], hex[512];

	do
		if (fgets(line, sizeof(line), f) == NULL)
			return false;
	while (line[0] == '#');
	CU_ASSERT_EQUAL_FATAL(sscanf(line, "%u %511s %399[^\n]", &v->fault, hex, v->selector), 3);
	v->len = strlen(hex) / 2;
	CU_ASSERT_TRUE_FATAL(v->len <= sizeof(v->bytes));
	for (size_t i = 0; i < v->len; i++) {
		char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

		v->bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return true;
}

/* An update whose only option is a flow of these data, nothing behind it but padding. */
static enum mh_error
decode_flow(const uint8_t *data, size_t len, struct mh_msg *m)
{
	uint8_t bytes[MESSAGE], body[MESSAGE - 6] = {0, 1, 0x82, 0, 0, 10, 45, (uint8_t)len};

	memcpy(body + 8, data, len);
	return wire_decode(bytes, wire_build(bytes, 5, sizeof(bytes), body, sizeof(body)), m);
}

static void
assert_written_again(struct mh_msg *m)
{
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg again;
	int len;

	wire_forget(m);
	len = mh_encode(m, &wire_src, &wire_dst, bytes, sizeof(bytes));
	CU_ASSERT_TRUE_FATAL(len > 0);
	CU_ASSERT_EQUAL(wire_decode(bytes, (size_t)len, &again), MH_OK);
	CU_ASSERT_TRUE(wire_equal(m, &again));
}

static void
assert_vector(const struct flow_vector *v)
{
	char text[SELECTOR_TEXT];
	struct mh_msg m;
	const struct mh_opt_flow *o = &m.opt.flow[0];

	CU_ASSERT_EQUAL(decode_flow(v->bytes, v->len, &m), MH_OK);
	CU_ASSERT_TRUE_FATAL(m.opt.flow_count == 1 && mh_has(&m, MH_OPT_FLOW_ID));
	CU_ASSERT_TRUE(o->id == 7 && o->priority == 20 && o->status == 0);
	CU_ASSERT_EQUAL(o->fault, v->fault);
	CU_ASSERT_EQUAL(o->selector_given, v->selector[0] != '-');
	if (o->selector_given)
		CU_ASSERT_STRING_EQUAL(selector_format(&o->selector, text), v->selector);
	if (o->fault == MH_FLOW_MALFORMED)
		CU_ASSERT_EQUAL(o->bid_count, 0);
	if (o->bid_count > 0)
		CU_ASSERT_TRUE(o->bid_count == 2 && o->bid[0] == 1 && o->bid[1] == 2);
	assert_written_again(&m);
}

/*
 * shows: RFC6088-3.2-01 RFC6088-3.2-02 RFC6088-3.2-03 RFC6088-3.2-05 RFC6088-3.2-06 RFC6088-3.2-08 RFC6088-3.2-09
 * shows: RFC6088-3.2-10 RFC6088-3.2-11 RFC6088-3.2-12 RFC6088-3.2-13 RFC6089-4.2.1-01 RFC6089-4.2.1-02
 * shows: RFC6089-4.2.1.3-01 RFC6089-4.2.1.4-01
 */
void
flow_vectors(void)
{
	FILE *f = fopen(TEST_DIR "/vectors/flow.txt", "r");
	struct flow_vector v;
	unsigned int count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	for (; next_vector(f, &v); count++)
		assert_vector(&v);
	fclose(f);
	CU_ASSERT_EQUAL(count, VECTORS);
}

void
flow_vectors_spoilt(void)
{
	FILE *f = fopen(TEST_DIR "/vectors/flow.txt", "r");
	struct flow_vector v;
	struct mh_msg m;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	while (next_vector(f, &v)) {
		for (size_t len = 0; len < v.len; len++) {
			enum mh_error e = decode_flow(v.bytes, len, &m);

			CU_ASSERT_EQUAL(e, len < 6 ? MH_ERR_OPTION : MH_OK);
			if (e == MH_OK)
				assert_written_again(&m);
		}
		for (size_t at = 6; at < v.len; at++)
			for (unsigned int value = 0; value <= UINT8_MAX; value += 1 + value % 7) {
				uint8_t was = v.bytes[at];

				v.bytes[at] = (uint8_t)value;
				CU_ASSERT_EQUAL(decode_flow(v.bytes, v.len, &m), MH_OK);
				CU_ASSERT_TRUE(!m.opt.flow[0].selector_given ||
					       selector_check(&m.opt.flow[0].selector));
				assert_written_again(&m);
				v.bytes[at] = was;
			}
	}
	fclose(f);
}

/* A flow as the only option of an update; where its data stand. */
static const uint8_t *
encode_flow(const struct mh_opt_flow *o, uint8_t bytes[static MESSAGE])
{
	struct mh_msg m = {.type = MH_PBU};
	int len;

	CU_ASSERT_TRUE(mh_add_flow(&m, o));
	len = mh_encode(&m, &wire_src, &wire_dst, bytes, MESSAGE);
	CU_ASSERT_TRUE_FATAL(len > 0);
	CU_ASSERT_TRUE_FATAL(bytes[16] == 45 && len >= 18 + bytes[17]);
	return bytes + 18;
}

/* Figure 2 of RFC 6088: of each field, the flag of its start, with that of its end behind it, and its octets. */
static const struct {
	uint16_t field, start;
	uint8_t octets;
} figure[] = {
	{SELECTOR_SRC, 0x8000, 16},	     {SELECTOR_DST, 0x2000, 16},     {SELECTOR_SPI, 0x0800, 4},
	{SELECTOR_FLOW_LABEL, 0x0200, 4},    {SELECTOR_SRC_PORT, 0x0080, 2}, {SELECTOR_DST_PORT, 0x0020, 2},
	{SELECTOR_TRAFFIC_CLASS, 0x0008, 1}, {SELECTOR_PROTOCOL, 0x0002, 1},
};

/* Each of these fields from its 4 on, in the octet that counts; to 8 where it is a range. */
static struct selector
selector_of(uint16_t fields, bool range)
{
	uint8_t last = range ? 8 : 4;
	struct selector s = {.fields = fields};

#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (fields & SELECTOR_##bit) {                                                                                 \
		s.member[0].b[15] = 4;                                                                                 \
		s.member[1].b[15] = last;                                                                              \
	}
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (fields & SELECTOR_##bit) {                                                                                 \
		s.member[0] = 4;                                                                                       \
		s.member[1] = last;                                                                                    \
	}
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	return s;
}

/* shows: RFC6088-3.2-04 RFC6088-3.2-07 */
void
flow_flags(void)
{
	for (size_t i = 0; i < UNIT_COUNT(figure); i++)
		for (unsigned int ends = 1; ends <= 2; ends++) {
			struct mh_opt_flow o = {.id = 0x0102,
						.priority = 0x0304,
						.selector_given = true,
						.selector = selector_of(figure[i].field, ends == 2)};
			uint16_t flags = figure[i].start | (ends == 2 ? figure[i].start >> 1 : 0);
			uint8_t bytes[MESSAGE], want[64] = {1,
							    2,
							    3,
							    4,
							    0,
							    0,
							    3,
							    (uint8_t)(6 + ends * figure[i].octets),
							    2,
							    0,
							    (uint8_t)(flags >> 8),
							    (uint8_t)flags};

			want[13 + figure[i].octets] = 4;
			if (ends == 2)
				want[13 + 2 * figure[i].octets] = 8;
			CU_ASSERT_EQUAL(memcmp(encode_flow(&o, bytes), want, 14 + ends * figure[i].octets), 0);
			CU_ASSERT_EQUAL(bytes[17], 14 + ends * figure[i].octets);
		}
}

/* Where the sub-option of this type begins in the data of the option at bytes; they are a multiple of 8 into the
 * header. */
static size_t
sub_option_at(const uint8_t *option, uint8_t type)
{
	size_t at = HEADER_LEN;

	while (at < 2u + option[1] && option[at] != type)
		at += option[at] == 0 ? 1 : 2u + option[at + 1];
	CU_ASSERT_TRUE_FATAL(at < 2u + option[1]);
	return at;
}

void
flow_alignment(void)
{
	for (uint16_t fields = 0; fields < 256; fields++)
		for (uint8_t before = 1; before <= 16; before++) {
			struct mh_opt_flow o = {.id = 1,
						.priority = 1,
						.bid_count = 1,
						.bid = {0x0909},
						.selector_given = true,
						.selector = selector_of(fields, fields & 1)};
			struct mh_msg m = {.type = MH_UPN, .opt.service.len = before};
			uint8_t bytes[MESSAGE], *option;
			size_t at;

			memset(m.opt.service.id, 'x', before);
			mh_set(&m, MH_OPT_SERVICE_SELECTION);
			CU_ASSERT_TRUE(mh_add_flow(&m, &o));
			CU_ASSERT_TRUE_FATAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)) > 0);
			option = memchr(bytes + OPTION_AT + 2 + before, 45, sizeof(bytes));
			CU_ASSERT_EQUAL((option - bytes) % 8, 0);
			CU_ASSERT_EQUAL(sub_option_at(option, 3), HEADER_LEN);
			at = sub_option_at(option, 2);
			CU_ASSERT_TRUE(at % 2 == 0 && option[at + 2] == 9 && option[at + 3] == 9);
			assert_written_again(&m);
		}
}

void
flow_many(void)
{
	struct mh_opt_flow o = {
		.priority = 5, .status = MH_FLOW_PROHIBITED, .bid_count = MH_FLOW_BID_MAX, .bid = {1, 2, 3, 4}};
	const uint8_t bids[] = {0, 1, 0, 1, 0, 0, 2, 12, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6};
	uint8_t five[MESSAGE - 6] = {0, 1, 0x82, 0, 0, 10}, bytes[MESSAGE];
	struct mh_msg m = {.type = MH_UPA}, n;

	for (o.id = 1; o.id <= MH_FLOW_MAX; o.id++)
		CU_ASSERT_TRUE(mh_add_flow(&m, &o));
	CU_ASSERT_FALSE(mh_add_flow(&m, &o));
	assert_written_again(&m);
	for (uint8_t i = 0; i < 5; i++)
		memcpy(five + 6 + 8 * i, (const uint8_t[]){45, 6, 0, i, 0, 1, 0, 0}, 8);
	wire_build(bytes, 5, sizeof(bytes), five, sizeof(five));
	CU_ASSERT_EQUAL(wire_decode(bytes, sizeof(bytes), &n), MH_OK);
	CU_ASSERT_TRUE(n.opt.flow_count == MH_FLOW_MAX && n.opt.repeated == 1 && n.opt.flow[3].id == 3);

	CU_ASSERT_EQUAL(decode_flow(bids, sizeof(bids), &n), MH_OK);
	CU_ASSERT_TRUE(n.opt.flow[0].fault == 0 && n.opt.flow[0].bid_count == MH_FLOW_BID_MAX);
	CU_ASSERT_EQUAL(n.opt.flow[0].bid[3], 4);
}

void
flow_refused(void)
{
	const struct mh_opt_flow bad[] = {
		{.bid_count = MH_FLOW_BID_MAX + 1},
		{.selector_given = true, .selector = {.fields = 0x100}},
		{.selector_given = true, .selector = {.fields = SELECTOR_SRC_PORT, .src_port = {2, 1}}},
	};
	uint8_t bytes[MESSAGE];

	for (size_t i = 0; i < UNIT_COUNT(bad); i++) {
		struct mh_msg m = {.type = MH_PBU};

		CU_ASSERT_TRUE(mh_add_flow(&m, &bad[i]));
		CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
	}
	for (size_t size = 0; size < 128; size++) {
		struct mh_opt_flow o = {.bid_count = 1, .selector_given = true, .selector = selector_of(0xff, true)};
		struct mh_msg m = {.type = MH_PBU};

		CU_ASSERT_TRUE(mh_add_flow(&m, &o));
		CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, size), -ENOSPC);
	}
}

/* shows: RFC6088-3.2-14 RFC6089-4.2.1.2-01 RFC6089-4.2.1.4-02 RFC6089-4.2.1.4-03 */
void
flow_reserved(void)
{
	const uint8_t padded[] = {0, 1, 0, 1, 0, 0, 1, 3, 3, 8, 2, 2, 2, 0, 9};
	uint8_t data[] = {0, 1, 0, 1, 0xff, 0, 3, 8, 2, 0xff, 0, 0x80, 0xff, 0xff, 0x13, 0x8c};
	struct mh_opt_flow o;
	uint8_t bytes[MESSAGE];
	struct mh_msg m;

	CU_ASSERT_EQUAL(decode_flow(data, sizeof(data), &m), MH_OK);
	o = m.opt.flow[0];
	CU_ASSERT_TRUE(o.selector_given && o.selector.src_port[1] == 5004);
	data[4] = data[9] = data[12] = data[13] = 0;
	CU_ASSERT_EQUAL(memcmp(encode_flow(&o, bytes), data, sizeof(data)), 0); /* of the format 2, not 0 */
	CU_ASSERT_EQUAL(decode_flow(padded, sizeof(padded), &m), MH_OK);
	CU_ASSERT_TRUE(m.opt.flow[0].fault == 0 && m.opt.flow[0].bid_count == 1 && m.opt.flow[0].bid[0] == 9);
}

void
flow_binding_id(void)
{
	struct mh_msg m = {.type = MH_UPN, .opt.bid = {.id = 0x0102, .status = 3, .home = true, .priority = 127}}, n;
	const uint8_t want[] = {35, 4, 1, 2, 3, 0xff};
	uint8_t bytes[64];

	mh_set(&m, MH_OPT_BINDING_ID);
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 24);
	CU_ASSERT_EQUAL(memcmp(bytes + OPTION_AT, want, sizeof(want)), 0);
	CU_ASSERT_EQUAL(wire_decode(bytes, 24, &n), MH_OK);
	CU_ASSERT_TRUE(wire_equal(&m, &n));
	/* RFC 5648 section 4.3: with an IPv4 care-of address, or an IPv6 one */
	for (uint8_t len = 0; len < 30; len++)
		CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&n, 35, len, 0, 1),
				len == 4 || len == 8 || len == 20 ? MH_OK : MH_ERR_OPTION);
	m.opt.bid.priority = 128;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
}

/* shows: RFC7148-4.1-01 */
void
flow_delegated_prefix(void)
{
	struct mh_msg m = {.type = MH_UPN}, n;
	uint8_t bytes[64];

	for (uint8_t len = 0; len < 30; len++) {
		CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&n, 55, len, 0, 32), len == 18 ? MH_OK : MH_ERR_OPTION);
		CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&n, 55, len, 0x80, 32), len == 6 ? MH_OK : MH_ERR_OPTION);
	}
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&n, 55, 6, 0x80, 33), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&n, 55, 18, 0, 129), MH_ERR_OPTION);
	CU_ASSERT_EQUAL(WIRE_DECODE_OPTIONS(&n, 55, 6, 0xff, 24, 192, 0, 2, 1), MH_OK);
	CU_ASSERT_TRUE(n.opt.dmnp.ipv4 && n.opt.dmnp.prefix.len == 24 && n.opt.dmnp.prefix.addr.b[2] == 2);
	CU_ASSERT_EQUAL(n.opt.dmnp.prefix.addr.b[3], 0);
	assert_written_again(&n);

	mh_set(&m, MH_OPT_DELEGATED_PREFIX);
	CU_ASSERT_EQUAL(addr_prefix_parse("2001:db8:2::/48", &m.opt.dmnp.prefix), 0);
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 40);
	CU_ASSERT_EQUAL(memcmp(bytes + 18, (const uint8_t[]){55, 18, 0, 48, 0x20, 1, 0x0d, 0xb8, 0, 2}, 10), 0);
	assert_written_again(&m);
	m.opt.dmnp.ipv4 = true;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
}

/* shows: RFC 7864 section 4.1 */
void
flow_off_link(void)
{
	struct addr_prefix p;
	struct mh_msg m = {.type = MH_UPN}, n;
	uint8_t bytes[64];

	CU_ASSERT_EQUAL(addr_prefix_parse("2001:db8:2::/64", &p), 0);
	CU_ASSERT_TRUE(mh_add_hnp(&m, &p));
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 32);
	CU_ASSERT_EQUAL(bytes[OPTION_AT + 2], 0);
	m.opt.hnp[0].off_link = true;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 32);
	CU_ASSERT_EQUAL(bytes[OPTION_AT + 2], 0x80);
	CU_ASSERT_EQUAL(wire_decode(bytes, 32, &n), MH_OK);
	CU_ASSERT_TRUE(n.opt.hnp[0].off_link && addr_prefix_equal(&n.opt.hnp[0].prefix, &p));
	bytes[OPTION_AT + 2] = 0x7f;
	wire_seal(bytes, 32);
	CU_ASSERT_EQUAL(wire_decode(bytes, 32, &n), MH_OK);
	CU_ASSERT_FALSE(n.opt.hnp[0].off_link);
}

void
flow_vendor_prefixes(void)
{
	struct mh_vendor_prefix p = {.flags = MH_VENDOR_TEMPORAL | MH_VENDOR_IDLE}, read[MH_VENDOR_MAX];
	const uint8_t want[] = {19, 23, 0, 0, 0x7e, 0xd9, 1, 0x90, 64, 0x20, 1, 0x0d, 0xb8, 0, 2, 0, 1};
	struct mh_msg m = {.type = MH_UPN}, n;
	uint8_t bytes[MESSAGE];
	int len;

	CU_ASSERT_EQUAL(addr_prefix_parse("2001:db8:2:1::/64", &p.prefix), 0);
	CU_ASSERT_FALSE(mh_vendor_add_prefix(&m, 0, &p));
	CU_ASSERT_TRUE(mh_vendor_add_prefix(&m, 32473, &p));
	len = mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes));
	CU_ASSERT_EQUAL(memcmp(bytes + 14, want, sizeof(want)), 0);
	CU_ASSERT_EQUAL(wire_decode(bytes, (size_t)len, &n), MH_OK);
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 32473, read, MH_VENDOR_MAX), 1);
	CU_ASSERT_TRUE(read[0].flags == p.flags && addr_prefix_equal(&read[0].prefix, &p.prefix));
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 32474, read, MH_VENDOR_MAX), 0);
	n.opt.vendor[0].vendor = 0;
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 0, read, MH_VENDOR_MAX), 0);
	n.opt.vendor[0].vendor = 32473;
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 32473, read, 0), 0);

	/* Other sub-types, other lengths, no such prefix; reserved flags and bits past the length mean nothing. */
	n.opt.vendor[0].subtype = 2;
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 32473, read, MH_VENDOR_MAX), 0);
	n.opt.vendor[0].subtype = 1;
	for (uint8_t data = 0; data <= MH_VENDOR_DATA_MAX; data++) {
		n.opt.vendor[0].len = data;
		CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 32473, read, MH_VENDOR_MAX), data == 18);
	}
	n.opt.vendor[0].len = 18;
	n.opt.vendor[0].data[1] = 129;
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 32473, read, MH_VENDOR_MAX), 0);
	n.opt.vendor[0].data[1] = 48;
	n.opt.vendor[0].data[0] |= 0x0f;
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 32473, read, MH_VENDOR_MAX), 1);
	CU_ASSERT_TRUE(read[0].flags == p.flags && read[0].prefix.addr.b[7] == 0);

	for (unsigned int i = 1; i < MH_VENDOR_MAX; i++)
		CU_ASSERT_TRUE(mh_vendor_add_prefix(&m, 32473, &p));
	CU_ASSERT_FALSE(mh_vendor_add_prefix(&m, 32473, &p));
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&m, 32473, read, MH_VENDOR_MAX), MH_VENDOR_MAX);
}

void
flow_vendor_delegations(void)
{
	struct mh_vendor_delegation d = {.more = true, .lifetime_s = 0x01020304}, read[MH_VENDOR_MAX];
	const uint8_t want[] = {19, 43, 0, 0, 0x7e, 0xd9, 4, 0x80, 48, 0x20, 2, 0, 2, 0, 1},
		      behind[] = {1, 2, 3, 4, 0x20, 1, 0x0d, 0xb8};
	struct mh_msg m = {.type = MH_PBA}, n;
	uint8_t bytes[MESSAGE];
	int len;

	CU_ASSERT_EQUAL(addr_prefix_parse("2002:2:1::/48", &d.prefix), 0);
	CU_ASSERT_EQUAL(addr6_parse("2001:db8::7", &d.gateway), 0);
	CU_ASSERT_FALSE(mh_vendor_add_delegation(&m, 0, &d));
	CU_ASSERT_TRUE(mh_vendor_add_delegation(&m, 32473, &d));
	CU_ASSERT_TRUE(mh_vendor_add_prefix(&m, 32473, &(struct mh_vendor_prefix){.prefix = d.prefix}));
	len = mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes));
	CU_ASSERT_EQUAL(memcmp(bytes + 14, want, sizeof(want)), 0);
	CU_ASSERT_EQUAL(memcmp(bytes + 39, behind, sizeof(behind)), 0);
	CU_ASSERT_EQUAL(wire_decode(bytes, (size_t)len, &n), MH_OK);
	CU_ASSERT_EQUAL(mh_vendor_prefixes(&n, 32473, NULL, 0), 0);
	CU_ASSERT_EQUAL(mh_vendor_delegations(&n, 32473, read, MH_VENDOR_MAX), 1);
	CU_ASSERT_TRUE(read[0].more && read[0].lifetime_s == d.lifetime_s);
	CU_ASSERT_TRUE(addr_prefix_equal(&read[0].prefix, &d.prefix) && addr6_equal(&read[0].gateway, &d.gateway));
	CU_ASSERT_EQUAL(mh_vendor_delegations(&n, 32474, read, MH_VENDOR_MAX), 0);
	CU_ASSERT_EQUAL(mh_vendor_delegations(&n, 0, read, MH_VENDOR_MAX), 0);

	/* With or without a gateway, and of no other length; reserved flags and bits past the length mean nothing. */
	for (uint8_t data = 0; data <= MH_VENDOR_DATA_MAX; data++) {
		n.opt.vendor[0].len = data;
		CU_ASSERT_EQUAL(mh_vendor_delegations(&n, 32473, read, 1), data == 22 || data == 38);
		CU_ASSERT(data != 22 || addr6_is_zero(&read[0].gateway));
	}
	n.opt.vendor[0].len = 38;
	n.opt.vendor[0].data[0] = 0x7f;
	n.opt.vendor[0].data[17] = 1;
	CU_ASSERT_EQUAL(mh_vendor_delegations(&n, 32473, read, MH_VENDOR_MAX), 1);
	CU_ASSERT_TRUE(!read[0].more && addr_prefix_equal(&read[0].prefix, &d.prefix));
	n.opt.vendor[0].data[1] = 129;
	CU_ASSERT_EQUAL(mh_vendor_delegations(&n, 32473, read, MH_VENDOR_MAX), 0);

	for (unsigned int i = 2; i < MH_VENDOR_MAX; i++)
		CU_ASSERT_TRUE(mh_vendor_add_delegation(&m, 32473, &d));
	CU_ASSERT_FALSE(mh_vendor_add_delegation(&m, 32473, &d));
	CU_ASSERT_EQUAL(mh_vendor_delegations(&m, 32473, read, MH_VENDOR_MAX), MH_VENDOR_MAX - 1);
	CU_ASSERT(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)) > 0);
	mh_copy(&n, &m);
	CU_ASSERT_EQUAL(memcmp(n.opt.vendor, m.opt.vendor, sizeof(m.opt.vendor)), 0);
}

/* What few messages carry costs the others nothing: it is neither cleared nor copied with them. */
void
flow_behind_head(void)
{
	const uint8_t data[] = {0, 1, 0, 1, 0, 0};
	uint8_t bytes[64];
	struct mh_msg m, n, copy;

	memset(&m, 0x5a, sizeof(m));
	n = copy = m;
	mh_clear(&m);
	m.type = MH_PBU;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 16);
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &n), MH_OK);
	CU_ASSERT_TRUE(n.opt.vendor_count == 0 && n.opt.flow_count == 0 && n.opt.flow[0].id == 0x5a5a);
	n.opt.flow[0].id = 1;
	mh_copy(&copy, &n);
	CU_ASSERT_TRUE(wire_equal(&copy, &n) && copy.opt.flow[0].id == 0x5a5a);
	CU_ASSERT_EQUAL(decode_flow(data, sizeof(data), &n), MH_OK);
	mh_copy(&copy, &n);
	CU_ASSERT_TRUE(wire_equal(&copy, &n) && copy.opt.flow[0].id == 1);
	CU_ASSERT_TRUE(n.opt.flow[0].id == 1 && n.opt.flow[0].bid[0] == 0 && !n.opt.flow[0].selector_given);
}
