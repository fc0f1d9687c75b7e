/* SPDX-License-Identifier: BSD-3-Clause */
#include "mh/mh.h"

#include <errno.h>
#include <stdlib.h>

#include "flow.h"
#include "golden.h"
#include "option.h"
#include "unit.h"
#include "vector.h"
#include "wire.h"

static void
truncated(void)
{
	unsigned int count;
	const struct vector *v = vector_all(&count);
	struct mh_msg m;

	CU_ASSERT_TRUE(count > 0);
	for (; count > 0; v++, count--) {
		for (size_t len = 0; len < v->len; len++)
			CU_ASSERT_EQUAL(wire_decode(v->bytes, len, &m), MH_ERR_SHORT);
		for (size_t len = 8; len < v->len; len += 8) {
			uint8_t bytes[MH_LEN_MAX];
			enum mh_error e;

			memcpy(bytes, v->bytes, len);
			bytes[1] = (uint8_t)(len / 8 - 1);
			wire_seal(bytes, len);
			e = wire_decode(bytes, len, &m);
			CU_ASSERT_TRUE(len < 12 ? e == MH_ERR_HDR_LEN : e == MH_OK || e == MH_ERR_OPTION);
		}
	}
}

/* Every octet of a vector takes every value: no harm, and what is understood is understood again. */
static void
assert_understood_twice(const uint8_t *bytes, size_t len)
{
	uint8_t again[MH_LEN_MAX];
	struct mh_msg m, n;
	int again_len;

	if (wire_decode(bytes, len, &m) != MH_OK)
		return;
	wire_forget(&m);
	again_len = mh_encode(&m, &wire_src, &wire_dst, again, sizeof(again));
	CU_ASSERT_TRUE_FATAL(again_len > 0 && again_len % 8 == 0);
	CU_ASSERT_EQUAL(mh_decode(again, (size_t)again_len, &wire_src, &wire_dst, &n), MH_OK);
	CU_ASSERT_TRUE(wire_equal(&m, &n));
}

static void
octets_changed(void)
{
	unsigned int count;
	const struct vector *v = vector_all(&count);
	uint8_t bytes[MH_LEN_MAX];

	CU_ASSERT_TRUE(count > 0);
	for (; count > 0; v++, count--)
		for (size_t at = 0; at < v->len; at++)
			for (unsigned int value = 0; value <= UINT8_MAX; value++) {
				memcpy(bytes, v->bytes, v->len);
				bytes[at] = (uint8_t)value;
				wire_seal(bytes, v->len);
				assert_understood_twice(bytes, v->len);
			}
}

static void
random_octets(void)
{
	static const uint8_t types[] = {5, 6, 7, 13, 16, 16, 19, 20};
	uint64_t state = 0x9e3779b97f4a7c15u;
	uint8_t bytes[256];

	for (unsigned int round = 0; round < 50000; round++) {
		size_t len = 16 + 8 * (round % 31);

		for (size_t i = 0; i < len; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			/* small types and lengths reach the options more often */
			bytes[i] = (uint8_t)(state >> 32) & (round & 1 ? 0x1f : 0xff);
		}
		bytes[0] = 59;
		bytes[1] = (uint8_t)(len / 8 - 1);
		bytes[2] = types[round % UNIT_COUNT(types)];
		bytes[8] |= MH_PBU_P >> 8;
		bytes[7] |= MH_PBA_P;
		wire_seal(bytes, len);
		assert_understood_twice(bytes, len);
	}
}

static void
checksum(void)
{
	const struct vector *v = vector_find("pbu-attach");
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg m;

	CU_ASSERT_PTR_NOT_NULL_FATAL(v);
	CU_ASSERT_EQUAL(mh_checksum(v->bytes, v->len, &v->src, &v->dst), 0xfbb9);
	for (size_t i = 0; i < v->len; i++) {
		memcpy(bytes, v->bytes, v->len);
		bytes[i] ^= 0x10;
		if (i != 1) /* the header length, which says what is summed */
			CU_ASSERT_EQUAL(mh_decode(bytes, v->len, &v->src, &v->dst, &m), MH_ERR_CHECKSUM);
	}
	CU_ASSERT_EQUAL(mh_decode(v->bytes, v->len, &v->src, &v->src, &m), MH_ERR_CHECKSUM);
	CU_ASSERT_EQUAL(m.type, MH_NONE);
}

/* A sum of zero may be written as either zero of one's complement. */
static void
checksum_zero(void)
{
	uint8_t bytes[16];
	struct mh_msg m;
	uint16_t sum;

	wire_build(bytes, 5, sizeof(bytes), (const uint8_t[]){0, 0, 0x82, 0, 0, 10}, 6);
	sum = mh_checksum(bytes, sizeof(bytes), &wire_src, &wire_dst);
	bytes[6] = (uint8_t)(sum >> 8); /* the sequence number makes up what was missing to zero */
	bytes[7] = (uint8_t)sum;
	wire_seal(bytes, sizeof(bytes));
	CU_ASSERT_EQUAL(bytes[4] << 8 | bytes[5], 0);
	CU_ASSERT_EQUAL(wire_decode(bytes, sizeof(bytes), &m), MH_OK);
	bytes[4] = bytes[5] = 0xff;
	CU_ASSERT_EQUAL(wire_decode(bytes, sizeof(bytes), &m), MH_OK);
	bytes[5] = 0xfe;
	CU_ASSERT_EQUAL(wire_decode(bytes, sizeof(bytes), &m), MH_ERR_CHECKSUM);
}

static void
header_checks(void)
{
	static const uint8_t body[] = {0, 1, 0x82, 0, 0, 10};
	uint8_t bytes[32];
	struct mh_msg m;

	wire_build(bytes, 5, 16, body, sizeof(body));
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &m), MH_OK);
	CU_ASSERT_EQUAL(m.type, MH_PBU);
	bytes[0] = 6;
	wire_seal(bytes, 16);
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &m), MH_ERR_PAYLOAD_PROTO);
	wire_build(bytes, 5, 8, body, 2);
	CU_ASSERT_EQUAL(wire_decode(bytes, 8, &m), MH_ERR_HDR_LEN);
	wire_build(bytes, 7, 16, body, sizeof(body)); /* a Binding Error has 24 octets */
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &m), MH_ERR_HDR_LEN);
	wire_build(bytes, 5, 24, body, sizeof(body));
	bytes[1] = 1; /* eight octets trail */
	wire_seal(bytes, 16);
	CU_ASSERT_EQUAL(wire_decode(bytes, 24, &m), MH_ERR_HDR_LEN);
	wire_build(bytes, 21, 16, body, sizeof(body));
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &m), MH_ERR_TYPE);
	bytes[5] ^= 1; /* nothing that was damaged is answered */
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &m), MH_ERR_CHECKSUM);
	bytes[5] ^= 1;
	bytes[0] = 6; /* the type is checked before the payload protocol */
	wire_seal(bytes, 16);
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &m), MH_ERR_TYPE);
}

/* shows: RFC5213-8.1-01 */
static void
not_proxy(void)
{
	uint8_t bytes[16];
	struct mh_msg m;

	wire_build(bytes, 5, 16, (const uint8_t[]){0, 1, 0x80, 0, 0, 10}, 6);
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &m), MH_ERR_NOT_PROXY);
	wire_build(bytes, 6, 16, (const uint8_t[]){0, 0x40, 0, 1, 0, 10}, 6);
	CU_ASSERT_EQUAL(wire_decode(bytes, 16, &m), MH_ERR_NOT_PROXY);
	CU_ASSERT_EQUAL(m.type, MH_NONE);
}

static void
binding_error(void)
{
	struct mh_msg m = {.type = MH_BE, .be = {.status = MH_BE_UNKNOWN_TYPE, .home_address = wire_src}}, n;
	uint8_t bytes[64];

	CU_ASSERT_EQUAL_FATAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 24);
	CU_ASSERT_EQUAL(bytes[1], 2);
	CU_ASSERT_EQUAL(bytes[2], 7);
	CU_ASSERT_EQUAL(bytes[6], 2);
	CU_ASSERT_EQUAL(memcmp(bytes + 8, &wire_src, 16), 0);
	CU_ASSERT_EQUAL(wire_decode(bytes, 24, &n), MH_OK);
	CU_ASSERT_EQUAL(n.type, MH_BE);
	CU_ASSERT_EQUAL(n.be.status, MH_BE_UNKNOWN_TYPE);
	CU_ASSERT_TRUE(addr6_equal(&n.be.home_address, &wire_src));
}

static void
no_room(void)
{
	const struct vector *v = vector_find("pba-accepted");
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg m;

	CU_ASSERT_PTR_NOT_NULL_FATAL(v);
	CU_ASSERT_EQUAL(mh_decode(v->bytes, v->len, &v->src, &v->dst, &m), MH_OK);
	for (size_t size = 0; size < v->len; size++) {
		memset(bytes, 0xa5, sizeof(bytes));
		CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, size), -ENOSPC);
		CU_ASSERT_EQUAL(bytes[size], 0xa5);
	}
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, v->len), (int)v->len);
}

static void
encode_refuses(void)
{
	struct mh_msg m = {.type = MH_NONE};
	uint8_t bytes[MH_LEN_MAX];

	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
	m.type = 99;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
	m.type = MH_PBU;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 16);
	mh_set(&m, MH_OPT_HOME_NETWORK_PREFIX);
	m.opt.hnp_count = MH_HNP_MAX + 1;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
	m.opt.hnp_count = 1;
	m.opt.hnp[0].prefix = (struct addr_prefix){.addr = wire_src, .len = 129};
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
	m.opt.present = 0;
	mh_set(&m, MH_OPT_MN_LINK_LAYER_ID);
	m.opt.mn_ll_id.len = MH_LL_ID_MAX + 1;
	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), -EINVAL);
}

/* A revocation that is neither indication nor acknowledgement is of a known type: no Binding Error is due. */
static void
revocation_types(void)
{
	uint8_t bytes[16];
	struct mh_msg m;

	for (unsigned int type = 0; type <= UINT8_MAX; type++) {
		enum mh_error e;

		wire_build(bytes, 16, sizeof(bytes), (const uint8_t[]){(uint8_t)type, 132, 0, 7, 0xff, 0xff}, 6);
		e = wire_decode(bytes, sizeof(bytes), &m);
		CU_ASSERT_EQUAL(e, type == 1 || type == 2 ? MH_OK : MH_ERR_SUBTYPE);
		CU_ASSERT_EQUAL(m.type, type == 1 ? MH_BRI : type == 2 ? MH_BRA : MH_NONE);
	}
	wire_build(bytes, 16, sizeof(bytes), (const uint8_t[]){2, 132, 0, 7, 0xff, 0xff}, 6);
	CU_ASSERT_EQUAL(wire_decode(bytes, sizeof(bytes), &m), MH_OK);
	CU_ASSERT_EQUAL(m.bra.status, MH_BRA_MN_ATTACHED);
	CU_ASSERT_EQUAL(m.bra.sequence, 7);
	CU_ASSERT_EQUAL(m.bra.flags, MH_BR_P | MH_BR_V | MH_BR_G); /* reserved bits mean nothing */
}

/* The flag is what makes it a proxy registration. */
static void
encode_sets_proxy(void)
{
	struct mh_msg m = {.type = MH_PBA}, n;
	uint8_t bytes[16];

	CU_ASSERT_EQUAL(mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes)), 16);
	CU_ASSERT_EQUAL(mh_decode(bytes, sizeof(bytes), &wire_src, &wire_dst, &n), MH_OK);
	CU_ASSERT_EQUAL(n.pba.flags, MH_PBA_P);
}

static void
missing_options(void)
{
	struct mh_msg m = {.type = MH_PBU, .opt.present = UINT32_MAX};

	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_IDENTIFY), MH_STATUS_ACCEPTED);
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_REQUEST), MH_STATUS_ACCEPTED);
	m.opt.present = 0; /* put back one by one, the first that is missing is told */
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_IDENTIFY), MH_STATUS_MISSING_MN_IDENTIFIER_OPTION);
	mh_set(&m, MH_OPT_MN_ID);
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_IDENTIFY), MH_STATUS_ACCEPTED);
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_REQUEST), MH_STATUS_MISSING_HOME_NETWORK_PREFIX_OPTION);
	mh_set(&m, MH_OPT_HOME_NETWORK_PREFIX);
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_REQUEST), MH_STATUS_MISSING_HANDOFF_INDICATOR_OPTION);
	mh_set(&m, MH_OPT_HANDOFF_INDICATOR);
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_REQUEST), MH_STATUS_MISSING_ACCESS_TECH_TYPE_OPTION);
	mh_set(&m, MH_OPT_ACCESS_TECH_TYPE);
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_REQUEST), MH_STATUS_ACCEPTED);
	m = (struct mh_msg){.type = MH_BE};
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_IDENTIFY), MH_STATUS_ACCEPTED);
	CU_ASSERT_EQUAL(mh_check_options(&m, MH_PHASE_REQUEST), MH_STATUS_ACCEPTED);
}

static void
peek(void)
{
	struct mh_msg m = {.type = MH_PBU, .pbu.flags = MH_PBU_A};
	const struct addr_prefix prefix = {{{0x20, 1, 0xd, 0xb8}}, 64};
	uint8_t bytes[MH_LEN_MAX];
	struct mh_peek got;
	int len;

	mh_set(&m, MH_OPT_MN_ID);
	m.opt.mn_id = (struct mh_opt_mn_id){.subtype = 1, .len = 5, .id = "mn1@x"};
	mh_add_hnp(&m, &prefix);
	len = mh_encode(&m, &wire_src, &wire_dst, bytes, sizeof(bytes));
	CU_ASSERT_FATAL(len > 0);
	CU_ASSERT(mh_peek(bytes, (size_t)len, &got));
	CU_ASSERT(got.mn_id.len == 5 && memcmp(got.mn_id.id, "mn1@x", 5) == 0);
	CU_ASSERT(addr_prefix_equal(&got.prefix, &prefix));
	for (int cut = 0; cut < len; cut++) {
		uint8_t *copy = malloc((size_t)cut + 1);

		CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
		memcpy(copy + 1, bytes, (size_t)cut);
		mh_peek(copy + 1, (size_t)cut, &got); /* what it says does not matter, where it reads does */
		free(copy);
	}
	bytes[2] = 6;
	CU_ASSERT_FALSE(mh_peek(bytes, (size_t)len, &got)); /* an acknowledgement */
}

static void
names(void)
{
	static const unsigned int statuses[] = {0,   1,	  2,   3,   128, 129, 130, 135, 144, 145, 146, 151, 152, 153,
						154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 175, 177, 178};

	for (size_t i = 0; i < UNIT_COUNT(statuses); i++)
		CU_ASSERT_STRING_NOT_EQUAL(mh_status_name(statuses[i]), "UNKNOWN");
	CU_ASSERT_STRING_EQUAL(mh_status_name(160), "MISSING_MN_IDENTIFIER_OPTION");
	CU_ASSERT_STRING_EQUAL(mh_status_name(4), "UNKNOWN");
	CU_ASSERT_STRING_EQUAL(mh_status_name(100000), "UNKNOWN");
	CU_ASSERT_STRING_EQUAL(mh_type_name(MH_PBU), "PBU");
	CU_ASSERT_STRING_EQUAL(mh_type_name(MH_BE), "BE");
	CU_ASSERT_STRING_EQUAL(mh_type_name(MH_UPA), "UPA");
	CU_ASSERT_STRING_EQUAL(mh_type_name(99), "UNKNOWN");
	for (unsigned int e = 0; e < MH_ERR_COUNT; e++)
		CU_ASSERT_STRING_NOT_EQUAL(mh_error_name(e), "UNKNOWN");
	CU_ASSERT_STRING_EQUAL(mh_error_name(MH_ERR_CHECKSUM), "CHECKSUM");
	CU_ASSERT_STRING_EQUAL(mh_error_name(MH_ERR_COUNT), "UNKNOWN");
}

static const struct unit_case cases[] = {
	{"the golden messages decode, and encode to the same bytes", golden_all},
	{"golden: an update of an attachment over a new interface", golden_attach},
	{"golden: an acknowledgement with prefix and link-local address", golden_accepted},
	{"golden: a refusal with the anchor's time of day", golden_timestamp_lower},
	{"golden: a handoff indicator that is not assigned is carried as it is", golden_experimental_handoff},
	{"golden: a refusal echoes the prefix and the unassigned indicator", golden_not_authorised},
	{"golden: a revocation of one session, and its acknowledgement without options", golden_revocation},
	{"golden: a heartbeat, and its answer with the restart counter", golden_heartbeat},
	{"golden: a notification, and its acknowledgement", golden_notification},
	{"every truncation of a golden message is harmless", truncated},
	{"every change of one octet is harmless, and what is understood encodes to the same meaning", octets_changed},
	{"random octets are harmless", random_octets},
	{"the checksum covers each octet and the addresses", checksum},
	{"a checksum of zero is accepted in both its forms", checksum_zero},
	{"the header is checked in the order of RFC 6275 section 9.2", header_checks},
	{"an update or acknowledgement without P is no proxy registration", not_proxy},
	{"reserved bits are sent as zero and mean nothing, unknown options are skipped, in each message",
	 golden_reserved},
	{"the header of each message is checked", golden_header},
	{"of the type of revocations, two messages are known", revocation_types},
	{"a Binding Error without options has 24 octets", binding_error},
	{"options of unknown types are skipped and counted, padding is not counted", option_unknown},
	{"an option that runs past its message is an error", option_past_end},
	{"an option whose length its row does not allow is an error", option_lengths},
	{"an identifier has 0 to 253 octets", option_mn_id_lengths},
	{"ALL_ZERO comes with any prefix length and is sent with 0; a prefix loses bits past its length",
	 option_hnp_values},
	{"up to MH_HNP_MAX prefixes are kept, later ones counted", option_hnp_many},
	{"of an option that may stand once, the first counts", option_first_counts},
	{"each option is aligned wherever it begins, and the message padded to 8 octets", option_alignment},
	{"reserved octets of options are sent as zero, and mean nothing", option_reserved},
	{"an identifier of any size leaves what follows it aligned", option_link_layer_sizes},
	{"a GRE key option has a key or none; 0 is a key", option_gre_key},
	{"a group has a subtype and an identifier", option_group},
	{"a service has a name of 1 to MH_SERVICE_MAX octets", option_service},
	{"eight vendor specific options are kept, longer ones skipped", option_vendor},
	{"an authentication option ends its message", option_authentication_last},
	{"what an authentication covers is found where nothing but padding is behind it", option_authentication_place},
	{"flows of a second maker are understood, or refused with RFC 6089's status, and written again", flow_vectors},
	{"a flow that is cut or spoilt is harmless, and what is kept of it is written again", flow_vectors_spoilt},
	{"each field of a selector has its flags and place of RFC 6088", flow_flags},
	{"a selector stands at 8 octets and binding identifiers at 2, whatever is before them", flow_alignment},
	{"up to MH_FLOW_MAX flows of MH_FLOW_BID_MAX identifiers are kept", flow_many},
	{"a flow that has no encoding is refused", flow_refused},
	{"reserved octets of flows and selectors are sent as zero, and mean nothing", flow_reserved},
	{"a binding identifier comes with or without a care-of address", flow_binding_id},
	{"a delegated prefix is IPv6 or IPv4", flow_delegated_prefix},
	{"a prefix may be off-link", flow_off_link},
	{"a vendor's options say of what kind prefixes are", flow_vendor_prefixes},
	{"and name the aggregates of gateways", flow_vendor_delegations},
	{"what few messages carry is neither cleared nor copied with the others", flow_behind_head},
	{"an encoder without room says so and writes nothing past the end", no_room},
	{"what has no encoding is refused", encode_refuses},
	{"a proxy acknowledgement always carries P", encode_sets_proxy},
	{"a missing option is answered with its own status, in the phase of its check", missing_options},
	{"what an update is about is seen before it is checked, and nothing past its end", peek},
	{"every status, type and error has a name", names},
};

int
main(void)
{
	return unit_main("mh", cases, UNIT_COUNT(cases));
}
