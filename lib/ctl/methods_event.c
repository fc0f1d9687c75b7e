/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The last events, and those to come.
 */
#include <string.h>

#include "methods.h"
#include "state.h"

static int
event_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	const char *kind = rpc_param_string(params, "kind", NULL), *mn = rpc_param_string(params, "mn", NULL);
	size_t limit = (size_t)rpc_param_integer(params, "limit", METHODS_PAGE);
	uint64_t at = (uint64_t)rpc_param_integer(params, "after", 0), begin;
	json_t *items = json_array();

	if (c->event_seq > CTL_EVENTS && at < c->event_seq - CTL_EVENTS)
		at = c->event_seq - CTL_EVENTS;
	for (begin = at; at < c->event_seq && json_array_size(items) < limit; at++) {
		json_t *e = c->events[at % CTL_EVENTS];
		const char *of = json_string_value(json_object_get(e, "mn"));

		if ((kind == NULL || strcmp(json_string_value(json_object_get(e, "kind")), kind) == 0) &&
		    (mn == NULL || (of != NULL && strcmp(of, mn) == 0)))
			json_array_append(items, e);
	}
	rpc_server_charge(c->rpc, at > begin ? (uint32_t)(at - begin) : 0);
	return ctl_methods_page(items, at < c->event_seq ? (json_int_t)at : -1, result);
}

/* The kind of this name, which ends at len; CTL_EVENT_COUNT: none. */
static enum ctl_event_kind
kind_of(const char *name, size_t len)
{
	unsigned int k = 0;

	while (k < CTL_EVENT_COUNT && (strncmp(ctl_event_name(k), name, len) != 0 || ctl_event_name(k)[len] != '\0'))
		k++;
	return (enum ctl_event_kind)k;
}

/* A bit for each of the kinds in a list with commas; 0 with *err. */
static uint64_t
topics_of(const char *list, struct rpc_error *err)
{
	uint64_t topics = 0;

	for (;;) {
		size_t len = strcspn(list, ",");
		enum ctl_event_kind kind = kind_of(list, len);

		if (kind == CTL_EVENT_COUNT) {
			rpc_refuse_param(err, "kinds", "unknown-value", "no events are called \"%.*s\"",
					 len < RPC_NAME_MAX ? (int)len : RPC_NAME_MAX, list);
			return 0;
		}
		topics |= UINT64_C(1) << kind;
		if (list[len] == '\0')
			return topics;
		list += len + 1;
	}
}

static int
event_watch(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	const char *list = rpc_param_string(params, "kinds", NULL);
	uint64_t topics = list == NULL	    ? (UINT64_C(1) << CTL_EVENT_COUNT) - 1
			  : list[0] == '\0' ? 0
					    : topics_of(list, err);
	json_t *watching;

	if (topics == 0 && list != NULL && list[0] != '\0')
		return -1;
	rpc_server_watch(c->rpc, topics);
	watching = json_array();
	for (unsigned int k = 0; k < CTL_EVENT_COUNT; k++)
		if ((topics & UINT64_C(1) << k) != 0)
			json_array_append_new(watching, json_string(ctl_event_name(k)));
	*result = json_pack("{s:o, s:I}", "watching", watching, "next", (json_int_t)c->event_seq);
	return *result != NULL ? 0 : -1;
}

static int
event_kinds(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	json_t *items = json_array();

	for (unsigned int k = 0; k < CTL_EVENT_COUNT; k++)
		json_array_append_new(items, json_pack("{s:s, s:s, s:s}", "kind", ctl_event_name(k), "severity",
						       ctl_event_severity(k), "help", ctl_event_help(k)));
	return ctl_methods_page(items, -1, result);
}

#define EVENT(id, name, level, per_s, help) name " "
static const char kinds[] =
#include "event.def"
	"";
#undef EVENT

static const struct rpc_param list_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	{"kind", RPC_STRING, false, "Of this kind alone", 0, 0, kinds},
	{"mn", RPC_STRING, false, "About this mobile node alone", 0, 0, NULL},
	{0},
};
static const struct rpc_param watch_params[] = {
	{"kinds", RPC_STRING, false, "Of these kinds alone, with commas between them; empty: no more", 0, 0, NULL},
	{0},
};

const struct rpc_method ctl_methods_event[] = {
	{"event.list", "The last 1024 events", list_params, "{\"kind\": \"session-opened\", \"limit\": 10}",
	 "A page of events: `seq`, `at`, `kind`, `severity`, `room`, `text`, and what the kind has: `mn`, `role`, "
	 "`session`, `peer`, `status`, `status_name`, `prefixes`, `flow`, `host`, `port`, `pool`, `used`, `total`, "
	 "`drop`, `per_s`, "
	 "`skew_ms`, `peers`, `first`",
	 event_list, false},
	{"event.watch", "Be told of events from now on, as notifications on this connection", watch_params,
	 "{\"kinds\": \"session-opened,handover,session-closed\"}",
	 "`watching` (kinds) and `next` (the `seq` of the next event). Then, as they happen, notifications with the "
	 "method `event` and an event as parameters; and `lost` with `count` where the client was more than 1024 "
	 "behind",
	 event_watch, false},
	{"event.kinds", "The kinds of events", NULL, NULL, "A list: `kind`, `severity`, `help`", event_kinds, false},
	{0},
};
