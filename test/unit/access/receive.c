/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the router answers a host, and what it leaves alone.
 */
#include <stdlib.h>

#include "rig.h"

static void
resolves_router(void)
{
	struct addr6 host = rig_link_local(1);
	struct rig_heard h;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	rig_ns(1, &host, &rig_router);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_NA);
	CU_ASSERT_TRUE(addr6_equal(&h.msg.na.target, &rig_router));
	CU_ASSERT_EQUAL(h.msg.na.flags, ND_NA_ROUTER | ND_NA_SOLICITED | ND_NA_OVERRIDE);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &host));
	CU_ASSERT_TRUE(h.msg.has_ll);
	CU_ASSERT_TRUE(addr_mac_equal(&h.msg.ll, &rig_router_mac));
	rig_stop();
}

/* A host's duplicate address detection for the router's address, answered as RFC 4862 section 5.4.3 has it. */
static void
expect_defence(void)
{
	struct addr_mac mac = rig_key(1).mac;
	struct rig_heard h;

	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_NA);
	CU_ASSERT_EQUAL(h.msg.na.flags, ND_NA_ROUTER | ND_NA_OVERRIDE);
	CU_ASSERT_TRUE(addr6_equal(&h.msg.na.target, &rig_router));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &rig_all_nodes));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_router));
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
	CU_ASSERT_TRUE(h.msg.has_ll);
	CU_ASSERT_TRUE(addr_mac_equal(&h.msg.ll, &rig_router_mac));
}

static void
claims(void)
{
	rig_ns(1, &(struct addr6){0}, &rig_router);
	expect_defence();
	rig_now_ms += 1000;
	rig_na(1, &rig_router);
	expect_defence();
	rig_now_ms += 1000;
}

static void
defends_router(void)
{
	uint32_t id;

	rig_start(8);
	rig_ns(1, &(struct addr6){0}, &rig_router);
	expect_defence();
	id = rig_act(ACCESS_ACT_ATTACHED, 0)->host.host;
	claims();
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_PENDING);
	rig_serve(id, "2001:db8:1::/64", 3600);
	claims();
	rig_unserve(id);
	claims();
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_LEAVING);
	CU_ASSERT_EQUAL(rig_counter(STAT_ROUTER_CLAIMED), 7);
	CU_ASSERT_EQUAL(rig_counter(STAT_NA_TX), 7);
	CU_ASSERT_EQUAL(rig_counter(STAT_NA_RX), 3);
	rig_stop();
}

static void
refused_hears_nothing(void)
{
	rig_start(8);
	rig_refuse(rig_attach(1));
	rig_ns(1, &(struct addr6){0}, &rig_router);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_na(1, &rig_router);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_HOST_NOT_SERVED), 2);
	CU_ASSERT_EQUAL(rig_counter(STAT_ROUTER_CLAIMED), 0);
	rig_stop();
}

/* Two who both defend an address must not keep each other at it. */
static void
bounded_defence(void)
{
	unsigned int sent = 0;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	for (int i = 0; i < 100; i++) {
		rig_na(1, &rig_router);
		sent += rig_count(ACCESS_ACT_FRAME);
	}
	CU_ASSERT_EQUAL(sent, 1);
	CU_ASSERT_EQUAL(rig_counter(STAT_ROUTER_CLAIMED), 100);
	rig_stop();
}

static void
own_advertisement(void)
{
	struct addr6 host = rig_link_local(1);

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	rig_na(1, &host);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_counter(STAT_NA_RX), 1);
	CU_ASSERT_EQUAL(rig_counter(STAT_ROUTER_CLAIMED), 0);
	rig_stop();
}

static void
own_detection_is_presence(void)
{
	struct addr6 host = rig_link_local(1), global = rig_prefix("2001:db8:1::aa/128").addr;

	rig_start(8);
	rig_ns(1, &(struct addr6){0}, &host);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 0);
	rig_ns(1, &(struct addr6){0}, &global);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ND_UNUSED), 0);
	rig_stop();
}

static void
proxies_nothing(void)
{
	struct addr6 host = rig_link_local(1), other = rig_prefix("2001:db8:1::bb/128").addr;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	rig_ns(1, &host, &other);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ND_UNUSED), 1);
	rig_stop();
}

static void
learns_link_local(void)
{
	struct addr6 global = rig_prefix("2001:db8:1::aa/128").addr, other = rig_prefix("fe80::7/128").addr;
	struct access_view v;
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_ns(1, &global, &rig_router);
	rig_ns(1, &rig_router, &other);
	CU_ASSERT_TRUE_FATAL(access_get(rig, id, &v));
	CU_ASSERT_TRUE(addr6_is_zero(&v.link_local));
	rig_ns(1, &other, &rig_router);
	CU_ASSERT_TRUE_FATAL(access_get(rig, id, &v));
	CU_ASSERT_TRUE(addr6_equal(&v.link_local, &other));
	rig_echo(1, &rig_router);
	other = rig_link_local(1);
	CU_ASSERT_TRUE_FATAL(access_get(rig, id, &v));
	CU_ASSERT_TRUE(addr6_equal(&v.link_local, &other));
	rig_stop();
}

static void
echoes(void)
{
	struct addr6 host = rig_link_local(1);
	struct rig_heard h;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	rig_echo(1, &rig_router);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_ECHO_REPLY);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_router));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &host));
	CU_ASSERT_EQUAL(memcmp(h.frame.payload + 8, "kedge", 5), 0);
	rig_echo(1, &rig_all_nodes);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_router));
	rig_echo(1, &host);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_UNUSED), 1);
	rig_stop();
}

static void
echo_rate(void)
{
	unsigned int replies = 0;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	rig_served(2, "2001:db8:2::/64", 3600);
	for (int i = 0; i < 100; i++) {
		rig_echo(1, &rig_router);
		replies += rig_count(ACCESS_ACT_FRAME);
	}
	CU_ASSERT_EQUAL(replies, 10);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ICMP_RATE), 90);
	rig_echo(2, &rig_router);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	rig_now_ms += 1000;
	rig_echo(1, &rig_router);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	rig_stop();
}

/* A router advertisement of a host: it must neither be believed nor answered. */
static void
host_as_router(void)
{
	struct access_key key = rig_key(1);
	const struct nd_link link = {.src_mac = key.mac, .dst_mac = addr_mac_of_group(&rig_all_nodes)};
	const struct nd_ra ra = {.router_lifetime_s = 1800};
	struct addr6 src = rig_link_local(1);
	uint8_t bytes[128];
	int len = nd_ra_encode(&link, &src, &rig_all_nodes, &ra, bytes, sizeof(bytes));

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	CU_ASSERT_FATAL(len > 0);
	rig_frame(RIG_PORT, bytes, len);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ND_UNUSED), 1);
	rig_stop();
}

static void
unused(void)
{
	const struct addr6 dns = rig_prefix("ff02::fb/128").addr;

	rig_start(8);
	rig_data_to(1, &dns);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_HOST_PENDING), 1);
	rig_serve(rig_act(ACCESS_ACT_ATTACHED, 0)->host.host, "2001:db8:1::/64", 3600);
	rig_data_to(1, &dns);
	rig_data_to(1, &rig_router);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_UNUSED), 2);
	rig_data(1); /* sent before its service was known to the workers */
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_HOST_PENDING), 2);
	rig_stop();
}

static void
forged(void)
{
	struct access_key key = rig_key(1);
	const struct nd_link link = {.src_mac = key.mac, .dst_mac = rig_router_mac};
	struct addr6 src = rig_link_local(1);
	uint8_t bytes[128];
	int len = nd_rs_encode(&link, &src, bytes, sizeof(bytes));

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	rig_now_ms += 1000;
	CU_ASSERT_FATAL(len > 0);
	bytes[14 + 7] = 254; /* hop limit: it came through a router */
	rig_frame(RIG_PORT, bytes, len);
	bytes[14 + 7] = 255;
	bytes[14 + 40 + 2] ^= 1; /* checksum */
	rig_frame(RIG_PORT, bytes, len);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ND_INVALID), 2);
	rig_stop();
}

static void
truncated(void)
{
	struct access_key key = rig_key(1);
	const struct nd_link link = {.src_mac = key.mac, .dst_mac = addr_mac_of_group(&rig_all_routers)};
	struct addr6 src = rig_link_local(1);
	uint8_t bytes[128];
	int len = nd_rs_encode(&link, &src, bytes, sizeof(bytes));

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", 3600);
	CU_ASSERT_FATAL(len > 0);
	for (int cut = 0; cut < len; cut++) {
		uint8_t *exact = malloc(cut + 1); /* so that a sanitizer sees a read past the end */

		memcpy(exact + 1, bytes, cut);
		rig_now_ms += 1000;
		rig_frame(RIG_PORT, exact + 1, cut);
		CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 0);
		free(exact);
	}
	rig_frame(RIG_PORT, bytes, len);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	rig_stop();
}

const struct unit_case receive_cases[] = {
	{"a solicitation for the router's address is answered, solicited and with its MAC address", resolves_router},
	{"a host that takes the router's address for its own is told off, pending, served or leaving", defends_router},
	{"a refused host that takes the router's address hears nothing", refused_hears_nothing},
	{"the router's address is defended against advertisements once a second", bounded_defence},
	{"a host's advertisement of its own address is no claim", own_advertisement},
	{"a host's own duplicate address detection is a sign of presence and nothing else", own_detection_is_presence},
	{"the router does not answer for other addresses of a host's prefix", proxies_nothing},
	{"a host's link-local address is learned from what it sends, and is never the router's", learns_link_local},
	{"echo requests to the router and its groups are answered from its link-local address", echoes},
	{"echo replies to one host are bounded, and leave the others theirs", echo_rate},
	{"a host's router advertisement is ignored", host_as_router},
	{"what a served host says on its link and nothing answers is counted as that", unused},
	{"messages from off the link or with a wrong checksum are dropped", forged},
	{"a truncated frame is dropped at each of its lengths", truncated},
};
const unsigned int receive_case_count = UNIT_COUNT(receive_cases);
