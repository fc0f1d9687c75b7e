/* SPDX-License-Identifier: BSD-3-Clause */
/* The acknowledgement: RFC 5213 section 6.9.1.2. */
#include "cases.h"

/* shows: RFC5213-6.9.1.2-01 RFC5213-6.9.1.2-18 RFC5213-6.9.1.2-20 RFC5213-6.9.1.2-22 RFC5213-6.9.1.2-23 */
void
accepted_sets_forwarding(void)
{
	struct mag_view v;
	struct world w;
	struct mh_msg pba;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.pba.lifetime = 75;
	world_answer(&w, pba);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT(w.out.list[0].forward.access);
	CU_ASSERT(addr6_equal(&w.out.list[0].forward.local, &world_mag));
	CU_ASSERT(addr6_equal(&w.out.list[0].forward.remote, &world_lma));
	CU_ASSERT_EQUAL(w.out.list[0].forward.link.host, 1);
	CU_ASSERT_EQUAL(w.out.list[0].forward.prefix_count, 1);
	CU_ASSERT(addr_prefix_equal(&w.out.list[0].forward.prefix[0], &world_prefix));
	CU_ASSERT_EQUAL(w.out.list[1].access.host, 1);
	CU_ASSERT_EQUAL(w.out.list[1].access.lifetime_s, 300);
	CU_ASSERT(addr_prefix_equal(&w.out.list[1].access.prefix[0], &world_prefix));
	CU_ASSERT(addr6_equal(&w.out.list[1].access.link_local, &w.s.link_local));
	CU_ASSERT_EQUAL(w.out.list[2].publish.what, PMIP_PUB_SESSION_OPENED);
	v = world_view(&w, 1);
	CU_ASSERT_EQUAL(v.state, MAG_ACTIVE);
	CU_ASSERT_EQUAL(v.lifetime_s, 300);
	CU_ASSERT_EQUAL(v.expires_ms, w.now.mono_ms + 300000);
	CU_ASSERT_EQUAL(v.prefix_count, 1);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_ACCEPTED_RX), 1);
	world_free(&w);
}

void
accepted_lifetime_counts_from_update(void)
{
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	world_pass(&w, 900);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_view(&w, 1).expires_ms, w.now.mono_ms - 900 + 600000);
	CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_ACCESS_SET)->access.lifetime_s, 599);
	world_free(&w);
}

void
accepted_for_longer_than_asked(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.pba.lifetime = 0xffff;
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_view(&w, 1).lifetime_s, 600);
	world_free(&w);
}

void
accepted_for_no_time(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.pba.lifetime = 0;
	world_answer(&w, pba);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	world_free(&w);
}

void
accepted_without_prefix(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.hnp[0].prefix = (struct addr_prefix){0};
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_IGNORED), 1);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.2-04 RFC5213-6.9.1.2-07 */
void
unmatched_is_ignored(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.pba.sequence++;
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(w.out.count, 0);
	pba.pba.sequence--;
	world_answer_from(&w, &world_other_lma, pba);
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_IGNORED), 2);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_answer(&w, pba); /* again */
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_IGNORED), 3);
	world_free(&w);
}

void
answer_to_earlier_transmission(void)
{
	struct mh_msg first;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	first = world_pba(&w, MH_STATUS_ACCEPTED);
	world_pass(&w, 1000);
	CU_ASSERT_EQUAL(w.sends, 2);
	world_answer(&w, first);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_free(&w);
}

/* A gateway that was restarted may come to the numbers of before: the answer of then says more than its number. */
void
answer_of_another_time(void)
{
	struct mh_msg late;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	late = world_pba(&w, MH_STATUS_ACCEPTED);
	late.opt.timestamp.wall--;
	late.opt.handoff.value = MH_HANDOFF_UNKNOWN;
	world_answer(&w, late);
	CU_ASSERT_EQUAL(w.out.count, 0);
	late.pba.status = MH_STATUS_SEQUENCE_OUT_OF_WINDOW;
	late.opt.handoff.value = MH_HANDOFF_NEW_INTERFACE;
	world_answer(&w, late);
	CU_ASSERT_EQUAL(w.out.count, 0);
	late.opt.present &= ~(1u << MH_OPT_TIMESTAMP);
	late.pba.status = MH_STATUS_ACCEPTED;
	world_answer(&w, late); /* who says nothing of time cannot be wrong about it */
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.2-08 RFC5213-6.9.1.2-09 */
void
mismatch_is_not_repeated(void)
{
	for (unsigned int what = 0; what < 4; what++) {
		struct mh_msg pba;
		struct world w;

		world_new(&w);
		world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
		pba = world_pba(&w, MH_STATUS_ACCEPTED);
		pba.opt.handoff.value += what == 0;
		pba.opt.access_tech.value += what == 1;
		pba.opt.mn_ll_id.id[3] += what == 2;
		pba.opt.mn_id.id[0] += what == 3;
		world_answer(&w, pba);
		CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_SET), 0);
		CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_IGNORED), 1);
		CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
		CU_ASSERT_EQUAL(mag_due(w.g), UINT64_MAX);
		CU_ASSERT_EQUAL(w.sends, 1);
		world_close(&w, 0); /* the administrative action: the host is asked about again */
		CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR));
		world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
		CU_ASSERT_EQUAL(w.sends, 2);
		world_free(&w);
	}
}

/* shows: RFC5213-6.9.1.2-09 */
void
mismatch_leaves_registration(void)
{
	struct mh_msg pba;
	struct world w;

	world_open(&w);
	world_pass(&w, 450000);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.handoff.value = 1;
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_CLEAR), 0);
	CU_ASSERT_EQUAL(mag_due(w.g), world_view(&w, 1).expires_ms);
	world_pass(&w, 150000);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_ACCESS_SET));
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_EXPIRED));
	world_pass(&w, 100000000);
	CU_ASSERT_EQUAL(w.sends, 2);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.2-06 */
void
another_nodes_answer_is_no_mismatch(void)
{
	struct mag_settings s = world_settings();
	struct mh_msg pba;
	struct world w;

	s.timestamps = false;
	world_new_with(&w, &s);
	world_serve(&w, 1);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	world_attach(&w, 2, MH_HANDOFF_NEW_INTERFACE);
	pba.pba.sequence = w.sent.send.msg.pbu.sequence; /* sessions count for themselves: there may be such a one */
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_REGISTERING);
	world_free(&w);
}

void
other_messages_are_ignored(void)
{
	static const enum mh_type types[] = {MH_PBU, MH_HEARTBEAT, MH_UPA, MH_BE};
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	for (unsigned int i = 0; i < UNIT_COUNT(types); i++) {
		struct mh_msg m = world_pba(&w, MH_STATUS_ACCEPTED);

		m.type = types[i];
		world_answer(&w, m);
		CU_ASSERT_EQUAL(w.out.count, 0);
		CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	}
	world_accept(&w); /* which the same says */
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}
