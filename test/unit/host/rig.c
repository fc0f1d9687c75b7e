/* SPDX-License-Identifier: BSD-3-Clause */
#include "rig.h"

struct host *rig;
struct host_actions rig_out;
uint64_t rig_now_ms;
struct addr6 rig_own, rig_link_local, rig_own_tagged;

const struct addr_mac rig_mac = {{0x02, 0, 0, 0, 0, 1}}, rig_mac_tagged = {{0x02, 0, 0, 0, 0, 2}};
const struct addr6 rig_none, rig_all_nodes = {{0xff, 0x02, [15] = 1}};

void
rig_start_tentative(uint32_t neighbours_max)
{
	struct host_settings s = host_settings_default();
	struct host_port_settings ports[] = {
		{.port = RIG_PORT, .mac = rig_mac, .address_count = 1},
		{.port = RIG_PORT_TAGGED, .vlan = 7, .mac = rig_mac_tagged, .address_count = 1},
	};

	rig_own = rig_addr("2001:db8:a::1");
	rig_own_tagged = rig_addr("2001:db8:b::1");
	rig_link_local = addr6_link_local(&rig_mac);
	ports[0].address[0] = (struct host_address){rig_own, 64};
	ports[1].address[0] = (struct host_address){rig_own_tagged, 64};
	s.neighbours_max = neighbours_max;
	s.waiting_max = 8;
	s.secret = (struct hash_secret){{0x0123456789abcdef, 0xfedcba9876543210}};
	s.port_count = UNIT_COUNT(ports);
	s.ports = ports;
	rig_now_ms = 1000000;
	rig = host_new(&s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rig);
}

void
rig_start(uint32_t neighbours_max)
{
	rig_start_tentative(neighbours_max);
	rig_tick(rig_now_ms);
	rig_run(rig_now_ms + 2000);
}

void
rig_stop(void)
{
	host_free(rig);
	rig = NULL;
}

struct addr6
rig_addr(const char *text)
{
	struct addr6 a = {0};

	CU_ASSERT_EQUAL_FATAL(addr6_parse(text, &a), 0);
	return a;
}

struct addr6
rig_global(uint8_t n)
{
	struct addr6 a = rig_addr("2001:db8:a::1:0");

	a.b[15] = n;
	return a;
}

struct addr_mac
rig_mac_of(uint8_t n)
{
	return (struct addr_mac){{0x02, 0, 0, 0, 0xbb, n}};
}

void
rig_step(struct host_event e)
{
	e.now.mono_ms = rig_now_ms;
	rig_out.count = 0;
	rig_out.more = false;
	host_step(rig, &e, &rig_out);
}

void
rig_tick(uint64_t at_ms)
{
	rig_now_ms = at_ms;
	rig_step((struct host_event){.type = HOST_EV_TICK});
}

void
rig_run(uint64_t at_ms)
{
	while (host_due(rig) <= at_ms)
		rig_tick(host_due(rig) > rig_now_ms ? host_due(rig) : rig_now_ms);
	rig_now_ms = at_ms;
}

void
rig_frame(uint16_t port, const uint8_t *bytes, size_t len)
{
	rig_step((struct host_event){.type = HOST_EV_FRAME, .port = port, .frame = {.bytes = bytes, .len = len}});
}

void
rig_send(const struct addr6 *next_hop, uint8_t mark)
{
	uint8_t packet[48] = {0x60, [5] = 8, [6] = 59, [7] = 64, [47] = mark};
	struct host_event e = {.type = HOST_EV_SEND, .port = RIG_PORT};

	e.send.next_hop = *next_hop;
	e.send.packet = packet;
	e.send.len = sizeof(packet);
	rig_step(e);
}

void
rig_resolve(const struct addr6 *next_hop, bool once)
{
	struct host_event e = {.type = HOST_EV_RESOLVE, .port = RIG_PORT};

	e.resolve.next_hop = *next_hop;
	e.resolve.once = once;
	rig_step(e);
}

void
rig_release(const struct addr6 *next_hop)
{
	struct host_event e = {.type = HOST_EV_RELEASE, .port = RIG_PORT};

	e.resolve.next_hop = *next_hop;
	rig_step(e);
}

void
rig_static(enum host_event_type type, const struct addr6 *addr, const struct addr_mac *mac)
{
	struct host_event e = {.type = type, .port = RIG_PORT};

	e.neighbour.addr = *addr;
	if (mac != NULL)
		e.neighbour.mac = *mac;
	rig_step(e);
}

void
rig_ns(uint8_t n, const struct addr6 *src, const struct addr6 *target)
{
	const struct nd_link link = {.src_mac = rig_mac_of(n)};
	uint8_t bytes[128];
	int len = nd_ns_encode(&link, src, &rig_none, target, bytes, sizeof(bytes));

	CU_ASSERT_FATAL(len > 0);
	rig_frame(RIG_PORT, bytes, len);
}

void
rig_na(uint8_t n, const struct addr6 *target, uint8_t flags)
{
	const struct nd_link link = {.src_mac = rig_mac_of(n), .dst_mac = rig_mac};
	uint8_t bytes[128];
	int len = nd_na_encode(&link, target, &rig_own, target, flags, bytes, sizeof(bytes));

	CU_ASSERT_FATAL(len > 0);
	rig_frame(RIG_PORT, bytes, len);
}

void
rig_icmp(uint8_t n, const struct addr6 *src, const struct addr6 *dst, uint8_t *icmp, size_t len)
{
	const struct nd_link link = {
		.src_mac = rig_mac_of(n),
		.dst_mac = addr6_is_multicast(dst) ? addr_mac_of_group(dst) : rig_mac,
	};
	uint8_t bytes[ND_FRAME_MAX];

	rig_frame(RIG_PORT, bytes, rig_icmp_frame(&link, src, dst, 255, icmp, len, bytes));
}

void
rig_na_bare(uint8_t n, const struct addr6 *target, uint8_t flags)
{
	uint8_t icmp[24] = {136, 0, 0, 0, flags};

	memcpy(icmp + 8, target, sizeof(*target));
	rig_icmp(n, target, &rig_own, icmp, sizeof(icmp));
}

void
rig_echo(uint8_t n, const struct addr6 *src, const struct addr6 *dst)
{
	uint8_t icmp[16] = {128, 0, 0, 0, 0x12, 0x34, 0, 1, 'k', 'e', 'd', 'g', 'e'};

	rig_icmp(n, src, dst, icmp, sizeof(icmp));
}

RIG_ACTIONS_DEFINE(host, HOST_ACT_FRAME)

uint64_t
rig_drops(enum stat_drop d)
{
	return host_stat(rig)->drop[d];
}

enum host_state
rig_state(const struct addr6 *addr)
{
	struct host_neighbour_view v;
	uint32_t at = 0;

	while (host_neighbour_next(rig, &at, &v))
		if (addr6_equal(&v.addr, addr))
			return v.state;
	return HOST_STATE_COUNT;
}

unsigned int
rig_neighbours(void)
{
	struct host_neighbour_view v;
	uint32_t at = 0;
	unsigned int n = 0;

	while (host_neighbour_next(rig, &at, &v))
		n++;
	return n;
}
