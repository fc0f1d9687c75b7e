/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
has_failed(const char *name)
{
	for (CU_pFailureRecord f = CU_get_failure_list(); f != NULL; f = f->pNext)
		if (f->pTest != NULL && strcmp(f->pTest->pName, name) == 0)
			return true;
	return false;
}

/* Tell which cases ran: whole lines behind those of the programs that run beside this one. */
static void
append_ran(const char *path, const char *room, const struct unit_table *tables, unsigned int n)
{
	FILE *f = path != NULL ? fopen(path, "a") : NULL;

	if (f == NULL)
		return;
	setvbuf(f, NULL, _IOLBF, BUFSIZ);
	for (unsigned int t = 0; t < n; t++)
		for (unsigned int i = 0; i < tables[t].n; i++) {
			const char *name = tables[t].cases[i].name;

			fprintf(f, "%s\tunit %s\t%s\n", has_failed(name) ? "failed" : "ok", room, name);
		}
	fclose(f);
}

static bool
add_table(CU_pSuite suite, const struct unit_table *t)
{
	for (unsigned int i = 0; i < t->n; i++)
		if (CU_add_test(suite, t->cases[i].name, t->cases[i].run) == NULL)
			return false;
	return true;
}

int
unit_main_tables(const char *room, const struct unit_table *tables, unsigned int n)
{
	unsigned int failed, count = 0;
	CU_pSuite suite;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite(room, NULL, NULL);
	for (unsigned int t = 0; suite != NULL && t < n; t++) {
		if (!add_table(suite, &tables[t]))
			suite = NULL;
		count += tables[t].n;
	}
	if (suite == NULL) {
		fprintf(stderr, "%s: %s\n", room, CU_get_error_msg());
		return 1;
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	failed = CU_get_number_of_tests_failed();
	printf("%s: %u passed, %u failed\n", room, count - failed, failed);
	append_ran(getenv("KEDGE_RAN"), room, tables, n);
	CU_cleanup_registry();
	return failed != 0 || count == 0;
}

int
unit_main(const char *room, const struct unit_case *cases, unsigned int n)
{
	return unit_main_tables(room, &(const struct unit_table){cases, n}, 1);
}
