/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Tables without pointers, for engines whose memory is bounded at creation.
 *
 * struct index_pool gives out ids 0..capacity-1; the id that was put back longest ago is taken next.
 * struct index_map finds ids by hash; the caller keeps the keys and compares them:
 *
 *	for (id = index_map_first(&m, h); id != INDEX_NONE; id = index_map_next(&m, id))
 *		if (addr_prefix_equal(&sessions[id].hnp, key))
 *			return &sessions[id];
 *
 * Several ids may have the same hash or key; they come in the order of their adding, newest first.
 * Not thread safe. Memory is allocated by init alone.
 */
#include <stdbool.h>
#include <stdint.h>

#define INDEX_NONE UINT32_MAX

struct index_pool {
	uint32_t *ring; /* free ids */
	uint8_t *taken; /* one byte an id */
	uint32_t capacity;
	uint32_t head;	 /* next to be taken */
	uint32_t unused; /* how many are free */
};

int index_pool_init(struct index_pool *p, uint32_t capacity); /* 0 or -ENOMEM */
void index_pool_fini(struct index_pool *p);
/* A free id, or INDEX_NONE when all are taken. */
uint32_t index_pool_take(struct index_pool *p);
/* Give back an id that was taken. */
void index_pool_put(struct index_pool *p, uint32_t id);
bool index_pool_is_taken(const struct index_pool *p, uint32_t id);
/* How many ids are taken. */
uint32_t index_pool_used(const struct index_pool *p);

struct index_map {
	uint32_t *head; /* by bucket: an id + 1, or 0: buckets that were never used are memory that was never touched */
	uint32_t *next; /* by id: the same */
	uint64_t *hash; /* by id */
	uint32_t mask;
	uint32_t capacity;
	uint32_t count;
};

int index_map_init(struct index_map *m, uint32_t capacity); /* 0 or -ENOMEM */
void index_map_fini(struct index_map *m);
/* What a look-up will read first is fetched: nothing waits for it. */
static inline void
index_map_ahead(const struct index_map *m, uint64_t hash)
{
	__builtin_prefetch(&m->head[hash & m->mask]);
}

/* And then the hash of the id that it will look at first: that id, or INDEX_NONE. It may be another's. */
static inline uint32_t
index_map_guess(const struct index_map *m, uint64_t hash)
{
	uint32_t id = m->head[hash & m->mask] - 1;

	if (id != INDEX_NONE)
		__builtin_prefetch(&m->hash[id]);
	return id;
}

/* Add id (< capacity, not in the map). */
void index_map_add(struct index_map *m, uint32_t id, uint64_t hash);
/* Take out id, which is in the map. */
void index_map_del(struct index_map *m, uint32_t id);
/* The first id with this hash, or INDEX_NONE. */
uint32_t index_map_first(const struct index_map *m, uint64_t hash);
/* The next id with the hash of id, or INDEX_NONE. */
uint32_t index_map_next(const struct index_map *m, uint32_t id);
