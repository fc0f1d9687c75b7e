/* SPDX-License-Identifier: BSD-3-Clause */
#include "cases.h"

static const struct unit_case cases[] = {
#define CASE(function, requirement) {requirement, function},
#include "case.def"
#undef CASE
};

int
main(void)
{
	return unit_main("base", cases, UNIT_COUNT(cases));
}
