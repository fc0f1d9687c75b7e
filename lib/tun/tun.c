/* SPDX-License-Identifier: BSD-3-Clause */
#include "tun/tun.h"

#include "base/cursor.h"

/* IPv6 options (RFC 8200 section 4.2, RFC 2473 section 4.1.1). */
enum { OPT_PAD1 = 0, OPT_PADN = 1, OPT_LIMIT = 4 };
enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51 };

#define DSCP_SHIFT 22 /* in the first word of an IPv6 header */

enum { NOT_ECT = 0, ECT_1 = 1, ECT_0 = 2, CE = 3, DROP = -1 };

const int8_t tun_ecn_egress[4][4] = {
	[NOT_ECT] = {[NOT_ECT] = NOT_ECT, [ECT_0] = NOT_ECT, [ECT_1] = NOT_ECT, [CE] = DROP},
	[ECT_0] = {[NOT_ECT] = ECT_0, [ECT_0] = ECT_0, [ECT_1] = ECT_1, [CE] = CE},
	[ECT_1] = {[NOT_ECT] = ECT_1, [ECT_0] = ECT_1, [ECT_1] = ECT_1, [CE] = CE},
	[CE] = {[NOT_ECT] = CE, [ECT_0] = CE, [ECT_1] = CE, [CE] = CE},
};

static const char *const error_names[TUN_ERR_COUNT] = {
	[TUN_OK] = "ok",	   [TUN_ERR_SHORT] = "short",	[TUN_ERR_VERSION] = "version",
	[TUN_ERR_PROTO] = "proto", [TUN_ERR_OPTION] = "option", [TUN_ERR_GRE] = "gre",
};

const struct tun_style tun_plain = {.limit = TUN_LIMIT_NONE, .dscp = TUN_DSCP_COPY};

void
tun_template_init(struct tun_template *t, const struct addr6 *local, const struct addr6 *remote, uint8_t hop_limit,
		  const struct tun_style *style)
{
	struct writer w = writer_on(t->bytes, sizeof(t->bytes));
	bool copy = style->dscp == TUN_DSCP_COPY;

	*t = (struct tun_template){.class_mask = copy ? TUN_TRAFFIC_CLASS : TUN_ECN,
				   .proto = style->gre ? TUN_PROTO_GRE : TUN_PROTO_IP6};
	writer_u32(&w, 6u << 28 | (copy ? 0 : (uint32_t)style->dscp << DSCP_SHIFT));
	writer_u16(&w, 0);
	writer_u8(&w, TUN_PROTO_IP6);
	writer_u8(&w, hop_limit);
	writer_addr6(&w, local);
	writer_addr6(&w, remote);
	tun_template_set_limit(t, style->limit);
}

void
tun_template_set_limit(struct tun_template *t, int limit)
{
	const uint8_t options[TUN_LIMIT_LEN] = {t->proto, 0, OPT_LIMIT, 1, (uint8_t)limit, OPT_PADN, 1, 0};

	if (limit == TUN_LIMIT_NONE) {
		t->bytes[6] = t->proto;
		t->len = TUN_IP6_LEN;
		return;
	}
	t->bytes[6] = TUN_PROTO_DSTOPTS;
	memcpy(t->bytes + TUN_IP6_LEN, options, sizeof(options));
	t->len = TUN_HEADER_MAX;
}

/* The next option that is no Pad1; false at the end, and where one runs past it (c->failed). */
static bool
option_next(struct cursor *c, uint8_t *type, struct cursor *data)
{
	while (cursor_left(c) > 0) {
		*type = cursor_u8(c);
		if (*type == OPT_PAD1)
			continue;
		*data = cursor_sub(c, cursor_u8(c));
		return !c->failed;
	}
	return false;
}

/* The options of one header, by the rule of the highest two bits of each that is not known: 00 is skipped. */
static enum tun_error
decap_header(struct cursor options, struct tun_inner *out)
{
	struct cursor data;
	uint8_t type;

	while (option_next(&options, &type, &data)) {
		if (type == OPT_LIMIT) {
			if (cursor_left(&data) != 1)
				return TUN_ERR_OPTION;
			out->limit = cursor_u8(&data);
		} else if (type >> 6 != 0) {
			return TUN_ERR_OPTION;
		}
	}
	return options.failed ? TUN_ERR_SHORT : TUN_OK;
}

enum tun_error
tun_decap_options(const uint8_t *packet, size_t end, struct tun_inner *out)
{
	struct cursor c = cursor_on(packet, end);
	uint8_t next_header = TUN_PROTO_DSTOPTS;

	cursor_bytes(&c, TUN_IP6_LEN);
	while (next_header == TUN_PROTO_DSTOPTS) {
		struct cursor options;
		enum tun_error e;

		next_header = cursor_u8(&c);
		options = cursor_sub(&c, cursor_u8(&c) * 8u + 6);
		if (c.failed)
			return TUN_ERR_SHORT;
		e = decap_header(options, out);
		if (e != TUN_OK)
			return e;
	}
	if (next_header == TUN_PROTO_GRE)
		return tun_decap_gre(packet, (size_t)(c.at - packet), end, out);
	if (next_header != TUN_PROTO_IP6)
		return TUN_ERR_PROTO;
	if (cursor_left(&c) < TUN_IP6_LEN)
		return TUN_ERR_SHORT;
	out->offset = (uint16_t)(c.at - packet); /* fits: as many bytes follow as lie in front of the payload */
	return tun_decap_inner(packet, end, out);
}

/* The ones' complement sum of these bytes is that of none (RFC 1071). */
static bool
sum_is_good(struct cursor c)
{
	uint32_t sum = 0;

	while (cursor_left(&c) > 1)
		sum += cursor_u16(&c);
	if (cursor_left(&c) > 0)
		sum += cursor_u8(&c) << 8;
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16) == 0xffff;
}

enum tun_error
tun_decap_gre(const uint8_t *packet, size_t at, size_t end, struct tun_inner *out)
{
	const struct cursor whole = cursor_on(packet + at, end - at);
	struct cursor c = whole;
	uint32_t word = cursor_u32(&c);

	if (c.failed)
		return TUN_ERR_SHORT;
	if ((word & TUN_GRE_REFUSED) != 0 || (word & TUN_GRE_TYPE) != TUN_GRE_IP6)
		return TUN_ERR_GRE;
	if (word & TUN_GRE_C)
		cursor_u32(&c);
	out->gre = word & TUN_GRE_K ? TUN_GRE_KEY : TUN_GRE_PLAIN;
	if (word & TUN_GRE_K)
		out->key = cursor_u32(&c);
	if (word & TUN_GRE_S)
		cursor_u32(&c);
	if (c.failed)
		return TUN_ERR_SHORT;
	if ((word & TUN_GRE_C) && !sum_is_good(whole))
		return TUN_ERR_GRE;
	if (cursor_left(&c) < TUN_IP6_LEN)
		return TUN_ERR_SHORT;
	out->offset = (uint16_t)(c.at - packet); /* fits, as behind options */
	return tun_decap_inner(packet, end, out);
}

int
tun_quoted_at(const uint8_t *packet, size_t len)
{
	struct cursor c = cursor_on(packet, len);
	uint8_t proto, units = 0;
	uint32_t word = TUN_GRE_IP6;

	cursor_bytes(&c, 6);
	proto = cursor_u8(&c);
	cursor_bytes(&c, TUN_IP6_LEN - 7);
	if (proto == TUN_PROTO_DSTOPTS) {
		proto = cursor_u8(&c);
		units = cursor_u8(&c);
		cursor_bytes(&c, TUN_LIMIT_LEN - 2);
	}
	if (proto == TUN_PROTO_GRE) {
		proto = TUN_PROTO_IP6;
		word = cursor_u32(&c);
		if (word & TUN_GRE_K)
			cursor_u32(&c);
	}
	if (c.failed || proto != TUN_PROTO_IP6 || units > 0 || (word & ~TUN_GRE_K) != TUN_GRE_IP6 ||
	    cursor_left(&c) < TUN_IP6_LEN || c.at[0] >> 4 != 6)
		return -1;
	return (int)(c.at - packet);
}

/* The limit in one header's options, or NULL. */
static const uint8_t *
find_limit(struct cursor options)
{
	struct cursor data;
	uint8_t type;

	while (option_next(&options, &type, &data))
		if (type == OPT_LIMIT && cursor_left(&data) == 1)
			return data.at;
	return NULL;
}

/* From left to right until a limit, another IPv6 header, an upper layer, or what cannot be parsed (4.1.1 (a)). */
static const uint8_t *
walk_to_limit(const uint8_t *inner, size_t len)
{
	struct cursor c = cursor_on(inner, len);
	uint8_t next_header;

	cursor_bytes(&c, 6);
	next_header = cursor_u8(&c);
	cursor_bytes(&c, TUN_IP6_LEN - 7);
	while (!c.failed) {
		uint8_t type = next_header;
		size_t body;
		struct cursor options;

		if (type != HOP_BY_HOP && type != ROUTING && type != FRAGMENT && type != AUTHENTICATION &&
		    type != TUN_PROTO_DSTOPTS)
			return NULL;
		next_header = cursor_u8(&c);
		body = cursor_u8(&c); /* reserved in a Fragment header, of units of four octets in an AH */
		body = type == FRAGMENT ? 6 : type == AUTHENTICATION ? body * 4 + 6 : body * 8 + 6;
		options = cursor_sub(&c, body);
		if (c.failed)
			return NULL;
		if (type == FRAGMENT && cursor_u16(&options) >> 3 != 0)
			return NULL; /* what follows is no header */
		if (type == TUN_PROTO_DSTOPTS && find_limit(options) != NULL)
			return find_limit(options);
	}
	return NULL;
}

int
tun_limit_of(const uint8_t *inner, size_t len)
{
	const uint8_t *limit = walk_to_limit(inner, len);

	return limit != NULL ? *limit : TUN_LIMIT_NONE;
}

int
tun_limit_at(const uint8_t *inner, size_t len)
{
	const uint8_t *limit = walk_to_limit(inner, len);

	return limit != NULL ? (int)(limit - inner) : TUN_LIMIT_NONE;
}

const char *
tun_error_name(enum tun_error e)
{
	return (unsigned int)e < TUN_ERR_COUNT ? error_names[e] : "unknown";
}
