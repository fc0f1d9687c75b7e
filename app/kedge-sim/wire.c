/* SPDX-License-Identifier: BSD-3-Clause */
/* What is under way: messages as bytes, answers of policy, and what access will tell. */
#include <string.h>

#include "world.h"

/* The fate of the next message from one to the other, NULL when it has none. */
static const struct sim_fate *
fate_of(struct sim_world *w, struct sim_node *n, unsigned int to)
{
	const struct sim_history *h = w->h;
	uint16_t number = n->sent[to]++, *at = &n->fate_at[to];

	for (; *at < h->fate_count; ++*at) {
		const struct sim_fate *f = &h->fate[*at];

		if (f->from == n->index && f->to == to && f->n >= number) {
			if (f->n != number)
				return NULL;
			w->coverage.fate[f->kind]++;
			return f;
		}
	}
	return NULL;
}

/* Slot i of those in use is free again. */
static void
release(struct sim_world *w, unsigned int i)
{
	uint16_t slot = w->flying[i];

	w->flying[i] = w->flying[--w->flight_count];
	w->flying[w->flight_count] = slot;
}

struct sim_flight *
sim_fly(struct sim_world *w, enum sim_flight_kind kind, uint64_t at_ms)
{
	struct sim_flight *f;

	if (w->flight_count == SIM_FLIGHTS_MAX)
		return NULL;
	f = &w->flight[w->flying[w->flight_count++]];
	f->kind = kind;
	f->at_ms = at_ms;
	f->order = w->order++;
	f->who = f->spot = f->pull = SIM_NOBODY;
	f->noticed = false;
	f->len = 0;
	return f;
}

static void
fly_message(struct sim_world *w, const struct sim_flight *m, uint64_t later_ms)
{
	struct sim_flight *f = sim_fly(w, SIM_FLY_MESSAGE, w->now_ms + w->plan.delay_ms + later_ms);

	if (f == NULL)
		return;
	f->from = m->from;
	f->to = m->to;
	f->record = m->record;
	f->len = m->len;
	memcpy(f->bytes, m->bytes, m->len);
}

/* A mobile node whose message did not simply arrive is not held to what the wire should do for it. */
static void
disturb(struct sim_world *w, int mn, uint64_t until_ms)
{
	if (mn == SIM_NOBODY)
		return;
	sim_at_least(&w->mn[mn].disturbed_ms, until_ms);
	sim_at_least(&w->mn[mn].lost_ms, until_ms);
}

void
sim_disturb(struct sim_world *w, const struct mh_msg *m, struct sim_node *from, struct sim_node *to, uint64_t until_ms)
{
	int mn = sim_mn_find(w, m), gateway = sim_gateway_named(w, m);

	disturb(w, mn, until_ms);
	if (gateway != SIM_NOBODY)
		sim_at_least(&w->node[gateway].listed_ms, until_ms);
	if (mn != SIM_NOBODY && m->type == MH_PBU && m->pbu.lifetime == 0)
		w->mn[mn].orphaned = true;
	if (mn != SIM_NOBODY || gateway != SIM_NOBODY || m->type == MH_HEARTBEAT)
		return;
	sim_at_least(&from->disturbed_ms, until_ms);
	sim_at_least(&to->disturbed_ms, until_ms);
}

struct sim_node *
sim_node_at(struct sim_world *w, const struct addr6 *a)
{
	for (unsigned int i = 0; i < w->nodes; i++)
		if (addr6_equal(&w->node[i].address, a))
			return &w->node[i];
	return NULL;
}

static void
fly(struct sim_world *w, struct sim_node *n, const struct sim_flight *m, const struct mh_msg *msg)
{
	const struct sim_fate *f = fate_of(w, n, m->to);

	if (w->now_ms < n->cut_until_ms[m->to]) {
		sim_say(w, "  the wire is cut");
		sim_disturb(w, msg, n, &w->node[m->to], w->now_ms);
		return;
	}
	if (f == NULL) {
		fly_message(w, m, 0);
		return;
	}
	sim_say(w, "  the wire: %s %u ms", sim_fate_name(f->kind), f->ms);
	sim_disturb(w, msg, n, &w->node[m->to], w->now_ms + w->plan.delay_ms + f->ms);
	if (f->kind == SIM_FATE_LOSE)
		return;
	fly_message(w, m, f->kind == SIM_FATE_DELAY ? f->ms : 0);
	if (f->kind == SIM_FATE_TWICE)
		fly_message(w, m, f->ms);
}

void
sim_carry(struct sim_world *w, struct sim_node *n, struct sim_node *to, const struct mh_msg *msg)
{
	struct sim_flight *m = &w->recorded[w->recorded_count % SIM_RECORDED];
	int len = sim_encode(w, n, to->index, msg, m->bytes);

	if (len < 0) {
		sim_fault(w, SIM_INV_ENGINE, "%s sends what cannot be sent", sim_node_name(w, n->index));
		return;
	}
	m->from = n->index;
	m->to = to->index;
	m->came_ms = 0;
	m->record = w->recorded_count++;
	m->len = (uint16_t)len;
	w->coverage.sent[msg->type]++;
	fly(w, n, m, msg);
}

void
sim_send(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	struct sim_node *to = sim_node_at(w, &a->send.dst);

	if (!addr6_equal(&a->send.src, &n->address))
		sim_fault(w, SIM_INV_ENGINE, "%s sends from an address of another", sim_node_name(w, n->index));
	sim_ledger_sent(w, n, a);
	if (to != NULL)
		sim_carry(w, n, to, &a->send.msg);
}

static void
answer(struct sim_world *w, struct sim_node *n, uint32_t token, int mn, bool found)
{
	struct pmip_event e = {.type = PMIP_EV_POLICY, .policy = {.token = token, .found = found && mn != SIM_NOBODY}};

	if (e.policy.found)
		sim_profile(w, mn, false, &e.policy.profile);
	sim_say(w, "policy tells %s of mn%d: %s", sim_node_name(w, n->index), mn, e.policy.found ? "known" : "unknown");
	sim_step(w, n, &e);
}

static int
mn_of_id(const struct sim_world *w, const struct pmip_mn_id *id)
{
	for (unsigned int i = 0; i < w->plan.mns; i++)
		if (pmip_mn_id_equal(&w->mn_id[i], id))
			return (int)i;
	return SIM_NOBODY;
}

void
sim_ask(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	const struct sim_fate *f = fate_of(w, n, SIM_TO_POLICY);
	int mn = mn_of_id(w, &a->ask.mn_id);
	struct sim_flight *later;

	if (f == NULL) {
		answer(w, n, a->ask.token, mn, true);
		return;
	}
	sim_say(w, "  policy: %s %u ms", sim_fate_name(f->kind), f->ms);
	n->slow_policy = true;
	disturb(w, mn, w->now_ms + (f->kind == SIM_FATE_SILENT ? SIM_POLICY_MS : f->ms));
	if (f->kind == SIM_FATE_UNKNOWN) {
		if (mn != SIM_NOBODY)
			w->mn[mn].denied = true;
		answer(w, n, a->ask.token, mn, false);
		return;
	}
	later = f->kind == SIM_FATE_LATE ? sim_fly(w, SIM_FLY_POLICY, w->now_ms + f->ms) : NULL;
	if (later == NULL)
		return;
	later->to = n->index;
	later->token = a->ask.token;
	later->who = mn;
	later->found = true;
}

static unsigned int
first_flight(const struct sim_world *w)
{
	unsigned int first = 0;

	for (unsigned int i = 1; i < w->flight_count; i++) {
		const struct sim_flight *a = &w->flight[w->flying[i]], *b = &w->flight[w->flying[first]];

		if (a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->order < b->order))
			first = i;
	}
	return first;
}

uint64_t
sim_flight_due(const struct sim_world *w)
{
	return w->flight_count > 0 ? w->flight[w->flying[first_flight(w)]].at_ms : UINT64_MAX;
}

/* What was taken once of a peer must not be again. */
static void
came(struct sim_world *w, const struct sim_flight *f, enum pmip_auth_verdict v)
{
	struct sim_flight *m = &w->recorded[f->record % SIM_RECORDED];
	struct pmip_peer_settings peer;

	if (v == PMIP_AUTH_OK && m->record == f->record && sim_peer_settings(w, &w->node[f->to], f->from, &peer))
		m->came_ms = w->now_ms;
}

void
sim_land(struct sim_world *w)
{
	unsigned int first = first_flight(w);
	struct sim_flight f = w->flight[w->flying[first]];
	struct sim_node *n;

	release(w, first);
	switch (f.kind) {
	case SIM_FLY_MESSAGE:
		came(w, &f, sim_deliver(w, f.from, f.to, f.bytes, f.len));
		break;
	case SIM_FLY_POLICY:
		n = &w->node[f.to];
		if (w->now_ms >= n->stalled_until_ms)
			answer(w, n, f.token, f.who, f.found);
		break;
	case SIM_FLY_ATTACH:
		if (w->iface[f.who].spot == f.spot && !(f.noticed && w->iface[f.who].host[f.spot] != 0))
			sim_attach(w, (unsigned int)f.who, f.spot, f.handoff, f.pull);
		break;
	case SIM_FLY_DETACH:
		sim_detach(w, (unsigned int)f.who, f.spot);
		break;
	}
}
