/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "base/cursor.h"
#include "mh/mh.h"
#include "opt.h"

#define PAYLOAD_NONE 59 /* IPv6 No Next Header */
#define HEADER_UNIT  8
#define LENGTH_AT    1
#define CHECKSUM_AT  4

/* A pair a message: what stands between the checksum and the first option. */
static enum mh_error
decode_pbu(struct cursor *c, struct mh_msg *m)
{
	m->pbu.sequence = cursor_u16(c);
	m->pbu.flags = cursor_u16(c);
	m->pbu.lifetime = cursor_u16(c);
	return m->pbu.flags & MH_PBU_P ? MH_OK : MH_ERR_NOT_PROXY;
}

static void
encode_pbu(struct writer *w, const struct mh_msg *m)
{
	writer_u16(w, m->pbu.sequence);
	writer_u16(w, m->pbu.flags | MH_PBU_P);
	writer_u16(w, m->pbu.lifetime);
}

static enum mh_error
decode_pba(struct cursor *c, struct mh_msg *m)
{
	m->pba.status = cursor_u8(c);
	m->pba.flags = cursor_u8(c);
	m->pba.sequence = cursor_u16(c);
	m->pba.lifetime = cursor_u16(c);
	return m->pba.flags & MH_PBA_P ? MH_OK : MH_ERR_NOT_PROXY;
}

static void
encode_pba(struct writer *w, const struct mh_msg *m)
{
	writer_u8(w, m->pba.status);
	writer_u8(w, m->pba.flags | MH_PBA_P);
	writer_u16(w, m->pba.sequence);
	writer_u16(w, m->pba.lifetime);
}

static enum mh_error
decode_be(struct cursor *c, struct mh_msg *m)
{
	m->be.status = cursor_u8(c);
	cursor_u8(c); /* reserved */
	m->be.home_address = cursor_addr6(c);
	return MH_OK;
}

static void
encode_be(struct writer *w, const struct mh_msg *m)
{
	writer_u8(w, m->be.status);
	writer_u8(w, 0);
	writer_addr6(w, &m->be.home_address);
}

static const struct msg_row {
	enum mh_type type;
	uint8_t wire;
	uint8_t fixed_len;
	enum mh_error (*decode)(struct cursor *c, struct mh_msg *m);
	void (*encode)(struct writer *w, const struct mh_msg *m);
} rows[] = {
#define MH_MSG(NAME, field, type, fixed_len, source) {MH_##NAME, type, fixed_len, decode_##field, encode_##field},
#include "mh/msg.def"
#undef MH_MSG
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static const struct msg_row *
row_of_wire(uint8_t wire)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].wire == wire)
			return &rows[i];
	return NULL;
}

static const struct msg_row *
row_of_type(enum mh_type type)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

/* In one's complement arithmetic 0xffff is zero too, and some senders write it so. */
static bool
checksum_holds(uint16_t received, uint16_t computed)
{
	return received == computed || (computed == 0 && received == UINT16_MAX);
}

enum mh_error
mh_decode(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst, struct mh_msg *out)
{
	struct cursor c = cursor_on(bytes, len);
	const struct msg_row *row;
	uint8_t payload, wire;
	uint16_t checksum;
	enum mh_error error;
	size_t header_len;

	memset(out, 0, sizeof(*out)); /* padding as well: messages may be compared as bytes */
	payload = cursor_u8(&c);
	header_len = HEADER_UNIT * ((size_t)cursor_u8(&c) + 1);
	wire = cursor_u8(&c);
	cursor_u8(&c); /* reserved */
	checksum = cursor_u16(&c);
	if (c.failed || len < header_len)
		return MH_ERR_SHORT;
	/* From here on the order of RFC 6275 section 9.2: nothing is answered that is not what its sender sent. */
	if (!checksum_holds(checksum, mh_checksum(bytes, header_len, src, dst)))
		return MH_ERR_CHECKSUM;
	row = row_of_wire(wire);
	if (row == NULL)
		return MH_ERR_TYPE;
	if (payload != PAYLOAD_NONE)
		return MH_ERR_PAYLOAD_PROTO;
	if (header_len < row->fixed_len || header_len != len)
		return MH_ERR_HDR_LEN;
	error = row->decode(&c, out);
	if (error != MH_OK)
		return error;
	out->type = row->type;
	return mh_opts_decode(&c, &out->opt) ? MH_OK : MH_ERR_OPTION;
}

int
mh_encode(const struct mh_msg *m, const struct addr6 *src, const struct addr6 *dst, uint8_t *bytes, size_t size)
{
	struct writer w = writer_on(bytes, size < MH_LEN_MAX ? size : MH_LEN_MAX);
	const struct msg_row *row = row_of_type(m->type);
	struct writer field;
	size_t len;

	if (row == NULL)
		return -EINVAL;
	writer_u8(&w, PAYLOAD_NONE);
	writer_u8(&w, 0); /* length, below */
	writer_u8(&w, row->wire);
	writer_u8(&w, 0);
	writer_u16(&w, 0); /* checksum, below */
	row->encode(&w, m);
	if (!mh_opts_encode(&w, &m->opt))
		return -EINVAL;
	if (w.failed)
		return -ENOSPC;
	len = writer_len(&w);
	bytes[LENGTH_AT] = (uint8_t)(len / HEADER_UNIT - 1);
	field = writer_on(bytes + CHECKSUM_AT, sizeof(uint16_t));
	writer_u16(&field, mh_checksum(bytes, len, src, dst));
	return (int)len;
}

bool
mh_add_hnp(struct mh_msg *m, const struct addr_prefix *p)
{
	if (m->opt.hnp_count >= MH_HNP_MAX)
		return false;
	m->opt.hnp[m->opt.hnp_count++].prefix = *p;
	mh_set(m, MH_OPT_HOME_NETWORK_PREFIX);
	return true;
}
