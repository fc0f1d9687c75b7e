/* SPDX-License-Identifier: BSD-3-Clause */
#include "show.h"

#include <stdlib.h>

#include "output.h"
#include "table.h"

static void
print_page(void *user, const json_t *items)
{
	table_print(user, items);
}

enum status
show_get(struct context *x, const struct command *c, json_t *params, json_t **result)
{
	if (c->columns != NULL)
		return context_list(x, c->method, c->whole, params, NULL, NULL, result);
	return context_call(x, c->method, params, result);
}

enum status
show_run(struct context *x, const struct command *c, json_t *params)
{
	enum status status;
	struct table t;
	json_t *result;

	if (c->columns != NULL && !x->json) {
		table_init(&t, c->columns, 0);
		status = context_list(x, c->method, c->whole, params, print_page, &t, &result);
		if (status == DONE)
			table_end(&t);
		return status;
	}
	status = show_get(x, c, params, &result);
	if (status == DONE)
		show_result(x, c, result, NULL, 0);
	json_decref(result);
	return status;
}

/* The items of a list by their names. */
static json_t *
by_name(const struct command *c, const json_t *list)
{
	json_t *names = json_object(), *item;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item)
	{
		char *name = table_name(c->columns, item);

		json_object_set(names, name, item);
		free(name);
	}
	return names;
}

static void
show_list(const struct command *c, const json_t *list, const json_t *before, double seconds)
{
	json_t *names = before != NULL ? by_name(c, before) : NULL;
	struct table t;

	table_init(&t, c->columns, 0);
	t.before = names;
	t.seconds = seconds;
	table_print(&t, json_object_get(list, "items"));
	table_end(&t);
	json_decref(names);
}

void
show_result(const struct context *x, const struct command *c, const json_t *result, const json_t *before,
	    double seconds)
{
	if (x->json)
		output_json(result, x->watch_s != 0 ? JSON_COMPACT : JSON_INDENT(2));
	else if (c->columns != NULL)
		show_list(c, result, before, seconds);
	else if (c->show != NULL)
		c->show(result);
	else
		output_object(result, before, seconds);
}
