/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* An answer that is one object, for people: every key that came, known or not. */
#include <jansson.h>

/* before: the answer so many seconds ago, so that counters are shown with their rates; NULL: none. */
void output_object(const json_t *object, const json_t *before, double seconds);
/* As it is. */
void output_json(const json_t *value, size_t flags);
