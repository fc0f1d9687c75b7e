/* SPDX-License-Identifier: BSD-3-Clause */
/* A packet as it leaves or enters a tunnel; what is encapsulated comes out as it went in. */
#include "tun/tun.h"

#include <stdlib.h>

#define CHECK(truth)                                                                                                   \
	do {                                                                                                           \
		if (!(truth))                                                                                          \
			abort();                                                                                       \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Through a tunnel of our own and back: bytes is an IPv6 packet of len bytes. */
static void
round_trip(const uint8_t *bytes, uint16_t len, int limit)
{
	static uint8_t packet[TUN_HEADER_MAX + UINT16_MAX];
	struct tun_template t;
	struct tun_inner in;

	tun_template_init(&t, &(struct addr6){{1}}, &(struct addr6){{2}}, 64,
			  &(struct tun_style){limit, TUN_DSCP_COPY, false});
	memcpy(packet + t.len, bytes, len);
	tun_encap6(&t, packet, packet + t.len, len);
	CHECK(tun_decap(packet, t.len + (size_t)len, &in) == TUN_OK);
	CHECK(in.offset == t.len && in.len == len && in.limit == limit);
	CHECK(tun_decap_ecn(packet + in.offset, in.ecn) == 0);
	CHECK(memcmp(packet + in.offset, bytes, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	int limit = tun_limit_of(bytes, len), at = tun_limit_at(bytes, len);
	struct tun_inner in;

	CHECK(limit == TUN_LIMIT_NONE ? at == TUN_LIMIT_NONE : (size_t)at < len && bytes[at] == limit);
	if (tun_decap(bytes, len, &in) != TUN_OK)
		return 0;
	CHECK((size_t)in.offset + in.len <= len && in.len >= TUN_IP6_LEN && bytes[in.offset] >> 4 == 6);
	if (in.len <= UINT16_MAX - TUN_LIMIT_LEN)
		round_trip(bytes + in.offset, in.len, in.limit);
	return 0;
}
