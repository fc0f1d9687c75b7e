/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while the engine runs: sessions keep what they have, and what is new counts from the next update on.
 */
#include <errno.h>

#include "cases.h"

void
settings_change(void)
{
	struct mag_settings s = world_settings();
	struct world w;
	uint64_t due_ms;

	world_open(&w);
	due_ms = mag_due(w.g);
	s.lma = world_other_lma;
	s.lifetime_s = 100;
	s.timers.refresh_percent = 50;
	s.timers.initial_bindack_timeout_ms = 200;
	CU_ASSERT(world_apply(&w, &s));
	CU_ASSERT_EQUAL(mag_due(w.g), due_ms);
	CU_ASSERT_EQUAL(world_view(&w, 1).lifetime_s, 600);
	world_pass(&w, 450000);
	CU_ASSERT(addr6_equal(&w.sent.send.dst, &world_lma)); /* the one that has the session */
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 25);
	CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms + 200);
	world_accept(&w);
	CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms + 50000);
	world_attach(&w, 2, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT(addr6_equal(&w.sent.send.dst, &world_other_lma));
	world_free(&w);
}

/* An update that is under way keeps the time that it was sent with, and is repeated without. */
void
settings_change_timestamps(void)
{
	struct mag_settings s = world_settings();
	struct mh_msg first;
	struct world w;
	uint16_t sequence;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	first = world_pba(&w, MH_STATUS_ACCEPTED);
	sequence = w.sent.send.msg.pbu.sequence;
	s.timestamps = false;
	CU_ASSERT(world_apply(&w, &s));
	world_pass(&w, 1000);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_TIMESTAMP));
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, sequence + 1);
	world_answer(&w, first);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	s.timestamps = true;
	CU_ASSERT(world_apply(&w, &s));
	world_pass(&w, 2000);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.timestamp.wall, w.now.wall);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, sequence + 2);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

/* What tables and addresses are made of stays, and what is out of its range changes nothing. */
void
settings_change_refused(void)
{
	struct world w;

	world_new(&w);
	for (unsigned int what = 0; what < 7; what++) {
		struct mag_settings s = world_settings();
		struct mag_change *c;

		s.lifetime_s = what == 0 ? 3 : 100;
		s.address.b[15] += what == 1;
		s.link_local.b[15] += what == 2;
		s.sessions_max += what == 3;
		s.secret.k[0] += what == 4;
		s.timers.refresh_percent = what == 5 ? 0 : 75;
		if (what == 6)
			s.timers.max_bindack_timeout_ms = s.timers.initial_bindack_timeout_ms - 1;
		c = mag_change_new(&s);
		CU_ASSERT_EQUAL(c != NULL, what >= 1 && what <= 4);
		CU_ASSERT(c == NULL || mag_change_check(c, w.g) == -EINVAL);
		mag_change_free(c);
	}
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 150);
	world_free(&w);
}

void
settings_change_peers(void)
{
	struct pmip_peer_settings peers[2] = {{.name = "a", .address = {world_lma, 128}},
					      {.name = "b", .address = {world_lma, 128}}};
	struct mag_settings s = world_settings();
	struct world w;

	world_new(&w);
	s.peers = peers;
	s.peer_count = 2;
	s.bulk = true;
	CU_ASSERT_FALSE(world_apply(&w, &s));
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_FALSE(w.sent.send.msg.pbu.flags & MH_PBU_B);
	peers[0].gre = PMIP_GRE_OFFERED;
	peers[1].address.addr = world_other_lma;
	CU_ASSERT(world_apply(&w, &s));
	world_pass(&w, 1000);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_GRE_KEY));
	CU_ASSERT(w.sent.send.msg.pbu.flags & MH_PBU_B);
	world_free(&w);
}
