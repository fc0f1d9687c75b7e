/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Configurations that a case writes itself, into a folder of its own.
 *
 *	struct temporary t;
 *	temporary_open(&t);
 *	temporary_write(&t, "a.yaml", text, strlen(text));
 *	c = conf_load(temporary_path(&t, "a.yaml"), &error);
 *	temporary_close(&t);
 */
#include <stddef.h>

struct temporary {
	char folder[64];
	char path[128]; /* what temporary_path gives; until its next call */
};

void temporary_open(struct temporary *t);
/* Remove the folder and what was written into it. */
void temporary_close(struct temporary *t);
void temporary_write(struct temporary *t, const char *name, const char *bytes, size_t len);
const char *temporary_path(struct temporary *t, const char *name);
