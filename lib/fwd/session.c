/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "tables.h"

int
fwd_sessions_init(struct fwd *f, const struct fwd_settings *s)
{
	static const struct fwd_session unused;

	return fwd_lines_init(&f->sessions, &f->read.session, s->sessions, sizeof(unused), &unused, s->socket);
}

void
fwd_sessions_fini(struct fwd *f)
{
	fwd_lines_fini(&f->sessions);
}

bool
fwd_sessions_turn(struct fwd *f)
{
	return fwd_lines_turn(&f->sessions);
}

int
fwd_session_set(struct fwd *f, uint32_t id, const struct fwd_session *line)
{
	return id < f->read.session.capacity ? fwd_set(f, &f->sessions, id, line) : -ERANGE;
}
