/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * docs/control.md from its template and the rows of the methods and events: `docs_control TEMPLATE`. In the template
 * @methods@ and @events@ are lists, and a name in capitals is a number of the code.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "methods.h"
#include "peer.h"
#include "state.h"

static const struct {
	const char *name;
	unsigned int value;
} numbers[] = {
	{"TURN_ITEMS", RPC_TURN_ITEMS},
	{"TURN_KIB", RPC_TURN_BYTES >> 10},
	{"ANSWER_MIB", RPC_ANSWER_MAX >> 20},
	{"NOTES", RPC_NOTES},
	{"EVENTS", CTL_EVENTS},
	{"PEERS", CTL_PEERS},
	{"PAGE", METHODS_PAGE},
	{"PAGE_MAX", METHODS_PAGE_MAX},
	{"SCAN_MAX", METHODS_SCAN_MAX},
	{"BURST", CTL_BURST},
	{"LOOPBACK", CTL_LOOPBACK},
	{"CLASSES", PATH_PUNT_COUNT},
	{"HISTORY", CTL_NOTES},
	{"BATCH", RPC_BATCH_MAX},
	{"HISTORY_BYTES", sizeof(struct ctl_history_node)},
};

static void
describe_param(const struct rpc_param *p)
{
	static const char *const types[] = {[RPC_STRING] = "text",
					    [RPC_INTEGER] = "number",
					    [RPC_BOOLEAN] = "boolean",
					    [RPC_SECRET] = "text, never logged"};

	printf("- `%s` (%s%s", p->name, types[p->type], p->required ? ", required" : "");
	if (p->type == RPC_INTEGER && p->min != p->max)
		printf(p->max < INT64_MAX ? ", %lld to %lld" : ", from %lld", (long long)p->min, (long long)p->max);
	printf("): %s", p->help);
	if (p->values != NULL) {
		size_t len = strlen(p->values);

		/* Words of a .def file end with a blank. */
		printf(": `%.*s`", (int)(len > 0 && p->values[len - 1] == ' ' ? len - 1 : len), p->values);
	}
	putchar('\n');
}

static void
describe_method(const struct rpc_method *m)
{
	printf("### %s\n\n%s.%s\n\n", m->name, m->help, m->changes ? " Changes something." : "");
	for (const struct rpc_param *p = m->params; p != NULL && p->name != NULL; p++)
		describe_param(p);
	if (m->params != NULL)
		putchar('\n');
	printf("```json\n{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"%s\"", m->name);
	if (m->example != NULL)
		printf(", \"params\": %s", m->example);
	puts("}\n```\n");
	if (m->result != NULL)
		printf("Result: %s.\n\n", m->result);
}

static void
methods(void)
{
	for (const struct rpc_method *const *list = ctl_methods_lists; *list != NULL; list++)
		for (const struct rpc_method *m = *list; m->name != NULL; m++)
			describe_method(m);
}

static void
events(void)
{
	puts("| kind | severity | what it says |\n|---|---|---|");
	for (unsigned int k = 0; k < CTL_EVENT_COUNT; k++)
		printf("| `%s` | %s | %s |\n", ctl_event_name(k), ctl_event_severity(k), ctl_event_help(k));
}

/* A name between two @; false when there is none of this name. */
static bool
put(const char *name, size_t len)
{
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strlen(numbers[i].name) != len || memcmp(numbers[i].name, name, len) != 0)
			continue;
		printf("%u", numbers[i].value);
		return true;
	}
	if (len == 7 && memcmp(name, "methods", len) == 0)
		methods();
	else if (len == 6 && memcmp(name, "events", len) == 0)
		events();
	else
		return false;
	return true;
}

static bool
fill_in(const char *line)
{
	const char *begin, *end;

	while ((begin = strchr(line, '@')) != NULL && (end = strchr(begin + 1, '@')) != NULL) {
		printf("%.*s", (int)(begin - line), line);
		if (!put(begin + 1, (size_t)(end - begin) - 1))
			return false;
		line = end + 1;
	}
	fputs(line, stdout);
	return true;
}

int
main(int argc, char **argv)
{
	FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
	char line[1024];

	if (in == NULL)
		return fprintf(stderr, "usage: docs_control TEMPLATE\n"), 2;
	while (fgets(line, sizeof(line), in) != NULL)
		if (!fill_in(line))
			return fprintf(stderr, "%s: no such name: %s", argv[1], line), 1;
	fclose(in);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
