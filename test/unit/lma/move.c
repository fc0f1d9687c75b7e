/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partial handoffs: draft-jeyatharan-netext-pmip-partial-handoff-00. Interface 1 (ATT1) is at gateway 1, interface 2
 * (ATT2) at gateway 2, as in the draft's figures.
 */
#include <string.h>

#include "cases.h"
#include "engine.h"
#include "rig.h"

#define P1	 "2001:db8:a:1::/64"
#define P2	 "2001:db8:a:2::/64"
#define P3	 "2001:db8:a:3::/64"
#define NEW	 241
#define EXISTING 242
#define ATT1	 5
#define ATT2	 4

static void
settings(struct rig *r)
{
	static const char *const prefixes[] = {P1, P2, P3};

	rig_settings(r);
	r->s.multihoming.partial_new = NEW;
	r->s.multihoming.partial_existing = EXISTING;
	r->s.revocation = true;
	for (unsigned int i = 0; i < 3; i++)
		r->profile.prefix[i] = rig_prefix(prefixes[i]);
	r->profile.prefix_count = 3;
}

static int
attach_first(struct rig *r)
{
	return rig_send(r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1});
}

/* Figure 1. */
static void
open_first(struct rig *r)
{
	settings(r);
	rig_start(r);
	CU_ASSERT_EQUAL(attach_first(r), 0);
}

static struct pbu
to_second(uint8_t handoff, const char *prefix)
{
	return (struct pbu){.mag = 2, .ll = 2, .access_tech = ATT2, .handoff = handoff, .hnp = {prefix}};
}

/* The session at a gateway has these prefixes, in this order, and no other. */
static bool
has(struct rig *r, unsigned int mag, const char *a, const char *b, const char *c)
{
	const char *const want[] = {a, b, c};
	struct addr6 coa = rig_mag(mag);
	unsigned int count = (a != NULL) + (b != NULL) + (c != NULL);
	struct lma_view v;

	for (uint32_t at = 0; lma_next(r->l, at, &v); at = v.session + 1) {
		if (!addr6_equal(&v.proxy_coa, &coa))
			continue;
		for (unsigned int i = 0; i < v.prefix_count && i < count; i++) {
			struct addr_prefix p = rig_prefix(want[i]);

			if (!addr_prefix_equal(&v.prefix[i], &p))
				return false;
		}
		return v.prefix_count == count;
	}
	return count == 0;
}

static bool
names(const struct mh_msg *m, const char *a, const char *b)
{
	unsigned int count = (a != NULL) + (b != NULL);

	for (unsigned int i = 0; i < count && i < m->opt.hnp_count; i++) {
		struct addr_prefix p = rig_prefix(i == 0 ? a : b);

		if (!addr_prefix_equal(&m->opt.hnp[i].prefix, &p))
			return false;
	}
	return m->opt.hnp_count == count;
}

static void
to_new_interface(void)
{
	struct pbu p = to_second(NEW, P2);
	struct addr6 mag1 = rig_mag(1);
	static struct rig r;

	open_first(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	/* Asked about, then: the target, the source, the answer, opened, moved, the source's gateway. */
	CU_ASSERT_STRING_EQUAL(r.trace, "AFFSPPS");
	CU_ASSERT_EQUAL(r.pba.opt.handoff.value, NEW);
	CU_ASSERT(names(&r.pba, P2, NULL));
	CU_ASSERT(has(&r, 1, P1, P3, NULL));
	CU_ASSERT(has(&r, 2, P2, NULL, NULL));
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_SESSION_OPENED], 2);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_PREFIXES_MOVED], 1);
	CU_ASSERT_EQUAL(r.told, 1);
	CU_ASSERT_EQUAL(r.said.type, MH_BRI);
	CU_ASSERT_EQUAL(r.said.bri.trigger, MH_BRI_ADMINISTRATIVE);
	CU_ASSERT(mh_has(&r.said, MH_OPT_MN_ID));
	CU_ASSERT(names(&r.said, P2, NULL));
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
	struct pbu first = to_second(NEW, P2), second = to_second(EXISTING, P3);
	static struct rig r;

	open_first(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &first), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &second), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "FFSPS");
	CU_ASSERT(names(&r.pba, P3, NULL));
	CU_ASSERT(names(&r.said, P3, NULL));
	CU_ASSERT(has(&r, 1, P1, NULL, NULL));
	CU_ASSERT(has(&r, 2, P2, P3, NULL));
	CU_ASSERT_EQUAL(
		rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = EXISTING, .hnp = {P2}}),
		0);
	CU_ASSERT(has(&r, 1, P1, P2, NULL));
	CU_ASSERT(has(&r, 2, P3, NULL, NULL));
	/* It has not heard that P2 is gone. */
	CU_ASSERT_EQUAL(
		rig_send(&r,
			 &(struct pbu){
				 .mag = 2, .ll = 2, .access_tech = ATT2, .handoff = 4, .dereg = true, .hnp = {P2, P3}}),
		0);
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 0);
	CU_ASSERT(rig_sound(&r));
	rig_wait(&r, 60000);
	CU_ASSERT(has(&r, 1, P1, P2, NULL));
	CU_ASSERT(has(&r, 2, NULL, NULL, NULL));
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

/* A de-registration that was so wrong all along is refused as RFC 5213 section 5.4.1.1 has it. */
static void
other_deregistrations(void)
{
	struct pbu p = to_second(NEW, P2);
	static struct rig r;

	open_first(&r);
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
	CU_ASSERT(has(&r, 1, NULL, NULL, NULL));
	CU_ASSERT(has(&r, 2, P2, NULL, NULL));
	rig_close(&r);
}

static void
emptied_source_ends(void)
{
	struct pbu p = to_second(NEW, P1);
	static struct rig r;

	open_first(&r);
	p.hnp[1] = P3;
	p.hnp[2] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT(has(&r, 2, P1, P3, P2));
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
	struct pbu p = to_second(NEW, P2);
	static struct rig r;

	settings(&r);
	r.s.revocation = false;
	rig_start(&r);
	attach_first(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT(has(&r, 2, P2, NULL, NULL));
	rig_close(&r);
	open_first(&r);
	p.mag = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.told, 0);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
}

static void
unknown_prefixes(void)
{
	struct pbu p = to_second(NEW, "2001:db8:a:9::/64"), q = to_second(EXISTING, P2);
	static struct rig r;

	open_first(&r);
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
	CU_ASSERT(has(&r, 1, P1, P2, P3));
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

static void
targets(void)
{
	struct pbu first = to_second(NEW, P2), again = to_second(NEW, P3), p = to_second(EXISTING, P2);
	static struct rig r;

	open_first(&r);
	/* There is none yet. */
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_REASON_UNSPECIFIED);
	CU_ASSERT_EQUAL(rig_send(&r, &first), 0);
	/* There is one by now. */
	CU_ASSERT_EQUAL(rig_send(&r, &again), MH_STATUS_REASON_UNSPECIFIED);
	/* Of two sessions. */
	p.hnp[0] = P1;
	p.hnp[1] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	CU_ASSERT(has(&r, 1, P1, P3, NULL));
	CU_ASSERT(has(&r, 2, P2, NULL, NULL));
	/* Without an identifier the target is told by its gateway. */
	again.handoff = EXISTING;
	again.ll = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &again), 0);
	CU_ASSERT(has(&r, 2, P2, P3, NULL));
	rig_close(&r);
}

static void
lenient(void)
{
	struct pbu first = to_second(EXISTING, P2), again = to_second(NEW, P3);
	static struct rig r;

	settings(&r);
	r.s.multihoming.lenient = true;
	r.s.multihoming.full_set = true;
	rig_start(&r);
	attach_first(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &first), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &again), 0);
	CU_ASSERT(has(&r, 2, P2, P3, NULL));
	/* All that the target has. */
	CU_ASSERT(names(&r.pba, P2, P3));
	rig_close(&r);
}

static void
numbers_of_a_peer(void)
{
	struct pbu p = to_second(0x91, P2);
	static struct rig r;

	settings(&r);
	r.peer[0].partial_given = true;
	r.peer[0].partial_new = 0x91;
	rig_start(&r);
	attach_first(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	/* The domain's number says nothing here, nor does the other of the peer's, which it has not. */
	p = to_second(NEW, P3);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p = to_second(MH_HANDOFF_RESERVED, P3);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	rig_close(&r);
}

/* As RFC 5213 section 5.4.1.1 has it. */
static void
off(void)
{
	struct pbu p = to_second(NEW, P2);
	static struct rig r;

	settings(&r);
	r.s.multihoming = (struct pmip_multihoming){0};
	rig_start(&r);
	attach_first(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p.handoff = EXISTING;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	CU_ASSERT(has(&r, 1, P1, P2, P3));
	rig_close(&r);
}

/* Sent again because the answer was lost; the same message twice. */
static void
sent_again(void)
{
	struct pbu p = to_second(NEW, P2);
	struct addr6 mag2 = rig_mag(2);
	static struct rig r;
	struct mh_msg m;

	open_first(&r);
	p.sequence = 700;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(names(&r.pba, P2, NULL));
	m = rig_message(&r, &p);
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag2), 0);
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &mag2), 0);
	CU_ASSERT_EQUAL(r.published[PMIP_PUB_PREFIXES_MOVED], 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	/* Such a thing has still only the prefixes of this very move in its answer. */
	p = to_second(EXISTING, P3);
	p.sequence = 701;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(names(&r.pba, P3, NULL));
	rig_close(&r);
}

/* It was sent later than the last of the target, and than that of the source. */
static void
older_than_the_source(void)
{
	struct pbu p = to_second(NEW, P2);
	static struct rig r;

	open_first(&r);
	p.timestamp_ms = -100;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	p.timestamp_ms = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(
		rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = 5, .hnp = {P1, P3}}), 0);
	p = to_second(EXISTING, P3);
	p.timestamp_ms = -100;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	CU_ASSERT(has(&r, 1, P1, P3, NULL));
	rig_close(&r);
}

/* The mobile node has shut the interface down before it asked. */
static void
from_a_session_that_left(void)
{
	struct pbu p = to_second(NEW, P2);
	static struct rig r;

	open_first(&r);
	CU_ASSERT_EQUAL(
		rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = 4, .dereg = true}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "AFFHSPPS");
	CU_ASSERT(rig_sound(&r));
	rig_wait(&r, 60000);
	CU_ASSERT(has(&r, 1, NULL, NULL, NULL));
	CU_ASSERT(has(&r, 2, P2, NULL, NULL));
	rig_close(&r);
}

static void
from_a_session_that_is_revoked(void)
{
	struct pbu p = to_second(NEW, P2);
	static struct rig r;

	open_first(&r);
	rig_step(&r, &(struct pmip_event){
			     .type = PMIP_EV_REVOKE,
			     .revoke = {.what = {.scope = PMIP_SCOPE_SESSION}, .trigger = MH_BRI_ADMINISTRATIVE}});
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
	CU_ASSERT(has(&r, 1, P1, P2, P3));
	rig_close(&r);
}

/* Whichever of the two cannot be set, all is as it was. */
static void
taken_back(bool existing, unsigned int fails)
{
	struct pbu first = to_second(NEW, P2), p = to_second(existing ? EXISTING : NEW, P3);
	const uint64_t *c;
	static struct rig r;
	uint64_t accepted;

	open_first(&r);
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
	CU_ASSERT(existing ? has(&r, 1, P1, P3, NULL) && has(&r, 2, P2, NULL, NULL)
			   : has(&r, 1, P1, P2, P3) && has(&r, 2, NULL, NULL, NULL));
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
	struct pbu p = to_second(NEW, P2);
	static struct rig r;

	settings(&r);
	r.s.sessions_max = 1;
	rig_start(&r);
	attach_first(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT(has(&r, 1, P1, P2, P3));
	rig_close(&r);
	/* No more than MH_HNP_MAX come together. */
	settings(&r);
	r.profile.prefix_count = 0;
	r.profile.prefixes_wanted = MH_HNP_MAX;
	rig_start(&r);
	attach_first(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 2, .ll = 2, .access_tech = ATT2}), 0);
	p = to_second(EXISTING, "2001:db8:1000::/64");
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* Numbers are a gateway's own. */
static void
without_timestamps(void)
{
	struct pbu p = to_second(NEW, P2);
	static struct rig r;

	settings(&r);
	r.s.timestamps = false;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 1, .ll = 1, .access_tech = ATT1, .sequence = 900}), 0);
	p.sequence = 5;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p = to_second(EXISTING, P3);
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
	struct pbu p = to_second(NEW, P2), back = {.mag = 1, .ll = 1, .access_tech = ATT1, .handoff = EXISTING};
	struct addr6 mag1 = rig_mag(1);
	static struct rig r;
	bool seen = false;

	open_first(&r);
	p.hnp[1] = P3;
	rig_send(&r, &p);
	CU_ASSERT(names(&r.said, P2, P3));
	back.hnp[0] = P2;
	CU_ASSERT_EQUAL(rig_send(&r, &back), 0);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 2);
	/* To each gateway what it has not, in turn. */
	for (unsigned int i = 0; i < 600; i++) {
		bool first = addr6_equal(&r.said_to, &mag1);

		CU_ASSERT(names(&r.said, first ? P3 : P2, NULL));
		seen |= first;
		rig_wait(&r, 5);
	}
	CU_ASSERT(seen);
	back.hnp[0] = P3;
	CU_ASSERT_EQUAL(rig_send(&r, &back), 0);
	rig_wait(&r, 60000);
	CU_ASSERT_FALSE(addr6_equal(&r.said_to, &mag1));
	CU_ASSERT(has(&r, 1, P1, P2, P3));
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
	{"sent again, it is answered again", sent_again},
	{"older than the source's last update: 157", older_than_the_source},
	{"without timestamps", without_timestamps},
	{"from a session that was de-registered", from_a_session_that_left},
	{"from a session that is being revoked: 129", from_a_session_that_is_revoked},
	{"forwarding fails: taken back whole", forwarding_fails},
	{"no session and no place left: 130", bounds},
	{"a prefix comes back before its revocation is answered", comes_back_before_its_revocation_is_answered},
};

const struct case_table move_cases = {cases, UNIT_COUNT(cases)};
