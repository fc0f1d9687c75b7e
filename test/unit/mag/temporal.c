/* SPDX-License-Identifier: BSD-3-Clause */
/* Temporal prefixes (draft-park-multihoming-ext-pmipv6-2level-prefix): scenario 1, the gateway's part. */
#include "temporal.h"
#include "cases.h"

static const struct addr_prefix aggregate = {{{0x20, 2, 0, 2, 0, 1}}, 48};

struct addr_prefix
temporal_nth(unsigned int n)
{
	struct addr_prefix p = {aggregate.addr, 64};

	p.addr.b[6] = (uint8_t)(n >> 8);
	p.addr.b[7] = (uint8_t)n;
	return p;
}

struct mag_settings
temporal_settings_of(unsigned int count)
{
	struct mag_settings s = world_settings();

	s.multihoming = parts_settings();
	s.aggregate = aggregate;
	s.temporal_prefixes = count;
	return s;
}

void
temporal_new(struct world *w, unsigned int count)
{
	struct mag_settings s = temporal_settings_of(count);

	world_new_with(w, &s);
}

void
temporal_attach(struct world *w)
{
	struct pmip_link link = parts_interface(0);

	world_attach_link(w, 1, &link, MH_HANDOFF_NEW_INTERFACE);
}

struct mh_msg
temporal_granting_only(const struct world *w, unsigned int count, const struct addr_prefix *prefix)
{
	struct mh_msg m = parts_granting(w, count, prefix);

	m.opt.hnp_count = (uint8_t)count;
	m.opt.vendor_count = 0;
	return m;
}

static void
tell(struct world *w, uint16_t sequence, uint8_t flags, const struct addr_prefix *p)
{
	struct mh_msg m = {.type = MH_UPN, .upn = {.sequence = sequence, .reason = MH_UPN_VENDOR_SPECIFIC}};

	mh_vendor_add_prefix(&m, PARTS_VENDOR, &(struct mh_vendor_prefix){.flags = flags, .prefix = *p});
	parts_notify(w, m);
}

static const struct mh_msg *
update_in(const struct world *w)
{
	static const struct mh_msg none;

	for (unsigned int i = 0; i < w->out.count; i++)
		if (w->out.list[i].type == PMIP_ACT_SEND && w->out.list[i].send.msg.type == MH_PBU)
			return &w->out.list[i].send.msg;
	return &none;
}

void
temporal_cut(void)
{
	struct mh_vendor_prefix both[] = {{0xc0, temporal_nth(1)}, {0xc0, temporal_nth(2)}};
	struct mag_view v;
	struct world w;

	temporal_new(&w, 2);
	temporal_attach(&w);
	CU_ASSERT(addr6_is_zero(&w.sent.send.msg.opt.hnp[0].prefix.addr));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 2, both));
	world_tick(&w, 1000); /* unanswered: the same once more */
	CU_ASSERT(parts_declares(&w.sent.send.msg, 2, both));
	world_answer(&w, parts_granting(&w, PARTS(parts_p1)));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, temporal_nth(1), temporal_nth(2))));
	CU_ASSERT(parts_advertises(&w.out.list[1], 1, 0, PARTS(parts_p1, temporal_nth(1), temporal_nth(2))));
	v = world_view(&w, 1);
	CU_ASSERT(v.prefix_count == 3 && v.temporal == 6);
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1)));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 2, both));
	world_accept(&w);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 3);
	world_serve(&w, 6);
	CU_ASSERT(parts_forwards(&w.out.list[0], 1,
				 PARTS(world_view(&w, 6).prefix[0], temporal_nth(3), temporal_nth(4))));
	world_free(&w);
}

/* A /63 has one for sessions: its first /64 is nobody's. It is given back when the session ends, and not twice. */
void
temporal_bounded(void)
{
	struct mag_settings s = temporal_settings_of(4);
	struct world w;

	s.aggregate.len = 63;
	world_new_with(&w, &s);
	parts_serve(&w, 0, PARTS(parts_p1));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, temporal_nth(1))));
	world_serve(&w, 6);
	CU_ASSERT_EQUAL(world_view(&w, 6).prefix_count, 1);
	world_detach(&w, 1, 1);
	world_accept(&w);
	world_serve(&w, 7);
	CU_ASSERT_EQUAL(world_view(&w, 7).prefix_count, 2);
	world_serve(&w, 8);
	CU_ASSERT_EQUAL(world_view(&w, 8).prefix_count, 1);
	world_free(&w);
}

/* No more than a session has room for. */
void
temporal_beside_many(void)
{
	struct addr_prefix many[MH_HNP_MAX];
	struct world w;

	for (unsigned int i = 0; i < MH_HNP_MAX; i++) {
		many[i] = parts_p1;
		many[i].addr.b[7] = (uint8_t)(0x10 + i);
	}
	temporal_new(&w, 4);
	parts_serve(&w, 0, MH_HNP_MAX - 1, many);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, MH_HNP_MAX);
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 0x80);
	world_pass(&w, 450000);
	world_answer(&w, parts_granting(&w, MH_HNP_MAX, many)); /* the anchor's need the room */
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 0);
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	world_free(&w);
}

void
temporal_of_logical_interface(void)
{
	struct mag_settings s = temporal_settings_of(2);
	struct world w;

	s.logical_interface = true;
	world_new_with(&w, &s);
	parts_serve(&w, 0, PARTS(parts_p1));
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 1);
	world_free(&w);
}

/* Figure 7, MAG1: a flow's prefix went to another gateway. */
void
temporal_idle(void)
{
	struct mh_vendor_prefix gone[] = {{0xc0, temporal_nth(1)}, {0xd0, temporal_nth(2)}},
				back[] = {{0xc0, temporal_nth(1)}, {0xc0, temporal_nth(2)}};
	struct addr_prefix second = temporal_nth(2);
	struct world w;

	temporal_new(&w, 2);
	parts_serve(&w, 0, PARTS(parts_p1));
	tell(&w, 1, 0xd0, &second);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, temporal_nth(1))));
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 4,
				   PARTS(parts_p1, temporal_nth(1), temporal_nth(2))));
	CU_ASSERT(parts_lists(update_in(&w), PARTS(parts_p1)));
	CU_ASSERT(parts_declares(update_in(&w), 2, gone));
	CU_ASSERT_EQUAL(world_view(&w, 1).idle, 4);
	tell(&w, 2, 0xd0, &second); /* once more */
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND, PMIP_ACT_PUBLISH));
	tell(&w, 3, 0xc0, &second);
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0,
				 PARTS(parts_p1, temporal_nth(1), temporal_nth(2))));
	CU_ASSERT(parts_advertises(world_act(&w, PMIP_ACT_ACCESS_SET), 1, 0,
				   PARTS(parts_p1, temporal_nth(1), temporal_nth(2))));
	CU_ASSERT(parts_declares(update_in(&w), 2, back));
	tell(&w, 4, 0xd0, &parts_p3); /* that it never had */
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND, PMIP_ACT_PUBLISH));
	world_free(&w);
}

/* Figure 7, MAG2: the prefix comes here, and the session's own of that kind are made known. */
void
temporal_pulled(void)
{
	struct addr_prefix foreign = {{{0x20, 2, 0, 2, 0, 7, 0, 2}}, 64};
	struct mh_vendor_prefix own[] = {{0xc0, temporal_nth(1)}};
	struct world w;

	temporal_new(&w, 1);
	parts_serve(&w, 0, PARTS(parts_p1));
	world_move(&w, 1, 0, PMIP_MOVE_IDLE, PARTS(foreign));
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(foreign)));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 1, own));
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, temporal_nth(1), foreign)));
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(parts_p1, foreign)));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 1, own));
	world_free(&w);
}

/* Full flow handover by aggregate: the answer says which prefixes it comes to. And back, prefix by prefix. */
void
temporal_pulled_by_aggregate(void)
{
	struct addr_prefix foreign = {{{0x20, 2, 0, 2, 0, 7}}, 48}, one = {{{0x20, 2, 0, 2, 0, 7, 0, 1}}, 64};
	struct addr_prefix first = temporal_nth(1);
	struct world w;

	temporal_new(&w, 1);
	parts_serve(&w, 0, PARTS(parts_p1));
	world_move(&w, 1, 0, PMIP_MOVE_IDLE, PARTS(foreign));
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(foreign)));
	world_answer(&w, parts_granting(&w, PARTS(one)));
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, temporal_nth(1), one)));
	CU_ASSERT(world_published(&w, PMIP_PUB_PREFIXES_MOVED));
	tell(&w, 1, 0xd0, &first);
	w.sent.send.msg = *update_in(&w);
	world_accept(&w);
	world_move(&w, 1, 0, PMIP_MOVE_IDLE, PARTS(first));
	CU_ASSERT(parts_declares(&w.sent.send.msg, 0, NULL)); /* not that it is idle, when it is to come back */
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, temporal_nth(1), one)));
	CU_ASSERT_EQUAL(world_view(&w, 1).idle, 0);
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 2);
	world_free(&w);
}

/* Two interfaces here: what the anchor says of one of them is not said of the other. */
void
temporal_of_one_interface(void)
{
	struct mh_msg m = {.type = MH_UPN, .upn = {.sequence = 1, .reason = MH_UPN_VENDOR_SPECIFIC}};
	struct pmip_link link = parts_interface(1);
	struct addr_prefix first = temporal_nth(1);
	struct world w;

	temporal_new(&w, 1);
	parts_serve(&w, 0, PARTS(parts_p1));
	parts_serve(&w, 1, PARTS(parts_p2));
	world_move(&w, 1, 1, PMIP_MOVE_IDLE, PARTS(first));
	world_accept(&w);
	mh_vendor_add_prefix(&m, PARTS_VENDOR, &(struct mh_vendor_prefix){.flags = 0xd0, .prefix = first});
	mh_set(&m, MH_OPT_ACCESS_TECH_TYPE);
	m.opt.access_tech.value = link.access_tech;
	mh_set(&m, MH_OPT_MN_LINK_LAYER_ID);
	m.opt.mn_ll_id.len = sizeof(link.mac.b);
	memcpy(m.opt.mn_ll_id.id, parts_interface(0).mac.b, sizeof(link.mac.b));
	parts_notify(&w, m);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND, PMIP_ACT_PUBLISH)); /* as it is already */
	CU_ASSERT(mag_session_find_prefix(w.g, &first, NULL) == &w.g->session[1]);
	world_free(&w);
}

/* All that the anchor gave goes, and what it was told of stays: the session goes on with that, as it does there. */
void
temporal_outlives(void)
{
	struct addr_prefix first = temporal_nth(1), second = temporal_nth(2);
	struct world w;

	temporal_new(&w, 1);
	parts_serve(&w, 0, PARTS(parts_p1));
	parts_serve(&w, 1, PARTS(parts_p2));
	world_move(&w, 1, 0, PMIP_MOVE_AWAY, PARTS(second)); /* that makes the first one known */
	world_accept(&w);
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	world_move(&w, 1, 1, PMIP_MOVE_AWAY, PARTS(parts_p1));
	world_accept(&w);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 2);
	world_move(&w, 1, 1, PMIP_MOVE_AWAY, PARTS(first, second));
	CU_ASSERT(parts_asks(&w, PARTS_EXISTING, PARTS(first, second)));
	world_accept(&w);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 1);
	CU_ASSERT_EQUAL(w.g->temporal.used, 3); /* they are in use still */
	world_detach(&w, 1, 2);
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	world_free(&w);
}

/* The same where the anchor takes it, to another gateway; and back comes what it gives. */
void
temporal_outlives_revocation(void)
{
	struct addr_prefix first = temporal_nth(1), second = temporal_nth(2);
	struct world w;

	temporal_new(&w, 2);
	parts_serve(&w, 0, PARTS(parts_p1));
	tell(&w, 1, 0xd0, &second);
	parts_revoke(&w, 1, PARTS(parts_p1));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(first)));
	CU_ASSERT(parts_lists(update_in(&w), PARTS(first, second)));
	world_answer(&w, parts_granting(&w, PARTS(first)));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	CU_ASSERT_EQUAL(world_view(&w, 1).idle, 2);
	world_free(&w);
}

/* It went for good: the session goes on without it, and the pool has it back. */
void
temporal_revoked(void)
{
	struct addr_prefix first = temporal_nth(1);
	struct world w;

	temporal_new(&w, 2);
	parts_serve(&w, 0, PARTS(parts_p1));
	parts_revoke(&w, 1, PARTS(first));
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(parts_p1, temporal_nth(2))));
	CU_ASSERT_EQUAL(w.g->temporal.used, 2);
	parts_revoke(&w, 2, PARTS(parts_p1)); /* something is left that the anchor knows of */
	CU_ASSERT(parts_forwards(world_act(&w, PMIP_ACT_FORWARD_SET), 0, PARTS(temporal_nth(2))));
	parts_revoke(&w, 3, PARTS(temporal_nth(2)));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	world_free(&w);
}

/* Service ends and comes back: what it had of the kind is given back, and new ones are cut. */
void
temporal_after_refusal(void)
{
	struct world w;

	temporal_new(&w, 2);
	parts_serve(&w, 0, PARTS(parts_p1));
	world_pass(&w, 450000);
	world_answer(&w, world_pba(&w, MH_STATUS_INSUFFICIENT_RESOURCES));
	CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_FORWARD_CLEAR)->forward.prefix_count, 3);
	CU_ASSERT_EQUAL(w.g->temporal.used, 1);
	world_tick(&w, 100000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_UNKNOWN, PARTS(parts_p1)));
	world_accept(&w);
	CU_ASSERT(parts_forwards(&w.out.list[0], 0, PARTS(parts_p1, temporal_nth(3), temporal_nth(4))));
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	world_free(&w);
}

void
temporal_settings(void)
{
	struct mag_settings s = temporal_settings_of(2), other;
	struct world w;

	world_new_with(&w, &s);
	parts_serve(&w, 0, PARTS(parts_p1));
	other = s;
	other.aggregate.len = 47;
	CU_ASSERT_FALSE(world_apply(&w, &other));
	other.aggregate.len = 64;
	CU_ASSERT_FALSE(world_apply(&w, &other));
	other.aggregate.len = 48;
	other.temporal_prefixes = 5;
	CU_ASSERT_FALSE(world_apply(&w, &other));
	other = s;
	other.aggregate.addr.b[5] = 9;
	CU_ASSERT(world_apply(&w, &other));
	world_serve(&w, 6);
	CU_ASSERT_EQUAL(world_view(&w, 6).prefix[1].addr.b[5], 9);
	CU_ASSERT(world_apply(&w, &s)); /* with the first session's two in use */
	world_serve(&w, 7);
	CU_ASSERT_EQUAL(world_view(&w, 7).prefix[1].addr.b[7], 3);
	other = s;
	other.aggregate = (struct addr_prefix){0};
	CU_ASSERT(world_apply(&w, &other));
	world_serve(&w, 8);
	CU_ASSERT_EQUAL(world_view(&w, 8).prefix_count, 1);
	world_detach(&w, 7, 7);
	CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_FORWARD_CLEAR)->forward.prefix_count, 3);
	world_free(&w);
}
