/* SPDX-License-Identifier: BSD-3-Clause */
/* The rig in motion: frames in, turns of both loops, frames out, and what the counters say. */
#include <string.h>

#include "rig.h"

#define STEP_MS 50
#define MACS	12 /* bytes of an Ethernet header in front of a VLAN tag */

static struct rte_mbuf *
mbuf_of(struct rig *r, const uint8_t *bytes, size_t len)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(r->pool);

	NEED(m != NULL);
	memcpy(rte_pktmbuf_append(m, (uint16_t)len), bytes, len);
	return m;
}

void
rig_feed_bytes(struct rig *r, int port, const void *bytes, size_t len)
{
	const size_t first = r->cut > 0 && r->cut < len ? r->cut : len;
	const uint8_t *at = bytes;
	struct rte_mbuf *m;

	NEED(len <= RIG_FRAME_MAX);
	m = mbuf_of(r, at, first);
	if (first < len)
		NEED(rte_pktmbuf_chain(m, mbuf_of(r, at + first, len - first)) == 0);
	NEED(rte_ring_enqueue(r->rx[port], m) == 0);
}

void
rig_feed(struct rig *r, int port, const struct frame *f)
{
	const uint16_t vlan = r->port[port].vlan;
	const uint8_t tag[] = {0x81, 0, (uint8_t)(vlan >> 8), (uint8_t)vlan};
	uint8_t tagged[RIG_FRAME_MAX];

	if (vlan == 0) {
		rig_feed_bytes(r, port, f->b, f->len);
		return;
	}
	NEED(f->len >= MACS && f->len + sizeof(tag) <= sizeof(tagged));
	memcpy(tagged, f->b, MACS);
	memcpy(tagged + MACS, tag, sizeof(tag));
	memcpy(tagged + MACS + sizeof(tag), f->b + MACS, f->len - MACS);
	rig_feed_bytes(r, port, tagged, f->len + sizeof(tag));
}

void
rig_send(struct rig *r, int port, const struct frame *f)
{
	rig_feed(r, port, f);
	rig_run(r);
}

/* The router and the peer say where they are. */
static void
answer_solicitation(struct rig *r, const struct nd_frame *f)
{
	const char *const neighbours[][2] = {{ROUTER, ROUTER_MAC}, {PEER, PEER_MAC}};
	struct nd_msg m;

	if (r->mute || nd_decode(f, &m) != ND_OK || m.type != ND_NS || addr6_is_zero(&f->ip_src))
		return;
	for (unsigned int i = 0; i < UNIT_COUNT(neighbours); i++) {
		struct addr6 addr = ip6(neighbours[i][0]);
		const struct nd_link link = {.src_mac = mac(neighbours[i][1]), .dst_mac = f->eth_src};
		struct frame na;
		int n;

		if (!addr6_equal(&m.ns.target, &addr))
			continue;
		n = nd_na_encode(&link, &addr, &f->ip_src, &addr, ND_NA_SOLICITED | ND_NA_OVERRIDE, na.b, sizeof(na.b));
		NEED(n > 0);
		na.len = (size_t)n;
		rig_feed(r, CORE, &na);
	}
}

static bool
hear(struct rig *r, int port)
{
	struct frame *f = &r->heard[port][r->heard_count[port]];
	struct nd_frame at;
	struct rte_mbuf *m;

	if (rte_ring_dequeue(r->tx[port], (void **)&m) != 0)
		return false;
	NEED(r->heard_count[port] < RIG_HEARD_MAX);
	f->len = m->data_len;
	memcpy(f->b, rte_pktmbuf_mtod(m, const void *), f->len);
	rte_pktmbuf_free(m);
	r->heard_count[port]++;
	if (port == CORE && nd_frame_decode(f->b, f->len, &at) == 0 && at.next_header == ND_PROTO_ICMP6)
		answer_solicitation(r, &at);
	return true;
}

void
rig_run(struct rig *r)
{
	for (unsigned int idle = 0, rounds = 0; idle < 4; idle++, rounds++) {
		NEED(rounds < 1000);
		if (path_worker_poll(r->worker) > 0)
			idle = 0;
		ctl_turn(r->ctl, 0);
		while (hear(r, CORE) || hear(r, ACCESS))
			idle = 0;
	}
}

void
rig_wait(struct rig *r, uint64_t ms)
{
	for (uint64_t left = ms, step; left > 0; left -= step) {
		step = left < STEP_MS ? left : STEP_MS;
		r->now.mono_ms += step;
		r->now.wall += clock_wall_of_ms(step);
		rig_run(r);
	}
}

bool
rig_take(struct rig *r, int port, bool (*wanted)(const struct nd_frame *f, const void *arg), const void *arg,
	 struct frame *out, struct nd_frame *at)
{
	for (unsigned int i = 0; i < r->heard_count[port]; i++) {
		struct frame *f = &r->heard[port][i];

		if (nd_frame_decode(f->b, f->len, at) != 0 || at->ethertype != ND_ETHERTYPE_IP6 || !wanted(at, arg))
			continue;
		*out = *f;
		r->heard_count[port]--;
		memmove(f, f + 1, (r->heard_count[port] - i) * sizeof(*f));
		return nd_frame_decode(out->b, out->len, at) == 0;
	}
	return false;
}

static bool
is_mh(const struct nd_frame *f, const void *arg)
{
	struct mh_msg m;

	return f->next_header == MH_PROTOCOL &&
	       mh_decode(f->payload, f->payload_len, &f->ip_src, &f->ip_dst, &m) == MH_OK &&
	       m.type == *(const enum mh_type *)arg;
}

bool
rig_take_mh(struct rig *r, enum mh_type type, struct mh_msg *out)
{
	struct nd_frame at;
	struct frame f;

	return rig_take(r, CORE, is_mh, &type, &f, &at) &&
	       mh_decode(at.payload, at.payload_len, &at.ip_src, &at.ip_dst, out) == MH_OK;
}

static bool
is_nd(const struct nd_frame *f, const void *arg)
{
	struct nd_msg m;

	return f->next_header == ND_PROTO_ICMP6 && nd_decode(f, &m) == ND_OK && m.type == *(const enum nd_type *)arg;
}

bool
rig_take_nd(struct rig *r, int port, enum nd_type type, struct nd_msg *out, struct nd_frame *at)
{
	static struct frame f; /* at points into it until the next call */
	struct nd_frame own;

	at = at != NULL ? at : &own;
	return rig_take(r, port, is_nd, &type, &f, at) && nd_decode(at, out) == ND_OK;
}

struct wanted_packet {
	struct addr6 dst;
	uint8_t next_header;
};

static bool
is_packet(const struct nd_frame *f, const void *arg)
{
	const struct wanted_packet *w = arg;

	return f->next_header == w->next_header && addr6_equal(&f->ip_dst, &w->dst);
}

bool
rig_take_packet(struct rig *r, int port, const char *dst, uint8_t next_header, struct nd_frame *at)
{
	static struct frame f;
	const struct wanted_packet w = {ip6(dst), next_header};
	struct nd_frame own;

	return rig_take(r, port, is_packet, &w, &f, at != NULL ? at : &own);
}

void
rig_forget(struct rig *r)
{
	memset(r->heard_count, 0, sizeof(r->heard_count));
}

uint64_t
rig_value(struct rig *r, const struct addr_prefix *p)
{
	return fwd_prefix_get(r->fwd, p);
}

void
rig_stats(struct rig *r, struct stat_block *total)
{
	const struct stat_block *blocks[6] = {path_stats(r->path, 0), &r->ctl->stat, host_stat(r->host)};
	unsigned int n = 3;

	if (r->lma != NULL)
		blocks[n++] = lma_stat(r->lma);
	if (r->mag != NULL)
		blocks[n++] = mag_stat(r->mag);
	if (r->access != NULL)
		blocks[n++] = access_stat(r->access);
	stat_sum(blocks, n, total);
}

uint64_t
rig_drops(struct rig *r, enum stat_drop why)
{
	struct stat_block total;

	rig_stats(r, &total);
	return total.drop[why];
}

uint64_t
rig_count(struct rig *r, enum stat_counter what)
{
	struct stat_block total;

	rig_stats(r, &total);
	return total.counter[what];
}

struct addr_prefix
rig_prefix_of_lma(struct rig *r)
{
	struct lma_view v;

	NEED(lma_session_count(r->lma) == 1 && lma_next(r->lma, 0, &v) && v.prefix_count == 1);
	return v.prefix[0];
}

struct addr6
rig_host_in(const struct addr_prefix *p)
{
	struct addr6 a = p->addr;

	a.b[15] = 0x99;
	return a;
}

void
rig_send_down(struct rig *r, const struct addr6 *to, unsigned int n)
{
	struct addr6 cn = ip6(CN);

	while (n-- > 0) {
		struct frame f = downlink(&cn, to, RIG_LEN);

		rig_send(r, CORE, &f);
		rig_forget(r);
	}
}

void
rig_send_up(struct rig *r, const struct addr6 *from, const char *mag)
{
	struct addr6 cn = ip6(CN);
	struct frame inner = downlink(from, &cn, RIG_LEN), f = tunnelled(mag, NODE, &inner);

	rig_send(r, CORE, &f);
}

int
rig_gre(struct rig *r, const struct addr_prefix *home, const uint32_t *key_in, const uint32_t *key_out)
{
	uint64_t value = fwd_prefix_get(r->fwd, home);
	const struct fwd_tunnel *t = fwd_tunnel_find(r->fwd, fwd_value_tunnel(value));
	struct ctl_engine *e =
		r->mag != NULL && fwd_value_session(value) >= r->ctl->mag.base ? &r->ctl->mag : &r->ctl->lma;
	struct pmip_action a = {.type = PMIP_ACT_FORWARD_SET, .session = fwd_value_session(value) - e->base};

	if (t == NULL)
		return -ENOENT;
	a.forward.access = fwd_value_flags(value) & FWD_ACCESS;
	a.forward.local = t->local;
	a.forward.remote = t->remote;
	a.forward.link = e->forward[a.session].link;
	a.forward.prefix_count = 1;
	a.forward.prefix[0] = *home;
	a.forward.gre = true;
	a.forward.key_in_given = key_in != NULL;
	a.forward.key_out_given = key_out != NULL;
	a.forward.key_in = key_in != NULL ? *key_in : 0;
	a.forward.key_out = key_out != NULL ? *key_out : 0;
	return ctl_forward_set(r->ctl, e, &a);
}

uint32_t
rig_session_of(struct rig *r, const struct addr_prefix *home)
{
	return fwd_value_session(rig_value(r, home)) - r->ctl->lma.base;
}

int
rig_flows(struct rig *r, const struct addr_prefix *home, const struct pmip_flows *flows)
{
	return ctl_forward_flows(
		r->ctl, &r->ctl->lma,
		&(struct pmip_action){.type = PMIP_ACT_FLOWS, .session = rig_session_of(r, home), .flows = flows});
}

int
rig_aggregate(struct rig *r, const char *text, const char *mag)
{
	struct pmip_action a = {.type = mag != NULL ? PMIP_ACT_AGGREGATE_SET : PMIP_ACT_AGGREGATE_CLEAR,
				.session = PMIP_SESSION_NONE};

	a.aggregate.prefix = prefix(text);
	a.aggregate.local = ip6(NODE);
	if (mag == NULL)
		return ctl_aggregate_clear(r->ctl, &r->ctl->lma, &a);
	a.aggregate.remote = ip6(mag);
	return ctl_aggregate_set(r->ctl, &r->ctl->lma, &a);
}

bool
rig_only_tunnel(struct rig *r, uint16_t *mtu)
{
	uint32_t t = fwd_tunnel_next(r->fwd, 0);

	if (t == 0 || fwd_tunnel_next(r->fwd, t) != 0)
		return false;
	*mtu = fwd_tunnel_find(r->fwd, t)->mtu;
	return true;
}

void
rig_open_served(struct rig *r, const struct wish *wish, const struct addr_prefix *home)
{
	struct frame f = solicitation(MN1_MAC);
	struct mh_msg pbu;

	rig_open(r, wish);
	rig_send(r, ACCESS, &f);
	NEED(rig_take_mh(r, MH_PBU, &pbu));
	rig_pba(r, &pbu, MH_STATUS_ACCEPTED, home);
	NEED(rig_value(r, home) != FWD_VALUE_NONE);
}
