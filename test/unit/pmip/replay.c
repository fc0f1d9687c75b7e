/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages that come again, late, in another order, from another place, or with another time. */
#include <string.h>

#include "cases.h"
#include "pair.h"
#include "window.h"

static void
acknowledgement_stamps(void)
{
	struct pair p = pair_new();
	struct mh_msg pbu = pair_message(MH_PBU, 1), pba = pair_message(MH_PBA, 1);

	pair_send_up(&p, &pbu, 0);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_OK);
	pair_send_down(&p, &pba, 40); /* the pair_anchor's own time */
	CU_ASSERT_EQUAL(pair_arrives_down(&p, 40), PMIP_AUTH_STALE);
	pba.opt.replay = p.got.opt.replay;
	pair_send_up(&p, &pbu, 60);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 60), PMIP_AUTH_OK);
	pba.opt.replay.stamp = p.got.opt.replay.stamp;
	mh_set(&pba, MH_OPT_MESSAGE_REPLAY);
	pair_send_down(&p, &pba, 80);
	CU_ASSERT_EQUAL(pair_arrives_down(&p, 80), PMIP_AUTH_OK);
	CU_ASSERT_EQUAL(pair_arrives_down(&p, 90), PMIP_AUTH_REPLAYED);
	pair_free(&p);
}

static void
reordered(void)
{
	struct pair p = pair_new();
	uint8_t bytes[PMIP_WINDOW_STAMPS + 2][256];
	size_t len[PMIP_WINDOW_STAMPS + 2];

	for (uint16_t i = 0; i < PMIP_WINDOW_STAMPS + 2; i++) {
		struct mh_msg m = pair_message(MH_PBU, i);

		pair_send_up(&p, &m, 100); /* all in the same moment */
		CU_ASSERT_TRUE_FATAL(p.len <= sizeof(bytes[i]));
		memcpy(bytes[i], p.bytes, p.len);
		len[i] = p.len;
	}
	/* The last but one comes first, the others backwards, the first of all when it is too late for it. */
	for (unsigned int i = PMIP_WINDOW_STAMPS; i > 0; i--) {
		memcpy(p.bytes, bytes[i], p.len = len[i]);
		CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_OK);
		CU_ASSERT_EQUAL(p.got.pbu.sequence, i);
	}
	for (unsigned int i = 1; i <= PMIP_WINDOW_STAMPS; i++) {
		memcpy(p.bytes, bytes[i], p.len = len[i]);
		CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_REPLAYED);
	}
	memcpy(p.bytes, bytes[PMIP_WINDOW_STAMPS + 1], p.len = len[PMIP_WINDOW_STAMPS + 1]);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_OK); /* 1 is forgotten */
	memcpy(p.bytes, bytes[0], p.len = len[0]);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_STALE);
	memcpy(p.bytes, bytes[1], p.len = len[1]);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_STALE);
	for (unsigned int i = 2; i <= PMIP_WINDOW_STAMPS + 1; i++) {
		memcpy(p.bytes, bytes[i], p.len = len[i]);
		CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_REPLAYED);
	}
	pair_free(&p);
}

/* One that comes after PMIP_WINDOW_STAMPS later ones is before all that the window holds: taken, and no more than once.
 */
static void
before_all(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1);
	uint8_t first[256];
	size_t len;

	pair_send_up(&p, &m, 100);
	memcpy(first, p.bytes, len = p.len);
	for (unsigned int i = 0; i < PMIP_WINDOW_STAMPS; i++) {
		pair_send_up(&p, &m, 101);
		CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_OK);
	}
	memcpy(p.bytes, first, p.len = len);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_OK);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 200), PMIP_AUTH_STALE);
	pair_free(&p);
}

/* The source of an update with an alternate care-of address is not covered: it is nothing to know it by. */
static void
from_elsewhere(void)
{
	struct addr6 other = {{0x20, 0x01, 0x0d, 0xb8, 0x01, [15] = 3}};
	struct clock_now now = pair_at_ms(30);
	struct mh_msg m = pair_message(MH_PBU, 1);
	struct pair p = pair_new();
	struct pmip_wire in;
	enum mh_error error;

	mh_set(&m, MH_OPT_ALTERNATE_COA);
	m.opt.alt_coa.addr = pair_gateway;
	pair_send_up(&p, &m, 0);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), PMIP_AUTH_OK);
	mh_seal(p.bytes, p.len, &other, &pair_anchor);
	in = (struct pmip_wire){.bytes = p.bytes, .len = p.len, .src = other, .dst = pair_anchor};
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, &p.peer, &in, &now, &p.got, &error), PMIP_AUTH_REPLAYED);
	pair_free(&p);
}

/* Sent by the pair_gateway, it comes back to it as if from the pair_anchor. */
static void
reflected(void)
{
	static const enum mh_type types[] = {MH_PBU, MH_PBA, MH_HEARTBEAT, MH_BRI, MH_UPA};
	struct pair p = pair_new();

	for (size_t i = 0; i < UNIT_COUNT(types); i++) {
		struct mh_msg m = pair_message(types[i], 1);

		pair_send_up(&p, &m, 0);
		mh_seal(p.bytes, p.len, &pair_anchor, &pair_gateway);
		CU_ASSERT_EQUAL(pair_arrives_down(&p, 20), PMIP_AUTH_WRONG);
	}
	pair_free(&p);
}

static void
restarted(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1);

	pair_send_up(&p, &m, 100);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 120), PMIP_AUTH_OK);
	pmip_auth_free(p.lma);
	p.lma = pair_node(8, 1000);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 1001), PMIP_AUTH_STALE);
	pair_send_up(&p, &m, 1000);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 1020), PMIP_AUTH_OK);
	pair_free(&p);
}

/* A table of two: a third source waits until the messages of one are too old for anyone. */
static void
windows_bounded(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1);

	pmip_auth_free(p.lma);
	p.lma = pair_node(2, 0);
	for (uint32_t spi = PAIR_SPI; spi < PAIR_SPI + 3; spi++) {
		p.peer.key[0].spi = spi;
		pair_send_up(&p, &m, spi - PAIR_SPI);
		CU_ASSERT_EQUAL(pair_arrives_up(&p, 20), spi < PAIR_SPI + 2 ? PMIP_AUTH_OK : PMIP_AUTH_FULL);
	}
	p.peer.key[0].spi = PAIR_SPI;
	pair_send_up(&p, &m, 1000); /* keeps the first; what is dropped of the second refuses nothing that is timely */
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 1000), PMIP_AUTH_OK);
	p.peer.key[0].spi = PAIR_SPI + 2;
	pair_send_up(&p, &m, 20 + 2 * PAIR_WINDOW_MS);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 20 + 2 * PAIR_WINDOW_MS), PMIP_AUTH_FULL);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 22 + 2 * PAIR_WINDOW_MS), PMIP_AUTH_OK);
	p.peer.key[0].spi = PAIR_SPI + 1;
	pair_send_up(&p, &m, 22 + PAIR_WINDOW_MS + 100);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 22 + 2 * PAIR_WINDOW_MS), PMIP_AUTH_FULL);
	pair_free(&p);
}

/* What is forgotten stays refused, though the clock is set back to its time. */
static void
clock_set_back(void)
{
	struct pair p = pair_new();
	struct mh_msg m = pair_message(MH_PBU, 1);
	struct pmip_wire in = {.src = pair_gateway, .dst = pair_anchor};
	struct clock_now now = pair_at_ms(100);
	enum mh_error error;

	pair_send_up(&p, &m, 100);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 100), PMIP_AUTH_OK);
	in.bytes = p.bytes;
	in.len = p.len;
	now.mono_ms += 10 * PAIR_WINDOW_MS;
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, &p.peer, &in, &now, &p.got, &error), PMIP_AUTH_STALE);
	pair_send_up(&p, &m, 200);
	in.len = p.len;
	CU_ASSERT_EQUAL(pmip_auth_decode(p.lma, &p.peer, &in, &now, &p.got, &error), PMIP_AUTH_OK);
	/* The sender's: its stamps go on upwards for a while, and follow the clock where that went far. */
	pair_send_up(&p, &m, 0);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 300), PMIP_AUTH_OK);
	pair_send_up(&p, &m, 3600000);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 3600000), PMIP_AUTH_OK);
	pair_send_up(&p, &m, 1000);
	CU_ASSERT_EQUAL(pair_arrives_up(&p, 1000), PMIP_AUTH_OK);
	CU_ASSERT_EQUAL(p.got.opt.replay.stamp >> 32, PAIR_START_S + 1 + 2208988800);
	pair_free(&p);
}

/* Stamps begin at zero again on 7 February 2036, at 06:28:16. */
static void
stamps_wrap(void)
{
	struct clock_now before = {.mono_ms = 1000, .wall = (UINT64_C(2085978495) << 16) + 0xf000}, after = before;
	const struct pmip_auth_settings s = {.windows_max = 4, .window_ms = PAIR_WINDOW_MS, .secret = {{1, 2}}};
	struct pmip_auth *mag = pmip_auth_new(&s, &before), *lma = pmip_auth_new(&s, &before);
	struct pmip_peer_settings peer = pair_protected_by(pair_key(PAIR_SPI, PMIP_KEY_HMAC_SHA1, 7));
	struct mh_msg m = pair_message(MH_PBU, 1), got;
	struct pmip_wire in = {.src = pair_gateway, .dst = pair_anchor};
	uint8_t bytes[2][256];
	enum mh_error error;
	int len[2];

	CU_ASSERT_FATAL(mag != NULL && lma != NULL);
	after.mono_ms += 1000;
	after.wall += 1 << 16;
	len[0] = pmip_auth_encode(mag, &peer, &m, &pair_gateway, &pair_anchor, &before, bytes[0], sizeof(bytes[0]));
	len[1] = pmip_auth_encode(mag, &peer, &m, &pair_gateway, &pair_anchor, &after, bytes[1], sizeof(bytes[1]));
	for (unsigned int i = 0; i < 4; i++) {
		in.bytes = bytes[i % 2];
		in.len = (size_t)len[i % 2];
		CU_ASSERT_EQUAL(pmip_auth_decode(lma, &peer, &in, &after, &got, &error),
				i < 2 ? PMIP_AUTH_OK : PMIP_AUTH_REPLAYED);
		CU_ASSERT_EQUAL(got.opt.replay.stamp >> 32, i % 2 == 0 ? UINT32_MAX : 0);
	}
	pmip_auth_free(mag);
	pmip_auth_free(lma);
}

const struct unit_case replay_cases[REPLAY_CASES] = {
	{"an acknowledgement has its update's stamp, and comes once", acknowledgement_stamps},
	{"messages may overtake 254 others, and come once", reordered},
	{"a message that is older than all of a full window comes once", before_all},
	{"an update that comes again from another address is refused", from_elsewhere},
	{"a message that is sent back to its sender is none of the peer's", reflected},
	{"after a restart, what is older than it is refused", restarted},
	{"windows are bounded, and go when all of theirs is too old", windows_bounded},
	{"what was forgotten stays refused when a clock is set back", clock_set_back},
	{"stamps wrap in 2036", stamps_wrap},
};
