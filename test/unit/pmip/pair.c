/* SPDX-License-Identifier: BSD-3-Clause */
#include "pair.h"

#include <string.h>

#include "unit.h"

const struct addr6 pair_gateway = {{0x20, 0x01, 0x0d, 0xb8, 0x01, [15] = 2}};
const struct addr6 pair_anchor = {{0x20, 0x01, 0x0d, 0xb8, 0x01, [15] = 1}};

struct clock_now
pair_at_ms(uint64_t ms)
{
	return (struct clock_now){.mono_ms = 1000000 + ms, .wall = (PAIR_START_S << 16) + clock_wall_of_ms(ms)};
}

struct pmip_key
pair_key(uint32_t spi, enum pmip_key_algorithm algorithm, uint8_t octet)
{
	struct pmip_key k = {.spi = spi, .algorithm = algorithm, .len = 16};

	memset(k.bytes, octet, k.len);
	return k;
}

struct pmip_peer_settings
pair_protected_by(struct pmip_key first)
{
	return (struct pmip_peer_settings){.protection = PMIP_PROTECT_AUTH, .key_count = 1, .key = {first}};
}

struct pmip_auth *
pair_node(uint32_t windows_max, uint64_t start_ms)
{
	struct clock_now now = pair_at_ms(start_ms);
	struct pmip_auth *a = pmip_auth_new(&(struct pmip_auth_settings){.windows_max = windows_max,
									 .window_ms = PAIR_WINDOW_MS,
									 .secret = {{1, 2}}},
					    &now);

	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	return a;
}

struct pair
pair_new(void)
{
	return (struct pair){.mag = pair_node(8, 0),
			     .lma = pair_node(8, 0),
			     .peer = pair_protected_by(pair_key(PAIR_SPI, PMIP_KEY_HMAC_SHA1, 7))};
}

void
pair_free(struct pair *p)
{
	pmip_auth_free(p->mag);
	pmip_auth_free(p->lma);
}

struct mh_msg
pair_message(enum mh_type type, uint16_t sequence)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.type = type;
	m.pbu.flags = type == MH_PBU ? MH_PBU_A | MH_PBU_P : 0;
	m.pbu.sequence = type == MH_PBU ? sequence : 0;
	mh_set(&m, MH_OPT_MN_ID);
	m.opt.mn_id = (struct mh_opt_mn_id){.subtype = 1, .len = 4, .id = "mn@x"};
	return m;
}

/* What the pair_gateway sends. */
void
pair_send_up(struct pair *p, const struct mh_msg *m, uint64_t ms)
{
	struct clock_now now = pair_at_ms(ms);
	int len = pmip_auth_encode(p->mag, &p->peer, m, &pair_gateway, &pair_anchor, &now, p->bytes, sizeof(p->bytes));

	CU_ASSERT_TRUE_FATAL(len > 0);
	p->len = (size_t)len;
}

void
pair_send_down(struct pair *p, const struct mh_msg *m, uint64_t ms)
{
	struct clock_now now = pair_at_ms(ms);
	int len = pmip_auth_encode(p->lma, &p->peer, m, &pair_anchor, &pair_gateway, &now, p->bytes, sizeof(p->bytes));

	CU_ASSERT_TRUE_FATAL(len > 0);
	p->len = (size_t)len;
}

static enum pmip_auth_verdict
take(struct pmip_auth *a, struct pair *p, const struct addr6 *src, const struct addr6 *dst, uint64_t ms)
{
	struct pmip_wire in = {.bytes = p->bytes, .len = p->len, .src = *src, .dst = *dst};
	struct clock_now now = pair_at_ms(ms);
	enum mh_error error;
	enum pmip_auth_verdict v = pmip_auth_decode(a, &p->peer, &in, &now, &p->got, &error);

	CU_ASSERT_EQUAL(v == PMIP_AUTH_MALFORMED, error != MH_OK);
	return v;
}

enum pmip_auth_verdict
pair_arrives_up(struct pair *p, uint64_t ms)
{
	return take(p->lma, p, &pair_gateway, &pair_anchor, ms);
}

enum pmip_auth_verdict
pair_arrives_down(struct pair *p, uint64_t ms)
{
	return take(p->mag, p, &pair_anchor, &pair_gateway, ms);
}
