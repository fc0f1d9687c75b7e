/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Secrets left out of what leaves the machine, by the names of their keys. */
#include <jansson.h>

/* Put REDACTED in place of each secret; how many there were. */
#define REDACTED "(left out)"
unsigned int redact_json(json_t *value);
/* The same in YAML or a log, where a key stands before `:` or `=`: a new text to be freed. */
char *redact_text(const char *text, unsigned int *count);
