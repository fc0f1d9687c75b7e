/* SPDX-License-Identifier: BSD-3-Clause */
#include "reload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A configuration that was in effect. */
struct before {
	struct conf *conf;
	char *file;
};

struct reload {
	struct settings *now;
	char *file; /* that the daemon was started with */
	struct hash_secret secret;
	struct before before[RELOAD_BACK_MAX]; /* the last is that before this one */
	unsigned int count;
	void (*taken)(void *user, const struct settings *s, const struct conf *before);
	void *user;
};

struct candidate {
	struct ctl_candidate shown; /* first: what ctl knows of it */
	bool back;		    /* its configuration is one of those before, and stays there */
	struct conf *conf;
	char *file;
	struct settings *settings;
	struct conf_differences *differences;
	struct ctl_difference *list;
	struct conf_error error;
};

struct reload *
reload_new(struct settings *s, const struct hash_secret *secret,
	   void (*taken)(void *user, const struct settings *s, const struct conf *before), void *user)
{
	struct reload *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	*r = (struct reload){.now = s, .file = strdup(s->file), .secret = *secret, .taken = taken, .user = user};
	if (r->file != NULL)
		return r;
	free(r);
	return NULL;
}

static void
forget(struct before *b)
{
	conf_free(b->conf);
	free(b->file);
}

void
reload_free(struct reload *r)
{
	if (r == NULL)
		return;
	for (unsigned int i = 0; i < r->count; i++)
		forget(&r->before[i]);
	if (r->now != NULL)
		conf_free(r->now->conf);
	settings_free(r->now);
	free(r->file);
	free(r);
}

/* What ctl may change: all that is made here anew, and numbers. */
static bool
make_change(struct candidate *n)
{
	const struct settings *s = n->settings;
	const struct conf *c = n->conf;
	bool lma = c->node.roles & CONF_ROLE_LMA, mag = c->node.roles & CONF_ROLE_MAG;
	struct ctl_change *change = &n->shown.change;

	*change = (struct ctl_change){
		.name = c->node.name,
		.mag_anchor = s->mag.lma,
		.access = s->access,
		.policy = s->policy,
		.pool_count = c->pools_count,
		.pools = s->pools,
		.flow_policy_count = c->flow_policies_count,
		.flow_policies = s->flow_policies,
		.peer_count = c->peers_count,
		.peers = s->peers,
		.trace_directory = c->control.trace_directory,
		.route_count = c->routes_count,
		.routes = s->routes,
		.neighbour_count = c->neighbours_count,
		.static_neighbours = s->neighbours,
		.timers = s->lma.timers,
		.drop_rate = c->control.drop_rate,
		.prefixes = settings_prefixes(c),
		.path = settings_path(c),
	};
	if (lma)
		change->lma = lma_change_new(&s->lma);
	if (mag)
		change->mag = mag_change_new(&s->mag);
	return (change->lma != NULL) == lma && (change->mag != NULL) == mag;
}

static bool
compare(struct candidate *n, const struct reload *r)
{
	struct conf_differences *d = conf_diff(r->now->conf, n->conf);

	n->differences = d;
	n->list = d != NULL ? calloc(d->count + 1, sizeof(*n->list)) : NULL;
	if (n->list == NULL)
		return false;
	for (uint32_t i = 0; i < d->count; i++)
		n->list[i] = (struct ctl_difference){d->list[i].key, d->list[i].from, d->list[i].to, d->list[i].why};
	n->shown.differences = n->list;
	n->shown.count = d->count;
	n->shown.total = d->total;
	n->shown.restart = d->restart;
	return true;
}

static struct conf *
find_conf(const struct reload *r, struct candidate *n, const char *file)
{
	if (!n->back)
		return conf_load(file, &n->error);
	if (r->count == 0)
		snprintf(n->error.text, sizeof(n->error.text), "there are no settings before these");
	return r->count > 0 ? r->before[r->count - 1].conf : NULL;
}

static struct ctl_candidate *
load(void *user, const char *file, bool back)
{
	const struct reload *r = user;
	struct candidate *n = calloc(1, sizeof(*n));
	bool good = false;

	if (n == NULL)
		return NULL;
	n->back = back;
	if (file == NULL)
		file = back && r->count > 0 ? r->before[r->count - 1].file : r->file;
	n->file = strdup(file);
	snprintf(n->error.text, sizeof(n->error.text), "%s: no memory", file);
	n->conf = n->file != NULL ? find_conf(r, n, file) : NULL;
	if (n->conf != NULL)
		n->settings = settings_new(n->conf, file, &r->secret, &n->error);
	if (n->settings != NULL) {
		snprintf(n->error.text, sizeof(n->error.text), "%s: no memory", file);
		good = make_change(n) && compare(n, r);
	}
	n->shown.file = n->file != NULL ? n->file : "";
	n->shown.error = good ? NULL : n->error.text;
	return &n->shown;
}

static void
free_candidate(struct candidate *n)
{
	lma_change_free(n->shown.change.lma);
	mag_change_free(n->shown.change.mag);
	conf_differences_free(n->differences);
	free(n->list);
	free(n->file);
	free(n);
}

static void
drop(void *user, struct ctl_candidate *candidate)
{
	struct candidate *n = (struct candidate *)candidate;

	settings_free(n->settings);
	if (!n->back)
		conf_free(n->conf);
	free_candidate(n);
}

static size_t
bytes_of(const struct reload *r)
{
	size_t sum = 0;

	for (unsigned int i = 0; i < r->count; i++)
		sum += conf_size(r->before[i].conf);
	return sum;
}

static void
forget_first(struct reload *r)
{
	forget(&r->before[0]);
	memmove(&r->before[0], &r->before[1], --r->count * sizeof(r->before[0]));
}

/* Keep what was in effect, as the last of those before; the first make room. */
static void
keep(struct reload *r, struct conf *conf, char *file)
{
	if (r->count == RELOAD_BACK_MAX)
		forget_first(r);
	r->before[r->count++] = (struct before){conf, file};
	while (r->count > 1 && bytes_of(r) > RELOAD_BACK_BYTES)
		forget_first(r);
}

static void
taken(void *user, struct ctl_candidate *candidate, bool back)
{
	struct candidate *n = (struct candidate *)candidate;
	struct reload *r = user;
	struct settings *was = r->now;

	r->now = n->settings;
	r->taken(r->user, r->now, was->conf);
	if (back) {
		free(r->before[--r->count].file);
		conf_free(was->conf);
	} else {
		keep(r, was->conf, was->file);
		was->file = NULL;
	}
	settings_free(was);
	free_candidate(n);
}

static const char *
file_of(void *user)
{
	const struct reload *r = user;

	return r->now->file;
}

static unsigned int
rollbacks(void *user)
{
	const struct reload *r = user;

	return r->count;
}

static void
print(void *user, FILE *yaml, FILE *json)
{
	const struct reload *r = user;

	conf_print(r->now->conf, false, yaml);
	conf_print_json(r->now->conf, json);
}

struct ctl_config
reload_config(struct reload *r)
{
	return (struct ctl_config){
		.user = r,
		.load = load,
		.drop = drop,
		.taken = taken,
		.file = file_of,
		.rollbacks = rollbacks,
		.print = print,
	};
}
