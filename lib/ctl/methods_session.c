/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sessions of both roles, and mobile nodes that attach and leave by command.
 */
#include <errno.h>
#include <string.h>

#include "methods.h"
#include "state.h"

static json_int_t
seconds_until(const struct ctl *c, uint64_t ms)
{
	return ms == UINT64_MAX || ms < c->now.mono_ms ? 0 : (json_int_t)((ms - c->now.mono_ms) / 1000);
}

static json_t *
mn_text(const struct pmip_mn_id *id)
{
	char text[PMIP_MN_ID_TEXT];

	return json_string(pmip_mn_id_format(id, text));
}

static json_t *
lma_json(const struct ctl *c, const struct lma_view *v)
{
	return json_pack("{s:s, s:i, s:o, s:s, s:o, s:o, s:o, s:i, s:I, s:i, s:i, s:i, s:i, s:o}", "role", "lma",
			 "session", (int)v->session, "mn", mn_text(v->mn_id), "state", lma_state_name(v->state),
			 "prefixes", ctl_methods_prefixes(v->prefix, v->prefix_count), "peer",
			 ctl_methods_addr6(&v->proxy_coa), "care_of", ctl_methods_addr6(&v->proxy_coa), "lifetime_s",
			 (int)v->lifetime_s, "expires_in_s", seconds_until(c, v->expires_ms), "access_technology",
			 v->access_tech, "handoff_indicator", v->handoff, "sequence", v->sequence, "handovers",
			 (int)v->handovers, "link_local", ctl_methods_addr6(&v->link_local));
}

static json_t *
mag_json(const struct ctl *c, const struct mag_view *v)
{
	const struct ctl_port *port = ctl_port_find(c, v->link.port);

	return json_pack("{s:s, s:i, s:o, s:s, s:o, s:o, s:o, s:i, s:I, s:i, s:s, s:i, s:o, s:i, s:i, s:i, s:o}",
			 "role", "mag", "session", (int)v->session, "mn", mn_text(v->mn_id), "state",
			 mag_state_name(v->state), "prefixes", ctl_methods_prefixes(v->prefix, v->prefix_count), "peer",
			 ctl_methods_addr6(&v->lma), "care_of", ctl_methods_addr6(&c->s.mag_address), "lifetime_s",
			 (int)v->lifetime_s, "expires_in_s", seconds_until(c, v->expires_ms), "access_technology",
			 v->link.access_tech, "port", port != NULL ? port->name : "", "vlan", v->link.vlan, "mac",
			 ctl_methods_mac(&v->link.mac), "sequence", v->sequence, "status", v->status, "tries",
			 (int)v->tries, "link_local", ctl_methods_addr6(&v->link_local));
}

#define MAG_PAGES ((json_int_t)1 << 32) /* the gateway's entries come behind the anchor's */
#define SCAN_MAX  4096			/* entries that are looked at for one page: a filter may pass few of them */

/* A page that is being filled. */
struct listing {
	json_t *items;
	size_t limit;
	unsigned int scanned;
	const char *state; /* NULL: any */
	bool any_mn;
	struct pmip_mn_id mn;
};

static bool
is_full(const struct listing *l)
{
	return json_array_size(l->items) >= l->limit || l->scanned >= SCAN_MAX;
}

static bool
passes(struct listing *l, const struct pmip_mn_id *mn, const char *state)
{
	l->scanned++;
	return (l->any_mn || pmip_mn_id_equal(&l->mn, mn)) && (l->state == NULL || strcmp(l->state, state) == 0);
}

/* Entries of the anchor from index `at` on; the index to go on from, or -1 behind the last. */
static json_int_t
list_lma(const struct ctl *c, struct listing *l, uint32_t at)
{
	struct lma_view v;
	bool more = lma_next(c->s.lma, at, &v);

	for (; more && !is_full(l); more = lma_next(c->s.lma, v.session + 1, &v))
		if (passes(l, v.mn_id, lma_state_name(v.state)))
			json_array_append_new(l->items, lma_json(c, &v));
	return more ? (json_int_t)v.session : -1;
}

static json_int_t
list_mag(const struct ctl *c, struct listing *l, uint32_t at)
{
	struct mag_view v;
	bool more = mag_next(c->s.mag, at, &v);

	for (; more && !is_full(l); more = mag_next(c->s.mag, v.session + 1, &v))
		if (passes(l, v.mn_id, mag_state_name(v.state)))
			json_array_append_new(l->items, mag_json(c, &v));
	return more ? (json_int_t)v.session : -1;
}

int
ctl_methods_session_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	const char *role = rpc_param_string(params, "role", ""), *mn = rpc_param_string(params, "mn", "");
	struct listing l = {.limit = (size_t)rpc_param_integer(params, "limit", METHODS_PAGE),
			    .state = rpc_param_string(params, "state", NULL),
			    .any_mn = mn[0] == '\0'};
	json_int_t at = rpc_param_integer(params, "after", 0), next = -1;

	if (role[0] != '\0' && strcmp(role, "lma") != 0 && strcmp(role, "mag") != 0)
		return rpc_refuse_param(err, "role", "unknown-role", "expected lma or mag");
	if (!l.any_mn && pmip_mn_id_parse(mn, &l.mn) < 0)
		return rpc_refuse_param(err, "mn", "bad-identifier", "an identifier has 1 to %d bytes", MH_MN_ID_MAX);
	l.items = json_array();
	if (at < MAG_PAGES && c->s.lma != NULL && strcmp(role, "mag") != 0)
		next = list_lma(c, &l, (uint32_t)at);
	at = at < MAG_PAGES ? 0 : at - MAG_PAGES;
	if (next < 0 && at < MAG_PAGES && c->s.mag != NULL && strcmp(role, "lma") != 0) {
		next = list_mag(c, &l, (uint32_t)at);
		next = next < 0 ? -1 : next + MAG_PAGES;
	}
	return ctl_methods_page(l.items, next, result);
}

int
ctl_methods_session_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	const char *role = rpc_param_string(params, "role", c->s.lma != NULL ? "lma" : "mag");
	uint32_t session = (uint32_t)rpc_param_integer(params, "session", 0);
	struct lma_view lma;
	struct mag_view mag;

	if (strcmp(role, "lma") == 0 && c->s.lma != NULL && lma_find(c->s.lma, session, &lma))
		*result = lma_json(c, &lma);
	else if (strcmp(role, "mag") == 0 && c->s.mag != NULL && mag_find(c->s.mag, session, &mag))
		*result = mag_json(c, &mag);
	else
		return rpc_refuse(err, "unknown-session", "no session %u of the role %s", session, role);
	return *result != NULL ? 0 : -1;
}

/* A host by the parameters port, vlan and mac. */
static int
key_of(const struct ctl *c, const json_t *params, const char *port, struct access_key *key, struct rpc_error *err)
{
	const struct ctl_port *p = ctl_port_find_name(c, port);

	if (c->s.access == NULL)
		return rpc_refuse(err, "not-a-gateway", "this node has no access links");
	if (p == NULL || p->role != PATH_ACCESS)
		return rpc_refuse_param(err, "port", "unknown-port", "no access port is called \"%s\"", port);
	if (addr_mac_parse(rpc_param_string(params, "mac", ""), &key->mac) < 0 || addr_mac_is_group(&key->mac))
		return rpc_refuse_param(err, "mac", "bad-mac", "expected the MAC address of one station");
	key->port = p->id;
	key->vlan = (uint16_t)rpc_param_integer(params, "vlan", p->vlan);
	return 0;
}

static int
host_result(const struct ctl *c, const struct access_key *key, json_t **result)
{
	uint32_t host = access_find_host(c->s.access, key);
	struct access_view v;
	bool known = host != ACCESS_HOST_NONE && access_get(c->s.access, host, &v);

	*result = json_pack("{s:o, s:s}", "host", ctl_methods_mac(&key->mac), "state",
			    known ? access_state_name(v.state) : "detached");
	return *result != NULL ? 0 : -1;
}

int
ctl_methods_mn_attach(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	struct access_event e = {.type = ACCESS_EV_ATTACH};

	if (key_of(c, params, rpc_param_string(params, "port", ""), &e.key, err) < 0)
		return -1;
	if (!c->ready)
		return rpc_refuse(err, "not-ready", "this node's own addresses are not usable yet");
	c->handoff = (uint8_t)rpc_param_integer(params, "handoff", MH_HANDOFF_UNKNOWN);
	ctl_access_step(c, &e);
	c->handoff = MH_HANDOFF_UNKNOWN;
	if (access_find_host(c->s.access, &e.key) == ACCESS_HOST_NONE)
		return rpc_refuse(err, "table-full", "no room for another host");
	return host_result(c, &e.key, result);
}

int
ctl_methods_mn_detach(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	struct access_event e = {.type = ACCESS_EV_DETACH};
	const char *port = rpc_param_string(params, "port", NULL);

	if (port != NULL && key_of(c, params, port, &e.key, err) < 0)
		return -1;
	for (unsigned int i = 0; i < c->s.port_count; i++) {
		const struct ctl_port *p = &c->s.ports[i];

		if (p->role != PATH_ACCESS || (port != NULL && p->id != e.key.port))
			continue;
		if (key_of(c, params, p->name, &e.key, err) < 0)
			return -1;
		if (access_find_host(c->s.access, &e.key) == ACCESS_HOST_NONE)
			continue;
		ctl_access_step(c, &e);
		return host_result(c, &e.key, result);
	}
	return rpc_refuse(err, "unknown-host", "no such host is attached");
}
