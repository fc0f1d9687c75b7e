/* SPDX-License-Identifier: BSD-3-Clause */
#include "rig.h"

/* In the helper thread, while the test's thread turns the node: nothing of the node is looked at. */
static struct ctl_candidate *
load(void *user, const char *file, bool back)
{
	struct source *s = user;

	if (s->no_memory)
		return NULL;
	s->difference = (struct ctl_difference){"node.name", "rig", s->change.name, s->why};
	s->candidate = (struct ctl_candidate){.file = file != NULL ? file : "/start.yaml",
					      .error = s->error,
					      .total = 1,
					      .restart = s->why != NULL,
					      .count = 1,
					      .differences = &s->difference,
					      .change = s->change};
	if (s->rig->lma != NULL && s->error == NULL)
		s->candidate.change.lma = lma_change_new(&s->rig->lma_settings);
	if (s->rig->mag != NULL && s->error == NULL)
		s->candidate.change.mag = mag_change_new(&s->rig->mag_settings);
	return &s->candidate;
}

static void
free_change(struct ctl_change *c)
{
	lma_change_free(c->lma);
	mag_change_free(c->mag);
}

static void
drop(void *user, struct ctl_candidate *candidate)
{
	struct source *s = user;

	free_change(&candidate->change);
	s->dropped++;
}

static void
taken(void *user, struct ctl_candidate *candidate, bool back)
{
	struct source *s = user;

	free_change(&candidate->change);
	s->taken++;
}

static const char *
file_of(void *user)
{
	return "/start.yaml";
}

static unsigned int
rollbacks(void *user)
{
	return ((const struct source *)user)->taken + 1; /* what it begins with has one before it */
}

static void
print(void *user, FILE *yaml, FILE *json)
{
	fputs("node: {name: rig}\n", yaml);
	fputs("{\"node\": {\"name\": \"rig\"}}", json);
}

void
source_reset(struct source *s)
{
	const struct ctl_settings *now = &s->rig->ctl->s;

	s->error = s->why = NULL;
	s->change = (struct ctl_change){.name = now->name,
					.mag_anchor = s->rig->mag_settings.lma,
					.access = s->rig->access_settings,
					.policy = now->policy,
					.peer_count = now->peer_count,
					.peers = now->peers,
					.trace_directory = now->trace_directory,
					.pool_count = now->pool_count,
					.pools = now->pools,
					.flow_policy_count = now->flow_policy_count,
					.flow_policies = now->flow_policies,
					.route_count = now->route_count,
					.routes = now->routes,
					.neighbour_count = now->neighbour_count,
					.static_neighbours = now->static_neighbours,
					.timers = now->timers,
					.drop_rate = now->drop_rate};
}

struct ctl_config
source_config(struct source *s, struct rig *r)
{
	s->rig = r;
	return (struct ctl_config){.user = s,
				   .load = load,
				   .drop = drop,
				   .taken = taken,
				   .file = file_of,
				   .rollbacks = rollbacks,
				   .print = print};
}
