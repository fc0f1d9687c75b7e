/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobility Header messages in and out. What is malformed is counted by its reason; what the RFC wants answered
 * (RFC 6275 section 9.2) is answered at a bounded rate.
 */
#include <errno.h>

#include "mh/mh.h"
#include "nd/nd.h"
#include "state.h"

static const enum stat_drop drop_of_error[MH_ERR_COUNT] = {
	[MH_ERR_SHORT] = STAT_DROP_MH_SHORT,
	[MH_ERR_PAYLOAD_PROTO] = STAT_DROP_MH_PAYLOAD_PROTO,
	[MH_ERR_HDR_LEN] = STAT_DROP_MH_SHORT,
	[MH_ERR_CHECKSUM] = STAT_DROP_MH_CHECKSUM,
	[MH_ERR_TYPE] = STAT_DROP_MH_TYPE,
	[MH_ERR_NOT_PROXY] = STAT_DROP_MH_UNEXPECTED,
	[MH_ERR_OPTION] = STAT_DROP_MH_OPTION,
};

static bool
binding_error_allowed(struct ctl *c)
{
	if (c->now.mono_ms - c->be_tokens_at_ms >= 1000) {
		c->be_tokens_at_ms = c->now.mono_ms;
		c->be_tokens = c->s.be_rate_per_s;
	}
	if (c->be_tokens == 0)
		return false;
	c->be_tokens--;
	return true;
}

static void
answer_unknown_type(struct ctl *c, const struct addr6 *own, const struct addr6 *peer)
{
	struct mh_msg be = {.type = MH_BE, .be.status = MH_BE_UNKNOWN_TYPE};

	if (!addr6_is_multicast(own) && binding_error_allowed(c) && ctl_signalling_send(c, own, peer, &be) == 0)
		c->stat.counter[STAT_BE_TX]++;
}

/* Give a message to the engine whose address it was sent to. */
static void
dispatch(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, const struct mh_msg *m)
{
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .message = {.src = *src, .dst = *dst, .msg = m}};

	c->stat.counter[STAT_MH_RX]++;
	c->stat.counter[STAT_MH_OPTION_UNKNOWN] += m->opt.unknown;
	c->stat.counter[STAT_MH_OPTION_REPEATED] += m->opt.repeated;
	if (m->type == MH_PBU && c->s.lma != NULL && addr6_equal(dst, &c->s.lma_address)) {
		ctl_engine_step(c, &c->lma, &e);
	} else if (m->type == MH_PBA && c->s.mag != NULL && addr6_equal(dst, &c->s.mag_address)) {
		ctl_engine_step(c, &c->mag, &e);
	} else {
		c->stat.drop[STAT_DROP_MH_UNEXPECTED]++;
		if (m->type == MH_BE)
			c->stat.counter[STAT_BE_RX]++;
	}
}

void
ctl_signalling_receive(struct ctl *c, const uint8_t *frame, size_t len)
{
	struct nd_frame f;
	struct mh_msg m = {.type = MH_NONE};
	enum mh_error error;

	if (nd_frame_decode(frame, len, &f) < 0 || f.next_header != MH_PROTOCOL) {
		c->stat.drop[STAT_DROP_MH_SHORT]++;
		return;
	}
	error = mh_decode(f.payload, f.payload_len, &f.ip_src, &f.ip_dst, &m);
	if (error == MH_OK) {
		dispatch(c, &f.ip_src, &f.ip_dst, &m);
		return;
	}
	c->stat.drop[drop_of_error[error]]++;
	if (error == MH_ERR_TYPE)
		answer_unknown_type(c, &f.ip_dst, &f.ip_src);
}

static bool
is_own(const struct ctl *c, const struct addr6 *a)
{
	return (c->s.lma != NULL && addr6_equal(a, &c->s.lma_address)) ||
	       (c->s.mag != NULL && addr6_equal(a, &c->s.mag_address));
}

/* A message to the node itself is decoded again from its bytes, as any other would be. */
static int
loop_back(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, const uint8_t *bytes, size_t len)
{
	struct mh_loop *slot;

	if (c->loopback_count == CTL_LOOPBACK)
		return 0; /* as a wire that loses it: the sender retransmits */
	slot = &c->loopback[(c->loopback_head + c->loopback_count) % CTL_LOOPBACK];
	slot->src = *src;
	slot->dst = *dst;
	if (mh_decode(bytes, len, src, dst, &slot->msg) == MH_OK)
		c->loopback_count++;
	return 0;
}

unsigned int
ctl_signalling_loopback(struct ctl *c)
{
	unsigned int n = c->loopback_count;

	for (unsigned int i = 0; i < n; i++) {
		const struct mh_loop *slot = &c->loopback[c->loopback_head];

		dispatch(c, &slot->src, &slot->dst, &slot->msg);
		c->loopback_head = (c->loopback_head + 1) % CTL_LOOPBACK;
		c->loopback_count--;
	}
	return n;
}

int
ctl_signalling_send(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, const struct mh_msg *m)
{
	uint8_t bytes[MH_LEN_MAX];
	int len = mh_encode(m, src, dst, bytes, sizeof(bytes));

	if (len < 0)
		return len;
	c->stat.counter[STAT_MH_TX]++;
	if (is_own(c, dst))
		return loop_back(c, src, dst, bytes, (size_t)len);
	return ctl_send_packet(c, src, dst, MH_PROTOCOL, bytes, (size_t)len);
}
