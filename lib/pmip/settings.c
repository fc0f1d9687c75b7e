/* SPDX-License-Identifier: BSD-3-Clause */
/* Defaults that LMA and MAG share. */
#include "pmip/settings.h"

struct pmip_timers
pmip_timers_default(void)
{
	return (struct pmip_timers){
#define TIMER(field, key, unit, def, min, max, source, help) .field = def,
#include "base/timer.def"
#undef TIMER
	};
}
