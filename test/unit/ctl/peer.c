/* SPDX-License-Identifier: BSD-3-Clause */
/* Peers that fail, return and restart (RFC 5847), and what they are told of sessions (RFC 5846, RFC 7077). */
#include <string.h>

#include "ask.h"
#include "cases.h"
#include "mh/mh.h"
#include "peer.h"
#include "rig.h"

#define BEAT_MS 10000
#define LONG_MS 60000 /* in which a silent peer has failed */
#define HOME	"2001:db8:1::/64"

static const struct wish beating = {.lma = true, .heartbeat_ms = BEAT_MS};
static const struct wish gateway = {.mag = true, .heartbeat_ms = BEAT_MS, .no_probes = true};
static const struct wish telling = {.lma = true, .revocation = true};

/* The peer answers a heartbeat, as one that has started this often. */
static void
beat(struct rig *r, const char *from, uint32_t counter)
{
	struct mh_msg asked, m = {.type = MH_HEARTBEAT, .heartbeat.flags = MH_HEARTBEAT_R};
	struct frame f;

	while (rig_take_mh(r, MH_HEARTBEAT, &asked)) {
		m.heartbeat.sequence = asked.heartbeat.sequence;
		mh_set(&m, MH_OPT_RESTART_COUNTER);
		m.opt.restart_counter.counter = counter;
		f = rig_message(from, &m);
		rig_send(r, CORE, &f);
	}
}

/* For so long the peer answers. */
static void
beat_for(struct rig *r, const char *from, uint32_t counter, uint32_t ms)
{
	for (uint32_t done = 0; done < ms; done += 1000) {
		rig_wait(r, 1000);
		beat(r, from, counter);
	}
}

static size_t
events(struct rig *r, const char *kind)
{
	json_t *page = ask(r, "event.list", json_pack("{s:s}", "kind", kind), NULL);
	size_t n = json_array_size(json_object_get(page, "items"));

	json_decref(page);
	return n;
}

/* A text of an object, "" where there is none. */
static const char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

/* What the last event of a kind says. */
static void
last_event(struct rig *r, const char *kind, const char *key, char *out, size_t size)
{
	json_t *page = ask(r, "event.list", json_pack("{s:s}", "kind", kind), NULL);
	json_t *items = json_object_get(page, "items");

	snprintf(out, size, "%s", text(json_array_get(items, json_array_size(items) - 1), key));
	json_decref(page);
}

static json_t *
peer_of(struct rig *r, const char *peer)
{
	return ask(r, "peer.get", json_pack("{s:s}", "peer", peer), NULL);
}

static json_int_t
counted(struct rig *r, const char *peer, const char *way, const char *what)
{
	json_t *p = peer_of(r, peer);
	json_int_t n = json_integer_value(json_object_get(json_object_get(p, way), what));

	json_decref(p);
	return n;
}

static void
check_peer(struct rig *r, const char *peer, const char *state, const char *heartbeat, const char *change)
{
	json_t *p = peer_of(r, peer), *changes = json_object_get(p, "changes");
	const json_t *last = json_array_get(changes, json_array_size(changes) - 1);

	CU_ASSERT_STRING_EQUAL(text(p, "state"), state);
	CU_ASSERT_STRING_EQUAL(text(json_object_get(p, "heartbeat"), "state"), heartbeat);
	CU_ASSERT_STRING_EQUAL(text(last, "change"), change);
	json_decref(p);
}

/* shows: RFC5847-3-02: with the first session there are heartbeats, with the last one none. */
static void
asked_while_needed(void)
{
	struct addr_prefix home = prefix(HOME);
	struct mh_msg m;
	json_t *p;
	struct rig r;

	rig_open(&r, &beating);
	rig_wait(&r, LONG_MS);
	CU_ASSERT(!rig_take_mh(&r, MH_HEARTBEAT, &m));
	rig_pbu(&r, &(struct update){.mag = MAG1});
	beat_for(&r, MAG1, 7, LONG_MS);
	check_peer(&r, MAG1, "fine", "up", "");
	p = peer_of(&r, MAG1);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(p, "heartbeat"), "restart_counter")), 7);
	CU_ASSERT(json_is_true(json_object_get(json_object_get(p, "heartbeat"), "asked")));
	json_decref(p);
	rig_pbu(&r, &(struct update){.mag = MAG1, .dereg = true, .hnp = &home});
	rig_wait(&r, 20000); /* the session lingers at first */
	rig_forget(&r);
	rig_wait(&r, LONG_MS);
	CU_ASSERT(!rig_take_mh(&r, MH_HEARTBEAT, &m));
	CU_ASSERT_EQUAL(events(&r, "peer-failed"), 0);
	rig_close(&r);
}

/* shows: RFC5847-3.2-05: as soon as its own address may be used, and to who may have known its sessions. */
static void
start_is_announced(void)
{
	struct wish starting = gateway;
	struct mh_msg m;
	struct rig r;

	starting.not_ready = true;
	for (starting.heartbeat_ms = BEAT_MS;; starting.heartbeat_ms = 0) {
		rig_open(&r, &starting);
		CU_ASSERT(!rig_take_mh(&r, MH_HEARTBEAT, &m));
		rig_wait(&r, 5000);
		CU_ASSERT(r.ctl->ready);
		CU_ASSERT_EQUAL(rig_take_mh(&r, MH_HEARTBEAT, &m), starting.heartbeat_ms > 0);
		if (starting.heartbeat_ms == 0)
			break;
		CU_ASSERT_EQUAL(m.heartbeat.flags, MH_HEARTBEAT_U | MH_HEARTBEAT_R);
		CU_ASSERT(mh_has(&m, MH_OPT_RESTART_COUNTER));
		CU_ASSERT(!rig_take_mh(&r, MH_HEARTBEAT, &m));
		rig_close(&r);
	}
	rig_close(&r);
}

static void
gateway_fails(void)
{
	struct addr_prefix home = prefix(HOME);
	struct rig r;

	rig_open(&r, &beating);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2});
	beat_for(&r, MAG1, 7, BEAT_MS);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 2);
	rig_wait(&r, LONG_MS);
	CU_ASSERT_EQUAL(events(&r, "peer-failed"), 2); /* the second one never answered */
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	CU_ASSERT_EQUAL(rig_value(&r, &home), FWD_VALUE_NONE);
	rig_close(&r);
}

/* Where sessions are kept they are there when the peer is back; one that restarted has them no more. */
static void
gateway_is_back(void)
{
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .heartbeat_ms = BEAT_MS, .keep_dead = true});
	rig_pbu(&r, &(struct update){.mag = MAG1});
	beat_for(&r, MAG1, 7, 2 * BEAT_MS);
	rig_wait(&r, LONG_MS);
	check_peer(&r, MAG1, "failed", "failed", "failed");
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	beat_for(&r, MAG1, 7, 2 * BEAT_MS);
	CU_ASSERT_EQUAL(events(&r, "peer-returned"), 1);
	check_peer(&r, MAG1, "fine", "up", "returned");
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	beat_for(&r, MAG1, 8, 2 * BEAT_MS);
	CU_ASSERT_EQUAL(events(&r, "peer-restarted"), 1);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	rig_close(&r);
}

/* A gateway with a session. */
static void
open_served(struct rig *r, const struct addr_prefix *home)
{
	struct frame f = solicitation(MN1_MAC);
	struct mh_msg pbu;

	rig_open(r, &gateway);
	rig_send(r, ACCESS, &f);
	NEED(rig_take_mh(r, MH_PBU, &pbu));
	rig_pba(r, &pbu, MH_STATUS_ACCEPTED, home);
	NEED(rig_value(r, home) != FWD_VALUE_NONE);
}

/* It is asked on although no session leads to it, and registered with as soon as it answers. */
static void
anchor_fails(void)
{
	struct addr_prefix home = prefix("2001:db8:5:1::/64");
	struct addr6 anchor = ip6(ANCHOR);
	struct mh_msg pbu;
	struct rig r;

	open_served(&r, &home);
	beat_for(&r, ANCHOR, 7, 2 * BEAT_MS);
	check_peer(&r, ANCHOR, "fine", "up", "");
	rig_wait(&r, LONG_MS);
	CU_ASSERT_EQUAL(events(&r, "peer-failed"), 1);
	check_peer(&r, ANCHOR, "failed", "failed", "failed");
	CU_ASSERT_EQUAL(ctl_tunnel_sessions(r.ctl, &anchor), 0);
	CU_ASSERT_EQUAL(mag_session_count(r.mag), 1);
	rig_forget(&r);
	beat_for(&r, ANCHOR, 8, 2 * BEAT_MS);
	CU_ASSERT_EQUAL(events(&r, "peer-restarted"), 1);
	check_peer(&r, ANCHOR, "fine", "up", "restarted");
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &pbu));
	while (rig_take_mh(&r, MH_PBU, &pbu)) /* it was sent again */
		;
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &home);
	CU_ASSERT_EQUAL(ctl_tunnel_sessions(r.ctl, &anchor), 1);
	rig_close(&r);
}

static void
nobody_waits(void)
{
	struct access_event leaves = {.type = ACCESS_EV_DETACH, .key = {.port = ACCESS, .mac = mac(MN1_MAC)}};
	struct addr_prefix home = prefix("2001:db8:5:1::/64");
	struct mh_msg m;
	struct rig r;

	open_served(&r, &home);
	beat_for(&r, ANCHOR, 7, 2 * BEAT_MS);
	rig_wait(&r, LONG_MS);
	rig_forget(&r);
	rig_wait(&r, 2 * BEAT_MS);
	CU_ASSERT(rig_take_mh(&r, MH_HEARTBEAT, &m));
	ctl_access_step(r.ctl, &leaves);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(mag_session_count(r.mag), 0);
	rig_forget(&r);
	rig_wait(&r, LONG_MS);
	CU_ASSERT(!rig_take_mh(&r, MH_HEARTBEAT, &m));
	rig_close(&r);
}

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
	CU_ASSERT_EQUAL(events(&r, "session-revoked"), 1);
	/* A second one, which the gateway refuses: it is over all the same. */
	rig_pbu(&r, &(struct update){.mag = MAG1});
	json_decref(revoke(&r, json_pack("{s:s}", "mn", MN1)));
	rig_run(&r);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_BRI, &bri));
	CU_ASSERT_EQUAL(bri.bri.trigger, MH_BRI_ADMINISTRATIVE);
	answer_bri(&r, &bri, MH_BRA_PROXY_UNSUPPORTED);
	CU_ASSERT_EQUAL(events(&r, "revocation-failed"), 1);
	last_event(&r, "revocation-failed", "status_name", status, sizeof(status));
	CU_ASSERT_STRING_EQUAL(status, "PROXY_UNSUPPORTED");
	/* And a third, which stays without an answer. */
	rig_pbu(&r, &(struct update){.mag = MAG1});
	json_decref(revoke(&r, json_pack("{s:s}", "mn", MN1)));
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(events(&r, "revocation-failed"), 2);
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
		found += found < UNIT_COUNT(want) && strstr(text(item, "text"), want[found]) != NULL;
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
	CU_ASSERT_STRING_EQUAL(text(answer, "scope"), "realm");
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
	CU_ASSERT_EQUAL(events(&r, "notification-failed"), 1);
	CU_ASSERT_EQUAL(counted(&r, MAG1, "received", "UPA/128 FAILED_TO_UPDATE"), 1);
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

	open_served(&r, &home);
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
	CU_ASSERT_STRING_EQUAL(text(vendor, "data"), "00ff1a");
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

	open_served(&r, &home);
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
	CU_ASSERT_EQUAL(counted(&r, ANCHOR, "sent", "BRA/0 ACCEPTED"), 1);
	CU_ASSERT_EQUAL(rig_value(&r, &home), FWD_VALUE_NONE);
	rig_close(&r);

	open_served(&r, &home);
	json_decref(revoke(&r, json_pack("{s:s, s:s}", "peer", ANCHOR, "role", "mag")));
	rig_wait(&r, 1000);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &pbu));
	CU_ASSERT_EQUAL(pbu.pbu.lifetime, 0);
	rig_close(&r);
}

/* Anyone can say that he is a new node: what is known of peers does not go for that. */
static void
strangers_make_room(void)
{
	struct mh_msg m = {.type = MH_HEARTBEAT};
	struct frame f;
	char from[32];
	struct rig r;

	rig_open(&r, &telling);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	for (unsigned int i = 0; i < CTL_PEERS + 10; i++) {
		snprintf(from, sizeof(from), "2001:db8:9::%x", 1 + i);
		f = rig_message(from, &m);
		rig_send(&r, CORE, &f);
		rig_forget(&r);
	}
	CU_ASSERT_EQUAL(counted(&r, MAG1, "received", "PBU"), 1);
	CU_ASSERT_EQUAL(counted(&r, from, "received", "HEARTBEAT"), 1);
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2});
	CU_ASSERT_EQUAL(counted(&r, MAG2, "received", "PBU"), 1);
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

const struct unit_case peer_cases[] = {
	{"RFC 5847 3: a peer is asked while it has sessions, and shown with its counter", asked_while_needed},
	{"RFC 5847 3.2: a node that has started says so", start_is_announced},
	{"RFC 5847 3.1: the sessions of a gateway that has failed end", gateway_fails},
	{"sessions of a failed gateway that are kept are there when it is back", gateway_is_back},
	{"RFC 5847 3.2: an anchor that has restarted is registered with anew", anchor_fails},
	{"a failed anchor that no session waits for is asked no more", nobody_waits},
	{"RFC 5846 6.2.2: session.revoke tells the gateway, and what comes of it is an event", one_revoked},
	{"mn.history has revocations and what came of them", remembered},
	{"RFC 5846 6.2.2: all sessions of a gateway are revoked, and all there are", many_revoked},
	{"RFC 5846 8.1: all of a realm are revoked", realm_revoked},
	{"RFC 7077 5: session.notify asks the gateway, and an anchor alone does", notified},
	{"RFC 7077 4.1: a vendor's notification carries what it is about", vendor_notified},
	{"RFC 5846 9: a gateway ends what its anchor or its operator revokes", at_the_gateway},
	{"strangers take no place from a peer", strangers_make_room},
	{"a revocation that cannot be is refused with the reason", refusals},
};
const unsigned int peer_case_count = UNIT_COUNT(peer_cases);
