/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A table that is printed page by page, its columns as wide as what has come so far. On a terminal the last columns go
 * until the rest fits, and long text is cut; into a file or a pipe all goes whole.
 */
#include "command.h"

#define TABLE_COLUMNS_MAX 24

struct table {
	const struct column *columns;
	unsigned int count; /* of columns */
	unsigned int indent;
	unsigned int line_max; /* of a line; 0: any */
	unsigned int width[TABLE_COLUMNS_MAX];
	bool titled;
	/* What came before, so long ago: counters are shown with their rates. */
	const json_t *before; /* by table_name of each item; NULL: nothing */
	double seconds;
};

void table_init(struct table *t, const struct column *columns, unsigned int indent);
/* Print the items of one page, the titles before the first. */
void table_print(struct table *t, const json_t *items);
/* Say which columns had no room. */
void table_end(const struct table *t);
/* What tells an item from the others: its first two columns. To be freed. */
char *table_name(const struct column *columns, const json_t *item);
/* Places of a line of the terminal; 0: no terminal. */
unsigned int table_line_max(void);
