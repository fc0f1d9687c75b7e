/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "base/cursor.h"
#include "extension.h"
#include "nd/nd.h"
#include "wire.h"

static int
decode_ip6(struct cursor *c, struct nd_frame *f)
{
	struct extension e;
	uint16_t payload_len;
	unsigned int version;

	f->ip = c->at;
	version = cursor_u32(c) >> 28;
	payload_len = cursor_u16(c);
	f->next_header = cursor_u8(c);
	f->hop_limit = cursor_u8(c);
	f->ip_src = cursor_addr6(c);
	f->ip_dst = cursor_addr6(c);
	/* What lies behind the payload is Ethernet padding; a jumbogram's length of zero leaves no payload. */
	if (c->failed || version != 6 || payload_len > cursor_left(c))
		return -EINVAL;
	f->ip_len = WIRE_IP6_LEN + (size_t)payload_len;
	if (nd_extension_walk(f->ip, f->ip_len, EXTENSION_RECEIVE, &e) != 0)
		return -EINVAL;
	f->next_header = e.next_header;
	f->next_header_at = e.next_header_at;
	f->fragment = e.fragment;
	f->fault = e.fault;
	f->fault_code = e.fault_code;
	f->fault_pointer = e.fault_pointer;
	f->payload = f->ip + e.at;
	f->payload_len = f->ip_len - e.at;
	return 0;
}

int
nd_frame_decode(const uint8_t *bytes, size_t len, struct nd_frame *out)
{
	struct cursor c = cursor_on(bytes, len);

	*out = (struct nd_frame){.vlan = ND_VLAN_NONE};
	cursor_copy(&c, &out->eth_dst, sizeof(out->eth_dst));
	cursor_copy(&c, &out->eth_src, sizeof(out->eth_src));
	out->ethertype = cursor_u16(&c);
	if (out->ethertype == WIRE_ETHERTYPE_VLAN) {
		out->vlan = cursor_u16(&c) & 0xfff; /* without priority and drop eligibility */
		out->ethertype = cursor_u16(&c);
	}
	if (c.failed)
		return -EINVAL;
	return out->ethertype == ND_ETHERTYPE_IP6 ? decode_ip6(&c, out) : 0;
}
