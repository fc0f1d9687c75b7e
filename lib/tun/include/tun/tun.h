/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Encapsulation on bytes: IPv6 in IPv6 (RFC 2473), with and without the tunnel encapsulation limit option, and IPv6 in
 * GRE in IPv6 (RFC 7676), with and without a key (RFC 2890).
 * The hot parts are inline (tun_inline.h) and touch no more than the headers that they write or read.
 *
 *	struct tun_template t;
 *	struct tun_inner in;
 *
 *	tun_template_init(&t, &local, &remote, 64, &tun_plain);
 *	tun_encap6(&t, inner - t.len, inner, inner_len);	writes t.len bytes in front of the inner packet
 *
 *	if (tun_decap(packet, len, &in) == TUN_OK && tun_decap_ecn(packet + in.offset, in.ecn) == 0)
 *		forward(packet + in.offset, in.len);
 *
 * All functions are pure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"

#define TUN_IP6_LEN	  40
#define TUN_LIMIT_LEN	  8 /* destination options header with the tunnel encapsulation limit */
#define TUN_HEADER_MAX	  (TUN_IP6_LEN + TUN_LIMIT_LEN)
#define TUN_GRE_MAX	  8
#define TUN_PROTO_IP6	  41
#define TUN_PROTO_GRE	  47
#define TUN_PROTO_DSTOPTS 60
#define TUN_LIMIT_NONE	  (-1)
#define TUN_DSCP_COPY	  (-1)

/* What the outer headers of a tunnel are like. */
struct tun_style {
	int limit; /* the tunnel encapsulation limit, 0..255, or TUN_LIMIT_NONE: no option */
	int dscp;  /* 0..63, or TUN_DSCP_COPY: the inner packet's (RFC 2983 section 4.1) */
	bool gre;  /* a GRE header lies between them and the inner packet */
};

/* No limit, the inner packet's DSCP, no GRE. */
extern const struct tun_style tun_plain;

/*
 * The outer headers of a tunnel in front of the GRE header, if there is one: made once; payload length, flow label and
 * what class_mask says of the first word are filled in a packet.
 */
struct tun_template {
	uint8_t bytes[TUN_HEADER_MAX];
	uint32_t class_mask; /* host order: the bits that are the inner packet's */
	uint8_t len;	     /* TUN_IP6_LEN, or TUN_HEADER_MAX with a limit */
	uint8_t proto;	     /* TUN_PROTO_IP6 or TUN_PROTO_GRE: what follows */
};

/* Whether a packet is in GRE, and with a key. */
enum tun_gre { TUN_GRE_NONE, TUN_GRE_PLAIN, TUN_GRE_KEY };

enum tun_error {
	TUN_OK,
	TUN_ERR_SHORT,	 /* fewer bytes than the headers say */
	TUN_ERR_VERSION, /* outer or inner version nibble */
	TUN_ERR_PROTO,	 /* nothing that this room takes apart */
	TUN_ERR_OPTION,	 /* a destination option that asks for the packet to be dropped, or a limit of another length */
	TUN_ERR_GRE, /* a GRE header of another version, with bits set that are not known, a wrong checksum, or no IPv6
		      */
	TUN_ERR_COUNT
};

/* What lies in a tunnel packet. Offsets are from the outer IPv6 header. */
struct tun_inner {
	uint16_t offset;
	uint16_t len;  /* of the inner packet by its own payload length, which lies within the outer one */
	uint8_t ecn;   /* of the outer header */
	int16_t limit; /* the tunnel encapsulation limit, TUN_LIMIT_NONE without one */
	uint8_t gre;   /* enum tun_gre */
	uint32_t key;  /* host order; 0 without one */
};

/* Control lcore. */
void tun_template_init(struct tun_template *t, const struct addr6 *local, const struct addr6 *remote, uint8_t hop_limit,
		       const struct tun_style *style);
/*
 * Give t another limit (0..255), or none: of its own copy of the template, for the packet that carries a limit
 * itself, whose next encapsulation states one less (RFC 2473 section 4.1.1 (c)). Any worker.
 */
void tun_template_set_limit(struct tun_template *t, int limit);

/*
 * Write the outer headers to at (t->len bytes) for the IPv6 packet inner of inner_len bytes, which the tunnel's MTU
 * allows (inner_len <= 65535 - TUN_LIMIT_LEN - TUN_GRE_MAX): length, DSCP as the style says, ECN copied (RFC 6040
 * section 4.1 normal mode), flow label from the inner flow (RFC 6438 section 3). at is commonly inner - t->len. A GRE
 * header in front of the inner packet is the caller's, and counts in inner_len. Any worker.
 */
static inline void tun_encap6(const struct tun_template *t, uint8_t *at, const uint8_t *inner, uint16_t inner_len);
/* The length of such a GRE header; and write it, key in host order. Any worker. */
static inline uint16_t tun_gre_len(enum tun_gre gre);
static inline void tun_gre_encode(uint8_t *at, enum tun_gre gre, uint32_t key);
/*
 * Find the inner IPv6 packet of the outer one at packet, of which len bytes are there: directly behind the IPv6
 * header, behind Destination Options headers, or behind a GRE header that follows either (RFC 2784 sections 2 and 3; a
 * sequence number is skipped). Outer fragments are TUN_ERR_PROTO. Any worker.
 */
static inline enum tun_error tun_decap(const uint8_t *packet, size_t len, struct tun_inner *out);
/*
 * The offset of the inner IPv6 header in a packet that this room encapsulated, of which but len bytes are there, as an
 * ICMPv6 error quotes it; or -1. Its lengths may point beyond them.
 */
int tun_quoted_at(const uint8_t *packet, size_t len);
/*
 * Merge the outer ECN field into the inner header (RFC 6040 section 4.2); 0, or -1: drop the packet. The inner DSCP
 * stays as it is: a tunnel's is for the way between its ends alone (the pipe model of RFC 2983 section 3.1). Any
 * worker.
 */
static inline int tun_decap_ecn(uint8_t *inner, uint8_t outer_ecn);

/*
 * The tunnel encapsulation limit that a packet about to be encapsulated carries itself, or TUN_LIMIT_NONE (RFC 2473
 * section 4.1.1 (a)): 0 means that it may enter no tunnel. Can be one only when the packet's next header is none of
 * the upper layers. Any worker.
 */
int tun_limit_of(const uint8_t *inner, size_t len);
/* The offset of that limit in inner, the pointer of the Parameter Problem due at 0 (4.1.1 (b)); or TUN_LIMIT_NONE. */
int tun_limit_at(const uint8_t *inner, size_t len);
/* A word for a log or a counter; never NULL. */
const char *tun_error_name(enum tun_error e);

#include "tun/tun_inline.h"
