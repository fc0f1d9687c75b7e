/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "dispatch.h"
#include "param.h"

#define OPENRPC_VERSION "1.2.6"

/* Words with a blank between two, as a list. */
static json_t *
list_of(const char *words)
{
	json_t *list = json_array();

	while (*words != '\0') {
		size_t len = strcspn(words, " ");

		json_array_append_new(list, json_stringn(words, len));
		words += len + (words[len] == ' ');
	}
	return list;
}

static json_t *
describe_param(const struct rpc_param *p)
{
	json_t *schema = json_pack("{s:s}", "type", rpc_type_name(p->type));

	if (rpc_param_has_range(p)) {
		json_object_set_new(schema, "minimum", json_integer(p->min));
		json_object_set_new(schema, "maximum", json_integer(p->max));
	}
	if (p->values != NULL)
		json_object_set_new(schema, "enum", list_of(p->values));
	return json_pack("{s:s, s:s, s:b, s:o}", "name", p->name, "description", p->help, "required", p->required,
			 "schema", schema);
}

/* The example of a method as OpenRPC has it: a list of names and values. */
static json_t *
describe_example(const char *text)
{
	json_t *params = json_loads(text, 0, NULL);
	json_t *list = json_array();
	const char *name;
	json_t *value;

	json_object_foreach(params, name, value)
		json_array_append_new(list, json_pack("{s:s, s:O}", "name", name, "value", value));
	json_decref(params);
	return json_pack("[{s:s, s:o}]", "name", "example", "params", list);
}

static json_t *
describe_method(const struct rpc_method *m)
{
	json_t *params = json_array();

	for (const struct rpc_param *p = m->params; p != NULL && p->name != NULL; p++)
		json_array_append_new(params, describe_param(p));
	return json_pack("{s:s, s:s, s:s, s:o, s:{s:s, s:s, s:{}}, s:o, s:b}", "name", m->name, "summary", m->help,
			 "paramStructure", "by-name", "params", params, "result", "name", "result", "description",
			 m->result != NULL ? m->result : "", "schema", "examples",
			 describe_example(m->example != NULL ? m->example : "{}"), "x-changes", m->changes);
}

json_t *
rpc_discover(const struct rpc_table *t)
{
	json_t *methods = json_array();

	for (const struct rpc_method *const *list = t->lists; *list != NULL; list++)
		for (const struct rpc_method *m = *list; m->name != NULL; m++)
			json_array_append_new(methods, describe_method(m));
	return json_pack("{s:s, s:{s:s, s:s}, s:o}", "openrpc", OPENRPC_VERSION, "info", "title", t->title, "version",
			 t->version, "methods", methods);
}
