/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The headers that the stages look at, made of bytes: they may lie at any address of a frame.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

#define WIRE_ETH_LEN	    14
#define WIRE_VLAN_LEN	    4
#define WIRE_ETHERTYPE_IP6  0x86dd
#define WIRE_ETHERTYPE_VLAN 0x8100
#define WIRE_VLAN_ID	    0x0fff
#define WIRE_IP6_LEN	    40
#define WIRE_IP6_MTU_MIN    1280 /* RFC 8200 section 5 */
#define WIRE_EXTENSION_UNIT 8	 /* the least extension header, and the unit of its length */

enum wire_proto {
	WIRE_HOP_BY_HOP = 0,
	WIRE_TCP = 6,
	WIRE_UDP = 17,
	WIRE_DCCP = 33,
	WIRE_IP6_IN_IP6 = 41,
	WIRE_ROUTING = 43,
	WIRE_FRAGMENT = 44,
	WIRE_ESP = 50,
	WIRE_GRE = 47,
	WIRE_AUTHENTICATION = 51,
	WIRE_ICMP6 = 58,
	WIRE_DESTINATION = 60,
	WIRE_SCTP = 132,
	WIRE_MOBILITY = 135,
	WIRE_UDP_LITE = 136,
};

enum wire_icmp6 {
	WIRE_UNREACHABLE = 1,
	WIRE_TOO_BIG = 2,
	WIRE_TIME_EXCEEDED = 3,
	WIRE_PARAMETER = 4,
	WIRE_ND_FIRST = 133, /* router solicitation */
	WIRE_ND_LAST = 137,  /* redirect */
};

struct wire_eth {
	struct addr_mac dst, src;
	uint8_t type_be[2];
};

struct wire_vlan {
	uint8_t tag_be[2];
	uint8_t type_be[2];
};

struct wire_ip6 {
	uint8_t version_class_flow[4];
	uint8_t payload_len_be[2];
	uint8_t next_header;
	uint8_t hop_limit;
	struct addr6 src, dst;
};

#define WIRE_FRAGMENT_LEN  8
#define WIRE_FRAGMENT_MORE 1
#define WIRE_FRAGMENT_UNIT 7 /* offsets are multiples of 8 */

struct wire_fragment {
	uint8_t next_header, reserved;
	uint8_t offset_be[2]; /* and WIRE_FRAGMENT_MORE */
	uint8_t id[4];
};

_Static_assert(sizeof(struct wire_fragment) == WIRE_FRAGMENT_LEN, "a header is its bytes");
_Static_assert(sizeof(struct wire_eth) == WIRE_ETH_LEN, "a header is its bytes");
_Static_assert(sizeof(struct wire_ip6) == WIRE_IP6_LEN, "a header is its bytes");

static inline uint16_t
wire_get16(const uint8_t be[2])
{
	return (uint16_t)(be[0] << 8 | be[1]);
}

static inline uint32_t
wire_get32(const uint8_t be[4])
{
	return (uint32_t)wire_get16(be) << 16 | wire_get16(be + 2);
}

static inline void
wire_put16(uint8_t be[2], uint16_t v)
{
	be[0] = (uint8_t)(v >> 8);
	be[1] = (uint8_t)v;
}

/* It begins with what the packet carries. */
static inline bool
wire_fragment_is_first(const struct wire_fragment *f)
{
	return (wire_get16(f->offset_be) & ~WIRE_FRAGMENT_UNIT) == 0;
}

/* What a tunnel packet's outer header may be followed by. */
static inline bool
wire_is_tunnel(uint8_t next_header)
{
	return next_header == WIRE_IP6_IN_IP6 || next_header == WIRE_DESTINATION || next_header == WIRE_GRE;
}

/* Length of the whole packet by its header. */
static inline uint32_t
wire_ip6_len(const struct wire_ip6 *ip)
{
	return WIRE_IP6_LEN + wire_get16(ip->payload_len_be);
}

static inline bool
wire_is_loopback(const struct addr6 *a)
{
	static const struct addr6 loopback = {{[15] = 1}}; /* made on the stack it would be read before it is written */

	return addr6_equal(a, &loopback);
}

/* Never forwarded, but asked for on a link. */
static inline bool
wire_is_on_link(const struct addr6 *a)
{
	return addr6_is_multicast(a) || addr6_is_link_local(a);
}
