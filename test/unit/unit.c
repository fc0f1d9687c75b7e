/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <CUnit/Basic.h>
#include <stdio.h>

int
unit_main(const char *room, const struct unit_case *cases, unsigned int n)
{
	unsigned int failed;
	CU_pSuite suite;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite(room, NULL, NULL);
	for (unsigned int i = 0; suite != NULL && i < n; i++)
		if (CU_add_test(suite, cases[i].name, cases[i].run) == NULL)
			suite = NULL;
	if (suite == NULL) {
		fprintf(stderr, "%s: %s\n", room, CU_get_error_msg());
		return 1;
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	failed = CU_get_number_of_tests_failed();
	printf("%s: %u passed, %u failed\n", room, n - failed, failed);
	CU_cleanup_registry();
	return failed != 0 || n == 0;
}
