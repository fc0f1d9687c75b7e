/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A node's own addresses: how they come into use and what is answered from them.
 */
#include <stdlib.h>

#include "rig.h"

static void
detects_duplicates(void)
{
	struct host_address_view v;
	uint32_t at = 0;

	rig_start_tentative(8);
	CU_ASSERT_EQUAL(host_due(rig), 0);
	rig_tick(rig_now_ms);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 4);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_ADDRESS), 0);
	for (int i = 0; i < 4; i++) {
		struct rig_heard h = rig_hear(i);
		struct addr6 group = addr6_solicited_node(&h.msg.ns.target);
		struct addr_mac mac = addr_mac_of_group(&group);

		CU_ASSERT_EQUAL(h.msg.type, ND_NS);
		CU_ASSERT_TRUE(addr6_is_zero(&h.frame.ip_src));
		CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &group));
		CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
		CU_ASSERT_FALSE(h.msg.has_ll);
		CU_ASSERT_EQUAL(h.frame.vlan, i < 2 ? 0 : 7);
	}
	CU_ASSERT_FALSE(host_owns(rig, &rig_own));
	CU_ASSERT_EQUAL(host_due(rig), rig_now_ms + 1000);
	rig_tick(rig_now_ms + 1000);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_ADDRESS), 4);
	CU_ASSERT_TRUE(addr6_equal(&rig_act(HOST_ACT_ADDRESS, 0)->address.addr, &rig_link_local));
	CU_ASSERT_TRUE(rig_act(HOST_ACT_ADDRESS, 1)->address.usable);
	CU_ASSERT_EQUAL(rig_act(HOST_ACT_ADDRESS, 3)->port, RIG_PORT_TAGGED);
	CU_ASSERT_TRUE(host_owns(rig, &rig_own));
	CU_ASSERT_EQUAL(host_due(rig), UINT64_MAX);
	while (host_address_next(rig, &at, &v))
		CU_ASSERT_FALSE(v.tentative || v.duplicate);
	CU_ASSERT_EQUAL(at, 4);
	rig_stop();
}

static void
announces(void)
{
	struct rig_heard h;

	rig_start_tentative(8);
	rig_tick(rig_now_ms);
	rig_tick(rig_now_ms + 1000);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 4);
	h = rig_hear(1);
	CU_ASSERT_EQUAL(h.msg.type, ND_NA);
	CU_ASSERT_TRUE(addr6_equal(&h.msg.na.target, &rig_own));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &rig_all_nodes));
	CU_ASSERT_EQUAL(h.msg.na.flags, ND_NA_ROUTER | ND_NA_OVERRIDE);
	rig_stop();
}

static void
wanted_meanwhile(void)
{
	const struct addr6 next_hop = rig_global(1);
	uint64_t start_ms;

	rig_start_tentative(8);
	start_ms = rig_now_ms;
	rig_tick(start_ms);
	rig_now_ms = start_ms + 1;
	rig_resolve(&next_hop, false);
	CU_ASSERT_EQUAL(host_stat(rig)->counter[STAT_NS_TX], 4); /* the probes alone */
	rig_run(start_ms + 1000);
	CU_ASSERT_EQUAL(host_stat(rig)->counter[STAT_NS_TX], 5);
	rig_stop();
}

static void
detection_off(void)
{
	struct host_port_settings port = {.port = RIG_PORT, .mac = rig_mac};
	struct host_settings s = host_settings_default();

	s.dad_probes = 0;
	s.ports = &port;
	s.port_count = 1;
	rig = host_new(&s);
	rig_tick(5);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_ADDRESS), 1);
	CU_ASSERT_TRUE(rig_act(HOST_ACT_ADDRESS, 0)->address.usable);
	rig_stop();
}

static void
check_duplicate(void)
{
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_ADDRESS), 1);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 0);
	CU_ASSERT_TRUE(addr6_equal(&rig_act(HOST_ACT_ADDRESS, 0)->address.addr, &rig_own));
	CU_ASSERT_FALSE(rig_act(HOST_ACT_ADDRESS, 0)->address.usable);
	rig_run(rig_now_ms + 10000);
	CU_ASSERT_FALSE(host_owns(rig, &rig_own));
	rig_ns(9, &(struct addr6){{0xfe, 0x80, [15] = 9}}, &rig_own);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_stop();
}

static void
duplicate_by_na(void)
{
	rig_start_tentative(8);
	rig_tick(rig_now_ms);
	rig_na(9, &rig_own, ND_NA_OVERRIDE);
	check_duplicate();
}

static void
duplicate_by_ns(void)
{
	rig_start_tentative(8);
	rig_tick(rig_now_ms);
	rig_ns(9, &rig_none, &rig_own);
	check_duplicate();
}

static void
own_probe_comes_back(void)
{
	uint8_t bytes[HOST_FRAME_MAX];
	size_t len;

	rig_start_tentative(8);
	rig_tick(rig_now_ms);
	len = rig_act(HOST_ACT_FRAME, 1)->frame.len;
	memcpy(bytes, rig_act(HOST_ACT_FRAME, 1)->frame.bytes, len);
	rig_frame(RIG_PORT, bytes, len);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_stop();
}

static void
tentative_is_silent(void)
{
	struct addr6 peer = rig_global(9);

	rig_start_tentative(8);
	rig_tick(rig_now_ms);
	rig_ns(9, &peer, &rig_own);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_echo(9, &peer, &rig_own);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_tick(rig_now_ms + 1000);
	CU_ASSERT_TRUE(host_owns(rig, &rig_own));
	rig_stop();
}

static void
answers_solicitations(void)
{
	struct addr6 peer = rig_global(9);
	struct addr_mac mac = rig_mac_of(9);
	struct rig_heard h;

	rig_start(8);
	rig_ns(9, &peer, &rig_own);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_NA);
	CU_ASSERT_EQUAL(h.msg.na.flags, ND_NA_ROUTER | ND_NA_SOLICITED | ND_NA_OVERRIDE);
	CU_ASSERT_TRUE(addr6_equal(&h.msg.na.target, &rig_own));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &peer));
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
	CU_ASSERT_TRUE(h.msg.has_ll);
	CU_ASSERT_TRUE(addr_mac_equal(&h.msg.ll, &rig_mac));
	rig_stop();
}

static void
defends(void)
{
	struct rig_heard h;

	rig_start(8);
	rig_ns(9, &rig_none, &rig_own);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.na.flags, ND_NA_ROUTER | ND_NA_OVERRIDE);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &rig_all_nodes));
	CU_ASSERT_TRUE(host_owns(rig, &rig_own));
	CU_ASSERT_EQUAL(rig_neighbours(), 0);
	rig_na(9, &rig_own, ND_NA_OVERRIDE);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_TRUE(host_owns(rig, &rig_own));
	rig_stop();
}

static void
answers_for_itself_alone(void)
{
	struct addr6 peer = rig_global(9), other = rig_global(10);

	rig_start(8);
	rig_ns(9, &peer, &other);
	rig_ns(9, &peer, &rig_own_tagged);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ND_UNUSED) + rig_drops(STAT_DROP_OWN_UNUSED), 2);
	CU_ASSERT_EQUAL(rig_neighbours(), 0);
	rig_stop();
}

static void
echoes(void)
{
	struct addr6 peer = rig_addr("2001:db8:ffff::9");
	struct addr_mac mac = rig_mac_of(9);
	struct rig_heard h;

	rig_start(8);
	rig_echo(9, &peer, &rig_own);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_ECHO_REPLY);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_own));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &peer));
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
	CU_ASSERT_EQUAL(memcmp(h.frame.payload + 4, "\x12\x34\0\1kedge", 9), 0);
	rig_echo(9, &peer, &rig_own_tagged); /* an own address is the node's, not the port's */
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_own_tagged));
	peer = rig_global(9);
	rig_echo(9, &peer, &rig_all_nodes);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_own));
	rig_echo(9, &peer, &(struct addr6){{0x20, 1, [15] = 9}});
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_stop();
}

static void
echo_rate(void)
{
	struct addr6 peer = rig_global(9);
	unsigned int replies = 0;

	rig_start(8);
	for (int i = 0; i < 1000; i++) {
		rig_echo(9, &peer, &rig_own);
		replies += rig_count(HOST_ACT_FRAME);
	}
	CU_ASSERT_EQUAL(replies, 100);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ICMP_RATE), 900);
	rig_now_ms += 1000;
	rig_echo(9, &peer, &rig_own);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 1);
	rig_stop();
}

static void
too_big(const struct addr6 *src, uint32_t mtu)
{
	struct addr6 router = rig_global(9), dst = rig_addr("2001:db8:ffff::1");
	uint8_t icmp[8 + 48] = {2, 0, 0, 0, mtu >> 24, mtu >> 16, mtu >> 8, mtu, 0x60, [8 + 6] = 41};

	memcpy(icmp + 8 + 8, src, sizeof(*src));
	memcpy(icmp + 8 + 24, &dst, sizeof(dst));
	rig_icmp(9, &router, &rig_own, icmp, sizeof(icmp));
}

static void
path_mtu(void)
{
	struct addr6 other = rig_global(10), remote = rig_addr("2001:db8:ffff::1");

	rig_start(8);
	too_big(&rig_own, 1400);
	CU_ASSERT_EQUAL(rig_act(HOST_ACT_PATH_MTU, 0)->path_mtu.mtu, 1400);
	CU_ASSERT_TRUE(addr6_equal(&rig_act(HOST_ACT_PATH_MTU, 0)->path_mtu.local, &rig_own));
	CU_ASSERT_TRUE(addr6_equal(&rig_act(HOST_ACT_PATH_MTU, 0)->path_mtu.remote, &remote));
	too_big(&rig_own, 1279);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	too_big(&other, 1400);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_UNUSED), 2);
	rig_stop();
}

static void
error_about(const struct addr6 *src, uint8_t type, size_t quoted)
{
	struct addr6 router = rig_global(9), dst = rig_addr("2001:db8:ffff::1");
	uint8_t icmp[8 + 48] = {type, 7, [7] = 44, [8] = 0x60, [8 + 6] = 41};

	memcpy(icmp + 8 + 8, src, sizeof(*src));
	memcpy(icmp + 8 + 24, &dst, sizeof(dst));
	rig_icmp(9, &router, &rig_own, icmp, 8 + quoted);
}

static void
errors(void)
{
	struct addr6 other = rig_global(10), remote = rig_addr("2001:db8:ffff::1");
	const struct host_action *a;

	rig_start(8);
	error_about(&rig_own, 4, 48);
	a = rig_act(HOST_ACT_ERROR, 0);
	CU_ASSERT(addr6_equal(&a->error.local, &rig_own) && addr6_equal(&a->error.remote, &remote));
	CU_ASSERT(a->error.type == 4 && a->error.code == 7 && a->error.pointer == 44);
	CU_ASSERT(a->error.len == 48 && a->error.bytes[0] == 0x60 && a->error.bytes[6] == 41);
	error_about(&other, 4, 48);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	error_about(&rig_own, 1, 39); /* less than a header */
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_UNUSED), 2);
	for (unsigned int i = 0; i < 40; i++)
		error_about(&rig_own, 1, 40);
	CU_ASSERT(rig_drops(STAT_DROP_ICMP_RATE) >= 20);
	rig_stop();
}

static void
not_for_us(void)
{
	const struct nd_link link = {.src_mac = rig_mac_of(9), .dst_mac = rig_mac_of(10)};
	const struct nd_link tagged = {.src_mac = rig_mac_of(9), .vlan = 8};
	struct addr6 peer = rig_global(9);
	uint8_t bytes[128];
	int len;

	rig_start(8);
	len = nd_na_encode(&link, &peer, &rig_own, &peer, 0, bytes, sizeof(bytes));
	rig_frame(RIG_PORT, bytes, len);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_NOT_FOR_US), 1);
	len = nd_ns_encode(&tagged, &peer, &rig_none, &rig_own_tagged, bytes, sizeof(bytes));
	rig_frame(RIG_PORT_TAGGED, bytes, len);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_VLAN), 1);
	rig_frame(99, bytes, len);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_UNUSED), 1);
	rig_stop();
}

static void
truncated(void)
{
	const struct nd_link link = {.src_mac = rig_mac_of(9)};
	struct addr6 peer = rig_global(9);
	uint8_t bytes[128];
	int len = nd_ns_encode(&link, &peer, &rig_none, &rig_own, bytes, sizeof(bytes));

	rig_start(8);
	CU_ASSERT_FATAL(len > 0);
	for (int cut = 0; cut < len; cut++) {
		uint8_t *exact = malloc(cut + 1); /* so that a sanitizer sees a read past the end */

		memcpy(exact + 1, bytes, cut);
		rig_frame(RIG_PORT, exact + 1, cut);
		CU_ASSERT_EQUAL(rig_out.count, 0);
		free(exact);
	}
	rig_frame(RIG_PORT, bytes, len);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 1);
	rig_stop();
}

static void
settings(void)
{
	const struct host_port_settings twice[] = {{.port = 1}, {.port = 1}};
	const struct host_port_settings many = {.address_count = HOST_ADDRESSES_MAX};
	struct host_settings s = host_settings_default();

	s.neighbours_max = 0;
	CU_ASSERT_PTR_NULL(host_new(&s));
	s.neighbours_max = 1;
	s.ports = twice;
	s.port_count = 2;
	CU_ASSERT_PTR_NULL(host_new(&s));
	s.ports = &many;
	s.port_count = 1;
	CU_ASSERT_PTR_NULL(host_new(&s));
}

static const struct unit_case cases[] = {
	{"each own address is probed once, and usable a second later", detects_duplicates},
	{"a usable address is announced to all nodes", announces},
	{"a neighbour wanted during duplicate address detection is asked for as soon as it is over", wanted_meanwhile},
	{"without duplicate address detection addresses are usable at once", detection_off},
	{"an advertisement of a tentative address makes it a duplicate for good", duplicate_by_na},
	{"another node's probe of a tentative address makes it a duplicate for good", duplicate_by_ns},
	{"an own probe that comes back makes nothing a duplicate", own_probe_comes_back},
	{"a tentative address answers nothing", tentative_is_silent},
	{"a solicitation of an own address is answered: router, solicited, override", answers_solicitations},
	{"another node's probe of a usable address is answered to all nodes", defends},
	{"no other address is answered for, nor one of another port", answers_for_itself_alone},
	{"an echo request is answered from the address that it went to, of a group from one of the prefix", echoes},
	{"echo replies are bounded", echo_rate},
	{"another error is told when it quotes an own packet, at a rate", errors},
	{"a Packet Too Big counts when it quotes an own packet and an MTU of at least 1280", path_mtu},
	{"frames for another MAC address, VLAN or port are dropped", not_for_us},
	{"a truncated frame is dropped at each of its lengths", truncated},
	{"settings out of their range are refused", settings},
};

int
main(void)
{
	const struct unit_table tables[] = {{cases, UNIT_COUNT(cases)},
					    {neighbour_cases, neighbour_case_count},
					    {upper_cases, upper_case_count},
					    {flood_cases, flood_case_count}};

	return unit_main_tables("host", tables, UNIT_COUNT(tables));
}
