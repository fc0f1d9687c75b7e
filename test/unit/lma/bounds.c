/* SPDX-License-Identifier: BSD-3-Clause */
/* What bounds the engine: full tables, long lists, closing, settings. */
#include <stdio.h>

#include "cases.h"
#include "engine.h"
#include "rig.h"

static void
attach_many(struct rig *r, unsigned int from, unsigned int to, uint16_t lifetime)
{
	char mn[16];

	for (unsigned int i = from; i < to; i++) {
		struct mh_msg m;
		struct addr6 src = rig_mag(1 + i % RIG_MAGS);

		snprintf(mn, sizeof(mn), "mn%u", i);
		m = rig_message(r, &(struct pbu){.mn = mn, .ll = 1, .lifetime = lifetime});
		CU_ASSERT_EQUAL(rig_send_message(r, &m, &src), 0);
	}
}

static void
sessions_max(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.sessions_max = 3;
	rig_start(&r);
	attach_many(&r, 0, 3, 900);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .ll = 1}), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 3);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn0", .ll = 1, .mag = 3}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .mag = 2, .ll = 1, .dereg = true}), 0);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .ll = 1}), 0);
	rig_close(&r);
}

static void
requests_max(void)
{
	struct rig r;
	char mn[16];

	rig_settings(&r);
	r.s.sessions_max = 4;
	rig_start(&r);
	r.policy_silent = true;
	for (unsigned int i = 0; i < 4; i++) {
		snprintf(mn, sizeof(mn), "mn%u", i);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = mn}), RIG_SILENCE);
	}
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn9"}), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(r.questions, 4);
	rig_wait(&r, 10000);
	r.policy_silent = false;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn9"}), 0);
	rig_close(&r);
}

/* One mobile node cannot have it all, however many interfaces its gateways tell of. */
static void
of_one_node(void)
{
	struct rig r;
	const uint8_t most = LMA_NODE_MAX;

	rig_open(&r);
	for (uint8_t ll = 1; ll <= most; ll++)
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = ll}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = most + 1}), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = most}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = most + 1}), 0);
	r.policy_silent = true;
	for (uint8_t ll = 1; ll <= most; ll++)
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = ll}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = most + 2}), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = most}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn4", .ll = 1}), RIG_SILENCE);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), most + 1);
	/* What was given up makes room. */
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = most + 2}), RIG_SILENCE);
	rig_close(&r);
}

static void
many_expire(void)
{
	struct rig r;
	struct lma_pool_view pool;

	rig_open(&r);
	attach_many(&r, 0, 1000, 5);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1000);
	CU_ASSERT(rig_sound(&r));
	r.lists = 0;
	rig_wait(&r, 20000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_EXPIRED], 1000);
	CU_ASSERT(r.list_most <= PMIP_ACTIONS_MAX);
	CU_ASSERT(r.lists >= 2000 / PMIP_ACTIONS_MAX);
	CU_ASSERT(lma_pool(r.l, 0, &pool));
	CU_ASSERT_EQUAL(pool.used, 0);
	CU_ASSERT_EQUAL(lma_due(r.l), UINT64_MAX);
	rig_close(&r);
}

static void
close_one(void)
{
	struct rig r;

	rig_open(&r);
	attach_many(&r, 0, 2, 900);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = 1}});
	CU_ASSERT_EQUAL(rig_only(&r)->session, 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_CLOSED], 1);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = 1}});
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = 123456}});
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

static void
close_all(void)
{
	struct rig r;

	rig_open(&r);
	attach_many(&r, 0, 300, 900);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn7", .mag = 4, .ll = 1, .dereg = true}), 0);
	r.policy_silent = true;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "asking"}), RIG_SILENCE);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = PMIP_SESSION_NONE}});
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	CU_ASSERT(r.list_most <= PMIP_ACTIONS_MAX);
	CU_ASSERT_EQUAL(lma_due(r.l), UINT64_MAX);
	r.policy_silent = false;
	attach_many(&r, 0, 1, 900);
	rig_close(&r);
}

/* A table that is nearly empty is looked through in slices too. */
static void
close_few_of_many(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.sessions_max = 100000;
	rig_start(&r);
	attach_many(&r, 0, 1, 900);
	r.lists = 0;
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = PMIP_SESSION_NONE}});
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT(r.lists > 10);
	CU_ASSERT_EQUAL(lma_due(r.l), UINT64_MAX);
	rig_close(&r);
}

static void
opened_while_closing(void)
{
	struct rig r;

	rig_open(&r);
	attach_many(&r, 0, 100, 900);
	rig_wait(&r, 1);
	CU_ASSERT(rig_step_once(&r,
				&(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = PMIP_SESSION_NONE}}));
	CU_ASSERT_EQUAL(lma_due(r.l), 0);
	r.now.mono_ms++;
	attach_many(&r, 200, 201, 900); /* serves what is left to close, too */
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT(rig_only(&r)->opened_ms == r.now.mono_ms);
	rig_close(&r);
}

/* A failure that is told when the session is another's must not touch that one. */
static void
late_failure(void)
{
	struct rig r;
	struct pmip_action failed = {.type = PMIP_ACT_FORWARD_SET, .session = 0};

	rig_settings(&r);
	r.s.sessions_max = 1;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = 0}});
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_EFFECT_FAILED, .failed = {.action = &failed, .error = -28}});
	CU_ASSERT_EQUAL(r.answers, 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);
}

static void
table_is_law(void)
{
	struct rig r;
	enum lma_state s = LMA_FREE;

	rig_open(&r);
	CU_ASSERT_FALSE(lma_enter(r.l, &s, LMA_LINGER));
	CU_ASSERT_EQUAL(s, LMA_FREE);
	CU_ASSERT_EQUAL(lma_refused_transitions(r.l), 1);
	CU_ASSERT(lma_enter(r.l, &s, LMA_WAITING));
	CU_ASSERT_FALSE(lma_enter(r.l, &s, LMA_ACTIVE));
	CU_ASSERT_EQUAL(lma_refused_transitions(r.l), 2);
	/* What was taken is counted, and nothing else. */
	CU_ASSERT_EQUAL(lma_transitions(r.l, LMA_FREE, LMA_WAITING), 1);
	CU_ASSERT_EQUAL(lma_transitions(r.l, LMA_WAITING, LMA_ACTIVE), 0);
	CU_ASSERT_EQUAL(lma_transitions(r.l, LMA_FREE, LMA_STATE_COUNT), 0);
	CU_ASSERT_EQUAL(lma_transitions(r.l, LMA_STATE_COUNT, LMA_FREE), 0);
	lma_free(r.l);
}

static void
prefix_is_not_reused_soon(void)
{
	struct rig r;
	struct addr_prefix first;

	rig_settings(&r);
	r.s.timers.min_delay_before_bce_delete_ms = 0;
	r.s.pool_count = 1;
	r.s.pools = &r.pool[1];
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "a", .ll = 1}), 0);
	first = r.pba.opt.hnp[0].prefix;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "a", .ll = 1, .dereg = true}), 0);
	for (unsigned int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "b", .ll = 1}), 0);
		CU_ASSERT_FALSE(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &first));
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "b", .ll = 1, .dereg = true}), 0);
	}
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "b", .ll = 1}), 0);
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &first));
	rig_close(&r);
}

static void
settings_refused(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.sessions_max = 0;
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	rig_settings(&r);
	r.s.lifetime_max_s = 3;
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	r.s.lifetime_max_s = 262141;
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	rig_settings(&r);
	r.s.timers.timestamp_validity_window_ms = 0;
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	rig_settings(&r);
	r.pool[1].block = rig_prefix("2001:db8:1000::/56");
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	rig_settings(&r);
	r.pool[1].len = 61;
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	rig_settings(&r);
	r.s.timestamps = false;
	r.s.mn_timestamps = true; /* RFC 5213 section 9.3 */
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	rig_settings(&r);
	r.s.address = (struct addr6){0};
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
}

/* Identifiers that differ in their last byte alone, of lengths around that which an entry holds; and again. */
static void
long_identifiers(void)
{
	static const unsigned int lens[] = {MH_MN_ID_MAX, PMIP_ID_HEAD + 1, PMIP_ID_HEAD, 2, MH_MN_ID_MAX - 1};
	char mn[MH_MN_ID_MAX + 1] = "";
	struct pmip_mn_id id;
	struct lma_view v;
	struct rig r;

	rig_settings(&r);
	r.s.sessions_max = 2;
	rig_start(&r);
	for (unsigned int i = 0; i < 3 * sizeof(lens) / sizeof(lens[0]); i++) {
		unsigned int last = lens[i % (sizeof(lens) / sizeof(lens[0]))] - 1;

		memset(mn, 'x', last);
		memset(mn + last, 0, sizeof(mn) - last);
		for (mn[last] = 'a'; mn[last] <= 'b'; mn[last]++)
			CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = mn, .ll = 1}), 0);
		for (mn[last] = 'a'; mn[last] <= 'b'; mn[last]++) {
			CU_ASSERT_EQUAL(pmip_mn_id_parse(mn, &id), 0);
			CU_ASSERT(lma_next_of(r.l, &id, PMIP_SESSION_NONE, &v) && pmip_mn_id_equal(&v.mn_id, &id));
			CU_ASSERT_FALSE(lma_next_of(r.l, &id, v.session, &v));
			CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = mn, .ll = 1, .dereg = true}), 0);
		}
		rig_wait(&r, 10000);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	}
	rig_close(&r);
}

/* Each prefix leads to its session, and none to one that is over, whatever had its place before. */
static void
sessions_by_prefix(void)
{
	static const uint8_t counts[][3] = {{8, 1, 3}, {1, 8, 8}, {2, 2, 1}};
	struct lma_view v;
	struct rig r;
	char mn[16];

	rig_settings(&r);
	r.s.sessions_max = 3;
	rig_start(&r);
	for (unsigned int round = 0; round < 3; round++) {
		unsigned int sum = 0;

		for (unsigned int i = 0; i < 3; i++) {
			r.profile.prefixes_wanted = counts[round][i];
			snprintf(mn, sizeof(mn), "mn%u", i);
			CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = mn, .ll = 1}), 0);
			CU_ASSERT_EQUAL(r.pba.opt.hnp_count, counts[round][i]);
		}
		for (uint32_t at = 0; lma_next(r.l, at, &v); at = v.session + 1)
			for (unsigned int k = 0; k < v.prefix_count; k++, sum++)
				CU_ASSERT_PTR_EQUAL(lma_session_find_prefix(r.l, &v.prefix[k]),
						    &r.l->session[v.session]);
		CU_ASSERT_EQUAL(sum, counts[round][0] + counts[round][1] + counts[round][2]);
		CU_ASSERT(rig_sound(&r));
		rig_step(&r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {PMIP_SESSION_NONE}});
		CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
		CU_ASSERT_PTR_NULL(lma_session_find_prefix(r.l, &r.pba.opt.hnp[0].prefix));
		CU_ASSERT(r.l->by_prefix.count == 0 && r.l->by_further.count == 0);
	}
	rig_close(&r);
}

static void
state_names(void)
{
	CU_ASSERT_STRING_EQUAL(lma_state_name(LMA_ACTIVE), "active");
	CU_ASSERT_STRING_EQUAL(lma_state_name((enum lma_state)99), "unknown");
}

static const struct unit_case cases[] = {
	{"a full cache refuses new sessions with 130 and keeps the old", sessions_max},
	{"updates that wait for policy are bounded, 130", requests_max},
	{"a mobile node has so many sessions and waiting updates at most, 130", of_one_node},
	{"a thousand sessions that end at once make lists of at most 64 actions", many_expire},
	{"one session is closed by command", close_one},
	{"all sessions and waiting updates are closed by command, in slices", close_all},
	{"closing a few of many takes no step for long", close_few_of_many},
	{"a session opened while all are being closed stays", opened_while_closing},
	{"a failure told late touches no other session", late_failure},
	{"a change of state that the table does not allow is refused and counted", table_is_law},
	{"a prefix given back is the last to be given again", prefix_is_not_reused_soon},
	{"identifiers of any length are told apart, and leave nothing behind", long_identifiers},
	{"a session is found by each of its prefixes while it is there", sessions_by_prefix},
	{"settings out of their range are refused", settings_refused},
	{"states have names", state_names},
};

const struct case_table bounds_cases = {cases, UNIT_COUNT(cases)};
