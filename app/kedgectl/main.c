/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The operator's command line: a client of the control socket.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "command.h"
#include "help.h"
#include "output.h"
#include "rpc/client.h"
#include "table.h"

#define SOCKET	   "/run/kedge/kedge.sock"
#define SOCKET_ENV "KEDGE_SOCKET"
#define TIMEOUT_MS 10000
#define PAGE	   1000 /* items of one request */

enum status { DONE, REFUSED, USAGE, NO_DAEMON };

struct options {
	const char *socket;
	bool json;
};

static enum status
refused(const struct rpc_error *error)
{
	fprintf(stderr, "kedgectl: %s (%s)\n", error->message, error->reason);
	return REFUSED;
}

static enum status
no_daemon(const char *socket, int rc)
{
	if (rc == -ENOENT || rc == -ECONNREFUSED)
		fprintf(stderr, "kedgectl: no daemon answers on %s\n", socket);
	else
		fprintf(stderr, "kedgectl: %s: %s\n", socket, strerror(-rc));
	return NO_DAEMON;
}

static enum status
call(const struct options *o, struct rpc_client *client, const struct command *c, json_t *params, json_t **result)
{
	struct rpc_error error;
	int rc = rpc_client_call(client, c->method, params, result, &error);

	if (rc == -EREMOTEIO)
		return refused(&error);
	return rc == 0 ? DONE : no_daemon(o->socket, rc);
}

static void
print_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
}

static enum status
run_object(const struct options *o, struct rpc_client *client, const struct command *c, json_t *params)
{
	json_t *result;
	enum status status = call(o, client, c, params, &result);

	if (status != DONE)
		return status;
	if (o->json)
		print_json(result);
	else
		output_object(result);
	json_decref(result);
	return DONE;
}

/* All pages: a table as they come, JSON as the one page that it would be without a limit. */
static enum status
run_list(const struct options *o, struct rpc_client *client, const struct command *c, json_t *params)
{
	json_t *all = json_array(), *result;
	enum status status = DONE;
	struct table t;
	bool more = true;

	table_init(&t, c->columns, 0);
	json_object_set_new(params, "limit", json_integer(PAGE));
	while (more && (status = call(o, client, c, params, &result)) == DONE) {
		json_t *next = json_object_get(result, "next");

		if (o->json)
			json_array_extend(all, json_object_get(result, "items"));
		else
			table_print(&t, json_object_get(result, "items"));
		more = json_is_integer(next) || json_is_string(next);
		json_object_set(params, "after", next);
		json_decref(result);
	}
	if (status == DONE && o->json) {
		result = json_pack("{s:O, s:n}", "items", all, "next");
		print_json(result);
		json_decref(result);
	} else if (status == DONE) {
		table_end(&t);
	}
	json_decref(all);
	return status;
}

static enum status
run(const struct options *o, const struct command *c, json_t *params)
{
	struct rpc_client *client;
	enum status status;
	int rc = rpc_client_connect(&client, o->socket, TIMEOUT_MS);

	if (rc < 0)
		return no_daemon(o->socket, rc);
	status = c->columns != NULL ? run_list(o, client, c, params) : run_object(o, client, c, params);
	rpc_client_close(client);
	return status;
}

static enum status
help(const char *noun)
{
	if (noun == NULL) {
		help_all(stdout);
		return DONE;
	}
	if (help_noun(stdout, noun))
		return DONE;
	fprintf(stderr, "kedgectl: no commands about \"%s\"; see `kedgectl help`\n", noun);
	return USAGE;
}

/* NOUN VERB [KEY VALUE ...], `help [NOUN]` or `NOUN help`. */
static enum status
obey(const struct options *o, int argc, char **argv)
{
	const struct command *c;
	char error[ARGS_ERROR_MAX];
	enum status status;
	json_t *params;

	if (argc == 0) {
		help_all(stderr);
		return USAGE;
	}
	if (strcmp(argv[0], "help") == 0)
		return help(argc > 1 ? argv[1] : NULL);
	if (argc > 1 && strcmp(argv[1], "help") == 0)
		return help(argv[0]);
	c = argc > 1 ? command_find(argv[0], argv[1]) : NULL;
	if (c == NULL) {
		fprintf(stderr, "kedgectl: no command \"%s%s%s\"\n", argv[0], argc > 1 ? " " : "",
			argc > 1 ? argv[1] : "");
		if (!help_noun(stderr, argv[0]))
			fputs("see `kedgectl help`\n", stderr);
		return USAGE;
	}
	params = args_parse(c, argc - 2, argv + 2, error);
	if (params == NULL) {
		fprintf(stderr, "kedgectl: %s; see `kedgectl help %s`\n", error, c->noun);
		return USAGE;
	}
	status = run(o, c, params);
	json_decref(params);
	return status;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {{"socket", required_argument, NULL, 's'},
					      {"json", no_argument, NULL, 'j'},
					      {"help", no_argument, NULL, 'h'},
					      {"version", no_argument, NULL, 'V'},
					      {0}};
	const char *named = getenv(SOCKET_ENV);
	struct options o = {.socket = named != NULL && named[0] != '\0' ? named : SOCKET};
	enum status status;
	int option;

	while ((option = getopt_long(argc, argv, "+s:jh", longs, NULL)) != -1) {
		switch (option) {
		case 's':
			o.socket = optarg;
			break;
		case 'j':
			o.json = true;
			break;
		case 'h':
			help_all(stdout);
			return DONE;
		case 'V':
			puts("kedgectl " KEDGE_VERSION);
			return DONE;
		default:
			fputs("see `kedgectl help`\n", stderr);
			return USAGE;
		}
	}
	status = obey(&o, argc - optind, argv + optind);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("kedgectl: cannot write");
		return REFUSED;
	}
	return status;
}
