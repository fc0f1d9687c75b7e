/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The source and the sink. The frames that the source hands out lie ready in one array, of which their heads are copied
 * into fresh mbufs: nobody looks at what lies behind a head. The sink gives mbufs back to their pool.
 */
#include <stdio.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_malloc.h>

#include "bench.h"
#include "nd/nd.h"

#define ETH	  14
#define IP6	  40
#define UDP	  8
#define PORT	  9 /* discard */
#define LINE	  64
#define PROTO_IP6 41
#define PROTO_UDP 17

uint16_t
traffic_next(struct traffic *t, struct rte_mbuf **m, uint16_t n)
{
	if (rte_pktmbuf_alloc_bulk(t->pool, m, n) != 0)
		return 0;
	for (uint16_t i = 0; i < n; i++) {
		const uint8_t *head = t->heads + (size_t)t->next * t->stride;
		uint8_t *at = rte_pktmbuf_mtod(m[i], uint8_t *);

		for (uint32_t line = 0; line < t->stride; line += LINE)
			memcpy(at + line, head + line, LINE);
		m[i]->data_len = m[i]->pkt_len = t->len[t->next];
		t->next = t->next + 1 < t->count ? t->next + 1 : 0;
	}
	return n;
}

static uint16_t
source_burst(void *queue, struct rte_mbuf **m, uint16_t n)
{
	struct traffic *t = queue;

	if (t == NULL || t->left == 0)
		return 0;
	n = RTE_MIN(n, t->burst);
	if (unlikely(n > t->left))
		n = t->left;
	n = traffic_next(t, m, n);
	t->left -= n;
	return n;
}

static uint16_t
sink_burst(void *queue, struct rte_mbuf **m, uint16_t n)
{
	struct traffic *t = queue;

	t->sunk += n;
	rte_pktmbuf_free_bulk(m, n);
	return n;
}

void
traffic_attach(uint16_t eth_id, uint16_t queue, struct traffic *t, struct traffic *sink)
{
	struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[eth_id];

	ops->rx_pkt_burst = source_burst;
	ops->rxq.data[queue] = t;
	ops->tx_pkt_burst = sink_burst;
	ops->txq.data[queue] = sink;
}

bool
traffic_room(struct traffic *t, uint32_t count, uint32_t head_len, uint32_t burst, struct rte_mempool *pool)
{
	*t = (struct traffic){.pool = pool,
			      .count = count,
			      .stride = RTE_ALIGN_CEIL(head_len, LINE),
			      .burst = burst,
			      .left = UINT64_MAX};
	t->heads = rte_zmalloc("heads", (size_t)count * t->stride, LINE);
	t->len = rte_zmalloc("lengths", (size_t)count * sizeof(*t->len), LINE);
	if (t->heads != NULL && t->len != NULL)
		return true;
	fputs("kedge-bench: no memory for the frames\n", stderr);
	return false;
}

void
traffic_free(struct traffic *t)
{
	rte_free(t->heads);
	rte_free(t->len);
}

static uint8_t *
put_ip6(uint8_t *at, struct addr6 src, struct addr6 dst, uint8_t next_header, uint32_t payload_len)
{
	at[0] = 0x60;
	at[4] = payload_len >> 8;
	at[5] = payload_len & 0xff;
	at[6] = next_header;
	at[7] = 64;
	memcpy(at + 8, &src, sizeof(src));
	memcpy(at + 24, &dst, sizeof(dst));
	return at + IP6;
}

/* The simple mix of 7, 4 and 1 in 12. */
static uint32_t
imix(uint32_t i)
{
	i %= 12;
	return i < 7 ? 64 : i < 11 ? 594 : SIZE_MAX_;
}

/*
 * A UDP header in front of nothing but zeros, whose checksum lacks what stands in the place of the mark. Frames in
 * memory carry none: nobody looks behind their heads.
 */
static void
put_udp(uint8_t *at, struct addr6 src, struct addr6 dst, uint16_t len)
{
	const uint16_t port_be = rte_cpu_to_be_16(PORT), len_be = rte_cpu_to_be_16(len);
	uint8_t datagram[SIZE_MAX_] = {0};
	uint16_t sum_be;

	memcpy(datagram, &port_be, sizeof(port_be));
	memcpy(datagram + 2, &port_be, sizeof(port_be));
	memcpy(datagram + 4, &len_be, sizeof(len_be));
	sum_be = rte_cpu_to_be_16(nd_checksum(&src, &dst, PROTO_UDP, datagram, len));
	memcpy(datagram + 6, &sum_be, sizeof(sum_be));
	memcpy(at, datagram, UDP);
}

static uint32_t
size_of_frame(const struct options *o, const struct plan *p, uint32_t i)
{
	uint32_t size = o->size == SIZE_IMIX ? imix(i) : o->size;

	return p->marked ? RTE_MAX(size, (uint32_t)SIZE_MARKED) : size;
}

/* The frame of one draw: `session` is the mobile node that it is about, `other` one that it may be for. */
static void
make_frame(struct traffic *t, uint32_t i, const struct options *o, const struct plan *p, uint32_t session,
	   uint32_t other)
{
	const enum shape shape = case_shape(o->which);
	const uint32_t len = size_of_frame(o, p, i) - ETH;
	const enum side side = is_tunnel_shape(shape) ? TUNNEL : PLAIN;
	struct addr6 node = plan_session(p, session), correspondent = plan_correspondent(i);
	struct addr6 src = correspondent, dst = node;
	struct addr_mac src_mac = shape == FROM_NODE ? mac_of_session(session) : p->other_mac[side];
	uint8_t *head = t->heads + (size_t)i * t->stride, *at = head + ETH;

	memcpy(head, &p->node_mac[side], sizeof(p->node_mac[side]));
	memcpy(head + 6, &src_mac, sizeof(src_mac));
	head[12] = 0x86;
	head[13] = 0xdd;
	if (is_tunnel_shape(shape))
		at = put_ip6(at, plan_gateway(p, session % o->tunnels), p->node, PROTO_IP6, len);
	t->len[i] = at - head + len;
	if (shape == FROM_NODE || shape == TUNNEL_FROM_NODE || shape == TUNNEL_NODE_TO_NODE)
		src = node, dst = correspondent;
	if (shape == TUNNEL_NODE_TO_NODE)
		dst = plan_session(p, other);
	else if (shape == TRANSIT)
		dst = plan_correspondent(i ^ 1);
	at = put_ip6(at, src, dst, PROTO_UDP, len - IP6);
	if (p->marked)
		put_udp(at, src, dst, len - IP6);
}

bool
traffic_make(struct traffic *t, const struct options *o, const struct plan *p, struct rte_mempool *pool)
{
	uint32_t head_len = ETH + IP6 + (is_tunnel_shape(case_shape(o->which)) ? IP6 : 0) + (p->marked ? UDP : 0);
	uint64_t state = 0x243f6a8885a308d3u;

	if (!traffic_room(t, o->flows, head_len, o->burst, pool))
		return false;
	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t session = draw_below(&state, o->sessions);

		make_frame(t, i, o, p, session, draw_below(&state, o->sessions));
	}
	return true;
}
