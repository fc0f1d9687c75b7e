/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One client. It is waited for in one of three ways: for what it sends (EPOLLIN); when it has sent more than a turn
 * serves or has not taken its answers yet, for room to answer it (EPOLLOUT), and it is not read until that is done; and
 * when it is above its rate, for time alone; or not at all, while a handler needs time for its answer. So a client that
 * asks without reading stops itself, and the memory that it holds is bounded.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/log.h"
#include "error.h"
#include "server.h"

#define STEPS_A_TURN 8 /* reads and requests of one client */
#define SECOND_MS    1000

bool
rpc_serve_is_spent(const struct rpc_server *s)
{
	return s->turn.items >= RPC_TURN_ITEMS || s->turn.bytes >= RPC_TURN_BYTES;
}

void
rpc_serve_drop(struct rpc_server *s, struct rpc_conn *c)
{
	s->counts.clients--;
	s->counts.watching -= c->topics != 0;
	rpc_conn_fini(c); /* closing takes it out of the epoll set */
}

static bool
push(struct rpc_server *s, struct rpc_conn *c, const char *bytes, size_t len)
{
	s->turn.bytes += len;
	return rpc_conn_push(c, bytes, len) == 0;
}

/* The text of a message, which is taken; one that is too long is an error instead. NULL: no memory. */
static char *
text_of(const struct rpc_server *s, json_t *message)
{
	char *text = json_dumps(message, JSON_COMPACT);

	if (text != NULL && strlen(text) > s->s.answer_bytes) {
		struct rpc_error err;
		json_t *refusal;

		rpc_error_set(&err, RPC_REFUSED, "answer-too-long",
			      "the answer is longer than one may be: ask for less");
		refusal = rpc_error_answer(&err, json_incref(json_object_get(message, "id")));
		free(text);
		text = json_dumps(refusal, JSON_COMPACT);
		json_decref(refusal);
	}
	json_decref(message);
	return text;
}

/* Queue a message, which is taken, between what is before and behind it. */
static bool
tell(struct rpc_server *s, struct rpc_conn *c, const char *before, json_t *message, const char *behind)
{
	char *text = text_of(s, message);
	bool queued = text != NULL && push(s, c, before, strlen(before)) && push(s, c, text, strlen(text)) &&
		      push(s, c, behind, strlen(behind));

	free(text);
	return queued;
}

bool
rpc_serve_tell(struct rpc_server *s, struct rpc_conn *c, json_t *message)
{
	return tell(s, c, "", message, "\n");
}

bool
rpc_serve_refuse(struct rpc_server *s, struct rpc_conn *c, int code, const char *reason, const char *message)
{
	struct rpc_error err;

	rpc_error_set(&err, code, reason, "%s", message);
	c->closing = true;
	return rpc_serve_tell(s, c, rpc_error_answer(&err, NULL)) && rpc_conn_flush(c) == 0;
}

/* One request of the message that is being answered. A batch is answered by one line, as its answers come. */
static bool
serve_request(struct rpc_server *s, struct rpc_conn *c)
{
	struct rpc_exchange *e = &c->exchange;
	json_t *reply;
	bool alive, last;
	int rc;

	s->turn.items++;
	c->resumed = false;
	s->current = c;
	rc = rpc_exchange_step(e, &s->table, &c->caller, &reply);
	s->current = NULL;
	c->later = rc == RPC_LATER;
	if (c->later)
		return true;
	alive = rc == 0;
	s->counts.requests++;
	c->requests++;
	last = e->finished;
	if (alive && reply != NULL)
		alive = tell(s, c,
			     !e->batch	    ? ""
			     : e->told == 1 ? "["
					    : ",",
			     reply,
			     !last	? ""
			     : e->batch ? "]\n"
					: "\n");
	else if (alive && last && e->told > 0)
		alive = push(s, c, "]\n", 2);
	if (last)
		rpc_exchange_end(e);
	return alive;
}

static bool
begin_message(struct rpc_server *s, struct rpc_conn *c)
{
	struct rpc_error err;
	size_t len;
	const char *line = rpc_conn_line(c, &len);

	if (rpc_exchange_begin(&c->exchange, line, len, &err) == 0)
		return serve_request(s, c);
	s->turn.items++;
	c->requests++;
	return rpc_serve_tell(s, c, rpc_error_answer(&err, NULL));
}

/* Whether the client has one more request in this second. */
static bool
may_ask(struct rpc_server *s, struct rpc_conn *c)
{
	if (s->now_ms - c->second_ms >= SECOND_MS) {
		c->second_ms = s->now_ms;
		c->requests = 0;
	}
	s->counts.waited += !c->waiting && c->requests >= s->s.requests_per_s;
	c->waiting = c->requests >= s->s.requests_per_s;
	return !c->waiting;
}

/* Read once, when all is sent; false when the client has to be dropped, *idle when there is nothing to read now. */
static bool
read_some(struct rpc_server *s, struct rpc_conn *c, bool *idle)
{
	size_t before = c->in_len - c->in_at;

	if (rpc_conn_flush(c) < 0)
		return false;
	if (rpc_conn_pending(c) > 0 || c->ended) {
		*idle = true;
		return true;
	}
	switch (rpc_conn_fill(c, s->s.line_bytes)) {
	case RPC_FILL_DATA:
		if (before == 0)
			c->heard_ms = s->now_ms;
		s->turn.bytes += c->in_len - before;
		return true;
	case RPC_FILL_WAIT:
		*idle = true;
		return true;
	case RPC_FILL_TOO_LONG:
		return rpc_serve_refuse(s, c, RPC_INVALID_REQUEST, "line-too-long",
					"the request is longer than a line may be");
	case RPC_FILL_END:
		c->ended = *idle = c->topics != 0;
		return c->ended;
	}
	return false;
}

/* One read or one request; false when the client has to be dropped, *idle when there is nothing more to do now. */
static bool
serve_step(struct rpc_server *s, struct rpc_conn *c, bool *idle)
{
	bool more = c->exchange.message != NULL;

	if (!more && !rpc_conn_has_line(c))
		return read_some(s, c, idle);
	c->heard_ms = s->now_ms;
	if (!may_ask(s, c)) {
		*idle = true;
		return true;
	}
	return more ? serve_request(s, c) : begin_message(s, c);
}

bool
rpc_serve_watch(struct rpc_server *s, struct rpc_conn *c)
{
	bool busy =
		rpc_conn_pending(c) > 0 || c->exchange.message != NULL || rpc_conn_has_line(c) || rpc_note_waits(s, c);
	bool paused = c->later || (c->waiting && !rpc_note_waits(s, c));
	/* Of one that will send no more, only its end is waited for, which is always told: EPOLLPRI stands for nothing.
	 */
	uint32_t wanted = busy ? EPOLLOUT : c->ended ? EPOLLPRI : EPOLLIN;
	struct epoll_event e = {.events = paused && rpc_conn_pending(c) == 0 ? 0 : wanted,
				.data.u32 = (uint32_t)(c - s->conns)};
	uint64_t due;
	int rc;

	if (e.events != c->events) {
		rc = epoll_ctl(s->epoll_fd,
			       c->events == 0  ? EPOLL_CTL_ADD
			       : e.events == 0 ? EPOLL_CTL_DEL
					       : EPOLL_CTL_MOD,
			       c->fd, &e);
		if (rc < 0)
			return false;
		c->events = e.events;
	}
	due = rpc_serve_due(s, c);
	s->due_ms = due < s->due_ms ? due : s->due_ms;
	return true;
}

uint64_t
rpc_serve_due(const struct rpc_server *s, const struct rpc_conn *c)
{
	if (c->resumed)
		return s->now_ms;
	if (rpc_conn_pending(c) > 0)
		return c->moved_ms + s->s.stall_ms;
	if (c->later)
		return UINT64_MAX;
	if (c->waiting)
		return c->second_ms + SECOND_MS;
	if (rpc_conn_has_part(c))
		return c->heard_ms + s->s.line_ms;
	return UINT64_MAX;
}

/* Whether it has had time enough; it is told so where that can be. */
static bool
is_too_slow(struct rpc_server *s, struct rpc_conn *c)
{
	const char *why = NULL;

	if (rpc_conn_pending(c) > 0 && s->now_ms >= c->moved_ms + s->s.stall_ms)
		why = "it does not read its answers";
	else if (rpc_conn_pending(c) == 0 && !c->waiting && !c->later && !rpc_conn_has_line(c) &&
		 rpc_conn_has_part(c) && s->now_ms >= c->heard_ms + s->s.line_ms)
		why = "it sent half a line";
	if (why == NULL)
		return false;
	s->counts.slow++;
	log_write(LOG_WARNING, "rpc", "client dropped: %s uid=%u pid=%d", why, (unsigned int)c->caller.peer.uid,
		  (int)c->caller.peer.pid);
	if (rpc_conn_pending(c) == 0)
		rpc_serve_refuse(s, c, RPC_INVALID_REQUEST, "line-timeout", "the request did not end in time");
	return true;
}

/* Its requests and reads, until it does not take what it is sent. */
static bool
serve_steps(struct rpc_server *s, struct rpc_conn *c)
{
	bool alive = true, idle = c->later;

	for (unsigned int i = 0; i < STEPS_A_TURN && alive && !idle && !c->closing && !rpc_serve_is_spent(s); i++) {
		alive = serve_step(s, c, &idle);
		idle |= c->later;
		if (alive && rpc_conn_pending(c) >= RPC_FLUSH_BYTES) {
			alive = rpc_conn_flush(c) == 0;
			idle |= rpc_conn_pending(c) > 0;
		}
	}
	return alive;
}

void
rpc_serve(struct rpc_server *s, struct rpc_conn *c)
{
	size_t pending = rpc_conn_pending(c);
	bool alive = rpc_conn_flush(c) == 0;

	if (rpc_conn_pending(c) < pending || pending == 0)
		c->moved_ms = s->now_ms;
	if (alive && c->resumed) /* what it asked for waits, and others behind it */
		alive = serve_request(s, c);
	else if (alive && rpc_conn_pending(c) == 0)
		alive = serve_steps(s, c);
	if (alive && !c->closing && c->exchange.message == NULL && rpc_conn_pending(c) < RPC_FLUSH_BYTES)
		alive = rpc_note_send(s, c);
	alive = alive && rpc_conn_flush(c) == 0;
	if (!alive || (c->closing && rpc_conn_pending(c) == 0) || is_too_slow(s, c) || !rpc_serve_watch(s, c))
		rpc_serve_drop(s, c);
}
