/* SPDX-License-Identifier: BSD-3-Clause */
/* Authentication of messages: codes, keys, options, and what a bad message is answered with. */
#include "pmip/auth.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "mac.h"
#include "pair.h"

static void
assert_code(enum pmip_key_algorithm algorithm, const uint8_t *secret, uint8_t secret_len, const char *text, size_t len,
	    const uint8_t expected[16])
{
	struct pmip_key k = {.algorithm = algorithm, .len = secret_len};
	const struct pmip_mac_part part[] = {{text, len / 3}, {text + len / 3, len - len / 3}};
	uint8_t code[MH_AUTH_MAX];

	memcpy(k.bytes, secret, secret_len);
	pmip_mac(&k, part, 2, code);
	CU_ASSERT_EQUAL(memcmp(code, expected, pmip_mac_len(algorithm)), 0);
	CU_ASSERT_EQUAL(code[pmip_mac_len(algorithm)], 0);
}

/* RFC 2202 section 3 and RFC 4231 section 4, test cases 1, 3 and 4. */
static void
codes(void)
{
	static const uint8_t sha1[][16] = {
		{0xb6, 0x17, 0x31, 0x86, 0x55, 0x05, 0x72, 0x64, 0xe2, 0x8b, 0xc0, 0xb6},
		{0x12, 0x5d, 0x73, 0x42, 0xb9, 0xac, 0x11, 0xcd, 0x91, 0xa3, 0x9a, 0xf4},
		{0x4c, 0x90, 0x07, 0xf4, 0x02, 0x62, 0x50, 0xc6, 0xbc, 0x84, 0x14, 0xf9},
	};
	static const uint8_t sha256[][16] = {
		{0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b, 0xf1, 0x2b},
		{0x77, 0x3e, 0xa9, 0x1e, 0x36, 0x80, 0x0e, 0x46, 0x85, 0x4d, 0xb8, 0xeb, 0xd0, 0x91, 0x81, 0xa7},
		{0x82, 0x55, 0x8a, 0x38, 0x9a, 0x44, 0x3c, 0x0e, 0xa4, 0xcc, 0x81, 0x98, 0x99, 0xf2, 0x08, 0x3a},
	};
	uint8_t b0[20], aa[20], count[25];
	char dd[50], cd[50];

	memset(b0, 0x0b, sizeof(b0));
	memset(aa, 0xaa, sizeof(aa));
	memset(dd, 0xdd, sizeof(dd));
	memset(cd, 0xcd, sizeof(cd));
	for (uint8_t i = 0; i < sizeof(count); i++)
		count[i] = i + 1;
	assert_code(PMIP_KEY_HMAC_SHA1, b0, sizeof(b0), "Hi There", 8, sha1[0]);
	assert_code(PMIP_KEY_HMAC_SHA1, aa, sizeof(aa), dd, sizeof(dd), sha1[1]);
	assert_code(PMIP_KEY_HMAC_SHA1, count, sizeof(count), cd, sizeof(cd), sha1[2]);
	assert_code(PMIP_KEY_HMAC_SHA256, b0, sizeof(b0), "Hi There", 8, sha256[0]);
	assert_code(PMIP_KEY_HMAC_SHA256, aa, sizeof(aa), dd, sizeof(dd), sha256[1]);
	assert_code(PMIP_KEY_HMAC_SHA256, count, sizeof(count), cd, sizeof(cd), sha256[2]);
	CU_ASSERT_TRUE(pmip_mac_equal(b0, b0, 16));
	CU_ASSERT_FALSE(pmip_mac_equal(sha1[0], sha1[1], 12));
}

/* The messages of test/vectors/auth.txt, made by another's hand. */
static void
golden(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 9);
	uint8_t expected[MH_LEN_MAX];
	char name[32], hex[512];
	unsigned int found = 0;
	FILE *f = fopen(TEST_DIR "/vectors/auth.txt", "r");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	while (fscanf(f, "%31s %511s", name, hex) == 2) {
		size_t len = strlen(hex) / 2;

		for (size_t i = 0; i < len; i++)
			CU_ASSERT_EQUAL(sscanf(hex + 2 * i, "%2hhx", &expected[i]), 1);
		p.peer.key[0].algorithm = strcmp(name, "sha256") == 0 ? PMIP_KEY_HMAC_SHA256 : PMIP_KEY_HMAC_SHA1;
		m.opt.present &= ~(1u << MH_OPT_ALTERNATE_COA);
		if (strcmp(name, "alternate") == 0) {
			mh_set(&m, MH_OPT_ALTERNATE_COA);
			m.opt.alt_coa.addr = pair_anchor;
		}
		pair_free(&p);
		p.mag = pair_node(8, 0);
		p.lma = pair_node(8, 0);
		pair_send_up(&p, &m, 500);
		CU_ASSERT_EQUAL_FATAL(p.len, len);
		CU_ASSERT_EQUAL(memcmp(p.bytes, expected, len), 0);
		CU_ASSERT_EQUAL(pair_arrives_up(&p, 600), PMIP_AUTH_OK);
		found++;
	}
	fclose(f);
	CU_ASSERT_EQUAL(found, 3);
	pair_free(&p);
}

/* An exchange, and messages of all types in both directions, at the same time: shows: RFC5846-6.1-02 RFC5846-13-02 */
static void
exchanges(void)
{
	static const enum mh_type types[] = {MH_BE, MH_HEARTBEAT, MH_BRI, MH_BRA, MH_UPN, MH_UPA};

	for (enum pmip_key_algorithm a = PMIP_KEY_HMAC_SHA1; a <= PMIP_KEY_HMAC_SHA256; a++) {
		struct pair p = pair_new();
		struct mh_msg pbu = pair_message(MH_PBU, 1), pba = pair_message(MH_PBA, 1);
		uint64_t stamp;

		p.peer.key[0].algorithm = a;
		pair_send_up(&p, &pbu, 0);
		CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_OK);
		stamp = p.got.opt.replay.stamp;
		CU_ASSERT_TRUE(mh_has(&p.got, MH_OPT_MESSAGE_REPLAY) && stamp >> 32 == PAIR_START_S + 2208988800);
		CU_ASSERT_EQUAL(p.got.opt.mn_id.len, 4);
		mh_set(&pba, MH_OPT_MESSAGE_REPLAY);
		pba.opt.replay.stamp = stamp;
		pair_send_down(&p, &pba, 20);
		CU_ASSERT_EQUAL(pair_arrives_down(&p, 40), PMIP_AUTH_OK);
		CU_ASSERT_EQUAL(p.got.opt.replay.stamp, stamp);
		for (size_t i = 0; i < UNIT_COUNT(types); i++) {
			struct mh_msg m = pair_message(types[i], 0);

			pair_send_up(&p, &m, 0);
			CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_OK);
			CU_ASSERT_EQUAL(p.got.type, types[i]);
			pair_send_down(&p, &m, 0);
			CU_ASSERT_EQUAL(pair_arrives_down(&p, 20), PMIP_AUTH_OK);
		}
		pair_free(&p);
	}
}

/* shows: RFC5094-4-01: no octet can be changed, but for padding behind the code, of which there is none. */
static void
changed_octets(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1);
	uint8_t good[MH_LEN_MAX];

	mh_set(&m, MH_OPT_VENDOR_SPECIFIC);
	m.opt.vendor_count = 1;
	m.opt.vendor[0] = (struct mh_opt_vendor){.vendor = 10415, .subtype = 1, .len = 4, .data = {1, 2, 3, 4}};
	pair_send_up(&p, &m, 0);
	memcpy(good, p.bytes, p.len);
	for (size_t at = 0; at < p.len; at++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			memcpy(p.bytes, good, p.len);
			p.bytes[at] ^= (uint8_t)(1 << bit);
			if (at != 1) /* the length, which would read past the end */
				mh_seal(p.bytes, p.len, &pair_gateway, &pair_anchor);
			if (at != 4 && at != 5)
				CU_ASSERT_NOT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_OK);
		}
	memcpy(p.bytes, good, p.len);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_OK);
	pair_free(&p);
}

static void
two_keys(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1), answer;
	struct clock_now now = pair_at_ms(20);

	p.peer.key_count = 2;
	p.peer.key[1] = pair_key(PAIR_SPI + 1, PMIP_KEY_HMAC_SHA256, 8);
	pair_send_up(&p, &m, 0);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_OK);
	CU_ASSERT_EQUAL(p.got.opt.auth.spi, PAIR_SPI); /* the first signs */
	p.peer.key[0] = p.peer.key[1];
	p.peer.key[1] = pair_key(PAIR_SPI, PMIP_KEY_HMAC_SHA1, 7);
	pair_send_up(&p, &m, 0);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_OK);
	CU_ASSERT_EQUAL(p.got.opt.auth.spi, PAIR_SPI + 1);
	pair_send_up(&p, &m, 0);
	p.peer.key[0].spi++;
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_SPI);
	CU_ASSERT_FALSE(pmip_auth_answer(p.lma, PMIP_AUTH_SPI, &p.got, &now, &answer)); /* RFC 4285 section 5.3 */
	p.peer.key_count = 0;
	CU_ASSERT_EQUAL(
		pmip_auth_encode(p.mag, &p.peer, &m, &pair_gateway, &pair_anchor, &now, p.bytes, sizeof(p.bytes)),
		-EACCES);
	pair_free(&p);
}

static void
keys_checked(void)
{
	struct pmip_key k = pair_key(PMIP_SPI_MIN, PMIP_KEY_HMAC_SHA1, 1);

	CU_ASSERT_EQUAL(pmip_key_check(&k), 0);
	k.spi--;
	CU_ASSERT_EQUAL(pmip_key_check(&k), -EINVAL);
	k = pair_key(UINT32_MAX, PMIP_KEY_HMAC_SHA256, 1);
	k.len = PMIP_KEY_LEN;
	CU_ASSERT_EQUAL(pmip_key_check(&k), 0);
	k.len++;
	CU_ASSERT_EQUAL(pmip_key_check(&k), -EINVAL);
	k.len = 15;
	CU_ASSERT_EQUAL(pmip_key_check(&k), -EINVAL);
}

/* What a message without a right option meets: as it was encoded by mh_encode, then with a verdict. */
static enum pmip_auth_verdict
forged(struct pair *p, const struct mh_msg *m)
{
	int len = mh_encode(m, &pair_gateway, &pair_anchor, p->bytes, sizeof(p->bytes));

	CU_ASSERT_TRUE_FATAL(len > 0);
	p->len = (size_t)len;
	return pair_arrives_up(p, 20);
}

static void
forms(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1), answer;
	struct clock_now now = pair_at_ms(20);

	CU_ASSERT_EQUAL(forged(&p, &m), PMIP_AUTH_MISSING);
	CU_ASSERT_FALSE(pmip_auth_answer(p.lma, PMIP_AUTH_MISSING, &p.got, &now, &answer));
	mh_set(&m, MH_OPT_AUTHENTICATION);
	m.opt.auth = (struct mh_opt_auth){.subtype = MH_AUTH_MN_HA, .spi = PAIR_SPI, .len = 12};
	CU_ASSERT_EQUAL(forged(&p, &m), PMIP_AUTH_WRONG);
	m.opt.auth.len = 16; /* the code of another algorithm */
	CU_ASSERT_EQUAL(forged(&p, &m), PMIP_AUTH_WRONG);
	m.opt.auth.len = 0;
	CU_ASSERT_EQUAL(forged(&p, &m), PMIP_AUTH_WRONG);
	m.opt.auth.subtype = MH_AUTH_MN_AAA;
	CU_ASSERT_EQUAL(forged(&p, &m), PMIP_AUTH_FORM);
	/* A good one with another behind it, and before it. */
	for (unsigned int type = 9; type <= 23; type += 14) {
		m = pair_message(MH_PBU, 1);
		pair_send_up(&p, &m, 0);
		memset(p.bytes + p.len, 0, 24);
		p.bytes[p.len] = (uint8_t)type;
		p.bytes[p.len + 1] = 22;
		p.bytes[1] += 3;
		p.len += 24;
		mh_seal(p.bytes, p.len, &pair_gateway, &pair_anchor);
		CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), type == 9 ? PMIP_AUTH_FORM : PMIP_AUTH_MALFORMED);
	}
	pair_free(&p);
}

/* A message whose code is right and which has these options of ours left out. */
static void
sign_without_stamp(struct pair *p)
{
	const uint8_t zero[16] = {0};
	struct mh_msg m = pair_message(MH_PBU, 1);
	int len;

	mh_set(&m, MH_OPT_AUTHENTICATION);
	m.opt.auth = (struct mh_opt_auth){.subtype = MH_AUTH_MN_HA, .spi = PAIR_SPI, .len = 12};
	len = mh_encode(&m, &pair_gateway, &pair_anchor, p->bytes, sizeof(p->bytes));
	CU_ASSERT_TRUE_FATAL(len > 12);
	p->len = (size_t)len;
	memset(p->bytes + 4, 0, 2);
	pmip_mac(&p->peer.key[0],
		 (const struct pmip_mac_part[]){{&pair_gateway, 16}, {zero, 16}, {p->bytes, p->len - 12}}, 3,
		 m.opt.auth.data);
	memcpy(p->bytes + p->len - 12, m.opt.auth.data, 12);
	mh_seal(p->bytes, p->len, &pair_gateway, &pair_anchor);
}

static struct mh_msg
answered(struct pair *p, enum pmip_auth_verdict v, uint8_t status, uint64_t ms)
{
	struct clock_now now = pair_at_ms(ms);
	struct mh_msg answer, bri = pair_message(MH_BRI, 1);

	CU_ASSERT_TRUE_FATAL(pmip_auth_answer(p->lma, v, &p->got, &now, &answer));
	CU_ASSERT(answer.type == MH_PBA && answer.pba.status == status && answer.pba.lifetime == 0);
	CU_ASSERT(answer.pba.sequence == p->got.pbu.sequence && answer.opt.mn_id.len == 4);
	CU_ASSERT_FALSE(mh_has(&answer, MH_OPT_AUTHENTICATION));
	CU_ASSERT_FALSE(pmip_auth_answer(p->lma, v, &bri, &now, &answer)); /* updates alone are answered */
	CU_ASSERT_TRUE(pmip_auth_answer(p->lma, v, &p->got, &now, &answer));
	return answer;
}

static void
stamp_required(void)
{
	struct pair p = pair_new();
	struct mh_msg answer;

	sign_without_stamp(&p);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_NO_STAMP);
	answer = answered(&p, PMIP_AUTH_NO_STAMP, 145, 20);
	CU_ASSERT_FALSE(mh_has(&answer, MH_OPT_MESSAGE_REPLAY));
	pair_free(&p);
}

/* RFC 4285 section 6: the fraction is the update's, the seconds are the pair_anchor's; the pair_gateway believes it,
 * once. */
static void
time_window(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1), answer;
	uint64_t sent;

	pair_send_up(&p, &m, 10000);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 10000 + PAIR_WINDOW_MS - 1), PMIP_AUTH_OK);
	pair_send_up(&p, &m, 10000);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 10000 + PAIR_WINDOW_MS + 1), PMIP_AUTH_STALE);
	pair_send_up(&p, &m, 9000 + PAIR_WINDOW_MS + 1); /* of the next one's fraction of a second */
	pair_send_up(&p, &m, 10000 + PAIR_WINDOW_MS + 1);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 10000), PMIP_AUTH_STALE);
	sent = p.got.opt.replay.stamp;
	answer = answered(&p, PMIP_AUTH_STALE, 144, 30000);
	CU_ASSERT_EQUAL(answer.opt.replay.stamp & UINT32_MAX, sent & UINT32_MAX);
	CU_ASSERT_EQUAL(answer.opt.replay.stamp >> 32, PAIR_START_S + 30 + 2208988800);
	pair_send_down(&p, &answer, 30000);
	CU_ASSERT_EQUAL(pair_arrives_down(&p, 17100), PMIP_AUTH_OK);
	CU_ASSERT_EQUAL(pair_arrives_down(&p, 17100), PMIP_AUTH_STALE);
	pair_free(&p);
}

static void
wrong_code_answered(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1), answer;

	pair_send_up(&p, &m, 0);
	p.bytes[p.len - 1] ^= 1;
	mh_seal(p.bytes, p.len, &pair_gateway, &pair_anchor);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_WRONG);
	answer = answered(&p, PMIP_AUTH_WRONG, 146, 20);
	CU_ASSERT_EQUAL(answer.opt.replay.stamp, p.got.opt.replay.stamp);
	pair_send_down(&p, &answer, 20);
	CU_ASSERT_EQUAL(pair_arrives_down(&p, 40), PMIP_AUTH_OK);
	/* Nobody gets a stamp of tomorrow signed. */
	p.got = m;
	mh_set(&p.got, MH_OPT_MESSAGE_REPLAY);
	p.got.opt.replay.stamp = (PAIR_START_S + 2208988800 + 86400) << 32 | 5;
	answer = answered(&p, PMIP_AUTH_WRONG, 146, 20);
	CU_ASSERT_EQUAL(answer.opt.replay.stamp, (PAIR_START_S + 2208988800) << 32 | 5);
	pair_free(&p);
}

static void
other_protections(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1);
	struct pmip_wire in = {.bytes = p.bytes, .src = pair_gateway, .dst = pair_anchor};
	struct clock_now now = pair_at_ms(0);
	uint8_t plain[256];
	enum mh_error error;
	int len = mh_encode(&m, &pair_gateway, &pair_anchor, plain, sizeof(plain));

	p.peer.protection = PMIP_PROTECT_ESP;
	pair_send_up(&p, &m, 0);
	CU_ASSERT(p.len == (size_t)len && memcmp(p.bytes, plain, p.len) == 0);
	in.len = p.len;
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, &p.peer, &in, &now, &p.got, &error), PMIP_AUTH_NOT_ESP);
	in.esp = true;
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, &p.peer, &in, &now, &p.got, &error), PMIP_AUTH_OK);
	p.peer.protection = PMIP_PROTECT_NONE;
	in.esp = false;
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, &p.peer, &in, &now, &p.got, &error), PMIP_AUTH_OK);
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, NULL, &in, &now, &p.got, &error), PMIP_AUTH_OK);
	p.bytes[6] ^= 1;
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, NULL, &in, &now, &p.got, &error), PMIP_AUTH_MALFORMED);
	CU_ASSERT_EQUAL(error, MH_ERR_CHECKSUM);
	p.peer.protection = PMIP_PROTECT_AUTH; /* ESP does not make up for it */
	in.esp = true;
	p.bytes[6] ^= 1;
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, &p.peer, &in, &now, &p.got, &error), PMIP_AUTH_MISSING);
	pair_free(&p);
}

/* Each verdict has a reason of its own. */
static void
drops(void)
{
	for (unsigned int v = PMIP_AUTH_NOT_ESP; v < PMIP_AUTH_COUNT; v++) {
		CU_ASSERT_STRING_EQUAL(stat_drop_row(pmip_auth_drop(v))->place,
				       v == PMIP_AUTH_NOT_ESP ? "esp" : "auth");
		for (unsigned int w = PMIP_AUTH_NOT_ESP; w < v; w++)
			CU_ASSERT_NOT_EQUAL(pmip_auth_drop(v), pmip_auth_drop(w));
	}
}

const struct unit_case auth_cases[AUTH_CASES] = {
	{"codes are those of RFC 2202 and RFC 4231", codes},
	{"golden: signed updates, by another's HMAC", golden},
	{"messages of all types are signed and taken, both ways", exchanges},
	{"no bit of a signed message can be changed", changed_octets},
	{"the first key signs, both are taken, no other", two_keys},
	{"a key has 16 to 64 octets and an SPI that is not reserved", keys_checked},
	{"without an option, with a wrong one, with two: refused, silently but for a wrong code", forms},
	{"an update without a stamp is answered with 145", stamp_required},
	{"a stamp outside the window is answered with 144, which its sender believes once", time_window},
	{"a wrong code is answered with 146; nothing is signed for later", wrong_code_answered},
	{"IPsec is asked for where it is due, and nothing of other peers", other_protections},
	{"each verdict has its drop reason", drops},
};
