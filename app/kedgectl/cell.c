/* SPDX-License-Identifier: BSD-3-Clause */
#include "cell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTHING "-"

static void *
checked(void *p)
{
	if (p != NULL)
		return p;
	fputs("kedgectl: no memory\n", stderr);
	exit(EXIT_FAILURE);
}

static char *print(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *
print(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return checked(text);
}

static char *
format_bytes(json_int_t n)
{
	static const char units[] = "kMGTPE";
	double scaled = (double)n;
	const char *unit = NULL;

	for (const char *u = units; scaled >= 1000 && *u != '\0'; u++) {
		scaled /= 1000;
		unit = u;
	}
	return unit != NULL ? print("%.1f%c", scaled, *unit) : print("%lld", (long long)n);
}

/* The two largest units that are not zero in front: 42s, 5m07s, 1h02m, 3d04h. */
static char *
format_seconds(json_int_t n)
{
	long long s = n;

	if (s < 60)
		return print("%llds", s);
	if (s < 3600)
		return print("%lldm%02llds", s / 60, s % 60);
	if (s < 86400)
		return print("%lldh%02lldm", s / 3600, s % 3600 / 60);
	return print("%lldd%02lldh", s / 86400, s % 86400 / 3600);
}

static char *
format_list(const json_t *list)
{
	char *text = print("%s", json_array_size(list) == 0 ? NOTHING : "");
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		char *one = cell_format(value, FORMAT_TEXT);
		char *longer = print("%s%s%s", text, i > 0 ? "," : "", one);

		free(one);
		free(text);
		text = longer;
	}
	return text;
}

static char *
format_string(const char *s)
{
	char *text = print("%s", s[0] != '\0' ? s : NOTHING);

	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return text;
}

char *
cell_format(const json_t *value, enum format format)
{
	if (json_is_string(value))
		return format_string(json_string_value(value));
	if (json_is_integer(value) && format == FORMAT_BYTES)
		return format_bytes(json_integer_value(value));
	if (json_is_integer(value) && format == FORMAT_SECONDS)
		return format_seconds(json_integer_value(value));
	if (json_is_boolean(value))
		return print("%s", json_is_true(value) ? "yes" : "no");
	if (json_is_array(value))
		return format_list(value);
	if (value == NULL || json_is_null(value))
		return print(NOTHING);
	return checked(json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY));
}

unsigned int
cell_width(const char *text)
{
	unsigned int n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80; /* not inside a UTF-8 character */
	return n;
}
