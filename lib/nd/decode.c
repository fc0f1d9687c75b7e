/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/cursor.h"
#include "nd/nd.h"
#include "wire.h"

#define BIT(n) (1u << (n))

/* A row a message: the octets that it has at least, and for neighbour discovery the options that it may carry. */
static const struct kind {
	uint8_t icmp_type;
	uint8_t min_len;
	enum nd_type type;
	bool discovery; /* RFC 4861's checks apply */
	unsigned int options;
} kinds[] = {
	{WIRE_TOO_BIG, 8, ND_PACKET_TOO_BIG, false, 0},
	{WIRE_ECHO_REQUEST, 8, ND_ECHO_REQUEST, false, 0},
	{WIRE_ECHO_REPLY, 8, ND_ECHO_REPLY, false, 0},
	{WIRE_RS, 8, ND_RS, true, BIT(WIRE_OPT_SOURCE_LL)},
	{WIRE_RA, 16, ND_RA, true, BIT(WIRE_OPT_SOURCE_LL) | BIT(WIRE_OPT_PREFIX) | BIT(WIRE_OPT_MTU)},
	{WIRE_NS, 24, ND_NS, true, BIT(WIRE_OPT_SOURCE_LL)},
	{WIRE_NA, 24, ND_NA, true, BIT(WIRE_OPT_TARGET_LL)},
};
/* Errors of any other type are errors still (RFC 4443 section 2.4 (a)). */
static const struct kind kind_error = {.min_len = 8, .type = ND_ERROR};
static const struct kind kind_other = {.min_len = 4, .type = ND_OTHER};

/* The length of each option that is read, in units of 8 octets. */
static const uint8_t option_units[] = {
	[WIRE_OPT_SOURCE_LL] = WIRE_OPT_LL_UNITS,
	[WIRE_OPT_TARGET_LL] = WIRE_OPT_LL_UNITS,
	[WIRE_OPT_PREFIX] = WIRE_OPT_PREFIX_UNITS,
	[WIRE_OPT_MTU] = WIRE_OPT_MTU_UNITS,
};

static const char *const error_names[ND_ERR_COUNT] = {
	[ND_OK] = "ok",
	[ND_ERR_SHORT] = "short",
	[ND_ERR_CHECKSUM] = "checksum",
	[ND_ERR_HOP_LIMIT] = "hop-limit",
	[ND_ERR_CODE] = "code",
	[ND_ERR_ADDRESS] = "address",
	[ND_ERR_OPTION] = "option",
	[ND_ERR_FRAGMENT] = "fragment",
	[ND_ERR_PROTO] = "proto",
};

static const struct kind *
kind_get(uint8_t icmp_type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].icmp_type == icmp_type)
			return &kinds[i];
	return icmp_type < WIRE_INFORMATIONAL ? &kind_error : &kind_other;
}

static bool
is_solicited_node(const struct addr6 *a)
{
	struct addr6 group = addr6_solicited_node(a); /* a itself, where a is such a group */

	return addr6_equal(a, &group);
}

/* The checks of RFC 4861 that need no options; sections in the order of the cases. */
static bool
addresses_fit(const struct nd_frame *f, const struct nd_msg *m)
{
	if (addr6_is_multicast(&f->ip_src))
		return false;
	switch (m->type) {
	case ND_RA: /* 6.1.2 */
		return addr6_is_link_local(&f->ip_src);
	case ND_NS: /* 7.1.1 */
		return !addr6_is_multicast(&m->ns.target) &&
		       (!addr6_is_zero(&f->ip_src) || is_solicited_node(&f->ip_dst));
	case ND_NA: /* 7.1.2 */
		return !addr6_is_multicast(&m->na.target) &&
		       !(addr6_is_multicast(&f->ip_dst) && (m->na.flags & ND_NA_SOLICITED));
	default:
		return true;
	}
}

static void
decode_prefix(struct cursor *c, struct nd_msg *m)
{
	struct nd_prefix_info p;
	uint8_t len = cursor_u8(c);
	uint8_t flags = cursor_u8(c);
	struct addr6 addr;

	p.on_link = flags & WIRE_PREFIX_ON_LINK;
	p.autonomous = flags & WIRE_PREFIX_AUTONOMOUS;
	p.valid_s = cursor_u32(c);
	p.preferred_s = cursor_u32(c);
	cursor_u32(c); /* reserved */
	addr = cursor_addr6(c);
	if (len > 128 || m->ra.prefix_count == ND_PREFIX_MAX)
		return;
	p.prefix = addr_prefix_mask(&addr, len);
	m->ra.prefix[m->ra.prefix_count++] = p;
}

/* The first link-layer address counts. A group is no neighbour's address and is not taken for one. */
static void
decode_ll(struct cursor *c, struct nd_msg *m)
{
	struct addr_mac mac;

	cursor_copy(c, &mac, sizeof(mac));
	if (m->has_ll || addr_mac_is_group(&mac))
		return;
	m->ll = mac;
	m->has_ll = true;
}

/* The kind's options are read, others only measured (RFC 4861 sections 6.1 and 7.1). seen: the types of the former. */
static enum nd_error
decode_options(struct cursor *c, const struct kind *kind, struct nd_msg *m, unsigned int *seen)
{
	while (cursor_left(c) > 0) {
		uint8_t type = cursor_u8(c);
		uint8_t units = cursor_u8(c);
		struct cursor body = cursor_sub(c, units != 0 ? units * 8u - 2 : 0);

		if (c->failed || units == 0)
			return ND_ERR_OPTION;
		if (type >= sizeof(option_units) || !(kind->options & BIT(type)))
			continue;
		if (units != option_units[type])
			return ND_ERR_OPTION;
		*seen |= BIT(type);
		if (type == WIRE_OPT_PREFIX) {
			decode_prefix(&body, m);
		} else if (type == WIRE_OPT_MTU) {
			cursor_u16(&body); /* reserved */
			m->ra.mtu = cursor_u32(&body);
		} else {
			decode_ll(&body, m);
		}
	}
	return ND_OK;
}

/* The fixed part behind type, code and checksum; c holds min_len octets of it at least. */
static void
decode_body(struct cursor *c, uint8_t icmp_type, uint8_t code, struct nd_msg *m)
{
	uint32_t word;

	switch (m->type) {
	case ND_RA:
		m->ra.hop_limit = cursor_u8(c);
		m->ra.flags = cursor_u8(c);
		m->ra.router_lifetime_s = cursor_u16(c);
		m->ra.reachable_ms = cursor_u32(c);
		m->ra.retrans_ms = cursor_u32(c);
		break;
	case ND_RS:
		cursor_u32(c); /* reserved */
		break;
	case ND_NS:
		cursor_u32(c); /* reserved */
		m->ns.target = cursor_addr6(c);
		break;
	case ND_NA:
		m->na.flags = (uint8_t)(cursor_u32(c) >> 24) & (ND_NA_ROUTER | ND_NA_SOLICITED | ND_NA_OVERRIDE);
		m->na.target = cursor_addr6(c);
		break;
	case ND_ECHO_REQUEST:
	case ND_ECHO_REPLY:
		m->echo.id = cursor_u16(c);
		m->echo.sequence = cursor_u16(c);
		break;
	case ND_PACKET_TOO_BIG:
	case ND_ERROR:
		m->error.type = icmp_type;
		m->error.code = code;
		word = cursor_u32(c);
		if (icmp_type == WIRE_TOO_BIG)
			m->error.mtu = word;
		else if (icmp_type == WIRE_PARAMETER)
			m->error.pointer = word;
		m->error.invoking = c->at;
		m->error.invoking_len = cursor_left(c);
		break;
	case ND_OTHER:
		break;
	}
}

static enum nd_error
decode_discovery(const struct nd_frame *f, struct cursor *c, const struct kind *kind, struct nd_msg *m)
{
	unsigned int seen = 0;
	enum nd_error e = decode_options(c, kind, m, &seen);

	if (e != ND_OK)
		return e;
	if (!addresses_fit(f, m))
		return ND_ERR_ADDRESS;
	/* Nobody is yet at the unspecified address to be found at a link-layer address (6.1.1, 7.1.1). */
	if (addr6_is_zero(&f->ip_src) && (seen & BIT(WIRE_OPT_SOURCE_LL)))
		return ND_ERR_OPTION;
	return ND_OK;
}

enum nd_error
nd_decode(const struct nd_frame *f, struct nd_msg *out)
{
	const struct kind *kind;
	struct cursor c;
	uint8_t type, code;

	*out = (struct nd_msg){.type = ND_OTHER};
	if (f->ethertype != ND_ETHERTYPE_IP6 || f->next_header != ND_PROTO_ICMP6)
		return ND_ERR_PROTO;
	c = cursor_on(f->payload, f->payload_len);
	type = cursor_u8(&c);
	code = cursor_u8(&c);
	cursor_u16(&c); /* the checksum is checked with all else */
	kind = kind_get(type);
	if (c.failed || f->payload_len < kind->min_len)
		return ND_ERR_SHORT;
	if (nd_checksum(&f->ip_src, &f->ip_dst, ND_PROTO_ICMP6, f->payload, f->payload_len) != 0)
		return ND_ERR_CHECKSUM;
	if (kind->discovery) {
		if (f->hop_limit != ND_HOP_LIMIT)
			return ND_ERR_HOP_LIMIT;
		if (code != 0)
			return ND_ERR_CODE;
		if (f->fragment)
			return ND_ERR_FRAGMENT;
	}
	out->type = kind->type;
	decode_body(&c, type, code, out);
	return kind->discovery ? decode_discovery(f, &c, kind, out) : ND_OK;
}

const char *
nd_error_name(enum nd_error e)
{
	return (unsigned int)e < ND_ERR_COUNT ? error_names[e] : "unknown";
}
