/* SPDX-License-Identifier: BSD-3-Clause */
#include "ask.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "rpc/client.h"

#define LINE_MAX_BYTES 65536
#define TURNS	       2000 /* while nothing comes back */

struct call {
	const char *socket, *method;
	json_t *params;
	json_t *result;
	struct rpc_error error;
	int rc;
	atomic_bool done;
};

static void *
ask_it(void *arg)
{
	struct call *c = arg;
	struct rpc_client *client;

	c->rc = rpc_client_connect(&client, c->socket, 10000);
	if (c->rc == 0) {
		c->rc = rpc_client_call(client, c->method, c->params, &c->result, &c->error);
		rpc_client_close(client);
	}
	atomic_store(&c->done, true);
	return NULL;
}

json_t *
ask(struct rig *r, const char *method, json_t *params, struct rpc_error *error)
{
	struct call c = {.socket = r->socket, .method = method, .params = params};
	pthread_t thread;

	NEED(pthread_create(&thread, NULL, ask_it, &c) == 0);
	while (!atomic_load(&c.done))
		ctl_turn(r->ctl, 1);
	pthread_join(thread, NULL);
	json_decref(params);
	CU_ASSERT(c.rc == 0 || c.rc == -EREMOTEIO);
	if (error != NULL)
		*error = c.error;
	return c.rc == 0 ? c.result : NULL;
}

json_t *
ask_done(struct rig *r, const char *method, const char *params)
{
	struct rpc_error error = {0};
	json_t *result = ask(r, method, json_loads(params, 0, NULL), &error);

	CU_ASSERT_PTR_NOT_NULL(result);
	if (result == NULL)
		printf("  %s %s: %s, %s\n", method, params, error.reason, error.message);
	return result;
}

bool
ask_refused(struct rig *r, const char *method, const char *params, const char *reason)
{
	struct rpc_error error = {0};
	json_t *result = ask(r, method, json_loads(params, 0, NULL), &error);

	if (result != NULL || strcmp(error.reason, reason) != 0)
		printf("  %s %s: %s\n", method, params, result != NULL ? "done" : error.reason);
	json_decref(result);
	return result == NULL && strcmp(error.reason, reason) == 0;
}

int
ask_open(struct rig *r, const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	NEED(fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	ctl_turn(r->ctl, 0);
	return fd;
}

void
ask_send(struct rig *r, int fd, const char *bytes)
{
	CU_ASSERT_EQUAL(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
	ctl_turn(r->ctl, 0);
}

json_t *
ask_line(struct rig *r, int fd)
{
	static char line[LINE_MAX_BYTES];
	size_t len = 0;

	for (unsigned int turn = 0; turn < TURNS && len < sizeof(line); turn++) {
		ssize_t n = recv(fd, line + len, 1, MSG_DONTWAIT);

		if (n == 0)
			return NULL;
		if (n < 0) {
			ctl_turn(r->ctl, 0);
			continue;
		}
		if (line[len++] == '\n')
			return json_loadb(line, len, 0, NULL);
		turn = 0;
	}
	return NULL;
}

const char *
ask_text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s != NULL ? s : "";
}

json_int_t
ask_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

size_t
ask_events(struct rig *r, const char *kind)
{
	json_t *page = ask(r, "event.list", json_pack("{s:s}", "kind", kind), NULL);
	size_t n = json_array_size(json_object_get(page, "items"));

	json_decref(page);
	return n;
}

void
ask_last_event(struct rig *r, const char *kind, const char *key, char *out, size_t size)
{
	json_t *page = ask(r, "event.list", json_pack("{s:s}", "kind", kind), NULL);
	json_t *items = json_object_get(page, "items");

	snprintf(out, size, "%s", ask_text(json_array_get(items, json_array_size(items) - 1), key));
	json_decref(page);
}

json_int_t
ask_peer_count(struct rig *r, const char *peer, const char *way, const char *what)
{
	json_t *p = ask(r, "peer.get", json_pack("{s:s}", "peer", peer), NULL);
	json_int_t n = json_integer_value(json_object_get(json_object_get(p, way), what));

	json_decref(p);
	return n;
}
