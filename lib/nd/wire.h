/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The numbers of the wire that no user of this room needs to know. */

#define WIRE_ETHERTYPE_VLAN    0x8100
#define WIRE_IP6_LEN	       40
#define WIRE_IP6_NEXT_HEADER   6 /* offset of the Next Header field */
#define WIRE_IP6_SRC	       8
#define WIRE_IP6_DST	       24
#define WIRE_IP6_MTU_MIN       1280
#define WIRE_HOP_LIMIT_DEFAULT 64
#define WIRE_ICMP6_HEAD	       8 /* type, code, checksum and the word that every message has */

enum wire_icmp6 {
	WIRE_UNREACHABLE = 1,
	WIRE_TOO_BIG = 2,
	WIRE_TIME_EXCEEDED = 3,
	WIRE_PARAMETER = 4,
	WIRE_INFORMATIONAL = 128, /* types from here on are no errors */
	WIRE_ECHO_REQUEST = 128,
	WIRE_ECHO_REPLY = 129,
	WIRE_RS = 133,
	WIRE_RA = 134,
	WIRE_NS = 135,
	WIRE_NA = 136,
	WIRE_REDIRECT = 137,
};

/* Codes of a Parameter Problem. */
enum wire_parameter { WIRE_PARAMETER_FIELD, WIRE_PARAMETER_NEXT_HEADER, WIRE_PARAMETER_OPTION };

/* Neighbour discovery options (RFC 4861 section 4.6); lengths are in units of 8 octets. */
enum wire_option { WIRE_OPT_SOURCE_LL = 1, WIRE_OPT_TARGET_LL = 2, WIRE_OPT_PREFIX = 3, WIRE_OPT_MTU = 5 };
#define WIRE_OPT_LL_UNITS     1
#define WIRE_OPT_PREFIX_UNITS 4
#define WIRE_OPT_MTU_UNITS    1

enum wire_prefix_flag { WIRE_PREFIX_ON_LINK = 0x80, WIRE_PREFIX_AUTONOMOUS = 0x40 };
enum wire_ra_flag { WIRE_RA_MANAGED = 0x80, WIRE_RA_OTHER = 0x40 };
