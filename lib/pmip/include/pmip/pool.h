/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A pool of prefixes: a block cut into prefixes of one length, each given to one taker at a time. The prefix
 * that was put back longest ago is taken next, so that one is not reused while packets to its last owner may
 * still be under way.
 *
 *	struct addr_prefix p;
 *	if (pmip_pool_take(&pool, &p) == 0)
 *		...
 *	pmip_pool_put(&pool, &p);
 *
 * All calls cost the same however large the pool is. Not thread safe. Memory is allocated by init alone.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "pmip/settings.h"

/* Prefixes that one pool gives at most; of a larger block the first so many are used. */
#define PMIP_POOL_MAX (1u << 22)

struct pmip_pool {
	char name[PMIP_NAME_MAX];
	struct addr_prefix block;
	uint8_t len;	/* of each prefix */
	uint32_t total; /* prefixes in all */
	uint32_t most;	/* that there is memory for */
	uint32_t used;	/* taken now */
	struct pmip_pool_place *place;
};

/* 0, -ENOMEM, or -EINVAL: a length outside block.len..64. */
int pmip_pool_init(struct pmip_pool *p, const struct pmip_pool_settings *s);
/* One that has memory for so many prefixes, and none of them before a block is cut into them; 0 or -ENOMEM. */
int pmip_pool_reserve(struct pmip_pool *p, uint32_t most);
/* Another block than before, or none at all (NULL); all of it is free. False where there is no memory for all of it. */
bool pmip_pool_recut(struct pmip_pool *p, const struct addr_prefix *block, uint8_t len);
void pmip_pool_fini(struct pmip_pool *p);

/* Take the prefix that has been free for longest; 0 or -ENOSPC. */
int pmip_pool_take(struct pmip_pool *p, struct addr_prefix *out);
/* Take this prefix; 0, -ENOENT when it is none of the pool's, -EBUSY when it is taken. */
int pmip_pool_take_prefix(struct pmip_pool *p, const struct addr_prefix *prefix);
/* Put back a prefix; 0, -ENOENT when it is none of the pool's, -EALREADY when it is not taken. */
int pmip_pool_put(struct pmip_pool *p, const struct addr_prefix *prefix);
