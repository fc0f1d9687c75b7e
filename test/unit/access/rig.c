/* SPDX-License-Identifier: BSD-3-Clause */
#include "rig.h"

struct access *rig;
struct access_actions rig_out;
uint64_t rig_now_ms;

const struct addr_mac rig_router_mac = {{0x00, 0x00, 0x5e, 0x00, 0x52, 0x13}};
const struct addr6 rig_router = {{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13}};
const struct addr6 rig_all_nodes = {{0xff, 0x02, [15] = 1}};
const struct addr6 rig_all_routers = {{0xff, 0x02, [15] = 2}};

static void
start(uint32_t hosts_max, bool probing, const struct addr_mac *mac, const struct addr6 *link_local)
{
	const struct access_port_settings ports[] = {
		{.port = RIG_PORT, .mac = *mac, .link_local = *link_local, .mtu = RIG_PORT_MTU, .access_tech = 4},
		{.port = RIG_PORT_TAGGED, .vlan = ACCESS_VLAN_ANY},
	};
	struct access_settings s = access_settings_default();

	s.hosts_max = hosts_max;
	s.probe_after_ms = probing ? s.probe_after_ms : 0;
	s.secret = (struct hash_secret){{0x0123456789abcdef, 0xfedcba9876543210}};
	s.port_count = UNIT_COUNT(ports);
	s.ports = ports;
	rig_now_ms = 1000000;
	rig = access_new(&s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rig);
}

void
rig_start(uint32_t hosts_max)
{
	start(hosts_max, false, &(struct addr_mac){{0}}, &(struct addr6){{0}});
}

void
rig_start_as(const struct addr_mac *mac, const struct addr6 *link_local)
{
	start(8, false, mac, link_local);
}

void
rig_start_probing(uint32_t hosts_max)
{
	start(hosts_max, true, &(struct addr_mac){{0}}, &(struct addr6){{0}});
}

void
rig_stop(void)
{
	access_free(rig);
	rig = NULL;
}

struct access_key
rig_key(uint8_t host)
{
	return (struct access_key){.port = RIG_PORT, .mac = {{0x02, 0, 0, 0, 0xaa, host}}};
}

struct addr6
rig_link_local(uint8_t host)
{
	struct access_key key = rig_key(host);

	return addr6_link_local(&key.mac);
}

struct addr_prefix
rig_prefix(const char *text)
{
	struct addr_prefix p = {0};

	CU_ASSERT_EQUAL_FATAL(addr_prefix_parse(text, &p), 0);
	return p;
}

void
rig_step(struct access_event e)
{
	e.now.mono_ms = rig_now_ms;
	rig_out.count = 0;
	rig_out.more = false;
	access_step(rig, &e, &rig_out);
}

void
rig_tick(uint64_t at_ms)
{
	rig_now_ms = at_ms;
	rig_step((struct access_event){.type = ACCESS_EV_TICK});
}

void
rig_frame(uint16_t port, const uint8_t *bytes, size_t len)
{
	rig_step((struct access_event){.type = ACCESS_EV_FRAME, .frame = {.port = port, .bytes = bytes, .len = len}});
}

static struct nd_link
link_of(uint8_t host, const struct addr6 *dst)
{
	return (struct nd_link){
		.src_mac = rig_key(host).mac,
		.dst_mac = addr6_is_multicast(dst) ? addr_mac_of_group(dst) : rig_router_mac,
	};
}

void
rig_rs(uint8_t host)
{
	const struct nd_link link = link_of(host, &rig_all_routers);
	const struct addr6 src = rig_link_local(host);
	uint8_t bytes[128];
	int len = nd_rs_encode(&link, &src, bytes, sizeof(bytes));

	CU_ASSERT_FATAL(len > 0);
	rig_frame(RIG_PORT, bytes, len);
}

void
rig_ns(uint8_t host, const struct addr6 *src, const struct addr6 *target)
{
	const struct nd_link link = link_of(host, &rig_all_nodes);
	uint8_t bytes[128];
	int len = nd_ns_encode(&link, src, &(struct addr6){0}, target, bytes, sizeof(bytes));

	CU_ASSERT_FATAL(len > 0);
	rig_frame(RIG_PORT, bytes, len);
}

void
rig_na(uint8_t host, const struct addr6 *target)
{
	const struct nd_link link = link_of(host, &rig_router);
	const struct addr6 src = rig_link_local(host);
	uint8_t bytes[128];
	int len =
		nd_na_encode(&link, &src, &rig_router, target, ND_NA_SOLICITED | ND_NA_OVERRIDE, bytes, sizeof(bytes));

	CU_ASSERT_FATAL(len > 0);
	rig_frame(RIG_PORT, bytes, len);
}

void
rig_echo(uint8_t host, const struct addr6 *dst)
{
	const struct nd_link link = link_of(host, dst);
	const struct addr6 src = rig_link_local(host);
	uint8_t echo[16] = {128, 0, 0, 0, 0x12, 0x34, 0, 1, 'k', 'e', 'd', 'g', 'e'};
	uint8_t bytes[ND_FRAME_MAX];

	rig_frame(RIG_PORT, bytes, rig_icmp_frame(&link, &src, dst, 64, echo, sizeof(echo), bytes));
}

void
rig_data(uint8_t host)
{
	const struct addr6 dst = rig_prefix("2001:db8:8::1/128").addr;

	rig_data_to(host, &dst);
}

void
rig_data_to(uint8_t host, const struct addr6 *dst)
{
	const struct addr6 src = rig_prefix("2001:db8:9::1/128").addr;
	const struct nd_link link = link_of(host, dst);
	const uint8_t udp[8] = {0, 9, 0, 9, 0, 8};
	uint8_t bytes[128];
	int len = nd_ip6_encode(&link, &src, dst, 17, 64, udp, sizeof(udp), bytes, sizeof(bytes));

	CU_ASSERT_FATAL(len > 0);
	rig_frame(RIG_PORT, bytes, len);
}

uint32_t
rig_attach(uint8_t host)
{
	rig_step((struct access_event){.type = ACCESS_EV_ATTACH, .key = rig_key(host)});
	return rig_act(ACCESS_ACT_ATTACHED, 0)->host.host;
}

void
rig_serve(uint32_t host, const char *prefix, uint32_t lifetime_s)
{
	struct access_event e = {.type = ACCESS_EV_SERVE};

	e.serve.host = host;
	e.serve.lifetime_s = lifetime_s;
	e.serve.mtu = 1460;
	e.serve.prefix_count = 1;
	e.serve.prefix[0] = rig_prefix(prefix);
	rig_step(e);
}

void
rig_serve_as(uint32_t host, struct addr6 router)
{
	struct access_event e = {.type = ACCESS_EV_SERVE};

	e.serve.host = host;
	e.serve.lifetime_s = 60;
	e.serve.link_local = router;
	rig_step(e);
}

uint32_t
rig_served(uint8_t host, const char *prefix, uint32_t lifetime_s)
{
	uint32_t id = rig_attach(host);

	rig_serve(id, prefix, lifetime_s);
	return id;
}

void
rig_unserve(uint32_t host)
{
	rig_step((struct access_event){.type = ACCESS_EV_UNSERVE, .host = host});
}

void
rig_refuse(uint32_t host)
{
	rig_step((struct access_event){.type = ACCESS_EV_REFUSE, .host = host});
}

void
rig_detach(uint8_t host)
{
	rig_step((struct access_event){.type = ACCESS_EV_DETACH, .key = rig_key(host)});
}

void
rig_active(uint32_t host)
{
	rig_step((struct access_event){.type = ACCESS_EV_ACTIVE, .host = host});
}

void
rig_mtu(uint32_t host, uint32_t mtu)
{
	rig_step((struct access_event){.type = ACCESS_EV_MTU, .mtu = {.host = host, .mtu = mtu}});
}

void
rig_carrier(uint16_t port, bool up)
{
	rig_step((struct access_event){.type = ACCESS_EV_CARRIER, .carrier = {.port = port, .up = up}});
}

RIG_ACTIONS_DEFINE(access, ACCESS_ACT_FRAME)

bool
rig_only(enum nd_type type)
{
	return rig_out.count == 1 && rig_count(ACCESS_ACT_FRAME) == 1 && rig_hear(0).msg.type == type;
}

void
rig_silence(uint32_t host)
{
	for (int i = 0; i < 1000 && rig_state(host) == ACCESS_SERVED; i++)
		rig_tick(access_due(rig));
}

uint64_t
rig_drops(enum stat_drop d)
{
	return access_stat(rig)->drop[d];
}

uint64_t
rig_counter(enum stat_counter c)
{
	return access_stat(rig)->counter[c];
}

enum access_state
rig_state(uint32_t host)
{
	struct access_view v;

	return access_get(rig, host, &v) ? v.state : ACCESS_STATE_COUNT;
}
