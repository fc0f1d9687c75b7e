/* SPDX-License-Identifier: BSD-3-Clause */
/* Temporal prefixes are whose the anchor says they are: which of those that were cut for a session it gets. */
#include <errno.h>

#include "cases.h"
#include "temporal.h"

/* This gateway started anew, and the anchor knows what it had cut for whom. */
void
temporal_known_by_the_anchor(void)
{
	struct addr_prefix mine = temporal_nth(3), others = temporal_nth(2);
	struct mh_msg fmi = {.upn = {.sequence = 1, .reason = MH_UPN_FLOW_MOBILITY}};
	struct mh_vendor_prefix known[] = {{0xc0, mine}};
	struct world w;

	temporal_new(&w, 1);
	temporal_attach(&w);
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p1, mine)));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, mine))); /* it has as many as it is to have */
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_SEND), 0);
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 2);
	CU_ASSERT_EQUAL(w.g->temporal.used, 2);
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 1, known));
	world_answer(&w, parts_granting(&w, PARTS(parts_p1, mine)));
	world_serve(&w, 6);
	CU_ASSERT(parts_forwards(&w.out.list[0], 1, PARTS(world_view(&w, 6).prefix[0], others)));
	world_serve(&w, 7);
	CU_ASSERT(parts_forwards(&w.out.list[0], 2, PARTS(world_view(&w, 7).prefix[0], temporal_nth(4))));
	/* What is another's by the anchor's word leaves who got it since. */
	world_detach(&w, 1, 1);
	world_accept(&w);
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	temporal_attach(&w);
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p1, others)));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 1, PARTS(world_view(&w, 6).prefix[0])));
	CU_ASSERT_EQUAL(world_view(&w, 6).prefix_count, 1);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 2);
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	/* And so does what comes back by a command at the anchor. */
	mh_add_hnp(&fmi, &mine);
	parts_notify(&w, fmi);
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 6);
	CU_ASSERT_EQUAL(w.g->temporal.used, 4);
	world_free(&w);
}

/* What another mobile node loses to it cannot be taken from that one's forwarding: the session has its own all the
 * same. */
void
temporal_taken_without_room(void)
{
	struct addr_prefix first = temporal_nth(1);
	struct world w;

	temporal_new(&w, 1);
	world_serve(&w, 6);
	temporal_attach(&w);
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p1, first)));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(world_view(&w, 6).prefix[0])));
	world_fail(&w, world_act(&w, PMIP_ACT_FORWARD_SET));
	CU_ASSERT_EQUAL(world_state(&w, 6), MAG_LEAVING);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 1, PARTS(parts_p1, first)));
	CU_ASSERT(world_act(&w, PMIP_ACT_ACCESS_SET)->access.prefix_count == 2);
	world_free(&w);
}

/* And what comes by another's session of the node, and goes by this one for a flow: nobody is cut it meanwhile. */
void
temporal_off_link(void)
{
	struct mh_msg m, fmi = {.upn = {.sequence = 1, .reason = MH_UPN_FLOW_MOBILITY}};
	struct addr_prefix lent = temporal_nth(2);
	struct world w;

	temporal_new(&w, 1);
	temporal_attach(&w);
	m = parts_granting(&w, PARTS(parts_p1));
	mh_add_hnp(&m, &lent);
	m.opt.hnp[2].off_link = true;
	world_answer(&w, m);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, temporal_nth(1), lent)));
	CU_ASSERT_EQUAL(world_view(&w, 1).off_link, 4);
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 2);
	world_serve(&w, 6);
	CU_ASSERT(parts_forwards(&w.out.list[0], 1, PARTS(world_view(&w, 6).prefix[0], temporal_nth(3))));
	/* The flow goes another way, and comes back; then the mobile node leaves. */
	parts_notify(&w, fmi);
	CU_ASSERT_EQUAL(world_view(&w, 1).off_link, 0);
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	mh_add_hnp(&fmi, &lent);
	fmi.opt.hnp[0].off_link = true;
	fmi.upn.sequence++;
	parts_notify(&w, fmi);
	CU_ASSERT_EQUAL(w.g->temporal.used, 4);
	world_detach(&w, 1, 1);
	CU_ASSERT_EQUAL(w.g->temporal.used, 2);
	world_free(&w);
}

/* One is another mobile node's still, by way of another gateway: the session gets a third one, once that is its own. */
void
temporal_of_others(void)
{
	struct mh_vendor_prefix said[] = {{0xc0, temporal_nth(2)}, {0xc0, temporal_nth(3)}};
	struct world w;

	temporal_new(&w, 2);
	temporal_attach(&w);
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p1, temporal_nth(2))));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, temporal_nth(2))));
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 0, PARTS(parts_p1, temporal_nth(2))));
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 2, said));
	/* Meanwhile nothing else is asked for. */
	world_move(&w, 1, 0, PMIP_MOVE_IDLE, PARTS(parts_p2));
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0,
				 PARTS(parts_p1, temporal_nth(2), temporal_nth(3))));
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	/* An anchor that knows of none has none. */
	world_attach(&w, 6, MH_HANDOFF_NEW_INTERFACE);
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p3)));
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p3)));
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_SEND), 0);
	CU_ASSERT_EQUAL(world_view(&w, 6).prefix_count, 1);
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	world_detach(&w, 6, 6);
	/* And one that forgot them takes them away. */
	world_pass(&w, 450000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p1)));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1)));
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	world_free(&w);
}

/* A gateway that forgot what it had cut: the anchor has each of the first two of the other. Neither is given to a
 * third.
 */
void
temporal_swapped(void)
{
	struct mag_settings s = temporal_settings_of(1);
	struct mh_vendor_prefix said[] = {{0xc0, temporal_nth(3)}};
	struct mh_msg first;
	struct world w;

	s.aggregate.len = 62; /* three */
	world_new_with(&w, &s);
	temporal_attach(&w);
	first = temporal_granting_only(&w, PARTS(parts_p1, temporal_nth(2)));
	world_attach(&w, 6, MH_HANDOFF_NEW_INTERFACE);
	world_answer(&w, first);
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p3, temporal_nth(1))));
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 2);
	CU_ASSERT_EQUAL(world_view(&w, 6).temporal, 2);
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	world_attach(&w, 7, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT(parts_declares(&w.sent.send.msg, 1, said));
	world_attach(&w, 8, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT(parts_declares(&w.sent.send.msg, 0, NULL));
	world_free(&w);
}

/* It is not accepted, whether it goes or waits: nothing stays taken of what served ones may need. */
void
temporal_unused(void)
{
	struct world w;

	temporal_new(&w, 4);
	temporal_attach(&w);
	CU_ASSERT_EQUAL(w.g->temporal.used, 5);
	world_answer(&w, world_pba(&w, MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	world_detach(&w, 1, 1);
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	temporal_attach(&w);
	CU_ASSERT_EQUAL(w.g->temporal.used, 5);
	world_answer(&w, world_pba(&w, MH_STATUS_INSUFFICIENT_RESOURCES));
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	world_tick(&w, 100000);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	CU_ASSERT_EQUAL(w.g->temporal.used, 5);
	world_detach(&w, 1, 1);
	CU_ASSERT(parts_declares(&w.sent.send.msg, 0, NULL));
	CU_ASSERT(addr6_is_zero(&w.sent.send.msg.opt.hnp[0].prefix.addr));
	world_accept(&w);
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	world_free(&w);
}

/* The anchor cuts, for a gateway that has no aggregate of its own and says all the same which it has. */
void
temporal_by_the_anchor(void)
{
	struct mag_settings s = temporal_settings_of(0);
	struct mh_vendor_prefix given[] = {{0xc0, temporal_nth(9)}};
	struct addr_prefix nine = temporal_nth(9);
	struct mh_msg m;
	struct world w;

	s.aggregate = (struct addr_prefix){0};
	world_new_with(&w, &s);
	temporal_attach(&w);
	CU_ASSERT(parts_declares(&w.sent.send.msg, 0, NULL));
	m = temporal_granting_only(&w, PARTS(parts_p1, nine));
	mh_vendor_add_prefix(&m, PARTS_VENDOR, given);
	world_answer(&w, m);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, nine)));
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 2);
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 1, given));
	world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
	/* It went away unheard: the answer says so; and that it came back. */
	given[0].flags = 0xd0;
	for (unsigned int i = 0; i < 2; i++, given[0].flags ^= 0x10) {
		world_pass(&w, 450000);
		m = temporal_granting_only(&w, PARTS(parts_p1, nine));
		mh_vendor_add_prefix(&m, PARTS_VENDOR, given);
		world_answer(&w, m);
		CU_ASSERT_EQUAL(world_view(&w, 1).idle, i == 0 ? 2 : 0);
	}
	world_free(&w);
}

static int
cut_check(const struct world *w, uint32_t session, uint8_t count)
{
	return mag_cut_check(w->g, &(struct pmip_event){.type = PMIP_EV_CUT, .cut = {world_mn_id(1), session, count}});
}

static void
cut_more(struct world *w, uint8_t count)
{
	world_step(w, &(struct pmip_event){.type = PMIP_EV_CUT, .cut = {world_mn_id(1), 0, count}});
}

/* By command, and what cannot be. */
void
temporal_by_command(void)
{
	struct mh_vendor_prefix said[] = {{0xc0, temporal_nth(1)}, {0xc0, temporal_nth(2)}};
	struct mag_settings s = temporal_settings_of(1);
	struct world w;

	s.aggregate.len = 62; /* three */
	world_new_with(&w, &s);
	CU_ASSERT_EQUAL(cut_check(&w, 0, 1), -ENOENT);
	CU_ASSERT_EQUAL(cut_check(&w, UINT32_MAX, 1), -ENOENT);
	temporal_attach(&w);
	CU_ASSERT_EQUAL(cut_check(&w, 0, 1), -EBUSY);
	world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
	CU_ASSERT_EQUAL(cut_check(&w, 0, 0), -EINVAL);
	CU_ASSERT_EQUAL(cut_check(&w, 0, 3), -ENOSPC);
	cut_more(&w, 3);
	CU_ASSERT_EQUAL(w.out.count, 0);
	cut_more(&w, 1);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND)); /* it is no one's yet */
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 2, said));
	CU_ASSERT_EQUAL(cut_check(&w, 0, 1), -EBUSY);
	world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0,
				 PARTS(parts_p1, temporal_nth(1), temporal_nth(2))));
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 6);
	/* The anchor has it of another, and nothing is asked for again. */
	cut_more(&w, 1);
	world_answer(&w, temporal_granting_only(&w, PARTS(parts_p1, temporal_nth(1), temporal_nth(2))));
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_SEND), 0);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 3);
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	world_free(&w);
	s.logical_interface = true;
	world_new_with(&w, &s);
	parts_serve(&w, 0, PARTS(parts_p1));
	CU_ASSERT_EQUAL(cut_check(&w, 0, 1), -EOPNOTSUPP);
	world_free(&w);
	/* The aggregate is another anchor's. */
	s.logical_interface = false;
	world_new_with(&w, &s);
	w.profile.lma_given = true;
	w.profile.lma = world_other_lma;
	temporal_attach(&w);
	CU_ASSERT(parts_declares(&w.sent.send.msg, 0, NULL));
	world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
	CU_ASSERT_EQUAL(cut_check(&w, 0, 1), -EOPNOTSUPP);
	world_free(&w);
}
