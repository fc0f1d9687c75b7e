/* SPDX-License-Identifier: BSD-3-Clause */
/* One burst through what is measured. All but turn_path receive from the core port and send there. */
#include <rte_ethdev.h>

#include "bench.h"

#define ETH	    14
#define DESTINATION (ETH + 24)

unsigned int
turn_alone(struct world *w)
{
	struct rte_mbuf *m[PATH_BURST];
	unsigned int n = 0;

	for (int port = 0; port < PORTS && n == 0; port++)
		n = rte_eth_rx_burst(w->eth_id[port], 0, m, PATH_BURST);
	return rte_eth_tx_burst(w->eth_id[CORE], 0, m, n);
}

unsigned int
turn_path(struct world *w)
{
	unsigned int n = path_worker_poll(path_worker_of(w->path, 0)); /* which has all that is received */

	for (unsigned int i = 1; i < w->workers; i++)
		path_worker_poll(path_worker_of(w->path, i));
	return n;
}

static void
look_up(const struct world *w, struct rte_mbuf *const *m, unsigned int n, uint64_t *value)
{
	uint64_t key[PATH_BURST];

	for (unsigned int i = 0; i < n; i++)
		memcpy(&key[i], rte_pktmbuf_mtod_offset(m[i], const uint8_t *, DESTINATION), sizeof(key[i]));
	fwd_prefix_find_bulk(w->fwd, key, n, value);
}

unsigned int
turn_table(struct world *w)
{
	struct rte_mbuf *m[PATH_BURST];
	uint64_t value[PATH_BURST];
	unsigned int n = rte_eth_rx_burst(w->eth_id[CORE], 0, m, PATH_BURST);

	look_up(w, m, n, value);
	for (unsigned int i = 0; i < n; i++)
		m[i]->port =
			value[i] != FWD_VALUE_NONE ? 0 : RTE_MBUF_PORT_INVALID; /* the look-up is not for nothing */
	return rte_eth_tx_burst(w->eth_id[CORE], 0, m, n);
}

/* The two headers in front of the packet: MACs and type of the frame's own are written over by those of the next hop.
 */
static inline void
put_header(const struct world *w, struct rte_mbuf *m, uint64_t value, const uint8_t eth[static ETH])
{
	const struct fwd_tunnel *t = fwd_tunnel_get(w->fwd, fwd_value_tunnel(value));
	uint16_t payload_len_be = rte_cpu_to_be_16(m->pkt_len - ETH);
	uint8_t *at;

	m->data_off -= TUN_IP6_LEN;
	m->data_len += TUN_IP6_LEN;
	m->pkt_len += TUN_IP6_LEN;
	at = rte_pktmbuf_mtod(m, uint8_t *);
	memcpy(at, eth, ETH);
	memcpy(at + ETH, t->header.bytes, TUN_IP6_LEN);
	memcpy(at + ETH + 4, &payload_len_be, sizeof(payload_len_be));
}

unsigned int
turn_limit(struct world *w)
{
	const struct fwd_adjacency *a = fwd_adjacency_get(w->fwd, w->adjacency);
	struct rte_mbuf *m[PATH_BURST];
	uint64_t value[PATH_BURST];
	uint8_t eth[ETH] = {[12] = 0x86, [13] = 0xdd};
	unsigned int n = rte_eth_rx_burst(w->eth_id[CORE], 0, m, PATH_BURST);

	memcpy(eth, &a->dst_mac, sizeof(a->dst_mac));
	memcpy(eth + 6, &a->src_mac, sizeof(a->src_mac));
	look_up(w, m, n, value);
	if (w->counts != NULL)
		for (unsigned int i = 0; i < n; i++)
			rte_prefetch0(&w->counts[fwd_value_session(value[i])]);
	for (unsigned int i = 0; i < n; i++)
		put_header(w, m[i], value[i], eth);
	for (unsigned int i = 0; w->counts != NULL && i < n; i++) {
		struct path_session_counts *c = &w->counts[fwd_value_session(value[i])];

		c->down_packets++;
		c->down_bytes += m[i]->pkt_len;
	}
	return rte_eth_tx_burst(w->eth_id[CORE], 0, m, n);
}
