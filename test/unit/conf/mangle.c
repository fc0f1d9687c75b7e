/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"

/* Load these bytes; true when they are a configuration. What is refused must be so in words about the file. */
static bool
load_bytes(const char *bytes, size_t len)
{
	int fd = memfd_create("mangled", MFD_CLOEXEC);
	struct conf_error error;
	struct conf *c;
	char path[64];

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_FATAL(write(fd, bytes, len) == (ssize_t)len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	c = conf_load(path, &error);
	if (c == NULL)
		CU_ASSERT(strncmp(error.text, path, strlen(path)) == 0 && error.text[strlen(path)] == ':');
	close(fd);
	conf_free(c);
	return c != NULL;
}

/* The file with every key, but for its policy file, which these bytes have not beside them. */
static char *
every_key(void)
{
	char *text = contents(GOOD "every-key.yaml");
	char *policy = text != NULL ? strstr(text, "\npolicy:") : NULL;

	CU_ASSERT_FATAL(policy != NULL);
	policy[1] = '#';
	return text;
}

void
mangle_cut(void)
{
	char *text = every_key();
	size_t len = strlen(text), loaded = 0;

	CU_ASSERT(load_bytes(text, len));
	for (size_t n = 0; n < len; n++)
		loaded += load_bytes(text, n);
	/* Behind the section of the gateway all that follows may be missing, but not in the middle of a key. */
	CU_ASSERT(loaded > 0 && loaded < len / 3);
	free(text);
}

void
mangle_bytes(void)
{
	static const char put[] = "{:\n\"\x80";
	char *text = every_key();
	size_t len = strlen(text), refused = 0;

	for (size_t i = 0; i < len; i++) {
		char was = text[i];

		text[i] = put[i % (sizeof(put) - 1)];
		refused += !load_bytes(text, len);
		text[i] = was;
	}
	CU_ASSERT(refused > len / 2);
	CU_ASSERT(load_bytes(text, len));
	free(text);
}

void
mangle_deep(void)
{
	static char text[2000];

	memset(text, '[', sizeof(text));
	CU_ASSERT(!load_bytes(text, sizeof(text)));
	memcpy(text, "node: ", 6);
	CU_ASSERT(!load_bytes(text, sizeof(text)));
}
