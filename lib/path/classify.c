/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The first look at a frame: is it for this node, is it whole, and which way does it go? Nothing behind this stage
 * needs to check a length of the outermost IPv6 header again.
 */
#include <rte_prefetch.h>

#include "stage.h"

enum frame { FRAME_DROPPED, FRAME_IP6, FRAME_OTHER };

/* Ethernet and VLAN: meta.l3 and meta.vlan of an IPv6 frame. */
static enum frame
frame_open(struct path_worker *w, struct rte_mbuf *m)
{
	struct path_meta *meta = &packet_of(m)->meta;
	const struct worker_port *port = &w->path->port[meta->port];
	const struct wire_eth *eth;
	uint16_t type, l3 = WIRE_ETH_LEN;

	/* Stages see one segment. What does not fit in one is larger than any port's MTU. */
	if (m->nb_segs > 1 && rte_pktmbuf_linearize(m) != 0) {
		worker_drop(w, m, STAT_DROP_TOO_BIG);
		return FRAME_DROPPED;
	}
	if (m->data_len < WIRE_ETH_LEN) {
		worker_drop(w, m, STAT_DROP_FRAME_SHORT);
		return FRAME_DROPPED;
	}
	eth = rte_pktmbuf_mtod(m, const struct wire_eth *);
	if (!addr_mac_equal(&eth->dst, &port->mac) && !addr_mac_is_group(&eth->dst)) {
		worker_drop(w, m, STAT_DROP_NOT_FOR_US);
		return FRAME_DROPPED;
	}
	/* No host has a group's address, and none this node's: such a frame would come back from a loop. */
	if (addr_mac_is_group(&eth->src) || addr_mac_equal(&eth->src, &port->mac)) {
		worker_drop(w, m, STAT_DROP_IP_SOURCE);
		return FRAME_DROPPED;
	}
	type = wire_get16(eth->type_be);
	if (type == WIRE_ETHERTYPE_VLAN) {
		const struct wire_vlan *tag = (const struct wire_vlan *)(eth + 1);

		l3 += WIRE_VLAN_LEN;
		if (m->data_len < l3) {
			worker_drop(w, m, STAT_DROP_FRAME_SHORT);
			return FRAME_DROPPED;
		}
		meta->vlan = wire_get16(tag->tag_be) & WIRE_VLAN_ID; /* VLAN 0 is a priority alone */
		type = wire_get16(tag->type_be);
	}
	if (meta->vlan != port->vlan) {
		worker_drop(w, m, STAT_DROP_VLAN);
		return FRAME_DROPPED;
	}
	if (type != WIRE_ETHERTYPE_IP6)
		return FRAME_OTHER;
	meta->l3 = l3;
	return FRAME_IP6;
}

enum stat_drop
path_packet_check(const struct wire_ip6 *ip, uint32_t room, uint32_t *len)
{
	if (room < WIRE_IP6_LEN)
		return STAT_DROP_FRAME_SHORT;
	if (ip->version_class_flow[0] >> 4 != 6)
		return STAT_DROP_IP_VERSION;
	*len = wire_ip6_len(ip);
	if (*len > room)
		return STAT_DROP_IP_LENGTH;
	if (addr6_is_multicast(&ip->src) || wire_is_loopback(&ip->src))
		return STAT_DROP_IP_SOURCE;
	/* Who has no address yet talks to groups alone (RFC 4862 section 5.4.2). */
	if (addr6_is_zero(&ip->src) && !addr6_is_multicast(&ip->dst))
		return STAT_DROP_IP_SOURCE;
	if (addr6_is_zero(&ip->dst) || wire_is_loopback(&ip->dst))
		return STAT_DROP_IP_DESTINATION;
	return PACKET_FINE;
}

enum stat_drop
path_packet_check_scope(const struct wire_ip6 *ip)
{
	if (addr6_is_link_local(&ip->src))
		return STAT_DROP_IP_SOURCE;
	if (wire_is_on_link(&ip->dst))
		return STAT_DROP_IP_DESTINATION;
	return PACKET_FINE;
}

/* The length of a jumbogram is in an option that no link here needs (RFC 2675 section 3): cut off, it would go on as
 * none. */
static bool
is_jumbogram(const struct wire_ip6 *ip)
{
	return wire_get16(ip->payload_len_be) == 0 && ip->next_header == WIRE_HOP_BY_HOP;
}

/* Drop what is wrong and cut off what an Ethernet frame is padded with. */
static bool
ip6_open(struct path_worker *w, struct rte_mbuf *m)
{
	uint32_t len;
	enum stat_drop why = path_packet_check(packet_ip6(m), packet_len(m), &len);

	if (why == PACKET_FINE && is_jumbogram(packet_ip6(m)))
		why = STAT_DROP_IP_LENGTH;
	if (why != PACKET_FINE) {
		worker_drop(w, m, why);
		return false;
	}
	packet_trim(m, len);
	return true;
}

/* A packet to one host in a frame to many is not forwarded, and answered by no error (RFC 4443 section 2.4 (e.4)). */
static bool
is_astray(struct rte_mbuf *m)
{
	return addr_mac_is_group(&rte_pktmbuf_mtod(m, const struct wire_eth *)->dst);
}

static bool
is_nd(const uint8_t *message, uint32_t len)
{
	return len > 0 && message[0] >= WIRE_ND_FIRST && message[0] <= WIRE_ND_LAST;
}

enum path_punt
path_packet_local_class(const struct wire_ip6 *ip, uint32_t len)
{
	struct path_upper u = {ip->next_header, WIRE_IP6_LEN};

	path_upper_walk(ip, len, &u);
	if (u.next_header == WIRE_MOBILITY || u.next_header == WIRE_ESP)
		return PATH_PUNT_SIGNALLING;
	if (u.next_header == WIRE_ICMP6 && is_nd((const uint8_t *)ip + u.at, len - u.at))
		return PATH_PUNT_ND;
	return PATH_PUNT_OWN;
}

/* A packet of a core port, and the route look-up of its destination. */
static void
core_packet(struct path_worker *w, struct rte_mbuf *m, uint32_t adjacency)
{
	struct wire_ip6 *ip = packet_ip6(m);

	if (adjacency != FWD_ROUTE_LOCAL) {
		enum stat_drop why = path_packet_check_scope(ip);

		packet_of(m)->meta.adjacency = adjacency;
		if (why != PACKET_FINE)
			worker_drop(w, m, why);
		else
			worker_give(w, STAGE_DOWNLINK, m);
	} else if (wire_is_tunnel(ip->next_header)) {
		worker_give(w, STAGE_DECAP, m);
	} else if (ip->next_header == WIRE_FRAGMENT) {
		worker_give(w, STAGE_REASSEMBLE, m);
	} else {
		worker_punt(w, m, path_packet_local_class(ip, packet_len(m)));
	}
}

void
path_stage_classify_core(struct path_worker *w, struct batch *in)
{
	struct rte_mbuf *unicast[STAGE_BATCH];
	struct addr6 dst[STAGE_BATCH];
	uint32_t adjacency[STAGE_BATCH];
	unsigned int n = 0;

	for (unsigned int i = 0; i < in->n; i++) {
		struct rte_mbuf *m = in->m[i];
		enum frame frame = frame_open(w, m);

		if (frame == FRAME_OTHER)
			worker_drop(w, m, STAT_DROP_ETHERTYPE);
		if (frame != FRAME_IP6 || !ip6_open(w, m))
			continue;
		if (wire_is_on_link(&packet_ip6(m)->dst)) {
			worker_punt(w, m, PATH_PUNT_ND);
			continue;
		}
		if (is_astray(m)) {
			worker_drop(w, m, STAT_DROP_NOT_FOR_US);
			continue;
		}
		dst[n] = packet_ip6(m)->dst;
		unicast[n++] = m;
	}
	if (n == 0)
		return;
	fwd_route_find_bulk(w->fwd, dst, n, adjacency);
	for (unsigned int i = 0; i < n; i++)
		core_packet(w, unicast[i], adjacency[i]);
}

/* Control traffic of a link: from whom, known or not, decides the ring. */
static void
access_control(struct path_worker *w, struct rte_mbuf *m, enum frame frame)
{
	const struct path_meta *meta = &packet_of(m)->meta;
	const struct fwd_host_key key = {
		.mac = rte_pktmbuf_mtod(m, const struct wire_eth *)->src, .port = meta->port, .vlan = meta->vlan};
	const struct wire_ip6 *ip;
	bool known;

	fwd_host_find(w->fwd, &key, &known);
	if (!known) {
		worker_punt(w, m, PATH_PUNT_HOST);
		return;
	}
	if (frame == FRAME_OTHER) {
		worker_drop(w, m, STAT_DROP_ETHERTYPE);
		return;
	}
	ip = packet_ip6(m);
	if (wire_is_on_link(&ip->dst) || path_packet_local_class(ip, packet_len(m)) == PATH_PUNT_ND)
		worker_punt(w, m, PATH_PUNT_ND);
	else
		worker_drop(w, m, STAT_DROP_IP_SOURCE); /* a link-local one, on its way to another link */
}

void
path_stage_classify_access(struct path_worker *w, struct batch *in)
{
	for (unsigned int i = 0; i < in->n; i++) {
		struct rte_mbuf *m = in->m[i];
		enum frame frame = frame_open(w, m);

		if (frame == FRAME_DROPPED || (frame == FRAME_IP6 && !ip6_open(w, m)))
			continue;
		if (frame == FRAME_OTHER || path_packet_check_scope(packet_ip6(m)) != PACKET_FINE)
			access_control(w, m, frame);
		else if (is_astray(m))
			worker_drop(w, m, STAT_DROP_NOT_FOR_US);
		else
			worker_give(w, STAGE_UPLINK, m);
	}
}
