/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The gateways and anchors that this node speaks with.
 */
#include <string.h>

#include "counts.h"
#include "methods.h"
#include "mh/mh.h"
#include "peer.h"

/* A peer that messages were exchanged with, or one that is only configured. */
struct row {
	const struct ctl_peer *peer;
	const char *name;
	struct addr_prefix address;
};

/* The name that a peer has in the configuration; "" where it has none. */
static const char *
name_of(const struct ctl *c, const struct addr6 *a)
{
	const struct pmip_peer_settings *s = ctl_peer_settings(c, a);

	return s != NULL ? s->name : "";
}

static struct row
row_of(const struct ctl *c, const struct ctl_peer *p)
{
	return (struct row){p, name_of(c, &p->addr), {p->addr, 128}};
}

/* Whether messages were exchanged with a configured peer, or with one of its prefix. */
static bool
is_heard(const struct ctl *c, const struct pmip_peer_settings *s)
{
	const struct ctl_peer *p;

	if (s->address.len == 128)
		return ctl_peer_find(c, &s->address.addr) != NULL;
	for (uint32_t at = 0; (p = ctl_peer_next(c, &at)) != NULL; at++)
		if (addr_prefix_holds(&s->address, &p->addr))
			return true;
	return false;
}

/* What stands at a place of the list, if anything: those of the table, and behind them who was never heard. */
static bool
row_at(const struct ctl *c, uint32_t *at, struct row *out)
{
	static const struct ctl_peer silent;
	const struct ctl_peer *p = ctl_peer_next(c, at);

	if (p != NULL) {
		*out = row_of(c, p);
		return true;
	}
	for (; *at - CTL_PEERS < c->s.peer_count; ++*at) {
		const struct pmip_peer_settings *s = &c->s.peers[*at - CTL_PEERS];

		if (is_heard(c, s))
			continue;
		*out = (struct row){&silent, s->name, s->address};
		return true;
	}
	return false;
}

/*
 * What it was heard as: an update is a gateway's, an acknowledgement an anchor's, or the other way round when sent. A
 * node of one role has peers of the other.
 */
static const char *
role_of(const struct ctl *c, const struct ctl_peer *p)
{
	bool gateway = p->count[CTL_PEER_RECEIVED][MH_PBU] > 0, anchor = p->count[CTL_PEER_SENT][MH_PBU] > 0;

	if (!gateway && !anchor && (c->s.lma == NULL || c->s.mag == NULL))
		return c->s.lma != NULL ? "mag" : "lma";
	return gateway && anchor ? "both" : gateway ? "mag" : anchor ? "lma" : "unknown";
}

/* Heartbeats to it: of the two roles that of the one that has sessions with it. False: there were none. */
static bool
heartbeat_of(const struct ctl *c, const struct addr6 *peer, struct pmip_heartbeat_view *v)
{
	bool found = c->s.lma != NULL && pmip_heartbeat_find(c->heartbeat, &c->s.lma_address, peer, v);

	if ((found && v->wanted) || c->s.mag == NULL)
		return found;
	return pmip_heartbeat_find(c->heartbeat, &c->s.mag_address, peer, v) || found;
}

static const char *
state_of(const struct ctl_peer *p, const struct pmip_heartbeat_view *v)
{
	if (v->wanted && v->state == PMIP_HEARTBEAT_FAILED)
		return "failed";
	return p->lost ? "lost" : p->heard_ms == 0 ? "never" : "fine";
}

static json_t *
heartbeat_json(const struct ctl *c, const struct pmip_heartbeat_view *v)
{
	return json_pack("{s:b, s:s, s:I, s:i, s:i, s:o, s:I, s:I, s:I, s:I}", "asked", v->wanted, "state",
			 pmip_heartbeat_state_name(v->state), "since_ms", (json_int_t)(c->now.mono_ms - v->since_ms),
			 "round_trip_ms", (int)v->rtt_ms, "missed", (int)v->missed, "restart_counter",
			 v->counter_known ? json_integer((json_int_t)v->counter) : json_null(), "sent",
			 (json_int_t)v->sent, "answered", (json_int_t)v->answered, "failures", (json_int_t)v->failures,
			 "restarts", (json_int_t)v->restarts);
}

/* What the configuration says of how messages and packets go between the two. */
static json_t *
ways_json(const struct pmip_peer_settings *s)
{
	static const char *const protections[] = {
		[PMIP_PROTECT_NONE] = "none", [PMIP_PROTECT_AUTH] = "authentication", [PMIP_PROTECT_ESP] = "esp"};
	static const char *const gre[] = {
		[PMIP_GRE_OFF] = "off", [PMIP_GRE_OFFERED] = "offered", [PMIP_GRE_REQUIRED] = "required"};
	static const char *const compat[] = {
#define COMPAT(NAME, key, help) key,
#include "base/compat.def"
#undef COMPAT
	};
	json_t *spis = json_array(), *forgiven = json_array();

	for (unsigned int i = 0; s != NULL && i < s->key_count; i++)
		json_array_append_new(spis, json_integer((json_int_t)s->key[i].spi));
	for (unsigned int i = 0; s != NULL && i < RTE_DIM(compat); i++)
		if (s->compat & 1u << i)
			json_array_append_new(forgiven, json_string(compat[i]));
	return json_pack("{s:s, s:o, s:s, s:o}", "protection",
			 protections[s != NULL ? s->protection : PMIP_PROTECT_NONE], "spis", spis, "gre",
			 gre[s != NULL ? s->gre : PMIP_GRE_OFF], "compat", forgiven);
}

/* The last of what heartbeats told of it, the oldest first. */
static json_t *
changes_json(const struct ctl_peer *p)
{
	json_t *list = json_array();

	for (uint32_t i = p->changes > CTL_PEER_CHANGES ? p->changes - CTL_PEER_CHANGES : 0; i < p->changes; i++) {
		const struct ctl_peer_change *change = &p->change[i % CTL_PEER_CHANGES];

		json_array_append_new(list, json_pack("{s:o, s:s}", "at", ctl_event_wall(change->wall), "change",
						      pmip_peer_change_name(change->change)));
	}
	return list;
}

static void
statuses_json(json_t *counts, const struct ctl_peer *p, enum ctl_peer_way way, enum ctl_peer_answer k,
	      enum mh_type type)
{
	char name[96];

	for (unsigned int s = 0; s <= UINT8_MAX; s++) {
		if (p->status[way][k][s] == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%u %s", mh_type_name(type), s, ctl_status_name(type, s));
		json_object_set_new(counts, name, json_integer(p->status[way][k][s]));
	}
}

/* Messages by name, acknowledgements by status too. */
static json_t *
counts_json(const struct ctl_peer *p, enum ctl_peer_way way)
{
	static const enum mh_type answers[] = {
		[CTL_PEER_PBA] = MH_PBA, [CTL_PEER_BRA] = MH_BRA, [CTL_PEER_UPA] = MH_UPA};
	json_t *counts = json_object();

	for (unsigned int t = MH_NONE + 1; t < CTL_PEER_TYPES; t++)
		if (t != MH_PBA && t != MH_BRA && t != MH_UPA && p->count[way][t] > 0)
			json_object_set_new(counts, mh_type_name((enum mh_type)t),
					    json_integer((json_int_t)p->count[way][t]));
	for (unsigned int k = 0; k < CTL_PEER_ANSWERS; k++)
		statuses_json(counts, p, way, (enum ctl_peer_answer)k, answers[k]);
	return counts;
}

static json_t *
peer_json(const struct ctl *c, const struct row *r)
{
	const struct ctl_peer *p = r->peer;
	const struct addr6 *a = &r->address.addr;
	struct pmip_heartbeat_view v = {0};
	bool beats = heartbeat_of(c, a, &v);
	json_t *peer;

	peer = json_pack("{s:s, s:o, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "name", r->name, "address",
			 r->address.len == 128 ? ctl_methods_addr6(a) : ctl_methods_prefix(&r->address), "role",
			 role_of(c, p), "state", state_of(p, &v), "sessions", (json_int_t)ctl_tunnel_sessions(c, a),
			 "received", counts_json(p, CTL_PEER_RECEIVED), "sent", counts_json(p, CTL_PEER_SENT),
			 "traffic", ctl_counts_peer_json(c, a), "last_heard_ms",
			 p->heard_ms != 0 ? json_integer((json_int_t)(c->now.mono_ms - p->heard_ms)) : json_null(),
			 "skew_ms", p->skew_known ? json_integer((json_int_t)p->skew_ms) : json_null(), "heartbeat",
			 beats ? heartbeat_json(c, &v) : json_null());
	json_object_update_new(peer, ways_json(ctl_peer_settings(c, a)));
	return peer;
}

static int
address_of(const json_t *params, const char *key, struct addr6 *a, struct rpc_error *err)
{
	const char *text = rpc_param_string(params, key, NULL);

	if (text == NULL || addr6_parse(text, a) == 0)
		return 0;
	return rpc_refuse_param(err, key, "bad-address", "expected an IPv6 address");
}

static int
peer_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	const char *name = rpc_param_string(params, "name", NULL), *address = rpc_param_string(params, "address", NULL);
	struct ctl_methods_page page = ctl_methods_page_of(params);
	uint32_t looked = 0;
	json_t *items;
	struct addr6 a;
	struct row r;

	if (address_of(params, "address", &a, err) < 0)
		return -1;
	items = json_array();
	for (; looked < METHODS_SCAN_MAX && json_array_size(items) < page.limit && row_at(c, &page.at, &r);
	     page.at++, looked++)
		if ((address == NULL || addr_prefix_holds(&r.address, &a)) &&
		    (name == NULL || strcmp(name, r.name) == 0))
			json_array_append_new(items, peer_json(c, &r));
	rpc_server_charge(c->rpc, looked);
	return ctl_methods_page(items, row_at(c, &page.at, &r) ? (json_int_t)page.at : -1, result);
}

static int
peer_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	static const struct ctl_peer silent;
	const struct ctl *c = user;
	const struct ctl_peer *p;
	struct addr6 a;
	struct row r;

	if (address_of(params, "peer", &a, err) < 0)
		return -1;
	p = ctl_peer_find(c, &a);
	r = p != NULL ? row_of(c, p) : (struct row){&silent, name_of(c, &a), {a, 128}};
	if (p == NULL && r.name[0] == '\0')
		return rpc_refuse(err, "unknown-peer", "not configured, and no message was exchanged with it");
	*result = peer_json(c, &r);
	json_object_set_new(*result, "changes", changes_json(r.peer));
	return *result != NULL ? 0 : -1;
}

static const struct rpc_param list_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	{"name", RPC_STRING, false, "Of this name in the configuration alone", 0, 0, NULL},
	{"address", RPC_STRING, false, "Of this address alone", 0, 0, NULL},
	{0},
};
static const struct rpc_param get_params[] = {
	{"peer", RPC_STRING, true, "Its address", 0, 0, NULL},
	{0},
};

#define PEER_WORDS                                                                                                     \
	"`name` (of the configuration), `address` (a prefix where that is configured and nobody of it was heard), "    \
	"`role` (`mag`, `lma` or `both`, by what it sends), `state` (`never` heard; `lost`: it answered none of an "   \
	"update's retransmissions, and was not heard since; `failed`: it answers no heartbeats; else `fine`), "        \
	"`sessions` (whose tunnel leads to it), `received` and `sent` (messages by name, acknowledgements by status)," \
	" `last_heard_ms` (ago), `skew_ms` (its clock before this node's, by its last timestamp), `heartbeat` (null "  \
	"where there was none: `asked`, `state` (`unknown`, `up`, `failed` or `unsupported`) since `since_ms` ago, "   \
	"`round_trip_ms`, `missed` in a row, its `restart_counter`, `sent`, `answered`, `failures`, `restarts`), "     \
	"`protection` (`none`, `authentication` or `esp`), `spis` (of its keys: the first is in use), `gre`, `compat`"

const struct rpc_method ctl_methods_peer[] = {
	{"peer.list",
	 "Gateways and anchors: the last 1024 that messages were exchanged with, strangers last, and those of "
	 "`peers`",
	 list_params, "{\"limit\": 10}", "A page of peers: " PEER_WORDS, peer_list, false},
	{"peer.get", "One gateway or anchor", get_params, "{\"peer\": \"2001:db8:0:a::1\"}",
	 PEER_WORDS "; `changes` (the last 8 of what heartbeats told of it: `at` and `change`)", peer_get, false},
	{0},
};
