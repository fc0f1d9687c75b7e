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
	struct unit_case cases[8] = {{"without rte_ipsec there is no table, and that is said", refused}};

	if (suite_cases_n >= UNIT_COUNT(cases))
		return 1;
	memcpy(&cases[1], suite_cases, suite_cases_n * sizeof(cases[0]));
	return unit_main("ipsec", cases, 1 + suite_cases_n);
}
