/* SPDX-License-Identifier: BSD-3-Clause */
/* The node as a gateway: hosts that show up, the anchor's answers, and the end. */
#include <string.h>

#include "cases.h"
#include "rig.h"

#define HOME "2001:db8:5:1::/64"

static const struct wish gateway = {.mag = true};

static void
attach(struct rig *r, const char *host, const char *home)
{
	struct addr_prefix p = prefix(home);
	struct frame f = solicitation(host);
	struct mh_msg pbu;

	rig_send(r, ACCESS, &f);
	NEED(rig_take_mh(r, MH_PBU, &pbu));
	rig_pba(r, &pbu, MH_STATUS_ACCEPTED, &p);
	NEED(rig_value(r, &p) != FWD_VALUE_NONE);
}

static void
detach(struct rig *r, const char *host)
{
	struct access_event e = {.type = ACCESS_EV_DETACH, .key = {.port = ACCESS, .mac = mac(host)}};

	ctl_access_step(r->ctl, &e);
	rig_run(r);
}

/* shows: RFC5213-6.2-03 RFC5213-6.6-06 */
static void
known_host(void)
{
	struct addr6 link_local = ip6("fe80::99"), cn = ip6(CN);
	struct frame f = solicitation(MN1_MAC);
	struct mh_msg pbu;
	uint64_t punted;
	struct rig r;

	rig_open(&r, &gateway);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &pbu));
	CU_ASSERT(pbu.opt.mn_id.len == strlen(MN1) && memcmp(pbu.opt.mn_id.id, MN1, strlen(MN1)) == 0);
	CU_ASSERT(pbu.opt.hnp_count == 1 && pbu.opt.hnp[0].prefix.len == 0);
	CU_ASSERT_EQUAL(pbu.opt.access_tech.value, MH_ATT_WLAN);
	CU_ASSERT_EQUAL(mag_session_count(r.mag), 1);

	punted = rig_count(&r, STAT_PUNTED);
	link_local = ip6("2001:db8:5:1::99");
	f = uplink(MN1_MAC, &link_local, &cn);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_HOST_PENDING), 1);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_PUNTED), punted);
	rig_close(&r);
}

static void
accepted(void)
{
	struct addr_prefix home = prefix(HOME);
	struct addr6 mn = rig_host_in(&home), cn = ip6(CN);
	struct nd_frame at;
	struct nd_msg ra;
	struct frame f, in;
	struct rig r;

	rig_open(&r, &gateway);
	attach(&r, MN1_MAC, HOME);
	rig_wait(&r, 200);
	CU_ASSERT_FATAL(rig_take_nd(&r, ACCESS, ND_RA, &ra, &at));
	CU_ASSERT(addr_mac_equal(&at.eth_dst, &(struct addr_mac){{2, 0, 0, 0, 0xaa, 1}}));
	CU_ASSERT(ra.ra.prefix_count == 1 && addr_prefix_equal(&ra.ra.prefix[0].prefix, &home));
	CU_ASSERT(ra.ra.router_lifetime_s > 0);
	CU_ASSERT_EQUAL(ra.ra.mtu, 1460);

	f = uplink(MN1_MAC, &mn, &cn);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT(rig_take_packet(&r, CORE, ANCHOR, 41, NULL));
	f = uplink(MN2_MAC, &mn, &cn);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT(!rig_take_packet(&r, CORE, ANCHOR, 41, NULL));
	f = downlink(&cn, &mn, 200);
	in = tunnelled(ANCHOR, NODE, &f);
	rig_send(&r, CORE, &in);
	CU_ASSERT_FATAL(rig_take_packet(&r, ACCESS, "2001:db8:5:1::99", 17, &at));
	CU_ASSERT(addr_mac_equal(&at.eth_dst, &(struct addr_mac){{2, 0, 0, 0, 0xaa, 1}}));
	rig_close(&r);
}

/* shows: RFC5213-6.9.2-04 RFC5213-6.10.5-08 */
static void
refused_by_anchor(void)
{
	struct frame f = solicitation(MN1_MAC);
	struct mh_msg pbu;
	struct nd_msg ra;
	struct rig r;

	rig_open(&r, &gateway);
	rig_send(&r, ACCESS, &f);
	NEED(rig_take_mh(&r, MH_PBU, &pbu));
	rig_pba(&r, &pbu, MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE, NULL);
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 0);
	CU_ASSERT(!rig_take_nd(&r, ACCESS, ND_RA, &ra, NULL));
	CU_ASSERT_EQUAL(rig_count(&r, STAT_PBA_REJECTED_RX), 1);
	rig_close(&r);
}

/* shows: RFC5213-6.2-03 RFC5213-6.14-01 */
static void
unknown_host(void)
{
	struct addr6 src = ip6("2001:db8:5:9::1"), cn = ip6(CN);
	struct frame f = uplink(GUEST_MAC, &src, &cn);
	struct mh_msg pbu;
	uint64_t punted;
	struct rig r;

	rig_open(&r, &gateway);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT(!rig_take_mh(&r, MH_PBU, &pbu));
	CU_ASSERT_EQUAL(rig_count(&r, STAT_HOSTS_REFUSED), 1);
	punted = rig_count(&r, STAT_PUNTED);
	for (unsigned int i = 0; i < 3; i++)
		rig_send(&r, ACCESS, &f);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_PUNTED), punted);
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_HOST_PENDING), 4); /* the first one came with the question */
	rig_close(&r);
}

static void
host_leaves(void)
{
	struct addr_prefix home = prefix(HOME);
	struct mh_msg pbu;
	struct rig r;

	rig_open(&r, &gateway);
	attach(&r, MN1_MAC, HOME);
	rig_forget(&r);
	detach(&r, MN1_MAC);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &pbu));
	CU_ASSERT_EQUAL(pbu.pbu.lifetime, 0);
	CU_ASSERT_EQUAL(rig_value(&r, &home), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(fwd_tunnel_next(r.fwd, 0), 0);
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &home);
	CU_ASSERT_EQUAL(mag_session_count(r.mag), 0);
	rig_close(&r);
}

static void
cannot_forward(void)
{
	struct addr_prefix too_short = prefix("2001:db8:5::/56");
	struct frame f = solicitation(MN1_MAC);
	struct mh_msg pbu;
	struct rig r;

	rig_open(&r, &gateway);
	rig_send(&r, ACCESS, &f);
	NEED(rig_take_mh(&r, MH_PBU, &pbu));
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &too_short);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &pbu));
	CU_ASSERT_EQUAL(pbu.pbu.lifetime, 0);
	CU_ASSERT(fwd_prefix_count(r.fwd) == 0 && fwd_tunnel_next(r.fwd, 0) == 0);
	rig_close(&r);
}

/* The second of two prefixes has no room: the first is taken back. */
static void
all_or_nothing(void)
{
	struct addr_prefix first = prefix("2001:db8:5:2::/64"), second = prefix("2001:db8:5:3::/64");
	struct pmip_action a = {.type = PMIP_ACT_FORWARD_SET, .session = 7};
	struct fwd_host_key key = {.mac = mac(MN2_MAC), .port = ACCESS};
	struct rig r;
	bool known;

	rig_open(&r, &(struct wish){.mag = true, .prefixes = 2});
	attach(&r, MN1_MAC, HOME);
	a.forward.access = true;
	a.forward.local = ip6(NODE);
	a.forward.remote = ip6(MAG1);
	a.forward.link = (struct pmip_link){.port = ACCESS, .mac = mac(MN2_MAC)};
	a.forward.prefix_count = 2;
	a.forward.prefix[0] = first;
	a.forward.prefix[1] = second;
	CU_ASSERT(ctl_forward_set(r.ctl, &r.ctl->mag, &a) < 0);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 1);
	CU_ASSERT_EQUAL(rig_value(&r, &first), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(fwd_host_find(r.fwd, &key, &known), FWD_NONE);
	CU_ASSERT_EQUAL(fwd_tunnel_next(r.fwd, fwd_tunnel_next(r.fwd, 0)), 0);
	CU_ASSERT(!r.ctl->mag.forward[7].set);

	a.forward.prefix_count = 1;
	CU_ASSERT_EQUAL(ctl_forward_set(r.ctl, &r.ctl->mag, &a), 0);
	CU_ASSERT_EQUAL(fwd_host_find(r.fwd, &key, &known), 7);
	a.forward.remote = ip6(ANCHOR);
	a.forward.prefix_count = 2;
	CU_ASSERT(ctl_forward_set(r.ctl, &r.ctl->mag, &a) < 0);
	CU_ASSERT_EQUAL(fwd_value_tunnel(rig_value(&r, &first)), r.ctl->mag.forward[7].tunnel);
	CU_ASSERT_EQUAL(rig_value(&r, &second), FWD_VALUE_NONE);
	CU_ASSERT_EQUAL(fwd_host_find(r.fwd, &key, &known), 7);
	ctl_forward_clear(r.ctl, &r.ctl->mag, 7);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 1);
	CU_ASSERT(fwd_host_find(r.fwd, &key, &known) == FWD_NONE && known);
	rig_close(&r);
}

/* Several prefixes are this session's alone, whatever their number was before, and those that go are taken back. */
static void
prefixes_come_and_go(void)
{
	static const uint8_t counts[] = {1, 3, 8, 2, 1, 8};
	struct pmip_action a = {.type = PMIP_ACT_FORWARD_SET, .session = 7}, beside = a;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true});
	a.forward.local = ip6(NODE);
	a.forward.remote = ip6(ANCHOR);
	beside = a;
	beside.session = 8;
	beside.forward.prefix_count = 2;
	for (uint8_t i = 0; i < MH_HNP_MAX; i++) {
		a.forward.prefix[i] = prefix("2001:db8:5::/64");
		a.forward.prefix[i].addr.b[7] = i;
		beside.forward.prefix[i] = prefix("2001:db8:6::/64");
		beside.forward.prefix[i].addr.b[7] = i;
	}
	CU_ASSERT_EQUAL(ctl_forward_set(r.ctl, &r.ctl->mag, &beside), 0);
	for (unsigned int k = 0; k < sizeof(counts); k++) {
		a.forward.prefix_count = counts[k];
		CU_ASSERT_EQUAL(ctl_forward_set(r.ctl, &r.ctl->mag, &a), 0);
		CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 2u + counts[k]);
	}
	ctl_forward_hold(r.ctl, &r.ctl->mag, 7);
	for (unsigned int i = 0; i < MH_HNP_MAX; i++)
		CU_ASSERT_EQUAL(fwd_value_tunnel(rig_value(&r, &a.forward.prefix[i])), 0);
	CU_ASSERT(fwd_value_tunnel(rig_value(&r, &beside.forward.prefix[1])) != 0);
	ctl_forward_clear(r.ctl, &r.ctl->mag, 7);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 2);
	ctl_forward_clear(r.ctl, &r.ctl->mag, 8);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 0);
	rig_close(&r);
}

static void
frames_wait_for_addresses(void)
{
	struct frame f = solicitation(MN1_MAC);
	struct mh_msg pbu;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .not_ready = true});
	rig_send(&r, ACCESS, &f);
	CU_ASSERT(!r.ctl->ready && access_host_count(r.access) == 0);
	rig_wait(&r, 3000);
	CU_ASSERT(r.ctl->ready);
	CU_ASSERT(rig_take_mh(&r, MH_PBU, &pbu));
	rig_close(&r);
}

/* shows: RFC5213-6.9.1.4-09 */
static void
stop_answered(void)
{
	struct addr_prefix home1 = prefix(HOME), home2 = prefix("2001:db8:5:2::/64");
	struct mh_msg first, second;
	struct nd_msg ra;
	struct rig r;

	rig_open(&r, &gateway);
	attach(&r, MN1_MAC, HOME);
	attach(&r, MN2_MAC, "2001:db8:5:2::/64");
	rig_wait(&r, 1000);
	rig_forget(&r);
	ctl_stop(r.ctl);
	rig_run(&r);
	CU_ASSERT_FATAL(rig_take_mh(&r, MH_PBU, &first) && rig_take_mh(&r, MH_PBU, &second));
	CU_ASSERT(first.pbu.lifetime == 0 && second.pbu.lifetime == 0);
	CU_ASSERT_EQUAL(fwd_prefix_count(r.fwd), 0);
	CU_ASSERT_FATAL(rig_take_nd(&r, ACCESS, ND_RA, &ra, NULL));
	CU_ASSERT_EQUAL(ra.ra.router_lifetime_s, 0);
	rig_pba(&r, &first, MH_STATUS_ACCEPTED, &home1);
	CU_ASSERT(!r.ctl->stopped);
	rig_pba(&r, &second, MH_STATUS_ACCEPTED, &home2);
	CU_ASSERT(r.ctl->stopped);
	rig_close(&r);
}

static void
stop_unanswered(void)
{
	uint64_t begin;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .bindack_ms = 5000});
	attach(&r, MN1_MAC, HOME);
	ctl_stop(r.ctl);
	begin = r.now.mono_ms;
	CU_ASSERT(!r.ctl->stopped);
	while (!r.ctl->stopped && r.now.mono_ms < begin + 10000)
		rig_wait(&r, 50);
	CU_ASSERT_EQUAL(r.now.mono_ms - begin, CTL_STOP_MS);
	rig_close(&r);
}

/* What the gateway sent since the last look: updates that extend, and updates that end. */
static void
count_updates(struct rig *r, unsigned int *extend, unsigned int *end)
{
	struct mh_msg pbu;

	while (rig_take_mh(r, MH_PBU, &pbu))
		(*(pbu.pbu.lifetime > 0 ? extend : end))++;
}

/* The host answers what it is asked: that is enough for a refresh. One that does not is gone before the next is due. */
/* shows: RFC5213-6.13-01 RFC5213-6.13-02 */
static void
refreshed_while_there(void)
{
	struct frame f = solicitation(MN1_MAC);

	for (unsigned int there = 0; there < 2; there++) {
		unsigned int extend = 0, end = 0;
		struct rig r;

		rig_open(&r, &(struct wish){.mag = true, .lifetime_s = 100});
		attach(&r, MN1_MAC, HOME);
		rig_forget(&r);
		for (unsigned int s = 0; s < 80; s++) {
			rig_wait(&r, 1000);
			if (there && s % 10 == 0)
				rig_send(&r, ACCESS, &f);
			count_updates(&r, &extend, &end);
		}
		CU_ASSERT_EQUAL(extend > 0, there);
		CU_ASSERT_EQUAL(end > 0, !there);
		CU_ASSERT_EQUAL(rig_count(&r, STAT_HOSTS_UNREACHABLE), !there);
		rig_close(&r);
	}
}

/* shows: RFC5213-6.12-01 RFC5213-6.12-02 */
static void
renumbered(void)
{
	struct addr_prefix old = prefix(HOME), new = prefix("2001:db8:5:2::/64");
	struct addr6 cn = ip6(CN), mn = rig_host_in(&old);
	struct frame rs = solicitation(MN1_MAC), f;
	struct mh_msg pbu;
	struct nd_msg ra;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .lifetime_s = 40});
	attach(&r, MN1_MAC, HOME);
	rig_wait(&r, 1000);
	rig_forget(&r);
	for (unsigned int s = 0; s < 40 && !rig_take_mh(&r, MH_PBU, &pbu); s++) {
		rig_send(&r, ACCESS, &rs);
		rig_wait(&r, 1000);
	}
	rig_forget(&r);
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &new);
	rig_wait(&r, 1000);
	/* One advertisement for what is, one for what was. */
	CU_ASSERT_FATAL(rig_take_nd(&r, ACCESS, ND_RA, &ra, NULL));
	CU_ASSERT(ra.ra.prefix_count == 1 && addr_prefix_equal(&ra.ra.prefix[0].prefix, &new));
	CU_ASSERT(ra.ra.prefix[0].valid_s > 0);
	CU_ASSERT_FATAL(rig_take_nd(&r, ACCESS, ND_RA, &ra, NULL));
	CU_ASSERT(ra.ra.prefix_count == 1 && addr_prefix_equal(&ra.ra.prefix[0].prefix, &old));
	CU_ASSERT(ra.ra.prefix[0].valid_s == 0 && ra.ra.prefix[0].preferred_s == 0);
	CU_ASSERT_EQUAL(rig_value(&r, &old), FWD_VALUE_NONE);
	CU_ASSERT_NOT_EQUAL(rig_value(&r, &new), FWD_VALUE_NONE);
	f = uplink(MN1_MAC, &mn, &cn);
	rig_send(&r, ACCESS, &f);
	CU_ASSERT(!rig_take_packet(&r, CORE, ANCHOR, 41, NULL));
	CU_ASSERT_EQUAL(rig_drops(&r, STAT_DROP_UPLINK_NO_SESSION), 1);
	rig_close(&r);
}

const struct unit_case gateway_cases[] = {
	{"a frame of a known host leads to an update, and its data waits in no ring", known_host},
	{"an acknowledgement sets the forwarding and the host is advertised its prefix by unicast", accepted},
	{"a host that the anchor refuses gets neither prefix nor advertisement", refused_by_anchor},
	{"a host that no policy knows is refused, and its frames are not punted any more", unknown_host},
	{"a host that leaves is de-registered and its forwarding cleared", host_leaves},
	{"a session whose forwarding cannot be set is de-registered", cannot_forward},
	{"forwarding is set as a whole or left as it was", all_or_nothing},
	{"each of its prefixes is forwarded, and none of those that it had before", prefixes_come_and_go},
	{"frames of hosts wait until this node's own addresses are usable", frames_wait_for_addresses},
	{"a stop de-registers every session and ends with the last answer", stop_answered},
	{"a stop that nobody answers ends in time", stop_unanswered},
	{"a session is refreshed while its host is there, and not when it is silent", refreshed_while_there},
	{"a prefix that the anchor took back is withdrawn, and forwarded no more", renumbered},
};
const unsigned int gateway_case_count = UNIT_COUNT(gateway_cases);
