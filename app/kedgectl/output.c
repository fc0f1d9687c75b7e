/* SPDX-License-Identifier: BSD-3-Clause */
#include "output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "style.h"
#include "table.h"

#define INDENT	  2
#define DEPTH_MAX 16

/* A level of the answer, and what stood there before. */
struct level {
	json_t *object;
	const json_t *before;
	double seconds;
	unsigned int indent;
};

static bool
is_section(const json_t *value)
{
	return json_object_size(value) > 0 || json_is_object(json_array_get(value, 0));
}

/* Keys of the widest line, so that all values stand in one column. */
static unsigned int
key_width(json_t *object)
{
	unsigned int width = 0;
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		if (!is_section(value) && cell_width(key) > width)
			width = cell_width(key);
	}
	return width;
}

static void
print_pairs(const struct level *l)
{
	unsigned int width = key_width(l->object);
	const char *key;
	json_t *value;

	json_object_foreach(l->object, key, value)
	{
		char *text;
		enum style style;

		if (is_section(value))
			continue;
		text = cell_format_rate(value, json_object_get(l->before, key), l->seconds, cell_format_of(key));
		style = style_of_word(text);
		printf("%*s%s:%*s %s%s%s\n", (int)l->indent, "", key, (int)(width - cell_width(key)), "",
		       style_on(style), text, style_off(style));
		free(text);
	}
}

/* The keys of all items, in the order in which they come. */
static unsigned int
find_columns(const json_t *list, struct column columns[static TABLE_COLUMNS_MAX])
{
	json_t *seen = json_object();
	unsigned int n = 0;
	const char *key;
	json_t *item, *value;
	size_t i;

	json_array_foreach(list, i, item)
	{
		json_object_foreach(item, key, value)
		{
			if (n == TABLE_COLUMNS_MAX || json_object_get(seen, key) != NULL)
				continue;
			json_object_set_new(seen, key, json_true());
			columns[n++] =
				(struct column){key, key, json_is_integer(value) ? cell_format_of(key) : FORMAT_TEXT};
		}
	}
	json_decref(seen);
	return n;
}

/* Objects of one kind. */
static void
print_list(const struct level *l, const json_t *list)
{
	struct column columns[TABLE_COLUMNS_MAX + 1] = {0};
	struct table t;

	find_columns(list, columns);
	table_init(&t, columns, l->indent);
	table_print(&t, list);
	table_end(&t);
}

static void
print_level(const struct level *l)
{
	const char *key;
	json_t *value;

	print_pairs(l);
	json_object_foreach(l->object, key, value)
	{
		struct level below = {value, json_object_get(l->before, key), l->seconds, l->indent + INDENT};

		if (!is_section(value) || l->indent > DEPTH_MAX * INDENT)
			continue;
		printf("%*s%s%s:%s\n", (int)l->indent, "", style_on(STYLE_TITLE), key, style_off(STYLE_TITLE));
		if (json_is_array(value))
			print_list(&below, value);
		else
			print_level(&below);
	}
}

void
output_object(const json_t *object, const json_t *before, double seconds)
{
	/* json_object_foreach changes nothing, but asks for what could be changed */
	struct level top = {.object = (json_t *)object, .before = before, .seconds = seconds};

	print_level(&top);
}

void
output_json(const json_t *value, size_t flags)
{
	json_dumpf(value, stdout, flags | JSON_ENCODE_ANY);
	putchar('\n');
}
