/* SPDX-License-Identifier: BSD-3-Clause */
/* Values as text. */
#include <string.h>

#include "row.h"

_Static_assert(CONF_TEXT >= ADDR_PREFIX_TEXT && CONF_TEXT >= ADDR_MAC_TEXT && CONF_TEXT >= CONF_NAME,
	       "every value's text fits");

void
conf_format_text(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%s", ((const char(*)[CONF_TEXT])value)[i]);
}

void
conf_format_name(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%s", (const char *)value);
}

void
conf_format_u32(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%u", *(const uint32_t *)value);
}

void
conf_format_octal(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%04o", *(const uint32_t *)value);
}

void
conf_format_word(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%s", conf_kind[row->kind].words[*(const uint32_t *)value]);
}

void
conf_format_bool(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%s", *(const bool *)value ? "yes" : "no");
}

void
conf_format_addr6(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	addr6_format(value, out);
}

void
conf_format_prefix(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	addr_prefix_format((const struct addr_prefix *)value + i, out);
}

void
conf_format_mac(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	addr_mac_format((const struct addr_mac *)value + i, out);
}

void
conf_format_hex(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const struct conf_secret *secret = value;

	out[0] = '\0';
	for (unsigned int at = 0; at < secret->len; at++)
		snprintf(out + 2 * at, 3, "%02x", secret->bytes[at]);
}

void
conf_format_workers(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	uint64_t set = *(const uint64_t *)value;
	size_t at = (size_t)snprintf(out, CONF_TEXT, "%s", set == 0 ? "all" : "");

	for (unsigned int w = 0, last; w < CONF_WORKERS_MAX; w = last + 1) {
		for (last = w; last < CONF_WORKERS_MAX && (set >> last & 1) != 0; last++)
			;
		if (last == w)
			continue;
		at += (size_t)snprintf(out + at, CONF_TEXT - at, last - w > 1 ? "%s%u-%u" : "%s%u", at > 0 ? "," : "",
				       w, last - 1);
	}
}

/* Logs, answers and differences show that there is one, and no more. */
void
conf_format_secret(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "(secret)");
}

void
conf_format_or_word(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const char *expected = conf_kind[row->kind].expected;
	int32_t v = *(const int32_t *)value;

	if (v < 0)
		snprintf(out, CONF_TEXT, "%.*s", (int)strcspn(expected, ","), expected);
	else
		snprintf(out, CONF_TEXT, "%d", v);
}

/* The i-th of the words that are in. */
void
conf_format_member(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const char *const *words = conf_kind[row->kind].words;

	out[0] = '\0';
	for (uint32_t bit = 0; words[bit] != NULL; bit++)
		if ((*(const uint32_t *)value & 1u << bit) && i-- == 0)
			snprintf(out, CONF_TEXT, "%s", words[bit]);
}

void
conf_format_address(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const struct conf_address *a = (const struct conf_address *)value + i;
	char text[ADDR6_TEXT];

	snprintf(out, CONF_TEXT, "%s/%u", addr6_format(&a->addr, text), a->len);
}

void
conf_format_one_of_names(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const char *name;
	size_t len = conf_name_of(value, i, &name);

	snprintf(out, CONF_TEXT, "%.*s", (int)len, name);
}

void
conf_format_selector(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	char text[SELECTOR_TEXT];

	snprintf(out, CONF_TEXT, "%.*s", CONF_TEXT - 1, selector_format(value, text));
}
