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

/* The name that a peer has in the configuration, by its longest prefix; "" where it has none. */
static const char *
name_of(const struct ctl *c, const struct addr6 *a)
{
	const struct pmip_peer_settings *best = c->s.lma != NULL ? lma_peer(c->s.lma, a) : NULL;

	for (unsigned int i = 0; c->s.lma == NULL && i < c->s.peer_count; i++)
		if (addr_prefix_holds(&c->s.peers[i].address, a) &&
		    (best == NULL || c->s.peers[i].address.len > best->address.len))
			best = &c->s.peers[i];
	return best != NULL ? best->name : "";
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

static const char *
state_of(const struct ctl_peer *p)
{
	return p->lost ? "lost" : p->heard_ms == 0 ? "never" : "fine";
}

/* Messages by name, acknowledgements by status too. */
static json_t *
counts_json(const struct ctl_peer *p, enum ctl_peer_way way)
{
	json_t *counts = json_object();
	char name[96];

	for (unsigned int t = MH_NONE + 1; t < CTL_PEER_TYPES; t++)
		if (t != MH_PBA && p->count[way][t] > 0)
			json_object_set_new(counts, mh_type_name((enum mh_type)t),
					    json_integer((json_int_t)p->count[way][t]));
	for (unsigned int s = 0; s <= UINT8_MAX; s++) {
		if (p->status[way][s] == 0)
			continue;
		snprintf(name, sizeof(name), "PBA/%u %s", s, mh_status_name(s));
		json_object_set_new(counts, name, json_integer(p->status[way][s]));
	}
	return counts;
}

static json_t *
peer_json(const struct ctl *c, const struct row *r)
{
	const struct ctl_peer *p = r->peer;
	const struct addr6 *a = &r->address.addr;

	return json_pack("{s:s, s:o, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "name", r->name, "address",
			 r->address.len == 128 ? ctl_methods_addr6(a) : ctl_methods_prefix(&r->address), "role",
			 role_of(c, p), "state", state_of(p), "sessions", (json_int_t)ctl_tunnel_sessions(c, a),
			 "received", counts_json(p, CTL_PEER_RECEIVED), "sent", counts_json(p, CTL_PEER_SENT),
			 "traffic", ctl_counts_peer_json(c, a), "last_heard_ms",
			 p->heard_ms != 0 ? json_integer((json_int_t)(c->now.mono_ms - p->heard_ms)) : json_null(),
			 "skew_ms", p->skew_known ? json_integer((json_int_t)p->skew_ms) : json_null());
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
	"update's retransmissions, and was not heard since; else `fine`), `sessions` (whose tunnel leads to it), "     \
	"`received` and `sent` (messages by name, acknowledgements by status), `last_heard_ms` (ago), `skew_ms` "      \
	"(its clock before this node's, by its last timestamp)"

const struct rpc_method ctl_methods_peer[] = {
	{"peer.list", "Gateways and anchors: the last 1024 that messages were exchanged with, and those of `peers`",
	 list_params, "{\"limit\": 10}", "A page of peers: " PEER_WORDS, peer_list, false},
	{"peer.get", "One gateway or anchor", get_params, "{\"peer\": \"2001:db8:0:a::1\"}", PEER_WORDS, peer_get,
	 false},
	{0},
};
