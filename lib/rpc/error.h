/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Errors as JSON. */
#include "rpc/rpc.h"

/* Fill in *e. */
void rpc_error_set(struct rpc_error *e, int code, const char *reason, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* An answer with this error; id is taken, NULL: null. NULL when memory is short. */
json_t *rpc_error_answer(const struct rpc_error *e, json_t *id);
/* Read the error object of an answer. */
void rpc_error_read(const json_t *object, struct rpc_error *e);
