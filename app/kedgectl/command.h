/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The commands: a row each. What a command takes, how its answer is shown, its help, its completion and its place in
 * the man page come from the row alone.
 */
#include <jansson.h>
#include <stddef.h>

#include "context.h"

enum format {
	FORMAT_TEXT,
	FORMAT_NUMBER,	 /* as it is, to the right */
	FORMAT_COUNT,	 /* a counter: as it is; repeated, with its rate */
	FORMAT_BYTES,	 /* a counter of bytes: 1.4G */
	FORMAT_SUM,	 /* an object of counters: their sum */
	FORMAT_SECONDS,	 /* 1h02m */
	FORMAT_MS,	 /* milliseconds: 40ms, 1.2s, 1h02m */
	FORMAT_US,	 /* microseconds: 40us, 1.2ms */
	FORMAT_PERMILLE, /* 1.2% */
	FORMAT_TIME, /* milliseconds since 1970, or ISO 8601: the local time of day, and the date where it is not today
		      */
};

/* A column of a table, most important first: the last ones go when the terminal is narrow. The first two tell rows
 * apart. */
struct column {
	const char *title; /* NULL ends a list */
	const char *key;   /* of the item; "LIST/KEY": of each item of a list in it */
	enum format format;
};

enum param_type {
	PARAM_STRING,
	PARAM_INTEGER,
	PARAM_BOOLEAN,
	PARAM_FILE,
	PARAM_SECRET /* "-": the first line of the standard input, which no other user sees */
};

struct param {
	const char *name; /* NULL ends a list */
	enum param_type type;
	bool required;
	const char *help;
	const char *values;  /* for completion: words with a blank between two, or "@METHOD KEY" of a list; or NULL */
	json_int_t min, max; /* range of an integer; none where they are equal */
};

struct command {
	const char *noun, *verb; /* verb "": the noun alone */
	const char *help;
	const char *method;	      /* NULL: more than one, or none */
	const struct param *params;   /* NULL: none */
	const struct column *columns; /* of a list; NULL: the answer is one object */
	bool whole;		      /* the list has no pages: it comes in one answer */
	unsigned int bundled;	      /* how often it is a part of a support bundle: 0, 1, or 2 some seconds apart */
	/* How the answer is shown, where the table or the pairs do not do. */
	void (*show)(const json_t *result);
	/* What is done, where it is not one call. */
	enum status (*run)(struct context *x, const struct command *c, json_t *params);
	/* The same where words follow that are no pairs. */
	enum status (*words)(struct context *x, int argc, char **argv);
};

#define COMMAND_NAME_MAX 40

/* All rows, those of a noun together. */
extern const struct command commands[];
extern const size_t command_count;

/* The command, or NULL. verb may be NULL: then a noun that stands alone is found. */
const struct command *command_find(const char *noun, const char *verb);
const struct param *command_param(const struct command *c, const char *name);
/* "noun verb" */
const char *command_name(const struct command *c, char name[static COMMAND_NAME_MAX]);
