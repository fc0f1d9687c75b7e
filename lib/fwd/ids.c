/* SPDX-License-Identifier: BSD-3-Clause */
#include "ids.h"

#include <errno.h>

#include <rte_malloc.h>

static const struct fwd_ids_list empty = {FWD_IDS_NONE, FWD_IDS_NONE};

/* Append the chain first..last to list. */
static void
list_append(struct fwd_ids *ids, struct fwd_ids_list *list, struct fwd_ids_list chain)
{
	if (chain.first == FWD_IDS_NONE)
		return;
	if (list->first == FWD_IDS_NONE)
		list->first = chain.first;
	else
		ids->next[list->last] = chain.first;
	list->last = chain.last;
	ids->next[chain.last] = FWD_IDS_NONE;
}

int
fwd_ids_init(struct fwd_ids *ids, uint32_t capacity, int socket)
{
	*ids = (struct fwd_ids){.free = empty, .retired = empty, .waiting = empty};
	if (capacity == 0)
		return 0;
	ids->next = rte_malloc_socket("fwd ids", (size_t)capacity * sizeof(*ids->next), 0, socket);
	if (ids->next == NULL)
		return -ENOMEM;
	for (uint32_t id = 0; id < capacity - 1; id++)
		ids->next[id] = id + 1;
	list_append(ids, &ids->free, (struct fwd_ids_list){0, capacity - 1});
	return 0;
}

void
fwd_ids_fini(struct fwd_ids *ids)
{
	rte_free(ids->next);
	ids->next = NULL;
}

uint32_t
fwd_ids_take(struct fwd_ids *ids)
{
	uint32_t id = ids->free.first;

	if (id != FWD_IDS_NONE)
		ids->free.first = ids->next[id];
	return id;
}

void
fwd_ids_retire(struct fwd_ids *ids, uint32_t id)
{
	list_append(ids, &ids->retired, (struct fwd_ids_list){id, id});
}

bool
fwd_ids_turn(struct fwd_ids *ids)
{
	list_append(ids, &ids->free, ids->waiting);
	ids->waiting = ids->retired;
	ids->retired = empty;
	return ids->waiting.first != FWD_IDS_NONE;
}
