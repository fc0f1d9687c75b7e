/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "tables.h"

_Static_assert(FWD_TABLE_NONE == FWD_VALUE_NONE, "a look-up hands the table's values on");

int
fwd_prefixes_init(struct fwd *f, const struct fwd_settings *s)
{
	struct fwd_prefixes *p = &f->prefixes;
	uint32_t lines = fwd_table_lines_for(s->prefixes);

	p->current = &p->tables[0];
	p->socket = s->socket;
	if (fwd_table_init(p->current, lines, s->prefixes, &s->secret, s->socket) < 0)
		return -ENOMEM;
	fwd_table_touch(p->current, 0, lines);
	return 0;
}

void
fwd_prefixes_fini(struct fwd *f)
{
	fwd_table_fini(&f->prefixes.tables[0]);
	fwd_table_fini(&f->prefixes.tables[1]);
}

bool
fwd_prefixes_turn(struct fwd *f)
{
	struct fwd_table *filling = fwd_prefixes_filling(f);
	bool waits = fwd_table_turn(f->prefixes.current);

	if (filling != NULL)
		waits |= fwd_table_turn(filling);
	return fwd_prefixes_move_turn(f) || waits;
}

int
fwd_prefix_reserve(struct fwd *f, uint32_t prefixes)
{
	struct fwd_table *t = f->prefixes.current;
	uint32_t lines = fwd_table_lines_for(prefixes);

	if (prefixes > FWD_PREFIX_MAX)
		return -EINVAL;
	if (prefixes <= fwd_prefix_capacity(f))
		return 0;
	if (lines > t->mask + 1)
		return fwd_prefixes_move(f, lines, prefixes);
	t->capacity = prefixes;
	return 0;
}

uint32_t
fwd_prefix_capacity(const struct fwd *f)
{
	return fwd_prefix_growing(f) ? f->prefixes.other->capacity : f->prefixes.current->capacity;
}

bool
fwd_prefix_growing(const struct fwd *f)
{
	return f->prefixes.growth == FWD_GROWTH_TOUCH || f->prefixes.growth == FWD_GROWTH_COPY;
}

/* The key of a /64, or 0 where p is none that the table can hold. */
static uint64_t
prefix_key(const struct addr_prefix *p)
{
	return p->len == 64 ? addr6_upper_be(&p->addr) : 0;
}

static bool
value_is_valid(uint64_t value)
{
	return value != FWD_VALUE_NONE && !(value & FWD_TABLE_MORE);
}

/* To both tables while there are two; the one that no worker sees yet is the first that may refuse. */
static int
entry_add(struct fwd *f, uint64_t key, uint64_t value)
{
	struct fwd_table *filling = fwd_prefixes_filling(f);
	int err = filling != NULL ? fwd_table_add(filling, key, value) : 0;

	if (err < 0)
		return err;
	err = fwd_table_add(f->prefixes.current, key, value);
	if (err < 0 && filling != NULL)
		fwd_table_del(filling, key);
	return err;
}

int
fwd_prefix_add(struct fwd *f, const struct addr_prefix *p, uint64_t value)
{
	uint64_t key = prefix_key(p);
	int err;

	if (key == 0 || !value_is_valid(value))
		return -EINVAL;
	err = entry_add(f, key, value);
	if (err != -EAGAIN)
		return err;
	fwd_reclaim_all(f);
	return entry_add(f, key, value);
}

int
fwd_prefix_replace(struct fwd *f, const struct addr_prefix *p, uint64_t value)
{
	struct fwd_table *filling = fwd_prefixes_filling(f);
	uint64_t key = prefix_key(p);

	if (key == 0 || !value_is_valid(value))
		return -EINVAL;
	if (filling != NULL)
		fwd_table_replace(filling, key, value); /* or it will be copied with this value */
	return fwd_table_replace(f->prefixes.current, key, value);
}

int
fwd_prefix_del(struct fwd *f, const struct addr_prefix *p)
{
	struct fwd_table *filling = fwd_prefixes_filling(f);
	uint64_t key = prefix_key(p);

	if (key == 0)
		return -EINVAL;
	if (filling != NULL)
		fwd_table_del(filling, key); /* or it will not be copied */
	return fwd_table_del(f->prefixes.current, key);
}

uint64_t
fwd_prefix_get(const struct fwd *f, const struct addr_prefix *p)
{
	uint64_t key = prefix_key(p);

	return key == 0 ? FWD_VALUE_NONE : fwd_table_get(f->prefixes.current, key);
}

uint32_t
fwd_prefix_count(const struct fwd *f)
{
	return f->prefixes.current->count;
}

void
fwd_prefix_find_bulk(const struct fwd *f, const uint64_t *keys_be, unsigned int n, uint64_t *values)
{
	/* Acquire: all of a table was written before it became the current one. */
	const struct fwd_table *t = __atomic_load_n(&f->prefixes.current, __ATOMIC_ACQUIRE);

	t->find_bulk(t, keys_be, n, values);
}
