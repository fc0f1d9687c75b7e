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

#define MH_PROTOCOL	   135	/* IPv6 next header */
#define MH_LEN_MAX	   2048 /* the header length octet allows 256 * 8 bytes */
#define MH_HNP_MAX	   8	/* home network prefixes that are kept of one message */
#define MH_MN_ID_MAX	   253	/* bytes of an identifier */
#define MH_LL_ID_MAX	   16	/* bytes of a link-layer identifier */
#define MH_LIFETIME_UNIT_S 4	/* of lifetimes and refresh intervals on the wire */

/* What a message is: the wire's type and the P flag together, in the order of msg.def. */
enum mh_type {
	MH_NONE,
#define MH_MSG(NAME, field, type, fixed_len, source) MH_##NAME,
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

/* Flags of an update, as on the wire (RFC 6275 section 6.1.7, RFC 5213 section 8.1). */
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
};

/* Flags of an acknowledgement. */
enum mh_pba_flag { MH_PBA_K = 0x80, MH_PBA_R = 0x40, MH_PBA_P = 0x20, MH_PBA_T = 0x10 };

/* Handoff indicator values (RFC 5213 section 8.4). */
enum mh_handoff {
	MH_HANDOFF_RESERVED = 0,
	MH_HANDOFF_NEW_INTERFACE = 1,
	MH_HANDOFF_BETWEEN_INTERFACES = 2,
	MH_HANDOFF_BETWEEN_MAGS = 3,
	MH_HANDOFF_UNKNOWN = 4,
	MH_HANDOFF_NO_CHANGE = 5,
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

/* The options of a message: which are there, and their values. */
struct mh_opts {
	uint32_t present;  /* bit MH_OPT_x */
	uint16_t unknown;  /* options skipped because their type is not known */
	uint16_t repeated; /* options ignored because they may stand once, or past MH_HNP_MAX */
	uint8_t hnp_count; /* 0..MH_HNP_MAX */
	struct mh_opt_hnp hnp[MH_HNP_MAX];
	struct mh_opt_refresh_advice refresh_advice;
	struct mh_opt_alt_coa alt_coa;
	struct mh_opt_mn_id mn_id;
	struct mh_opt_handoff handoff;
	struct mh_opt_access_tech access_tech;
	struct mh_opt_mn_ll_id mn_ll_id;
	struct mh_opt_link_local link_local;
	struct mh_opt_timestamp timestamp;
};

struct mh_msg {
	enum mh_type type;
	union {
		struct mh_pbu pbu;
		struct mh_pba pba;
		struct mh_be be;
	};
	struct mh_opts opt;
};

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

/* Add one home network prefix; false when the message is full. */
bool mh_add_hnp(struct mh_msg *m, const struct addr_prefix *p);

/*
 * Decode the Mobility Header at bytes, len bytes to the end of the packet, sent from src to dst, with the checks
 * of RFC 6275 section 9.2 in their order. *out is filled as far as it was understood even on an error: its type
 * is MH_NONE unless the fixed part was. Trailing bytes past the header length are an error (MH_ERR_SHORT is for
 * too few, MH_ERR_HDR_LEN for these). A prefix with bits past its length is taken without them; ALL_ZERO comes
 * with any length and is decoded to length 0. The same bytes give the same *out to the last padding byte.
 */
enum mh_error mh_decode(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst,
			struct mh_msg *out);

/*
 * Encode m into bytes with alignment, padding and checksum; options in the order of the rows of opt.def. The P flag
 * of a PBU and a PBA is set, whatever their flags say. The length; -ENOSPC when size or a Mobility Header is too
 * small; -EINVAL for a type, an identifier's length, a prefix length or a count that has no encoding. bytes may
 * have been written to in any case.
 */
int mh_encode(const struct mh_msg *m, const struct addr6 *src, const struct addr6 *dst, uint8_t *bytes, size_t size);

/* When the options of a message are checked. */
enum mh_phase { MH_PHASE_IDENTIFY, MH_PHASE_REQUEST };

/* The status for the first option that m must carry in this phase and does not; MH_STATUS_ACCEPTED if none. */
enum mh_status mh_check_options(const struct mh_msg *m, enum mh_phase phase);

/*
 * The Internet checksum of a Mobility Header of len (8..MH_LEN_MAX) bytes whose checksum field is taken as zero
 * (RFC 6275 section 6.1.1).
 */
uint16_t mh_checksum(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst);

/* Names for people: "PBU", "MISSING_MN_IDENTIFIER_OPTION", "CHECKSUM"; never NULL. */
const char *mh_type_name(enum mh_type t);
const char *mh_status_name(unsigned int status);
const char *mh_error_name(enum mh_error e);
