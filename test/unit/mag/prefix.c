/* SPDX-License-Identifier: BSD-3-Clause */
/* One prefix for two mobile nodes: the anchor's last word counts. */
#include "cases.h"

static void
serve_both(struct world *w, unsigned int n)
{
	world_attach(w, n, MH_HANDOFF_NEW_INTERFACE);
	world_accept(w);
}

void
prefix_of_another_node(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	serve_both(&w, 1);
	serve_both(&w, 2);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_ACCESS_SET, PMIP_ACT_SEND,
			     PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(w.out.list[2].access.host, 1);
	CU_ASSERT_EQUAL(w.out.list[2].access.prefix_count, 0);
	CU_ASSERT(addr6_is_zero(&w.sent.send.msg.opt.hnp[0].prefix.addr));
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_ACTIVE);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.hnp[0].prefix = world_prefix_2;
	world_answer(&w, pba);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_detach(&w, 1, 1); /* what it had before is not its own */
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_ACTIVE);
	world_free(&w);
}

void
prefix_of_another_node_for_ever(void)
{
	struct world w;

	world_new(&w);
	serve_both(&w, 1);
	serve_both(&w, 2);
	world_accept(&w); /* the same prefix to the first */
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_REGISTERING);
	world_accept(&w); /* and to the second */
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_ACTIVE);
	CU_ASSERT_EQUAL(w.sends, 4);
	CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms + w.s.timers.max_bindack_timeout_ms);
	world_free(&w);
}
