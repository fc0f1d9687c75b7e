/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is attached: the states of a host and its way through them.
 */
#include "rig.h"

static void
frame_attaches(void)
{
	struct access_key key = rig_key(1);

	rig_start(8);
	rig_data(1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
	CU_ASSERT_EQUAL(memcmp(&rig_act(ACCESS_ACT_ATTACHED, 0)->host.key, &key, sizeof(key)), 0);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_ATTACHED, 0)->host.access_tech, 4);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_HOST_SET, 0)->host.state, ACCESS_PENDING);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_HOST_SET, 0)->host.host, rig_act(ACCESS_ACT_ATTACHED, 0)->host.host);
	CU_ASSERT_EQUAL(access_find_host(rig, &key), rig_act(ACCESS_ACT_ATTACHED, 0)->host.host);
	rig_data(1);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_HOST_PENDING), 2);
	rig_stop();
}

static void
not_ip_attaches(void)
{
	const uint8_t arp[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0xaa, 1, 0x08, 0x06};

	rig_start(8);
	rig_frame(RIG_PORT, arp, sizeof(arp));
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
	rig_stop();
}

static void
command_attaches(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_attach(1);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_PENDING);
	rig_step((struct access_event){.type = ACCESS_EV_ATTACH, .key = rig_key(1)});
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_serve(id, "2001:db8:1::/64", 3600);
	rig_now_ms += 1000;
	rig_step((struct access_event){.type = ACCESS_EV_ATTACH, .key = rig_key(1)});
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 0);
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_RA);
	rig_stop();
}

static void
bad_sources(void)
{
	uint8_t frame[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, [12] = 0x08, 0x06};

	rig_start(8);
	rig_frame(RIG_PORT, frame, sizeof(frame));
	memset(frame + 6, 0xff, 6);
	rig_frame(RIG_PORT, frame, sizeof(frame));
	memcpy(frame + 6, rig_router_mac.b, 6);
	rig_frame(RIG_PORT, frame, sizeof(frame));
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_IP_SOURCE), 3);
	CU_ASSERT_EQUAL(access_host_count(rig), 0);
	rig_stop();
}

static void
other_vlans(void)
{
	uint8_t frame[64] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0xaa, 1, 0x81, 0x00, 0, 7, 0x08, 0x06};

	rig_start(8);
	rig_frame(RIG_PORT, frame, sizeof(frame));
	rig_frame(99, frame, sizeof(frame));
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_VLAN), 2);
	rig_frame(RIG_PORT_TAGGED, frame, sizeof(frame));
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_ATTACHED, 0)->host.key.vlan, 7);
	frame[15] = 8;
	rig_frame(RIG_PORT_TAGGED, frame, sizeof(frame));
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
	CU_ASSERT_EQUAL(access_host_count(rig), 2);
	rig_stop();
}

static void
refused_is_held(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_attach(1);
	rig_refuse(id);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_HOST_SET, 0)->host.state, ACCESS_REFUSED);
	CU_ASSERT_EQUAL(access_stat(rig)->counter[STAT_HOSTS_REFUSED], 1);
	rig_now_ms += 9999;
	rig_rs(1);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_HOST_NOT_SERVED), 1);
	CU_ASSERT_EQUAL(access_due(rig), rig_now_ms + 1);
	rig_tick(rig_now_ms + 1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_HOST_CLEAR), 1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_DETACHED), 0);
	rig_rs(1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
	rig_stop();
}

static void
refused_attach_command(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_attach(1);
	rig_refuse(id);
	CU_ASSERT_EQUAL(rig_attach(1), id);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_PENDING);
	CU_ASSERT_EQUAL(access_due(rig), UINT64_MAX);
	rig_stop();
}

static void
late_word(void)
{
	uint32_t old, id;

	rig_start(1);
	old = rig_attach(1);
	rig_step((struct access_event){.type = ACCESS_EV_DETACH, .key = rig_key(1)});
	id = rig_served(2, "2001:db8:1::/64", 3600);
	CU_ASSERT_NOT_EQUAL(id, old);
	rig_unserve(old);
	rig_refuse(old);
	rig_serve(old, "2001:db8:2::/64", 60);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_SERVED);
	CU_ASSERT_EQUAL(rig_state(old), ACCESS_STATE_COUNT);
	CU_ASSERT_EQUAL(rig_state(ACCESS_HOST_NONE), ACCESS_STATE_COUNT);
	rig_stop();
}

static void
unserve_of_pending_is_held(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_attach(1);
	rig_unserve(id);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_REFUSED);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 0);
	rig_data(1);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_stop();
}

static void
listing(void)
{
	struct access_view v;
	uint32_t at = 0, id;

	rig_start(8);
	CU_ASSERT_FALSE(access_next(rig, &at, &v));
	rig_attach(1);
	id = rig_served(2, "2001:db8:2::/64", 3600);
	rig_rs(2);
	at = 0;
	CU_ASSERT_TRUE(access_next(rig, &at, &v));
	CU_ASSERT_STRING_EQUAL(access_state_name(v.state), "pending");
	CU_ASSERT_TRUE(access_next(rig, &at, &v));
	CU_ASSERT_EQUAL(v.host, id);
	CU_ASSERT_STRING_EQUAL(access_state_name(v.state), "served");
	CU_ASSERT_EQUAL(v.expires_ms, rig_now_ms + 3600000);
	CU_ASSERT_EQUAL(v.prefix_count, 1);
	CU_ASSERT_EQUAL(v.prefix[0].len, 64);
	CU_ASSERT_TRUE(addr6_is_link_local(&v.link_local));
	CU_ASSERT_FALSE(access_next(rig, &at, &v));
	rig_stop();
}

static void
settings(void)
{
	const struct access_port_settings twice[] = {{.port = 1}, {.port = 1}};
	struct access_settings s = access_settings_default();

	s.hosts_max = 0;
	CU_ASSERT_PTR_NULL(access_new(&s));
	s.hosts_max = ACCESS_HOSTS_MAX + 1;
	CU_ASSERT_PTR_NULL(access_new(&s));
	s.hosts_max = 1;
	s.probe_tries = 0;
	CU_ASSERT_PTR_NULL(access_new(&s));
	s.probe_tries = 1;
	s.probe_interval_ms = 0;
	CU_ASSERT_PTR_NULL(access_new(&s));
	s.probe_after_ms = 0;
	s.ports = twice;
	s.port_count = 2;
	CU_ASSERT_PTR_NULL(access_new(&s));
	s.port_count = 1;
	rig = access_new(&s);
	CU_ASSERT_PTR_NOT_NULL(rig);
	rig_stop();
}

static const struct unit_case cases[] = {
	{"any frame of an unknown host attaches it once", frame_attaches},
	{"a frame that is not IPv6 attaches as well", not_ip_attaches},
	{"a command attaches, and advertises to a host that is served", command_attaches},
	{"no host has a group, an empty or the router's MAC address", bad_sources},
	{"frames of VLANs and ports that are not configured are dropped, and each VLAN is a link", other_vlans},
	{"a refused host is not asked about again before the hold time is over", refused_is_held},
	{"a command asks about a refused host at once", refused_attach_command},
	{"a late word about a host that is gone does not meet another", late_word},
	{"a session that never came about is held like a refusal", unserve_of_pending_is_held},
	{"hosts are listed with state, prefixes and addresses", listing},
	{"settings out of their range are refused", settings},
};

int
main(void)
{
	const struct unit_table tables[] = {{cases, UNIT_COUNT(cases)},
					    {detach_cases, detach_case_count},
					    {advertise_cases, advertise_case_count},
					    {router_cases, router_case_count},
					    {receive_cases, receive_case_count},
					    {probe_cases, probe_case_count},
					    {apply_cases, apply_case_count},
					    {flood_cases, flood_case_count}};

	return unit_main_tables("access", tables, UNIT_COUNT(tables));
}
