/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames that come from the neighbours, gateways, anchors and mobile nodes around the node. */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#define ETH 14

struct addr6
ip6(const char *text)
{
	struct addr6 a;

	if (addr6_parse(text, &a) != 0)
		abort();
	return a;
}

struct addr_mac
mac(const char *text)
{
	struct addr_mac m;

	if (addr_mac_parse(text, &m) != 0)
		abort();
	return m;
}

struct addr_prefix
prefix(const char *text)
{
	struct addr_prefix p;

	if (addr_prefix_parse(text, &p) != 0)
		abort();
	return p;
}

struct frame
packet(const char *src_mac, const char *dst_mac, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header,
       const void *payload, size_t len)
{
	const struct nd_link link = {.src_mac = mac(src_mac), .dst_mac = mac(dst_mac)};
	struct frame f;
	int n = nd_ip6_encode(&link, src, dst, next_header, 64, payload, len, f.b, sizeof(f.b));

	NEED(n > 0);
	f.len = (size_t)n;
	return f;
}

struct frame
downlink(const struct addr6 *src, const struct addr6 *dst, size_t len)
{
	uint8_t payload[RIG_FRAME_MAX] = {0};

	return packet(ROUTER_MAC, NODE_MAC, src, dst, 17, payload, len - 40);
}

struct frame
uplink(const char *host_mac, const struct addr6 *src, const struct addr6 *dst)
{
	uint8_t payload[24] = {0};

	return packet(host_mac, LINK_MAC, src, dst, 17, payload, sizeof(payload));
}

struct frame
tunnelled(const char *from, const char *to, const struct frame *inner)
{
	struct addr6 src = ip6(from), dst = ip6(to);

	return packet(ROUTER_MAC, NODE_MAC, &src, &dst, 41, inner->b + ETH, inner->len - ETH);
}

struct frame
echo_request(const struct addr6 *src, const struct addr6 *dst)
{
	uint8_t message[16] = {128, 0, 0, 0, 0, 1, 0, 2};
	uint16_t sum = nd_checksum(src, dst, ND_PROTO_ICMP6, message, sizeof(message));

	message[2] = (uint8_t)(sum >> 8);
	message[3] = (uint8_t)sum;
	return packet(ROUTER_MAC, NODE_MAC, src, dst, ND_PROTO_ICMP6, message, sizeof(message));
}

struct frame
solicitation(const char *host_mac)
{
	const struct nd_link link = {.src_mac = mac(host_mac)};
	struct addr6 src = addr6_link_local(&link.src_mac);
	struct frame f;
	int n = nd_rs_encode(&link, &src, f.b, sizeof(f.b));

	NEED(n > 0);
	f.len = (size_t)n;
	return f;
}

struct frame
rig_message(const char *from, const struct mh_msg *m)
{
	struct addr6 src = ip6(from), dst = ip6(NODE);
	uint8_t bytes[MH_LEN_MAX];
	int n = mh_encode(m, &src, &dst, bytes, sizeof(bytes));

	NEED(n > 0);
	return packet(ROUTER_MAC, NODE_MAC, &src, &dst, MH_PROTOCOL, bytes, (size_t)n);
}

struct frame
rig_update(struct rig *r, const struct update *u)
{
	const char *mn = u->mn != NULL ? u->mn : MN1;
	struct mh_msg m = {.type = MH_PBU, .pbu = {.flags = MH_PBU_A | MH_PBU_P, .sequence = ++r->sequence}};
	const struct addr_prefix all_zero = {0};

	r->now.wall += 10; /* updates of one moment come one after the other all the same */
	m.pbu.lifetime = u->dereg ? 0 : 900;
	mh_set(&m, MH_OPT_MN_ID);
	m.opt.mn_id.subtype = 1;
	m.opt.mn_id.len = (uint8_t)strlen(mn);
	memcpy(m.opt.mn_id.id, mn, strlen(mn));
	mh_add_hnp(&m, u->hnp != NULL ? u->hnp : &all_zero);
	mh_set(&m, MH_OPT_HANDOFF_INDICATOR);
	m.opt.handoff.value = u->handoff != 0 ? u->handoff : u->dereg ? MH_HANDOFF_UNKNOWN : MH_HANDOFF_NEW_INTERFACE;
	mh_set(&m, MH_OPT_ACCESS_TECH_TYPE);
	m.opt.access_tech.value = u->att != 0 ? u->att : MH_ATT_WLAN;
	mh_set(&m, MH_OPT_MN_LINK_LAYER_ID);
	m.opt.mn_ll_id.len = 6;
	memcpy(m.opt.mn_ll_id.id, mac(u->ll_id != NULL ? u->ll_id : strcmp(mn, MN1) != 0 ? MN2_MAC : MN1_MAC).b, 6);
	mh_set(&m, MH_OPT_TIMESTAMP);
	m.opt.timestamp.wall = r->now.wall;
	if (u->alt_coa != NULL) {
		mh_set(&m, MH_OPT_ALTERNATE_COA);
		m.opt.alt_coa.addr = ip6(u->alt_coa);
	}
	return rig_message(u->mag != NULL ? u->mag : MAG1, &m);
}

void
rig_pbu(struct rig *r, const struct update *u)
{
	struct frame f = rig_update(r, u);

	rig_send(r, CORE, &f);
}

void
rig_pba(struct rig *r, const struct mh_msg *pbu, enum mh_status status, const struct addr_prefix *hnp)
{
	struct mh_msg m = {.type = MH_PBA,
			   .pba = {.status = (uint8_t)status, .flags = MH_PBA_P, .sequence = pbu->pbu.sequence},
			   .opt = pbu->opt};
	struct frame f;

	m.pba.lifetime = hnp != NULL ? pbu->pbu.lifetime : 0;
	m.opt.hnp_count = 0;
	mh_add_hnp(&m, hnp != NULL ? hnp : &(struct addr_prefix){0});
	f = rig_message(ANCHOR, &m);
	rig_send(r, CORE, &f);
}
