/* SPDX-License-Identifier: BSD-3-Clause */
#include "field.h"

#define HNP_OFF_LINK 0x80 /* RFC 7864 section 4.1 */
#define BID_HOME     0x80
#define DMNP_IPV4    0x80
#define IPV4_BITS    32

bool
mh_decode_refresh_advice(struct cursor *c, void *to)
{
	struct mh_opt_refresh_advice *o = to;

	o->interval = cursor_u16(c);
	return true;
}

bool
mh_encode_refresh_advice(struct writer *w, const void *from)
{
	const struct mh_opt_refresh_advice *o = from;

	writer_u16(w, o->interval);
	return true;
}

bool
mh_decode_alt_coa(struct cursor *c, void *to)
{
	struct mh_opt_alt_coa *o = to;

	o->addr = cursor_addr6(c);
	return true;
}

bool
mh_encode_alt_coa(struct writer *w, const void *from)
{
	const struct mh_opt_alt_coa *o = from;

	writer_addr6(w, &o->addr);
	return true;
}

bool
mh_decode_mn_id(struct cursor *c, void *to)
{
	struct mh_opt_mn_id *o = to;

	o->subtype = cursor_u8(c);
	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->id, o->len);
	return true;
}

bool
mh_encode_mn_id(struct writer *w, const void *from)
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
bool
mh_decode_hnp(struct cursor *c, void *to)
{
	struct mh_opt_hnp *o = to;
	struct addr6 addr;
	uint8_t len;

	o->off_link = cursor_u8(c) & HNP_OFF_LINK;
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

bool
mh_encode_hnp(struct writer *w, const void *from)
{
	const struct mh_opt_hnp *o = from;
	const struct addr_prefix *p = &o->prefix;

	if (p->len > 8 * sizeof(p->addr))
		return false;
	writer_u8(w, o->off_link ? HNP_OFF_LINK : 0);
	writer_u8(w, addr6_is_zero(&p->addr) ? 0 : p->len);
	writer_addr6(w, &p->addr);
	return true;
}

bool
mh_decode_handoff(struct cursor *c, void *to)
{
	struct mh_opt_handoff *o = to;

	cursor_u8(c); /* reserved */
	o->value = cursor_u8(c);
	return true;
}

bool
mh_encode_handoff(struct writer *w, const void *from)
{
	const struct mh_opt_handoff *o = from;

	writer_u8(w, 0);
	writer_u8(w, o->value);
	return true;
}

bool
mh_decode_access_tech(struct cursor *c, void *to)
{
	struct mh_opt_access_tech *o = to;

	cursor_u8(c); /* reserved */
	o->value = cursor_u8(c);
	return true;
}

bool
mh_encode_access_tech(struct writer *w, const void *from)
{
	const struct mh_opt_access_tech *o = from;

	writer_u8(w, 0);
	writer_u8(w, o->value);
	return true;
}

bool
mh_decode_mn_ll_id(struct cursor *c, void *to)
{
	struct mh_opt_mn_ll_id *o = to;

	cursor_u16(c); /* reserved */
	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->id, o->len);
	return true;
}

bool
mh_encode_mn_ll_id(struct writer *w, const void *from)
{
	const struct mh_opt_mn_ll_id *o = from;

	if (o->len > sizeof(o->id))
		return false;
	writer_u16(w, 0);
	writer_copy(w, o->id, o->len);
	return true;
}

bool
mh_decode_link_local(struct cursor *c, void *to)
{
	struct mh_opt_link_local *o = to;

	o->addr = cursor_addr6(c);
	return true;
}

bool
mh_encode_link_local(struct writer *w, const void *from)
{
	const struct mh_opt_link_local *o = from;

	writer_addr6(w, &o->addr);
	return true;
}

bool
mh_decode_timestamp(struct cursor *c, void *to)
{
	struct mh_opt_timestamp *o = to;

	o->wall = cursor_u64(c);
	return true;
}

bool
mh_encode_timestamp(struct writer *w, const void *from)
{
	const struct mh_opt_timestamp *o = from;

	writer_u64(w, o->wall);
	return true;
}

bool
mh_decode_service(struct cursor *c, void *to)
{
	struct mh_opt_service *o = to;

	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->id, o->len);
	return true;
}

bool
mh_encode_service(struct writer *w, const void *from)
{
	const struct mh_opt_service *o = from;

	if (o->len == 0 || o->len > sizeof(o->id))
		return false;
	writer_copy(w, o->id, o->len);
	return true;
}

bool
mh_decode_gre_key(struct cursor *c, void *to)
{
	struct mh_opt_gre_key *o = to;

	cursor_u16(c); /* reserved */
	o->given = cursor_left(c) > 0;
	if (o->given)
		o->key = cursor_u32(c);
	return !c->failed && cursor_left(c) == 0;
}

bool
mh_encode_gre_key(struct writer *w, const void *from)
{
	const struct mh_opt_gre_key *o = from;

	writer_u16(w, 0);
	if (o->given)
		writer_u32(w, o->key);
	return true;
}

bool
mh_decode_group(struct cursor *c, void *to)
{
	struct mh_opt_group *o = to;

	o->subtype = cursor_u8(c);
	cursor_u8(c); /* reserved */
	o->id = cursor_u32(c);
	return true;
}

bool
mh_encode_group(struct writer *w, const void *from)
{
	const struct mh_opt_group *o = from;

	writer_u8(w, o->subtype);
	writer_u8(w, 0);
	writer_u32(w, o->id);
	return true;
}

bool
mh_decode_restart_counter(struct cursor *c, void *to)
{
	struct mh_opt_restart_counter *o = to;

	o->counter = cursor_u32(c);
	return true;
}

bool
mh_encode_restart_counter(struct writer *w, const void *from)
{
	const struct mh_opt_restart_counter *o = from;

	writer_u32(w, o->counter);
	return true;
}

/* The care-of address that may stand behind it is the proxy care-of address, which the message tells already. */
bool
mh_decode_bid(struct cursor *c, void *to)
{
	struct mh_opt_bid *o = to;
	uint8_t flags;

	o->id = cursor_u16(c);
	o->status = cursor_u8(c);
	flags = cursor_u8(c);
	o->home = flags & BID_HOME;
	o->priority = flags & (uint8_t)~BID_HOME;
	return cursor_left(c) == 0 || cursor_left(c) == 4 || cursor_left(c) == sizeof(struct addr6);
}

bool
mh_encode_bid(struct writer *w, const void *from)
{
	const struct mh_opt_bid *o = from;

	if (o->priority & BID_HOME)
		return false;
	writer_u16(w, o->id);
	writer_u8(w, o->status);
	writer_u8(w, (o->home ? BID_HOME : 0) | o->priority);
	return true;
}

bool
mh_decode_dmnp(struct cursor *c, void *to)
{
	struct mh_opt_dmnp *o = to;
	struct addr6 addr = {0};
	uint8_t len, most;

	o->ipv4 = cursor_u8(c) & DMNP_IPV4;
	len = cursor_u8(c);
	most = o->ipv4 ? IPV4_BITS : 8 * sizeof(addr);
	if (cursor_left(c) != most / 8 || len > most)
		return false;
	cursor_copy(c, addr.b, most / 8);
	o->prefix = addr_prefix_mask(&addr, len);
	return true;
}

bool
mh_encode_dmnp(struct writer *w, const void *from)
{
	const struct mh_opt_dmnp *o = from;
	uint8_t most = o->ipv4 ? IPV4_BITS : 8 * sizeof(o->prefix.addr);

	if (o->prefix.len > most)
		return false;
	writer_u8(w, o->ipv4 ? DMNP_IPV4 : 0);
	writer_u8(w, o->prefix.len);
	writer_copy(w, o->prefix.addr.b, most / 8);
	return true;
}

bool
mh_decode_vendor(struct cursor *c, void *to)
{
	struct mh_opt_vendor *o = to;

	o->vendor = cursor_u32(c);
	o->subtype = cursor_u8(c);
	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->data, o->len);
	return true;
}

bool
mh_encode_vendor(struct writer *w, const void *from)
{
	const struct mh_opt_vendor *o = from;

	if (o->len > sizeof(o->data))
		return false;
	writer_u32(w, o->vendor);
	writer_u8(w, o->subtype);
	writer_copy(w, o->data, o->len);
	return true;
}

bool
mh_decode_replay(struct cursor *c, void *to)
{
	struct mh_opt_replay *o = to;

	o->stamp = cursor_u64(c);
	return true;
}

bool
mh_encode_replay(struct writer *w, const void *from)
{
	const struct mh_opt_replay *o = from;

	writer_u64(w, o->stamp);
	return true;
}

bool
mh_decode_auth(struct cursor *c, void *to)
{
	struct mh_opt_auth *o = to;

	o->subtype = cursor_u8(c);
	o->spi = cursor_u32(c);
	o->len = (uint8_t)cursor_left(c);
	cursor_copy(c, o->data, o->len);
	return true;
}

bool
mh_encode_auth(struct writer *w, const void *from)
{
	const struct mh_opt_auth *o = from;

	if (o->len > sizeof(o->data))
		return false;
	writer_u8(w, o->subtype);
	writer_u32(w, o->spi);
	writer_copy(w, o->data, o->len);
	return true;
}
