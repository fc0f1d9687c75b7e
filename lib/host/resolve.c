/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Address resolution and unreachability detection (RFC 4861 sections 7.2 and 7.3). Two things go beyond the RFC's
 * table of states: a neighbour that did not answer is remembered for a hold-down time, and one that a route leads to
 * is taken to be in use all the time, so that it is probed as soon as it is not known to be reachable.
 */
#include "engine.h"

static bool
knows_mac(const struct host_neighbour *n)
{
	return n->state != HOST_INCOMPLETE && n->state != HOST_FAILED;
}

/* By multicast while the MAC address is not known, else by unicast. */
static void
solicit(struct host *h, const struct host_neighbour *n)
{
	const struct host_port *p = &h->port[n->port];
	const struct nd_link link = {.src_mac = p->mac, .dst_mac = n->mac, .vlan = p->vlan};
	const struct addr6 *src = host_own_source(h, p, &n->addr);
	const struct addr6 by_group = {0};
	struct host_action *a;

	if (src == NULL) /* duplicate address detection still goes on */
		return;
	a = host_act(h, HOST_ACT_FRAME, p);
	if (a != NULL && host_act_settle(h, a,
					 nd_ns_encode(&link, src, n->state == HOST_INCOMPLETE ? &by_group : &n->addr,
						      &n->addr, a->frame.bytes, sizeof(a->frame.bytes))))
		h->stat.counter[STAT_NS_TX]++;
}

static void
ask(struct host *h, struct host_neighbour *n, enum host_state state)
{
	n->tries = n->state == state ? n->tries + 1 : 1;
	host_neighbour_enter(h, n, state, h->now_ms + h->s.retrans_ms);
	solicit(h, n);
}

static void
confirmed(struct host *h, struct host_neighbour *n)
{
	host_neighbour_enter(h, n, HOST_REACHABLE, h->now_ms + h->s.reachable_ms);
	host_neighbour_flush(h, n);
}

/* Its MAC address is known but nobody knows whether it is there. */
static void
unconfirmed(struct host *h, struct host_neighbour *n)
{
	n->tries = 0;
	if (n->kept)
		ask(h, n, HOST_PROBE);
	else if (n->waiting_count > 0)
		host_neighbour_enter(h, n, HOST_DELAY, h->now_ms + h->s.delay_ms);
	else
		host_neighbour_enter(h, n, HOST_STALE, DEADLINE_NEVER);
	host_neighbour_flush(h, n);
}

static void
failed(struct host *h, struct host_neighbour *n)
{
	struct host_action *a = host_act(h, HOST_ACT_UNREACHABLE, &h->port[n->port]);

	if (a != NULL)
		a->unreachable.next_hop = n->addr;
	host_neighbour_drop_waiting(h, n);
	n->mac = (struct addr_mac){0};
	host_neighbour_enter(h, n, HOST_FAILED, h->now_ms + h->s.hold_down_ms);
}

void
host_resolve_due(struct host *h, struct host_neighbour *n)
{
	switch (n->state) {
	case HOST_INCOMPLETE:
		if (n->tries < HOST_TRIES)
			ask(h, n, HOST_INCOMPLETE);
		else
			failed(h, n);
		break;
	case HOST_REACHABLE:
		unconfirmed(h, n);
		break;
	case HOST_DELAY:
		ask(h, n, HOST_PROBE);
		break;
	case HOST_PROBE:
		if (n->tries < HOST_TRIES)
			ask(h, n, HOST_PROBE);
		else if (n->kept) /* it may have come back with another MAC address */
			ask(h, n, HOST_INCOMPLETE);
		else
			host_neighbour_del(h, n);
		break;
	case HOST_FAILED:
		if (n->kept)
			ask(h, n, HOST_INCOMPLETE);
		else
			host_neighbour_del(h, n);
		break;
	default: /* no deadline is set in the others */
		break;
	}
}

/* The port may speak from now on: neighbours that nobody could be asked for until now are due at once. */
void
host_resolve_begin(struct host *h, const struct host_port *p)
{
	for (uint32_t i = 0; i < h->s.neighbours_max; i++) {
		struct host_neighbour *n = &h->neighbour[i];

		if (!index_pool_is_taken(&h->neighbour_ids, i) || &h->port[n->port] != p || n->state != HOST_INCOMPLETE)
			continue;
		n->tries = 0;
		deadline_set(&h->neighbour_due, i, h->now_ms);
	}
}

static bool
may_be_neighbour(struct host *h, const struct host_port *p, const struct addr6 *addr)
{
	return !addr6_is_zero(addr) && !addr6_is_multicast(addr) && host_own_find(h, p, addr) == NULL;
}

/* The neighbour, under way to be resolved if it was not known; NULL when it cannot be had. */
static struct host_neighbour *
use(struct host *h, const struct host_port *p, const struct addr6 *next_hop)
{
	struct host_neighbour *n = host_neighbour_find(h, p, next_hop);

	if (n == NULL && may_be_neighbour(h, p, next_hop)) {
		n = host_neighbour_add(h, p, next_hop, true);
		if (n != NULL)
			ask(h, n, HOST_INCOMPLETE);
	}
	if (n == NULL) {
		h->stat.drop[STAT_DROP_NO_ADJACENCY]++;
		return NULL;
	}
	host_neighbour_touch(h, n);
	if (n->state == HOST_STALE)
		host_neighbour_enter(h, n, HOST_DELAY, h->now_ms + h->s.delay_ms);
	return n;
}

void
host_resolve_send(struct host *h, const struct host_port *p, const struct addr6 *next_hop, const uint8_t *packet,
		  size_t len)
{
	struct host_neighbour *n;

	if (len > HOST_PACKET_MAX) {
		h->stat.drop[STAT_DROP_TOO_BIG]++;
		return;
	}
	if (addr6_is_multicast(next_hop)) {
		struct addr_mac group = addr_mac_of_group(next_hop);

		host_packet_send(h, p, &group, packet, len);
		return;
	}
	n = use(h, p, next_hop);
	if (n == NULL)
		return;
	if (knows_mac(n))
		host_packet_send(h, p, &n->mac, packet, len);
	else if (n->state == HOST_INCOMPLETE)
		host_neighbour_wait(h, n, packet, len);
	else
		h->stat.drop[STAT_DROP_NO_ADJACENCY]++;
}

void
host_resolve_want(struct host *h, const struct host_port *p, const struct addr6 *next_hop, bool once)
{
	struct host_neighbour *n = host_neighbour_find(h, p, next_hop);

	if (n != NULL) /* the forwarding plane may have forgotten it, of its own will or with a route */
		host_neighbour_tell_again(h, n);
	n = use(h, p, next_hop);
	if (n == NULL || once || n->kept)
		return;
	n->kept = true;
	host_neighbour_touch(h, n);
	if (n->state == HOST_DELAY)
		ask(h, n, HOST_PROBE);
}

void
host_resolve_release(struct host *h, const struct host_port *p, const struct addr6 *next_hop)
{
	struct host_neighbour *n = host_neighbour_find(h, p, next_hop);

	if (n == NULL || !n->kept)
		return;
	n->kept = false;
	host_neighbour_touch(h, n);
}

void
host_resolve_advertised(struct host *h, const struct host_port *p, const struct nd_msg *m)
{
	struct host_neighbour *n = host_neighbour_find(h, p, &m->na.target);
	bool solicited = m->na.flags & ND_NA_SOLICITED, override = m->na.flags & ND_NA_OVERRIDE;
	bool differs;

	if (n == NULL || n->state == HOST_STATIC || (!knows_mac(n) && !m->has_ll)) {
		h->stat.drop[STAT_DROP_ND_UNUSED]++;
		return;
	}
	differs = m->has_ll && !addr_mac_equal(&m->ll, &n->mac);
	if (knows_mac(n) && differs && !override) {
		if (n->state == HOST_REACHABLE)
			unconfirmed(h, n);
		return;
	}
	if (differs)
		n->mac = m->ll;
	if (solicited)
		confirmed(h, n);
	else if (differs || !knows_mac(n))
		unconfirmed(h, n);
}

void
host_resolve_solicited(struct host *h, const struct host_port *p, const struct addr6 *from, const struct addr_mac *mac)
{
	struct host_neighbour *n = host_neighbour_find(h, p, from);

	/* Only of addresses on this link: a forged source elsewhere shall not turn into a neighbour. */
	if (n == NULL && may_be_neighbour(h, p, from) && host_own_on_link(h, p, from))
		n = host_neighbour_add(h, p, from, false);
	if (n == NULL || n->state == HOST_STATIC || (knows_mac(n) && addr_mac_equal(&n->mac, mac)))
		return;
	n->mac = *mac;
	unconfirmed(h, n);
}

void
host_static_add(struct host *h, const struct host_port *p, const struct addr6 *addr, const struct addr_mac *mac)
{
	struct host_neighbour *n = host_neighbour_find(h, p, addr);

	if (n == NULL && may_be_neighbour(h, p, addr))
		n = host_neighbour_add(h, p, addr, true);
	if (n == NULL) {
		h->stat.drop[STAT_DROP_NO_ADJACENCY]++;
		return;
	}
	n->mac = *mac;
	host_neighbour_enter(h, n, HOST_STATIC, DEADLINE_NEVER);
	host_neighbour_touch(h, n);
	host_neighbour_flush(h, n);
}

void
host_static_del(struct host *h, const struct host_port *p, const struct addr6 *addr)
{
	struct host_neighbour *n = host_neighbour_find(h, p, addr);

	if (n == NULL || n->state != HOST_STATIC)
		return;
	if (n->kept)
		ask(h, n, HOST_INCOMPLETE);
	else
		host_neighbour_del(h, n);
}
