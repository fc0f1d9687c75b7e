/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobility Header messages in and out. What is malformed is counted by its reason; what the RFC wants answered
 * (RFC 6275 section 9.2) is answered at a bounded rate.
 */
#include <errno.h>

#include "mh/mh.h"
#include "nd/nd.h"
#include "peer.h"
#include "pmip/auth.h"
#include "state.h"

#define ICMP6_PARAMETER_PROBLEM 4
#define PAYLOAD_PROTO_AT	0 /* in a Mobility Header */
#define HDR_LEN_AT		1
#define PEERS_MAX		65536 /* that are told apart by heartbeats and what they sent, however many tunnels there are */

static const enum stat_drop drop_of_error[MH_ERR_COUNT] = {
	[MH_ERR_SHORT] = STAT_DROP_MH_SHORT,   [MH_ERR_PAYLOAD_PROTO] = STAT_DROP_MH_PAYLOAD_PROTO,
	[MH_ERR_HDR_LEN] = STAT_DROP_MH_SHORT, [MH_ERR_CHECKSUM] = STAT_DROP_MH_CHECKSUM,
	[MH_ERR_TYPE] = STAT_DROP_MH_TYPE,     [MH_ERR_NOT_PROXY] = STAT_DROP_MH_UNEXPECTED,
	[MH_ERR_OPTION] = STAT_DROP_MH_OPTION, [MH_ERR_SUBTYPE] = STAT_DROP_MH_UNEXPECTED,
};

static void
answer_unknown_type(struct ctl *c, const struct nd_frame *f)
{
	const struct pmip_peer_settings *peer = ctl_peer_settings(c, &f->ip_src);
	struct mh_msg be = {.type = MH_BE, .be.status = MH_BE_UNKNOWN_TYPE};

	/* Nobody knows who sent it, and the answer would be signed. */
	if (peer != NULL && peer->protection == PMIP_PROTECT_AUTH)
		return;
	if (ctl_clock_rate(&c->binding_errors, c->now.mono_ms, c->s.timers.be_rate_per_s) &&
	    ctl_signalling_send(c, NULL, &f->ip_dst, &f->ip_src, &be) == 0)
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
	    !ctl_clock_rate(&c->parameter_problems, c->now.mono_ms, c->s.timers.be_rate_per_s))
		return;
	n = nd_error_encode(&none, &f->ip_dst, ICMP6_PARAMETER_PROBLEM, 0, pointer, f->ip, f->ip_len, frame,
			    sizeof(frame));
	if (n > ETHERNET_LEN)
		ctl_send_ip6(c, frame + ETHERNET_LEN, (size_t)n - ETHERNET_LEN);
}

/* Which engine hears a message. */
enum hearer { HEARER_LMA = 1, HEARER_MAG = 2, HEARER_HEARTBEAT = 4 };

static const uint8_t hearers[] = {
	[MH_PBU] = HEARER_LMA,
	[MH_PBA] = HEARER_MAG,
	[MH_BE] = HEARER_LMA | HEARER_MAG | HEARER_HEARTBEAT,
	[MH_BRI] = HEARER_LMA | HEARER_MAG,
	[MH_BRA] = HEARER_LMA | HEARER_MAG,
	[MH_HEARTBEAT] = HEARER_HEARTBEAT,
	[MH_UPN] = HEARER_MAG,
	[MH_UPA] = HEARER_LMA,
};

/*
 * The engines whose address it was sent to. Where one address has both, what one of them says is for the other, and of
 * other nodes' revocations a gateway's is for the anchor.
 */
static unsigned int
hearers_of(const struct ctl *c, const struct ctl_engine *from, const struct addr6 *src, const struct addr6 *dst,
	   const struct mh_msg *m)
{
	unsigned int at = 0;

	if (c->s.lma != NULL && addr6_equal(dst, &c->s.lma_address))
		at |= HEARER_LMA;
	if (c->s.mag != NULL && addr6_equal(dst, &c->s.mag_address))
		at |= HEARER_MAG;
	if (from == &c->lma)
		at &= ~(unsigned int)HEARER_LMA;
	else if (from == &c->mag)
		at &= ~(unsigned int)HEARER_MAG;
	else if (m->type == MH_BRI && at == (HEARER_LMA | HEARER_MAG))
		at = ctl_peer_is_gateway(c, src) ? HEARER_LMA : HEARER_MAG;
	if (at != 0)
		at |= HEARER_HEARTBEAT;
	return at & hearers[m->type];
}

/* Of an engine of this node, or with NULL of another node. */
static void
dispatch(struct ctl *c, const struct ctl_engine *from, const struct addr6 *src, const struct addr6 *dst,
	 const struct mh_msg *m)
{
	unsigned int to = hearers_of(c, from, src, dst, m);
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .message = {.src = *src, .dst = *dst, .msg = m}};

	c->stat.counter[STAT_MH_RX]++;
	c->stat.counter[STAT_MH_OPTION_UNKNOWN] += m->opt.unknown;
	c->stat.counter[STAT_MH_OPTION_REPEATED] += m->opt.repeated;
	ctl_peer_received(c, src, m);
	ctl_history_message(c, false, src, m);
	if (m->type == MH_BE)
		c->stat.counter[STAT_BE_RX]++;
	else if (to == 0)
		c->stat.drop[STAT_DROP_MH_UNEXPECTED]++;
	if (to & HEARER_LMA)
		ctl_engine_step(c, &c->lma, &e);
	if (to & HEARER_MAG)
		ctl_engine_step(c, &c->mag, &e);
	if (to & HEARER_HEARTBEAT)
		ctl_engine_step(c, &c->heartbeats, &e);
}

/* What its protection says is wrong with a message: counted, and answered where that is due (RFC 4285 section 8). */
static void
refuse(struct ctl *c, const struct nd_frame *f, enum pmip_auth_verdict v, const struct mh_msg *m)
{
	struct mh_msg answer;

	c->stat.drop[pmip_auth_drop(v)]++;
	if (ctl_signalling_owns(c, &f->ip_dst) && pmip_auth_answer(c->auth, v, m, &c->now, &answer) &&
	    ctl_clock_rate(&c->auth_answers, c->now.mono_ms, c->s.timers.be_rate_per_s))
		ctl_signalling_send(c, NULL, &f->ip_dst, &f->ip_src, &answer);
}

/* What is no message: counted, and answered where that is due (RFC 6275 section 9.2). */
static void
refuse_malformed(struct ctl *c, const struct nd_frame *f, enum mh_error error, bool esp)
{
	c->stat.drop[drop_of_error[error]]++;
	if (error == MH_ERR_TYPE)
		answer_unknown_type(c, f);
	else if (esp) /* an ICMPv6 error would repeat what was encrypted, or nothing that helps */
		return;
	else if (error == MH_ERR_PAYLOAD_PROTO)
		answer_bad_header(c, f, PAYLOAD_PROTO_AT);
	else if (error == MH_ERR_HDR_LEN)
		answer_bad_header(c, f, HDR_LEN_AT);
}

void
ctl_signalling_receive(struct ctl *c, const uint8_t *frame, size_t len)
{
	struct nd_frame f;
	struct mh_msg m = {.type = MH_NONE};
	struct pmip_wire wire;
	enum pmip_auth_verdict verdict;
	enum mh_error error;
	bool esp;

	if (nd_frame_decode(frame, len, &f) < 0 || (f.next_header != MH_PROTOCOL && f.next_header != IPSEC_PROTOCOL)) {
		c->stat.drop[STAT_DROP_MH_SHORT]++;
		return;
	}
	/* What this node says to itself goes by no wire, and needs no key. */
	if (ctl_signalling_owns(c, &f.ip_src)) {
		c->stat.drop[STAT_DROP_IP_SOURCE]++;
		return;
	}
	esp = f.next_header == IPSEC_PROTOCOL;
	if (esp && !ctl_esp_open(c, &f))
		return;
	if (!esp && ctl_esp_is_due(c, &f.ip_src)) {
		c->stat.drop[STAT_DROP_ESP_UNPROTECTED]++;
		return;
	}
	wire = (struct pmip_wire){
		.bytes = f.payload, .len = f.payload_len, .src = f.ip_src, .dst = f.ip_dst, .esp = esp};
	verdict = pmip_auth_decode(c->auth, ctl_peer_settings(c, &f.ip_src), &wire, &c->now, &m, &error);
	if (verdict == PMIP_AUTH_OK)
		dispatch(c, NULL, &f.ip_src, &f.ip_dst, &m);
	else if (verdict == PMIP_AUTH_MALFORMED)
		refuse_malformed(c, &f, error, esp);
	else
		refuse(c, &f, verdict, &m);
}

bool
ctl_signalling_owns(const struct ctl *c, const struct addr6 *a)
{
	return (c->s.lma != NULL && addr6_equal(a, &c->s.lma_address)) ||
	       (c->s.mag != NULL && addr6_equal(a, &c->s.mag_address));
}

/* A message to the node itself is decoded again from its bytes, as any other would be. */
static int
loop_back(struct ctl *c, const struct ctl_engine *from, const struct addr6 *src, const struct addr6 *dst,
	  const uint8_t *bytes, size_t len)
{
	struct mh_loop *slot;

	if (c->loopback_count == CTL_LOOPBACK) {
		c->stat.drop[STAT_DROP_INJECT_FULL]++; /* as a wire that loses it: the sender retransmits */
		return -ENOBUFS;
	}
	slot = &c->loopback[(c->loopback_head + c->loopback_count) % CTL_LOOPBACK];
	slot->from = from;
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

		dispatch(c, slot->from, &slot->src, &slot->dst, &slot->msg);
		c->loopback_head = (c->loopback_head + 1) % CTL_LOOPBACK;
		c->loopback_count--;
	}
	return n;
}

int
ctl_signalling_send(struct ctl *c, const struct ctl_engine *from, const struct addr6 *src, const struct addr6 *dst,
		    const struct mh_msg *m)
{
	const struct pmip_peer_settings *peer = ctl_signalling_owns(c, dst) ? NULL : ctl_peer_settings(c, dst);
	uint8_t bytes[MH_LEN_MAX];
	int len = pmip_auth_encode(c->auth, peer, m, src, dst, &c->now, bytes, sizeof(bytes)), rc;

	if (len < 0) {
		c->stat.drop[STAT_DROP_MH_OPTION]++; /* an answer repeats the options of an update */
		return len;
	}
	if (ctl_signalling_owns(c, dst))
		rc = loop_back(c, from, src, dst, bytes, (size_t)len);
	else if (ctl_esp_is_due(c, dst))
		rc = ctl_esp_send(c, src, dst, bytes, (size_t)len);
	else
		rc = ctl_send_packet(c, src, dst, MH_PROTOCOL, bytes, (size_t)len);
	if (rc < 0)
		return rc;
	c->stat.counter[STAT_MH_TX]++;
	ctl_peer_sent(c, dst, m);
	ctl_history_message(c, true, dst, m);
	return 0;
}

int
ctl_signalling_init(struct ctl *c)
{
	uint32_t peers = RTE_MIN(c->s.tunnels, (uint32_t)PEERS_MAX);
	const struct pmip_auth_settings auth = {
		.windows_max = 2 * peers, .window_ms = c->s.timers.authentication_window_ms, .secret = c->s.secret};
	const struct pmip_heartbeat_settings heartbeat = {
		.timers = c->s.timers,
		.peers_max = peers,
		/* Greater than at any start before, and without a file that would have to be there. */
		.restart_counter = (uint32_t)(c->now.wall >> 16),
		.secret = c->s.secret,
	};

	c->auth = pmip_auth_new(&auth, &c->now);
	c->heartbeat = pmip_heartbeat_new(&heartbeat);
	return c->auth != NULL && c->heartbeat != NULL ? 0 : -ENOMEM;
}

void
ctl_signalling_fini(struct ctl *c)
{
	pmip_auth_free(c->auth);
	pmip_heartbeat_free(c->heartbeat);
}

static void
announce(struct ctl *c, const struct addr6 *peer)
{
	if (addr6_is_zero(peer) || ctl_signalling_owns(c, peer))
		return;
	if (c->s.lma != NULL)
		pmip_heartbeat_announce(c->heartbeat, &c->s.lma_address, peer);
	if (c->s.mag != NULL && (c->s.lma == NULL || !addr6_equal(&c->s.lma_address, &c->s.mag_address)))
		pmip_heartbeat_announce(c->heartbeat, &c->s.mag_address, peer);
}

void
ctl_signalling_announce(struct ctl *c)
{
	if (c->s.timers.heartbeat_interval_ms == 0)
		return;
	for (unsigned int i = 0; i < c->s.peer_count; i++)
		if (c->s.peers[i].address.len == 128)
			announce(c, &c->s.peers[i].address.addr);
	if (c->s.mag != NULL)
		announce(c, &c->s.mag_anchor);
}

void
ctl_signalling_apply(struct ctl *c, const struct pmip_timers *t)
{
	c->s.timers = *t;
	pmip_auth_set_window(c->auth, t->authentication_window_ms);
	pmip_heartbeat_set_timers(c->heartbeat, t);
}
