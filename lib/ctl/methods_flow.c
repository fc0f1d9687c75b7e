/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flows of mobile nodes with several interfaces, at an anchor (RFC 7864): which session each takes. A flow of a policy
 * is the policy's to move.
 */
#include <errno.h>

#include "methods_session.h"

static json_t *
bids_json(uint16_t bids)
{
	json_t *list = json_array();

	for (int bid = 1; bids != 0; bid++, bids >>= 1)
		if (bids & 1)
			json_array_append_new(list, json_integer(bid));
	return list;
}

static json_t *
flow_json(const struct ctl *c, const struct lma_flow_view *v)
{
	char selector[SELECTOR_TEXT];
	struct lma_view s;
	bool there = lma_find(c->s.lma, v->session, &s);

	return json_pack("{s:i, s:i, s:s, s:i, s:o, s:o, s:b, s:o, s:b, s:s}", "id", v->id, "priority", v->priority,
			 "selector", selector_format(&v->selector, selector), "bid", v->bid, "session",
			 there ? json_integer(v->session) : json_null(), "gateway",
			 there ? ctl_methods_addr6(&s.proxy_coa) : json_null(), "active", v->active, "idle",
			 bids_json(v->idle), "waiting", v->waiting, "policy", v->policy);
}

json_t *
ctl_methods_flows(const struct ctl *c, const struct pmip_mn_id *mn)
{
	json_t *list = json_array();
	struct lma_flow_view v;

	for (unsigned int i = 0; i < PMIP_FLOWS_MAX && c->s.lma != NULL && lma_next_flow(c->s.lma, mn, i, &v); i++)
		json_array_append_new(list, flow_json(c, &v));
	return list;
}

static bool
find(const struct ctl *c, const struct pmip_mn_id *mn, uint16_t id, struct lma_flow_view *out)
{
	for (unsigned int i = 0; i < PMIP_FLOWS_MAX && lma_next_flow(c->s.lma, mn, i, out); i++)
		if (out->id == id)
			return true;
	return false;
}

static uint16_t
free_id(const struct ctl *c, const struct pmip_mn_id *mn)
{
	struct lma_flow_view v;
	uint16_t id = 1;

	while (find(c, mn, id, &v))
		id++;
	return id;
}

/* Whose flow: the anchor's mobile node of the parameter mn. */
static int
mn_of(const struct ctl *c, const json_t *params, struct pmip_mn_id *mn, struct rpc_error *err)
{
	if (c->s.lma == NULL)
		return rpc_refuse(err, "not-an-anchor", "this node has not the role lma");
	return ctl_methods_mn_of(params, mn, err);
}

/* A flow of a command, by the parameter id. */
static int
flow_of(const struct ctl *c, const json_t *params, struct pmip_event *e, struct lma_flow_view *v, struct rpc_error *err)
{
	e->flow.id = (uint16_t)rpc_param_integer(params, "id", 0);
	if (mn_of(c, params, &e->flow.mn_id, err) < 0)
		return -1;
	if (!find(c, &e->flow.mn_id, e->flow.id, v))
		return rpc_refuse_param(err, "id", "unknown-flow", "the mobile node has no flow %u", e->flow.id);
	if (v->policy[0] != '\0')
		return rpc_refuse_param(err, "id", "flow-of-policy", "the policy %s says where flow %u goes", v->policy,
					e->flow.id);
	return 0;
}

/* Carry it out where it can be. */
static int
change(struct ctl *c, struct pmip_event *e, struct rpc_error *err)
{
	int rc = lma_move_check(c->s.lma, e);

	if (rc == -EEXIST && e->flow.change == PMIP_FLOW_ADD)
		return rpc_refuse(
			err, "flow-exists",
			"another flow of the mobile node has this number, or another flow or policy this priority");
	if (rc == -EADDRNOTAVAIL)
		return rpc_refuse_param(err, "selector", "unknown-prefix",
					"selector: `destination` is in none of the mobile node's prefixes");
	if (rc < 0)
		return ctl_methods_refuse_move(rc, err);
	ctl_engine_step(c, &c->lma, e);
	return 0;
}

/* The flow as it is now. */
static int
flow_result(const struct ctl *c, const struct pmip_event *e, json_t **result, struct rpc_error *err)
{
	struct lma_flow_view v;

	if (!find(c, &e->flow.mn_id, e->flow.id, &v))
		return rpc_refuse(err, "no-room", "there are too many mobile nodes with flows");
	*result = flow_json(c, &v);
	return *result != NULL ? 0 : -1;
}

static int
flow_add(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct pmip_event e = {.type = PMIP_EV_FLOW, .flow = {.change = PMIP_FLOW_ADD}};
	struct selector selector;
	struct ctl *c = user;
	const char *why;

	if (mn_of(c, params, &e.flow.mn_id, err) < 0)
		return -1;
	if (selector_parse(rpc_param_string(params, "selector", ""), &selector, &why) < 0)
		return rpc_refuse_param(err, "selector", "bad-selector", "selector: %s", why);
	if (ctl_methods_target(c, &c->lma, &e.flow.mn_id, params, &e.flow.session, err) < 0)
		return -1;
	e.flow.selector = &selector;
	e.flow.priority = (uint16_t)rpc_param_integer(params, "priority", 0);
	e.flow.id = (uint16_t)rpc_param_integer(params, "id", free_id(c, &e.flow.mn_id));
	return change(c, &e, err) < 0 ? -1 : flow_result(c, &e, result, err);
}

static int
flow_move(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct pmip_event e = {.type = PMIP_EV_FLOW, .flow = {.change = PMIP_FLOW_MOVE}};
	struct lma_flow_view v;
	struct ctl *c = user;

	if (flow_of(c, params, &e, &v, err) < 0 ||
	    ctl_methods_target(c, &c->lma, &e.flow.mn_id, params, &e.flow.session, err) < 0 || change(c, &e, err) < 0)
		return -1;
	return flow_result(c, &e, result, err);
}

static int
flow_del(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct pmip_event e = {.type = PMIP_EV_FLOW, .flow = {.change = PMIP_FLOW_DEL}};
	struct lma_flow_view v;
	struct ctl *c = user;
	json_t *was;

	if (flow_of(c, params, &e, &v, err) < 0)
		return -1;
	was = flow_json(c, &v);
	if (change(c, &e, err) < 0) {
		json_decref(was);
		return -1;
	}
	*result = was;
	return was != NULL ? 0 : -1;
}

static int
flow_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct pmip_mn_id id;

	if (mn_of(c, params, &id, err) < 0)
		return -1;
	return ctl_methods_page(ctl_methods_flows(c, &id), -1, result);
}

#define MN                                                                                                             \
	{                                                                                                              \
		"mn", RPC_STRING, true, "The mobile node's identifier", 0, 0, NULL                                     \
	}
#define ID(must, help)                                                                                                 \
	{                                                                                                              \
		"id", RPC_INTEGER, must, help, 1, UINT16_MAX, NULL                                                     \
	}

static const struct rpc_param add_params[] = {
	MN,
	{"selector", RPC_STRING, true,
	 "Which packets, as they go to the mobile node: KEY=VALUE or KEY=FIRST-LAST with blanks between, of source, "
	 "destination, spi, flow-label, source-port, destination-port, traffic-class and protocol; or any",
	 0, 0, NULL},
	{"priority", RPC_INTEGER, true, "The lowest is looked at first", 1, UINT16_MAX, NULL},
	METHODS_TARGET,
	ID(false, "Its number; else the lowest that is free"),
	{0},
};
static const struct rpc_param move_params[] = {
	MN,
	ID(true, "Its number, of flow.list"),
	METHODS_TARGET,
	{0},
};
static const struct rpc_param del_params[] = {
	MN,
	ID(true, "Its number, of flow.list"),
	{0},
};
static const struct rpc_param list_params[] = {
	MN,
	{0},
};

#define FLOW_WORDS                                                                                                     \
	"`id`, `priority`, `selector`, `bid` (of the session that it takes; 0: none yet), `session` and `gateway` "    \
	"(null: the session is not there), `active`, `idle` (the `bid` of each other session that has its prefixes "   \
	"too, and that it could take), `waiting` (for a gateway's answer), `policy` (\"\": of a command)"

const struct rpc_method ctl_methods_flow[] = {
	{"flow.add",
	 "Have a flow of a mobile node take one of its sessions. The gateway is asked first where it does not have the "
	 "flow's prefixes yet. What came of it is told by events",
	 add_params,
	 "{\"mn\": \"mn1@example.com\", \"selector\": \"protocol=udp source-port=5004\", \"priority\": 10, "
	 "\"gateway\": \"2001:db8:0:a::1\"}",
	 "The flow: " FLOW_WORDS, flow_add, true},
	{"flow.move", "Have a flow take another session. What came of it is told by events", move_params,
	 "{\"mn\": \"mn1@example.com\", \"id\": 1, \"gateway\": \"2001:db8:0:c::1\"}", "The flow, as of flow.add",
	 flow_move, true},
	{"flow.del", "Forget a flow: its packets go where their prefixes are", del_params,
	 "{\"mn\": \"mn1@example.com\", \"id\": 1}", "The flow as it was, as of flow.add", flow_del, true},
	{"flow.list", "The flows of a mobile node, in the order in which they are looked at", list_params,
	 "{\"mn\": \"mn1@example.com\"}", "A list: " FLOW_WORDS, flow_list, false},
	{0},
};
