/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crowd.h"

#define LINE_SIZE  (4u << 20)
#define PAGE_ITEMS 1000
#define WHOLE	   1  /* pager wants all that is known of each */
#define PARSED	   16 /* one page in so many is read as JSON, the others by their session numbers alone */

static bool
fault(struct pager *p, const char *what)
{
	p->fault = what;
	p->done = true;
	return false;
}

static bool
ask(struct pager *p, long long after)
{
	char line[200];
	int n = snprintf(
		line, sizeof(line),
		"{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"session.list\",\"params\":{\"after\":%lld,\"limit\":%d,"
		"\"brief\":%s}}\n",
		p->pages, after, PAGE_ITEMS, p->brief ? "true" : "false");

	return send(p->fd, line, (size_t)n, MSG_NOSIGNAL) == n || fault(p, "a request was not taken");
}

static void
see(struct pager *p, uint32_t sessions, long long session)
{
	if (session < 0 || session >= sessions)
		fault(p, "a session that cannot be");
	else if (p->seen[session]++ > 0)
		fault(p, "a session was seen twice");
}

static const char session_key[] = "\"session\":", next_key[] = "\"next\":";

/* A whole answer, NUL behind it: what it has, and the next request. */
static void
take_page(struct pager *p, uint32_t sessions)
{
	const char *at = p->line, *next = strstr(p->line, next_key);
	json_t *whole = p->pages % PARSED == 0 ? json_loads(p->line, 0, NULL) : NULL;
	uint32_t items = 0;

	if (next == NULL || strstr(p->line, "\"error\"") != NULL) {
		fault(p, "a page was refused");
		return;
	}
	while ((at = strstr(at, session_key)) != NULL) {
		at += sizeof(session_key) - 1;
		see(p, sessions, strtoll(at, NULL, 10));
		items++;
	}
	if (p->pages % PARSED == 0 &&
	    json_array_size(json_object_get(json_object_get(whole, "result"), "items")) != items)
		fault(p, "a page is no JSON");
	json_decref(whole);
	p->pages++;
	next += sizeof(next_key) - 1;
	if (strncmp(next, "null", 4) == 0)
		p->done = true;
	else if (!p->done)
		ask(p, strtoll(next, NULL, 10));
}

static void
read_some(struct pager *p, uint32_t sessions)
{
	ssize_t n = recv(p->fd, p->line + p->len, LINE_SIZE - p->len - 1, MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN)) {
		fault(p, "hung up");
		return;
	}
	p->len += n > 0 ? (size_t)n : 0;
	if (p->len == 0 || p->line[p->len - 1] != '\n')
		return;
	p->line[p->len - 1] = '\0';
	p->len = 0;
	take_page(p, sessions);
}

static bool
open_pager(struct pager *p, const struct pagers *all)
{
	p->fd = crowd_connect(all->socket);
	p->line = malloc(LINE_SIZE);
	p->seen = calloc(all->sessions, 1);
	p->brief = p - all->list >= WHOLE;
	if (p->fd < 0 || p->line == NULL || p->seen == NULL)
		return fault(p, "does not start");
	return ask(p, 0);
}

void *
pagers_run(void *arg)
{
	struct pagers *all = arg;
	struct pollfd fds[PAGERS];
	unsigned int left = PAGERS;

	for (unsigned int i = 0; i < PAGERS; i++)
		open_pager(&all->list[i], all);
	while (left > 0) {
		left = 0;
		for (unsigned int i = 0; i < PAGERS; i++) {
			bool waits = !all->list[i].done;

			fds[i] = (struct pollfd){.fd = waits ? all->list[i].fd : -1, .events = POLLIN};
			left += waits;
		}
		if (left > 0 && poll(fds, PAGERS, 1000) > 0)
			for (unsigned int i = 0; i < PAGERS; i++)
				if (fds[i].revents != 0)
					read_some(&all->list[i], all->sessions);
	}
	for (unsigned int i = 0; i < PAGERS; i++) {
		if (all->list[i].fd >= 0)
			close(all->list[i].fd);
		free(all->list[i].line);
	}
	atomic_store(&all->done, true);
	return NULL;
}
