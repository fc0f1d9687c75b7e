/* SPDX-License-Identifier: BSD-3-Clause */
/* The frame that packet.explain is about: given whole, or made. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "explain.h"
#include "nd/nd.h"
#include "rpc/rpc.h"

#define PACKET_LEN     100 /* of a made packet, where no size is given */
#define HOP_LIMIT      64
#define NO_NEXT_HEADER 59
#define PROTO_TCP      6
#define PROTO_UDP      17
#define TCP_LEN	       20
#define TCP_OFFSET_AT  12

static const char default_source[] = "2001:db8::1"; /* of a made packet to somebody: no route is asked for it */
static const struct addr_mac neighbour_mac = {{0x02, 0, 0, 0, 0, 0xfe}};

/* Hexadecimal, blanks and colons between octets. */
static int
parse_hex(const char *text, struct ctl_explain_frame *q, struct rpc_error *err)
{
	unsigned int octet;

	for (q->len = 0; *text != '\0';) {
		if (*text == ' ' || *text == ':') {
			text++;
			continue;
		}
		if (q->len == sizeof(q->frame) || !isxdigit((unsigned char)text[0]) ||
		    !isxdigit((unsigned char)text[1]) || sscanf(text, "%2x", &octet) != 1)
			return rpc_refuse_param(err, "hex", "bad-hex",
						"expected the octets of a frame, %d at most; wrong at octet %zu",
						CTL_EXPLAIN_FRAME_MAX, q->len + 1);
		q->frame[q->len++] = (uint8_t)octet;
		text += 2;
	}
	return 0;
}

static const struct ctl_port *
port_of_role(const struct ctl *c, enum path_role role)
{
	for (unsigned int i = 0; i < c->s.port_count; i++)
		if (c->s.ports[i].role == role)
			return &c->s.ports[i];
	return NULL;
}

/* A packet as it is made: between two addresses, in a tunnel perhaps, and from a host or a neighbour. */
struct made {
	const struct ctl_port *port;
	struct addr_mac from;
	struct addr6 src, dst;
	bool in_tunnel;
	struct addr6 outer_src, outer_dst;
	uint8_t gre; /* enum tun_gre */
	uint32_t key;
	uint8_t protocol;
	uint16_t src_port, dst_port; /* of TCP and UDP */
	size_t size;
};

/* What is in it: a header without a checksum, which nobody on the way looks at. */
static const uint8_t *
fill(const struct made *m)
{
	static uint8_t bytes[CTL_EXPLAIN_FRAME_MAX]; /* zero behind the header */
	const uint16_t len = (uint16_t)(m->size - CTL_EXPLAIN_IP6_LEN);
	const uint8_t ports[] = {(uint8_t)(m->src_port >> 8), (uint8_t)m->src_port, (uint8_t)(m->dst_port >> 8),
				 (uint8_t)m->dst_port};
	const uint8_t length[] = {(uint8_t)(len >> 8), (uint8_t)len};

	memset(bytes, 0, TCP_LEN);
	if (m->protocol == NO_NEXT_HEADER)
		return bytes;
	memcpy(bytes, ports, sizeof(ports));
	if (m->protocol == PROTO_UDP)
		memcpy(bytes + sizeof(ports), length, sizeof(length));
	else
		bytes[TCP_OFFSET_AT] = TCP_LEN / 4 << 4;
	return bytes;
}

static int
make(const struct made *m, struct ctl_explain_frame *q, struct rpc_error *err)
{
	const struct nd_link nowhere = {.vlan = ND_VLAN_NONE};
	const struct nd_link link = {
		.src_mac = m->from, .dst_mac = m->port->mac, .vlan = m->port->vlan != 0 ? m->port->vlan : ND_VLAN_NONE};
	const size_t gre = m->gre != TUN_GRE_NONE ? tun_gre_len(m->gre) : 0;
	uint8_t inner[CTL_EXPLAIN_FRAME_MAX],
		*payload = inner + ETHERNET_LEN - gre; /* over the header that no link sees */
	int n;

	n = nd_ip6_encode(m->in_tunnel ? &nowhere : &link, &m->src, &m->dst, m->protocol, HOP_LIMIT, fill(m),
			  m->size - CTL_EXPLAIN_IP6_LEN, m->in_tunnel ? inner : q->frame, sizeof(q->frame));
	if (n > 0 && gre > 0)
		tun_gre_encode(payload, m->gre, m->key);
	if (n > 0 && m->in_tunnel)
		n = nd_ip6_encode(&link, &m->outer_src, &m->outer_dst, gre > 0 ? TUN_PROTO_GRE : TUN_PROTO_IP6,
				  HOP_LIMIT, payload, (size_t)n - ETHERNET_LEN + gre, q->frame, sizeof(q->frame));
	if (n < 0)
		return rpc_refuse_param(err, "size", "bad-size", "no frame holds a packet of %zu bytes", m->size);
	q->len = (size_t)n;
	q->port = m->port->id;
	return 0;
}

/* The first host of a prefix. */
static struct addr6
host_in(const struct addr_prefix *p)
{
	struct addr6 a = p->addr;

	a.b[sizeof(a.b) - 1] |= 1;
	return a;
}

static int
read_address(const json_t *params, const char *name, const char *fallback, struct addr6 *out, struct rpc_error *err)
{
	const char *text = rpc_param_string(params, name, fallback);

	if (addr6_parse(text, out) < 0)
		return rpc_refuse_param(err, name, "bad-address", "expected an IPv6 address, got \"%s\"", text);
	return 0;
}

/* As the session of a prefix wants what comes through its tunnel. */
static void
make_gre(const struct ctl *c, struct made *m, const struct addr_prefix *home)
{
	uint64_t value = fwd_prefix_get(c->s.fwd, home);
	const struct fwd_session *line = fwd_session_get(c->s.fwd, fwd_value_session(value));

	if (!(fwd_value_flags(value) & FWD_GRE))
		return;
	m->gre = line->gre_in;
	m->key = line->key_in;
}

/* To a mobile node of this anchor, or to one at this gateway through the anchor's tunnel. */
static void
make_downlink(const struct ctl *c, struct made *m, const struct lma_view *lma, const struct mag_view *mag)
{
	const struct addr_prefix *home = lma != NULL ? lma->prefix : mag->prefix;

	m->dst = host_in(home);
	if (lma != NULL || ctl_signalling_owns(c, &mag->lma))
		return;
	m->in_tunnel = true;
	m->outer_src = mag->lma;
	m->outer_dst = c->s.mag_address;
	make_gre(c, m, home);
}

/* From a mobile node: on its link, or through its gateway's tunnel. */
static void
make_uplink(const struct ctl *c, struct made *m, const struct lma_view *lma, const struct mag_view *mag)
{
	m->src = host_in(mag != NULL ? mag->prefix : lma->prefix);
	if (mag != NULL) {
		m->port = ctl_port_find(c, mag->link.port);
		m->from = mag->link.mac;
		return;
	}
	m->in_tunnel = true;
	m->outer_src = lma->proxy_coa;
	m->outer_dst = c->s.lma_address;
	make_gre(c, m, lma->prefix);
}

/* The first sessions that own a prefix: one whose prefixes have all gone to others has none. */
static bool
find_lma(const struct ctl *c, const struct pmip_mn_id *id, struct lma_view *v)
{
	bool found = c->s.lma != NULL && lma_next_of(c->s.lma, id, PMIP_SESSION_NONE, v);

	while (found && v->prefix_count == 0)
		found = lma_next_of(c->s.lma, id, v->session, v);
	return found;
}

static bool
find_mag(const struct ctl *c, const struct pmip_mn_id *id, struct mag_view *v)
{
	bool found = c->s.mag != NULL && mag_next_of(c->s.mag, id, PMIP_SESSION_NONE, v);

	while (found && v->prefix_count == 0)
		found = mag_next_of(c->s.mag, id, v->session, v);
	return found;
}

static int
make_of_mn(const struct ctl *c, const json_t *params, struct made *m, struct rpc_error *err)
{
	const char *mn = rpc_param_string(params, "mn", "");
	struct pmip_mn_id id;
	struct lma_view lma;
	struct mag_view mag;
	bool has_lma, has_mag;

	if (pmip_mn_id_parse(mn, &id) < 0)
		return rpc_refuse_param(err, "mn", "bad-identifier", "an identifier has 1 to %d bytes", MH_MN_ID_MAX);
	has_lma = find_lma(c, &id, &lma);
	has_mag = find_mag(c, &id, &mag);
	if (!has_lma && !has_mag)
		return rpc_refuse_param(err, "mn", "unknown-mn", "no session of %s with a prefix here", mn);
	if (rpc_param_string(params, "dst", NULL) != NULL)
		make_uplink(c, m, has_lma ? &lma : NULL, has_mag ? &mag : NULL);
	else
		make_downlink(c, m, has_lma ? &lma : NULL, has_mag ? &mag : NULL);
	return 0;
}

/* Whatever has ports is UDP unless it is said to be TCP. */
static uint8_t
protocol_of(const json_t *params)
{
	const char *protocol = rpc_param_string(params, "protocol", NULL);

	if (protocol != NULL)
		return strcmp(protocol, "tcp") == 0 ? PROTO_TCP : PROTO_UDP;
	return json_object_get(params, "source_port") != NULL || json_object_get(params, "destination_port") != NULL
		       ? PROTO_UDP
		       : NO_NEXT_HEADER;
}

static int
make_packet(const struct ctl *c, const json_t *params, const struct ctl_port *port, struct ctl_explain_frame *q,
	    struct rpc_error *err)
{
	struct made m = {.port = port != NULL ? port : port_of_role(c, PATH_CORE),
			 .from = neighbour_mac,
			 .protocol = protocol_of(params),
			 .src_port = (uint16_t)rpc_param_integer(params, "source_port", 0),
			 .dst_port = (uint16_t)rpc_param_integer(params, "destination_port", 0),
			 .size = (size_t)rpc_param_integer(params, "size", PACKET_LEN)};

	if (m.port == NULL)
		return rpc_refuse(err, "no-core-port", "this node has no core port");
	if (read_address(params, "src", default_source, &m.src, err) < 0 ||
	    (rpc_param_string(params, "dst", NULL) != NULL && read_address(params, "dst", "", &m.dst, err) < 0) ||
	    (rpc_param_string(params, "mn", NULL) != NULL && make_of_mn(c, params, &m, err) < 0))
		return -1;
	if (port != NULL)
		m.port = port; /* whether it comes from there or not */
	return make(&m, q, err);
}

int
ctl_explain_read(const struct ctl *c, const json_t *params, struct ctl_explain_frame *q, struct rpc_error *err)
{
	const char *hex = rpc_param_string(params, "hex", NULL), *name = rpc_param_string(params, "port", NULL);
	const struct ctl_port *port = name != NULL ? ctl_port_find_name(c, name) : NULL;
	bool dst = rpc_param_string(params, "dst", NULL) != NULL, mn = rpc_param_string(params, "mn", NULL) != NULL;

	if (name != NULL && port == NULL)
		return rpc_refuse_param(err, "port", "unknown-port", "no port is called \"%s\"", name);
	if ((hex != NULL) == (dst || mn))
		return rpc_refuse(err, "bad-question", "expected a frame as hex, or dst, or mn, or mn and dst");
	if (hex == NULL)
		return make_packet(c, params, port, q, err);
	if (port == NULL)
		port = port_of_role(c, PATH_CORE);
	if (port == NULL)
		return rpc_refuse(err, "no-core-port", "this node has no core port");
	q->port = port->id;
	return parse_hex(hex, q, err);
}
