/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a packet goes that is under way by its destination alone: to a mobile node of this node, or on by a route. */
#include "stage.h"

bool
path_is_neighbour(const struct path *p, const struct addr6 *a)
{
	for (unsigned int i = 0; i < p->links; i++)
		if (addr_prefix_holds(&p->link[i], a))
			return true;
	return false;
}

/*
 * A visitor's packets come through the anchor's tunnel (RFC 5213 section 6.10.5): one that reaches the access
 * gateway otherwise is routed, towards the anchor, but for a neighbour's where local routing is enabled. What this node
 * itself has to say goes straight to the link.
 */
static bool
delivered_here(const struct path_worker *w, struct rte_mbuf *m, unsigned int flags)
{
	uint8_t origin = packet_of(m)->origin;

	if (!(flags & FWD_ACCESS))
		return false;
	return (flags & FWD_LOCAL) || origin == PACKET_OWN ||
	       ((flags & FWD_DIRECT) && origin == PACKET_CORE && path_is_neighbour(w->path, &packet_ip6(m)->src));
}

void
path_worker_go(struct path_worker *w, struct rte_mbuf *m, uint64_t value)
{
	unsigned int flags = fwd_value_flags(value);
	struct packet *p = packet_of(m);

	p->value = value;
	if (delivered_here(w, m, flags)) {
		worker_give(w, STAGE_DELIVER, m);
	} else if (value != FWD_VALUE_NONE && !(flags & FWD_ACCESS) && fwd_value_tunnel(value) == 0) {
		/* Its node has left one gateway and has not come to the next (RFC 5213 section 5.3.5). */
		worker_drop(w, m, STAT_DROP_DOWNLINK_NO_SESSION);
	} else if (value != FWD_VALUE_NONE && !(flags & FWD_ACCESS)) {
		if (p->origin == PACKET_TUNNEL || p->origin == PACKET_ACCESS)
			w->stat.counter[STAT_HAIRPINNED]++;
		worker_count_down(w, value, packet_len(m));
		worker_give(w, STAGE_ENCAP, m);
	} else if (p->origin == PACKET_CORE) {
		path_worker_route(w, m, p->meta.adjacency);
	} else {
		worker_give(w, STAGE_ROUTE, m);
	}
}

void
path_worker_forward(struct path_worker *w, struct rte_mbuf *m, uint64_t value)
{
	if (likely(!(fwd_value_flags(value) & FWD_FLOWS))) {
		path_worker_go(w, m, value);
		return;
	}
	packet_of(m)->value = value;
	worker_give(w, STAGE_FLOWS, m);
}

void
path_stage_downlink(struct path_worker *w, struct batch *in)
{
	uint64_t key[FWD_BURST_MAX], value[FWD_BURST_MAX];

	for (unsigned int i = 0; i < in->n; i++)
		key[i] = addr6_upper_be(&packet_ip6(in->m[i])->dst);
	fwd_prefix_find_bulk(w->fwd, key, in->n, value);
	for (unsigned int i = 0; i < in->n; i++)
		worker_prefetch_session(w, value[i]);
	for (unsigned int i = 0; i < in->n; i++)
		path_worker_forward(w, in->m[i], value[i]);
}
