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
#include <stdint.h>

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

/* The same of cases that stand in several files, as many as there are. */
struct unit_table {
	const struct unit_case *cases;
	unsigned int n;
};
int unit_main_tables(const char *room, const struct unit_table *tables, unsigned int n);

/* The next number of a sequence that a seed fixes (splitmix64), so that a failing run repeats. */
static inline uint64_t
random_next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}
