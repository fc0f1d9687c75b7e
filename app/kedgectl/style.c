/* SPDX-License-Identifier: BSD-3-Clause */
#include "style.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool coloured;

static const struct {
	const char *word;
	enum style style;
} words[] = {
	{"active", STYLE_GOOD},	   {"up", STYLE_GOOD},		{"resolved", STYLE_GOOD},   {"reachable", STYLE_GOOD},
	{"connected", STYLE_GOOD}, {"served", STYLE_GOOD},	{"fine", STYLE_GOOD},	    {"held", STYLE_BAD},
	{"sent", STYLE_GOOD},	   {"forward", STYLE_GOOD},	{"back", STYLE_GOOD},	    {"linger", STYLE_WARN},
	{"waiting", STYLE_WARN},   {"registering", STYLE_WARN}, {"refreshing", STYLE_WARN}, {"incomplete", STYLE_WARN},
	{"probe", STYLE_WARN},	   {"stale", STYLE_WARN},	{"warning", STYLE_WARN},    {"restart", STYLE_WARN},
	{"down", STYLE_BAD},	   {"unresolved", STYLE_BAD},	{"failed", STYLE_BAD},	    {"lost", STYLE_BAD},
	{"error", STYLE_BAD},	   {"drop", STYLE_BAD},		{"dropped", STYLE_BAD},	    {"refused", STYLE_BAD},
	{"exhausted", STYLE_BAD},  {"rejected", STYLE_BAD},	{"never", STYLE_WARN},
};

void
style_init(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	coloured = isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}

const char *
style_on(enum style style)
{
	static const char *const begin[] = {
		[STYLE_PLAIN] = "",	   [STYLE_TITLE] = "\033[1m",  [STYLE_GOOD] = "\033[32m",
		[STYLE_WARN] = "\033[33m", [STYLE_BAD] = "\033[1;31m", [STYLE_DIM] = "\033[2m",
	};

	return coloured ? begin[style] : "";
}

const char *
style_off(enum style style)
{
	return coloured && style != STYLE_PLAIN ? "\033[0m" : "";
}

enum style
style_of_word(const char *word)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].style;
	return STYLE_PLAIN;
}
