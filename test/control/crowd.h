/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Clients of the control socket of a node that has its hands full: pagers, which want all sessions, and bad ones. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define PAGERS 32

/* One list of all sessions, as one client saw it. */
struct pager {
	int fd;
	char *line; /* of the answer that is being read */
	size_t len, size;
	uint8_t *seen; /* times, by session */
	uint32_t pages;
	bool brief, done;
	const char *fault; /* NULL: none */
};

/* All pagers, in one thread, until each has its list or a fault. */
struct pagers {
	const char *socket;
	uint32_t sessions; /* room in `seen` */
	struct pager list[PAGERS];
	atomic_bool done;
};
void *pagers_run(void *arg);

/* A dead, a slow and a malicious client, in one thread, until they are stopped. */
struct bad {
	const char *socket;
	atomic_bool stop;
	atomic_uint dropped; /* connections of theirs that the daemon has ended */
	atomic_uint slow_bytes;
};
void *bad_run(void *arg);

/* A connected socket; -1 when there is none. */
int crowd_connect(const char *path);
