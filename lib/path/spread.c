/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets from worker to worker: frames of a port whose receive queues are too few, to the worker of their flow, and
 * frames for a port whose send queues are, to a worker that has one. One ring for each pair that needs one, with one
 * producer and one consumer, so that what goes the same way keeps its order; what a full ring does not take is dropped.
 */
#include <rte_ethdev.h>

#include "stage.h"
#include "tun/tun.h"

/*
 * What tells flows between the same two addresses apart: the flow label (RFC 6437), or the ports of a packet without
 * one. Fragments of a packet have its label and no ports: they are alike.
 */
static uint32_t
flow_word(const struct wire_ip6 *ip, const uint8_t *end)
{
	const uint8_t *first = ip->version_class_flow, *behind = (const uint8_t *)(ip + 1);
	uint32_t word = (uint32_t)(first[1] & 0x0f) << 16 | wire_get16(first + 2);

	if (word == 0 && (ip->next_header == WIRE_TCP || ip->next_header == WIRE_UDP) && end - behind >= 4)
		memcpy(&word, behind, sizeof(word));
	return word;
}

static uint64_t
flow_hash(const struct hash_secret *secret, const struct wire_ip6 *ip, const uint8_t *end)
{
	uint64_t part[4], hash = flow_word(ip, end);

	memcpy(part, &ip->src, sizeof(part));
	for (unsigned int i = 0; i < RTE_DIM(part); i++)
		hash = hash_u64(secret, hash ^ part[i]);
	return hash;
}

/* Of a GRE header in front of IPv6 (RFC 2890 section 2); of any other, more than a frame has. */
static uint32_t
gre_len(const uint8_t *at, const uint8_t *end)
{
	uint32_t word = end - at >= (ptrdiff_t)sizeof(word) ? tun_load_u32(at) : 0;

	if ((word & TUN_GRE_TYPE) != TUN_GRE_IP6)
		return UINT16_MAX;
	return sizeof(word) * (1u + !!(word & TUN_GRE_C) + !!(word & TUN_GRE_K) + !!(word & TUN_GRE_S));
}

/*
 * What lies in the tunnel packet ip, if it is one: a few headers are stepped over and none is checked, which is the
 * work of the flow's worker.
 */
static const struct wire_ip6 *
inner_of(const struct wire_ip6 *ip, const uint8_t *end)
{
	const uint8_t *bytes = (const uint8_t *)ip;
	struct path_upper u = {ip->next_header, WIRE_IP6_LEN};

	if (u.next_header == WIRE_DESTINATION)
		path_upper_walk(ip, (uint32_t)(end - bytes), &u);
	if (u.next_header == WIRE_GRE)
		u.at += gre_len(bytes + u.at, end);
	else if (u.next_header != WIRE_IP6_IN_IP6)
		return ip;
	return end - bytes >= u.at + WIRE_IP6_LEN ? (const struct wire_ip6 *)(bytes + u.at) : ip;
}

/*
 * The worker of a frame's flow: of the inner one of a tunnel packet. What the control lcore is to see stays where it
 * is: frames without IPv6, signalling, and what never leaves a link.
 */
static unsigned int
flow_worker(const struct path_worker *w, const struct worker_spread *spread, struct rte_mbuf *m)
{
	const uint8_t *bytes, *end;
	const struct wire_eth *eth;
	const struct wire_ip6 *ip;
	uint16_t type;

	/* What does not fit in one segment is dropped where it is. */
	if (unlikely(m->nb_segs > 1) && rte_pktmbuf_linearize(m) != 0)
		return w->id;
	bytes = rte_pktmbuf_mtod(m, const uint8_t *);
	end = bytes + m->data_len;
	eth = (const struct wire_eth *)bytes;
	ip = (const struct wire_ip6 *)(eth + 1);
	if (m->data_len < WIRE_ETH_LEN + WIRE_VLAN_LEN + WIRE_IP6_LEN)
		return w->id;
	type = wire_get16(eth->type_be);
	if (type == WIRE_ETHERTYPE_VLAN) {
		type = wire_get16(((const struct wire_vlan *)(eth + 1))->type_be);
		ip = (const struct wire_ip6 *)(bytes + WIRE_ETH_LEN + WIRE_VLAN_LEN);
	}
	if (type != WIRE_ETHERTYPE_IP6 || ip->next_header == WIRE_MOBILITY || wire_is_on_link(&ip->dst) ||
	    addr6_is_link_local(&ip->src))
		return w->id;
	ip = inner_of(ip, end);
	return spread->worker[(flow_hash(&w->path->secret, ip, end) >> 32) * spread->count >> 32];
}

/* Give all of b to a worker, as far as its ring takes it. */
static void
hand(struct path_worker *w, unsigned int to, struct batch *b)
{
	unsigned int taken = rte_ring_sp_enqueue_burst(w->to[to]->ring, (void **)b->m, b->n, NULL);

	worker_add(&w->stat.counter[STAT_HANDED_OUT], taken);
	for (unsigned int i = taken; i < b->n; i++)
		worker_drop(w, b->m[i], STAT_DROP_SPREAD_FULL);
	b->n = 0;
}

void
path_stage_spread(struct path_worker *w, struct batch *in)
{
	const struct worker_spread *spread = &w->path->spread[w->port_in];

	for (unsigned int i = 0; i < in->n; i++) {
		unsigned int to = flow_worker(w, spread, in->m[i]);
		struct batch *b;

		if (to == w->id) {
			worker_add(&w->shared[w->port_in], 1);
			worker_give(w, w->path->port[w->port_in].first, in->m[i]);
			continue;
		}
		packet_begin(w, in->m[i]);
		packet_of(in->m[i])->meta.inject = PACKET_RECEIVED;
		*packet_stages(in->m[i]) = 1u << STAGE_SPREAD;
		b = &w->to[to]->waiting;
		b->m[b->n++] = in->m[i];
	}
	for (unsigned int i = 0; i < w->to_count; i++)
		if (w->to[w->to_list[i]]->waiting.n > 0)
			hand(w, w->to_list[i], &w->to[w->to_list[i]]->waiting);
}

void
path_worker_hand_ready(struct path_worker *w, uint16_t port, struct batch *b)
{
	for (unsigned int i = 0; i < b->n; i++) {
		if (w->trace == NULL) { /* nothing may be known of it, and the other may look */
			*packet_of(b->m[i]) = (struct packet){.meta.port = PATH_PORT_NONE};
			*packet_stages(b->m[i]) = 0;
		}
		packet_of(b->m[i])->meta.inject = PACKET_READY;
	}
	hand(w, w->tx_by[port], b);
}

/* All frames that begin with a first stage are of one port: those of a second in the same burst go by the others. */
static void
take_received(struct path_worker *w, struct rte_mbuf *m)
{
	uint16_t id = packet_of(m)->meta.port;
	const struct worker_port *port = &w->path->port[id];

	worker_add(&w->shared[id], 1);
	if (w->port_in == PATH_PORT_NONE)
		w->port_in = id;
	worker_give(w, id == w->port_in ? port->first : port->stage, m);
}

unsigned int
path_worker_take_handed(struct path_worker *w, struct rte_ring *from)
{
	struct rte_mbuf *m[PATH_BURST];
	unsigned int n = rte_ring_sc_dequeue_burst(from, (void **)m, PATH_BURST, NULL);

	for (unsigned int i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(m[i], void *));
	w->port_in = PATH_PORT_NONE;
	for (unsigned int i = 0; i < n; i++) {
		if (packet_of(m[i])->meta.inject == PACKET_READY)
			worker_give(w, STAGE_TX, m[i]);
		else
			take_received(w, m[i]);
	}
	worker_add(&w->stat.counter[STAT_HANDED_IN], n);
	return n;
}
