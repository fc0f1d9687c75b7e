/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Other flow policies while the engine runs. Nodes, and updates that wait, name them by their places in the list: by
 * their names these become the places in the new one. A flow stays where its policy says the same as before.
 */
#include <string.h>

#include "multi.h"

/* Old places, from 1, in the new list; 0: none. */
struct places {
	uint8_t named[PMIP_FLOW_POLICIES_MAX + 1]; /* of the same name */
	uint8_t same[PMIP_FLOW_POLICIES_MAX + 1];  /* that say the same as well */
};

static bool
says_the_same(const struct pmip_flow_policy *a, const struct pmip_flow_policy *b)
{
	return a->priority == b->priority && a->access_tech == b->access_tech &&
	       selector_equal(&a->selector, &b->selector);
}

/* False where nothing changes. */
static bool
find_places(const struct lma *l, const struct pmip_flow_policy *with, unsigned int count, struct places *out)
{
	bool changed = count != l->s.flow_policy_count;

	memset(out, 0, sizeof(*out));
	for (unsigned int i = 0; i < l->s.flow_policy_count; i++) {
		const struct pmip_flow_policy *was = &l->flow_policy[i];

		for (unsigned int k = 0; k < count; k++) {
			if (strcmp(was->name, with[k].name) != 0)
				continue;
			out->named[i + 1] = (uint8_t)(k + 1);
			out->same[i + 1] = says_the_same(was, &with[k]) ? (uint8_t)(k + 1) : 0;
		}
		changed = changed || out->same[i + 1] != i + 1;
	}
	return changed;
}

static uint64_t
renamed(const struct places *p, uint64_t policies)
{
	uint64_t out = 0;

	for (unsigned int i = 1; i <= PMIP_FLOW_POLICIES_MAX; i++)
		if (policies & (uint64_t)1 << (i - 1) && p->named[i] != 0)
			out |= (uint64_t)1 << (p->named[i] - 1);
	return out;
}

/* Flows of policies that say another thing now are over, and come up anew. */
static void
rename_flows(struct lma_multi *m, const struct places *p)
{
	for (unsigned int i = m->flow_count; i-- > 0;) {
		struct lma_flow *f = &m->flow[i];

		if (f->policy == 0)
			continue;
		if (p->same[f->policy] != 0) {
			f->policy = p->same[f->policy];
			continue;
		}
		lma_flow_del(m, f);
		lma_flow_rows_over(m);
	}
}

void
lma_flow_policies_rename(struct lma *l, const struct pmip_flow_policy *with, unsigned int count)
{
	struct places p;

	if (!find_places(l, with, count, &p))
		return;
	for (uint32_t i = 0; i < l->multi_ids.capacity; i++) {
		if (!index_pool_is_taken(&l->multi_ids, i) || l->multi[i].policies == 0)
			continue;
		l->multi[i].policies = renamed(&p, l->multi[i].policies);
		rename_flows(&l->multi[i], &p);
		lma_flow_sessions_changed(l, &l->multi[i]);
	}
	for (uint32_t i = 0; i < l->requests_max; i++)
		if (index_pool_is_taken(&l->request_ids, i))
			l->request[i].update.profile.flow_policies =
				renamed(&p, l->request[i].update.profile.flow_policies);
}

uint16_t
lma_flow_priority(const struct lma_multi *m, uint16_t wanted)
{
	for (unsigned int i = 0; i < m->flow_count; i++)
		if (m->flow[i].priority == wanted)
			return lma_flow_priority(m, wanted < UINT16_MAX ? (uint16_t)(wanted + 1) : 1);
	return wanted;
}
