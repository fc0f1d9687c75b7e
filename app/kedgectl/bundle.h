/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The support bundle: everything that a bug report needs in one archive. */
#include "command.h"

enum status bundle_run(struct context *x, const struct command *c, json_t *params);
