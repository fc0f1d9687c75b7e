/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cases.h"

#define EXPECT "# expect: "

/* What of a folder a printed configuration may refer to. */
static const char *const beside[] = {"policy", "policy.yaml"};

static void
link_beside(const char *folder, const char *temporary, bool make)
{
	char from[PATH_MAX], to[PATH_MAX];

	for (unsigned int i = 0; i < UNIT_COUNT(beside); i++) {
		snprintf(from, sizeof(from), "%s/%s", folder, beside[i]);
		snprintf(to, sizeof(to), "%s/%s", temporary, beside[i]);
		if (!make)
			unlink(to);
		else if (symlink(from, to) < 0)
			CU_FAIL("no symbolic link");
	}
}

/* The configuration that this text is, in a folder that stands for `folder`. */
static struct conf *
load_text(const char *text, const char *folder, struct conf_error *error)
{
	char temporary[] = "/tmp/kedge-conf-XXXXXX", path[PATH_MAX];
	struct conf *c;
	FILE *f;

	if (mkdtemp(temporary) == NULL) {
		CU_FAIL("no temporary folder");
		return NULL;
	}
	link_beside(folder, temporary, true);
	snprintf(path, sizeof(path), "%s/printed.yaml", temporary);
	f = fopen(path, "w");
	CU_ASSERT_FATAL(f != NULL);
	fputs(text, f);
	fclose(f);
	c = conf_load(path, error);
	unlink(path);
	link_beside(folder, temporary, false);
	rmdir(temporary);
	return c;
}

static void
check_good(const char *folder, const char *path)
{
	struct conf_error error;
	struct conf *c = conf_load(path, &error), *again;
	char *first, *second;

	CU_ASSERT_PTR_NOT_NULL(c);
	if (c == NULL) {
		fprintf(stderr, "\n%s\n", error.text);
		return;
	}
	first = printed(c);
	again = load_text(first, folder, &error);
	CU_ASSERT_PTR_NOT_NULL(again);
	if (again != NULL) {
		second = printed(again);
		CU_ASSERT_STRING_EQUAL(first, second);
		CU_ASSERT_EQUAL(c->mobile_nodes_count, again->mobile_nodes_count);
		CU_ASSERT_EQUAL(c->inline_nodes, again->inline_nodes);
		free(second);
	} else {
		fprintf(stderr, "\n%s, printed:\n%s\n", error.text, first);
	}
	free(first);
	conf_free(again);
	conf_free(c);
}

/* The first line of a bad file says how its error goes on behind "FILE:", or behind "FOLDER/" for another file. */
static void
check_bad(const char *folder, const char *path)
{
	char *text = contents(path), wanted[PATH_MAX + 512];
	struct conf_error error;
	struct conf *c = conf_load(path, &error);

	CU_ASSERT_PTR_NULL(c);
	CU_ASSERT_FATAL(text != NULL && strncmp(text, EXPECT, strlen(EXPECT)) == 0);
	text[strcspn(text, "\n")] = '\0';
	if (text[strlen(EXPECT)] >= '0' && text[strlen(EXPECT)] <= '9')
		snprintf(wanted, sizeof(wanted), "%s:%s", path, text + strlen(EXPECT));
	else
		snprintf(wanted, sizeof(wanted), "%s/%s", folder, text + strlen(EXPECT));
	if (c != NULL || strncmp(error.text, wanted, strlen(wanted)) != 0) {
		CU_FAIL("another error");
		fprintf(stderr, "\nexpected %s\n     got %s\n", wanted, c != NULL ? "(none)" : error.text);
	}
	free(text);
	conf_free(c);
}

/* Check each configuration of a folder; how many there were. */
static unsigned int
each(const char *folder, void (*check)(const char *folder, const char *path))
{
	DIR *d = opendir(folder);
	unsigned int n = 0;

	CU_ASSERT_FATAL(d != NULL);
	for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
		const char *dot = strrchr(e->d_name, '.');
		char path[PATH_MAX];

		if (dot == NULL || strcmp(dot, ".yaml") != 0 || strcmp(e->d_name, "policy.yaml") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		check(folder, path);
		n++;
	}
	closedir(d);
	return n;
}

/* shows: RFC5213-9.1-02 RFC5213-9.2-02 RFC5213-9.3-02 */
void
files_good(void)
{
	CU_ASSERT_EQUAL(each(TEST_DIR "/conf/good", check_good), 8);
}

void
files_examples(void)
{
	CU_ASSERT(each(TEST_DIR "/../yaml", check_good) >= 3);
}

void
files_lab(void)
{
	CU_ASSERT(each(TEST_DIR "/e2e/config", check_good) >= 2);
}

/* shows: RFC5213-9.3-07 */
void
files_bad(void)
{
	CU_ASSERT(each(TEST_DIR "/conf/bad", check_bad) >= 100);
}

void
files_unreadable(void)
{
	struct conf_error error;

	CU_ASSERT_PTR_NULL(conf_load("/nowhere/mag.yaml", &error));
	CU_ASSERT_STRING_EQUAL(error.text, "/nowhere/mag.yaml: No such file or directory");
	CU_ASSERT_PTR_NULL(conf_load("/", &error));
	CU_ASSERT_STRING_EQUAL(error.text, "/: Is a directory");
}
