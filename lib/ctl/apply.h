/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "route.h"

#define CTL_REFUSALS_MAX 32
#define CTL_REFUSAL_TEXT 320

/* Why settings are not taken over, a line a reason. */
struct ctl_refusals {
	unsigned int count, total;
	char text[CTL_REFUSALS_MAX][CTL_REFUSAL_TEXT];
};

/*
 * Look at some of the sessions that a candidate without error may be at odds with; true: at all of them, and now it may
 * be put into effect, before anything else happens.
 */
bool ctl_apply_look(struct ctl *c, const struct ctl_candidate *n);
/* Check a candidate without error, and put it into effect. 0, or -EPERM with *r and nothing changed. */
int ctl_apply(struct ctl *c, struct ctl_candidate *n, struct ctl_refusals *r);
