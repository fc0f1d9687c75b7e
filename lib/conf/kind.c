/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kinds of values: the table of kind.def, and what follows from it.
 */
#include "row.h"

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

/* What several rows of kind.def say. */
#define NAME_EXPECTED	"a name of up to 31 letters, digits, '-', '_' and '.'"
#define NAME_SCHEMA	"\"type\": [\"string\", \"number\"], \"pattern\": \"^[A-Za-z0-9._-]{1,31}$\""
#define TEXT_EXPECTED	"text of up to 255 bytes"
#define TEXT_SCHEMA	"\"type\": [\"string\", \"number\"], \"maxLength\": 255"
#define MAC_EXPECTED	"a MAC address of one station"
#define MAC_SCHEMA	"\"type\": \"string\", \"pattern\": \"^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$\""
#define PREFIX_EXPECTED "an IPv6 prefix without bits past its length"
#define PREFIX_SCHEMA	ADDR_SCHEMA("/[0-9]{1,3}")

#define ADDR_SCHEMA(behind)	  "\"type\": \"string\", \"pattern\": \"^[0-9A-Fa-f:.]{2,45}" behind "$\""
#define OR_WORD_SCHEMA(word, max) "\"enum\": [\"" word "\"]}, {\"type\": \"integer\", \"minimum\": 0, \"maximum\": " max

const struct conf_kind conf_kind[CONF_KIND_COUNT] = {
#define KIND(NAME, read, written, shape, form, words, must, schema)                                                    \
	[CONF_KIND_##NAME] = {must, words, CONF_##shape, conf_parse_##read, conf_format_##written, CONF_##form, schema},
#include "kind.def"
#undef KIND
};

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
