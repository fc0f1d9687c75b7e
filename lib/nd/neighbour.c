/* SPDX-License-Identifier: BSD-3-Clause */
/* Solicitations and neighbour advertisements: RFC 4861 sections 4.1, 4.3 and 4.4. */
#include "build.h"
#include "wire.h"

static const struct addr6 all_nodes = {{0xff, 0x02, [15] = 1}};
static const struct addr6 all_routers = {{0xff, 0x02, [15] = 2}};

/* The link to a group that this room chose, whose MAC is no choice of the caller's. */
static struct nd_link
group_link(const struct nd_link *l)
{
	return (struct nd_link){.src_mac = l->src_mac, .vlan = l->vlan};
}

int
nd_rs_encode(const struct nd_link *l, const struct addr6 *src, uint8_t *out, size_t size)
{
	struct build b = nd_build_open(l, src, &all_routers, ND_PROTO_ICMP6, ND_HOP_LIMIT, out, size);

	nd_build_icmp6(&b, WIRE_RS, 0, 0);
	if (!addr6_is_zero(src))
		nd_build_ll(&b, WIRE_OPT_SOURCE_LL, &l->src_mac);
	return nd_build_close_icmp6(&b);
}

int
nd_ns_encode(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, const struct addr6 *target,
	     uint8_t *out, size_t size)
{
	bool to_group = addr6_is_zero(dst);
	struct nd_link link = to_group ? group_link(l) : *l;
	struct addr6 to = to_group ? addr6_solicited_node(target) : *dst;
	struct build b = nd_build_open(&link, src, &to, ND_PROTO_ICMP6, ND_HOP_LIMIT, out, size);

	nd_build_icmp6(&b, WIRE_NS, 0, 0);
	writer_addr6(&b.w, target);
	if (!addr6_is_zero(src))
		nd_build_ll(&b, WIRE_OPT_SOURCE_LL, &l->src_mac);
	return nd_build_close_icmp6(&b);
}

int
nd_na_encode(const struct nd_link *l, const struct addr6 *src, const struct addr6 *dst, const struct addr6 *target,
	     uint8_t flags, uint8_t *out, size_t size)
{
	bool to_group = addr6_is_zero(dst);
	struct nd_link link = to_group ? group_link(l) : *l;
	struct build b =
		nd_build_open(&link, src, to_group ? &all_nodes : dst, ND_PROTO_ICMP6, ND_HOP_LIMIT, out, size);

	if (to_group)
		flags &= (uint8_t)~ND_NA_SOLICITED;
	nd_build_icmp6(&b, WIRE_NA, 0, (uint32_t)flags << 24);
	writer_addr6(&b.w, target);
	nd_build_ll(&b, WIRE_OPT_TARGET_LL, &l->src_mac);
	return nd_build_close_icmp6(&b);
}
