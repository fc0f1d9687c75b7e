/* SPDX-License-Identifier: BSD-3-Clause */
/* Peculiarities of peers: each by itself, through the edge that all messages pass; without it, as others. */
#include "compat.h"

#include <string.h>

#include "cases.h"
#include "pmip/auth.h"

static const struct addr6 src = {{0x20, 0x01, 0x0d, 0xb8, [15] = 2}};
static const struct addr6 dst = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
static const struct clock_now now = {.mono_ms = 1, .wall = 1};

static struct mh_msg
message(enum mh_type type)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.type = type;
	mh_set(&m, MH_OPT_MN_ID);
	m.opt.mn_id = (struct mh_opt_mn_id){.subtype = 1, .len = 4, .id = "mn@x"};
	mh_set(&m, MH_OPT_TIMESTAMP);
	m.opt.timestamp.wall = 0x123456789abcdef0;
	return m;
}

static enum mh_error
decode(uint32_t compat, const uint8_t *bytes, size_t len, struct mh_msg *out)
{
	const struct pmip_peer_settings peer = {.compat = compat};
	const struct pmip_wire in = {.bytes = bytes, .len = len, .src = src, .dst = dst};
	enum mh_error error;

	pmip_auth_decode(NULL, &peer, &in, &now, out, &error);
	return error;
}

static size_t
encode(uint32_t compat, const struct mh_msg *m, uint8_t bytes[MH_LEN_MAX])
{
	const struct pmip_peer_settings peer = {.compat = compat};
	int len = pmip_auth_encode(NULL, &peer, m, &src, &dst, &now, bytes, MH_LEN_MAX);

	CU_ASSERT_TRUE_FATAL(len > 0);
	return (size_t)len;
}

/* What a node of this kind makes of m on the way, and what is read of it when it comes from such a one. */
static struct mh_msg
sent(uint32_t compat, const struct mh_msg *m)
{
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg out;

	CU_ASSERT_EQUAL(decode(0, bytes, encode(compat, m, bytes), &out), MH_OK);
	return out;
}

static struct mh_msg
received(uint32_t compat, const struct mh_msg *m)
{
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg out;

	CU_ASSERT_EQUAL(decode(compat, bytes, encode(0, m, bytes), &out), MH_OK);
	return out;
}

/* The timestamp's last four octets are behind what the header length says. */
static void
relaxed_hdrlen(void)
{
	struct mh_msg m = message(MH_PBU), got;
	uint8_t bytes[MH_LEN_MAX];
	size_t len = encode(0, &m, bytes) - 4, header_len = len - 4;

	CU_ASSERT_EQUAL_FATAL(header_len % 8, 0);
	bytes[1]--;
	mh_seal(bytes, header_len, &src, &dst);
	CU_ASSERT_EQUAL(decode(0, bytes, len, &got), MH_ERR_HDR_LEN);
	CU_ASSERT_EQUAL(decode(PMIP_COMPAT_RELAXED_HDRLEN, bytes, len, &got), MH_OK);
	CU_ASSERT_EQUAL(got.opt.timestamp.wall, m.opt.timestamp.wall);
	mh_seal(bytes, len, &src, &dst); /* of all that the kernel was given */
	CU_ASSERT_EQUAL(decode(0, bytes, len, &got), MH_ERR_CHECKSUM);
	CU_ASSERT_EQUAL(decode(PMIP_COMPAT_RELAXED_HDRLEN, bytes, len, &got), MH_OK);
	bytes[len - 1] ^= 1;
	CU_ASSERT_EQUAL(decode(PMIP_COMPAT_RELAXED_HDRLEN, bytes, len, &got), MH_ERR_CHECKSUM);
	CU_ASSERT_EQUAL(decode(PMIP_COMPAT_RELAXED_HDRLEN, bytes, header_len - 1, &got), MH_ERR_SHORT);
}

static void
no_checksum(void)
{
	struct mh_msg m = message(MH_PBU), got;
	uint8_t bytes[MH_LEN_MAX];
	size_t len = encode(0, &m, bytes);

	bytes[4] = bytes[5] = 0;
	CU_ASSERT_EQUAL(decode(0, bytes, len, &got), MH_ERR_CHECKSUM);
	CU_ASSERT_EQUAL(decode(PMIP_COMPAT_NO_CHECKSUM, bytes, len, &got), MH_OK);
	CU_ASSERT_EQUAL(got.opt.mn_id.len, 4);
}

static void
pba_lenient(void)
{
	struct mh_msg m = message(MH_PBA), got;
	uint8_t bytes[MH_LEN_MAX];
	size_t len = encode(0, &m, bytes);

	bytes[7] &= (uint8_t)~MH_PBA_P;
	mh_seal(bytes, len, &src, &dst);
	CU_ASSERT_EQUAL(decode(0, bytes, len, &got), MH_ERR_NOT_PROXY);
	CU_ASSERT_EQUAL(decode(PMIP_COMPAT_PBA_LENIENT, bytes, len, &got), MH_OK);
	CU_ASSERT(got.type == MH_PBA && got.pba.flags == MH_PBA_P && mh_has(&got, MH_OPT_TIMESTAMP));
	m.type = MH_PBU; /* an update without P is a mobile node's own */
	len = encode(0, &m, bytes);
	bytes[8] &= (uint8_t) ~(MH_PBU_P >> 8);
	mh_seal(bytes, len, &src, &dst);
	CU_ASSERT_EQUAL(decode(PMIP_COMPAT_PBA_LENIENT, bytes, len, &got), MH_ERR_NOT_PROXY);
}

static void
identifiers(void)
{
	struct mh_msg m = message(MH_PBU), padded = sent(PMIP_COMPAT_NAI_PAD_63, &m), got;

	CU_ASSERT_EQUAL(padded.opt.mn_id.len, 63);
	CU_ASSERT_TRUE(memcmp(padded.opt.mn_id.id, "mn@x\0\0", 6) == 0 && padded.opt.mn_id.id[62] == 0);
	got = received(0, &padded);
	CU_ASSERT_EQUAL(got.opt.mn_id.len, 63);
	got = received(PMIP_COMPAT_NAI_STRIP_NUL, &padded);
	CU_ASSERT_EQUAL(memcmp(&got.opt.mn_id, &m.opt.mn_id, sizeof(got.opt.mn_id)), 0);
	memset(m.opt.mn_id.id, 0, 4);
	got = received(PMIP_COMPAT_NAI_STRIP_NUL, &m);
	CU_ASSERT_EQUAL(got.opt.mn_id.len, 0);
	memset(m.opt.mn_id.id, 'x', m.opt.mn_id.len = 64);
	got = sent(PMIP_COMPAT_NAI_PAD_63, &m);
	CU_ASSERT_EQUAL(got.opt.mn_id.len, 64);
	m.opt.present &= ~(1u << MH_OPT_MN_ID);
	got = sent(PMIP_COMPAT_NAI_PAD_63, &m);
	CU_ASSERT_FALSE(mh_has(&got, MH_OPT_MN_ID));
}

static void
prefixes(void)
{
	struct mh_msg m = message(MH_PBU), got;
	struct addr_prefix p;

	CU_ASSERT_EQUAL(addr_prefix_parse("2001:db8:5::7/128", &p), 0);
	CU_ASSERT_TRUE(mh_add_hnp(&m, &p));
	CU_ASSERT_EQUAL(addr_prefix_parse("2001:db8:6::/56", &p), 0);
	CU_ASSERT_TRUE(mh_add_hnp(&m, &p));
	CU_ASSERT_TRUE(mh_add_hnp(&m, &(struct addr_prefix){0}));
	got = received(PMIP_COMPAT_HNP_FORCE_64, &m);
	CU_ASSERT_EQUAL(addr_prefix_parse("2001:db8:5::/64", &p), 0);
	CU_ASSERT_TRUE(addr_prefix_equal(&got.opt.hnp[0].prefix, &p));
	CU_ASSERT_EQUAL(got.opt.hnp[1].prefix.len, 56);
	CU_ASSERT_TRUE(addr_prefix_equal(&got.opt.hnp[2].prefix, &(struct addr_prefix){0}));
	got = received(0, &m);
	CU_ASSERT_EQUAL(got.opt.hnp[0].prefix.len, 128);
}

static void
timestamps(void)
{
	struct mh_msg m = message(MH_PBU), got;

	got = sent(PMIP_COMPAT_NO_TIMESTAMP, &m);
	CU_ASSERT_FALSE(mh_has(&got, MH_OPT_TIMESTAMP));
	got = received(PMIP_COMPAT_NO_TIMESTAMP, &m);
	CU_ASSERT(!mh_has(&got, MH_OPT_TIMESTAMP) && got.opt.timestamp.wall == 0);
	got = received(0, &m);
	CU_ASSERT_TRUE(mh_has(&got, MH_OPT_TIMESTAMP));
}

static void
link_layer_ids(void)
{
	static const uint8_t eui64[] = {2, 0, 0, 0xff, 0xfe, 0xaa, 0, 1};
	struct mh_msg m = message(MH_PBU), got, odd;

	mh_set(&m, MH_OPT_MN_LINK_LAYER_ID);
	m.opt.mn_ll_id = (struct mh_opt_mn_ll_id){.len = 6, .id = {2, 0, 0, 0xaa, 0, 1}};
	got = sent(PMIP_COMPAT_LINK_LAYER_EUI64, &m);
	CU_ASSERT_EQUAL(got.opt.mn_ll_id.len, 8);
	CU_ASSERT_EQUAL(memcmp(got.opt.mn_ll_id.id, eui64, sizeof(eui64)), 0);
	odd = got;
	got = received(PMIP_COMPAT_LINK_LAYER_EUI64, &odd);
	CU_ASSERT_EQUAL(memcmp(&got.opt.mn_ll_id, &m.opt.mn_ll_id, sizeof(got.opt.mn_ll_id)), 0);
	odd.opt.mn_ll_id.id[4] = 0; /* of no MAC address */
	got = received(PMIP_COMPAT_LINK_LAYER_EUI64, &odd);
	CU_ASSERT_EQUAL(got.opt.mn_ll_id.len, 8);
	got = sent(PMIP_COMPAT_NO_LINK_LAYER_ID | PMIP_COMPAT_LINK_LAYER_EUI64, &m);
	CU_ASSERT_FALSE(mh_has(&got, MH_OPT_MN_LINK_LAYER_ID));
}

/* With nothing to forgive, all is as it is; and the caller's message is never changed. */
static void
none(void)
{
	struct mh_msg m = message(MH_PBU), same = m;
	uint8_t bytes[MH_LEN_MAX], plain[MH_LEN_MAX];
	int len = mh_encode(&m, &src, &dst, plain, sizeof(plain));

	CU_ASSERT_EQUAL(encode(0, &m, bytes), (size_t)len);
	CU_ASSERT_EQUAL(memcmp(bytes, plain, (size_t)len), 0);
	encode(UINT32_MAX, &m, bytes);
	CU_ASSERT_EQUAL(memcmp(&m, &same, sizeof(m)), 0);
	CU_ASSERT_EQUAL(pmip_compat_tolerance(0), 0);
}

const struct unit_case compat_cases[COMPAT_CASES] = {
	{"relaxed-hdrlen: options behind the header length", relaxed_hdrlen},
	{"no-checksum", no_checksum},
	{"pba-lenient: acknowledgements without P, updates never", pba_lenient},
	{"nai-pad-63 and nai-strip-nul", identifiers},
	{"hnp-force-64", prefixes},
	{"no-timestamp: neither sent nor read", timestamps},
	{"link-layer-eui64 and no-link-layer-id", link_layer_ids},
	{"without a peculiarity messages are as others", none},
};
