/* SPDX-License-Identifier: BSD-3-Clause */
#include "explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "style.h"

#define FRAME_BYTES_SHOWN 96
#define BYTES_A_LINE	  16

static unsigned int
key_width(const json_t *stages, const char *key)
{
	unsigned int width = 0;
	const json_t *stage;
	size_t i;

	json_array_foreach(stages, i, stage)
	{
		char *text = cell_format(json_object_get(stage, key), FORMAT_TEXT);

		if (cell_width(text) > width)
			width = cell_width(text);
		free(text);
	}
	return width;
}

/* 1  classify  IPv6 for a mobile node  2001:db8:1000::/64 */
static void
print_stages(const json_t *stages)
{
	unsigned int names = key_width(stages, "stage"), dids = key_width(stages, "did");
	const json_t *stage;
	size_t i;

	json_array_foreach(stages, i, stage)
	{
		char *name = cell_format(json_object_get(stage, "stage"), FORMAT_TEXT);
		char *did = cell_format(json_object_get(stage, "did"), FORMAT_TEXT);
		char *detail = cell_format(json_object_get(stage, "detail"), FORMAT_TEXT);

		printf("%2zu  %s%s%s%*s  %s", i + 1, style_on(STYLE_TITLE), name, style_off(STYLE_TITLE),
		       (int)(names - cell_width(name)), "", did);
		if (strcmp(detail, "-") != 0)
			printf("%*s  %s", (int)(dids - cell_width(did)), "", detail);
		putchar('\n');
		free(name);
		free(did);
		free(detail);
	}
}

static bool
is_shown_elsewhere(const char *key)
{
	static const char *const keys[] = {"stages", "verdict", "frame", "frames"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

/* What it came to, and all else that the answer says about that. */
static void
print_verdict(const json_t *result)
{
	char *verdict = cell_format(json_object_get(result, "verdict"), FORMAT_TEXT);
	enum style style = style_of_word(verdict);
	const char *key;
	json_t *value;

	printf("=>  %s%s%s\n", style_on(style), verdict, style_off(style));
	free(verdict);
	json_object_foreach((json_t *)result, key, value)
	{
		char *text;

		if (is_shown_elsewhere(key))
			continue;
		text = cell_format(value, cell_format_of(key));
		printf("    %s: %s\n", key, text);
		free(text);
	}
}

static void
print_frame(const char *hex)
{
	size_t bytes = strlen(hex) / 2;

	for (size_t i = 0; i < bytes && i < FRAME_BYTES_SHOWN; i++) {
		if (i % BYTES_A_LINE == 0)
			printf("%s    %04zx ", i > 0 ? "\n" : "", i);
		printf(" %.2s", hex + 2 * i);
	}
	if (bytes > 0)
		puts(bytes > FRAME_BYTES_SHOWN ? " ..." : "");
}

void
explain_show(const json_t *result)
{
	const json_t *frame;
	size_t i;

	print_stages(json_object_get(result, "stages"));
	print_verdict(result);
	json_array_foreach(json_object_get(result, "frames"), i, frame)
	{
		if (!json_is_string(frame))
			continue;
		printf("    frame %zu of %zu bytes\n", i + 1, strlen(json_string_value(frame)) / 2);
		print_frame(json_string_value(frame));
	}
}
