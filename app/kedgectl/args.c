/* SPDX-License-Identifier: BSD-3-Clause */
#include "args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *
parse_integer(const struct param *p, const char *text)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || (p->min != p->max && (n < p->min || n > p->max)))
		return NULL;
	return json_integer(n);
}

/* The daemon has a working folder of its own. */
static json_t *
parse_file(const char *text)
{
	char *here = text[0] != '/' ? getcwd(NULL, 0) : NULL;
	json_t *path = here != NULL ? json_sprintf("%s/%s", here, text) : json_string(text);

	free(here);
	return path;
}

static json_t *
parse_secret(const char *text)
{
	char line[ARGS_SECRET_MAX] = "";

	if (strcmp(text, "-") != 0)
		return json_string(text);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	return json_string(line);
}

static json_t *
parse_value(const struct param *p, const char *text)
{
	switch (p->type) {
	case PARAM_STRING:
		return json_string(text);
	case PARAM_FILE:
		return parse_file(text);
	case PARAM_SECRET:
		return parse_secret(text);
	case PARAM_INTEGER:
		return parse_integer(p, text);
	case PARAM_BOOLEAN:
		if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
			return json_boolean(text[0] == 't');
	}
	return NULL;
}

static void
explain(const struct param *p, const char *text, char error[static ARGS_ERROR_MAX])
{
	if (p->type == PARAM_INTEGER && p->min != p->max)
		snprintf(error, ARGS_ERROR_MAX, "%s takes a number in %lld..%lld, not \"%s\"", p->name,
			 (long long)p->min, (long long)p->max, text);
	else
		snprintf(error, ARGS_ERROR_MAX, "%s takes %s, not \"%s\"", p->name,
			 p->type == PARAM_INTEGER   ? "a number"
			 : p->type == PARAM_BOOLEAN ? "true or false"
						    : "text in UTF-8",
			 text);
}

/* One pair into params; false with error. */
static bool
add_pair(const struct command *c, json_t *params, const char *name, const char *text, char error[static ARGS_ERROR_MAX])
{
	const struct param *p = command_param(c, name);
	json_t *value;

	if (p == NULL)
		snprintf(error, ARGS_ERROR_MAX, "%s %s has no parameter \"%s\"", c->noun, c->verb, name);
	else if (json_object_get(params, name) != NULL)
		snprintf(error, ARGS_ERROR_MAX, "%s is given twice", name);
	else if (text == NULL)
		snprintf(error, ARGS_ERROR_MAX, "%s needs a value: %s", name, p->help);
	else if ((value = parse_value(p, text)) == NULL)
		explain(p, text, error);
	else
		return json_object_set_new(params, name, value) == 0;
	return false;
}

json_t *
args_parse(const struct command *c, int argc, char **argv, char error[static ARGS_ERROR_MAX])
{
	json_t *params = json_object();
	bool good = params != NULL;

	snprintf(error, ARGS_ERROR_MAX, "no memory");
	for (int i = 0; good && i < argc; i += 2)
		good = add_pair(c, params, argv[i], i + 1 < argc ? argv[i + 1] : NULL, error);
	for (const struct param *p = c->params; good && p != NULL && p->name != NULL; p++) {
		if (!p->required || json_object_get(params, p->name) != NULL)
			continue;
		snprintf(error, ARGS_ERROR_MAX, "%s is missing: %s", p->name, p->help);
		good = false;
	}
	if (good)
		return params;
	json_decref(params);
	return NULL;
}
