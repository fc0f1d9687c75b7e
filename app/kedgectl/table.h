/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A table that is printed page by page, its columns as wide as what has come so far. */
#include "command.h"

#define TABLE_COLUMNS_MAX 24

struct table {
	const struct column *columns;
	unsigned int count; /* of columns */
	unsigned int indent;
	unsigned int width_max; /* of a line; 0: any */
	unsigned int width[TABLE_COLUMNS_MAX];
	bool titled;
};

void table_init(struct table *t, const struct column *columns, unsigned int indent);
/* Print the items of one page, the titles before the first. */
void table_print(struct table *t, const json_t *items);
/* Say which columns had no room. */
void table_end(const struct table *t);
