/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* What the files of the server share: server.c its life and its turns, serve.c one client, note.c notifications. */
#include <sys/stat.h>

#include "conn.h"
#include "dispatch.h"

/* A socket that is listened on. */
struct rpc_door {
	char *path;
	struct stat file; /* of the socket, to know it again */
	int fd;		  /* -1: none */
	bool read_only;
};

enum { RPC_DOOR, RPC_DOOR_READ_ONLY, RPC_DOORS };

struct rpc_note {
	char *text; /* a line */
	size_t len;
	unsigned int topic;
};

struct rpc_server {
	struct rpc_table table;
	struct rpc_settings s;
	struct rpc_door door[RPC_DOORS];
	int epoll_fd;
	uint64_t now_ms;
	uint64_t due_ms;	  /* a client is to be looked at, though it does nothing */
	struct rpc_turn turn;	  /* so far */
	struct rpc_conn *current; /* whose request is being handled */
	struct rpc_conn *conns;	  /* s.clients of each door, in their order */
	struct rpc_counts counts;
	uint32_t number;		  /* of the last client */
	struct rpc_note notes[RPC_NOTES]; /* by number */
	uint64_t note_next;
};

static inline unsigned int
rpc_server_places(const struct rpc_server *s)
{
	return RPC_DOORS * s->s.clients;
}

#define RPC_FLUSH_BYTES 65536 /* that are queued before they are sent */

/* serve.c */
/* Queue a message, which is taken; false when the client has to be dropped. */
bool rpc_serve_tell(struct rpc_server *s, struct rpc_conn *c, json_t *message);
bool rpc_serve_refuse(struct rpc_server *s, struct rpc_conn *c, int code, const char *reason, const char *message);
/* Do what there is to do for a client, as far as this turn goes; it may be gone afterwards. */
void rpc_serve(struct rpc_server *s, struct rpc_conn *c);
/* Set what is waited for; false when the client has to be dropped. */
bool rpc_serve_watch(struct rpc_server *s, struct rpc_conn *c);
/* When it is to be looked at though it does nothing. */
uint64_t rpc_serve_due(const struct rpc_server *s, const struct rpc_conn *c);
/* The turn has done enough. */
bool rpc_serve_is_spent(const struct rpc_server *s);
void rpc_serve_drop(struct rpc_server *s, struct rpc_conn *c);

/* note.c */
bool rpc_note_waits(const struct rpc_server *s, const struct rpc_conn *c);
/* Queue what a client has not been told; false when it has to be dropped. */
bool rpc_note_send(struct rpc_server *s, struct rpc_conn *c);
