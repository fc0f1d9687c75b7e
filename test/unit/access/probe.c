/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Silent hosts: when they are asked whether they are there, what counts as an answer, and what follows from none.
 */
#include "rig.h"

#define AFTER_MS    30000
#define INTERVAL_MS 1000
#define TRIES	    5

/* A served host with a link-local address that is known; it was heard now. */
static uint32_t
host_start(void)
{
	uint32_t id;

	rig_start_probing(8);
	id = rig_served(1, "2001:db8:1::/64", ACCESS_LIFETIME_INFINITE);
	rig_now_ms += 1000;
	rig_rs(1);
	return id;
}

static unsigned int
solicitations(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < rig_count(ACCESS_ACT_FRAME); i++)
		n += rig_hear(i).msg.type == ND_NS;
	return n;
}

static void
solicited(void)
{
	struct addr_mac mac = rig_key(1).mac;
	struct addr6 host = rig_link_local(1);
	struct access_view v;
	struct rig_heard h;
	uint32_t id = host_start();

	CU_ASSERT_EQUAL(access_due(rig), rig_now_ms + AFTER_MS - 1000); /* counted from its being served: a look */
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_now_ms, 1000000 + 1000 + AFTER_MS);
	CU_ASSERT_EQUAL(rig_out.count, 1);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_FRAME, 0)->frame.port, RIG_PORT);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_NS);
	CU_ASSERT_TRUE(addr6_equal(&h.msg.ns.target, &host));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &host));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_router));
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
	CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_src, &rig_router_mac));
	CU_ASSERT_TRUE(h.msg.has_ll);
	CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), 1);
	CU_ASSERT_TRUE_FATAL(access_get(rig, id, &v));
	CU_ASSERT_EQUAL(v.probes, 1);
	CU_ASSERT_EQUAL(v.state, ACCESS_SERVED);
	rig_stop();
}

static void
tries(void)
{
	uint32_t id = host_start();

	rig_tick(rig_now_ms + AFTER_MS);
	for (unsigned int i = 1; i < TRIES; i++) {
		CU_ASSERT_EQUAL(solicitations(), 1);
		CU_ASSERT_EQUAL(access_due(rig), rig_now_ms + INTERVAL_MS);
		rig_tick(rig_now_ms + INTERVAL_MS - 1);
		CU_ASSERT_EQUAL(rig_out.count, 0);
		rig_tick(rig_now_ms + 1);
	}
	CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), TRIES);
	rig_tick(rig_now_ms + INTERVAL_MS - 1);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_SERVED);
	rig_tick(rig_now_ms + 1);
	CU_ASSERT_EQUAL(solicitations(), 0);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_DETACHED, 0)->host.why, ACCESS_DETACH_UNREACHABLE);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_STATE_COUNT);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_UNREACHABLE), 1);
	CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), TRIES);
	rig_stop();
}

static void
answer_na(uint32_t id)
{
	struct addr6 host = rig_link_local(1);

	rig_na(1, &host);
}

static void
answer_data(uint32_t id)
{
	rig_data(1);
}

static void
answer_not_ip(uint32_t id)
{
	const uint8_t arp[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0xaa, 1, 0x08, 0x06};

	rig_frame(RIG_PORT, arp, sizeof(arp));
}

static void
answer_command(uint32_t id)
{
	rig_step((struct access_event){.type = ACCESS_EV_ATTACH, .key = rig_key(1)});
}

static void
answers(void)
{
	void (*const answer[])(uint32_t) = {answer_na, answer_data, answer_not_ip, answer_command, rig_active};
	struct access_view v;
	uint64_t heard_ms;
	uint32_t id;

	for (unsigned int i = 0; i < UNIT_COUNT(answer); i++) {
		id = host_start();
		rig_tick(rig_now_ms + AFTER_MS);
		for (unsigned int n = 1; n < TRIES; n++)
			rig_tick(access_due(rig));
		CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), TRIES);
		rig_now_ms += INTERVAL_MS - 1;
		answer[i](id);
		heard_ms = rig_now_ms;
		CU_ASSERT_TRUE_FATAL(access_get(rig, id, &v));
		CU_ASSERT_EQUAL(v.probes, 0);
		CU_ASSERT_EQUAL(v.heard_ms, heard_ms);
		rig_tick(heard_ms + 1);
		CU_ASSERT_EQUAL(access_due(rig), heard_ms + AFTER_MS);
		rig_tick(access_due(rig));
		CU_ASSERT_EQUAL(solicitations(), 1);
		CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), TRIES + 1);
		rig_stop();
	}
}

static void
traffic(void)
{
	uint32_t id = host_start();

	for (int i = 0; i < 1000; i++) {
		rig_now_ms += AFTER_MS - 1;
		rig_active(id);
		CU_ASSERT_EQUAL(rig_out.count, 0);
		if (access_due(rig) <= rig_now_ms)
			rig_tick(rig_now_ms);
		CU_ASSERT_EQUAL(solicitations(), 0);
	}
	CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), 0);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_SERVED);
	rig_stop();
}

static void
activity_of_nobody(void)
{
	uint32_t id = host_start();

	rig_detach(1);
	rig_tick(access_due(rig));
	rig_active(id);
	rig_active(ACCESS_HOST_NONE);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(access_host_count(rig), 0);
	CU_ASSERT_EQUAL(access_due(rig), UINT64_MAX);
	rig_stop();
}

/* The anchor's acknowledgement says nothing about the host. */
static void
terms_are_no_answer(void)
{
	uint32_t id = host_start();

	for (unsigned int i = 0; i < 1000 && rig_state(id) == ACCESS_SERVED; i++) {
		rig_serve(id, "2001:db8:1::/64", 3600);
		rig_tick(rig_now_ms + 500);
	}
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_STATE_COUNT);
	CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), TRIES);
	rig_stop();
}

static void
served_alone(void)
{
	uint32_t pending, refused, leaving;

	rig_start_probing(8);
	pending = rig_attach(1);
	refused = rig_attach(2);
	rig_refuse(refused);
	leaving = rig_served(3, "2001:db8:3::/64", 3600);
	rig_unserve(leaving);
	for (int i = 0; i < 100 && access_due(rig) != UINT64_MAX; i++)
		rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_state(pending), ACCESS_PENDING);
	CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), 0);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_UNREACHABLE), 0);
	rig_stop();
}

static void
off(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", ACCESS_LIFETIME_INFINITE);
	rig_rs(1);
	for (int i = 0; i < 1000; i++) {
		rig_tick(access_due(rig));
		CU_ASSERT_EQUAL(solicitations(), 0);
	}
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_SERVED);
	rig_stop();
}

/* A host of which no packet came is asked at the address that it tried out, or at the one that many would have. */
/* shows: RFC5213-6.13-02 */
static void
guess(void)
{
	struct addr6 made = rig_link_local(1), tried = rig_prefix("fe80::7/128").addr;

	for (unsigned int tries = 0; tries < 2; tries++) {
		unsigned int asked = 0;
		struct rig_heard h;
		uint32_t id;

		rig_start_probing(8);
		id = rig_served(1, "2001:db8:1::/64", ACCESS_LIFETIME_INFINITE);
		if (tries)
			rig_ns(1, &(struct addr6){0}, &tried);
		for (unsigned int ticks = 0; rig_state(id) == ACCESS_SERVED && ticks < 100; ticks++) {
			rig_tick(access_due(rig));
			if (solicitations() == 0)
				continue;
			h = rig_hear(0);
			CU_ASSERT_TRUE(addr6_equal(&h.msg.ns.target, tries ? &tried : &made));
			asked++;
		}
		CU_ASSERT_EQUAL(asked, TRIES);
		CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_UNREACHABLE), 1);
		rig_stop();
	}
}

static void
given_router(void)
{
	struct addr6 router = rig_prefix("fe80::1/128").addr;
	struct access_event e = {.type = ACCESS_EV_SERVE};
	struct rig_heard h;

	rig_start_probing(8);
	e.serve.host = rig_attach(1);
	e.serve.lifetime_s = ACCESS_LIFETIME_INFINITE;
	e.serve.link_local = router;
	rig_step(e);
	rig_tick(rig_now_ms + AFTER_MS);
	CU_ASSERT_EQUAL_FATAL(solicitations(), 1);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &router));
	rig_stop();
}

/* As after the machine slept: nobody is blamed for a silence that nobody listened to. */
static void
late(void)
{
	uint32_t id = host_start();

	for (unsigned int i = 0; i < TRIES; i++) {
		rig_tick(rig_now_ms + 3600000);
		CU_ASSERT_EQUAL(solicitations(), 1);
		CU_ASSERT_FALSE(rig_out.more);
		CU_ASSERT_EQUAL(rig_state(id), ACCESS_SERVED);
	}
	rig_stop();
}

static void
carrier_while_asked(void)
{
	uint32_t id = host_start();

	rig_tick(rig_now_ms + AFTER_MS);
	CU_ASSERT_EQUAL(solicitations(), 1);
	rig_carrier(RIG_PORT, false);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_DETACHED, 0)->host.host, id);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_DETACHED, 0)->host.why, ACCESS_DETACH_CARRIER);
	CU_ASSERT_EQUAL(access_due(rig), UINT64_MAX);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_UNREACHABLE), 0);
	rig_stop();
}

static void
neighbours_of_silence(void)
{
	uint32_t one = host_start(), two = rig_served(2, "2001:db8:2::/64", ACCESS_LIFETIME_INFINITE);

	for (int i = 0; i < 1000 && rig_state(one) == ACCESS_SERVED; i++) {
		rig_data(2);
		rig_tick(access_due(rig));
		CU_ASSERT_TRUE(rig_count(ACCESS_ACT_DETACHED) <= (rig_state(one) != ACCESS_SERVED));
	}
	CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), TRIES);
	CU_ASSERT_EQUAL(rig_state(one), ACCESS_STATE_COUNT);
	CU_ASSERT_EQUAL(rig_state(two), ACCESS_SERVED);
	rig_stop();
}

static void
many(void)
{
	unsigned int asked = 0, ended = 0;

	rig_start_probing(200);
	for (uint8_t i = 1; i <= 200; i++) {
		rig_served(i, "2001:db8:1::/64", ACCESS_LIFETIME_INFINITE);
		rig_rs(i);
	}
	rig_now_ms += AFTER_MS;
	for (int i = 0; access_host_count(rig) > 0 && i < 10000; i++) {
		rig_tick(rig_out.more ? rig_now_ms : access_due(rig));
		CU_ASSERT_TRUE(rig_out.count <= ACCESS_ACTIONS_MAX);
		asked += solicitations();
		ended += rig_count(ACCESS_ACT_DETACHED);
	}
	CU_ASSERT_EQUAL(asked, 200 * TRIES);
	CU_ASSERT_EQUAL(ended, 200);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_UNREACHABLE), 200);
	rig_stop();
}

const struct unit_case probe_cases[] = {
	{"a served host that is silent is solicited, by unicast and from the router's address", solicited},
	{"five solicitations a second apart without an answer detach it", tries},
	{"anything from a host is an answer, and so is its traffic or a command", answers},
	{"a host whose uplink counter moves is never solicited", traffic},
	{"traffic of a host that is gone is nobody's", activity_of_nobody},
	{"new terms of a session are no sign of its host", terms_are_no_answer},
	{"hosts that are not served are not solicited", served_alone},
	{"zero turns it off", off},
	{"a host of unknown address is asked at one that it may have, and not served on without an answer", guess},
	{"a router address that the anchor gave is the one that solicits", given_router},
	{"a clock that leaps does not make a host unreachable", late},
	{"a carrier that is lost while a host is solicited is the reason of its end", carrier_while_asked},
	{"one host's silence is not another's", neighbours_of_silence},
	{"hosts that fall silent together are asked and ended in bounded lists", many},
};
const unsigned int probe_case_count = UNIT_COUNT(probe_cases);
