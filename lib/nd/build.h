/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A frame in the making: open it, write the upper layer with the writer, close it.
 *
 *	struct build b = nd_build_open(l, src, dst, ND_PROTO_ICMP6, ND_HOP_LIMIT, out, size);
 *	nd_build_icmp6(&b, WIRE_NS, 0, 0);
 *	writer_addr6(&b.w, target);
 *	return nd_build_close_icmp6(&b);
 */
#include "base/cursor.h"
#include "nd/nd.h"

struct build {
	struct writer w;
	uint8_t *ip;	  /* NULL when the headers did not fit, as w.failed says */
	uint8_t *payload; /* of the IPv6 packet */
};

/* Ethernet and IPv6 headers; dst_mac as struct nd_link says. */
struct build nd_build_open(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst,
			   uint8_t next_header, uint8_t hop_limit, uint8_t *out, size_t size);
/* The first eight octets of an ICMPv6 message. */
void nd_build_icmp6(struct build *b, uint8_t type, uint8_t code, uint32_t word);
/* A link-layer address option (enum wire_option). */
void nd_build_ll(struct build *b, uint8_t option, const struct addr_mac *mac);
/* Fill in the payload length; the frame's length or -ENOSPC. */
int nd_build_close(struct build *b);
/* The same, and the checksum. */
int nd_build_close_icmp6(struct build *b);
