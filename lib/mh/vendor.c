/* SPDX-License-Identifier: BSD-3-Clause */
#include "mh/vendor.h"

#include "base/cursor.h"

#define PREFIX_FLAGS	(MH_VENDOR_TEMPORAL | MH_VENDOR_LEVEL2 | MH_VENDOR_AGGREGATE | MH_VENDOR_IDLE)
#define DELEGATION_MORE 0x80

bool
mh_vendor_add_prefix(struct mh_msg *m, uint32_t vendor, const struct mh_vendor_prefix *p)
{
	struct mh_opt_vendor o = {.vendor = vendor, .subtype = MH_VENDOR_PREFIX};
	struct writer w = writer_on(o.data, sizeof(o.data));

	writer_u8(&w, p->flags & PREFIX_FLAGS);
	writer_u8(&w, p->prefix.len);
	writer_addr6(&w, &p->prefix.addr);
	o.len = (uint8_t)writer_len(&w);
	return vendor != 0 && mh_add_vendor(m, &o);
}

bool
mh_vendor_add_delegation(struct mh_msg *m, uint32_t vendor, const struct mh_vendor_delegation *d)
{
	struct mh_opt_vendor o = {.vendor = vendor, .subtype = MH_VENDOR_DELEGATION};
	struct writer w = writer_on(o.data, sizeof(o.data));

	writer_u8(&w, d->more ? DELEGATION_MORE : 0);
	writer_u8(&w, d->prefix.len);
	writer_addr6(&w, &d->prefix.addr);
	writer_u32(&w, d->lifetime_s);
	if (!addr6_is_zero(&d->gateway))
		writer_addr6(&w, &d->gateway);
	o.len = (uint8_t)writer_len(&w);
	return vendor != 0 && mh_add_vendor(m, &o);
}

/* The length and the address of a prefix; false when there is none. */
static bool
decode_prefix(struct cursor *c, struct addr_prefix *out)
{
	uint8_t len = cursor_u8(c);
	struct addr6 addr = cursor_addr6(c);

	if (c->failed || len > 8 * sizeof(addr))
		return false;
	*out = addr_prefix_mask(&addr, len);
	return true;
}

static bool
decode_attributes(const struct mh_opt_vendor *o, struct mh_vendor_prefix *out)
{
	struct cursor c = cursor_on(o->data, o->len);

	out->flags = cursor_u8(&c) & PREFIX_FLAGS;
	return decode_prefix(&c, &out->prefix) && cursor_left(&c) == 0;
}

static bool
decode_delegation(const struct mh_opt_vendor *o, struct mh_vendor_delegation *out)
{
	struct cursor c = cursor_on(o->data, o->len);

	*out = (struct mh_vendor_delegation){.more = cursor_u8(&c) & DELEGATION_MORE};
	if (!decode_prefix(&c, &out->prefix))
		return false;
	out->lifetime_s = cursor_u32(&c);
	if (cursor_left(&c) > 0)
		out->gateway = cursor_addr6(&c);
	return !c.failed && cursor_left(&c) == 0;
}

/* The message's options of this vendor and sub-type in turn: the one at *at or behind, NULL past the last. */
static const struct mh_opt_vendor *
next(const struct mh_msg *m, uint32_t vendor, enum mh_vendor_subtype subtype, unsigned int *at)
{
	while (vendor != 0 && *at < m->opt.vendor_count) {
		const struct mh_opt_vendor *o = &m->opt.vendor[(*at)++];

		if (o->vendor == vendor && o->subtype == subtype)
			return o;
	}
	return NULL;
}

unsigned int
mh_vendor_prefixes(const struct mh_msg *m, uint32_t vendor, struct mh_vendor_prefix *out, unsigned int max)
{
	const struct mh_opt_vendor *o;
	unsigned int n = 0, at = 0;

	while (n < max && (o = next(m, vendor, MH_VENDOR_PREFIX, &at)) != NULL)
		n += decode_attributes(o, &out[n]);
	return n;
}

unsigned int
mh_vendor_delegations(const struct mh_msg *m, uint32_t vendor, struct mh_vendor_delegation *out, unsigned int max)
{
	const struct mh_opt_vendor *o;
	unsigned int n = 0, at = 0;

	while (n < max && (o = next(m, vendor, MH_VENDOR_DELEGATION, &at)) != NULL)
		n += decode_delegation(o, &out[n]);
	return n;
}
