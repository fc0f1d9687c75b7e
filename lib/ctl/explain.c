/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * packet.explain: the stages' own words for what they would do to a packet, which is given whole or made.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "fwd/flows.h"
#include "methods.h"
#include "path/explain.h"
#include "state.h"

#define TEXT_LEN (SELECTOR_TEXT + 256)

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
	if (session == FWD_SESSION_NONE)
		at = snprintf(text, size, "a gateway's prefix");
	else
		at = snprintf(text, size, "%s session %u", mag ? "mag" : "lma",
			      session - (mag ? c->mag.base : c->lma.base));
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

	if (fwd_route_tunnel(adjacency) != 0) {
		say_value(c, fwd_value(fwd_route_tunnel(adjacency), FWD_SESSION_NONE, 0), text, size);
		return;
	}
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

/* The rule that led it, or that none did, of the session that it was for until then. */
static void
say_flow(const struct ctl *c, const struct path_explain_step *s, uint64_t home, char *text, size_t size)
{
	const struct fwd_flows *list = fwd_flows_get(c->s.fwd, fwd_value_session(home));
	char selector[SELECTOR_TEXT];
	int at;

	if (s->rule > 0 && s->rule <= list->rule_count)
		at = snprintf(text, size, "rule %d of %d, %s: ", s->rule, list->rule_count,
			      selector_format(&list->rule[s->rule - 1].selector, selector));
	else
		at = snprintf(text, size, "none of %d rules: ", list->rule_count);
	say_value(c, s->value, text + at, size - (size_t)at);
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

	if (fwd_value_session(s->value) == FWD_SESSION_NONE)
		return true;
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

/* home: the value of the step before. */
static json_t *
step_json(const struct ctl *c, const struct path_explain_step *s, uint64_t home)
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
	else if (strcmp(path_stage_row(s->stage)->name, "flows") == 0)
		say_flow(c, s, home, detail, sizeof(detail));
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
		if (strcmp(path_stage_row(x->step[i].stage)->name, "encap") == 0 ||
		    fwd_value_session(x->step[i].value) == FWD_SESSION_NONE)
			json_object_set_new(out, "tunnel", json_integer(fwd_value_tunnel(x->step[i].value)));
	return out;
}

/* The ICMPv6 error that the source is told. */
static json_t *
answer_json(struct rte_mbuf *m)
{
	const uint8_t *ip = rte_pktmbuf_mtod_offset(m, const uint8_t *, path_meta(m)->l3);
	const uint8_t *icmp = ip + CTL_EXPLAIN_IP6_LEN;
	struct addr6 dst;

	memcpy(&dst, ip + 24, sizeof(dst));
	return json_pack("{s:i, s:i, s:I, s:o}", "icmp6_type", icmp[0], "icmp6_code", icmp[1], "word",
			 (json_int_t)((uint32_t)icmp[4] << 24 | icmp[5] << 16 | icmp[6] << 8 | icmp[7]), "to",
			 ctl_methods_addr6(&dst));
}

static json_t *
explanation_json(const struct ctl *c, const struct ctl_explain_frame *q, const struct path_explanation *x)
{
	static const char *const verdicts[] = {
		[PATH_SENT] = "sent", [PATH_PUNTED] = "punted", [PATH_DROPPED] = "dropped", [PATH_KEPT] = "kept"};
	const struct path_explain_end *e = &x->end[0];
	json_t *stages = json_array(), *frames = json_array(), *result;

	for (unsigned int i = 0; i < x->step_count; i++)
		json_array_append_new(stages, step_json(c, &x->step[i], i > 0 ? x->step[i - 1].value : FWD_VALUE_NONE));
	for (unsigned int i = 0; i < x->end_count; i++)
		if (x->end[i].end == PATH_SENT)
			json_array_append_new(frames, ctl_methods_bytes(rte_pktmbuf_mtod(x->end[i].m, const uint8_t *),
									rte_pktmbuf_data_len(x->end[i].m)));
	result = json_pack("{s:s, s:o, s:o, s:s, s:o}", "port", ctl_port_find(c, q->port)->name, "frame",
			   ctl_methods_bytes(q->frame, q->len), "stages", stages, "verdict", verdicts[e->end], "frames",
			   frames);
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

static int
packet_explain(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	static struct ctl_explain_frame q; /* the control lcore's: too large for a stack */
	struct path_explanation x;
	struct ctl *c = user;
	int rc;

	if (ctl_explain_read(c, params, &q, err) < 0)
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
	{"size", RPC_INTEGER, false, "Bytes of the packet that is made (100)", CTL_EXPLAIN_IP6_LEN, 9216, NULL},
	{"protocol", RPC_STRING, false, "Of the packet that is made (udp, where it has ports)", 0, 0, "udp tcp"},
	{"source_port", RPC_INTEGER, false, "It has this source port: for flows (0)", 0, UINT16_MAX, NULL},
	{"destination_port", RPC_INTEGER, false, "And this destination port (0)", 0, UINT16_MAX, NULL},
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
