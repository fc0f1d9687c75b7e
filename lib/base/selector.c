/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/selector.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS_BAD "not an address, a prefix, or two addresses with '-' between them"
#define NUMBER_BAD  "not a number of this field, or two with '-' between them"
#define RANGE_BAD   "ends before it begins"

static bool
address_within(const struct addr6 *a, const struct addr6 range[2])
{
	return memcmp(&range[0], a, sizeof(*a)) <= 0 && memcmp(a, &range[1], sizeof(*a)) <= 0;
}

bool
selector_matches(const struct selector *s, const struct selector_packet *p)
{
	if ((s->fields & p->fields) != s->fields)
		return false;
#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (s->fields & SELECTOR_##bit && !address_within(&p->member, s->member))                                      \
		return false;
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (s->fields & SELECTOR_##bit && (p->member >> (ignored) < s->member[0] >> (ignored) ||                       \
					   p->member >> (ignored) > s->member[1] >> (ignored)))                        \
		return false;
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	return true;
}

bool
selector_check(const struct selector *s)
{
	uint16_t known = 0;

#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	known |= SELECTOR_##bit;                                                                                       \
	if (s->fields & SELECTOR_##bit && !address_within(&s->member[0], s->member))                                   \
		return false;
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	known |= SELECTOR_##bit;                                                                                       \
	if (s->fields & SELECTOR_##bit &&                                                                              \
	    (s->member[0] >> (ignored) > s->member[1] >> (ignored) || (uint64_t)s->member[1] >> (bits) != 0))          \
		return false;
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	return (s->fields & ~known) == 0;
}

bool
selector_equal(const struct selector *a, const struct selector *b)
{
	if (a->fields != b->fields)
		return false;
	for (unsigned int end = 0; end < 2; end++) {
#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (a->fields & SELECTOR_##bit && !addr6_equal(&a->member[end], &b->member[end]))                              \
		return false;
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (a->fields & SELECTOR_##bit && a->member[end] >> (ignored) != b->member[end] >> (ignored))                  \
		return false;
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	}
	return true;
}

static struct addr6
prefix_last(const struct addr_prefix *p)
{
	struct addr6 a = p->addr;

	for (unsigned int bit = p->len; bit < 128; bit++)
		a.b[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return a;
}

static const struct {
	const char *name;
	uint32_t value;
} protocols[] = {{"tcp", 6}, {"udp", 17}, {"esp", 50}, {"icmpv6", 58}, {"sctp", 132}};

#define PROTOCOL_COUNT (sizeof(protocols) / sizeof(protocols[0]))

/* Decimal digits, or hexadecimal ones behind "0x". */
static bool
parse_number(const char *text, uint32_t max, uint32_t *out)
{
	bool hex = strncmp(text, "0x", 2) == 0;
	const char *digits = hex ? "0123456789abcdef" : "0123456789";
	uint64_t v = 0;

	if (hex)
		text += 2;
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		const char *digit = strchr(digits, *text);

		if (digit == NULL)
			return false;
		v = v * (hex ? 16 : 10) + (uint64_t)(digit - digits);
		if (v > max)
			return false;
	}
	*out = (uint32_t)v;
	return true;
}

static bool
parse_one(const char *text, bool protocol, uint32_t max, uint32_t *out)
{
	for (unsigned int i = 0; protocol && i < PROTOCOL_COUNT; i++)
		if (strcmp(text, protocols[i].name) == 0) {
			*out = protocols[i].value;
			return true;
		}
	return parse_number(text, max, out);
}

/* Both give NULL, or what is wrong; value is cut in two at its '-'. */
static const char *
parse_numbers(char *value, enum selector_field field, unsigned int bits, uint32_t out[2])
{
	uint32_t max = (uint32_t)((1ULL << bits) - 1);
	bool protocol = field == SELECTOR_PROTOCOL;
	char *dash = strchr(value, '-');

	if (dash != NULL)
		*dash++ = '\0';
	if (!parse_one(value, protocol, max, &out[0]) ||
	    !parse_one(dash != NULL ? dash : value, protocol, max, &out[1]))
		return NUMBER_BAD;
	return out[0] <= out[1] ? NULL : RANGE_BAD;
}

static const char *
parse_addresses(char *value, struct addr6 out[2])
{
	char *dash = strchr(value, '-');
	struct addr_prefix p;

	if (dash != NULL)
		*dash++ = '\0';
	if (dash == NULL && addr_prefix_parse(value, &p) == 0) {
		out[0] = p.addr;
		out[1] = prefix_last(&p);
		return NULL;
	}
	if (addr6_parse(value, &out[0]) < 0 || addr6_parse(dash != NULL ? dash : value, &out[1]) < 0)
		return ADDRESS_BAD;
	return memcmp(&out[0], &out[1], sizeof(out[0])) <= 0 ? NULL : RANGE_BAD;
}

/* One KEY=VALUE. */
static const char *
parse_word(char *word, struct selector *s)
{
	char *value = strchr(word, '=');
	const char *why;
	uint32_t n[2];

	if (value == NULL)
		return "not KEY=VALUE";
	*value++ = '\0';
#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (strcmp(word, key) == 0) {                                                                                  \
		if (s->fields & SELECTOR_##bit)                                                                        \
			return key " is said twice";                                                                   \
		s->fields |= SELECTOR_##bit;                                                                           \
		return parse_addresses(value, s->member);                                                              \
	}
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (strcmp(word, key) == 0) {                                                                                  \
		if (s->fields & SELECTOR_##bit)                                                                        \
			return key " is said twice";                                                                   \
		s->fields |= SELECTOR_##bit;                                                                           \
		why = parse_numbers(value, SELECTOR_##bit, bits, n);                                                   \
		for (unsigned int end = 0; why == NULL && end < 2; end++)                                              \
			s->member[end] = (__typeof__(s->member[0]))(n[end] >> (ignored) << (ignored));                 \
		return why;                                                                                            \
	}
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	return "no such field";
}

int
selector_parse(const char *text, struct selector *out, const char **why)
{
	struct selector s = {0};
	char word[SELECTOR_TEXT];

	*why = NULL;
	if (strcmp(text, "any") == 0) {
		*out = s;
		return 0;
	}
	for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");

		if (len >= sizeof(word)) {
			*why = "a word is too long";
			return -EINVAL;
		}
		memcpy(word, text, len);
		word[len] = '\0';
		*why = parse_word(word, &s);
		if (*why != NULL)
			return -EINVAL;
		text += len;
	}
	if (s.fields == 0) {
		*why = "says nothing; every packet is \"any\"";
		return -EINVAL;
	}
	*out = s;
	return 0;
}

static int
format_addresses(char *buf, size_t room, const char *key, const struct addr6 a[2])
{
	char first[ADDR_PREFIX_TEXT], last[ADDR6_TEXT];

	for (unsigned int len = 0; len < 128; len++) {
		struct addr_prefix p = addr_prefix_mask(&a[0], (uint8_t)len);
		struct addr6 end = prefix_last(&p);

		if (addr6_equal(&p.addr, &a[0]) && addr6_equal(&end, &a[1]))
			return snprintf(buf, room, " %s=%s", key, addr_prefix_format(&p, first));
	}
	addr6_format(&a[0], first);
	if (addr6_equal(&a[0], &a[1]))
		return snprintf(buf, room, " %s=%s", key, first);
	return snprintf(buf, room, " %s=%s-%s", key, first, addr6_format(&a[1], last));
}

static int
format_numbers(char *buf, size_t room, const char *key, uint32_t first, uint32_t last, bool hex)
{
	if (first == last)
		return snprintf(buf, room, hex ? " %s=0x%" PRIx32 : " %s=%" PRIu32, key, first);
	return snprintf(buf, room, hex ? " %s=0x%" PRIx32 "-0x%" PRIx32 : " %s=%" PRIu32 "-%" PRIu32, key, first, last);
}

static int
format_protocols(char *buf, size_t room, const char *key, const uint8_t protocol[2])
{
	for (unsigned int i = 0; i < PROTOCOL_COUNT; i++)
		if (protocol[0] == protocols[i].value && protocol[1] == protocol[0])
			return snprintf(buf, room, " %s=%s", key, protocols[i].name);
	return format_numbers(buf, room, key, protocol[0], protocol[1], false);
}

char *
selector_format(const struct selector *s, char buf[static SELECTOR_TEXT])
{
	size_t len = 0;

#define SELECTOR_ADDRESS(bit, member, key)                                                                             \
	if (s->fields & SELECTOR_##bit)                                                                                \
		len += (size_t)format_addresses(buf + len, SELECTOR_TEXT - len, key, s->member);
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (s->fields & SELECTOR_##bit)                                                                                \
		len += (size_t)(SELECTOR_##bit == SELECTOR_PROTOCOL                                                    \
					? format_protocols(buf + len, SELECTOR_TEXT - len, key, s->protocol)           \
					: format_numbers(buf + len, SELECTOR_TEXT - len, key, s->member[0],            \
							 s->member[1], hex));
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	/* Each field has a blank in front. */
	if (len == 0)
		snprintf(buf, SELECTOR_TEXT, "any");
	else
		memmove(buf, buf + 1, len);
	return buf;
}
