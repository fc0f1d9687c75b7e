/* SPDX-License-Identifier: BSD-3-Clause */
/* The flow identification option (RFC 6089 section 4.2) and the IPv6 binary traffic selector in it (RFC 6088). */
#include "field.h"
#include "opt.h"

#define SUB_BINDING_REFERENCE 2
#define SUB_TRAFFIC_SELECTOR  3
#define FORMAT_IPV6	      2
#define START_OF(bit)	      (0x8000u >> 2 * __builtin_ctz(bit)) /* flags (A), (C) and so on; each has its end behind it */
#define END_OF(bit)	      (START_OF(bit) >> 1)

static uint32_t
take_number(struct cursor *c, size_t size)
{
	return size == sizeof(uint8_t) ? cursor_u8(c) : size == sizeof(uint16_t) ? cursor_u16(c) : cursor_u32(c);
}

static void
put_number(struct writer *w, uint32_t v, size_t size)
{
	if (size == sizeof(uint8_t))
		writer_u8(w, (uint8_t)v);
	else if (size == sizeof(uint16_t))
		writer_u16(w, (uint16_t)v);
	else
		writer_u32(w, v);
}

/* A field's bits that count. */
static uint32_t
counted(uint32_t v, unsigned int bits, unsigned int ignored)
{
	return v & (uint32_t)((1ULL << bits) - 1) & ~((1u << ignored) - 1);
}

/* False when it is malformed. */
static bool
decode_selector(struct cursor *c, struct selector *s)
{
	uint16_t flags = cursor_u16(c);

	cursor_u16(c); /* reserved */
	/* No end without its start. */
	if ((flags & 0x5555) & ~(flags >> 1))
		return false;
#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (flags & START_OF(SELECTOR_##bit)) {                                                                        \
		s->fields |= SELECTOR_##bit;                                                                           \
		s->member[0] = cursor_addr6(c);                                                                        \
		s->member[1] = flags & END_OF(SELECTOR_##bit) ? cursor_addr6(c) : s->member[0];                        \
	}
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (flags & START_OF(SELECTOR_##bit)) {                                                                        \
		size_t size = sizeof(s->member[0]);                                                                    \
                                                                                                                       \
		s->fields |= SELECTOR_##bit;                                                                           \
		s->member[0] = (__typeof__(s->member[0]))counted(take_number(c, size), bits, ignored);                 \
		s->member[1] = flags & END_OF(SELECTOR_##bit)                                                          \
				       ? (__typeof__(s->member[0]))counted(take_number(c, size), bits, ignored)        \
				       : s->member[0];                                                                 \
	}
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	return !c->failed && cursor_left(c) == 0 && selector_check(s);
}

static void
encode_selector(struct writer *w, const struct selector *s)
{
	uint16_t flags = 0;

#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (s->fields & SELECTOR_##bit)                                                                                \
		flags |= START_OF(SELECTOR_##bit) |                                                                    \
			 (addr6_equal(&s->member[0], &s->member[1]) ? 0 : END_OF(SELECTOR_##bit));
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (s->fields & SELECTOR_##bit)                                                                                \
		flags |= START_OF(SELECTOR_##bit) |                                                                    \
			 (s->member[0] >> (ignored) == s->member[1] >> (ignored) ? 0 : END_OF(SELECTOR_##bit));
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	writer_u16(w, flags);
	writer_u16(w, 0);
#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (flags & START_OF(SELECTOR_##bit))                                                                          \
		writer_addr6(w, &s->member[0]);                                                                        \
	if (flags & END_OF(SELECTOR_##bit))                                                                            \
		writer_addr6(w, &s->member[1]);
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (flags & START_OF(SELECTOR_##bit))                                                                          \
		put_number(w, counted(s->member[0], bits, ignored), sizeof(s->member[0]));                             \
	if (flags & END_OF(SELECTOR_##bit))                                                                            \
		put_number(w, counted(s->member[1], bits, ignored), sizeof(s->member[0]));
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
}

static uint8_t
decode_bids(struct cursor *c, struct mh_opt_flow *o)
{
	size_t len = cursor_left(c);

	if (o->bid_count > 0 || len == 0 || len % sizeof(uint16_t) != 0)
		return MH_FLOW_MALFORMED;
	while (cursor_left(c) > 0 && o->bid_count < MH_FLOW_BID_MAX)
		o->bid[o->bid_count++] = cursor_u16(c);
	return 0;
}

static uint8_t
decode_traffic(struct cursor *c, struct mh_opt_flow *o, bool *seen)
{
	uint8_t format = cursor_u8(c);

	cursor_u8(c); /* reserved */
	if (c->failed || *seen)
		return MH_FLOW_MALFORMED;
	*seen = true;
	if (format != FORMAT_IPV6)
		return MH_FLOW_SELECTOR_UNSUPPORTED;
	o->selector_given = decode_selector(c, &o->selector);
	return o->selector_given ? 0 : MH_FLOW_MALFORMED;
}

/* What its sender is due for these sub-options: 0, or of several the worst. */
static uint8_t
decode_subs(struct cursor *c, struct mh_opt_flow *o)
{
	bool seen = false;
	uint8_t fault = 0;

	while (cursor_left(c) > 0) {
		uint8_t type = cursor_u8(c), found = 0;
		struct cursor sub;

		if (type == MH_OPT_PAD1)
			continue;
		sub = cursor_sub(c, cursor_u8(c));
		if (c->failed)
			return MH_FLOW_MALFORMED;
		if (type == SUB_BINDING_REFERENCE)
			found = decode_bids(&sub, o);
		else if (type == SUB_TRAFFIC_SELECTOR)
			found = decode_traffic(&sub, o, &seen);
		if (found == MH_FLOW_MALFORMED)
			return found;
		if (found != 0)
			fault = found;
	}
	return fault;
}

bool
mh_decode_flow(struct cursor *c, void *to)
{
	struct mh_opt_flow *o = to, head;

	o->id = cursor_u16(c);
	o->priority = cursor_u16(c);
	cursor_u8(c); /* reserved */
	o->status = cursor_u8(c);
	head = *o;
	head.fault = decode_subs(c, o);
	if (head.fault == MH_FLOW_MALFORMED)
		*o = head;
	o->fault = head.fault;
	return true;
}

bool
mh_encode_flow(struct writer *w, const void *from)
{
	const struct mh_opt_flow *o = from;
	uint8_t *head;

	if (o->bid_count > MH_FLOW_BID_MAX || (o->selector_given && !selector_check(&o->selector)))
		return false;
	writer_u16(w, o->id);
	writer_u16(w, o->priority);
	writer_u8(w, 0);
	writer_u8(w, o->status);
	if (o->selector_given) {
		head = writer_bytes(w, 2);
		writer_u8(w, FORMAT_IPV6);
		writer_u8(w, 0);
		encode_selector(w, &o->selector);
		if (head != NULL) {
			head[0] = SUB_TRAFFIC_SELECTOR;
			head[1] = (uint8_t)(w->at - head - 2);
		}
	}
	if (o->bid_count > 0) {
		mh_opt_pad(w, sizeof(uint16_t), 0);
		writer_u8(w, SUB_BINDING_REFERENCE);
		writer_u8(w, (uint8_t)(o->bid_count * sizeof(uint16_t)));
		for (unsigned int i = 0; i < o->bid_count; i++)
			writer_u16(w, o->bid[i]);
	}
	return true;
}
