/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table: each association by its way, SPI and destination, and those that are sent on by their addresses.
 */
#include "table.h"

#include <errno.h>
#include <stdlib.h>

struct ipsec *
ipsec_new(const struct ipsec_settings *s, int *error)
{
	struct ipsec *i = calloc(1, sizeof(*i));

	*error = -ENOMEM;
	if (i == NULL)
		return NULL;
	i->secret = s->secret;
	i->associations_max = s->associations_max;
	i->list = calloc(s->associations_max + 1, sizeof(i->list[0]));
	if (i->list != NULL && index_pool_init(&i->ids, s->associations_max) == 0 &&
	    index_map_init(&i->by_spi, s->associations_max) == 0 &&
	    index_map_init(&i->by_path, s->associations_max) == 0)
		*error = ipsec_device_init(&i->device, s->device, s->associations_max);
	if (*error == 0)
		return i;
	ipsec_free(i);
	return NULL;
}

void
ipsec_free(struct ipsec *i)
{
	if (i == NULL)
		return;
	for (uint32_t at = 0; i->list != NULL && at < i->associations_max; at++)
		ipsec_association_free(&i->device, i->list[at]);
	ipsec_device_fini(&i->device);
	index_map_fini(&i->by_path);
	index_map_fini(&i->by_spi);
	index_pool_fini(&i->ids);
	free(i->list);
	free(i);
}

static uint64_t
hash_spi(const struct ipsec *i, enum ipsec_way way, uint32_t spi, const struct addr6 *dst)
{
	return hash_bytes(&i->secret, dst, sizeof(*dst)) ^ hash_u64(&i->secret, (uint64_t)way << 32 | spi);
}

static uint64_t
hash_path(const struct ipsec *i, const struct addr6 *src, const struct addr6 *dst)
{
	const struct addr6 path[2] = {*src, *dst};

	return hash_bytes(&i->secret, path, sizeof(path));
}

static uint32_t
find_spi(const struct ipsec *i, enum ipsec_way way, uint32_t spi, const struct addr6 *dst)
{
	uint32_t at = index_map_first(&i->by_spi, hash_spi(i, way, spi, dst));

	while (at != INDEX_NONE &&
	       (i->list[at]->a.way != way || i->list[at]->a.spi != spi || !addr6_equal(&i->list[at]->a.dst, dst)))
		at = index_map_next(&i->by_spi, at);
	return at;
}

struct association *
ipsec_find_in(const struct ipsec *i, uint32_t spi, const struct addr6 *dst)
{
	uint32_t at = find_spi(i, IPSEC_IN, spi, dst);

	return at != INDEX_NONE ? i->list[at] : NULL;
}

struct association *
ipsec_find_out(const struct ipsec *i, const struct addr6 *src, const struct addr6 *dst)
{
	uint32_t at = index_map_first(&i->by_path, hash_path(i, src, dst));
	struct association *last = NULL;

	for (; at != INDEX_NONE; at = index_map_next(&i->by_path, at)) {
		struct association *sa = i->list[at];

		if (addr6_equal(&sa->a.src, src) && addr6_equal(&sa->a.dst, dst) &&
		    (last == NULL || sa->added > last->added))
			last = sa;
	}
	return last;
}

int
ipsec_add(struct ipsec *i, const struct ipsec_association *a, const struct ipsec_key *key)
{
	struct association *sa;
	uint32_t at;
	int error;

	if (find_spi(i, a->way, a->spi, &a->dst) != INDEX_NONE)
		return -EEXIST;
	if (index_pool_used(&i->ids) == i->associations_max)
		return -ENOSPC;
	sa = ipsec_association_new(&i->device, a, key, &error);
	if (sa == NULL)
		return error;
	sa->added = ++i->added;
	at = index_pool_take(&i->ids);
	i->list[at] = sa;
	index_map_add(&i->by_spi, at, hash_spi(i, a->way, a->spi, &a->dst));
	if (a->way == IPSEC_OUT)
		index_map_add(&i->by_path, at, hash_path(i, &a->src, &a->dst));
	return 0;
}

int
ipsec_del(struct ipsec *i, enum ipsec_way way, uint32_t spi, const struct addr6 *dst)
{
	uint32_t at = find_spi(i, way, spi, dst);

	if (at == INDEX_NONE)
		return -ENOENT;
	index_map_del(&i->by_spi, at);
	if (way == IPSEC_OUT)
		index_map_del(&i->by_path, at);
	ipsec_association_free(&i->device, i->list[at]);
	i->list[at] = NULL;
	index_pool_put(&i->ids, at);
	return 0;
}

bool
ipsec_next(const struct ipsec *i, uint32_t *at, struct ipsec_view *out)
{
	const struct association *sa;

	while (*at < i->associations_max && i->list[*at] == NULL)
		++*at;
	if (*at >= i->associations_max)
		return false;
	sa = i->list[*at];
	*out = (struct ipsec_view){.a = sa->a,
				   .packets = sa->packets,
				   .refused = sa->refused,
				   .ended = ipsec_association_ended(sa),
				   .low = ipsec_association_is_low(sa)};
	out->a.sequence = sa->a.way == IPSEC_OUT ? sa->a.sequence + sa->packets : sa->window.top;
	return true;
}

uint32_t
ipsec_count(const struct ipsec *i)
{
	return index_pool_used(&i->ids);
}
