/* SPDX-License-Identifier: BSD-3-Clause */
#include "golden.h"

#include "mh/mh.h"
#include "unit.h"
#include "vector.h"
#include "wire.h"

#define VECTORS 11
#define T_2025	UINT64_C(0x6955b900) /* seconds since 1970, in the vectors */

static void
set_mn_id(struct mh_msg *m, const char *nai)
{
	mh_set(m, MH_OPT_MN_ID);
	m->opt.mn_id = (struct mh_opt_mn_id){.subtype = 1, .len = (uint8_t)strlen(nai)};
	memcpy(m->opt.mn_id.id, nai, strlen(nai));
}

/* What every vector carries. */
static struct mh_msg
message(enum mh_type type, const char *hnp, uint8_t handoff, uint64_t wall)
{
	struct mh_msg m = {.type = type};
	struct addr_prefix p = {0};

	CU_ASSERT_EQUAL(hnp == NULL ? 0 : addr_prefix_parse(hnp, &p), 0);
	CU_ASSERT_TRUE(mh_add_hnp(&m, &p));
	mh_set(&m, MH_OPT_HANDOFF_INDICATOR);
	m.opt.handoff.value = handoff;
	mh_set(&m, MH_OPT_ACCESS_TECH_TYPE);
	m.opt.access_tech.value = MH_ATT_WLAN;
	set_mn_id(&m, "mn1@example.com");
	mh_set(&m, MH_OPT_TIMESTAMP);
	m.opt.timestamp.wall = wall;
	return m;
}

/* The last octet of the link-layer identifier tells the vectors' interfaces apart. */
static void
add_link(struct mh_msg *m, uint8_t interface, const char *link_local)
{
	mh_set(m, MH_OPT_MN_LINK_LAYER_ID);
	m->opt.mn_ll_id = (struct mh_opt_mn_ll_id){.len = 6, .id = {0x02, 0, 0, 0xaa, 0, interface}};
	mh_set(m, MH_OPT_LINK_LOCAL_ADDRESS);
	CU_ASSERT_EQUAL(addr6_parse(link_local, &m->opt.link_local.addr), 0);
}

static void
assert_vector(const char *name, const struct mh_msg *expected)
{
	const struct vector *v = vector_find(name);
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg m;
	int len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(v);
	CU_ASSERT_EQUAL(mh_decode(v->bytes, v->len, &v->src, &v->dst, &m), MH_OK);
	CU_ASSERT_TRUE(wire_equal(&m, expected));
	len = mh_encode(expected, &v->src, &v->dst, bytes, sizeof(bytes));
	CU_ASSERT_EQUAL_FATAL(len, (int)v->len);
	CU_ASSERT_EQUAL(memcmp(bytes, v->bytes, v->len), 0);
}

/* shows: RFC5213-8.1-01 */
void
golden_attach(void)
{
	struct mh_msg m = message(MH_PBU, NULL, MH_HANDOFF_NEW_INTERFACE, T_2025 << 16 | 0x8000);

	m.pbu = (struct mh_pbu){.sequence = 1, .flags = MH_PBU_A | MH_PBU_P, .lifetime = 900};
	add_link(&m, 1, "::");
	assert_vector("pbu-attach", &m);
}

void
golden_accepted(void)
{
	struct mh_msg m = message(MH_PBA, "2001:db8:1::/64", MH_HANDOFF_NEW_INTERFACE, T_2025 << 16 | 0x8000);

	m.pba = (struct mh_pba){.status = MH_STATUS_ACCEPTED, .flags = MH_PBA_P, .sequence = 1, .lifetime = 900};
	add_link(&m, 1, "fe80::200:5eff:fe00:5213");
	assert_vector("pba-accepted", &m);
}

void
golden_timestamp_lower(void)
{
	struct mh_msg m = message(MH_PBA, "2001:db8:1::/64", MH_HANDOFF_BETWEEN_MAGS, (T_2025 + 1) << 16);

	m.pba = (struct mh_pba){
		.status = MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED, .flags = MH_PBA_P, .sequence = 2};
	assert_vector("pba-timestamp-lower", &m);
}

void
golden_experimental_handoff(void)
{
	struct mh_msg m = message(MH_PBU, "2001:db8:2::/64", 0xf1, (T_2025 + 10) << 16);

	m.pbu = (struct mh_pbu){.sequence = 7, .flags = MH_PBU_A | MH_PBU_P, .lifetime = 900};
	add_link(&m, 2, "::");
	assert_vector("pbu-handoff-experimental", &m);
}

void
golden_not_authorised(void)
{
	struct mh_msg m = message(MH_PBA, "2001:db8:2::/64", 0xf1, (T_2025 + 10) << 16);

	m.pba = (struct mh_pba){
		.status = MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX, .flags = MH_PBA_P, .sequence = 7};
	add_link(&m, 2, "::");
	assert_vector("pba-not-authorised", &m);
}

/* What a vector says of its one session. */
static struct mh_msg
session(enum mh_type type)
{
	struct mh_msg m;
	struct addr_prefix p;

	memset(&m, 0, sizeof(m));
	m.type = type;
	set_mn_id(&m, "mn1@example.com");
	CU_ASSERT_EQUAL(addr_prefix_parse("2001:db8:2::/64", &p), 0);
	CU_ASSERT_TRUE(mh_add_hnp(&m, &p));
	return m;
}

/* shows: RFC5846-6.1.1-01 RFC5846-6.1.2-06 */
void
golden_revocation(void)
{
	struct mh_msg m = session(MH_BRI);
	uint8_t bytes[MH_LEN_MAX];

	m.bri.trigger = MH_BRI_ADMINISTRATIVE;
	m.bri.sequence = 0x1234;
	m.bri.flags = MH_BR_P;
	assert_vector("bri-session", &m);
	m.bri.trigger = MH_BRI_PER_PEER_POLICY; /* another number than the message's own */
	CU_ASSERT_TRUE(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)) > 0);
	CU_ASSERT(bytes[6] == 1 && bytes[7] == 128);
	memset(&m, 0, sizeof(m));
	m.type = MH_BRA;
	m.bra.sequence = 0x1234;
	m.bra.flags = MH_BR_P;
	assert_vector("bra-accepted", &m);
}

/* shows: RFC5847-3.3-01 RFC5847-3.4-01 */
void
golden_heartbeat(void)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.type = MH_HEARTBEAT;
	m.heartbeat.sequence = 1;
	assert_vector("heartbeat-request", &m);
	m.heartbeat.flags = MH_HEARTBEAT_R;
	mh_set(&m, MH_OPT_RESTART_COUNTER);
	m.opt.restart_counter.counter = 5;
	assert_vector("heartbeat-response", &m);
}

void
golden_notification(void)
{
	struct mh_msg m = session(MH_UPN);

	m.upn.sequence = 16;
	m.upn.reason = MH_UPN_FLOW_MOBILITY;
	m.upn.flags = MH_UPN_A;
	m.opt.hnp[0].off_link = true;
	assert_vector("upn-flow-mobility", &m);
	m = session(MH_UPA);
	m.upa.sequence = 16;
	m.opt.hnp[0].off_link = true;
	assert_vector("upa-accepted", &m);
}

void
golden_all(void)
{
	unsigned int count;
	const struct vector *v = vector_all(&count);
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg m;

	CU_ASSERT_EQUAL(count, VECTORS);
	for (; count > 0; v++, count--) {
		CU_ASSERT_EQUAL(mh_decode(v->bytes, v->len, &v->src, &v->dst, &m), MH_OK);
		CU_ASSERT_EQUAL(mh_encode(&m, &v->src, &v->dst, bytes, sizeof(bytes)), (int)v->len);
		CU_ASSERT_EQUAL(memcmp(bytes, v->bytes, v->len), 0);
	}
}

/* Where in a golden message are reserved bits, and padding that could be an option. */
static const struct {
	const char *name;
	uint8_t padding_at, reserved_at, len, mask;
} loose[] = {
	{"heartbeat-request", 12, 6, 1, 0xff},	{"heartbeat-request", 12, 7, 1, 0xfc},
	{"heartbeat-response", 12, 7, 1, 0xfc}, {"bri-session", 30, 10, 1, 0x1f},
	{"bri-session", 30, 11, 1, 0xff},	{"bra-accepted", 12, 10, 1, 0x1f},
	{"bra-accepted", 12, 11, 1, 0xff},	{"upn-flow-mobility", 30, 10, 1, 0x3f},
	{"upn-flow-mobility", 30, 11, 1, 0xff}, {"upa-accepted", 30, 9, 3, 0xff},
	{"upa-accepted", 30, 3, 1, 0xff},	{"bri-session", 30, 3, 1, 0xff},
	{"bra-accepted", 12, 3, 1, 0xff},
};

/*
 * shows: RFC5846-5-01 RFC5846-5.1-02 RFC5846-5.1-03 RFC5846-5.2-01 RFC5847-3.3-02 RFC7077-4.1-04 RFC7077-4.1-05
 * shows: RFC7077-4.2-01 RFC7077-4.2-02
 */
void
golden_reserved(void)
{
	for (size_t i = 0; i < UNIT_COUNT(loose); i++) {
		const struct vector *v = vector_find(loose[i].name);
		uint8_t bytes[MH_LEN_MAX], again[MH_LEN_MAX];
		struct mh_msg m, n;

		CU_ASSERT_PTR_NOT_NULL_FATAL(v);
		CU_ASSERT_EQUAL(mh_decode(v->bytes, v->len, &v->src, &v->dst, &m), MH_OK);
		memcpy(bytes, v->bytes, v->len);
		for (unsigned int k = 0; k < loose[i].len; k++) {
			CU_ASSERT_EQUAL(bytes[loose[i].reserved_at + k] & loose[i].mask, 0); /* as it is sent */
			bytes[loose[i].reserved_at + k] |= loose[i].mask;
		}
		bytes[loose[i].padding_at] = 200;
		mh_seal(bytes, v->len, &v->src, &v->dst);
		CU_ASSERT_EQUAL(mh_decode(bytes, v->len, &v->src, &v->dst, &n), MH_OK);
		CU_ASSERT_EQUAL(n.opt.unknown, 1);
		n.opt.unknown = 0;
		CU_ASSERT_TRUE(wire_equal(&m, &n));
		/* Nor does an engine get them sent. */
		m.heartbeat.flags |= m.type == MH_HEARTBEAT ? 0xfffc : 0;
		m.bri.flags |= m.type == MH_BRI ? 0x1fff : 0;
		m.bra.flags |= m.type == MH_BRA ? 0x1fff : 0;
		m.upn.flags |= m.type == MH_UPN ? 0x3fff : 0;
		CU_ASSERT_EQUAL(mh_encode(&m, &v->src, &v->dst, again, sizeof(again)), (int)v->len);
		CU_ASSERT_EQUAL(memcmp(again, v->bytes, v->len), 0);
	}
}

static enum mh_error
decode_spoilt(const struct vector *v, size_t at, uint8_t value, bool seal)
{
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg m;
	size_t len; /* as the header says */

	memcpy(bytes, v->bytes, v->len);
	bytes[at] = value;
	len = 8 * ((size_t)bytes[1] + 1);
	if (seal)
		mh_seal(bytes, len < v->len ? len : v->len, &v->src, &v->dst);
	return mh_decode(bytes, v->len, &v->src, &v->dst, &m);
}

/* shows: RFC5846-6.2-01 RFC7077-5.2-08 RFC7077-6.1-01 */
void
golden_header(void)
{
	unsigned int count;
	const struct vector *v = vector_all(&count);

	for (; count > 0; v++, count--) {
		CU_ASSERT_EQUAL(decode_spoilt(v, 4, v->bytes[4] ^ 0x80, false), MH_ERR_CHECKSUM);
		CU_ASSERT_EQUAL(decode_spoilt(v, 0, 58, true), MH_ERR_PAYLOAD_PROTO);
		CU_ASSERT_EQUAL(decode_spoilt(v, 1, 0, true), MH_ERR_HDR_LEN);
		CU_ASSERT_EQUAL(decode_spoilt(v, 1, v->bytes[1] + 1, true), MH_ERR_SHORT);
		CU_ASSERT_EQUAL(decode_spoilt(v, 2, 250, true), MH_ERR_TYPE);
	}
}
