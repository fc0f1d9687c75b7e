/* SPDX-License-Identifier: BSD-3-Clause */
#include "output.h"

#include <stdio.h>
#include <stdlib.h>

#include "cell.h"
#include "table.h"

#define INDENT 2

static bool
is_section(const json_t *value)
{
	return json_is_object(value) || json_is_object(json_array_get(value, 0));
}

/* Keys of the widest line, so that all values stand in one column. */
static unsigned int
key_width(json_t *object)
{
	unsigned int width = 0;
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) if (!is_section(value) && cell_width(key) > width) width =
		cell_width(key);
	return width;
}

static void
print_pairs(json_t *object, unsigned int indent)
{
	unsigned int width = key_width(object);
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		char *text;

		if (is_section(value))
			continue;
		text = cell_format(value, FORMAT_NUMBER);
		printf("%*s%s:%*s %s\n", (int)indent, "", key, (int)(width - cell_width(key)), "", text);
		free(text);
	}
}

/* Objects of one kind: their keys are the columns. */
static void
print_list(const json_t *list)
{
	struct column columns[TABLE_COLUMNS_MAX + 1] = {0};
	unsigned int n = 0;
	struct table t;
	const char *key;
	json_t *value;

	json_object_foreach(json_array_get(list, 0), key, value)
	{
		if (n == TABLE_COLUMNS_MAX)
			break;
		columns[n++] = (struct column){key, key, json_is_integer(value) ? FORMAT_NUMBER : FORMAT_TEXT};
	}
	table_init(&t, columns, INDENT);
	table_print(&t, list);
	table_end(&t);
}

void
output_object(const json_t *object)
{
	json_t *o = (json_t *)object; /* json_object_foreach changes nothing, but asks for it */
	const char *key;
	json_t *value;

	print_pairs(o, 0);
	json_object_foreach(o, key, value)
	{
		if (!is_section(value))
			continue;
		printf("%s:\n", key);
		if (json_is_array(value))
			print_list(value);
		else
			print_pairs(value, INDENT);
	}
}
