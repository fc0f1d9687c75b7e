/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/deadline.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

int
deadline_init(struct deadline_queue *q, uint32_t capacity)
{
	q->heap = calloc(capacity, sizeof(*q->heap));
	q->place = calloc(capacity, sizeof(*q->place));
	q->count = 0;
	q->capacity = capacity;
	if (q->heap == NULL || q->place == NULL) {
		deadline_fini(q);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < capacity; i++)
		q->place[i] = DEADLINE_NONE;
	return 0;
}

void
deadline_fini(struct deadline_queue *q)
{
	free(q->heap);
	free(q->place);
	*q = (struct deadline_queue){0};
}

static bool
before(const struct deadline_slot *a, const struct deadline_slot *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->id < b->id;
}

static void
put(struct deadline_queue *q, uint32_t at, struct deadline_slot slot)
{
	q->heap[at] = slot;
	q->place[slot.id] = at;
}

/* Bring slot to its place from `at`, which is free, upwards or downwards. */
static void
sift(struct deadline_queue *q, uint32_t at, struct deadline_slot slot)
{
	while (at > 0 && before(&slot, &q->heap[(at - 1) / 2])) {
		put(q, at, q->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < q->count && before(&q->heap[child + 1], &q->heap[child]))
			child++;
		if (child >= q->count || !before(&q->heap[child], &slot))
			break;
		put(q, at, q->heap[child]);
		at = child;
	}
	put(q, at, slot);
}

void
deadline_clear(struct deadline_queue *q, uint32_t id)
{
	uint32_t at = q->place[id];

	if (at == DEADLINE_NONE)
		return;
	q->place[id] = DEADLINE_NONE;
	q->count--;
	if (at < q->count)
		sift(q, at, q->heap[q->count]);
}

void
deadline_set(struct deadline_queue *q, uint32_t id, uint64_t due_ms)
{
	uint32_t at = q->place[id];

	if (due_ms == DEADLINE_NEVER) {
		deadline_clear(q, id);
		return;
	}
	if (at == DEADLINE_NONE)
		at = q->count++;
	sift(q, at, (struct deadline_slot){.due_ms = due_ms, .id = id});
}

uint64_t
deadline_of(const struct deadline_queue *q, uint32_t id)
{
	return q->place[id] != DEADLINE_NONE ? q->heap[q->place[id]].due_ms : DEADLINE_NEVER;
}

uint64_t
deadline_next(const struct deadline_queue *q)
{
	return q->count > 0 ? q->heap[0].due_ms : DEADLINE_NEVER;
}

uint32_t
deadline_pop(struct deadline_queue *q, uint64_t now_ms)
{
	uint32_t id;

	if (q->count == 0 || q->heap[0].due_ms > now_ms)
		return DEADLINE_NONE;
	id = q->heap[0].id;
	deadline_clear(q, id);
	return id;
}
