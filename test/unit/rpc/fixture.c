/* SPDX-License-Identifier: BSD-3-Clause */
#include "fixture.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"

#define TURNS 2000 /* of the server while nothing comes back */

char fixture_log[1024];

static void
keep_line(enum log_level level, const char *room, const char *line)
{
	if (strcmp(room, "rpc") == 0)
		snprintf(fixture_log, sizeof(fixture_log), "%s", line);
}

static int
echo(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	*result = json_pack("{s:s, s:I, s:b}", "text", rpc_param_string(params, "text", "none"), "count",
			    rpc_param_integer(params, "count", -1), "loud", rpc_param_boolean(params, "loud", false));
	return 0;
}

static int
fill(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	size_t bytes = (size_t)rpc_param_integer(params, "bytes", 0);
	char *text = malloc(bytes + 1);

	if (text == NULL)
		return rpc_refuse(err, "memory", "no memory for %zu bytes", bytes);
	memset(text, 'x', bytes);
	*result = json_stringn(text, bytes);
	free(text);
	return 0;
}

static int
refuse(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	*result = json_string("a result that a refusal makes void");
	return rpc_refuse(err, "unknown-session", "no session %d", 7);
}

static int
count_call(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	unsigned int *calls = user;

	*result = json_integer(++*calls);
	return 0;
}

static int
fail(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	return -1;
}

static struct rpc_server *served; /* the last that was opened */

static int
watch(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	rpc_server_watch(served, (uint64_t)rpc_param_integer(params, "topics", 0));
	return 0;
}

static int
look(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	rpc_server_charge(served, RPC_TURN_ITEMS);
	return 0;
}

static const struct rpc_param watch_params[] = {
	{"topics", RPC_INTEGER, true, "A bit for each", 0, 0, NULL},
	{0},
};
static const struct rpc_param echo_params[] = {
	{"text", RPC_STRING, true, "What to say", 0, 0, NULL},
	{"count", RPC_INTEGER, false, "How often", 1, 10, NULL},
	{"loud", RPC_BOOLEAN, false, "In capitals", 0, 0, NULL},
	{"mood", RPC_STRING, false, "How", 0, 0, "calm wild"},
	{0},
};
static const struct rpc_param count_params[] = {
	{"word", RPC_STRING, false, "Is seen", 0, 0, NULL},
	{"secret", RPC_SECRET, false, "Is not", 0, 0, NULL},
	{0},
};
static const struct rpc_param fill_params[] = {{"bytes", RPC_INTEGER, true, "How many", 0, 0, NULL}, {0}};

static const struct rpc_method methods[] = {
	{"test.echo", "Say it again", echo_params, "{\"text\":\"hello\",\"count\":2}", "What was said", echo, false},
	{"test.fill", "A long answer", fill_params, "{\"bytes\":3}", NULL, fill, false},
	{"test.refuse", "Always refuse", NULL, NULL, NULL, refuse, false},
	{"test.count", "Count the calls", count_params, "{}", NULL, count_call, true},
	{"test.watch", "Be told", watch_params, "{\"topics\":1}", NULL, watch, false},
	{"test.look", "Look at many entries", NULL, NULL, NULL, look, false},
	{"test.fail", "Fail without a word", NULL, NULL, NULL, fail, false},
	{0},
};
static const struct rpc_method *const lists[] = {methods, NULL};
static unsigned int calls;

void
fixture_open(struct fixture *f, const struct rpc_settings *limits)
{
	struct rpc_settings settings = *limits;

	*f = (struct fixture){.folder = "/tmp/kedge-rpc-XXXXXX"};
	calls = 0;
	log_set_sink(keep_line);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/socket", f->folder);
	snprintf(f->read_only_path, sizeof(f->read_only_path), "%s/look", f->folder);
	f->now_ms = 1000000;
	settings.path = f->path;
	settings.read_only_path = f->read_only_path;
	settings.requests_per_s = settings.requests_per_s != 0 ? settings.requests_per_s : UINT_MAX;
	settings.title = "test";
	settings.version = "1";
	CU_ASSERT_EQUAL_FATAL(rpc_server_new(&f->server, &settings, lists, &calls), 0);
	served = f->server;
}

void
fixture_close(struct fixture *f)
{
	if (f->thread != 0) {
		f->stop = true;
		pthread_join(f->thread, NULL);
	}
	rpc_server_free(f->server);
	CU_ASSERT_EQUAL(access(f->path, F_OK), -1);
	CU_ASSERT_EQUAL(rmdir(f->folder), 0);
	log_set_sink(NULL);
}

static void *
serve(void *arg)
{
	struct fixture *f = arg;
	struct pollfd p = {.fd = rpc_server_fd(f->server), .events = POLLIN};

	while (!f->stop)
		if (poll(&p, 1, 10) > 0)
			fixture_turn(f);
	return NULL;
}

void
fixture_serve(struct fixture *f)
{
	CU_ASSERT_EQUAL_FATAL(pthread_create(&f->thread, NULL, serve, f), 0);
}

void
fixture_turn(struct fixture *f)
{
	struct rpc_turn t = rpc_server_poll(f->server, f->now_ms);

	f->most.items = t.items > f->most.items ? t.items : f->most.items;
	f->most.bytes = t.bytes > f->most.bytes ? t.bytes : f->most.bytes;
}

static int
connect_to(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

int
fixture_connect(const struct fixture *f)
{
	return connect_to(f->path);
}

int
fixture_connect_read_only(const struct fixture *f)
{
	return connect_to(f->read_only_path);
}

bool
fixture_send(struct fixture *f, int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return false;
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
		fixture_turn(f);
	}
	return true;
}

/* Peeks, so that what follows the line stays for the next call. */
json_t *
fixture_read(struct fixture *f, int fd)
{
	static char line[16u << 20];
	json_t *answer;
	size_t len = 0;

	for (unsigned int turn = 0; turn < TURNS;) {
		char *newline;
		ssize_t n = recv(fd, line + len, sizeof(line) - len, MSG_PEEK);

		if (n == 0 || (n < 0 && errno != EAGAIN))
			return NULL;
		if (n < 0) {
			fixture_turn(f);
			turn++;
			continue;
		}
		newline = memchr(line + len, '\n', (size_t)n);
		n = recv(fd, line + len, newline != NULL ? (size_t)(newline + 1 - line) - len : (size_t)n, 0);
		len += (size_t)n;
		turn = 0;
		if (newline != NULL) {
			answer = json_loadb(line, len, 0, NULL);
			CU_ASSERT_PTR_NOT_NULL(answer);
			return answer;
		}
	}
	return NULL;
}

json_t *
fixture_ask(struct fixture *f, int fd, const char *line)
{
	CU_ASSERT_TRUE(fixture_send(f, fd, line, strlen(line)));
	CU_ASSERT_TRUE(fixture_send(f, fd, "\n", 1));
	return fixture_read(f, fd);
}

bool
fixture_is_closed(struct fixture *f, int fd)
{
	for (unsigned int turn = 0; turn < TURNS; turn++) {
		char byte;
		ssize_t n = recv(fd, &byte, 1, 0);

		if (n == 0 || (n < 0 && errno != EAGAIN))
			return true;
		fixture_turn(f);
	}
	return false;
}

json_int_t
answer_code(const json_t *answer)
{
	return json_integer_value(json_object_get(json_object_get(answer, "error"), "code"));
}

static const char *
answer_data(const json_t *answer, const char *key)
{
	const json_t *data = json_object_get(json_object_get(answer, "error"), "data");
	const char *value = json_string_value(json_object_get(data, key));

	return value != NULL ? value : "";
}

const char *
answer_reason(const json_t *answer)
{
	return answer_data(answer, "reason");
}

const char *
answer_parameter(const json_t *answer)
{
	return answer_data(answer, "parameter");
}
