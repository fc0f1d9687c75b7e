/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A queue of deadlines, one per id in 0..capacity-1: a binary heap that knows where each id stands, so
 * that setting, moving and clearing cost O(log n) and nothing is ever stale.
 *
 *	deadline_set(&q, session, now_ms + 10000);
 *	while ((id = deadline_pop(&q, now_ms)) != DEADLINE_NONE)
 *		...
 *
 * Equal deadlines pop in order of id, so that a run is a function of its inputs. Not thread safe:
 * each queue has one owner. Memory is allocated by init alone.
 */
#include <stdint.h>

#define DEADLINE_NONE  UINT32_MAX
#define DEADLINE_NEVER UINT64_MAX

struct deadline_slot {
	uint64_t due_ms;
	uint32_t id;
};

struct deadline_queue {
	struct deadline_slot *heap;
	uint32_t *place; /* of each id in the heap, DEADLINE_NONE where it has no deadline */
	uint32_t count;
	uint32_t capacity;
};

/* 0 or -ENOMEM. */
int deadline_init(struct deadline_queue *q, uint32_t capacity);
void deadline_fini(struct deadline_queue *q);

/* Set or move the deadline of id (< capacity). DEADLINE_NEVER clears it. */
void deadline_set(struct deadline_queue *q, uint32_t id, uint64_t due_ms);
void deadline_clear(struct deadline_queue *q, uint32_t id);
/* What setting it will read first is fetched: nothing waits for it. */
static inline void
deadline_ahead(const struct deadline_queue *q, uint32_t id)
{
	__builtin_prefetch(&q->place[id]);
}

/* When id is due, DEADLINE_NEVER if it has no deadline. */
uint64_t deadline_of(const struct deadline_queue *q, uint32_t id);
/* The earliest deadline, DEADLINE_NEVER when there is none. */
uint64_t deadline_next(const struct deadline_queue *q);
/* Take out and return an id that is due at now_ms, DEADLINE_NONE when there is none. */
uint32_t deadline_pop(struct deadline_queue *q, uint64_t now_ms);
