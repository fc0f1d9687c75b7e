/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/index.h"

#include <errno.h>
#include <stdlib.h>

int
index_pool_init(struct index_pool *p, uint32_t capacity)
{
	*p = (struct index_pool){.capacity = capacity, .unused = capacity};
	p->ring = calloc(capacity, sizeof(*p->ring));
	p->taken = calloc(capacity, sizeof(*p->taken));
	if (p->ring == NULL || p->taken == NULL) {
		index_pool_fini(p);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < capacity; i++)
		p->ring[i] = i;
	return 0;
}

void
index_pool_fini(struct index_pool *p)
{
	free(p->ring);
	free(p->taken);
	*p = (struct index_pool){0};
}

uint32_t
index_pool_take(struct index_pool *p)
{
	uint32_t id;

	if (p->unused == 0)
		return INDEX_NONE;
	id = p->ring[p->head];
	p->head = p->head + 1 == p->capacity ? 0 : p->head + 1;
	p->unused--;
	p->taken[id] = 1;
	return id;
}

void
index_pool_put(struct index_pool *p, uint32_t id)
{
	uint64_t tail = (uint64_t)p->head + p->unused;

	if (!index_pool_is_taken(p, id))
		return;
	p->ring[tail < p->capacity ? tail : tail - p->capacity] = id;
	p->unused++;
	p->taken[id] = 0;
}

bool
index_pool_is_taken(const struct index_pool *p, uint32_t id)
{
	return id < p->capacity && p->taken[id] != 0;
}

uint32_t
index_pool_used(const struct index_pool *p)
{
	return p->capacity - p->unused;
}

int
index_map_init(struct index_map *m, uint32_t capacity)
{
	uint64_t buckets = 1;

	while (buckets < capacity)
		buckets <<= 1;
	*m = (struct index_map){.mask = (uint32_t)(buckets - 1), .capacity = capacity};
	m->head = calloc(buckets, sizeof(*m->head));
	m->next = calloc(capacity, sizeof(*m->next));
	m->hash = calloc(capacity, sizeof(*m->hash));
	if (m->head == NULL || m->next == NULL || m->hash == NULL) {
		index_map_fini(m);
		return -ENOMEM;
	}
	return 0;
}

void
index_map_fini(struct index_map *m)
{
	free(m->head);
	free(m->next);
	free(m->hash);
	*m = (struct index_map){0};
}

void
index_map_add(struct index_map *m, uint32_t id, uint64_t hash)
{
	uint32_t *head = &m->head[hash & m->mask];

	m->hash[id] = hash;
	m->next[id] = *head;
	*head = id + 1;
	m->count++;
}

void
index_map_del(struct index_map *m, uint32_t id)
{
	uint32_t *at = &m->head[m->hash[id] & m->mask];

	while (*at != 0 && *at != id + 1)
		at = &m->next[*at - 1];
	if (*at == 0)
		return;
	*at = m->next[id];
	m->count--;
}

/* The first with this hash from a link on; 0 - 1 is INDEX_NONE. */
static uint32_t
same_hash(const struct index_map *m, uint32_t link, uint64_t hash)
{
	while (link != 0 && m->hash[link - 1] != hash)
		link = m->next[link - 1];
	return link - 1;
}

uint32_t
index_map_first(const struct index_map *m, uint64_t hash)
{
	return same_hash(m, m->head[hash & m->mask], hash);
}

uint32_t
index_map_next(const struct index_map *m, uint32_t id)
{
	return same_hash(m, m->next[id], m->hash[id]);
}
