/* SPDX-License-Identifier: BSD-3-Clause */
/* What peers are told of sessions: revocations (RFC 5846) and notifications (RFC 7077). */
#include <string.h>

#include "ask.h"
#include "cases.h"
#include "mh/mh.h"
#include "peer.h"
#include "rig.h"

#define HOME "2001:db8:1::/64"

static const struct wish gateway = {.mag = true, .heartbeat_ms = 10000, .no_probes = true};
static const struct wish telling = {.lma = true, .revocation = true};

/* The gateway answers the revocation that it was sent. */
static void
answer_bri(struct rig *r, const struct mh_msg *bri, uint8_t status)
{
	struct mh_msg m = {.type = MH_BRA,
			   .bra = {.status = status, .sequence = bri->bri.sequence, .flags = bri->bri.flags},
			   .opt = bri->opt};
	struct frame f = rig_message(MAG1, &m);

	rig_send(r, CORE, &f);
}

static json_t *
revoke(struct rig *r, json_t *params)
{
	struct rpc_error error;
	json_t *answer = ask(r, "session.revoke", params, &error);

	NEED(answer != NULL);
	return answer;
}

static void
one_revoked(void)
{
	struct addr_prefix home = prefix(HOME);
	struct mh_msg bri;
	json_t *answer;
	char status[64];
	struct rig r;

	rig_open(&r, &telling);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	answer = revoke(&r, json_pack("{s:i, s:s}", "session", 0, "trigger", "user-termination"));
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(answer, "scope")), "session");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(answer, "sessions")), 1);
	json_decref(answer);
	rig_run(&r);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_BRI, &bri));
	CU_ASSERT_EQUAL(bri.bri.trigger, MH_BRI_USER_TERMINATION);
	CU_ASSERT(bri.opt.hnp_count == 1 && addr_prefix_equal(&bri.opt.hnp[0].prefix, &home));
	CU_ASSERT_EQUAL(fwd_value_tunnel(rig_value(&r, &home)), 0);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	answer_bri(&r, &bri, MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	CU_ASSERT_EQUAL(rig_value(&r, &home), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(ask_events(&r, "session-revoked"), 1);
	/* A second one, which the gateway refuses: it is over all the same. */
	rig_pbu(&r, &(struct update){.mag = MAG1});
	json_decref(revoke(&r, json_pack("{s:s}", "mn", MN1)));
	rig_run(&r);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_BRI, &bri));
	CU_ASSERT_EQUAL(bri.bri.trigger, MH_BRI_ADMINISTRATIVE);
	answer_bri(&r, &bri, MH_BRA_PROXY_UNSUPPORTED);
	CU_ASSERT_EQUAL(ask_events(&r, "revocation-failed"), 1);
	ask_last_event(&r, "revocation-failed", "status_name", status, sizeof(status));
	CU_ASSERT_STRING_EQUAL(status, "PROXY_UNSUPPORTED");
	/* And a third, which stays without an answer. */
	rig_pbu(&r, &(struct update){.mag = MAG1});
	json_decref(revoke(&r, json_pack("{s:s}", "mn", MN1)));
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(ask_events(&r, "revocation-failed"), 2);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	rig_close(&r);
}

/* What the history of the mobile node has of it. */
static void
remembered(void)
{
	static const char *const want[] = {"trigger 1", "status 132 MN_ATTACHED"};
	struct mh_msg bri;
	json_t *history, *item;
	unsigned int found = 0;
	size_t i;
	struct rig r;

	rig_open(&r, &telling);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	json_decref(revoke(&r, json_pack("{s:s}", "mn", MN1)));
	rig_run(&r);
	NEED(rig_take_mh(&r, MH_BRI, &bri));
	answer_bri(&r, &bri, MH_BRA_MN_ATTACHED);
	history = ask(&r, "mn.history", json_pack("{s:s}", "mn", MN1), NULL);
	json_array_foreach(json_object_get(history, "items"), i, item)
	{
		found += found < UNIT_COUNT(want) && strstr(ask_text(item, "text"), want[found]) != NULL;
	}
	CU_ASSERT_EQUAL(found, UNIT_COUNT(want));
	json_decref(history);
	rig_close(&r);
}

static void
many_revoked(void)
{
	struct addr6 mag1 = ip6(MAG1);
	struct mh_msg bri;
	json_t *answer;
	char name[32];
	unsigned int told = 0;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .revocation = true, .crowd = 8});
	for (unsigned int i = 0; i < 8; i++)
		rig_pbu(&r, &(struct update){.mn = rig_crowd_name(i, name), .mag = i < 5 ? MAG1 : MAG2});
	rig_forget(&r);
	answer = revoke(&r, json_pack("{s:s}", "peer", MAG1));
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(answer, "sessions")), 5);
	json_decref(answer);
	for (unsigned int i = 0; i < 20 && ctl_tunnel_sessions(r.ctl, &mag1) > 0; i++) {
		rig_wait(&r, 200);
		while (rig_take_mh(&r, MH_BRI, &bri)) {
			told++;
			answer_bri(&r, &bri, MH_BRA_ACCEPTED);
		}
	}
	CU_ASSERT(told >= 1 && told <= 5); /* one for all of them, or one for each */
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 3);
	json_decref(revoke(&r, json_pack("{s:b}", "all", 1)));
	rig_wait(&r, 20000);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	rig_close(&r);
}

static void
realm_revoked(void)
{
	struct mh_msg bri;
	json_t *answer;
	struct rig r;

	rig_open(&r, &telling);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	answer = revoke(&r, json_pack("{s:s}", "realm", strchr(MN1, '@') + 1));
	CU_ASSERT_STRING_EQUAL(ask_text(answer, "scope"), "realm");
	CU_ASSERT(json_is_null(json_object_get(answer, "sessions")));
	json_decref(answer);
	rig_run(&r);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_BRI, &bri));
	CU_ASSERT_EQUAL(bri.bri.trigger, MH_BRI_LOCAL_POLICY);
	answer_bri(&r, &bri, MH_BRA_ACCEPTED);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	rig_close(&r);
}

static void
notified(void)
{
	struct mh_msg upn, m = {.type = MH_UPA};
	struct rpc_error error;
	struct frame f;
	struct rig r;

	rig_open(&r, &telling);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	json_decref(ask(&r, "session.notify",
			json_pack("{s:i, s:s}", "session", 0, "reason", "update-session-parameters"), NULL));
	rig_run(&r);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_UPN, &upn));
	CU_ASSERT_EQUAL(upn.upn.reason, MH_UPN_UPDATE_SESSION_PARAMETERS);
	m.upa = (struct mh_upa){.sequence = upn.upn.sequence, .status = MH_UPA_FAILED_TO_UPDATE};
	m.opt = upn.opt;
	f = rig_message(MAG1, &m);
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(ask_events(&r, "notification-failed"), 1);
	CU_ASSERT_EQUAL(ask_peer_count(&r, MAG1, "received", "UPA/128 FAILED_TO_UPDATE"), 1);
	json_decref(ask(&r, "session.notify", json_pack("{s:s}", "mn", MN1), NULL));
	rig_run(&r);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_UPN, &upn));
	CU_ASSERT_EQUAL(upn.upn.reason, MH_UPN_FORCE_REREGISTRATION);
	rig_close(&r);
	rig_open(&r, &gateway);
	CU_ASSERT_PTR_NULL(ask(&r, "session.notify", json_pack("{s:b}", "all", 1), &error));
	CU_ASSERT_STRING_EQUAL(error.reason, "not-an-anchor");
	rig_close(&r);
}

/* What the vendor's option says arrives as it was given, and is shown as it came. */
static void
vendor_notified(void)
{
	static const char *const wrong[] = {
		"{\"mn\": \"" MN1 "\", \"reason\": \"vendor-specific\"}",
		"{\"mn\": \"" MN1 "\", \"vendor\": 1}",
		"{\"mn\": \"" MN1 "\", \"data\": \"00\"}",
		"{\"mn\": \"" MN1 "\", \"reason\": \"vendor-specific\", \"vendor\": 1, \"data\": \"0\"}",
		"{\"mn\": \"" MN1 "\", \"reason\": \"vendor-specific\", \"vendor\": 1, \"data\": \"0g\"}",
	};
	struct addr_prefix home = prefix("2001:db8:5:1::/64");
	struct rpc_error error;
	json_t *page, *vendor;
	struct mh_msg upn, upa;
	struct frame f;
	struct rig r;

	rig_open(&r, &telling);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	for (unsigned int i = 0; i < UNIT_COUNT(wrong); i++)
		CU_ASSERT_PTR_NULL(ask(&r, "session.notify", json_loads(wrong[i], 0, NULL), &error));
	json_decref(ask(&r, "session.notify",
			json_pack("{s:s, s:s, s:i, s:i, s:s}", "mn", MN1, "reason", "vendor-specific", "vendor", 10415,
				  "type", 7, "data", "00ff1A"),
			NULL));
	for (unsigned int again = 0; again < 2; again++) {
		rig_wait(&r, 1 + again * 1100);
		CU_ASSERT_FATAL(rig_take_mh(&r, MH_UPN, &upn));
		CU_ASSERT_EQUAL(upn.upn.reason, MH_UPN_VENDOR_SPECIFIC);
		CU_ASSERT_EQUAL_FATAL(upn.opt.vendor_count, 1);
		CU_ASSERT(upn.opt.vendor[0].vendor == 10415 && upn.opt.vendor[0].subtype == 7);
		CU_ASSERT(upn.opt.vendor[0].len == 3 && memcmp(upn.opt.vendor[0].data, "\x00\xff\x1a", 3) == 0);
	}
	rig_close(&r);

	rig_open_served(&r, &gateway, &home);
	upn.opt.hnp_count = 0;
	upn.opt.present &= ~(1u << MH_OPT_HOME_NETWORK_PREFIX);
	f = rig_message(ANCHOR, &upn);
	rig_send(&r, CORE, &f);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_UPA, &upa));
	CU_ASSERT_EQUAL(upa.upa.status, MH_UPA_ACCEPTED);
	page = ask(&r, "event.list", json_pack("{s:s}", "kind", "session-notified"), NULL);
	vendor = json_array_get(json_object_get(json_array_get(json_object_get(page, "items"), 0), "vendors"), 0);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(vendor, "vendor")), 10415);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(vendor, "type")), 7);
	CU_ASSERT_STRING_EQUAL(ask_text(vendor, "data"), "00ff1a");
	json_decref(page);
	rig_close(&r);
}

/* A gateway that is told to by its operator de-registers, and a revocation of its anchor ends the session. */
static void
at_the_gateway(void)
{
	struct addr_prefix home = prefix("2001:db8:5:1::/64");
	struct mh_msg pbu, bra, bri = {.type = MH_BRI};
	struct frame f;
	struct rig r;

	rig_open_served(&r, &gateway, &home);
	bri.bri = (struct mh_bri){.trigger = MH_BRI_ADMINISTRATIVE, .sequence = 9, .flags = MH_BR_P};
	mh_set(&bri, MH_OPT_MN_ID);
	bri.opt.mn_id.subtype = 1;
	bri.opt.mn_id.len = (uint8_t)strlen(MN1);
	memcpy(bri.opt.mn_id.id, MN1, strlen(MN1));
	mh_add_hnp(&bri, &home);
	f = rig_message(ANCHOR, &bri);
	rig_send(&r, CORE, &f);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_BRA, &bra));
	CU_ASSERT(bra.bra.sequence == 9 && bra.bra.status == MH_BRA_ACCEPTED);
	CU_ASSERT_EQUAL(ask_peer_count(&r, ANCHOR, "sent", "BRA/0 ACCEPTED"), 1);
	CU_ASSERT_EQUAL(rig_value(&r, &home), FWD_VALUE_NONE);
	rig_close(&r);

	rig_open_served(&r, &gateway, &home);
	json_decref(revoke(&r, json_pack("{s:s, s:s}", "peer", ANCHOR, "role", "mag")));
	rig_wait(&r, 1000);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &pbu));
	CU_ASSERT_EQUAL(pbu.pbu.lifetime, 0);
	rig_close(&r);
}

static void
refusals(void)
{
	static const struct {
		const char *params, *reason;
	} wrong[] = {
		{"{}", "bad-target"},
		{"{\"all\": false}", "bad-target"},
		{"{\"all\": true, \"session\": 0}", "bad-target"},
		{"{\"mn\": \"" MN1 "\", \"peer\": \"" MAG1 "\"}", "bad-target"},
		{"{\"session\": 31}", "unknown-session"},
		{"{\"mn\": \"" MN2 "\"}", "unknown-mobile-node"},
		{"{\"mn\": \"\"}", "bad-identifier"},
		{"{\"peer\": \"mag1\"}", "bad-address"},
		{"{\"realm\": \"\"}", "bad-identifier"},
		{"{\"realm\": \"a@b\"}", "bad-identifier"},
		{"{\"all\": true, \"trigger\": \"boredom\"}", "unknown-value"},
		{"{\"mn\": \"" MN1 "\", \"role\": \"mag\"}", "not-a-gateway"},
	};
	struct rpc_error error;
	struct rig r;

	rig_open(&r, &telling);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	for (unsigned int i = 0; i < UNIT_COUNT(wrong); i++) {
		CU_ASSERT_PTR_NULL(ask(&r, "session.revoke", json_loads(wrong[i].params, 0, NULL), &error));
		CU_ASSERT_STRING_EQUAL(error.reason, wrong[i].reason);
	}
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_BRI_TX), 0);
	rig_close(&r);
}

const struct unit_case tell_cases[] = {
	{"RFC 5846 6.2.2: session.revoke tells the gateway, and what comes of it is an event", one_revoked},
	{"mn.history has revocations and what came of them", remembered},
	{"RFC 5846 6.2.2: all sessions of a gateway are revoked, and all there are", many_revoked},
	{"RFC 5846 8.1: all of a realm are revoked", realm_revoked},
	{"RFC 7077 5: session.notify asks the gateway, and an anchor alone does", notified},
	{"RFC 7077 4.1: a vendor's notification carries what it is about", vendor_notified},
	{"RFC 5846 9: a gateway ends what its anchor or its operator revokes", at_the_gateway},
	{"a revocation that cannot be is refused with the reason", refusals},
};
const unsigned int tell_case_count = UNIT_COUNT(tell_cases);
