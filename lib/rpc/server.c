/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server's life and its turns. Each socket has places of its own, so that a crowd on the one which many may look
 * through keeps nobody from the other.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "listen.h"
#include "server.h"

#define CLIENTS	       32
#define REQUESTS_PER_S 1000
#define LINE_BYTES     (1u << 20)
#define SLOW_MS	       30000
#define IDLE_MS	       60000
#define MODE	       0660
#define READ_ONLY_MODE 0666
#define CLIENTS_A_TURN 32
#define ACCEPTS_A_TURN 8
#define DOOR	       0x80000000u /* in front of a door's number among epoll's data */

/* A free place at a door, or that of the client that has been silent for longest, long enough; or NULL. */
static struct rpc_conn *
find_place(struct rpc_server *s, unsigned int door)
{
	struct rpc_conn *silent = NULL;

	for (unsigned int i = door * s->s.clients; i < (door + 1) * s->s.clients; i++) {
		struct rpc_conn *c = &s->conns[i];

		if (c->fd < 0)
			return c;
		if (c->topics == 0 && c->exchange.message == NULL && (silent == NULL || c->heard_ms < silent->heard_ms))
			silent = c;
	}
	if (silent == NULL || s->now_ms - silent->heard_ms < s->s.idle_ms)
		return NULL;
	s->counts.gave_way++;
	rpc_serve_drop(s, silent);
	return silent;
}

static void
accept_clients(struct rpc_server *s, unsigned int door)
{
	for (unsigned int i = 0; i < ACCEPTS_A_TURN; i++) {
		int fd = accept4(s->door[door].fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct rpc_conn surplus, *c;

		if (fd < 0)
			return;
		c = find_place(s, door);
		rpc_conn_init(c != NULL ? c : &surplus, fd, s->door[door].read_only, s->now_ms);
		s->turn.items++;
		if (c != NULL)
			c->number = ++s->number != 0 ? s->number : ++s->number;
		if (c == NULL) {
			rpc_serve_refuse(s, &surplus, RPC_REFUSED, "too-many-clients", "too many clients at once");
			rpc_conn_fini(&surplus);
			s->counts.turned_away++;
			continue;
		}
		s->counts.clients++;
		if (!rpc_serve_watch(s, c))
			rpc_serve_drop(s, c);
	}
}

/* Clients whose time has come. */
static void
serve_due(struct rpc_server *s)
{
	if (s->now_ms < s->due_ms)
		return;
	s->due_ms = UINT64_MAX;
	for (unsigned int i = 0; i < rpc_server_places(s); i++) {
		struct rpc_conn *c = &s->conns[i];
		uint64_t due = c->fd >= 0 ? rpc_serve_due(s, c) : UINT64_MAX;

		if (due <= s->now_ms && !rpc_serve_is_spent(s))
			rpc_serve(s, c);
		else
			s->due_ms = due < s->due_ms ? due : s->due_ms;
	}
}

struct rpc_turn
rpc_server_poll(struct rpc_server *s, uint64_t now_ms)
{
	struct epoll_event e;

	s->now_ms = now_ms;
	s->turn = (struct rpc_turn){0};
	serve_due(s);
	/* One at a time: who has been served goes behind all others, so that a spent turn starves nobody. */
	for (unsigned int i = 0; i < CLIENTS_A_TURN && !rpc_serve_is_spent(s) && epoll_wait(s->epoll_fd, &e, 1, 0) == 1;
	     i++) {
		if (e.data.u32 >= DOOR)
			accept_clients(s, e.data.u32 - DOOR);
		else if ((e.events & EPOLLHUP) != 0 && s->conns[e.data.u32].ended)
			rpc_serve_drop(s, &s->conns[e.data.u32]);
		else
			rpc_serve(s, &s->conns[e.data.u32]);
	}
	return s->turn;
}

static int
open_door(struct rpc_server *s, unsigned int i, const char *path, unsigned int mode, const char *group)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u32 = DOOR + i};
	struct rpc_door *d = &s->door[i];
	int fd;

	d->path = strdup(path);
	if (d->path == NULL)
		return -ENOMEM;
	fd = rpc_listen(path, mode, group);
	if (fd < 0)
		return fd;
	d->fd = fd;
	d->read_only = i == RPC_DOOR_READ_ONLY;
	if (lstat(path, &d->file) < 0)
		return -errno;
	return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

static int
open_server(struct rpc_server *s)
{
	int rc;

	s->conns = calloc(rpc_server_places(s), sizeof(*s->conns));
	if (s->conns == NULL)
		return -ENOMEM;
	for (unsigned int i = 0; i < rpc_server_places(s); i++)
		s->conns[i].fd = -1;
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll_fd < 0)
		return -errno;
	rc = open_door(s, RPC_DOOR, s->s.path, s->s.mode, s->s.group);
	if (rc == 0 && s->s.read_only_path != NULL && s->s.read_only_path[0] != '\0')
		rc = open_door(s, RPC_DOOR_READ_ONLY, s->s.read_only_path, s->s.read_only_mode, s->s.read_only_group);
	return rc;
}

static void
set_default(unsigned int *setting, unsigned int value)
{
	*setting = *setting != 0 ? *setting : value;
}

static void
set_defaults(struct rpc_settings *s)
{
	s->title = s->title != NULL ? s->title : "";
	s->version = s->version != NULL ? s->version : "";
	s->line_bytes = s->line_bytes != 0 ? s->line_bytes : LINE_BYTES;
	s->answer_bytes = s->answer_bytes != 0 ? s->answer_bytes : RPC_ANSWER_MAX;
	set_default(&s->mode, MODE);
	set_default(&s->read_only_mode, READ_ONLY_MODE);
	set_default(&s->clients, CLIENTS);
	set_default(&s->requests_per_s, REQUESTS_PER_S);
	set_default(&s->line_ms, SLOW_MS);
	set_default(&s->stall_ms, SLOW_MS);
	set_default(&s->idle_ms, IDLE_MS);
}

int
rpc_server_new(struct rpc_server **out, const struct rpc_settings *settings, const struct rpc_method *const *lists,
	       void *user)
{
	struct rpc_server *s = calloc(1, sizeof(*s));
	int rc;

	*out = NULL;
	if (s == NULL)
		return -ENOMEM;
	s->s = *settings;
	set_defaults(&s->s);
	s->table = (struct rpc_table){lists, user, s->s.title, s->s.version};
	s->epoll_fd = -1;
	s->due_ms = UINT64_MAX;
	for (unsigned int i = 0; i < RPC_DOORS; i++)
		s->door[i].fd = -1;
	rc = open_server(s);
	if (rc == 0)
		*out = s;
	else
		rpc_server_free(s);
	return rc;
}

/* Remove the socket, unless somebody removed it before and put another in its place. */
static void
close_door(struct rpc_door *d)
{
	struct stat now;

	if (d->fd >= 0) {
		/* before it closes: nobody can take it for a leftover in between */
		if (lstat(d->path, &now) == 0 && now.st_dev == d->file.st_dev && now.st_ino == d->file.st_ino)
			unlink(d->path);
		close(d->fd);
	}
	free(d->path);
}

void
rpc_server_free(struct rpc_server *s)
{
	if (s == NULL)
		return;
	for (unsigned int i = 0; s->conns != NULL && i < rpc_server_places(s); i++)
		rpc_conn_fini(&s->conns[i]);
	for (unsigned int i = 0; i < RPC_DOORS; i++)
		close_door(&s->door[i]);
	for (unsigned int i = 0; i < RPC_NOTES; i++)
		free(s->notes[i].text);
	if (s->epoll_fd >= 0)
		close(s->epoll_fd);
	free(s->conns);
	free(s);
}

int
rpc_server_fd(const struct rpc_server *s)
{
	return s->epoll_fd;
}

uint64_t
rpc_server_due(const struct rpc_server *s)
{
	return s->due_ms;
}

uint32_t
rpc_server_client(const struct rpc_server *s)
{
	return s->current != NULL ? s->current->number : 0;
}

void
rpc_server_resume(struct rpc_server *s)
{
	for (unsigned int i = 0; i < rpc_server_places(s); i++) {
		struct rpc_conn *c = &s->conns[i];

		if (c->fd < 0 || !c->later)
			continue;
		c->later = false;
		c->resumed = true;
		if (!rpc_serve_watch(s, c))
			rpc_serve_drop(s, c);
	}
}

void
rpc_server_charge(struct rpc_server *s, uint32_t items)
{
	s->turn.items += items;
}

struct rpc_counts
rpc_server_counts(const struct rpc_server *s)
{
	return s->counts;
}
