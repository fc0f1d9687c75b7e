/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Other settings while the node runs: everything is checked first, what needs memory has it, and then all is switched
 * between two turns. What only a table can say, whether there is room, is staged last and taken back where need be.
 */
#include "apply.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SESSIONS_A_TURN 1024 /* places, lest packets wait for the control lcore */

static void __attribute__((format(printf, 2, 3))) refuse(struct ctl_refusals *r, const char *format, ...)
{
	va_list ap;

	if (r->count < CTL_REFUSALS_MAX) {
		va_start(ap, format);
		vsnprintf(r->text[r->count], sizeof(r->text[0]), format, ap);
		va_end(ap);
		r->count++;
	}
	r->total++;
}

static void
check_restart(const struct ctl_candidate *n, struct ctl_refusals *r)
{
	for (uint32_t i = 0; i < n->count; i++) {
		const struct ctl_difference *d = &n->differences[i];

		if (d->why != NULL)
			refuse(r, "%s: needs a restart: %s", d->key, d->why);
	}
}

static void
check_engines(struct ctl *c, struct ctl_change *to, struct ctl_refusals *r)
{
	struct lma_change_refusal why;
	int rc = c->s.lma != NULL ? lma_change_check(to->lma, c->s.lma, UINT32_MAX, &why) : 0;
	char aggregate[ADDR_PREFIX_TEXT];

	if (rc == -EBUSY && why.aggregate != NULL)
		refuse(r, "aggregates[%s]: sessions use what its gateway cut from it: prefixes=%u",
		       addr_prefix_format(why.aggregate, aggregate), why.prefixes);
	else if (rc == -EBUSY)
		refuse(r, "pools[%s]: sessions use what would go of it: prefixes=%u", why.pool, why.prefixes);
	else if (rc == -ENOSPC)
		refuse(r, "services: sessions still have so many others that there is no room");
	else if (rc < 0)
		refuse(r, "lma: needs a restart");
	if (c->s.mag != NULL && mag_change_check(to->mag, c->s.mag) < 0)
		refuse(r, "mag: needs a restart");
	if (c->s.access != NULL && access_apply_check(c->s.access, &to->access) < 0)
		refuse(r, "mag: needs a restart of its access links");
	if (to->neighbour_count > c->s.neighbours)
		refuse(r, "neighbours: %u of them, more than `limits.neighbours`, %u", to->neighbour_count,
		       c->s.neighbours);
}

/* Last of what may be refused: room that is there is not given back. */
static void
reserve_prefixes(struct ctl *c, uint32_t prefixes, struct ctl_refusals *r)
{
	int rc = fwd_prefix_reserve(c->s.fwd, prefixes);

	if (rc == -EAGAIN)
		refuse(r, "limits.prefixes: the table is growing to %u: try again", fwd_prefix_capacity(c->s.fwd));
	else if (rc < 0)
		refuse(r, "limits.prefixes: no memory for %u", prefixes);
}

/* Stage the routes; false: nothing is staged, for a reason or because they are the same. */
static bool
stage_routes(struct ctl *c, const struct ctl_route_lists *to, struct ctl_refusals *r)
{
	const struct fwd_tunnel *cut;
	char remote[ADDR6_TEXT];

	if (ctl_route_same(c, to))
		return false;
	if (ctl_route_check(c, to, &cut) < 0)
		refuse(r, "routes: no memory to check them");
	else if (cut != NULL)
		refuse(r, "routes: no other way to %s, which has sessions", addr6_format(&cut->remote, remote));
	if (r->total > 0)
		return false;
	if (ctl_route_stage(c, to) == 0)
		return true;
	refuse(r, "routes: the tables have no room for them or their next hops: `limits.routes`, `limits.neighbours`");
	return false;
}

int
ctl_neighbour_compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct ctl_neighbour));
}

/* Tell of those of one list that are not in the other. */
static void
tell_neighbours(struct ctl *c, enum host_event_type type, const struct ctl_neighbour *list, unsigned int count,
		const struct ctl_neighbour *other, unsigned int others)
{
	for (unsigned int i = 0, at = 0; i < count; i++) {
		const struct ctl_neighbour *n = &list[i];

		while (at < others && ctl_neighbour_compare(&other[at], n) < 0)
			at++;
		if (at == others || ctl_neighbour_compare(&other[at], n) != 0)
			ctl_host_step(c, &(struct host_event){.type = type,
							      .port = n->port,
							      .neighbour = {.addr = n->addr, .mac = n->mac}});
	}
}

/* Those with another MAC address go and come. */
static void
switch_neighbours(struct ctl *c, const struct ctl_change *to)
{
	tell_neighbours(c, HOST_EV_STATIC_DEL, c->s.static_neighbours, c->s.neighbour_count, to->static_neighbours,
			to->neighbour_count);
	tell_neighbours(c, HOST_EV_STATIC_ADD, to->static_neighbours, to->neighbour_count, c->s.static_neighbours,
			c->s.neighbour_count);
	c->s.neighbour_count = to->neighbour_count;
	c->s.static_neighbours = to->static_neighbours;
}

bool
ctl_apply_look(struct ctl *c, const struct ctl_candidate *n)
{
	struct lma_change_refusal why;

	return n->total == 0 || n->restart > 0 || c->s.lma == NULL ||
	       lma_change_check(n->change.lma, c->s.lma, SESSIONS_A_TURN, &why) != -EAGAIN;
}

int
ctl_apply(struct ctl *c, struct ctl_candidate *n, struct ctl_refusals *r)
{
	struct ctl_change *to = &n->change;
	struct ctl_route_lists lists = {to->pool_count, to->pools, to->route_count, to->routes};
	bool staged;

	memset(r, 0, sizeof(*r));
	check_restart(n, r);
	if (r->total == 0) /* with other tables or ports the rest has nothing to be compared with */
		check_engines(c, to, r);
	staged = stage_routes(c, &lists, r);
	if (r->total == 0)
		reserve_prefixes(c, to->prefixes, r);
	if (r->total > 0) {
		if (staged)
			ctl_route_undo(c, &lists);
		return -EPERM;
	}
	ctl_route_commit(c, &lists, staged);
	if (c->s.lma != NULL)
		lma_change_apply(c->s.lma, to->lma);
	if (c->s.mag != NULL)
		mag_change_apply(c->s.mag, to->mag);
	if (c->s.access != NULL)
		access_apply(c->s.access, &to->access, &c->now);
	path_apply(c->s.path, &to->path);
	c->s.name = to->name;
	c->s.policy = to->policy;
	c->s.peer_count = to->peer_count;
	c->s.peers = to->peers;
	c->s.flow_policy_count = to->flow_policy_count;
	c->s.flow_policies = to->flow_policies;
	c->s.mag_anchor = to->mag_anchor;
	c->s.trace_directory = to->trace_directory;
	ctl_signalling_apply(c, &to->timers);
	c->s.drop_rate = to->drop_rate;
	switch_neighbours(c, to);
	ctl_peer_warn(c);
	return 0;
}
