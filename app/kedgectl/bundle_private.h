/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A bundle while it is gathered in a folder, bounded in size and time. */
#include <limits.h>
#include <time.h>

#include "command.h"

#define BUNDLE_FILE_MAX	 (8u << 20)  /* bytes of one file */
#define BUNDLE_BYTES_MAX (64u << 20) /* of all */
#define BUNDLE_SECONDS	 60
#define BUNDLE_NAME_MAX	 128

struct bundle {
	char folder[PATH_MAX / 2];  /* what becomes the archive */
	char name[BUNDLE_NAME_MAX]; /* its last part: the folder inside the archive */
	json_t *files;		    /* {name: bytes} */
	json_t *missing;	    /* {name: why} */
	unsigned int secrets;	    /* left out */
	size_t bytes;
	time_t end; /* on the monotonic clock */
};

/* Monotonic seconds. */
time_t bundle_now(void);
/* A file of the bundle from a text, secrets left out; what is too long is cut. */
void bundle_text(struct bundle *b, const char *name, const char *text, size_t len);
/* From a JSON value, which it changes where there are secrets. */
void bundle_json(struct bundle *b, const char *name, json_t *value);
void bundle_missing(struct bundle *b, const char *name, const char *why);
/* The machine: kernel, processors, memory, hugepages, NICs and their drivers, the log of the daemon; pid 0: no daemon.
 */
void bundle_host(struct bundle *b, int pid);
/* Run a program for so many seconds at most, its output in this file (NULL: nowhere); 0, or why it came to nothing. */
const char *bundle_spawn(const char *const argv[], const char *out, unsigned int seconds);
