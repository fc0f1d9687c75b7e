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
	unsigned int sent = rte_eth_tx_burst(w->path->port[port].eth_id, w->tx_queue[port], b->m, b->n);

	bytes -= bytes_of(b->m + sent, b->n - sent);
	worker_add(&counts->packets, sent);
	worker_add(&counts->bytes, bytes);
	worker_add(&counts->full, b->n - sent);
	worker_add(&w->stat.counter[STAT_TX_PACKETS], sent);
	worker_add(&w->stat.counter[STAT_TX_BYTES], bytes);
	for (unsigned int i = sent; i < b->n; i++)
		worker_drop(w, b->m[i], STAT_DROP_TX_FULL);
	b->n = 0;
}

/* All that waits for a port, or give it to who has a queue. */
static void
send_all(struct path_worker *w)
{
	for (uint16_t port = 0; port < PATH_PORT_MAX; port++) {
		struct batch *b = &w->tx[port];

		if (b->n == 0)
			continue;
		if (likely(w->tx_queue[port] != WORKER_NO_QUEUE))
			tx_port(w, port, b);
		else
			path_worker_hand_ready(w, port, b);
	}
}

/* Commonly all of a run go to one port. */
static bool
is_of_one_port(const struct batch *in)
{
	uint16_t differ = 0;

	for (unsigned int i = 1; i < in->n; i++)
		differ |= in->m[i]->port ^ in->m[0]->port;
	return differ == 0;
}

void
path_stage_tx(struct path_worker *w, struct batch *in)
{
	if (is_of_one_port(in) && w->tx_queue[in->m[0]->port] != WORKER_NO_QUEUE) {
		tx_port(w, in->m[0]->port, in);
		return;
	}
	for (unsigned int i = 0; i < in->n; i++) {
		struct batch *b = &w->tx[in->m[i]->port];

		b->m[b->n++] = in->m[i];
	}
	send_all(w);
}
