/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets that go by a route, into a tunnel perhaps, and the last step of those in tunnels: the next hop and its
 * Ethernet header.
 */
#include "stage.h"

/* What is no session's, and lies behind a gateway all the same. */
static void
route_into_tunnel(struct path_worker *w, struct rte_mbuf *m, uint32_t tunnel)
{
	struct packet *p = packet_of(m);

	if (p->origin == PACKET_TUNNEL || p->origin == PACKET_ACCESS)
		w->stat.counter[STAT_HAIRPINNED]++;
	p->value = path_aggregate_value(tunnel);
	if (w->path->mss_clamp)
		path_packet_clamp_mss(w, m, p->value);
	path_worker_encap(w, m);
}

void
path_worker_route(struct path_worker *w, struct rte_mbuf *m, uint32_t adjacency)
{
	struct packet *p = packet_of(m);

	if (adjacency == FWD_ROUTE_LOCAL) {
		/* Signalling comes from core ports; what a mobile node sends to an own address is not. */
		worker_punt(w, m,
			    p->origin == PACKET_OWN ? path_packet_local_class(packet_ip6(m), packet_len(m))
						    : PATH_PUNT_OWN);
		return;
	}
	if (unlikely(fwd_route_tunnel(adjacency) != 0)) {
		route_into_tunnel(w, m, fwd_route_tunnel(adjacency));
		return;
	}
	if (packet_hop_limit_spent(m)) {
		worker_refuse(w, m, STAT_DROP_HOP_LIMIT, WIRE_TIME_EXCEEDED, 0);
		return;
	}
	if (adjacency == FWD_NONE) {
		worker_refuse(w, m, STAT_DROP_NO_ROUTE, WIRE_UNREACHABLE, 0);
		return;
	}
	w->stat.counter[STAT_ROUTED]++;
	p->meta.adjacency = adjacency;
	worker_give(w, STAGE_ADJACENCY, m);
}

void
path_stage_route(struct path_worker *w, struct batch *in)
{
	struct addr6 dst[FWD_BURST_MAX];
	uint32_t adjacency[FWD_BURST_MAX];

	for (unsigned int i = 0; i < in->n; i++)
		dst[i] = packet_ip6(in->m[i])->dst;
	fwd_route_find_bulk(w->fwd, dst, in->n, adjacency);
	for (unsigned int i = 0; i < in->n; i++)
		path_worker_route(w, in->m[i], adjacency[i]);
}

static void
adjacency_packet(struct path_worker *w, struct rte_mbuf *m)
{
	struct packet *p = packet_of(m);
	const struct fwd_adjacency *a = fwd_adjacency_get(w->fwd, p->meta.adjacency);

	if (a->state == FWD_ADJACENCY_FREE || a->port >= PATH_PORT_MAX || !w->path->port[a->port].present) {
		worker_drop(w, m, STAT_DROP_NO_ADJACENCY);
		return;
	}
	if (packet_len(m) > a->mtu) {
		worker_refuse(w, m, STAT_DROP_TOO_BIG, WIRE_TOO_BIG, a->mtu);
		return;
	}
	packet_hop_limit_spend(m);
	if (a->state != FWD_ADJACENCY_READY) {
		p->origin = PACKET_OWN;
		worker_punt(w, m, PATH_PUNT_RESOLVE);
	} else if (packet_put_eth(m, &a->dst_mac, &a->src_mac, a->vlan)) {
		m->port = a->port;
		worker_give(w, STAGE_TX, m);
	} else {
		worker_drop(w, m, STAT_DROP_NO_MBUF);
	}
}

void
path_stage_adjacency(struct path_worker *w, struct batch *in)
{
	for (unsigned int i = 0; i < in->n; i++)
		adjacency_packet(w, in->m[i]);
}
