/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fixture.h"
#include "unit.h"

#define CALL(method, params) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" method "\",\"params\":" params "}"

static struct fixture f;
static int fd;

static void
begin(void)
{
	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect(&f);
}

static void
end(void)
{
	close(fd);
	fixture_close(&f);
}

/* Ask and compare the whole answer, given as JSON. */
static void
assert_answer(const char *line, const char *expected)
{
	json_t *answer = fixture_ask(&f, fd, line);
	json_t *wanted = json_loads(expected, 0, NULL);

	CU_ASSERT_PTR_NOT_NULL(wanted);
	CU_ASSERT_TRUE(json_equal(answer, wanted));
	json_decref(answer);
	json_decref(wanted);
}

static void
assert_error(const char *line, int code, const char *reason, const char *parameter)
{
	json_t *answer = fixture_ask(&f, fd, line);

	CU_ASSERT_EQUAL(answer_code(answer), code);
	CU_ASSERT_STRING_EQUAL(answer_reason(answer), reason);
	CU_ASSERT_STRING_EQUAL(answer_parameter(answer), parameter);
	CU_ASSERT_PTR_NULL(json_object_get(answer, "result"));
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(answer, "jsonrpc")), "2.0");
	json_decref(answer);
}

/* Send a line that is not answered. */
static void
tell(const char *line)
{
	CU_ASSERT_TRUE(fixture_send(&f, fd, line, strlen(line)));
	CU_ASSERT_TRUE(fixture_send(&f, fd, "\n", 1));
}

void
message_result(void)
{
	begin();
	assert_answer(CALL("test.echo", "{\"text\":\"h\\u00e4\",\"count\":10,\"loud\":true}"),
		      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"text\":\"h\\u00e4\",\"count\":10,\"loud\":true}}");
	assert_answer(CALL("test.echo", "{\"text\":\"\"}"),
		      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"text\":\"\",\"count\":-1,\"loud\":false}}");
	end();
}

void
message_errors(void)
{
	begin();
	assert_error("{\"jsonrpc\":", RPC_PARSE_ERROR, "parse-error", "");
	assert_error("", RPC_PARSE_ERROR, "parse-error", "");
	assert_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"test.echo\"}", RPC_PARSE_ERROR, "parse-error",
		     "");
	assert_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", RPC_PARSE_ERROR, "parse-error", "");
	assert_error("{}", RPC_INVALID_REQUEST, "invalid-request", "");
	assert_error("7", RPC_INVALID_REQUEST, "invalid-request", "");
	assert_error("{\"id\":1,\"method\":\"test.echo\"}", RPC_INVALID_REQUEST, "invalid-request", "");
	assert_error("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"test.echo\"}", RPC_INVALID_REQUEST, "invalid-request",
		     "");
	assert_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", RPC_INVALID_REQUEST, "invalid-request", "");
	assert_error(CALL("test.echo", "7"), RPC_INVALID_REQUEST, "invalid-request", "");
	assert_error(CALL("test.none", "{}"), RPC_METHOD_NOT_FOUND, "unknown-method", "");
	assert_error(CALL("test.fail", "{}"), RPC_INTERNAL_ERROR, "internal", "");
	end();
}

void
message_ids(void)
{
	begin();
	assert_answer("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"test.count\"}",
		      "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":1}");
	assert_answer("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"test.count\"}",
		      "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":2}");
	assert_answer("{\"jsonrpc\":\"2.0\",\"id\":-9007199254740993,\"method\":\"test.count\"}",
		      "{\"jsonrpc\":\"2.0\",\"id\":-9007199254740993,\"result\":3}");
	assert_error("{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"test.count\"}", RPC_INVALID_REQUEST,
		     "invalid-request", "");
	end();
}

void
message_notifications(void)
{
	begin();
	tell("{\"jsonrpc\":\"2.0\",\"method\":\"test.count\"}");
	tell("{\"jsonrpc\":\"2.0\",\"method\":\"test.none\"}");
	assert_answer(CALL("test.count", "{}"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}");
	end();
}

void
message_batches(void)
{
	char batch[4096] = "[";

	begin();
	assert_answer("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.count\"},"
		      "{\"jsonrpc\":\"2.0\",\"method\":\"test.count\"},"
		      "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"test.count\"}]",
		      "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1},{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":3}]");
	assert_answer("[1]",
		      "[{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"not a JSON-RPC "
		      "2.0 request\",\"data\":{\"reason\":\"invalid-request\"}}}]");
	assert_error("[]", RPC_INVALID_REQUEST, "empty-batch", "");
	for (unsigned int i = 0; i < 65; i++)
		strcat(batch, i == 0 ? "1" : ",1");
	strcat(batch, "]");
	assert_error(batch, RPC_INVALID_REQUEST, "batch-too-long", "");
	/* notifications alone are not answered at all */
	tell("[{\"jsonrpc\":\"2.0\",\"method\":\"test.count\"}]");
	assert_answer(CALL("test.count", "{}"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":5}");
	end();
}

void
message_params(void)
{
	begin();
	assert_error(CALL("test.echo", "{}"), RPC_INVALID_PARAMS, "missing-parameter", "text");
	assert_error(CALL("test.echo", "{\"text\":1}"), RPC_INVALID_PARAMS, "wrong-type", "text");
	assert_error(CALL("test.echo", "{\"text\":null}"), RPC_INVALID_PARAMS, "wrong-type", "text");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"count\":\"1\"}"), RPC_INVALID_PARAMS, "wrong-type", "count");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"count\":1.5}"), RPC_INVALID_PARAMS, "wrong-type", "count");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"count\":0}"), RPC_INVALID_PARAMS, "out-of-range", "count");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"count\":11}"), RPC_INVALID_PARAMS, "out-of-range", "count");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"loud\":1}"), RPC_INVALID_PARAMS, "wrong-type", "loud");
	assert_answer(CALL("test.echo", "{\"text\":\"\",\"mood\":\"wild\"}"),
		      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"text\":\"\",\"count\":-1,\"loud\":false}}");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"mood\":\"cal\"}"), RPC_INVALID_PARAMS, "unknown-value",
		     "mood");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"mood\":\"\"}"), RPC_INVALID_PARAMS, "unknown-value", "mood");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"mood\":\"calm wild\"}"), RPC_INVALID_PARAMS, "unknown-value",
		     "mood");
	assert_error(CALL("test.echo", "{\"text\":\"\",\"texts\":1}"), RPC_INVALID_PARAMS, "unknown-parameter",
		     "texts");
	assert_error(CALL("test.count", "{\"a\":1}"), RPC_INVALID_PARAMS, "unknown-parameter", "a");
	assert_error(CALL("test.echo", "[\"x\"]"), RPC_INVALID_PARAMS, "unnamed-parameters", "");
	end();
}

void
message_refused(void)
{
	begin();
	assert_answer(CALL("test.refuse", "{}"),
		      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"no session 7\","
		      "\"data\":{\"reason\":\"unknown-session\"}}}");
	end();
}

/* A parameter's name of 4000 octets that are cut in the middle of a character, and nesting past any limit. */
void
message_deep(void)
{
	static char line[100000];

	begin();
	memset(line, '[', sizeof(line) - 1);
	assert_error(line, RPC_PARSE_ERROR, "parse-error", "");
	strcpy(line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.count\",\"params\":{\"");
	for (unsigned int i = 0; i < 2000; i++)
		strcat(line, "\xc3\xa4");
	strcat(line, "\":1}}");
	{
		json_t *answer = fixture_ask(&f, fd, line);

		CU_ASSERT_EQUAL(answer_code(answer), RPC_INVALID_PARAMS);
		CU_ASSERT_STRING_EQUAL(answer_reason(answer), "unknown-parameter");
		CU_ASSERT_TRUE(strlen(answer_parameter(answer)) < RPC_NAME_MAX);
		json_decref(answer);
	}
	end();
}

/* Numbers that are too large for a number, ids that are no ids, and what follows is served as before. */
void
message_huge(void)
{
	static char line[50000];
	size_t n;
	int depth;

	begin();
	assert_error("{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"test.count\"}", RPC_PARSE_ERROR,
		     "parse-error", "");
	assert_error("{\"jsonrpc\":\"2.0\",\"id\":1e999,\"method\":\"test.count\"}", RPC_PARSE_ERROR, "parse-error",
		     "");
	assert_error(CALL("test.echo", "{\"text\":\"x\",\"count\":9223372036854775807}"), RPC_INVALID_PARAMS,
		     "out-of-range", "count");
	assert_error(CALL("test.echo", "{\"text\":\"x\",\"count\":-9223372036854775808}"), RPC_INVALID_PARAMS,
		     "out-of-range", "count");
	assert_error(CALL("test.echo", "{\"text\":\"x\",\"count\":1e300}"), RPC_INVALID_PARAMS, "wrong-type", "count");
	assert_error(CALL("test.echo", "{\"text\":\"a\\u0000b\"}"), RPC_PARSE_ERROR, "parse-error", "");
	for (depth = 1000; depth <= 10000; depth *= 10) { /* well-formed, within the parser's depth and not */
		n = (size_t)snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"method\":\"test.count\",\"id\":");
		memset(line + n, '[', (size_t)depth);
		memset(line + n + depth, ']', (size_t)depth);
		strcpy(line + n + 2 * depth, "}");
		assert_error(line, depth == 1000 ? RPC_INVALID_REQUEST : RPC_PARSE_ERROR,
			     depth == 1000 ? "invalid-request" : "parse-error", "");
	}
	assert_answer(CALL("test.count", "{}"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
	end();
}

void
message_discover(void)
{
	json_t *answer, *document, *methods;
	const char *name, *type;
	json_int_t minimum, maximum;
	int required;

	begin();
	answer = fixture_ask(&f, fd, CALL("rpc.discover", "{}"));
	document = json_object_get(answer, "result");
	methods = json_object_get(document, "methods");
	CU_ASSERT_EQUAL(json_array_size(methods), 7);
	CU_ASSERT_EQUAL(json_unpack(document, "{s:s, s:{s:s}}", "openrpc", &type, "info", "title", &name), 0);
	CU_ASSERT_STRING_EQUAL(name, "test");
	CU_ASSERT_EQUAL(json_unpack(json_array_get(json_object_get(json_array_get(methods, 0), "params"), 1),
				    "{s:s, s:b, s:{s:s, s:I, s:I}}", "name", &name, "required", &required, "schema",
				    "type", &type, "minimum", &minimum, "maximum", &maximum),
			0);
	CU_ASSERT_STRING_EQUAL(name, "count");
	CU_ASSERT_STRING_EQUAL(type, "integer");
	CU_ASSERT_FALSE(required);
	CU_ASSERT_EQUAL(minimum, 1);
	CU_ASSERT_EQUAL(maximum, 10);
	json_decref(answer);
	end();
}

/* The examples that rpc.discover gives are calls that work. */
void
message_examples(void)
{
	json_t *answer, *method, *param;
	unsigned int run = 0;
	size_t i, j;

	begin();
	answer = fixture_ask(&f, fd, CALL("rpc.discover", "{}"));
	json_array_foreach(json_object_get(json_object_get(answer, "result"), "methods"), i, method)
	{
		json_t *example = json_array_get(json_object_get(method, "examples"), 0);
		json_t *params = json_object(), *reply;
		char *text, line[512];

		json_array_foreach(json_object_get(example, "params"), j, param) json_object_set(
			params, json_string_value(json_object_get(param, "name")), json_object_get(param, "value"));
		text = json_dumps(params, JSON_COMPACT);
		snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}",
			 json_string_value(json_object_get(method, "name")), text);
		reply = fixture_ask(&f, fd, line);
		CU_ASSERT_NOT_EQUAL(answer_code(reply), RPC_INVALID_PARAMS);
		CU_ASSERT_NOT_EQUAL(answer_code(reply), RPC_METHOD_NOT_FOUND);
		run += reply != NULL;
		json_decref(reply);
		json_decref(params);
		free(text);
	}
	CU_ASSERT_EQUAL(run, 7);
	json_decref(answer);
	end();
}

void
message_logged(void)
{
	char uid[32];

	begin();
	fixture_log[0] = '\0';
	assert_answer(CALL("test.echo", "{\"text\":\"x\"}"),
		      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"text\":\"x\",\"count\":-1,\"loud\":false}}");
	CU_ASSERT_STRING_EQUAL(fixture_log, "");
	assert_error(CALL("test.count", "{\"a\":\"line\\nbreak\"}"), RPC_INVALID_PARAMS, "unknown-parameter", "a");
	snprintf(uid, sizeof(uid), "uid=%u ", (unsigned int)getuid());
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "method=test.count"));
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, uid));
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "result=unknown-parameter"));
	CU_ASSERT_PTR_NULL(strchr(fixture_log, '\n'));
	assert_answer(CALL("test.count", "{}"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "result=done"));
	/* A secret is in no log, under its own name or under a mistaken one. */
	assert_answer(CALL("test.count", "{\"word\":\"open\",\"secret\":\"sesame\"}"),
		      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}");
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "params={\"word\":\"open\",\"secret\":\"...\"}"));
	assert_error(CALL("test.count", "{\"secrt\":\"sesame\"}"), RPC_INVALID_PARAMS, "unknown-parameter", "secrt");
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "secrt"));
	CU_ASSERT_PTR_NULL(strstr(fixture_log, "sesame"));
	end();
}
