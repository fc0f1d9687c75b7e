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

#define ETH	  14
#define IP6	  40
#define LINE	  64
#define PROTO_IP6 41
#define PROTO_UDP 17

static uint16_t
source_burst(void *queue, struct rte_mbuf **m, uint16_t n)
{
	struct traffic *t = queue;

	if (t == NULL)
		return 0;
	n = RTE_MIN(n, t->burst);
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
sink_burst(void *queue, struct rte_mbuf **m, uint16_t n)
{
	struct traffic *t = queue;

	t->sunk += n;
	rte_pktmbuf_free_bulk(m, n);
	return n;
}

void
traffic_attach(uint16_t eth_id, struct traffic *t, struct traffic *sink)
{
	struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[eth_id];

	ops->rx_pkt_burst = source_burst;
	ops->rxq.data[0] = t;
	ops->tx_pkt_burst = sink_burst;
	ops->txq.data[0] = sink;
}

bool
traffic_room(struct traffic *t, uint32_t count, uint32_t head_len, const struct options *o, struct rte_mempool *pool)
{
	*t = (struct traffic){
		.pool = pool, .count = count, .stride = RTE_ALIGN_CEIL(head_len, LINE), .burst = o->burst};
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

/* The frame of one draw: `session` is the mobile node that it is about, `other` one that it may be for. */
static void
make_frame(struct traffic *t, uint32_t i, enum shape shape, const struct options *o, uint32_t session, uint32_t other)
{
	const uint32_t len = (o->size == SIZE_IMIX ? imix(i) : o->size) - ETH;
	struct addr6 node = address_of_session(session), correspondent = address_of_correspondent(i);
	struct addr6 peer = address_of_peer(session % o->tunnels), self = address_of_node();
	struct addr_mac dst = mac_of_port(shape == FROM_NODE ? ACCESS : CORE);
	struct addr_mac src = shape == FROM_NODE ? mac_of_session(session) : mac_of_router();
	uint8_t *head = t->heads + (size_t)i * t->stride, *at = head + ETH;

	memcpy(head, &dst, sizeof(dst));
	memcpy(head + 6, &src, sizeof(src));
	head[12] = 0x86;
	head[13] = 0xdd;
	if (shape == TUNNEL_FROM_NODE || shape == TUNNEL_TO_NODE || shape == TUNNEL_NODE_TO_NODE)
		at = put_ip6(at, peer, self, PROTO_IP6, len);
	t->len[i] = at - head + len;
	if (shape == FROM_NODE || shape == TUNNEL_FROM_NODE)
		put_ip6(at, node, correspondent, PROTO_UDP, len - IP6);
	else if (shape == TUNNEL_NODE_TO_NODE)
		put_ip6(at, node, address_of_session(other), PROTO_UDP, len - IP6);
	else if (shape == TRANSIT)
		put_ip6(at, correspondent, address_of_correspondent(i ^ 1), PROTO_UDP, len - IP6);
	else
		put_ip6(at, correspondent, node, PROTO_UDP, len - IP6);
}

static const enum shape shapes[] = {
#define CASE(id, name, node, in, shape, turn, help) [CASE_##id] = shape,
#include "case.def"
#undef CASE
};

bool
traffic_make(struct traffic *t, const struct options *o, struct rte_mempool *pool)
{
	enum shape shape = shapes[o->which];
	bool tunnelled = shape >= TUNNEL_FROM_NODE && shape <= TUNNEL_NODE_TO_NODE;
	uint64_t state = 0x243f6a8885a308d3u;

	if (!traffic_room(t, o->flows, ETH + IP6 + (tunnelled ? IP6 : 0), o, pool))
		return false;
	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t session = draw_below(&state, o->sessions);

		make_frame(t, i, shape, o, session, draw_below(&state, o->sessions));
	}
	return true;
}
