/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The maximum segment size that the ends of a TCP connection offer each other (RFC 9293 section 3.7.1), made no larger
 * than the tunnel carries: for networks that lose Packet Too Big. A SYN is looked at where it enters a tunnel and where
 * it leaves one, so one such node on the way is enough. Extension headers don't count: who sends
 * segments with some makes them that much smaller (RFC 6691 section 2).
 */
#include "stage.h"

#define TCP_LEN	 20
#define TCP_SYN	 0x02
#define MSS_KIND 2
#define MSS_LEN	 4

/* The value of the option among the len bytes of options at tcp + TCP_LEN; NULL without one, or one that is none. */
static uint8_t *
find_mss(uint8_t *tcp, uint32_t len)
{
	uint32_t at = TCP_LEN;

	while (at + 1 < len && tcp[at] != 0) {
		if (tcp[at] == 1) {
			at++;
			continue;
		}
		if (tcp[at + 1] < 2 || at + tcp[at + 1] > len)
			return NULL;
		if (tcp[at] == MSS_KIND)
			return tcp[at + 1] == MSS_LEN ? tcp + at + 2 : NULL;
		at += tcp[at + 1];
	}
	return NULL;
}

/* RFC 1624 section 3, of 16 bits that may lie across two words of the sum. */
static void
amend_checksum(uint8_t *checksum_be, uint16_t was, uint16_t is, bool across)
{
	uint32_t sum = (uint16_t)~wire_get16(checksum_be);

	if (across) {
		was = __builtin_bswap16(was);
		is = __builtin_bswap16(is);
	}
	sum += (uint16_t)~was + (uint32_t)is;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	wire_put16(checksum_be, (uint16_t)~sum);
}

/* The TCP header, behind extension headers or in a first fragment too, and what there is of it; NULL without one. */
static uint8_t *
find_tcp(struct rte_mbuf *m, uint32_t *len)
{
	struct wire_ip6 *ip = packet_ip6(m);
	uint8_t *bytes = (uint8_t *)ip;
	struct path_upper u = {ip->next_header, WIRE_IP6_LEN};

	*len = packet_len(m);
	path_upper_walk(ip, *len, &u);
	if (u.next_header == WIRE_FRAGMENT && *len - u.at >= WIRE_FRAGMENT_LEN) {
		const struct wire_fragment *f = (const struct wire_fragment *)(bytes + u.at);

		if (!wire_fragment_is_first(f))
			return NULL;
		u.next_header = f->next_header;
		u.at += WIRE_FRAGMENT_LEN;
		path_upper_walk(ip, *len, &u);
	}
	*len -= u.at;
	return u.next_header == WIRE_TCP ? bytes + u.at : NULL;
}

void
path_packet_clamp_mss(const struct path_worker *w, struct rte_mbuf *m, uint64_t value)
{
	uint32_t len, mtu, most;
	uint8_t *tcp, *mss;

	if (fwd_value_tunnel(value) == 0)
		return;
	tcp = find_tcp(m, &len);
	if (tcp == NULL || len < TCP_LEN || !(tcp[13] & TCP_SYN))
		return;
	mss = find_mss(tcp, RTE_MIN(len, (tcp[12] >> 4) * 4u));
	mtu = fwd_tunnel_get(w->fwd, fwd_value_tunnel(value))->mtu;
	most = RTE_MAX(mtu, (uint32_t)WIRE_IP6_MTU_MIN) - WIRE_IP6_LEN - TCP_LEN;
	if (mss == NULL || wire_get16(mss) <= most)
		return;
	amend_checksum(tcp + 16, wire_get16(mss), (uint16_t)most, (mss - tcp) % 2 != 0);
	wire_put16(mss, (uint16_t)most);
}
