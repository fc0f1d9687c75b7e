/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What ends an attachment, and who is told in which order.
 */
#include "rig.h"

/* Word of the host's end, then leave to forget it: the one action tells the gateway, the other the forwarding plane,
 * whose next frame of that host makes a new attachment. Nothing is sent to a host that is not there.
 */
static void
expect_end(uint32_t id, enum access_detach why)
{
	CU_ASSERT_EQUAL_FATAL(rig_out.count, 2);
	CU_ASSERT_EQUAL(rig_out.list[0].type, ACCESS_ACT_DETACHED);
	CU_ASSERT_EQUAL(rig_out.list[0].host.host, id);
	CU_ASSERT_EQUAL(rig_out.list[0].host.why, why);
	CU_ASSERT_EQUAL(rig_out.list[1].type, ACCESS_ACT_HOST_CLEAR);
	CU_ASSERT_EQUAL(rig_out.list[1].host.host, id);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_STATE_COUNT);
	CU_ASSERT_EQUAL(access_host_count(rig), 0);
	CU_ASSERT_EQUAL(access_due(rig), UINT64_MAX);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_DETACHED), 1);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_UNREACHABLE), why == ACCESS_DETACH_UNREACHABLE);
}

/* By a command: the forwarding plane forgets it a moment later. */
static void
expect_left(uint32_t id)
{
	CU_ASSERT_EQUAL_FATAL(rig_out.count, 2);
	CU_ASSERT_EQUAL(rig_out.list[0].type, ACCESS_ACT_DETACHED);
	CU_ASSERT_EQUAL(rig_out.list[0].host.host, id);
	CU_ASSERT_EQUAL(rig_out.list[0].host.why, ACCESS_DETACH_COMMAND);
	CU_ASSERT_EQUAL(rig_out.list[1].type, ACCESS_ACT_HOST_SET);
	CU_ASSERT_EQUAL(rig_out.list[1].host.state, ACCESS_LEFT);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_DETACHED), 1);
	CU_ASSERT_EQUAL(access_find_host(rig, &rig_out.list[1].host.key), ACCESS_HOST_NONE);
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_out.count, 1);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_HOST_CLEAR, 0)->host.host, id);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_STATE_COUNT);
	CU_ASSERT_EQUAL(access_host_count(rig), 0);
	CU_ASSERT_EQUAL(access_due(rig), UINT64_MAX);
}

static void
by_command(void)
{
	uint32_t id;

	rig_start_probing(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_detach(1);
	CU_ASSERT_STRING_EQUAL(access_detach_name(rig_out.list[0].host.why), "command");
	expect_left(id);
	rig_detach(1);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_stop();
}

/* Its last frames come behind the command, which may not come twice; nobody else's word brings it back either. */
static void
late_frames(void)
{
	uint32_t id;

	rig_start_probing(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_detach(1);
	rig_data(1);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_rs(1);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_HOST_NOT_SERVED), 2);
	rig_detach(1);
	rig_serve(id, "2001:db8:1::/64", 3600);
	rig_unserve(id);
	rig_refuse(id);
	rig_active(id);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_LEFT);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_DETACHED), 1);
	CU_ASSERT_NOT_EQUAL(rig_attach(1), id); /* a command does */
	rig_stop();
}

/* It makes room for a newcomer, and goes with its port's carrier. */
static void
left_is_nobody(void)
{
	rig_start(1);
	rig_served(1, "2001:db8:1::/64", 3600);
	rig_detach(1);
	rig_data(2);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
	rig_detach(2);
	rig_carrier(RIG_PORT, false);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_DETACHED), 0);
	CU_ASSERT_EQUAL(access_host_count(rig), 0);
	CU_ASSERT_EQUAL(rig_counter(STAT_HOSTS_DETACHED), 2);
	rig_stop();
}

static void
by_carrier(void)
{
	uint32_t id;

	rig_start_probing(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_carrier(RIG_PORT, false);
	expect_end(id, ACCESS_DETACH_CARRIER);
	rig_stop();
}

static void
by_silence(void)
{
	uint32_t id;

	rig_start_probing(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_rs(1);
	rig_silence(id);
	expect_end(id, ACCESS_DETACH_UNREACHABLE);
	rig_stop();
}

static void
of_pending(void)
{
	uint32_t id;

	rig_start_probing(8);
	id = rig_attach(1);
	rig_detach(1);
	expect_left(id);
	rig_stop();
}

/* What a host that moved away and back, or whose silence was misread, needs. */
static void
attaches_anew(void)
{
	uint32_t id, next;

	rig_start_probing(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_detach(1);
	rig_tick(access_due(rig));
	rig_data(1);
	CU_ASSERT_EQUAL_FATAL(rig_out.count, 2);
	CU_ASSERT_EQUAL(rig_out.list[0].type, ACCESS_ACT_HOST_SET);
	CU_ASSERT_EQUAL(rig_out.list[1].type, ACCESS_ACT_ATTACHED);
	next = rig_out.list[1].host.host;
	CU_ASSERT_NOT_EQUAL(next, id);
	rig_unserve(id); /* the answer to its detachment */
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_state(next), ACCESS_PENDING);
	rig_stop();
}

static void
command_while_going(void)
{
	uint32_t id = 0;

	rig_start(64);
	for (uint8_t i = 1; i <= 64; i++)
		id = rig_served(i, "2001:db8:1::/64", 3600);
	rig_carrier(RIG_PORT, false);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_GONE);
	rig_detach(64);
	CU_ASSERT_EQUAL(rig_out.count, 2);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_DETACHED, 0)->host.host, id);
	CU_ASSERT_EQUAL(rig_act(ACCESS_ACT_DETACHED, 0)->host.why, ACCESS_DETACH_CARRIER);
	rig_stop();
}

/* More hosts than one list has room for: the last of them comes back before its end was told. */
static void
attaches_while_going(void)
{
	uint32_t id = 0;

	rig_start(64);
	for (uint8_t i = 1; i <= 64; i++)
		id = rig_served(i, "2001:db8:1::/64", 3600);
	rig_carrier(RIG_PORT, false);
	CU_ASSERT_TRUE(rig_out.more);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_GONE);
	rig_carrier(RIG_PORT, true);
	rig_step((struct access_event){.type = ACCESS_EV_ATTACH, .key = rig_key(64)});
	CU_ASSERT_EQUAL_FATAL(rig_out.count, 4);
	CU_ASSERT_EQUAL(rig_out.list[0].type, ACCESS_ACT_DETACHED);
	CU_ASSERT_EQUAL(rig_out.list[0].host.host, id);
	CU_ASSERT_EQUAL(rig_out.list[0].host.why, ACCESS_DETACH_CARRIER);
	CU_ASSERT_EQUAL(rig_out.list[1].type, ACCESS_ACT_HOST_CLEAR);
	CU_ASSERT_EQUAL(rig_out.list[2].type, ACCESS_ACT_HOST_SET);
	CU_ASSERT_EQUAL(rig_out.list[3].type, ACCESS_ACT_ATTACHED);
	CU_ASSERT_NOT_EQUAL(rig_out.list[3].host.host, id);
	rig_stop();
}

static void
carrier_detaches_all(void)
{
	unsigned int detached = 0, cleared = 0;

	rig_start(128);
	for (uint8_t i = 1; i <= 100; i++)
		rig_served(i, "2001:db8:1::/64", 3600);
	rig_refuse(rig_attach(101));
	rig_carrier(RIG_PORT_TAGGED, false);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	rig_carrier(RIG_PORT, false);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_HOST_SET), 0);
	detached += rig_count(ACCESS_ACT_DETACHED);
	cleared += rig_count(ACCESS_ACT_HOST_CLEAR);
	while (rig_out.more) {
		rig_tick(rig_now_ms);
		detached += rig_count(ACCESS_ACT_DETACHED);
		cleared += rig_count(ACCESS_ACT_HOST_CLEAR);
	}
	CU_ASSERT_EQUAL(detached, 100);
	CU_ASSERT_EQUAL(cleared, 101);
	CU_ASSERT_EQUAL(access_host_count(rig), 0);
	rig_stop();
}

static void
carrier_down_attaches_none(void)
{
	rig_start(8);
	rig_carrier(RIG_PORT, false);
	rig_rs(1);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_CARRIER), 1);
	rig_carrier(RIG_PORT, true);
	rig_rs(1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
	rig_stop();
}

/* shows: RFC5213-6.9.1.4-09 */
static void
unserve_is_a_farewell(void)
{
	struct rig_heard h;
	uint32_t id;

	rig_start_probing(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_now_ms += 5000;
	rig_unserve(id);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(rig_state(id), ACCESS_LEAVING);
		h = rig_hear(0);
		CU_ASSERT_EQUAL(h.msg.ra.router_lifetime_s, 0);
		CU_ASSERT_EQUAL(h.msg.ra.prefix_count, 1);
		CU_ASSERT_EQUAL(h.msg.ra.prefix[0].valid_s, 0);
		CU_ASSERT_EQUAL(h.msg.ra.prefix[0].preferred_s, 0);
		CU_ASSERT_EQUAL(access_due(rig), rig_now_ms + 1000);
		rig_data(1);
		CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 0);
		rig_tick(rig_now_ms + 1000);
	}
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 0);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_DETACHED), 0);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_HOST_CLEAR), 1);
	rig_data(1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
	rig_stop();
}

/* A command asks about it once more, in vain: what it was advertised is withdrawn all the same. */
static void
farewell_after_refusal(void)
{
	uint32_t id;

	rig_start(8);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	rig_unserve(id); /* too soon after an advertisement for another */
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_FRAME), 0);
	rig_step((struct access_event){.type = ACCESS_EV_ATTACH, .key = rig_key(1)});
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_PENDING);
	rig_refuse(id);
	for (int i = 0; i < 3; i++) {
		rig_tick(access_due(rig));
		CU_ASSERT_EQUAL(rig_hear(0).msg.ra.router_lifetime_s, 0);
		CU_ASSERT_EQUAL(rig_hear(0).msg.ra.prefix[0].valid_s, 0);
	}
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_HOST_CLEAR), 1);
	CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_DETACHED), 0);
	rig_stop();
}

const struct unit_case detach_cases[] = {
	{"a command detaches: told to the gateway, and a moment later the host is forgotten", by_command},
	{"what comes behind the command does not attach the host again", late_frames},
	{"a host that a command detached makes room, and ends with its port", left_is_nobody},
	{"a lost carrier detaches, in the same order", by_carrier},
	{"silence detaches, in the same order", by_silence},
	{"a host that is not decided about yet is detached as well", of_pending},
	{"a frame of a forgotten host attaches it anew, and late words do not meet it", attaches_anew},
	{"a command about a host whose carrier was lost does not change the reason", command_while_going},
	{"a host that comes back before its end was told ends first", attaches_while_going},
	{"a lost carrier detaches all hosts of its port, in bounded lists", carrier_detaches_all},
	{"no frame attaches while the carrier is down", carrier_down_attaches_none},
	{"the end of a session withdraws router and prefixes three times, then forgets the host",
	 unserve_is_a_farewell},
	{"a leaving host that is refused still hears its farewell", farewell_after_refusal},
};
const unsigned int detach_case_count = UNIT_COUNT(detach_cases);
