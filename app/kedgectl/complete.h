/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Completion. The shells' scripts ask the program itself, `kedgectl completion words WORD...`, so that they know what
 * its rows know.
 */
#include "command.h"

enum status complete_bash(struct context *x, const struct command *c, json_t *params);
enum status complete_zsh(struct context *x, const struct command *c, json_t *params);
/* One a line, what may stand in place of the last word; behind a tab what it means. */
enum status complete_words(struct context *x, int argc, char **argv);
