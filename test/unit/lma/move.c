/* SPDX-License-Identifier: BSD-3-Clause */
/* Partial handoffs as their draft has them, figure by figure, and what is refused. */
#include "cases.h"
#include "engine.h"
#include "partial.h"

static void
to_new_interface(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	struct addr6 mag1 = rig_mag(1);
	static struct rig r;

	partial_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	/* Asked about, then: the target, the source, the answer, opened, moved, the source's gateway. */
	CU_ASSERT_STRING_EQUAL(r.trace, "AFFSPPS");
	CU_ASSERT_EQUAL(r.pba.opt.handoff.value, NEW);
	CU_ASSERT(partial_names(&r.pba, P2, NULL));
	CU_ASSERT(partial_has(&r, 1, P1, P3, NULL));
	CU_ASSERT(partial_has(&r, 2, P2, NULL, NULL));
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_OPENED], 2);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_PREFIXES_MOVED], 1);
	CU_ASSERT_EQUAL(r.told, 1);
	CU_ASSERT_EQUAL(r.said.type, MH_BRI);
	CU_ASSERT_EQUAL(r.said.bri.trigger, MH_BRI_ADMINISTRATIVE);
	CU_ASSERT(mh_has(&r.said, MH_OPT_MN_ID));
	CU_ASSERT(partial_names(&r.said, P2, NULL));
	CU_ASSERT(addr6_equal(&r.said_to, &mag1));
	CU_ASSERT(rig_sound(&r));
	rig_acknowledge(&r, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_REVOKED], 1);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	/* Both go on as sessions of their own. */
	CU_ASSERT_EQUAL(
		rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = 5, .hnp = {P1, P3}}), 0);
	p.handoff = MH_HANDOFF_NO_CHANGE;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
}

/* Figures 2, 4 and 6 in turn; the source's gateway de-registers what it has left, Figure 7. */
static void
there_and_back(void)
{
	struct pbu first = multi_at(2, NEW, P2), second = multi_at(2, EXISTING, P3);
	static struct rig r;

	partial_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &first), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &second), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "FFSPS");
	CU_ASSERT(partial_names(&r.pba, P3, NULL));
	CU_ASSERT(partial_names(&r.said, P3, NULL));
	CU_ASSERT(partial_has(&r, 1, P1, NULL, NULL));
	CU_ASSERT(partial_has(&r, 2, P2, P3, NULL));
	CU_ASSERT_EQUAL(
		rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = EXISTING, .hnp = {P2}}),
		0);
	CU_ASSERT(partial_has(&r, 1, P1, P2, NULL));
	CU_ASSERT(partial_has(&r, 2, P3, NULL, NULL));
	/* It has not heard that P2 is gone. */
	CU_ASSERT_EQUAL(
		rig_send(&r,
			 &(struct pbu){
				 .mag = 2, .ll = 2, .access_tech = ATT2, .handoff = 4, .dereg = true, .hnp = {P2, P3}}),
		0);
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 0);
	CU_ASSERT(rig_sound(&r));
	rig_wait(&r, 60000);
	CU_ASSERT(partial_has(&r, 1, P1, P2, NULL));
	CU_ASSERT(partial_has(&r, 2, NULL, NULL, NULL));
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

/* A de-registration that was so wrong all along is refused as RFC 5213 section 5.4.1.1 has it. */
static void
other_deregistrations(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	static struct rig r;

	partial_open(&r);
	rig_send(&r, &p);
	/* Another's prefixes alone, too few, one of nobody, from elsewhere. */
	p = (struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = 4, .dereg = true, .hnp = {P1, P2}};
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p.hnp[2] = "2001:db8:a:9::/64";
	p.hnp[3] = P3;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p.hnp[2] = P3;
	p.hnp[3] = NULL;
	p.mag = 3;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p.mag = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	/* Said again during the wait. */
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	rig_wait(&r, 60000);
	CU_ASSERT(partial_has(&r, 1, NULL, NULL, NULL));
	CU_ASSERT(partial_has(&r, 2, P2, NULL, NULL));
	rig_close(&r);
}

static void
emptied_source_ends(void)
{
	struct pbu p = multi_at(2, NEW, P1);
	static struct rig r;

	partial_open(&r);
	p.hnp[1] = P3;
	p.hnp[2] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT(partial_has(&r, 2, P1, P3, P2));
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_CLOSED], 1);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_EXPIRED], 0);
	/* The revocation outlives it, and is said again. */
	CU_ASSERT_EQUAL(r.told, 1);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 3);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(r.told, 2);
	CU_ASSERT_EQUAL(r.said.opt.hnp_count, 3);
	rig_close(&r);
}

/* Without revocation nothing is said; nor is it to the gateway that has asked. */
static void
source_is_not_told(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	static struct rig r;

	partial_settings(&r);
	r.s.revocation = false;
	rig_start(&r);
	partial_attach(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT(partial_has(&r, 2, P2, NULL, NULL));
	rig_close(&r);
	partial_open(&r);
	p.mag = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
}

static void
unknown_prefixes(void)
{
	struct pbu p = multi_at(2, NEW, "2001:db8:a:9::/64"), q = multi_at(2, EXISTING, P2);
	static struct rig r;

	partial_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	CU_ASSERT_EQUAL(r.pba.opt.handoff.value, NEW);
	p.hnp[1] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	/* ALL_ZERO is none that moves; no option at all is one that is missing. */
	p.hnp[0] = NULL;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	p.no_hnp = true;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_MISSING_HOME_NETWORK_PREFIX_OPTION);
	/* Another mobile node's. */
	q.mn = "mn2@example.com";
	q.handoff = NEW;
	CU_ASSERT_EQUAL(rig_send(&r, &q), MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX);
	CU_ASSERT(partial_has(&r, 1, P1, P2, P3));
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

static void
targets(void)
{
	struct pbu first = multi_at(2, NEW, P2), again = multi_at(2, NEW, P3), p = multi_at(2, EXISTING, P2);
	static struct rig r;

	partial_open(&r);
	/* There is none yet. */
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_REASON_UNSPECIFIED);
	CU_ASSERT_EQUAL(rig_send(&r, &first), 0);
	/* There is one by now. */
	CU_ASSERT_EQUAL(rig_send(&r, &again), MH_STATUS_REASON_UNSPECIFIED);
	/* Of two sessions. */
	p.hnp[0] = P1;
	p.hnp[1] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	CU_ASSERT(partial_has(&r, 1, P1, P3, NULL));
	CU_ASSERT(partial_has(&r, 2, P2, NULL, NULL));
	/* Without an identifier the target is told by its gateway. */
	again.handoff = EXISTING;
	again.ll = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &again), 0);
	CU_ASSERT(partial_has(&r, 2, P2, P3, NULL));
	rig_close(&r);
}

static void
lenient(void)
{
	struct pbu first = multi_at(2, EXISTING, P2), again = multi_at(2, NEW, P3);
	static struct rig r;

	partial_settings(&r);
	r.s.multihoming.lenient = true;
	r.s.multihoming.full_set = true;
	rig_start(&r);
	partial_attach(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &first), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &again), 0);
	CU_ASSERT(partial_has(&r, 2, P2, P3, NULL));
	/* All that the target has. */
	CU_ASSERT(partial_names(&r.pba, P2, P3));
	rig_close(&r);
}

static void
numbers_of_a_peer(void)
{
	struct pbu p = multi_at(2, 0x91, P2);
	static struct rig r;

	partial_settings(&r);
	r.peer[0].partial_given = true;
	r.peer[0].partial_new = 0x91;
	rig_start(&r);
	partial_attach(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	/* The domain's number says nothing here, nor does the other of the peer's, which it has not. */
	p = multi_at(2, NEW, P3);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p = multi_at(2, MH_HANDOFF_RESERVED, P3);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	rig_close(&r);
}

/* As RFC 5213 section 5.4.1.1 has it. */
static void
off(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	static struct rig r;

	partial_settings(&r);
	r.s.multihoming = (struct pmip_multihoming){0};
	rig_start(&r);
	partial_attach(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p.handoff = EXISTING;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	CU_ASSERT(partial_has(&r, 1, P1, P2, P3));
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"PARTIAL-HANDOFF-4.2-03 4.2-09 4.2-10 4.2-13 4.2-14 4.2-15: to a new interface, Figures 1 to 3",
	 to_new_interface},
	{"PARTIAL-HANDOFF-4.2-04 4.2-12: to an existing one and back, Figures 4 to 7", there_and_back},
	{"a de-registration that lists what has moved away, and others that are refused", other_deregistrations},
	{"a source without prefixes ends, and its gateway is told all the same", emptied_source_ends},
	{"nobody is told: without revocation, at the same gateway", source_is_not_told},
	{"PARTIAL-HANDOFF-4.2-05 4.2-08: prefixes without a binding 155, none 158", unknown_prefixes},
	{"PARTIAL-HANDOFF-4.2-07 4.2-11: targets that are not there or there already 128, two sources 159", targets},
	{"lenient, and answers with the full set", lenient},
	{"a peer's own numbers", numbers_of_a_peer},
	{"off: as RFC 5213 has it", off},
};

const struct case_table move_cases = {cases, UNIT_COUNT(cases)};
