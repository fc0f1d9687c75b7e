/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "rig.h"

static void
refused(void)
{
	const struct ipsec_settings s = {.device = "crypto_openssl", .associations_max = TABLE};
	int error = 0;

	CU_ASSERT_PTR_NULL(ipsec_new(&s, &error));
	CU_ASSERT_EQUAL(error, -ENOTSUP);
	ipsec_free(NULL);
}

int
main(void)
{
	const struct unit_case own = {"without rte_ipsec there is no table, and that is said", refused};
	const struct unit_table tables[] = {{&own, 1}, {suite_cases, suite_cases_n}};

	return unit_main_tables("ipsec", tables, UNIT_COUNT(tables));
}
