/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "base/cursor.h"
#include "mh/mh.h"
#include "opt.h"

#define PAYLOAD_NONE 59 /* IPv6 No Next Header */
#define HEADER_UNIT  8
#define PAYLOAD_AT   0
#define LENGTH_AT    1
#define TYPE_AT	     2
#define CHECKSUM_AT  4
#define SUBTYPE_AT   6
#define HEADER_LEN   6 /* what all messages begin with */
#define BRI_SUBTYPE  1
#define BRA_SUBTYPE  2
#define UPA_RESERVED 3

/* Bits that mean something; the others are reserved. */
#define HEARTBEAT_FLAGS (MH_HEARTBEAT_U | MH_HEARTBEAT_R)
#define BR_FLAGS	(MH_BR_P | MH_BR_V | MH_BR_G)
#define UPN_FLAGS	(MH_UPN_A | MH_UPN_D)

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

static enum mh_error
decode_heartbeat(struct cursor *c, struct mh_msg *m)
{
	m->heartbeat.flags = cursor_u16(c) & HEARTBEAT_FLAGS;
	m->heartbeat.sequence = cursor_u32(c);
	return MH_OK;
}

static void
encode_heartbeat(struct writer *w, const struct mh_msg *m)
{
	writer_u16(w, m->heartbeat.flags & HEARTBEAT_FLAGS);
	writer_u32(w, m->heartbeat.sequence);
}

static enum mh_error
decode_bri(struct cursor *c, struct mh_msg *m)
{
	cursor_u8(c); /* the row's subtype */
	m->bri.trigger = cursor_u8(c);
	m->bri.sequence = cursor_u16(c);
	m->bri.flags = cursor_u16(c) & BR_FLAGS;
	return MH_OK;
}

static void
encode_bri(struct writer *w, const struct mh_msg *m)
{
	writer_u8(w, BRI_SUBTYPE);
	writer_u8(w, m->bri.trigger);
	writer_u16(w, m->bri.sequence);
	writer_u16(w, m->bri.flags & BR_FLAGS);
}

static enum mh_error
decode_bra(struct cursor *c, struct mh_msg *m)
{
	cursor_u8(c); /* the row's subtype */
	m->bra.status = cursor_u8(c);
	m->bra.sequence = cursor_u16(c);
	m->bra.flags = cursor_u16(c) & BR_FLAGS;
	return MH_OK;
}

static void
encode_bra(struct writer *w, const struct mh_msg *m)
{
	writer_u8(w, BRA_SUBTYPE);
	writer_u8(w, m->bra.status);
	writer_u16(w, m->bra.sequence);
	writer_u16(w, m->bra.flags & BR_FLAGS);
}

static enum mh_error
decode_upn(struct cursor *c, struct mh_msg *m)
{
	m->upn.sequence = cursor_u16(c);
	m->upn.reason = cursor_u16(c);
	m->upn.flags = cursor_u16(c) & UPN_FLAGS;
	return MH_OK;
}

static void
encode_upn(struct writer *w, const struct mh_msg *m)
{
	writer_u16(w, m->upn.sequence);
	writer_u16(w, m->upn.reason);
	writer_u16(w, m->upn.flags & UPN_FLAGS);
}

static enum mh_error
decode_upa(struct cursor *c, struct mh_msg *m)
{
	m->upa.sequence = cursor_u16(c);
	m->upa.status = cursor_u8(c);
	cursor_bytes(c, UPA_RESERVED);
	return MH_OK;
}

static void
encode_upa(struct writer *w, const struct mh_msg *m)
{
	writer_u16(w, m->upa.sequence);
	writer_u8(w, m->upa.status);
	writer_zero(w, UPA_RESERVED);
}

static const struct msg_row {
	enum mh_type type;
	uint8_t wire;
	uint8_t subtype;
	uint8_t fixed_len;
	enum mh_opt first;
	enum mh_error (*decode)(struct cursor *c, struct mh_msg *m);
	void (*encode)(struct writer *w, const struct mh_msg *m);
} rows[] = {
#define MH_MSG(NAME, field, type, subtype, fixed_len, first, source)                                                   \
	{MH_##NAME, type, subtype, fixed_len, MH_OPT_##first, decode_##field, encode_##field},
#include "mh/msg.def"
#undef MH_MSG
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* The row of a type and, where the type holds several messages, of the octet that tells them apart. */
static enum mh_error
row_of_wire(uint8_t wire, uint8_t subtype, const struct msg_row **out)
{
	enum mh_error error = MH_ERR_TYPE;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].wire != wire)
			continue;
		*out = &rows[i];
		if (rows[i].subtype == 0 || rows[i].subtype == subtype)
			return MH_OK;
		error = MH_ERR_SUBTYPE;
	}
	return error;
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

static bool
checksum_good(const uint8_t *bytes, size_t header_len, size_t len, const struct addr6 *src, const struct addr6 *dst,
	      unsigned int tolerance)
{
	uint16_t received = (uint16_t)(bytes[CHECKSUM_AT] << 8 | bytes[CHECKSUM_AT + 1]);

	return tolerance & MH_TAKE_ANY_CHECKSUM || checksum_holds(received, mh_checksum(bytes, header_len, src, dst)) ||
	       (tolerance & MH_TAKE_TRAILING && checksum_holds(received, mh_checksum(bytes, len, src, dst)));
}

static enum mh_error
decode_fixed(const struct msg_row *row, struct cursor *c, unsigned int tolerance, struct mh_msg *out)
{
	enum mh_error error = row->decode(c, out);

	if (error == MH_ERR_NOT_PROXY && row->type == MH_PBA && tolerance & MH_TAKE_NO_PROXY) {
		out->pba.flags |= MH_PBA_P;
		error = MH_OK;
	}
	return error;
}

enum mh_error
mh_decode_as(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst, unsigned int tolerance,
	     struct mh_msg *out)
{
	struct cursor c = cursor_on(bytes, len);
	const struct msg_row *row = NULL;
	enum mh_error error;
	size_t header_len;

	mh_clear(out); /* padding as well: messages may be compared as bytes */
	if (cursor_bytes(&c, HEADER_LEN) == NULL)
		return MH_ERR_SHORT;
	header_len = HEADER_UNIT * ((size_t)bytes[LENGTH_AT] + 1);
	if (len < header_len)
		return MH_ERR_SHORT;
	/* From here on the order of RFC 6275 section 9.2: nothing is answered that is not what its sender sent. */
	if (!checksum_good(bytes, header_len, len, src, dst, tolerance))
		return MH_ERR_CHECKSUM;
	error = row_of_wire(bytes[TYPE_AT], bytes[SUBTYPE_AT], &row);
	if (error != MH_OK)
		return error;
	if (bytes[PAYLOAD_AT] != PAYLOAD_NONE)
		return MH_ERR_PAYLOAD_PROTO;
	if (header_len < row->fixed_len || (header_len != len && !(tolerance & MH_TAKE_TRAILING)))
		return MH_ERR_HDR_LEN;
	error = decode_fixed(row, &c, tolerance, out);
	if (error != MH_OK)
		return error;
	out->type = row->type;
	return mh_opts_decode(&c, &out->opt) ? MH_OK : MH_ERR_OPTION;
}

enum mh_error
mh_decode(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst, struct mh_msg *out)
{
	return mh_decode_as(bytes, len, src, dst, 0, out);
}

void
mh_seal(uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst)
{
	struct writer w = writer_on(bytes + CHECKSUM_AT, sizeof(uint16_t));

	writer_u16(&w, mh_checksum(bytes, len, src, dst));
}

int
mh_encode(const struct mh_msg *m, const struct addr6 *src, const struct addr6 *dst, uint8_t *bytes, size_t size)
{
	struct writer w = writer_on(bytes, size < MH_LEN_MAX ? size : MH_LEN_MAX);
	const struct msg_row *row = row_of_type(m->type);
	size_t len;

	if (row == NULL)
		return -EINVAL;
	writer_u8(&w, PAYLOAD_NONE);
	writer_u8(&w, 0); /* length, below */
	writer_u8(&w, row->wire);
	writer_u8(&w, 0);
	writer_u16(&w, 0); /* checksum, below */
	row->encode(&w, m);
	if (!mh_opts_encode(&w, &m->opt, row->first))
		return -EINVAL;
	if (w.failed)
		return -ENOSPC;
	len = writer_len(&w);
	bytes[LENGTH_AT] = (uint8_t)(len / HEADER_UNIT - 1);
	mh_seal(bytes, len, src, dst);
	return (int)len;
}

bool
mh_add_hnp(struct mh_msg *m, const struct addr_prefix *p)
{
	if (m->opt.hnp_count >= MH_HNP_MAX)
		return false;
	m->opt.hnp[m->opt.hnp_count++] = (struct mh_opt_hnp){.prefix = *p};
	mh_set(m, MH_OPT_HOME_NETWORK_PREFIX);
	return true;
}

bool
mh_add_flow(struct mh_msg *m, const struct mh_opt_flow *f)
{
	if (m->opt.flow_count >= MH_FLOW_MAX)
		return false;
	m->opt.flow[m->opt.flow_count++] = *f;
	mh_set(m, MH_OPT_FLOW_ID);
	return true;
}

bool
mh_add_vendor(struct mh_msg *m, const struct mh_opt_vendor *v)
{
	if (m->opt.vendor_count >= MH_VENDOR_MAX)
		return false;
	m->opt.vendor[m->opt.vendor_count++] = *v;
	mh_set(m, MH_OPT_VENDOR_SPECIFIC);
	return true;
}

size_t
mh_auth_covers(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_on(bytes, len);
	const struct msg_row *row = NULL;
	const uint8_t *data;

	if (len < HEADER_UNIT || row_of_wire(bytes[TYPE_AT], bytes[SUBTYPE_AT], &row) != MH_OK)
		return 0;
	cursor_bytes(&c, row->fixed_len);
	data = mh_opts_auth_data(c);
	return data != NULL ? (size_t)(data - bytes) : 0;
}
