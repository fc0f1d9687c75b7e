/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers that need time: the handler is called once more when the server is resumed. */
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fixture.h"
#include "server.h"
#include "unit.h"

#define NOW "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"test.now\"}\n"

/* What the handlers share. */
static struct {
	struct rpc_server *server;
	unsigned int calls;
	uint32_t client; /* of the last call */
	bool done, refuse;
} job;

static int
later(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	int rc;

	job.calls++;
	job.client = rpc_server_client(job.server);
	if (!job.done)
		return RPC_LATER;
	if (!job.refuse) {
		*result = json_integer(job.client);
		return 0;
	}
	rc = rpc_refuse(err, "no", "for two causes");
	err->data = json_pack("{s:[s,s]}", "causes", "one", "two");
	return rc;
}

static int
now(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	return 0;
}

#define LARGE 50000 /* so that a socket holds a few */

static int
large(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	char text[LARGE];

	memset(text, 'x', sizeof(text));
	*result = json_stringn(text, sizeof(text));
	return 0;
}

static const struct rpc_method methods[] = {
	{"test.later", "Needs time", NULL, NULL, "A number", later, true},
	{"test.now", "Needs none", NULL, NULL, "Nothing", now, false},
	{"test.large", "Is long", NULL, NULL, "A text", large, false},
	{0},
};

static void
open_fixture(struct fixture *f)
{
	static const struct rpc_method *const lists[] = {methods, NULL};

	fixture_open(f, &(struct rpc_settings){0});
	rpc_server_free(f->server);
	CU_ASSERT_EQUAL(rpc_server_new(&f->server, &(struct rpc_settings){.path = f->path}, lists, NULL), 0);
	memset(&job, 0, sizeof(job));
	job.server = f->server;
}

static void
turn(struct fixture *f)
{
	for (int i = 0; i < 20; i++)
		fixture_turn(f);
}

static json_int_t
id_of(json_t *answer)
{
	json_int_t id = json_integer_value(json_object_get(answer, "id"));

	json_decref(answer);
	return id;
}

void
later_order(void)
{
	static const char both[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.later\"}\n" NOW;
	struct fixture f;
	json_t *answer;
	int waits, other;

	open_fixture(&f);
	waits = fixture_connect(&f);
	other = fixture_connect(&f);
	fixture_log[0] = '\0';
	CU_ASSERT(fixture_send(&f, waits, both, strlen(both)));
	turn(&f);
	CU_ASSERT(job.calls == 1 && job.client > 0);
	CU_ASSERT_STRING_EQUAL(fixture_log, ""); /* nothing was done yet */
	CU_ASSERT_EQUAL(id_of(fixture_ask(&f, other, NOW)), 2);
	turn(&f);
	CU_ASSERT_EQUAL(job.calls, 1);
	rpc_server_resume(f.server); /* in vain */
	turn(&f);
	CU_ASSERT_EQUAL(job.calls, 2);
	job.done = true;
	rpc_server_resume(f.server);
	answer = fixture_read(&f, waits);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(answer, "result")), job.client);
	CU_ASSERT_EQUAL(id_of(answer), 1);
	CU_ASSERT_EQUAL(id_of(fixture_read(&f, waits)), 2);
	CU_ASSERT_EQUAL(job.calls, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "method=test.later"));
	close(waits);
	close(other);
	fixture_close(&f);
}

void
later_batch(void)
{
	static const char batch[] = "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.now\"},"
				    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"test.later\"},"
				    "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"test.now\"}]\n";
	struct fixture f;
	json_t *answer;
	int fd;

	open_fixture(&f);
	fd = fixture_connect(&f);
	CU_ASSERT(fixture_send(&f, fd, batch, strlen(batch)));
	turn(&f);
	CU_ASSERT_EQUAL(job.calls, 1);
	job.done = job.refuse = true;
	rpc_server_resume(f.server);
	answer = fixture_read(&f, fd);
	CU_ASSERT_EQUAL(json_array_size(answer), 3);
	CU_ASSERT_STRING_EQUAL(answer_reason(json_array_get(answer, 1)), "no");
	CU_ASSERT_EQUAL(
		json_array_size(json_object_get(
			json_object_get(json_object_get(json_array_get(answer, 1), "error"), "data"), "causes")),
		2);
	json_decref(answer);
	close(fd);
	fixture_close(&f);
}

/* Who leaves while it waits is asked for once more, and harms nobody; so does a server that ends meanwhile. */
void
later_leaves(void)
{
	static const char request[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.later\"}\n";
	struct fixture f;
	uint32_t before;
	int gone, stays;

	open_fixture(&f);
	gone = fixture_connect(&f);
	CU_ASSERT(fixture_send(&f, gone, request, strlen(request)));
	turn(&f);
	close(gone);
	turn(&f);
	job.done = true;
	rpc_server_resume(f.server);
	turn(&f);
	CU_ASSERT_EQUAL(job.calls, 2);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).clients, 0);
	job.done = false;
	before = job.client;
	stays = fixture_connect(&f);
	CU_ASSERT(fixture_send(&f, stays, request, strlen(request)));
	turn(&f);
	CU_ASSERT_EQUAL(job.calls, 3);
	CU_ASSERT(job.client != before); /* what was found out for who left is not told who came */
	fixture_close(&f);
	close(stays);
}

/* So many long answers one by one, and in a batch one more and one that needs time. */
static void
ask_long(struct fixture *f, int fd, unsigned int count)
{
	static const char one[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.large\"}\n";
	static const char batch[] = "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.large\"},"
				    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"test.later\"}]\n";

	for (unsigned int i = 0; i < count; i++) {
		CU_ASSERT(fixture_send(f, fd, one, strlen(one)));
		turn(f);
	}
	CU_ASSERT(fixture_send(f, fd, batch, strlen(batch)));
	turn(f);
}

/* Who reads nothing does not keep an answer from being fetched: others may wait behind it. */
void
later_unread(void)
{
	const struct rpc_conn *c;
	struct fixture f;
	int fd = -1;

	open_fixture(&f);
	c = &f.server->conns[0];
	for (unsigned int n = 0; n < 100 && !(c->later && rpc_conn_pending(c) > 0); n++) {
		if (fd >= 0)
			close(fd);
		job.done = true; /* for who has gone */
		rpc_server_resume(f.server);
		turn(&f);
		job.done = false;
		fd = fixture_connect(&f);
		ask_long(&f, fd, n);
	}
	CU_ASSERT_FATAL(c->later && rpc_conn_pending(c) > 0);
	job.done = true;
	job.calls = 0;
	rpc_server_resume(f.server);
	turn(&f);
	CU_ASSERT_EQUAL(job.calls, 1);
	fixture_close(&f);
	close(fd);
}
