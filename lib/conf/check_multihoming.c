/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobile nodes with several interfaces: numbers that mean nothing else, policies and aggregates that do not collide.
 */
#include <string.h>

#include "row.h"

#define HANDOFF_ASSIGNED   6   /* the greatest handoff indicator that has a meaning (RFC 7864 section 3.2.1) */
#define FLOW_POLICIES_MAX  64  /* a mobile node has a bit for each */
#define AGGREGATES_MAX	   256 /* each takes a route, for which tables have room */
#define AGGREGATE_LEN_MIN  48
#define AGGREGATE_LEN_MAX  63
#define AGGREGATE_EXPECTED "expected a global prefix of 48 to 63 bits"

#define REFUSE(section, element, key, ...) conf_refuse(o, o->main, section, element, key, __VA_ARGS__)

/* The two indicators that count in a section, and the key of the one that is no good; NULL when both are. */
static const char *
bad_indicator(const struct conf *c, uint32_t fresh, uint32_t existing)
{
	if (fresh != 0 && fresh <= HANDOFF_ASSIGNED)
		return "partial-handoff-new";
	if ((existing != 0 && existing <= HANDOFF_ASSIGNED) ||
	    (existing != 0 && existing == fresh && !c->multihoming.lenient))
		return "partial-handoff-existing";
	return NULL;
}

#define INDICATOR_EXPECTED "expected 0, or a number from 7 on that is not the other indicator's"

static bool
check_indicators(const struct conf *c, const struct conf_origin *o)
{
	const struct conf_MULTIHOMING *m = &c->multihoming;
	const char *key = bad_indicator(c, m->partial_new, m->partial_existing);

	if (key != NULL)
		return REFUSE("multihoming", 0, key, INDICATOR_EXPECTED);
	for (uint32_t i = 0; i < c->peers_count; i++) {
		const struct conf_PEER *p = &c->peers[i];

		key = bad_indicator(c, p->partial_new >= 0 ? (uint32_t)p->partial_new : m->partial_new,
				    p->partial_existing >= 0 ? (uint32_t)p->partial_existing : m->partial_existing);
		if (key != NULL)
			return REFUSE("peers", i, key, INDICATOR_EXPECTED);
	}
	return true;
}

static bool
check_policies(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->flow_policies_count; i++) {
		const struct conf_FLOW_POLICY *p = &c->flow_policies[i];

		if (i == FLOW_POLICIES_MAX)
			return REFUSE("flow-policies", i, "name", "expected %d policies at most", FLOW_POLICIES_MAX);
		for (uint32_t k = 0; k < i; k++) {
			if (strcmp(p->name, c->flow_policies[k].name) == 0)
				return REFUSE("flow-policies", i, "name", "another policy is called \"%s\"", p->name);
			if (p->priority == c->flow_policies[k].priority)
				return REFUSE("flow-policies", i, "priority", "policy \"%s\" has this priority",
					      c->flow_policies[k].name);
		}
	}
	return true;
}

static bool
is_aggregate(const struct addr_prefix *p)
{
	return p->len >= AGGREGATE_LEN_MIN && p->len <= AGGREGATE_LEN_MAX && conf_is_global(&p->addr);
}

static bool
check_aggregates(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->aggregates_count; i++) {
		const struct conf_AGGREGATE *a = &c->aggregates[i];

		if (i == AGGREGATES_MAX)
			return REFUSE("aggregates", i, "prefix", "expected %d aggregates at most", AGGREGATES_MAX);
		if (!is_aggregate(&a->prefix))
			return REFUSE("aggregates", i, "prefix", AGGREGATE_EXPECTED);
		if (!conf_is_global(&a->gateway))
			return REFUSE("aggregates", i, "gateway", "expected a global address");
		for (uint32_t k = 0; k < i; k++)
			if (addr_prefix_overlaps(&a->prefix, &c->aggregates[k].prefix))
				return REFUSE("aggregates", i, "prefix", "overlaps another aggregate");
		for (uint32_t k = 0; k < c->pools_count; k++)
			if (addr_prefix_overlaps(&a->prefix, &c->pools[k].prefix))
				return REFUSE("aggregates", i, "prefix", "overlaps pool \"%s\"", c->pools[k].name);
	}
	return true;
}

static bool
check_fixed_of(const struct conf *c, const struct conf_origin *o, const struct conf_MOBILE_NODE *n)
{
	for (uint32_t k = 0; k < n->prefixes_count; k++)
		for (uint32_t i = 0; i < c->aggregates_count; i++) {
			char text[ADDR_PREFIX_TEXT];

			if (!addr_prefix_overlaps(&n->prefixes[k], &c->aggregates[i].prefix))
				continue;
			addr_prefix_format(&n->prefixes[k], text);
			return REFUSE("aggregates", i, "prefix", "holds %s of mobile node \"%s\"", text, n->id);
		}
	return true;
}

/* What a mobile node has by policy a gateway would cut for another. */
static bool
check_fixed(const struct conf *c, const struct conf_origin *o)
{
	struct conf_MOBILE_NODE room;

	for (uint32_t i = 0; c->aggregates_count > 0 && i < c->mobile_nodes_count; i++)
		if (!check_fixed_of(c, o, conf_mobile_node(c, i, &room)))
			return false;
	return true;
}

/* What the list says of the gateway's own: how many there are, and whether it is one of them. */
static unsigned int
own_aggregates(const struct conf *c, bool *listed)
{
	unsigned int count = 0;

	*listed = false;
	for (uint32_t i = 0; i < c->aggregates_count; i++) {
		if (!addr6_equal(&c->aggregates[i].gateway, &c->mag.address))
			continue;
		*listed = *listed || addr_prefix_equal(&c->aggregates[i].prefix, &c->mag.aggregate);
		count++;
	}
	return count;
}

static bool
check_own_aggregate(const struct conf *c, const struct conf_origin *o)
{
	const struct conf_MAG *m = &c->mag;
	bool listed;
	unsigned int count = own_aggregates(c, &listed);

	if (m->temporal_prefixes > 0 && m->aggregate.len == 0 && count == 0 &&
	    (m->id[0] == '\0' || addr6_is_zero(&m->lma)))
		return REFUSE("mag", 0, "temporal-prefixes", "needs `aggregate`, or `id` and `lma` to ask for one");
	if (m->aggregate.len == 0 || listed)
		return true;
	if (!is_aggregate(&m->aggregate))
		return REFUSE("mag", 0, "aggregate", AGGREGATE_EXPECTED);
	if (count > 0)
		return REFUSE("mag", 0, "aggregate", "`aggregates` has another for this gateway");
	for (uint32_t i = 0; i < c->aggregates_count; i++)
		if (addr_prefix_overlaps(&c->aggregates[i].prefix, &m->aggregate))
			return REFUSE("mag", 0, "aggregate", "overlaps another gateway's of `aggregates`");
	return true;
}

static bool
check_gateway(const struct conf *c, const struct conf_origin *o)
{
	const struct conf_MAG *m = &c->mag;

	if (!check_own_aggregate(c, o))
		return false;
	if (m->temporal_prefixes > 0 && c->multihoming.vendor == 0)
		return REFUSE("mag", 0, "temporal-prefixes", "needs `multihoming.vendor`, by which anchors are told");
	if (c->multihoming.hi5_flow_handover && c->multihoming.vendor == 0)
		return REFUSE("multihoming", 0, "hi5-flow-handover",
			      "needs `vendor`, by which gateways are told what is idle");
	return true;
}

static bool
check_anchor(const struct conf *c, const struct conf_origin *o)
{
	if (c->lma.temporal_prefixes > 0 && c->multihoming.vendor == 0)
		return REFUSE("lma", 0, "temporal-prefixes", "needs `multihoming.vendor`, by which gateways are told");
	return true;
}

bool
conf_check_multihoming(const struct conf *c, const struct conf_origin *o)
{
	return check_indicators(c, o) && check_policies(c, o) && check_aggregates(c, o) && check_fixed(c, o) &&
	       check_anchor(c, o) && check_gateway(c, o);
}
