/* SPDX-License-Identifier: BSD-3-Clause */
/* What happens from outside: mobile nodes, operators, faults. A number that means nobody here is nothing. */
#include <string.h>

#include "world.h"

uint8_t
sim_access_tech(unsigned int i)
{
	return i % 2 == 0 ? MH_ATT_WLAN : MH_ATT_ETHERNET;
}

static struct pmip_link
link_of(const struct sim_world *w, unsigned int i, int spot)
{
	struct pmip_link l = {.host = w->iface[i].host[spot],
			      .port = (uint16_t)(spot % SIM_PORTS),
			      .access_tech = sim_access_tech(i)};

	if (!w->plan.no_link_layer_id || i / 2 < w->plan.two_interfaces)
		l.mac = (struct addr_mac){{2, 0, 0, 0, 0xaa, (uint8_t)i}};
	return l;
}

static void
disturb_node(struct sim_world *w, struct sim_node *n)
{
	sim_at_least(&n->disturbed_ms, w->now_ms);
}

/* The gateway learns that the interface is there, once it runs. */
void
sim_attach(struct sim_world *w, unsigned int i, int spot, uint8_t handoff, int pull)
{
	struct sim_if *f = &w->iface[i];
	struct sim_node *n = sim_mag_at(w, spot);
	struct pmip_event e = {.type = PMIP_EV_ATTACH, .attach = {.mn_id = w->mn_id[i / 2], .handoff = handoff}};

	if (w->now_ms < n->stalled_until_ms) {
		struct sim_flight *later = sim_fly(w, SIM_FLY_ATTACH, n->stalled_until_ms);

		if (later != NULL) {
			later->who = (int)i;
			later->spot = spot;
			later->handoff = handoff;
			later->pull = pull;
		}
		return;
	}
	if (f->host[spot] == 0) {
		f->host[spot] = ++w->hosts;
		f->refused[spot / SIM_PORTS] = 0;
	}
	f->told_ms = w->now_ms;
	f->judged = false;
	sim_at_least(&w->mn[i / 2].disturbed_ms, w->now_ms);
	e.attach.link = link_of(w, i, spot);
	if (pull != SIM_NOBODY)
		e.attach.prefix_count = sim_choose_prefixes(w, i, (unsigned int)pull, e.attach.prefix);
	if (pull != SIM_NOBODY && e.attach.prefix_count == 0)
		e.attach.handoff = MH_HANDOFF_NEW_INTERFACE;
	if (e.attach.prefix_count > 0)
		w->mn[i / 2].moved_ms = w->now_ms;
	sim_profile(w, (int)(i / 2), true, &e.attach.profile);
	sim_say(w, "%s: interface %u of mn%u attaches at port %d, hi=%u, with %u prefixes", sim_node_name(w, n->index),
		i % 2, i / 2, spot % SIM_PORTS, handoff, e.attach.prefix_count);
	sim_step(w, n, &e);
}

void
sim_detach(struct sim_world *w, unsigned int i, int spot)
{
	struct sim_if *f = &w->iface[i];
	struct sim_node *n = sim_mag_at(w, spot);
	struct pmip_event e = {.type = PMIP_EV_DETACH, .detach = {.mn_id = w->mn_id[i / 2], .host = f->host[spot]}};

	if (f->host[spot] == 0)
		return;
	if (w->now_ms < n->stalled_until_ms) {
		struct sim_flight *later = sim_fly(w, SIM_FLY_DETACH, n->stalled_until_ms);

		if (later != NULL) {
			later->who = (int)i;
			later->spot = spot;
		}
		return;
	}
	f->host[spot] = 0;
	f->advertised[spot] = 0;
	sim_at_least(&w->mn[i / 2].disturbed_ms, w->now_ms);
	sim_say(w, "%s: interface %u of mn%u detaches from port %d", sim_node_name(w, n->index), i % 2, i / 2,
		spot % SIM_PORTS);
	sim_step(w, n, &e);
}

/* A host that is there will be seen by its traffic, though nobody says how it came. */
static void
notice(struct sim_world *w, unsigned int i, int spot)
{
	struct sim_flight *f = sim_fly(w, SIM_FLY_ATTACH, w->now_ms + SIM_NOTICED_MS);

	if (f == NULL)
		return;
	f->who = (int)i;
	f->spot = spot;
	f->handoff = MH_HANDOFF_UNKNOWN;
	f->noticed = true;
}

static void
forget(struct sim_world *w, unsigned int i, int spot)
{
	w->iface[i].host[spot] = 0;
	w->iface[i].advertised[spot] = 0;
	if (w->iface[i].spot == spot)
		notice(w, i, spot);
}

void
sim_forget_host(struct sim_world *w, struct sim_node *n, uint32_t host)
{
	for (unsigned int i = 0; i < sim_ifs(w); i++)
		for (int spot = 0; spot < SIM_SPOTS_MAX; spot++)
			if (host != 0 && w->iface[i].host[spot] == host)
				forget(w, i, spot);
}

static void
arrive(struct sim_world *w, unsigned int i, int spot, int handoff, int pull)
{
	if (!sim_if_exists(w, i) || (unsigned int)spot >= w->plan.mags * SIM_PORTS)
		return;
	w->iface[i].spot = spot;
	sim_attach(w, i, spot, (uint8_t)handoff, pull);
}

static void
gone(struct sim_world *w, unsigned int i, int spot)
{
	if (!sim_if_exists(w, i) || (unsigned int)spot >= w->plan.mags * SIM_PORTS)
		return;
	if (w->iface[i].spot == spot)
		w->iface[i].spot = SIM_NOBODY;
	sim_detach(w, i, spot);
}

static void
crash(struct sim_world *w, struct sim_node *n)
{
	sim_say(w, "%s crashes and restarts", sim_node_name(w, n->index));
	n->crashes++;
	n->stamp = 0;
	sim_engine_free(w, n);
	sim_engine_make(w, n);
	disturb_node(w, n);
	if (n->mag == NULL)
		return;
	for (unsigned int i = 0; i < sim_ifs(w); i++)
		for (int spot = 0; spot < (int)(w->plan.mags * SIM_PORTS); spot++)
			if (sim_mag_at(w, spot) == n && (w->iface[i].host[spot] != 0 || w->iface[i].spot == spot)) {
				w->mn[i / 2].orphaned = true;
				forget(w, i, spot);
			}
}

uint32_t
sim_nth_session(const struct sim_node *n, int nth)
{
	struct lma_view lv = {.session = UINT32_MAX};
	struct mag_view mv = {.session = UINT32_MAX};
	uint32_t session = UINT32_MAX;

	for (int i = 0; i <= nth; i++) {
		if (n->lma != NULL ? !lma_next(n->lma, session + 1, &lv) : !mag_next(n->mag, session + 1, &mv))
			return PMIP_SESSION_NONE;
		session = n->lma != NULL ? lv.session : mv.session;
	}
	return session;
}

static void
close_session(struct sim_world *w, struct sim_node *n, int nth)
{
	struct pmip_event e = {.type = PMIP_EV_CLOSE, .close = {.session = PMIP_SESSION_NONE}};

	if (w->now_ms < n->stalled_until_ms)
		return;
	if (nth >= 0 && (e.close.session = sim_nth_session(n, nth)) == PMIP_SESSION_NONE)
		return;
	sim_say(w, "the operator closes session %d of %s", (int)e.close.session, sim_node_name(w, n->index));
	disturb_node(w, n);
	if (n->lma != NULL)
		sim_ledger_closed(w, n, e.close.session);
	sim_step(w, n, &e);
}

/* An update as no gateway sends it: whatever else it says, it is refused. */
static void
forge(struct sim_world *w, struct sim_node *mag, int mn, int what)
{
	struct sim_node *lma = sim_lma_of(w, mn);
	struct mh_msg m = {.type = MH_PBU, .pbu = {.sequence = 40000, .lifetime = 15, .flags = MH_PBU_A | MH_PBU_P}};
	uint8_t bytes[SIM_MESSAGE_MAX];
	int len;

	if (what != 0) {
		mh_set(&m, MH_OPT_MN_ID);
		m.opt.mn_id.subtype = w->mn_id[mn].subtype;
		m.opt.mn_id.len = w->mn_id[mn].len;
		memcpy(m.opt.mn_id.id, w->mn_id[mn].id, m.opt.mn_id.len);
	}
	if (what != 1)
		mh_add_hnp(&m, &(struct addr_prefix){0});
	if (what != 2) {
		mh_set(&m, MH_OPT_HANDOFF_INDICATOR);
		m.opt.handoff.value = MH_HANDOFF_BETWEEN_MAGS;
	}
	if (what != 3) {
		mh_set(&m, MH_OPT_ACCESS_TECH_TYPE);
		m.opt.access_tech.value = MH_ATT_WLAN;
	}
	if (what == 4) {
		mh_set(&m, MH_OPT_ALTERNATE_COA);
		m.opt.alt_coa.addr = (struct addr6){{0xff, 2, [15] = 1}};
	}
	mh_set(&m, MH_OPT_TIMESTAMP);
	m.opt.timestamp.wall = sim_now(w, mag).wall;
	len = sim_encode(w, mag, lma->index, &m, bytes);
	if (len > 0)
		sim_deliver(w, mag->index, lma->index, bytes, (size_t)len);
}

static void
taken(struct sim_world *w, unsigned int i)
{
	struct pmip_event e = {.type = PMIP_EV_LINK_LOCAL_TAKEN};
	int spot = sim_if_exists(w, i) ? w->iface[i].spot : SIM_NOBODY;

	if (spot == SIM_NOBODY || w->iface[i].host[spot] == 0 || w->now_ms < sim_mag_at(w, spot)->stalled_until_ms)
		return;
	e.taken.host = w->iface[i].host[spot];
	sim_step(w, sim_mag_at(w, spot), &e);
}

static void
change_peer(struct sim_world *w, struct sim_node *lma, unsigned int gateway, bool is)
{
	unsigned int bit = gateway - w->plan.lmas;

	if (lma->lma == NULL || gateway < w->plan.lmas || gateway >= w->nodes)
		return;
	lma->strangers = (uint8_t)((lma->strangers & ~(1u << bit)) | (is ? 0 : 1u << bit));
	sim_say(w, "%s is %s of %s", sim_node_name(w, gateway), is ? "a peer" : "no peer",
		sim_node_name(w, lma->index));
	disturb_node(w, lma);
	sim_engine_apply(w, lma);
}

static void
change_timers(struct sim_world *w, uint32_t percent)
{
	const struct sim_plan *p = &w->h->plan;
	struct sim_plan *to = &w->plan;

	if (percent < 10 || percent > 100)
		return;
	sim_say(w, "settings change to %u %%", percent);
	to->lifetime_s = p->lifetime_s * percent / 100 < 4 ? 4 : p->lifetime_s * percent / 100;
	to->lifetime_max_s = p->lifetime_max_s * percent / 100 < 4 ? 4 : p->lifetime_max_s * percent / 100;
	to->bce_delete_ms = p->bce_delete_ms * percent / 100;
	to->new_bce_ms = p->new_bce_ms * percent / 100;
	to->window_ms = 1 + (p->window_ms - 1) * percent / 100;
	to->bindack_ms = 10 + (p->bindack_ms - 10) * percent / 100;
	to->bindack_max_ms = 10 + (p->bindack_max_ms - 10) * percent / 100;
	for (unsigned int i = 0; i < w->nodes; i++) {
		disturb_node(w, &w->node[i]);
		sim_engine_apply(w, &w->node[i]);
	}
}

static void
revoke(struct sim_world *w, struct sim_node *n, int what, uint8_t trigger)
{
	struct pmip_event e = {.type = PMIP_EV_REVOKE, .revoke = {.trigger = trigger}};

	if (w->now_ms < n->stalled_until_ms || !sim_target(w, n, what, &e.revoke.what))
		return;
	sim_say(w, "the operator revokes %d of %s, trigger %u", what, sim_node_name(w, n->index), trigger);
	sim_ending_command(w, n, &e.revoke.what, trigger);
	sim_step(w, n, &e);
}

static void
notify(struct sim_world *w, struct sim_node *n, int what, uint16_t reason)
{
	struct pmip_event e = {.type = PMIP_EV_NOTIFY, .notify = {.reason = reason}};

	if (n->lma == NULL || w->now_ms < n->stalled_until_ms || !sim_target(w, n, what, &e.notify.what))
		return;
	sim_say(w, "the operator has %d of %s notified, reason %u", what, sim_node_name(w, n->index), reason);
	sim_step(w, n, &e);
}

static void
change_keys(struct sim_world *w, struct sim_node *n, int step)
{
	if (step < 0)
		return;
	sim_say(w, "%s has other keys: step %d", sim_node_name(w, n->index), step);
	n->keys = (unsigned int)step;
	sim_engine_apply(w, n);
}

static void
stall(struct sim_world *w, struct sim_node *n, int32_t ms)
{
	sim_say(w, "%s stalls for %d ms", sim_node_name(w, n->index), ms);
	n->stalled_until_ms = w->now_ms + (uint64_t)ms;
	n->disturbed_ms = n->stalled_until_ms;
}

static void
set_clock(struct sim_world *w, struct sim_node *n, int32_t offset_ms, int32_t ppm)
{
	n->offset_ms = offset_ms;
	n->ppm = ppm;
	n->set_ms = w->now_ms;
	n->stamp = 0;
	disturb_node(w, n);
}

static void
cut(struct sim_world *w, struct sim_node *from, int32_t to, int32_t ms)
{
	if (to < 0 || (unsigned int)to >= w->nodes)
		return;
	sim_say(w, "what %s sends to %s is lost for %d ms", sim_node_name(w, from->index),
		sim_node_name(w, (unsigned int)to), ms);
	from->cut_until_ms[to] = w->now_ms + (uint64_t)ms;
}

static void
run_at_node(struct sim_world *w, struct sim_node *n, const struct sim_op *op)
{
	switch (op->kind) {
	case SIM_OP_STALL:
		stall(w, n, op->b);
		break;
	case SIM_OP_CRASH:
		crash(w, n);
		break;
	case SIM_OP_CLOSE:
		close_session(w, n, op->b);
		break;
	case SIM_OP_FAIL:
		n->fail_next = (unsigned int)op->b;
		disturb_node(w, n);
		break;
	case SIM_OP_CLOCK:
		set_clock(w, n, op->b, op->c);
		break;
	case SIM_OP_STRANGER:
		if (op->b >= 0 && (unsigned int)op->b < w->plan.mns)
			sim_stranger(w, n, op->b, op->c);
		break;
	case SIM_OP_PEER:
		change_peer(w, n, (unsigned int)op->b, op->c != 0);
		break;
	case SIM_OP_FORGE:
		if (n->mag != NULL && op->b >= 0 && (unsigned int)op->b < w->plan.mns)
			forge(w, n, op->b, op->c);
		break;
	case SIM_OP_CUT:
		cut(w, n, op->b, op->c);
		break;
	case SIM_OP_KEYS:
		change_keys(w, n, op->b);
		break;
	case SIM_OP_REVOKE:
		revoke(w, n, op->b, (uint8_t)op->c);
		break;
	case SIM_OP_NOTIFY:
		notify(w, n, op->b, (uint16_t)op->c);
		break;
	case SIM_OP_AGGREGATE:
		sim_blocks_change(w, n, (unsigned int)op->b, op->c);
		break;
	case SIM_OP_CUTS:
		sim_blocks_cuts(w, n, (unsigned int)op->b);
		break;
	case SIM_OP_HOSTILE:
		sim_hostile(w, n, op->b, op->c);
		break;
	default:
		break;
	}
}

void
sim_op_run(struct sim_world *w, const struct sim_op *op)
{
	if (op->kind == SIM_OP_ARRIVE)
		arrive(w, (unsigned int)op->a, op->b, op->c, SIM_NOBODY);
	else if (op->kind == SIM_OP_PULL)
		arrive(w, (unsigned int)op->a, op->b,
		       op->c % 10 == PMIP_MOVE_SHARED ? MH_HANDOFF_SHARED_PREFIXES : MH_HANDOFF_NEW_INTERFACE,
		       op->c / 10);
	else if (op->kind == SIM_OP_MOVE)
		sim_move(w, (unsigned int)op->a, op->b != 0, (unsigned int)op->c);
	else if (op->kind == SIM_OP_FLOW)
		sim_flow(w, (unsigned int)op->a, (uint16_t)op->b, (unsigned int)op->c);
	else if (op->kind == SIM_OP_MORE)
		sim_cut(w, (unsigned int)op->a, (unsigned int)op->b);
	else if (op->kind == SIM_OP_GONE)
		gone(w, (unsigned int)op->a, op->b);
	else if (op->kind == SIM_OP_TAKEN)
		taken(w, (unsigned int)op->a);
	else if (op->kind == SIM_OP_VANISH && sim_if_exists(w, (unsigned int)op->a))
		w->iface[op->a].spot = SIM_NOBODY;
	else if (op->kind == SIM_OP_TIMERS)
		change_timers(w, (uint32_t)op->a);
	else if ((unsigned int)op->a < w->nodes)
		run_at_node(w, &w->node[op->a], op);
}
