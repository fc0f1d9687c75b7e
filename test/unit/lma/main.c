/* SPDX-License-Identifier: BSD-3-Clause */
#include "cases.h"

int
main(void)
{
	const struct case_table *const tables[] = {&checks_cases,     &answer_cases,	 &register_cases, &extend_cases,
						   &deregister_cases, &lookup_cases,	 &wait_cases,	  &bounds_cases,
						   &soak_cases,	      &apply_cases,	 &revoke_cases,	  &sweep_cases,
						   &service_cases,    &gre_cases,	 &bulk_cases,	  &move_cases,
						   &multi_cases,      &soak_multi_cases, &heir_cases,	  &told_cases};
	struct unit_case all[256];
	unsigned int n = 0;

	for (unsigned int t = 0; t < UNIT_COUNT(tables); t++)
		for (unsigned int i = 0; i < tables[t]->n && n < UNIT_COUNT(all); i++)
			all[n++] = tables[t]->cases[i];
	return unit_main("lma", all, n);
}
