/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while the room runs: hosts stay as they are, and what is new counts from the next time on. */
#include <errno.h>

#include "rig.h"

static struct access_settings
settings_of(uint32_t hosts_max)
{
	struct access_settings s = access_settings_default();

	s.hosts_max = hosts_max;
	return s;
}

static int
apply(const struct access_settings *s)
{
	return access_apply(rig, s, &(struct clock_now){.mono_ms = rig_now_ms});
}

static void
advertisement(void)
{
	struct access_settings s = settings_of(8);
	uint64_t heard_ms;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", ACCESS_LIFETIME_INFINITE);
	s.probe_after_ms = 0;
	s.advertise_s = 10;
	s.router_lifetime_s = 30;
	CU_ASSERT_EQUAL(apply(&s), 0);
	rig_now_ms += 1000;
	rig_rs(1);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.router_lifetime_s, 30);
	heard_ms = rig_now_ms;
	rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_hear(0).msg.type, ND_RA);
	CU_ASSERT_TRUE(rig_now_ms <= heard_ms + 10000);
	rig_stop();
}

/* A host that nobody asked about is asked about when that begins, and not when it ends. */
static void
probing(void)
{
	struct access_settings s = settings_of(8);
	uint64_t begin_ms;

	rig_start(8);
	rig_served(1, "2001:db8:1::/64", ACCESS_LIFETIME_INFINITE);
	rig_rs(1);
	s.advertise_s = 100000;
	s.probe_after_ms = 5000;
	rig_now_ms += 60000;
	CU_ASSERT_EQUAL(apply(&s), 0);
	begin_ms = rig_now_ms;
	while (rig_counter(STAT_NS_TX) == 0 && access_due(rig) <= begin_ms + 5000)
		rig_tick(access_due(rig));
	CU_ASSERT_EQUAL(rig_counter(STAT_NS_TX), 1);
	s.probe_after_ms = 0;
	CU_ASSERT_EQUAL(apply(&s), 0);
	CU_ASSERT_TRUE(access_due(rig) > rig_now_ms + 60000);
	rig_stop();
}

static void
refused(void)
{
	struct access_settings s = settings_of(9);
	uint32_t id;

	rig_start(8);
	CU_ASSERT_EQUAL(access_apply_check(rig, &s), -EINVAL);
	s = settings_of(8);
	s.router_lifetime_s = 5;
	s.advertise_s = 0;
	CU_ASSERT_EQUAL(access_apply_check(rig, &s), -EINVAL);
	CU_ASSERT_EQUAL(apply(&s), -EINVAL);
	id = rig_attach(1);
	rig_serve(id, "2001:db8:1::/64", ACCESS_LIFETIME_INFINITE);
	rig_now_ms += 1000;
	rig_rs(1);
	CU_ASSERT_EQUAL(rig_hear(0).msg.ra.router_lifetime_s, access_settings_default().router_lifetime_s);
	rig_stop();
}

const struct unit_case apply_cases[] = {
	{"other times of advertisements count from the next one on", advertisement},
	{"silent hosts are asked from when that is turned on until it is turned off", probing},
	{"settings that tables are made of, or that are out of their range, change nothing", refused},
};
const unsigned int apply_case_count = UNIT_COUNT(apply_cases);
