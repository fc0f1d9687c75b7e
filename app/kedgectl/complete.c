/* SPDX-License-Identifier: BSD-3-Clause */
#include "complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "option.h"

#define TIMEOUT_MS 500 /* nobody waits long for a word */
#define VALUES_MAX 200
#define FILE_WORD  "<file>\t" /* the script completes names of files by itself */

enum status
complete_bash(struct context *x, const struct command *c, json_t *params)
{
	fputs("# bash completion of kedgectl\n"
	      "_kedgectl()\n"
	      "{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} words line i\n"
	      "\tCOMPREPLY=()\n"
	      "\t# Bash splits words at colons too: put addresses together again.\n"
	      "\twords=() line=${COMP_LINE:0:COMP_POINT}\n"
	      "\t"
	      "read -ra words <<<\"$line\"\n"
	      "\t[[ $line != *' ' ]] || words+=('')\n"
	      "\tword=${words[-1]}\n"
	      "\tmapfile -t COMPREPLY < <(\"${words[0]}\" completion words -- \"${words[@]:1}\" 2>/dev/null | cut "
	      "-f1)\n"
	      "\tif [[ ${COMPREPLY[0]} == '<file>' ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
	      "\telif [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then\n"
	      "\t\tfor i in \"${!COMPREPLY[@]}\"; do\n"
	      "\t\t\tCOMPREPLY[i]=${COMPREPLY[i]#\"${word%\"${word##*:}\"}\"}\n"
	      "\t\tdone\n"
	      "\tfi\n"
	      "}\n"
	      "complete -F _kedgectl kedgectl\n",
	      stdout);
	return DONE;
}

enum status
complete_zsh(struct context *x, const struct command *c, json_t *params)
{
	fputs("#compdef kedgectl\n"
	      "# zsh completion of kedgectl\n"
	      "_kedgectl()\n"
	      "{\n"
	      "\tlocal -a lines found\n"
	      "\tlocal line word tab=$'\\t'\n"
	      "\tlines=(\"${(@f)$(${words[1]} completion words -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
	      "\tif [[ $lines[1] == '<file>'* ]]; then\n"
	      "\t\t_files\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tfor line in $lines; do\n"
	      "\t\tword=${line%%$tab*}\n"
	      "\t\t[[ -z $word ]] || found+=(\"${word//:/\\\\:}:${line#*$tab}\")\n"
	      "\tdone\n"
	      "\t_describe -t words kedgectl found\n"
	      "}\n"
	      "_kedgectl \"$@\"\n",
	      stdout);
	return DONE;
}

static void
offer(const char *word, const char *begun, const char *help)
{
	if (strncmp(word, begun, strlen(begun)) == 0)
		printf("%s\t%s\n", word, help);
}

static void
offer_options(const char *begun)
{
	for (size_t i = 0; i < option_count; i++) {
		char name[32];

		snprintf(name, sizeof(name), "--%s", option_rows[i].name);
		offer(name, begun, option_rows[i].help);
	}
}

static void
offer_nouns(const char *begun)
{
	for (size_t i = 0; i < command_count; i++) {
		bool repeated = i > 0 && strcmp(commands[i - 1].noun, commands[i].noun) == 0;

		if (!repeated)
			offer(commands[i].noun, begun, commands[i].help);
	}
	offer("help", begun, "What there is, and what it takes");
}

static void
offer_verbs(const char *noun, const char *begun)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].noun, noun) == 0 && commands[i].verb[0] != '\0')
			offer(commands[i].verb, begun, commands[i].help);
}

/* Keys that are not given yet. */
static void
offer_keys(const struct command *c, int argc, char **argv, const char *begun)
{
	for (const struct param *p = c->params; p != NULL && p->name != NULL; p++) {
		bool given = false;

		for (int i = 0; i < argc; i += 2)
			given |= strcmp(argv[i], p->name) == 0;
		if (!given)
			offer(p->name, begun, p->help);
	}
}

/* The values of a key of a list's first page: "METHOD KEY". */
static void
offer_listed(struct context *x, const char *source, const char *begun)
{
	char method[COMMAND_NAME_MAX];
	const char *key = strchr(source, ' ') + 1;
	json_t *params = json_pack("{s:i}", "limit", VALUES_MAX), *result = NULL;
	struct rpc_error error;
	const json_t *item;
	size_t i;

	snprintf(method, sizeof(method), "%.*s", (int)(key - 1 - source), source);
	if (rpc_client_connect(&x->client, x->socket, TIMEOUT_MS) == 0 &&
	    rpc_client_call(x->client, method, params, &result, &error) == 0) {
		json_array_foreach(json_object_get(result, "items"), i, item)
		{
			char *value = cell_format(json_object_get(item, key), FORMAT_TEXT);

			offer(value, begun, "");
			free(value);
		}
	}
	json_decref(result);
	json_decref(params);
	rpc_client_close(x->client);
	x->client = NULL;
}

static void
offer_values(struct context *x, const struct param *p, const char *begun)
{
	if (p->type == PARAM_FILE)
		puts(FILE_WORD);
	else if (p->values != NULL && p->values[0] == '@')
		offer_listed(x, p->values + 1, begun);
	else if (p->values != NULL) {
		char *words = cell_print("%s", p->values), *rest = words;

		for (char *word; (word = strsep(&rest, " ")) != NULL;)
			offer(word, begun, p->help);
		free(words);
	}
}

/* The words in front that are options and their arguments, taken over into x; how many. */
static int
skip_options(struct context *x, int argc, char **argv)
{
	int i = 0;

	while (i < argc - 1 && argv[i][0] == '-') {
		bool socket = strcmp(argv[i], "-s") == 0 || strcmp(argv[i], "--socket") == 0, argument = socket;

		for (size_t k = 0; k < option_count; k++) {
			const struct option_row *o = &option_rows[k];
			bool named = (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, o->name) == 0) ||
				     (argv[i][1] == o->letter && argv[i][2] == '\0');

			argument |= named && o->argument != NULL;
		}
		if (socket && i + 1 == argc - 1)
			puts(FILE_WORD);
		else if (socket)
			x->socket = argv[i + 1];
		i += argument ? 2 : 1;
	}
	return i;
}

enum status
complete_words(struct context *x, int argc, char **argv)
{
	int skipped = skip_options(x, argc, argv);
	const struct command *c;
	const char *begun;

	argc -= skipped;
	argv += skipped;
	if (argc <= 0)
		return DONE;
	begun = argv[argc - 1];
	if (begun[0] == '-')
		offer_options(begun);
	else if (argc == 1)
		offer_nouns(begun);
	else if (argc == 2 && strcmp(argv[0], "help") == 0)
		offer_nouns(begun);
	else if (argc == 3 && strcmp(argv[0], "help") == 0)
		offer_verbs(argv[1], begun);
	else if (argc == 2)
		offer_verbs(argv[0], begun);
	else if ((c = command_find(argv[0], argv[1])) != NULL && argc % 2 == 1)
		offer_keys(c, argc - 3, argv + 2, begun);
	else if (c != NULL && command_param(c, argv[argc - 2]) != NULL)
		offer_values(x, command_param(c, argv[argc - 2]), begun);
	return DONE;
}
