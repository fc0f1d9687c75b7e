/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * At a million sessions an update waits for memory most of its time: a dozen lines, one after the other. Those of a
 * burst of updates are asked for together, before the first of them is decoded.
 */
#include "nd/nd.h"
#include "policy/policy.h"
#include "state.h"

#define FRAME_NEXT_HEADER (ETHERNET_LEN + 6) /* in the IPv6 header */
#define FRAME_PAYLOAD	  (ETHERNET_LEN + 40)

_Static_assert(LMA_AHEAD_STEPS == POLICY_AHEAD_STEPS, "they go side by side");

struct ahead {
	struct lma_ahead lma;
	struct policy_ahead policy;
};

/* False: of a message that is no plain update nothing is known ahead. */
static bool
begin(const struct ctl *c, const struct rte_mbuf *m, struct ahead *a)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	size_t len = rte_pktmbuf_data_len(m);
	struct pmip_mn_id id;
	struct mh_peek peek;

	if (len < FRAME_PAYLOAD || frame[FRAME_NEXT_HEADER] != MH_PROTOCOL ||
	    !mh_peek(frame + FRAME_PAYLOAD, len - FRAME_PAYLOAD, &peek))
		return false;
	id.len = peek.mn_id.len;
	memcpy(id.id, peek.mn_id.id, id.len);
	lma_ahead_begin(c->s.lma, &id, &peek.prefix, &a->lma);
	policy_ahead_begin(c->s.policy, &id, &a->policy);
	return true;
}

static void
fetch_effects(const struct ctl_engine *e, uint32_t session)
{
	if (session >= e->sessions)
		return;
	__builtin_prefetch(&e->forward[session]);
	__builtin_prefetch(&e->forward[session].prefix);
	if (e->state != NULL)
		__builtin_prefetch(&e->state[session]);
}

void
ctl_ahead(const struct ctl *c, struct rte_mbuf *const *burst, unsigned int n)
{
	struct ahead a[CTL_BURST];
	unsigned int known = 0;

	if (c->s.lma == NULL || n < 2)
		return;
	for (unsigned int i = 0; i < n; i++)
		known += begin(c, burst[i], &a[known]);
	for (unsigned int step = 0; step < LMA_AHEAD_STEPS; step++)
		for (unsigned int i = 0; i < known; i++) {
			uint32_t session = lma_ahead_next(c->s.lma, &a[i].lma);

			policy_ahead_next(c->s.policy, &a[i].policy);
			if (step + 1 == LMA_AHEAD_STEPS)
				fetch_effects(&c->lma, session);
		}
}
