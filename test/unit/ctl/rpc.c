/* SPDX-License-Identifier: BSD-3-Clause */
/* The control socket: every method by its own example, pages, refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "cases.h"

static const struct wish both = {
	.lma = true, .mag = true, .esp = true, .multihoming = true, .aggregate = "2001:db8:20::/48"};

static void
attach(struct rig *r, const char *host)
{
	struct frame f = solicitation(host);

	rig_send(r, ACCESS, &f);
}

/* What each method's answer to its example has: of a list, each item. */
static const struct shape {
	const char *method;
	bool list;
	unsigned int least; /* items */
	const char *keys[18];
} shapes[] = {
#include "shape.def"
};

static const struct shape *
shape_of(const char *method)
{
	for (unsigned int i = 0; i < UNIT_COUNT(shapes); i++)
		if (strcmp(shapes[i].method, method) == 0)
			return &shapes[i];
	return NULL;
}

static void
check_keys(const struct shape *s, const json_t *object)
{
	for (unsigned int i = 0; s->keys[i] != NULL; i++) {
		CU_ASSERT_PTR_NOT_NULL(json_object_get(object, s->keys[i]));
		if (json_object_get(object, s->keys[i]) == NULL)
			printf("%s: no %s\n", s->method, s->keys[i]);
	}
}

static void
check_shape(const struct shape *s, const json_t *result)
{
	const json_t *items = json_object_get(result, "items"), *item;
	size_t i;

	if (!s->list) {
		check_keys(s, result);
		return;
	}
	CU_ASSERT(json_array_size(items) >= s->least);
	CU_ASSERT(json_is_null(json_object_get(result, "next")));
	json_array_foreach(items, i, item) check_keys(s, item);
}

static json_t *
example_of(const json_t *method)
{
	const json_t *example = json_array_get(json_object_get(method, "examples"), 0), *param;
	json_t *params = json_object();
	size_t i;

	json_array_foreach(json_object_get(example, "params"), i, param) json_object_set(
		params, json_string_value(json_object_get(param, "name")), json_object_get(param, "value"));
	return params;
}

/* A second interface of MN1, at another gateway, and a flow that takes it, of the prefix that it has there. */
static void
open_second(struct rig *r)
{
	rig_pbu(r, &(struct update){.ll_id = GUEST_MAC, .att = MH_ATT_ETHERNET});
	json_decref(ask(r, "flow.add",
			json_pack("{s:s, s:s, s:i, s:s}", "mn", MN1, "selector", "destination=2001:db8:1:2::/64",
				  "priority", 7, "access", "ethernet"),
			NULL));
}

/* The example of a method, in a node of its own: what one of them does is nothing to the next. */
static void
try_example(const json_t *method)
{
	const char *name = json_string_value(json_object_get(method, "name"));
	const struct shape *s = shape_of(name);
	json_t *result;
	struct rig r;

	rig_open(&r, &both);
	attach(&r, MN1_MAC);
	rig_pbu(&r, &(struct update){.mn = MN2});
	open_second(&r);
	result = ask(&r, name, example_of(method), NULL);
	CU_ASSERT(s != NULL && result != NULL);
	if (s != NULL && result != NULL)
		check_shape(s, result);
	else
		printf("%s: %s\n", name, s == NULL ? "without a row in shape.def" : "refused");
	json_decref(result);
	rig_close(&r);
}

static bool
is_of_ipsec(const json_t *method)
{
	return strncmp(json_string_value(json_object_get(method, "name")), "sa.", strlen("sa.")) == 0;
}

static void
examples(void)
{
	json_t *described, *methods, *method;
	bool has_ipsec;
	size_t i;
	struct rig r;

	rig_open(&r, &both);
	has_ipsec = r.ipsec != NULL;
	described = ask(&r, "rpc.discover", NULL, NULL);
	rig_close(&r);
	methods = json_object_get(described, "methods");
	CU_ASSERT_EQUAL(json_array_size(methods), UNIT_COUNT(shapes));
	json_array_foreach(methods, i, method) if (has_ipsec || !is_of_ipsec(method)) try_example(method);
	json_decref(described);
}

/* Walk a list in pages of one: how many items that are, and that no two are the same. */
static unsigned int
walk(struct rig *r, const char *method, const char *role)
{
	json_t *after = json_integer(0), *seen = json_array();
	unsigned int n = 0;

	for (unsigned int pages = 0; json_is_integer(after); pages++) {
		json_t *params = json_pack("{s:o, s:i}", "after", after, "limit", 1), *page, *items, *other;
		size_t i;

		if (role != NULL)
			json_object_set_new(params, "role", json_string(role));
		page = ask(r, method, params, NULL);
		NEED(page != NULL && pages < 64);
		items = json_object_get(page, "items");
		CU_ASSERT(json_array_size(items) <= 1);
		json_array_foreach(seen, i, other) CU_ASSERT(!json_equal(other, json_array_get(items, 0)));
		n += (unsigned int)json_array_size(items);
		json_array_extend(seen, items);
		after = json_incref(json_object_get(page, "next"));
		json_decref(page);
	}
	json_decref(after);
	json_decref(seen);
	return n;
}

static void
pages(void)
{
	struct rig r;

	rig_open(&r, &both);
	CU_ASSERT_EQUAL(walk(&r, "session.list", NULL), 0);
	attach(&r, MN1_MAC);
	attach(&r, MN2_MAC);
	CU_ASSERT_EQUAL(walk(&r, "session.list", NULL), 4);
	CU_ASSERT_EQUAL(walk(&r, "session.list", "lma"), 2);
	CU_ASSERT_EQUAL(walk(&r, "session.list", "mag"), 2);
	CU_ASSERT_EQUAL(walk(&r, "port.list", NULL), 2);
	CU_ASSERT_EQUAL(walk(&r, "route.list", NULL), 3);
	CU_ASSERT_EQUAL(walk(&r, "neighbour.list", NULL), 1);
	CU_ASSERT_EQUAL(walk(&r, "pool.list", NULL), 1);
	CU_ASSERT_EQUAL(walk(&r, "tunnel.list", NULL), 0);
	rig_close(&r);
}

/* A page that begins anywhere is a page: each list ends, and none leads back. */
static void
page_edges(void)
{
	static const json_int_t afters[] = {1,
					    INT32_MAX,
					    UINT32_MAX - 1,
					    UINT32_MAX,
					    (json_int_t)UINT32_MAX + 1,
					    (json_int_t)UINT32_MAX * 2 + 1,
					    (json_int_t)UINT32_MAX * 2 + 2,
					    INT64_MAX};
	json_t *described, *method;
	unsigned int lists = 0;
	struct rig r;
	size_t i;

	rig_open(&r, &both);
	attach(&r, MN1_MAC);
	described = ask(&r, "rpc.discover", NULL, NULL);
	json_array_foreach(json_object_get(described, "methods"), i, method)
	{
		const char *name = json_string_value(json_object_get(method, "name"));
		const json_t *first = json_array_get(json_object_get(method, "params"), 0);
		const char *param = json_string_value(json_object_get(first, "name"));

		if (param == NULL || strcmp(param, "after") != 0)
			continue;
		lists++;
		for (unsigned int a = 0; a < UNIT_COUNT(afters); a++) {
			json_t *page = ask(&r, name, json_pack("{s:I, s:i}", "after", afters[a], "limit", 1000), NULL);

			CU_ASSERT(json_is_null(json_object_get(page, "next")));
			CU_ASSERT(afters[a] < INT32_MAX || afters[a] == (json_int_t)UINT32_MAX + 1 ||
				  json_array_size(json_object_get(page, "items")) <= 1);
			json_decref(page);
		}
		CU_ASSERT_PTR_NULL(ask(&r, name, json_pack("{s:i}", "after", -1), NULL));
		CU_ASSERT_PTR_NULL(ask(&r, name, json_pack("{s:i}", "limit", 0), NULL));
		CU_ASSERT_PTR_NULL(ask(&r, name, json_pack("{s:I}", "limit", (json_int_t)INT64_MAX), NULL));
	}
	CU_ASSERT(lists >= 10);
	json_decref(described);
	rig_close(&r);
}

/* Nothing that changes something is reached by the socket for looking, whatever it is asked with. */
static void
looks_only(void)
{
	json_t *described, *method;
	unsigned int changing = 0;
	char line[256];
	struct rig r;
	size_t i;
	int fd;

	rig_open(&r, &both);
	described = ask(&r, "rpc.discover", NULL, NULL);
	fd = ask_open(&r, r.look);
	json_array_foreach(json_object_get(described, "methods"), i, method)
	{
		json_t *params = example_of(method), *answer;
		char *text = json_dumps(params, JSON_COMPACT);

		snprintf(line, sizeof(line), "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}]\n",
			 json_string_value(json_object_get(method, "name")), text);
		free(text);
		json_decref(params);
		if (!json_is_true(json_object_get(method, "x-changes")))
			continue;
		changing++;
		ask_send(&r, fd, line);
		answer = ask_line(&r, fd);
		CU_ASSERT_STRING_EQUAL(
			json_string_value(json_object_get(
				json_object_get(json_object_get(json_array_get(answer, 0), "error"), "data"),
				"reason")),
			"read-only");
		json_decref(answer);
	}
	CU_ASSERT(changing >= 8);
	close(fd);
	json_decref(described);
	rig_close(&r);
}

static void
filters(void)
{
	static const struct {
		const char *params;
		size_t items;
	} rows[] = {
		{"{\"mn\": \"" MN2 "\"}", 2},
		{"{\"mn\": \"nobody\"}", 0},
		{"{\"state\": \"active\"}", 4},
		{"{\"state\": \"linger\"}", 0},
		{"{\"role\": \"mag\", \"mn\": \"" MN1 "\"}", 1},
		{"{\"role\": \"lma\", \"after\": 4294967296}", 0},
		{"{\"after\": 9223372036854775807}", 0},
	};
	struct rig r;

	rig_open(&r, &both);
	attach(&r, MN1_MAC);
	attach(&r, MN2_MAC);
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		json_t *page = ask(&r, "session.list", json_loads(rows[i].params, 0, NULL), NULL);

		CU_ASSERT_EQUAL(json_array_size(json_object_get(page, "items")), rows[i].items);
		CU_ASSERT(json_is_null(json_object_get(page, "next")));
		json_decref(page);
	}
	rig_close(&r);
}

static void
commands(void)
{
	const char *at = "{\"port\": \"access\", \"mac\": \"" MN1_MAC "\", \"handoff\": 3}";
	struct mh_msg pbu;
	json_t *result;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true});
	result = ask(&r, "mn.attach", json_loads(at, 0, NULL), NULL);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(result, "state")), "pending");
	json_decref(result);
	rig_run(&r);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &pbu));
	CU_ASSERT_EQUAL(pbu.opt.handoff.value, MH_HANDOFF_BETWEEN_MAGS);
	result = ask(&r, "mn.detach", json_pack("{s:s}", "mac", MN1_MAC), NULL);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(result, "state")), "detached");
	json_decref(result);
	rig_run(&r);
	CU_ASSERT(rig_take_mh(&r, MH_PBU, &pbu) && pbu.pbu.lifetime == 0);
	rig_close(&r);
}

static void
refusals(void)
{
	static const struct {
		const char *method, *params, *reason;
	} rows[] = {
		{"session.list", "{\"role\": \"boss\"}", "unknown-value"},
		{"session.list", "{\"mn\": \"%s\"}", "bad-identifier"},
		{"session.get", "{\"session\": 7}", "unknown-session"},
		{"mn.attach", "{\"port\": \"core\", \"mac\": \"" MN1_MAC "\"}", "unknown-port"},
		{"mn.attach", "{\"port\": \"access\", \"mac\": \"33:33:00:00:00:01\"}", "bad-mac"},
		{"mn.detach", "{\"port\": \"wlan7\", \"mac\": \"" MN1_MAC "\"}", "unknown-port"},
		{"mn.detach", "{\"mac\": \"" GUEST_MAC "\"}", "unknown-host"},
		{"log.set", "{\"level\": \"loud\"}", "unknown-value"},
		{"log.set", "{\"level\": \"info\", \"room\": \"cellar\"}", "unknown-room"},
	};
	char params[512], long_name[300];
	struct rpc_error error;
	struct rig r;

	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	rig_open(&r, &(struct wish){.mag = true});
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		bool has_name = strstr(rows[i].params, "%s") != NULL;

		snprintf(params, sizeof(params), "%s", rows[i].params);
		if (has_name)
			snprintf(params, sizeof(params), "{\"mn\": \"%s\"}", long_name);
		CU_ASSERT_PTR_NULL(ask(&r, rows[i].method, json_loads(params, 0, NULL), &error));
		CU_ASSERT_STRING_EQUAL(error.reason, rows[i].reason);
	}
	rig_close(&r);
}

static void
not_ready(void)
{
	json_t *params = json_pack("{s:s, s:s}", "port", "access", "mac", MN1_MAC);
	struct rpc_error error;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .not_ready = true});
	CU_ASSERT_PTR_NULL(ask(&r, "mn.attach", params, &error));
	CU_ASSERT_STRING_EQUAL(error.reason, "not-ready");
	rig_close(&r);
}

static void
counts_all_writers(void)
{
	json_t *result, *counters;
	struct rig r;

	rig_open(&r, &both);
	attach(&r, MN1_MAC);
	result = ask(&r, "stat.get", NULL, NULL);
	counters = json_object_get(result, "counters");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(counters, "pbu.tx")), 1);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(counters, "pbu.rx")), 1);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(counters, "mh.tx")), 2);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(counters, "access.attached")), 1);
	CU_ASSERT(json_integer_value(json_object_get(counters, "rx.packets")) > 0);
	CU_ASSERT(json_integer_value(json_object_get(counters, "nd.na-rx")) > 0);
	CU_ASSERT(json_integer_value(json_object_get(json_object_get(result, "control"), "longest_turn_us")) > 0);
	json_decref(result);
	rig_close(&r);
}

const struct unit_case rpc_cases[] = {
	{"every method's example is carried out and its result has its members", examples},
	{"lists come in pages, of sessions over both roles", pages},
	{"a page may begin anywhere, and no page leads back", page_edges},
	{"the socket for looking reaches no method that changes something", looks_only},
	{"a list of sessions is narrowed by role, mobile node and state", filters},
	{"a host attaches and leaves by command", commands},
	{"what cannot be done is refused with its reason", refusals},
	{"a host is not attached before own addresses are usable", not_ready},
	{"counters are those of all writers", counts_all_writers},
};
const unsigned int rpc_case_count = UNIT_COUNT(rpc_cases);
