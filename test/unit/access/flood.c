/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hosts that are many, hostile, or both.
 */
#include <stdlib.h>

#include "rig.h"

#define TABLE 64

/* A small generator of its own, so that a failing run is the same run again. */
static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
frame_of(uint64_t mac)
{
	uint8_t frame[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, [12] = 0x86, 0xdd, 0x60, [20] = 59};

	for (int i = 0; i < 5; i++)
		frame[7 + i] = mac >> (8 * i);
	rig_frame(RIG_PORT, frame, sizeof(frame));
}

static void
random_macs(void)
{
	uint64_t state = 1;

	rig_start(TABLE);
	for (int i = 0; i < 10000; i++) {
		frame_of(draw(&state));
		CU_ASSERT_TRUE(access_host_count(rig) <= TABLE);
	}
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_HOST_TABLE_FULL), 10000 - TABLE);
	rig_stop();
}

static void
refused_make_room(void)
{
	uint64_t state = 1;
	uint32_t id;

	rig_start(TABLE);
	id = rig_served(1, "2001:db8:1::/64", 3600);
	for (int i = 0; i < 10000; i++) {
		frame_of(draw(&state));
		CU_ASSERT_EQUAL(rig_count(ACCESS_ACT_ATTACHED), 1);
		rig_refuse(rig_act(ACCESS_ACT_ATTACHED, 0)->host.host);
	}
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_HOST_TABLE_FULL), 0);
	CU_ASSERT_EQUAL(rig_state(id), ACCESS_SERVED);
	CU_ASSERT_EQUAL(rig_state(rig_served(2, "2001:db8:2::/64", 3600)), ACCESS_SERVED);
	rig_stop();
}

static void
recovers(void)
{
	uint64_t state = 1;

	rig_start(TABLE);
	for (int i = 0; i < TABLE; i++) {
		frame_of(draw(&state));
		rig_refuse(rig_act(ACCESS_ACT_ATTACHED, 0)->host.host);
	}
	do
		rig_tick(access_due(rig));
	while (access_due(rig) != UINT64_MAX);
	CU_ASSERT_EQUAL(access_host_count(rig), 0);
	rig_stop();
}

/* What the forwarding plane and the gateway's engine make of the actions, kept as simply as can be. */
struct shadow {
	bool attached[256], known[256];
	uint32_t id[256];
};

static void
shadow_apply(struct shadow *s)
{
	for (unsigned int i = 0; i < rig_out.count; i++) {
		const struct access_action *a = &rig_out.list[i];
		uint8_t host = a->host.key.mac.b[5];

		if (a->type == ACCESS_ACT_FRAME) {
			CU_ASSERT_TRUE(a->frame.len >= 54 && a->frame.len <= ACCESS_FRAME_MAX);
			continue;
		}
		if (a->type == ACCESS_ACT_DETACHED) {
			bool held = a->host.why == ACCESS_DETACH_COMMAND;

			CU_ASSERT_TRUE(a->host.why < ACCESS_DETACH_COUNT);
			CU_ASSERT_TRUE(i + 1 < rig_out.count &&
				       a[1].type == (held ? ACCESS_ACT_HOST_SET : ACCESS_ACT_HOST_CLEAR));
			CU_ASSERT_TRUE(a[1].host.host == a->host.host);
		}
		s->id[host] = a->host.host;
		if (a->type == ACCESS_ACT_ROUTER_TAKEN) {
			CU_ASSERT_TRUE(rig_state(a->host.host) != ACCESS_STATE_COUNT);
			continue;
		}
		if (a->type == ACCESS_ACT_HOST_SET)
			s->known[host] = true;
		else if (a->type == ACCESS_ACT_HOST_CLEAR)
			s->known[host] = false;
		else if (a->type == ACCESS_ACT_ATTACHED)
			s->attached[host] = true;
		else {
			CU_ASSERT_TRUE(s->attached[host]);
			s->attached[host] = false;
		}
	}
}

static void
shadow_check(const struct shadow *s)
{
	struct access_view v;
	uint32_t known = 0, at = 0;

	for (int i = 0; i < 256; i++)
		known += s->known[i];
	CU_ASSERT_EQUAL(known, access_host_count(rig));
	while (access_next(rig, &at, &v)) {
		CU_ASSERT_TRUE(s->known[v.key.mac.b[5]]);
		CU_ASSERT_EQUAL(s->id[v.key.mac.b[5]], v.host);
		CU_ASSERT_TRUE(v.probes <= 5 && (v.probes == 0 || v.state == ACCESS_SERVED));
		CU_ASSERT_TRUE(v.probes == 0 || rig_now_ms - v.heard_ms >= 30000);
	}
}

static void
random_frame(uint64_t *state, uint8_t host)
{
	uint8_t bytes[160];
	struct addr6 src = rig_link_local(host), any;

	switch (draw(state) % 8) {
	case 0:
		rig_rs(host);
		break;
	case 1:
		rig_ns(host, &src, &rig_router);
		break;
	case 2:
		rig_echo(host, &rig_router);
		break;
	case 3:
		rig_data(host);
		break;
	case 4:
		memcpy(any.b, (uint64_t[]){draw(state), draw(state)}, sizeof(any));
		any.b[0] = 0x20;
		rig_ns(host, &src, &any);
		break;
	case 5:
		rig_na(host, draw(state) % 4 ? &src : &rig_router);
		break;
	case 6:
		rig_ns(host, &(struct addr6){0}, draw(state) % 4 ? &src : &rig_router);
		break;
	default:
		for (unsigned int i = 0; i < sizeof(bytes); i++)
			bytes[i] = draw(state);
		memcpy(bytes, rig_router_mac.b, 6);
		memcpy(bytes + 6, rig_key(host).mac.b, 6);
		memcpy(bytes + 12, (uint8_t[]){0x86, 0xdd, 0x60}, 3);
		bytes[18] = 0;
		bytes[20] = ND_PROTO_ICMP6;
		rig_frame(RIG_PORT, bytes, draw(state) % (sizeof(bytes) + 1));
	}
}

static void
random_event(uint64_t *state, struct shadow *s)
{
	uint8_t host = draw(state) % 200;
	uint32_t id = s->id[host];

	switch (draw(state) % 14) {
	case 0:
		rig_step((struct access_event){.type = ACCESS_EV_ATTACH, .key = rig_key(host)});
		break;
	case 1:
		rig_step((struct access_event){.type = ACCESS_EV_DETACH, .key = rig_key(host)});
		break;
	case 2:
		rig_serve(id, draw(state) % 2 ? "2001:db8:1::/64" : "2001:db8:2::/64", draw(state) % 100);
		s->attached[host] |= rig_state(id) == ACCESS_SERVED;
		break;
	case 3:
		s->attached[host] = false;
		rig_unserve(id);
		break;
	case 4:
		if (rig_state(id) == ACCESS_PENDING)
			s->attached[host] = false;
		rig_refuse(id);
		break;
	case 5:
		rig_tick(rig_now_ms + draw(state) % 3000);
		break;
	case 6:
		if (draw(state) % 50 == 0)
			rig_step((struct access_event){
				.type = ACCESS_EV_CARRIER,
				.carrier = {.port = RIG_PORT, .up = draw(state) % 2},
			});
		break;
	case 7:
		rig_active(id);
		break;
	case 8:
		rig_mtu(id, draw(state) % 9000);
		break;
	case 9:
		rig_serve_as(id, draw(state) % 2 ? rig_link_local(host) : rig_link_local(200));
		s->attached[host] |= rig_state(id) == ACCESS_SERVED;
		break;
	default:
		random_frame(state, host);
	}
}

static void
soak(void)
{
	static struct shadow s;
	uint64_t state = 42;

	rig_start_probing(TABLE);
	for (int i = 0; i < 200000; i++) {
		rig_out.count = 0;
		rig_out.more = false;
		random_event(&state, &s);
		shadow_apply(&s);
		while (rig_out.more) {
			rig_tick(rig_now_ms);
			shadow_apply(&s);
		}
		if (i % 64 == 0)
			shadow_check(&s);
	}
	CU_ASSERT_TRUE(rig_counter(STAT_RA_TX) > 1000);
	CU_ASSERT_TRUE(rig_counter(STAT_NS_TX) > 1000);
	CU_ASSERT_TRUE(rig_counter(STAT_HOSTS_DETACHED) > 1000);
	CU_ASSERT_TRUE(rig_counter(STAT_HOSTS_UNREACHABLE) > 100);
	CU_ASSERT_TRUE(rig_counter(STAT_ROUTER_CLAIMED) > 100);
	rig_stop();
}

const struct unit_case flood_cases[] = {
	{"frames of ten thousand random hosts leave the table bounded", random_macs},
	{"refused hosts make room for newcomers, and never served ones", refused_make_room},
	{"the table is empty again once a flood is over", recovers},
	{"random events keep the forwarding plane's and the gateway's picture right", soak},
};
const unsigned int flood_case_count = UNIT_COUNT(flood_cases);
