/* SPDX-License-Identifier: BSD-3-Clause */
/* Acknowledgements that say no: RFC 5213 section 6.9.1.2. */
#include "cases.h"

/* shows: RFC5213-6.9.1.2-10 RFC5213-6.9.1.2-11 */
void
not_enabled_bars(void)
{
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	world_answer(&w, world_pba(&w, MH_STATUS_PROXY_REG_NOT_ENABLED));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(w.out.list[0].publish.status, MH_STATUS_PROXY_REG_NOT_ENABLED);
	CU_ASSERT_EQUAL(mag_due(w.g), UINT64_MAX);
	world_detach(&w, 1, 1);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(w.sends, 1);
	CU_ASSERT(world_published(&w, PMIP_PUB_REJECTED));
	world_close(&w, 0);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(w.sends, 2);
	world_free(&w);
}

void
barred_and_gone_makes_room(void)
{
	struct world w;

	world_new(&w);
	for (unsigned int n = 1; n <= w.s.sessions_max; n++) {
		world_attach(&w, n, MH_HANDOFF_NEW_INTERFACE);
		world_answer(&w, world_pba(&w, MH_STATUS_PROXY_REG_NOT_ENABLED));
		world_detach(&w, n, n);
		world_pass(&w, 1);
	}
	CU_ASSERT_EQUAL(mag_session_count(w.g), w.s.sessions_max);
	world_attach(&w, 100, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(world_state(&w, 100), MAG_REGISTERING);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_FREE);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_HELD);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.2-12 */
void
timestamp_lower_registers_again(void)
{
	struct world w;
	uint64_t stamp;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_BETWEEN_MAGS);
	stamp = w.sent.send.msg.opt.timestamp.wall;
	world_answer(&w, world_pba(&w, MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH));
	world_pass(&w, 100);
	CU_ASSERT_EQUAL(w.sends, 2);
	CU_ASSERT(w.sent.send.msg.opt.timestamp.wall > stamp);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_BETWEEN_MAGS);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

/* The first repetition comes by chance in its time, and never after the one that the back-off has for it. */
void
timestamp_lower_hastens_by_chance(void)
{
	struct mag_settings s = world_settings();
	bool differs = false;
	uint64_t first = 0;
	struct world w;

	s.jitter_seed = 42;
	world_new_with(&w, &s);
	for (unsigned int n = 1; n <= s.sessions_max; n++) {
		uint64_t wait_ms;

		world_attach(&w, n, MH_HANDOFF_BETWEEN_MAGS);
		world_answer(&w, world_pba(&w, MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED));
		wait_ms = deadline_of(&w.g->due, world_view(&w, n).session) - w.now.mono_ms;
		CU_ASSERT(wait_ms >= 100 && wait_ms <= 200);
		differs = differs || (first != 0 && wait_ms != first);
		first = wait_ms;
	}
	CU_ASSERT(differs);
	world_free(&w);
	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_BETWEEN_MAGS);
	world_pass(&w, 950);
	world_answer(&w, world_pba(&w, MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED));
	CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms + 50);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.2-13 RFC5213-6.9.1.2-14 */
void
timestamp_mismatch_waits(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_TIMESTAMP_MISMATCH);
	pba.opt.timestamp.wall += 3600ull << 16; /* the anchor's time, which is not followed */
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	world_pass(&w, 31999);
	CU_ASSERT_EQUAL(w.sends, 1);
	world_pass(&w, 1);
	CU_ASSERT_EQUAL(w.sends, 2);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.timestamp.wall, w.now.wall);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_NEW_INTERFACE);
	world_free(&w);
}

void
timestamp_mismatch_of_a_late_update_is_followed(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_TIMESTAMP_MISMATCH);
	world_pass(&w, 500);
	pba.opt.timestamp.wall = w.now.wall; /* the anchor's time is this gateway's: the update came late */
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_pass(&w, 500);
	CU_ASSERT_EQUAL(w.sends, 2);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.timestamp.wall, w.now.wall);
	world_free(&w);
}

void
held_longer_with_each_rejection(void)
{
	static const uint64_t hold_s[] = {32, 64, 128, 256, 512, 512};
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	for (unsigned int i = 0; i < UNIT_COUNT(hold_s); i++) {
		world_answer(&w, world_pba(&w, MH_STATUS_INSUFFICIENT_RESOURCES));
		CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms + 1000 * hold_s[i]);
		world_pass(&w, 1000 * hold_s[i]);
		CU_ASSERT_EQUAL(w.sends, i + 2);
	}
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.2-15 */
void
not_authorized_asks_for_any(void)
{
	struct world w;

	world_new(&w);
	w.profile = (struct pmip_profile){.prefix_count = 1, .prefix = {world_prefix}};
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	world_answer(&w, world_pba(&w, MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.hnp_count, 1);
	CU_ASSERT(addr6_is_zero(&w.sent.send.msg.opt.hnp[0].prefix.addr));
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_NEW_INTERFACE);
	world_answer(&w, world_pba(&w, MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	CU_ASSERT_EQUAL(mag_due(w.g), UINT64_MAX);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.2-16 */
void
rejections_serve_nothing(void)
{
	for (unsigned int status = 128; status < 256; status++) {
		bool later = status == 128 || status == 130 || status == 156;
		bool forever = status == 129 || (status >= 151 && status <= 155) || (status >= 158 && status <= 162);
		struct mh_msg pba;
		struct world w;

		if (status == MH_STATUS_SEQUENCE_OUT_OF_WINDOW ||
		    status == MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED)
			continue;
		world_new(&w);
		world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
		pba = world_pba(&w, (uint8_t)status);
		if (status == MH_STATUS_TIMESTAMP_MISMATCH)
			pba.opt.timestamp.wall += 3600ull << 16;
		world_answer(&w, pba);
		CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH));
		CU_ASSERT_EQUAL(w.out.list[0].publish.what, PMIP_PUB_REJECTED);
		CU_ASSERT_EQUAL(w.out.list[0].publish.status, status);
		CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
		CU_ASSERT_EQUAL(mag_due(w.g) == UINT64_MAX, forever);
		CU_ASSERT(!(later && forever));
		CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_REJECTED_RX), 1);
		world_free(&w);
	}
}

/* shows: RFC5213-6.9.1.2-11 RFC5213-6.9.1.2-16 */
void
rejections_end_service(void)
{
	for (unsigned int status = 128; status < 256; status++) {
		struct world w;

		if (status == MH_STATUS_SEQUENCE_OUT_OF_WINDOW) /* the anchor refuses the number, not the session */
			continue;
		world_open(&w);
		world_pass(&w, 450000);
		world_answer(&w, world_pba(&w, (uint8_t)status));
		CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_CLEAR), 1);
		CU_ASSERT(addr_prefix_equal(&world_act(&w, PMIP_ACT_FORWARD_CLEAR)->forward.prefix[0], &world_prefix));
		CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_ACCESS_SET), 1);
		CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_ACCESS_SET)->access.prefix_count, 0);
		CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_SET), 0);
		CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 0);
		world_free(&w);
	}
}

void
rejected_refresh_ends_service(void)
{
	struct world w;

	world_open(&w);
	world_pass(&w, 450000);
	world_answer(&w, world_pba(&w, MH_STATUS_INSUFFICIENT_RESOURCES));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_ACCESS_SET));
	CU_ASSERT(addr_prefix_equal(&w.out.list[1].forward.prefix[0], &world_prefix));
	CU_ASSERT_EQUAL(w.out.list[2].access.prefix_count, 0);
	CU_ASSERT_EQUAL(w.out.list[2].access.lifetime_s, 0);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	world_pass(&w, 32000);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_UNKNOWN);
	world_accept(&w);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	world_free(&w);
}

void
refresh_of_other_prefixes(void)
{
	struct world w;

	world_open(&w);
	world_pass(&w, 450000);
	world_answer(&w, world_pba(&w, MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_ACCESS_SET, PMIP_ACT_SEND));
	CU_ASSERT(addr6_is_zero(&w.sent.send.msg.opt.hnp[0].prefix.addr));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_free(&w);
}

void
sequence_out_of_window(void)
{
	struct mag_settings s = world_settings();
	struct mh_msg pba;
	struct world w;

	s.timestamps = false;
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_BETWEEN_MAGS);
	pba = world_pba(&w, MH_STATUS_SEQUENCE_OUT_OF_WINDOW);
	pba.pba.sequence = 4711;
	world_answer(&w, pba);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, 4712);
	pba.pba.sequence = 4800;
	world_answer(&w, pba); /* such an anchor is asked at the pace of the back-off */
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_pass(&w, 1000);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, 4801);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

void
sequence_out_of_window_keeps_service(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w); /* with timestamps, which this anchor does not go by */
	world_serve(&w, 1);
	world_pass(&w, 450000);
	pba = world_pba(&w, MH_STATUS_SEQUENCE_OUT_OF_WINDOW);
	pba.pba.sequence = 65535;
	world_answer(&w, pba);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, 0);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REFRESHING);
	world_free(&w);
}

void
answer_without_identifier(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(&w, MH_STATUS_MISSING_MN_IDENTIFIER_OPTION);
	pba.opt.mn_id.len = 0;
	world_answer(&w, pba);
	CU_ASSERT(world_published(&w, PMIP_PUB_REJECTED));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	world_free(&w);
}
