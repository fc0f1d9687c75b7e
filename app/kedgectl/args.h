/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Words of the command line as named parameters. */
#include "command.h"

#define ARGS_SECRET_MAX 256 /* bytes of a line */
#define ARGS_ERROR_MAX	256

/* An object from `key value ...`, checked against the command's row; or NULL with one line in error. */
json_t *args_parse(const struct command *c, int argc, char **argv, char error[static ARGS_ERROR_MAX]);
