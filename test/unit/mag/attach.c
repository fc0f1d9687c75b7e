/* SPDX-License-Identifier: BSD-3-Clause */
/* Attachment and the update that it makes: RFC 5213 sections 6.9.1.1 and 6.9.1.5. */
#include "cases.h"

/* shows: RFC5213-6.8-01 RFC5213-6.9.1.1-03 RFC5213-6.9.1.5-09 RFC5213-6.9.1.5-10 */
/* shows: RFC5213-6.9.1.1-01 RFC5213-6.9.1.1-02 RFC5213-6.9.1.1-04 RFC5213-6.9.1.1-06 RFC5213-6.9.1.1-07 */
/* shows: RFC5213-6.9.1.1-08 RFC5213-6.9.1.1-16 RFC5213-6.9.1.1-18 RFC5213-6.9.1.1-20 RFC5213-6.9.1.1-21 */
/* shows: RFC5213-6.9.1.1-25 RFC5213-6.9.1.1-26 RFC5213-6.9.1.5-01 RFC5213-6.9.1.5-02 RFC5213-6.9.1.5-03 */
/* shows: RFC5213-6.9.1.5-04 RFC5213-6.9.1.5-05 RFC5213-6.9.1.5-06 RFC5213-6.9.1.5-07 RFC5213-6.9.1.5-08 */
/* shows: RFC5213-6.9.1.1-22 */
void
attach_first_update(void)
{
	struct world w;
	const struct mh_msg *m = &w.sent.send.msg;
	struct pmip_mn_id id = world_mn_id(1);

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_SEND));
	CU_ASSERT(addr6_equal(&w.sent.send.src, &world_mag));
	CU_ASSERT(addr6_equal(&w.sent.send.dst, &world_lma));
	CU_ASSERT_EQUAL(m->type, MH_PBU);
	CU_ASSERT_EQUAL(m->pbu.flags, MH_PBU_A | MH_PBU_P);
	CU_ASSERT_EQUAL(m->pbu.lifetime, 150);
	CU_ASSERT_EQUAL(m->opt.present, 1u << MH_OPT_MN_ID | 1u << MH_OPT_HOME_NETWORK_PREFIX |
						1u << MH_OPT_HANDOFF_INDICATOR | 1u << MH_OPT_ACCESS_TECH_TYPE |
						1u << MH_OPT_TIMESTAMP | 1u << MH_OPT_MN_LINK_LAYER_ID);
	CU_ASSERT_EQUAL(m->opt.mn_id.len, id.len);
	CU_ASSERT(memcmp(m->opt.mn_id.id, id.id, id.len) == 0);
	CU_ASSERT_EQUAL(m->opt.hnp_count, 1);
	CU_ASSERT(addr_prefix_equal(&m->opt.hnp[0].prefix, &(struct addr_prefix){0}));
	CU_ASSERT_EQUAL(m->opt.handoff.value, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(m->opt.access_tech.value, MH_ATT_WLAN);
	CU_ASSERT_EQUAL(m->opt.mn_ll_id.len, 6);
	CU_ASSERT(memcmp(m->opt.mn_ll_id.id, world_link(1).mac.b, 6) == 0);
	CU_ASSERT_EQUAL(m->opt.timestamp.wall, w.now.wall);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 1);
	world_free(&w);
}

/* The entry says all of section 6.1, from the first update to the answer to the last. */
/* shows: RFC5213-6.1-01 RFC5213-6.6-08 */
void
attach_list_entry(void)
{
	struct pmip_mn_id id = world_mn_id(2);
	struct pmip_link link = world_link(2);
	struct mag_view v;
	struct world w;

	world_open(&w);
	link.port = 3;
	link.vlan = 7;
	w.profile = (struct pmip_profile){.lma_given = true, .lma = world_other_lma};
	world_attach_link(&w, 2, &link, MH_HANDOFF_UNKNOWN);
	v = world_view(&w, 2);
	CU_ASSERT(pmip_mn_id_equal(v.mn_id, &id));
	CU_ASSERT(v.link.host == 2 && v.link.port == 3 && v.link.vlan == 7);
	CU_ASSERT(addr_mac_equal(&v.link.mac, &link.mac));
	CU_ASSERT(addr6_equal(&v.lma, &world_other_lma));
	CU_ASSERT(addr6_equal(&v.link_local, &w.s.link_local));
	CU_ASSERT_EQUAL(v.sequence, w.sent.send.msg.pbu.sequence);
	CU_ASSERT_EQUAL(v.prefix_count, 0);
	world_accept(&w);
	v = world_view(&w, 2);
	CU_ASSERT(v.prefix_count == 1 && addr_prefix_equal(&v.prefix[0], &world_prefix));
	CU_ASSERT_EQUAL(v.expires_ms, w.now.mono_ms + 600000);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 2);
	world_detach(&w, 2, 2);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_view(&w, 2).session, UINT32_MAX);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 1);
	world_free(&w);
}

/* Whoever uses a link is known by the identifier alone: every byte of it counts, and it is sent as it was given. */
/* shows: RFC5213-6.6-01 RFC5213-6.6-03 RFC5213-6.6-07 RFC5213-6.6-08 */
void
attach_identity(void)
{
	static const struct pmip_mn_id ids[] = {
		{.subtype = 1, .len = 5, .id = "a@b.c"},      {.subtype = 1, .len = 5, .id = "a@b.d"},
		{.subtype = 1, .len = 4, .id = "a@b."},	      {.subtype = 2, .len = 5, .id = "a@b.c"},
		{.subtype = 1, .len = 6, .id = "\0\xff@b.c"}, /* a pseudonym is bytes like others */
	};
	struct mag_settings s = world_settings();
	struct mh_msg pba[UNIT_COUNT(ids)];
	struct world w;

	s.timestamps = false; /* each counts for itself, so all updates have one number */
	world_new_with(&w, &s);
	for (unsigned int i = 0; i < UNIT_COUNT(ids); i++) {
		struct pmip_link link = world_link(i + 1);

		world_attach_as(&w, &ids[i], &link, MH_HANDOFF_UNKNOWN);
		CU_ASSERT_EQUAL(w.sent.send.msg.opt.mn_id.subtype, ids[i].subtype);
		CU_ASSERT_EQUAL(w.sent.send.msg.opt.mn_id.len, ids[i].len);
		CU_ASSERT(memcmp(w.sent.send.msg.opt.mn_id.id, ids[i].id, ids[i].len) == 0);
		pba[i] = world_pba(&w, MH_STATUS_ACCEPTED);
		pba[i].opt.hnp[0].prefix.addr.b[7] = (uint8_t)i;
	}
	CU_ASSERT_EQUAL(mag_session_count(w.g), UNIT_COUNT(ids));
	for (unsigned int i = UNIT_COUNT(ids); i-- > 0;) {
		world_answer(&w, pba[i]);
		CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_FORWARD_SET)->forward.link.host, i + 1);
		CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_FORWARD_SET)->forward.prefix[0].addr.b[7], i);
		CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_ACCESS_SET)->access.host, i + 1);
		CU_ASSERT(pmip_mn_id_equal(&world_act(&w, PMIP_ACT_PUBLISH)->publish.mn_id, &ids[i]));
	}
	world_free(&w);
}

/* shows: RFC5213-6.9.1.1-05 */
void
attach_profile_prefixes(void)
{
	struct world w;
	const struct mh_msg *m = &w.sent.send.msg;

	world_new(&w);
	w.profile = (struct pmip_profile){
		.lma_given = true, .lma = world_other_lma, .prefix_count = 2, .prefix = {world_prefix, world_prefix_2}};
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	CU_ASSERT(addr6_equal(&w.sent.send.dst, &world_other_lma));
	CU_ASSERT_EQUAL(m->opt.hnp_count, 2);
	CU_ASSERT(addr_prefix_equal(&m->opt.hnp[0].prefix, &world_prefix));
	CU_ASSERT(addr_prefix_equal(&m->opt.hnp[1].prefix, &world_prefix_2));
	world_free(&w);
}

/* shows: RFC5213-6.9.1.1-09 RFC5213-6.9.1.1-10 RFC5213-6.9.1.1-11 RFC5213-6.9.1.1-12 RFC5213-6.9.1.1-13 */
/* shows: RFC5213-6.9.1.1-14 RFC5213-6.9.1.1-15 */
void
attach_handoff(void)
{
	static const struct {
		uint8_t told, sent;
	} rows[] = {{0, 4}, {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 4}, {6, 4}, {255, 4}};

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct world w;

		world_new(&w);
		world_attach(&w, 1, rows[i].told);
		CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, rows[i].sent);
		world_free(&w);
	}
}

/* shows: RFC5213-6.1-02 RFC5213-6.9.1.1-19 RFC5213-6.9.1.1-21 */
void
attach_without_mac(void)
{
	struct pmip_link link = {.host = 1, .access_tech = MH_ATT_PPP};
	struct addr_mac all_zero = {{0}};
	struct mag_view v;
	struct world w;

	world_new(&w);
	world_attach_link(&w, 1, &link, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_LINK_LAYER_ID));
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.access_tech.value, MH_ATT_PPP);
	v = world_view(&w, 1);
	CU_ASSERT_EQUAL(v.link.host, 1);
	CU_ASSERT(addr_mac_equal(&v.link.mac, &all_zero));
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.1-22 RFC5213-6.9.1.1-23 RFC5213-6.9.1.1-24 RFC5213-6.9.1.2-24 RFC5213-6.9.1.5-11 */
void
attach_link_local(void)
{
	const struct addr6 given = {{0xfe, 0x80, [15] = 7}};
	struct mag_settings s = world_settings();
	struct mh_msg pba;
	struct world w;

	s.link_local = (struct addr6){0};
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_LINK_LOCAL_ADDRESS));
	CU_ASSERT(addr6_is_zero(&w.sent.send.msg.opt.link_local.addr));
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.link_local.addr = given;
	world_answer(&w, pba);
	CU_ASSERT(addr6_equal(&world_act(&w, PMIP_ACT_ACCESS_SET)->access.link_local, &given));
	world_pass(&w, 450000);
	CU_ASSERT(addr6_equal(&w.sent.send.msg.opt.link_local.addr, &given));
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.link_local.addr = world_lma; /* which is none */
	world_answer(&w, pba);
	CU_ASSERT(addr6_equal(&world_act(&w, PMIP_ACT_ACCESS_SET)->access.link_local, &given));
	world_free(&w);
}

/* shows: RFC5213-6.9.1.2-25 RFC5213-6.9.1.2-26 */
void
attach_link_local_taken(void)
{
	struct mag_settings s = world_settings();
	struct addr6 given = {{0xfe, 0x80, [15] = 7}}, chosen;
	struct mh_msg pba;
	struct world w;

	s.link_local = (struct addr6){0};
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	world_link_local_taken(&w, 1); /* nothing is used yet */
	CU_ASSERT_EQUAL(w.out.count, 0);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.link_local.addr = given;
	world_answer(&w, pba);
	world_link_local_taken(&w, 1);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_PUBLISH, PMIP_ACT_ACCESS_SET, PMIP_ACT_SEND));
	chosen = w.out.list[1].access.link_local;
	CU_ASSERT(addr6_is_link_local(&chosen) && !addr6_equal(&chosen, &given));
	CU_ASSERT(addr6_equal(&w.sent.send.msg.opt.link_local.addr, &chosen));
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_NO_CHANGE);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 150);
	world_accept(&w);
	CU_ASSERT(addr6_equal(&world_act(&w, PMIP_ACT_ACCESS_SET)->access.link_local, &chosen));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_detach(&w, 1, 1);
	world_link_local_taken(&w, 1);
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_free(&w);
}

/* shows: RFC5213-6.9.1.1-17 */
void
attach_sequence_counter(void)
{
	struct world w;
	uint16_t first;
	uint64_t stamp;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	first = w.sent.send.msg.pbu.sequence;
	stamp = w.sent.send.msg.opt.timestamp.wall;
	world_attach(&w, 2, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, first + 1);
	CU_ASSERT(w.sent.send.msg.opt.timestamp.wall > stamp);
	world_free(&w);
}

/* shows: RFC5213-5.5-03 */
void
attach_without_timestamps(void)
{
	struct mag_settings s = world_settings();
	struct world w;
	uint16_t first;

	s.timestamps = false;
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	first = w.sent.send.msg.pbu.sequence;
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_TIMESTAMP));
	world_accept(&w);
	world_attach(&w, 2, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, first + 1);
	world_answer(&w, world_pba(&w, MH_STATUS_INSUFFICIENT_RESOURCES));
	world_detach(&w, 2, 2);
	world_pass(&w, 450000);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, first + 1);
	world_pass(&w, 1000);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, first + 2);
	world_free(&w);
}

/* Numbers go on where those of an earlier session ended, also over the end of their range. */
void
attach_after_another_session(void)
{
	struct mag_settings s = world_settings();
	struct mh_msg late;
	struct world w;

	s.timestamps = false;
	s.first_sequence = 65533;
	world_new_with(&w, &s);
	for (unsigned int i = 0; i < 4; i++) {
		world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
		CU_ASSERT_EQUAL(w.sent.send.msg.pbu.sequence, (uint16_t)(65534 + 2 * i));
		if (i > 0) {
			world_answer(&w, late);
			CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
		}
		late = world_pba(&w, MH_STATUS_ACCEPTED);
		world_detach(&w, 1, 1);
		world_pass(&w, 1000);
		CU_ASSERT_EQUAL(world_state(&w, 1), MAG_FREE);
	}
	world_free(&w);
}

void
attach_clock_set_back(void)
{
	struct world w;
	uint64_t stamp;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	stamp = w.sent.send.msg.opt.timestamp.wall;
	w.now.wall -= 1000;
	world_attach(&w, 2, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.timestamp.wall, stamp + 1);
	w.now.wall -= 3600ull << 16;
	world_attach(&w, 3, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.timestamp.wall, w.now.wall);
	world_free(&w);
}

void
attach_table_full(void)
{
	struct world w;

	world_new(&w);
	for (unsigned int n = 1; n <= w.s.sessions_max; n++)
		world_attach(&w, n, MH_HANDOFF_UNKNOWN);
	world_attach(&w, 100, MH_HANDOFF_UNKNOWN);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(w.out.list[0].access.host, 100);
	CU_ASSERT_EQUAL(w.out.list[1].publish.status, MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(mag_session_count(w.g), w.s.sessions_max);
	world_free(&w);
}

void
attach_no_anchor(void)
{
	struct mag_settings s = world_settings();
	struct world w;

	s.lma = (struct addr6){0};
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(mag_session_count(w.g), 0);
	world_free(&w);
}

void
attach_again_while_registering(void)
{
	struct pmip_link link = world_link(1);
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_UNKNOWN);
	link.host = 77;
	world_attach_link(&w, 1, &link, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_ACCESS_SET)->access.host, 77);
	world_free(&w);
}

void
attach_elsewhere_while_registering(void)
{
	struct pmip_link link = world_link(1);
	struct mh_msg old;
	struct world w;

	world_new(&w);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	old = world_pba(&w, MH_STATUS_ACCEPTED);
	link.host = 77;
	link.port = 3;
	world_attach_link(&w, 1, &link, MH_HANDOFF_BETWEEN_MAGS);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.out.list[0].access.host, 1);
	world_answer(&w, old);
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_accept(&w);
	CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_FORWARD_SET)->forward.link.port, 3);
	world_free(&w);
}

void
attach_moved_to_own_port(void)
{
	struct pmip_link link = world_link(1);
	struct world w;

	world_open(&w);
	link.host = 77;
	link.port = 3;
	world_attach_link(&w, 1, &link, MH_HANDOFF_BETWEEN_MAGS);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.out.list[0].access.host, 1);
	CU_ASSERT_EQUAL(w.out.list[1].forward.link.port, 3);
	CU_ASSERT(addr6_equal(&w.out.list[1].forward.remote, &world_lma));
	CU_ASSERT_EQUAL(w.out.list[2].access.host, 77);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_BETWEEN_MAGS);
	CU_ASSERT(addr_prefix_equal(&w.sent.send.msg.opt.hnp[0].prefix, &world_prefix));
	world_detach(&w, 1, 1); /* the late word of the link that it left */
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_accept(&w);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT(world_published(&w, PMIP_PUB_SESSION_MOVED));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	world_free(&w);
}

void
attach_other_interface(void)
{
	struct pmip_link link = world_link(2);
	struct mh_msg pba;
	struct world w;

	world_open(&w);
	world_attach_link(&w, 1, &link, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 2);
	pba = world_pba(&w, MH_STATUS_ACCEPTED);
	pba.opt.hnp[0].prefix = world_prefix_2;
	world_answer(&w, pba);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(world_count(&w, STAT_SESSIONS_OPENED), 2);
	world_free(&w);
}

void
attach_handoff_between_interfaces(void)
{
	struct pmip_link link = world_link(2);
	struct world w;

	world_open(&w);
	world_attach_link(&w, 1, &link, MH_HANDOFF_BETWEEN_INTERFACES);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_SEND));
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.handoff.value, MH_HANDOFF_BETWEEN_INTERFACES);
	CU_ASSERT(memcmp(w.sent.send.msg.opt.mn_ll_id.id, link.mac.b, 6) == 0);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 1);
	world_free(&w);
}

void
attach_superseded_interface(void)
{
	struct pmip_link link = world_link(2);
	struct world w;

	world_open(&w);
	world_attach_link(&w, 1, &link, MH_HANDOFF_UNKNOWN);
	world_accept(&w); /* with the first interface's prefix */
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_FORWARD_CLEAR, PMIP_ACT_PUBLISH, PMIP_ACT_FORWARD_SET,
			     PMIP_ACT_ACCESS_SET, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(w.out.list[0].access.host, 1);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 1);
	world_detach(&w, 1, 1);
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_free(&w);
}

void
attach_host_is_someone_else(void)
{
	struct pmip_link link = world_link(1);
	struct world w;

	world_open(&w);
	world_attach_link(&w, 2, &link, MH_HANDOFF_UNKNOWN);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_LEAVING);
	CU_ASSERT_EQUAL(world_state(&w, 2), MAG_REGISTERING);
	CU_ASSERT_EQUAL(w.out.list[0].type, PMIP_ACT_FORWARD_CLEAR);
	world_free(&w);
}

void
settings_refused(void)
{
	struct mag_settings ok = world_settings(), s;

	s = ok;
	s.sessions_max = 0;
	CU_ASSERT_PTR_NULL(mag_new(&s));
	s = ok;
	s.lifetime_s = 3;
	CU_ASSERT_PTR_NULL(mag_new(&s));
	s = ok;
	s.lifetime_s = 262141;
	CU_ASSERT_PTR_NULL(mag_new(&s));
	s = ok;
	s.address = (struct addr6){0};
	CU_ASSERT_PTR_NULL(mag_new(&s));
	s = ok;
	s.timers.max_bindack_timeout_ms = s.timers.initial_bindack_timeout_ms - 1;
	CU_ASSERT_PTR_NULL(mag_new(&s));
}
