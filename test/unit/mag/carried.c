/* SPDX-License-Identifier: BSD-3-Clause */
/* What updates carry besides: GRE keys, services, groups. */
#include <stdio.h>
#include <stdlib.h>

#include "cases.h"

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* shows: RFC5845-3.3.1-02 */
void
gre_keys_are_unique(void)
{
	const uint32_t n = 100000;
	struct mag_settings s = world_settings();
	uint32_t *key = calloc(n, sizeof(*key)), same = 0, near = 0;
	struct world w;

	s.sessions_max = n;
	world_new_with(&w, &s);
	for (uint32_t i = 0; key != NULL && i < n; i++)
		key[i] = mag_gre_key(w.g, &w.g->session[i]);
	for (uint32_t i = 1; key != NULL && i < n; i++)
		near += key[i] - key[i - 1] < 1000;
	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	CU_ASSERT(near < n / 100);
	qsort(key, n, sizeof(*key), by_value);
	for (uint32_t i = 1; i < n; i++)
		same += key[i] == key[i - 1];
	CU_ASSERT_EQUAL(same, 0);
	free(key);
	world_free(&w);
}

static struct pmip_peer_settings
peer_with(enum pmip_gre gre)
{
	return (struct pmip_peer_settings){.name = "lma", .address = {world_lma, 128}, .gre = gre};
}

static struct mh_msg
granted(const struct world *w, uint32_t key)
{
	struct mh_msg pba = world_pba(w, MH_STATUS_ACCEPTED);

	mh_set(&pba, MH_OPT_GRE_KEY);
	pba.opt.gre_key = (struct mh_opt_gre_key){.given = true, .key = key};
	return pba;
}

static struct mh_msg
without_gre(const struct world *w)
{
	struct mh_msg pba = world_pba(w, MH_STATUS_ACCEPTED);

	pba.opt.present &= ~(1u << MH_OPT_GRE_KEY);
	return pba;
}

/* shows: RFC5845-3.3.2-03 RFC5845-4.2-06 RFC5845-4.2-07 */
void
gre_key_stays_with_its_session(void)
{
	struct pmip_peer_settings peer = peer_with(PMIP_GRE_OFFERED);
	struct mag_settings s = world_settings();
	struct world w;
	uint32_t own;

	s.peers = &peer;
	s.peer_count = 1;
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_GRE_KEY));
	own = w.sent.send.msg.opt.gre_key.key;
	world_answer(&w, granted(&w, 7));
	CU_ASSERT(world_view(&w, 1).gre_keyed);
	CU_ASSERT_EQUAL(world_view(&w, 1).key_in, own);
	CU_ASSERT_EQUAL(world_view(&w, 1).key_out, 7);
	/* The anchor leaves another session's key unanswered: no more is asked for there. */
	world_attach(&w, 2, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_NOT_EQUAL(w.sent.send.msg.opt.gre_key.key, own);
	world_answer(&w, without_gre(&w));
	CU_ASSERT_FALSE(world_view(&w, 2).gre);
	world_attach(&w, 3, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_GRE_KEY));
	world_detach(&w, 3, 3);
	world_pass(&w, 450000 - 1000);
	while (w.sent.send.msg.pbu.lifetime == 0 || w.sent.send.msg.opt.mn_id.id[2] != '1')
		world_pass(&w, 1000);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_GRE_KEY));
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.gre_key.key, own);
	world_free(&w);
}

/* shows: RFC5845-4.2-10 RFC5845-4.2-11 RFC5845-4.2-12 */
void
gre_not_required(void)
{
	struct pmip_peer_settings peer = peer_with(PMIP_GRE_OFFERED);
	struct mag_settings s = world_settings();
	struct mh_msg pba;
	struct world w;

	s.peers = &peer;
	s.peer_count = 1;
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	pba = granted(&w, 7);
	pba.pba.status = MH_STATUS_GRE_KEY_OPTION_NOT_REQUIRED;
	world_answer(&w, pba);
	CU_ASSERT_FALSE(world_act(&w, PMIP_ACT_FORWARD_SET)->forward.gre);
	world_pass(&w, 450000);
	CU_ASSERT_EQUAL(w.sends, 2);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_GRE_KEY));
	world_answer(&w, without_gre(&w));
	/* Of this session alone: another is asked about. */
	world_attach(&w, 2, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_GRE_KEY));
	world_answer(&w, granted(&w, 7));
	world_detach(&w, 2, 2);
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 0);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_GRE_KEY));
	world_free(&w);
}

void
gre_by_configuration(void)
{
	struct pmip_peer_settings peer = peer_with(PMIP_GRE_REQUIRED);
	struct mag_settings s = world_settings();
	struct world w;

	s.peers = &peer;
	s.peer_count = 1;
	world_new_with(&w, &s);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	world_answer(&w, without_gre(&w));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	CU_ASSERT(world_published(&w, PMIP_PUB_REJECTED));
	world_detach(&w, 1, 1); /* the anchor has it */
	CU_ASSERT_EQUAL(w.sent.send.msg.pbu.lifetime, 0);
	world_attach(&w, 1, MH_HANDOFF_NEW_INTERFACE);
	world_answer(&w, without_gre(&w));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_HELD);
	peer.gre = PMIP_GRE_OFF;
	CU_ASSERT(world_apply(&w, &s));
	world_pass(&w, 40000);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_GRE_KEY));
	world_accept(&w);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	CU_ASSERT_FALSE(world_act(&w, PMIP_ACT_FORWARD_SET)->forward.gre);
	world_free(&w);
}

void
service_names_are_bounded(void)
{
	struct mag_settings s = world_settings();
	struct world w;

	s.sessions_max = 2 * MAG_SERVICES_MAX;
	world_new_with(&w, &s);
	for (unsigned int n = 1; n < MAG_SERVICES_MAX; n++) {
		snprintf(w.profile.service, sizeof(w.profile.service), "service-%u", n);
		world_serve(&w, n);
	}
	CU_ASSERT_EQUAL(mag_session_count(w.g), MAG_SERVICES_MAX - 1);
	strcpy(w.profile.service, "one-more");
	world_attach(&w, 1000, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_PUBLISH));
	CU_ASSERT_EQUAL(world_act(&w, PMIP_ACT_PUBLISH)->publish.status, MH_STATUS_INSUFFICIENT_RESOURCES);
	/* One that is known, and none at all, need no place. */
	strcpy(w.profile.service, "service-9");
	world_serve(&w, 1001);
	w.profile.service[0] = '\0';
	world_serve(&w, 1002);
	CU_ASSERT_EQUAL(mag_session_count(w.g), MAG_SERVICES_MAX + 1);
	/* Who leaves gives the name back when it is the last that has it. */
	world_detach(&w, 9, 9);
	world_detach(&w, 5, 5);
	world_pass(&w, 2000);
	strcpy(w.profile.service, "one-more");
	world_attach(&w, 1000, MH_HANDOFF_NEW_INTERFACE);
	CU_ASSERT_EQUAL(world_state(&w, 1000), MAG_REGISTERING);
	CU_ASSERT_STRING_EQUAL(world_view(&w, 1000).service, "one-more");
	CU_ASSERT_STRING_EQUAL(world_view(&w, 1001).service, "service-9");
	world_free(&w);
}

/* shows: RFC5149-4.1-01 RFC5149-4.1-03 */
void
service_has_its_session(void)
{
	struct pmip_link other = world_link(1);
	struct world w;

	world_new(&w);
	strcpy(w.profile.service, "ims");
	world_serve(&w, 1);
	CU_ASSERT_EQUAL(w.sent.send.msg.opt.service.len, 3);
	/* Another interface takes over from one of the same service alone. */
	other.mac.b[0] = 6;
	other.host = 77;
	strcpy(w.profile.service, "internet");
	world_attach_link(&w, 1, &other, MH_HANDOFF_BETWEEN_INTERFACES);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 2);
	world_answer(&w, world_pba(&w, MH_STATUS_ADMINISTRATIVELY_PROHIBITED));
	other.mac.b[0] = 8;
	other.host = 78;
	strcpy(w.profile.service, "ims");
	world_attach_link(&w, 1, &other, MH_HANDOFF_BETWEEN_INTERFACES);
	CU_ASSERT_EQUAL(mag_session_count(w.g), 2);
	CU_ASSERT(WORLD_ACTS(&w, PMIP_ACT_ACCESS_CLEAR, PMIP_ACT_FORWARD_SET, PMIP_ACT_ACCESS_SET, PMIP_ACT_SEND));
	world_free(&w);
}

static struct mh_msg
in_group(const struct world *w, uint32_t id)
{
	struct mh_msg pba = world_pba(w, MH_STATUS_ACCEPTED);

	pba.pba.flags |= MH_PBA_B;
	pba.opt.group.id = id;
	return pba;
}

/* For so many units of 4 s. */
static void
serve_in_group_for(struct world *w, unsigned int n, uint32_t id, uint16_t lifetime)
{
	struct mh_msg pba;

	world_attach(w, n, MH_HANDOFF_NEW_INTERFACE);
	pba = in_group(w, id);
	pba.pba.lifetime = lifetime;
	pba.opt.hnp[0].prefix.addr.b[7] = (uint8_t)(n - 1);
	world_answer(w, pba);
	CU_ASSERT_EQUAL(world_view(w, n).group, id);
}

static void
serve_in_group(struct world *w, unsigned int n, uint32_t id)
{
	serve_in_group_for(w, n, id, 150);
}

/* Mobile node 1 is in group 7. */
static void
open_group(struct world *w)
{
	struct mag_settings s = world_settings();

	s.bulk = true;
	world_new_with(w, &s);
	serve_in_group(w, 1, 7);
}

/* All that waits is asked for by a group's update or by its own, before it expires. */
void
groups_are_bounded(void)
{
	const unsigned int n = 2 * MAG_GROUPS_MAX;
	struct mag_settings s = world_settings();
	struct world w;
	unsigned int groups = 0, singles = 0;

	s.sessions_max = n;
	s.bulk = true;
	world_new_with(&w, &s);
	for (unsigned int i = 1; i <= n; i++)
		serve_in_group(&w, i, 100 + i);
	for (unsigned int ms = 0; ms < 590000; ms += 10) {
		world_tick(&w, 10);
		for (unsigned int i = 0; i < w.out.count; i++) {
			const struct mh_msg *m = &w.out.list[i].send.msg;

			if (w.out.list[i].type != PMIP_ACT_SEND)
				continue;
			groups += !mh_has(m, MH_OPT_MN_ID);
			singles += mh_has(m, MH_OPT_MN_ID);
		}
	}
	CU_ASSERT(groups >= n);
	CU_ASSERT(singles >= n);
	CU_ASSERT_EQUAL(world_count(&w, STAT_SESSIONS_EXPIRED), 0);
	world_free(&w);
}

/* shows: RFC6602-5.1.2-08 RFC6602-5.1.2-09 */
void
bulk_switched_off(void)
{
	struct mag_settings s = world_settings();
	struct mh_msg pba;
	struct world w;

	s.bulk = true;
	world_new_with(&w, &s);
	serve_in_group(&w, 1, 7);
	s.bulk = false;
	CU_ASSERT(world_apply(&w, &s));
	world_pass(&w, 450000);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	CU_ASSERT_FALSE(w.sent.send.msg.pbu.flags & MH_PBU_B);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_GROUP_ID));
	pba = in_group(&w, 7);
	mh_set(&pba, MH_OPT_MN_GROUP_ID);
	pba.opt.group.subtype = MH_GROUP_BULK;
	world_answer(&w, pba); /* whatever the anchor says then */
	CU_ASSERT_EQUAL(world_view(&w, 1).group, 0);
	world_free(&w);
}

/* shows: RFC6602-5.1.2-04 RFC6602-5.1.3-01 RFC6602-5.1.3-02 */
void
group_update_names_no_session(void)
{
	struct pmip_peer_settings peer = peer_with(PMIP_GRE_OFFERED);
	struct mag_settings s = world_settings();
	const struct mh_msg *m;
	struct world w;

	s.bulk = true;
	s.peers = &peer;
	s.peer_count = 1;
	world_new_with(&w, &s);
	strcpy(w.profile.service, "ims");
	serve_in_group(&w, 1, 7);
	m = &w.sent.send.msg; /* the session's own */
	CU_ASSERT_EQUAL(m->pbu.flags, MH_PBU_A | MH_PBU_P | MH_PBU_B);
	CU_ASSERT(m->opt.group.subtype == MH_GROUP_BULK && m->opt.group.id == MH_GROUP_ALL_SESSIONS);
	world_pass(&w, 450000);
	CU_ASSERT_EQUAL(m->opt.group.id, 7);
	CU_ASSERT_EQUAL(m->opt.group.subtype, MH_GROUP_BULK);
	CU_ASSERT_EQUAL(m->pbu.flags, MH_PBU_A | MH_PBU_P);
	CU_ASSERT_EQUAL(m->opt.hnp_count, 0);
	CU_ASSERT_EQUAL(m->opt.present, 1u << MH_OPT_HANDOFF_INDICATOR | 1u << MH_OPT_ACCESS_TECH_TYPE |
						1u << MH_OPT_MN_GROUP_ID | 1u << MH_OPT_TIMESTAMP);
	world_free(&w);
}

/* A session that waits for its group's update is served no longer than it was granted. */
void
group_does_not_outlast_its_sessions(void)
{
	struct mag_settings s = world_settings();
	struct world w;

	s.bulk = true;
	s.timers.initial_bindack_timeout_ms = 30000;
	world_new_with(&w, &s);
	serve_in_group_for(&w, 1, 7, 25);
	world_pass(&w, 75000);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	world_pass(&w, 24999);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REFRESHING);
	world_pass(&w, 1);
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REGISTERING);
	world_free(&w);
}

/* The anchor's answer to a group's update. */
static struct mh_msg
for_group(const struct mh_msg *pbu, uint16_t lifetime)
{
	return (struct mh_msg){
		.type = MH_PBA, .pba = {.sequence = pbu->pbu.sequence, .lifetime = lifetime}, .opt = pbu->opt};
}

/* Granted for less time than before, all of the group have that at once, and nothing is asked for again. */
void
group_granted_less(void)
{
	struct world w;
	unsigned int sends;

	open_group(&w);
	world_pass(&w, 400000);
	serve_in_group(&w, 2, 7);
	world_pass(&w, 50000);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	world_answer(&w, for_group(&w.sent.send.msg, 15));
	world_tick(&w, 0);
	CU_ASSERT_EQUAL(world_view(&w, 1).expires_ms, 5000 + 450000 + 60000);
	CU_ASSERT_EQUAL(world_view(&w, 2).expires_ms, 5000 + 450000 + 60000);
	sends = w.sends;
	world_pass(&w, 40000);
	CU_ASSERT_EQUAL(w.sends, sends);
	world_pass(&w, 5000);
	CU_ASSERT_EQUAL(w.sends, sends + 1);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	world_free(&w);
}

/* Where there is no place for a sweep too: no more than an update a session. */
void
group_granted_less_one_by_one(void)
{
	struct world w;
	unsigned int sends;

	open_group(&w);
	world_pass(&w, 450000);
	for (unsigned int i = 0; i < MAG_SWEEPS_MAX; i++)
		w.g->sweep[i] = (struct mag_sweep){.kind = MAG_SWEEP_DEAD, .who = 1 + i};
	sends = w.sends;
	world_answer(&w, for_group(&w.sent.send.msg, 15));
	world_pass(&w, 40000);
	CU_ASSERT_EQUAL(w.sends, sends);
	CU_ASSERT_EQUAL(world_view(&w, 1).expires_ms, 5000 + 450000 + 60000);
	world_free(&w);
}

/* However short a lifetime is, there is time for a session's own update where its group's is not answered. */
void
group_unanswered_leaves_time(void)
{
	struct mag_settings s = world_settings();
	struct world w;

	s.bulk = true;
	world_new_with(&w, &s);
	serve_in_group_for(&w, 1, 7, 2);
	world_pass(&w, 6000);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	world_pass(&w, 1000);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_REFRESHING);
	world_answer(&w, in_group(&w, 7));
	CU_ASSERT_EQUAL(world_state(&w, 1), MAG_ACTIVE);
	CU_ASSERT_EQUAL(world_count(&w, STAT_SESSIONS_EXPIRED), 0);
	world_free(&w);
}

/* What an anchor refused before it restarted, it may grant. */
void
group_after_restart(void)
{
	struct mh_msg pba = {.type = MH_PBA};
	struct world w;

	open_group(&w);
	world_pass(&w, 450000);
	pba.pba.sequence = w.sent.send.msg.pbu.sequence;
	pba.pba.status = MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER;
	pba.opt = w.sent.send.msg.opt;
	world_answer(&w, pba);
	world_pass(&w, 1000);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	world_answer(&w, in_group(&w, 7));
	world_tick(&w, 1000);
	world_peer(&w, &world_lma, PMIP_PEER_RESTARTED);
	world_tick(&w, 0);
	CU_ASSERT(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	world_answer(&w, in_group(&w, 7));
	world_pass(&w, 450000);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	world_free(&w);
}

/* The group's update was on its way already: the anchor may have seen it before the session's own. */
void
group_that_comes_late_is_not_taken(void)
{
	struct mh_msg pba = {.type = MH_PBA};
	struct world w;

	open_group(&w);
	world_pass(&w, 450000);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	pba.pba = (struct mh_pba){.sequence = w.sent.send.msg.pbu.sequence, .lifetime = 150};
	pba.opt = w.sent.send.msg.opt;
	world_tick(&w, 10);
	serve_in_group_for(&w, 2, 7, 100);
	world_answer_from(&w, &world_other_lma, pba); /* of another anchor: of no group here */
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_IGNORED), 1);
	pba.pba.sequence++; /* of another update */
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_IGNORED), 2);
	pba.pba.sequence--;
	world_answer(&w, pba);
	world_pass(&w, 2000);
	CU_ASSERT_EQUAL(world_view(&w, 1).expires_ms, 5000 + 450000 + 600000);
	CU_ASSERT_EQUAL(world_view(&w, 2).expires_ms, 5000 + 450010 + 400000);
	/* An answer that comes again is to nothing. */
	world_answer(&w, pba);
	CU_ASSERT_EQUAL(world_count(&w, STAT_PBA_IGNORED), 3);
	world_pass(&w, 298010);
	CU_ASSERT_EQUAL(w.sends, 4);
	CU_ASSERT_FALSE(mh_has(&w.sent.send.msg, MH_OPT_MN_ID));
	CU_ASSERT_EQUAL(world_view(&w, 2).expires_ms, 5000 + 450010 + 400000);
	world_free(&w);
}
