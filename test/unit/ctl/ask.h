/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Questions to the control socket of a rig: a thread asks, the test's turns the node. */
#include "rig.h"

/* The result, a new reference; NULL: refused, with *error (which may be NULL) filled in. params is taken. */
json_t *ask(struct rig *r, const char *method, json_t *params, struct rpc_error *error);
/* Carried out: its result; and whether it is refused with this reason. params is JSON. */
json_t *ask_done(struct rig *r, const char *method, const char *params);
bool ask_refused(struct rig *r, const char *method, const char *params, const char *reason);

/* The same by hand: a connected socket, bytes, and the next line as JSON; NULL: there is none. */
int ask_open(struct rig *r, const char *path);
void ask_send(struct rig *r, int fd, const char *bytes);
json_t *ask_line(struct rig *r, int fd);
