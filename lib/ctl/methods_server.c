/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The daemon itself: who it is, what it has counted, how much it logs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_log.h>

#include "counts.h"
#include "methods.h"

static int
server_hello(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	json_t *roles = json_array();
	uint32_t sessions = 0;

	if (c->s.lma != NULL) {
		json_array_append_new(roles, json_string("lma"));
		sessions += lma_session_count(c->s.lma);
	}
	if (c->s.mag != NULL) {
		json_array_append_new(roles, json_string("mag"));
		sessions += mag_session_count(c->s.mag);
	}
	*result = json_pack("{s:s, s:s, s:o, s:b, s:I, s:i, s:i, s:i}", "name", c->s.name, "version", c->s.version,
			    "roles", roles, "ready", c->ready, "uptime_s",
			    (json_int_t)((c->now.mono_ms - c->started_ms) / 1000), "pid", (int)getpid(), "workers",
			    (int)c->s.workers, "sessions", (int)sessions);
	return *result != NULL ? 0 : -1;
}

static json_t *
worker_stats(const struct ctl *c)
{
	json_t *list = json_array();

	for (unsigned int w = 0; w < c->s.workers; w++) {
		struct path_turns t;

		path_turns_get(c->s.path, w, &t);
		json_array_append_new(list, json_pack("{s:i, s:I, s:I, s:I, s:I, s:I}", "worker", (int)w, "turns",
						      (json_int_t)t.turns, "idle", (json_int_t)t.idle, "sleeps",
						      (json_int_t)t.sleeps, "cycles", (json_int_t)t.cycles,
						      "busy_cycles", (json_int_t)t.busy_cycles));
	}
	return list;
}

static json_t *
clients_json(const struct ctl *c)
{
	struct rpc_counts r = rpc_server_counts(c->rpc);

	return json_pack("{s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:I}", "now", (int)r.clients, "watching", (int)r.watching,
			 "requests", (json_int_t)r.requests, "above_rate", (json_int_t)r.waited, "turned_away",
			 (json_int_t)r.turned_away, "dropped_slow", (json_int_t)r.slow, "gave_way",
			 (json_int_t)r.gave_way, "notifications_lost", (json_int_t)r.lost);
}

static json_t *
control_json(const struct ctl *c)
{
	const struct ctl_figures *f = &c->figures;

	return json_pack("{s:I, s:I, s:i, s:i, s:I, s:I, s:i, s:I, s:I, s:o}", "turns", (json_int_t)f->turns,
			 "longest_turn_us", (json_int_t)f->longest_turn_us, "items_max", (int)f->items_max,
			 "items_limit", (int)ctl_figures_items_limit(c), "bytes_max", (json_int_t)f->bytes_max,
			 "bytes_limit", (json_int_t)ctl_figures_bytes_limit(c), "load_permille", (int)f->load_permille,
			 "events", (json_int_t)c->event_seq, "events_left_out", (json_int_t)c->events_left_out,
			 "clients", clients_json(c));
}

static int
stat_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	bool all = rpc_param_boolean(params, "all", false);
	json_t *counters = json_object(), *drops = json_object();
	struct stat_block total;

	ctl_figures_sum(c, &total);
	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++)
		if (all || total.counter[i] != 0)
			json_object_set_new(counters, stat_counter_row(i)->name,
					    json_integer((json_int_t)total.counter[i]));
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
		if (all || total.drop[i] != 0)
			json_object_set_new(drops, stat_drop_row(i)->name, json_integer((json_int_t)total.drop[i]));
	*result = json_pack("{s:o, s:o, s:o, s:o, s:o}", "counters", counters, "drops", drops, "balance",
			    ctl_balance_json(c), "workers", worker_stats(c), "control", control_json(c));
	return *result != NULL ? 0 : -1;
}

#define LOG_PATTERN ": kedge."

/* Call `each` with the room and the level of each of this program's log types; DPDK tells them as text alone. */
static void
each_log(void (*each)(void *user, const char *room, const char *level), void *user)
{
	char *list = NULL, *line, *rest;
	size_t size;
	FILE *f = open_memstream(&list, &size);

	if (f == NULL)
		return;
	rte_log_dump(f);
	fclose(f);
	for (line = list != NULL ? strtok_r(list, "\n", &rest) : NULL; line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *room = strstr(line, LOG_PATTERN), *level = strstr(line, ", level is ");

		if (room == NULL || level == NULL)
			continue;
		*level = '\0';
		each(user, room + sizeof(LOG_PATTERN) - 1, level + sizeof(", level is ") - 1);
	}
	free(list);
}

static void
add_log(void *user, const char *room, const char *level)
{
	json_object_set_new(user, room, json_string(level));
}

static int
log_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	json_t *rooms = json_object();

	each_log(add_log, rooms);
	*result = json_pack("{s:o}", "rooms", rooms);
	return *result != NULL ? 0 : -1;
}

/* DPDK does not say whether a pattern matched any log type, but it lists them. */
static bool
logs(const char *room)
{
	json_t *rooms = json_object();
	bool found;

	each_log(add_log, rooms);
	found = json_object_get(rooms, room) != NULL;
	json_decref(rooms);
	return found;
}

static int
log_set(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	static const struct {
		const char *name;
		uint32_t level;
	} levels[] = {
		{"error", RTE_LOG_ERR}, {"warning", RTE_LOG_WARNING}, {"notice", RTE_LOG_NOTICE},
		{"info", RTE_LOG_INFO}, {"debug", RTE_LOG_DEBUG},
	};
	const char *level = rpc_param_string(params, "level", ""), *room = rpc_param_string(params, "room", "*");
	char pattern[64];

	if (strcmp(room, "*") != 0 && !logs(room))
		return rpc_refuse_param(err, "room", "unknown-room", "no room is called \"%s\"", room);
	snprintf(pattern, sizeof(pattern), "kedge.%s", room);
	for (unsigned int i = 0; i < RTE_DIM(levels); i++) {
		if (strcmp(levels[i].name, level) != 0)
			continue;
		rte_log_set_level_pattern(pattern, levels[i].level);
		*result = json_pack("{s:s, s:s}", "room", room, "level", level);
		return *result != NULL ? 0 : -1;
	}
	return rpc_refuse_param(err, "level", "unknown-level", "expected error, warning, notice, info or debug");
}

static const struct rpc_param stat_params[] = {
	{"all", RPC_BOOLEAN, false, "Those that are zero too", 0, 0, NULL},
	{0},
};
static const struct rpc_param log_params[] = {
	{"room", RPC_STRING, false, "One room's lines; else all", 0, 0, NULL},
	{"level", RPC_STRING, true, "The least important lines that are written", 0, 0,
	 "error warning notice info debug"},
	{0},
};

const struct rpc_method ctl_methods_server[] = {
	{"server.hello", "Who this is", NULL, NULL,
	 "`name`, `version`, `roles`, `ready` (own addresses are usable), `uptime_s`, `pid`, `workers`, `sessions`",
	 server_hello, false},
	{"stat.get", "Counters and drop reasons, summed over all lcores, and what the control loop did", stat_params,
	 "{\"all\": true}",
	 "`counters` and `drops` ([counters.md](counters.md)), `workers` (turns), and of the control loop `control`: "
	 "`turns`, `longest_turn_us` (CPU time of its thread), `items_max` and `bytes_max` (the most of a turn) with "
	 "what they never go past, `items_limit` and `bytes_limit`, `load_permille` (of the last second), `events` and "
	 "`events_left_out` (above their rate), `clients`: `now`, `watching`, `requests`, `above_rate`, `turned_away`, "
	 "`dropped_slow`, `gave_way`, `notifications_lost`",
	 stat_get, false},
	{"log.get", "How much is logged", NULL, NULL, "`rooms`: the level of each", log_get, false},
	{"log.set", "Log more or less", log_params, "{\"level\": \"info\"}", "`room` and `level`", log_set, true},
	{0},
};
