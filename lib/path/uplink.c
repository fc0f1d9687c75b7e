/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets of mobile nodes on access links: each must come from the port, VLAN and MAC of the session that holds its
 * source address (RFC 5213 section 6.10.5); then it goes into the session's tunnel, wherever its destination is, unless
 * local routing is enabled and that is another mobile node of this gateway or a neighbour (sections 6.10.3 and 9.2).
 */
#include "stage.h"

static bool
comes_from(const struct path_worker *w, struct rte_mbuf *m, uint64_t value)
{
	const struct fwd_session *line = fwd_session_get(w->fwd, fwd_value_session(value));
	const struct path_meta *meta = &packet_of(m)->meta;
	const struct wire_eth *eth = rte_pktmbuf_mtod(m, const struct wire_eth *);

	return line->port == meta->port && line->vlan == meta->vlan && addr_mac_equal(&line->mac, &eth->src);
}

/* A packet without a session here: the host may be new, on its way in, or lying about its address. */
static void
uplink_refuse(struct path_worker *w, struct rte_mbuf *m, bool elsewhere)
{
	const struct path_meta *meta = &packet_of(m)->meta;
	const struct fwd_host_key key = {
		.mac = rte_pktmbuf_mtod(m, const struct wire_eth *)->src, .port = meta->port, .vlan = meta->vlan};
	bool known;
	uint32_t session = fwd_host_find(w->fwd, &key, &known);

	if (!known)
		worker_punt(w, m, PATH_PUNT_HOST);
	else if (session == FWD_NONE)
		worker_drop(w, m, STAT_DROP_HOST_PENDING);
	else
		worker_drop(w, m, elsewhere ? STAT_DROP_UPLINK_WRONG_LINK : STAT_DROP_UPLINK_NO_SESSION);
}

/* The packets of a burst whose destination has to be looked up too. */
struct direct {
	struct rte_mbuf *m[FWD_BURST_MAX];
	unsigned int n;
};

static void
uplink_packet(struct path_worker *w, struct rte_mbuf *m, uint64_t value, struct direct *direct)
{
	if (!(fwd_value_flags(value) & FWD_ACCESS)) {
		uplink_refuse(w, m, false);
		return;
	}
	if (!comes_from(w, m, value)) {
		uplink_refuse(w, m, true);
		return;
	}
	worker_count_up(w, value, packet_len(m));
	packet_of(m)->value = value;
	if ((fwd_value_flags(value) & FWD_LOCAL) || fwd_value_tunnel(value) == 0)
		worker_give(w, STAGE_DOWNLINK, m);
	else if (fwd_value_flags(value) & FWD_DIRECT)
		direct->m[direct->n++] = m;
	else
		worker_give(w, STAGE_ENCAP, m);
}

static void
uplink_direct(struct path_worker *w, const struct direct *direct)
{
	uint64_t key[FWD_BURST_MAX], value[FWD_BURST_MAX];

	for (unsigned int i = 0; i < direct->n; i++)
		key[i] = addr6_upper_be(&packet_ip6(direct->m[i])->dst);
	fwd_prefix_find_bulk(w->fwd, key, direct->n, value);
	for (unsigned int i = 0; i < direct->n; i++) {
		struct rte_mbuf *m = direct->m[i];

		if (fwd_value_flags(value[i]) & FWD_ACCESS) {
			packet_of(m)->value = value[i];
			worker_give(w, STAGE_DELIVER, m);
		} else if (path_is_neighbour(w->path, &packet_ip6(m)->dst)) {
			worker_give(w, STAGE_ROUTE, m);
		} else {
			worker_give(w, STAGE_ENCAP, m);
		}
	}
}

void
path_stage_uplink(struct path_worker *w, struct batch *in)
{
	uint64_t key[FWD_BURST_MAX], value[FWD_BURST_MAX];
	struct direct direct;

	direct.n = 0;
	for (unsigned int i = 0; i < in->n; i++)
		key[i] = addr6_upper_be(&packet_ip6(in->m[i])->src);
	fwd_prefix_find_bulk(w->fwd, key, in->n, value);
	for (unsigned int i = 0; i < in->n; i++) {
		fwd_session_prefetch(w->fwd, fwd_value_session(value[i]));
		worker_prefetch_session(w, value[i]);
	}
	for (unsigned int i = 0; i < in->n; i++)
		uplink_packet(w, in->m[i], value[i], &direct);
	if (direct.n > 0)
		uplink_direct(w, &direct);
}
