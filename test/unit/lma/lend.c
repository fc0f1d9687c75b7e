/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A session is de-registered, and another of its mobile node has what it had: it may come up at another gateway (RFC
 * 5213 section 5.3.5), and is then as it was.
 */
#include <string.h>

#include "cases.h"
#include "engine.h"
#include "several.h"

#define DELAY_MS 10000 /* min-delay-before-bce-delete */

/* P1 is BID 1's and shared by BID 2, or idle there. */
static void
open_with(struct rig *r, enum pmip_move how)
{
	multi_open(r);
	multi_moved(r, 2, how, P1);
	if (how == PMIP_MOVE_IDLE)
		rig_acknowledge(r, 0);
}

/* Its owner is between two gateways, and BID 2 has it meanwhile. */
static void
open_lent(struct rig *r)
{
	open_with(r, PMIP_MOVE_SHARED);
	CU_ASSERT_EQUAL(multi_leave(r, 1, P1), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(r), "2:a2o 2:a1ol");
}

/* The same, where BID 3 shares it too. */
static void
open_lent_of_three(struct rig *r)
{
	open_with(r, PMIP_MOVE_SHARED);
	multi_open_third(r);
	multi_moved(r, 3, PMIP_MOVE_SHARED, P1);
	CU_ASSERT_EQUAL(multi_leave(r, 1, P1), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(r), "2:a2o 2:a1ol 3:a3o 3:a1al");
}

/* At gateway 3. */
static struct pbu
elsewhere(unsigned int interface, uint8_t handoff, const char *prefix)
{
	struct pbu p = multi_at(interface, handoff, prefix);

	p.mag = 3;
	return p;
}

static bool
goes_to(struct rig *r, const char *prefix, unsigned int mag)
{
	struct addr_prefix p = rig_prefix(prefix);
	struct addr6 gateway = rig_mag(mag);

	for (unsigned int i = 0; i < RIG_SESSIONS; i++)
		for (unsigned int k = 0; r->forward[i].set && k < r->forward[i].prefix_count; k++)
			if (addr_prefix_equal(&r->forward[i].prefix[k], &p))
				return !r->forward[i].held && addr6_equal(&r->forward[i].remote, &gateway);
	return false;
}

static void
shared_meanwhile(void)
{
	struct pbu p = elsewhere(1, 3, NULL);
	static struct rig r;

	open_lent(&r);
	CU_ASSERT(goes_to(&r, P1, 2));
	CU_ASSERT(rig_sound(&r));
	/* Sent again, it is of the same session. */
	CU_ASSERT_EQUAL(multi_leave(&r, 1, P1), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1ol");
	/* It comes up at another gateway, one interface as before and the other too. */
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "FFSPW");
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	CU_ASSERT(goes_to(&r, P1, 3));
	CU_ASSERT_EQUAL(r.flows[multi_session(&r, 1)].share_count, 1);
	CU_ASSERT(rig_sound(&r));
	/* And so when it says by name what it had; of its set alone. */
	p = elsewhere(1, 4, P1);
	p.dereg = true;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	p = multi_at(1, 3, P1);
	p.hnp[1] = T1_1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p.hnp[1] = NULL;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	CU_ASSERT(goes_to(&r, P1, 1));
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
}

static void
not_back_in_time(void)
{
	struct pbu p = elsewhere(1, 3, NULL);
	static struct rig r;

	open_lent(&r);
	rig_wait(&r, DELAY_MS - 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_wait(&r, 1);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1ol");
	CU_ASSERT(goes_to(&r, P1, 2));
	r.profile.prefix_count = 0;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:00o 2:a2o 2:a1ol");
	rig_close(&r);
}

/* What has traffic where it was idle is idle there again, and both times its gateway is told. */
static void
idle_meanwhile(void)
{
	struct pbu p = elsewhere(2, 3, P2);
	unsigned int told;
	static struct rig r;

	open_with(&r, PMIP_MOVE_IDLE);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	told = r.told;
	p.hnp[1] = P1;
	p.dereg = true;
	p.mag = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	CU_ASSERT(goes_to(&r, P1, 1));
	CU_ASSERT_EQUAL(r.told, told + 1);
	rig_acknowledge(&r, 0);
	p.dereg = false;
	p.mag = 3;
	p.handoff = 3;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1o");
	CU_ASSERT(goes_to(&r, P1, 3));
	CU_ASSERT(goes_to(&r, P2, 3));
	CU_ASSERT_EQUAL(r.told, told + 2);
	CU_ASSERT_EQUAL(r.said.upn.reason, MH_UPN_VENDOR_SPECIFIC);
	rig_close(&r);
}

/* One that has what others own, and is de-registered, has it when it is back; and what they lend it then. */
static void
sharer_meanwhile(void)
{
	struct pbu p = elsewhere(2, 3, NULL);
	static struct rig r;

	open_with(&r, PMIP_MOVE_SHARED);
	CU_ASSERT_EQUAL(multi_leave(&r, 2, P2), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	CU_ASSERT_EQUAL(r.flows[multi_session(&r, 1)].share_count, 0);
	CU_ASSERT_EQUAL(multi_leave(&r, 1, P1), 0);
	CU_ASSERT_FALSE(goes_to(&r, P1, 1));
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(r.trace, "FFHSP");
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1o");
	CU_ASSERT(goes_to(&r, P1, 3));
	CU_ASSERT(rig_sound(&r));
	p = multi_at(1, 3, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1a");
	CU_ASSERT(goes_to(&r, P1, 1));
	rig_close(&r);
}

/* Both are between two gateways: it is the one's that says so, or that is left of them. */
static void
both_between(void)
{
	struct pbu p = elsewhere(2, 3, P1);
	static struct rig r;

	multi_open_sharing(&r);
	multi_leave(&r, 1, P1);
	rig_wait(&r, 5000);
	CU_ASSERT_EQUAL(multi_leave(&r, 2, P1), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a1o");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	p.dereg = true;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	rig_wait(&r, 6000);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a1o");
	p.dereg = false;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(goes_to(&r, P1, 3));
	rig_close(&r);
}

/* Its owner is gone before it is back: what nobody has else is its own. */
static void
owner_ends_between(void)
{
	struct pbu p = elsewhere(2, 3, P2);
	static struct rig r;

	open_with(&r, PMIP_MOVE_SHARED);
	multi_leave(&r, 2, P2);
	multi_close(&r, 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1ol");
	CU_ASSERT_FALSE(goes_to(&r, P1, 2));
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(goes_to(&r, P1, 3));
	CU_ASSERT(goes_to(&r, P2, 3));
	rig_close(&r);
}

/* One of its two is lent: its set is both. And a command lends the other, of which nobody had anything. */
static void
one_of_two(void)
{
	struct pbu p = multi_at(1, 1, NULL), q = multi_at(2, 1, NULL);
	static struct rig r;

	multi_settings(&r);
	r.profile.prefix_count = 2;
	rig_start(&r);
	rig_send(&r, &p);
	r.profile.prefix_count = 0;
	rig_send(&r, &q);
	multi_moved(&r, 2, PMIP_MOVE_SHARED, P1);
	p = multi_at(1, 4, P1);
	p.hnp[1] = P2;
	p.dereg = true;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a2o 2:00o 2:a1ol");
	multi_moved(&r, 2, PMIP_MOVE_SHARED, P2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:00o 2:a1ol 2:a2ol");
	CU_ASSERT(goes_to(&r, P2, 2));
	p = elsewhere(1, 3, P2);
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	p.hnp[1] = P1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 1:a2o 2:00o 2:a1al 2:a2al");
	rig_close(&r);
}

/* The flow that its holder has it for is gone, and with the owner's return its gateway hears of that. */
static void
flow_gone_meanwhile(void)
{
	struct pbu p = elsewhere(1, 3, NULL);
	static struct rig r;

	multi_open(&r);
	multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "destination=" P1);
	rig_acknowledge(&r, 0);
	multi_leave(&r, 1, P1);
	multi_flow(&r, PMIP_FLOW_DEL, 1, 0, 0, NULL);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1ol");
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(lma_demand_count(r.l), 1);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	rig_close(&r);
}

/* It went from hand to hand, or back into those that nobody is seen to hold. */
static void
lent_on(void)
{
	struct pbu p = elsewhere(1, 3, P1);
	static struct rig r;

	open_lent_of_three(&r);
	multi_close(&r, 2);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "3:a3o 3:a1ol");
	CU_ASSERT(goes_to(&r, P1, 3));
	multi_close(&r, 3);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o");
	CU_ASSERT(rig_sound(&r));
	p.mag = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT(goes_to(&r, P1, 2));
	rig_close(&r);
}

/* Who has it of somebody leaves too, and a third goes on with it. */
static void
lent_on_between(void)
{
	struct pbu p = elsewhere(1, 3, P1), q = elsewhere(2, 3, P2);
	static struct rig r;

	open_lent_of_three(&r);
	CU_ASSERT_EQUAL(multi_leave(&r, 2, P2), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1al 3:a3o 3:a1ol");
	p.mag = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al 3:a3o 3:a1al");
	CU_ASSERT(goes_to(&r, P1, 2));
	CU_ASSERT_EQUAL(rig_send(&r, &q), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al 3:a3o 3:a1al");
	rig_close(&r);
}

/* Who asks for it meanwhile has it, and its owner gets no more of it than if it had been there. */
static void
moved_on(void)
{
	struct pbu p = {.mag = 3, .ll = 3, .access_tech = 3, .handoff = 242, .hnp = {P1}}, back = elsewhere(1, 3, NULL);
	static struct rig r;

	open_with(&r, PMIP_MOVE_SHARED);
	multi_open_third(&r);
	multi_leave(&r, 1, P1);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 3:a3o 3:a1o");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	rig_close(&r);
	open_with(&r, PMIP_MOVE_SHARED);
	multi_open_third(&r);
	multi_leave(&r, 1, P1);
	p.handoff = 5;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1il 3:a3o 3:a1o");
	CU_ASSERT_EQUAL(rig_send(&r, &back), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1i 2:a2o 2:a1il 3:a3o 3:a1o");
	CU_ASSERT(goes_to(&r, P1, 3));
	rig_close(&r);
}

/* Its forwarding at the new gateway cannot be set, or that of who has lent it: all is as it was before. */
static void
forwarding_fails(unsigned int at)
{
	struct pbu p = elsewhere(1, 3, NULL);
	static struct rig r;

	open_lent(&r);
	r.forward_fails = at;
	CU_ASSERT_EQUAL(rig_send(&r, &p), MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1ol");
	CU_ASSERT(goes_to(&r, P1, 2));
	CU_ASSERT(rig_sound(&r));
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	rig_close(&r);
}

static void
either_fails(void)
{
	forwarding_fails(1);
	forwarding_fails(2);
}

/* The gateway where it is lent attaches the interface anew, and has it on link; the owner is back after that. */
static void
hosted_meanwhile(void)
{
	struct pbu p = multi_at(2, 1, NULL);
	static struct rig r;

	open_lent(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "2:a2o 2:a1o");
	p = elsewhere(1, 3, NULL);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1a");
	rig_close(&r);
}

/* Handed over to another interface, it is known by its prefix. */
static void
to_another_interface(void)
{
	struct pbu p = multi_at(3, 2, P1);
	static struct rig r;

	open_lent(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 2);
	CU_ASSERT(goes_to(&r, P1, 3));
	rig_close(&r);
}

/* One comes to the other's gateway, de-registered before or not: there each has its own, and a flow is refused. */
static void
meets(unsigned int interface, bool between, const char *prefix)
{
	struct pbu p = multi_at(interface, 3, NULL);
	static struct rig r;

	p.mag = 3 - interface;
	multi_open(&r);
	multi_flow(&r, PMIP_FLOW_ADD, 1, 10, 2, "destination=" P1);
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a1al");
	if (between)
		CU_ASSERT_EQUAL(multi_leave(&r, interface, prefix), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	CU_ASSERT(goes_to(&r, P1, p.mag));
	CU_ASSERT(goes_to(&r, P2, p.mag));
	CU_ASSERT(rig_sound(&r));
	/* Also where the gateway agrees, which did not know of the owner yet. */
	rig_acknowledge(&r, 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o");
	rig_close(&r);
}

static void
at_one_gateway(void)
{
	meets(1, true, P1);
	meets(2, true, P2);
	meets(1, false, P1);
	meets(2, false, P2);
}

/* It comes there by an update that asks for a third's prefix. */
static void
at_one_gateway_with_more(void)
{
	struct pbu p = multi_at(2, 242, P3);
	static struct rig r;

	open_with(&r, PMIP_MOVE_SHARED);
	multi_open_third(&r);
	p.mag = 1;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o 2:a2o 2:a3o");
	CU_ASSERT(goes_to(&r, P1, 1));
	CU_ASSERT(goes_to(&r, P3, 1));
	CU_ASSERT(rig_sound(&r));
	rig_close(&r);
}

/* Who has nothing but what it shares of one that comes is over. */
static void
at_one_gateway_with_nothing(void)
{
	struct pbu p = multi_at(1, 3, NULL);
	static struct rig r;

	multi_open_sharing(&r);
	p.mag = 2;
	CU_ASSERT_EQUAL(rig_send(&r, &p), 0);
	rig_wait(&r, 1);
	CU_ASSERT_STRING_EQUAL(multi_rows(&r), "1:a1o");
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT(goes_to(&r, P1, 2));
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"a shared prefix while its owner is between two gateways", shared_meanwhile},
	{"a shared prefix whose owner does not come back in time", not_back_in_time},
	{"an idle prefix while its owner is between two gateways", idle_meanwhile},
	{"a session that shares another's, between two gateways", sharer_meanwhile},
	{"a session and one that shares its prefix, both between two gateways", both_between},
	{"a session between two gateways whose prefixes' owner ends", owner_ends_between},
	{"a session that has lent one of its prefixes", one_of_two},
	{"a lent prefix whose flow is gone", flow_gone_meanwhile},
	{"a lent prefix whose holders end", lent_on},
	{"a lent prefix whose holder is between two gateways", lent_on_between},
	{"a lent prefix that moves", moved_on},
	{"a lent prefix whose way back fails", either_fails},
	{"a lent prefix that its holder's gateway advertises", hosted_meanwhile},
	{"a lent prefix whose owner goes to another interface", to_another_interface},
	{"sessions that share and meet at one gateway", at_one_gateway},
	{"sessions that share and meet by a partial handoff", at_one_gateway_with_more},
	{"a session that has nothing but what it shares of one that comes", at_one_gateway_with_nothing},
};

const struct case_table lend_cases = {cases, UNIT_COUNT(cases)};
