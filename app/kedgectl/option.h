/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The options: a row each. */
#include <stddef.h>

#include "context.h"

#define OPTION_SOCKET "/run/kedge/kedge.sock"

struct option_row {
	char letter;
	const char *name;
	const char *argument; /* NULL: none */
	const char *help;
};

extern const struct option_row option_rows[];
extern const size_t option_count;

enum option_end {
	OPTION_GO,	/* x is filled in */
	OPTION_HELP,	/* --help */
	OPTION_VERSION, /* --version */
	OPTION_WRONG,	/* standard error has said why */
};

/* Options may stand anywhere; what is none is moved behind them, where *first says. */
enum option_end option_parse(int argc, char **argv, struct context *x, int *first);
