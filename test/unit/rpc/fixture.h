/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A server on a socket in a folder of its own, turned by hand, and raw clients that never block: what is sent and
 * when it is read is up to the case.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "rpc/client.h"
#include "rpc/rpc.h"

struct fixture {
	char folder[32];
	char path[48];
	char read_only_path[48];
	struct rpc_server *server;
	uint64_t now_ms;      /* the server's clock, which the case turns */
	struct rpc_turn most; /* that a turn did */
	pthread_t thread;
	atomic_bool stop;
};

/* Limits of 0 are the server's own, but for the rate, which is no limit. A path of "" leaves out the read-only socket.
 */
void fixture_open(struct fixture *f, const struct rpc_settings *limits);
void fixture_close(struct fixture *f);
/* Serve in a thread, for clients that block; fixture_close ends it. */
void fixture_serve(struct fixture *f);

/* One turn. */
void fixture_turn(struct fixture *f);
/* A connected, non-blocking socket. */
int fixture_connect(const struct fixture *f);
int fixture_connect_read_only(const struct fixture *f);
/* Send as much as is taken, turning the server meanwhile; false when the server hung up. */
bool fixture_send(struct fixture *f, int fd, const char *bytes, size_t len);
/* The next line as JSON, turning the server meanwhile; NULL when it hung up or says nothing. */
json_t *fixture_read(struct fixture *f, int fd);
/* Send a line and read one. */
json_t *fixture_ask(struct fixture *f, int fd, const char *line);
/* Did the server hang up? */
bool fixture_is_closed(struct fixture *f, int fd);

/* The last line that was logged by room rpc. */
extern char fixture_log[1024];

/* Of an answer. */
json_int_t answer_code(const json_t *answer);
const char *answer_reason(const json_t *answer);
const char *answer_parameter(const json_t *answer);
