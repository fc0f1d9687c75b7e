/* SPDX-License-Identifier: BSD-3-Clause */
/* Peers that fail, return and restart (RFC 5847). */
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

static json_t *
peer_of(struct rig *r, const char *peer)
{
	return ask(r, "peer.get", json_pack("{s:s}", "peer", peer), NULL);
}

static void
check_peer(struct rig *r, const char *peer, const char *state, const char *heartbeat, const char *change)
{
	json_t *p = peer_of(r, peer), *changes = json_object_get(p, "changes");
	const json_t *last = json_array_get(changes, json_array_size(changes) - 1);

	CU_ASSERT_STRING_EQUAL(ask_text(p, "state"), state);
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(p, "heartbeat"), "state"), heartbeat);
	CU_ASSERT_STRING_EQUAL(ask_text(last, "change"), change);
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
	CU_ASSERT_EQUAL(ask_events(&r, "peer-failed"), 0);
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
	CU_ASSERT_EQUAL(ask_events(&r, "peer-failed"), 2); /* the second one never answered */
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
	CU_ASSERT_EQUAL(ask_events(&r, "peer-returned"), 1);
	check_peer(&r, MAG1, "fine", "up", "returned");
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	beat_for(&r, MAG1, 8, 2 * BEAT_MS);
	CU_ASSERT_EQUAL(ask_events(&r, "peer-restarted"), 1);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	rig_close(&r);
}

/* It is asked on although no session leads to it, and registered with as soon as it answers. */
static void
anchor_fails(void)
{
	struct addr_prefix home = prefix("2001:db8:5:1::/64");
	struct addr6 anchor = ip6(ANCHOR);
	struct mh_msg pbu;
	struct rig r;

	rig_open_served(&r, &gateway, &home);
	beat_for(&r, ANCHOR, 7, 2 * BEAT_MS);
	check_peer(&r, ANCHOR, "fine", "up", "");
	rig_wait(&r, LONG_MS);
	CU_ASSERT_EQUAL(ask_events(&r, "peer-failed"), 1);
	check_peer(&r, ANCHOR, "failed", "failed", "failed");
	CU_ASSERT_EQUAL(ctl_tunnel_sessions(r.ctl, &anchor), 0);
	CU_ASSERT_EQUAL(mag_session_count(r.mag), 1);
	rig_forget(&r);
	beat_for(&r, ANCHOR, 8, 2 * BEAT_MS);
	CU_ASSERT_EQUAL(ask_events(&r, "peer-restarted"), 1);
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

	rig_open_served(&r, &gateway, &home);
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
	CU_ASSERT_EQUAL(ask_peer_count(&r, MAG1, "received", "PBU"), 1);
	CU_ASSERT_EQUAL(ask_peer_count(&r, from, "received", "HEARTBEAT"), 1);
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2});
	CU_ASSERT_EQUAL(ask_peer_count(&r, MAG2, "received", "PBU"), 1);
	rig_close(&r);
}

const struct unit_case peer_cases[] = {
	{"RFC 5847 3: a peer is asked while it has sessions, and shown with its counter", asked_while_needed},
	{"RFC 5847 3.2: a node that has started says so", start_is_announced},
	{"RFC 5847 3.1: the sessions of a gateway that has failed end", gateway_fails},
	{"sessions of a failed gateway that are kept are there when it is back", gateway_is_back},
	{"RFC 5847 3.2: an anchor that has restarted is registered with anew", anchor_fails},
	{"a failed anchor that no session waits for is asked no more", nobody_waits},
	{"strangers take no place from a peer", strangers_make_room},
};
const unsigned int peer_case_count = UNIT_COUNT(peer_cases);
