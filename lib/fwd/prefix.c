/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "tables.h"

_Static_assert(FWD_TABLE_NONE == FWD_VALUE_NONE, "a look-up hands the table's values on");

int
fwd_prefixes_init(struct fwd *f, const struct fwd_settings *s)
{
	return fwd_table_init(&f->prefixes, fwd_table_lines_for(s->prefixes), s->prefixes, &s->secret, s->socket);
}

void
fwd_prefixes_fini(struct fwd *f)
{
	fwd_table_fini(&f->prefixes);
}

bool
fwd_prefixes_turn(struct fwd *f)
{
	return fwd_table_turn(&f->prefixes);
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

int
fwd_prefix_add(struct fwd *f, const struct addr_prefix *p, uint64_t value)
{
	uint64_t key = prefix_key(p);
	int err;

	if (key == 0 || !value_is_valid(value))
		return -EINVAL;
	err = fwd_table_add(&f->prefixes, key, value);
	if (err != -EAGAIN)
		return err;
	fwd_reclaim_all(f);
	return fwd_table_add(&f->prefixes, key, value);
}

int
fwd_prefix_replace(struct fwd *f, const struct addr_prefix *p, uint64_t value)
{
	uint64_t key = prefix_key(p);

	return key == 0 || !value_is_valid(value) ? -EINVAL : fwd_table_replace(&f->prefixes, key, value);
}

int
fwd_prefix_del(struct fwd *f, const struct addr_prefix *p)
{
	uint64_t key = prefix_key(p);

	return key == 0 ? -EINVAL : fwd_table_del(&f->prefixes, key);
}

uint64_t
fwd_prefix_get(const struct fwd *f, const struct addr_prefix *p)
{
	uint64_t key = prefix_key(p);

	return key == 0 ? FWD_VALUE_NONE : fwd_table_get(&f->prefixes, key);
}

uint32_t
fwd_prefix_count(const struct fwd *f)
{
	return f->prefixes.count;
}

void
fwd_prefix_find_bulk(const struct fwd *f, const uint64_t *keys_be, unsigned int n, uint64_t *values)
{
	f->prefixes.find_bulk(&f->prefixes, keys_be, n, values);
}
