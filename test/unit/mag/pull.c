/* SPDX-License-Identifier: BSD-3-Clause */
/* Prefixes that move to a session of this gateway, and away from one (draft-jeyatharan-netext-pmip-partial-handoff). */
#include <errno.h>

#include "cases.h"
#include "parts.h"

/* It has asked for parts_p2. */
static void
open_asking(struct world *w)
{
	parts_open(w);
	world_move(w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2));
}

void
pull_to_a_new_interface(void)
{
	struct pmip_link link = parts_interface(1);
	struct world w;

	parts_new(&w);
	world_attach_with(&w, 1, &link, PARTS(parts_p2));
	CU_ASSERT(parts_asks(&w, PARTS_NEW, PARTS(parts_p2)));
	world_accept(&w);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH, PMIP_ACT_PUBLISH));
	CU_ASSERT(world_published(&w, PMIP_PUB_PREFIXES_MOVED));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p2)));
	CU_ASSERT(parts_advertises(&w.out.list[1], 2, 0, PARTS(parts_p2)));
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_OPENED));
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p2)));
	world_free(&w);
}

void
pull_to_a_session(void)
{
	struct world w;

	parts_open(&w);
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p3, parts_p2));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p3, parts_p2)));
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 1);
	world_accept(&w);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, parts_p3, parts_p2)));
	CU_ASSERT(parts_advertises(&w.out.list[1], 1, 0, PARTS(parts_p1, parts_p3, parts_p2)));
	CU_ASSERT(world_published(&w, PMIP_PUB_PREFIXES_MOVED));
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1, parts_p3, parts_p2)));
	world_detach(&w, 1, 1);
	CU_ASSERT(parts_lists(&w.sent.send.msg, PARTS(parts_p1, parts_p3, parts_p2)) &&
		  w.sent.send.msg.pbu.lifetime == 0);
	world_free(&w);
}

/* The mobile node says so when its interface is being registered already. */
void
pull_while_registering(void)
{
	struct pmip_link link = parts_interface(1);
	struct world w;

	parts_new(&w);
	world_attach_link(&w, 1, &link, MH_HANDOFF_NEW_INTERFACE);
	world_attach_with(&w, 1, &link, PARTS(parts_p2));
	CU_ASSERT(parts_asks(&w, PARTS_NEW, PARTS(parts_p2)));
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p2)));
	world_free(&w);
}

void
pull_by_an_attachment_of_who_is_served(void)
{
	struct pmip_link link = parts_interface(0);
	struct world w;

	parts_open(&w);
	world_attach_with(&w, 1, &link, PARTS(parts_p2));
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p2)));
	world_free(&w);
}

/* An answer may list all that the session has by now, or only some of what was asked for. */
void
pull_of_the_full_set(void)
{
	struct world w;

	parts_open(&w);
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2, parts_p3));
	world_answer(&w, parts_granting(&w, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(world_published(&w, PMIP_PUB_PREFIXES_MOVED));
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p3));
	world_answer(&w, parts_granting(&w, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT(world_published(&w, PMIP_PUB_MOVE_REFUSED));
	world_free(&w);
}

void
pull_refused(void)
{
	static const uint8_t answers[] = {128, 129, 130, 152, 153, 154, 155, 158, 159, 160, 161, 162, 163, 255};
	struct world w;

	for (unsigned int i = 0; i < UNIT_COUNT(answers); i++) {
		uint64_t due;

		parts_open(&w);
		due = mag_due(w.g);
		world_tick(&w, 1000);
		world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2));
		world_answer(&w, world_pba(&w, answers[i]));
		CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH));
		CU_ASSERT_EQUAL(w.out.list[0].publish.what, PMIP_PUB_MOVE_REFUSED);
		CU_ASSERT_EQUAL(w.out.list[0].publish.status, answers[i]);
		CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
		CU_ASSERT_EQUAL(mag_due(w.g), due);
		world_pass(&w, 500000);
		CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
		world_free(&w);
	}
}

/* It is refused late, when the session is to be refreshed long since. */
void
pull_refused_late(void)
{
	struct world w;

	parts_open(&w);
	world_tick(&w, 449000); /* a second before the refresh */
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2));
	world_pass(&w, 10000);
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p2)));
	world_answer(&w, world_pba(&w, 155));
	CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms);
	world_pass(&w, 0);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REFRESHING);
	world_free(&w);
}

/* A clock, a number or a key does not decide about prefixes. */
void
pull_asked_again(void)
{
	struct mh_msg pba;
	struct world w;

	open_asking(&w);
	world_answer(&w, world_pba(&w, MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED));
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_pass(&w, 100);
	CU_ASSERT_EQUAL(w.sends, 3);
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p2)));
	pba = world_pba(&w, MH_STATUS_SEQUENCE_OUT_OF_WINDOW);
	pba.pba.sequence = 1000;
	world_answer(&w, pba);
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p2)) && w.sent.send.msg.pbu.sequence == 1001);
	world_pass(&w, 2000); /* no answer */
	CU_ASSERT_EQUAL(w.sends, 5);
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p2)));
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, parts_p2)));
	world_free(&w);
}

/* An answer that does not repeat what was asked is no answer to it (RFC 5213 section 6.9.1.2, item 6). */
void
pull_mismatch(void)
{
	struct mh_msg pba;
	struct world w;

	open_asking(&w);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.handoff.value = MH_HANDOFF_UNKNOWN;
	world_answer(&w, pba);
	CU_ASSERT(world_published(&w, PMIP_PUB_MOVE_REFUSED));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	world_free(&w);
}

/* Without an answer the registration runs out, and what did not come is not asked for any more. */
void
pull_unanswered(void)
{
	struct world w;

	open_asking(&w);
	world_pass(&w, 599000);
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p2)));
	world_pass(&w, 1000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_UNKNOWN, PARTS(parts_p1)));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_free(&w);
}

/* SHOULD NOT be asked for again (RFC 5213 section 6.9.1.2, item 10); the interface is served all the same. */
void
pull_to_a_new_interface_refused(void)
{
	static const uint8_t answers[] = {128, 155, 159, 200};
	struct pmip_link link = parts_interface(0);
	struct addr_prefix all_zero = {0};
	struct world w;

	for (unsigned int i = 0; i < UNIT_COUNT(answers); i++) {
		parts_new(&w);
		world_attach_with(&w, 1, &link, PARTS(parts_p2));
		world_answer(&w, world_pba(&w, answers[i]));
		CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH, PMIP_ACT_SEND));
		CU_ASSERT_EQUAL(w.out.list[0].publish.what, PMIP_PUB_MOVE_REFUSED);
		CU_ASSERT(parts_asks(&w, MH_HANDOFF_NEW_INTERFACE, PARTS(all_zero)));
		world_answer(&w, world_pba(&w, answers[i]));
		CU_ASSERT(world_published(&w, PMIP_PUB_REJECTED));
		CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
		world_free(&w);
	}
}

/* Two interfaces at this gateway: the word for the prefix goes from the one session to the other, in this order. */
void
pull_between_own_interfaces(void)
{
	struct world w;

	parts_open_two(&w);
	world_move(&w, 1, 1, PMIP_MOVE_AWAY, PARTS(parts_p2));
	world_accept(&w);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_SET, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_ACCESS_SET,
			     PMIP_ACT_PUBLISH));
	CU_ASSERT(parts_forwards(&w.out.list[0], 1, PARTS(parts_p3, parts_p2)));
	CU_ASSERT(parts_forwards(&w.out.list[1], 0, PARTS(parts_p1)));
	CU_ASSERT(parts_advertises(&w.out.list[2], 1, 0, PARTS(parts_p1)));
	CU_ASSERT(parts_advertises(&w.out.list[3], 2, 0, PARTS(parts_p3, parts_p2)));
	CU_ASSERT_EQUAL(world_count(&w, STAT_SESSIONS_CLOSED), 0);
	world_move(&w, 1, 1, PMIP_MOVE_AWAY,
		   PARTS(parts_p1)); /* its last: the anchor's session is over, and so is this */
	world_accept(&w);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 1);
	CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_ACCESS_CLEAR)->access.host, 1);
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_SEND), 0);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 1, PARTS(parts_p3, parts_p2, parts_p1)));
	world_free(&w);
}

void
pull_between_own_interfaces_fails(void)
{
	struct world w;

	parts_open_two(&w);
	world_move(&w, 1, 1, PMIP_MOVE_AWAY, PARTS(parts_p2));
	world_accept(&w);
	world_fail(&w, &w.out.list[0]);
	CU_ASSERT(parts_lists(&world_act(&w, PMIP_ACT_SEND)->send.msg, PARTS(parts_p3, parts_p2)));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1)));
	world_free(&w);
}

/* The session that it comes from keeps it, deprecated and without traffic, until it comes back. */
void
pull_idle(void)
{
	struct world w;

	parts_new(&w);
	parts_serve(&w, 0, PARTS(parts_p1, parts_p2));
	world_tick(&w, 1000);
	parts_serve(&w, 1, PARTS(parts_p3));
	world_move(&w, 1, 1, PMIP_MOVE_IDLE, PARTS(parts_p2));
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p2)));
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[0], 1, PARTS(parts_p3, parts_p2)));
	CU_ASSERT(parts_forwards(&w.out.list[1], 0, PARTS(parts_p1)));
	CU_ASSERT(parts_advertises(&w.out.list[2], 1, 2, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(parts_advertises(&w.out.list[3], 2, 0, PARTS(parts_p3, parts_p2)));
	world_pass(&w, 449000); /* the first is refreshed */
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	world_accept(&w);
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 2, PARTS(parts_p1, parts_p2)));
	world_pass(&w, 1000); /* and the second */
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p3, parts_p2)));
	world_accept(&w);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	world_move(&w, 1, 0, PMIP_MOVE_IDLE, PARTS(parts_p2));
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(parts_forwards(&w.out.list[1], 1, PARTS(parts_p3)));
	CU_ASSERT(parts_advertises(&w.out.list[2], 2, 0, PARTS(parts_p3))); /* what has come home leaves nothing */
	CU_ASSERT(parts_advertises(&w.out.list[3], 1, 0, PARTS(parts_p1, parts_p2)));
	world_free(&w);
}

/* Where all went, an update names what is idle, and does not ask for it by the indicator that would bring it back. */
void
pull_idle_of_all(void)
{
	struct world w;

	parts_open(&w);
	world_tick(&w, 1000);
	parts_serve(&w, 1, PARTS(parts_p3));
	world_move(&w, 1, 1, PMIP_MOVE_IDLE, PARTS(parts_p1));
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[1], 0, 0, NULL));
	world_pass(&w, 449000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_UNKNOWN, PARTS(parts_p1)));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 1, &(struct mh_vendor_prefix){0x10, parts_p1}));
	world_accept(&w);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT(parts_advertises(&w.out.list[0], 1, 1, PARTS(parts_p1)));
	world_detach(&w, 1, 1);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_PUBLISH, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.out.list[0].forward.prefix_count, 0);
	world_free(&w);
}

/* Whoever it is that says so again: the anchor itself, or the mobile node with the gateway's address. */
void
pull_goes_on(void)
{
	struct mag_settings s = world_settings();
	struct world w;

	s.multihoming = parts_settings();
	s.link_local = (struct addr6){0};
	world_new_with(&w, &s);
	parts_serve(&w, 0, PARTS(parts_p1));
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2));
	world_link_local_taken(&w, 1);
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p2)));
	world_peer(&w, &world_lma, PMIP_PEER_RETURNED);
	world_tick(&w, 1);
	CU_ASSERT_EQUAL(w.sends, 4);
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(parts_p2)));
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, parts_p2)));
	world_free(&w);
}

/* The mobile node goes to another link in between: that is more urgent. */
void
pull_given_up_for_a_handover(void)
{
	struct pmip_link link = parts_interface(0);
	struct world w;

	open_asking(&w);
	link.port = 7;
	link.host = 9;
	world_attach_link(&w, 1, &link, MH_HANDOFF_BETWEEN_MAGS);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_BETWEEN_MAGS, PARTS(parts_p1)));
	world_accept(&w);
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_MOVED));
	world_free(&w);
}

static struct pmip_event
move_of(unsigned int n, uint32_t session, enum pmip_move how, unsigned int count, const struct addr_prefix *prefix)
{
	struct pmip_event e = {
		.type = PMIP_EV_MOVE,
		.move = {.mn_id = world_mn_id(n), .session = session, .how = how, .prefix_count = (uint8_t)count}};

	memcpy(e.move.prefix, prefix, (count < MH_HNP_MAX ? count : MH_HNP_MAX) * sizeof(*prefix));
	return e;
}

/* Nothing comes of it, and it says why. */
static void
check_refused(struct world *w, int why, struct pmip_event e)
{
	unsigned int sends = w->sends;

	CU_ASSERT_EQUAL(mag_move_check(w->g, &e), why);
	world_move(w, 1, e.move.session, e.move.how, e.move.prefix_count <= MH_HNP_MAX ? e.move.prefix_count : 0,
		   e.move.prefix);
	CU_ASSERT_EQUAL(w->sends, sends);
}

void
pull_checked(void)
{
	struct addr_prefix many[MH_HNP_MAX], link_local = {{{0xfe, 0x80}}, 64}, wide = parts_p2;
	struct pmip_link link = parts_interface(1);
	struct world w;

	wide.len = 56;
	wide.addr.b[7] = 0;
	for (unsigned int i = 0; i < MH_HNP_MAX; i++) {
		many[i] = parts_p1;
		many[i].addr.b[7] = (uint8_t)(0x10 + i);
	}
	parts_new(&w);
	check_refused(&w, -ENOENT, move_of(1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2)));
	check_refused(&w, -ENOENT, move_of(1, UINT32_MAX, PMIP_MOVE_AWAY, PARTS(parts_p2)));
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	check_refused(&w, -EBUSY, move_of(1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2)));
	world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
	CU_ASSERT_EQUAL(mag_move_check(w.g, &(struct pmip_event){0}), -ENOENT);
	check_refused(&w, -EOPNOTSUPP, move_of(1, 0, PMIP_MOVE_SHARED, PARTS(parts_p2)));
	check_refused(&w, -EOPNOTSUPP, move_of(1, 0, (enum pmip_move)7, PARTS(parts_p2)));
	check_refused(&w, -EINVAL, move_of(1, 0, PMIP_MOVE_AWAY, 0, &parts_p2));
	check_refused(&w, -EINVAL, move_of(1, 0, PMIP_MOVE_AWAY, 200, many));
	check_refused(&w, -EINVAL, move_of(1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2, parts_p2)));
	check_refused(&w, -EINVAL, move_of(1, 0, PMIP_MOVE_AWAY, PARTS(wide, parts_p2)));
	check_refused(&w, -EINVAL, move_of(1, 0, PMIP_MOVE_AWAY, PARTS(link_local)));
	check_refused(&w, -EEXIST, move_of(1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2, parts_p1)));
	check_refused(&w, -ENOSPC, move_of(1, 0, PMIP_MOVE_AWAY, MH_HNP_MAX, many));
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2));
	check_refused(&w, -EBUSY, move_of(1, 0, PMIP_MOVE_AWAY, PARTS(parts_p3)));
	world_accept(&w);
	world_attach_link(&w, 1, &link, MH_HANDOFF_NEW_INTERFACE); /* with no MAC of its own it would be the same */
	world_free(&w);
}

/* Who may not begin one by the settings, his or the domain's, does not. */
void
pull_by_settings(void)
{
	struct pmip_peer_settings peer = {.address = {world_lma, 128}, .partial_given = true};
	struct pmip_link link = parts_interface(0);
	struct mag_settings s = world_settings();
	struct addr_prefix all_zero = {0};
	struct pmip_event e;
	struct world w;

	for (unsigned int i = 0; i < 2; i++) {
		s.multihoming = i == 0 ? (struct pmip_multihoming){0} : parts_settings();
		s.peers = &peer;
		s.peer_count = i;
		world_new_with(&w, &s);
		world_attach_with(&w, 1, &link, PARTS(parts_p2));
		CU_ASSERT(parts_asks(&w, MH_HANDOFF_NEW_INTERFACE, PARTS(all_zero)));
		world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
		if (i == 0)
			check_refused(&w, -EOPNOTSUPP, move_of(1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2)));
		e = (struct pmip_event){.type = PMIP_EV_ATTACH, .attach = {.prefix_count = 1, .prefix = {parts_p2}}};
		CU_ASSERT_EQUAL(mag_move_check(w.g, &e), -EOPNOTSUPP);
		if (i == 0)
			world_free(&w);
	}
	/* All of another interface's may come to this one though: that is of RFC 5213. */
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p2));
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_BETWEEN_INTERFACES, PARTS(parts_p2)));
	world_free(&w);
	peer.partial_new = 77;
	peer.partial_existing = 78;
	world_new_with(&w, &s);
	world_attach_with(&w, 1, &link, PARTS(parts_p2));
	CU_ASSERT(parts_asks(&w, 77, PARTS(parts_p2)));
	world_accept(&w);
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(parts_p3));
	CU_ASSERT(parts_asks(&w, 78, PARTS(parts_p3)));
	world_free(&w);
}

void
revoked_some(void)
{
	struct world w;

	parts_new(&w);
	parts_serve(&w, 0, PARTS(parts_p1, parts_p2, parts_p3));
	parts_revoke(&w, 1, PARTS(parts_p2));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND, PMIP_ACT_PUBLISH, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET));
	CU_ASSERT(w.sent.send.msg.type == MH_BRA && w.sent.send.msg.bra.status == MH_BRA_ACCEPTED);
	CU_ASSERT(parts_forwards(&w.out.list[2], 0, PARTS(parts_p1, parts_p3)));
	CU_ASSERT(parts_advertises(&w.out.list[3], 1, 0, PARTS(parts_p1, parts_p3)));
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1, parts_p3)));
	parts_revoke(&w, 2, PARTS(parts_p3)); /* while what it lists is on its way */
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	world_accept(&w);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 1);
	parts_revoke(&w, 3, PARTS(parts_p1));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	world_free(&w);
}

/* RFC 5846 knows whole bindings alone. */
void
revoked_some_is_all(void)
{
	struct world w;

	world_new(&w);
	parts_serve(&w, 0, PARTS(parts_p1, parts_p2));
	parts_revoke(&w, 1, PARTS(parts_p2));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_CLEAR), 1);
	world_free(&w);
}

/* What is not the session's yet, or not any more. */
void
revoked_some_of_who_is_not_served(void)
{
	struct world w;

	parts_new(&w);
	w.profile = (struct pmip_profile){.prefix_count = 2, .prefix = {parts_p1, parts_p2}};
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	parts_revoke(&w, 1, PARTS(parts_p2));
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NEW_INTERFACE, PARTS(parts_p1)));
	world_accept(&w);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 1);
	world_free(&w);
}
