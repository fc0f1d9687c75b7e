/* SPDX-License-Identifier: BSD-3-Clause */
#include "build.h"

#include <errno.h>

#include "wire.h"

struct build
nd_build_open(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header,
	      uint8_t hop_limit, uint8_t *out, size_t size)
{
	struct build b = {.w = writer_on(out, size)};
	struct addr_mac dst_mac = l->dst_mac;

	if (addr6_is_multicast(dst) && addr_mac_equal(&dst_mac, &(struct addr_mac){0}))
		dst_mac = addr_mac_of_group(dst);
	writer_copy(&b.w, &dst_mac, sizeof(dst_mac));
	writer_copy(&b.w, &l->src_mac, sizeof(l->src_mac));
	if (l->vlan != ND_VLAN_NONE) {
		writer_u16(&b.w, WIRE_ETHERTYPE_VLAN);
		writer_u16(&b.w, l->vlan);
	}
	writer_u16(&b.w, ND_ETHERTYPE_IP6);
	b.ip = b.w.at;
	writer_u32(&b.w, 6u << 28);
	writer_u16(&b.w, 0); /* the payload length, when it is known */
	writer_u8(&b.w, next_header);
	writer_u8(&b.w, hop_limit);
	writer_addr6(&b.w, src);
	writer_addr6(&b.w, dst);
	b.payload = b.w.at;
	return b;
}

void
nd_build_icmp6(struct build *b, uint8_t type, uint8_t code, uint32_t word)
{
	writer_u8(&b->w, type);
	writer_u8(&b->w, code);
	writer_u16(&b->w, 0); /* the checksum, when all is written */
	writer_u32(&b->w, word);
}

void
nd_build_ll(struct build *b, uint8_t option, const struct addr_mac *mac)
{
	writer_u8(&b->w, option);
	writer_u8(&b->w, WIRE_OPT_LL_UNITS);
	writer_copy(&b->w, mac, sizeof(*mac));
}

int
nd_build_close(struct build *b)
{
	size_t len = (size_t)(b->w.at - b->payload);

	if (b->w.failed || len > UINT16_MAX)
		return -ENOSPC;
	b->ip[4] = (uint8_t)(len >> 8);
	b->ip[5] = (uint8_t)len;
	return (int)writer_len(&b->w);
}

int
nd_build_close_icmp6(struct build *b)
{
	int frame_len = nd_build_close(b);
	struct addr6 src, dst;
	uint16_t sum;

	if (frame_len < 0)
		return frame_len;
	memcpy(&src, b->ip + WIRE_IP6_SRC, sizeof(src));
	memcpy(&dst, b->ip + WIRE_IP6_DST, sizeof(dst));
	sum = nd_checksum(&src, &dst, ND_PROTO_ICMP6, b->payload, (size_t)(b->w.at - b->payload));
	b->payload[2] = (uint8_t)(sum >> 8);
	b->payload[3] = (uint8_t)sum;
	return frame_len;
}

int
nd_ip6_encode(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header,
	      uint8_t hop_limit, const uint8_t *payload, size_t payload_len, uint8_t *out, size_t size)
{
	struct build b = nd_build_open(l, src, dst, next_header, hop_limit, out, size);

	if (payload_len > 0)
		writer_copy(&b.w, payload, payload_len);
	return nd_build_close(&b);
}
