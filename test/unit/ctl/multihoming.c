/* SPDX-License-Identifier: BSD-3-Clause */
/* A mobile node with two interfaces, by the methods: its rows, moves of its prefixes, its flows, and what is told. */
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "cases.h"
#include "multihoming.h"

static const struct wish anchor = {.lma = true, .multihoming = true};

void
multihoming_open(struct rig *r, const struct wish *wish)
{
	rig_open(r, wish);
	rig_pbu(r, &(struct update){.mag = MAG1});
	rig_pbu(r, &(struct update){.mag = MAG2, .ll_id = GUEST_MAC, .att = MH_ATT_ETHERNET});
	rig_forget(r);
	NEED(lma_session_count(r->lma) == 2);
}

static bool
is(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

/* Item i of a list by a method about MN1; a new reference, NULL past the last. */
static json_t *
item(struct rig *r, const char *method, size_t i)
{
	json_t *list = ask(r, method, json_pack("{s:s}", "mn", MN1), NULL);
	json_t *one = json_incref(json_array_get(json_object_get(list, "items"), i));

	json_decref(list);
	return one;
}

/* Whether row i is this one, as "PREFIX GATEWAY STATE [owned] [off-link]". */
static bool
row_is(struct rig *r, size_t i, const char *want)
{
	json_t *row = item(r, "mn.rows", i);
	char got[160];

	snprintf(got, sizeof(got), "%s %s %s%s%s", ask_text(row, "prefix"), ask_text(row, "gateway"),
		 ask_text(row, "state"), is(row, "owned") ? " owned" : "", is(row, "off_link") ? " off-link" : "");
	json_decref(row);
	if (strcmp(got, want) != 0)
		printf("  row %zu: %s, not %s\n", i, got, want);
	return strcmp(got, want) == 0;
}

/* Whether flow i is this one, as "ID PRIORITY SELECTOR GATEWAY [active] [waiting] [idle N]". */
static bool
flow_is(struct rig *r, size_t i, const char *want)
{
	json_t *flow = item(r, "flow.list", i);
	char got[SELECTOR_TEXT + 160] = "";

	int n = 0;

	if (flow != NULL)
		n = snprintf(got, sizeof(got), "%d %d %s %s%s%s", (int)ask_number(flow, "id"),
			     (int)ask_number(flow, "priority"), ask_text(flow, "selector"), ask_text(flow, "gateway"),
			     is(flow, "active") ? " active" : "", is(flow, "waiting") ? " waiting" : "");
	for (size_t k = 0; k < json_array_size(json_object_get(flow, "idle")); k++)
		n += snprintf(got + n, sizeof(got) - (size_t)n, " idle %d",
			      (int)json_integer_value(json_array_get(json_object_get(flow, "idle"), k)));
	json_decref(flow);
	if (strcmp(got, want) != 0)
		printf("  flow %zu: %s, not %s\n", i, got, want);
	return strcmp(got, want) == 0;
}

static bool
list_has(const json_t *o, const char *key, const char *word)
{
	const json_t *list = json_object_get(o, key);

	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), word) == 0)
			return true;
	return false;
}

/* The last event of a kind about MN1; a new reference, NULL: none. */
static json_t *
event(struct rig *r, const char *kind)
{
	json_t *page = ask(r, "event.list", json_pack("{s:s, s:s}", "kind", kind, "mn", MN1), NULL);
	json_t *items = json_object_get(page, "items"), *last = NULL;

	if (json_array_size(items) > 0)
		last = json_incref(json_array_get(items, json_array_size(items) - 1));
	json_decref(page);
	return last;
}

/* The gateway answers what it was asked: with how many prefixes that was, or -1 where it was asked nothing. */
static int
answer(struct rig *r, const char *gateway, uint8_t status)
{
	struct mh_msg upn, upa = {.type = MH_UPA};
	struct frame f;

	rig_run(r);
	if (!rig_take_mh(r, MH_UPN, &upn))
		return -1;
	CU_ASSERT_EQUAL(upn.upn.reason, MH_UPN_FLOW_MOBILITY);
	upa.upa = (struct mh_upa){.sequence = upn.upn.sequence, .status = status};
	upa.opt.present = upn.opt.present;
	upa.opt.mn_id = upn.opt.mn_id;
	f = rig_message(gateway, &upa);
	rig_send(r, CORE, &f);
	return upn.opt.hnp_count;
}

static void
moves(void)
{
	json_t *got;
	struct rig r;

	multihoming_open(&r, &anchor);
	CU_ASSERT(row_is(&r, 0, P1 " " MAG1 " active owned") && row_is(&r, 1, P2 " " MAG2 " active owned"));
	got = ask_done(&r, "mn.move", "{\"mn\": \"" MN1 "\", \"access\": \"ethernet\", \"keep\": \"shared\"}");
	CU_ASSERT_EQUAL(ask_number(got, "session"), 1);
	json_decref(got);
	CU_ASSERT_EQUAL(answer(&r, MAG2, MH_UPA_ACCEPTED), 1);
	CU_ASSERT(row_is(&r, 0, P1 " " MAG1 " active owned") && row_is(&r, 1, P2 " " MAG2 " active owned") &&
		  row_is(&r, 2, P1 " " MAG2 " active off-link"));
	got = ask_done(&r, "session.get", "{\"session\": 1}");
	CU_ASSERT(ask_number(got, "bid") == 2 && json_array_size(json_object_get(got, "rows")) == 2);
	CU_ASSERT_STRING_EQUAL(ask_text(got, "mac"), GUEST_MAC);
	json_decref(got);
	got = ask_done(&r, "mn.get", "{\"mn\": \"" MN1 "\"}");
	CU_ASSERT(json_array_size(json_object_get(got, "rows")) == 3 &&
		  json_array_size(json_object_get(got, "flows")) == 0);
	json_decref(got);
	got = event(&r, "prefixes-moved");
	CU_ASSERT(ask_number(got, "session") == 1 && strcmp(ask_text(got, "peer"), MAG2) == 0);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(got, "prefixes")), 1);
	json_decref(got);
	rig_close(&r);
}

/* All that the other session has; it keeps it for the way back. */
static void
moves_all(void)
{
	struct addr_prefix p1 = prefix(P1), p2 = prefix(P2);
	json_t *got;
	struct rig r;

	multihoming_open(&r, &anchor);
	got = ask_done(&r, "mn.move",
		       "{\"mn\": \"" MN1 "\", \"session\": 1, \"gateway\": \"" MAG2 "\", \"keep\": \"idle\"}");
	CU_ASSERT_STRING_EQUAL(ask_text(got, "keep"), "idle");
	json_decref(got);
	CU_ASSERT_EQUAL(answer(&r, MAG2, MH_UPA_ACCEPTED), 1);
	CU_ASSERT_EQUAL(fwd_value_tunnel(rig_value(&r, &p1)), fwd_value_tunnel(rig_value(&r, &p2)));
	CU_ASSERT(row_is(&r, 0, P1 " " MAG1 " idle"));
	CU_ASSERT(ask_refused(&r, "mn.move",
			      "{\"mn\": \"" MN1 "\", \"gateway\": \"" MAG2 "\", \"prefixes\": \"" P1 "\"}",
			      "already-so"));
	json_decref(
		ask_done(&r, "mn.move", "{\"mn\": \"" MN1 "\", \"gateway\": \"" MAG1 "\", \"prefixes\": \"" P1 "\"}"));
	rig_run(&r);
	answer(&r, MAG1, MH_UPA_ACCEPTED);
	CU_ASSERT_NOT_EQUAL(fwd_value_tunnel(rig_value(&r, &p1)), fwd_value_tunnel(rig_value(&r, &p2)));
	rig_close(&r);
}

static void
move_fails(void)
{
	const char *move = "{\"mn\": \"" MN1 "\", \"gateway\": \"" MAG2 "\"}";
	json_t *got;
	struct rig r;

	multihoming_open(&r, &anchor);
	json_decref(ask_done(&r, "mn.move", move));
	rig_run(&r);
	CU_ASSERT(ask_refused(&r, "mn.move", move, "busy"));
	CU_ASSERT_EQUAL(answer(&r, MAG2, MH_UPA_NOT_ATTACHED), 1);
	got = event(&r, "move-failed");
	CU_ASSERT_STRING_EQUAL(ask_text(got, "status_name"), "NOT_ATTACHED");
	json_decref(got);
	CU_ASSERT(row_is(&r, 0, P1 " " MAG1 " active owned"));
	json_decref(ask_done(&r, "mn.move", move));
	rig_wait(&r, 60000); /* and no answer comes */
	got = event(&r, "move-failed");
	CU_ASSERT_STRING_EQUAL(ask_text(got, "status_name"), "NO_ANSWER");
	json_decref(got);
	rig_close(&r);
}

static void
flows(void)
{
	json_t *got;
	struct rig r;

	multihoming_open(&r, &anchor);
	got = ask_done(
		&r, "flow.add",
		"{\"mn\": \"" MN1
		"\", \"selector\": \"source-port=5004 protocol=udp\", \"priority\": 9, \"access\": \"ethernet\"}");
	CU_ASSERT(ask_number(got, "id") == 1 && is(got, "waiting"));
	json_decref(got);
	got = ask_done(&r, "flow.add",
		       "{\"mn\": \"" MN1 "\", \"selector\": \"any\", \"priority\": 3, \"session\": 0, \"id\": 7}");
	CU_ASSERT_EQUAL(ask_number(got, "id"), 7);
	json_decref(got);
	CU_ASSERT(ask_refused(&r, "flow.add",
			      "{\"mn\": \"" MN1
			      "\", \"selector\": \"any\", \"priority\": 4, \"session\": 0, \"id\": 7}",
			      "flow-exists"));
	CU_ASSERT(answer(&r, MAG2, MH_UPA_ACCEPTED) == 1 || answer(&r, MAG2, MH_UPA_ACCEPTED) == 1);
	rig_run(&r);
	CU_ASSERT(flow_is(&r, 1, "1 9 source-port=5004 protocol=udp " MAG2 " active idle 1"));
	got = event(&r, "flow-moved");
	CU_ASSERT_EQUAL(ask_number(got, "session"), 1);
	CU_ASSERT_EQUAL(ask_number(got, "flow"), 1);
	json_decref(got);
	got = ask_done(&r, "flow.move", "{\"mn\": \"" MN1 "\", \"id\": 1, \"gateway\": \"" MAG1 "\"}");
	CU_ASSERT_EQUAL(ask_number(got, "id"), 1);
	json_decref(got);
	rig_run(&r);
	answer(&r, MAG1, MH_UPA_ACCEPTED);
	CU_ASSERT(flow_is(&r, 1, "1 9 source-port=5004 protocol=udp " MAG1 " active idle 2"));
	got = ask_done(&r, "flow.del", "{\"mn\": \"" MN1 "\", \"id\": 7}");
	CU_ASSERT_EQUAL(ask_number(got, "priority"), 3);
	json_decref(got);
	CU_ASSERT(ask_refused(&r, "flow.add",
			      "{\"mn\": \"" MN1 "\", \"selector\": \"any\", \"priority\": 9, \"session\": 0}",
			      "flow-exists"));
	json_decref(ask_done(&r, "flow.del", "{\"mn\": \"" MN1 "\", \"id\": 1}"));
	CU_ASSERT(flow_is(&r, 0, ""));
	rig_close(&r);
}

/* Whether the stage of flows says this of a packet to P1 from a port. */
static bool
explained(struct rig *r, const char *protocol, int port, const char *want)
{
	json_t *x = ask(r, "packet.explain",
			json_pack("{s:s, s:s, s:i}", "dst", "2001:db8:1::1", "protocol", protocol, "source_port", port),
			NULL),
	       *stage;
	bool says = false;
	size_t i;

	json_array_foreach(json_object_get(x, "stages"), i, stage) says |=
		strcmp(ask_text(stage, "stage"), "flows") == 0 &&
		strncmp(ask_text(stage, "detail"), want, strlen(want)) == 0;
	json_decref(x);
	return says;
}

static void
flow_explained(void)
{
	struct rig r;

	multihoming_open(&r, &anchor);
	json_decref(ask_done(&r, "flow.add",
			     "{\"mn\": \"" MN1 "\", \"selector\": \"source-port=5004 protocol=udp\", \"priority\": 1, "
			     "\"session\": 1}"));
	CU_ASSERT_EQUAL(answer(&r, MAG2, MH_UPA_ACCEPTED), 1);
	rig_run(&r);
	CU_ASSERT(explained(&r, "udp", 5004, "rule 1 of 1, source-port=5004 protocol=udp: lma session 1"));
	CU_ASSERT(explained(&r, "udp", 5005, "none of 1 rules: lma session 0"));
	CU_ASSERT(explained(&r, "tcp", 5004, "none of 1 rules: lma session 0"));
	rig_close(&r);
}

/* A mobile node is found by the session that has a prefix, though another has lost its own. */
static void
empty_explained(void)
{
	json_t *x;
	struct rig r;

	multihoming_open(&r, &anchor);
	json_decref(ask_done(&r, "mn.move", "{\"mn\": \"" MN1 "\", \"session\": 0, \"keep\": \"idle\"}"));
	CU_ASSERT_EQUAL(answer(&r, MAG1, MH_UPA_ACCEPTED), 1);
	x = ask_done(&r, "packet.explain", "{\"mn\": \"" MN1 "\"}");
	CU_ASSERT_STRING_EQUAL(ask_text(x, "verdict"), "sent");
	json_decref(x);
	rig_close(&r);
}

/* What policy says of a flow is not a command's to change. */
static void
flow_of_policy(void)
{
	json_t *got;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .multihoming = true, .flow_policy = true});
	rig_pbu(&r, &(struct update){.mag = MAG1});
	CU_ASSERT(flow_is(&r, 0, ""));
	json_decref(ask_done(&r, "config.apply", "{}")); /* other settings have the same policies */
	got = item(&r, "profile.list", 0);
	CU_ASSERT(list_has(got, "flow_policies", "video"));
	json_decref(got);
	rig_pbu(&r, &(struct update){.mag = MAG2, .ll_id = GUEST_MAC, .att = MH_ATT_ETHERNET});
	CU_ASSERT_EQUAL(answer(&r, MAG2, MH_UPA_ACCEPTED), 1);
	CU_ASSERT(flow_is(&r, 0, "1 5 protocol=udp " MAG2 " active idle 1"));
	got = item(&r, "flow.list", 0);
	CU_ASSERT_STRING_EQUAL(ask_text(got, "policy"), "video");
	json_decref(got);
	CU_ASSERT(ask_refused(&r, "flow.move", "{\"mn\": \"" MN1 "\", \"id\": 1, \"session\": 0}", "flow-of-policy"));
	CU_ASSERT(ask_refused(&r, "flow.del", "{\"mn\": \"" MN1 "\", \"id\": 1}", "flow-of-policy"));
	rig_close(&r);
}

/* A session that its gateway has de-registered takes nothing any more. */
static void
left(void)
{
	struct addr_prefix p2 = prefix(P2);
	struct rig r;

	multihoming_open(&r, &anchor);
	rig_pbu(&r,
		&(struct update){.mag = MAG2, .ll_id = GUEST_MAC, .att = MH_ATT_ETHERNET, .dereg = true, .hnp = &p2});
	CU_ASSERT(ask_refused(&r, "mn.move", "{\"mn\": \"" MN1 "\", \"gateway\": \"" MAG2 "\"}", "unknown-session"));
	CU_ASSERT(ask_refused(&r, "flow.add",
			      "{\"mn\": \"" MN1 "\", \"selector\": \"any\", \"priority\": 1, \"session\": 1}",
			      "unknown-session"));
	rig_close(&r);
}

static void
flow_fails(void)
{
	bool noted = false;
	json_t *got;
	struct rig r;

	multihoming_open(&r, &anchor);
	json_decref(ask_done(&r, "flow.add",
			     "{\"mn\": \"" MN1 "\", \"selector\": \"any\", \"priority\": 1, \"gateway\": \"" MAG2
			     "\"}"));
	CU_ASSERT_EQUAL(answer(&r, MAG2, MH_UPA_FAILED_TO_UPDATE), 1);
	got = event(&r, "flow-failed");
	CU_ASSERT_STRING_EQUAL(ask_text(got, "status_name"), "FAILED_TO_UPDATE");
	CU_ASSERT_EQUAL(ask_number(got, "flow"), 1);
	json_decref(got);
	for (size_t i = 0; !noted && (got = item(&r, "mn.history", i)) != NULL; i++) {
		noted = strcmp(ask_text(got, "kind"), "flow-failed") == 0 && ask_number(got, "flow") == 1 &&
			strstr(ask_text(got, "text"), "flow-failed 1, peer " MAG2) != NULL;
		json_decref(got);
	}
	CU_ASSERT(noted);
	rig_close(&r);
}

/* What the gateway asks its anchor for next: its handoff indicator and prefix are these, and the message is the
 * caller's. */
static bool
asks(struct rig *r, uint8_t handoff, const char *home, struct mh_msg *pbu)
{
	struct addr_prefix p = prefix(home);

	rig_run(r);
	return rig_take_mh(r, MH_PBU, pbu) && pbu->opt.handoff.value == handoff &&
	       addr_prefix_equal(&pbu->opt.hnp[pbu->opt.hnp_count - 1].prefix, &p);
}

#define ATTACH(more)  "{\"port\": \"access\", \"mac\": \"" MN1_MAC "\"" more "}"
#define PULL(more)    "{\"mn\": \"" MN1 "\", \"prefixes\": \"" P2 "\"" more "}"
#define GIVEN_UP      ", \"given_up\": true"
#define WITH(prefix_) ", \"prefixes\": \"" prefix_ "\""

/* A partial handoff to an interface that attaches, which the gateway has to be told is one. */
static void
attaches(void)
{
	struct frame other = solicitation(MN2_MAC);
	struct addr_prefix p1 = prefix(P1);
	struct mh_msg pbu;
	json_t *got;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .multihoming = true});
	CU_ASSERT(ask_refused(&r, "mn.attach", ATTACH(WITH(P1)), "not-given-up"));
	CU_ASSERT(ask_refused(&r, "mn.attach", ATTACH(WITH("fe80::/64") GIVEN_UP), "bad-move"));
	CU_ASSERT(ask_refused(&r, "mn.attach", ATTACH(", \"handoff\": 6"), "bad-prefix"));
	CU_ASSERT(!rig_take_mh(&r, MH_PBU, &pbu));
	json_decref(ask_done(&r, "mn.attach", ATTACH(WITH(P1) GIVEN_UP)));
	NEED(asks(&r, RIG_PARTIAL_NEW, P1, &pbu));
	CU_ASSERT(ask_refused(&r, "mn.attach", ATTACH(WITH(P2) GIVEN_UP), "already-attached"));
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &p1);
	CU_ASSERT(row_is(&r, 0, P1 " " NODE " active owned"));
	got = event(&r, "prefixes-moved");
	CU_ASSERT_STRING_EQUAL(ask_text(got, "role"), "mag");
	CU_ASSERT(list_has(got, "prefixes", P1));
	json_decref(got);
	/* What another mobile node attaches with is its own affair again. */
	rig_send(&r, ACCESS, &other);
	CU_ASSERT(asks(&r, MH_HANDOFF_UNKNOWN, "::/0", &pbu));
	rig_close(&r);
}

static void
shares(void)
{
	struct mh_msg pbu;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .multihoming = true});
	json_decref(ask_done(&r, "mn.attach", ATTACH(WITH(P1) ", \"handoff\": 6")));
	CU_ASSERT(asks(&r, MH_HANDOFF_SHARED_PREFIXES, P1, &pbu));
	rig_close(&r);
	rig_open(&r, &(struct wish){.mag = true});
	CU_ASSERT(ask_refused(&r, "mn.attach", ATTACH(WITH(P1) ", \"handoff\": 6"), "not-supported"));
	CU_ASSERT(ask_refused(&r, "mn.attach", ATTACH(WITH(P1) GIVEN_UP), "not-supported"));
	rig_close(&r);
}

/* The same to one that has a session; what the anchor says is told. */
static void
pulls(void)
{
	struct addr_prefix p1 = prefix(P1), p2 = prefix(P2);
	struct mh_msg pbu;
	json_t *got;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .multihoming = true});
	json_decref(ask_done(&r, "mn.attach", ATTACH("")));
	NEED(asks(&r, MH_HANDOFF_UNKNOWN, "::/0", &pbu));
	CU_ASSERT(ask_refused(&r, "mn.move", PULL(GIVEN_UP), "busy"));
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &p1);
	CU_ASSERT(ask_refused(&r, "mn.move", PULL(""), "not-given-up"));
	CU_ASSERT(ask_refused(&r, "mn.move", "{\"mn\": \"" MN1 "\"" GIVEN_UP "}", "bad-prefix"));
	CU_ASSERT(ask_refused(&r, "mn.move", PULL(GIVEN_UP ", \"keep\": \"shared\""), "not-supported"));
	CU_ASSERT(ask_refused(&r, "mn.move", PULL(GIVEN_UP ", \"access\": \"ethernet\""), "unknown-session"));
	json_decref(ask_done(&r, "mn.move", PULL(GIVEN_UP ", \"access\": \"wlan\"")));
	NEED(asks(&r, RIG_PARTIAL_EXISTING, P2, &pbu));
	rig_pba(&r, &pbu, MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX, NULL);
	got = event(&r, "move-failed");
	CU_ASSERT_STRING_EQUAL(ask_text(got, "status_name"), "NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX");
	json_decref(got);
	CU_ASSERT(row_is(&r, 0, P1 " " NODE " active owned"));
	json_decref(ask_done(&r, "mn.move", PULL(", \"keep\": \"idle\"")));
	NEED(asks(&r, MH_HANDOFF_NO_CHANGE, P2, &pbu));
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &p2);
	CU_ASSERT(row_is(&r, 1, P2 " " NODE " active owned"));
	rig_close(&r);
}

/* One more temporal prefix, which the session has when the anchor says so. */
static void
cuts(void)
{
	struct addr_prefix p1 = prefix(P1), cut = prefix("2001:db8:20:1::/64");
	struct mh_msg pbu, m = {.type = MH_PBA};
	struct frame f;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .multihoming = true});
	json_decref(ask_done(&r, "mn.attach", ATTACH("")));
	NEED(asks(&r, MH_HANDOFF_UNKNOWN, "::/0", &pbu));
	CU_ASSERT(ask_refused(&r, "mn.cut", "{\"mn\": \"" MN1 "\"}", "busy"));
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &p1);
	CU_ASSERT(ask_refused(&r, "mn.cut", "{\"mn\": \"" MN1 "\"}", "not-supported"));
	rig_close(&r);
	rig_open(&r, &(struct wish){.mag = true, .multihoming = true, .aggregate = "2001:db8:20::/48"});
	json_decref(ask_done(&r, "mn.attach", ATTACH("")));
	NEED(asks(&r, MH_HANDOFF_UNKNOWN, "::/0", &pbu));
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &p1);
	CU_ASSERT(ask_refused(&r, "mn.cut", "{\"mn\": \"" MN2 "\"}", "unknown-mobile-node"));
	CU_ASSERT(ask_refused(&r, "mn.cut", "{\"mn\": \"" MN1 "\", \"count\": 5}", "out-of-range"));
	CU_ASSERT(ask_refused(&r, "mn.cut", "{\"mn\": \"" MN1 "\", \"access\": \"ethernet\"}", "unknown-session"));
	json_decref(ask_done(&r, "mn.cut", "{\"mn\": \"" MN1 "\", \"access\": \"wlan\"}"));
	NEED(asks(&r, MH_HANDOFF_NO_CHANGE, P1, &pbu));
	CU_ASSERT_EQUAL(pbu.opt.vendor_count, 1);
	CU_ASSERT(ask_refused(&r, "mn.cut", "{\"mn\": \"" MN1 "\"}", "busy"));
	m.pba = (struct mh_pba){.flags = MH_PBA_P, .sequence = pbu.pbu.sequence, .lifetime = pbu.pbu.lifetime};
	m.opt = pbu.opt;
	mh_add_hnp(&m, &cut);
	f = rig_message(ANCHOR, &m);
	rig_send(&r, CORE, &f);
	CU_ASSERT(row_is(&r, 1, "2001:db8:20:1::/64 " NODE " active owned"));
	rig_close(&r);
}

const struct unit_case multihoming_cases[] = {
	{"mn.move shares prefixes by a gateway's leave, and mn.rows shows it", moves},
	{"mn.move moves all of the others', which are kept for the way back", moves_all},
	{"a move that fails is told with its status, and another waits for it", move_fails},
	{"flows are added, moved, listed in their order and forgotten", flows},
	{"packet.explain says which rule a packet of a flow takes", flow_explained},
	{"packet.explain finds a mobile node one of whose sessions has lost its prefixes", empty_explained},
	{"a flow of a policy is the policy's", flow_of_policy},
	{"a session that was de-registered is not meant", left},
	{"a flow that fails is told with its number and status", flow_fails},
	{"a host attaches with prefixes that the mobile node has given up elsewhere", attaches},
	{"a host attaches with prefixes that it shares", shares},
	{"a gateway asks for prefixes by command, and tells what its anchor said", pulls},
	{"a gateway cuts temporal prefixes by command", cuts},
};
const unsigned int multihoming_case_count = UNIT_COUNT(multihoming_cases);
