/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of tunnels. An inner packet is taken when its session says that it comes through this tunnel: at the
 * access gateway the session of its destination (RFC 5213 section 6.10.5), at the anchor that of its source
 * (section 5.6.2). The outer header stays in front of the inner one until the frame is written anew.
 */
#include "fwd/flows.h"
#include "stage.h"
#include "tun/tun.h"

static void
decap_failed(struct path_worker *w, struct rte_mbuf *m, enum tun_error e)
{
	if (e == TUN_ERR_PROTO)
		worker_punt(w, m, path_packet_local_class(packet_ip6(m), packet_len(m)));
	else
		worker_drop(w, m, e == TUN_ERR_VERSION ? STAT_DROP_IP_VERSION : STAT_DROP_TUNNEL_HEADER);
}

/* Make the inner packet the packet of m; false when m went another way. */
static bool
decap_open(struct path_worker *w, struct rte_mbuf *m)
{
	struct packet *p = packet_of(m);
	struct tun_inner inner;
	enum tun_error e = tun_decap((const uint8_t *)packet_ip6(m), packet_len(m), &inner);
	enum stat_drop why;
	uint32_t len;

	if (e != TUN_OK) {
		decap_failed(w, m, e);
		return false;
	}
	p->origin = PACKET_TUNNEL;
	p->gre = inner.gre;
	p->key = inner.key;
	p->outer = p->meta.l3;
	p->meta.l3 += inner.offset;
	why = path_packet_check(packet_ip6(m), inner.len, &len);
	if (why == PACKET_FINE)
		why = path_packet_check_scope(packet_ip6(m));
	if (why == PACKET_FINE && tun_decap_ecn((uint8_t *)packet_ip6(m), inner.ecn) != 0)
		why = STAT_DROP_TUNNEL_HEADER;
	if (why != PACKET_FINE) {
		worker_drop(w, m, why);
		return false;
	}
	packet_trim(m, len);
	return true;
}

/* The packet came through the tunnel of value. */
static bool
through_tunnel(const struct path_worker *w, struct rte_mbuf *m, uint64_t value)
{
	const struct fwd_tunnel *t = fwd_tunnel_get(w->fwd, fwd_value_tunnel(value));
	const struct wire_ip6 *outer = rte_pktmbuf_mtod_offset(m, const struct wire_ip6 *, packet_of(m)->outer);

	return addr6_equal(&outer->src, &t->remote) && addr6_equal(&outer->dst, &t->local);
}

/* PACKET_FINE, or why a packet is not in GRE as those of the session of value are (RFC 5845 section 3.1). */
static enum stat_drop
check_gre(const struct path_worker *w, struct rte_mbuf *m, uint64_t value)
{
	const struct packet *p = packet_of(m);
	const struct fwd_session *line;

	if (!(fwd_value_flags(value) & FWD_GRE))
		return p->gre == TUN_GRE_NONE ? PACKET_FINE : STAT_DROP_GRE_UNEXPECTED;
	if (p->gre == TUN_GRE_NONE)
		return STAT_DROP_GRE_ABSENT;
	line = fwd_session_get(w->fwd, fwd_value_session(value));
	return p->gre == line->gre_in && p->key == line->key_in ? PACKET_FINE : STAT_DROP_GRE_KEY;
}

static bool
is_visitor(uint64_t value)
{
	return (fwd_value_flags(value) & (FWD_ACCESS | FWD_LOCAL)) == FWD_ACCESS;
}

static bool
is_anchored(uint64_t value)
{
	return value != FWD_VALUE_NONE && !(fwd_value_flags(value) & FWD_ACCESS);
}

/* At the access gateway: whether it was taken. */
static bool
decap_downlink(struct path_worker *w, struct rte_mbuf *m, uint64_t dst)
{
	enum stat_drop why;

	if (!is_visitor(dst) || !through_tunnel(w, m, dst))
		return false;
	why = check_gre(w, m, dst);
	if (why != PACKET_FINE) {
		worker_drop(w, m, why);
		return true;
	}
	w->stat.counter[STAT_DECAPSULATED]++;
	worker_count_in(w, dst, packet_len(m));
	packet_of(m)->value = dst;
	worker_give(w, STAGE_DELIVER, m);
	return true;
}

static bool
came_by(const struct path_worker *w, struct rte_mbuf *m, uint64_t value)
{
	return is_anchored(value) && through_tunnel(w, m, value) && check_gre(w, m, value) == PACKET_FINE;
}

/* Of the ways that the prefix of the source has, the one that m came by; its own where it came by none, or an idle one.
 */
static uint64_t
way_of_source(const struct path_worker *w, struct rte_mbuf *m, uint64_t own, bool *idle)
{
	const struct fwd_flows *list = fwd_flows_get(w->fwd, fwd_value_session(own));
	const uint64_t upper_be = addr6_upper_be(&packet_ip6(m)->src);

	*idle = false;
	if (came_by(w, m, own))
		return own;
	for (unsigned int i = 0; i < list->share_count; i++) {
		const struct fwd_share *s = &list->share[i];

		if (s->upper_be != upper_be || !came_by(w, m, s->value))
			continue;
		*idle = s->idle;
		if (!s->idle)
			return s->value;
	}
	return own;
}

/* What lies in a prefix that is behind a tunnel, and is no session's, has to come through that. */
static uint64_t
aggregate_of(const struct path_worker *w, struct rte_mbuf *m)
{
	uint32_t tunnel = fwd_route_tunnel(fwd_route_find(w->fwd, &packet_ip6(m)->src));

	return tunnel != 0 ? path_aggregate_value(tunnel) : FWD_VALUE_NONE;
}

/* At the anchor, and for what no session takes. */
static void
decap_uplink(struct path_worker *w, struct rte_mbuf *m, uint64_t src, uint64_t dst)
{
	enum stat_drop why = PACKET_FINE;
	bool idle = false, anchored;

	if (unlikely(fwd_value_flags(src) & FWD_FLOWS)) {
		const uint64_t own = src;

		src = way_of_source(w, m, own, &idle);
		if (w->path->mss_clamp && src != own) /* by its own it is clamped already */
			path_packet_clamp_mss(w, m, src);
	} else if (src == FWD_VALUE_NONE && w->path->anchor)
		src = aggregate_of(w, m);
	anchored = is_anchored(src) && through_tunnel(w, m, src);
	if (anchored)
		why = check_gre(w, m, src);
	if (idle)
		why = STAT_DROP_IDLE_ROW;
	if (why != PACKET_FINE) {
		worker_drop(w, m, why);
	} else if (anchored) {
		w->stat.counter[STAT_DECAPSULATED]++;
		worker_count_in(w, src, packet_len(m));
		worker_count_up(w, src, packet_len(m));
		path_worker_forward(w, m, dst);
	} else if (is_visitor(dst)) {
		worker_drop(w, m, STAT_DROP_DOWNLINK_WRONG_TUNNEL);
	} else {
		worker_drop(w, m, is_anchored(src) ? STAT_DROP_UPLINK_WRONG_TUNNEL : w->path->no_session);
	}
}

void
path_stage_decap(struct path_worker *w, struct batch *in)
{
	struct rte_mbuf *inner[STAGE_BATCH];
	uint64_t key[FWD_BURST_MAX], src[FWD_BURST_MAX], dst[FWD_BURST_MAX];
	unsigned int n = 0, up = 0;

	for (unsigned int i = 0; i < in->n; i++)
		if (decap_open(w, in->m[i]))
			inner[n++] = in->m[i];
	for (unsigned int i = 0; i < n; i++)
		key[i] = addr6_upper_be(&packet_ip6(inner[i])->dst);
	fwd_prefix_find_bulk(w->fwd, key, n, dst);
	for (unsigned int i = 0; w->path->mss_clamp && i < n; i++)
		path_packet_clamp_mss(w, inner[i], dst[i]);
	for (unsigned int i = 0; i < n; i++) {
		if (decap_downlink(w, inner[i], dst[i]))
			continue;
		key[up] = addr6_upper_be(&packet_ip6(inner[i])->src);
		inner[up] = inner[i];
		dst[up++] = dst[i];
	}
	fwd_prefix_find_bulk(w->fwd, key, up, src);
	for (unsigned int i = 0; w->path->mss_clamp && i < up; i++)
		path_packet_clamp_mss(w, inner[i], src[i]);
	for (unsigned int i = 0; i < up; i++) {
		worker_prefetch_session(w, src[i]);
		worker_prefetch_session(w, dst[i]);
	}
	for (unsigned int i = 0; i < up; i++)
		decap_uplink(w, inner[i], src[i], dst[i]);
}
