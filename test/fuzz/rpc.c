/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines that a client may send: whatever they are, the answer is JSON-RPC 2.0 or nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "dispatch.h"

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
	{"text", RPC_STRING, true, "Any", 0, 0},
	{"count", RPC_INTEGER, false, "Few", 1, 10},
	{"refuse", RPC_BOOLEAN, false, "Be told so", 0, 0},
	{0},
};
static const struct rpc_method methods[] = {{"test.echo", "Say it", params, "{\"text\":\"a\"}", echo, true}};

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
	static const struct rpc_table table = {methods, 1, NULL, "fuzz", "1"};
	static const struct ucred peer = {1, 2, 3};
	const json_t *one;
	json_t *answer;
	bool failed;
	size_t i;

	answer = rpc_dispatch(&table, &peer, (const char *)data, size, &failed);
	if (failed)
		abort();
	if (json_is_array(answer))
		json_array_foreach(answer, i, one) check_answer(one);
	else if (answer != NULL)
		check_answer(answer);
	json_decref(answer);
	return 0;
}
