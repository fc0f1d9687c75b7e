/* SPDX-License-Identifier: BSD-3-Clause */
/* The last stage: one send call a port and run. */
#include <rte_ethdev.h>

#include "stage.h"

static uint64_t
bytes_of(struct rte_mbuf *const *m, unsigned int n)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < n; i++)
		bytes += m[i]->pkt_len;
	return bytes;
}

static void
tx_port(struct path_worker *w, uint16_t port, struct batch *b)
{
	struct worker_tx *counts = &w->sent[port];
	uint64_t bytes = bytes_of(b->m, b->n); /* what is sent belongs to the driver */
	unsigned int sent = rte_eth_tx_burst(w->path->port[port].eth_id, w->id, b->m, b->n);

	bytes -= bytes_of(b->m + sent, b->n - sent);
	counts->packets += sent;
	counts->bytes += bytes;
	counts->full += b->n - sent;
	w->stat.counter[STAT_TX_PACKETS] += sent;
	w->stat.counter[STAT_TX_BYTES] += bytes;
	for (unsigned int i = sent; i < b->n; i++)
		worker_drop(w, b->m[i], STAT_DROP_TX_FULL);
	b->n = 0;
}

void
path_stage_tx(struct path_worker *w, struct batch *in)
{
	for (unsigned int i = 0; i < in->n; i++) {
		struct batch *b = &w->tx[packet_of(in->m[i])->out];

		b->m[b->n++] = in->m[i];
	}
	for (uint16_t port = 0; port < PATH_PORT_MAX; port++)
		if (w->tx[port].n > 0)
			tx_port(w, port, &w->tx[port]);
}
