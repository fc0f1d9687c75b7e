/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The writer's side of struct fwd_lines (fwd/read.h): lines that are replaced whole.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fwd/fwd.h"
#include "ids.h"

/* Lines beyond the indexes: what may be replaced in one turn of the control lcore, with room to spare. */
#define FWD_SPARE(capacity) (1024 + (capacity) / 16)

struct fwd_lines_writer {
	struct fwd_lines *read;
	uint8_t *pool;
	uint32_t *line;
	size_t size; /* of a line */
	uint32_t capacity, used;
	struct fwd_ids free;
};

/*
 * Make read a table of capacity indexes, all of which have a copy of the line unused, and at most `used` of which have
 * another at once. There are more lines than that, for those that were replaced and are waiting for a grace period. 0
 * or -ENOMEM; fini is allowed after a failed or a missing init.
 */
int fwd_lines_init(struct fwd_lines_writer *w, struct fwd_lines *read, uint32_t capacity, uint32_t used, size_t size,
		   const void *unused, int socket);
/* All of its memory is met now, and no page of it while packets wait. */
void fwd_lines_touch(struct fwd_lines_writer *w);
void fwd_lines_fini(struct fwd_lines_writer *w);
/* index < capacity. 0 or -EAGAIN. */
int fwd_lines_set(struct fwd_lines_writer *w, uint32_t index, const void *line);
/* Back to the unused line. */
void fwd_lines_clear(struct fwd_lines_writer *w, uint32_t index);
bool fwd_lines_turn(struct fwd_lines_writer *w);
