/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps of the engines and what becomes of their actions, as in the daemon (lib/ctl/engine.c). */
#include <errno.h>
#include <string.h>

#include "world.h"

#define IDLE_TICKS_MAX 256 /* at one moment, before an engine is taken for one that wants ticks without end */

static uint64_t
engine_due(const struct sim_node *n)
{
	return n->more ? 0 : n->lma != NULL ? lma_due(n->lma) : mag_due(n->mag);
}

static uint64_t
heartbeat_due(const struct sim_node *n)
{
	return n->heartbeat_more ? 0 : pmip_heartbeat_due(n->heartbeat);
}

uint64_t
sim_due(const struct sim_world *w, const struct sim_node *n)
{
	uint64_t due = engine_due(n), heartbeat = heartbeat_due(n);

	due = due < heartbeat ? due : heartbeat;
	due = due > SIM_BOOTED_MS ? due - SIM_BOOTED_MS : 0; /* as sim_now */
	due = due > n->stalled_until_ms ? due : n->stalled_until_ms;
	return due > w->now_ms ? due : w->now_ms;
}

void
sim_profile(const struct sim_world *w, int mn, bool gateway, struct pmip_profile *out)
{
	const struct sim_plan *p = &w->plan;
	bool fixed = (unsigned int)mn < p->fixed;

	*out = (struct pmip_profile){.mn_id = w->mn_id[mn],
				     .barred = sim_is_barred(w, mn),
				     .lma_given = true,
				     .lma = w->node[(unsigned int)mn % p->lmas].address,
				     .prefixes_wanted = (uint8_t)p->wanted};
	/* A further interface of a node with a fixed prefix is served where policy names a pool. */
	if (fixed && (unsigned int)mn < p->two_interfaces)
		strcpy(out->pool, "pool");
	if (fixed && (!gateway || p->fixed_asked)) {
		out->prefix_count = 1;
		out->prefix[0] = sim_fixed_prefix(w, mn);
	}
	if (sim_is_multi(w, mn))
		out->flow_policies = w->plan.policies;
}

/* With sessions there are heartbeats, as with the daemon's tunnels (lib/ctl/tunnel.c). */
static void
want_heartbeats(struct sim_world *w, struct sim_node *n, const struct addr6 *remote)
{
	struct sim_node *peer = sim_node_at(w, remote);
	bool any = false;

	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++)
		any = any || (n->forward[i].set && addr6_equal(&n->forward[i].remote, remote));
	if (peer != NULL && any && !n->wants[peer->index])
		n->wanted_ms[peer->index] = w->now_ms;
	if (peer != NULL)
		n->wants[peer->index] = any;
	if (pmip_heartbeat_want(n->heartbeat, &n->address, remote, any) != 0)
		sim_fault(w, SIM_INV_ENGINE, "%s has no room for a peer", sim_node_name(w, n->index));
}

static int
forward_set(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	struct sim_forward *f = &n->forward[a->session];
	struct addr6 before = f->remote;

	if (n->fail_next > 0) {
		n->fail_next--;
		n->disturbed_ms = w->now_ms;
		f->failed = true;
		n->failed_ms = w->now_ms;
		sim_say(w, "%s cannot", sim_node_name(w, n->index));
		return -ENOSPC;
	}
	if (n->mag != NULL && !f->set)
		sim_check_begin(w, n, a->forward.link.host);
	*f = (struct sim_forward){.set = true,
				  .prefix_count = a->forward.prefix_count,
				  .local = a->forward.local,
				  .remote = a->forward.remote,
				  .host = a->forward.access ? a->forward.link.host : 0,
				  .gre = a->forward.gre,
				  .key_in_given = a->forward.key_in_given,
				  .key_out_given = a->forward.key_out_given,
				  .key_in = a->forward.key_in,
				  .key_out = a->forward.key_out};
	memcpy(f->prefix, a->forward.prefix, sizeof(f->prefix));
	want_heartbeats(w, n, &f->remote);
	if (!addr6_is_zero(&before) && !addr6_equal(&before, &f->remote))
		want_heartbeats(w, n, &before);
	return 0;
}

static int
flows(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	if (n->fail_next > 0) {
		n->fail_next--;
		n->disturbed_ms = n->failed_ms = w->now_ms;
		return -ENOSPC;
	}
	sim_flows_set(w, n, a);
	return 0;
}

/* The prefixes stay the session's, and lead nowhere. */
static void
forward_hold(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	struct sim_forward *f = &n->forward[a->session];

	if (!f->set)
		sim_fault(w, SIM_INV_FORWARDING, "%s holds session %u, which it does not forward",
			  sim_node_name(w, n->index), a->session);
	f->held = true;
}

static void
forward_clear(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	struct sim_forward *f = &n->forward[a->session];
	struct addr6 before = f->remote;

	if (f->set && !f->failed && !sim_moves(w) &&
	    (f->prefix_count != a->forward.prefix_count ||
	     memcmp(f->prefix, a->forward.prefix, f->prefix_count * sizeof(f->prefix[0])) != 0))
		sim_fault(w, SIM_INV_FORWARDING, "%s clears other prefixes of session %u than were set",
			  sim_node_name(w, n->index), a->session);
	*f = (struct sim_forward){.set = false};
	if (n->lma != NULL) {
		w->flows[n->index][a->session] = (struct sim_flows){0};
		sim_ledger_gone(n, a);
	}
	if (!addr6_is_zero(&before))
		want_heartbeats(w, n, &before);
}

/* Where a gateway knows this host: the interface, and the spot; false when it does not any more. */
static bool
host_find(struct sim_world *w, uint32_t host, unsigned int *i, int *spot)
{
	for (*i = 0; *i < sim_ifs(w); ++*i)
		for (*spot = 0; *spot < SIM_SPOTS_MAX; ++*spot)
			if (w->iface[*i].host[*spot] == host)
				return true;
	return false;
}

static void
access_set(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	unsigned int i;
	int spot;

	if (!host_find(w, a->access.host, &i, &spot))
		return;
	w->iface[i].advertised[spot] = a->access.prefix_count;
	w->iface[i].deprecated[spot] = a->access.deprecated;
	memcpy(w->iface[i].prefix[spot], a->access.prefix, sizeof(a->access.prefix));
}

static int
apply(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	bool about_session = a->type == PMIP_ACT_FORWARD_SET || a->type == PMIP_ACT_FORWARD_HOLD ||
			     a->type == PMIP_ACT_FORWARD_CLEAR || a->type == PMIP_ACT_FLOWS;

	sim_say_action(w, n, a);
	if (about_session && a->session >= SIM_SESSIONS_MAX) {
		sim_fault(w, SIM_INV_ENGINE, "%s speaks of session %u", sim_node_name(w, n->index), a->session);
		return 0;
	}
	switch (a->type) {
	case PMIP_ACT_SEND:
		sim_send(w, n, a);
		break;
	case PMIP_ACT_FORWARD_SET:
		return forward_set(w, n, a);
	case PMIP_ACT_FORWARD_HOLD:
		forward_hold(w, n, a);
		break;
	case PMIP_ACT_FORWARD_CLEAR:
		forward_clear(w, n, a);
		break;
	case PMIP_ACT_ASK_POLICY:
		sim_ask(w, n, a);
		break;
	case PMIP_ACT_ACCESS_SET:
		access_set(w, n, a);
		break;
	case PMIP_ACT_ACCESS_CLEAR:
		sim_forget_host(w, n, a->access.host);
		break;
	case PMIP_ACT_PEER:
		sim_peer_changed(w, n, a);
		break;
	case PMIP_ACT_FLOWS:
		return flows(w, n, a);
	case PMIP_ACT_AGGREGATE_SET:
	case PMIP_ACT_AGGREGATE_CLEAR:
		sim_aggregate_set(w, n, a);
		break;
	case PMIP_ACT_PUBLISH:
		w->coverage.published[n->lma != NULL][a->publish.what]++;
		break;
	}
	return 0;
}

/* One of the node's engines. */
static void
step(struct sim_world *w, struct sim_node *n, struct pmip_event *e, bool heartbeat)
{
	struct pmip_actions *out;

	if (w->depth == SIM_DEPTH_MAX) {
		sim_fault(w, SIM_INV_ENGINE, "%s does not stop asking", sim_node_name(w, n->index));
		return;
	}
	out = &w->actions[w->depth++];
	out->count = 0;
	out->more = false;
	e->now = sim_now(w, n);
	if (heartbeat)
		pmip_heartbeat_step(n->heartbeat, e, out);
	else if (n->lma != NULL)
		lma_step(n->lma, e, out);
	else
		mag_step(n->mag, e, out);
	if (heartbeat)
		n->heartbeat_more = out->more;
	else
		n->more = n->more || out->more;
	w->coverage.steps++;
	for (unsigned int i = 0; i < out->count; i++) {
		int error = apply(w, n, &out->list[i]);

		if (error < 0) {
			step(w, n,
			     &(struct pmip_event){.type = PMIP_EV_EFFECT_FAILED,
						  .failed = {.action = &out->list[i], .error = error}},
			     heartbeat);
			break;
		}
	}
	w->depth--;
}

void
sim_step(struct sim_world *w, struct sim_node *n, struct pmip_event *e)
{
	n->ticking = e->type == PMIP_EV_TICK;
	step(w, n, e, false);
	if (w->depth == 0 && !w->result.failed)
		sim_check(w, n);
}

/* Nothing that is judged after a step is changed by it but through an event for the other engine. */
void
sim_step_heartbeat(struct sim_world *w, struct sim_node *n, struct pmip_event *e)
{
	step(w, n, e, true);
}

void
sim_tick(struct sim_world *w, struct sim_node *n)
{
	if (n->ticked_ms != w->now_ms)
		n->idle_ticks = 0;
	n->ticked_ms = w->now_ms;
	if (n->idle_ticks++ == IDLE_TICKS_MAX) {
		sim_fault(w, SIM_INV_ENGINE, "%s wants ticks without end", sim_node_name(w, n->index));
		return;
	}
	if (heartbeat_due(n) <= w->now_ms + SIM_BOOTED_MS) {
		sim_step_heartbeat(w, n, &(struct pmip_event){.type = PMIP_EV_TICK});
		sim_peers_check(w, n);
	}
	if (w->result.failed || engine_due(n) > w->now_ms + SIM_BOOTED_MS)
		return;
	n->more = false;
	sim_step(w, n, &(struct pmip_event){.type = PMIP_EV_TICK});
}
