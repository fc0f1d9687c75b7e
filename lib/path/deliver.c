/* SPDX-License-Identifier: BSD-3-Clause */
/* To the mobile node: its session's line has all that the Ethernet header needs. */
#include "stage.h"

static void
deliver_packet(struct path_worker *w, struct rte_mbuf *m)
{
	struct packet *p = packet_of(m);
	const struct fwd_session *line = fwd_session_get(w->fwd, fwd_value_session(p->value));
	uint32_t len = packet_len(m);

	/* A line of zeros: the session went while its prefix was being looked up. */
	if (line->port >= PATH_PORT_MAX || !w->path->port[line->port].present ||
	    addr_mac_equal(&line->mac, &(struct addr_mac){0})) {
		worker_drop(w, m, STAT_DROP_DOWNLINK_NO_SESSION);
		return;
	}
	if (packet_hop_limit_spent(m)) {
		worker_refuse(w, m, STAT_DROP_HOP_LIMIT, WIRE_TIME_EXCEEDED, 0);
		return;
	}
	if (len > w->path->port[line->port].mtu) {
		worker_refuse(w, m, STAT_DROP_TOO_BIG, WIRE_TOO_BIG, w->path->port[line->port].mtu);
		return;
	}
	packet_hop_limit_spend(m);
	if (!packet_put_eth(m, &line->mac, &line->src_mac, line->vlan)) {
		worker_drop(w, m, STAT_DROP_NO_MBUF);
		return;
	}
	worker_count_down(w, p->value, len);
	m->port = line->port;
	worker_give(w, STAGE_TX, m);
}

void
path_stage_deliver(struct path_worker *w, struct batch *in)
{
	for (unsigned int i = 0; i < in->n; i++) {
		uint64_t value = packet_of(in->m[i])->value;

		fwd_session_prefetch(w->fwd, fwd_value_session(value));
		worker_prefetch_session(w, value);
	}
	for (unsigned int i = 0; i < in->n; i++)
		deliver_packet(w, in->m[i]);
}
