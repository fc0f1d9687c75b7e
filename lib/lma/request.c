/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Updates that cannot be answered at once: policy is being asked about a mobile node (ASKING), or an old session
 * may be about to be de-registered (WAITING). A mobile node has one question out at a time, and a gateway one
 * parked update for each of its interfaces: an update that is sent again takes the place of the first.
 */
#include "engine.h"

static uint32_t
index_of(const struct lma *l, const struct lma_request *r)
{
	return (uint32_t)(r - l->request);
}

static struct lma_request *
request_of(struct lma *l, const struct lma_node *n, const struct lma_request *r)
{
	uint32_t i = r != NULL ? r->next : n != NULL ? n->request : INDEX_NONE;

	return i != INDEX_NONE ? &l->request[i] : NULL;
}

static bool
same_interface(const struct lma_update *a, const struct lma_update *b)
{
	return addr6_equal(&a->proxy_coa, &b->proxy_coa) && a->access_tech == b->access_tech &&
	       a->ll_id.len == b->ll_id.len && memcmp(a->ll_id.id, b->ll_id.id, a->ll_id.len) == 0;
}

static struct lma_request *
find(struct lma *l, const struct lma_node *n, const struct lma_update *u)
{
	struct lma_request *r = NULL;

	while ((r = request_of(l, n, r)) != NULL)
		if (same_interface(&r->update, u))
			return r;
	return NULL;
}

static void
drop(struct lma *l, struct lma_request *r)
{
	uint32_t i = index_of(l, r);
	struct lma_node *n = &l->node[r->node];
	uint32_t *link = &n->request;

	while (*link != i)
		link = &l->request[*link].next;
	*link = r->next;
	deadline_clear(&l->request_due, i);
	lma_enter(l, &r->state, LMA_FREE);
	index_pool_put(&l->request_ids, i);
	lma_node_put(l, n);
}

static bool
is_unanswered(const struct lma_request *r)
{
	return r->state == LMA_ASKING && r->update.policy == LMA_POLICY_UNASKED;
}

static bool
question_is_out(struct lma *l, const struct lma_node *n)
{
	struct lma_request *r = NULL;

	while ((r = request_of(l, n, r)) != NULL)
		if (is_unanswered(r))
			return true;
	return false;
}

/* There will be no answer; the gateways will send their updates again. */
static void
drop_unanswered(struct lma *l, const struct lma_node *n)
{
	struct lma_request *r, *next;

	for (r = request_of(l, n, NULL); r != NULL; r = next) {
		next = r->next != INDEX_NONE ? &l->request[r->next] : NULL;
		if (is_unanswered(r))
			drop(l, r);
	}
}

/* The update of a parked one that was sent again: what is known of the mobile node is kept, and how long it waits. */
static void
replace(struct lma_request *r, const struct lma_update *u)
{
	enum lma_policy policy = u->policy == LMA_POLICY_UNASKED ? r->update.policy : u->policy;
	struct pmip_profile profile = u->policy == LMA_POLICY_UNASKED ? r->update.profile : u->profile;
	uint64_t wait_ends_ms = r->update.wait_ends_ms;
	enum mh_status refused = r->update.refused;

	r->settled = false;
	lma_update_copy(&r->update, u);
	r->update.wait_ends_ms = wait_ends_ms;
	r->update.refused = refused;
	r->update.policy = policy;
	r->update.profile = profile;
}

static struct lma_request *
append(struct lma *l, struct lma_node *n, const struct lma_update *u, enum lma_state state)
{
	uint32_t *link = &n->request;
	unsigned int count = 0;
	struct lma_request *r;
	uint32_t i;

	for (; *link != INDEX_NONE; link = &l->request[*link].next)
		count++;
	i = count < LMA_NODE_MAX ? index_pool_take(&l->request_ids) : INDEX_NONE;
	if (i == INDEX_NONE)
		return NULL;
	r = &l->request[i];
	memset(r, 0, offsetof(struct lma_request, update));
	r->node = lma_node_index(l, n);
	r->next = INDEX_NONE;
	lma_update_copy(&r->update, u);
	lma_enter(l, &r->state, state);
	*link = i;
	return r;
}

/* Last in its list, since the answer may come before the list has ended. */
static void
ask(struct lma *l, struct lma_request *r, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_ASK_POLICY, PMIP_SESSION_NONE);
	const struct mh_msg *m = &r->update.msg;

	if (a == NULL)
		return;
	r->token = l->questions++ * LMA_REQUESTS_MAX + index_of(l, r);
	r->asked = true;
	a->ask.token = r->token;
	a->ask.mn_id = r->update.mn_id;
	a->ask.peer = r->update.src;
	if (mh_has(m, MH_OPT_SERVICE_SELECTION))
		a->ask.service = m->opt.service;
	a->ask.vendor_count = m->opt.vendor_count;
	memcpy(a->ask.vendor, m->opt.vendor, m->opt.vendor_count * sizeof(m->opt.vendor[0]));
}

/* The request whose question has this token and is not yet answered, or NULL. */
static struct lma_request *
find_asked(struct lma *l, uint32_t token)
{
	uint32_t i = token % LMA_REQUESTS_MAX;

	if (i >= l->requests_max || !index_pool_is_taken(&l->request_ids, i))
		return NULL;
	return l->request[i].asked && l->request[i].token == token ? &l->request[i] : NULL;
}

/* When a parked update is given up, or done without what it waited for. One that waits again has no longer for it. */
static uint64_t
end_of_wait(const struct lma *l, struct lma_request *r, uint64_t now_ms)
{
	uint64_t *ends_ms = &r->update.wait_ends_ms;

	if (r->state == LMA_ASKING)
		return now_ms + LMA_POLICY_WAIT_MS;
	if (*ends_ms == 0)
		*ends_ms = now_ms + l->s.timers.max_delay_before_new_bce_assign_ms;
	return *ends_ms;
}

bool
lma_request_park(struct lma *l, const struct lma_update *u, enum lma_state state, uint64_t now_ms,
		 struct pmip_actions *out)
{
	struct lma_node *n = lma_node_take(l, &u->mn_id);
	struct lma_request *r, *old = find(l, n, u);
	bool ask_it;

	if (n == NULL)
		return false;
	/* An ASKING one may own the question, and will run all checks anew: it takes any update. */
	if (old != NULL && (old->state == LMA_ASKING || old->state == state)) {
		replace(old, u);
		return true;
	}
	ask_it = state == LMA_ASKING && !question_is_out(l, n);
	r = append(l, n, u, state);
	if (r == NULL) {
		lma_node_put(l, n);
		return false;
	}
	if (old != NULL)
		drop(l, old);
	deadline_set(&l->request_due, index_of(l, r), end_of_wait(l, r, now_ms));
	if (ask_it)
		ask(l, r, out);
	return true;
}

void
lma_request_overtake(struct lma *l, const struct lma_update *u)
{
	struct lma_request *r = find(l, lma_node_find(l, &u->mn_id), u);
	enum pmip_order order;

	if (r == NULL)
		return;
	order = pmip_order_check(&r->update.stamp, &u->stamp, 0, PMIP_WINDOW_NONE);
	if (order == PMIP_ORDER_LOWER || order == PMIP_ORDER_SEQUENCE)
		return;
	/* One whose question is out stays for the others that wait for the answer, and is not run. */
	if (r->asked)
		r->settled = true;
	else
		drop(l, r);
}

/* Unpark it: all checks anew, with what is known by now. */
static void
run(struct lma *l, struct lma_request *r, const struct clock_now *now, struct pmip_actions *out)
{
	struct lma_update u = r->update;
	bool settled = r->settled;

	u.waited = u.wait_ends_ms != 0 && u.wait_ends_ms <= now->mono_ms;
	drop(l, r);
	if (!settled)
		lma_update_run(l, &u, now, out);
}

void
lma_request_answered(struct lma *l, const struct pmip_event *e, struct pmip_actions *out)
{
	struct lma_request *asked = find_asked(l, e->policy.token), *r = NULL;

	if (asked == NULL)
		return;
	asked->asked = false;
	while ((r = request_of(l, &l->node[asked->node], r)) != NULL) {
		if (!is_unanswered(r))
			continue;
		r->update.policy = e->policy.found ? LMA_POLICY_FOUND : LMA_POLICY_NOT_FOUND;
		r->update.profile = e->policy.profile;
		deadline_set(&l->request_due, index_of(l, r), e->now.mono_ms);
	}
	/* None but this one: others that are due may ask in their turn, and be answered within this step. */
	run(l, asked, &e->now, out);
}

static bool
is_meant(const struct lma *l, const struct lma_walk *w, const struct lma_request *r)
{
	return (w->all || addr6_equal(&w->peer, &r->update.proxy_coa)) &&
	       (w->detail == 0 || lma_detail_has_realm(l, w->detail, r->node));
}

/* Others may wait for the answer to its question: then it is refused when that has come. */
void
lma_request_revoke(struct lma *l, const struct lma_node *n, const struct lma_walk *w, uint64_t now_ms)
{
	for (uint32_t i = 0; i < l->requests_max; i++) {
		struct lma_request *r = &l->request[i];

		if (!index_pool_is_taken(&l->request_ids, i) ||
		    (n != NULL ? r->node != lma_node_index(l, n) : !is_meant(l, w, r)))
			continue;
		r->update.refused = lma_revoke_status(w->what);
		if (!is_unanswered(r))
			deadline_set(&l->request_due, i, now_ms);
	}
}

void
lma_request_ask_failed(struct lma *l, uint32_t token)
{
	struct lma_request *asked = find_asked(l, token);

	if (asked != NULL)
		drop_unanswered(l, &l->node[asked->node]);
}

void
lma_request_wake(struct lma *l, const struct lma_node *n, uint64_t now_ms)
{
	struct lma_request *r = NULL;

	while ((r = request_of(l, n, r)) != NULL)
		if (r->state == LMA_WAITING)
			deadline_set(&l->request_due, index_of(l, r), now_ms);
}

void
lma_request_give_up(struct lma *l, const struct lma_node *n, uint64_t now_ms)
{
	struct lma_request *r = NULL;

	while ((r = request_of(l, n, r)) != NULL)
		if (r->state == LMA_WAITING) {
			r->update.wait_ends_ms = now_ms;
			deadline_set(&l->request_due, index_of(l, r), now_ms);
		}
}

bool
lma_request_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out)
{
	uint32_t i = deadline_pop(&l->request_due, now->mono_ms);
	struct lma_request *r;

	if (i == DEADLINE_NONE)
		return false;
	r = &l->request[i];
	if (is_unanswered(r)) {
		drop_unanswered(l, &l->node[r->node]);
		return true;
	}
	run(l, r, now, out);
	return true;
}

void
lma_request_drop_all(struct lma *l)
{
	for (uint32_t i = 0; i < l->requests_max; i++)
		if (index_pool_is_taken(&l->request_ids, i))
			drop(l, &l->request[i]);
}
