/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The answer of packet.explain, stage by stage. */
#include <jansson.h>

void explain_show(const json_t *result);
