/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Own addresses: tentative until duplicate address detection has let them through (RFC 4862 section 5.4), then
 * defended and spoken from, or a duplicate and never touched again.
 */
#include "engine.h"

static const struct addr6 all_nodes = {{0xff, 0x02, [15] = 1}};

static void
probe(struct host *h, struct host_own *o)
{
	const struct host_port *p = &h->port[o->port];
	const struct nd_link link = {.src_mac = p->mac, .vlan = p->vlan};
	const struct addr6 none = {0};
	struct host_action *a = host_act(h, HOST_ACT_FRAME, p);

	if (a != NULL &&
	    host_act_settle(h, a, nd_ns_encode(&link, &none, &none, &o->addr, a->frame.bytes, sizeof(a->frame.bytes))))
		h->stat.counter[STAT_NS_TX]++;
}

static void
tell(struct host *h, const struct host_own *o)
{
	struct host_action *a = host_act(h, HOST_ACT_ADDRESS, &h->port[o->port]);

	if (a == NULL)
		return;
	a->address.addr = o->addr;
	a->address.usable = o->state == HOST_OWN_USABLE;
}

void
host_own_due(struct host *h, struct host_own *o)
{
	if (o->probes < h->s.dad_probes) {
		probe(h, o);
		o->probes++;
		deadline_set(&h->own_due, (uint32_t)(o - h->own), h->now_ms + h->s.retrans_ms);
		return;
	}
	o->state = HOST_OWN_USABLE;
	tell(h, o);
	/* Neighbours that knew the address by another MAC, from before a restart, learn better (RFC 4861
	 * section 7.2.6). */
	host_own_advertise(h, &h->port[o->port], &o->addr, NULL, NULL);
	host_resolve_begin(h, &h->port[o->port]);
}

void
host_own_duplicate(struct host *h, struct host_own *o)
{
	o->state = HOST_OWN_DUPLICATE;
	deadline_clear(&h->own_due, (uint32_t)(o - h->own));
	tell(h, o);
}

struct host_own *
host_own_find(struct host *h, const struct host_port *p, const struct addr6 *addr)
{
	for (uint32_t i = p->own_first; i < p->own_first + p->own_count; i++)
		if (addr6_equal(&h->own[i].addr, addr))
			return &h->own[i];
	return NULL;
}

static bool
shares_prefix(const struct host_own *o, const struct addr6 *addr)
{
	const struct addr_prefix on_link = addr_prefix_mask(&o->addr, o->len);

	return addr_prefix_holds(&on_link, addr);
}

bool
host_own_on_link(const struct host *h, const struct host_port *p, const struct addr6 *addr)
{
	for (uint32_t i = p->own_first; i < p->own_first + p->own_count; i++)
		if (shares_prefix(&h->own[i], addr))
			return true;
	return false;
}

/* One of the neighbour's own prefix where there is one, else the first usable: the link-local address if it is. */
const struct addr6 *
host_own_source(const struct host *h, const struct host_port *p, const struct addr6 *to)
{
	const struct addr6 *any = NULL;

	for (uint32_t i = p->own_first; i < p->own_first + p->own_count; i++) {
		const struct host_own *o = &h->own[i];

		if (o->state != HOST_OWN_USABLE)
			continue;
		if (shares_prefix(o, to))
			return &o->addr;
		if (any == NULL)
			any = &o->addr;
	}
	return any;
}

/* To one neighbour as an answer, or unasked to all of them where `to` is NULL (RFC 4861 sections 7.2.4 and 7.2.6). */
void
host_own_advertise(struct host *h, const struct host_port *p, const struct addr6 *target, const struct addr6 *to,
		   const struct addr_mac *to_mac)
{
	const struct nd_link link = {
		.src_mac = p->mac,
		.dst_mac = to != NULL ? *to_mac : addr_mac_of_group(&all_nodes),
		.vlan = p->vlan,
	};
	const uint8_t flags = ND_NA_OVERRIDE | (h->s.router ? ND_NA_ROUTER : 0) | (to != NULL ? ND_NA_SOLICITED : 0);
	struct host_action *a = host_act(h, HOST_ACT_FRAME, p);

	if (a != NULL && host_act_settle(h, a,
					 nd_na_encode(&link, target, to != NULL ? to : &all_nodes, target, flags,
						      a->frame.bytes, sizeof(a->frame.bytes))))
		h->stat.counter[STAT_NA_TX]++;
}
