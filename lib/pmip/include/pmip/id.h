/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A mobile node's identity as tables keep it: what most have stands in the entry, and the rest of a long one in an
 *array beside the table, by the same index. Zeroed memory that no long one was put into was never touched, and takes
 *none.
 *
 *	struct entry { struct pmip_id_head id; ... };
 *	pmip_id_put(&entry[i].id, &tail[i], &mn_id);
 *	pmip_id_get(&entry[i].id, &tail[i], &mn_id);
 */
#include <stdbool.h>
#include <stdint.h>

#include "pmip/event.h"

#define PMIP_ID_HEAD 54 /* bytes: an NAI of 3GPP TS 23.003 section 19.3.2, and an entry of a cache line */

struct pmip_id_head {
	uint8_t subtype;
	uint8_t len; /* of all of it */
	uint8_t id[PMIP_ID_HEAD];
};

struct pmip_id_tail {
	uint8_t id[MH_MN_ID_MAX - PMIP_ID_HEAD];
};

void pmip_id_put(struct pmip_id_head *head, struct pmip_id_tail *tail, const struct pmip_mn_id *id);
/* The bytes past its length are left as they are. */
void pmip_id_get(const struct pmip_id_head *head, const struct pmip_id_tail *tail, struct pmip_mn_id *out);
bool pmip_id_is(const struct pmip_id_head *head, const struct pmip_id_tail *tail, const struct pmip_mn_id *id);
