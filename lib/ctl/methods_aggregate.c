/* SPDX-License-Identifier: BSD-3-Clause */
/* Aggregates of gateways, as this node's roles know them. */
#include "methods.h"
#include "state.h"

/* A page being filled in: `at` counts what was looked at. */
struct filling {
	const struct ctl *c;
	const json_t *params;
	struct ctl_methods_page page;
	json_t *items;
	json_int_t at, next;
};

/* What the item is of is looked at only where the page has room for it. */
static bool
takes(struct filling *f)
{
	if (f->at++ < (json_int_t)f->page.at)
		return false;
	if (json_array_size(f->items) < f->page.limit)
		return true;
	if (f->next < 0)
		f->next = f->at - 1;
	return false;
}

static json_t *
lifetime_json(const struct ctl *c, uint64_t until_ms)
{
	return until_ms > c->now.mono_ms ? json_integer((json_int_t)((until_ms - c->now.mono_ms) / 1000)) : json_null();
}

static void
add(struct filling *f, const char *role, const struct pmip_aggregate *a, bool own, bool told, const char *state,
    uint64_t until_ms)
{
	ctl_methods_add(f->items, f->params,
			json_pack("{s:s, s:o, s:o, s:b, s:s, s:s, s:o}", "role", role, "prefix",
				  a->prefix.len > 0 ? ctl_methods_prefix(&a->prefix) : json_null(), "gateway",
				  addr6_is_zero(&a->gateway) ? json_null() : ctl_methods_addr6(&a->gateway), "own", own,
				  "source", told ? "signalling" : "configuration", "state", state, "lifetime_s",
				  lifetime_json(f->c, until_ms)));
}

static void
fill_anchor(struct filling *f)
{
	const struct ctl *c = f->c;
	struct lma_aggregate_view v;

	for (unsigned int i = 0; lma_next_aggregate(c->s.lma, i, &v); i++)
		if (takes(f))
			add(f, "lma", &v.is, ctl_signalling_owns(c, &v.is.gateway), false,
			    ctl_aggregate_state(c, &v.is.prefix), v.until_ms);
}

static void
fill_gateway(struct filling *f)
{
	static const char *const states[] = {[MAG_AGGREGATE_USED] = "used",
					     [MAG_AGGREGATE_ASKED] = "asked",
					     [MAG_AGGREGATE_REFUSED] = "refused",
					     [MAG_AGGREGATE_KNOWN] = "known"};
	struct mag_aggregate_view v;
	unsigned int at = 0;

	while (mag_next_aggregate(f->c->s.mag, &at, &v))
		if (takes(f))
			add(f, "mag", &v.is, v.own, v.told, states[v.state], v.until_ms);
}

static int
aggregate_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct filling f = {c, params, ctl_methods_page_of(params), json_array(), 0, -1};

	if (c->s.lma != NULL)
		fill_anchor(&f);
	if (c->s.mag != NULL)
		fill_gateway(&f);
	rpc_server_charge(c->rpc, (uint32_t)f.at);
	return ctl_methods_page(f.items, f.next, result);
}

static const struct rpc_param list_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	{"role", RPC_STRING, false, "What this role knows", 0, 0, "lma mag"},
	{"gateway", RPC_STRING, false, "Those of this gateway", 0, 0, NULL},
	{0},
};

const struct rpc_method ctl_methods_aggregate[] = {
	{"aggregate.list", "Aggregates that gateways cut prefixes of sessions from, as far as this node knows of them",
	 list_params, "{\"limit\": 2}",
	 "A page, the anchor's before the gateway's: `role`, `prefix` (null: the anchor has left none yet), `gateway` "
	 "(null where that is not known), `own` (of this node's own gateway), `source` (`configuration` or "
	 "`signalling`), `state`, `lifetime_s`. An anchor's state: `routed` to its gateway, `waiting` for room or for "
	 "a "
	 "route to it, `local`; and for how long the gateway has it, null where it has not asked. A gateway's: `used`, "
	 "`asked` for, `refused`, or another's and `known`; and for how long it may use or knows it, null where the "
	 "configuration says so",
	 aggregate_list, false},
	{0},
};
