/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A message in, its answers out: JSON-RPC 2.0 without a transport. The requests of a batch are answered one by one, so
 * that who drives it may do other things in between.
 *
 *	if (rpc_exchange_begin(&e, text, len, &err) == 0)
 *		while (!e.finished && rpc_exchange_step(&e, table, &caller, &reply) == 0)
 *			...
 *	rpc_exchange_end(&e);
 */
#include "rpc/rpc.h"

struct rpc_table {
	const struct rpc_method *const *lists; /* NULL behind the last */
	void *user;
	const char *title, *version;
};

struct rpc_caller {
	struct ucred peer;
	bool read_only; /* methods that change something are refused */
};

/* A message that is being answered. */
struct rpc_exchange {
	json_t *message; /* NULL: none */
	bool batch;
	size_t at;     /* the next request of a batch */
	size_t told;   /* answers so far */
	bool finished; /* the last request was answered */
};

/* 0, or -1 with *err: no JSON, or a batch of none or too many. */
int rpc_exchange_begin(struct rpc_exchange *e, const char *text, size_t len, struct rpc_error *err);
/*
 * Answer the next request: *reply is NULL for a notification. 0, or -ENOMEM when there should be an answer and memory
 * is short; RPC_LATER: it is the next still.
 */
int rpc_exchange_step(struct rpc_exchange *e, const struct rpc_table *t, const struct rpc_caller *caller,
		      json_t **reply);
void rpc_exchange_end(struct rpc_exchange *e);

/* The rows as an OpenRPC document. */
json_t *rpc_discover(const struct rpc_table *t);
