/* SPDX-License-Identifier: BSD-3-Clause */
/* The Proxy Binding Acknowledgement: RFC 5213 section 5.3.6. */
#include <string.h>

#include "cases.h"
#include "rig.h"

static void
addresses(void)
{
	struct rig r;
	struct addr6 mag = rig_mag(1), coa = rig_addr("2001:db8:100::77"), second = rig_addr("2001:db8:100::1:1");
	struct mh_msg m;

	rig_open(&r);
	m = rig_message(&r, &(struct pbu){.alt_coa = "2001:db8:100::77"});
	rig_step(&r, &(struct pmip_event){.type = PMIP_EV_MESSAGE, .message = {.src = mag, .dst = second, .msg = &m}});
	/* shows: RFC5213-5.3.6-02 RFC5213-5.3.6-03 */
	CU_ASSERT(addr6_equal(&r.pba_src, &second));
	CU_ASSERT(addr6_equal(&r.pba_dst, &mag));
	CU_ASSERT(addr6_equal(&rig_only(&r)->proxy_coa, &coa));
	rig_close(&r);
}

static void
copies(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 0xab, .handoff = 2, .access_tech = 3, .sequence = 4711}), 0);
	/* shows: RFC5213-5.3.6-04 RFC5213-5.3.6-05 RFC5213-5.3.6-11 RFC5213-5.3.6-12 RFC5213-5.3.6-14 */
	/* shows: RFC5213-5.3.6-15 RFC5213-5.3.6-18 RFC5213-5.3.6-19 */
	CU_ASSERT_EQUAL(r.pba.type, MH_PBA);
	CU_ASSERT_EQUAL(r.pba.pba.flags, MH_PBA_P);
	CU_ASSERT_EQUAL(r.pba.pba.sequence, 4711);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_MN_ID));
	CU_ASSERT_EQUAL(r.pba.opt.mn_id.subtype, 1);
	CU_ASSERT_EQUAL(r.pba.opt.mn_id.len, strlen("mn1@example.com"));
	CU_ASSERT(memcmp(r.pba.opt.mn_id.id, "mn1@example.com", r.pba.opt.mn_id.len) == 0);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_HANDOFF_INDICATOR));
	CU_ASSERT_EQUAL(r.pba.opt.handoff.value, 2);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_ACCESS_TECH_TYPE));
	CU_ASSERT_EQUAL(r.pba.opt.access_tech.value, 3);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_MN_LINK_LAYER_ID));
	CU_ASSERT_EQUAL(r.pba.opt.mn_ll_id.len, 6);
	CU_ASSERT_EQUAL(r.pba.opt.mn_ll_id.id[5], 0xab);
	rig_close(&r);
}

/* Send it, and check the answer by Figure 6: all of what it was asked, and of what it must have beside. */
static void
exchange(struct rig *r, const struct pbu *p, unsigned int status)
{
	struct addr6 src = rig_source(p);
	struct mh_msg m;
	const struct mh_opts *asked = &m.opt, *told = &r->pba.opt;
	struct lma_view v;

	rig_wait(r, 10);
	m = rig_message(r, p);
	CU_ASSERT_EQUAL(rig_send_message(r, &m, &src), (int)status);
	CU_ASSERT(addr6_equal(&r->pba_src, &r->s.address));
	CU_ASSERT(addr6_equal(&r->pba_dst, &src));
	CU_ASSERT_EQUAL(r->pba.pba.flags, MH_PBA_P);
	CU_ASSERT_EQUAL(r->pba.pba.sequence, m.pbu.sequence);
	for (unsigned int i = 0; i < MH_OPT_COUNT; i++)
		CU_ASSERT_EQUAL(mh_has(&r->pba, (enum mh_opt)i), mh_has(&m, (enum mh_opt)i));
	CU_ASSERT(told->mn_id.len == asked->mn_id.len &&
		  memcmp(told->mn_id.id, asked->mn_id.id, asked->mn_id.len) == 0);
	CU_ASSERT_EQUAL(told->handoff.value, asked->handoff.value);
	CU_ASSERT_EQUAL(told->access_tech.value, asked->access_tech.value);
	CU_ASSERT_EQUAL(told->timestamp.wall, asked->timestamp.wall);
	CU_ASSERT(memcmp(&told->mn_ll_id, &asked->mn_ll_id, sizeof(told->mn_ll_id)) == 0);
	CU_ASSERT(addr6_equal(&told->link_local.addr, &asked->link_local.addr));
	if (status != MH_STATUS_ACCEPTED) {
		CU_ASSERT_EQUAL(told->hnp_count, asked->hnp_count);
		CU_ASSERT(memcmp(told->hnp, asked->hnp, asked->hnp_count * sizeof(told->hnp[0])) == 0);
		return;
	}
	CU_ASSERT_FATAL(lma_find(r->l, 0, &v));
	CU_ASSERT_EQUAL(r->pba.pba.lifetime, m.pbu.lifetime);
	CU_ASSERT_EQUAL(told->hnp_count, v.prefix_count);
	for (unsigned int i = 0; i < v.prefix_count; i++)
		CU_ASSERT(addr_prefix_equal(&told->hnp[i].prefix, &v.prefix[i]));
}

static void
exchanges(void)
{
	struct rig r;

	rig_open(&r);
	r.profile.prefixes_wanted = 2;
	/* shows: RFC5213-5.3.2-12 RFC5213-5.3.2-13 RFC5213-5.3.6-01 RFC5213-5.3.6-10 */
	exchange(&r, &(struct pbu){.ll = 1, .link_local = "fe80::1"}, 0);
	/* shows: RFC5213-5.3.3-02 RFC5213-5.3.3-03 */
	exchange(&r, &(struct pbu){.ll = 1, .handoff = 5, .link_local = "fe80::2"}, 0);
	/* shows: RFC5213-5.3.4-08 RFC5213-5.3.4-09 */
	exchange(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3, .link_local = "fe80::3"}, 0);
	/* shows: RFC5213-5.3.5-03 RFC5213-5.3.5-04 */
	exchange(&r, &(struct pbu){.ll = 1, .mag = 2, .dereg = true, .handoff = 4, .link_local = "fe80::4"}, 0);
	/* shows: RFC5213-5.3.1-19 RFC5213-5.3.6-08 RFC5213-5.3.6-21 */
	exchange(&r, &(struct pbu){.mn = "mn2", .hnp = {"2001:db8:bad::/64", "::/0"}, .link_local = "fe80::5"}, 155);
	exchange(&r, &(struct pbu){.ll = 1, .hnp = {"2001:db8:1000::/64"}, .link_local = "::"}, 159);
	exchange(&r, &(struct pbu){.src = "2001:db8:bad::1", .ll = 7, .access_tech = 9}, 154);
	r.policy_unknown = true;
	exchange(&r, &(struct pbu){.mn = "mn3"}, 153);
	rig_close(&r);
}

static void
only_what_was_asked(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_timestamp = true}), 0);
	/* shows: RFC5213-5.3.6-17 RFC5213-5.3.6-18 RFC5213-5.3.6-20 */
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_TIMESTAMP));
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_MN_LINK_LAYER_ID));
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_LINK_LOCAL_ADDRESS));
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_ALTERNATE_COA));
	rig_close(&r);
}

static void
rejected_prefixes(void)
{
	struct rig r;
	struct addr_prefix a = rig_prefix("2001:db8:bad::/64"), b = rig_prefix("2001:db8:bad:1::/64");

	rig_open(&r);
	/* shows: RFC5213-5.3.6-08 RFC5213-5.3.6-21 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.hnp = {"2001:db8:bad::/64", "2001:db8:bad:1::/64"},
						   .link_local = "fe80::7"}),
			155);
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 2);
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[0].prefix, &a));
	CU_ASSERT(addr_prefix_equal(&r.pba.opt.hnp[1].prefix, &b));
	CU_ASSERT_EQUAL(r.pba.opt.link_local.addr.b[15], 7);
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.no_access_tech = true, .link_local = "::"}), 162);
	CU_ASSERT(addr6_is_zero(&r.pba.opt.link_local.addr));
	CU_ASSERT_EQUAL(r.pba.opt.hnp_count, 1);
	rig_close(&r);
}

static void
link_local(void)
{
	struct rig r;
	struct addr6 generated = rig_addr("fe80::200:5eff:fe00:5213"), chosen = rig_addr("fe80::abc");

	rig_open(&r);
	/* shows: RFC5213-5.3.6-23 RFC5213-5.3.6-24 RFC5213-5.3.6-25 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .link_local = "::"}), 0);
	CU_ASSERT(addr6_equal(&r.pba.opt.link_local.addr, &generated));
	CU_ASSERT(addr6_equal(&rig_only(&r)->link_local, &generated));
	/* shows: RFC5213-5.3.6-26 RFC5213-5.3.6-27 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .link_local = "fe80::abc"}), 0);
	CU_ASSERT(addr6_equal(&r.pba.opt.link_local.addr, &chosen));
	CU_ASSERT(addr6_equal(&rig_only(&r)->link_local, &chosen));
	/* shows: RFC5213-5.3.6-22 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3, .link_local = "::"}), 0);
	CU_ASSERT(addr6_equal(&r.pba.opt.link_local.addr, &chosen));
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .dereg = true, .link_local = "::"}), 0);
	CU_ASSERT(addr6_equal(&r.pba.opt.link_local.addr, &chosen));
	rig_close(&r);
}

static void
lifetime(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.lifetime_max_s = 1003;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .lifetime = 65535}), 0);
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 250);
	CU_ASSERT_EQUAL(rig_only(&r)->lifetime_s, 1000);
	CU_ASSERT_EQUAL(rig_only(&r)->expires_ms, r.now.mono_ms + 1000000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .lifetime = 7}), 0);
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 7);
	rig_close(&r);
	rig_settings(&r);
	r.s.lifetime_max_s = 262140;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.lifetime = 65535}), 0);
	CU_ASSERT_EQUAL(r.pba.pba.lifetime, 65535);
	rig_close(&r);
}

/* A stamp that authenticates an update's answer (RFC 4285 section 6) is the update's. */
static void
replay_stamp(void)
{
	struct rig r;
	struct addr6 src = rig_mag(1);
	struct mh_msg m;

	rig_open(&r);
	for (unsigned int known = 0; known < 2; known++) {
		m = rig_message(&r, &(struct pbu){.ll = 1, .no_mn_id = !known});
		mh_set(&m, MH_OPT_MESSAGE_REPLAY);
		m.opt.replay.stamp = 0x123456789abcdefu;
		rig_send_message(&r, &m, &src);
		CU_ASSERT(mh_has(&r.pba, MH_OPT_MESSAGE_REPLAY));
		CU_ASSERT_EQUAL(r.pba.opt.replay.stamp, 0x123456789abcdefu);
	}
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .handoff = 5}), 0);
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_MESSAGE_REPLAY));
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"an answer goes to the update's source, whatever the care-of address", addresses},
	{"identifier, handoff, access technology, link-layer identifier and sequence are copied", copies},
	{"the answer of each exchange is made as Figure 6 has it", exchanges},
	{"optional options are answered only when they were sent", only_what_was_asked},
	{"a rejection carries the prefixes and the link-local address of the request", rejected_prefixes},
	{"the link-local address is the request's, else the entry's, else generated", link_local},
	{"the stamp of an authenticated update is copied", replay_stamp},
	{"the lifetime is clipped to whole units and never rounded up", lifetime},
};

const struct case_table answer_cases = {cases, UNIT_COUNT(cases)};
