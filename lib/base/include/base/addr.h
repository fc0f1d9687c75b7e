/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Addresses as they stand on the wire: bytes in network order, no padding, comparable with memcmp.
 *
 *	struct addr_prefix p;
 *	char text[ADDR_PREFIX_TEXT];
 *	if (addr_prefix_parse("2001:db8:1::/64", &p) == 0)
 *		puts(addr_prefix_format(&p, text));
 *
 * All functions are pure and may be called from any thread.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ADDR6_TEXT	 46 /* bytes that hold any IPv6 address as text, NUL included */
#define ADDR_PREFIX_TEXT 50 /* "address/length" */
#define ADDR_MAC_TEXT	 18 /* "02:00:00:00:aa:01" */

/* An IPv6 address, network order. */
struct addr6 {
	uint8_t b[16];
};

/* A prefix; bits of addr past len (0..128) are zero after addr_prefix_parse and addr_prefix_mask. */
struct addr_prefix {
	struct addr6 addr;
	uint8_t len;
};

/* An IEEE 802 MAC address. */
struct addr_mac {
	uint8_t b[6];
};

_Static_assert(sizeof(struct addr6) == 16, "addr6 is a wire image");
_Static_assert(sizeof(struct addr_prefix) == 17, "addr_prefix has no padding");
_Static_assert(sizeof(struct addr_mac) == 6, "addr_mac is a wire image");

/*
 * Parse text; 0, or -EINVAL with *out untouched. A prefix with bits set past its length is refused; a MAC address is
 * six pairs of digits, all with ':' or all with '-' between them.
 */
int addr6_parse(const char *text, struct addr6 *out);
int addr_prefix_parse(const char *text, struct addr_prefix *out);
int addr_mac_parse(const char *text, struct addr_mac *out);

/* Format into buf (RFC 5952 for IPv6) and return buf. */
char *addr6_format(const struct addr6 *a, char buf[static ADDR6_TEXT]);
char *addr_prefix_format(const struct addr_prefix *p, char buf[static ADDR_PREFIX_TEXT]);
char *addr_mac_format(const struct addr_mac *m, char buf[static ADDR_MAC_TEXT]);

/* The prefix of length len (0..128) that holds a. */
struct addr_prefix addr_prefix_mask(const struct addr6 *a, uint8_t len);
/* True when a lies in p, which has no bits past its length. */
bool addr_prefix_holds(const struct addr_prefix *p, const struct addr6 *a);
/* True when the two prefixes, which have no bits past their lengths, share an address. */
bool addr_prefix_overlaps(const struct addr_prefix *p, const struct addr_prefix *q);

/* fe80::/64 and the EUI-64 made from mac (RFC 4291 appendix A). */
struct addr6 addr6_link_local(const struct addr_mac *mac);
/* ff02::1:ffXX:XXXX of a (RFC 4291 section 2.7.1). */
struct addr6 addr6_solicited_node(const struct addr6 *a);
/* 33:33 and the low four bytes of the group (RFC 2464 section 7). */
struct addr_mac addr_mac_of_group(const struct addr6 *group);

static inline bool
addr6_equal(const struct addr6 *a, const struct addr6 *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static inline bool
addr_prefix_equal(const struct addr_prefix *p, const struct addr_prefix *q)
{
	return memcmp(p, q, sizeof(*p)) == 0;
}

static inline bool
addr_mac_equal(const struct addr_mac *a, const struct addr_mac *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static inline bool
addr6_is_zero(const struct addr6 *a)
{
	return addr6_equal(a, &(struct addr6){0});
}

static inline bool
addr6_is_multicast(const struct addr6 *a)
{
	return a->b[0] == 0xff;
}

static inline bool
addr6_is_link_local(const struct addr6 *a)
{
	return a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

static inline bool
addr_mac_is_group(const struct addr_mac *m)
{
	return m->b[0] & 1;
}

/* The upper 64 bits as they lie in memory (network order): the key of a /64 prefix. */
static inline uint64_t
addr6_upper_be(const struct addr6 *a)
{
	uint64_t v;

	memcpy(&v, a->b, sizeof(v));
	return v;
}
