/* SPDX-License-Identifier: BSD-3-Clause */
/* Signalling in ESP: the whole node, with its gateway's side of the associations in the same table. */
#include <string.h>

#include "ask.h"
#include "cases.h"
#include "ctl/ctl.h"
#include "mh/mh.h"
#include "rig.h"

#define UDP	 17
#define SPI_IN	 8192 /* of what the gateway sends to the node */
#define SPI_OUT	 8193
#define FAR_AWAY 1000 /* packets */

static const struct wish protected = {.lma = true, .mag = true, .anchor = NODE, .esp = true, .esp_alone = true};

static const struct ipsec_key key = {.len = 20, .bytes = {1, 2, 3}};

static void
add(struct rig *r, enum ipsec_way way, const char *from, const char *to, uint32_t spi, uint64_t packets_max)
{
	const struct ipsec_association a = {.way = way,
					    .src = ip6(from),
					    .dst = ip6(to),
					    .spi = spi,
					    .suite = IPSEC_AES_GCM_128,
					    .window = 64,
					    .packets_max = packets_max};

	NEED(ipsec_add(r->ipsec, &a, &key) == 0);
}

/* Both ends of both directions between MAG1 and the node. */
static void
open_protected(struct rig *r, const struct wish *wish, uint64_t packets_max)
{
	struct addr6 node = ip6(NODE);

	rig_open(r, wish);
	NEED(ipsec_del(r->ipsec, IPSEC_IN, SPI_IN, &node) == 0); /* the rig's own */
	add(r, IPSEC_IN, MAG1, NODE, SPI_IN, packets_max);
	add(r, IPSEC_OUT, NODE, MAG1, SPI_OUT, packets_max);
	add(r, IPSEC_OUT, MAG1, NODE, SPI_IN, FAR_AWAY);
	add(r, IPSEC_IN, NODE, MAG1, SPI_OUT, FAR_AWAY);
}

/* What the gateway sends in ESP. */
static struct frame
sealed(struct rig *r, uint8_t next_header, const uint8_t *bytes, size_t len)
{
	struct addr6 src = ip6(MAG1), dst = ip6(NODE);
	struct ipsec_packet p;

	NEED(ipsec_out(r->ipsec, &src, &dst, next_header, bytes, len, &p) == IPSEC_OK);
	return packet(ROUTER_MAC, NODE_MAC, &src, &dst, IPSEC_PROTOCOL, p.bytes, p.len);
}

static struct frame
sealed_frame(struct rig *r, const struct frame *clear)
{
	struct nd_frame f;

	NEED(nd_frame_decode(clear->b, clear->len, &f) == 0);
	return sealed(r, MH_PROTOCOL, f.payload, f.payload_len);
}

static struct frame
sealed_update(struct rig *r, const struct update *u)
{
	struct frame clear = rig_update(r, u);

	return sealed_frame(r, &clear);
}

/* The first message that left for the gateway in ESP; false: none did. */
static bool
take_answer(struct rig *r, struct mh_msg *m)
{
	struct addr6 src = ip6(NODE), dst = ip6(MAG1);
	struct ipsec_packet p;
	struct nd_frame f;

	if (!rig_take_packet(r, CORE, MAG1, IPSEC_PROTOCOL, &f))
		return false;
	CU_ASSERT_EQUAL_FATAL(ipsec_in(r->ipsec, &src, &dst, f.payload, f.payload_len, &p), IPSEC_OK);
	CU_ASSERT_EQUAL(p.next_header, MH_PROTOCOL);
	return mh_decode(p.bytes, p.len, &src, &dst, m) == MH_OK;
}

static bool
is_silent(struct rig *r)
{
	struct nd_frame f;

	return !rig_take_packet(r, CORE, MAG1, MH_PROTOCOL, &f) &&
	       !rig_take_packet(r, CORE, MAG1, IPSEC_PROTOCOL, &f) &&
	       !rig_take_packet(r, CORE, MAG1, ND_PROTO_ICMP6, &f);
}

/* shows: RFC5213-4-01 RFC5213-4-02 RFC5213-5.3.1-01 RFC5213-5.3.6-28 */
static void
both_ways(void)
{
	struct frame f;
	struct mh_msg pba;
	struct rig r;

	open_protected(&r, &protected, 0);
	f = sealed_update(&r, &(struct update){.mag = MAG1});
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	CU_ASSERT_FATAL(take_answer(&r, &pba));
	CU_ASSERT(pba.type == MH_PBA && pba.pba.status == MH_STATUS_ACCEPTED);
	CU_ASSERT(is_silent(&r));
	CU_ASSERT_EQUAL(rig_count(&r, STAT_ESP_RX), 1);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_ESP_TX), 1);
	/* Again: the same packet is a replay, and the same message in another packet is not. */
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_REPLAY), 1);
	CU_ASSERT(is_silent(&r));
	rig_close(&r);
}

/* shows: RFC5213-4-01 RFC5213-5.3.1-01 RFC5213-6.9.1.2-02 RFC5846-6.2-03 RFC5847-6-01 RFC7077-5.2-10 RFC7077-5.2-11
 * RFC7077-6.1-03 RFC7077-6.1-04 */
static void
in_the_clear(void)
{
	struct frame broken;
	struct rig r;

	open_protected(&r, &protected, 0);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	rig_pbu(&r, &(struct update){.mag = MAG2});
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_UNPROTECTED), 2);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_MH_RX), 0);
	CU_ASSERT(is_silent(&r));
	broken = rig_update(&r, &(struct update){.mag = MAG1});
	broken.b[broken.len - 1] ^= 1; /* which is not even looked at */
	rig_send(&r, CORE, &broken);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_UNPROTECTED), 3);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_CHECKSUM), 0);
	for (unsigned int type = MH_NONE + 1; type <= MH_UPA; type++) {
		struct frame f = rig_message(MAG1, &(struct mh_msg){.type = (enum mh_type)type});

		rig_send(&r, CORE, &f);
		CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_UNPROTECTED), 3 + type);
	}
	CU_ASSERT(is_silent(&r));
	/* Who is no peer is refused as ever. */
	rig_pbu(&r, &(struct update){.mag = STRANGER});
	CU_ASSERT_EQUAL(rig_count(&r, STAT_MH_RX), 1);
	rig_close(&r);
}

/* A message to a gateway's sessions, or the answer to one of them. */
static void
answered_by(struct rig *r, const struct mh_msg *m, enum mh_type type)
{
	struct frame clear = rig_message(MAG1, m), f = sealed_frame(r, &clear);
	struct mh_msg answer;

	rig_send(r, CORE, &f);
	CU_ASSERT(take_answer(r, &answer) && answer.type == type);
	CU_ASSERT(is_silent(r));
}

static void
told_by(struct rig *r, const char *method, enum mh_type type)
{
	struct mh_msg said;

	json_decref(ask(r, method, json_pack("{s:s}", "mn", MN1), NULL));
	rig_run(r);
	CU_ASSERT(take_answer(r, &said) && said.type == type);
	CU_ASSERT(is_silent(r));
}

/* shows: RFC5846-6.1-01 RFC5846-13-01 RFC5847-6-01 RFC7864-8-01 */
static void
other_messages(void)
{
	struct mh_msg m = {.type = MH_HEARTBEAT};
	struct wish wish = protected;
	struct frame update;
	struct rig r;

	wish.revocation = true;
	open_protected(&r, &wish, 0);
	answered_by(&r, &m, MH_HEARTBEAT);
	m = (struct mh_msg){.type = MH_UPN, .upn.flags = MH_UPN_A};
	mh_set(&m, MH_OPT_MN_GROUP_ID);
	answered_by(&r, &m, MH_UPA);
	m = (struct mh_msg){.type = MH_BRI, .bri = {.trigger = MH_BRI_ADMINISTRATIVE, .flags = MH_BR_P}};
	answered_by(&r, &m, MH_BRA);
	update = sealed_update(&r, &(struct update){.mag = MAG1});
	rig_send(&r, CORE, &update);
	CU_ASSERT(take_answer(&r, &m) && m.pba.status == MH_STATUS_ACCEPTED);
	told_by(&r, "session.notify", MH_UPN);
	told_by(&r, "session.revoke", MH_BRI);
	rig_close(&r);
}

/* shows: RFC5213-5.3.6-28 */
static void
no_way_out(void)
{
	struct addr6 dst = ip6(MAG1);
	struct frame f;
	struct rig r;

	open_protected(&r, &protected, 0);
	NEED(ipsec_del(r.ipsec, IPSEC_OUT, SPI_OUT, &dst) == 0);
	f = sealed_update(&r, &(struct update){.mag = MAG1});
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_NO_ASSOCIATION), 1);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_MH_TX), 0);
	CU_ASSERT(is_silent(&r));
	rig_close(&r);
}

/* shows: RFC5846-13-01 */
static void
not_its_own(void)
{
	struct addr6 other = ip6(MAG2), node = ip6(NODE);
	uint8_t datagram[16] = {0};
	struct nd_frame at;
	struct frame f;
	struct rig r;

	open_protected(&r, &protected, 0);
	f = sealed(&r, UDP, datagram, sizeof(datagram));
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_SELECTOR), 1);
	/* Another gateway by the association of this one. */
	f = sealed_update(&r, &(struct update){.mag = MAG1});
	NEED(nd_frame_decode(f.b, f.len, &at) == 0);
	f = packet(ROUTER_MAC, NODE_MAC, &other, &node, IPSEC_PROTOCOL, at.payload, at.payload_len);
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_SELECTOR), 2);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	rig_close(&r);
}

/* shows: RFC5213-6.9.1.5-12 */
static void
without_table(void)
{
	struct wish wish = protected;
	uint8_t esp[64] = {0, 0, 0x20, 0};
	struct addr6 src = ip6(MAG1), dst = ip6(NODE);
	struct frame f = packet(ROUTER_MAC, NODE_MAC, &src, &dst, IPSEC_PROTOCOL, esp, sizeof(esp));
	struct rig r;

	wish.esp = false;
	rig_open(&r, &wish);
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_UNKNOWN_SPI), 1);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_UNPROTECTED), 1);
	CU_ASSERT(is_silent(&r));
	rig_close(&r);
	/* And where it has to speak first. */
	wish = (struct wish){.mag = true, .anchor = MAG1, .esp_alone = true};
	rig_open(&r, &wish);
	f = solicitation(MN1_MAC);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_NO_ASSOCIATION), 1);
	CU_ASSERT(is_silent(&r));
	rig_close(&r);
}

/* An update in ESP with another byte, its checksum put right. */
static struct frame
changed_update(struct rig *r, unsigned int at, uint8_t value)
{
	struct frame clear = rig_update(r, &(struct update){.mag = MAG1});
	uint8_t bytes[MH_LEN_MAX];
	struct nd_frame f;
	uint16_t sum;

	NEED(nd_frame_decode(clear.b, clear.len, &f) == 0);
	memcpy(bytes, f.payload, f.payload_len);
	bytes[at] = value;
	sum = mh_checksum(bytes, f.payload_len, &f.ip_src, &f.ip_dst);
	bytes[4] = (uint8_t)(sum >> 8);
	bytes[5] = (uint8_t)sum;
	return sealed(r, MH_PROTOCOL, bytes, f.payload_len);
}

static void
broken_inside(void)
{
	struct frame f;
	struct mh_msg be;
	struct rig r;

	open_protected(&r, &protected, 0);
	f = changed_update(&r, 0, UDP); /* the payload protocol: RFC 6275 wants an ICMPv6 error */
	rig_send(&r, CORE, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_MH_PAYLOAD_PROTO), 1);
	CU_ASSERT(is_silent(&r));
	f = changed_update(&r, 2, 250); /* the type */
	rig_send(&r, CORE, &f);
	CU_ASSERT_FATAL(take_answer(&r, &be));
	CU_ASSERT(be.type == MH_BE && be.be.status == MH_BE_UNKNOWN_TYPE);
	CU_ASSERT(is_silent(&r));
	rig_close(&r);
}

static unsigned int
events(struct rig *r, const char *kind)
{
	json_t *page = ask(r, "event.list", json_pack("{s:s}", "kind", kind), NULL);
	unsigned int n = (unsigned int)json_array_size(json_object_get(page, "items"));

	json_decref(page);
	return n;
}

static void
ends(void)
{
	struct rig r;

	open_protected(&r, &protected, 10);
	for (unsigned int n = 1; n <= 11; n++) {
		struct frame f = sealed_update(&r, &(struct update){.mag = MAG1});

		rig_send(&r, CORE, &f);
		CU_ASSERT_EQUAL(events(&r, "association-low"), n < 9 ? 0 : 2); /* one each way */
		CU_ASSERT_EQUAL(events(&r, "association-ended"), n < 11 ? 0 : 1);
	}
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_ESP_ENDED), 1);
	rig_close(&r);
}

#define SA_ADD(...) ask(&r, "sa.add", json_pack(__VA_ARGS__), &error)
#define SA_KEY	    "0102030405060708090a0b0c0d0e0f1011121314"

static void
by_methods(void)
{
	json_t *answer, *page, *item;
	struct rpc_error error;
	char *text;
	struct rig r;

	rig_open(&r, &protected);
	answer = SA_ADD("{s:s, s:s, s:s, s:I, s:s, s:s, s:b, s:i, s:i, s:i}", "direction", "in", "source", MAG1,
			"destination", NODE, "spi", (json_int_t)UINT32_MAX, "algorithm", "aes-gcm-128", "key", SA_KEY,
			"extended", 1, "window", 128, "sequence", 77, "packets_max", 1000);
	CU_ASSERT_PTR_NOT_NULL(answer);
	json_decref(answer);
	page = ask(&r, "sa.list", json_pack("{s:s}", "destination", "2001:DB8:0:c:0::1"), NULL);
	text = json_dumps(page, 0);
	CU_ASSERT_PTR_NULL(strstr(text, "01020304"));
	free(text);
	CU_ASSERT_EQUAL_FATAL(json_array_size(json_object_get(page, "items")), 2); /* one is the rig's */
	item = json_array_get(json_object_get(page, "items"), 1);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(item, "spi")), UINT32_MAX);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(item, "sequence")), 77);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(item, "window")), 128);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(item, "packets_max")), 1000);
	CU_ASSERT(json_is_true(json_object_get(item, "extended")));
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(item, "state")), "fine");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(item, "source")), MAG1);
	json_decref(page);
	answer =
		ask(&r, "sa.del",
		    json_pack("{s:s, s:s, s:I}", "direction", "in", "destination", NODE, "spi", (json_int_t)UINT32_MAX),
		    NULL);
	CU_ASSERT_PTR_NOT_NULL(answer);
	json_decref(answer);
	CU_ASSERT_EQUAL(ipsec_count(r.ipsec), 1);
	rig_close(&r);
}

static void
refusals(void)
{
	static const struct {
		const char *source, *algorithm, *key;
		int spi, window, extended;
		const char *reason;
	} wrong[] = {
		{"mag1", "aes-gcm-128", SA_KEY, 300, 64, 0, "bad-address"},
		{"::", "aes-gcm-128", SA_KEY, 300, 64, 0, "bad-association"},
		{MAG1, "des-md5", SA_KEY, 300, 64, 0, "unknown-value"},
		{MAG1, "aes-gcm-256", SA_KEY, 300, 64, 0, "bad-key"},
		{MAG1, "aes-gcm-128", SA_KEY "15", 300, 64, 0, "bad-key"},
		{MAG1, "aes-gcm-128", SA_KEY "1", 300, 64, 0, "bad-key"},
		{MAG1, "aes-gcm-128", "", 300, 64, 0, "bad-key"},
		{MAG1, "aes-gcm-128", "0102030405060708090a0b0c0d0e0f101112131g", 300, 64, 0, "bad-key"},
		{MAG1, "aes-gcm-128", SA_KEY, 255, 64, 0, "out-of-range"},
		{MAG1, "aes-gcm-128", SA_KEY, 300, 63, 0, "bad-association"},
		{MAG1, "aes-gcm-128", SA_KEY, 300, 0, 1, "bad-association"},
		{MAG1, "aes-gcm-128", SA_KEY, SPI_IN, 64, 0, "exists"},
	};
	struct rpc_error error;
	json_t *answer;
	struct rig r;

	rig_open(&r, &protected);
	for (unsigned int i = 0; i < UNIT_COUNT(wrong); i++) {
		CU_ASSERT_PTR_NULL(SA_ADD("{s:s, s:s, s:s, s:i, s:s, s:s, s:b, s:i}", "direction", "in", "source",
					  wrong[i].source, "destination", NODE, "spi", wrong[i].spi, "algorithm",
					  wrong[i].algorithm, "key", wrong[i].key, "extended", wrong[i].extended,
					  "window", wrong[i].window));
		CU_ASSERT_STRING_EQUAL(error.reason, wrong[i].reason);
		CU_ASSERT_PTR_NULL(strstr(error.message, "0102"));
	}
	CU_ASSERT_PTR_NULL(ask(&r, "sa.del",
			       json_pack("{s:s, s:s, s:i}", "direction", "out", "destination", NODE, "spi", SPI_IN),
			       &error));
	CU_ASSERT_STRING_EQUAL(error.reason, "unknown-association");
	for (int spi = 300;
	     (answer = SA_ADD("{s:s, s:s, s:s, s:i, s:s, s:s}", "direction", "in", "source", MAG1, "destination", NODE,
			      "spi", spi, "algorithm", "aes-gcm-128", "key", SA_KEY)) != NULL;
	     spi++)
		json_decref(answer);
	CU_ASSERT_STRING_EQUAL(error.reason, "table-full");
	CU_ASSERT_EQUAL(ipsec_count(r.ipsec), RIG_ASSOCIATIONS);
	rig_close(&r);

	rig_open(&r, &(struct wish){.lma = true});
	CU_ASSERT_PTR_NULL(SA_ADD("{s:s, s:s, s:s, s:i, s:s, s:s}", "direction", "in", "source", MAG1, "destination",
				  NODE, "spi", 300, "algorithm", "aes-gcm-128", "key", SA_KEY));
	CU_ASSERT_STRING_EQUAL(error.reason, "esp-off");
	rig_close(&r);
}

const struct unit_case esp_cases[] = {
	{"an update in ESP is answered in ESP, and once (RFC 5213 section 4, RFC 4303)", both_ways},
	{"what a peer that is protected by ESP says without is dropped by name", in_the_clear},
	{"each message of RFC 5846, 5847 and 7077 is sent and answered in ESP", other_messages},
	{"without an association nothing is said to a peer that is protected by ESP", no_way_out},
	{"an association carries the Mobility Header of its own peer alone (RFC 5213 section 4, RFC 4301)",
	 not_its_own},
	{"a node without associations hears no ESP, and is silent to whom it would speak by ESP", without_table},
	{"a broken message in ESP is answered in ESP or not at all", broken_inside},
	{"an operator is told that an association nears its end, and of its end", ends},
	{"associations come and go by the control socket, and their keys are not shown", by_methods},
	{"an association that cannot be is refused with the reason, and its key is not repeated", refusals},
};
const unsigned int esp_case_count = UNIT_COUNT(esp_cases);
