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

/* Of an object: a text, "" where there is none; a number. */
const char *ask_text(const json_t *object, const char *key);
json_int_t ask_number(const json_t *object, const char *key);

/* How many events of a kind there have been, and what the last of them says. */
size_t ask_events(struct rig *r, const char *kind);
void ask_last_event(struct rig *r, const char *kind, const char *key, char *out, size_t size);
/* How often a peer has `received` or `sent` what is called so. */
json_int_t ask_peer_count(struct rig *r, const char *peer, const char *way, const char *what);
