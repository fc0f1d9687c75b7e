/* SPDX-License-Identifier: BSD-3-Clause */
/* aggregate.list, of an anchor and of a gateway, and an anchor's settings that change. */
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "cases.h"

#define COUNT 4

/* Of a gateway elsewhere, of this node's own, of another elsewhere, and of one that no route leads to. */
static struct pmip_aggregate list[COUNT];

static struct wish
wish_of(bool lma, bool mag)
{
	static const char *const prefixes[COUNT] = {"2002:2:1::/48", "2002:2:2::/48", "2002:2:3::/60", "2002:2:4::/48"},
				 *const gateways[COUNT] = {MAG1, NODE, MAG2, "4001::1"};

	for (unsigned int i = 0; i < COUNT; i++)
		list[i] = (struct pmip_aggregate){ip6(gateways[i]), prefix(prefixes[i])};
	return (struct wish){.lma = lma, .mag = mag, .multihoming = true, .aggregates = list, .aggregate_count = COUNT};
}

/* The page of these parameters as text, an item a line, and where the next begins. */
static const char *
page(struct rig *r, const char *params)
{
	static char text[1024];
	json_t *result = ask(r, "aggregate.list", json_loads(params, 0, NULL), NULL), *item;
	const char *role, *prefix, *gateway, *source, *state;
	size_t at = 0, i;
	int own;

	text[0] = '\0';
	json_array_foreach(json_object_get(result, "items"), i, item)
	{
		NEED(json_unpack(item, "{s:s, s:s, s:s, s:b, s:s, s:s}", "role", &role, "prefix", &prefix, "gateway",
				 &gateway, "own", &own, "source", &source, "state", &state) == 0);
		CU_ASSERT(json_is_null(json_object_get(item, "lifetime_s")));
		CU_ASSERT_STRING_EQUAL(source, "configuration");
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s %s %s %s%s\n", role, prefix, gateway, state,
				       own ? " own" : "");
	}
	if (json_is_integer(json_object_get(result, "next")))
		snprintf(text + at, sizeof(text) - at, "next %d",
			 (int)json_integer_value(json_object_get(result, "next")));
	json_decref(result);
	return text;
}

#define ANCHOR_1 "lma 2002:2:1::/48 " MAG1 " routed\n"
#define ANCHOR_2 "lma 2002:2:2::/48 " NODE " local own\n"
#define ANCHOR_3 "lma 2002:2:3::/60 " MAG2 " routed\n"
#define ANCHOR_4 "lma 2002:2:4::/48 4001::1 waiting\n"
#define GATEWAY	 "mag 2002:2:2::/48 " NODE " used own\n"
#define OTHERS                                                                                                         \
	"mag 2002:2:1::/48 " MAG1 " known\n"                                                                           \
	"mag 2002:2:3::/60 " MAG2 " known\n"                                                                           \
	"mag 2002:2:4::/48 4001::1 known\n"

static void
listed(void)
{
	struct wish wish = wish_of(true, true);
	struct rig r;

	rig_open(&r, &wish);
	rig_run(&r);
	CU_ASSERT_STRING_EQUAL(page(&r, "{}"), ANCHOR_1 ANCHOR_2 ANCHOR_3 ANCHOR_4 GATEWAY OTHERS);
	CU_ASSERT_STRING_EQUAL(page(&r, "{\"role\": \"mag\"}"), GATEWAY OTHERS);
	CU_ASSERT_STRING_EQUAL(page(&r, "{\"gateway\": \"" NODE "\"}"), ANCHOR_2 GATEWAY);
	CU_ASSERT_STRING_EQUAL(page(&r, "{\"limit\": 3}"), ANCHOR_1 ANCHOR_2 ANCHOR_3 "next 3");
	CU_ASSERT_STRING_EQUAL(page(&r, "{\"limit\": 2, \"after\": 3}"), ANCHOR_4 GATEWAY "next 5");
	CU_ASSERT_STRING_EQUAL(page(&r, "{\"limit\": 3, \"after\": 5}"), OTHERS);
	CU_ASSERT_STRING_EQUAL(page(&r, "{\"limit\": 1, \"after\": 9}"), "");
	rig_close(&r);
}

/* The tables follow the engine's settings: routes into tunnels come and go with them. */
static void
changes(void)
{
	struct addr6 before = ip6("2002:2:1:5::1"), after = ip6("2002:2:5:5::1");
	struct wish wish = wish_of(true, false);
	struct lma_change_refusal why;
	struct lma_settings s;
	struct lma_change *c;
	struct rig r;

	rig_open(&r, &wish);
	rig_run(&r);
	CU_ASSERT(fwd_route_tunnel(fwd_route_find(r.fwd, &before)) != 0);
	s = r.lma_settings;
	list[0] = (struct pmip_aggregate){ip6(MAG2), prefix("2002:2:5::/48")};
	s.aggregate_count = 1;
	c = lma_change_new(&s);
	NEED(c != NULL && lma_change_check(c, r.lma, UINT32_MAX, &why) == 0);
	lma_change_apply(r.lma, c);
	lma_change_free(c);
	rig_run(&r);
	rig_run(&r);
	CU_ASSERT_EQUAL(fwd_route_tunnel(fwd_route_find(r.fwd, &before)), 0);
	CU_ASSERT(fwd_route_tunnel(fwd_route_find(r.fwd, &after)) != 0);
	CU_ASSERT_STRING_EQUAL(page(&r, "{}"), "lma 2002:2:5::/48 " MAG2 " routed\n");
	rig_close(&r);
}

const struct unit_case aggregate_cases[] = {
	{"aggregates are listed as an anchor and as a gateway knows them, in pages", listed},
	{"an anchor's aggregates change, and their routes with them", changes},
};
const unsigned int aggregate_case_count = UNIT_COUNT(aggregate_cases);
