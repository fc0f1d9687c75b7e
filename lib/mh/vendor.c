/* SPDX-License-Identifier: BSD-3-Clause */
#include "mh/vendor.h"

#include "base/cursor.h"

#define PREFIX_FLAGS (MH_VENDOR_TEMPORAL | MH_VENDOR_LEVEL2 | MH_VENDOR_AGGREGATE | MH_VENDOR_IDLE)

bool
mh_vendor_add_prefix(struct mh_msg *m, uint32_t vendor, const struct mh_vendor_prefix *p)
{
	struct mh_opt_vendor o = {.vendor = vendor, .subtype = MH_VENDOR_PREFIX};
	struct writer w = writer_on(o.data, sizeof(o.data));

	if (vendor == 0)
		return false;
	writer_u8(&w, p->flags & PREFIX_FLAGS);
	writer_u8(&w, p->prefix.len);
	writer_addr6(&w, &p->prefix.addr);
	o.len = (uint8_t)writer_len(&w);
	return mh_add_vendor(m, &o);
}

static bool
decode_prefix(const struct mh_opt_vendor *o, struct mh_vendor_prefix *out)
{
	struct cursor c = cursor_on(o->data, o->len);
	struct addr6 addr;
	uint8_t len;

	out->flags = cursor_u8(&c) & PREFIX_FLAGS;
	len = cursor_u8(&c);
	addr = cursor_addr6(&c);
	if (c.failed || cursor_left(&c) > 0 || len > 8 * sizeof(addr))
		return false;
	out->prefix = addr_prefix_mask(&addr, len);
	return true;
}

unsigned int
mh_vendor_prefixes(const struct mh_msg *m, uint32_t vendor, struct mh_vendor_prefix *out, unsigned int max)
{
	unsigned int n = 0;

	for (unsigned int i = 0; vendor != 0 && i < m->opt.vendor_count && n < max; i++) {
		const struct mh_opt_vendor *o = &m->opt.vendor[i];

		if (o->vendor == vendor && o->subtype == MH_VENDOR_PREFIX && decode_prefix(o, &out[n]))
			n++;
	}
	return n;
}
