/* SPDX-License-Identifier: BSD-3-Clause */
#include "sample.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PEERS_MAX 100 /* as many as a screen may show */

static enum status
optional(struct context *x, const char *method, json_t *params, json_t **result)
{
	struct rpc_error error;
	int rc = rpc_client_call(x->client, method, params, result, &error);

	json_decref(params);
	return rc == 0 || rc == -EREMOTEIO ? DONE : context_failed(x, rc, &error);
}

enum status
sample_take(struct context *x, struct sample *s)
{
	struct timespec now;
	enum status status;

	memset(s, 0, sizeof(*s));
	status = context_call(x, "server.hello", NULL, &s->hello);
	if (status == DONE)
		status = optional(x, "stat.get", json_pack("{s:b}", "all", 1), &s->stat);
	clock_gettime(CLOCK_MONOTONIC, &now);
	s->at_s = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
	if (status == DONE)
		status = optional(x, "port.list", NULL, &s->ports);
	if (status == DONE)
		status = optional(x, "peer.list", json_pack("{s:i}", "limit", PEERS_MAX), &s->peers);
	if (status == DONE)
		status = optional(x, "stat.stages", NULL, &s->stages);
	if (status != DONE)
		sample_free(s);
	return status;
}

void
sample_free(struct sample *s)
{
	json_decref(s->hello);
	json_decref(s->stat);
	json_decref(s->ports);
	json_decref(s->peers);
	json_decref(s->stages);
	memset(s, 0, sizeof(*s));
}

static const json_t *
at(const json_t *value, const char *path)
{
	while (value != NULL && *path != '\0') {
		size_t len = strcspn(path, "/");
		char key[64];

		snprintf(key, sizeof(key), "%.*s", (int)len, path);
		value = json_object_get(value, key);
		path += len + (path[len] == '/');
	}
	return value;
}

double
sample_number(const json_t *value, const char *path, double otherwise)
{
	value = at(value, path);
	return json_is_number(value) ? json_number_value(value) : otherwise;
}

static double
sum(const json_t *value)
{
	const char *key;
	json_t *one;
	double n = 0;

	if (json_is_number(value))
		return json_number_value(value);
	json_object_foreach((json_t *)value, key, one) n += json_number_value(one);
	return n;
}

static double
rate(double now, double before, double seconds)
{
	return seconds > 0 && now > before ? (now - before) / seconds : 0;
}

double
sample_rate(const json_t *now, const json_t *before, double seconds, const char *path)
{
	return before == NULL ? 0 : rate(sample_number(now, path, 0), sample_number(before, path, 0), seconds);
}

double
sample_rate_sum(const json_t *now, const json_t *before, double seconds, const char *path)
{
	return before == NULL ? 0 : rate(sum(at(now, path)), sum(at(before, path)), seconds);
}

const char *
sample_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "-";
}

const json_t *
sample_find(const json_t *list, const char *key, const json_t *like)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item)
	{
		if (json_equal(json_object_get(item, key), json_object_get(like, key)))
			return item;
	}
	return NULL;
}
