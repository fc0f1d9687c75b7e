/* SPDX-License-Identifier: BSD-3-Clause */
#include "lru.h"

#include <errno.h>
#include <stdlib.h>

int
ctl_lru_init(struct ctl_lru *l, uint32_t capacity)
{
	l->oldest = l->newest = INDEX_NONE;
	l->older = calloc(capacity, sizeof(*l->older));
	l->newer = calloc(capacity, sizeof(*l->newer));
	return l->older != NULL && l->newer != NULL ? 0 : -ENOMEM;
}

void
ctl_lru_fini(struct ctl_lru *l)
{
	free(l->older);
	free(l->newer);
}

void
ctl_lru_add(struct ctl_lru *l, uint32_t id)
{
	l->older[id] = l->newest;
	l->newer[id] = INDEX_NONE;
	*(l->newest != INDEX_NONE ? &l->newer[l->newest] : &l->oldest) = id;
	l->newest = id;
}

void
ctl_lru_del(struct ctl_lru *l, uint32_t id)
{
	uint32_t older = l->older[id], newer = l->newer[id];

	*(older != INDEX_NONE ? &l->newer[older] : &l->oldest) = newer;
	*(newer != INDEX_NONE ? &l->older[newer] : &l->newest) = older;
}
