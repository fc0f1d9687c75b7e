/* SPDX-License-Identifier: BSD-3-Clause */
/* Lifetime extension, with and without a handoff: RFC 5213 sections 5.3.3 and 5.3.4. */
#include "cases.h"
#include "rig.h"

static void
refresh(void)
{
	struct rig r;
	struct lma_view before, after;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	before = *rig_only(&r);
	rig_wait(&r, 60000);
	/* shows: RFC5213-5.3.1-17 RFC5213-5.3.3-01 RFC5213-5.3.3-02 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1,
						   .handoff = 5,
						   .sequence = 99,
						   .lifetime = 600,
						   .link_local = "fe80::9",
						   .hnp = {"2001:db8:1000::/64"}}),
			0);
	CU_ASSERT_STRING_EQUAL(r.trace, "SP");
	after = *rig_only(&r);
	CU_ASSERT_EQUAL(after.session, before.session);
	CU_ASSERT_EQUAL(after.lifetime_s, 2400);
	CU_ASSERT_EQUAL(after.expires_ms, r.now.mono_ms + 2400000);
	CU_ASSERT_EQUAL(after.timestamp, r.now.wall);
	CU_ASSERT_EQUAL(after.sequence, 99);
	CU_ASSERT_EQUAL(after.handoff, 5);
	CU_ASSERT_EQUAL(after.link_local.b[15], 9);
	CU_ASSERT_EQUAL(after.opened_ms, before.opened_ms);
	CU_ASSERT_EQUAL(after.handovers, 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_REFRESHED], 1);
	rig_close(&r);
}

static void
handover(void)
{
	struct rig r;
	struct addr6 mag2 = rig_mag(2);
	struct addr_prefix prefix;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	prefix = rig_only(&r)->prefix[0];
	rig_wait(&r, 60000);
	/* shows: RFC5213-5.3.1-18 RFC5213-5.3.4-01 RFC5213-5.3.4-02 RFC5213-5.3.4-06 RFC5213-5.4.1.2-03 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3, .sequence = 5, .lifetime = 600}),
			0);
	CU_ASSERT_STRING_EQUAL(r.trace, "FSP"); /* one replacement: never a moment without */
	CU_ASSERT(addr6_equal(&r.forward[rig_only(&r)->session].remote, &mag2));
	CU_ASSERT_EQUAL(rig_only(&r)->expires_ms, r.now.mono_ms + 2400000);
	CU_ASSERT_EQUAL(rig_only(&r)->timestamp, r.now.wall);
	CU_ASSERT_EQUAL(rig_only(&r)->sequence, 5);
	CU_ASSERT_EQUAL(rig_only(&r)->handoff, 3);
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &prefix));
	CU_ASSERT(addr6_equal(&rig_only(&r)->proxy_coa, &mag2));
	CU_ASSERT_EQUAL(rig_only(&r)->handovers, 1);
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_HANDOVERS], 1);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_MOVED], 1);
	rig_close(&r);
}

static void
moved_by_alternate_address(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .alt_coa = "2001:db8:100::77"}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .alt_coa = "2001:db8:100::77"}), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->handovers, 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2}), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->handovers, 1);
	rig_close(&r);
}

static void
duplicate(void)
{
	struct rig r;
	struct mh_msg m, first;
	struct addr6 mag = rig_mag(1);
	uint64_t expires;

	rig_open(&r);
	m = rig_message(&r, &(struct pbu){.link_local = "::"});
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag), 0);
	first = r.pba;
	expires = rig_only(&r)->expires_ms;
	rig_wait(&r, 5);
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "S");
	CU_ASSERT_EQUAL(r.pba.pba.sequence, first.pba.sequence);
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, first.pba.lifetime);
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &first.opt.hnp[0].prefix));
	CU_ASSERT(addr6_equal(&r.pba.opt.link_local.addr, &first.opt.link_local.addr));
	CU_ASSERT_EQUAL(rig_only(&r)->expires_ms, expires);
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_PBU_DUPLICATE], 1);
	rig_close(&r);
}

static void
no_duplicate(void)
{
	struct rig r;
	struct mh_msg m, other;
	struct addr6 mag = rig_mag(1), another = rig_mag(2);

	rig_open(&r);
	m = rig_message(&r, &(struct pbu){.ll = 1});
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag), 0);
	/* Its time and number, but from another gateway, or with another wish: equal is not later. */
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &another), MH_STATUS_TIMESTAMP_MISMATCH);
	other = m;
	other.pbu.lifetime = 0;
	CU_ASSERT_EQUAL(rig_send_message(&r, &other, &mag), MH_STATUS_TIMESTAMP_MISMATCH);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_ACTIVE);
	rig_close(&r);
}

static void
retransmission(void)
{
	struct rig r;

	/* With a link-layer identifier and without: the answer was lost, the same number comes with a later time. */
	for (unsigned int ll = 0; ll < 2; ll++) {
		rig_open(&r);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = (uint8_t)ll, .sequence = 40}), 0);
		rig_wait(&r, 1000);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = (uint8_t)ll, .sequence = 40}), 0);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
		rig_close(&r);
	}
}

static void
expiry(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .lifetime = 10}), 0);
	rig_wait(&r, 39999);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_wait(&r, 1);
	CU_ASSERT_STRING_EQUAL(r.trace, "CP");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_EXPIRED], 1);
	CU_ASSERT_EQUAL(lma_due(r.l), UINT64_MAX);
	rig_close(&r);
}

static void
forwarding_fails_new(void)
{
	struct rig r;
	struct lma_pool_view pool;

	rig_open(&r);
	r.forward_error = -28;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_STRING_EQUAL(r.trace, "AFSP");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	CU_ASSERT(lma_pool(r.l, 0, &pool));
	CU_ASSERT_EQUAL(pool.used, 0);
	CU_ASSERT_EQUAL(lma_due(r.l), UINT64_MAX);
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_PBA_ACCEPTED_TX], 0);
	r.forward_error = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	rig_close(&r);
}

static void
forwarding_fails_handover(void)
{
	struct rig r;
	struct lma_view before;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	before = *rig_only(&r);
	r.forward_error = -28;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3}), MH_STATUS_INSUFFICIENT_RESOURCES);
	/* It stays where it was. */
	CU_ASSERT(addr6_equal(&rig_only(&r)->proxy_coa, &before.proxy_coa));
	CU_ASSERT_EQUAL(rig_only(&r)->expires_ms, before.expires_ms);
	CU_ASSERT_EQUAL(rig_only(&r)->timestamp, before.timestamp);
	CU_ASSERT_EQUAL(rig_only(&r)->handovers, 0);
	/* A de-registered one goes on waiting for its end. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3}), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_LINGER);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 0);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"a refresh updates the entry and touches no forwarding", refresh},
	{"a handover keeps the prefixes and replaces the forwarding in one action", handover},
	{"the alternate care-of address is what tells a handover", moved_by_alternate_address},
	{"a duplicate gets the same answer and changes nothing", duplicate},
	{"what differs from the last update in more than its options is no duplicate", no_duplicate},
	{"an update that is sent again makes no second session", retransmission},
	{"a session ends when its lifetime does", expiry},
	{"a new session whose forwarding fails is undone and answered 130", forwarding_fails_new},
	{"a handover whose forwarding fails leaves the binding as it was, 130", forwarding_fails_handover},
};

const struct case_table extend_cases = {cases, UNIT_COUNT(cases)};
