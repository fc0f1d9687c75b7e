/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "case.h"
#include "fixture.h"
#include "unit.h"

#define COUNT	  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.count\"}"
#define COUNT_LEN (sizeof(COUNT) - 1)

static const struct rpc_method *const none[] = {NULL};

static json_int_t
result_of(json_t *answer)
{
	json_int_t value = json_integer_value(json_object_get(answer, "result"));

	json_decref(answer);
	return value;
}

static void
assert_reason(json_t *answer, const char *reason)
{
	CU_ASSERT_STRING_EQUAL(answer_reason(answer), reason);
	json_decref(answer);
}

void
transport_partial_lines(void)
{
	struct fixture f;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect(&f);
	for (size_t i = 0; i < COUNT_LEN; i++)
		CU_ASSERT_TRUE(fixture_send(&f, fd, &COUNT[i], 1));
	CU_ASSERT_PTR_NULL(fixture_read(&f, fd));
	CU_ASSERT_TRUE(fixture_send(&f, fd, "\n" COUNT, 1 + COUNT_LEN));
	CU_ASSERT_EQUAL(result_of(fixture_read(&f, fd)), 1);
	CU_ASSERT_TRUE(fixture_send(&f, fd, "\n", 1));
	CU_ASSERT_EQUAL(result_of(fixture_read(&f, fd)), 2);
	close(fd);
	fixture_close(&f);
}

/* More requests at once than one turn serves. */
void
transport_pipelined(void)
{
	char lines[100 * (COUNT_LEN + 1)];
	struct fixture f;
	int fd;

	for (unsigned int i = 0; i < 100; i++)
		memcpy(lines + i * (COUNT_LEN + 1), COUNT "\n", COUNT_LEN + 1);
	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect(&f);
	CU_ASSERT_TRUE(fixture_send(&f, fd, lines, sizeof(lines)));
	for (json_int_t i = 1; i <= 100; i++)
		CU_ASSERT_EQUAL(result_of(fixture_read(&f, fd)), i);
	close(fd);
	fixture_close(&f);
}

void
transport_half_closed(void)
{
	struct fixture f;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect(&f);
	CU_ASSERT_TRUE(fixture_send(&f, fd, COUNT "\n" COUNT "\n", 2 * (COUNT_LEN + 1)));
	shutdown(fd, SHUT_WR);
	CU_ASSERT_EQUAL(result_of(fixture_read(&f, fd)), 1);
	CU_ASSERT_EQUAL(result_of(fixture_read(&f, fd)), 2);
	CU_ASSERT_TRUE(fixture_is_closed(&f, fd));
	close(fd);
	fixture_close(&f);
}

void
transport_long_line(void)
{
	size_t len = 10u << 20;
	char *line = malloc(len);
	struct fixture f;
	int fd, other;

	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	memset(line, ' ', len);
	fixture_open(&f, &(struct rpc_settings){0});
	fd = fixture_connect(&f);
	other = fixture_connect(&f);
	CU_ASSERT_FALSE(fixture_send(&f, fd, line, len)); /* hung up before its end */
	assert_reason(fixture_read(&f, fd), "line-too-long");
	CU_ASSERT_TRUE(fixture_is_closed(&f, fd));
	CU_ASSERT_EQUAL(result_of(fixture_ask(&f, other, COUNT)), 1);
	close(fd);
	close(other);
	free(line);
	fixture_close(&f);
}

/* A line of exactly the limit is served, one octet more is not. */
void
transport_line_limit(void)
{
	char line[202];
	struct fixture f;
	int fd;

	memset(line, ' ', sizeof(line));
	memcpy(line, COUNT, COUNT_LEN);
	line[200] = '\n';
	fixture_open(&f, &(struct rpc_settings){.line_bytes = 200});
	fd = fixture_connect(&f);
	CU_ASSERT_TRUE(fixture_send(&f, fd, line, 201));
	CU_ASSERT_EQUAL(result_of(fixture_read(&f, fd)), 1);
	line[200] = ' ';
	line[201] = '\n';
	fixture_send(&f, fd, line, 202);
	assert_reason(fixture_read(&f, fd), "line-too-long");
	CU_ASSERT_TRUE(fixture_is_closed(&f, fd));
	close(fd);
	fixture_close(&f);
}

void
transport_many_clients(void)
{
	struct fixture f;
	int fd[40];

	fixture_open(&f, &(struct rpc_settings){.clients = 30});
	for (unsigned int i = 0; i < 40; i++)
		fd[i] = fixture_connect(&f);
	for (unsigned int i = 0; i < 30; i++)
		CU_ASSERT_EQUAL(result_of(fixture_ask(&f, fd[i], COUNT)), i + 1);
	for (unsigned int i = 30; i < 40; i++) {
		assert_reason(fixture_read(&f, fd[i]), "too-many-clients");
		CU_ASSERT_TRUE(fixture_is_closed(&f, fd[i]));
		close(fd[i]);
	}
	close(fd[7]); /* makes room for one */
	fixture_turn(&f);
	fd[7] = fixture_connect(&f);
	CU_ASSERT_EQUAL(result_of(fixture_ask(&f, fd[7], COUNT)), 31);
	for (unsigned int i = 0; i < 30; i++)
		close(fd[i]);
	fixture_close(&f);
}

/* Clients that vanish before, in the middle of, and after a request. */
void
transport_client_leaves(void)
{
	struct fixture f;
	int fd;

	fixture_open(&f, &(struct rpc_settings){.clients = 1});
	for (unsigned int i = 0; i < 20; i++) {
		fd = fixture_connect(&f);
		if (i % 3 > 0)
			send(fd, COUNT "\n", i % 3 == 1 ? COUNT_LEN / 2 : COUNT_LEN + 1, MSG_NOSIGNAL);
		if (i & 1)
			fixture_turn(&f);
		close(fd);
		for (unsigned int turn = 0; turn < 4; turn++)
			fixture_turn(&f);
	}
	fd = fixture_connect(&f);
	CU_ASSERT_TRUE(result_of(fixture_ask(&f, fd, COUNT)) >= 1);
	close(fd);
	fixture_close(&f);
}

#define FILL "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.fill\",\"params\":{\"bytes\":100000}}\n"

/* Many answers of 100 kB each, none read until all are asked for: none is lost, and nobody is dropped. */
void
transport_pipelining_stops_itself(void)
{
	struct fixture f;
	int fd, other;

	fixture_open(&f, &(struct rpc_settings){.answer_bytes = 150000});
	fd = fixture_connect(&f);
	other = fixture_connect(&f);
	for (unsigned int i = 0; i < 100; i++)
		CU_ASSERT_TRUE(fixture_send(&f, fd, FILL, sizeof(FILL) - 1));
	CU_ASSERT_EQUAL(result_of(fixture_ask(&f, other, COUNT)), 1);
	for (unsigned int i = 0; i < 100; i++) {
		json_t *answer = fixture_read(&f, fd);

		CU_ASSERT_EQUAL(json_string_length(json_object_get(answer, "result")), 100000);
		json_decref(answer);
	}
	close(fd);
	close(other);
	fixture_close(&f);
}

/* A client that takes nothing is dropped when its time is over, and one that takes a little now and then is not. */
void
transport_slow_reader(void)
{
	static const char large[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test.fill\",\"params\":{\"bytes\":3000000}}\n";
	static char some[200000];
	struct fixture f;
	int dead, slow;

	fixture_open(&f, &(struct rpc_settings){.stall_ms = 1000});
	dead = fixture_connect(&f);
	slow = fixture_connect(&f);
	CU_ASSERT_TRUE(fixture_send(&f, dead, large, sizeof(large) - 1));
	CU_ASSERT_TRUE(fixture_send(&f, slow, large, sizeof(large) - 1));
	for (unsigned int i = 0; i < 6; i++) {
		fixture_turn(&f);
		f.now_ms += 300;
		CU_ASSERT_TRUE(recv(slow, some, sizeof(some), 0) > 0);
		fixture_turn(&f);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "does not read"));
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).slow, 1);
	CU_ASSERT_EQUAL(rpc_server_counts(f.server).clients, 1);
	CU_ASSERT_PTR_NULL(fixture_read(&f, dead)); /* the end comes before a whole line */
	close(dead);
	dead = fixture_connect(&f);
	CU_ASSERT_EQUAL(result_of(fixture_ask(&f, dead, COUNT)), 1);
	close(dead);
	close(slow);
	fixture_close(&f);
}

static bool
is_ready(const struct fixture *f)
{
	struct pollfd p = {.fd = rpc_server_fd(f->server), .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

/* The inner descriptor is ready when there is work, and only then: a loop on it neither hangs nor spins. */
void
transport_fd_sleeps(void)
{
	char lines[400 * (COUNT_LEN + 1)];
	unsigned int turns = 0;
	struct fixture f;
	int fd;

	for (unsigned int i = 0; i < 400; i++)
		memcpy(lines + i * (COUNT_LEN + 1), COUNT "\n", COUNT_LEN + 1);
	fixture_open(&f, &(struct rpc_settings){0});
	CU_ASSERT_FALSE(is_ready(&f));
	fd = fixture_connect(&f);
	CU_ASSERT_TRUE(is_ready(&f));
	fixture_turn(&f);
	CU_ASSERT_FALSE(is_ready(&f));
	CU_ASSERT_EQUAL(send(fd, lines, sizeof(lines), 0), (ssize_t)sizeof(lines));
	for (; turns < 100 && is_ready(&f); turns++)
		fixture_turn(&f);
	CU_ASSERT_TRUE(turns > 1 && turns < 100);
	for (json_int_t i = 1; i <= 400; i++)
		CU_ASSERT_EQUAL(result_of(fixture_read(&f, fd)), i);
	CU_ASSERT_FALSE(is_ready(&f));
	close(fd);
	fixture_close(&f);
}

/* What a server that was killed leaves behind: a socket file that nobody answers on. */
static void
leave_socket(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	close(fd);
}

void
transport_leftover(void)
{
	struct rpc_server *s;
	struct fixture f;

	fixture_open(&f, &(struct rpc_settings){0});
	rpc_server_free(f.server);
	leave_socket(f.path);
	CU_ASSERT_EQUAL(rpc_server_new(&s, &(struct rpc_settings){.path = f.path}, none, NULL), 0);
	f.server = s;
	fixture_close(&f);
}

void
transport_second_server(void)
{
	struct rpc_server *s;
	struct fixture f;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	CU_ASSERT_EQUAL(rpc_server_new(&s, &(struct rpc_settings){.path = f.path}, none, NULL), -EADDRINUSE);
	CU_ASSERT_PTR_NULL(s);
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, "another process answers"));
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_log, f.path));
	fd = fixture_connect(&f);
	CU_ASSERT_EQUAL(result_of(fixture_ask(&f, fd, COUNT)), 1);
	close(fd);
	fixture_close(&f);
}

#define RACERS 8

struct racer {
	pthread_t thread;
	pthread_barrier_t *start;
	const char *path;
	struct rpc_server *server;
	int rc;
};

static void *
race(void *arg)
{
	struct racer *r = arg;

	pthread_barrier_wait(r->start);
	r->rc = rpc_server_new(&r->server, &(struct rpc_settings){.path = r->path}, none, NULL);
	return NULL;
}

/* Servers that start at once over a leftover: one has it, and the others have not taken it away again. */
void
transport_race(void)
{
	struct racer racers[RACERS];
	pthread_barrier_t start;
	struct fixture f;

	fixture_open(&f, &(struct rpc_settings){0});
	rpc_server_free(f.server);
	f.server = NULL;
	pthread_barrier_init(&start, NULL, RACERS);
	for (unsigned int round = 0; round < 20; round++) {
		unsigned int won = 0;
		int fd;

		leave_socket(f.path);
		for (unsigned int i = 0; i < RACERS; i++) {
			racers[i] = (struct racer){.start = &start, .path = f.path};
			CU_ASSERT_EQUAL_FATAL(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
		}
		for (unsigned int i = 0; i < RACERS; i++) {
			pthread_join(racers[i].thread, NULL);
			won += racers[i].rc == 0;
			CU_ASSERT_TRUE(racers[i].rc == 0 || racers[i].rc == -EADDRINUSE);
		}
		CU_ASSERT_EQUAL(won, 1);
		fd = fixture_connect(&f);
		close(fd);
		for (unsigned int i = 0; i < RACERS; i++)
			rpc_server_free(racers[i].server);
	}
	pthread_barrier_destroy(&start);
	fixture_close(&f);
}

/* Whoever removed the socket by hand and started another server keeps it when the first one ends. */
void
transport_replaced(void)
{
	struct rpc_server *second;
	struct fixture f;
	int fd;

	fixture_open(&f, &(struct rpc_settings){0});
	unlink(f.path);
	CU_ASSERT_EQUAL(rpc_server_new(&second, &(struct rpc_settings){.path = f.path}, none, NULL), 0);
	rpc_server_free(f.server);
	f.server = second;
	fd = fixture_connect(&f);
	close(fd);
	fixture_close(&f);
}

void
transport_not_a_socket(void)
{
	struct rpc_server *s;
	struct fixture f;
	struct stat st;
	FILE *file;

	fixture_open(&f, &(struct rpc_settings){0});
	rpc_server_free(f.server);
	f.server = NULL;
	file = fopen(f.path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fclose(file);
	CU_ASSERT_EQUAL(rpc_server_new(&s, &(struct rpc_settings){.path = f.path}, none, NULL), -EEXIST);
	CU_ASSERT_EQUAL(stat(f.path, &st), 0);
	CU_ASSERT_TRUE(S_ISREG(st.st_mode));
	unlink(f.path);
	fixture_close(&f);
}

void
transport_bad_paths(void)
{
	struct rpc_server *s;
	struct rpc_client *c;
	char path[200];

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[199] = '\0';
	CU_ASSERT_EQUAL(rpc_server_new(&s, &(struct rpc_settings){.path = path}, none, NULL), -ENAMETOOLONG);
	CU_ASSERT_EQUAL(rpc_client_connect(&c, path, 100), -ENAMETOOLONG);
	CU_ASSERT_EQUAL(rpc_server_new(&s, &(struct rpc_settings){.path = "/nonexistent/socket"}, none, NULL), -ENOENT);
	CU_ASSERT_EQUAL(rpc_client_connect(&c, "/nonexistent/socket", 100), -ENOENT);
	CU_ASSERT_PTR_NULL(c);
	CU_ASSERT_EQUAL(
		rpc_server_new(&s, &(struct rpc_settings){.path = "/tmp/x", .group = "no such group"}, none, NULL),
		-ENOENT);
	rpc_server_free(NULL);
	rpc_client_close(NULL);
}

void
transport_mode(void)
{
	const struct group *own = getgrgid(getgid());
	struct rpc_server *s;
	struct fixture f;
	struct stat st;
	mode_t old = umask(0);

	fixture_open(&f, &(struct rpc_settings){0});
	CU_ASSERT_EQUAL(stat(f.path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0660);
	rpc_server_free(f.server);
	umask(077);
	CU_ASSERT_EQUAL(rpc_server_new(&s,
				       &(struct rpc_settings){
					       .path = f.path, .mode = 0606, .group = own != NULL ? own->gr_name : ""},
				       none, NULL),
			0);
	CU_ASSERT_EQUAL(stat(f.path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0606);
	CU_ASSERT_EQUAL(st.st_gid, getgid());
	CU_ASSERT_EQUAL(umask(old), 077);
	f.server = s;
	fixture_close(&f);
}

void
transport_client(void)
{
	json_t *params = json_pack("{s:i}", "bytes", 3000000), *result;
	struct rpc_error error;
	struct rpc_client *c;
	struct fixture f;

	fixture_open(&f, &(struct rpc_settings){0});
	fixture_serve(&f);
	CU_ASSERT_EQUAL_FATAL(rpc_client_connect(&c, f.path, 5000), 0);
	for (json_int_t i = 1; i <= 50; i++) {
		CU_ASSERT_EQUAL(rpc_client_call(c, "test.count", NULL, &result, &error), 0);
		CU_ASSERT_EQUAL(json_integer_value(result), i);
		json_decref(result);
	}
	CU_ASSERT_EQUAL(rpc_client_call(c, "test.fill", params, &result, &error), 0);
	CU_ASSERT_EQUAL(json_string_length(result), 3000000);
	json_decref(result);
	json_decref(params);
	rpc_client_close(c);
	fixture_close(&f);
}

void
transport_client_errors(void)
{
	struct rpc_client *c, *surplus;
	struct rpc_error error;
	struct fixture f;
	json_t *result;

	fixture_open(&f, &(struct rpc_settings){.clients = 1});
	fixture_serve(&f);
	CU_ASSERT_EQUAL_FATAL(rpc_client_connect(&c, f.path, 5000), 0);
	CU_ASSERT_EQUAL(rpc_client_call(c, "test.refuse", NULL, &result, &error), -EREMOTEIO);
	CU_ASSERT_PTR_NULL(result);
	CU_ASSERT_EQUAL(error.code, RPC_REFUSED);
	CU_ASSERT_STRING_EQUAL(error.reason, "unknown-session");
	CU_ASSERT_STRING_EQUAL(error.message, "no session 7");
	CU_ASSERT_EQUAL(rpc_client_call(c, "test.fill", NULL, &result, &error), -EREMOTEIO);
	CU_ASSERT_STRING_EQUAL(error.parameter, "bytes");
	CU_ASSERT_EQUAL_FATAL(rpc_client_connect(&surplus, f.path, 5000), 0);
	CU_ASSERT_EQUAL(rpc_client_call(surplus, "test.count", NULL, &result, &error), -EREMOTEIO);
	CU_ASSERT_STRING_EQUAL(error.reason, "too-many-clients");
	rpc_client_close(surplus);
	f.stop = true;
	pthread_join(f.thread, NULL);
	f.thread = 0;
	rpc_server_free(f.server);
	f.server = NULL;
	CU_ASSERT_EQUAL(rpc_client_call(c, "test.count", NULL, &result, &error), -ECONNRESET);
	rpc_client_close(c);
	leave_socket(f.path);
	CU_ASSERT_EQUAL(rpc_client_connect(&c, f.path, 5000), -ECONNREFUSED);
	unlink(f.path);
	fixture_close(&f);
}

/* A server that is never turned answers nothing. */
void
transport_client_timeout(void)
{
	struct rpc_error error;
	struct rpc_client *c;
	struct fixture f;
	json_t *result;

	fixture_open(&f, &(struct rpc_settings){0});
	CU_ASSERT_EQUAL_FATAL(rpc_client_connect(&c, f.path, 20), 0);
	CU_ASSERT_EQUAL(rpc_client_call(c, "test.count", NULL, &result, &error), -ETIMEDOUT);
	rpc_client_close(c);
	fixture_close(&f);
}
