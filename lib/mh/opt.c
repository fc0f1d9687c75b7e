/* SPDX-License-Identifier: BSD-3-Clause */
#include "opt.h"

#include "field.h"

#define HEADER_UNIT 8

/* Options behind it are not cleared with the message. */
#define OPTS_HEAD (MH_MSG_HEAD - offsetof(struct mh_msg, opt))

#define AUTH_FIXED_LEN 7 /* octets of an authentication option that stand before its data, its type and length too */

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
			   mh_decode_##field,                                                                          \
			   mh_encode_##field},
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
	[MH_OPT_FLOW_ID] = offsetof(struct mh_opts, flow_count),
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
	uint8_t *to;

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
	to = (uint8_t *)o + row->offset + (size_t)n * row->size;
	if (row->offset >= OPTS_HEAD)
		memset(to, 0, row->size);
	return row->decode(data, to);
}

bool
mh_opts_decode(struct cursor *c, struct mh_opts *out)
{
	while (cursor_left(c) > 0) {
		uint8_t type = cursor_u8(c);
		struct cursor data;

		if (type == MH_OPT_PAD1)
			continue;
		data = cursor_sub(c, cursor_u8(c));
		if (c->failed)
			return false;
		if (type == MH_OPT_PADN)
			continue;
		if (row_of_type[type] == 0)
			out->unknown++;
		else if (!decode_one(&data, row_of_type[type] - 1, out))
			return false;
	}
	return true;
}

void
mh_opt_pad(struct writer *w, unsigned int x, unsigned int y)
{
	unsigned int n = (unsigned int)(y + x - writer_len(w) % x) % x;

	if (n == 1) {
		writer_u8(w, MH_OPT_PAD1);
	} else if (n > 1) {
		writer_u8(w, MH_OPT_PADN);
		writer_u8(w, (uint8_t)(n - 2));
		writer_zero(w, n - 2);
	}
}

static bool
encode_one(struct writer *w, const struct opt_row *row, const void *from)
{
	uint8_t *head;

	mh_opt_pad(w, row->align_x, row->align_y);
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
			mh_opt_pad(w, HEADER_UNIT,
				   (HEADER_UNIT - (AUTH_FIXED_LEN + o->auth.len) % HEADER_UNIT) % HEADER_UNIT);
		if (kind != first && !encode_kind(w, o, kind))
			return false;
	}
	mh_opt_pad(w, HEADER_UNIT, 0);
	return true;
}

const uint8_t *
mh_opts_auth_data(struct cursor c)
{
	const uint8_t *data = NULL;

	while (cursor_left(&c) > 0) {
		uint8_t type = cursor_u8(&c);
		struct cursor option;

		if (type == MH_OPT_PAD1)
			continue;
		option = cursor_sub(&c, cursor_u8(&c));
		if (type == rows[MH_OPT_AUTHENTICATION].type)
			data = cursor_bytes(&option, AUTH_FIXED_LEN - 2) != NULL ? option.at : NULL;
		else if (type != MH_OPT_PADN)
			data = NULL;
	}
	return data;
}
