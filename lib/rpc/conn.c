/* SPDX-License-Identifier: BSD-3-Clause */
#include "conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES 65536
#define KEEP_BYTES 65536 /* of a buffer that has become empty */

void
rpc_conn_init(struct rpc_conn *c, int fd, bool read_only, uint64_t now_ms)
{
	struct ucred peer = {.pid = 0, .uid = (uid_t)-1, .gid = (gid_t)-1};
	socklen_t len = sizeof(peer);

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len);
	*c = (struct rpc_conn){.fd = fd, .caller = {peer, read_only}, .heard_ms = now_ms, .moved_ms = now_ms};
}

void
rpc_conn_fini(struct rpc_conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->in);
	free(c->out);
	rpc_exchange_end(&c->exchange);
	*c = (struct rpc_conn){.fd = -1};
}

/* Room for more bytes behind len, at most limit in all. */
static int
reserve(char **buffer, size_t *size, size_t len, size_t more, size_t limit)
{
	size_t want = len + more < limit ? len + more : limit;
	char *grown;

	if (want <= *size)
		return 0;
	if (want < 2 * *size)
		want = 2 * *size < limit ? 2 * *size : limit;
	grown = realloc(*buffer, want);
	if (grown == NULL)
		return -ENOMEM;
	*buffer = grown;
	*size = want;
	return 0;
}

static void
release_if_large(char **buffer, size_t *size)
{
	if (*size <= KEEP_BYTES)
		return;
	free(*buffer);
	*buffer = NULL;
	*size = 0;
}

/* Move what has not been read to the front. */
static void
compact(struct rpc_conn *c)
{
	c->in_len -= c->in_at;
	c->in_scanned -= c->in_at;
	if (c->in_at > 0 && c->in_len > 0)
		memmove(c->in, c->in + c->in_at, c->in_len);
	c->in_at = 0;
	if (c->in_len == 0)
		release_if_large(&c->in, &c->in_size);
}

enum rpc_fill
rpc_conn_fill(struct rpc_conn *c, size_t limit)
{
	size_t room;
	ssize_t n;

	compact(c);
	if (c->in_len > limit)
		return RPC_FILL_TOO_LONG;
	if (reserve(&c->in, &c->in_size, c->in_len, READ_BYTES, limit + 1) < 0)
		return RPC_FILL_END;
	room = c->in_size - c->in_len;
	n = recv(c->fd, c->in + c->in_len, room < READ_BYTES ? room : READ_BYTES, 0);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? RPC_FILL_WAIT : RPC_FILL_END;
	c->in_len += (size_t)n;
	return n > 0 ? RPC_FILL_DATA : RPC_FILL_END;
}

bool
rpc_conn_has_line(struct rpc_conn *c)
{
	char *newline = NULL;

	if (c->in_scanned < c->in_len)
		newline = memchr(c->in + c->in_scanned, '\n', c->in_len - c->in_scanned);
	c->in_scanned = newline != NULL ? (size_t)(newline - c->in) : c->in_len;
	return newline != NULL;
}

bool
rpc_conn_has_part(const struct rpc_conn *c)
{
	return c->in_len > c->in_at && c->in_scanned == c->in_len;
}

const char *
rpc_conn_line(struct rpc_conn *c, size_t *len)
{
	const char *line;

	if (!rpc_conn_has_line(c))
		return NULL;
	line = c->in + c->in_at;
	*len = c->in_scanned - c->in_at;
	c->in_at = ++c->in_scanned;
	return line;
}

int
rpc_conn_push(struct rpc_conn *c, const char *bytes, size_t len)
{
	int rc = len > 0 ? reserve(&c->out, &c->out_size, c->out_len, len, SIZE_MAX) : 0;

	if (rc < 0 || len == 0)
		return rc; /* nothing goes nowhere: there may be no buffer yet */
	memcpy(c->out + c->out_len, bytes, len);
	c->out_len += len;
	return 0;
}

int
rpc_conn_flush(struct rpc_conn *c)
{
	while (rpc_conn_pending(c) > 0) {
		ssize_t n = send(c->fd, c->out + c->out_at, rpc_conn_pending(c), MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		c->out_at += (size_t)n;
	}
	c->out_at = c->out_len = 0;
	release_if_large(&c->out, &c->out_size);
	return 0;
}

size_t
rpc_conn_pending(const struct rpc_conn *c)
{
	return c->out_len - c->out_at;
}
