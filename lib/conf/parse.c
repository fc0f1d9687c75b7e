/* SPDX-License-Identifier: BSD-3-Clause */
/* Values from text. */
#include <stdlib.h>
#include <string.h>

#include "row.h"

#define SECRET_MIN 16 /* bytes of a key: what is shorter can be guessed */

static bool
parse_number(const char *text, int base, uint32_t max, uint32_t *out)
{
	size_t digits = strspn(text, base == 8 ? "01234567" : "0123456789");

	/* Digits alone, where strtoul would take a sign, white space and 0x; and few, so that it cannot overflow. */
	if (digits == 0 || digits > 10 || text[digits] != '\0')
		return false;
	if (base == 10 && text[0] == '0' && digits > 1)
		return false; /* octal to some readers, decimal to others */
	if (strtoull(text, NULL, base) > max)
		return false;
	*out = (uint32_t)strtoull(text, NULL, base);
	return true;
}

bool
conf_parse_u32(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	uint32_t v;

	if (!parse_number(text, 10, row->max, &v) || v < row->min)
		return false;
	*(uint32_t *)value = v;
	return true;
}

bool
conf_parse_octal(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	return parse_number(text, 8, row->max, value);
}

bool
conf_parse_name(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	size_t len = strspn(text, letters);

	if (len == 0 || len >= CONF_NAME || text[len] != '\0')
		return false;
	memcpy(value, text, len + 1);
	return true;
}

bool
conf_parse_text(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	size_t len = strlen(text);

	if (len >= CONF_TEXT)
		return false;
	memcpy((char(*)[CONF_TEXT])value + i, text, len + 1);
	return true;
}

static const char *
skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

#define LCORES_MAX 1024 /* as EAL has it, of lcores and of CPUs */

/* Mark a number, or all from one to another with a dash between: what stands behind it, NULL where it is none. */
static const char *
parse_lcore_range(const char *text, bool *set)
{
	const char *at = skip_blanks(text);
	unsigned long first, last;
	char *end;

	if (*at < '0' || *at > '9')
		return NULL;
	first = last = strtoul(at, &end, 10);
	at = skip_blanks(end);
	if (*at == '-') {
		at = skip_blanks(at + 1);
		last = *at >= '0' && *at <= '9' ? strtoul(at, &end, 10) : LCORES_MAX;
		at = skip_blanks(end);
	}
	if (first > last || last >= LCORES_MAX)
		return NULL;
	memset(set + first, true, last - first + 1);
	return at;
}

/* The same of one of these, or of several in parentheses with commas between. */
static const char *
parse_lcore_set(const char *text, bool *set)
{
	const char *at = skip_blanks(text);
	bool several = *at == '(';

	at = parse_lcore_range(at + several, set);
	while (several && at != NULL && *at == ',')
		at = parse_lcore_range(at + 1, set);
	if (!several || at == NULL)
		return at;
	return *at == ')' ? skip_blanks(at + 1) : NULL;
}

/* What EAL takes: sets with commas between, each with the set of its CPUs behind '@' perhaps. */
bool
conf_parse_lcores(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	bool lcores[LCORES_MAX] = {false}, cpus[LCORES_MAX];
	const char *at = text;
	unsigned int count = 0;

	for (bool more = true; more; at++) {
		at = parse_lcore_set(at, lcores);
		if (at != NULL && *at == '@')
			at = parse_lcore_set(at + 1, cpus);
		if (at == NULL)
			return false;
		more = *at == ',';
	}
	for (unsigned int n = 0; n < LCORES_MAX; n++)
		count += lcores[n];
	return at[-1] == '\0' && count >= 2 && count <= 1 + CONF_WORKERS_MAX && conf_parse_text(row, text, value, i);
}

/* What a service selection option can say (RFC 5149 section 3): text without control characters, or none. */
bool
conf_parse_service(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	size_t len = strlen(text);

	if (len >= CONF_SERVICE || (len == 0 && row->initial == NULL))
		return false;
	memcpy(value, text, len + 1);
	return true;
}

/* A word; its place in the list is the value. */
bool
conf_parse_word(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	const char *const *words = conf_kind[row->kind].words;

	for (uint32_t v = row->min; words[v] != NULL; v++) {
		if (strcmp(words[v], text) == 0) {
			*(uint32_t *)value = v;
			return true;
		}
	}
	return false;
}

bool
conf_parse_bool(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	bool yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;

	if (!yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0)
		return false;
	*(bool *)value = yes;
	return true;
}

bool
conf_parse_addr6(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	return addr6_parse(text, value) == 0;
}

bool
conf_parse_prefix(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	return addr_prefix_parse(text, (struct addr_prefix *)value + i) == 0;
}

bool
conf_parse_host_or_prefix(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	struct addr_prefix *p = value;

	if (addr_prefix_parse(text, p) == 0)
		return true;
	p->len = 128;
	return addr6_parse(text, &p->addr) == 0;
}

bool
conf_parse_mac(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	struct addr_mac *mac = (struct addr_mac *)value + i;

	return addr_mac_parse(text, mac) == 0 && !addr_mac_is_group(mac) &&
	       !addr_mac_equal(mac, &(struct addr_mac){{0}});
}

/* A number, or for -1 the word that `expected` begins with. */
bool
conf_parse_or_word(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	const char *expected = conf_kind[row->kind].expected;
	size_t len = strcspn(expected, ",");

	if (strlen(text) != len || strncmp(text, expected, len) != 0)
		return conf_parse_u32(row, text, value, 0);
	*(int32_t *)value = -1;
	return true;
}

bool
conf_parse_member(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	uint32_t bit;

	if (!conf_parse_word(row, text, &bit, 0))
		return false;
	*(uint32_t *)value |= 1u << bit;
	return true;
}

bool
conf_parse_address(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	struct conf_address *a = (struct conf_address *)value + i;
	size_t len = strcspn(text, "/");
	char addr[ADDR6_TEXT];
	uint32_t bits;

	if (text[len] != '/' || len >= sizeof(addr) || !parse_number(text + len + 1, 10, 128, &bits) || bits == 0)
		return false;
	memcpy(addr, text, len);
	addr[len] = '\0';
	a->len = (uint8_t)bits;
	return addr6_parse(addr, &a->addr) == 0;
}

/* A worker, or a first and a last one with a dash between: how many characters that is, 0 when it is none. */
static size_t
parse_range(const char *text, uint32_t *first, uint32_t *last)
{
	size_t len = strcspn(text, ",");
	size_t dash = strcspn(text, ",-");
	char number[2][4] = {""};

	if (dash >= sizeof(number[0]) || len - dash > sizeof(number[1]))
		return 0;
	memcpy(number[0], text, dash);
	if (dash < len)
		memcpy(number[1], text + dash + 1, len - dash - 1);
	else
		memcpy(number[1], text, len);
	if (!parse_number(number[0], 10, CONF_WORKERS_MAX - 1, first) ||
	    !parse_number(number[1], 10, CONF_WORKERS_MAX - 1, last))
		return 0;
	return *first <= *last ? len : 0;
}

/* Two hexadecimal digits a byte. */
bool
conf_parse_hex(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	struct conf_secret *secret = value;
	size_t digits = strspn(text, "0123456789abcdefABCDEF");

	if (text[digits] != '\0' || digits % 2 != 0 || digits > 2 * CONF_SECRET_MAX)
		return false;
	secret->len = (uint8_t)(digits / 2);
	for (size_t at = 0; at < secret->len; at++) {
		char byte[] = {text[2 * at], text[2 * at + 1], '\0'};

		secret->bytes[at] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return true;
}

bool
conf_parse_secret(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	return strlen(text) >= 2 * SECRET_MIN && conf_parse_hex(row, text, value, i);
}

/* "all", or numbers and ranges of them with commas between. */
bool
conf_parse_workers(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	uint64_t *set = value;

	*set = 0;
	if (strcmp(text, "all") == 0)
		return true;
	for (bool more = true; more; text++) {
		uint32_t first, last;
		size_t len = parse_range(text, &first, &last);

		if (len == 0)
			return false;
		for (uint32_t w = first; w <= last; w++)
			*set |= UINT64_C(1) << w;
		text += len;
		more = *text == ',';
	}
	return text[-1] == '\0';
}

/* One more name, behind those that are there. */
bool
conf_parse_one_of_names(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	size_t len = strlen(value);
	char name[CONF_NAME];

	_Static_assert(CONF_ITEMS_MAX * CONF_NAME <= CONF_TEXT, "names of any length have room");
	if (!conf_parse_name(row, text, name, 0))
		return false;
	snprintf((char *)value + len, CONF_TEXT - len, "%s%s", len > 0 ? " " : "", name);
	return true;
}

/* What is written of it has to have room, too. */
bool
conf_parse_selector(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	char written[SELECTOR_TEXT];
	const char *why;

	return selector_parse(text, value, &why) == 0 && strlen(selector_format(value, written)) < CONF_TEXT;
}
