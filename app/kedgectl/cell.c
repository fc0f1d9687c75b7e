/* SPDX-License-Identifier: BSD-3-Clause */
#include "cell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NOTHING	 "-"
#define ELLIPSIS "\u2026"

void *
cell_checked(void *p)
{
	if (p != NULL)
		return p;
	fputs("kedgectl: no memory\n", stderr);
	exit(EXIT_FAILURE);
}

char *
cell_print(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return cell_checked(text);
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
	return unit != NULL ? cell_print("%.1f%c", scaled, *unit) : cell_print("%lld", (long long)n);
}

char *
cell_rate(double n)
{
	static const char units[] = "kMGTPE";
	const char *unit = "";
	char text[2] = "";

	for (const char *u = units; n >= 999.5 && *u != '\0'; u++) {
		n /= 1000;
		text[0] = *u;
		unit = text;
	}
	return cell_print("%.*f%s", n > 0 && n < 9.95 ? 1 : 0, n, unit);
}

/* The two largest units that are not zero in front: 42s, 5m07s, 1h02m, 3d04h. */
static char *
format_seconds(json_int_t n)
{
	const char *sign = n < 0 ? "-" : "";
	unsigned long long s = n < 0 ? -(unsigned long long)n : (unsigned long long)n;

	if (s < 60)
		return cell_print("%s%llus", sign, s);
	if (s < 3600)
		return cell_print("%s%llum%02llus", sign, s / 60, s % 60);
	if (s < 86400)
		return cell_print("%s%lluh%02llum", sign, s / 3600, s % 3600 / 60);
	return cell_print("%s%llud%02lluh", sign, s / 86400, s % 86400 / 3600);
}

/* A part of a second; more than a minute as seconds. */
static char *
format_fraction(json_int_t n, enum format format)
{
	double ms = format == FORMAT_MS ? (double)n : (double)n / 1e3;

	if (ms >= 60e3 || ms <= -60e3)
		return format_seconds((json_int_t)(ms / 1e3));
	if (ms >= 1e3 || ms <= -1e3)
		return cell_print("%.1fs", ms / 1e3);
	if (format == FORMAT_MS || n == 0)
		return cell_print("%lldms", (long long)ms);
	return ms >= 1 ? cell_print("%.1fms", ms) : cell_print("%lldus", (long long)n);
}

static char *
format_time(json_int_t ms)
{
	time_t s = (time_t)(ms / 1000), now = time(NULL);
	struct tm then, today;
	char day[16] = "";

	if (ms < 0 || localtime_r(&s, &then) == NULL || localtime_r(&now, &today) == NULL)
		return cell_print("%lld", (long long)ms);
	if (then.tm_year != today.tm_year || then.tm_yday != today.tm_yday)
		strftime(day, sizeof(day), "%F ", &then);
	return cell_print("%s%02d:%02d:%02d.%03d", day, then.tm_hour, then.tm_min, then.tm_sec, (int)(ms % 1000));
}

/* 2026-11-21T12:00:00.125Z as the local time; NULL where it is no time. */
static char *
format_iso_time(const char *text)
{
	struct tm tm = {0};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int ms = 0;

	if (end == NULL || (end[0] == '.' && sscanf(end, ".%3d", &ms) != 1) || text[strlen(text) - 1] != 'Z')
		return NULL;
	return format_time((json_int_t)timegm(&tm) * 1000 + ms);
}

static char *
format_integer(json_int_t n, enum format format)
{
	switch (format) {
	case FORMAT_BYTES:
		return format_bytes(n);
	case FORMAT_SECONDS:
		return format_seconds(n);
	case FORMAT_MS:
	case FORMAT_US:
		return format_fraction(n, format);
	case FORMAT_PERMILLE:
		return cell_print("%.1f%%", (double)n / 10);
	case FORMAT_TIME:
		return format_time(n);
	default:
		return cell_print("%lld", (long long)n);
	}
}

/* `one` behind `text`, which it takes, with a separator between. */
static char *
append(char *text, const char *separator, char *one)
{
	char *longer = cell_print("%s%s%s", text, text[0] != '\0' ? separator : "", one);

	free(one);
	free(text);
	return longer;
}

static char *
or_nothing(char *text)
{
	if (text[0] != '\0')
		return text;
	free(text);
	return cell_print(NOTHING);
}

static char *
format_list(const json_t *list)
{
	char *text = cell_print("%s", "");
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value) text = append(text, ",", cell_format(value, FORMAT_TEXT));
	return or_nothing(text);
}

static char *
format_object(const json_t *object, enum format format)
{
	char *text = cell_print("%s", "");
	json_int_t sum = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		char *one = cell_format(value, FORMAT_TEXT);

		sum += json_integer_value(value);
		text = append(text, " ", cell_print("%s=%s", key, one));
		free(one);
	}
	if (format != FORMAT_SUM)
		return or_nothing(text);
	free(text);
	return cell_print("%lld", (long long)sum);
}

static char *
format_string(const char *s)
{
	char *text = cell_print("%s", s[0] != '\0' ? s : NOTHING);

	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return text;
}

char *
cell_format(const json_t *value, enum format format)
{
	char *time = NULL;

	if (json_is_string(value) && format == FORMAT_TIME)
		time = format_iso_time(json_string_value(value));
	if (json_is_string(value))
		return time != NULL ? time : format_string(json_string_value(value));
	if (json_is_integer(value))
		return format_integer(json_integer_value(value), format);
	if (json_is_real(value))
		return cell_print("%.1f", json_real_value(value));
	if (json_is_boolean(value))
		return cell_print("%s", json_is_true(value) ? "yes" : "no");
	if (json_is_array(value))
		return format_list(value);
	if (json_is_object(value))
		return format_object(value, format);
	if (value == NULL || json_is_null(value))
		return cell_print(NOTHING);
	return cell_checked(json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY));
}

enum format
cell_format_of(const char *key)
{
	static const struct {
		const char *end;
		enum format format;
	} units[] = {
		{"_s", FORMAT_SECONDS},	 {"_ms", FORMAT_MS},	{"_us", FORMAT_US},   {"_permille", FORMAT_PERMILLE},
		{"bytes", FORMAT_BYTES}, {"wall", FORMAT_TIME}, {"_at", FORMAT_TIME},
	};
	size_t len = strlen(key);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t end = strlen(units[i].end);

		if (len >= end && strcmp(key + len - end, units[i].end) == 0)
			return units[i].format;
	}
	return FORMAT_COUNT;
}

static double
total(const json_t *value)
{
	double sum = 0;
	const char *key;
	json_t *one;

	if (!json_is_object(value))
		return (double)json_integer_value(value);
	json_object_foreach((json_t *)value, key, one) sum += (double)json_integer_value(one);
	return sum;
}

char *
cell_format_rate(const json_t *value, const json_t *before, double seconds, enum format format)
{
	bool counts = format == FORMAT_COUNT || format == FORMAT_BYTES || format == FORMAT_SUM;
	char *text = cell_format(value, format), *rate;
	double grown = total(value) - total(before);

	if (!counts || before == NULL || seconds <= 0 || grown == 0)
		return text;
	rate = cell_rate((grown < 0 ? -grown : grown) / seconds);
	return append(text, grown < 0 ? " -" : " +", append(rate, "", cell_print("/s")));
}

unsigned int
cell_width(const char *text)
{
	unsigned int n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80; /* not inside a UTF-8 character */
	return n;
}

char *
cell_cut(char *text, unsigned int width)
{
	const char *end = text;
	char *cut;

	if (cell_width(text) <= width)
		return text;
	for (unsigned int n = 0; width > 0 && *end != '\0'; end++) {
		n += ((unsigned char)*end & 0xc0) != 0x80;
		if (n == width)
			break;
	}
	cut = cell_print("%.*s%s", (int)(end - text), text, width > 0 ? ELLIPSIS : "");
	free(text);
	return cut;
}

bool
cell_is_right(enum format format)
{
	return format != FORMAT_TEXT && format != FORMAT_TIME;
}
