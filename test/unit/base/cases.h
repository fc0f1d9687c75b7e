/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "unit.h"

#define CASE(function, requirement) void function(void);
#include "case.def"
#undef CASE
