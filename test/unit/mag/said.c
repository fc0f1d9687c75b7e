/* SPDX-License-Identifier: BSD-3-Clause */
/* What anchors say of sessions, and how much of it. */
#include <stdio.h>

#include "cases.h"

static void
put_id(struct mh_msg *m, const char *text)
{
	struct pmip_mn_id id;

	pmip_mn_id_parse(text, &id);
	mag_put_mn_id(&id, m);
}

static struct mh_msg
bri(uint8_t trigger, uint16_t sequence, const char *mn)
{
	struct mh_msg m = {.type = MH_BRI, .bri = {.trigger = trigger, .sequence = sequence, .flags = MH_BR_P}};

	if (trigger >= MH_BRI_GLOBAL_MIN)
		m.bri.flags |= MH_BR_G;
	if (mn != NULL)
		put_id(&m, mn);
	return m;
}

/* Interfaces of mobile node 1, each with a session and a prefix of its own. */
static void
serve_interfaces(struct world *w, unsigned int n)
{
	for (unsigned int i = 1; i <= n; i++) {
		struct pmip_link link = world_link(i);
		struct mh_msg pba;

		world_attach_link(w, 1, &link, MH_HANDOFF_NEW_INTERFACE);
		pba = world_pba(w, MH_STATUS_ACCEPTED);
		pba.opt.hnp[0].prefix.addr.b[7] = (uint8_t)i;
		world_answer(w, pba);
	}
}

static unsigned int
in_state(const struct world *w, enum mag_state state)
{
	struct mag_view v;
	unsigned int n = 0;

	for (uint32_t from = 0; mag_next(w->g, from, &v); from = v.session + 1)
		n += v.state == state;
	return n;
}

static unsigned int cleared; /* by all that settle() has seen */

/* Ticks until there is no more to do at this moment; how many messages of a type were sent, the first list included. */
static unsigned int
settle(struct world *w, enum mh_type type)
{
	unsigned int n = 0;

	for (cleared = 0;; world_tick(w, 0)) {
		cleared += world_acted(w, PMIP_ACT_FORWARD_CLEAR);
		for (unsigned int i = 0; i < w->out.count; i++)
			n += w->out.list[i].type == PMIP_ACT_SEND && w->out.list[i].send.msg.type == type;
		if (!w->out.more)
			return n;
	}
}

static void
new_with(struct world *w, uint32_t sessions, uint32_t rate)
{
	struct mag_settings s = world_settings();

	s.sessions_max = sessions;
	s.timers.peer_rate_per_s = rate;
	world_new_with(w, &s);
}

/* shows: RFC5846-9.1-16 */
void
revocation_of_many_sessions_of_one(void)
{
	struct world w;

	new_with(&w, 100, 1000);
	serve_interfaces(&w, 40);
	world_answer(&w, bri(MH_BRI_ADMINISTRATIVE, 5, "mn1@example.com"));
	CU_ASSERT_EQUAL(settle(&w, MH_BRA), 1);
	CU_ASSERT_EQUAL(w.sent.send.msg.bra.status, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(in_state(&w, MAG_HELD), 40);
	CU_ASSERT_EQUAL(cleared, 40);
	world_answer(&w, bri(MH_BRI_ADMINISTRATIVE, 5, "mn1@example.com"));
	CU_ASSERT_EQUAL(settle(&w, MH_BRA), 1);
	CU_ASSERT_EQUAL(w.sent.send.msg.bra.status, MH_BRA_ACCEPTED);
	world_free(&w);
}

/* shows: RFC7077-6.1-11 */
void
notification_of_many_sessions_of_one(void)
{
	struct mh_msg upn = {.type = MH_UPN, .upn = {.sequence = 5, .reason = MH_UPN_FORCE_REREGISTRATION}};
	struct world w;

	new_with(&w, 100, 100000);
	serve_interfaces(&w, 80);
	put_id(&upn, "mn1@example.com");
	world_tick(&w, 100);
	world_answer(&w, upn);
	CU_ASSERT(settle(&w, MH_PBU) >= 80);
	CU_ASSERT_EQUAL(in_state(&w, MAG_REFRESHING), 80);
	world_free(&w);
}

/* A GRE key is one session's: a notification that names several gives it to none. */
void
notified_key_of_many(void)
{
	struct mh_msg upn = {.type = MH_UPN,
			     .upn = {.reason = MH_UPN_UPDATE_SESSION_PARAMETERS, .flags = MH_UPN_A, .sequence = 5}};
	struct pmip_peer_settings peer = {.name = "lma", .address = {.addr = world_lma, .len = 128}};
	struct mag_settings s = world_settings();
	struct addr_prefix second = world_prefix;
	struct world w;

	peer.gre = PMIP_GRE_OFFERED;
	s.peers = &peer;
	s.peer_count = 1;
	world_new_with(&w, &s);
	serve_interfaces(&w, 2);
	for (uint32_t i = 0; i < 2; i++)
		w.g->session[i].gre = w.g->session[i].gre_keyed = true;
	put_id(&upn, "mn1@example.com");
	mh_set(&upn, MH_OPT_GRE_KEY);
	upn.opt.gre_key = (struct mh_opt_gre_key){.given = true, .key = 77};
	world_answer(&w, upn);
	CU_ASSERT_EQUAL(w.out.list[0].send.msg.upa.status, MH_UPA_FAILED_TO_UPDATE);
	CU_ASSERT_NOT_EQUAL(w.g->session[0].gre_key, 77);
	second.addr.b[7] = 2;
	mh_add_hnp(&upn, &second);
	upn.upn.sequence++;
	world_answer(&w, upn);
	CU_ASSERT_EQUAL(w.sent.send.msg.upa.status, MH_UPA_ACCEPTED);
	CU_ASSERT_EQUAL(w.g->session[1].gre_key, 77);
	CU_ASSERT_NOT_EQUAL(w.g->session[0].gre_key, 77);
	world_free(&w);
}

/* shows: RFC5846-9.1-06 */
void
revocations_at_once_are_bounded(void)
{
	unsigned int answers;
	char realm[32];
	struct world w;

	new_with(&w, 100, 1000);
	world_serve(&w, 1);
	for (unsigned int i = 0; i <= MAG_ASKED_MAX; i++) {
		snprintf(realm, sizeof(realm), "@realm%u", i);
		world_answer(&w, bri(MH_BRI_LOCAL_POLICY, (uint16_t)i, realm));
		CU_ASSERT_EQUAL(w.out.count, 0);
		world_answer(&w, bri(MH_BRI_LOCAL_POLICY, (uint16_t)i, realm)); /* it is under way */
		CU_ASSERT_EQUAL(w.out.count, 0);
	}
	answers = settle(&w, MH_BRA);
	CU_ASSERT_EQUAL(answers, MAG_ASKED_MAX);
	CU_ASSERT_EQUAL(w.sent.send.msg.bra.status, MH_BRA_MN_ID_REQUIRED);
	world_answer(&w, bri(MH_BRI_LOCAL_POLICY, MAG_ASKED_MAX, realm));
	CU_ASSERT_EQUAL(settle(&w, MH_BRA), 1);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

void
revocation_of_strangers_costs_nothing(void)
{
	struct world w;

	new_with(&w, 100, 1000);
	world_serve(&w, 1);
	world_answer_from(&w, &world_other_lma, bri(MH_BRI_PER_PEER_POLICY, 1, NULL));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.bra.status, MH_BRA_NO_BINDING);
	CU_ASSERT_FALSE(w.out.more);
	CU_ASSERT_PTR_NULL(mag_anchor_find(w.g, &world_other_lma));
	world_free(&w);
}

/* However much they ask, and without harm to an anchor's answer. */
void
strangers_are_answered_at_a_rate(void)
{
	struct mh_msg upn = {.type = MH_UPN, .upn = {.reason = MH_UPN_FORCE_REREGISTRATION, .flags = MH_UPN_A}};
	unsigned int bra = 0, upa = 0;
	struct world w;

	world_open(&w);
	put_id(&upn, "mn1@example.com");
	for (unsigned int i = 0; i < 2 * w.s.timers.be_rate_per_s; i++) {
		world_answer_from(&w, &world_other_lma, bri(MH_BRI_ADMINISTRATIVE, (uint16_t)i, "mn1@example.com"));
		bra += world_acted(&w, PMIP_ACT_SEND);
	}
	CU_ASSERT_EQUAL(bra, w.s.timers.be_rate_per_s);
	CU_ASSERT_EQUAL(world_count(&w, STAT_MH_UNANSWERED), w.s.timers.be_rate_per_s);
	world_answer(&w, bri(MH_BRI_OUT_OF_SYNC, 5, "mn1@example.com"));
	CU_ASSERT_EQUAL(w.out.list[0].send.msg.type, MH_BRA);
	world_tick(&w, 1000);
	for (unsigned int i = 0; i < 2 * w.s.timers.be_rate_per_s; i++) {
		upn.upn.sequence++;
		world_answer_from(&w, &world_other_lma, upn);
		upa += world_acted(&w, PMIP_ACT_SEND);
	}
	CU_ASSERT_EQUAL(upa, w.s.timers.be_rate_per_s);
	world_free(&w);
}

/* shows: RFC5846-6.1.2-01 */
void
request_is_remembered_for_a_while(void)
{
	struct world w;

	world_open(&w);
	world_answer(&w, bri(MH_BRI_OUT_OF_SYNC, 5, "mn1@example.com"));
	CU_ASSERT_EQUAL(w.out.list[0].send.msg.bra.status, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_accept(&w);
	world_pass(&w, 59000);
	world_answer(&w, bri(MH_BRI_OUT_OF_SYNC, 5, "mn1@example.com"));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_pass(&w, 1000);
	world_answer(&w, bri(MH_BRI_OUT_OF_SYNC, 5, "mn1@example.com"));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_free(&w);
}

/* The sweep begins a moment later than the revocation came; who was accepted in between has a new session. */
void
revocation_spares_what_came_later(void)
{
	struct world w;

	world_open(&w);
	world_tick(&w, 10);
	world_answer(&w, bri(MH_BRI_PER_PEER_POLICY, 5, NULL));
	w.now.mono_ms++;
	world_serve(&w, 2);
	settle(&w, MH_BRA);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_ACTIVE);
	world_free(&w);
}
