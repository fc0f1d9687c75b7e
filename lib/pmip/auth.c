/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmip/auth.h"

#include <errno.h>
#include <stdlib.h>

#include "compat.h"
#include "mac.h"
#include "window.h"

#define NTP_1970    UINT64_C(2208988800) /* seconds from 1900 to 1970 */
#define FRACTION    UINT32_MAX		 /* the part of a stamp that is less than a second */
#define SENT_MAX    64
#define KEY_LEN_MIN 16
#define CHECKSUM_AT 4
#define ODD_STEP    0x9e37 /* through all 16 bits before one comes again */

struct pmip_auth {
	struct pmip_windows windows;
	uint64_t window; /* how far a stamp may be from this node's time, as a stamp */
	uint32_t window_ms;
	uint64_t last;		 /* stamp that was made */
	uint16_t odd;		 /* below what a clock tells: no two of the latest stamps have one fraction */
	uint64_t sent[SENT_MAX]; /* stamps of the latest updates: who has no other time is told its own fraction */
	unsigned int sent_at;
};

static uint64_t
stamp_of(const struct clock_now *now)
{
	return (((now->wall >> 16) + NTP_1970) << 32) | (now->wall & UINT16_MAX) << 16;
}

struct pmip_auth *
pmip_auth_new(const struct pmip_auth_settings *s, const struct clock_now *now)
{
	struct pmip_auth *a = calloc(1, sizeof(*a));

	if (a == NULL || s->windows_max == 0 || s->window_ms == 0 ||
	    pmip_windows_init(&a->windows, s->windows_max, &s->secret, stamp_of(now) - 1) != 0) {
		free(a);
		return NULL;
	}
	pmip_auth_set_window(a, s->window_ms);
	return a;
}

void
pmip_auth_free(struct pmip_auth *a)
{
	if (a == NULL)
		return;
	pmip_windows_fini(&a->windows);
	free(a);
}

void
pmip_auth_set_window(struct pmip_auth *a, uint32_t window_ms)
{
	a->window_ms = window_ms;
	a->window = ((uint64_t)window_ms << 32) / 1000;
}

int
pmip_key_check(const struct pmip_key *k)
{
	if (k->spi < PMIP_SPI_MIN || k->len < KEY_LEN_MIN || k->len > PMIP_KEY_LEN)
		return -EINVAL;
	return pmip_mac_available() ? 0 : -ENOTSUP;
}

static bool
near(const struct pmip_auth *a, uint64_t stamp, uint64_t own)
{
	return !pmip_stamp_later(stamp, own + a->window) && !pmip_stamp_later(own - a->window, stamp);
}

/* What the RFC calls the care-of address, of whoever is the sender. */
static const struct addr6 *
care_of(const struct mh_msg *m, const struct addr6 *src, const struct addr6 *dst)
{
	if (m->type == MH_PBU && mh_has(m, MH_OPT_ALTERNATE_COA))
		return &m->opt.alt_coa.addr;
	return m->type == MH_PBA ? dst : src;
}

static void
mac_of(const struct pmip_key *k, const struct addr6 *coa, const uint8_t *bytes, size_t covers, uint8_t out[MH_AUTH_MAX])
{
	static const uint8_t zero[sizeof(struct addr6)]; /* the home address, and the checksum */
	const size_t behind = CHECKSUM_AT + sizeof(uint16_t);
	const struct pmip_mac_part part[] = {{coa, sizeof(*coa)},
					     {zero, sizeof(struct addr6)},
					     {bytes, CHECKSUM_AT},
					     {zero, sizeof(uint16_t)},
					     {bytes + behind, covers - behind}};

	pmip_mac(k, part, sizeof(part) / sizeof(part[0]), out);
}

static const struct pmip_key *
key_of(const struct pmip_peer_settings *peer, uint32_t spi)
{
	for (unsigned int i = 0; i < peer->key_count; i++)
		if (peer->key[i].spi == spi)
			return &peer->key[i];
	return NULL;
}

static enum pmip_auth_verdict
check_code(const struct pmip_peer_settings *peer, const struct pmip_wire *in, const struct mh_msg *m)
{
	const struct mh_opt_auth *o = &m->opt.auth;
	size_t covers = mh_auth_covers(in->bytes, in->len);
	uint8_t code[MH_AUTH_MAX];
	const struct pmip_key *k;

	if (!mh_has(m, MH_OPT_AUTHENTICATION))
		return PMIP_AUTH_MISSING;
	/* Of two, *m has the first. */
	if (covers == 0 || o->subtype != MH_AUTH_MN_HA || in->len - covers < o->len ||
	    memcmp(in->bytes + covers, o->data, o->len) != 0)
		return PMIP_AUTH_FORM;
	k = key_of(peer, o->spi);
	if (k == NULL)
		return PMIP_AUTH_SPI;
	mac_of(k, care_of(m, &in->src, &in->dst), in->bytes, covers, code);
	if (o->len != pmip_mac_len(k->algorithm) || !pmip_mac_equal(code, o->data, o->len))
		return PMIP_AUTH_WRONG;
	return PMIP_AUTH_OK;
}

/* The other node's time is in the seconds; the fraction tells that it answers an update of this one, once. */
static bool
take_sent(struct pmip_auth *a, uint64_t stamp)
{
	for (unsigned int i = 0; i < SENT_MAX; i++)
		if (a->sent[i] != 0 && ((a->sent[i] ^ stamp) & FRACTION) == 0) {
			a->sent[i] = 0;
			return true;
		}
	return false;
}

static enum pmip_auth_verdict
check_stamp(struct pmip_auth *a, const struct pmip_wire *in, const struct mh_msg *m, const struct clock_now *now)
{
	bool answers = m->type == MH_PBA;
	const struct pmip_window_key key = {answers ? in->src : *care_of(m, &in->src, &in->dst), m->opt.auth.spi,
					    answers};
	uint64_t stamp = m->opt.replay.stamp;

	if (!mh_has(m, MH_OPT_MESSAGE_REPLAY))
		return PMIP_AUTH_NO_STAMP;
	if (m->type == MH_PBA && m->pba.status == MH_STATUS_ID_MISMATCH)
		return take_sent(a, stamp) ? PMIP_AUTH_OK : PMIP_AUTH_STALE;
	if (!near(a, stamp, stamp_of(now)) || (key.answers && pmip_stamp_later(stamp, a->last)))
		return PMIP_AUTH_STALE;
	/* It can be taken for as long as it is near: twice the window, if it is from the future. */
	return pmip_windows_take(&a->windows, &key, stamp, now->mono_ms, now->mono_ms + 2 * (uint64_t)a->window_ms + 1);
}

enum pmip_auth_verdict
pmip_auth_decode(struct pmip_auth *a, const struct pmip_peer_settings *peer, const struct pmip_wire *in,
		 const struct clock_now *now, struct mh_msg *out, enum mh_error *error)
{
	uint32_t compat = peer != NULL ? peer->compat : 0;
	enum pmip_auth_verdict verdict = PMIP_AUTH_OK;

	*error = mh_decode_as(in->bytes, in->len, &in->src, &in->dst, pmip_compat_tolerance(compat), out);
	if (*error != MH_OK)
		return PMIP_AUTH_MALFORMED;
	if (peer != NULL && peer->protection == PMIP_PROTECT_ESP && !in->esp)
		verdict = PMIP_AUTH_NOT_ESP;
	if (peer != NULL && peer->protection == PMIP_PROTECT_AUTH) {
		verdict = check_code(peer, in, out);
		if (verdict == PMIP_AUTH_OK)
			verdict = check_stamp(a, in, out, now);
	}
	pmip_compat_received(compat, out);
	return verdict;
}

/* Later than all before, unless the clock was set back by so much that none of those would be taken any more. */
static uint64_t
next_stamp(struct pmip_auth *a, const struct clock_now *now)
{
	uint64_t stamp = stamp_of(now) | a->odd;

	if (a->last != 0 && near(a, a->last, stamp) && !pmip_stamp_later(stamp, a->last))
		stamp = a->last + 1;
	a->odd += ODD_STEP;
	a->last = stamp;
	return stamp;
}

static void
add_stamp(struct pmip_auth *a, struct mh_msg *m, const struct clock_now *now)
{
	if (!mh_has(m, MH_OPT_MESSAGE_REPLAY)) {
		mh_set(m, MH_OPT_MESSAGE_REPLAY);
		m->opt.replay.stamp = next_stamp(a, now);
	}
	if (m->type == MH_PBU) {
		a->sent[a->sent_at] = m->opt.replay.stamp;
		a->sent_at = (a->sent_at + 1) % SENT_MAX;
	}
}

static int
encode_signed(const struct pmip_key *k, struct mh_msg *m, const struct addr6 *src, const struct addr6 *dst,
	      uint8_t *bytes, size_t size)
{
	uint8_t code[MH_AUTH_MAX];
	size_t covers;
	int len;

	mh_set(m, MH_OPT_AUTHENTICATION);
	m->opt.auth = (struct mh_opt_auth){.subtype = MH_AUTH_MN_HA, .spi = k->spi, .len = pmip_mac_len(k->algorithm)};
	len = mh_encode(m, src, dst, bytes, size);
	if (len < 0)
		return len;
	covers = (size_t)len - m->opt.auth.len;
	mac_of(k, care_of(m, src, dst), bytes, covers, code);
	memcpy(bytes + covers, code, m->opt.auth.len);
	mh_seal(bytes, (size_t)len, src, dst);
	return len;
}

int
pmip_auth_encode(struct pmip_auth *a, const struct pmip_peer_settings *peer, const struct mh_msg *m,
		 const struct addr6 *src, const struct addr6 *dst, const struct clock_now *now, uint8_t *bytes,
		 size_t size)
{
	bool authenticates = peer != NULL && peer->protection == PMIP_PROTECT_AUTH;
	struct mh_msg own;

	if (peer == NULL || (!authenticates && peer->compat == 0))
		return mh_encode(m, src, dst, bytes, size);
	own = *m;
	pmip_compat_sending(peer->compat, &own);
	if (!authenticates)
		return mh_encode(&own, src, dst, bytes, size);
	if (peer->key_count == 0 || !pmip_mac_available())
		return -EACCES;
	add_stamp(a, &own, now);
	return encode_signed(&peer->key[0], &own, src, dst, bytes, size);
}

static const struct {
	enum stat_drop drop;
	enum mh_status status;
} verdicts[PMIP_AUTH_COUNT] = {
#define AUTH_VERDICT(NAME, drop, status, source) [PMIP_AUTH_##NAME] = {STAT_DROP_##drop, MH_STATUS_##status},
#include "pmip/auth.def"
#undef AUTH_VERDICT
};

enum stat_drop
pmip_auth_drop(enum pmip_auth_verdict v)
{
	return verdicts[v].drop;
}

bool
pmip_auth_answer(const struct pmip_auth *a, enum pmip_auth_verdict v, const struct mh_msg *m,
		 const struct clock_now *now, struct mh_msg *out)
{
	const uint32_t repeated = 1u << MH_OPT_HOME_NETWORK_PREFIX | 1u << MH_OPT_HANDOFF_INDICATOR |
				  1u << MH_OPT_ACCESS_TECH_TYPE | 1u << MH_OPT_MN_ID | 1u << MH_OPT_TIMESTAMP |
				  1u << MH_OPT_MN_LINK_LAYER_ID | 1u << MH_OPT_LINK_LOCAL_ADDRESS |
				  1u << MH_OPT_MESSAGE_REPLAY;
	uint64_t own = stamp_of(now), stamp = m->opt.replay.stamp;

	if (m->type != MH_PBU || verdicts[v].status == MH_STATUS_ACCEPTED)
		return false;
	*out = (struct mh_msg){.type = MH_PBA, .opt = m->opt};
	out->pba =
		(struct mh_pba){.status = (uint8_t)verdicts[v].status, .flags = MH_PBA_P, .sequence = m->pbu.sequence};
	out->opt.present &= repeated;
	/* A stamp of another time is not signed as it is, lest somebody have one signed for later. */
	if (mh_has(m, MH_OPT_MESSAGE_REPLAY) && (v != PMIP_AUTH_WRONG || !near(a, stamp, own)))
		out->opt.replay.stamp = (own & ~(uint64_t)FRACTION) | (stamp & FRACTION);
	return true;
}
