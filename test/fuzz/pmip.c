/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages from anyone to a node that authenticates them, by a peer with every peculiarity or with none: first as they
 * come, then signed with the key and brought twice. Nothing that was not signed is taken, and nothing twice. What is
 * a message comes to the heartbeats too, of a peer that was asked: one message has two effects at most.
 *
 * The first byte says of whom: bits 0 and 1 the protection, bit 2 the algorithm, bit 3 all of base/compat.def.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "pmip/auth.h"
#include "pmip/heartbeat.h"

static const struct addr6 src = {{0x20, 0x01, 0x0d, 0xb8, [15] = 2}};
static const struct addr6 dst = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
static const struct clock_now start = {.mono_ms = 1000, .wall = (uint64_t)1800000000 << 16};
static const struct clock_now now = {.mono_ms = 2000, .wall = (uint64_t)1800000001 << 16};

static struct pmip_peer_settings
peer_of(uint8_t bits)
{
	struct pmip_peer_settings p = {
		.protection = (enum pmip_protection)(bits % 3), .key_count = 2, .compat = bits & 8 ? UINT32_MAX : 0};

	for (unsigned int i = 0; i < p.key_count; i++)
		p.key[i] = (struct pmip_key){.spi = 0x01010101 + i,
					     .algorithm = bits & 4 ? PMIP_KEY_HMAC_SHA256 : PMIP_KEY_HMAC_SHA1,
					     .len = 16,
					     .bytes = {bits, (uint8_t)i}};
	return p;
}

/* What decodes goes through the other end of the wire: the same again, and then never again. */
static void
round_trip(struct pmip_auth *a, const struct pmip_peer_settings *peer, struct mh_msg *m)
{
	struct mh_msg again, answer;
	uint8_t bytes[MH_LEN_MAX];
	struct pmip_wire in = {.bytes = bytes, .src = src, .dst = dst, .esp = true};
	enum pmip_auth_verdict v;
	enum mh_error error;
	int len;

	m->opt.present &= ~(1u << MH_OPT_MESSAGE_REPLAY | 1u << MH_OPT_AUTHENTICATION);
	if (m->type == MH_PBA && m->pba.status == MH_STATUS_ID_MISMATCH)
		return; /* it answers an update that there was none of */
	len = pmip_auth_encode(a, peer, m, &src, &dst, &now, bytes, sizeof(bytes));
	if (len == -ENOSPC || (len == -EACCES && pmip_key_check(&peer->key[0]) == -ENOTSUP))
		return;
	if (len <= 0)
		abort();
	in.len = (size_t)len;
	v = pmip_auth_decode(a, peer, &in, &now, &again, &error);
	if (v != PMIP_AUTH_OK || again.type != m->type || again.opt.hnp_count != m->opt.hnp_count)
		abort();
	if (peer->protection == PMIP_PROTECT_AUTH &&
	    pmip_auth_decode(a, peer, &in, &now, &again, &error) == PMIP_AUTH_OK)
		abort();
	for (v = PMIP_AUTH_OK; v < PMIP_AUTH_COUNT; v++)
		if (pmip_auth_answer(a, v, &again, &now, &answer) &&
		    mh_encode(&answer, &dst, &src, bytes, sizeof(bytes)) <= 0)
			abort();
}

static void
beat(struct pmip_heartbeat *h, enum pmip_event_type type, uint64_t now_ms, const struct mh_msg *m)
{
	struct pmip_event e = {.type = type, .now = {.mono_ms = now_ms}};
	static struct pmip_actions out;

	out.count = 0;
	if (type == PMIP_EV_MESSAGE) {
		e.message.src = src;
		e.message.dst = dst;
		e.message.msg = m;
	}
	pmip_heartbeat_step(h, &e, &out);
	if (out.count > 2)
		abort();
}

static void
heartbeats(const struct mh_msg *m)
{
	const struct pmip_heartbeat_settings s = {.timers = pmip_timers_default(), .peers_max = 1};
	struct pmip_heartbeat *h = pmip_heartbeat_new(&s);
	struct pmip_heartbeat_view v;
	uint32_t at = 0;

	if (h == NULL || pmip_heartbeat_want(h, &dst, &src, true) != 0)
		abort();
	for (uint64_t now_ms = 0; now_ms <= 300000; now_ms += 50000) {
		beat(h, PMIP_EV_TICK, now_ms, NULL);
		beat(h, PMIP_EV_MESSAGE, now_ms, m);
	}
	if (!pmip_heartbeat_next(h, &at, &v) || v.answered > v.sent)
		abort();
	pmip_heartbeat_free(h);
}

static void
run(struct pmip_auth *a, const struct pmip_peer_settings *peer, const uint8_t *data, size_t size)
{
	const struct pmip_wire in = {.bytes = data, .len = size, .src = src, .dst = dst, .esp = true};
	enum mh_error error;
	struct mh_msg m;

	if (pmip_auth_decode(a, peer, &in, &now, &m, &error) == PMIP_AUTH_OK && peer->protection == PMIP_PROTECT_AUTH)
		abort(); /* the key is a secret */
	if (error != MH_OK)
		return;
	heartbeats(&m);
	round_trip(a, peer, &m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pmip_auth_settings s = {.windows_max = 2, .window_ms = 7000, .secret = {{1, 2}}};
	struct pmip_peer_settings peer;
	struct pmip_auth *a;
	uint8_t *copy;

	if (size < 9 || size - 1 > MH_LEN_MAX || (copy = malloc(size - 1)) == NULL)
		return 0;
	a = pmip_auth_new(&s, &start);
	if (a == NULL)
		abort();
	peer = peer_of(data[0]);
	size--;
	memcpy(copy, data + 1, size);
	run(a, &peer, copy, size);
	size -= size % 8;
	copy[1] = (uint8_t)(size / 8 - 1);
	mh_seal(copy, size, &src, &dst);
	run(a, &peer, copy, size);
	free(copy);
	pmip_auth_free(a);
	return 0;
}
