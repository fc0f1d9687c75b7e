/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Routes. Longest-prefix match cuts the addresses into ranges of one answer each, at most two a route and one more;
 * a commit sorts them into an array, and a look-up is a binary search whose steps are the same for a whole burst.
 * Ten routes are five steps in three cache lines; a hundred thousand are eighteen. (rte_lpm6 takes 64 MB a table,
 * two of them for a swap, and has no route of length 0.)
 *
 * There are FWD_RANGE_TABLES arrays; a commit fills a free one and publishes it, the old one is retired.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_malloc.h>

#include "tables.h"

typedef unsigned __int128 u128;

#define RANGES_MAX(routes) (2 * (size_t)(routes) + 1)

static u128
addr_number(const struct addr6 *a)
{
	uint64_t half[2];

	memcpy(half, a, sizeof(half));
	return (u128)rte_be_to_cpu_64(half[0]) << 64 | rte_be_to_cpu_64(half[1]);
}

/* The bits past a prefix of length len. */
static u128
host_bits(uint8_t len)
{
	return len < 128 ? ~(u128)0 >> len : 0;
}

static int
ranges_init(struct fwd_ranges *r, uint32_t routes, int socket)
{
	r->start = rte_malloc_socket("fwd routes", RANGES_MAX(routes) * sizeof(*r->start), RTE_CACHE_LINE_SIZE, socket);
	r->adjacency = rte_malloc_socket("fwd routes", RANGES_MAX(routes) * sizeof(*r->adjacency), RTE_CACHE_LINE_SIZE,
					 socket);
	if (r->start == NULL || r->adjacency == NULL)
		return -ENOMEM;
	r->start[0] = 0;
	r->adjacency[0] = FWD_NONE;
	r->count = 1;
	return 0;
}

int
fwd_routes_init(struct fwd *f, const struct fwd_settings *s)
{
	struct fwd_routes *r = &f->routes;
	size_t size = RTE_MAX(s->routes, 1u) * sizeof(*r->routes);

	if (fwd_ids_init(&r->ids, FWD_RANGE_TABLES, s->socket) < 0 || index_pool_init(&r->pool, s->routes) < 0 ||
	    index_map_init(&r->by_prefix, s->routes) < 0)
		return -ENOMEM;
	for (unsigned int i = 0; i < FWD_RANGE_TABLES; i++)
		if (ranges_init(&r->ranges[i], s->routes, s->socket) < 0)
			return -ENOMEM;
	r->routes = rte_malloc_socket("fwd routes", size, 0, s->socket);
	r->sorted = rte_malloc_socket("fwd routes", size, 0, s->socket);
	if (r->routes == NULL || r->sorted == NULL)
		return -ENOMEM;
	r->current = &r->ranges[fwd_ids_take(&r->ids)];
	return 0;
}

void
fwd_routes_fini(struct fwd *f)
{
	struct fwd_routes *r = &f->routes;

	rte_free(r->sorted);
	rte_free(r->routes);
	for (unsigned int i = 0; i < FWD_RANGE_TABLES; i++) {
		rte_free(r->ranges[i].adjacency);
		rte_free(r->ranges[i].start);
	}
	index_map_fini(&r->by_prefix);
	index_pool_fini(&r->pool);
	fwd_ids_fini(&r->ids);
}

bool
fwd_routes_turn(struct fwd *f)
{
	return fwd_ids_turn(&f->routes.ids);
}

static uint64_t
route_hash(const struct fwd *f, const struct addr_prefix *p)
{
	return hash_bytes(&f->secret, p, sizeof(*p));
}

static uint32_t
route_lookup(const struct fwd *f, const struct addr_prefix *p, uint64_t hash)
{
	const struct index_map *m = &f->routes.by_prefix;

	for (uint32_t id = index_map_first(m, hash); id != INDEX_NONE; id = index_map_next(m, id))
		if (addr_prefix_equal(&f->routes.routes[id].prefix, p))
			return id;
	return INDEX_NONE;
}

int
fwd_route_add(struct fwd *f, const struct addr_prefix *p, uint32_t adjacency)
{
	struct fwd_routes *r = &f->routes;
	uint64_t hash = route_hash(f, p);
	struct addr_prefix masked;
	uint32_t id;

	if (p->len > 128)
		return -EINVAL;
	masked = addr_prefix_mask(&p->addr, p->len);
	if (!addr_prefix_equal(&masked, p))
		return -EINVAL;
	id = route_lookup(f, p, hash);
	if (id == INDEX_NONE) {
		id = index_pool_take(&r->pool);
		if (id == INDEX_NONE)
			return -ENOSPC;
		index_map_add(&r->by_prefix, id, hash);
	}
	r->routes[id] = (struct fwd_route){*p, adjacency};
	return 0;
}

int
fwd_route_del(struct fwd *f, const struct addr_prefix *p)
{
	uint32_t id = route_lookup(f, p, route_hash(f, p));

	if (id == INDEX_NONE)
		return -ENOENT;
	index_map_del(&f->routes.by_prefix, id);
	index_pool_put(&f->routes.pool, id);
	return 0;
}

/* By first address, and of those that begin together the one that holds the others first. */
static int
route_compare(const void *a, const void *b)
{
	const struct fwd_route *x = a, *y = b;
	int order = memcmp(&x->prefix.addr, &y->prefix.addr, sizeof(x->prefix.addr));

	return order != 0 ? order : (int)x->prefix.len - (int)y->prefix.len;
}

static uint32_t
routes_sort(struct fwd_routes *r)
{
	uint32_t n = 0;

	for (uint32_t id = 0; id < r->pool.capacity; id++)
		if (index_pool_is_taken(&r->pool, id))
			r->sorted[n++] = r->routes[id];
	qsort(r->sorted, n, sizeof(*r->sorted), route_compare);
	return n;
}

/* From start on the answer is adjacency. Starts never fall. */
static void
ranges_append(struct fwd_ranges *out, u128 start, uint32_t adjacency)
{
	if (out->start[out->count - 1] == start)
		out->count--;
	if (out->count > 0 && out->adjacency[out->count - 1] == adjacency)
		return;
	out->start[out->count] = start;
	out->adjacency[out->count] = adjacency;
	out->count++;
}

/* Sweep over the sorted routes; open are those that hold the address the sweep has come to, the longest last. */
static void
ranges_build(struct fwd_ranges *out, const struct fwd_route *sorted, uint32_t n)
{
	struct {
		u128 last;
		uint32_t adjacency;
	} open[1 + 129] = {{~(u128)0, FWD_NONE}};
	unsigned int depth = 0;

	out->start[0] = 0;
	out->adjacency[0] = FWD_NONE;
	out->count = 1;
	for (uint32_t i = 0; i <= n; i++) {
		u128 first = i < n ? addr_number(&sorted[i].prefix.addr) : ~(u128)0;

		for (; depth > 0 && open[depth].last < first; depth--)
			ranges_append(out, open[depth].last + 1, open[depth - 1].adjacency);
		if (i == n)
			break;
		depth++;
		open[depth].last = first | host_bits(sorted[i].prefix.len);
		open[depth].adjacency = sorted[i].adjacency;
		ranges_append(out, first, sorted[i].adjacency);
	}
}

static void
own_build(struct fwd_own *out, const struct fwd_route *sorted, uint32_t n)
{
	*out = (struct fwd_own){.filter = 0};
	for (uint32_t i = 0; i < n; i++) {
		const struct addr_prefix *p = &sorted[i].prefix;

		if (sorted[i].adjacency != FWD_ROUTE_LOCAL)
			continue;
		if (p->len == 128 && out->count < FWD_OWN_MAX)
			out->address[out->count++] = p->addr;
		else
			out->more = true;
		out->filter |= out->more ? UINT64_MAX : fwd_own_bit(addr6_upper_be(&p->addr));
	}
}

int
fwd_route_commit(struct fwd *f)
{
	struct fwd_routes *r = &f->routes;
	const struct fwd_ranges *old = r->current;
	uint32_t id = fwd_take(f, &r->ids), n;

	if (id == FWD_IDS_NONE)
		return -EAGAIN;
	n = routes_sort(r);
	ranges_build(&r->ranges[id], r->sorted, n);
	own_build(&r->ranges[id].own, r->sorted, n);
	__atomic_store_n(&r->current, &r->ranges[id], __ATOMIC_RELEASE);
	fwd_ids_retire(&r->ids, old - r->ranges);
	return 0;
}

const struct fwd_own *
fwd_own_get(const struct fwd *f)
{
	return &__atomic_load_n(&f->routes.current, __ATOMIC_ACQUIRE)->own;
}

void
fwd_route_find_bulk(const struct fwd *f, const struct addr6 *dst, unsigned int n, uint32_t *adjacency)
{
	const struct fwd_ranges *r = __atomic_load_n(&f->routes.current, __ATOMIC_ACQUIRE);
	u128 key[FWD_BURST_MAX];
	uint32_t at[FWD_BURST_MAX]; /* where the ranges that are left begin; a step halves their number */

	for (unsigned int i = 0; i < n; i++) {
		key[i] = addr_number(&dst[i]);
		at[i] = 0;
	}
	for (uint32_t left = r->count; left > 1; left -= left / 2)
		for (unsigned int i = 0; i < n; i++)
			at[i] += r->start[at[i] + left / 2] <= key[i] ? left / 2 : 0;
	for (unsigned int i = 0; i < n; i++)
		adjacency[i] = r->adjacency[at[i]];
}

uint32_t
fwd_route_find(const struct fwd *f, const struct addr6 *dst)
{
	uint32_t adjacency;

	fwd_route_find_bulk(f, dst, 1, &adjacency);
	return adjacency;
}
