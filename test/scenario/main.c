/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * scenario [-p | -x] PATH...	play files, and all files *.txt below folders
 *
 *	-p	print each file with the actions that happened, instead of comparing
 *	-x	each file must fail: it says something that does not happen
 */
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario.h"

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool
is_scenario(const FTSENT *f)
{
	const char *dot = strrchr(f->fts_name, '.');

	return f->fts_info == FTS_F && dot != NULL && strcmp(dot, ".txt") == 0;
}

/* In a run where files must fail, what they complain about is of no interest. */
static FILE *
report_of(bool must_fail)
{
	return must_fail ? fopen("/dev/null", "w") : stderr;
}

int
main(int argc, char **argv)
{
	unsigned int passed = 0, failed = 0;
	bool print = false, must_fail = false;
	FILE *report;
	FTSENT *f;
	FTS *tree;
	int opt;

	while ((opt = getopt(argc, argv, "px")) != -1) {
		print = print || opt == 'p';
		must_fail = must_fail || opt == 'x';
		if (opt == '?')
			return 2;
	}
	report = report_of(must_fail);
	tree = optind < argc ? fts_open(argv + optind, FTS_LOGICAL | FTS_NOCHDIR, by_name) : NULL;
	if (tree == NULL || report == NULL) {
		fprintf(stderr, "usage: scenario [-p | -x] PATH...\n");
		return 2;
	}
	while ((f = fts_read(tree)) != NULL) {
		bool ok;

		if (!is_scenario(f))
			continue;
		ok = play_file(f->fts_path, print, report) != must_fail;
		if (!ok && must_fail)
			fprintf(stderr, "%s: passed, and should not have\n", f->fts_path);
		passed += ok;
		failed += !ok;
	}
	fts_close(tree);
	if (report != stderr)
		fclose(report);
	if (!print)
		printf("scenario: %u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
