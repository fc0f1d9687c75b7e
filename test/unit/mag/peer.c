/* SPDX-License-Identifier: BSD-3-Clause */
/* Anchors that fail, come back and have lost what they knew. */
#include "cases.h"

#define SESSIONS 1000
#define RATE	 100

static struct addr_prefix
prefix_of(unsigned int n)
{
	struct addr_prefix p = world_prefix;

	p.addr.b[6] = (uint8_t)(n >> 8);
	p.addr.b[7] = (uint8_t)n;
	return p;
}

static void
serve_all(struct world *w)
{
	struct mag_settings s = world_settings();

	s.sessions_max = SESSIONS + 10;
	s.timers.peer_rate_per_s = RATE;
	s.lifetime_s = 36000;
	world_new_with(w, &s);
	for (unsigned int n = 1; n <= SESSIONS; n++) {
		struct mh_msg pba;

		world_attach(w, n, MH_HANDOFF_NEW_INTERFACE);
		pba = world_pba(w, MH_STATUS_ACCEPTED);
		pba.opt.hnp[0].prefix = prefix_of(n);
		world_answer(w, pba);
	}
	world_tick(w, 1000);
}

/* What happened in the time up to the next event that is later. */
struct tally {
	unsigned int sent, expired, wrong;
};

static void
count(const struct world *w, struct tally *t)
{
	for (unsigned int i = 0; i < w->out.count; i++) {
		const struct pmip_action *a = &w->out.list[i];

		t->expired += a->type == PMIP_ACT_PUBLISH && a->publish.what == PMIP_PUB_SESSION_EXPIRED;
		if (a->type != PMIP_ACT_SEND)
			continue;
		t->sent++;
		t->wrong += a->send.msg.opt.hnp_count != 1 || addr6_is_zero(&a->send.msg.opt.hnp[0].prefix.addr) ||
			    a->send.msg.opt.handoff.value != MH_HANDOFF_NO_CHANGE;
	}
}

static void
accept_all(struct world *w)
{
	struct pmip_actions list = w->out;

	for (unsigned int i = 0; i < list.count; i++)
		if (list.list[i].type == PMIP_ACT_SEND) {
			w->sent = list.list[i];
			world_accept(w);
		}
}

/* A second, in the steps that the engine asks for; each update is accepted at once. */
static struct tally
second(struct world *w)
{
	uint64_t end = w->now.mono_ms + 1000;
	struct tally t = {0};

	while (mag_due(w->g) < end) {
		world_tick(w, mag_due(w->g) > w->now.mono_ms ? mag_due(w->g) - w->now.mono_ms : 0);
		count(w, &t);
		accept_all(w);
	}
	w->now.mono_ms = end;
	return t;
}

void
restarted_anchor_is_paced(void)
{
	struct world w;
	unsigned int sent = 0;

	serve_all(&w);
	world_peer(&w, &world_lma, PMIP_PEER_RESTARTED);
	for (unsigned int s = 0; s < SESSIONS / RATE + 1; s++) {
		struct tally t = second(&w);

		CU_ASSERT(t.sent <= RATE + 2);
		CU_ASSERT(t.sent >= RATE || sent + t.sent == SESSIONS);
		CU_ASSERT_EQUAL(t.wrong, 0);
		CU_ASSERT_EQUAL(t.expired, 0);
		sent += t.sent;
	}
	CU_ASSERT_EQUAL(sent, SESSIONS);
	CU_ASSERT(mag_due(w.g) > w.now.mono_ms + 1000000);
	world_free(&w);
}

void
restarted_anchor_twice(void)
{
	struct world w;
	unsigned int sent = 0;

	serve_all(&w);
	world_peer(&w, &world_lma, PMIP_PEER_RESTARTED);
	sent = second(&w).sent;
	world_peer(&w, &world_lma, PMIP_PEER_RETURNED); /* it still wants all of them */
	sent += second(&w).sent;
	CU_ASSERT(sent >= 2 * RATE);
	world_peer(&w, &world_lma, PMIP_PEER_RESTARTED);
	sent = 0;
	for (unsigned int s = 0; s < SESSIONS / RATE + 2; s++)
		sent += second(&w).sent;
	CU_ASSERT_EQUAL(sent, SESSIONS);
	world_free(&w);
}

void
dead_anchor_is_paced(void)
{
	struct world w;
	unsigned int expired = 0;

	serve_all(&w);
	world_peer(&w, &world_other_lma, PMIP_PEER_FAILED); /* nobody's */
	CU_ASSERT_EQUAL(second(&w).expired, 0);
	world_peer(&w, &world_lma, PMIP_PEER_FAILED);
	world_peer(&w, &world_lma, PMIP_PEER_FAILED);
	for (unsigned int s = 0; s < SESSIONS / RATE / 2; s++) {
		struct tally t = second(&w);

		CU_ASSERT(t.expired <= RATE + 2);
		expired += t.expired;
	}
	CU_ASSERT(expired >= SESSIONS / 2);
	/* The rest stay when it comes back. */
	world_peer(&w, &world_lma, PMIP_PEER_RETURNED);
	for (unsigned int s = 0; s < SESSIONS / RATE + 1; s++)
		CU_ASSERT_EQUAL(second(&w).expired, 0);
	CU_ASSERT_EQUAL(world_count(&w, STAT_SESSIONS_EXPIRED), expired);
	world_free(&w);
}

void
anchors_are_bounded(void)
{
	const unsigned int n = 2 * MAG_ANCHORS_MAX;
	struct mag_settings s = world_settings();
	struct mh_msg pba;
	struct world w;

	s.sessions_max = n;
	s.id = world_mn_id(1);
	world_new_with(&w, &s);
	w.profile.lma_given = true;
	w.profile.lma = world_lma;
	for (unsigned int i = 1; i <= n; i++) {
		w.profile.lma.b[13] = (uint8_t)(i >> 8);
		w.profile.lma.b[14] = (uint8_t)i;
		world_tick(&w, 1);
		world_attach(&w, i, MH_HANDOFF_NEW_INTERFACE);
		pba = world_pba(&w, MH_STATUS_ACCEPTED);
		pba.opt.hnp[0].prefix = prefix_of(i);
		world_answer(&w, pba);
		world_peer(&w, &w.profile.lma, PMIP_PEER_RETURNED);
		world_tick(&w, 0);
	}
	CU_ASSERT_PTR_NOT_NULL(mag_anchor_find(w.g, &w.profile.lma));
	w.profile.lma.b[13] = 0;
	w.profile.lma.b[14] = 1;
	CU_ASSERT_PTR_NULL(mag_anchor_find(w.g, &w.profile.lma));
	/* Whoever there is no place for is told of its sessions one by one. */
	world_revoke(&w, &(struct pmip_target){.scope = PMIP_SCOPE_ALL});
	world_pass(&w, 20000);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 0);
	CU_ASSERT_EQUAL(mag_due(w.g), UINT64_MAX);
	world_free(&w);
}

/* shows: RFC5846-5.1-01 RFC5846-9.2-03 */
void
revocation_at_two_anchors(void)
{
	struct mag_settings s = world_settings();
	struct world w;
	uint16_t first;

	s.id = world_mn_id(99);
	world_new_with(&w, &s);
	world_revoke(&w, &(struct pmip_target){.scope = PMIP_SCOPE_PEER, .peer = world_lma});
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.type, MH_BRI);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.mn_id.len, s.id.len);
	first = w.sent.send.msg.bri.sequence;
	world_revoke(&w, &(struct pmip_target){.scope = PMIP_SCOPE_PEER, .peer = world_lma}); /* under way */
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_revoke(&w, &(struct pmip_target){.scope = PMIP_SCOPE_PEER, .peer = world_other_lma});
	CU_ASSERT_NOT_EQUAL(w.sent.send.msg.bri.sequence, first);
	world_free(&w);
}

static void
serve(struct world *w, unsigned int n)
{
	struct mh_msg pba;

	world_attach(w, n, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(w, MH_STATUS_ACCEPTED);
	pba.opt.hnp[0].prefix = prefix_of(n);
	world_answer(w, pba);
}

/* The anchor may have heard the first indication or the last: what it was told in between, it may have or not. */
void
revocation_repeated(void)
{
	struct mh_msg upn = {.type = MH_UPN, .upn = {.sequence = 1, .reason = MH_UPN_FORCE_REREGISTRATION}};
	struct mh_msg bra = {.type = MH_BRA, .bra = {.flags = MH_BR_P | MH_BR_G}};
	struct mag_settings s = world_settings();
	struct pmip_mn_id id = world_mn_id(1);
	struct world w;

	s.id = world_mn_id(99);
	world_new_with(&w, &s);
	serve(&w, 1);
	serve(&w, 2);
	world_tick(&w, 1000);
	world_revoke(&w, &(struct pmip_target){.scope = PMIP_SCOPE_PEER, .peer = world_lma});
	bra.bra.sequence = w.sent.send.msg.bri.sequence;
	world_tick(&w, 500);
	mag_put_mn_id(&id, &upn);
	world_answer(&w, upn);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	serve(&w, 3);
	world_tick(&w, 500);
	CU_ASSERT_EQUAL(w.sent.send.msg.type, MH_BRI);
	world_tick(&w, 10);
	serve(&w, 4);
	world_answer(&w, bra);
	world_tick(&w, 0);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_LEAVING);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_FREE);
	CU_ASSERT_EQUAL(world_state(&w, 3), MAG_ACTIVE);
	world_tick(&w, 10); /* at the pace of peer-rate */
	CU_ASSERT_EQUAL(world_state(&w, 3), MAG_REFRESHING);
	CU_ASSERT_EQUAL(world_state(&w, 4), MAG_ACTIVE);
	world_free(&w);
}
