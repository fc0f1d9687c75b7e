/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions in GRE (RFC 5845): their tunnels, and what the tables have of their keys. */
#include <string.h>

#include "ask.h"
#include "cases.h"
#include "tun/tun.h"

static const struct wish anchor = {.lma = true};
static const uint32_t in = 0x01020304, other = 0xfffefdfc;

/* Tunnels to the first gateway, of GRE or not: the mtu and the sessions of one; false without. */
static bool
tunnel_to_mag1(struct rig *r, uint8_t flags, uint16_t *mtu, uint32_t *sessions)
{
	struct addr6 remote = ip6(MAG1);

	for (uint32_t t = fwd_tunnel_next(r->fwd, 0); t != 0; t = fwd_tunnel_next(r->fwd, t)) {
		const struct fwd_tunnel *line = fwd_tunnel_find(r->fwd, t);

		if (!addr6_equal(&line->remote, &remote) || line->flags != flags)
			continue;
		*mtu = line->mtu;
		*sessions = fwd_tunnel_uses(r->fwd, t);
		return true;
	}
	return false;
}

static void
tunnel_of_its_own(void)
{
	struct addr_prefix one = prefix("2001:db8:1::/64"), two = prefix("2001:db8:1:1::/64");
	struct addr6 remote = ip6(MAG1);
	uint32_t sessions;
	uint16_t mtu;
	struct rig r;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	rig_pbu(&r, &(struct update){.mag = MAG1, .mn = MN2});
	CU_ASSERT(tunnel_to_mag1(&r, 0, &mtu, &sessions) && mtu == 1460 && sessions == 2);
	CU_ASSERT_EQUAL(rig_gre(&r, &one, &in, &other), 0);
	CU_ASSERT(tunnel_to_mag1(&r, 0, &mtu, &sessions) && sessions == 1);
	CU_ASSERT(tunnel_to_mag1(&r, FWD_TUNNEL_GRE, &mtu, &sessions) && mtu == 1452 && sessions == 1);
	CU_ASSERT_EQUAL(ctl_tunnel_sessions(r.ctl, &remote), 2);
	rig_pbu(&r, &(struct update){.mag = MAG1, .mn = MN2, .dereg = true, .hnp = &two});
	ctl_forward_clear(r.ctl, &r.ctl->lma, fwd_value_session(rig_value(&r, &one)));
	CU_ASSERT(!tunnel_to_mag1(&r, FWD_TUNNEL_GRE, &mtu, &sessions));
	rig_close(&r);
}

static void
keys_in_the_line(void)
{
	struct addr_prefix one = prefix("2001:db8:1::/64");
	const struct fwd_session *line;
	uint64_t value;
	struct rig r;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	CU_ASSERT(!(fwd_value_flags(rig_value(&r, &one)) & FWD_GRE));
	CU_ASSERT_EQUAL(rig_gre(&r, &one, &in, NULL), 0);
	value = rig_value(&r, &one);
	line = fwd_session_get(r.fwd, fwd_value_session(value));
	CU_ASSERT(fwd_value_flags(value) & FWD_GRE);
	CU_ASSERT(line->gre_in == TUN_GRE_KEY && line->key_in == in);
	CU_ASSERT(line->gre_out == TUN_GRE_PLAIN && line->key_out == 0);
	CU_ASSERT_EQUAL(rig_gre(&r, &one, &other, &in), 0);
	line = fwd_session_get(r.fwd, fwd_value_session(value));
	CU_ASSERT(line->gre_in == TUN_GRE_KEY && line->key_in == other);
	CU_ASSERT(line->gre_out == TUN_GRE_KEY && line->key_out == in);
	/* To a gateway that has no GRE. */
	rig_pbu(&r, &(struct update){.mag = MAG2, .hnp = &one, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT_NOT_EQUAL(fwd_value_tunnel(rig_value(&r, &one)), 0);
	CU_ASSERT(!(fwd_value_flags(rig_value(&r, &one)) & FWD_GRE));
	rig_close(&r);
}

static void
path_mtu_of_both(void)
{
	struct addr_prefix one = prefix("2001:db8:1::/64");
	struct addr6 local = ip6(NODE), remote = ip6(MAG1);
	uint32_t sessions;
	uint16_t mtu;
	struct rig r;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	rig_pbu(&r, &(struct update){.mag = MAG1, .mn = MN2});
	CU_ASSERT_EQUAL(rig_gre(&r, &one, &in, &other), 0);
	ctl_tunnel_path_mtu(r.ctl, &local, &remote, 1400);
	CU_ASSERT(tunnel_to_mag1(&r, 0, &mtu, &sessions) && mtu == 1360);
	CU_ASSERT(tunnel_to_mag1(&r, FWD_TUNNEL_GRE, &mtu, &sessions) && mtu == 1352);
	rig_wait(&r, 601000);
	CU_ASSERT(tunnel_to_mag1(&r, 0, &mtu, &sessions) && mtu == 1460);
	CU_ASSERT(tunnel_to_mag1(&r, FWD_TUNNEL_GRE, &mtu, &sessions) && mtu == 1452);
	rig_close(&r);
}

/* What an operator asks about a node in GRE is made as its gateway would make it. */
static void
explained(void)
{
	struct addr_prefix one = prefix("2001:db8:1::/64");
	struct rig r;
	json_t *x;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	CU_ASSERT_EQUAL(rig_gre(&r, &one, &in, &other), 0);
	x = ask(&r, "packet.explain", json_pack("{s:s, s:s}", "mn", MN1, "dst", CN), NULL);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(x, "verdict")), "sent");
	json_decref(x);
	x = ask(&r, "packet.explain", json_pack("{s:s}", "mn", MN1), NULL);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(x, "verdict")), "sent");
	CU_ASSERT_PTR_NOT_NULL(
		strstr(json_string_value(json_object_get(json_array_get(json_object_get(x, "stages"), 1), "detail")),
		       " in GRE"));
	json_decref(x);
	rig_close(&r);
}

const struct unit_case gre_cases[] = {
	{"RFC 5845 3: a session in GRE has another tunnel than those beside it, with less room", tunnel_of_its_own},
	{"RFC 5845 3.1: the keys of both directions are in the session's line, and go with a handover",
	 keys_in_the_line},
	{"a path's mtu is that of both tunnels, and of each its own header goes off", path_mtu_of_both},
	{"packet.explain puts what it makes in GRE", explained},
};
const unsigned int gre_case_count = UNIT_COUNT(gre_cases);
