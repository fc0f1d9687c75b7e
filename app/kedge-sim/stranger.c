/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Somebody who is no peer: what he sends is well made and changes nothing, neither what the engine shows nor when it
 * wants to be stepped.
 */
#include <string.h>

#include "mh/vendor.h"
#include "world.h"

static const struct addr6 stranger = {{0x20, 0x01, 0x0d, 0xb8, 0xee, [15] = 1}};

enum choice {
	PREFIX_IN_USE,
	PREFIX_FREE,
	TAKE_BACK,
	NO_PREFIX,
	REVOKED,
	ALL_REVOKED,
	ANSWERED,
	NOTIFIED,
	RESTARTED,
	LENT,
	IDLE,
	PARTIAL
};

/* A prefix that the anchor's first session has, or one of nobody's. */
static struct addr_prefix
prefix_of(const struct sim_node *n, bool in_use)
{
	struct addr_prefix p = {.addr = {{0x20, 0x01, 0x0d, 0xb8, 0x77}}, .len = 64};
	struct lma_view v;

	return in_use && n->lma != NULL && lma_next(n->lma, 0, &v) && v.prefix_count > 0 ? v.prefix[0] : p;
}

/* The first that a gateway has for a mobile node. */
static struct addr_prefix
first_prefix(const struct sim_world *w, const struct sim_node *n, int mn)
{
	struct mag_view v;

	return n->mag != NULL && mag_next_of(n->mag, &w->mn_id[mn], PMIP_SESSION_NONE, &v) && v.prefix_count > 0
		       ? v.prefix[0]
		       : prefix_of(n, false);
}

/* The number of the last message of this type that a node has sent. */
static uint16_t
number_of_last(const struct sim_world *w, const struct sim_node *n, enum mh_type type)
{
	struct mh_msg m;

	for (uint32_t i = 0; i < SIM_RECORDED && i < w->recorded_count; i++) {
		const struct sim_flight *f = &w->recorded[(w->recorded_count - 1 - i) % SIM_RECORDED];

		if (f->from == n->index &&
		    mh_decode(f->bytes, f->len, &n->address, &w->node[f->to].address, &m) == MH_OK && m.type == type)
			return type == MH_UPN ? m.upn.sequence : m.bri.sequence;
	}
	return 0;
}

static void
put_mn_id(const struct sim_world *w, int mn, struct mh_msg *m)
{
	mh_set(m, MH_OPT_MN_ID);
	m->opt.mn_id.subtype = w->mn_id[mn].subtype;
	m->opt.mn_id.len = w->mn_id[mn].len;
	memcpy(m->opt.mn_id.id, w->mn_id[mn].id, m->opt.mn_id.len);
}

static void
put_options(const struct sim_world *w, const struct sim_node *n, int mn, enum choice choice, struct mh_msg *m)
{
	struct addr_prefix prefix = prefix_of(n, choice == PREFIX_IN_USE || choice == TAKE_BACK || choice == PARTIAL);

	if (choice == NO_PREFIX)
		prefix = (struct addr_prefix){0};
	mh_add_hnp(m, &prefix);
	put_mn_id(w, mn, m);
	mh_set(m, MH_OPT_HANDOFF_INDICATOR);
	m->opt.handoff.value = choice == PARTIAL ? sim_multihoming(w).partial_existing : MH_HANDOFF_BETWEEN_MAGS;
	mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
	m->opt.access_tech.value = MH_ATT_WLAN;
	mh_set(m, MH_OPT_TIMESTAMP);
	m->opt.timestamp.wall = sim_now(w, n).wall;
}

/* What nodes say beside updates: that sessions are over, or whatever the node itself has just asked. */
static struct mh_msg
request_for(const struct sim_world *w, const struct sim_node *n, int mn, enum choice choice)
{
	struct mh_msg m = {.type = MH_BRI};
	struct addr_prefix prefix = prefix_of(n, true);

	switch (choice) {
	case ANSWERED:
		m.type = n->lma != NULL && n->update_count % 2 ? MH_UPA : MH_BRA;
		m.bra.sequence = number_of_last(w, n, m.type == MH_UPA ? MH_UPN : MH_BRI);
		if (m.type == MH_UPA)
			m.upa = (struct mh_upa){.sequence = m.bra.sequence};
		return m;
	case LENT:
		m.type = MH_UPN;
		m.upn = (struct mh_upn){.sequence = 1, .reason = MH_UPN_FLOW_MOBILITY, .flags = MH_UPN_A};
		mh_add_hnp(&m, &(struct addr_prefix){0});
		m.opt.hnp[0] = (struct mh_opt_hnp){.prefix = prefix_of(n, false), .off_link = true};
		break;
	case IDLE:
		m.type = MH_UPN;
		m.upn = (struct mh_upn){.sequence = 1, .reason = MH_UPN_VENDOR_SPECIFIC, .flags = MH_UPN_A};
		mh_vendor_add_prefix(&m, sim_multihoming(w).vendor,
				     &(struct mh_vendor_prefix){MH_VENDOR_IDLE, first_prefix(w, n, mn)});
		break;
	case NOTIFIED:
		m.type = MH_UPN;
		m.upn = (struct mh_upn){.sequence = 1, .reason = MH_UPN_FORCE_REREGISTRATION, .flags = MH_UPN_A};
		break;
	case RESTARTED:
		m.type = MH_HEARTBEAT;
		m.heartbeat = (struct mh_heartbeat){.flags = MH_HEARTBEAT_R | MH_HEARTBEAT_U};
		mh_set(&m, MH_OPT_RESTART_COUNTER);
		m.opt.restart_counter.counter = 4711;
		return m;
	default:
		m.bri = (struct mh_bri){.trigger = MH_BRI_ADMINISTRATIVE, .sequence = 1, .flags = MH_BR_P};
		break;
	}
	put_mn_id(w, mn, &m);
	if (choice == ALL_REVOKED)
		m.bri = (struct mh_bri){.trigger = MH_BRI_PER_PEER_POLICY, .sequence = 1, .flags = MH_BR_P | MH_BR_G};
	else if (n->lma != NULL)
		mh_add_hnp(&m, &prefix);
	return m;
}

/* An update for an anchor; for a gateway the answer to the update of a session that it has, but for who sends it. */
static struct mh_msg
message_for(const struct sim_world *w, const struct sim_node *n, int mn, enum choice choice)
{
	struct mh_msg m = {.type = MH_PBU};
	struct mag_view v;

	m.pbu = (struct mh_pbu){
		.sequence = 30000, .flags = MH_PBU_A | MH_PBU_P, .lifetime = choice == TAKE_BACK ? 0 : 15};
	if (n->mag != NULL) {
		m.type = MH_PBA;
		m.pba = (struct mh_pba){.flags = MH_PBA_P, .lifetime = 15};
		if (mag_next_of(n->mag, &w->mn_id[mn], PMIP_SESSION_NONE, &v))
			m.pba.sequence = v.sequence;
	}
	put_options(w, n, mn, choice, &m);
	return m;
}

void
sim_stranger(struct sim_world *w, struct sim_node *n, int mn, int choice)
{
	struct mh_msg m;
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .message = {.src = stranger, .dst = n->address, .msg = &m}};
	struct sim_shown before, after;

	if (w->now_ms < n->stalled_until_ms)
		return;
	sim_step(w, n, &(struct pmip_event){.type = PMIP_EV_TICK}); /* it shows what is so by now */
	if (n->more || w->result.failed)
		return;
	m = choice >= REVOKED && choice != PARTIAL ? request_for(w, n, mn, (enum choice)choice)
						   : message_for(w, n, mn, (enum choice)choice);
	before = sim_show(n);
	sim_say(w, "a stranger sends %s a message about mn%d", sim_node_name(w, n->index), mn);
	if (m.type == MH_HEARTBEAT)
		sim_step_heartbeat(w, n, &e);
	else
		sim_step(w, n, &e);
	after = sim_show(n);
	w->coverage.judged[SIM_INV_STRANGERS]++;
	if (memcmp(&before, &after, sizeof(before)) != 0)
		sim_fault(w, SIM_INV_STRANGERS, "%s heeds a message from an address that is no peer's",
			  sim_node_name(w, n->index));
}
