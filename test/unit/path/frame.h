/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Frames written out byte by byte, without the encoders of the rooms under test; each maker returns the frame itself.
 */
#include <stdint.h>

#include "base/addr.h"

#define FRAME_MAX 2048
#define ETH	  14
#define IP6	  40

/* Protocols and extension headers. */
enum { TCP = 6, UDP = 17, FRAGMENT = 44, ICMP6 = 58, MOBILITY = 135 };

enum place {
#define PLACE(NAME, address) NAME,
#define STATION(NAME, mac)
#include "place.def"
#undef PLACE
#undef STATION
	PLACES
};

enum station {
#define PLACE(NAME, address)
#define STATION(NAME, mac) NAME,
#include "place.def"
#undef PLACE
#undef STATION
	STATIONS
};

struct frame {
	uint32_t len;
	uint8_t b[FRAME_MAX];
};

const struct addr6 *place(enum place p);
const struct addr_mac *station(enum station s);

/* Ethernet and IPv6 with payload_len bytes that count up from 0. */
struct frame *frame_ip6(struct frame *f, enum station dst_mac, enum station src_mac, enum place src, enum place dst,
			uint8_t next_header, uint8_t hop_limit, uint32_t payload_len);
/* Set a VLAN tag in front of the EtherType. */
struct frame *frame_tag(struct frame *f, uint16_t vlan);
/* Put an extension header, or GRE, behind the outermost IPv6 header, which names it by protocol. */
struct frame *frame_behind(struct frame *f, uint8_t protocol, const void *header, uint32_t len);
/* Put an outer IPv6 header (hop limit 64, class of the inner one) between Ethernet and the packet. */
struct frame *frame_wrap(struct frame *f, enum place src, enum place dst);
/* Octets at.. of the tunnel packet of whole, len of them, as a fragment of it. */
struct frame *frame_fragment(struct frame *f, const struct frame *whole, uint32_t at, uint32_t len, bool more,
			     uint8_t id);
struct frame *frame_macs(struct frame *f, enum station dst_mac, enum station src_mac);

static inline uint8_t *
frame_hop_limit(struct frame *f)
{
	return &f->b[ETH + 7];
}
