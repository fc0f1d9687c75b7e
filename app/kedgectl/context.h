/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* What one run of the program is about: how the daemon is reached, how answers are shown. */
#include <stdbool.h>

#include "rpc/client.h"

/* The exit status. */
enum status { DONE, REFUSED, USAGE, NO_DAEMON };

struct context {
	const char *socket;
	bool json;
	bool once;	      /* top: one frame */
	unsigned int watch_s; /* repeat the command so often; 0: once */
	unsigned int frame_s; /* top: a frame every so many seconds */
	bool quiet;	      /* what fails is not told: the screen is somebody's */
	struct rpc_client *client;
};

/* DONE; else one line on standard error has said why not. */
enum status context_connect(struct context *x, unsigned int timeout_ms); /* anew, where it was connected */
enum status context_call(struct context *x, const char *method, json_t *params, json_t **result);
/*
 * All pages of a list (whole: it has none) as {items, next: null}, a new reference. `each` is given the items of each
 * page as it comes, and nothing is gathered then (*result is NULL); it may be NULL.
 */
enum status context_list(struct context *x, const char *method, bool whole, json_t *params,
			 void (*each)(void *user, const json_t *items), void *user, json_t **result);
/* Say why a call came to nothing; the exit status that fits. */
enum status context_failed(const struct context *x, int rc, const struct rpc_error *error);
