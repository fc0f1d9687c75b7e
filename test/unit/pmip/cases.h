/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "unit.h"

#define POOL_CASES 7
extern const struct unit_case pool_cases[POOL_CASES];
#define AUTH_CASES 12
extern const struct unit_case auth_cases[AUTH_CASES];
#define REPLAY_CASES 9
extern const struct unit_case replay_cases[REPLAY_CASES];
#define COMPAT_CASES 8
extern const struct unit_case compat_cases[COMPAT_CASES];
#define HEARTBEAT_CASES 13
extern const struct unit_case heartbeat_cases[HEARTBEAT_CASES];
