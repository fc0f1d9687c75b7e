/* SPDX-License-Identifier: BSD-3-Clause */
/* Anchor and gateway in one node, for the same mobile node. */
#include "cases.h"
#include "rig.h"

static const struct wish both = {.lma = true, .mag = true};

/* MN1 shows up on the access link and is served. */
static struct addr_prefix
attach(struct rig *r)
{
	struct frame f = solicitation(MN1_MAC);

	rig_send(r, ACCESS, &f);
	NEED(mag_session_count(r->mag) == 1);
	return rig_prefix_of_lma(r);
}

static void
detach(struct rig *r)
{
	struct access_event e = {.type = ACCESS_EV_DETACH, .key = {.port = ACCESS, .mac = mac(MN1_MAC)}};

	ctl_access_step(r->ctl, &e);
	rig_run(r);
}

static bool
is_here(struct rig *r, const struct addr_prefix *p)
{
	uint64_t value = rig_value(r, p);

	return value != FWD_VALUE_NONE && fwd_value_flags(value) == (FWD_ACCESS | FWD_LOCAL) &&
	       fwd_value_session(value) >= RIG_SESSIONS;
}

static bool
is_at(struct rig *r, const struct addr_prefix *p, const char *mag)
{
	uint64_t value = rig_value(r, p);
	const struct fwd_tunnel *t = fwd_tunnel_find(r->fwd, fwd_value_tunnel(value));
	struct addr6 to = ip6(mag);

	return value != FWD_VALUE_NONE && t != NULL && addr6_equal(&t->remote, &to) && fwd_value_flags(value) == 0;
}

/* The anchor keeps it from the gateway's last word to the session's end. */
static bool
is_nowhere(struct rig *r, const struct addr_prefix *p)
{
	uint64_t value = rig_value(r, p);

	return value != FWD_VALUE_NONE && fwd_value_flags(value) == FWD_LOCAL && fwd_value_tunnel(value) == 0;
}

static void
check_local(struct rig *r, const struct addr_prefix *home)
{
	struct addr6 mn = rig_host_in(home), cn = ip6(CN);
	char text[ADDR6_TEXT];
	struct nd_frame at;
	struct frame f;

	CU_ASSERT(is_here(r, home));
	CU_ASSERT_EQUAL(fwd_tunnel_next(r->fwd, 0), 0);
	f = uplink(MN1_MAC, &mn, &cn);
	rig_send(r, ACCESS, &f);
	CU_ASSERT(rig_take_packet(r, CORE, CN, 17, NULL));
	f = downlink(&cn, &mn, 200);
	rig_send(r, CORE, &f);
	CU_ASSERT_FATAL(rig_take_packet(r, ACCESS, addr6_format(&mn, text), 17, &at));
	CU_ASSERT_EQUAL(at.ip_len, 200);
}

static void
serve_by(const struct wish *wish)
{
	struct addr_prefix home;
	struct mh_msg m;
	struct nd_msg ra;
	struct rig r;

	rig_open(&r, wish);
	home = attach(&r);
	CU_ASSERT(!rig_take_mh(&r, MH_PBU, &m) && !rig_take_mh(&r, MH_PBA, &m));
	CU_ASSERT_EQUAL(rig_count(&r, STAT_MH_TX), 2);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_MH_RX), 2);
	rig_wait(&r, 200);
	CU_ASSERT(rig_take_nd(&r, ACCESS, ND_RA, &ra, NULL));
	check_local(&r, &home);
	detach(&r);
	CU_ASSERT(is_nowhere(&r, &home));
	rig_wait(&r, 10100);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 0);
	rig_close(&r);
}

static void
served_locally(void)
{
	serve_by(&both);
}

static void
two_addresses(void)
{
	serve_by(&(struct wish){.lma = true, .mag = true, .mag_address = NODE2});
}

static void
there_and_back(void)
{
	struct addr_prefix home;
	struct addr6 cn = ip6(CN), mn;
	struct mh_msg pba;
	struct frame f;
	struct rig r;

	rig_open(&r, &both);
	home = attach(&r);
	mn = rig_host_in(&home);
	rig_pbu(&r, &(struct update){.hnp = &home, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT(rig_take_mh(&r, MH_PBA, &pba) && pba.pba.status == MH_STATUS_ACCEPTED);
	CU_ASSERT(is_at(&r, &home, MAG1));
	detach(&r); /* the gateway notices late */
	CU_ASSERT(is_at(&r, &home, MAG1));
	f = downlink(&cn, &mn, 200);
	rig_send(&r, CORE, &f);
	CU_ASSERT(rig_take_packet(&r, CORE, MAG1, 41, NULL));
	f = solicitation(MN1_MAC); /* was under way as the mobile node went */
	rig_send(&r, ACCESS, &f);
	rig_wait(&r, 400);
	CU_ASSERT_EQUAL(mag_session_count(r.mag), 0);
	CU_ASSERT(is_at(&r, &home, MAG1));

	rig_wait(&r, 100);
	CU_ASSERT(addr_prefix_equal(&home, &(struct addr_prefix){attach(&r).addr, 64}));
	rig_wait(&r, 2000); /* the anchor waits for the old gateway's word */
	check_local(&r, &home);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 1);
	rig_close(&r);
}

/* The gateway of this node never heard that the mobile node was gone for a while. */
static void
unnoticed(void)
{
	struct frame f = solicitation(MN1_MAC);
	struct addr_prefix home;
	struct mh_msg pba;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .mag = true, .lifetime_s = 60});
	home = attach(&r);
	rig_pbu(&r, &(struct update){.hnp = &home, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	CU_ASSERT(rig_take_mh(&r, MH_PBA, &pba) && is_at(&r, &home, MAG1));
	for (unsigned int i = 0; i < 10; i++) {
		rig_wait(&r, 5000);
		rig_send(&r, ACCESS, &f); /* it is heard of all the time */
	}
	check_local(&r, &home);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 1);
	rig_close(&r);
}

static void
failed_handover(void)
{
	struct addr_prefix home;
	struct mh_msg pba;
	struct rig r;

	rig_open(&r, &both);
	home = attach(&r);
	rig_pbu(&r, &(struct update){.hnp = &home, .handoff = MH_HANDOFF_BETWEEN_MAGS, .alt_coa = NOWHERE});
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBA, &pba));
	CU_ASSERT_EQUAL(pba.pba.status, MH_STATUS_INSUFFICIENT_RESOURCES);
	check_local(&r, &home);
	rig_close(&r);
}

/* The anchor hears of the next gateway before this one hears that it was welcome. */
static void
overtaken(void)
{
	struct pmip_action a = {.type = PMIP_ACT_FORWARD_SET, .session = 3};
	struct addr_prefix home = prefix("2001:db8:1:7::/64");
	struct addr6 cn = ip6(CN), mn = rig_host_in(&home);
	struct frame f = downlink(&cn, &mn, 200);
	struct rig r;

	rig_open(&r, &both);
	a.forward.local = a.forward.remote = ip6(NODE);
	a.forward.prefix_count = 1;
	a.forward.prefix[0] = home;
	CU_ASSERT_EQUAL(ctl_forward_set(r.ctl, &r.ctl->lma, &a), 0);
	rig_send(&r, CORE, &f); /* neither here nor elsewhere */
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_DOWNLINK_NO_SESSION), 1);
	a.forward.remote = ip6(MAG1);
	CU_ASSERT_EQUAL(ctl_forward_set(r.ctl, &r.ctl->lma, &a), 0);
	a.forward.access = true;
	a.forward.remote = ip6(NODE);
	a.forward.link = (struct pmip_link){.port = ACCESS, .mac = mac(MN1_MAC)};
	CU_ASSERT_EQUAL(ctl_forward_set(r.ctl, &r.ctl->mag, &a), 0);
	CU_ASSERT(is_at(&r, &home, MAG1));
	ctl_forward_clear(r.ctl, &r.ctl->lma, 3);
	CU_ASSERT_EQUAL(rig_value(&r, &home), FWD_VALUE_NONE);
	ctl_forward_confirm(r.ctl, &r.ctl->mag, 3);
	CU_ASSERT(is_here(&r, &home));
	ctl_forward_clear(r.ctl, &r.ctl->mag, 3);
	CU_ASSERT(fwd_prefix_count(r.fwd) == 0 && fwd_tunnel_next(r.fwd, 0) == 0);
	rig_close(&r);
}

/* An engine is told to revoke what there is, or to ask whether the mobile node is there. */
static void
revoke(struct rig *r, struct ctl_engine *engine, enum pmip_scope scope, uint8_t trigger)
{
	struct pmip_event e = {.type = PMIP_EV_REVOKE,
			       .revoke = {.what = {.scope = scope, .peer = ip6(NODE)}, .trigger = trigger}};

	ctl_engine_step(r->ctl, engine, &e);
	rig_run(r);
}

/* How many revocations the anchor has heard of, and how many acknowledgements; and the gateway. */
static bool
has_heard(struct rig *r, uint64_t lma_bri, uint64_t lma_bra, uint64_t mag_bri, uint64_t mag_bra)
{
	const uint64_t *lma = lma_stat(r->lma)->counter, *mag = mag_stat(r->mag)->counter;

	return lma[STAT_BRI_RX] == lma_bri && lma[STAT_BRA_RX] == lma_bra && mag[STAT_BRI_RX] == mag_bri &&
	       mag[STAT_BRA_RX] == mag_bra;
}

/* At one address or two: what the anchor asks is for the gateway, and what the gateway asks for the anchor. */
static void
revoke_by(const struct wish *wish)
{
	struct mag_change *change;
	struct addr_prefix home;
	struct mag_view v;
	struct rig r;

	rig_open(&r, wish);
	home = attach(&r);
	revoke(&r, &r.ctl->lma, PMIP_SCOPE_SESSION, MH_BRI_HANDOVER_UNKNOWN);
	CU_ASSERT(has_heard(&r, 0, 1, 1, 0));
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	CU_ASSERT(is_here(&r, &home)); /* where it is attached, as its gateway says */
	revoke(&r, &r.ctl->lma, PMIP_SCOPE_SESSION, MH_BRI_ADMINISTRATIVE);
	CU_ASSERT(has_heard(&r, 0, 2, 2, 0));
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	CU_ASSERT(mag_find(r.mag, 0, &v) && v.state == MAG_HELD);
	CU_ASSERT_EQUAL(rig_value(&r, &home), FWD_VALUE_NONE);

	detach(&r);
	rig_wait(&r, 500); /* it comes anew, and is no straggler */
	attach(&r);
	NEED(pmip_mn_id_parse("gateway@example.com", &r.mag_settings.id) == 0);
	change = mag_change_new(&r.mag_settings);
	NEED(change != NULL && mag_change_check(change, r.mag) == 0);
	mag_change_apply(r.mag, change);
	mag_change_free(change);
	revoke(&r, &r.ctl->mag, PMIP_SCOPE_PEER, MH_BRI_PER_PEER_POLICY);
	CU_ASSERT(has_heard(&r, 1, 2, 2, 1)); /* it may not revoke all at once */
	CU_ASSERT_EQUAL(mag_session_count(r.mag), 0);
	rig_close(&r);
}

static void
revoked_by_itself(void)
{
	revoke_by(&(struct wish){.lma = true, .mag = true, .revocation = true});
	revoke_by(&(struct wish){.lma = true, .mag = true, .revocation = true, .mag_address = NODE2});
}

const struct unit_case node_cases[] = {
	{"a node that is anchor and gateway needs no wire and no tunnel", served_locally},
	{"nor does one whose anchor and gateway have addresses of their own", two_addresses},
	{"a handover to a remote gateway and back leaves the right prefix entries", there_and_back},
	{"a mobile node that was gone unnoticed is served again when its gateway refreshes", unnoticed},
	{"a handover that fails leaves the local entries as they were", failed_handover},
	{"entries of a faster remote gateway are not overwritten by the local one", overtaken},
	{"what one role of a node revokes at the other is heard by that alone, at one address too", revoked_by_itself},
};
const unsigned int node_case_count = UNIT_COUNT(node_cases);
