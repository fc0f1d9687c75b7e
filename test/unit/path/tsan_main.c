/* SPDX-License-Identifier: BSD-3-Clause */
/* What a worker counts while others look, for ThreadSanitizer. */
#include "world.h"

int
main(void)
{
	return world_init() ? unit_main("path-tsan", setup_cases, setup_case_count) : 1;
}
