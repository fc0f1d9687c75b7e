/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The model's memory of what ends sessions beside their lifetimes: revocations by either side, and peers; and the pace
 * of what is sent on account of them.
 */
#include <string.h>

#include "world.h"

#define SESSION_MAX 100 /* numbers of an operator's command: a session below, a mobile node, a peer from 200 on */
#define MN_MAX	    200
#define ASKED_MAX   40 /* notifications about a mobile node in a second */
#define BURST_MS    10 /* base/pace.h: time that may be made up for */

/* What an unanswered revocation takes, and once more for those that ask for each session after that. */
uint64_t
sim_revocation_ms(const struct sim_world *w)
{
	const struct pmip_timers t = sim_timers(&w->plan);
	uint64_t ms = 0, wait_ms = t.revocation_timeout_ms;

	for (unsigned int i = 0; i <= t.revocation_retransmissions_max; i++) {
		ms += wait_ms;
		wait_ms = 2 * wait_ms < t.revocation_timeout_max_ms ? 2 * wait_ms : t.revocation_timeout_max_ms;
	}
	return ms;
}

uint64_t
sim_paced_ms(const struct sim_world *w)
{
	return 1000 * SIM_SESSIONS_MAX / w->plan.peer_rate;
}

static void
until(uint64_t *at, uint64_t ms)
{
	if (*at < ms)
		*at = ms;
}

bool
sim_target(struct sim_world *w, const struct sim_node *n, int what, struct pmip_target *out)
{
	*out = (struct pmip_target){.scope = PMIP_SCOPE_ALL};
	if (what < 0)
		return true;
	if (what < SESSION_MAX) {
		out->scope = PMIP_SCOPE_SESSION;
		out->session = sim_nth_session(n, what);
		return out->session != PMIP_SESSION_NONE;
	}
	if (what < MN_MAX) {
		out->scope = PMIP_SCOPE_MN;
		if ((unsigned int)what - SESSION_MAX >= w->plan.mns)
			return false;
		out->mn_id = w->mn_id[what - SESSION_MAX];
		return true;
	}
	out->scope = PMIP_SCOPE_PEER;
	if ((unsigned int)what - MN_MAX >= w->nodes)
		return false;
	out->peer = w->node[what - MN_MAX].address;
	return true;
}

static bool
is_handover(uint8_t trigger)
{
	return trigger >= MH_BRI_HANDOVER_SAME_ACCESS && trigger <= MH_BRI_HANDOVER_UNKNOWN;
}

static bool
is_meant(struct sim_world *w, const struct sim_node *n, const struct pmip_target *t, const struct sim_entry *e)
{
	struct lma_view v;

	if (t->scope == PMIP_SCOPE_MN)
		return pmip_mn_id_equal(&w->mn_id[e->mn], &t->mn_id);
	return t->scope == PMIP_SCOPE_SESSION && lma_find(n->lma, t->session, &v) &&
	       addr_prefix_equal(&v.prefix[0], &e->prefix[0]);
}

void
sim_ending_command(struct sim_world *w, struct sim_node *n, const struct pmip_target *t, uint8_t trigger)
{
	uint64_t all_ms = w->now_ms + 2 * sim_revocation_ms(w) + 2 * sim_paced_ms(w) + 1000;
	bool many = t->scope == PMIP_SCOPE_PEER || t->scope == PMIP_SCOPE_ALL;

	until(&n->disturbed_ms, many ? all_ms : w->now_ms + sim_revocation_ms(w));
	if (n->lma == NULL)
		return;
	for (unsigned int i = 0; i < w->nodes; i++)
		if (t->scope == PMIP_SCOPE_ALL ||
		    (t->scope == PMIP_SCOPE_PEER && addr6_equal(&w->node[i].address, &t->peer)))
			until(&n->ended_ms[i], w->now_ms);
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++) {
		struct sim_entry *e = &n->entry[i];

		if (!e->used || !is_meant(w, n, t, e) || (w->plan.revocation && is_handover(trigger) && !e->lingers))
			continue;
		e->revoked = true;
		if (e->ends_ms > w->now_ms + sim_revocation_ms(w))
			e->ends_ms = w->now_ms + sim_revocation_ms(w);
	}
}

bool
sim_ending_may(const struct sim_world *w, const struct sim_node *n, const struct sim_entry *e)
{
	for (unsigned int i = 0; i < w->nodes; i++)
		if (addr6_equal(&w->node[i].address, &e->coa))
			return e->revoked || e->may_end ||
			       (n->unanswered_ms[i] > 0 && w->now_ms >= n->unanswered_ms[i]) ||
			       e->accepted_ms <= n->ended_ms[i] ||
			       (n->dead_ms[i] > 0 && e->accepted_ms <= n->dead_ms[i] && !w->plan.keep_dead &&
				w->now_ms >= n->dead_ms[i] + w->plan.grace_ms);
	return e->revoked || e->may_end;
}

/* A gateway says that sessions are over: what the anchor makes of it is its own, but of no other gateway's. */
static void
heard_by_anchor(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	int mn = sim_mn_find(w, m);

	if (m->bri.flags & MH_BR_G || mh_has(m, MH_OPT_MN_GROUP_ID))
		until(&n->ended_ms[from], w->now_ms);
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++) {
		struct sim_entry *e = &n->entry[i];

		if (e->used && e->mn == mn && addr6_equal(&e->coa, &w->node[from].address))
			e->may_end = true;
	}
}

/* Whether the message names all that its session has of its own; it ends then. */
static bool
is_left_nothing(const struct sim_world *w, const struct sim_node *n, unsigned int i, const struct mh_msg *m)
{
	struct mag_view v;
	bool named = m->opt.hnp_count == 0, left = false;

	if (!mag_find(n->mag, sim_session_of(w, n, i), &v))
		return true;
	for (unsigned int k = 0; k < v.prefix_count; k++) {
		bool is = m->opt.hnp_count == 0;

		for (unsigned int j = 0; j < m->opt.hnp_count; j++)
			is = is || addr_prefix_equal(&v.prefix[k], &m->opt.hnp[j].prefix);
		named = named || is;
		left = left || (!is && !((v.off_link | v.idle | v.temporal) >> k & 1));
	}
	return named && !left;
}

/* An anchor says so: a mobile node that is there is not served before it attaches anew, or not for a while. */
static void
heard_by_gateway(struct sim_world *w, struct sim_node *n, const struct mh_msg *m)
{
	int mn = sim_mn_find(w, m);
	unsigned int mag = n->index - w->plan.lmas;

	w->coverage.trigger[m->bri.trigger]++;
	n->accepted = false;
	if (m->bri.flags & MH_BR_G) {
		until(&n->put_off_ms, w->now_ms + sim_paced_ms(w));
		until(&n->disturbed_ms, w->now_ms + sim_paced_ms(w));
		return;
	}
	if (mn == SIM_NOBODY)
		return;
	until(&w->mn[mn].disturbed_ms, w->now_ms);
	if (is_handover(m->bri.trigger) || m->bri.trigger == MH_BRI_OUT_OF_SYNC)
		return;
	for (unsigned int i = 2 * (unsigned int)mn; i < 2 * (unsigned int)mn + 2; i++)
		if (!sim_is_multi(w, mn) || is_left_nothing(w, n, i, m)) {
			w->iface[i].refused[mag] = SIM_REVOKED;
			w->iface[i].revoked_ms[mag] = w->now_ms;
		}
}

/*
 * That the gateway does not have a mobile node any more counts as its de-registration. One that does not revoke all at
 * once is asked for each.
 */
static void
answered(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	if (m->bra.flags & MH_BR_G)
		n->unanswered_ms[from] = 0;
	if (m->bra.flags & MH_BR_G && m->bra.status >= MH_BRA_NO_BINDING)
		until(&n->ended_ms[from], w->now_ms);
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++) {
		struct sim_entry *e = &n->entry[i];

		if (e->used && e->asked && e->asked_sequence == m->bra.sequence &&
		    addr6_equal(&e->coa, &w->node[from].address) &&
		    (m->bra.status < MH_BRA_NO_BINDING || m->bra.status == MH_BRA_NO_BINDING))
			e->may_linger = true;
	}
}

void
sim_ending_heard(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	if (m->type == MH_BRI && n->lma != NULL)
		heard_by_anchor(w, n, from, m);
	else if (m->type == MH_BRI)
		heard_by_gateway(w, n, m);
	else if (m->type == MH_BRA && n->lma != NULL)
		answered(w, n, from, m);
}

/* One more on account of a peer. */
static void
pace(struct sim_world *w, struct sim_node *n)
{
	uint64_t most = 1000 + (uint64_t)BURST_MS * w->plan.peer_rate;

	w->coverage.judged[SIM_INV_PACE]++;
	n->pace_credit += (w->now_ms - n->pace_ms) * w->plan.peer_rate;
	n->pace_ms = w->now_ms;
	if (n->pace_credit > most)
		n->pace_credit = most;
	if (n->pace_credit < 1000)
		sim_fault(w, SIM_INV_PACE, "%s sends more on account of a peer than %u a second",
			  sim_node_name(w, n->index), w->plan.peer_rate);
	else
		n->pace_credit -= 1000;
}

/* Whether this node has sent this revocation, or heard it, before; it has from now on. */
static bool
is_repeated(struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	uint32_t number = (from + 1) << 16 | m->bri.sequence;

	for (unsigned int i = 0; i < SIM_ASKED_MAX; i++)
		if (n->asked[i] == number)
			return true;
	n->asked[n->asked_count++ % SIM_ASKED_MAX] = number;
	return false;
}

static bool
has_prefix(const struct sim_forward *f, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < f->prefix_count; i++)
		if (addr_prefix_equal(&f->prefix[i], p))
			return true;
	return false;
}

void
sim_ending_obeyed(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	if (is_repeated(n, from, m) || !n->accepted)
		return;
	w->coverage.judged[SIM_INV_SERVICE]++;
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++)
		for (unsigned int k = 0; k < m->opt.hnp_count && n->forward[i].set; k++)
			if (has_prefix(&n->forward[i], &m->opt.hnp[k].prefix))
				sim_fault(w, SIM_INV_SERVICE, "%s serves session %u, which it has agreed to be over",
					  sim_node_name(w, n->index), i);
}

/*
 * One of all that a gateway has ends what it had then. One of a mobile node that left may be answered so that its
 * session lingers.
 */
static void
note_revocation(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	const struct sim_node *to = sim_node_at(w, &a->send.dst);
	const struct mh_msg *m = &a->send.msg;
	struct addr_prefix prefix[MH_HNP_MAX];
	struct sim_entry *e;

	for (unsigned int i = 0; i < m->opt.hnp_count; i++)
		prefix[i] = m->opt.hnp[i].prefix;
	if (m->bri.flags & MH_BR_G && to != NULL) {
		until(&n->ended_ms[to->index], w->now_ms);
		n->unanswered_ms[to->index] = w->now_ms + sim_revocation_ms(w);
	}
	e = sim_entry_find(n, prefix, m->opt.hnp_count);
	if (e == NULL || !is_handover(m->bri.trigger))
		return;
	e->asked = true;
	e->asked_sequence = m->bri.sequence;
}

/* Who is answered does not ask for the same over and over. */
static void
judge_asking(struct sim_world *w, const struct sim_node *n, const struct mh_msg *m)
{
	int mn = sim_mn_find(w, m);
	struct sim_mn *who = mn != SIM_NOBODY ? &w->mn[mn] : NULL;

	if (who == NULL)
		return;
	if (w->now_ms / 1000 != who->asked_ms / 1000)
		who->asked = 0;
	who->asked_ms = w->now_ms;
	if (++who->asked > ASKED_MAX)
		sim_fault(w, SIM_INV_ENGINE, "%s notifies of mn%d without end", sim_node_name(w, n->index), mn);
}

/*
 * What a step that time alone has caused sends for the first time is from a walk over sessions: revocations but for
 * those of a handover, notifications, and refreshes before their time.
 */
void
sim_ending_sent(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	const struct mh_msg *m = &a->send.msg;
	bool again = m->type == MH_BRI && n->lma != NULL ? is_repeated(n, n->index, m)
							 : m->type == MH_UPN && m->upn.flags & MH_UPN_D;

	if (m->type == MH_BRA) {
		w->coverage.bra[m->bra.status]++;
		n->accepted = m->bra.status == MH_BRA_ACCEPTED;
	}
	if (m->type == MH_UPA)
		w->coverage.upa[m->upa.status]++;
	if (n->lma == NULL || (m->type != MH_BRI && m->type != MH_UPN) || again || sim_is_of_gateway(w, m))
		return;
	if (m->type == MH_BRI)
		note_revocation(w, n, a);
	if (m->type == MH_UPN)
		judge_asking(w, n, m);
	if (n->ticking && !(m->type == MH_BRI && is_handover(m->bri.trigger)) && !sim_is_multi(w, sim_mn_find(w, m)))
		pace(w, n);
}

/* Before its time is what is sent sooner than what the last answer granted would have it. */
void
sim_ending_extends(struct sim_world *w, struct sim_node *n, const struct sim_update *before)
{
	uint64_t due_ms = 10 * MH_LIFETIME_UNIT_S * (uint64_t)before->granted * w->plan.refresh_percent;

	if (n->ticking && before->answered && w->now_ms - before->at_ms + 1 < due_ms - due_ms / 16)
		pace(w, n);
}
