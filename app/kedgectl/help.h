/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Help from the rows. */
#include <stdbool.h>
#include <stdio.h>

/* How to call the program, and all commands. */
void help_all(FILE *out);
/* The commands of a noun with their parameters; false when there is no such noun. */
bool help_noun(FILE *out, const char *noun);
/* The manual page. */
void help_man(FILE *out);
