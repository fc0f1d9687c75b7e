/* SPDX-License-Identifier: BSD-3-Clause */
/* What an update is about, before it is checked: for those who want to know which memory it will need. */
#include "base/cursor.h"
#include "mh/mh.h"

#define TYPE_AT	  2
#define TYPE_PAD1 0

/* On the wire. */
enum {
#define MH_MSG(NAME, field, type, subtype, fixed_len, first, source) TYPE_##NAME = type, LEN_##NAME = fixed_len,
#include "mh/msg.def"
#undef MH_MSG
};
enum {
#define MH_OPT(NAME, field, type, x, y, min, max, many, source) OPTION_##NAME = type,
#include "mh/opt.def"
#undef MH_OPT
};

static void
note(struct mh_peek *out, uint8_t type, struct cursor *option)
{
	if (type == OPTION_MN_ID) {
		out->mn_id.subtype = cursor_u8(option);
		out->mn_id.len = (uint8_t)(cursor_left(option) < MH_MN_ID_MAX ? cursor_left(option) : MH_MN_ID_MAX);
		cursor_copy(option, out->mn_id.id, out->mn_id.len);
	} else if (type == OPTION_HOME_NETWORK_PREFIX && addr6_is_zero(&out->prefix.addr)) {
		cursor_u8(option); /* reserved */
		out->prefix.len = cursor_u8(option);
		out->prefix.addr = cursor_addr6(option);
	}
}

bool
mh_peek(const uint8_t *bytes, size_t len, struct mh_peek *out)
{
	struct cursor c;

	out->mn_id.len = 0;
	out->prefix = (struct addr_prefix){0};
	if (len < LEN_PBU || bytes[TYPE_AT] != TYPE_PBU)
		return false;
	c = cursor_on(bytes + LEN_PBU, len - LEN_PBU);
	while (cursor_left(&c) > 0) {
		uint8_t type = cursor_u8(&c);
		struct cursor option;

		if (type == TYPE_PAD1)
			continue;
		option = cursor_sub(&c, cursor_u8(&c));
		note(out, type, &option);
	}
	return out->mn_id.len > 0;
}
