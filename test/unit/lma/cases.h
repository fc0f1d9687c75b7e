/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Each file of cases is a table; main.c runs them all. */
#include "unit.h"

struct case_table {
	const struct unit_case *cases;
	unsigned int n;
};

extern const struct case_table checks_cases, answer_cases, register_cases, extend_cases, deregister_cases, lookup_cases,
	wait_cases, bounds_cases, soak_cases, apply_cases, revoke_cases, sweep_cases, service_cases, gre_cases,
	bulk_cases, move_cases, multi_cases, soak_multi_cases, heir_cases, told_cases, lend_cases, full_cases,
	unheard_cases, aggregate_cases, delegate_cases, policies_cases, crossed_cases, flow_cases;
