/* SPDX-License-Identifier: BSD-3-Clause */
/* The tester's links: neighbour discovery on them, and what comes in. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include "mh/mh.h"
#include "nd/nd.h"
#include "tester.h"

#define MTU	  1500
#define ASKED_S	  10
#define AGAIN_MS  250
#define FRAME_MAX 1600

void
link_send(struct tester *t, const struct link *l, const uint8_t *frame, size_t len)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(t->pool);
	char *at = m != NULL ? rte_pktmbuf_append(m, (uint16_t)len) : NULL;

	if (at != NULL)
		memcpy(at, frame, len);
	if (at == NULL || rte_eth_tx_burst(l->eth_id, 0, &m, 1) != 1)
		rte_pktmbuf_free(m);
}

/* An own link-local address, for what asks. */
static struct addr6
source_of(const struct link *l)
{
	return addr6_link_local(&l->mac);
}

static void
take_nd(struct tester *t, struct link *l, const struct nd_frame *f)
{
	/* What was sent to one station is answered by it: at a gateway, by a mobile node. */
	const bool group = addr_mac_is_group(&f->eth_dst);
	const struct nd_link to = {.src_mac = group ? l->mac : f->eth_dst, .dst_mac = f->eth_src};
	uint8_t frame[ND_FRAME_MAX];
	struct nd_msg m;
	int len;

	if (nd_decode(f, &m) != ND_OK)
		return;
	if (m.type == ND_NA && addr6_equal(&m.na.target, &l->node) && m.has_ll) {
		l->node_mac = m.ll;
		l->node_known = true;
	}
	if (m.type == ND_RA && t->advertised != NULL)
		t->advertised(t, &f->eth_dst);
	/* All addresses but the node's are here; it is a probe for duplicates that has no source. */
	if (m.type != ND_NS || addr6_is_zero(&f->ip_src) || (group && t->gateway && l == t->side[PLAIN]))
		return;
	len = nd_na_encode(&to, &m.ns.target, &f->ip_src, &m.ns.target, ND_NA_SOLICITED | ND_NA_OVERRIDE, frame,
			   sizeof(frame));
	if (len > 0)
		link_send(t, l, frame, (size_t)len);
}

static void
take_other(struct tester *t, struct link *l, struct rte_mbuf *m)
{
	uint8_t buf[FRAME_MAX];
	uint32_t len = rte_pktmbuf_pkt_len(m);
	const uint8_t *frame = len <= sizeof(buf) ? rte_pktmbuf_read(m, 0, len, buf) : NULL;
	struct nd_frame f;

	if (frame == NULL || nd_frame_decode(frame, len, &f) < 0 || f.ethertype != ND_ETHERTYPE_IP6)
		return;
	if (f.next_header == ND_PROTO_ICMP6)
		take_nd(t, l, &f);
	else if (f.next_header == MH_PROTOCOL && t->heard != NULL)
		t->heard(t, frame, len);
}

void
link_poll(struct tester *t)
{
	struct rte_mbuf *m[PATH_BURST];

	for (int side = 0; side < SIDES; side++) {
		struct link *l = &t->link[side];
		unsigned int n = l->port != NULL ? rte_eth_rx_burst(l->eth_id, 0, m, PATH_BURST) : 0;
		uint64_t now = rte_rdtsc();

		for (unsigned int i = 0; i < n; i++)
			if (!trial_take(t, m[i], now))
				take_other(t, l, m[i]);
		rte_pktmbuf_free_bulk(m, n);
	}
}

static bool
resolve(struct tester *t, struct link *l)
{
	const struct nd_link to = {.src_mac = l->mac};
	const uint64_t hz = rte_get_tsc_hz(), end = rte_rdtsc() + ASKED_S * hz;
	struct addr6 src = source_of(l);
	uint8_t frame[ND_FRAME_MAX];
	int len = nd_ns_encode(&to, &src, &(struct addr6){{0}}, &l->node, frame, sizeof(frame));
	uint64_t asked = 0;
	char text[ADDR6_TEXT];

	while (len > 0 && !l->node_known && rte_rdtsc() < end && !bench_ended()) {
		if (rte_rdtsc() - asked > hz / 1000 * AGAIN_MS) {
			link_send(t, l, frame, (size_t)len);
			asked = rte_rdtsc();
		}
		link_poll(t);
	}
	if (!l->node_known)
		fprintf(stderr, "kedge-bench: nobody answers for %s\n", addr6_format(&l->node, text));
	return l->node_known;
}

bool
link_open(struct tester *t, enum side side)
{
	static const char *const names[SIDES] = {"tunnel", "plain"};
	const char *next = t->o->port[side].next;
	struct link *l = &t->link[side];
	struct path_port_settings s = {.name = names[side],
				       .device = t->o->port[side].device,
				       .id = side,
				       .role = PATH_CORE,
				       .mtu = MTU,
				       .rx_queues = 1,
				       .tx_queues = 1,
				       .pool = t->pool};
	struct path_port_info info;

	if (s.device == NULL)
		return true;
	if (t->side[TUNNEL] != NULL && strcmp(s.device, t->o->port[TUNNEL].device) == 0) {
		t->side[side] = t->side[TUNNEL];
		return true;
	}
	if (!world_port(&s, &l->port, &l->eth_id))
		return false;
	path_port_info_get(l->port, &info);
	l->mac = info.mac;
	t->side[side] = l;
	l->node = t->o->node;
	if (next != NULL && addr_mac_parse(next, &l->node_mac) == 0)
		l->node_known = true;
	else if (next != NULL && addr6_parse(next, &l->node) < 0)
		return bench_fail(next, EINVAL);
	/* What is sent nowhere needs no address of the node. */
	return l->node_known || (side == PLAIN && next == NULL) || resolve(t, l);
}

void
link_close(struct tester *t)
{
	for (int side = 0; side < SIDES; side++)
		path_port_close(t->link[side].port);
}
