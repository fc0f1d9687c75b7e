/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A screen's text: lines of spans, none longer than the screen is wide. */
#include <stdbool.h>
#include <stdio.h>

#include "style.h"

struct frame {
	FILE *out;
	char *text; /* after frame_end; to be freed */
	size_t size;
	const char *line_end;
	unsigned int columns, lines; /* of the screen */
	unsigned int column, line;   /* where the next span goes */
};

void frame_begin(struct frame *f, unsigned int columns, unsigned int lines, const char *line_end);
/* The text, which is the caller's. */
char *frame_end(struct frame *f);
/* Lines that there is still room for. */
unsigned int frame_left(const struct frame *f);
/* Add to the line, cut where it ends. A width is filled up: to the left where it is negative, as printf's. */
void frame_put(struct frame *f, enum style style, int width, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* A rate and its unit; faint where nothing moves. */
void frame_rate(struct frame *f, int width, double per_s, const char *unit);
/* Blanks up to where so many places are left for what comes at the right end. */
void frame_right(struct frame *f, unsigned int places);
/* A bar of so many places for a share in 0..1. */
void frame_bar(struct frame *f, unsigned int places, double share);
void frame_newline(struct frame *f);
