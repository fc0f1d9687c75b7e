/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ICMPv6 errors about packets that are dropped (RFC 4443 sections 2.4 and 3). An error goes by the ordinary way to
 * its destination, in the next turn: that of a mobile node is put into the tunnel or onto the access link.
 *
 * An error that is due counts as generated even where it is dropped at once, for its rate or for want of a buffer:
 * so every mbuf and every error is accounted.
 */
#include <rte_cycles.h>

#include "nd/nd.h"
#include "stage.h"

static bool
rate_allows(struct path_worker *w)
{
	const struct path *p = w->path;

	return p->icmp_cost != 0 && w->local_count < WORKER_LOCAL &&
	       bucket_take(&w->icmp, p->icmp_cost, p->icmp_credit, rte_rdtsc());
}

static const struct addr6 *
error_source(const struct path *p, uint16_t port)
{
	return port < PATH_PORT_MAX && p->port[port].present ? &p->port[port].address : &p->address;
}

/* The error about m, or NULL. */
static struct rte_mbuf *
error_make(struct path_worker *w, struct rte_mbuf *m, const struct addr6 *src)
{
	static const struct nd_link nowhere; /* the way is found in the next turn */
	const struct packet *about = packet_of(m);
	struct rte_mbuf *e = path_mbuf_alloc(w->path);
	int len;

	if (e == NULL)
		return NULL;
	len = nd_error_encode(&nowhere, src, about->icmp_type, about->icmp_code, about->icmp_word,
			      (const uint8_t *)packet_ip6(m), packet_len(m), rte_pktmbuf_mtod(e, uint8_t *),
			      rte_pktmbuf_tailroom(e));
	if (len < 0) {
		rte_pktmbuf_free(e);
		return NULL;
	}
	e->data_len = e->pkt_len = len;
	*packet_of(e) = (struct packet){
		.meta = {.port = PATH_PORT_NONE, .l3 = WIRE_ETH_LEN},
		.origin = PACKET_OWN,
	};
	*packet_stages(e) = 0;
	return e;
}

static void
error_about(struct path_worker *w, struct rte_mbuf *m)
{
	const struct packet *p = packet_of(m);
	const struct addr6 *src = error_source(w->path, p->meta.port);
	struct rte_mbuf *e;

	if (p->origin == PACKET_OWN || addr6_is_zero(src) ||
	    !nd_error_allowed(p->icmp_type, p->icmp_code, p->icmp_word, false, (const uint8_t *)packet_ip6(m),
			      packet_len(m)))
		return;
	w->stat.counter[STAT_GENERATED]++;
	if (!rate_allows(w)) {
		w->stat.drop[STAT_DROP_ICMP_RATE]++;
		return;
	}
	e = error_make(w, m, src);
	if (e == NULL) {
		w->stat.drop[STAT_DROP_NO_MBUF]++;
		return;
	}
	if (p->icmp_type == WIRE_TOO_BIG)
		w->stat.counter[STAT_PACKET_TOO_BIG]++;
	w->local[(w->local_first + w->local_count++) % WORKER_LOCAL] = e;
}

void
path_stage_error(struct path_worker *w, struct batch *in)
{
	for (unsigned int i = 0; i < in->n; i++) {
		error_about(w, in->m[i]);
		worker_drop(w, in->m[i], packet_of(in->m[i])->drop);
	}
}
