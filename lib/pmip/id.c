/* SPDX-License-Identifier: BSD-3-Clause */
/* A mobile node's identity as bytes, as text, and as tables keep it. */
#include "pmip/id.h"

#include <errno.h>

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

static uint8_t
head_len(uint8_t len)
{
	return len < PMIP_ID_HEAD ? len : PMIP_ID_HEAD;
}

void
pmip_id_put(struct pmip_id_head *head, struct pmip_id_tail *tail, const struct pmip_mn_id *id)
{
	uint8_t first = head_len(id->len);

	head->subtype = id->subtype;
	head->len = id->len;
	memcpy(head->id, id->id, first);
	memcpy(tail->id, id->id + first, id->len - first);
}

void
pmip_id_get(const struct pmip_id_head *head, const struct pmip_id_tail *tail, struct pmip_mn_id *out)
{
	uint8_t first = head_len(head->len);

	out->subtype = head->subtype;
	out->len = head->len;
	memcpy(out->id, head->id, first);
	memcpy(out->id + first, tail->id, head->len - first);
}

bool
pmip_id_is(const struct pmip_id_head *head, const struct pmip_id_tail *tail, const struct pmip_mn_id *id)
{
	uint8_t first = head_len(head->len);

	return head->subtype == id->subtype && head->len == id->len && memcmp(head->id, id->id, first) == 0 &&
	       memcmp(tail->id, id->id + first, head->len - first) == 0;
}
