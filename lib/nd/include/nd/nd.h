/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * ICMPv6 and neighbour discovery on the wire (RFC 4443, RFC 4861, RFC 4862): whole Ethernet frames in,
 * whole Ethernet frames out, so that their users see addresses and not offsets.
 *
 *	struct nd_frame f;
 *	struct nd_msg m;
 *	if (nd_frame_decode(bytes, len, &f) == 0 && nd_decode(&f, &m) == ND_OK && m.type == ND_NS)
 *		len = nd_na_encode(&link, &f.ip_src, &m.ns.target, flags, out, size);
 *
 * All functions are pure. Nothing keeps a pointer into the bytes except struct nd_frame, which points at them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

#define ND_VLAN_NONE	  0
#define ND_FRAME_MAX	  1514 /* bytes of the frames made here, without VLAN tag */
#define ND_PREFIX_MAX	  8    /* prefix information options of one advertisement */
#define ND_HOP_LIMIT	  255
#define ND_EXTENSION_MAX  8	     /* extension headers of a packet that is looked into */
#define ND_INFINITE	  UINT32_MAX /* an infinite lifetime */
#define ND_ETHERTYPE_IP6  0x86dd
#define ND_PROTO_ICMP6	  58
#define ND_PROTO_FRAGMENT 44

/* What RFC 8200 section 4 asks of a packet's destination about its extension headers. */
enum nd_fault {
	ND_FAULT_NONE,
	ND_FAULT_DROP,	 /* drop it and say nothing */
	ND_FAULT_REPORT, /* drop it; a Parameter Problem of fault_code at fault_pointer is due */
};

/*
 * An Ethernet frame with an IPv6 packet, taken apart; ip and payload point into the frame.
 * The walk over the extension headers ends early, with the last one reached as next_header and payload, at a
 * fault and at a fragment of a greater packet (next_header is ND_PROTO_FRAGMENT).
 */
struct nd_frame {
	struct addr_mac eth_src, eth_dst;
	uint16_t vlan; /* ND_VLAN_NONE without a tag */
	uint16_t ethertype;
	struct addr6 ip_src, ip_dst; /* valid when ethertype is IPv6 */
	uint8_t hop_limit;
	uint8_t next_header;	 /* of the upper layer, behind any extension headers */
	uint32_t next_header_at; /* offset in ip of the field that says so, as a Parameter Problem points at it */
	bool fragment;		 /* a Fragment header was passed on the way: a whole packet in one fragment */
	enum nd_fault fault;
	uint8_t fault_code;
	uint32_t fault_pointer;
	const uint8_t *ip; /* the IPv6 header */
	size_t ip_len;	   /* of the whole packet, header included, without Ethernet padding */
	const uint8_t *payload;
	size_t payload_len;
};

enum nd_type { ND_OTHER, ND_RS, ND_RA, ND_NS, ND_NA, ND_ECHO_REQUEST, ND_ECHO_REPLY, ND_PACKET_TOO_BIG, ND_ERROR };

/* Why a message is not one; RFC 4861 sections 6.1 and 7.1 for the checks. */
enum nd_error {
	ND_OK,
	ND_ERR_SHORT, /* shorter than its type's fixed part */
	ND_ERR_CHECKSUM,
	ND_ERR_HOP_LIMIT, /* a router forwarded it */
	ND_ERR_CODE,
	ND_ERR_ADDRESS,	 /* source, destination and target do not go together */
	ND_ERR_OPTION,	 /* of length zero, past the end, of another length than its type's, or not allowed here */
	ND_ERR_FRAGMENT, /* neighbour discovery in a packet with a Fragment header (RFC 6980 section 5) */
	ND_ERR_PROTO,	 /* the frame's upper layer is not ICMPv6 */
	ND_ERR_COUNT
};

enum nd_na_flag { ND_NA_ROUTER = 0x80, ND_NA_SOLICITED = 0x40, ND_NA_OVERRIDE = 0x20 };

struct nd_prefix_info {
	struct addr_prefix prefix;
	bool on_link, autonomous;
	uint32_t valid_s, preferred_s;
};

/* A decoded ICMPv6 message; what has no member here (router solicitations) says nothing else. */
struct nd_msg {
	enum nd_type type;
	bool has_ll; /* ll is the source or target link-layer address option, and no group address */
	struct addr_mac ll;
	union {
		struct {
			uint8_t hop_limit, flags;
			uint16_t router_lifetime_s;
			uint32_t reachable_ms, retrans_ms; /* 0: unspecified */
			uint32_t mtu;			   /* 0 where there is no option */
			uint8_t prefix_count;		   /* those past ND_PREFIX_MAX are left out */
			struct nd_prefix_info prefix[ND_PREFIX_MAX];
		} ra;
		struct {
			struct addr6 target;
		} ns;
		struct {
			struct addr6 target;
			uint8_t flags; /* enum nd_na_flag */
		} na;
		struct {
			uint16_t id, sequence;
		} echo;
		struct {
			uint32_t mtu;	  /* Packet Too Big alone */
			uint32_t pointer; /* Parameter Problem alone: offset in invoking */
			uint8_t type, code;
			const uint8_t *invoking; /* the packet that caused it */
			size_t invoking_len;
		} error;
	};
};

/*
 * Where a frame that is made here comes from and goes to. dst_mac all zero: the group MAC of a multicast
 * destination; otherwise a multicast packet goes to dst_mac as it stands (RFC 6085).
 */
struct nd_link {
	struct addr_mac src_mac, dst_mac;
	uint16_t vlan; /* ND_VLAN_NONE: untagged */
};

/* What an advertisement says. */
struct nd_ra {
	uint8_t hop_limit; /* 0: unspecified */
	bool managed, other;
	uint16_t router_lifetime_s;
	uint32_t reachable_ms, retrans_ms; /* 0: unspecified */
	uint32_t mtu;			   /* 0: no option */
	uint8_t prefix_count;
	struct nd_prefix_info prefix[ND_PREFIX_MAX];
	bool with_ll; /* carry the source link-layer address option (link.src_mac) */
};

/*
 * Take a frame apart, with one VLAN tag at most. 0, or -EINVAL when it is shorter than its headers say, is no IPv6
 * under IPv6's EtherType, or has more than ND_EXTENSION_MAX extension headers. A frame of another EtherType has
 * only its Ethernet fields.
 */
int nd_frame_decode(const uint8_t *bytes, size_t len, struct nd_frame *out);
/* Decode and check the ICMPv6 message of a frame. *out is of use where the answer is ND_OK. */
enum nd_error nd_decode(const struct nd_frame *f, struct nd_msg *out);

/* Each builder writes one whole frame to out and gives its length, or -ENOSPC. */

/* A solicitation to the all-routers group; src zero: without the source link-layer address option. */
int nd_rs_encode(const struct nd_link *l, const struct addr6 *src, uint8_t *out, size_t size);
/* -EINVAL with more than ND_PREFIX_MAX prefixes. A preferred lifetime is cut to the valid one. */
int nd_ra_encode(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, const struct nd_ra *ra,
		 uint8_t *out, size_t size);
/*
 * dst zero: to the solicited-node group of target, and its group MAC in place of l->dst_mac. src zero: DAD (no
 * link-layer option; RFC 4862 section 5.4.2).
 */
int nd_ns_encode(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, const struct addr6 *target,
		 uint8_t *out, size_t size);
/*
 * dst zero, as the source of a DAD solicitation is: to the all-nodes group and its MAC, not solicited (RFC 4861
 * section 7.2.4). Always with the target link-layer address option (link.src_mac).
 */
int nd_na_encode(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, const struct addr6 *target,
		 uint8_t flags, uint8_t *out, size_t size);
/*
 * The reply to the echo request in f, addresses turned round, src as the source (f's destination unless it was a
 * group). -EINVAL when f's message is shorter than an echo request.
 */
int nd_echo_reply_encode(const struct nd_link *l, const struct nd_frame *f, const struct addr6 *src, uint8_t *out,
			 size_t size);
/*
 * An ICMPv6 error (RFC 4443 section 3) about the IPv6 packet at invoking: as much of it as fits in 1280 bytes.
 * word is the MTU of a Packet Too Big or the pointer of a parameter problem. -EPERM when RFC 4443 section 2.4 (e)
 * forbids an error about this packet, which must have come as a link-layer unicast (see nd_error_allowed).
 */
int nd_error_encode(const struct nd_link *l, const struct addr6 *src, uint8_t type, uint8_t code, uint32_t word,
		    const uint8_t *invoking, size_t invoking_len, uint8_t *out, size_t size);
/*
 * Whether RFC 4443 section 2.4 (e) lets this error be sent about the packet at invoking; group says that it came
 * to a link-layer group. Ask before a token of the error rate is spent. False for what is no IPv6 packet, or has
 * extension headers that hide whether it is an ICMPv6 error itself.
 */
bool nd_error_allowed(uint8_t type, uint8_t code, uint32_t word, bool group, const uint8_t *invoking,
		      size_t invoking_len);
/* Ethernet and IPv6 headers in front of payload, which is copied. */
int nd_ip6_encode(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header,
		  uint8_t hop_limit, const uint8_t *payload, size_t payload_len, uint8_t *out, size_t size);

/*
 * The Internet checksum of an upper-layer message under the IPv6 pseudo-header, in host order; 0 over a message that
 * holds its right checksum.
 */
uint16_t nd_checksum(const struct addr6 *src, const struct addr6 *dst, uint8_t next_header, const uint8_t *bytes,
		     size_t len);
/* A word for a log or a counter; never NULL. */
const char *nd_error_name(enum nd_error e);
