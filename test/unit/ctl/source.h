/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Where a rig's other settings come from: what the test has put here stands for a file that was read. At first they are
 * those that the rig has, with one difference.
 */
#include "ctl/change.h"

struct rig;

struct source {
	struct rig *rig;
	struct ctl_change change; /* of the next candidate; its lma and mag are made of the rig's settings */
	const char *error;	  /* of the next candidate */
	const char *why;	  /* its difference takes a restart */
	unsigned int taken, dropped;
	bool no_memory;
	struct ctl_candidate candidate;
	struct ctl_difference difference;
};

struct ctl_config source_config(struct source *s, struct rig *r);
/* The next candidate is what the rig has now, as it is after rig_open. */
void source_reset(struct source *s);
