/* SPDX-License-Identifier: BSD-3-Clause */
#include "param.h"

#include <string.h>

static const struct {
	const char *name;
	const char *article;
} types[] = {
	[RPC_STRING] = {"string", "a"},
	[RPC_INTEGER] = {"integer", "an"},
	[RPC_BOOLEAN] = {"boolean", "a"},
	[RPC_SECRET] = {"string", "a"},
};

const char *
rpc_type_name(enum rpc_type t)
{
	return types[t].name;
}

bool
rpc_param_has_range(const struct rpc_param *row)
{
	return row->type == RPC_INTEGER && row->min != row->max;
}

static bool
has_type(const json_t *value, enum rpc_type t)
{
	switch (t) {
	case RPC_STRING:
	case RPC_SECRET:
		return json_is_string(value);
	case RPC_INTEGER:
		return json_is_integer(value);
	case RPC_BOOLEAN:
		return json_is_boolean(value);
	}
	return false;
}

/* Whether a word is one of those of a list with a blank between two. */
static bool
is_listed(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; len > 0 && (at = strstr(at, word)) != NULL; at += len)
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return strchr(word, ' ') == NULL;
	return false;
}

/* Such a list may end in a blank. */
static int
list_len(const char *words)
{
	size_t len = strlen(words);

	return (int)(len > 0 && words[len - 1] == ' ' ? len - 1 : len);
}

static int
check_value(const struct rpc_param *row, const json_t *value, struct rpc_error *err)
{
	json_int_t n = json_integer_value(value);

	if (value == NULL)
		return row->required ? rpc_refuse_param(err, row->name, "missing-parameter", "%s is missing: %s",
							row->name, row->help)
				     : 0;
	if (!has_type(value, row->type))
		return rpc_refuse_param(err, row->name, "wrong-type", "%s must be %s %s", row->name,
					types[row->type].article, types[row->type].name);
	if (rpc_param_has_range(row) && (n < row->min || n > row->max))
		return rpc_refuse_param(err, row->name, "out-of-range",
					"%s must be in %" JSON_INTEGER_FORMAT "..%" JSON_INTEGER_FORMAT, row->name,
					row->min, row->max);
	if (row->values != NULL && !is_listed(row->values, json_string_value(value)))
		return rpc_refuse_param(err, row->name, "unknown-value", "%s must be one of: %.*s", row->name,
					list_len(row->values), row->values);
	return 0;
}

/* NULL: there is no such parameter. */
static const struct rpc_param *
find(const struct rpc_param *rows, const char *name)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

json_t *
rpc_param_shown(const struct rpc_param *rows, const json_t *params)
{
	json_t *object = (json_t *)params; /* json_object_foreach changes nothing, but asks for it */
	json_t *out = json_object();
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		const struct rpc_param *row = find(rows, name);

		if (row == NULL || row->type == RPC_SECRET)
			json_object_set_new(out, name, json_string("..."));
		else
			json_object_set(out, name, value);
	}
	return out;
}

int
rpc_param_check(const struct rpc_param *rows, const json_t *params, struct rpc_error *err)
{
	json_t *object = (json_t *)params; /* json_object_foreach changes nothing, but asks for it */
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value) if (find(rows, name) == NULL) return rpc_refuse_param(
		err, name, "unknown-parameter", "no parameter %s here", name);
	for (; rows != NULL && rows->name != NULL; rows++)
		if (check_value(rows, json_object_get(params, rows->name), err) < 0)
			return -1;
	return 0;
}

const char *
rpc_param_string(const json_t *params, const char *name, const char *fallback)
{
	const char *value = json_string_value(json_object_get(params, name));

	return value != NULL ? value : fallback;
}

json_int_t
rpc_param_integer(const json_t *params, const char *name, json_int_t fallback)
{
	const json_t *value = json_object_get(params, name);

	return value != NULL ? json_integer_value(value) : fallback;
}

bool
rpc_param_boolean(const json_t *params, const char *name, bool fallback)
{
	const json_t *value = json_object_get(params, name);

	return value != NULL ? json_is_true(value) : fallback;
}
