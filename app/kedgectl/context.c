/* SPDX-License-Identifier: BSD-3-Clause */
#include "context.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PAGE 1000 /* items of one request */

/* Where there is more than one reason, the message was the first. */
static void
print_refusals(const json_t *refusals)
{
	for (size_t i = 1; i < json_array_size(refusals); i++)
		if (json_is_string(json_array_get(refusals, i)))
			fprintf(stderr, "kedgectl: %s\n", json_string_value(json_array_get(refusals, i)));
}

enum status
context_failed(const struct context *x, int rc, const struct rpc_error *error)
{
	if (x->quiet)
		return rc == -EREMOTEIO ? REFUSED : NO_DAEMON;
	if (rc == -EREMOTEIO) {
		fprintf(stderr, "kedgectl: %s (%s)\n", error->message, error->reason);
		print_refusals(json_object_get(rpc_client_refusal(x->client), "refusals"));
		return REFUSED;
	}
	if (rc == -ENOENT || rc == -ECONNREFUSED)
		fprintf(stderr, "kedgectl: no daemon answers on %s\n", x->socket);
	else
		fprintf(stderr, "kedgectl: %s: %s\n", x->socket, strerror(-rc));
	return NO_DAEMON;
}

enum status
context_connect(struct context *x, unsigned int timeout_ms)
{
	int rc;

	rpc_client_close(x->client);
	x->client = NULL;
	rc = rpc_client_connect(&x->client, x->socket, timeout_ms);
	return rc == 0 ? DONE : context_failed(x, rc, NULL);
}

enum status
context_call(struct context *x, const char *method, json_t *params, json_t **result)
{
	struct rpc_error error;
	int rc = rpc_client_call(x->client, method, params, result, &error);

	return rc == 0 ? DONE : context_failed(x, rc, &error);
}

enum status
context_list(struct context *x, const char *method, bool whole, json_t *params,
	     void (*each)(void *user, const json_t *items), void *user, json_t **result)
{
	json_t *all = json_array(), *ask = params != NULL ? json_copy(params) : json_object(), *page;
	enum status status = DONE;
	bool more = true;

	*result = NULL;
	if (!whole)
		json_object_set_new(ask, "limit", json_integer(PAGE));
	while (more && (status = context_call(x, method, ask, &page)) == DONE) {
		json_t *next = json_object_get(page, "next");

		if (each != NULL)
			each(user, json_object_get(page, "items"));
		else
			json_array_extend(all, json_object_get(page, "items"));
		more = json_is_integer(next) || json_is_string(next);
		json_object_set(ask, "after", next);
		json_decref(page);
	}
	json_decref(ask);
	if (status == DONE && each == NULL)
		*result = json_pack("{s:O, s:n}", "items", all, "next");
	json_decref(all);
	return status;
}
