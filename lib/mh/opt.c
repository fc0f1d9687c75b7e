/* SPDX-License-Identifier: BSD-3-Clause */
#include "opt.h"

#define OPT_PAD1    0
#define OPT_PADN    1
#define HEADER_UNIT 8

#define AUTH_FIXED_LEN 7 /* octets of an authentication option that stand before its data, its type and length too */

/*
 * A pair a field: the option's data, without type and length. Decoders see just the data, whose length the row
 * has checked; false says that the value is impossible.
 */
static bool
decode_refresh_advice(struct cursor *c, void *to)
{
	struct mh_opt_refresh_advice *o = to;

	o->interval = cursor_u16(c);
	return true;
}

static bool
encode_refresh_advice(struct writer *w, const void *from)
{
	const struct mh_opt_refresh_advice *o = from;

	writer_u16(w, o->interval);
	return true;
}

static bool
decode_alt_coa(struct cursor *c, void *to)
{
	struct mh_opt_alt_coa *o = to;

	o->addr = cursor_addr6(c);
	return true;
}

static bool
encode_alt_coa(struct writer *w, const void *from)
{
	const struct mh_opt_alt_coa *o = from;

	writer_addr6(w, &o->addr);
	return true;
}

static bool
decode_mn_id(struct cursor *c, void *to)
{
	struct mh_opt_mn_id *o = to;

	o->subtype = cursor_u8(c);
	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->id, o->len);
	return true;
}

static bool
encode_mn_id(struct writer *w, const void *from)
{
	const struct mh_opt_mn_id *o = from;

	if (o->len > sizeof(o->id))
		return false;
	writer_u8(w, o->subtype);
	writer_copy(w, o->id, o->len);
	return true;
}

/*
 * ALL_ZERO has no particular length on the wire (RFC 5213 section 8.3 gives none) and has none here. Bits past the
 * length are dropped, so that prefixes compare; a value that is not zero but names no prefix is malformed, lest it
 * turn into a request for any.
 */
static bool
decode_hnp(struct cursor *c, void *to)
{
	struct mh_opt_hnp *o = to;
	struct addr6 addr;
	uint8_t len;

	cursor_u8(c); /* reserved */
	len = cursor_u8(c);
	addr = cursor_addr6(c);
	if (addr6_is_zero(&addr)) {
		o->prefix = (struct addr_prefix){0};
		return true;
	}
	if (len > 8 * sizeof(addr))
		return false;
	o->prefix = addr_prefix_mask(&addr, len);
	return !addr6_is_zero(&o->prefix.addr);
}

static bool
encode_hnp(struct writer *w, const void *from)
{
	const struct addr_prefix *p = &((const struct mh_opt_hnp *)from)->prefix;

	if (p->len > 8 * sizeof(p->addr))
		return false;
	writer_u8(w, 0);
	writer_u8(w, addr6_is_zero(&p->addr) ? 0 : p->len);
	writer_addr6(w, &p->addr);
	return true;
}

static bool
decode_handoff(struct cursor *c, void *to)
{
	struct mh_opt_handoff *o = to;

	cursor_u8(c); /* reserved */
	o->value = cursor_u8(c);
	return true;
}

static bool
encode_handoff(struct writer *w, const void *from)
{
	const struct mh_opt_handoff *o = from;

	writer_u8(w, 0);
	writer_u8(w, o->value);
	return true;
}

static bool
decode_access_tech(struct cursor *c, void *to)
{
	struct mh_opt_access_tech *o = to;

	cursor_u8(c); /* reserved */
	o->value = cursor_u8(c);
	return true;
}

static bool
encode_access_tech(struct writer *w, const void *from)
{
	const struct mh_opt_access_tech *o = from;

	writer_u8(w, 0);
	writer_u8(w, o->value);
	return true;
}

static bool
decode_mn_ll_id(struct cursor *c, void *to)
{
	struct mh_opt_mn_ll_id *o = to;

	cursor_u16(c); /* reserved */
	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->id, o->len);
	return true;
}

static bool
encode_mn_ll_id(struct writer *w, const void *from)
{
	const struct mh_opt_mn_ll_id *o = from;

	if (o->len > sizeof(o->id))
		return false;
	writer_u16(w, 0);
	writer_copy(w, o->id, o->len);
	return true;
}

static bool
decode_link_local(struct cursor *c, void *to)
{
	struct mh_opt_link_local *o = to;

	o->addr = cursor_addr6(c);
	return true;
}

static bool
encode_link_local(struct writer *w, const void *from)
{
	const struct mh_opt_link_local *o = from;

	writer_addr6(w, &o->addr);
	return true;
}

static bool
decode_timestamp(struct cursor *c, void *to)
{
	struct mh_opt_timestamp *o = to;

	o->wall = cursor_u64(c);
	return true;
}

static bool
encode_timestamp(struct writer *w, const void *from)
{
	const struct mh_opt_timestamp *o = from;

	writer_u64(w, o->wall);
	return true;
}

static bool
decode_service(struct cursor *c, void *to)
{
	struct mh_opt_service *o = to;

	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->id, o->len);
	return true;
}

static bool
encode_service(struct writer *w, const void *from)
{
	const struct mh_opt_service *o = from;

	if (o->len == 0 || o->len > sizeof(o->id))
		return false;
	writer_copy(w, o->id, o->len);
	return true;
}

static bool
decode_gre_key(struct cursor *c, void *to)
{
	struct mh_opt_gre_key *o = to;

	cursor_u16(c); /* reserved */
	o->given = cursor_left(c) > 0;
	if (o->given)
		o->key = cursor_u32(c);
	return !c->failed && cursor_left(c) == 0;
}

static bool
encode_gre_key(struct writer *w, const void *from)
{
	const struct mh_opt_gre_key *o = from;

	writer_u16(w, 0);
	if (o->given)
		writer_u32(w, o->key);
	return true;
}

static bool
decode_group(struct cursor *c, void *to)
{
	struct mh_opt_group *o = to;

	o->subtype = cursor_u8(c);
	cursor_u8(c); /* reserved */
	o->id = cursor_u32(c);
	return true;
}

static bool
encode_group(struct writer *w, const void *from)
{
	const struct mh_opt_group *o = from;

	writer_u8(w, o->subtype);
	writer_u8(w, 0);
	writer_u32(w, o->id);
	return true;
}

static bool
decode_restart_counter(struct cursor *c, void *to)
{
	struct mh_opt_restart_counter *o = to;

	o->counter = cursor_u32(c);
	return true;
}

static bool
encode_restart_counter(struct writer *w, const void *from)
{
	const struct mh_opt_restart_counter *o = from;

	writer_u32(w, o->counter);
	return true;
}

static bool
decode_vendor(struct cursor *c, void *to)
{
	struct mh_opt_vendor *o = to;

	o->vendor = cursor_u32(c);
	o->subtype = cursor_u8(c);
	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->data, o->len);
	return true;
}

static bool
encode_vendor(struct writer *w, const void *from)
{
	const struct mh_opt_vendor *o = from;

	if (o->len > sizeof(o->data))
		return false;
	writer_u32(w, o->vendor);
	writer_u8(w, o->subtype);
	writer_copy(w, o->data, o->len);
	return true;
}

static bool
decode_replay(struct cursor *c, void *to)
{
	struct mh_opt_replay *o = to;

	o->stamp = cursor_u64(c);
	return true;
}

static bool
encode_replay(struct writer *w, const void *from)
{
	const struct mh_opt_replay *o = from;

	writer_u64(w, o->stamp);
	return true;
}

static bool
decode_auth(struct cursor *c, void *to)
{
	struct mh_opt_auth *o = to;

	o->subtype = cursor_u8(c);
	o->spi = cursor_u32(c);
	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->data, o->len);
	return true;
}

static bool
encode_auth(struct writer *w, const void *from)
{
	const struct mh_opt_auth *o = from;

	if (o->len > sizeof(o->data))
		return false;
	writer_u8(w, o->subtype);
	writer_u32(w, o->spi);
	writer_copy(w, o->data, o->len);
	return true;
}

static const struct opt_row {
	uint8_t type;
	uint8_t align_x, align_y;
	uint8_t min_len, max_len;
	uint8_t many;
	uint16_t offset; /* of the field in struct mh_opts */
	uint16_t size;	 /* of one instance */
	bool (*decode)(struct cursor *c, void *to);
	bool (*encode)(struct writer *w, const void *from);
} rows[MH_OPT_COUNT] = {
#define MH_OPT(NAME, field, type, x, y, min, max, many, source)                                                        \
	[MH_OPT_##NAME] = {type,                                                                                       \
			   x,                                                                                          \
			   y,                                                                                          \
			   min,                                                                                        \
			   max,                                                                                        \
			   many,                                                                                       \
			   offsetof(struct mh_opts, field),                                                            \
			   sizeof(struct mh_opt_##field),                                                              \
			   decode_##field,                                                                             \
			   encode_##field},
#include "mh/opt.def"
#undef MH_OPT
};

#define MH_OPT(NAME, field, type, x, y, min, max, many, source)                                                        \
	_Static_assert(sizeof(((struct mh_opts *)0)->field) ==                                                         \
			       ((many) > 0 ? (many) : 1) * sizeof(struct mh_opt_##field),                              \
		       #NAME ": the field has room for as many as its row keeps");
#include "mh/opt.def"
#undef MH_OPT

/* The row of a wire type, plus one; 0 for a type that has none. */
static const uint8_t row_of_type[UINT8_MAX + 1] = {
#define MH_OPT(NAME, field, type, x, y, min, max, many, source) [type] = MH_OPT_##NAME + 1,
#include "mh/opt.def"
#undef MH_OPT
};

/* Where struct mh_opts counts the instances of an option that may stand several times. */
static const uint16_t count_offset[MH_OPT_COUNT] = {
	[MH_OPT_HOME_NETWORK_PREFIX] = offsetof(struct mh_opts, hnp_count),
	[MH_OPT_VENDOR_SPECIFIC] = offsetof(struct mh_opts, vendor_count),
};

/* Options that anyone may define the contents of: what is longer than is kept is not malformed. */
static const bool longer_is_skipped[MH_OPT_COUNT] = {
	[MH_OPT_VENDOR_SPECIFIC] = true,
	[MH_OPT_AUTHENTICATION] = true,
};

static uint8_t
instances(const struct mh_opts *o, enum mh_opt kind)
{
	if (!(o->present & 1u << kind))
		return 0;
	return rows[kind].many > 0 ? *((const uint8_t *)o + count_offset[kind]) : 1;
}

static bool
decode_one(struct cursor *data, enum mh_opt kind, struct mh_opts *o)
{
	const struct opt_row *row = &rows[kind];
	uint8_t n = instances(o, kind);
	size_t len = cursor_left(data);

	if (len > row->max_len && longer_is_skipped[kind]) {
		o->unknown++;
		return true;
	}
	if (len < row->min_len || len > row->max_len)
		return false;
	if (n >= (row->many > 0 ? row->many : 1)) {
		o->repeated++;
		return true;
	}
	if (row->many > 0)
		*((uint8_t *)o + count_offset[kind]) = n + 1;
	o->present |= 1u << kind;
	return row->decode(data, (uint8_t *)o + row->offset + (size_t)n * row->size);
}

bool
mh_opts_decode(struct cursor *c, struct mh_opts *out)
{
	while (cursor_left(c) > 0) {
		uint8_t type = cursor_u8(c);
		struct cursor data;

		if (type == OPT_PAD1)
			continue;
		data = cursor_sub(c, cursor_u8(c));
		if (c->failed)
			return false;
		if (type == OPT_PADN)
			continue;
		if (row_of_type[type] == 0)
			out->unknown++;
		else if (!decode_one(&data, row_of_type[type] - 1, out))
			return false;
	}
	return true;
}

/* Pad to x*n + y octets from the start of the header. */
static void
pad_to(struct writer *w, unsigned int x, unsigned int y)
{
	unsigned int n = (unsigned int)(y + x - writer_len(w) % x) % x;

	if (n == 1) {
		writer_u8(w, OPT_PAD1);
	} else if (n > 1) {
		writer_u8(w, OPT_PADN);
		writer_u8(w, (uint8_t)(n - 2));
		writer_zero(w, n - 2);
	}
}

static bool
encode_one(struct writer *w, const struct opt_row *row, const void *from)
{
	uint8_t *head;

	pad_to(w, row->align_x, row->align_y);
	head = writer_bytes(w, 2);
	if (!row->encode(w, from))
		return false;
	if (head != NULL) {
		head[0] = row->type;
		head[1] = (uint8_t)(w->at - head - 2);
	}
	return true;
}

static bool
encode_kind(struct writer *w, const struct mh_opts *o, enum mh_opt kind)
{
	const struct opt_row *row = &rows[kind];
	uint8_t n = instances(o, kind);

	if (n > (row->many > 0 ? row->many : 1))
		return false;
	for (uint8_t i = 0; i < n; i++)
		if (!encode_one(w, row, (const uint8_t *)o + row->offset + (size_t)i * row->size))
			return false;
	return true;
}

bool
mh_opts_encode(struct writer *w, const struct mh_opts *o, enum mh_opt first)
{
	if (first != MH_OPT_COUNT && !encode_kind(w, o, first))
		return false;
	for (unsigned int kind = 0; kind < MH_OPT_COUNT; kind++) {
		/* Nothing stands behind the authentication, not even padding: it ends the message's last 8 octets. */
		if (kind == MH_OPT_AUTHENTICATION && instances(o, kind) > 0)
			pad_to(w, HEADER_UNIT,
			       (HEADER_UNIT - (AUTH_FIXED_LEN + o->auth.len) % HEADER_UNIT) % HEADER_UNIT);
		if (kind != first && !encode_kind(w, o, kind))
			return false;
	}
	pad_to(w, HEADER_UNIT, 0);
	return true;
}

const uint8_t *
mh_opts_auth_data(struct cursor c)
{
	const uint8_t *data = NULL;

	while (cursor_left(&c) > 0) {
		uint8_t type = cursor_u8(&c);
		struct cursor option;

		if (type == OPT_PAD1)
			continue;
		option = cursor_sub(&c, cursor_u8(&c));
		if (type == rows[MH_OPT_AUTHENTICATION].type)
			data = cursor_bytes(&option, AUTH_FIXED_LEN - 2) != NULL ? option.at : NULL;
		else if (type != OPT_PADN)
			data = NULL;
	}
	return data;
}
