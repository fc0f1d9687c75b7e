/* SPDX-License-Identifier: BSD-3-Clause */
#include "redact.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"

/* The ends of the names of keys whose values are secret; a word of its own in a name, as in `shared-secret`. */
static const char *const secrets[] = {
	"secret", "secrets",	"password",    "passphrase", "passwd", "psk",
	"token",  "credential", "credentials", "-key",	     "_key",
};

static bool
is_secret(const char *key, size_t len)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		size_t end = strlen(secrets[i]);

		if (len >= end && strncasecmp(key + len - end, secrets[i], end) == 0)
			return true;
	}
	return false;
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* Behind the value that begins here: a quoted text, or all up to the end of an item or a line. */
static const char *
skip_value(const char *at)
{
	char quote = *at;

	if (quote != '"' && quote != '\'')
		return at + strcspn(at, ",}]\n");
	for (at++; *at != '\0' && *at != quote; at++)
		if (*at == '\\' && at[1] != '\0')
			at++;
	return at + (*at == quote);
}

/* Behind the key that stands before this `:` or `=`, its quotes left out; 0: no name. */
static size_t
name_before(const char *text, const char *at, const char **begin)
{
	const char *end = at;

	while (end > text && (end[-1] == ' ' || end[-1] == '"' || end[-1] == '\''))
		end--;
	*begin = end;
	while (*begin > text && is_name((*begin)[-1]))
		(*begin)--;
	return (size_t)(end - *begin);
}

char *
redact_text(const char *text, unsigned int *count)
{
	char *out = NULL;
	size_t size;
	FILE *f = cell_checked(open_memstream(&out, &size));

	for (const char *at = text; *at != '\0';) {
		const char *name;
		size_t len = *at == ':' || *at == '=' ? name_before(text, at, &name) : 0;

		putc(*at++, f);
		if (len == 0 || !is_secret(name, len))
			continue;
		for (; *at == ' '; at++)
			putc(' ', f);
		if (*at == '\0' || *at == '\n' || strncmp(at + (*at == '"'), REDACTED, strlen(REDACTED)) == 0)
			continue; /* a section of that name, or left out already */
		fputs(REDACTED, f);
		at = skip_value(at);
		++*count;
	}
	fclose(f);
	return cell_checked(out);
}

static unsigned int
redact_string(json_t *value)
{
	unsigned int count = 0;
	char *text = redact_text(json_string_value(value), &count);

	if (count > 0)
		json_string_set(value, text);
	free(text);
	return count;
}

unsigned int
redact_json(json_t *value)
{
	unsigned int count = 0;
	const char *key;
	json_t *below;
	size_t i;

	if (json_is_string(value))
		return redact_string(value);
	json_array_foreach(value, i, below) count += redact_json(below);
	json_object_foreach(value, key, below)
	{
		if (is_secret(key, strlen(key)) && !json_is_null(below)) {
			json_object_set_new(value, key, json_string(REDACTED)); /* replacing a value is allowed here */
			count++;
		} else {
			count += redact_json(below);
		}
	}
	return count;
}
