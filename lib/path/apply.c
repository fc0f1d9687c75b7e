/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while workers run. */
#include "stage.h"

void
path_apply(struct path *p, uint32_t idle_sleep_us)
{
	__atomic_store_n(&p->idle_sleep_us, idle_sleep_us, __ATOMIC_RELAXED);
}
