/* SPDX-License-Identifier: BSD-3-Clause */
#include "rpc/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "error.h"
#include "listen.h"

#define READ_BYTES 65536
#define ANSWER_MAX (64u << 20)

struct rpc_client {
	int fd;
	json_int_t id; /* of the last request */
	char *in;
	size_t in_size, in_len, in_scanned;
	json_t *refusal; /* data of the last error */
};

static int
errno_of_wait(void)
{
	return errno == EAGAIN ? -ETIMEDOUT : errno == EPIPE ? -ECONNRESET : -errno;
}

static int
open_client(struct rpc_client *c, const char *path, unsigned int timeout_ms)
{
	struct timeval wait = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
	struct sockaddr_un a;
	int rc = rpc_address(path, &a);

	if (rc < 0)
		return rc;
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) < 0 ||
	    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) < 0)
		return -errno;
	return connect(c->fd, (const struct sockaddr *)&a, sizeof(a)) < 0 ? errno_of_wait() : 0;
}

int
rpc_client_connect(struct rpc_client **out, const char *path, unsigned int timeout_ms)
{
	struct rpc_client *c = calloc(1, sizeof(*c));
	int rc;

	*out = NULL;
	if (c == NULL)
		return -ENOMEM;
	c->fd = -1;
	rc = open_client(c, path, timeout_ms);
	if (rc == 0)
		*out = c;
	else
		rpc_client_close(c);
	return rc;
}

void
rpc_client_close(struct rpc_client *c)
{
	if (c == NULL)
		return;
	if (c->fd >= 0)
		close(c->fd);
	free(c->in);
	json_decref(c->refusal);
	free(c);
}

static int
send_all(struct rpc_client *c, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(c->fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno_of_wait();
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
send_request(struct rpc_client *c, const char *method, json_t *params)
{
	json_t *request =
		json_pack("{s:s, s:I, s:s, s:O*}", "jsonrpc", "2.0", "id", ++c->id, "method", method, "params", params);
	char *text = json_dumps(request, JSON_COMPACT);
	size_t len;
	int rc;

	json_decref(request);
	if (text == NULL)
		return -ENOMEM;
	len = strlen(text);
	text[len] = '\n'; /* in place of its NUL */
	rc = send_all(c, text, len + 1);
	free(text);
	return rc;
}

/* Read until a newline stands at in_scanned. */
static int
read_line(struct rpc_client *c)
{
	for (;;) {
		const char *newline = NULL;
		ssize_t n;

		if (c->in_scanned < c->in_len)
			newline = memchr(c->in + c->in_scanned, '\n', c->in_len - c->in_scanned);
		c->in_scanned = newline != NULL ? (size_t)(newline - c->in) : c->in_len;
		if (newline != NULL)
			return 0;
		if (c->in_len > ANSWER_MAX)
			return -EPROTO;
		if (c->in_size - c->in_len < READ_BYTES) {
			size_t size = 2 * c->in_size + READ_BYTES;
			char *grown = realloc(c->in, size);

			if (grown == NULL)
				return -ENOMEM;
			c->in = grown;
			c->in_size = size;
		}
		n = recv(c->fd, c->in + c->in_len, c->in_size - c->in_len, 0);
		if (n == 0)
			return -ECONNRESET;
		if (n < 0 && errno != EINTR)
			return errno_of_wait();
		c->in_len += n > 0 ? (size_t)n : 0;
	}
}

static int
read_message(struct rpc_client *c, json_t **message)
{
	int rc = read_line(c);

	if (rc < 0)
		return rc;
	*message = json_loadb(c->in, c->in_scanned, 0, NULL);
	c->in_len -= c->in_scanned + 1;
	memmove(c->in, c->in + c->in_scanned + 1, c->in_len);
	c->in_scanned = 0;
	return json_is_object(*message) ? 0 : -EPROTO;
}

/* Answers to this request, and errors that could not be told from it (their id is null), end the wait. */
static bool
is_answer(const struct rpc_client *c, const json_t *message)
{
	const json_t *id = json_object_get(message, "id");

	return (json_is_integer(id) && json_integer_value(id) == c->id) ||
	       (json_is_null(id) && json_object_get(message, "error") != NULL);
}

static int
take_answer(struct rpc_client *c, const json_t *message, json_t **result, struct rpc_error *error)
{
	const json_t *refusal = json_object_get(message, "error");
	json_t *value = json_object_get(message, "result");

	if (refusal != NULL) {
		rpc_error_read(refusal, error);
		c->refusal = json_incref(json_object_get(refusal, "data"));
		return -EREMOTEIO;
	}
	if (value == NULL)
		return -EPROTO;
	*result = json_incref(value);
	return 0;
}

int
rpc_client_call(struct rpc_client *c, const char *method, json_t *params, json_t **result, struct rpc_error *error)
{
	json_t *message = NULL;
	int rc = send_request(c, method, params);

	*result = NULL;
	json_decref(c->refusal);
	c->refusal = NULL;
	/* A server that refuses the connection says why before it closes, so look also when sending failed. */
	if (rc < 0 && rc != -ECONNRESET)
		return rc;
	do {
		json_decref(message);
		message = NULL;
		rc = read_message(c, &message);
	} while (rc == 0 && !is_answer(c, message));
	if (rc == 0)
		rc = take_answer(c, message, result, error);
	json_decref(message);
	return rc;
}

const json_t *
rpc_client_refusal(const struct rpc_client *c)
{
	return c->refusal;
}

int
rpc_client_next(struct rpc_client *c, json_t **notification)
{
	json_t *message = NULL;
	int rc;

	*notification = NULL;
	do {
		json_decref(message);
		message = NULL;
		rc = read_message(c, &message);
	} while (rc == 0 && json_object_get(message, "method") == NULL);
	if (rc == 0)
		*notification = message;
	else
		json_decref(message);
	return rc;
}
