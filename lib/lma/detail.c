/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What commands say beyond a trigger or a reason: a realm, or what a vendor's notification carries. It is kept for as
 * long as a walk or a demand says it, for it may be said again, and once for all that say the same.
 */
#include "engine.h"

static bool
equal(const struct lma_detail *a, const struct lma_detail *b)
{
	return pmip_mn_id_equal(&a->realm, &b->realm) && a->vendor.vendor == b->vendor.vendor &&
	       a->vendor.subtype == b->vendor.subtype && a->vendor.len == b->vendor.len &&
	       memcmp(a->vendor.data, b->vendor.data, a->vendor.len) == 0;
}

static bool
in_use(const struct lma *l, uint8_t number)
{
	for (unsigned int i = 0; i < l->walk_count; i++)
		if (l->walk[i].detail == number)
			return true;
	for (uint32_t i = 0; i < LMA_DEMANDS_MAX; i++)
		if (index_pool_is_taken(&l->demand_ids, i) && l->demand[i].detail == number)
			return true;
	return false;
}

bool
lma_detail_take(struct lma *l, const struct lma_detail *d, uint8_t *number)
{
	*number = 0;
	for (uint8_t i = 1; i <= LMA_DETAILS_MAX; i++) {
		bool used = in_use(l, i);

		if (used && equal(&l->detail[i - 1], d)) {
			*number = i;
			return true;
		}
		if (!used && *number == 0)
			*number = i;
	}
	if (*number == 0) {
		l->stat.counter[STAT_WALKS_REFUSED]++;
		return false;
	}
	l->detail[*number - 1] = *d;
	return true;
}

/* What stands behind the last "@" of both (RFC 5846 section 8.1). */
bool
lma_detail_has_realm(const struct lma *l, uint8_t number, uint32_t node)
{
	const struct pmip_mn_id *realm = &l->detail[number - 1].realm;
	struct pmip_mn_id id;
	size_t at;

	lma_node_id(l, node, &id);
	if (id.subtype != realm->subtype || id.len < realm->len)
		return false;
	at = id.len - realm->len;
	return memcmp(id.id + at, realm->id, realm->len) == 0;
}
