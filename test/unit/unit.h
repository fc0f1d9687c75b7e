/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What every unit program shares: a table of cases, run by CUnit.
 *
 *	static const struct unit_case cases[] = {
 *		{"a prefix with host bits is refused", prefix_host_bits},
 *	};
 *	int main(void) { return unit_main("base", cases, UNIT_COUNT(cases)); }
 *
 * A case's name states the requirement that it shows. Use CUnit's CU_ASSERT_* inside.
 */
#include <CUnit/CUnit.h>

struct unit_case {
	const char *name;
	void (*run)(void);
};

#define UNIT_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Run all cases; 0 when all passed. Ends with the line "ROOM: N passed, N failed". Where KEDGE_RAN names a file, a line
 * "ok or failed, unit ROOM, NAME", with tabs between, is appended to it for each case.
 */
int unit_main(const char *room, const struct unit_case *cases, unsigned int n);
