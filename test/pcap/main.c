/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcap_cases [-x | -t FILE] FOLDER...: play the case in each folder, or each case in a folder of cases.
 *
 * With -x every case says something wrong and has to fail: that the runner finds it is what all others rest on. With -t
 * nothing is played: each drop reason is shown by one of the cases, or FILE says why it is not.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "golden.h"

#define CASES_MAX 256
#define CUTS	  3   /* places where each case has its frames cut */
#define CUT_MOST  131 /* octets: a prime, behind all headers */
#define CUT_STEP  29

static struct golden *cases[CASES_MAX];
static char names[CASES_MAX][2 * GOLDEN_TEXT];
static unsigned int count, next;
static bool wrong;

/* In so many plays in a row every octet of a frame's headers is once the first of the second segment. */
static size_t
cut_of(unsigned int play)
{
	return 1 + play * CUT_STEP % CUT_MOST;
}

/* CUnit's cases have no argument: they are run in their order. */
static void
run(void)
{
	CU_ASSERT(golden_play(cases[next], false, 0) == !wrong);
	CU_ASSERT(golden_play(cases[next], true, 0) == !wrong);
	for (unsigned int i = 0; i < CUTS; i++)
		CU_ASSERT(golden_play(cases[next], false, cut_of(next * CUTS + i)) == !wrong);
	next++;
}

static bool
add(const char *folder)
{
	if (count == CASES_MAX || (cases[count] = malloc(sizeof(*cases[0]))) == NULL) {
		fprintf(stderr, "pcap: more than %d cases, or no memory\n", CASES_MAX);
		return false;
	}
	count++;
	if (!golden_read(folder, cases[count - 1]))
		return false;
	snprintf(names[count - 1], sizeof(names[0]), "%s: %s", strrchr(folder, '/') + 1, cases[count - 1]->shows);
	return true;
}

static bool
is_case(const char *folder)
{
	bool found;
	char *path;

	if (asprintf(&path, "%s/case.txt", folder) < 0)
		return false;
	found = access(path, R_OK) == 0;
	free(path);
	return found;
}

/* What lies in a folder and is no case, is not of interest. */
static bool
add_entry(const char *folder, const char *entry)
{
	bool ok = true;
	char *path;

	if (asprintf(&path, "%s/%s", folder, entry) < 0)
		return false;
	if (is_case(path))
		ok = add(path);
	free(path);
	return ok;
}

static bool
add_all(const char *folder)
{
	struct dirent **entry;
	int n = scandir(folder, &entry, NULL, alphasort);
	bool ok = n >= 0;

	if (!ok)
		perror(folder);
	for (int i = 0; i < n; i++) {
		ok = ok && (entry[i]->d_name[0] == '.' || add_entry(folder, entry[i]->d_name));
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	return ok;
}

int
main(int argc, char **argv)
{
	struct unit_case units[CASES_MAX];
	int failed = 1;
	const char *cover = argc > 2 && strcmp(argv[1], "-t") == 0 ? argv[2] : NULL;
	bool ok = true;

	wrong = argc > 1 && strcmp(argv[1], "-x") == 0;
	for (int i = cover != NULL ? 3 : 1 + wrong; i < argc && ok; i++)
		ok = is_case(argv[i]) ? add(argv[i]) : add_all(argv[i]);
	for (unsigned int i = 0; i < count; i++)
		units[i] = (struct unit_case){names[i], run};
	if (count == 0 && ok)
		fprintf(stderr, "usage: pcap_cases [-x | -t FILE] FOLDER...\n");
	if (ok && count > 0 && cover != NULL)
		failed = !golden_cover(cover, cases, count);
	else if (ok && count > 0 && rig_start_eal())
		failed = unit_main(wrong ? "pcap-wrong" : "pcap", units, count);
	for (unsigned int i = 0; i < count; i++) {
		golden_drop(cases[i]);
		free(cases[i]);
	}
	return failed;
}
