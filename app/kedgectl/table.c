/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cell.h"
#include "style.h"

#define GAP	2  /* between columns */
#define CUT_MIN 20 /* text is not cut to less than this to keep another column */

unsigned int
table_line_max(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void
table_init(struct table *t, const struct column *columns, unsigned int indent)
{
	*t = (struct table){.columns = columns, .indent = indent, .line_max = table_line_max()};
	for (; t->count < TABLE_COLUMNS_MAX && columns[t->count].title != NULL; t->count++)
		t->width[t->count] = cell_width(columns[t->count].title);
}

char *
table_name(const struct column *columns, const json_t *item)
{
	char *first = cell_format(json_object_get(item, columns[0].key), FORMAT_TEXT);
	char *second =
		columns[1].title != NULL ? cell_format(json_object_get(item, columns[1].key), FORMAT_TEXT) : NULL;
	char *name = cell_print("%s %s", first, second != NULL ? second : "");

	free(first);
	free(second);
	return name;
}

static unsigned int
least_width(const struct table *t, unsigned int column)
{
	unsigned int title = cell_width(t->columns[column].title), least = title > CUT_MIN ? title : CUT_MIN;

	return !cell_is_right(t->columns[column].format) && t->width[column] > least ? least : t->width[column];
}

/* How many columns have room, the first always, and how wide each of them is then. */
static unsigned int
fit(const struct table *t, unsigned int width[static TABLE_COLUMNS_MAX])
{
	unsigned int line = t->indent, n = 0;

	for (; n < t->count; n++) {
		unsigned int more = (n > 0 ? GAP : 0) + (t->line_max != 0 ? least_width(t, n) : t->width[n]);

		if (t->line_max != 0 && line + more > t->line_max && n > 0)
			break;
		line += more;
		width[n] = more - (n > 0 ? GAP : 0);
	}
	/* What is left goes to those that would be cut, the first ones first. */
	for (unsigned int i = 0; i < n && line < t->line_max; i++) {
		unsigned int wanted = t->width[i] - width[i], left = t->line_max - line;

		width[i] += wanted < left ? wanted : left;
		line += wanted < left ? wanted : left;
	}
	if (t->line_max > t->indent && width[0] > t->line_max - t->indent)
		width[0] = t->line_max - t->indent;
	return n;
}

static void
print_cell(const struct table *t, unsigned int column, unsigned int width, bool last, char *text, enum style style)
{
	unsigned int fill;

	text = cell_cut(text, width);
	fill = width - cell_width(text);
	if (cell_is_right(t->columns[column].format))
		printf("%*s%s%s%s", (int)fill, "", style_on(style), text, style_off(style));
	else
		printf("%s%s%s%*s", style_on(style), text, style_off(style), last ? 0 : (int)fill, "");
	printf("%*s", last ? 0 : GAP, "");
	free(text);
}

static void
print_titles(struct table *t, unsigned int shown, const unsigned int width[static TABLE_COLUMNS_MAX])
{
	printf("%*s", (int)t->indent, "");
	for (unsigned int i = 0; i < shown; i++)
		print_cell(t, i, width[i], i + 1 == shown, cell_print("%s", t->columns[i].title), STYLE_TITLE);
	putchar('\n');
	t->titled = true;
}

/* The value of a column, a new reference or NULL: of the item, or of each item of a list in it. */
static json_t *
value_of(const struct column *c, const json_t *item)
{
	const char *slash = strchr(c->key, '/');
	json_t *values, *one;
	char list[32];
	size_t i;

	if (slash == NULL)
		return json_incref(json_object_get(item, c->key));
	snprintf(list, sizeof(list), "%.*s", (int)(slash - c->key), c->key);
	values = json_array();
	json_array_foreach(json_object_get(item, list), i, one)
		json_array_append(values, json_object_get(one, slash + 1));
	return values;
}

static char *
cell_of(const struct table *t, const json_t *item, const json_t *before, unsigned int column)
{
	const struct column *c = &t->columns[column];
	json_t *now = value_of(c, item), *then = value_of(c, before);
	char *text = cell_format_rate(now, then, t->seconds, c->format);

	json_decref(now);
	json_decref(then);
	return text;
}

static const json_t *
before_of(const struct table *t, const json_t *item)
{
	char *name;
	const json_t *before;

	if (t->before == NULL)
		return NULL;
	name = table_name(t->columns, item);
	before = json_object_get(t->before, name);
	free(name);
	return before;
}

static void
widen(struct table *t, const json_t *item)
{
	const json_t *before = before_of(t, item);

	for (unsigned int i = 0; i < t->count; i++) {
		char *text = cell_of(t, item, before, i);

		if (cell_width(text) > t->width[i])
			t->width[i] = cell_width(text);
		free(text);
	}
}

static void
print_item(const struct table *t, const json_t *item, unsigned int shown,
	   const unsigned int width[static TABLE_COLUMNS_MAX])
{
	const json_t *before = before_of(t, item);

	printf("%*s", (int)t->indent, "");
	for (unsigned int i = 0; i < shown; i++) {
		char *text = cell_of(t, item, before, i);

		print_cell(t, i, width[i], i + 1 == shown, text, style_of_word(text));
	}
	putchar('\n');
}

void
table_print(struct table *t, const json_t *items)
{
	unsigned int width[TABLE_COLUMNS_MAX] = {0}, shown;
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item) widen(t, item);
	shown = fit(t, width);
	if (!t->titled)
		print_titles(t, shown, width);
	json_array_foreach(items, i, item) print_item(t, item, shown, width);
}

void
table_end(const struct table *t)
{
	unsigned int width[TABLE_COLUMNS_MAX] = {0}, shown = fit(t, width);

	for (unsigned int i = shown; i < t->count; i++)
		printf("%s%s%s", i == shown ? "(no room for: " : ", ", t->columns[i].title,
		       i + 1 == t->count ? ")\n" : "");
}
