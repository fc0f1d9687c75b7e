/* SPDX-License-Identifier: BSD-3-Clause */
#include "lines.h"

#include <errno.h>
#include <string.h>

#include <rte_common.h>

#include "fwd/memory.h"

static uint32_t
line_count(uint32_t used)
{
	return 1 + used + FWD_SPARE(used);
}

int
fwd_lines_init(struct fwd_lines_writer *w, struct fwd_lines *read, uint32_t capacity, uint32_t used, size_t size,
	       const void *unused, int socket)
{
	uint32_t lines = line_count(used);

	*w = (struct fwd_lines_writer){.read = read, .size = size, .capacity = capacity, .used = used};
	if (fwd_ids_init(&w->free, lines, socket) < 0)
		return -ENOMEM;
	w->pool = fwd_memory_new(lines * size, socket);
	w->line = fwd_memory_new(capacity * sizeof(*w->line), socket);
	if (w->pool == NULL || (w->line == NULL && capacity > 0))
		return -ENOMEM;
	/* All indexes begin at line 0, which is never retired. */
	fwd_ids_take(&w->free);
	memcpy(w->pool, unused, size);
	*read = (struct fwd_lines){.pool = w->pool, .line = w->line, .capacity = capacity};
	return 0;
}

void
fwd_lines_touch(struct fwd_lines_writer *w)
{
	fwd_memory_touch(w->pool, line_count(w->used) * w->size);
	fwd_memory_touch(w->line, w->capacity * sizeof(*w->line));
}

void
fwd_lines_fini(struct fwd_lines_writer *w)
{
	fwd_memory_free(w->line, w->capacity * sizeof(*w->line));
	fwd_memory_free(w->pool, line_count(w->used) * w->size);
	w->line = NULL;
	w->pool = NULL;
	fwd_ids_fini(&w->free);
}

static void
line_publish(struct fwd_lines_writer *w, uint32_t index, uint32_t line)
{
	uint32_t old = w->line[index];

	__atomic_store_n(&w->line[index], line, __ATOMIC_RELEASE);
	if (old != 0)
		fwd_ids_retire(&w->free, old);
}

int
fwd_lines_set(struct fwd_lines_writer *w, uint32_t index, const void *line)
{
	uint32_t fresh = fwd_ids_take(&w->free);

	if (fresh == FWD_IDS_NONE)
		return -EAGAIN;
	memcpy(w->pool + (size_t)fresh * w->size, line, w->size);
	line_publish(w, index, fresh);
	return 0;
}

void
fwd_lines_clear(struct fwd_lines_writer *w, uint32_t index)
{
	line_publish(w, index, 0);
}

bool
fwd_lines_turn(struct fwd_lines_writer *w)
{
	return fwd_ids_turn(&w->free);
}
