/* SPDX-License-Identifier: BSD-3-Clause */
/* De-registration and the wait that follows it: RFC 5213 section 5.3.5. */
#include "cases.h"
#include "rig.h"

static void
deregistration(void)
{
	struct rig r;
	struct lma_pool_view pool;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	/* shows: RFC5213-5.3.5-02 RFC5213-5.3.5-03 RFC5213-5.3.5-05 RFC5213-5.3.1-16 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true, .handoff = 4}), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "HS");
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT_FALSE(addr6_is_zero(&r.pba.opt.hnp[0].prefix.addr));
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_LINGER);
	rig_wait(&r, 9999);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_LINGER);
	/* shows: RFC5213-5.3.5-07 */
	rig_wait(&r, 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_CLOSED], 1);
	CU_ASSERT(lma_pool(r.l, 0, &pool));
	CU_ASSERT_EQUAL(pool.used, 0);
	rig_close(&r);
}

static void
back_in_time(void)
{
	struct rig r;
	struct addr_prefix prefix;

	for (unsigned int mag = 1; mag <= 2; mag++) {
		rig_open(&r);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
		prefix = rig_only(&r)->prefix[0];
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
		rig_wait(&r, 5000);
		/* shows: RFC5213-5.3.5-06 */
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = mag, .handoff = 3}), 0);
		CU_ASSERT_STRING_EQUAL(r.trace, "FSP");
		CU_ASSERT_EQUAL(rig_only(&r)->expires_ms, r.now.mono_ms + 3600000);
		CU_ASSERT_EQUAL(rig_only(&r)->lifetime_s, 3600);
		CU_ASSERT_EQUAL(rig_only(&r)->timestamp, r.now.wall);
		rig_wait(&r, 10000);
		CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_ACTIVE);
		CU_ASSERT(addr_prefix_equal(&rig_only(&r)->prefix[0], &prefix));
		CU_ASSERT_EQUAL(rig_only(&r)->handovers, mag - 1);
		rig_close(&r);
	}
}

static void
said_again(void)
{
	struct rig r;
	struct mh_msg m;
	struct addr6 mag = rig_mag(1);

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	rig_wait(&r, 10);
	m = rig_message(&r, &(struct pbu){.ll = 1, .dereg = true});
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag), 0);
	/* The network's copy, and the gateway's retransmission with a later time. */
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "S");
	rig_wait(&r, 6000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true, .sequence = m.pbu.sequence}), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "S");
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 0);
	/* The wait was not begun anew. */
	rig_wait(&r, 4000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);
}

/* Pitfall: the old gateway notices late that the mobile node has left. */
static void
late_from_the_old_gateway(void)
{
	struct rig r;
	struct addr6 mag2 = rig_mag(2);

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3}), 0);
	/* shows: RFC5213-5.3.5-01 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 1, .dereg = true}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 1, .dereg = true, .timestamp_ms = -250}), 157);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_ACTIVE);
	CU_ASSERT(addr6_equal(&rig_only(&r)->proxy_coa, &mag2));
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_PBU_IGNORED], 1);
	/* It did not count as accepted: the new gateway's next update is in order. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .timestamp_ms = -15}), 0);
	rig_close(&r);
}

static void
alternate_address_counts(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .alt_coa = "2001:db8:100::77"}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 3, .alt_coa = "2001:db8:100::77", .dereg = true}),
			0);
	rig_close(&r);
}

static void
about_nothing(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5213-5.4.1.1-08 RFC5213-5.4.1.2-13 RFC5213-5.4.1.3-08 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.dereg = true}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.dereg = true, .ll = 9}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.dereg = true, .hnp = {"2001:db8:1000:9::/64"}}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.dereg = true, .ll = 9}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.dereg = true, .ll = 9, .handoff = 4}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.dereg = true, .handoff = 4}), RIG_SILENCE);
	/* Of its prefix, but by none of the conditions of section 5.4.1.1 item 5. */
	CU_ASSERT_EQUAL(
		rig_send(&r,
			 &(struct pbu){.dereg = true, .ll = 9, .mag = 2, .handoff = 4, .hnp = {"2001:db8:1000::/64"}}),
		RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_ACTIVE);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

static void
no_wait(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.timers.min_delay_before_bce_delete_ms = 0;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "HSCP");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);
}

static void
old_registration_in_the_wait(void)
{
	struct rig r;
	struct mh_msg m;
	struct addr6 mag = rig_mag(1);

	rig_open(&r);
	m = rig_message(&r, &(struct pbu){.ll = 1});
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
	/* The network delivers the first message once more: it must not bring the session back. */
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag), 157);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_LINGER);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"a de-registration stops forwarding, is answered, and the entry goes after the wait", deregistration},
	{"an update during the wait ends it, from the same gateway or another", back_in_time},
	{"a de-registration said again is answered again and the wait goes on", said_again},
	{"a late de-registration of the old gateway is ignored, an older one is answered 157",
	 late_from_the_old_gateway},
	{"the alternate care-of address is what tells whose de-registration it is", alternate_address_counts},
	{"a de-registration of no session is ignored", about_nothing},
	{"without a delay the entry goes at once", no_wait},
	{"an old registration that comes during the wait is answered 157", old_registration_in_the_wait},
};

const struct case_table deregister_cases = {cases, UNIT_COUNT(cases)};
