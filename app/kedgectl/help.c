/* SPDX-License-Identifier: BSD-3-Clause */
#include "help.h"

#include <string.h>

#include "command.h"
#include "option.h"

#define NAME_WIDTH 18

static void
print_params(FILE *out, const struct param *p)
{
	for (; p != NULL && p->name != NULL; p++)
		fprintf(out, "  %-*s %s%s\n", NAME_WIDTH - 2, p->name, p->help, p->required ? "" : " (optional)");
}

static void
print_command(FILE *out, const struct command *c)
{
	char name[COMMAND_NAME_MAX];

	fprintf(out, "%-*s %s\n", NAME_WIDTH, command_name(c, name), c->help);
}

void
help_all(FILE *out)
{
	fputs("usage: kedgectl [OPTION ...] NOUN VERB [KEY VALUE ...]\n\n", out);
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *o = &option_rows[i];
		char name[32];

		snprintf(name, sizeof(name), "--%s%s%s", o->name, o->argument != NULL ? " " : "",
			 o->argument != NULL ? o->argument : "");
		fprintf(out, "  -%c, %-18s %s\n", o->letter, name, o->help);
	}
	putc('\n', out);
	for (size_t i = 0; i < command_count; i++)
		print_command(out, &commands[i]);
	fputs("\nexit: 0 done, 1 refused, 2 usage, 3 no daemon\n", out);
}

bool
help_about(FILE *out, const char *noun, const char *verb)
{
	bool found = false;

	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(commands[i].noun, noun) != 0 || (verb != NULL && strcmp(commands[i].verb, verb) != 0))
			continue;
		found = true;
		print_command(out, &commands[i]);
		print_params(out, commands[i].params);
	}
	return found;
}
