/* SPDX-License-Identifier: BSD-3-Clause */
/* What an anchor's acknowledgement may say, by what it has acknowledged before. */
#include <string.h>

#include "pmip/order.h"
#include "world.h"

static const struct {
	void (*answer)(struct sim_world *w, struct sim_node *n, const struct sim_answer *a);
	void (*step)(struct sim_world *w, struct sim_node *n);
} invariants[SIM_INVARIANTS] = {
#define SIM_INVARIANT(NAME, text, answer, step, help) [SIM_INV_##NAME] = {answer, step},
#include "invariant.def"
#undef SIM_INVARIANT
};

void
sim_none_answer(struct sim_world *w, struct sim_node *n, const struct sim_answer *a)
{
}

void
sim_none_step(struct sim_world *w, struct sim_node *n)
{
}

void
sim_judge(struct sim_world *w, struct sim_node *n, const struct sim_answer *a)
{
	for (unsigned int i = 0; i < SIM_INVARIANTS && !w->result.failed; i++)
		if (!(w->ignored >> i & 1))
			invariants[i].answer(w, n, a);
}

void
sim_check(struct sim_world *w, struct sim_node *n)
{
	for (unsigned int i = 0; i < SIM_INVARIANTS && !w->result.failed; i++)
		if (!(w->ignored >> i & 1))
			invariants[i].step(w, n);
}

/* A gateway that has given a mobile node up does nothing more: time itself is judged. */
void
sim_check_silence(struct sim_world *w)
{
	if (!w->result.failed && !(w->ignored >> SIM_INV_REACH & 1))
		sim_check_reach(w, &w->node[0]);
}

static bool
is_repeated(const struct sim_answer *a)
{
	return a->entry != NULL && a->update->timestamp != 0 && a->update->timestamp == a->entry->timestamp &&
	       a->update->sequence == a->entry->sequence && addr6_equal(&a->update->coa, &a->entry->coa);
}

/*
 * An update of unknown handoff state that came before the de-registration it waited for is older than that, and so
 * may one be that waited beside it.
 */
static bool
may_be_older(const struct sim_answer *a)
{
	return a->update->handoff == MH_HANDOFF_UNKNOWN && a->update->at_ms <= a->entry->accepted_ms &&
	       (a->entry->lingers || a->entry->waited);
}

static bool
is_later(const struct sim_answer *a)
{
	const struct sim_update *u = a->update;
	const struct sim_entry *e = a->entry;

	if (u->timestamp != 0)
		return e->timestamp == 0 || u->timestamp > e->timestamp;
	return e->timestamp != 0 || pmip_sequence_later(u->sequence, e->sequence);
}

/* Its gateway has said since that the mobile node left: what it said before must not win any more. */
static bool
is_taken_back(struct sim_world *w, const struct sim_node *n, const struct sim_update *u)
{
	for (unsigned int i = 0; i < SIM_HEARD_MAX && i < n->update_count; i++) {
		const struct sim_update *v = &n->update[i];
		int64_t off_ms = clock_wall_ms_between(v->timestamp, v->wall);

		if (v->lifetime == 0 && u->lifetime > 0 && v->at_ms > u->last_ms && !v->mismatch && v->mn == u->mn &&
		    addr6_equal(&v->src, &u->src) && v->access_tech == u->access_tech && u->timestamp != 0 &&
		    v->timestamp > u->timestamp &&
		    (w->plan.mn_timestamps ||
		     (off_ms <= (int64_t)w->plan.window_ms && off_ms >= -(int64_t)w->plan.window_ms)))
			return true;
	}
	return false;
}

void
sim_judge_order(struct sim_world *w, struct sim_node *n, const struct sim_answer *a)
{
	struct sim_answer plain = *a;
	struct sim_update u = *a->update;
	struct sim_entry e = a->entry != NULL ? *a->entry : (struct sim_entry){0};
	int64_t off_ms = clock_wall_ms_between(u.timestamp, u.wall);

	if (w->plan.lma_sequences)
		u.timestamp = e.timestamp = 0;
	plain.update = &u;
	if (a->entry != NULL)
		plain.entry = &e;
	if (is_repeated(&plain)) {
		if ((u.lifetime == 0) != e.lingers)
			sim_fault(w, SIM_INV_ORDER, "%s takes update %u of mn%d for another",
				  sim_node_name(w, n->index), u.sequence, u.mn);
		return;
	}
	/* Of what an operator revokes nothing comes that was there before. */
	if (a->entry != NULL && w->now_ms < e.ends_ms && (e.revoked || !e.gone)) {
		w->coverage.judged[SIM_INV_ORDER]++;
		if (!is_later(&plain) && !may_be_older(&plain))
			sim_fault(w, SIM_INV_ORDER, "%s accepts update %u of mn%d, which is older than %u",
				  sim_node_name(w, n->index), u.sequence, u.mn, e.sequence);
	}
	if (is_taken_back(w, n, &u))
		sim_fault(w, SIM_INV_ORDER, "%s accepts update %u of mn%d, which its gateway has taken back",
			  sim_node_name(w, n->index), u.sequence, u.mn);
	if (u.timestamp != 0 && !w->plan.mn_timestamps && !(a->multi && u.accepted) &&
	    (off_ms > (int64_t)w->plan.window_ms || off_ms < -(int64_t)w->plan.window_ms))
		sim_fault(w, SIM_INV_ORDER, "%s accepts update %u of mn%d, whose timestamp is %lld ms off",
			  sim_node_name(w, n->index), u.sequence, u.mn, (long long)off_ms);
}

void
sim_judge_owner(struct sim_world *w, struct sim_node *n, const struct sim_answer *a)
{
	char text[ADDR_PREFIX_TEXT];

	w->coverage.judged[SIM_INV_OWNER]++;
	if (a->update->mn == SIM_NOBODY)
		sim_fault(w, SIM_INV_OWNER, "%s serves a mobile node that policy does not know",
			  sim_node_name(w, n->index));
	else if (sim_is_barred(w, a->update->mn))
		sim_fault(w, SIM_INV_OWNER, "%s serves mn%d, which policy does not want to be served",
			  sim_node_name(w, n->index), a->update->mn);
	else if (a->entry != NULL && a->entry->mn != a->update->mn && w->now_ms < a->entry->ends_ms && !a->entry->gone)
		sim_fault(w, SIM_INV_OWNER, "%s gives mn%d the prefix %s of mn%d", sim_node_name(w, n->index),
			  a->update->mn, addr_prefix_format(&a->entry->prefix[0], text), a->entry->mn);
}

static bool
ll_id_given(const struct mh_opt_mn_ll_id *id)
{
	for (unsigned int i = 0; i < id->len; i++)
		if (id->id[i] != 0)
			return true;
	return false;
}

/*
 * What the update of this interface goes on with, if it names no prefix (RFC 5213 section 5.4.1.2). Two sessions of one
 * interface there are where a gateway that it has left names a fixed prefix.
 */
static const struct sim_entry *
entry_of_interface(const struct sim_world *w, const struct sim_node *n, const struct sim_update *u)
{
	const struct sim_entry *only = NULL, *own = NULL;
	unsigned int count = 0, owned = 0;

	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++) {
		const struct sim_entry *e = &n->entry[i];

		if (!e->used || e->mn != u->mn)
			continue;
		if (ll_id_given(&u->ll_id) && e->access_tech == u->access_tech && e->ll_id.len == u->ll_id.len &&
		    memcmp(e->ll_id.id, u->ll_id.id, e->ll_id.len) == 0) {
			own = e;
			owned++;
		}
		only = e;
		count++;
	}
	if (owned > 0)
		return owned == 1 ? own : NULL;
	return count == 1 && (u->handoff == MH_HANDOFF_BETWEEN_INTERFACES ||
			      (u->handoff == MH_HANDOFF_BETWEEN_MAGS && !ll_id_given(&u->ll_id)))
		       ? only
		       : NULL;
}

static bool
lists(const struct addr_prefix *list, unsigned int count, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < count; i++)
		if (addr_prefix_equal(&list[i], p))
			return true;
	return false;
}

/*
 * What its session had, and temporal prefixes that its gateway has cut for it since; but that the answer to a
 * de-registration names what that named.
 */
static bool
same_prefixes(const struct sim_world *w, const struct sim_answer *a, const struct sim_entry *e)
{
	struct addr_prefix given[MH_HNP_MAX];
	unsigned int count = a->msg->opt.hnp_count;

	for (unsigned int i = 0; i < count; i++) {
		given[i] = a->msg->opt.hnp[i].prefix;
		if (!lists(e->prefix, e->prefix_count, &given[i]) && !sim_is_temporal(w, &given[i]))
			return false;
	}
	for (unsigned int i = 0; i < e->prefix_count && a->update->lifetime > 0; i++)
		if (!lists(given, count, &e->prefix[i]))
			return false;
	return true;
}

/* An update that waits for a de-registration goes on with it. Where policy is slow it may be that which it waited for.
 */
static void
judge_waited(struct sim_world *w, struct sim_node *n, const struct sim_answer *a)
{
	const struct sim_entry *e = a->entry;

	if (e == NULL || !e->lingers || a->update->lifetime == 0 || a->update->last_ms >= e->accepted_ms ||
	    n->disturbed_ms >= a->update->at_ms || n->slow_policy)
		return;
	if (w->now_ms > e->accepted_ms)
		sim_fault(w, SIM_INV_CONTINUED, "%s lets mn%d wait though it was de-registered",
			  sim_node_name(w, n->index), a->update->mn);
}

void
sim_judge_continued(struct sim_world *w, struct sim_node *n, const struct sim_answer *a)
{
	const struct sim_entry *e = a->multi		    ? NULL
				    : a->update->any_prefix ? entry_of_interface(w, n, a->update)
							    : a->entry;

	judge_waited(w, n, a);
	if (e == NULL || w->now_ms >= e->ends_ms)
		return;
	w->coverage.judged[SIM_INV_CONTINUED]++;
	if (!same_prefixes(w, a, e))
		sim_fault(w, SIM_INV_CONTINUED, "%s gives mn%d other prefixes than its session has",
			  sim_node_name(w, n->index), a->update->mn);
}

void
sim_judge_strangers(struct sim_world *w, struct sim_node *n, const struct sim_answer *a)
{
	for (unsigned int i = 0; i < w->plan.mags; i++) {
		const struct sim_node *mag = &w->node[w->plan.lmas + i];

		w->coverage.judged[SIM_INV_STRANGERS]++;
		if (addr6_equal(&mag->address, &a->update->src) && (n->strangers >> i & 1))
			sim_fault(w, SIM_INV_STRANGERS, "%s accepts an update of %s, which is no peer",
				  sim_node_name(w, n->index), sim_node_name(w, mag->index));
	}
}

void
sim_judge_release(struct sim_world *w, struct sim_node *n, const struct sim_answer *a)
{
	if (a->update->lifetime != 0 || a->multi)
		return;
	w->coverage.judged[SIM_INV_RELEASE]++;
	if (a->entry == NULL)
		sim_fault(w, SIM_INV_RELEASE, "%s accepts that mn%d leaves, which it does not have",
			  sim_node_name(w, n->index), a->update->mn);
	else if (!addr6_equal(&a->entry->coa, &a->update->coa))
		sim_fault(w, SIM_INV_RELEASE, "%s lets a gateway de-register mn%d, which is elsewhere",
			  sim_node_name(w, n->index), a->update->mn);
}
