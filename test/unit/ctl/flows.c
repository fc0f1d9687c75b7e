/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions that share prefixes, and prefixes of gateways: what the tables have of them. */
#include "fwd/flows.h"

#include <errno.h>
#include <string.h>

#include "ask.h"
#include "cases.h"
#include "route.h"

#define P1    "2001:db8:1::/64"	  /* of MN1, at MAG1 */
#define P2    "2001:db8:1:1::/64" /* of MN2, at MAG2 */
#define THERE "2001:db8:20::/48"

static const struct wish anchor = {.lma = true};
static struct addr_prefix one, two;
static struct pmip_flows flows;

/* Two sessions, and what makes one share with the other: packets to port 53 take the way of the second. */
static void
open(struct rig *r)
{
	const char *why;

	rig_open(r, &anchor);
	rig_pbu(r, &(struct update){.mag = MAG1});
	rig_pbu(r, &(struct update){.mn = MN2, .mag = MAG2});
	one = prefix(P1);
	two = prefix(P2);
	flows = (struct pmip_flows){.share_count = 1, .rule_count = 1};
	flows.share[0] = (struct pmip_share){.prefix = one, .session = rig_session_of(r, &two)};
	flows.rule[0].session = rig_session_of(r, &two);
	NEED(selector_parse("destination-port=53", &flows.rule[0].selector, &why) == 0);
}

static const struct fwd_flows *
list_of(struct rig *r, const struct addr_prefix *home)
{
	return fwd_flows_get(r->fwd, fwd_value_session(rig_value(r, home)));
}

static bool
is_marked(struct rig *r, const struct addr_prefix *home)
{
	return fwd_value_flags(rig_value(r, home)) & FWD_FLOWS;
}

/* Uses of the tunnel to a gateway: by sessions, and by what else leads there. */
static bool
tunnel_has(struct rig *r, const char *mag, uint32_t sessions, uint32_t held)
{
	struct addr6 local = ip6(NODE), remote = ip6(mag);
	uint32_t t = ctl_tunnel_next(r->ctl, &local, &remote, 0);

	if (t == 0)
		return sessions + held == 0;
	return ctl_tunnel_sessions_of(r->ctl, t) == sessions && fwd_tunnel_uses(r->fwd, t) == sessions + held;
}

static void
set_and_cleared(void)
{
	struct rig r;

	open(&r);
	CU_ASSERT_EQUAL(rig_flows(&r, &one, NULL), 0);
	CU_ASSERT(!is_marked(&r, &one));
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), 0);
	CU_ASSERT(is_marked(&r, &one) && !is_marked(&r, &two));
	CU_ASSERT(list_of(&r, &one)->share_count == 1 && list_of(&r, &one)->rule_count == 1);
	CU_ASSERT_EQUAL(list_of(&r, &one)->share[0].upper_be, addr6_upper_be(&one.addr));
	CU_ASSERT_EQUAL(list_of(&r, &one)->share[0].value, rig_value(&r, &two));
	CU_ASSERT_EQUAL(list_of(&r, &one)->rule[0].value, rig_value(&r, &two));
	CU_ASSERT(tunnel_has(&r, MAG1, 1, 0) && tunnel_has(&r, MAG2, 1, 2));
	flows.rule_count = 0;
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), 0);
	CU_ASSERT(is_marked(&r, &one) && tunnel_has(&r, MAG2, 1, 1));
	CU_ASSERT_EQUAL(rig_flows(&r, &one, NULL), 0);
	CU_ASSERT(!is_marked(&r, &one) && fwd_flows_count(r.fwd) == 0 && tunnel_has(&r, MAG2, 1, 0));
	rig_close(&r);
}

/* The mark goes with the session; a tunnel that others left stays for who is led into it, until that is said anew. */
static void
sessions_move(void)
{
	struct rig r;

	open(&r);
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), 0);
	rig_pbu(&r, &(struct update){.mag = MAG1, .hnp = &one}); /* refreshed */
	CU_ASSERT(is_marked(&r, &one));
	rig_pbu(&r, &(struct update){.mag = MAG2, .hnp = &one, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT(is_marked(&r, &one) && tunnel_has(&r, MAG1, 0, 0) && tunnel_has(&r, MAG2, 2, 2));
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG1, .hnp = &two, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT(tunnel_has(&r, MAG1, 1, 0) && tunnel_has(&r, MAG2, 1, 2));
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), 0);
	CU_ASSERT(tunnel_has(&r, MAG1, 1, 2) && tunnel_has(&r, MAG2, 1, 0));
	CU_ASSERT_EQUAL(list_of(&r, &one)->rule[0].value, rig_value(&r, &two));
	rig_close(&r);
}

/* De-registered, it waits with its list; ended, it has none, and holds nothing. */
static void
session_ends(void)
{
	uint32_t session;
	struct rig r;

	open(&r);
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), 0);
	session = rig_session_of(&r, &one);
	rig_pbu(&r, &(struct update){.mag = MAG1, .hnp = &one, .dereg = true});
	CU_ASSERT(is_marked(&r, &one) && fwd_value_tunnel(rig_value(&r, &one)) == 0);
	rig_wait(&r, 20000);
	CU_ASSERT_EQUAL(rig_value(&r, &one), FWD_VALUE_NONE);
	CU_ASSERT(fwd_flows_count(r.fwd) == 0 && tunnel_has(&r, MAG2, 1, 0));
	CU_ASSERT_EQUAL(
		ctl_forward_flows(r.ctl, &r.ctl->lma,
				  &(struct pmip_action){.type = PMIP_ACT_FLOWS, .session = session, .flows = &flows}),
		-ENOENT);
	CU_ASSERT_EQUAL(ctl_forward_flows(r.ctl, &r.ctl->lma,
					  &(struct pmip_action){.type = PMIP_ACT_FLOWS, .session = session}),
			0);
	rig_close(&r);
}

/* Who has no tunnel at the moment leads nowhere: the prefix's own way is taken. */
static void
no_way_now(void)
{
	struct rig r;

	open(&r);
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2, .hnp = &two, .dereg = true});
	flows.rule[1] = flows.rule[0];
	flows.rule[1].session = RIG_SESSIONS + 7; /* there is no such session */
	flows.rule_count = 2;
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), 0);
	CU_ASSERT(list_of(&r, &one)->share_count == 0 && list_of(&r, &one)->rule_count == 0);
	CU_ASSERT(!is_marked(&r, &one));
	CU_ASSERT_EQUAL(fwd_flows_count(r.fwd),
			0); /* nor does the list take a place, which would outlive the session */
	rig_close(&r);
}

/* As many lists as there may be; the one that is refused changes nothing. */
static void
lists_are_full(void)
{
	uint32_t n = 0;
	struct rig r;

	open(&r);
	while (n < RIG_SESSIONS &&
	       fwd_flows_set(r.fwd, RIG_SESSIONS - 1 - n, &(struct fwd_flows){.share_count = 0}) == 0)
		n++;
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), -ENOSPC);
	CU_ASSERT(!is_marked(&r, &one) && tunnel_has(&r, MAG2, 1, 0));
	rig_close(&r);
}

static const char *
detail(json_t *explanation, const char *stage)
{
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(explanation, "stages"), i,
			   step) if (strcmp(json_string_value(json_object_get(step, "stage")), stage) ==
				     0) return json_string_value(json_object_get(step, "detail"));
	return "";
}

/* What packet.explain says at a stage of a packet to an address. */
static bool
explained(struct rig *r, const char *dst, const char *stage, const char *text)
{
	json_t *x = ask(r, "packet.explain", json_pack("{s:s}", "dst", dst), NULL);
	bool says = strncmp(detail(x, stage), text, strlen(text)) == 0;

	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(x, "verdict")), "sent");
	if (!says)
		printf("  %s, not %s\n", detail(x, stage), text);
	json_decref(x);
	return says;
}

static void
rule_explained(void)
{
	const char *why;
	struct rig r;

	open(&r);
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), 0);
	CU_ASSERT(explained(&r, "2001:db8:1::1", "flows",
			    "none of 1 rules: lma session 0, tunnel 1 from " NODE " to " MAG1));
	flows.rule[1] = flows.rule[0];
	CU_ASSERT_EQUAL(selector_parse("source=2001:db8::/64", &flows.rule[1].selector, &why), 0);
	flows.rule_count = 2;
	CU_ASSERT_EQUAL(rig_flows(&r, &one, &flows), 0);
	CU_ASSERT(explained(&r, "2001:db8:1::1", "flows",
			    "rule 2 of 2, source=2001:db8::/64: lma session 1, tunnel 2 from " NODE " to " MAG2));
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG2), 0);
	rig_run(&r);
	CU_ASSERT(explained(&r, "2001:db8:20::1", "downlink", "a gateway's prefix, tunnel 2 from " NODE " to " MAG2));
	CU_ASSERT(explained(&r, "2001:db8:20::1", "classify-core",
			    "to its session, or without one: a gateway's prefix, tunnel 2 from " NODE " to " MAG2));
	rig_close(&r);
}

static uint32_t
tunnel_for(struct rig *r, const char *text)
{
	struct addr6 dst = ip6(text);

	rig_run(r);
	return fwd_route_tunnel(fwd_route_find(r->fwd, &dst));
}

static void
aggregates(void)
{
	uint32_t t;
	struct rig r;

	rig_open(&r, &anchor);
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, NULL), 0);
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG1), 0);
	t = tunnel_for(&r, "2001:db8:20:5::1");
	CU_ASSERT(t != 0 && tunnel_has(&r, MAG1, 0, 1));
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG1), 0);
	CU_ASSERT(tunnel_has(&r, MAG1, 0, 1));
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG2), 0); /* given to another */
	CU_ASSERT(tunnel_for(&r, "2001:db8:20:5::1") != t && tunnel_has(&r, MAG1, 0, 0) && tunnel_has(&r, MAG2, 0, 1));
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, NODE), 0); /* to this node */
	CU_ASSERT(tunnel_for(&r, "2001:db8:20:5::1") == 0 && tunnel_has(&r, MAG2, 0, 0));
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG1), 0);
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, NULL), 0);
	CU_ASSERT(tunnel_for(&r, "2001:db8:20:5::1") == 0 && tunnel_has(&r, MAG1, 0, 0));
	rig_close(&r);
}

/* The n-th of many prefixes goes to a gateway, its own or one of all. */
static int
nth(struct rig *r, unsigned int n, const char *mag)
{
	char text[ADDR_PREFIX_TEXT], own[ADDR6_TEXT];

	snprintf(text, sizeof(text), "2001:db8:%x::/48", 0x100 + n);
	snprintf(own, sizeof(own), "2001:db8:0:d::%x", 0x100 + n);
	return rig_aggregate(r, text, mag != NULL ? mag : own);
}

static bool
nth_leads(struct rig *r, unsigned int n)
{
	char text[ADDR6_TEXT];

	snprintf(text, sizeof(text), "2001:db8:%x::1", 0x100 + n);
	return tunnel_for(r, text) != 0;
}

/* What there is no room for waits, and whoever it was said to goes on; one that was another's leads there no more. */
static void
aggregates_without_room(void)
{
	unsigned int n = 0;
	uint32_t tried;
	struct rig r;

	rig_open(&r, &anchor);
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG1), 0);
	do {
		CU_ASSERT_EQUAL(nth(&r, n, NULL), 0);
	} while (nth_leads(&r, n) && n++ < 64);
	NEED(n > 1 && n < 64);
	CU_ASSERT_EQUAL(nth(&r, n + 1, MAG1), 0);
	CU_ASSERT(nth_leads(&r, n + 1) && tunnel_has(&r, MAG1, 0, 2));
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG2), 0);
	CU_ASSERT(tunnel_for(&r, "2001:db8:20::1") == 0 && tunnel_has(&r, MAG1, 0, 1));
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, NULL), 0);
	CU_ASSERT(nth(&r, n + 2, NULL) == 0 && nth(&r, n + 3, NULL) == 0);
	rig_wait(&r, 3000);
	CU_ASSERT(!nth_leads(&r, n));
	/* Of all that wait one is tried a second, in turn: three of them go round in three. */
	tried = r.ctl->aggregate_next;
	rig_wait(&r, 9000);
	tried = r.ctl->aggregate_next - tried;
	CU_ASSERT(tried >= 2 * r.ctl->aggregate_count && tried <= 4 * r.ctl->aggregate_count);
	CU_ASSERT_EQUAL(rig_aggregate(&r, "2001:db8:100::/48", NULL), 0);
	rig_wait(&r, 6000);
	CU_ASSERT_EQUAL(nth_leads(&r, n) + nth_leads(&r, n + 2) + nth_leads(&r, n + 3), 1);
	CU_ASSERT(!nth_leads(&r, 0));
	rig_close(&r);
}

/* The same where routes are what there is no room for; and with the greatest number one more is refused. */
static void
aggregates_without_routes(void)
{
	unsigned int n = 0;
	struct rig r;

	rig_open(&r, &anchor);
	do {
		CU_ASSERT_EQUAL(nth(&r, n, MAG1), 0);
	} while (nth_leads(&r, n) && n++ < 64);
	NEED(n > 1 && n < 64);
	CU_ASSERT(tunnel_has(&r, MAG1, 0, n + 1)); /* the one that waits has its tunnel */
	CU_ASSERT_EQUAL(rig_aggregate(&r, "2001:db8:100::/48", NULL), 0);
	rig_wait(&r, 3000);
	CU_ASSERT(nth_leads(&r, n) && tunnel_has(&r, MAG1, 0, n));
	while (n < CTL_AGGREGATES_MAX) {
		n++;
		CU_ASSERT_EQUAL(nth(&r, n, MAG1), 0);
	}
	CU_ASSERT_EQUAL(nth(&r, n + 1, MAG1), -ENOSPC);
	CU_ASSERT_EQUAL(nth(&r, 1, MAG2), 0);
	rig_close(&r);
}

/* What is configured comes first, when it comes later, too; and is not taken out by what it stood before. */
static void
aggregates_and_routes(void)
{
	struct ctl_route routes[2] = {{.port = CORE, .via = ip6(PEER), .prefix = prefix(THERE)}};
	struct ctl_route_lists to;
	struct rig r;

	rig_open(&r, &anchor);
	CU_ASSERT_EQUAL(rig_aggregate(&r, "2000::/3", MAG1), 0);
	CU_ASSERT_EQUAL(rig_aggregate(&r, "2001:db8:1::/60", MAG1), 0);
	CU_ASSERT(tunnel_for(&r, CN) == 0 && tunnel_for(&r, "2001:db8:1::1") == 0);
	CU_ASSERT_EQUAL(rig_aggregate(&r, "2001:db8:1::/60", NULL), 0);
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG1), 0);
	CU_ASSERT_NOT_EQUAL(tunnel_for(&r, "2001:db8:20::1"), 0);
	to = ctl_route_lists(r.ctl);
	routes[1] = r.route;
	to.routes = routes;
	to.route_count = 2;
	NEED(ctl_route_stage(r.ctl, &to) == 0);
	ctl_route_commit(r.ctl, &to, true);
	CU_ASSERT_EQUAL(tunnel_for(&r, "2001:db8:20::1"), 0);
	to.routes = &routes[1];
	to.route_count = 1;
	NEED(ctl_route_stage(r.ctl, &to) == 0);
	ctl_route_commit(r.ctl, &to, true);
	CU_ASSERT_NOT_EQUAL(tunnel_for(&r, "2001:db8:20::1"), 0);
	rig_close(&r);
}

/* Without a route to its gateway a prefix leads nowhere, until there is one. */
static void
aggregates_wait(void)
{
	const struct wish alone = {.lma = true, .no_default = true};
	struct ctl_route_lists to;
	struct ctl_route route;
	struct rig r;

	rig_open(&r, &alone);
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, MAG1), 0);
	CU_ASSERT(tunnel_for(&r, "2001:db8:20::1") == 0 && tunnel_has(&r, MAG1, 0, 0));
	to = ctl_route_lists(r.ctl);
	route = (struct ctl_route){.port = CORE, .via = ip6(ROUTER), .prefix = prefix("2000::/3")};
	to.routes = &route;
	to.route_count = 1;
	NEED(ctl_route_stage(r.ctl, &to) == 0);
	ctl_route_commit(r.ctl, &to, true);
	CU_ASSERT(tunnel_for(&r, "2001:db8:20::1") != 0 && tunnel_has(&r, MAG1, 0, 1));
	CU_ASSERT_EQUAL(rig_aggregate(&r, THERE, NULL), 0);
	CU_ASSERT(tunnel_for(&r, "2001:db8:20::1") == 0 && tunnel_has(&r, MAG1, 0, 0));
	rig_close(&r);
}

const struct unit_case flows_cases[] = {
	{"the words of a session say that it has a list, whose tunnels are held", set_and_cleared},
	{"a list stays with its session, and its tunnels until it is said anew", sessions_move},
	{"a session that ends leaves no list", session_ends},
	{"a session without a tunnel is nobody's way", no_way_now},
	{"where there is no room for a list nothing changes", lists_are_full},
	{"packet.explain says which rule a packet takes, and whose prefix it goes to", rule_explained},
	{"a gateway's prefix is a route into its tunnel", aggregates},
	{"a gateway's prefix without room for its tunnel gets it when there is some", aggregates_without_room},
	{"a gateway's prefix without room for its route gets it when there is some", aggregates_without_routes},
	{"configured routes and pools come before gateways' prefixes", aggregates_and_routes},
	{"a gateway that no route leads to gets its prefix with the route", aggregates_wait},
};
const unsigned int flows_case_count = UNIT_COUNT(flows_cases);
