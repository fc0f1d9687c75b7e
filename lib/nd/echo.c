/* SPDX-License-Identifier: BSD-3-Clause */
/* The answer to a ping: RFC 4443 section 4.2. */
#include <errno.h>

#include "build.h"
#include "wire.h"

int
nd_echo_reply_encode(const struct nd_link *l, const struct nd_frame *f, const struct addr6 *src, uint8_t *out,
		     size_t size)
{
	struct build b;

	if (f->payload_len < WIRE_ICMP6_HEAD)
		return -EINVAL;
	b = nd_build_open(l, src, &f->ip_src, ND_PROTO_ICMP6, WIRE_HOP_LIMIT_DEFAULT, out, size);
	writer_u8(&b.w, WIRE_ECHO_REPLY);
	writer_u8(&b.w, 0);
	writer_u16(&b.w, 0);				       /* the checksum, when all is written */
	writer_copy(&b.w, f->payload + 4, f->payload_len - 4); /* identifier, sequence number and data as they came */
	return nd_build_close_icmp6(&b);
}
