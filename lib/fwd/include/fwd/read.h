/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The inline readers of fwd/fwd.h, which includes this; and what they must know of struct fwd.
 *
 * A table of lines that are replaced whole: a line is never written while a worker can see it. The writer fills
 * a free line of the pool and publishes its number by one store; workers see the old line or the new one.
 */
#include <stdint.h>

struct fwd_lines {
	const uint8_t *pool;  /* line 0 is what an unused index has */
	const uint32_t *line; /* by index: where its line is in the pool */
	uint32_t capacity;    /* indexes */
};

/*
 * A table of so many sessions that the numbers of their lines would not fit the caches: the number stands with the line
 * that has the index's own place, its home, where the line is itself but for moments after it was replaced.
 */
struct fwd_session_line {
	uint32_t place; /* of a home: where its index's line is; 0: not in use */
	struct fwd_session session;
} __attribute__((aligned(32)));
_Static_assert(sizeof(struct fwd_session_line) == 32, "a session is half a cache line");

struct fwd_homes {
	const struct fwd_session_line *line; /* 0 is what an unused index has, 1.. are homes */
	uint32_t capacity;		     /* indexes */
};

/* What stands first in struct fwd; written by fwd_new alone. */
struct fwd_read {
	struct fwd_homes session;
	struct fwd_lines tunnel, adjacency, flows;
};

static inline const void *
fwd_lines_get(const struct fwd_lines *l, uint32_t index, size_t size)
{
	/* Acquire: the line's bytes were written before its number was. */
	size_t at = index < l->capacity ? __atomic_load_n(&l->line[index], __ATOMIC_ACQUIRE) : 0;

	return l->pool + at * size;
}

static inline const struct fwd_session_line *
fwd_session_home(const struct fwd *f, uint32_t id)
{
	const struct fwd_homes *h = &((const struct fwd_read *)f)->session;

	return &h->line[id < h->capacity ? 1 + id : 0];
}

static inline void
fwd_session_prefetch(const struct fwd *f, uint32_t id)
{
	__builtin_prefetch(fwd_session_home(f, id), 0, 2);
}

static inline const struct fwd_session *
fwd_session_get(const struct fwd *f, uint32_t id)
{
	const struct fwd_session_line *home = fwd_session_home(f, id);
	/* Acquire: the line's bytes were written before its place was. */
	uint32_t place = __atomic_load_n(&home->place, __ATOMIC_ACQUIRE);

	return &((const struct fwd_read *)f)->session.line[place].session;
}

static inline const struct fwd_tunnel *
fwd_tunnel_get(const struct fwd *f, uint32_t tunnel)
{
	return fwd_lines_get(&((const struct fwd_read *)f)->tunnel, tunnel, sizeof(struct fwd_tunnel));
}

static inline const struct fwd_adjacency *
fwd_adjacency_get(const struct fwd *f, uint32_t id)
{
	return fwd_lines_get(&((const struct fwd_read *)f)->adjacency, id, sizeof(struct fwd_adjacency));
}

/* The bit of a /64 in the filter: the product's highest bits depend on all of the key's. */
static inline uint64_t
fwd_own_bit(uint64_t upper_be)
{
	return UINT64_C(1) << (upper_be * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

static inline bool
fwd_own_near(const struct fwd_own *o, uint64_t upper_be)
{
	if (__builtin_expect(!(o->filter & fwd_own_bit(upper_be)), 1))
		return false;
	for (uint32_t i = 0; i < o->count; i++)
		if (addr6_upper_be(&o->address[i]) == upper_be)
			return true;
	return o->more;
}

static inline bool
fwd_own_holds(const struct fwd_own *o, const struct addr6 *a)
{
	for (uint32_t i = 0; i < o->count; i++)
		if (addr6_equal(&o->address[i], a))
			return true;
	return false;
}
