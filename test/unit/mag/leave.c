/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of a session: RFC 5213 section 6.9.1.4. */
#include "cases.h"

/* shows: RFC5213-6.9.1.4-01 RFC5213-6.9.1.4-02 RFC5213-6.9.1.4-03 RFC5213-6.9.1.4-04 RFC5213-6.9.1.4-05 */
/* shows: RFC5213-6.9.1.4-06 RFC5213-6.9.1.4-07 RFC5213-6.13-03 RFC5213-6.13-04 */
void
detach_deregisters(void)
{
	const struct mh_msg *m;
	struct mh_msg pba;
	struct world w;
	uint32_t present;

	world_new(&w);
	m = &w.sent.send.msg;
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	mh_add_hnp(&pba, &world_prefix_2);
	world_answer(&w, pba);
	present = m->opt.present;
	world_detach(&w, 1, 1);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_PUBLISH, PMIP_ACT_SEND));
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_CLOSED));
	CU_ASSERT_EQUAL(m->pbu.lifetime, 0);
	CU_ASSERT_EQUAL(m->opt.present, present);
	CU_ASSERT_EQUAL(m->opt.handoff.value, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(m->opt.hnp_count, 2);
	CU_ASSERT(addr_prefix_equal(&m->opt.hnp[0].prefix, &world_prefix));
	CU_ASSERT(addr_prefix_equal(&m->opt.hnp[1].prefix, &world_prefix_2));
	CU_ASSERT_EQUAL(w.out.list[0].forward.prefix_count, 2);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_LEAVING);
	world_accept(&w);
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 0);
	CU_ASSERT_EQUAL(mag_due(w.g), UINT64_MAX);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.4-05 */
void
deregistration_unanswered(void)
{
	struct world w;

	world_open(&w);
	world_detach(&w, 1, 1);
	world_pass(&w, 999);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 1);
	world_pass(&w, 1);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH));
	CU_ASSERT(world_published(&w, PMIP_PUB_DEREGISTRATION_UNANSWERED));
	CU_ASSERT_EQUAL(mag_session_count(w.g), 0);
	CU_ASSERT_EQUAL(mag_due(w.g), UINT64_MAX);
	world_free(&w);
}

void
deregistration_rejected(void)
{
	struct world w;

	world_open(&w);
	world_detach(&w, 1, 1);
	world_answer(&w, world_pba(&w, MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED));
	CU_ASSERT_EQUAL(mag_session_count(w.g), 0);
	world_free(&w);
}

void
deregistration_renumbered(void)
{
	struct mh_msg pba;
	struct world w;

	world_open(&w);
	world_detach(&w, 1, 1);
	pba = world_pba(&w, MH_STATUS_SEQUENCE_OUT_OF_WINDOW);
	pba.pba.sequence = 900;
	world_answer(&w, pba);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, 901);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 0);
	world_accept(&w);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 0);
	world_free(&w);
}

void
detach_while_registering(void)
{
	struct mh_msg late;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	late = world_pba(&w, MH_STATUS_ACCEPTED);
	world_detach(&w, 1, 1);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 0);
	CU_ASSERT(addr6_is_zero(&w.sent.send.msg.opt.hnp[0].prefix.addr));
	world_answer(&w, late);
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_LEAVING);
	world_free(&w);
}

void
detach_while_held(void)
{
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	world_answer(&w, world_pba(&w, MH_STATUS_INSUFFICIENT_RESOURCES));
	world_detach(&w, 1, 1);
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 0);
	CU_ASSERT_EQUAL(mag_due(w.g), UINT64_MAX);
	world_free(&w);
}

void
detach_while_held_after_service(void)
{
	struct world w;

	world_open(&w);
	world_pass(&w, 450000);
	world_answer(&w, world_pba(&w, MH_STATUS_INSUFFICIENT_RESOURCES));
	world_detach(&w, 1, 1); /* the anchor may still have the session */
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 0);
	world_free(&w);
}

void
back_while_leaving(void)
{
	struct mh_msg late;
	struct world w;
	uint16_t sequence;
	uint64_t stamp;

	world_open(&w);
	world_detach(&w, 1, 1);
	late = world_pba(&w, MH_STATUS_ACCEPTED);
	sequence = w.sent.send.msg.pbu.sequence;
	stamp = w.sent.send.msg.opt.timestamp.wall;
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, sequence + 1);
	CU_ASSERT(w.sent.send.msg.opt.timestamp.wall > stamp);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 150);
	world_answer(&w, late);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 1);
	world_free(&w);
}

void
detach_of_nobody(void)
{
	struct world w;

	world_open(&w);
	world_detach(&w, 1, 5);
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_detach(&w, 2, 1);
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

void
detach_of_unknown_identity(void)
{
	struct pmip_event e = {.type = PMIP_EV_DETACH, .detach = {.host = 1}};
	struct world w;

	world_open(&w);
	e.now = w.now;
	w.out.count = 0;
	mag_step(w.g, &e, &w.out);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_PUBLISH, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_LEAVING);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.4-09 */
void
close_one(void)
{
	struct world w;

	world_open(&w);
	world_serve(&w, 2);
	world_close(&w, world_view(&w, 1).session);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_PUBLISH, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.out.list[0].access.host, 1);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_LEAVING);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_ACTIVE);
	world_close(&w, 7);
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_free(&w);
}

void
close_all_in_slices(void)
{
	struct mag_settings s = world_settings();
	unsigned int steps = 1, sends;
	struct world w;

	s.sessions_max = 200;
	world_new_with(&w, &s);
	for (unsigned int n = 1; n <= 200; n++)
		world_serve(&w, n);
	sends = w.sends;
	world_close(&w, PMIP_SESSION_NONE);
	CU_ASSERT(w.out.more);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE); /* none comes back meanwhile */
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_PUBLISH));
	do {
		world_tick(&w, 0);
		steps++;
	} while (w.out.more && steps < 100);
	CU_ASSERT_EQUAL(w.sends, sends + 200);
	CU_ASSERT_EQUAL(world_count(&w, STAT_SESSIONS_CLOSED), 200);
	world_pass(&w, 1000);
	while (w.out.more && steps++ < 100)
		world_tick(&w, 0);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 0);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_free(&w);
}

void
forwarding_failed(void)
{
	struct pmip_action failed;
	struct world w;

	world_open(&w);
	failed = *world_act(&w, PMIP_ACT_FORWARD_SET);
	world_fail(&w, &failed);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_PUBLISH, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 0);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_LEAVING);
	world_fail(&w, &w.out.list[0]);
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_free(&w);
}

void
views_and_names(void)
{
	struct mag_view v;
	struct world w;

	world_new(&w);
	CU_ASSERT_FALSE(mag_next(w.g, 0, &v));
	world_serve(&w, 1);
	world_attach(&w, 2, MH_HANDOFF_UNKNOWN);
	CU_ASSERT(mag_next(w.g, 0, &v) && v.session == 0 && v.state == MAG_ACTIVE);
	CU_ASSERT(mag_next(w.g, 1, &v) && v.session == 1 && v.state == MAG_REGISTERING && v.prefix_count == 0);
	CU_ASSERT_FALSE(mag_next(w.g, 2, &v));
	CU_ASSERT_FALSE(mag_find(w.g, UINT32_MAX, &v));
	for (unsigned int s = 0; s < MAG_STATE_COUNT; s++)
		CU_ASSERT(strcmp(mag_state_name(s), "unknown") != 0);
	CU_ASSERT_STRING_EQUAL(mag_state_name(MAG_STATE_COUNT), "unknown");
	world_free(&w);
}

void
table_of_states_is_law(void)
{
	struct mag_session *s;
	struct world w;

	world_open(&w);
	s = &w.g->session[world_view(&w, 1).session];
	CU_ASSERT_FALSE(mag_enter(w.g, s, MAG_ACTIVE));
	CU_ASSERT_EQUAL(s->state, MAG_ACTIVE);
	CU_ASSERT_EQUAL(mag_transitions_refused(w.g), 1);
	/* What was taken is counted, and nothing else. */
	CU_ASSERT_EQUAL(mag_transitions(w.g, MAG_REGISTERING, MAG_ACTIVE), 1);
	CU_ASSERT_EQUAL(mag_transitions(w.g, MAG_ACTIVE, MAG_ACTIVE), 0);
	CU_ASSERT_EQUAL(mag_transitions(w.g, MAG_FREE, MAG_STATE_COUNT), 0);
	CU_ASSERT_EQUAL(mag_transitions(w.g, MAG_STATE_COUNT, MAG_FREE), 0);
	mag_free(w.g);
}
