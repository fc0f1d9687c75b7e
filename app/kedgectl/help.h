/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Help from the rows. */
#include <stdbool.h>
#include <stdio.h>

/* How to call the program, and all commands. */
void help_all(FILE *out);
/* The commands of a noun, or the one with this verb, with their parameters; false when there is none. */
bool help_about(FILE *out, const char *noun, const char *verb);
/* The manual page. */
void help_man(FILE *out);
