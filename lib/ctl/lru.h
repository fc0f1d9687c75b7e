/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Ids 0..capacity-1 in the order of their last use, for tables that let go of what was used longest ago. */
#include <stdint.h>

#include "base/index.h"

struct ctl_lru {
	uint32_t *older, *newer; /* by id */
	uint32_t oldest, newest; /* INDEX_NONE: empty */
};

int ctl_lru_init(struct ctl_lru *l, uint32_t capacity); /* 0 or -ENOMEM */
void ctl_lru_fini(struct ctl_lru *l);
void ctl_lru_add(struct ctl_lru *l, uint32_t id); /* as used last; it is not in the list */
void ctl_lru_del(struct ctl_lru *l, uint32_t id);
