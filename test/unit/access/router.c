/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which addresses the router has on a host's link, and what follows when the host has one of them.
 */
#include "rig.h"

/* Both addresses of the router are as configured, in all that it says. */
/* shows: RFC5213-6.9.3-01 */
static void
configured_router(void)
{
	struct addr_mac mac = {{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}};
	struct addr6 router = rig_prefix("fe80::1/128").addr, host = rig_link_local(1);
	struct rig_heard h;

	rig_start_as(&mac, &router);
	rig_served(1, "2001:db8:1::/64", 3600);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 1);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_src, &mac));
	CU_ASSERT_TRUE(addr_mac_equal(&h.msg.ll, &mac));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &router));
	rig_ns(1, &host, &router);
	CU_ASSERT_TRUE(rig_only(ND_NA));
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_src, &mac));
	CU_ASSERT_TRUE(addr_mac_equal(&h.msg.ll, &mac));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &router));
	rig_ns(1, &host, &rig_router);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_stop();
}

/* It is tried out on the link as it is taken. */
/* shows: RFC5213-6.9.1.2-24 */
static void
given_router(void)
{
	struct addr6 router = rig_prefix("fe80::1/128").addr, host = rig_link_local(1);
	struct addr_mac mac = rig_key(1).mac;
	struct rig_heard h;
	uint32_t id;

	rig_start(8);
	id = rig_attach(1);
	rig_serve_as(id, router);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_NS);
	CU_ASSERT_TRUE(addr6_is_zero(&h.frame.ip_src));
	CU_ASSERT_TRUE(addr6_equal(&h.msg.ns.target, &router));
	h = rig_hear(1);
	CU_ASSERT_EQUAL(h.msg.type, ND_RA);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &router));
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
	rig_ns(1, &host, &router);
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_NA);
	rig_now_ms += 1000;
	rig_serve_as(id, router);
	CU_ASSERT_TRUE(rig_only(ND_RA));
	rig_stop();
}

/* What the anchor gave is not used: the host has it, or tried it out before the gateway knew it. */
/* shows: RFC5213-6.9.1.2-25 */
static void
given_router_is_the_hosts(void)
{
	struct addr6 mine = rig_link_local(1), tried = rig_prefix("fe80::7/128").addr;
	struct addr6 other = rig_prefix("fe80::8/128").addr;
	struct rig_heard h;
	uint32_t id;

	rig_start(8);
	id = rig_attach(1);
	rig_ns(1, &(struct addr6){0}, &tried);
	rig_rs(1);
	rig_serve_as(id, mine);
	CU_ASSERT_EQUAL(rig_out.count, 1);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_ROUTER_TAKEN, 0)->host.host, id);
	rig_serve_as(id, tried);
	CU_ASSERT_EQUAL(rig_out.count, 1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ROUTER_TAKEN), 1);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_PENDING);
	rig_serve_as(id, other);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ROUTER_TAKEN), 0);
	h = rig_hear(1);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &other));
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_SERVED);
	rig_stop();
}

/* A host that has it shows so by its answer to the probe, or by what it sends; not by trying it out, which is answered.
 */
/* shows: RFC5213-6.9.1.2-25 */
static void
router_taken(void)
{
	struct addr6 router = rig_prefix("fe80::7/128").addr;
	uint32_t id;

	rig_start(8);
	id = rig_attach(1);
	rig_serve_as(id, router);
	rig_ns(1, &(struct addr6){0}, &router);
	CU_ASSERT_TRUE(rig_only(ND_NA));
	rig_na(1, &router);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_ROUTER_TAKEN, 0)->host.host, id);
	rig_now_ms += 1000;
	rig_ns(1, &router, &rig_router);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ROUTER_TAKEN), 1);
	rig_now_ms += 999;
	rig_na(1, &router);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ROUTER_TAKEN), 0);
	rig_stop();
}

const struct unit_case router_cases[] = {
	{"the router has the addresses that are configured", configured_router},
	{"a link-local address that the anchor gave replaces the fixed one", given_router},
	{"a link-local address that the host has is not taken for the router's", given_router_is_the_hosts},
	{"a host that has the router's link-local address is told of, once a second", router_taken},
};
const unsigned int router_case_count = UNIT_COUNT(router_cases);
