/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The gateways and anchors that this node speaks with.
 */
#include <string.h>

#include "counts.h"
#include "methods.h"
#include "mh/mh.h"
#include "peer.h"

/* The name that a peer has in the configuration; "" where it has none. */
static const char *
name_of(const struct ctl *c, const struct addr6 *a)
{
	const struct pmip_peer_settings *p = c->s.lma != NULL ? lma_peer(c->s.lma, a) : NULL;

	return p != NULL ? p->name : "";
}

/* What it was heard as: an update is a gateway's, an acknowledgement an anchor's, or the other way round when sent. */
static const char *
role_of(const struct ctl_peer *p)
{
	bool gateway = p->count[CTL_PEER_RECEIVED][MH_PBU] > 0, anchor = p->count[CTL_PEER_SENT][MH_PBU] > 0;

	return gateway && anchor ? "both" : gateway ? "mag" : anchor ? "lma" : "unknown";
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
peer_json(const struct ctl *c, const struct ctl_peer *p)
{
	return json_pack("{s:s, s:o, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "name", name_of(c, &p->addr), "address",
			 ctl_methods_addr6(&p->addr), "role", role_of(p), "state", p->lost ? "lost" : "fine",
			 "sessions", (json_int_t)ctl_tunnel_sessions(c, &p->addr), "received",
			 counts_json(p, CTL_PEER_RECEIVED), "sent", counts_json(p, CTL_PEER_SENT), "traffic",
			 ctl_counts_peer_json(c, &p->addr), "last_heard_ms",
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
	const struct ctl_peer *p = NULL;
	json_t *items;
	struct addr6 a;

	if (address_of(params, "address", &a, err) < 0)
		return -1;
	items = json_array();
	for (; json_array_size(items) < page.limit && (p = ctl_peer_next(c, &page.at)) != NULL; page.at++)
		if ((address == NULL || addr6_equal(&a, &p->addr)) &&
		    (name == NULL || strcmp(name, name_of(c, &p->addr)) == 0))
			json_array_append_new(items, peer_json(c, p));
	rpc_server_charge(c->rpc, page.at);
	return ctl_methods_page(items, ctl_peer_next(c, &page.at) != NULL ? (json_int_t)page.at : -1, result);
}

static int
peer_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	const struct ctl_peer *p;
	struct addr6 a;

	if (address_of(params, "peer", &a, err) < 0)
		return -1;
	p = ctl_peer_find(c, &a);
	if (p == NULL)
		return rpc_refuse(err, "unknown-peer", "no message was exchanged with it");
	*result = peer_json(c, p);
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
	"`name` (of the configuration), `address`, `role` (`mag`, `lma` or `both`, by what it sends), `state` "        \
	"(`lost`: "                                                                                                    \
	"it answered none of an update's retransmissions, and was not heard since), `sessions` (whose tunnel leads "   \
	"to "                                                                                                          \
	"it), `received` and `sent` (messages by name, acknowledgements by status), `last_heard_ms` (ago), `skew_ms` " \
	"(its clock before this node's, by its last timestamp)"

const struct rpc_method ctl_methods_peer[] = {
	{"peer.list", "Gateways and anchors that messages were exchanged with, the last 1024", list_params,
	 "{\"limit\": 10}", "A page of peers: " PEER_WORDS, peer_list, false},
	{"peer.get", "One gateway or anchor", get_params, "{\"peer\": \"2001:db8:0:a::1\"}", PEER_WORDS, peer_get,
	 false},
	{0},
};
