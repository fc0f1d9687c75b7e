/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobile nodes with two interfaces whose prefixes and flows move between them: what nodes are configured to, and what
 * operators and access networks say.
 */
#include <string.h>

#include "world.h"

#define PARTIAL_NEW	 0xf1
#define PARTIAL_EXISTING 0xf2
#define VENDOR		 32473 /* of documentation (RFC 5612) */
#define WHICH_ALL	 9
#define WHICH_AGGREGATE	 8

bool
sim_moves(const struct sim_world *w)
{
	return w->plan.flow_mobility || w->plan.partial || w->plan.hi5;
}

bool
sim_is_multi(const struct sim_world *w, int mn)
{
	return mn >= 0 && (unsigned int)mn < w->plan.two_interfaces && sim_moves(w);
}

struct pmip_multihoming
sim_multihoming(const struct sim_world *w)
{
	return (struct pmip_multihoming){.flow_mobility = w->plan.flow_mobility,
					 .partial_new = w->plan.partial ? PARTIAL_NEW : 0,
					 .partial_existing = w->plan.partial ? PARTIAL_EXISTING : 0,
					 .hi5_flow_handover = w->plan.hi5,
					 .lenient = w->plan.lenient,
					 .full_set = w->plan.full_set,
					 .vendor = w->plan.vendor ? VENDOR : 0};
}

/* Packets of five kinds; one kind is of one of the mobile node's prefixes. */
struct selector
sim_selector(unsigned int kind, const struct addr_prefix *prefix)
{
	switch (kind % SIM_SELECTORS) {
	case 0:
		return (struct selector){.fields = SELECTOR_PROTOCOL | SELECTOR_SRC_PORT,
					 .protocol = {17, 17},
					 .src_port = {5000, 5010}};
	case 1:
		return (struct selector){.fields = SELECTOR_PROTOCOL, .protocol = {6, 6}};
	case 2:
		return (struct selector){.fields = SELECTOR_DST_PORT, .dst_port = {1000, 2000}};
	case 3:
		return (struct selector){.fields = SELECTOR_TRAFFIC_CLASS, .traffic_class = {184, 184}};
	default:
		return (struct selector){.fields = SELECTOR_DST,
					 .dst = {prefix->addr, sim_address_in(prefix, UINT64_MAX)}};
	}
}

const struct pmip_flow_policy *
sim_policies(void)
{
	static const struct pmip_flow_policy p[SIM_POLICIES] = {
		{.name = "video",
		 .selector = {.fields = SELECTOR_PROTOCOL | SELECTOR_SRC_PORT,
			      .protocol = {17, 17},
			      .src_port = {5004, 5004}},
		 .priority = 5,
		 .access_tech = MH_ATT_ETHERNET},
		{.name = "web",
		 .selector = {.fields = SELECTOR_PROTOCOL | SELECTOR_SRC_PORT,
			      .protocol = {6, 6},
			      .src_port = {80, 80}},
		 .priority = 20,
		 .access_tech = MH_ATT_WLAN},
	};

	return p;
}

/* Some of the prefixes that the mobile node's other interface has by what it was advertised. */
uint8_t
sim_choose_prefixes(const struct sim_world *w, unsigned int i, unsigned int which, struct addr_prefix out[MH_HNP_MAX])
{
	const struct sim_if *f = &w->iface[i ^ 1];
	uint8_t count = f->spot != SIM_NOBODY ? f->advertised[f->spot] : 0;

	if (count == 0)
		return 0;
	if (which == WHICH_AGGREGATE && w->plan.temporal > 0) {
		out[0] = sim_aggregate(w, &w->node[0], &w->node[w->plan.lmas + (unsigned int)f->spot / SIM_PORTS]);
		return out[0].len > 0;
	}
	if (which == WHICH_ALL) {
		memcpy(out, f->prefix[f->spot], count * sizeof(out[0]));
		return count;
	}
	out[0] = f->prefix[f->spot][which % count];
	return 1;
}

/* A session that an interface has at a node, or PMIP_SESSION_NONE. */
uint32_t
sim_session_of(const struct sim_world *w, const struct sim_node *n, unsigned int i)
{
	struct lma_view lv;
	struct mag_view mv;

	for (uint32_t s = 0; n->lma != NULL && lma_next(n->lma, s, &lv); s = lv.session + 1)
		if (lv.access_tech == sim_access_tech(i) && pmip_mn_id_equal(&lv.mn_id, &w->mn_id[i / 2]))
			return lv.session;
	for (uint32_t s = 0; n->mag != NULL && mag_next(n->mag, s, &mv); s = mv.session + 1)
		if (mv.link.access_tech == sim_access_tech(i) && pmip_mn_id_equal(mv.mn_id, &w->mn_id[i / 2]))
			return mv.session;
	return PMIP_SESSION_NONE;
}

static void
command(struct sim_world *w, struct sim_node *n, unsigned int i, struct pmip_event *e, const char *what)
{
	int rc = n->lma != NULL ? lma_move_check(n->lma, e) : mag_move_check(n->mag, e);

	w->coverage.command[n->lma != NULL][e->type == PMIP_EV_FLOW][rc == 0]++;
	sim_say(w, "%s is to %s interface %u of mn%u: %d", sim_node_name(w, n->index), what, i % 2, i / 2, rc);
	if (rc == 0) {
		sim_at_least(&w->mn[i / 2].disturbed_ms, w->now_ms);
		w->mn[i / 2].moved_ms = w->now_ms;
	}
	sim_step(w, n, e);
}

void
sim_move(struct sim_world *w, unsigned int i, bool gateway, unsigned int what)
{
	int spot = sim_if_exists(w, i) ? w->iface[i].spot : SIM_NOBODY;
	struct pmip_event e = {.type = PMIP_EV_MOVE, .move = {.how = (enum pmip_move)(what % 10)}};
	struct sim_node *n;

	if (spot == SIM_NOBODY || !sim_is_multi(w, (int)(i / 2)))
		return;
	n = gateway ? sim_mag_at(w, spot) : sim_lma_of(w, (int)(i / 2));
	if (w->now_ms < n->stalled_until_ms)
		return;
	e.move.mn_id = w->mn_id[i / 2];
	e.move.session = sim_session_of(w, n, i);
	e.move.prefix_count = sim_choose_prefixes(w, i, what / 10, e.move.prefix);
	command(w, n, i, &e, "move prefixes to");
}

void
sim_flow(struct sim_world *w, unsigned int i, uint16_t id, unsigned int what)
{
	struct pmip_event e = {.type = PMIP_EV_FLOW, .flow = {.id = id}};
	struct addr_prefix prefix[MH_HNP_MAX];
	struct selector selector;
	struct sim_node *n;

	if (!sim_if_exists(w, i) || !sim_is_multi(w, (int)(i / 2)))
		return;
	n = sim_lma_of(w, (int)(i / 2));
	if (w->now_ms < n->stalled_until_ms ||
	    (what / 10 % SIM_SELECTORS == SIM_SELECTORS - 1 && sim_choose_prefixes(w, i, 0, prefix) == 0))
		return;
	selector = sim_selector(what / 10, &prefix[0]);
	e.flow.change = (enum pmip_flow_change)(what % 10);
	e.flow.mn_id = w->mn_id[i / 2];
	e.flow.priority = (uint16_t)(10 + what / 10 % 2);
	e.flow.session = sim_session_of(w, n, i);
	e.flow.selector = &selector;
	command(w, n, i, &e, "send a flow to");
}
