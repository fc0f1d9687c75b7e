/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a host is advertised, when, and to where.
 */
#include "rig.h"

/* shows: RFC5213-6.7-02 RFC5213-6.8-01 RFC5213-6.9.1.2-23 RFC5213-6.9.2-06 */
static void
contents(void)
{
	struct addr_prefix prefix = rig_prefix("2001:db8:1::/64");
	struct rig_heard h;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_HOST_SET, 0)->host.state, ACCESS_SERVED);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_FRAME, 0)->frame.port, RIG_PORT);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_RA);
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_src, &rig_router_mac));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_router));
	CU_ASSERT_TRUE(h.msg.has_ll);
	CU_ASSERT_TRUE(addr_mac_equal(&h.msg.ll, &rig_router_mac));
	CU_ASSERT_EQUAL(h.msg.ra.hop_limit, 64);
	CU_ASSERT_EQUAL(h.msg.ra.flags, 0);
	CU_ASSERT_EQUAL(h.msg.ra.router_lifetime_s, 1800);
	CU_ASSERT_EQUAL(h.msg.ra.mtu, 1460);
	CU_ASSERT_EQUAL(h.msg.ra.prefix_count, 1);
	CU_ASSERT_TRUE(addr_prefix_equal(&h.msg.ra.prefix[0].prefix, &prefix));
	CU_ASSERT_TRUE(h.msg.ra.prefix[0].autonomous);
	CU_ASSERT_TRUE(h.msg.ra.prefix[0].on_link);
	CU_ASSERT_EQUAL(h.msg.ra.prefix[0].valid_s, 3600);
	CU_ASSERT_EQUAL(h.msg.ra.prefix[0].preferred_s, 3600);
	rig_stop();
}

static void
destination(void)
{
	struct addr6 link_local = rig_link_local(1);
	struct addr_mac mac = rig_key(1).mac;
	struct rig_heard h;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &rig_all_nodes));
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
	rig_now_ms += 1000;
	rig_rs(1);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &link_local));
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
	rig_stop();
}

/* shows: RFC5213-6.7-01 RFC5213-6.9.2-01 RFC5213-6.9.2-03 */
static void
solicited_while_pending(void)
{
	struct addr6 link_local = rig_link_local(1);
	struct access_key key = rig_key(1);
	struct rig_heard h;

	rig_start(8);
	for (int i = 0; i < 2; i++) {
		rig_rs(1);
		CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 0);
	}
	rig_step((struct access_event){.type = ACCESS_EV_ATTACH, .key = key});
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 0);
	rig_serve(access_find_host(rig, &key), "2001:db8:1::/64", 3600);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_RA);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &link_local));
	rig_stop();
}

/* shows: RFC5213-6.9.2-01 RFC5213-6.9.2-02 */
static void
solicited(void)
{
	struct addr_prefix prefix = rig_prefix("2001:db8:1::/64");
	struct rig_heard h;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	rig_now_ms += 1000;
	rig_rs(1);
	CU_ASSERT_TRUE(rig_only(ND_RA));
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.ra.prefix_count, 1);
	CU_ASSERT_TRUE(addr_prefix_equal(&h.msg.ra.prefix[0].prefix, &prefix));
	CU_ASSERT_TRUE(h.msg.ra.prefix[0].on_link);
	CU_ASSERT_TRUE(h.msg.ra.prefix[0].valid_s > 0);
	rig_stop();
}

/* Whatever the host asks while the anchor refuses it; its prefixes of before are withdrawn, then not mentioned. */
/* shows: RFC5213-6.9.2-04 RFC5213-6.9.1.2-16 */
static void
solicited_while_rejected(void)
{
	struct access_event none = {.type = ACCESS_EV_SERVE};
	struct rig_heard h;

	rig_start(8);
	none.serve.host = rig_served(1, "2001:db8:1::/64", 3600);
	rig_now_ms += 1000;
	rig_step(none);
	for (int i = 0; i < 10; i++) {
		for (unsigned int k = 0; k < rig_count(ACCESS_ACT_FRAME); k++) {
			h = rig_hear(k);
			CU_ASSERT_EQUAL(h.msg.ra.router_lifetime_s, 0);
			CU_ASSERT_TRUE(h.msg.ra.prefix_count == 0 || h.msg.ra.prefix[0].valid_s == 0);
		}
		rig_now_ms += 1000;
		rig_rs(1);
	}
	CU_ASSERT_TRUE(rig_only(ND_RA));
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix_count, 0);
	rig_stop();
}

static void
bounded_answers(void)
{
	unsigned int sent = 0;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	for (int i = 0; i < 99; i++) {
		rig_now_ms++;
		rig_rs(1);
		sent += rig_count(ACCESS_ACT_FRAME);
	}
	CU_ASSERT_EQUAL(sent, 0);
	CU_ASSERT_EQUAL(access_due(rig), rig_now_ms + 1);
	rig_tick(rig_now_ms + 1);
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_RA);
	rig_stop();
}

/* shows: RFC5213-6.7-03 */
static void
never_outlasts_the_session(void)
{
	struct rig_heard h;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 600);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.router_lifetime_s, 600);
	rig_now_ms += 90500;
	rig_rs(1);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.ra.router_lifetime_s, 509);
	CU_ASSERT_EQUAL(h.msg.ra.prefix[0].valid_s, 509);
	rig_now_ms += 3600000;
	rig_rs(1);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.ra.router_lifetime_s, 0);
	CU_ASSERT_EQUAL(h.msg.ra.prefix[0].preferred_s, 0);
	CU_ASSERT_EQUAL(access_due(rig), UINT64_MAX);
	rig_stop();
}

static void
infinite(void)
{
	struct rig_heard h;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", ACCESS_LIFETIME_INFINITE);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.ra.router_lifetime_s, 1800);
	CU_ASSERT_EQUAL(h.msg.ra.prefix[0].valid_s, ND_INFINITE);
	CU_ASSERT_EQUAL(access_due(rig), rig_now_ms + 600000);
	rig_stop();
}

/* Every advertisement comes before a third of the lifetimes in the last one has passed, until the session's very end.
 */
static void
repeated_in_time(void)
{
	uint64_t last;
	uint32_t lifetime_s = 900;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", lifetime_s);
	for (int i = 0; i < 10; i++) {
		last = rig_now_ms;
		rig_tick(access_due(rig));
		CU_ASSERT_TRUE(rig_now_ms > last);
		CU_ASSERT_TRUE(rig_now_ms - last <= 1000 * (uint64_t)lifetime_s / 3 + 1000);
		CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
		lifetime_s = rig_hear(0).msg.ra.router_lifetime_s;
	}
	rig_stop();
}

static void
refreshed(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 600);
	rig_now_ms += 300000;
	rig_serve(id, "2001:db8:1::/64", 600);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_HOST_SET), 0);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix[0].valid_s, 600);
	rig_stop();
}

static void
renumbered(void)
{
	struct addr_prefix old = rig_prefix("2001:db8:1::/64");
	struct rig_heard h;
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_now_ms += 1000;
	rig_serve(id, "2001:db8:2::/64", 3600);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 2);
		CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix[0].prefix.addr.b[5], 2);
		h = rig_hear(1);
		CU_ASSERT_TRUE(addr_prefix_equal(&h.msg.ra.prefix[0].prefix, &old));
		CU_ASSERT_EQUAL(h.msg.ra.prefix[0].valid_s, 0);
		CU_ASSERT_EQUAL(h.msg.ra.router_lifetime_s, 1800);
		rig_tick(access_due(rig));
	}
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	rig_stop();
}

/* How long a prefix is advertised to be valid by the last step; -1 when it is not advertised, -2 when twice. */
static int64_t
valid_s(const char *text)
{
	struct addr_prefix prefix = rig_prefix(text);
	int64_t found = -1;

	for (unsigned int i = 0; i < rig_count(ACCESS_ACT_FRAME); i++) {
		struct rig_heard h = rig_hear(i);

		for (unsigned int k = 0; h.msg.type == ND_RA && k < h.msg.ra.prefix_count; k++)
			if (addr_prefix_equal(&h.msg.ra.prefix[k].prefix, &prefix))
				found = found == -1 ? (int64_t)h.msg.ra.prefix[k].valid_s : -2;
	}
	return found;
}

/* Both changes come before the gap allows an advertisement: the prefix in between was never told, yet may have been
 * by the time of a greater gap, so all of them are withdrawn. */
static void
renumbered_twice(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_serve(id, "2001:db8:2::/64", 3600);
	rig_serve(id, "2001:db8:3::/64", 3600);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	for (int i = 0; i < 3; i++) {
		rig_tick(access_due(rig));
		CU_ASSERT_EQUAL(valid_s("2001:db8:1::/64"), 0);
		CU_ASSERT_EQUAL(valid_s("2001:db8:2::/64"), 0);
		CU_ASSERT_TRUE(valid_s("2001:db8:3::/64") > 3590);
	}
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(valid_s("2001:db8:1::/64"), -1);
	rig_stop();
}

static void
renumbered_back(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_serve(id, "2001:db8:2::/64", 3600);
	rig_serve(id, "2001:db8:1::/64", 3600);
	for (int i = 0; i < 3; i++) {
		rig_tick(access_due(rig));
		CU_ASSERT_TRUE(valid_s("2001:db8:1::/64") > 3590);
		CU_ASSERT_EQUAL(valid_s("2001:db8:2::/64"), 0);
	}
	rig_stop();
}

static void
renumbered_then_refreshed(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_now_ms += 1000;
	rig_serve(id, "2001:db8:2::/64", 3600);
	CU_ASSERT_EQUAL(valid_s("2001:db8:1::/64"), 0);
	for (int i = 0; i < 2; i++) {
		rig_now_ms += 500;
		rig_serve(id, "2001:db8:2::/64", 3600);
		CU_ASSERT_EQUAL(valid_s("2001:db8:1::/64"), 0);
		CU_ASSERT_EQUAL(valid_s("2001:db8:2::/64"), 3600);
	}
	rig_now_ms += 500;
	rig_serve(id, "2001:db8:2::/64", 3600);
	CU_ASSERT_EQUAL(valid_s("2001:db8:1::/64"), -1);
	rig_stop();
}

static void
serve_two(uint32_t host, uint8_t deprecated)
{
	struct access_event e = {
		.type = ACCESS_EV_SERVE,
		.serve = {.host = host, .lifetime_s = 3600, .prefix_count = 2, .deprecated = deprecated}};

	e.serve.prefix[0] = rig_prefix("2001:db8:1::/64");
	e.serve.prefix[1] = rig_prefix("2001:db8:2::/64");
	rig_now_ms += 1000;
	rig_step(e);
}

static void
deprecated(void)
{
	struct access_view v;
	struct rig_heard h;
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	for (uint8_t mask = 0; mask < 4; mask++) {
		serve_two(id, mask);
		CU_ASSERT_TRUE(rig_only(ND_RA));
		h = rig_hear(0);
		CU_ASSERT_EQUAL(h.msg.ra.prefix_count, 2);
		for (unsigned int i = 0; i < 2; i++) {
			CU_ASSERT_EQUAL(h.msg.ra.prefix[i].valid_s, 3600);
			CU_ASSERT_EQUAL(h.msg.ra.prefix[i].preferred_s, mask & 1u << i ? 0 : 3600);
		}
		CU_ASSERT_TRUE(access_get(rig, id, &v) && v.deprecated == mask);
	}
	rig_tick(access_due(rig)); /* as often as it is said */
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix[1].preferred_s, 0);
	rig_now_ms += 1000;
	rig_serve(id, "2001:db8:2::/64", 3600); /* the first goes, and the other is not deprecated any more */
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix[0].preferred_s, 3600);
	CU_ASSERT_EQUAL(valid_s("2001:db8:1::/64"), 0);
	rig_stop();
}

/* More prefixes are withdrawn than one advertisement holds: the latest ones first, and none past its end. */
static void
renumbered_full(void)
{
	static const uint8_t count[] = {ND_PREFIX_MAX, 5, 1};
	struct access_event e = {.type = ACCESS_EV_SERVE};
	struct rig_heard h;

	rig_start(8);
	e.serve.host = rig_attach(1);
	e.serve.lifetime_s = 3600;
	for (uint8_t set = 0; set < UNIT_COUNT(count); set++) {
		e.serve.prefix_count = count[set];
		for (uint8_t i = 0; i < count[set]; i++) {
			e.serve.prefix[i] = rig_prefix("2001:db8::/64");
			e.serve.prefix[i].addr.b[6] = set;
			e.serve.prefix[i].addr.b[7] = i;
		}
		rig_step(e);
	}
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix_count, 1);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix[0].prefix.addr.b[6], 2);
	h = rig_hear(1);
	CU_ASSERT_EQUAL_FATAL(h.msg.ra.prefix_count, ND_PREFIX_MAX);
	for (uint8_t i = 0; i < ND_PREFIX_MAX; i++) {
		CU_ASSERT_EQUAL(h.msg.ra.prefix[i].prefix.addr.b[6], i < 5);
		CU_ASSERT_EQUAL(h.msg.ra.prefix[i].prefix.addr.b[7], i < 5 ? i : i - 5);
		CU_ASSERT_EQUAL(h.msg.ra.prefix[i].valid_s, 0);
	}
	rig_stop();
}

static uint32_t
advertised_mtu(uint32_t host, uint32_t mtu)
{
	struct access_event e = {.type = ACCESS_EV_SERVE};

	rig_now_ms += 1000;
	e.serve.host = host;
	e.serve.lifetime_s = 60;
	e.serve.mtu = mtu;
	rig_step(e);
	return rig_hear(0).msg.ra.mtu;
}

/* shows: RFC5213-6.9.5-08 RFC5213-6.9.5-09 RFC5213-6.9.2-07 RFC5213-6.9.2-08 */
static void
mtu(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_attach(1);
	CU_ASSERT_EQUAL(advertised_mtu(id, 1400), 1400);
	CU_ASSERT_EQUAL(advertised_mtu(id, 9000), RIG_PORT_MTU);
	CU_ASSERT_EQUAL(advertised_mtu(id, 0), RIG_PORT_MTU);
	CU_ASSERT_EQUAL(advertised_mtu(id, 1240), 1280);
	rig_stop();
}

/* Told anew at once, and from then on. */
/* shows: RFC5213-6.9.5-11 RFC5213-6.9.5-12 */
static void
mtu_changes(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.mtu, 1460);
	rig_now_ms += 1000;
	rig_mtu(id, 1360);
	CU_ASSERT_TRUE(rig_only(ND_RA));
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.mtu, 1360);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix_count, 1);
	rig_now_ms += 1000;
	rig_mtu(id, 1360);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_rs(1);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.mtu, 1360);
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.mtu, 1360);
	rig_mtu(id, 9000);
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.mtu, RIG_PORT_MTU);
	rig_mtu(id + 1, 1400);
	rig_unserve(id);
	rig_mtu(id, 1400);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_stop();
}

static void
each_its_own(void)
{
	struct addr_mac one = rig_key(1).mac, two = rig_key(2).mac;
	struct rig_heard h;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &one));
	rig_served(2, "2001:db8:2::/64", 3600);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &two));
	CU_ASSERT_EQUAL(h.msg.ra.prefix_count, 1);
	CU_ASSERT_EQUAL(h.msg.ra.prefix[0].prefix.addr.b[5], 2);
	for (uint8_t host = 1; host <= 2; host++) {
		struct addr_mac mac = rig_key(host).mac;

		rig_now_ms += 1000;
		rig_rs(host);
		CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
		h = rig_hear(0);
		CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
		CU_ASSERT_EQUAL(h.msg.ra.prefix_count, 1);
		CU_ASSERT_EQUAL(h.msg.ra.prefix[0].prefix.addr.b[5], host);
	}
	for (unsigned int told = 0; told < 2;) {
		rig_tick(access_due(rig));
		for (unsigned int i = 0; i < rig_count(ACCESS_ACT_FRAME); i++, told++) {
			h = rig_hear(i);
			CU_ASSERT_EQUAL(h.msg.ra.prefix_count, 1);
			CU_ASSERT_EQUAL(h.msg.ra.prefix[0].prefix.addr.b[5], h.frame.eth_dst.b[5]);
		}
	}
	rig_stop();
}

static void
tagged(void)
{
	struct access_event e = {.type = ACCESS_EV_ATTACH, .key = rig_key(1)};
	struct rig_heard h;

	rig_start(8);
	e.key.port = RIG_PORT_TAGGED;
	e.key.vlan = 7;
	rig_step(e);
	rig_serve(rig_act(ACCESS_ACT_ATTACHED, 0)->host.host, "2001:db8:1::/64", 60);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_FRAME, 0)->frame.port, RIG_PORT_TAGGED);
	CU_ASSERT_EQUAL(h.frame.vlan, 7);
	rig_stop();
}

static void
served_again_after_farewell(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_now_ms += 1000;
	rig_unserve(id);
	rig_now_ms += 1000;
	rig_serve(id, "2001:db8:1::/64", 3600);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_SERVED);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix[0].valid_s, 3600);
	CU_ASSERT_EQUAL(access_due(rig), rig_now_ms + 600000);
	rig_stop();
}

const struct unit_case advertise_cases[] = {
	{"an advertisement carries prefix, lifetimes, MTU and the fixed router of RFC 6543", contents},
	{"an advertisement goes to the host's MAC, and to its link-local address once that is known", destination},
	{"a solicitation of a pending host is answered when it is served", solicited_while_pending},
	{"a solicitation of a served host is answered by its on-link prefix", solicited},
	{"a host that the anchor refuses hears of no prefix", solicited_while_rejected},
	{"one host's solicitations are answered at most once in the gap, the last ones too", bounded_answers},
	{"no advertised lifetime outlasts the session", never_outlasts_the_session},
	{"an infinite session is advertised as such", infinite},
	{"advertisements are repeated before a third of their lifetimes has passed", repeated_in_time},
	{"new terms are advertised at once", refreshed},
	{"prefixes that are taken away are withdrawn while the router stays (RFC 5213 section 6.12)", renumbered},
	{"a prefix is withdrawn though its successor is taken away as well", renumbered_twice},
	{"a prefix that comes back is not withdrawn", renumbered_back},
	{"a withdrawal goes on while the session is refreshed, three times in all", renumbered_then_refreshed},
	{"a deprecated prefix stays valid and is not preferred (RFC 4862 section 5.5.4)", deprecated},
	{"withdrawals are bounded: the latest ones come first", renumbered_full},
	{"the MTU is the lower of port and tunnel, and not below 1280", mtu},
	{"another MTU of the tunnel is advertised at once and from then on", mtu_changes},
	{"several hosts of one port each hear of their own prefix alone, whatever makes the router speak",
	 each_its_own},
	{"an advertisement carries its host's VLAN", tagged},
	{"a host that is leaving can be served again", served_again_after_farewell},
};
const unsigned int advertise_case_count = UNIT_COUNT(advertise_cases);
