/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Another table of prefixes while workers read this one. The other is made and filled in slices, a slice a turn of the
 * control lcore; meanwhile each change goes to both, so that the other has no entry that the current one has not, and
 * in the end all of them. Then one store makes it the current one. The old table goes when no worker reads it any more.
 *
 * No worker knows the other table before it is complete: nothing of it is freed or overwritten under a reader.
 */
#include <errno.h>

#include "tables.h"

/* Some ten microseconds to a hundred of the control lcore. */
#define TOUCH_LINES 16384 /* 1 MiB, and their notes */
#define COPY_LINES  256

struct fwd_table *
fwd_prefixes_filling(struct fwd *f)
{
	return f->prefixes.growth == FWD_GROWTH_COPY ? f->prefixes.other : NULL;
}

static void
drop_other(struct fwd_prefixes *p)
{
	fwd_table_fini(p->other);
	p->growth = FWD_GROWTH_NONE;
}

int
fwd_prefixes_move(struct fwd *f, uint32_t lines, uint32_t capacity)
{
	struct fwd_prefixes *p = &f->prefixes;

	if (p->growth != FWD_GROWTH_NONE)
		return -EAGAIN;
	p->other = p->current == &p->tables[0] ? &p->tables[1] : &p->tables[0];
	if (fwd_table_init(p->other, lines, capacity, &f->secret, p->socket) < 0) {
		drop_other(p);
		return -ENOMEM;
	}
	p->growth = FWD_GROWTH_TOUCH;
	p->at = 0;
	return 0;
}

/* The number of lines of a slice of t at most n long; 0: the last one was the last. */
static uint32_t
slice(const struct fwd_table *t, uint32_t at, uint32_t n)
{
	return RTE_MIN(t->mask + 1 - at, n);
}

/* 0, or why an entry does not go into the other table; those that it has are copied again without harm. */
static int
copy_line(struct fwd_prefixes *p, uint32_t at)
{
	const struct fwd_table_line *line = &p->current->lines[at];

	for (unsigned int slot = 0; slot < FWD_TABLE_SLOTS; slot++) {
		int err;

		if (line->key[slot] == 0)
			continue;
		err = fwd_table_add(p->other, line->key[slot], line->value[slot] & ~FWD_TABLE_MORE);
		if (err < 0 && err != -EEXIST)
			return err;
	}
	return 0;
}

static void
copy_slice(struct fwd_prefixes *p)
{
	uint32_t end = p->at + slice(p->current, p->at, COPY_LINES);
	int err = 0;

	while (p->at < end && err == 0) {
		err = copy_line(p, p->at);
		p->at += err == 0;
	}
	if (err == -ENOSPC) { /* a chain is too long, which no reader may meet: all stays as it is */
		drop_other(p);
	} else if (p->at > p->current->mask) {
		struct fwd_table *old = p->current;

		__atomic_store_n(&p->current, p->other, __ATOMIC_RELEASE);
		p->other = old;
		p->growth = FWD_GROWTH_RETIRED;
	}
}

void
fwd_prefixes_step(struct fwd *f)
{
	struct fwd_prefixes *p = &f->prefixes;

	if (p->growth == FWD_GROWTH_TOUCH) {
		uint32_t n = slice(p->other, p->at, TOUCH_LINES);

		fwd_table_touch(p->other, p->at, n);
		p->at += n;
		if (p->at > p->other->mask) {
			p->growth = FWD_GROWTH_COPY;
			p->at = 0;
		}
	} else if (p->growth == FWD_GROWTH_COPY) {
		copy_slice(p);
	}
}

bool
fwd_prefixes_move_turn(struct fwd *f)
{
	struct fwd_prefixes *p = &f->prefixes;

	if (p->growth == FWD_GROWTH_WAITING)
		drop_other(p);
	else if (p->growth == FWD_GROWTH_RETIRED)
		p->growth = FWD_GROWTH_WAITING;
	return p->growth == FWD_GROWTH_WAITING;
}
