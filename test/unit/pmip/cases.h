/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "unit.h"

#define POOL_CASES 6
extern const struct unit_case pool_cases[POOL_CASES];
