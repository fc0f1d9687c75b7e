/* SPDX-License-Identifier: BSD-3-Clause */
#include "option.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX 86400

const struct option_row option_rows[] = {
	{'s', "socket", "SOCKET", "the daemon's control socket (KEDGE_SOCKET, else " OPTION_SOCKET ")"},
	{'j', "json", NULL, "print the answer as JSON: all of it, and exact"},
	{'w', "watch", "SECONDS", "repeat the command; counters are shown with their rates"},
	{'1', "once", NULL, "top: print one frame and exit"},
	{'n', "seconds", "SECONDS", "top: the time between two frames (1)"},
	{'h', "help", NULL, "print this and exit; behind NOUN or NOUN VERB, what that takes"},
	{'V', "version", NULL, "print the version and exit"},
};
const size_t option_count = sizeof(option_rows) / sizeof(option_rows[0]);

#define OPTIONS (sizeof(option_rows) / sizeof(option_rows[0]))

static bool
parse_seconds(const char *text, unsigned int *out)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || n < 1 || n > SECONDS_MAX) {
		fprintf(stderr, "kedgectl: expected 1 to %d seconds, not \"%s\"\n", SECONDS_MAX, text);
		return false;
	}
	*out = (unsigned int)n;
	return true;
}

static enum option_end
set(struct context *x, int letter)
{
	switch (letter) {
	case 's':
		x->socket = optarg;
		return OPTION_GO;
	case 'j':
		x->json = true;
		return OPTION_GO;
	case '1':
		x->once = true;
		return OPTION_GO;
	case 'w':
		return parse_seconds(optarg, &x->watch_s) ? OPTION_GO : OPTION_WRONG;
	case 'n':
		return parse_seconds(optarg, &x->frame_s) ? OPTION_GO : OPTION_WRONG;
	case 'h':
		return OPTION_HELP;
	case 'V':
		return OPTION_VERSION;
	}
	fputs("see `kedgectl help`\n", stderr);
	return OPTION_WRONG;
}

/* A number below 0 that is to be a parameter's value, but for an option of `top`: there is none, and it is no option.
 */
static bool
is_below_zero(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "top") == 0)
			return false;
	for (int i = 2; i < argc; i++) {
		if (argv[i][0] != '-' || argv[i - 1][0] == '-' || argv[i][1] == '\0' ||
		    argv[i][1 + strspn(argv[i] + 1, "0123456789")] != '\0')
			continue;
		fprintf(stderr, "kedgectl: %s takes no number below 0, as \"%s\"\n", argv[i - 1], argv[i]);
		return true;
	}
	return false;
}

enum option_end
option_parse(int argc, char **argv, struct context *x, int *first)
{
	struct option longs[OPTIONS + 1] = {0};
	char letters[2 * OPTIONS + 1] = "";
	enum option_end end = OPTION_GO;
	size_t n = 0;
	int letter;

	if (is_below_zero(argc, argv))
		return OPTION_WRONG;
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct option_row *row = &option_rows[i];

		longs[i] = (struct option){row->name, row->argument != NULL ? required_argument : no_argument, NULL,
					   row->letter};
		letters[n++] = row->letter;
		if (row->argument != NULL)
			letters[n++] = ':';
	}
	/* To the end, behind which the words stand by then. */
	while (end != OPTION_WRONG && (letter = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		enum option_end said = set(x, letter);

		end = said != OPTION_GO ? said : end;
	}
	*first = optind;
	return end;
}
