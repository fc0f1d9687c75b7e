/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Notifications: the last RPC_NOTES are kept once for all clients, each of which has a place in them. So what a slow
 * client costs is bounded, and it is told how many it has missed.
 */
#include <stdlib.h>
#include <string.h>

#include "server.h"

static bool
is_watched(const struct rpc_conn *c, const struct rpc_note *n)
{
	return (c->topics & UINT64_C(1) << n->topic) != 0;
}

void
rpc_server_watch(struct rpc_server *s, uint64_t topics)
{
	struct rpc_conn *c = s->current;

	if (c == NULL)
		return;
	s->counts.watching += (topics != 0) - (c->topics != 0);
	c->topics = topics;
	c->note = s->note_next;
}

/* The oldest note goes: those who have not been told it miss it. */
static void
forget(struct rpc_server *s, struct rpc_note *n)
{
	uint64_t oldest = s->note_next - RPC_NOTES;

	for (unsigned int i = 0; s->note_next >= RPC_NOTES && i < rpc_server_places(s); i++) {
		struct rpc_conn *c = &s->conns[i];

		if (c->fd < 0 || c->topics == 0 || c->note > oldest)
			continue;
		c->lost += is_watched(c, n);
		s->counts.lost += is_watched(c, n);
		c->note = oldest + 1;
	}
	free(n->text);
	*n = (struct rpc_note){0};
}

void
rpc_server_publish(struct rpc_server *s, unsigned int topic, const char *method, json_t *params)
{
	struct rpc_note *n = &s->notes[s->note_next % RPC_NOTES];
	json_t *message;

	if (s->counts.watching == 0)
		return;
	forget(s, n);
	message = json_pack("{s:s, s:s, s:O}", "jsonrpc", "2.0", "method", method, "params", params);
	n->text = json_dumps(message, JSON_COMPACT);
	json_decref(message);
	n->topic = topic;
	n->len = n->text != NULL ? strlen(n->text) : 0;
	s->note_next++;
	for (unsigned int i = 0; i < rpc_server_places(s); i++) {
		struct rpc_conn *c = &s->conns[i];

		if (c->fd >= 0 && c != s->current && is_watched(c, n) && !rpc_serve_watch(s, c))
			rpc_serve_drop(s, c);
	}
}

bool
rpc_note_waits(const struct rpc_server *s, const struct rpc_conn *c)
{
	return c->topics != 0 && (c->note < s->note_next || c->lost > 0);
}

static bool
send_note(struct rpc_server *s, struct rpc_conn *c, const struct rpc_note *n)
{
	s->turn.items++;
	s->turn.bytes += n->len + 1;
	return n->text == NULL || (rpc_conn_push(c, n->text, n->len) == 0 && rpc_conn_push(c, "\n", 1) == 0);
}

static bool
tell_lost(struct rpc_server *s, struct rpc_conn *c)
{
	json_t *message = json_pack("{s:s, s:s, s:{s:I}}", "jsonrpc", "2.0", "method", "lost", "params", "count",
				    (json_int_t)c->lost);

	c->lost = 0;
	return rpc_serve_tell(s, c, message);
}

bool
rpc_note_send(struct rpc_server *s, struct rpc_conn *c)
{
	bool alive = true;

	if (c->lost > 0)
		alive = tell_lost(s, c);
	while (alive && c->note < s->note_next && rpc_conn_pending(c) < RPC_FLUSH_BYTES && !rpc_serve_is_spent(s)) {
		const struct rpc_note *n = &s->notes[c->note++ % RPC_NOTES];

		if (is_watched(c, n))
			alive = send_note(s, c, n);
	}
	return alive;
}
