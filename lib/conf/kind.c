/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kinds of values: how each is read from text and written as text.
 */
#include <stdlib.h>
#include <string.h>

#include "row.h"

#define WORKERS_MAX 64 /* of the packet path */
#define SECRET_MIN  16 /* bytes of a key: what is shorter can be guessed */

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

static bool
parse_u32(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	uint32_t v;

	if (!parse_number(text, 10, row->max, &v) || v < row->min)
		return false;
	*(uint32_t *)value = v;
	return true;
}

static bool
parse_octal(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	return parse_number(text, 8, row->max, value);
}

static bool
parse_name(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	size_t len = strspn(text, letters);

	if (len == 0 || len >= CONF_NAME || text[len] != '\0')
		return false;
	memcpy(value, text, len + 1);
	return true;
}

static bool
parse_text(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	size_t len = strlen(text);

	if (len >= CONF_TEXT)
		return false;
	memcpy((char(*)[CONF_TEXT])value + i, text, len + 1);
	return true;
}

/* What a service selection option can say (RFC 5149 section 3): text without control characters, or none. */
static bool
parse_service(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	size_t len = strlen(text);

	if (len >= CONF_SERVICE || (len == 0 && row->initial == NULL))
		return false;
	memcpy(value, text, len + 1);
	return true;
}

/* A word; its place in the list is the value. */
static bool
parse_word(const struct conf_row *row, const char *text, void *value, uint32_t i)
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

static bool
parse_bool(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	bool yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;

	if (!yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0)
		return false;
	*(bool *)value = yes;
	return true;
}

static bool
parse_addr6(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	return addr6_parse(text, value) == 0;
}

static bool
parse_prefix(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	return addr_prefix_parse(text, (struct addr_prefix *)value + i) == 0;
}

static bool
parse_host_or_prefix(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	struct addr_prefix *p = value;

	if (addr_prefix_parse(text, p) == 0)
		return true;
	p->len = 128;
	return addr6_parse(text, &p->addr) == 0;
}

static bool
parse_mac(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	struct addr_mac *mac = (struct addr_mac *)value + i;

	return addr_mac_parse(text, mac) == 0 && !addr_mac_is_group(mac) &&
	       !addr_mac_equal(mac, &(struct addr_mac){{0}});
}

/* A number, or for -1 the word that `expected` begins with. */
static bool
parse_or_word(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	const char *expected = conf_kind[row->kind].expected;
	size_t len = strcspn(expected, ",");

	if (strlen(text) != len || strncmp(text, expected, len) != 0)
		return parse_u32(row, text, value, 0);
	*(int32_t *)value = -1;
	return true;
}

static bool
parse_member(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	uint32_t bit;

	if (!parse_word(row, text, &bit, 0))
		return false;
	*(uint32_t *)value |= 1u << bit;
	return true;
}

static bool
parse_address(const struct conf_row *row, const char *text, void *value, uint32_t i)
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
	if (!parse_number(number[0], 10, WORKERS_MAX - 1, first) || !parse_number(number[1], 10, WORKERS_MAX - 1, last))
		return 0;
	return *first <= *last ? len : 0;
}

/* Two hexadecimal digits a byte. */
static bool
parse_hex(const struct conf_row *row, const char *text, void *value, uint32_t i)
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

static bool
parse_secret(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	return strlen(text) >= 2 * SECRET_MIN && parse_hex(row, text, value, i);
}

/* "all", or numbers and ranges of them with commas between. */
static bool
parse_workers(const struct conf_row *row, const char *text, void *value, uint32_t i)
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
static bool
parse_one_of_names(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	size_t len = strlen(value);
	char name[CONF_NAME];

	_Static_assert(CONF_ITEMS_MAX * CONF_NAME <= CONF_TEXT, "names of any length have room");
	if (!parse_name(row, text, name, 0))
		return false;
	snprintf((char *)value + len, CONF_TEXT - len, "%s%s", len > 0 ? " " : "", name);
	return true;
}

/* What is written of it has to have room, too. */
static bool
parse_selector(const struct conf_row *row, const char *text, void *value, uint32_t i)
{
	char written[SELECTOR_TEXT];
	const char *why;

	return selector_parse(text, value, &why) == 0 && strlen(selector_format(value, written)) < CONF_TEXT;
}

static void
format_selector(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	char text[SELECTOR_TEXT];

	snprintf(out, CONF_TEXT, "%.*s", CONF_TEXT - 1, selector_format(value, text));
}

static void
format_one_of_names(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const char *name;
	size_t len = conf_name_of(value, i, &name);

	snprintf(out, CONF_TEXT, "%.*s", (int)len, name);
}

static void
format_text(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%s", ((const char(*)[CONF_TEXT])value)[i]);
}

static void
format_name(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%s", (const char *)value);
}

static void
format_u32(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%u", *(const uint32_t *)value);
}

static void
format_octal(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%04o", *(const uint32_t *)value);
}

static void
format_word(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%s", conf_kind[row->kind].words[*(const uint32_t *)value]);
}

static void
format_bool(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "%s", *(const bool *)value ? "yes" : "no");
}

static void
format_addr6(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	addr6_format(value, out);
}

static void
format_prefix(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	addr_prefix_format((const struct addr_prefix *)value + i, out);
}

static void
format_mac(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	addr_mac_format((const struct addr_mac *)value + i, out);
}

static void
format_hex(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const struct conf_secret *secret = value;

	out[0] = '\0';
	for (unsigned int at = 0; at < secret->len; at++)
		snprintf(out + 2 * at, 3, "%02x", secret->bytes[at]);
}

static void
format_workers(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	uint64_t set = *(const uint64_t *)value;
	size_t at = (size_t)snprintf(out, CONF_TEXT, "%s", set == 0 ? "all" : "");

	for (unsigned int w = 0, last; w < WORKERS_MAX; w = last + 1) {
		for (last = w; last < WORKERS_MAX && (set >> last & 1) != 0; last++)
			;
		if (last == w)
			continue;
		at += (size_t)snprintf(out + at, CONF_TEXT - at, last - w > 1 ? "%s%u-%u" : "%s%u", at > 0 ? "," : "",
				       w, last - 1);
	}
}

/* Logs, answers and differences show that there is one, and no more. */
static void
format_secret(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	snprintf(out, CONF_TEXT, "(secret)");
}

static void
format_or_word(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const char *expected = conf_kind[row->kind].expected;
	int32_t v = *(const int32_t *)value;

	if (v < 0)
		snprintf(out, CONF_TEXT, "%.*s", (int)strcspn(expected, ","), expected);
	else
		snprintf(out, CONF_TEXT, "%d", v);
}

/* The i-th of the words that are in. */
static void
format_member(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const char *const *words = conf_kind[row->kind].words;

	out[0] = '\0';
	for (uint32_t bit = 0; words[bit] != NULL; bit++)
		if ((*(const uint32_t *)value & 1u << bit) && i-- == 0)
			snprintf(out, CONF_TEXT, "%s", words[bit]);
}

static void
format_address(const struct conf_row *row, const void *value, uint32_t i, char *out)
{
	const struct conf_address *a = (const struct conf_address *)value + i;
	char text[ADDR6_TEXT];

	snprintf(out, CONF_TEXT, "%s/%u", addr6_format(&a->addr, text), a->len);
}

_Static_assert(CONF_TEXT >= ADDR_PREFIX_TEXT && CONF_TEXT >= ADDR_MAC_TEXT && CONF_TEXT >= CONF_NAME,
	       "every value's text fits");

static const char *const hugepages[] = {"auto", "yes", "no", NULL};
static const char *const levels[] = {"", "error", "warning", "notice", "info", "debug", NULL};
static const char *const idles[] = {"sleep", "poll", NULL};
static const char *const counters[] = {"off", "session", NULL};
static const char *const mss_clamps[] = {"off", "tunnel", NULL};
static const char *const key_algorithms[] = {"hmac-sha1", "hmac-sha256", NULL};
static const char *const protections[] = {"auto", "none", "authentication", "esp", NULL};
static const char *const suites[] = {
#define SUITE(id, name, key, salt, integrity, fresh, help) name,
#include "base/suite.def"
#undef SUITE
	NULL};
static const char *const gres[] = {"off", "offered", "required", NULL};
static const char *const dead_peers[] = {"remove", "keep", NULL};
static const char *const spreads[] = {"queues", "workers", NULL};
static const char *const port_roles[] = {"core", "access", NULL};
static const char *const compats[] = {
#define COMPAT(NAME, key, help) key,
#include "base/compat.def"
#undef COMPAT
	NULL,
};
static const char *const roles[] = {"lma", "mag", NULL};
/* By their numbers; those that have a name are all up to the last. */
static const char *const techs[] = {"link",
#define TECHNOLOGY(number, word) [number] = word,
#include "base/technology.def"
#undef TECHNOLOGY
				    NULL};

#define NAME_EXPECTED	 "a name of up to 31 letters, digits, '-', '_' and '.'"
#define TEXT_EXPECTED	 "text of up to 255 bytes"
#define ADDRESS_EXPECTED "an IPv6 address with its prefix length"
#define PREFIX_EXPECTED	 "an IPv6 prefix without bits past its length"
#define SERVICE_EXPECTED "text of up to 100 bytes"
#define SECRET_EXPECTED	 "16 to 64 bytes, each as two hexadecimal digits"
#define HEX_EXPECTED	 "up to 64 bytes, each as two hexadecimal digits"
#define WORKERS_EXPECTED "all, or numbers and ranges from 0 to 63, such as 0-3,6"
#define MAC_EXPECTED	 "a MAC address of one station"

/* What editors are told: a scalar that YAML takes for a number may be meant as text. */
#define ADDR_LETTERS	 "[0-9A-Fa-f:.]{2,45}"
#define NAME_SCHEMA	 "\"type\": [\"string\", \"number\"], \"pattern\": \"^[A-Za-z0-9._-]{1,31}$\""
#define TEXT_SCHEMA	 "\"type\": [\"string\", \"number\"], \"maxLength\": 255"
#define OCTAL_SCHEMA	 "\"type\": [\"string\", \"integer\"], \"pattern\": \"^0*[0-7]{1,3}$\", \"maximum\": 777"
#define BOOL_SCHEMA	 "\"enum\": [true, false, \"yes\", \"no\", \"true\", \"false\"]"
#define ADDR_SCHEMA	 "\"type\": \"string\", \"pattern\": \"^" ADDR_LETTERS "$\""
#define PREFIX_SCHEMA	 "\"type\": \"string\", \"pattern\": \"^" ADDR_LETTERS "/[0-9]{1,3}$\""
#define OR_PREFIX_SCHEMA "\"type\": \"string\", \"pattern\": \"^" ADDR_LETTERS "(/[0-9]{1,3})?$\""
#define SERVICE_SCHEMA	 "\"type\": [\"string\", \"number\"], \"maxLength\": 100"
#define SECRET_SCHEMA	 "\"type\": \"string\", \"pattern\": \"^([0-9A-Fa-f]{2}){16,64}$\""
#define HEX_SCHEMA	 "\"type\": [\"string\", \"integer\"], \"pattern\": \"^([0-9A-Fa-f]{2}){0,64}$\""
#define WORKERS_SCHEMA                                                                                                 \
	"\"type\": [\"string\", \"integer\"], \"pattern\": "                                                           \
	"\"^(all|[0-9]{1,2}(-[0-9]{1,2})?(,[0-9]{1,2}(-[0-9]{1,2})?)*)$\", \"minimum\": 0, \"maximum\": 63"
#define MAC_SCHEMA   "\"type\": \"string\", \"pattern\": \"^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$\""
#define LIMIT_SCHEMA "\"enum\": [\"off\"]}, {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 255"

#define INDICATOR_SCHEMA  "\"enum\": [\"domain\"]}, {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 255"
#define SELECTOR_SCHEMA	  "\"type\": \"string\", \"pattern\": \"^ *(any|[a-z-]+=[^ ]+( +[a-z-]+=[^ ]+)*) *$\""
#define SELECTOR_EXPECTED "any, or ranges such as protocol=udp source-port=5004-5010"

#define DSCP_SCHEMA "\"enum\": [\"copy\"]}, {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 63"

#define WORDS(list) NULL, list, CONF_ONE, parse_word, format_word, CONF_WORD, NULL

/* clang-format off */
const struct conf_kind conf_kind[CONF_KIND_COUNT] = {
	[CONF_KIND_NAME] = {NAME_EXPECTED, NULL, CONF_ONE, parse_name, format_name, CONF_QUOTED, NAME_SCHEMA},
	[CONF_KIND_TEXT] = {TEXT_EXPECTED, NULL, CONF_ONE, parse_text, format_text, CONF_QUOTED, TEXT_SCHEMA},
	[CONF_KIND_U32] = {NULL, NULL, CONF_ONE, parse_u32, format_u32, CONF_NUMBER, NULL},
	[CONF_KIND_OCTAL] = {"an octal number up to 0777", NULL, CONF_ONE, parse_octal, format_octal, CONF_QUOTED,
			     OCTAL_SCHEMA},
	[CONF_KIND_BOOL] = {"yes or no", NULL, CONF_ONE, parse_bool, format_bool, CONF_BOOLEAN, BOOL_SCHEMA},
	[CONF_KIND_ADDR6] = {"an IPv6 address", NULL, CONF_ONE, parse_addr6, format_addr6, CONF_QUOTED, ADDR_SCHEMA},
	[CONF_KIND_PREFIX] = {PREFIX_EXPECTED, NULL, CONF_ONE, parse_prefix, format_prefix, CONF_QUOTED, PREFIX_SCHEMA},
	[CONF_KIND_HOST_OR_PREFIX] = {"an IPv6 address or prefix", NULL, CONF_ONE, parse_host_or_prefix, format_prefix,
				      CONF_QUOTED, OR_PREFIX_SCHEMA},
	[CONF_KIND_MAC] = {MAC_EXPECTED, NULL, CONF_ONE, parse_mac, format_mac, CONF_QUOTED, MAC_SCHEMA},
	[CONF_KIND_HUGEPAGES] = {WORDS(hugepages)},
	[CONF_KIND_LEVEL] = {WORDS(levels)},
	[CONF_KIND_IDLE] = {WORDS(idles)},
	[CONF_KIND_COUNTERS] = {WORDS(counters)},
	[CONF_KIND_MSS_CLAMP] = {WORDS(mss_clamps)},
	[CONF_KIND_PORT_ROLE] = {WORDS(port_roles)},
	[CONF_KIND_KEY_ALGORITHM] = {WORDS(key_algorithms)},
	[CONF_KIND_PROTECTION] = {WORDS(protections)},
	[CONF_KIND_GRE] = {WORDS(gres)},
	[CONF_KIND_DEAD_PEER] = {WORDS(dead_peers)},
	[CONF_KIND_COMPAT] = {NULL, compats, CONF_MEMBERS, parse_member, format_member, CONF_WORD, NULL},
	[CONF_KIND_SERVICE] = {SERVICE_EXPECTED, NULL, CONF_ONE, parse_service, format_name, CONF_QUOTED,
			       SERVICE_SCHEMA},
	[CONF_KIND_SUITE] = {WORDS(suites)},
	[CONF_KIND_SECRET] = {SECRET_EXPECTED, NULL, CONF_ONE, parse_secret, format_secret, CONF_QUOTED, SECRET_SCHEMA},
	[CONF_KIND_SPREAD] = {WORDS(spreads)},
	[CONF_KIND_WORKERS] = {WORKERS_EXPECTED, NULL, CONF_ONE, parse_workers, format_workers, CONF_QUOTED,
			       WORKERS_SCHEMA},
	[CONF_KIND_HEX] = {HEX_EXPECTED, NULL, CONF_ONE, parse_hex, format_hex, CONF_QUOTED, HEX_SCHEMA},
	[CONF_KIND_TECH] = {WORDS(techs)},
	[CONF_KIND_LIMIT] = {"off, or a number from 0 to 255", NULL, CONF_ONE, parse_or_word, format_or_word,
			     CONF_NUMBER, LIMIT_SCHEMA},
	[CONF_KIND_DSCP] = {"copy, or a number from 0 to 63", NULL, CONF_ONE, parse_or_word, format_or_word,
			    CONF_NUMBER, DSCP_SCHEMA},
	[CONF_KIND_ROLES] = {NULL, roles, CONF_MEMBERS, parse_member, format_member, CONF_WORD, NULL},
	[CONF_KIND_TEXTS] = {TEXT_EXPECTED, NULL, CONF_ITEMS, parse_text, format_text, CONF_QUOTED, TEXT_SCHEMA},
	[CONF_KIND_ADDRESSES] = {ADDRESS_EXPECTED, NULL, CONF_ITEMS, parse_address, format_address, CONF_QUOTED,
				 PREFIX_SCHEMA},
	[CONF_KIND_PREFIXES] = {PREFIX_EXPECTED, NULL, CONF_ITEMS, parse_prefix, format_prefix, CONF_QUOTED,
				PREFIX_SCHEMA},
	[CONF_KIND_MACS] = {MAC_EXPECTED, NULL, CONF_ITEMS, parse_mac, format_mac, CONF_QUOTED, MAC_SCHEMA},
	[CONF_KIND_INDICATOR] = {"domain, or a number from 0 to 255", NULL, CONF_ONE, parse_or_word, format_or_word,
				 CONF_NUMBER, INDICATOR_SCHEMA},
	[CONF_KIND_SELECTOR] = {SELECTOR_EXPECTED, NULL, CONF_ONE, parse_selector, format_selector, CONF_QUOTED,
				SELECTOR_SCHEMA},
	[CONF_KIND_NAMES] = {NAME_EXPECTED, NULL, CONF_MEMBERS, parse_one_of_names, format_one_of_names, CONF_QUOTED,
			     NAME_SCHEMA},
};
/* clang-format on */

/* Items of bytes alone leave no gap between the count and the first of them. */
_Static_assert(_Alignof(struct conf_address) == 1 && _Alignof(struct addr_prefix) == 1 &&
		       _Alignof(struct addr_mac) == 1,
	       "conf_count steps back from the items to their count");

uint32_t *
conf_count(void *value)
{
	return (uint32_t *)value - 1;
}

uint32_t
conf_items(const struct conf_row *row, const void *value)
{
	switch (conf_kind[row->kind].shape) {
	case CONF_ITEMS:
		return *((const uint32_t *)value - 1);
	case CONF_MEMBERS:
		if (conf_kind[row->kind].words == NULL)
			return conf_names_count(value);
		return (uint32_t)__builtin_popcount(*(const uint32_t *)value);
	case CONF_ONE:
		break;
	}
	return 1;
}

void
conf_expected(const struct conf_row *row, char *buf, size_t size)
{
	const struct conf_kind *kind = &conf_kind[row->kind];
	size_t len = 0;

	if (kind->expected != NULL) {
		snprintf(buf, size, "%s", kind->expected);
	} else if (kind->words == NULL && row->min == row->max) {
		snprintf(buf, size, "%u, the only value yet", row->min);
	} else if (kind->words == NULL) {
		snprintf(buf, size, "a number from %u to %u", row->min, row->max);
	} else {
		for (uint32_t v = row->min; kind->words[v] != NULL && len < size; v++)
			len += (size_t)snprintf(buf + len, size - len, "%s%s",
						v == row->min		     ? ""
						: kind->words[v + 1] == NULL ? " or "
									     : ", ",
						kind->words[v]);
	}
}

const char *
conf_hugepages_name(uint32_t value)
{
	return hugepages[value];
}
