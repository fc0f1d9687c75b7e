/* SPDX-License-Identifier: BSD-3-Clause */
/* What holds after each step of a node, by what it shows and by what it was told to be forwarded. */
#include <string.h>

#include "world.h"

static bool
same_list(const struct addr_prefix *a, unsigned int na, const struct addr_prefix *b, unsigned int nb)
{
	return na == nb && memcmp(a, b, na * sizeof(*a)) == 0;
}

static bool
overlap(const struct addr_prefix *a, unsigned int na, const struct addr_prefix *b, unsigned int nb)
{
	for (unsigned int i = 0; i < na; i++)
		for (unsigned int j = 0; j < nb; j++)
			if (addr_prefix_overlaps(&a[i], &b[j]))
				return true;
	return false;
}

/* A prefix of a pool is in use while a session has it, and no longer. */
static void
check_pools(struct sim_world *w, const struct sim_node *n)
{
	struct lma_pool_view pool;
	struct lma_view v;

	for (unsigned int i = 0; lma_pool(n->lma, i, &pool); i++) {
		unsigned int used = 0;

		for (uint32_t k = 0; lma_next(n->lma, k, &v); k = v.session + 1)
			for (unsigned int p = 0; p < v.prefix_count; p++)
				used += addr_prefix_holds(&pool.block, &v.prefix[p].addr);
		if (used != pool.used)
			sim_fault(w, SIM_INV_OWNER,
				  "the sessions of %s have %u prefixes of its pool, which has given %u",
				  sim_node_name(w, n->index), used, pool.used);
	}
}

/* Over all anchors: a prefix has one session. */
void
sim_check_owner(struct sim_world *w, struct sim_node *n)
{
	struct lma_view a, b;

	if (n->lma == NULL)
		return;
	check_pools(w, n);
	for (uint32_t i = 0; lma_next(n->lma, i, &a); i = a.session + 1)
		for (unsigned int k = 0; k < w->plan.lmas; k++)
			for (uint32_t j = 0; lma_next(w->node[k].lma, j, &b); j = b.session + 1)
				if ((k != n->index || a.session != b.session) &&
				    overlap(a.prefix, a.prefix_count, b.prefix, b.prefix_count))
					sim_fault(w, SIM_INV_OWNER, "sessions %u of %s and %u of %s share a prefix",
						  a.session, sim_node_name(w, n->index), b.session,
						  sim_node_name(w, k));
}

static bool
find_by_prefix(const struct lma *l, const struct sim_entry *e, struct lma_view *v)
{
	for (uint32_t i = 0; lma_next(l, i, v); i = v->session + 1)
		if (same_list(v->prefix, v->prefix_count, e->prefix, e->prefix_count))
			return true;
	return false;
}

/* One whose gateway has said that it left, when it was asked, is as one that it has de-registered. */
static void
let_linger(const struct sim_world *w, struct sim_entry *e, const struct lma_view *v)
{
	if (e->lingers || !e->may_linger || v->state != LMA_LINGER)
		return;
	e->lingers = true;
	e->waited = false;
	e->lifetime = 0;
	e->accepted_ms = w->now_ms;
	e->ends_ms = w->now_ms + w->plan.bce_delete_ms;
}

static bool
is_as_acknowledged(const struct sim_world *w, const struct sim_node *n, const struct sim_entry *e,
		   const struct lma_view *v)
{
	bool ends = v->state == LMA_REVOKING && sim_ending_may(w, n, e);

	return (ends || v->state == (e->lingers ? LMA_LINGER : LMA_ACTIVE)) && addr6_equal(&v->proxy_coa, &e->coa) &&
	       pmip_mn_id_equal(&v->mn_id, &w->mn_id[e->mn]);
}

static void
check_entry(struct sim_world *w, struct sim_node *n, struct sim_entry *e)
{
	bool over = w->now_ms >= e->ends_ms;
	char text[ADDR_PREFIX_TEXT];
	struct lma_view v;

	addr_prefix_format(&e->prefix[0], text);
	w->coverage.judged[SIM_INV_KEPT]++;
	if (!find_by_prefix(n->lma, e, &v)) {
		if (!over && !sim_ending_may(w, n, e))
			sim_fault(w, SIM_INV_KEPT, "%s has lost %s of mn%d", sim_node_name(w, n->index), text, e->mn);
		e->used = false;
		return;
	}
	let_linger(w, e, &v);
	if (over && n->ticked_ms >= e->ends_ms && !n->more)
		sim_fault(w, SIM_INV_KEPT, "%s keeps %s of mn%d for too long", sim_node_name(w, n->index), text, e->mn);
	else if (!is_as_acknowledged(w, n, e, &v))
		sim_fault(w, SIM_INV_KEPT, "%s has %s of mn%d otherwise than it acknowledged",
			  sim_node_name(w, n->index), text, e->mn);
}

/* What becomes of those whose prefixes move is judged by what they have: invariants rows and reach. */
static unsigned int
sessions_of_multi(const struct sim_world *w, const struct sim_node *n)
{
	unsigned int count = 0;
	struct lma_view v;

	for (uint32_t i = 0; lma_next(n->lma, i, &v); i = v.session + 1)
		for (unsigned int mn = 0; mn < w->plan.two_interfaces; mn++)
			count += sim_is_multi(w, (int)mn) && pmip_mn_id_equal(&v.mn_id, &w->mn_id[mn]);
	return count;
}

void
sim_check_kept(struct sim_world *w, struct sim_node *n)
{
	unsigned int entries = 0;

	if (n->lma == NULL)
		return;
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++) {
		if (n->entry[i].used)
			check_entry(w, n, &n->entry[i]);
		entries += n->entry[i].used;
	}
	entries += sessions_of_multi(w, n);
	if (entries != lma_session_count(n->lma) && !n->more)
		sim_fault(w, SIM_INV_KEPT, "%s has %u sessions and has acknowledged %u", sim_node_name(w, n->index),
			  lma_session_count(n->lma), entries);
}

/* No prefix leads two ways, and no key is of two sessions. */
static void
check_shared(struct sim_world *w, const struct sim_node *n, unsigned int i)
{
	const struct sim_forward *a = &n->forward[i];

	for (unsigned int j = 0; j < i; j++)
		if (n->forward[j].set && a->key_in_given && n->forward[j].key_in_given &&
		    a->key_in == n->forward[j].key_in)
			sim_fault(w, SIM_INV_FORWARDING, "%s has one GRE key for sessions %u and %u",
				  sim_node_name(w, n->index), i, j);
		else if (n->forward[j].set &&
			 overlap(a->prefix, a->prefix_count, n->forward[j].prefix, n->forward[j].prefix_count))
			sim_fault(w, SIM_INV_FORWARDING, "%s forwards a prefix of session %u for session %u too",
				  sim_node_name(w, n->index), i, j);
}

static void
put_keys(struct sim_forward *f, bool gre, bool keyed, uint32_t in, uint32_t out)
{
	f->gre = gre;
	f->key_in_given = f->key_out_given = keyed;
	f->key_in = keyed ? in : 0;
	f->key_out = keyed ? out : 0;
}

static bool
same_keys(const struct sim_forward *a, const struct sim_forward *b)
{
	return a->gre == b->gre && a->key_in_given == b->key_in_given && a->key_out_given == b->key_out_given &&
	       a->key_in == b->key_in && a->key_out == b->key_out;
}

/* What a session's forwarding has to be; false when there is to be none. */
static bool
wanted(const struct sim_node *n, uint32_t session, struct sim_forward *out)
{
	struct lma_view lv;
	struct mag_view mv;

	*out = (struct sim_forward){.local = n->address};
	if (n->lma != NULL && lma_find(n->lma, session, &lv)) {
		out->held = lv.state == LMA_LINGER || lv.state == LMA_REVOKING;
		put_keys(out, lv.gre, lv.keys, lv.key_in, lv.key_out);
		out->remote = lv.proxy_coa;
		out->prefix_count = lv.prefix_count;
		memcpy(out->prefix, lv.prefix, lv.prefix_count * sizeof(*lv.prefix));
		return true;
	}
	if (n->mag != NULL && mag_find(n->mag, session, &mv) &&
	    (mv.state == MAG_ACTIVE || mv.state == MAG_REFRESHING)) {
		out->remote = mv.lma;
		out->host = mv.link.host;
		put_keys(out, mv.gre, mv.gre_keyed, mv.key_in, mv.key_out);
		for (unsigned int i = 0; i < mv.prefix_count; i++)
			if (!(mv.idle >> i & 1))
				out->prefix[out->prefix_count++] = mv.prefix[i];
		return true;
	}
	return false;
}

static bool
has_multi(const struct sim_world *w)
{
	return sim_is_multi(w, 0);
}

void
sim_check_forwarding(struct sim_world *w, struct sim_node *n)
{
	struct sim_forward want;

	if (has_multi(w) && !sim_is_settled(w, n))
		return;
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++) {
		const struct sim_forward *f = &n->forward[i];
		bool wants = wanted(n, i, &want);

		w->coverage.judged[SIM_INV_FORWARDING] += f->set;
		if (f->set != wants)
			sim_fault(w, SIM_INV_FORWARDING, "%s %s forwarding for session %u", sim_node_name(w, n->index),
				  wants ? "lacks" : "has stale", i);
		else if (f->set && (!same_list(f->prefix, f->prefix_count, want.prefix, want.prefix_count) ||
				    !addr6_equal(&f->remote, &want.remote) || !addr6_equal(&f->local, &want.local) ||
				    f->host != want.host || f->held != want.held ||
				    (f->prefix_count == 0 && !has_multi(w)) || !same_keys(f, &want)))
			sim_fault(w, SIM_INV_FORWARDING, "%s forwards session %u otherwise than it says",
				  sim_node_name(w, n->index), i);
		if (f->set)
			check_shared(w, n, i);
	}
}

void
sim_check_engine(struct sim_world *w, struct sim_node *n)
{
	uint64_t refused = n->lma != NULL ? lma_refused_transitions(n->lma) : mag_transitions_refused(n->mag);

	w->coverage.judged[SIM_INV_ENGINE]++;
	if (refused > 0)
		sim_fault(w, SIM_INV_ENGINE, "%s tried a transition that its table does not allow",
			  sim_node_name(w, n->index));
}

static void
check_empty_lma(struct sim_world *w, const struct sim_node *n)
{
	struct lma_pool_view pool;

	if (lma_session_count(n->lma) > 0 || lma_waiting_count(n->lma) > 0 || lma_due(n->lma) != UINT64_MAX)
		sim_fault(w, SIM_INV_EMPTY, "%s still has %u sessions, %u waiting updates, and a deadline at %lld",
			  sim_node_name(w, n->index), lma_session_count(n->lma), lma_waiting_count(n->lma),
			  (long long)lma_due(n->lma));
	for (unsigned int i = 0; lma_pool(n->lma, i, &pool); i++)
		if (pool.used > 0)
			sim_fault(w, SIM_INV_EMPTY, "the pool of %s still has %u prefixes in use",
				  sim_node_name(w, n->index), pool.used);
}

/* A mobile node that an anchor does not serve at all is remembered, lest it be asked about again. */
static void
check_empty_mag(struct sim_world *w, const struct sim_node *n)
{
	struct mag_view v;

	for (uint32_t i = 0; mag_next(n->mag, i, &v); i = v.session + 1)
		if (v.state != MAG_HELD || v.status != MH_STATUS_PROXY_REG_NOT_ENABLED)
			sim_fault(w, SIM_INV_EMPTY, "%s still has session %u, %s", sim_node_name(w, n->index),
				  v.session, mag_state_name(v.state));
	sim_check_uncut(w, n);
	if (n->cuts != SIM_CUTS_ASKED && mag_due(n->mag) != UINT64_MAX)
		sim_fault(w, SIM_INV_EMPTY, "%s still has a deadline", sim_node_name(w, n->index));
}

static void
check_no_heartbeats(struct sim_world *w, const struct sim_node *n)
{
	struct pmip_heartbeat_view v;
	uint32_t at = 0;

	while (pmip_heartbeat_next(n->heartbeat, &at, &v))
		if (v.wanted)
			sim_fault(w, SIM_INV_EMPTY, "%s still has heartbeats", sim_node_name(w, n->index));
	if (pmip_heartbeat_due(n->heartbeat) != UINT64_MAX)
		sim_fault(w, SIM_INV_EMPTY, "%s still has a heartbeat to send", sim_node_name(w, n->index));
}

void
sim_check_empty(struct sim_world *w)
{
	for (unsigned int i = 0; i < w->nodes; i++) {
		const struct sim_node *n = &w->node[i];

		w->coverage.judged[SIM_INV_EMPTY]++;
		if (n->lma != NULL)
			check_empty_lma(w, n);
		else
			check_empty_mag(w, n);
		check_no_heartbeats(w, n);
		for (unsigned int k = 0; k < SIM_SESSIONS_MAX; k++)
			if (n->forward[k].set)
				sim_fault(w, SIM_INV_EMPTY, "%s still forwards session %u", sim_node_name(w, i), k);
	}
}
