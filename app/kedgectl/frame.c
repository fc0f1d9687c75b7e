/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame.h"

#include <stdarg.h>
#include <stdlib.h>

#include "cell.h"

#define FULL  "\u2588"
#define EMPTY "\u2591"

#define WARN_ABOVE 0.7
#define BAD_ABOVE  0.9

void
frame_begin(struct frame *f, unsigned int columns, unsigned int lines, const char *line_end)
{
	*f = (struct frame){.columns = columns, .lines = lines, .line_end = line_end};
	f->out = cell_checked(open_memstream(&f->text, &f->size));
}

char *
frame_end(struct frame *f)
{
	fclose(f->out);
	return cell_checked(f->text);
}

unsigned int
frame_left(const struct frame *f)
{
	return f->lines - f->line;
}

/* Takes the text. */
static void
put(struct frame *f, enum style style, char *text)
{
	if (f->line < f->lines) {
		text = cell_cut(text, f->columns - f->column);
		f->column += cell_width(text);
		fprintf(f->out, "%s%s%s", style_on(style), text, style_off(style));
	}
	free(text);
}

void
frame_put(struct frame *f, enum style style, int width, const char *format, ...)
{
	char *text = NULL;
	unsigned int places = (unsigned int)abs(width), used;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	cell_checked(text);
	if (width != 0)
		text = cell_cut(text, places);
	used = cell_width(text);
	if (width > 0 && used < places)
		put(f, STYLE_PLAIN, cell_print("%*s", (int)(places - used), ""));
	put(f, style, text);
	if (width < 0 && used < places)
		put(f, STYLE_PLAIN, cell_print("%*s", (int)(places - used), ""));
}

void
frame_rate(struct frame *f, int width, double per_s, const char *unit)
{
	char *text = cell_rate(per_s);

	frame_put(f, per_s > 0 ? STYLE_PLAIN : STYLE_DIM, width, "%s%s", text, unit);
	free(text);
}

void
frame_right(struct frame *f, unsigned int places)
{
	if (f->column + places < f->columns)
		put(f, STYLE_PLAIN, cell_print("%*s", (int)(f->columns - f->column - places), ""));
}

void
frame_bar(struct frame *f, unsigned int places, double share)
{
	unsigned int full = (unsigned int)(share * places + 0.5);
	enum style style = share > BAD_ABOVE ? STYLE_BAD : share > WARN_ABOVE ? STYLE_WARN : STYLE_GOOD;

	for (unsigned int i = 0; i < places; i++)
		put(f, i < full ? style : STYLE_DIM, cell_print("%s", i < full ? FULL : EMPTY));
}

void
frame_newline(struct frame *f)
{
	if (f->line < f->lines)
		fputs(f->line_end, f->out);
	f->line++;
	f->column = 0;
}
