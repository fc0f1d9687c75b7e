/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The hot parts of tun.h, which includes this file; their contracts stand there. */
#include <endian.h>

#define TUN_TRAFFIC_CLASS 0x0ff00000u /* of the first word of an IPv6 header */
#define TUN_ECN		  0x00300000u
#define TUN_FLOW_LABEL	  0x000fffffu

/* The first word of a GRE header (RFC 2890 section 2); the type of IPv6 (RFC 7676). */
#define TUN_GRE_C	0x80000000u
#define TUN_GRE_K	0x20000000u
#define TUN_GRE_S	0x10000000u
#define TUN_GRE_REFUSED 0x4c070000u /* bits 1, 4 and 5, and the version */
#define TUN_GRE_TYPE	0x0000ffffu
#define TUN_GRE_IP6	0x000086ddu

/* The outgoing ECN field by [inner][outer] (RFC 6040 figure 4); -1: drop. Codepoints as on the wire. */
extern const int8_t tun_ecn_egress[4][4];

/* The ways of tun_decap through Destination Options and GRE; packet is end bytes by its payload length. */
enum tun_error tun_decap_options(const uint8_t *packet, size_t end, struct tun_inner *out);
enum tun_error tun_decap_gre(const uint8_t *packet, size_t at, size_t end, struct tun_inner *out);

static inline uint32_t
tun_load_u32(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return be32toh(v);
}

static inline uint16_t
tun_load_u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint64_t
tun_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/*
 * A flow label for the flow of the inner packet: source, destination, next header and flow label, which stands for
 * the ports of those hosts that set it (RFC 6438 section 3). Never 0, which would mean that there is none.
 */
static inline uint32_t
tun_flow_label(const uint8_t *inner, uint32_t first_word)
{
	uint64_t address[4], rest = (uint64_t)(first_word & TUN_FLOW_LABEL) << 8 | inner[6];
	uint64_t hash;
	uint32_t label;

	memcpy(address, inner + 8, sizeof(address));
	/* The constants are the first digits of pi: they only keep an address of zeros from wiping out its partner. */
	hash = tun_mix(address[0] ^ 0x243f6a8885a308d3u, address[1] ^ rest ^ 0x13198a2e03707344u);
	hash = tun_mix(hash ^ address[2] ^ 0xa4093822299f31d0u, address[3] ^ 0x082efa98ec4e6c89u);
	label = hash >> 44;
	return label + (label == 0);
}

static inline void
tun_encap6(const struct tun_template *t, uint8_t *at, const uint8_t *inner, uint16_t inner_len)
{
	uint32_t inner_word = tun_load_u32(inner);
	uint32_t word =
		htobe32(tun_load_u32(t->bytes) | (inner_word & t->class_mask) | tun_flow_label(inner, inner_word));
	uint16_t payload_len = htobe16((uint16_t)(inner_len + t->len - TUN_IP6_LEN));

	memcpy(at, t->bytes, TUN_IP6_LEN);
	if (t->len != TUN_IP6_LEN)
		memcpy(at + TUN_IP6_LEN, t->bytes + TUN_IP6_LEN, TUN_LIMIT_LEN);
	memcpy(at, &word, sizeof(word));
	memcpy(at + 4, &payload_len, sizeof(payload_len));
}

static inline uint16_t
tun_gre_len(enum tun_gre gre)
{
	return gre == TUN_GRE_KEY ? TUN_GRE_MAX : TUN_GRE_MAX - sizeof(uint32_t);
}

static inline void
tun_gre_encode(uint8_t *at, enum tun_gre gre, uint32_t key)
{
	const uint32_t word = htobe32((gre == TUN_GRE_KEY ? TUN_GRE_K : 0) | TUN_GRE_IP6), key_be = htobe32(key);

	memcpy(at, &word, sizeof(word));
	if (gre == TUN_GRE_KEY)
		memcpy(at + sizeof(word), &key_be, sizeof(key_be));
}

/* The inner packet at out->offset: an IPv6 header, and as much behind it as it says, within end bytes. */
static inline enum tun_error
tun_decap_inner(const uint8_t *packet, size_t end, struct tun_inner *out)
{
	const uint8_t *inner = packet + out->offset;
	size_t left = end - out->offset, len;

	if (left < TUN_IP6_LEN)
		return TUN_ERR_SHORT;
	if (inner[0] >> 4 != 6)
		return TUN_ERR_VERSION;
	len = TUN_IP6_LEN + (size_t)tun_load_u16(inner + 4);
	if (len > left)
		return TUN_ERR_SHORT;
	out->len = (uint16_t)len; /* at most the outer payload length */
	return TUN_OK;
}

/*
 * The header that RFC 2473 section 5.1 draws, which every packet of many tunnels carries: 41, 0, the limit option,
 * and PadN of one byte. What it says otherwise is tun_decap_options' work.
 */
static inline int
tun_is_limit_header(const uint8_t *header)
{
	return tun_load_u32(header) == 0x29000401 && (tun_load_u32(header + 4) & 0xffffff) == 0x010100;
}

static inline enum tun_error
tun_decap(const uint8_t *packet, size_t len, struct tun_inner *out)
{
	size_t end;

	if (len < TUN_IP6_LEN)
		return TUN_ERR_SHORT;
	if (packet[0] >> 4 != 6)
		return TUN_ERR_VERSION;
	end = TUN_IP6_LEN + (size_t)tun_load_u16(packet + 4);
	if (end > len)
		return TUN_ERR_SHORT;
	*out = (struct tun_inner){.offset = TUN_IP6_LEN, .ecn = packet[1] >> 4 & 3, .limit = TUN_LIMIT_NONE};
	if (packet[6] == TUN_PROTO_IP6)
		return tun_decap_inner(packet, end, out);
	if (packet[6] == TUN_PROTO_GRE)
		return tun_decap_gre(packet, TUN_IP6_LEN, end, out);
	if (packet[6] != TUN_PROTO_DSTOPTS)
		return TUN_ERR_PROTO;
	if (end < TUN_HEADER_MAX || !tun_is_limit_header(packet + TUN_IP6_LEN))
		return tun_decap_options(packet, end, out);
	out->limit = packet[TUN_IP6_LEN + 4];
	out->offset = TUN_HEADER_MAX;
	return tun_decap_inner(packet, end, out);
}

static inline int
tun_decap_ecn(uint8_t *inner, uint8_t outer_ecn)
{
	int ecn = tun_ecn_egress[inner[1] >> 4 & 3][outer_ecn & 3];

	if (ecn < 0)
		return -1;
	inner[1] = (uint8_t)((inner[1] & ~0x30) | ecn << 4);
	return 0;
}
