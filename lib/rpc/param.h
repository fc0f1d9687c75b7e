/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Parameters against their rows. */
#include "rpc/rpc.h"

/* The word of a type in JSON Schema. */
const char *rpc_type_name(enum rpc_type t);
bool rpc_param_has_range(const struct rpc_param *row);

/* 0, or -1 with *err when params, an object, does not fit the rows (NULL: none). */
int rpc_param_check(const struct rpc_param *rows, const json_t *params, struct rpc_error *err);
/* A copy of params for a log, "..." for the values of secrets and of what is no parameter: a new reference. */
json_t *rpc_param_shown(const struct rpc_param *rows, const json_t *params);
