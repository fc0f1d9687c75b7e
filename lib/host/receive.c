/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames to own addresses: what each is for and which are for nobody here.
 */
#include "engine.h"

#define MTU_MIN	   1280
#define IP6_HEADER 40

/* RFC 4443 section 3 */
#define UNREACHABLE	      1
#define UNREACHABLE_PORT      4
#define PARAMETER	      4
#define PARAMETER_NEXT_HEADER 1

#define PROTO_TCP  6
#define PROTO_UDP  17
#define PROTO_NONE 59

static const struct addr6 all_nodes = {{0xff, 0x02, [15] = 1}};
static const struct addr6 all_routers = {{0xff, 0x02, [15] = 2}};

static bool
is_own_group(const struct host *h, const struct host_port *p, const struct addr6 *group)
{
	if (addr6_equal(group, &all_nodes) || (h->s.router && addr6_equal(group, &all_routers)))
		return true;
	for (uint32_t i = p->own_first; i < p->own_first + p->own_count; i++) {
		struct addr6 solicited = addr6_solicited_node(&h->own[i].addr);

		if (addr6_equal(group, &solicited))
			return true;
	}
	return false;
}

static void
receive_ns(struct host *h, struct host_port *p, const struct nd_frame *f, const struct nd_msg *m)
{
	const struct addr_mac *mac = m->has_ll ? &m->ll : &f->eth_src;
	struct host_own *o = host_own_find(h, p, &m->ns.target);
	bool detects = addr6_is_zero(&f->ip_src);

	h->stat.counter[STAT_NS_RX]++;
	if (o == NULL || o->state == HOST_OWN_DUPLICATE) {
		h->stat.drop[STAT_DROP_ND_UNUSED]++;
		return;
	}
	if (o->state == HOST_OWN_TENTATIVE) {
		/* Who asks for the address to use it has not got it yet; who asks in order to have it too, competes. */
		if (detects)
			host_own_duplicate(h, o);
		return;
	}
	if (detects) {
		host_own_advertise(h, p, &o->addr, NULL, NULL);
		return;
	}
	if (m->has_ll)
		host_resolve_solicited(h, p, &f->ip_src, mac);
	host_own_advertise(h, p, &o->addr, &f->ip_src, mac);
}

static void
receive_na(struct host *h, struct host_port *p, const struct nd_msg *m)
{
	struct host_own *o = host_own_find(h, p, &m->na.target);

	h->stat.counter[STAT_NA_RX]++;
	if (o == NULL)
		host_resolve_advertised(h, p, m);
	else if (o->state == HOST_OWN_TENTATIVE)
		host_own_duplicate(h, o);
	else
		h->stat.drop[STAT_DROP_ND_UNUSED]++;
}

static struct nd_link
link_back(const struct host *h, const struct host_port *p, const struct nd_frame *f)
{
	return (struct nd_link){
		.src_mac = p->mac,
		.dst_mac = f->eth_src,
		.vlan = h->linkless ? ND_VLAN_NONE : p->vlan,
	};
}

static void
receive_echo(struct host *h, struct host_port *p, const struct nd_frame *f)
{
	const struct nd_link link = link_back(h, p, f);
	const struct addr6 *src = addr6_is_multicast(&f->ip_dst) ? host_own_source(h, p, &f->ip_src) : &f->ip_dst;
	struct host_action *a;

	if (src == NULL || addr6_is_zero(&f->ip_src) || addr6_is_multicast(&f->ip_src)) {
		h->stat.drop[STAT_DROP_OWN_UNUSED]++;
		return;
	}
	if (!rate_take(&h->echo, h->now_ms, h->s.echo_replies_per_s)) {
		h->stat.drop[STAT_DROP_ICMP_RATE]++;
		return;
	}
	a = host_act(h, HOST_ACT_FRAME, p);
	if (a != NULL &&
	    host_act_settle(h, a, nd_echo_reply_encode(&link, f, src, a->frame.bytes, sizeof(a->frame.bytes))))
		h->stat.counter[STAT_ECHO_REPLIES]++;
}

/* Believed only about packets that came from here, so that nobody else can shrink a path (RFC 8201 section 4). */
static bool
is_about_own(const struct host *h, const struct nd_msg *m, struct addr6 *local, struct addr6 *remote)
{
	struct cursor c = cursor_on(m->error.invoking, m->error.invoking_len);

	cursor_bytes(&c, IP6_HEADER - 2 * sizeof(struct addr6));
	*local = cursor_addr6(&c);
	*remote = cursor_addr6(&c);
	return !c.failed && host_owns(h, local);
}

static void
receive_too_big(struct host *h, struct host_port *p, const struct nd_msg *m)
{
	struct addr6 local, remote;
	struct host_action *a;

	if (m->error.mtu < MTU_MIN || !is_about_own(h, m, &local, &remote)) {
		h->stat.drop[STAT_DROP_OWN_UNUSED]++;
		return;
	}
	a = host_act(h, HOST_ACT_PATH_MTU, p);
	if (a == NULL)
		return;
	a->path_mtu.local = local;
	a->path_mtu.remote = remote;
	a->path_mtu.mtu = m->error.mtu;
}

static void
receive_error(struct host *h, struct host_port *p, const struct nd_msg *m)
{
	struct addr6 local, remote;
	struct host_action *a;

	if (!is_about_own(h, m, &local, &remote)) {
		h->stat.drop[STAT_DROP_OWN_UNUSED]++;
		return;
	}
	if (!rate_take(&h->error, h->now_ms, h->s.errors_per_s)) {
		h->stat.drop[STAT_DROP_ICMP_RATE]++;
		return;
	}
	a = host_act(h, HOST_ACT_ERROR, p);
	if (a == NULL)
		return;
	a->error.local = local;
	a->error.remote = remote;
	a->error.type = m->error.type;
	a->error.code = m->error.code;
	a->error.pointer = m->error.pointer;
	a->error.len = (uint16_t)(m->error.invoking_len < HOST_FRAME_MAX ? m->error.invoking_len : HOST_FRAME_MAX);
	memcpy(a->error.bytes, m->error.invoking, a->error.len);
}

static void
receive_icmp(struct host *h, struct host_port *p, const struct nd_frame *f)
{
	struct nd_msg m;

	if (nd_decode(f, &m) != ND_OK) {
		h->stat.drop[STAT_DROP_ND_INVALID]++;
		return;
	}
	if (m.type == ND_ECHO_REQUEST && (addr6_is_multicast(&f->ip_dst) || host_owns(h, &f->ip_dst)))
		receive_echo(h, p, f);
	else if (m.type == ND_PACKET_TOO_BIG && host_owns(h, &f->ip_dst))
		receive_too_big(h, p, &m);
	else if (m.type == ND_ERROR && host_owns(h, &f->ip_dst))
		receive_error(h, p, &m);
	else if (h->linkless)
		h->stat.drop[STAT_DROP_OWN_UNUSED]++;
	else if (m.type == ND_NS)
		receive_ns(h, p, f, &m);
	else if (m.type == ND_NA)
		receive_na(h, p, &m);
	else if (m.type == ND_RS || m.type == ND_RA)
		h->stat.drop[STAT_DROP_ND_UNUSED]++;
	else
		h->stat.drop[STAT_DROP_OWN_UNUSED]++;
}

/* The error that is due about a packet which nothing here takes (RFC 8200 section 4, RFC 4443 section 3). */
static bool
error_of(const struct nd_frame *f, uint8_t *type, uint8_t *code, uint32_t *word)
{
	*type = PARAMETER;
	if (f->fault == ND_FAULT_REPORT) {
		*code = f->fault_code;
		*word = f->fault_pointer;
	} else if (f->next_header == PROTO_TCP || f->next_header == PROTO_UDP) {
		*type = UNREACHABLE;
		*code = UNREACHABLE_PORT;
		*word = 0;
	} else {
		*code = PARAMETER_NEXT_HEADER;
		*word = f->next_header_at;
	}
	return f->fault != ND_FAULT_DROP && f->next_header != PROTO_NONE && f->next_header != ND_PROTO_FRAGMENT;
}

static void
receive_other(struct host *h, struct host_port *p, const struct nd_frame *f)
{
	const struct nd_link link = link_back(h, p, f);
	struct host_action *a;
	uint8_t type, code;
	uint32_t word;

	h->stat.drop[STAT_DROP_OWN_UNUSED]++;
	if (!host_owns(h, &f->ip_dst) || !error_of(f, &type, &code, &word) ||
	    !nd_error_allowed(type, code, word, addr_mac_is_group(&f->eth_dst), f->ip, f->ip_len))
		return;
	if (!rate_take(&h->error, h->now_ms, h->s.errors_per_s)) {
		h->stat.drop[STAT_DROP_ICMP_RATE]++;
		return;
	}
	a = host_act(h, HOST_ACT_FRAME, p);
	if (a != NULL)
		host_act_settle(h, a,
				nd_error_encode(&link, &f->ip_dst, type, code, word, f->ip, f->ip_len, a->frame.bytes,
						sizeof(a->frame.bytes)));
}

static void
receive_ip6(struct host *h, struct host_port *p, const struct nd_frame *f)
{
	if (f->next_header != ND_PROTO_ICMP6)
		receive_other(h, p, f);
	else if (addr6_is_multicast(&f->ip_dst) && !is_own_group(h, p, &f->ip_dst))
		h->stat.drop[STAT_DROP_OWN_UNUSED]++;
	else
		receive_icmp(h, p, f);
}

void
host_receive(struct host *h, struct host_port *p, const uint8_t *bytes, size_t len)
{
	struct nd_frame f;

	if (nd_frame_decode(bytes, len, &f) != 0)
		h->stat.drop[STAT_DROP_FRAME_SHORT]++;
	else if (f.ethertype != ND_ETHERTYPE_IP6)
		h->stat.drop[STAT_DROP_ETHERTYPE]++;
	else if (f.vlan != p->vlan)
		h->stat.drop[STAT_DROP_VLAN]++;
	else if (addr_mac_equal(&f.eth_src, &p->mac)) /* what this node sent itself, come back */
		h->stat.drop[STAT_DROP_ND_UNUSED]++;
	else if (!addr_mac_is_group(&f.eth_dst) && !addr_mac_equal(&f.eth_dst, &p->mac))
		h->stat.drop[STAT_DROP_NOT_FOR_US]++;
	else
		receive_ip6(h, p, &f);
}

/* It gets the frame that it came without, so that there is one way to take packets apart. */
void
host_receive_packet(struct host *h, const uint8_t *bytes, size_t len)
{
	struct writer w = writer_on(h->scratch, sizeof(h->scratch));
	struct nd_frame f;

	writer_zero(&w, 2 * sizeof(struct addr_mac));
	writer_u16(&w, ND_ETHERTYPE_IP6);
	writer_copy(&w, bytes, len);
	if (w.failed || nd_frame_decode(h->scratch, writer_len(&w), &f) != 0) {
		h->stat.drop[STAT_DROP_FRAME_SHORT]++;
		return;
	}
	if (!host_owns(h, &f.ip_dst)) { /* without ports there are none */
		h->stat.drop[STAT_DROP_OWN_UNUSED]++;
		return;
	}
	h->linkless = true;
	receive_ip6(h, &h->port[0], &f);
	h->linkless = false;
}
