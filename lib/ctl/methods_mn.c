/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobile nodes: what policy says of them, their sessions of both roles, what happened to them; and those that attach
 * and leave by command.
 */
#include <errno.h>
#include <string.h>

#include "history.h"
#include "methods_session.h"

/* A mobile node's sessions of both roles. */
static json_t *
sessions_of(const struct ctl *c, const struct pmip_mn_id *id)
{
	json_t *list = json_array();
	struct lma_view lma;
	struct mag_view mag;
	bool more;

	more = c->s.lma != NULL && lma_next_of(c->s.lma, id, PMIP_SESSION_NONE, &lma);
	for (; more; more = lma_next_of(c->s.lma, id, lma.session, &lma))
		json_array_append_new(list, ctl_methods_lma(c, &lma));
	more = c->s.mag != NULL && mag_next_of(c->s.mag, id, PMIP_SESSION_NONE, &mag);
	for (; more; more = mag_next_of(c->s.mag, id, mag.session, &mag))
		json_array_append_new(list, ctl_methods_mag(c, &mag));
	return list;
}

static json_t *
mn_json(const struct ctl *c, const struct pmip_mn_id *id)
{
	return json_pack("{s:o, s:o}", "mn", ctl_methods_mn_id(id), "sessions", sessions_of(c, id));
}

/* A mobile node is shown in the place of its first session: the anchor's, where it has one there. */
static json_t *
show_lma(const struct ctl *c, const struct lma_view *v, struct ctl_methods_texts *texts)
{
	struct lma_view first;

	if (!lma_next_of(c->s.lma, &v->mn_id, PMIP_SESSION_NONE, &first) || first.session != v->session)
		return NULL;
	return mn_json(c, &v->mn_id);
}

static json_t *
show_mag(const struct ctl *c, const struct mag_view *v, struct ctl_methods_texts *texts)
{
	struct mag_view first;
	struct lma_view lma;

	if ((c->s.lma != NULL && lma_next_of(c->s.lma, v->mn_id, PMIP_SESSION_NONE, &lma)) ||
	    !mag_next_of(c->s.mag, v->mn_id, PMIP_SESSION_NONE, &first) || first.session != v->session)
		return NULL;
	return mn_json(c, v->mn_id);
}

static int
mn_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	return ctl_methods_sessions(user, params, &(struct ctl_methods_each){show_lma, show_mag}, result, err);
}

static json_t *
flow_policies_json(const struct ctl *c, uint64_t policies)
{
	json_t *names = json_array();

	for (unsigned int i = 0; i < c->s.flow_policy_count; i++)
		if (policies & UINT64_C(1) << i)
			json_array_append_new(names, json_string(c->s.flow_policies[i].name));
	return names;
}

static json_t *
profile_json(const struct ctl *c, const struct policy_entry *e)
{
	const struct pmip_profile *p = &e->profile;
	json_t *macs = json_array();

	for (unsigned int i = 0; i < e->link_count; i++)
		json_array_append_new(macs, ctl_methods_mac(&e->link[i]));
	return json_pack("{s:o, s:o, s:o, s:i, s:s, s:s, s:o, s:i, s:o}", "mn", ctl_methods_mn_id(&p->mn_id), "macs",
			 macs, "lma", p->lma_given ? ctl_methods_addr6(&p->lma) : json_null(), "access_technology",
			 p->access_tech, "service", p->service, "pool", p->pool, "prefixes",
			 ctl_methods_prefixes(p->prefix, p->prefix_count), "prefixes_wanted", p->prefixes_wanted,
			 "flow_policies", flow_policies_json(c, p->flow_policies));
}

/* The entry of policy of a mobile node; null where there is none. */
static json_t *
profile_of(const struct ctl *c, const struct pmip_mn_id *id)
{
	struct policy_entry e;

	return policy_find_entry(c->s.policy, id, &e) ? profile_json(c, &e) : json_null();
}

static int
mn_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct pmip_mn_id id;
	json_t *profile, *sessions;

	if (ctl_methods_mn_of(params, &id, err) < 0)
		return -1;
	profile = profile_of(c, &id);
	sessions = sessions_of(c, &id);
	if (json_is_null(profile) && json_array_size(sessions) == 0) {
		json_decref(profile);
		json_decref(sessions);
		return rpc_refuse(err, "unknown-mobile-node", "policy does not know it, and it has no session");
	}
	*result = json_pack("{s:o, s:o, s:o, s:o, s:o}", "mn", ctl_methods_mn_id(&id), "profile", profile, "sessions",
			    sessions, "rows", ctl_methods_rows(c, &id), "flows", ctl_methods_flows(c, &id));
	return *result != NULL ? 0 : -1;
}

static int
profile_of_mn(const struct ctl *c, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct policy_entry e;
	struct pmip_mn_id id;
	bool found;

	if (ctl_methods_mn_of(params, &id, err) < 0)
		return -1;
	found = policy_find_entry(c->s.policy, &id, &e);
	return ctl_methods_page(found ? json_pack("[o]", profile_json(c, &e)) : json_array(), -1, result);
}

static int
profile_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	struct policy_entry e;
	json_t *items;
	bool more;

	if (rpc_param_string(params, "mn", NULL) != NULL)
		return profile_of_mn(c, params, result, err);
	items = json_array();
	for (; (more = policy_get(c->s.policy, page.at, &e)) && json_array_size(items) < page.limit; page.at++)
		json_array_append_new(items, profile_json(c, &e));
	rpc_server_charge(c->rpc, (uint32_t)json_array_size(items));
	return ctl_methods_page(items, more ? (json_int_t)page.at : -1, result);
}

static const char *
state_name(const struct ctl_note *n, uint8_t state)
{
	return n->gateway ? mag_state_name(state) : lma_state_name(state);
}

static bool
has_lifetime(const struct ctl_note *n)
{
	return n->kind == MH_PBU || n->kind == MH_PBA;
}

static bool
has_status(const struct ctl_note *n)
{
	return n->kind == MH_PBA || n->kind == MH_BRA || n->kind == MH_UPA;
}

static json_t *
event_text(const struct ctl_note *n, const char *peer)
{
	const char *role = n->gateway ? "mag" : "lma", *name = ctl_event_name((enum ctl_event_kind)n->kind);
	char flow[16] = "";

	if (n->kind == CTL_EVENT_PEER_LOST) /* nothing came that has a status */
		return json_sprintf("%s: %s, peer %s", role, name, peer);
	if (n->value != 0)
		snprintf(flow, sizeof(flow), " %u", n->value);
	return json_sprintf("%s: %s%s, peer %s, status %u %s", role, name, flow, peer, n->status,
			    ctl_status_name_of((enum ctl_event_kind)n->kind, n->gateway, n->status));
}

static json_t *
message_text(const struct ctl_note *n, const char *peer)
{
	const char *way = n->what == CTL_NOTE_SENT ? "sent to" : "received from";
	char lifetime[32] = "", status[80] = "", why[32] = "";

	if (has_lifetime(n))
		snprintf(lifetime, sizeof(lifetime), ", lifetime %u s", n->value * MH_LIFETIME_UNIT_S);
	if (has_status(n))
		snprintf(status, sizeof(status), ", status %u %s", n->status,
			 ctl_status_name((enum mh_type)n->kind, n->status));
	if (n->kind == MH_BRI || n->kind == MH_UPN)
		snprintf(why, sizeof(why), ", %s %u", n->kind == MH_BRI ? "trigger" : "reason", n->value);
	return json_sprintf("%s %s %s: sequence %u%s%s%s", mh_type_name((enum mh_type)n->kind), way, peer, n->sequence,
			    lifetime, status, why);
}

/* What a message says beside its peer: `status` is 0 and `lifetime_s` too where it has none. */
static json_t *
message_json(const struct ctl_note *n)
{
	json_t *m = json_pack("{s:s, s:i, s:i}", "message", mh_type_name((enum mh_type)n->kind), "sequence",
			      n->sequence, "lifetime_s", has_lifetime(n) ? n->value * MH_LIFETIME_UNIT_S : 0);

	if (n->kind == MH_BRI)
		json_object_set_new(m, "trigger", json_integer(n->value));
	if (n->kind == MH_UPN)
		json_object_set_new(m, "reason", json_integer(n->value));
	return m;
}

/* What a note says, for people; programs go by its members. */
static json_t *
note_text(const struct ctl_note *n, const char *peer)
{
	switch ((enum ctl_note_what)n->what) {
	case CTL_NOTE_TRANSITION:
		return json_sprintf("%s session %u: %s to %s", n->gateway ? "mag" : "lma", n->session,
				    state_name(n, n->from), state_name(n, n->to));
	case CTL_NOTE_EVENT:
		return event_text(n, peer);
	case CTL_NOTE_SENT:
	case CTL_NOTE_RECEIVED:
		break;
	}
	return message_text(n, peer);
}

static json_t *
note_json(const struct ctl_note *n)
{
	static const char *const names[] = {[CTL_NOTE_SENT] = "sent",
					    [CTL_NOTE_RECEIVED] = "received",
					    [CTL_NOTE_TRANSITION] = "transition",
					    [CTL_NOTE_EVENT] = "event"};
	char peer[ADDR6_TEXT];
	json_t *note;

	addr6_format(&n->peer, peer);
	note = json_pack("{s:I, s:o, s:s, s:o}", "at_ms", (json_int_t)n->at_ms, "wall", ctl_event_wall(n->wall), "what",
			 names[n->what], "text", note_text(n, peer));
	if (n->what == CTL_NOTE_TRANSITION || n->what == CTL_NOTE_EVENT)
		json_object_update_new(note, json_pack("{s:s}", "role", n->gateway ? "mag" : "lma"));
	if (n->what == CTL_NOTE_TRANSITION)
		json_object_update_new(note, json_pack("{s:I, s:s, s:s}", "session", (json_int_t)n->session, "from",
						       state_name(n, n->from), "to", state_name(n, n->to)));
	else
		json_object_update_new(note, json_pack("{s:s, s:i}", "peer", peer, "status", n->status));
	if (n->what == CTL_NOTE_EVENT)
		json_object_update_new(note, json_pack("{s:s}", "kind", ctl_event_name((enum ctl_event_kind)n->kind)));
	if (n->what == CTL_NOTE_EVENT && n->value != 0)
		json_object_set_new(note, "flow", json_integer(n->value));
	if (n->what == CTL_NOTE_SENT || n->what == CTL_NOTE_RECEIVED)
		json_object_update_new(note, message_json(n));
	return note;
}

static int
mn_history(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	const struct ctl_history_node *node;
	struct pmip_mn_id id;
	json_t *items;

	if (ctl_methods_mn_of(params, &id, err) < 0)
		return -1;
	if (c->history == NULL)
		return rpc_refuse(err, "no-history", "`control.history` is 0: nothing is remembered");
	node = ctl_history_find(c, &id);
	if (node == NULL)
		return rpc_refuse(err, "unknown-mobile-node", "nothing is remembered of this mobile node");
	items = json_array();
	for (uint32_t i = node->noted > CTL_NOTES ? node->noted - CTL_NOTES : 0; i < node->noted; i++)
		json_array_append_new(items, note_json(&node->note[i % CTL_NOTES]));
	*result = json_pack("{s:o, s:I, s:o}", "mn", ctl_methods_mn_id(&id), "noted", (json_int_t)node->noted, "items",
			    items);
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

static bool
is_attached(const struct ctl *c, const struct access_key *key)
{
	uint32_t host = access_find_host(c->s.access, key);
	struct access_view v;

	return host != ACCESS_HOST_NONE && access_get(c->s.access, host, &v) &&
	       (v.state == ACCESS_PENDING || v.state == ACCESS_SERVED);
}

/* Prefixes that move to where the mobile node attaches: into *told, which has its handoff indicator. */
static int
read_pull(const struct ctl *c, const json_t *params, const struct access_key *key, struct ctl_told *told,
	  struct rpc_error *err)
{
	struct pmip_event e = {.type = PMIP_EV_ATTACH, .attach = {.handoff = told->handoff}};
	int rc;

	if (ctl_methods_prefixes_of(params, told->prefix, &told->prefix_count, err) < 0)
		return -1;
	if (told->handoff == MH_HANDOFF_SHARED_PREFIXES && told->prefix_count == 0)
		return rpc_refuse_param(err, "prefixes", "bad-prefix", "handoff 6 is about prefixes: name them");
	if (told->prefix_count == 0)
		return 0;
	if (told->handoff != MH_HANDOFF_SHARED_PREFIXES && ctl_methods_given_up(params, err) < 0)
		return -1;
	if (is_attached(c, key))
		return rpc_refuse(err, "already-attached", "it has a session there, which mn.move moves prefixes to");
	if (!policy_find_by_mac(c->s.policy, &key->mac, &e.attach.profile))
		return rpc_refuse_param(err, "mac", "unknown-mobile-node", "policy does not know it");
	e.attach.prefix_count = told->prefix_count;
	memcpy(e.attach.prefix, told->prefix, sizeof(e.attach.prefix));
	rc = mag_move_check(c->s.mag, &e);
	return rc < 0 ? ctl_methods_refuse_move(rc, err) : 0;
}

static int
mn_attach(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	struct access_event e = {.type = ACCESS_EV_ATTACH};
	struct ctl_told told = {.handoff = (uint8_t)rpc_param_integer(params, "handoff", MH_HANDOFF_UNKNOWN)};

	if (key_of(c, params, rpc_param_string(params, "port", ""), &e.key, err) < 0)
		return -1;
	if (!c->ready)
		return rpc_refuse(err, "not-ready", "this node's own addresses are not usable yet");
	if (read_pull(c, params, &e.key, &told, err) < 0)
		return -1;
	c->told = told;
	ctl_access_step(c, &e);
	c->told = (struct ctl_told){.handoff = MH_HANDOFF_UNKNOWN};
	if (access_find_host(c->s.access, &e.key) == ACCESS_HOST_NONE)
		return rpc_refuse(err, "table-full", "no room for another host");
	return host_result(c, &e.key, result);
}

static int
mn_detach(void *user, const json_t *params, json_t **result, struct rpc_error *err)
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

static const struct rpc_param list_params[] = {
	METHODS_AFTER, METHODS_LIMIT, METHODS_MN, METHODS_PREFIX, METHODS_PEER, {0},
};
static const struct rpc_param mn_params[] = {
	{"mn", RPC_STRING, true, "Its identifier", 0, 0, NULL},
	{0},
};
static const struct rpc_param profile_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	METHODS_MN,
	{0},
};
static const struct rpc_param attach_params[] = {
	{"port", RPC_STRING, true, "The access port", 0, 0, NULL},
	{"mac", RPC_STRING, true, "The host's MAC address", 0, 0, NULL},
	{"vlan", RPC_INTEGER, false, "Its VLAN", 0, 4094, NULL},
	{"handoff", RPC_INTEGER, false,
	 "Handoff indicator, where it is known (RFC 5213 section 8.4); 4: unknown; 6: it shares `prefixes` with "
	 "another "
	 "session (RFC 7864)",
	 1, MH_HANDOFF_SHARED_PREFIXES, NULL},
	{"prefixes", RPC_STRING, false,
	 "Those that come with it from another interface, with commas between them: a partial handoff", 0, 0, NULL},
	{"given_up", RPC_BOOLEAN, false, "True: the mobile node has given up its addresses of `prefixes` there", 0, 0,
	 NULL},
	{0},
};
static const struct rpc_param detach_params[] = {
	{"port", RPC_STRING, false, "The access port; else any", 0, 0, NULL},
	{"mac", RPC_STRING, true, "The host's MAC address", 0, 0, NULL},
	{"vlan", RPC_INTEGER, false, "Its VLAN", 0, 4094, NULL},
	{0},
};

#define HOST_WORDS "`host` (its MAC address) and `state`"

const struct rpc_method ctl_methods_mn[] = {
	{"mn.list", "Mobile nodes that have sessions", list_params, "{\"limit\": 10}",
	 "A page of mobile nodes: `mn` and `sessions`, as of session.list", mn_list, false},
	{"mn.get", "One mobile node: what policy says of it, its sessions, and what each has of its prefixes and flows",
	 mn_params, "{\"mn\": \"mn1@example.com\"}",
	 "`mn`, `profile` (as of profile.list, null where policy does not know it), `sessions`, `rows` (as of "
	 "mn.rows), "
	 "`flows` (as of flow.list)",
	 mn_get, false},
	{"mn.history", "The last 32 messages, changes of state and events of one mobile node", mn_params,
	 "{\"mn\": \"mn1@example.com\"}",
	 "`mn`, `noted` (how many there were in all) and `items`, the oldest first: `at_ms` (the daemon's clock), "
	 "`wall`, `what` (`sent`, `received`, `transition` or `event`), `text`; of messages `message`, `peer`, "
	 "`sequence`, `lifetime_s`, `status`, of a revocation `trigger` and of a notification `reason`; of transitions "
	 "`role`, `session`, `from`, `to`; of events `role`, "
	 "`kind`, `peer`, `status`, and `flow` where it is about one",
	 mn_history, false},
	{"mn.attach", "A host attached to an access port, as an access point's association event says", attach_params,
	 "{\"port\": \"access\", \"mac\": \"02:00:00:00:aa:01\"}", HOST_WORDS, mn_attach, true},
	{"mn.detach", "A host left its access port", detach_params, "{\"mac\": \"02:00:00:00:aa:01\"}", HOST_WORDS,
	 mn_detach, true},
	{"profile.list", "What policy says of mobile nodes", profile_params, "{\"limit\": 10}",
	 "A page of profiles: `mn`, `macs`, `lma` (null: the gateway's default), `access_technology` (0: the link's), "
	 "`service` (\"\": none by name), `pool`, `prefixes` (fixed ones), `prefixes_wanted`, `flow_policies` (their "
	 "names)",
	 profile_list, false},
	{0},
};
