/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"

#define ASK "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.list\",\"params\":{\"limit\":1000}}\n"

int
crowd_connect(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* What a bad client sends: garbage, half a line, a flood, a line without an end, a batch of the dearest requests. */
static size_t
mischief(unsigned int n, char *to, size_t size)
{
	static const char *const lines[] = {"\xff\xfe{[\n", "{\"jsonrpc\":\"2.0\",\"id\":1,\"meth",
					    "[[[[[[[[[[[[[[[[\n", "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
					    ASK ASK ASK ASK ASK ASK};
	size_t len = 0;

	if (n % 7 < 5)
		return (size_t)snprintf(to, size, "%s", lines[n % 7]);
	if (n % 7 == 5) {
		memset(to, 'x', size);
		return size;
	}
	len += (size_t)snprintf(to + len, size - len, "[");
	for (unsigned int i = 0; i < 64; i++)
		len += (size_t)snprintf(to + len, size - len, "%s%.*s", i > 0 ? "," : "", (int)sizeof(ASK) - 2, ASK);
	return len + (size_t)snprintf(to + len, size - len, "]\n");
}

/* Send what is taken; when the daemon has hung up, come again. */
static void
pester(struct bad *b, int *fd, const char *bytes, size_t len)
{
	if (*fd < 0)
		*fd = crowd_connect(b->socket);
	if (*fd < 0 || send(*fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0 || errno == EAGAIN)
		return;
	atomic_fetch_add(&b->dropped, 1);
	close(*fd);
	*fd = -1;
}

void *
bad_run(void *arg)
{
	static char bytes[128 << 10];
	const struct timespec pause = {.tv_nsec = 1000000};
	struct bad *b = arg;
	int dead = -1, slow = -1, malicious = -1;
	char one;

	for (unsigned int n = 0; !atomic_load(&b->stop); n++) {
		pester(b, &dead, ASK, sizeof(ASK) - 1);
		if (n % 8 == 0)
			pester(b, &slow, ASK, sizeof(ASK) - 1);
		if (slow >= 0 && recv(slow, &one, 1, MSG_DONTWAIT) == 1)
			atomic_fetch_add(&b->slow_bytes, 1);
		pester(b, &malicious, bytes, mischief(n, bytes, sizeof(bytes)));
		if (n % 50 == 49 && malicious >= 0) { /* and again, having read nothing */
			close(malicious);
			malicious = -1;
		}
		nanosleep(&pause, NULL);
	}
	if (dead >= 0)
		close(dead);
	if (slow >= 0)
		close(slow);
	if (malicious >= 0)
		close(malicious);
	return NULL;
}
