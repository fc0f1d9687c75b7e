/* SPDX-License-Identifier: BSD-3-Clause */
/* The entry of tunnels: RFC 2473 sections 3.1, 4.1.1 and 7.1, with GRE where the session has it (RFC 5845). */
#include "stage.h"
#include "tun/tun.h"

/* A packet larger than the tunnel carries, that IPv6 has to carry, or that is to be carried: the outer one is cut in
 * two.
 */
static void
encap_fragment(struct path_worker *w, struct rte_mbuf *m, uint32_t mtu)
{
	struct rte_mbuf *second;

	if (mtu < WIRE_IP6_MTU_MIN) { /* no link of IPv6 */
		worker_drop(w, m, STAT_DROP_TOO_BIG);
		return;
	}
	second = path_worker_fragment(w, m, mtu);
	if (second == NULL) {
		worker_drop(w, m, STAT_DROP_NO_MBUF);
		return;
	}
	worker_give(w, STAGE_ADJACENCY, m);
	worker_give(w, STAGE_ADJACENCY, second);
}

/* The limit of a packet that is in a tunnel of its own and says how many more it may enter. */
static int
encap_limit(struct rte_mbuf *m)
{
	const struct wire_ip6 *ip = packet_ip6(m);

	switch (ip->next_header) {
	case WIRE_HOP_BY_HOP:
	case WIRE_ROUTING:
	case WIRE_FRAGMENT:
	case WIRE_AUTHENTICATION:
	case WIRE_DESTINATION:
		return tun_limit_of((const uint8_t *)ip, packet_len(m));
	default:
		return TUN_LIMIT_NONE;
	}
}

/* The line of a session whose packets are in GRE, or NULL. */
static const struct fwd_session *
encap_gre(const struct path_worker *w, uint64_t value)
{
	return fwd_value_flags(value) & FWD_GRE ? fwd_session_get(w->fwd, fwd_value_session(value)) : NULL;
}

/* The greatest packet that goes into the tunnel: whole, or in two fragments of its outer one where that is configured.
 */
static uint32_t
encap_most(const struct path_worker *w, const struct packet *p, const struct tun_template *header, uint32_t mtu)
{
	const bool gre = fwd_value_flags(p->value) & FWD_GRE;
	const uint32_t outer = mtu + header->len + (gre ? TUN_GRE_MAX : 0);

	if (!w->path->fragment || outer < WIRE_IP6_MTU_MIN)
		return RTE_MAX(mtu, (uint32_t)WIRE_IP6_MTU_MIN);
	return path_fragment_most(outer) - (outer - mtu - WIRE_IP6_LEN);
}

static void
encap_put(struct path_worker *w, struct rte_mbuf *m, const struct tun_template *header, uint32_t mtu,
	  uint32_t adjacency)
{
	struct packet *p = packet_of(m);
	const struct fwd_session *line = encap_gre(w, p->value);
	uint16_t gre = line != NULL ? tun_gre_len(line->gre_out) : 0;
	uint32_t len = packet_len(m);
	uint8_t *at = packet_front(m, header->len + gre);

	if (at == NULL) {
		worker_drop(w, m, STAT_DROP_NO_MBUF);
		return;
	}
	packet_hop_limit_spend(m);
	tun_encap6(header, at, at + header->len + gre, len + gre);
	if (line != NULL)
		tun_gre_encode(at + header->len, line->gre_out, line->key_out);
	worker_count_out(w, p->value, len);
	w->stat.counter[STAT_ENCAPSULATED]++;
	p->origin = PACKET_OWN;
	p->meta.l3 = 0;
	p->meta.adjacency = adjacency;
	if (len > mtu)
		encap_fragment(w, m, mtu + header->len + (line != NULL ? TUN_GRE_MAX : 0));
	else
		worker_give(w, STAGE_ADJACENCY, m);
}

void
path_worker_encap(struct path_worker *w, struct rte_mbuf *m)
{
	const struct fwd_tunnel *t = fwd_tunnel_get(w->fwd, fwd_value_tunnel(packet_of(m)->value));
	const struct tun_template *header = &t->header;
	uint32_t len = packet_len(m), mtu = t->mtu;
	struct tun_template nested;
	int limit = encap_limit(m);

	if (packet_hop_limit_spent(m)) {
		worker_refuse(w, m, STAT_DROP_HOP_LIMIT, WIRE_TIME_EXCEEDED, 0);
		return;
	}
	if (limit == 0) { /* RFC 2473 section 4.1.1 (b) and (c) */
		worker_refuse(w, m, STAT_DROP_HOP_LIMIT, WIRE_PARAMETER,
			      tun_limit_at((const uint8_t *)packet_ip6(m), len));
		return;
	}
	if (t->adjacency == FWD_NONE) {
		worker_refuse(w, m, STAT_DROP_NO_ROUTE, WIRE_UNREACHABLE, 0);
		return;
	}
	if (limit > 0) {
		nested = *header;
		tun_template_set_limit(&nested, limit - 1);
		mtu -= nested.len - header->len;
		header = &nested;
	}
	if (len > mtu && len > encap_most(w, packet_of(m), header, mtu))
		worker_refuse(w, m, STAT_DROP_TOO_BIG, WIRE_TOO_BIG, encap_most(w, packet_of(m), header, mtu));
	else
		encap_put(w, m, header, mtu, t->adjacency);
}

void
path_stage_encap(struct path_worker *w, struct batch *in)
{
	for (unsigned int i = 0; w->path->mss_clamp && i < in->n; i++)
		path_packet_clamp_mss(w, in->m[i], packet_of(in->m[i])->value);
	for (unsigned int i = 0; i < in->n; i++)
		path_worker_encap(w, in->m[i]);
}
