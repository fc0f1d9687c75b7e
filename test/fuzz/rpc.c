/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines that a client may send: whatever they are, the answer is JSON-RPC 2.0 or nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "dispatch.h"
#include "error.h"

static int
echo(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const char *text = rpc_param_string(params, "text", NULL);

	if (rpc_param_boolean(params, "refuse", false))
		return rpc_refuse(err, "asked-for", "refused %s %d", text, (int)rpc_param_integer(params, "count", 0));
	*result = json_string(text);
	return 0;
}

static const struct rpc_param params[] = {
	{"text", RPC_STRING, true, "Any", 0, 0, NULL},
	{"count", RPC_INTEGER, false, "Few", 1, 10, NULL},
	{"refuse", RPC_BOOLEAN, false, "Be told so", 0, 0, NULL},
	{0},
};
static const struct rpc_method methods[] = {
	{"test.echo", "Say it", params, "{\"text\":\"a\"}", "What was said", echo, true},
	{0},
};
static const struct rpc_method *const lists[] = {methods, NULL};

static void
check_answer(const json_t *answer)
{
	const char *version = json_string_value(json_object_get(answer, "jsonrpc"));
	bool has_result = json_object_get(answer, "result") != NULL;
	bool has_error = json_object_get(answer, "error") != NULL;

	if (version == NULL || strcmp(version, "2.0") != 0 || json_object_get(answer, "id") == NULL ||
	    has_result == has_error)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rpc_table table = {lists, NULL, "fuzz", "1"};
	const struct rpc_caller caller = {.peer = {1, 2, 3}, .read_only = size % 2 == 1};
	struct rpc_exchange e;
	struct rpc_error err;
	json_t *answer;

	if (rpc_exchange_begin(&e, (const char *)data, size, &err) < 0) {
		answer = rpc_error_answer(&err, NULL);
		check_answer(answer);
		json_decref(answer);
	} else {
		while (!e.finished) {
			if (rpc_exchange_step(&e, &table, &caller, &answer) < 0)
				abort();
			if (answer != NULL)
				check_answer(answer);
			json_decref(answer);
		}
	}
	rpc_exchange_end(&e);
	return 0;
}
