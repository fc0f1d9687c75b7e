/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Neighbours: how their MAC addresses are found, believed and doubted.
 */
#include "rig.h"

static void
check_frame(unsigned int n, const struct addr_mac *to, uint8_t mark)
{
	const struct host_action *a = rig_act(HOST_ACT_FRAME, n);

	CU_ASSERT_EQUAL(a->frame.len, 14 + 48);
	CU_ASSERT_EQUAL(memcmp(a->frame.bytes, to, 6), 0);
	CU_ASSERT_EQUAL(memcmp(a->frame.bytes + 6, &rig_mac, 6), 0);
	CU_ASSERT_EQUAL(a->frame.bytes[14 + 47], mark);
}

static void
check_told(const struct addr6 *addr, const struct addr_mac *mac, bool up)
{
	const struct host_action *a = rig_act(HOST_ACT_NEIGHBOUR, 0);

	CU_ASSERT_EQUAL(rig_count(HOST_ACT_NEIGHBOUR), 1);
	CU_ASSERT_EQUAL(a->port, RIG_PORT);
	CU_ASSERT_TRUE(addr6_equal(&a->neighbour.addr, addr));
	CU_ASSERT_TRUE(addr_mac_equal(&a->neighbour.mac, mac));
	CU_ASSERT_EQUAL(a->neighbour.up, up);
}

/* Neighbour n in REACHABLE, wanted by a route or once. */
static struct addr6
reachable(uint8_t n, bool once)
{
	struct addr6 addr = rig_global(n);
	struct addr_mac mac = rig_mac_of(n);

	rig_resolve(&addr, once);
	rig_na(n, &addr, ND_NA_SOLICITED | ND_NA_OVERRIDE);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_REACHABLE);
	check_told(&addr, &mac, true);
	return addr;
}

static void
resolves(void)
{
	struct addr6 addr = rig_global(1), group = addr6_solicited_node(&addr);
	struct addr_mac mac = rig_mac_of(1);
	struct rig_heard h;

	rig_start(8);
	rig_send(&addr, 0);
	h = rig_hear(0);
	CU_ASSERT_EQUAL(h.msg.type, ND_NS);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_own));
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &group));
	CU_ASSERT_TRUE(h.msg.has_ll);
	for (uint8_t i = 1; i < 5; i++) {
		rig_send(&addr, i);
		CU_ASSERT_EQUAL(rig_out.count, 0);
	}
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_QUEUE), 2);
	rig_na(1, &addr, ND_NA_SOLICITED | ND_NA_OVERRIDE);
	check_told(&addr, &mac, true);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 3);
	for (unsigned int i = 0; i < 3; i++)
		check_frame(i, &mac, 2 + i);
	rig_send(&addr, 9);
	check_frame(0, &mac, 9);
	rig_stop();
}

static void
source_fits(void)
{
	struct addr6 link_local = rig_addr("fe80::77"), far = rig_addr("2001:db8:cccc::1");
	struct rig_heard h;

	rig_start(8);
	rig_send(&link_local, 0);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_link_local));
	rig_send(&far, 0);
	h = rig_hear(0);
	CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_src, &rig_link_local));
	rig_stop();
}

static void
gives_up(void)
{
	struct addr6 addr = rig_global(1);
	uint64_t start;

	rig_start(8);
	start = rig_now_ms;
	rig_send(&addr, 1);
	for (int i = 1; i <= 2; i++) {
		CU_ASSERT_EQUAL(host_due(rig), start + 1000 * i);
		rig_tick(host_due(rig));
		CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_NS);
	}
	rig_tick(start + 3000);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 0);
	CU_ASSERT_TRUE(addr6_equal(&rig_act(HOST_ACT_UNREACHABLE, 0)->unreachable.next_hop, &addr));
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_NO_ADJACENCY), 1);
	rig_send(&addr, 2); /* held down */
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_NO_ADJACENCY), 2);
	rig_run(start + 6000);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STATE_COUNT);
	rig_send(&addr, 3);
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_NS);
	rig_stop();
}

static void
kept_is_asked_again(void)
{
	struct addr6 addr = rig_global(1);
	uint64_t start;

	rig_start(8);
	start = rig_now_ms;
	rig_resolve(&addr, false);
	rig_run(start + 3000);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_FAILED);
	rig_tick(start + 6000);
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_NS);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_INCOMPLETE);
	rig_na(1, &addr, ND_NA_SOLICITED);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_REACHABLE);
	rig_stop();
}

static void
kept_is_probed(void)
{
	struct addr_mac mac = rig_mac_of(1);
	struct rig_heard h;
	struct addr6 addr;
	uint64_t start;

	rig_start(8);
	addr = reachable(1, false);
	for (int i = 0; i < 3; i++) {
		start = rig_now_ms;
		CU_ASSERT_EQUAL(host_due(rig), start + 30000);
		rig_tick(start + 30000);
		h = rig_hear(0);
		CU_ASSERT_EQUAL(h.msg.type, ND_NS);
		CU_ASSERT_TRUE(addr_mac_equal(&h.frame.eth_dst, &mac));
		CU_ASSERT_TRUE(addr6_equal(&h.frame.ip_dst, &addr));
		CU_ASSERT_EQUAL(rig_count(HOST_ACT_NEIGHBOUR), 0);
		rig_na_bare(1, &addr, ND_NA_SOLICITED);
		CU_ASSERT_EQUAL(rig_state(&addr), HOST_REACHABLE);
		CU_ASSERT_EQUAL(rig_out.count, 0);
	}
	rig_stop();
}

static void
never_silently_dead(void)
{
	struct addr_mac mac = rig_mac_of(1), moved = rig_mac_of(2);
	struct addr6 addr;
	uint64_t start;

	rig_start(8);
	addr = reachable(1, false);
	start = rig_now_ms;
	rig_run(start + 32999);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_PROBE);
	rig_tick(start + 33000);
	check_told(&addr, &mac, false);
	CU_ASSERT_EQUAL(rig_hear(0).frame.ip_dst.b[0], 0xff);
	rig_na(2, &addr, ND_NA_SOLICITED);
	check_told(&addr, &moved, true);
	rig_stop();
}

/* Known by its MAC address, lost, and looked for by multicast. */
static struct addr6
lost(void)
{
	struct addr6 addr = reachable(1, false);

	rig_run(rig_now_ms + 33000);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_INCOMPLETE);
	return addr;
}

static void
comes_back(void)
{
	struct addr_mac mac = rig_mac_of(1);
	struct addr6 addr;

	rig_start(8);
	addr = lost();
	rig_ns(1, &addr, &rig_own);
	check_told(&addr, &mac, true);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_PROBE);
	rig_stop();
	rig_start(8);
	addr = lost();
	rig_na(1, &addr, ND_NA_OVERRIDE);
	check_told(&addr, &mac, true);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_PROBE);
	rig_stop();
}

static void
moves_while_probed(void)
{
	struct addr6 addr;

	rig_start(8);
	addr = reachable(1, false);
	rig_run(rig_now_ms + 32000);
	rig_ns(2, &addr, &rig_own);
	for (int i = 0; i < 2; i++) {
		rig_tick(host_due(rig));
		CU_ASSERT_EQUAL(rig_state(&addr), HOST_PROBE);
		CU_ASSERT_EQUAL(rig_hear(0).frame.eth_dst.b[5], 2);
	}
	rig_tick(host_due(rig));
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_INCOMPLETE);
	rig_stop();
}

static void
once_goes_down(void)
{
	struct addr_mac mac = rig_mac_of(1);
	struct addr6 addr;

	rig_start(8);
	addr = reachable(1, true);
	rig_tick(rig_now_ms + 30000);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STALE);
	check_told(&addr, &mac, false);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 0);
	CU_ASSERT_EQUAL(host_due(rig), UINT64_MAX);
	rig_resolve(&addr, true);
	check_told(&addr, &mac, true);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_DELAY);
	rig_tick(rig_now_ms + 5000);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_PROBE);
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_NS);
	rig_run(rig_now_ms + 3000);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STATE_COUNT);
	CU_ASSERT_FALSE(rig_act(HOST_ACT_NEIGHBOUR, 0)->neighbour.up);
	rig_stop();
}

static void
told_again(void)
{
	struct addr_mac mac = rig_mac_of(1);
	struct addr6 addr;

	rig_start(8);
	addr = reachable(1, false);
	rig_release(&addr);
	rig_resolve(&addr, false);
	check_told(&addr, &mac, true);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 0);
	rig_stop();
}

static void
released(void)
{
	struct addr6 addr;

	rig_start(8);
	addr = reachable(1, false);
	rig_release(&addr);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_tick(rig_now_ms + 30000);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STALE);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 0);
	rig_stop();
}

static void
unsolicited_creates_nothing(void)
{
	struct addr6 addr = rig_global(1);

	rig_start(8);
	rig_na(1, &addr, ND_NA_OVERRIDE);
	rig_na(1, &addr, ND_NA_SOLICITED | ND_NA_OVERRIDE);
	CU_ASSERT_EQUAL(rig_neighbours(), 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_ND_UNUSED), 2);
	rig_stop();
}

static void
solicitation_creates_stale(void)
{
	struct addr6 addr = rig_global(1), far = rig_addr("2001:db8:cccc::1");
	struct addr_mac mac = rig_mac_of(1);

	rig_start(8);
	rig_ns(1, &addr, &rig_own);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STALE);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_NEIGHBOUR), 0);
	rig_send(&addr, 7);
	check_told(&addr, &mac, true);
	check_frame(0, &mac, 7);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_DELAY);
	rig_ns(2, &far, &rig_own);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 1);
	CU_ASSERT_EQUAL(rig_state(&far), HOST_STATE_COUNT);
	rig_stop();
}

static void
solicitation_moves(void)
{
	struct addr_mac moved = rig_mac_of(2);
	struct addr6 addr;

	rig_start(8);
	addr = reachable(1, false);
	rig_ns(2, &addr, &rig_own);
	check_told(&addr, &moved, true);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_PROBE);
	rig_stop();
}

static void
incomplete_rules(void)
{
	struct addr6 addr = rig_global(1);
	struct addr_mac mac = rig_mac_of(1);

	rig_start(8);
	rig_send(&addr, 4);
	rig_na_bare(1, &addr, ND_NA_SOLICITED | ND_NA_OVERRIDE);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_INCOMPLETE);
	rig_na(1, &addr, 0);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_DELAY); /* STALE, and at once in use by the packet that waited */
	check_frame(0, &mac, 4);
	rig_stop();
}

static void
override_clear(void)
{
	struct addr_mac mac = rig_mac_of(1);
	struct addr6 addr;

	rig_start(8);
	addr = reachable(1, true);
	rig_na(2, &addr, ND_NA_SOLICITED);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STALE);
	rig_na(2, &addr, ND_NA_SOLICITED);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_send(&addr, 1);
	check_frame(0, &mac, 1);
	rig_stop();
}

static void
override_set(void)
{
	struct addr_mac moved = rig_mac_of(2);
	struct addr6 addr;

	rig_start(8);
	addr = reachable(1, true);
	rig_na(1, &addr, ND_NA_OVERRIDE); /* nothing new */
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_REACHABLE);
	rig_na(2, &addr, ND_NA_OVERRIDE);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STALE);
	rig_na(1, &addr, ND_NA_OVERRIDE | ND_NA_SOLICITED);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_REACHABLE);
	rig_na(2, &addr, ND_NA_OVERRIDE | ND_NA_SOLICITED);
	check_told(&addr, &moved, true);
	rig_stop();
}

static void
statics(void)
{
	struct addr6 addr = rig_global(1);
	struct addr_mac mac = rig_mac_of(5), other = rig_mac_of(6);

	rig_start(8);
	rig_static(HOST_EV_STATIC_ADD, &addr, &mac);
	check_told(&addr, &mac, true);
	rig_na(1, &addr, ND_NA_OVERRIDE | ND_NA_SOLICITED);
	rig_ns(1, &addr, &rig_own);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STATIC);
	rig_run(rig_now_ms + 100000);
	rig_send(&addr, 1);
	check_frame(0, &mac, 1);
	rig_static(HOST_EV_STATIC_ADD, &addr, &other);
	check_told(&addr, &other, true);
	rig_static(HOST_EV_STATIC_DEL, &addr, NULL);
	check_told(&addr, &other, false);
	CU_ASSERT_EQUAL(rig_neighbours(), 0);
	rig_static(HOST_EV_STATIC_DEL, &addr, NULL);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_stop();
}

static void
static_of_a_route(void)
{
	struct addr6 addr = rig_global(1);
	struct addr_mac mac = rig_mac_of(5);

	rig_start(8);
	rig_static(HOST_EV_STATIC_ADD, &addr, &mac);
	rig_resolve(&addr, false);
	check_told(&addr, &mac, true);
	CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 0);
	rig_static(HOST_EV_STATIC_DEL, &addr, NULL);
	check_told(&addr, &mac, false);
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_NS);
	rig_stop();
}

static void
groups_and_nobodies(void)
{
	struct addr_mac mac = addr_mac_of_group(&rig_all_nodes);

	rig_start(8);
	rig_send(&rig_all_nodes, 1);
	check_frame(0, &mac, 1);
	rig_send(&rig_own, 1);
	rig_send(&rig_none, 1);
	rig_resolve(&rig_all_nodes, false);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_neighbours(), 0);
	rig_stop();
}

static void
too_long(void)
{
	static uint8_t packet[HOST_PACKET_MAX + 1] = {0x60};
	struct addr_mac mac = rig_mac_of(1);
	struct addr6 addr = rig_global(1);
	struct host_event e = {.type = HOST_EV_SEND, .port = RIG_PORT};

	rig_start(8);
	rig_static(HOST_EV_STATIC_ADD, &addr, &mac);
	e.send.next_hop = addr;
	e.send.packet = packet;
	e.send.len = HOST_PACKET_MAX;
	rig_step(e);
	CU_ASSERT_EQUAL(rig_act(HOST_ACT_FRAME, 0)->frame.len, ND_FRAME_MAX);
	e.send.len++;
	rig_step(e);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_TOO_BIG), 1);
	rig_stop();
}

static void
tagged(void)
{
	const uint8_t packet[40] = {0x60};
	struct host_event e = {.type = HOST_EV_SEND, .port = RIG_PORT_TAGGED};
	const uint8_t *bytes;

	rig_start(8);
	e.send.next_hop = rig_all_nodes;
	e.send.packet = packet;
	e.send.len = sizeof(packet);
	rig_step(e);
	bytes = rig_act(HOST_ACT_FRAME, 0)->frame.bytes;
	CU_ASSERT_EQUAL(rig_act(HOST_ACT_FRAME, 0)->frame.len, 18 + 40);
	CU_ASSERT_EQUAL(memcmp(bytes + 12, "\x81\x00\x00\x07\x86\xdd\x60", 7), 0);
	rig_stop();
}

static void
listing(void)
{
	struct addr_mac mac = rig_mac_of(1);
	struct host_neighbour_view v;
	uint32_t at = 0;
	struct addr6 addr;

	rig_start(8);
	CU_ASSERT_FALSE(host_neighbour_next(rig, &at, &v));
	addr = reachable(1, false);
	at = 0;
	CU_ASSERT_TRUE(host_neighbour_next(rig, &at, &v));
	CU_ASSERT_TRUE(addr6_equal(&v.addr, &addr));
	CU_ASSERT_TRUE(addr_mac_equal(&v.mac, &mac));
	CU_ASSERT_EQUAL(v.port, RIG_PORT);
	CU_ASSERT_STRING_EQUAL(host_state_name(v.state), "reachable");
	CU_ASSERT_TRUE(v.kept);
	CU_ASSERT_FALSE(v.is_static);
	CU_ASSERT_FALSE(host_neighbour_next(rig, &at, &v));
	rig_stop();
}

const struct unit_case neighbour_cases[] = {
	{"a packet waits for its neighbour, the newest three of them (RFC 4861 section 7.2.2)", resolves},
	{"a solicitation comes from an address of the neighbour's prefix, else from the link-local one", source_fits},
	{"after three unanswered solicitations a neighbour is held down", gives_up},
	{"a neighbour that a route leads to is asked for again after the hold-down", kept_is_asked_again},
	{"a neighbour that a route leads to is probed before it is doubted", kept_is_probed},
	{"an adjacency that does not answer is taken down and looked for anew", never_silently_dead},
	{"a lost neighbour that shows up with its old MAC address is up again", comes_back},
	{"a neighbour that moves while it is probed is probed three times at its new place", moves_while_probed},
	{"a neighbour wanted once is stale and down after the reachable time", once_goes_down},
	{"who wants a neighbour that is up is told so", told_again},
	{"a released neighbour is not kept fresh any longer", released},
	{"an advertisement makes no neighbour (RFC 4861 section 7.2.5)", unsolicited_creates_nothing},
	{"a solicitation makes a stale neighbour on the link alone (RFC 4861 section 7.2.3)",
	 solicitation_creates_stale},
	{"a solicitation with another MAC address moves a neighbour", solicitation_moves},
	{"an advertisement of an incomplete neighbour needs a MAC address alone", incomplete_rules},
	{"an advertisement without override brings doubt but no other MAC address", override_clear},
	{"an advertisement with override brings another MAC address", override_set},
	{"a configured neighbour is never changed by what the link says", statics},
	{"a route's neighbour is resolved when its configuration goes", static_of_a_route},
	{"a group needs no neighbour, and an own address is none", groups_and_nobodies},
	{"a packet too long for a frame is dropped", too_long},
	{"frames carry their port's VLAN", tagged},
	{"neighbours are listed with state and MAC address", listing},
};
const unsigned int neighbour_case_count = UNIT_COUNT(neighbour_cases);
