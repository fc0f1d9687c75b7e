/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Somebody who is no peer: what he sends is well made and changes nothing, neither what the engine shows nor when it
 * wants to be stepped.
 */
#include <string.h>

#include "world.h"

static const struct addr6 stranger = {{0x20, 0x01, 0x0d, 0xb8, 0xee, [15] = 1}};

enum choice { PREFIX_IN_USE, PREFIX_FREE, TAKE_BACK, NO_PREFIX };

/* All that an engine shows of itself: equal when it is as it was. */
struct shown {
	uint32_t sessions, waiting;
	uint64_t due_ms, sum;
};

static void
add(struct shown *s, const void *bytes, size_t len)
{
	static const struct hash_secret none;

	s->sum = s->sum * 31 + hash_bytes(&none, bytes, len);
}

static struct shown
show(const struct sim_node *n)
{
	struct shown s = {0};
	struct lma_view lv;
	struct mag_view mv;

	if (n->lma != NULL) {
		s = (struct shown){lma_session_count(n->lma), lma_waiting_count(n->lma), lma_due(n->lma), 0};
		for (uint32_t i = 0; lma_next(n->lma, i, &lv); i = lv.session + 1) {
			uint64_t of[] = {lv.session, lv.state, lv.sequence, lv.timestamp, lv.expires_ms, lv.handovers};

			add(&s, of, sizeof(of));
			add(&s, &lv.proxy_coa, sizeof(lv.proxy_coa));
			add(&s, lv.prefix, lv.prefix_count * sizeof(*lv.prefix));
		}
		return s;
	}
	s = (struct shown){mag_session_count(n->mag), 0, mag_due(n->mag), 0};
	for (uint32_t i = 0; mag_next(n->mag, i, &mv); i = mv.session + 1) {
		uint64_t of[] = {mv.session, mv.state, mv.sequence, mv.status, mv.expires_ms, mv.tries};

		add(&s, of, sizeof(of));
		add(&s, mv.prefix, mv.prefix_count * sizeof(*mv.prefix));
	}
	return s;
}

/* A prefix that the anchor's first session has, or one of nobody's. */
static struct addr_prefix
prefix_of(const struct sim_node *n, bool in_use)
{
	struct addr_prefix p = {.addr = {{0x20, 0x01, 0x0d, 0xb8, 0x77}}, .len = 64};
	struct lma_view v;

	return in_use && n->lma != NULL && lma_next(n->lma, 0, &v) ? v.prefix[0] : p;
}

static void
put_options(const struct sim_world *w, const struct sim_node *n, int mn, enum choice choice, struct mh_msg *m)
{
	struct addr_prefix prefix = prefix_of(n, choice == PREFIX_IN_USE || choice == TAKE_BACK);

	if (choice == NO_PREFIX)
		prefix = (struct addr_prefix){0};
	mh_add_hnp(m, &prefix);
	mh_set(m, MH_OPT_MN_ID);
	m->opt.mn_id.subtype = w->mn_id[mn].subtype;
	m->opt.mn_id.len = w->mn_id[mn].len;
	memcpy(m->opt.mn_id.id, w->mn_id[mn].id, m->opt.mn_id.len);
	mh_set(m, MH_OPT_HANDOFF_INDICATOR);
	m->opt.handoff.value = MH_HANDOFF_BETWEEN_MAGS;
	mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
	m->opt.access_tech.value = MH_ATT_WLAN;
	mh_set(m, MH_OPT_TIMESTAMP);
	m->opt.timestamp.wall = sim_now(w, n).wall;
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
	struct mh_msg m = message_for(w, n, mn, (enum choice)choice);
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .message = {.src = stranger, .dst = n->address, .msg = &m}};
	struct shown before = show(n), after;

	if (w->now_ms < n->stalled_until_ms || n->more)
		return;
	sim_say(w, "a stranger sends %s a message about mn%d", sim_node_name(w, n->index), mn);
	sim_step(w, n, &e);
	after = show(n);
	w->coverage.judged[SIM_INV_STRANGERS]++;
	if (memcmp(&before, &after, sizeof(before)) != 0)
		sim_fault(w, SIM_INV_STRANGERS, "%s heeds a message from an address that is no peer's",
			  sim_node_name(w, n->index));
}
