/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines as words, and what a word may say. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

void
complain(struct complaint *c, const char *format, ...)
{
	va_list args;

	if (c->text[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(c->text, sizeof(c->text), format, args);
	va_end(args);
}

void
text_add(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->at, t->left, format, args);
	va_end(args);
	if (n > 0 && (size_t)n < t->left) {
		t->at += n;
		t->left -= (size_t)n;
	}
}

int
line_read(const char *text, struct line *out)
{
	size_t len = strcspn(text, "\n");
	char *save = NULL, *word;

	*out = (struct line){.indented = text[0] == ' ' || text[0] == '\t'};
	if (len >= sizeof(out->text))
		return -1;
	memcpy(out->text, text, len);
	for (word = strtok_r(out->text, " \t\r", &save); word != NULL; word = strtok_r(NULL, " \t\r", &save)) {
		if (word[0] == '#')
			break;
		if (out->count == WORDS_MAX)
			return -1;
		out->word[out->count++] = word;
	}
	return 0;
}

const char *
line_value(const struct line *l, const char *key)
{
	size_t len = strlen(key);

	for (unsigned int i = 0; i < l->count; i++)
		if (strncmp(l->word[i], key, len) == 0 && l->word[i][len] == '=')
			return l->word[i] + len + 1;
	return NULL;
}

uint64_t
line_number(const struct line *l, const char *key, uint64_t def, uint64_t max, struct complaint *c)
{
	const char *value = line_value(l, key);
	unsigned long long n;
	char *end;

	if (value == NULL)
		return def;
	n = strtoull(value, &end, 0);
	if (*value == '\0' || *end != '\0' || n > max)
		complain(c, "%s=%s is no number up to %llu", key, value, (unsigned long long)max);
	return n;
}

struct addr6
line_addr(const struct line *l, const char *key, struct addr6 def, struct complaint *c)
{
	const char *value = line_value(l, key);

	if (value != NULL && addr6_parse(value, &def) != 0)
		complain(c, "%s=%s is no IPv6 address", key, value);
	return def;
}

bool
line_yes(const struct line *l, const char *key, bool def, struct complaint *c)
{
	const char *value = line_value(l, key);

	if (value == NULL)
		return def;
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		complain(c, "%s=%s is neither yes nor no", key, value);
	return value[0] == 'y';
}

struct pmip_mn_id
line_mn_id(const struct line *l, struct complaint *c)
{
	const char *value = line_value(l, "mn");
	struct pmip_mn_id id = {0};

	if (value == NULL || pmip_mn_id_parse(value, &id) != 0)
		complain(c, "mn=IDENTIFIER is missing");
	return id;
}

uint8_t
line_prefixes(const struct line *l, const char *key, struct addr_prefix out[static MH_HNP_MAX], uint8_t *off_link,
	      struct complaint *c)
{
	static const char mark[] = "off-link:";
	const char *at = line_value(l, key);
	uint8_t n = 0;

	while (at != NULL && *at != '\0') {
		bool marked = off_link != NULL && strncmp(at, mark, strlen(mark)) == 0;
		char one[ADDR_PREFIX_TEXT];
		size_t len;

		if (marked) {
			at += strlen(mark);
			*off_link |= (uint8_t)(1u << n);
		}
		len = strcspn(at, ",");
		if (len >= sizeof(one) || n == MH_HNP_MAX) {
			complain(c, "%s: too long or too many prefixes", key);
			return n;
		}
		memcpy(one, at, len);
		one[len] = '\0';
		if (strcmp(one, "all-zero") == 0)
			out[n] = (struct addr_prefix){0};
		else if (addr_prefix_parse(one, &out[n]) != 0)
			complain(c, "%s=%s is no prefix", key, one);
		n++;
		at += len + (at[len] == ',');
	}
	return n;
}

bool
line_time(const char *word, uint64_t *ms)
{
	char *end;
	double s = strtod(word, &end);

	if (end == word || *end != '\0' || !(s >= 0 && s < 1e9))
		return false;
	*ms = (uint64_t)(s * 1000 + 0.5);
	return true;
}

static bool
among(const char *word, size_t len, const char *keys)
{
	for (const char *k = keys; *k != '\0'; k += strcspn(k, " "), k += *k == ' ')
		if (strcspn(k, " ") == len && strncmp(k, word, len) == 0)
			return true;
	return false;
}

void
line_check_keys(const struct line *l, unsigned int from, const char *keys, struct complaint *c)
{
	for (unsigned int i = from; i < l->count; i++) {
		size_t len = strcspn(l->word[i], "=");

		if (l->word[i][len] != '=')
			complain(c, "\"%s\" should be KEY=VALUE", l->word[i]);
		else if (!among(l->word[i], len, keys))
			complain(c, "\"%.*s\" is none of: %s", (int)len, l->word[i], keys);
	}
}
