/* SPDX-License-Identifier: BSD-3-Clause */
#include "rig.h"

static void
names(void)
{
	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++)
		CU_ASSERT_EQUAL(ipsec_suite_parse(ipsec_suite_row(s)->name), s);
	CU_ASSERT_EQUAL(ipsec_suite_parse("des-md5"), IPSEC_SUITE_COUNT);
	CU_ASSERT_EQUAL(ipsec_suite_parse(""), IPSEC_SUITE_COUNT);
}

/* shows: RFC5213-4-03 */
static void
integrity_always(void)
{
	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		const struct ipsec_suite_row *row = ipsec_suite_row(s);

		CU_ASSERT((row->salt_len > 0) != (row->integrity_len > 0));
		CU_ASSERT(ipsec_suite_key_len(s) <= IPSEC_KEY_MAX);
		CU_ASSERT_EQUAL(row->fresh, row->salt_len > 0);
	}
}

const struct unit_case suite_cases[] = {
	{"a suite is found by its name, and no other is", names},
	{"each suite has integrity, and AES-GCM alone wants fresh keys (RFC 4106 section 2)", integrity_always},
};
const unsigned int suite_cases_n = UNIT_COUNT(suite_cases);
