/* SPDX-License-Identifier: BSD-3-Clause */
/* Retransmission, refresh and expiry: RFC 5213 sections 6.9.1.3 and 6.9.4. */
#include "cases.h"

/* shows: RFC5213-6.9.4-01 RFC5213-6.9.4-02 RFC5213-6.9.4-04 RFC5213-6.9.4-05 RFC5213-6.9.4-06 */
void
retransmission_backs_off(void)
{
	static const uint64_t wait_s[] = {1, 2, 4, 8, 16, 32, 32, 32};
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	for (unsigned int i = 0; i < UNIT_COUNT(wait_s); i++) {
		uint16_t sequence = w.sent.send.msg.pbu.sequence;

		CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms + 1000 * wait_s[i]);
		world_pass(&w, 1000 * wait_s[i]);
		CU_ASSERT_EQUAL(w.sends, i + 2);
		CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, sequence + 1);
		CU_ASSERT_EQUAL(w.sent.send.msg.opt.timestamp.wall, w.now.wall);
		CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_NEW_INTERFACE);
		CU_ASSERT_EQUAL(world_published(&w, PMIP_PUB_NO_ANSWER), i == 6);
	}
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBU_RETRANSMITTED), 8);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBU_TX), 9);
	world_free(&w);
}

/* shows: RFC5213-6.9.4-07 */
void
retransmission_counts_up(void)
{
	struct mag_settings s = world_settings();
	struct world w;

	s.timestamps = false;
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	for (unsigned int i = 0; i < 5; i++) {
		uint16_t sequence = w.sent.send.msg.pbu.sequence;

		world_pass(&w, mag_due(w.g) - w.now.mono_ms);
		CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, sequence + 1);
	}
	world_free(&w);
}

void
retransmission_without_interface(void)
{
	struct pmip_link link = world_link(1);
	struct mh_msg first;
	struct world w;

	link.mac = (struct addr_mac){0};
	world_new(&w);
	world_attach_link(&w, 1, &link, MH_HANDOFF_NEW_INTERFACE);
	first = world_pba(&w, MH_STATUS_ACCEPTED);
	for (unsigned int i = 0; i < 3; i++) {
		world_pass(&w, mag_due(w.g) - w.now.mono_ms);
		CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, first.pba.sequence);
		CU_ASSERT_EQUAL(w.sent.send.msg.opt.timestamp.wall, w.now.wall);
	}
	world_answer(&w, first);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_view(&w, 1).expires_ms, w.now.mono_ms + 600000);
	world_pass(&w, 450000);
	world_pass(&w, 1000);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, first.pba.sequence + 2); /* it names a prefix */
	world_free(&w);
}

/* shows: RFC5213-6.9.4-03 */
void
retransmission_ends_with_attachment(void)
{
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	world_detach(&w, 1, 1);
	CU_ASSERT_EQUAL(w.sends, 2);
	world_pass(&w, 100000);
	CU_ASSERT_EQUAL(w.sends, 2);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.3-01 RFC5213-6.9.1.3-02 RFC5213-6.9.1.3-03 */
void
refresh_at_its_time(void)
{
	const struct mh_msg *m;
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	m = &w.sent.send.msg;
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	mh_add_hnp(&pba, &world_prefix_2);
	world_answer(&w, pba);
	world_pass(&w, 449999);
	CU_ASSERT_EQUAL(w.sends, 1);
	world_pass(&w, 1);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(m->opt.handoff.value, MH_HANDOFF_NO_CHANGE);
	CU_ASSERT_EQUAL(m->opt.hnp_count, 2);
	CU_ASSERT(addr_prefix_equal(&m->opt.hnp[0].prefix, &world_prefix));
	CU_ASSERT(addr_prefix_equal(&m->opt.hnp[1].prefix, &world_prefix_2));
	CU_ASSERT_EQUAL(m->pbu.lifetime, 150);
	CU_ASSERT_EQUAL(m->opt.present, pba.opt.present);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REFRESHING);
	world_accept(&w);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_REFRESHED));
	CU_ASSERT_EQUAL(world_view(&w, 1).expires_ms, w.now.mono_ms + 600000);
	world_free(&w);
}

void
refresh_changes_prefixes(void)
{
	struct mh_msg pba;
	struct world w;

	world_open(&w);
	world_pass(&w, 450000);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.hnp[0].prefix = world_prefix_2;
	world_answer(&w, pba);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT(addr_prefix_equal(&w.out.list[0].forward.prefix[0], &world_prefix_2));
	world_free(&w);
}

void
refresh_as_advised(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	mh_set(&pba, MH_OPT_BINDING_REFRESH_ADVICE);
	pba.opt.refresh_advice.interval = 25;
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms + 100000);
	world_free(&w);
}

void
refresh_jitter_is_bounded(void)
{
	struct mag_settings s = world_settings();
	uint64_t first = 0;
	bool differs = false;
	struct world w;

	s.jitter_seed = 42;
	world_new_with(&w, &s);
	for (unsigned int n = 1; n <= s.sessions_max; n++) {
		uint64_t due;

		world_serve(&w, n);
		due = deadline_of(&w.g->due, world_view(&w, n).session) - w.now.mono_ms;
		CU_ASSERT(due <= 450000 && due >= 450000 - 450000 / 16);
		differs = differs || (first != 0 && due != first);
		first = due;
	}
	CU_ASSERT(differs);
	world_free(&w);
}

void
expiry_ends_service_and_registers_anew(void)
{
	struct world w;
	uint64_t expires_ms;

	world_open(&w);
	expires_ms = world_view(&w, 1).expires_ms;
	world_pass(&w, 599999); /* the refresh is not answered */
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REFRESHING);
	CU_ASSERT_EQUAL(mag_due(w.g), expires_ms);
	world_pass(&w, 1);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_ACCESS_SET, PMIP_ACT_SEND));
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_EXPIRED));
	CU_ASSERT_EQUAL(w.out.list[2].access.prefix_count, 0);
	CU_ASSERT_EQUAL(w.out.list[2].access.lifetime_s, 0);
	CU_ASSERT_EQUAL(world_count(&w, STAT_SESSIONS_EXPIRED), 1);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_accept(&w);
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_OPENED));
	world_free(&w);
}

void
late_tick_expires(void)
{
	struct world w;

	world_open(&w);
	world_tick(&w, 700000);
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_EXPIRED));
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_CLEAR), 1);
	world_free(&w);
}

void
many_deadlines_come_in_slices(void)
{
	struct mag_settings s = world_settings();
	struct world w;
	unsigned int steps = 1, sends;

	s.sessions_max = 1000;
	world_new_with(&w, &s);
	for (unsigned int n = 1; n <= 1000; n++)
		world_attach(&w, n, MH_HANDOFF_NEW_INTERFACE);
	sends = w.sends;
	world_tick(&w, 1000);
	while (w.out.more && steps < 1000) {
		CU_ASSERT(w.out.count <= PMIP_ACTIONS_MAX);
		world_tick(&w, 0);
		steps++;
	}
	CU_ASSERT_EQUAL(w.sends, sends + 1000);
	CU_ASSERT(steps > 1000 / PMIP_ACTIONS_MAX);
	world_free(&w);
}
