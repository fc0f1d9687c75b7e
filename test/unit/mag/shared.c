/* SPDX-License-Identifier: BSD-3-Clause */
/* Flow mobility as a gateway sees it (RFC 7864). */
#include <errno.h>

#include "cases.h"
#include "parts.h"

/* So many of these are off link, and the rest on link. */
static struct mh_msg
initiate(uint16_t sequence, unsigned int off_link, unsigned int count, const struct addr_prefix *prefix)
{
	struct mh_msg m = {.type = MH_UPN, .upn = {.sequence = sequence, .reason = MH_UPN_FLOW_MOBILITY}};

	for (unsigned int i = 0; i < count; i++) {
		mh_add_hnp(&m, &prefix[i]);
		m.opt.hnp[i].off_link = i < off_link;
	}
	return m;
}

/* It names the interface that this one is to be on link of. */
static struct mh_msg
initiate_to(unsigned int interface, struct addr_prefix prefix)
{
	struct mh_msg m = initiate(1, 0, PARTS(prefix));
	struct pmip_link link = parts_interface(interface);

	mh_set(&m, MH_OPT_MN_LINK_LAYER_ID);
	m.opt.mn_ll_id.len = sizeof(link.mac.b);
	memcpy(m.opt.mn_ll_id.id, link.mac.b, sizeof(link.mac.b));
	return m;
}

/* What a list of actions begins with is the answer: the same prefixes again, where it is 0. */
static bool
answers(const struct world *w, uint8_t status, unsigned int count, const struct addr_prefix *prefix)
{
	const struct mh_msg *m = &world_act(w, PMIP_ACT_SEND)->send.msg;

	for (unsigned int i = 0; i < w->out.count; i++)
		if (w->out.list[i].type == PMIP_ACT_SEND && w->out.list[i].send.msg.type == MH_UPA)
			m = &w->out.list[i].send.msg;
	return m->type == MH_UPA && m->upa.status == status && mh_has(m, MH_OPT_MN_ID) && parts_lists(m, count, prefix);
}

void
shared_off_link(void)
{
	struct mh_msg fmi = initiate(1, 1, PARTS(parts_p2));
	struct mag_view v;
	struct world w;

	parts_open(&w);
	parts_notify(&w, fmi);
	CU_ASSERT(answers(&w, MH_UPA_ACCEPTED, PARTS(parts_p2)));
	CU_ASSERT(world_act(&w, PMIP_ACT_SEND)->send.msg.opt.hnp[0].off_link);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 0, PARTS(parts_p1)));
	v = world_view(&w, 1);
	CU_ASSERT(v.prefix_count == 2 && v.off_link == 2 && v.idle == 0);
	parts_notify(&w, fmi); /* its answer was lost */
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT(answers(&w, MH_UPA_ACCEPTED, PARTS(parts_p2)));
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	world_accept(&w);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 2);
	world_detach(&w, 1, 1);
	CU_ASSERT(parts_lists(&w.sent.send.msg, PARTS(parts_p1)));
	CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_FORWARD_CLEAR)->forward.prefix_count, 2);
	world_free(&w);
}

void
shared_full_set(void)
{
	struct world w;

	parts_open(&w);
	parts_notify(&w, initiate(1, 1, PARTS(parts_p2)));
	parts_notify(&w, initiate(2, 1, PARTS(parts_p3)));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, parts_p3)));
	parts_notify(&w, initiate(3, 1, PARTS(parts_p1))); /* its own stays its own */
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1)));
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 0, PARTS(parts_p1)));
	parts_notify(&w, initiate(4, 1, PARTS(parts_p1)));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND, PMIP_ACT_PUBLISH));
	parts_notify(&w, initiate(5, 2, PARTS(parts_p2, parts_p3)));
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 3);
	parts_notify(&w, initiate(6, 0, 0, NULL));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1)));
	world_free(&w);
}

/* On link it is the session's own; so the anchor moves one by a command. */
void
shared_on_link(void)
{
	struct world w;

	parts_open(&w);
	parts_notify(&w, initiate(1, 1, PARTS(parts_p2)));
	parts_notify(&w, initiate(2, 0, PARTS(parts_p2)));
	CU_ASSERT(answers(&w, MH_UPA_ACCEPTED, PARTS(parts_p2)));
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 0, PARTS(parts_p1, parts_p2)));
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1, parts_p2)));
	parts_notify(&w, initiate(3, 0, PARTS(parts_p3))); /* while what it lists is on its way */
	CU_ASSERT(answers(&w, MH_UPA_ACCEPTED, PARTS(parts_p3)));
	CU_ASSERT(parts_lists(&world_act(&w, PMIP_ACT_SEND)->send.msg, PARTS(parts_p1, parts_p2, parts_p3)));
	world_free(&w);
}

/* An acceptance may say the same (RFC 7864 section 3.3). */
void
shared_by_acceptance(void)
{
	struct mh_msg pba;
	struct world w;

	parts_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = parts_granting(&w, PARTS(parts_p1, parts_p2));
	pba.opt.hnp[1].off_link = true;
	world_answer(&w, pba);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 0, PARTS(parts_p1)));
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	pba = parts_granting(&w, PARTS(parts_p1, parts_p3));
	pba.opt.hnp[1].off_link = true;
	world_answer(&w, pba);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, parts_p3)));
	world_pass(&w, 500000);
	pba = parts_granting(&w, PARTS(parts_p3)); /* nothing of its own */
	pba.opt.hnp[0].off_link = true;
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_IGNORED), 1);
	world_free(&w);
}

void
shared_refused(void)
{
	struct addr_prefix many[MH_HNP_MAX], link_local = {{{0xfe, 0x80}}, 64};
	struct mh_msg pba;
	struct world w;

	for (unsigned int i = 0; i < MH_HNP_MAX; i++) {
		many[i] = parts_p1;
		many[i].addr.b[7] = (uint8_t)(0x10 + i);
	}
	parts_new(&w);
	parts_notify(&w, initiate(1, 1, PARTS(parts_p2)));
	CU_ASSERT(answers(&w, MH_UPA_NOT_ATTACHED, 0, NULL));
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = parts_granting(&w, PARTS(parts_p1));
	parts_notify(&w, initiate(2, 1, PARTS(parts_p2))); /* it is not forwarded yet */
	CU_ASSERT(answers(&w, MH_UPA_NOT_ATTACHED, 0, NULL));
	world_answer(&w, pba);
	parts_notify(&w, initiate(3, 1, PARTS(parts_p2)));
	parts_notify(&w, initiate(4, MH_HNP_MAX, MH_HNP_MAX, many)); /* one more than there is room for */
	CU_ASSERT(answers(&w, MH_UPA_REASON_UNSPECIFIED, 0, NULL));
	CU_ASSERT(world_published(&w, PMIP_PUB_NOTIFICATION_REFUSED));
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_SET), 0);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 2);
	parts_notify(&w, initiate(5, 1, PARTS(link_local)));
	CU_ASSERT(answers(&w, MH_UPA_REASON_UNSPECIFIED, 0, NULL));
	world_serve(&w, 4); /* has the fourth */
	parts_notify(&w, initiate(6, 0, PARTS(parts_p3)));
	CU_ASSERT(answers(&w, MH_UPA_REASON_UNSPECIFIED, 0, NULL));
	CU_ASSERT_EQUAL(world_state(&w, 4), MAG_ACTIVE);
	world_free(&w);
}

void
shared_switched_off(void)
{
	struct mh_msg pba;
	struct world w;

	world_new(&w);
	parts_serve(&w, 0, PARTS(parts_p1));
	parts_notify(&w, initiate(1, 1, PARTS(parts_p2)));
	CU_ASSERT(answers(&w, MH_UPA_REASON_UNSPECIFIED, 0, NULL));
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_SET), 0);
	world_pass(&w, 500000);
	pba = parts_granting(&w, PARTS(parts_p1, parts_p2));
	pba.opt.hnp[1].off_link = true; /* a reserved bit, to who does not know better */
	world_answer(&w, pba);
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 0, PARTS(parts_p1, parts_p2)));
	world_free(&w);
}

/* Two links of this gateway: flows of the one cannot be told from those of the other in one tunnel. */
void
shared_between_own_interfaces(void)
{
	struct world w;

	parts_open_two(&w);
	parts_notify(&w, initiate(1, 1, PARTS(parts_p1)));
	CU_ASSERT(answers(&w, MH_UPA_REASON_UNSPECIFIED, 0, NULL));
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_SET), 0);
	world_free(&w);
}

/* Where it names an interface the prefix moves to that one's session. */
void
shared_names_an_interface(void)
{
	struct mh_msg fmi = initiate_to(0, parts_p3);
	struct world w;

	parts_open(&w);
	parts_serve(&w, 1, PARTS(parts_p2, parts_p3));
	parts_notify(&w, fmi);
	CU_ASSERT(answers(&w, MH_UPA_ACCEPTED, PARTS(parts_p3)));
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_SET), 2);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, parts_p3)));
	CU_ASSERT_EQUAL(mag_session_count(w.g), 2);
	world_free(&w);
}

/* A command moves all of one session to the other, which keeps it idle: it does not end. */
void
shared_on_link_idle(void)
{
	struct mh_msg fmi = initiate_to(0, parts_p2);
	struct world w;

	parts_open(&w);
	parts_serve(&w, 1, PARTS(parts_p2));
	mh_vendor_add_prefix(&fmi, PARTS_VENDOR, &(struct mh_vendor_prefix){.flags = 0x10, .prefix = parts_p2});
	parts_notify(&w, fmi);
	CU_ASSERT(answers(&w, MH_UPA_ACCEPTED, PARTS(parts_p2)));
	CU_ASSERT_EQUAL(mag_session_count(w.g), 2);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(mag_session_find_prefix(w.g, &parts_p2, NULL) == &w.g->session[0]);
	CU_ASSERT_EQUAL(w.g->session[1].has.idle, 1);
	world_free(&w);
}

/* RFC 7864 section 3.2.1: a second interface with the same prefixes, named by who attaches. */
void
shared_attachment(void)
{
	struct pmip_event e = {
		.type = PMIP_EV_ATTACH,
		.attach = {.handoff = MH_HANDOFF_SHARED_PREFIXES, .prefix_count = 2, .prefix = {parts_p1, parts_p2}}};
	struct addr_prefix all_zero = {0};
	struct world w;

	parts_new(&w);
	e.attach.link = parts_interface(1);
	e.attach.mn_id = world_mn_id(1);
	CU_ASSERT_EQUAL(mag_move_check(w.g, &e), 0);
	world_step(&w, &e);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_SHARED_PREFIXES, PARTS(parts_p1, parts_p2)));
	world_accept(&w);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 2, 0, PARTS(parts_p1, parts_p2)));
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1, parts_p2)));
	world_accept(&w);
	e.attach.link = parts_interface(0); /* here too: not by one tunnel */
	CU_ASSERT_EQUAL(mag_move_check(w.g, &e), -EOPNOTSUPP);
	world_step(&w, &e);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_UNKNOWN, PARTS(all_zero)));
	world_free(&w);
}

void
shared_attachment_refused(void)
{
	struct pmip_event e = {
		.type = PMIP_EV_ATTACH,
		.attach = {.handoff = MH_HANDOFF_SHARED_PREFIXES, .prefix_count = 1, .prefix = {parts_p1}}};
	struct addr_prefix all_zero = {0};
	struct world w;

	parts_new(&w);
	e.attach.link = parts_interface(1);
	e.attach.mn_id = world_mn_id(1);
	world_step(&w, &e);
	world_answer(&w, world_pba(&w, 155));
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NEW_INTERFACE, PARTS(all_zero)));
	world_free(&w);
}

/* What moved before this gateway heard of it is no reason to end service: 159 asks which there are. */
void
shared_set_asked_for(void)
{
	struct addr_prefix all_zero = {0};
	struct world w;

	parts_new(&w);
	parts_serve(&w, 0, PARTS(parts_p1, parts_p2));
	world_pass(&w, 450000);
	world_answer(&w, world_pba(&w, MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH));
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(all_zero)));
	world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1)));
	CU_ASSERT(parts_advertises(&w.out.list[1], 1, 0, PARTS(parts_p1)));
	world_pass(&w, 450000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	world_answer(&w, world_pba(&w, MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH));
	world_answer(&w, world_pba(&w, MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH)); /* it cannot be */
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_FORWARD_CLEAR), 1);
	world_free(&w);
}

/* A session that is told to register again may have got back what is idle. */
void
shared_idle_comes_back(void)
{
	struct mh_msg again = {.type = MH_UPN, .upn = {.sequence = 1, .reason = MH_UPN_FORCE_REREGISTRATION}};
	struct addr_prefix all_zero = {0};
	struct world w;

	parts_open_two(&w);
	world_move(&w, 1, 1, PMIP_MOVE_IDLE, PARTS(parts_p2));
	world_accept(&w);
	world_detach(&w, 1, 2);
	world_accept(&w);
	parts_notify(&w, again);
	CU_ASSERT(parts_lists(&w.out.list[0].send.msg, PARTS(all_zero)));
	w.sent = w.out.list[0];
	world_answer(&w, parts_granting(&w, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, parts_p2)));
	CU_ASSERT(parts_advertises(&w.out.list[1], 1, 0, PARTS(parts_p1, parts_p2)));
	world_free(&w);
}
