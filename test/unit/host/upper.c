/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets to own addresses that nothing takes, and packets that came over no link.
 */
#include "rig.h"

static void
packet_to(const struct addr6 *dst, uint8_t next_header, const uint8_t *payload, size_t len)
{
	const struct nd_link link = {
		.src_mac = rig_mac_of(9),
		.dst_mac = addr6_is_multicast(dst) ? addr_mac_of_group(dst) : rig_mac,
	};
	const struct addr6 src = rig_global(9);
	uint8_t bytes[256];
	int frame_len = nd_ip6_encode(&link, &src, dst, next_header, 64, payload, len, bytes, sizeof(bytes));

	CU_ASSERT_FATAL(frame_len > 0);
	rig_frame(RIG_PORT, bytes, frame_len);
}

static void
check_error(uint8_t type, uint8_t code, uint32_t word)
{
	struct rig_heard h = rig_hear(0);
	const uint8_t *p = h.frame.payload;
	struct addr6 to = rig_global(9);

	CU_ASSERT_EQUAL(h.msg.type, ND_ERROR);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_own));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &to));
	CU_ASSERT_EQUAL(p[0], type);
	CU_ASSERT_EQUAL(p[1], code);
	CU_ASSERT_EQUAL((uint32_t)p[4] << 24 | p[5] << 16 | p[6] << 8 | p[7], word);
}

static void
errors(void)
{
	const uint8_t udp[8] = {0, 9, 0, 9, 0, 8};
	const uint8_t wants_report[8] = {17, 0, 0x80, 4}; /* an unknown option whose type says: discard and report */

	rig_start(8);
	packet_to(&rig_own, 17, udp, sizeof(udp));
	check_error(1, 4, 0);
	packet_to(&rig_own, 253, udp, sizeof(udp));
	check_error(4, 1, 6);
	packet_to(&rig_own, 60, wants_report, sizeof(wants_report));
	check_error(4, 2, 42);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_UNUSED), 3);
	rig_stop();
}

static void
unanswered(const struct addr6 *dst, uint8_t next_header, const uint8_t *payload, size_t len)
{
	packet_to(dst, next_header, payload, len);
	CU_ASSERT_EQUAL(rig_out.count, 0);
}

static void
no_errors(void)
{
	const uint8_t udp[8] = {0, 9, 0, 9, 0, 8};
	const uint8_t wants_silence[8] = {17, 0, 0x40, 4};
	const uint8_t first_fragment[16] = {17, 0, 0, 1};
	struct addr6 other = rig_global(10);

	rig_start(8);
	unanswered(&rig_all_nodes, 17, udp, sizeof(udp));
	unanswered(&other, 17, udp, sizeof(udp));
	unanswered(&rig_own, 59, udp, sizeof(udp));
	unanswered(&rig_own, 60, wants_silence, sizeof(wants_silence));
	unanswered(&rig_own, 44, first_fragment, sizeof(first_fragment));
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_UNUSED), 5);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ICMP_RATE), 0);
	rig_stop();
}

static void
error_rate(void)
{
	const uint8_t udp[8] = {0, 9, 0, 9, 0, 8};
	unsigned int sent = 0;

	rig_start(8);
	for (int i = 0; i < 100; i++) {
		packet_to(&rig_own, 17, udp, sizeof(udp));
		sent += rig_count(HOST_ACT_FRAME);
	}
	CU_ASSERT_EQUAL(sent, 10);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ICMP_RATE), 90);
	rig_stop();
}

/* An ICMPv6 message from far away to an own address, as it leaves a tunnel. */
static void
linkless(const struct addr6 *dst, uint8_t *icmp, size_t len)
{
	const struct addr6 src = rig_addr("2001:db8:ffff::9");
	const struct nd_link link = {.src_mac = rig_mac};
	uint16_t sum = nd_checksum(&src, dst, ND_PROTO_ICMP6, icmp, len);
	struct host_event e = {.type = HOST_EV_PACKET};
	uint8_t bytes[256];
	int frame_len;

	icmp[2] = sum >> 8;
	icmp[3] = sum & 0xff;
	frame_len = nd_ip6_encode(&link, &src, dst, ND_PROTO_ICMP6, 255, icmp, len, bytes, sizeof(bytes));
	CU_ASSERT_FATAL(frame_len > 14);
	e.packet.bytes = bytes + 14;
	e.packet.len = frame_len - 14;
	rig_step(e);
}

static void
linkless_echo(void)
{
	uint8_t icmp[16] = {128, 0, 0, 0, 0x12, 0x34, 0, 1, 'k', 'e', 'd', 'g', 'e'};
	const struct addr6 other = rig_global(10);
	const struct host_action *a;

	rig_start(8);
	linkless(&rig_own_tagged, icmp, sizeof(icmp));
	CU_ASSERT_EQUAL(rig_out.count, 1);
	a = rig_act(HOST_ACT_PACKET, 0);
	CU_ASSERT_EQUAL(a->frame.len, 40 + sizeof(icmp));
	CU_ASSERT_EQUAL(a->frame.bytes[0] >> 4, 6);
	CU_ASSERT_EQUAL(memcmp(a->frame.bytes + 8, &rig_own_tagged, 16), 0);
	CU_ASSERT_EQUAL(a->frame.bytes[40], 129);
	icmp[2] = icmp[3] = 0;
	linkless(&other, icmp, sizeof(icmp));
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_echo(9, &other, &rig_own); /* the next one over a link is answered there */
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 1);
	rig_stop();
}

/* The tag of a port is the link's, and there is none. */
static void
linkless_untagged(void)
{
	uint8_t icmp[8] = {128};
	struct host_port_settings port = {.port = RIG_PORT_TAGGED, .vlan = 7, .mac = rig_mac};
	struct host_settings s = host_settings_default();

	rig_own = addr6_link_local(&rig_mac);
	s.dad_probes = 0;
	s.ports = &port;
	s.port_count = 1;
	rig = host_new(&s);
	rig_tick(5);
	linkless(&rig_own, icmp, sizeof(icmp));
	CU_ASSERT_EQUAL(rig_act(HOST_ACT_PACKET, 0)->frame.len, 40 + sizeof(icmp));
	CU_ASSERT_EQUAL(rig_act(HOST_ACT_PACKET, 0)->frame.bytes[0] >> 4, 6);
	rig_stop();
}

static void
linkless_discovery(void)
{
	uint8_t icmp[24] = {135};

	rig_start(8);
	memcpy(icmp + 8, &rig_own, sizeof(rig_own));
	linkless(&rig_own, icmp, sizeof(icmp));
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_UNUSED), 1);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ND_INVALID), 0);
	rig_stop();
}

static void
linkless_truncated(void)
{
	const uint8_t bytes[41] = {0x60, [5] = 2};
	struct host_event e = {.type = HOST_EV_PACKET, .packet = {.bytes = bytes}};

	rig_start(8);
	for (e.packet.len = 0; e.packet.len < sizeof(bytes); e.packet.len++)
		rig_step(e);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_FRAME_SHORT), sizeof(bytes));
	rig_stop();
}

const struct unit_case upper_cases[] = {
	{"a packet that nothing takes is answered with the ICMPv6 error that is due", errors},
	{"groups, foreign addresses, fragments and options that want silence get no error", no_errors},
	{"errors are bounded", error_rate},
	{"an echo request that came over no link is answered as a packet", linkless_echo},
	{"an answer that goes over no link has no VLAN", linkless_untagged},
	{"neighbour discovery that came over no link is dropped", linkless_discovery},
	{"a truncated packet that came over no link is dropped", linkless_truncated},
};
const unsigned int upper_case_count = UNIT_COUNT(upper_cases);
