/* SPDX-License-Identifier: BSD-3-Clause */
/* Updates of unknown handoff state: RFC 5213 sections 5.4.1.2 item 4 and 5.4.1.3 item 3. */
#include "cases.h"
#include "rig.h"

#define UNKNOWN .mag = 2, .handoff = 4

static void
deregistered_in_time(void)
{
	struct rig r;
	struct addr_prefix prefix;
	unsigned int before;

	/* With another link-layer identifier, and without one. */
	for (unsigned int ll = 0; ll <= 2; ll += 2) {
		rig_open(&r);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
		prefix = rig_only(&r)->prefix[0];
		/* shows: RFC5213-5.4.1.2-09 RFC5213-5.4.1.3-04 */
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = (uint8_t)ll, UNKNOWN}), RIG_SILENCE);
		CU_ASSERT_EQUAL(lma_waiting_count(r.l), 1);
		rig_wait(&r, 900);
		before = r.answers;
		rig_send(&r, &(struct pbu){.ll = 1, .mag = 1, .dereg = true});
		CU_ASSERT_EQUAL(r.answers, before + 2); /* the old gateway's, and then the new one's at once */
		CU_ASSERT_STRING_EQUAL(r.trace, "HSFSP");
		CU_ASSERT(addr_prefix_equal(&rig_only(&r)->prefix[0], &prefix));
		CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_ACTIVE);
		CU_ASSERT_EQUAL(rig_only(&r)->handovers, 1);
		CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
		CU_ASSERT_EQUAL(r.questions, 1);
		rig_close(&r);
	}
}

static void
not_deregistered(void)
{
	struct rig r;
	unsigned int before;

	/* With another link-layer identifier, and without one. */
	for (unsigned int ll = 0; ll <= 2; ll += 2) {
		rig_open(&r);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = (uint8_t)ll, UNKNOWN}), RIG_SILENCE);
		before = r.answers;
		rig_wait(&r, 1499);
		CU_ASSERT_EQUAL(r.answers, before);
		/* shows: RFC5213-5.4.1.2-07 RFC5213-5.4.1.2-10 RFC5213-5.4.1.3-05 */
		rig_wait(&r, 1);
		CU_ASSERT_EQUAL(r.answers, before + 1);
		CU_ASSERT_EQUAL(r.pba.pba.status, 0);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
		CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_HANDOVERS], 0);
		rig_close(&r);
	}
}

static void
waiting_is_off(void)
{
	struct rig r;

	for (unsigned int ll = 0; ll <= 2; ll += 2) {
		rig_settings(&r);
		r.s.timers.max_delay_before_new_bce_assign_ms = 0;
		rig_start(&r);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
		/* shows: RFC5213-5.4.1.2-11 RFC5213-5.4.1.3-06 */
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = (uint8_t)ll, UNKNOWN}), 0);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
		rig_close(&r);
	}
}

/* Pitfall: the old gateway is the first to notice. */
static void
deregistered_before(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
	rig_wait(&r, 930);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN}), 0);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_ACTIVE);
	CU_ASSERT_EQUAL(rig_only(&r)->handovers, 1);
	rig_close(&r);
}

/* Pitfall: the gateway's first retransmission, after a second, falls into the wait. */
static void
sent_again_in_the_wait(void)
{
	struct rig r;
	unsigned int before;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN, .sequence = 70}), RIG_SILENCE);
	before = r.answers;
	rig_wait(&r, 990);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN, .sequence = 71}), RIG_SILENCE);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 1);
	rig_wait(&r, 500);
	/* One answer, to the last; and the wait was not begun anew. */
	CU_ASSERT_EQUAL(r.answers, before + 1);
	CU_ASSERT_EQUAL(r.pba.pba.sequence, 71);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
}

static void
left_in_the_wait(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN, .dereg = true}), RIG_SILENCE);
	rig_wait(&r, 3000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	rig_close(&r);
}

static void
two_wait(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .mag = 2, .handoff = 4}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 3, .mag = 3, .handoff = 4}), RIG_SILENCE);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 2);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
	/* One of them goes on with the session, the other waits for that one then, for the rest of its time. */
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 1);
	rig_wait(&r, 1490);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	CU_ASSERT_EQUAL(lma_stat(r.l)->counter[STAT_HANDOVERS], 1);
	rig_close(&r);
}

static void
two_wait_in_turn(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .mag = 2, .handoff = 4}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 3, .mag = 3, .handoff = 4}), RIG_SILENCE);
	rig_send(&r, &(struct pbu){.ll = 1, .dereg = true});
	CU_ASSERT_EQUAL(rig_only(&r)->mn_ll_id->id[5], 2);
	rig_send(&r, &(struct pbu){.ll = 2, .mag = 2, .dereg = true});
	CU_ASSERT_EQUAL(rig_only(&r)->mn_ll_id->id[5], 3);
	CU_ASSERT_EQUAL(rig_only(&r)->state, LMA_ACTIVE);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	rig_close(&r);
}

/* The wait that is over is over for an update that is sent again while policy is asked, too. */
static void
sent_again_after_the_wait(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	r.policy_silent = true;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN, .sequence = 70}), RIG_SILENCE);
	rig_wait(&r, 1500);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN, .sequence = 71}), RIG_SILENCE);
	rig_answer_policy(&r);
	CU_ASSERT_EQUAL(r.pba.pba.sequence, 71);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	rig_close(&r);
}

/* A gateway that learns how its mobile node came has no use for what it asked before, without knowing. */
static void
overtaken_by_its_own_gateway(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){UNKNOWN}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 2, .handoff = 3}), 0);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	rig_wait(&r, 3000);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	rig_close(&r);
}

static void
session_ends_in_the_wait(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .lifetime = 1}), 0);
	rig_wait(&r, 3500);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN}), RIG_SILENCE);
	rig_wait(&r, 490);
	/* Nothing is left to wait for. */
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 0);
	CU_ASSERT_EQUAL(rig_only(&r)->mn_ll_id->id[5], 2);
	rig_close(&r);
}

static void
overtaken_in_the_wait(void)
{
	struct rig r;
	struct addr6 mag3 = rig_mag(3);

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN}), RIG_SILENCE);
	/* The node went on, and another gateway knows how: what waited is old news. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .mag = 3, .handoff = 2}), 0);
	rig_wait(&r, 3000);
	CU_ASSERT_EQUAL(r.pba.pba.status, MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED);
	CU_ASSERT(addr6_equal(&rig_only(&r)->proxy_coa, &mag3));
	rig_close(&r);
}

static void
order_after_the_wait(void)
{
	struct rig r;
	uint64_t sent;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN}), RIG_SILENCE);
	rig_wait(&r, 100);
	sent = r.now.wall;
	rig_wait(&r, 100);
	rig_send(&r, &(struct pbu){.ll = 1, .dereg = true});
	CU_ASSERT_EQUAL(rig_only(&r)->handovers, 1);
	/* shows: RFC5213-5.5-17: older than the accepted de-registration, though not than the update that waited */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, .mag = 3, .handoff = 3, .timestamp = sent}), 157);
	rig_close(&r);
}

/* A session that its gateway renews in the wait is not over; the update is about another one then, though older. */
static void
renewed_in_the_wait(void)
{
	struct rig r;

	for (unsigned int ll = 0; ll <= 2; ll += 2) {
		rig_open(&r);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){0}), 0);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = (uint8_t)ll, UNKNOWN}), RIG_SILENCE);
		CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.handoff = 5, .hnp = {"2001:db8:1000::/64"}}), 0);
		rig_wait(&r, 1500);
		CU_ASSERT_EQUAL(r.pba.pba.status, 0);
		CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
		rig_close(&r);
	}
}

/* Waiting for policy is not waiting for a de-registration. */
static void
wait_after_the_question(void)
{
	struct rig r;

	rig_open(&r);
	r.policy_silent = true;
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1}), RIG_SILENCE);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 2, UNKNOWN}), RIG_SILENCE);
	rig_answer_policy(&r);
	CU_ASSERT_EQUAL(r.answers, 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(lma_waiting_count(r.l), 1);
	rig_wait(&r, 1500);
	CU_ASSERT_EQUAL(r.answers, 2);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT_EQUAL(r.questions, 1);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"the old session continues when it is de-registered in the wait", deregistered_in_time},
	{"a new session when the wait passes without", not_deregistered},
	{"not waiting may be configured", waiting_is_off},
	{"a session de-registered before continues at once and is not deleted", deregistered_before},
	{"an update sent again in the wait takes the first one's place", sent_again_in_the_wait},
	{"a de-registration by the new gateway ends the wait", left_in_the_wait},
	{"of two that wait one continues the session", two_wait},
	{"the other waits for that one in turn, in its own time", two_wait_in_turn},
	{"sent again after the wait, while policy is asked, it does not wait anew", sent_again_after_the_wait},
	{"an update that waits is overtaken by the next of its gateway", overtaken_by_its_own_gateway},
	{"the wait ends with the session that it is for", session_ends_in_the_wait},
	{"timestamps do not go back with the update that waited", order_after_the_wait},
	{"the wait for a session that is renewed ends with a new one", renewed_in_the_wait},
	{"an update that waited for policy still waits for a de-registration", wait_after_the_question},
	{"what was overtaken in the wait is answered 157", overtaken_in_the_wait},
};

const struct case_table wait_cases = {cases, UNIT_COUNT(cases)};
