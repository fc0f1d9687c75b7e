/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The operator's command line: a client of the control socket.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "help.h"
#include "option.h"
#include "show.h"
#include "style.h"
#include "watch.h"

#define SOCKET_ENV "KEDGE_SOCKET"
#define TIMEOUT_MS 10000

/* What has a method is asked of the daemon; what has none asks by itself, or nobody. */
static enum status
run(struct context *x, const struct command *c, json_t *params)
{
	enum status status = c->method != NULL ? context_connect(x, TIMEOUT_MS) : DONE;

	if (status == DONE && c->run != NULL)
		status = c->run(x, c, params);
	else if (status == DONE && x->watch_s != 0)
		status = watch_run(x, c, params);
	else if (status == DONE)
		status = show_run(x, c, params);
	rpc_client_close(x->client);
	return status;
}

/* About all, NOUN or NOUN VERB; what stands behind them does not matter. */
static enum status
help(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : NULL;

	if (argc == 0)
		help_all(stdout);
	else if (strcmp(argv[0], "man") == 0)
		help_man(stdout);
	else if (!help_about(stdout, argv[0], verb)) {
		fprintf(stderr, "kedgectl: no commands about \"%s%s%s\"; see `kedgectl help`\n", argv[0],
			verb != NULL ? " " : "", verb != NULL ? verb : "");
		return USAGE;
	}
	return DONE;
}

static enum status
unknown(int argc, char **argv)
{
	if (argc > 1)
		fprintf(stderr, "kedgectl: no command \"%s %s\"\n", argv[0], argv[1]);
	else
		fprintf(stderr, "kedgectl: \"%s\" alone is no command\n", argv[0]);
	if (!help_about(stderr, argv[0], NULL))
		fputs("see `kedgectl help`\n", stderr);
	return USAGE;
}

static enum status
run_command(struct context *x, const struct command *c, int argc, char **argv)
{
	int named = c->verb[0] != '\0' ? 2 : 1;
	char error[ARGS_ERROR_MAX], name[COMMAND_NAME_MAX];
	enum status status;
	json_t *params;

	if (c->words != NULL)
		return c->words(x, argc - named, argv + named);
	params = args_parse(c, argc - named, argv + named, error);
	if (params == NULL) {
		fprintf(stderr, "kedgectl: %s; see `kedgectl help %s`\n", error, command_name(c, name));
		return USAGE;
	}
	status = run(x, c, params);
	json_decref(params);
	return status;
}

/* NOUN VERB [KEY VALUE ...], `help [NOUN [VERB]]` or `NOUN [VERB] help`. */
static enum status
obey(struct context *x, int argc, char **argv)
{
	const struct command *c;

	if (argc == 0) {
		help_all(stderr);
		return USAGE;
	}
	if (strcmp(argv[0], "help") == 0)
		return help(argc - 1, argv + 1);
	if ((argc == 2 || argc == 3) && strcmp(argv[argc - 1], "help") == 0)
		return help(argc - 1, argv);
	c = command_find(argv[0], argc > 1 ? argv[1] : NULL);
	return c != NULL ? run_command(x, c, argc, argv) : unknown(argc, argv);
}

int
main(int argc, char **argv)
{
	const char *named = getenv(SOCKET_ENV);
	struct context x = {.socket = named != NULL && named[0] != '\0' ? named : OPTION_SOCKET};
	enum status status = DONE;
	int first;

	style_init();
	switch (option_parse(argc, argv, &x, &first)) {
	case OPTION_GO:
		status = obey(&x, argc - first, argv + first);
		break;
	case OPTION_HELP:
		status = help(argc - first, argv + first);
		break;
	case OPTION_VERSION:
		puts("kedgectl " KEDGE_VERSION);
		break;
	case OPTION_WRONG:
		return USAGE;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("kedgectl: cannot write");
		return REFUSED;
	}
	return status;
}
