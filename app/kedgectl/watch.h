/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* What goes on until it is interrupted: a command again and again, and events as they happen. */
#include "command.h"

/* The command every x->watch_s seconds: on a terminal in place, else one answer below the other. */
enum status watch_run(struct context *x, const struct command *c, json_t *params);
enum status watch_events(struct context *x, const struct command *c, json_t *params);
