/* SPDX-License-Identifier: BSD-3-Clause */
/* Partial handoffs that cross something else: their own repetition, older updates, sessions that end, full tables. */
#include "cases.h"
#include "partial.h"

/* Sent again because the answer was lost; the same message twice. */
static void
sent_again(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	struct addr6 mag2 = rig_mag(2);
	static struct rig r;
	struct mh_msg m;

	partial_open(&r);
	p.sequence = 700;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(partial_names(&r.pba, P2, NULL));
	m = rig_message(&r, &p);
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag2), 0);
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag2), 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_PREFIXES_MOVED], 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	/* Such a thing has still only the prefixes of this very move in its answer. */
	p = multi_at(2, EXISTING, P3);
	p.sequence = 701;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(partial_names(&r.pba, P3, NULL));
	rig_close(&r);
}

/* It was sent later than the last of the target, and than that of the source. */
static void
older_than_the_source(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	static struct rig r;

	partial_open(&r);
	p.timestamp_ms = -100;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	p.timestamp_ms = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(
		rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = 5, .hnp = {P1, P3}}), 0);
	p = multi_at(2, EXISTING, P3);
	p.timestamp_ms = -100;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	CU_ASSERT(partial_has(&r, 1, P1, P3, NULL));
	rig_close(&r);
}

/* The mobile node has shut the interface down before it asked. */
static void
from_a_session_that_left(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	static struct rig r;

	partial_open(&r);
	CU_ASSERT_EQUAL(
		rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = 4, .dereg = true}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "AFFHSPPS");
	CU_ASSERT(rig_sound(&r));
	rig_wait(&r, 60000);
	CU_ASSERT(partial_has(&r, 1, NULL, NULL, NULL));
	CU_ASSERT(partial_has(&r, 2, P2, NULL, NULL));
	rig_close(&r);
}

static void
from_a_session_that_is_revoked(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	static struct rig r;

	partial_open(&r);
	rig_step(&r, &(struct pmip_event){
			     .type = PMIP_EV_REVOKE,
			     .revoke = {.what = {.scope = PMIP_SCOPE_SESSION}, .trigger = MH_BRI_ADMINISTRATIVE}});
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
	CU_ASSERT(partial_has(&r, 1, P1, P2, P3));
	rig_close(&r);
}

/* Whichever of the two cannot be set, all is as it was. */
static void
taken_back(bool existing, unsigned int fails)
{
	struct pbu first = multi_at(2, NEW, P2), p = multi_at(2, existing ? EXISTING : NEW, P3);
	const uint64_t *c;
	static struct rig r;
	uint64_t accepted;

	partial_open(&r);
	c = lma_stat(r.l)->counter;
	if (existing)
		rig_send(&r, &first);
	accepted = c[STAT_PBA_ACCEPTED_TX];
	p.hnp[1] = P1;
	r.forward_fails = fails;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(c[STAT_PBA_ACCEPTED_TX], accepted);
	CU_ASSERT(rig_sound(&r));
	CU_ASSERT_EQUAL(lma_demand_count(r.l), existing);
	CU_ASSERT(existing ? partial_has(&r, 1, P1, P3, NULL) && partial_has(&r, 2, P2, NULL, NULL)
			   : partial_has(&r, 1, P1, P2, P3) && partial_has(&r, 2, NULL, NULL, NULL));
	/* The lifetime of a source that would have been emptied goes on. */
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), existing ? 2 : 1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), existing ? 1 : 2);
	rig_close(&r);
}

static void
forwarding_fails(void)
{
	taken_back(false, 1);
	taken_back(false, 2);
	taken_back(true, 1);
	taken_back(true, 2);
}

static void
bounds(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	static struct rig r;

	partial_settings(&r);
	r.s.sessions_max = 1;
	rig_start(&r);
	partial_attach(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT(partial_has(&r, 1, P1, P2, P3));
	rig_close(&r);
	/* No more than MH_HNP_MAX come together. */
	partial_settings(&r);
	r.profile.prefix_count = 0;
	r.profile.prefixes_wanted = MH_HNP_MAX;
	rig_start(&r);
	partial_attach(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 2, .ll = 2, .access_tech = ATT2}), 0);
	p = multi_at(2, EXISTING, "2001:db8:1000::/64");
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* Numbers are a gateway's own. */
static void
without_timestamps(void)
{
	struct pbu p = multi_at(2, NEW, P2);
	static struct rig r;

	partial_settings(&r);
	r.s.timestamps = false;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .sequence = 900}), 0);
	p.sequence = 5;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p = multi_at(2, EXISTING, P3);
	p.sequence = 5;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_SEQUENCE_OUT_OF_WINDOW);
	p.sequence = 6;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	rig_close(&r);
}

/* What was said to a gateway of a prefix that came back to it must not take it away. */
static void
comes_back_before_its_revocation_is_answered(void)
{
	struct pbu p = multi_at(2, NEW, P2), back = {.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = EXISTING};
	struct addr6 mag1 = rig_mag(1);
	static struct rig r;
	bool seen = false;

	partial_open(&r);
	p.hnp[1] = P3;
	rig_send(&r, &p);
	CU_ASSERT(partial_names(&r.said, P2, P3));
	back.hnp[0] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &back), 0);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 2);
	/* To each gateway what it has not, in turn. */
	for (unsigned int i = 0; i < 600; i++) {
		bool first = addr6_equal(&r.said_to, &mag1);

		CU_ASSERT(partial_names(&r.said, first ? P3 : P2, NULL));
		seen |= first;
		rig_wait(&r, 5);
	}
	CU_ASSERT(seen);
	back.hnp[0] = P3;
	CU_ASSERT_EQUAL(rig_send(&r, &back), 0);
	rig_wait(&r, 60000);
	CU_ASSERT_FALSE(addr6_equal(&r.said_to, &mag1));
	CU_ASSERT(partial_has(&r, 1, P1, P2, P3));
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"sent again, it is answered again", sent_again},
	{"older than the source's last update: 157", older_than_the_source},
	{"without timestamps", without_timestamps},
	{"from a session that was de-registered", from_a_session_that_left},
	{"from a session that is being revoked: 129", from_a_session_that_is_revoked},
	{"forwarding fails: taken back whole", forwarding_fails},
	{"no session and no place left: 130", bounds},
	{"a prefix comes back before its revocation is answered", comes_back_before_its_revocation_is_answered},
};

const struct case_table crossed_cases = {cases, UNIT_COUNT(cases)};
