/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Free prefixes stand in a ring of places, linked both ways so that any of them can be taken out: the head is
 * the longest free. Place `total` is the ring's anchor.
 */
#include "pmip/pool.h"

#include <errno.h>
#include <stdlib.h>

#define TAKEN UINT32_MAX

struct pmip_pool_place {
	uint32_t next, prev; /* next is TAKEN while the prefix is */
};

static void
unlink_place(struct pmip_pool *p, uint32_t i)
{
	struct pmip_pool_place *at = &p->place[i];

	p->place[at->prev].next = at->next;
	p->place[at->next].prev = at->prev;
	at->next = TAKEN;
	p->used++;
}

static void
link_last(struct pmip_pool *p, uint32_t i)
{
	uint32_t last = p->place[p->total].prev;

	p->place[i] = (struct pmip_pool_place){.next = p->total, .prev = last};
	p->place[last].next = i;
	p->place[p->total].prev = i;
}

/* Prefix number i: its bits stand between the block's length and the prefix's, within the upper 64. */
static struct addr_prefix
prefix_at(const struct pmip_pool *p, uint32_t i)
{
	struct addr_prefix out = {.addr = p->block.addr, .len = p->len};
	uint64_t bits = p->len < 64 ? (uint64_t)i << (64 - p->len) : i;

	for (unsigned int byte = 0; byte < 8; byte++)
		out.addr.b[byte] |= (uint8_t)(bits >> (56 - 8 * byte));
	return out;
}

/* The number of a prefix, or TAKEN when it is none of the pool's. */
static uint32_t
place_of(const struct pmip_pool *p, const struct addr_prefix *prefix)
{
	uint64_t bits = 0;
	struct addr_prefix exact;

	if (prefix->len != p->len || !addr_prefix_holds(&p->block, &prefix->addr))
		return TAKEN;
	exact = addr_prefix_mask(&prefix->addr, prefix->len);
	if (!addr_prefix_equal(&exact, prefix))
		return TAKEN;
	for (unsigned int byte = 0; byte < 8; byte++)
		bits = bits << 8 | (prefix->addr.b[byte] & (uint8_t)~p->block.addr.b[byte]);
	if (p->len < 64)
		bits >>= 64 - p->len;
	return bits < p->total ? (uint32_t)bits : TAKEN;
}

static uint32_t
places_of(uint8_t block_len, uint8_t len)
{
	unsigned int width = len - block_len;

	return width < 22 ? 1u << width : PMIP_POOL_MAX;
}

/* All that there are, free. */
static void
lay_out(struct pmip_pool *p, uint32_t total)
{
	p->total = total;
	p->used = 0;
	p->place[total] = (struct pmip_pool_place){.next = total, .prev = total};
	for (uint32_t i = 0; i < total; i++)
		link_last(p, i);
}

int
pmip_pool_reserve(struct pmip_pool *p, uint32_t most)
{
	*p = (struct pmip_pool){.most = most};
	p->place = malloc(((size_t)most + 1) * sizeof(*p->place));
	if (p->place == NULL)
		return -ENOMEM;
	lay_out(p, 0);
	return 0;
}

bool
pmip_pool_recut(struct pmip_pool *p, const struct addr_prefix *block, uint8_t len)
{
	uint32_t total = block != NULL ? places_of(block->len, len) : 0;

	if (total > p->most)
		return false;
	p->block = block != NULL ? addr_prefix_mask(&block->addr, block->len) : (struct addr_prefix){0};
	p->len = len;
	lay_out(p, total);
	return true;
}

int
pmip_pool_init(struct pmip_pool *p, const struct pmip_pool_settings *s)
{
	int rc;

	*p = (struct pmip_pool){0};
	if (s->len > 64 || s->len == 0 || s->len < s->block.len)
		return -EINVAL;
	rc = pmip_pool_reserve(p, places_of(s->block.len, s->len));
	if (rc < 0)
		return rc;
	memcpy(p->name, s->name, sizeof(p->name));
	p->name[sizeof(p->name) - 1] = '\0';
	pmip_pool_recut(p, &s->block, s->len);
	return 0;
}

void
pmip_pool_fini(struct pmip_pool *p)
{
	free(p->place);
	*p = (struct pmip_pool){0};
}

int
pmip_pool_take(struct pmip_pool *p, struct addr_prefix *out)
{
	uint32_t i = p->place[p->total].next;

	if (i == p->total)
		return -ENOSPC;
	unlink_place(p, i);
	*out = prefix_at(p, i);
	return 0;
}

int
pmip_pool_take_prefix(struct pmip_pool *p, const struct addr_prefix *prefix)
{
	uint32_t i = place_of(p, prefix);

	if (i == TAKEN)
		return -ENOENT;
	if (p->place[i].next == TAKEN)
		return -EBUSY;
	unlink_place(p, i);
	return 0;
}

int
pmip_pool_put(struct pmip_pool *p, const struct addr_prefix *prefix)
{
	uint32_t i = place_of(p, prefix);

	if (i == TAKEN)
		return -ENOENT;
	if (p->place[i].next != TAKEN)
		return -EALREADY;
	link_last(p, i);
	p->used--;
	return 0;
}
