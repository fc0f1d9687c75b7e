/* SPDX-License-Identifier: BSD-3-Clause */
/* What nodes learn of each other by heartbeats, what the engines are told, and whether it is so. */
#include "world.h"

static void
until(uint64_t *at, uint64_t ms)
{
	if (*at < ms)
		*at = ms;
}

/* Who restarted has, and who failed did not answer for as long as its heartbeats may be missed. */
static void
judge_change(struct sim_world *w, const struct sim_node *n, const struct sim_node *peer, enum pmip_peer_change change)
{
	uint64_t least_ms = (uint64_t)w->plan.missed * w->plan.heartbeat_ms * 7 / 8;

	w->coverage.judged[SIM_INV_PEERS]++;
	if (change == PMIP_PEER_RESTARTED && peer->crashes == 0)
		sim_fault(w, SIM_INV_PEERS, "%s takes %s for restarted", sim_node_name(w, n->index),
			  sim_node_name(w, peer->index));
	if (change == PMIP_PEER_FAILED && w->h->fate_count == 0 && w->now_ms - n->heard_ms[peer->index] < least_ms)
		sim_fault(w, SIM_INV_PEERS, "%s takes %s for failed, %llu ms after its answer",
			  sim_node_name(w, n->index), sim_node_name(w, peer->index),
			  (unsigned long long)(w->now_ms - n->heard_ms[peer->index]));
}

void
sim_peer_changed(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	struct sim_node *peer = sim_node_at(w, &a->peer.peer);
	struct pmip_event e = {.type = PMIP_EV_PEER,
			       .peer = {.peer = a->peer.peer, .change = a->peer.change, .since_ms = a->peer.since_ms}};
	uint64_t settled_ms = w->now_ms + (a->peer.change == PMIP_PEER_FAILED ? w->plan.grace_ms : 0) + sim_paced_ms(w);

	if (peer == NULL) {
		sim_fault(w, SIM_INV_ENGINE, "%s has a peer that is none", sim_node_name(w, n->index));
		return;
	}
	sim_say(w, "%s learns: %s has %s", sim_node_name(w, n->index), sim_node_name(w, peer->index),
		pmip_peer_change_name(a->peer.change));
	w->coverage.peer[n->lma != NULL][a->peer.change]++;
	judge_change(w, n, peer, a->peer.change);
	until(&n->disturbed_ms, settled_ms);
	if (a->peer.change == PMIP_PEER_FAILED) {
		n->dead_ms[peer->index] = w->now_ms;
		until(&n->put_off_ms, n->mag != NULL && !w->plan.keep_dead ? settled_ms : 0);
	} else {
		n->renewed_ms[peer->index] = w->now_ms;
	}
	if (a->peer.change == PMIP_PEER_RETURNED)
		n->dead_ms[peer->index] = 0;
	if (a->peer.change == PMIP_PEER_RESTARTED)
		until(&n->ended_ms[peer->index], w->now_ms);
	sim_step(w, n, &e);
}

/* Who leaves all heartbeats without an answer has failed. */
void
sim_peers_check(struct sim_world *w, struct sim_node *n)
{
	uint64_t most_ms = (w->plan.missed + 3) * (uint64_t)w->plan.heartbeat_ms + PMIP_HEARTBEAT_FIRST_MS;
	struct pmip_heartbeat_view v;
	uint32_t at = 0;

	while (w->plan.heartbeat_ms > 0 && pmip_heartbeat_next(n->heartbeat, &at, &v)) {
		const struct sim_node *peer = sim_node_at(w, &v.peer);
		uint64_t since_ms = peer != NULL ? n->heard_ms[peer->index] : w->now_ms;

		until(&since_ms, peer != NULL ? n->wanted_ms[peer->index] : 0);
		until(&since_ms, n->stalled_until_ms);
		if (!v.wanted || v.state == PMIP_HEARTBEAT_FAILED || w->now_ms - since_ms < most_ms)
			continue;
		sim_fault(w, SIM_INV_PEERS, "%s has not heard of %s for %llu ms, and thinks nothing of it",
			  sim_node_name(w, n->index), sim_node_name(w, peer->index),
			  (unsigned long long)(w->now_ms - since_ms));
	}
}
