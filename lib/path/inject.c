/* SPDX-License-Identifier: BSD-3-Clause */
/* Packets of the control lcore: its side of the inject rings, and the worker's. */
#include <errno.h>

#include "stage.h"

struct rte_mbuf *
path_mbuf_alloc(struct path *p)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(p->pool);

	if (m != NULL)
		*packet_of(m) = (struct packet){.meta = {.port = PATH_PORT_NONE}, .origin = PACKET_OWN};
	return m;
}

void
path_mbuf_free(struct rte_mbuf *m)
{
	rte_pktmbuf_free(m);
}

static bool
frame_fits(const struct path *p, struct rte_mbuf *m)
{
	uint16_t port = packet_of(m)->meta.port;

	return port < PATH_PORT_MAX && p->port[port].present && m->data_len >= WIRE_ETH_LEN;
}

static bool
packet_fits(struct rte_mbuf *m)
{
	uint32_t len;

	return packet_of(m)->meta.l3 <= m->data_len &&
	       path_packet_check(packet_ip6(m), packet_len(m), &len) == PACKET_FINE && len == packet_len(m);
}

int
path_inject_check(struct path *p, struct rte_mbuf *m, enum path_inject what)
{
	if (m->nb_segs != 1 || (what == PATH_INJECT_FRAME ? !frame_fits(p, m) : !packet_fits(m)))
		return -EINVAL;
	packet_of(m)->meta.inject = what;
	return 0;
}

unsigned int
path_inject(struct path *p, unsigned int worker, struct rte_mbuf *const *m, unsigned int n)
{
	if (worker >= p->workers)
		return 0;
	return rte_ring_sp_enqueue_burst(p->worker[worker]->inject, (void *const *)m, n, NULL);
}

/* Behind the Ethernet header, which the control lcore wrote. */
static uint16_t
l3_of(struct rte_mbuf *m)
{
	const struct wire_eth *eth = rte_pktmbuf_mtod(m, const struct wire_eth *);

	return WIRE_ETH_LEN + (wire_get16(eth->type_be) == WIRE_ETHERTYPE_VLAN ? WIRE_VLAN_LEN : 0);
}

/* The control lcore has just written it: each line has to come from its cache. */
static void
fetch(struct rte_mbuf *m)
{
	rte_mbuf_prefetch_part1(m);
	rte_mbuf_prefetch_part2(m);
	rte_prefetch0(packet_of(m));
	rte_prefetch0((uint8_t *)packet_of(m) + sizeof(struct packet_area) + RTE_PKTMBUF_HEADROOM); /* the data */
}

unsigned int
path_worker_take_injected(struct path_worker *w)
{
	struct rte_mbuf *m[PATH_BURST];
	unsigned int n = rte_ring_sc_dequeue_burst(w->inject, (void **)m, PATH_BURST, NULL);

	for (unsigned int i = 0; i < n; i++)
		fetch(m[i]);
	for (unsigned int i = 0; i < n; i++) {
		struct packet *p = packet_of(m[i]);

		p->origin = PACKET_OWN;
		*packet_stages(m[i]) = 0;
		if (p->meta.inject == PATH_INJECT_FRAME) {
			m[i]->port = p->meta.port;
			p->meta.l3 = l3_of(m[i]);
			worker_give(w, STAGE_TX, m[i]);
		} else {
			p->meta.port = PATH_PORT_NONE;
			worker_give(w, STAGE_DOWNLINK, m[i]);
		}
	}
	w->stat.counter[STAT_INJECTED] += n;
	return n;
}
