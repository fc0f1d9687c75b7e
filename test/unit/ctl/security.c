/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages that are authenticated (RFC 4285): what reaches an engine, what is refused how, and other keys on the way.
 */
#include <string.h>

#include "apply.h"
#include "ask.h"
#include "cases.h"
#include "mh/mh.h"
#include "rig.h"

#define HOME	"2001:db8:1::/64" /* of the first session */
#define BODY_AT 9		  /* an octet that each type has a use for */

static const struct wish protected = {.lma = true, .mag = true, .anchor = NODE, .keys = true, .revocation = true};

/* The gateway elsewhere: it signs with one key. */
struct far {
	struct pmip_auth *auth;
	struct pmip_peer_settings node;
};

/* The numbers of two keys, the one to sign with first; -1: none. */
static void
set_keys(struct pmip_peer_settings *peer, int first, int second)
{
	peer->key_count = 0;
	peer->key[peer->key_count++] = rig_key((unsigned int)first);
	if (second >= 0)
		peer->key[peer->key_count++] = rig_key((unsigned int)second);
}

static void
open_far(struct rig *r, struct far *f)
{
	const struct pmip_auth_settings s = {.windows_max = 4, .window_ms = 7000, .secret = {{3, 4}}};

	memset(f, 0, sizeof(*f));
	f->auth = pmip_auth_new(&s, &r->now);
	NEED(f->auth != NULL);
	f->node.protection = PMIP_PROTECT_AUTH;
	set_keys(&f->node, 0, -1);
}

/* The same message, signed by the far end. */
static struct frame
sign(struct rig *r, struct far *far, const struct frame *clear)
{
	uint8_t bytes[MH_LEN_MAX];
	struct nd_frame f;
	struct mh_msg m;
	int len;

	NEED(nd_frame_decode(clear->b, clear->len, &f) == 0 &&
	     mh_decode(f.payload, f.payload_len, &f.ip_src, &f.ip_dst, &m) == MH_OK);
	len = pmip_auth_encode(far->auth, &far->node, &m, &f.ip_src, &f.ip_dst, &r->now, bytes, sizeof(bytes));
	NEED(len > 0);
	return packet(ROUTER_MAC, NODE_MAC, &f.ip_src, &f.ip_dst, MH_PROTOCOL, bytes, (size_t)len);
}

static void
send_signed(struct rig *r, struct far *far, const struct update *u)
{
	struct frame clear = rig_update(r, u), f = sign(r, far, &clear);

	rig_send(r, CORE, &f);
}

/* The status of the answer that left for the gateway, which the far end finds good; -1: none, or it does not. */
static int
answered(struct rig *r, struct far *far)
{
	struct pmip_wire in;
	struct nd_frame at;
	enum mh_error error;
	struct mh_msg m;

	if (!rig_take_packet(r, CORE, MAG1, MH_PROTOCOL, &at))
		return -1;
	in = (struct pmip_wire){.bytes = at.payload, .len = at.payload_len, .src = at.ip_src, .dst = at.ip_dst};
	if (pmip_auth_decode(far->auth, &far->node, &in, &r->now, &m, &error) != PMIP_AUTH_OK)
		return -1;
	return m.type == MH_PBA ? m.pba.status : -1;
}

static void
both_ways(void)
{
	struct far far;
	struct rig r;

	rig_open(&r, &protected);
	open_far(&r, &far);
	send_signed(&r, &far, &(struct update){.mag = MAG1});
	CU_ASSERT_EQUAL(answered(&r, &far), MH_STATUS_ACCEPTED);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	pmip_auth_free(far.auth);
	rig_close(&r);
}

/* One octet of a signed message is another, its checksum put right. */
static struct frame
altered(const struct frame *f, size_t at)
{
	struct frame out = *f;
	struct nd_frame n;
	uint8_t *bytes;
	size_t len;

	NEED(nd_frame_decode(out.b, out.len, &n) == 0);
	bytes = out.b + (n.payload - out.b);
	len = n.payload_len;
	bytes[at] ^= 1;
	mh_seal(bytes, len, &n.ip_src, &n.ip_dst);
	return out;
}

/* Nothing that the engines hold or count has changed. */
struct engines {
	uint32_t sessions;
	struct stat_block lma, mag;
};

static void
look(struct rig *r, struct engines *e)
{
	memset(e, 0, sizeof(*e));
	e->sessions = lma_session_count(r->lma) + mag_session_count(r->mag);
	e->lma = *lma_stat(r->lma);
	e->mag = *mag_stat(r->mag);
}

static bool
untouched(struct rig *r, const struct engines *before)
{
	struct engines now;

	look(r, &now);
	return memcmp(before, &now, sizeof(now)) == 0;
}

/* A message of each type from the gateway, as good as one of its kind can be but for its protection. */
static struct mh_msg
message_of(enum mh_type type)
{
	struct mh_msg m = {.type = type};

	switch (type) {
	case MH_PBU:
		m.pbu.flags = MH_PBU_A | MH_PBU_P;
		break;
	case MH_PBA:
		m.pba.flags = MH_PBA_P;
		break;
	case MH_BE:
		m.be.status = MH_BE_UNKNOWN_TYPE;
		break;
	case MH_BRI:
		m.bri = (struct mh_bri){.trigger = MH_BRI_ADMINISTRATIVE, .sequence = 1, .flags = MH_BR_P};
		break;
	case MH_BRA:
		m.bra = (struct mh_bra){.sequence = 1, .flags = MH_BR_P};
		break;
	case MH_UPN:
		m.upn = (struct mh_upn){.sequence = 1, .reason = MH_UPN_FORCE_REREGISTRATION, .flags = MH_UPN_A};
		break;
	case MH_UPA:
		m.upa.sequence = 1;
		break;
	case MH_HEARTBEAT:
	case MH_NONE:
		break;
	}
	if (type == MH_BE || type == MH_HEARTBEAT)
		return m;
	mh_set(&m, MH_OPT_MN_ID);
	m.opt.mn_id.subtype = 1;
	m.opt.mn_id.len = (uint8_t)strlen(MN1);
	memcpy(m.opt.mn_id.id, MN1, strlen(MN1));
	mh_add_hnp(&m, &(struct addr_prefix){ip6("2001:db8:1::"), 64});
	return m;
}

#define TYPES (MH_UPA + 1)

/*
 * shows: RFC5213-4-01 RFC5213-5.3.1-01 RFC5213-6.9.1.2-02 RFC5846-6.1-02 RFC5846-6.2-03 RFC5846-13-02 RFC7077-5.2-10
 * shows: RFC7077-6.1-03
 * Whatever its type: without a code, with that of another key, altered, or once more.
 */
static void
no_engine_hears(void)
{
	struct engines before;
	struct far far, thief;
	struct rig r;

	rig_open(&r, &protected);
	open_far(&r, &far);
	open_far(&r, &thief);
	thief.node.key[0].bytes[7] ^= 1;
	send_signed(&r, &far, &(struct update){.mag = MAG1});
	rig_forget(&r);
	look(&r, &before);
	for (unsigned int t = MH_NONE + 1; t < TYPES; t++) {
		struct mh_msg m = message_of((enum mh_type)t);
		struct frame bare = rig_message(MAG1, &m), forged = sign(&r, &thief, &bare),
			     other = sign(&r, &far, &bare);

		other = altered(&other, BODY_AT);
		rig_send(&r, CORE, &bare);
		rig_send(&r, CORE, &forged);
		rig_send(&r, CORE, &other);
		CU_ASSERT(untouched(&r, &before));
		CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_AUTH_MISSING), t);
		CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_AUTH_WRONG), 2 * (uint64_t)t);
	}
	CU_ASSERT_EQUAL(rig_count(&r, STAT_MH_RX), 1);
	pmip_auth_free(thief.auth);
	pmip_auth_free(far.auth);
	rig_close(&r);
}

static void
once(void)
{
	struct engines before;
	struct frame clear, f;
	struct far far;
	struct rig r;

	rig_open(&r, &protected);
	open_far(&r, &far);
	clear = rig_update(&r, &(struct update){.mag = MAG1});
	f = sign(&r, &far, &clear);
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(answered(&r, &far), MH_STATUS_ACCEPTED);
	look(&r, &before);
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_AUTH_REPLAYED), 1);
	rig_wait(&r, 60000);
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_AUTH_STALE), 1);
	CU_ASSERT(untouched(&r, &before));
	/* By a key that nobody gave to the node. */
	far.node.key[0].spi = 999;
	send_signed(&r, &far, &(struct update){.mag = MAG1});
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_AUTH_SPI), 1);
	CU_ASSERT(untouched(&r, &before));
	pmip_auth_free(far.auth);
	rig_close(&r);
}

/* What is wrong with an update is said, by answers that are signed, and not more often than errors are. */
static void
refusals_are_answered(void)
{
	struct far far, thief;
	struct mh_msg pba;
	unsigned int answers = 0;
	struct rig r;

	rig_open(&r, &protected);
	open_far(&r, &far);
	open_far(&r, &thief);
	thief.node.key[0].bytes[7] ^= 1;
	send_signed(&r, &thief, &(struct update){.mag = MAG1});
	CU_ASSERT_EQUAL(answered(&r, &far), MH_STATUS_AUTHENTICATION_FAILED);
	r.now.wall -= (uint64_t)600 << 16; /* the gateway's clock */
	{
		struct frame clear = rig_update(&r, &(struct update){.mag = MAG1}), f = sign(&r, &far, &clear);

		r.now.wall += (uint64_t)600 << 16;
		rig_send(&r, CORE, &f);
	}
	CU_ASSERT(rig_take_mh(&r, MH_PBA, &pba) && pba.pba.status == MH_STATUS_ID_MISMATCH);
	CU_ASSERT(mh_has(&pba, MH_OPT_AUTHENTICATION));
	rig_wait(&r, 1000);
	rig_forget(&r);
	for (unsigned int i = 0; i < 30; i++) {
		struct frame clear = rig_update(&r, &(struct update){.mag = MAG1}), f = sign(&r, &thief, &clear);

		rig_send(&r, CORE, &f);
	}
	while (rig_take_mh(&r, MH_PBA, &pba))
		answers++;
	CU_ASSERT_EQUAL(answers, 10);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_AUTH_WRONG), 31);
	pmip_auth_free(thief.auth);
	pmip_auth_free(far.auth);
	rig_close(&r);
}

/* Put other keys of the gateways into effect, as config.apply does. */
static void
change_keys(struct rig *r, int first, int second)
{
	static struct pmip_peer_settings peers[2];
	static struct ctl_refusals why;
	struct ctl_config config = r->ctl->s.config;
	struct ctl_candidate *n;

	memcpy(peers, r->peers, sizeof(peers));
	set_keys(&peers[0], first, second);
	source_reset(&r->source);
	r->source.change.peers = peers;
	r->lma_settings.peers = peers;
	n = config.load(config.user, NULL, false);
	NEED(n != NULL && ctl_apply(r->ctl, n, &why) == 0);
	config.taken(config.user, n, false);
}

/* The gateway's session is refreshed. */
static int
refresh(struct rig *r, struct far *far)
{
	struct addr_prefix home = prefix(HOME);

	send_signed(r, far, &(struct update){.mag = MAG1, .hnp = &home, .handoff = MH_HANDOFF_NO_CHANGE});
	return answered(r, far);
}

/* Step by step as the documentation has it: both take both, then each signs with the new one, then the old one goes. */
static void
other_key(void)
{
	struct addr_prefix home = prefix(HOME);
	struct addr6 cn = ip6(CN), mn = rig_host_in(&home);
	struct frame f = downlink(&cn, &mn, 200);
	struct far far;
	struct nd_frame at;
	struct rig r;

	rig_open(&r, &protected);
	open_far(&r, &far);
	send_signed(&r, &far, &(struct update){.mag = MAG1});
	CU_ASSERT_EQUAL(answered(&r, &far), MH_STATUS_ACCEPTED);
	change_keys(&r, 0, 1);
	CU_ASSERT_EQUAL(refresh(&r, &far), MH_STATUS_ACCEPTED);
	set_keys(&far.node, 0, 1);
	CU_ASSERT_EQUAL(refresh(&r, &far), MH_STATUS_ACCEPTED);
	change_keys(&r, 1, 0);
	CU_ASSERT_EQUAL(refresh(&r, &far), MH_STATUS_ACCEPTED);
	set_keys(&far.node, 1, 0);
	CU_ASSERT_EQUAL(refresh(&r, &far), MH_STATUS_ACCEPTED);
	change_keys(&r, 1, -1);
	CU_ASSERT_EQUAL(refresh(&r, &far), MH_STATUS_ACCEPTED);
	set_keys(&far.node, 0, 1);
	CU_ASSERT_EQUAL(refresh(&r, &far), -1);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_AUTH_SPI), 1);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	CU_ASSERT_EQUAL(lma_stat(r.lma)->counter[STAT_SESSIONS_OPENED], 1);
	rig_send(&r, CORE, &f);
	CU_ASSERT(rig_take_packet(&r, CORE, MAG1, 41, &at));
	pmip_auth_free(far.auth);
	rig_close(&r);
}

static size_t
warnings(struct rig *r, json_int_t *peers)
{
	json_t *page = ask(r, "event.list", json_pack("{s:s}", "kind", "unprotected"), NULL);
	json_t *items = json_object_get(page, "items");
	size_t n = json_array_size(items);

	*peers = json_integer_value(json_object_get(json_array_get(items, n > 0 ? n - 1 : 0), "peers"));
	json_decref(page);
	return n;
}

static void
bare_peers(void)
{
	json_int_t peers;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true});
	CU_ASSERT(warnings(&r, &peers) == 1 && peers == 2);
	rig_close(&r);
	rig_open(&r, &protected);
	CU_ASSERT(warnings(&r, &peers) == 1 && peers == 1);
	change_keys(&r, 1, -1); /* no more and no fewer */
	CU_ASSERT_EQUAL(warnings(&r, &peers), 1);
	r.peers[1].protection = PMIP_PROTECT_ESP;
	change_keys(&r, 1, -1);
	CU_ASSERT_EQUAL(warnings(&r, &peers), 1);
	r.peers[1].protection = PMIP_PROTECT_NONE;
	change_keys(&r, 1, -1);
	CU_ASSERT_EQUAL(warnings(&r, &peers), 2);
	rig_close(&r);
}

/* A node that is both says nothing to itself that it would have to sign. */
static void
own_roles(void)
{
	struct frame f = solicitation(MN1_MAC);
	struct rig r;

	rig_open(&r, &protected);
	r.peers[1].protection = PMIP_PROTECT_AUTH;
	r.peers[1].key_count = 1;
	r.peers[1].key[0] = rig_key(5);
	change_keys(&r, 0, -1);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT(lma_session_count(r.lma) == 1 && mag_session_count(r.mag) == 1);
	rig_close(&r);
}

static void
shown(void)
{
	json_t *peer;
	char *text;
	struct rig r;

	rig_open(&r, &protected);
	change_keys(&r, 1, 0);
	peer = ask(&r, "peer.get", json_pack("{s:s}", "peer", MAG1), NULL);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(peer, "protection")), "authentication");
	CU_ASSERT_EQUAL(json_integer_value(json_array_get(json_object_get(peer, "spis"), 0)), PMIP_SPI_MIN + 1);
	CU_ASSERT_EQUAL(json_integer_value(json_array_get(json_object_get(peer, "spis"), 1)), PMIP_SPI_MIN);
	text = json_dumps(peer, 0);
	CU_ASSERT_PTR_NULL(strstr(text, "AAAA")); /* no key */
	free(text);
	json_decref(peer);
	rig_close(&r);
}

/* No wire brings what this node says to itself, which needs no key. */
static void
own_source(void)
{
	struct frame f;
	struct rig r;

	rig_open(&r, &protected);
	f = rig_update(&r, &(struct update){.mag = NODE});
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_IP_SOURCE), 1);
	rig_close(&r);
}

/* Who sent a message of an unknown type is not known: the answer would be a signed one that others can have made. */
static void
no_signed_error(void)
{
	uint8_t bytes[8] = {59, 0, 99};
	struct addr6 src = ip6(MAG1), dst = ip6(NODE);
	uint16_t sum = mh_checksum(bytes, sizeof(bytes), &src, &dst);
	struct nd_frame at;
	struct frame f;
	struct rig r;

	bytes[4] = (uint8_t)(sum >> 8);
	bytes[5] = (uint8_t)sum;
	rig_open(&r, &protected);
	f = packet(ROUTER_MAC, NODE_MAC, &src, &dst, MH_PROTOCOL, bytes, sizeof(bytes));
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_TYPE), 1);
	CU_ASSERT_FALSE(rig_take_packet(&r, CORE, MAG1, MH_PROTOCOL, &at));
	rig_close(&r);
}

const struct unit_case security_cases[] = {
	{"a message in this node's own name is none", own_source},
	{"an error is not signed for whoever asks for it", no_signed_error},
	{"RFC 4285 5: an authenticated update is answered by an authenticated acknowledgement", both_ways},
	{"no engine hears a message of any type without a code, with another's, or altered (RFC 4285 5.1.1)",
	 no_engine_hears},
	{"RFC 4285 6: a message is taken once, and not when it is old", once},
	{"RFC 4285 8: updates are told what was wrong, at a bounded rate", refusals_are_answered},
	{"a key takes another's place while sessions and their packets stay", other_key},
	{"an operator is told that nothing protects peers, once until that changes", bare_peers},
	{"the roles of one node need no keys between them", own_roles},
	{"a peer is shown with its protection and the numbers of its keys, never with a key", shown},
};
const unsigned int security_case_count = UNIT_COUNT(security_cases);
