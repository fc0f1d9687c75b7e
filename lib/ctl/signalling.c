/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobility Header messages in and out. What is malformed is counted by its reason; what the RFC wants answered
 * (RFC 6275 section 9.2) is answered at a bounded rate.
 */
#include <errno.h>

#include "mh/mh.h"
#include "nd/nd.h"
#include "state.h"

#define ICMP6_PARAMETER_PROBLEM 4
#define PAYLOAD_PROTO_AT	0 /* in a Mobility Header */
#define HDR_LEN_AT		1

static const enum stat_drop drop_of_error[MH_ERR_COUNT] = {
	[MH_ERR_SHORT] = STAT_DROP_MH_SHORT,   [MH_ERR_PAYLOAD_PROTO] = STAT_DROP_MH_PAYLOAD_PROTO,
	[MH_ERR_HDR_LEN] = STAT_DROP_MH_SHORT, [MH_ERR_CHECKSUM] = STAT_DROP_MH_CHECKSUM,
	[MH_ERR_TYPE] = STAT_DROP_MH_TYPE,     [MH_ERR_NOT_PROXY] = STAT_DROP_MH_UNEXPECTED,
	[MH_ERR_OPTION] = STAT_DROP_MH_OPTION,
};

static void
answer_unknown_type(struct ctl *c, const struct nd_frame *f)
{
	struct mh_msg be = {.type = MH_BE, .be.status = MH_BE_UNKNOWN_TYPE};

	if (ctl_clock_rate(&c->binding_errors, c->now.mono_ms, c->s.be_rate_per_s) &&
	    ctl_signalling_send(c, &f->ip_dst, &f->ip_src, &be) == 0)
		c->stat.counter[STAT_BE_TX]++;
}

/* An ICMPv6 Parameter Problem about the octet at this offset of the Mobility Header. */
static void
answer_bad_header(struct ctl *c, const struct nd_frame *f, uint32_t offset)
{
	const struct nd_link none = {.vlan = ND_VLAN_NONE};
	uint32_t pointer = (uint32_t)(f->payload - f->ip) + offset;
	uint8_t frame[ND_FRAME_MAX];
	int n;

	if (!nd_error_allowed(ICMP6_PARAMETER_PROBLEM, 0, pointer, addr_mac_is_group(&f->eth_dst), f->ip, f->ip_len) ||
	    !ctl_clock_rate(&c->parameter_problems, c->now.mono_ms, c->s.be_rate_per_s))
		return;
	n = nd_error_encode(&none, &f->ip_dst, ICMP6_PARAMETER_PROBLEM, 0, pointer, f->ip, f->ip_len, frame,
			    sizeof(frame));
	if (n > ETHERNET_LEN)
		ctl_send_ip6(c, frame + ETHERNET_LEN, (size_t)n - ETHERNET_LEN);
}

/* Give a message to the engine whose address it was sent to. */
static void
dispatch(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, const struct mh_msg *m)
{
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .message = {.src = *src, .dst = *dst, .msg = m}};

	c->stat.counter[STAT_MH_RX]++;
	c->stat.counter[STAT_MH_OPTION_UNKNOWN] += m->opt.unknown;
	c->stat.counter[STAT_MH_OPTION_REPEATED] += m->opt.repeated;
	ctl_peer_received(c, src, m);
	ctl_history_message(c, false, src, m);
	if (m->type == MH_PBU && c->s.lma != NULL && addr6_equal(dst, &c->s.lma_address)) {
		ctl_engine_step(c, &c->lma, &e);
	} else if (m->type == MH_PBA && c->s.mag != NULL && addr6_equal(dst, &c->s.mag_address)) {
		ctl_engine_step(c, &c->mag, &e);
	} else if (m->type == MH_BE) {
		c->stat.counter[STAT_BE_RX]++; /* nothing follows: the update's retransmissions end as without an answer
						*/
	} else {
		c->stat.drop[STAT_DROP_MH_UNEXPECTED]++;
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
		answer_unknown_type(c, &f);
	else if (error == MH_ERR_PAYLOAD_PROTO)
		answer_bad_header(c, &f, PAYLOAD_PROTO_AT);
	else if (error == MH_ERR_HDR_LEN)
		answer_bad_header(c, &f, HDR_LEN_AT);
}

bool
ctl_signalling_owns(const struct ctl *c, const struct addr6 *a)
{
	return (c->s.lma != NULL && addr6_equal(a, &c->s.lma_address)) ||
	       (c->s.mag != NULL && addr6_equal(a, &c->s.mag_address));
}

/* A message to the node itself is decoded again from its bytes, as any other would be. */
static int
loop_back(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, const uint8_t *bytes, size_t len)
{
	struct mh_loop *slot;

	if (c->loopback_count == CTL_LOOPBACK) {
		c->stat.drop[STAT_DROP_INJECT_FULL]++; /* as a wire that loses it: the sender retransmits */
		return -ENOBUFS;
	}
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
	int len = mh_encode(m, src, dst, bytes, sizeof(bytes)), rc;

	if (len < 0) {
		c->stat.drop[STAT_DROP_MH_OPTION]++; /* an answer repeats the options of an update */
		return len;
	}
	if (ctl_signalling_owns(c, dst))
		rc = loop_back(c, src, dst, bytes, (size_t)len);
	else
		rc = ctl_send_packet(c, src, dst, MH_PROTOCOL, bytes, (size_t)len);
	if (rc < 0)
		return rc;
	c->stat.counter[STAT_MH_TX]++;
	ctl_peer_sent(c, dst, m);
	ctl_history_message(c, true, dst, m);
	return 0;
}
