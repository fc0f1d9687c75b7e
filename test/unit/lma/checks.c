/* SPDX-License-Identifier: BSD-3-Clause */
/* The checks of an update and their order: RFC 5213 sections 5.3.1 and 5.5. */
#include "cases.h"
#include "rig.h"

#define NO_OPTIONS .no_mn_id = true, .no_hnp = true, .no_handoff = true, .no_access_tech = true

static void
missing_mn_id(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5213-5.3.1-04 RFC5213-5.3.1-05 RFC5213-5.3.6-06 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_mn_id = true}), MH_STATUS_MISSING_MN_IDENTIFIER_OPTION);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_MN_ID));
	CU_ASSERT_EQUAL(r.pba.opt.mn_id.len, 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = ""}), MH_STATUS_MISSING_MN_IDENTIFIER_OPTION);
	CU_ASSERT_EQUAL(r.questions, 0);
	rig_close(&r);
}

static void
unauthorised_gateway(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5213-5.3.1-06 RFC5213-5.3.1-07 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.src = "2001:db8:bad::1"}),
			MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(r.questions, 0);
	rig_close(&r);
}

static void
unknown_mobile_node(void)
{
	struct rig r;

	rig_open(&r);
	r.policy_unknown = true;
	/* shows: RFC5213-5.3.1-08 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE);
	r.policy_unknown = false;
	r.profile.lma_given = true;
	r.profile.lma = rig_addr("2001:db8:100::99");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE);
	r.profile.lma = r.s.address;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), MH_STATUS_ACCEPTED);
	rig_close(&r);
}

static void
registration_not_enabled(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.proxy_registration = false;
	rig_start(&r);
	/* shows: RFC5213-5.3.1-09 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), MH_STATUS_PROXY_REG_NOT_ENABLED);
	rig_close(&r);
}

static void
mandatory_options(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5213-5.3.1-11 RFC5213-5.3.1-19 RFC5213-5.3.6-09 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_hnp = true}), MH_STATUS_MISSING_HOME_NETWORK_PREFIX_OPTION);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT(addr6_is_zero(&r.pba.opt.hnp[0].prefix.addr));
	/* shows: RFC5213-5.3.1-12 RFC5213-5.3.6-13 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_handoff = true}), MH_STATUS_MISSING_HANDOFF_INDICATOR_OPTION);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_HANDOFF_INDICATOR));
	CU_ASSERT_EQUAL(r.pba.opt.handoff.value, 0);
	/* shows: RFC5213-5.3.1-13 RFC5213-5.3.6-16 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_access_tech = true}), MH_STATUS_MISSING_ACCESS_TECH_TYPE_OPTION);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_ACCESS_TECH_TYPE));
	CU_ASSERT_EQUAL(r.pba.opt.access_tech.value, 0);
	rig_close(&r);
}

/* One update with every fault, mended fault by fault, meets the statuses in the order of section 5.3.1. */
static void
order_of_checks(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.proxy_registration = false;
	rig_start(&r);
	r.policy_unknown = true;
	/* shows: RFC5213-5.3-01 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){NO_OPTIONS, .src = "2001:db8:bad::1", .timestamp_ms = -9000}), 160);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.src = "2001:db8:bad::1",
						   .no_hnp = true,
						   .no_handoff = true,
						   .no_access_tech = true,
						   .timestamp_ms = -9000}),
			154);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_hnp = true,
						   .no_handoff = true,
						   .no_access_tech = true,
						   .timestamp_ms = -9000}),
			153);
	r.policy_unknown = false;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_hnp = true,
						   .no_handoff = true,
						   .no_access_tech = true,
						   .timestamp_ms = -9000}),
			152);
	rig_close(&r);
	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_hnp = true,
						   .no_handoff = true,
						   .no_access_tech = true,
						   .timestamp_ms = -9000}),
			156);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_hnp = true, .no_handoff = true, .no_access_tech = true}), 158);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_handoff = true, .no_access_tech = true}), 161);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_access_tech = true, .hnp = {"2001:db8:bad::/64"}}), 162);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.hnp = {"2001:db8:bad::/64"}}), 155);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), 0);
	rig_close(&r);
}

static void
timestamp_window(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5213-5.3.1-10 RFC5213-5.5-04 RFC5213-5.5-13 RFC5213-5.5-14 RFC5213-5.5-15 */
	/* shows: RFC5213-5.5-21 RFC5213-5.5-22 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.timestamp_ms = -400}), MH_STATUS_TIMESTAMP_MISMATCH);
	CU_ASSERT_EQUAL(r.pba.opt.timestamp.wall, r.now.wall);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.timestamp_ms = 400}), MH_STATUS_TIMESTAMP_MISMATCH);
	CU_ASSERT_EQUAL(r.pba.opt.timestamp.wall, r.now.wall);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.timestamp = 1}), MH_STATUS_TIMESTAMP_MISMATCH);
	/* shows: RFC5213-5.5-05 RFC5213-5.5-12 RFC5213-5.5-18 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.timestamp_ms = -290, .sequence = 777}), MH_STATUS_ACCEPTED);
	CU_ASSERT_EQUAL(r.pba.opt.timestamp.wall, r.now.wall - clock_wall_of_ms(290));
	CU_ASSERT_EQUAL(r.pba.pba.sequence, 777);
	rig_close(&r);
}

static void
timestamp_zero(void)
{
	struct rig r;
	struct mh_msg m;
	struct addr6 mag = rig_mag(1);

	rig_open(&r);
	m = rig_message(&r, &(struct pbu){0});
	m.opt.timestamp.wall = 0;
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag), MH_STATUS_TIMESTAMP_MISMATCH);
	rig_close(&r);
}

static void
window_of_a_peer(void)
{
	struct rig r;

	rig_settings(&r);
	r.peer[0].timestamp_window_ms = 5000;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.timestamp_ms = -4000}), MH_STATUS_ACCEPTED);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .timestamp_ms = -6000}), MH_STATUS_TIMESTAMP_MISMATCH);
	rig_close(&r);
}

static void
timestamp_lower(void)
{
	struct rig r;
	uint64_t accepted;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), MH_STATUS_ACCEPTED);
	accepted = r.pba.opt.timestamp.wall;
	/* shows: RFC5213-5.5-17 RFC5213-5.5-19 RFC5213-5.5-20 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3, .timestamp = accepted - 1}),
			MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	CU_ASSERT_EQUAL(r.pba.opt.timestamp.wall, r.now.wall);
	/* An old message may be outside the window too; that it was overtaken is the better reason. */
	rig_wait(&r, 5000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .timestamp = accepted - 1}),
			MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	/* Equal is not greater. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3, .timestamp = accepted}),
			MH_STATUS_TIMESTAMP_MISMATCH);
	/* shows: RFC5213-5.5-11: the sequence number is each gateway's own */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .sequence = 1}), MH_STATUS_ACCEPTED);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .sequence = 1}), MH_STATUS_ACCEPTED);
	rig_close(&r);
}

static void
timestamps_of_another_node(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "a", .timestamp_ms = 200}), MH_STATUS_ACCEPTED);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "b", .timestamp_ms = -200}), MH_STATUS_ACCEPTED);
	rig_close(&r);
}

static void
mobile_node_timestamps(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.mn_timestamps = true;
	r.peer[0].timestamp_window_ms = 1;
	rig_start(&r);
	/* shows: RFC5213-5.5-16 RFC5213-5.5-18 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .timestamp = 5}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.timestamp.wall, 5);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .timestamp = 4}), 157);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .timestamp = 5}), 156);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3, .timestamp = UINT64_MAX}), 0);
	CU_ASSERT_EQUAL(r.pba.opt.timestamp.wall, UINT64_MAX);
	CU_ASSERT_EQUAL(rig_only(&r)->handovers, 1);
	rig_close(&r);
}

static void
sequence_numbers(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5213-5.5-23 RFC5213-5.5-26 RFC5213-5.5-24 RFC5213-5.5-25 RFC5213-5.1-03 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .no_timestamp = true, .sequence = 65000}), 0);
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_TIMESTAMP));
	CU_ASSERT_EQUAL(rig_only(&r)->timestamp, 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .no_timestamp = true, .sequence = 65000}), 135);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .no_timestamp = true, .sequence = 64000}), 135);
	CU_ASSERT_EQUAL(r.pba.pba.sequence, 65000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .no_timestamp = true, .sequence = 100}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .no_timestamp = true, .sequence = 100 + 32768}), 135);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .no_timestamp = true, .sequence = 100 + 32767}), 0);
	/* shows: RFC5213-5.5-03: each session has its own */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .no_timestamp = true, .sequence = 7}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .no_timestamp = true, .sequence = 6}), 135);
	CU_ASSERT_EQUAL(r.pba.pba.sequence, 7);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .no_timestamp = true, .sequence = 100 + 32768}), 0);
	rig_close(&r);
}

static void
sequence_mode(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.timestamps = false;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .sequence = 9, .timestamp_ms = -99999}), 0);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_TIMESTAMP));
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .sequence = 9}), MH_STATUS_SEQUENCE_OUT_OF_WINDOW);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .sequence = 10}), 0);
	rig_close(&r);
}

static void
unusable_care_of_address(void)
{
	static const char *const unusable[] = {"::",	  "::1",     "::ffff:192.0.2.1",
					       "ff02::1", "fe80::1", "2001:db8:100::1"};
	struct rig r;

	rig_open(&r);
	for (unsigned int i = 0; i < UNIT_COUNT(unusable); i++)
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.alt_coa = unusable[i]}), RIG_SILENCE);
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_PBU_IGNORED], UNIT_COUNT(unusable));
	CU_ASSERT_EQUAL(r.questions, 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	/* The gateway of this very node has the anchor's address. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.src = "2001:db8:100::1"}), 0);
	rig_close(&r);
}

static void
foreign_messages(void)
{
	struct rig r;
	struct mh_msg pba = {.type = MH_PBA}, be = {.type = MH_BE};
	struct addr6 mag = rig_mag(1);

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send_message(&r, &pba, &mag), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send_message(&r, &be, &mag), RIG_SILENCE);
	CU_ASSERT_EQUAL(lma_stat(r.l)->drop[STAT_DROP_MH_UNEXPECTED], 1);
	rig_close(&r);
}

static void
counted(void)
{
	struct rig r;
	const uint64_t *c;

	rig_open(&r);
	c = lma_stat(r.l)->counter;
	rig_send(&r, &(struct pbu){0});
	rig_send(&r, &(struct pbu){.no_hnp = true});
	CU_ASSERT_EQUAL(c[STAT_PBU_RX], 2);
	CU_ASSERT_EQUAL(c[STAT_PBA_ACCEPTED_TX], 1);
	CU_ASSERT_EQUAL(c[STAT_PBA_REJECTED_TX], 1);
	CU_ASSERT_EQUAL(c[STAT_SESSIONS_OPENED], 1);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_REJECTED], 1);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_OPENED], 1);
	rig_close(&r);
}

/* However much they ask, and without harm to a gateway's answer. */
static void
strangers(void)
{
	static const struct pbu asked[] = {
		{.src = "2001:db8:9::1"},
		{.src = "2001:db8:9::1", .no_mn_id = true},
		{.src = "2001:db8:9::1", .no_mn_id = true, .group = 5, .no_bulk = true},
	};
	struct rig r;
	unsigned int answers;

	rig_open(&r);
	for (unsigned int k = 0; k < UNIT_COUNT(asked); k++) {
		answers = r.answers;
		for (unsigned int i = 0; i < 2 * r.s.timers.be_rate_per_s; i++)
			rig_send(&r, &asked[k]);
		CU_ASSERT_EQUAL(r.answers, answers + r.s.timers.be_rate_per_s);
		CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_MH_UNANSWERED], (k + 1) * r.s.timers.be_rate_per_s);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_mn_id = true}), 160);
		rig_wait(&r, 1000);
	}
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"an update without an identifier is answered 160 with a zero-length one", missing_mn_id},
	{"an update of a gateway that is no peer is answered 154", unauthorised_gateway},
	{"a mobile node that policy does not know, or gives another anchor, is answered 153", unknown_mobile_node},
	{"152 while proxy registration is not enabled", registration_not_enabled},
	{"158, 161 and 162 for missing options, which are zero in the answer", mandatory_options},
	{"the checks are made in the order of section 5.3.1", order_of_checks},
	{"a timestamp outside the window is answered 156 with the anchor's time", timestamp_window},
	{"a timestamp of zero is a timestamp", timestamp_zero},
	{"a peer may have a window of its own", window_of_a_peer},
	{"a timestamp below the last is answered 157, an equal one 156", timestamp_lower},
	{"timestamps are compared within one binding", timestamps_of_another_node},
	{"without a timestamp sequence numbers order updates, modulo 2^16, 135", sequence_numbers},
	{"where timestamps are not in use they are copied and not looked at", sequence_mode},
	{"an update for a care-of address that is not routed is discarded", unusable_care_of_address},
	{"the mobile nodes' own timestamps may be of any time, as long as they grow", mobile_node_timestamps},
	{"messages that are no updates are counted and not answered", foreign_messages},
	{"updates of strangers are answered at a bounded rate", strangers},
	{"updates, answers and sessions are counted and published", counted},
};

const struct case_table checks_cases = {cases, UNIT_COUNT(cases)};
