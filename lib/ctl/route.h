/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Routes, and how other lists of them take the place of those in effect:
 *
 *	if (ctl_route_stage(c, &to) == 0)	seen by no worker yet
 *		ctl_route_commit(c, &to, true);	or ctl_route_undo(c, &to)
 */
#include "state.h"

struct ctl_route_lists {
	unsigned int pool_count;
	const struct pmip_pool_settings *pools;
	unsigned int route_count;
	const struct ctl_route *routes;
};

/* Those in effect. */
struct ctl_route_lists ctl_route_lists(const struct ctl *c);
/* 0 or a negative errno; the routes are not committed. */
int ctl_route_init(struct ctl *c);
bool ctl_route_same(const struct ctl *c, const struct ctl_route_lists *to);
/* Look for a tunnel in use that no route of the lists leads along; *cut is NULL where there is none. 0 or -ENOMEM. */
int ctl_route_check(const struct ctl *c, const struct ctl_route_lists *to, const struct fwd_tunnel **cut);

/* 0, or -ENOSPC with nothing changed: the tables have no room for the routes or their next hops. */
int ctl_route_stage(struct ctl *c, const struct ctl_route_lists *to);
void ctl_route_undo(struct ctl *c, const struct ctl_route_lists *to);
/* Lists that were not staged are the same as those in effect. */
void ctl_route_commit(struct ctl *c, const struct ctl_route_lists *to, bool staged);
