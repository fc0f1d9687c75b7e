/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading a configuration, which may take a second where it has a hundred thousand mobile nodes, in a helper thread,
 * one at a time; what it is wanted for is done here when it was read. The thread touches nothing that a turn changes:
 * what is in effect changes in finish() alone, when no thread runs.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <rte_lcore.h>

#include "apply.h"

struct ctl_config_job {
	pthread_t thread;
	bool running; /* the thread is to be joined */
	bool looking; /* what it has read is being compared with sessions */
	bool again;   /* a reload was asked for meanwhile */
	int fd;	      /* the thread writes to it when it is done */
	enum ctl_config_task task;
	bool has_file;
	char file[CTL_CONFIG_PATH];
	const struct ctl_config *config;
	struct ctl_candidate *candidate;
	struct ctl_config_outcome outcome;
	uint64_t applies, applied_wall; /* since the start */
};

static void *
read_candidate(void *arg)
{
	struct ctl_config_job *j = arg;
	uint64_t one = 1;

	j->candidate = j->config->load(j->config->user, j->has_file ? j->file : NULL, j->task == CTL_CONFIG_ROLLBACK);
	(void)!write(j->fd, &one, sizeof(one));
	return NULL;
}

int
ctl_config_init(struct ctl *c)
{
	struct ctl_config_job *j = calloc(1, sizeof(*j));

	c->config = j;
	if (j == NULL)
		return -ENOMEM;
	j->config = &c->s.config;
	j->outcome.client = CTL_CONFIG_NOBODY;
	j->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return j->fd >= 0 ? 0 : -errno;
}

static void
clear_outcome(struct ctl_config_job *j)
{
	json_decref(j->outcome.result);
	json_decref(j->outcome.data);
	j->outcome = (struct ctl_config_outcome){.client = CTL_CONFIG_NOBODY};
}

void
ctl_config_fini(struct ctl *c)
{
	struct ctl_config_job *j = c->config;

	if (j == NULL)
		return;
	if (j->running)
		pthread_join(j->thread, NULL);
	if ((j->running || j->looking) && j->candidate != NULL)
		j->config->drop(j->config->user, j->candidate);
	clear_outcome(j);
	if (j->fd >= 0)
		close(j->fd);
	free(j);
	c->config = NULL;
}

int
ctl_config_fd(const struct ctl *c)
{
	return c->config->fd;
}

bool
ctl_config_is_busy(const struct ctl *c)
{
	return c->config->running || c->config->looking || c->config->outcome.done;
}

int
ctl_config_start(struct ctl *c, enum ctl_config_task task, const char *file, uint32_t client)
{
	struct ctl_config_job *j = c->config;
	int rc;

	clear_outcome(j);
	j->task = task;
	j->has_file = file != NULL;
	snprintf(j->file, sizeof(j->file), "%s", file != NULL ? file : "");
	j->candidate = NULL;
	j->outcome.client = client;
	/* Away from the lcores: the control lcore must not share its processor with it where there is another. */
	rc = rte_ctrl_thread_create(&j->thread, "kedge-config", NULL, read_candidate, j);
	j->running = rc == 0;
	return rc == 0 ? 0 : -EAGAIN;
}

void
ctl_config_reload(struct ctl *c)
{
	struct ctl_config_job *j = c->config;

	if (c->s.config.load == NULL) {
		log_write(LOG_NOTICE, "ctl", "no configuration to read again");
		return;
	}
	if (ctl_config_is_busy(c)) {
		j->again = true;
		return;
	}
	j->again = false;
	if (ctl_config_start(c, CTL_CONFIG_APPLY, NULL, CTL_CONFIG_NOBODY) < 0)
		log_write(LOG_ERROR, "ctl", "configuration not read: no thread");
}

static json_t *
text_or_null(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

static json_t *
difference_json(const struct ctl_difference *d)
{
	json_t *item = json_pack("{s:s, s:o, s:o, s:s}", "key", d->key, "from", text_or_null(d->from), "to",
				 text_or_null(d->to), "how", d->why != NULL ? "restart" : "now");

	if (d->why != NULL)
		json_object_set_new(item, "why", json_string(d->why));
	return item;
}

static json_t *
differences_json(const struct ctl_candidate *n)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n->count; i++)
		json_array_append_new(list, difference_json(&n->differences[i]));
	return list;
}

static void
refuse(struct ctl_config_outcome *o, const char *reason, const char *message, json_t *data)
{
	o->reason = reason;
	snprintf(o->message, sizeof(o->message), "%.*s", RPC_TEXT_MAX - 1, message);
	o->data = data;
}

static json_t *
refusals_json(const struct ctl_refusals *r)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < r->count; i++)
		json_array_append_new(list, json_string(r->text[i]));
	return json_pack("{s:o, s:i}", "refusals", list, "total", (int)r->total);
}

/* Put a candidate into effect; true when it is the root's then. */
static bool
apply(struct ctl *c, struct ctl_candidate *n, struct ctl_config_outcome *o)
{
	struct ctl_config_job *j = c->config;
	struct ctl_refusals r;
	uint32_t total = n->total;

	o->result = json_pack("{s:s, s:b, s:i}", "file", n->file, "applied", 1, "changes", (int)total);
	if (total == 0)
		return false;
	if (ctl_apply(c, n, &r) < 0) {
		json_decref(o->result);
		o->result = NULL;
		refuse(o, "config-refused", r.text[0], refusals_json(&r));
		return false;
	}
	j->applies++;
	j->applied_wall = c->now.wall;
	j->config->taken(j->config->user, n, j->task == CTL_CONFIG_ROLLBACK);
	return true;
}

/* Who asked for it at the socket is told there, and all others by the event. */
static void
tell(struct ctl *c, const char *file, uint32_t total, const struct ctl_config_outcome *o)
{
	const char *task = c->config->task == CTL_CONFIG_ROLLBACK ? "rolled back" : "applied";

	if (o->reason == NULL)
		ctl_event(c, CTL_EVENT_CONFIG_APPLIED, "ctl",
			  json_pack("{s:s, s:i}", "file", file, "changes", (int)total),
			  "configuration %s file=%s changes=%u", task, file, total);
	else
		ctl_event(c, CTL_EVENT_CONFIG_REFUSED, "ctl", json_pack("{s:s, s:s}", "file", file, "why", o->message),
			  "configuration not %s, nothing changed file=%s reason=%s: %s", task, file, o->reason,
			  o->message);
}

static void
finish(struct ctl *c, struct ctl_config_outcome *o)
{
	struct ctl_config_job *j = c->config;
	struct ctl_candidate *n = j->candidate;
	char file[CTL_CONFIG_PATH];
	bool taken = false;
	uint32_t total;

	if (n == NULL) {
		refuse(o, "no-memory", "no memory for the configuration", NULL);
		return;
	}
	/* What was taken is no longer here to be told of. */
	snprintf(file, sizeof(file), "%s", n->file);
	total = n->total;
	if (n->error != NULL)
		refuse(o, "config-bad", n->error, json_pack("{s:s}", "error", n->error));
	else if (j->task == CTL_CONFIG_CHECK)
		o->result = json_pack("{s:s, s:b}", "file", n->file, "good", 1);
	else if (j->task == CTL_CONFIG_DIFF)
		o->result = json_pack("{s:s, s:o, s:i, s:i}", "file", n->file, "changes", differences_json(n), "total",
				      (int)n->total, "restart", (int)n->restart);
	else if (c->stopping)
		refuse(o, "stopping", "the daemon stops", NULL);
	else
		taken = apply(c, n, o);
	if (j->task == CTL_CONFIG_APPLY || j->task == CTL_CONFIG_ROLLBACK)
		tell(c, file, total, o);
	if (!taken)
		j->config->drop(j->config->user, n);
}

void
ctl_config_read(struct ctl *c)
{
	struct ctl_config_job *j = c->config;
	uint64_t count;

	if (read(j->fd, &count, sizeof(count)) != (ssize_t)sizeof(count) || !j->running)
		return;
	pthread_join(j->thread, NULL);
	j->running = false;
	j->looking = true;
}

bool
ctl_config_looking(const struct ctl *c)
{
	return c->config->looking;
}

/* Whether what was read may be done now. */
static bool
is_ready(struct ctl *c)
{
	const struct ctl_config_job *j = c->config;
	bool apply = j->task == CTL_CONFIG_APPLY || j->task == CTL_CONFIG_ROLLBACK;

	return !apply || c->stopping || j->candidate == NULL || j->candidate->error != NULL ||
	       ctl_apply_look(c, j->candidate);
}

static void
look(struct ctl *c)
{
	struct ctl_config_job *j = c->config;

	if (!is_ready(c))
		return;
	j->looking = false;
	finish(c, &j->outcome);
	j->candidate = NULL;
	j->outcome.done = j->outcome.client != CTL_CONFIG_NOBODY;
	j->outcome.done_ms = c->now.mono_ms;
	rpc_server_resume(c->rpc);
	if (j->again)
		ctl_config_reload(c);
}

struct ctl_config_outcome *
ctl_config_outcome(struct ctl *c, enum ctl_config_task task, uint32_t client)
{
	struct ctl_config_job *j = c->config;

	return j->outcome.done && j->outcome.client == client && j->task == task ? &j->outcome : NULL;
}

void
ctl_config_forget(struct ctl *c)
{
	clear_outcome(c->config);
	rpc_server_resume(c->rpc); /* the next in the row */
	if (c->config->again)
		ctl_config_reload(c);
}

void
ctl_config_turn(struct ctl *c)
{
	const struct ctl_config_outcome *o = &c->config->outcome;

	if (c->config->looking)
		look(c);
	if (o->done && c->now.mono_ms - o->done_ms > CTL_CONFIG_KEEP_MS)
		ctl_config_forget(c);
}

uint64_t
ctl_config_applies(const struct ctl *c, uint64_t *wall)
{
	*wall = c->config->applied_wall;
	return c->config->applies;
}
