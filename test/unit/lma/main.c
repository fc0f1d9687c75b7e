/* SPDX-License-Identifier: BSD-3-Clause */
#include "cases.h"

int
main(void)
{
	const struct case_table *const tables[] = {
		&checks_cases,	 &answer_cases,	  &register_cases, &extend_cases, &deregister_cases, &lookup_cases,
		&wait_cases,	 &bounds_cases,	  &soak_cases,	   &apply_cases,  &revoke_cases,     &sweep_cases,
		&service_cases,	 &gre_cases,	  &bulk_cases,	   &move_cases,	  &multi_cases,	     &soak_multi_cases,
		&heir_cases,	 &told_cases,	  &lend_cases,	   &full_cases,	  &unheard_cases,    &aggregate_cases,
		&delegate_cases, &policies_cases, &crossed_cases,  &flow_cases};
	struct unit_table all[UNIT_COUNT(tables)];

	for (unsigned int t = 0; t < UNIT_COUNT(tables); t++)
		all[t] = (struct unit_table){tables[t]->cases, tables[t]->n};
	return unit_main_tables("lma", all, UNIT_COUNT(all));
}
