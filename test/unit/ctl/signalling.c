/* SPDX-License-Identifier: BSD-3-Clause */
/* Mobility Headers that are none, of each type: what is said of them, and what is dropped in silence. */
#include <string.h>

#include "cases.h"
#include "mh/mh.h"
#include "rig.h"

#define LEN_AT	   1 /* in a Mobility Header */
#define TYPE_AT	   2
#define SUM_AT	   4
#define LEAST	   8 /* octets */
#define ICMP_PARAM 4

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

const struct unit_case signalling_cases[] = {
	{"a spoilt header is answered, or dropped, as RFC 6275 section 9.2 says, whatever its type", spoilt_headers},
};
const unsigned int signalling_case_count = UNIT_COUNT(signalling_cases);
