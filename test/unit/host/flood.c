/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Neighbours that are many, hostile, or both.
 */
#include "rig.h"

#define TABLE 32

/* A small generator of its own, so that a failing run is the same run again. */
static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct addr6
random_neighbour(uint64_t *state)
{
	struct addr6 a = rig_own;
	uint64_t v = draw(state);

	memcpy(a.b + 8, &v, sizeof(v));
	return a;
}

static void
solicitations(void)
{
	struct addr6 kept = rig_global(1), used = rig_global(2), fresh = rig_global(3), from;
	struct addr_mac mac = rig_mac_of(3);
	uint64_t state = 1;

	rig_start(TABLE);
	rig_resolve(&kept, false);
	rig_na(1, &kept, ND_NA_SOLICITED);
	rig_send(&used, 0);
	rig_na(2, &used, ND_NA_SOLICITED);
	for (int i = 0; i < 10000; i++) {
		from = random_neighbour(&state);
		rig_ns(9, &from, &rig_own);
		CU_ASSERT_EQUAL(rig_count(HOST_ACT_FRAME), 1);
		CU_ASSERT_EQUAL(rig_count(HOST_ACT_NEIGHBOUR), 0);
	}
	CU_ASSERT_EQUAL(rig_neighbours(), TABLE);
	CU_ASSERT_EQUAL(rig_state(&kept), HOST_REACHABLE);
	CU_ASSERT_EQUAL(rig_state(&used), HOST_REACHABLE);
	rig_resolve(&fresh, false);
	rig_na(3, &fresh, ND_NA_SOLICITED);
	CU_ASSERT_TRUE(addr_mac_equal(&rig_act(HOST_ACT_NEIGHBOUR, 0)->neighbour.mac, &mac));
	rig_stop();
}

static void
only_used_ones(void)
{
	struct addr6 addr, heard = rig_global(200);

	rig_start(TABLE);
	for (uint8_t i = 1; i <= TABLE; i++) {
		addr = rig_global(i);
		rig_send(&addr, i);
		rig_na(i, &addr, ND_NA_SOLICITED);
	}
	rig_ns(200, &heard, &rig_own);
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_NA);
	CU_ASSERT_EQUAL(rig_state(&heard), HOST_STATE_COUNT);
	CU_ASSERT_EQUAL(rig_neighbours(), TABLE);
	rig_stop();
}

static void
pushed_out_with_packets(void)
{
	struct addr6 to;

	rig_start(4);
	for (uint8_t i = 1; i <= 100; i++) {
		rig_now_ms++;
		to = rig_global(i);
		rig_send(&to, i);
	}
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_QUEUE), 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_NO_ADJACENCY), 96);
	rig_stop();
}

static void
scan(void)
{
	struct addr6 kept = rig_global(1), to;
	uint64_t state = 1;

	rig_start(TABLE);
	rig_resolve(&kept, false);
	rig_na(1, &kept, ND_NA_SOLICITED);
	for (int i = 0; i < 10000; i++) {
		rig_now_ms++;
		to = random_neighbour(&state);
		rig_resolve(&to, true);
		CU_ASSERT_TRUE(rig_neighbours() <= TABLE);
	}
	rig_na(1, &kept, ND_NA_SOLICITED);
	CU_ASSERT_EQUAL(rig_state(&kept), HOST_REACHABLE);
	rig_release(&kept);
	rig_run(rig_now_ms + 100000);
	CU_ASSERT_EQUAL(rig_neighbours(), 1); /* kept was heard of, the others never */
	rig_stop();
}

static void
all_kept(void)
{
	struct addr6 one_more = rig_global(200), addr;
	struct addr_mac mac = rig_mac_of(200);

	rig_start(TABLE);
	for (uint8_t i = 1; i <= TABLE; i++) {
		addr = rig_global(i);
		rig_resolve(&addr, false);
	}
	rig_resolve(&one_more, false);
	rig_static(HOST_EV_STATIC_ADD, &one_more, &mac);
	CU_ASSERT_EQUAL(rig_out.count, 0);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_NO_ADJACENCY), 2);
	rig_release(&addr);
	rig_resolve(&one_more, false);
	CU_ASSERT_EQUAL(rig_state(&one_more), HOST_INCOMPLETE);
	CU_ASSERT_EQUAL(rig_state(&addr), HOST_STATE_COUNT);
	rig_stop();
}

static void
packets(void)
{
	struct addr6 to;

	rig_start(TABLE);
	for (uint8_t i = 1; i <= 20; i++) {
		to = rig_global(i);
		rig_send(&to, i);
	}
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_QUEUE), 20 - 8);
	rig_run(rig_now_ms + 10000);
	to = rig_global(100);
	rig_send(&to, 1);
	CU_ASSERT_EQUAL(rig_drops(STAT_DROP_OWN_QUEUE), 20 - 8);
	rig_stop();
}

/* The forwarding plane's adjacencies, as the actions make them. */
struct shadow {
	bool up[256];
	struct addr_mac mac[256];
};

static void
shadow_apply(struct shadow *s)
{
	for (unsigned int i = 0; i < rig_out.count; i++) {
		const struct host_action *a = &rig_out.list[i];
		uint8_t n = a->neighbour.addr.b[15];

		if (a->type == HOST_ACT_FRAME)
			CU_ASSERT_TRUE(a->frame.len >= 54 && a->frame.len <= HOST_FRAME_MAX);
		if (a->type != HOST_ACT_NEIGHBOUR)
			continue;
		CU_ASSERT_TRUE(a->neighbour.up || s->up[n]);
		s->up[n] = a->neighbour.up;
		s->mac[n] = a->neighbour.mac;
	}
}

static void
shadow_check(const struct shadow *s)
{
	struct host_neighbour_view v;
	unsigned int up = 0, listed = 0;
	uint32_t at = 0;

	for (int i = 0; i < 256; i++)
		up += s->up[i];
	while (host_neighbour_next(rig, &at, &v)) {
		bool adjacent = v.state == HOST_REACHABLE || v.state == HOST_DELAY || v.state == HOST_PROBE ||
				v.state == HOST_STATIC;

		CU_ASSERT_EQUAL(s->up[v.addr.b[15]], adjacent);
		if (adjacent)
			CU_ASSERT_TRUE(addr_mac_equal(&v.mac, &s->mac[v.addr.b[15]]));
		listed += adjacent;
	}
	CU_ASSERT_EQUAL(up, listed);
}

static void
random_bytes(uint64_t *state)
{
	uint8_t bytes[160];

	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = draw(state);
	memcpy(bytes, rig_mac.b, 6);
	memcpy(bytes + 12, (uint8_t[]){0x86, 0xdd, 0x60}, 3);
	bytes[18] = 0;
	bytes[20] = ND_PROTO_ICMP6;
	memcpy(bytes + 38, &rig_own, sizeof(rig_own));
	rig_frame(RIG_PORT, bytes, draw(state) % (sizeof(bytes) + 1));
}

static void
random_event(uint64_t *state)
{
	uint8_t n = 2 + draw(state) % 60;
	struct addr6 addr = rig_global(n);
	struct addr_mac mac = rig_mac_of(n + draw(state) % 2);

	switch (draw(state) % 11) {
	case 0:
		rig_send(&addr, n);
		break;
	case 1:
		rig_resolve(&addr, draw(state) % 4);
		break;
	case 2:
		rig_release(&addr);
		break;
	case 3:
		rig_static(draw(state) % 8 ? HOST_EV_STATIC_DEL : HOST_EV_STATIC_ADD, &addr, &mac);
		break;
	case 4:
		rig_ns(mac.b[5], &addr, &rig_own);
		break;
	case 5:
		rig_echo(n, &addr, &rig_own);
		break;
	case 6:
		rig_na_bare(n, &addr, draw(state));
		break;
	case 7:
		random_bytes(state);
		break;
	case 8:
		rig_tick(rig_now_ms + draw(state) % 2000);
		break;
	default:
		rig_na(mac.b[5], &addr, draw(state) % 4 * ND_NA_OVERRIDE);
	}
}

static void
soak(void)
{
	static struct shadow s;
	uint64_t state = 42;

	rig_start(TABLE);
	for (int i = 0; i < 200000; i++) {
		random_event(&state);
		shadow_apply(&s);
		while (rig_out.more) {
			rig_tick(rig_now_ms);
			shadow_apply(&s);
		}
		if (i % 64 == 0)
			shadow_check(&s);
	}
	CU_ASSERT_TRUE(host_stat(rig)->counter[STAT_NS_TX] > 1000);
	CU_ASSERT_TRUE(host_stat(rig)->counter[STAT_NA_TX] > 1000);
	rig_stop();
}

const struct unit_case flood_cases[] = {
	{"solicitations of ten thousand neighbours push out none that is used", solicitations},
	{"a solicitation pushes out no neighbour that was used, and is answered all the same", only_used_ones},
	{"a neighbour that is pushed out takes its waiting packets along", pushed_out_with_packets},
	{"a scan of the prefix leaves the table bounded, and empty afterwards", scan},
	{"a table of kept neighbours takes no more, and counts it", all_kept},
	{"packets that wait are bounded over all neighbours, and their room comes back", packets},
	{"random events keep the forwarding plane's adjacencies right", soak},
};
const unsigned int flood_case_count = UNIT_COUNT(flood_cases);
