/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The model's memory, kept from the messages alone: the updates that came to each anchor, and the bindings that it has
 * acknowledged; the updates that each gateway sent, and until when it may serve by the answers.
 */
#include <string.h>

#include "world.h"

static struct sim_update *
note(struct sim_node *n, const struct sim_update *u)
{
	struct sim_update *at = &n->update[n->update_count++ % SIM_HEARD_MAX];

	*at = *u;
	return at;
}

static struct sim_update
update_of(struct sim_world *w, const struct sim_node *n, const struct addr6 *src, const struct mh_msg *m)
{
	struct sim_update u = {.at_ms = w->now_ms,
			       .last_ms = w->now_ms,
			       .wall = sim_now(w, n).wall,
			       .src = *src,
			       .coa = mh_has(m, MH_OPT_ALTERNATE_COA) ? m->opt.alt_coa.addr : *src,
			       .sequence = m->pbu.sequence,
			       .lifetime = m->pbu.lifetime,
			       .handoff = m->opt.handoff.value,
			       .access_tech = m->opt.access_tech.value,
			       .mn = sim_mn_find(w, m),
			       .any_prefix = true,
			       .ll_id = m->opt.mn_ll_id};

	if (mh_has(m, MH_OPT_TIMESTAMP))
		u.timestamp = m->opt.timestamp.wall;
	for (unsigned int i = 0; i < m->opt.hnp_count; i++)
		u.any_prefix = u.any_prefix && addr6_is_zero(&m->opt.hnp[i].prefix.addr);
	return u;
}

static bool
is_of_interface(const struct sim_update *u, const struct mh_msg *m)
{
	const struct mh_opt_mn_ll_id *id = &m->opt.mn_ll_id;

	return u->access_tech == m->opt.access_tech.value && u->handoff == m->opt.handoff.value &&
	       u->ll_id.len == id->len && memcmp(u->ll_id.id, id->id, id->len) == 0;
}

/* Whether the anchor's clock was nearer to the timestamp when a came. */
static bool
is_nearer(const struct sim_update *a, const struct sim_update *b)
{
	int64_t x = clock_wall_ms_between(a->timestamp, a->wall), y = clock_wall_ms_between(b->timestamp, b->wall);

	return (x < 0 ? -x : x) < (y < 0 ? -y : y);
}

/*
 * The update that an anchor's answer is for: the last one that it repeats the options of. Of copies of one update the
 * first counts, and the time of the one that came nearest to its timestamp.
 */
static struct sim_update *
heard(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	const struct mh_msg *m = &a->send.msg;
	struct sim_update *found = NULL;
	int mn = sim_mn_find(w, m);

	for (unsigned int i = 0; i < SIM_HEARD_MAX && i < n->update_count; i++) {
		struct sim_update *u = &n->update[(n->update_count - 1 - i) % SIM_HEARD_MAX];

		if (u->sequence != m->pba.sequence || u->mn != mn || !addr6_equal(&u->src, &a->send.dst) ||
		    !is_of_interface(u, m) || (u->lifetime == 0) != (m->pba.lifetime == 0) ||
		    (mh_has(m, MH_OPT_TIMESTAMP) && u->timestamp != m->opt.timestamp.wall))
			continue;
		if (u->timestamp == 0)
			return u;
		if (found != NULL) {
			u->wall = is_nearer(found, u) ? found->wall : u->wall;
			u->last_ms = found->last_ms;
		}
		found = u;
	}
	return found;
}

struct sim_entry *
sim_entry_find(struct sim_node *n, const struct addr_prefix *prefix, unsigned int count)
{
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++) {
		struct sim_entry *e = &n->entry[i];

		for (unsigned int j = 0; e->used && j < e->prefix_count; j++)
			for (unsigned int k = 0; k < count; k++)
				if (addr_prefix_overlaps(&e->prefix[j], &prefix[k]))
					return e;
	}
	return NULL;
}

static struct sim_entry *
entry_new(struct sim_node *n)
{
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++)
		if (!n->entry[i].used)
			return &n->entry[i];
	return NULL;
}

static void
enter(struct sim_world *w, struct sim_node *n, const struct mh_msg *m, const struct sim_update *u, struct sim_entry *e)
{
	bool again = e != NULL && !e->lingers && !e->gone && u->timestamp != 0 && e->timestamp == u->timestamp &&
		     e->sequence == u->sequence && addr6_equal(&e->coa, &u->coa);
	uint64_t timestamp = e != NULL && w->now_ms < e->ends_ms && e->timestamp > u->timestamp && u->timestamp != 0
				     ? e->timestamp
				     : u->timestamp;
	bool lost = e != NULL && e->gone && w->now_ms < e->ends_ms && !sim_ending_may(w, n, e);
	bool waited = e != NULL && !again && u->at_ms < w->now_ms && u->handoff == MH_HANDOFF_UNKNOWN;

	if (lost)
		sim_fault(w, SIM_INV_KEPT, "%s has lost a session of mn%d", sim_node_name(w, n->index), e->mn);
	if (e != NULL && again)
		return; /* said once more: nothing changes */
	if (e == NULL)
		e = entry_new(n);
	if (e == NULL) {
		sim_fault(w, SIM_INV_KEPT, "%s has acknowledged more sessions than it has room for",
			  sim_node_name(w, n->index));
		return;
	}
	*e = (struct sim_entry){.used = true,
				.grouped = m->pba.flags & MH_PBA_B,
				.waited = waited,
				.mn = u->mn,
				.access_tech = u->access_tech,
				.ll_id = u->ll_id,
				.prefix_count = m->opt.hnp_count,
				.coa = u->coa,
				.timestamp = timestamp,
				.sequence = u->sequence,
				.lifetime = u->lifetime,
				.accepted_ms = w->now_ms,
				.ends_ms = w->now_ms + 1000 * MH_LIFETIME_UNIT_S * (uint64_t)m->pba.lifetime};
	for (unsigned int i = 0; i < m->opt.hnp_count; i++)
		e->prefix[i] = m->opt.hnp[i].prefix;
}

static void
release(struct sim_world *w, const struct sim_update *u, struct sim_entry *e)
{
	if (e == NULL)
		return;
	if (!e->lingers)
		e->ends_ms = w->now_ms + (e->revoked ? 0 : w->plan.bce_delete_ms);
	e->lingers = true;
	e->waited = false;
	e->timestamp = u->timestamp;
	e->sequence = u->sequence;
	e->lifetime = 0;
	e->accepted_ms = w->now_ms;
}

/* Such an answer has the anchor's time instead of the update's: it is to the last of its number. */
static void
mark_mismatch(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	int mn = sim_mn_find(w, &a->send.msg);

	for (unsigned int i = 0; i < SIM_HEARD_MAX && i < n->update_count; i++) {
		struct sim_update *u = &n->update[(n->update_count - 1 - i) % SIM_HEARD_MAX];

		if (u->sequence == a->send.msg.pba.sequence && u->mn == mn && addr6_equal(&u->src, &a->send.dst)) {
			u->mismatch = true;
			return;
		}
	}
}

/* An update or an acknowledgement of a group, not of a mobile node. */
static bool
is_bulk(const struct mh_msg *m)
{
	return mh_has(m, MH_OPT_MN_GROUP_ID) && !mh_has(m, MH_OPT_MN_ID);
}

static bool
is_accepted(const struct mh_msg *m)
{
	return m->pba.status < MH_STATUS_REASON_UNSPECIFIED;
}

static uint64_t
lifetime_ms(const struct mh_msg *m)
{
	return 1000 * MH_LIFETIME_UNIT_S * (uint64_t)m->pba.lifetime;
}

static void
extended(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	uint64_t ends_ms = w->now_ms + lifetime_ms(&a->send.msg);

	w->coverage.status[a->send.msg.pba.status]++;
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX && is_accepted(&a->send.msg); i++) {
		struct sim_entry *e = &n->entry[i];

		if (e->used && e->grouped && !e->lingers && !e->revoked && addr6_equal(&e->coa, &a->send.dst) &&
		    (e->ends_ms < ends_ms || e->accepted_ms < w->now_ms))
			e->ends_ms = ends_ms;
	}
}

static void
acknowledged(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	const struct mh_msg *m = &a->send.msg;
	struct addr_prefix prefix[MH_HNP_MAX];
	struct sim_update *u = heard(w, n, a);
	struct sim_answer answer = {.msg = m, .update = u};

	w->coverage.status[m->pba.status]++;
	if (m->pba.status == MH_STATUS_TIMESTAMP_MISMATCH)
		mark_mismatch(w, n, a);
	if (!is_accepted(m))
		return;
	if (answer.update == NULL) {
		sim_fault(w, SIM_INV_ORDER, "%s accepts an update that never came", sim_node_name(w, n->index));
		return;
	}
	for (unsigned int i = 0; i < m->opt.hnp_count; i++)
		prefix[i] = m->opt.hnp[i].prefix;
	answer.multi = sim_is_multi(w, answer.update->mn);
	answer.entry = answer.multi ? NULL : sim_entry_find(n, prefix, m->opt.hnp_count);
	sim_judge(w, n, &answer);
	u->accepted = true;
	if (answer.multi)
		return; /* no entry is a session of it */
	if (answer.update->lifetime == 0)
		release(w, answer.update, answer.entry);
	else
		enter(w, n, m, answer.update, answer.entry);
}

/* The last update that a gateway has sent about the same interface. */
static const struct sim_update *
update_before(const struct sim_node *n, const struct sim_update *u)
{
	for (unsigned int i = 0; i < SIM_HEARD_MAX && i < n->update_count; i++) {
		const struct sim_update *v = &n->update[(n->update_count - 1 - i) % SIM_HEARD_MAX];

		if (v->mn == u->mn && v->access_tech == u->access_tech)
			return v;
	}
	return NULL;
}

/* Whether a gateway asks for more than it has: a refusal leaves it what it has, for as long as it was granted. */
static bool
is_pull(const struct sim_world *w, const struct sim_node *n, int mn, const struct mh_msg *m)
{
	unsigned int i = 2 * (unsigned int)mn + (m->opt.access_tech.value == MH_ATT_WLAN ? 0 : 1);
	unsigned int has = 0;
	struct mag_view v;

	if (!sim_is_multi(w, mn) || !mag_find(n->mag, sim_session_of(w, n, i), &v))
		return false;
	for (unsigned int k = 0; k < m->opt.hnp_count; k++)
		for (unsigned int j = 0; j < v.prefix_count; j++)
			has += addr_prefix_equal(&m->opt.hnp[k].prefix, &v.prefix[j]) &&
			       !((v.off_link | v.idle) >> j & 1);
	return has < m->opt.hnp_count && !addr6_is_zero(&m->opt.hnp[0].prefix.addr);
}

static void
updated(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	struct sim_update u = update_of(w, n, &a->send.src, &a->send.msg);
	const struct sim_update *before = update_before(n, &u);

	if (u.timestamp != 0 && u.timestamp <= n->stamp)
		sim_fault(w, SIM_INV_ORDER, "%s sends an update whose timestamp is not later than the last one's",
			  sim_node_name(w, n->index));
	n->stamp = u.timestamp;
	if (sim_is_of_gateway(w, &a->send.msg))
		return;
	u.pulls = is_pull(w, n, u.mn, &a->send.msg);
	if (before != NULL && u.mn != SIM_NOBODY && u.handoff == MH_HANDOFF_NO_CHANGE && !sim_is_multi(w, u.mn))
		sim_ending_extends(w, n, before);
	note(n, &u);
}

void
sim_ledger_sent(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	const struct mh_msg *m = &a->send.msg;

	if (m->type == MH_PBA && sim_is_of_gateway(w, m))
		sim_blocks_judge(w, n, a);
	else if (m->type == MH_PBA && is_bulk(m))
		extended(w, n, a);
	else if (m->type == MH_PBA)
		acknowledged(w, n, a);
	else if (m->type == MH_PBU)
		updated(w, n, a);
	else
		sim_ending_sent(w, n, a);
}

/* Where prefixes move, a gateway that lists others than its anchor asks which there are, and serves until it knows. */
static bool
asks_anew(const struct sim_world *w, const struct mh_msg *m)
{
	return m->pba.status == MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH && sim_moves(w);
}

/* The update is to be said again, or has been: it came a second time. */
static bool
is_no_word(const struct sim_world *w, const struct mh_msg *m)
{
	return m->pba.status == MH_STATUS_SEQUENCE_OUT_OF_WINDOW || m->pba.status == MH_STATUS_ID_MISMATCH ||
	       asks_anew(w, m);
}

/* No longer than its own settings have it by then. */
static uint16_t
granted(const struct sim_world *w, const struct mh_msg *m)
{
	uint32_t most = w->plan.lifetime_s / MH_LIFETIME_UNIT_S;

	return (uint16_t)(m->pba.lifetime < most ? m->pba.lifetime : most);
}

static void
told(struct sim_world *w, struct sim_node *n, const struct mh_msg *m, struct sim_update *u, struct sim_if *f)
{
	unsigned int mag = n->index - w->plan.lmas, lma = sim_lma_of(w, u->mn)->index;

	/* What is answered to what it asked before changes nothing of a revocation. */
	if (f->refused[mag] != SIM_REVOKED || u->at_ms > f->revoked_ms[mag])
		f->refused[mag] = m->pba.status;
	if (!is_no_word(w, m) && (!u->pulls || is_accepted(m)))
		f->granted_ms[mag] = u->at_ms + lifetime_ms(m);
	u->granted = granted(w, m);
	if (is_accepted(m) && m->pba.flags & MH_PBA_B && n->grouped_ms[lma] >= u->at_ms &&
	    f->granted_ms[mag] < n->group_ends_ms[lma])
		f->granted_ms[mag] = n->group_ends_ms[lma]; /* with others, before it was answered itself */
	if (is_accepted(m)) {
		f->registered_ms[mag] = u->at_ms;
		f->grouped[mag] = m->pba.flags & MH_PBA_B;
	}
}

/* All that are extended together, by the update of this number. */
static void
told_of_group(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	unsigned int mag = n->index - w->plan.lmas;
	const struct sim_update *u = NULL;

	for (unsigned int i = 0; i < SIM_HEARD_MAX && i < n->update_count; i++)
		if (n->update[i].mn == SIM_NOBODY && n->update[i].sequence == m->pba.sequence)
			u = &n->update[i];
	if (u != NULL && is_accepted(m)) {
		n->grouped_ms[from] = u->at_ms;
		n->group_ends_ms[from] = u->at_ms + lifetime_ms(m);
	}
	for (unsigned int i = 0; u != NULL && is_accepted(m) && i < sim_ifs(w); i++)
		if (w->iface[i].grouped[mag] && sim_lma_of(w, (int)(i / 2))->index == from &&
		    w->iface[i].granted_ms[mag] < u->at_ms + lifetime_ms(m))
			w->iface[i].granted_ms[mag] = u->at_ms + lifetime_ms(m);
}

/* Whether an answer may be for this update of its interface: a repetition has the number of the first, and a time of
 * its own, which the answer repeats but for a refusal for the time. */
static bool
may_answer(const struct sim_update *u, const struct mh_msg *m)
{
	bool own = m->pba.status == MH_STATUS_TIMESTAMP_MISMATCH ||
		   m->pba.status == MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED;

	return u->sequence == m->pba.sequence && is_of_interface(u, m) &&
	       (own || u->timestamp == 0 || u->timestamp == m->opt.timestamp.wall);
}

/* The first answer to the last update of an interface comes to its gateway: what it says is remembered. */
static void
acknowledgement(struct sim_world *w, struct sim_node *n, const struct mh_msg *m)
{
	int mn = sim_mn_find(w, m);

	for (unsigned int i = 0; mn != SIM_NOBODY && i < SIM_HEARD_MAX && i < n->update_count; i++) {
		struct sim_update *u = &n->update[(n->update_count - 1 - i) % SIM_HEARD_MAX];
		struct sim_if *f = &w->iface[2 * mn + (u->access_tech == MH_ATT_WLAN ? 0 : 1)];

		if (u->mn != mn || u->access_tech != m->opt.access_tech.value)
			continue;
		if (!u->answered && may_answer(u, m) && u->lifetime > 0)
			told(w, n, m, u, f);
		u->answered = u->answered || may_answer(u, m);
		return;
	}
}

void
sim_ledger_heard(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	struct sim_update u;

	if (sim_is_of_gateway(w, m))
		return;
	if (m->type == MH_PBU) {
		u = update_of(w, n, &w->node[from].address, m);
		note(n, &u);
	} else if (m->type == MH_PBA && is_bulk(m)) {
		told_of_group(w, n, from, m);
	} else if (m->type == MH_PBA) {
		acknowledgement(w, n, m);
	} else {
		sim_ending_heard(w, n, from, m);
	}
}

void
sim_ledger_gone(struct sim_node *n, const struct pmip_action *a)
{
	struct sim_entry *e = sim_entry_find(n, a->forward.prefix, a->forward.prefix_count);

	if (e != NULL)
		e->gone = true;
}

void
sim_ledger_closed(struct sim_world *w, struct sim_node *n, uint32_t session)
{
	struct sim_entry *e;
	struct lma_view v;

	if (session == PMIP_SESSION_NONE)
		memset(n->entry, 0, sizeof(n->entry));
	else if (lma_find(n->lma, session, &v) && (e = sim_entry_find(n, v.prefix, v.prefix_count)) != NULL)
		e->used = false;
}
