/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A JSON value as text for people. */
#include "command.h"

/* To be freed; never NULL. What would move the cursor is replaced. */
char *cell_format(const json_t *value, enum format format);
/* Places that it takes on a line. */
unsigned int cell_width(const char *text);
