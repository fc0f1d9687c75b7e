/* SPDX-License-Identifier: BSD-3-Clause */
#include "temporary.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "cases.h"

void
temporary_open(struct temporary *t)
{
	*t = (struct temporary){.folder = "/tmp/kedge-conf-XXXXXX"};
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(t->folder));
}

void
temporary_close(struct temporary *t)
{
	DIR *d = opendir(t->folder);

	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d))
		if (e->d_name[0] != '.')
			unlink(temporary_path(t, e->d_name));
	closedir(d);
	CU_ASSERT_EQUAL(rmdir(t->folder), 0);
}

void
temporary_write(struct temporary *t, const char *name, const char *bytes, size_t len)
{
	FILE *f = fopen(temporary_path(t, name), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL(fwrite(bytes, 1, len, f), len);
	CU_ASSERT_EQUAL(fclose(f), 0);
}

const char *
temporary_path(struct temporary *t, const char *name)
{
	int n = snprintf(t->path, sizeof(t->path), "%s/%.60s", t->folder, name);

	CU_ASSERT_FATAL(n > 0 && (size_t)n < sizeof(t->path));
	return t->path;
}
