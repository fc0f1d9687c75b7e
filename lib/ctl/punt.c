/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What workers leave to the control lcore, a bounded number of each class in a turn.
 */
#include <string.h>

#include "state.h"

#define DST_OFFSET 24 /* of the destination in an IPv6 header */

static bool
is_access(const struct ctl *c, uint16_t port)
{
	const struct ctl_port *p = ctl_port_find(c, port);

	return p != NULL && p->role == PATH_ACCESS && c->s.access != NULL;
}

static void
frame_to_access(struct ctl *c, struct rte_mbuf *m)
{
	ctl_access_step(c, &(struct access_event){.type = ACCESS_EV_FRAME,
						  .frame = {.port = path_meta(m)->port,
							    .bytes = rte_pktmbuf_mtod(m, uint8_t *),
							    .len = rte_pktmbuf_data_len(m)}});
}

static void
frame_to_host(struct ctl *c, struct rte_mbuf *m, uint16_t port)
{
	ctl_host_step(c, &(struct host_event){
				 .type = HOST_EV_FRAME,
				 .port = port,
				 .frame = {.bytes = rte_pktmbuf_mtod(m, uint8_t *), .len = rte_pktmbuf_data_len(m)}});
}

static void
take_signalling(struct ctl *c, struct rte_mbuf *m)
{
	ctl_signalling_receive(c, rte_pktmbuf_mtod(m, uint8_t *), rte_pktmbuf_data_len(m));
}

static void
take_nd(struct ctl *c, struct rte_mbuf *m)
{
	if (is_access(c, path_meta(m)->port))
		frame_to_access(c, m);
	else
		frame_to_host(c, m, path_meta(m)->port);
}

static void
take_own(struct ctl *c, struct rte_mbuf *m)
{
	const struct path_meta *meta = path_meta(m);

	if (meta->port != PATH_PORT_NONE && !is_access(c, meta->port)) {
		frame_to_host(c, m, meta->port);
		return;
	}
	/* From a mobile node, by its link or out of a tunnel: the answer follows the routes. */
	ctl_host_step(c, &(struct host_event){.type = HOST_EV_PACKET,
					      .packet = {.bytes = rte_pktmbuf_mtod_offset(m, uint8_t *, meta->l3),
							 .len = rte_pktmbuf_data_len(m) - meta->l3}});
}

static void
take_host(struct ctl *c, struct rte_mbuf *m)
{
	if (c->s.access != NULL)
		frame_to_access(c, m);
	else
		c->stat.drop[STAT_DROP_HOST_NOT_SERVED]++;
}

/* A packet whose next hop's MAC address is not known: the host engine keeps it until it is. */
static void
take_resolve(struct ctl *c, struct rte_mbuf *m)
{
	const struct path_meta *meta = path_meta(m);
	const struct ctl_nexthop *n = ctl_nexthop_find_adjacency(c, meta->adjacency);
	const uint8_t *packet = rte_pktmbuf_mtod_offset(m, const uint8_t *, meta->l3);
	struct host_event e = {.type = HOST_EV_SEND,
			       .send = {.packet = packet, .len = rte_pktmbuf_data_len(m) - meta->l3}};

	if (n != NULL) {
		e.port = n->port;
		e.send.next_hop = n->addr;
		ctl_host_step(c, &e);
		return;
	}
	for (unsigned int i = 0; i < c->s.port_count; i++) {
		if (c->glean[i] != meta->adjacency)
			continue;
		e.port = c->s.ports[i].id;
		memcpy(&e.send.next_hop, packet + DST_OFFSET,
		       sizeof(e.send.next_hop)); /* on this link: the destination */
		ctl_host_step(c, &e);
		return;
	}
	c->stat.drop[STAT_DROP_NO_ADJACENCY]++; /* its next hop went while it waited in the ring */
}

typedef void take_fn(struct ctl *c, struct rte_mbuf *m);

static take_fn *const take[PATH_PUNT_COUNT] = {
	[PATH_PUNT_SIGNALLING] = take_signalling,
	[PATH_PUNT_ND] = take_nd,
	[PATH_PUNT_OWN] = take_own,
	[PATH_PUNT_HOST] = take_host,
	[PATH_PUNT_RESOLVE] = take_resolve,
};

unsigned int
ctl_punt_poll(struct ctl *c, uint64_t *bytes)
{
	struct rte_mbuf *burst[CTL_BURST];
	unsigned int total = 0;

	for (unsigned int w = 0; w < c->s.workers; w++) {
		for (unsigned int class = 0; class < PATH_PUNT_COUNT; class ++) {
			unsigned int n;

			if (class == PATH_PUNT_HOST && !c->ready)
				continue;
			n = path_punt_dequeue(c->s.path, w, class, burst, CTL_BURST);
			if (class == PATH_PUNT_SIGNALLING)
				ctl_ahead(c, burst, n);
			for (unsigned int i = 0; i < n; i++) {
				*bytes += rte_pktmbuf_pkt_len(burst[i]);
				take[class](c, burst[i]);
				path_mbuf_free(burst[i]);
			}
			total += n;
		}
	}
	return total;
}
