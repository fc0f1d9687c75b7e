/* SPDX-License-Identifier: BSD-3-Clause */
/* Notifications, the second socket, and what bounds clients in time. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fixture.h"
#include "unit.h"

#define COUNT	      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.count\"}\n"
#define LOOK	      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.look\"}\n"
#define WATCH(topics) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.watch\",\"params\":{\"topics\":" topics "}}"

static void
publish(struct fixture *f, unsigned int topic, json_int_t number)
{
	json_t *params = json_pack("{s:I}", "number", number);

	rpc_server_publish(f->server, topic, "event", params);
	json_decref(params);
}

/* The number of the next notification of this method; -1: there is none. */
static json_int_t
told(struct fixture *f, int fd, const char *method, const char *key)
{
	json_t *note = fixture_read(f, fd);
	const char *is = json_string_value(json_object_get(note, "method"));
	json_int_t number = json_integer_value(json_object_get(json_object_get(note, "params"), key));

	CU_ASSERT_PTR_NULL(json_object_get(note, "id"));
	number = is != NULL && strcmp(is, method) == 0 ? number : -1;
	json_decref(note);
	return number;
}

void
watch_topics(void)
{
	struct fixture f;
	int one, both;

	fixture_open(&f, &(struct rpc_settings){0});
	one = fixture_connect(&f);
	both = fixture_connect_read_only(&f);
	publish(&f, 0, 7); /* nobody watches yet */
	json_decref(fixture_ask(&f, one, WATCH("1")));
	json_decref(fixture_ask(&f, both, WATCH("3")));
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).watching, 2);
	publish(&f, 1, 1);
	publish(&f, 0, 2);
	publish(&f, 5, 3);
	CU_ASSERT_EQUAL(told(&f, one, "event", "number"), 2);
	CU_ASSERT_EQUAL(told(&f, both, "event", "number"), 1);
	CU_ASSERT_EQUAL(told(&f, both, "event", "number"), 2);
	json_decref(fixture_ask(&f, one, WATCH("0")));
	publish(&f, 0, 4);
	CU_ASSERT_EQUAL(told(&f, both, "event", "number"), 4);
	CU_ASSERT_EQUAL(told(&f, one, "event", "number"), -1);
	close(both);
	fixture_turn(&f);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).watching, 0);
	close(one);
	fixture_close(&f);
}

void
watch_lost(void)
{
	struct fixture f;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect(&f);
	json_decref(fixture_ask(&f, fd, WATCH("1")));
	for (json_int_t i = 0; i < 3 * RPC_NOTES; i++)
		publish(&f, i % 3 == 0 ? 0 : 1, i); /* two of three are nothing to it */
	CU_ASSERT_EQUAL(told(&f, fd, "lost", "count"), 2 * RPC_NOTES / 3 + 1);
	for (json_int_t i = 2 * RPC_NOTES + 1; i < 3 * RPC_NOTES; i++)
		if (i % 3 == 0)
			CU_ASSERT_EQUAL(told(&f, fd, "event", "number"), i);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).lost, 2 * RPC_NOTES / 3 + 1);
	publish(&f, 0, 9);
	CU_ASSERT_EQUAL(told(&f, fd, "event", "number"), 9);
	close(fd);
	fixture_close(&f);
}

void
watch_half_closed(void)
{
	struct fixture f;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect(&f);
	CU_ASSERT_TRUE(fixture_send(&f, fd, WATCH("1") "\n", sizeof(WATCH("1"))));
	CU_ASSERT_EQUAL(shutdown(fd, SHUT_WR), 0);
	json_decref(fixture_read(&f, fd));
	for (unsigned int turn = 0; turn < 4; turn++)
		fixture_turn(&f);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).watching, 1);
	publish(&f, 0, 6);
	CU_ASSERT_EQUAL(told(&f, fd, "event", "number"), 6);
	CU_ASSERT_FALSE(fixture_is_closed(&f, fd));
	close(fd);
	fixture_turn(&f);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).clients, 0);
	fixture_close(&f);
}

/* A notification never stands in the middle of the answer to a batch, however long that takes to read. */
void
watch_batch(void)
{
	static const char batch[] =
		"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.fill\",\"params\":{\"bytes\":1000000}},"
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"test.fill\",\"params\":{\"bytes\":1000000}}]\n";
	struct fixture f;
	json_t *answer;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect(&f);
	json_decref(fixture_ask(&f, fd, WATCH("1")));
	CU_ASSERT_TRUE(fixture_send(&f, fd, batch, sizeof(batch) - 1));
	fixture_turn(&f);
	publish(&f, 0, 5);
	answer = fixture_read(&f, fd);
	CU_ASSERT_EQUAL(json_array_size(answer), 2);
	json_decref(answer);
	CU_ASSERT_EQUAL(told(&f, fd, "event", "number"), 5);
	close(fd);
	fixture_close(&f);
}

/* Who begins and ends to watch within one batch has one answer, then what it watches at its end. */
void
watch_from_batch(void)
{
	static const char batch[] = "[" WATCH("3") "," WATCH("0") ",{\"jsonrpc\":\"2.0\",\"method\":\"test.watch\","
								  "\"params\":{\"topics\":2}}," WATCH("\"all\"") "]\n";
	struct fixture f;
	json_t *answer;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect_read_only(&f);
	CU_ASSERT_TRUE(fixture_send(&f, fd, batch, sizeof(batch) - 1));
	publish(&f, 0, 1);
	publish(&f, 1, 2);
	answer = fixture_read(&f, fd);
	CU_ASSERT_EQUAL(json_array_size(answer), 3);
	CU_ASSERT_STRING_EQUAL(answer_reason(json_array_get(answer, 2)), "wrong-type");
	json_decref(answer);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).watching, 1);
	CU_ASSERT_EQUAL(told(&f, fd, "event", "number"), 2);
	CU_ASSERT_PTR_NULL(fixture_read(&f, fd));
	close(fd);
	fixture_turn(&f);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).watching, 0);
	fixture_close(&f);
}

void
watch_read_only(void)
{
	struct fixture f;
	json_t *answer;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect_read_only(&f);
	fixture_log[0] = '\0';
	answer = fixture_ask(&f, fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.count\"}");
	CU_ASSERT_EQUAL(answer_code(answer), RPC_REFUSED);
	CU_ASSERT_STRING_EQUAL(answer_reason(answer), "read-only");
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "result=read-only"));
	json_decref(answer);
	answer = fixture_ask(&f, fd,
			     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.echo\",\"params\":{\"text\":\"x\"}}");
	CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
	json_decref(answer);
	close(fd);
	fd = fixture_connect(&f);
	answer = fixture_ask(&f, fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.count\"}");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(answer, "result")), 1); /* and was not called before */
	json_decref(answer);
	close(fd);
	fixture_close(&f);
}

static unsigned int
answers(struct fixture *f, int fd)
{
	unsigned int n = 0;
	json_t *answer;

	while ((answer = fixture_read(f, fd)) != NULL) {
		json_decref(answer);
		n++;
	}
	return n;
}

void
watch_rate(void)
{
	struct fixture f;
	int fast, other;

	fixture_open(&f, &(struct rpc_settings){.requests_per_s = 10});
	fast = fixture_connect(&f);
	other = fixture_connect(&f);
	for (unsigned int i = 0; i < 25; i++)
		CU_ASSERT_TRUE(fixture_send(&f, fast, COUNT, sizeof(COUNT) - 1));
	CU_ASSERT_EQUAL(answers(&f, fast), 10);
	CU_ASSERT_EQUAL(rpc_server_due(f.server), f.now_ms + 1000);
	CU_ASSERT_TRUE(fixture_send(&f, other, COUNT, sizeof(COUNT) - 1));
	CU_ASSERT_EQUAL(answers(&f, other), 1);
	f.now_ms += 1000;
	CU_ASSERT_EQUAL(answers(&f, fast), 10);
	f.now_ms += 999;
	CU_ASSERT_EQUAL(answers(&f, fast), 0);
	f.now_ms++;
	CU_ASSERT_EQUAL(answers(&f, fast), 5);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).waited, 2);
	close(fast);
	close(other);
	fixture_close(&f);
}

/* A batch counts by its requests. */
void
watch_rate_batch(void)
{
	char batch[8192] = "[";
	struct fixture f;
	json_t *answer;
	int fd;

	for (unsigned int i = 0; i < 25; i++)
		snprintf(batch + strlen(batch), sizeof(batch) - strlen(batch), "%s%.*s", i > 0 ? "," : "",
			 (int)sizeof(COUNT) - 2, COUNT);
	strcat(batch, "]\n");
	fixture_open(&f, &(struct rpc_settings){.requests_per_s = 10});
	fd = fixture_connect(&f);
	CU_ASSERT_TRUE(fixture_send(&f, fd, batch, strlen(batch)));
	for (unsigned int i = 0; i < 2; i++) {
		for (unsigned int turn = 0; turn < 20; turn++)
			fixture_turn(&f);
		CU_ASSERT_EQUAL(rpc_server_counts(f.server).requests, 10 * (i + 1));
		f.now_ms += 1000;
	}
	answer = fixture_read(&f, fd);
	CU_ASSERT_EQUAL(json_array_size(answer), 25);
	json_decref(answer);
	close(fd);
	fixture_close(&f);
}

void
watch_half_line(void)
{
	struct fixture f;
	int half, other;
	json_t *answer;

	fixture_open(&f, &(struct rpc_settings){.line_ms = 1000});
	half = fixture_connect(&f);
	other = fixture_connect(&f);
	CU_ASSERT_TRUE(fixture_send(&f, half, COUNT COUNT, sizeof(COUNT) + 10));
	CU_ASSERT_EQUAL(answers(&f, half), 1);
	f.now_ms += 999;
	CU_ASSERT_TRUE(fixture_send(&f, half, "x", 1)); /* does not make it longer */
	CU_ASSERT_PTR_NULL(fixture_read(&f, half));
	f.now_ms++;
	answer = fixture_read(&f, half);
	CU_ASSERT_STRING_EQUAL(answer_reason(answer), "line-timeout");
	json_decref(answer);
	CU_ASSERT_TRUE(fixture_is_closed(&f, half));
	CU_ASSERT_FALSE(fixture_is_closed(&f, other)); /* which sends nothing at all */
	close(half);
	close(other);
	fixture_close(&f);
}

void
watch_silent(void)
{
	struct fixture f;
	int silent[2], watcher, later;
	json_t *answer;

	fixture_open(&f, &(struct rpc_settings){.clients = 3, .idle_ms = 1000});
	watcher = fixture_connect(&f);
	json_decref(fixture_ask(&f, watcher, WATCH("1")));
	silent[0] = fixture_connect(&f);
	fixture_turn(&f);
	f.now_ms += 500;
	silent[1] = fixture_connect(&f);
	fixture_turn(&f);
	f.now_ms += 499;
	later = fixture_connect(&f);
	answer = fixture_read(&f, later);
	CU_ASSERT_STRING_EQUAL(answer_reason(answer), "too-many-clients");
	json_decref(answer);
	close(later);
	f.now_ms++;
	later = fixture_connect(&f);
	CU_ASSERT_TRUE(fixture_send(&f, later, COUNT, sizeof(COUNT) - 1));
	CU_ASSERT_EQUAL(answers(&f, later), 1);
	CU_ASSERT_TRUE(fixture_is_closed(&f, silent[0]));
	CU_ASSERT_FALSE(fixture_is_closed(&f, silent[1]));
	CU_ASSERT_FALSE(fixture_is_closed(&f, watcher));
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).gave_way, 1);
	close(later);
	close(watcher);
	close(silent[0]);
	close(silent[1]);
	fixture_close(&f);
}

/* However much is asked for at once, a turn ends. */
void
watch_turn(void)
{
	enum { CLIENTS = 8, BYTES = 300000 };
	char line[160];
	struct fixture f;
	int fd[CLIENTS];

	fixture_open(&f, &(struct rpc_settings){0});
	snprintf(line, sizeof(line),
		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.fill\",\"params\":{\"bytes\":%d}}\n", BYTES);
	for (unsigned int i = 0; i < CLIENTS; i++) {
		fd[i] = fixture_connect(&f);
		CU_ASSERT_EQUAL(send(fd[i], line, strlen(line), 0), (ssize_t)strlen(line));
	}
	for (unsigned int i = 0; i < CLIENTS; i++)
		CU_ASSERT_EQUAL(answers(&f, fd[i]), 1);
	CU_ASSERT(f.most.bytes >= BYTES && f.most.bytes < RPC_TURN_BYTES + BYTES + 4096);
	/* What a handler has looked at counts too: one such request is a turn's work. */
	f.most = (struct rpc_turn){0};
	for (unsigned int i = 0; i < CLIENTS; i++)
		CU_ASSERT_EQUAL(send(fd[i], LOOK, sizeof(LOOK) - 1, 0), (ssize_t)sizeof(LOOK) - 1);
	for (unsigned int i = 0; i < CLIENTS; i++)
		CU_ASSERT_EQUAL(answers(&f, fd[i]), 1);
	CU_ASSERT_EQUAL(f.most.items, RPC_TURN_ITEMS + 1);
	for (unsigned int i = 0; i < CLIENTS; i++)
		close(fd[i]);
	fixture_close(&f);
}

void
watch_answer_too_long(void)
{
	static const char *const line =
		"{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"test.fill\",\"params\":{\"bytes\":2000}}";
	struct fixture f;
	json_t *answer;
	int fd;

	fixture_open(&f, &(struct rpc_settings){.answer_bytes = 1000});
	fd = fixture_connect(&f);
	answer = fixture_ask(&f, fd, line);
	CU_ASSERT_STRING_EQUAL(answer_reason(answer), "answer-too-long");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(answer, "id")), "x");
	json_decref(answer);
	close(fd);
	fixture_close(&f);
}
