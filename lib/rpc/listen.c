/* SPDX-License-Identifier: BSD-3-Clause */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define BACKLOG 64

int
rpc_address(const char *path, struct sockaddr_un *out)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(out->sun_path))
		return -ENAMETOOLONG;
	strcpy(out->sun_path, path);
	return 0;
}

static int
open_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd >= 0 ? fd : -errno;
}

/*
 * Two daemons that start at once must not each take the other's new socket for a leftover, so the look and the take
 * happen under a lock of the directory. Its descriptor, or a negative errno.
 */
static int
lock_directory(const struct sockaddr_un *a)
{
	char path[sizeof(a->sun_path)];
	int fd, rc;

	strcpy(path, a->sun_path);
	fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

/* 0 when nobody answers at the address: a full queue of connections is an answer too. */
static int
check_silent(const struct sockaddr_un *a)
{
	int fd = open_socket();
	int rc = 0;

	if (fd < 0)
		return fd;
	if (connect(fd, (const struct sockaddr *)a, sizeof(*a)) == 0 || errno == EAGAIN)
		rc = -EADDRINUSE;
	else if (errno != ECONNREFUSED)
		rc = -errno;
	close(fd);
	return rc;
}

/* Make way for a new socket: what a daemon that was killed left behind is removed, anything else is not. */
static int
clear_leftover(const struct sockaddr_un *a)
{
	struct stat st;
	int rc;

	if (lstat(a->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	rc = check_silent(a);
	if (rc == 0 && unlink(a->sun_path) < 0)
		rc = -errno;
	return rc;
}

/* The file is the owner's alone until it has its group and mode; nobody is listened to before. */
static int
bind_file(int fd, const struct sockaddr_un *a, unsigned int mode, gid_t gid)
{
	mode_t old = umask(S_IXUSR | S_IRWXG | S_IRWXO);
	int rc = bind(fd, (const struct sockaddr *)a, sizeof(*a)) < 0 ? -errno : 0;

	umask(old);
	if (rc < 0)
		return rc;
	if ((gid == (gid_t)-1 || chown(a->sun_path, (uid_t)-1, gid) == 0) && chmod(a->sun_path, mode) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return 0;
	rc = -errno;
	unlink(a->sun_path);
	return rc;
}

static int
listen_at(const struct sockaddr_un *a, unsigned int mode, gid_t gid)
{
	int lock = lock_directory(a);
	int fd, rc;

	if (lock < 0)
		return lock;
	rc = clear_leftover(a);
	fd = rc == 0 ? open_socket() : rc;
	if (fd >= 0 && (rc = bind_file(fd, a, mode, gid)) < 0) {
		close(fd);
		fd = rc;
	}
	close(lock);
	return fd;
}

static const char *
reason_of(int rc)
{
	switch (rc) {
	case -EADDRINUSE:
		return "another process answers there";
	case -EEXIST:
		return "something else than a socket is there";
	case -ENAMETOOLONG:
		return "the path is too long for a socket";
	default:
		return strerror(-rc);
	}
}

int
rpc_listen(const char *path, unsigned int mode, const char *group)
{
	const struct group *g = NULL;
	struct sockaddr_un a;
	int fd = rpc_address(path, &a);

	if (group != NULL && group[0] != '\0' && (g = getgrnam(group)) == NULL) {
		log_write(LOG_ERROR, "rpc", "cannot listen: no such group path=%s group=%s", path, group);
		return -ENOENT;
	}
	if (fd == 0)
		fd = listen_at(&a, mode, g != NULL ? g->gr_gid : (gid_t)-1);
	if (fd < 0)
		log_write(LOG_ERROR, "rpc", "cannot listen: %s path=%s", reason_of(fd), path);
	return fd;
}
