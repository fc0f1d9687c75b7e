/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A mobile node with several interfaces: what each of its sessions has of its prefixes, and prefixes that go from one
 * to another. What a peer makes of a move is told by events.
 */
#include <errno.h>
#include <string.h>

#include "methods_session.h"

static const struct {
	const char *word;
	uint8_t number;
} technologies[] = {
#define TECHNOLOGY(number, word) {word, number},
#include "base/technology.def"
#undef TECHNOLOGY
};

/* The word was checked to be one of them. */
static uint8_t
technology_of(const char *word)
{
	unsigned int i = 0;

	while (i + 1 < RTE_DIM(technologies) && strcmp(technologies[i].word, word) != 0)
		i++;
	return technologies[i].number;
}

/* Which of a mobile node's sessions is meant. */
struct meant {
	bool has_session, has_gateway, has_access;
	uint32_t session;
	struct addr6 gateway;
	uint8_t access_tech;
	unsigned int sessions, found; /* that it has, and that are meant */
	uint32_t last;
};

static int
meant_of(const json_t *params, struct meant *m, struct rpc_error *err)
{
	const char *gateway = rpc_param_string(params, "gateway", NULL),
		   *access = rpc_param_string(params, "access", NULL);
	json_int_t session = rpc_param_integer(params, "session", -1);

	*m = (struct meant){.has_session = session >= 0,
			    .has_gateway = gateway != NULL,
			    .has_access = access != NULL,
			    .session = (uint32_t)session,
			    .access_tech = access != NULL ? technology_of(access) : 0};
	if (m->has_gateway && addr6_parse(gateway, &m->gateway) < 0)
		return rpc_refuse_param(err, "gateway", "bad-address", "gateway must be an IPv6 address");
	return 0;
}

static void
look(struct meant *m, bool active, uint32_t session, const struct addr6 *gateway, uint8_t access_tech)
{
	m->sessions++;
	if (!active || (m->has_session && m->session != session) ||
	    (m->has_gateway && !addr6_equal(&m->gateway, gateway)) || (m->has_access && m->access_tech != access_tech))
		return;
	m->found++;
	m->last = session;
}

int
ctl_methods_target(const struct ctl *c, const struct ctl_engine *engine, const struct pmip_mn_id *mn,
		   const json_t *params, uint32_t *session, struct rpc_error *err)
{
	uint32_t after = PMIP_SESSION_NONE;
	struct lma_view lma;
	struct mag_view mag;
	struct meant m;

	if (meant_of(params, &m, err) < 0)
		return -1;
	for (; engine == &c->lma && lma_next_of(c->s.lma, mn, after, &lma); after = lma.session)
		look(&m, lma.state == LMA_ACTIVE, lma.session, &lma.proxy_coa, lma.access_tech);
	for (; engine == &c->mag && mag_next_of(c->s.mag, mn, after, &mag); after = mag.session)
		look(&m, true, mag.session, &c->s.mag_address, mag.link.access_tech);
	*session = m.last;
	if (m.sessions == 0)
		return rpc_refuse(err, "unknown-mobile-node", "it has no session");
	if (m.found == 0)
		return rpc_refuse(err, "unknown-session", "it has no such session that is active");
	if (m.found > 1)
		return rpc_refuse(err, "ambiguous-session", "%u of its sessions are meant: name one by its number",
				  m.found);
	return 0;
}

int
ctl_methods_prefixes_of(const json_t *params, struct addr_prefix prefix[static MH_HNP_MAX], uint8_t *count,
			struct rpc_error *err)
{
	const char *list = rpc_param_string(params, "prefixes", NULL);
	char text[ADDR_PREFIX_TEXT];

	for (*count = 0; list != NULL; ++*count) { /* an empty list is a mistake, and not all that there are */
		size_t len = strcspn(list, ",");

		snprintf(text, sizeof(text), "%.*s", len < sizeof(text) ? (int)len : 0, list);
		if (*count == MH_HNP_MAX || addr_prefix_parse(text, &prefix[*count]) < 0)
			return rpc_refuse_param(err, "prefixes", "bad-prefix",
						"expected up to %d IPv6 prefixes with commas between them", MH_HNP_MAX);
		list = list[len] == ',' ? list + len + 1 : NULL;
	}
	return 0;
}

int
ctl_methods_refuse_move(int rc, struct rpc_error *err)
{
	static const struct {
		int rc;
		const char *reason, *why;
	} rows[] = {
		{-ENOENT, "unknown-prefix", "no other session of the mobile node has such a prefix"},
		{-EEXIST, "already-so", "it is so already"},
		{-ENOSPC, "no-room", "the mobile node, or the session, has as many as it can have"},
		{-EOPNOTSUPP, "not-supported",
		 "`multihoming` of the configuration does not allow it, or the gateway has shown that it cannot"},
		{-EBUSY, "busy", "something of it waits for a peer's answer: try again"},
		{-EINVAL, "bad-move", "no prefixes, one of them twice, or one that can be on no link"},
	};
	unsigned int i = 0;

	while (i + 1 < RTE_DIM(rows) && rows[i].rc != rc)
		i++;
	return rpc_refuse(err, rows[i].reason, "%s", rows[i].why);
}

int
ctl_methods_given_up(const json_t *params, struct rpc_error *err)
{
	if (rpc_param_boolean(params, "given_up", false))
		return 0;
	return rpc_refuse_param(err, "given_up", "not-given-up",
				"prefixes leave an interface when the mobile node has given up its addresses there: "
				"say so by `given_up`");
}

/* The engine of the role that is asked for, NULL with *err. */
static struct ctl_engine *
engine_of(struct ctl *c, const json_t *params, struct rpc_error *err)
{
	const char *role = rpc_param_string(params, "role", c->s.lma != NULL ? "lma" : "mag");
	struct ctl_engine *engine = strcmp(role, "lma") == 0 ? &c->lma : &c->mag;

	if (engine->self != NULL)
		return engine;
	rpc_refuse(err, engine == &c->lma ? "not-an-anchor" : "not-a-gateway", "this node has not the role %s", role);
	return NULL;
}

/* A gateway asks its anchor for what the mobile node has given up elsewhere. */
static int
check_pull(const json_t *params, const struct pmip_event *e, struct rpc_error *err)
{
	if (e->move.prefix_count == 0)
		return rpc_refuse_param(err, "prefixes", "bad-prefix", "a gateway is told which prefixes");
	return e->move.how == PMIP_MOVE_AWAY ? ctl_methods_given_up(params, err) : 0;
}

static int
mn_move(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	static const char *const keeps[] = {
		[PMIP_MOVE_AWAY] = "none", [PMIP_MOVE_IDLE] = "idle", [PMIP_MOVE_SHARED] = "shared"};
	const char *keep = rpc_param_string(params, "keep", keeps[PMIP_MOVE_AWAY]);
	struct pmip_event e = {.type = PMIP_EV_MOVE};
	struct ctl *c = user;
	struct ctl_engine *engine = engine_of(c, params, err);
	int rc;

	while (strcmp(keeps[e.move.how], keep) != 0)
		e.move.how++;
	if (engine == NULL || ctl_methods_mn_of(params, &e.move.mn_id, err) < 0 ||
	    ctl_methods_prefixes_of(params, e.move.prefix, &e.move.prefix_count, err) < 0 ||
	    ctl_methods_target(c, engine, &e.move.mn_id, params, &e.move.session, err) < 0 ||
	    (engine == &c->mag && check_pull(params, &e, err) < 0))
		return -1;
	rc = engine == &c->lma ? lma_move_check(c->s.lma, &e) : mag_move_check(c->s.mag, &e);
	if (rc < 0)
		return ctl_methods_refuse_move(rc, err);
	ctl_engine_step(c, engine, &e);
	*result = json_pack("{s:o, s:s, s:I, s:s, s:o}", "mn", ctl_methods_mn_id(&e.move.mn_id), "role", engine->name,
			    "session", (json_int_t)e.move.session, "keep", keep, "prefixes",
			    ctl_methods_prefixes(e.move.prefix, e.move.prefix_count));
	return *result != NULL ? 0 : -1;
}

static int
mn_cut(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct pmip_event e = {.type = PMIP_EV_CUT, .cut = {.count = (uint8_t)rpc_param_integer(params, "count", 1)}};
	struct ctl *c = user;
	int rc;

	if (c->s.mag == NULL)
		return rpc_refuse(err, "not-a-gateway", "temporal prefixes are cut at the gateway");
	if (ctl_methods_mn_of(params, &e.cut.mn_id, err) < 0 ||
	    ctl_methods_target(c, &c->mag, &e.cut.mn_id, params, &e.cut.session, err) < 0)
		return -1;
	rc = mag_cut_check(c->s.mag, &e);
	if (rc == -EOPNOTSUPP)
		return rpc_refuse(err, "not-supported",
				  "this gateway has no aggregate of the session's anchor, or cuts nothing for links");
	if (rc < 0)
		return ctl_methods_refuse_move(rc, err);
	ctl_engine_step(c, &c->mag, &e);
	*result = json_pack("{s:o, s:I, s:i}", "mn", ctl_methods_mn_id(&e.cut.mn_id), "session",
			    (json_int_t)e.cut.session, "count", e.cut.count);
	return *result != NULL ? 0 : -1;
}

static json_t *
anchor_row(const struct ctl *c, const struct lma_row_view *v)
{
	struct lma_view s;

	if (!lma_find(c->s.lma, v->session, &s))
		return NULL;
	return json_pack("{s:s, s:o, s:s, s:s, s:b, s:b, s:I, s:i, s:o, s:i}", "role", "lma", "prefix",
			 ctl_methods_prefix(&v->prefix), "kind", lma_row_kind_name(v->kind), "state",
			 v->idle ? "idle" : "active", "owned", v->owned, "off_link", v->off_link, "session",
			 (json_int_t)v->session, "bid", v->bid, "gateway", ctl_methods_addr6(&s.proxy_coa),
			 "access_technology", s.access_tech);
}

static json_t *
gateway_row(const struct ctl *c, const struct mag_view *v, unsigned int i)
{
	const uint8_t bit = (uint8_t)(1u << i);

	return json_pack("{s:s, s:o, s:s, s:s, s:b, s:b, s:I, s:n, s:o, s:i}", "role", "mag", "prefix",
			 ctl_methods_prefix(&v->prefix[i]), "kind", v->temporal & bit ? "temporal" : "permanent",
			 "state", v->idle & bit ? "idle" : "active", "owned", !((v->off_link | v->idle) & bit),
			 "off_link", !!(v->off_link & bit), "session", (json_int_t)v->session, "bid", "gateway",
			 ctl_methods_addr6(&c->s.mag_address), "access_technology", v->link.access_tech);
}

json_t *
ctl_methods_rows(const struct ctl *c, const struct pmip_mn_id *mn)
{
	json_t *list = json_array();
	struct lma_row_at at = {0};
	struct lma_row_view row;
	struct mag_view mag;
	bool more;

	while (c->s.lma != NULL && lma_next_row(c->s.lma, mn, &at, &row))
		json_array_append_new(list, anchor_row(c, &row));
	more = c->s.mag != NULL && mag_next_of(c->s.mag, mn, PMIP_SESSION_NONE, &mag);
	for (; more; more = mag_next_of(c->s.mag, mn, mag.session, &mag))
		for (unsigned int i = 0; i < mag.prefix_count; i++)
			json_array_append_new(list, gateway_row(c, &mag, i));
	return list;
}

static int
mn_rows(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct pmip_mn_id id;
	json_t *rows;

	if (ctl_methods_mn_of(params, &id, err) < 0)
		return -1;
	rows = ctl_methods_rows(c, &id);
	rpc_server_charge(c->rpc, (uint32_t)json_array_size(rows));
	return ctl_methods_page(rows, -1, result);
}

static const struct rpc_param move_params[] = {
	{"mn", RPC_STRING, true, "The mobile node's identifier", 0, 0, NULL},
	METHODS_TARGET,
	{"prefixes", RPC_STRING, false,
	 "These, with commas between them; else, at an anchor, all that its other sessions have", 0, 0, NULL},
	{"keep", RPC_STRING, false,
	 "What the session that they come from keeps (none): `idle` keeps them without traffic, for the way back; with "
	 "`shared` both have them (RFC 7864)",
	 0, 0, "none idle shared"},
	{"given_up", RPC_BOOLEAN, false,
	 "At a gateway, true: the mobile node has given up its addresses of these prefixes elsewhere. Nothing moves "
	 "without it, but what is kept",
	 0, 0, NULL},
	{"role", RPC_STRING, false, "Of this role, where the node is both (lma)", 0, 0, "lma mag"},
	{0},
};
static const struct rpc_param cut_params[] = {
	{"mn", RPC_STRING, true, "The mobile node's identifier", 0, 0, NULL},
	METHODS_TARGET,
	{"count", RPC_INTEGER, false, "So many more (1)", 1, MAG_TEMPORAL_MAX, NULL},
	{0},
};
static const struct rpc_param rows_params[] = {
	{"mn", RPC_STRING, true, "Its identifier", 0, 0, NULL},
	{0},
};

const struct rpc_method ctl_methods_move[] = {
	{"mn.move",
	 "Have prefixes of a mobile node go to another of its sessions. An anchor asks that session's gateway first "
	 "(RFC "
	 "7864 section 3.2.2); a gateway asks its anchor. What came of it is told by events",
	 move_params, "{\"mn\": \"mn1@example.com\", \"gateway\": \"2001:db8:0:a::1\", \"keep\": \"idle\"}",
	 "`mn`, `role`, `session` (that they go to), `keep` and `prefixes` (those that were given)", mn_move, true},
	{"mn.cut",
	 "Cut more temporal prefixes from this gateway's aggregate for a session, one for each more flow that may go "
	 "its "
	 "own way. The session gets them when its anchor has taken note of them",
	 cut_params, "{\"mn\": \"mn1@example.com\"}", "`mn`, `session` and `count`", mn_cut, true},
	{"mn.rows", "Which session of a mobile node has which of its prefixes", rows_params,
	 "{\"mn\": \"mn1@example.com\"}",
	 "A list, the anchor's by their `bid`, before the gateway's: `role`, `prefix`, `kind` (`permanent`, "
	 "`temporal`: of a gateway's "
	 "own, or `aggregate`: what a gateway cuts those from), `state` (`active`, or `idle`: without traffic), "
	 "`owned` "
	 "(its packets take this session's way unless a flow says otherwise), `off_link` (forwarded there and not "
	 "advertised), `session`, `bid` (the session's number among the mobile node's; null at a gateway), `gateway`, "
	 "`access_technology`",
	 mn_rows, false},
	{0},
};
