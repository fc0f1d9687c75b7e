/* SPDX-License-Identifier: BSD-3-Clause */
#include "dispatch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "error.h"
#include "param.h"

#define DISCOVER "rpc.discover"

static int
discover(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	*result = rpc_discover(user);
	return 0;
}

static const struct rpc_method discover_method = {
	DISCOVER, "Describe all methods", NULL, NULL, "An OpenRPC document", discover, false};

static const struct rpc_method *
find_method(const struct rpc_table *t, const char *name)
{
	for (const struct rpc_method *const *list = t->lists; *list != NULL; list++)
		for (const struct rpc_method *m = *list; m->name != NULL; m++)
			if (strcmp(m->name, name) == 0)
				return m;
	return strcmp(name, DISCOVER) == 0 ? &discover_method : NULL;
}

/* Who asked for what: JSON escapes what would break the line. */
static void
log_change(const struct rpc_method *m, const struct ucred *peer, const json_t *params, const char *outcome)
{
	json_t *shown = rpc_param_shown(m->params, params);
	char *text = json_dumps(shown, JSON_COMPACT | JSON_ENSURE_ASCII);

	log_write(LOG_NOTICE, "rpc", "request method=%s uid=%u gid=%u pid=%d result=%s params=%.256s", m->name,
		  (unsigned int)peer->uid, (unsigned int)peer->gid, (int)peer->pid, outcome, text != NULL ? text : "?");
	free(text);
	json_decref(shown);
}

static int
call(const struct rpc_table *t, const struct rpc_method *m, const struct rpc_caller *caller, const json_t *params,
     json_t **result, struct rpc_error *err)
{
	int rc = rpc_param_check(m->params, params, err);

	if (rc == 0 && m->changes && caller->read_only)
		rc = rpc_refuse(err, "read-only", "%s changes something, and this socket is for looking", m->name);
	if (rc == 0) {
		void *user = m == &discover_method ? (void *)t : t->user;

		rpc_error_set(err, RPC_INTERNAL_ERROR, "internal", "%s failed", m->name);
		rc = m->handler(user, params, result, err);
	}
	if (m->changes && rc != RPC_LATER)
		log_change(m, &caller->peer, params, rc == 0 ? "done" : err->reason);
	return rc;
}

static bool
id_is_valid(const json_t *id)
{
	return id == NULL || json_is_string(id) || json_is_number(id) || json_is_null(id);
}

/* 0 with the method to call, or -1 with *err. */
static int
check_request(const struct rpc_table *t, const json_t *request, const struct rpc_method **m, struct rpc_error *err)
{
	const char *version = json_string_value(json_object_get(request, "jsonrpc"));
	const char *name = json_string_value(json_object_get(request, "method"));
	const json_t *params = json_object_get(request, "params");

	if (!json_is_object(request) || version == NULL || strcmp(version, "2.0") != 0 || name == NULL ||
	    !id_is_valid(json_object_get(request, "id")) ||
	    (params != NULL && !json_is_object(params) && !json_is_array(params))) {
		rpc_error_set(err, RPC_INVALID_REQUEST, "invalid-request", "not a JSON-RPC 2.0 request");
		return -1;
	}
	*m = find_method(t, name);
	if (*m == NULL) {
		rpc_error_set(err, RPC_METHOD_NOT_FOUND, "unknown-method", "no method %.*s here", RPC_NAME_MAX, name);
		return -1;
	}
	if (json_is_array(params)) {
		rpc_error_set(err, RPC_INVALID_PARAMS, "unnamed-parameters", "parameters are named here");
		return -1;
	}
	return 0;
}

/* The answer to one request: *reply stays NULL for a notification, which is not even told its error. */
static int
answer(const struct rpc_table *t, const struct rpc_caller *caller, const json_t *request, json_t **reply)
{
	json_t *id = json_object_get(request, "id");
	json_t *params = json_object_get(request, "params");
	const struct rpc_method *m = NULL;
	struct rpc_error err = {0};
	json_t *result = NULL;
	int rc = check_request(t, request, &m, &err);
	bool heard = id != NULL || err.code == RPC_INVALID_REQUEST;

	if (rc == 0) {
		params = params != NULL ? json_incref(params) : json_object();
		rc = call(t, m, caller, params, &result, &err);
		json_decref(params);
	}
	if (rc == RPC_LATER)
		return rc;
	if (heard && rc == 0)
		*reply = json_pack("{s:s, s:O, s:O}", "jsonrpc", "2.0", "result", result != NULL ? result : json_null(),
				   "id", id);
	else if (heard)
		*reply = rpc_error_answer(&err, id_is_valid(id) ? json_incref(id) : NULL);
	json_decref(result);
	return heard && *reply == NULL ? -ENOMEM : 0;
}

int
rpc_exchange_begin(struct rpc_exchange *e, const char *text, size_t len, struct rpc_error *err)
{
	json_error_t where;

	*e = (struct rpc_exchange){.message = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where)};
	e->batch = json_is_array(e->message);
	if (e->message == NULL)
		rpc_error_set(err, RPC_PARSE_ERROR, "parse-error", "%s", where.text);
	else if (e->batch && json_array_size(e->message) == 0)
		rpc_error_set(err, RPC_INVALID_REQUEST, "empty-batch", "a batch holds at least one request");
	else if (e->batch && json_array_size(e->message) > RPC_BATCH_MAX)
		rpc_error_set(err, RPC_INVALID_REQUEST, "batch-too-long", "too many requests in one batch");
	else
		return 0;
	rpc_exchange_end(e);
	return -1;
}

int
rpc_exchange_step(struct rpc_exchange *e, const struct rpc_table *t, const struct rpc_caller *caller, json_t **reply)
{
	int rc;

	*reply = NULL;
	rc = answer(t, caller, e->batch ? json_array_get(e->message, e->at) : e->message, reply);
	if (rc == RPC_LATER)
		return rc;
	e->told += *reply != NULL;
	e->finished = !e->batch || ++e->at == json_array_size(e->message);
	return rc;
}

void
rpc_exchange_end(struct rpc_exchange *e)
{
	json_decref(e->message);
	*e = (struct rpc_exchange){0};
}
