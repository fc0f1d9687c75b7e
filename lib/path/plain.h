/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The plain pass: packets about which nothing is out of the ordinary go from the receive queue to TX in one stage, each
 * exactly as the stages behind it would have sent and counted it. What a packet needs is looked at before any of it is
 * written: one that is not plain is left to those stages as it came.
 *
 * The plain ones of a burst overtake those that are left. So whole sessions and tunnels are plain or not, and a packet
 * that is unlike others of its flow, by extension headers, takes those behind it along.
 */
#include "stage.h"
#include "tun/tun.h"

#define PLAIN_HEADROOM (TUN_HEADER_MAX + WIRE_ETH_LEN + WIRE_VLAN_LEN) /* in front of the IPv6 header */
#define PLAIN_ON_LINK  0xfe /* link-local and group addresses begin with this byte, or a greater one */
#define PLAIN_TCP_SYN  13   /* the byte of a TCP header that has this flag */

/* How frames begin that may be plain: 8 bytes at each of three places, compared under a mask. */
struct plain_frame {
	uint64_t mac, type, type_mask;
	uint16_t l3;
	bool mss_clamp;
};

/* A packet: what came out of a tunnel lies behind that's header, anything else is its own outer one. */
struct plain {
	struct rte_mbuf *m;
	const struct wire_ip6 *outer;
	struct wire_ip6 *ip;
	uint64_t value; /* of the session that it came from, if there is one */
	uint32_t len;	/* by ip */
};

/* Those that are looked up alike. */
struct plain_run {
	unsigned int n;
	struct plain p[PATH_BURST];
};

/* What sessions have yet to be counted: their lines are waited for last. */
struct plain_tally {
	unsigned int n;
	uint64_t value[PATH_BURST];
	uint32_t len[PATH_BURST];
};

static inline uint64_t
plain_load(const void *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

/* Masks of what plain_load gives. */
static inline uint64_t
plain_mask(uint8_t b0, uint8_t b1, uint8_t b2, uint8_t b3, uint8_t b4, uint8_t b5, uint8_t b6, uint8_t b7)
{
	return plain_load((const uint8_t[8]){b0, b1, b2, b3, b4, b5, b6, b7});
}

#define PLAIN_MAC_MASK plain_mask(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0)
#define PLAIN_MAC_AND_MASK                                                                                             \
	plain_mask(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0) /* and the group bit of what follows                      \
							      */

static inline struct plain_frame
plain_frame_of(const struct path *path, const struct worker_port *port)
{
	const uint8_t *mac = port->mac.b;
	struct plain_frame f = {.mac = plain_mask(mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], 0, 0),
				.l3 = WIRE_ETH_LEN,
				.mss_clamp = path->mss_clamp};

	if (port->vlan == 0) {
		f.type = plain_mask(0x86, 0xdd, 0x60, 0, 0, 0, 0, 0);
		f.type_mask = plain_mask(0xff, 0xff, 0xf0, 0, 0, 0, 0, 0);
	} else {
		f.l3 += WIRE_VLAN_LEN;
		f.type = plain_mask(0x81, 0, port->vlan >> 8, port->vlan & 0xff, 0x86, 0xdd, 0x60, 0);
		f.type_mask = plain_mask(0xff, 0xff, WIRE_VLAN_ID >> 8, 0xff, 0xff, 0xff, 0xf0, 0);
	}
	return f;
}

/* Addresses of which path_packet_check and path_packet_check_scope have nothing to say, and not nearly all of those. */
static inline unsigned int
plain_addresses(const struct wire_ip6 *ip)
{
	unsigned int fine = ip->src.b[0] < PLAIN_ON_LINK;

	fine &= ip->dst.b[0] < PLAIN_ON_LINK;
	fine &= addr6_upper_be(&ip->src) != 0;
	fine &= addr6_upper_be(&ip->dst) != 0;
	return fine;
}

/*
 * What plain_open refuses for its frame alone, in segments or with a tag that says nothing: others of its flow may be
 * plain, so nothing behind it is.
 */
static inline bool
plain_is_odd(const struct plain_frame *f, struct rte_mbuf *m)
{
	const struct wire_eth *eth = rte_pktmbuf_mtod(m, const struct wire_eth *);

	return m->nb_segs > 1 || (f->l3 == WIRE_ETH_LEN && wire_get16(eth->type_be) == WIRE_ETHERTYPE_VLAN);
}

/* One segment from another station to this one, and a whole IPv6 packet in it: p is that. */
static inline bool
plain_open(const struct plain_frame *f, struct rte_mbuf *m, struct plain *p)
{
	const uint8_t *at = rte_pktmbuf_mtod(m, const uint8_t *);
	unsigned int fine = ((plain_load(at) ^ f->mac) & PLAIN_MAC_AND_MASK) == 0;

	p->m = m;
	p->value = FWD_VALUE_NONE;
	p->outer = p->ip = rte_pktmbuf_mtod_offset(m, struct wire_ip6 *, f->l3);
	p->len = wire_ip6_len(p->ip);
	/* One sum of all, and one branch on it. */
	fine &= ((plain_load(at + 12) ^ f->type) & f->type_mask) == 0;
	fine &= ((plain_load(at + 6) ^ f->mac) & PLAIN_MAC_MASK) != 0;
	fine &= f->l3 + p->len <= m->data_len;
	fine &= m->nb_segs == 1;
	return fine & plain_addresses(p->ip);
}

static inline bool
plain_is_syn(const struct plain *p)
{
	const uint8_t *tcp = (const uint8_t *)(p->ip + 1);

	return p->len <= WIRE_IP6_LEN + PLAIN_TCP_SYN || (tcp[PLAIN_TCP_SYN] & 2);
}

/* Its header goes on with nothing that a tunnel's entry has to look at. */
static inline bool
plain_is_bare(const struct plain_frame *f, const struct plain *p)
{
	const uint64_t looked_at = UINT64_C(1) << WIRE_HOP_BY_HOP | UINT64_C(1) << WIRE_ROUTING |
				   UINT64_C(1) << WIRE_FRAGMENT | UINT64_C(1) << WIRE_AUTHENTICATION |
				   UINT64_C(1) << WIRE_DESTINATION;
	uint8_t next = p->ip->next_header;

	if (unlikely(f->mss_clamp) && next == WIRE_TCP && plain_is_syn(p))
		return false;
	return !(looked_at >> (next & 63) & 1);
}

static inline void
plain_tally_add(struct plain_tally *t, uint64_t value, uint32_t len)
{
	t->value[t->n] = value;
	t->len[t->n++] = len;
}

/*
 * While packet i of n is looked at. Counts are wanted behind all of them, and more fetches at once than can be under
 * way would be waited for: those of two packets are asked for at each, so that the last ones have half of the way to
 * come.
 */
static inline void
plain_tally_prefetch(const struct path_worker *w, const uint64_t *value, unsigned int n, unsigned int i)
{
	for (unsigned int k = 2 * i; w->sessions > 0 && k < n && k < 2 * i + 2; k++)
		rte_prefetch1(worker_session(w, value[k]));
}

/* Those that are not counted one by one share a line, in which each would wait for the one before. */
static inline void
plain_count_up(struct path_worker *w, const struct plain_tally *t)
{
	for (unsigned int i = 0; w->sessions > 0 && i < t->n; i++)
		worker_count_up(w, t->value[i], t->len[i]);
}

static inline void
plain_count_down(struct path_worker *w, const struct plain_tally *t)
{
	for (unsigned int i = 0; w->sessions > 0 && i < t->n; i++)
		worker_count_down(w, t->value[i], t->len[i]);
}

/* The whole batch to the stages that look at everything, while those are to be looked at. */
static inline bool
plain_is_off(const struct path_worker *w)
{
	return w->trace != NULL;
}

/* To the stages that look at everything. */
static inline void
plain_leave(struct path_worker *w, struct rte_mbuf *m, enum stage to)
{
	packet_begin(w, m);
	worker_give(w, to, m);
}

static inline bool
plain_has_headroom(const struct plain *p)
{
	return (const uint8_t *)p->ip - (const uint8_t *)p->m->buf_addr >= PLAIN_HEADROOM;
}

/* The frame begins with the Ethernet header in front of at, and ends with the packet. */
static inline void
plain_send(struct path_worker *w, const struct plain *p, uint8_t *at, const struct addr_mac *dst,
	   const struct addr_mac *src, uint16_t vlan, uint16_t port)
{
	struct rte_mbuf *m = p->m;
	struct wire_eth *eth;

	if (unlikely(vlan != 0)) {
		at -= WIRE_VLAN_LEN;
		wire_put16(at, vlan);
		wire_put16(at + 2, WIRE_ETHERTYPE_IP6);
	}
	eth = (struct wire_eth *)at - 1;
	eth->dst = *dst;
	eth->src = *src;
	wire_put16(eth->type_be, vlan != 0 ? WIRE_ETHERTYPE_VLAN : WIRE_ETHERTYPE_IP6);
	m->data_off = (uint16_t)((uint8_t *)eth - (uint8_t *)m->buf_addr);
	m->data_len = m->pkt_len = (uint32_t)((uint8_t *)p->ip - (uint8_t *)eth) + p->len;
	m->port = port;
	worker_give(w, STAGE_TX, m);
}

/* Whether a packet of len bytes may go there now. */
static inline bool
plain_fits(const struct path_worker *w, const struct fwd_adjacency *a, uint32_t len)
{
	return a->state == FWD_ADJACENCY_READY && a->port < PATH_PORT_MAX && w->path->port[a->port].present &&
	       len <= a->mtu;
}

/*
 * Into the tunnel of value, one without GRE that never has to cut packets in two. False: not plain. Inline: a call has
 * to save all registers of the loop around it.
 */
static __rte_always_inline bool
plain_encap(struct path_worker *w, const struct plain *p, uint64_t value)
{
	const struct fwd_tunnel *t = fwd_tunnel_get(w->fwd, fwd_value_tunnel(value));
	const struct fwd_adjacency *a = fwd_adjacency_get(w->fwd, t->adjacency);
	uint8_t *at = (uint8_t *)p->ip - t->header.len;

	if (unlikely(!plain_fits(w, a, p->len + t->header.len) || t->mtu < WIRE_IP6_MTU_MIN || p->len > t->mtu ||
		     p->ip->hop_limit <= 1 || !plain_has_headroom(p)))
		return false;
	p->ip->hop_limit--;
	tun_encap6(&t->header, at, (const uint8_t *)p->ip, p->len);
	worker_count_out(w, value, p->len);
	plain_send(w, p, at, &a->dst_mac, &a->src_mac, a->vlan, a->port);
	return true;
}

/* To the next hop of a route. False: not plain. */
static inline bool
plain_route(struct path_worker *w, const struct plain *p, uint32_t adjacency)
{
	const struct fwd_adjacency *a = fwd_adjacency_get(w->fwd, adjacency);

	if (unlikely(!plain_fits(w, a, p->len) || p->ip->hop_limit <= 1 || !plain_has_headroom(p)))
		return false;
	p->ip->hop_limit--;
	plain_send(w, p, (uint8_t *)p->ip, &a->dst_mac, &a->src_mac, a->vlan, a->port);
	return true;
}
