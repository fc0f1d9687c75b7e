/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while the node runs: all of them take effect, or none; sessions and their traffic stay. */
#include "apply.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "config.h"
#include "rig.h"

#define MORE "2001:db8:5::/64" /* a destination of its own */

static const struct wish both = {.lma = true, .mag = true};

/* Everything that may change, as far as it can be seen. */
struct seen {
	const char *name;
	const struct policy *policy;
	uint32_t be_rate, pool_total, pool_used, pools;
	struct addr_prefix block;
	unsigned int routes, neighbours, nexthops, prefixes;
	uint32_t to_more, to_world, to_pool;
	struct ctl_route route;
};

static void
look(struct rig *r, struct seen *out)
{
	struct addr6 more = ip6("2001:db8:5::9"), world = ip6(CN), homes = ip6("2001:db8:1::ffff:0:0:1");
	struct lma_pool_view v = {0};
	const struct ctl *c = r->ctl;

	memset(out, 0, sizeof(*out)); /* compared with memcmp */
	out->name = c->s.name;
	out->policy = c->s.policy;
	out->be_rate = c->s.timers.be_rate_per_s;
	for (; r->lma != NULL && lma_pool(r->lma, out->pools, &v); out->pools++) {
		out->pool_total += v.total;
		out->pool_used += v.used;
		out->block = v.block;
	}
	out->routes = c->s.route_count;
	out->route = c->s.routes[0];
	out->neighbours = c->s.neighbour_count;
	out->nexthops = index_pool_used(&c->nexthop_ids);
	out->prefixes = fwd_prefix_capacity(r->fwd);
	out->to_more = fwd_route_find(r->fwd, &more);
	out->to_world = fwd_route_find(r->fwd, &world);
	out->to_pool = fwd_route_find(r->fwd, &homes);
}

/* Put the source's change into effect as the method does. */
static int
apply(struct rig *r, struct ctl_refusals *why)
{
	struct ctl_config config = r->ctl->s.config;
	struct ctl_candidate *n = config.load(config.user, NULL, false);
	int rc;

	NEED(n != NULL);
	rc = ctl_apply(r->ctl, n, why);
	if (rc == 0)
		config.taken(config.user, n, false);
	else
		config.drop(config.user, n);
	rig_run(r);
	return rc;
}

static bool
refused(struct rig *r, const char *text)
{
	static struct ctl_refusals why;
	struct seen before, after;
	int rc;

	look(r, &before);
	rc = apply(r, &why);
	look(r, &after);
	CU_ASSERT(memcmp(&before, &after, sizeof(before)) == 0);
	if (rc == 0 || strncmp(why.text[0], text, strlen(text)) != 0)
		printf("expected %s, got %s\n", text, rc == 0 ? "(done)" : why.text[0]);
	return rc < 0 && why.total > 0 && strncmp(why.text[0], text, strlen(text)) == 0;
}

/* A change of every kind at once, on which faults are tried. */
struct change {
	struct pmip_pool_settings pools[2];
	struct ctl_route routes[3];
	struct ctl_neighbour neighbour;
	struct policy *policy;
};

static void
make_change(struct rig *r, struct change *ch)
{
	struct policy_entry guest = {.link_count = 1, .link[0] = mac(GUEST_MAC), .profile.prefixes_wanted = 1};

	NEED(pmip_mn_id_parse("guest@example.com", &guest.profile.mn_id) == 0);
	source_reset(&r->source);
	*ch = (struct change){0};
	ch->pools[0] = r->prefix_pool;
	ch->pools[0].block = prefix("2001:db8:1::/59");
	snprintf(ch->pools[1].name, sizeof(ch->pools[1].name), "more");
	ch->pools[1].block = prefix("2001:db8:6::/60");
	ch->pools[1].len = 64;
	ch->routes[0] = r->route;
	ch->routes[1] = (struct ctl_route){prefix(MORE), ip6(PEER), CORE};
	ch->routes[2] = (struct ctl_route){prefix("2001:db8:0:a::/64"), ip6(PEER), CORE}; /* to the gateways */
	ch->neighbour = (struct ctl_neighbour){ip6("2001:db8:0:c::77"), CORE, mac("02:00:00:00:00:77")};
	ch->policy = policy_new(&guest, 1, &r->lma_settings.secret, NULL);
	NEED(ch->policy != NULL);
	r->source.change.name = "other";
	r->source.change.pools = ch->pools;
	r->source.change.pool_count = 2;
	r->source.change.routes = ch->routes;
	r->source.change.route_count = 3;
	r->source.change.static_neighbours = &ch->neighbour;
	r->source.change.neighbour_count = 1;
	r->source.change.policy = ch->policy;
	r->source.change.timers.be_rate_per_s = 77;
	r->source.change.drop_rate = 78;
	r->source.change.access.advertise_s = 50;
	r->lma_settings.pools = ch->pools;
	r->lma_settings.pool_count = 2;
	r->lma_settings.lifetime_max_s = 400;
	r->mag_settings.lifetime_s = 120;
}

static void
end_change(struct rig *r, struct change *ch)
{
	if (r->ctl->s.policy == ch->policy)
		r->ctl->s.policy = r->policy;
	policy_free(ch->policy);
}

static uint32_t
lifetime_of(struct rig *r)
{
	struct lma_view v;

	NEED(lma_next(r->lma, 0, &v));
	return v.lifetime_s;
}

static void
everything(void)
{
	struct frame f = solicitation(GUEST_MAC);
	struct ctl_refusals why;
	struct addr_prefix home;
	struct mag_view v;
	struct seen after;
	struct change ch;
	struct rig r;
	uint64_t word;

	rig_open(&r, &both);
	rig_pbu(&r, &(struct update){0});
	home = rig_prefix_of_lma(&r);
	word = rig_value(&r, &home);
	CU_ASSERT(lifetime_of(&r) > 400);
	make_change(&r, &ch);
	CU_ASSERT_EQUAL(apply(&r, &why), 0);
	look(&r, &after);
	CU_ASSERT_STRING_EQUAL(after.name, "other");
	CU_ASSERT_EQUAL(after.be_rate, 77);
	CU_ASSERT_EQUAL(r.ctl->s.drop_rate, 78);
	CU_ASSERT(after.pools == 2 && after.pool_total == 32 + 16 && after.pool_used == 1);
	CU_ASSERT(after.routes == 3 && after.neighbours == 1 && after.to_more != FWD_NONE);
	CU_ASSERT(after.to_more != after.to_world);
	CU_ASSERT_EQUAL(r.source.taken, 1);
	/* The gateway's next session has what is new. */
	rig_send(&r, ACCESS, &f);
	CU_ASSERT(mag_next(r.mag, 0, &v) && v.lifetime_s == 120);
	/* The session has what it had, and the next update what is new. */
	CU_ASSERT_EQUAL(rig_value(&r, &home), word);
	rig_pbu(&r, &(struct update){.hnp = &home});
	CU_ASSERT_EQUAL(lifetime_of(&r), 400);
	CU_ASSERT_EQUAL(rig_value(&r, &home), word);
	end_change(&r, &ch);
	rig_close(&r);
}

/* The tables of routes and of next hops are full at some place in the middle. */
static void
full_tables(struct rig *r)
{
	static struct ctl_route crowd[70];
	struct change ch;

	for (unsigned int i = 0; i < UNIT_COUNT(crowd); i++) {
		crowd[i] = (struct ctl_route){prefix("2001:db9::/64"), ip6(ROUTER), CORE};
		crowd[i].prefix.addr.b[7] = (uint8_t)i;
	}
	crowd[69] = r->route;
	make_change(r, &ch);
	r->source.change.routes = crowd;
	r->source.change.route_count = UNIT_COUNT(crowd);
	r->source.change.prefixes = 100000;
	CU_ASSERT(refused(r, "routes: the tables have no room"));
	for (unsigned int i = 0; i < 40; i++)
		crowd[i].via.b[15] = (uint8_t)(0x80 + i);
	crowd[40] = r->route;
	r->source.change.route_count = 41;
	CU_ASSERT(refused(r, "routes: the tables have no room"));
	end_change(r, &ch);
}

/* Whatever stands against it, and wherever that shows, nothing has changed then. */
static void
all_or_nothing(void)
{
	static struct ctl_neighbour many[17];
	struct ctl_refusals why;
	struct addr_prefix home;
	struct change ch;
	struct rig r;

	rig_open(&r, &both);
	rig_pbu(&r, &(struct update){0});
	home = rig_prefix_of_lma(&r);

	make_change(&r, &ch);
	r.source.why = "it is made of stone";
	CU_ASSERT(refused(&r, "node.name: needs a restart: it is made of stone"));
	end_change(&r, &ch);

	make_change(&r, &ch);
	ch.pools[0].block = prefix("2001:db8:7::/60");
	CU_ASSERT(refused(&r, "pools[homes]: sessions use what would go of it: prefixes=1"));
	end_change(&r, &ch);

	make_change(&r, &ch);
	r.lma_settings.sessions_max--;
	CU_ASSERT(refused(&r, "lma: needs a restart"));
	r.lma_settings.sessions_max++;
	end_change(&r, &ch);

	make_change(&r, &ch);
	r.mag_settings.sessions_max--;
	CU_ASSERT(refused(&r, "mag: needs a restart"));
	r.mag_settings.sessions_max++;
	end_change(&r, &ch);

	make_change(&r, &ch);
	r.source.change.access.hosts_max++;
	CU_ASSERT(refused(&r, "mag: needs a restart of its access links"));
	end_change(&r, &ch);

	make_change(&r, &ch);
	r.source.change.static_neighbours = many;
	r.source.change.neighbour_count = UNIT_COUNT(many);
	CU_ASSERT(refused(&r, "neighbours: 17 of them"));
	end_change(&r, &ch);

	make_change(&r, &ch);
	ch.routes[0] = ch.routes[2] = ch.routes[1];
	CU_ASSERT(refused(&r, "routes: no other way to " MAG1));
	end_change(&r, &ch);

	full_tables(&r);

	/* And what was refused stands in nothing's way. */
	make_change(&r, &ch);
	CU_ASSERT_EQUAL(apply(&r, &why), 0);
	CU_ASSERT_EQUAL(rig_value(&r, &home) != FWD_VALUE_NONE, 1);
	CU_ASSERT_EQUAL(r.source.taken, 1);
	end_change(&r, &ch);
	rig_close(&r);
}

/* Routes of every kind beside each other, those that hold others first, in between and last. */
static void
no_gateway_is_cut_off(void)
{
	static const struct {
		const char *prefix[4];
		bool fine;
	} rows[] = {
		{{NULL}, false},
		{{"::/0"}, true},
		{{"2001:db8:0:a::/64"}, true},
		{{"2001:db8:0:9::/64", "2001:db8:0:b::/64", "2001:db8:0:a:8000::/65", "2001::/127"}, false},
		{{"2001:db8:0:a::2/128", "2001:db8:0:a::1/128"}, true},
		{{"2001:db8:0:9::/64", "2001:db8::/32", "2001:db8:0:a::/128", "2001:db8:0:8::/62"}, true},
		{{"2001:db8:0:a::/128", "2001:db8:0:9::/64", "2001:db8::/63", "ff00::/8"}, false},
	};
	const struct fwd_tunnel *cut;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true});
	rig_pbu(&r, &(struct update){0});
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct ctl_route routes[4];
		struct ctl_route_lists to = {.routes = routes};

		for (; to.route_count < 4 && rows[i].prefix[to.route_count] != NULL; to.route_count++)
			routes[to.route_count] =
				(struct ctl_route){prefix(rows[i].prefix[to.route_count]), ip6(ROUTER), CORE};
		CU_ASSERT_EQUAL(ctl_route_check(r.ctl, &to, &cut), 0);
		CU_ASSERT_EQUAL(cut == NULL, rows[i].fine);
	}
	rig_close(&r);
}

/* Where the datagram of a session leaves for: its next hop's MAC address. */
static bool
tunnelled_by(struct rig *r, const struct addr_prefix *home, const char *next_hop)
{
	struct addr6 cn = ip6(CN), mn = rig_host_in(home);
	struct frame f = downlink(&cn, &mn, 200);
	struct addr_mac wanted = mac(next_hop);
	struct nd_frame at;

	rig_forget(r);
	rig_send(r, CORE, &f);
	return rig_take_packet(r, CORE, MAG1, 41, &at) && addr_mac_equal(&at.eth_dst, &wanted);
}

static void
tunnels_follow_routes(void)
{
	struct ctl_refusals why;
	struct addr_prefix home;
	struct change ch;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true});
	rig_pbu(&r, &(struct update){0});
	home = rig_prefix_of_lma(&r);
	CU_ASSERT(tunnelled_by(&r, &home, ROUTER_MAC));
	make_change(&r, &ch);
	CU_ASSERT_EQUAL(apply(&r, &why), 0);
	rig_wait(&r, 100);
	CU_ASSERT(tunnelled_by(&r, &home, PEER_MAC));
	CU_ASSERT(!r.ctl->rerouting);
	r.source.change.routes = &r.route;
	r.source.change.route_count = 1;
	CU_ASSERT_EQUAL(apply(&r, &why), 0);
	rig_wait(&r, 100);
	CU_ASSERT(tunnelled_by(&r, &home, ROUTER_MAC));
	end_change(&r, &ch);
	rig_close(&r);
}

/* A configured neighbour comes, gets another MAC address, and goes. */
static void
neighbours(void)
{
	const struct addr6 addr = ip6("2001:db8:0:c::77");
	struct ctl_neighbour list[] = {{addr, CORE, mac("02:00:00:00:00:77")}, {addr, CORE, mac("02:00:00:00:00:78")}};
	struct ctl_refusals why;
	const struct ctl_nexthop *n;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .mute = true});
	for (unsigned int i = 0; i < UNIT_COUNT(list); i++) {
		source_reset(&r.source);
		r.source.change.static_neighbours = &list[i];
		r.source.change.neighbour_count = 1;
		CU_ASSERT_EQUAL(apply(&r, &why), 0);
		n = ctl_nexthop_find(r.ctl, CORE, &addr);
		CU_ASSERT(n != NULL && n->up && addr_mac_equal(&n->mac, &list[i].mac));
	}
	r.source.change.neighbour_count = 0;
	CU_ASSERT_EQUAL(apply(&r, &why), 0);
	CU_ASSERT_PTR_NULL(ctl_nexthop_find(r.ctl, CORE, &addr));
	rig_close(&r);
}

/* Turn, and let the worker be quiet, until the greater table is the only one. */
static void
turn_until_grown(struct rig *r)
{
	uint32_t prefixes = fwd_prefix_capacity(r->fwd);

	for (unsigned int i = 0; i < 10000 && fwd_prefix_growing(r->fwd); i++)
		ctl_turn(r->ctl, 10);
	CU_ASSERT(!fwd_prefix_growing(r->fwd) && fwd_prefix_capacity(r->fwd) == prefixes);
	rig_run(r);
}

/* A table of prefixes that is full takes more, and what was in it stays; that alone of the sizes may change. */
static void
more_prefixes(void)
{
	struct ctl_route routes[2] = {[1] = {prefix(MORE), ip6("2001:db8:0:c::66"), CORE}}; /* where nobody is */
	struct ctl_refusals why;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .prefixes = 1});
	routes[0] = r.route;
	rig_pbu(&r, &(struct update){0});
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2});
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	source_reset(&r.source);
	r.source.change.prefixes = 5000;
	CU_ASSERT_EQUAL(apply(&r, &why), 0);
	CU_ASSERT_EQUAL(fwd_prefix_capacity(r.fwd), 5000);
	turn_until_grown(&r);
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2});
	CU_ASSERT(lma_session_count(r.lma) == 2 && fwd_prefix_count(r.fwd) == 2);
	CU_ASSERT_EQUAL(fwd_prefix_reserve(r.fwd, 100000), 0);
	r.source.change.prefixes = 1000000;
	r.source.change.routes = routes; /* for which there is room, and which are taken back */
	r.source.change.route_count = 2;
	CU_ASSERT(refused(&r, "limits.prefixes: the table is growing to 100000"));
	turn_until_grown(&r);
	CU_ASSERT_EQUAL(apply(&r, &why), 0);
	CU_ASSERT_EQUAL(r.ctl->s.route_count, 2);
	r.source.change.prefixes = 1;
	CU_ASSERT_EQUAL(apply(&r, &why), 0);
	CU_ASSERT(fwd_prefix_capacity(r.fwd) == 1000000 && fwd_prefix_count(r.fwd) == 2);
	rig_close(&r);
}

/* Turn until the helper thread was done so often, or will never be. */
static void
turn_until(struct rig *r, unsigned int outcomes)
{
	for (unsigned int i = 0; i < 1000 && r->source.taken + r->source.dropped < outcomes; i++)
		ctl_turn(r->ctl, 10);
}

static void
reload(struct rig *r, unsigned int outcomes)
{
	ctl_config_reload(r->ctl);
	turn_until(r, outcomes);
	rig_run(r);
}

static void
by_signal(void)
{
	struct change ch;
	struct rig r;

	rig_open(&r, &both);
	make_change(&r, &ch);
	reload(&r, 1);
	CU_ASSERT(r.source.taken == 1 && strcmp(r.ctl->s.name, "other") == 0);
	r.source.error = "/start.yaml:1: no";
	reload(&r, 2);
	CU_ASSERT(r.source.taken == 1 && r.source.dropped == 1);
	CU_ASSERT_STRING_EQUAL(r.ctl->s.name, "other");
	end_change(&r, &ch);
	rig_close(&r);
}

/* Where pools change sessions are looked at, a few a turn; and nothing has changed before all are. */
static void
in_turns(void)
{
	struct wish many = both;
	unsigned int turns = 0;
	struct seen after;
	struct change ch;
	struct rig r;

	many.sessions = 5000;
	rig_open(&r, &many);
	rig_pbu(&r, &(struct update){0});
	make_change(&r, &ch);
	ctl_config_reload(r.ctl);
	for (unsigned int i = 0; i < 1000 && !ctl_config_looking(r.ctl); i++)
		ctl_turn(r.ctl, 10);
	for (; ctl_config_looking(r.ctl); turns++) {
		CU_ASSERT(ctl_config_is_busy(r.ctl) && r.source.taken == 0);
		ctl_turn(r.ctl, 10);
	}
	CU_ASSERT_EQUAL(turns, 5);
	CU_ASSERT_EQUAL(r.source.taken, 1);
	look(&r, &after);
	CU_ASSERT(after.pools == 2 && after.pool_used == 1);
	end_change(&r, &ch);
	rig_close(&r);
	/* It ends in between. */
	rig_open(&r, &many);
	make_change(&r, &ch);
	ctl_config_reload(r.ctl);
	for (unsigned int i = 0; i < 1000 && !ctl_config_looking(r.ctl); i++)
		ctl_turn(r.ctl, 10);
	ctl_turn(r.ctl, 10);
	CU_ASSERT(ctl_config_looking(r.ctl));
	end_change(&r, &ch);
	rig_close(&r);
}

/* Asked again while the thread runs, once more after it and no oftener; ended while it runs. */
static void
by_many_signals(void)
{
	struct rig r;

	rig_open(&r, &both);
	for (unsigned int i = 0; i < 5; i++)
		ctl_config_reload(r.ctl);
	turn_until(&r, 2);
	for (unsigned int i = 0; i < 20; i++)
		ctl_turn(r.ctl, 1);
	CU_ASSERT(r.source.taken == 2 && r.source.dropped == 0);
	ctl_config_reload(r.ctl);
	rig_close(&r);
}

/* Who asked is gone: what came of it is forgotten after a while, and a signal that waited behind it is heard. */
static void
nobody_fetches(void)
{
	struct rig r;

	rig_open(&r, &both);
	CU_ASSERT_EQUAL(ctl_config_start(r.ctl, CTL_CONFIG_CHECK, NULL, 77), 0);
	turn_until(&r, 1);
	CU_ASSERT(ctl_config_is_busy(r.ctl));
	ctl_config_reload(r.ctl);
	CU_ASSERT_EQUAL(r.source.taken, 0);
	rig_wait(&r, CTL_CONFIG_KEEP_MS + 1000);
	turn_until(&r, 2);
	CU_ASSERT(r.source.taken == 1 && !ctl_config_is_busy(r.ctl));
	rig_close(&r);
}

const struct unit_case apply_cases[] = {
	{"settings of every kind take effect at once, and a session keeps what it has", everything},
	{"where one thing stands against it, nothing changes, wherever that shows", all_or_nothing},
	{"routes that leave no way to a gateway with sessions are found, however they lie", no_gateway_is_cut_off},
	{"tunnels follow routes that lead elsewhere, and come back", tunnels_follow_routes},
	{"a configured neighbour comes, changes and goes", neighbours},
	{"a full table of prefixes takes more, the one size that may grow", more_prefixes},
	{"the file is read again on a signal; a bad one changes nothing", by_signal},
	{"a change of pools is compared with sessions in turns", in_turns},
	{"signals while the file is read make it be read once more", by_many_signals},
	{"what nobody fetches stands in nobody's way for long", nobody_fetches},
};
const unsigned int apply_case_count = UNIT_COUNT(apply_cases);
