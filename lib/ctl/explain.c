/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * packet.explain: the stages' own words for what they would do to a packet, which is given whole or made here.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "methods.h"
#include "nd/nd.h"
#include "path/explain.h"
#include "state.h"

#define FRAME_LEN_MAX  9728
#define PACKET_LEN     100 /* of a made packet, where no size is given */
#define TEXT_LEN       256
#define HOP_LIMIT      64
#define NO_NEXT_HEADER 59
#define IP6_LEN	       40

static const char default_source[] = "2001:db8::1"; /* of a made packet to somebody: no route is asked for it */
static const struct addr_mac neighbour_mac = {{0x02, 0, 0, 0, 0, 0xfe}};

/* The frame in question. */
struct question {
	uint16_t port;
	size_t len;
	uint8_t frame[FRAME_LEN_MAX];
};

static void
say_value(const struct ctl *c, uint64_t value, char *text, size_t size)
{
	uint32_t number = fwd_value_tunnel(value), session = fwd_value_session(value);
	const struct fwd_tunnel *t = fwd_tunnel_find(c->s.fwd, number);
	bool mag = session >= c->mag.base && c->s.mag != NULL;
	char local[ADDR6_TEXT], remote[ADDR6_TEXT];
	int at;

	if (value == FWD_VALUE_NONE) {
		snprintf(text, size, "no session has the prefix");
		return;
	}
	at = snprintf(text, size, "%s session %u", mag ? "mag" : "lma", session - (mag ? c->mag.base : c->lma.base));
	if (t != NULL)
		snprintf(text + at, size - (size_t)at, ", tunnel %u from %s to %s%s, at most %u bytes", number,
			 addr6_format(&t->local, local), addr6_format(&t->remote, remote),
			 t->flags & FWD_TUNNEL_GRE ? " in GRE" : "", t->mtu);
	else
		snprintf(text + at, size - (size_t)at, "%s",
			 fwd_value_flags(value) & FWD_ACCESS ? ", on an access link, no tunnel"
							     : ", which no gateway serves at the moment");
}

static void
say_adjacency(const struct ctl *c, uint32_t adjacency, char *text, size_t size)
{
	const struct ctl_nexthop *n = ctl_nexthop_find_adjacency(c, adjacency);
	char addr[ADDR6_TEXT], mac[ADDR_MAC_TEXT];

	for (unsigned int i = 0; i < c->s.port_count; i++)
		if (c->glean[i] == adjacency && adjacency != FWD_NONE) {
			snprintf(text, size, "on the link of port %s", c->s.ports[i].name);
			return;
		}
	if (n == NULL)
		snprintf(text, size, "%s", adjacency == FWD_ROUTE_LOCAL ? "an own address" : "no route");
	else
		snprintf(text, size, "next hop %s on port %s, %s", addr6_format(&n->addr, addr),
			 ctl_port_find(c, n->port)->name, n->up ? addr_mac_format(&n->mac, mac) : "unresolved");
}

/* What decides where no prefix and no next hop does yet; NULL: those do. */
static const char *
passed_because(const struct path_explain_step *s)
{
	static const struct {
		const char *from, *to, *because;
	} rows[] = {
		{"classify-core", "decap", "a tunnel's packet to an own address"},
		{"classify-access", "uplink", "a host's packet"},
		{"decap", "route", "out of its tunnel"},
	};

	for (unsigned int i = 0; i < RTE_DIM(rows); i++)
		if (strcmp(path_stage_row(s->stage)->name, rows[i].from) == 0 &&
		    strcmp(path_stage_row(s->to)->name, rows[i].to) == 0)
			return rows[i].because;
	return NULL;
}

/* Where it goes by its route, though a session may take it before that. */
static void
say_classified(const struct ctl *c, uint32_t adjacency, char *text, size_t size)
{
	int at = snprintf(text, size, "to its session, or without one: ");

	say_adjacency(c, adjacency, text + at, size - (size_t)at);
}

/* Whether the stage goes by the prefix of an address, rather than by a route. */
static bool
goes_by_prefix(const struct path_explain_step *s)
{
	static const char *const by_prefix[] = {"decap", "uplink", "downlink", "encap", "deliver"};

	for (unsigned int i = 0; i < RTE_DIM(by_prefix); i++)
		if (strcmp(path_stage_row(s->stage)->name, by_prefix[i]) == 0)
			return s->value != FWD_VALUE_NONE || strcmp(by_prefix[i], "uplink") == 0;
	return false;
}

/* In which order the stages that take a packet are told apart. */
enum fate { FATE_PASSED, FATE_REFUSED, FATE_PUNTED, FATE_SENT, FATE_DROPPED };
static const char *const fates[] = {"passed to", "refused", "punted", "sent", "dropped"};

static enum fate
fate_of(const struct path_explain_step *s)
{
	static const char *const names[] = {
		[FATE_REFUSED] = "error", [FATE_PUNTED] = "punt", [FATE_SENT] = "tx", [FATE_DROPPED] = "drop"};
	enum fate f = FATE_DROPPED;

	while (f > FATE_PASSED && strcmp(path_stage_row(s->to)->name, names[f]) != 0)
		f--;
	return f;
}

static json_t *
step_json(const struct ctl *c, const struct path_explain_step *s)
{
	enum fate fate = fate_of(s);
	char did[TEXT_LEN], detail[TEXT_LEN];

	snprintf(did, sizeof(did), "%s%s%s", fates[fate], fate == FATE_PASSED ? " " : "",
		 fate == FATE_PASSED ? path_stage_row(s->to)->name : "");
	if (fate == FATE_DROPPED || fate == FATE_REFUSED)
		snprintf(detail, sizeof(detail), "%s: %s", stat_drop_row(s->drop)->name, stat_drop_row(s->drop)->help);
	else if (fate == FATE_PUNTED)
		snprintf(detail, sizeof(detail), "to the control lcore, class %s", path_punt_name(s->punt));
	else if (fate == FATE_SENT)
		snprintf(detail, sizeof(detail), "on port %s", ctl_port_find(c, s->out)->name);
	else if (passed_because(s) != NULL)
		snprintf(detail, sizeof(detail), "%s", passed_because(s));
	else if (goes_by_prefix(s))
		say_value(c, s->value, detail, sizeof(detail));
	else if (strcmp(path_stage_row(s->to)->name, "downlink") == 0)
		say_classified(c, s->adjacency, detail, sizeof(detail));
	else
		say_adjacency(c, s->adjacency, detail, sizeof(detail));
	return json_pack("{s:s, s:s, s:s, s:i}", "stage", path_stage_row(s->stage)->name, "did", did, "detail", detail,
			 "bytes", (int)s->len);
}

static json_t *
hex_json(const uint8_t *bytes, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	char *text = malloc(2 * len + 1);
	json_t *json;

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digit[bytes[i] >> 4];
		text[2 * i + 1] = digit[bytes[i] & 15];
	}
	json = json_stringn(text, 2 * len);
	free(text);
	return json;
}

/* Where a frame goes that is sent. */
static json_t *
out_json(const struct ctl *c, const struct path_explanation *x, const struct path_explain_end *e)
{
	const uint8_t *frame = rte_pktmbuf_mtod(e->m, const uint8_t *);
	struct addr_mac dst, src;
	json_t *out;

	memcpy(&dst, frame, sizeof(dst));
	memcpy(&src, frame + sizeof(dst), sizeof(src));
	out = json_pack("{s:s, s:o, s:o, s:i}", "port", ctl_port_find(c, e->out)->name, "dst_mac",
			ctl_methods_mac(&dst), "src_mac", ctl_methods_mac(&src), "vlan",
			ctl_port_find(c, e->out)->vlan);
	for (unsigned int i = 0; i < x->step_count; i++)
		if (strcmp(path_stage_row(x->step[i].stage)->name, "encap") == 0)
			json_object_set_new(out, "tunnel", json_integer(fwd_value_tunnel(x->step[i].value)));
	return out;
}

/* The ICMPv6 error that the source is told. */
static json_t *
answer_json(struct rte_mbuf *m)
{
	const uint8_t *ip = rte_pktmbuf_mtod_offset(m, const uint8_t *, path_meta(m)->l3);
	const uint8_t *icmp = ip + IP6_LEN;
	struct addr6 dst;

	memcpy(&dst, ip + 24, sizeof(dst));
	return json_pack("{s:i, s:i, s:I, s:o}", "icmp6_type", icmp[0], "icmp6_code", icmp[1], "word",
			 (json_int_t)((uint32_t)icmp[4] << 24 | icmp[5] << 16 | icmp[6] << 8 | icmp[7]), "to",
			 ctl_methods_addr6(&dst));
}

static json_t *
explanation_json(const struct ctl *c, const struct question *q, const struct path_explanation *x)
{
	static const char *const verdicts[] = {
		[PATH_SENT] = "sent", [PATH_PUNTED] = "punted", [PATH_DROPPED] = "dropped", [PATH_KEPT] = "kept"};
	const struct path_explain_end *e = &x->end[0];
	json_t *stages = json_array(), *frames = json_array(), *result;

	for (unsigned int i = 0; i < x->step_count; i++)
		json_array_append_new(stages, step_json(c, &x->step[i]));
	for (unsigned int i = 0; i < x->end_count; i++)
		if (x->end[i].end == PATH_SENT)
			json_array_append_new(frames, hex_json(rte_pktmbuf_mtod(x->end[i].m, const uint8_t *),
							       rte_pktmbuf_data_len(x->end[i].m)));
	result = json_pack("{s:s, s:o, s:o, s:s, s:o}", "port", ctl_port_find(c, q->port)->name, "frame",
			   hex_json(q->frame, q->len), "stages", stages, "verdict", verdicts[e->end], "frames", frames);
	if (e->end == PATH_SENT)
		json_object_set_new(result, "out", out_json(c, x, e));
	if (e->end == PATH_PUNTED)
		json_object_set_new(result, "punt", json_string(path_punt_name(e->punt)));
	if (e->end == PATH_DROPPED)
		json_object_set_new(result, "drop", json_string(stat_drop_row(e->drop)->name));
	if (x->answer != NULL)
		json_object_set_new(result, "answer", answer_json(x->answer));
	return result;
}

/* Hexadecimal, blanks and colons between octets. */
static int
parse_hex(const char *text, struct question *q, struct rpc_error *err)
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
						FRAME_LEN_MAX, q->len + 1);
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
	size_t size;
};

static int
make(const struct made *m, struct question *q, struct rpc_error *err)
{
	static const uint8_t zeros[FRAME_LEN_MAX];
	const struct nd_link nowhere = {.vlan = ND_VLAN_NONE};
	const struct nd_link link = {
		.src_mac = m->from, .dst_mac = m->port->mac, .vlan = m->port->vlan != 0 ? m->port->vlan : ND_VLAN_NONE};
	const size_t gre = m->gre != TUN_GRE_NONE ? tun_gre_len(m->gre) : 0;
	uint8_t inner[FRAME_LEN_MAX], *payload = inner + ETHERNET_LEN - gre; /* over the header that no link sees */
	int n;

	n = nd_ip6_encode(m->in_tunnel ? &nowhere : &link, &m->src, &m->dst, NO_NEXT_HEADER, HOP_LIMIT, zeros,
			  m->size - IP6_LEN, m->in_tunnel ? inner : q->frame, sizeof(q->frame));
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
	has_lma = c->s.lma != NULL && lma_next_of(c->s.lma, &id, PMIP_SESSION_NONE, &lma) && lma.prefix_count > 0;
	has_mag = c->s.mag != NULL && mag_next_of(c->s.mag, &id, PMIP_SESSION_NONE, &mag) && mag.prefix_count > 0;
	if (!has_lma && !has_mag)
		return rpc_refuse_param(err, "mn", "unknown-mn", "no session of %s with a prefix here", mn);
	if (rpc_param_string(params, "dst", NULL) != NULL)
		make_uplink(c, m, has_lma ? &lma : NULL, has_mag ? &mag : NULL);
	else
		make_downlink(c, m, has_lma ? &lma : NULL, has_mag ? &mag : NULL);
	return 0;
}

static int
make_packet(const struct ctl *c, const json_t *params, const struct ctl_port *port, struct question *q,
	    struct rpc_error *err)
{
	struct made m = {.port = port != NULL ? port : port_of_role(c, PATH_CORE),
			 .from = neighbour_mac,
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

static int
read_question(const struct ctl *c, const json_t *params, struct question *q, struct rpc_error *err)
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

static int
packet_explain(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	static struct question q; /* the control lcore's: too large for a stack */
	struct path_explanation x;
	struct ctl *c = user;
	int rc;

	if (read_question(c, params, &q, err) < 0)
		return -1;
	rc = path_explain(c->s.path, q.port, q.frame, q.len, &x);
	if (rc == -EMSGSIZE)
		return rpc_refuse(err, "too-long", "a frame of %zu bytes is longer than a packet buffer", q.len);
	if (rc < 0)
		return rpc_refuse(err, "no-buffer", "no packet buffer is free");
	*result = explanation_json(c, &q, &x);
	path_explain_free(&x);
	return *result != NULL ? 0 : -1;
}

static const struct rpc_param explain_params[] = {
	{"hex", RPC_STRING, false, "The frame, from its Ethernet header on", 0, 0, NULL},
	{"dst", RPC_STRING, false, "A packet to this address is made; with `mn`, from the mobile node", 0, 0, NULL},
	{"mn", RPC_STRING, false, "A packet to this mobile node is made, or with `dst` from it", 0, 0, NULL},
	{"src", RPC_STRING, false, "From this address (2001:db8::1), where `mn` does not say", 0, 0, NULL},
	{"size", RPC_INTEGER, false, "Bytes of the packet that is made (100)", IP6_LEN, 9216, NULL},
	{"port", RPC_STRING, false, "It comes in here; else on the first core port, or the mobile node's", 0, 0, NULL},
	{0},
};

const struct rpc_method ctl_methods_explain[] = {
	{"packet.explain", "What would happen to a packet, and why, without sending it", explain_params,
	 "{\"dst\": \"2001:db8:77::1\"}",
	 "The stages that it would pass, by the code that packets pass: `did` and `detail` of each; the `verdict`: "
	 "`sent` with `out` and the `frames`, `punted` with `punt`, the control lcore's class, or `dropped` with "
	 "`drop`, the reason; and the `answer` that its source would be told. What depends on the moment is not in it: "
	 "full rings, spent rates",
	 packet_explain, false},
	{0},
};
