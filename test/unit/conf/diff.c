/* SPDX-License-Identifier: BSD-3-Clause */
/* What is different between two configurations: pairs of files in test/conf/diff, and lists that are long. */
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "row.h"
#include "temporary.h"

#define DIFF TEST_DIR "/conf/diff/"

/* A line a difference: "KEY: FROM -> TO", and why it takes a restart. */
static char *
lines_of(const struct conf *from, const struct conf *to)
{
	struct conf_differences *d = conf_diff(from, to);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_FATAL(d != NULL && out != NULL);
	CU_ASSERT_EQUAL(d->count, d->total);
	for (uint32_t i = 0; i < d->count; i++)
		fprintf(out, "%s: %s -> %s%s%s\n", d->list[i].key, d->list[i].from != NULL ? d->list[i].from : "(none)",
			d->list[i].to != NULL ? d->list[i].to : "(none)", d->list[i].why != NULL ? "; restart: " : "",
			d->list[i].why != NULL ? d->list[i].why : "");
	fclose(out);
	conf_differences_free(d);
	return text;
}

void
diff_files(void)
{
	DIR *folder = opendir(DIFF);
	unsigned int n = 0;

	CU_ASSERT_FATAL(folder != NULL);
	for (const struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
		char from[PATH_MAX], to[PATH_MAX], wanted_path[PATH_MAX];
		size_t len = strcspn(e->d_name, ".");
		char *wanted, *got;
		struct conf *a, *b;

		if (strcmp(e->d_name + len, ".txt") != 0)
			continue;
		snprintf(from, sizeof(from), DIFF "%.*s.from.yaml", (int)len, e->d_name);
		snprintf(to, sizeof(to), DIFF "%.*s.to.yaml", (int)len, e->d_name);
		snprintf(wanted_path, sizeof(wanted_path), DIFF "%s", e->d_name);
		a = loaded(from);
		b = loaded(to);
		got = lines_of(a, b);
		wanted = contents(wanted_path);
		CU_ASSERT(wanted != NULL && strcmp(got, wanted) == 0);
		if (wanted == NULL || strcmp(got, wanted) != 0)
			fprintf(stderr, "\n%s:\n%s", e->d_name, got);
		free(wanted);
		free(got);
		conf_free(a);
		conf_free(b);
		n++;
	}
	closedir(folder);
	CU_ASSERT(n >= 5);
}

void
diff_same(void)
{
	struct conf *a = loaded(GOOD "every-key.yaml"), *b = loaded(GOOD "every-key.yaml");
	struct conf_differences *d = conf_diff(a, b);

	CU_ASSERT_FATAL(d != NULL);
	CU_ASSERT(d->total == 0 && d->restart == 0 && d->count == 0);
	conf_differences_free(d);
	conf_free(a);
	conf_free(b);
}

static bool
has_key(const struct conf_differences *d, const struct conf_section *s, const struct conf_row *row)
{
	char tail[128];

	snprintf(tail, sizeof(tail), s->list ? "].%s" : ".%s", row->key);
	for (uint32_t i = 0; i < d->count; i++) {
		size_t len = strlen(d->list[i].key), n = strlen(tail);

		if (strncmp(d->list[i].key, s->key, strlen(s->key)) != 0 || len < n ||
		    strcmp(d->list[i].key + len - n, tail) != 0)
			continue;
		CU_ASSERT_PTR_EQUAL(d->list[i].why, conf_change_why[row->change]);
		return true;
	}
	return false;
}

/* Whatever key has another value, it is named: no kind compares as equal what is not. */
void
diff_every_key(void)
{
	struct conf *a = loaded(GOOD "every-key.yaml"), *b = loaded(DIFF "every-key.to.yaml");
	struct conf_differences *d = conf_diff(a, b);

	CU_ASSERT_FATAL(d != NULL);
	for (unsigned int i = 0; i < conf_section_count; i++)
		for (unsigned int k = 0; k < conf_section[i].row_count; k++) {
			const struct conf_section *s = &conf_section[i];
			const struct conf_row *row = &s->rows[k];
			/*
			 * The name of an item is what it is matched by; the length of a pool's prefixes has one value;
			 * secrets.c sees to secrets.
			 */
			bool one = (s->list && k == 0) || (row->max > 0 && row->min == row->max) ||
				   s->files == CONF_FILE_SECRETS || strcmp(row->key, "secrets") == 0;

			if (!one && !has_key(d, s, row)) {
				CU_FAIL("a key is not named");
				fprintf(stderr, "\n%s.%s\n", s->key, row->key);
			}
		}
	conf_differences_free(d);
	conf_free(a);
	conf_free(b);
}

static void
write_nodes(struct temporary *t, uint32_t n, uint32_t step, uint32_t count)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_FATAL(out != NULL);
	fputs("node: {name: lma, roles: [lma]}\nports: [{name: core, device: net_null0, addresses: "
	      "['2001:db8::1/64']}]\n"
	      "lma: {address: '2001:db8::1'}\nmobile-nodes:\n",
	      out);
	for (uint32_t i = 0; i < n; i++)
		fprintf(out, "  - {id: mn%u@example.com, prefix-count: %u}\n", (uint32_t)((uint64_t)i * step % n),
			count);
	fclose(out);
	temporary_write(t, "lma.yaml", text, len);
	free(text);
}

/* Many mobile nodes in another order are the same; what a list does not take is counted all the same. */
void
diff_many(void)
{
	enum { NODES = 10007 };
	struct conf_differences *d;
	struct temporary t;
	struct conf *a, *b, *c;

	temporary_open(&t);
	write_nodes(&t, NODES, 1, 1);
	a = loaded(temporary_path(&t, "lma.yaml"));
	write_nodes(&t, NODES, 5003, 1);
	b = loaded(temporary_path(&t, "lma.yaml"));
	write_nodes(&t, NODES + 2, 1, 2);
	c = loaded(temporary_path(&t, "lma.yaml"));
	d = conf_diff(a, b);
	CU_ASSERT(d != NULL && d->total == 0);
	conf_differences_free(d);
	d = conf_diff(b, c);
	CU_ASSERT_FATAL(d != NULL);
	CU_ASSERT_EQUAL(d->total, NODES + 2);
	CU_ASSERT_EQUAL(d->restart, 0);
	CU_ASSERT_EQUAL(d->count, CONF_DIFFERENCES_MAX);
	conf_differences_free(d);
	/* What is not given takes no memory: the struct of one has 1092 bytes. */
	CU_ASSERT(conf_size(c) > conf_size(a) && conf_size(a) > NODES * 32 && conf_size(a) < NODES * 128);
	conf_free(a);
	conf_free(b);
	conf_free(c);
	temporary_close(&t);
}
