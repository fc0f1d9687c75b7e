/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* One call, and its answer as the command's row says. */
#include "command.h"

/* A list is printed page by page, as it comes. */
enum status show_run(struct context *x, const struct command *c, json_t *params);
/* The whole answer, a new reference. */
enum status show_get(struct context *x, const struct command *c, json_t *params, json_t **result);
/* Print a whole answer; before: what it was so many seconds ago, or NULL. */
void show_result(const struct context *x, const struct command *c, const json_t *result, const json_t *before,
		 double seconds);
