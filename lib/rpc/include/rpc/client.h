/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A blocking JSON-RPC 2.0 client on a Unix stream socket.
 *
 *	struct rpc_client *c;
 *	if (rpc_client_connect(&c, "/run/kedge/kedge.sock", 5000) == 0 &&
 *	    rpc_client_call(c, "server.hello", NULL, &result, &error) == 0)
 *		...
 *
 * A client belongs to one thread.
 */
#include "rpc/rpc.h"

struct rpc_client;

/*
 * 0, or a negative errno: -ENOENT and -ECONNREFUSED say that no server is there, -EACCES that it may not be asked,
 * -ENAMETOOLONG. timeout_ms bounds each wait for the server from now on.
 */
int rpc_client_connect(struct rpc_client **out, const char *path, unsigned int timeout_ms);
void rpc_client_close(struct rpc_client *c); /* NULL is allowed */

/*
 * Call a method and wait for its answer. params is an object that stays the caller's, or NULL. 0 with *result, a
 * new reference; -EREMOTEIO when the server refused, with *error filled in; else a negative errno: -ETIMEDOUT,
 * -ECONNRESET the server went away, -EPROTO it does not speak JSON-RPC, -ENOMEM. After these the client is of no
 * more use.
 */
int rpc_client_call(struct rpc_client *c, const char *method, json_t *params, json_t **result, struct rpc_error *error);

/* What the last refusal had in its data, the client's until the next call; NULL: nothing. */
const json_t *rpc_client_refusal(const struct rpc_client *c);

/*
 * Wait for what the server says unasked, {method, params}: 0 with *notification, a new reference; -ETIMEDOUT nothing
 * came, and the client stays of use; else as above. What comes during a call is lost: call first, then wait.
 */
int rpc_client_next(struct rpc_client *c, json_t **notification);
