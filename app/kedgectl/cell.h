/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A JSON value as text for people. */
#include "command.h"

/* Texts are to be freed and never NULL. */

/* What would move the cursor is replaced. */
char *cell_format(const json_t *value, enum format format);
/* How the values of a key are shown where no column says it: by the unit at its end. */
enum format cell_format_of(const char *key);
/* The same of a value that was counted `before`, this long ago: with what it grew by in a second. */
char *cell_format_rate(const json_t *value, const json_t *before, double seconds, enum format format);
/* 950, 1.2k, 14M: three places at most. */
char *cell_rate(double per_second);

/* Places that it takes on a line. */
unsigned int cell_width(const char *text);
/* The text, or cut to so many places, an ellipsis in the last; takes it. */
char *cell_cut(char *text, unsigned int width);
/* Numbers stand to the right. */
bool cell_is_right(enum format format);
/* Memory that there must be: ends the program where it is NULL. */
void *cell_checked(void *p);
char *cell_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
