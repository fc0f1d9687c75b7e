/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames of hosts: each is a sign of presence, and some want an answer from the router.
 */
#include "engine.h"

#define CLAIMS_PER_S   1 /* told */
#define DEFENCES_PER_S 1 /* so that two who both defend an address do not keep each other at it */

static const struct addr6 all_nodes = {{0xff, 0x02, [15] = 1}};
static const struct addr6 all_routers = {{0xff, 0x02, [15] = 2}};

/* The host has the router's address: whoever gave it to the router may have another. */
static void
router_taken(struct access *a, struct access_host *h)
{
	if (h->state == ACCESS_SERVED && rate_take(&h->taken, a->now_ms, CLAIMS_PER_S))
		access_act_host(a, ACCESS_ACT_ROUTER_TAKEN, h);
}

/* The router's address is the host's to find, never to have. */
static void
learn_link_local(struct access *a, struct access_host *h, const struct addr6 *src)
{
	if (addr6_equal(src, &h->router))
		router_taken(a, h);
	else if (addr6_is_link_local(src))
		h->link_local = *src;
}

static void
receive_rs(struct access *a, struct access_host *h)
{
	a->stat.counter[STAT_RS_RX]++;
	/* A pending host hears its advertisement with the decision. */
	if (h->state == ACCESS_SERVED || (h->state == ACCESS_LEAVING && h->farewells > 0))
		access_advertise_soon(a, h);
}

/* The router's address, to one who asks for it, or (asker zero) to a host that takes it for its own. */
static void
tell_router(struct access *a, struct access_host *h, const struct addr6 *asker)
{
	bool asked = !addr6_is_zero(asker);
	struct nd_link link;
	struct access_action *act = access_act_frame(a, h, &link);

	if (act != NULL && access_act_settle(a, act,
					     nd_na_encode(&link, &h->router, asked ? asker : &all_nodes, &h->router,
							  ND_NA_ROUTER | ND_NA_OVERRIDE | (asked ? ND_NA_SOLICITED : 0),
							  act->frame.bytes, sizeof(act->frame.bytes))))
		a->stat.counter[STAT_NA_TX]++;
}

/* The router answers for itself alone: a host's prefix has no other nodes to find on this link (RFC 5213 section 6.3).
 */
static void
receive_ns(struct access *a, struct access_host *h, const struct nd_frame *f, const struct nd_msg *m)
{
	bool detects = addr6_is_zero(&f->ip_src);

	a->stat.counter[STAT_NS_RX]++;
	if (!addr6_equal(&m->ns.target, &h->router)) {
		a->stat.drop[STAT_DROP_ND_UNUSED] += !detects; /* a host that tries its own address out wants silence */
		if (detects)
			h->tentative = m->ns.target;
		return;
	}
	a->stat.counter[STAT_ROUTER_CLAIMED] += detects;
	tell_router(a, h, &f->ip_src);
}

static void
receive_na(struct access *a, struct access_host *h, const struct nd_msg *m)
{
	a->stat.counter[STAT_NA_RX]++;
	if (!addr6_equal(&m->na.target, &h->router))
		return;
	a->stat.counter[STAT_ROUTER_CLAIMED]++;
	router_taken(a, h);
	if (rate_take(&h->defence, a->now_ms, DEFENCES_PER_S))
		tell_router(a, h, &(struct addr6){0});
}

static void
receive_echo(struct access *a, struct access_host *h, const struct nd_frame *f)
{
	struct access_action *act;
	struct nd_link link;

	if (addr6_is_zero(&f->ip_src) || addr6_is_multicast(&f->ip_src) ||
	    (!addr6_equal(&f->ip_dst, &h->router) && !addr6_equal(&f->ip_dst, &all_nodes) &&
	     !addr6_equal(&f->ip_dst, &all_routers))) {
		a->stat.drop[STAT_DROP_OWN_UNUSED]++;
		return;
	}
	if (!rate_take(&h->echo, a->now_ms, a->s.echo_replies_per_s)) {
		a->stat.drop[STAT_DROP_ICMP_RATE]++;
		return;
	}
	act = access_act_frame(a, h, &link);
	if (act != NULL &&
	    access_act_settle(a, act,
			      nd_echo_reply_encode(&link, f, &h->router, act->frame.bytes, sizeof(act->frame.bytes))))
		a->stat.counter[STAT_ECHO_REPLIES]++;
}

static void
receive_icmp(struct access *a, struct access_host *h, const struct nd_frame *f)
{
	struct nd_msg m;

	if (nd_decode(f, &m) != ND_OK) {
		a->stat.drop[STAT_DROP_ND_INVALID]++;
		return;
	}
	learn_link_local(a, h, &f->ip_src);
	if (m.type == ND_RS)
		receive_rs(a, h);
	else if (m.type == ND_NS)
		receive_ns(a, h, f, &m);
	else if (m.type == ND_NA)
		receive_na(a, h, &m);
	else if (m.type == ND_RA) /* no host is a router here */
		a->stat.drop[STAT_DROP_ND_UNUSED]++;
	else if (m.type == ND_ECHO_REQUEST)
		receive_echo(a, h, f);
	else
		a->stat.drop[STAT_DROP_OWN_UNUSED]++;
}

/* The host that a frame comes from, attached by it if it was not known; NULL when the frame is nobody's here. */
static struct access_host *
sender(struct access *a, const struct access_port *p, const struct nd_frame *f)
{
	const struct access_key key = {.port = p->id, .vlan = f->vlan, .mac = f->eth_src};
	struct access_host *h;

	if (addr_mac_is_group(&f->eth_src) || addr_mac_equal(&f->eth_src, &p->mac) ||
	    addr_mac_equal(&f->eth_src, &(struct addr_mac){{0}})) {
		a->stat.drop[STAT_DROP_IP_SOURCE]++;
		return NULL;
	}
	h = access_host_find(a, &key);
	if (h == NULL)
		return access_attach(a, p, &key);
	if (h->state == ACCESS_REFUSED || h->state == ACCESS_LEFT || h->state == ACCESS_GONE) {
		a->stat.drop[STAT_DROP_HOST_NOT_SERVED]++;
		return NULL;
	}
	access_heard(a, h);
	return h;
}

/* A served host's word to the router, or to all on its link; else data that came before the forwarding plane knew it.
 */
static enum stat_drop
unused(const struct access_host *h, const struct nd_frame *f)
{
	bool link =
		f->ethertype == ND_ETHERTYPE_IP6 && (addr6_is_link_local(&f->ip_dst) || addr6_is_multicast(&f->ip_dst));

	return h->state == ACCESS_SERVED && link ? STAT_DROP_OWN_UNUSED : STAT_DROP_HOST_PENDING;
}

void
access_receive(struct access *a, uint16_t port, const uint8_t *bytes, size_t len)
{
	const struct access_port *p = access_port_find(a, port);
	struct access_host *h;
	struct nd_frame f;

	if (nd_frame_decode(bytes, len, &f) != 0) {
		a->stat.drop[STAT_DROP_FRAME_SHORT]++;
		return;
	}
	if (p == NULL || (p->vlan != ACCESS_VLAN_ANY && f.vlan != p->vlan)) {
		a->stat.drop[STAT_DROP_VLAN]++;
		return;
	}
	if (p->down) {
		a->stat.drop[STAT_DROP_CARRIER]++;
		return;
	}
	h = sender(a, p, &f);
	if (h == NULL)
		return;
	if (f.ethertype != ND_ETHERTYPE_IP6 || f.next_header != ND_PROTO_ICMP6)
		a->stat.drop[unused(h, &f)]++;
	else if (!addr_mac_is_group(&f.eth_dst) && !addr_mac_equal(&f.eth_dst, &p->mac))
		a->stat.drop[STAT_DROP_NOT_FOR_US]++;
	else
		receive_icmp(a, h, &f);
}
