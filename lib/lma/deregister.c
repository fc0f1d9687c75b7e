/* SPDX-License-Identifier: BSD-3-Clause */
/* De-registration: RFC 5213 section 5.3.5. */
#include "multi.h"

void
lma_linger(struct lma *l, struct lma_session *s, const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_binding *b = &s->binding;

	b->lifetime_asked = 0;
	b->lifetime = 0;
	b->expires_ms = now->mono_ms + l->s.timers.min_delay_before_bce_delete_ms;
	lma_demand_drop_of(l, s, false);
	lma_group_set(l, s, 0);
	lma_enter(l, &s->state, LMA_LINGER);
	deadline_set(&l->session_due, lma_session_index(l, s), b->expires_ms);
	lma_act_forward(l, PMIP_ACT_FORWARD_HOLD, s, out);
	lma_rows_lend(l, s);
	lma_request_wake(l, &l->node[s->node], now->mono_ms);
}

void
lma_deregister(struct lma *l, const struct lma_update *u, struct lma_session *s, const struct clock_now *now,
	       struct pmip_actions *out)
{
	struct lma_binding *b = &s->binding;

	/* A gateway that the mobile node has left already is late with its news. */
	if (!addr6_equal(&b->proxy_coa, &u->proxy_coa)) {
		l->stat.counter[STAT_PBU_IGNORED]++;
		return;
	}
	b->stamp = u->stamp;
	/* Said again during the wait, it is answered again; the wait goes on. */
	if (s->state == LMA_ACTIVE)
		lma_linger(l, s, now, out);
	if (mh_has(&u->msg, MH_OPT_LINK_LOCAL_ADDRESS) && !addr6_is_zero(&u->msg.opt.link_local.addr))
		b->link_local = u->msg.opt.link_local.addr;
	b->lifetime = 0;
	lma_answer_accept(l, u, s, out);
	/* It crossed the revocation, which it makes good. */
	if (s->state == LMA_REVOKING)
		lma_end(l, s, PMIP_PUB_SESSION_CLOSED, now, out);
}
