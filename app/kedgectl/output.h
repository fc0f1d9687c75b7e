/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* An answer that is one object, for people: every key that came, known or not. */
#include <jansson.h>

void output_object(const json_t *object);
