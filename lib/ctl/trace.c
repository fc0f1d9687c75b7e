/* SPDX-License-Identifier: BSD-3-Clause */
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_cycles.h>

#define TRACE_NS 1000000000ull /* in a second */
#define BURSTS	 8	       /* of a worker in a turn: as much as its ring holds */

int
ctl_trace_init(struct ctl *c)
{
	c->traces = calloc(1, sizeof(*c->traces));
	return c->traces != NULL ? 0 : -ENOMEM;
}

static bool
is_running(const struct ctl_trace *t)
{
	return t->out != NULL;
}

static void
close_file(struct ctl_trace *t)
{
	close(t->out->fd);
	free(t->out);
	t->out = NULL;
}

void
ctl_trace_fini(struct ctl *c)
{
	for (unsigned int i = 0; c->traces != NULL && i < PATH_TRACE_MAX; i++) {
		struct ctl_trace *t = &c->traces->trace[i];

		if (is_running(t)) {
			ctl_pcapng_flush(t->out);
			close_file(t);
		}
	}
	free(c->traces);
}

bool
ctl_trace_is_running(const struct ctl *c)
{
	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++)
		if (is_running(&c->traces->trace[i]))
			return true;
	return c->traces->dirty;
}

/* Where a worker has not taken up the change before, the next turn tries again. */
static void
tell_workers(struct ctl *c)
{
	struct path_trace_filter wanted[PATH_TRACE_MAX];

	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++) {
		wanted[i] = c->traces->trace[i].wish.filter;
		wanted[i].on = is_running(&c->traces->trace[i]);
	}
	c->traces->dirty = path_trace_set(c->s.path, wanted) < 0;
}

/* The place of the one that ended first, or that none had yet. */
static struct ctl_trace *
free_place(struct ctl_traces *all)
{
	struct ctl_trace *best = NULL;

	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++)
		if (!is_running(&all->trace[i]) && (best == NULL || all->trace[i].number < best->number))
			best = &all->trace[i];
	return best;
}

/* An interface each port, and one for packets that were made here. */
static void
begin_file(const struct ctl *c, struct ctl_pcapng *out, int fd)
{
	const char *names[PATH_PORT_MAX + 1];
	unsigned int n = 0;

	for (; n < c->s.port_count; n++)
		names[n] = c->s.ports[n].name;
	names[n++] = c->s.name;
	ctl_pcapng_begin(out, fd, c->s.version, names, n);
}

const char *
ctl_trace_directory(const struct ctl *c, char buf[CTL_TRACE_FILE])
{
	const char *socket = c->s.socket_path, *slash = strrchr(socket, '/');

	if (c->s.trace_directory != NULL && c->s.trace_directory[0] != '\0')
		return c->s.trace_directory;
	snprintf(buf, CTL_TRACE_FILE, "%.*s", slash != NULL ? (int)(slash - socket) : 1, slash != NULL ? socket : ".");
	return buf[0] != '\0' ? buf : "/";
}

/*
 * A new file in the folder for traces and nowhere else: who may use the control socket does not write with the daemon's
 * rights where it pleases. The socket's group may read it.
 */
static int
open_file(const struct ctl *c, const char *path)
{
	const char *slash = strrchr(path, '/');
	char buf[CTL_TRACE_FILE];
	struct stat door;
	int folder = open(ctl_trace_directory(c, buf), O_PATH | O_DIRECTORY | O_CLOEXEC), fd;

	if (folder < 0)
		return -errno;
	fd = openat(folder, slash + 1, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	fd = fd < 0 ? -errno : fd;
	close(folder);
	if (fd >= 0 && stat(c->s.socket_path, &door) == 0)
		(void)!fchown(fd, (uid_t)-1, door.st_gid);
	return fd;
}

int
ctl_trace_start(struct ctl *c, const struct ctl_trace_wish *wish, struct ctl_trace **out)
{
	struct ctl_trace *t = free_place(c->traces);
	struct ctl_pcapng *file;
	int fd;

	if (t == NULL)
		return -EBUSY;
	file = malloc(sizeof(*file));
	if (file == NULL)
		return -ENOMEM;
	fd = open_file(c, wish->file);
	if (fd < 0) {
		free(file);
		return fd;
	}
	begin_file(c, file, fd);
	*t = (struct ctl_trace){.number = ++c->traces->number,
				.wish = *wish,
				.began_ms = c->now.mono_ms,
				.began_tsc = rte_rdtsc(),
				.lost_before = path_trace_lost(c->s.path, (unsigned int)(t - c->traces->trace)),
				.out = file};
	tell_workers(c);
	*out = t;
	return 0;
}

static void
look_at_lost(struct ctl *c, struct ctl_trace *t)
{
	t->lost = path_trace_lost(c->s.path, (unsigned int)(t - c->traces->trace)) - t->lost_before;
}

void
ctl_trace_stop(struct ctl *c, struct ctl_trace *t, const char *why)
{
	int rc = ctl_pcapng_flush(t->out);

	look_at_lost(c, t);
	t->bytes = t->out->bytes;
	t->why = rc < 0 ? "write-error" : why;
	close_file(t);
	tell_workers(c);
	ctl_event(c, CTL_EVENT_TRACE_ENDED, "ctl",
		  json_pack("{s:i, s:s, s:s, s:I, s:I, s:I}", "trace", (int)t->number, "file", t->wish.file, "why",
			    t->why, "packets", (json_int_t)t->packets, "bytes", (json_int_t)t->bytes, "lost",
			    (json_int_t)t->lost),
		  "trace %u ended why=%s file=%s packets=%llu lost=%llu", t->number, t->why, t->wish.file,
		  (unsigned long long)t->packets, (unsigned long long)t->lost);
}

/* Wall time of a moment that is a little while ago. */
static uint64_t
wall_ns_of(const struct ctl *c, uint64_t tsc, uint64_t now_tsc)
{
	uint64_t ago = now_tsc > tsc ? now_tsc - tsc : 0, hz = rte_get_tsc_hz();

	return (c->now.wall >> 16) * TRACE_NS + ((c->now.wall & 0xffff) * TRACE_NS >> 16) -
	       (ago / hz * TRACE_NS + ago % hz * TRACE_NS / hz);
}

static unsigned int
interface_of(const struct ctl *c, const struct path_trace_record *r)
{
	uint16_t port = r->end == PATH_SENT ? r->out : r->in;

	for (unsigned int i = 0; i < c->s.port_count; i++)
		if (c->s.ports[i].id == port)
			return i;
	return c->s.port_count;
}

static void
write_packet(struct ctl *c, struct ctl_trace *t, const struct ctl_pcapng_packet *p)
{
	if (t->packets == t->wish.packets) /* the one that ends it has come already */
		return;
	if (t->out->bytes + p->len + CTL_PCAPNG_COMMENT > t->wish.bytes) {
		ctl_trace_stop(c, t, "bytes");
		return;
	}
	ctl_pcapng_packet(t->out, p);
	t->packets++;
	t->bytes = t->out->bytes;
	if (t->packets == t->wish.packets)
		ctl_trace_stop(c, t, "packets");
}

static void
take(struct ctl *c, const struct rte_mbuf *m, uint64_t now_tsc)
{
	const struct path_trace_record *r = path_trace_record_of(m);
	char comment[PATH_TRACE_TEXT];
	const struct ctl_pcapng_packet p = {.interface = interface_of(c, r),
					    .outbound = r->end == PATH_SENT,
					    .wall_ns = wall_ns_of(c, r->tsc, now_tsc),
					    .data = rte_pktmbuf_mtod(m, const uint8_t *),
					    .len = rte_pktmbuf_data_len(m),
					    .whole = r->len,
					    .comment = path_trace_format(r, comment)};

	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++) {
		struct ctl_trace *t = &c->traces->trace[i];

		/* What an earlier trace of this place wanted may still be on its way. */
		if ((r->wanted >> i & 1) && is_running(t) && r->tsc >= t->began_tsc)
			write_packet(c, t, &p);
	}
}

static unsigned int
drain(struct ctl *c, unsigned int worker, uint64_t now_tsc)
{
	struct rte_mbuf *m[CTL_BURST];
	unsigned int n = path_trace_dequeue(c->s.path, worker, m, CTL_BURST);

	for (unsigned int i = 0; i < n; i++) {
		take(c, m[i], now_tsc);
		path_mbuf_free(m[i]);
	}
	return n;
}

void
ctl_trace_turn(struct ctl *c)
{
	uint64_t now_tsc = rte_rdtsc();

	if (c->traces->dirty)
		tell_workers(c);
	for (unsigned int w = 0; w < c->s.workers; w++)
		for (unsigned int bursts = 0; bursts < BURSTS && drain(c, w, now_tsc) > 0; bursts++)
			;
	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++) {
		struct ctl_trace *t = &c->traces->trace[i];

		if (!is_running(t))
			continue;
		look_at_lost(c, t);
		if (ctl_pcapng_flush(t->out) < 0)
			ctl_trace_stop(c, t, "write-error");
		else if (c->now.mono_ms - t->began_ms >= t->wish.seconds * 1000)
			ctl_trace_stop(c, t, "seconds");
	}
}
