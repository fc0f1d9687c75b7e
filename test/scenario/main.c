/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * scenario [-p | -t | -x] PATH...	play files, and all files *.txt below folders
 *
 *	-p	print each file with the actions that happened, instead of comparing
 *	-t	say which transitions of the engines' tables of states the files take; all have to be taken
 *	-x	each file must fail: it says something that does not happen
 */
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario.h"

struct options {
	bool print, must_fail;
	struct coverage *coverage; /* NULL: not asked for */
};

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

/* Tell which files were played: where KEDGE_RAN names a file, a line for each, by its folder and name. */
static void
append_ran(const FTSENT *f, bool ok)
{
	const char *path = getenv("KEDGE_RAN");
	FILE *ran = path != NULL ? fopen(path, "a") : NULL;

	if (ran == NULL)
		return;
	fprintf(ran, "%s\tscenario\t%s/%s\n", ok ? "ok" : "failed", f->fts_parent->fts_name, f->fts_name);
	fclose(ran);
}

/* Play all files; how many passed and failed. */
static void
play_all(FTS *tree, const struct options *o, FILE *report, unsigned int *passed, unsigned int *failed)
{
	FTSENT *f;

	while ((f = fts_read(tree)) != NULL) {
		bool ok;

		if (!is_scenario(f))
			continue;
		ok = play_file(f->fts_path, o->print, o->coverage, report) != o->must_fail;
		if (!ok && o->must_fail)
			fprintf(stderr, "%s: passed, and should not have\n", f->fts_path);
		if (!o->must_fail)
			append_ran(f, ok);
		*passed += ok;
		*failed += !ok;
	}
}

/* False when the arguments are wrong. */
static bool
read_options(int argc, char **argv, struct options *o)
{
	int opt;

	while ((opt = getopt(argc, argv, "ptx")) != -1) {
		if (opt == '?')
			return false;
		o->print = o->print || opt == 'p';
		o->must_fail = o->must_fail || opt == 'x';
		if (opt == 't' && o->coverage == NULL && (o->coverage = coverage_new()) == NULL)
			return false;
	}
	return optind < argc && o->print + o->must_fail + (o->coverage != NULL) <= 1;
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	unsigned int passed = 0, failed = 0;
	FILE *report;
	FTS *tree;

	if (!read_options(argc, argv, &o) || (report = report_of(o.must_fail)) == NULL ||
	    (tree = fts_open(argv + optind, FTS_LOGICAL | FTS_NOCHDIR, by_name)) == NULL) {
		fprintf(stderr, "usage: scenario [-p | -t | -x] PATH...\n");
		return 2;
	}
	play_all(tree, &o, report, &passed, &failed);
	fts_close(tree);
	if (report != stderr)
		fclose(report);
	if (!o.print)
		printf("scenario: %u passed, %u failed\n", passed, failed);
	if (o.coverage != NULL && !coverage_print(o.coverage))
		failed++;
	coverage_free(o.coverage);
	return failed > 0 || passed == 0;
}
