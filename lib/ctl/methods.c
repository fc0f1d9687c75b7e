/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_log.h>

#include "base/log.h"
#include "state.h"

#include "methods.h"

struct ctl_methods_page
ctl_methods_page_of(const json_t *params)
{
	json_int_t after = rpc_param_integer(params, "after", 0);

	return (struct ctl_methods_page){.at = after < UINT32_MAX ? (uint32_t)after : UINT32_MAX,
					 .limit = (size_t)rpc_param_integer(params, "limit", METHODS_PAGE)};
}

int
ctl_methods_page(json_t *items, json_int_t next, json_t **result)
{
	*result = json_pack("{s:o, s:o}", "items", items, "next", next < 0 ? json_null() : json_integer(next));
	return *result != NULL ? 0 : -1;
}

json_t *
ctl_methods_addr6(const struct addr6 *a)
{
	char text[ADDR6_TEXT];

	return json_string(addr6_format(a, text));
}

json_t *
ctl_methods_prefix(const struct addr_prefix *p)
{
	char text[ADDR_PREFIX_TEXT];

	return json_string(addr_prefix_format(p, text));
}

json_t *
ctl_methods_prefixes(const struct addr_prefix *p, unsigned int n)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < n; i++)
		json_array_append_new(list, ctl_methods_prefix(&p[i]));
	return list;
}

json_t *
ctl_methods_mac(const struct addr_mac *m)
{
	char text[ADDR_MAC_TEXT];

	return json_string(addr_mac_format(m, text));
}

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

/* The blocks of all writers: workers, the control lcore, its engines. */
static void
sum_stats(const struct ctl *c, struct stat_block *total)
{
	const struct stat_block *blocks[PATH_WORKER_MAX + 5];
	unsigned int n = 0;

	for (unsigned int w = 0; w < c->s.workers; w++)
		blocks[n++] = path_stats(c->s.path, w);
	blocks[n++] = &c->stat;
	blocks[n++] = host_stat(c->s.host);
	if (c->s.lma != NULL)
		blocks[n++] = lma_stat(c->s.lma);
	if (c->s.mag != NULL)
		blocks[n++] = mag_stat(c->s.mag);
	if (c->s.access != NULL)
		blocks[n++] = access_stat(c->s.access);
	stat_sum(blocks, n, total);
}

static json_t *
worker_stats(const struct ctl *c)
{
	json_t *list = json_array();

	for (unsigned int w = 0; w < c->s.workers; w++) {
		struct path_turns t;

		path_turns_get(c->s.path, w, &t);
		json_array_append_new(list,
				      json_pack("{s:i, s:I, s:I, s:I}", "worker", (int)w, "turns", (json_int_t)t.turns,
						"idle", (json_int_t)t.idle, "sleeps", (json_int_t)t.sleeps));
	}
	return list;
}

static int
stat_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	bool all = rpc_param_boolean(params, "all", false);
	json_t *counters = json_object(), *drops = json_object();
	struct stat_block total;

	sum_stats(c, &total);
	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++)
		if (all || total.counter[i] != 0)
			json_object_set_new(counters, stat_counter_row(i)->name,
					    json_integer((json_int_t)total.counter[i]));
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
		if (all || total.drop[i] != 0)
			json_object_set_new(drops, stat_drop_row(i)->name, json_integer((json_int_t)total.drop[i]));
	*result = json_pack("{s:o, s:o, s:o, s:{s:I, s:I}}", "counters", counters, "drops", drops, "workers",
			    worker_stats(c), "control", "turns", (json_int_t)c->turns, "longest_turn_us",
			    (json_int_t)c->longest_turn_us);
	return *result != NULL ? 0 : -1;
}

/* DPDK does not say whether a pattern matched any log type, but it lists them. */
static bool
logs(const char *room)
{
	char *list = NULL, line[64];
	size_t size;
	FILE *f = open_memstream(&list, &size);
	bool found;

	if (f == NULL || snprintf(line, sizeof(line), ": kedge.%s,", room) >= (int)sizeof(line)) {
		if (f != NULL)
			fclose(f);
		free(list);
		return false;
	}
	rte_log_dump(f);
	fclose(f);
	found = list != NULL && strstr(list, line) != NULL;
	free(list);
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

#define PAGE                                                                                                           \
	{"after", RPC_INTEGER, false, "Where the page begins: `next` of the one before", 0, INT64_MAX},                \
	{                                                                                                              \
		"limit", RPC_INTEGER, false, "Items of the page at most (100)", 1, METHODS_PAGE_MAX                    \
	}

static const struct rpc_param page_params[] = {PAGE, {0}};
static const struct rpc_param stat_params[] = {
	{"all", RPC_BOOLEAN, false, "Those that are zero too", 0, 0},
	{0},
};
static const struct rpc_param log_params[] = {
	{"room", RPC_STRING, false, "One room's lines; else all", 0, 0},
	{"level", RPC_STRING, true, "error, warning, notice, info or debug", 0, 0},
	{0},
};
static const struct rpc_param session_list_params[] = {
	PAGE,
	{"role", RPC_STRING, false, "lma or mag alone", 0, 0},
	{"mn", RPC_STRING, false, "Of this mobile node alone", 0, 0},
	{"state", RPC_STRING, false, "In this state alone", 0, 0},
	{0},
};
static const struct rpc_param session_get_params[] = {
	{"session", RPC_INTEGER, true, "Its number, of session.list", 0, UINT32_MAX},
	{"role", RPC_STRING, false, "lma or mag, where the node is both", 0, 0},
	{0},
};
static const struct rpc_param attach_params[] = {
	{"port", RPC_STRING, true, "The access port", 0, 0},
	{"mac", RPC_STRING, true, "The host's MAC address", 0, 0},
	{"vlan", RPC_INTEGER, false, "Its VLAN", 0, 4094},
	{"handoff", RPC_INTEGER, false, "Handoff indicator, where it is known (RFC 5213 section 8.4); 4: unknown", 1,
	 5},
	{0},
};
static const struct rpc_param detach_params[] = {
	{"port", RPC_STRING, false, "The access port; else any", 0, 0},
	{"mac", RPC_STRING, true, "The host's MAC address", 0, 0},
	{"vlan", RPC_INTEGER, false, "Its VLAN", 0, 4094},
	{0},
};

static const struct rpc_method methods[] = {
	{"server.hello", "Who this is", NULL, NULL, server_hello, false},
	{"session.list", "The binding cache and the binding update list", session_list_params, "{\"limit\": 10}",
	 ctl_methods_session_list, false},
	{"session.get", "One session", session_get_params, "{\"session\": 0}", ctl_methods_session_get, false},
	{"mn.attach", "A host attached to an access port, as an access point's association event says", attach_params,
	 "{\"port\": \"access\", \"mac\": \"02:00:00:00:aa:01\"}", ctl_methods_mn_attach, true},
	{"mn.detach", "A host left its access port", detach_params, "{\"mac\": \"02:00:00:00:aa:01\"}",
	 ctl_methods_mn_detach, true},
	{"stat.get", "Counters and drop reasons, summed over all lcores", stat_params, "{\"all\": true}", stat_get,
	 false},
	{"port.list", "The ports and what passed them", page_params, NULL, ctl_methods_port_list, false},
	{"neighbour.list", "Neighbours of this node", page_params, NULL, ctl_methods_neighbour_list, false},
	{"tunnel.list", "Tunnels in use", page_params, NULL, ctl_methods_tunnel_list, false},
	{"route.list", "Configured and connected routes", page_params, NULL, ctl_methods_route_list, false},
	{"pool.list", "Prefix pools and how full they are", page_params, NULL, ctl_methods_pool_list, false},
	{"log.set", "How much is logged", log_params, "{\"level\": \"info\"}", log_set, true},
};

int
ctl_methods_open(struct ctl *c)
{
	const struct rpc_settings settings = {
		.path = c->s.socket_path,
		.mode = c->s.socket_mode,
		.group = c->s.socket_group,
		.title = "Kedge",
		.version = c->s.version,
	};

	return rpc_server_new(&c->rpc, &settings, methods, RTE_DIM(methods), c);
}
