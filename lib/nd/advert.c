/* SPDX-License-Identifier: BSD-3-Clause */
/* Router advertisements: RFC 4861 sections 4.2 and 4.6. */
#include <errno.h>

#include "build.h"
#include "wire.h"

static void
write_mtu(struct writer *w, uint32_t mtu)
{
	writer_u8(w, WIRE_OPT_MTU);
	writer_u8(w, WIRE_OPT_MTU_UNITS);
	writer_u16(w, 0); /* reserved */
	writer_u32(w, mtu);
}

static void
write_prefix(struct writer *w, const struct nd_prefix_info *p)
{
	struct addr_prefix masked = addr_prefix_mask(&p->prefix.addr, p->prefix.len);

	writer_u8(w, WIRE_OPT_PREFIX);
	writer_u8(w, WIRE_OPT_PREFIX_UNITS);
	writer_u8(w, masked.len);
	writer_u8(w, (uint8_t)((p->on_link ? WIRE_PREFIX_ON_LINK : 0) | (p->autonomous ? WIRE_PREFIX_AUTONOMOUS : 0)));
	writer_u32(w, p->valid_s);
	writer_u32(w, p->preferred_s < p->valid_s ? p->preferred_s : p->valid_s);
	writer_u32(w, 0); /* reserved */
	writer_addr6(w, &masked.addr);
}

int
nd_ra_encode(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, const struct nd_ra *ra,
	     uint8_t *out, size_t size)
{
	struct build b = nd_build_open(l, src, dst, ND_PROTO_ICMP6, ND_HOP_LIMIT, out, size);
	unsigned int flags = (ra->managed ? WIRE_RA_MANAGED : 0) | (ra->other ? WIRE_RA_OTHER : 0);

	if (ra->prefix_count > ND_PREFIX_MAX)
		return -EINVAL;
	nd_build_icmp6(&b, WIRE_RA, 0, (uint32_t)ra->hop_limit << 24 | flags << 16 | ra->router_lifetime_s);
	writer_u32(&b.w, ra->reachable_ms);
	writer_u32(&b.w, ra->retrans_ms);
	if (ra->with_ll)
		nd_build_ll(&b, WIRE_OPT_SOURCE_LL, &l->src_mac);
	if (ra->mtu != 0)
		write_mtu(&b.w, ra->mtu);
	for (unsigned int i = 0; i < ra->prefix_count; i++)
		write_prefix(&b.w, &ra->prefix[i]);
	return nd_build_close_icmp6(&b);
}
