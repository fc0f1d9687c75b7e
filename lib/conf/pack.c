/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The elements of a list that may have a million: a struct has room for the longest value of each key, and most have
 * little. Kept is of each row a byte with a length, and the value without the zeros at its end, its count in front.
 */
#include <stdlib.h>
#include <string.h>

#include "row.h"

#define ROOM_LEAST 4096

/* Where a value begins: a list's with its count. */
static size_t
begin_of(const struct conf_row *row)
{
	return row->offset - (conf_kind[row->kind].shape == CONF_ITEMS ? sizeof(uint32_t) : 0);
}

static size_t
length_of(const struct conf_row *row, const char *element)
{
	size_t begin = begin_of(row), end = row->offset + row->size;

	while (end > begin && element[end - 1] == 0)
		end--;
	return end - begin;
}

static bool
reserve(struct conf_packed *p, size_t used, size_t more)
{
	size_t room = p->room > 0 ? 2 * p->room : ROOM_LEAST;
	uint8_t *bytes;

	if (p->room - used >= more)
		return true;
	bytes = realloc(p->bytes, room);
	if (bytes == NULL)
		return false;
	p->bytes = bytes;
	p->room = room;
	return true;
}

bool
conf_pack_room(struct conf_packed *p, uint32_t count)
{
	size_t *at = reallocarray(p->at, (size_t)count + 1, sizeof(*at));

	if (at == NULL)
		return false;
	if (p->at == NULL)
		at[0] = 0;
	p->at = at;
	return true;
}

_Static_assert(sizeof(struct conf_MOBILE_NODE) + UINT8_MAX < ROOM_LEAST, "twice the room is room for one more");
_Static_assert(CONF_TEXT - 1 <= UINT8_MAX &&
		       sizeof(uint32_t) + CONF_ITEMS_MAX * sizeof(struct addr_prefix) <= UINT8_MAX,
	       "the length of a value is a byte");

bool
conf_pack(struct conf_packed *p, uint32_t i, const struct conf_section *s, const char *element)
{
	size_t at = p->at[i];

	if (!reserve(p, at, s->size + s->row_count))
		return false;
	for (unsigned int k = 0; k < s->row_count; k++) {
		size_t len = length_of(&s->rows[k], element);

		p->bytes[at++] = (uint8_t)len;
		memcpy(p->bytes + at, element + begin_of(&s->rows[k]), len);
		at += len;
	}
	p->at[i + 1] = at;
	return true;
}

void
conf_pack_end(struct conf_packed *p, uint32_t count)
{
	uint8_t *bytes = count > 0 ? realloc(p->bytes, p->at[count]) : NULL;

	if (bytes == NULL)
		return;
	p->bytes = bytes;
	p->room = p->at[count];
}

const uint8_t *
conf_packed_name(const struct conf_packed *p, uint32_t i, size_t *len)
{
	const uint8_t *at = p->bytes + p->at[i];

	*len = at[0];
	return at + 1;
}

void
conf_unpack(const struct conf_packed *p, uint32_t i, const struct conf_section *s, char *element)
{
	const uint8_t *at = p->bytes + p->at[i];

	memset(element, 0, s->size);
	for (unsigned int k = 0; k < s->row_count; k++) {
		size_t len = *at++;

		memcpy(element + begin_of(&s->rows[k]), at, len);
		at += len;
	}
}

void
conf_pack_free(struct conf_packed *p)
{
	free(p->bytes);
	free(p->at);
}
