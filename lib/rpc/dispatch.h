/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A message in, its answer out: JSON-RPC 2.0 without a transport. */
#include "rpc/rpc.h"

#define RPC_BATCH_MAX 64 /* requests in one message */

struct rpc_table {
	const struct rpc_method *methods;
	size_t count;
	void *user;
	const char *title, *version;
};

/*
 * Answer one message of a peer. NULL when none is due: the message held notifications alone (or memory is short,
 * with *failed set).
 */
json_t *rpc_dispatch(const struct rpc_table *t, const struct ucred *peer, const char *text, size_t len, bool *failed);

/* The rows as an OpenRPC document. */
json_t *rpc_discover(const struct rpc_table *t);
