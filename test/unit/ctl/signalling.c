/* SPDX-License-Identifier: BSD-3-Clause */
/* Mobility Headers that are none, or of no use: what is said of them, and what is dropped in silence. */
#include <string.h>

#include "cases.h"
#include "mh/mh.h"
#include "rig.h"

#define LEN_AT	   1 /* in a Mobility Header */
#define TYPE_AT	   2
#define SUM_AT	   4
#define LEAST	   8 /* octets */
#define RAW_MAX	   24
#define ICMP_PARAM 4

static const struct wish anchor = {.lma = true};
static const struct wish both = {.lma = true, .mag = true, .anchor = NODE};

/* A message of this type with bits of an octet turned, its checksum put right unless that is the octet. */
static struct frame
spoilt(enum mh_type type, size_t at, uint8_t bits)
{
	struct frame f = rig_message(MAG1, &(struct mh_msg){.type = type});
	uint8_t bytes[MH_LEN_MAX];
	struct nd_frame n;

	NEED(nd_frame_decode(f.b, f.len, &n) == 0);
	memcpy(bytes, n.payload, n.payload_len);
	bytes[at] ^= bits;
	if (at == LEN_AT) {
		bytes[at] = 0;
		n.payload_len = LEAST;
	}
	if (at != SUM_AT)
		mh_seal(bytes, n.payload_len, &n.ip_src, &n.ip_dst);
	return packet(ROUTER_MAC, NODE_MAC, &n.ip_src, &n.ip_dst, MH_PROTOCOL, bytes, n.payload_len);
}

/* The parameter problem that was sent is about this octet of the header. */
static bool
complains(struct rig *r, uint8_t at)
{
	struct nd_frame n;

	return rig_take_packet(r, CORE, MAG1, ND_PROTO_ICMP6, &n) && n.payload_len > 8 && n.payload[0] == ICMP_PARAM &&
	       n.payload[1] == 0 && n.payload[7] == 40 + at;
}

static bool
is_silent(struct rig *r)
{
	struct nd_frame n;

	return !rig_take_packet(r, CORE, MAG1, MH_PROTOCOL, &n) && !rig_take_packet(r, CORE, MAG1, ND_PROTO_ICMP6, &n);
}

/* shows: RFC5846-6.2-02 RFC7077-5.2-09 RFC7077-6.1-02 */
static void
spoilt_headers(void)
{
	struct mh_msg be;
	struct frame f;
	struct rig r;

	rig_open(&r, &both);
	for (unsigned int i = MH_NONE + 1; i <= MH_UPA; i++) {
		enum mh_type type = (enum mh_type)i;

		f = spoilt(type, SUM_AT, 1);
		rig_send(&r, CORE, &f);
		CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_CHECKSUM), i);
		CU_ASSERT(is_silent(&r));
		f = spoilt(type, 0, 1);
		rig_send(&r, CORE, &f);
		CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_PAYLOAD_PROTO), i);
		CU_ASSERT(complains(&r, 0) && is_silent(&r));
		f = spoilt(type, LEN_AT, 0xff);
		rig_send(&r, CORE, &f);
		CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_SHORT), i);
		CU_ASSERT(complains(&r, LEN_AT) && is_silent(&r));
		f = spoilt(type, TYPE_AT, 0x80);
		rig_send(&r, CORE, &f);
		CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_TYPE), i);
		CU_ASSERT(rig_take_mh(&r, MH_BE, &be) && be.be.status == MH_BE_UNKNOWN_TYPE && is_silent(&r));
		rig_wait(&r, 1000); /* errors have a rate */
	}
	CU_ASSERT_EQUAL(rig_count(&r, STAT_MH_RX), 0);
	rig_close(&r);
}

/* Send these bytes as a Mobility Header, with their checksum unless it shall be wrong. */
static void
send_raw(struct rig *r, const uint8_t *header, size_t len, bool wrong)
{
	struct addr6 src = ip6(MAG1), dst = ip6(NODE);
	uint8_t bytes[RAW_MAX] = {0};
	struct frame f;

	memcpy(bytes, header, len);
	if (len >= LEAST)
		mh_seal(bytes, len, &src, &dst);
	bytes[SUM_AT] ^= wrong;
	f = packet(ROUTER_MAC, NODE_MAC, &src, &dst, MH_PROTOCOL, bytes, len);
	rig_send(r, CORE, &f);
}

static void
unknown_type(void)
{
	static const uint8_t type_99[16] = {59, 1, 99};
	struct mh_msg be;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .be_rate = 3});
	for (unsigned int i = 0; i < 5; i++)
		send_raw(&r, type_99, sizeof(type_99), false);
	for (unsigned int i = 0; i < 3; i++) {
		CU_ASSERT_FATAL(rig_take_mh(&r, MH_BE, &be));
		CU_ASSERT_EQUAL(be.be.status, MH_BE_UNKNOWN_TYPE);
	}
	CU_ASSERT(!rig_take_mh(&r, MH_BE, &be));
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_TYPE), 5);
	rig_wait(&r, 1000);
	send_raw(&r, type_99, sizeof(type_99), false);
	CU_ASSERT(rig_take_mh(&r, MH_BE, &be));
	CU_ASSERT_EQUAL(rig_count(&r, STAT_BE_TX), 4);
	rig_close(&r);
}

static void
malformed(void)
{
	static const struct {
		uint8_t bytes[16];
		size_t len;
		bool wrong;
		enum stat_drop why;
		int pointer; /* of the Parameter Problem that is due, -1: none */
	} rows[] = {
		{{59, 0, 5}, 6, false, STAT_DROP_MH_SHORT, -1},
		{{59, 7, 5}, 16, false, STAT_DROP_MH_SHORT, -1},
		{{58, 1, 5}, 16, false, STAT_DROP_MH_PAYLOAD_PROTO, 40},
		{{59, 0, 5}, 8, false, STAT_DROP_MH_SHORT, 41},
		{{59, 1, 5}, 16, true, STAT_DROP_MH_CHECKSUM, -1},
		{{59, 1, 5, [8] = 0x82, [12] = 8, [13] = 9}, 16, false, STAT_DROP_MH_OPTION, -1},
		{{59, 1, 5, [8] = 0x80}, 16, false, STAT_DROP_MH_UNEXPECTED, -1},
		{{59, 1, 6, [7] = 0x20}, 16, false, STAT_DROP_MH_UNEXPECTED, -1},
	};
	struct nd_msg error;
	struct mh_msg m;
	struct rig r;

	rig_open(&r, &anchor);
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		uint64_t before = rig_drops(&r, rows[i].why);

		send_raw(&r, rows[i].bytes, rows[i].len, rows[i].wrong);
		CU_ASSERT_EQUAL(rig_drops(&r, rows[i].why), before + 1);
		if (rig_drops(&r, rows[i].why) != before + 1)
			printf("row %u\n", i);
		CU_ASSERT_EQUAL(rig_take_nd(&r, CORE, ND_ERROR, &error, NULL), rows[i].pointer >= 0);
		CU_ASSERT(rows[i].pointer < 0 || (error.error.type == 4 && error.error.code == 0 &&
						  error.error.pointer == (uint32_t)rows[i].pointer));
	}
	CU_ASSERT(!rig_take_mh(&r, MH_BE, &m) && !rig_take_mh(&r, MH_PBA, &m));
	rig_close(&r);
}

static void
binding_error_is_counted(void)
{
	static const uint8_t be[RAW_MAX] = {59, 2, 7, [6] = 2};
	struct rig r;

	rig_open(&r, &anchor);
	send_raw(&r, be, sizeof(be), false);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_BE_RX), 1);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_UNEXPECTED), 0);
	rig_close(&r);
}

const struct unit_case signalling_cases[] = {
	{"a spoilt header is answered, or dropped, as RFC 6275 section 9.2 says, whatever its type", spoilt_headers},
	{"an unknown Mobility Header type is answered by Binding Errors at a bounded rate", unknown_type},
	{"each malformed Mobility Header is counted by its reason, and reported where RFC 6275 wants it", malformed},
	{"a Binding Error is counted", binding_error_is_counted},
};
const unsigned int signalling_case_count = UNIT_COUNT(signalling_cases);
