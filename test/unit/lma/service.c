/* SPDX-License-Identifier: BSD-3-Clause */
/* Services: RFC 5149, and what becomes of them when the settings change. */
#include <errno.h>
#include <stdio.h>

#include "cases.h"
#include "engine.h"
#include "rig.h"

static struct pmip_service_settings list[LMA_SERVICES_MAX + 1];

static void
name_services(unsigned int from, unsigned int count)
{
	memset(list, 0, sizeof(list));
	for (unsigned int i = 0; i < count; i++)
		snprintf(list[i].name, sizeof(list[i].name), "service%u", from + i);
}

static int
change(struct rig *r, unsigned int from, unsigned int count)
{
	struct lma_change_refusal why;

	name_services(from, count);
	r->s.services = list;
	r->s.service_count = count;
	return rig_change(r, &r->s, &why);
}

static void
settings(void)
{
	struct rig r;

	rig_settings(&r);
	r.s.services = list;
	r.s.service_count = 2;
	name_services(0, 2);
	list[1] = list[0];
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	r.s.service_count = LMA_SERVICES_MAX + 1;
	name_services(0, LMA_SERVICES_MAX + 1);
	CU_ASSERT_PTR_NULL(lma_new(&r.s));
	r.s.service_count = LMA_SERVICES_MAX;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .service = "service63"}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .service = "service64"}),
			MH_STATUS_SERVICE_AUTHORIZATION_FAILED);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .service = "service6"}), 0);
	CU_ASSERT_EQUAL(lma_rejections(r.l, MH_STATUS_SERVICE_AUTHORIZATION_FAILED), 1);
	CU_ASSERT_EQUAL(lma_rejections(r.l, 256), 0);
	rig_close(&r);
}

static void
change_while_in_use(void)
{
	struct rig r;

	rig_open(&r);
	CU_ASSERT_EQUAL(change(&r, 0, LMA_SERVICES_MAX), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .service = "service3"}), 0);
	/* All others, and no place for the last of them while the session is there. */
	CU_ASSERT_EQUAL(change(&r, 100, LMA_SERVICES_MAX), -ENOSPC);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .service = "service9"}), 0);
	CU_ASSERT_EQUAL(change(&r, 100, LMA_SERVICES_MAX - 2), 0);
	CU_ASSERT_STRING_EQUAL(lma_service_name(r.l, r.l->session[0].binding.service), "service3");
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .ll = 1, .service = "service3"}),
			MH_STATUS_SERVICE_AUTHORIZATION_FAILED);
	/* Its session goes on until its gateway names it. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .handoff = 5, .hnp = {"2001:db8:1000::/64"}}), 0);
	CU_ASSERT_EQUAL(
		rig_send(&r,
			 &(struct pbu){.ll = 1, .handoff = 5, .hnp = {"2001:db8:1000::/64"}, .service = "service3"}),
		MH_STATUS_SERVICE_AUTHORIZATION_FAILED);
	CU_ASSERT_EQUAL(lma_session_count(r.l), 1);
	CU_ASSERT_EQUAL(change(&r, 100, LMA_SERVICES_MAX), -ENOSPC);
	/* It comes back to its place. */
	CU_ASSERT_EQUAL(change(&r, 9, 20), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2",
						   .ll = 1,
						   .handoff = 5,
						   .hnp = {"2001:db8:1000:1::/64"},
						   .service = "service9"}),
			0);
	CU_ASSERT_STRING_EQUAL(rig_only(&r)->service, "service9");
	rig_close(&r);
}

/* A limit counts what is there, whichever way it came and went. */
static void
limit(void)
{
	struct rig r;

	rig_settings(&r);
	name_services(0, 2);
	list[0].sessions_max = 2;
	r.s.services = list;
	r.s.service_count = 2;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .ll = 1, .service = "service0"}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2", .ll = 1, .service = "service1"}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn3", .ll = 1, .service = "service0"}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn4", .ll = 1, .service = "service0"}),
			MH_STATUS_INSUFFICIENT_RESOURCES);
	/* A session that changes to it counts, and one that stays does not count again. */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn2",
						   .ll = 1,
						   .handoff = 5,
						   .hnp = {"2001:db8:1000:1::/64"},
						   .service = "service0"}),
			MH_STATUS_INSUFFICIENT_RESOURCES);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .ll = 1, .handoff = 5, .service = "service0"}), 0);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn1", .ll = 1, .service = "service0", .dereg = true}), 0);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mn = "mn4", .ll = 1, .service = "service0"}), 0);
	CU_ASSERT_EQUAL(r.l->service[0].sessions, 2);
	rig_close(&r);
}

static void
not_echoed(void)
{
	struct rig r;
	struct addr6 src = rig_mag(1);
	struct mh_msg m;

	rig_settings(&r);
	name_services(0, 1);
	r.s.services = list;
	r.s.service_count = 1;
	rig_start(&r);
	m = rig_message(&r, &(struct pbu){.ll = 1, .service = "service0"});
	mh_set(&m, MH_OPT_VENDOR_SPECIFIC);
	m.opt.vendor_count = 1;
	CU_ASSERT_EQUAL(rig_send_message(&r, &m, &src), 0);
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_SERVICE_SELECTION));
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_VENDOR_SPECIFIC));
	CU_ASSERT_EQUAL(r.pba.opt.vendor_count, 0);
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"names are unique and bounded", settings},
	{"a service in use outlives its settings", change_while_in_use},
	{"limits", limit},
	{"neither the service nor a vendor's option is sent back", not_echoed},
};

const struct case_table service_cases = {cases, UNIT_COUNT(cases)};
