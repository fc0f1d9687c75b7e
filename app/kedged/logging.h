/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include <stdint.h>

/* Send the lines of all rooms to rte_log, a log type a room ("kedge.lma"); level is an enum log_level. After EAL. */
void logging_start(uint32_t level);
/* Another level for all rooms. */
void logging_level(uint32_t level);
