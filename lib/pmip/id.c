/* SPDX-License-Identifier: BSD-3-Clause */
/* A mobile node's identity as bytes and as text. */
#include <errno.h>

#include "pmip/event.h"

#define SUBTYPE_NAI 1 /* RFC 4283 section 3 */

bool
pmip_mn_id_equal(const struct pmip_mn_id *a, const struct pmip_mn_id *b)
{
	return a->subtype == b->subtype && a->len == b->len && memcmp(a->id, b->id, a->len) == 0;
}

int
pmip_mn_id_parse(const char *text, struct pmip_mn_id *out)
{
	size_t len = strlen(text);

	if (len == 0 || len > MH_MN_ID_MAX)
		return -EINVAL;
	*out = (struct pmip_mn_id){.subtype = SUBTYPE_NAI, .len = (uint8_t)len};
	memcpy(out->id, text, len);
	return 0;
}

/* The backslash is escaped too, so that the text says which bytes were meant. */
static bool
prints_as_it_is(uint8_t c)
{
	return c > ' ' && c < 0x7f && c != '\\';
}

char *
pmip_mn_id_format(const struct pmip_mn_id *id, char buf[static PMIP_MN_ID_TEXT])
{
	static const char hex[] = "0123456789abcdef";
	unsigned int len = id->len <= MH_MN_ID_MAX ? id->len : MH_MN_ID_MAX;
	char *at = buf;

	for (unsigned int i = 0; i < len; i++) {
		if (prints_as_it_is(id->id[i])) {
			*at++ = (char)id->id[i];
			continue;
		}
		*at++ = '\\';
		*at++ = 'x';
		*at++ = hex[id->id[i] >> 4];
		*at++ = hex[id->id[i] & 0xf];
	}
	*at = '\0';
	return buf;
}
