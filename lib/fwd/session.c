/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Session lines: each at home, at the place of its index, so that a worker can fetch it before it knows anything of it.
 * A line is never written while a worker can see it: one that is replaced stands in a spare place until no worker looks
 * at the old one any more, and then comes home.
 */
#include <errno.h>

#include <rte_malloc.h>

#include "fwd/memory.h"
#include "tables.h"

static uint32_t
place_count(const struct fwd_sessions *s)
{
	return 1 + s->capacity + FWD_SPARE(s->capacity);
}

/* Places of spare lines are numbered behind all homes. */
static uint32_t
place_of_spare(const struct fwd_sessions *s, uint32_t spare)
{
	return 1 + s->capacity + spare;
}

int
fwd_sessions_init(struct fwd *f, const struct fwd_settings *settings)
{
	struct fwd_sessions *s = &f->sessions;
	const uint32_t spares = FWD_SPARE(settings->sessions);

	s->capacity = settings->sessions;
	if (fwd_ids_init(&s->spares, spares, settings->socket) < 0 ||
	    fwd_ids_init(&s->left, spares, settings->socket) < 0)
		return -ENOMEM;
	while (fwd_ids_take(&s->left) != FWD_IDS_NONE)
		;
	s->index = rte_malloc_socket("fwd sessions", spares * sizeof(*s->index), 0, settings->socket);
	s->line = fwd_memory_new(place_count(s) * sizeof(*s->line), settings->socket);
	if (s->index == NULL || s->line == NULL)
		return -ENOMEM;
	fwd_memory_touch(s->line, place_count(s) * sizeof(*s->line));
	f->read.session = (struct fwd_homes){.line = s->line, .capacity = s->capacity};
	return 0;
}

void
fwd_sessions_fini(struct fwd *f)
{
	struct fwd_sessions *s = &f->sessions;

	fwd_memory_free(s->line, place_count(s) * sizeof(*s->line));
	s->line = NULL;
	rte_free(s->index);
	fwd_ids_fini(&s->left);
	fwd_ids_fini(&s->spares);
}

/* From now on the line of the home is the one at a place, which is written. */
static void
publish(struct fwd_session_line *home, uint32_t place)
{
	__atomic_store_n(&home->place, place, __ATOMIC_RELEASE);
}

/* No worker looks at the line at home any more. */
static void
come_home(struct fwd_sessions *s, uint32_t index)
{
	struct fwd_session_line *home = &s->line[1 + index];
	uint32_t spare = home->place;

	home->session = s->line[spare].session;
	publish(home, 1 + index);
	fwd_ids_retire(&s->spares, spare - place_of_spare(s, 0));
}

bool
fwd_sessions_turn(struct fwd *f)
{
	struct fwd_sessions *s = &f->sessions;
	bool waits = fwd_ids_turn(&s->left);
	uint32_t spare;

	/* First: spares are given to nobody before those that left home for them are back. */
	while ((spare = fwd_ids_take(&s->left)) != FWD_IDS_NONE)
		come_home(s, s->index[spare]);
	return fwd_ids_turn(&s->spares) || waits;
}

/* Away from home, or from another spare place. */
static int
move(struct fwd *f, uint32_t index, const struct fwd_session *line)
{
	struct fwd_sessions *s = &f->sessions;
	struct fwd_session_line *home = &s->line[1 + index];
	uint32_t spare = fwd_take(f, &s->spares);
	uint32_t old = home->place; /* fwd_take may have let it come home */

	if (spare == FWD_IDS_NONE)
		return -EAGAIN;
	s->line[place_of_spare(s, spare)].session = *line;
	publish(home, place_of_spare(s, spare));
	if (old == 1 + index) {
		s->index[spare] = index;
		fwd_ids_retire(&s->left, spare);
	} else {
		fwd_ids_retire(&s->spares, old - place_of_spare(s, 0));
	}
	return 0;
}

int
fwd_session_set(struct fwd *f, uint32_t id, const struct fwd_session *line)
{
	struct fwd_session_line *home;

	if (id >= f->sessions.capacity)
		return -ERANGE;
	home = &f->sessions.line[1 + id];
	if (home->place != 0)
		return move(f, id, line);
	home->session = *line;
	publish(home, 1 + id);
	return 0;
}
