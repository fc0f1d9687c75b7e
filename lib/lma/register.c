/* SPDX-License-Identifier: BSD-3-Clause */
/* A new mobility session: RFC 5213 section 5.3.2. */
#include "multi.h"

static void
publish_pool_empty(const struct lma_update *u, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_PUBLISH, PMIP_SESSION_NONE);

	if (a == NULL)
		return;
	a->publish.what = PMIP_PUB_POOL_EMPTY;
	a->publish.status = MH_STATUS_INSUFFICIENT_RESOURCES;
	a->publish.mn_id = u->mn_id;
	a->publish.peer = u->src;
}

void
lma_register(struct lma *l, const struct lma_update *u, const struct clock_now *now, struct pmip_actions *out)
{
	struct addr_prefix prefix[MH_HNP_MAX];
	struct lma_session *s;
	uint8_t count;
	enum mh_status status = lma_prefix_assign(l, u, prefix, &count);

	/* Temporal prefixes alone make no session. */
	if (status == MH_STATUS_ACCEPTED && count == 0)
		status = MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX;
	if (status != MH_STATUS_ACCEPTED) {
		lma_answer_reject(l, u, status, NULL, now, out);
		if (status == MH_STATUS_INSUFFICIENT_RESOURCES)
			publish_pool_empty(u, out);
		return;
	}
	s = lma_service_has_room(l, u->service) ? lma_session_open(l, &u->mn_id, prefix, count, now->mono_ms) : NULL;
	if (s == NULL) {
		lma_prefix_release(l, prefix, count);
		lma_answer_reject(l, u, MH_STATUS_INSUFFICIENT_RESOURCES, NULL, now, out);
		return;
	}
	lma_undo_note(l, u, s, true);
	lma_bind(l, u, s, now);
	lma_flow_returns(l, s);
	lma_aggregate_adopt(l, s, u);
	lma_aggregate_cut(l, s, u);
	l->stat.counter[STAT_SESSIONS_OPENED]++;
	lma_act_forward(l, PMIP_ACT_FORWARD_SET, s, out);
	lma_answer_accept(l, u, s, out);
	lma_act_publish(l, PMIP_PUB_SESSION_OPENED, s, out);
	lma_demand_unname(l, s);
	lma_flow_note(l, s, &u->profile);
}
