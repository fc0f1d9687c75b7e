/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets to mobile nodes whose sessions share prefixes: the first rule that fits says by which session a packet goes
 * (RFC 7864, RFC 6088), or it goes by that of its prefix. Fragments have the way of the first of their packet, where
 * that one has come before them; by themselves they are known as far as their own headers tell.
 */
#include <rte_malloc.h>

#include "fwd/flows.h"
#include "stage.h"

#define REMEMBERED 256 /* first fragments; a power of two */
#define PORTS_LEN  4   /* source and destination, at the beginning of each protocol that has ports */

/* Whose fragment it is. */
struct fragment_key {
	struct addr6 src, dst;
	uint8_t id[4];
};

/* A packet whose first fragment was seen. Of no use when the list has been replaced. */
struct flow_fragment {
	struct fragment_key key;
	uint32_t rule; /* as rule_of says it */
	uint64_t generation;
};

struct flow_memory {
	struct flow_fragment fragment[REMEMBERED];
};

bool
path_worker_flows_init(struct path_worker *w, const struct path_settings *s)
{
	w->flows =
		rte_zmalloc_socket("path_flows", sizeof(*w->flows), RTE_CACHE_LINE_SIZE, path_worker_socket(s, w->id));
	return w->flows != NULL;
}

void
path_worker_flows_fini(struct path_worker *w)
{
	rte_free(w->flows);
}

static struct flow_fragment *
place_of(const struct path_worker *w, const struct fragment_key *k)
{
	return &w->flows->fragment[hash_bytes(&w->path->secret, k, sizeof(*k)) % REMEMBERED];
}

static bool
has_ports(uint8_t protocol)
{
	return protocol == WIRE_TCP || protocol == WIRE_UDP || protocol == WIRE_SCTP || protocol == WIRE_DCCP ||
	       protocol == WIRE_UDP_LITE;
}

/* What the header at u tells, that of the transport protocol or of IPsec. */
static void
look_at_upper(struct fwd_flow_packet *p, const uint8_t *ip, uint32_t len, const struct path_upper *u)
{
	const uint8_t *at = ip + u->at;

	if (has_ports(u->next_header) && len - u->at >= PORTS_LEN) {
		fwd_flow_know(p, FWD_FLOW_SRC_PORT, wire_get16(at));
		fwd_flow_know(p, FWD_FLOW_DST_PORT, wire_get16(at + 2));
	}
	if (u->next_header == WIRE_ESP && len - u->at >= 4)
		fwd_flow_know(p, FWD_FLOW_SPI, wire_get32(at));
	if (u->next_header == WIRE_AUTHENTICATION && len - u->at >= 8)
		fwd_flow_know(p, FWD_FLOW_SPI, wire_get32(at + 4));
}

/* A header that the walk has left says nothing of the protocol behind it. */
static bool
is_extension(uint8_t next_header)
{
	return next_header == WIRE_HOP_BY_HOP || next_header == WIRE_ROUTING || next_header == WIRE_DESTINATION ||
	       next_header == WIRE_FRAGMENT;
}

/* All that is known of a packet; its fragment header, or NULL. */
static const struct wire_fragment *
look_at(const struct wire_ip6 *ip, uint32_t len, struct fwd_flow_packet *p)
{
	const uint8_t *head = ip->version_class_flow;
	struct path_upper u = {ip->next_header, WIRE_IP6_LEN};
	const struct wire_fragment *f = NULL;

	*p = (struct fwd_flow_packet){.fields = SELECTOR_SRC | SELECTOR_DST, .src = ip->src, .dst = ip->dst};
	fwd_flow_know(p, FWD_FLOW_TRAFFIC_CLASS, (wire_get16(head) >> 4) & 0xff);
	fwd_flow_know(p, FWD_FLOW_FLOW_LABEL, wire_get32(head) & 0xfffff);
	path_upper_walk(ip, len, &u);
	if (u.next_header == WIRE_FRAGMENT && len - u.at >= WIRE_FRAGMENT_LEN) {
		f = (const struct wire_fragment *)((const uint8_t *)ip + u.at);
		u.next_header = f->next_header;
		u.at += WIRE_FRAGMENT_LEN;
		if (wire_fragment_is_first(f))
			path_upper_walk(ip, len, &u);
	}
	if (is_extension(u.next_header))
		return f;
	fwd_flow_know(p, FWD_FLOW_PROTOCOL, u.next_header);
	if (f == NULL || wire_fragment_is_first(f))
		look_at_upper(p, (const uint8_t *)ip, len, &u);
	return f;
}

/* Its number in the list, or list->rule_count. */
static unsigned int
rule_of(struct path_worker *w, struct rte_mbuf *m, const struct fwd_flows *list)
{
	struct fwd_flow_packet p;
	const struct wire_fragment *f = look_at(packet_ip6(m), packet_len(m), &p);
	struct flow_fragment *known;
	struct fragment_key key;
	unsigned int rule;
	bool first;

	if (f == NULL)
		return fwd_flows_match(list, &p);
	key = (struct fragment_key){.src = p.src, .dst = p.dst};
	memcpy(key.id, f->id, sizeof(key.id));
	known = place_of(w, &key);
	first = wire_fragment_is_first(f);
	if (!first && known->generation == list->generation && memcmp(&known->key, &key, sizeof(key)) == 0)
		return known->rule;
	rule = fwd_flows_match(list, &p);
	if (first)
		*known = (struct flow_fragment){.key = key, .rule = rule, .generation = list->generation};
	return rule;
}

static void
flows_packet(struct path_worker *w, struct rte_mbuf *m)
{
	struct packet *p = packet_of(m);
	const struct fwd_flows *list = fwd_flows_get(w->fwd, fwd_value_session(p->value));
	unsigned int rule = rule_of(w, m, list);

	if (rule < list->rule_count) {
		p->rule = rule + 1;
		p->value = list->rule[rule].value;
		w->stat.counter[STAT_FLOW_RULED]++;
	}
	path_worker_go(w, m, p->value);
}

void
path_stage_flows(struct path_worker *w, struct batch *in)
{
	for (unsigned int i = 0; i < in->n; i++) {
		const struct fwd_flows *list = fwd_flows_get(w->fwd, fwd_value_session(packet_of(in->m[i])->value));

		rte_prefetch0(list);
		rte_prefetch0(&list->rule[0]);
		rte_prefetch0(&list->rule[0].value);
	}
	for (unsigned int i = 0; i < in->n; i++)
		flows_packet(w, in->m[i]);
}
