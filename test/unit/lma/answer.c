/* SPDX-License-Identifier: BSD-3-Clause */
/* The Proxy Binding Acknowledgement: RFC 5213 section 5.3.6. */
#include <string.h>

#include "cases.h"
#include "rig.h"

static void
addresses(void)
{
	struct rig r;
	struct addr6 mag = rig_mag(1), coa = rig_addr("2001:db8:100::77");

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.alt_coa = "2001:db8:100::77"}), 0);
	/* shows: RFC5213-5.3.6-02 RFC5213-5.3.6-03 */
	CU_ASSERT(addr6_equal(&r.pba_src, &r.s.address));
	CU_ASSERT(addr6_equal(&r.pba_dst, &mag));
	CU_ASSERT(addr6_equal(&rig_only(&r)->proxy_coa, &coa));
	rig_close(&r);
}

static void
copies(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 0xab, .handoff = 1, .access_tech = 3, .sequence = 4711}), 0);
	/* shows: RFC5213-5.3.6-04 RFC5213-5.3.6-05 RFC5213-5.3.6-11 RFC5213-5.3.6-12 RFC5213-5.3.6-14 */
	/* shows: RFC5213-5.3.6-15 RFC5213-5.3.6-18 RFC5213-5.3.6-19 */
	CU_ASSERT_EQUAL(r.pba.type, MH_PBA);
	CU_ASSERT_EQUAL(r.pba.pba.flags, MH_PBA_P);
	CU_ASSERT_EQUAL(r.pba.pba.sequence, 4711);
	CU_ASSERT_EQUAL(r.pba.opt.mn_id.len, strlen("mn1@example.com"));
	CU_ASSERT(memcmp(r.pba.opt.mn_id.id, "mn1@example.com", r.pba.opt.mn_id.len) == 0);
	CU_ASSERT_EQUAL(r.pba.opt.handoff.value, 1);
	CU_ASSERT_EQUAL(r.pba.opt.access_tech.value, 3);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_MN_LINK_LAYER_ID));
	CU_ASSERT_EQUAL(r.pba.opt.mn_ll_id.len, 6);
	CU_ASSERT_EQUAL(r.pba.opt.mn_ll_id.id[5], 0xab);
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

static const struct unit_case cases[] = {
	{"an answer goes to the update's source, whatever the care-of address", addresses},
	{"identifier, handoff, access technology, link-layer identifier and sequence are copied", copies},
	{"optional options are answered only when they were sent", only_what_was_asked},
	{"a rejection carries the prefixes and the link-local address of the request", rejected_prefixes},
	{"the link-local address is the request's, else the entry's, else generated", link_local},
	{"the lifetime is clipped to whole units and never rounded up", lifetime},
};

const struct case_table answer_cases = {cases, UNIT_COUNT(cases)};
