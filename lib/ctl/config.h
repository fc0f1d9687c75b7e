/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Reading configurations in a helper thread, for the methods config.* and for SIGHUP. */
#include <pthread.h>

#include "state.h"

#define CTL_CONFIG_PATH	   4096
#define CTL_CONFIG_NOBODY  0	/* client: SIGHUP */
#define CTL_CONFIG_KEEP_MS 5000 /* how long an outcome waits for who asked */

enum ctl_config_task { CTL_CONFIG_CHECK, CTL_CONFIG_DIFF, CTL_CONFIG_APPLY, CTL_CONFIG_ROLLBACK };

/* What came of a task: a result, or a reason with its message and data. */
struct ctl_config_outcome {
	bool done;
	uint64_t done_ms;
	uint32_t client; /* who asked */
	json_t *result;
	const char *reason;
	char message[RPC_TEXT_MAX];
	json_t *data;
};

/* Whether a file is being read, or an outcome not yet fetched. */
bool ctl_config_is_busy(const struct ctl *c);
/* Begin; 0 or -EAGAIN. Not while it is busy. */
int ctl_config_start(struct ctl *c, enum ctl_config_task task, const char *file, uint32_t client);
/* The outcome of a client's task, or NULL; forget it when it was used. */
struct ctl_config_outcome *ctl_config_outcome(struct ctl *c, enum ctl_config_task task, uint32_t client);
void ctl_config_forget(struct ctl *c);
/* How often another configuration was put into effect, and when the last time. */
uint64_t ctl_config_applies(const struct ctl *c, uint64_t *wall);
