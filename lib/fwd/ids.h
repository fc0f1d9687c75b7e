/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Numbers 0..capacity-1 of which a retired one is taken again only after a grace period. Writer only.
 *
 * Three lists are threaded through one array: free; retired since the last turn; and waiting for the grace period
 * that began with the last turn.
 */
#include <stdbool.h>
#include <stdint.h>

#define FWD_IDS_NONE UINT32_MAX

struct fwd_ids_list {
	uint32_t first, last;
};

struct fwd_ids {
	uint32_t *next;
	struct fwd_ids_list free, retired, waiting;
};

/* All ids are free, the lowest is taken first. 0 or -ENOMEM; fini is allowed after a failed or a missing init. */
int fwd_ids_init(struct fwd_ids *ids, uint32_t capacity, int socket);
void fwd_ids_fini(struct fwd_ids *ids);
/* The id that has been free longest, or FWD_IDS_NONE. */
uint32_t fwd_ids_take(struct fwd_ids *ids);
/* Workers may still know id, new readers cannot find it. */
void fwd_ids_retire(struct fwd_ids *ids, uint32_t id);
/* The grace period has passed and the next one is about to begin. True when an id waits for it. */
bool fwd_ids_turn(struct fwd_ids *ids);
