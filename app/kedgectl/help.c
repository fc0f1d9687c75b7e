/* SPDX-License-Identifier: BSD-3-Clause */
#include "help.h"

#include <string.h>

#include "command.h"

#define NAME_WIDTH 18

static void
print_params(FILE *out, const struct rpc_param *p)
{
	for (; p != NULL && p->name != NULL; p++)
		fprintf(out, "  %-*s %s%s\n", NAME_WIDTH - 2, p->name, p->help, p->required ? "" : " (optional)");
}

static void
print_command(FILE *out, const struct command *c)
{
	char name[64];

	snprintf(name, sizeof(name), "%s %s", c->noun, c->verb);
	fprintf(out, "%-*s %s\n", NAME_WIDTH, name, c->help);
}

void
help_all(FILE *out)
{
	fputs("usage: kedgectl [-s SOCKET] [-j] NOUN VERB [KEY VALUE ...]\n"
	      "\n"
	      "  -s SOCKET  the daemon's control socket (KEDGE_SOCKET, else /run/kedge/kedge.sock)\n"
	      "  -j         print the answer as JSON\n"
	      "  --version  print the version and exit\n"
	      "  --help     print this and exit; `kedgectl help NOUN` tells the parameters\n"
	      "\n",
	      out);
	for (size_t i = 0; i < command_count; i++)
		print_command(out, &commands[i]);
	fputs("\nexit: 0 done, 1 refused, 2 usage, 3 no daemon\n", out);
}

bool
help_noun(FILE *out, const char *noun)
{
	bool found = false;

	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(commands[i].noun, noun) != 0)
			continue;
		found = true;
		print_command(out, &commands[i]);
		print_params(out, commands[i].params);
	}
	return found;
}
