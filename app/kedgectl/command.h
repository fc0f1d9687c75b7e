/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The commands: a row each. What a command takes and how its answer is shown come from the row alone. */
#include <stddef.h>

#include "rpc/rpc.h"

enum format {
	FORMAT_TEXT,
	FORMAT_NUMBER,	/* as it is, to the right */
	FORMAT_BYTES,	/* 1.4G */
	FORMAT_SECONDS, /* 1h02m */
};

/* A column of a table, most important first: the last ones go when the terminal is narrow. */
struct column {
	const char *title; /* NULL ends a list */
	const char *key;   /* of the item */
	enum format format;
};

struct command {
	const char *noun, *verb;
	const char *help;
	const char *method;
	const struct rpc_param *params; /* NULL: none */
	const struct column *columns;	/* of a list; NULL: the answer is one object */
};

/* All rows, those of a noun together. */
extern const struct command commands[];
extern const size_t command_count;

/* The command, or NULL. */
const struct command *command_find(const char *noun, const char *verb);
