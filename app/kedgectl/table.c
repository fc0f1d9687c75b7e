/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cell.h"

#define GAP 2 /* between columns */

/* Only a terminal is narrow; what goes into a file or a pipe is whole. */
static unsigned int
terminal_width(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void
table_init(struct table *t, const struct column *columns, unsigned int indent)
{
	*t = (struct table){.columns = columns, .indent = indent, .width_max = terminal_width()};
	for (; t->count < TABLE_COLUMNS_MAX && columns[t->count].title != NULL; t->count++)
		t->width[t->count] = cell_width(columns[t->count].title);
}

/* How many columns have room: the first always. */
static unsigned int
columns_shown(const struct table *t)
{
	unsigned int line = t->indent, n = 0;

	for (; n < t->count; n++) {
		line += t->width[n] + (n > 0 ? GAP : 0);
		if (t->width_max != 0 && line > t->width_max && n > 0)
			break;
	}
	return n;
}

static void
print_cell(const struct table *t, unsigned int column, unsigned int shown, const char *text)
{
	unsigned int fill = t->width[column] - cell_width(text);
	bool last = column + 1 == shown;

	if (t->columns[column].format != FORMAT_TEXT)
		printf("%*s%s", (int)fill, "", text);
	else
		printf("%s%*s", text, last ? 0 : (int)fill, "");
	printf("%*s", last ? 0 : GAP, "");
}

static void
print_titles(struct table *t, unsigned int shown)
{
	printf("%*s", (int)t->indent, "");
	for (unsigned int i = 0; i < shown; i++)
		print_cell(t, i, shown, t->columns[i].title);
	putchar('\n');
	t->titled = true;
}

static char *
cell_of(const struct table *t, const json_t *item, unsigned int column)
{
	return cell_format(json_object_get(item, t->columns[column].key), t->columns[column].format);
}

static void
widen(struct table *t, const json_t *item)
{
	for (unsigned int i = 0; i < t->count; i++) {
		char *text = cell_of(t, item, i);

		if (cell_width(text) > t->width[i])
			t->width[i] = cell_width(text);
		free(text);
	}
}

static void
print_item(const struct table *t, const json_t *item, unsigned int shown)
{
	printf("%*s", (int)t->indent, "");
	for (unsigned int i = 0; i < shown; i++) {
		char *text = cell_of(t, item, i);

		print_cell(t, i, shown, text);
		free(text);
	}
	putchar('\n');
}

void
table_print(struct table *t, const json_t *items)
{
	unsigned int shown;
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item) widen(t, item);
	shown = columns_shown(t);
	if (!t->titled)
		print_titles(t, shown);
	json_array_foreach(items, i, item) print_item(t, item, shown);
}

void
table_end(const struct table *t)
{
	unsigned int shown = columns_shown(t);

	for (unsigned int i = shown; i < t->count; i++)
		printf("%s%s%s", i == shown ? "(no room for: " : ", ", t->columns[i].title,
		       i + 1 == t->count ? ")\n" : "");
}
