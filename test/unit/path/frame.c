/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

const struct addr6 *
place(enum place p)
{
	static const char *const text[PLACES] = {
#define PLACE(NAME, address) address,
#define STATION(NAME, mac)
#include "place.def"
#undef PLACE
#undef STATION
	};
	static struct addr6 a[PLACES];

	if (addr6_parse(text[p], &a[p]) != 0)
		abort();
	return &a[p];
}

const struct addr_mac *
station(enum station s)
{
	static const char *const text[STATIONS] = {
#define PLACE(NAME, address)
#define STATION(NAME, mac) mac,
#include "place.def"
#undef PLACE
#undef STATION
	};
	static struct addr_mac m[STATIONS];

	if (addr_mac_parse(text[s], &m[s]) != 0)
		abort();
	return &m[s];
}

struct frame *
frame_macs(struct frame *f, enum station dst_mac, enum station src_mac)
{
	memcpy(f->b, station(dst_mac), 6);
	memcpy(f->b + 6, station(src_mac), 6);
	return f;
}

struct frame *
frame_ip6(struct frame *f, enum station dst_mac, enum station src_mac, enum place src, enum place dst,
	  uint8_t next_header, uint8_t hop_limit, uint32_t payload_len)
{
	uint8_t *ip = f->b + ETH;

	frame_macs(f, dst_mac, src_mac);
	f->b[12] = 0x86;
	f->b[13] = 0xdd;
	memset(ip, 0, IP6);
	ip[0] = 0x60;
	ip[4] = payload_len >> 8;
	ip[5] = payload_len & 0xff;
	ip[6] = next_header;
	ip[7] = hop_limit;
	memcpy(ip + 8, place(src), 16);
	memcpy(ip + 24, place(dst), 16);
	for (uint32_t i = 0; i < payload_len; i++)
		ip[IP6 + i] = i & 0xff;
	f->len = ETH + IP6 + payload_len;
	return f;
}

static void
frame_insert(struct frame *f, uint32_t at, const void *bytes, uint32_t n)
{
	memmove(f->b + at + n, f->b + at, f->len - at);
	memcpy(f->b + at, bytes, n);
	f->len += n;
}

struct frame *
frame_tag(struct frame *f, uint16_t vlan)
{
	uint8_t tag[4] = {0x81, 0x00, vlan >> 8, vlan & 0xff};

	frame_insert(f, 12, tag, sizeof(tag));
	return f;
}

struct frame *
frame_behind(struct frame *f, uint8_t protocol, const void *header, uint32_t len)
{
	uint32_t payload_len = f->len - ETH - IP6 + len;

	frame_insert(f, ETH + IP6, header, len);
	f->b[ETH + 4] = payload_len >> 8;
	f->b[ETH + 5] = payload_len & 0xff;
	f->b[ETH + 6] = protocol;
	return f;
}

struct frame *
frame_wrap(struct frame *f, enum place src, enum place dst)
{
	uint32_t len = f->len - ETH;
	uint8_t outer[IP6] = {f->b[ETH], f->b[ETH + 1] & 0xf0, 0, 0, len >> 8, len & 0xff, 41, 64};

	memcpy(outer + 8, place(src), 16);
	memcpy(outer + 24, place(dst), 16);
	frame_insert(f, ETH, outer, sizeof(outer));
	return f;
}

struct frame *
frame_fragment(struct frame *f, const struct frame *whole, uint32_t at, uint32_t len, bool more, uint8_t id)
{
	uint8_t *ip = f->b + ETH;
	const uint8_t header[8] = {41, 0, at >> 8, (at & 0xf8) | more, 0, 0, 0, id};

	memcpy(f->b, whole->b, ETH + IP6);
	memcpy(ip + IP6, header, sizeof(header));
	memcpy(ip + IP6 + 8, whole->b + ETH + IP6 + at, len);
	ip[4] = (len + 8) >> 8;
	ip[5] = (len + 8) & 0xff;
	ip[6] = 44;
	f->len = ETH + IP6 + 8 + len;
	return f;
}
