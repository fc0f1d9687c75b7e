/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The answer of config.get: the YAML that is in effect, as it would stand in a file. */
#include <jansson.h>

void config_show(const json_t *result);
