/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The Mobility Header on the wire (RFC 6275 section 6.1, RFC 5213 section 8): messages, options, status
 * codes, and what may stand where.
 *
 *	struct mh_msg m;
 *	switch (mh_decode(bytes, len, &src, &dst, &m)) {
 *	case MH_OK:	...			m.type == MH_PBU: m.pbu, m.opt
 *
 *	uint8_t out[MH_LEN_MAX];
 *	int n = mh_encode(&m, &src, &dst, out, sizeof(out));
 *
 * All functions are pure. Nothing here keeps a pointer into the bytes that it decoded.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/selector.h"

#define MH_PROTOCOL	   135	/* IPv6 next header */
#define MH_LEN_MAX	   2048 /* the header length octet allows 256 * 8 bytes */
#define MH_HNP_MAX	   8	/* home network prefixes that are kept of one message */
#define MH_MN_ID_MAX	   253	/* bytes of an identifier */
#define MH_LL_ID_MAX	   16	/* bytes of a link-layer identifier */
#define MH_SERVICE_MAX	   100	/* bytes of a service's name */
#define MH_VENDOR_MAX	   8	/* vendor specific options that are kept of one message */
#define MH_VENDOR_DATA_MAX 64	/* bytes of the data of one */
#define MH_AUTH_MAX	   32	/* bytes of authentication data */
#define MH_FLOW_MAX	   4	/* flow identification options that are kept of one message */
#define MH_FLOW_BID_MAX	   4	/* binding identifiers that are kept of one */
#define MH_LIFETIME_UNIT_S 4	/* of lifetimes and refresh intervals on the wire */

/* What a message is: the wire's type and the P flag together, in the order of msg.def. */
enum mh_type {
	MH_NONE,
#define MH_MSG(NAME, field, type, subtype, fixed_len, first, source) MH_##NAME,
#include "mh/msg.def"
#undef MH_MSG
};

/* Why bytes are no message; each is counted by its drop reason. */
enum mh_error {
	MH_OK,
	MH_ERR_SHORT,	      /* fewer bytes than the fixed part, or than the header length says */
	MH_ERR_PAYLOAD_PROTO, /* not 59: an ICMPv6 parameter problem is due at offset 0 (RFC 6275 section 9.2) */
	MH_ERR_HDR_LEN,	      /* header length below the type's least: parameter problem at offset 1 */
	MH_ERR_CHECKSUM,      /* discard silently */
	MH_ERR_TYPE,	      /* unknown type: a Binding Error with status 2 is due */
	MH_ERR_SUBTYPE,	      /* a type that is known, and none of its messages: discard */
	MH_ERR_NOT_PROXY,     /* a Binding Update or Acknowledgement without the P flag */
	MH_ERR_OPTION,	      /* an option past the end, or of an impossible length: discard */
	MH_ERR_COUNT
};

enum mh_status {
#define MH_STATUS_ROW(name, value, source) MH_STATUS_##name = value,
#include "mh/status.def"
#undef MH_STATUS_ROW
};

/* Binding Error status (RFC 6275 section 6.1.9). */
enum mh_be_status { MH_BE_NO_BINDING = 1, MH_BE_UNKNOWN_TYPE = 2 };

/* Option kinds, in the order of opt.def; their wire types are in the rows. */
enum mh_opt {
#define MH_OPT(NAME, field, type, x, y, min, max, many, source) MH_OPT_##NAME,
#include "mh/opt.def"
#undef MH_OPT
	MH_OPT_COUNT
};

/* Flags of an update, as on the wire (RFC 6275 section 6.1.7, RFC 5213 section 8.1, RFC 6602 section 4.1). */
enum mh_pbu_flag {
	MH_PBU_A = 0x8000,
	MH_PBU_H = 0x4000,
	MH_PBU_L = 0x2000,
	MH_PBU_K = 0x1000,
	MH_PBU_M = 0x0800,
	MH_PBU_R = 0x0400,
	MH_PBU_P = 0x0200,
	MH_PBU_F = 0x0100,
	MH_PBU_T = 0x0080,
	MH_PBU_B = 0x0040,
};

/* Flags of an acknowledgement. */
enum mh_pba_flag { MH_PBA_K = 0x80, MH_PBA_R = 0x40, MH_PBA_P = 0x20, MH_PBA_T = 0x10, MH_PBA_B = 0x08 };

/* Flags of a heartbeat: unsolicited, response (RFC 5847 section 3.3). */
enum mh_heartbeat_flag { MH_HEARTBEAT_U = 0x0002, MH_HEARTBEAT_R = 0x0001 };

/* Flags of both revocation messages: proxy binding, IPv4 home address alone, global (RFC 5846 section 5). */
enum mh_bri_flag { MH_BR_P = 0x8000, MH_BR_V = 0x4000, MH_BR_G = 0x2000 };

/* Flags of a notification: to be acknowledged, sent again (RFC 7077 section 4.1). */
enum mh_upn_flag { MH_UPN_A = 0x8000, MH_UPN_D = 0x4000 };

/* Why a binding is revoked (RFC 5846 section 5.1): below MH_BRI_GLOBAL_MIN of one mobile node, from there on global. */
enum mh_bri_trigger {
	MH_BRI_UNSPECIFIED = 0,
	MH_BRI_ADMINISTRATIVE = 1,
	MH_BRI_HANDOVER_SAME_ACCESS = 2,
	MH_BRI_HANDOVER_OTHER_ACCESS = 3,
	MH_BRI_HANDOVER_UNKNOWN = 4,
	MH_BRI_USER_TERMINATION = 5,
	MH_BRI_ACCESS_TERMINATION = 6,
	MH_BRI_OUT_OF_SYNC = 7,
	MH_BRI_GLOBAL_MIN = 128,
	MH_BRI_PER_PEER_POLICY = 128,
	MH_BRI_LOCAL_POLICY = 129,
};

/* The result of a revocation (RFC 5846 section 5.2); from 128 on it was refused. */
enum mh_bra_status {
	MH_BRA_ACCEPTED = 0,
	MH_BRA_PARTIAL = 1,
	MH_BRA_NO_BINDING = 128,
	MH_BRA_IPV4_OPTION_REQUIRED = 129,
	MH_BRA_GLOBAL_NOT_AUTHORIZED = 130,
	MH_BRA_MN_ID_REQUIRED = 131,
	MH_BRA_MN_ATTACHED = 132,
	MH_BRA_TRIGGER_UNSUPPORTED = 133,
	MH_BRA_FUNCTION_UNSUPPORTED = 134,
	MH_BRA_PROXY_UNSUPPORTED = 135,
};

/* Why a notification is sent (RFC 7077 section 4.1). */
enum mh_upn_reason {
	MH_UPN_FORCE_REREGISTRATION = 1,
	MH_UPN_UPDATE_SESSION_PARAMETERS = 2,
	MH_UPN_VENDOR_SPECIFIC = 3,
	MH_UPN_ANI_REQUESTED = 4,
	MH_UPN_FLOW_MOBILITY = 8, /* RFC 7864 section 4.2 */
};

/* The result of a notification (RFC 7077 section 4.2); from 128 on it failed. */
enum mh_upa_status {
	MH_UPA_ACCEPTED = 0,
	MH_UPA_FAILED_TO_UPDATE = 128,
	MH_UPA_VENDOR_OPTION_MISSING = 129,
	MH_UPA_REASON_UNSPECIFIED = 131, /* RFC 7864 section 6 */
	MH_UPA_NOT_ATTACHED = 132,
};

/* Who authenticates a message (RFC 4285 section 5). */
enum mh_auth_subtype { MH_AUTH_MN_HA = 1, MH_AUTH_MN_AAA = 2 };

/* A group that mobile sessions are in (RFC 6602 section 4.3). */
#define MH_GROUP_BULK	      1 /* the subtype */
#define MH_GROUP_ALL_SESSIONS 1 /* the group of that subtype that all sessions of two nodes are in */

/* Handoff indicator values (RFC 5213 section 8.4). */
enum mh_handoff {
	MH_HANDOFF_RESERVED = 0,
	MH_HANDOFF_NEW_INTERFACE = 1,
	MH_HANDOFF_BETWEEN_INTERFACES = 2,
	MH_HANDOFF_BETWEEN_MAGS = 3,
	MH_HANDOFF_UNKNOWN = 4,
	MH_HANDOFF_NO_CHANGE = 5,
	MH_HANDOFF_SHARED_PREFIXES = 6, /* RFC 7864 section 3.2.1 */
};

/* Access technology types (RFC 5213 section 8.5); others are carried as they are. */
enum mh_access_tech { MH_ATT_RESERVED = 0, MH_ATT_VIRTUAL = 1, MH_ATT_PPP = 2, MH_ATT_ETHERNET = 3, MH_ATT_WLAN = 4 };

struct mh_pbu {
	uint16_t sequence;
	uint16_t flags;	   /* enum mh_pbu_flag */
	uint16_t lifetime; /* units of 4 s */
};

struct mh_pba {
	uint8_t status; /* enum mh_status */
	uint8_t flags;	/* enum mh_pba_flag */
	uint16_t sequence;
	uint16_t lifetime; /* units of 4 s */
};

struct mh_be {
	uint8_t status; /* enum mh_be_status */
	struct addr6 home_address;
};

struct mh_heartbeat {
	uint16_t flags; /* enum mh_heartbeat_flag */
	uint32_t sequence;
};

struct mh_bri {
	uint8_t trigger; /* enum mh_bri_trigger, or one that is not known */
	uint16_t sequence;
	uint16_t flags; /* enum mh_bri_flag */
};

struct mh_bra {
	uint8_t status; /* enum mh_bra_status, or one that is not known */
	uint16_t sequence;
	uint16_t flags; /* enum mh_bri_flag */
};

struct mh_upn {
	uint16_t sequence;
	uint16_t reason; /* enum mh_upn_reason, or one that is not known */
	uint16_t flags;	 /* enum mh_upn_flag */
};

struct mh_upa {
	uint16_t sequence;
	uint8_t status; /* enum mh_upa_status, or one that is not known */
};

struct mh_opt_refresh_advice {
	uint16_t interval; /* units of 4 s */
};

struct mh_opt_alt_coa {
	struct addr6 addr;
};

/* subtype 1 is an NAI (RFC 4283); len may be 0 in an answer to an update without one (RFC 5213 section 5.3.6). */
struct mh_opt_mn_id {
	uint8_t subtype;
	uint8_t len;
	uint8_t id[MH_MN_ID_MAX];
};

/* A zero prefix and length ask for a prefix (ALL_ZERO). */
struct mh_opt_hnp {
	struct addr_prefix prefix;
	bool off_link; /* not to be advertised on the mobile node's link (RFC 7864 section 4.1) */
};

struct mh_opt_handoff {
	uint8_t value; /* enum mh_handoff, or one that is not known */
};

struct mh_opt_access_tech {
	uint8_t value; /* enum mh_access_tech, or one that is not known */
};

struct mh_opt_mn_ll_id {
	uint8_t len;
	uint8_t id[MH_LL_ID_MAX];
};

struct mh_opt_link_local {
	struct addr6 addr;
};

struct mh_opt_timestamp {
	uint64_t wall; /* 48 bits of seconds, 16 bits of 1/65536 s */
};

/* UTF-8 as it came, without an end: 1..MH_SERVICE_MAX bytes. */
struct mh_opt_service {
	uint8_t len;
	char id[MH_SERVICE_MAX];
};

/* Without a key it asks for GRE alone. */
struct mh_opt_gre_key {
	bool given;
	uint32_t key; /* 0 is a key as any other */
};

struct mh_opt_group {
	uint8_t subtype; /* MH_GROUP_BULK, or one that is not known */
	uint32_t id;
};

struct mh_opt_restart_counter {
	uint32_t counter;
};

struct mh_opt_bid {
	uint16_t id; /* 1.. */
	uint8_t status;
	bool home;
	uint8_t priority; /* 1..127, the lowest first; 0 where it has none */
};

/* A prefix of the mobile router's, or of the gateway's own; zero asks for one. */
struct mh_opt_dmnp {
	bool ipv4; /* the prefix has its 4 bytes alone, in front */
	struct addr_prefix prefix;
};

/* What became of a flow binding (RFC 6089 section 4.2); from 128 on it was refused. */
enum mh_flow_status {
	MH_FLOW_BOUND = 0,
	MH_FLOW_PROHIBITED = 128,
	MH_FLOW_UNSPECIFIED = 129,
	MH_FLOW_MALFORMED = 130,
	MH_FLOW_BID_UNKNOWN = 131,
	MH_FLOW_ID_UNKNOWN = 132,
	MH_FLOW_SELECTOR_UNSUPPORTED = 133,
};

/*
 * A flow. Where its sub-options cannot be taken as they are, fault says the status that its sender is due, and nothing
 * (MALFORMED) or no selector (SELECTOR_UNSUPPORTED) is kept of them; fault is not written. The status counts in
 * answers.
 */
struct mh_opt_flow {
	uint16_t id;	   /* 1.. */
	uint16_t priority; /* 1.., the lowest first */
	uint8_t status;	   /* enum mh_flow_status, or one that is not known */
	uint8_t fault;	   /* enum mh_flow_status */
	uint8_t bid_count; /* 0..MH_FLOW_BID_MAX; more are left out */
	bool selector_given;
	uint16_t bid[MH_FLOW_BID_MAX];
	struct selector selector;
};

struct mh_opt_vendor {
	uint32_t vendor; /* private enterprise number */
	uint8_t subtype;
	uint8_t len;
	uint8_t data[MH_VENDOR_DATA_MAX];
};

struct mh_opt_replay {
	uint64_t stamp; /* NTP: 32 bits of seconds since 1900 UTC, 32 bits of fraction */
};

struct mh_opt_auth {
	uint8_t subtype; /* enum mh_auth_subtype, or one that is not known */
	uint8_t len;
	uint32_t spi;
	uint8_t data[MH_AUTH_MAX];
};

/* The options of a message: which are there, and their values. */
struct mh_opts {
	uint32_t present;     /* bit MH_OPT_x */
	uint16_t unknown;     /* options skipped because their type is not known */
	uint16_t repeated;    /* options ignored because they may stand once, or past the most that are kept */
	uint8_t hnp_count;    /* 0..MH_HNP_MAX */
	uint8_t vendor_count; /* 0..MH_VENDOR_MAX */
	uint8_t flow_count;   /* 0..MH_FLOW_MAX */
	struct mh_opt_hnp hnp[MH_HNP_MAX];
	struct mh_opt_refresh_advice refresh_advice;
	struct mh_opt_alt_coa alt_coa;
	struct mh_opt_mn_id mn_id;
	struct mh_opt_handoff handoff;
	struct mh_opt_access_tech access_tech;
	struct mh_opt_mn_ll_id mn_ll_id;
	struct mh_opt_link_local link_local;
	struct mh_opt_timestamp timestamp;
	struct mh_opt_gre_key gre_key;
	struct mh_opt_group group;
	struct mh_opt_restart_counter restart_counter;
	struct mh_opt_replay replay;
	struct mh_opt_auth auth;
	struct mh_opt_service service;
	struct mh_opt_bid bid;
	struct mh_opt_dmnp dmnp;
	/* Few messages carry these: see MH_MSG_HEAD. */
	struct mh_opt_vendor vendor[MH_VENDOR_MAX];
	struct mh_opt_flow flow[MH_FLOW_MAX];
};

struct mh_msg {
	enum mh_type type;
	union {
		struct mh_pbu pbu;
		struct mh_pba pba;
		struct mh_be be;
		struct mh_heartbeat heartbeat;
		struct mh_bri bri;
		struct mh_bra bra;
		struct mh_upn upn;
		struct mh_upa upa;
	};
	struct mh_opts opt;
};

/*
 * What of a message is cleared before it is filled in, and copied in any case: the options behind it are written whole,
 * and are there as often as their counts say.
 */
#define MH_MSG_HEAD offsetof(struct mh_msg, opt.vendor)

static inline void
mh_clear(struct mh_msg *m)
{
	memset(m, 0, MH_MSG_HEAD);
}

static inline void
mh_copy(struct mh_msg *to, const struct mh_msg *from)
{
	memcpy(to, from, MH_MSG_HEAD);
	memcpy(to->opt.vendor, from->opt.vendor, from->opt.vendor_count * sizeof(from->opt.vendor[0]));
	memcpy(to->opt.flow, from->opt.flow, from->opt.flow_count * sizeof(from->opt.flow[0]));
}

_Static_assert(MH_OPT_COUNT <= 32, "mh_opts.present has a bit an option");

static inline bool
mh_has(const struct mh_msg *m, enum mh_opt o)
{
	return m->opt.present & 1u << o;
}

/* Mark an option as present; the caller fills its field in. */
static inline void
mh_set(struct mh_msg *m, enum mh_opt o)
{
	m->opt.present |= 1u << o;
}

/* Add one home network prefix, a flow, a vendor's option; false when the message is full. */
bool mh_add_hnp(struct mh_msg *m, const struct addr_prefix *p);
bool mh_add_flow(struct mh_msg *m, const struct mh_opt_flow *f);
bool mh_add_vendor(struct mh_msg *m, const struct mh_opt_vendor *v);

/*
 * The mobile node and the first prefix that an update names, as its bytes have them: nothing is checked, and nothing
 * may follow from it but what to fetch ahead. False: they name no mobile node.
 */
struct mh_peek {
	struct mh_opt_mn_id mn_id;
	struct addr_prefix prefix; /* zero: none */
};
bool mh_peek(const uint8_t *bytes, size_t len, struct mh_peek *out);

/*
 * Decode the Mobility Header at bytes, len bytes to the end of the packet, sent from src to dst, with the checks
 * of RFC 6275 section 9.2 in their order. *out is filled as far as it was understood even on an error: its type
 * is MH_NONE unless the fixed part was. Trailing bytes past the header length are an error (MH_ERR_SHORT is for
 * too few, MH_ERR_HDR_LEN for these). A prefix with bits past its length is taken without them; ALL_ZERO comes
 * with any length and is decoded to length 0. The same bytes give the same *out to the last padding byte, but for
 * what it has no option of behind MH_MSG_HEAD.
 */
enum mh_error mh_decode(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst,
			struct mh_msg *out);

/* What a sender may be forgiven. */
enum mh_tolerance {
	MH_TAKE_ANY_CHECKSUM = 1, /* nothing is checked by it */
	MH_TAKE_TRAILING = 2, /* options go on past the header length, to the end of the packet; so may the checksum */
	MH_TAKE_NO_PROXY = 4, /* an acknowledgement is one without the P flag too, and has it in *out */
};

/* As mh_decode, with the bits of enum mh_tolerance. */
enum mh_error mh_decode_as(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst,
			   unsigned int tolerance, struct mh_msg *out);

/*
 * Encode m into bytes with alignment, padding and checksum; options in the order of the rows of opt.def. The P flag
 * of a PBU and a PBA is set, whatever their flags say. The length; -ENOSPC when size or a Mobility Header is too
 * small; -EINVAL for a type, an identifier's length, a prefix length or a count that has no encoding. bytes may
 * have been written to in any case.
 */
int mh_encode(const struct mh_msg *m, const struct addr6 *src, const struct addr6 *dst, uint8_t *bytes, size_t size);

/* Write the checksum of an encoded message that was changed. */
void mh_seal(uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst);

/* When the options of a message are checked. */
enum mh_phase { MH_PHASE_IDENTIFY, MH_PHASE_REQUEST };

/* The status for the first option that m must carry in this phase and does not; MH_STATUS_ACCEPTED if none. */
enum mh_status mh_check_options(const struct mh_msg *m, enum mh_phase phase);

/*
 * How much of the message in these len bytes its authentication covers: from its first octet to the end of the SPI of
 * the authentication option (RFC 4285 section 5.1). 0 where that option is not the last: only padding may stand behind
 * it. The authentication data follows at once. For bytes that mh_decode found good.
 */
size_t mh_auth_covers(const uint8_t *bytes, size_t len);

/*
 * The Internet checksum of a Mobility Header of len (8..65535) bytes whose checksum field is taken as zero
 * (RFC 6275 section 6.1.1).
 */
uint16_t mh_checksum(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst);

/* Names for people: "PBU", "MISSING_MN_IDENTIFIER_OPTION", "CHECKSUM"; never NULL. */
const char *mh_type_name(enum mh_type t);
const char *mh_status_name(unsigned int status);
const char *mh_error_name(enum mh_error e);
