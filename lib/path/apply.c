/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while workers run. */
#include <rte_cycles.h>

#include "stage.h"

void
path_apply(struct path *p, const struct path_change *to)
{
	__atomic_store_n(&p->idle_sleep_us, to->idle_sleep_us, __ATOMIC_RELAXED);
	for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++)
		__atomic_store_n(&p->punt_cost[c], p->sharers * bucket_cost(rte_get_tsc_hz(), to->punt_rate[c]),
				 __ATOMIC_RELAXED);
}
