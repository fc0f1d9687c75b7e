/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A client is waited for in one of two ways: for what it sends (EPOLLIN), or, when it has sent more than a turn
 * serves or has not taken its answers yet, for room to answer it (EPOLLOUT); it is not read until that is done. So a
 * client that asks without reading stops itself, and the memory that it holds is bounded.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "conn.h"
#include "dispatch.h"
#include "error.h"
#include "listen.h"

#define CLIENTS	       32
#define LINE_BYTES     (1u << 20)
#define PENDING_BYTES  (8u << 20)
#define MODE	       0660
#define EVENTS_A_TURN  16
#define STEPS_A_TURN   8 /* reads and requests of one client */
#define ACCEPTS_A_TURN 8
#define LISTENER       UINT32_MAX

struct rpc_server {
	struct rpc_table table;
	char *path;
	struct stat file; /* of the socket, to know it again */
	int listen_fd, epoll_fd;
	unsigned int clients;
	size_t line_bytes, pending_bytes;
	const struct ucred *peer;
	struct rpc_conn *conns;
};

static void
drop(struct rpc_conn *c)
{
	rpc_conn_fini(c); /* closing takes it out of the epoll set */
}

/* Queue and send a reply, which is taken; false when the client has to be dropped. */
static bool
reply(struct rpc_server *s, struct rpc_conn *c, json_t *message)
{
	char *text = json_dumps(message, JSON_COMPACT);
	bool sent = text != NULL && rpc_conn_push(c, text, strlen(text)) == 0 && rpc_conn_push(c, "\n", 1) == 0 &&
		    rpc_conn_flush(c) == 0;

	free(text);
	json_decref(message);
	if (sent && rpc_conn_pending(c) > s->pending_bytes) {
		log_write(LOG_WARNING, "rpc", "client dropped: it does not read its answers pid=%d bytes=%zu",
			  (int)c->peer.pid, rpc_conn_pending(c));
		return false;
	}
	return sent;
}

static bool
refuse(struct rpc_server *s, struct rpc_conn *c, int code, const char *reason, const char *message)
{
	struct rpc_error err;

	rpc_error_set(&err, code, reason, "%s", message);
	c->closing = true;
	return reply(s, c, rpc_error_answer(&err, NULL));
}

static bool
serve_line(struct rpc_server *s, struct rpc_conn *c, const char *line, size_t len)
{
	bool failed;
	json_t *message;

	s->peer = &c->peer;
	message = rpc_dispatch(&s->table, &c->peer, line, len, &failed);
	s->peer = NULL;
	if (message == NULL)
		return !failed;
	return reply(s, c, message);
}

/* One read or one request; false when the client has to be dropped, *idle when there is nothing more to do now. */
static bool
serve_step(struct rpc_server *s, struct rpc_conn *c, bool *idle)
{
	size_t len;
	const char *line = rpc_conn_line(c, &len);

	if (line != NULL)
		return serve_line(s, c, line, len);
	switch (rpc_conn_fill(c, s->line_bytes)) {
	case RPC_FILL_DATA:
		return true;
	case RPC_FILL_WAIT:
		*idle = true;
		return true;
	case RPC_FILL_TOO_LONG:
		return refuse(s, c, RPC_INVALID_REQUEST, "line-too-long", "the request is longer than a line may be");
	case RPC_FILL_END:
		break;
	}
	return false; /* no answer is pending here: a step is taken only when all is sent */
}

static bool
watch(struct rpc_server *s, struct rpc_conn *c)
{
	bool busy = rpc_conn_pending(c) > 0 || rpc_conn_has_line(c);
	struct epoll_event e = {.events = busy ? EPOLLOUT : EPOLLIN, .data.u32 = (uint32_t)(c - s->conns)};

	if (e.events == c->events)
		return true;
	if (epoll_ctl(s->epoll_fd, c->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, c->fd, &e) < 0)
		return false;
	c->events = e.events;
	return true;
}

static void
serve(struct rpc_server *s, struct rpc_conn *c)
{
	bool alive = rpc_conn_flush(c) == 0;
	bool idle = false;

	for (unsigned int i = 0; alive && !idle && !c->closing && rpc_conn_pending(c) == 0 && i < STEPS_A_TURN; i++)
		alive = serve_step(s, c, &idle);
	if (!alive || (c->closing && rpc_conn_pending(c) == 0) || !watch(s, c))
		drop(c);
}

static struct rpc_conn *
free_conn(struct rpc_server *s)
{
	for (unsigned int i = 0; i < s->clients; i++)
		if (s->conns[i].fd < 0)
			return &s->conns[i];
	return NULL;
}

static void
accept_clients(struct rpc_server *s)
{
	for (unsigned int i = 0; i < ACCEPTS_A_TURN; i++) {
		int fd = accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct rpc_conn surplus, *c = free_conn(s);

		if (fd < 0)
			return;
		rpc_conn_init(c != NULL ? c : &surplus, fd);
		if (c == NULL) {
			refuse(s, &surplus, RPC_REFUSED, "too-many-clients", "too many clients at once");
			drop(&surplus);
		} else if (!watch(s, c)) {
			drop(c);
		}
	}
}

void
rpc_server_poll(struct rpc_server *s)
{
	struct epoll_event events[EVENTS_A_TURN];
	int n = epoll_wait(s->epoll_fd, events, EVENTS_A_TURN, 0);

	for (int i = 0; i < n; i++) {
		if (events[i].data.u32 == LISTENER)
			accept_clients(s);
		else
			serve(s, &s->conns[events[i].data.u32]);
	}
}

static int
open_server(struct rpc_server *s, const struct rpc_settings *settings)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u32 = LISTENER};
	int fd;

	s->path = strdup(settings->path);
	s->conns = calloc(s->clients, sizeof(*s->conns));
	if (s->path == NULL || s->conns == NULL)
		return -ENOMEM;
	for (unsigned int i = 0; i < s->clients; i++)
		s->conns[i].fd = -1;
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll_fd < 0)
		return -errno;
	fd = rpc_listen(settings->path, settings->mode != 0 ? settings->mode : MODE, settings->group);
	if (fd < 0)
		return fd;
	s->listen_fd = fd;
	if (lstat(s->path, &s->file) < 0)
		return -errno;
	return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

int
rpc_server_new(struct rpc_server **out, const struct rpc_settings *settings, const struct rpc_method *methods,
	       size_t count, void *user)
{
	struct rpc_server *s = calloc(1, sizeof(*s));
	int rc;

	*out = NULL;
	if (s == NULL)
		return -ENOMEM;
	*s = (struct rpc_server){
		.table = {methods, count, user, settings->title != NULL ? settings->title : "",
			  settings->version != NULL ? settings->version : ""},
		.listen_fd = -1,
		.epoll_fd = -1,
		.clients = settings->clients != 0 ? settings->clients : CLIENTS,
		.line_bytes = settings->line_bytes != 0 ? settings->line_bytes : LINE_BYTES,
		.pending_bytes = settings->pending_bytes != 0 ? settings->pending_bytes : PENDING_BYTES,
	};
	rc = open_server(s, settings);
	if (rc == 0)
		*out = s;
	else
		rpc_server_free(s);
	return rc;
}

/* Remove the socket, unless somebody removed it before and put another in its place. */
static void
remove_file(const struct rpc_server *s)
{
	struct stat now;

	if (lstat(s->path, &now) == 0 && now.st_dev == s->file.st_dev && now.st_ino == s->file.st_ino)
		unlink(s->path);
}

void
rpc_server_free(struct rpc_server *s)
{
	if (s == NULL)
		return;
	for (unsigned int i = 0; s->conns != NULL && i < s->clients; i++)
		rpc_conn_fini(&s->conns[i]);
	if (s->listen_fd >= 0) {
		remove_file(s); /* before it closes: nobody can take it for a leftover in between */
		close(s->listen_fd);
	}
	if (s->epoll_fd >= 0)
		close(s->epoll_fd);
	free(s->conns);
	free(s->path);
	free(s);
}

int
rpc_server_fd(const struct rpc_server *s)
{
	return s->epoll_fd;
}

const struct ucred *
rpc_server_peer(const struct rpc_server *s)
{
	return s->peer;
}
