/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A read-only mirror in DPDK telemetry: /kedge/server, /kedge/stat and so on, for dpdk-telemetry.py and what collects
 * by its socket. Its callbacks run in threads of their own and see nothing but what was published here last.
 */
#include "state.h"

#define CTL_TELEMETRY_MS 1000

void ctl_telemetry_init(struct ctl *c);
/* Publish, if it is time. Never waits. */
void ctl_telemetry_turn(struct ctl *c);
/* There is nothing to be seen any more. */
void ctl_telemetry_fini(struct ctl *c);
