/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fragments of tunnel packets (RFC 8200 section 4.5): an inner packet of 1280 bytes has to pass a tunnel over a
 * link of 1280 bytes (RFC 2473 section 7.1 (b)), and two fragments are enough for that. Larger ones are cut where that
 * is configured (tunnels.fragment), as far as two are enough.
 */
#include "stage.h"

/* The IPv6 header of the whole packet and a fragment header, at the front of m. */
static void
fragment_header(struct rte_mbuf *m, const struct wire_ip6 *whole, uint16_t offset, const uint8_t id[4])
{
	struct wire_ip6 *ip = rte_pktmbuf_mtod(m, struct wire_ip6 *);
	struct wire_fragment *f = (struct wire_fragment *)(ip + 1);

	*ip = *whole;
	wire_put16(ip->payload_len_be, m->pkt_len - WIRE_IP6_LEN);
	ip->next_header = WIRE_FRAGMENT;
	f->next_header = whole->next_header;
	f->reserved = 0;
	wire_put16(f->offset_be, offset);
	memcpy(f->id, id, sizeof(f->id));
}

/* What the first fragment carries. */
static uint32_t
first_of(uint32_t mtu)
{
	return (mtu - WIRE_IP6_LEN - WIRE_FRAGMENT_LEN) & ~WIRE_FRAGMENT_UNIT;
}

uint32_t
path_fragment_most(uint32_t mtu)
{
	return 2 * first_of(mtu);
}

struct rte_mbuf *
path_worker_fragment(struct path_worker *w, struct rte_mbuf *m, uint32_t mtu)
{
	const struct wire_ip6 whole = *packet_ip6(m);
	const uint32_t payload = packet_len(m) - WIRE_IP6_LEN;
	const uint32_t first = first_of(mtu);
	const uint32_t second = payload - first;
	struct rte_mbuf *rest;
	uint8_t id[4];

	if (second > first || m->data_off < WIRE_FRAGMENT_LEN)
		return NULL;
	rest = path_mbuf_alloc(w->path);
	if (rest == NULL)
		return NULL;
	if (rte_pktmbuf_append(rest, WIRE_IP6_LEN + WIRE_FRAGMENT_LEN + second) == NULL) {
		rte_pktmbuf_free(rest);
		return NULL;
	}
	*packet_of(rest) = *packet_of(m);
	*packet_stages(rest) = *packet_stages(m);
	memcpy(rte_pktmbuf_mtod_offset(rest, uint8_t *, WIRE_IP6_LEN + WIRE_FRAGMENT_LEN),
	       rte_pktmbuf_mtod_offset(m, const uint8_t *, WIRE_IP6_LEN + first), second);
	rte_pktmbuf_prepend(m, WIRE_FRAGMENT_LEN);
	m->data_len = m->pkt_len = WIRE_IP6_LEN + WIRE_FRAGMENT_LEN + first;
	w->fragment_id++;
	memcpy(id, &w->fragment_id, sizeof(id));
	fragment_header(m, &whole, WIRE_FRAGMENT_MORE, id);
	fragment_header(rest, &whole, first, id);
	w->stat.counter[STAT_FRAGMENTS_MADE]++;
	return rest;
}
